/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/number.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>

static locale_t plain;

static void make_plain(void)
{
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

char *dbw_mysql_integer_print(int64_t value, char *out)
{
    char digits[20];
    int n = 0;
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (value < 0)
        *out++ = '-';
    do
        digits[n++] = (char)('0' + size % 10);
    while (size /= 10);
    while (n)
        *out++ = digits[--n];
    return out;
}

/* Most reals of databases are amounts and measures: whole numbers and short decimals need no
 * printf, which takes ten times as long. */
static size_t print_short(double value, char *out)
{
    static const double scales[] = {1, 10, 100, 1000, 10000};
    for (int digits = 0; digits < 5; digits++) {
        double scaled = value * scales[digits];
        if (!(fabs(scaled) < 9007199254740992.0))
            return 0;
        int64_t whole = (int64_t)scaled;
        if ((double)whole != scaled || (double)whole / scales[digits] != value)
            continue;
        char *end = dbw_mysql_integer_print(whole, out);
        if (digits == 0)
            return (size_t)(end - out);
        /* At least one digit before the point: -5 with three digits is -0.005. */
        char *start = out + (whole < 0);
        int have = (int)(end - start), missing = digits + 1 - have;
        if (missing > 0) {
            memmove(start + missing, start, (size_t)have);
            memset(start, '0', (size_t)missing);
            end += missing;
        }
        memmove(end - digits + 1, end - digits, (size_t)digits);
        end[-digits] = '.';
        return (size_t)(end + 1 - out);
    }
    return 0;
}

size_t dbw_mysql_double_print(double value, char out[DBW_MYSQL_DOUBLE_TEXT])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    size_t shorter = value == 0 ? 0 : print_short(value, out);
    if (shorter)
        return shorter;
    pthread_once(&once, make_plain);
    locale_t before = uselocale(plain);
    int length = snprintf(out, DBW_MYSQL_DOUBLE_TEXT, "%.17g", value);
    uselocale(before);
    return length > 0 ? (size_t)length : 0;
}
