/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/lane.h"

/* Bytes of blocks under way in one lane. */
enum { RING_BUDGET = 8 << 20, LOOK_MS = 100, INTERRUPT_MS = 300 };

/* --- the reader's thread ---------------------------------------------------------------------- */

static dbw_status do_errand(dbw_lane *lane, const dbw_errand *errand, dbw_error *error)
{
    switch (errand->kind) {
    case DBW_ERRAND_COPY:
        return dbw_reader_copy(lane->reader, errand->chunk, error);
    case DBW_ERRAND_SUM:
        return dbw_reader_sum(lane->reader, errand->chunk, error);
    case DBW_ERRAND_REJECT:
    default:
        return dbw_reader_reject(lane->reader, errand->chunk, errand->wanted, errand->wanted_count,
                                 error);
    }
}

static void *reader_main(void *argument)
{
    dbw_lane *lane = argument;
    dbw_error error;
    pthread_mutex_lock(&lane->lock);
    for (;;) {
        while (!lane->errand && !lane->quit)
            pthread_cond_wait(&lane->changed, &lane->lock);
        if (!lane->errand)
            break;
        const dbw_errand *errand = lane->errand;
        pthread_mutex_unlock(&lane->lock);
        dbw_error_clear(&error);
        dbw_status status = do_errand(lane, errand, &error);
        pthread_mutex_lock(&lane->lock);
        lane->status = status;
        lane->error = error;
        lane->errand = NULL;
        pthread_cond_broadcast(&lane->changed);
    }
    pthread_mutex_unlock(&lane->lock);
    return NULL;
}

void dbw_lane_send(dbw_lane *lane, const dbw_errand *errand)
{
    pthread_mutex_lock(&lane->lock);
    lane->errand = errand;
    pthread_cond_broadcast(&lane->changed);
    pthread_mutex_unlock(&lane->lock);
}

dbw_status dbw_lane_wait(dbw_lane *lane, dbw_error *error)
{
    pthread_mutex_lock(&lane->lock);
    while (lane->errand)
        pthread_cond_wait(&lane->changed, &lane->lock);
    dbw_status status = lane->status;
    if (status != DBW_OK)
        *error = lane->error;
    pthread_mutex_unlock(&lane->lock);
    return status;
}

dbw_status dbw_lane_run(dbw_lane *lane, const dbw_errand *errand, dbw_error *error)
{
    dbw_lane_send(lane, errand);
    return dbw_lane_wait(lane, error);
}

/* --- the writer's thread ---------------------------------------------------------------------- */

static void *writer_main(void *argument)
{
    dbw_lane *lane = argument;
    dbw_error error;
    dbw_job *job;
    bool again;
    while ((job = dbw_schedule_take(lane->schedule))) {
        dbw_error_clear(&error);
        again = false;
        dbw_status status = job->kind == DBW_JOB_LOAD ? dbw_writer_load(lane, job, &again, &error)
                                                      : dbw_keys_make(lane, job, &error);
        dbw_arena_reset(lane->arena);
        if (status != DBW_OK) {
            dbw_run_fail(lane->run, &error);
            break;
        }
        if (again)
            dbw_schedule_again(lane->schedule, job);
        else
            dbw_schedule_done(lane->schedule, job);
    }
    pthread_mutex_lock(&lane->run->lock);
    lane->run->lanes_working--;
    pthread_cond_broadcast(&lane->run->changed);
    pthread_mutex_unlock(&lane->run->lock);
    return NULL;
}

/* --- their lives ------------------------------------------------------------------------------ */

static dbw_status lane_init(dbw_lane *lane, dbw_run *run, dbw_schedule *schedule, size_t n,
                            dbw_error *error)
{
    lane->run = run;
    lane->schedule = schedule;
    lane->target = run->targets[n];
    pthread_mutex_init(&lane->lock, NULL);
    pthread_cond_init(&lane->changed, NULL);
    lane->arena = dbw_arena_new();
    lane->ring = dbw_ring_new(DBW_RING_BLOCKS, RING_BUDGET);
    lane->ledger = dbw_ledger_batch_new(run->ledger, "ledger");
    lane->kept = dbw_ledger_batch_new(run->ledger, "kept");
    lane->rejects = dbw_reject_batch_new(run->rejects, lane->ledger);
    if (lane->ring && lane->ledger && lane->kept && lane->rejects)
        lane->reader = dbw_reader_new(run, run->source->bulk->snapshot_reader(run->snapshot, n),
                                      lane->ring, lane->ledger, lane->rejects);
    return lane->reader ? DBW_OK : dbw_fail_memory(error);
}

static dbw_status lane_start(dbw_lane *lane, dbw_error *error)
{
    lane->reader_started = pthread_create(&lane->reader_thread, NULL, reader_main, lane) == 0;
    if (lane->reader_started) {
        pthread_mutex_lock(&lane->run->lock);
        lane->run->lanes_working++;
        pthread_mutex_unlock(&lane->run->lock);
        lane->writer_started = pthread_create(&lane->writer_thread, NULL, writer_main, lane) == 0;
    }
    if (lane->writer_started)
        return DBW_OK;
    if (lane->reader_started) {
        pthread_mutex_lock(&lane->run->lock);
        lane->run->lanes_working--;
        pthread_mutex_unlock(&lane->run->lock);
    }
    return dbw_fail(error, DBW_E_LIMIT, "unable to start a thread for copying");
}

static void lane_end(dbw_lane *lane)
{
    if (lane->writer_started)
        pthread_join(lane->writer_thread, NULL);
    if (lane->reader_started) {
        pthread_mutex_lock(&lane->lock);
        lane->quit = true;
        pthread_cond_broadcast(&lane->changed);
        pthread_mutex_unlock(&lane->lock);
        pthread_join(lane->reader_thread, NULL);
    }
    dbw_reader_free(lane->reader);
    dbw_reject_batch_free(lane->rejects);
    dbw_ledger_batch_free(lane->kept);
    dbw_ledger_batch_free(lane->ledger);
    dbw_ring_free(lane->ring);
    dbw_arena_free(lane->arena);
    pthread_cond_destroy(&lane->changed);
    pthread_mutex_destroy(&lane->lock);
}

static void wait_a_little(dbw_run *run, long milliseconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += milliseconds * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&run->lock);
    pthread_cond_timedwait(&run->changed, &run->lock, &until);
    pthread_mutex_unlock(&run->lock);
}

static bool working(dbw_run *run)
{
    pthread_mutex_lock(&run->lock);
    bool any = run->lanes_working > 0;
    pthread_mutex_unlock(&run->lock);
    return any;
}

/* What lanes wait for elsewhere is ended too: the ring, the server's answer. Again and again, as a
 * statement may begin just after its connection was told. */
static void interrupt(dbw_run *run, dbw_lane *lanes, size_t count)
{
    while (working(run)) {
        for (size_t i = 0; i < count; i++) {
            if (!lanes[i].writer_started)
                continue;
            dbw_ring_close(lanes[i].ring);
            dbw_database_cancel(lanes[i].target);
        }
        wait_a_little(run, INTERRUPT_MS);
    }
}

/* Watches the lanes until all is done or stopped; the observer's wish may stop them. */
static void watch(dbw_run *run, dbw_schedule *schedule)
{
    dbw_error wish;
    dbw_error_clear(&wish);
    while (!dbw_schedule_finished(schedule) && !dbw_run_stopped(run)) {
        if (run->phase == DBW_PHASE_COPY && dbw_schedule_loaded(schedule))
            dbw_run_phase(run, DBW_PHASE_KEYS);
        if (dbw_run_poll(run, false, &wish) != DBW_OK)
            break;
        wait_a_little(run, LOOK_MS);
    }
}

dbw_status dbw_run_copy(dbw_run *run, dbw_error *error)
{
    size_t count = run->streams, made = 0;
    dbw_schedule *schedule = dbw_schedule_new(run);
    dbw_lane *lanes = calloc(count, sizeof *lanes);
    if (!lanes)
        return dbw_fail_memory(error);
    dbw_run_phase(run, DBW_PHASE_COPY);
    dbw_status status = DBW_OK;
    while (made < count && status == DBW_OK)
        status = lane_init(&lanes[made], run, schedule, made, error), made++;
    for (size_t i = 0; i < count && status == DBW_OK; i++)
        status = lane_start(&lanes[i], error);
    if (status != DBW_OK)
        dbw_run_fail(run, error);
    else
        watch(run, schedule);
    if (dbw_run_stopped(run))
        interrupt(run, lanes, made);
    for (size_t i = 0; i < made; i++)
        lane_end(&lanes[i]);
    free(lanes);
    if (dbw_run_stopped(run))
        return dbw_run_stop_error(run, error);
    if (run->phase == DBW_PHASE_COPY)
        dbw_run_phase(run, DBW_PHASE_KEYS);
    return DBW_OK;
}
