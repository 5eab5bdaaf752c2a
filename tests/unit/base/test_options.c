/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/options.h"

static void every_option_is_found_and_its_default_is_valid(void **state)
{
    (void)state;
    for (int i = 0; i < DBW_OPTION_COUNT; i++) {
        const dbw_option_info *info = dbw_option_about((dbw_option)i);
        dbw_option found;
        dbw_error error;
        assert_true(dbw_option_find(info->name, &found));
        assert_int_equal(found, i);
        assert_true(strlen(info->help) > 10);
        if (*info->preset)
            assert_ok(&error, dbw_option_check((dbw_option)i, info->preset, "default", &error));
    }
    dbw_option found;
    assert_false(dbw_option_find("DBWIZARD_NOPE", &found));
    assert_true(dbw_option_find("DATABASE__POOL_SIZE", &found));
    assert_int_equal(found, DBW_OPTION_POOL_SIZE);
}

static void values_are_checked_without_being_told(void **state)
{
    (void)state;
    static const char *const bad[] = {"0", "1001", "", "x", "5 ", "1e3", "99999999999999999999"};
    for (size_t i = 0; i < DBW_COUNT(bad); i++) {
        dbw_error error;
        assert_fails(&error, DBW_E_INVALID,
                     "DB_POOL_SIZE (environment) is not a whole number from 1 to 1000",
                     dbw_option_check(DBW_OPTION_POOL_SIZE, bad[i], "environment", &error));
        assert_string_equal(error.object, "DB_POOL_SIZE");
    }
    dbw_error error;
    assert_fails(&error, DBW_E_INVALID,
                 "DBWIZARD_LOG_LEVEL (f line 3) is not error, warning, info or debug",
                 dbw_option_check(DBW_OPTION_LOG_LEVEL, "loud", "f line 3", &error));
    assert_ok(&error, dbw_option_check(DBW_OPTION_LOG_LEVEL, "debug", "x", &error));
}

static void edits_are_counted(void **state)
{
    (void)state;
    assert_int_equal(dbw_edit_distance("abc", "abc", 3), 0);
    assert_int_equal(dbw_edit_distance("abc", "abd", 3), 1);
    assert_int_equal(dbw_edit_distance("abc", "acb", 3), 1);
    assert_int_equal(dbw_edit_distance("abc", "xyz", 2), 3);
    assert_int_equal(dbw_edit_distance("", "ab", 5), 2);
    assert_int_equal(dbw_edit_distance("kitten", "sitting", 5), 3);
    char long_word[100];
    memset(long_word, 'a', sizeof long_word - 1);
    long_word[sizeof long_word - 1] = '\0';
    assert_int_equal(dbw_edit_distance(long_word, "a", 3), 4);
    assert_string_equal(dbw_option_nearest("DBWIZARD_STATEDIR"), "DBWIZARD_STATE_DIR");
    assert_null(dbw_option_nearest("SOMETHING_ELSE_ALTOGETHER"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_found_and_its_default_is_valid),
        cmocka_unit_test(values_are_checked_without_being_told),
        cmocka_unit_test(edits_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
