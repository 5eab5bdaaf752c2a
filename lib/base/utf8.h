/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_UTF8_H
#define DBW_BASE_UTF8_H
/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing above U+10FFFF. */
#include "base/dbw.h"

/** The offset of the first byte that is not valid UTF-8; `length` when all is valid. */
size_t dbw_utf8_invalid_at(const char *text, size_t length);

/** The number of characters of valid UTF-8 (bytes that do not continue a character). */
size_t dbw_utf8_characters(const char *text, size_t length);

/** The largest cut of at most `limit` bytes that does not split a character. */
size_t dbw_utf8_cut(const char *text, size_t length, size_t limit);

static inline bool dbw_utf8_valid(const char *text, size_t length)
{
    return dbw_utf8_invalid_at(text, length) == length;
}

#endif
