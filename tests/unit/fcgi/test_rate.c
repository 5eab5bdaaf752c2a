/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "rate.h"

#include <poll.h>

static void gives_a_burst_and_then_a_wait(void **state DBW_UNUSED)
{
    dbw_rate rate;
    dbw_rate_init(&rate, 3, 2);
    for (int i = 0; i < 3; i++)
        assert_int_equal(dbw_rate_take(&rate), 0);
    int wait = dbw_rate_take(&rate);
    assert_true(wait >= 29 && wait <= 31);
    assert_true(dbw_rate_take(&rate) >= 29); /* being refused costs nothing */
}

static void fills_again(void **state DBW_UNUSED)
{
    dbw_rate rate;
    dbw_rate_init(&rate, 2, 600); /* one each 100 ms */
    while (dbw_rate_take(&rate) == 0)
        continue;
    assert_int_equal(dbw_rate_take(&rate), 1);
    (void)poll(NULL, 0, 150);
    assert_int_equal(dbw_rate_take(&rate), 0);
}

static void does_not_save_up_beyond_the_burst(void **state DBW_UNUSED)
{
    dbw_rate rate;
    dbw_rate_init(&rate, 5, 120); /* one each 500 ms: none comes back within this test */
    int taken = 0;
    while (taken < 100 && dbw_rate_take(&rate) == 0)
        taken++;
    assert_in_range(taken, 5, 6);
}

static void *take_many(void *context)
{
    dbw_rate *rate = context;
    size_t taken = 0;
    for (int i = 0; i < 1000; i++)
        taken += dbw_rate_take(rate) == 0;
    return (void *)taken;
}

static void threads_together_get_one_burst(void **state DBW_UNUSED)
{
    pthread_t threads[4];
    dbw_rate rate;
    size_t total = 0;
    dbw_rate_init(&rate, 50, 1);
    for (size_t i = 0; i < DBW_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_many, &rate), 0);
    for (size_t i = 0; i < DBW_COUNT(threads); i++) {
        void *taken;
        pthread_join(threads[i], &taken);
        total += (size_t)taken;
    }
    assert_int_equal(total, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_a_burst_and_then_a_wait),
        cmocka_unit_test(fills_again),
        cmocka_unit_test(does_not_save_up_beyond_the_burst),
        cmocka_unit_test(threads_together_get_one_burst),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
