/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_priv.h"
#include "base/file.h"

#include <pwd.h>
#include <unistd.h>

const char *dbw_config_text(const dbw_config *config, dbw_option option)
{
    if (config->values[option])
        return config->values[option];
    const char *preset = dbw_option_about(option)->preset;
    return *preset ? preset : NULL;
}

int64_t dbw_config_integer(const dbw_config *config, dbw_option option)
{
    int64_t value = 0;
    const char *text = dbw_config_text(config, option);
    return text && dbw_text_to_int64(dbw_text_of(text), &value) ? value : 0;
}

const char *dbw_config_origin(const dbw_config *config, dbw_option option)
{
    return config->origins[option] ? config->origins[option] : "default";
}

bool dbw_config_database_at(const dbw_config *config, size_t n, dbw_setting *out)
{
    if (n >= config->database_count)
        return false;
    *out = config->databases[n];
    return true;
}

const char *dbw_config_database(const dbw_config *config, const char *name)
{
    for (size_t i = 0; i < config->database_count; i++)
        if (dbw_text_equal_nocase(dbw_text_of(config->databases[i].name), dbw_text_of(name)))
            return config->databases[i].value;
    return NULL;
}

const char *dbw_config_application(const dbw_config *config)
{
    return config->application ? config->application : "default";
}

dbw_status dbw_config_applications(dbw_arena *arena, const dbw_config *config, char ***names,
                                   size_t *count, dbw_error *error)
{
    char *path = dbw_arena_printf(arena, "%s/apps.d", config->folder);
    return dbw_directory_list(arena, path, ".env", names, count, error);
}

size_t dbw_config_warning_count(const dbw_config *config)
{
    return config->warning_count;
}

const char *dbw_config_warning(const dbw_config *config, size_t n)
{
    return n < config->warning_count ? config->warnings[n] : NULL;
}

const char *dbw_config_folder(const dbw_config *config)
{
    return config->folder;
}

const char *dbw_config_state_folder(const dbw_config *config)
{
    return config->state_folder;
}

const char *dbw_config_secret_key_file(const dbw_config *config)
{
    return config->secret_key_file;
}

static const char *home_of(const dbw_config *config)
{
    const char *home = dbw_config_variable(config, "HOME");
    if (home && *home == '/')
        return home;
    char buffer[4096];
    struct passwd entry;
    struct passwd *found = NULL;
    if (getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found) == 0 && found)
        return dbw_arena_string(config->arena, found->pw_dir);
    return "/nonexistent";
}

static char *state_folder_of(const dbw_config *config)
{
    const char *set = dbw_config_text(config, DBW_OPTION_STATE_DIR);
    if (set)
        return dbw_arena_string(config->arena, set);
    if (access(DBW_STATE_DIR, W_OK | X_OK) == 0)
        return dbw_arena_string(config->arena, DBW_STATE_DIR);
    const char *xdg = dbw_config_variable(config, "XDG_STATE_HOME");
    if (xdg && *xdg == '/')
        return dbw_arena_printf(config->arena, "%s/dbwizard", xdg);
    return dbw_arena_printf(config->arena, "%s/.local/state/dbwizard", home_of(config));
}

void dbw_config_resolve_folders(dbw_config *config)
{
    config->state_folder = state_folder_of(config);
    const char *set = dbw_config_text(config, DBW_OPTION_SECRET_KEY_FILE);
    char *shared = dbw_arena_printf(config->arena, "%s/secret.key", config->folder);
    if (set)
        config->secret_key_file = dbw_arena_string(config->arena, set);
    else if (access(shared, F_OK) == 0)
        config->secret_key_file = shared;
    else
        config->secret_key_file =
            dbw_arena_printf(config->arena, "%s/secret.key", config->state_folder);
}
