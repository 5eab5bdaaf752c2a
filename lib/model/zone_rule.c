/* SPDX-License-Identifier: Apache-2.0 */
/* The rule at the end of a zone's file: POSIX.1-2017, 8.3 "TZ"; times from -167 to 167 hours as
 * RFC 8536, 3.3.1 has them. */
#include "model/zone_priv.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

static bool take_char(dbw_text *text, char wanted)
{
    if (!text->length || *text->data != wanted)
        return false;
    text->data++;
    text->length--;
    return true;
}

static bool take_number(dbw_text *text, int most, int *out)
{
    int value = 0, digits = 0;
    for (; text->length && dbw_is_digit(*text->data) && digits < 3; digits++) {
        value = value * 10 + (*text->data - '0');
        text->data++;
        text->length--;
    }
    *out = value;
    return digits > 0 && value <= most;
}

/* Letters, or anything between angle brackets. */
static bool take_abbreviation(dbw_text *text)
{
    bool quoted = take_char(text, '<');
    size_t length = 0;
    while (text->length) {
        char c = dbw_lower(*text->data);
        if (quoted ? c == '>' : (c < 'a' || c > 'z'))
            break;
        text->data++;
        text->length--;
        length++;
    }
    return length >= 3 && (!quoted || take_char(text, '>'));
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(dbw_text *text, int most_hours, int32_t *out)
{
    int hours, minutes = 0, seconds = 0;
    bool minus = take_char(text, '-');
    if (!minus)
        (void)!take_char(text, '+');
    if (!take_number(text, most_hours, &hours))
        return false;
    if (take_char(text, ':') && !take_number(text, 59, &minutes))
        return false;
    if (take_char(text, ':') && !take_number(text, 59, &seconds))
        return false;
    *out = (minus ? -1 : 1) * (hours * HOUR + minutes * 60 + seconds);
    return true;
}

static bool take_day(dbw_text *text, dbw_zone_day *out)
{
    *out = (dbw_zone_day){.kind = '0', .time = 2 * HOUR};
    bool good;
    if (take_char(text, 'M')) {
        out->kind = 'M';
        good = take_number(text, 12, &out->month) && out->month > 0 && take_char(text, '.') &&
               take_number(text, 5, &out->week) && out->week > 0 && take_char(text, '.') &&
               take_number(text, 6, &out->day);
    } else if (take_char(text, 'J')) {
        out->kind = 'J';
        good = take_number(text, 365, &out->day) && out->day > 0;
    } else {
        good = take_number(text, 365, &out->day);
    }
    return good && (!take_char(text, '/') || take_time(text, 167, &out->time));
}

bool dbw_zone_rule_parse(dbw_text text, dbw_zone_rule *out)
{
    *out = (dbw_zone_rule){0};
    if (!take_abbreviation(&text) || !take_time(&text, 24, &out->offset))
        return false;
    out->offset = -out->offset; /* POSIX counts westwards */
    if (text.length == 0)
        return true;
    out->summer = true;
    out->summer_offset = out->offset + HOUR;
    if (!take_abbreviation(&text))
        return false;
    if (text.length && *text.data != ',') {
        if (!take_time(&text, 24, &out->summer_offset))
            return false;
        out->summer_offset = -out->summer_offset;
    }
    return take_char(&text, ',') && take_day(&text, &out->start) && take_char(&text, ',') &&
           take_day(&text, &out->end) && text.length == 0;
}

/* The day of a month that is the n-th such weekday, 5 being the last one. */
static int64_t weekday_of(int64_t year, const dbw_zone_day *day)
{
    int64_t first = dbw_calendar_days(year, day->month, 1);
    int64_t weekday = ((first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; Sunday is 0 */
    int64_t found = first + (day->day - weekday + 7) % 7 + 7 * (day->week - 1);
    int64_t next = day->month == 12 ? dbw_calendar_days(year + 1, 1, 1)
                                    : dbw_calendar_days(year, day->month + 1, 1);
    return found >= next ? found - 7 : found;
}

static int64_t local_second(int64_t year, const dbw_zone_day *day)
{
    int64_t start = dbw_calendar_days(year, 1, 1), days;
    if (day->kind == 'M')
        days = weekday_of(year, day);
    else if (day->kind == 'J') /* 1 March is always the 60th */
        days = start + day->day - 1 + (day->day >= 60 && dbw_calendar_valid(year, 2, 29));
    else
        days = start + day->day;
    return days * DAY + day->time;
}

void dbw_zone_rule_year(const dbw_zone_rule *rule, int64_t year, dbw_zone_change out[2])
{
    dbw_zone_change start = {local_second(year, &rule->start) - rule->offset, rule->summer_offset};
    dbw_zone_change end = {local_second(year, &rule->end) - rule->summer_offset, rule->offset};
    bool north = start.at < end.at;
    out[0] = north ? start : end;
    out[1] = north ? end : start;
}
