/* SPDX-License-Identifier: Apache-2.0 */
/* Streaming a table: one SELECT that walks the table or the index of its key. */
#include "engine/sqlite/bulk_priv.h"
#include "engine/sqlite/catalog_priv.h"

enum { SQL_LIMIT = 4 * 1024 * 1024 };

bool dbw_sqlite_scan_known_collation(const char *collation)
{
    return !collation || dbw_sqlite_same_name(collation, "BINARY") ||
           dbw_sqlite_same_name(collation, "NOCASE") || dbw_sqlite_same_name(collation, "RTRIM");
}

/* With the table's name before it: SQLite takes a quoted name alone, when it is unknown, for a
 * string. */
static void add_column(dbw_buffer *sql, const dbw_table *table, const char *name)
{
    dbw_sqlite_quote_name(sql, table->name);
    dbw_buffer_add_char(sql, '.');
    dbw_sqlite_quote_name(sql, name);
}

/* Where the column's collation is unknown here, its index is in an order that no comparison of
 * ours follows: rows are then sorted by bytes, without the index. */
static void add_key(dbw_buffer *sql, const dbw_table *table, const dbw_names *key)
{
    for (size_t i = 0; i < key->count; i++) {
        const dbw_column *column = dbw_table_column(table, key->items[i]);
        if (i)
            dbw_buffer_add_string(sql, ", ");
        add_column(sql, table, key->items[i]);
        if (column && !dbw_sqlite_scan_known_collation(column->collation))
            dbw_buffer_add_string(sql, " COLLATE BINARY");
    }
}

static void add_bound(dbw_buffer *sql, const dbw_scan *scan, const char *operator_, bool first)
{
    dbw_buffer_add_string(sql, first ? " WHERE (" : " AND (");
    add_key(sql, scan->table, &scan->key);
    dbw_buffer_printf(sql, ") %s (", operator_);
    for (size_t i = 0; i < scan->key.count; i++)
        dbw_buffer_add_string(sql, i ? ", ?" : "?");
    dbw_buffer_add_char(sql, ')');
}

static void add_order(dbw_buffer *sql, const dbw_scan *scan, dbw_arena *arena)
{
    const char *rowid;
    if (scan->key.count) {
        dbw_buffer_add_string(sql, " ORDER BY ");
        add_key(sql, scan->table, &scan->key);
    } else if ((rowid = dbw_sqlite_rowid(arena, scan->table)) != NULL) {
        /* Costs nothing, and keeps SQLite from walking a covering index instead. */
        dbw_buffer_printf(sql, " ORDER BY %s", rowid);
    }
}

static void build(dbw_buffer *sql, const dbw_scan *scan, dbw_arena *arena)
{
    dbw_buffer_add_string(sql, "SELECT ");
    for (size_t i = 0; i < scan->column_count; i++) {
        if (i)
            dbw_buffer_add_string(sql, ", ");
        add_column(sql, scan->table, scan->table->columns[scan->columns[i]].name);
    }
    dbw_buffer_add_string(sql, " FROM ");
    dbw_sqlite_quote_name(sql, scan->table->name);
    if (scan->key.count && scan->range.from)
        add_bound(sql, scan, ">=", true);
    if (scan->key.count && scan->range.to)
        add_bound(sql, scan, "<", !scan->range.from);
    add_order(sql, scan, arena);
    if (scan->limit >= 0 || scan->offset > 0)
        dbw_buffer_printf(sql, " LIMIT %lld OFFSET %lld",
                          (long long)(scan->limit >= 0 ? scan->limit : -1),
                          (long long)scan->offset);
}

static dbw_status start(dbw_sqlite *database, const dbw_scan *scan, const char *sql,
                        dbw_arena *arena, dbw_rows **out, dbw_error *error)
{
    sqlite3_stmt *statement;
    size_t count = 0, width = scan->key.count;
    dbw_value *parameters = DBW_NEW_ARRAY(arena, 2 * width + 1, dbw_value);
    const dbw_value *ends[] = {scan->range.from, scan->range.to};
    for (size_t e = 0; e < 2 && width; e++)
        for (size_t i = 0; ends[e] && i < width; i++)
            parameters[count++] = ends[e][i];
    DBW_TRY(dbw_sqlite_prepare(database, sql, &statement, error));
    dbw_status status = dbw_sqlite_bind(database, statement, parameters, count, error);
    if (status == DBW_OK)
        return dbw_sqlite_rows_new(database, statement, out, error);
    sqlite3_finalize(statement);
    return status;
}

dbw_status dbw_sqlite_scan(dbw_database *base, const dbw_scan *scan, dbw_rows **out,
                           dbw_error *error)
{
    dbw_sqlite *database = dbw_sqlite_of(base);
    dbw_buffer sql;
    *out = NULL;
    if (scan->column_count == 0)
        return dbw_fail(error, DBW_E_INTERNAL,
                        "unable to read table '%s': no columns are asked for", scan->table->name);
    dbw_arena *arena = dbw_arena_new();
    dbw_sqlite_start(database);
    dbw_buffer_init(&sql, SQL_LIMIT);
    build(&sql, scan, arena);
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = start(database, scan, sql.data, arena, out, error);
    dbw_buffer_free(&sql);
    dbw_arena_free(arena);
    return status;
}
