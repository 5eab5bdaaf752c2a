/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "url/application.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static dbw_status from_text(dbw_arena *arena, dbw_text text, const char *name, dbw_url **out,
                            dbw_error *error)
{
    const char *end = text.length ? memchr(text.data, '\n', text.length) : NULL;
    if (end)
        text.length = (size_t)(end - text.data);
    while (text.length > 0 && dbw_is_space(text.data[text.length - 1]))
        text.length--;
    while (text.length > 0 && dbw_is_space(text.data[0])) {
        text.data++;
        text.length--;
    }
    if (text.length == 0)
        return dbw_fail(error, DBW_E_INVALID, "unable to read a database URL from %s: it is empty",
                        name);
    dbw_status status = dbw_url_parse(arena, text, out, error);
    return status == DBW_OK ? DBW_OK : dbw_error_prefix(error, "%s", name);
}

static dbw_status from_variable(dbw_arena *arena, const dbw_config *config, const char *name,
                                dbw_url **out, dbw_url_source *source, dbw_error *error)
{
    source->name = dbw_arena_printf(arena, "variable %.100s", name);
    const char *value = dbw_config_variable(config, name);
    if (!value)
        return dbw_fail(error, DBW_E_NOT_FOUND, "environment variable %.100s is not set", name);
    return from_text(arena, dbw_text_of(value), source->name, out, error);
}

static dbw_status from_file(dbw_arena *arena, const char *path, dbw_url **out,
                            dbw_url_source *source, dbw_error *error)
{
    source->name = dbw_arena_printf(arena, "file '%.400s'", path);
    dbw_text content;
    DBW_TRY(dbw_file_read(arena, path, DBW_URL_LIMIT + 2, 0, &content, error));
    struct stat about;
    if (stat(path, &about) == 0 && (about.st_mode & S_IROTH) != 0)
        source->warning =
            dbw_arena_printf(arena, "Everybody can read '%.400s': chmod 0640 hides the URL.", path);
    return from_text(arena, content, source->name, out, error);
}

static dbw_status from_input(dbw_arena *arena, bool allowed, dbw_url **out, dbw_url_source *source,
                             dbw_error *error)
{
    source->name = dbw_arena_string(arena, "standard input");
    if (!allowed)
        return dbw_fail(error, DBW_E_INVALID, "a URL cannot be read from standard input here");
    dbw_text content;
    DBW_TRY(dbw_file_read_descriptor(arena, STDIN_FILENO, "standard input", DBW_URL_LIMIT + 2,
                                     &content, error));
    return from_text(arena, content, "standard input", out, error);
}

/** A further database of this application, or another application's main one. */
static dbw_status from_name(dbw_arena *arena, const dbw_config *config, const char *name,
                            dbw_url **out, dbw_url_source *source, bool *found, dbw_error *error)
{
    *found = true;
    if (dbw_config_database(config, name)) {
        source->name = dbw_arena_printf(arena, "database %.100s", name);
        return dbw_application_url(arena, config, name, out, error);
    }
    source->name = dbw_arena_printf(arena, "application %.100s", name);
    if (strcmp(name, dbw_config_application(config)) == 0)
        return dbw_application_url(arena, config, NULL, out, error);
    char **names = NULL;
    size_t count = 0;
    DBW_TRY(dbw_config_applications(arena, config, &names, &count, error));
    *found = strcmp(name, "default") == 0;
    for (size_t i = 0; i < count && !*found; i++)
        *found = strcmp(names[i], name) == 0;
    if (!*found)
        return DBW_OK;
    dbw_config *other = NULL;
    DBW_TRY(dbw_config_load_other(arena, config, name, &other, error));
    return dbw_application_url(arena, other, NULL, out, error);
}

static dbw_status from_path(dbw_arena *arena, const char *path, dbw_url **out,
                            dbw_url_source *source, dbw_error *error)
{
    source->name = dbw_arena_printf(arena, "file '%.400s'", path);
    char *absolute = realpath(path, NULL);
    if (!absolute)
        return dbw_fail_errno(error, errno, "unable to open '%.400s'", path);
    dbw_url_parts parts = {.backend = "sqlite", .sqlite_path = absolute};
    dbw_url_built built;
    dbw_status status = dbw_url_build(arena, &parts, &built, error);
    free(absolute);
    if (status == DBW_OK)
        *out = built.url;
    return status;
}

static dbw_status from_url(dbw_arena *arena, const char *text, dbw_url **out,
                           dbw_url_source *source, dbw_error *error)
{
    source->name = dbw_arena_string(arena, "argument");
    DBW_TRY(dbw_url_parse(arena, dbw_text_of(text), out, error));
    if (strcmp(dbw_url_redacted(arena, *out), dbw_url_render(arena, *out)) != 0)
        source->warning = dbw_arena_string(
            arena, "A password on the command line can be seen by everybody on this machine: give "
                   "env:NAME, file:PATH or - instead.");
    return DBW_OK;
}

static dbw_status unknown(dbw_error *error)
{
    (void)dbw_fail(error, DBW_E_NOT_FOUND,
                   "the argument is no URL, no configured name and no existing file");
    return dbw_hint(error, "Give postgresql://…, mysql://…, sqlite:///PATH, env:NAME, file:PATH, "
                           "-, the name of a database or application, or the path of a SQLite "
                           "file.");
}

dbw_status dbw_url_argument_from(dbw_arena *arena, const dbw_config *config, const char *text,
                                 bool allow_stdin, dbw_url **out, dbw_url_source *source,
                                 dbw_error *error)
{
    dbw_url_source ignored;
    if (!source)
        source = &ignored;
    *source = (dbw_url_source){0};
    if (strcmp(text, "-") == 0)
        return from_input(arena, allow_stdin, out, source, error);
    if (strncmp(text, "env:", 4) == 0)
        return from_variable(arena, config, text + 4, out, source, error);
    if (strncmp(text, "file:", 5) == 0)
        return from_file(arena, text + 5, out, source, error);
    if (strstr(text, "://"))
        return from_url(arena, text, out, source, error);
    if (!strchr(text, '/')) {
        bool found = false;
        DBW_TRY(from_name(arena, config, text, out, source, &found, error));
        if (found)
            return DBW_OK;
    }
    struct stat about;
    if (*text && stat(text, &about) == 0 && S_ISREG(about.st_mode))
        return from_path(arena, text, out, source, error);
    return unknown(error);
}

dbw_status dbw_url_argument(dbw_arena *arena, const dbw_config *config, const char *text,
                            bool allow_stdin, dbw_url **out, dbw_error *error)
{
    return dbw_url_argument_from(arena, config, text, allow_stdin, out, NULL, error);
}
