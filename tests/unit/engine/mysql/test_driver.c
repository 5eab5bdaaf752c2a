/* SPDX-License-Identifier: Apache-2.0 */
#include "../../servers.h"
#include "../../test.h"

#include "engine/database.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static dbw_arena *arena;

static dbw_url *url_of(const char *text)
{
    dbw_error error;
    dbw_url *url;
    assert_ok(&error, dbw_url_parse(arena, dbw_text_of(text), &url, &error));
    return url;
}

static dbw_database *open_app(const dbw_open_options *options)
{
    dbw_error error;
    dbw_database *database = NULL;
    assert_ok(&error, dbw_database_open(url_of(dbw_test_url("mysql")), options, &database, &error));
    return database;
}

static int make_arena(void **state)
{
    (void)state;
    arena = dbw_arena_new();
    return 0;
}

static int free_arena(void **state)
{
    (void)state;
    dbw_arena_free(arena);
    return 0;
}

static void run(dbw_database *database, const char *sql)
{
    dbw_error error;
    assert_ok(&error, dbw_execute(database, sql, NULL, 0, NULL, &error));
}

static void describes_the_server(void **state)
{
    (void)state;
    dbw_error error;
    dbw_server server;
    dbw_database *database = open_app(NULL);
    assert_ok(&error, dbw_database_ping(database, &error));
    assert_ok(&error, dbw_database_describe(database, arena, &server, &error));
    assert_string_equal(server.product, "MariaDB");
    assert_true(server.version_number >= 100000);
    assert_non_null(strstr(server.version, "MariaDB"));
    assert_non_null(server.tls); /* prefer: the server offers it */
    assert_non_null(strstr(server.tls, "identity not checked"));
    assert_true(server.can_create_tables);
    assert_false(server.superuser);
    dbw_database_close(database);
}

static void values_go_there_and_back(void **state)
{
    (void)state;
    dbw_error error;
    dbw_database *database = open_app(NULL);
    char longer[5000];
    memset(longer, 'x', sizeof longer);
    dbw_value in[] = {
        dbw_value_int(INT64_MIN),
        {.kind = DBW_KIND_UINT64, .uint64 = UINT64_MAX},
        {.kind = DBW_KIND_DOUBLE, .real = 0.1},
        {.kind = DBW_KIND_DECIMAL, .text = {"-12345678901234567890.123", 25}},
        dbw_value_string("it's \\ \xf0\x9f\x98\x80 ?"),
        {.kind = DBW_KIND_BYTES, .text = {"\0\xff\x01", 3}},
        {.kind = DBW_KIND_TIMESTAMP, .int64 = INT64_C(1700000000123456)},
        {.kind = DBW_KIND_TIME, .int64 = INT64_C(-3020399000000)},
        {.kind = DBW_KIND_DATE, .int64 = 20455},
        {.kind = DBW_KIND_TEXT, .text = {longer, sizeof longer}},
        DBW_NULL,
    };
    run(database, "CREATE TEMPORARY TABLE v (a BIGINT, b BIGINT UNSIGNED, c DOUBLE, "
                  "d DECIMAL(30,3), e TEXT, f BLOB, g DATETIME(6), h TIME(6), i DATE, j LONGTEXT, "
                  "k INT)");
    int64_t affected = 0;
    assert_ok(&error, dbw_execute(database, "INSERT INTO v VALUES (?,?,?,?,?,?,?,?,?,?,?)", in,
                                  DBW_COUNT(in), &affected, &error));
    assert_int_equal(affected, 1);
    dbw_value *out;
    assert_ok(&error, dbw_fetch_one(database, arena, "SELECT * FROM v WHERE e = ? -- ?\n", &in[4],
                                    1, &out, &error));
    assert_non_null(out);
    for (size_t i = 0; i < DBW_COUNT(in); i++) {
        assert_string_equal(dbw_kind_name(out[i].kind), dbw_kind_name(in[i].kind));
        if (dbw_kind_has_text(in[i].kind)) {
            assert_int_equal(out[i].text.length, in[i].text.length);
            assert_memory_equal(out[i].text.data, in[i].text.data, in[i].text.length);
        } else if (in[i].kind != DBW_KIND_NULL) {
            assert_true(out[i].int64 == in[i].int64);
        }
    }
    dbw_database_close(database);
}

static void rows_are_streamed_and_can_be_left(void **state)
{
    (void)state;
    dbw_error error;
    dbw_rows *rows;
    const dbw_value *row;
    dbw_database *database = open_app(NULL);
    assert_ok(&error, dbw_fetch(database, "SELECT seq, REPEAT('x', seq) t FROM seq_1_to_2000", NULL,
                                0, &rows, &error));
    assert_string_equal(dbw_rows_name(rows, 1), "t");
    for (int i = 1; i <= 1500; i++) {
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        assert_int_equal(row[0].int64, i);
        assert_int_equal(row[1].text.length, i);
    }
    assert_fails(&error, DBW_E_INTERNAL, "unable to run a statement: a query is still open",
                 dbw_execute(database, "SELECT 1", NULL, 0, NULL, &error));
    dbw_rows_close(rows);
    dbw_value value;
    assert_ok(&error, dbw_fetch_value(database, arena, "SELECT 7", NULL, 0, &value, &error));
    assert_int_equal(value.int64, 7);
    dbw_database_close(database);
}

static void a_failure_in_the_midst_of_rows_is_told(void **state)
{
    (void)state;
    dbw_error error;
    dbw_database *database = open_app(NULL);
    dbw_rows *rows;
    const dbw_value *row;
    dbw_status status;
    assert_ok(&error, dbw_fetch(database,
                                "SELECT seq, (SELECT 1 UNION SELECT IF(seq > 1500, 2, 1)) n FROM "
                                "seq_1_to_2000",
                                NULL, 0, &rows, &error));
    do
        status = dbw_rows_next(rows, &row, &error);
    while (status == DBW_OK && row);
    assert_int_equal(status, DBW_E_DATABASE);
    assert_non_null(strstr(error.message, "Subquery returns more than 1 row"));
    dbw_rows_close(rows);
    dbw_database_close(database);
}

static void a_transaction_ends_as_told(void **state)
{
    (void)state;
    dbw_error error;
    dbw_value value;
    dbw_database *database = open_app(NULL);
    run(database, "CREATE OR REPLACE TABLE tx (a INT) ENGINE=InnoDB");
    assert_ok(&error, dbw_begin(database, &error));
    run(database, "INSERT INTO tx VALUES (1)");
    dbw_rollback(database);
    assert_ok(&error, dbw_begin(database, &error));
    run(database, "INSERT INTO tx VALUES (2)");
    assert_ok(&error, dbw_commit(database, &error));
    assert_ok(&error,
              dbw_fetch_value(database, arena, "SELECT SUM(a) FROM tx", NULL, 0, &value, &error));
    assert_text_equal(value.text, "2");
    assert_ok(&error, dbw_execute_script(database, "DELETE FROM tx; DROP TABLE tx;", &error));
    assert_int_equal(dbw_execute_script(database, "SELECT 1; SELECT nonsense;", &error),
                     DBW_E_DATABASE);
    assert_string_equal(error.sqlstate, "42S22");
    dbw_database_close(database);
}

static void *cancel_soon(void *database)
{
    usleep(200000);
    dbw_database_cancel(database);
    return NULL;
}

static void a_statement_is_cancelled_from_another_thread(void **state)
{
    (void)state;
    dbw_error error;
    pthread_t thread;
    dbw_database *database = open_app(NULL);
    int64_t start = dbw_clock_monotonic();
    pthread_create(&thread, NULL, cancel_soon, database);
    dbw_status status =
        dbw_execute(database, "SELECT COUNT(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b", NULL,
                    0, NULL, &error);
    pthread_join(thread, NULL);
    assert_int_equal(status, DBW_E_CANCELLED);
    assert_true(dbw_clock_monotonic() - start < 10000000);
    assert_ok(&error, dbw_database_ping(database, &error));
    dbw_database_close(database);
}

static dbw_status try_open(const char *text, const dbw_open_options *options, dbw_error *error)
{
    dbw_database *database = NULL;
    dbw_status status = dbw_database_open(url_of(text), options, &database, error);
    dbw_database_close(database);
    return status;
}

static const char *address(const char *user, const char *password, const char *rest)
{
    return dbw_arena_printf(arena, "mysql://%s:%s@127.0.0.1:%s/%s", user, password,
                            getenv("DBW_TEST_MYSQL_PORT"), rest);
}

static void each_failure_is_told_apart(void **state)
{
    (void)state;
    dbw_error error;
    assert_int_equal(try_open("mysql://a:canary@127.0.0.1:1/x", NULL, &error), DBW_E_UNREACHABLE);
    assert_null(strstr(error.message, "canary"));
    assert_true(error.hint[0]);
    assert_int_equal(try_open(address("app", "wrong-canary", "app"), NULL, &error), DBW_E_AUTH);
    assert_null(strstr(error.message, "canary"));
    const char *good = "p%40ss%3Aw%2Frd%25%23";
    dbw_status missing = try_open(address("app", good, "app_none"), NULL, &error);
    assert_string_equal(dbw_status_slug(missing), "no-database");
    assert_non_null(strstr(error.hint, "CREATE DATABASE"));
    assert_int_equal(try_open(address("app", good, "app?ssl_verify_cert=true&ssl_ca=/etc/hostname"),
                              NULL, &error),
                     DBW_E_TLS);
    assert_ok(&error, try_open(address("app", good, "app?sslmode=disable"), NULL, &error));
    const char *full = dbw_arena_printf(arena, "app?sslmode=verify-full&sslrootcert=%s",
                                        getenv("DBW_TEST_TLS_CA"));
    assert_ok(&error, try_open(address("app", good, full), NULL, &error));
}

static void a_silent_server_does_not_hold_us(void **state)
{
    (void)state;
    dbw_error error;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(fd, 5), 0);
    getsockname(fd, (struct sockaddr *)&at, &size);
    const char *text = dbw_arena_printf(arena, "mysql://a:b@127.0.0.1:%d/x", ntohs(at.sin_port));
    dbw_open_options options = {.connect_timeout_ms = 300};
    int64_t start = dbw_clock_monotonic();
    assert_int_equal(try_open(text, &options, &error), DBW_E_TIMEOUT);
    assert_true(dbw_clock_monotonic() - start < 2000000);
    assert_non_null(strstr(error.message, "no answer within 0.3 s"));
    close(fd);
}

static void a_slow_statement_times_out(void **state)
{
    (void)state;
    dbw_error error;
    dbw_open_options options = {.statement_timeout_ms = 1000};
    dbw_database *database = open_app(&options);
    dbw_status late = dbw_execute(database, "SELECT SLEEP(5)", NULL, 0, NULL, &error);
    assert_int_equal(late, DBW_E_TIMEOUT);
    assert_non_null(strstr(error.message, "no answer within 1.0 s"));
    dbw_database_close(database);
}

static void a_read_only_session_cannot_write(void **state)
{
    (void)state;
    dbw_error error;
    dbw_open_options options = {.read_only = true};
    dbw_database *database = open_app(&options);
    assert_int_equal(dbw_execute(database, "CREATE TABLE no_such (a INT)", NULL, 0, NULL, &error),
                     DBW_E_READ_ONLY);
    dbw_database_close(database);
}

static void a_database_is_created_with_any_name(void **state)
{
    (void)state;
    dbw_error error;
    dbw_url *url = url_of(dbw_test_url("mysql"));
    url->database = dbw_arena_string(arena, "app_we`ird; --");
    assert_ok(&error, dbw_database_create(url, NULL, &error));
    assert_int_equal(dbw_database_create(url, NULL, &error), DBW_E_EXISTS);
    dbw_database *database = NULL;
    assert_ok(&error, dbw_database_open(url, NULL, &database, &error));
    run(database, "DROP DATABASE `app_we``ird; --`");
    dbw_database_close(database);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "mysql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(describes_the_server),
        cmocka_unit_test(values_go_there_and_back),
        cmocka_unit_test(rows_are_streamed_and_can_be_left),
        cmocka_unit_test(a_failure_in_the_midst_of_rows_is_told),
        cmocka_unit_test(a_transaction_ends_as_told),
        cmocka_unit_test(a_statement_is_cancelled_from_another_thread),
        cmocka_unit_test(each_failure_is_told_apart),
        cmocka_unit_test(a_silent_server_does_not_hold_us),
        cmocka_unit_test(a_slow_statement_times_out),
        cmocka_unit_test(a_read_only_session_cannot_write),
        cmocka_unit_test(a_database_is_created_with_any_name),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
