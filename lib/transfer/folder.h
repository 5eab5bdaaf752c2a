/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_FOLDER_H
#define DBW_TRANSFER_FOLDER_H
/* Files that a run leaves behind in its folder: JSON lines, readable by their owner alone. */
#include "base/arena.h"
#include "base/error.h"

#include <json-c/json_types.h>

/** The report of a run that came to its end; written before its checkpoint goes. */
#define DBW_REPORT_FILE "report.json"

/** Says that the target holds the list of what the run makes there; removed before that is given
 *  back. */
#define DBW_BEGUN_FILE "begun.json"

/** Says that the run made the target's database; written before it does. */
#define DBW_MADE_FILE "made.json"

/** Makes the folder (0700) and those above it where they are missing. */
dbw_status dbw_folder_make(const char *folder, dbw_error *error) DBW_MUST_CHECK;

/** Opens a file in the folder for writing, emptied; the folder is made first. */
dbw_status dbw_folder_create(const char *folder, const char *name, FILE **out,
                             dbw_error *error) DBW_MUST_CHECK;

/** Opens a file in the folder for reading; `*out` NULL when there is none. */
dbw_status dbw_folder_open(const char *folder, const char *name, FILE **out,
                           dbw_error *error) DBW_MUST_CHECK;

/** Writes one line of JSON. */
dbw_status dbw_folder_line(FILE *file, struct json_object *object, dbw_error *error) DBW_MUST_CHECK;

/** Flushes to the disk and closes; `file` may be NULL. */
dbw_status dbw_folder_close(FILE *file, dbw_error *error) DBW_MUST_CHECK;

/** Removes a file; its absence is no error. */
void dbw_folder_remove(const char *folder, const char *name);

/** Writes a whole file so that it is there entirely or not at all. */
dbw_status dbw_folder_write(const char *folder, const char *name, const char *text,
                            dbw_error *error) DBW_MUST_CHECK;

/** The whole file as JSON, or NULL when there is none or it is none; the caller owns it. */
struct json_object *dbw_folder_json(const char *folder, const char *name);

#endif
