/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/catalog_priv.h"

static dbw_index *index_of(const dbw_mysql_reading *reading, dbw_table *table)
{
    const char *name = dbw_mysql_cell_string(reading, "index_name");
    if (table->index_count && strcmp(table->indexes[table->index_count - 1].name, name) == 0)
        return &table->indexes[table->index_count - 1];
    dbw_index *index = DBW_APPEND(reading->arena, table->indexes, table->index_count);
    index->name = name;
    index->unique = dbw_mysql_cell_number(reading, "non_unique") == 0;
    if (!dbw_mysql_cell_is(reading, "method", "BTREE"))
        index->method = dbw_mysql_cell_string(reading, "method");
    return index;
}

dbw_status dbw_mysql_take_index(dbw_mysql_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_table *table = dbw_mysql_cell_table(reading);
    if (!table)
        return DBW_OK;
    dbw_index *index = index_of(reading, table);
    dbw_index_item *item = DBW_APPEND(reading->arena, index->items, index->item_count);
    const char *expression = dbw_mysql_cell_string(reading, "expression");
    *item = (dbw_index_item){
        .column = dbw_mysql_cell_string(reading, "column_name"),
        .expression = expression
                          ? dbw_mysql_expression_read(reading->arena, expression, reading->mariadb)
                          : NULL,
        .descending = dbw_mysql_cell_is(reading, "direction", "D"),
    };
    /* A spatial index shows the size of a box as its prefix. */
    if (!index->method || strcmp(index->method, "SPATIAL") != 0)
        item->prefix = (int32_t)dbw_mysql_cell_number(reading, "prefix");
    return DBW_OK;
}

/** A unique index over whole columns is what a unique constraint makes. */
static bool is_key(const dbw_index *index)
{
    for (size_t i = 0; i < index->item_count; i++) {
        const dbw_index_item *item = &index->items[i];
        if (!item->column || item->prefix || item->descending)
            return false;
    }
    return index->unique;
}

static dbw_key key_of(dbw_arena *arena, const dbw_index *index, const char *name)
{
    dbw_key key = {.name = name};
    for (size_t i = 0; i < index->item_count; i++)
        *DBW_APPEND(arena, key.columns.items, key.columns.count) = index->items[i].column;
    return key;
}

static void add_names(dbw_buffer *sql, const dbw_index *index)
{
    for (size_t i = 0; i < index->item_count; i++) {
        const dbw_index_item *item = &index->items[i];
        dbw_buffer_add_string(sql, i ? ", " : "");
        if (item->column)
            dbw_quote_name(&dbw_engine_mysql, sql, item->column);
        else
            dbw_buffer_printf(sql, "(%s)", item->expression);
        if (item->prefix)
            dbw_buffer_printf(sql, "(%d)", (int)item->prefix);
        if (item->descending)
            dbw_buffer_add_string(sql, " DESC");
    }
}

/** CREATE FULLTEXT INDEX `words` ON `posts` (`body`) */
static const char *definition_of(dbw_arena *arena, const dbw_table *table, const dbw_index *index)
{
    bool kind =
        index->method && strcmp(index->method, "HASH") != 0 && strcmp(index->method, "RTREE") != 0;
    dbw_buffer sql;
    dbw_buffer_init(&sql, (size_t)1024 * 1024);
    dbw_buffer_printf(&sql, "CREATE %s%s%sINDEX ", index->unique ? "UNIQUE " : "",
                      kind ? index->method : "", kind ? " " : "");
    dbw_quote_name(&dbw_engine_mysql, &sql, index->name);
    dbw_buffer_add_string(&sql, " ON ");
    dbw_quote_name(&dbw_engine_mysql, &sql, table->name);
    dbw_buffer_add_string(&sql, " (");
    add_names(&sql, index);
    dbw_buffer_add_char(&sql, ')');
    const char *text = sql.failed ? NULL : dbw_arena_string(arena, sql.data);
    dbw_buffer_free(&sql);
    return text;
}

static void sort_table(dbw_arena *arena, dbw_table *table)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->index_count; i++) {
        dbw_index *index = &table->indexes[i];
        if (strcmp(index->name, "PRIMARY") == 0) {
            table->primary_key = DBW_NEW(arena, dbw_key);
            *table->primary_key = key_of(arena, index, NULL);
        } else if (is_key(index)) {
            *DBW_APPEND(arena, table->uniques, table->unique_count) =
                key_of(arena, index, index->name);
        } else {
            index->definition = definition_of(arena, table, index);
            table->indexes[kept++] = *index;
        }
    }
    table->index_count = kept;
}

void dbw_mysql_sort_indexes(dbw_mysql_reading *reading)
{
    for (size_t i = 0; i < reading->schema->table_count; i++)
        sort_table(reading->arena, &reading->schema->tables[i]);
}
