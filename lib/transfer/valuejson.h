/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_VALUEJSON_H
#define DBW_TRANSFER_VALUEJSON_H
/* Values as JSON: exactly, for the checkpoint; naturally, for reject files and saved rows. */
#include "base/arena.h"
#include "model/value.h"

#include <json-c/json_types.h>

/** {"kind":…, "value":…} with nothing lost; the caller owns it. */
struct json_object *dbw_value_to_json(const dbw_value *value);

/** Reads one back, text into the arena; false when it is none of ours. */
bool dbw_value_from_json(dbw_arena *arena, struct json_object *object,
                         dbw_value *out) DBW_MUST_CHECK;

/**
 * As a person or a script would write it: null, true, 42, "text", decimals and times as strings,
 * bytes and invalid UTF-8 as {"hex":"00ff"}. The caller owns it (NULL is JSON's null).
 */
struct json_object *dbw_value_plain_json(const dbw_value *value);

/** Seconds as a number with three decimals. */
struct json_object *dbw_json_seconds(double seconds);

#endif
