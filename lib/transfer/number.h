/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_NUMBER_H
#define DBW_TRANSFER_NUMBER_H
/*
 * Numbers written as text, taken apart exactly: nothing goes through a double, no locale is
 * consulted, nothing is allocated. The grammar is SQL's: [+-]digits[.digits][e[+-]digits], a digit
 * on at least one side of the point, nothing around it.
 */
#include "base/text.h"

/** Digits on either side of the point beyond this are refused: PostgreSQL's numeric ends at
 *  131,072 before and 16,383 behind it (manual, 8.1.2). */
enum { DBW_NUMBER_WHOLE_DIGITS = 131072, DBW_NUMBER_FRACTION_DIGITS = 16383 };

/** A number that was read; points into the text. */
typedef struct dbw_number {
    dbw_text before; /* digits before the written point, without leading zeros */
    dbw_text behind; /* digits behind it, as written */
    int32_t exponent;
    bool negative;
} dbw_number;

/** NULL, or why the text is no number: "not a number", "too many digits". */
const char *dbw_number_parse(dbw_text text, dbw_number *out);

/** NaN, Infinity or -Infinity, as PostgreSQL writes them. */
bool dbw_number_special(dbw_text text);

/** Digits of the plain form: before the point without leading zeros, behind it without trailing
 *  ones. */
void dbw_number_digits(const dbw_number *number, int32_t *whole, int32_t *fraction);

/** The exact integer; false when there is a fraction or it is out of range. */
bool dbw_number_int64(const dbw_number *number, int64_t *out) DBW_MUST_CHECK;
bool dbw_number_uint64(const dbw_number *number, uint64_t *out) DBW_MUST_CHECK;

/** Bytes that dbw_number_render() needs at most. */
size_t dbw_number_room(const dbw_number *number);

/** Writes [-]digits[.digits], no terminator; returns the length. Zeros behind the point stay as
 *  written, up to `scale` digits when it is not negative. Zero is never negative. */
size_t dbw_number_render(const dbw_number *number, int32_t scale, char *out);

/** The nearest double; false when it is no number or too large. */
bool dbw_number_double(dbw_text text, double *out) DBW_MUST_CHECK;

/** The shortest digits that read back as the same double, as SQLite shows them: "1.0", "-0.25",
 *  "1e+100", "Inf". Returns the length; no terminator is counted. */
enum { DBW_DOUBLE_TEXT = 40 };
size_t dbw_double_text(double value, char out[DBW_DOUBLE_TEXT]);

/** The same digits without an exponent. The value must be finite. */
enum { DBW_DOUBLE_DECIMAL = 352 };
size_t dbw_double_decimal(double value, char out[DBW_DOUBLE_DECIMAL]);

/** The integer that a double is exactly; false when it has a fraction or is out of range. */
bool dbw_double_int64(double value, int64_t *out) DBW_MUST_CHECK;

/** Decimal digits of an integer; returns the length (20 at most). */
enum { DBW_INTEGER_TEXT = 24 };
size_t dbw_integer_text(int64_t value, char out[DBW_INTEGER_TEXT]);

#endif
