/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"
#include "base/config_priv.h"
#include "base/file.h"

#include <sys/stat.h>

extern char **environ;

static const char named_prefix[] = "DATABASE_URL__";

const char *dbw_config_variable(const dbw_config *config, const char *name)
{
    size_t length = strlen(name);
    for (char *const *entry = config->environment; entry && *entry; entry++)
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return *entry + length + 1;
    return NULL;
}

static const char *lookup_variable(void *context, const char *name)
{
    return dbw_config_variable(context, name);
}

void dbw_config_warn(dbw_config *config, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    *DBW_APPEND(config->arena, config->warnings, config->warning_count) =
        dbw_arena_string(config->arena, text);
}

/** Weaker sources are read later and find the place taken. An empty value is no value. */
static dbw_status put(dbw_config *config, dbw_option option, const char *value, const char *origin,
                      dbw_error *error)
{
    if (config->values[option] || *value == '\0')
        return DBW_OK;
    DBW_TRY(dbw_option_check(option, value, origin, error));
    config->values[option] = dbw_arena_string(config->arena, value);
    config->origins[option] = dbw_arena_string(config->arena, origin);
    return DBW_OK;
}

static void put_database(dbw_config *config, const char *name, const char *value)
{
    if (*name == '\0' || *value == '\0' || dbw_config_database(config, name))
        return;
    char *lower = dbw_arena_string(config->arena, name);
    for (char *c = lower; *c; c++)
        *c = dbw_lower(*c);
    dbw_setting *setting = DBW_APPEND(config->arena, config->databases, config->database_count);
    *setting = (dbw_setting){lower, dbw_arena_string(config->arena, value)};
}

/* Folders of the installation itself, which no file can name. */
static bool is_misspelt(const char *name)
{
    return strncmp(name, "DBWIZARD_", 9) == 0 && !dbw_option_is_variable(name);
}

static dbw_status take(dbw_config *config, dbw_source source, const char *name, const char *value,
                       const char *origin, dbw_error *error)
{
    bool named = config->application != NULL;
    bool outside = source == DBW_SOURCE_ENVIRONMENT || source == DBW_SOURCE_SYSTEM;
    size_t prefix = sizeof named_prefix - 1;
    if (strncmp(name, named_prefix, prefix) == 0) {
        if (!(named && outside))
            put_database(config, name + prefix, value);
        return DBW_OK;
    }
    dbw_option option;
    if (!dbw_option_find(name, &option)) {
        if (source == DBW_SOURCE_COMMAND)
            return dbw_fail(error, DBW_E_USAGE, "unknown option %s", name);
        const char *near = is_misspelt(name) ? dbw_option_nearest(name) : NULL;
        if (near)
            dbw_config_warn(config, "%s (%s) is not an option: did you mean %s?", name, origin,
                            near);
        else if (is_misspelt(name))
            dbw_config_warn(config, "%s (%s) is not an option", name, origin);
        return DBW_OK;
    }
    if (named && outside && dbw_option_about(option)->scope == DBW_OPTION_SCOPE_DATABASE)
        return DBW_OK;
    if (source == DBW_SOURCE_APPLICATION &&
        dbw_option_about(option)->scope == DBW_OPTION_SCOPE_SYSTEM) {
        dbw_config_warn(config, "%s (%s) belongs into dbwizard.env: it is passed over", name,
                        origin);
        return DBW_OK;
    }
    return put(config, option, value, origin, error);
}

static dbw_status take_environment(dbw_config *config, dbw_error *error)
{
    for (char *const *entry = config->environment; entry && *entry; entry++) {
        const char *equals = strchr(*entry, '=');
        if (!equals || (strncmp(*entry, "DATABASE_", 9) != 0 && strncmp(*entry, "DB_", 3) != 0 &&
                        strncmp(*entry, "DBWIZARD_", 9) != 0))
            continue;
        dbw_text name = {*entry, (size_t)(equals - *entry)};
        DBW_TRY(take(config, DBW_SOURCE_ENVIRONMENT, dbw_arena_text_string(config->arena, name),
                     equals + 1, "environment", error));
    }
    return DBW_OK;
}

static void warn_of_readers(dbw_config *config, const dbw_envfile *file)
{
    struct stat about;
    if (stat(file->path, &about) != 0 || (about.st_mode & S_IROTH) == 0)
        return;
    for (size_t i = 0; i < file->count; i++) {
        dbw_option option;
        const char *name = file->entries[i].name;
        if (strncmp(name, named_prefix, sizeof named_prefix - 1) == 0 ||
            (dbw_option_find(name, &option) && dbw_option_about(option)->secret)) {
            dbw_config_warn(config, "%s holds a secret and can be read by everybody: chmod 0640",
                            file->path);
            return;
        }
    }
}

static dbw_status take_file(dbw_config *config, dbw_source source, const char *path,
                            dbw_error *error)
{
    dbw_envfile file;
    DBW_TRY(dbw_envfile_read(config->arena, path, lookup_variable, config, &file, error));
    warn_of_readers(config, &file);
    /* The last of repeated names counts: backwards, it comes first and takes the place. */
    for (size_t i = file.count; i > 0; i--) {
        const dbw_envfile_entry *entry = &file.entries[i - 1];
        char origin[512];
        (void)snprintf(origin, sizeof origin, "%s line %d", path, entry->line);
        DBW_TRY(take(config, source, entry->name, entry->value, origin, error));
    }
    return DBW_OK;
}

static bool is_application_name(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                 "_.-");
    return length > 0 && length <= 64 && name[length] == '\0' && name[0] != '.' && name[0] != '-';
}

static dbw_status unknown_application(dbw_config *config, const char *name, dbw_error *error)
{
    char **names = NULL;
    size_t count = 0;
    DBW_TRY(dbw_config_applications(config->arena, config, &names, &count, error));
    char list[512] = "";
    size_t length = 0;
    for (size_t i = 0; i < count && length < sizeof list; i++)
        length +=
            (size_t)snprintf(list + length, sizeof list - length, "%s%s", i ? ", " : "", names[i]);
    (void)dbw_fail(error, DBW_E_NOT_FOUND, "unknown application '%.64s'", name);
    (void)dbw_error_object(error, "application");
    if (count == 0)
        return dbw_hint(error, "No application is configured: make %s/apps.d/NAME.env.",
                        config->folder);
    return dbw_hint(error, "Known applications: %s.", list);
}

static dbw_status take_application(dbw_config *config, dbw_error *error)
{
    const char *name = config->application;
    if (!name)
        return DBW_OK;
    if (!is_application_name(name)) {
        (void)dbw_fail(error, DBW_E_INVALID, "the application's name is not valid");
        (void)dbw_error_object(error, "application");
        return dbw_hint(error, "Use letters, digits, '_', '-' and '.', at most 64.");
    }
    char *path = dbw_arena_printf(config->arena, "%s/apps.d/%s.env", config->folder, name);
    dbw_status status = take_file(config, DBW_SOURCE_APPLICATION, path, error);
    if (status == DBW_E_NOT_FOUND)
        return unknown_application(config, name, error);
    return status;
}

static dbw_status take_system(dbw_config *config, dbw_error *error)
{
    char *path = dbw_arena_printf(config->arena, "%s/dbwizard.env", config->folder);
    dbw_status status = take_file(config, DBW_SOURCE_SYSTEM, path, error);
    if (status == DBW_E_NOT_FOUND)
        return DBW_OK;
    if (status == DBW_E_DENIED) {
        /* The service's own settings are none of an ordinary user's business. */
        dbw_config_warn(config, "%s", error->message);
        return DBW_OK;
    }
    return status;
}

static int compare_settings(const void *left, const void *right)
{
    return strcmp(((const dbw_setting *)left)->name, ((const dbw_setting *)right)->name);
}

dbw_status dbw_config_load_request(dbw_arena *arena, const dbw_config_request *request,
                                   dbw_config **out, dbw_error *error)
{
    dbw_config *config = DBW_NEW(arena, dbw_config);
    config->arena = arena;
    config->environment = request->environment ? request->environment : environ;
    const char *name = request->application;
    if (name && *name && strcmp(name, "default") != 0)
        config->application = dbw_arena_string(arena, name);
    const char *folder = dbw_config_variable(config, "DBWIZARD_CONFIG_DIR");
    config->folder = dbw_arena_string(arena, folder && *folder ? folder : DBW_CONFIG_DIR);
    for (size_t i = 0; i < request->override_count; i++)
        DBW_TRY(take(config, DBW_SOURCE_COMMAND, request->overrides[i].name,
                     request->overrides[i].value, "command line", error));
    if (request->env_file)
        DBW_TRY(take_file(config, DBW_SOURCE_ENV_FILE, request->env_file, error));
    DBW_TRY(take_environment(config, error));
    DBW_TRY(take_application(config, error));
    DBW_TRY(take_system(config, error));
    if (config->database_count > 1)
        qsort(config->databases, config->database_count, sizeof *config->databases,
              compare_settings);
    dbw_config_resolve_folders(config);
    *out = config;
    return DBW_OK;
}

dbw_status dbw_config_load(dbw_arena *arena, const char *application, const dbw_setting *overrides,
                           size_t override_count, dbw_config **out, dbw_error *error)
{
    dbw_config_request request = {
        .application = application, .overrides = overrides, .override_count = override_count};
    return dbw_config_load_request(arena, &request, out, error);
}

dbw_status dbw_config_load_other(dbw_arena *arena, const dbw_config *config,
                                 const char *application, dbw_config **out, dbw_error *error)
{
    dbw_config_request request = {.application = application, .environment = config->environment};
    return dbw_config_load_request(arena, &request, out, error);
}
