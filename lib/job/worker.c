/* SPDX-License-Identifier: Apache-2.0 */
#include "job/worker.h"

#include "job/job_priv.h"
#include "job/runner_priv.h"

#include <json-c/json.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    DEFAULT_SLOTS = 2,
    MOST_SLOTS = 64,
    DEFAULT_DAYS = 30,
    BEAT_MS = DBW_LEASE_SECONDS * 1000 / 4,
    RECOVER_MS = 30 * 1000,
    PURGE_MS = 3600 * 1000
};

struct slot {
    struct worker *worker;
    pthread_t thread;
    bool used; /* touched by the main thread only */
    atomic_bool over;
    dbw_arena *arena;
    dbw_claim *claim;
};

struct worker {
    const dbw_worker_options *options;
    dbw_worker_id id;
    dbw_wake *wake;
    int over_fd; /* readable when a slot has become free */
    atomic_bool stop;
    struct slot slots[MOST_SLOTS];
    size_t slot_count;
    size_t busy;
    dbw_deadline beat, recover, purge;
};

DBW_PRINTF(3, 4)
static void tell(const struct worker *worker, const char *level, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    if (!worker->options->log)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    worker->options->log(worker->options->context, level, text);
}

/* --- a slot ----------------------------------------------------------------------------------- */

static void *work(void *context)
{
    struct slot *slot = context;
    struct worker *worker = slot->worker;
    dbw_runner runner = {.store = worker->options->store,
                         .open_options = worker->options->open_options,
                         .kinds = worker->options->kinds,
                         .stop = &worker->stop};
    dbw_job_outcome outcome;
    dbw_error error;
    tell(worker, "info", "job %s: started", slot->claim->job);
    dbw_status status = dbw_runner_execute(&runner, slot->claim, &outcome, &error);
    if (status == DBW_OK)
        tell(worker, "info", "job %s: done", slot->claim->job);
    else
        tell(worker, "warning", "job %s: %s", slot->claim->job, error.message);
    json_object_put(outcome.result);
    json_object_put(outcome.report);
    atomic_store(&slot->over, true);
    ssize_t ignored DBW_UNUSED = write(worker->over_fd, &(uint64_t){1}, sizeof(uint64_t));
    return NULL;
}

static void clear_slot(struct slot *slot)
{
    dbw_claim_free(slot->claim);
    dbw_arena_free(slot->arena);
    slot->claim = NULL;
    slot->arena = NULL;
    slot->used = false;
}

static void reap(struct worker *worker, bool wait)
{
    uint64_t count;
    ssize_t ignored DBW_UNUSED = read(worker->over_fd, &count, sizeof count);
    for (size_t i = 0; i < worker->slot_count; i++) {
        struct slot *slot = &worker->slots[i];
        if (!slot->used || (!wait && !atomic_load(&slot->over)))
            continue;
        pthread_join(slot->thread, NULL);
        clear_slot(slot);
        worker->busy--;
    }
}

static struct slot *free_slot(struct worker *worker)
{
    for (size_t i = 0; i < worker->slot_count; i++)
        if (!worker->slots[i].used)
            return &worker->slots[i];
    return NULL;
}

/* A claim that no thread could be had for goes back into the queue. */
static void give_back(struct worker *worker, const dbw_claim *claim)
{
    dbw_error error;
    dbw_job_end end = {.status = DBW_JOB_QUEUED, .resumable = true};
    if (dbw_lease_end(worker->options->store, claim, &end, &error) != DBW_OK)
        tell(worker, "error", "job %s: %s", claim->job, error.message);
}

/* Claims while there are jobs and free slots; `*claimed` tells whether there was one. */
static void fill_slots(struct worker *worker, bool *claimed)
{
    struct slot *slot;
    *claimed = false;
    while ((slot = free_slot(worker)) != NULL) {
        dbw_error error;
        slot->worker = worker;
        slot->arena = dbw_arena_new();
        dbw_status status =
            dbw_lease_claim(worker->options->store, &worker->id, slot->arena, &slot->claim, &error);
        if (status != DBW_OK)
            tell(worker, "error", "%s", error.message);
        if (!slot->claim) {
            clear_slot(slot);
            return;
        }
        *claimed = true;
        slot->used = true;
        atomic_store(&slot->over, false);
        if (pthread_create(&slot->thread, NULL, work, slot) != 0) {
            tell(worker, "error", "job %s: unable to start a thread", slot->claim->job);
            give_back(worker, slot->claim);
            clear_slot(slot);
            return;
        }
        worker->busy++;
    }
}

/* --- the loop --------------------------------------------------------------------------------- */

static bool due(dbw_deadline *deadline, int every)
{
    if (dbw_deadline_left(*deadline) > 0)
        return false;
    *deadline = dbw_deadline_in(every);
    return true;
}

static void keep_house(struct worker *worker)
{
    dbw_store *store = worker->options->store;
    int days = worker->options->retention_days > 0 ? worker->options->retention_days : DEFAULT_DAYS;
    int64_t interrupted = 0;
    dbw_error error;
    dbw_status status = DBW_OK;
    if (due(&worker->beat, BEAT_MS))
        status = dbw_lease_heartbeat(store, &worker->id, &error);
    if (status == DBW_OK && due(&worker->recover, RECOVER_MS))
        status = dbw_lease_recover(store, &interrupted, &error);
    if (interrupted)
        tell(worker, "warning", "%lld jobs were interrupted: their process has ended",
             (long long)interrupted);
    if (status == DBW_OK && due(&worker->purge, PURGE_MS))
        status = dbw_job_purge(store, days, &error);
    if (status != DBW_OK)
        tell(worker, "error", "%s", error.message);
}

static bool told_to_stop(const struct worker *worker)
{
    struct pollfd stop = {.fd = worker->options->stop, .events = POLLIN};
    return poll(&stop, 1, 0) > 0;
}

static void wait_for_work(struct worker *worker)
{
    int first = dbw_wake_descriptor(worker->wake);
    struct pollfd watched[] = {{.fd = first, .events = POLLIN},
                               {.fd = worker->over_fd, .events = POLLIN},
                               {.fd = worker->options->stop, .events = POLLIN}};
    poll(watched, DBW_COUNT(watched), DBW_WAKE_FALLBACK_MS);
    if (watched[0].revents)
        dbw_wake_wait(worker->wake, dbw_deadline_in(0), -1);
}

static void loop(struct worker *worker)
{
    while (!told_to_stop(worker)) {
        bool claimed;
        keep_house(worker);
        reap(worker, false);
        fill_slots(worker, &claimed);
        if (worker->options->once && !claimed && worker->busy == 0)
            break;
        wait_for_work(worker);
    }
    /* Running jobs are asked to pause; their leases are kept by their own threads meanwhile. */
    atomic_store(&worker->stop, true);
    reap(worker, true);
}

static dbw_status start(struct worker *worker, dbw_error *error)
{
    dbw_store *store = worker->options->store;
    worker->over_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (worker->over_fd < 0)
        return dbw_fail(error, DBW_E_IO, "unable to make a descriptor to wait on");
    DBW_TRY(dbw_wake_open(store, DBW_WAKE_WORK, &worker->wake, error));
    DBW_TRY(dbw_lease_register(store, false, &worker->id, error));
    worker->beat = dbw_deadline_in(BEAT_MS);
    worker->recover = worker->purge = dbw_deadline_in(0);
    return DBW_OK;
}

dbw_status dbw_worker_run(const dbw_worker_options *options, dbw_error *error)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        return dbw_fail_memory(error);
    size_t slots = options->slots > 0 ? (size_t)options->slots : DEFAULT_SLOTS;
    worker->options = options;
    worker->slot_count = slots < MOST_SLOTS ? slots : MOST_SLOTS;
    worker->over_fd = -1;
    dbw_status status = start(worker, error);
    if (status == DBW_OK) {
        dbw_error ignored;
        loop(worker);
        if (dbw_lease_unregister(options->store, &worker->id, &ignored) != DBW_OK)
            tell(worker, "warning", "%s", ignored.message);
    }
    dbw_wake_close(worker->wake);
    if (worker->over_fd >= 0)
        close(worker->over_fd);
    free(worker);
    return status;
}
