/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_MODEL_CALENDAR_H
#define DBW_MODEL_CALENDAR_H
/*
 * The proleptic Gregorian calendar as arithmetic: days since 1970-01-01 ↔ year, month, day.
 * Years are astronomical (0 is 1 BC). Nothing is parsed here: that is each reader's own affair.
 */
#include "base/dbw.h"

typedef struct dbw_civil {
    int64_t year;
    int month; /* 1–12 */
    int day;   /* 1–31 */
} dbw_civil;

/** Days since 1970-01-01; the date must be valid. Years within ±5,000,000. */
int64_t dbw_calendar_days(int64_t year, int month, int day);

dbw_civil dbw_calendar_civil(int64_t days);

/** Whether the date exists. */
bool dbw_calendar_valid(int64_t year, int month, int day);

enum { DBW_CALENDAR_TEXT = 48 };

/** "2026-01-02"; "infinity", "-infinity"; years beyond 9999 and before 1 with sign (ISO 8601). */
void dbw_calendar_date(int64_t days, char out[DBW_CALENDAR_TEXT]);

/** "03:04:05" or "03:04:05.678901"; negative and beyond 24 h as they are. */
void dbw_calendar_time(int64_t microseconds, char out[DBW_CALENDAR_TEXT]);

/** "2026-01-02 03:04:05.678901", with "Z" behind it when `utc`. No fraction when it is zero. */
void dbw_calendar_timestamp(int64_t microseconds, bool utc, char out[DBW_CALENDAR_TEXT]);

#endif
