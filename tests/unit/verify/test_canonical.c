/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "verify/canonical.h"

#include <math.h>

#define TEXT(t)                                                                                    \
    {                                                                                              \
        .kind = DBW_KIND_TEXT, .text = { t, sizeof(t) - 1 }                                        \
    }
#define DECIMAL(t)                                                                                 \
    {                                                                                              \
        .kind = DBW_KIND_DECIMAL, .text = { t, sizeof(t) - 1 }                                     \
    }
#define JSON(t)                                                                                    \
    {                                                                                              \
        .kind = DBW_KIND_JSON, .text = { t, sizeof(t) - 1 }                                        \
    }
#define BYTES(t)                                                                                   \
    {                                                                                              \
        .kind = DBW_KIND_BYTES, .text = { t, sizeof(t) - 1 }                                       \
    }
#define INT(n)                                                                                     \
    {                                                                                              \
        .kind = DBW_KIND_INT64, .int64 = (n)                                                       \
    }
#define REAL(n)                                                                                    \
    {                                                                                              \
        .kind = DBW_KIND_DOUBLE, .real = (n)                                                       \
    }
#define AT(k, n)                                                                                   \
    {                                                                                              \
        .kind = DBW_KIND_##k, .int64 = (n)                                                         \
    }

struct pair {
    dbw_intent intent;
    dbw_reading reading;
    dbw_value source;
    dbw_value target;
    bool equal;
};

#define NOON INT64_C(1767355200000000) /* 2026-01-02 12:00 */

static const struct pair pairs[] = {
    {DBW_INTENT_INT64, 0, INT(5), INT(5), true},
    {DBW_INTENT_INT64, 0, INT(5), INT(6), false},
    {DBW_INTENT_INT64, DBW_READING_NUMBER_TEXT, TEXT("005"), INT(5), true},
    {DBW_INTENT_INT64, 0, TEXT("abc"), TEXT("abc"), true},
    {DBW_INTENT_INT64, 0, TEXT("abc"), INT(0), false},
    {DBW_INTENT_INT64, 0, REAL(3.0), INT(3), true},
    {DBW_INTENT_INT64, 0, INT(INT64_MIN), INT(INT64_MIN), true},
    {DBW_INTENT_INT64, 0, INT(INT64_MAX), INT(INT64_MAX - 1), false},
    {DBW_INTENT_DECIMAL, 0, REAL(0.1), DECIMAL("0.1000"), true},
    {DBW_INTENT_DECIMAL, 0, REAL(19.99), DECIMAL("19.99"), true},
    {DBW_INTENT_DECIMAL, 0, REAL(1.0 / 3.0), DECIMAL("0.3333333333333333"), true},
    {DBW_INTENT_DECIMAL, 0, INT(100), DECIMAL("100.00"), true},
    {DBW_INTENT_DECIMAL, 0, TEXT("1e3"), DECIMAL("1000"), true},
    {DBW_INTENT_DECIMAL, 0, TEXT("-0.00"), DECIMAL("0"), true},
    {DBW_INTENT_DECIMAL, 0, TEXT("12345678901234567890.12345678901234567890"),
     DECIMAL("12345678901234567890.1234567890123456789"), true},
    {DBW_INTENT_DECIMAL, 0, TEXT("12345678901234567890.1"), DECIMAL("12345678901234567890.2"),
     false},
    {DBW_INTENT_DECIMAL, 0, TEXT("1.2.3"), DECIMAL("1.2"), false},
    {DBW_INTENT_FLOAT64, 0, REAL(-0.0), REAL(0.0), false},
    {DBW_INTENT_FLOAT64, 0, REAL((double)NAN), REAL(-(double)NAN), true},
    {DBW_INTENT_FLOAT64, 0, INT(3), REAL(3.0), true},
    {DBW_INTENT_FLOAT64, 0, INT(INT64_MAX), REAL(9223372036854775807.0), false},
    {DBW_INTENT_BOOLEAN, 0, INT(1), {.kind = DBW_KIND_BOOL, .boolean = true}, true},
    {DBW_INTENT_BOOLEAN, 0, INT(2), {.kind = DBW_KIND_BOOL, .boolean = true}, false},
    {DBW_INTENT_BOOLEAN,
     DBW_READING_BOOL_WORDS,
     TEXT("No"),
     {.kind = DBW_KIND_BOOL, .boolean = false},
     true},
    {DBW_INTENT_TEXT, 0, TEXT("a\0b"), TEXT("a\0b"), true},
    {DBW_INTENT_TEXT, 0, TEXT(""), {.kind = DBW_KIND_NULL}, false},
    {DBW_INTENT_TEXT, 0, INT(-7), TEXT("-7"), true},
    {DBW_INTENT_TEXT, 0, REAL(2.0), TEXT("2.0"), true},
    {DBW_INTENT_BYTES, 0, BYTES("\0\xff"), BYTES("\0\xff"), true},
    {DBW_INTENT_BYTES, 0, TEXT("ab"), BYTES("ab"), true},
    {DBW_INTENT_ANY, 0, TEXT("5"), INT(5), false},
    {DBW_INTENT_TIMESTAMP, DBW_READING_ISO, TEXT("2026-01-02 12:00:00"), AT(TIMESTAMP, NOON), true},
    {DBW_INTENT_TIMESTAMP, DBW_READING_ISO, TEXT("2026-01-02T12:00"), AT(TIMESTAMP, NOON), true},
    {DBW_INTENT_TIMESTAMP, DBW_READING_ISO, TEXT("2026-01-02T12:00:00Z"), AT(TIMESTAMP, NOON),
     true},
    {DBW_INTENT_TIMESTAMP, DBW_READING_ISO, TEXT("2026-01-02T12:00:00+01:00"), AT(TIMESTAMP, NOON),
     false},
    {DBW_INTENT_TIMESTAMP, DBW_READING_ISO, TEXT("2026-01-02 12:00:00.123456"),
     AT(TIMESTAMP, NOON + 123456), true},
    {DBW_INTENT_TIMESTAMP, DBW_READING_ISO, TEXT("2026-01-02 12:00:00.123456000"),
     AT(TIMESTAMP, NOON + 123456), true},
    {DBW_INTENT_TIMESTAMP, DBW_READING_ISO, TEXT("2026-01-02 12:00:00.1234567"),
     AT(TIMESTAMP, NOON + 123456), false},
    {DBW_INTENT_TIMESTAMP, DBW_READING_ISO, TEXT("2026-02-30 12:00:00"), AT(TIMESTAMP, NOON),
     false},
    {DBW_INTENT_TIMESTAMP, DBW_READING_ISO, TEXT("2026-01-02"),
     AT(TIMESTAMP, NOON - INT64_C(43200000000)), true},
    {DBW_INTENT_TIMESTAMP, DBW_READING_EPOCH_S, INT(1767355200), AT(TIMESTAMP, NOON), true},
    {DBW_INTENT_TIMESTAMP, DBW_READING_EPOCH_MS, INT(1767355200000), AT(TIMESTAMP, NOON), true},
    {DBW_INTENT_TIMESTAMP, DBW_READING_EPOCH_S, REAL(1767355200.5), AT(TIMESTAMP, NOON + 500000),
     true},
    {DBW_INTENT_TIMESTAMP, DBW_READING_JULIAN, REAL(2461043.0), AT(TIMESTAMP, NOON), true},
    {DBW_INTENT_TIMESTAMPTZ, DBW_READING_ISO, TEXT("2026-01-02 14:30:00+02:30"),
     AT(TIMESTAMPTZ, NOON), true},
    {DBW_INTENT_TIMESTAMPTZ, DBW_READING_ISO, TEXT("2026-01-02 07:00:00-0500"),
     AT(TIMESTAMPTZ, NOON), true},
    {DBW_INTENT_DATE, DBW_READING_ISO, TEXT("2026-01-02"), AT(DATE, 20455), true},
    {DBW_INTENT_DATE, DBW_READING_ISO, TEXT("2026-01-02 00:00:00"), AT(DATE, 20455), true},
    {DBW_INTENT_DATE, DBW_READING_ISO, TEXT("2026-01-02 00:00:01"), AT(DATE, 20455), false},
    {DBW_INTENT_TIME, DBW_READING_ISO, TEXT("03:04:05.5"), AT(TIME, INT64_C(11045500000)), true},
    {DBW_INTENT_UUID,
     DBW_READING_UUID_TEXT,
     TEXT("{00112233-4455-6677-8899-AABBCCDDEEFF}"),
     {.kind = DBW_KIND_UUID,
      .uuid = {0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd,
               0xee, 0xff}},
     true},
    {DBW_INTENT_UUID, DBW_READING_UUID_TEXT, TEXT("00112233"), {.kind = DBW_KIND_UUID}, false},
    {DBW_INTENT_INTERVAL,
     DBW_READING_EPOCH_US,
     INT(90000000),
     {.kind = DBW_KIND_INTERVAL, .interval = {90000000, 0, 0}},
     true},
};

static void pairs_mean_the_same_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < DBW_COUNT(pairs); i++) {
        dbw_canonical a = {.intent = pairs[i].intent, .reading = pairs[i].reading, .fraction = 6};
        dbw_canonical b = {.intent = pairs[i].intent, .fraction = 6};
        if (dbw_canonical_equal(&a, &pairs[i].source, &b, &pairs[i].target) != pairs[i].equal)
            fail_msg("pair %zu (%s)", i, dbw_intent_name(pairs[i].intent));
    }
}

static void json_is_compared_by_meaning(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {"{\"a\":1,\"b\":[1,2]}", " { \"b\" : [ 1 , 2.0 ] , \"a\" : 1e0 } ", true},
        {"{\"a\":1,\"a\":2}", "{\"a\":2}", true},
        {"{\"a\":1,\"a\":2}", "{\"a\":1}", false},
        {"[1,2]", "[2,1]", false},
        {"[[1],2]", "[1,[2]]", false},
        {"\"\\u00e4\\n\"", "\"\xc3\xa4\\n\"", true},
        {"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"", true},
        {"\"1\"", "1", false},
        {"null", "\"null\"", false},
        {"[]", "{}", false},
        {"{\"a\":{}}", "{\"a\":[]}", false},
        {"12345678901234567890", "12345678901234567891", false},
        {"true", "false", false},
        {"{", "{", true}, /* no JSON: compared as they are */
        {"{", "{ ", false},
        {"01", "1", false},
        {"\"\\ud800\"", "\"\\ud800\"", true},
    };
    const dbw_canonical column = {.intent = DBW_INTENT_JSONB};
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_value a = dbw_value_string(cases[i].a), b = dbw_value_string(cases[i].b);
        if (dbw_canonical_equal(&column, &a, &column, &b) != cases[i].equal)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
    }
}

static void deep_json_is_refused_not_followed(void **state)
{
    (void)state;
    char deep[2000];
    memset(deep, '[', sizeof deep);
    const dbw_canonical column = {.intent = DBW_INTENT_JSON};
    dbw_value a = {.kind = DBW_KIND_JSON, .text = {deep, sizeof deep}};
    dbw_rowhash *rowhash = dbw_rowhash_new(&column, 1, NULL, 0);
    dbw_hash row;
    uint32_t bucket;
    int odd;
    dbw_rowhash_row(rowhash, &a, &row, &bucket, &odd);
    assert_int_equal(odd, 0);
    dbw_rowhash_free(rowhash);
}

static void sums_do_not_depend_on_order(void **state)
{
    (void)state;
    const dbw_canonical columns[] = {{.intent = DBW_INTENT_INT64}, {.intent = DBW_INTENT_TEXT}};
    const size_t key[] = {0};
    dbw_rowhash *rowhash = dbw_rowhash_new(columns, 2, key, 1);
    dbw_sum *sums = calloc(3, sizeof *sums);
    char text[200];
    memset(text, 'x', sizeof text);
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < 5000; i++) {
            int n = side ? 4999 - i : i;
            dbw_value row[] = {dbw_value_int(n),
                               {.kind = DBW_KIND_TEXT, .text = {text, (size_t)(n % 200)}}};
            dbw_hash hash;
            uint32_t bucket;
            int odd;
            dbw_rowhash_row(rowhash, row, &hash, &bucket, &odd);
            assert_int_equal(odd, -1);
            dbw_sum_add(&sums[side], hash, bucket);
        }
    }
    assert_true(dbw_sum_equal(&sums[0], &sums[1]));
    char a[DBW_SUM_TEXT], b[DBW_SUM_TEXT];
    dbw_sum_text(&sums[0], a);
    dbw_sum_text(&sums[1], b);
    assert_string_equal(a, b);
    dbw_sum_merge(&sums[2], &sums[0]);
    assert_true(dbw_sum_equal(&sums[2], &sums[0]));
    dbw_sum_add(&sums[1], (dbw_hash){1, 0}, 7);
    assert_false(dbw_sum_equal(&sums[0], &sums[1]));
    free(sums);
    dbw_rowhash_free(rowhash);
}

static void neighbouring_columns_cannot_trade_bytes(void **state)
{
    (void)state;
    const dbw_canonical columns[] = {{.intent = DBW_INTENT_TEXT}, {.intent = DBW_INTENT_TEXT}};
    dbw_rowhash *rowhash = dbw_rowhash_new(columns, 2, NULL, 0);
    const dbw_value rows[][2] = {{TEXT("ab"), TEXT("c")}, {TEXT("a"), TEXT("bc")}};
    dbw_hash hashes[2];
    uint32_t bucket;
    int odd;
    for (int i = 0; i < 2; i++)
        dbw_rowhash_row(rowhash, rows[i], &hashes[i], &bucket, &odd);
    assert_memory_not_equal(&hashes[0], &hashes[1], sizeof hashes[0]);
    dbw_rowhash_free(rowhash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_mean_the_same_or_not),
        cmocka_unit_test(json_is_compared_by_meaning),
        cmocka_unit_test(deep_json_is_refused_not_followed),
        cmocka_unit_test(sums_do_not_depend_on_order),
        cmocka_unit_test(neighbouring_columns_cannot_trade_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
