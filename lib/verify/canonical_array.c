/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An array literal of PostgreSQL compared with JSON: what the array would be as JSON is put
 * together here, independently of the converter. Numbers and booleans stand for themselves, JSON
 * too; all else is a string.
 */
#include "verify/canonical_priv.h"

/* Where an element ends; `*quoted` tells whether it began with a quote. */
static size_t element_end(dbw_text text, size_t at, bool *quoted)
{
    *quoted = text.data[at] == '"';
    for (size_t i = at + *quoted; i < text.length; i++) {
        if (text.data[i] == '\\')
            i++;
        else if (*quoted && text.data[i] == '"')
            return i + 1;
        else if (!*quoted && strchr(",{}", text.data[i]))
            return i;
    }
    return 0;
}

static void add_escaped(dbw_buffer *out, char c)
{
    if (c == '"' || c == '\\')
        dbw_buffer_printf(out, "\\%c", c);
    else if ((unsigned char)c < 0x20)
        dbw_buffer_printf(out, "\\u%04x", (unsigned)c);
    else
        dbw_buffer_add_char(out, c);
}

/* Whether the element is no string in JSON. */
static bool is_bare(dbw_intent element, dbw_text word)
{
    switch (element) {
    case DBW_INTENT_INT16:
    case DBW_INTENT_INT32:
    case DBW_INTENT_INT64:
    case DBW_INTENT_UINT64:
    case DBW_INTENT_FLOAT32:
    case DBW_INTENT_FLOAT64:
    case DBW_INTENT_DECIMAL:
        return !dbw_text_is(word, "NaN") && !dbw_text_is(word, "Infinity") &&
               !dbw_text_is(word, "-Infinity");
    case DBW_INTENT_JSON:
    case DBW_INTENT_JSONB:
        return true;
    case DBW_INTENT_ANY:
    case DBW_INTENT_BOOLEAN:
    case DBW_INTENT_CHAR:
    case DBW_INTENT_VARCHAR:
    case DBW_INTENT_TEXT:
    case DBW_INTENT_BYTES:
    case DBW_INTENT_DATE:
    case DBW_INTENT_TIME:
    case DBW_INTENT_TIMESTAMP:
    case DBW_INTENT_TIMESTAMPTZ:
    case DBW_INTENT_INTERVAL:
    case DBW_INTENT_UUID:
    case DBW_INTENT_ENUM:
    case DBW_INTENT_SET:
    case DBW_INTENT_BIT:
    case DBW_INTENT_ARRAY:
    case DBW_INTENT_OTHER:
    case DBW_INTENT_COUNT:
    default:
        return false;
    }
}

static void add_element(dbw_buffer *out, dbw_intent element, dbw_text raw, bool quoted)
{
    dbw_buffer plain;
    if (!quoted && dbw_text_equal_nocase(raw, DBW_TEXT("NULL"))) {
        dbw_buffer_add_string(out, "null");
        return;
    }
    dbw_buffer_init(&plain, raw.length + 1);
    for (size_t i = quoted; i < raw.length - quoted; i++) {
        i += raw.data[i] == '\\';
        dbw_buffer_add_char(&plain, raw.data[i]);
    }
    dbw_text word = dbw_buffer_text(&plain);
    if (element == DBW_INTENT_BOOLEAN && dbw_text_is(word, "t")) {
        dbw_buffer_add_string(out, "true");
    } else if (element == DBW_INTENT_BOOLEAN && dbw_text_is(word, "f")) {
        dbw_buffer_add_string(out, "false");
    } else if (is_bare(element, word)) {
        dbw_buffer_add_text(out, word);
    } else {
        dbw_buffer_add_char(out, '"');
        for (size_t i = 0; i < word.length; i++)
            add_escaped(out, word.data[i]);
        dbw_buffer_add_char(out, '"');
    }
    dbw_buffer_free(&plain);
}

bool dbw_canonical_array(dbw_sink *sink, const dbw_canonical *column, dbw_text text)
{
    dbw_buffer json;
    bool good = text.length >= 2 && text.data[0] == '{';
    dbw_buffer_init(&json, SIZE_MAX / 4);
    for (size_t i = 0; good && i < text.length;) {
        bool quoted;
        char c = text.data[i];
        if (strchr("{},", c)) {
            dbw_buffer_add_char(&json, (char)(c == '{' ? '[' : c == '}' ? ']' : ','));
            i++;
            continue;
        }
        size_t end = element_end(text, i, &quoted);
        good = end > i;
        if (good)
            add_element(&json, column->element, (dbw_text){text.data + i, end - i}, quoted);
        i = end;
    }
    good = good && !json.failed && dbw_canonical_json(sink, dbw_buffer_text(&json));
    dbw_buffer_free(&json);
    return good;
}
