/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/bulk.h"
#include "engine/postgresql/dialect.h"
#include "engine/postgresql/type.h"

#include <inttypes.h>

/** More ranges than this gain nothing and make long lists. */
enum { MAX_RANGES = 4096 };

/** The size on disk, TOAST and partitions included, without indexes. */
static dbw_status table_bytes(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                              int64_t *out, dbw_error *error)
{
    /* A table outside of any partitioning has no tree, not even itself. */
    static const char sql[] =
        "SELECT coalesce((SELECT sum(pg_catalog.pg_table_size(t.relid)) "
        "FROM pg_catalog.pg_partition_tree(r.id) AS t), pg_catalog.pg_table_size(r.id))::bigint "
        "FROM (SELECT ?::regclass AS id) AS r";
    dbw_buffer name;
    dbw_value value = DBW_NULL;
    dbw_buffer_init(&name, 1024);
    dbw_pg_quote_qualified(&name, table->schema, table->name);
    dbw_status status = dbw_buffer_check(&name, "name", error);
    if (status == DBW_OK) {
        dbw_value parameter = dbw_value_text(dbw_buffer_text(&name));
        status = dbw_fetch_value(database, arena, sql, &parameter, 1, &value, error);
    }
    dbw_buffer_free(&name);
    *out = value.kind == DBW_KIND_INT64 ? value.int64 : 0;
    return status;
}

static bool is_integer_key(const dbw_table *table, const dbw_names *key)
{
    if (key->count != 1)
        return false;
    int at = dbw_table_column_index(table, key->items[0]);
    if (at < 0)
        return false;
    dbw_pg_wire wire = dbw_pg_wire_of(&table->columns[at].type);
    return wire == DBW_PG_WIRE_INT2 || wire == DBW_PG_WIRE_INT4 || wire == DBW_PG_WIRE_INT8;
}

/** Equal widths between the least and the greatest key: two look-ups in the key's index. */
static dbw_status split_evenly(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                               const dbw_names *key, uint64_t ranges, dbw_value ***bounds,
                               size_t *count, dbw_error *error)
{
    dbw_buffer sql;
    dbw_value *row = NULL;
    dbw_buffer_init(&sql, 65536);
    dbw_buffer_add_string(&sql, "SELECT min(");
    dbw_pg_quote_name(&sql, key->items[0]);
    dbw_buffer_add_string(&sql, ")::bigint, max(");
    dbw_pg_quote_name(&sql, key->items[0]);
    dbw_buffer_add_string(&sql, ")::bigint FROM ");
    dbw_pg_quote_qualified(&sql, table->schema, table->name);
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_fetch_one(database, arena, sql.data, NULL, 0, &row, error);
    dbw_buffer_free(&sql);
    if (status != DBW_OK || !row || row[0].kind != DBW_KIND_INT64)
        return status;
    uint64_t span = (uint64_t)row[1].int64 - (uint64_t)row[0].int64;
    uint64_t width = span / ranges + 1;
    dbw_value **list = DBW_NEW_ARRAY(arena, ranges, dbw_value *);
    for (uint64_t at = width; at <= span && *count < ranges; at += width) {
        list[*count] = DBW_NEW(arena, dbw_value);
        *list[(*count)++] = dbw_value_int((int64_t)((uint64_t)row[0].int64 + at));
        if (at > UINT64_MAX - width)
            break;
    }
    *bounds = list;
    return DBW_OK;
}

static void add_key(dbw_buffer *sql, const dbw_names *key)
{
    for (size_t i = 0; i < key->count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : "");
        dbw_pg_quote_name(sql, key->items[i]);
    }
}

/** Keys of the sample for each range, and at the least in all: few pages make a poor sample. */
enum { KEYS_PER_RANGE = 30, KEYS_AT_LEAST = 5000 };

/** Some keys in their order with their number, out of as few pages as that takes. */
static dbw_status sample_statement(dbw_buffer *sql, const dbw_table *table, const dbw_names *key,
                                   int64_t rows, uint64_t ranges, dbw_error *error)
{
    uint64_t wanted = ranges * KEYS_PER_RANGE;
    if (wanted < KEYS_AT_LEAST)
        wanted = KEYS_AT_LEAST;
    double percent = (double)wanted * 100.0 / (double)rows;
    int64_t hundredths = percent >= 100 ? 10000 : (int64_t)(percent * 100) + 1;
    dbw_buffer_add_string(sql, "SELECT count(*) OVER (), ");
    add_key(sql, key);
    dbw_buffer_add_string(sql, " FROM ");
    dbw_pg_quote_qualified(sql, table->schema, table->name);
    dbw_buffer_printf(sql, " TABLESAMPLE SYSTEM (%" PRId64 ".%02" PRId64 ") ORDER BY ",
                      hundredths / 100, hundredths % 100);
    add_key(sql, key);
    return dbw_buffer_check(sql, "statement", error);
}

static bool has_null(const dbw_value *row, size_t width)
{
    for (size_t i = 0; i < width; i++)
        if (dbw_value_is_null(&row[i]))
            return true;
    return false;
}

/** Keeps the keys that stand at equal distances; the first column is the number of all. */
static dbw_status pick(dbw_rows *rows, dbw_arena *arena, uint64_t ranges, dbw_value **bounds,
                       size_t *count, dbw_error *error)
{
    const dbw_value *row;
    size_t width = dbw_rows_width(rows) - 1;
    for (uint64_t n = 0; *count + 1 < ranges; n++) {
        DBW_TRY(dbw_rows_next(rows, &row, error));
        if (!row)
            break;
        /* The k-th bound is the first key behind k / ranges of them. */
        uint64_t total = row[0].kind == DBW_KIND_INT64 ? (uint64_t)row[0].int64 : 0;
        if (n * ranges < total * (*count + 1) || has_null(row + 1, width))
            continue;
        bounds[*count] = DBW_NEW_ARRAY(arena, width, dbw_value);
        for (size_t i = 0; i < width; i++)
            bounds[*count][i] = dbw_value_copy(arena, &row[i + 1]);
        ++*count;
    }
    return DBW_OK;
}

static dbw_status split_by_sample(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                                  const dbw_names *key, uint64_t ranges, dbw_value ***bounds,
                                  size_t *count, dbw_error *error)
{
    /* Partitions and foreign tables have no pages of their own, or none that can be sampled. */
    if (table->kind != DBW_TABLE_ORDINARY)
        return DBW_OK;
    int64_t estimate = table->estimated_rows > 0 ? table->estimated_rows : (int64_t)ranges * 1000;
    dbw_buffer sql;
    dbw_rows *rows = NULL;
    dbw_buffer_init(&sql, 65536);
    dbw_status status = sample_statement(&sql, table, key, estimate, ranges, error);
    if (status == DBW_OK)
        status = dbw_fetch(database, sql.data, NULL, 0, &rows, error);
    dbw_buffer_free(&sql);
    if (status != DBW_OK)
        return status;
    *bounds = DBW_NEW_ARRAY(arena, ranges, dbw_value *);
    status = pick(rows, arena, ranges, *bounds, count, error);
    dbw_rows_close(rows);
    return status;
}

dbw_status dbw_pg_split(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                        const dbw_names *key, int64_t bytes, dbw_value ***bounds, size_t *count,
                        dbw_error *error)
{
    int64_t size = 0;
    *bounds = NULL;
    *count = 0;
    if (key->count == 0 || bytes <= 0)
        return DBW_OK;
    DBW_TRY(table_bytes(database, arena, table, &size, error));
    int64_t ranges = size / bytes;
    if (ranges < 2)
        return DBW_OK;
    if (ranges > MAX_RANGES)
        ranges = MAX_RANGES;
    return is_integer_key(table, key)
               ? split_evenly(database, arena, table, key, (uint64_t)ranges, bounds, count, error)
               : split_by_sample(database, arena, table, key, (uint64_t)ranges, bounds, count,
                                 error);
}
