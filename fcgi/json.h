/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_JSON_H
#define DBW_FCGI_JSON_H
/* Members of answers. Text that is not UTF-8 (a server's message, a name out of a request) gets
 * U+FFFD for each byte that does not fit: an answer is valid JSON whatever went into it. */
#include "base/dbw.h"

#include <json-c/json_types.h>

/** A JSON string; NULL (null) for NULL. */
struct json_object *dbw_json_text(const char *text);

void dbw_json_add_text(struct json_object *object, const char *name, const char *text);
void dbw_json_add_flag(struct json_object *object, const char *name, bool value);

#endif
