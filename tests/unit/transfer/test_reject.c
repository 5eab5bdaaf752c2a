/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that the target does not take: named, or rejected and written down. */
#include "transfer_test.h"

/* Text in an integer column; a target that checks values; a target with a unique name. */
static bench *start(const char *name)
{
    bench *b = bench_new(name);
    bench_source(b, "CREATE TABLE goods (id INTEGER PRIMARY KEY, price INTEGER, name TEXT);"
                    "INSERT INTO goods SELECT value, value % 100, 'thing ' || value FROM (WITH "
                    "RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE "
                    "value < 30000) SELECT value FROM s);");
    bench_query(b, "CREATE TABLE goods (id integer PRIMARY KEY, price integer, name text)");
    return b;
}

#define EXISTING "\"schema_mode\":\"existing\""

static void a_row_that_the_server_refuses_is_named(void **state)
{
    (void)state;
    bench *b = start(__func__);
    bench_query(b, "ALTER TABLE goods ADD CONSTRAINT sane CHECK (name <> 'thing 17777')");
    assert_run_fails(
        b, DBW_E_DATA,
        "the source is untouched: unable to copy row id = 17777 of table 'goods': new row for "
        "relation \"goods\" violates check constraint \"sane\": Failing row contains (17777, 77, "
        "thing "
        "17777).",
        bench_run(b, "job1", "{" EXISTING "}"));
    assert_string_equal(b->error.sqlstate, "23514");
    assert_string_equal(b->error.object, "goods");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM goods"), "0");
    bench_free(b);
}

static void a_value_that_the_server_refuses_is_named_with_its_column(void **state)
{
    (void)state;
    bench *b = start(__func__);
    bench_query(b, "CREATE DOMAIN decent AS text CHECK (VALUE <> 'thing 29999'); "
                   "ALTER TABLE goods ALTER name TYPE decent");
    assert_run_fails(b, DBW_E_DATA,
                     "the source is untouched: unable to copy row id = 29999 of table 'goods': "
                     "column 'name', value 'thing 29999': value for domain decent violates check "
                     "constraint \"decent_check\"",
                     bench_run(b, "job1", "{" EXISTING "}"));
    assert_string_equal(b->error.object, "goods.name");
    bench_free(b);
}

static void refused_rows_are_rejected_and_the_rest_is_copied(void **state)
{
    (void)state;
    bench *b = start(__func__);
    bench_query(b, "ALTER TABLE goods ADD CONSTRAINT sane CHECK (id NOT IN (1, 500, 501, 8192, "
                   "8193, 30000))");
    assert_run(b, bench_run(b, "job1", "{" EXISTING ",\"on_bad_row\":\"reject\"}"));
    assert_string_equal(bench_query(b, "SELECT count(*) FROM goods"), "29994");
    assert_string_equal(bench_report(b, "tables.0.rejected"), "6");
    assert_string_equal(bench_report(b, "tables.0.equal"), "true");
    assert_string_equal(bench_report(b, "verdict"), "altered");
    const char *lines = bench_file(b, "job1/rejected.jsonl");
    assert_non_null(lines);
    assert_non_null(strstr(lines, "\"key\":\"8193\""));
    assert_non_null(strstr(lines, "\"row\":{\"id\":500,\"price\":0,\"name\":\"thing 500\"}"));
    assert_non_null(strstr(lines, "violates check constraint"));
    bench_free(b);
}

static void duplicates_are_rejected_by_their_unique_key(void **state)
{
    (void)state;
    bench *b = start(__func__);
    bench_source(b, "UPDATE goods SET name = 'twin' WHERE id = 100; "
                    "UPDATE goods SET name = 'TWIN' WHERE id = 20000");
    bench_query(b, "CREATE UNIQUE INDEX ON goods (lower(name))");
    assert_run(b, bench_run(b, "job1", "{" EXISTING ",\"on_bad_row\":\"reject\"}"));
    assert_string_equal(bench_query(b, "SELECT count(*) FROM goods"), "29999");
    assert_string_equal(bench_query(b, "SELECT id FROM goods WHERE name = 'twin'"), "100");
    assert_string_equal(bench_report(b, "tables.0.rejected"), "1");
    bench_free(b);
}

static void too_many_rejected_rows_end_the_run(void **state)
{
    (void)state;
    bench *b = start(__func__);
    bench_query(b, "ALTER TABLE goods ADD CONSTRAINT sane CHECK (price < 50)");
    assert_string_equal(
        dbw_status_slug(
            bench_run(b, "job1", "{" EXISTING ",\"on_bad_row\":\"reject\",\"max_rejects\":20}")),
        "limit");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM goods"), "0");
    bench_free(b);
}

static void a_resumed_run_rejects_the_same_rows_once(void **state)
{
    (void)state;
    bench *b = start(__func__);
    bench_source(b, "CREATE TABLE other (id INTEGER PRIMARY KEY, v INTEGER); "
                    "INSERT INTO other VALUES (1, 5)");
    bench_query(b, "CREATE TABLE other (id integer PRIMARY KEY, v integer); "
                   "ALTER TABLE goods ADD CONSTRAINT sane CHECK (id <> 7)");
    /* The second table has no place to go at first. */
    bench_query(b, "ALTER TABLE other ADD CONSTRAINT never CHECK (v > 10)");
    assert_string_equal(
        dbw_status_slug(bench_run(
            b, "job1", "{" EXISTING ",\"on_bad_row\":\"reject\",\"max_rejects\":1,\"streams\":1}")),
        "limit");
    bench_query(b, "ALTER TABLE other DROP CONSTRAINT never");
    assert_run(b, bench_resume(b, "job1",
                               "{" EXISTING
                               ",\"on_bad_row\":\"reject\",\"max_rejects\":1,\"streams\":1}"));
    assert_string_equal(bench_query(b, "SELECT count(*) FROM goods"), "29999");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM other"), "1");
    const char *lines = bench_file(b, "job1/rejected.jsonl");
    assert_non_null(lines);
    assert_non_null(strstr(lines, "\"key\":\"7\""));
    assert_null(strchr(strchr(lines, '\n') + 1, '\n'));
    bench_free(b);
}

static const char orphans[] =
    "DROP TABLE goods; CREATE TABLE parents (id INTEGER PRIMARY KEY);"
    "CREATE TABLE children (n INTEGER, parent INTEGER REFERENCES parents (id), t TEXT);"
    "INSERT INTO parents VALUES (1), (2); INSERT INTO children VALUES (1, 1, 'a'), (2, 7, 'b'),"
    " (2, 8, 'c'), (3, 2, 'd'), (4, NULL, 'e')";

static void orphans_are_rejected(void **state)
{
    (void)state;
    bench *b = start(__func__);
    bench_query(b, "DROP TABLE goods");
    bench_source(b, orphans);
    static const char transforms[] = "\"transforms\":{\"children.parent:orphans\":\"reject\"}";
    char options[256];
    snprintf(options, sizeof options, "{%s}", transforms);
    assert_int_equal(bench_run(b, "job1", options), DBW_E_REFUSED);
    assert_non_null(strstr(b->error.message, "to reject them needs on_bad_row=reject"));
    snprintf(options, sizeof options, "{%s,\"on_bad_row\":\"reject\"}", transforms);
    assert_run(b, bench_run(b, "job2", options));
    assert_string_equal(bench_query(b, "SELECT string_agg(t, '' ORDER BY t) FROM children"), "ade");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"),
                        "1");
    const char *lines = bench_file(b, "job2/rejected.jsonl");
    assert_non_null(lines);
    assert_non_null(strstr(lines, "it refers to a row that does not exist"));
    assert_string_equal(bench_report(b, "verdict"), "altered");
    /* Without a key the rows themselves tell them apart. */
    const char *ledger = json_object_to_json_string_ext(
        b->report, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    assert_non_null(
        strstr(ledger, "\"before\":\"{\\\"n\\\":2,\\\"parent\\\":7,\\\"t\\\":\\\"b\\\"}\""));
    assert_non_null(
        strstr(ledger, "\"before\":\"{\\\"n\\\":2,\\\"parent\\\":8,\\\"t\\\":\\\"c\\\"}\""));
    bench_free(b);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_that_the_server_refuses_is_named),
        cmocka_unit_test(a_value_that_the_server_refuses_is_named_with_its_column),
        cmocka_unit_test(refused_rows_are_rejected_and_the_rest_is_copied),
        cmocka_unit_test(duplicates_are_rejected_by_their_unique_key),
        cmocka_unit_test(too_many_rejected_rows_end_the_run),
        cmocka_unit_test(orphans_are_rejected),
        cmocka_unit_test(a_resumed_run_rejects_the_same_rows_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
