/* SPDX-License-Identifier: Apache-2.0 */
#include "moments.h"

#include <time.h>

#define FIRST INT64_C(1546300800) /* 2019-01-01 */
#define LAST INT64_C(1782864000)  /* 2026-07-01 */

int64_t docuflow_moment(docuflow_random *random)
{
    return docuflow_random_between(random, FIRST, LAST);
}

/* The calendar's fields with `between` (a blank or 'T') inside. */
static void write_fields(int64_t seconds, char between, char out[DOCUFLOW_MOMENT_TEXT])
{
    struct tm fields;
    time_t moment = (time_t)seconds;
    gmtime_r(&moment, &fields);
    snprintf(out, DOCUFLOW_MOMENT_TEXT, "%04d-%02d-%02d%c%02d:%02d:%02d", fields.tm_year + 1900,
             fields.tm_mon + 1, fields.tm_mday, between, fields.tm_hour, fields.tm_min,
             fields.tm_sec);
}

/* ".5" to ".123456000": digits beyond the sixth are zeros. */
static void add_fraction(docuflow_random *random, char out[DOCUFLOW_MOMENT_TEXT])
{
    static const int widths[] = {1, 2, 3, 3, 4, 5, 6, 6, 6, 7, 8, 9};
    char digits[16];
    int width = docuflow_random_pick(random, widths);
    snprintf(digits, sizeof digits, "%06u000",
             (unsigned)docuflow_random_below(random, UINT64_C(1000000)));
    size_t length = strlen(out);
    snprintf(out + length, DOCUFLOW_MOMENT_TEXT - length, ".%.*s", width, digits);
}

void docuflow_moment_plain(int64_t seconds, char out[DOCUFLOW_MOMENT_TEXT])
{
    write_fields(seconds, ' ', out);
}

void docuflow_moment_date(int64_t seconds, char out[DOCUFLOW_MOMENT_TEXT])
{
    write_fields(seconds, ' ', out);
    out[10] = '\0';
}

void docuflow_moment_mixed(docuflow_random *random, int64_t seconds, char out[DOCUFLOW_MOMENT_TEXT])
{
    if (docuflow_random_chance(random, 3)) {
        docuflow_moment_date(seconds, out);
        return;
    }
    write_fields(seconds, docuflow_random_chance(random, 35) ? 'T' : ' ', out);
    if (docuflow_random_chance(random, 55))
        add_fraction(random, out);
}

void docuflow_moment_zoned(docuflow_random *random, int64_t seconds, char out[DOCUFLOW_MOMENT_TEXT])
{
    static const struct {
        const char *zone;
        int minutes;
    } zones[] = {
        {"Z", 0}, {"Z", 0}, {"+00:00", 0}, {"+02:00", 120}, {"-05:30", -330}, {"+05:45", 345},
    };
    size_t zone = (size_t)docuflow_random_below(random, DBW_COUNT(zones));
    write_fields(seconds + zones[zone].minutes * 60, docuflow_random_chance(random, 70) ? 'T' : ' ',
                 out);
    if (docuflow_random_chance(random, 40))
        add_fraction(random, out);
    size_t length = strlen(out);
    snprintf(out + length, DOCUFLOW_MOMENT_TEXT - length, "%s", zones[zone].zone);
}
