/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MAPPING_H
#define DBW_ENGINE_MAPPING_H
/* Which type of one engine becomes which of another, by their own tables and before any value is
 * looked at. */
#include "engine/database.h"

typedef struct dbw_mapped_type {
    const char *from;   /* with usual measures: "numeric(12,2)" */
    const char *intent; /* what it holds: "decimal" */
    const char *to;
    const char *loss; /* "none", "type" (every value kept), "values" (some may not fit) */
    const char *note; /* or NULL */
} dbw_mapped_type;

/** The n-th type of `from` in `to`; `*found` is false behind the last one. */
dbw_status dbw_mapped_type_at(dbw_arena *arena, const dbw_engine *from, const dbw_engine *to,
                              size_t n, dbw_mapped_type *out, bool *found,
                              dbw_error *error) DBW_MUST_CHECK;

/** "PostgreSQL". */
const char *dbw_engine_label(const dbw_engine *engine);

#endif
