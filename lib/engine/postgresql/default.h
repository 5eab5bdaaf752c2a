/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_DEFAULT_H
#define DBW_ENGINE_POSTGRESQL_DEFAULT_H
/* Defaults of columns: what pg_get_expr() shows of one, understood where it is of a known kind, and
 * one of a known kind as PostgreSQL writes it. */
#include "model/schema.h"

/** `oid` is the column's base type. `text` NULL gives NONE. */
dbw_default dbw_pg_default_read(dbw_arena *arena, uint32_t oid, const char *text);

/** The sequence that nextval('…'::regclass) names, without its schema; NULL for other texts. */
const char *dbw_pg_default_sequence(dbw_arena *arena, const char *text);

/** The dialect's render_default: contract in engine.h. */
const char *dbw_pg_render_default(dbw_arena *arena, const dbw_default *value, const dbw_type *type);

#endif
