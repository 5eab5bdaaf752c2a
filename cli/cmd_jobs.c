/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at jobs and telling them what to do. */
#include "output.h"
#include "running.h"
#include "state/audit.h"
#include "transfer/transfer.h"

int dbw_cmd_jobs_list(dbw_cli *cli);
int dbw_cmd_jobs_show(dbw_cli *cli);
int dbw_cmd_jobs_wait(dbw_cli *cli);
int dbw_cmd_jobs_pause(dbw_cli *cli);
int dbw_cmd_jobs_resume(dbw_cli *cli);
int dbw_cmd_jobs_cancel(dbw_cli *cli);
int dbw_cmd_jobs_discard(dbw_cli *cli);

enum { LIST_PRESET = 20, LIST_MOST = 1000, WAIT_MOST = 7 * 86400, LABEL = 9 };

const dbw_flag dbw_cmd_jobs_list_flags[] = {
    {.name = "status", .value = "STATUS", .help = "only those that are queued, running, done, …"},
    {.name = "limit", .value = "NUMBER", .help = "how many, 20 unless told"},
    {0}};
const dbw_flag dbw_cmd_jobs_show_flags[] = {
    {.name = "report", .help = "print the report of a job that has ended, as JSON"},
    {.name = "html", .help = "print that report as a page for a browser or a printer"},
    {0}};
const dbw_flag dbw_cmd_jobs_wait_flags[] = {
    {.name = "timeout", .value = "SECONDS", .help = "give up waiting after that"}, {0}};
const dbw_flag dbw_cmd_jobs_pause_flags[] = {{0}};
const dbw_flag dbw_cmd_jobs_resume_flags[] = {
    {.name = "queue", .help = "leave the work to a worker, do not wait"}, {0}};
const dbw_flag dbw_cmd_jobs_cancel_flags[] = {{0}};
const dbw_flag dbw_cmd_jobs_discard_flags[] = {
    {.name = "queue", .help = "leave the work to a worker, do not wait"}, {0}};

/* --- a job's members -------------------------------------------------------------------------- */

static const char *text_of(json_object *object, const char *name)
{
    json_object *member = NULL;
    json_object_object_get_ex(object, name, &member);
    return member ? json_object_get_string(member) : NULL;
}

static int64_t number_of(json_object *object, const char *name)
{
    json_object *member = NULL;
    return json_object_object_get_ex(object, name, &member) ? json_object_get_int64(member) : 0;
}

static json_object *member_of(json_object *object, const char *name)
{
    json_object *member = NULL;
    json_object_object_get_ex(object, name, &member);
    return member;
}

static size_t length_of(json_object *list)
{
    return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}

/* --- list ------------------------------------------------------------------------------------- */

static void print_job_line(json_object *job)
{
    const char *target = text_of(job, "target"), *phase = text_of(job, "phase");
    bool running = strcmp(text_of(job, "status"), "running") == 0;
    /* Seconds are enough for people: "2026-01-02T03:04:05". */
    dbw_output_line(stdout, "%s  %.19s  %-7s %-11s %s%s%s%s%s", text_of(job, "id"),
                    text_of(job, "created_at"), text_of(job, "kind"), text_of(job, "status"),
                    running && phase ? phase : "", running && phase ? "  " : "",
                    text_of(job, "source"), target ? " to " : "", target ? target : "");
}

static dbw_status list_jobs(dbw_cli *cli, json_object **list, dbw_error *error)
{
    dbw_store *store = NULL;
    int64_t limit;
    DBW_TRY(dbw_cli_integer(cli, "limit", LIST_PRESET, 1, LIST_MOST, &limit, error));
    DBW_TRY(dbw_cli_store(cli, &store, error));
    dbw_status status = dbw_job_list(store, dbw_cli_value(cli, "status"), (int)limit, list, error);
    dbw_store_close(store);
    return status;
}

int dbw_cmd_jobs_list(dbw_cli *cli)
{
    dbw_error error;
    json_object *list = NULL;
    dbw_error_clear(&error);
    if (list_jobs(cli, &list, &error) != DBW_OK)
        return dbw_cli_fail(cli, &error);
    if (cli->json) {
        dbw_output_json(list);
        return DBW_EXIT_DONE;
    }
    json_object *jobs = member_of(list, "jobs");
    for (size_t i = 0; i < length_of(jobs); i++)
        print_job_line(json_object_array_get_idx(jobs, i));
    if (length_of(jobs) == 0)
        dbw_output_line(stderr, "There are no jobs.");
    json_object_put(list);
    return DBW_EXIT_DONE;
}

/* --- show ------------------------------------------------------------------------------------- */

/* Opens the store and finds the job that the first argument names by its id or its beginning. */
static dbw_status find_job(dbw_cli *cli, dbw_store **store, char id[DBW_JOB_ID], dbw_error *error)
{
    DBW_TRY(dbw_cli_store(cli, store, error));
    dbw_status status = dbw_job_find(*store, dbw_cli_argument(cli, 0), id, error);
    if (status == DBW_OK)
        return DBW_OK;
    dbw_store_close(*store);
    *store = NULL;
    return dbw_hint(error, "'dbwizard jobs list' shows those that there are.");
}

static void print_phases(json_object *phases)
{
    for (size_t i = 0; i < length_of(phases); i++) {
        json_object *phase = json_object_array_get_idx(phases, i);
        json_object *seconds = member_of(phase, "seconds");
        const char *status = text_of(phase, "status");
        if (strcmp(status, "waiting") == 0 || strcmp(status, "skipped") == 0)
            dbw_output_line(stdout, "  %-10s %s", text_of(phase, "name"), status);
        else
            dbw_output_line(stdout, "  %-10s %s, %.1f s", text_of(phase, "name"), status,
                            json_object_get_double(seconds));
    }
}

static void print_events(json_object *events)
{
    for (size_t i = 0; i < length_of(events); i++) {
        json_object *event = json_object_array_get_idx(events, i);
        const char *level = text_of(event, "level");
        bool plain = strcmp(level, "info") == 0;
        dbw_output_line(stdout, "  %.19s %s%s%s", text_of(event, "at"), plain ? "" : level,
                        plain ? "" : ": ", text_of(event, "text"));
    }
}

static void print_job(json_object *job)
{
    json_object *failure = member_of(job, "error");
    dbw_output_field(LABEL, "job", text_of(job, "id"));
    dbw_output_field(LABEL, "kind", text_of(job, "kind"));
    dbw_output_field(LABEL, "status", text_of(job, "status"));
    dbw_output_field(LABEL, "source", text_of(job, "source"));
    dbw_output_field(LABEL, "target", text_of(job, "target"));
    dbw_output_field(LABEL, "created", text_of(job, "created_at"));
    dbw_output_field(LABEL, "started", text_of(job, "started_at"));
    dbw_output_field(LABEL, "finished", text_of(job, "finished_at"));
    dbw_output_field(LABEL, "requested", text_of(job, "requested"));
    dbw_output_field(LABEL, "verdict", text_of(job, "verdict"));
    if (number_of(job, "rows_total"))
        dbw_output_line(stdout, "%-*s  %lld of %lld", LABEL, "rows",
                        (long long)number_of(job, "rows_done"),
                        (long long)number_of(job, "rows_total"));
    if (failure) {
        dbw_output_field(LABEL, "error", text_of(failure, "message"));
        dbw_output_field(LABEL, "hint", text_of(failure, "hint"));
    }
    print_phases(member_of(job, "phases"));
    print_events(member_of(job, "events"));
}

static dbw_status fetch_job(dbw_cli *cli, json_object **out, dbw_error *error)
{
    dbw_store *store;
    char id[DBW_JOB_ID];
    DBW_TRY(find_job(cli, &store, id, error));
    bool report = dbw_cli_given(cli, "report") || dbw_cli_given(cli, "html");
    dbw_status status =
        report ? dbw_job_report(store, id, out, error) : dbw_job_get(store, id, 0, out, error);
    dbw_store_close(store);
    return status;
}

static dbw_status print_page(json_object *report, dbw_error *error)
{
    dbw_buffer page;
    DBW_TRY(dbw_report_html(report, &page, error));
    fwrite(page.data, 1, page.length, stdout);
    dbw_buffer_free(&page);
    return DBW_OK;
}

int dbw_cmd_jobs_show(dbw_cli *cli)
{
    dbw_error error;
    json_object *shown = NULL;
    dbw_error_clear(&error);
    if (fetch_job(cli, &shown, &error) != DBW_OK)
        return dbw_cli_fail(cli, &error);
    if (dbw_cli_given(cli, "html")) {
        dbw_status status = print_page(shown, &error);
        json_object_put(shown);
        return status == DBW_OK ? DBW_EXIT_DONE : dbw_cli_fail(cli, &error);
    }
    if (cli->json || dbw_cli_given(cli, "report")) {
        dbw_output_json(shown);
        return DBW_EXIT_DONE;
    }
    print_job(shown);
    json_object_put(shown);
    return DBW_EXIT_DONE;
}

/* --- wait ------------------------------------------------------------------------------------- */

static int exit_of(const dbw_job_state *state)
{
    if (state->status != DBW_JOB_DONE)
        return state->discarded ? DBW_EXIT_DONE : dbw_cli_exit_status(state->error);
    bool altered =
        strcmp(state->verdict, "altered") == 0 || strcmp(state->verdict, "incomplete") == 0;
    return altered ? DBW_EXIT_DIFFERS : DBW_EXIT_DONE;
}

static dbw_status wait_for_job(dbw_cli *cli, dbw_job_state *state, json_object **job,
                               dbw_error *error)
{
    dbw_store *store;
    char id[DBW_JOB_ID];
    int64_t seconds;
    DBW_TRY(dbw_cli_integer(cli, "timeout", -1, 0, WAIT_MOST, &seconds, error));
    DBW_TRY(find_job(cli, &store, id, error));
    dbw_deadline deadline = seconds < 0 ? DBW_NEVER : dbw_deadline_in(seconds * 1000);
    dbw_status status = dbw_job_wait(store, id, -1, deadline, state, error);
    if (status == DBW_OK)
        status = dbw_job_get(store, id, -1, job, error);
    dbw_store_close(store);
    return status;
}

int dbw_cmd_jobs_wait(dbw_cli *cli)
{
    dbw_error error;
    dbw_job_state state;
    json_object *job = NULL;
    dbw_error_clear(&error);
    if (wait_for_job(cli, &state, &job, &error) != DBW_OK)
        return dbw_cli_fail(cli, &error);
    if (cli->json) {
        dbw_output_json(job);
        return exit_of(&state);
    }
    json_object *failure = member_of(job, "error");
    dbw_output_line(stdout, "%s", dbw_job_status_slug(state.status));
    if (failure)
        dbw_output_line(stderr, "dbwizard: %s", text_of(failure, "message"));
    json_object_put(job);
    return exit_of(&state);
}

/* --- pause, cancel, resume, discard ----------------------------------------------------------- */

static void note(dbw_cli *cli, dbw_store *store, dbw_job_action action, const char *id,
                 dbw_status status)
{
    dbw_error error;
    dbw_audit_entry entry = {
        .who = dbw_cli_actor(cli),
        .action = dbw_arena_printf(cli->arena, "job.%s", dbw_job_action_slug(action)),
        .object = id,
        .outcome = status == DBW_OK ? "done" : dbw_status_slug(status)};
    if (dbw_audit_write(store, &entry, &error) != DBW_OK)
        dbw_cli_warn(cli, "%s", error.message);
}

static dbw_status ask(dbw_cli *cli, dbw_job_action action, json_object **job, dbw_error *error)
{
    dbw_store *store;
    char id[DBW_JOB_ID];
    DBW_TRY(find_job(cli, &store, id, error));
    dbw_status status = dbw_job_ask(store, id, action, error);
    note(cli, store, action, id, status);
    if (status == DBW_OK)
        status = dbw_job_get(store, id, -1, job, error);
    dbw_store_close(store);
    return status;
}

static int ask_and_say(dbw_cli *cli, dbw_job_action action)
{
    dbw_error error;
    json_object *job = NULL;
    dbw_error_clear(&error);
    if (ask(cli, action, &job, &error) != DBW_OK)
        return dbw_cli_fail(cli, &error);
    if (cli->json) {
        dbw_output_json(job);
        return DBW_EXIT_DONE;
    }
    const char *requested = text_of(job, "requested");
    dbw_output_line(stdout, "%s%s%s%s", text_of(job, "status"), requested ? ", asked to " : "",
                    requested ? requested : "", "");
    json_object_put(job);
    return DBW_EXIT_DONE;
}

static dbw_status run_again(dbw_cli *cli, dbw_job_action action, dbw_job_ran *ran, dbw_error *error)
{
    dbw_store *store;
    dbw_open_options open_options;
    char id[DBW_JOB_ID];
    int64_t interrupted;
    memset(ran, 0, sizeof *ran);
    DBW_TRY(dbw_cli_open_options(cli, &open_options, error));
    DBW_TRY(find_job(cli, &store, id, error));
    dbw_job_run_options options = {
        .store = store, .open_options = &open_options, .watch = dbw_cli_watch(cli)};
    /* A job whose process was killed just now still counts as running. */
    dbw_status status = dbw_lease_recover(store, &interrupted, error);
    if (status == DBW_OK)
        status = dbw_job_run_again(&options, id, action, ran, error);
    dbw_cli_watch_end(cli);
    note(cli, store, action, id, status);
    dbw_store_close(store);
    return status;
}

static int run_and_say(dbw_cli *cli, dbw_job_action action)
{
    dbw_error error;
    dbw_job_ran ran;
    dbw_error_clear(&error);
    if (dbw_cli_given(cli, "queue"))
        return ask_and_say(cli, action);
    dbw_status status = run_again(cli, action, &ran, &error);
    if (status == DBW_OK && ran.state.discarded && !cli->json)
        dbw_output_line(stdout, "The target is as it was before.");
    return dbw_cli_ended(cli, status, &ran, &error);
}

int dbw_cmd_jobs_pause(dbw_cli *cli)
{
    return ask_and_say(cli, DBW_JOB_PAUSE);
}

int dbw_cmd_jobs_cancel(dbw_cli *cli)
{
    return ask_and_say(cli, DBW_JOB_CANCEL);
}

int dbw_cmd_jobs_resume(dbw_cli *cli)
{
    return run_and_say(cli, DBW_JOB_RESUME);
}

int dbw_cmd_jobs_discard(dbw_cli *cli)
{
    return run_and_say(cli, DBW_JOB_DISCARD);
}
