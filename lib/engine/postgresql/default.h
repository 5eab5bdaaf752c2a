/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_DEFAULT_H
#define DBW_ENGINE_POSTGRESQL_DEFAULT_H
/* What pg_get_expr() shows of a column's default, understood where it is of a known kind. */
#include "model/schema.h"

/** `oid` is the column's base type. `text` NULL gives NONE. */
dbw_default dbw_pg_default_read(dbw_arena *arena, uint32_t oid, const char *text);

/** The sequence that nextval('…'::regclass) names, without its schema; NULL for other texts. */
const char *dbw_pg_default_sequence(dbw_arena *arena, const char *text);

#endif
