/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "url/options.h"
#include "url/url.h"

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

static void assert_built(const dbw_url_parts *parts, const char *url, const char *warning)
{
    dbw_error error;
    dbw_url_built built;
    assert_ok(&error, dbw_url_build(arena, parts, &built, &error));
    assert_string_equal(dbw_url_render(arena, built.url), url);
    if (warning) {
        assert_int_equal(built.warning_count, 1);
        assert_string_equal(built.warnings[0], warning);
    } else {
        assert_int_equal(built.warning_count, 0);
    }
}

#define AT(address, ...)                                                                           \
    (&(dbw_url_parts){.host = (address), .database = "d", .username = "u", __VA_ARGS__})
#define PARTS(...) AT("h", __VA_ARGS__)

static void plain_parts_become_a_url(void **state)
{
    (void)state;
    assert_built(PARTS(.backend = "postgresql", .password = "p@:/ w%", .port = 5432),
                 "postgresql://u:p%40%3A%2F w%25@h:5432/d", NULL);
    assert_built(AT("::1", .backend = "postgresql", .driver = "psycopg2"),
                 "postgresql+psycopg2://u@[::1]/d", NULL);
    assert_built(AT("[::1]", .backend = "postgresql"), "postgresql://u@[::1]/d", NULL);
    assert_built(PARTS(.backend = "mysql"), "mysql+pymysql://u@h/d", NULL);
    assert_built(PARTS(.backend = "mysql", .driver = ""), "mysql://u@h/d", NULL);
    assert_built(PARTS(.backend = "mariadb", .driver = "mysqlclient"), "mariadb+mysqldb://u@h/d",
                 NULL);
    assert_built(&(dbw_url_parts){.backend = "sqlite", .sqlite_path = "/a/b c.db"},
                 "sqlite:////a/b c.db", NULL);
    assert_built(&(dbw_url_parts){.backend = "sqlite", .database = "b.db"}, "sqlite:///b.db", NULL);
}

static void a_socket_goes_where_the_driver_looks(void **state)
{
    (void)state;
    assert_built(AT("/run/pg", .backend = "postgresql"), "postgresql://u@/d?host=%2Frun%2Fpg",
                 NULL);
    assert_built(AT("/run/pg", .backend = "postgresql", .driver = "pg8000"),
                 "postgresql+pg8000://u@/d?unix_sock=%2Frun%2Fpg%2F.s.PGSQL.5432", NULL);
    assert_built(AT("/run/m.sock", .backend = "mysql"),
                 "mysql+pymysql://u@/d?unix_socket=%2Frun%2Fm.sock", NULL);
}

static void tls_is_translated_for_the_driver(void **state)
{
    (void)state;
    assert_built(PARTS(.backend = "postgresql", .ssl_mode = "require"),
                 "postgresql://u@h/d?sslmode=require", NULL);
    assert_built(PARTS(.backend = "postgresql", .ssl_mode = "verify-full", .ssl_ca = "/ca"),
                 "postgresql://u@h/d?sslmode=verify-full&sslrootcert=%2Fca", NULL);
    assert_built(PARTS(.backend = "postgresql", .ssl_mode = "verify-full"),
                 "postgresql://u@h/d?sslmode=verify-full&sslrootcert="
                 "%2Fetc%2Fssl%2Fcerts%2Fca-certificates.crt",
                 "No CA file was given, and libpq does not look into the system's bundle by "
                 "itself: /etc/ssl/certs/ca-certificates.crt is named.");
    assert_built(PARTS(.backend = "postgresql", .driver = "asyncpg", .ssl_mode = "require"),
                 "postgresql+asyncpg://u@h/d?ssl=require", NULL);
    assert_built(PARTS(.backend = "postgresql", .driver = "asyncpg", .ssl_mode = "verify-full",
                       .ssl_ca = "/ca"),
                 "postgresql+asyncpg://u@h/d?ssl=verify-full",
                 "asyncpg takes no CA file in a URL: set PGSSLROOTCERT=/ca in the application's "
                 "environment.");
    assert_built(PARTS(.backend = "postgresql", .driver = "pg8000", .ssl_mode = "require"),
                 "postgresql+pg8000://u@h/d",
                 "pg8000 takes TLS settings only from code (connect_args={'ssl_context': …}): they "
                 "are left out, and the connection would not be encrypted.");
    assert_built(PARTS(.backend = "mysql", .ssl_mode = "verify-full", .ssl_ca = "/ca"),
                 "mysql+pymysql://u@h/d?ssl_ca=%2Fca&ssl_check_hostname=true",
                 "PyMySQL has no 'ssl_mode': verify-full became ssl_ca and ssl_check_hostname.");
    assert_built(PARTS(.backend = "mysql", .ssl_mode = "verify-ca", .ssl_ca = "/ca"),
                 "mysql+pymysql://u@h/d?ssl_ca=%2Fca&ssl_check_hostname=false",
                 "PyMySQL has no 'ssl_mode': verify-ca became ssl_ca and ssl_check_hostname.");
    assert_built(PARTS(.backend = "mysql", .ssl_mode = "require"),
                 "mysql+pymysql://u@h/d?ssl_verify_cert=false",
                 "PyMySQL has no 'ssl_mode': require became ssl_verify_cert=false (encrypted, the "
                 "server's identity unchecked).");
    assert_built(PARTS(.backend = "mysql", .ssl_mode = "disable"),
                 "mysql+pymysql://u@h/d?ssl_disabled=true", NULL);
    assert_built(PARTS(.backend = "mysql", .ssl_mode = "prefer"), "mysql+pymysql://u@h/d",
                 "PyMySQL cannot prefer TLS: without further options the connection is not "
                 "encrypted.");
    assert_built(
        PARTS(.backend = "mysql", .driver = "mysqldb", .ssl_mode = "verify-full", .ssl_ca = "/ca"),
        "mysql+mysqldb://u@h/d?ssl_ca=%2Fca&ssl_mode=VERIFY_IDENTITY", NULL);
    assert_built(PARTS(.backend = "mysql", .driver = "mysqlconnector", .ssl_mode = "verify-full",
                       .ssl_ca = "/ca"),
                 "mysql+mysqlconnector://u@h/d?ssl_ca=%2Fca&ssl_verify_cert=true&"
                 "ssl_verify_identity=true",
                 "MySQL Connector/Python has no 'ssl_mode': verify-full became ssl_ca and "
                 "ssl_verify_….");
    assert_built(PARTS(.backend = "mysql", .driver = "aiomysql", .ssl_mode = "require"),
                 "mysql+aiomysql://u@h/d",
                 "aiomysql takes TLS settings only from code (connect_args={'ssl': …}): they are "
                 "left out, and the connection would not be encrypted.");
}

/** Reading what was built gives the mode that was asked for, where the driver can have it. */
static void the_mode_survives_the_translation(void **state)
{
    (void)state;
    static const char *const modes[] = {"disable", "require", "verify-ca", "verify-full"};
    static const struct {
        const char *backend, *driver;
    } drivers[] = {
        {"postgresql", ""},   {"postgresql", "psycopg2"}, {"postgresql", "asyncpg"},  {"mysql", ""},
        {"mysql", "mysqldb"}, {"mysql", "pymysql"},       {"mysql", "mysqlconnector"}};
    for (size_t d = 0; d < DBW_COUNT(drivers); d++) {
        for (size_t m = 0; m < DBW_COUNT(modes); m++) {
            if (strcmp(drivers[d].driver, "mysqlconnector") == 0 &&
                strcmp(modes[m], "require") == 0)
                continue;
            dbw_error error;
            dbw_url_built built;
            dbw_url_tls tls;
            assert_ok(&error, dbw_url_build(arena,
                                            PARTS(.backend = drivers[d].backend,
                                                  .driver = drivers[d].driver, .ssl_mode = modes[m],
                                                  .ssl_ca = "/ca"),
                                            &built, &error));
            assert_ok(&error, dbw_url_tls_of(built.url, &tls, &error));
            assert_string_equal(dbw_tls_mode_name(tls.mode), modes[m]);
        }
    }
}

static void assert_option(const char *backend, const char *driver, const char *name,
                          const char *value, const char *url, const char *warning)
{
    dbw_url_option option = {(char *)(uintptr_t)name, (char *)(uintptr_t)value};
    assert_built(PARTS(.backend = backend, .driver = driver, .options = &option, .option_count = 1),
                 url, warning);
}

static void options_are_translated_or_left_out(void **state)
{
    (void)state;
    assert_option("postgresql", "psycopg2", "connect_timeout", "5",
                  "postgresql+psycopg2://u@h/d?connect_timeout=5", NULL);
    assert_option("postgresql", NULL, "prepared_statements", "false",
                  "postgresql://u@h/d?prepared_statements=false", NULL);
    assert_option("postgresql", "psycopg2", "prepared_statements", "false",
                  "postgresql+psycopg2://u@h/d",
                  "psycopg2 does not take 'prepared_statements': left out; it prepares nothing on "
                  "the server by itself.");
    assert_option("postgresql", "psycopg", "prepared_statements", "false",
                  "postgresql+psycopg://u@h/d",
                  "psycopg does not take 'prepared_statements': left out; behind PgBouncer set "
                  "connect_args={'prepare_threshold': None}.");
    assert_option("postgresql", "asyncpg", "prepared_statements", "false",
                  "postgresql+asyncpg://u@h/d?prepared_statement_cache_size=0",
                  "asyncpg: prepared_statements=false became prepared_statement_cache_size=0; "
                  "behind PgBouncer also set connect_args={'statement_cache_size': 0}.");
    assert_option("postgresql", "asyncpg", "sslmode", "require",
                  "postgresql+asyncpg://u@h/d?ssl=require", NULL);
    assert_option("postgresql", "asyncpg", "application_name", "x", "postgresql+asyncpg://u@h/d",
                  "asyncpg does not take 'application_name' in a URL: left out.");
    assert_option("mysql", "pymysql", "sslmode", "require",
                  "mysql+pymysql://u@h/d?ssl_verify_cert=false",
                  "PyMySQL has no 'ssl_mode': require became ssl_verify_cert=false (encrypted, the "
                  "server's identity unchecked).");
    assert_option("mysql", "pymysql", "connection_timeout", "5",
                  "mysql+pymysql://u@h/d?connect_timeout=5",
                  "PyMySQL does not know 'connection_timeout': it became 'connect_timeout'.");
    assert_option("mysql", "pymysql", "application_name", "x",
                  "mysql+pymysql://u@h/d?program_name=x",
                  "PyMySQL does not know 'application_name': it became 'program_name'.");
    dbw_url_option mode = {(char *)(uintptr_t) "mode", (char *)(uintptr_t) "ro"};
    assert_built(
        &(dbw_url_parts){
            .backend = "sqlite", .sqlite_path = "/a?b.db", .options = &mode, .option_count = 1},
        "sqlite:///file%3A/a%253Fb.db?mode=ro&uri=true",
        "SQLite takes such options only from a file: URI: the path was turned into one.");
}

static void missing_and_wrong_parts_are_named(void **state)
{
    (void)state;
    static const struct {
        dbw_url_parts parts;
        const char *message, *object;
    } rows[] = {
        {{.backend = NULL}, "the backend is missing", "backend"},
        {{.backend = "postgres"}, "unknown backend 'postgres'", "backend"},
        {{.backend = "postgresql", .driver = "nope", .host = "h"}, "unknown driver", "driver"},
        {{.backend = "postgresql"}, "the host is missing", "host"},
        {{.backend = "postgresql", .host = "h h"},
         "the host holds a character that no host name has",
         "host"},
        {{.backend = "postgresql", .host = "h", .port = 65536},
         "the port is not a number from 1 to 65535",
         "port"},
        {{.backend = "postgresql", .host = "h", .password = "p"},
         "the user name is missing, but there is a password",
         "username"},
        {{.backend = "postgresql", .host = "h", .ssl_mode = "maybe"},
         "the TLS mode is not known",
         "ssl_mode"},
        {{.backend = "postgresql", .host = "h", .username = "a\nb"},
         "the user name holds a control character",
         "username"},
        {{.backend = "sqlite"}, "the path of the SQLite file is missing", "sqlite_path"},
    };
    for (size_t i = 0; i < DBW_COUNT(rows); i++) {
        dbw_error error;
        dbw_url_built built;
        assert_fails(&error, DBW_E_INVALID, rows[i].message,
                     dbw_url_build(arena, &rows[i].parts, &built, &error));
        assert_string_equal(error.object, rows[i].object);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_parts_become_a_url),
        cmocka_unit_test(a_socket_goes_where_the_driver_looks),
        cmocka_unit_test(tls_is_translated_for_the_driver),
        cmocka_unit_test(the_mode_survives_the_translation),
        cmocka_unit_test(options_are_translated_or_left_out),
        cmocka_unit_test(missing_and_wrong_parts_are_named),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
