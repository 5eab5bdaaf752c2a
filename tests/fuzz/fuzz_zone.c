/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A zone's file ("F…") or its rule ("R…"), however broken: whatever is taken has sane offsets, and
 * what its clock shows leads back to an instant at which it shows that.
 */
#include "model/zone_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void try_rule(dbw_text text)
{
    dbw_zone_rule rule;
    dbw_zone_change pair[2];
    if (!dbw_zone_rule_parse(text, &rule) || !rule.summer)
        return;
    for (int64_t year = 1900; year < 2300; year += 19) {
        dbw_zone_rule_year(&rule, year, pair);
        check(pair[0].at <= pair[1].at);
        check(dbw_calendar_civil(pair[0].at / 86400).year >= year - 1);
        check(dbw_calendar_civil(pair[1].at / 86400).year <= year + 1);
    }
}

static void try_zone(const dbw_zone *zone)
{
    for (int64_t at = INT64_C(-3000000000); at < INT64_C(9000000000); at += 86400 * 101 + 3599) {
        int32_t offset = dbw_zone_offset(zone, at);
        check(offset > -2 * 86400 && offset < 2 * 86400);
        int64_t back = dbw_zone_to_utc(zone, (at + offset) * 1000000) / 1000000;
        check(back <= at && back + dbw_zone_offset(zone, back) == at + offset);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    dbw_text text = {(const char *)data + 1, size - 1};
    if (data[0] == 'R') {
        try_rule(text);
        return 0;
    }
    dbw_arena *arena = dbw_arena_new();
    const dbw_zone *zone = dbw_zone_parse(arena, text);
    if (zone)
        try_zone(zone);
    dbw_arena_free(arena);
    return 0;
}
