/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_PORTABLE_PRIV_H
#define DBW_ENGINE_PORTABLE_PRIV_H
/* Between the parts of the expression translator: tokens, functions, grammar. */
#include "engine/portable.h"

typedef enum dbw_portable_token_kind {
    DBW_PORTABLE_END,
    DBW_PORTABLE_WORD,
    DBW_PORTABLE_NAME,   /* quoted with [] or `` */
    DBW_PORTABLE_DOUBLE, /* "…": a name, or a string where there is no such column (SQLite) */
    DBW_PORTABLE_STRING, /* '…' */
    DBW_PORTABLE_NUMBER, /* digits, maybe with a point and an exponent */
    DBW_PORTABLE_PUNCTUATION, /* one operator or bracket */
    DBW_PORTABLE_BAD
} dbw_portable_token_kind;

typedef struct dbw_portable_token {
    dbw_portable_token_kind kind;
    dbw_text text; /* as written */
} dbw_portable_token;

typedef struct dbw_portable_tokens {
    dbw_portable_token now;
    const char *at, *end;
    bool arrays; /* [ begins no name: PostgreSQL */
} dbw_portable_tokens;

void dbw_portable_tokens_init(dbw_portable_tokens *tokens, const char *text, bool arrays);
void dbw_portable_tokens_next(dbw_portable_tokens *tokens);

/** The present token is this word (any case) or operator. */
bool dbw_portable_at(const dbw_portable_tokens *tokens, const char *expected);

/** The same, and passes over it. */
bool dbw_portable_take(dbw_portable_tokens *tokens, const char *expected);

/** What a quoted name or string means. */
char *dbw_portable_unquoted(dbw_arena *arena, dbw_text quoted);

/** What kind of value an expression gives. */
typedef enum dbw_portable_class {
    DBW_PORTABLE_UNKNOWN, /* NULL, or a string literal that takes the type of its partner */
    DBW_PORTABLE_BOOLEAN,
    DBW_PORTABLE_INTEGER,
    DBW_PORTABLE_DECIMAL,
    DBW_PORTABLE_REAL,
    DBW_PORTABLE_TEXT,
    DBW_PORTABLE_TIME, /* dates, times, timestamps */
    DBW_PORTABLE_OTHER
} dbw_portable_class;

typedef struct dbw_portable_node {
    const char *sql;
    dbw_portable_class class;
    bool atom;        /* needs no parentheses */
    bool zero_or_one; /* the literal 0 or 1 */
    bool literal;     /* a literal */
    dbw_intent intent;
} dbw_portable_node;

typedef struct dbw_portable_parser {
    const dbw_portable *portable;
    dbw_arena *arena;
    dbw_portable_tokens tokens;
    const char *note;   /* first remark */
    const char *failed; /* first reason */
    int depth;
} dbw_portable_parser;

/** Remembers the reason (printf-like) and gives a node that nobody may use. */
dbw_portable_node dbw_portable_fail(dbw_portable_parser *parser, const char *format, ...)
    DBW_PRINTF(2, 3);

/** One whole expression. */
dbw_portable_node dbw_portable_parse(dbw_portable_parser *parser);

/** A literal, a name, a call, or an expression in parentheses. */
dbw_portable_node dbw_portable_atom(dbw_portable_parser *parser);

/** Everything that binds more tightly than NOT, AND and OR. */
dbw_portable_node dbw_portable_comparison(dbw_portable_parser *parser);

/** true or false in the target's words. */
dbw_portable_node dbw_portable_truth(dbw_portable_parser *parser, bool value);

/** "a OPERATION b". */
dbw_portable_node dbw_portable_joined(dbw_portable_parser *parser, dbw_portable_class class,
                                      const dbw_portable_node *a, const char *operation,
                                      const dbw_portable_node *b);

/** How deep an expression may be nested. */
enum { DBW_PORTABLE_DEPTH = 100 };

/** The node in parentheses unless it is an atom. */
const char *dbw_portable_inside(dbw_portable_parser *parser, const dbw_portable_node *node);

/** A function's call; the name was read, the tokens stand on '('. */
dbw_portable_node dbw_portable_call(dbw_portable_parser *parser, const char *name);

/** CAST(…), behind the word. */
dbw_portable_node dbw_portable_cast(dbw_portable_parser *parser);

bool dbw_portable_numeric(dbw_portable_class class);

/** Makes two sides comparable: 0 and 1 beside a boolean become truth values. */
bool dbw_portable_comparable(dbw_portable_parser *parser, dbw_portable_node *a,
                             dbw_portable_node *b);

/** The node with the casts that follow it, "::text". */
dbw_portable_node dbw_portable_colon_casts(dbw_portable_parser *parser, dbw_portable_node node);

/** = ANY (ARRAY[…]) and <> ALL (ARRAY[…]) behind `left`, whose operator was read; false: neither.
 */
bool dbw_portable_any(dbw_portable_parser *parser, dbw_portable_node *left, const char *operation);

/** Whether the engine of that side is this backend. */
bool dbw_portable_is(const dbw_engine *engine, const char *backend);

#endif
