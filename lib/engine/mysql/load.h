/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_LOAD_H
#define DBW_ENGINE_MYSQL_LOAD_H
/*
 * Writing whole tables; the contracts stand in engine.h (dbw_bulk).
 *
 * Rows are encoded as LOAD DATA takes them: fields divided by tabs, lines by newlines, both and the
 * backslash escaped, NULL as \N. Each block that is sent is one LOAD DATA LOCAL from memory or,
 * where server or library do not let it, INSERTs of many rows made from the same bytes. 1 M rows of
 * 9 columns on MariaDB 10.11: LOAD DATA 3.3 s, INSERT 5.9 s.
 */
#include "engine/engine.h"

dbw_status dbw_mysql_encoder_new(const dbw_load_spec *spec, dbw_encoder **out, dbw_error *error);
dbw_status dbw_mysql_encode_row(dbw_encoder *encoder, const dbw_value *values, dbw_buffer *out,
                                size_t *bad_column, dbw_error *error);
void dbw_mysql_encoder_free(dbw_encoder *encoder);

dbw_status dbw_mysql_load_begin(dbw_database *database, const dbw_load_spec *spec, dbw_load **out,
                                dbw_error *error);
dbw_status dbw_mysql_load_send(dbw_load *load, dbw_text rows, size_t row_count, dbw_error *error);
dbw_status dbw_mysql_load_end(dbw_load *load, int64_t *rows, dbw_load_failure *failure,
                              dbw_error *error);
void dbw_mysql_load_abort(dbw_load *load);
dbw_status dbw_mysql_load_session(dbw_database *database, dbw_error *error);

/**
 * Whether the fields of this column are bytes, as opposed to text of utf8mb4: BLOB, BINARY, BIT.
 */
bool dbw_mysql_field_is_bytes(const dbw_type *type);

#endif
