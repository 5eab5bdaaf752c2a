/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/config.h"
#include "base/file.h"

#include <sys/stat.h>
#include <unistd.h>

static dbw_arena *arena;
static char folder[64];
static char *config_dir;

static int setup(void **state)
{
    (void)state;
    dbw_error error;
    arena = dbw_arena_new();
    snprintf(folder, sizeof folder, "/tmp/dbwizard-config-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    config_dir = dbw_arena_printf(arena, "DBWIZARD_CONFIG_DIR=%s", folder);
    return dbw_directory_make(dbw_path_join(arena, folder, "apps.d"), 0755, &error) == DBW_OK ? 0
                                                                                              : -1;
}

static int teardown(void **state)
{
    (void)state;
    static const char *const names[] = {"dbwizard.env", "apps.d/shop.env", "apps.d/wiki.env",
                                        "secret.key", "extra.env"};
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

static dbw_status try_load(const char *application, const char *env_file, const char *override,
                           char **environment, dbw_config **out, dbw_error *error)
{
    dbw_setting setting = {"DB_POOL_SIZE", override};
    char *entries[16] = {config_dir, (char *)(uintptr_t) "HOME=/home/u"};
    size_t n = 2;
    for (; environment && *environment; environment++)
        entries[n++] = *environment;
    dbw_config_request request = {.application = application,
                                  .env_file = env_file,
                                  .overrides = &setting,
                                  .override_count = override ? 1 : 0,
                                  .environment = dbw_arena_array(arena, n + 1, sizeof(char *))};
    memcpy((void *)(uintptr_t)request.environment, entries, n * sizeof(char *));
    return dbw_config_load_request(arena, &request, out, error);
}

#define ENV(...) ((char *[]){__VA_ARGS__, NULL})
#define S(text) ((char *)(uintptr_t)(text))

static dbw_config *load(const char *application, const char *env_file, const char *override,
                        char **environment)
{
    dbw_error error;
    dbw_config *config = NULL;
    assert_ok(&error, try_load(application, env_file, override, environment, &config, &error));
    return config;
}

static void with_nothing_set_the_defaults_hold(void **state)
{
    (void)state;
    dbw_config *config = load(NULL, NULL, NULL, NULL);
    assert_null(dbw_config_text(config, DBW_OPTION_DATABASE_URL));
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_POOL_SIZE), 10);
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_MAX_OVERFLOW), 20);
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_POOL_TIMEOUT), 30);
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_POOL_RECYCLE), 1800);
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_DATABASE__PORT), 0);
    assert_string_equal(dbw_config_origin(config, DBW_OPTION_POOL_SIZE), "default");
    assert_string_equal(dbw_config_application(config), "default");
    assert_string_equal(dbw_config_folder(config), folder);
}

static void the_stronger_source_wins(void **state)
{
    (void)state;
    dbw_config *config = NULL;
    char *extra = dbw_path_join(arena, folder, "extra.env");
    put("dbwizard.env", "DB_POOL_SIZE=1\nDB_POOL_TIMEOUT=1\nDATABASE_URL=sqlite:///system\n", 0640);
    put("apps.d/shop.env", "DB_POOL_SIZE=2\nDB_MAX_OVERFLOW=2\nDATABASE_URL=sqlite:///shop\n",
        0640);
    put("extra.env", "DB_POOL_SIZE=4\nDATABASE_URL=sqlite:///extra", 0640);
    config = load("shop", NULL, NULL, NULL);
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_POOL_SIZE), 2);
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_POOL_TIMEOUT), 1);
    assert_string_equal(dbw_config_origin(config, DBW_OPTION_MAX_OVERFLOW),
                        dbw_arena_printf(arena, "%s/apps.d/shop.env line 2", folder));
    config = load("shop", NULL, NULL, ENV(S("DB_POOL_SIZE=3")));
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_POOL_SIZE), 3);
    assert_string_equal(dbw_config_origin(config, DBW_OPTION_POOL_SIZE), "environment");
    config = load("shop", extra, NULL, ENV(S("DB_POOL_SIZE=3")));
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_POOL_SIZE), 4);
    assert_string_equal(dbw_config_text(config, DBW_OPTION_DATABASE_URL), "sqlite:///extra");
    config = load("shop", extra, "5", ENV(S("DB_POOL_SIZE=3")));
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_POOL_SIZE), 5);
    assert_string_equal(dbw_config_origin(config, DBW_OPTION_POOL_SIZE), "command line");
}

static void an_application_never_gets_the_database_of_another(void **state)
{
    (void)state;
    put("dbwizard.env", "DATABASE_URL=sqlite:///system\nDATABASE_URL__LOG=sqlite:///l\n", 0640);
    put("apps.d/shop.env", "DB_POOL_SIZE=2\n", 0640);
    char **environment = ENV(S("DATABASE__HOST=h"), S("DATABASE_URL__X=sqlite:///x"));
    dbw_config *config = load("shop", NULL, NULL, environment);
    dbw_setting setting;
    assert_null(dbw_config_text(config, DBW_OPTION_DATABASE_URL));
    assert_null(dbw_config_text(config, DBW_OPTION_DATABASE__HOST));
    assert_false(dbw_config_database_at(config, 0, &setting));
    config = load("default", NULL, NULL, environment);
    assert_string_equal(dbw_config_text(config, DBW_OPTION_DATABASE_URL), "sqlite:///system");
    assert_true(dbw_config_database_at(config, 0, &setting));
    assert_string_equal(setting.name, "log");
    assert_true(dbw_config_database_at(config, 1, &setting));
    assert_string_equal(setting.name, "x");
    assert_string_equal(dbw_config_database(config, "Log"), "sqlite:///l");
    assert_null(dbw_config_database(config, "nope"));
}

static void old_names_are_understood(void **state)
{
    (void)state;
    dbw_config *config =
        load(NULL, NULL, NULL, ENV(S("DATABASE__POOL_SIZE=7"), S("DATABASE__MAX_OVERFLOW=8")));
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_POOL_SIZE), 7);
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_MAX_OVERFLOW), 8);
}

static void placeholders_see_the_file_and_the_environment(void **state)
{
    (void)state;
    put("dbwizard.env", "PW=x\nDATABASE_URL=postgresql://${WHO}:${PW}@h/${DB}\n", 0640);
    dbw_config *config = load(NULL, NULL, NULL, ENV(S("WHO=me")));
    assert_string_equal(dbw_config_text(config, DBW_OPTION_DATABASE_URL),
                        "postgresql://me:x@h/${DB}");
}

static void what_is_wrong_is_refused(void **state)
{
    (void)state;
    dbw_config *config = NULL;
    dbw_error error;
    assert_fails(&error, DBW_E_INVALID,
                 "DB_POOL_SIZE (environment) is not a whole number from 1 to 1000",
                 try_load(NULL, NULL, NULL, ENV(S("DB_POOL_SIZE=many")), &config, &error));
    put("dbwizard.env", "\nDBWIZARD_THREADS=0\n", 0640);
    assert_fails(&error, DBW_E_INVALID,
                 dbw_arena_printf(arena,
                                  "DBWIZARD_THREADS (%s/dbwizard.env line 2) is not a whole number "
                                  "from 1 to 64",
                                  folder),
                 try_load(NULL, NULL, NULL, NULL, &config, &error));
    put("dbwizard.env", "A='\n", 0640);
    assert_fails(&error, DBW_E_INVALID,
                 dbw_arena_printf(arena,
                                  "unable to read '%s/dbwizard.env': line 1: the single quote is "
                                  "not closed",
                                  folder),
                 try_load(NULL, NULL, NULL, NULL, &config, &error));
}

static void unknown_applications_are_named(void **state)
{
    (void)state;
    dbw_config *config = NULL;
    dbw_error error;
    assert_fails(&error, DBW_E_NOT_FOUND, "unknown application 'shop'",
                 try_load("shop", NULL, NULL, NULL, &config, &error));
    assert_string_equal(
        error.hint,
        dbw_arena_printf(arena, "No application is configured: make %s/apps.d/NAME.env.", folder));
    put("apps.d/wiki.env", "", 0640);
    put("apps.d/shop.env", "", 0640);
    assert_fails(&error, DBW_E_NOT_FOUND, "unknown application 'shopp'",
                 try_load("shopp", NULL, NULL, NULL, &config, &error));
    assert_string_equal(error.hint, "Known applications: shop, wiki.");
    static const char *const bad[] = {"../x", "a/b", ".hidden", "-x", "a b"};
    for (size_t i = 0; i < DBW_COUNT(bad); i++)
        assert_fails(&error, DBW_E_INVALID, "the application's name is not valid",
                     try_load(bad[i], NULL, NULL, NULL, &config, &error));
}

static void what_should_be_known_is_told(void **state)
{
    (void)state;
    put("dbwizard.env", "DBWIZARD_STATEDIR=/x\nDATABASE_URL=sqlite:///s\n", 0644);
    put("apps.d/shop.env", "DBWIZARD_THREADS=2\n", 0644);
    dbw_config *config = load("shop", NULL, NULL, ENV(S("DBWIZARD_TOTALLY_ELSE=1")));
    assert_int_equal(dbw_config_warning_count(config), 4);
    assert_string_equal(dbw_config_warning(config, 0),
                        "DBWIZARD_TOTALLY_ELSE (environment) is not an option");
    assert_string_equal(dbw_config_warning(config, 1),
                        dbw_arena_printf(arena,
                                         "DBWIZARD_THREADS (%s/apps.d/shop.env line 1) belongs "
                                         "into dbwizard.env: it is passed over",
                                         folder));
    assert_string_equal(dbw_config_warning(config, 2),
                        dbw_arena_printf(arena,
                                         "%s/dbwizard.env holds a secret and can be read by "
                                         "everybody: chmod 0640",
                                         folder));
    assert_string_equal(dbw_config_warning(config, 3),
                        dbw_arena_printf(arena,
                                         "DBWIZARD_STATEDIR (%s/dbwizard.env line 1) is not an "
                                         "option: did you mean DBWIZARD_STATE_DIR?",
                                         folder));
    assert_int_equal(dbw_config_integer(config, DBW_OPTION_THREADS), 4);
}

static void folders_are_worked_out(void **state)
{
    (void)state;
    dbw_config *config = load(NULL, NULL, NULL, ENV(S("DBWIZARD_STATE_DIR=/s")));
    assert_string_equal(dbw_config_state_folder(config), "/s");
    assert_string_equal(dbw_config_secret_key_file(config), "/s/secret.key");
    if (access(DBW_STATE_DIR, W_OK | X_OK) != 0) {
        config = load(NULL, NULL, NULL, ENV(S("XDG_STATE_HOME=/xdg")));
        assert_string_equal(dbw_config_state_folder(config), "/xdg/dbwizard");
        config = load(NULL, NULL, NULL, NULL);
        assert_string_equal(dbw_config_state_folder(config), "/home/u/.local/state/dbwizard");
    }
    put("secret.key", "", 0600);
    config = load(NULL, NULL, NULL, NULL);
    assert_string_equal(dbw_config_secret_key_file(config),
                        dbw_path_join(arena, folder, "secret.key"));
    config = load(NULL, NULL, NULL, ENV(S("DBWIZARD_SECRET_KEY_FILE=/k")));
    assert_string_equal(dbw_config_secret_key_file(config), "/k");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(with_nothing_set_the_defaults_hold, setup, teardown),
        cmocka_unit_test_setup_teardown(the_stronger_source_wins, setup, teardown),
        cmocka_unit_test_setup_teardown(an_application_never_gets_the_database_of_another, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(old_names_are_understood, setup, teardown),
        cmocka_unit_test_setup_teardown(placeholders_see_the_file_and_the_environment, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(unknown_applications_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(what_should_be_known_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(folders_are_worked_out, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
