/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096 };

static dbw_status failed(dbw_error *error, const char *verb, const char *path)
{
    bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    dbw_fail(error, full ? DBW_E_DISK_FULL : DBW_E_IO, "unable to %s '%s': %s", verb, path,
             strerror(errno));
    return full ? dbw_hint(error, "Make room where dbwizard keeps its state (DBWIZARD_STATE_DIR).")
                : error->code;
}

static dbw_status path_of(char out[PATH_ROOM], const char *folder, const char *name,
                          dbw_error *error)
{
    int length = snprintf(out, PATH_ROOM, "%s/%s", folder, name);
    if (length < 0 || length >= PATH_ROOM)
        return dbw_fail(error, DBW_E_INVALID, "unable to use folder '%s': its name is too long",
                        folder);
    return DBW_OK;
}

dbw_status dbw_folder_make(const char *folder, dbw_error *error)
{
    char path[PATH_ROOM];
    DBW_TRY(path_of(path, folder, "", error));
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return failed(error, "make folder", path);
        *slash = '/';
    }
    return DBW_OK;
}

dbw_status dbw_folder_create(const char *folder, const char *name, FILE **out, dbw_error *error)
{
    char path[PATH_ROOM];
    *out = NULL;
    DBW_TRY(dbw_folder_make(folder, error));
    DBW_TRY(path_of(path, folder, name, error));
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return failed(error, "write file", path);
    *out = fdopen(fd, "w");
    if (!*out) {
        close(fd);
        return dbw_fail_memory(error);
    }
    return DBW_OK;
}

dbw_status dbw_folder_open(const char *folder, const char *name, FILE **out, dbw_error *error)
{
    char path[PATH_ROOM];
    *out = NULL;
    DBW_TRY(path_of(path, folder, name, error));
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? DBW_OK : failed(error, "read file", path);
    *out = fdopen(fd, "r");
    if (!*out) {
        close(fd);
        return dbw_fail_memory(error);
    }
    return DBW_OK;
}

dbw_status dbw_folder_line(FILE *file, struct json_object *object, dbw_error *error)
{
    const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);
    if (fputs(text, file) < 0 || fputc('\n', file) < 0)
        return failed(error, "write", "a line of JSON");
    return DBW_OK;
}

dbw_status dbw_folder_close(FILE *file, dbw_error *error)
{
    if (!file)
        return DBW_OK;
    bool good = fflush(file) == 0 && fsync(fileno(file)) == 0;
    int reason = errno;
    good = fclose(file) == 0 && good;
    if (good)
        return DBW_OK;
    errno = reason;
    return failed(error, "write", "a file of the job in the state folder");
}

void dbw_folder_remove(const char *folder, const char *name)
{
    char path[PATH_ROOM];
    dbw_error ignored;
    if (path_of(path, folder, name, &ignored) == DBW_OK)
        unlink(path);
}

dbw_status dbw_folder_write(const char *folder, const char *name, const char *text,
                            dbw_error *error)
{
    char path[PATH_ROOM], temporary[PATH_ROOM], short_name[256];
    FILE *file;
    snprintf(short_name, sizeof short_name, ".%s.new", name);
    DBW_TRY(path_of(path, folder, name, error));
    DBW_TRY(path_of(temporary, folder, short_name, error));
    DBW_TRY(dbw_folder_create(folder, short_name, &file, error));
    bool good = fputs(text, file) >= 0;
    dbw_status status = dbw_folder_close(file, error);
    if (status == DBW_OK && !good)
        status = failed(error, "write file", temporary);
    if (status == DBW_OK && rename(temporary, path) != 0)
        status = failed(error, "rename file", temporary);
    if (status != DBW_OK) {
        unlink(temporary);
        return status;
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    return DBW_OK;
}

struct json_object *dbw_folder_json(const char *folder, const char *name)
{
    char path[PATH_ROOM];
    dbw_error ignored;
    if (path_of(path, folder, name, &ignored) != DBW_OK || access(path, R_OK) != 0)
        return NULL;
    return json_object_from_file(path);
}
