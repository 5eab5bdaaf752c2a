/* SPDX-License-Identifier: Apache-2.0 */
/* Identities go on where the source's would have: its high-water mark, never below what is there.
 */
#include "transfer/ddl.h"

#include <json-c/json.h>

/* The primary key's, or the first: what the table's next_identity speaks of. */
static const dbw_column *identity_of(const dbw_table *table)
{
    const dbw_names *key = table->primary_key ? &table->primary_key->columns : NULL;
    const dbw_column *found = NULL;
    for (size_t i = 0; i < table->column_count; i++) {
        const dbw_column *column = &table->columns[i];
        if (column->identity == DBW_IDENTITY_NONE && !column->sequence)
            continue;
        if (!found || (key && key->count == 1 && strcmp(key->items[0], column->name) == 0))
            found = column;
    }
    return found;
}

static dbw_status highest(dbw_run *run, const dbw_table *table, const dbw_column *column,
                          int64_t *out, dbw_error *error)
{
    dbw_value value;
    char *sql = dbw_arena_printf(
        run->arena, "SELECT max(%s) FROM %s", dbw_ddl_quoted(run->arena, run->target, column->name),
        dbw_ddl_qualified(run->arena, run->target, table->schema, table->name));
    DBW_TRY(dbw_fetch_value(run->control, run->arena, sql, NULL, 0, &value, error));
    *out = value.kind == DBW_KIND_INT64 ? value.int64 : 0;
    return DBW_OK;
}

/* The mark that the table of that name had in the target before, 0 when it had none. */
static int64_t mark_before(const dbw_run *run, const dbw_table *table)
{
    const dbw_table *before =
        run->plan->target_before ? dbw_schema_table(run->plan->target_before, table->name) : NULL;
    return before ? before->next_identity : 0;
}

dbw_status dbw_run_sequence_before(dbw_run *run, const dbw_run_table *table, dbw_error *error)
{
    dbw_table before = *table->plan->target;
    char *sql = NULL;
    if (table->plan->action != DBW_PLAN_FILL || !identity_of(table->plan->target) ||
        dbw_run_record(run, DBW_RECORD_SEQUENCE, table->seq))
        return DBW_OK;
    before.next_identity = mark_before(run, &before);
    if (before.next_identity == 0)
        before.next_identity = 1;
    DBW_TRY(
        run->target->dialect->render_ddl(run->arena, &before, DBW_DDL_SEQUENCE, 0, &sql, error));
    if (!sql)
        return DBW_OK;
    struct json_object *detail = json_object_new_object();
    json_object_object_add(detail, "restore", json_object_new_string(sql));
    dbw_record record = {
        .kind = DBW_RECORD_SEQUENCE, .seq = table->seq, .state = "set", .detail = detail};
    return dbw_run_remember(run, &record, error);
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static dbw_status set_table(dbw_run *run, const dbw_run_table *table, dbw_error *error)
{
    const dbw_column *column = identity_of(table->plan->target);
    dbw_table target = *table->plan->target;
    int64_t high;
    bool done;
    if (!column)
        return DBW_OK;
    DBW_TRY(highest(run, &target, column, &high, error));
    int64_t next = larger(table->plan->source->next_identity, mark_before(run, &target));
    next = larger(next, table->plan->target->next_identity);
    if (high < INT64_MAX)
        next = larger(next, high + 1);
    target.next_identity = larger(next, 1);
    DBW_TRY(dbw_ddl_run(run->control, run->arena, &target, DBW_DDL_SEQUENCE, 0,
                        dbw_arena_printf(run->arena, "the sequence of table '%s'", target.name),
                        &done, error));
    if (done)
        *DBW_APPEND(run->arena, run->sequences, run->sequence_count) =
            (dbw_sequence){target.name, column->name, target.next_identity};
    return DBW_OK;
}

typedef struct setting {
    dbw_run *run;
    const dbw_run_table *table;
} setting;

static dbw_status record_one(dbw_database *database, void *context, dbw_error *error)
{
    setting *what = context;
    (void)database;
    return dbw_run_sequence_before(what->run, what->table, error);
}

static dbw_status set_one(dbw_database *database, void *context, dbw_error *error)
{
    setting *what = context;
    (void)database;
    return set_table(what->run, what->table, error);
}

dbw_status dbw_run_sequences(dbw_run *run, dbw_error *error)
{
    dbw_run_phase(run, DBW_PHASE_SEQUENCES);
    for (size_t i = 0; i < run->table_count; i++) {
        setting what = {run, &run->tables[i]};
        /* PostgreSQL's setval() outlives a rollback: the record is committed before it. */
        DBW_TRY(dbw_transaction(run->control, record_one, &what, error));
        DBW_TRY(dbw_transaction(run->control, set_one, &what, error));
        DBW_TRY(dbw_run_poll(run, false, error));
    }
    return DBW_OK;
}
