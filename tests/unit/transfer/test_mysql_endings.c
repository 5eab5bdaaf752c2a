/* SPDX-License-Identifier: Apache-2.0 */
/* A target whose DDL commits by itself: killed at any instant, resumed, discarded; tables that were
 * there before. */
#include "transfer_test.h"

#define OPTIONS "{\"streams\":2,\"chunk_bytes\":1048576}"

static const char source[] =
    "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id), "
    "note TEXT);"
    "CREATE INDEX orders_by_user ON orders (user_id);"
    "CREATE INDEX orders_by_note ON orders (note);"
    "CREATE TABLE texts (code TEXT PRIMARY KEY, body TEXT);"
    "INSERT INTO users SELECT value, 'user ' || value FROM (WITH RECURSIVE s(value) AS (SELECT 1 "
    "UNION ALL SELECT value + 1 FROM s WHERE value < 1000) SELECT value FROM s);"
    "INSERT INTO orders SELECT value, value % 1000 + 1, hex(zeroblob(40)) || value "
    "FROM (WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < "
    "40000) SELECT value FROM s);"
    "INSERT INTO texts SELECT 'c' || value, hex(zeroblob(1000)) || value "
    "FROM (WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < "
    "2000) SELECT value FROM s);";

static const char digest[] =
    "SELECT (SELECT CONCAT(COUNT(*), ' ', SUM(CRC32(CONCAT(id, name)))) FROM users), "
    "(SELECT CONCAT(COUNT(*), ' ', SUM(CRC32(CONCAT(id, user_id, note)))) FROM orders), "
    "(SELECT CONCAT(COUNT(*), ' ', SUM(CRC32(CONCAT(code, body)))) FROM texts), "
    "(SELECT COUNT(*) FROM information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = "
    "DATABASE()), (SELECT GROUP_CONCAT(CONCAT(TABLE_NAME, '.', INDEX_NAME, '.', COLUMN_NAME) ORDER "
    "BY CONCAT(TABLE_NAME, '.', INDEX_NAME, '.', COLUMN_NAME)) "
    "FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()), "
    "(SELECT GROUP_CONCAT(TABLE_NAME, AUTO_INCREMENT ORDER BY TABLE_NAME) FROM "
    "information_schema.TABLES "
    "WHERE TABLE_SCHEMA = DATABASE())";

static const char tables[] = "SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) FROM "
                             "information_schema.TABLES WHERE TABLE_SCHEMA "
                             "= DATABASE()";

/* --- killed ----------------------------------------------------------------------------------- */

static void a_killed_run_is_resumed_and_nothing_is_lost_or_twice(void **state)
{
    (void)state;
    bench *quiet = bench_new_on("mysql", "quiet");
    bench_source(quiet, source);
    assert_run(quiet, bench_run(quiet, "quiet", OPTIONS));
    assert_string_equal(bench_report(quiet, "verdict"), "converted");
    const char *expected = bench_query(quiet, digest);
    int killed = 0;
    for (int after = 60; after <= 1100; after += 130) {
        bench *b = bench_new_on("mysql", "killed");
        bench_source(b, source);
        killed += bench_run_killed(b, "job1", OPTIONS, false, after);
        killed += bench_run_killed(b, "job1", OPTIONS, true, after / 2 + 40);
        assert_run(b, bench_resume(b, "job1", OPTIONS));
        if (strcmp(bench_query(b, digest), expected) != 0)
            fail_msg("killed after %d ms: %s", after, bench_query(b, digest));
        bench_free(b);
    }
    assert_true(killed > 3);
    bench_free(quiet);
}

static void a_killed_run_is_discarded_and_the_target_is_empty(void **state)
{
    (void)state;
    for (int after = 80; after <= 900; after += 160) {
        bench *b = bench_new_on("mysql", "discarded");
        bench_source(b, source);
        if (bench_run_killed(b, "job1", OPTIONS, false, after)) {
            dbw_status status = bench_discard(b, "job1", OPTIONS);
            if (status == DBW_OK)
                assert_string_equal(bench_query(b, tables), "NULL");
            else
                assert_int_equal(status, DBW_E_CONFLICT); /* all was done */
        }
        bench_free(b);
    }
}

/* The source goes on changing between kill and resume: the result is the new source. */
static void what_changed_meanwhile_is_copied_again(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, source);
    assert_int_equal(bench_run_paused(b, "job1", OPTIONS), DBW_E_PAUSED);
    bench_source(b, "UPDATE orders SET note = 'changed' WHERE id % 10000 = 3; "
                    "DELETE FROM texts WHERE code = 'c7'; "
                    "INSERT INTO users (name) VALUES ('late')");
    assert_run(b, bench_resume(b, "job1", OPTIONS));
    assert_string_equal(bench_report(b, "verdict"), "converted");
    assert_string_equal(bench_query(b, "SELECT COUNT(*) FROM orders WHERE note = 'changed'"), "4");
    assert_string_equal(bench_query(b, "SELECT COUNT(*) FROM texts"), "1999");
    assert_string_equal(bench_query(b, "SELECT MAX(id) FROM users"), "1001");
    bench_free(b);
}

static void a_second_run_is_refused(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, source);
    assert_run(b, bench_run(b, "job1", OPTIONS));
    assert_run_fails(b, DBW_E_REFUSED,
                     "unable to copy into 'MySQL / MariaDB': it already holds 3 tables",
                     bench_run(b, "job2", OPTIONS));
    bench_free(b);
}

/* --- tables that were there ------------------------------------------------------------------- */

static const char small[] =
    "CREATE TABLE groups_ (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER REFERENCES "
    "groups_(id), name TEXT);"
    "INSERT INTO groups_ VALUES (1, 'admins'), (2, 'people');"
    "INSERT INTO users VALUES (1, 1, 'root'), (2, 2, 'ann'), (7, 2, 'bob;''x''');";

static const char made_before[] =
    "CREATE TABLE groups_ (id int PRIMARY KEY, name varchar(40) NOT NULL UNIQUE);"
    "CREATE TABLE users (id bigint AUTO_INCREMENT PRIMARY KEY, group_id int, name text, "
    "KEY users_by_name (name(20)), FOREIGN KEY (group_id) REFERENCES groups_(id) ON DELETE "
    "CASCADE);"
    "CREATE TABLE audit (what text);"
    "CREATE TABLE badges (user_id bigint, kind text, FOREIGN KEY (user_id) REFERENCES users(id));"
    "SET sql_mode = 'ANSI_QUOTES';"
    "CREATE TRIGGER noted AFTER INSERT ON users FOR EACH ROW INSERT INTO audit VALUES ('ins;x');"
    "SET sql_mode = '';"
    "CREATE TRIGGER kept BEFORE UPDATE ON users FOR EACH ROW SET NEW.name = CONCAT(NEW.name, "
    "'!');"
    "INSERT INTO groups_ VALUES (1, 'default'), (9, 'guests');"
    "INSERT INTO users (group_id, name) VALUES (9, 'setup'), (9, 'other');"
    "DELETE FROM audit;";

static const char structure[] =
    "SELECT (SELECT GROUP_CONCAT(TRIGGER_NAME, SQL_MODE, ACTION_STATEMENT ORDER BY TRIGGER_NAME) "
    "FROM "
    "information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()), (SELECT "
    "GROUP_CONCAT(CONSTRAINT_NAME ORDER BY TABLE_NAME, CONSTRAINT_NAME) FROM "
    "information_schema.TABLE_CONSTRAINTS WHERE "
    "CONSTRAINT_SCHEMA = DATABASE()), (SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) FROM "
    "information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE())";

static const char contents[] =
    "SELECT (SELECT GROUP_CONCAT(id, name ORDER BY id) FROM groups_), (SELECT GROUP_CONCAT(id, "
    "group_id, name ORDER BY id) FROM users), (SELECT COUNT(*) FROM audit)";

#define EXISTING "{\"schema_mode\":\"existing\"}"

static bench *start(const char *name)
{
    bench *b = bench_new_on("mysql", name);
    bench_source(b, small);
    bench_query(b, made_before);
    return b;
}

static void setup_rows_are_replaced_and_everything_else_is_as_before(void **state)
{
    (void)state;
    bench *b = start(__func__);
    const char *before = bench_query(b, structure);
    assert_run(b, bench_run(b, "job1", EXISTING));
    assert_string_equal(bench_query(b, contents), "1admins,2people\t11root,22ann,72bob;'x'\t0");
    assert_string_equal(bench_query(b, structure), before);
    assert_string_equal(
        bench_query(b, "INSERT INTO users (name) VALUES ('new'); SELECT LAST_INSERT_ID()"), "8");
    assert_non_null(strstr(bench_file(b, "job1/setup-rows-1-groups_.jsonl"), "guests"));
    bench_free(b);
}

static void a_killed_run_into_existing_tables_is_resumed_or_given_back(void **state)
{
    (void)state;
    for (int after = 20; after <= 420; after += 40) {
        bench *b = start("existing");
        const char *before = bench_query(b, structure), *rows = bench_query(b, contents);
        bool killed = bench_run_killed(b, "job1", EXISTING, false, after);
        if (killed && after % 80 == 20) {
            dbw_status status = bench_discard(b, "job1", EXISTING);
            if (status == DBW_OK)
                assert_string_equal(bench_query(b, contents), rows);
            else
                assert_int_equal(status, DBW_E_CONFLICT);
        } else if (killed) {
            dbw_status status = bench_resume(b, "job1", EXISTING);
            if (status != DBW_OK)
                fail_msg("killed after %d ms: %s", after, b->error.message);
            assert_string_equal(bench_query(b, contents),
                                "1admins,2people\t11root,22ann,72bob;'x'\t0");
        }
        assert_string_equal(bench_query(b, structure), before);
        bench_free(b);
    }
}

static void missing_rows_come_and_others_stay(void **state)
{
    (void)state;
    bench *b = start(__func__);
    bench_query(b, "DROP TRIGGER noted; DROP TRIGGER kept");
    assert_run(b, bench_run(b, "job1", "{\"on_conflict\":\"skip\"}"));
    assert_string_equal(bench_query(b, contents),
                        "1default,2people,9guests\t19setup,29other,72bob;'x'\t0");
    assert_run(b, bench_run(b, "job2", "{\"on_conflict\":\"skip\"}"));
    assert_string_equal(bench_query(b, contents),
                        "1default,2people,9guests\t19setup,29other,72bob;'x'\t0");
    bench_free(b);
}

static void a_row_whose_other_unique_value_is_taken_is_named(void **state)
{
    (void)state;
    bench *b = start(__func__);
    bench_query(b, "DROP TRIGGER noted; DROP TRIGGER kept; UPDATE groups_ SET name = 'people' "
                   "WHERE id = 9");
    assert_run_fails(b, DBW_E_DATA,
                     "the source is untouched: unable to copy row id = 2 of table 'groups_': "
                     "another row of the target has one of its unique values",
                     bench_run(b, "job1", "{\"on_conflict\":\"skip\"}"));
    assert_ok(&b->error, bench_discard(b, "job1", "{\"on_conflict\":\"skip\"}"));
    assert_string_equal(bench_query(b, contents), "1default,9people\t19setup,29other\t0");
    bench_free(b);
}

static void an_account_that_could_not_bring_a_trigger_back_does_not_take_it(void **state)
{
    (void)state;
    bench *b = start(__func__);
    bench_query(b, "DROP TRIGGER kept");
    const char *name = strrchr(b->target, '/') + 1;
    dbw_test_query(dbw_test_url("mysql-admin"),
                   dbw_arena_printf(b->arena,
                                    "USE %s; CREATE DEFINER=admin@'%%' TRIGGER kept BEFORE UPDATE "
                                    "ON users FOR EACH ROW SET NEW.name = 'x'",
                                    name));
    assert_run_fails(b, DBW_E_DENIED,
                     "the source is untouched: unable to take trigger 'kept' of table 'users' away "
                     "for loading: the account could not bring it back",
                     bench_run(b, "job1", EXISTING));
    bench_free(b);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "mysql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_run_is_resumed_and_nothing_is_lost_or_twice),
        cmocka_unit_test(a_killed_run_is_discarded_and_the_target_is_empty),
        cmocka_unit_test(what_changed_meanwhile_is_copied_again),
        cmocka_unit_test(a_second_run_is_refused),
        cmocka_unit_test(setup_rows_are_replaced_and_everything_else_is_as_before),
        cmocka_unit_test(a_killed_run_into_existing_tables_is_resumed_or_given_back),
        cmocka_unit_test(missing_rows_come_and_others_stay),
        cmocka_unit_test(a_row_whose_other_unique_value_is_taken_is_named),
        cmocka_unit_test(an_account_that_could_not_bring_a_trigger_back_does_not_take_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
