/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates and times as the verification reads them (ISO 8601 and the spellings that SQLite's
 * documentation, "Date And Time Functions", lists). Independent of the converter on purpose.
 */
#include "model/calendar.h"
#include "model/zone.h"
#include "verify/canonical_priv.h"

#include <math.h>

static const int64_t second_us = 1000000;
static const int64_t day_us = INT64_C(86400) * 1000000;

struct cursor {
    const char *p, *end;
};

struct moment {
    int64_t days;
    int64_t time; /* microseconds of the day */
    bool has_date, has_time, has_zone;
    int32_t zone; /* minutes east */
    bool excess;  /* digits other than zero behind the column's last fraction digit */
};

static bool take_char(struct cursor *c, char wanted)
{
    if (c->p == c->end || *c->p != wanted)
        return false;
    c->p++;
    return true;
}

static bool take_number(struct cursor *c, int digits, int *out)
{
    int value = 0;
    if (c->end - c->p < digits)
        return false;
    for (int i = 0; i < digits; i++) {
        if (!dbw_is_digit(c->p[i]))
            return false;
        value = value * 10 + (c->p[i] - '0');
    }
    c->p += digits;
    *out = value;
    return true;
}

/* ISO 8601's expanded years, "-0043-03-15" and "+12024-01-01": 44 BC and beyond 9999. */
static bool take_far_date(struct cursor *c, struct moment *m)
{
    struct cursor saved = *c;
    int year = 0, digits = 0, month, day;
    bool before = take_char(c, '-');
    if (before || take_char(c, '+')) {
        for (; c->p < c->end && dbw_is_digit(*c->p) && digits < 6; c->p++, digits++)
            year = year * 10 + (*c->p - '0');
        year = before ? -year : year;
        if (digits >= 4 && year >= -290000 && year <= 290000 && take_char(c, '-') &&
            take_number(c, 2, &month) && take_char(c, '-') && take_number(c, 2, &day) &&
            dbw_calendar_valid(year, month, day)) {
            m->days = dbw_calendar_days(year, month, day);
            m->has_date = true;
            return true;
        }
    }
    *c = saved;
    return false;
}

static bool take_date(struct cursor *c, struct moment *m)
{
    int year, month, day;
    struct cursor saved = *c;
    if (take_far_date(c, m))
        return true;
    if (take_number(c, 4, &year) && take_char(c, '-') && take_number(c, 2, &month) &&
        take_char(c, '-') && take_number(c, 2, &day) && year > 0 &&
        dbw_calendar_valid(year, month, day)) {
        m->days = dbw_calendar_days(year, month, day);
        m->has_date = true;
        return true;
    }
    *c = saved;
    return false;
}

static void take_fraction(struct cursor *c, int kept, struct moment *m)
{
    int64_t unit = 100000;
    for (int i = 0; c->p < c->end && dbw_is_digit(*c->p); i++, c->p++) {
        int digit = *c->p - '0';
        if (i >= kept || unit == 0)
            m->excess |= digit != 0;
        else
            m->time += digit * unit;
        unit /= 10;
    }
}

static bool take_clock(struct cursor *c, int kept, struct moment *m)
{
    int hour, minute, second = 0;
    if (!take_number(c, 2, &hour) || !take_char(c, ':') || !take_number(c, 2, &minute))
        return false;
    if (take_char(c, ':')) {
        if (!take_number(c, 2, &second))
            return false;
        if (c->p + 1 < c->end && (*c->p == '.' || *c->p == ',') && dbw_is_digit(c->p[1])) {
            c->p++;
            take_fraction(c, kept, m);
        }
    }
    if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && (minute || second || m->time)))
        return false;
    m->time += ((int64_t)hour * 3600 + minute * 60 + second) * second_us;
    m->has_time = true;
    return true;
}

static bool take_zone(struct cursor *c, struct moment *m)
{
    int hours, minutes = 0;
    while (take_char(c, ' '))
        ;
    if (c->p == c->end)
        return true;
    m->has_zone = true;
    if (take_char(c, 'Z') || take_char(c, 'z'))
        return c->p == c->end;
    if (c->end - c->p == 3 && dbw_text_equal_nocase((dbw_text){c->p, 3}, DBW_TEXT("UTC"))) {
        c->p = c->end;
        return true;
    }
    bool west = *c->p == '-';
    if (!take_char(c, '+') && !take_char(c, '-'))
        return false;
    if (!take_number(c, 2, &hours))
        return false;
    if (c->p < c->end) {
        take_char(c, ':');
        if (!take_number(c, 2, &minutes))
            return false;
    }
    m->zone = (hours * 60 + minutes) * (west ? -1 : 1);
    return c->p == c->end && minutes < 60;
}

static bool read_iso(dbw_text text, int kept, struct moment *m)
{
    while (text.length && dbw_is_space(text.data[text.length - 1]))
        text.length--;
    while (text.length && dbw_is_space(text.data[0])) {
        text.data++;
        text.length--;
    }
    struct cursor c = {text.data, text.data + text.length};
    if (take_date(&c, m)) {
        if (c.p == c.end)
            return true;
        if (!take_char(&c, 'T') && !take_char(&c, 't') && !take_char(&c, ' '))
            return false;
        while (take_char(&c, ' '))
            ;
    }
    return take_clock(&c, kept, m) && take_zone(&c, m);
}

bool dbw_canonical_moment(dbw_text text, int64_t *us)
{
    struct moment m = {0};
    if (!read_iso(text, 6, &m) || m.excess || !m.has_date)
        return false;
    *us = m.days * day_us + m.time - (int64_t)m.zone * 60 * second_us;
    return true;
}

static bool epoch_number(const dbw_canonical *column, const dbw_value *value, int64_t *us)
{
    double scale;
    int64_t unit;
    switch (column->reading) {
    case DBW_READING_EPOCH_S:
        unit = second_us;
        break;
    case DBW_READING_EPOCH_MS:
        unit = 1000;
        break;
    case DBW_READING_EPOCH_US:
        unit = 1;
        break;
    case DBW_READING_JULIAN:
        /* Julian day 2440587.5 is 1970-01-01 00:00; SQLite keeps whole milliseconds of it. */
        if (value->kind != DBW_KIND_DOUBLE && value->kind != DBW_KIND_INT64)
            return false;
        scale = value->kind == DBW_KIND_DOUBLE ? value->real : (double)value->int64;
        *us = llrint((scale - 2440587.5) * 86400000.0) * 1000;
        return fabs(scale) < 1e8;
    case DBW_READING_NATIVE:
    case DBW_READING_ISO:
    case DBW_READING_BOOL_WORDS:
    case DBW_READING_UUID_TEXT:
    case DBW_READING_UUID_BYTES:
    case DBW_READING_NUMBER_TEXT:
    default:
        return false;
    }
    if (value->kind == DBW_KIND_INT64)
        return !__builtin_mul_overflow(value->int64, unit, us);
    if (value->kind != DBW_KIND_DOUBLE || !(fabs(value->real) * (double)unit < 9e18))
        return false;
    *us = llrint(value->real * (double)unit);
    return true;
}

static int64_t floor_days(int64_t us)
{
    return us / day_us - (us % day_us < 0);
}

static bool put_date(dbw_sink *sink, int64_t us, bool whole)
{
    if (!whole || us % day_us != 0)
        return false;
    dbw_sink_number(sink, 'd', floor_days(us));
    return true;
}

/* What a clock without a zone shows, in the zone that the move was told. */
static int64_t instant_of(const dbw_canonical *column, int64_t local)
{
    if (column->zone)
        return dbw_zone_to_utc(column->zone, local);
    return local - (int64_t)column->zone_minutes * 60 * second_us;
}

static bool put_text_time(dbw_sink *sink, const dbw_canonical *column, dbw_text text)
{
    struct moment m = {0};
    bool end = dbw_text_is(text, "infinity"), start = dbw_text_is(text, "-infinity");
    if ((end || start) && column->intent != DBW_INTENT_TIME) {
        dbw_sink_number(sink,
                        column->intent == DBW_INTENT_DATE        ? 'd'
                        : column->intent == DBW_INTENT_TIMESTAMP ? 's'
                                                                 : 'z',
                        end ? DBW_INFINITY : DBW_MINUS_INFINITY);
        return true;
    }
    int kept = column->intent == DBW_INTENT_DATE || column->fraction > 6 || column->fraction < 0
                   ? 6
                   : column->fraction;
    if (!read_iso(text, kept, &m) || m.excess)
        return false;
    if (column->intent == DBW_INTENT_TIME) {
        if (m.has_date || m.has_zone)
            return false;
        dbw_sink_number(sink, 't', m.time);
        return true;
    }
    if (!m.has_date)
        return false;
    int64_t us = m.days * day_us + m.time;
    if (column->intent == DBW_INTENT_DATE)
        return put_date(sink, us, !m.has_zone);
    if (column->intent == DBW_INTENT_TIMESTAMP) {
        /* A wall clock: an offset would have to be thrown away unless it is none. */
        if (m.has_zone && m.zone != 0)
            return false;
        dbw_sink_number(sink, 's', us);
        return true;
    }
    dbw_sink_number(sink, 'z',
                    m.has_zone ? us - (int64_t)m.zone * 60 * second_us : instant_of(column, us));
    return true;
}

/* An interval, or the text of one, beside a time that goes beyond a day. */
static bool is_interval(const dbw_value *value, dbw_interval *out)
{
    if (value->kind == DBW_KIND_INTERVAL)
        *out = value->interval;
    return value->kind == DBW_KIND_INTERVAL ||
           (value->kind == DBW_KIND_TEXT && value->text.length && *value->text.data == 'P' &&
            dbw_canonical_duration(value->text, out));
}

/* The engine's own value of another of these kinds: a wall clock's in a column of instants. */
static bool put_other_kind(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value,
                           char tag)
{
    bool day = value->kind == DBW_KIND_DATE;
    int64_t us = value->int64;
    if (us == DBW_INFINITY || us == DBW_MINUS_INFINITY) {
        dbw_sink_number(sink, tag, us);
        return true;
    }
    if (day && __builtin_mul_overflow(us, day_us, &us))
        return false;
    if (column->intent == DBW_INTENT_DATE)
        return put_date(sink, us, value->kind != DBW_KIND_TIMESTAMPTZ);
    if (column->intent == DBW_INTENT_TIMESTAMPTZ)
        us = instant_of(column, us);
    dbw_sink_number(sink, tag, us);
    return true;
}

bool dbw_canonical_time(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value)
{
    static const struct {
        dbw_intent intent;
        dbw_kind kind;
        char tag;
    } natives[] = {
        {DBW_INTENT_DATE, DBW_KIND_DATE, 'd'},
        {DBW_INTENT_TIME, DBW_KIND_TIME, 't'},
        {DBW_INTENT_TIMESTAMP, DBW_KIND_TIMESTAMP, 's'},
        {DBW_INTENT_TIMESTAMPTZ, DBW_KIND_TIMESTAMPTZ, 'z'},
    };
    char tag = 's';
    for (size_t i = 0; i < DBW_COUNT(natives); i++) {
        if (natives[i].intent != column->intent)
            continue;
        tag = natives[i].tag;
        if (natives[i].kind == value->kind) {
            dbw_sink_number(sink, tag, value->int64);
            return true;
        }
    }
    dbw_interval interval;
    if (column->intent == DBW_INTENT_TIME && is_interval(value, &interval)) {
        if (interval.months || interval.days)
            return false;
        dbw_sink_number(sink, 't', interval.microseconds);
        return true;
    }
    /* A date, or a clock of the other kind: UTC where the column keeps a zone. */
    bool stamp = column->intent == DBW_INTENT_TIMESTAMP || column->intent == DBW_INTENT_TIMESTAMPTZ;
    if (stamp && value->kind >= DBW_KIND_DATE && value->kind <= DBW_KIND_TIMESTAMPTZ &&
        value->kind != DBW_KIND_TIME) {
        int64_t moment = value->int64;
        bool endless = moment == DBW_INFINITY || moment == DBW_MINUS_INFINITY;
        if (!endless && value->kind == DBW_KIND_DATE &&
            __builtin_mul_overflow(moment, day_us, &moment))
            return false;
        if (!endless && column->intent == DBW_INTENT_TIMESTAMPTZ)
            moment = instant_of(column, moment);
        dbw_sink_number(sink, tag, moment);
        return true;
    }
    if (value->kind == DBW_KIND_TEXT)
        return put_text_time(sink, column, value->text);
    bool dated = value->kind == DBW_KIND_DATE || value->kind == DBW_KIND_TIMESTAMP ||
                 value->kind == DBW_KIND_TIMESTAMPTZ;
    if (dated && column->intent != DBW_INTENT_TIME)
        return put_other_kind(sink, column, value, tag);
    int64_t us;
    if (!epoch_number(column, value, &us) || column->intent == DBW_INTENT_TIME)
        return false;
    if (column->intent == DBW_INTENT_DATE)
        return put_date(sink, us, true);
    dbw_sink_number(sink, tag, us);
    return true;
}
