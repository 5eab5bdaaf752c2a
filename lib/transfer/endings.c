/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How runs end otherwise than well. Discarding works from the checkpoint alone, in one transaction
 * where the engine's DDL allows, so that it can be repeated after having been killed itself.
 */
#include "transfer/ddl.h"
#include "transfer/folder.h"
#include "transfer/lane.h"

#include <json-c/json.h>

static dbw_status run_detail(dbw_run *run, const dbw_record *record, const char *name,
                             dbw_error *error)
{
    const char *sql = dbw_record_text(record, name);
    return sql ? dbw_ddl_sql(run->control, sql, error) : DBW_OK;
}

static dbw_status take_away(dbw_run *run, const dbw_record *record, dbw_error *error)
{
    const char *sql = dbw_record_text(record, "drop");
    return sql ? dbw_ddl_take_away(run, sql, error) : DBW_OK;
}

static bool is_lifted(const dbw_record *record, const char *kind)
{
    return record->kind == DBW_RECORD_LIFTED && strcmp(dbw_record_text(record, "kind"), kind) == 0;
}

/* Where each statement of DDL commits by itself, a run that was killed may have brought it back and
 * not come to say so: it is taken away if it is there. */
static dbw_status take_away_unsaid(dbw_run *run, const dbw_record *record, dbw_error *error)
{
    const char *sql = dbw_record_text(record, "drop");
    if (run->target->dialect->transactional_ddl || !sql)
        return DBW_OK;
    dbw_status status = dbw_ddl_sql(run->control, sql, error);
    return status == DBW_E_NOT_FOUND ? DBW_OK : status;
}

/* What was brought back already is taken away once more, so that rows can be put back. */
static dbw_status lift_again(dbw_run *run, dbw_error *error)
{
    static const char *const turns[] = {"trigger", "foreign key"};
    for (size_t turn = 0; turn < DBW_COUNT(turns); turn++)
        for (size_t i = 0; i < run->record_count; i++) {
            const dbw_record *record = &run->records[i];
            if (!is_lifted(record, turns[turn]))
                continue;
            DBW_TRY(strcmp(record->state, "restored") == 0 ? take_away(run, record, error)
                                                           : take_away_unsaid(run, record, error));
        }
    return DBW_OK;
}

static dbw_status restore_lifted(dbw_run *run, dbw_error *error)
{
    static const char *const turns[] = {"index", "foreign key", "trigger"};
    for (size_t turn = 0; turn < DBW_COUNT(turns); turn++)
        for (size_t i = 0; i < run->record_count; i++) {
            const dbw_record *record = &run->records[i];
            bool there = turn == 0 && strcmp(record->state, "restored") == 0;
            if (is_lifted(record, turns[turn]) && !there)
                DBW_TRY(run_detail(run, record, "restore", error));
        }
    return DBW_OK;
}

/* Records of a kind in the order of their numbers, or against it. */
static dbw_status each(dbw_run *run, dbw_record_kind kind, const char *name, bool backwards,
                       dbw_error *error)
{
    for (size_t i = 0; i < run->record_count; i++) {
        const dbw_record *record = &run->records[backwards ? run->record_count - 1 - i : i];
        if (record->kind == kind)
            DBW_TRY(run_detail(run, record, name, error));
    }
    return DBW_OK;
}

static dbw_status drop_created(dbw_run *run, dbw_error *error)
{
    for (size_t i = run->record_count; i > 0; i--) {
        const dbw_record *record = &run->records[i - 1];
        if (record->kind == DBW_RECORD_TABLE && strcmp(record->state, "found") != 0)
            DBW_TRY(take_away(run, record, error));
    }
    return DBW_OK;
}

static dbw_status drop_keys(dbw_run *run, dbw_error *error)
{
    for (size_t i = run->record_count; i > 0; i--)
        if (run->records[i - 1].kind == DBW_RECORD_KEY)
            DBW_TRY(take_away(run, &run->records[i - 1], error));
    return DBW_OK;
}

/* Rows that were saved have nowhere to go when their table is gone, and must not go with it. */
static dbw_status put_back(dbw_run *run, const char *name, bool backwards, dbw_error *error)
{
    dbw_status status = each(run, DBW_RECORD_SAVED, name, backwards, error);
    if (status == DBW_E_NOT_FOUND)
        dbw_hint(error, "A table whose rows were saved is not there any more; the target keeps "
                        "them in the tables whose names begin with dbwizard_. Make the table "
                        "again as it was, then discard once more.");
    return status;
}

static dbw_status drop_saved(dbw_run *run, dbw_error *error)
{
    for (size_t i = 0; i < run->record_count; i++) {
        const char *saved = run->records[i].kind == DBW_RECORD_SAVED
                                ? dbw_record_text(&run->records[i], "saved")
                                : NULL;
        if (saved)
            DBW_TRY(dbw_ddl_sql(run->control,
                                dbw_arena_printf(run->arena, "DROP TABLE IF EXISTS %s", saved),
                                error));
    }
    return DBW_OK;
}

/* Rows of the target were touched, and are not back yet. */
static bool rows_taken(const dbw_record *head)
{
    return head && (strcmp(head->state, "prepared") == 0 || strcmp(head->state, "in-order") == 0);
}

static dbw_status give_rows_back(dbw_database *database, void *context, dbw_error *error)
{
    dbw_run *run = context;
    DBW_TRY(put_back(run, "empty", true, error));
    DBW_TRY(put_back(run, "restore", false, error));
    return dbw_checkpoint_state(run->checkpoint, database, DBW_RECORD_RUN, 0, "given-back", error);
}

/* The target was empty before the revisions: nothing has to be put back into what goes. */
static dbw_status discard_revisions(dbw_run *run, dbw_error *error)
{
    DBW_TRY(dbw_objects_drop(run, false, error));
    DBW_TRY(drop_saved(run, error));
    DBW_TRY(dbw_revisions_drop(run, error));
    DBW_TRY(dbw_objects_drop(run, true, error));
    return dbw_checkpoint_drop(run->checkpoint, run->control, error);
}

/*
 * Where statements of DDL commit by themselves, each of them can be repeated, and the rows are
 * given back in one transaction that says so: what was done of it is not done twice.
 */
static dbw_status discard(dbw_database *database, void *context, dbw_error *error)
{
    dbw_run *run = context;
    const dbw_record *head = dbw_run_record(run, DBW_RECORD_RUN, 0);
    const char *schema = head ? dbw_record_text(head, "schema_made") : NULL;
    if (dbw_revisions_made_all(run))
        return discard_revisions(run, error);
    dbw_revisions_tell_kept(run);
    DBW_TRY(lift_again(run, error));
    DBW_TRY(dbw_objects_drop(run, false, error));
    if (run->target->dialect->transactional_ddl)
        DBW_TRY(drop_keys(run, error));
    DBW_TRY(drop_created(run, error));
    if (run->target->dialect->transactional_ddl)
        DBW_TRY(give_rows_back(database, run, error));
    else if (rows_taken(head))
        DBW_TRY(dbw_transaction(database, give_rows_back, run, error));
    DBW_TRY(drop_saved(run, error));
    DBW_TRY(dbw_objects_drop(run, true, error));
    DBW_TRY(each(run, DBW_RECORD_SEQUENCE, "restore", false, error));
    DBW_TRY(restore_lifted(run, error));
    DBW_TRY(dbw_checkpoint_drop(run->checkpoint, database, error));
    if (!schema)
        return DBW_OK;
    return dbw_ddl_sql(database,
                       dbw_arena_printf(run->arena, "DROP SCHEMA %s",
                                        dbw_ddl_quoted(run->arena, run->target, schema)),
                       error);
}

dbw_status dbw_endings_discard(dbw_run *run, dbw_error *error)
{
    if (run->target->bulk->load_session)
        DBW_TRY(run->target->bulk->load_session(run->control, error));
    bool together = run->target->dialect->transactional_ddl;
    dbw_status status = together ? dbw_transaction(run->control, discard, run, error)
                                 : discard(run->control, run, error);
    if (status == DBW_OK)
        return DBW_OK;
    dbw_error_prefix(error, "unable to give the target back as it was");
    if (!error->hint[0])
        dbw_hint(error, together ? "Nothing of it was done. Discarding can be tried again."
                                 : "Discarding can be tried again: it goes on where it was.");
    return status;
}

static bool made_database(const dbw_run *run)
{
    const char *folder = run->request->folder;
    struct json_object *made = folder ? dbw_folder_json(folder, DBW_MADE_FILE) : NULL;
    json_object_put(made);
    return made != NULL;
}

/* The server may still be busy making the database for the run that was killed. */
static dbw_status drop_unseen(dbw_run *run)
{
    dbw_error ignored;
    if (made_database(run))
        (void)!dbw_database_drop(run->request->target, run->request->open_options, &ignored);
    return DBW_OK;
}

/* The database, if this run made it and nothing is in it. That it stays is no failure: somebody
 * else may use it by now. */
static dbw_status drop_made(dbw_run *run, dbw_error *error)
{
    dbw_server server;
    dbw_error ignored;
    if (!made_database(run))
        return DBW_OK;
    DBW_TRY(dbw_database_describe(run->control, run->arena, &server, error));
    if (!server.empty)
        return DBW_OK;
    dbw_database_close(run->control);
    run->control = NULL;
    if (dbw_database_drop(run->request->target, run->request->open_options, &ignored) == DBW_OK)
        dbw_run_event(run, "info", "the target database was taken away again");
    else
        dbw_run_event(run, "warning", "the empty target database stays: %s", ignored.message);
    return DBW_OK;
}

/* That there are no remains may also mean that somebody took the list of them away. */
static dbw_status without_remains(dbw_run *run, dbw_error *error)
{
    dbw_server server;
    const char *folder = run->request->folder;
    struct json_object *begun = folder ? dbw_folder_json(folder, DBW_BEGUN_FILE) : NULL;
    json_object_put(begun);
    if (!begun)
        return DBW_OK;
    DBW_TRY(dbw_database_describe(run->control, run->arena, &server, error));
    if (server.empty)
        return DBW_OK;
    dbw_fail(error, DBW_E_CONFLICT,
             "unable to discard: the target has no table dbwizard_progress, which lists what the "
             "run made there");
    return dbw_hint(error, "If that table was dropped, drop the tables of the move as well; if the "
                           "database was put back from a backup, nothing is left to do.");
}

static dbw_status discard_target(dbw_run *run, dbw_error *error)
{
    const char *owner;
    bool found;
    DBW_TRY(dbw_run_remains(run, &owner, &found, error));
    if (found && dbw_run_has_ended(run)) {
        run->checkpoint->run = owner;
        DBW_TRY(dbw_run_drop_own(run, error));
        found = false;
    }
    if (!found)
        DBW_TRY(dbw_checkpoint_drop_empty(run->checkpoint, run->control, error));
    if (found && strcmp(owner, run->request->id) == 0) {
        /* From here on it has not ended, whatever it had come to. */
        if (run->request->folder) {
            dbw_folder_remove(run->request->folder, DBW_REPORT_FILE);
            dbw_folder_remove(run->request->folder, DBW_BEGUN_FILE);
        }
        return dbw_endings_discard(run, error);
    }
    if (!dbw_run_ended_before(run))
        return without_remains(run, error);
    dbw_fail(error, DBW_E_CONFLICT,
             "unable to discard: the run had come to its end before it was interrupted");
    return dbw_hint(error, "The target holds all of it; the report tells what was done.");
}

static dbw_status discard_run(dbw_run *run, dbw_error *error)
{
    DBW_TRY(dbw_engine_find(run->request->target->backend, &run->target, error));
    if (!run->target->landing || !run->target->bulk)
        return dbw_fail_engine(error, run->target, "be filled by a transfer");
    dbw_status status = dbw_run_open_target(run, true, error);
    if (status == DBW_E_NO_DATABASE) /* nothing was made, or somebody dropped all of it */
        return drop_unseen(run);
    DBW_TRY(status);
    DBW_TRY(discard_target(run, error));
    return drop_made(run, error);
}

dbw_status dbw_transfer_discard(const dbw_transfer_request *request,
                                const dbw_transfer_observer *observer, struct json_object **ended,
                                dbw_error *error)
{
    dbw_run run;
    dbw_transfer_options options = *request->options;
    dbw_transfer_request own = *request;
    *ended = NULL;
    if (options.rehearse)
        return dbw_rehearse_discard(request, error);
    options.create_database = false;
    own.options = &options;
    dbw_status status = dbw_run_init(&run, &own, observer, error);
    if (status == DBW_OK)
        status = discard_run(&run, error);
    if (run.earlier)
        *ended = json_object_get(run.earlier);
    dbw_run_free(&run);
    return status;
}

void dbw_endings_untouched(dbw_run *run)
{
    dbw_error ignored;
    bool over = run->written || run->request->resume || run->target_count || !run->control;
    if (!over)
        (void)!drop_made(run, &ignored);
}

dbw_status dbw_endings_explain(const dbw_run *run, dbw_error *error)
{
    static const char advice[] = "The target holds what was done so far: resume the run once the "
                                 "reason is gone, or discard it to get the target back as it was.";
    static const char cancelled[] = "The target holds what was done so far: discard the run to get "
                                    "it back as it was, or start anew, which clears it.";
    char hint[sizeof error->hint];
    /* A server may cancel a statement by itself: nobody asked this run to end. */
    if (error->code == DBW_E_CANCELLED && atomic_load(&run->stop) != DBW_STOP_CANCEL)
        error->code = DBW_E_DATABASE;
    if (!run->written)
        return error->code;
    snprintf(hint, sizeof hint, "%s", error->hint);
    /* What stands in conflict with this run has its own way out, and resuming is not it. */
    if (hint[0] && error->code != DBW_E_CONFLICT)
        dbw_hint(error, "%s %s", hint, advice);
    else if (!hint[0])
        dbw_hint(error, "%s", error->code == DBW_E_CANCELLED ? cancelled : advice);
    if (error->code == DBW_E_PAUSED || error->code == DBW_E_CANCELLED)
        return error->code;
    return dbw_error_prefix(error, "the source is untouched");
}
