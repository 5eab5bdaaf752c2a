/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_TEXT_H
#define DBW_BASE_TEXT_H
/* Text and bytes as pointer + length: a NUL may stand inside, none need follow. */
#include "base/dbw.h"

typedef struct dbw_text {
    const char *data;
    size_t length;
} dbw_text;

/** A string literal as text. */
#define DBW_TEXT(literal) ((dbw_text){("" literal), sizeof(literal) - 1})

/** A C string as text; NULL gives empty text. */
static inline dbw_text dbw_text_of(const char *string)
{
    return (dbw_text){string, string ? strlen(string) : 0};
}

static inline bool dbw_text_equal(dbw_text a, dbw_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static inline bool dbw_text_is(dbw_text text, const char *string)
{
    return dbw_text_equal(text, dbw_text_of(string));
}

/** ASCII letters compared without case, independent of any locale. */
bool dbw_text_equal_nocase(dbw_text a, dbw_text b);

/** ASCII lower case of one byte, independent of any locale. */
static inline char dbw_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline bool dbw_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool dbw_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/** A decimal integer with optional '-', nothing else around it, in range; false otherwise. */
bool dbw_text_to_int64(dbw_text text, int64_t *out) DBW_MUST_CHECK;

#endif
