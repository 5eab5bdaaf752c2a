/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "transfer/convert.h"

#include <math.h>

static dbw_arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = dbw_arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    dbw_arena_free(arena);
    return 0;
}

#define INTENT(x) DBW_INTENT_##x
#define TEXT_VALUE(s)                                                                              \
    {                                                                                              \
        .kind = DBW_KIND_TEXT, .text = {(s), sizeof(s) - 1 }                                       \
    }
#define BYTES_VALUE(s)                                                                             \
    {                                                                                              \
        .kind = DBW_KIND_BYTES, .text = {(s), sizeof(s) - 1 }                                      \
    }
#define INT_VALUE(i)                                                                               \
    {                                                                                              \
        .kind = DBW_KIND_INT64, .int64 = (i)                                                       \
    }
#define REAL_VALUE(r)                                                                              \
    {                                                                                              \
        .kind = DBW_KIND_DOUBLE, .real = (r)                                                       \
    }

/* A column that keeps six fraction digits and any scale. */
static dbw_plan_column column_of(dbw_intent intent, dbw_reading reading)
{
    return (dbw_plan_column){
        .intent = intent,
        .reading = reading,
        .target_canonical = {.intent = intent, .scale = -1, .fraction = 6},
    };
}

struct outcome {
    dbw_converted verdict;
    const char *shown; /* the value, or the reason */
};

static struct outcome convert(const dbw_plan_column *column, const dbw_value *in)
{
    dbw_converter *converter = dbw_converter_new(column, 1);
    dbw_value out = DBW_NULL;
    const char *reason = "";
    dbw_converter_row(converter);
    dbw_converted verdict = dbw_convert(converter, 0, in, &out, &reason);
    struct outcome outcome = {verdict, dbw_arena_string(arena, reason)};
    if (verdict != DBW_CONVERTED_BAD) {
        outcome.shown = dbw_value_show(arena, &out, 200);
        if (out.kind != DBW_KIND_NULL && column->intent != DBW_INTENT_ANY &&
            column->intent != DBW_INTENT_UINT64)
            assert_int_equal(out.kind, dbw_intent_kind(column->intent));
    }
    dbw_converter_free(converter);
    return outcome;
}

struct value_case {
    dbw_intent intent;
    dbw_reading reading;
    dbw_value in;
    dbw_converted verdict;
    const char *shown;
};

static void check(const struct value_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        dbw_plan_column column = column_of(cases[i].intent, cases[i].reading);
        struct outcome outcome = convert(&column, &cases[i].in);
        if (outcome.verdict != cases[i].verdict || strcmp(outcome.shown, cases[i].shown) != 0)
            fail_msg("case %zu: %s as %s gave %d %s", i, dbw_value_show(arena, &cases[i].in, 40),
                     dbw_intent_name(cases[i].intent), (int)outcome.verdict, outcome.shown);
    }
}

#define OK DBW_CONVERTED_AS_IS
#define ALTERED DBW_CONVERTED_ALTERED
#define BAD DBW_CONVERTED_BAD
#define NATIVE DBW_READING_NATIVE
#define ISO DBW_READING_ISO
#define SECONDS DBW_READING_EPOCH_S
#define MILLIS DBW_READING_EPOCH_MS
#define MICROS DBW_READING_EPOCH_US
#define JULIAN DBW_READING_JULIAN

static void numbers(void **state)
{
    (void)state;
    static const struct value_case cases[] = {
        {INTENT(BOOLEAN), NATIVE, INT_VALUE(1), OK, "true"},
        {INTENT(BOOLEAN), NATIVE, INT_VALUE(0), OK, "false"},
        {INTENT(BOOLEAN), NATIVE, INT_VALUE(2), BAD, "not a boolean"},
        {INTENT(BOOLEAN), NATIVE, REAL_VALUE(1.0), OK, "true"},
        {INTENT(BOOLEAN), NATIVE, REAL_VALUE(0.5), BAD, "not a boolean"},
        {INTENT(BOOLEAN), NATIVE, TEXT_VALUE("TRUE"), OK, "true"},
        {INTENT(BOOLEAN), NATIVE, TEXT_VALUE("f"), OK, "false"},
        {INTENT(BOOLEAN), NATIVE, TEXT_VALUE(""), BAD, "not a boolean"},
        {INTENT(BOOLEAN), NATIVE, TEXT_VALUE("tru"), BAD, "not a boolean"},
        {INTENT(BOOLEAN), NATIVE, BYTES_VALUE("1"), BAD, "not a boolean"},
        {INTENT(INT16), NATIVE, INT_VALUE(-32768), OK, "-32768"},
        {INTENT(INT16), NATIVE, INT_VALUE(32768), BAD, "out of range for an integer of 16 bits"},
        {INTENT(INT32), NATIVE, INT_VALUE(2147483647), OK, "2147483647"},
        {INTENT(INT32), NATIVE, INT_VALUE(2147483648), BAD,
         "out of range for an integer of 32 bits"},
        {INTENT(INT64), NATIVE, TEXT_VALUE("12"), OK, "12"},
        {INTENT(INT64), NATIVE, TEXT_VALUE("12.0"), OK, "12"},
        {INTENT(INT64), NATIVE, TEXT_VALUE("12.5"), BAD, "has digits behind the point"},
        {INTENT(INT64), NATIVE, TEXT_VALUE("n/a"), BAD, "not a number"},
        {INTENT(INT64), NATIVE, TEXT_VALUE(""), BAD, "not a number"},
        {INTENT(INT64), NATIVE, TEXT_VALUE("9223372036854775808"), BAD,
         "out of range for an integer"},
        {INTENT(INT64), NATIVE, REAL_VALUE(3.0), OK, "3"},
        {INTENT(INT64), NATIVE, REAL_VALUE(3.5), BAD, "has digits behind the point"},
        {INTENT(INT64), NATIVE, REAL_VALUE(1e30), BAD, "out of range for an integer"},
        {INTENT(INT64), NATIVE, BYTES_VALUE("1"), BAD, "not a number"},
        {INTENT(UINT64), NATIVE, TEXT_VALUE("18446744073709551615"), OK, "18446744073709551615"},
        {INTENT(UINT64), NATIVE, INT_VALUE(-1), BAD, "negative in an unsigned column"},
        {INTENT(FLOAT64), NATIVE, INT_VALUE(9007199254740992), OK, "9007199254740992"},
        {INTENT(FLOAT64), NATIVE, INT_VALUE(9007199254740993), BAD,
         "has more digits than double precision keeps"},
        {INTENT(FLOAT64), NATIVE, INT_VALUE(INT64_MAX), BAD,
         "has more digits than double precision keeps"},
        {INTENT(FLOAT64), NATIVE, TEXT_VALUE("0.1"), OK, "0.1"},
        {INTENT(FLOAT64), NATIVE, TEXT_VALUE("x"), BAD, "not a number"},
        {INTENT(FLOAT32), NATIVE, REAL_VALUE(0.1), BAD, "has more digits than real (32 bit) keeps"},
        {INTENT(FLOAT32), NATIVE, REAL_VALUE(0.5), OK, "0.5"},
        {INTENT(DECIMAL), NATIVE, REAL_VALUE(19.99), OK, "19.99"},
        {INTENT(DECIMAL), NATIVE, REAL_VALUE(0.1 + 0.2), OK, "0.30000000000000004"},
        {INTENT(DECIMAL), NATIVE, REAL_VALUE(1.0 / 0.0), BAD, "not a finite number"},
        {INTENT(DECIMAL), NATIVE, INT_VALUE(INT64_MIN), OK, "-9223372036854775808"},
        {INTENT(DECIMAL), NATIVE, TEXT_VALUE("123456789012345678901.50"), OK,
         "123456789012345678901.50"},
        {INTENT(DECIMAL), NATIVE, TEXT_VALUE("1e-3"), OK, "0.001"},
        {INTENT(DECIMAL), NATIVE, TEXT_VALUE("free"), BAD, "not a number"},
        {INTENT(DECIMAL), NATIVE, BYTES_VALUE("1"), BAD, "not a number"},
    };
    check(cases, DBW_COUNT(cases));
}

static void decimals_never_lose_digits(void **state)
{
    (void)state;
    dbw_plan_column column = column_of(DBW_INTENT_DECIMAL, DBW_READING_NATIVE);
    column.precision = 5;
    column.target_canonical.scale = 2;
    static const struct {
        dbw_value in;
        dbw_converted verdict;
        const char *shown;
    } cases[] = {
        {TEXT_VALUE("1.5"), OK, "1.5"},
        {TEXT_VALUE("1.500"), OK, "1.50"},
        {TEXT_VALUE("999.99"), OK, "999.99"},
        {TEXT_VALUE("1000"), BAD, "out of range for the decimal column"},
        {TEXT_VALUE("1.505"), BAD, "more digits behind the point than the column keeps"},
        {REAL_VALUE(1.505), BAD, "more digits behind the point than the column keeps"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        struct outcome outcome = convert(&column, &cases[i].in);
        assert_string_equal(outcome.shown, cases[i].shown);
        assert_int_equal(outcome.verdict, cases[i].verdict);
    }
}

static void dates_and_times(void **state)
{
    (void)state;
    static const struct value_case cases[] = {
        {INTENT(DATE), ISO, TEXT_VALUE("2026-01-02"), OK, "2026-01-02"},
        {INTENT(DATE), ISO, TEXT_VALUE("2026-01-02 00:00:00"), OK, "2026-01-02"},
        {INTENT(DATE), ISO, TEXT_VALUE("2026-01-02 00:00:01"), BAD, "has a time of day"},
        {INTENT(DATE), ISO, TEXT_VALUE("2026-01-02T00:00:00Z"), BAD, "has a time of day"},
        {INTENT(DATE), ISO, TEXT_VALUE("10:00"), BAD, "a time without a date"},
        {INTENT(DATE), ISO, TEXT_VALUE("0000-00-00"), BAD, "a zero date"},
        {INTENT(DATE), ISO, INT_VALUE(0), BAD, "a number in a column of dates"},
        {INTENT(DATE), SECONDS, INT_VALUE(86400), OK, "1970-01-02"},
        {INTENT(DATE), SECONDS, INT_VALUE(-86400), OK, "1969-12-31"},
        {INTENT(DATE), SECONDS, INT_VALUE(86401), BAD, "has a time of day"},
        {INTENT(TIME), ISO, TEXT_VALUE("10:00"), OK, "10:00:00"},
        {INTENT(TIME), ISO, TEXT_VALUE("10:00:00.25"), OK, "10:00:00.250000"},
        {INTENT(TIME), ISO, TEXT_VALUE("10:00Z"), BAD, "has a time zone"},
        {INTENT(TIME), ISO, TEXT_VALUE("2026-01-02 10:00"), BAD, "a date in a column of times"},
        {INTENT(TIME), SECONDS, INT_VALUE(1), BAD, "a number in a column of times"},
        {INTENT(TIMESTAMP), ISO, TEXT_VALUE("2026-01-02"), OK, "2026-01-02 00:00:00"},
        {INTENT(TIMESTAMP), ISO, TEXT_VALUE("2026-01-02T03:04:05.678"), OK,
         "2026-01-02 03:04:05.678000"},
        {INTENT(TIMESTAMP), ISO, TEXT_VALUE("2026-01-02 03:04:05.6789012"), ALTERED,
         "2026-01-02 03:04:05.678901"},
        {INTENT(TIMESTAMP), ISO, TEXT_VALUE("2026-01-02 03:04:05Z"), OK, "2026-01-02 03:04:05"},
        {INTENT(TIMESTAMP), ISO, TEXT_VALUE("2026-01-02 03:04:05+02:00"), BAD, "has a time zone"},
        {INTENT(TIMESTAMP), ISO, TEXT_VALUE("yesterday"), BAD, "not a date or time"},
        {INTENT(TIMESTAMP), ISO, TEXT_VALUE(""), BAD, "not a date or time"},
        {INTENT(TIMESTAMP), SECONDS, INT_VALUE(1700000000), OK, "2023-11-14 22:13:20"},
        {INTENT(TIMESTAMP), SECONDS, REAL_VALUE(1700000000.25), OK, "2023-11-14 22:13:20.250000"},
        {INTENT(TIMESTAMP), MILLIS, INT_VALUE(1700000000123), OK, "2023-11-14 22:13:20.123000"},
        {INTENT(TIMESTAMP), MICROS, INT_VALUE(-1), OK, "1969-12-31 23:59:59.999999"},
        {INTENT(TIMESTAMP), SECONDS, INT_VALUE(INT64_MAX), BAD, "a year outside 1 to 9999"},
        {INTENT(TIMESTAMP), MILLIS, INT_VALUE(INT64_C(253402300800000)), BAD,
         "a year outside 1 to 9999"},
        {INTENT(TIMESTAMP), JULIAN, REAL_VALUE(2440587.5), OK, "1970-01-01 00:00:00"},
        {INTENT(TIMESTAMP), JULIAN, REAL_VALUE(2460310.75), OK, "2024-01-01 06:00:00"},
        {INTENT(TIMESTAMP), JULIAN, REAL_VALUE(1e9), BAD, "a year outside 1 to 9999"},
        {INTENT(TIMESTAMP), SECONDS, REAL_VALUE(1e300), BAD, "a year outside 1 to 9999"},
        {INTENT(TIMESTAMPTZ), ISO, TEXT_VALUE("2026-01-02 03:04:05+02:00"), OK,
         "2026-01-02 01:04:05Z"},
        {INTENT(TIMESTAMPTZ), SECONDS, INT_VALUE(0), OK, "1970-01-01 00:00:00Z"},
        {INTENT(INTERVAL), MICROS, INT_VALUE(90000000), OK, "0 months 0 days 90000000 us"},
        {INTENT(INTERVAL), NATIVE, TEXT_VALUE("1 day"), BAD, "not an interval"},
    };
    check(cases, DBW_COUNT(cases));
}

static void zones_are_added_where_the_column_says(void **state)
{
    (void)state;
    dbw_plan_column column = column_of(DBW_INTENT_TIMESTAMPTZ, DBW_READING_ISO);
    column.zone_minutes = 60;
    dbw_value plain = TEXT_VALUE("2026-01-02 03:00");
    dbw_value zoned = TEXT_VALUE("2026-01-02 03:00Z");
    assert_string_equal(convert(&column, &plain).shown, "2026-01-02 02:00:00Z");
    assert_string_equal(convert(&column, &zoned).shown, "2026-01-02 03:00:00Z");
}

static void a_coarser_column_cuts_and_says_so(void **state)
{
    (void)state;
    dbw_plan_column column = column_of(DBW_INTENT_TIMESTAMP, DBW_READING_ISO);
    column.target_canonical.fraction = 3;
    dbw_value fine = TEXT_VALUE("1969-12-31 23:59:59.9995"),
              same = TEXT_VALUE("2026-01-02 03:00:00.125");
    assert_int_equal(convert(&column, &fine).verdict, ALTERED);
    assert_string_equal(convert(&column, &fine).shown, "1969-12-31 23:59:59.999000");
    assert_int_equal(convert(&column, &same).verdict, OK);
}

static void remedies_alter_and_say_so(void **state)
{
    (void)state;
    dbw_plan_column text = column_of(DBW_INTENT_TEXT, DBW_READING_NATIVE);
    dbw_value nul = TEXT_VALUE("a\0b\xc3\xa4"), broken = TEXT_VALUE("a\xff\xc3\xa4\xc3");
    dbw_value both = TEXT_VALUE("\xff\0z"), good = TEXT_VALUE("\xc3\xa4");
    assert_string_equal(convert(&text, &nul).shown, "holds a NUL byte");
    assert_string_equal(convert(&text, &broken).shown, "not valid UTF-8");
    text.on_nul = DBW_REMEDY_STRIP;
    text.on_invalid_utf8 = DBW_REMEDY_REPLACE;
    assert_int_equal(convert(&text, &nul).verdict, ALTERED);
    assert_string_equal(convert(&text, &nul).shown, "'ab\xc3\xa4'");
    assert_string_equal(convert(&text, &broken).shown, "'a\xef\xbf\xbd\xc3\xa4\xef\xbf\xbd'");
    assert_string_equal(convert(&text, &both).shown, "'\xef\xbf\xbdz'");
    assert_int_equal(convert(&text, &good).verdict, OK);

    dbw_plan_column date = column_of(DBW_INTENT_DATE, DBW_READING_ISO);
    dbw_value zero = TEXT_VALUE("0000-00-00");
    date.on_bad_date = DBW_REMEDY_NULL;
    assert_int_equal(convert(&date, &zero).verdict, ALTERED);
    assert_string_equal(convert(&date, &zero).shown, "NULL");
}

static void text_and_its_kin(void **state)
{
    (void)state;
    static const struct value_case cases[] = {
        {INTENT(TEXT), NATIVE, TEXT_VALUE(""), OK, "''"},
        {INTENT(TEXT), NATIVE, TEXT_VALUE("plain text of some length"), OK,
         "'plain text of some length'"},
        {INTENT(TEXT), NATIVE, INT_VALUE(-7), OK, "'-7'"},
        {INTENT(TEXT), NATIVE, REAL_VALUE(1), OK, "'1.0'"},
        {INTENT(TEXT), NATIVE, BYTES_VALUE("x"), BAD, "bytes in a text column"},
        {INTENT(TEXT), NATIVE, TEXT_VALUE("\xed\xa0\x80"), BAD, "not valid UTF-8"},
        {INTENT(BYTES), NATIVE, BYTES_VALUE("\0\xff"), OK, "x'00ff'"},
        {INTENT(BYTES), NATIVE, TEXT_VALUE("ab"), OK, "x'6162'"},
        {INTENT(BYTES), NATIVE, INT_VALUE(1), BAD, "a number in a column of bytes"},
        {INTENT(UUID), NATIVE, TEXT_VALUE("0123456789abcdef0123456789ABCDEF"), OK,
         "01234567-89ab-cdef-0123-456789abcdef"},
        {INTENT(UUID), NATIVE, TEXT_VALUE("{01234567-89ab-cdef-0123-456789abcdef}"), OK,
         "01234567-89ab-cdef-0123-456789abcdef"},
        {INTENT(UUID), NATIVE, BYTES_VALUE("0123456789abcdef"), OK,
         "30313233-3435-3637-3839-616263646566"},
        {INTENT(UUID), NATIVE, BYTES_VALUE("0123456789abcde"), BAD, "not a UUID"},
        {INTENT(UUID), NATIVE, TEXT_VALUE("01234567-89ab-cdef-0123-456789abcde"), BAD,
         "not a UUID"},
        {INTENT(UUID), NATIVE, TEXT_VALUE("01234567--89ab-cdef-0123-456789abcdef"), BAD,
         "not a UUID"},
        {INTENT(UUID), NATIVE, TEXT_VALUE("0123456789abcdef0123456789abcdefff"), BAD, "not a UUID"},
        {INTENT(JSON), NATIVE, TEXT_VALUE("{\"a\":[1,2]}"), OK, "'{\"a\":[1,2]}'"},
        {INTENT(JSON), NATIVE, TEXT_VALUE("{a:1}"), BAD, "not JSON"},
        {INTENT(JSON), NATIVE, TEXT_VALUE("\"\\u0000\""), OK, "'\"\\u0000\"'"},
        {INTENT(JSONB), NATIVE, TEXT_VALUE("\"\\u0000\""), BAD, "holds \\u0000"},
        {INTENT(JSONB), NATIVE, TEXT_VALUE("\"\\ud800\""), BAD, "holds half of a surrogate pair"},
        {INTENT(JSONB), NATIVE, INT_VALUE(5), OK, "'5'"},
        {INTENT(JSON), NATIVE, BYTES_VALUE("{}"), BAD, "bytes in a column of JSON"},
        {INTENT(BIT), NATIVE, TEXT_VALUE("0101"), OK, "'0101'"},
        {INTENT(BIT), NATIVE, TEXT_VALUE("012"), BAD, "not a string of bits"},
        {INTENT(ARRAY), NATIVE, TEXT_VALUE("{1,2}"), OK, "'{1,2}'"},
        {INTENT(ARRAY), NATIVE, TEXT_VALUE("[0:1]={1,2}"), BAD, "not JSON"},
        {INTENT(ARRAY), NATIVE, TEXT_VALUE("[1,null,[2]"), BAD, "not JSON"},
        {INTENT(ARRAY), NATIVE, TEXT_VALUE("1"), BAD, "not an array"},
        {INTENT(ARRAY), NATIVE, TEXT_VALUE("[1, null]"), OK, "'{1,NULL}'"},
        {INTENT(ANY), NATIVE, REAL_VALUE(1.5), OK, "1.5"},
        {INTENT(TEXT), NATIVE, {.kind = DBW_KIND_NULL}, OK, "NULL"},
    };
    check(cases, DBW_COUNT(cases));
}

static void lengths_are_counted_in_characters(void **state)
{
    (void)state;
    dbw_plan_column column = column_of(DBW_INTENT_VARCHAR, DBW_READING_NATIVE);
    column.length = 3;
    dbw_value fits = TEXT_VALUE("\xc3\xa4\xc3\xb6\xc3\xbc"), too_long = TEXT_VALUE("abcd");
    dbw_value spaces = TEXT_VALUE("ab   ");
    assert_int_equal(convert(&column, &fits).verdict, OK);
    assert_string_equal(convert(&column, &too_long).shown, "longer than the column");
    assert_string_equal(convert(&column, &spaces).shown, "longer than the column");
    column.intent = DBW_INTENT_CHAR;
    column.target_canonical.pad_space = true;
    assert_int_equal(convert(&column, &spaces).verdict, OK);
}

/* Values of one row stay until the next, however large. */
static void a_rows_values_stay_until_the_next_row(void **state)
{
    (void)state;
    dbw_plan_column columns[3] = {
        column_of(DBW_INTENT_DECIMAL, DBW_READING_NATIVE),
        column_of(DBW_INTENT_TEXT, DBW_READING_NATIVE),
        column_of(DBW_INTENT_TEXT, DBW_READING_NATIVE),
    };
    columns[1].on_nul = DBW_REMEDY_STRIP;
    size_t size = 3 * 1024 * 1024;
    char *large = malloc(size);
    memset(large, 'x', size);
    large[5] = 0;
    dbw_value in[3] = {
        REAL_VALUE(12.5), {.kind = DBW_KIND_TEXT, .text = {large, size}}, INT_VALUE(7)};
    dbw_converter *converter = dbw_converter_new(columns, 3);
    for (int row = 0; row < 3; row++) {
        dbw_value out[3];
        const char *reason;
        dbw_converter_row(converter);
        for (size_t i = 0; i < 3; i++)
            assert_int_not_equal(dbw_convert(converter, i, &in[i], &out[i], &reason), BAD);
        assert_text_equal(out[0].text, "12.5");
        assert_int_equal(out[1].text.length, size - 1);
        assert_int_equal(out[1].text.data[size - 2], 'x');
        assert_text_equal(out[2].text, "7");
    }
    dbw_converter_free(converter);
    free(large);
}

/* --- what the target column cannot hold ------------------------------------------------------- */

static void limits_of_the_target_are_kept(void **state)
{
    (void)state;
    dbw_plan_column real = column_of(INTENT(FLOAT64), DBW_READING_NATIVE);
    real.limits = (dbw_limits){.finite = true};
    dbw_value endless = REAL_VALUE((double)INFINITY);
    struct outcome got = convert(&real, &endless);
    assert_int_equal(got.verdict, DBW_CONVERTED_BAD);
    assert_string_equal(got.shown, "the target has neither NaN nor infinity");

    dbw_plan_column decimal = column_of(INTENT(DECIMAL), DBW_READING_NATIVE);
    decimal.limits.finite = true;
    dbw_value nan = {.kind = DBW_KIND_DECIMAL, .text = DBW_TEXT("NaN")};
    assert_int_equal(convert(&decimal, &nan).verdict, DBW_CONVERTED_BAD);

    dbw_plan_column stamp = column_of(INTENT(TIMESTAMPTZ), DBW_READING_NATIVE);
    stamp.limits = (dbw_limits){.finite = true, .ranged = true, .least = 1000000, .most = 5000000};
    dbw_value before = {.kind = DBW_KIND_TIMESTAMPTZ, .int64 = 0};
    dbw_value within = {.kind = DBW_KIND_TIMESTAMPTZ, .int64 = 5000000};
    dbw_value never = {.kind = DBW_KIND_TIMESTAMPTZ, .int64 = DBW_INFINITY};
    got = convert(&stamp, &before);
    assert_int_equal(got.verdict, DBW_CONVERTED_BAD);
    assert_string_equal(got.shown, "out of the range of the target's type");
    assert_int_equal(convert(&stamp, &within).verdict, DBW_CONVERTED_AS_IS);
    got = convert(&stamp, &never);
    assert_string_equal(got.shown, "the target has no infinite date");

    dbw_plan_column text = column_of(INTENT(TEXT), DBW_READING_NATIVE);
    dbw_value nul = TEXT_VALUE("a\0b");
    assert_int_equal(convert(&text, &nul).verdict, DBW_CONVERTED_BAD);
    text.limits.takes_nul = true;
    assert_int_equal(convert(&text, &nul).verdict, DBW_CONVERTED_AS_IS);
    text.on_nul = DBW_REMEDY_STRIP;
    assert_int_equal(convert(&text, &nul).verdict, DBW_CONVERTED_ALTERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(decimals_never_lose_digits),
        cmocka_unit_test(dates_and_times),
        cmocka_unit_test(zones_are_added_where_the_column_says),
        cmocka_unit_test(a_coarser_column_cuts_and_says_so),
        cmocka_unit_test(remedies_alter_and_say_so),
        cmocka_unit_test(text_and_its_kin),
        cmocka_unit_test(lengths_are_counted_in_characters),
        cmocka_unit_test(a_rows_values_stay_until_the_next_row),
        cmocka_unit_test(limits_of_the_target_are_kept),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
