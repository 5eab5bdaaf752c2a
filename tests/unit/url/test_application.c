/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/file.h"
#include "url/application.h"

#include <sys/stat.h>
#include <unistd.h>

static dbw_arena *arena;
static char folder[64];

static int setup(void **state)
{
    (void)state;
    dbw_error error;
    arena = dbw_arena_new();
    snprintf(folder, sizeof folder, "/tmp/dbwizard-app-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    return dbw_directory_make(dbw_path_join(arena, folder, "apps.d"), 0755, &error) == DBW_OK ? 0
                                                                                              : -1;
}

static int teardown(void **state)
{
    (void)state;
    static const char *const names[] = {"apps.d/shop.env", "app.env", "url", "x.sqlite"};
    for (size_t i = 0; i < DBW_COUNT(names); i++)
        unlink(dbw_path_join(arena, folder, names[i]));
    rmdir(dbw_path_join(arena, folder, "apps.d"));
    int left = rmdir(folder);
    dbw_arena_free(arena);
    return left;
}

static void put(const char *name, const char *text, mode_t mode)
{
    dbw_error error;
    assert_ok(&error,
              dbw_file_write(dbw_path_join(arena, folder, name), dbw_text_of(text), mode, &error));
}

#define ENV(...) ((const char *const[]){__VA_ARGS__, NULL})

static dbw_config *load(const char *application, const char *const *environment)
{
    dbw_error error;
    dbw_config *config = NULL;
    char **entries = dbw_arena_array(arena, 16, sizeof(char *));
    size_t n = 0;
    entries[n++] = dbw_arena_printf(arena, "DBWIZARD_CONFIG_DIR=%s", folder);
    entries[n++] = dbw_arena_string(arena, "DBWIZARD_STATE_DIR=/state");
    for (; environment && *environment; environment++)
        entries[n++] = dbw_arena_string(arena, *environment);
    dbw_config_request request = {.application = application, .environment = entries};
    assert_ok(&error, dbw_config_load_request(arena, &request, &config, &error));
    return config;
}

static void assert_url(const dbw_config *config, const char *database, const char *expected)
{
    dbw_error error;
    dbw_url *url = NULL;
    assert_ok(&error, dbw_application_url(arena, config, database, &url, &error));
    assert_string_equal(dbw_url_render(arena, url), expected);
}

static void the_default_is_a_file_in_the_state_folder(void **state)
{
    (void)state;
    assert_url(load(NULL, NULL), NULL, "sqlite:////state/app.sqlite3");
}

static void urls_come_in_several_forms(void **state)
{
    (void)state;
    assert_url(load(NULL, ENV("DATABASE_URL=mysql://u@h/d", "DATABASE__URL=sqlite:///x")), NULL,
               "mysql://u@h/d");
    assert_url(load(NULL, ENV("DATABASE__URL=sqlite:///x", "DATABASE__HOST=h")), NULL,
               "sqlite:///x");
    assert_url(load(NULL, ENV("DATABASE__HOST=h", "DATABASE__PORT=5433", "DATABASE__NAME=d",
                              "DATABASE__USER=u", "DATABASE__PASSWORD=p@ss/${x}")),
               NULL, "postgresql://u:p%40ss%2F%24%7Bx%7D@h:5433/d");
    assert_url(load(NULL, ENV("DATABASE__URL=postgresql+asyncpg://${DATABASE__USER}@${H}/d",
                              "DATABASE__HOST=h", "DATABASE__NAME=d", "DATABASE__USER=u")),
               NULL, "postgresql+asyncpg://u@h/d");
    assert_url(load(NULL, ENV("DATABASE_URL__CHECKPOINTS=sqlite:///c")), "checkpoints",
               "sqlite:///c");
}

static void the_applications_own_file_is_asked(void **state)
{
    (void)state;
    put("app.env", "APP_DB=postgresql://u@h/own\nDATABASE_URL=sqlite:///usual\n", 0640);
    const char *dir = dbw_arena_printf(arena, "DBWIZARD_APP_DIR=%s", folder);
    assert_url(load(NULL, ENV(dir, "DBWIZARD_APP_ENV_FILE=app.env")), NULL, "sqlite:///usual");
    dbw_config *config =
        load(NULL, ENV(dir, "DBWIZARD_APP_ENV_FILE=app.env", "DBWIZARD_APP_URL_KEY=APP_DB"));
    assert_url(config, NULL, "postgresql://u@h/own");
    assert_string_equal(dbw_application_directory(config), folder);
    config = load(NULL, ENV(dir, "DBWIZARD_APP_ENV_FILE=app.env", "DBWIZARD_APP_URL_KEY=NOPE"));
    dbw_error error;
    dbw_url *url = NULL;
    assert_fails(&error, DBW_E_NOT_FOUND,
                 dbw_arena_printf(arena, "unable to find NOPE in '%s/app.env'", folder),
                 dbw_application_url(arena, config, NULL, &url, &error));
}

static void errors_name_the_variable(void **state)
{
    (void)state;
    dbw_error error;
    dbw_url *url = NULL;
    dbw_config *config = load(NULL, ENV("DATABASE_URL=hunter2", "DATABASE_URL__B=x://h:hunter2"));
    assert_fails(&error, DBW_E_INVALID,
                 "DATABASE_URL: unable to parse database URL: it does not begin with a backend and "
                 "'://'",
                 dbw_application_url(arena, config, NULL, &url, &error));
    assert_fails(&error, DBW_E_INVALID,
                 "DATABASE_URL__b: unable to parse database URL: the port is not a number from 1 "
                 "to 65535",
                 dbw_application_url(arena, config, "b", &url, &error));
    assert_fails(&error, DBW_E_NOT_FOUND, "unknown database 'c'",
                 dbw_application_url(arena, config, "c", &url, &error));
    config = load(NULL, ENV("DATABASE__NAME=d"));
    assert_fails(&error, DBW_E_INVALID,
                 "unable to build the URL from DATABASE__HOST and its like: the host is missing",
                 dbw_application_url(arena, config, NULL, &url, &error));
    put("apps.d/shop.env", "", 0640);
    assert_fails(&error, DBW_E_NOT_FOUND, "application 'shop' has no database configured",
                 dbw_application_url(arena, load("shop", NULL), NULL, &url, &error));
}

static void assert_argument(const dbw_config *config, const char *text, const char *expected,
                            const char *name, const char *warning)
{
    dbw_error error;
    dbw_url *url = NULL;
    dbw_url_source source;
    assert_ok(&error, dbw_url_argument_from(arena, config, text, false, &url, &source, &error));
    assert_string_equal(dbw_url_render(arena, url), expected);
    assert_string_equal(source.name, name);
    if (warning)
        assert_string_equal(source.warning, warning);
    else
        assert_null(source.warning);
}

static void an_argument_is_a_url_or_says_where_one_is(void **state)
{
    (void)state;
    put("apps.d/shop.env", "DATABASE_URL=postgresql://u@h/shop\n", 0640);
    put("url", "  mysql://u@h/f \nsecond\n", 0600);
    put("x.sqlite", "", 0600);
    dbw_config *config = load(NULL, ENV("X=sqlite:///env", "DATABASE_URL=sqlite:///main",
                                        "DATABASE_URL__LOG=sqlite:///log"));
    char *url_file = dbw_path_join(arena, folder, "url");
    char *file = dbw_path_join(arena, folder, "x.sqlite");
    assert_argument(config, "postgresql://u@h/d", "postgresql://u@h/d", "argument", NULL);
    assert_argument(config, "postgresql://u:p@h/d", "postgresql://u:p@h/d", "argument",
                    "A password on the command line can be seen by everybody on this machine: give "
                    "env:NAME, file:PATH or - instead.");
    assert_argument(config, "env:X", "sqlite:///env", "variable X", NULL);
    assert_argument(config, dbw_arena_printf(arena, "file:%s", url_file), "mysql://u@h/f",
                    dbw_arena_printf(arena, "file '%s'", url_file), NULL);
    assert_int_equal(chmod(url_file, 0644), 0);
    assert_argument(
        config, dbw_arena_printf(arena, "file:%s", url_file), "mysql://u@h/f",
        dbw_arena_printf(arena, "file '%s'", url_file),
        dbw_arena_printf(arena, "Everybody can read '%s': chmod 0640 hides the URL.", url_file));
    assert_argument(config, "log", "sqlite:///log", "database log", NULL);
    assert_argument(config, "default", "sqlite:///main", "application default", NULL);
    assert_argument(config, "shop", "postgresql://u@h/shop", "application shop", NULL);
    assert_argument(load("shop", NULL), "shop", "postgresql://u@h/shop", "application shop", NULL);
    assert_argument(config, file, dbw_arena_printf(arena, "sqlite:///%s", file),
                    dbw_arena_printf(arena, "file '%s'", file), NULL);
}

static void arguments_that_lead_nowhere_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dbw_status code;
        const char *message;
    } rows[] = {
        {"hunter2", DBW_E_NOT_FOUND,
         "the argument is no URL, no configured name and no existing file"},
        {"", DBW_E_NOT_FOUND, "the argument is no URL, no configured name and no existing file"},
        {"/tmp", DBW_E_NOT_FOUND,
         "the argument is no URL, no configured name and no existing file"},
        {"-", DBW_E_INVALID, "a URL cannot be read from standard input here"},
        {"env:NOPE", DBW_E_NOT_FOUND, "environment variable NOPE is not set"},
        {"env:EMPTY", DBW_E_INVALID,
         "unable to read a database URL from variable EMPTY: it is empty"},
        {"env:BAD", DBW_E_INVALID,
         "variable BAD: unable to parse database URL: it does not begin with a backend and '://'"},
        {"file:/nonexistent", DBW_E_NOT_FOUND,
         "unable to read '/nonexistent': No such file or directory"},
        {"x://u:hunter2", DBW_E_INVALID,
         "unable to parse database URL: the port is not a number from 1 to 65535"},
    };
    dbw_config *config = load(NULL, ENV("EMPTY= ", "BAD=hunter2"));
    for (size_t i = 0; i < DBW_COUNT(rows); i++) {
        dbw_error error;
        dbw_url *url = NULL;
        assert_fails(&error, rows[i].code, rows[i].message,
                     dbw_url_argument(arena, config, rows[i].text, false, &url, &error));
        assert_null(strstr(error.hint, "hunter2"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_default_is_a_file_in_the_state_folder, setup, teardown),
        cmocka_unit_test_setup_teardown(urls_come_in_several_forms, setup, teardown),
        cmocka_unit_test_setup_teardown(the_applications_own_file_is_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_name_the_variable, setup, teardown),
        cmocka_unit_test_setup_teardown(an_argument_is_a_url_or_says_where_one_is, setup, teardown),
        cmocka_unit_test_setup_teardown(arguments_that_lead_nowhere_are_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
