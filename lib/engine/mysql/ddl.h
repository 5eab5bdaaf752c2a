/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_DDL_H
#define DBW_ENGINE_MYSQL_DDL_H
/* The dialect's render_default and render_ddl: contracts in engine.h. */
#include "engine/engine.h"

const char *dbw_mysql_render_default(dbw_arena *arena, const dbw_default *value,
                                     const dbw_type *type);
dbw_status dbw_mysql_render_ddl(dbw_arena *arena, const dbw_table *table, dbw_ddl_part part,
                                size_t n, char **sql, dbw_error *error);

/** Why nothing can be called so, but for its length; NULL: it can. */
const char *dbw_mysql_name_complaint(const char *name);

/** `schema`.`name`, the schema left out when NULL. */
void dbw_mysql_quote_qualified(dbw_buffer *out, const char *schema, const char *name);

/** For dbw_dialect.numbered. */
const dbw_column *dbw_mysql_numbered(const dbw_table *table);

#endif
