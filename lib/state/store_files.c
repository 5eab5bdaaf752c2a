/* SPDX-License-Identifier: Apache-2.0 */
/* The files around the store: its folder, the database file, the key. */
#include "base/file.h"
#include "state/store_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_TEXT = 2 * DBW_STORE_KEY };

static dbw_status hint_denied(dbw_error *error, const char *path)
{
    dbw_error_object(error, "%s", path);
    if (error->code == DBW_E_DENIED)
        dbw_hint(error, "Run as the service's user, or name another folder with "
                        "DBWIZARD_STATE_DIR.");
    return error->code;
}

dbw_status dbw_store_folder_make(const char *folder, dbw_error *error)
{
    struct stat about;
    if (dbw_directory_make(folder, 0700, error) != DBW_OK)
        return hint_denied(error, folder);
    if (stat(folder, &about) != 0 || access(folder, R_OK | W_OK | X_OK) != 0) {
        dbw_fail_errno(error, errno, "unable to use state folder '%s'", folder);
        return hint_denied(error, folder);
    }
    if (about.st_mode & S_IWOTH) {
        dbw_fail(error, DBW_E_DENIED, "unable to use state folder '%s': everybody may write to it",
                 folder);
        return dbw_hint(error, "Run: chmod o-rwx %s", folder);
    }
    return DBW_OK;
}

dbw_status dbw_store_file_make(const char *path, dbw_error *error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EEXIST) {
        dbw_fail_errno(error, errno, "unable to make state file '%s'", path);
        return hint_denied(error, path);
    }
    if (fd >= 0)
        close(fd);
    return DBW_OK;
}

/* The file appears complete, and the first of several processes wins. */
static dbw_status make_key(const char *path, dbw_error *error)
{
    unsigned char key[DBW_STORE_KEY];
    char text[KEY_TEXT + 2];
    randombytes_buf(key, sizeof key);
    sodium_bin2hex(text, KEY_TEXT + 1, key, sizeof key);
    memcpy(text + KEY_TEXT, "\n", 2);
    dbw_status status = dbw_file_create(path, (dbw_text){text, KEY_TEXT + 1}, 0640, error);
    sodium_memzero(text, sizeof text);
    sodium_memzero(key, sizeof key);
    if (status == DBW_OK || status == DBW_E_EXISTS)
        return DBW_OK;
    return hint_denied(error, path);
}

static bool decode(dbw_text text, unsigned char key[DBW_STORE_KEY])
{
    size_t length = 0;
    if (text.length && text.data[text.length - 1] == '\n')
        text.length--;
    return text.length == KEY_TEXT &&
           sodium_hex2bin(key, DBW_STORE_KEY, text.data, KEY_TEXT, NULL, &length, NULL) == 0 &&
           length == DBW_STORE_KEY;
}

static dbw_status read_key(dbw_arena *arena, const char *path, unsigned char key[DBW_STORE_KEY],
                           dbw_error *error)
{
    struct stat about;
    dbw_text text = {0};
    dbw_status status = dbw_file_read(arena, path, KEY_TEXT + 2, 0, &text, error);
    if (status == DBW_OK && stat(path, &about) != 0)
        return dbw_fail_errno(error, errno, "unable to read '%s'", path);
    if (status == DBW_OK && about.st_mode & S_IRWXO) {
        dbw_fail(error, DBW_E_DENIED, "unable to use secret key '%s': it is open to everybody",
                 path);
        return dbw_hint(error, "Run: chmod 0640 %s", path);
    }
    if (status == DBW_E_LIMIT || (status == DBW_OK && !decode(text, key))) {
        dbw_fail(error, DBW_E_INVALID, "unable to use secret key '%s': it is not %d hex digits",
                 path, KEY_TEXT);
        return dbw_hint(error, "Restore it from a backup: what was stored with it cannot be read "
                               "without it.");
    }
    return status;
}

dbw_status dbw_store_key_load(dbw_arena *arena, const char *path, unsigned char key[DBW_STORE_KEY],
                              dbw_error *error)
{
    dbw_status status = read_key(arena, path, key, error);
    if (status == DBW_E_NOT_FOUND) {
        DBW_TRY(make_key(path, error));
        status = read_key(arena, path, key, error);
    }
    return status == DBW_E_DENIED && !error->hint[0] ? hint_denied(error, path) : status;
}
