/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine.h"

/* Where one token of `sql` ends that begins at `at` and is no placeholder. */
struct lexer {
    const char *sql;
    size_t length;
    bool backslashes;
};

/* Behind the closing quote; a doubled quote stands for itself. */
static size_t skip_quoted(const struct lexer *lexer, size_t at, char quote, bool backslashes)
{
    for (size_t i = at + 1; i < lexer->length; i++) {
        if (backslashes && lexer->sql[i] == '\\') {
            i++;
        } else if (lexer->sql[i] == quote) {
            if (i + 1 < lexer->length && lexer->sql[i + 1] == quote)
                i++;
            else
                return i + 1;
        }
    }
    return lexer->length;
}

static size_t skip_line(const struct lexer *lexer, size_t at)
{
    const char *end = memchr(lexer->sql + at, '\n', lexer->length - at);
    return end ? (size_t)(end - lexer->sql) + 1 : lexer->length;
}

/* PostgreSQL nests comments; for the others no valid statement is read differently. */
static size_t skip_comment(const struct lexer *lexer, size_t at)
{
    int depth = 0;
    for (size_t i = at; i + 1 < lexer->length; i++) {
        if (lexer->sql[i] == '/' && lexer->sql[i + 1] == '*') {
            depth++;
            i++;
        } else if (lexer->sql[i] == '*' && lexer->sql[i + 1] == '/') {
            i++;
            if (--depth == 0)
                return i + 1;
        }
    }
    return lexer->length;
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* $tag$ … $tag$; a lone dollar is one character. */
static size_t skip_dollar(const struct lexer *lexer, size_t at)
{
    size_t tag = at + 1;
    while (tag < lexer->length && is_name(lexer->sql[tag]))
        tag++;
    bool inside_name = at > 0 && is_name(lexer->sql[at - 1]);
    if (inside_name || tag >= lexer->length || lexer->sql[tag] != '$' ||
        (tag > at + 1 && lexer->sql[at + 1] >= '0' && lexer->sql[at + 1] <= '9'))
        return at + 1;
    size_t n = tag - at + 1;
    for (size_t i = tag + 1; i + n <= lexer->length; i++)
        if (memcmp(lexer->sql + i, lexer->sql + at, n) == 0)
            return i + n;
    return lexer->length;
}

/* E'…' has backslash escapes on PostgreSQL whatever the setting. */
static bool is_escape_string(const struct lexer *lexer, size_t at)
{
    return at > 0 && (lexer->sql[at - 1] == 'E' || lexer->sql[at - 1] == 'e') &&
           (at == 1 || !is_name(lexer->sql[at - 2]));
}

static size_t token_end(const struct lexer *lexer, size_t at, dbw_placeholder style)
{
    char c = lexer->sql[at], next = at + 1 < lexer->length ? lexer->sql[at + 1] : '\0';
    if (c == '\'')
        return skip_quoted(lexer, at, c, lexer->backslashes || is_escape_string(lexer, at));
    if (c == '"')
        return skip_quoted(lexer, at, c, lexer->backslashes);
    if (c == '`' && style == DBW_PLACEHOLDER_QUESTION)
        return skip_quoted(lexer, at, c, false);
    if (c == '-' && next == '-')
        return skip_line(lexer, at);
    if (c == '#' && lexer->backslashes)
        return skip_line(lexer, at);
    if (c == '/' && next == '*')
        return skip_comment(lexer, at);
    if (c == '$' && style == DBW_PLACEHOLDER_DOLLAR)
        return skip_dollar(lexer, at);
    return at + 1;
}

dbw_status dbw_placeholders(dbw_buffer *out, const char *sql, dbw_placeholder style,
                            bool backslashes, size_t *count, dbw_error *error)
{
    struct lexer lexer = {sql, strlen(sql), backslashes};
    size_t i = 0;
    *count = 0;
    while (i < lexer.length) {
        if (sql[i] == '?' && i + 1 < lexer.length && sql[i + 1] == '?') {
            dbw_buffer_add_char(out, '?');
            i += 2;
        } else if (sql[i] == '?') {
            ++*count;
            if (style == DBW_PLACEHOLDER_DOLLAR)
                dbw_buffer_printf(out, "$%zu", *count);
            else
                dbw_buffer_add_char(out, '?');
            i++;
        } else {
            size_t end = token_end(&lexer, i, style);
            dbw_buffer_add(out, sql + i, end - i);
            i = end;
        }
    }
    return dbw_buffer_check(out, "statement", error);
}
