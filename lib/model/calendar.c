/* SPDX-License-Identifier: Apache-2.0 */
#include "model/calendar.h"

#include <inttypes.h>

/* Years are counted from March, so that the leap day ends the year; 400 years are 146,097 days. */
enum { DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468 };

static const int64_t day_micros = INT64_C(86400000000);

int64_t dbw_calendar_days(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int month_from_march = (month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

dbw_civil dbw_calendar_civil(int64_t days)
{
    int64_t z = days + DAYS_TO_1970;
    int64_t era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int64_t day_of_era = z - era * DAYS_PER_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (int)((5 * day_of_year + 2) / 153);
    int day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return (dbw_civil){year_of_era + era * 400 + (month <= 2), month, day};
}

bool dbw_calendar_valid(int64_t year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1)
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= lengths[month - 1] + (month == 2 && leap);
}

void dbw_calendar_date(int64_t days, char out[DBW_CALENDAR_TEXT])
{
    if (days == INT64_MAX || days == INT64_MIN) {
        snprintf(out, DBW_CALENDAR_TEXT, days > 0 ? "infinity" : "-infinity");
        return;
    }
    dbw_civil c = dbw_calendar_civil(days);
    bool plain = c.year >= 1 && c.year <= 9999;
    snprintf(out, DBW_CALENDAR_TEXT, plain ? "%04" PRId64 "-%02d-%02d" : "%+05" PRId64 "-%02d-%02d",
             c.year, c.month, c.day);
}

void dbw_calendar_time(int64_t microseconds, char out[DBW_CALENDAR_TEXT])
{
    uint64_t t = microseconds < 0 ? -(uint64_t)microseconds : (uint64_t)microseconds;
    unsigned micros = (unsigned)(t % 1000000);
    uint64_t seconds = t / 1000000;
    int n =
        snprintf(out, DBW_CALENDAR_TEXT, "%s%02" PRIu64 ":%02u:%02u", microseconds < 0 ? "-" : "",
                 seconds / 3600, (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
    if (micros && n > 0)
        snprintf(out + n, DBW_CALENDAR_TEXT - (size_t)n, ".%06u", micros);
}

void dbw_calendar_timestamp(int64_t microseconds, bool utc, char out[DBW_CALENDAR_TEXT])
{
    if (microseconds == INT64_MAX || microseconds == INT64_MIN) {
        dbw_calendar_date(microseconds, out);
        return;
    }
    int64_t days = microseconds / day_micros, rest = microseconds % day_micros;
    if (rest < 0) {
        rest += day_micros;
        days--;
    }
    char time[DBW_CALENDAR_TEXT];
    dbw_calendar_date(days, out);
    dbw_calendar_time(rest, time);
    size_t n = strlen(out);
    snprintf(out + n, DBW_CALENDAR_TEXT - n, " %.16s%s", time, utc ? "Z" : "");
}
