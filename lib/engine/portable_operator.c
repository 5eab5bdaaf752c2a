/* SPDX-License-Identifier: Apache-2.0 */
/* Operators, from the sign to the comparison. */
#include "engine/portable_priv.h"

dbw_portable_node dbw_portable_joined(dbw_portable_parser *p, dbw_portable_class class,
                                      const dbw_portable_node *a, const char *operation,
                                      const dbw_portable_node *b)
{
    return (dbw_portable_node){
        .sql = dbw_arena_printf(p->arena, "%s %s %s", dbw_portable_inside(p, a), operation,
                                dbw_portable_inside(p, b)),
        .class = class,
    };
}

static dbw_portable_node unary(dbw_portable_parser *p)
{
    bool minus = dbw_portable_at(&p->tokens, "-");
    if (!minus && !dbw_portable_at(&p->tokens, "+"))
        return dbw_portable_atom(p);
    dbw_portable_tokens_next(&p->tokens);
    if (++p->depth > DBW_PORTABLE_DEPTH)
        return dbw_portable_fail(p, "an expression nested too deeply");
    dbw_portable_node node = unary(p);
    p->depth--;
    if (!p->failed && !dbw_portable_numeric(node.class))
        return dbw_portable_fail(p, "a sign before something that is no number");
    if (!minus)
        return node;
    /* Two signs in a row would begin a comment. */
    node.atom = node.atom && node.sql[0] != '-';
    node.sql = dbw_arena_printf(p->arena, "-%s", dbw_portable_inside(p, &node));
    node.atom = node.literal;
    node.zero_or_one = false;
    return node;
}

/* || joins text; what else it joins differs between engines. */
static dbw_portable_node concatenation(dbw_portable_parser *p)
{
    dbw_portable_node left = unary(p);
    while (!p->failed && dbw_portable_take(&p->tokens, "||")) {
        dbw_portable_node right = unary(p);
        bool text = left.class == DBW_PORTABLE_TEXT || right.class == DBW_PORTABLE_TEXT ||
                    (left.class == DBW_PORTABLE_UNKNOWN && right.class == DBW_PORTABLE_UNKNOWN);
        bool simple_parts = left.class <= DBW_PORTABLE_TEXT && right.class <= DBW_PORTABLE_TEXT &&
                            left.class != DBW_PORTABLE_BOOLEAN &&
                            right.class != DBW_PORTABLE_BOOLEAN &&
                            left.class != DBW_PORTABLE_REAL && right.class != DBW_PORTABLE_REAL;
        if (!text || !simple_parts || dbw_portable_is(p->portable->to, "mysql") ||
            dbw_portable_is(p->portable->from, "mysql"))
            return dbw_portable_fail(p, "'||'");
        left = dbw_portable_joined(p, DBW_PORTABLE_TEXT, &left, "||", &right);
    }
    return left;
}

static dbw_portable_node arithmetic(dbw_portable_parser *p, const char *const *operators,
                                    dbw_portable_node (*operand)(dbw_portable_parser *))
{
    dbw_portable_node left = operand(p);
    for (bool found = true; found && !p->failed;) {
        found = false;
        for (size_t i = 0; operators[i] && !found; i++) {
            if (!dbw_portable_take(&p->tokens, operators[i]))
                continue;
            found = true;
            dbw_portable_node right = operand(p);
            bool numbers = dbw_portable_numeric(left.class) && dbw_portable_numeric(right.class);
            bool whole = left.class == DBW_PORTABLE_INTEGER && right.class == DBW_PORTABLE_INTEGER;
            bool whole_only = strchr("%&|<>", operators[i][0]) != NULL;
            /* MySQL gives each of its bit operators a strength of its own. */
            bool other =
                strchr("&|<>", operators[i][0]) && dbw_portable_is(p->portable->from, "mysql");
            /* 7 / 2 is 3 in SQLite and PostgreSQL, 3.5 in MySQL. */
            bool division = operators[i][0] == '/' && (dbw_portable_is(p->portable->to, "mysql") ||
                                                       dbw_portable_is(p->portable->from, "mysql"));
            if (!p->failed && (!numbers || (whole_only && !whole) || division || other))
                return dbw_portable_fail(p, "'%s'", operators[i]);
            /* SQLite gives NULL, PostgreSQL an error. */
            if (!p->failed && p->portable->exact_value && strchr("/%", operators[i][0]) &&
                (!right.literal || strspn(right.sql, "0.") == strlen(right.sql)))
                return dbw_portable_fail(p, "'%s' by what may be zero", operators[i]);
            left = dbw_portable_joined(p, left.class > right.class ? left.class : right.class,
                                       &left, operators[i], &right);
        }
    }
    return left;
}

static dbw_portable_node product(dbw_portable_parser *p)
{
    static const char *const operators[] = {"*", "/", "%", NULL};
    return arithmetic(p, operators, concatenation);
}

static dbw_portable_node sum(dbw_portable_parser *p)
{
    static const char *const operators[] = {"+", "-", NULL};
    return arithmetic(p, operators, product);
}

static dbw_portable_node bits(dbw_portable_parser *p)
{
    static const char *const operators[] = {"<<", ">>", "&", "|", NULL};
    return arithmetic(p, operators, sum);
}

bool dbw_portable_comparable(dbw_portable_parser *p, dbw_portable_node *a, dbw_portable_node *b)
{
    if (p->failed)
        return false;
    if (a->class == DBW_PORTABLE_BOOLEAN && b->zero_or_one)
        *b = dbw_portable_truth(p, b->sql[0] == '1');
    else if (b->class == DBW_PORTABLE_BOOLEAN && a->zero_or_one)
        *a = dbw_portable_truth(p, a->sql[0] == '1');
    bool same = a->class == b->class || a->class == DBW_PORTABLE_UNKNOWN ||
                b->class == DBW_PORTABLE_UNKNOWN ||
                (dbw_portable_numeric(a->class) && dbw_portable_numeric(b->class));
    /* A string beside a number or a boolean is compared as text in SQLite. */
    bool string =
        (a->literal && a->class == DBW_PORTABLE_UNKNOWN && b->class != DBW_PORTABLE_TEXT &&
         b->class != DBW_PORTABLE_UNKNOWN && b->class != DBW_PORTABLE_TIME) ||
        (b->literal && b->class == DBW_PORTABLE_UNKNOWN && a->class != DBW_PORTABLE_TEXT &&
         a->class != DBW_PORTABLE_UNKNOWN && a->class != DBW_PORTABLE_TIME);
    return same && !string && a->class != DBW_PORTABLE_OTHER && b->class != DBW_PORTABLE_OTHER;
}

static dbw_portable_node in_list(dbw_portable_parser *p, dbw_portable_node left, bool negated)
{
    const char *list = NULL;
    if (!dbw_portable_take(&p->tokens, "(") || dbw_portable_at(&p->tokens, ")") ||
        dbw_portable_at(&p->tokens, "SELECT"))
        return dbw_portable_fail(p, "IN without a list of values");
    do {
        dbw_portable_node item = dbw_portable_parse(p);
        if (!dbw_portable_comparable(p, &left, &item))
            return dbw_portable_fail(p, "IN with values of several types");
        list = list ? dbw_arena_printf(p->arena, "%s, %s", list, item.sql) : item.sql;
    } while (dbw_portable_take(&p->tokens, ","));
    if (!dbw_portable_take(&p->tokens, ")"))
        return dbw_portable_fail(p, "IN without a list of values");
    return (dbw_portable_node){
        .sql = dbw_arena_printf(p->arena, "%s %sIN (%s)", dbw_portable_inside(p, &left),
                                negated ? "NOT " : "", list),
        .class = DBW_PORTABLE_BOOLEAN,
    };
}

static dbw_portable_node between(dbw_portable_parser *p, dbw_portable_node left, bool negated)
{
    dbw_portable_node low = bits(p);
    if (!dbw_portable_take(&p->tokens, "AND"))
        return dbw_portable_fail(p, "BETWEEN");
    dbw_portable_node high = bits(p);
    if (!dbw_portable_comparable(p, &left, &low) || !dbw_portable_comparable(p, &left, &high) ||
        left.class == DBW_PORTABLE_BOOLEAN)
        return dbw_portable_fail(p, "BETWEEN with values of several types");
    return (dbw_portable_node){
        .sql = dbw_arena_printf(p->arena, "%s %sBETWEEN %s AND %s", dbw_portable_inside(p, &left),
                                negated ? "NOT " : "", dbw_portable_inside(p, &low),
                                dbw_portable_inside(p, &high)),
        .class = DBW_PORTABLE_BOOLEAN,
    };
}

/* SQLite's LIKE ignores the case of ASCII letters, PostgreSQL's none, MySQL's the collation's. */
static dbw_portable_node like(dbw_portable_parser *p, dbw_portable_node left, bool negated)
{
    dbw_portable_node pattern = bits(p);
    bool text = (left.class == DBW_PORTABLE_TEXT || left.class == DBW_PORTABLE_UNKNOWN) &&
                (pattern.class == DBW_PORTABLE_TEXT || pattern.class == DBW_PORTABLE_UNKNOWN);
    if (p->failed || !text || dbw_portable_at(&p->tokens, "ESCAPE"))
        return dbw_portable_fail(p, "LIKE");
    const char *a = left.sql, *b = pattern.sql;
    if (!dbw_portable_is(p->portable->from, "postgresql") &&
        dbw_portable_is(p->portable->to, "postgresql")) {
        a = dbw_arena_printf(p->arena, "lower(%s)", a);
        b = dbw_arena_printf(p->arena, "lower(%s)", b);
        p->note = "LIKE ignores case in the source: both sides are lowered";
    } else if (!dbw_portable_is(p->portable->from, p->portable->to->backend)) {
        p->note = "the engines' LIKE differs in the case of letters";
    }
    return (dbw_portable_node){
        .sql = dbw_arena_printf(p->arena, "%s %sLIKE %s", a, negated ? "NOT " : "", b),
        .class = DBW_PORTABLE_BOOLEAN,
    };
}

static dbw_portable_node is_null(dbw_portable_parser *p, dbw_portable_node left, bool negated)
{
    return (dbw_portable_node){
        .sql = dbw_arena_printf(p->arena, "%s IS %sNULL", dbw_portable_inside(p, &left),
                                negated ? "NOT " : ""),
        .class = DBW_PORTABLE_BOOLEAN,
    };
}

/* x IS NULL, x IS NOT NULL, boolean IS [NOT] TRUE/FALSE/0/1; SQLite's general IS is refused. */
static dbw_portable_node is(dbw_portable_parser *p, dbw_portable_node left)
{
    bool negated = dbw_portable_take(&p->tokens, "NOT");
    if (dbw_portable_take(&p->tokens, "NULL"))
        return is_null(p, left, negated);
    dbw_portable_node right = bits(p);
    if (left.class != DBW_PORTABLE_BOOLEAN || !dbw_portable_comparable(p, &left, &right) ||
        !right.literal || !p->portable->to->dialect->boolean_type)
        return dbw_portable_fail(p, "IS with something else than NULL");
    return dbw_portable_joined(p, DBW_PORTABLE_BOOLEAN, &left, negated ? "IS NOT" : "IS", &right);
}

/* One of the operators, spelled as all engines know it; NULL when there is none. */
static const char *take_operator(dbw_portable_parser *p, bool equality)
{
    static const char *const operators[][2] = {
        {"<=", "<="}, {"<", "<"},  {">=", ">="}, {">", ">"},
        {"=", "="},   {"==", "="}, {"<>", "<>"}, {"!=", "<>"},
    };
    for (size_t i = equality ? 4 : 0; i < (equality ? 8 : 4); i++)
        if (dbw_portable_take(&p->tokens, operators[i][0]))
            return operators[i][1];
    return NULL;
}

/* Operators of one strength, from the left. SQLite's < binds more tightly than its =; elsewhere
 * they are equals, or must not follow each other at all. */
static dbw_portable_node compare(dbw_portable_parser *p, dbw_portable_node left,
                                 const char *operation, dbw_portable_node right, bool first)
{
    if (!first && !dbw_portable_is(p->portable->from, "sqlite"))
        return dbw_portable_fail(p, "several comparisons in a row");
    if (!dbw_portable_comparable(p, &left, &right))
        return dbw_portable_fail(p, "'%s' between different types", operation);
    return dbw_portable_joined(p, DBW_PORTABLE_BOOLEAN, &left, operation, &right);
}

static dbw_portable_node relation(dbw_portable_parser *p)
{
    const char *operation;
    dbw_portable_node left = bits(p);
    for (bool first = true; !p->failed && (operation = take_operator(p, false)); first = false)
        left = compare(p, left, operation, bits(p), first);
    return left;
}

/* What follows a value without an operator between: IS, IN, BETWEEN, LIKE; false when nothing. */
static bool predicate(dbw_portable_parser *p, dbw_portable_node *left)
{
    if (dbw_portable_take(&p->tokens, "ISNULL")) {
        *left = is_null(p, *left, false);
    } else if (dbw_portable_take(&p->tokens, "NOTNULL")) {
        *left = is_null(p, *left, true);
    } else if (dbw_portable_take(&p->tokens, "IS")) {
        *left = is(p, *left);
    } else {
        bool negated = dbw_portable_take(&p->tokens, "NOT");
        if (negated && dbw_portable_take(&p->tokens, "NULL"))
            *left = is_null(p, *left, true);
        else if (dbw_portable_take(&p->tokens, "IN"))
            *left = in_list(p, *left, negated);
        else if (dbw_portable_take(&p->tokens, "BETWEEN"))
            *left = between(p, *left, negated);
        else if (dbw_portable_take(&p->tokens, "LIKE") ||
                 (dbw_portable_is(p->portable->from, "postgresql") &&
                  dbw_portable_take(&p->tokens, "~~")))
            *left = like(p, *left, negated);
        else if (negated)
            *left = dbw_portable_fail(p, "NOT");
        else
            return false;
    }
    return true;
}

dbw_portable_node dbw_portable_comparison(dbw_portable_parser *p)
{
    dbw_portable_node left = relation(p);
    for (bool first = true; !p->failed; first = false) {
        const char *operation = take_operator(p, true);
        if (operation && dbw_portable_any(p, &left, operation))
            continue;
        if (operation)
            left = compare(p, left, operation, relation(p), first);
        else if (!predicate(p, &left))
            break;
    }
    return left;
}
