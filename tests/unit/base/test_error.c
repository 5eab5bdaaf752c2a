/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

static void fail_sets_code_and_message(void **state)
{
    (void)state;
    dbw_error error;
    dbw_error_clear(&error);
    assert_int_equal(dbw_fail(&error, DBW_E_IO, "unable to read '%s': %s", "f", "gone"), DBW_E_IO);
    assert_string_equal(error.message, "unable to read 'f': gone");
    assert_string_equal(error.hint, "");
    assert_int_equal(dbw_hint(&error, "Look at %d.", 7), DBW_E_IO);
    assert_string_equal(error.hint, "Look at 7.");
}

static void a_message_may_quote_itself(void **state)
{
    (void)state;
    dbw_error error;
    dbw_fail(&error, DBW_E_DATA, "inner");
    dbw_fail(&error, DBW_E_DATA, "outer: %s", error.message);
    assert_string_equal(error.message, "outer: inner");
    dbw_error_prefix(&error, "most %s", "outer");
    assert_string_equal(error.message, "most outer: outer: inner");
}

static void long_text_is_cut_between_characters(void **state)
{
    (void)state;
    dbw_error error;
    char text[3000];
    for (size_t i = 0; i + 1 < sizeof text; i += 2)
        memcpy(text + i, "\xc3\xa4", 2);
    text[2998] = '\0';
    dbw_fail(&error, DBW_E_DATA, "%s", text);
    assert_int_equal(strlen(error.message), 1022);
    dbw_error_prefix(&error, "x");
    assert_int_equal(strlen(error.message), 1023);
    dbw_error_prefix(&error, "%s", text);
    assert_true(strlen(error.message) < sizeof error.message);
}

static void slugs_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < DBW_STATUS_COUNT; i++)
        assert_int_equal(dbw_status_from_slug(dbw_status_slug((dbw_status)i)), i);
    assert_int_equal(dbw_status_from_slug("no such"), DBW_E_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_sets_code_and_message),
        cmocka_unit_test(a_message_may_quote_itself),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(slugs_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
