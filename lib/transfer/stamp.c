/* SPDX-License-Identifier: Apache-2.0 */
/* Version tables: in `create` they were copied like every table; what they say now is told. */
#include "transfer/ddl.h"

static const char *const version_tables[] = {
    "alembic_version",
    "django_migrations",
    "schema_migrations",
    "flyway_schema_history",
    "__diesel_schema_migrations",
    "goose_db_version",
    "migrations",
    "knex_migrations",
    "ar_internal_metadata",
};

static bool is_version_table(const char *name)
{
    for (size_t i = 0; i < DBW_COUNT(version_tables); i++)
        if (strcmp(version_tables[i], name) == 0)
            return true;
    return false;
}

/* Alembic names its heads in one column; of other tools the number of entries is told. */
static dbw_status describe(dbw_run *run, const dbw_table *table, const char **out, dbw_error *error)
{
    char *name = dbw_ddl_qualified(run->arena, run->target, table->schema, table->name);
    dbw_value value;
    if (strcmp(table->name, "alembic_version") == 0 &&
        dbw_table_column_index(table, "version_num") >= 0) {
        DBW_TRY(dbw_fetch_value(run->control, run->arena,
                                dbw_arena_printf(run->arena, "SELECT version_num FROM %s", name),
                                NULL, 0, &value, error));
        *out = dbw_arena_printf(run->arena, "%s at %s", table->name,
                                dbw_value_show(run->arena, &value, 64));
        return DBW_OK;
    }
    DBW_TRY(dbw_fetch_value(run->control, run->arena,
                            dbw_arena_printf(run->arena, "SELECT count(*) FROM %s", name), NULL, 0,
                            &value, error));
    *out = dbw_arena_printf(run->arena, "%s with %s entries", table->name,
                            dbw_value_show(run->arena, &value, 64));
    return DBW_OK;
}

dbw_status dbw_run_stamp(dbw_run *run, dbw_error *error)
{
    dbw_run_phase(run, DBW_PHASE_STAMP);
    for (size_t i = 0; i < run->table_count; i++) {
        const dbw_run_table *table = &run->tables[i];
        const char *text;
        if (!is_version_table(table->plan->target->name) || table->plan->action != DBW_PLAN_CREATE)
            continue;
        DBW_TRY(describe(run, table->plan->target, &text, error));
        run->stamped =
            run->stamped ? dbw_arena_printf(run->arena, "%s, %s", run->stamped, text) : text;
    }
    if (run->stamped)
        dbw_run_event(run, "info", "versions as in the source: %s", run->stamped);
    return dbw_run_poll(run, true, error);
}
