/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cutting a table into ranges of about equal size.
 *
 * By rowid: spans are halved, each shrunk to the rowids that exist, until the widest are narrow
 * enough to be sampled; so a hole of any width (ids given out by time, say) costs nothing. No scan:
 * some hundred look-ups. Other keys are walked once through their index, which is far smaller than
 * the table.
 */
#include "engine/sqlite/bulk_priv.h"
#include "engine/sqlite/catalog_priv.h"

enum {
    SPANS = 64,
    NARROW = 512,
    SAMPLE_ROWS = 8,
    SQL_LIMIT = 4 * 1024 * 1024,
    MOST_BOUNDS = 65536
};

typedef struct span {
    int64_t low, high; /* both exist */
    double bytes;
} span;

typedef struct splitter {
    dbw_sqlite *database;
    dbw_arena *arena;
    const dbw_table *table;
    sqlite3_stmt *below, *above, *rows;
    span spans[SPANS + 1];
    size_t count;
} splitter;

static dbw_status prepare(const splitter *s, const char *pattern, const char *rowid,
                          sqlite3_stmt **out, dbw_error *error)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, SQL_LIMIT);
    for (const char *at = pattern; *at; at++) {
        if (*at == '@')
            dbw_sqlite_quote_name(&sql, s->table->name);
        else if (*at == '#')
            dbw_buffer_add_string(&sql, rowid);
        else
            dbw_buffer_add_char(&sql, *at);
    }
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_sqlite_prepare(s->database, sql.data, out, error);
    dbw_buffer_free(&sql);
    return status;
}

static dbw_status one_integer(const splitter *s, sqlite3_stmt *statement, int64_t a, int64_t b,
                              int64_t *out, bool *found, dbw_error *error)
{
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, a);
    sqlite3_bind_int64(statement, 2, b);
    int code = sqlite3_step(statement);
    *found = code == SQLITE_ROW && sqlite3_column_type(statement, 0) == SQLITE_INTEGER;
    if (*found)
        *out = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return DBW_OK;
    return dbw_sqlite_fail(s->database, code, sqlite3_sql(statement), error, "read table '%s'",
                           s->table->name);
}

static uint64_t width(const span *of)
{
    return (uint64_t)of->high - (uint64_t)of->low;
}

static span *widest(splitter *s)
{
    span *best = &s->spans[0];
    for (size_t i = 1; i < s->count; i++)
        if (width(&s->spans[i]) > width(best))
            best = &s->spans[i];
    return best;
}

static dbw_status halve(splitter *s, dbw_error *error)
{
    span *old = widest(s), rest = *old;
    int64_t middle = (int64_t)((uint64_t)old->low + width(old) / 2);
    bool found;
    DBW_TRY(one_integer(s, s->below, old->low, middle, &old->high, &found, error));
    DBW_TRY(one_integer(s, s->above, middle, rest.high, &rest.low, &found, error));
    s->spans[s->count++] = rest;
    return DBW_OK;
}

/* The size of a span from the rows at its start. */
static dbw_status weigh(const splitter *s, span *part, dbw_error *error)
{
    int64_t bytes = 0, last = part->low;
    int rows = 0, code = SQLITE_ROW;
    sqlite3_reset(s->rows);
    sqlite3_bind_int64(s->rows, 1, part->low);
    sqlite3_bind_int64(s->rows, 2, part->high);
    while (rows < SAMPLE_ROWS && (code = sqlite3_step(s->rows)) == SQLITE_ROW) {
        last = sqlite3_column_int64(s->rows, 0);
        for (int i = 1; i < sqlite3_column_count(s->rows); i++) {
            int type = sqlite3_column_type(s->rows, i);
            bytes +=
                type == SQLITE_TEXT || type == SQLITE_BLOB ? sqlite3_column_bytes(s->rows, i) : 8;
        }
        rows++;
    }
    sqlite3_reset(s->rows);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return dbw_sqlite_fail(s->database, code, sqlite3_sql(s->rows), error, "read table '%s'",
                               s->table->name);
    double covered = (double)((uint64_t)last - (uint64_t)part->low) + 1;
    part->bytes = rows ? (double)bytes / covered * ((double)width(part) + 1) : 0;
    return DBW_OK;
}

static int by_low(const void *a, const void *b)
{
    int64_t x = ((const span *)a)->low, y = ((const span *)b)->low;
    return (x > y) - (x < y);
}

/* Walks over the spans, by size, and cuts wherever another `bytes` are full. */
static void cut(const splitter *s, int64_t bytes, dbw_value ***bounds, size_t *count)
{
    double total = 0, passed = 0;
    for (size_t i = 0; i < s->count; i++)
        total += s->spans[i].bytes;
    double ranges = total / (double)bytes;
    if (ranges > MOST_BOUNDS)
        ranges = MOST_BOUNDS;
    size_t wanted = (size_t)ranges;
    double step = total / ((double)wanted + 1);
    int64_t last = s->spans[0].low;
    for (size_t i = 0, n = 1; i < s->count && n <= wanted; i++) {
        const span *now = &s->spans[i];
        for (; n <= wanted && step * (double)n < passed + now->bytes; n++) {
            double part = (step * (double)n - passed) / now->bytes;
            uint64_t ahead = (uint64_t)((double)width(now) * part);
            int64_t at = (int64_t)((uint64_t)now->low + (ahead > width(now) ? width(now) : ahead));
            if (at <= last)
                continue;
            dbw_value *bound = DBW_NEW(s->arena, dbw_value);
            *bound = dbw_value_int(last = at);
            *DBW_APPEND(s->arena, *bounds, *count) = bound;
        }
        passed += now->bytes;
    }
}

static dbw_status split_rowid(splitter *s, const char *rowid, int64_t bytes, dbw_value ***bounds,
                              size_t *count, dbw_error *error)
{
    bool found;
    DBW_TRY(
        prepare(s, "SELECT max(#) FROM main.@ WHERE # >= ? AND # <= ?", rowid, &s->below, error));
    DBW_TRY(
        prepare(s, "SELECT min(#) FROM main.@ WHERE # > ? AND # <= ?", rowid, &s->above, error));
    DBW_TRY(prepare(s, "SELECT #, * FROM main.@ WHERE # >= ? AND # <= ? ORDER BY #", rowid,
                    &s->rows, error));
    s->count = 1;
    DBW_TRY(one_integer(s, s->below, INT64_MIN, INT64_MAX, &s->spans[0].high, &found, error));
    if (!found)
        return DBW_OK;
    s->spans[0].low = INT64_MIN;
    DBW_TRY(one_integer(s, s->above, INT64_MIN, INT64_MAX, &s->spans[0].low, &found, error));
    while (s->count < SPANS && width(widest(s)) > NARROW)
        DBW_TRY(halve(s, error));
    qsort(s->spans, s->count, sizeof s->spans[0], by_low);
    for (size_t i = 0; i < s->count; i++)
        DBW_TRY(weigh(s, &s->spans[i], error));
    cut(s, bytes, bounds, count);
    return DBW_OK;
}

/* Bytes of a row, from the catalog's estimate. */
static int64_t row_bytes(const dbw_table *table)
{
    if (table->estimated_rows <= 0 || table->estimated_bytes <= 0)
        return 64;
    return table->estimated_bytes / table->estimated_rows + 1;
}

static dbw_status walk_key(const splitter *s, const dbw_names *key, int64_t rows_each,
                           dbw_value ***bounds, size_t *count, dbw_error *error)
{
    size_t columns[64];
    int64_t n = 0;
    const dbw_value *row;
    dbw_rows *rows;
    for (size_t i = 0; i < key->count; i++)
        columns[i] = (size_t)dbw_table_column_index(s->table, key->items[i]);
    dbw_scan scan = {.table = s->table,
                     .columns = columns,
                     .column_count = key->count,
                     .key = *key,
                     .limit = -1};
    DBW_TRY(dbw_sqlite_scan(&s->database->base, &scan, &rows, error));
    dbw_status status;
    while ((status = dbw_sqlite_driver.rows_next(rows, &row, error)) == DBW_OK && row) {
        if (n++ == 0 || (n - 1) % rows_each != 0 || *count >= MOST_BOUNDS)
            continue;
        dbw_value *bound = DBW_NEW_ARRAY(s->arena, key->count, dbw_value);
        for (size_t i = 0; i < key->count; i++)
            bound[i] = dbw_value_copy(s->arena, &row[i]);
        *DBW_APPEND(s->arena, *bounds, *count) = bound;
    }
    dbw_sqlite_driver.rows_close(rows);
    return status;
}

static bool can_be_cut(const dbw_table *table, const dbw_names *key)
{
    if (key->count == 0 || key->count > 64)
        return false;
    for (size_t i = 0; i < key->count; i++) {
        const dbw_column *column = dbw_table_column(table, key->items[i]);
        if (!column || !dbw_sqlite_scan_known_collation(column->collation))
            return false;
    }
    return true;
}

dbw_status dbw_sqlite_split(dbw_database *base, dbw_arena *arena, const dbw_table *table,
                            const dbw_names *key, int64_t bytes, dbw_value ***bounds, size_t *count,
                            dbw_error *error)
{
    splitter s = {.database = dbw_sqlite_of(base), .arena = arena, .table = table};
    dbw_status status;
    *bounds = NULL;
    *count = 0;
    if (bytes < 1)
        bytes = 1;
    if (!can_be_cut(table, key) || (table->estimated_bytes >= 0 && table->estimated_bytes < bytes))
        return DBW_OK;
    dbw_sqlite_start(s.database);
    const dbw_column *column = dbw_table_column(table, key->items[0]);
    if (key->count == 1 && column->identity != DBW_IDENTITY_NONE && !table->without_rowid) {
        status = split_rowid(&s, dbw_sqlite_rowid(arena, table), bytes, bounds, count, error);
        sqlite3_finalize(s.below);
        sqlite3_finalize(s.above);
        sqlite3_finalize(s.rows);
        return status;
    }
    int64_t rows_each = bytes / row_bytes(table);
    return walk_key(&s, key, rows_each > 1 ? rows_each : 1, bounds, count, error);
}
