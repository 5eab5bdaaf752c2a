/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_REVISION_DIRECTORY_H
#define DBW_REVISION_DIRECTORY_H
/*
 * A directory of SQL revisions, read whole: every `*.sql` file that is not hidden, in name order.
 * A file named `marker` names whose schema it is ("dbwizard-state"): such a directory is run
 * against databases of that mark or empty ones only (upgrade.h).
 */
#include "revision/file.h"

typedef struct dbw_revision_directory {
    const char *path;
    const char *marker; /* the first line of the file `marker`, or NULL */
    dbw_revision_file **files;
    size_t count;
} dbw_revision_directory;

/** Reads the directory. DBW_E_NOT_FOUND when it does not exist; DBW_E_INVALID from its files. */
dbw_status dbw_revision_directory_read(dbw_arena *arena, const char *path,
                                       dbw_revision_directory **out,
                                       dbw_error *error) DBW_MUST_CHECK;

/**
 * Sorts `files` from the base to the head of a linear history. DBW_E_INVALID for an id that is
 * there twice, a missing parent, a cycle, several bases, a branch or a merge; the revision
 * concerned is the error's object.
 */
dbw_status dbw_revision_order_linear(dbw_arena *arena, dbw_revision_file **files, size_t count,
                                     dbw_error *error) DBW_MUST_CHECK;

#endif
