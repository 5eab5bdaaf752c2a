/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a URL to the one file that may be opened. SQLite would read "file:…" as a URI; every path
 * given to it here is absolute, so that no character in a name has a meaning.
 */
#include "engine/sqlite/sqlite_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

bool dbw_sqlite_path_in_memory(const dbw_url *url)
{
    return !url->database || !url->database[0] || strcmp(url->database, ":memory:") == 0;
}

char *dbw_sqlite_path_folder(dbw_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path)
        return dbw_arena_string(arena, "/");
    return dbw_arena_text_string(arena, (dbw_text){path, (size_t)(slash - path)});
}

static bool may(const char *path, int mode)
{
    return faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0;
}

/* The first folder on the way that may not be searched; NULL when all may. */
static const char *unsearchable(dbw_arena *arena, const char *path)
{
    char *copy = dbw_arena_string(arena, path);
    for (char *at = copy + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        if (!may(copy, X_OK) && errno == EACCES)
            return copy;
        *at = '/';
    }
    return NULL;
}

static dbw_status fail_unsearchable(dbw_arena *arena, const char *path, dbw_error *error)
{
    char user[DBW_SQLITE_USER];
    const char *folder = unsearchable(arena, path);
    if (!folder)
        folder = dbw_sqlite_path_folder(arena, path);
    dbw_fail(error, DBW_E_UNREACHABLE,
             "unable to reach database file '%s': the folder '%s' may not be searched by user '%s'",
             path, folder, dbw_sqlite_user(user));
    return dbw_sqlite_hint_search(error, path, folder);
}

static dbw_status fail_missing(dbw_arena *arena, const char *path, dbw_error *error)
{
    char *folder = dbw_sqlite_path_folder(arena, path);
    if (faccessat(AT_FDCWD, folder, F_OK, 0) != 0) {
        dbw_fail(error, DBW_E_NOT_FOUND,
                 "unable to open database file '%s': the folder '%s' does not exist", path, folder);
        return dbw_hint(error, "Check the path; sqlite:////srv/app.db (four slashes) is absolute.");
    }
    dbw_fail(error, DBW_E_NO_DATABASE, "unable to open database file '%s': there is no such file",
             path);
    return dbw_hint(error, "Check the path, or have the file made: --create-database");
}

static dbw_status fail_resolving(dbw_arena *arena, const char *path, int number, dbw_error *error)
{
    if (number == EACCES)
        return fail_unsearchable(arena, path, error);
    if (number == ENOENT)
        return fail_missing(arena, path, error);
    dbw_fail(error, DBW_E_UNREACHABLE, "unable to reach database file '%s': %s", path,
             strerrordesc_np(number));
    return dbw_hint(error, "Check the path.");
}

static bool beneath(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    if (strcmp(folder, "/") == 0)
        return true;
    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

/* `dirs` is colon-separated; a folder that does not exist allows nothing. */
static bool allowed(dbw_arena *arena, const char *dirs, const char *path)
{
    for (const char *at = dirs; *at;) {
        size_t length = strcspn(at, ":");
        char *real =
            length ? realpath(dbw_arena_text_string(arena, (dbw_text){at, length}), NULL) : NULL;
        bool inside = real && beneath(path, real);
        free(real);
        if (inside)
            return true;
        at += length + (at[length] == ':');
    }
    return false;
}

static dbw_status fail_outside(const char *path, const char *dirs, dbw_error *error)
{
    dbw_fail(error, DBW_E_DENIED,
             "unable to open database file '%s': it is outside of the folders that are allowed",
             path);
    return dbw_hint(error, "Allowed are: %s (DBWIZARD_SQLITE_DIRS).", dirs);
}

static dbw_status make_absolute(dbw_arena *arena, const dbw_url *url,
                                const dbw_open_options *options, char **out, dbw_error *error)
{
    if (url->database[0] == '/') {
        *out = dbw_arena_string(arena, url->database);
    } else if (options->base_directory && options->base_directory[0] == '/') {
        *out = dbw_arena_printf(arena, "%s/%s", options->base_directory, url->database);
    } else {
        dbw_fail(error, DBW_E_INVALID,
                 "unable to open database file '%s': the path is relative, and the application's "
                 "folder is not known",
                 url->database);
        return dbw_hint(error, "Set DBWIZARD_APP_DIR, or write the whole path with four slashes: "
                               "sqlite:////srv/app/app.db");
    }
    if (strlen(*out) >= PATH_MAX - 16)
        return dbw_fail(error, DBW_E_INVALID,
                        "unable to open a database file: the path is longer "
                        "than %d bytes",
                        PATH_MAX - 17);
    return DBW_OK;
}

/* A path whose last component is missing: its folder resolved, the name behind it. */
static char *resolve_new(dbw_arena *arena, const char *path)
{
    struct stat st;
    const char *name = strrchr(path, '/') + 1;
    if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return NULL;
    /* A link into nowhere would be followed when the file is made. */
    if (lstat(path, &st) == 0)
        return NULL;
    char *real = realpath(dbw_sqlite_path_folder(arena, path), NULL);
    if (!real)
        return NULL;
    char *out = dbw_arena_printf(arena, "%s/%s", strcmp(real, "/") == 0 ? "" : real, name);
    free(real);
    return out;
}

static dbw_status check_file(dbw_arena *arena, const char *path, dbw_error *error)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return fail_resolving(arena, path, errno, error);
    if (!S_ISREG(st.st_mode)) {
        dbw_fail(error, DBW_E_NOT_DATABASE, "unable to open database file '%s': it is %s", path,
                 S_ISDIR(st.st_mode)    ? "a folder"
                 : S_ISFIFO(st.st_mode) ? "a named pipe"
                 : S_ISSOCK(st.st_mode) ? "a socket"
                                        : "a device");
        return dbw_hint(error, "Name the database file itself.");
    }
    if (!may(path, R_OK)) {
        char user[DBW_SQLITE_USER];
        dbw_fail(error, DBW_E_DENIED,
                 "unable to open database file '%s': it may not be read by "
                 "user '%s'",
                 path, dbw_sqlite_user(user));
        return dbw_sqlite_hint_read(error, path);
    }
    return DBW_OK;
}

/* Whoever could copy the state store, or write to it, could make himself its administrator. Told
 * apart by what the file is, so that no link helps. */
static dbw_status refuse_private(dbw_arena *arena, const char *path, const char *folder,
                                 dbw_error *error)
{
    static const char *const names[] = {"state.sqlite3", "state.sqlite3-wal", "state.sqlite3-shm",
                                        "state.sqlite3-journal", "secret.key"};
    struct stat given, own;
    if (!folder || stat(path, &given) != 0)
        return DBW_OK;
    for (size_t i = 0; i < DBW_COUNT(names); i++) {
        if (stat(dbw_arena_printf(arena, "%s/%s", folder, names[i]), &own) != 0 ||
            given.st_dev != own.st_dev || given.st_ino != own.st_ino)
            continue;
        dbw_fail(error, DBW_E_DENIED,
                 "unable to open database file '%s': it holds dbwizard's own state", path);
        return dbw_hint(error, "Name the application's database.");
    }
    return DBW_OK;
}

dbw_status dbw_sqlite_path_resolve(dbw_arena *arena, const dbw_url *url,
                                   const dbw_open_options *options, bool creating, char **out,
                                   bool *exists, dbw_error *error)
{
    char *path = NULL, *resolved;
    *exists = false;
    DBW_TRY(make_absolute(arena, url, options, &path, error));
    char *real = realpath(path, NULL);
    int number = errno;
    if (real) {
        resolved = dbw_arena_string(arena, real);
        free(real);
        *exists = true;
    } else {
        resolved = number == ENOENT ? resolve_new(arena, path) : NULL;
    }
    /* What lies outside is refused before anything is told about it. */
    if (options->sqlite_dirs && !(resolved && allowed(arena, options->sqlite_dirs, resolved)))
        return fail_outside(path, options->sqlite_dirs, error);
    if (*exists)
        DBW_TRY(refuse_private(arena, resolved, options->private_folder, error));
    if (!*exists && (!creating || !resolved))
        return fail_resolving(arena, path, number, error);
    if (*exists)
        DBW_TRY(check_file(arena, resolved, error));
    *out = resolved;
    return DBW_OK;
}
