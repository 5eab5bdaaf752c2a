/* SPDX-License-Identifier: Apache-2.0 */
#include "postgresql.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static dbw_database *open_app(const dbw_open_options *options)
{
    return open_url(dbw_test_url("postgresql"), options);
}

/* --- the server ------------------------------------------------------------------------------- */

static void describes_the_server(void **state)
{
    (void)state;
    dbw_server server;
    dbw_database *database = open_url(dbw_test_fresh_database("postgresql", __func__), NULL);
    assert_ok(&error, dbw_database_ping(database, &error));
    assert_ok(&error, dbw_database_describe(database, arena, &server, &error));
    assert_string_equal(server.product, "PostgreSQL");
    assert_true(server.version_number >= 120000);
    assert_string_equal(server.user, "app");
    assert_non_null(strstr(server.tls, ", identity not checked"));
    assert_false(server.superuser);
    assert_true(server.can_create_tables);
    assert_true(server.can_create_database);
    assert_false(server.read_only);
    assert_int_equal(server.table_count, 0);
    assert_true(server.empty);
    run(database, "CREATE TABLE a (id int); CREATE TEMPORARY TABLE b (id int)");
    assert_ok(&error, dbw_database_describe(database, arena, &server, &error));
    assert_int_equal(server.table_count, 1);
    assert_false(server.empty);
    dbw_database_close(database);
}

static void a_superuser_is_one(void **state)
{
    (void)state;
    dbw_server server;
    dbw_database *database = open_url(dbw_test_url("postgresql-admin"), NULL);
    assert_ok(&error, dbw_database_describe(database, arena, &server, &error));
    assert_true(server.superuser);
    dbw_database_close(database);
}

static void a_function_alone_makes_it_not_empty(void **state)
{
    (void)state;
    dbw_server server;
    dbw_database *database = open_url(dbw_test_fresh_database("postgresql", __func__), NULL);
    run(database, "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    assert_ok(&error, dbw_database_describe(database, arena, &server, &error));
    assert_int_equal(server.table_count, 0);
    assert_false(server.empty);
    dbw_database_close(database);
}

/* --- values ----------------------------------------------------------------------------------- */

static void values_go_there_and_back(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    dbw_value in[] = {
        {.kind = DBW_KIND_BOOL, .boolean = true},
        dbw_value_int(INT64_MIN),
        dbw_value_int(-1),
        {.kind = DBW_KIND_UINT64, .uint64 = UINT64_MAX},
        {.kind = DBW_KIND_DOUBLE, .real = 0.1},
        {.kind = DBW_KIND_DOUBLE, .real = 5e-324},
        {.kind = DBW_KIND_DECIMAL, .text = DBW_TEXT("-12345678901234567890.0010")},
        dbw_value_string("it's \\ \xf0\x9f\x98\x80 ? $1"),
        dbw_value_string(""),
        {.kind = DBW_KIND_BYTES, .text = DBW_TEXT("\0\xff\\'x")},
        {.kind = DBW_KIND_BYTES, .text = DBW_TEXT("")},
        {.kind = DBW_KIND_DATE, .int64 = -800000},
        {.kind = DBW_KIND_TIME, .int64 = 86400000000},
        {.kind = DBW_KIND_TIMESTAMP, .int64 = -1},
        {.kind = DBW_KIND_TIMESTAMPTZ, .int64 = 1234567890123456},
        {.kind = DBW_KIND_TIMESTAMPTZ, .int64 = DBW_MINUS_INFINITY},
        {.kind = DBW_KIND_INTERVAL,
         .interval = {.microseconds = -3661000001, .days = 3, .months = -14}},
        {.kind = DBW_KIND_UUID, .uuid = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255}},
        DBW_NULL,
    };
    dbw_value *row;
    assert_ok(&error,
              dbw_fetch_one(database, arena,
                            "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?", in,
                            DBW_COUNT(in), &row, &error));
    for (size_t i = 0; i < DBW_COUNT(in); i++) {
        dbw_value expected = in[i];
        if (expected.kind == DBW_KIND_UINT64)
            expected =
                (dbw_value){.kind = DBW_KIND_DECIMAL, .text = dbw_text_of("18446744073709551615")};
        assert_int_equal(row[i].kind, expected.kind);
        assert_string_equal(dbw_value_show(arena, &row[i], 100),
                            dbw_value_show(arena, &expected, 100));
    }
    assert_memory_equal(&row[5].real, &in[5].real, 8);
    dbw_database_close(database);
}

static void text_of_every_type_is_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *shown;
        dbw_kind kind;
    } cases[] = {
        {"SELECT true", "true", DBW_KIND_BOOL},
        {"SELECT 5::smallint", "5", DBW_KIND_INT64},
        {"SELECT 4294967295::oid", "4294967295", DBW_KIND_INT64},
        {"SELECT '-0'::float8", "-0.0", DBW_KIND_DOUBLE},
        {"SELECT 'NaN'::float8", "nan", DBW_KIND_DOUBLE},
        {"SELECT 1.10::numeric", "1.10", DBW_KIND_DECIMAL},
        {"SELECT 'NaN'::numeric", "NaN", DBW_KIND_DECIMAL},
        {"SELECT 'ab '::char(5)", "'ab   '", DBW_KIND_TEXT},
        {"SELECT 'abc'::varchar", "'abc'", DBW_KIND_TEXT},
        {"SELECT 'abc'::name", "'abc'", DBW_KIND_TEXT},
        {"SELECT '0044-03-15 BC'::date", "-0043-03-15", DBW_KIND_DATE},
        {"SELECT 'infinity'::date", "infinity", DBW_KIND_DATE},
        {"SELECT '24:00'::time", "24:00:00", DBW_KIND_TIME},
        {"SELECT '12:00:00.000001'::time", "12:00:00.000001", DBW_KIND_TIME},
        {"SELECT '2026-01-02 03:04:05.5'::timestamp", "2026-01-02 03:04:05.500000",
         DBW_KIND_TIMESTAMP},
        {"SELECT '2026-01-02 03:04:05+05:30'::timestamptz", "2026-01-01 21:34:05Z",
         DBW_KIND_TIMESTAMPTZ},
        {"SELECT '0001-01-01 00:00:00 BC'::timestamp", "+0000-01-01 00:00:00", DBW_KIND_TIMESTAMP},
        {"SELECT '-infinity'::timestamptz", "-infinity", DBW_KIND_TIMESTAMPTZ},
        {"SELECT '12:00+01'::timetz", "'12:00:00+01'", DBW_KIND_TEXT},
        {"SELECT '{\"a\": 1}'::json", "'{\"a\": 1}'", DBW_KIND_JSON},
        {"SELECT '{\"a\":1}'::jsonb", "'{\"a\": 1}'", DBW_KIND_JSON},
        {"SELECT '{1,NULL}'::int[]", "'{1,NULL}'", DBW_KIND_TEXT},
        {"SELECT B'0101'", "'0101'", DBW_KIND_BIT},
        {"SELECT '10.0.0.1/8'::inet", "'10.0.0.1/8'", DBW_KIND_TEXT},
        {"SELECT '\\x00ff'::bytea", "x'00ff'", DBW_KIND_BYTES},
        {"SELECT NULL::int", "NULL", DBW_KIND_NULL},
    };
    dbw_database *database = open_app(NULL);
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_value value;
        assert_ok(&error, dbw_fetch_value(database, arena, cases[i].sql, NULL, 0, &value, &error));
        if (value.kind != cases[i].kind)
            fail_msg("%s gives kind %s", cases[i].sql, dbw_kind_name(value.kind));
        if (value.kind == DBW_KIND_DOUBLE)
            continue;
        const char *shown = dbw_value_show(arena, &value, 100);
        if (strcmp(shown, cases[i].shown) != 0)
            fail_msg("%s gives %s", cases[i].sql, shown);
    }
    dbw_database_close(database);
}

static void intervals_are_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dbw_interval expected;
    } cases[] = {
        {"0", {0, 0, 0}},
        {"1 year 2 months 3 days 04:05:06.789", {14706789000, 3, 14}},
        {"-1 year -2 months +3 days -04:05:06.000001", {-14706000001, 3, -14}},
        {"1 year -1 day", {0, -1, 12}},
        {"-00:00:01", {-1000000, 0, 0}},
        {"2562047788:00:54.775807", {INT64_MAX, 0, 0}},
        {"178956970 years 7 months", {0, 0, INT32_MAX}},
        {"2147483647 days", {0, INT32_MAX, 0}},
    };
    dbw_database *database = open_app(NULL);
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_value value, parameter = dbw_value_string(cases[i].text);
        assert_ok(&error, dbw_fetch_value(database, arena, "SELECT ?::interval", &parameter, 1,
                                          &value, &error));
        assert_int_equal(value.kind, DBW_KIND_INTERVAL);
        assert_memory_equal(&value.interval, &cases[i].expected, sizeof value.interval);
    }
    dbw_database_close(database);
}

static void values_take_the_type_of_their_place(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    dbw_value parameters[] = {dbw_value_int(5), dbw_value_string("5"), dbw_value_string("{1,2}"),
                              dbw_value_int(70), dbw_value_string("{\"a\":1}")};
    dbw_value *row;
    run(database, "CREATE TEMPORARY TABLE t (a smallint, b int, c int[], d numeric(5,2), e jsonb)");
    int64_t affected = 0;
    assert_ok(&error, dbw_execute(database, "INSERT INTO t VALUES (?, ?, ?, ?, ?)", parameters, 5,
                                  &affected, &error));
    assert_int_equal(affected, 1);
    assert_ok(&error, dbw_fetch_one(database, arena,
                                    "SELECT a + ?, substr('abcdef', ?), date '2026-01-01' + ? "
                                    "FROM t WHERE a = ? AND e ?? 'a' AND '?' <> b::text",
                                    (dbw_value[]){dbw_value_int(1), dbw_value_int(3),
                                                  dbw_value_int(31), dbw_value_int(5)},
                                    4, &row, &error));
    assert_int_equal(row[0].int64, 6);
    assert_text_equal(row[1].text, "cdef");
    assert_string_equal(dbw_value_show(arena, &row[2], 100), "2026-02-01");
    dbw_database_close(database);
}

static void a_nul_byte_in_text_is_refused(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    dbw_value parameter = dbw_value_text(DBW_TEXT("a\0b"));
    assert_fails(&error, DBW_E_DATA, "unable to bind value 1: PostgreSQL takes no NUL byte in text",
                 dbw_execute(database, "SELECT ?", &parameter, 1, NULL, &error));
    assert_ok(&error, dbw_database_ping(database, &error));
    dbw_database_close(database);
}

/* --- statements ------------------------------------------------------------------------------- */

static void rows_are_streamed(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    dbw_rows *rows;
    const dbw_value *row;
    int64_t sum = 0, count = 0;
    assert_ok(&error, dbw_fetch(database,
                                "SELECT n, repeat('x', 100) AS \"a b\" "
                                "FROM generate_series(1, 50000) AS n",
                                NULL, 0, &rows, &error));
    assert_int_equal(dbw_rows_width(rows), 2);
    assert_string_equal(dbw_rows_name(rows, 1), "a b");
    for (;;) {
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        if (!row)
            break;
        sum += row[0].int64;
        count++;
    }
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    assert_null(row);
    assert_int_equal(count, 50000);
    assert_int_equal(sum, INT64_C(1250025000));
    assert_fails(&error, DBW_E_INTERNAL, "unable to run a statement: a query is still open",
                 dbw_execute(database, "SELECT 1", NULL, 0, NULL, &error));
    dbw_rows_close(rows);
    assert_string_equal(look(database, "SELECT 1"), "1");
    dbw_database_close(database);
}

static void a_query_can_be_left_half_way(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    dbw_rows *rows;
    const dbw_value *row;
    for (int i = 0; i < 20; i++) {
        assert_ok(&error, dbw_fetch(database,
                                    "SELECT n, repeat('x', 1000) FROM generate_series(1, 1000000) "
                                    "AS n",
                                    NULL, 0, &rows, &error));
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        assert_int_equal(row[0].int64, 1);
        dbw_rows_close(rows);
        /* The request to stop may not hit what comes next. */
        assert_string_equal(look(database, "SELECT count(*) FROM generate_series(1, 20000)"),
                            "20000");
    }
    /* In a transaction, too, and it goes on. */
    run(database, "CREATE TEMPORARY TABLE kept (id int)");
    assert_ok(&error, dbw_begin(database, &error));
    run(database, "INSERT INTO kept VALUES (1)");
    assert_string_equal(look(database, "SELECT n FROM generate_series(1, 1000) AS n"), "1");
    assert_ok(&error, dbw_commit(database, &error));
    assert_string_equal(look(database, "SELECT count(*) FROM kept"), "1");
    dbw_database_close(database);
}

static void a_statement_that_fails_half_way_says_so(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    dbw_rows *rows;
    const dbw_value *row;
    dbw_status status = DBW_OK;
    dbw_error_clear(&error);
    assert_ok(&error, dbw_fetch(database, "SELECT 1 / (1000 - n) FROM generate_series(1, 2000) n",
                                NULL, 0, &rows, &error));
    int64_t count = 0;
    while ((status = dbw_rows_next(rows, &row, &error)) == DBW_OK && row)
        count++;
    assert_int_equal(status, DBW_E_DATA);
    assert_string_equal(error.message, "unable to run the statement: division by zero");
    assert_string_equal(error.sqlstate, "22012");
    assert_int_equal(count, 999);
    dbw_rows_close(rows);
    assert_ok(&error, dbw_database_ping(database, &error));
    dbw_database_close(database);
}

static void errors_carry_code_state_and_hint(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    run(database, "CREATE TEMPORARY TABLE person (id int PRIMARY KEY, name text NOT NULL)");
    run(database, "INSERT INTO person VALUES (1, 'a')");
    assert_fails(
        &error, DBW_E_DATABASE,
        "unable to run the statement: duplicate key value violates unique constraint "
        "\"person_pkey\": Key (id)=(1) already exists.",
        dbw_execute(database, "INSERT INTO person VALUES (1, 'b')", NULL, 0, NULL, &error));
    assert_string_equal(error.sqlstate, "23505");
    assert_string_equal(error.object, "person");
    assert_string_equal(error.statement, "INSERT INTO person VALUES (1, 'b')");
    dbw_execute(database, "INSERT INTO person VALUES (2, NULL)", NULL, 0, NULL, &error) == DBW_OK
        ? fail()
        : (void)0;
    assert_string_equal(error.object, "person.name");
    assert_fails(&error, DBW_E_NOT_FOUND,
                 "unable to run the statement: relation \"nowhere\" does not exist",
                 dbw_execute(database, "SELECT * FROM nowhere", NULL, 0, NULL, &error));
    assert_fails(&error, DBW_E_DENIED,
                 "unable to run the statement: permission denied for table pg_authid",
                 dbw_execute(database, "SELECT * FROM pg_authid", NULL, 0, NULL, &error));
    assert_non_null(strstr(error.hint, "GRANT CREATE ON SCHEMA public"));
    assert_fails(&error, DBW_E_INTERNAL,
                 "unable to run the statement: it has 2 placeholders and 1 values",
                 dbw_execute(database, "SELECT ?, ?", (dbw_value[]){DBW_NULL}, 1, NULL, &error));
    dbw_database_close(database);
}

static void copy_and_scripts_are_kept_apart(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    run(database, "CREATE TEMPORARY TABLE t (id int); INSERT INTO t VALUES (1), (2)");
    static const char message[] = "unable to run the statement: COPY needs a stream of its own";
    dbw_rows *rows;
    assert_fails(&error, DBW_E_UNSUPPORTED, message,
                 dbw_execute(database, "COPY t FROM STDIN", NULL, 0, NULL, &error));
    assert_fails(&error, DBW_E_UNSUPPORTED, message,
                 dbw_execute(database, "COPY t TO STDOUT", NULL, 0, NULL, &error));
    assert_fails(&error, DBW_E_UNSUPPORTED, message,
                 dbw_execute_script(database, "COPY t TO STDOUT", &error));
    assert_fails(&error, DBW_E_UNSUPPORTED, message,
                 dbw_fetch(database, "COPY t TO STDOUT", NULL, 0, &rows, &error));
    /* One statement at a time, so that a value can never become a second one. */
    assert_fails(&error, DBW_E_DATABASE,
                 "unable to run the statement: cannot insert multiple commands into a prepared "
                 "statement",
                 dbw_execute(database, "SELECT 1; SELECT 2", NULL, 0, NULL, &error));
    int64_t affected;
    assert_ok(&error, dbw_execute(database, "UPDATE t SET id = id", NULL, 0, &affected, &error));
    assert_int_equal(affected, 2);
    assert_ok(&error,
              dbw_execute(database, "SET lock_timeout = 20000", NULL, 0, &affected, &error));
    assert_int_equal(affected, -1);
    /* A script that fails leaves nothing behind. */
    assert_fails(&error, DBW_E_DATA, "unable to run the statement: division by zero",
                 dbw_execute_script(database, "DELETE FROM t; SELECT 1/0; SELECT 3", &error));
    assert_string_equal(look(database, "SELECT count(*) FROM t"), "2");
    dbw_database_close(database);
}

/* --- transactions ----------------------------------------------------------------------------- */

static void transactions_keep_or_undo(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    const dbw_driver *driver = dbw_database_engine(database)->driver;
    run(database, "CREATE TEMPORARY TABLE t (id int)");
    assert_false(driver->in_transaction(database));
    assert_ok(&error, dbw_begin(database, &error));
    assert_true(driver->in_transaction(database));
    run(database, "INSERT INTO t VALUES (1)");
    dbw_rollback(database);
    assert_false(driver->in_transaction(database));
    dbw_rollback(database);
    assert_ok(&error, dbw_begin(database, &error));
    run(database, "INSERT INTO t VALUES (2)");
    assert_ok(&error, dbw_commit(database, &error));
    assert_string_equal(look(database, "SELECT sum(id) FROM t"), "2");
    assert_ok(&error, dbw_begin(database, &error));
    assert_fails(&error, DBW_E_INTERNAL, "unable to begin: a transaction is open already",
                 dbw_begin(database, &error));
    dbw_rollback(database);
    dbw_database_close(database);
}

static void committing_a_failed_transaction_is_an_error(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    run(database, "CREATE TEMPORARY TABLE t (id int)");
    assert_ok(&error, dbw_begin(database, &error));
    run(database, "INSERT INTO t VALUES (1)");
    assert_int_equal(dbw_execute(database, "SELECT 1/0", NULL, 0, NULL, &error), DBW_E_DATA);
    assert_fails(&error, DBW_E_CONFLICT,
                 "unable to run the statement: current transaction is aborted, commands ignored "
                 "until end of transaction block",
                 dbw_execute(database, "SELECT 1", NULL, 0, NULL, &error));
    assert_fails(&error, DBW_E_CONFLICT,
                 "unable to commit: a statement of the transaction had failed",
                 dbw_commit(database, &error));
    assert_string_equal(look(database, "SELECT count(*) FROM t"), "0");
    dbw_database_close(database);
}

static void a_deferred_constraint_fails_the_commit(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    run(database, "CREATE TEMPORARY TABLE t (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)");
    assert_ok(&error, dbw_begin(database, &error));
    run(database, "INSERT INTO t VALUES (1), (1)");
    assert_int_equal(dbw_commit(database, &error), DBW_E_DATABASE);
    assert_string_equal(error.sqlstate, "23505");
    assert_ok(&error, dbw_database_ping(database, &error));
    dbw_database_close(database);
}

static void a_read_only_session_cannot_write(void **state)
{
    (void)state;
    dbw_open_options options = {.read_only = true};
    const char *url = dbw_test_fresh_database("postgresql", __func__);
    static const char *const suffixes[] = {"", "?prepared_statements=false"};
    for (size_t i = 0; i < DBW_COUNT(suffixes); i++) {
        dbw_server server;
        dbw_database *database =
            open_url(dbw_arena_printf(arena, "%s%s", url, suffixes[i]), &options);
        static const char message[] =
            "unable to run the statement: cannot execute CREATE TABLE in a read-only transaction";
        assert_fails(&error, DBW_E_READ_ONLY, message,
                     dbw_execute(database, "CREATE TABLE t (id int)", NULL, 0, NULL, &error));
        assert_fails(&error, DBW_E_READ_ONLY, message,
                     dbw_execute_script(database, "CREATE TABLE t (id int)", &error));
        assert_ok(&error, dbw_begin(database, &error));
        assert_fails(&error, DBW_E_READ_ONLY, message,
                     dbw_execute(database, "CREATE TABLE t (id int)", NULL, 0, NULL, &error));
        dbw_rollback(database);
        assert_string_equal(look(database, "SELECT 1"), "1");
        assert_ok(&error, dbw_database_describe(database, arena, &server, &error));
        assert_false(server.read_only); /* the session is; the database is not */
        assert_true(server.can_create_tables);
        dbw_database_close(database);
    }
}

/* --- the session ------------------------------------------------------------------------------ */

static void sessions_are_at_utc_whatever_the_server_says(void **state)
{
    (void)state;
    const char *url = dbw_test_fresh_database("postgresql", __func__);
    const char *name = strrchr(url, '/') + 1;
    dbw_test_query(dbw_test_url("postgresql-admin"),
                   dbw_arena_printf(arena,
                                    "ALTER DATABASE %s SET TimeZone = 'Europe/Berlin';"
                                    "ALTER DATABASE %s SET DateStyle = 'German';"
                                    "ALTER DATABASE %s SET statement_timeout = '1ms';"
                                    "ALTER DATABASE %s SET client_encoding = 'latin1';"
                                    "ALTER DATABASE %s SET extra_float_digits = -5;"
                                    "ALTER DATABASE %s SET bytea_output = 'escape';"
                                    "ALTER DATABASE %s SET IntervalStyle = 'iso_8601'",
                                    name, name, name, name, name, name, name));
    dbw_database *database = open_url(url, NULL);
    assert_string_equal(look(database, "SELECT '2026-07-01 12:00'::timestamptz"),
                        "2026-07-01 12:00:00Z");
    assert_string_equal(look(database, "SELECT 'h\xc3\xa4'"), "'h\xc3\xa4'");
    assert_string_equal(look(database, "SELECT '1 day 01:00'::interval::text"), "'1 day 01:00:00'");
    assert_string_equal(look(database, "SELECT '\\x01'::bytea"), "x'01'");
    assert_string_equal(look(database, "SELECT count(*) FROM generate_series(1, 100000)"),
                        "100000");
    assert_string_equal(look(database, "SHOW application_name"), "'dbwizard'");
    dbw_database_close(database);
    /* Behind a pooler in transaction mode the same holds, inside of transactions at least. */
    database = open_url(dbw_arena_printf(arena, "%s?prepared_statements=false", url), NULL);
    assert_string_equal(look(database, "SELECT '2026-07-01 12:00'::timestamptz"),
                        "2026-07-01 12:00:00Z");
    assert_ok(&error, dbw_begin(database, &error));
    assert_string_equal(look(database, "SELECT '1 day 01:00'::interval::text"), "'1 day 01:00:00'");
    assert_string_equal(look(database, "SHOW statement_timeout"), "'0'");
    dbw_rollback(database);
    assert_string_equal(look(database, "SHOW statement_timeout"), "'1ms'");
    dbw_database_close(database);
}

static void a_search_path_can_be_given(void **state)
{
    (void)state;
    const char *url = dbw_test_fresh_database("postgresql", __func__);
    dbw_test_query(url, "CREATE SCHEMA \"My schema\"; CREATE TABLE \"My schema\".here (id int)");
    static const char *const suffixes[] = {
        "?options=-csearch_path%3D%22My%20schema%22",
        "?options=--search_path%3Dother,public",
        "?options=-c%20search_path%3Dother&prepared_statements=false",
    };
    dbw_database *database;
    assert_int_equal(dbw_database_open(url_of(dbw_arena_printf(arena, "%s%s", url, suffixes[0])),
                                       NULL, &database, &error),
                     DBW_E_INVALID);
    assert_string_equal(error.message,
                        "unable to connect: option 'options' may only set search_path");
    database = open_url(dbw_arena_printf(arena, "%s%s", url, suffixes[1]), NULL);
    assert_string_equal(look(database, "SHOW search_path"), "'other,public'");
    dbw_database_close(database);
    database = open_url(dbw_arena_printf(arena, "%s%s", url, suffixes[2]), NULL);
    assert_ok(&error, dbw_begin(database, &error));
    assert_string_equal(look(database, "SHOW search_path"), "'other'");
    dbw_database_close(database);
}

/* --- cancelling and time-outs ----------------------------------------------------------------- */

static void *cancel_soon(void *database)
{
    usleep(200000);
    dbw_database_cancel(database);
    return NULL;
}

static void another_thread_can_cancel(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    pthread_t thread;
    int64_t start = dbw_clock_monotonic();
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, database), 0);
    assert_fails(&error, DBW_E_CANCELLED,
                 "unable to run the statement: canceling statement due to user request",
                 dbw_execute(database, "SELECT pg_sleep(30)", NULL, 0, NULL, &error));
    pthread_join(thread, NULL);
    assert_true(dbw_clock_monotonic() - start < 5000000);
    assert_ok(&error, dbw_database_ping(database, &error));
    dbw_database_close(database);
}

static void a_statement_has_a_time_limit(void **state)
{
    (void)state;
    dbw_open_options options = {.statement_timeout_ms = 300};
    dbw_database *database = open_app(&options);
    int64_t start = dbw_clock_monotonic();
    assert_fails(&error, DBW_E_TIMEOUT, "unable to run the statement: no answer within 0.3 s",
                 dbw_execute(database, "SELECT pg_sleep(30)", NULL, 0, NULL, &error));
    assert_true(dbw_clock_monotonic() - start < 3000000);
    assert_string_equal(look(database, "SELECT 1"), "1");
    assert_string_equal(
        dbw_test_query(dbw_test_url("postgresql-admin"),
                       "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)' AND "
                       "state = 'active'"),
        "0");
    dbw_database_close(database);
}

/* The backend is stopped, so that it neither answers nor heeds the request to stop. */
static void a_server_that_falls_silent_is_hung_up_on(void **state)
{
    (void)state;
    dbw_open_options options = {.statement_timeout_ms = 300};
    dbw_database *database = open_app(&options);
    dbw_value pid;
    assert_ok(&error,
              dbw_fetch_value(database, arena, "SELECT pg_backend_pid()", NULL, 0, &pid, &error));
    assert_int_equal(kill((pid_t)pid.int64, SIGSTOP), 0);
    int64_t start = dbw_clock_monotonic();
    dbw_error_clear(&error);
    dbw_status status = dbw_execute(database, "SELECT 1", NULL, 0, NULL, &error);
    int64_t taken = dbw_clock_monotonic() - start;
    dbw_error later;
    dbw_status afterwards = dbw_database_ping(database, &later);
    dbw_database_close(database);
    assert_int_equal(kill((pid_t)pid.int64, SIGCONT), 0);
    assert_int_equal(status, DBW_E_TIMEOUT);
    assert_string_equal(error.message, "unable to run the statement: no answer within 0.3 s");
    assert_in_range(taken, 300000, 5000000);
    assert_int_equal(afterwards, DBW_E_UNREACHABLE);
}

static void a_lock_is_not_waited_for_without_end(void **state)
{
    (void)state;
    dbw_database *one = open_app(NULL), *two = open_app(NULL);
    run(one, "DROP TABLE IF EXISTS locked; CREATE TABLE locked (id int)");
    assert_string_equal(look(two, "SHOW lock_timeout"), "'30s'");
    run(two, "SET lock_timeout = 100");
    assert_ok(&error, dbw_begin(one, &error));
    run(one, "LOCK TABLE locked");
    assert_fails(&error, DBW_E_LOCKED,
                 "unable to run the statement: canceling statement due to lock timeout",
                 dbw_execute(two, "SELECT * FROM locked", NULL, 0, NULL, &error));
    dbw_rollback(one);
    run(one, "DROP TABLE locked");
    dbw_database_close(one);
    dbw_database_close(two);
}

/** Ends the session with that number from outside. */
static void kill_session(const char *pid)
{
    dbw_test_query(dbw_test_url("postgresql-admin"),
                   dbw_arena_printf(arena, "SELECT pg_terminate_backend(%s)", pid));
}

static void a_session_killed_amid_rows_is_reported(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    dbw_rows *rows;
    const dbw_value *row;
    const char *pid = look(database, "SELECT pg_backend_pid()");
    assert_ok(&error,
              dbw_fetch(database, "SELECT n, repeat('x', 1000) FROM generate_series(1, 10000000) n",
                        NULL, 0, &rows, &error));
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    kill_session(pid);
    dbw_status status = DBW_OK;
    for (int64_t n = 0; status == DBW_OK && n < 10000000; n++) {
        status = dbw_rows_next(rows, &row, &error);
        assert_true(status != DBW_OK || row != NULL);
    }
    assert_int_equal(status, DBW_E_UNREACHABLE);
    dbw_rows_close(rows);
    assert_fails(&error, DBW_E_UNREACHABLE,
                 "unable to run the statement: the connection to the server was lost",
                 dbw_database_ping(database, &error));
    dbw_rollback(database);
    dbw_database_close(database);
}

static void a_session_killed_while_idle_is_reported(void **state)
{
    (void)state;
    dbw_database *database = open_app(NULL);
    kill_session(look(database, "SELECT pg_backend_pid()"));
    assert_int_equal(dbw_execute(database, "SELECT 1", NULL, 0, NULL, &error), DBW_E_UNREACHABLE);
    assert_int_equal(dbw_execute(database, "SELECT 1", NULL, 0, NULL, &error), DBW_E_UNREACHABLE);
    dbw_database_close(database);
}

/* --- making a database ------------------------------------------------------------------------ */

static void a_database_is_made_with_any_name(void **state)
{
    (void)state;
    static const char name[] = "made \"it\"; DROP DATABASE app; --";
    dbw_url *url = url_of(dbw_test_url("postgresql"));
    dbw_test_query(dbw_test_url("postgresql-admin"),
                   "DROP DATABASE IF EXISTS \"made \"\"it\"\"; DROP DATABASE app; --\"");
    url->database = dbw_arena_string(arena, name);
    assert_ok(&error, dbw_database_create(url, NULL, &error));
    dbw_database *database;
    assert_ok(&error, dbw_database_open(url, NULL, &database, &error));
    assert_string_equal(look(database, "SELECT current_database()"),
                        "'made \"it\"; DROP DATABASE app; --'");
    assert_string_equal(look(database, "SHOW server_encoding"), "'UTF8'");
    dbw_database_close(database);
    char expected[300];
    snprintf(expected, sizeof expected,
             "unable to create database '%s': unable to run the statement: database \"%s\" already "
             "exists",
             name, name);
    assert_fails(&error, DBW_E_EXISTS, expected, dbw_database_create(url, NULL, &error));
    dbw_test_query(dbw_test_url("postgresql-admin"),
                   "DROP DATABASE \"made \"\"it\"\"; DROP DATABASE app; --\"");
}

static void making_a_database_needs_the_right(void **state)
{
    (void)state;
    dbw_test_query(dbw_test_url("postgresql-admin"),
                   "DROP ROLE IF EXISTS humble; CREATE ROLE humble LOGIN PASSWORD 'humble'");
    dbw_url *url = url_of(dbw_test_url("postgresql"));
    url->username = dbw_arena_string(arena, "humble");
    url->password = dbw_arena_string(arena, "humble");
    url->database = dbw_arena_string(arena, "never_made");
    assert_int_equal(dbw_database_create(url, NULL, &error), DBW_E_DENIED);
    assert_string_equal(error.message,
                        "unable to create database 'never_made': unable to run the statement: "
                        "permission denied to create database");
    assert_non_null(strstr(error.hint, "CREATE DATABASE \"never_made\" OWNER \"humble\""));
    url->database = dbw_arena_printf(arena, "%064d", 1);
    assert_int_equal(dbw_database_create(url, NULL, &error), DBW_E_INVALID);
    dbw_test_query(dbw_test_url("postgresql-admin"), "DROP ROLE humble");
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(describes_the_server),
        cmocka_unit_test(a_superuser_is_one),
        cmocka_unit_test(a_function_alone_makes_it_not_empty),
        cmocka_unit_test(values_go_there_and_back),
        cmocka_unit_test(text_of_every_type_is_decoded),
        cmocka_unit_test(intervals_are_decoded),
        cmocka_unit_test(values_take_the_type_of_their_place),
        cmocka_unit_test(a_nul_byte_in_text_is_refused),
        cmocka_unit_test(rows_are_streamed),
        cmocka_unit_test(a_query_can_be_left_half_way),
        cmocka_unit_test(a_statement_that_fails_half_way_says_so),
        cmocka_unit_test(errors_carry_code_state_and_hint),
        cmocka_unit_test(copy_and_scripts_are_kept_apart),
        cmocka_unit_test(transactions_keep_or_undo),
        cmocka_unit_test(committing_a_failed_transaction_is_an_error),
        cmocka_unit_test(a_deferred_constraint_fails_the_commit),
        cmocka_unit_test(a_read_only_session_cannot_write),
        cmocka_unit_test(sessions_are_at_utc_whatever_the_server_says),
        cmocka_unit_test(a_search_path_can_be_given),
        cmocka_unit_test(another_thread_can_cancel),
        cmocka_unit_test(a_statement_has_a_time_limit),
        cmocka_unit_test(a_server_that_falls_silent_is_hung_up_on),
        cmocka_unit_test(a_lock_is_not_waited_for_without_end),
        cmocka_unit_test(a_session_killed_amid_rows_is_reported),
        cmocka_unit_test(a_session_killed_while_idle_is_reported),
        cmocka_unit_test(a_database_is_made_with_any_name),
        cmocka_unit_test(making_a_database_needs_the_right),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
