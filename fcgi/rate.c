/* SPDX-License-Identifier: Apache-2.0 */
#include "rate.h"

void dbw_rate_init(dbw_rate *rate, int64_t burst, int64_t per_minute)
{
    pthread_mutex_init(&rate->lock, NULL);
    rate->interval = INT64_C(60000000) / per_minute;
    rate->burst = burst;
    rate->empty_at = 0;
}

int dbw_rate_take(dbw_rate *rate)
{
    int wait = 0;
    pthread_mutex_lock(&rate->lock);
    int64_t now = dbw_clock_monotonic();
    int64_t full = now - rate->burst * rate->interval;
    if (rate->empty_at < full)
        rate->empty_at = full;
    if (rate->empty_at + rate->interval <= now)
        rate->empty_at += rate->interval;
    else
        wait = (int)((rate->empty_at + rate->interval - now) / 1000000) + 1;
    pthread_mutex_unlock(&rate->lock);
    return wait;
}
