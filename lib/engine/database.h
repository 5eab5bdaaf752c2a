/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_DATABASE_H
#define DBW_ENGINE_DATABASE_H
/*
 * One interface to every database. A dbw_database is one connection; it belongs to one thread at a
 * time (dbw_database_cancel() alone may be called from another).
 *
 * SQL is written with `?` for values on every engine; strings, comments, quoted names and dollar
 * quotes are left alone (`??` stands for a literal question mark operator).
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "model/schema.h"
#include "url/url.h"

typedef struct dbw_database dbw_database;
typedef struct dbw_rows dbw_rows;
typedef struct dbw_engine dbw_engine;

typedef struct dbw_open_options {
    int64_t
        connect_timeout_ms; /* 0: the default, 10 s; the whole connect, TLS and log-in included */
    int64_t statement_timeout_ms; /* 0: none; a silent server counts as well */
    bool read_only;               /* the session cannot write (SQLite: opened read-only) */
    bool loads;                   /* writes for a transfer: may send rows as LOAD DATA LOCAL */
    bool create;                  /* SQLite: make the file when it does not exist */
    int64_t busy_timeout_ms;      /* SQLite: wait for locks; 0: the default, 5 s */
    const char *application_name; /* shown in the server's process list; NULL: "dbwizard" */
    const char *base_directory;   /* relative SQLite paths resolve against it; NULL: refused */
    bool restrict_addresses;    /* refuse link-local and metadata addresses after resolving, once */
    const char *allow_hosts;    /* comma-separated hosts/CIDRs allowed, NULL: all */
    const char *sqlite_dirs;    /* colon-separated folders allowed, NULL: all */
    const char *private_folder; /* dbwizard's own: its state store and key are never opened, by
                                   whatever name; NULL: none (the store itself) */
} dbw_open_options;

/** Connects. Errors carry a hint for every usual cause; codes UNREACHABLE, TIMEOUT, TLS, AUTH,
 *  NO_DATABASE, NOT_DATABASE, LOCKED, READ_ONLY, DENIED, UNSUPPORTED ("not built with …"). */
dbw_status dbw_database_open(const dbw_url *url, const dbw_open_options *options,
                             dbw_database **out, dbw_error *error) DBW_MUST_CHECK;

/** Closes; an open transaction is rolled back. NULL is allowed. */
void dbw_database_close(dbw_database *database);

const dbw_engine *dbw_database_engine(const dbw_database *database);

/** One round trip. */
dbw_status dbw_database_ping(dbw_database *database, dbw_error *error) DBW_MUST_CHECK;

/** Interrupts what the connection is doing; safe from any thread, while the handle is open. */
void dbw_database_cancel(dbw_database *database);

/** What a connection test shows. Strings live in the arena. */
typedef struct dbw_server {
    const char *product; /* "PostgreSQL", "MariaDB", "MySQL", "SQLite" */
    const char *version; /* "15.18 (Debian 15.18-0+deb12u1)" */
    int version_number;  /* 150018, 101106, 3040001 */
    const char *tls;     /* "TLSv1.3 TLS_AES_256_GCM_SHA384, identity confirmed", NULL: none */
    const char *user;    /* current user, NULL for SQLite */
    bool superuser;
    bool can_create_tables;
    bool can_create_database;
    bool read_only; /* nobody could write here; that this session was opened so does not count */
    int64_t table_count;  /* user tables visible in the default schema(s) */
    bool empty;           /* no user objects at all */
    const char *identity; /* one text for one database, however it was reached; NULL: unknown */
    int64_t largest_row;  /* bytes that a row may have on its way; 0: no limit worth a word */
} dbw_server;

dbw_status dbw_database_describe(dbw_database *database, dbw_arena *arena, dbw_server *out,
                                 dbw_error *error) DBW_MUST_CHECK;

/** Runs one statement; `affected` (may be NULL) receives the number of rows, -1 when unknown. */
dbw_status dbw_execute(dbw_database *database, const char *sql, const dbw_value *parameters,
                       size_t count, int64_t *affected, dbw_error *error) DBW_MUST_CHECK;

/** Runs a script of our own without parameters; statements separated by ';'. */
dbw_status dbw_execute_script(dbw_database *database, const char *sql,
                              dbw_error *error) DBW_MUST_CHECK;

/** Starts a query whose rows are streamed, never collected. Only one may be open at a time. */
dbw_status dbw_fetch(dbw_database *database, const char *sql, const dbw_value *parameters,
                     size_t count, dbw_rows **out, dbw_error *error) DBW_MUST_CHECK;

/** The next row, `*row` = NULL at the end; values are valid until the next call. */
dbw_status dbw_rows_next(dbw_rows *rows, const dbw_value **row, dbw_error *error) DBW_MUST_CHECK;

size_t dbw_rows_width(const dbw_rows *rows);
const char *dbw_rows_name(const dbw_rows *rows, size_t column);

/** Ends the query, also half-way. NULL is allowed. */
void dbw_rows_close(dbw_rows *rows);

/** One row copied into the arena; `*row` = NULL when there is none. */
dbw_status dbw_fetch_one(dbw_database *database, dbw_arena *arena, const char *sql,
                         const dbw_value *parameters, size_t count, dbw_value **row,
                         dbw_error *error) DBW_MUST_CHECK;

/** The first value of the first row, or the null value. */
dbw_status dbw_fetch_value(dbw_database *database, dbw_arena *arena, const char *sql,
                           const dbw_value *parameters, size_t count, dbw_value *value,
                           dbw_error *error) DBW_MUST_CHECK;

dbw_status dbw_begin(dbw_database *database, dbw_error *error) DBW_MUST_CHECK;
dbw_status dbw_commit(dbw_database *database, dbw_error *error) DBW_MUST_CHECK;

/** Never fails: a connection that cannot roll back is closed by its server, which rolls back. */
void dbw_rollback(dbw_database *database);

/** BEGIN, `body`, COMMIT; rolled back when `body` fails. Takes the write lock at once (SQLite:
 *  BEGIN IMMEDIATE). */
dbw_status dbw_transaction(dbw_database *database,
                           dbw_status (*body)(dbw_database *, void *context, dbw_error *),
                           void *context, dbw_error *error) DBW_MUST_CHECK;

/** Appends the name, quoted for this engine, a NUL in it being an error of the buffer. */
void dbw_quote_name(const dbw_engine *engine, dbw_buffer *out, const char *name);

/** Appends schema.name, the schema left out when NULL. */
void dbw_quote_qualified(const dbw_engine *engine, dbw_buffer *out, const char *schema,
                         const char *name);

/** Every schema of the user's, or those that the URL chose, with their names. */
#define DBW_EVERY_SCHEMA "*"

/** Reads the structure; `namespace` limits it to one PostgreSQL schema (NULL: the search path's;
 *  DBW_EVERY_SCHEMA: all). Other engines do not look at it. */
dbw_status dbw_database_catalog(dbw_database *database, dbw_arena *arena, const char *namespace_,
                                dbw_schema **out, dbw_error *error) DBW_MUST_CHECK;

/** Makes the database that `url` names on its server (SQLite: the file). */
dbw_status dbw_database_create(const dbw_url *url, const dbw_open_options *options,
                               dbw_error *error) DBW_MUST_CHECK;

/** Takes that database away again, whatever it holds; the caller has seen that it holds nothing. */
dbw_status dbw_database_drop(const dbw_url *url, const dbw_open_options *options,
                             dbw_error *error) DBW_MUST_CHECK;

/* --- the registry: what GET /backends lists --------------------------------------------------- */

typedef struct dbw_backend_info {
    const char *id;     /* "postgresql" */
    const char *label;  /* "PostgreSQL" */
    const char *driver; /* "libpq" */
    int default_port;   /* 0: none */
    const char *description;
    bool requires_host;
    bool available; /* false: compiled out */
} dbw_backend_info;

/** The n-th backend, or NULL behind the last. */
const dbw_backend_info *dbw_backend_at(size_t n);

/** The engine of a backend or alias; UNSUPPORTED "not built with MySQL support", INVALID unknown.
 */
dbw_status dbw_engine_find(const char *backend, const dbw_engine **out,
                           dbw_error *error) DBW_MUST_CHECK;

#endif
