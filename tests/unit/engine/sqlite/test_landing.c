/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite_test.h"

#define LANDING (dbw_engine_sqlite.landing)

static bool take(dbw_database *db)
{
    bool taken = false;
    assert_ok(&error, LANDING->lock(db, NULL, &taken, &error));
    return taken;
}

static void lets_one_transfer_write_at_a_time(void **state DBW_UNUSED)
{
    char *path = make_file("lock.db", "CREATE TABLE t (a)");
    dbw_database *one = open_file(path), *two = open_file(path), *memory = open_file(":memory:");
    assert_true(take(one));
    assert_true(take(one));
    assert_false(take(two));
    assert_true(take(memory));
    dbw_database_close(one);
    assert_true(take(two));
    /* The lock is no obstacle to anybody else. */
    one = open_file(path);
    run(one, "INSERT INTO t VALUES (1)");
    dbw_database_close(one);
    dbw_database_close(two);
    dbw_database_close(memory);
    assert_int_not_equal(access(path_of("lock.db-dbwizard-lock"), F_OK), 0);
}

static void lifts_indexes_that_enforce_nothing(void **state DBW_UNUSED)
{
    dbw_database *db = open_file(make_file(
        "lift.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE, b); CREATE UNIQUE INDEX u ON t "
        "(b); CREATE INDEX \"i \"\"1\" ON t (a, b DESC) WHERE b > 1"));
    dbw_schema *before = catalog_of(db);
    dbw_lift *lifts;
    size_t count;
    bool allowed = false;
    assert_ok(&error,
              LANDING->lifts(db, arena, table_of(before, "t"), &lifts, &count, &allowed, &error));
    assert_true(allowed);
    assert_int_equal(count, 1);
    assert_string_equal(lifts[0].kind, "index");
    assert_string_equal(lifts[0].table, "t");
    assert_string_equal(lifts[0].name, "i \"1");
    run(db, lifts[0].drop);
    assert_int_equal(table_of(catalog_of(db), "t")->index_count, 1);
    run(db, lifts[0].restore);
    assert_string_equal(dbw_schema_fingerprint(arena, catalog_of(db)),
                        dbw_schema_fingerprint(arena, before));
    dbw_database_close(db);
}

static void inserts_what_is_missing(void **state DBW_UNUSED)
{
    dbw_database *db = open_file(make_file(
        "insert.db", "CREATE TABLE \"t t\" (id INTEGER PRIMARY KEY, u TEXT UNIQUE, n INT NOT NULL);"
                     "CREATE TABLE \"from\" (id, u, n); INSERT INTO \"t t\" VALUES (1, 'a', 1);"
                     "INSERT INTO \"from\" VALUES (1, 'x', 0), (2, 'a', 0), (3, 'c', 3)"));
    const dbw_table *table = table_of(catalog_of(db), "t t");
    size_t columns[] = {0, 1, 2};
    char *sql;
    assert_ok(&error,
              LANDING->render_insert(arena, table, columns, 3, NULL, "from", true, &sql, &error));
    assert_string_equal(sql, "INSERT INTO \"t t\" (\"id\", \"u\", \"n\") SELECT \"id\", \"u\", "
                             "\"n\" FROM \"from\" WHERE true ON CONFLICT DO NOTHING");
    run(db, sql);
    assert_string_equal(text_of(db, "SELECT group_concat(id || u || n) FROM \"t t\""), "1a1,3c3");
    /* Only unique keys are passed over. */
    run(db, "DELETE FROM \"from\"");
    run(db, "INSERT INTO \"from\" VALUES (9, 'z', NULL)");
    assert_fails(&error, DBW_E_DATABASE,
                 "unable to run a statement: NOT NULL constraint failed: t t.n",
                 dbw_execute(db, sql, NULL, 0, NULL, &error));
    assert_ok(&error, LANDING->render_insert(arena, table, columns, 2, "main", "from", false, &sql,
                                             &error));
    assert_string_equal(sql, "INSERT INTO \"t t\" (\"id\", \"u\") SELECT \"id\", \"u\" FROM "
                             "\"main\".\"from\"");
    dbw_database_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_one_transfer_write_at_a_time),
        cmocka_unit_test(lifts_indexes_that_enforce_nothing),
        cmocka_unit_test(inserts_what_is_missing),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
