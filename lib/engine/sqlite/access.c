/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What to do where a right on a file or folder is missing. The command names the user of this very
 * process; it is offered for what may be a database, not for whatever file somebody asked about.
 */
#include "engine/sqlite/sqlite_priv.h"

#include <limits.h>
#include <pwd.h>
#include <unistd.h>

const char *dbw_sqlite_user(char out[DBW_SQLITE_USER])
{
    struct passwd entry, *found = NULL;
    char room[4096];
    if (getpwuid_r(geteuid(), &entry, room, sizeof room, &found) == 0 && found)
        snprintf(out, DBW_SQLITE_USER, "%s", found->pw_name);
    else
        snprintf(out, DBW_SQLITE_USER, "%lld", (long long)geteuid());
    return out;
}

/* As one word of a POSIX shell. */
static void add_word(dbw_buffer *out, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "/._-+=:,@%";
    if (*text && strspn(text, plain) == strlen(text)) {
        dbw_buffer_add_string(out, text);
        return;
    }
    dbw_buffer_add_char(out, '\'');
    for (; *text; text++)
        if (*text == '\'')
            dbw_buffer_add_string(out, "'\\''");
        else
            dbw_buffer_add_char(out, *text);
    dbw_buffer_add_char(out, '\'');
}

/* It cannot be looked into: by the end of its name, outside of what belongs to the system. */
static bool may_be_database(const char *path)
{
    static const char *const systems[] = {"/boot/", "/dev/", "/etc/", "/proc/", "/run/", "/sys/"};
    static const char *const ends[] = {".db", ".db3", ".s3db", ".sl3", ".sqlite", ".sqlite3"};
    for (size_t i = 0; i < DBW_COUNT(systems); i++)
        if (strncmp(path, systems[i], strlen(systems[i])) == 0)
            return false;
    size_t length = strlen(path);
    for (size_t i = 0; i < DBW_COUNT(ends); i++) {
        size_t end = strlen(ends[i]);
        if (length > end && sqlite3_stricmp(path + length - end, ends[i]) == 0)
            return true;
    }
    return false;
}

static dbw_status hint_command(dbw_error *error, const char *intent, const char *rights,
                               const char *first, const char *second)
{
    char user[DBW_SQLITE_USER];
    dbw_buffer text;
    dbw_buffer_init(&text, 4 * PATH_MAX);
    dbw_buffer_printf(&text, "%s: sudo setfacl -m u:", intent);
    add_word(&text, dbw_sqlite_user(user));
    dbw_buffer_printf(&text, ":%s ", rights);
    add_word(&text, first);
    if (second) {
        dbw_buffer_add_char(&text, ' ');
        add_word(&text, second);
    }
    dbw_status status = dbw_hint(error, "%s", text.data ? text.data : intent);
    dbw_buffer_free(&text);
    return status;
}

dbw_status dbw_sqlite_hint_read(dbw_error *error, const char *path)
{
    char user[DBW_SQLITE_USER];
    if (may_be_database(path))
        return hint_command(error, "Let this user reach it, for example", "rw", path, NULL);
    return dbw_hint(error, "If it is a database, let user '%s' read it; its name does not say so.",
                    dbw_sqlite_user(user));
}

dbw_status dbw_sqlite_hint_search(dbw_error *error, const char *path, const char *folder)
{
    char user[DBW_SQLITE_USER];
    if (may_be_database(path))
        return hint_command(error, "Let this user through, for example", "x", folder, NULL);
    return dbw_hint(error, "If it is a database, let user '%s' into the folder.",
                    dbw_sqlite_user(user));
}

dbw_status dbw_sqlite_hint_write(dbw_error *error, const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash && slash != folder)
        *slash = '\0';
    /* X: to search is a right of folders alone. */
    return hint_command(error, "Give write access to the file and its folder", "rwX", path,
                        slash && slash != folder ? folder : "/");
}
