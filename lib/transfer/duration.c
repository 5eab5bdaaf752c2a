/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/duration.h"

static const char not_one[] = "not an interval", too_large[] = "an interval out of range";

struct cursor {
    const char *at, *end;
};

struct part {
    int64_t whole;
    int64_t micros; /* of the fraction; with the part's sign */
    bool fraction;
};

/* "-12.345": at most six digits behind the point, more may only be zeros. */
static const char *read_number(struct cursor *c, struct part *out)
{
    bool negative = c->at < c->end && *c->at == '-';
    int64_t unit = 100000;
    *out = (struct part){0};
    if (c->at < c->end && (*c->at == '-' || *c->at == '+'))
        c->at++;
    if (c->at == c->end || !dbw_is_digit(*c->at))
        return not_one;
    for (; c->at < c->end && dbw_is_digit(*c->at); c->at++)
        if (__builtin_mul_overflow(out->whole, 10, &out->whole) ||
            __builtin_sub_overflow(out->whole, *c->at - '0', &out->whole))
            return too_large;
    if (c->at < c->end && (*c->at == '.' || *c->at == ',')) {
        out->fraction = true;
        for (c->at++; c->at < c->end && dbw_is_digit(*c->at); c->at++, unit /= 10) {
            if (unit == 0 && *c->at != '0')
                return "an interval finer than microseconds";
            out->micros -= (*c->at - '0') * unit;
        }
    }
    /* Counted below zero, where there is one number more. */
    if (!negative && __builtin_sub_overflow((int64_t)0, out->whole, &out->whole))
        return too_large;
    if (!negative)
        out->micros = -out->micros;
    return NULL;
}

static bool add(int64_t *sum, int64_t number, int64_t unit)
{
    int64_t product;
    return !__builtin_mul_overflow(number, unit, &product) &&
           !__builtin_add_overflow(*sum, product, sum);
}

/* Parts in their order; each at most once. */
static const char *read_parts(struct cursor *c, int64_t *months, int64_t *days, int64_t *micros)
{
    static const struct {
        char letter;
        bool time;
        int64_t months, days, micros;
    } units[] = {
        {'Y', false, 12, 0, 0},     {'M', false, 1, 0, 0},         {'W', false, 0, 7, 0},
        {'D', false, 0, 1, 0},      {'H', true, 0, 0, 3600000000}, {'M', true, 0, 0, 60000000},
        {'S', true, 0, 0, 1000000},
    };
    bool time = false;
    for (size_t next = 0; c->at < c->end;) {
        struct part part;
        if (*c->at == 'T' && !time) {
            time = true;
            if (++c->at == c->end)
                return not_one;
            continue;
        }
        const char *reason = read_number(c, &part);
        if (reason)
            return reason;
        if (c->at == c->end)
            return not_one;
        while (next < DBW_COUNT(units) &&
               (units[next].letter != *c->at || units[next].time != time))
            next++;
        if (next == DBW_COUNT(units) || (part.fraction && units[next].letter != 'S'))
            return not_one;
        if (!add(months, part.whole, units[next].months) ||
            !add(days, part.whole, units[next].days) ||
            !add(micros, part.whole, units[next].micros) || !add(micros, part.micros, 1))
            return too_large;
        c->at++;
        next++;
    }
    return NULL;
}

const char *dbw_duration_parse(dbw_text text, dbw_interval *out)
{
    struct cursor c = {text.data, text.data + text.length};
    int64_t months = 0, days = 0, micros = 0;
    *out = (dbw_interval){0};
    if (text.length < 3 || text.data[0] != 'P')
        return not_one;
    c.at++;
    const char *reason = read_parts(&c, &months, &days, &micros);
    if (reason)
        return reason;
    if (months != (int32_t)months || days != (int32_t)days)
        return too_large;
    *out = (dbw_interval){.microseconds = micros, .days = (int32_t)days, .months = (int32_t)months};
    return NULL;
}
