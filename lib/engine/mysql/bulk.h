/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_BULK_H
#define DBW_ENGINE_MYSQL_BULK_H
/* Reading and loading whole tables; the contracts stand in engine.h (dbw_bulk). */
#include "engine/engine.h"

/* lock.c */
dbw_status dbw_mysql_source_lock(const dbw_url *url, const dbw_open_options *options,
                                 dbw_database **out, dbw_error *error);

/** Locks all tables that are read against writers; UNLOCK TABLES or the connection's end ends it.
 */
dbw_status dbw_mysql_lock_tables(dbw_database *database, dbw_error *error) DBW_MUST_CHECK;

/* snapshot.c */
dbw_status dbw_mysql_snapshot_open(const dbw_url *url, const dbw_open_options *options,
                                   size_t readers, dbw_snapshot **out, dbw_error *error);
dbw_database *dbw_mysql_snapshot_reader(dbw_snapshot *snapshot, size_t n);
const char *dbw_mysql_snapshot_note(const dbw_snapshot *snapshot);
dbw_status dbw_mysql_snapshot_changed(dbw_snapshot *snapshot, bool *changed, dbw_error *error);
void dbw_mysql_snapshot_close(dbw_snapshot *snapshot);

/* scan.c, split.c */
dbw_status dbw_mysql_scan(dbw_database *database, const dbw_scan *scan, dbw_rows **out,
                          dbw_error *error);
dbw_status dbw_mysql_split(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                           const dbw_names *key, int64_t bytes, dbw_value ***bounds, size_t *count,
                           dbw_error *error);

#endif
