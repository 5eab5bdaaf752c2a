/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/decode.h"
#include "model/calendar.h"

/* --- numbers ---------------------------------------------------------------------------------- */

static uint64_t little_endian(const unsigned char *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

static size_t decode_integer(const dbw_mysql_field *field, const unsigned char *bytes,
                             size_t available, size_t size, dbw_value *out)
{
    if (available < size)
        return 0;
    uint64_t value = little_endian(bytes, size);
    unsigned shift = 64 - 8 * (unsigned)size;
    if (!field->is_unsigned)
        *out = dbw_value_int((int64_t)(value << shift) >> shift);
    else if (value > INT64_MAX)
        *out = (dbw_value){.kind = DBW_KIND_UINT64, .uint64 = value};
    else
        *out = dbw_value_int((int64_t)value);
    return size;
}

static size_t decode_real(const unsigned char *bytes, size_t available, size_t size, dbw_value *out)
{
    if (available < size)
        return 0;
    uint64_t bits = little_endian(bytes, size);
    out->kind = DBW_KIND_DOUBLE;
    if (size == sizeof(double)) {
        memcpy(&out->real, &bits, sizeof out->real);
        return size;
    }
    float real;
    uint32_t half = (uint32_t)bits;
    memcpy(&real, &half, sizeof real);
    out->real = (double)real;
    return size;
}

/* --- dates and times -------------------------------------------------------------------------- */

typedef struct moment {
    unsigned year, month, day, hour, minute, second, micros;
} moment;

/** Length, then as many parts as are not zero: 0, 4, 7 or 11 bytes. */
static size_t read_moment(const unsigned char *bytes, size_t available, moment *out)
{
    *out = (moment){0};
    size_t length = available ? bytes[0] : 0;
    if (!available || available - 1 < length ||
        (length != 0 && length != 4 && length != 7 && length != 11))
        return 0;
    if (length >= 4) {
        out->year = (unsigned)little_endian(bytes + 1, 2);
        out->month = bytes[3];
        out->day = bytes[4];
    }
    if (length >= 7) {
        out->hour = bytes[5];
        out->minute = bytes[6];
        out->second = bytes[7];
    }
    if (length >= 11)
        out->micros = (unsigned)little_endian(bytes + 8, 4);
    return length + 1;
}

static bool in_calendar(const moment *m)
{
    return m->year >= 1 && m->year <= 9999 &&
           dbw_calendar_valid(m->year, (int)m->month, (int)m->day) && m->hour < 24 &&
           m->minute < 60 && m->second < 60 && m->micros < 1000000;
}

static dbw_value moment_text(dbw_mysql_field *field, const moment *m)
{
    int n = snprintf(field->scratch, sizeof field->scratch, "%04u-%02u-%02u", m->year, m->month,
                     m->day);
    if (field->wire != DBW_MYSQL_WIRE_DATE) {
        n += snprintf(field->scratch + n, sizeof field->scratch - (size_t)n, " %02u:%02u:%02u",
                      m->hour, m->minute, m->second);
        if (m->micros)
            n +=
                snprintf(field->scratch + n, sizeof field->scratch - (size_t)n, ".%06u", m->micros);
    }
    return dbw_value_text((dbw_text){field->scratch, (size_t)n});
}

static size_t decode_moment(dbw_mysql_field *field, const unsigned char *bytes, size_t available,
                            dbw_value *out)
{
    moment m;
    size_t size = read_moment(bytes, available, &m);
    if (!size)
        return 0;
    if (!in_calendar(&m)) {
        *out = moment_text(field, &m);
        return size;
    }
    int64_t days = dbw_calendar_days(m.year, (int)m.month, (int)m.day);
    if (field->wire == DBW_MYSQL_WIRE_DATE) {
        *out = (dbw_value){.kind = DBW_KIND_DATE, .int64 = days};
        return size;
    }
    int64_t seconds = ((days * 24 + m.hour) * 60 + m.minute) * 60 + m.second;
    bool zoned = field->intent == DBW_INTENT_TIMESTAMPTZ ||
                 (field->wire == DBW_MYSQL_WIRE_TIMESTAMP && field->intent != DBW_INTENT_TIMESTAMP);
    *out = (dbw_value){.kind = zoned ? DBW_KIND_TIMESTAMPTZ : DBW_KIND_TIMESTAMP,
                       .int64 = seconds * 1000000 + m.micros};
    return size;
}

/** Times end at 838:59:59. */
enum { DAYS_MOST = 34 };

/** Sign, days, hours, minutes, seconds, microseconds: 0, 8 or 12 bytes. */
static size_t decode_time(const dbw_mysql_field *field, const unsigned char *bytes,
                          size_t available, dbw_value *out)
{
    size_t length = available ? bytes[0] : 0;
    int64_t micros = 0;
    if (!available || available - 1 < length || (length != 0 && length != 8 && length != 12))
        return 0;
    if (length) {
        int64_t days = (int64_t)little_endian(bytes + 2, 4);
        if (days > DAYS_MOST)
            return 0;
        micros = (((days * 24 + bytes[6]) * 60 + bytes[7]) * 60 + bytes[8]) * 1000000;
        if (length == 12)
            micros += (int64_t)little_endian(bytes + 9, 4);
        if (bytes[1])
            micros = -micros;
    }
    if (field->intent == DBW_INTENT_INTERVAL)
        *out = (dbw_value){.kind = DBW_KIND_INTERVAL, .interval = {.microseconds = micros}};
    else
        *out = (dbw_value){.kind = DBW_KIND_TIME, .int64 = micros};
    return length + 1;
}

/* --- strings ---------------------------------------------------------------------------------- */

/** A length-encoded string; the size of all of it, 0 when it does not fit. */
static size_t read_string(const unsigned char *bytes, size_t available, dbw_text *out)
{
    if (!available || bytes[0] == 251 || bytes[0] == 255)
        return 0;
    size_t width = bytes[0] < 251 ? 0 : bytes[0] == 252 ? 2 : bytes[0] == 253 ? 3 : 8;
    if (available - 1 < width)
        return 0;
    uint64_t length = width ? little_endian(bytes + 1, width) : bytes[0];
    if (length > available - 1 - width)
        return 0;
    *out = (dbw_text){(const char *)bytes + 1 + width, (size_t)length};
    return 1 + width + (size_t)length;
}

static dbw_value bits_of(dbw_mysql_field *field, dbw_text bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.length; i++)
        value = value << 8 | (unsigned char)bytes.data[i];
    size_t count = field->bits > 0 && field->bits <= 64 ? (size_t)field->bits : 1;
    for (size_t i = 0; i < count; i++)
        field->scratch[count - 1 - i] = value >> i & 1 ? '1' : '0';
    return (dbw_value){.kind = DBW_KIND_BIT, .text = {field->scratch, count}};
}

/** ZEROFILL shows zeros before the digits. */
static dbw_value decimal_of(dbw_text text)
{
    while (text.length > 1 && text.data[0] == '0' && dbw_is_digit(text.data[1])) {
        text.data++;
        text.length--;
    }
    return (dbw_value){.kind = DBW_KIND_DECIMAL, .text = text};
}

static int hex(char c)
{
    return dbw_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/** The server's own form, in lower case with hyphens, or 16 bytes. */
static bool read_uuid(dbw_text text, uint8_t out[16])
{
    if (text.length == 16) {
        memcpy(out, text.data, 16);
        return true;
    }
    size_t n = 0, at = 0;
    while (text.length == 36 && n < 16) {
        if (at == 8 || at == 13 || at == 18 || at == 23) {
            if (text.data[at++] != '-')
                return false;
            continue;
        }
        int high = hex(text.data[at]), low = hex(text.data[at + 1]);
        if (high < 0 || low < 0)
            return false;
        out[n++] = (uint8_t)(high * 16 + low);
        at += 2;
    }
    return n == 16;
}

static size_t decode_string(dbw_mysql_field *field, const unsigned char *bytes, size_t available,
                            dbw_value *out)
{
    dbw_text text;
    size_t size = read_string(bytes, available, &text);
    if (!size)
        return 0;
    if (field->wire == DBW_MYSQL_WIRE_BIT) {
        *out = bits_of(field, text);
        return size;
    }
    if (field->wire == DBW_MYSQL_WIRE_DECIMAL) {
        *out = decimal_of(text);
        return size;
    }
    if (field->intent == DBW_INTENT_UUID && read_uuid(text, out->uuid)) {
        out->kind = DBW_KIND_UUID;
        return size;
    }
    out->kind = field->wire == DBW_MYSQL_WIRE_BYTES ? DBW_KIND_BYTES : DBW_KIND_TEXT;
    out->text = text;
    return size;
}

size_t dbw_mysql_decode(dbw_mysql_field *field, const unsigned char *bytes, size_t available,
                        dbw_value *out)
{
    switch (field->wire) {
    case DBW_MYSQL_WIRE_INT1:
        return decode_integer(field, bytes, available, 1, out);
    case DBW_MYSQL_WIRE_INT2:
        return decode_integer(field, bytes, available, 2, out);
    case DBW_MYSQL_WIRE_INT4:
        return decode_integer(field, bytes, available, 4, out);
    case DBW_MYSQL_WIRE_INT8:
        return decode_integer(field, bytes, available, 8, out);
    case DBW_MYSQL_WIRE_FLOAT:
        return decode_real(bytes, available, 4, out);
    case DBW_MYSQL_WIRE_DOUBLE:
        return decode_real(bytes, available, 8, out);
    case DBW_MYSQL_WIRE_DATE:
    case DBW_MYSQL_WIRE_DATETIME:
    case DBW_MYSQL_WIRE_TIMESTAMP:
        return decode_moment(field, bytes, available, out);
    case DBW_MYSQL_WIRE_TIME:
        return decode_time(field, bytes, available, out);
    case DBW_MYSQL_WIRE_BIT:
    case DBW_MYSQL_WIRE_DECIMAL:
    case DBW_MYSQL_WIRE_TEXT:
    case DBW_MYSQL_WIRE_BYTES:
    default:
        return decode_string(field, bytes, available, out);
    }
}
