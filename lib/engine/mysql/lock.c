/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping writers out of a source; the contract stands in engine.h (source_lock). */
#include "engine/mysql/mysql_priv.h"

#include "engine/mysql/bulk.h"
#include "engine/mysql/queries.h"

enum { LOCK_WAIT_SECONDS = 10, STATEMENT_LIMIT = 16 * 1024 * 1024 };

/** LOCK TABLES `a` READ, `b` READ …: others read, and nobody writes. */
static dbw_status lock_statement(dbw_database *database, dbw_buffer *sql, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = dbw_fetch(database, dbw_mysql_sql_marks, NULL, 0, &rows, error);
    if (status != DBW_OK) {
        dbw_arena_free(arena);
        return status;
    }
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row) {
        dbw_buffer_add_string(sql, sql->length ? ", " : "LOCK TABLES ");
        dbw_mysql_dialect.quote_name(sql, dbw_arena_text_string(arena, row[0].text));
        dbw_buffer_add_string(sql, " READ");
    }
    dbw_rows_close(rows);
    dbw_arena_free(arena);
    DBW_TRY(status);
    return dbw_buffer_check(sql, "statement", error);
}

dbw_status dbw_mysql_lock_tables(dbw_database *database, dbw_error *error)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, STATEMENT_LIMIT);
    dbw_status status = lock_statement(database, &sql, error);
    if (status == DBW_OK && sql.length)
        status = dbw_execute(database, sql.data, NULL, 0, NULL, error);
    dbw_buffer_free(&sql);
    return status;
}

static dbw_status lock(dbw_database *database, dbw_error *error)
{
    char sql[64];
    snprintf(sql, sizeof sql, "SET SESSION lock_wait_timeout = %d", LOCK_WAIT_SECONDS);
    DBW_TRY(dbw_execute(database, sql, NULL, 0, NULL, error));
    /* It stands idle for as long as the copy lasts. */
    DBW_TRY(dbw_execute(database, "SET SESSION wait_timeout = 604800", NULL, 0, NULL, error));
    dbw_status status = dbw_mysql_lock_tables(database, error);
    if (status == DBW_E_DENIED)
        dbw_hint(error, "GRANT LOCK TABLES, SELECT ON `database`.* TO 'user'@'host';");
    return status;
}

dbw_status dbw_mysql_source_lock(const dbw_url *url, const dbw_open_options *options,
                                 dbw_database **out, dbw_error *error)
{
    dbw_open_options writable = *options;
    writable.read_only = false;
    *out = NULL;
    DBW_TRY(dbw_database_open(url, &writable, out, error));
    dbw_status status = lock(*out, error);
    if (status == DBW_OK)
        return DBW_OK;
    dbw_database_close(*out);
    *out = NULL;
    return dbw_error_prefix(error, "unable to lock the source");
}
