/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POOL_H
#define DBW_ENGINE_POOL_H
/*
 * Connections kept for reuse, with the meaning of SQLAlchemy's QueuePool: up to `size` are kept, up
 * to `max_overflow` more are opened under load and closed on return; a caller waits up to
 * `timeout_ms` for one; one older than `recycle_ms` is replaced; each is pinged before it is handed
 * out. An engine whose driver is not `pooled` (SQLite) gets a fresh connection each time
 * (NullPool). Safe for any number of threads.
 */
#include "engine/database.h"

typedef struct dbw_pool dbw_pool;

typedef struct dbw_pool_options {
    int size;           /* DB_POOL_SIZE */
    int max_overflow;   /* DB_MAX_OVERFLOW; -1: no limit */
    int64_t timeout_ms; /* DB_POOL_TIMEOUT */
    int64_t recycle_ms; /* DB_POOL_RECYCLE; -1: never */
} dbw_pool_options;

/** 10, 20, 30 s, 1800 s. */
extern const dbw_pool_options dbw_pool_defaults;

/** `url` and the strings of `options` must outlive the pool. Opens nothing yet. */
dbw_status dbw_pool_new(const dbw_url *url, const dbw_open_options *open_options,
                        const dbw_pool_options *options, dbw_pool **out,
                        dbw_error *error) DBW_MUST_CHECK;

/** Closes all; every connection must have been put back. NULL is allowed. */
void dbw_pool_free(dbw_pool *pool);

/** A live connection; DBW_E_TIMEOUT "pool limit … reached" when none comes free in time. */
dbw_status dbw_pool_get(dbw_pool *pool, dbw_database **out, dbw_error *error) DBW_MUST_CHECK;

/** Gives it back; an open transaction is rolled back. `broken`: close it instead. */
void dbw_pool_put(dbw_pool *pool, dbw_database *database, bool broken);

typedef struct dbw_pool_stats {
    int idle;
    int in_use;
} dbw_pool_stats;

dbw_pool_stats dbw_pool_look(dbw_pool *pool);

#endif
