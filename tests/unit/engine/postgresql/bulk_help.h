/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TEST_POSTGRESQL_BULK_HELP_H
#define DBW_TEST_POSTGRESQL_BULK_HELP_H
/* Loading values into tables and reading them back. */
#include "postgresql.h"

#include <math.h>

static dbw_database *database;

DBW_UNUSED static int open_fresh(void **state)
{
    make_arena(state);
    database = open_url(dbw_test_fresh_database("postgresql", "bulk"), NULL);
    return 0;
}

DBW_UNUSED static int close_all(void **state)
{
    dbw_database_close(database);
    return free_arena(state);
}

/* --- help ------------------------------------------------------------------------------------- */

/** The table of that name as the catalog has it now. */
DBW_UNUSED static const dbw_table *table_named(const char *name)
{
    dbw_schema *schema;
    assert_ok(&error, dbw_database_catalog(database, arena, NULL, &schema, &error));
    dbw_table *table = dbw_schema_table(schema, name);
    assert_non_null(table);
    return table;
}

DBW_UNUSED static const size_t *all_columns(const dbw_table *table)
{
    size_t *columns = DBW_NEW_ARRAY(arena, table->column_count, size_t);
    for (size_t i = 0; i < table->column_count; i++)
        columns[i] = i;
    return columns;
}

DBW_UNUSED static dbw_load_spec whole(const dbw_table *table)
{
    return (dbw_load_spec){
        .table = table, .columns = all_columns(table), .column_count = table->column_count};
}

/** Encodes rows and loads them inside the caller's transaction. */
DBW_UNUSED static dbw_status load_rows(const dbw_load_spec *spec, const dbw_value *values,
                                       size_t count, int64_t *rows, dbw_load_failure *failure)
{
    dbw_encoder *encoder;
    dbw_load *load;
    dbw_buffer out;
    dbw_buffer_init(&out, 64 << 20);
    assert_ok(&error, bulk()->encoder_new(spec, &encoder, &error));
    for (size_t i = 0; i < count; i++) {
        size_t bad;
        assert_ok(&error,
                  bulk()->encode_row(encoder, values + i * spec->column_count, &out, &bad, &error));
    }
    dbw_status status = bulk()->load_begin(database, spec, &load, &error);
    if (status == DBW_OK) {
        assert_ok(&error, bulk()->load_send(load, dbw_buffer_text(&out), count, &error));
        status = bulk()->load_end(load, rows, failure, &error);
    }
    bulk()->encoder_free(encoder);
    dbw_buffer_free(&out);
    return status;
}

/** Loads rows into all columns of a table, committed. */
DBW_UNUSED static void load(const dbw_table *table, const dbw_value *values, size_t count)
{
    dbw_load_spec spec = whole(table);
    dbw_load_failure failure;
    int64_t rows;
    assert_ok(&error, dbw_begin(database, &error));
    assert_ok(&error, load_rows(&spec, values, count, &rows, &failure));
    assert_int_equal(rows, count);
    assert_int_equal(failure.row, -1);
    assert_ok(&error, dbw_commit(database, &error));
}

DBW_UNUSED static dbw_scan whole_scan(const dbw_table *table)
{
    return (dbw_scan){.table = table,
                      .columns = all_columns(table),
                      .column_count = table->column_count,
                      .limit = -1};
}

/** Reads one row of each value and compares kind and content. */
DBW_UNUSED static void expect_rows(const dbw_scan *scan, const dbw_value *expected, size_t count)
{
    dbw_rows *rows;
    const dbw_value *row;
    assert_ok(&error, bulk()->scan(database, scan, &rows, &error));
    for (size_t n = 0; n < count; n++) {
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        assert_non_null(row);
        for (size_t i = 0; i < scan->column_count; i++) {
            const dbw_value *wanted = &expected[n * scan->column_count + i];
            char *left = dbw_value_show(arena, &row[i], 100000);
            char *right = dbw_value_show(arena, wanted, 100000);
            if (row[i].kind != wanted->kind || strcmp(left, right) != 0)
                fail_msg("row %zu, column %s: %s %s, not %s %s", n, dbw_rows_name(rows, i),
                         dbw_kind_name(row[i].kind), left, dbw_kind_name(wanted->kind), right);
            if (wanted->kind == DBW_KIND_DOUBLE && !isnan(wanted->real))
                assert_memory_equal(&row[i].real, &wanted->real, 8);
        }
    }
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    assert_null(row);
    dbw_rows_close(rows);
}

/** One column `v` of that type takes the values, gives them back, and shows them as told. */
DBW_UNUSED static void round_trip(const char *type, const dbw_value *values, size_t count,
                                  const char *const *shown)
{
    run(database,
        dbw_arena_printf(arena, "DROP TABLE IF EXISTS trip; CREATE TABLE trip (v %s)", type));
    const dbw_table *table = table_named("trip");
    load(table, values, count);
    dbw_scan scan = whole_scan(table);
    expect_rows(&scan, values, count);
    dbw_rows *rows;
    const dbw_value *row;
    assert_ok(&error, dbw_fetch(database, "SELECT v::text FROM trip", NULL, 0, &rows, &error));
    for (size_t i = 0; i < count; i++) {
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        if (shown[i]) {
            assert_int_equal(row[0].kind, DBW_KIND_TEXT);
            if (!dbw_text_is(row[0].text, shown[i]))
                fail_msg("%s: the server has %s, not %s", type,
                         dbw_arena_text_string(arena, row[0].text), shown[i]);
        } else {
            assert_int_equal(row[0].kind, DBW_KIND_NULL);
        }
    }
    dbw_rows_close(rows);
}

#define ROUND_TRIP(type, values, ...)                                                              \
    do {                                                                                           \
        const char *const shown_[] = {__VA_ARGS__};                                                \
        assert_int_equal(DBW_COUNT(values), DBW_COUNT(shown_));                                    \
        round_trip(type, values, DBW_COUNT(values), shown_);                                       \
    } while (0)

DBW_UNUSED static dbw_value decimal(const char *text)
{
    return (dbw_value){.kind = DBW_KIND_DECIMAL, .text = dbw_text_of(text)};
}

DBW_UNUSED static dbw_value number(dbw_kind kind, int64_t value)
{
    return (dbw_value){.kind = kind, .int64 = value};
}

DBW_UNUSED static dbw_value text_as(dbw_kind kind, const char *text)
{
    return (dbw_value){.kind = kind, .text = dbw_text_of(text)};
}

DBW_UNUSED static dbw_value real(double value)
{
    return (dbw_value){.kind = DBW_KIND_DOUBLE, .real = value};
}

#endif
