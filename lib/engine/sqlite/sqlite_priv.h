/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_SQLITE_SQLITE_PRIV_H
#define DBW_ENGINE_SQLITE_SQLITE_PRIV_H
/*
 * What the files of the SQLite engine share. One connection is one sqlite3 handle opened with
 * SQLITE_OPEN_NOMUTEX: it belongs to one thread, and only cancel() may come from another
 * (sqlite3_interrupt() is made for that). Without the mutex sqlite3_value_*() may be used on
 * column values as they are, which spares a look-up per access.
 */
#include "engine/engine.h"

#include <sqlite3.h>
#include <stdatomic.h>

typedef struct dbw_sqlite {
    dbw_database base;
    sqlite3 *handle;
    char *shown; /* what stands for the path in messages: of a private copy, its original */
    char *path;  /* absolute and without symbolic links; NULL in memory */
    int64_t busy_timeout_ms;
    int64_t statement_timeout_ms; /* 0: none */
    dbw_deadline statement_deadline;
    dbw_deadline busy_deadline;
    atomic_bool cancelled;
    bool read_only;    /* opened so, asked for or not */
    bool wal;          /* the file is in WAL mode */
    bool left_no_wal;  /* there was no -wal file before we came */
    bool trusted;      /* its schema uses JSON functions: see dbw_sqlite_trusts() */
    bool stub_used;    /* a collation is unknown here and was replaced */
    int lock;          /* descriptor of the transfer's lock, or -1 */
    int own;           /* > 0 while our own code needs what the authorizer refuses */
    char refused[128]; /* what the authorizer refused last */
} dbw_sqlite;

typedef struct dbw_sqlite_rows {
    dbw_rows base;
    sqlite3_stmt *statement;
    bool done;
    dbw_value *values;
} dbw_sqlite_rows;

static inline dbw_sqlite *dbw_sqlite_of(dbw_database *database)
{
    return (dbw_sqlite *)database;
}

/* --- fail.c ----------------------------------------------------------------------------------- */

/**
 * The error for a result code of SQLite: "unable to WHAT: reason", with the file named where it
 * is at fault and a hint for the usual causes. `sql` (may be NULL) goes into the error's statement.
 * Broken constraints carry the SQLSTATE of their kind (23505 unique, 23503 foreign key …).
 */
dbw_status dbw_sqlite_fail(dbw_sqlite *database, int code, const char *sql, dbw_error *error,
                           const char *what, ...) DBW_PRINTF(5, 6);

/* --- access.c ------------------------------------------------------------------------------- */

enum { DBW_SQLITE_USER = 256 };

/** The name of the user that this process is, or his number. */
const char *dbw_sqlite_user(char out[DBW_SQLITE_USER]);

/** Hints at how the file becomes readable, the folder on the way to it searchable, the file and its
 *  folder writable (SQLite's journal, -wal and -shm are made there). Return the error's code. */
dbw_status dbw_sqlite_hint_read(dbw_error *error, const char *path);
dbw_status dbw_sqlite_hint_search(dbw_error *error, const char *path, const char *folder);
dbw_status dbw_sqlite_hint_write(dbw_error *error, const char *path);

/* --- path.c ----------------------------------------------------------------------------------- */

/** True when the URL names a database in memory. */
bool dbw_sqlite_path_in_memory(const dbw_url *url);

/**
 * The file that the URL names: absolute, symbolic links resolved, inside the allowed folders. With
 * `creating` the last component may be missing. The file, when there, is a regular one that may be
 * read; `*exists` tells.
 */
dbw_status dbw_sqlite_path_resolve(dbw_arena *arena, const dbw_url *url,
                                   const dbw_open_options *options, bool creating, char **out,
                                   bool *exists, dbw_error *error) DBW_MUST_CHECK;

/** The folder of an absolute path. */
char *dbw_sqlite_path_folder(dbw_arena *arena, const char *path);

/* --- open.c ----------------------------------------------------------------------------------- */

dbw_status dbw_sqlite_open(const dbw_url *url, const dbw_open_options *options, dbw_database **out,
                           dbw_error *error) DBW_MUST_CHECK;

/** The file's name in messages. */
const char *dbw_sqlite_name(const dbw_sqlite *database);

/** dbw_sqlite_open_path() of a private copy; messages name `shown`. */
dbw_status dbw_sqlite_open_copy(const char *path, const char *shown, int flags,
                                const dbw_open_options *options, dbw_sqlite **out,
                                dbw_error *error) DBW_MUST_CHECK;

/** Opens a path that was resolved before; `flags` as for sqlite3_open_v2(). */
dbw_status dbw_sqlite_open_path(const char *path, int flags, const dbw_open_options *options,
                                dbw_sqlite **out, dbw_error *error) DBW_MUST_CHECK;

void dbw_sqlite_close(dbw_database *database);
dbw_status dbw_sqlite_drop(const dbw_url *url, const dbw_open_options *options, dbw_error *error);
dbw_status dbw_sqlite_create(const dbw_url *url, const dbw_open_options *options,
                             dbw_error *error) DBW_MUST_CHECK;

/** The handle's main file as its VFS sees it; NULL in memory. Reading through it is safe, whereas
 *  opening and closing the file once more would drop this process's POSIX locks on it. */
sqlite3_file *dbw_sqlite_file(const dbw_sqlite *database);

/* --- driver.c --------------------------------------------------------------------------------- */

extern const dbw_driver dbw_sqlite_driver;

/** Prepares exactly one statement; what follows may be blank or comment. */
dbw_status dbw_sqlite_prepare(dbw_sqlite *database, const char *sql, sqlite3_stmt **out,
                              dbw_error *error) DBW_MUST_CHECK;

/** True when a statement that failed to compile is to be compiled once more: the schema uses JSON
 *  functions, which this SQLite does not know to be harmless, and is trusted from now on. */
bool dbw_sqlite_trusts(dbw_sqlite *database);

/** Runs a statement of our own, without parameters, for which the authorizer steps aside. */
dbw_status dbw_sqlite_run(dbw_sqlite *database, const char *sql, dbw_error *error) DBW_MUST_CHECK;

/** The first value of a statement of our own as an integer; `otherwise` when there is no row. */
dbw_status dbw_sqlite_integer(dbw_sqlite *database, const char *sql, int64_t otherwise,
                              int64_t *out, dbw_error *error) DBW_MUST_CHECK;

/** Starts a query over a prepared statement, which the rows then own, also on failure. */
dbw_status dbw_sqlite_rows_new(dbw_sqlite *database, sqlite3_stmt *statement, dbw_rows **out,
                               dbw_error *error) DBW_MUST_CHECK;

/** Marks the start of a statement: the time-out begins, an old cancel is forgotten. */
void dbw_sqlite_start(dbw_sqlite *database);

/* --- bind.c ----------------------------------------------------------------------------------- */

/** How a value is stored: the four storage classes and NULL. */
typedef struct dbw_sqlite_cell {
    int type; /* SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB, SQLITE_NULL */
    union {
        int64_t integer;
        double real;
        dbw_text text;
    };
    char scratch[96]; /* what `text` points at for times, UUIDs and the like */
} dbw_sqlite_cell;

/**
 * The storage form of a value; NULL, or the reason why there is none. Times become ISO 8601 text
 * with six fraction digits (the form that SQLAlchemy writes, and that sorts), UUIDs text with
 * hyphens, decimals text, booleans 0 and 1.
 */
const char *dbw_sqlite_cell_of(const dbw_value *value, dbw_sqlite_cell *cell);

/** Binds a cell; `keep` is SQLITE_STATIC or SQLITE_TRANSIENT. */
int dbw_sqlite_bind_cell(sqlite3_stmt *statement, int at, const dbw_sqlite_cell *cell,
                         sqlite3_destructor_type keep);

/** Binds all parameters of a statement (copied). */
dbw_status dbw_sqlite_bind(dbw_sqlite *database, sqlite3_stmt *statement,
                           const dbw_value *parameters, size_t count,
                           dbw_error *error) DBW_MUST_CHECK;

/** A stored value, pointing into SQLite's own memory. */
static inline dbw_value dbw_sqlite_value(sqlite3_value *value)
{
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        return dbw_value_int(sqlite3_value_int64(value));
    case SQLITE_FLOAT:
        return (dbw_value){.kind = DBW_KIND_DOUBLE, .real = sqlite3_value_double(value)};
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_value_text(value);
        return dbw_value_text((dbw_text){text ? text : "", (size_t)sqlite3_value_bytes(value)});
    }
    case SQLITE_BLOB: {
        const char *bytes = sqlite3_value_blob(value);
        return (dbw_value){.kind = DBW_KIND_BYTES,
                           .text = {bytes ? bytes : "", (size_t)sqlite3_value_bytes(value)}};
    }
    default:
        return DBW_NULL;
    }
}

/* --- dialect.c, catalog.c, bulk.c, landing.c -----------------------------------------------------
 */

extern const dbw_dialect dbw_sqlite_dialect;
extern const dbw_catalog dbw_sqlite_catalog;
extern const dbw_bulk dbw_sqlite_bulk;
extern const dbw_landing dbw_sqlite_landing;

/** Gives the transfer's lock back (landing.c). */
void dbw_sqlite_unlock(dbw_sqlite *database);

void dbw_sqlite_quote_name(dbw_buffer *out, const char *name);

/** Appends a string literal; a NUL inside becomes char(0). */
void dbw_sqlite_quote_text(dbw_buffer *out, dbw_text text);

#endif
