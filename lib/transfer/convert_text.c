/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "model/calendar.h"
#include "transfer/arrayjson.h"
#include "transfer/convert_priv.h"
#include "transfer/json_check.h"
#include "transfer/jsonarray.h"
#include "transfer/mojibake.h"
#include "transfer/number.h"
#include "transfer/plain.h"

/* --- text ------------------------------------------------------------------------------------- */

/* Takes out NUL bytes or puts U+FFFD in the place of bad bytes, as the column's remedies say. */
static dbw_text mend(const dbw_codec *codec, dbw_text text, bool strip, bool replace)
{
    /* Every bad byte may become three. */
    char *room = dbw_scratch_take(codec->scratch, replace ? 3 * text.length : text.length);
    size_t n = 0;
    for (size_t i = 0; i < text.length;) {
        size_t good = text.length - i;
        if (replace)
            good = dbw_utf8_invalid_at(text.data + i, good);
        for (size_t end = i + good; i < end; i++)
            if (!strip || text.data[i])
                room[n++] = text.data[i];
        if (i < text.length) {
            memcpy(room + n, "\xEF\xBF\xBD", 3);
            n += 3;
            i++;
        }
    }
    return (dbw_text){room, n};
}

/* Text that is not plain ASCII: what is wrong with it, and the remedy. */
static dbw_converted check_text(const dbw_codec *codec, dbw_text *text, const char **reason)
{
    bool kept = codec->column->limits.takes_nul && codec->column->on_nul != DBW_REMEDY_STRIP;
    bool nul = !kept && memchr(text->data, 0, text->length) != NULL;
    bool invalid = !dbw_utf8_valid(text->data, text->length);
    if (!nul && !invalid)
        return DBW_CONVERTED_AS_IS;
    if (nul && codec->column->on_nul != DBW_REMEDY_STRIP)
        return dbw_bad(reason, "holds a NUL byte");
    if (invalid && codec->column->on_invalid_utf8 != DBW_REMEDY_REPLACE)
        return dbw_bad(reason, "not valid UTF-8");
    *text = mend(codec, *text, nul, invalid);
    *reason =
        nul ? (invalid ? "NUL bytes taken out, invalid UTF-8 replaced" : "NUL bytes taken out")
            : "invalid UTF-8 replaced";
    return DBW_CONVERTED_ALTERED;
}

static dbw_converted repair(const dbw_codec *codec, dbw_text *text, const char **reason)
{
    if (!dbw_mojibake(*text))
        return DBW_CONVERTED_AS_IS;
    char *room = dbw_scratch_take(codec->scratch, text->length);
    *text = (dbw_text){room, dbw_mojibake_repair(*text, room)};
    *reason = "UTF-8 that was encoded twice was decoded";
    return DBW_CONVERTED_ALTERED;
}

/* Whether the characters fit the target's length; a CHAR's trailing spaces mean nothing. */
static bool fits(const dbw_plan_column *column, dbw_text text)
{
    if (column->length <= 0 || text.length <= (size_t)column->length)
        return true;
    if (column->target_canonical.pad_space)
        while (text.length > 0 && text.data[text.length - 1] == ' ')
            text.length--;
    return dbw_utf8_characters(text.data, text.length) <= (size_t)column->length;
}

static size_t time_text(const dbw_value *in, char *out)
{
    char text[DBW_CALENDAR_TEXT];
    if (in->kind == DBW_KIND_DATE)
        dbw_calendar_date(in->int64, text);
    else if (in->kind == DBW_KIND_TIME)
        dbw_calendar_time(in->int64, text);
    else
        dbw_calendar_timestamp(in->int64, in->kind == DBW_KIND_TIMESTAMPTZ, text);
    size_t n = strlen(text);
    memcpy(out, text, n);
    return n;
}

/* ISO 8601's duration, "P1M2DT3.000004S"; each part with its own sign, as PostgreSQL reads it. */
static size_t interval_text(const dbw_interval *interval, char *out, size_t room)
{
    int64_t micros = interval->microseconds;
    uint64_t magnitude = micros < 0 ? 0 - (uint64_t)micros : (uint64_t)micros;
    int n = snprintf(out, room, "P%dM%dDT%s%llu.%06uS", (int)interval->months, (int)interval->days,
                     micros < 0 ? "-" : "", (unsigned long long)(magnitude / 1000000),
                     (unsigned)(magnitude % 1000000));
    return n > 0 ? (size_t)n : 0;
}

static size_t without_hyphens(char *text, size_t length)
{
    size_t kept = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] != '-')
            text[kept++] = text[i];
    return kept;
}

/* A value of another kind as text. */
static dbw_text spell(const dbw_codec *codec, const dbw_value *in)
{
    enum { ROOM = 64 };
    char *room = dbw_scratch_take(codec->scratch, ROOM);
    size_t n = 0;
    switch (in->kind) {
    case DBW_KIND_INT64:
        n = dbw_integer_text(in->int64, room);
        break;
    case DBW_KIND_UINT64:
        n = (size_t)snprintf(room, ROOM, "%llu", (unsigned long long)in->uint64);
        break;
    case DBW_KIND_DOUBLE:
        n = dbw_double_text(in->real, room);
        break;
    case DBW_KIND_BOOL:
        n = in->boolean ? 4 : 5;
        memcpy(room, in->boolean ? "true" : "false", n);
        break;
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
        n = time_text(in, room);
        break;
    case DBW_KIND_INTERVAL:
        n = interval_text(&in->interval, room, ROOM);
        break;
    case DBW_KIND_UUID:
        dbw_uuid_format(in->uuid, room);
        n = DBW_UUID_TEXT;
        if (codec->column->target_canonical.bare_uuid)
            n = without_hyphens(room, n);
        break;
    case DBW_KIND_NULL:
    case DBW_KIND_DECIMAL:
    case DBW_KIND_TEXT:
    case DBW_KIND_BYTES:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        return in->text;
    }
    return (dbw_text){room, n};
}

dbw_converted dbw_codec_text(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                             const char **reason)
{
    if (in->kind == DBW_KIND_BYTES)
        return dbw_bad(reason, "bytes in a text column");
    dbw_text text = in->kind == DBW_KIND_TEXT ? in->text : spell(codec, in);
    dbw_converted verdict = DBW_CONVERTED_AS_IS;
    if (!dbw_plain_ascii(text.data, text.length)) {
        verdict = check_text(codec, &text, reason);
        if (verdict == DBW_CONVERTED_AS_IS && codec->column->on_mojibake == DBW_REMEDY_REPAIR)
            verdict = repair(codec, &text, reason);
    }
    if (verdict != DBW_CONVERTED_BAD && !fits(codec->column, text))
        return dbw_bad(reason, "longer than the column");
    out->kind = DBW_KIND_TEXT;
    out->text = text;
    return verdict;
}

/* strcmp's order; the text may hold NUL bytes. */
static int order_of(dbw_text a, dbw_text b)
{
    int order = memcmp(a.data, b.data, a.length < b.length ? a.length : b.length);
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static bool is_label(const dbw_plan_column *column, dbw_text text)
{
    size_t low = 0, high = column->label_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = order_of(dbw_text_of(column->labels[middle]), text);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

dbw_converted dbw_codec_enum(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                             const char **reason)
{
    dbw_converted verdict = dbw_codec_text(codec, in, out, reason);
    if (verdict == DBW_CONVERTED_BAD || !codec->column->labels ||
        is_label(codec->column, out->text))
        return verdict;
    return dbw_bad(reason, "not one of the labels");
}

/* --- bytes ------------------------------------------------------------------------------------ */

dbw_converted dbw_codec_bytes(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                              const char **reason)
{
    if (in->kind == DBW_KIND_UUID) {
        char *room = dbw_scratch_take(codec->scratch, sizeof in->uuid);
        memcpy(room, in->uuid, sizeof in->uuid);
        dbw_set_text(out, DBW_KIND_BYTES, room, sizeof in->uuid);
        return DBW_CONVERTED_AS_IS;
    }
    if (!dbw_kind_has_text(in->kind) || in->kind == DBW_KIND_DECIMAL)
        return dbw_bad(reason, "a number in a column of bytes");
    dbw_set_text(out, DBW_KIND_BYTES, in->text.data, in->text.length);
    return DBW_CONVERTED_AS_IS;
}

/* --- UUID ------------------------------------------------------------------------------------- */

static int hex(char c)
{
    if (dbw_is_digit(c))
        return c - '0';
    c = dbw_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool dbw_uuid_text(dbw_text text, uint8_t out[16])
{
    const char *at = text.data, *end = text.data + text.length;
    if (end - at > 2 && *at == '{' && end[-1] == '}') {
        at++;
        end--;
    }
    size_t n = 0;
    for (; n < 16; n++) {
        if (n > 0 && end - at > 2 && *at == '-')
            at++;
        if (end - at < 2)
            return false;
        int high = hex(at[0]), low = hex(at[1]);
        if (high < 0 || low < 0)
            return false;
        out[n] = (uint8_t)(high * 16 + low);
        at += 2;
    }
    return at == end;
}

void dbw_uuid_format(const uint8_t uuid[16], char out[DBW_UUID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    size_t n = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[n++] = '-';
        out[n++] = digits[uuid[i] >> 4];
        out[n++] = digits[uuid[i] & 15];
    }
}

dbw_converted dbw_codec_uuid(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                             const char **reason)
{
    (void)codec;
    if (in->kind == DBW_KIND_UUID) {
        *out = *in;
        return DBW_CONVERTED_AS_IS;
    }
    out->kind = DBW_KIND_UUID;
    uint8_t uuid[16];
    bool good = false;
    if (in->kind == DBW_KIND_TEXT)
        good = dbw_uuid_text(in->text, uuid);
    else if (in->kind == DBW_KIND_BYTES && in->text.length == 16) {
        memcpy(uuid, in->text.data, 16);
        good = true;
    }
    if (!good)
        return dbw_bad(reason, "not a UUID");
    memcpy(out->uuid, uuid, 16);
    return DBW_CONVERTED_AS_IS;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static dbw_converted array_as_json(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                                   const char **reason)
{
    dbw_buffer json;
    dbw_buffer_init(&json, SIZE_MAX / 4);
    const char *why = dbw_array_json(in->text, codec->column->element, &json);
    if (!why) {
        char *room = dbw_scratch_take(codec->scratch, json.length + 1);
        memcpy(room, json.data, json.length);
        dbw_set_text(out, DBW_KIND_JSON, room, json.length);
    }
    dbw_buffer_free(&json);
    return why ? dbw_bad(reason, why) : DBW_CONVERTED_AS_IS;
}

dbw_converted dbw_codec_json(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                             const char **reason)
{
    if (in->kind == DBW_KIND_BYTES)
        return dbw_bad(reason, "bytes in a column of JSON");
    if (in->kind == DBW_KIND_ARRAY)
        return array_as_json(codec, in, out, reason);
    dbw_text text = spell(codec, in);
    dbw_converted verdict = DBW_CONVERTED_AS_IS;
    if (!dbw_plain_ascii(text.data, text.length))
        verdict = check_text(codec, &text, reason);
    if (verdict == DBW_CONVERTED_BAD)
        return verdict;
    int depth;
    dbw_json json = dbw_json_measure(text, &depth);
    bool binary = codec->column->intent == DBW_INTENT_JSONB;
    bool deep = codec->column->limits.json_depth && depth > codec->column->limits.json_depth;
    bool half = codec->column->limits.json_pairs && json == DBW_JSON_SURROGATE;
    if (json >= DBW_JSON_DEEP || half || (binary && json != DBW_JSON_GOOD))
        return dbw_bad(reason, dbw_json_reason(json));
    if (deep)
        return dbw_bad(reason, dbw_json_reason(DBW_JSON_DEEP));
    out->kind = DBW_KIND_JSON;
    out->text = text;
    return verdict;
}

/* --- bits and arrays -------------------------------------------------------------------------- */

dbw_converted dbw_codec_bit(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                            const char **reason)
{
    (void)codec;
    if (in->kind == DBW_KIND_BOOL) {
        dbw_set_text(out, DBW_KIND_BIT, in->boolean ? "1" : "0", 1);
        return DBW_CONVERTED_AS_IS;
    }
    if (in->kind != DBW_KIND_BIT && in->kind != DBW_KIND_TEXT)
        return dbw_bad(reason, "not a string of bits");
    for (size_t i = 0; i < in->text.length; i++)
        if (in->text.data[i] != '0' && in->text.data[i] != '1')
            return dbw_bad(reason, "not a string of bits");
    dbw_set_text(out, DBW_KIND_BIT, in->text.data, in->text.length);
    return DBW_CONVERTED_AS_IS;
}

/* PostgreSQL's own spelling, "{1,NULL}": NULL, or what is wrong with it. */
static const char *check_literal(dbw_text text, dbw_intent element)
{
    dbw_buffer json;
    dbw_buffer_init(&json, SIZE_MAX / 4);
    const char *why = dbw_array_json(text, element, &json);
    dbw_buffer_free(&json);
    return why;
}

static dbw_converted json_as_array(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                                   const char **reason)
{
    dbw_buffer literal;
    dbw_buffer_init(&literal, SIZE_MAX / 4);
    const char *why = dbw_json_array(in->text, codec->column->element, &literal);
    if (!why) {
        char *room = dbw_scratch_take(codec->scratch, literal.length + 1);
        memcpy(room, literal.data, literal.length);
        dbw_set_text(out, DBW_KIND_ARRAY, room, literal.length);
    }
    dbw_buffer_free(&literal);
    return why ? dbw_bad(reason, why) : DBW_CONVERTED_AS_IS;
}

dbw_converted dbw_codec_array(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                              const char **reason)
{
    bool text = in->kind == DBW_KIND_TEXT || in->kind == DBW_KIND_JSON;
    bool literal = text && in->text.length && *in->text.data == '{';
    if (text && !literal)
        return json_as_array(codec, in, out, reason);
    if (in->kind != DBW_KIND_ARRAY && !literal)
        return dbw_bad(reason, "not an array");
    const char *why = literal ? check_literal(in->text, codec->column->element) : NULL;
    if (why)
        return dbw_bad(reason, why);
    dbw_set_text(out, DBW_KIND_ARRAY, in->text.data, in->text.length);
    return DBW_CONVERTED_AS_IS;
}
