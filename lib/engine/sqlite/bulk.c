/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sqlite/bulk_priv.h"

const dbw_bulk dbw_sqlite_bulk = {
    .source_lock = dbw_sqlite_source_lock,
    .snapshot_open = dbw_sqlite_snapshot_open,
    .snapshot_reader = dbw_sqlite_snapshot_reader,
    .snapshot_note = dbw_sqlite_snapshot_note,
    .snapshot_changed = dbw_sqlite_snapshot_changed,
    .snapshot_close = dbw_sqlite_snapshot_close,
    .scan = dbw_sqlite_scan,
    .split = dbw_sqlite_split,
    .encoder_new = dbw_sqlite_encoder_new,
    .encode_row = dbw_sqlite_encode_row,
    .encoder_free = dbw_sqlite_encoder_free,
    .load_begin = dbw_sqlite_load_begin,
    .load_send = dbw_sqlite_load_send,
    .load_end = dbw_sqlite_load_end,
    .load_abort = dbw_sqlite_load_abort,
    .load_session = dbw_sqlite_load_session,
};
