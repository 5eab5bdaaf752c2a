/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/locale.h"
#include "engine/postgresql/text.h"
#include "model/calendar.h"

#define DAY_US INT64_C(86400000000)

/* --- a cursor over text ----------------------------------------------------------------------- */

typedef struct cursor {
    const char *at, *end;
} cursor;

static bool take_char(cursor *from, char c)
{
    if (from->at == from->end || *from->at != c)
        return false;
    from->at++;
    return true;
}

/** At least `least` and at most `most` digits. */
static bool take_number(cursor *from, int least, int most, int64_t *out)
{
    int count = 0;
    for (*out = 0; from->at < from->end && count < most && dbw_is_digit(*from->at); count++)
        *out = *out * 10 + (*from->at++ - '0');
    return count >= least;
}

/** ".5" as microseconds; nothing there is none. */
static bool take_fraction(cursor *from, int64_t *out)
{
    *out = 0;
    if (!take_char(from, '.'))
        return true;
    int count = 0;
    for (; from->at < from->end && dbw_is_digit(*from->at) && count < 6; count++)
        *out = *out * 10 + (*from->at++ - '0');
    for (int i = count; i < 6; i++)
        *out *= 10;
    return count > 0;
}

/** "hours:minutes:seconds.fraction"; hours may have many digits in intervals. */
static bool take_clock(cursor *from, int hour_digits, int64_t *out)
{
    int64_t hours, minutes, seconds, fraction;
    if (!take_number(from, 2, hour_digits, &hours) || !take_char(from, ':') ||
        !take_number(from, 2, 2, &minutes) || !take_char(from, ':') ||
        !take_number(from, 2, 2, &seconds) || !take_fraction(from, &fraction))
        return false;
    return !__builtin_mul_overflow(hours, INT64_C(3600000000), out) &&
           !__builtin_add_overflow(*out, (minutes * 60 + seconds) * 1000000 + fraction, out);
}

static bool take_date(cursor *from, dbw_civil *out)
{
    int64_t month, day;
    if (!take_number(from, 4, 7, &out->year) || !take_char(from, '-') ||
        !take_number(from, 2, 2, &month) || !take_char(from, '-') || !take_number(from, 2, 2, &day))
        return false;
    out->month = (int)month;
    out->day = (int)day;
    return true;
}

/** The days of a date, " BC" having been looked for at the end. */
static bool count_days(dbw_civil date, bool before, int64_t *out)
{
    int64_t year = before ? 1 - date.year : date.year;
    if (!dbw_calendar_valid(year, date.month, date.day))
        return false;
    *out = dbw_calendar_days(year, date.month, date.day);
    return true;
}

static bool take_era(cursor *from)
{
    if (from->end - from->at >= 3 && memcmp(from->end - 3, " BC", 3) == 0) {
        from->end -= 3;
        return true;
    }
    return false;
}

static bool is_infinity(dbw_text text, int64_t *out)
{
    if (dbw_text_is(text, "infinity"))
        *out = DBW_INFINITY;
    else if (dbw_text_is(text, "-infinity"))
        *out = DBW_MINUS_INFINITY;
    else
        return false;
    return true;
}

/* --- types ------------------------------------------------------------------------------------ */

static bool get_date(dbw_text text, int64_t *out)
{
    cursor from = {text.data, text.data + text.length};
    dbw_civil date;
    bool before = take_era(&from);
    return is_infinity(text, out) ||
           (take_date(&from, &date) && from.at == from.end && count_days(date, before, out));
}

/** "+05", "-03:30", "+00:19:32" as microseconds east. */
static bool take_zone(cursor *from, int64_t *out)
{
    int64_t hours, minutes = 0, seconds = 0;
    bool west = take_char(from, '-');
    if ((!west && !take_char(from, '+')) || !take_number(from, 2, 2, &hours))
        return false;
    if (take_char(from, ':') && !take_number(from, 2, 2, &minutes))
        return false;
    if (take_char(from, ':') && !take_number(from, 2, 2, &seconds))
        return false;
    *out = ((hours * 60 + minutes) * 60 + seconds) * (west ? -1000000 : 1000000);
    return true;
}

static bool get_timestamp(dbw_text text, bool zone, int64_t *out)
{
    if (is_infinity(text, out))
        return true;
    cursor from = {text.data, text.data + text.length};
    dbw_civil date;
    int64_t days, clock, east = 0;
    bool before = take_era(&from);
    if (!take_date(&from, &date) || !count_days(date, before, &days) || !take_char(&from, ' ') ||
        !take_clock(&from, 2, &clock) || (zone && !take_zone(&from, &east)) || from.at != from.end)
        return false;
    return !__builtin_mul_overflow(days, DAY_US, out) &&
           !__builtin_add_overflow(*out, clock - east, out);
}

static bool get_time(dbw_text text, int64_t *out)
{
    cursor from = {text.data, text.data + text.length};
    return take_clock(&from, 2, out) && from.at == from.end;
}

static bool take_word(cursor *from, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(from->end - from->at) < length || memcmp(from->at, word, length) != 0)
        return false;
    from->at += length;
    take_char(from, 's');
    return true;
}

/** IntervalStyle postgres: "1 year 2 mons -3 days -04:05:06.789". */
static bool get_interval(dbw_text text, dbw_interval *out)
{
    cursor from = {text.data, text.data + text.length};
    *out = (dbw_interval){0};
    while (from.at < from.end) {
        cursor start = from;
        bool negative = take_char(&from, '-');
        if (!negative)
            take_char(&from, '+');
        cursor digits = from;
        int64_t number;
        if (!take_number(&from, 1, 18, &number))
            return false;
        if (from.at < from.end && *from.at == ':') {
            from = digits;
            if (!take_clock(&from, 10, &number))
                return false;
            out->microseconds = negative ? -number : number;
            break;
        }
        if (number > INT32_MAX || !take_char(&from, ' '))
            return false;
        int32_t signed_number = (int32_t)(negative ? -number : number);
        bool read;
        if (take_word(&from, "year"))
            read = !__builtin_mul_overflow(signed_number, 12, &out->months);
        else if (take_word(&from, "mon"))
            read = !__builtin_add_overflow(out->months, signed_number, &out->months);
        else
            read = take_word(&from, "day") && (out->days = signed_number, true);
        if (!read || start.at == from.at)
            return false;
        take_char(&from, ' ');
    }
    return from.at == from.end && text.length > 0;
}

static int hex(char c)
{
    c = dbw_lower(c);
    return dbw_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool get_uuid(dbw_text text, uint8_t *out)
{
    size_t at = 0;
    for (int i = 0; i < 16; i++) {
        if (at < text.length && text.data[at] == '-')
            at++;
        if (at + 2 > text.length)
            return false;
        int high = hex(text.data[at]), low = hex(text.data[at + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    return at == text.length;
}

/** "\x00ff…" */
static bool get_bytes(dbw_text text, dbw_buffer *scratch, dbw_text *out)
{
    if (text.length < 2 || text.length % 2 || text.data[0] != '\\' || text.data[1] != 'x')
        return false;
    size_t start = scratch->length, count = (text.length - 2) / 2;
    if (!dbw_buffer_reserve(scratch, count))
        return false;
    char *to = scratch->data + start;
    for (size_t i = 0; i < count; i++) {
        int high = hex(text.data[2 + 2 * i]), low = hex(text.data[3 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        to[i] = (char)(high << 4 | low);
    }
    scratch->length += count;
    *out = (dbw_text){to, count};
    return true;
}

dbw_value dbw_pg_text_get(uint32_t oid, dbw_text text, dbw_buffer *scratch)
{
    dbw_value value = {.kind = DBW_KIND_TEXT, .text = text};
    dbw_value read = {.kind = DBW_KIND_TEXT};
    bool good = false;
    switch (oid) {
    case 16:
        read = (dbw_value){.kind = DBW_KIND_BOOL, .boolean = text.length && text.data[0] == 't'};
        good = text.length == 1;
        break;
    case 20:
    case 21:
    case 23:
    case 26:
        read.kind = DBW_KIND_INT64;
        good = dbw_text_to_int64(text, &read.int64);
        break;
    case 700:
    case 701:
        read.kind = DBW_KIND_DOUBLE;
        good = dbw_pg_double_parse(text, &read.real);
        break;
    case 1082:
        read.kind = DBW_KIND_DATE;
        good = get_date(text, &read.int64);
        break;
    case 1083:
        read.kind = DBW_KIND_TIME;
        good = get_time(text, &read.int64);
        break;
    case 1114:
    case 1184:
        read.kind = oid == 1114 ? DBW_KIND_TIMESTAMP : DBW_KIND_TIMESTAMPTZ;
        good = get_timestamp(text, oid == 1184, &read.int64);
        break;
    case 1186:
        read.kind = DBW_KIND_INTERVAL;
        good = get_interval(text, &read.interval);
        break;
    case 2950:
        read.kind = DBW_KIND_UUID;
        good = get_uuid(text, read.uuid);
        break;
    case 17:
        read.kind = DBW_KIND_BYTES;
        good = get_bytes(text, scratch, &read.text);
        break;
    case 1700:
        value.kind = DBW_KIND_DECIMAL;
        break;
    case 114:
    case 3802:
        value.kind = DBW_KIND_JSON;
        break;
    case 1560:
    case 1562:
        value.kind = DBW_KIND_BIT;
        break;
    default:
        break;
    }
    return good ? read : value;
}
