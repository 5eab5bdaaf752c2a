/* SPDX-License-Identifier: Apache-2.0 */
/* The PostgreSQL engine as one table. Needs a server of version 12 or newer. */
#include "engine/postgresql/bulk.h"
#include "engine/postgresql/catalog.h"
#include "engine/postgresql/default.h"
#include "engine/postgresql/dialect.h"
#include "engine/postgresql/landing.h"
#include "engine/postgresql/postgresql_priv.h"
#include "engine/postgresql/type.h"

static const dbw_driver driver = {
    .pooled = true,
    .open = dbw_pg_open,
    .close = dbw_pg_close,
    .ping = dbw_pg_ping,
    .cancel = dbw_pg_cancel,
    .cut = dbw_pg_cut,
    .describe = dbw_pg_describe,
    .execute = dbw_pg_execute,
    .execute_script = dbw_pg_execute_script,
    .fetch = dbw_pg_fetch,
    .rows_next = dbw_pg_rows_next,
    .rows_close = dbw_pg_rows_close,
    .begin = dbw_pg_begin,
    .commit = dbw_pg_commit,
    .rollback = dbw_pg_rollback,
    .in_transaction = dbw_pg_in_transaction,
    .create = dbw_pg_create,
    .drop = dbw_pg_drop,
};

/* System Columns, section 5.5 of the manual. */
static const char *const system_columns[] = {"tableoid", "xmin", "cmin", "xmax",
                                             "cmax",     "ctid", NULL};

/* citext, and collations that somebody made: the catalog does not tell those that are exact. */
static bool equates(const dbw_column *column)
{
    const char *collation = column->collation;
    if (column->type.intent == DBW_INTENT_TEXT && column->type.fixed)
        return true;
    return collation && strcmp(collation, "C") != 0 && strcmp(collation, "POSIX") != 0 &&
           strcmp(collation, "ucs_basic") != 0 && strcmp(collation, "default") != 0;
}

static const dbw_dialect dialect = {
    .equates = equates,
    .quote_name = dbw_pg_quote_name,
    .name_limit = DBW_PG_NAME_LIMIT,
    .name_limit_in_bytes = true,
    .schemas = true,
    .transactional_ddl = true,
    .boolean_type = true,
    .column_limit = 1600, /* Limits, appendix K of the manual */
    .reserved_columns = system_columns,
    .map_type = dbw_pg_map_type,
    .parse_type = dbw_pg_parse_type,
    .type_at = dbw_pg_type_at,
    .render_default = dbw_pg_render_default,
    .render_ddl = dbw_pg_render_ddl,
};

static const dbw_catalog catalog = {
    .read = dbw_pg_catalog_read,
};

static const dbw_bulk bulk = {
    .source_lock = dbw_pg_source_lock,
    .snapshot_open = dbw_pg_snapshot_open,
    .snapshot_reader = dbw_pg_snapshot_reader,
    .snapshot_note = dbw_pg_snapshot_note,
    .snapshot_changed = dbw_pg_snapshot_changed,
    .snapshot_close = dbw_pg_snapshot_close,
    .scan = dbw_pg_scan,
    .split = dbw_pg_split,
    .encoder_new = dbw_pg_encoder_new,
    .encode_row = dbw_pg_encode_row,
    .encoder_free = dbw_pg_encoder_free,
    .load_begin = dbw_pg_load_begin,
    .load_send = dbw_pg_load_send,
    .load_end = dbw_pg_load_end,
    .load_abort = dbw_pg_load_abort,
    .load_session = dbw_pg_load_session,
};

static const dbw_loose loose = {
    .kind = "large objects",
    .list = "SELECT oid::bigint FROM pg_catalog.pg_largeobject_metadata ORDER BY oid",
    .read = "SELECT pg_catalog.lo_get(?::bigint::oid, ?::bigint, ?::integer)",
    .make = "SELECT pg_catalog.lo_create(?::bigint::oid)",
    .write = "SELECT pg_catalog.lo_put(?::bigint::oid, ?::bigint, ?::bytea)",
    .drop = "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid IN",
};

const dbw_engine dbw_engine_postgresql = {
    .loose = &loose,
    .backend = "postgresql",
    .label = "PostgreSQL",
    .driver = &driver,
    .dialect = &dialect,
    .catalog = &catalog,
    .bulk = &bulk,
    .landing = &dbw_pg_landing,
};
