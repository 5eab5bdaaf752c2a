/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

bool dbw_text_equal_nocase(dbw_text a, dbw_text b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++)
        if (dbw_lower(a.data[i]) != dbw_lower(b.data[i]))
            return false;
    return true;
}

bool dbw_text_to_int64(dbw_text text, int64_t *out)
{
    size_t i = 0;
    bool negative = text.length > 0 && text.data[0] == '-';
    i += negative;
    if (i == text.length)
        return false;
    /* Counted downwards: the range reaches one further below zero than above. */
    int64_t value = 0;
    for (; i < text.length; i++) {
        if (!dbw_is_digit(text.data[i]))
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, text.data[i] - '0', &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *out = negative ? value : -value;
    return true;
}
