/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is read as a date or time lies in its range (years within 290000), and what we write of
 * it reads the same. */
#include "transfer/datetime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dbw_datetime first, second;
    char text[DBW_CALENDAR_TEXT];
    if (dbw_datetime_parse((dbw_text){(const char *)data, size}, &first))
        return 0;
    if (!(first.parts & (DBW_DATETIME_DATE | DBW_DATETIME_TIME)))
        abort();
    if (first.parts & DBW_DATETIME_ENDLESS)
        return 0;
    bool dated = first.parts & DBW_DATETIME_DATE;
    if (first.microseconds < 0 || first.microseconds > INT64_C(86400000000) - dated ||
        first.days > INT64_C(106700000) || first.days < INT64_C(-106700000))
        abort();
    dbw_datetime_format(&first, text);
    if (dbw_datetime_parse(dbw_text_of(text), &second))
        abort();
    if (dbw_datetime_local(&first) != dbw_datetime_local(&second) ||
        first.zone_minutes != second.zone_minutes ||
        (first.parts & ~(unsigned)DBW_DATETIME_CUT) != second.parts)
        abort();
    return 0;
}
