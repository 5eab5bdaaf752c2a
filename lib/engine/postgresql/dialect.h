/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_DIALECT_H
#define DBW_ENGINE_POSTGRESQL_DIALECT_H
/* Names and statements; the contracts stand in engine.h (dbw_dialect). */
#include "engine/engine.h"

/** Appends "name", its quotes doubled: the one function that quotes a name here. */
void dbw_pg_quote_name(dbw_buffer *out, const char *name);

/** Appends "schema"."name", the schema left out when NULL. */
void dbw_pg_quote_qualified(dbw_buffer *out, const char *schema, const char *name);

/** Appends ("a", "b"). */
void dbw_pg_quote_list(dbw_buffer *out, const dbw_names *names);

const char *dbw_pg_render_default(dbw_arena *arena, const dbw_default *value, const dbw_type *type);

dbw_status dbw_pg_render_ddl(dbw_arena *arena, const dbw_table *table, dbw_ddl_part part, size_t n,
                             char **sql, dbw_error *error);

#endif
