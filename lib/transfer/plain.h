/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_PLAIN_H
#define DBW_TRANSFER_PLAIN_H
/* The fast path of every text: ASCII without NUL needs no further look. */
#include "base/text.h"

/** True when all bytes are 0x01–0x7F; eight at a time. */
static inline bool dbw_plain_ascii(const char *text, size_t length)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = UINT64_C(0x8080808080808080);
    uint64_t seen = 0, word;
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
        memcpy(&word, text + i, 8);
        seen |= word | (word - ones); /* a zero byte borrows, a high one shows itself */
        if (seen & highs)
            return false;
    }
    for (; i < length; i++)
        if ((signed char)text[i] <= 0)
            return false;
    return true;
}

#endif
