/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/log.h"

#include <unistd.h>

static int ends[2];

static int setup(void **state)
{
    (void)state;
    return pipe(ends);
}

static int teardown(void **state)
{
    (void)state;
    return close(ends[0]) | close(ends[1]);
}

static void hide(dbw_buffer *out, dbw_text text)
{
    for (size_t i = 0; i < text.length; i++)
        dbw_buffer_add_char(out, text.data[i] == 's' ? '*' : text.data[i]);
}

static void assert_read(const char *expected)
{
    char text[32768];
    ssize_t n = read(ends[0], text, sizeof text - 1);
    assert_true(n >= 0);
    text[n] = '\0';
    assert_string_equal(text, expected);
}

static void a_message_is_one_line(void **state)
{
    (void)state;
    dbw_log log = {.program = "p", .level = DBW_LOG_INFO, .descriptor = ends[1]};
    dbw_log_line(&log, DBW_LOG_INFO, "a\nb\t%s", "\x1b[31m\x7f\xC2\x9B\xC3\xA4");
    assert_read("p: a\\nb\\t\\x1b[31m\\x7f\\x9b\xC3\xA4\n");
    dbw_log_line(&log, DBW_LOG_WARNING, "w");
    assert_read("p: warning: w\n");
}

static void unimportant_lines_are_left_out(void **state)
{
    (void)state;
    dbw_log log = {.program = "p", .level = DBW_LOG_WARNING, .descriptor = ends[1]};
    dbw_log_line(&log, DBW_LOG_DEBUG, "d");
    dbw_log_line(&log, DBW_LOG_INFO, "i");
    dbw_log_line(&log, DBW_LOG_ERROR, "e");
    assert_read("p: error: e\n");
}

static void secrets_are_hidden_and_priorities_marked(void **state)
{
    (void)state;
    dbw_log log = {.program = "p",
                   .level = DBW_LOG_DEBUG,
                   .descriptor = ends[1],
                   .hide = hide,
                   .journal = true};
    dbw_error error;
    dbw_fail(&error, DBW_E_IO, "lost");
    dbw_log_error(&log, &error);
    assert_read("<3>p: error: lo*t\n");
    dbw_hint(&error, "Search.");
    dbw_log_error(&log, &error);
    assert_read("<3>p: error: lo*t\n<3>p: error: hint: Search.\n");
    dbw_log_line(&log, DBW_LOG_DEBUG, "x");
    assert_read("<7>p: debug: x\n");
}

static void long_lines_are_cut_between_characters(void **state)
{
    (void)state;
    dbw_log log = {.program = "p", .level = DBW_LOG_INFO, .descriptor = ends[1]};
    char text[20001];
    for (size_t i = 0; i + 2 <= sizeof text; i += 2)
        memcpy(text + i, "\xc3\xa4", 2);
    text[sizeof text - 1] = '\0';
    char expected[8192 + 8] = "p: ";
    memcpy(expected + 3, text, 8190);
    memcpy(expected + 8193, "\n", 2);
    dbw_log_line(&log, DBW_LOG_INFO, "%s", text);
    assert_read(expected);
}

static void levels_have_names(void **state)
{
    (void)state;
    dbw_log_level level = DBW_LOG_ERROR;
    assert_true(dbw_log_level_from("debug", &level));
    assert_int_equal(level, DBW_LOG_DEBUG);
    assert_false(dbw_log_level_from("loud", &level));
    assert_string_equal(dbw_log_level_name(DBW_LOG_WARNING), "warning");
    assert_int_equal(dbw_log_to_stderr("p", NULL, NULL).level, DBW_LOG_INFO);
    assert_int_equal(dbw_log_to_stderr("p", "error", NULL).level, DBW_LOG_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_is_one_line, setup, teardown),
        cmocka_unit_test_setup_teardown(unimportant_lines_are_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(secrets_are_hidden_and_priorities_marked, setup, teardown),
        cmocka_unit_test_setup_teardown(long_lines_are_cut_between_characters, setup, teardown),
        cmocka_unit_test(levels_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
