/* SPDX-License-Identifier: Apache-2.0 */
/* Intervals: the engine's own, times beyond a day, and ISO 8601's "P1Y2M3DT4H5M6.5S" as text. */
#include "verify/canonical_priv.h"

struct cursor {
    const char *p, *end;
};

/* One part: sign, digits, for seconds a fraction, and the letter; in millionths. */
static bool take_part(struct cursor *c, int64_t *millionths, char *letter)
{
    bool negative = c->p < c->end && *c->p == '-', any = false;
    int64_t value = 0, unit = 100000;
    c->p += negative;
    for (; c->p < c->end && dbw_is_digit(*c->p); c->p++, any = true)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *c->p - '0', &value))
            return false;
    if (!any || __builtin_mul_overflow(value, 1000000, &value))
        return false;
    if (c->p < c->end && *c->p == '.')
        for (c->p++; c->p < c->end && dbw_is_digit(*c->p); c->p++, unit /= 10)
            value += (*c->p - '0') * unit;
    if (c->p == c->end || unit < 0)
        return false;
    *letter = *c->p++;
    *millionths = negative ? -value : value;
    return true;
}

static bool add(int64_t *sum, int64_t value, int64_t factor)
{
    return !__builtin_mul_overflow(value, factor, &value) &&
           !__builtin_add_overflow(*sum, value, sum);
}

static bool in_32_bits(int64_t value)
{
    return value >= INT32_MIN && value <= INT32_MAX;
}

static bool read_interval(dbw_text text, dbw_interval *out)
{
    struct cursor c = {text.data, text.data + text.length};
    int64_t months = 0, days = 0, micros = 0;
    bool clock = false;
    if (c.p == c.end || *c.p++ != 'P' || c.p == c.end)
        return false;
    while (c.p < c.end) {
        int64_t part, whole;
        char letter;
        if (!clock && *c.p == 'T') {
            clock = true;
            c.p++;
            continue;
        }
        if (!take_part(&c, &part, &letter))
            return false;
        whole = part / 1000000;
        bool good = clock ? (letter == 'H'   ? add(&micros, part, 3600)
                             : letter == 'M' ? add(&micros, part, 60)
                                             : letter == 'S' && add(&micros, part, 1))
                          : (part % 1000000 == 0 &&
                             (letter == 'Y'   ? add(&months, whole, 12)
                              : letter == 'M' ? add(&months, whole, 1)
                              : letter == 'W' ? add(&days, whole, 7)
                                              : letter == 'D' && add(&days, whole, 1)));
        if (!good)
            return false;
    }
    *out = (dbw_interval){micros, (int32_t)days, (int32_t)months};
    return in_32_bits(days) && in_32_bits(months);
}

bool dbw_canonical_interval(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value)
{
    dbw_interval interval = {0};
    if (value->kind == DBW_KIND_INTERVAL)
        interval = value->interval;
    else if (value->kind == DBW_KIND_TIME ||
             (value->kind == DBW_KIND_INT64 && column->reading == DBW_READING_EPOCH_US))
        interval.microseconds = value->int64;
    else if (value->kind != DBW_KIND_TEXT || !read_interval(value->text, &interval))
        return false;
    dbw_sink_number(sink, 'i', interval.microseconds);
    dbw_sink_number(sink, 'i', (int64_t)interval.months << 32 | (uint32_t)interval.days);
    return true;
}
