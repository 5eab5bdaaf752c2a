/* SPDX-License-Identifier: Apache-2.0 */
/* From the URLs to a plan: connections, the lock, what earlier runs left, catalogs, profile. */
#include "transfer/ddl.h"
#include "transfer/folder.h"

#include <json-c/json.h>

static dbw_status check_engines(dbw_run *run, dbw_error *error)
{
    const dbw_bulk *reading, *writing;
    DBW_TRY(dbw_engine_find(run->request->source->backend, &run->source, error));
    if (!run->target)
        DBW_TRY(dbw_engine_find(run->request->target->backend, &run->target, error));
    reading = run->source->bulk;
    writing = run->target->bulk;
    if (!reading || !reading->snapshot_open || !run->source->catalog)
        return dbw_fail_engine(error, run->source, "be read by a transfer");
    if (!writing || !writing->load_begin || !run->target->catalog || !run->target->landing)
        return dbw_fail_engine(error, run->target, "be filled by a transfer");
    return DBW_OK;
}

static dbw_open_options open_options(const dbw_run *run, bool read_only)
{
    dbw_open_options options = {0};
    if (run->request->open_options)
        options = *run->request->open_options;
    options.read_only = read_only;
    options.create = false;
    options.lifeline = run->lifeline;
    options.statement_timeout_ms = 0; /* large tables take their time */
    return options;
}

/* --- the target ------------------------------------------------------------------------------- */

static dbw_status lock_target(dbw_run *run, dbw_error *error)
{
    bool taken = true;
    if (run->target->landing->lock)
        DBW_TRY(run->target->landing->lock(run->control, run->schema, &taken, error));
    if (taken)
        return DBW_OK;
    dbw_fail(error, DBW_E_CONFLICT,
             "unable to write to the target: another run is writing to it at this moment");
    return dbw_hint(error, "Wait for the other run to end, or cancel it.");
}

/* For a look at what would be done, a file that is not there yet is as good as an empty one. */
static dbw_status open_nothing(dbw_run *run, const dbw_open_options *options, dbw_error *error)
{
    dbw_url memory = *run->request->target;
    dbw_open_options writable = *options;
    memory.database = NULL;
    writable.read_only = false;
    return dbw_database_open(&memory, &writable, &run->control, error);
}

bool dbw_run_needs_host(const char *backend)
{
    const dbw_backend_info *info;
    for (size_t i = 0; (info = dbw_backend_at(i)); i++)
        if (strcmp(info->id, backend) == 0)
            return info->requires_host;
    return true;
}

dbw_status dbw_run_open_target(dbw_run *run, bool for_writing, dbw_error *error)
{
    /* Revisions are tried for a look as well, and rolled back. */
    dbw_open_options options = open_options(run, !for_writing && !dbw_revisions_wanted(run));
    dbw_status status = dbw_database_open(run->request->target, &options, &run->control, error);
    if (status == DBW_E_NO_DATABASE && for_writing && run->options->create_database) {
        if (run->request->folder)
            DBW_TRY(dbw_folder_write(run->request->folder, DBW_MADE_FILE, "{\"database\": true}",
                                     error));
        /* One attempt that was killed may have left the making to the server. */
        status = dbw_database_create(run->request->target, &options, error);
        if (status != DBW_OK && !(run->request->resume && status == DBW_E_EXISTS))
            return status;
        dbw_run_event(run, "info", "the target database was made");
        status = dbw_database_open(run->request->target, &options, &run->control, error);
    }
    if (status == DBW_E_NO_DATABASE && !for_writing && run->options->create_database &&
        !dbw_run_needs_host(run->target->backend))
        status = open_nothing(run, &options, error);
    else if (status == DBW_E_NO_DATABASE && !for_writing && run->options->create_database)
        dbw_hint(error, "Looking makes nothing: the database is made by the move itself, which "
                        "checks the same before it copies a row. Or make it now.");
    if (status != DBW_OK)
        return dbw_error_prefix(error, "unable to open the target");
    DBW_TRY(dbw_database_describe(run->control, run->arena, &run->target_server, error));
    run->checkpoint = dbw_checkpoint_new(run->arena, run->target, run->schema, run->request->id);
    return for_writing ? lock_target(run, error) : DBW_OK;
}

dbw_status dbw_run_open_lanes(dbw_run *run, bool for_writing, dbw_error *error)
{
    dbw_open_options options = open_options(run, !for_writing);
    size_t wanted = run->target->landing->single_writer ? 1 : run->streams;
    options.loads = for_writing;
    if (for_writing && !run->target->landing->single_writer && run->target->bulk->load_session)
        DBW_TRY(run->target->bulk->load_session(run->control, error));
    for (size_t i = 0; i < wanted; i++) {
        dbw_database *database = run->control;
        if (!run->target->landing->single_writer)
            DBW_TRY(dbw_database_open(run->request->target, &options, &database, error));
        run->targets[run->target_count++] = database;
        if (for_writing && run->target->landing->join)
            DBW_TRY(run->target->landing->join(database, run->schema, error));
        if (for_writing && run->target->bulk->load_session)
            DBW_TRY(run->target->bulk->load_session(database, error));
    }
    return DBW_OK;
}

/* A source is only ever read: it is no target too. Only one engine can hold both. */
static dbw_status check_distinct(dbw_run *run, dbw_error *error)
{
    dbw_open_options options = open_options(run, true);
    dbw_database *database;
    dbw_server server = {0};
    const char *target = run->target_server.identity;
    if (run->source != run->target || !target)
        return DBW_OK;
    dbw_status status = dbw_database_open(run->request->source, &options, &database, error);
    if (status != DBW_OK)
        return dbw_error_prefix(error, "unable to open the source");
    status = dbw_database_describe(database, run->arena, &server, error);
    dbw_database_close(database);
    if (status != DBW_OK || !server.identity || strcmp(server.identity, target) != 0)
        return status;
    return dbw_fail(error, DBW_E_REFUSED,
                    "unable to copy a database into itself: source and target are the same");
}

/* --- what earlier runs left ------------------------------------------------------------------- */

dbw_status dbw_run_schema_exists(dbw_run *run, bool *exists, dbw_error *error)
{
    dbw_value found;
    dbw_value name = dbw_value_string(run->schema);
    *exists = true;
    if (!run->schema || !run->target->dialect->schemas)
        return DBW_OK;
    DBW_TRY(dbw_fetch_value(run->control, run->arena,
                            "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?",
                            &name, 1, &found, error));
    *exists = !dbw_value_is_null(&found);
    return DBW_OK;
}

dbw_status dbw_run_remains(dbw_run *run, const char **owner, bool *found, dbw_error *error)
{
    dbw_schema *catalog;
    bool exists;
    *found = false;
    DBW_TRY(dbw_run_schema_exists(run, &exists, error));
    if (!exists)
        return DBW_OK;
    DBW_TRY(dbw_database_catalog(run->control, run->arena, run->schema, &catalog, error));
    return dbw_checkpoint_read(run->checkpoint, run->control, catalog, run->arena, &run->records,
                               &run->record_count, found, owner, error);
}

static void forget_records(dbw_run *run)
{
    dbw_records_free(run->records, run->record_count);
    run->records = NULL;
    run->record_count = 0;
}

/* A run that had ended when it was killed has left its report and nothing else. */
bool dbw_run_ended_before(dbw_run *run)
{
    struct json_object *job = NULL;
    if (!run->request->folder)
        return false;
    run->earlier = dbw_folder_json(run->request->folder, DBW_REPORT_FILE);
    if (run->earlier && json_object_object_get_ex(run->earlier, "job", &job) &&
        strcmp(json_object_get_string(job), run->request->id) == 0)
        return true;
    json_object_put(run->earlier);
    run->earlier = NULL;
    return false;
}

static dbw_status settle_remains(dbw_run *run, dbw_error *error)
{
    const char *owner;
    bool found;
    if (run->comparing)
        return DBW_OK;
    DBW_TRY(dbw_run_remains(run, &owner, &found, error));
    if (found && dbw_run_has_ended(run)) {
        /* All was done but for taking away what it kept for itself. */
        run->checkpoint->run = owner;
        if (!run->options->dry_run)
            DBW_TRY(dbw_run_drop_own(run, error));
        run->checkpoint->run = run->request->id;
        forget_records(run);
        found = false;
    }
    if (run->request->resume && found) {
        if (strcmp(owner, run->request->id) == 0) {
            run->resumed = run->written = true;
            return DBW_OK;
        }
        dbw_fail(error, DBW_E_CONFLICT,
                 "unable to resume: the target holds what run %s left, not this one", owner);
        return dbw_hint(error, "Resume or discard that run; this one has to be started anew.");
    }
    if (run->request->resume && dbw_run_ended_before(run))
        return DBW_OK;
    if (!found || run->options->dry_run)
        return DBW_OK;
    dbw_run_event(run, "warning", "the target holds what run %s left: it is cleared first", owner);
    run->checkpoint->run = owner;
    DBW_TRY(dbw_endings_discard(run, error));
    run->checkpoint->run = run->request->id;
    forget_records(run);
    return DBW_OK;
}

static dbw_names own_tables(const dbw_run *run)
{
    dbw_names names = {0};
    names.items = DBW_NEW_ARRAY(run->arena, run->record_count + 1, const char *);
    for (size_t i = 0; i < run->record_count; i++)
        if (run->records[i].kind == DBW_RECORD_TABLE &&
            (strcmp(run->records[i].state, "created") == 0 ||
             strcmp(run->records[i].state, "creating") == 0))
            names.items[names.count++] = dbw_record_text(&run->records[i], "name");
    return names;
}

/* --- the source and the plan ------------------------------------------------------------------ */

static dbw_status lock_source(dbw_run *run, const dbw_open_options *options, dbw_error *error)
{
    if (!run->source->bulk->source_lock)
        return dbw_fail_engine(error, run->source, "be locked as a source");
    DBW_TRY(
        run->source->bulk->source_lock(run->request->source, options, &run->source_lock, error));
    dbw_run_event(run, "info", "the source is locked against writers until the end");
    return DBW_OK;
}

static dbw_status open_source(dbw_run *run, dbw_error *error)
{
    const dbw_bulk *bulk = run->source->bulk;
    dbw_open_options options = open_options(run, true);
    if (run->options->lock_source && !run->options->dry_run)
        DBW_TRY(lock_source(run, &options, error));
    dbw_status status =
        bulk->snapshot_open(run->request->source, &options, run->streams, &run->snapshot, error);
    if (status == DBW_E_NO_DATABASE)
        dbw_hint(error, "Check the name: a source has to be there.");
    if (status != DBW_OK)
        return dbw_error_prefix(error, "unable to open the source");
    /* A source that cannot show one instant to many shows it to one. */
    while (run->streams > 1 && !bulk->snapshot_reader(run->snapshot, run->streams - 1))
        run->streams--;
    run->snapshot_note = bulk->snapshot_note ? bulk->snapshot_note(run->snapshot) : NULL;
    return dbw_database_describe(bulk->snapshot_reader(run->snapshot, 0), run->arena,
                                 &run->source_server, error);
}

static dbw_status profile_progress(void *context, const char *table, int64_t rows_done,
                                   int64_t rows_total, dbw_error *error)
{
    dbw_run *run = context;
    (void)table;
    if (run->phase == DBW_PHASE_PLAN)
        dbw_run_phase(run, DBW_PHASE_PREFLIGHT);
    run->profiled_rows = rows_done;
    run->profiled_total = rows_total;
    return dbw_run_poll(run, false, error);
}

static dbw_status check_resumed(const dbw_run *run, dbw_error *error)
{
    const dbw_record *record = dbw_run_record(run, DBW_RECORD_RUN, 0);
    const char *before = record ? dbw_record_text(record, "source_fingerprint") : NULL;
    if (!run->resumed || (before && strcmp(before, run->plan->source_fingerprint) == 0))
        return DBW_OK;
    dbw_fail(error, DBW_E_CONFLICT,
             "unable to resume: the structure of the source changed since the run began");
    return dbw_hint(error, "Discard the run and start it anew.");
}

/* What somebody looked at and agreed to is what is done, or nothing. */
static dbw_status check_previewed(const dbw_run *run, dbw_error *error)
{
    const char *wanted = run->options->plan;
    if (run->resumed || !wanted || !wanted[0] || strcmp(wanted, run->plan->id) == 0)
        return DBW_OK;
    dbw_fail(error, DBW_E_REFUSED,
             "unable to do what was previewed: the source's structure, the target or the options "
             "are not those of plan '%.40s' any more",
             wanted);
    dbw_hint(error, "Look at the preview again; its plan is %s now.", run->plan->id);
    return dbw_error_object(error, "plan");
}

/* Nothing else is under way on it, and it may write. */
static bool shares_control(const dbw_run *run)
{
    return !run->options->dry_run && !run->target->landing->single_writer &&
           strcmp(run->options->schema_mode, "revisions") != 0;
}

/* What is made on it is gone at its end. That it cannot be had stops nothing. */
static dbw_database *open_scratch(dbw_run *run)
{
    dbw_database *scratch = NULL;
    dbw_error error;
    dbw_open_options options = open_options(run, false);
    options.loads = true;
    dbw_url nowhere = *run->request->target;
    if (run->target->landing->single_writer)
        nowhere.database = NULL;
    if (run->resumed || run->comparing)
        return NULL;
    /* A connection costs as much as the rest of the trial. */
    if (shares_control(run))
        return run->target->bulk->load_session &&
                       run->target->bulk->load_session(run->control, &error) != DBW_OK
                   ? NULL
                   : run->control;
    dbw_status status = dbw_database_open(&nowhere, &options, &scratch, &error);
    if (status == DBW_OK && run->target->bulk->load_session)
        status = run->target->bulk->load_session(scratch, &error);
    if (status == DBW_OK)
        return scratch;
    dbw_database_close(scratch);
    dbw_run_event(run, "warning", "the schema is not tried on the target beforehand: %s",
                  error.message);
    return NULL;
}

static dbw_status make_plan_of(dbw_run *run, dbw_error *error)
{
    dbw_plan_request request = {.snapshot = run->snapshot,
                                .source_bulk = run->source->bulk,
                                .readers = run->streams,
                                .target = run->control,
                                .scratch = open_scratch(run),
                                .options = run->options,
                                .progress = profile_progress,
                                .context = run,
                                .own_tables = own_tables(run)};
    dbw_status status = dbw_plan_make(&request, run->arena, &run->plan, error);
    if (request.scratch != run->control)
        dbw_database_close(request.scratch);
    return status;
}

static dbw_status make_plan(dbw_run *run, dbw_error *error)
{
    DBW_TRY(dbw_revisions_try(run, error));
    dbw_status status = make_plan_of(run, error);
    dbw_revisions_untry(run);
    DBW_TRY(status);
    if (run->phase == DBW_PHASE_PLAN)
        dbw_run_phase(run, DBW_PHASE_PREFLIGHT);
    DBW_TRY(check_resumed(run, error));
    return check_previewed(run, error);
}

dbw_status dbw_run_plan(dbw_run *run, dbw_error *error)
{
    dbw_run_phase(run, DBW_PHASE_PLAN);
    DBW_TRY(check_engines(run, error));
    DBW_TRY(dbw_wishes_check(run, error));
    DBW_TRY(dbw_revisions_read(run, error));
    run->streams = (size_t)run->options->streams;
    if (run->streams < 1 || run->streams > DBW_RUN_STREAMS)
        return dbw_fail(error, DBW_E_INVALID, "unable to use %zu streams: 1 to %d are possible",
                        run->streams, DBW_RUN_STREAMS);
    if (run->target->landing->single_writer)
        run->streams = 1;
    DBW_TRY(dbw_run_poll(run, true, error));
    DBW_TRY(dbw_run_open_target(run, !run->options->dry_run, error));
    DBW_TRY(check_distinct(run, error));
    DBW_TRY(settle_remains(run, error));
    if (run->earlier)
        return DBW_OK;
    DBW_TRY(open_source(run, error));
    return make_plan(run, error);
}

dbw_status dbw_run_prepare(dbw_run *run, dbw_error *error)
{
    DBW_TRY(dbw_run_plan(run, error));
    if (run->earlier)
        return DBW_OK;
    /* What an earlier attempt was allowed to begin is not judged by what it left half-done. */
    if (!run->resumed)
        DBW_TRY(dbw_plan_check(run->plan, error));
    DBW_TRY(dbw_wishes_check_plan(run, error));
    if (run->options->dry_run)
        return DBW_OK;
    DBW_TRY(dbw_run_tables(run, error));
    return dbw_run_open_lanes(run, true, error);
}
