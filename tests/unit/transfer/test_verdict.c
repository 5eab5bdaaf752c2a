/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict never claims more than was done. */
#include "transfer_test.h"

static const char two[] = "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT, z TEXT);"
                          "CREATE TABLE b (id INTEGER PRIMARY KEY);"
                          "INSERT INTO a VALUES (1, 'one', 'last'); INSERT INTO b VALUES (1), (2);";

static void assert_verdict(bench *b, const char *id, const char *options, const char *verdict)
{
    assert_run(b, bench_run(b, id, options));
    assert_string_equal(bench_report(b, "verdict"), verdict);
}

/* The ledger's entry about a table or column that is left out. */
static bool is_listed(bench *b, const char *table, const char *before)
{
    for (int i = 0; i < 50; i++) {
        const char *path = dbw_arena_printf(b->arena, "ledger.%d", i);
        if (strcmp(bench_report(b, path), "null") == 0)
            return false;
        if (strcmp(bench_report(b, dbw_arena_printf(b->arena, "%s.table", path)), table) == 0 &&
            strcmp(bench_report(b, dbw_arena_printf(b->arena, "%s.before", path)), before) == 0)
            return true;
    }
    return false;
}

static void what_was_left_out_as_asked_is_listed(void **state)
{
    (void)state;
    static const struct {
        const char *options, *table, *before;
    } cases[] = {
        {"{\"exclude\":[\"b\"]}", "b", "table b"},
        {"{\"include\":[\"a\"]}", "b", "table b"},
        {"{\"exclude\":[\"a.z\"]}", "a", "a column"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        bench *b = bench_new("left_out");
        bench_source(b, two);
        assert_verdict(b, "job1", cases[i].options, "altered");
        assert_true(is_listed(b, cases[i].table, cases[i].before));
        bench_free(b);
    }
}

static void an_index_or_a_check_can_be_left_out(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE t (id INTEGER PRIMARY KEY, x INT CHECK (x > 0),"
                    " y INT CONSTRAINT small CHECK (y < 10)); CREATE INDEX by_x ON t (x);"
                    "CREATE INDEX by_y ON t (y); INSERT INTO t VALUES (1, 2, 3);");
    assert_verdict(b, "job1", "{\"exclude\":[\"t.by_x\",\"t.check\",\"t.small\"]}", "altered");
    assert_true(is_listed(b, "t", "CHECK (x > 0)"));
    assert_string_equal(
        bench_query(b, "SELECT string_agg(indexname, ' ' ORDER BY indexname) FROM pg_indexes WHERE "
                       "tablename = 't'"),
        "by_y t_pkey");
    assert_string_equal(bench_query(b, "UPDATE t SET x = -1, y = 99 RETURNING y"), "99");
    bench_free(b);
}

static void fractions_that_are_cut_are_announced(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    struct json_object *answer;
    bench_source(b, "CREATE TABLE t (id INTEGER PRIMARY KEY, at TIME);"
                    "INSERT INTO t VALUES (1, '10:00:00.1234567');");
    assert_ok(&b->error,
              dbw_transfer_preview(bench_request(b, "look", "{}"), NULL, &answer, &b->error));
    assert_string_equal(json_at(answer, "findings.0.message"),
                        "1 value of t.at will be altered: digits below the column's precision were "
                        "cut");
    json_object_put(answer);
    bench_free(b);
}

static void virtual_tables_are_announced_and_listed(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    struct json_object *answer;
    bench_source(b, two);
    bench_source(b, "CREATE VIRTUAL TABLE notes USING fts5(title, body);"
                    "INSERT INTO notes VALUES ('a', 'b')");
    assert_ok(&b->error,
              dbw_transfer_preview(bench_request(b, "look", "{}"), NULL, &answer, &b->error));
    assert_string_equal(json_at(answer, "findings.0.code"), "table-lost");
    assert_string_equal(json_at(answer, "findings.0.message"),
                        "virtual table 'notes' is not made in the target: a virtual table: its "
                        "content belongs to its module; the report keeps its text");
    json_object_put(answer);
    assert_verdict(b, "job1", "{}", "altered");
    assert_true(is_listed(b, "notes", "virtual table notes"));
    assert_non_null(strstr(bench_report(b, "todo"), "CREATE VIRTUAL TABLE notes"));
    bench_free(b);
}

static void a_structure_without_rows_is_not_lossless(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, two);
    assert_verdict(b, "job1", "{\"schema_only\":true}", "altered");
    bench_free(b);
}

static void options_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *options, *message;
    } cases[] = {
        {"{\"schema_only\":true,\"data_only\":true}",
         "unable to do both: schema_only and data_only"},
        {"{\"schema_only\":true,\"schema_mode\":\"existing\"}",
         "unable to do both: schema_only and schema_mode=existing"},
        {"{\"schema_only\":true,\"clear\":true}", "unable to do both: schema_only and clear"},
    };
    bench *b = bench_new(__func__);
    bench_source(b, two);
    bench_query(b, "CREATE TABLE b (id bigint PRIMARY KEY); INSERT INTO b VALUES (77)");
    for (size_t i = 0; i < DBW_COUNT(cases); i++)
        assert_run_fails(b, DBW_E_INVALID, cases[i].message,
                         bench_run(b, "job1", cases[i].options));
    assert_string_equal(bench_query(b, "SELECT id FROM b"), "77");
    bench_free(b);
}

static void a_database_in_memory_is_no_target(void **state)
{
    (void)state;
    static const char *const urls[] = {"sqlite://", "sqlite:///:memory:"};
    bench *b = bench_new(__func__);
    bench_source(b, two);
    for (size_t i = 0; i < DBW_COUNT(urls); i++) {
        b->target = urls[i];
        assert_run_fails(b, DBW_E_REFUSED,
                         "unable to write to a database in memory: it would be gone at the end",
                         bench_run(b, "job1", "{}"));
    }
    bench_free(b);
}

/* --- generated columns ------------------------------------------------------------------------ */

static void generated_columns_whose_value_would_differ_become_ordinary(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(
        b, "CREATE TABLE t (id INTEGER PRIMARY KEY, g REAL, i INT, j INT, name TEXT,"
           " r INT GENERATED ALWAYS AS (round(g)) STORED,"
           " q INT GENERATED ALWAYS AS (i / j) STORED,"
           " truth INT GENERATED ALWAYS AS (i = 1) STORED,"
           " up TEXT GENERATED ALWAYS AS (upper(name)) STORED,"
           " double INT GENERATED ALWAYS AS (i * 2) STORED);"
           "INSERT INTO t (id, g, i, j, name) VALUES (1, 2.5, 1, 0, 'é'), (2, 0.5, 7, 2, 'x');");
    assert_verdict(b, "job1", "{}", "altered");
    assert_string_equal(bench_query(b, "SELECT r, q, truth, up, double FROM t ORDER BY id"),
                        "3||1|é|2\n1|3|0|X|14");
    assert_string_equal(
        bench_query(b, "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE "
                       "attrelid = 't'::regclass AND attgenerated = 's'"),
        "truth up double");
    bench_free(b);
}

static void generated_columns_are_compared(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE t (id INTEGER PRIMARY KEY, i INT,"
                    " d INT GENERATED ALWAYS AS (i + 1) STORED);"
                    "INSERT INTO t (id, i) VALUES (1, 10), (2, 20);");
    bench_query(b,
                "CREATE TABLE t (id bigint PRIMARY KEY, i bigint,"
                " d bigint GENERATED ALWAYS AS (i + CASE WHEN id = 2 THEN 5 ELSE 1 END) STORED)");
    assert_int_equal(bench_run(b, "job1", "{\"schema_mode\":\"existing\"}"), DBW_E_DIFFERS);
    assert_string_equal(bench_report(b, "differences.0.column"), "d");
    assert_string_equal(bench_report(b, "differences.0.source"), "21");
    assert_string_equal(bench_report(b, "differences.0.target"), "25");
    assert_non_null(strstr(b->error.hint, "generated=values"));
    bench_free(b);
}

static void generated_columns_can_be_kept_as_values(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE t (id INTEGER PRIMARY KEY, i INT,"
                    " d INT GENERATED ALWAYS AS (i + 1) STORED);"
                    "INSERT INTO t (id, i) VALUES (1, 10);");
    assert_verdict(b, "job1", "{\"transforms\":{\"t.d:generated\":\"values\"}}", "altered");
    assert_string_equal(bench_query(b, "UPDATE t SET d = 5 RETURNING d"), "5");
    bench_free(b);
}

/* --- comparing two as they are ---------------------------------------------------------------- */

static struct json_object *compared(bench *b, const char *options)
{
    struct json_object *report;
    assert_ok(&b->error,
              dbw_transfer_verify(bench_request(b, "look", options), NULL, &report, &b->error));
    return report;
}

static void a_missing_table_or_column_is_a_difference(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, two);
    bench_query(b, "CREATE TABLE a (id bigint PRIMARY KEY, x text, z text);"
                   "INSERT INTO a VALUES (1, 'one', 'last')");
    struct json_object *report = compared(b, "{}");
    assert_string_equal(json_at(report, "equal"), "false");
    assert_string_equal(json_at(report, "tables.1.source"), "b");
    assert_string_equal(json_at(report, "tables.1.source_rows"), "2");
    assert_string_equal(json_at(report, "tables.1.equal"), "false");
    json_object_put(report);
    bench_query(b,
                "CREATE TABLE b (id bigint PRIMARY KEY, more int); INSERT INTO b VALUES (1), (2);"
                "CREATE TABLE theirs (a int); ALTER TABLE a DROP COLUMN z");
    report = compared(b, "{}");
    assert_string_equal(json_at(report, "equal"), "false");
    assert_string_equal(json_at(report, "differences.0.column"), "z");
    assert_string_equal(json_at(report, "differences.0.source"), "1 values");
    json_object_put(report);
    report = compared(b, "{\"exclude\":[\"a.z\"]}");
    assert_string_equal(json_at(report, "equal"), "true");
    assert_string_equal(json_at(report, "only_in_target"), "[ \"b.more\", \"theirs\" ]");
    json_object_put(report);
    bench_free(b);
}

/* --- giving back ------------------------------------------------------------------------------ */

static void without_its_list_a_run_is_not_said_to_be_discarded(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, two);
    bench_query(b, "CREATE TABLE theirs (a int)");
    bench_source(b, "INSERT INTO a WITH RECURSIVE s(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM s "
                    "WHERE n < 300000) SELECT n, 'text ' || n, 'z' FROM s");
    assert_int_equal(bench_run_paused(b, "job2", "{\"target_schema\":\"moved\"}"), DBW_E_PAUSED);
    bench_query(b, "DROP TABLE moved.dbwizard_progress");
    assert_run_fails(b, DBW_E_CONFLICT,
                     "unable to discard: the target has no table dbwizard_progress, which lists "
                     "what the run made there",
                     bench_discard(b, "job2", "{\"target_schema\":\"moved\"}"));
    bench_free(b);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_left_out_as_asked_is_listed),
        cmocka_unit_test(an_index_or_a_check_can_be_left_out),
        cmocka_unit_test(fractions_that_are_cut_are_announced),
        cmocka_unit_test(virtual_tables_are_announced_and_listed),
        cmocka_unit_test(a_structure_without_rows_is_not_lossless),
        cmocka_unit_test(options_that_contradict_each_other_are_refused),
        cmocka_unit_test(a_database_in_memory_is_no_target),
        cmocka_unit_test(generated_columns_whose_value_would_differ_become_ordinary),
        cmocka_unit_test(generated_columns_are_compared),
        cmocka_unit_test(generated_columns_can_be_kept_as_values),
        cmocka_unit_test(a_missing_table_or_column_is_a_difference),
        cmocka_unit_test(without_its_list_a_run_is_not_said_to_be_discarded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
