/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "base/buffer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

static dbw_status status_of(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return DBW_E_NOT_FOUND;
    case EACCES:
    case EPERM:
        return DBW_E_DENIED;
    case ENOSPC:
    case EDQUOT:
        return DBW_E_DISK_FULL;
    case EROFS:
        return DBW_E_READ_ONLY;
    case EEXIST:
        return DBW_E_EXISTS;
    case ENOMEM:
        return DBW_E_NO_MEMORY;
    default:
        return DBW_E_IO;
    }
}

dbw_status dbw_fail_errno(dbw_error *error, int number, const char *format, ...)
{
    char what[1024];
    char reason[128];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return dbw_fail(error, status_of(number), "%s: %s", what,
                    strerror_r(number, reason, sizeof reason));
}

dbw_status dbw_file_read_descriptor(dbw_arena *arena, int descriptor, const char *name,
                                    size_t limit, dbw_text *out, dbw_error *error)
{
    dbw_status status = DBW_OK;
    dbw_buffer content;
    dbw_buffer_init(&content, limit + 1);
    while (content.length <= limit) {
        char block[16384];
        ssize_t n = read(descriptor, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            status = dbw_fail_errno(error, errno, "unable to read %s", name);
            break;
        }
        if (n == 0)
            break;
        size_t room = limit + 1 - content.length;
        dbw_buffer_add(&content, block, (size_t)n < room ? (size_t)n : room);
    }
    if (status == DBW_OK && content.length > limit)
        status = dbw_fail(error, DBW_E_LIMIT, "unable to read %s: it is larger than %zu bytes",
                          name, limit);
    if (status == DBW_OK)
        status = dbw_buffer_check(&content, name, error);
    if (status == DBW_OK) {
        out->length = content.length;
        out->data = dbw_arena_text_string(arena, dbw_buffer_text(&content));
    }
    dbw_buffer_free(&content);
    return status;
}

dbw_status dbw_file_read(dbw_arena *arena, const char *path, size_t limit, unsigned flags,
                         dbw_text *out, dbw_error *error)
{
    int nofollow = flags & DBW_FILE_NOFOLLOW ? O_NOFOLLOW : 0;
    /* Without O_NONBLOCK a FIFO in the place of the file would hang the open. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | nofollow);
    if (descriptor < 0)
        return dbw_fail_errno(error, errno, "unable to read '%s'", path);
    struct stat about;
    dbw_status status = DBW_OK;
    char name[512];
    (void)snprintf(name, sizeof name, "'%s'", path);
    if (fstat(descriptor, &about) != 0)
        status = dbw_fail_errno(error, errno, "unable to read '%s'", path);
    else if (!S_ISREG(about.st_mode))
        status = dbw_fail(error, DBW_E_INVALID, "unable to read '%s': it is not a file", path);
    else
        status = dbw_file_read_descriptor(arena, descriptor, name, limit, out, error);
    (void)close(descriptor);
    return status;
}

static dbw_status write_all(int descriptor, const char *path, dbw_text content, dbw_error *error)
{
    while (content.length > 0) {
        ssize_t n = write(descriptor, content.data, content.length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return dbw_fail_errno(error, errno, "unable to write '%s'", path);
        content.data += n;
        content.length -= (size_t)n;
    }
    return DBW_OK;
}

/** Writes and syncs an open file, and closes it in any case. */
static dbw_status fill(int descriptor, const char *path, dbw_text content, mode_t mode,
                       dbw_error *error)
{
    dbw_status status = write_all(descriptor, path, content, error);
    if (status == DBW_OK && (fchmod(descriptor, mode) != 0 || fsync(descriptor) != 0))
        status = dbw_fail_errno(error, errno, "unable to write '%s'", path);
    if (close(descriptor) != 0 && status == DBW_OK)
        status = dbw_fail_errno(error, errno, "unable to write '%s'", path);
    return status;
}

static dbw_status sync_folder_of(const char *path, dbw_error *error)
{
    char folder[4096];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (!slash)
        memcpy(folder, ".", 2);
    else
        slash[slash == folder ? 1 : 0] = '\0';
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return dbw_fail_errno(error, errno, "unable to open folder '%s'", folder);
    /* Some file systems cannot sync a folder, and need not. */
    bool failed = fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS;
    int number = errno;
    (void)close(descriptor);
    return failed ? dbw_fail_errno(error, number, "unable to sync folder '%s'", folder) : DBW_OK;
}

dbw_status dbw_file_write(const char *path, dbw_text content, mode_t mode, dbw_error *error)
{
    char temporary[4096];
    int length = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (length < 0 || (size_t)length >= sizeof temporary)
        return dbw_fail(error, DBW_E_INVALID, "unable to write '%s': the path is too long", path);
    int descriptor = mkostemp(temporary, O_CLOEXEC);
    if (descriptor < 0)
        return dbw_fail_errno(error, errno, "unable to write '%s'", path);
    dbw_status status = fill(descriptor, path, content, mode, error);
    if (status == DBW_OK && rename(temporary, path) != 0)
        status = dbw_fail_errno(error, errno, "unable to write '%s'", path);
    if (status != DBW_OK) {
        (void)unlink(temporary);
        return status;
    }
    return sync_folder_of(path, error);
}

dbw_status dbw_file_create(const char *path, dbw_text content, mode_t mode, dbw_error *error)
{
    char temporary[4096];
    int length = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (length < 0 || (size_t)length >= sizeof temporary)
        return dbw_fail(error, DBW_E_INVALID, "unable to create '%s': the path is too long", path);
    int descriptor = mkostemp(temporary, O_CLOEXEC);
    if (descriptor < 0)
        return dbw_fail_errno(error, errno, "unable to create '%s'", path);
    dbw_status status = fill(descriptor, path, content, mode, error);
    /* link() refuses an existing name, and the file appears complete. */
    if (status == DBW_OK && link(temporary, path) != 0)
        status = dbw_fail_errno(error, errno, "unable to create '%s'", path);
    (void)unlink(temporary);
    return status == DBW_OK ? sync_folder_of(path, error) : status;
}

dbw_status dbw_directory_make(const char *path, mode_t mode, dbw_error *error)
{
    char part[4096];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part)
        return dbw_fail(error, DBW_E_INVALID, "unable to make folder '%s': %s", path,
                        length ? "the path is too long" : "the path is empty");
    for (size_t i = 1; i <= length; i++) {
        if (i < length && path[i] != '/')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, mode) == 0) {
            if (chmod(part, mode) != 0)
                return dbw_fail_errno(error, errno, "unable to make folder '%s'", part);
            continue;
        }
        struct stat about;
        int number = errno;
        if (number == EEXIST && stat(part, &about) == 0 && !S_ISDIR(about.st_mode))
            return dbw_fail(error, DBW_E_EXISTS,
                            "unable to make folder '%s': a file is in its "
                            "place",
                            part);
        if (number != EEXIST)
            return dbw_fail_errno(error, number, "unable to make folder '%s'", part);
    }
    return DBW_OK;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

dbw_status dbw_directory_list(dbw_arena *arena, const char *path, const char *suffix, char ***names,
                              size_t *count, dbw_error *error)
{
    *names = NULL;
    *count = 0;
    DIR *folder = opendir(path);
    if (!folder)
        return errno == ENOENT ? DBW_OK
                               : dbw_fail_errno(error, errno, "unable to list folder '%s'", path);
    struct dirent *entry = NULL;
    while ((entry = readdir(folder)) != NULL) {
        size_t length = strlen(entry->d_name);
        size_t tail = strlen(suffix);
        if (entry->d_name[0] == '.' || length <= tail || entry->d_type == DT_DIR ||
            strcmp(entry->d_name + length - tail, suffix) != 0)
            continue;
        *DBW_APPEND(arena, *names, *count) =
            dbw_arena_text_string(arena, (dbw_text){entry->d_name, length - tail});
    }
    (void)closedir(folder);
    if (*count > 0)
        qsort(*names, *count, sizeof **names, compare_names);
    return DBW_OK;
}

char *dbw_path_join(dbw_arena *arena, const char *directory, const char *name)
{
    if (!directory || *directory == '\0' || *name == '/')
        return dbw_arena_string(arena, name);
    bool slash = directory[strlen(directory) - 1] == '/';
    return dbw_arena_printf(arena, "%s%s%s", directory, slash ? "" : "/", name);
}
