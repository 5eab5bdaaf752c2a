/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The converter and the verification's canonicaliser share no code, and must agree: what is
 * converted as it is, means the same before and after; what a value means is not lost on the way.
 */
#include "../test.h"

#include "transfer/convert.h"
#include "verify/canonical.h"

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

static const char *const texts[] = {
    "",
    "0",
    "1",
    "-1",
    "007",
    "1.50",
    "-0.0",
    "1e3",
    "1E-3",
    ".5",
    "5.",
    "99999999999999999999",
    "123456789012345678901234567890.5",
    "0.1",
    "1e400",
    "NaN",
    "Infinity",
    "t",
    "TRUE",
    "off",
    "yes",
    "abc",
    "caf\xc3\xa9",
    "trailing  ",
    "2026-01-02",
    "2026-01-02 03:04",
    "2026-01-02T03:04:05",
    "2026-01-02 03:04:05.6",
    "2026-01-02 03:04:05.678901",
    "2026-01-02 03:04:05.6789010",
    "2026-01-02 03:04:05.678901234",
    "2026-01-02 03:04:05Z",
    "2026-01-02 03:04:05+02:00",
    "2026-01-02 03:04:05 -0330",
    "2026-01-02 03:04:05 UTC",
    "2026-01-02 00:00:00",
    "03:04",
    "03:04:05.25",
    "23:59:59.999999",
    "24:00:00",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31 23:59:59",
    "10000-01-01",
    "{}",
    "[1, 2.50, -0]",
    "{\"b\":1,\"a\":[true,null,\"x\\u00e4\"]}",
    "\"text\"",
    "null",
    "[",
    "\"\\u0000\"",
    "00112233445566778899aabbccddeeff",
    "00112233-4455-6677-8899-AABBCCDDEEFF",
    "{00112233-4455-6677-8899-aabbccddeeff}",
    "0101",
    "{1,2}",
};
static const int64_t integers[] = {0,
                                   1,
                                   -1,
                                   2,
                                   255,
                                   32767,
                                   32768,
                                   2147483647,
                                   2147483648,
                                   1700000000,
                                   -1700000000,
                                   1700000000123,
                                   86400,
                                   INT64_C(1700000000123456),
                                   INT64_C(9007199254740993),
                                   INT64_MAX,
                                   INT64_MIN};
static const double reals[] = {0.0,
                               -0.0,
                               1.0,
                               0.5,
                               9.99,
                               0.1 + 0.2,
                               1e15,
                               1e16,
                               1e22,
                               1e-7,
                               -12.25,
                               3e300,
                               5e-324,
                               2440587.5,
                               2460310.75,
                               2460310.123456789,
                               1700000000.25,
                               1700000000.123456,
                               19.989999999999995,
                               123456.789,
                               1.0 / 3.0};

static const dbw_intent intents[] = {
    DBW_INTENT_ANY,         DBW_INTENT_BOOLEAN,  DBW_INTENT_INT16,   DBW_INTENT_INT32,
    DBW_INTENT_INT64,       DBW_INTENT_UINT64,   DBW_INTENT_FLOAT32, DBW_INTENT_FLOAT64,
    DBW_INTENT_DECIMAL,     DBW_INTENT_CHAR,     DBW_INTENT_VARCHAR, DBW_INTENT_TEXT,
    DBW_INTENT_BYTES,       DBW_INTENT_DATE,     DBW_INTENT_TIME,    DBW_INTENT_TIMESTAMP,
    DBW_INTENT_TIMESTAMPTZ, DBW_INTENT_INTERVAL, DBW_INTENT_UUID,    DBW_INTENT_JSON,
    DBW_INTENT_JSONB,       DBW_INTENT_BIT,      DBW_INTENT_ARRAY,
};

static int64_t tried, converted;

static void try_value(dbw_intent intent, dbw_reading reading, int16_t scale, int8_t fraction,
                      int32_t zone, const dbw_value *in)
{
    dbw_plan_column column = {
        .intent = intent,
        .reading = reading,
        .zone_minutes = zone,
        .target_canonical = {.intent = intent,
                             .scale = scale,
                             .fraction = fraction,
                             .pad_space = intent == DBW_INTENT_CHAR},
    };
    if (intent == DBW_INTENT_ARRAY) { /* what becomes an array is JSON, as plan.c has it */
        column.target_canonical.intent = DBW_INTENT_JSON;
        column.target_canonical.array = true;
        column.element = column.target_canonical.element = DBW_INTENT_DECIMAL;
    }
    column.source_canonical = column.target_canonical;
    column.source_canonical.reading = reading;
    column.source_canonical.zone_minutes = zone;
    dbw_converter *converter = dbw_converter_new(&column, 1);
    const char *reason = "";
    dbw_value out;
    dbw_converter_row(converter);
    dbw_converted verdict = dbw_convert(converter, 0, in, &out, &reason);
    tried++;
    bool equal = verdict != DBW_CONVERTED_BAD &&
                 dbw_canonical_equal(&column.source_canonical, in, &column.target_canonical, &out);
    converted += verdict == DBW_CONVERTED_AS_IS;
    if (verdict == DBW_CONVERTED_AS_IS && !equal)
        fail_msg("%s as %s, reading %d, became %s, which means something else",
                 dbw_value_show(arena, in, 60), dbw_intent_name(intent), (int)reading,
                 dbw_value_show(arena, &out, 60));
    if (verdict == DBW_CONVERTED_ALTERED && equal)
        fail_msg("%s as %s, reading %d, was altered to %s, which means the same",
                 dbw_value_show(arena, in, 60), dbw_intent_name(intent), (int)reading,
                 dbw_value_show(arena, &out, 60));
    dbw_converter_free(converter);
}

static void try_everywhere(const dbw_value *in)
{
    for (size_t i = 0; i < DBW_COUNT(intents); i++) {
        for (int reading = DBW_READING_NATIVE; reading <= DBW_READING_NUMBER_TEXT; reading++) {
            try_value(intents[i], (dbw_reading)reading, -1, 6, 0, in);
            try_value(intents[i], (dbw_reading)reading, 2, 0, 0, in);
            try_value(intents[i], (dbw_reading)reading, 0, 3, 90, in);
        }
    }
}

static void what_is_converted_means_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < DBW_COUNT(texts); i++) {
        dbw_value text = dbw_value_string(texts[i]);
        dbw_value bytes = text;
        bytes.kind = DBW_KIND_BYTES;
        try_everywhere(&text);
        try_everywhere(&bytes);
    }
    for (size_t i = 0; i < DBW_COUNT(integers); i++) {
        dbw_value value = dbw_value_int(integers[i]);
        try_everywhere(&value);
    }
    for (size_t i = 0; i < DBW_COUNT(reals); i++) {
        dbw_value value = {.kind = DBW_KIND_DOUBLE, .real = reals[i]};
        try_everywhere(&value);
    }
    static char deep[600];
    for (size_t depth = 250; depth < 260; depth++) {
        memset(deep, '[', depth);
        memset(deep + depth, ']', depth);
        dbw_value value = dbw_value_text((dbw_text){deep, 2 * depth});
        try_everywhere(&value);
    }
    dbw_value null = DBW_NULL;
    try_everywhere(&null);
    assert_true(converted > tried / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_converted_means_the_same),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
