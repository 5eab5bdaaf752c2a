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

typedef struct row {
    const char *text, *shown;
} row;

static void check(const row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(dbw_redact(arena, dbw_text_of(rows[i].text)), rows[i].shown);
}

static void user_info_is_hidden(void **state)
{
    (void)state;
    static const row rows[] = {
        {"postgresql://u:pw@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u:p@ss@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u/x:pw@h/d", "postgresql://u/x:***@h/d"},
        {"postgresql://u:p w d@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u:p\nw@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u:'\"`@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u:a://b@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u:p?w#x@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u%3Apw%40h/d", "postgresql://u%3A***%40h/d"},
        {"cannot open 'mysql+pymysql://u:pw@h/d': gone",
         "cannot open 'mysql+pymysql://u:***@h/d': gone"},
        {"from mysql://a:pw@h to postgresql://b:pw@h2", "from mysql://a:***@h to "
                                                        "postgresql://b:***@h2"},
        {"https://u:pw@h/", "https://u:***@h/"},
        {"postgresql://:my pw@h", "postgresql://:***@h"},
        {"postgresql://u:my a://pw@h", "postgresql://u:***@h"},
    };
    check(rows, DBW_COUNT(rows));
}

static void malformed_urls_are_hidden_too(void **state)
{
    (void)state;
    static const row rows[] = {
        {"postgresql://u:secret", "postgresql://u:***"},
        {"postgresql://u:sec/ret", "postgresql://u:***"},
        {"postgresql:/u:pw@h", "postgresql:***@h"},
        {"postgresql:u:p w@h", "postgresql:u:***@h"},
        {"postgresql//u:p w@h", "postgresql//u:***@h"},
        {"u:pw@h/d", "u:***@h/d"},
        {"postgresql://u:pw@[::1]x/d", "postgresql://u:***@[::1]x/d"},
        {"postgresql://h:5x/d", "postgresql://h:***"},
    };
    check(rows, DBW_COUNT(rows));
}

static void secret_options_are_hidden(void **state)
{
    (void)state;
    static const row rows[] = {
        {"postgresql://h/d?sslpassword=pw&a=1", "postgresql://h/d?sslpassword=***&a=1"},
        {"postgresql://h/d?a=1&password=my pw", "postgresql://h/d?a=1&password=***"},
        {"postgresql://h/d?pass%77ord=pw", "postgresql://h/d?pass%77ord=***"},
        {"postgresql://h/d?passfile=/x&b=2", "postgresql://h/d?passfile=***&b=2"},
        {"host=h user=u password=pw dbname=d", "host=h user=u password=*** dbname=d"},
        {"host=h password = 'p w\\'x' dbname=d", "host=h password = '***' dbname=d"},
        {"password=p\\ w x", "password=*** x"},
        {"password='open end", "password=***"},
        {"PGPASSWORD=pw psql", "PGPASSWORD=*** psql"},
        {"{\"password\": \"pw\", \"a\": 1}", "{\"password\": \"***\", \"a\": 1}"},
        {"{\\\"password\\\":\\\"pw\\\"}", "{\\\"password\\\":\\***"},
        {"Authorization: Bearer abc def\nnext", "Authorization: ***\nnext"},
        {"DBWIZARD_SECRET_KEY_FILE=/etc/key", "DBWIZARD_SECRET_KEY_FILE=/etc/key"},
        {"dbw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ok", "dbw_*** ok"},
    };
    check(rows, DBW_COUNT(rows));
}

static void statements_with_passwords_are_hidden(void **state)
{
    (void)state;
    static const row rows[] = {
        {"ALTER USER x PASSWORD 'pw'; SELECT 'a'", "ALTER USER x PASSWORD '***'; SELECT 'a'"},
        {"CREATE USER 'u'@'h' IDENTIFIED BY 'pw'", "CREATE USER 'u'@'h' IDENTIFIED BY '***'"},
        {"IDENTIFIED WITH x AS \"pw\"", "IDENTIFIED WITH x AS \"***\""},
        {"SET PASSWORD FOR u = PASSWORD('pw')", "SET PASSWORD FOR u = PASSWORD('***')"},
    };
    check(rows, DBW_COUNT(rows));
}

static void plain_messages_stay_as_they_are(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "FATAL:  password authentication failed for user \"bob\"",
        "Access denied for user 'u'@'localhost' (using password: YES)",
        "Access denied for user 'u'@'localhost' (using password: NO)",
        "connection to server at \"127.0.0.1\", port 5432 failed: Connection refused",
        "see http://127.0.0.1:8080/database-wizard, then log in",
        "see (http://127.0.0.1:8080).",
        "postgresql://u@h:5432/d: gone",
        "sqlite:////var/lib/x.db: unable to open",
        "postgresql://[::1]:5432/d",
        "Write postgresql://USER:PASSWORD@HOST/DATABASE.",
        "column \"a\" of table b: 3 rows",
    };
    for (size_t i = 0; i < DBW_COUNT(texts); i++)
        assert_string_equal(dbw_redact(arena, dbw_text_of(texts[i])), texts[i]);
}

static void a_parsed_url_shows_no_secret(void **state)
{
    (void)state;
    static const row rows[] = {
        {"postgresql://u:pw@h:1/d?b=2&a=1", "postgresql://u:***@h:1/d?a=1&b=2"},
        {"postgresql://u:@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u:p@ss@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u/x:p@h/d", "postgresql://u/x:***@h/d"},
        {"postgresql://u:p@s/s@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u:p@s?a=s@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u/x:p?a=s@h/d", "postgresql://u/x:***@h/d"},
        {"postgresql://u:p@s?s@h/d?password=x", "postgresql://u:***@h/d?password=***"},
        {"postgresql://h/d?user=a@b", "postgresql://h/d?user=a%40b"},
        {"postgresql://h/d?sslpassword=pw", "postgresql://h/d?sslpassword=***"},
        {"postgresql://h/d?Pass%57ord=pw", "postgresql://h/d?PassWord=***"},
        {"postgresql://h/d?x=postgresql%3A//u%3Apw%40h", "postgresql://h/d?x=***"},
        {"postgresql://h/d?u:pw@h=1", "postgresql://h/d?u:***@h=1"},
        {"not a url", "***"},
        {"postgresql://u:pw", "***"},
    };
    for (size_t i = 0; i < DBW_COUNT(rows); i++)
        assert_string_equal(dbw_url_shown(arena, dbw_text_of(rows[i].text)), rows[i].shown);
}

static void names_of_secrets_are_known(void **state)
{
    (void)state;
    static const char *const secret[] = {"password",  "PASSWD", "sslpassword", "passfile",
                                         "MYSQL_PWD", "pass",   "db_pass",     "DATABASE__PASSWORD",
                                         "api_key",   "%70w",   "access-token"};
    static const char *const open[] = {
        "sslkey", "sslmode", "user", "PASSWORD_FILE", "passing", "target_session_attrs", ""};
    for (size_t i = 0; i < DBW_COUNT(secret); i++)
        assert_true(dbw_url_is_secret(dbw_text_of(secret[i])));
    for (size_t i = 0; i < DBW_COUNT(open); i++)
        assert_false(dbw_url_is_secret(dbw_text_of(open[i])));
}

static void long_text_takes_no_quadratic_time(void **state)
{
    (void)state;
    static const char *const pieces[] = {"?password=",  "password='", "password=\"x",
                                         "identified ", "a://",       ":",
                                         "= ",          "@:",         "x://u:"};
    for (size_t i = 0; i < DBW_COUNT(pieces); i++) {
        size_t length = strlen(pieces[i]);
        size_t total = 200000 / length * length;
        char *text = malloc(total);
        assert_non_null(text);
        for (size_t at = 0; at < total; at += length)
            memcpy(text + at, pieces[i], length);
        assert_non_null(dbw_redact(arena, (dbw_text){text, total}));
        free(text);
        dbw_arena_reset(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(user_info_is_hidden),
        cmocka_unit_test(malformed_urls_are_hidden_too),
        cmocka_unit_test(secret_options_are_hidden),
        cmocka_unit_test(statements_with_passwords_are_hidden),
        cmocka_unit_test(plain_messages_stay_as_they_are),
        cmocka_unit_test(a_parsed_url_shows_no_secret),
        cmocka_unit_test(names_of_secrets_are_known),
        cmocka_unit_test(long_text_takes_no_quadratic_time),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
