/* SPDX-License-Identifier: Apache-2.0 */
/* Several readers of one instant, what they say of it, and how tables are cut. */
#include "source_help.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static const dbw_open_options reading = {.read_only = true};

static dbw_snapshot *opened(const char *from, size_t readers)
{
    dbw_snapshot *snapshot;
    assert_ok(&error, bulk()->snapshot_open(url_of(from), &reading, readers, &snapshot, &error));
    return snapshot;
}

static int64_t number_of(dbw_database *from, const char *sql)
{
    dbw_value value;
    assert_ok(&error, dbw_fetch_value(from, arena, sql, NULL, 0, &value, &error));
    return value.kind == DBW_KIND_INT64 ? value.int64 : -1;
}

static bool changed(dbw_snapshot *snapshot)
{
    bool answer;
    assert_ok(&error, bulk()->snapshot_changed(snapshot, &answer, &error));
    return answer;
}

static atomic_bool stop;

/* Two tables that always hold the same number of rows, in one transaction each time. */
static void *writer(void *argument)
{
    dbw_database *own = argument;
    dbw_error ignored;
    while (!atomic_load(&stop)) {
        if (dbw_execute_script(own,
                               "START TRANSACTION; INSERT INTO left_one VALUES (); INSERT INTO "
                               "right_one VALUES (); COMMIT",
                               &ignored) != DBW_OK)
            return own;
    }
    return NULL;
}

static void readers_see_one_instant(const char *from, const char *note)
{
    pthread_t thread;
    void *failed;
    dbw_database *own;
    run("CREATE OR REPLACE TABLE left_one (id INT AUTO_INCREMENT PRIMARY KEY); "
        "CREATE OR REPLACE TABLE right_one (id INT AUTO_INCREMENT PRIMARY KEY)");
    assert_ok(&error, dbw_database_open(url_of(url), NULL, &own, &error));
    atomic_store(&stop, false);
    pthread_create(&thread, NULL, writer, own);
    for (int round = 0; round < 15; round++) {
        dbw_snapshot *snapshot = opened(from, 3);
        assert_string_equal(bulk()->snapshot_note(snapshot), note);
        int64_t first =
            number_of(bulk()->snapshot_reader(snapshot, 0), "SELECT COUNT(*) FROM left_one");
        for (size_t i = 0; i < 3; i++) {
            dbw_database *reader = bulk()->snapshot_reader(snapshot, i);
            assert_int_equal(number_of(reader, "SELECT COUNT(*) FROM left_one"), first);
            assert_int_equal(number_of(reader, "SELECT COUNT(*) FROM right_one"), first);
        }
        assert_null(bulk()->snapshot_reader(snapshot, 3));
        bulk()->snapshot_close(snapshot);
    }
    atomic_store(&stop, true);
    pthread_join(thread, &failed);
    assert_null(failed);
    assert_true(number_of(own, "SELECT COUNT(*) FROM left_one") > 15);
    dbw_database_close(own);
}

static void an_ordinary_user_locks_the_tables_for_a_moment(void **state)
{
    (void)state;
    readers_see_one_instant(url, "one instant for all readers, writers of this database held back "
                                 "while they began");
}

static const char *as_admin(void)
{
    dbw_url *admin = url_of(dbw_test_url("mysql-admin"));
    admin->database = url_of(url)->database;
    return dbw_url_render(arena, admin);
}

static void who_may_holds_commits_back(void **state)
{
    (void)state;
    readers_see_one_instant(as_admin(),
                            "one instant for all readers, commits held back while they began");
}

static void without_rights_there_is_one_reader(void **state)
{
    (void)state;
    const char *admin = as_admin();
    const char *name = url_of(url)->database;
    run("CREATE OR REPLACE TABLE seen (a INT)");
    dbw_test_query(admin, dbw_arena_printf(arena,
                                           "CREATE OR REPLACE USER looker@'%%' IDENTIFIED BY 'x'; "
                                           "GRANT SELECT ON `%s`.* TO looker@'%%'",
                                           name));
    dbw_snapshot *snapshot =
        opened(dbw_arena_printf(arena, "mysql://looker:x@%s:%s/%s", getenv("DBW_TEST_MYSQL_HOST"),
                                getenv("DBW_TEST_MYSQL_PORT"), name),
               3);
    assert_string_equal(bulk()->snapshot_note(snapshot),
                        "one read transaction (writers could not be held back: that takes the LOCK "
                        "TABLES or RELOAD privilege)");
    assert_null(bulk()->snapshot_reader(snapshot, 1));
    assert_int_equal(number_of(bulk()->snapshot_reader(snapshot, 0), "SELECT COUNT(*) FROM seen"),
                     0);
    assert_false(changed(snapshot));
    run("INSERT INTO seen VALUES (1)");
    assert_true(changed(snapshot));
    bulk()->snapshot_close(snapshot);
    dbw_test_query(admin, "DROP USER looker@'%'");
}

static void what_is_written_since_counts_as_changed(void **state)
{
    (void)state;
    static const char *const changes[] = {"INSERT INTO watched VALUES (3, 0)",
                                          "UPDATE watched SET n = n + 1 WHERE id = 1",
                                          "DELETE FROM watched WHERE id = 2",
                                          "DROP TABLE bystander", "CREATE TABLE newcomer (a INT)"};
    run("CREATE OR REPLACE TABLE watched (id INT PRIMARY KEY, n INT); INSERT INTO watched VALUES "
        "(1, 0), (2, 0); CREATE OR REPLACE TABLE bystander (a INT)");
    for (size_t i = 0; i < DBW_COUNT(changes); i++) {
        /* The first ones fall into the very second of the snapshot. */
        dbw_snapshot *snapshot = opened(url, 2);
        assert_false(changed(snapshot));
        assert_int_equal(number_of(bulk()->snapshot_reader(snapshot, 1),
                                   "SELECT COUNT(*) FROM information_schema.TABLES"),
                         number_of(database, "SELECT COUNT(*) FROM information_schema.TABLES"));
        assert_false(changed(snapshot));
        run(changes[i]);
        if (!changed(snapshot))
            fail_msg("not seen: %s", changes[i]);
        bulk()->snapshot_close(snapshot);
    }
    run("DROP TABLE newcomer");
}

static void a_change_begun_before_and_ended_after_counts(void **state)
{
    (void)state;
    dbw_database *other;
    run("CREATE OR REPLACE TABLE slow (id INT PRIMARY KEY)");
    assert_ok(&error, dbw_database_open(url_of(url), NULL, &other, &error));
    assert_ok(&error, dbw_begin(other, &error));
    assert_ok(&error, dbw_execute(other, "INSERT INTO slow VALUES (1)", NULL, 0, NULL, &error));
    dbw_snapshot *snapshot = opened(as_admin(), 2);
    assert_int_equal(number_of(bulk()->snapshot_reader(snapshot, 1), "SELECT COUNT(*) FROM slow"),
                     0);
    assert_false(changed(snapshot));
    assert_ok(&error, dbw_commit(other, &error));
    assert_true(changed(snapshot));
    assert_int_equal(number_of(bulk()->snapshot_reader(snapshot, 0), "SELECT COUNT(*) FROM slow"),
                     0);
    bulk()->snapshot_close(snapshot);
    dbw_database_close(other);
}

static void tables_without_transactions_are_named(void **state)
{
    (void)state;
    run("CREATE OR REPLACE TABLE plain (a INT) ENGINE=MyISAM; CREATE OR REPLACE TABLE fleeting (a "
        "INT) ENGINE=MEMORY");
    dbw_snapshot *snapshot = opened(url, 1);
    assert_string_equal(bulk()->snapshot_note(snapshot),
                        "one read transaction; tables without transactions are read as they are by "
                        "then: fleeting (MEMORY), plain (MyISAM)");
    bulk()->snapshot_close(snapshot);
    run("DROP TABLE plain, fleeting");
}

static void readers_do_not_write(void **state)
{
    (void)state;
    run("CREATE OR REPLACE TABLE safe (a INT)");
    dbw_snapshot *snapshot = opened(url, 1);
    assert_int_equal(dbw_execute(bulk()->snapshot_reader(snapshot, 0),
                                 "INSERT INTO safe VALUES (1)", NULL, 0, NULL, &error),
                     DBW_E_READ_ONLY);
    bulk()->snapshot_close(snapshot);
}

static void a_locked_source_takes_no_rows(void **state)
{
    (void)state;
    dbw_database *lock, *other;
    run("CREATE OR REPLACE TABLE shut (a INT); CREATE OR REPLACE TABLE `odd``name` (a INT)");
    assert_ok(&error, bulk()->source_lock(url_of(url), &reading, &lock, &error));
    assert_ok(&error, dbw_database_open(url_of(url), NULL, &other, &error));
    assert_ok(&error,
              dbw_execute(other, "SET SESSION lock_wait_timeout = 1", NULL, 0, NULL, &error));
    assert_int_equal(dbw_execute(other, "INSERT INTO shut VALUES (1)", NULL, 0, NULL, &error),
                     DBW_E_LOCKED);
    assert_int_equal(
        dbw_execute(other, "INSERT INTO `odd``name` VALUES (1)", NULL, 0, NULL, &error),
        DBW_E_LOCKED);
    /* It is read as ever, by either kind of snapshot. */
    for (int i = 0; i < 2; i++) {
        dbw_snapshot *snapshot = opened(i ? as_admin() : url, 2);
        assert_int_equal(number_of(bulk()->snapshot_reader(snapshot, 1), "SELECT COUNT(*) FROM "
                                                                         "shut"),
                         0);
        bulk()->snapshot_close(snapshot);
    }
    dbw_database_close(lock);
    assert_ok(&error, dbw_execute(other, "INSERT INTO shut VALUES (1)", NULL, 0, NULL, &error));
    /* A writer that does not end is waited for some seconds. */
    assert_ok(&error, dbw_begin(other, &error));
    assert_ok(&error, dbw_execute(other, "INSERT INTO shut VALUES (2)", NULL, 0, NULL, &error));
    int64_t start = dbw_clock_monotonic();
    assert_int_equal(bulk()->source_lock(url_of(url), &reading, &lock, &error), DBW_E_LOCKED);
    assert_true(dbw_clock_monotonic() - start < 20000000);
    assert_null(lock);
    assert_non_null(strstr(error.message, "unable to lock the source: "));
    dbw_database_close(other);
    run("DROP TABLE shut, `odd``name`");
}

/* --- cutting ---------------------------------------------------------------------------------- */

/* The ranges between the bounds hold all rows, each once, and none most of them. */
static size_t ranges_of(const char *name, const char *const *columns, size_t count, int64_t bytes,
                        int64_t rows)
{
    dbw_value **bounds;
    size_t cuts;
    int64_t sum = 0;
    run(dbw_arena_printf(arena, "ANALYZE TABLE %s", name));
    const dbw_table *table = table_named(name);
    dbw_names key = {.items = (const char **)DBW_NEW_ARRAY(arena, count, const char *),
                     .count = count};
    for (size_t i = 0; i < count; i++)
        key.items[i] = columns[i];
    assert_ok(&error, bulk()->split(database, arena, table, &key, bytes, &bounds, &cuts, &error));
    for (size_t i = 0; i <= cuts; i++) {
        dbw_rows *stream;
        const dbw_value *row;
        int64_t own = 0;
        dbw_scan scan = whole_scan(table);
        scan.key = key;
        scan.range = (dbw_key_range){i ? bounds[i - 1] : NULL, i < cuts ? bounds[i] : NULL};
        assert_ok(&error, bulk()->scan(database, &scan, &stream, &error));
        for (;; own++) {
            assert_ok(&error, dbw_rows_next(stream, &row, &error));
            if (!row)
                break;
        }
        dbw_rows_close(stream);
        assert_true(cuts == 0 || own < rows * 2 / 3);
        sum += own;
    }
    assert_int_equal(sum, rows);
    return cuts + 1;
}

static void tables_are_cut_by_their_keys(void **state)
{
    (void)state;
    static const char *const id[] = {"id"}, *const both[] = {"a", "b"};
    run("CREATE OR REPLACE TABLE wide (id BIGINT UNSIGNED PRIMARY KEY, t VARCHAR(200)); INSERT "
        "INTO wide SELECT 18446744073709551615 - seq, REPEAT('x', 200) FROM seq_1_to_10000");
    run("CREATE OR REPLACE TABLE worded (id VARCHAR(40) PRIMARY KEY, t VARCHAR(200)); INSERT INTO "
        "worded SELECT MD5(seq), REPEAT('x', 200) FROM seq_1_to_10000");
    run("CREATE OR REPLACE TABLE paired (a VARCHAR(9), b INT, t VARCHAR(200), PRIMARY KEY (a, b)); "
        "INSERT INTO paired SELECT seq MOD 3, seq, REPEAT('x', 200) FROM seq_1_to_10000");
    run("CREATE OR REPLACE TABLE chosen (id ENUM('a','b') PRIMARY KEY); INSERT INTO chosen VALUES "
        "('a'), ('b')");
    assert_in_range(ranges_of("wide", id, 1, 500000, 10000), 4, 9);
    assert_in_range(ranges_of("worded", id, 1, 500000, 10000), 4, 12);
    assert_in_range(ranges_of("paired", both, 2, 500000, 10000), 4, 12);
    assert_int_equal(ranges_of("wide", id, 1, 1 << 30, 10000), 1);
    assert_int_equal(ranges_of("chosen", id, 1, 1, 2), 1);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "mysql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_user_locks_the_tables_for_a_moment),
        cmocka_unit_test(who_may_holds_commits_back),
        cmocka_unit_test(without_rights_there_is_one_reader),
        cmocka_unit_test(what_is_written_since_counts_as_changed),
        cmocka_unit_test(a_change_begun_before_and_ended_after_counts),
        cmocka_unit_test(tables_without_transactions_are_named),
        cmocka_unit_test(readers_do_not_write),
        cmocka_unit_test(a_locked_source_takes_no_rows),
        cmocka_unit_test(tables_are_cut_by_their_keys),
    };
    return cmocka_run_group_tests(tests, open_fresh, close_all);
}
