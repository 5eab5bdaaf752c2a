/* SPDX-License-Identifier: Apache-2.0 */
/* What comes after a table was loaded: each step and its record in one transaction. */
#include "transfer/ddl.h"
#include "transfer/lane.h"

#include <inttypes.h>
#include <json-c/json.h>

static dbw_status record_key(dbw_lane *lane, const dbw_job *job, const char *drop, dbw_error *error)
{
    if (!lane->run->target->dialect->transactional_ddl)
        return dbw_checkpoint_state(lane->run->checkpoint, lane->target, DBW_RECORD_KEY,
                                    dbw_job_record(job), "done", error);
    struct json_object *detail = json_object_new_object();
    if (drop)
        json_object_object_add(detail, "drop", json_object_new_string(drop));
    dbw_record record = {
        .kind = DBW_RECORD_KEY, .seq = dbw_job_record(job), .state = "done", .detail = detail};
    dbw_status status = dbw_checkpoint_put(lane->run->checkpoint, lane->target, &record, error);
    json_object_put(detail);
    return status;
}

static dbw_status make_constraints(dbw_lane *lane, const dbw_job *job, dbw_error *error)
{
    const dbw_table *table = job->table->plan->target;
    bool done;
    DBW_TRY(dbw_ddl_run(lane->target, lane->arena, table, DBW_DDL_PRIMARY_KEY, 0,
                        dbw_arena_printf(lane->arena, "the primary key of table '%s'", table->name),
                        &done, error));
    for (size_t i = 0; i < table->unique_count; i++)
        DBW_TRY(dbw_ddl_run(lane->target, lane->arena, table, DBW_DDL_UNIQUE, i,
                            dbw_arena_printf(lane->arena, "unique constraint '%s' of table '%s'",
                                             table->uniques[i].name ? table->uniques[i].name : "",
                                             table->name),
                            &done, error));
    DBW_TRY(dbw_ddl_run(lane->target, lane->arena, table, DBW_DDL_COMMENT, 0,
                        dbw_arena_printf(lane->arena, "the comments of table '%s'", table->name),
                        &done, error));
    return record_key(lane, job, NULL, error);
}

static dbw_status make_index(dbw_lane *lane, const dbw_job *job, dbw_error *error)
{
    const dbw_table *table = job->table->plan->target;
    bool done;
    DBW_TRY(dbw_ddl_run(lane->target, lane->arena, table, DBW_DDL_INDEX, job->n,
                        dbw_arena_printf(lane->arena, "index '%s' of table '%s'",
                                         table->indexes[job->n].name, table->name),
                        &done, error));
    return record_key(lane, job, NULL, error);
}

/* Counts the rows whose foreign key finds no parent. */
static void render_proof(const dbw_engine *engine, const dbw_table *table,
                         const dbw_foreign_key *key, dbw_buffer *sql)
{
    const char *schema = key->referenced_schema ? key->referenced_schema : table->schema;
    dbw_buffer_add_string(sql, "SELECT count(*) FROM ");
    dbw_quote_qualified(engine, sql, table->schema, table->name);
    dbw_buffer_add_string(sql, " c WHERE NOT EXISTS (SELECT 1 FROM ");
    dbw_quote_qualified(engine, sql, schema, key->referenced_table);
    dbw_buffer_add_string(sql, " p WHERE ");
    for (size_t i = 0; i < key->columns.count; i++) {
        dbw_buffer_add_string(sql, i ? " AND p." : "p.");
        dbw_quote_name(engine, sql, key->referenced_columns.items[i]);
        dbw_buffer_add_string(sql, " = c.");
        dbw_quote_name(engine, sql, key->columns.items[i]);
    }
    dbw_buffer_add_char(sql, ')');
    for (size_t i = 0; i < key->columns.count; i++) {
        dbw_buffer_add_string(sql, " AND c.");
        dbw_quote_name(engine, sql, key->columns.items[i]);
        dbw_buffer_add_string(sql, " IS NOT NULL");
    }
}

dbw_status dbw_keys_orphans(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                            const dbw_foreign_key *key, int64_t *orphans, dbw_error *error)
{
    dbw_buffer sql;
    dbw_value count = DBW_NULL;
    dbw_buffer_init(&sql, 1 << 20);
    render_proof(dbw_database_engine(database), table, key, &sql);
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_fetch_value(database, arena, sql.data, NULL, 0, &count, error);
    dbw_buffer_free(&sql);
    *orphans = count.kind == DBW_KIND_INT64 ? count.int64 : 0;
    return status;
}

/* Where keys were declared with the table, unchecked, they are proven now. */
static dbw_status prove(dbw_lane *lane, const dbw_job *job, dbw_error *error)
{
    const dbw_table *table = job->table->plan->target;
    const dbw_foreign_key *key = &table->foreign_keys[job->n];
    int64_t orphans;
    DBW_TRY(dbw_keys_orphans(lane->target, lane->arena, table, key, &orphans, error));
    if (orphans == 0)
        return DBW_OK;
    const char *kept = "row was copied without its parent, as in the source";
    dbw_ledger_entry entry = {.kind = DBW_LEDGER_OBJECT,
                              .table = table->name,
                              .column = key->columns.items[0],
                              .before = "foreign key",
                              .after = "foreign key with orphans",
                              .reason = kept,
                              .count = orphans};
    dbw_ledger_add(lane->run->ledger, &entry);
    return DBW_OK;
}

static dbw_status make_foreign_key(dbw_lane *lane, const dbw_job *job, dbw_error *error)
{
    const dbw_engine *engine = lane->run->target;
    const dbw_table *table = job->table->plan->target;
    const dbw_foreign_key *key = &table->foreign_keys[job->n];
    const char *name = key->name ? key->name : "";
    const char *drop = NULL;
    bool done;
    DBW_TRY(dbw_ddl_run(
        lane->target, lane->arena, table, DBW_DDL_FOREIGN_KEY, job->n,
        dbw_arena_printf(lane->arena, "foreign key '%s' of table '%s'", name, table->name), &done,
        error));
    if (!done || engine->dialect->unchecked_keys)
        DBW_TRY(prove(lane, job, error));
    if (done && key->name)
        drop = dbw_ddl_drop_foreign_key(lane->arena, engine, table, key->name);
    return record_key(lane, job, drop, error);
}

static dbw_status restore(dbw_lane *lane, const dbw_job *job, dbw_error *error)
{
    const dbw_record *record = &lane->run->records[job->n];
    dbw_status status = dbw_ddl_sql(lane->target, dbw_record_text(record, "restore"), error);
    if (status != DBW_OK)
        return dbw_error_prefix(error, "unable to bring back %s '%s' of table '%s'",
                                dbw_record_text(record, "kind"), dbw_record_text(record, "name"),
                                dbw_record_text(record, "table"));
    return dbw_checkpoint_state(lane->run->checkpoint, lane->target, DBW_RECORD_LIFTED, record->seq,
                                "restored", error);
}

static dbw_status analyze(dbw_lane *lane, const dbw_job *job, dbw_error *error)
{
    const dbw_table *table = job->table->plan->target;
    bool done;
    DBW_TRY(dbw_ddl_run(lane->target, lane->arena, table, DBW_DDL_ANALYZE, 0,
                        dbw_arena_printf(lane->arena, "the statistics of table '%s'", table->name),
                        &done, error));
    atomic_store(&job->table->status, "done");
    return DBW_OK;
}

static dbw_status step(dbw_lane *lane, const dbw_job *job, dbw_error *error)
{
    switch (job->kind) {
    case DBW_JOB_CONSTRAINTS:
        return make_constraints(lane, job, error);
    case DBW_JOB_INDEX:
        return make_index(lane, job, error);
    case DBW_JOB_RESTORE:
        return restore(lane, job, error);
    case DBW_JOB_FOREIGN_KEY:
        return make_foreign_key(lane, job, error);
    case DBW_JOB_LOAD:
    case DBW_JOB_ANALYZE:
    default:
        return DBW_OK;
    }
}

/* Where a statement of DDL commits by itself, what it will make is recorded before. */
static dbw_status record_intent(dbw_lane *lane, const dbw_job *job, dbw_error *error)
{
    dbw_record record = {.kind = DBW_RECORD_KEY, .seq = dbw_job_record(job), .state = "making"};
    if (lane->run->target->dialect->transactional_ddl || job->kind == DBW_JOB_RESTORE)
        return DBW_OK;
    return dbw_checkpoint_put(lane->run->checkpoint, lane->target, &record, error);
}

dbw_status dbw_keys_make(dbw_lane *lane, dbw_job *job, dbw_error *error)
{
    if (job->kind == DBW_JOB_ANALYZE)
        return analyze(lane, job, error);
    atomic_store(&job->table->status, "keys");
    DBW_TRY(record_intent(lane, job, error));
    DBW_TRY(dbw_begin(lane->target, error));
    dbw_status status = step(lane, job, error);
    if (status == DBW_OK)
        status = dbw_commit(lane->target, error);
    if (status != DBW_OK)
        dbw_rollback(lane->target);
    return status;
}
