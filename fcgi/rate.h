/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_RATE_H
#define DBW_FCGI_RATE_H
/* A token bucket per process: `burst` at once, then one each `interval`. Safe for threads. */
#include "base/clock.h"

#include <pthread.h>

typedef struct dbw_rate {
    pthread_mutex_t lock;
    int64_t interval; /* microseconds per token */
    int64_t burst;
    int64_t empty_at; /* the bucket is as if it had been empty then */
} dbw_rate;

void dbw_rate_init(dbw_rate *rate, int64_t burst, int64_t per_minute);

/** Takes one; otherwise returns the seconds to wait, at least 1. 0: taken. */
int dbw_rate_take(dbw_rate *rate);

#endif
