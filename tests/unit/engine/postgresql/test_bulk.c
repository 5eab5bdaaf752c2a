/* SPDX-License-Identifier: Apache-2.0 */
#include "postgresql.h"

#include <math.h>

static dbw_database *database;

static int open_fresh(void **state)
{
    make_arena(state);
    database = open_url(dbw_test_fresh_database("postgresql", "bulk"), NULL);
    return 0;
}

static int close_all(void **state)
{
    dbw_database_close(database);
    return free_arena(state);
}

/* --- help ------------------------------------------------------------------------------------- */

/** The table of that name as the catalog has it now. */
static const dbw_table *table_named(const char *name)
{
    dbw_schema *schema;
    assert_ok(&error, dbw_database_catalog(database, arena, NULL, &schema, &error));
    dbw_table *table = dbw_schema_table(schema, name);
    assert_non_null(table);
    return table;
}

static const size_t *all_columns(const dbw_table *table)
{
    size_t *columns = DBW_NEW_ARRAY(arena, table->column_count, size_t);
    for (size_t i = 0; i < table->column_count; i++)
        columns[i] = i;
    return columns;
}

static dbw_load_spec whole(const dbw_table *table)
{
    return (dbw_load_spec){
        .table = table, .columns = all_columns(table), .column_count = table->column_count};
}

/** Encodes rows and loads them inside the caller's transaction. */
static dbw_status load_rows(const dbw_load_spec *spec, const dbw_value *values, size_t count,
                            int64_t *rows, dbw_load_failure *failure)
{
    dbw_encoder *encoder;
    dbw_load *load;
    dbw_buffer out;
    dbw_buffer_init(&out, 64 << 20);
    assert_ok(&error, bulk()->encoder_new(spec, &encoder, &error));
    for (size_t i = 0; i < count; i++) {
        size_t bad;
        assert_ok(&error,
                  bulk()->encode_row(encoder, values + i * spec->column_count, &out, &bad, &error));
    }
    dbw_status status = bulk()->load_begin(database, spec, &load, &error);
    if (status == DBW_OK) {
        assert_ok(&error, bulk()->load_send(load, dbw_buffer_text(&out), count, &error));
        status = bulk()->load_end(load, rows, failure, &error);
    }
    bulk()->encoder_free(encoder);
    dbw_buffer_free(&out);
    return status;
}

/** Loads rows into all columns of a table, committed. */
static void load(const dbw_table *table, const dbw_value *values, size_t count)
{
    dbw_load_spec spec = whole(table);
    dbw_load_failure failure;
    int64_t rows;
    assert_ok(&error, dbw_begin(database, &error));
    assert_ok(&error, load_rows(&spec, values, count, &rows, &failure));
    assert_int_equal(rows, count);
    assert_int_equal(failure.row, -1);
    assert_ok(&error, dbw_commit(database, &error));
}

static dbw_scan whole_scan(const dbw_table *table)
{
    return (dbw_scan){.table = table,
                      .columns = all_columns(table),
                      .column_count = table->column_count,
                      .limit = -1};
}

/** Reads one row of each value and compares kind and content. */
static void expect_rows(const dbw_scan *scan, const dbw_value *expected, size_t count)
{
    dbw_rows *rows;
    const dbw_value *row;
    assert_ok(&error, bulk()->scan(database, scan, &rows, &error));
    for (size_t n = 0; n < count; n++) {
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        assert_non_null(row);
        for (size_t i = 0; i < scan->column_count; i++) {
            const dbw_value *wanted = &expected[n * scan->column_count + i];
            char *left = dbw_value_show(arena, &row[i], 100000);
            char *right = dbw_value_show(arena, wanted, 100000);
            if (row[i].kind != wanted->kind || strcmp(left, right) != 0)
                fail_msg("row %zu, column %s: %s %s, not %s %s", n, dbw_rows_name(rows, i),
                         dbw_kind_name(row[i].kind), left, dbw_kind_name(wanted->kind), right);
            if (wanted->kind == DBW_KIND_DOUBLE && !isnan(wanted->real))
                assert_memory_equal(&row[i].real, &wanted->real, 8);
        }
    }
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    assert_null(row);
    dbw_rows_close(rows);
}

/** One column `v` of that type takes the values, gives them back, and shows them as told. */
static void round_trip(const char *type, const dbw_value *values, size_t count,
                       const char *const *shown)
{
    run(database,
        dbw_arena_printf(arena, "DROP TABLE IF EXISTS trip; CREATE TABLE trip (v %s)", type));
    const dbw_table *table = table_named("trip");
    load(table, values, count);
    dbw_scan scan = whole_scan(table);
    expect_rows(&scan, values, count);
    dbw_rows *rows;
    const dbw_value *row;
    assert_ok(&error, dbw_fetch(database, "SELECT v::text FROM trip", NULL, 0, &rows, &error));
    for (size_t i = 0; i < count; i++) {
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        if (shown[i]) {
            assert_int_equal(row[0].kind, DBW_KIND_TEXT);
            if (!dbw_text_is(row[0].text, shown[i]))
                fail_msg("%s: the server has %s, not %s", type,
                         dbw_arena_text_string(arena, row[0].text), shown[i]);
        } else {
            assert_int_equal(row[0].kind, DBW_KIND_NULL);
        }
    }
    dbw_rows_close(rows);
}

#define ROUND_TRIP(type, values, ...)                                                              \
    do {                                                                                           \
        const char *const shown_[] = {__VA_ARGS__};                                                \
        assert_int_equal(DBW_COUNT(values), DBW_COUNT(shown_));                                    \
        round_trip(type, values, DBW_COUNT(values), shown_);                                       \
    } while (0)

static dbw_value decimal(const char *text)
{
    return (dbw_value){.kind = DBW_KIND_DECIMAL, .text = dbw_text_of(text)};
}

static dbw_value number(dbw_kind kind, int64_t value)
{
    return (dbw_value){.kind = kind, .int64 = value};
}

static dbw_value text_as(dbw_kind kind, const char *text)
{
    return (dbw_value){.kind = kind, .text = dbw_text_of(text)};
}

static dbw_value real(double value)
{
    return (dbw_value){.kind = DBW_KIND_DOUBLE, .real = value};
}

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

static void the_server_names_row_and_column(void **state)
{
    (void)state;
    run(database, "CREATE TABLE \"bad, line 77: x\" (id int PRIMARY KEY, name varchar(5), "
                  "j jsonb, \"odd: name\" text CHECK (\"odd: name\" <> 'no'))");
    const dbw_table *table = table_named("bad, line 77: x");
    dbw_load_spec spec = whole(table);
    dbw_load_failure failure;
    int64_t count;
    dbw_value rows[4000];
    for (int form = 0; form < 2; form++) {
        if (form) {
            run(database, "ALTER TABLE \"bad, line 77: x\" ADD extra int[]");
            spec = whole(table_named("bad, line 77: x"));
        }
        size_t width = spec.column_count;
        for (size_t i = 0; i < 500; i++) {
            dbw_value *row = rows + i * width;
            row[0] = dbw_value_int((int64_t)i);
            row[1] = dbw_value_string("a");
            row[2] = text_as(DBW_KIND_JSON, "{}");
            row[3] = DBW_NULL;
            if (width > 4)
                row[4] = DBW_NULL;
        }
        rows[321 * width + 2] = text_as(DBW_KIND_JSON, "{\"broken");
        assert_ok(&error, dbw_begin(database, &error));
        assert_int_equal(load_rows(&spec, rows, 500, &count, &failure), DBW_E_DATA);
        assert_string_equal(error.sqlstate, "22P02");
        assert_int_equal(failure.row, 321);
        assert_string_equal(failure.column, "j");
        assert_string_equal(error.object, "bad, line 77: x.j");
        dbw_rollback(database);

        rows[321 * width + 2] = DBW_NULL;
        rows[400 * width + 0] = dbw_value_int(399);
        assert_ok(&error, dbw_begin(database, &error));
        assert_int_equal(load_rows(&spec, rows, 500, &count, &failure), DBW_E_DATABASE);
        assert_string_equal(error.sqlstate, "23505");
        assert_int_equal(failure.row, 400);
        assert_null(failure.column);
        dbw_rollback(database);

        rows[400 * width + 0] = dbw_value_int(400);
        rows[250 * width + 3] = dbw_value_string("no");
        assert_ok(&error, dbw_begin(database, &error));
        assert_int_equal(load_rows(&spec, rows, 500, &count, &failure), DBW_E_DATABASE);
        assert_string_equal(error.sqlstate, "23514");
        assert_int_equal(failure.row, 250);
        dbw_rollback(database);

        rows[250 * width + 3] = dbw_value_text(DBW_TEXT("\xff"));
        assert_ok(&error, dbw_begin(database, &error));
        assert_int_equal(load_rows(&spec, rows, 500, &count, &failure), DBW_E_DATA);
        assert_string_equal(error.sqlstate, "22021");
        assert_int_equal(failure.row, 250);
        dbw_rollback(database);
    }
    assert_string_equal(look(database, "SELECT count(*) FROM \"bad, line 77: x\""), "0");
}

static void a_load_can_be_given_up(void **state)
{
    (void)state;
    run(database, "CREATE TABLE given_up (id int)");
    dbw_load_spec spec = whole(table_named("given_up"));
    dbw_load *load_handle;
    assert_ok(&error, dbw_begin(database, &error));
    assert_ok(&error, bulk()->load_begin(database, &spec, &load_handle, &error));
    char *many = dbw_arena_take(arena, 1000000);
    for (size_t i = 0; i < 100000; i++)
        memcpy(many + i * 10, "\0\1\0\0\0\4\0\0\0\7", 10);
    assert_ok(&error, bulk()->load_send(load_handle, (dbw_text){many, 1000000}, 100000, &error));
    bulk()->load_abort(load_handle);
    dbw_rollback(database);
    assert_string_equal(look(database, "SELECT count(*) FROM given_up"), "0");
    /* The same, ended: all rows are there. */
    int64_t rows;
    assert_ok(&error, dbw_begin(database, &error));
    assert_ok(&error, bulk()->load_begin(database, &spec, &load_handle, &error));
    for (int i = 0; i < 20; i++)
        assert_ok(&error,
                  bulk()->load_send(load_handle, (dbw_text){many, 1000000}, 100000, &error));
    assert_ok(&error, bulk()->load_end(load_handle, &rows, NULL, &error));
    assert_int_equal(rows, 2000000);
    assert_ok(&error, dbw_commit(database, &error));
    assert_string_equal(look(database, "SELECT sum(id) FROM given_up"), "14000000");
}

static void a_table_that_is_not_there_is_reported(void **state)
{
    (void)state;
    dbw_column column = {.name = "id", .type = {.intent = DBW_INTENT_INT32}};
    dbw_table table = {.name = "absent", .columns = &column, .column_count = 1};
    dbw_load_spec spec = whole(&table);
    dbw_load *load_handle;
    assert_fails(&error, DBW_E_NOT_FOUND,
                 "unable to load table 'absent': unable to run the statement: relation \"absent\" "
                 "does not exist",
                 bulk()->load_begin(database, &spec, &load_handle, &error));
    assert_null(load_handle);
    assert_ok(&error, dbw_database_ping(database, &error));
}

static void fresh_tables_are_loaded_frozen(void **state)
{
    (void)state;
    dbw_value row = dbw_value_int(1);
    int64_t rows;
    assert_ok(&error, bulk()->load_session(database, &error));
    assert_ok(&error, dbw_begin(database, &error));
    run(database, "CREATE TABLE frozen (id int)");
    dbw_column column = {.name = "id", .type = {.intent = DBW_INTENT_INT32}};
    dbw_table table = {.name = "frozen", .columns = &column, .column_count = 1};
    dbw_load_spec spec = whole(&table);
    spec.fresh = true;
    assert_ok(&error, load_rows(&spec, &row, 1, &rows, NULL));
    assert_ok(&error, dbw_commit(database, &error));
    assert_string_equal(dbw_test_query(dbw_test_url("postgresql-admin"), "SELECT 1"), "1");
    /* In a later transaction the server refuses: the caller was wrong. */
    assert_ok(&error, dbw_begin(database, &error));
    assert_int_equal(load_rows(&spec, &row, 1, &rows, NULL), DBW_E_DATABASE);
    assert_non_null(strstr(error.message, "cannot perform COPY FREEZE"));
    dbw_rollback(database);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void ranges_limits_and_order(void **state)
{
    (void)state;
    run(database, "CREATE TABLE ordered (a int, b text, c int, PRIMARY KEY (a, b)); "
                  "INSERT INTO ordered SELECT n / 10, 'k' || n % 10, n FROM "
                  "generate_series(0, 99) n ORDER BY random()");
    const dbw_table *table = table_named("ordered");
    static const size_t columns[] = {2};
    static const char *key[] = {"a", "b"};
    dbw_value from[] = {dbw_value_int(3), dbw_value_string("k7")};
    dbw_value to[] = {dbw_value_int(4), dbw_value_string("k2")};
    dbw_scan scan = {.table = table,
                     .columns = columns,
                     .column_count = 1,
                     .key = {key, 2},
                     .range = {from, to},
                     .limit = -1};
    dbw_value expected[] = {dbw_value_int(37), dbw_value_int(38), dbw_value_int(39),
                            dbw_value_int(40), dbw_value_int(41)};
    expect_rows(&scan, expected, 5);
    scan.offset = 1;
    scan.limit = 2;
    expect_rows(&scan, expected + 1, 2);
    scan.offset = 0;
    scan.limit = 0;
    expect_rows(&scan, expected, 0);
    scan.limit = 1;
    scan.range = (dbw_key_range){NULL, from};
    dbw_value first = dbw_value_int(0);
    expect_rows(&scan, &first, 1);
}

static void keys_of_every_type_bound_a_range(void **state)
{
    (void)state;
    static const struct {
        const char *type, *low, *high;
    } cases[] = {
        {"uuid", "'00000000-0000-0000-0000-000000000001'",
         "'f0000000-0000-0000-0000-000000000000'"},
        {"timestamptz", "'2026-01-01 00:00:00.000001+02'", "'2026-01-01 12:00'"},
        {"timestamp", "'4000-01-01 BC'", "'infinity'"},
        {"date", "'0044-03-15 BC'", "'2026-01-01'"},
        {"numeric", "-12345678901234567890.5", "0.1"},
        {"bytea", "'\\x00'", "'\\xff'"},
        {"text", "'it''s \\ \"x\"'", "'zzz'"},
        {"varchar(30)", "'a'", "'b'"},
        {"float8", "0.1", "'Infinity'"},
        {"boolean", "false", "true"},
        {"interval", "'-1 year 3 days'", "'1 day 00:00:00.000001'"},
        {"time", "'00:00'", "'24:00'"},
        {"smallint", "-5", "7"},
        {"inet", "'10.0.0.1'", "'10.0.0.2'"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        run(database, dbw_arena_printf(arena,
                                       "DROP TABLE IF EXISTS keyed; CREATE TABLE keyed (k %s "
                                       "PRIMARY KEY); INSERT INTO keyed VALUES (%s), (%s)",
                                       cases[i].type, cases[i].low, cases[i].high));
        const dbw_table *table = table_named("keyed");
        dbw_scan scan = whole_scan(table);
        static const char *key[] = {"k"};
        scan.key = (dbw_names){key, 1};
        dbw_rows *rows;
        const dbw_value *row;
        assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
        dbw_value values[2];
        for (int n = 0; n < 2; n++) {
            assert_ok(&error, dbw_rows_next(rows, &row, &error));
            values[n] = dbw_value_copy(arena, &row[0]);
        }
        dbw_rows_close(rows);
        scan.range = (dbw_key_range){&values[0], &values[1]};
        expect_rows(&scan, &values[0], 1);
        scan.range = (dbw_key_range){&values[1], NULL};
        expect_rows(&scan, &values[1], 1);
    }
}

static void a_scan_can_be_left_half_way_in_a_transaction(void **state)
{
    (void)state;
    run(database, "CREATE TABLE big AS SELECT n AS id, repeat('x', 500) AS t FROM "
                  "generate_series(1, 60000) n");
    dbw_scan scan = whole_scan(table_named("big"));
    dbw_rows *rows;
    const dbw_value *row;
    assert_ok(&error, dbw_begin(database, &error));
    run(database, "INSERT INTO big VALUES (0, 'mine')");
    for (int i = 0; i < 5; i++) {
        assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        dbw_rows_close(rows);
    }
    assert_string_equal(look(database, "SELECT count(*) FROM big"), "60001");
    assert_ok(&error, dbw_commit(database, &error));
    assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    dbw_rows_close(rows);
    assert_string_equal(look(database, "SELECT count(*) FROM big"), "60001");
    /* A scan that fails at once leaves the transaction usable as well. */
    dbw_table absent = *scan.table;
    absent.name = "absent";
    scan.table = &absent;
    assert_ok(&error, dbw_begin(database, &error));
    assert_int_equal(bulk()->scan(database, &scan, &rows, &error), DBW_E_NOT_FOUND);
    assert_string_equal(look(database, "SELECT 1"), "1");
    dbw_rollback(database);
}

static void readers_share_one_instant(void **state)
{
    (void)state;
    const char *url = dbw_test_fresh_database("postgresql", __func__);
    dbw_database *writer = open_url(url, NULL);
    run(writer, "CREATE TABLE t (id int); INSERT INTO t VALUES (1)");
    for (size_t readers = 1; readers <= 3; readers += 2) {
        dbw_snapshot *snapshot;
        bool changed = true;
        assert_ok(&error, bulk()->snapshot_open(url_of(url), NULL, readers, &snapshot, &error));
        assert_ok(&error, bulk()->snapshot_changed(snapshot, &changed, &error));
        assert_false(changed);
        const char *before = look(writer, "SELECT count(*) FROM t");
        run(writer, "INSERT INTO t VALUES (2)");
        for (size_t i = 0; i < readers; i++) {
            dbw_database *reader = bulk()->snapshot_reader(snapshot, i);
            assert_string_equal(look(reader, "SELECT count(*) FROM t"), before);
            assert_int_equal(dbw_execute(reader, "DELETE FROM t", NULL, 0, NULL, &error),
                             DBW_E_READ_ONLY);
        }
        assert_null(bulk()->snapshot_reader(snapshot, readers));
        assert_string_equal(bulk()->snapshot_note(snapshot),
                            readers > 1 ? "one exported snapshot for all readers"
                                        : "one read transaction");
        /* The writer's statistics are there once its session is over. */
        dbw_database_close(writer);
        for (int i = 0; i < 100 && !changed; i++)
            assert_ok(&error, bulk()->snapshot_changed(snapshot, &changed, &error));
        assert_true(changed);
        bulk()->snapshot_close(snapshot);
        writer = open_url(url, NULL);
    }
    dbw_database_close(writer);
}

static void tables_are_split_into_ranges(void **state)
{
    (void)state;
    run(database,
        "CREATE TABLE numbered (id bigint PRIMARY KEY, t text); "
        "INSERT INTO numbered SELECT n * 10, repeat('x', 100) FROM generate_series(1, 20000) n; "
        "CREATE TABLE lettered (id uuid PRIMARY KEY, t text); "
        "INSERT INTO lettered SELECT md5(n::text)::uuid, repeat('x', 100) FROM "
        "generate_series(1, 20000) n; ANALYZE numbered; ANALYZE lettered");
    static const char *const names[] = {"numbered", "lettered"};
    for (size_t i = 0; i < DBW_COUNT(names); i++) {
        const dbw_table *table = table_named(names[i]);
        dbw_value **bounds;
        size_t count;
        assert_ok(&error, bulk()->split(database, arena, table, &table->primary_key->columns,
                                        250000, &bounds, &count, &error));
        assert_in_range(count, 5, 24);
        /* Every row stands in exactly one range. */
        int64_t total = 0;
        for (size_t n = 0; n <= count; n++) {
            dbw_scan scan = whole_scan(table);
            scan.key = table->primary_key->columns;
            scan.range = (dbw_key_range){n ? bounds[n - 1] : NULL, n < count ? bounds[n] : NULL};
            dbw_rows *rows;
            const dbw_value *row;
            int64_t here = 0;
            assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
            for (;;) {
                assert_ok(&error, dbw_rows_next(rows, &row, &error));
                if (!row)
                    break;
                here++;
            }
            dbw_rows_close(rows);
            assert_in_range(here, 1, 8000);
            total += here;
        }
        assert_int_equal(total, 20000);
        assert_ok(&error, bulk()->split(database, arena, table, &table->primary_key->columns,
                                        1 << 30, &bounds, &count, &error));
        assert_int_equal(count, 0);
    }
}

static void extreme_keys_are_split_without_overflow(void **state)
{
    (void)state;
    run(database, dbw_arena_printf(arena,
                                   "CREATE TABLE extreme (id bigint PRIMARY KEY, t text); "
                                   "INSERT INTO extreme SELECT n, repeat('x', 1000) FROM "
                                   "generate_series(1, 2000) n; "
                                   "INSERT INTO extreme VALUES (%lld, ''), (%lld, '')",
                                   (long long)INT64_MIN, (long long)INT64_MAX));
    const dbw_table *table = table_named("extreme");
    dbw_value **bounds;
    size_t count;
    assert_ok(&error, bulk()->split(database, arena, table, &table->primary_key->columns, 100000,
                                    &bounds, &count, &error));
    assert_in_range(count, 5, 40);
    for (size_t i = 1; i < count; i++)
        assert_true(bounds[i][0].int64 > bounds[i - 1][0].int64);
    run(database, "TRUNCATE extreme");
    assert_ok(&error, bulk()->split(database, arena, table, &table->primary_key->columns, 1,
                                    &bounds, &count, &error));
    assert_int_equal(count, 0);
}

static void the_server_dies_amid_a_load(void **state)
{
    (void)state;
    dbw_database *victim = open_url(dbw_test_url("postgresql"), NULL);
    dbw_database *kept = database;
    database = victim;
    run(database, "CREATE TEMPORARY TABLE dying (id int)");
    dbw_column column = {.name = "id", .type = {.intent = DBW_INTENT_INT32}};
    dbw_table table = {.name = "dying", .columns = &column, .column_count = 1};
    dbw_load_spec spec = whole(&table);
    const char *pid = look(database, "SELECT pg_backend_pid()");
    dbw_load *load_handle;
    assert_ok(&error, dbw_begin(database, &error));
    assert_ok(&error, bulk()->load_begin(database, &spec, &load_handle, &error));
    dbw_test_query(dbw_test_url("postgresql-admin"),
                   dbw_arena_printf(arena, "SELECT pg_terminate_backend(%s)", pid));
    char *many = dbw_arena_take(arena, 1000000);
    for (size_t i = 0; i < 100000; i++)
        memcpy(many + i * 10, "\0\1\0\0\0\4\0\0\0\7", 10);
    dbw_status status = DBW_OK;
    for (int i = 0; i < 50 && status == DBW_OK; i++)
        status = bulk()->load_send(load_handle, (dbw_text){many, 1000000}, 100000, &error);
    int64_t rows;
    dbw_load_failure failure;
    dbw_status ended = bulk()->load_end(load_handle, &rows, &failure, &error);
    assert_int_equal(status == DBW_OK ? ended : status, DBW_E_UNREACHABLE);
    assert_int_equal(ended, DBW_E_UNREACHABLE);
    dbw_rollback(database);
    dbw_database_close(victim);
    database = kept;
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
        cmocka_unit_test(the_server_names_row_and_column),
        cmocka_unit_test(a_load_can_be_given_up),
        cmocka_unit_test(a_table_that_is_not_there_is_reported),
        cmocka_unit_test(fresh_tables_are_loaded_frozen),
        cmocka_unit_test(ranges_limits_and_order),
        cmocka_unit_test(keys_of_every_type_bound_a_range),
        cmocka_unit_test(a_scan_can_be_left_half_way_in_a_transaction),
        cmocka_unit_test(readers_share_one_instant),
        cmocka_unit_test(tables_are_split_into_ranges),
        cmocka_unit_test(extreme_keys_are_split_without_overflow),
        cmocka_unit_test(the_server_dies_amid_a_load),
    };
    return cmocka_run_group_tests(tests, open_fresh, close_all);
}
