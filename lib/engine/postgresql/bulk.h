/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_BULK_H
#define DBW_ENGINE_POSTGRESQL_BULK_H
/*
 * Reading and loading whole tables through COPY; the contracts stand in engine.h (dbw_bulk).
 *
 * Rows travel in binary form. A table with a column that has no binary form here (arrays, ranges,
 * inet and whatever extensions bring) is loaded in text form, all of its columns; when it is read,
 * such a column alone is cast to text.
 */
#include "engine/engine.h"

dbw_status dbw_pg_source_lock(const dbw_url *url, const dbw_open_options *options,
                              dbw_database **out, dbw_error *error);
dbw_status dbw_pg_snapshot_open(const dbw_url *url, const dbw_open_options *options, size_t readers,
                                dbw_snapshot **out, dbw_error *error);
dbw_database *dbw_pg_snapshot_reader(dbw_snapshot *snapshot, size_t n);
const char *dbw_pg_snapshot_note(const dbw_snapshot *snapshot);
dbw_status dbw_pg_snapshot_changed(dbw_snapshot *snapshot, bool *changed, dbw_error *error);
void dbw_pg_snapshot_close(dbw_snapshot *snapshot);

dbw_status dbw_pg_scan(dbw_database *database, const dbw_scan *scan, dbw_rows **out,
                       dbw_error *error);
dbw_status dbw_pg_split(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                        const dbw_names *key, int64_t bytes, dbw_value ***bounds, size_t *count,
                        dbw_error *error);

dbw_status dbw_pg_encoder_new(const dbw_load_spec *spec, dbw_encoder **out, dbw_error *error);
dbw_status dbw_pg_encode_row(dbw_encoder *encoder, const dbw_value *values, dbw_buffer *out,
                             size_t *bad_column, dbw_error *error);
void dbw_pg_encoder_free(dbw_encoder *encoder);

dbw_status dbw_pg_load_begin(dbw_database *database, const dbw_load_spec *spec, dbw_load **out,
                             dbw_error *error);
dbw_status dbw_pg_load_send(dbw_load *load, dbw_text rows, size_t row_count, dbw_error *error);
dbw_status dbw_pg_load_end(dbw_load *load, int64_t *rows, dbw_load_failure *failure,
                           dbw_error *error);
void dbw_pg_load_abort(dbw_load *load);
dbw_status dbw_pg_load_session(dbw_database *database, dbw_error *error);

/** Whether a load of these columns goes in text form. */
bool dbw_pg_spec_in_text(const dbw_load_spec *spec);

/* --- decoding one row of a binary COPY (decode.c) --------------------------------------------- */

typedef struct dbw_pg_decoder dbw_pg_decoder;

/** A decoder of rows with these columns; freed with its arena. */
dbw_pg_decoder *dbw_pg_decoder_new(dbw_arena *arena, const dbw_type *const *types, size_t count);

/**
 * Decodes a row: field count, then length and bytes of each. Values point into the bytes or into
 * `scratch`, which is cleared first. Every length is checked.
 */
dbw_status dbw_pg_decode_row(const dbw_pg_decoder *decoder, const char *bytes, size_t length,
                             dbw_value *values, dbw_buffer *scratch, dbw_error *error);

#endif
