/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "transfer/duration.h"
#include "verify/canonical.h"

static void iso_durations_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dbw_interval interval;
    } cases[] = {
        {"P1Y2M3DT4H5M6.789S", {INT64_C(14706789000), 3, 14}},
        {"P0Y-1M1DT0H0M-1S", {-1000000, 1, -1}},
        {"PT0.000001S", {1, 0, 0}},
        {"PT-0.000001S", {-1, 0, 0}},
        {"P2W", {0, 14, 0}},
        {"P1M", {0, 0, 1}},
        {"PT1M", {60000000, 0, 0}},
        {"PT2562047788H0M54.775807S", {INT64_C(9223372036854775807) - INT64_C(0), 0, 0}},
        {"P-178956970Y-8M-2147483648D", {0, INT32_MIN, INT32_MIN}},
        {"PT1.5000000S", {1500000, 0, 0}},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_interval read;
        const char *reason = dbw_duration_parse(dbw_text_of(cases[i].text), &read);
        if (i == 7) {
            /* 2562047788 hours and 54.775807 seconds: the last of 64 bits. */
            assert_null(reason);
            assert_int_equal(read.microseconds, INT64_C(9223372036854775807));
            continue;
        }
        if (reason)
            fail_msg("%s: %s", cases[i].text, reason);
        assert_int_equal(read.microseconds, cases[i].interval.microseconds);
        assert_int_equal(read.days, cases[i].interval.days);
        assert_int_equal(read.months, cases[i].interval.months);
    }
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"", "not an interval"},
        {"P", "not an interval"},
        {"PT", "not an interval"},
        {"P1", "not an interval"},
        {"1D", "not an interval"},
        {"P1D2M", "not an interval"},
        {"P1D1D", "not an interval"},
        {"P1DT", "not an interval"},
        {"P1H", "not an interval"},
        {"P0.5D", "not an interval"},
        {"PT1S ", "not an interval"},
        {"PT0.0000001S", "an interval finer than microseconds"},
        {"P2147483648D", "an interval out of range"},
        {"PT99999999999999999999H", "an interval out of range"},
        {"PT2562047789H", "an interval out of range"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_interval read;
        const char *reason = dbw_duration_parse(dbw_text_of(cases[i].text), &read);
        if (!reason || strcmp(reason, cases[i].reason) != 0)
            fail_msg("'%s': %s", cases[i].text, reason ? reason : "was read");
    }
}

static void the_verification_reads_them_alike(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dbw_interval interval;
        bool equal;
    } cases[] = {
        {"P1Y2M3DT4H5M6.789S", {INT64_C(14706789000), 3, 14}, true},
        {"P14M3DT14706.789S", {INT64_C(14706789000), 3, 14}, true},
        {"P1Y2M3DT4H5M6.788S", {INT64_C(14706789000), 3, 14}, false},
        {"P30D", {0, 0, 1}, false},
        {"PT24H", {0, 1, 0}, false},
        {"one day", {0, 1, 0}, false},
    };
    dbw_canonical column = {.intent = DBW_INTENT_INTERVAL, .scale = -1, .fraction = 6};
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_value text = dbw_value_string(cases[i].text);
        dbw_value interval = {.kind = DBW_KIND_INTERVAL, .interval = cases[i].interval};
        if (dbw_canonical_equal(&column, &text, &column, &interval) != cases[i].equal)
            fail_msg("%s", cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_durations_are_read),
        cmocka_unit_test(what_is_none_is_refused),
        cmocka_unit_test(the_verification_reads_them_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
