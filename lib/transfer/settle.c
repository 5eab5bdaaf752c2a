/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps that a killed attempt had begun on a target whose DDL commits by itself: the record says
 * what was to be made, the catalog says whether it was. Such statements are done as a whole or not
 * at all (MariaDB 10.6, MySQL 8.0: atomic DDL).
 */
#include "transfer/ddl.h"
#include "transfer/schedule.h"

static bool has_index(const dbw_table *table, const char *name)
{
    for (size_t i = 0; name && i < table->index_count; i++)
        if (table->indexes[i].name && strcmp(table->indexes[i].name, name) == 0)
            return true;
    for (size_t i = 0; name && i < table->unique_count; i++)
        if (table->uniques[i].name && strcmp(table->uniques[i].name, name) == 0)
            return true;
    return false;
}

static bool has_foreign_key(const dbw_table *table, const char *name)
{
    for (size_t i = 0; name && i < table->foreign_key_count; i++)
        if (table->foreign_keys[i].name && strcmp(table->foreign_keys[i].name, name) == 0)
            return true;
    return false;
}

static dbw_record *record_of(dbw_run *run, int64_t seq)
{
    for (size_t i = 0; i < run->record_count; i++)
        if (run->records[i].kind == DBW_RECORD_KEY && run->records[i].seq == seq)
            return &run->records[i];
    return NULL;
}

static dbw_status forget(dbw_run *run, dbw_record *record, dbw_error *error)
{
    record->kind = DBW_RECORD_KINDS; /* none any more */
    return dbw_checkpoint_remove(run->checkpoint, run->control, DBW_RECORD_KEY, record->seq,
                                 record->seq + 1, error);
}

/* Unique keys and indexes: what is there is done. */
static dbw_status settle(dbw_run *run, const dbw_job *job, bool there, dbw_error *error)
{
    dbw_record *record = record_of(run, dbw_job_record(job));
    if (!record || strcmp(record->state, "making") != 0)
        return DBW_OK;
    if (!there)
        return forget(run, record, error);
    record->state = "done";
    return dbw_checkpoint_state(run->checkpoint, run->control, DBW_RECORD_KEY, record->seq, "done",
                                error);
}

/* Foreign keys are made and proven anew, as rows may be copied again below them. */
static dbw_status settle_foreign_key(dbw_run *run, const dbw_job *job, const dbw_table *there,
                                     dbw_error *error)
{
    const char *name = job->table->plan->target->foreign_keys[job->n].name;
    dbw_record *record = record_of(run, dbw_job_record(job));
    if (!record)
        return DBW_OK;
    if (has_foreign_key(there, name))
        DBW_TRY(dbw_ddl_sql(
            run->control,
            dbw_ddl_drop_foreign_key(run->arena, run->target, job->table->plan->target, name),
            error));
    return forget(run, record, error);
}

static dbw_status settle_table(dbw_run *run, dbw_run_table *table, const dbw_table *there,
                               dbw_error *error)
{
    const dbw_table *target = table->plan->target;
    dbw_job job = {.kind = DBW_JOB_CONSTRAINTS, .table = table};
    bool unique = !target->unique_count || has_index(there, target->uniques[0].name);
    DBW_TRY(settle(run, &job, unique, error));
    for (size_t i = 0; i < target->index_count; i++) {
        job = (dbw_job){.kind = DBW_JOB_INDEX, .table = table, .n = i};
        DBW_TRY(settle(run, &job, has_index(there, target->indexes[i].name), error));
    }
    for (size_t i = 0; i < target->foreign_key_count; i++) {
        job = (dbw_job){.kind = DBW_JOB_FOREIGN_KEY, .table = table, .n = i};
        DBW_TRY(settle_foreign_key(run, &job, there, error));
    }
    return DBW_OK;
}

dbw_status dbw_settle_keys(dbw_run *run, dbw_error *error)
{
    dbw_schema *catalog;
    if (run->target->dialect->transactional_ddl)
        return DBW_OK;
    DBW_TRY(dbw_database_catalog(run->control, run->arena, run->schema, &catalog, error));
    for (size_t i = 0; i < run->table_count; i++) {
        const dbw_table *there = dbw_schema_table(catalog, run->tables[i].plan->target->name);
        if (there && run->tables[i].plan->action == DBW_PLAN_CREATE)
            DBW_TRY(settle_table(run, &run->tables[i], there, error));
    }
    return DBW_OK;
}
