/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sqlite/token.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || dbw_is_digit(c) || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

static const char *skip_blanks_and_comments(const char *at, const char *end)
{
    while (at < end) {
        if (is_blank(*at)) {
            at++;
        } else if (end - at >= 2 && at[0] == '-' && at[1] == '-') {
            while (at < end && *at != '\n')
                at++;
        } else if (end - at >= 2 && at[0] == '/' && at[1] == '*') {
            at += 2;
            while (at < end && !(at[0] == '*' && at + 1 < end && at[1] == '/'))
                at++;
            at = end - at >= 2 ? at + 2 : end;
        } else {
            break;
        }
    }
    return at;
}

/* The end of what begins with a quote at `at`; NULL when it is not closed. */
static const char *skip_quoted(const char *at, const char *end, char close)
{
    for (at++; at < end; at++) {
        if (*at != close)
            continue;
        if (close != ']' && at + 1 < end && at[1] == close)
            at++;
        else
            return at + 1;
    }
    return NULL;
}

static bool is_hex(char c)
{
    return dbw_is_digit(c) || (dbw_lower(c) >= 'a' && dbw_lower(c) <= 'f');
}

static const char *skip_number(const char *at, const char *end)
{
    if (end - at > 2 && at[0] == '0' && dbw_lower(at[1]) == 'x' && is_hex(at[2])) {
        for (at += 2; at < end && is_hex(*at);)
            at++;
        return at;
    }
    while (at < end && dbw_is_digit(*at))
        at++;
    if (at < end && *at == '.')
        for (at++; at < end && dbw_is_digit(*at);)
            at++;
    if (at < end && dbw_lower(*at) == 'e') {
        const char *mark = at + 1;
        if (mark < end && (*mark == '+' || *mark == '-'))
            mark++;
        if (mark < end && dbw_is_digit(*mark))
            for (at = mark; at < end && dbw_is_digit(*at);)
                at++;
    }
    return at;
}

static dbw_sqlite_token make(dbw_sqlite_token_kind kind, const char *from, const char *to)
{
    return (dbw_sqlite_token){kind, {from, (size_t)(to - from)}};
}

static dbw_sqlite_token quoted(dbw_sqlite_token_kind kind, const char *from, const char *quote,
                               const char *end)
{
    const char *to = skip_quoted(quote, end, *quote == '[' ? ']' : *quote);
    return to ? make(kind, from, to) : make(DBW_SQLITE_BAD, from, end);
}

static dbw_sqlite_token read_token(const char *at, const char *end)
{
    at = skip_blanks_and_comments(at, end);
    if (at == end)
        return make(DBW_SQLITE_END, at, at);
    const char *from = at;
    if (*at == '\'')
        return quoted(DBW_SQLITE_STRING, from, at, end);
    if (*at == '"' || *at == '[' || *at == '`')
        return quoted(DBW_SQLITE_QUOTED, from, at, end);
    if (dbw_lower(*at) == 'x' && end - at > 1 && at[1] == '\'')
        return quoted(DBW_SQLITE_BLOB, from, at + 1, end);
    if (dbw_is_digit(*at) || (*at == '.' && end - at > 1 && dbw_is_digit(at[1]))) {
        at = skip_number(at, end);
        if (at == end || !is_name_byte(*at))
            return make(DBW_SQLITE_NUMBER, from, at);
        while (at < end && is_name_byte(*at))
            at++;
        return make(DBW_SQLITE_BAD, from, at);
    }
    if (is_name_byte(*at) && *at != '$') {
        while (at < end && is_name_byte(*at))
            at++;
        return make(DBW_SQLITE_WORD, from, at);
    }
    bool meaningless = (unsigned char)*at < 0x20 || *at == 0x7f || *at == '\\' || *at == '^' ||
                       *at == '{' || *at == '}';
    return make(meaningless ? DBW_SQLITE_BAD : DBW_SQLITE_OTHER, from, at + 1);
}

void dbw_sqlite_tokens_init(dbw_sqlite_tokens *tokens, dbw_text sql)
{
    *tokens = (dbw_sqlite_tokens){.at = sql.data, .end = sql.data + sql.length};
    dbw_sqlite_tokens_next(tokens);
}

void dbw_sqlite_tokens_next(dbw_sqlite_tokens *tokens)
{
    tokens->now = read_token(tokens->at, tokens->end);
    tokens->at = tokens->now.text.data + tokens->now.text.length;
}

dbw_sqlite_token dbw_sqlite_tokens_peek(const dbw_sqlite_tokens *tokens)
{
    return read_token(tokens->at, tokens->end);
}

bool dbw_sqlite_tokens_at(const dbw_sqlite_tokens *tokens, const char *keyword)
{
    return tokens->now.kind == DBW_SQLITE_WORD &&
           dbw_text_equal_nocase(tokens->now.text, dbw_text_of(keyword));
}

bool dbw_sqlite_tokens_at_char(const dbw_sqlite_tokens *tokens, char c)
{
    return tokens->now.kind == DBW_SQLITE_OTHER && tokens->now.text.data[0] == c;
}

bool dbw_sqlite_tokens_take(dbw_sqlite_tokens *tokens, const char *keyword)
{
    if (!dbw_sqlite_tokens_at(tokens, keyword))
        return false;
    dbw_sqlite_tokens_next(tokens);
    return true;
}

bool dbw_sqlite_tokens_take_char(dbw_sqlite_tokens *tokens, char c)
{
    if (!dbw_sqlite_tokens_at_char(tokens, c))
        return false;
    dbw_sqlite_tokens_next(tokens);
    return true;
}

bool dbw_sqlite_tokens_parentheses(dbw_sqlite_tokens *tokens, dbw_text *inside)
{
    const char *from = tokens->at;
    size_t depth = 0;
    for (; tokens->now.kind != DBW_SQLITE_END; dbw_sqlite_tokens_next(tokens)) {
        if (tokens->now.kind == DBW_SQLITE_BAD)
            return false;
        if (dbw_sqlite_tokens_at_char(tokens, '('))
            depth++;
        else if (dbw_sqlite_tokens_at_char(tokens, ')') && --depth == 0)
            break;
    }
    if (tokens->now.kind == DBW_SQLITE_END)
        return false;
    *inside = dbw_sqlite_trim((dbw_text){from, (size_t)(tokens->now.text.data - from)});
    dbw_sqlite_tokens_next(tokens);
    return true;
}

char *dbw_sqlite_token_name(dbw_arena *arena, dbw_sqlite_token token)
{
    dbw_text text = token.text;
    if (token.kind != DBW_SQLITE_QUOTED && token.kind != DBW_SQLITE_STRING)
        return dbw_arena_text_string(arena, text);
    char close = text.data[text.length - 1];
    char *out = dbw_arena_take(arena, text.length);
    size_t length = 0;
    for (size_t i = 1; i + 1 < text.length; i++) {
        out[length++] = text.data[i];
        if (text.data[i] == close && close != ']')
            i++;
    }
    out[length] = '\0';
    return out;
}

dbw_text dbw_sqlite_trim(dbw_text text)
{
    while (text.length && is_blank(text.data[0])) {
        text.data++;
        text.length--;
    }
    while (text.length && is_blank(text.data[text.length - 1]))
        text.length--;
    return text;
}
