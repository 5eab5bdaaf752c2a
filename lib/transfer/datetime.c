/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/datetime.h"

static const char not_a_date[] = "not a date or time", zero_date[] = "a zero date",
                  no_such_date[] = "a date that does not exist";

struct cursor {
    const char *at, *end;
};

/* Exactly `count` digits. */
static bool number(struct cursor *c, int count, int *out)
{
    if (c->end - c->at < count)
        return false;
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (!dbw_is_digit(c->at[i]))
            return false;
        value = value * 10 + (c->at[i] - '0');
    }
    c->at += count;
    *out = value;
    return true;
}

static bool skip(struct cursor *c, char expected)
{
    if (c->at == c->end || *c->at != expected)
        return false;
    c->at++;
    return true;
}

/* ISO 8601's expanded representation: a sign and at least four digits; year 0 is 1 BC. */
static bool far_year(struct cursor *c, int *year)
{
    bool before = *c->at == '-';
    const char *start = ++c->at;
    *year = 0;
    for (; c->at < c->end && dbw_is_digit(*c->at) && c->at - start < 6; c->at++)
        *year = *year * 10 + (*c->at - '0');
    if (before)
        *year = -*year;
    /* Microseconds of 64 bits reach that far. */
    return c->at - start >= 4 && *year >= -290000 && *year <= 290000;
}

static const char *read_date(struct cursor *c, dbw_datetime *out)
{
    int year = 0, month = 0, day = 0;
    bool far = c->at < c->end && (*c->at == '-' || *c->at == '+');
    if (!(far ? far_year(c, &year) : number(c, 4, &year)) || !skip(c, '-') ||
        !number(c, 2, &month) || !skip(c, '-') || !number(c, 2, &day))
        return not_a_date;
    if (c->at < c->end && dbw_is_digit(*c->at))
        return not_a_date;
    if (month == 0 || day == 0)
        return zero_date;
    if (year == 0 && !far)
        return "a year outside 1 to 9999";
    if (!dbw_calendar_valid(year, month, day))
        return no_such_date;
    out->days = dbw_calendar_days(year, month, day);
    out->parts |= DBW_DATETIME_DATE;
    return NULL;
}

/* ".678901234": digits below a microsecond are cut. */
static bool read_fraction(struct cursor *c, dbw_datetime *out)
{
    if (c->at == c->end || (*c->at != '.' && *c->at != ','))
        return true;
    c->at++;
    int64_t micros = 0;
    int digits = 0;
    for (; c->at < c->end && dbw_is_digit(*c->at); c->at++, digits++) {
        if (digits < 6)
            micros = micros * 10 + (*c->at - '0');
        else if (*c->at != '0')
            out->parts |= DBW_DATETIME_CUT;
    }
    if (digits == 0 || digits > 9)
        return false;
    for (; digits < 6; digits++)
        micros *= 10;
    out->microseconds += micros;
    return true;
}

static const char *read_time(struct cursor *c, dbw_datetime *out)
{
    int hour = 0, minute = 0, second = 0;
    if (!number(c, 2, &hour) || !skip(c, ':') || !number(c, 2, &minute))
        return not_a_date;
    bool seconds = skip(c, ':');
    if (seconds && !number(c, 2, &second))
        return not_a_date;
    bool end = hour == 24 && minute == 0 && second == 0 && !(out->parts & DBW_DATETIME_DATE);
    if ((hour > 23 && !end) || minute > 59 || second > 59)
        return "a time that does not exist";
    out->microseconds = ((hour * 60 + minute) * INT64_C(60) + second) * 1000000;
    out->parts |= DBW_DATETIME_TIME;
    if (seconds && !read_fraction(c, out))
        return not_a_date;
    return out->microseconds > INT64_C(86400000000) ? "a time that does not exist" : NULL;
}

/* "+02", "+0200", "+02:00". */
static bool read_offset(struct cursor *c, dbw_datetime *out)
{
    int sign = *c->at++ == '-' ? -1 : 1;
    int hours = 0, minutes = 0;
    if (!number(c, 2, &hours))
        return false;
    bool colon = skip(c, ':');
    if (!number(c, 2, &minutes) && colon)
        return false;
    if (hours > 15 || minutes > 59)
        return false;
    out->zone_minutes = sign * (hours * 60 + minutes);
    out->parts |= DBW_DATETIME_ZONE;
    return c->at == c->end;
}

static const char *read_zone(struct cursor *c, dbw_datetime *out)
{
    if (c->at == c->end)
        return NULL;
    if (*c->at == ' ')
        c->at++;
    if (c->at == c->end)
        return not_a_date;
    if (*c->at == '+' || *c->at == '-')
        return read_offset(c, out) ? NULL : not_a_date;
    dbw_text rest = {c->at, (size_t)(c->end - c->at)};
    if (!dbw_text_equal_nocase(rest, DBW_TEXT("z")) &&
        !dbw_text_equal_nocase(rest, DBW_TEXT("utc")))
        return not_a_date;
    out->parts |= DBW_DATETIME_ZONE;
    return NULL;
}

const char *dbw_datetime_parse(dbw_text text, dbw_datetime *out)
{
    struct cursor c = {text.data, text.data + text.length};
    *out = (dbw_datetime){0};
    const char *reason;
    bool end = dbw_text_is(text, "infinity");
    if (end || dbw_text_is(text, "-infinity")) {
        out->days = end ? DBW_INFINITY : DBW_MINUS_INFINITY;
        out->parts = DBW_DATETIME_DATE | DBW_DATETIME_ENDLESS;
        return NULL;
    }
    if (text.length > 2 && text.data[2] == ':') {
        reason = read_time(&c, out);
        return reason ? reason : read_zone(&c, out);
    }
    reason = read_date(&c, out);
    if (reason || c.at == c.end)
        return reason;
    if (*c.at != ' ' && *c.at != 'T' && *c.at != 't')
        return not_a_date;
    c.at++;
    reason = read_time(&c, out);
    return reason ? reason : read_zone(&c, out);
}

bool dbw_datetime_impossible(const char *reason)
{
    return strcmp(reason, zero_date) == 0 || strcmp(reason, no_such_date) == 0;
}

bool dbw_datetime_is_zero(dbw_text text)
{
    dbw_datetime ignored;
    const char *reason = dbw_datetime_parse(text, &ignored);
    return reason && strcmp(reason, zero_date) == 0;
}

void dbw_datetime_format(const dbw_datetime *datetime, char out[DBW_CALENDAR_TEXT])
{
    size_t n = 0;
    out[0] = 0;
    if (datetime->parts & DBW_DATETIME_DATE) {
        dbw_calendar_date(datetime->days, out);
        n = strlen(out);
    }
    if (datetime->parts & DBW_DATETIME_TIME) {
        char time[DBW_CALENDAR_TEXT];
        dbw_calendar_time(datetime->microseconds, time);
        n += (size_t)snprintf(out + n, DBW_CALENDAR_TEXT - n, "%s%.16s", n ? " " : "", time);
    }
    if (datetime->parts & DBW_DATETIME_ZONE) {
        int32_t zone =
            datetime->zone_minutes < 0 ? -datetime->zone_minutes : datetime->zone_minutes;
        snprintf(out + n, DBW_CALENDAR_TEXT - n, "%c%02d:%02d",
                 datetime->zone_minutes < 0 ? '-' : '+', zone / 60, zone % 60);
    }
}
