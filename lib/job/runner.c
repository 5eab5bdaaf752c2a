/* SPDX-License-Identifier: Apache-2.0 */
#include "job/job_priv.h"
#include "job/runner_priv.h"

#include <json-c/json.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define WRITE_EVERY INT64_C(250000)
enum { RENEW_MS = DBW_LEASE_SECONDS * 1000 / 4 };

/* A job under way: the thread that works on it, and one that keeps its lease. */
struct running {
    const dbw_runner *runner;
    const dbw_claim *claim;
    atomic_int requested; /* dbw_request */
    atomic_bool lost;     /* the lease is somebody else's */
    atomic_bool over;
    int over_fd;
    dbw_tracker tracker;
    int64_t written; /* monotonic */
};

/* --- the lease's thread ----------------------------------------------------------------------- */

static void keep_once(struct running *running, bool renew)
{
    dbw_error error;
    dbw_request requested = DBW_REQUEST_NONE;
    dbw_worker_id worker;
    dbw_store *store = running->runner->store;
    memcpy(worker.id, running->claim->worker, sizeof worker.id);
    dbw_status status = renew ? dbw_lease_renew(store, running->claim, &requested, &error)
                              : dbw_lease_look(store, running->claim, &requested, &error);
    if (status == DBW_OK)
        atomic_store(&running->requested, (int)requested);
    else if (status == DBW_E_INTERRUPTED)
        atomic_store(&running->lost, true);
    /* A store that cannot be reached now is tried again; the lease leaves time for that. */
    if (renew)
        status = dbw_lease_heartbeat(store, &worker, &error);
}

static void *keep_lease(void *context)
{
    struct running *running = context;
    dbw_wake *wake;
    dbw_error error;
    if (dbw_wake_open(running->runner->store, DBW_WAKE_WORK, &wake, &error) != DBW_OK)
        return NULL;
    dbw_deadline renewal = dbw_deadline_in(RENEW_MS);
    while (!atomic_load(&running->over)) {
        dbw_wake_wait(wake, renewal, running->over_fd);
        if (atomic_load(&running->over))
            break;
        bool renew = dbw_deadline_left(renewal) == 0;
        if (renew)
            renewal = dbw_deadline_in(RENEW_MS);
        keep_once(running, renew);
    }
    dbw_wake_close(wake);
    return NULL;
}

/* --- the observer ----------------------------------------------------------------------------- */

static void write_progress(struct running *running)
{
    dbw_job_progress progress;
    dbw_request requested = DBW_REQUEST_NONE;
    dbw_error error;
    dbw_tracker_fill(&running->tracker, &progress);
    dbw_status status =
        dbw_lease_progress(running->runner->store, running->claim, &progress, &requested, &error);
    if (status == DBW_OK)
        atomic_store(&running->requested, (int)requested);
    else if (status == DBW_E_INTERRUPTED)
        atomic_store(&running->lost, true);
    json_object_put(progress.phases);
    json_object_put(progress.tables);
    running->written = dbw_clock_monotonic();
}

static void on_progress(void *context, const dbw_progress *progress)
{
    struct running *running = context;
    const dbw_transfer_observer *watch = running->runner->watch;
    bool changed = dbw_tracker_take(&running->tracker, progress);
    if (changed || dbw_clock_monotonic() - running->written >= WRITE_EVERY)
        write_progress(running);
    /* The tables belong to the caller and may be gone when the job is ended. */
    running->tracker.last.tables = NULL;
    running->tracker.last.table_count = 0;
    if (watch && watch->progress)
        watch->progress(watch->context, progress);
}

static void on_event(void *context, const char *level, const char *text)
{
    struct running *running = context;
    const dbw_transfer_observer *watch = running->runner->watch;
    dbw_error error;
    if (dbw_lease_event(running->runner->store, running->claim, level, text, &error) ==
        DBW_E_INTERRUPTED)
        atomic_store(&running->lost, true);
    if (watch && watch->event)
        watch->event(watch->context, level, text);
}

static dbw_wish on_wish(void *context)
{
    struct running *running = context;
    const dbw_runner *runner = running->runner;
    switch ((dbw_request)atomic_load(&running->requested)) {
    case DBW_REQUEST_CANCEL:
        return DBW_WISH_CANCEL;
    case DBW_REQUEST_PAUSE:
        return DBW_WISH_PAUSE;
    case DBW_REQUEST_NONE:
        break;
    }
    if (atomic_load(&running->lost) || (runner->stop && atomic_load(runner->stop)))
        return DBW_WISH_PAUSE;
    if (runner->watch && runner->watch->wish)
        return runner->watch->wish(runner->watch->context);
    return DBW_WISH_GO_ON;
}

/* --- running ---------------------------------------------------------------------------------- */

static dbw_status make_context(struct running *running, dbw_arena *arena, dbw_job_context *context,
                               dbw_error *error)
{
    const dbw_claim *claim = running->claim;
    const char *folder = dbw_store_folder(running->runner->store);
    dbw_url *source, *target = NULL;
    DBW_TRY(dbw_url_parse(arena, dbw_text_of(claim->source_url), &source, error));
    if (claim->target_url)
        DBW_TRY(dbw_url_parse(arena, dbw_text_of(claim->target_url), &target, error));
    /* The job's own folder is made by whoever needs it. */
    mkdir(dbw_arena_printf(arena, "%s/jobs", folder), 0700);
    *context = (dbw_job_context){
        .claim = claim,
        .source = source,
        .target = target,
        .open_options = running->runner->open_options,
        .folder = dbw_arena_printf(arena, "%s/jobs/%s", folder, claim->job),
        .arena = arena,
    };
    return DBW_OK;
}

static dbw_status perform(struct running *running, const dbw_job_kind *kind,
                          dbw_job_outcome *outcome, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_job_context context;
    dbw_transfer_observer observer = {
        .context = running, .progress = on_progress, .event = on_event, .wish = on_wish};
    dbw_status status = make_context(running, arena, &context, error);
    context.observer = &observer;
    if (status == DBW_OK && running->claim->work != DBW_WORK_DISCARD)
        status = kind->run(&context, outcome, error);
    else if (status == DBW_OK && kind->discard)
        status = kind->discard(&context, outcome, error);
    dbw_arena_free(arena);
    return status;
}

static dbw_status perform_with_lease(struct running *running, const dbw_job_kind *kind,
                                     dbw_job_outcome *outcome, dbw_error *error)
{
    pthread_t keeper;
    running->over_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (running->over_fd < 0)
        return dbw_fail(error, DBW_E_IO, "unable to make a descriptor to wait on");
    if (pthread_create(&keeper, NULL, keep_lease, running) != 0) {
        close(running->over_fd);
        return dbw_fail(error, DBW_E_IO, "unable to start a thread");
    }
    dbw_status status = perform(running, kind, outcome, error);
    atomic_store(&running->over, true);
    ssize_t ignored DBW_UNUSED = write(running->over_fd, &(uint64_t){1}, sizeof(uint64_t));
    pthread_join(keeper, NULL);
    close(running->over_fd);
    return status;
}

/* --- the end ---------------------------------------------------------------------------------- */

/* A pause that only the end of the service asked for goes on with the next worker. */
static dbw_job_status paused_status(const struct running *running)
{
    bool asked = atomic_load(&running->requested) != DBW_REQUEST_NONE;
    bool stopped = running->runner->stop && atomic_load(running->runner->stop);
    return !asked && stopped ? DBW_JOB_QUEUED : DBW_JOB_PAUSED;
}

static dbw_job_status status_after(const struct running *running, dbw_status status)
{
    if (status == DBW_E_PAUSED)
        return paused_status(running);
    /* A server may cancel a statement by itself; that is a failure, which can be resumed. */
    if (status == DBW_E_CANCELLED &&
        (dbw_request)atomic_load(&running->requested) == DBW_REQUEST_CANCEL)
        return DBW_JOB_CANCELLED;
    if (status == DBW_E_INTERRUPTED)
        return DBW_JOB_INTERRUPTED;
    if (status != DBW_OK)
        return DBW_JOB_FAILED;
    return running->claim->work == DBW_WORK_DISCARD ? DBW_JOB_CANCELLED : DBW_JOB_DONE;
}

static dbw_status end_claim(struct running *running, dbw_status status,
                            const dbw_job_outcome *outcome, const dbw_error *failure,
                            dbw_error *error)
{
    bool discarding = running->claim->work == DBW_WORK_DISCARD;
    bool had_ended = discarding && status == DBW_E_CONFLICT && outcome->report;
    dbw_job_status stands = had_ended ? DBW_JOB_DONE : status_after(running, status);
    dbw_job_end end = {
        .status = stands,
        .result = outcome->result,
        .report = outcome->report,
        .failure = status == DBW_OK || stands == DBW_JOB_PAUSED || stands == DBW_JOB_QUEUED ||
                           stands == DBW_JOB_CANCELLED || had_ended
                       ? NULL
                       : failure,
        .verdict = dbw_job_json_text(outcome->report, "verdict"),
        .resumable = status != DBW_OK && !had_ended && (discarding || outcome->keep),
        .discarded = status == DBW_OK && discarding,
    };
    dbw_tracker_end(&running->tracker, stands == DBW_JOB_DONE || status == DBW_OK);
    if (!discarding)
        write_progress(running);
    return dbw_lease_end(running->runner->store, running->claim, &end, error);
}

dbw_status dbw_runner_execute(const dbw_runner *runner, const dbw_claim *claim,
                              dbw_job_outcome *outcome, dbw_error *error)
{
    const dbw_job_kind *kind =
        dbw_job_kind_find(runner->kinds ? runner->kinds : dbw_job_kinds, claim->kind);
    struct running running = {.runner = runner, .claim = claim};
    dbw_status status;
    dbw_error ending;
    *outcome = (dbw_job_outcome){0};
    dbw_error_clear(error);
    dbw_tracker_start(&running.tracker, kind ? kind->phases : NULL);
    if (kind)
        status = perform_with_lease(&running, kind, outcome, error);
    else
        status =
            dbw_fail(error, DBW_E_UNSUPPORTED, "jobs of kind '%s' are not known here", claim->kind);
    dbw_status ended = end_claim(&running, status, outcome, error, &ending);
    if (ended == DBW_OK)
        return status;
    /* What the job itself came to matters more than that it could not be written down, save that
     * somebody else has it now. */
    if (status == DBW_OK || ended == DBW_E_INTERRUPTED) {
        *error = ending;
        if (ended != DBW_E_INTERRUPTED) { /* whoever resumes it finds that it is done */
            dbw_error_prefix(error, "the job is done, but that could not be written down");
            outcome->keep = true;
        }
        return ended;
    }
    return status;
}
