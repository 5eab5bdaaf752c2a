/* SPDX-License-Identifier: Apache-2.0 */
#include "state/attempts_priv.h"

enum { SUBJECT_LIMIT = 255, ADDRESS_FREE = 5, ACCOUNT_FREE = 20 };
#define SECOND INT64_C(1000000)
#define ADDRESS_MOST (15 * 60 * SECOND)
#define ACCOUNT_MOST (60 * SECOND)
#define QUIET (15 * 60 * SECOND)

struct subject {
    char name[SUBJECT_LIMIT + 1];
    int64_t free; /* tries that cost nothing */
    int64_t most; /* the longest wait */
};

struct entering {
    struct subject subjects[2];
    size_t count;
    int64_t now;
    int64_t wait; /* microseconds until the next try, 0: go on */
};

static void add_subject(struct entering *entering, const char *kind, const char *name, int64_t free,
                        int64_t most)
{
    struct subject *subject = &entering->subjects[entering->count++];
    /* A name that is too long is cut: such ones then share their limit. */
    snprintf(subject->name, sizeof subject->name, "%s:%.240s", kind, name);
    subject->free = free;
    subject->most = most;
}

static struct entering entering_of(const dbw_store *store, const char *address, const char *account)
{
    struct entering entering = {.now = dbw_store_now(store)};
    add_subject(&entering, "address", address ? address : "", ADDRESS_FREE, ADDRESS_MOST);
    if (account)
        add_subject(&entering, "account", account, ACCOUNT_FREE, ACCOUNT_MOST);
    return entering;
}

static int64_t wait_after(const struct subject *subject, int64_t failures)
{
    if (failures < subject->free)
        return 0;
    int64_t wait = SECOND;
    for (int64_t i = subject->free; i < failures && wait < subject->most; i++)
        wait *= 2;
    return wait < subject->most ? wait : subject->most;
}

/* Reads one subject's row, and adds its waiting time. */
static dbw_status look(dbw_database *database, dbw_arena *arena, struct entering *entering,
                       const struct subject *subject, int64_t *failures, dbw_error *error)
{
    dbw_value name = dbw_value_string(subject->name), *row;
    DBW_TRY(dbw_fetch_one(database, arena,
                          "SELECT failures, last_at, next_at FROM attempts WHERE subject = ?",
                          &name, 1, &row, error));
    *failures = row && entering->now - row[1].int64 < QUIET ? row[0].int64 : 0;
    if (row && row[2].int64 - entering->now > entering->wait)
        entering->wait = row[2].int64 - entering->now;
    return DBW_OK;
}

/* Changes nothing, but makes the row where it is missing and holds it until the transaction ends:
 * parallel tries are counted one behind the other on every engine. */
static dbw_status hold(dbw_database *database, const struct subject *subject, dbw_error *error)
{
    dbw_value name = dbw_value_string(subject->name);
    return dbw_execute(database,
                       "INSERT INTO attempts (subject, failures, last_at, next_at)"
                       " VALUES (?, 0, 0, 0) ON CONFLICT (subject) DO UPDATE SET"
                       " failures = attempts.failures",
                       &name, 1, NULL, error);
}

static dbw_status count(dbw_database *database, const struct entering *entering,
                        const struct subject *subject, int64_t failures, dbw_error *error)
{
    dbw_value values[] = {dbw_value_int(failures), dbw_value_int(entering->now),
                          dbw_value_int(entering->now + wait_after(subject, failures)),
                          dbw_value_string(subject->name)};
    return dbw_execute(database,
                       "UPDATE attempts SET failures = ?, last_at = ?, next_at = ?"
                       " WHERE subject = ?",
                       values, DBW_COUNT(values), NULL, error);
}

static dbw_status enter_all(dbw_database *database, dbw_arena *arena, struct entering *entering,
                            bool counting, dbw_error *error)
{
    int64_t failures[DBW_COUNT(entering->subjects)];
    entering->wait = 0;
    for (size_t i = 0; i < entering->count; i++) {
        if (counting)
            DBW_TRY(hold(database, &entering->subjects[i], error));
        DBW_TRY(look(database, arena, entering, &entering->subjects[i], &failures[i], error));
    }
    for (size_t i = 0; counting && entering->wait == 0 && i < entering->count; i++)
        DBW_TRY(count(database, entering, &entering->subjects[i], failures[i] + 1, error));
    return DBW_OK;
}

static dbw_status enter(dbw_database *database, void *context, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = enter_all(database, arena, context, true, error);
    dbw_arena_free(arena);
    return status;
}

/* Who must wait is told so without a write: a flood of tries costs reads alone. */
static dbw_status look_first(dbw_store *store, struct entering *entering, dbw_error *error)
{
    dbw_database *database;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = enter_all(database, arena, entering, false, error);
    dbw_arena_free(arena);
    dbw_store_return(store, database);
    return status;
}

dbw_status dbw_attempts_enter(dbw_store *store, const char *address, const char *account,
                              int *retry_after, dbw_error *error)
{
    struct entering entering = entering_of(store, address, account);
    *retry_after = 0;
    DBW_TRY(look_first(store, &entering, error));
    if (entering.wait == 0)
        DBW_TRY(dbw_store_transaction(store, enter, &entering, error));
    if (entering.wait == 0)
        return DBW_OK;
    *retry_after = (int)((entering.wait + SECOND - 1) / SECOND);
    dbw_fail(error, DBW_E_LIMIT, "too many failed tries");
    return dbw_hint(error, "Wait %d seconds.", *retry_after);
}

static dbw_status forget(dbw_database *database, void *context, dbw_error *error)
{
    struct entering *entering = context;
    for (size_t i = 0; i < entering->count; i++) {
        dbw_value name = dbw_value_string(entering->subjects[i].name);
        DBW_TRY(
            dbw_execute(database, "DELETE FROM attempts WHERE subject = ?", &name, 1, NULL, error));
    }
    return DBW_OK;
}

dbw_status dbw_attempts_forget(dbw_store *store, const char *address, const char *account,
                               dbw_error *error)
{
    struct entering entering = entering_of(store, address, account);
    return dbw_store_transaction(store, forget, &entering, error);
}
