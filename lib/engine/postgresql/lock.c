/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/bulk.h"
#include "engine/postgresql/dialect.h"
#include "engine/postgresql/postgresql_priv.h"

/* SHARE lets others read and keeps writers out (Explicit Locking, section 13.3 of the manual);
 * partitions are locked with their parents. */
static dbw_status lock_statement(dbw_database *database, dbw_buffer *sql, dbw_error *error)
{
    static const char tables[] =
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%'"
        " AND n.nspname <> 'information_schema' ORDER BY 1, 2";
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_fetch(database, tables, NULL, 0, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row) {
        char schema[DBW_PG_NAME_LIMIT + 1], name[DBW_PG_NAME_LIMIT + 1];
        snprintf(schema, sizeof schema, "%.*s", (int)row[0].text.length, row[0].text.data);
        snprintf(name, sizeof name, "%.*s", (int)row[1].text.length, row[1].text.data);
        dbw_buffer_add_string(sql, sql->length ? ", " : "LOCK TABLE ");
        dbw_pg_quote_qualified(sql, schema, name);
    }
    dbw_rows_close(rows);
    DBW_TRY(status);
    if (sql->length)
        dbw_buffer_add_string(sql, " IN SHARE MODE");
    return dbw_buffer_check(sql, "statement", error);
}

static dbw_status lock_tables(dbw_database *database, dbw_error *error)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, 64 << 20);
    dbw_status status = dbw_begin(database, error);
    if (status == DBW_OK)
        status = dbw_execute(database, "SET LOCAL lock_timeout = '10s'", NULL, 0, NULL, error);
    /* It stands idle for as long as the copy lasts. */
    if (status == DBW_OK)
        status = dbw_execute(database, "SET LOCAL idle_in_transaction_session_timeout = 0", NULL, 0,
                             NULL, error);
    if (status == DBW_OK)
        status = lock_statement(database, &sql, error);
    if (status == DBW_OK && sql.length)
        status = dbw_execute(database, sql.data, NULL, 0, NULL, error);
    dbw_buffer_free(&sql);
    return status;
}

dbw_status dbw_pg_source_lock(const dbw_url *url, const dbw_open_options *options,
                              dbw_database **out, dbw_error *error)
{
    dbw_open_options writable = *options;
    writable.read_only = false;
    *out = NULL;
    DBW_TRY(dbw_database_open(url, &writable, out, error));
    dbw_status status = lock_tables(*out, error);
    if (status == DBW_OK)
        return DBW_OK;
    dbw_database_close(*out);
    *out = NULL;
    return dbw_error_prefix(error, "unable to lock the source");
}
