/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TEST_MYSQL_SOURCE_HELP_H
#define DBW_TEST_MYSQL_SOURCE_HELP_H
/* What the tests that read from MariaDB share: one arena, error and database for each program. */
#include "../../servers.h"
#include "../../test.h"

#include "engine/engine.h"

static dbw_arena *arena;
static dbw_error error;
static dbw_database *database;
static const char *url;

DBW_UNUSED static dbw_url *url_of(const char *text)
{
    dbw_url *parsed;
    assert_ok(&error, dbw_url_parse(arena, dbw_text_of(text), &parsed, &error));
    return parsed;
}

DBW_UNUSED static int open_fresh(void **state)
{
    (void)state;
    arena = dbw_arena_new();
    url = dbw_test_fresh_database("mysql", "source");
    assert_ok(&error, dbw_database_open(url_of(url), NULL, &database, &error));
    return 0;
}

DBW_UNUSED static int close_all(void **state)
{
    (void)state;
    dbw_database_close(database);
    dbw_arena_free(arena);
    return 0;
}

DBW_UNUSED static void run(const char *sql)
{
    assert_ok(&error, dbw_execute_script(database, sql, &error));
}

DBW_UNUSED static dbw_schema *read_schema(void)
{
    dbw_schema *schema;
    assert_ok(&error, dbw_database_catalog(database, arena, NULL, &schema, &error));
    return schema;
}

/** The table of that name as the catalog has it now. */
DBW_UNUSED static dbw_table *table_named(const char *name)
{
    dbw_table *table = dbw_schema_table(read_schema(), name);
    assert_non_null(table);
    return table;
}

DBW_UNUSED static dbw_column *column_named(const dbw_table *table, const char *name)
{
    dbw_column *column = dbw_table_column(table, name);
    assert_non_null(column);
    return column;
}

DBW_UNUSED static const dbw_bulk *bulk(void)
{
    const dbw_engine *engine;
    dbw_error own; /* `error` may be about to be looked at */
    assert_ok(&own, dbw_engine_find("mysql", &engine, &own));
    return engine->bulk;
}

DBW_UNUSED static const size_t *all_columns(const dbw_table *table)
{
    size_t *columns = DBW_NEW_ARRAY(arena, table->column_count, size_t);
    for (size_t i = 0; i < table->column_count; i++)
        columns[i] = i;
    return columns;
}

DBW_UNUSED static dbw_scan whole_scan(const dbw_table *table)
{
    return (dbw_scan){.table = table,
                      .columns = all_columns(table),
                      .column_count = table->column_count,
                      .limit = -1};
}

/** The rows of a scan as people see them: "kind value" by '|', rows by newlines. */
DBW_UNUSED static const char *scanned(dbw_database *from, const dbw_scan *scan)
{
    dbw_rows *rows;
    const dbw_value *row;
    dbw_buffer out;
    dbw_buffer_init(&out, 64 << 20);
    assert_ok(&error, bulk()->scan(from, scan, &rows, &error));
    for (int n = 0;; n++) {
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        if (!row)
            break;
        dbw_buffer_add_string(&out, n ? "\n" : "");
        for (size_t i = 0; i < scan->column_count; i++)
            dbw_buffer_printf(&out, "%s%s %s", i ? "|" : "", dbw_kind_name(row[i].kind),
                              dbw_value_show(arena, &row[i], 200));
    }
    dbw_rows_close(rows);
    const char *text = dbw_arena_string(arena, out.data);
    dbw_buffer_free(&out);
    return text;
}

#endif
