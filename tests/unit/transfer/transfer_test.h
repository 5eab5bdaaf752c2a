/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_TEST_H
#define DBW_TRANSFER_TEST_H
/* What the tests of whole runs share: SQLite sources made from SQL, a folder of their own, runs
 * whose options are JSON. */
#include "../servers.h"
#include "../test.h"

#include "transfer/transfer.h"

#include <json-c/json.h>

typedef struct bench {
    dbw_arena *arena;
    char folder[64];    /* of the test's files */
    char *source;       /* URL of the SQLite source */
    const char *target; /* URL of the target */
    dbw_transfer_observer observer;
    char *events; /* everything that the observer was told, one per line */
    dbw_error error;
    struct json_object *report; /* of the last run */
} bench;

/** A bench with an empty PostgreSQL database as its target; `name` is the test's. */
bench *bench_new(const char *name);

/** The same on a "postgresql" or "mysql" server. */
bench *bench_new_on(const char *server, const char *name);
void bench_free(bench *b);

/** Makes the target a SQLite file instead, which does not exist yet. */
void bench_sqlite_target(bench *b);

/** Runs SQL on the source file (or another one) by SQLite itself; fails the test on errors. */
void bench_source(bench *b, const char *sql);
void bench_sqlite(bench *b, const char *file, const char *sql);

/** Runs a query on a SQLite file; values divided by '|', rows by newlines. */
const char *bench_sqlite_query(bench *b, const char *file, const char *sql);

/** Runs SQL on the target by its server's own client, and gives what it prints. */
const char *bench_query(bench *b, const char *sql);

/** A run with these options, as job `id`. */
dbw_status bench_run(bench *b, const char *id, const char *options);
dbw_status bench_resume(bench *b, const char *id, const char *options);
dbw_status bench_discard(bench *b, const char *id, const char *options);

/** The same in a process of its own, which is killed after so many milliseconds; false when it had
 *  ended before. */
bool bench_run_killed(bench *b, const char *id, const char *options, bool resume, int after);

/** The same in this process, paused as soon as it copies. */
dbw_status bench_run_paused(bench *b, const char *id, const char *options);

/** The request behind them; lives in the bench's arena. */
dbw_transfer_request *bench_request(bench *b, const char *id, const char *options);

/** A member of the last report by its path: "tables.0.rows"; "null" when it is null or absent. */
const char *bench_report(bench *b, const char *path);

/** The same of any JSON. */
const char *json_at(struct json_object *object, const char *path);

/** The whole text of a file in the bench's folder, or NULL. */
const char *bench_file(bench *b, const char *name);

/** The run ends well; otherwise the test fails with the error's text. */
#define assert_run(b, call)                                                                        \
    do {                                                                                           \
        dbw_status status_ = (call);                                                               \
        if (status_ != DBW_OK)                                                                     \
            fail_msg("%s: %s (%s) %s %s", #call, (b)->error.message, dbw_status_slug(status_),     \
                     (b)->error.hint, (b)->error.statement);                                       \
    } while (0)

/** The run fails with that code and exactly that message. */
#define assert_run_fails(b, code, text, call)                                                      \
    do {                                                                                           \
        dbw_status status_ = (call);                                                               \
        if (strcmp(dbw_status_slug(status_), dbw_status_slug(code)) != 0)                          \
            fail_msg("%s: %s (%s)", #call, (b)->error.message, dbw_status_slug(status_));          \
        assert_string_equal((b)->error.message, text);                                             \
    } while (0)

#endif
