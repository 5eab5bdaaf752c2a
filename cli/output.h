/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_CLI_OUTPUT_H
#define DBW_CLI_OUTPUT_H
/*
 * What the command prints. Text from outside (names, values, messages of servers) goes through
 * dbw_output_text(), so that no control character reaches a terminal.
 */
#include "base/arena.h"
#include "base/error.h"

#include <json-c/json.h>

/** The text with C0 and C1 control characters and DEL as \xNN, line ends and tabs as \n and \t. */
char *dbw_output_safe(dbw_arena *arena, const char *text);

/** Prints one line of formatted text on `stream`, made safe as a whole. */
void dbw_output_line(FILE *stream, const char *format, ...) DBW_PRINTF(2, 3);

/** Prints "NAME  VALUE" on standard output, the name padded to `width`; nothing for NULL. */
void dbw_output_field(int width, const char *name, const char *value);

/** Prints the object on standard output, and frees it. */
void dbw_output_json(json_object *object);

/** A JSON string, or null for NULL. */
json_object *dbw_json_string(const char *text);

/** The error as the API's problem document, secrets hidden. */
json_object *dbw_json_problem(dbw_arena *arena, const dbw_error *error);

/** Ends standard output; false when what was printed did not arrive (a full disk). */
bool dbw_output_close(void);

#endif
