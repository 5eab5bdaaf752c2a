/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_JSON_CHECK_H
#define DBW_TRANSFER_JSON_CHECK_H
/*
 * Whether text is JSON that PostgreSQL takes (manual, 8.14: RFC 8259; `jsonb` refuses \u0000, lone
 * surrogates and numbers beyond numeric's range, which `json` lets pass). One pass, no allocation,
 * no recursion. The text must be valid UTF-8.
 */
#include "base/text.h"

/** The deepest nesting that the verification compares by meaning; PostgreSQL's own limit is its
 *  max_stack_depth, some thousands. */
enum { DBW_JSON_DEPTH = 255 };

typedef enum dbw_json {
    DBW_JSON_GOOD,      /* both types take it */
    DBW_JSON_NUL,       /* holds \u0000: json takes it, jsonb does not */
    DBW_JSON_SURROGATE, /* half of a surrogate pair: likewise */
    DBW_JSON_NUMBER,    /* a number beyond numeric's range, or a huge string: likewise */
    DBW_JSON_DEEP,      /* neither does */
    DBW_JSON_BAD        /* not JSON */
} dbw_json;

dbw_json dbw_json_check(dbw_text text);

/** The same; `*depth` receives how deeply it is nested, as far as it was read (a scalar: 0). */
dbw_json dbw_json_measure(dbw_text text, int *depth);

/** "not JSON", "holds \\u0000" …; NULL for GOOD. */
const char *dbw_json_reason(dbw_json verdict);

#endif
