/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/valuejson.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "model/calendar.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <math.h>

static struct json_object *json_text(dbw_text text)
{
    return json_object_new_string_len(text.data, (int)text.length);
}

static struct json_object *hex_of(const void *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *in = bytes;
    dbw_buffer hex;
    dbw_buffer_init(&hex, INT32_MAX);
    for (size_t i = 0; i < length; i++) {
        dbw_buffer_add_char(&hex, digits[in[i] >> 4]);
        dbw_buffer_add_char(&hex, digits[in[i] & 15]);
    }
    struct json_object *string = json_text(dbw_buffer_text(&hex));
    dbw_buffer_free(&hex);
    return string;
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool unhex(dbw_arena *arena, const char *hex, dbw_text *out)
{
    size_t length = strlen(hex) / 2;
    char *bytes = dbw_arena_take(arena, length + 1);
    for (size_t i = 0; i < length; i++) {
        int high = nibble(hex[2 * i]);
        int low = nibble(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (char)(high * 16 + low);
    }
    *out = (dbw_text){bytes, length};
    return strlen(hex) % 2 == 0;
}

static struct json_object *interval_text(const dbw_interval *interval)
{
    char text[96];
    snprintf(text, sizeof text, "%" PRId32 " %" PRId32 " %" PRId64, interval->months,
             interval->days, interval->microseconds);
    return json_object_new_string(text);
}

static struct json_object *exact(const dbw_value *value)
{
    uint64_t bits;
    switch (value->kind) {
    case DBW_KIND_NULL:
        return NULL;
    case DBW_KIND_BOOL:
        return json_object_new_boolean(value->boolean);
    case DBW_KIND_UINT64:
        return json_object_new_uint64(value->uint64);
    case DBW_KIND_DOUBLE:
        memcpy(&bits, &value->real, sizeof bits);
        return json_object_new_uint64(bits);
    case DBW_KIND_UUID:
        return hex_of(value->uuid, sizeof value->uuid);
    case DBW_KIND_INTERVAL:
        return interval_text(&value->interval);
    case DBW_KIND_INT64:
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
        return json_object_new_int64(value->int64);
    case DBW_KIND_DECIMAL:
    case DBW_KIND_TEXT:
    case DBW_KIND_BYTES:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        return hex_of(value->text.data, value->text.length);
    }
}

struct json_object *dbw_value_to_json(const dbw_value *value)
{
    struct json_object *object = json_object_new_object();
    json_object_object_add(object, "kind", json_object_new_string(dbw_kind_name(value->kind)));
    json_object_object_add(object, "value", exact(value));
    return object;
}

static bool kind_from_name(const char *name, dbw_kind *out)
{
    for (int i = DBW_KIND_NULL; i <= DBW_KIND_BIT; i++)
        if (strcmp(dbw_kind_name((dbw_kind)i), name) == 0) {
            *out = (dbw_kind)i;
            return true;
        }
    return false;
}

static bool read_interval(const char *text, dbw_interval *out)
{
    int64_t parts[3];
    for (int i = 0; i < 3; i++) {
        const char *end = text;
        while (*end && *end != ' ')
            end++;
        if (!dbw_text_to_int64((dbw_text){text, (size_t)(end - text)}, &parts[i]))
            return false;
        text = *end ? end + 1 : end;
    }
    *out = (dbw_interval){
        .months = (int32_t)parts[0], .days = (int32_t)parts[1], .microseconds = parts[2]};
    return true;
}

bool dbw_value_from_json(dbw_arena *arena, struct json_object *object, dbw_value *out)
{
    struct json_object *kind, *value;
    uint64_t bits;
    dbw_text text;
    *out = DBW_NULL;
    if (!json_object_object_get_ex(object, "kind", &kind) ||
        !json_object_object_get_ex(object, "value", &value) ||
        !kind_from_name(json_object_get_string(kind), &out->kind))
        return false;
    switch (out->kind) {
    case DBW_KIND_NULL:
        return value == NULL;
    case DBW_KIND_BOOL:
        out->boolean = json_object_get_boolean(value);
        return true;
    case DBW_KIND_UINT64:
        out->uint64 = json_object_get_uint64(value);
        return true;
    case DBW_KIND_DOUBLE:
        bits = json_object_get_uint64(value);
        memcpy(&out->real, &bits, sizeof bits);
        return true;
    case DBW_KIND_UUID:
        if (!value || !unhex(arena, json_object_get_string(value), &text) || text.length != 16)
            return false;
        memcpy(out->uuid, text.data, 16);
        return true;
    case DBW_KIND_INTERVAL:
        return value && read_interval(json_object_get_string(value), &out->interval);
    case DBW_KIND_INT64:
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
        out->int64 = json_object_get_int64(value);
        return true;
    case DBW_KIND_DECIMAL:
    case DBW_KIND_TEXT:
    case DBW_KIND_BYTES:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        return value && unhex(arena, json_object_get_string(value), &out->text);
    }
}

static struct json_object *hex_object(const void *bytes, size_t length)
{
    struct json_object *object = json_object_new_object();
    json_object_object_add(object, "hex", hex_of(bytes, length));
    return object;
}

/* What JSON has no number for becomes a string. */
static struct json_object *plain_double(double value)
{
    if (isnan(value))
        return json_object_new_string("NaN");
    if (isinf(value))
        return json_object_new_string(value > 0 ? "Infinity" : "-Infinity");
    return json_object_new_double(value);
}

static struct json_object *shown(const dbw_value *value)
{
    dbw_arena *arena = dbw_arena_new();
    struct json_object *string = json_object_new_string(dbw_value_show(arena, value, 100));
    dbw_arena_free(arena);
    return string;
}

struct json_object *dbw_value_plain_json(const dbw_value *value)
{
    switch (value->kind) {
    case DBW_KIND_NULL:
        return NULL;
    case DBW_KIND_BOOL:
        return json_object_new_boolean(value->boolean);
    case DBW_KIND_INT64:
        return json_object_new_int64(value->int64);
    case DBW_KIND_UINT64:
        return json_object_new_uint64(value->uint64);
    case DBW_KIND_DOUBLE:
        return plain_double(value->real);
    case DBW_KIND_BYTES:
        return hex_object(value->text.data, value->text.length);
    case DBW_KIND_DECIMAL:
    case DBW_KIND_TEXT:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
        if (!dbw_utf8_valid(value->text.data, value->text.length))
            return hex_object(value->text.data, value->text.length);
        return json_text(value->text);
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
    case DBW_KIND_INTERVAL:
    case DBW_KIND_UUID:
    default:
        return shown(value);
    }
}

struct json_object *dbw_json_seconds(double seconds)
{
    char text[64];
    int64_t milliseconds = seconds > 0 ? (int64_t)(seconds * 1000 + 0.5) : 0;
    snprintf(text, sizeof text, "%" PRId64 ".%03" PRId64, milliseconds / 1000, milliseconds % 1000);
    return json_object_new_double_s((double)milliseconds / 1000, text);
}
