/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <limits.h>
#include <time.h>

static int64_t now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t dbw_clock_monotonic(void)
{
    return now(CLOCK_MONOTONIC);
}

int64_t dbw_clock_wall(void)
{
    return now(CLOCK_REALTIME);
}

int64_t dbw_clock_cpu(void)
{
    return now(CLOCK_PROCESS_CPUTIME_ID);
}

dbw_deadline dbw_deadline_in(int64_t milliseconds)
{
    int64_t span;
    if (milliseconds < 0 || __builtin_mul_overflow(milliseconds, 1000, &span) ||
        __builtin_add_overflow(span, dbw_clock_monotonic(), &span))
        return DBW_NEVER;
    return span;
}

int dbw_deadline_left(dbw_deadline deadline)
{
    if (deadline == DBW_NEVER)
        return -1;
    int64_t left = deadline - dbw_clock_monotonic();
    if (left <= 0)
        return 0;
    left = (left + 999) / 1000;
    return left > INT_MAX ? INT_MAX : (int)left;
}

void dbw_clock_format(int64_t wall, char out[DBW_CLOCK_TEXT])
{
    int64_t seconds = wall / 1000000, micros = wall % 1000000;
    if (micros < 0) {
        micros += 1000000;
        seconds--;
    }
    time_t time = (time_t)seconds;
    struct tm tm;
    char date[20];
    gmtime_r(&time, &tm);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out, DBW_CLOCK_TEXT, "%s.%06dZ", date, (int)micros);
}
