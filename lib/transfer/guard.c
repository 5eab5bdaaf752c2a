/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "engine/lifeline.h"
#include "transfer/transfer_priv.h"

#include <time.h>

/* In milliseconds, since the stop was asked for; SILENT: the main thread did not ask for so long.
 */
enum { LOOK = 250, SILENT = 1000, CANCEL_AFTER = 3000, CANCEL_EVERY = 1000, CUT_AFTER = 10000 };

struct dbw_guard {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool over;       /* guarded by lock */
    int64_t asked;   /* monotonic, when the guard first saw that the run is to stop; 0: not yet */
    int64_t told;    /* when it last cancelled */
    dbw_stop stop;   /* what was asked for */
    _Atomic int did; /* 0: nothing, 1: cancelled, 2: cut */
};

/* What the main thread heard, or what the guard is told while that one waits for something. */
static dbw_stop wanted(dbw_run *run, int64_t now)
{
    dbw_stop stop = (dbw_stop)atomic_load(&run->stop);
    if (stop == DBW_STOP_PAUSE || stop == DBW_STOP_CANCEL)
        return stop;
    bool silent = now - atomic_load(&run->polled) > SILENT * INT64_C(1000);
    if (!silent || !run->observer->wish)
        return DBW_STOP_NO;
    switch (run->observer->wish(run->observer->context)) {
    case DBW_WISH_PAUSE:
        return DBW_STOP_PAUSE;
    case DBW_WISH_CANCEL:
        return DBW_STOP_CANCEL;
    case DBW_WISH_GO_ON:
        break;
    }
    return DBW_STOP_NO;
}

static void look(dbw_run *run, struct dbw_guard *guard)
{
    int64_t now = dbw_clock_monotonic();
    dbw_stop stop = wanted(run, now);
    if (stop == DBW_STOP_NO) {
        guard->asked = 0;
        return;
    }
    guard->stop = stop;
    if (!guard->asked)
        guard->asked = now;
    int64_t waited = (now - guard->asked) / 1000;
    if (waited >= CUT_AFTER) {
        atomic_store(&guard->did, 2);
        dbw_lifeline_cut(run->lifeline);
        guard->asked = now; /* connections that were made since have their time as well */
    } else if (waited >= CANCEL_AFTER && now - guard->told >= CANCEL_EVERY * INT64_C(1000)) {
        if (atomic_load(&guard->did) == 0)
            atomic_store(&guard->did, 1);
        guard->told = now;
        dbw_lifeline_cancel(run->lifeline);
    }
}

static void *watch(void *context)
{
    dbw_run *run = context;
    struct dbw_guard *guard = run->guard;
    pthread_mutex_lock(&guard->lock);
    while (!guard->over) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        if (pthread_cond_timedwait(&guard->changed, &guard->lock, &until) == 0)
            continue;
        pthread_mutex_unlock(&guard->lock);
        look(run, guard);
        pthread_mutex_lock(&guard->lock);
    }
    pthread_mutex_unlock(&guard->lock);
    return NULL;
}

dbw_status dbw_guard_start(dbw_run *run, dbw_error *error)
{
    struct dbw_guard *guard = calloc(1, sizeof *guard);
    if (!guard)
        return dbw_fail_memory(error);
    pthread_mutex_init(&guard->lock, NULL);
    pthread_cond_init(&guard->changed, NULL);
    atomic_store(&run->polled, run->started);
    run->guard = guard;
    if (pthread_create(&guard->thread, NULL, watch, run) == 0)
        return DBW_OK;
    run->guard = NULL;
    pthread_cond_destroy(&guard->changed);
    pthread_mutex_destroy(&guard->lock);
    free(guard);
    return dbw_fail(error, DBW_E_LIMIT, "unable to start a thread");
}

/* Its fields are the main thread's again once it is joined. */
static void join(struct dbw_guard *guard)
{
    pthread_mutex_lock(&guard->lock);
    bool running = !guard->over;
    guard->over = true;
    pthread_cond_broadcast(&guard->changed);
    pthread_mutex_unlock(&guard->lock);
    if (running)
        pthread_join(guard->thread, NULL);
}

void dbw_guard_end(dbw_run *run)
{
    struct dbw_guard *guard = run->guard;
    if (!guard)
        return;
    join(guard);
    pthread_cond_destroy(&guard->changed);
    pthread_mutex_destroy(&guard->lock);
    free(guard);
    run->guard = NULL;
}

dbw_status dbw_guard_settle(dbw_run *run, dbw_status status, dbw_error *error)
{
    struct dbw_guard *guard = run->guard;
    if (status == DBW_OK || !guard || atomic_load(&guard->did) == 0)
        return status;
    join(guard);
    atomic_store(&run->stop, (int)guard->stop);
    if (atomic_load(&guard->did) == 2)
        dbw_run_event(run, "warning",
                      "no answer came within %d s of the request to stop: the connections were cut",
                      CUT_AFTER / 1000);
    return dbw_run_stop_error(run, error);
}
