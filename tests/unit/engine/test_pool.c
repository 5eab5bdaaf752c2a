/* SPDX-License-Identifier: Apache-2.0 */
/* The pool over a scripted engine: connections are counted, pings fail on demand. */
#include "../test.h"

#include "engine/engine.h"
#include "engine/pool.h"

#include <pthread.h>
#include <stdatomic.h>

static atomic_int opened, closed, rolled_back;
static atomic_bool ping_fails, open_fails, in_transaction;

static dbw_status fake_open(const dbw_url *url, const dbw_open_options *options, dbw_database **out,
                            dbw_error *error)
{
    (void)url;
    (void)options;
    if (open_fails)
        return dbw_fail(error, DBW_E_UNREACHABLE, "unable to connect: scripted");
    *out = calloc(1, sizeof **out);
    opened++;
    return DBW_OK;
}

static void fake_close(dbw_database *database)
{
    closed++;
    free(database);
}

static dbw_status fake_ping(dbw_database *database, dbw_error *error)
{
    (void)database;
    return ping_fails ? dbw_fail(error, DBW_E_UNREACHABLE, "gone") : DBW_OK;
}

static void fake_rollback(dbw_database *database)
{
    (void)database;
    rolled_back++;
}

static bool fake_in_transaction(const dbw_database *database)
{
    (void)database;
    return in_transaction;
}

static dbw_driver driver = {.pooled = true,
                            .open = fake_open,
                            .close = fake_close,
                            .ping = fake_ping,
                            .rollback = fake_rollback,
                            .in_transaction = fake_in_transaction};
static const dbw_engine fake = {.backend = "fake", .label = "Fake", .driver = &driver};

/* The registry is replaced: this program links the pool and the public functions alone. */
dbw_status dbw_engine_find(const char *backend, const dbw_engine **out, dbw_error *error)
{
    (void)backend;
    (void)error;
    *out = &fake;
    return DBW_OK;
}

static dbw_url url = {.backend = (char[]){"fake"}};

static dbw_pool *pool_of(int size, int overflow, int64_t timeout_ms, int64_t recycle_ms)
{
    dbw_error error;
    dbw_pool *pool = NULL;
    dbw_pool_options options = {size, overflow, timeout_ms, recycle_ms};
    opened = closed = rolled_back = 0;
    ping_fails = open_fails = in_transaction = false;
    driver.pooled = true;
    assert_ok(&error, dbw_pool_new(&url, NULL, &options, &pool, &error));
    return pool;
}

static void a_connection_is_used_again(void **state)
{
    (void)state;
    dbw_error error;
    dbw_pool *pool = pool_of(2, 0, 100, -1);
    dbw_database *first, *second;
    assert_ok(&error, dbw_pool_get(pool, &first, &error));
    in_transaction = true;
    dbw_pool_put(pool, first, false);
    assert_int_equal(rolled_back, 1);
    in_transaction = false;
    assert_ok(&error, dbw_pool_get(pool, &second, &error));
    assert_ptr_equal(first, second);
    assert_int_equal(opened, 1);
    dbw_pool_put(pool, second, true);
    assert_int_equal(closed, 1);
    dbw_pool_free(pool);
}

static void overflow_is_closed_and_the_limit_reported(void **state)
{
    (void)state;
    dbw_error error;
    dbw_pool *pool = pool_of(1, 1, 50, -1);
    dbw_database *a, *b, *c;
    assert_ok(&error, dbw_pool_get(pool, &a, &error));
    assert_ok(&error, dbw_pool_get(pool, &b, &error));
    assert_fails(&error, DBW_E_TIMEOUT,
                 "pool limit of size 1 overflow 1 reached: no connection came free within 0.05 s",
                 dbw_pool_get(pool, &c, &error));
    dbw_pool_put(pool, a, false);
    dbw_pool_put(pool, b, false);
    assert_int_equal(closed, 1);
    assert_int_equal(dbw_pool_look(pool).idle, 1);
    dbw_pool_free(pool);
    assert_int_equal(closed, 2);
}

static void dead_and_old_connections_are_replaced(void **state)
{
    (void)state;
    dbw_error error;
    dbw_pool *pool = pool_of(1, 0, 50, 0);
    dbw_database *a;
    assert_ok(&error, dbw_pool_get(pool, &a, &error));
    dbw_pool_put(pool, a, false);
    struct timespec moment = {0, 2000000};
    nanosleep(&moment, NULL);
    assert_ok(&error, dbw_pool_get(pool, &a, &error)); /* older than 0 ms */
    assert_int_equal(opened, 2);
    dbw_pool_put(pool, a, false);
    dbw_pool_free(pool);

    pool = pool_of(1, 0, 50, -1);
    assert_ok(&error, dbw_pool_get(pool, &a, &error));
    dbw_pool_put(pool, a, false);
    ping_fails = true;
    assert_ok(&error, dbw_pool_get(pool, &a, &error));
    assert_int_equal(opened, 2);
    assert_int_equal(closed, 1);
    dbw_pool_put(pool, a, false);

    open_fails = true;
    assert_fails(&error, DBW_E_UNREACHABLE, "unable to connect: scripted",
                 dbw_pool_get(pool, &a, &error));
    open_fails = ping_fails = false;
    assert_ok(&error, dbw_pool_get(pool, &a, &error)); /* the failure took no place */
    dbw_pool_put(pool, a, false);
    dbw_pool_free(pool);
}

static void an_unpooled_engine_gets_fresh_ones(void **state)
{
    (void)state;
    dbw_error error;
    dbw_pool *pool = pool_of(1, 0, 50, -1);
    driver.pooled = false;
    dbw_database *many[5];
    for (int i = 0; i < 5; i++)
        assert_ok(&error, dbw_pool_get(pool, &many[i], &error));
    for (int i = 0; i < 5; i++)
        dbw_pool_put(pool, many[i], false);
    assert_int_equal(opened, 5);
    assert_int_equal(closed, 5);
    dbw_pool_free(pool);
}

static void *borrow_often(void *context)
{
    dbw_pool *pool = context;
    for (int i = 0; i < 2000; i++) {
        dbw_error error;
        dbw_database *database;
        if (dbw_pool_get(pool, &database, &error) != DBW_OK)
            return pool;
        dbw_pool_put(pool, database, i % 97 == 0);
    }
    return NULL;
}

static void many_threads_share_it(void **state)
{
    (void)state;
    dbw_pool *pool = pool_of(2, 1, 10000, -1);
    pthread_t threads[8];
    for (size_t i = 0; i < DBW_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, borrow_often, pool), 0);
    for (size_t i = 0; i < DBW_COUNT(threads); i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(dbw_pool_look(pool).in_use, 0);
    dbw_pool_free(pool);
    assert_int_equal(opened, closed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_is_used_again),
        cmocka_unit_test(overflow_is_closed_and_the_limit_reported),
        cmocka_unit_test(dead_and_old_connections_are_replaced),
        cmocka_unit_test(an_unpooled_engine_gets_fresh_ones),
        cmocka_unit_test(many_threads_share_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
