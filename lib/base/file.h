/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_FILE_H
#define DBW_BASE_FILE_H
/*
 * Whole files: read with a cap, written so that a crash leaves the old or the new content, never
 * half of it. Errors name the path and the reason: NOT_FOUND, DENIED, DISK_FULL, READ_ONLY,
 * EXISTS, LIMIT, IO.
 */
#include "base/arena.h"
#include "base/error.h"

#include <sys/types.h>

enum {
    DBW_FILE_NOFOLLOW = 1 /* a symbolic link in the last part of the path is refused */
};

/** Fails with the code that fits `number` (an errno) and "MESSAGE: reason". */
dbw_status dbw_fail_errno(dbw_error *error, int number, const char *format, ...) DBW_PRINTF(3, 4);

/** Reads a regular file of at most `limit` bytes; a larger one is LIMIT. NUL-terminated. */
dbw_status dbw_file_read(dbw_arena *arena, const char *path, size_t limit, unsigned flags,
                         dbw_text *out, dbw_error *error) DBW_MUST_CHECK;

/** Reads to the end of a descriptor; `name` stands for it in errors ("standard input"). */
dbw_status dbw_file_read_descriptor(dbw_arena *arena, int descriptor, const char *name,
                                    size_t limit, dbw_text *out, dbw_error *error) DBW_MUST_CHECK;

/**
 * Replaces the file at once: a temporary file beside it, fsync, rename, fsync of the folder.
 * `mode` holds whatever the umask is.
 */
dbw_status dbw_file_write(const char *path, dbw_text content, mode_t mode,
                          dbw_error *error) DBW_MUST_CHECK;

/** Makes a file that must not exist yet (EXISTS otherwise), as durable as dbw_file_write(). */
dbw_status dbw_file_create(const char *path, dbw_text content, mode_t mode,
                           dbw_error *error) DBW_MUST_CHECK;

/** Makes the folder and those above it; those made get `mode` whatever the umask is. */
dbw_status dbw_directory_make(const char *path, mode_t mode, dbw_error *error) DBW_MUST_CHECK;

/** Names of the folder's entries that end in `suffix`, sorted, without it; a missing folder has
 *  none. Hidden entries and folders are left out. */
dbw_status dbw_directory_list(dbw_arena *arena, const char *path, const char *suffix, char ***names,
                              size_t *count, dbw_error *error) DBW_MUST_CHECK;

/** "directory/name", or `name` alone when it is absolute or the directory is NULL or empty. */
char *dbw_path_join(dbw_arena *arena, const char *directory, const char *name);

#endif
