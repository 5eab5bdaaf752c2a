/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/pool.h"

#include "engine/engine.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

const dbw_pool_options dbw_pool_defaults = {10, 20, 30000, 1800000};

struct idle {
    dbw_database *database;
    int64_t opened; /* monotonic microseconds */
};

struct dbw_pool {
    const dbw_url *url;
    const dbw_engine *engine;
    dbw_open_options open_options;
    dbw_pool_options options;
    pthread_mutex_t lock;
    pthread_cond_t returned;
    struct idle *idle; /* the oldest first: FIFO, as QueuePool has it */
    int idle_count;
    struct idle *used; /* handed out, with their age */
    int used_count, used_room;
    int opening; /* places taken while a connection is being made */
};

dbw_status dbw_pool_new(const dbw_url *url, const dbw_open_options *open_options,
                        const dbw_pool_options *options, dbw_pool **out, dbw_error *error)
{
    const dbw_engine *engine;
    DBW_TRY(dbw_engine_find(url->backend, &engine, error));
    dbw_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return dbw_fail_memory(error);
    pool->url = url;
    pool->engine = engine;
    if (open_options)
        pool->open_options = *open_options;
    pool->options = options ? *options : dbw_pool_defaults;
    pool->idle = calloc((size_t)pool->options.size + 1, sizeof *pool->idle);
    if (!pool->idle) {
        free(pool);
        return dbw_fail_memory(error);
    }
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->returned, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&pool->lock, NULL);
    *out = pool;
    return DBW_OK;
}

void dbw_pool_free(dbw_pool *pool)
{
    if (!pool)
        return;
    for (int i = 0; i < pool->idle_count; i++)
        dbw_database_close(pool->idle[i].database);
    pthread_cond_destroy(&pool->returned);
    pthread_mutex_destroy(&pool->lock);
    free(pool->idle);
    free(pool->used);
    free(pool);
}

static bool take_idle(dbw_pool *pool, struct idle *out)
{
    if (pool->idle_count == 0)
        return false;
    *out = pool->idle[0];
    pool->idle_count--;
    memmove(pool->idle, pool->idle + 1, (size_t)pool->idle_count * sizeof *pool->idle);
    return true;
}

static bool may_open(const dbw_pool *pool)
{
    if (!pool->engine->driver->pooled || pool->options.max_overflow < 0)
        return true;
    int open = pool->idle_count + pool->used_count + pool->opening;
    return open < pool->options.size + pool->options.max_overflow;
}

static dbw_status limit_reached(const dbw_pool *pool, dbw_error *error)
{
    dbw_fail(error, DBW_E_TIMEOUT,
             "pool limit of size %d overflow %d reached: no connection came free within %.2f s",
             pool->options.size, pool->options.max_overflow,
             (double)pool->options.timeout_ms / 1000);
    return dbw_hint(error, "Raise DB_POOL_SIZE or DB_MAX_OVERFLOW, or look for connections that "
                           "are never given back.");
}

/* Waits, with the lock held, for an idle connection or a place to open one. */
static dbw_status wait_for_place(dbw_pool *pool, struct idle *out, dbw_error *error)
{
    dbw_deadline deadline = dbw_deadline_in(pool->options.timeout_ms);
    struct timespec until = {deadline / 1000000, deadline % 1000000 * 1000};
    *out = (struct idle){0};
    while (!take_idle(pool, out)) {
        if (may_open(pool))
            return DBW_OK;
        if (pthread_cond_timedwait(&pool->returned, &pool->lock, &until) == ETIMEDOUT &&
            pool->idle_count == 0 && !may_open(pool))
            return limit_reached(pool, error);
    }
    return DBW_OK;
}

static bool still_good(const dbw_pool *pool, const struct idle *idle)
{
    dbw_error ignored;
    int64_t age = dbw_clock_monotonic() - idle->opened;
    if (pool->options.recycle_ms >= 0 && age > pool->options.recycle_ms * 1000)
        return false;
    return dbw_database_ping(idle->database, &ignored) == DBW_OK;
}

static dbw_status remember(dbw_pool *pool, struct idle idle, dbw_error *error)
{
    if (pool->used_count == pool->used_room) {
        int room = pool->used_room ? 2 * pool->used_room : 8;
        struct idle *grown = realloc(pool->used, (size_t)room * sizeof *grown);
        if (!grown)
            return dbw_fail_memory(error);
        pool->used = grown;
        pool->used_room = room;
    }
    pool->used[pool->used_count++] = idle;
    return DBW_OK;
}

dbw_status dbw_pool_get(dbw_pool *pool, dbw_database **out, dbw_error *error)
{
    struct idle idle;
    *out = NULL;
    pthread_mutex_lock(&pool->lock);
    dbw_status status = wait_for_place(pool, &idle, error);
    if (status == DBW_OK)
        pool->opening++;
    pthread_mutex_unlock(&pool->lock);
    if (status != DBW_OK)
        return status;

    /* Outside the lock: a ping or a connect may take its whole time-out. */
    if (idle.database && !still_good(pool, &idle)) {
        dbw_database_close(idle.database);
        idle.database = NULL;
    }
    if (!idle.database) {
        idle.opened = dbw_clock_monotonic();
        status = dbw_database_open(pool->url, &pool->open_options, &idle.database, error);
    }

    pthread_mutex_lock(&pool->lock);
    pool->opening--;
    if (status == DBW_OK)
        status = remember(pool, idle, error);
    if (status != DBW_OK)
        pthread_cond_signal(&pool->returned);
    pthread_mutex_unlock(&pool->lock);
    if (status != DBW_OK)
        dbw_database_close(idle.database);
    else
        *out = idle.database;
    return status;
}

static int64_t forget(dbw_pool *pool, const dbw_database *database)
{
    for (int i = 0; i < pool->used_count; i++) {
        if (pool->used[i].database != database)
            continue;
        int64_t opened = pool->used[i].opened;
        pool->used[i] = pool->used[--pool->used_count];
        return opened;
    }
    return 0;
}

void dbw_pool_put(dbw_pool *pool, dbw_database *database, bool broken)
{
    if (!database)
        return;
    if (!broken && pool->engine->driver->in_transaction(database))
        dbw_rollback(database);
    pthread_mutex_lock(&pool->lock);
    int64_t opened = forget(pool, database);
    bool keep = !broken && pool->engine->driver->pooled &&
                pool->idle_count + pool->used_count + pool->opening < pool->options.size;
    if (keep)
        pool->idle[pool->idle_count++] = (struct idle){database, opened};
    pthread_cond_signal(&pool->returned);
    pthread_mutex_unlock(&pool->lock);
    if (!keep)
        dbw_database_close(database);
}

dbw_pool_stats dbw_pool_look(dbw_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    dbw_pool_stats stats = {pool->idle_count, pool->used_count};
    pthread_mutex_unlock(&pool->lock);
    return stats;
}
