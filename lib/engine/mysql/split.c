/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/mysql_priv.h"

#include "engine/mysql/bulk.h"

#include <inttypes.h>

/** More ranges than this gain nothing and make long lists. */
enum { MAX_RANGES = 4096, STATEMENT_LIMIT = 1024 * 1024 };

static bool is_integer_key(const dbw_table *table, const dbw_names *key)
{
    const dbw_column *column = key->count == 1 ? dbw_table_column(table, key->items[0]) : NULL;
    if (!column)
        return false;
    dbw_kind kind = dbw_intent_kind(column->type.intent);
    return kind == DBW_KIND_INT64 || kind == DBW_KIND_UINT64;
}

/** ENUM, SET and BIT keys have few values or are odd, and floats have no neighbours. */
static bool can_sample(const dbw_table *table, const dbw_names *key)
{
    for (size_t i = 0; i < key->count; i++) {
        const dbw_column *column = dbw_table_column(table, key->items[i]);
        dbw_intent intent = column ? column->type.intent : DBW_INTENT_OTHER;
        if (intent == DBW_INTENT_ENUM || intent == DBW_INTENT_SET || intent == DBW_INTENT_BIT ||
            intent == DBW_INTENT_FLOAT32 || intent == DBW_INTENT_OTHER)
            return false;
    }
    return table->kind == DBW_TABLE_ORDINARY;
}

static dbw_value *number_value(dbw_arena *arena, uint64_t bits, bool is_unsigned)
{
    dbw_value *value = DBW_NEW(arena, dbw_value);
    if (is_unsigned && bits > INT64_MAX)
        *value = (dbw_value){.kind = DBW_KIND_UINT64, .uint64 = bits};
    else
        *value = dbw_value_int((int64_t)bits);
    return value;
}

/** Equal widths between the least and the greatest key: two look-ups in the key's index. */
static dbw_status split_evenly(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                               const dbw_names *key, uint64_t ranges, dbw_value ***bounds,
                               size_t *count, dbw_error *error)
{
    dbw_buffer sql;
    dbw_value *row = NULL;
    dbw_buffer_init(&sql, STATEMENT_LIMIT);
    dbw_buffer_add_string(&sql, "SELECT MIN(");
    dbw_mysql_dialect.quote_name(&sql, key->items[0]);
    dbw_buffer_add_string(&sql, "), MAX(");
    dbw_mysql_dialect.quote_name(&sql, key->items[0]);
    dbw_buffer_add_string(&sql, ") FROM ");
    dbw_quote_qualified(&dbw_engine_mysql, &sql, table->schema, table->name);
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_fetch_one(database, arena, sql.data, NULL, 0, &row, error);
    dbw_buffer_free(&sql);
    if (status != DBW_OK || !row || dbw_value_is_null(&row[0]))
        return status;
    bool is_unsigned = dbw_table_column(table, key->items[0])->type.is_unsigned;
    uint64_t least = row[0].uint64, most = row[1].uint64; /* the same bits as int64's */
    uint64_t span = most - least, width = span / ranges + 1;
    dbw_value **list = DBW_NEW_ARRAY(arena, ranges, dbw_value *);
    for (uint64_t at = width; at <= span && *count < ranges; at += width) {
        list[(*count)++] = number_value(arena, least + at, is_unsigned);
        if (at > UINT64_MAX - width)
            break;
    }
    *bounds = list;
    return DBW_OK;
}

/** The key that stands `offset` rows behind another, by the key's index alone. */
static dbw_status step(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                       const dbw_names *key, const dbw_value *from, int64_t offset, dbw_value **out,
                       dbw_error *error)
{
    size_t columns[16];
    dbw_rows *rows;
    const dbw_value *row;
    for (size_t i = 0; i < key->count; i++)
        columns[i] = (size_t)dbw_table_column_index(table, key->items[i]);
    dbw_scan scan = {.table = table,
                     .columns = columns,
                     .column_count = key->count,
                     .key = *key,
                     .range = {.from = from},
                     .offset = offset,
                     .limit = 1};
    *out = NULL;
    DBW_TRY(dbw_mysql_scan(database, &scan, &rows, error));
    dbw_status status = dbw_rows_next(rows, &row, error);
    if (status == DBW_OK && row) {
        *out = DBW_NEW_ARRAY(arena, key->count, dbw_value);
        for (size_t i = 0; i < key->count; i++)
            (*out)[i] = dbw_value_copy(arena, &row[i]);
    }
    dbw_rows_close(rows);
    return status;
}

/**
 * Keys that are no integers: steps of equal numbers of rows through the key. An index is walked
 * once, which costs a small part of reading the table.
 */
static dbw_status split_by_steps(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                                 const dbw_names *key, int64_t ranges, dbw_value ***bounds,
                                 size_t *count, dbw_error *error)
{
    int64_t rows = table->estimated_rows, width = rows > 0 ? rows / ranges : 0;
    const dbw_value *from = NULL;
    if (width < 1 || key->count > 16 || !can_sample(table, key))
        return DBW_OK;
    dbw_value **list = DBW_NEW_ARRAY(arena, MAX_RANGES, dbw_value *);
    while (*count < MAX_RANGES) {
        dbw_value *bound;
        DBW_TRY(step(database, arena, table, key, from, width, &bound, error));
        if (!bound)
            break;
        list[(*count)++] = bound;
        from = bound;
    }
    *bounds = list;
    return DBW_OK;
}

dbw_status dbw_mysql_split(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                           const dbw_names *key, int64_t bytes, dbw_value ***bounds, size_t *count,
                           dbw_error *error)
{
    *bounds = NULL;
    *count = 0;
    if (key->count == 0 || bytes <= 0 || table->estimated_bytes / bytes < 2)
        return DBW_OK;
    int64_t ranges = table->estimated_bytes / bytes;
    if (ranges > MAX_RANGES)
        ranges = MAX_RANGES;
    return is_integer_key(table, key)
               ? split_evenly(database, arena, table, key, (uint64_t)ranges, bounds, count, error)
               : split_by_steps(database, arena, table, key, ranges, bounds, count, error);
}
