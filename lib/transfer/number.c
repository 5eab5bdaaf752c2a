/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/number.h"

#include <locale.h>
#include <math.h>

/* --- reading ---------------------------------------------------------------------------------- */

static size_t digits_at(const char *at, const char *end)
{
    const char *p = at;
    while (p < end && dbw_is_digit(*p))
        p++;
    return (size_t)(p - at);
}

/* "e-12" at the end of the text; an exponent far out of every range is cut to one that still is. */
static const char *read_exponent(const char *at, const char *end, int32_t *exponent)
{
    if (at == end)
        return NULL;
    if (*at != 'e' && *at != 'E')
        return "not a number";
    at++;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end || digits_at(at, end) != (size_t)(end - at))
        return "not a number";
    int32_t value = 0;
    for (; at < end; at++)
        value = value < 1000000 ? value * 10 + (*at - '0') : value;
    *exponent = negative ? -value : value;
    return NULL;
}

/* The n-th written digit, those before the point first. */
static char digit(const dbw_number *number, size_t n)
{
    return n < number->before.length ? number->before.data[n]
                                     : number->behind.data[n - number->before.length];
}

static size_t digit_count(const dbw_number *number)
{
    return number->before.length + number->behind.length;
}

/* The first digit that is not zero and the one behind the last; both 0 for zero. */
static void significant(const dbw_number *number, size_t *first, size_t *end)
{
    size_t from = 0, to = digit_count(number);
    while (from < to && digit(number, from) == '0')
        from++;
    while (to > from && digit(number, to - 1) == '0')
        to--;
    *first = from == to ? 0 : from;
    *end = from == to ? 0 : to;
}

void dbw_number_digits(const dbw_number *number, int32_t *whole, int32_t *fraction)
{
    size_t first, end;
    significant(number, &first, &end);
    int64_t point = (int64_t)number->before.length + number->exponent;
    *whole = end && point > (int64_t)first ? (int32_t)(point - (int64_t)first) : 0;
    *fraction = end && (int64_t)end > point ? (int32_t)((int64_t)end - point) : 0;
}

const char *dbw_number_parse(dbw_text text, dbw_number *out)
{
    const char *at = text.data, *end = text.data + text.length;
    *out = (dbw_number){0};
    if (at < end && (*at == '-' || *at == '+'))
        out->negative = *at++ == '-';
    size_t before = digits_at(at, end);
    out->before = (dbw_text){at, before};
    at += before;
    if (at < end && *at == '.') {
        size_t behind = digits_at(++at, end);
        out->behind = (dbw_text){at, behind};
        at += behind;
    }
    if (digit_count(out) == 0)
        return "not a number";
    const char *reason = read_exponent(at, end, &out->exponent);
    if (reason)
        return reason;
    while (out->before.length > 0 && out->before.data[0] == '0')
        out->before = (dbw_text){out->before.data + 1, out->before.length - 1};
    if (digit_count(out) > DBW_NUMBER_WHOLE_DIGITS + DBW_NUMBER_FRACTION_DIGITS)
        return "too many digits";
    int32_t whole, fraction;
    dbw_number_digits(out, &whole, &fraction);
    if (whole > DBW_NUMBER_WHOLE_DIGITS || fraction > DBW_NUMBER_FRACTION_DIGITS)
        return "too many digits";
    return NULL;
}

/* --- as an integer ---------------------------------------------------------------------------- */

bool dbw_number_uint64(const dbw_number *number, uint64_t *out)
{
    int32_t whole, fraction;
    dbw_number_digits(number, &whole, &fraction);
    if (fraction > 0 || whole > 20 || (number->negative && whole > 0))
        return false;
    size_t first, end;
    significant(number, &first, &end);
    uint64_t value = 0;
    for (int32_t i = 0; i < whole; i++) {
        size_t n = first + (size_t)i;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, n < end ? (unsigned)(digit(number, n) - '0') : 0, &value))
            return false;
    }
    *out = value;
    return true;
}

bool dbw_number_int64(const dbw_number *number, int64_t *out)
{
    dbw_number magnitude = *number;
    magnitude.negative = false;
    uint64_t value;
    if (!dbw_number_uint64(&magnitude, &value) ||
        value > (uint64_t)INT64_MAX + (number->negative ? 1 : 0))
        return false;
    *out = number->negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

/* --- as plain digits -------------------------------------------------------------------------- */

size_t dbw_number_room(const dbw_number *number)
{
    int64_t shift = number->exponent < 0 ? -(int64_t)number->exponent : number->exponent;
    /* Zero may be written with any exponent, and needs no digits for it. */
    int64_t most = DBW_NUMBER_WHOLE_DIGITS + DBW_NUMBER_FRACTION_DIGITS;
    return digit_count(number) + (size_t)(shift < most ? shift : most) + 4;
}

size_t dbw_number_render(const dbw_number *number, int32_t scale, char *out)
{
    size_t first, end, n = 0;
    significant(number, &first, &end);
    int64_t total = (int64_t)digit_count(number);
    int64_t point = (int64_t)number->before.length + number->exponent;
    if (number->negative && end)
        out[n++] = '-';
    if (!end || point <= (int64_t)first)
        out[n++] = '0';
    else
        for (int64_t i = (int64_t)first; i < point; i++)
            out[n++] = i < total ? digit(number, (size_t)i) : '0';
    int64_t places = total - point;
    if (places > DBW_NUMBER_FRACTION_DIGITS)
        places = DBW_NUMBER_FRACTION_DIGITS;
    if (scale >= 0 && places > scale)
        places = scale;
    if (places <= 0 || (!end && number->exponent))
        return n;
    out[n++] = '.';
    for (int64_t i = point; i < point + places; i++)
        out[n++] = i >= 0 && i < total ? digit(number, (size_t)i) : '0';
    return n;
}

/* --- doubles ---------------------------------------------------------------------------------- */

static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* strtod and snprintf follow the locale's decimal point; glibc's "C" locale costs nothing. */
static double parse_in_c(const char *text)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = uselocale(c);
    double value = strtod(text, NULL);
    uselocale(before);
    freelocale(c);
    return value;
}

static int print_in_c(double value, char *out, size_t room)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = uselocale(c);
    int n = 0;
    for (int digits = 15; digits <= 17; digits++) {
        n = snprintf(out, room, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            break;
    }
    uselocale(before);
    freelocale(c);
    return n;
}

/* Up to 15 digits and a small power of ten are both exact doubles, and so is their quotient or
 * product up to its one rounding. (Clinger, "How to read floating point numbers accurately", 1990.)
 */
static bool parse_quickly(const dbw_number *number, double *out)
{
    size_t count = digit_count(number);
    int64_t exponent = number->exponent - (int64_t)number->behind.length;
    if (count > 15 || exponent < -22 || exponent > 22)
        return false;
    uint64_t mantissa = 0;
    for (size_t i = 0; i < count; i++)
        mantissa = mantissa * 10 + (unsigned)(digit(number, i) - '0');
    double value = (double)mantissa;
    value = exponent < 0 ? value / tens[-exponent] : value * tens[exponent];
    *out = number->negative ? -value : value;
    return true;
}

bool dbw_number_special(dbw_text text)
{
    return dbw_text_is(text, "NaN") || dbw_text_is(text, "Infinity") ||
           dbw_text_is(text, "-Infinity");
}

bool dbw_number_double(dbw_text text, double *out)
{
    dbw_number number;
    if (dbw_number_parse(text, &number))
        return false;
    if (parse_quickly(&number, out))
        return true;
    /* 800 digits decide every double (the longest that is halfway between two has 767). */
    char copy[1024];
    if (text.length >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.length);
    copy[text.length] = 0;
    *out = parse_in_c(copy);
    return isfinite(*out);
}

size_t dbw_integer_text(int64_t value, char out[DBW_INTEGER_TEXT])
{
    char reversed[DBW_INTEGER_TEXT];
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    size_t n = 0, length = 0;
    do {
        reversed[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        out[length++] = '-';
    while (n)
        out[length++] = reversed[--n];
    return length;
}

bool dbw_double_int64(double value, int64_t *out)
{
    if (!(value >= -9223372036854775808.0 && value < 9223372036854775808.0))
        return false;
    int64_t whole = (int64_t)value;
    if ((double)whole != value)
        return false;
    *out = whole;
    return true;
}

/* The fewest places behind the point under which digits / 10^places is this double again. With at
 * most 15 digits that decimal is unique, hence the shortest; prices take this way in 15 ns where
 * printing and reading back takes a microsecond. */
static size_t decimal_quickly(double value, char *out)
{
    double magnitude = fabs(value);
    if (magnitude != 0 && (magnitude < 1e-5 || magnitude >= 1e15))
        return 0;
    for (int places = 0; places <= 15; places++) {
        double scaled = magnitude * tens[places];
        if (scaled >= 1e15)
            return 0;
        int64_t digits = (int64_t)(scaled + 0.5);
        if ((double)digits / tens[places] != magnitude)
            continue;
        size_t n = 0;
        if (value < 0)
            out[n++] = '-';
        char text[DBW_INTEGER_TEXT];
        size_t length = dbw_integer_text(digits, text), fraction = (size_t)places;
        size_t whole = length > fraction ? length - fraction : 0;
        memcpy(out + n, text, whole);
        n += whole;
        if (!whole)
            out[n++] = '0';
        if (!fraction)
            return n;
        out[n++] = '.';
        for (size_t i = length; i < fraction; i++)
            out[n++] = '0';
        memcpy(out + n, text + whole, length - whole);
        return n + length - whole;
    }
    return 0;
}

size_t dbw_double_decimal(double value, char out[DBW_DOUBLE_DECIMAL])
{
    size_t n = decimal_quickly(value, out);
    if (n)
        return n;
    char text[DBW_DOUBLE_TEXT];
    int length = print_in_c(value, text, sizeof text);
    dbw_number number;
    if (length < 0 || dbw_number_parse((dbw_text){text, (size_t)length}, &number))
        return 0;
    int32_t whole, fraction;
    dbw_number_digits(&number, &whole, &fraction);
    return dbw_number_render(&number, fraction, out);
}

size_t dbw_double_text(double value, char out[DBW_DOUBLE_TEXT])
{
    if (isnan(value) || isinf(value)) {
        const char *name = isnan(value) ? "NaN" : value > 0 ? "Inf" : "-Inf";
        memcpy(out, name, strlen(name));
        return strlen(name);
    }
    char plain[DBW_DOUBLE_DECIMAL];
    size_t n = fabs(value) < 1e-4 ? 0 : decimal_quickly(value, plain);
    if (n && n + 2 < DBW_DOUBLE_TEXT) {
        memcpy(out, plain, n);
    } else {
        int length = print_in_c(value, out, DBW_DOUBLE_TEXT - 2);
        n = length > 0 ? (size_t)length : 0;
    }
    if (!memchr(out, '.', n) && !memchr(out, 'e', n)) {
        out[n++] = '.';
        out[n++] = '0';
    }
    return n;
}
