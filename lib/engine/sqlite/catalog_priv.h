/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_SQLITE_CATALOG_PRIV_H
#define DBW_ENGINE_SQLITE_CATALOG_PRIV_H
/* What the files of the catalog share while one schema is read. */
#include "engine/sqlite/create_table.h"
#include "engine/sqlite/sqlite_priv.h"

/** The queries of sql/, prepared once. */
typedef struct dbw_sqlite_reading {
    dbw_sqlite *database;
    dbw_arena *arena;
    sqlite3_stmt *columns, *indexes, *index_columns, *foreign_keys, *statistics;
    int64_t file_bytes;
} dbw_sqlite_reading;

/** Starts a query for one name. */
void dbw_sqlite_reading_start(sqlite3_stmt *statement, const char *name);

/** The next row: `*more` is false behind the last. */
dbw_status dbw_sqlite_reading_step(const dbw_sqlite_reading *reading, sqlite3_stmt *statement,
                                   bool *more, dbw_error *error) DBW_MUST_CHECK;

/** A column's text in the arena; NULL for NULL. */
const char *dbw_sqlite_reading_text(const dbw_sqlite_reading *reading, sqlite3_stmt *statement,
                                    int column);

static inline bool dbw_sqlite_same_name(const char *a, const char *b)
{
    return sqlite3_stricmp(a, b) == 0;
}

/** catalog_keys.c: unique constraints and indexes; `*has_key_index` tells that the primary key has
 *  an index of its own, which the alias of the rowid has not. `created` may be NULL. */
dbw_status dbw_sqlite_catalog_indexes(const dbw_sqlite_reading *reading, dbw_table *table,
                                      const dbw_sqlite_created_table *created, bool *has_key_index,
                                      dbw_error *error) DBW_MUST_CHECK;

dbw_status dbw_sqlite_catalog_foreign_keys(const dbw_sqlite_reading *reading, dbw_table *table,
                                           const dbw_sqlite_created_table *created,
                                           dbw_error *error) DBW_MUST_CHECK;

/** Settles what foreign keys point at, once all tables are known. */
void dbw_sqlite_catalog_references(dbw_arena *arena, dbw_schema *schema);

/** The expression for the rowid: its alias, or a name that no column hides; NULL when there is
 * none. */
const char *dbw_sqlite_rowid(dbw_arena *arena, const dbw_table *table);

/** catalog_size.c: estimates and the identity's high-water mark. */
dbw_status dbw_sqlite_catalog_size(const dbw_sqlite_reading *reading, dbw_table *table,
                                   dbw_error *error) DBW_MUST_CHECK;

#endif
