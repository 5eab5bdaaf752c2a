/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/canonical_priv.h"

#include <inttypes.h>
#include <math.h>

enum { SMALL_DIGITS = 18 }; /* digits that always fit into 64 bits */

/* A decimal number taken apart: ±digits × 10^exponent, no zero at either end. */
struct decimal {
    bool negative;
    const char *digits;
    size_t count;
    int64_t exponent;
};

static void put_small(dbw_sink *sink, int64_t mantissa, int64_t exponent)
{
    if (mantissa == 0)
        exponent = 0;
    while (mantissa != 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        exponent++;
    }
    dbw_sink_number(sink, 'D', mantissa);
    dbw_sink_number(sink, 'e', exponent);
}

static bool put_decimal(dbw_sink *sink, const struct decimal *decimal)
{
    if (decimal->count <= SMALL_DIGITS) {
        int64_t mantissa = 0;
        for (size_t i = 0; i < decimal->count; i++)
            mantissa = mantissa * 10 + (decimal->digits[i] - '0');
        put_small(sink, decimal->negative ? -mantissa : mantissa, decimal->exponent);
        return true;
    }
    dbw_sink_put(sink, decimal->negative ? 'M' : 'P', decimal->digits, decimal->count);
    dbw_sink_number(sink, 'e', decimal->exponent);
    return true;
}

/* The digits around the point, in one piece in sink->work; false when `text` is no number. */
static bool take_digits(dbw_sink *sink, dbw_text text, size_t *at, int64_t *exponent)
{
    size_t i = *at, seen = 0;
    bool point = false;
    dbw_buffer_clear(&sink->work);
    for (; i < text.length; i++) {
        char c = text.data[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!dbw_is_digit(c))
            break;
        seen++;
        *exponent -= point;
        if (c != '0' || sink->work.length)
            dbw_buffer_add_char(&sink->work, c);
    }
    *at = i;
    return seen > 0;
}

static bool take_exponent(dbw_text text, size_t *at, int64_t *exponent)
{
    if (*at == text.length)
        return true;
    if (dbw_lower(text.data[*at]) != 'e')
        return false;
    dbw_text rest = {text.data + *at + 1, text.length - *at - 1};
    if (rest.length && rest.data[0] == '+')
        rest = (dbw_text){rest.data + 1, rest.length - 1};
    int64_t more;
    if (!dbw_text_to_int64(rest, &more) || more > 1000000 || more < -1000000)
        return false;
    *exponent += more;
    *at = text.length;
    return true;
}

bool dbw_canonical_number_text(dbw_sink *sink, dbw_text text)
{
    size_t i = 0;
    int64_t exponent = 0;
    while (text.length && dbw_is_space(text.data[text.length - 1]))
        text.length--;
    while (i < text.length && dbw_is_space(text.data[i]))
        i++;
    bool negative = i < text.length && text.data[i] == '-';
    if (i < text.length && (text.data[i] == '-' || text.data[i] == '+'))
        i++;
    if (!take_digits(sink, text, &i, &exponent) || !take_exponent(text, &i, &exponent))
        return false;
    struct decimal decimal = {negative, sink->work.data, sink->work.length, exponent};
    while (decimal.count && decimal.digits[decimal.count - 1] == '0') {
        decimal.count--;
        decimal.exponent++;
    }
    return put_decimal(sink, &decimal);
}

/*
 * Most reals in decimal columns are prices: r / 10^k of two exactly represented numbers is
 * correctly rounded, so when it gives the real back, r × 10^-k with at most 15 digits is the one
 * decimal that anybody would write. Ten times as fast as printing and reading back.
 */
static bool put_short_real(dbw_sink *sink, double real)
{
    static const double tens[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    for (int k = 0; k < (int)DBW_COUNT(tens); k++) {
        double scaled = nearbyint(real * tens[k]);
        if (fabs(scaled) >= 1e15)
            return false;
        if (scaled / tens[k] == real) {
            put_small(sink, (int64_t)scaled, -k);
            return true;
        }
    }
    return false;
}

void dbw_canonical_double_text(double real, char out[DOUBLE_TEXT])
{
    if (isnan(real) || isinf(real)) {
        snprintf(out, DOUBLE_TEXT, isnan(real) ? "NaN" : real > 0 ? "Inf" : "-Inf");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, DOUBLE_TEXT, "%.*g", digits, real);
        if (strtod(out, NULL) == real)
            break;
    }
    if (!strpbrk(out, ".e"))
        snprintf(out + strlen(out), 3, ".0");
}

bool dbw_canonical_decimal(dbw_sink *sink, const dbw_value *value)
{
    char number[DOUBLE_TEXT];
    switch (value->kind) {
    case DBW_KIND_INT64:
        if (value->int64 < INT64_C(1000000000000000000) &&
            value->int64 > INT64_C(-1000000000000000000)) {
            put_small(sink, value->int64, 0);
            return true;
        }
        snprintf(number, sizeof number, "%" PRId64, value->int64);
        return dbw_canonical_number_text(sink, dbw_text_of(number));
    case DBW_KIND_UINT64:
        snprintf(number, sizeof number, "%" PRIu64, value->uint64);
        return dbw_canonical_number_text(sink, dbw_text_of(number));
    case DBW_KIND_DOUBLE:
        if (isnan(value->real) || isinf(value->real)) {
            dbw_sink_number(sink, 'n', isnan(value->real) ? 0 : value->real > 0 ? 1 : -1);
            return true;
        }
        if (put_short_real(sink, value->real))
            return true;
        dbw_canonical_double_text(value->real, number);
        return dbw_canonical_number_text(sink, dbw_text_of(number));
    case DBW_KIND_DECIMAL:
    case DBW_KIND_TEXT:
        if (dbw_text_is(value->text, "NaN") || dbw_text_is(value->text, "Infinity") ||
            dbw_text_is(value->text, "-Infinity")) {
            char first = value->text.data[0];
            dbw_sink_number(sink, 'n', first == 'N' ? 0 : first == 'I' ? 1 : -1);
            return true;
        }
        return dbw_canonical_number_text(sink, value->text);
    case DBW_KIND_NULL:
    case DBW_KIND_BOOL:
    case DBW_KIND_BYTES:
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
    case DBW_KIND_INTERVAL:
    case DBW_KIND_UUID:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        return false;
    }
}

bool dbw_canonical_integer(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value)
{
    (void)column;
    /* Integers share the decimals' form, so that numeric(20) and bigint can be compared. */
    if (value->kind == DBW_KIND_BOOL) {
        put_small(sink, value->boolean, 0);
        return true;
    }
    if (value->kind == DBW_KIND_DOUBLE && value->real != trunc(value->real))
        return false;
    return dbw_canonical_decimal(sink, value);
}

static bool put_double(dbw_sink *sink, dbw_intent intent, double real)
{
    int64_t bits;
    if (isnan(real))
        real = (double)NAN;
    if (intent == DBW_INTENT_FLOAT32)
        real = (double)(float)real;
    memcpy(&bits, &real, sizeof bits);
    dbw_sink_number(sink, 'F', bits);
    return true;
}

bool dbw_canonical_float(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value)
{
    if (value->kind == DBW_KIND_DOUBLE)
        return put_double(sink, column->intent, value->real);
    if (value->kind == DBW_KIND_INT64) {
        /* Above 2^53 not every integer is a double; one that is not means something else. */
        double real = (double)value->int64;
        if (real >= 9223372036854775808.0 || (int64_t)real != value->int64)
            return false;
        return put_double(sink, column->intent, real);
    }
    if ((value->kind != DBW_KIND_TEXT && value->kind != DBW_KIND_DECIMAL) ||
        value->text.length == 0 || value->text.length > 400)
        return false;
    char number[401], *end;
    memcpy(number, value->text.data, value->text.length);
    number[value->text.length] = '\0';
    double real = strtod(number, &end);
    if (end != number + value->text.length)
        return false;
    return put_double(sink, column->intent, real);
}

static bool word_is(dbw_text text, const char *const *words)
{
    for (; *words; words++)
        if (dbw_text_equal_nocase(text, dbw_text_of(*words)))
            return true;
    return false;
}

bool dbw_canonical_boolean(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value)
{
    static const char *const yes[] = {"t", "true", "y", "yes", "on", "1", NULL};
    static const char *const no[] = {"f", "false", "n", "no", "off", "0", NULL};
    (void)column;
    int truth = -1;
    if (value->kind == DBW_KIND_BOOL)
        truth = value->boolean;
    else if (value->kind == DBW_KIND_INT64 && (value->int64 == 0 || value->int64 == 1))
        truth = (int)value->int64;
    else if (value->kind == DBW_KIND_DOUBLE && (value->real == 0.0 || value->real == 1.0))
        truth = value->real == 1.0;
    else if (value->kind == DBW_KIND_TEXT && word_is(value->text, yes))
        truth = 1;
    else if (value->kind == DBW_KIND_TEXT && word_is(value->text, no))
        truth = 0;
    if (truth < 0)
        return false;
    dbw_sink_number(sink, 'B', truth);
    return true;
}
