/* SPDX-License-Identifier: Apache-2.0 */
/* Statements, rows and transactions of one connection. */
#include "engine/sqlite/sqlite_priv.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void dbw_sqlite_start(dbw_sqlite *database)
{
    atomic_store(&database->cancelled, false);
    database->refused[0] = '\0';
    if (database->statement_timeout_ms)
        database->statement_deadline = dbw_deadline_in(database->statement_timeout_ms);
}

static dbw_status prepare_one(dbw_sqlite *database, const char *sql, sqlite3_stmt **out,
                              const char **rest, dbw_error *error)
{
    int code = sqlite3_prepare_v3(database->handle, sql, -1, 0, out, rest);
    if (code != SQLITE_OK && dbw_sqlite_trusts(database))
        code = sqlite3_prepare_v3(database->handle, sql, -1, 0, out, rest);
    if (code != SQLITE_OK)
        return dbw_sqlite_fail(database, code, sql, error, "run a statement");
    return DBW_OK;
}

dbw_status dbw_sqlite_prepare(dbw_sqlite *database, const char *sql, sqlite3_stmt **out,
                              dbw_error *error)
{
    const char *rest;
    sqlite3_stmt *more = NULL;
    *out = NULL;
    DBW_TRY(prepare_one(database, sql, out, &rest, error));
    if (!*out)
        return dbw_fail(error, DBW_E_INVALID, "unable to run a statement: it is empty");
    if (!*rest)
        return DBW_OK;
    /* What is only blank or comment prepares to nothing; what does not parse is a second one. */
    int code = sqlite3_prepare_v2(database->handle, rest, -1, &more, NULL);
    if (code == SQLITE_OK && !more)
        return DBW_OK;
    sqlite3_finalize(more);
    sqlite3_finalize(*out);
    *out = NULL;
    return dbw_fail(error, DBW_E_INVALID,
                    "unable to run a statement: there is a second one behind it");
}

static dbw_status step_to_end(dbw_sqlite *database, sqlite3_stmt *statement, dbw_error *error)
{
    int code;
    do
        code = sqlite3_step(statement);
    while (code == SQLITE_ROW);
    if (code == SQLITE_DONE)
        return DBW_OK;
    return dbw_sqlite_fail(database, code, sqlite3_sql(statement), error, "run a statement");
}

static dbw_status execute(dbw_database *base, const char *sql, const dbw_value *parameters,
                          size_t count, int64_t *affected, dbw_error *error)
{
    dbw_sqlite *database = dbw_sqlite_of(base);
    sqlite3_stmt *statement;
    dbw_sqlite_start(database);
    DBW_TRY(dbw_sqlite_prepare(database, sql, &statement, error));
    sqlite3_int64 before = sqlite3_total_changes64(database->handle);
    dbw_status status = dbw_sqlite_bind(database, statement, parameters, count, error);
    if (status == DBW_OK)
        status = step_to_end(database, statement, error);
    sqlite3_finalize(statement);
    /* changes() still tells of the statement before when this one was none that writes rows. */
    *affected = sqlite3_total_changes64(database->handle) != before
                    ? sqlite3_changes64(database->handle)
                    : 0;
    return status;
}

static dbw_status execute_script(dbw_database *base, const char *sql, dbw_error *error)
{
    dbw_sqlite *database = dbw_sqlite_of(base);
    dbw_sqlite_start(database);
    while (*sql) {
        sqlite3_stmt *statement;
        DBW_TRY(prepare_one(database, sql, &statement, &sql, error));
        if (!statement)
            continue;
        dbw_status status = step_to_end(database, statement, error);
        sqlite3_finalize(statement);
        DBW_TRY(status);
    }
    return DBW_OK;
}

dbw_status dbw_sqlite_run(dbw_sqlite *database, const char *sql, dbw_error *error)
{
    database->own++;
    dbw_status status = execute_script(&database->base, sql, error);
    database->own--;
    return status;
}

dbw_status dbw_sqlite_integer(dbw_sqlite *database, const char *sql, int64_t otherwise,
                              int64_t *out, dbw_error *error)
{
    sqlite3_stmt *statement;
    dbw_sqlite_start(database);
    *out = otherwise;
    int code = sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL);
    if (code != SQLITE_OK && dbw_sqlite_trusts(database))
        code = sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL);
    if (code != SQLITE_OK)
        return dbw_sqlite_fail(database, code, sql, error, "read the database");
    code = sqlite3_step(statement);
    dbw_status status = DBW_OK;
    if (code == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        *out = sqlite3_column_int64(statement, 0);
    else if (code != SQLITE_ROW && code != SQLITE_DONE)
        status = dbw_sqlite_fail(database, code, sql, error, "read the database");
    sqlite3_finalize(statement);
    return status;
}

dbw_status dbw_sqlite_rows_new(dbw_sqlite *database, sqlite3_stmt *statement, dbw_rows **out,
                               dbw_error *error)
{
    size_t width = (size_t)sqlite3_column_count(statement);
    dbw_sqlite_rows *rows =
        calloc(1, sizeof *rows + width * (sizeof(dbw_value) + sizeof(const char *)));
    if (!rows) {
        sqlite3_finalize(statement);
        return dbw_fail_memory(error);
    }
    rows->values = (dbw_value *)(rows + 1);
    const char **names = (const char **)(rows->values + width);
    for (size_t i = 0; i < width; i++)
        names[i] = sqlite3_column_name(statement, (int)i);
    rows->base = (dbw_rows){.database = &database->base, .width = width, .names = names};
    rows->statement = statement;
    database->base.open_rows = &rows->base;
    *out = &rows->base;
    return DBW_OK;
}

static dbw_status fetch(dbw_database *base, const char *sql, const dbw_value *parameters,
                        size_t count, dbw_rows **out, dbw_error *error)
{
    dbw_sqlite *database = dbw_sqlite_of(base);
    sqlite3_stmt *statement;
    dbw_sqlite_start(database);
    DBW_TRY(dbw_sqlite_prepare(database, sql, &statement, error));
    dbw_status status = dbw_sqlite_bind(database, statement, parameters, count, error);
    if (status == DBW_OK)
        return dbw_sqlite_rows_new(database, statement, out, error);
    sqlite3_finalize(statement);
    return status;
}

static dbw_status rows_next(dbw_rows *base, const dbw_value **row, dbw_error *error)
{
    dbw_sqlite_rows *rows = (dbw_sqlite_rows *)base;
    *row = NULL;
    if (rows->done)
        return DBW_OK;
    int code = sqlite3_step(rows->statement);
    if (code == SQLITE_ROW) {
        for (size_t i = 0; i < base->width; i++)
            rows->values[i] = dbw_sqlite_value(sqlite3_column_value(rows->statement, (int)i));
        *row = rows->values;
        return DBW_OK;
    }
    rows->done = true;
    if (code == SQLITE_DONE)
        return DBW_OK;
    return dbw_sqlite_fail(dbw_sqlite_of(base->database), code, sqlite3_sql(rows->statement), error,
                           "read rows");
}

static void rows_close(dbw_rows *base)
{
    dbw_sqlite_rows *rows = (dbw_sqlite_rows *)base;
    if (!rows)
        return;
    rows->base.database->open_rows = NULL;
    sqlite3_finalize(rows->statement);
    free(rows);
}

static dbw_status ping(dbw_database *base, dbw_error *error)
{
    int64_t version;
    return dbw_sqlite_integer(dbw_sqlite_of(base), "PRAGMA schema_version", 0, &version, error);
}

static void cancel(dbw_database *base)
{
    dbw_sqlite *database = dbw_sqlite_of(base);
    atomic_store(&database->cancelled, true);
    sqlite3_interrupt(database->handle);
}

static bool in_transaction(const dbw_database *base)
{
    return !sqlite3_get_autocommit(((const dbw_sqlite *)base)->handle);
}

static dbw_status plain(dbw_sqlite *database, const char *sql, const char *what, dbw_error *error)
{
    dbw_sqlite_start(database);
    int code = sqlite3_exec(database->handle, sql, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return dbw_sqlite_fail(database, code, sql, error, "%s", what);
    return DBW_OK;
}

static dbw_status begin(dbw_database *base, dbw_error *error)
{
    dbw_sqlite *database = dbw_sqlite_of(base);
    return plain(database, database->read_only ? "BEGIN" : "BEGIN IMMEDIATE", "begin a transaction",
                 error);
}

static dbw_status commit(dbw_database *base, dbw_error *error)
{
    return plain(dbw_sqlite_of(base), "COMMIT", "commit", error);
}

static void rollback(dbw_database *base)
{
    if (in_transaction(base))
        sqlite3_exec(dbw_sqlite_of(base)->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* The file, and its folder for the journal. */
static bool writable(const dbw_sqlite *database, dbw_arena *arena)
{
    const char *path = database->path;
    return !path ||
           (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 &&
            faccessat(AT_FDCWD, dbw_sqlite_path_folder(arena, path), W_OK, AT_EACCESS) == 0);
}

static dbw_status describe(dbw_database *base, dbw_arena *arena, dbw_server *out, dbw_error *error)
{
    dbw_sqlite *database = dbw_sqlite_of(base);
    int64_t objects;
    out->product = "SQLite";
    out->version = sqlite3_libversion();
    out->version_number = sqlite3_libversion_number();
    out->read_only = !writable(database, arena);
    out->can_create_tables = !out->read_only;
    DBW_TRY(dbw_sqlite_integer(database,
                               "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND "
                               "type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE "
                               "'\\'",
                               0, &out->table_count, error));
    DBW_TRY(dbw_sqlite_integer(database,
                               "SELECT count(*) FROM main.sqlite_schema WHERE name NOT LIKE "
                               "'sqlite\\_%' ESCAPE '\\'",
                               0, &objects, error));
    out->empty = objects == 0;
    struct stat about;
    if (database->path && stat(database->path, &about) == 0)
        out->identity =
            dbw_arena_printf(arena, "%ju:%ju", (uintmax_t)about.st_dev, (uintmax_t)about.st_ino);
    return DBW_OK;
}

const dbw_driver dbw_sqlite_driver = {
    .open = dbw_sqlite_open,
    .close = dbw_sqlite_close,
    .ping = ping,
    .cancel = cancel,
    .describe = describe,
    .execute = execute,
    .execute_script = execute_script,
    .fetch = fetch,
    .rows_next = rows_next,
    .rows_close = rows_close,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .create = dbw_sqlite_create,
    .drop = dbw_sqlite_drop,
};
