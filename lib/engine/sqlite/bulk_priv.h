/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_SQLITE_BULK_PRIV_H
#define DBW_ENGINE_SQLITE_BULK_PRIV_H
/* The parts of dbw_sqlite_bulk; contracts in engine.h. */
#include "engine/sqlite/sqlite_priv.h"

dbw_status dbw_sqlite_source_lock(const dbw_url *url, const dbw_open_options *options,
                                  dbw_database **out, dbw_error *error);
dbw_status dbw_sqlite_snapshot_open(const dbw_url *url, const dbw_open_options *options,
                                    size_t readers, dbw_snapshot **out,
                                    dbw_error *error) DBW_MUST_CHECK;
dbw_database *dbw_sqlite_snapshot_reader(dbw_snapshot *snapshot, size_t n);
const char *dbw_sqlite_snapshot_note(const dbw_snapshot *snapshot);
dbw_status dbw_sqlite_snapshot_changed(dbw_snapshot *snapshot, bool *changed,
                                       dbw_error *error) DBW_MUST_CHECK;
void dbw_sqlite_snapshot_close(dbw_snapshot *snapshot);

/**
 * copy.c: copies the connection's file, while a read transaction holds it still, into a private
 * file. `*path` is NULL when no temporary folder has room; else to be removed, with its folder,
 * by dbw_sqlite_copy_remove() as soon as it is open.
 */
dbw_status dbw_sqlite_copy(dbw_sqlite *database, dbw_arena *arena, char **path,
                           dbw_error *error) DBW_MUST_CHECK;
void dbw_sqlite_copy_remove(const char *path);

/** Whether it is certain that no process has the file open for writing at this moment. */
bool dbw_sqlite_nobody_writes(const char *path);

dbw_status dbw_sqlite_scan(dbw_database *database, const dbw_scan *scan, dbw_rows **out,
                           dbw_error *error) DBW_MUST_CHECK;

/** True when rows can be compared here as the file orders them: a built-in collation. */
bool dbw_sqlite_scan_known_collation(const char *collation);

dbw_status dbw_sqlite_split(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                            const dbw_names *key, int64_t bytes, dbw_value ***bounds, size_t *count,
                            dbw_error *error) DBW_MUST_CHECK;

dbw_status dbw_sqlite_encoder_new(const dbw_load_spec *spec, dbw_encoder **out,
                                  dbw_error *error) DBW_MUST_CHECK;
dbw_status dbw_sqlite_encode_row(dbw_encoder *encoder, const dbw_value *values, dbw_buffer *out,
                                 size_t *bad_column, dbw_error *error) DBW_MUST_CHECK;
void dbw_sqlite_encoder_free(dbw_encoder *encoder);

dbw_status dbw_sqlite_load_begin(dbw_database *database, const dbw_load_spec *spec, dbw_load **out,
                                 dbw_error *error) DBW_MUST_CHECK;
dbw_status dbw_sqlite_load_send(dbw_load *load, dbw_text rows, size_t row_count,
                                dbw_error *error) DBW_MUST_CHECK;
dbw_status dbw_sqlite_load_end(dbw_load *load, int64_t *rows, dbw_load_failure *failure,
                               dbw_error *error) DBW_MUST_CHECK;
void dbw_sqlite_load_abort(dbw_load *load);
dbw_status dbw_sqlite_load_session(dbw_database *database, dbw_error *error) DBW_MUST_CHECK;

#endif
