/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema_mode=revisions: the application's own revisions make the tables, which are then filled
 * like tables that are there.
 *
 * What they will make is known before anything is written: they are run in a transaction, the plan
 * and the check are made against what it shows, and it is rolled back. They are run for good in one
 * transaction together with the record of what they made, so that the run is resumable, and so that
 * discarding it takes all of that away again. A target that stood on an earlier revision is not
 * brought back to it: what a revision changes in rows is not known here.
 */
#include "transfer/ddl.h"

#include "revision/upgrade.h"

#include <json-c/json.h>

bool dbw_revisions_wanted(const dbw_run *run)
{
    return strcmp(run->options->schema_mode, "revisions") == 0 && !run->comparing;
}

dbw_status dbw_revisions_read(dbw_run *run, dbw_error *error)
{
    const char *path = run->options->revisions;
    if (!dbw_revisions_wanted(run))
        return DBW_OK;
    if (run->options->target_schema[0]) {
        dbw_fail(error, DBW_E_INVALID,
                 "unable to do both: schema_mode=revisions and "
                 "target_schema");
        dbw_hint(error, "The revisions themselves say where their tables are made.");
        return dbw_error_object(error, "target_schema");
    }
    if (!path[0]) {
        dbw_fail(error, DBW_E_INVALID, "unable to run revisions: no folder of them is named");
        dbw_hint(error, "Name it with --revisions, or set DBWIZARD_REVISIONS_DIR.");
        return dbw_error_object(error, "revisions");
    }
    DBW_TRY(dbw_revision_directory_read(run->arena, path, &run->revisions, error));
    if (run->revisions->count)
        return DBW_OK;
    dbw_fail(error, DBW_E_NOT_FOUND, "unable to run the revisions in '%s': there is none", path);
    dbw_hint(error, "SQL revisions are files NAME.sql. What Alembic runs, Alembic runs: upgrade "
                    "the target with it first, then choose schema_mode=existing.");
    return dbw_error_object(error, "revisions");
}

dbw_status dbw_revisions_try(dbw_run *run, dbw_error *error)
{
    size_t applied;
    if (!dbw_revisions_wanted(run))
        return DBW_OK;
    DBW_TRY(dbw_begin(run->control, error));
    dbw_status status = dbw_revision_upgrade_within(run->control, run->revisions, &applied, error);
    if (status != DBW_OK)
        dbw_rollback(run->control);
    return status;
}

void dbw_revisions_untry(dbw_run *run)
{
    if (dbw_revisions_wanted(run))
        dbw_rollback(run->control);
}

/* --- for good --------------------------------------------------------------------------------- */

static bool stood(const dbw_schema *before, const char *schema, const char *name)
{
    for (size_t i = 0; i < before->table_count; i++) {
        const dbw_table *table = &before->tables[i];
        if (strcmp(table->name, name) == 0 &&
            strcmp(table->schema ? table->schema : "", schema ? schema : "") == 0)
            return true;
    }
    return false;
}

static bool object_stood(const dbw_schema *before, const dbw_object *object)
{
    for (size_t i = 0; i < before->object_count; i++)
        if (strcmp(before->objects[i].kind, object->kind) == 0 &&
            strcmp(before->objects[i].name, object->name) == 0)
            return true;
    return false;
}

static void add_drop(struct json_object *drops, const char *sql)
{
    if (sql)
        json_object_array_add(drops, json_object_new_string(sql));
}

static void drop_objects(struct json_object *drops, const dbw_schema *before,
                         const dbw_schema *after, bool early)
{
    for (size_t i = after->object_count; i > 0; i--) {
        const dbw_object *object = &after->objects[i - 1];
        if (object->before == early && !object_stood(before, object))
            add_drop(drops, object->drop);
    }
}

/* What takes away what the revisions made, in that order: views and the like, tables from children
 * to parents, what tables need. */
static dbw_status list_drops(dbw_run *run, const dbw_schema *before, struct json_object *drops,
                             dbw_error *error)
{
    dbw_schema *after;
    size_t *order;
    bool *in_cycle;
    DBW_TRY(dbw_database_catalog(run->control, run->arena, DBW_EVERY_SCHEMA, &after, error));
    dbw_schema_order(run->arena, after, &order, &in_cycle);
    drop_objects(drops, before, after, false);
    for (size_t i = after->table_count; i > 0; i--) {
        const dbw_table *table = &after->tables[order[i - 1]];
        char *sql;
        if (stood(before, table->schema, table->name) || dbw_checkpoint_own(table->name))
            continue;
        DBW_TRY(run->target->dialect->render_ddl(run->arena, table, DBW_DDL_DROP_TABLE, 0, &sql,
                                                 error));
        add_drop(drops, sql);
    }
    drop_objects(drops, before, after, true);
    return DBW_OK;
}

static dbw_status upgrade(dbw_database *database, void *context, dbw_error *error)
{
    dbw_run *run = context;
    dbw_schema *before;
    size_t applied;
    DBW_TRY(dbw_database_catalog(database, run->arena, DBW_EVERY_SCHEMA, &before, error));
    DBW_TRY(dbw_revision_upgrade_within(database, run->revisions, &applied, error));
    struct json_object *detail = json_object_new_object(), *drops = json_object_new_array();
    json_object_object_add(detail, "applied", json_object_new_int64((int64_t)applied));
    json_object_object_add(detail, "drops", drops);
    dbw_status status = applied ? list_drops(run, before, drops, error) : DBW_OK;
    /* Its own table is all that stood in a target that was empty. */
    bool empty = before->table_count == 1 && dbw_checkpoint_own(before->tables[0].name);
    json_object_object_add(detail, "was_empty", json_object_new_boolean(empty));
    if (status != DBW_OK) {
        json_object_put(detail);
        return status;
    }
    dbw_record record = {.kind = DBW_RECORD_REVISIONS, .state = "run", .detail = detail};
    DBW_TRY(dbw_run_remember(run, &record, error));
    dbw_run_event(run, "info", "%zu %s run in the target", applied,
                  applied == 1 ? "revision was" : "revisions were");
    return DBW_OK;
}

dbw_status dbw_revisions_run(dbw_run *run, dbw_error *error)
{
    if (!dbw_revisions_wanted(run) || dbw_run_record(run, DBW_RECORD_REVISIONS, 0))
        return DBW_OK;
    return dbw_transaction(run->control, upgrade, run, error);
}

/* --- back ------------------------------------------------------------------------------------- */

bool dbw_revisions_made_all(const dbw_run *run)
{
    const dbw_record *record = dbw_run_record(run, DBW_RECORD_REVISIONS, 0);
    return record && dbw_record_flag(record, "was_empty");
}

dbw_status dbw_revisions_drop(dbw_run *run, dbw_error *error)
{
    const dbw_record *record = dbw_run_record(run, DBW_RECORD_REVISIONS, 0);
    dbw_names drops = dbw_record_names(run->arena, record, "drops");
    for (size_t i = 0; i < drops.count; i++)
        DBW_TRY(dbw_ddl_take_away(run, drops.items[i], error));
    return DBW_OK;
}

void dbw_revisions_tell_kept(const dbw_run *run)
{
    const dbw_record *record = dbw_run_record(run, DBW_RECORD_REVISIONS, 0);
    if (record && dbw_record_number(record, "applied") > 0)
        dbw_run_event(run, "warning",
                      "the revisions that were run stay: downgrade the target to take them back");
}
