/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/checkpoint.h"
#include "transfer/valuejson.h"
#include "transfer_test.h"

typedef struct desk {
    bench *b;
    dbw_database *database;
    dbw_checkpoint *checkpoint;
} desk;

static desk *desk_new(const char *name)
{
    bench *b = bench_new(name);
    desk *d = DBW_NEW(b->arena, desk);
    dbw_url *url;
    d->b = b;
    assert_ok(&b->error, dbw_url_parse(b->arena, dbw_text_of(b->target), &url, &b->error));
    assert_ok(&b->error, dbw_database_open(url, NULL, &d->database, &b->error));
    d->checkpoint =
        dbw_checkpoint_new(b->arena, dbw_database_engine(d->database), NULL, "run'; --");
    return d;
}

static void desk_free(desk *d)
{
    dbw_database_close(d->database);
    bench_free(d->b);
}

static dbw_status read(desk *d, dbw_record **records, size_t *count, bool *found,
                       const char **owner)
{
    dbw_schema *catalog;
    assert_ok(&d->b->error,
              dbw_database_catalog(d->database, d->b->arena, NULL, &catalog, &d->b->error));
    return dbw_checkpoint_read(d->checkpoint, d->database, catalog, d->b->arena, records, count,
                               found, owner, &d->b->error);
}

static void records_come_back_as_they_were_written(void **state)
{
    (void)state;
    desk *d = desk_new(__func__);
    dbw_error *error = &d->b->error;
    dbw_record *records;
    size_t count;
    bool found;
    const char *owner;
    assert_ok(error, read(d, &records, &count, &found, &owner));
    assert_false(found);
    assert_ok(error, dbw_checkpoint_create(d->checkpoint, d->database, error));
    struct json_object *detail =
        json_tokener_parse("{\"name\":\"a \\\"b\\\" 'c'\",\"list\":[\"x\",\"y\"],\"flag\":true,"
                           "\"number\":12345678901234}");
    dbw_record table = {.kind = DBW_RECORD_TABLE, .seq = 3, .state = "created", .detail = detail};
    assert_ok(error, dbw_checkpoint_add(d->checkpoint, d->database, &table, error));
    dbw_record chunk = {.kind = DBW_RECORD_CHUNK,
                        .seq = 3000001,
                        .state = "done",
                        .rows = 77,
                        .sum = "00112233445566778899aabbccddeeff"};
    assert_ok(error, dbw_checkpoint_add(d->checkpoint, d->database, &chunk, error));
    assert_ok(error, read(d, &records, &count, &found, &owner));
    assert_true(found);
    assert_string_equal(owner, "run'; --");
    assert_int_equal(count, 2);
    assert_int_equal(records[0].kind, DBW_RECORD_CHUNK);
    assert_int_equal(records[0].seq, 3000001);
    assert_int_equal(records[0].rows, 77);
    assert_string_equal(records[0].sum, chunk.sum);
    assert_string_equal(records[1].state, "created");
    assert_string_equal(dbw_record_text(&records[1], "name"), "a \"b\" 'c'");
    assert_null(dbw_record_text(&records[1], "absent"));
    assert_true(dbw_record_flag(&records[1], "flag"));
    assert_true(dbw_record_number(&records[1], "number") == 12345678901234);
    dbw_names names = dbw_record_names(d->b->arena, &records[1], "list");
    assert_int_equal(names.count, 2);
    assert_string_equal(names.items[1], "y");
    dbw_records_free(records, count);
    json_object_put(detail);
    desk_free(d);
}

static void records_are_replaced_changed_and_removed(void **state)
{
    (void)state;
    desk *d = desk_new(__func__);
    dbw_error *error = &d->b->error;
    assert_ok(error, dbw_checkpoint_create(d->checkpoint, d->database, error));
    for (int64_t i = 1; i <= 4; i++) {
        dbw_record key = {.kind = DBW_RECORD_KEY, .seq = i, .state = "done"};
        assert_ok(error, dbw_checkpoint_put(d->checkpoint, d->database, &key, error));
        assert_ok(error, dbw_checkpoint_put(d->checkpoint, d->database, &key, error));
    }
    assert_ok(error,
              dbw_checkpoint_state(d->checkpoint, d->database, DBW_RECORD_KEY, 2, "undone", error));
    assert_ok(error,
              dbw_checkpoint_remove(d->checkpoint, d->database, DBW_RECORD_KEY, 3, 5, error));
    assert_ok(error,
              dbw_checkpoint_remove(d->checkpoint, d->database, DBW_RECORD_TABLE, 0, 9, error));
    assert_string_equal(bench_query(d->b, "SELECT seq, state FROM dbwizard_progress ORDER BY seq"),
                        "1|done\n2|undone");
    assert_ok(error, dbw_checkpoint_drop(d->checkpoint, d->database, error));
    assert_string_equal(
        bench_query(d->b, "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'dbwizard%'"), "0");
    desk_free(d);
}

static void a_table_that_is_not_ours_is_recognised(void **state)
{
    (void)state;
    static const char *const tables[] = {
        ("CREATE TABLE dbwizard_progress (run text)"),
        ("CREATE TABLE dbwizard_progress (run text, kind text, seq text, state text, row_count "
         "bigint, row_sum text, detail text); INSERT INTO dbwizard_progress VALUES ('a', 'run', "
         "'x', 's', 1, '', '{}')"),
        ("CREATE TABLE dbwizard_progress (run text, kind text, seq bigint, state text, row_count "
         "bigint, row_sum text, detail text); INSERT INTO dbwizard_progress VALUES ('a', 'other', "
         "1, 's', 1, '', '{}')"),
        ("CREATE TABLE dbwizard_progress (run text, kind text, seq bigint, state text, row_count "
         "bigint, row_sum text, detail text)"),
    };
    desk *d = desk_new(__func__);
    for (size_t i = 0; i < DBW_COUNT(tables); i++) {
        dbw_record *records;
        size_t count;
        bool found;
        const char *owner;
        bench_query(d->b, tables[i]);
        assert_fails(&d->b->error, DBW_E_CONFLICT,
                     "unable to use table 'dbwizard_progress' of the target: it is not dbwizard's",
                     read(d, &records, &count, &found, &owner));
        bench_query(d->b, "DROP TABLE dbwizard_progress");
    }
    assert_true(dbw_checkpoint_own("dbwizard_saved_12"));
    assert_true(dbw_checkpoint_own("dbwizard_progress"));
    assert_false(dbw_checkpoint_own("dbwizard"));
    desk_free(d);
}

static void values_survive_as_json(void **state)
{
    (void)state;
    dbw_arena *arena = dbw_arena_new();
    dbw_value values[] = {
        DBW_NULL,
        {.kind = DBW_KIND_BOOL, .boolean = true},
        dbw_value_int(INT64_MIN),
        {.kind = DBW_KIND_UINT64, .uint64 = UINT64_MAX},
        {.kind = DBW_KIND_DOUBLE, .real = -0.1},
        dbw_value_text(DBW_TEXT("a\0\xff ü")),
        {.kind = DBW_KIND_BYTES, .text = {"\x00\x01", 2}},
        {.kind = DBW_KIND_TIMESTAMPTZ, .int64 = DBW_MINUS_INFINITY},
        {.kind = DBW_KIND_INTERVAL, .interval = {-5, 3, -2}},
        {.kind = DBW_KIND_UUID, .uuid = {1, 2, 3, 255}},
        {.kind = DBW_KIND_DECIMAL, .text = {"-1.50", 5}},
    };
    for (size_t i = 0; i < DBW_COUNT(values); i++) {
        dbw_value back;
        struct json_object *json = dbw_value_to_json(&values[i]);
        struct json_object *again =
            json_tokener_parse(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN));
        assert_true(dbw_value_from_json(arena, again, &back));
        assert_int_equal(back.kind, values[i].kind);
        assert_string_equal(dbw_value_show(arena, &back, 100),
                            dbw_value_show(arena, &values[i], 100));
        json_object_put(again);
        json_object_put(json);
    }
    struct json_object *strange = json_tokener_parse("{\"kind\":\"uuid\",\"value\":\"12\"}");
    dbw_value back;
    assert_false(dbw_value_from_json(arena, strange, &back));
    json_object_put(strange);
    dbw_arena_free(arena);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back_as_they_were_written),
        cmocka_unit_test(records_are_replaced_changed_and_removed),
        cmocka_unit_test(a_table_that_is_not_ours_is_recognised),
        cmocka_unit_test(values_survive_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
