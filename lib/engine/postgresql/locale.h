/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_LOCALE_H
#define DBW_ENGINE_POSTGRESQL_LOCALE_H
/* Floating-point numbers as text, with a point whatever the locale of the process. */
#include "base/text.h"

enum { DBW_PG_DOUBLE_TEXT = 32 };

/** 17 significant digits: exact on reading back. Returns the length. */
size_t dbw_pg_double_print(double value, char out[DBW_PG_DOUBLE_TEXT]);

/** Reads a whole text, which is followed by a NUL; NaN, Infinity and -Infinity too. */
bool dbw_pg_double_parse(dbw_text text, double *out);

#endif
