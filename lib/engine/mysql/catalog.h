/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_CATALOG_H
#define DBW_ENGINE_MYSQL_CATALOG_H
/* Reading a database's structure; the contract stands in engine.h (dbw_catalog). */
#include "engine/engine.h"

dbw_status dbw_mysql_catalog_read(dbw_database *database, dbw_arena *arena, const char *namespace_,
                                  dbw_schema **out, dbw_error *error);

#endif
