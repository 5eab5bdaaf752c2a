/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Estimates without a scan: sqlite_stat1 where ANALYZE was run, else the span of the rowids, both
 * with the width of a few rows from either end; never more than the file holds. The dbstat table
 * would be exact, but reads every page (0.5 s for 840 MB) and is often not compiled in.
 */
#include "engine/sqlite/catalog_priv.h"

enum { SAMPLE_ROWS = 32 };

static dbw_status query(const dbw_sqlite_reading *reading, const dbw_table *table,
                        const char *before, const char *after, sqlite3_stmt **out, dbw_error *error)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, 1 << 20);
    dbw_buffer_add_string(&sql, before);
    dbw_sqlite_quote_name(&sql, table->name);
    dbw_buffer_add_string(&sql, after);
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_sqlite_prepare(reading->database, sql.data, out, error);
    dbw_buffer_free(&sql);
    return status;
}

static dbw_status sample(const dbw_sqlite_reading *reading, const dbw_table *table,
                         const char *order, int64_t *bytes, int64_t *rows, dbw_error *error)
{
    sqlite3_stmt *statement;
    bool more = true;
    DBW_TRY(query(reading, table, "SELECT * FROM main.", order, &statement, error));
    dbw_status status = DBW_OK;
    for (int n = 0; n < SAMPLE_ROWS; n++) {
        if ((status = dbw_sqlite_reading_step(reading, statement, &more, error)) != DBW_OK || !more)
            break;
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            int type = sqlite3_column_type(statement, i);
            *bytes += type == SQLITE_TEXT || type == SQLITE_BLOB
                          ? sqlite3_column_bytes(statement, i)
                      : type == SQLITE_NULL ? 0
                                            : 8;
        }
        ++*rows;
    }
    sqlite3_finalize(statement);
    return status;
}

static const dbw_column *identity_of(const dbw_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].identity != DBW_IDENTITY_NONE)
            return &table->columns[i];
    return NULL;
}

static dbw_status read_statistics(const dbw_sqlite_reading *reading, dbw_table *table,
                                  dbw_error *error)
{
    bool more = false;
    if (!reading->statistics)
        return DBW_OK;
    dbw_sqlite_reading_start(reading->statistics, table->name);
    DBW_TRY(dbw_sqlite_reading_step(reading, reading->statistics, &more, error));
    if (more && sqlite3_column_type(reading->statistics, 0) == SQLITE_INTEGER &&
        sqlite3_column_int64(reading->statistics, 0) >= 0)
        table->estimated_rows = sqlite3_column_int64(reading->statistics, 0);
    return DBW_OK;
}

static dbw_status read_high_water(const dbw_sqlite_reading *reading, dbw_table *table,
                                  int64_t highest, dbw_error *error)
{
    const dbw_column *identity = identity_of(table);
    if (!identity)
        return DBW_OK;
    if (identity->identity == DBW_IDENTITY_AUTO) {
        sqlite3_stmt *statement;
        bool more = false;
        DBW_TRY(dbw_sqlite_prepare(reading->database,
                                   "SELECT max(seq) FROM main.sqlite_sequence WHERE name = ?",
                                   &statement, error));
        dbw_sqlite_reading_start(statement, table->name);
        dbw_status status = dbw_sqlite_reading_step(reading, statement, &more, error);
        if (more && sqlite3_column_int64(statement, 0) > highest)
            highest = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        DBW_TRY(status);
    }
    table->next_identity = highest < 0 ? 1 : highest < INT64_MAX ? highest + 1 : 0;
    return DBW_OK;
}

/* Both ends of the rowid, one look into the tree each; zeros for an empty table. */
static dbw_status read_span(const dbw_sqlite_reading *reading, const dbw_table *table,
                            const char *rowid, int64_t *lowest, int64_t *highest, dbw_error *error)
{
    const char *ends[] = {"min", "max"};
    int64_t *out[] = {lowest, highest};
    for (size_t i = 0; i < 2; i++) {
        sqlite3_stmt *statement;
        bool more = false;
        char *before = dbw_arena_printf(reading->arena, "SELECT %s(%s) FROM main.", ends[i], rowid);
        DBW_TRY(query(reading, table, before, "", &statement, error));
        dbw_status status = dbw_sqlite_reading_step(reading, statement, &more, error);
        *out[i] = more ? sqlite3_column_int64(statement, 0) : 0;
        sqlite3_finalize(statement);
        DBW_TRY(status);
    }
    return DBW_OK;
}

const char *dbw_sqlite_rowid(dbw_arena *arena, const dbw_table *table)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    const dbw_column *identity = identity_of(table);
    if (table->without_rowid || table->kind == DBW_TABLE_VIRTUAL)
        return NULL;
    if (identity) {
        dbw_buffer quoted;
        dbw_buffer_init(&quoted, 1 << 20);
        dbw_sqlite_quote_name(&quoted, identity->name);
        char *copy = dbw_arena_text_string(arena, dbw_buffer_text(&quoted));
        dbw_buffer_free(&quoted);
        return copy;
    }
    for (size_t n = 0; n < DBW_COUNT(names); n++) {
        bool hidden = false;
        for (size_t i = 0; i < table->column_count; i++)
            hidden |= dbw_sqlite_same_name(table->columns[i].name, names[n]);
        if (!hidden)
            return names[n];
    }
    return NULL;
}

dbw_status dbw_sqlite_catalog_size(const dbw_sqlite_reading *reading, dbw_table *table,
                                   dbw_error *error)
{
    const char *rowid = dbw_sqlite_rowid(reading->arena, table);
    int64_t lowest = 0, highest = 0, bytes = 0, rows = 0, span;
    if (rowid)
        DBW_TRY(read_span(reading, table, rowid, &lowest, &highest, error));
    DBW_TRY(read_high_water(reading, table, highest, error));
    DBW_TRY(read_statistics(reading, table, error));
    DBW_TRY(sample(reading, table, "", &bytes, &rows, error));
    if (rows < SAMPLE_ROWS) {
        table->estimated_rows = rows;
        table->estimated_bytes = bytes;
        return DBW_OK;
    }
    if (rowid)
        DBW_TRY(sample(reading, table, dbw_arena_printf(reading->arena, " ORDER BY %s DESC", rowid),
                       &bytes, &rows, error));
    int64_t width = bytes / rows + 1, most = reading->file_bytes / width + rows;
    if (table->estimated_rows < 0 && rowid)
        table->estimated_rows =
            __builtin_sub_overflow(highest, lowest, &span) || span > most ? most : span + 1;
    if (table->estimated_rows > most)
        table->estimated_rows = most;
    if (table->estimated_rows >= 0)
        table->estimated_bytes = table->estimated_rows * width;
    return DBW_OK;
}
