/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/field.h"
#include "base/utf8.h"
#include "engine/postgresql/numeric.h"
#include "engine/postgresql/wire.h"

#include <math.h>

#define DAY_US INT64_C(86400000000)

/* --- checks that both forms share ------------------------------------------------------------- */

static const char out_of_range[] = "the value is out of range";
const char dbw_pg_wrong_kind[] = "the value is of another kind than the column";
static const char not_number[] = "the value is not a number";
static const char too_fine[] = "the column keeps fewer digits behind the point";

/** MaxAllocSize of PostgreSQL's memory manager. */
static const char *check_size(dbw_text text)
{
    return text.length > 0x3fffffff ? "the value is larger than 1 GB" : NULL;
}

const char *dbw_pg_check_text(const dbw_pg_field *column, dbw_text text)
{
    const char *reason = check_size(text);
    if (reason)
        return reason;
    if (text.length && memchr(text.data, '\0', text.length))
        return "PostgreSQL takes no NUL byte in text";
    /* The server would cut trailing spaces off without a word. */
    if (column->length && text.length > (size_t)column->length) {
        size_t length = text.length;
        while (column->fixed && length && text.data[length - 1] == ' ')
            length--;
        if (length > (size_t)column->length &&
            dbw_utf8_characters(text.data, length) > (size_t)column->length)
            return "the text is longer than the column allows";
    }
    return NULL;
}

static const char *check_fraction(const dbw_pg_field *column, int64_t microseconds)
{
    static const int32_t units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    return microseconds % units[column->fraction] ? too_fine : NULL;
}

static const char *check_integer(const dbw_pg_field *column, int64_t value)
{
    int64_t limit = column->wire == DBW_PG_WIRE_INT2   ? INT16_MAX
                    : column->wire == DBW_PG_WIRE_INT4 ? INT32_MAX
                                                       : INT64_MAX;
    return value > limit || value < -limit - 1 ? out_of_range : NULL;
}

static const char *check_time(const dbw_pg_field *column, int64_t value)
{
    if (value < 0 || value > DAY_US)
        return "PostgreSQL's time is from 00:00 to 24:00";
    return check_fraction(column, value);
}

static const char *check_timestamp(const dbw_pg_field *column, int64_t value)
{
    if (value == DBW_INFINITY || value == DBW_MINUS_INFINITY)
        return NULL;
    /* The range is given from 2000 on; its end lies beyond 64 bits from 1970 on. */
    if (value < DBW_PG_MIN_TIMESTAMP + DBW_PG_EPOCH_US ||
        value - DBW_PG_EPOCH_US >= DBW_PG_END_TIMESTAMP)
        return out_of_range;
    return check_fraction(column, value);
}

static const char *check_date(int64_t value)
{
    if (value == DBW_INFINITY || value == DBW_MINUS_INFINITY)
        return NULL;
    return value < DBW_PG_MIN_DAYS + DBW_PG_EPOCH_DAYS ||
                   value >= (int64_t)DBW_PG_END_DAYS + DBW_PG_EPOCH_DAYS
               ? out_of_range
               : NULL;
}

static const char *check_single(double value)
{
    if (isnan(value) || isinf(value))
        return NULL;
    if (fabs(value) > (double)__FLT_MAX__ || (double)(float)value != value)
        return "the value does not fit into four bytes without loss";
    return NULL;
}

static const char *check_bits(dbw_text bits)
{
    const char *reason = check_size(bits);
    if (reason)
        return reason;
    for (size_t i = 0; i < bits.length; i++)
        if (bits.data[i] != '0' && bits.data[i] != '1')
            return "a bit string holds 0 and 1 only";
    return NULL;
}

/* --- binary form ------------------------------------------------------------------------------ */

/** Room for one field with its length. */
size_t dbw_pg_field_room(const dbw_value *value)
{
    if (!dbw_kind_has_text(value->kind))
        return 4 + 24;
    return 4 + value->text.length + (value->kind == DBW_KIND_DECIMAL ? 24 : 8);
}

/* Each put_… writes the field with its length and moves `*at`; the reason where it cannot be. */

static void put_bytes(char **at, const void *bytes, size_t length)
{
    char *to = dbw_pg_put32(*at, (uint32_t)length);
    if (length)
        memcpy(to, bytes, length);
    *at = to + length;
}

static void put_word(char **at, uint64_t value, size_t size)
{
    char *to = dbw_pg_put32(*at, (uint32_t)size);
    *at = size == 8   ? dbw_pg_put64(to, value)
          : size == 4 ? dbw_pg_put32(to, (uint32_t)value)
                      : dbw_pg_put16(to, (uint16_t)value);
}

static const char *put_integer(const dbw_pg_field *column, const dbw_value *value, char **at)
{
    if (value->kind == DBW_KIND_UINT64)
        return out_of_range;
    if (value->kind != DBW_KIND_INT64)
        return dbw_pg_wrong_kind;
    const char *reason = check_integer(column, value->int64);
    if (!reason)
        put_word(at, (uint64_t)value->int64,
                 column->wire == DBW_PG_WIRE_INT2   ? 2
                 : column->wire == DBW_PG_WIRE_INT4 ? 4
                                                    : 8);
    return reason;
}

static const char *put_float(const dbw_pg_field *column, const dbw_value *value, char **at)
{
    if (value->kind != DBW_KIND_DOUBLE)
        return dbw_pg_wrong_kind;
    if (column->wire == DBW_PG_WIRE_FLOAT8) {
        uint64_t bits;
        memcpy(&bits, &value->real, 8);
        put_word(at, bits, 8);
        return NULL;
    }
    const char *reason = check_single(value->real);
    if (reason)
        return reason;
    float single = (float)value->real;
    uint32_t bits;
    memcpy(&bits, &single, 4);
    put_word(at, bits, 4);
    return NULL;
}

static const char *put_numeric(const dbw_pg_field *column, const dbw_value *value, char **at)
{
    int written;
    if (value->kind == DBW_KIND_DECIMAL)
        written = dbw_pg_numeric_encode(value->text, column->scale, *at + 4);
    else if (value->kind == DBW_KIND_INT64)
        written = dbw_pg_numeric_encode_uint64(value->int64 < 0 ? 0 - (uint64_t)value->int64
                                                                : (uint64_t)value->int64,
                                               value->int64 < 0, *at + 4);
    else if (value->kind == DBW_KIND_UINT64)
        written = dbw_pg_numeric_encode_uint64(value->uint64, false, *at + 4);
    else
        return dbw_pg_wrong_kind;
    if (written < 0)
        return written == -1 ? not_number : written == -2 ? out_of_range : too_fine;
    dbw_pg_put32(*at, (uint32_t)written);
    *at += 4 + written;
    return NULL;
}

static const char *put_text(const dbw_pg_field *column, const dbw_value *value, char **at)
{
    if (value->kind != DBW_KIND_TEXT && value->kind != DBW_KIND_JSON)
        return dbw_pg_wrong_kind;
    const char *reason = dbw_pg_check_text(column, value->text);
    if (!reason)
        put_bytes(at, value->text.data, value->text.length);
    return reason;
}

static const char *put_raw(const dbw_value *value, char **at)
{
    if (value->kind != DBW_KIND_BYTES)
        return dbw_pg_wrong_kind;
    const char *reason = check_size(value->text);
    if (!reason)
        put_bytes(at, value->text.data, value->text.length);
    return reason;
}

static const char *put_jsonb(const dbw_pg_field *column, const dbw_value *value, char **at)
{
    if (value->kind != DBW_KIND_JSON && value->kind != DBW_KIND_TEXT)
        return dbw_pg_wrong_kind;
    const char *reason = dbw_pg_check_text(column, value->text);
    if (reason)
        return reason;
    char *to = dbw_pg_put32(*at, (uint32_t)value->text.length + 1);
    *to++ = 1; /* the version of the form */
    if (value->text.length)
        memcpy(to, value->text.data, value->text.length);
    *at = to + value->text.length;
    return NULL;
}

static const char *put_bits(const dbw_value *value, char **at)
{
    if (value->kind != DBW_KIND_BIT)
        return dbw_pg_wrong_kind;
    const char *reason = check_bits(value->text);
    if (reason)
        return reason;
    size_t bits = value->text.length, bytes = (bits + 7) / 8;
    char *to = dbw_pg_put32(*at, (uint32_t)(4 + bytes));
    to = dbw_pg_put32(to, (uint32_t)bits);
    memset(to, 0, bytes);
    for (size_t i = 0; i < bits; i++)
        if (value->text.data[i] == '1')
            to[i / 8] = (char)(to[i / 8] | 1 << (7 - i % 8));
    *at = to + bytes;
    return NULL;
}

static const char *put_date(const dbw_value *value, char **at)
{
    if (value->kind != DBW_KIND_DATE)
        return dbw_pg_wrong_kind;
    const char *reason = check_date(value->int64);
    if (!reason)
        put_word(at,
                 value->int64 == DBW_INFINITY ? (uint64_t)INT32_MAX
                 : value->int64 == DBW_MINUS_INFINITY
                     ? (uint64_t)INT32_MIN
                     : (uint64_t)(value->int64 - DBW_PG_EPOCH_DAYS),
                 4);
    return reason;
}

static const char *put_timestamp(const dbw_pg_field *column, const dbw_value *value, char **at)
{
    if (value->kind !=
        (column->wire == DBW_PG_WIRE_TIMESTAMP ? DBW_KIND_TIMESTAMP : DBW_KIND_TIMESTAMPTZ))
        return dbw_pg_wrong_kind;
    const char *reason = check_timestamp(column, value->int64);
    if (!reason)
        put_word(at,
                 value->int64 == DBW_INFINITY || value->int64 == DBW_MINUS_INFINITY
                     ? (uint64_t)value->int64
                     : (uint64_t)(value->int64 - DBW_PG_EPOCH_US),
                 8);
    return reason;
}

static const char *put_time(const dbw_pg_field *column, const dbw_value *value, char **at)
{
    if (value->kind != DBW_KIND_TIME)
        return dbw_pg_wrong_kind;
    const char *reason = check_time(column, value->int64);
    if (!reason)
        put_word(at, (uint64_t)value->int64, 8);
    return reason;
}

static const char *put_oid(const dbw_value *value, char **at)
{
    if (value->kind != DBW_KIND_INT64)
        return dbw_pg_wrong_kind;
    if (value->int64 < 0 || value->int64 > UINT32_MAX)
        return out_of_range;
    put_word(at, (uint64_t)value->int64, 4);
    return NULL;
}

/** "-123.4" with two digits behind the point is -12340. */
static const char *put_money(const dbw_pg_field *column, const dbw_value *value, char **at)
{
    dbw_text text = value->text;
    bool negative = text.length && text.data[0] == '-', point = false;
    int64_t number = 0;
    int missing = column->scale > 0 ? column->scale : 0;
    if (value->kind != DBW_KIND_DECIMAL)
        return dbw_pg_wrong_kind;
    for (size_t i = negative; i < text.length; i++) {
        char c = text.data[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!dbw_is_digit(c))
            return not_number;
        if (point && missing-- == 0)
            return too_fine;
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_sub_overflow(number, c - '0', &number))
            return out_of_range;
    }
    for (; missing > 0; missing--)
        if (__builtin_mul_overflow(number, 10, &number))
            return out_of_range;
    if (!negative && __builtin_sub_overflow((int64_t)0, number, &number))
        return out_of_range;
    put_word(at, (uint64_t)number, 8);
    return NULL;
}

static const char *put_interval(const dbw_value *value, char **at)
{
    if (value->kind != DBW_KIND_INTERVAL)
        return dbw_pg_wrong_kind;
    char *to = dbw_pg_put32(*at, 16);
    to = dbw_pg_put64(to, (uint64_t)value->interval.microseconds);
    to = dbw_pg_put32(to, (uint32_t)value->interval.days);
    *at = dbw_pg_put32(to, (uint32_t)value->interval.months);
    return NULL;
}

const char *dbw_pg_put_field(const dbw_pg_field *column, const dbw_value *value, char **at)
{
    if (value->kind == DBW_KIND_NULL) {
        *at = dbw_pg_put32(*at, UINT32_MAX);
        return NULL;
    }
    switch (column->wire) {
    case DBW_PG_WIRE_INT2:
    case DBW_PG_WIRE_INT4:
    case DBW_PG_WIRE_INT8:
        return put_integer(column, value, at);
    case DBW_PG_WIRE_OID:
        return put_oid(value, at);
    case DBW_PG_WIRE_MONEY:
        return put_money(column, value, at);
    case DBW_PG_WIRE_TEXT:
        return put_text(column, value, at);
    case DBW_PG_WIRE_BYTES:
        return put_raw(value, at);
    case DBW_PG_WIRE_BOOL:
        if (value->kind != DBW_KIND_BOOL)
            return dbw_pg_wrong_kind;
        put_bytes(at, value->boolean ? "\1" : "\0", 1);
        return NULL;
    case DBW_PG_WIRE_FLOAT4:
    case DBW_PG_WIRE_FLOAT8:
        return put_float(column, value, at);
    case DBW_PG_WIRE_NUMERIC:
        return put_numeric(column, value, at);
    case DBW_PG_WIRE_DATE:
        return put_date(value, at);
    case DBW_PG_WIRE_TIME:
        return put_time(column, value, at);
    case DBW_PG_WIRE_TIMESTAMP:
    case DBW_PG_WIRE_TIMESTAMPTZ:
        return put_timestamp(column, value, at);
    case DBW_PG_WIRE_INTERVAL:
        return put_interval(value, at);
    case DBW_PG_WIRE_UUID:
        if (value->kind != DBW_KIND_UUID)
            return dbw_pg_wrong_kind;
        put_bytes(at, value->uuid, 16);
        return NULL;
    case DBW_PG_WIRE_JSONB:
        return put_jsonb(column, value, at);
    case DBW_PG_WIRE_BIT:
        return put_bits(value, at);
    case DBW_PG_WIRE_NONE:
        break;
    }
    return dbw_pg_wrong_kind;
}
