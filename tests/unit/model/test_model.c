/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "model/calendar.h"
#include "model/schema.h"

#include <math.h>

static void calendar_round_trips(void **state)
{
    (void)state;
    assert_int_equal(dbw_calendar_days(1970, 1, 1), 0);
    assert_int_equal(dbw_calendar_days(2000, 3, 1), 11017);
    assert_int_equal(dbw_calendar_days(1969, 12, 31), -1);
    for (int64_t days = -800000; days < 800000; days += 7) {
        dbw_civil c = dbw_calendar_civil(days);
        assert_true(dbw_calendar_valid(c.year, c.month, c.day));
        assert_int_equal(dbw_calendar_days(c.year, c.month, c.day), days);
    }
    assert_false(dbw_calendar_valid(1900, 2, 29));
    assert_true(dbw_calendar_valid(2000, 2, 29));
    assert_false(dbw_calendar_valid(2026, 0, 1));
    assert_false(dbw_calendar_valid(2026, 4, 31));
}

static void calendar_shows_extremes(void **state)
{
    (void)state;
    char out[DBW_CALENDAR_TEXT];
    dbw_calendar_timestamp(-1, true, out);
    assert_string_equal(out, "1969-12-31 23:59:59.999999Z");
    dbw_calendar_timestamp(INT64_MAX, false, out);
    assert_string_equal(out, "infinity");
    dbw_calendar_date(dbw_calendar_days(-43, 3, 15), out);
    assert_string_equal(out, "-0043-03-15");
    dbw_calendar_time(INT64_C(-3020399000000), out);
    assert_string_equal(out, "-838:59:59");
    dbw_calendar_time(INT64_MIN, out);
    assert_string_equal(out, "-2562047788:00:54.775808");
}

static void values_are_shown_for_people(void **state)
{
    (void)state;
    dbw_arena *arena = dbw_arena_new();
    const struct {
        dbw_value value;
        const char *shown;
    } cases[] = {
        {DBW_NULL, "NULL"},
        {dbw_value_int(INT64_MIN), "-9223372036854775808"},
        {{.kind = DBW_KIND_BOOL, .boolean = true}, "true"},
        {{.kind = DBW_KIND_DOUBLE, .real = 0.1}, "0.1"},
        {{.kind = DBW_KIND_DOUBLE, .real = (double)NAN}, "NaN"},
        {{.kind = DBW_KIND_DOUBLE, .real = -(double)INFINITY}, "-Infinity"},
        {dbw_value_string("a\nb\x1b[2J"), "'a\\x0ab\\x1b[2J'"},
        {dbw_value_string("\xff\xc3\xa4"), "'\\xff\xc3\xa4'"},
        {dbw_value_string("0123456789abcdef"), "'0123456789'…"},
        {{.kind = DBW_KIND_BYTES, .text = {"\0\xff", 2}}, "x'00ff'"},
        {{.kind = DBW_KIND_DATE, .int64 = 0}, "1970-01-01"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++)
        assert_string_equal(dbw_value_show(arena, &cases[i].value, 10), cases[i].shown);
    dbw_arena_free(arena);
}

static dbw_table table_of(const char *name, const char *const *parents, size_t count,
                          dbw_foreign_key *keys)
{
    for (size_t i = 0; i < count; i++)
        keys[i] = (dbw_foreign_key){.referenced_table = parents[i]};
    return (dbw_table){.name = name, .foreign_keys = keys, .foreign_key_count = count};
}

static void parents_precede_children(void **state)
{
    (void)state;
    dbw_arena *arena = dbw_arena_new();
    dbw_foreign_key keys[5][2];
    dbw_table tables[] = {
        table_of("a", (const char *[]){"c"}, 1, keys[0]),
        table_of("b", (const char *[]){"a", "b"}, 2, keys[1]),
        table_of("c", (const char *[]){"gone"}, 1, keys[2]),
        table_of("d", (const char *[]){"e", "b"}, 2, keys[3]),
        table_of("e", (const char *[]){"d"}, 1, keys[4]),
    };
    dbw_schema schema = {.backend = "sqlite", .tables = tables, .table_count = 5};
    size_t *order;
    bool *in_cycle;
    dbw_schema_order(arena, &schema, &order, &in_cycle);
    size_t at[5];
    for (size_t i = 0; i < 5; i++)
        at[order[i]] = i;
    assert_true(at[2] < at[0] && at[0] < at[1]);
    assert_true(at[1] < at[3] && at[1] < at[4]);
    const bool expected[] = {false, true, false, true, true};
    assert_memory_equal(in_cycle, expected, sizeof expected);
    dbw_arena_free(arena);
}

static void fingerprint_sees_structure_only(void **state)
{
    (void)state;
    dbw_arena *arena = dbw_arena_new();
    dbw_column columns[] = {{.name = "id", .type.spelling = "INTEGER"}};
    dbw_table tables[] = {{.name = "t", .columns = columns, .column_count = 1}};
    dbw_schema schema = {.backend = "sqlite", .tables = tables, .table_count = 1};
    char *first = dbw_schema_fingerprint(arena, &schema);
    assert_int_equal(strlen(first), 32);
    tables[0].estimated_rows = 7;
    tables[0].next_identity = 9;
    assert_string_equal(dbw_schema_fingerprint(arena, &schema), first);
    columns[0].nullable = true;
    assert_string_not_equal(dbw_schema_fingerprint(arena, &schema), first);
    dbw_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar_round_trips),
        cmocka_unit_test(calendar_shows_extremes),
        cmocka_unit_test(values_are_shown_for_people),
        cmocka_unit_test(parents_precede_children),
        cmocka_unit_test(fingerprint_sees_structure_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
