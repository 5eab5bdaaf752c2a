/* SPDX-License-Identifier: Apache-2.0 */
/* Intervals as ISO 8601 text: months, days and microseconds, each for itself. */
#include "verify/canonical_priv.h"

/* One "-12.5X": the number in millionths and its letter. */
static bool take_part(dbw_text text, size_t *at, int64_t *millionths, char *letter)
{
    bool negative = *at < text.length && text.data[*at] == '-';
    int64_t value = 0, unit = 1000000;
    bool digits = false, point = false;
    for (size_t i = *at + negative; i < text.length; i++) {
        char c = text.data[i];
        if (dbw_is_digit(c)) {
            digits = true;
            if (point && (unit /= 10) == 0)
                return false;
            if (!point && __builtin_mul_overflow(value, 10, &value))
                return false;
            if (__builtin_add_overflow(value, (c - '0') * (point ? unit : 1000000), &value))
                return false;
        } else if (c == '.' && !point) {
            point = true;
        } else {
            *at = i + 1;
            *letter = c;
            *millionths = negative ? -value : value;
            return digits;
        }
    }
    return false;
}

static bool multiply(int64_t a, int64_t b, int64_t *sum)
{
    int64_t product;
    return !__builtin_mul_overflow(a, b, &product) && !__builtin_add_overflow(*sum, product, sum);
}

bool dbw_canonical_duration(dbw_text text, dbw_interval *out)
{
    int64_t months = 0, days = 0, micros = 0;
    bool time = false;
    if (text.length < 3 || text.data[0] != 'P')
        return false;
    for (size_t at = 1; at < text.length;) {
        int64_t value;
        char letter;
        if (text.data[at] == 'T' && !time) {
            time = true;
            at++;
            continue;
        }
        if (!take_part(text, &at, &value, &letter))
            return false;
        bool whole = value % 1000000 == 0, good = false;
        if (time && letter == 'S')
            good = multiply(value, 1, &micros);
        else if (time && whole && (letter == 'H' || letter == 'M'))
            good = multiply(value / 1000000, letter == 'H' ? 3600000000 : 60000000, &micros);
        else if (!time && whole && (letter == 'Y' || letter == 'M'))
            good = multiply(value / 1000000, letter == 'Y' ? 12 : 1, &months);
        else if (!time && whole && (letter == 'W' || letter == 'D'))
            good = multiply(value / 1000000, letter == 'W' ? 7 : 1, &days);
        if (!good)
            return false;
    }
    *out = (dbw_interval){.microseconds = micros, .days = (int32_t)days, .months = (int32_t)months};
    return months == (int32_t)months && days == (int32_t)days;
}
