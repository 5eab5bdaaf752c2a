/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/arrayjson.h"

#include "transfer/json_check.h"
#include "transfer/number.h"

static const char not_one[] = "not an array";

enum { DEPTH = 6 }; /* PostgreSQL's MAXDIM */

struct literal {
    const char *at, *end;
    dbw_intent element;
    dbw_buffer *out;
    dbw_buffer word; /* the present element, unescaped */
};

static void put_string(dbw_buffer *out, dbw_text text)
{
    static const char digits[] = "0123456789abcdef";
    dbw_buffer_add_char(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\') {
            dbw_buffer_add_char(out, '\\');
            dbw_buffer_add_char(out, (char)c);
        } else if (c < 0x20) {
            dbw_buffer_add_string(out, "\\u00");
            dbw_buffer_add_char(out, digits[c >> 4]);
            dbw_buffer_add_char(out, digits[c & 15]);
        } else {
            dbw_buffer_add_char(out, (char)c);
        }
    }
    dbw_buffer_add_char(out, '"');
}

static bool is_numeric(dbw_intent intent)
{
    return intent >= DBW_INTENT_INT16 && intent <= DBW_INTENT_DECIMAL;
}

static bool put_word(const struct literal *l, dbw_text word)
{
    bool boolean = l->element == DBW_INTENT_BOOLEAN && word.length == 1;
    bool json = l->element == DBW_INTENT_JSON || l->element == DBW_INTENT_JSONB;
    bool number = is_numeric(l->element) && !dbw_number_special(word);
    dbw_number ignored;
    if (boolean && (*word.data == 't' || *word.data == 'f'))
        dbw_buffer_add_string(l->out, *word.data == 't' ? "true" : "false");
    else if (number || json)
        dbw_buffer_add_text(l->out, word);
    else
        put_string(l->out, word);
    if (number)
        return dbw_number_parse(word, &ignored) == NULL;
    return !json || dbw_json_check(word) < DBW_JSON_DEEP;
}

/* "…" with backslashes, or a bare word up to the next comma or brace. */
static bool read_word(struct literal *l)
{
    bool quoted = *l->at == '"', closed = !quoted;
    dbw_buffer_clear(&l->word);
    for (l->at += quoted; l->at < l->end; l->at++) {
        char c = *l->at;
        if (quoted && c == '"') {
            l->at++;
            closed = true;
            break;
        }
        if (!quoted && (c == ',' || c == '}' || c == '{' || c == '"'))
            break;
        if (c == '\\' && (!quoted || ++l->at == l->end))
            return false;
        dbw_buffer_add_char(&l->word, *l->at);
    }
    dbw_text word = dbw_buffer_text(&l->word);
    if (!closed || (!quoted && !word.length))
        return false;
    if (quoted || !dbw_text_equal_nocase(word, DBW_TEXT("NULL")))
        return put_word(l, word);
    dbw_buffer_add_string(l->out, "null");
    return true;
}

static bool read_array(struct literal *l, int depth)
{
    if (depth > DEPTH || l->at == l->end || *l->at != '{')
        return false;
    dbw_buffer_add_char(l->out, '[');
    l->at++;
    for (bool first = true;; first = false) {
        if (l->at == l->end)
            return false;
        if (*l->at == '}' && first)
            break;
        if (!(*l->at == '{' ? read_array(l, depth + 1) : read_word(l)) || l->at == l->end)
            return false;
        if (*l->at == '}')
            break;
        if (*l->at++ != ',')
            return false;
        dbw_buffer_add_char(l->out, ',');
    }
    l->at++;
    dbw_buffer_add_char(l->out, ']');
    return true;
}

const char *dbw_array_json(dbw_text literal, dbw_intent element, dbw_buffer *out)
{
    struct literal l = {
        .at = literal.data, .end = literal.data + literal.length, .element = element, .out = out};
    if (literal.length && literal.data[0] == '[')
        return "an array whose bounds do not begin at 1";
    dbw_buffer_init(&l.word, literal.length + 1);
    bool good = read_array(&l, 1) && l.at == l.end;
    dbw_buffer_free(&l.word);
    return good && !out->failed ? NULL : not_one;
}
