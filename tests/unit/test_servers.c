/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "servers.h"

static void postgresql_answers(void **state)
{
    (void)state;
    assert_string_equal(dbw_test_query(dbw_test_url("postgresql"), "SELECT current_user, 7"),
                        "app|7");
    assert_string_equal(
        dbw_test_query(dbw_test_url("postgresql-admin"), "SELECT current_setting('is_superuser')"),
        "on");
}

static void mysql_answers(void **state)
{
    (void)state;
    assert_string_equal(dbw_test_query(dbw_test_url("mysql"), "SELECT database(), 7"), "app\t7");
    assert_string_equal(dbw_test_query(dbw_test_url("mysql-admin"), "SELECT current_user()"),
                        "admin@%");
}

static void makes_a_fresh_postgresql_database(void **state)
{
    (void)state;
    const char *url = dbw_test_fresh_database("postgresql", "Fresh-One");
    assert_non_null(strstr(url, "/app_fresh_one"));
    dbw_test_query(url, "CREATE TABLE t (a int)");
    url = dbw_test_fresh_database("postgresql", "Fresh-One");
    assert_string_equal(dbw_test_query(url, "SELECT current_database(), to_regclass('t') IS NULL"),
                        "app_fresh_one|t");
}

static void makes_a_fresh_mysql_database(void **state)
{
    (void)state;
    const char *url = dbw_test_fresh_database("mysql", __func__);
    dbw_test_query(url, "CREATE TABLE t (a int)");
    url = dbw_test_fresh_database("mysql", __func__);
    assert_string_equal(dbw_test_query(url, "SHOW TABLES"), "");
    assert_string_equal(dbw_test_query(url, "SELECT database()"),
                        "app_makes_a_fresh_mysql_database");
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql mysql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(postgresql_answers),
        cmocka_unit_test(mysql_answers),
        cmocka_unit_test(makes_a_fresh_postgresql_database),
        cmocka_unit_test(makes_a_fresh_mysql_database),
    };
    return cmocka_run_group_tests_name("servers", tests, NULL, NULL);
}
