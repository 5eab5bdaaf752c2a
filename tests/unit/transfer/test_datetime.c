/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "transfer/datetime.h"

enum { D = DBW_DATETIME_DATE, T = DBW_DATETIME_TIME, Z = DBW_DATETIME_ZONE, C = DBW_DATETIME_CUT };

static void reads_the_usual_spellings(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t local;
        unsigned parts;
        int32_t zone;
    } cases[] = {
        {"1970-01-01", 0, D, 0},
        {"2026-01-02", INT64_C(1767312000000000), D, 0},
        {"0001-01-01", INT64_C(-62135596800000000), D, 0},
        {"9999-12-31T23:59:59.999999", INT64_C(253402300799999999), D | T, 0},
        {"2024-02-29 00:00", INT64_C(1709164800000000), D | T, 0},
        {"1970-01-01T00:00:01", 1000000, D | T, 0},
        {"1970-01-01t00:00:01z", 1000000, D | T | Z, 0},
        {"1970-01-01 00:00:00.5", 500000, D | T, 0},
        {"1970-01-01 00:00:00,25", 250000, D | T, 0},
        {"1970-01-01 00:00:00.123456", 123456, D | T, 0},
        {"1970-01-01 00:00:00.123456000", 123456, D | T, 0},
        {"1970-01-01 00:00:00.123456789", 123456, D | T | C, 0},
        {"1970-01-01 00:00:00.1234569", 123456, D | T | C, 0},
        {"1970-01-01 00:00:00Z", 0, D | T | Z, 0},
        {"1970-01-01 00:00:00 UTC", 0, D | T | Z, 0},
        {"1970-01-01 02:00:00+02:00", INT64_C(7200000000), D | T | Z, 120},
        {"1970-01-01 02:00:00+0230", INT64_C(7200000000), D | T | Z, 150},
        {"1970-01-01 02:00:00-08", INT64_C(7200000000), D | T | Z, -480},
        {"1970-01-01 02:00:00.5 -03:30", INT64_C(7200500000), D | T | Z, -210},
        {"1970-01-01 02:00+02:00", INT64_C(7200000000), D | T | Z, 120},
        {"23:59", INT64_C(86340000000), T, 0},
        {"23:59:59.000001", INT64_C(86399000001), T, 0},
        {"12:00Z", INT64_C(43200000000), T | Z, 0},
        {"24:00:00", INT64_C(86400000000), T, 0},
        {"-0043-03-15", INT64_C(-63517824000000000), D, 0},
        {"+0000-12-31", INT64_C(-62135683200000000), D, 0},
        {"+12024-01-01 00:00:00Z", INT64_C(317273587200000000), D | T | Z, 0},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_datetime d;
        const char *reason = dbw_datetime_parse(dbw_text_of(cases[i].text), &d);
        if (reason)
            fail_msg("%s: %s", cases[i].text, reason);
        assert_int_equal(dbw_datetime_local(&d), cases[i].local);
        assert_int_equal(d.parts, cases[i].parts);
        assert_int_equal(d.zone_minutes, cases[i].zone);
    }
}

static void says_why_it_is_none(void **state)
{
    (void)state;
    static const char none[] = "not a date or time", zero[] = "a zero date",
                      no_date[] = "a date that does not exist",
                      no_time[] = "a time that does not exist", year[] = "a year outside 1 to 9999";
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"", none},
        {"today", none},
        {"2026", none},
        {"2026-1-2", none},
        {"20260102", none},
        {"02/01/2026", none},
        {"2026-01-023", none},
        {"2026-01-02x", none},
        {"2026-01-02 ", none},
        {" 2026-01-02", none},
        {"2026-01-02 1:00", none},
        {"2026-01-02 10", none},
        {"2026-01-02 10:00:0", none},
        {"2026-01-02 10:00:00.", none},
        {"2026-01-02 10:00:00.0000000000", none},
        {"2026-01-02 10:00:00+2", none},
        {"2026-01-02 10:00:00+02:", none},
        {"2026-01-02 10:00:00+16:00", none},
        {"2026-01-02 10:00:00+02:60", none},
        {"2026-01-02 10:00:00Zulu", none},
        {"2026-01-02 10:00:00 CET", none},
        {"+290001-01-02", none},
        {"-001-01-02", none},
        {"+2026", none},
        {"Infinity", none},
        {"2026-01-02 24:00:00.000001", no_time},
        {"24:00:01", no_time},
        {"0001-01-02 BC", none},
        {"0000-00-00", zero},
        {"0000-00-00 00:00:00", zero},
        {"2026-00-10", zero},
        {"2026-10-00", zero},
        {"0000-01-01", year},
        {"2026-02-29", no_date},
        {"1900-02-29", no_date},
        {"2026-13-01", no_date},
        {"2026-04-31", no_date},
        {"2026-01-02 24:00:00", no_time},
        {"2026-01-02 23:60:00", no_time},
        {"2026-01-02 23:59:60", no_time},
        {"99:00", no_time},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_datetime d;
        const char *reason = dbw_datetime_parse(dbw_text_of(cases[i].text), &d);
        if (!reason)
            fail_msg("%s was read", cases[i].text);
        assert_string_equal(reason, cases[i].reason);
        assert_int_equal(dbw_datetime_is_zero(dbw_text_of(cases[i].text)), cases[i].reason == zero);
    }
}

static void utc_takes_the_columns_zone_where_the_text_has_none(void **state)
{
    (void)state;
    dbw_datetime d;
    assert_null(dbw_datetime_parse(DBW_TEXT("1970-01-01 02:00"), &d));
    assert_int_equal(dbw_datetime_utc(&d, 120), 0);
    assert_null(dbw_datetime_parse(DBW_TEXT("1970-01-01 02:00Z"), &d));
    assert_int_equal(dbw_datetime_utc(&d, 120), INT64_C(7200000000));
    assert_null(dbw_datetime_parse(DBW_TEXT("1970-01-01 02:00-01:00"), &d));
    assert_int_equal(dbw_datetime_utc(&d, 120), INT64_C(10800000000));
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "2026-01-02", "2026-01-02 03:04:05",       "2026-01-02 03:04:05.000006",
        "03:04:05",   "2026-01-02 03:04:05-03:30", "2026-01-02 03:04:05.500000+00:00",
    };
    for (size_t i = 0; i < DBW_COUNT(texts); i++) {
        dbw_datetime d;
        char out[DBW_CALENDAR_TEXT];
        assert_null(dbw_datetime_parse(dbw_text_of(texts[i]), &d));
        dbw_datetime_format(&d, out);
        assert_string_equal(out, texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_usual_spellings),
        cmocka_unit_test(says_why_it_is_none),
        cmocka_unit_test(utc_takes_the_columns_zone_where_the_text_has_none),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
