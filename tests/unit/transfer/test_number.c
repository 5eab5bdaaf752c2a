/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "transfer/number.h"

#include <math.h>

static void decimals_are_normalised_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text, *plain;
        int32_t scale, whole, fraction;
    } cases[] = {
        {"0", "0", -1, 0, 0},
        {"-0", "0", -1, 0, 0},
        {"+1", "1", -1, 1, 0},
        {"007", "7", -1, 1, 0},
        {"1.50", "1.50", -1, 1, 1},
        {"1.50", "1.5", 1, 1, 1},
        {"1.", "1", -1, 1, 0},
        {".5", "0.5", -1, 0, 1},
        {"-.5", "-0.5", -1, 0, 1},
        {"0.050", "0.050", -1, 0, 2},
        {"1e3", "1000", -1, 4, 0},
        {"1.5e3", "1500", -1, 4, 0},
        {"1.2345e2", "123.45", -1, 3, 2},
        {"15e-1", "1.5", -1, 2 - 1, 1},
        {"15e-4", "0.0015", -1, 0, 4},
        {"-12E+2", "-1200", -1, 4, 0},
        {"0e5", "0", -1, 0, 0},
        {"0.00", "0.00", -1, 0, 0},
        {"0e-999999999", "0", -1, 0, 0},
        {"123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789", -1,
         30, 9},
        {"99.990000", "99.99", 2, 2, 2},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_number n;
        char out[128];
        int32_t whole, fraction;
        assert_null(dbw_number_parse(dbw_text_of(cases[i].text), &n));
        dbw_number_digits(&n, &whole, &fraction);
        assert_int_equal(whole, cases[i].whole);
        assert_int_equal(fraction, cases[i].fraction);
        size_t length = dbw_number_render(&n, cases[i].scale, out);
        assert_text_equal(((dbw_text){out, length}), cases[i].plain);
        assert_true(length <= dbw_number_room(&n));
    }
}

static void rubbish_is_no_number(void **state)
{
    (void)state;
    static const char *const cases[] = {"",    "+",     "-",   ".",     "e5",  "1e",
                                        "1e+", "1.2.3", "12a", " 12",   "12 ", "0x10",
                                        "1,5", "NaN",   "inf", "1e5.0", "--1", "1_000"};
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_number n;
        assert_string_equal(dbw_number_parse(dbw_text_of(cases[i]), &n), "not a number");
    }
    dbw_number n;
    assert_string_equal(dbw_number_parse(DBW_TEXT("1e131073"), &n), "too many digits");
    assert_string_equal(dbw_number_parse(DBW_TEXT("1e-16384"), &n), "too many digits");
    assert_null(dbw_number_parse(DBW_TEXT("1e131071"), &n));
    assert_string_equal(dbw_number_parse(DBW_TEXT("1e99999999999999999999"), &n),
                        "too many digits");
}

static void integers_are_exact_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } cases[] = {
        {"42", true, 42},
        {"-42.000", true, -42},
        {"1e3", true, 1000},
        {"120e-1", true, 12},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"1e19", false, 0},
        {"1e-1", false, 0},
        {"0.5", false, 0},
        {"100000000000000000000000", false, 0},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_number n;
        int64_t value = 0;
        assert_null(dbw_number_parse(dbw_text_of(cases[i].text), &n));
        assert_int_equal(dbw_number_int64(&n, &value), cases[i].good);
        if (cases[i].good)
            assert_int_equal(value, cases[i].value);
    }
    dbw_number n;
    uint64_t large;
    assert_null(dbw_number_parse(DBW_TEXT("18446744073709551615"), &n));
    assert_true(dbw_number_uint64(&n, &large));
    assert_true(large == UINT64_MAX);
    assert_null(dbw_number_parse(DBW_TEXT("18446744073709551616"), &n));
    assert_false(dbw_number_uint64(&n, &large));
}

static void doubles_print_their_shortest_digits(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *decimal, *text;
    } cases[] = {
        {0, "0", "0.0"},
        {1, "1", "1.0"},
        {9.99, "9.99", "9.99"},
        {-0.1, "-0.1", "-0.1"},
        {0.1 + 0.2, "0.30000000000000004", "0.30000000000000004"},
        {1e15, "1000000000000000", "1e+15"},
        {123456789012345.0, "123456789012345", "123456789012345.0"},
        {1e22, "10000000000000000000000", "1e+22"},
        {1.5e-7, "0.00000015", "1.5e-07"},
        {0.0001, "0.0001", "0.0001"},
        {0.00002, "0.00002", "2e-05"},
        {5e-324, NULL, "4.94065645841247e-324"},
        {1.7976931348623157e308, NULL, "1.7976931348623157e+308"},
        {19.989999999999995, "19.989999999999995", "19.989999999999995"},
        {4611686018427387904.0, "4611686018427388000", "4.611686018427388e+18"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        char decimal[DBW_DOUBLE_DECIMAL], text[DBW_DOUBLE_TEXT];
        size_t length = dbw_double_decimal(cases[i].value, decimal);
        if (cases[i].decimal)
            assert_text_equal(((dbw_text){decimal, length}), cases[i].decimal);
        double back = 0;
        assert_true(dbw_number_double((dbw_text){decimal, length}, &back));
        assert_memory_equal(&back, &cases[i].value, sizeof back);
        length = dbw_double_text(cases[i].value, text);
        assert_text_equal(((dbw_text){text, length}), cases[i].text);
    }
    char text[DBW_DOUBLE_TEXT];
    assert_text_equal(((dbw_text){text, dbw_double_text((double)INFINITY, text)}), "Inf");
    assert_text_equal(((dbw_text){text, dbw_double_text(-(double)INFINITY, text)}), "-Inf");
}

static void a_locale_with_commas_changes_nothing(void **state)
{
    (void)state;
    char text[DBW_DOUBLE_TEXT];
    double value = 0;
    assert_true(dbw_number_double(DBW_TEXT("1.7976931348623157e308"), &value));
    assert_true(value > 1e308);
    assert_true(dbw_number_double(DBW_TEXT("0.30000000000000004"), &value));
    assert_true(value == 0.1 + 0.2);
    size_t length = dbw_double_text(0.1 + 0.2, text);
    assert_int_equal(length, 19);
}

static void a_double_is_an_integer_only_when_exact(void **state)
{
    (void)state;
    int64_t value;
    assert_true(dbw_double_int64(-3.0, &value));
    assert_int_equal(value, -3);
    assert_true(dbw_double_int64(-9223372036854775808.0, &value));
    assert_int_equal(value, INT64_MIN);
    assert_false(dbw_double_int64(9223372036854775808.0, &value));
    assert_false(dbw_double_int64(0.5, &value));
    assert_false(dbw_double_int64((double)NAN, &value));
    assert_false(dbw_double_int64((double)INFINITY, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_normalised_exactly),
        cmocka_unit_test(rubbish_is_no_number),
        cmocka_unit_test(integers_are_exact_or_refused),
        cmocka_unit_test(doubles_print_their_shortest_digits),
        cmocka_unit_test(a_locale_with_commas_changes_nothing),
        cmocka_unit_test(a_double_is_an_integer_only_when_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
