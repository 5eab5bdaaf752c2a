/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/schedule.h"

#define APART_BYTES (INT64_C(2) << 30)

/* Numbers of the key records within a table's stride. */
enum { RECORD_CONSTRAINTS = 0, RECORD_INDEX = 100000, RECORD_FOREIGN_KEY = 200000 };

struct dbw_schedule {
    dbw_run *run;
    dbw_job *jobs; /* in the order in which ready ones are taken */
    size_t count;
    size_t first; /* everything before it is taken */
    size_t left;
    size_t loads_left;
};

int64_t dbw_job_record(const dbw_job *job)
{
    int64_t base = job->table->seq * DBW_CHECKPOINT_STRIDE;
    if (job->kind == DBW_JOB_INDEX)
        return base + RECORD_INDEX + (int64_t)job->n;
    if (job->kind == DBW_JOB_FOREIGN_KEY)
        return base + RECORD_FOREIGN_KEY + (int64_t)job->n;
    return base + RECORD_CONSTRAINTS;
}

static void add(dbw_schedule *schedule, dbw_job job)
{
    dbw_run *run = schedule->run;
    bool keyed = job.kind == DBW_JOB_CONSTRAINTS || job.kind == DBW_JOB_INDEX ||
                 job.kind == DBW_JOB_FOREIGN_KEY;
    const dbw_record *record =
        keyed ? dbw_run_record(run, DBW_RECORD_KEY, dbw_job_record(&job)) : NULL;
    if (record && strcmp(record->state, "done") == 0)
        return;
    if (job.kind == DBW_JOB_LOAD) {
        schedule->loads_left++;
        job.table->rechecks_left += job.recheck;
    }
    if (job.kind != DBW_JOB_FOREIGN_KEY && job.kind != DBW_JOB_ANALYZE)
        job.table->key_jobs++;
    *DBW_APPEND(run->arena, schedule->jobs, schedule->count) = job;
}

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static dbw_run_table *parent_of(dbw_run *run, const dbw_foreign_key *key)
{
    for (size_t i = 0; i < run->table_count; i++) {
        const dbw_table *target = run->tables[i].plan->target;
        if (strcmp(target->name, key->referenced_table) == 0 &&
            same(target->schema, key->referenced_schema))
            return &run->tables[i];
    }
    return NULL;
}

static void add_loads(dbw_schedule *schedule, dbw_run_table *table)
{
    for (size_t i = 0; i < table->chunk_count; i++)
        add(schedule, (dbw_job){.kind = DBW_JOB_LOAD,
                                .table = table,
                                .chunk = &table->chunks[i],
                                .recheck = table->chunks[i].state == DBW_CHUNK_RECHECK,
                                .weight = schedule->run->in_order
                                              ? -(int64_t)(table - schedule->run->tables)
                                              : table->plan->bytes / (int64_t)table->chunk_count});
}

static void add_keys(dbw_schedule *schedule, dbw_run_table *table)
{
    dbw_run *run = schedule->run;
    const dbw_table *target = table->plan->target;
    int64_t weight = table->plan->bytes;
    for (size_t i = 0; i < run->record_count; i++) {
        const dbw_record *record = &run->records[i];
        if (record->kind == DBW_RECORD_LIFTED && strcmp(record->state, "lifted") == 0 &&
            strcmp(dbw_record_text(record, "kind"), "index") == 0 &&
            strcmp(dbw_record_text(record, "table"), target->name) == 0)
            add(schedule,
                (dbw_job){.kind = DBW_JOB_RESTORE, .table = table, .n = i, .weight = weight});
    }
    if (table->plan->action != DBW_PLAN_CREATE)
        return;
    add(schedule, (dbw_job){.kind = DBW_JOB_CONSTRAINTS, .table = table, .weight = weight});
    for (size_t i = 0; i < target->index_count; i++)
        add(schedule, (dbw_job){.kind = DBW_JOB_INDEX, .table = table, .n = i, .weight = weight});
}

static void add_foreign_keys(dbw_schedule *schedule, dbw_run_table *table)
{
    const dbw_table *target = table->plan->target;
    if (table->plan->action != DBW_PLAN_CREATE)
        return;
    for (size_t i = 0; i < target->foreign_key_count; i++) {
        dbw_run_table *parent = parent_of(schedule->run, &target->foreign_keys[i]);
        add(schedule, (dbw_job){.kind = DBW_JOB_FOREIGN_KEY,
                                .table = table,
                                .parent = parent == table ? NULL : parent,
                                .n = i,
                                .weight = table->plan->bytes});
    }
}

static int by_turn(const void *left, const void *right)
{
    const dbw_job *a = left, *b = right;
    /* Constraints and indexes compete by size alone. */
    int group_a = a->kind == DBW_JOB_LOAD ? 0 : a->kind < DBW_JOB_FOREIGN_KEY ? 1 : (int)a->kind;
    int group_b = b->kind == DBW_JOB_LOAD ? 0 : b->kind < DBW_JOB_FOREIGN_KEY ? 1 : (int)b->kind;
    if (group_a != group_b)
        return group_a - group_b;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->table->seq != b->table->seq)
        return a->table->seq < b->table->seq ? -1 : 1;
    if (a->kind != b->kind)
        return (int)a->kind - (int)b->kind;
    if (a->chunk && b->chunk)
        return a->chunk->n < b->chunk->n ? -1 : 1;
    return a->n < b->n ? -1 : a->n > b->n;
}

/* Makes jobs ready whose tables have no key job left. */
static void settle(dbw_schedule *schedule)
{
    for (size_t i = 0; i < schedule->count; i++) {
        dbw_job *job = &schedule->jobs[i];
        if (job->kind == DBW_JOB_LOAD)
            job->ready = job->recheck || job->table->rechecks_left == 0;
        else if (job->kind == DBW_JOB_FOREIGN_KEY || job->kind == DBW_JOB_ANALYZE)
            job->ready = job->table->key_jobs == 0 && (!job->parent || job->parent->key_jobs == 0);
        else
            job->ready = job->table->chunks_left == 0;
    }
}

dbw_schedule *dbw_schedule_new(dbw_run *run)
{
    dbw_schedule *schedule = DBW_NEW(run->arena, dbw_schedule);
    schedule->run = run;
    for (size_t i = 0; i < run->table_count; i++) {
        dbw_run_table *table = &run->tables[i];
        table->chunks_left = table->chunk_count;
        table->rechecks_left = 0;
        table->key_jobs = 0;
        add_loads(schedule, table);
        add_keys(schedule, table);
        add_foreign_keys(schedule, table);
        add(schedule,
            (dbw_job){.kind = DBW_JOB_ANALYZE, .table = table, .weight = table->plan->bytes});
    }
    if (schedule->count)
        qsort(schedule->jobs, schedule->count, sizeof *schedule->jobs, by_turn);
    schedule->left = schedule->count;
    settle(schedule);
    return schedule;
}

/* What locks a table for itself waits for those who work on it, for half a minute at most where the
 * server limits it: on large tables such jobs are kept apart. */
static bool kept_apart(const dbw_job *job)
{
    const dbw_run_table *table = job->table;
    if (job->weight < APART_BYTES)
        return false;
    return job->kind == DBW_JOB_CONSTRAINTS ? table->in_indexes > 0
                                            : job->kind == DBW_JOB_INDEX && table->in_constraints;
}

static bool allowed(const dbw_job *job)
{
    if (!job->ready || job->taken || kept_apart(job))
        return false;
    if (job->kind != DBW_JOB_FOREIGN_KEY && job->kind != DBW_JOB_ANALYZE)
        return true;
    return !job->table->in_foreign_key && (!job->parent || !job->parent->in_foreign_key);
}

static dbw_job *find(dbw_schedule *schedule)
{
    while (schedule->first < schedule->count && schedule->jobs[schedule->first].taken)
        schedule->first++;
    for (size_t i = schedule->first; i < schedule->count; i++)
        if (allowed(&schedule->jobs[i]))
            return &schedule->jobs[i];
    return NULL;
}

static void mark(dbw_job *job, bool busy)
{
    dbw_run_table *table = job->table;
    if (job->kind == DBW_JOB_CONSTRAINTS)
        table->in_constraints = busy;
    if (job->kind == DBW_JOB_INDEX)
        table->in_indexes = busy ? table->in_indexes + 1 : table->in_indexes - 1;
    if (job->kind != DBW_JOB_FOREIGN_KEY)
        return;
    table->in_foreign_key = busy;
    if (job->parent)
        job->parent->in_foreign_key = busy;
}

dbw_job *dbw_schedule_take(dbw_schedule *schedule)
{
    dbw_run *run = schedule->run;
    dbw_job *job = NULL;
    pthread_mutex_lock(&run->lock);
    while (!dbw_run_stopped(run) && schedule->left > 0 && !(job = find(schedule)))
        pthread_cond_wait(&run->changed, &run->lock);
    if (job) {
        job->taken = true;
        mark(job, true);
    }
    pthread_mutex_unlock(&run->lock);
    return job;
}

void dbw_schedule_again(dbw_schedule *schedule, dbw_job *job)
{
    dbw_run *run = schedule->run;
    pthread_mutex_lock(&run->lock);
    job->chunk->state = DBW_CHUNK_TODO;
    job->recheck = false;
    job->table->rechecks_left--;
    job->taken = false;
    schedule->first = 0;
    settle(schedule);
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
}

void dbw_schedule_done(dbw_schedule *schedule, dbw_job *job)
{
    dbw_run *run = schedule->run;
    dbw_run_table *table = job->table;
    pthread_mutex_lock(&run->lock);
    mark(job, false);
    schedule->left--;
    if (job->kind == DBW_JOB_LOAD) {
        schedule->loads_left--;
        table->chunks_left--;
        table->rechecks_left -= job->recheck;
    }
    if (job->kind != DBW_JOB_FOREIGN_KEY && job->kind != DBW_JOB_ANALYZE)
        table->key_jobs--;
    settle(schedule);
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
}

bool dbw_schedule_loaded(dbw_schedule *schedule)
{
    pthread_mutex_lock(&schedule->run->lock);
    bool loaded = schedule->loads_left == 0;
    pthread_mutex_unlock(&schedule->run->lock);
    return loaded;
}

bool dbw_schedule_finished(dbw_schedule *schedule)
{
    pthread_mutex_lock(&schedule->run->lock);
    bool finished = schedule->left == 0;
    pthread_mutex_unlock(&schedule->run->lock);
    return finished;
}
