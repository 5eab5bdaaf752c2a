/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_DATETIME_H
#define DBW_TRANSFER_DATETIME_H
/*
 * Dates and times written as text, as ISO 8601 has them and as programs write them:
 *
 *   2026-01-02                       2026-01-02T03:04           03:04
 *   2026-01-02 03:04:05.678901       2026-01-02T03:04:05Z       03:04:05.6
 *   2026-01-02 03:04:05+02:00, +0200, +02, " +02:00", Z, " UTC"
 *
 *   -0043-03-15, +12024-01-01        infinity, -infinity          24:00:00, of times alone
 *
 * Years have four digits, 0001–9999, unless they have a sign. Fractions of a second may have 1–9
 * digits; those below a microsecond are cut, and DBW_DATETIME_CUT tells when that lost something.
 */
#include "base/text.h"
#include "model/calendar.h"
#include "model/value.h"

enum {
    DBW_DATETIME_DATE = 1,
    DBW_DATETIME_TIME = 2,
    DBW_DATETIME_ZONE = 4,
    DBW_DATETIME_CUT = 8,
    DBW_DATETIME_ENDLESS = 16 /* `days` is DBW_INFINITY or DBW_MINUS_INFINITY */
};

typedef struct dbw_datetime {
    int64_t days;         /* since 1970-01-01; 0 without DATE */
    int64_t microseconds; /* since midnight; 0 without TIME */
    int32_t zone_minutes; /* east of UTC; 0 without ZONE */
    unsigned parts;
} dbw_datetime;

/** NULL, or why the text is none: "not a date or time", "a zero date", "a date that does not
 *  exist", "a time that does not exist", "a year outside 1 to 9999". */
const char *dbw_datetime_parse(dbw_text text, dbw_datetime *out);

/** Whether that reason tells of a day that is in no calendar. */
bool dbw_datetime_impossible(const char *reason);

/** Whether the text is a date whose year, month or day is zero ("0000-00-00", MySQL's habit). */
bool dbw_datetime_is_zero(dbw_text text);

/** Microseconds since 1970-01-01 00:00 on its own clock; the zone is not looked at. */
static inline int64_t dbw_datetime_local(const dbw_datetime *datetime)
{
    return datetime->days * INT64_C(86400000000) + datetime->microseconds;
}

/** Microseconds since 1970-01-01 00:00 UTC; `zone_minutes` counts where the text has no zone. */
static inline int64_t dbw_datetime_utc(const dbw_datetime *datetime, int32_t zone_minutes)
{
    int32_t zone = datetime->parts & DBW_DATETIME_ZONE ? datetime->zone_minutes : zone_minutes;
    return dbw_datetime_local(datetime) - zone * INT64_C(60000000);
}

/** Writes it in the first of the spellings above. */
void dbw_datetime_format(const dbw_datetime *datetime, char out[DBW_CALENDAR_TEXT]);

/** Whether a timestamp in microseconds lies within the years 1 to 9999. */
static inline bool dbw_datetime_in_range(int64_t microseconds)
{
    return microseconds >= INT64_C(-62135596800000000) &&
           microseconds < INT64_C(253402300800000000);
}

/** Whether it is a time of a day: at least 0 and at most 24:00:00, which PostgreSQL has too. */
static inline bool dbw_time_of_day(int64_t microseconds)
{
    return microseconds >= 0 && microseconds <= INT64_C(86400000000);
}

#endif
