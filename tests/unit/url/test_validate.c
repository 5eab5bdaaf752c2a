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

static dbw_status validate(const char *text, dbw_error *error)
{
    dbw_url *url = NULL;
    DBW_TRY(dbw_url_parse(arena, dbw_text_of(text), &url, error));
    return dbw_url_validate(url, error);
}

static void good_urls_pass(void **state)
{
    (void)state;
    static const char *const good[] = {
        "sqlite://",
        "sqlite:///x.db?timeout=1.5",
        "postgresql://h",
        "postgresql+psycopg://u:p@[fe80::1%25eth0]:1/d?sslmode=require&connect_timeout=3",
        "postgresql://u:p@h/d?prepared_statements=false",
        "postgresql:///d?host=/run/postgresql",
        "mysql+pymysql://u:p@/d?unix_socket=/s&charset=utf8mb4",
        "mariadb+asyncmy://u:p@h/d?ssl_ca=/ca",
        "postgresql+own_driver://h/d",
    };
    for (size_t i = 0; i < DBW_COUNT(good); i++) {
        dbw_error error;
        assert_ok(&error, validate(good[i], &error));
    }
}

static void bad_urls_name_the_field(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message, *object, *hint;
    } rows[] = {
        {"postgres://h/d", "unknown backend 'postgres'", "backend",
         "Write postgresql:// instead: SQLAlchemy refuses postgres:// since version 1.4."},
        {"mssql://h/d", "unknown backend 'mssql'", "backend",
         "Known backends: sqlite, postgresql, mysql (or mariadb)."},
        {"Sqlite:///x", "unknown backend 'Sqlite'", "backend",
         "Known backends: sqlite, postgresql, mysql (or mariadb)."},
        {"postgresql+://h/d", "the driver's name behind '+' is missing", "driver", ""},
        {"sqlite://x.db", "a SQLite URL has neither host nor user", "host",
         "Write sqlite:///PATH with three slashes for a relative path, sqlite:////PATH with four "
         "for an absolute one."},
        {"postgresql:///d", "the host is missing", "host",
         "Write postgresql://USER:PASSWORD@HOST/DATABASE; a socket's folder or file goes into "
         "?host= (PostgreSQL) or ?unix_socket= (MySQL)."},
        {"postgresql://%2Frun/d", "the host is a percent-encoded path", "host",
         "Put the socket's folder into ?host=, with an empty host."},
        {"postgresql://u:p@ss@h/d", "the host holds a character that no host name has", "host",
         "Write '@', ':', '/' and '%' in a user name or password as %40, %3A, %2F and %25."},
        {"postgresql://u/x:p@h/d",
         "the database name looks like the rest of a user name and password", "database",
         "Write '@', ':', '/' and '%' in a user name or password as %40, %3A, %2F and %25."},
        {"postgresql://u:p%0A@h/d", "the password holds a control character", "password", ""},
        {"postgresql://u:p@h\t/d", "the host holds a control character", "host", ""},
        {"postgresql://u:p@h/d\n", "the database name holds a control character", "database", ""},
        {"postgresql://h/d?connect_timeout=soon", "option 'connect_timeout' is not a whole number",
         "connect_timeout", ""},
        {"postgresql://h/d?sslmode=on and on", "option 'sslmode' is not a TLS mode", "sslmode",
         "Use disable, prefer, require, verify-ca or verify-full."},
        {"mysql://h/d?local_infile=1", "unknown option 'local_infile' for mysql", "options",
         "Options that dbwizard does not know are refused; leave it out."},
        {"postgresql://h/d?passfile=/x", "unknown option 'passfile' for postgresql", "options",
         "Options that dbwizard does not know are refused; leave it out."},
        {"postgresql://h/d?password=x", "unknown option 'password' for postgresql", "options",
         "User, password and database belong in front of the '?'."},
        {"postgresql://h/d?s3cret@x=1", "unknown option for postgresql", "options",
         "Options that dbwizard does not know are refused; leave it out."},
        {"sqlite:///x?timeout=1.2.3", "option 'timeout' is not a number", "timeout", ""},
        {"sqlite:///x?uri=perhaps", "option 'uri' is neither true nor false", "uri", ""},
    };
    for (size_t i = 0; i < DBW_COUNT(rows); i++) {
        dbw_error error;
        assert_fails(&error, DBW_E_INVALID, rows[i].message, validate(rows[i].text, &error));
        assert_string_equal(error.object, rows[i].object);
        assert_string_equal(error.hint, rows[i].hint);
    }
}

static void every_option_of_the_table_is_found_and_sorted(void **state)
{
    (void)state;
    const dbw_url_option_info *info = NULL;
    const dbw_url_option_info *before = NULL;
    for (size_t i = 0; (info = dbw_url_option_at(i)) != NULL; i++) {
        assert_ptr_equal(dbw_url_option_find(info->backend, info->name), info);
        if (before && strcmp(before->backend, info->backend) == 0)
            assert_true(strcmp(before->name, info->name) < 0);
        before = info;
    }
}

static void prepared_statements_can_be_forbidden(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool prepared;
    } rows[] = {
        {"postgresql://h/d", true},
        {"postgresql://h/d?prepared_statements=true", true},
        {"postgresql://h/d?prepared_statements=FALSE", false},
        {"postgresql+asyncpg://h/d?prepared_statement_cache_size=0", false},
        {"postgresql+asyncpg://h/d?prepared_statement_cache_size=100", true},
    };
    for (size_t i = 0; i < DBW_COUNT(rows); i++) {
        dbw_error error;
        dbw_url *url = NULL;
        assert_ok(&error, dbw_url_parse(arena, dbw_text_of(rows[i].text), &url, &error));
        assert_int_equal(dbw_url_prepared_statements(url), rows[i].prepared);
    }
}

static void memory_is_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool memory;
    } rows[] = {{"sqlite://", true},          {"sqlite:///", true},
                {"sqlite:///:memory:", true}, {"sqlite:///file::memory:?uri=true", true},
                {"sqlite:///x", false},       {"postgresql://h", false}};
    for (size_t i = 0; i < DBW_COUNT(rows); i++) {
        dbw_error error;
        dbw_url *url = NULL;
        assert_ok(&error, dbw_url_parse(arena, dbw_text_of(rows[i].text), &url, &error));
        assert_int_equal(dbw_url_in_memory(url), rows[i].memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_urls_pass),
        cmocka_unit_test(bad_urls_name_the_field),
        cmocka_unit_test(every_option_of_the_table_is_found_and_sorted),
        cmocka_unit_test(prepared_statements_can_be_forbidden),
        cmocka_unit_test(memory_is_recognised),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
