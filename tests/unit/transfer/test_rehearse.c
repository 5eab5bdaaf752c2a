/* SPDX-License-Identifier: Apache-2.0 */
/* What is done before the move in earnest: the plan agreed to, the rehearsal, the locked source. */
#include "transfer_test.h"

#include <sqlite3.h>

static const char source[] = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
                             "INSERT INTO users WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT "
                             "n + 1 FROM s WHERE n < 999)"
                             " SELECT n, 'user ' || n FROM s;";

static const char *tables(bench *b)
{
    return bench_query(b, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");
}

static const char *rehearsals(bench *b)
{
    return bench_query(b, "SELECT count(*) FROM pg_database WHERE datname ~ '_rehearsal_(job|0)'");
}

static void may_create_databases(bool may)
{
    dbw_test_query(getenv("DBW_TEST_POSTGRESQL_ADMIN_URL"),
                   may ? "ALTER ROLE app CREATEDB" : "ALTER ROLE app NOCREATEDB");
}

/* --- the plan that was looked at -------------------------------------------------------------- */

static const char *previewed(bench *b, const char *options)
{
    struct json_object *answer;
    assert_ok(&b->error,
              dbw_transfer_preview(bench_request(b, "look", options), NULL, &answer, &b->error));
    const char *id = dbw_arena_string(b->arena, json_at(answer, "plan.id"));
    json_object_put(answer);
    assert_int_equal(strlen(id), 32);
    return id;
}

static void what_was_previewed_is_run_or_nothing(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    const char *plan = previewed(b, "{}");
    bench_source(b, "ALTER TABLE users ADD COLUMN age INTEGER");
    const char *options = dbw_arena_printf(b->arena, "{\"plan\":\"%s\"}", plan);
    assert_run_fails(b, DBW_E_REFUSED,
                     dbw_arena_printf(b->arena,
                                      "unable to do what was previewed: the source's structure, "
                                      "the target or the options are not those of plan '%s' any "
                                      "more",
                                      plan),
                     bench_run(b, "job1", options));
    assert_string_equal(b->error.object, "plan");
    assert_string_equal(tables(b), "0");
    /* New rows are no other plan, and neither is how it is verified. */
    plan = previewed(b, "{}");
    bench_source(b, "INSERT INTO users VALUES (5000, 'late', 7)");
    options = dbw_arena_printf(b->arena, "{\"plan\":\"%s\",\"verify\":\"counts\"}", plan);
    assert_run(b, bench_run(b, "job2", options));
    assert_string_equal(bench_query(b, "SELECT count(*) FROM users"), "1000");
    bench_free(b);
}

static void other_options_are_another_plan(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    const char *plan = previewed(b, "{\"rename\":{\"users\":\"people\"}}");
    assert_int_equal(bench_run(b, "job1", dbw_arena_printf(b->arena, "{\"plan\":\"%s\"}", plan)),
                     DBW_E_REFUSED);
    assert_run(b, bench_run(b, "job2",
                            dbw_arena_printf(b->arena,
                                             "{\"plan\":\"%s\",\"rename\":{\"users\":\"people\"}}",
                                             plan)));
    bench_free(b);
}

/* --- rehearsing ------------------------------------------------------------------------------- */

static void a_rehearsal_tells_all_and_leaves_nothing(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    may_create_databases(true);
    assert_run(b, bench_run(b, "0123456789abcdef", "{\"rehearse\":true}"));
    assert_string_equal(bench_report(b, "verdict"), "lossless");
    assert_string_equal(bench_report(b, "rows"), "999");
    assert_non_null(strstr(bench_report(b, "rehearsal.database"), "_rehearsal_0123456789abcdef"));
    assert_true(atof(bench_report(b, "rehearsal.seconds")) > 0);
    assert_null(strstr(bench_report(b, "target.url"), "_rehearsal_0"));
    assert_string_equal(tables(b), "0");
    assert_string_equal(rehearsals(b), "0");
    may_create_databases(false);
    bench_free(b);
}

static void a_rehearsal_into_a_file_leaves_none(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    bench_sqlite_target(b);
    assert_run(b, bench_run(b, "job1", "{\"rehearse\":true}"));
    assert_string_equal(bench_report(b, "verdict"), "lossless");
    assert_null(bench_file(b, "target.sqlite"));
    assert_null(bench_file(b, "target.sqlite_rehearsal_job1"));
    bench_free(b);
}

static void a_killed_rehearsal_is_discarded(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    may_create_databases(true);
    for (int round = 0; round < 4; round++) {
        bench_run_killed(b, "job1", "{\"rehearse\":true}", false, 40 + 60 * round);
        assert_run(b, bench_discard(b, "job1", "{\"rehearse\":true}"));
        assert_string_equal(rehearsals(b), "0");
        assert_string_equal(tables(b), "0");
    }
    /* And what was left is gone on with. */
    bench_run_killed(b, "job2", "{\"rehearse\":true}", false, 80);
    assert_run(b, bench_resume(b, "job2", "{\"rehearse\":true}"));
    assert_string_equal(rehearsals(b), "0");
    may_create_databases(false);
    bench_free(b);
}

static void who_may_not_make_databases_cannot_rehearse(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    may_create_databases(false);
    assert_int_equal(bench_run(b, "job1", "{\"rehearse\":true}"), DBW_E_DENIED);
    assert_non_null(strstr(b->error.message, "_rehearsal_job1"));
    assert_non_null(strstr(b->error.hint, "CREATEDB"));
    assert_int_equal(bench_run(b, "job1", "{\"rehearse\":true,\"schema_mode\":\"existing\"}"),
                     DBW_E_REFUSED);
    assert_string_equal(b->error.object, "rehearse");
    bench_free(b);
}

/* --- the locked source ------------------------------------------------------------------------ */

/* Writes to the source while the run goes on. */
struct intruder {
    bench *b;
    int tried, refused;
};

static void intrude(void *context, const dbw_progress *progress)
{
    struct intruder *intruder = context;
    sqlite3 *database;
    if (progress->phase != DBW_PHASE_VERIFY)
        return;
    const char *path =
        dbw_arena_printf(intruder->b->arena, "%s/source.sqlite", intruder->b->folder);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    int code =
        sqlite3_exec(database, "INSERT INTO users (name) VALUES ('intruder')", NULL, NULL, NULL);
    intruder->tried++;
    intruder->refused += code == SQLITE_BUSY;
    sqlite3_close(database);
}

static void assert_locked(const char *journal_mode)
{
    bench *b = bench_new(journal_mode);
    bench_source(b, dbw_arena_printf(b->arena, "PRAGMA journal_mode = %s", journal_mode));
    bench_source(b, source);
    struct intruder intruder = {.b = b};
    b->observer.context = &intruder;
    b->observer.event = NULL;
    b->observer.progress = intrude;
    assert_run(b, bench_run(b, "job1", "{\"lock_source\":true}"));
    assert_true(intruder.tried > 0);
    assert_int_equal(intruder.refused, intruder.tried);
    assert_string_equal(bench_report(b, "source_changed"), "false");
    /* Afterwards everybody writes again. */
    bench_source(b, "INSERT INTO users (name) VALUES ('after')");
    bench_free(b);
}

static void a_locked_source_is_not_written_to(void **state)
{
    (void)state;
    assert_locked("wal");
    assert_locked("delete");
}

static void a_source_that_somebody_writes_to_is_not_locked(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    sqlite3 *writer;
    assert_int_equal(
        sqlite3_open(dbw_arena_printf(b->arena, "%s/source.sqlite", b->folder), &writer),
        SQLITE_OK);
    assert_int_equal(sqlite3_exec(writer, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(bench_run(b, "job1", "{\"lock_source\":true}"), DBW_E_LOCKED);
    assert_non_null(strstr(b->error.message, "unable to lock the source"));
    assert_string_equal(tables(b), "0");
    sqlite3_close(writer);
    bench_free(b);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_previewed_is_run_or_nothing),
        cmocka_unit_test(other_options_are_another_plan),
        cmocka_unit_test(a_rehearsal_tells_all_and_leaves_nothing),
        cmocka_unit_test(a_rehearsal_into_a_file_leaves_none),
        cmocka_unit_test(a_killed_rehearsal_is_discarded),
        cmocka_unit_test(who_may_not_make_databases_cannot_rehearse),
        cmocka_unit_test(a_locked_source_is_not_written_to),
        cmocka_unit_test(a_source_that_somebody_writes_to_is_not_locked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
