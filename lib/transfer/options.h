/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_OPTIONS_H
#define DBW_TRANSFER_OPTIONS_H
/* The options of a transfer, read from JSON (API, job store) or set one by one (command). */
#include "base/arena.h"
#include "base/error.h"

#include <json-c/json_types.h>

typedef struct dbw_option_pair {
    const char *name;
    const char *value;
} dbw_option_pair;

typedef struct dbw_option_list {
    const char **items;
    size_t count;
} dbw_option_list;

typedef struct dbw_option_map {
    dbw_option_pair *items;
    size_t count;
} dbw_option_map;

typedef const char *dbw_option_CHOICE;
typedef const char *dbw_option_TEXT;
typedef bool dbw_option_FLAG;
typedef int64_t dbw_option_INTEGER;
typedef dbw_option_list dbw_option_LIST;
typedef dbw_option_map dbw_option_MAP;

/** One member per line of transfer_options.def. */
typedef struct dbw_transfer_options {
#define DBW_TRANSFER_OPTION(field, flag, type, default_value, values, help) dbw_option_##type field;
#include "transfer/transfer_options.def"
#undef DBW_TRANSFER_OPTION
} dbw_transfer_options;

/** The defaults. */
void dbw_transfer_options_default(dbw_transfer_options *options);

/**
 * Sets one option from text, as the command does ("schema_mode" or "schema-mode"; a LIST or MAP
 * option is added to). DBW_E_INVALID names the option and the values it takes, the error's object
 * is the API's field name; DBW_E_NOT_FOUND when there is no such option.
 */
dbw_status dbw_transfer_options_set(dbw_arena *arena, dbw_transfer_options *options,
                                    const char *name, const char *value,
                                    dbw_error *error) DBW_MUST_CHECK;

/** Reads every member of `object` that is an option; types are checked strictly; members listed
 *  in `others` (NULL-terminated) are passed over, any further one is an error. */
dbw_status dbw_transfer_options_from_json(dbw_arena *arena, struct json_object *object,
                                          const char *const *others, dbw_transfer_options *out,
                                          dbw_error *error) DBW_MUST_CHECK;

/** All options as a JSON object; the caller owns it. */
struct json_object *dbw_transfer_options_to_json(const dbw_transfer_options *options);

/** The table for help texts: the n-th option, or NULL. */
typedef struct dbw_transfer_option_info {
    const char *name;
    const char *type; /* "CHOICE" … */
    const char *default_value;
    const char *values;
    const char *help;
} dbw_transfer_option_info;
const dbw_transfer_option_info *dbw_transfer_option_at(size_t n);

#endif
