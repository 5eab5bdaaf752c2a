/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sqlite/sqlite_priv.h"

const dbw_engine dbw_engine_sqlite = {
    .backend = "sqlite",
    .label = "SQLite",
    .driver = &dbw_sqlite_driver,
    .dialect = &dbw_sqlite_dialect,
    .catalog = &dbw_sqlite_catalog,
    .bulk = &dbw_sqlite_bulk,
    .landing = &dbw_sqlite_landing,
};
