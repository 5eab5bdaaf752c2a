/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/locale.h"

#include <locale.h>
#include <pthread.h>

static locale_t plain;

static void make_plain(void)
{
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static locale_t plain_locale(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_plain);
    return plain;
}

size_t dbw_pg_double_print(double value, char out[DBW_PG_DOUBLE_TEXT])
{
    locale_t before = uselocale(plain_locale());
    int length = snprintf(out, DBW_PG_DOUBLE_TEXT, "%.17g", value);
    uselocale(before);
    return length > 0 ? (size_t)length : 0;
}

bool dbw_pg_double_parse(dbw_text text, double *out)
{
    char *end;
    if (text.length == 0 || dbw_is_space(text.data[0]))
        return false;
    *out = strtod_l(text.data, &end, plain_locale());
    return end == text.data + text.length;
}
