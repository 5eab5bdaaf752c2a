/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/jsonarray.h"

#include "transfer/json_check.h"

static const char not_one[] = "not an array";
static const char uneven[] = "arrays of different lengths";

enum { DEPTH = 6 }; /* PostgreSQL's MAXDIM */

/* Everything is read from text that was checked: brackets and quotes are in order. */
struct json {
    const char *at, *end;
    dbw_intent element;
    dbw_buffer *out;
    int dimensions;        /* 0: not known yet */
    int64_t counts[DEPTH]; /* elements per array of each dimension, -1: not known yet */
};

static void skip_space(struct json *j)
{
    while (j->at < j->end && dbw_is_space(*j->at))
        j->at++;
}

static void put_escaped(dbw_buffer *out, char c)
{
    if (c == '"' || c == '\\')
        dbw_buffer_add_char(out, '\\');
    dbw_buffer_add_char(out, c);
}

static void put_code_point(dbw_buffer *out, uint32_t code)
{
    if (code < 0x80) {
        put_escaped(out, (char)code);
        return;
    }
    if (code < 0x800) {
        dbw_buffer_add_char(out, (char)(0xC0 | code >> 6));
    } else if (code < 0x10000) {
        dbw_buffer_add_char(out, (char)(0xE0 | code >> 12));
        dbw_buffer_add_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
    } else {
        dbw_buffer_add_char(out, (char)(0xF0 | code >> 18));
        dbw_buffer_add_char(out, (char)(0x80 | (code >> 12 & 0x3F)));
        dbw_buffer_add_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
    }
    dbw_buffer_add_char(out, (char)(0x80 | (code & 0x3F)));
}

static uint32_t code_unit(struct json *j)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++, j->at++) {
        char c = dbw_lower(*j->at);
        value = value * 16 + (uint32_t)(dbw_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return value;
}

/* Behind "\u"; halves of pairs were refused before. */
static void put_unicode(struct json *j)
{
    uint32_t code = code_unit(j);
    if (code >= 0xD800 && code <= 0xDBFF) {
        j->at += 2;
        code = 0x10000 + ((code - 0xD800) << 10) + (code_unit(j) - 0xDC00);
    }
    put_code_point(j->out, code);
}

static void put_string(struct json *j)
{
    static const char names[] = "bfnrt", meant[] = "\b\f\n\r\t";
    dbw_buffer_add_char(j->out, '"');
    for (j->at++; *j->at != '"';) {
        char c = *j->at++;
        if (c != '\\') {
            put_escaped(j->out, c);
            continue;
        }
        c = *j->at++;
        const char *name = strchr(names, c);
        if (c == 'u')
            put_unicode(j);
        else
            put_escaped(j->out, name ? meant[name - names] : c);
    }
    j->at++;
    dbw_buffer_add_char(j->out, '"');
}

/* Where the value that begins here ends. */
static const char *value_end(const struct json *j)
{
    int depth = 0;
    bool quoted = false;
    const char *at = j->at;
    for (; at < j->end; at++) {
        if (quoted) {
            quoted = *at != '"';
            at += *at == '\\';
            continue;
        }
        if (*at == '"')
            quoted = true;
        else if (*at == '[' || *at == '{')
            depth++;
        else if ((*at == ']' || *at == '}') && depth-- == 0)
            break;
        else if (*at == ',' && depth == 0)
            break;
    }
    while (at > j->at && dbw_is_space(at[-1]))
        at--;
    return at;
}

static const char *put_element(struct json *j)
{
    bool json = j->element == DBW_INTENT_JSON || j->element == DBW_INTENT_JSONB;
    dbw_text word = {j->at, (size_t)(value_end(j) - j->at)};
    if (dbw_text_is(word, "null")) {
        dbw_buffer_add_string(j->out, "NULL");
    } else if (json) {
        dbw_buffer_add_char(j->out, '"');
        for (size_t i = 0; i < word.length; i++)
            put_escaped(j->out, word.data[i]);
        dbw_buffer_add_char(j->out, '"');
    } else if (*j->at == '"') {
        put_string(j);
        return NULL;
    } else if (*j->at == '{') {
        return not_one;
    } else {
        bool truth = j->element == DBW_INTENT_BOOLEAN && !dbw_is_digit(*word.data);
        dbw_buffer_add_text(j->out, truth ? (dbw_text){word.data, 1} : word);
    }
    j->at = word.data + word.length;
    return NULL;
}

static const char *put_array(struct json *j, int depth);

/* One element, or one array of the next dimension. */
static const char *put_part(struct json *j, int depth)
{
    bool json = j->element == DBW_INTENT_JSON || j->element == DBW_INTENT_JSONB;
    skip_space(j);
    bool nested = *j->at == '[' && !json;
    if (nested)
        return depth < DEPTH ? put_array(j, depth + 1) : not_one;
    if (j->dimensions && j->dimensions != depth)
        return uneven;
    j->dimensions = depth;
    return put_element(j);
}

static const char *put_array(struct json *j, int depth)
{
    int64_t count = 0;
    if (j->dimensions && depth > j->dimensions)
        return uneven;
    dbw_buffer_add_char(j->out, '{');
    j->at++;
    for (skip_space(j); *j->at != ']'; skip_space(j)) {
        if (*j->at == ',') {
            dbw_buffer_add_char(j->out, ',');
            j->at++;
        }
        const char *why = put_part(j, depth);
        if (why)
            return why;
        count++;
    }
    j->at++;
    dbw_buffer_add_char(j->out, '}');
    int64_t *known = &j->counts[depth - 1];
    if ((*known >= 0 && *known != count) || (!count && depth > 1))
        return uneven;
    *known = count;
    return NULL;
}

const char *dbw_json_array(dbw_text json, dbw_intent element, dbw_buffer *out)
{
    struct json j = {
        .at = json.data, .end = json.data + json.length, .element = element, .out = out};
    bool verbatim = element == DBW_INTENT_JSON || element == DBW_INTENT_JSONB;
    dbw_json verdict = dbw_json_check(json);
    for (int i = 0; i < DEPTH; i++)
        j.counts[i] = -1;
    if (verdict >= DBW_JSON_DEEP ||
        (!verbatim && (verdict == DBW_JSON_NUL || verdict == DBW_JSON_SURROGATE)))
        return dbw_json_reason(verdict);
    skip_space(&j);
    if (*j.at != '[')
        return not_one;
    const char *why = put_array(&j, 1);
    return why ? why : out->failed ? not_one : NULL;
}
