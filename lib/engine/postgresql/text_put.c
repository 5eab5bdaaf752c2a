/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/locale.h"
#include "engine/postgresql/text.h"
#include "model/calendar.h"

#include <inttypes.h>
#include <math.h>

#define DAY_US INT64_C(86400000000)

static void put_double(dbw_buffer *out, double value)
{
    char text[DBW_PG_DOUBLE_TEXT];
    if (isnan(value))
        dbw_buffer_add_string(out, "NaN");
    else if (isinf(value))
        dbw_buffer_add_string(out, value > 0 ? "Infinity" : "-Infinity");
    else
        dbw_buffer_add(out, text, dbw_pg_double_print(value, text));
}

static void put_clock(dbw_buffer *out, int64_t microseconds)
{
    bool negative = microseconds < 0;
    uint64_t rest = negative ? 0 - (uint64_t)microseconds : (uint64_t)microseconds;
    dbw_buffer_printf(out, "%s%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64 ".%06" PRIu64,
                      negative ? "-" : "", rest / 3600000000U, rest / 60000000U % 60,
                      rest / 1000000U % 60, rest % 1000000U);
}

/** Years before 1 are counted as PostgreSQL writes them: astronomical 0 is 1 BC. */
static bool put_date(dbw_buffer *out, int64_t days)
{
    dbw_civil date = dbw_calendar_civil(days);
    bool before = date.year < 1;
    dbw_buffer_printf(out, "%04" PRId64 "-%02d-%02d", before ? 1 - date.year : date.year,
                      date.month, date.day);
    return before;
}

static bool put_infinity(dbw_buffer *out, int64_t value)
{
    if (value != DBW_INFINITY && value != DBW_MINUS_INFINITY)
        return false;
    dbw_buffer_add_string(out, value == DBW_INFINITY ? "infinity" : "-infinity");
    return true;
}

static void put_timestamp(dbw_buffer *out, int64_t microseconds, bool zone)
{
    if (put_infinity(out, microseconds))
        return;
    int64_t days = microseconds / DAY_US, rest = microseconds % DAY_US;
    if (rest < 0)
        days--, rest += DAY_US;
    bool before = put_date(out, days);
    dbw_buffer_add_char(out, ' ');
    put_clock(out, rest);
    if (zone)
        dbw_buffer_add_string(out, "+00");
    if (before)
        dbw_buffer_add_string(out, " BC");
}

static void put_bytes(dbw_buffer *out, dbw_text bytes)
{
    static const char digits[] = "0123456789abcdef";
    if (!dbw_buffer_reserve(out, 2 + 2 * bytes.length))
        return;
    char *at = out->data + out->length;
    *at++ = '\\';
    *at++ = 'x';
    for (size_t i = 0; i < bytes.length; i++) {
        *at++ = digits[(unsigned char)bytes.data[i] >> 4];
        *at++ = digits[(unsigned char)bytes.data[i] & 15];
    }
    *at = '\0';
    out->length += 2 + 2 * bytes.length;
}

static void put_uuid(dbw_buffer *out, const uint8_t *uuid)
{
    for (int i = 0; i < 16; i++)
        dbw_buffer_printf(out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
}

void dbw_pg_text_put(dbw_buffer *out, const dbw_value *value)
{
    switch (value->kind) {
    case DBW_KIND_NULL:
        return;
    case DBW_KIND_BOOL:
        dbw_buffer_add_char(out, value->boolean ? 't' : 'f');
        return;
    case DBW_KIND_INT64:
        dbw_buffer_printf(out, "%" PRId64, value->int64);
        return;
    case DBW_KIND_UINT64:
        dbw_buffer_printf(out, "%" PRIu64, value->uint64);
        return;
    case DBW_KIND_DOUBLE:
        put_double(out, value->real);
        return;
    case DBW_KIND_DATE:
        if (!put_infinity(out, value->int64) && put_date(out, value->int64))
            dbw_buffer_add_string(out, " BC");
        return;
    case DBW_KIND_TIME:
        put_clock(out, value->int64);
        return;
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
        put_timestamp(out, value->int64, value->kind == DBW_KIND_TIMESTAMPTZ);
        return;
    case DBW_KIND_INTERVAL:
        dbw_buffer_printf(out, "%d mons %d days ", value->interval.months, value->interval.days);
        put_clock(out, value->interval.microseconds);
        return;
    case DBW_KIND_UUID:
        put_uuid(out, value->uuid);
        return;
    case DBW_KIND_BYTES:
        put_bytes(out, value->text);
        return;
    case DBW_KIND_DECIMAL:
    case DBW_KIND_TEXT:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
        dbw_buffer_add_text(out, value->text);
        return;
    }
}

void dbw_pg_quote_string(dbw_buffer *out, dbw_text text)
{
    bool backslash = text.length && memchr(text.data, '\\', text.length);
    dbw_buffer_add_string(out, backslash ? " E'" : "'");
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '\'' || c == '\\')
            dbw_buffer_add_char(out, c);
        dbw_buffer_add_char(out, c);
    }
    dbw_buffer_add_char(out, '\'');
}

dbw_status dbw_pg_literal(dbw_buffer *out, const dbw_value *value, dbw_error *error)
{
    if (value->kind == DBW_KIND_NULL) {
        dbw_buffer_add_string(out, "NULL");
        return DBW_OK;
    }
    if (value->kind != DBW_KIND_BYTES && dbw_kind_has_text(value->kind) && value->text.length &&
        memchr(value->text.data, '\0', value->text.length))
        return dbw_fail(error, DBW_E_DATA,
                        "unable to write a value: PostgreSQL takes no NUL byte in text");
    dbw_buffer text;
    dbw_buffer_init(&text, out->limit);
    dbw_pg_text_put(&text, value);
    dbw_status status = dbw_buffer_check(&text, "value", error);
    if (status == DBW_OK)
        dbw_pg_quote_string(out, dbw_buffer_text(&text));
    dbw_buffer_free(&text);
    return status;
}
