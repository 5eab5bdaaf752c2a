/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_OPTIONS_H
#define DBW_BASE_OPTIONS_H
/* The table of options (options.def) for programs: what each is called, and what it may hold. */
#include "base/error.h"
#include "base/text.h"

typedef enum dbw_option {
#define DBW_OPTION(id, name, type, scope, preset, least, most, secret, help) DBW_OPTION_##id,
#include "base/options.def"
#undef DBW_OPTION
    DBW_OPTION_COUNT
} dbw_option;

typedef enum dbw_option_type {
    DBW_OPTION_TYPE_TEXT,
    DBW_OPTION_TYPE_PATH,
    DBW_OPTION_TYPE_URL,
    DBW_OPTION_TYPE_INTEGER,
    DBW_OPTION_TYPE_LEVEL
} dbw_option_type;

typedef enum dbw_option_scope {
    DBW_OPTION_SCOPE_SYSTEM,
    DBW_OPTION_SCOPE_DATABASE,
    DBW_OPTION_SCOPE_APPLICATION
} dbw_option_scope;

typedef struct dbw_option_info {
    const char *name;   /* of the environment variable */
    const char *preset; /* "" for none */
    const char *help;
    dbw_option_type type;
    dbw_option_scope scope;
    int64_t least;
    int64_t most;
    bool secret;
} dbw_option_info;

const dbw_option_info *dbw_option_about(dbw_option option);

/** The option of that name or old name (DATABASE__POOL_SIZE); false for an unknown one. */
bool dbw_option_find(const char *name, dbw_option *out) DBW_MUST_CHECK;

/** The other name of an option, or NULL. */
const char *dbw_option_alias(dbw_option option);

/** Is the value of the option's type and in its range? `source` says in the error where it stood;
 *  the value itself never does. */
dbw_status dbw_option_check(dbw_option option, const char *value, const char *source,
                            dbw_error *error) DBW_MUST_CHECK;

/** Is it read from the environment alone (DBWIZARD_CONFIG_DIR)? */
bool dbw_option_is_variable(const char *name);

/** The known name nearest to a misspelt one, or NULL when none is near. */
const char *dbw_option_nearest(const char *name);

/** The number of edits (insert, delete, replace, swap of neighbours) between two words, at most
 *  `limit` + 1. Words beyond 64 bytes are `limit` + 1 apart. */
int dbw_edit_distance(const char *a, const char *b, int limit);

#endif
