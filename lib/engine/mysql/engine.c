/* SPDX-License-Identifier: Apache-2.0 */
/* The MySQL / MariaDB engine as one table. */
#include "engine/mysql/mysql_priv.h"

#include "engine/mysql/bulk.h"
#include "engine/mysql/catalog.h"
#include "engine/mysql/landing.h"
#include "engine/mysql/load.h"

static const dbw_catalog catalog = {.read = dbw_mysql_catalog_read};

static const dbw_bulk bulk = {
    .source_lock = dbw_mysql_source_lock,
    .snapshot_open = dbw_mysql_snapshot_open,
    .snapshot_reader = dbw_mysql_snapshot_reader,
    .snapshot_note = dbw_mysql_snapshot_note,
    .snapshot_changed = dbw_mysql_snapshot_changed,
    .snapshot_close = dbw_mysql_snapshot_close,
    .scan = dbw_mysql_scan,
    .split = dbw_mysql_split,
    .encoder_new = dbw_mysql_encoder_new,
    .encode_row = dbw_mysql_encode_row,
    .encoder_free = dbw_mysql_encoder_free,
    .load_begin = dbw_mysql_load_begin,
    .load_send = dbw_mysql_load_send,
    .load_end = dbw_mysql_load_end,
    .load_abort = dbw_mysql_load_abort,
    .load_session = dbw_mysql_load_session,
};

const dbw_engine dbw_engine_mysql = {
    .backend = "mysql",
    .label = "MySQL / MariaDB",
    .driver = &dbw_mysql_driver,
    .dialect = &dbw_mysql_dialect,
    .catalog = &catalog,
    .bulk = &bulk,
    .landing = &dbw_mysql_landing,
};
