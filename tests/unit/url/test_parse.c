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

static dbw_url *parse(const char *text)
{
    dbw_error error;
    dbw_url *url = NULL;
    assert_ok(&error, dbw_url_parse(arena, dbw_text_of(text), &url, &error));
    return url;
}

static void refuse(const char *text, const char *message)
{
    dbw_error error;
    dbw_url *url = NULL;
    assert_fails(&error, DBW_E_INVALID, message,
                 dbw_url_parse(arena, dbw_text_of(text), &url, &error));
    assert_null(strstr(error.hint, "hunter2"));
}

static void assert_same(const char *ours, const char *want)
{
    if (!want)
        assert_null(ours);
    else
        assert_string_equal(ours, want);
}

static void every_part_is_taken(void **state)
{
    (void)state;
    dbw_url *url = parse("postgresql+psycopg2://us%40er:p%3Ass@db.example:5433/na%20me?b=2&a=1");
    assert_string_equal(url->drivername, "postgresql+psycopg2");
    assert_string_equal(url->backend, "postgresql");
    assert_string_equal(url->driver, "psycopg2");
    assert_string_equal(url->username, "us@er");
    assert_string_equal(url->password, "p:ss");
    assert_string_equal(url->host, "db.example");
    assert_int_equal(url->port, 5433);
    assert_string_equal(url->database, "na me");
    assert_int_equal(url->option_count, 2);
    assert_string_equal(url->options[0].name, "b");
    assert_string_equal(dbw_url_render(arena, url),
                        "postgresql+psycopg2://us%40er:p%3Ass@db.example:5433/na me?a=1&b=2");
}

static void what_is_absent_is_null(void **state)
{
    (void)state;
    static const struct {
        const char *text, *username, *password, *host, *database;
    } rows[] = {
        {"sqlite://", NULL, NULL, NULL, NULL},        {"sqlite:///", NULL, NULL, NULL, ""},
        {"sqlite:////abs", NULL, NULL, NULL, "/abs"}, {"postgresql://h", NULL, NULL, "h", NULL},
        {"postgresql://@h", "", NULL, "h", NULL},     {"postgresql://u:@h/", "u", "", "h", ""},
        {"postgresql://:p@/d", "", "p", NULL, "d"},
    };
    for (size_t i = 0; i < DBW_COUNT(rows); i++) {
        dbw_url *url = parse(rows[i].text);
        assert_same(url->username, rows[i].username);
        assert_same(url->password, rows[i].password);
        assert_same(url->host, rows[i].host);
        assert_same(url->database, rows[i].database);
        assert_string_equal(dbw_url_render(arena, url), rows[i].text);
    }
}

static void mariadb_is_mysql(void **state)
{
    (void)state;
    dbw_url *url = parse("mariadb+pymysql://u@h/d");
    assert_string_equal(url->backend, "mysql");
    assert_string_equal(url->drivername, "mariadb+pymysql");
    assert_string_equal(parse("oracle+x://h")->backend, "oracle");
}

static void repeated_options_keep_their_order(void **state)
{
    (void)state;
    dbw_url *url = parse("postgresql:///d?host=b:1&x=1&host=a&empty=&bare&=v");
    assert_int_equal(url->option_count, 4);
    assert_string_equal(url->options[2].value, "a");
    assert_string_equal(dbw_url_option_value(url, "host"), "a");
    assert_null(dbw_url_option_value(url, "empty"));
    assert_string_equal(dbw_url_render(arena, url), "postgresql:///d?=v&host=b%3A1&host=a&x=1");
}

static void escapes_that_are_not_utf8_are_replaced(void **state)
{
    (void)state;
    assert_string_equal(parse("x://%E2%82a@h")->username, "\xEF\xBF\xBD"
                                                          "a");
    assert_string_equal(parse("x://%ED%A0%80@h")->username, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_string_equal(parse("x://%F0%80@h")->username, "\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_string_equal(parse("x://100%@h")->username, "100%");
    assert_string_equal(parse("x://%4@h")->username, "%4");
    assert_string_equal(parse("x://%c3%A4@h")->username, "\xC3\xA4");
}

static void ports_are_plain_numbers(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "x://h:/d",      "x://h:0/d",     "x://h:65536/d",   "x://h:-1/d",
        "x://h:+5432/d", "x://h: 5432/d", "x://h:5_4/d",     "x://h:99999999999999999999/d",
        "x://u:hunter2", "x://::1/d",     "x://h:\xD9\xA1/d"};
    for (size_t i = 0; i < DBW_COUNT(bad); i++)
        refuse(bad[i], "unable to parse database URL: the port is not a number from 1 to 65535");
    assert_int_equal(parse("x://h:65535")->port, 65535);
}

static void brackets_hold_an_ipv6_address(void **state)
{
    (void)state;
    assert_string_equal(parse("x://[::1]:1/d")->host, "::1");
    assert_string_equal(dbw_url_render(arena, parse("x://[::1]:1/d")), "x://[::1]:1/d");
    static const char *const bad[] = {"x://[::1]x/d", "x://[::1]]/d", "x://[[::1]]/d",
                                      "x://[::1]:1]/d"};
    for (size_t i = 0; i < DBW_COUNT(bad); i++)
        refuse(bad[i], "unable to parse database URL: only a port may follow the brackets around "
                       "an IPv6 address");
}

static void what_is_no_url_is_refused_without_a_word_of_it(void **state)
{
    (void)state;
    refuse("", "unable to parse database URL: it is empty");
    static const char *const bad[] = {"hunter2", "://hunter2", "postgresql:hunter2",
                                      " x://h",  "x:/h",       "x-y://hunter2"};
    for (size_t i = 0; i < DBW_COUNT(bad); i++)
        refuse(bad[i], "unable to parse database URL: it does not begin with a backend and '://'");
    refuse("x://u:\xFFhunter2@h", "unable to parse database URL: it is not valid UTF-8");
    refuse("x://u:hunter2%00@h", "unable to parse database URL: it holds a NUL");
    dbw_error error;
    dbw_url *url = NULL;
    assert_fails(&error, DBW_E_INVALID, "unable to parse database URL: it holds a NUL",
                 dbw_url_parse(arena, (dbw_text){"x://\0h", 6}, &url, &error));
}

static void the_longest_url_is_64_kib(void **state)
{
    (void)state;
    char *text = dbw_arena_take(arena, DBW_URL_LIMIT + 2);
    memset(text, 'a', DBW_URL_LIMIT);
    memcpy(text, "x://", 4);
    assert_int_equal(strlen(parse(text)->host), DBW_URL_LIMIT - 4);
    text[DBW_URL_LIMIT] = 'a';
    refuse(text, "unable to parse database URL: it is longer than 65536 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_taken),
        cmocka_unit_test(what_is_absent_is_null),
        cmocka_unit_test(mariadb_is_mysql),
        cmocka_unit_test(repeated_options_keep_their_order),
        cmocka_unit_test(escapes_that_are_not_utf8_are_replaced),
        cmocka_unit_test(ports_are_plain_numbers),
        cmocka_unit_test(brackets_hold_an_ipv6_address),
        cmocka_unit_test(what_is_no_url_is_refused_without_a_word_of_it),
        cmocka_unit_test(the_longest_url_is_64_kib),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
