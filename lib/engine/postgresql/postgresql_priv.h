/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_PRIV_H
#define DBW_ENGINE_POSTGRESQL_PRIV_H
/*
 * The connection and result structures of the PostgreSQL engine, and what its files share.
 * Functions of this room are called dbw_pg_*; only dbw_engine_postgresql leaves it.
 *
 * Every connection is in libpq's non-blocking mode: whatever waits for the server does so in
 * wait.c, with a deadline.
 */
#include "engine/engine.h"

#include <libpq-fe.h>

typedef struct dbw_pg_database {
    dbw_database base;
    PGconn *connection;
    int line; /* another descriptor of its socket, which stays ours for as long as we live; or -1 */
    int64_t statement_timeout_ms; /* 0: none */
    dbw_tls_mode tls_mode;
    bool pooled;    /* a transaction pooler stands between: nothing may outlive a transaction */
    bool read_only; /* asked for in the options */
    bool loading;   /* load_session() was called */
    bool search_path_given;     /* by the URL */
    bool lost;                  /* gone or out of step: nothing more can be asked of it */
    bool in_transaction;        /* when the running statement began */
    char *transaction_settings; /* pooled: SET LOCAL statements behind each BEGIN, or NULL */
    char *user;                 /* for hints */
    char *database;
} dbw_pg_database;

/** A result that is streamed: rows of a query or of a COPY. */
typedef struct dbw_pg_rows {
    dbw_rows base;
    dbw_status (*next)(struct dbw_pg_rows *rows, const dbw_value **row, dbw_error *error);
    void (*close)(struct dbw_pg_rows *rows);
    dbw_arena *arena; /* holds this structure and all that is as long-lived */
    const char *sql;
    dbw_value *values;
    dbw_buffer scratch; /* decoded values of the present row */
    bool ended;
    bool implicit; /* a transaction was begun for this query alone */
} dbw_pg_rows;

/** The most that one value may take in memory: PostgreSQL's own limit, and some air. */
#define DBW_PG_VALUE_LIMIT ((size_t)1100 * 1024 * 1024)

/** The most bytes in a name: NAMEDATALEN - 1. */
enum { DBW_PG_NAME_LIMIT = 63 };

static inline dbw_pg_database *dbw_pg(dbw_database *database)
{
    return (dbw_pg_database *)(void *)database;
}

/* --- wait.c: the server's answers, with a deadline -------------------------------------------- */

/** The deadline of one exchange with the server, from now. */
dbw_deadline dbw_pg_deadline(const dbw_pg_database *database);

/** Sends all that libpq holds back. */
dbw_status dbw_pg_flush(dbw_pg_database *database, dbw_deadline deadline,
                        dbw_error *error) DBW_MUST_CHECK;

/** The next result of the running statement, NULL behind the last; to be freed with PQclear(). */
dbw_status dbw_pg_result(dbw_pg_database *database, dbw_deadline deadline, PGresult **out,
                         dbw_error *error) DBW_MUST_CHECK;

/** The next message of a COPY to us: `*bytes` (PQfreemem) or NULL at the end. */
dbw_status dbw_pg_copy_row(dbw_pg_database *database, dbw_deadline deadline, char **bytes,
                           int *length, dbw_error *error) DBW_MUST_CHECK;

/** Reads the running statement to its end and forgets it; `interrupt` asks the server to stop. */
void dbw_pg_drain(dbw_pg_database *database, bool interrupt);

/** Asks the server to stop what the connection does; never blocks. */
void dbw_pg_interrupt(PGconn *connection);

/** Runs one or more statements without parameters or rows, and reads to the end. */
dbw_status dbw_pg_run(dbw_pg_database *database, const char *sql, dbw_error *error) DBW_MUST_CHECK;

/* --- failure.c: the server's and libpq's errors as ours --------------------------------------- */

/** The error of a result. */
dbw_status dbw_pg_fail(const PGresult *result, const char *sql, dbw_error *error);

/** The connection broke while `sql` (may be NULL) ran. */
dbw_status dbw_pg_fail_lost(dbw_pg_database *database, const char *sql, dbw_error *error);

/** Where a connection attempt was going to, for messages and hints. */
typedef struct dbw_pg_target {
    const char *host; /* name, address, or folder of the socket */
    int port;
    const char *user;
    const char *database;
    const char *ca;
    bool terse;           /* never repeat what an unknown server said */
    int64_t milliseconds; /* the time that the whole connect has */
} dbw_pg_target;

/** The error of a failed connection attempt, `text` being libpq's verbose message. */
dbw_status dbw_pg_fail_connect(const dbw_pg_target *target, const char *text, dbw_error *error);

/** No answer before the deadline of a connection attempt. */
dbw_status dbw_pg_fail_connect_timeout(const dbw_pg_target *target, dbw_error *error);

/* --- connect.c ---------------------------------------------------------------------------------
 */

/** Connects with TLS, log-in and session settings; `database` (may be NULL) replaces the URL's. */
dbw_status dbw_pg_connect(const dbw_url *url, const dbw_open_options *options, const char *database,
                          dbw_pg_database **out, dbw_error *error) DBW_MUST_CHECK;

/** Closes and frees. NULL is allowed. */
void dbw_pg_disconnect(dbw_pg_database *database);

/* --- session.c, describe.c, query.c ------------------------------------------------------------
 */

void dbw_pg_close(dbw_database *database);
dbw_status dbw_pg_open(const dbw_url *url, const dbw_open_options *options, dbw_database **out,
                       dbw_error *error);
dbw_status dbw_pg_ping(dbw_database *database, dbw_error *error);
void dbw_pg_cancel(dbw_database *database);
void dbw_pg_cut(dbw_database *database);
dbw_status dbw_pg_begin(dbw_database *database, dbw_error *error);
dbw_status dbw_pg_commit(dbw_database *database, dbw_error *error);
void dbw_pg_rollback(dbw_database *database);
bool dbw_pg_in_transaction(const dbw_database *database);
dbw_status dbw_pg_create(const dbw_url *url, const dbw_open_options *options, dbw_error *error);
dbw_status dbw_pg_drop(const dbw_url *url, const dbw_open_options *options, dbw_error *error);
dbw_status dbw_pg_describe(dbw_database *database, dbw_arena *arena, dbw_server *out,
                           dbw_error *error);
dbw_status dbw_pg_execute(dbw_database *database, const char *sql, const dbw_value *parameters,
                          size_t count, int64_t *affected, dbw_error *error);
dbw_status dbw_pg_execute_script(dbw_database *database, const char *sql, dbw_error *error);
dbw_status dbw_pg_fetch(dbw_database *database, const char *sql, const dbw_value *parameters,
                        size_t count, dbw_rows **out, dbw_error *error);
dbw_status dbw_pg_rows_next(dbw_rows *rows, const dbw_value **row, dbw_error *error);
void dbw_pg_rows_close(dbw_rows *rows);

/** Refuses to start a statement while another one streams, or on a lost connection. */
dbw_status dbw_pg_ready(dbw_pg_database *database, dbw_error *error) DBW_MUST_CHECK;

/** Begins with further words behind BEGIN (" ISOLATION LEVEL …"), "" for none. */
dbw_status dbw_pg_begin_with(dbw_pg_database *database, const char *mode,
                             dbw_error *error) DBW_MUST_CHECK;

#endif
