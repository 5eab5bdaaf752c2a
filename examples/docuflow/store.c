/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

static void check(docuflow_store *store, int result, const char *what)
{
    if (result == SQLITE_OK || result == SQLITE_DONE || store->status != DBW_OK)
        return;
    store->status = dbw_fail(store->error, result == SQLITE_FULL ? DBW_E_DISK_FULL : DBW_E_DATABASE,
                             "unable to %s: %s", what, sqlite3_errmsg(store->db));
}

void docuflow_store_open(docuflow_store *store, const char *path, dbw_error *error)
{
    *store = (docuflow_store){.error = error};
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE;
    check(store, sqlite3_open_v2(path, &store->db, flags, NULL), "make the database");
    docuflow_store_run(store, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                              "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536;"
                              "PRAGMA foreign_keys = OFF; BEGIN;");
}

dbw_status docuflow_store_close(docuflow_store *store)
{
    sqlite3_finalize(store->insert);
    store->insert = NULL;
    docuflow_store_run(store, "COMMIT");
    sqlite3_close(store->db);
    store->db = NULL;
    return store->status;
}

void docuflow_store_run(docuflow_store *store, const char *sql)
{
    if (store->status == DBW_OK)
        check(store, sqlite3_exec(store->db, sql, NULL, NULL, NULL), "run SQL");
}

void docuflow_store_table(docuflow_store *store, const char *table_and_columns)
{
    dbw_buffer sql;
    if (store->status != DBW_OK)
        return;
    sqlite3_finalize(store->insert);
    store->insert = NULL;
    store->columns = 1;
    for (const char *c = table_and_columns; *c; c++)
        store->columns += *c == ',';
    dbw_buffer_init(&sql, 4096);
    dbw_buffer_printf(&sql, "INSERT INTO %s VALUES (?", table_and_columns);
    for (int i = 1; i < store->columns; i++)
        dbw_buffer_add_string(&sql, ", ?");
    dbw_buffer_add_char(&sql, ')');
    check(store, sqlite3_prepare_v2(store->db, sql.data, -1, &store->insert, NULL),
          "prepare an insert");
    dbw_buffer_free(&sql);
    store->column = 0;
}

void docuflow_put_null(docuflow_store *store)
{
    if (store->status == DBW_OK)
        check(store, sqlite3_bind_null(store->insert, ++store->column), "bind NULL");
}

void docuflow_put_integer(docuflow_store *store, int64_t value)
{
    if (store->status == DBW_OK)
        check(store, sqlite3_bind_int64(store->insert, ++store->column, value), "bind an integer");
}

void docuflow_put_double(docuflow_store *store, double value)
{
    if (store->status == DBW_OK)
        check(store, sqlite3_bind_double(store->insert, ++store->column, value), "bind a double");
}

void docuflow_put_string(docuflow_store *store, const char *value)
{
    docuflow_put_text(store, value, strlen(value));
}

void docuflow_put_text(docuflow_store *store, const char *value, size_t length)
{
    if (store->status == DBW_OK)
        check(store,
              sqlite3_bind_text64(store->insert, ++store->column, value, length, SQLITE_STATIC,
                                  SQLITE_UTF8),
              "bind text");
}

void docuflow_put_bytes(docuflow_store *store, const void *value, size_t length)
{
    if (store->status == DBW_OK)
        check(store,
              sqlite3_bind_blob64(store->insert, ++store->column, value, length, SQLITE_STATIC),
              "bind bytes");
}

void docuflow_put_buffer(docuflow_store *store, const dbw_buffer *buffer)
{
    if (store->status == DBW_OK)
        store->status = dbw_buffer_check(buffer, "text", store->error);
    docuflow_put_text(store, buffer->data, buffer->length);
}

void docuflow_put_row(docuflow_store *store)
{
    if (store->status != DBW_OK)
        return;
    if (store->column != store->columns) {
        store->status = dbw_fail(store->error, DBW_E_INTERNAL,
                                 "unable to insert a row: %d of %d columns have a value",
                                 store->column, store->columns);
        return;
    }
    check(store, sqlite3_step(store->insert), "insert a row");
    check(store, sqlite3_reset(store->insert), "insert a row");
    store->column = 0;
    store->rows++;
}
