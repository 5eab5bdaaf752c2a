/* SPDX-License-Identifier: Apache-2.0 */
/* The target as it was before. */
#include "fake_engine.h"
#include "transfer_test.h"

#include "transfer/transfer_priv.h"

static const char source[] =
    "CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER REFERENCES b(id));"
    "CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a(id));"
    "CREATE TABLE c (id INTEGER PRIMARY KEY, t TEXT);"
    "INSERT INTO a VALUES (1, NULL), (2, 1); INSERT INTO b VALUES (1, 2);"
    "INSERT INTO c VALUES (1, 'x');";

static const char tables[] =
    "SELECT string_agg(schemaname || '.' || tablename, ' ' ORDER BY tablename) "
    "FROM pg_tables WHERE schemaname NOT LIKE 'pg%' AND schemaname <> "
    "'information_schema'";

/* Breaks the run in its verification, when everything stands in the target. */
static bench *meddling;

static void meddle(void *context, const dbw_progress *progress)
{
    bench *b = context;
    if (progress->phase != DBW_PHASE_SEQUENCES || !meddling)
        return;
    bench_query(b, "UPDATE c SET t = 'other'");
    meddling = NULL;
}

static void created_tables_with_circular_keys_are_dropped(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    bench_query(b, "CREATE TABLE own (id integer); INSERT INTO own VALUES (1)");
    meddling = b;
    b->observer.progress = meddle;
    assert_int_equal(bench_run(b, "job1", "{\"schema_mode\":\"create\"}"), DBW_E_DIFFERS);
    assert_string_equal(bench_query(b, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"),
                        "2");
    assert_ok(&b->error, bench_discard(b, "job1", "{}"));
    assert_string_equal(bench_query(b, tables), "public.own");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM own"), "1");
    bench_free(b);
}

static void a_namespace_that_was_made_is_dropped(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE c (id INTEGER PRIMARY KEY, t TEXT CHECK (t <> 'y'))");
    bench_source(b, "INSERT INTO c VALUES (1, 'x')");
    fake = (fake_script){.fail_at = 1, .code = DBW_E_UNREACHABLE};
    dbw_run run;
    dbw_transfer_request *request = bench_request(b, "job1", "{\"target_schema\":\"new one\"}");
    assert_ok(&b->error, dbw_run_init(&run, request, NULL, &b->error));
    run.target = fake_engine("postgresql");
    assert_int_equal(dbw_run_execute(&run, &b->error), DBW_E_UNREACHABLE);
    dbw_run_free(&run);
    assert_string_equal(bench_query(b, tables), "new one.dbwizard_progress");
    assert_ok(&b->error, bench_discard(b, "job1", "{\"target_schema\":\"new one\"}"));
    assert_string_equal(
        bench_query(b, "SELECT count(*) FROM pg_namespace WHERE nspname = 'new one'"), "0");
    assert_ok(&b->error, bench_discard(b, "job1", "{\"target_schema\":\"new one\"}"));
    bench_free(b);
}

static void nothing_is_done_where_nothing_was_left(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_query(b, "CREATE TABLE own (id integer)");
    assert_ok(&b->error, bench_discard(b, "job1", "{}"));
    assert_string_equal(bench_query(b, tables), "public.own");
    bench_free(b);
}

static void what_another_run_left_is_not_touched(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    meddling = b;
    b->observer.progress = meddle;
    assert_int_equal(bench_run(b, "job1", "{}"), DBW_E_DIFFERS);
    assert_ok(&b->error, bench_discard(b, "job2", "{}"));
    assert_string_equal(bench_query(b, tables),
                        "public.a public.b public.c public.dbwizard_progress");
    assert_ok(&b->error, bench_discard(b, "job1", "{}"));
    assert_null(strstr(bench_query(b, tables), "public"));
    bench_free(b);
}

static void a_database_that_is_gone_needs_no_discarding(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_sqlite_target(b);
    assert_ok(&b->error, bench_discard(b, "job1", "{}"));
    bench_free(b);
}

static void a_sqlite_target_is_given_back(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    bench_sqlite_target(b);
    bench_sqlite(b, "target.sqlite", "CREATE TABLE own (id INTEGER)");
    fake = (fake_script){.fail_at = 3, .code = DBW_E_DISK_FULL};
    dbw_run run;
    dbw_transfer_request *request = bench_request(b, "job1", "{\"schema_mode\":\"create\"}");
    assert_ok(&b->error, dbw_run_init(&run, request, NULL, &b->error));
    run.target = fake_engine("sqlite");
    assert_int_equal(dbw_run_execute(&run, &b->error), DBW_E_DISK_FULL);
    dbw_run_free(&run);
    assert_string_not_equal(
        bench_sqlite_query(b, "target.sqlite", "SELECT group_concat(name) FROM sqlite_schema"),
        "own");
    assert_ok(&b->error, bench_discard(b, "job1", "{}"));
    assert_string_equal(
        bench_sqlite_query(b, "target.sqlite", "SELECT group_concat(name) FROM sqlite_schema"),
        "own");
    bench_free(b);
}

/* Somebody dropped a table of ours by hand, and a foreign key went with it. */
static void break_and_drop(bench *b)
{
    bench_source(b, source);
    meddling = b;
    b->observer.progress = meddle;
    assert_int_equal(bench_run(b, "job1", "{}"), DBW_E_DIFFERS);
    bench_query(b, "DROP TABLE b CASCADE");
}

static void discards_though_a_table_was_dropped(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    break_and_drop(b);
    assert_ok(&b->error, bench_discard(b, "job1", "{}"));
    assert_null(strstr(bench_query(b, tables), "public"));
    assert_non_null(strstr(b->events, "warning: not found, somebody else has taken it away: DROP "
                                      "TABLE"));
    bench_free(b);
}

static void resumes_though_a_table_was_dropped(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    break_and_drop(b);
    bench_query(b, "UPDATE c SET t = 'x'");
    assert_run(b, bench_resume(b, "job1", "{}"));
    assert_non_null(
        strstr(b->events, "info: table b is made anew: somebody else has dropped it\n"));
    assert_string_equal(bench_query(b, tables), "public.a public.b public.c");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM b"), "1");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"),
                        "2");
    bench_free(b);
}

static void discards_a_file_though_a_table_was_dropped(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY "
                    "KEY); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);");
    bench_sqlite_target(b);
    bench_sqlite(b, "target.sqlite", "CREATE TABLE own (id INTEGER)");
    fake = (fake_script){.fail_at = 2, .code = DBW_E_DISK_FULL};
    dbw_run run;
    dbw_transfer_request *request = bench_request(b, "job1", "{\"schema_mode\":\"create\"}");
    assert_ok(&b->error, dbw_run_init(&run, request, NULL, &b->error));
    run.target = fake_engine("sqlite");
    assert_int_equal(dbw_run_execute(&run, &b->error), DBW_E_DISK_FULL);
    dbw_run_free(&run);
    bench_sqlite(b, "target.sqlite", "DROP TABLE a");
    assert_ok(&b->error, bench_discard(b, "job1", "{}"));
    assert_string_equal(
        bench_sqlite_query(b, "target.sqlite", "SELECT group_concat(name) FROM sqlite_schema"),
        "own");
    bench_free(b);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(created_tables_with_circular_keys_are_dropped),
        cmocka_unit_test(a_namespace_that_was_made_is_dropped),
        cmocka_unit_test(nothing_is_done_where_nothing_was_left),
        cmocka_unit_test(what_another_run_left_is_not_touched),
        cmocka_unit_test(a_database_that_is_gone_needs_no_discarding),
        cmocka_unit_test(a_sqlite_target_is_given_back),
        cmocka_unit_test(discards_though_a_table_was_dropped),
        cmocka_unit_test(resumes_though_a_table_was_dropped),
        cmocka_unit_test(discards_a_file_though_a_table_was_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
