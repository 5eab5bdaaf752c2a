/* SPDX-License-Identifier: Apache-2.0 */
/* on_conflict=skip: what is there stays, what is missing comes, and a run can be repeated. */
#include "transfer_test.h"

#define SKIP "{\"on_conflict\":\"skip\"}"

static const char source[] =
    "CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);"
    "CREATE TABLE children (parent_id INTEGER REFERENCES parents(id), n INTEGER, what TEXT, "
    "PRIMARY KEY (parent_id, n));"
    "INSERT INTO parents VALUES (1, 'one'), (2, 'two'), (3, 'three');"
    "INSERT INTO children VALUES (1, 1, 'a'), (1, 2, 'b'), (3, 1, 'c');";

static const char target[] =
    "CREATE TABLE parents (id integer PRIMARY KEY, name text UNIQUE);"
    "CREATE TABLE children (parent_id integer REFERENCES parents(id), n integer, what text, "
    "PRIMARY KEY (parent_id, n));";

static void missing_rows_come_and_others_stay(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    bench_query(b, target);
    bench_query(b, "INSERT INTO parents VALUES (2, 'zwei'), (8, 'eight'); "
                   "INSERT INTO children VALUES (8, 1, 'own')");
    assert_run(b, bench_run(b, "job1", SKIP));
    assert_string_equal(
        bench_query(b, "SELECT string_agg(p::text, ';' ORDER BY id) FROM parents p"),
        "(1,one);(2,zwei);(3,three);(8,eight)");
    assert_string_equal(
        bench_query(b, "SELECT string_agg(c::text, ';' ORDER BY parent_id, n) FROM children c"),
        "(1,1,a);(1,2,b);(3,1,c);(8,1,own)");
    assert_string_equal(bench_report(b, "verdict"), "altered");
    assert_string_equal(bench_report(b, "tables.0.kept"), "1");
    bool found = false;
    for (int i = 0; i < 8; i++) {
        char path[64];
        snprintf(path, sizeof path, "ledger.%d.kind", i);
        if (strcmp(bench_report(b, path), "kept") != 0)
            continue;
        found = true;
        snprintf(path, sizeof path, "ledger.%d.key", i);
        assert_string_equal(bench_report(b, path), "2");
        snprintf(path, sizeof path, "ledger.%d.after", i);
        assert_string_equal(bench_report(b, path), "'zwei'");
    }
    assert_true(found);
    bench_free(b);
}

static void a_run_can_be_repeated(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    bench_query(b, target);
    assert_run(b, bench_run(b, "job1", SKIP));
    bench_source(b, "INSERT INTO parents VALUES (4, 'four')");
    assert_run(b, bench_run(b, "job2", SKIP));
    assert_string_equal(bench_query(b, "SELECT count(*) FROM parents"), "4");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM children"), "3");
    assert_string_equal(bench_report(b, "tables.0.kept"), "0");
    bench_free(b);
}

static void a_row_whose_other_unique_value_is_taken_is_named(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    bench_query(b, target);
    bench_query(b, "INSERT INTO parents VALUES (8, 'two')");
    assert_run_fails(
        b, DBW_E_DATA,
        "the source is untouched: unable to copy row id = 2 of table 'parents': another "
        "row of the target has one of its unique values",
        bench_run(b, "job1", SKIP));
    assert_string_equal(bench_query(b, "SELECT count(*) FROM parents"), "1");
    bench_free(b);
}

static void such_a_row_can_be_rejected(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    bench_query(b, target);
    bench_query(b, "INSERT INTO parents VALUES (8, 'two')");
    assert_run(b, bench_run(b, "job1", "{\"on_conflict\":\"skip\",\"on_bad_row\":\"reject\"}"));
    assert_string_equal(
        bench_query(b, "SELECT string_agg(p::text, ';' ORDER BY id) FROM parents p"),
        "(1,one);(3,three);(8,two)");
    assert_string_equal(bench_report(b, "tables.0.rejected"), "1");
    bench_free(b);
}

static void discarding_takes_out_only_what_was_added(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    bench_query(b, target);
    bench_query(b, "INSERT INTO parents VALUES (2, 'zwei'), (8, 'eight'); "
                   "ALTER TABLE children ADD CHECK (what <> 'c')");
    assert_string_equal(dbw_status_slug(bench_run(b, "job1", SKIP)), "data");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM parents"), "4");
    assert_ok(&b->error, bench_discard(b, "job1", SKIP));
    assert_string_equal(
        bench_query(b, "SELECT string_agg(p::text, ';' ORDER BY id) FROM parents p"),
        "(2,zwei);(8,eight)");
    assert_string_equal(
        bench_query(b, "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'dbwizard%'"), "0");
    bench_free(b);
}

static void a_sqlite_target_skips_as_well(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    bench_sqlite_target(b);
    bench_sqlite(b, "target.sqlite", source);
    bench_sqlite(b, "target.sqlite",
                 "DELETE FROM children WHERE n = 2; "
                 "UPDATE parents SET name = 'zwei' WHERE id = 2");
    assert_run(b, bench_run(b, "job1", SKIP));
    assert_string_equal(
        bench_sqlite_query(b, "target.sqlite", "SELECT * FROM children ORDER BY 1, 2"),
        "1|1|a\n1|2|b\n3|1|c");
    assert_string_equal(bench_sqlite_query(b, "target.sqlite", "SELECT name FROM parents"),
                        "one\nzwei\nthree");
    bench_free(b);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_rows_come_and_others_stay),
        cmocka_unit_test(a_run_can_be_repeated),
        cmocka_unit_test(a_row_whose_other_unique_value_is_taken_is_named),
        cmocka_unit_test(such_a_row_can_be_rejected),
        cmocka_unit_test(discarding_takes_out_only_what_was_added),
        cmocka_unit_test(a_sqlite_target_skips_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
