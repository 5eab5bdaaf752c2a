/* SPDX-License-Identifier: Apache-2.0 */
/* Values of every type through encoder, COPY, server and decoder. */
#include "bulk_help.h"

/* --- every type there and back ---------------------------------------------------------------- */

static void integers_and_booleans(void **state)
{
    (void)state;
    dbw_value small[] = {dbw_value_int(INT16_MIN), dbw_value_int(0), dbw_value_int(INT16_MAX),
                         DBW_NULL};
    ROUND_TRIP("smallint", small, "-32768", "0", "32767", NULL);
    dbw_value middle[] = {dbw_value_int(INT32_MIN), dbw_value_int(-1), dbw_value_int(INT32_MAX)};
    ROUND_TRIP("integer", middle, "-2147483648", "-1", "2147483647");
    dbw_value large[] = {dbw_value_int(INT64_MIN), dbw_value_int(1), dbw_value_int(INT64_MAX)};
    ROUND_TRIP("bigint", large, "-9223372036854775808", "1", "9223372036854775807");
    dbw_value truth[] = {{.kind = DBW_KIND_BOOL, .boolean = true},
                         {.kind = DBW_KIND_BOOL, .boolean = false},
                         DBW_NULL};
    ROUND_TRIP("boolean", truth, "true", "false", NULL);
}

static void floating_point_to_the_bit(void **state)
{
    (void)state;
    dbw_value doubles[] = {
        real(0.1),       real(-0.0),        real(5e-324),           real(1.7976931348623157e308),
        real(1.0 / 3.0), real((double)NAN), real((double)INFINITY), real(-(double)INFINITY)};
    ROUND_TRIP("double precision", doubles, "0.1", "-0", "5e-324", "1.7976931348623157e+308",
               "0.3333333333333333", "NaN", "Infinity", "-Infinity");
    dbw_value singles[] = {real((double)0.1F), real((double)3.4028235e38F), real(-0.0),
                           real((double)1e-45F), real((double)NAN)};
    ROUND_TRIP("real", singles, "0.1", "3.4028235e+38", "-0", "1e-45", "NaN");
}

static void decimals_digit_by_digit(void **state)
{
    (void)state;
    dbw_value any[] = {
        decimal("0"),
        decimal("0.00"),
        decimal("-1"),
        decimal("1.10"),
        decimal("10000"),
        decimal("9999.9999"),
        decimal("100000000"),
        decimal("0.0001"),
        decimal("0.00010"),
        decimal("-0.00000000000000000001"),
        decimal("12345678901234567890.12345678901234"),
        decimal("NaN"),
        decimal("Infinity"),
        decimal("-Infinity"),
        decimal("1000000000000000000000000000000000000000"),
        decimal("0.1234567890123456789012345678901234567890"),
    };
    ROUND_TRIP("numeric", any, "0", "0.00", "-1", "1.10", "10000", "9999.9999", "100000000",
               "0.0001", "0.00010", "-0.00000000000000000001",
               "12345678901234567890.12345678901234", "NaN", "Infinity", "-Infinity",
               "1000000000000000000000000000000000000000",
               "0.1234567890123456789012345678901234567890");
    dbw_value money[] = {decimal("99999999.99"), decimal("-0.01"), decimal("5.00"), decimal("NaN")};
    ROUND_TRIP("numeric(10,2)", money, "99999999.99", "-0.01", "5.00", "NaN");
}

static void integers_become_decimals(void **state)
{
    (void)state;
    run(database, "CREATE TABLE wide (v numeric(20))");
    dbw_value in[] = {{.kind = DBW_KIND_UINT64, .uint64 = UINT64_MAX},
                      dbw_value_int(INT64_MIN),
                      dbw_value_int(0),
                      dbw_value_int(10000),
                      dbw_value_int(100000000),
                      dbw_value_int(-123456789)};
    load(table_named("wide"), in, DBW_COUNT(in));
    assert_string_equal(look(database, "SELECT string_agg(v::text, ' ') FROM wide"),
                        "'18446744073709551615 -9223372036854775808 0 10000 100000000 "
                        "-123456789'");
}

static void the_longest_decimal(void **state)
{
    (void)state;
    size_t whole_digits = 131072, fraction = 16383;
    char *text = dbw_arena_take(arena, whole_digits + fraction + 2);
    memset(text, '9', whole_digits);
    text[whole_digits] = '.';
    memset(text + whole_digits + 1, '7', fraction);
    run(database, "DROP TABLE IF EXISTS trip; CREATE TABLE trip (v numeric)");
    dbw_value in = decimal(text);
    load(table_named("trip"), &in, 1);
    dbw_scan scan = whole_scan(table_named("trip"));
    dbw_rows *rows;
    const dbw_value *row;
    assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    assert_true(dbw_text_equal(row[0].text, in.text));
    dbw_rows_close(rows);
}

static void text_of_all_kinds(void **state)
{
    (void)state;
    dbw_value texts[] = {dbw_value_string(""), dbw_value_string("h\xc3\xa4\tx\n\\N\r\x01"),
                         dbw_value_string("\xf0\x9f\x98\x80"), DBW_NULL, dbw_value_string("\\.")};
    ROUND_TRIP("text", texts, "", "h\xc3\xa4\tx\n\\N\r\x01", "\xf0\x9f\x98\x80", NULL, "\\.");
    dbw_value limited[] = {dbw_value_string("\xc3\xa4\xc3\xb6\xc3\xbc"), dbw_value_string("a ")};
    ROUND_TRIP("varchar(3)", limited, "\xc3\xa4\xc3\xb6\xc3\xbc", "a ");
    dbw_value padded[] = {dbw_value_string("ab   "), dbw_value_string("     ")};
    ROUND_TRIP("char(5)", padded, "ab", "");
    run(database, "CREATE TYPE mood AS ENUM ('sad', 'o''k, \"x\"')");
    dbw_value moods[] = {dbw_value_string("sad"), dbw_value_string("o'k, \"x\"")};
    ROUND_TRIP("mood", moods, "sad", "o'k, \"x\"");
}

static void bytes_and_bits(void **state)
{
    (void)state;
    dbw_value bytes[] = {{.kind = DBW_KIND_BYTES, .text = DBW_TEXT("\0\1\\\xff")},
                         {.kind = DBW_KIND_BYTES, .text = DBW_TEXT("")}};
    ROUND_TRIP("bytea", bytes, "\\x00015cff", "\\x");
    dbw_value fixed[] = {text_as(DBW_KIND_BIT, "101000001"), text_as(DBW_KIND_BIT, "000000000")};
    ROUND_TRIP("bit(9)", fixed, "101000001", "000000000");
    dbw_value varying[] = {text_as(DBW_KIND_BIT, ""), text_as(DBW_KIND_BIT, "1"),
                           text_as(DBW_KIND_BIT, "0000000011111111")};
    ROUND_TRIP("bit varying", varying, "", "1", "0000000011111111");
}

static void dates_and_times(void **state)
{
    (void)state;
    dbw_value dates[] = {number(DBW_KIND_DATE, 0),
                         number(DBW_KIND_DATE, 10957),
                         number(DBW_KIND_DATE, -2440588),
                         number(DBW_KIND_DATE, 2145042905),
                         number(DBW_KIND_DATE, DBW_INFINITY),
                         number(DBW_KIND_DATE, DBW_MINUS_INFINITY)};
    ROUND_TRIP("date", dates, "1970-01-01", "2000-01-01", "4714-11-24 BC", "5874897-12-31",
               "infinity", "-infinity");
    dbw_value times[] = {number(DBW_KIND_TIME, 0), number(DBW_KIND_TIME, 86399999999),
                         number(DBW_KIND_TIME, 86400000000)};
    ROUND_TRIP("time", times, "00:00:00", "23:59:59.999999", "24:00:00");
    dbw_value stamps[] = {number(DBW_KIND_TIMESTAMP, 0),
                          number(DBW_KIND_TIMESTAMP, -1),
                          number(DBW_KIND_TIMESTAMP, INT64_C(-210866803200000000)),
                          number(DBW_KIND_TIMESTAMP, INT64_MAX - 1),
                          number(DBW_KIND_TIMESTAMP, DBW_INFINITY),
                          number(DBW_KIND_TIMESTAMP, DBW_MINUS_INFINITY)};
    ROUND_TRIP("timestamp", stamps, "1970-01-01 00:00:00", "1969-12-31 23:59:59.999999",
               "4714-11-24 00:00:00 BC", "294247-01-10 04:00:54.775806", "infinity", "-infinity");
    dbw_value zoned[] = {number(DBW_KIND_TIMESTAMPTZ, 1234567890123456), DBW_NULL};
    ROUND_TRIP("timestamptz", zoned, "2009-02-13 23:31:30.123456+00", NULL);
    dbw_value coarse[] = {number(DBW_KIND_TIMESTAMP, 1500000)};
    ROUND_TRIP("timestamp(1)", coarse, "1970-01-01 00:00:01.5");
    dbw_value spans[] = {
        {.kind = DBW_KIND_INTERVAL, .interval = {-3661000001, 3, -14}},
        {.kind = DBW_KIND_INTERVAL, .interval = {INT64_MAX, INT32_MIN, INT32_MAX}},
        {.kind = DBW_KIND_INTERVAL, .interval = {0, 0, 0}},
    };
    ROUND_TRIP("interval", spans, "-1 years -2 mons +3 days -01:01:01.000001",
               "178956970 years 7 mons -2147483648 days +2562047788:00:54.775807", "00:00:00");
}

static void a_time_beyond_our_range_is_never_another_one(void **state)
{
    (void)state;
    run(database, "DROP TABLE IF EXISTS trip; CREATE TABLE trip (v timestamp); "
                  "INSERT INTO trip VALUES ('294276-12-31 23:59:59')");
    dbw_scan scan = whole_scan(table_named("trip"));
    dbw_rows *rows;
    const dbw_value *row;
    assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
    assert_fails(&error, DBW_E_DATA,
                 "unable to read a row: a time after the year 294246 cannot be carried",
                 dbw_rows_next(rows, &row, &error));
    dbw_rows_close(rows);
    assert_ok(&error, dbw_database_ping(database, &error));
}

static void uuids_and_json(void **state)
{
    (void)state;
    dbw_value uuids[] = {{.kind = DBW_KIND_UUID,
                          .uuid = {0xa0, 0xee, 0xbc, 0x99, 0x9c, 0x0b, 0x4e, 0xf8, 0xbb, 0x6d, 0x6b,
                                   0xb9, 0xbd, 0x38, 0x0a, 0x11}}};
    ROUND_TRIP("uuid", uuids, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
    dbw_value plain[] = {text_as(DBW_KIND_JSON, "{\"b\":1,  \"a\":\"\\u0000\"}")};
    ROUND_TRIP("json", plain, "{\"b\":1,  \"a\":\"\\u0000\"}");
    dbw_value binary[] = {text_as(DBW_KIND_JSON, "{\"a\": 1.50, \"b\": [null, \"x\"]}"),
                          text_as(DBW_KIND_JSON, "null")};
    ROUND_TRIP("jsonb", binary, "{\"a\": 1.50, \"b\": [null, \"x\"]}", "null");
}

static void what_has_no_binary_form_goes_as_text(void **state)
{
    (void)state;
    run(database, "CREATE TABLE exotic (id integer, a text[], i inet, r int4range, z timetz, "
                  "n numeric(6,2), t text, b bytea, s timestamptz, u uuid, f double precision, "
                  "y boolean, j jsonb, d date, w interval, k bit(3))");
    const dbw_table *table = table_named("exotic");
    dbw_value rows[] = {
        dbw_value_int(-5),
        text_as(DBW_KIND_ARRAY, "{a,\"b \\\"c\\\\\",NULL,\"\"}"),
        dbw_value_string("10.0.0.1/8"),
        dbw_value_string("[1,5)"),
        dbw_value_string("12:00:00+02"),
        decimal("1234.50"),
        dbw_value_string("tab\t newline\n back\\slash \\N \r"),
        {.kind = DBW_KIND_BYTES, .text = DBW_TEXT("\0\\\n")},
        number(DBW_KIND_TIMESTAMPTZ, -62135596800000001),
        {.kind = DBW_KIND_UUID, .uuid = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}},
        real(0.1),
        {.kind = DBW_KIND_BOOL, .boolean = true},
        text_as(DBW_KIND_JSON, "{\"a\": \"\\n\"}"),
        number(DBW_KIND_DATE, -800000),
        {.kind = DBW_KIND_INTERVAL, .interval = {-1, -2, 3}},
        text_as(DBW_KIND_BIT, "101"),
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
        DBW_NULL,
    };
    load(table, rows, 2);
    dbw_scan scan = whole_scan(table);
    expect_rows(&scan, rows, 2);
}

static void domains_are_their_base_type(void **state)
{
    (void)state;
    run(database, "CREATE DOMAIN positive AS numeric(8,3) CHECK (VALUE > 0); "
                  "CREATE DOMAIN more AS positive NOT NULL; CREATE DOMAIN list AS int[]; "
                  "CREATE TABLE domains (a positive, b more, c list)");
    const dbw_table *table = table_named("domains");
    assert_int_equal(table->columns[1].type.intent, DBW_INTENT_DECIMAL);
    assert_int_equal(table->columns[1].type.precision, 8);
    assert_string_equal(table->columns[1].type.spelling, "more");
    assert_false(table->columns[1].nullable);
    assert_int_equal(table->columns[2].type.intent, DBW_INTENT_ARRAY);
    dbw_value rows[] = {decimal("1.500"), decimal("99999.999"), text_as(DBW_KIND_ARRAY, "{1,2}")};
    load(table, rows, 1);
    dbw_scan scan = whole_scan(table);
    expect_rows(&scan, rows, 1);
}

static void generated_columns_and_identities_take_what_is_sent(void **state)
{
    (void)state;
    run(database, "CREATE TABLE made (id bigint GENERATED ALWAYS AS IDENTITY, n int, "
                  "twice int GENERATED ALWAYS AS (n * 2) STORED)");
    const dbw_table *table = table_named("made");
    static const size_t columns[] = {1, 0};
    dbw_load_spec spec = {.table = table, .columns = columns, .column_count = 2};
    dbw_value rows[] = {dbw_value_int(7), dbw_value_int(100)};
    int64_t count;
    assert_ok(&error, dbw_begin(database, &error));
    assert_ok(&error, load_rows(&spec, rows, 1, &count, NULL));
    assert_ok(&error, dbw_commit(database, &error));
    assert_string_equal(look(database, "SELECT id || ' ' || n || ' ' || twice FROM made"),
                        "'100 7 14'");
}

/* --- what cannot be stored -------------------------------------------------------------------- */

static void values_that_do_not_fit_are_named(void **state)
{
    (void)state;
    static const char out_of_range[] = "the value is out of range";
    static const char wrong_kind[] = "the value is of another kind than the column";
    static const char finer[] = "the column keeps fewer digits behind the point";
    static const char nul[] = "PostgreSQL takes no NUL byte in text";
    const struct {
        const char *type, *spelling;
        dbw_value value;
        const char *reason;
    } cases[] = {
        {"smallint", "smallint", dbw_value_int(32768), out_of_range},
        {"smallint", "smallint", dbw_value_int(-32769), out_of_range},
        {"integer", "integer", dbw_value_int(INT64_C(2147483648)), out_of_range},
        {"bigint", "bigint", {.kind = DBW_KIND_UINT64, .uint64 = UINT64_MAX}, out_of_range},
        {"bigint", "bigint", dbw_value_string("5"), wrong_kind},
        {"boolean", "boolean", dbw_value_int(1), wrong_kind},
        {"real", "real", real(0.1), "the value does not fit into four bytes without loss"},
        {"real", "real", real(1e300), "the value does not fit into four bytes without loss"},
        {"numeric(5,2)", "numeric(5,2)", decimal("1.005"), finer},
        {"numeric(20)", "numeric(20,0)", decimal("0.5"), finer},
        {"numeric", "numeric", decimal("1e5"), "the value is not a number"},
        {"numeric", "numeric", decimal(""), "the value is not a number"},
        {"numeric", "numeric", decimal("-"), "the value is not a number"},
        {"numeric", "numeric", decimal("."), "the value is not a number"},
        {"numeric", "numeric", decimal(" 1"), "the value is not a number"},
        {"text", "text", dbw_value_text(DBW_TEXT("a\0b")), nul},
        {"jsonb", "jsonb", {.kind = DBW_KIND_JSON, .text = DBW_TEXT("\"\0\"")}, nul},
        {"varchar(2)", "character varying(2)", dbw_value_string("abc"),
         "the text is longer than the column allows"},
        {"varchar(2)", "character varying(2)", dbw_value_string("ab "),
         "the text is longer than the column allows"},
        {"char(2)", "character(2)", dbw_value_string("abc"),
         "the text is longer than the column allows"},
        {"time", "time without time zone", number(DBW_KIND_TIME, -1),
         "PostgreSQL's time is from 00:00 to 24:00"},
        {"time", "time without time zone", number(DBW_KIND_TIME, 86400000001),
         "PostgreSQL's time is from 00:00 to 24:00"},
        {"timestamp(3)", "timestamp(3) without time zone", number(DBW_KIND_TIMESTAMP, 1500), finer},
        {"timestamp(0)", "timestamp(0) without time zone", number(DBW_KIND_TIMESTAMP, -500000),
         finer},
        {"timestamp", "timestamp without time zone",
         number(DBW_KIND_TIMESTAMP, INT64_C(-210866803200000001)), out_of_range},
        {"timestamp", "timestamp without time zone", number(DBW_KIND_TIMESTAMPTZ, 0), wrong_kind},
        {"date", "date", number(DBW_KIND_DATE, -2440589), out_of_range},
        {"date", "date", number(DBW_KIND_DATE, 2145042906), out_of_range},
        {"bit(3)", "bit(3)", text_as(DBW_KIND_BIT, "012"), "a bit string holds 0 and 1 only"},
        {"uuid", "uuid", dbw_value_string("x"), wrong_kind},
    };
    for (size_t form = 0; form < 2; form++) { /* binary, then text */
        for (size_t i = 0; i < DBW_COUNT(cases); i++) {
            run(database, dbw_arena_printf(
                              arena, "DROP TABLE IF EXISTS trip; CREATE TABLE trip (n int, v %s%s)",
                              cases[i].type, form ? ", a int[]" : ""));
            dbw_load_spec spec = whole(table_named("trip"));
            dbw_encoder *encoder;
            dbw_buffer out;
            size_t bad = 99;
            char expected[300];
            dbw_value row[] = {dbw_value_int(1), cases[i].value, DBW_NULL};
            snprintf(expected, sizeof expected, "unable to store a value in column 'v' (%s): %s",
                     cases[i].spelling, cases[i].reason);
            dbw_buffer_init(&out, 1 << 20);
            dbw_buffer_add_string(&out, "before");
            assert_ok(&error, bulk()->encoder_new(&spec, &encoder, &error));
            assert_fails(&error, DBW_E_DATA, expected,
                         bulk()->encode_row(encoder, row, &out, &bad, &error));
            assert_int_equal(bad, 1);
            assert_string_equal(error.object, "v");
            assert_text_equal(dbw_buffer_text(&out), "before");
            bulk()->encoder_free(encoder);
            dbw_buffer_free(&out);
        }
    }
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_and_booleans),
        cmocka_unit_test(floating_point_to_the_bit),
        cmocka_unit_test(decimals_digit_by_digit),
        cmocka_unit_test(integers_become_decimals),
        cmocka_unit_test(the_longest_decimal),
        cmocka_unit_test(text_of_all_kinds),
        cmocka_unit_test(bytes_and_bits),
        cmocka_unit_test(dates_and_times),
        cmocka_unit_test(a_time_beyond_our_range_is_never_another_one),
        cmocka_unit_test(uuids_and_json),
        cmocka_unit_test(what_has_no_binary_form_goes_as_text),
        cmocka_unit_test(domains_are_their_base_type),
        cmocka_unit_test(generated_columns_and_identities_take_what_is_sent),
        cmocka_unit_test(values_that_do_not_fit_are_named),
    };
    return cmocka_run_group_tests(tests, open_fresh, close_all);
}
