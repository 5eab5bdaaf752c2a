/* SPDX-License-Identifier: Apache-2.0 */
/* Runs that are paused, killed, or fail half-way, and go on. */
#include "fake_engine.h"
#include "transfer_test.h"

#include "base/clock.h"
#include "transfer/transfer_priv.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS "{\"streams\":2,\"chunk_bytes\":1048576}"

static const char source[] =
    "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);"
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id), "
    "note TEXT);"
    "CREATE INDEX orders_by_user ON orders (user_id);"
    "CREATE TABLE texts (code TEXT PRIMARY KEY, body TEXT);"
    "INSERT INTO users SELECT value, 'user ' || value FROM (WITH RECURSIVE s(value) AS (SELECT 1 "
    "UNION ALL SELECT value + 1 FROM s WHERE value < 1000) SELECT value FROM s);"
    "INSERT INTO orders SELECT value, value % 1000 + 1, hex(zeroblob(60)) || value "
    "FROM (WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < "
    "60000) SELECT value FROM s);"
    "INSERT INTO texts SELECT 'c' || value, hex(zeroblob(1000)) || value "
    "FROM (WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < "
    "3000) SELECT value FROM s);";

static const char digest[] =
    "SELECT (SELECT count(*) || ' ' || sum(hashtext(u::text)) FROM users u) || ' ' || "
    "(SELECT count(*) || ' ' || sum(hashtext(o::text)) FROM orders o) || ' ' || "
    "(SELECT count(*) || ' ' || sum(hashtext(t::text)) FROM texts t) || ' ' || "
    "(SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace) || ' ' || "
    "(SELECT count(*) FROM pg_indexes WHERE schemaname = 'public') || ' ' || "
    "(SELECT count(*) FROM pg_tables WHERE schemaname = 'public')";

static int databases;

/* What an undisturbed run makes of the source. */
static const char *undisturbed(bench *b)
{
    const char *target = b->target;
    b->target =
        dbw_test_fresh_database("postgresql", dbw_arena_printf(b->arena, "quiet%d", databases++));
    assert_run(b, bench_run(b, "quiet", OPTIONS));
    const char *text = bench_query(b, digest);
    b->target = target;
    return text;
}

/* --- pausing ---------------------------------------------------------------------------------- */

static atomic_int polls_left;
static dbw_wish wished;

static dbw_wish wish(void *context)
{
    (void)context;
    return --polls_left < 0 ? wished : DBW_WISH_GO_ON;
}

static dbw_status run_with(bench *b, const char *id, const char *options, bool resume)
{
    dbw_run run;
    dbw_transfer_request *request = bench_request(b, id, options);
    request->resume = resume;
    dbw_error_clear(&b->error);
    assert_ok(&b->error, dbw_run_init(&run, request, &b->observer, &b->error));
    run.target = fake_engine("postgresql");
    dbw_status status = dbw_run_execute(&run, &b->error);
    if (status != DBW_OK)
        status = dbw_endings_explain(&run, &b->error);
    json_object_put(b->report);
    b->report = dbw_report_make(&run, status, &b->error);
    dbw_run_free(&run);
    return status;
}

static void a_paused_run_goes_on_where_it_was(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    const char *expected = undisturbed(b);
    fake = (fake_script){.milliseconds = 60};
    b->observer.wish = wish;
    wished = DBW_WISH_PAUSE;
    polls_left = 8;
    assert_run_fails(b, DBW_E_PAUSED, "paused on request", run_with(b, "job1", OPTIONS, false));
    assert_string_equal(bench_report(b, "resumable"), "true");
    assert_string_equal(bench_report(b, "verdict"), "incomplete");
    fake = (fake_script){0};
    b->observer.wish = NULL;
    assert_run(b, bench_resume(b, "job1", OPTIONS));
    assert_string_equal(bench_report(b, "resumed"), "true");
    assert_string_equal(bench_query(b, digest), expected);
    bench_free(b);
}

static void a_cancelled_run_ends_soon_though_the_target_is_slow(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    fake = (fake_script){.milliseconds = 300};
    b->observer.wish = wish;
    wished = DBW_WISH_CANCEL;
    polls_left = 6;
    int64_t started = dbw_clock_monotonic();
    assert_run_fails(b, DBW_E_CANCELLED, "cancelled on request",
                     run_with(b, "job1", OPTIONS, false));
    assert_true(dbw_clock_monotonic() - started < 3000000);
    fake = (fake_script){0};
    b->observer.wish = NULL;
    assert_ok(&b->error, bench_discard(b, "job1", OPTIONS));
    assert_string_equal(
        bench_query(b, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
    bench_free(b);
}

static void a_paused_run_into_a_file_goes_on(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    bench_sqlite_target(b);
    fake = (fake_script){.milliseconds = 60};
    b->observer.wish = wish;
    wished = DBW_WISH_PAUSE;
    polls_left = 5;
    dbw_run run;
    dbw_transfer_request *request =
        bench_request(b, "job1", "{\"create_database\":true,\"chunk_bytes\":1048576}");
    assert_ok(&b->error, dbw_run_init(&run, request, &b->observer, &b->error));
    run.target = fake_engine("sqlite");
    assert_int_equal(dbw_run_execute(&run, &b->error), DBW_E_PAUSED);
    dbw_run_free(&run);
    fake = (fake_script){0};
    b->observer.wish = NULL;
    assert_run(b, bench_resume(b, "job1", "{\"chunk_bytes\":1048576}"));
    static const char *const tables[] = {"users", "orders", "texts"};
    for (size_t i = 0; i < DBW_COUNT(tables); i++) {
        const char *sql = dbw_arena_printf(b->arena, "SELECT * FROM %s ORDER BY 1", tables[i]);
        assert_string_equal(bench_sqlite_query(b, "target.sqlite", sql),
                            bench_sqlite_query(b, "source.sqlite", sql));
    }
    bench_free(b);
}

/* --- failures of the target ------------------------------------------------------------------- */

static void a_full_disk_ends_the_run_and_it_can_be_resumed(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    const char *expected = undisturbed(b);
    fake = (fake_script){.fail_at = 5, .code = DBW_E_DISK_FULL};
    assert_int_equal(run_with(b, "job1", OPTIONS, false), DBW_E_DISK_FULL);
    assert_non_null(strstr(b->error.message, "the source is untouched: "));
    assert_non_null(strstr(b->error.message, "no space left on device"));
    assert_string_equal(b->error.hint,
                        "The target holds what was done so far: resume the run once the reason is "
                        "gone, or "
                        "discard it to get the target back as it was.");
    fake = (fake_script){0};
    assert_run(b, bench_resume(b, "job1", OPTIONS));
    assert_string_equal(bench_query(b, digest), expected);
    bench_free(b);
}

static void a_cut_connection_ends_the_run_and_it_can_be_resumed(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    const char *expected = undisturbed(b);
    for (int block = 1; block < 9; block += 2) {
        fake = (fake_script){.fail_at = block, .code = DBW_E_UNREACHABLE};
        dbw_status status = run_with(b, "job1", OPTIONS, block > 1);
        if (status == DBW_OK)
            break; /* so few blocks were left to send */
        assert_int_equal(status, DBW_E_UNREACHABLE);
    }
    fake = (fake_script){0};
    assert_run(b, bench_resume(b, "job1", OPTIONS));
    assert_string_equal(bench_query(b, digest), expected);
    bench_free(b);
}

/* --- killing ---------------------------------------------------------------------------------- */

static void a_killed_run_is_resumed_and_nothing_is_lost_or_twice(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    const char *expected = undisturbed(b);
    int killed = 0;
    for (int round = 0; round < 10; round++) {
        char id[32];
        snprintf(id, sizeof id, "job%d", round);
        b->target = dbw_test_fresh_database("postgresql", id);
        killed += bench_run_killed(b, id, OPTIONS, false, 20 + 45 * round);
        bench_run_killed(b, id, OPTIONS, true, 30 * (10 - round));
        dbw_status status = bench_resume(b, id, OPTIONS);
        if (status != DBW_OK)
            fail_msg("round %d: %s %s", round, b->error.message, b->error.hint);
        assert_string_equal(bench_query(b, digest), expected);
    }
    assert_true(killed > 3);
    bench_free(b);
}

static void a_killed_run_is_discarded_at_any_instant(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    const char *expected = undisturbed(b);
    int discarded = 0;
    for (int round = 0; round < 10; round++) {
        char id[32];
        snprintf(id, sizeof id, "job%d", round);
        b->target = dbw_test_fresh_database("postgresql", id);
        bool killed = bench_run_killed(b, id, OPTIONS, false, 20 + 45 * round);
        dbw_status status = bench_discard(b, id, OPTIONS);
        if (status == DBW_OK) {
            const char *left =
                "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'dbwizard')";
            assert_string_equal(bench_query(b, left), "0");
            discarded++;
        } else { /* it had ended before it was killed: the data are the user's now */
            if (status != DBW_E_CONFLICT || (killed && round == 0))
                fail_msg("round %d: %s %s", round, b->error.message, b->error.hint);
            assert_string_equal(bench_query(b, digest), expected);
        }
    }
    assert_true(discarded > 1);
    bench_free(b);
}

/* --- what changed meanwhile ------------------------------------------------------------------- */

/* Pauses once something was copied. */
static void stop_half_way(bench *b, const char *options)
{
    fake = (fake_script){.fail_at = 7, .code = DBW_E_UNREACHABLE};
    assert_int_equal(run_with(b, "job1", options, false), DBW_E_UNREACHABLE);
    fake = (fake_script){0};
}

static void rows_that_changed_meanwhile_are_copied_again(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    stop_half_way(b, OPTIONS);
    bench_source(b, "UPDATE orders SET note = 'new' WHERE id % 10000 = 5; "
                    "DELETE FROM orders WHERE id % 10000 = 6; "
                    "UPDATE users SET name = 'changed' WHERE id = 3; "
                    "INSERT INTO texts VALUES ('late', 'row')");
    assert_run(b, bench_resume(b, "job1", OPTIONS));
    assert_string_equal(bench_query(b, "SELECT count(*) FROM orders WHERE note = 'new'"), "6");
    assert_string_equal(bench_query(b, digest), undisturbed(b));
    bench_free(b);
}

static void a_structure_that_changed_meanwhile_is_refused(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    stop_half_way(b, OPTIONS);
    bench_source(b, "ALTER TABLE users ADD COLUMN age INTEGER");
    assert_run_fails(b, DBW_E_CONFLICT,
                     "the source is untouched: unable to resume: the structure of the source "
                     "changed since the run began",
                     bench_resume(b, "job1", OPTIONS));
    assert_ok(&b->error, bench_discard(b, "job1", OPTIONS));
    bench_free(b);
}

static void another_run_clears_what_was_left(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    stop_half_way(b, OPTIONS);
    assert_run_fails(b, DBW_E_CONFLICT,
                     "unable to resume: the target holds what run job1 left, not this one",
                     bench_resume(b, "job2", OPTIONS));
    assert_run(b, bench_run(b, "job2", OPTIONS));
    assert_non_null(strstr(b->events, "warning: the target holds what run job1 left: it is cleared "
                                      "first\n"));
    assert_string_equal(bench_query(b, digest), undisturbed(b));
    bench_free(b);
}

static void a_table_of_that_name_that_is_not_ours_is_left_alone(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    bench_query(b, "CREATE TABLE dbwizard_progress (id integer); INSERT INTO dbwizard_progress "
                   "VALUES (1)");
    assert_run_fails(b, DBW_E_CONFLICT,
                     "unable to use table 'dbwizard_progress' of the target: it is not dbwizard's",
                     bench_run(b, "job1", OPTIONS));
    assert_string_equal(bench_query(b, "SELECT id FROM dbwizard_progress"), "1");
    bench_free(b);
}

static void a_run_that_had_ended_answers_with_its_report(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    assert_run(b, bench_run(b, "job1", OPTIONS));
    const char *sum = dbw_arena_string(b->arena, bench_report(b, "tables.0.source_sum"));
    assert_run(b, bench_resume(b, "job1", OPTIONS));
    assert_string_equal(bench_report(b, "tables.0.source_sum"), sum);
    bench_free(b);
}

static void two_runs_never_write_to_one_target(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, source);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        fake = (fake_script){.milliseconds = 300};
        (void)!run_with(b, "job1", OPTIONS, false);
        _exit(0);
    }
    for (int i = 0; i < 100; i++) {
        usleep(20000);
        if (strcmp(bench_query(b, "SELECT count(*) FROM pg_tables WHERE tablename = "
                                  "'dbwizard_progress'"),
                   "1") == 0)
            break;
    }
    assert_run_fails(b, DBW_E_CONFLICT,
                     "unable to write to the target: another run is writing to it at this moment",
                     bench_run(b, "job2", OPTIONS));
    assert_int_equal(bench_discard(b, "job1", OPTIONS), DBW_E_CONFLICT);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_run(b, bench_resume(b, "job1", OPTIONS));
    assert_string_equal(bench_query(b, digest), undisturbed(b));
    bench_free(b);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paused_run_goes_on_where_it_was),
        cmocka_unit_test(a_paused_run_into_a_file_goes_on),
        cmocka_unit_test(a_cancelled_run_ends_soon_though_the_target_is_slow),
        cmocka_unit_test(a_full_disk_ends_the_run_and_it_can_be_resumed),
        cmocka_unit_test(a_cut_connection_ends_the_run_and_it_can_be_resumed),
        cmocka_unit_test(a_killed_run_is_resumed_and_nothing_is_lost_or_twice),
        cmocka_unit_test(a_killed_run_is_discarded_at_any_instant),
        cmocka_unit_test(rows_that_changed_meanwhile_are_copied_again),
        cmocka_unit_test(a_structure_that_changed_meanwhile_is_refused),
        cmocka_unit_test(another_run_clears_what_was_left),
        cmocka_unit_test(a_table_of_that_name_that_is_not_ours_is_left_alone),
        cmocka_unit_test(a_run_that_had_ended_answers_with_its_report),
        cmocka_unit_test(two_runs_never_write_to_one_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
