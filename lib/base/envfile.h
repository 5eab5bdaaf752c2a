/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_ENVFILE_H
#define DBW_BASE_ENVFILE_H
/*
 * The `.env` grammar, as python-dotenv and Docker Compose read it:
 *
 *   [export] NAME = value      # a comment needs white space before it
 *   NAME='taken as it is, line ends included'
 *   NAME="with \n \r \t \\ \" \$ and ${OTHER}, ${OTHER:-default}, ${OTHER-default}"
 *
 * `${NAME}` takes what stands above in the file, then what `lookup` knows; a name that neither has
 * stays as it is written, so that DATABASE__URL with placeholders can be recognised. A bare `$` is
 * an ordinary character. A name without '=' is passed over. UTF-8 with or without a byte order
 * mark, LF or CRLF. Files are limited
 * to 1 MiB, values to 128 KiB. Errors name file and line, never a value.
 */
#include "base/arena.h"
#include "base/error.h"

enum { DBW_ENVFILE_LIMIT = 1024 * 1024 };

typedef struct dbw_envfile_entry {
    char *name;
    char *value;
    int line;
} dbw_envfile_entry;

typedef struct dbw_envfile {
    char *path;
    dbw_envfile_entry *entries; /* in the order of the file, repeated names included */
    size_t count;
} dbw_envfile;

/** What a name means outside of the file; NULL for unknown. */
typedef const char *(*dbw_envfile_lookup)(void *context, const char *name);

/** Parses `text`; `path` stands for it in errors. `lookup` may be NULL. */
dbw_status dbw_envfile_parse(dbw_arena *arena, dbw_text text, const char *path,
                             dbw_envfile_lookup lookup, void *context, dbw_envfile *out,
                             dbw_error *error) DBW_MUST_CHECK;

/** Reads and parses a file. */
dbw_status dbw_envfile_read(dbw_arena *arena, const char *path, dbw_envfile_lookup lookup,
                            void *context, dbw_envfile *out, dbw_error *error) DBW_MUST_CHECK;

/** The last entry of that name, or NULL. */
const dbw_envfile_entry *dbw_envfile_find(const dbw_envfile *file, const char *name);

#endif
