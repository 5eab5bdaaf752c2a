/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_NUMERIC_H
#define DBW_ENGINE_POSTGRESQL_NUMERIC_H
/*
 * numeric on the wire: digit count, weight, sign and display scale as 16-bit words, then digits of
 * base 10000 (src/backend/utils/adt/numeric.c, numeric_send). Exact in both directions; the number
 * of digits behind the point is kept, trailing zeros included.
 */
#include "base/text.h"

/** Bytes that dbw_pg_numeric_encode() may write for text of that length. */
static inline size_t dbw_pg_numeric_room(size_t length)
{
    return 8 + 2 * (length / 4 + 3);
}

/**
 * Encodes [-]digits[.digits], NaN, Infinity or -Infinity; returns the bytes written, or -1 where
 * the text is none of these, -2 where PostgreSQL has no room for it (131072 digits before and
 * 16383 behind the point), -3 where more than `scale` digits behind the point are not zero (-1: any
 * number of them may stand there), which the server would round away silently.
 */
int dbw_pg_numeric_encode(dbw_text text, int scale, char *out);

/** The same for an integer. */
int dbw_pg_numeric_encode_uint64(uint64_t value, bool negative, char *out);

/** Bytes that dbw_pg_numeric_decode() may write, or -1 where the header is not valid. */
int64_t dbw_pg_numeric_text_room(const char *wire, size_t length);

/** Writes the text of a wire form that the former found valid, no NUL; returns its length or -1
 *  where sign or digits are not valid. */
int64_t dbw_pg_numeric_decode(const char *wire, char *out);

#endif
