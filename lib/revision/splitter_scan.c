/* SPDX-License-Identifier: Apache-2.0 */
#include "revision/splitter_priv.h"

void dbw_splitter_advance(dbw_splitter *splitter, size_t count)
{
    const char *from = splitter->script.data + splitter->at;
    splitter->at += count;
    while (count) {
        const char *newline = memchr(from, '\n', count);
        if (!newline)
            return;
        splitter->line++;
        count -= (size_t)(newline + 1 - from);
        from = newline + 1;
    }
}

static char peek(const dbw_splitter *s, size_t ahead)
{
    return ahead < s->script.length - s->at ? s->script.data[s->at + ahead] : '\0';
}

static bool starts(const dbw_splitter *s, const char *with)
{
    size_t length = strlen(with);
    return s->script.length - s->at >= length && memcmp(s->script.data + s->at, with, length) == 0;
}

static bool is_word(char c)
{
    return (dbw_lower(c) >= 'a' && dbw_lower(c) <= 'z') || dbw_is_digit(c) || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

static dbw_status unterminated(const dbw_splitter *s, const char *what, dbw_error *error)
{
    return dbw_fail(error, DBW_E_INVALID, "line %d: unterminated %s", s->line, what);
}

/* From the opening quote to the closing one, which a doubled one or a backslash may hide. */
static dbw_status quoted(dbw_splitter *s, char close, bool doubling, bool backslashes,
                         const char *what, dbw_error *error)
{
    const char *data = s->script.data;
    size_t i = s->at + 1;
    for (; i < s->script.length; i++) {
        if (backslashes && data[i] == '\\') {
            i++;
        } else if (data[i] == close) {
            if (!doubling || i + 1 >= s->script.length || data[i + 1] != close) {
                dbw_splitter_advance(s, i + 1 - s->at);
                return DBW_OK;
            }
            i++;
        }
    }
    return unterminated(s, what, error);
}

static void line_comment(dbw_splitter *s)
{
    size_t rest = s->script.length - s->at;
    const char *newline = memchr(s->script.data + s->at, '\n', rest);
    dbw_splitter_advance(s, newline ? (size_t)(newline - (s->script.data + s->at)) : rest);
}

static dbw_status block_comment(dbw_splitter *s, dbw_error *error)
{
    const char *data = s->script.data;
    size_t depth = 1;
    for (size_t i = s->at + 2; i + 1 < s->script.length; i++) {
        if (data[i] == '*' && data[i + 1] == '/') {
            i++;
            if (--depth == 0) {
                dbw_splitter_advance(s, i + 1 - s->at);
                return DBW_OK;
            }
        } else if (s->rules->nested_comments && data[i] == '/' && data[i + 1] == '*') {
            i++;
            depth++;
        }
    }
    return unterminated(s, "comment", error);
}

/* Length of a dollar quote's opening tag at the splitter's place; 0 where there is none. */
static size_t dollar_tag(const dbw_splitter *s)
{
    if (!s->rules->dollar_quotes || peek(s, 0) != '$' || dbw_is_digit(peek(s, 1)))
        return 0;
    size_t i = 1;
    while (s->at + i < s->script.length && is_word(peek(s, i)) && peek(s, i) != '$')
        i++;
    return peek(s, i) == '$' ? i + 1 : 0;
}

static dbw_status dollar_quoted(dbw_splitter *s, size_t tag, dbw_error *error)
{
    const char *data = s->script.data, *open = data + s->at;
    for (size_t i = s->at + tag; s->script.length - i >= tag && i < s->script.length; i++)
        if (data[i] == '$' && memcmp(data + i, open, tag) == 0) {
            dbw_splitter_advance(s, i + tag - s->at);
            return DBW_OK;
        }
    return unterminated(s, "dollar quote", error);
}

static bool dash_comment(const dbw_splitter *s)
{
    if (!starts(s, "--"))
        return false;
    return !s->rules->strict_dashes || (unsigned char)peek(s, 2) <= ' ';
}

static bool mark(dbw_splitter *s)
{
    if (!s->rules->version_comments)
        return false;
    size_t length = starts(s, "/*!") ? 3 : starts(s, "/*M!") ? 4 : 0;
    if (length)
        while (dbw_is_digit(peek(s, length)))
            length++;
    else if (starts(s, "*/"))
        length = 2;
    dbw_splitter_advance(s, length);
    return length != 0;
}

static dbw_status space_or_comment(dbw_splitter *s, bool *found, dbw_error *error)
{
    *found = true;
    if (dbw_is_space(peek(s, 0))) {
        size_t length = 1;
        while (dbw_is_space(peek(s, length)))
            length++;
        dbw_splitter_advance(s, length);
    } else if (dash_comment(s) || (s->rules->hash_comments && peek(s, 0) == '#')) {
        line_comment(s);
    } else if (starts(s, "/*")) {
        return block_comment(s, error);
    } else {
        *found = false;
    }
    return DBW_OK;
}

/* `*found` tells whether a string or quoted name stood there. */
static dbw_status string_or_name(dbw_splitter *s, bool *found, dbw_error *error)
{
    const dbw_splitter_rules *rules = s->rules;
    size_t tag;
    *found = true;
    switch (peek(s, 0)) {
    case '\'':
        return quoted(s, '\'', true, rules->backslashes, "string", error);
    case '"':
        return quoted(s, '"', true, rules->backslashes,
                      rules->backslashes ? "string" : "quoted name", error);
    case '`':
        if (rules->backticks)
            return quoted(s, '`', true, false, "quoted name", error);
        break;
    case '[':
        if (rules->brackets)
            return quoted(s, ']', false, false, "quoted name", error);
        break;
    case '$':
        tag = dollar_tag(s);
        if (tag)
            return dollar_quoted(s, tag, error);
        break;
    default:
        break;
    }
    *found = false;
    return DBW_OK;
}

static dbw_status scan(dbw_splitter *s, dbw_scan_kind *kind, dbw_error *error)
{
    bool found;
    if (s->at == s->script.length) {
        *kind = DBW_SCAN_END;
        return DBW_OK;
    }
    if (starts(s, s->delimiter)) {
        *kind = DBW_SCAN_DELIMITER;
        dbw_splitter_advance(s, strlen(s->delimiter));
        return DBW_OK;
    }
    *kind = DBW_SCAN_MARK;
    if (mark(s))
        return DBW_OK;
    *kind = DBW_SCAN_SPACE;
    DBW_TRY(space_or_comment(s, &found, error));
    if (found)
        return DBW_OK;
    *kind = DBW_SCAN_QUOTED;
    DBW_TRY(string_or_name(s, &found, error));
    if (found)
        return DBW_OK;
    size_t length = 0;
    if (peek(s, 0) != '$')
        while (is_word(peek(s, length)))
            length++;
    if (length == 1 && s->rules->escape_strings && dbw_lower(peek(s, 0)) == 'e' &&
        peek(s, 1) == '\'') {
        dbw_splitter_advance(s, 1);
        return quoted(s, '\'', true, true, "string", error);
    }
    *kind = length ? DBW_SCAN_WORD : DBW_SCAN_OTHER;
    dbw_splitter_advance(s, length ? length : 1);
    return DBW_OK;
}

dbw_status dbw_splitter_scan(dbw_splitter *splitter, dbw_scan_kind *kind, dbw_text *text,
                             dbw_error *error)
{
    size_t from = splitter->at;
    DBW_TRY(scan(splitter, kind, error));
    *text = (dbw_text){splitter->script.data + from, splitter->at - from};
    return DBW_OK;
}
