/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "engine/engine.h"

static void rewrites(const char *sql, dbw_placeholder style, bool backslashes, const char *expected,
                     size_t expected_count)
{
    dbw_error error;
    dbw_buffer out;
    size_t count;
    dbw_buffer_init(&out, 10000);
    assert_ok(&error, dbw_placeholders(&out, sql, style, backslashes, &count, &error));
    assert_string_equal(out.data, expected);
    assert_int_equal(count, expected_count);
    dbw_buffer_free(&out);
}

static void numbers_placeholders_for_postgresql(void **state)
{
    (void)state;
    const dbw_placeholder d = DBW_PLACEHOLDER_DOLLAR;
    rewrites("SELECT ? + ?", d, false, "SELECT $1 + $2", 2);
    rewrites("a='?' AND b=?", d, false, "a='?' AND b=$1", 1);
    rewrites("a='it''s ?' AND b=?", d, false, "a='it''s ?' AND b=$1", 1);
    rewrites("a='\\' AND b=?", d, false, "a='\\' AND b=$1", 1);
    rewrites("a=E'\\' ?' AND b=?", d, false, "a=E'\\' ?' AND b=$1", 1);
    rewrites("\"a?\" = ? -- ?\n, ?", d, false, "\"a?\" = $1 -- ?\n, $2", 2);
    rewrites("/* ? /* ? */ ? */ ?", d, false, "/* ? /* ? */ ? */ $1", 1);
    rewrites("$$ ? $$ ? $x$ ? $$ ? $x$ ?", d, false, "$$ ? $$ $1 $x$ ? $$ ? $x$ $2", 2);
    rewrites("a$b ? $1 ?", d, false, "a$b $1 $1 $2", 2);
    rewrites("j ?? 'k' AND x = ?", d, false, "j ? 'k' AND x = $1", 1);
    rewrites("'open ?", d, false, "'open ?", 0);
    rewrites("/* open ?", d, false, "/* open ?", 0);
    rewrites("", d, false, "", 0);
}

static void leaves_question_marks_for_the_others(void **state)
{
    (void)state;
    const dbw_placeholder q = DBW_PLACEHOLDER_QUESTION;
    rewrites("SELECT ? `a?` '?'", q, false, "SELECT ? `a?` '?'", 1);
    rewrites("SELECT 'a\\'?' , ?", q, true, "SELECT 'a\\'?' , ?", 1);
    rewrites("SELECT ? # ?\n, ?", q, true, "SELECT ? # ?\n, ?", 2);
    rewrites("SELECT $$ ? $$", q, false, "SELECT $$ ? $$", 1);
}

static void the_statement_is_capped(void **state)
{
    (void)state;
    dbw_error error;
    dbw_buffer out;
    size_t count;
    dbw_buffer_init(&out, 4);
    assert_fails(&error, DBW_E_LIMIT, "statement exceeds 4 bytes",
                 dbw_placeholders(&out, "SELECT 1", DBW_PLACEHOLDER_DOLLAR, false, &count, &error));
    dbw_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_placeholders_for_postgresql),
        cmocka_unit_test(leaves_question_marks_for_the_others),
        cmocka_unit_test(the_statement_is_capped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
