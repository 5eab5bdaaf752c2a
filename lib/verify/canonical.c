/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/canonical_priv.h"

#include <inttypes.h>
#include <xxhash.h>

void dbw_sink_put(dbw_sink *sink, char tag, const void *bytes, size_t length)
{
    unsigned char *p = sink->data + sink->length;
    uint32_t shown = length > PIECE_INLINE ? UINT32_MAX : (uint32_t)length;
    p[0] = (unsigned char)tag;
    memcpy(p + 1, &shown, sizeof shown);
    sink->length += 5;
    p += 5;
    if (length <= PIECE_INLINE) {
        if (length)
            memcpy(p, bytes, length);
        sink->length += length;
        return;
    }
    XXH128_hash_t hash = XXH3_128bits(bytes, length);
    uint64_t whole = length;
    memcpy(p, &whole, 8);
    memcpy(p + 8, &hash.low64, 8);
    memcpy(p + 16, &hash.high64, 8);
    sink->length += 24;
}

void dbw_sink_number(dbw_sink *sink, char tag, int64_t number)
{
    unsigned char *p = sink->data + sink->length;
    p[0] = (unsigned char)tag;
    memcpy(p + 1, &number, sizeof number);
    sink->length += 9;
}

/* A value's text; of a number what SQLite shows for it. False when it has none. */
static bool text_of(const dbw_value *value, char number[DOUBLE_TEXT], dbw_text *text)
{
    if (value->kind == DBW_KIND_INT64) {
        snprintf(number, DOUBLE_TEXT, "%" PRId64, value->int64);
    } else if (value->kind == DBW_KIND_UINT64) {
        snprintf(number, DOUBLE_TEXT, "%" PRIu64, value->uint64);
    } else if (value->kind == DBW_KIND_DOUBLE) {
        dbw_canonical_double_text(value->real, number);
    } else {
        *text = value->text;
        return dbw_kind_has_text(value->kind) && value->kind != DBW_KIND_BYTES;
    }
    *text = dbw_text_of(number);
    return true;
}

static bool put_as_text(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value)
{
    char number[DOUBLE_TEXT], spelling[CANONICAL_SPELLING];
    dbw_text text;
    if (dbw_canonical_spelling(column, value, spelling))
        text = dbw_text_of(spelling);
    else if (!text_of(value, number, &text))
        return false;
    while (column->pad_space && text.length && text.data[text.length - 1] == ' ')
        text.length--;
    dbw_sink_put(sink, 'T', text.data, text.length);
    return true;
}

/* SQLite keeps a bare number in a column declared JSON as a number (its affinity is NUMERIC). */
static bool put_json(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value)
{
    char number[DOUBLE_TEXT];
    dbw_text text;
    if (value->kind == DBW_KIND_ARRAY)
        return dbw_canonical_array(sink, column, value->text);
    if (!text_of(value, number, &text))
        return false;
    if (column->array && text.length && *text.data == '{')
        return dbw_canonical_array(sink, column, text);
    return dbw_canonical_json(sink, text);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char l = dbw_lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

static bool put_uuid(dbw_sink *sink, const dbw_value *value)
{
    if (value->kind == DBW_KIND_UUID) {
        dbw_sink_put(sink, 'u', value->uuid, 16);
        return true;
    }
    if (value->kind == DBW_KIND_BYTES && value->text.length == 16) {
        dbw_sink_put(sink, 'u', value->text.data, 16);
        return true;
    }
    if (value->kind != DBW_KIND_TEXT)
        return false;
    uint8_t bytes[16] = {0};
    size_t digits = 0;
    for (size_t i = 0; i < value->text.length; i++) {
        char c = value->text.data[i];
        int digit = hex_digit(c);
        if (digit < 0 && c != '-' && c != '{' && c != '}')
            return false;
        if (digit < 0)
            continue;
        if (digits == 32)
            return false;
        bytes[digits / 2] = (uint8_t)(bytes[digits / 2] << 4 | digit);
        digits++;
    }
    if (digits != 32)
        return false;
    dbw_sink_put(sink, 'u', bytes, 16);
    return true;
}

/* SQLite's column without a type: each value by its storage class. */
static bool put_any_storage(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value)
{
    switch (value->kind) {
    case DBW_KIND_INT64:
        dbw_sink_number(sink, 'I', value->int64);
        return true;
    case DBW_KIND_DOUBLE:
        return dbw_canonical_float(sink, column, value);
    case DBW_KIND_BYTES:
        dbw_sink_put(sink, 'X', value->text.data, value->text.length);
        return true;
    case DBW_KIND_NULL:
    case DBW_KIND_BOOL:
    case DBW_KIND_UINT64:
    case DBW_KIND_DECIMAL:
    case DBW_KIND_TEXT:
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
    case DBW_KIND_INTERVAL:
    case DBW_KIND_UUID:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        return put_as_text(sink, column, value);
    }
}

/* A moment stands for the time since the beginning of 1970 where the move read it so. */
static bool read_interval(const dbw_canonical *column, const dbw_value *value, dbw_interval *out)
{
    bool moments = column->reading == DBW_READING_ISO;
    *out = (dbw_interval){0};
    if (value->kind == DBW_KIND_TEXT)
        return moments ? dbw_canonical_moment(value->text, &out->microseconds)
                       : dbw_canonical_duration(value->text, out);
    if (value->kind == DBW_KIND_INTERVAL) {
        *out = value->interval;
        return true;
    }
    out->microseconds = value->int64;
    return value->kind == DBW_KIND_TIME /* one beyond a day */ ||
           (value->kind == DBW_KIND_INT64 && column->reading == DBW_READING_EPOCH_US) ||
           (value->kind == DBW_KIND_TIMESTAMP && moments);
}

static bool put_interval(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value)
{
    dbw_interval interval;
    if (!read_interval(column, value, &interval))
        return false;
    dbw_sink_number(sink, 'i', interval.microseconds);
    dbw_sink_number(sink, 'i',
                    (int64_t)((uint64_t)(uint32_t)interval.months << 32 | (uint32_t)interval.days));
    return true;
}

static bool has_bytes(const dbw_value *value)
{
    return value->kind == DBW_KIND_BYTES || value->kind == DBW_KIND_TEXT;
}

bool dbw_canonical_put(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value)
{
    if (value->kind == DBW_KIND_NULL) {
        sink->data[sink->length++] = 'N';
        return true;
    }
    switch (column->intent) {
    case DBW_INTENT_ANY:
        return put_any_storage(sink, column, value);
    case DBW_INTENT_BOOLEAN:
        return dbw_canonical_boolean(sink, column, value);
    case DBW_INTENT_INT16:
    case DBW_INTENT_INT32:
    case DBW_INTENT_INT64:
    case DBW_INTENT_UINT64:
        return dbw_canonical_integer(sink, column, value);
    case DBW_INTENT_FLOAT32:
    case DBW_INTENT_FLOAT64:
        return dbw_canonical_float(sink, column, value);
    case DBW_INTENT_DECIMAL:
        return dbw_canonical_decimal(sink, value);
    case DBW_INTENT_BYTES:
        if (value->kind == DBW_KIND_UUID) {
            dbw_sink_put(sink, 'X', value->uuid, sizeof value->uuid);
            return true;
        }
        if (has_bytes(value))
            dbw_sink_put(sink, 'X', value->text.data, value->text.length);
        return has_bytes(value);
    case DBW_INTENT_DATE:
    case DBW_INTENT_TIME:
    case DBW_INTENT_TIMESTAMP:
    case DBW_INTENT_TIMESTAMPTZ:
        return dbw_canonical_time(sink, column, value);
    case DBW_INTENT_INTERVAL:
        return put_interval(sink, column, value);
    case DBW_INTENT_UUID:
        return put_uuid(sink, value);
    case DBW_INTENT_JSON:
    case DBW_INTENT_JSONB:
        return put_json(sink, column, value);
    case DBW_INTENT_CHAR:
    case DBW_INTENT_VARCHAR:
    case DBW_INTENT_TEXT:
    case DBW_INTENT_ENUM:
    case DBW_INTENT_SET:
    case DBW_INTENT_BIT:
    case DBW_INTENT_ARRAY:
    case DBW_INTENT_OTHER:
    case DBW_INTENT_COUNT:
    default:
        return put_as_text(sink, column, value);
    }
}

bool dbw_canonical_put_any(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value)
{
    if (dbw_canonical_put(sink, column, value))
        return true;
    /* What is no JSON is compared as it is, by whatever kind an engine hands it over. */
    bool json = column->intent == DBW_INTENT_JSON || column->intent == DBW_INTENT_JSONB;
    dbw_kind kind = json && value->kind == DBW_KIND_JSON ? DBW_KIND_TEXT : value->kind;
    char tag = (char)(0x80 + (int)kind);
    if (dbw_kind_has_text(value->kind))
        dbw_sink_put(sink, tag, value->text.data, value->text.length);
    else if (value->kind == DBW_KIND_UUID)
        dbw_sink_put(sink, tag, value->uuid, sizeof value->uuid);
    else if (value->kind == DBW_KIND_INTERVAL)
        dbw_sink_put(sink, tag, &value->interval, sizeof value->interval);
    else if (value->kind == DBW_KIND_BOOL)
        dbw_sink_number(sink, tag, value->boolean);
    else
        dbw_sink_number(sink, tag, value->int64);
    return false;
}

bool dbw_canonical_equal(const dbw_canonical *a, const dbw_value *value_a, const dbw_canonical *b,
                         const dbw_value *value_b)
{
    unsigned char bytes_a[PIECE_MOST], bytes_b[PIECE_MOST];
    dbw_sink sink_a = {.data = bytes_a}, sink_b = {.data = bytes_b};
    dbw_buffer_init(&sink_a.work, SIZE_MAX / 2);
    dbw_buffer_init(&sink_b.work, SIZE_MAX / 2);
    bool known_a = dbw_canonical_put_any(&sink_a, a, value_a);
    bool known_b = dbw_canonical_put_any(&sink_b, b, value_b);
    bool equal = known_a == known_b && sink_a.length == sink_b.length &&
                 memcmp(bytes_a, bytes_b, sink_a.length) == 0;
    dbw_buffer_free(&sink_a.work);
    dbw_buffer_free(&sink_b.work);
    return equal;
}
