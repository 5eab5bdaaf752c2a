/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_SQLITE_TYPE_H
#define DBW_ENGINE_SQLITE_TYPE_H
/* Declared types, affinities and intents (types.def). */
#include "engine/engine.h"

typedef enum dbw_sqlite_affinity {
    DBW_SQLITE_AFFINITY_BLOB, /* takes every value as it is */
    DBW_SQLITE_AFFINITY_TEXT,
    DBW_SQLITE_AFFINITY_NUMERIC,
    DBW_SQLITE_AFFINITY_INTEGER,
    DBW_SQLITE_AFFINITY_REAL
} dbw_sqlite_affinity;

/** By SQLite's own rules, in their order (datatype3.html, 3.1). */
dbw_sqlite_affinity dbw_sqlite_type_affinity(const char *declared);

/** The intent of a declared type; `*known` (may be NULL) tells that its name stands in types.def
 *  or decides the affinity by its parts, and was not merely taken for NUMERIC. */
dbw_type dbw_sqlite_type_read(dbw_arena *arena, const char *declared, bool *known);

/** How a wanted type is declared. */
void dbw_sqlite_type_map(dbw_arena *arena, const dbw_type *wanted, dbw_type_mapping *out);

/** As dbw_dialect's type_at. */
const char *dbw_sqlite_type_at(dbw_arena *arena, size_t n);

/** For dbw_dialect.parse_type. */
dbw_status dbw_sqlite_type_parse(dbw_arena *arena, const char *spelling, dbw_type *out,
                                 dbw_error *error) DBW_MUST_CHECK;

/** A default as the catalog shows it, decoded; NULL means none. */
dbw_default dbw_sqlite_default_read(dbw_arena *arena, const char *text, const dbw_type *type);

/** For dbw_dialect.render_default. */
const char *dbw_sqlite_default_render(dbw_arena *arena, const dbw_default *value,
                                      const dbw_type *type);

/** The most significant digits of a decimal that a double keeps (C's DBL_DIG). */
enum { DBW_SQLITE_DOUBLE_DIGITS = 15 };

#endif
