/* SPDX-License-Identifier: Apache-2.0 */
#include "revision/directory.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>

enum { MARKER_LIMIT = 64 };

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_revision(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > 4 && strcmp(name + length - 4, ".sql") == 0;
}

static dbw_status list(dbw_arena *arena, const char *path, const char ***names, size_t *count,
                       dbw_error *error)
{
    DIR *folder = opendir(path);
    if (!folder)
        return dbw_fail(error, errno == ENOENT ? DBW_E_NOT_FOUND : DBW_E_IO,
                        "unable to read the revisions in '%s': %s", path, strerror(errno));
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL)
        if (is_revision(entry->d_name))
            *DBW_APPEND(arena, *names, *count) = dbw_arena_string(arena, entry->d_name);
    closedir(folder);
    if (*count)
        qsort(*names, *count, sizeof **names, by_name);
    return DBW_OK;
}

static dbw_status read_marker(dbw_arena *arena, const char *path, const char **marker,
                              dbw_error *error)
{
    dbw_text text;
    dbw_error missing;
    const char *file = dbw_arena_printf(arena, "%s/marker", path);
    dbw_status status = dbw_file_read(arena, file, DBW_REVISION_FILE_LIMIT, 0, &text, &missing);
    if (status == DBW_E_NOT_FOUND)
        return DBW_OK;
    if (status != DBW_OK) {
        *error = missing;
        return status;
    }
    const char *newline = text.length ? memchr(text.data, '\n', text.length) : NULL;
    if (newline)
        text.length = (size_t)(newline - text.data);
    for (size_t i = 0; i < text.length; i++)
        if (dbw_lower(text.data[i]) != '-' &&
            (dbw_lower(text.data[i]) < 'a' || dbw_lower(text.data[i]) > 'z'))
            text.length = 0;
    if (text.length == 0 || text.length > MARKER_LIMIT)
        return dbw_fail(error, DBW_E_INVALID, "%s:1: the marker is one word of letters and '-'",
                        file);
    *marker = dbw_arena_text_string(arena, text);
    return DBW_OK;
}

dbw_status dbw_revision_directory_read(dbw_arena *arena, const char *path,
                                       dbw_revision_directory **out, dbw_error *error)
{
    const char **names = NULL;
    size_t count = 0;
    DBW_TRY(list(arena, path, &names, &count, error));
    dbw_revision_directory *directory = DBW_NEW(arena, dbw_revision_directory);
    directory->path = dbw_arena_string(arena, path);
    DBW_TRY(read_marker(arena, path, &directory->marker, error));
    directory->files = DBW_NEW_ARRAY(arena, count, dbw_revision_file *);
    for (; directory->count < count; directory->count++)
        DBW_TRY(dbw_revision_file_read(
            arena, dbw_arena_printf(arena, "%s/%s", path, names[directory->count]),
            &directory->files[directory->count], error));
    *out = directory;
    return DBW_OK;
}
