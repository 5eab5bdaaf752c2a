/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads CREATE TABLE and CREATE INDEX. Any text is survived; and what SQLite itself accepts is
 * read, with the columns, foreign keys and generated columns that its pragmas tell.
 */
#include "engine/sqlite/create_table.h"

#include <sqlite3.h>

static void require(int truth, const char *what, const char *sql)
{
    if (truth)
        return;
    fprintf(stderr, "%s: %s\n", what, sql);
    abort();
}

static int only_tables(void *context, int action, const char *a, const char *b, const char *c,
                       const char *d)
{
    (void)context, (void)a, (void)b, (void)c, (void)d;
    return action == SQLITE_ATTACH || action == SQLITE_PRAGMA || action == SQLITE_SELECT ||
                   action == SQLITE_CREATE_VTABLE
               ? SQLITE_DENY
               : SQLITE_OK;
}

static sqlite3_stmt *query(sqlite3 *handle, const char *sql, const char *name)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
        abort();
    if (name)
        sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
    return statement;
}

static void compare_columns(sqlite3 *handle, const dbw_sqlite_created_table *table,
                            const char *name, const char *sql)
{
    sqlite3_stmt *row = query(handle, "SELECT name, hidden FROM pragma_table_xinfo(?)", name);
    size_t n = 0;
    for (; sqlite3_step(row) == SQLITE_ROW; n++) {
        require(n < table->column_count, "too few columns", sql);
        require(strcmp(table->columns[n].name, (const char *)sqlite3_column_text(row, 0)) == 0,
                "another column", sql);
        require((table->columns[n].generation != NULL) == (sqlite3_column_int(row, 1) >= 2),
                "generated or not", sql);
        require(table->columns[n].stored == (sqlite3_column_int(row, 1) == 3), "stored or not",
                sql);
    }
    require(n == table->column_count, "too many columns", sql);
    sqlite3_finalize(row);
}

static void compare_foreign_keys(sqlite3 *handle, const dbw_sqlite_created_table *table,
                                 const char *name, const char *sql)
{
    static const char *const actions[] = {"NO ACTION", "RESTRICT", "CASCADE", "SET NULL",
                                          "SET DEFAULT"};
    sqlite3_stmt *row = query(handle,
                              "SELECT seq, \"table\", \"from\", on_update, on_delete FROM "
                              "pragma_foreign_key_list(?) ORDER BY id DESC, seq",
                              name);
    size_t keys = 0;
    while (sqlite3_step(row) == SQLITE_ROW) {
        size_t column = (size_t)sqlite3_column_int(row, 0);
        keys += column == 0;
        require(keys <= table->foreign_key_count, "too few foreign keys", sql);
        const dbw_foreign_key *key = &table->foreign_keys[keys - 1];
        require(column < key->columns.count &&
                    sqlite3_stricmp(key->columns.items[column],
                                    (const char *)sqlite3_column_text(row, 2)) == 0,
                "another column of a foreign key", sql);
        require(strcmp(key->referenced_table, (const char *)sqlite3_column_text(row, 1)) == 0,
                "another parent", sql);
        require(strcmp(actions[key->on_update], (const char *)sqlite3_column_text(row, 3)) == 0 &&
                    strcmp(actions[key->on_delete], (const char *)sqlite3_column_text(row, 4)) == 0,
                "another action", sql);
    }
    require(keys == table->foreign_key_count, "too many foreign keys", sql);
    sqlite3_finalize(row);
}

static void compare(sqlite3 *handle, dbw_arena *arena)
{
    sqlite3_stmt *row = query(handle,
                              "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND "
                              "name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                              NULL);
    while (sqlite3_step(row) == SQLITE_ROW) {
        const char *type = (const char *)sqlite3_column_text(row, 0);
        const char *name = (const char *)sqlite3_column_text(row, 1);
        const char *sql = (const char *)sqlite3_column_text(row, 2);
        dbw_error error;
        if (strcmp(type, "table") == 0) {
            dbw_sqlite_created_table *table;
            require(dbw_sqlite_create_table_read(arena, sql, &table, &error) == DBW_OK, "unread",
                    sql);
            require(strcmp(table->name, name) == 0, "another name", sql);
            compare_columns(handle, table, name, sql);
            compare_foreign_keys(handle, table, name, sql);
        } else if (strcmp(type, "index") == 0) {
            dbw_sqlite_created_index *index;
            require(dbw_sqlite_create_index_read(arena, sql, &index, &error) == DBW_OK, "unread",
                    sql);
            require(strcmp(index->name, name) == 0, "another name", sql);
            sqlite3_stmt *items =
                query(handle, "SELECT count(*) FROM pragma_index_xinfo(?) WHERE key", name);
            require(sqlite3_step(items) == SQLITE_ROW &&
                        (size_t)sqlite3_column_int64(items, 0) == index->item_count,
                    "another number of items", sql);
            sqlite3_finalize(items);
        }
    }
    sqlite3_finalize(row);
}

static void read_raw(dbw_arena *arena, const char *text)
{
    dbw_sqlite_created_table *table;
    dbw_sqlite_created_index *index;
    dbw_error error;
    if (dbw_sqlite_create_table_read(arena, text, &table, &error) == DBW_OK)
        require(table->column_count > 0, "a table without columns", text);
    if (dbw_sqlite_create_index_read(arena, text, &index, &error) == DBW_OK)
        require(index->item_count > 0, "an index without items", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sqlite3 *handle;
    if (size > 4096)
        return 0;
    dbw_arena *arena = dbw_arena_new();
    char *text = dbw_arena_text_string(arena, (dbw_text){(const char *)data, size});
    read_raw(arena, text);
    if (sqlite3_open(":memory:", &handle) != SQLITE_OK)
        abort();
    sqlite3_set_authorizer(handle, only_tables, NULL);
    sqlite3_exec(handle, text, NULL, NULL, NULL);
    char *table = sqlite3_mprintf("CREATE TABLE t (%s", text);
    sqlite3_exec(handle, table, NULL, NULL, NULL);
    sqlite3_free(table);
    sqlite3_set_authorizer(handle, NULL, NULL);
    compare(handle, arena);
    sqlite3_close(handle);
    dbw_arena_free(arena);
    return 0;
}
