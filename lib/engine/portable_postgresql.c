/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What PostgreSQL's catalog makes of an expression (ruleutils.c): `::` casts behind nearly every
 * constant, IN as = ANY (ARRAY[…]), LIKE as ~~.
 */
#include "engine/portable_priv.h"

typedef enum family {
    FAMILY_TEXT,
    FAMILY_INTEGER,
    FAMILY_DECIMAL,
    FAMILY_REAL,
    FAMILY_BOOLEAN,
    FAMILY_DATE,
    FAMILY_TIME,
    FAMILY_OTHER
} family;

static const struct {
    const char *word;
    family family;
} types[] = {
    {"text", FAMILY_TEXT},      {"character", FAMILY_TEXT},   {"varchar", FAMILY_TEXT},
    {"bpchar", FAMILY_TEXT},    {"smallint", FAMILY_INTEGER}, {"integer", FAMILY_INTEGER},
    {"bigint", FAMILY_INTEGER}, {"numeric", FAMILY_DECIMAL},  {"double", FAMILY_REAL},
    {"real", FAMILY_REAL},      {"boolean", FAMILY_BOOLEAN},  {"date", FAMILY_DATE},
    {"timestamp", FAMILY_TIME}, {"time", FAMILY_TIME},
};

/* Passes over a type's name, "character varying(20)[]"; false when there is none. */
static bool read_type(dbw_portable_parser *p, family *out, bool *array)
{
    static const char *const more[] = {"varying", "precision", "without", "with", "time", "zone"};
    *out = FAMILY_OTHER;
    *array = false;
    if (p->tokens.now.kind != DBW_PORTABLE_WORD && p->tokens.now.kind != DBW_PORTABLE_DOUBLE)
        return false;
    for (size_t i = 0; i < DBW_COUNT(types); i++)
        if (dbw_portable_at(&p->tokens, types[i].word))
            *out = types[i].family;
    dbw_portable_tokens_next(&p->tokens);
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < DBW_COUNT(more) && !again; i++)
            again = dbw_portable_take(&p->tokens, more[i]);
    }
    if (dbw_portable_take(&p->tokens, "("))
        while (!dbw_portable_take(&p->tokens, ")")) {
            if (p->tokens.now.kind == DBW_PORTABLE_END)
                return false;
            dbw_portable_tokens_next(&p->tokens);
        }
    while (dbw_portable_take(&p->tokens, "[")) {
        if (!dbw_portable_take(&p->tokens, "]"))
            return false;
        *array = true;
    }
    return true;
}

/* 'text'::type: what the constant is. */
static dbw_portable_node cast_string(dbw_portable_parser *p, dbw_portable_node node, family to)
{
    size_t length = strlen(node.sql);
    const char *inside = dbw_arena_printf(p->arena, "%.*s", (int)(length - 2), node.sql + 1);
    bool sqlite = dbw_portable_is(p->portable->to, "sqlite");
    switch (to) {
    case FAMILY_TEXT:
        node.class = DBW_PORTABLE_TEXT;
        return node;
    case FAMILY_INTEGER:
    case FAMILY_DECIMAL:
    case FAMILY_REAL:
        if (strspn(inside, "-0123456789.") != strlen(inside) || !*inside)
            return dbw_portable_fail(p, "a number written as text");
        node.sql = inside;
        node.class = to == FAMILY_INTEGER ? DBW_PORTABLE_INTEGER : DBW_PORTABLE_DECIMAL;
        return node;
    case FAMILY_BOOLEAN:
        return dbw_portable_truth(p, inside[0] == 't');
    case FAMILY_DATE:
        node.class = DBW_PORTABLE_TIME;
        return node;
    case FAMILY_TIME:
        /* There a timestamp is text with all of its digits. */
        if (sqlite)
            return dbw_portable_fail(p, "a timestamp compared with text");
        node.class = DBW_PORTABLE_TIME;
        return node;
    case FAMILY_OTHER:
    default:
        return node;
    }
}

static dbw_portable_node cast_value(dbw_portable_parser *p, dbw_portable_node node, family to)
{
    bool padded = node.intent == DBW_INTENT_CHAR;
    bool whole = node.class == DBW_PORTABLE_INTEGER;
    if (to == FAMILY_TEXT && node.class == DBW_PORTABLE_TEXT && !padded)
        return node;
    if (to == FAMILY_INTEGER && whole)
        return node;
    if ((to == FAMILY_DECIMAL || to == FAMILY_REAL) && node.literal &&
        dbw_portable_numeric(node.class)) {
        if (whole)
            node.sql = dbw_arena_printf(p->arena, "%s.0", node.sql);
        node.class = DBW_PORTABLE_DECIMAL;
        node.zero_or_one = false;
        return node;
    }
    if (to == FAMILY_DECIMAL && node.class == DBW_PORTABLE_DECIMAL)
        return node;
    if (to == FAMILY_REAL && node.class == DBW_PORTABLE_REAL)
        return node;
    return dbw_portable_fail(p, "a cast whose result differs between engines");
}

dbw_portable_node dbw_portable_colon_casts(dbw_portable_parser *p, dbw_portable_node node)
{
    while (!p->failed && dbw_portable_is(p->portable->from, "postgresql") &&
           dbw_portable_take(&p->tokens, "::")) {
        family to;
        bool array;
        if (!read_type(p, &to, &array) || array)
            return dbw_portable_fail(p, "a cast");
        bool null = !node.literal && node.class == DBW_PORTABLE_UNKNOWN;
        if (null)
            continue;
        node = node.literal && node.sql[0] == '\'' ? cast_string(p, node, to)
                                                   : cast_value(p, node, to);
    }
    return node;
}

/* ARRAY['a'::text, 'b'::text], maybe in parentheses and with casts behind them. */
static const char *read_array(dbw_portable_parser *p, dbw_portable_node *left)
{
    const char *list = NULL;
    int open = 0;
    family ignored;
    bool array;
    while (dbw_portable_take(&p->tokens, "("))
        open++;
    if (!dbw_portable_take(&p->tokens, "ARRAY") || !dbw_portable_take(&p->tokens, "["))
        return NULL;
    do {
        dbw_portable_node item = dbw_portable_parse(p);
        if (!dbw_portable_comparable(p, left, &item))
            return NULL;
        list = list ? dbw_arena_printf(p->arena, "%s, %s", list, item.sql) : item.sql;
    } while (dbw_portable_take(&p->tokens, ","));
    if (!dbw_portable_take(&p->tokens, "]"))
        return NULL;
    for (;; open--) {
        while (dbw_portable_take(&p->tokens, "::"))
            if (!read_type(p, &ignored, &array) || !array)
                return NULL;
        if (!open)
            return list;
        if (!dbw_portable_take(&p->tokens, ")"))
            return NULL;
    }
}

bool dbw_portable_any(dbw_portable_parser *p, dbw_portable_node *left, const char *operation)
{
    bool in = strcmp(operation, "=") == 0 && dbw_portable_at(&p->tokens, "ANY");
    bool not_in = strcmp(operation, "<>") == 0 && dbw_portable_at(&p->tokens, "ALL");
    if ((!in && !not_in) || !dbw_portable_is(p->portable->from, "postgresql"))
        return false;
    dbw_portable_tokens_next(&p->tokens);
    const char *list = NULL;
    if (dbw_portable_take(&p->tokens, "("))
        list = read_array(p, left);
    if (!list || !dbw_portable_take(&p->tokens, ")")) {
        *left = dbw_portable_fail(p, "%s with something else than a list of values",
                                  in ? "ANY" : "ALL");
        return true;
    }
    *left = (dbw_portable_node){
        .sql = dbw_arena_printf(p->arena, "%s %sIN (%s)", dbw_portable_inside(p, left),
                                not_in ? "NOT " : "", list),
        .class = DBW_PORTABLE_BOOLEAN,
    };
    return true;
}
