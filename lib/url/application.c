/* SPDX-License-Identifier: Apache-2.0 */
#include "url/application.h"
#include "base/envfile.h"
#include "base/file.h"

static dbw_status parse_value(dbw_arena *arena, const char *value, const char *name, dbw_url **out,
                              dbw_error *error)
{
    dbw_status status = dbw_url_parse(arena, dbw_text_of(value), out, error);
    if (status == DBW_OK)
        return DBW_OK;
    (void)dbw_error_prefix(error, "%s", name);
    (void)dbw_error_object(error, "%s", name);
    return status;
}

static bool has_placeholder(const char *value)
{
    const char *open = strstr(value, "${");
    return open && strchr(open, '}');
}

static dbw_status from_parts(dbw_arena *arena, const dbw_config *config, dbw_url **out,
                             dbw_error *error)
{
    dbw_url_parts parts = {
        .backend = "postgresql",
        .host = dbw_config_text(config, DBW_OPTION_DATABASE__HOST),
        .port = (int)dbw_config_integer(config, DBW_OPTION_DATABASE__PORT),
        .database = dbw_config_text(config, DBW_OPTION_DATABASE__NAME),
        .username = dbw_config_text(config, DBW_OPTION_DATABASE__USER),
        .password = dbw_config_text(config, DBW_OPTION_DATABASE__PASSWORD),
    };
    /* The URL with placeholders still says which backend and driver it is for. */
    const char *template = dbw_config_text(config, DBW_OPTION_DATABASE__URL);
    const char *end = template ? strstr(template, "://") : NULL;
    if (end && end - template <64) {
        char *scheme = dbw_arena_text_string(arena, (dbw_text){template, (size_t)(end - template)});
        char *plus = strchr(scheme, '+');
        if (plus)
            *plus = '\0';
        parts.backend = scheme;
        parts.driver = plus ? plus + 1 : "";
    }
    dbw_url_built built;
    dbw_status status = dbw_url_build(arena, &parts, &built, error);
    if (status != DBW_OK)
        return dbw_error_prefix(error, "unable to build the URL from DATABASE__HOST and its like");
    *out = built.url;
    return DBW_OK;
}

static bool has_parts(const dbw_config *config)
{
    return dbw_config_text(config, DBW_OPTION_DATABASE__HOST) ||
           dbw_config_text(config, DBW_OPTION_DATABASE__NAME) ||
           dbw_config_text(config, DBW_OPTION_DATABASE__USER);
}

static dbw_status from_env_file(dbw_arena *arena, const dbw_config *config, dbw_url **out,
                                dbw_error *error)
{
    const char *key = dbw_config_text(config, DBW_OPTION_APP_URL_KEY);
    const char *path = dbw_path_join(arena, dbw_application_directory(config),
                                     dbw_config_text(config, DBW_OPTION_APP_ENV_FILE));
    dbw_envfile file;
    DBW_TRY(dbw_envfile_read(arena, path, NULL, NULL, &file, error));
    const dbw_envfile_entry *entry = dbw_envfile_find(&file, key);
    if (!entry)
        return dbw_fail(error, DBW_E_NOT_FOUND, "unable to find %s in '%s'", key, path);
    return parse_value(arena, entry->value, key, out, error);
}

static dbw_status unset(const dbw_config *config, dbw_error *error)
{
    (void)dbw_fail(error, DBW_E_NOT_FOUND, "application '%s' has no database configured",
                   dbw_config_application(config));
    return dbw_hint(error, "Set DATABASE_URL in %s/apps.d/%s.env.", dbw_config_folder(config),
                    dbw_config_application(config));
}

dbw_status dbw_application_url(dbw_arena *arena, const dbw_config *config, const char *database,
                               dbw_url **out, dbw_error *error)
{
    if (database) {
        const char *value = dbw_config_database(config, database);
        if (value)
            return parse_value(arena, value, dbw_arena_printf(arena, "DATABASE_URL__%s", database),
                               out, error);
        (void)dbw_fail(error, DBW_E_NOT_FOUND, "unknown database '%.64s'", database);
        return dbw_hint(error, "Further databases of an application are set as "
                               "DATABASE_URL__NAME.");
    }
    const char *value = dbw_config_text(config, DBW_OPTION_DATABASE_URL);
    if (value)
        return parse_value(arena, value, "DATABASE_URL", out, error);
    value = dbw_config_text(config, DBW_OPTION_DATABASE__URL);
    if (value && !has_placeholder(value))
        return parse_value(arena, value, "DATABASE__URL", out, error);
    if (value || has_parts(config))
        return from_parts(arena, config, out, error);
    if (dbw_config_text(config, DBW_OPTION_APP_ENV_FILE))
        return from_env_file(arena, config, out, error);
    if (strcmp(dbw_config_application(config), "default") != 0)
        return unset(config, error);
    dbw_url_parts parts = {
        .backend = "sqlite",
        .sqlite_path = dbw_path_join(arena, dbw_config_state_folder(config), "app.sqlite3")};
    dbw_url_built built;
    DBW_TRY(dbw_url_build(arena, &parts, &built, error));
    *out = built.url;
    return DBW_OK;
}

const char *dbw_application_directory(const dbw_config *config)
{
    return dbw_config_text(config, DBW_OPTION_APP_DIR);
}
