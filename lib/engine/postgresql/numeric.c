/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/numeric.h"
#include "engine/postgresql/wire.h"

enum {
    POSITIVE = 0x0000,
    NEGATIVE = 0x4000,
    NOT_A_NUMBER = 0xC000,
    PLUS_INFINITY = 0xD000,
    MINUS_INFINITY = 0xF000
};
enum { MAX_INTEGER_DIGITS = 131072, MAX_SCALE = 16383 };

static int put_header(char *out, int digits, int weight, int sign, int scale)
{
    out = dbw_pg_put16(out, (uint16_t)digits);
    out = dbw_pg_put16(out, (uint16_t)weight);
    out = dbw_pg_put16(out, (uint16_t)sign);
    dbw_pg_put16(out, (uint16_t)scale);
    return 8 + 2 * digits;
}

static size_t count_digits(const char *at, size_t length)
{
    size_t n = 0;
    while (n < length && dbw_is_digit(at[n]))
        n++;
    return n;
}

static int special(dbw_text text, char *out)
{
    if (dbw_text_is(text, "NaN"))
        return put_header(out, 0, 0, NOT_A_NUMBER, 0);
    if (dbw_text_is(text, "Infinity"))
        return put_header(out, 0, 0, PLUS_INFINITY, 0);
    if (dbw_text_is(text, "-Infinity"))
        return put_header(out, 0, 0, MINUS_INFINITY, 0);
    return -1;
}

/** One digit of base 10000 out of up to four characters, zeros behind where there are fewer. */
static int group(const char *at, size_t length)
{
    int value = 0;
    for (size_t i = 0; i < 4; i++)
        value = value * 10 + (i < length ? at[i] - '0' : 0);
    return value;
}

static bool only_zeros(const char *at, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (at[i] != '0')
            return false;
    return true;
}

/** The parts of a decimal text. */
typedef struct parts {
    const char *whole, *fraction;
    size_t whole_length, fraction_length; /* the whole part without leading zeros */
    bool negative;
} parts;

static bool take_apart(dbw_text text, parts *out)
{
    const char *at = text.data, *end = text.data + text.length;
    out->negative = at < end && *at == '-';
    at += out->negative;
    out->whole = at;
    out->whole_length = count_digits(at, (size_t)(end - at));
    at += out->whole_length;
    out->fraction = at;
    out->fraction_length = 0;
    if (at < end && *at == '.') {
        out->fraction = ++at;
        out->fraction_length = count_digits(at, (size_t)(end - at));
        at += out->fraction_length;
    }
    if (at != end || out->whole_length + out->fraction_length == 0)
        return false;
    while (out->whole_length && *out->whole == '0')
        out->whole++, out->whole_length--;
    return true;
}

int dbw_pg_numeric_encode(dbw_text text, int scale, char *out)
{
    parts number;
    if (!take_apart(text, &number))
        return special(text, out);
    if (scale >= 0 && number.fraction_length > (size_t)scale &&
        !only_zeros(number.fraction + scale, number.fraction_length - (size_t)scale))
        return -3;
    if (number.whole_length > MAX_INTEGER_DIGITS || number.fraction_length > MAX_SCALE)
        return -2;
    char *at = out + 8;
    int digits = 0, weight = (int)((number.whole_length + 3) / 4) - 1;
    for (size_t i = 0; i < number.whole_length; digits++) {
        size_t take = i == 0 && number.whole_length % 4 ? number.whole_length % 4 : 4;
        int value = 0;
        for (size_t end = i + take; i < end; i++)
            value = value * 10 + (number.whole[i] - '0');
        at = dbw_pg_put16(at, (uint16_t)value);
    }
    for (size_t i = 0; i < number.fraction_length; i += 4) {
        int value = group(number.fraction + i, number.fraction_length - i);
        if (digits == 0 && value == 0) {
            weight--;
            continue;
        }
        at = dbw_pg_put16(at, (uint16_t)value);
        digits++;
    }
    while (digits > 0 && dbw_pg_get16(at - 2) == 0)
        at -= 2, digits--;
    if (digits == 0)
        return put_header(out, 0, 0, POSITIVE, (int)number.fraction_length);
    return put_header(out, digits, weight, number.negative ? NEGATIVE : POSITIVE,
                      (int)number.fraction_length);
}

int dbw_pg_numeric_encode_uint64(uint64_t value, bool negative, char *out)
{
    uint16_t digits[5];
    int count = 0, zeros = 0;
    for (; value; value /= 10000)
        digits[count++] = (uint16_t)(value % 10000);
    while (zeros < count && digits[zeros] == 0)
        zeros++;
    char *at = out + 8;
    for (int i = count; i-- > zeros;)
        at = dbw_pg_put16(at, digits[i]);
    return put_header(out, count - zeros, count ? count - 1 : 0, negative ? NEGATIVE : POSITIVE, 0);
}

int64_t dbw_pg_numeric_text_room(const char *wire, size_t length)
{
    if (length < 8)
        return -1;
    int64_t digits = dbw_pg_get16(wire), weight = (int16_t)dbw_pg_get16(wire + 2);
    int64_t scale = dbw_pg_get16(wire + 6);
    if (length != 8 + 2 * (size_t)digits || scale > MAX_SCALE)
        return -1;
    return 16 + 4 * (weight > 0 ? weight + 1 : 1) + scale + 4;
}

static char *put_four(char *at, int value)
{
    at[0] = (char)('0' + value / 1000);
    at[1] = (char)('0' + value / 100 % 10);
    at[2] = (char)('0' + value / 10 % 10);
    at[3] = (char)('0' + value % 10);
    return at + 4;
}

/** The n-th digit of base 10000, the one of weight 0 being the n-th where n = weight. */
static int digit(const char *wire, int64_t n)
{
    return n >= 0 && n < dbw_pg_get16(wire) ? dbw_pg_get16(wire + 8 + 2 * n) : 0;
}

static int64_t put_word(char *out, const char *word)
{
    size_t length = strlen(word);
    memcpy(out, word, length);
    return (int64_t)length;
}

static bool is_zero(const char *at, const char *end)
{
    while (at < end && (*at == '0' || *at == '.'))
        at++;
    return at == end;
}

int64_t dbw_pg_numeric_decode(const char *wire, char *out)
{
    int count = dbw_pg_get16(wire), sign = dbw_pg_get16(wire + 4);
    int64_t weight = (int16_t)dbw_pg_get16(wire + 2);
    int64_t scale = dbw_pg_get16(wire + 6);
    if (sign == NOT_A_NUMBER)
        return put_word(out, "NaN");
    if (sign == PLUS_INFINITY)
        return put_word(out, "Infinity");
    if (sign == MINUS_INFINITY)
        return put_word(out, "-Infinity");
    if (sign != POSITIVE && sign != NEGATIVE)
        return -1;
    for (int i = 0; i < count; i++)
        if (digit(wire, i) > 9999)
            return -1;
    char *at = out;
    if (sign == NEGATIVE && count > 0)
        *at++ = '-';
    char *whole = at;
    for (int64_t n = 0; n <= weight; n++)
        at = put_four(at, digit(wire, n));
    /* Leading zeros of the first digit go, but one stays. */
    size_t zeros = 0;
    while (whole + zeros + 1 < at && whole[zeros] == '0')
        zeros++;
    memmove(whole, whole + zeros, (size_t)(at - whole) - zeros);
    at -= zeros;
    if (at == whole)
        *at++ = '0';
    if (scale > 0) {
        *at++ = '.';
        char *fraction = at;
        for (int64_t n = weight + 1; at - fraction < scale; n++)
            at = put_four(at, digit(wire, n));
        at = fraction + scale;
    }
    /* Digits beyond the scale are not shown: what is left of them may be nothing. */
    if (whole > out && is_zero(whole, at)) {
        memmove(out, whole, (size_t)(at - whole));
        at--;
    }
    return at - out;
}
