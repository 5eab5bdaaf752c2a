/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_SQLITE_DDL_H
#define DBW_ENGINE_SQLITE_DDL_H
/*
 * Statements that make a table. SQLite cannot add a key or a check afterwards, so that all of them
 * stand in CREATE TABLE; indexes and the high-water mark follow.
 */
#include "engine/engine.h"

/** For dbw_dialect.render_ddl. */
dbw_status dbw_sqlite_ddl_render(dbw_arena *arena, const dbw_table *table, dbw_ddl_part part,
                                 size_t n, char **sql, dbw_error *error) DBW_MUST_CHECK;

/** For dbw_dialect.numbered. */
const dbw_column *dbw_sqlite_ddl_numbered(const dbw_table *table);

#endif
