/* SPDX-License-Identifier: Apache-2.0 */
/* Whole runs from SQLite into a new PostgreSQL or SQLite database. */
#include "transfer_test.h"

static const char shop[] =
    "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, "
    "boss INTEGER REFERENCES users(id));"
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id), "
    "note TEXT, amount REAL, picture BLOB, UNIQUE (user_id, id));"
    "CREATE INDEX orders_by_user ON orders (user_id);"
    "CREATE TABLE lines (order_id INTEGER NOT NULL REFERENCES orders(id), n INTEGER NOT NULL, "
    "what TEXT, PRIMARY KEY (order_id, n)) WITHOUT ROWID;"
    "CREATE TABLE empty (a TEXT, b INTEGER);"
    "INSERT INTO users SELECT value, 'user ' || value, CASE WHEN value > 1 THEN value - 1 END "
    "FROM (WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < "
    "500) SELECT value FROM s);"
    "DELETE FROM users WHERE id > 490;"
    "INSERT INTO orders SELECT value, value % 490 + 1, 'a note — ü ' || value, value / 3.0, "
    "CASE WHEN value % 10 = 0 THEN randomblob(300) END "
    "FROM (WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < "
    "20000) SELECT value FROM s);"
    "INSERT INTO lines SELECT id, 1, 'x' FROM orders;";

static void a_database_is_copied_with_all_its_keys(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, shop);
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_query(b, "SELECT count(*), sum(id), max(note) FROM orders"),
                        "20000|200010000|a note — ü 9999");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM lines"), "20000");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM empty"), "0");
    assert_string_equal(
        bench_query(b, "SELECT conrelid::regclass::text, contype, count(*) FROM pg_constraint "
                       "WHERE connamespace = 'public'::regnamespace GROUP BY 1, 2 ORDER BY 1, 2"),
        "lines|f|1\nlines|p|1\norders|f|1\norders|p|1\norders|u|1\nusers|f|1\nusers|p|1");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM pg_indexes WHERE indexname = "
                                       "'orders_by_user'"),
                        "1");
    /* The deleted rows' ids are not given out again. */
    assert_string_equal(bench_query(b, "INSERT INTO users (name) VALUES ('new') RETURNING id"),
                        "501");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM pg_tables WHERE tablename LIKE "
                                       "'dbwizard%'"),
                        "0");
    bench_free(b);
}

static void the_report_tells_what_was_done(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, shop);
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_report(b, "format"), "1");
    assert_string_equal(bench_report(b, "job"), "job1");
    assert_string_equal(bench_report(b, "schema_mode"), "create");
    assert_string_equal(bench_report(b, "source.backend"), "sqlite");
    assert_string_equal(bench_report(b, "rows"), "40490");
    assert_string_equal(bench_report(b, "source_changed"), "false");
    assert_string_equal(bench_report(b, "error"), "null");
    for (int i = 0; i < 4; i++) {
        char path[64];
        snprintf(path, sizeof path, "tables.%d.equal", i);
        assert_string_equal(bench_report(b, path), "true");
        snprintf(path, sizeof path, "tables.%d.source_sum", i);
        const char *sum = bench_report(b, path);
        assert_int_equal(strlen(sum), 32);
        snprintf(path, sizeof path, "tables.%d.target_sum", i);
        assert_string_equal(bench_report(b, path), sum);
    }
    assert_string_equal(bench_report(b, "phases.3.name"), "copy");
    assert_string_equal(bench_report(b, "phases.8.name"), "report");
    assert_non_null(bench_file(b, "job1/report.json"));
    bench_free(b);
}

static void several_streams_and_chunks_give_the_same(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, shop);
    bench_source(b, "INSERT INTO orders SELECT id + 100000, user_id, note || hex(randomblob(100)), "
                    "amount, picture FROM orders");
    assert_run(b, bench_run(b, "job1", "{\"streams\":4,\"chunk_bytes\":1048576}"));
    assert_string_equal(bench_query(b, "SELECT count(*), sum(id) FROM orders"), "40000|2400020000");
    assert_string_equal(bench_report(b, "rows"), "60490");
    bench_free(b);
}

static void a_filled_target_is_refused_and_left_alone(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, shop);
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(dbw_status_slug(bench_run(b, "job2", "{}")), "refused");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM orders"), "20000");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM pg_tables WHERE tablename LIKE "
                                       "'dbwizard%'"),
                        "0");
    bench_free(b);
}

static void a_dry_run_writes_nothing(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, shop);
    assert_run(b, bench_run(b, "job1", "{\"dry_run\":true}"));
    assert_string_equal(bench_query(b, "SELECT count(*) FROM pg_tables WHERE schemaname = "
                                       "'public'"),
                        "0");
    assert_string_equal(bench_report(b, "verdict"), "null");
    bench_free(b);
}

static void a_sqlite_target_is_made_and_filled(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, shop);
    bench_sqlite_target(b);
    assert_string_equal(dbw_status_slug(bench_run(b, "job1", "{}")), "no-database");
    assert_run(b, bench_run(b, "job1", "{\"create_database\":true}"));
    const char *tables[] = {"users", "orders", "lines", "empty"};
    for (size_t i = 0; i < DBW_COUNT(tables); i++) {
        const char *sql = dbw_arena_printf(b->arena, "SELECT * FROM %s ORDER BY 1, 2", tables[i]);
        assert_string_equal(bench_sqlite_query(b, "target.sqlite", sql),
                            bench_sqlite_query(b, "source.sqlite", sql));
    }
    assert_string_equal(bench_sqlite_query(b, "target.sqlite", "PRAGMA foreign_key_check"), "");
    assert_string_equal(bench_sqlite_query(b, "target.sqlite",
                                           "SELECT seq FROM sqlite_sequence WHERE name = 'users'"),
                        "500");
    assert_string_equal(
        bench_sqlite_query(b, "target.sqlite",
                           "SELECT name FROM sqlite_schema WHERE name = 'orders_by_user' OR name "
                           "LIKE 'dbwizard%'"),
        "orders_by_user");
    bench_free(b);
}

static void only_the_structure_is_made_when_asked(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, shop);
    assert_run(b, bench_run(b, "job1", "{\"schema_only\":true}"));
    assert_string_equal(bench_query(b, "SELECT count(*) FROM orders"), "0");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"),
                        "3");
    bench_free(b);
}

static void a_namespace_is_made_and_filled(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, shop);
    assert_run(b, bench_run(b, "job1", "{\"target_schema\":\"My Shop\"}"));
    assert_string_equal(bench_query(b, "SELECT count(*) FROM \"My Shop\".orders"), "20000");
    assert_string_equal(bench_query(b, "SELECT count(*) FROM pg_tables WHERE schemaname = "
                                       "'public' OR tablename LIKE 'dbwizard%'"),
                        "0");
    bench_free(b);
}

static void two_databases_are_compared(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    struct json_object *report;
    bench_source(b, shop);
    assert_run(b, bench_run(b, "job1", "{}"));
    dbw_transfer_request *request = bench_request(b, "job2", "{}");
    assert_ok(&b->error, dbw_transfer_verify(request, &b->observer, &report, &b->error));
    assert_string_equal(json_at(report, "equal"), "true");
    json_object_put(report);

    bench_query(b, "UPDATE orders SET note = 'changed' WHERE id = 77");
    bench_query(b, "DELETE FROM lines WHERE order_id = 5");
    assert_ok(&b->error, dbw_transfer_verify(request, &b->observer, &report, &b->error));
    assert_string_equal(json_at(report, "equal"), "false");
    assert_string_equal(json_at(report, "verdict"), "differs");
    assert_int_equal(json_object_array_length(json_object_object_get(report, "differences")), 2);
    json_object_put(report);
    bench_free(b);
}

static void a_database_is_not_copied_into_itself(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_query(b, "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2)");
    char *host = strstr(dbw_arena_string(b->arena, b->target), "127.0.0.1");
    assert_non_null(host);
    b->source = dbw_arena_printf(b->arena, "%.*slocalhost%s",
                                 (int)(strstr(b->target, "127.0.0.1") - b->target), b->target,
                                 host + strlen("127.0.0.1"));
    assert_run_fails(b, DBW_E_REFUSED,
                     "unable to copy a database into itself: source and target are the same",
                     bench_run(b, "job1", "{\"clear\":true}"));
    assert_string_equal(bench_query(b, "SELECT count(*) FROM t"), "2");
    bench_free(b);
}

static void a_preview_lists_tables_and_plan(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    struct json_object *answer;
    bench_source(b, shop);
    dbw_transfer_request *request = bench_request(b, "job1", "{}");
    const dbw_url *target = request->target;
    request->target = NULL;
    assert_ok(&b->error, dbw_transfer_preview(request, NULL, &answer, &b->error));
    assert_string_equal(json_at(answer, "success"), "true");
    assert_string_equal(json_at(answer, "total_rows"), "40490");
    assert_string_equal(json_at(answer, "plan"), "null");
    json_object_put(answer);
    request->target = target;
    assert_ok(&b->error, dbw_transfer_preview(request, NULL, &answer, &b->error));
    assert_string_equal(json_at(answer, "total_rows"), "40490");
    assert_string_equal(json_at(answer, "estimate.rows"), "40490");
    json_object_put(answer);
    assert_string_equal(bench_query(b, "SELECT count(*) FROM pg_tables WHERE schemaname = "
                                       "'public'"),
                        "0");
    bench_free(b);
}

static void a_preview_of_a_file_that_is_not_there_makes_none(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    struct json_object *answer;
    bench_source(b, shop);
    bench_sqlite_target(b);
    dbw_transfer_request *request = bench_request(b, "job1", "{\"create_database\":true}");
    assert_ok(&b->error, dbw_transfer_preview(request, NULL, &answer, &b->error));
    assert_string_equal(json_at(answer, "plan.target_empty"), "true");
    json_object_put(answer);
    assert_null(bench_file(b, "target.sqlite"));
    bench_free(b);
}

static void orphans_become_null_when_that_was_decided(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY "
                    "KEY, p_id INTEGER REFERENCES p(id)); INSERT INTO p VALUES (1); "
                    "INSERT INTO c VALUES (1, 1), (2, 77), (3, NULL), (4, 78)");
    assert_string_equal(dbw_status_slug(bench_run(b, "job1", "{}")), "refused");
    assert_run(b, bench_run(b, "job1", "{\"transforms\":{\"orphans\":\"null\"}}"));
    assert_string_equal(bench_query(b, "SELECT string_agg(c::text, ' ' ORDER BY id) FROM c"),
                        "(1,1) (2,) (3,) (4,)");
    assert_string_equal(bench_report(b, "verdict"), "altered");
    assert_string_equal(bench_report(b, "ledger.0.key"), "2");
    assert_string_equal(bench_report(b, "ledger.0.before"), "77");
    assert_string_equal(bench_report(b, "ledger.1.key"), "4");
    bench_free(b);
}

static void orphans_of_a_key_that_only_the_target_has_become_null(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY "
                    "KEY, p_id INTEGER); INSERT INTO p VALUES (1); "
                    "INSERT INTO c VALUES (1, 1), (2, 77)");
    bench_query(b, "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (id integer PRIMARY "
                   "KEY, p_id integer REFERENCES p(id))");
    assert_run(b, bench_run(b, "job1",
                            "{\"schema_mode\":\"existing\",\"transforms\":{\"orphans\":"
                            "\"null\"}}"));
    assert_string_equal(bench_query(b, "SELECT string_agg(c::text, ' ' ORDER BY id) FROM c"),
                        "(1,1) (2,)");
    bench_free(b);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_database_is_copied_with_all_its_keys),
        cmocka_unit_test(the_report_tells_what_was_done),
        cmocka_unit_test(several_streams_and_chunks_give_the_same),
        cmocka_unit_test(a_filled_target_is_refused_and_left_alone),
        cmocka_unit_test(a_dry_run_writes_nothing),
        cmocka_unit_test(a_sqlite_target_is_made_and_filled),
        cmocka_unit_test(only_the_structure_is_made_when_asked),
        cmocka_unit_test(a_namespace_is_made_and_filled),
        cmocka_unit_test(two_databases_are_compared),
        cmocka_unit_test(a_database_is_not_copied_into_itself),
        cmocka_unit_test(a_preview_lists_tables_and_plan),
        cmocka_unit_test(a_preview_of_a_file_that_is_not_there_makes_none),
        cmocka_unit_test(orphans_become_null_when_that_was_decided),
        cmocka_unit_test(orphans_of_a_key_that_only_the_target_has_become_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
