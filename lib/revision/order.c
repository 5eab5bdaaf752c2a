/* SPDX-License-Identifier: Apache-2.0 */
#include "revision/directory.h"

DBW_PRINTF(3, 4)
static dbw_status wrong(dbw_error *error, const dbw_revision_file *file, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    dbw_vfail(error, DBW_E_INVALID, format, arguments);
    va_end(arguments);
    return dbw_error_object(error, "%s", file->id);
}

static dbw_revision_file *find(dbw_revision_file **files, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(files[i]->id, id) == 0)
            return files[i];
    return NULL;
}

static dbw_status check_each(dbw_revision_file **files, size_t count, dbw_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const dbw_revision_file *file = files[i];
        if (find(files, i, file->id))
            return wrong(error, file, "revision %s is present more than once: %s and %s", file->id,
                         find(files, i, file->id)->path, file->path);
        if (file->down.count > 1 || file->depends_on.count)
            return wrong(error, file,
                         "revision %s is a merge or has dependencies: this history "
                         "must be linear",
                         file->id);
        if (file->down.count && !find(files, count, file->down.items[0]))
            return wrong(error, file, "revision %s referenced from %s is not present",
                         file->down.items[0], file->path);
    }
    return DBW_OK;
}

/* The only file behind `id` (NULL: the base); NULL when there is none. */
static dbw_status only_child(dbw_revision_file **files, size_t count, const char *id,
                             dbw_revision_file **out, dbw_error *error)
{
    *out = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *down = files[i]->down.count ? files[i]->down.items[0] : NULL;
        if (id ? !down || strcmp(down, id) != 0 : down != NULL)
            continue;
        if (*out)
            return id ? wrong(error, files[i], "revision %s has two successors: %s and %s", id,
                              (*out)->id, files[i]->id)
                      : wrong(error, files[i], "there are two base revisions: %s and %s",
                              (*out)->id, files[i]->id);
        *out = files[i];
    }
    return DBW_OK;
}

dbw_status dbw_revision_order_linear(dbw_arena *arena, dbw_revision_file **files, size_t count,
                                     dbw_error *error)
{
    dbw_revision_file **ordered = DBW_NEW_ARRAY(arena, count, dbw_revision_file *), *next;
    size_t done = 0;
    DBW_TRY(check_each(files, count, error));
    DBW_TRY(only_child(files, count, NULL, &next, error));
    while (next) {
        ordered[done++] = next;
        DBW_TRY(only_child(files, count, next->id, &next, error));
    }
    /* Each has one parent that is there, so what is not reached from the base hangs on a cycle. */
    for (size_t i = 0; done < count && i < count; i++)
        if (!find(ordered, done, files[i]->id))
            return wrong(error, files[i], "cycle is detected in revisions (%s)", files[i]->id);
    if (count)
        memcpy(files, ordered, count * sizeof *files);
    return DBW_OK;
}
