/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_SQLITE_TOKEN_H
#define DBW_ENGINE_SQLITE_TOKEN_H
/*
 * SQLite's tokens, as https://www.sqlite.org/lang_keywords.html and the tokenizer of SQLite itself
 * have them: names quoted as "a", [a] or `a`, strings 'a', blobs x'00', line and block comments
 * (an unfinished block comment ends with the text). Bytes from 0x80 on belong to names.
 */
#include "base/arena.h"

typedef enum dbw_sqlite_token_kind {
    DBW_SQLITE_END,
    DBW_SQLITE_WORD,   /* a bare name or keyword */
    DBW_SQLITE_QUOTED, /* a quoted name */
    DBW_SQLITE_STRING,
    DBW_SQLITE_BLOB,
    DBW_SQLITE_NUMBER,
    DBW_SQLITE_OTHER, /* one byte of punctuation, or a placeholder's mark */
    DBW_SQLITE_BAD    /* an unfinished quote, or a byte that has no meaning */
} dbw_sqlite_token_kind;

typedef struct dbw_sqlite_token {
    dbw_sqlite_token_kind kind;
    dbw_text text; /* as written, quotes included */
} dbw_sqlite_token;

/** A reader with one token of look-ahead; `now` is the present token. */
typedef struct dbw_sqlite_tokens {
    dbw_sqlite_token now;
    const char *at, *end; /* behind `now` */
} dbw_sqlite_tokens;

/** Stands on the first token. */
void dbw_sqlite_tokens_init(dbw_sqlite_tokens *tokens, dbw_text sql);

/** Goes to the next token. */
void dbw_sqlite_tokens_next(dbw_sqlite_tokens *tokens);

/** The token behind the present one. */
dbw_sqlite_token dbw_sqlite_tokens_peek(const dbw_sqlite_tokens *tokens);

/** Whether the present token is this keyword, in any case, not quoted. */
bool dbw_sqlite_tokens_at(const dbw_sqlite_tokens *tokens, const char *keyword);

/** Whether it is this punctuation. */
bool dbw_sqlite_tokens_at_char(const dbw_sqlite_tokens *tokens, char c);

/** Passes over the keyword when it is there. */
bool dbw_sqlite_tokens_take(dbw_sqlite_tokens *tokens, const char *keyword);
bool dbw_sqlite_tokens_take_char(dbw_sqlite_tokens *tokens, char c);

/**
 * Standing on '(': passes over the balanced parentheses; `inside` receives what stands between
 * them without blanks at the ends. False, at the end of the text, when they do not balance.
 */
bool dbw_sqlite_tokens_parentheses(dbw_sqlite_tokens *tokens, dbw_text *inside);

/** The name or string that a token means: quotes taken off, doubled quotes halved. */
char *dbw_sqlite_token_name(dbw_arena *arena, dbw_sqlite_token token);

/** The text without blanks at its ends. */
dbw_text dbw_sqlite_trim(dbw_text text);

#endif
