/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/portable_priv.h"

static bool is_word(char c)
{
    char l = dbw_lower(c);
    return (l >= 'a' && l <= 'z') || dbw_is_digit(c) || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

static void skip_blanks(dbw_portable_tokens *t)
{
    while (t->at < t->end) {
        if (dbw_is_space(*t->at)) {
            t->at++;
        } else if (t->end - t->at >= 2 && t->at[0] == '-' && t->at[1] == '-') {
            while (t->at < t->end && *t->at != '\n')
                t->at++;
        } else if (t->end - t->at >= 2 && t->at[0] == '/' && t->at[1] == '*') {
            t->at += 2;
            while (t->end - t->at >= 2 && !(t->at[0] == '*' && t->at[1] == '/'))
                t->at++;
            t->at = t->end - t->at >= 2 ? t->at + 2 : t->end;
        } else {
            return;
        }
    }
}

/* Up to the closing quote; a doubled one stands for itself. */
static bool quoted(dbw_portable_tokens *t, char close)
{
    for (t->at++; t->at < t->end; t->at++) {
        if (*t->at != close)
            continue;
        if (close != ']' && t->at + 1 < t->end && t->at[1] == close)
            t->at++;
        else
            return t->at++, true;
    }
    return false;
}

static bool number(dbw_portable_tokens *t)
{
    const char *start = t->at;
    while (t->at < t->end && dbw_is_digit(*t->at))
        t->at++;
    if (t->at < t->end && *t->at == '.')
        for (t->at++; t->at < t->end && dbw_is_digit(*t->at);)
            t->at++;
    if (t->at < t->end && dbw_lower(*t->at) == 'e') {
        t->at++;
        if (t->at < t->end && (*t->at == '+' || *t->at == '-'))
            t->at++;
        if (t->at == t->end || !dbw_is_digit(*t->at))
            return false;
        while (t->at < t->end && dbw_is_digit(*t->at))
            t->at++;
    }
    return t->at > start && !(t->at < t->end && is_word(*t->at));
}

static void punctuation(dbw_portable_tokens *t)
{
    static const char *const pairs[] = {"==", "<>", "!=", "<=", ">=", "||", "<<", ">>", "::", "~~"};
    for (size_t i = 0; t->end - t->at >= 2 && i < DBW_COUNT(pairs); i++) {
        if (memcmp(t->at, pairs[i], 2) == 0) {
            t->at += 2;
            return;
        }
    }
    t->at++;
}

void dbw_portable_tokens_next(dbw_portable_tokens *t)
{
    skip_blanks(t);
    const char *start = t->at;
    dbw_portable_token_kind kind = DBW_PORTABLE_END;
    bool good = true;
    if (t->at == t->end) {
        kind = DBW_PORTABLE_END;
    } else if (*t->at == '\'') {
        kind = DBW_PORTABLE_STRING;
        good = quoted(t, '\'');
    } else if (*t->at == '"') {
        kind = DBW_PORTABLE_DOUBLE;
        good = quoted(t, '"');
    } else if (*t->at == '`' || (*t->at == '[' && !t->arrays)) {
        kind = DBW_PORTABLE_NAME;
        good = quoted(t, *t->at == '[' ? ']' : '`');
    } else if (dbw_is_digit(*t->at) ||
               (*t->at == '.' && t->at + 1 < t->end && dbw_is_digit(t->at[1]))) {
        kind = DBW_PORTABLE_NUMBER;
        good = number(t);
    } else if (is_word(*t->at)) {
        kind = DBW_PORTABLE_WORD;
        while (t->at < t->end && is_word(*t->at))
            t->at++;
        /* x'00', N'…', E'…': none of them means the same everywhere. */
        good = t->at == t->end || *t->at != '\'';
    } else {
        kind = DBW_PORTABLE_PUNCTUATION;
        punctuation(t);
    }
    t->now.kind = good ? kind : DBW_PORTABLE_BAD;
    t->now.text = (dbw_text){start, (size_t)(t->at - start)};
}

void dbw_portable_tokens_init(dbw_portable_tokens *tokens, const char *text, bool arrays)
{
    tokens->arrays = arrays;
    tokens->at = text;
    tokens->end = text + strlen(text);
    dbw_portable_tokens_next(tokens);
}

bool dbw_portable_at(const dbw_portable_tokens *tokens, const char *expected)
{
    return (tokens->now.kind == DBW_PORTABLE_WORD ||
            tokens->now.kind == DBW_PORTABLE_PUNCTUATION) &&
           dbw_text_equal_nocase(tokens->now.text, dbw_text_of(expected));
}

bool dbw_portable_take(dbw_portable_tokens *tokens, const char *expected)
{
    if (!dbw_portable_at(tokens, expected))
        return false;
    dbw_portable_tokens_next(tokens);
    return true;
}

char *dbw_portable_unquoted(dbw_arena *arena, dbw_text text)
{
    char *out = dbw_arena_take(arena, text.length);
    char close = text.data[text.length - 1];
    size_t n = 0;
    for (size_t i = 1; i + 1 < text.length; i++) {
        out[n++] = text.data[i];
        if (text.data[i] == close)
            i++;
    }
    out[n] = 0;
    return out;
}
