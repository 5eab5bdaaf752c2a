/* SPDX-License-Identifier: Apache-2.0 */
#include "model/value.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "model/calendar.h"
#include "model/type.h"

#include <inttypes.h>
#include <math.h>

static const char *const kind_names[] = {
    [DBW_KIND_NULL] = "null",
    [DBW_KIND_BOOL] = "bool",
    [DBW_KIND_INT64] = "int64",
    [DBW_KIND_UINT64] = "uint64",
    [DBW_KIND_DOUBLE] = "double",
    [DBW_KIND_DECIMAL] = "decimal",
    [DBW_KIND_TEXT] = "text",
    [DBW_KIND_BYTES] = "bytes",
    [DBW_KIND_DATE] = "date",
    [DBW_KIND_TIME] = "time",
    [DBW_KIND_TIMESTAMP] = "timestamp",
    [DBW_KIND_TIMESTAMPTZ] = "timestamptz",
    [DBW_KIND_INTERVAL] = "interval",
    [DBW_KIND_UUID] = "uuid",
    [DBW_KIND_JSON] = "json",
    [DBW_KIND_ARRAY] = "array",
    [DBW_KIND_BIT] = "bit",
};

static const struct {
    const char *name;
    dbw_kind kind;
} intents[DBW_INTENT_COUNT] = {
#define DBW_INTENT(name, slug, kind) [DBW_INTENT_##name] = {(slug), (kind)},
#include "model/intents.def"
#undef DBW_INTENT
};

bool dbw_kind_has_text(dbw_kind kind)
{
    return kind == DBW_KIND_DECIMAL || kind == DBW_KIND_TEXT || kind == DBW_KIND_BYTES ||
           kind == DBW_KIND_JSON || kind == DBW_KIND_ARRAY || kind == DBW_KIND_BIT;
}

const char *dbw_kind_name(dbw_kind kind)
{
    return (size_t)kind < DBW_COUNT(kind_names) ? kind_names[kind] : "unknown";
}

const char *dbw_intent_name(dbw_intent intent)
{
    return intent < DBW_INTENT_COUNT ? intents[intent].name : "unknown";
}

dbw_kind dbw_intent_kind(dbw_intent intent)
{
    return intent < DBW_INTENT_COUNT ? intents[intent].kind : DBW_KIND_TEXT;
}

dbw_value dbw_value_copy(dbw_arena *arena, const dbw_value *value)
{
    dbw_value copy = *value;
    if (dbw_kind_has_text(value->kind))
        copy.text = dbw_arena_text(arena, value->text);
    return copy;
}

/* Text between quotes; controls and broken bytes as \xNN, so that nothing can move a cursor. */
static void show_text(dbw_buffer *out, dbw_text text, size_t limit)
{
    size_t characters = 0;
    dbw_buffer_add_char(out, '\'');
    for (size_t i = 0; i < text.length && characters < limit; characters++) {
        size_t n = 1;
        while (i + n < text.length && n < 4 && (text.data[i + n] & 0xC0) == 0x80)
            n++;
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 || c == 0x7f || !dbw_utf8_valid(text.data + i, n)) {
            dbw_buffer_printf(out, "\\x%02x", c);
            i++;
        } else {
            dbw_buffer_add(out, text.data + i, n);
            i += n;
        }
    }
    bool cut = dbw_utf8_characters(text.data, text.length) > limit;
    dbw_buffer_add_string(out, cut ? "'…" : "'");
}

static void show_bytes(dbw_buffer *out, dbw_text bytes, size_t limit)
{
    dbw_buffer_add_string(out, "x'");
    size_t shown = bytes.length < limit / 2 ? bytes.length : limit / 2;
    for (size_t i = 0; i < shown; i++)
        dbw_buffer_printf(out, "%02x", (unsigned char)bytes.data[i]);
    dbw_buffer_add_string(out, shown < bytes.length ? "'…" : "'");
}

static void show_double(dbw_buffer *out, double real)
{
    if (isnan(real)) {
        dbw_buffer_add_string(out, "NaN");
        return;
    }
    if (isinf(real)) {
        dbw_buffer_add_string(out, real > 0 ? "Infinity" : "-Infinity");
        return;
    }
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            break;
    }
    dbw_buffer_add_string(out, text);
}

static void show_uuid(dbw_buffer *out, const uint8_t uuid[16])
{
    for (int i = 0; i < 16; i++)
        dbw_buffer_printf(out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", uuid[i]);
}

static void show_time_kind(dbw_buffer *out, const dbw_value *value)
{
    char text[DBW_CALENDAR_TEXT];
    if (value->kind == DBW_KIND_DATE)
        dbw_calendar_date(value->int64, text);
    else if (value->kind == DBW_KIND_TIME)
        dbw_calendar_time(value->int64, text);
    else
        dbw_calendar_timestamp(value->int64, value->kind == DBW_KIND_TIMESTAMPTZ, text);
    dbw_buffer_add_string(out, text);
}

char *dbw_value_show(dbw_arena *arena, const dbw_value *value, size_t limit)
{
    dbw_buffer out;
    dbw_buffer_init(&out, 4 * limit + 128);
    switch (value->kind) {
    case DBW_KIND_NULL:
        dbw_buffer_add_string(&out, "NULL");
        break;
    case DBW_KIND_BOOL:
        dbw_buffer_add_string(&out, value->boolean ? "true" : "false");
        break;
    case DBW_KIND_INT64:
        dbw_buffer_printf(&out, "%" PRId64, value->int64);
        break;
    case DBW_KIND_UINT64:
        dbw_buffer_printf(&out, "%" PRIu64, value->uint64);
        break;
    case DBW_KIND_DOUBLE:
        show_double(&out, value->real);
        break;
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
        show_time_kind(&out, value);
        break;
    case DBW_KIND_INTERVAL:
        dbw_buffer_printf(&out, "%" PRId32 " months %" PRId32 " days %" PRId64 " us",
                          value->interval.months, value->interval.days,
                          value->interval.microseconds);
        break;
    case DBW_KIND_UUID:
        show_uuid(&out, value->uuid);
        break;
    case DBW_KIND_BYTES:
        show_bytes(&out, value->text, limit);
        break;
    case DBW_KIND_DECIMAL:
        dbw_buffer_add_text(&out, value->text);
        break;
    case DBW_KIND_TEXT:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        show_text(&out, value->text, limit);
        break;
    }
    char *shown = dbw_arena_text_string(arena, dbw_buffer_text(&out));
    dbw_buffer_free(&out);
    return shown;
}
