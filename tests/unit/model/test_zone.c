/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "model/zone_priv.h"

#include <time.h>

static int64_t local(int64_t year, int month, int day, int hour, int minute)
{
    return ((dbw_calendar_days(year, month, day) * 24 + hour) * 60 + minute) * INT64_C(60000000);
}

static const dbw_zone *zone_of(dbw_arena *arena, const char *name)
{
    const dbw_zone *zone;
    dbw_error error;
    dbw_error_clear(&error);
    if (dbw_zone_load(arena, name, &zone, &error) != DBW_OK)
        fail_msg("%s: %s", name, error.message);
    return zone;
}

static int shift(const dbw_zone *zone, int64_t at)
{
    return (int)((at - dbw_zone_to_utc(zone, at)) / 60000000);
}

static void clocks_of_berlin(void **state)
{
    (void)state;
    dbw_arena *arena = dbw_arena_new();
    const dbw_zone *berlin = zone_of(arena, "Europe/Berlin");
    assert_int_equal(shift(berlin, local(2024, 1, 15, 12, 0)), 60);
    assert_int_equal(shift(berlin, local(2024, 7, 15, 12, 0)), 120);
    assert_int_equal(shift(berlin, local(2024, 3, 31, 1, 59)), 60);
    assert_int_equal(shift(berlin, local(2024, 3, 31, 2, 30)), 60); /* no clock showed it */
    assert_int_equal(shift(berlin, local(2024, 3, 31, 3, 0)), 120);
    assert_int_equal(shift(berlin, local(2024, 10, 27, 2, 30)), 120); /* the first of two */
    assert_int_equal(shift(berlin, local(2024, 10, 27, 3, 0)), 60);
    /* Behind the last entry of the file the rule holds; before the first, the sun. */
    assert_int_equal(shift(berlin, local(2090, 7, 1, 0, 0)), 120);
    assert_int_equal(shift(berlin, local(2090, 12, 1, 0, 0)), 60);
    assert_int_equal(dbw_zone_offset(berlin, INT64_C(-4000000000)), 53 * 60 + 28);
    assert_int_equal(dbw_zone_to_utc(berlin, local(1969, 12, 31, 23, 59) + 1),
                     local(1969, 12, 31, 22, 59) + 1);
    dbw_arena_free(arena);
}

static void rules_are_read(void **state)
{
    (void)state;
    dbw_zone_rule rule;
    dbw_zone_change pair[2];
    assert_true(dbw_zone_rule_parse(DBW_TEXT("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"), &rule));
    assert_int_equal(rule.offset, 37800);
    assert_int_equal(rule.summer_offset, 39600);
    dbw_zone_rule_year(&rule, 2024, pair);
    assert_int_equal(pair[0].offset, 37800); /* summer ends in April there */
    assert_int_equal(pair[0].at, dbw_calendar_days(2024, 4, 7) * 86400 + 2 * 3600 - 39600);
    assert_true(dbw_zone_rule_parse(DBW_TEXT("EST5EDT,J60/0,365/-1:30"), &rule));
    dbw_zone_rule_year(&rule, 2024, pair);
    assert_int_equal(pair[0].at, dbw_calendar_days(2024, 3, 1) * 86400 + 5 * 3600);
    assert_int_equal(pair[1].at, dbw_calendar_days(2024, 12, 31) * 86400 - 5400 + 4 * 3600);
    assert_true(dbw_zone_rule_parse(DBW_TEXT("UTC0"), &rule));
    assert_false(rule.summer);
    static const char *const wrong[] = {"",           "X",
                                        "CET",        "CET-1CEST",
                                        "CET-25",     "CET-1CEST,M13.1.0,M10.5.0",
                                        "CET-1CEST,", "CET-1CEST,M3.5.0",
                                        "<+3-3",      "CET-1CEST,M3.5.0,M10.5.0x",
                                        "CET-1:60",   "CET-1CEST,M3.6.0,M10.5.7"};
    for (size_t i = 0; i < DBW_COUNT(wrong); i++)
        if (dbw_zone_rule_parse(dbw_text_of(wrong[i]), &rule))
            fail_msg("'%s' was taken", wrong[i]);
}

/* The C library reads the same files: both must show the same clock at every hour that we try. */
static void agrees_with_the_c_library(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Europe/Berlin",     "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
        "Africa/Casablanca", "Pacific/Apia",     "America/Santiago",    "Asia/Tehran",
        "Antarctica/Troll",  "Europe/Dublin",    "America/Nuuk",        "Etc/UTC"};
    for (size_t i = 0; i < DBW_COUNT(names); i++) {
        dbw_arena *arena = dbw_arena_new();
        const dbw_zone *zone = zone_of(arena, names[i]);
        setenv("TZ", dbw_arena_printf(arena, ":%s", names[i]), 1);
        tzset();
        for (int64_t at = INT64_C(-2500000000); at < INT64_C(4200000000); at += 3600 * 37 + 11) {
            time_t when = (time_t)at;
            struct tm shown;
            localtime_r(&when, &shown);
            if (dbw_zone_offset(zone, at) != shown.tm_gmtoff)
                fail_msg("%s at %lld: %d, not %ld", names[i], (long long)at,
                         dbw_zone_offset(zone, at), shown.tm_gmtoff);
            /* What the clock shows leads back to the instant, or to the first of two. */
            int64_t back = dbw_zone_to_utc(zone, (at + shown.tm_gmtoff) * 1000000) / 1000000;
            assert_true(back == at ||
                        (back < at && back + 7201 > at &&
                         back + dbw_zone_offset(zone, back) == at + shown.tm_gmtoff) ||
                        at - back == 86400);
        }
        dbw_arena_free(arena);
    }
    unsetenv("TZ");
    tzset();
}

static void what_is_no_zone(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",           "Europe/Nowhere", "../../etc/passwd", "/etc/passwd",
        "zone.tab",   "Europe",         "tzdata.zi",        "a b",
        "leapseconds"};
    for (size_t i = 0; i < DBW_COUNT(names); i++) {
        dbw_arena *arena = dbw_arena_new();
        const dbw_zone *zone;
        dbw_error error;
        dbw_error_clear(&error);
        assert_int_not_equal(dbw_zone_load(arena, names[i], &zone, &error), DBW_OK);
        assert_non_null(strstr(error.message, "time zone"));
        assert_null(zone);
        dbw_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_of_berlin),
        cmocka_unit_test(rules_are_read),
        cmocka_unit_test(agrees_with_the_c_library),
        cmocka_unit_test(what_is_no_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
