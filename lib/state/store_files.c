/* SPDX-License-Identifier: Apache-2.0 */
/* The files around the store: its folder, the database file, the key. */
#include "state/store_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_TEXT = 2 * DBW_STORE_KEY };

static dbw_status fail_file(dbw_error *error, const char *verb, const char *what, const char *path)
{
    int number = errno;
    dbw_status code = number == EACCES || number == EPERM ? DBW_E_DENIED
                      : number == ENOSPC                  ? DBW_E_DISK_FULL
                      : number == ENOENT                  ? DBW_E_NOT_FOUND
                                                          : DBW_E_IO;
    dbw_fail(error, code, "unable to %s %s '%s': %s", verb, what, path, strerror(number));
    dbw_error_object(error, "%s", path);
    if (code == DBW_E_DENIED)
        dbw_hint(error, "Run as the service's user, or name another folder with "
                        "DBWIZARD_STATE_DIR.");
    return code;
}

dbw_status dbw_store_folder_make(const char *folder, dbw_error *error)
{
    struct stat about;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fail_file(error, "make", "state folder", folder);
    if (stat(folder, &about) != 0)
        return fail_file(error, "read", "state folder", folder);
    if (!S_ISDIR(about.st_mode)) {
        errno = ENOTDIR;
        return fail_file(error, "use", "state folder", folder);
    }
    if (access(folder, R_OK | W_OK | X_OK) != 0)
        return fail_file(error, "use", "state folder", folder);
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
    if (fd < 0 && errno != EEXIST)
        return fail_file(error, "make", "state file", path);
    if (fd >= 0)
        close(fd);
    return DBW_OK;
}

static bool write_all(int fd, const char *text, size_t length)
{
    while (length) {
        ssize_t done = write(fd, text, length);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        text += done;
        length -= (size_t)done;
    }
    return true;
}

/* Written beside its place and linked there, so that no process ever reads half a key and the
 * first of several wins. */
static dbw_status make_key(const char *path, dbw_error *error)
{
    unsigned char key[DBW_STORE_KEY];
    char text[KEY_TEXT + 2], temporary[4096], suffix[17];
    dbw_status status = DBW_OK;
    randombytes_buf(key, 8);
    sodium_bin2hex(suffix, sizeof suffix, key, 8);
    int length = snprintf(temporary, sizeof temporary, "%s.%s", path, suffix);
    if (length < 0 || (size_t)length >= sizeof temporary) {
        errno = ENAMETOOLONG;
        return fail_file(error, "make", "secret key", path);
    }
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (fd < 0)
        return fail_file(error, "make", "secret key", path);
    randombytes_buf(key, sizeof key);
    sodium_bin2hex(text, KEY_TEXT + 1, key, sizeof key);
    text[KEY_TEXT] = '\n';
    if (!write_all(fd, text, KEY_TEXT + 1) || fchmod(fd, 0640) != 0 || fsync(fd) != 0 ||
        (link(temporary, path) != 0 && errno != EEXIST))
        status = fail_file(error, "make", "secret key", path);
    sodium_memzero(text, sizeof text);
    sodium_memzero(key, sizeof key);
    close(fd);
    unlink(temporary);
    return status;
}

static dbw_status read_key(int fd, const char *path, unsigned char key[DBW_STORE_KEY],
                           dbw_error *error)
{
    char text[KEY_TEXT + 2];
    struct stat about;
    size_t length = 0, decoded = 0;
    if (fstat(fd, &about) != 0)
        return fail_file(error, "read", "secret key", path);
    if (about.st_mode & S_IRWXO) {
        dbw_fail(error, DBW_E_DENIED, "unable to use secret key '%s': it is open to everybody",
                 path);
        return dbw_hint(error, "Run: chmod 0640 %s", path);
    }
    while (length < sizeof text) {
        ssize_t got = read(fd, text + length, sizeof text - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_file(error, "read", "secret key", path);
        if (got == 0)
            break;
        length += (size_t)got;
    }
    bool good = (length == KEY_TEXT || (length == KEY_TEXT + 1 && text[KEY_TEXT] == '\n')) &&
                sodium_hex2bin(key, DBW_STORE_KEY, text, KEY_TEXT, NULL, &decoded, NULL) == 0 &&
                decoded == DBW_STORE_KEY;
    sodium_memzero(text, sizeof text);
    if (good)
        return DBW_OK;
    dbw_fail(error, DBW_E_INVALID, "unable to use secret key '%s': it is not %d hex digits", path,
             KEY_TEXT);
    return dbw_hint(error, "Restore it from a backup: what was stored with it cannot be read "
                           "without it.");
}

dbw_status dbw_store_key_load(const char *path, unsigned char key[DBW_STORE_KEY], dbw_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        DBW_TRY(make_key(path, error));
        fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0)
        return fail_file(error, "read", "secret key", path);
    dbw_status status = read_key(fd, path, key, error);
    close(fd);
    return status;
}
