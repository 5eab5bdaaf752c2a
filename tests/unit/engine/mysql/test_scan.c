/* SPDX-License-Identifier: Apache-2.0 */
/* Reading tables: values exactly as they are kept, ranges by any key, snapshots. */
#include "source_help.h"

static void values_come_as_they_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *type, *literal, *shown;
    } cases[] = {
        {"TINYINT", "-128", "int64 -128"},
        {"TINYINT UNSIGNED", "255", "int64 255"},
        {"TINYINT(1)", "1", "int64 1"},
        {"TINYINT(1)", "-7", "int64 -7"},
        {"SMALLINT UNSIGNED", "65535", "int64 65535"},
        {"MEDIUMINT", "-8388608", "int64 -8388608"},
        {"MEDIUMINT UNSIGNED", "16777215", "int64 16777215"},
        {"INT", "-2147483648", "int64 -2147483648"},
        {"INT UNSIGNED", "4294967295", "int64 4294967295"},
        {"BIGINT", "-9223372036854775808", "int64 -9223372036854775808"},
        {"BIGINT UNSIGNED", "9223372036854775807", "int64 9223372036854775807"},
        {"BIGINT UNSIGNED", "18446744073709551615", "uint64 18446744073709551615"},
        {"DECIMAL(65,30)", "-12345678901234567890123456789012345.123456789012345678901234567890",
         "decimal -12345678901234567890123456789012345.123456789012345678901234567890"},
        {"DECIMAL(9,3) ZEROFILL", "12.5", "decimal 12.500"},
        {"DECIMAL(9,3) ZEROFILL", "0", "decimal 0.000"},
        {"BIT", "b'1'", "bit '1'"},
        {"BIT(8)", "b'101'", "bit '00000101'"},
        {"BIT(64)", "x'8000000000000001'",
         "bit '1000000000000000000000000000000000000000000000000000000000000001'"},
        {"YEAR", "2155", "int64 2155"},
        {"YEAR", "0", "int64 0"},
        {"DATE", "'2024-02-29'", "date 2024-02-29"},
        {"DATE", "'9999-12-31'", "date 9999-12-31"},
        {"DATE", "'0001-01-01'", "date 0001-01-01"},
        {"DATE", "'0000-00-00'", "text '0000-00-00'"},
        {"DATE", "'2024-00-15'", "text '2024-00-15'"},
        {"DATE", "'0000-05-06'", "text '0000-05-06'"},
        {"DATE", "'2023-02-31'", "text '2023-02-31'"},
        {"DATETIME(6)", "'2024-02-29 23:59:59.999999'", "timestamp 2024-02-29 23:59:59.999999"},
        {"DATETIME", "'1000-01-01 00:00:00'", "timestamp 1000-01-01 00:00:00"},
        {"DATETIME", "'0000-00-00'", "text '0000-00-00 00:00:00'"},
        {"DATETIME(3)", "'2024-05-00 01:02:03.004'", "text '2024-05-00 01:02:03.004000'"},
        {"TIMESTAMP(3) NULL", "'2038-01-19 03:14:07.5'", "timestamptz 2038-01-19 03:14:07.500000Z"},
        {"TIMESTAMP NULL", "'0000-00-00'", "text '0000-00-00 00:00:00'"},
        {"TIME(6)", "'-838:59:59'", "time -838:59:59"},
        {"TIME(6)", "'838:59:58.999999'", "time 838:59:58.999999"},
        {"TIME(2)", "'-00:00:00.01'", "time -00:00:00.010000"},
        {"TIME", "'00:00:00'", "time 00:00:00"},
        {"CHAR(5)", "'ab  '", "text 'ab'"},
        {"VARCHAR(9)", "'ab  '", "text 'ab  '"},
        {"VARCHAR(20)", "'\xf0\x9f\x98\x80\\0z'", "text '\xf0\x9f\x98\x80\\x00z'"},
        {"VARCHAR(9) CHARACTER SET latin1", "'\xc3\xa9\xe2\x82\xac'",
         "text '\xc3\xa9\xe2\x82\xac'"},
        {"VARCHAR(9) CHARACTER SET utf16", "'\xf0\x9f\x98\x80'", "text '\xf0\x9f\x98\x80'"},
        {"TEXT", "''", "text ''"},
        {"LONGBLOB", "x'00ff27'", "bytes x'00ff27'"},
        {"BINARY(4)", "x'01'", "bytes x'01000000'"},
        {"ENUM('a','b,c')", "'b,c'", "text 'b,c'"},
        {"ENUM('a','b,c')", "0", "text ''"},
        {"SET('a','b','c')", "'c,a'", "text 'a,c'"},
        {"SET('a','b','c')", "''", "text ''"},
        {"JSON", "'{\"a\": [1, null]}'", "text '{\"a\": [1, null]}'"},
        {"UUID", "'6ccd780c-baba-1026-9564-5b8c656024db'",
         "uuid 6ccd780c-baba-1026-9564-5b8c656024db"},
        {"INET4", "'192.168.0.1'", "text '192.168.0.1'"},
        {"INET6", "'2001:db8::ff00:42:8329'", "text '2001:db8::ff00:42:8329'"},
        {"POINT", "ST_GeomFromText('POINT(1.1 -2)')", "text 'POINT(1.1 -2)'"},
        {"POINT", "ST_GeomFromText('POINT(1 2)', 4326)", "text 'SRID=4326;POINT(1 2)'"},
        {"INT", "NULL", "null NULL"},
        {"POINT", "NULL", "null NULL"},
    };
    run("SET SESSION sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'");
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        run(dbw_arena_printf(arena, "CREATE OR REPLACE TABLE kept (v %s)", cases[i].type));
        run(dbw_arena_printf(arena, "INSERT INTO kept VALUES (%s)", cases[i].literal));
        dbw_scan scan = whole_scan(table_named("kept"));
        const char *shown = scanned(database, &scan);
        if (strcmp(shown, cases[i].shown) != 0)
            fail_msg("%s %s: %s, not %s", cases[i].type, cases[i].literal, shown, cases[i].shown);
    }
}

static void floats_are_exact_to_the_bit(void **state)
{
    (void)state;
    static const double doubles[] = {0.1,    -2.5,    1.7976931348623157e308,
                                     5e-324, 1.0 / 3, 123456.789};
    dbw_rows *rows;
    const dbw_value *row;
    run("CREATE OR REPLACE TABLE reals (id INT PRIMARY KEY, f FLOAT, d DOUBLE)");
    for (size_t i = 0; i < DBW_COUNT(doubles); i++) {
        dbw_value values[] = {dbw_value_int((int64_t)i),
                              {.kind = DBW_KIND_DOUBLE, .real = i == 2 ? 1e38 : doubles[i]},
                              {.kind = DBW_KIND_DOUBLE, .real = doubles[i]}};
        assert_ok(&error, dbw_execute(database, "INSERT INTO reals VALUES (?, ?, ?)", values, 3,
                                      NULL, &error));
    }
    dbw_scan scan = whole_scan(table_named("reals"));
    scan.key = (dbw_names){.items = (const char *[]){"id"}, .count = 1};
    assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
    for (size_t i = 0; i < DBW_COUNT(doubles); i++) {
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        double single = (double)(float)(i == 2 ? 1e38 : doubles[i]);
        assert_memory_equal(&row[1].real, &single, 8);
        assert_memory_equal(&row[2].real, &doubles[i], 8);
    }
    dbw_rows_close(rows);
}

static const char *numbers_between(const dbw_table *table, const dbw_names *key,
                                   const dbw_value *from, const dbw_value *to, int64_t offset,
                                   int64_t limit)
{
    static const size_t columns[] = {0};
    dbw_scan scan = {.table = table,
                     .columns = columns,
                     .column_count = 1,
                     .key = *key,
                     .range = {from, to},
                     .offset = offset,
                     .limit = limit};
    return scanned(database, &scan);
}

static void ranges_limits_and_order(void **state)
{
    (void)state;
    run("CREATE OR REPLACE TABLE ordered (n INT, a INT, b VARCHAR(9) COLLATE utf8mb4_general_ci, "
        "PRIMARY KEY (a, b)); INSERT INTO ordered VALUES (1, 1, 'a'), (2, 1, 'B'), (3, 1, 'c'), "
        "(4, 2, 'A'), (5, 2, 'b'), (6, 3, 'a')");
    const dbw_table *table = table_named("ordered");
    dbw_names key = {.items = (const char *[]){"a", "b"}, .count = 2};
    dbw_value from[] = {dbw_value_int(1), dbw_value_string("b")};
    dbw_value to[] = {dbw_value_int(2), dbw_value_string("B")};
    assert_string_equal(numbers_between(table, &key, from, to, 0, -1), "int64 2\nint64 3\nint64 4");
    assert_string_equal(numbers_between(table, &key, NULL, from, 0, -1), "int64 1");
    assert_string_equal(numbers_between(table, &key, to, NULL, 0, -1), "int64 5\nint64 6");
    assert_string_equal(numbers_between(table, &key, NULL, NULL, 4, -1), "int64 5\nint64 6");
    assert_string_equal(numbers_between(table, &key, from, NULL, 1, 2), "int64 3\nint64 4");
    /* One row for each range, none twice, by an index. */
    assert_string_equal(numbers_between(table, &key, from, from, 0, -1), "");
}

static void keys_of_every_type_make_ranges(void **state)
{
    (void)state;
    static const struct {
        const char *type, *values[4];
    } cases[] = {
        {"INT", {"-5", "0", "3", "7"}},
        {"BIGINT UNSIGNED",
         {"1", "9223372036854775807", "9223372036854775808", "18446744073709551615"}},
        {"DECIMAL(40,2)",
         {"-1.50", "99999999999999999999999999999999999990.00",
          "99999999999999999999999999999999999990.01",
          "99999999999999999999999999999999999990.02"}},
        {"DOUBLE", {"-1e300", "0.1", "0.2", "1e300"}},
        {"FLOAT", {"-0.1", "0.1", "0.2", "0.3"}},
        {"DATE", {"'1999-12-31'", "'2000-01-01'", "'2000-01-02'", "'2024-02-29'"}},
        {"DATETIME(6)",
         {"'1999-12-31 00:00:00'", "'2000-01-01 00:00:00.000001'", "'2000-01-01 00:00:00.000002'",
          "'2024-02-29 00:00:00'"}},
        {"TIMESTAMP(6)",
         {"'1999-12-31 00:00:00'", "'2000-01-01 00:00:00.000001'", "'2000-01-01 00:00:00.000002'",
          "'2024-02-29 00:00:00'"}},
        {"TIME", {"'-838:59:59'", "'-00:00:01'", "'00:00:00'", "'838:59:59'"}},
        {"VARCHAR(9)", {"'a'", "'B'", "'c'", "'\xc3\xa9'"}},
        {"VARCHAR(9) COLLATE utf8mb4_bin", {"'B'", "'a'", "'c'", "'\xc3\xa9'"}},
        {"VARCHAR(9) CHARACTER SET latin1", {"'a'", "'B'", "'\xc3\xa9'", "'z'"}},
        {"BINARY(2)", {"x'0000'", "x'00ff'", "x'7f00'", "x'ff00'"}},
        {"VARBINARY(4)", {"x''", "x'00'", "x'0000'", "x'ff'"}},
        {"ENUM('z','y','a')", {"'z'", "'y'", "'a'", NULL}},
        {"SET('z','a')", {"''", "'z'", "'a'", "'z,a'"}},
        {"BIT(8)", {"b'0'", "b'1'", "b'10000000'", "b'11111111'"}},
        {"UUID",
         {"'00000000-0000-0000-0000-000000000001'", "'10000000-0000-0000-0000-000000000000'", NULL,
          NULL}},
        {"YEAR", {"0", "1901", "2000", "2155"}},
    };
    dbw_names key = {.items = (const char *[]){"k"}, .count = 1};
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        int count = 0;
        run(dbw_arena_printf(arena, "CREATE OR REPLACE TABLE ranged (k %s NOT NULL PRIMARY KEY)",
                             cases[i].type));
        for (; count < 4 && cases[i].values[count]; count++)
            run(dbw_arena_printf(arena, "INSERT INTO ranged VALUES (%s)", cases[i].values[count]));
        const dbw_table *table = table_named("ranged");
        dbw_scan scan = whole_scan(table);
        scan.key = key;
        /* Every key as a bound: what is below and what is not make up the whole. */
        const char *all = scanned(database, &scan);
        dbw_rows *rows;
        const dbw_value *row;
        dbw_value keys[4];
        assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
        for (int n = 0; n < count; n++) {
            assert_ok(&error, dbw_rows_next(rows, &row, &error));
            keys[n] = dbw_value_copy(arena, &row[0]);
        }
        dbw_rows_close(rows);
        for (int n = 1; n < count; n++) {
            scan.range = (dbw_key_range){NULL, &keys[n]};
            const char *below = scanned(database, &scan);
            scan.range = (dbw_key_range){&keys[n], NULL};
            const char *rest = scanned(database, &scan);
            int lines = 1;
            for (const char *at = below; *at; at++)
                lines += *at == '\n';
            const char *both = dbw_arena_printf(arena, "%s\n%s", below, rest);
            if (strcmp(both, all) != 0 || lines != n)
                fail_msg("%s, bound %s: %s, not %s", cases[i].type,
                         dbw_value_show(arena, &keys[n], 60), both, all);
        }
    }
}

static void long_values_and_scans_left_half_way(void **state)
{
    (void)state;
    run("CREATE OR REPLACE TABLE big (id INT PRIMARY KEY, t LONGTEXT)");
    run("INSERT INTO big VALUES (1, REPEAT('x', 5000000)), (2, 'y')");
    run("CREATE OR REPLACE TABLE many (id INT PRIMARY KEY, t VARCHAR(200)); "
        "INSERT INTO many SELECT seq, REPEAT('z', 200) FROM seq_1_to_60000");
    dbw_scan scan = whole_scan(table_named("big"));
    scan.key = (dbw_names){.items = (const char *[]){"id"}, .count = 1};
    dbw_rows *rows;
    const dbw_value *row;
    assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    assert_int_equal(row[1].text.length, 5000000);
    assert_true(row[1].text.data[0] == 'x' && row[1].text.data[4999999] == 'x');
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    assert_text_equal(row[1].text, "y");
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    assert_null(row);
    dbw_rows_close(rows);
    assert_ok(&error, dbw_begin(database, &error));
    run("INSERT INTO big VALUES (3, 'mine')");
    scan = whole_scan(table_named("many"));
    assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    assert_fails(&error, DBW_E_INTERNAL, "unable to run a statement: a query is still open",
                 dbw_execute(database, "SELECT 1", NULL, 0, NULL, &error));
    dbw_rows_close(rows);
    /* The transaction is where it was, and the connection is good for more. */
    dbw_value value;
    for (int i = 0; i < 3; i++) {
        assert_ok(&error, dbw_fetch_value(database, arena, "SELECT COUNT(*) FROM big", NULL, 0,
                                          &value, &error));
        assert_int_equal(value.int64, 3);
    }
    dbw_rollback(database);
}

static void a_table_that_is_not_there_is_reported(void **state)
{
    (void)state;
    static const size_t columns[] = {0};
    dbw_column column = {.name = "id", .type = {.intent = DBW_INTENT_INT32}};
    dbw_table table = {.name = "absent", .columns = &column, .column_count = 1};
    dbw_scan scan = {.table = &table, .columns = columns, .column_count = 1, .limit = -1};
    dbw_rows *rows;
    assert_int_equal(bulk()->scan(database, &scan, &rows, &error), DBW_E_NOT_FOUND);
    assert_string_equal(error.sqlstate, "42S02");
    assert_null(rows);
    assert_non_null(strstr(error.message, "absent"));
    assert_ok(&error, dbw_database_ping(database, &error));
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "mysql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_as_they_are_kept),
        cmocka_unit_test(floats_are_exact_to_the_bit),
        cmocka_unit_test(ranges_limits_and_order),
        cmocka_unit_test(keys_of_every_type_make_ranges),
        cmocka_unit_test(long_values_and_scans_left_half_way),
        cmocka_unit_test(a_table_that_is_not_there_is_reported),
    };
    return cmocka_run_group_tests(tests, open_fresh, close_all);
}
