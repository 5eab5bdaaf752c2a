/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "url/options.h"
#include "url/url.h"

static void the_mode_is_read_from_every_drivers_words(void **state)
{
    (void)state;
    static const struct {
        const char *url, *mode, *ca;
    } rows[] = {
        {"postgresql://h/d", "prefer", NULL},
        {"postgresql://h/d?sslmode=allow", "prefer", NULL},
        {"postgresql://h/d?sslmode=disable", "disable", NULL},
        {"postgresql://h/d?sslmode=verify-full&sslrootcert=/ca", "verify-full", "/ca"},
        {"postgresql+asyncpg://h/d?ssl=require", "require", NULL},
        {"postgresql+asyncpg://h/d?ssl=true", "require", NULL},
        {"postgresql://h/d?sslrootcert=/ca", "verify-ca", "/ca"},
        {"mysql://h/d?ssl_mode=VERIFY_IDENTITY&ssl_ca=/ca", "verify-full", "/ca"},
        {"mysql://h/d?sslmode=require", "require", NULL},
        {"mysql+pymysql://h/d?ssl_ca=/ca", "verify-full", "/ca"},
        {"mysql+pymysql://h/d?ssl_ca=/ca&ssl_check_hostname=false", "verify-ca", "/ca"},
        {"mysql+pymysql://h/d?ssl_verify_cert=false", "require", NULL},
        {"mysql+pymysql://h/d?ssl_disabled=true", "disable", NULL},
        {"mysql+mysqlconnector://h/d?ssl_ca=/ca", "verify-ca", "/ca"},
        {"mysql+mysqlconnector://h/d?ssl_verify_identity=1&ssl_ca=/ca", "verify-full", "/ca"},
        {"mysql+mysqlconnector://h/d?ssl_verify_cert=false", "prefer", NULL},
    };
    dbw_arena *arena = dbw_arena_new();
    for (size_t i = 0; i < DBW_COUNT(rows); i++) {
        dbw_error error;
        dbw_url *url = NULL;
        dbw_url_tls tls;
        assert_ok(&error, dbw_url_parse(arena, dbw_text_of(rows[i].url), &url, &error));
        assert_ok(&error, dbw_url_tls_of(url, &tls, &error));
        assert_string_equal(dbw_tls_mode_name(tls.mode), rows[i].mode);
        if (rows[i].ca)
            assert_string_equal(tls.ca, rows[i].ca);
        else
            assert_null(tls.ca);
    }
    dbw_arena_free(arena);
}

static void what_is_no_mode_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *url, *message;
    } rows[] = {
        {"postgresql://h/d?sslmode=maybe", "option 'sslmode' is not a TLS mode"},
        {"mysql+pymysql://h/d?ssl_verify_cert=maybe",
         "option 'ssl_verify_cert' is neither true nor false"},
    };
    dbw_arena *arena = dbw_arena_new();
    for (size_t i = 0; i < DBW_COUNT(rows); i++) {
        dbw_error error;
        dbw_url *url = NULL;
        dbw_url_tls tls;
        assert_ok(&error, dbw_url_parse(arena, dbw_text_of(rows[i].url), &url, &error));
        assert_fails(&error, DBW_E_INVALID, rows[i].message, dbw_url_tls_of(url, &tls, &error));
    }
    dbw_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mode_is_read_from_every_drivers_words),
        cmocka_unit_test(what_is_no_mode_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
