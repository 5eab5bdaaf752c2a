/* SPDX-License-Identifier: Apache-2.0 */
/* The MySQL / MariaDB engine as one table. */
#include "engine/mysql/mysql_priv.h"

#include "engine/mysql/bulk.h"
#include "engine/mysql/catalog.h"

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
};

const dbw_engine dbw_engine_mysql = {
    .backend = "mysql",
    .label = "MySQL / MariaDB",
    .driver = &dbw_mysql_driver,
    .dialect = &dbw_mysql_dialect,
    .catalog = &catalog,
    .bulk = &bulk,
};
