/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_NUMBER_H
#define DBW_ENGINE_MYSQL_NUMBER_H
/* Numbers as text, with a point whatever the locale of the process. */
#include "base/text.h"

enum { DBW_MYSQL_DOUBLE_TEXT = 32 };

/** 17 significant digits: exact on reading back. "inf", "-inf", "nan" for what is no number. */
size_t dbw_mysql_double_print(double value, char out[DBW_MYSQL_DOUBLE_TEXT]);

/** Returns where it ends; at most 20 characters. */
char *dbw_mysql_integer_print(int64_t value, char *out);

#endif
