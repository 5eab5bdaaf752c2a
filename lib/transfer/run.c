/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a run: its memory, its phases, what the observer hears, how failures end it. */
#include "base/clock.h"
#include "engine/lifeline.h"
#include "transfer/orphans.h"
#include "transfer/transfer_priv.h"

#include <json-c/json.h>
#include <stdarg.h>

enum { TELL_EVERY = 100000, ARENA_LIMIT = 256 << 20 };

static const char *const phase_names[DBW_PHASE_COUNT] = {
    [DBW_PHASE_PLAN] = "plan",     [DBW_PHASE_PREFLIGHT] = "preflight",
    [DBW_PHASE_SCHEMA] = "schema", [DBW_PHASE_COPY] = "copy",
    [DBW_PHASE_KEYS] = "keys",     [DBW_PHASE_SEQUENCES] = "sequences",
    [DBW_PHASE_VERIFY] = "verify", [DBW_PHASE_STAMP] = "stamp",
    [DBW_PHASE_REPORT] = "report",
};

const char *dbw_phase_name(dbw_phase phase)
{
    return (unsigned)phase < DBW_PHASE_COUNT ? phase_names[phase] : "";
}

dbw_status dbw_run_init(dbw_run *run, const dbw_transfer_request *request,
                        const dbw_transfer_observer *observer, dbw_error *error)
{
    static const dbw_transfer_observer silent;
    memset(run, 0, sizeof *run);
    run->request = request;
    run->observer = observer ? observer : &silent;
    run->options = request->options;
    run->arena = dbw_arena_new();
    dbw_arena_set_limit(run->arena, ARENA_LIMIT);
    run->schema = request->options->target_schema && request->options->target_schema[0]
                      ? request->options->target_schema
                      : NULL;
    run->started = dbw_clock_monotonic();
    run->started_wall = dbw_clock_wall();
    pthread_mutex_init(&run->lock, NULL);
    pthread_cond_init(&run->changed, NULL);
    run->ledger = dbw_ledger_new(request->folder);
    run->rejects = dbw_rejects_new(request->folder, request->options->max_rejects);
    run->lifeline = dbw_lifeline_new();
    if (!run->ledger || !run->rejects || !run->lifeline)
        return dbw_fail_memory(error);
    return dbw_guard_start(run, error);
}

void dbw_run_free(dbw_run *run)
{
    dbw_guard_end(run);
    for (size_t i = 0; i < run->target_count; i++)
        if (run->targets[i] != run->control)
            dbw_database_close(run->targets[i]);
    dbw_database_close(run->control);
    dbw_database_close(run->source_lock);
    if (run->snapshot)
        run->source->bulk->snapshot_close(run->snapshot);
    for (size_t i = 0; i < run->table_count; i++) {
        dbw_packed_free(&run->tables[i].copied);
        dbw_orphans_free(run->tables[i].orphans);
    }
    for (size_t i = 0; i < run->record_count; i++)
        json_object_put(run->records[i].detail);
    json_object_put(run->earlier);
    dbw_lifeline_free(run->lifeline);
    dbw_rejects_free(run->rejects);
    dbw_ledger_free(run->ledger);
    pthread_cond_destroy(&run->changed);
    pthread_mutex_destroy(&run->lock);
    dbw_arena_free(run->arena);
}

/* --- records ---------------------------------------------------------------------------------- */

const dbw_record *dbw_run_record(const dbw_run *run, dbw_record_kind kind, int64_t seq)
{
    for (size_t i = 0; i < run->record_count; i++)
        if (run->records[i].kind == kind && run->records[i].seq == seq)
            return &run->records[i];
    return NULL;
}

dbw_status dbw_run_remember(dbw_run *run, const dbw_record *record, dbw_error *error)
{
    *DBW_APPEND(run->arena, run->records, run->record_count) = *record;
    return dbw_checkpoint_put(run->checkpoint, run->control, record, error);
}

/* --- what the observer hears ------------------------------------------------------------------ */

void dbw_run_event(const dbw_run *run, const char *level, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    if (!run->observer->event)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    run->observer->event(run->observer->context, level, text);
}

static void close_phase(dbw_run *run)
{
    int64_t now = dbw_clock_monotonic(), cpu = dbw_clock_cpu();
    if (run->phase_begun[run->phase]) {
        run->phase_micros[run->phase] += now - run->phase_started;
        run->phase_cpu[run->phase] += cpu - run->phase_cpu_started;
    }
    run->phase_started = now;
    run->phase_cpu_started = cpu;
}

void dbw_run_phase(dbw_run *run, dbw_phase phase)
{
    close_phase(run);
    run->phase = phase;
    run->phase_begun[phase] = true;
    run->told = 0;
}

static void fill_tables(dbw_run *run, dbw_progress *progress)
{
    for (size_t i = 0; i < run->table_count; i++) {
        const dbw_run_table *table = &run->tables[i];
        int64_t rows = atomic_load_explicit(&table->rows_done, memory_order_relaxed);
        int64_t bytes = atomic_load_explicit(&table->bytes_done, memory_order_relaxed);
        int64_t open = atomic_load_explicit(&table->rows_open, memory_order_relaxed);
        run->progress_tables[i] = (dbw_table_progress){.name = table->name,
                                                       .rows_done = rows,
                                                       .rows_safe = rows > open ? rows - open : 0,
                                                       .rows_total = table->plan->rows,
                                                       .status = atomic_load(&table->status)};
        progress->rows_done += rows;
        progress->bytes_done += bytes < table->plan->bytes ? bytes : table->plan->bytes;
    }
    progress->tables = run->progress_tables;
    progress->table_count = run->table_count;
}

static dbw_progress copied_so_far(dbw_run *run)
{
    dbw_progress progress = {.phase = run->phase};
    if (run->plan) {
        progress.rows_total = run->plan->total_rows;
        progress.bytes_total = run->plan->total_bytes;
    }
    if (run->tables)
        fill_tables(run, &progress);
    return progress;
}

static void tell(dbw_run *run)
{
    dbw_progress progress = copied_so_far(run);
    if (run->phase == DBW_PHASE_PREFLIGHT) {
        progress.rows_done = run->profiled_rows;
        progress.rows_total = run->profiled_total;
    } else if (run->phase == DBW_PHASE_VERIFY) {
        progress.rows_done = atomic_load(&run->verified_rows);
    }
    run->observer->progress(run->observer->context, &progress);
}

void dbw_run_tell_end(dbw_run *run)
{
    if (!run->observer->progress)
        return;
    dbw_progress progress = copied_so_far(run);
    run->observer->progress(run->observer->context, &progress);
}

dbw_status dbw_run_poll(dbw_run *run, bool now, dbw_error *error)
{
    int64_t time = dbw_clock_monotonic();
    if (!now && time - run->told < TELL_EVERY)
        return DBW_OK;
    run->told = time;
    atomic_store(&run->polled, time);
    if (run->observer->progress)
        tell(run);
    dbw_wish wish =
        run->observer->wish ? run->observer->wish(run->observer->context) : DBW_WISH_GO_ON;
    if (wish == DBW_WISH_GO_ON)
        return DBW_OK;
    pthread_mutex_lock(&run->lock);
    if (!dbw_run_stopped(run))
        atomic_store(&run->stop, wish == DBW_WISH_PAUSE ? DBW_STOP_PAUSE : DBW_STOP_CANCEL);
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
    return dbw_run_stop_error(run, error);
}

/* --- failures --------------------------------------------------------------------------------- */

void dbw_run_fail(dbw_run *run, const dbw_error *error)
{
    pthread_mutex_lock(&run->lock);
    if (!run->has_failed && !dbw_run_stopped(run)) {
        run->failure = *error;
        run->has_failed = true;
        atomic_store(&run->stop, DBW_STOP_FAILED);
    }
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
}

dbw_status dbw_run_stop_error(dbw_run *run, dbw_error *error)
{
    switch ((dbw_stop)atomic_load(&run->stop)) {
    case DBW_STOP_PAUSE:
        return dbw_fail(error, DBW_E_PAUSED, "paused on request");
    case DBW_STOP_CANCEL:
        return dbw_fail(error, DBW_E_CANCELLED, "cancelled on request");
    case DBW_STOP_FAILED:
        pthread_mutex_lock(&run->lock);
        *error = run->failure;
        pthread_mutex_unlock(&run->lock);
        return error->code;
    case DBW_STOP_NO:
    default:
        return dbw_fail(error, DBW_E_INTERNAL, "stopped without a reason");
    }
}
