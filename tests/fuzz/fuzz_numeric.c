/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the numeric encoder takes comes back digit by digit from the decoder; what it refuses is no
 * decimal. The decoder takes any bytes without leaving its bounds, and what it makes of them is
 * encoded into the same number again.
 */
#include "engine/postgresql/numeric.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

/** Sign, digits, at most one point, at least one digit: what the contract of values allows. */
static bool is_decimal(dbw_text text)
{
    size_t digits = 0, points = 0;
    for (size_t i = text.length && text.data[0] == '-' ? 1 : 0; i < text.length; i++) {
        if (dbw_is_digit(text.data[i]))
            digits++;
        else if (text.data[i] == '.')
            points++;
        else
            return false;
    }
    return digits > 0 && points <= 1;
}

/** The same number written the shortest way: no leading zeros, no "-0", no point at the end. */
static dbw_text plain(dbw_text text, char *out)
{
    bool negative = text.length && text.data[0] == '-';
    size_t at = negative, length = 0, first;
    while (at + 1 < text.length && text.data[at] == '0' && dbw_is_digit(text.data[at + 1]))
        at++;
    bool zero = true;
    for (size_t i = at; i < text.length; i++)
        zero = zero && (text.data[i] == '0' || text.data[i] == '.');
    if (negative && !zero)
        out[length++] = '-';
    if (text.data[at] == '.')
        out[length++] = '0';
    first = length;
    memcpy(out + length, text.data + at, text.length - at);
    length += text.length - at;
    if (length > first && out[length - 1] == '.')
        length--;
    return (dbw_text){out, length};
}

static char *room(size_t size)
{
    char *memory = malloc(size ? size : 1);
    check(memory != NULL);
    return memory;
}

static void check_text(dbw_text text)
{
    char *wire = room(dbw_pg_numeric_room(text.length));
    int length = dbw_pg_numeric_encode(text, -1, wire);
    bool special =
        dbw_text_is(text, "NaN") || dbw_text_is(text, "Infinity") || dbw_text_is(text, "-Infinity");
    check((length != -1) == (is_decimal(text) || special));
    if (length > 0) {
        check((size_t)length <= dbw_pg_numeric_room(text.length));
        int64_t most = dbw_pg_numeric_text_room(wire, (size_t)length);
        check(most >= 0);
        char *back = room((size_t)most), *expected = room(text.length + 2);
        int64_t written = dbw_pg_numeric_decode(wire, back);
        check(written >= 0 && written <= most);
        dbw_text wanted = special ? text : plain(text, expected);
        check(dbw_text_equal((dbw_text){back, (size_t)written}, wanted));
        free(back);
        free(expected);
    }
    for (int scale = 0; scale < 3; scale++) {
        int limited = dbw_pg_numeric_encode(text, scale, wire);
        check(limited == length || limited == -3);
    }
    free(wire);
}

static void check_wire(const char *bytes, size_t length)
{
    int64_t most = dbw_pg_numeric_text_room(bytes, length);
    if (most < 0)
        return;
    char *text = room((size_t)most);
    int64_t written = dbw_pg_numeric_decode(bytes, text);
    check(written <= most);
    if (written > 0) {
        dbw_text read = {text, (size_t)written};
        char *wire = room(dbw_pg_numeric_room(read.length)), *again = room((size_t)most + 8);
        int encoded = dbw_pg_numeric_encode(read, -1, wire);
        check(encoded > 0 || encoded == -2);
        if (encoded > 0) {
            int64_t second = dbw_pg_numeric_decode(wire, again);
            check(second >= 0);
            check(dbw_text_equal(read, (dbw_text){again, (size_t)second}));
        }
        free(wire);
        free(again);
    }
    free(text);
}

static void check_integer(uint64_t value)
{
    char text[32], first[64], second[64];
    int length = snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    int one = dbw_pg_numeric_encode((dbw_text){text, (size_t)length}, 0, first);
    int two = dbw_pg_numeric_encode_uint64(value, false, second);
    check(one == two && memcmp(first, second, (size_t)one) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Copies of the exact size, so that a sanitizer sees every step beyond them. */
    char *copy = room(size);
    if (size)
        memcpy(copy, data, size);
    check_text((dbw_text){copy, size});
    check_wire(copy, size);
    uint64_t value = 0;
    memcpy(&value, copy, size < sizeof value ? size : sizeof value);
    check_integer(value);
    /* Numbers out of noise: each byte a digit, one of them the point. */
    if (size > 1) {
        size_t point = (size_t)(unsigned char)copy[0] % size;
        for (size_t i = 0; i < size; i++)
            copy[i] = (char)('0' + (unsigned char)copy[i] % 10);
        copy[point] = '.';
        if (data[size - 1] & 1 && point != 0)
            copy[0] = '-';
        check_text((dbw_text){copy, size});
    }
    free(copy);
    return 0;
}
