/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_CONFIG_H
#define DBW_BASE_CONFIG_H
/*
 * The configuration of one application. Sources, strongest first:
 *
 *   1. the command line: `--option` values, then the file of `--env-file`
 *   2. the environment
 *   3. the application's file, CONFIG_DIR/apps.d/NAME.env
 *   4. CONFIG_DIR/dbwizard.env
 *   5. the default of options.def
 *
 * CONFIG_DIR is DBWIZARD_CONFIG_DIR (environment only), else what was compiled in. Without a name
 * the application is the default one, which the environment and dbwizard.env describe; where the
 * database of a named one is (scope DATABASE) comes from 1 and 3 only.
 *
 * Everything lives in the arena. Values are checked on loading; an unset option is NULL.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/options.h"

typedef struct dbw_config dbw_config;

typedef struct dbw_setting {
    const char *name; /* as in options.def */
    const char *value;
} dbw_setting;

typedef struct dbw_config_request {
    const char *application; /* NULL: the default one */
    const char *env_file;    /* NULL: none */
    const dbw_setting *overrides;
    size_t override_count;
    char *const *environment; /* NULL: the process's */
} dbw_config_request;

/** Loads with overrides alone: what most callers need. */
dbw_status dbw_config_load(dbw_arena *arena, const char *application, const dbw_setting *overrides,
                           size_t override_count, dbw_config **out,
                           dbw_error *error) DBW_MUST_CHECK;

/** Loads what the request says. NOT_FOUND with the known names for an unknown application. */
dbw_status dbw_config_load_request(dbw_arena *arena, const dbw_config_request *request,
                                   dbw_config **out, dbw_error *error) DBW_MUST_CHECK;

/** The configuration of another application, in the same environment. */
dbw_status dbw_config_load_other(dbw_arena *arena, const dbw_config *config,
                                 const char *application, dbw_config **out,
                                 dbw_error *error) DBW_MUST_CHECK;

/** The value, the default, or NULL. An empty value counts as unset. */
const char *dbw_config_text(const dbw_config *config, dbw_option option);

/** The value of an INTEGER option; 0 when it is unset. */
int64_t dbw_config_integer(const dbw_config *config, dbw_option option);

/** Where the value stood: "command line", "environment", "/etc/…/x.env line 3", "default". */
const char *dbw_config_origin(const dbw_config *config, dbw_option option);

/** The n-th further database DATABASE_URL__NAME: its NAME in lower case and its URL; false behind
 *  the last. They are sorted by name. */
bool dbw_config_database_at(const dbw_config *config, size_t n, dbw_setting *out);

/** The URL of a further database, the name in any case, or NULL. */
const char *dbw_config_database(const dbw_config *config, const char *name);

/** The application's name; "default" for the default one. */
const char *dbw_config_application(const dbw_config *config);

/** A variable of the environment that the configuration was loaded with, or NULL. */
const char *dbw_config_variable(const dbw_config *config, const char *name);

/** Names of the configured applications besides the default one, sorted. */
dbw_status dbw_config_applications(dbw_arena *arena, const dbw_config *config, char ***names,
                                   size_t *count, dbw_error *error) DBW_MUST_CHECK;

/** What the administrator should know: misspelt names, files that everybody can read. */
size_t dbw_config_warning_count(const dbw_config *config);
const char *dbw_config_warning(const dbw_config *config, size_t n);

/** The configuration folder. */
const char *dbw_config_folder(const dbw_config *config);

/** The state folder, which need not exist yet. */
const char *dbw_config_state_folder(const dbw_config *config);

/** DBWIZARD_SECRET_KEY_FILE, else CONFIG_DIR/secret.key where it exists, else the state folder's,
 *  which need not exist yet. */
const char *dbw_config_secret_key_file(const dbw_config *config);

#endif
