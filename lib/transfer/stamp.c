/* SPDX-License-Identifier: Apache-2.0 */
/* Version tables: in `create` they were copied like every table, in `revisions` the runner wrote
 * them; what they say now is told. */
#include "transfer/ddl.h"
#include "transfer/plan_priv.h"

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

static dbw_status tell(dbw_run *run, const dbw_table *table, dbw_error *error)
{
    const char *text;
    if (!dbw_is_version_table(table->name))
        return DBW_OK;
    DBW_TRY(describe(run, table, &text, error));
    run->stamped = run->stamped ? dbw_arena_printf(run->arena, "%s, %s", run->stamped, text) : text;
    return DBW_OK;
}

dbw_status dbw_run_stamp(dbw_run *run, dbw_error *error)
{
    bool revisions = dbw_revisions_wanted(run);
    dbw_run_phase(run, DBW_PHASE_STAMP);
    for (size_t i = 0; i < run->table_count && !revisions; i++)
        if (run->tables[i].plan->action == DBW_PLAN_CREATE)
            DBW_TRY(tell(run, run->tables[i].plan->target, error));
    for (size_t i = 0; revisions && i < run->plan->target_before->table_count; i++)
        DBW_TRY(tell(run, &run->plan->target_before->tables[i], error));
    if (run->stamped)
        dbw_run_event(run, "info", "versions %s: %s",
                      revisions ? "of the revisions that were run" : "as in the source",
                      run->stamped);
    return dbw_run_poll(run, true, error);
}
