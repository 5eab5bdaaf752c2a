/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "transfer/profile.h"
#include "transfer/refset.h"

#include <unistd.h>

static dbw_arena *arena;
static dbw_error error;
static char path[128];

static int setup(void **state)
{
    (void)state;
    arena = dbw_arena_new();
    snprintf(path, sizeof path, "/tmp/dbw-profile-%ld.db", (long)getpid());
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    dbw_arena_free(arena);
    return 0;
}

/* --- one column ------------------------------------------------------------------------------- */

static dbw_value text_of(const char *bytes, size_t length)
{
    return dbw_value_text((dbw_text){bytes, length});
}

static void counts_what_a_column_holds(void **state)
{
    (void)state;
    dbw_profile_column p = dbw_profile_column_new(DBW_WANT_DIGITS | DBW_WANT_SHORTEST);
    const dbw_value values[] = {
        DBW_NULL,
        dbw_value_int(-5),
        dbw_value_int(70000),
        {.kind = DBW_KIND_DOUBLE, .real = 2.0},
        {.kind = DBW_KIND_DOUBLE, .real = 12.375},
        {.kind = DBW_KIND_DOUBLE, .real = (double)__builtin_inff()},
        text_of("abc", 3),
        text_of("\xc3\xa4\xc3\xb6", 4),
        text_of("a\0b", 3),
        text_of("\xff", 1),
        {.kind = DBW_KIND_BYTES, .text = {"0123456789abcdef", 16}},
        {.kind = DBW_KIND_BOOL, .boolean = true},
    };
    for (size_t i = 0; i < DBW_COUNT(values); i++)
        dbw_profile_value(&p, &values[i]);
    assert_int_equal(p.nulls, 1);
    assert_int_equal(p.integers, 2);
    assert_int_equal(p.integer_least, -5);
    assert_int_equal(p.integer_most, 70000);
    assert_int_equal(p.reals, 3);
    assert_int_equal(p.reals_whole, 1);
    assert_int_equal(p.reals_endless, 1);
    assert_true(p.real_most == 12.375);
    assert_int_equal(p.whole_digits, 2);
    assert_int_equal(p.fraction_digits, 3);
    assert_int_equal(p.texts, 4);
    assert_int_equal(p.longest_bytes, 4);
    assert_int_equal(p.longest_characters, 3);
    assert_int_equal(p.shortest_characters, 1);
    assert_int_equal(p.with_nul, 1);
    assert_int_equal(p.invalid_utf8, 1);
    assert_int_equal(p.blobs, 1);
    assert_int_equal(p.blobs_of_16, 1);
    assert_int_equal(p.others, 1);
    assert_int_equal(p.other_kind, DBW_KIND_BOOL);
    assert_int_equal(p.bytes, 5 * 8 + 11 + 16 + 8);
    assert_int_equal(dbw_profile_values(&p), 11);
}

static void tries_text_as_what_is_wanted(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "2026-01-02",
        "2026-01-02 03:04",
        "2026-01-02 00:00",
        "2026-01-02T03:04Z",
        "10:00",
        "0000-00-00",
        "2026-01-02 03:04:05.1234567",
        "soon",
        "true",
        "12.50",
        "[1]",
        "[",
        "\"\\u0000\"",
        "00112233445566778899aabbccddeeff",
    };
    dbw_profile_column p = dbw_profile_column_new(DBW_WANT_TIME | DBW_WANT_BOOLEAN |
                                                  DBW_WANT_NUMBER | DBW_WANT_JSON | DBW_WANT_UUID);
    for (size_t i = 0; i < DBW_COUNT(texts); i++) {
        dbw_value value = dbw_value_string(texts[i]);
        dbw_profile_value(&p, &value);
    }
    assert_int_equal(p.dates, 1);
    assert_int_equal(p.timestamps, 3);
    assert_int_equal(p.midnights, 2);
    assert_int_equal(p.zoned, 1);
    assert_int_equal(p.times, 1);
    assert_int_equal(p.zero_dates, 1);
    assert_int_equal(p.cut, 1);
    assert_int_equal(p.boolean_words, 1);
    assert_int_equal(p.numbers, 1);
    assert_int_equal(p.whole_digits, 2);
    assert_int_equal(p.fraction_digits, 1);
    assert_int_equal(p.uuids, 1);
    assert_int_equal(p.json[DBW_JSON_GOOD], 3); /* true, 12.50, [1] */
    assert_int_equal(p.json[DBW_JSON_NUL], 1);
}

static void tells_magnitudes_of_numbers_apart(void **state)
{
    (void)state;
    static const int64_t numbers[] = {
        0, -1, 86400, 1700000000, -200000000, 1700000000123, INT64_C(1700000000123456), INT64_MAX};
    dbw_profile_column p = dbw_profile_column_new(DBW_WANT_TIME);
    for (size_t i = 0; i < DBW_COUNT(numbers); i++) {
        dbw_value value = dbw_value_int(numbers[i]);
        dbw_profile_value(&p, &value);
    }
    assert_int_equal(p.epoch_small, 3);
    assert_int_equal(p.epoch_s, 2);
    assert_int_equal(p.epoch_ms, 1);
    assert_int_equal(p.epoch_us, 1);
    assert_int_equal(p.whole_days_s, 2);
}

static void parts_add_up(void **state)
{
    (void)state;
    dbw_profile_column whole = dbw_profile_column_new(DBW_WANT_TIME | DBW_WANT_DIGITS);
    dbw_profile_column sum = whole, part = whole;
    for (int64_t i = -40; i < 200; i++) {
        dbw_value number = i % 3 ? dbw_value_int(i * INT64_C(1000000007))
                                 : (dbw_value){.kind = DBW_KIND_DOUBLE, .real = (double)i / 8};
        dbw_value text = dbw_value_string(i % 2 ? "2026-01-02" : "\xc3\xa4 10");
        dbw_profile_value(&whole, &number);
        dbw_profile_value(&whole, &text);
        dbw_profile_value(&part, &number);
        dbw_profile_value(&part, &text);
        if (i % 50 == 0) {
            dbw_profile_merge(&sum, &part);
            part = dbw_profile_column_new(DBW_WANT_TIME | DBW_WANT_DIGITS);
        }
    }
    dbw_profile_merge(&sum, &part);
    assert_memory_equal(&sum, &whole, sizeof sum);
}

/* --- sets of references ----------------------------------------------------------------------- */

static void sets_tell_what_is_missing(void **state)
{
    (void)state;
    dbw_refset child = {0}, parent = {0}, more = {0};
    static const int64_t both[] = {1, 2, 65535, 65536, -1, -65537, INT64_MAX, INT64_MIN, 0};
    for (size_t i = 0; i < DBW_COUNT(both); i++) {
        dbw_refset_add(&child, both[i]);
        dbw_refset_add(&parent, both[i]);
    }
    assert_int_equal(dbw_refset_missing(&child, &parent), 0);
    dbw_refset_add(&child, 3);
    dbw_refset_add(&child, 3);
    dbw_refset_add(&child, 1 << 20);
    assert_int_equal(dbw_refset_missing(&child, &parent), 2);
    dbw_refset_add(&more, 3);
    dbw_refset_merge(&parent, &more);
    assert_int_equal(dbw_refset_missing(&child, &parent), 1);
    dbw_refset_free(&child);
    dbw_refset_free(&parent);
    dbw_refset_free(&more);
}

static void sets_give_up_when_values_scatter(void **state)
{
    (void)state;
    dbw_refset set = {0}, dense = {0};
    for (int64_t i = 0; i < 2000; i++)
        dbw_refset_add(&set, i * 1000003);
    assert_true(set.overflowed);
    assert_null(set.pages);
    for (int64_t i = 0; i < 3000000; i++)
        dbw_refset_add(&dense, i);
    assert_false(dense.overflowed);
    dbw_refset_merge(&dense, &set);
    assert_true(dense.overflowed);
    dbw_refset_free(&dense);
}

/* --- whole tables ----------------------------------------------------------------------------- */

static dbw_snapshot *open_source(const char *sql, size_t readers, const dbw_engine **engine)
{
    dbw_url *url;
    dbw_database *database;
    dbw_snapshot *snapshot;
    static const dbw_open_options none, create = {.create = true};
    unlink(path);
    const char *text = dbw_arena_printf(arena, "sqlite:///%s", path);
    assert_ok(&error, dbw_url_parse(arena, dbw_text_of(text), &url, &error));
    assert_ok(&error, dbw_database_open(url, &create, &database, &error));
    assert_ok(&error, dbw_execute_script(database, sql, &error));
    dbw_database_close(database);
    assert_ok(&error, dbw_engine_find("sqlite", engine, &error));
    assert_ok(&error, (*engine)->bulk->snapshot_open(url, &none, readers, &snapshot, &error));
    return snapshot;
}

/* The same tables on one connection and on several, whole and in pieces. */
static void threads_count_the_same(void **state)
{
    (void)state;
    static const char sql[] =
        "CREATE TABLE small (a TEXT); INSERT INTO small VALUES ('x'), (NULL);"
        "CREATE TABLE large (id INTEGER PRIMARY KEY, t TEXT, small INT);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)"
        " INSERT INTO large SELECT i, printf('%.5000c', 'x'), i % 7 FROM n;";
    for (size_t readers = 1; readers <= 3; readers++) {
        const dbw_engine *engine;
        dbw_schema *schema;
        dbw_snapshot *snapshot = open_source(sql, readers, &engine);
        assert_ok(&error, dbw_database_catalog(engine->bulk->snapshot_reader(snapshot, 0), arena,
                                               NULL, &schema, &error));
        dbw_profile_table tables[2] = {{0}};
        size_t columns[] = {0, 1, 2};
        dbw_profile_column profiles[2][3];
        dbw_profile_reference reference = {.column = 2};
        for (size_t i = 0; i < 2; i++) {
            const dbw_table *table = &schema->tables[i];
            for (size_t c = 0; c < 3; c++)
                profiles[i][c] = dbw_profile_column_new(0);
            tables[i] = (dbw_profile_table){.table = table,
                                            .columns = columns,
                                            .column_count = table->column_count,
                                            .profiles = profiles[i]};
            if (table->primary_key)
                tables[i].split_key = table->primary_key->columns;
        }
        tables[0].references = &reference; /* large */
        tables[0].reference_count = 1;
        dbw_profile_request request = {.snapshot = snapshot,
                                       .bulk = engine->bulk,
                                       .readers = readers,
                                       .tables = tables,
                                       .table_count = 2};
        assert_ok(&error, dbw_profile_run(&request, arena, &error));
        assert_int_equal(tables[0].rows, 30000);
        assert_int_equal(tables[1].rows, 2);
        assert_int_equal(profiles[0][0].integer_most, 30000);
        assert_int_equal(profiles[0][1].longest_characters, 5000);
        assert_int_equal(tables[0].bytes, 30000 * (8 + 5000 + 8));
        assert_int_equal(profiles[1][0].nulls, 1);
        dbw_refset none = {0};
        assert_int_equal(dbw_refset_missing(&reference.set, &none), 7);
        dbw_refset_free(&reference.set);
        engine->bulk->snapshot_close(snapshot);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_a_column_holds),
        cmocka_unit_test(tries_text_as_what_is_wanted),
        cmocka_unit_test(tells_magnitudes_of_numbers_apart),
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(sets_tell_what_is_missing),
        cmocka_unit_test(sets_give_up_when_values_scatter),
        cmocka_unit_test(threads_count_the_same),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
