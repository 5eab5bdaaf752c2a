/* SPDX-License-Identifier: Apache-2.0 */
/* The phases in their order. */
#include "transfer/transfer.h"

#include "transfer/ddl.h"
#include "transfer/folder.h"

#include <json-c/json.h>

/* --- schema ----------------------------------------------------------------------------------- */

/* Makes the namespace when it is asked for and missing; `*made` true then. */
static dbw_status make_schema(dbw_run *run, bool *made, dbw_error *error)
{
    bool exists;
    *made = false;
    DBW_TRY(dbw_run_schema_exists(run, &exists, error));
    if (exists)
        return DBW_OK;
    *made = true;
    return dbw_ddl_sql(run->control,
                       dbw_arena_printf(run->arena, "CREATE SCHEMA %s",
                                        dbw_ddl_quoted(run->arena, run->target, run->schema)),
                       error);
}

/* The checkpoint is the first thing that is written, in one transaction with its namespace. */
static dbw_status begin_checkpoint(dbw_database *database, void *context, dbw_error *error)
{
    dbw_run *run = context;
    bool made;
    DBW_TRY(make_schema(run, &made, error));
    DBW_TRY(dbw_checkpoint_create(run->checkpoint, database, error));
    struct json_object *detail = json_object_new_object();
    json_object_object_add(detail, "format", json_object_new_int(DBW_CHECKPOINT_FORMAT));
    json_object_object_add(detail, "source_fingerprint",
                           json_object_new_string(run->plan->source_fingerprint));
    json_object_object_add(detail, "plan", json_object_new_string(run->plan->id));
    json_object_object_add(detail, "schema_mode", json_object_new_string(run->plan->schema_mode));
    if (made)
        json_object_object_add(detail, "schema_made", json_object_new_string(run->schema));
    dbw_record record = {.kind = DBW_RECORD_RUN, .state = "started", .detail = detail};
    return dbw_run_remember(run, &record, error);
}

static dbw_status schema_phase(dbw_run *run, dbw_error *error)
{
    dbw_run_phase(run, DBW_PHASE_SCHEMA);
    DBW_TRY(dbw_run_poll(run, true, error));
    dbw_status status =
        run->resumed ? DBW_OK : dbw_transaction(run->control, begin_checkpoint, run, error);
    /* Where the answer to a commit was lost, it may have been done. */
    run->written = status == DBW_OK || status == DBW_E_UNREACHABLE || status == DBW_E_TIMEOUT;
    DBW_TRY(status);
    if (run->request->folder)
        DBW_TRY(dbw_folder_write(run->request->folder, DBW_BEGUN_FILE, "{\"begun\": true}", error));
    DBW_TRY(dbw_revisions_run(run, error));
    DBW_TRY(dbw_run_objects(run, true, error));
    DBW_TRY(dbw_existing_prepare(run, error));
    DBW_TRY(dbw_run_loose(run, error));
    if (run->in_order)
        run->streams = 1;
    return dbw_run_chunks(run, error);
}

/* --- the ledger's entries of structure -------------------------------------------------------- */

static void enter_changes(dbw_run *run)
{
    for (size_t i = 0; i < run->plan->change_count; i++) {
        const dbw_plan_change *change = &run->plan->changes[i];
        dbw_ledger_entry entry = {.kind = strcmp(change->kind, "type") == 0 ? DBW_LEDGER_TYPE
                                                                            : DBW_LEDGER_OBJECT,
                                  .table = change->table,
                                  .column = change->column,
                                  .before = change->before,
                                  .after = change->after,
                                  .reason = change->reason,
                                  .count = 1};
        dbw_ledger_add(run->ledger, &entry);
    }
}

/* --- the end ---------------------------------------------------------------------------------- */

static dbw_status join_rejects(dbw_run *run, dbw_error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < run->table_count; i++)
        count += run->tables[i].chunk_count;
    int64_t(*chunks)[2] = calloc(count + 1, sizeof *chunks);
    if (!chunks)
        return dbw_fail_memory(error);
    count = 0;
    for (size_t i = 0; i < run->table_count; i++)
        for (size_t n = 0; n < run->tables[i].chunk_count; n++) {
            chunks[count][0] = run->tables[i].seq;
            chunks[count++][1] = run->tables[i].chunks[n].n;
        }
    dbw_status status = dbw_rejects_join(run->rejects, (const int64_t(*)[2])chunks, count, error);
    free(chunks);
    return status;
}

static dbw_status drop_own(dbw_database *database, void *context, dbw_error *error)
{
    dbw_run *run = context;
    for (size_t i = 0; i < run->record_count; i++) {
        const dbw_record *record = &run->records[i];
        const char *saved =
            record->kind == DBW_RECORD_SAVED ? dbw_record_text(record, "saved") : NULL;
        if (saved)
            DBW_TRY(dbw_ddl_sql(
                database, dbw_arena_printf(run->arena, "DROP TABLE IF EXISTS %s", saved), error));
    }
    return dbw_checkpoint_drop(run->checkpoint, database, error);
}

bool dbw_run_has_ended(const dbw_run *run)
{
    const dbw_record *head = dbw_run_record(run, DBW_RECORD_RUN, 0);
    return head && strcmp(head->state, "ended") == 0;
}

dbw_status dbw_run_drop_own(dbw_run *run, dbw_error *error)
{
    if (run->target->dialect->transactional_ddl)
        return dbw_transaction(run->control, drop_own, run, error);
    /* From here on it has ended, whatever of its own it leaves behind. */
    DBW_TRY(dbw_checkpoint_state(run->checkpoint, run->control, DBW_RECORD_RUN, 0, "ended", error));
    return drop_own(run->control, run, error);
}

/* With a folder the report lies there before the checkpoint goes, so that a run that is killed in
 * between can still tell how it ended. */
static dbw_status keep_report(dbw_run *run, dbw_error *error)
{
    if (!run->request->folder)
        return DBW_OK;
    struct json_object *report = dbw_report_make(run, DBW_OK, error);
    dbw_status status =
        dbw_folder_write(run->request->folder, DBW_REPORT_FILE,
                         json_object_to_json_string_ext(report, JSON_C_TO_STRING_PLAIN), error);
    json_object_put(report);
    return status;
}

static dbw_status report_phase(dbw_run *run, dbw_error *error)
{
    dbw_run_phase(run, DBW_PHASE_REPORT);
    DBW_TRY(dbw_existing_export(run, error));
    DBW_TRY(join_rejects(run, error));
    if (run->source->bulk->snapshot_changed)
        DBW_TRY(run->source->bulk->snapshot_changed(run->snapshot, &run->source_changed, error));
    DBW_TRY(keep_report(run, error));
    DBW_TRY(dbw_run_drop_own(run, error));
    run->written = false;
    dbw_error ignored;
    (void)!dbw_run_poll(run, true, &ignored);
    return DBW_OK;
}

dbw_status dbw_run_execute(dbw_run *run, dbw_error *error)
{
    DBW_TRY(dbw_run_prepare(run, error));
    if (run->options->dry_run || run->earlier)
        return DBW_OK;
    enter_changes(run);
    DBW_TRY(schema_phase(run, error));
    DBW_TRY(dbw_run_copy(run, error));
    DBW_TRY(dbw_existing_restore(run, error));
    DBW_TRY(dbw_run_sequences(run, error));
    DBW_TRY(dbw_run_objects(run, false, error));
    DBW_TRY(dbw_run_verify(run, error));
    DBW_TRY(dbw_run_stamp(run, error));
    return report_phase(run, error);
}

dbw_status dbw_transfer_run(const dbw_transfer_request *request,
                            const dbw_transfer_observer *observer, struct json_object **report,
                            dbw_error *error)
{
    dbw_run run;
    *report = NULL;
    if (request->options->rehearse && !request->options->dry_run)
        return dbw_rehearse(request, observer, report, error);
    dbw_status status = dbw_run_init(&run, request, observer, error);
    if (status == DBW_OK)
        status = dbw_guard_settle(&run, dbw_run_execute(&run, error), error);
    if (status != DBW_OK)
        status = dbw_endings_explain(&run, error);
    if (status != DBW_OK && status != DBW_E_PAUSED)
        dbw_endings_untouched(&run);
    if (status != DBW_OK)
        dbw_run_tell_end(&run);
    *report = run.earlier ? json_object_get(run.earlier) : dbw_report_make(&run, status, error);
    dbw_run_free(&run);
    return status;
}
