/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/summing.h"

#include "transfer/ddl.h"
#include "transfer/sample.h"

enum { LOOK_MS = 50 };

typedef struct pool {
    dbw_run *run;
    dbw_sum_task **order;
    size_t count;
    size_t next; /* guarded by run->lock */
    size_t working;
} pool;

typedef struct worker {
    pool *pool;
    pthread_t thread;
    bool started;
    dbw_database *source, *target;
    dbw_sum *sum;
    int64_t told; /* rows of the present table that the progress knows */
} worker;

static dbw_status count_progress(void *context, int64_t rows, dbw_error *error)
{
    worker *w = context;
    atomic_fetch_add(&w->pool->run->verified_rows, rows - w->told);
    w->told = rows;
    return dbw_run_stopped(w->pool->run) ? dbw_run_stop_error(w->pool->run, error) : DBW_OK;
}

/* count(*) would count the rows of those that inherit the table too. */
static dbw_status count_by_scan(dbw_database *database, const dbw_table *table, int64_t *count,
                                dbw_error *error)
{
    const size_t first = 0;
    dbw_scan scan = {.table = table, .columns = &first, .column_count = 1, .limit = -1};
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_database_engine(database)->bulk->scan(database, &scan, &rows, error));
    *count = 0;
    dbw_status status = dbw_rows_next(rows, &row, error);
    for (; status == DBW_OK && row; status = dbw_rows_next(rows, &row, error))
        ++*count;
    dbw_rows_close(rows);
    return status;
}

static dbw_status count_table(worker *w, dbw_sum_task *task, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_database *database = task->of_source ? w->source : w->target;
    const dbw_table *table =
        task->of_source ? task->table->plan->source : task->table->plan->target;
    if (table->inherited) {
        dbw_arena_free(arena);
        return count_by_scan(database, table, &task->rows, error);
    }
    char *name =
        dbw_ddl_qualified(arena, dbw_database_engine(database), table->schema, table->name);
    dbw_value value;
    dbw_status status =
        dbw_fetch_value(database, arena, dbw_arena_printf(arena, "SELECT count(*) FROM %s", name),
                        NULL, 0, &value, error);
    task->rows = status == DBW_OK && value.kind == DBW_KIND_INT64 ? value.int64 : 0;
    dbw_arena_free(arena);
    return status;
}

static dbw_status sum_table(worker *w, dbw_sum_task *task, dbw_error *error)
{
    const dbw_run_table *table = task->table;
    const dbw_plan_table *plan = table->plan;
    dbw_verify_side side = {
        .database = task->of_source ? w->source : w->target,
        .table = task->of_source ? plan->source : plan->target,
        .columns = task->of_source ? table->source_columns : table->target_columns,
        .canonical = task->of_source ? table->source_canonical : table->target_canonical};
    dbw_arena *arena = dbw_arena_new();
    dbw_sample_sides(arena, table, &side, task->of_source);
    w->told = 0;
    dbw_status status = dbw_verify_sum(&side, plan->column_count, plan->key, plan->key_count,
                                       count_progress, w, w->sum, error);
    dbw_arena_free(arena);
    DBW_TRY(status);
    task->rows = w->sum->rows;
    atomic_fetch_add(&w->pool->run->verified_rows, task->rows - w->told);
    DBW_TRY(dbw_packed_add(&task->sum, w->sum, error));
    return table->sample_count ? count_table(w, task, error) : DBW_OK;
}

static dbw_sum_task *next_task(pool *p)
{
    dbw_sum_task *task = NULL;
    pthread_mutex_lock(&p->run->lock);
    if (p->next < p->count && !dbw_run_stopped(p->run))
        task = p->order[p->next++];
    pthread_mutex_unlock(&p->run->lock);
    return task;
}

static void *worker_main(void *argument)
{
    worker *w = argument;
    pool *p = w->pool;
    dbw_error error;
    dbw_sum_task *task;
    while ((task = next_task(p))) {
        dbw_error_clear(&error);
        atomic_store(&task->table->status, "verifying");
        dbw_status status =
            task->count_only ? count_table(w, task, &error) : sum_table(w, task, &error);
        atomic_store(&task->table->status, "done");
        if (status != DBW_OK) {
            dbw_error_prefix(&error, "unable to read table '%s' for verification",
                             task->table->name);
            dbw_run_fail(p->run, &error);
            break;
        }
    }
    pthread_mutex_lock(&p->run->lock);
    p->working--;
    pthread_cond_broadcast(&p->run->changed);
    pthread_mutex_unlock(&p->run->lock);
    return NULL;
}

/* Waits for the workers; the observer's wish interrupts them. */
static void watch(pool *p, worker *workers, size_t count)
{
    dbw_run *run = p->run;
    dbw_error wish;
    bool working = true;
    while (working) {
        dbw_error_clear(&wish);
        if (dbw_run_poll(run, false, &wish) != DBW_OK || dbw_run_stopped(run))
            for (size_t i = 0; i < count; i++)
                dbw_database_cancel(workers[i].target);
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_mutex_lock(&run->lock);
        if (p->working > 0)
            pthread_cond_timedwait(&run->changed, &run->lock, &until);
        working = p->working > 0;
        pthread_mutex_unlock(&run->lock);
    }
}

static int by_size(const void *left, const void *right)
{
    const dbw_sum_task *a = *(dbw_sum_task *const *)left, *b = *(dbw_sum_task *const *)right;
    int64_t x = a->table->plan->bytes, y = b->table->plan->bytes;
    if (x != y)
        return x > y ? -1 : 1;
    return a < b ? -1 : a > b;
}

static dbw_status start(pool *p, worker *workers, size_t count, dbw_error *error)
{
    dbw_run *run = p->run;
    for (size_t i = 0; i < count; i++) {
        worker *w = &workers[i];
        w->pool = p;
        w->source = run->source->bulk->snapshot_reader(run->snapshot, i);
        w->target = run->targets[i];
        w->sum = malloc(sizeof *w->sum);
        if (!w->sum)
            return dbw_fail_memory(error);
        pthread_mutex_lock(&run->lock);
        p->working++;
        pthread_mutex_unlock(&run->lock);
        w->started = pthread_create(&w->thread, NULL, worker_main, w) == 0;
        if (w->started)
            continue;
        pthread_mutex_lock(&run->lock);
        p->working--;
        pthread_mutex_unlock(&run->lock);
        return dbw_fail(error, DBW_E_LIMIT, "unable to start a thread for verifying");
    }
    return DBW_OK;
}

dbw_status dbw_summing_run(dbw_run *run, dbw_sum_task *tasks, size_t count, dbw_error *error)
{
    worker workers[DBW_RUN_STREAMS] = {0};
    size_t threads = run->streams < count ? run->streams : count;
    pool p = {.run = run, .count = count};
    p.order = calloc(count + 1, sizeof(dbw_sum_task *));
    if (!p.order)
        return dbw_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        p.order[i] = &tasks[i];
    qsort(p.order, count, sizeof(dbw_sum_task *), by_size);
    dbw_status status = start(&p, workers, threads, error);
    if (status != DBW_OK)
        dbw_run_fail(run, error);
    watch(&p, workers, threads);
    for (size_t i = 0; i < threads; i++) {
        if (workers[i].started)
            pthread_join(workers[i].thread, NULL);
        free(workers[i].sum);
    }
    free(p.order);
    if (!dbw_run_stopped(run))
        return DBW_OK;
    for (size_t i = 0; i < count; i++)
        dbw_packed_free(&tasks[i].sum);
    return dbw_run_stop_error(run, error);
}

/* --- differences ------------------------------------------------------------------------------ */

static bool expected(dbw_run *run, const dbw_difference *difference)
{
    return difference->kind != DBW_DIFFERENCE_EXTRA &&
           dbw_ledger_knows(run->ledger, difference->table, difference->column, difference->key);
}

static void keep_difference(dbw_run *run, const dbw_difference *found)
{
    dbw_arena *arena = run->arena;
    *DBW_APPEND(arena, run->differences, run->difference_count) =
        (dbw_difference){.kind = found->kind,
                         .table = dbw_arena_string(arena, found->table),
                         .key = dbw_arena_string(arena, found->key),
                         .column = dbw_arena_string(arena, found->column),
                         .source = dbw_arena_string(arena, found->source),
                         .target = dbw_arena_string(arena, found->target)};
}

dbw_status dbw_summing_differences(dbw_run *run, const dbw_run_table *table,
                                   const dbw_packed_sum *source, const dbw_packed_sum *target,
                                   size_t limit, dbw_error *error)
{
    const dbw_plan_table *plan = table->plan;
    dbw_verify_pair pair = {
        .source = {.database = run->source->bulk->snapshot_reader(run->snapshot, 0),
                   .table = plan->source,
                   .columns = table->source_columns,
                   .canonical = table->source_canonical},
        .target = {.database = run->targets[0],
                   .table = plan->target,
                   .columns = table->target_columns,
                   .canonical = table->target_canonical},
        .column_count = plan->column_count,
        .key = plan->key,
        .key_count = plan->key_count};
    dbw_difference *found = NULL;
    size_t count = 0;
    dbw_sum *sums = malloc(2 * sizeof *sums);
    if (!sums)
        return dbw_fail_memory(error);
    /* Whole rows are kept while they are compared; what is shown of them is short. */
    dbw_arena *scratch = dbw_arena_new();
    dbw_sample_sides(run->arena, table, &pair.source, true);
    dbw_sample_sides(run->arena, table, &pair.target, false);
    dbw_arena_set_limit(scratch, SIZE_MAX / 2);
    dbw_packed_unpack(source, &sums[0]);
    dbw_packed_unpack(target, &sums[1]);
    dbw_status status =
        dbw_verify_differences(scratch, &pair, &sums[0], &sums[1], limit, &found, &count, error);
    free(sums);
    for (size_t i = 0; status == DBW_OK && i < count; i++)
        if (!expected(run, &found[i]))
            keep_difference(run, &found[i]);
    dbw_arena_free(scratch);
    return status;
}
