/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_REVISION_FILE_H
#define DBW_REVISION_FILE_H
/*
 * One SQL revision file: header comments, then sections.
 *
 *   -- revision: 3ad1f2
 *   -- down_revision: 19c2aa        (comma-separated for a merge; empty or absent for a base)
 *   -- branch_labels, depends_on, message, create_date: optional
 *   -- transaction: off             (optional: run outside a transaction)
 *
 *   -- upgrade                      (the common section)
 *   -- upgrade postgresql           (replaces the common section on that backend)
 *   -- downgrade [backend]
 *
 * A header or section line starts in the first column. Header lines end at the first section; a
 * comment that is neither is passed over. Everything lives in the arena; files are limited to
 * 16 MiB of UTF-8 without NULs.
 */
#include "base/arena.h"
#include "base/error.h"

enum { DBW_REVISION_FILE_LIMIT = 16 * 1024 * 1024, DBW_REVISION_ID_LIMIT = 255 };

/** The SQL of one section; `line` is that of its first line, counted from 1. */
typedef struct dbw_revision_section {
    const char *backend; /* NULL: the common one */
    dbw_text sql;
    int line;
} dbw_revision_section;

typedef struct dbw_revision_list {
    const char **items;
    size_t count;
} dbw_revision_list;

typedef struct dbw_revision_sections {
    dbw_revision_section *items;
    size_t count;
} dbw_revision_sections;

typedef struct dbw_revision_file {
    const char *path; /* as given; stands before the line in messages */
    const char *id;
    dbw_revision_list down;
    dbw_revision_list labels;
    dbw_revision_list depends_on;
    const char *message;     /* "" when absent */
    const char *create_date; /* as written, or NULL */
    bool transaction;        /* false: "-- transaction: off" */
    dbw_revision_sections upgrade;
    dbw_revision_sections downgrade;
    char checksum[65]; /* BLAKE2b-256 of the file's bytes, hex */
} dbw_revision_file;

/** Parses the text of a file. DBW_E_INVALID "PATH:LINE: …"; `text` must outlive the result. */
dbw_status dbw_revision_file_parse(dbw_arena *arena, const char *path, dbw_text text,
                                   dbw_revision_file **out, dbw_error *error) DBW_MUST_CHECK;

/** Reads and parses a file. */
dbw_status dbw_revision_file_read(dbw_arena *arena, const char *path, dbw_revision_file **out,
                                  dbw_error *error) DBW_MUST_CHECK;

/** The section that runs on `backend`: its own, else the common one, else NULL. */
const dbw_revision_section *dbw_revision_section_for(const dbw_revision_sections *sections,
                                                     const char *backend);

#endif
