/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/portable.h"

#include "base/buffer.h"
#include "engine/portable_priv.h"

#include <stdarg.h>

enum { DEPTH_MOST = 100, EXPRESSION_MOST = 4096 };

bool dbw_portable_is(const dbw_engine *engine, const char *backend)
{
    return strcmp(engine->backend, backend) == 0;
}

bool dbw_portable_numeric(dbw_portable_class class)
{
    return class == DBW_PORTABLE_INTEGER || class == DBW_PORTABLE_DECIMAL ||
           class == DBW_PORTABLE_REAL;
}

dbw_portable_node dbw_portable_fail(dbw_portable_parser *p, const char *format, ...)
{
    if (!p->failed) {
        char reason[256];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(reason, sizeof reason, format, arguments);
        va_end(arguments);
        p->failed = dbw_arena_string(p->arena, reason);
    }
    return (dbw_portable_node){.sql = ""};
}

const char *dbw_portable_inside(dbw_portable_parser *p, const dbw_portable_node *node)
{
    return node->atom ? node->sql : dbw_arena_printf(p->arena, "(%s)", node->sql);
}

static dbw_portable_class class_of(dbw_intent intent)
{
    switch (intent) {
    case DBW_INTENT_BOOLEAN:
        return DBW_PORTABLE_BOOLEAN;
    case DBW_INTENT_INT16:
    case DBW_INTENT_INT32:
    case DBW_INTENT_INT64:
    case DBW_INTENT_UINT64:
        return DBW_PORTABLE_INTEGER;
    case DBW_INTENT_FLOAT32:
    case DBW_INTENT_FLOAT64:
        return DBW_PORTABLE_REAL;
    case DBW_INTENT_DECIMAL:
        return DBW_PORTABLE_DECIMAL;
    case DBW_INTENT_CHAR:
    case DBW_INTENT_VARCHAR:
    case DBW_INTENT_TEXT:
        return DBW_PORTABLE_TEXT;
    case DBW_INTENT_DATE:
    case DBW_INTENT_TIME:
    case DBW_INTENT_TIMESTAMP:
    case DBW_INTENT_TIMESTAMPTZ:
        return DBW_PORTABLE_TIME;
    case DBW_INTENT_ANY:
    case DBW_INTENT_BYTES:
    case DBW_INTENT_INTERVAL:
    case DBW_INTENT_UUID:
    case DBW_INTENT_JSON:
    case DBW_INTENT_JSONB:
    case DBW_INTENT_ENUM:
    case DBW_INTENT_SET:
    case DBW_INTENT_BIT:
    case DBW_INTENT_ARRAY:
    case DBW_INTENT_OTHER:
    case DBW_INTENT_COUNT:
        break;
    }
    return DBW_PORTABLE_OTHER;
}

/* --- atoms ------------------------------------------------------------------------------------ */

static dbw_portable_node simple(dbw_portable_class class, const char *sql)
{
    return (dbw_portable_node){.sql = sql, .class = class, .atom = true};
}

/* A string literal as every engine reads it: a backslash would not be the same everywhere. */
static dbw_portable_node string_literal(dbw_portable_parser *p, const char *content)
{
    dbw_buffer out;
    if (strchr(content, '\\'))
        return dbw_portable_fail(p, "a string with a backslash");
    dbw_buffer_init(&out, EXPRESSION_MOST);
    dbw_buffer_add_char(&out, '\'');
    for (; *content; content++) {
        if (*content == '\'')
            dbw_buffer_add_char(&out, '\'');
        dbw_buffer_add_char(&out, *content);
    }
    dbw_buffer_add_char(&out, '\'');
    dbw_portable_node node =
        simple(DBW_PORTABLE_UNKNOWN, dbw_arena_text_string(p->arena, dbw_buffer_text(&out)));
    dbw_buffer_free(&out);
    node.literal = true;
    return node;
}

static dbw_portable_node column(dbw_portable_parser *p, const char *name, bool maybe_string)
{
    const char *target;
    dbw_intent intent;
    if (!p->portable->column(p->portable->context, name, &target, &intent)) {
        if (maybe_string && dbw_portable_is(p->portable->from, "sqlite"))
            return string_literal(p, name);
        return dbw_portable_fail(p, "the name '%s'", name);
    }
    dbw_buffer out;
    dbw_buffer_init(&out, EXPRESSION_MOST);
    dbw_quote_name(p->portable->to, &out, target);
    dbw_portable_node node =
        simple(class_of(intent), dbw_arena_text_string(p->arena, dbw_buffer_text(&out)));
    node.intent = intent;
    dbw_buffer_free(&out);
    return node;
}

static dbw_portable_node number_literal(dbw_portable_parser *p)
{
    dbw_text text = p->tokens.now.text;
    bool whole = true;
    for (size_t i = 0; i < text.length; i++)
        whole &= dbw_is_digit(text.data[i]);
    dbw_portable_node node = simple(whole ? DBW_PORTABLE_INTEGER : DBW_PORTABLE_DECIMAL,
                                    dbw_arena_text_string(p->arena, text));
    node.literal = true;
    node.zero_or_one = text.length == 1 && (text.data[0] == '0' || text.data[0] == '1');
    dbw_portable_tokens_next(&p->tokens);
    return node;
}

static dbw_portable_node truth(dbw_portable_parser *p, bool value)
{
    bool has_type = p->portable->to->dialect->boolean_type;
    dbw_portable_node node =
        simple(DBW_PORTABLE_BOOLEAN, has_type ? (value ? "true" : "false") : (value ? "1" : "0"));
    node.literal = true;
    return node;
}

static dbw_portable_node as_condition(dbw_portable_parser *p, dbw_portable_node node);

/* CASE [x] WHEN a THEN b … [ELSE c] END */
static dbw_portable_node case_expression(dbw_portable_parser *p)
{
    dbw_portable_node result = {.class = DBW_PORTABLE_UNKNOWN, .atom = true};
    const char *sql = "CASE";
    bool simple_case = !dbw_portable_at(&p->tokens, "WHEN");
    if (simple_case)
        return dbw_portable_fail(p, "CASE with an operand");
    for (bool more = true; more && !p->failed;) {
        bool when = dbw_portable_take(&p->tokens, "WHEN");
        if (!when && !dbw_portable_take(&p->tokens, "ELSE"))
            break;
        if (when) {
            dbw_portable_node condition = as_condition(p, dbw_portable_parse(p));
            if (!dbw_portable_take(&p->tokens, "THEN"))
                return dbw_portable_fail(p, "a CASE");
            sql = dbw_arena_printf(p->arena, "%s WHEN %s", sql, condition.sql);
        }
        dbw_portable_node value = dbw_portable_parse(p);
        if (value.class != DBW_PORTABLE_UNKNOWN) {
            if (result.class != DBW_PORTABLE_UNKNOWN && result.class != value.class &&
                !(dbw_portable_numeric(result.class) && dbw_portable_numeric(value.class)))
                return dbw_portable_fail(p, "a CASE of several types");
            result.class = value.class > result.class ? value.class : result.class;
        }
        sql = dbw_arena_printf(p->arena, "%s %s %s", sql, when ? "THEN" : "ELSE", value.sql);
        more = when;
    }
    if (!dbw_portable_take(&p->tokens, "END"))
        return dbw_portable_fail(p, "a CASE");
    result.sql = dbw_arena_printf(p->arena, "%s END", sql);
    return result;
}

static dbw_portable_node word(dbw_portable_parser *p)
{
    static const char *const instants[] = {"CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"};
    char *name = dbw_arena_text_string(p->arena, p->tokens.now.text);
    dbw_portable_tokens_next(&p->tokens);
    dbw_text text = dbw_text_of(name);
    if (dbw_portable_at(&p->tokens, "(")) {
        if (dbw_text_equal_nocase(text, DBW_TEXT("CAST")))
            return dbw_portable_cast(p);
        return dbw_portable_call(p, name);
    }
    if (dbw_text_equal_nocase(text, DBW_TEXT("CASE")))
        return case_expression(p);
    if (dbw_text_equal_nocase(text, DBW_TEXT("NULL")))
        return simple(DBW_PORTABLE_UNKNOWN, "NULL");
    for (size_t i = 0; i < DBW_COUNT(instants); i++)
        if (dbw_text_equal_nocase(text, dbw_text_of(instants[i])))
            return simple(DBW_PORTABLE_TIME, instants[i]);
    const char *ignored;
    dbw_intent intent;
    bool is_true = dbw_text_equal_nocase(text, DBW_TEXT("TRUE"));
    if ((is_true || dbw_text_equal_nocase(text, DBW_TEXT("FALSE"))) &&
        !p->portable->column(p->portable->context, name, &ignored, &intent))
        return truth(p, is_true);
    return column(p, name, false);
}

static dbw_portable_node atom(dbw_portable_parser *p)
{
    if (++p->depth > DEPTH_MOST)
        return dbw_portable_fail(p, "an expression nested too deeply");
    dbw_portable_node node;
    dbw_portable_token token = p->tokens.now;
    switch (token.kind) {
    case DBW_PORTABLE_NUMBER:
        node = number_literal(p);
        break;
    case DBW_PORTABLE_STRING:
        dbw_portable_tokens_next(&p->tokens);
        node = string_literal(p, dbw_portable_unquoted(p->arena, token.text));
        break;
    case DBW_PORTABLE_DOUBLE:
    case DBW_PORTABLE_NAME:
        dbw_portable_tokens_next(&p->tokens);
        node = column(p, dbw_portable_unquoted(p->arena, token.text),
                      token.kind == DBW_PORTABLE_DOUBLE);
        break;
    case DBW_PORTABLE_WORD:
        node = word(p);
        break;
    case DBW_PORTABLE_PUNCTUATION:
        if (!dbw_portable_take(&p->tokens, "(")) {
            node = dbw_portable_fail(p, "'%.*s'", (int)token.text.length, token.text.data);
            break;
        }
        node = dbw_portable_parse(p);
        if (!dbw_portable_take(&p->tokens, ")"))
            node = dbw_portable_fail(p, "parentheses");
        break;
    case DBW_PORTABLE_END:
    case DBW_PORTABLE_BAD:
    default:
        node = token.kind == DBW_PORTABLE_END
                   ? dbw_portable_fail(p, "an unfinished expression")
                   : dbw_portable_fail(p, "'%.*s'",
                                       (int)(token.text.length < 40 ? token.text.length : 40),
                                       token.text.data);
        break;
    }
    p->depth--;
    return node;
}

/* --- operators -------------------------------------------------------------------------------- */

static dbw_portable_node joined(dbw_portable_parser *p, dbw_portable_class class,
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
        return atom(p);
    dbw_portable_tokens_next(&p->tokens);
    if (++p->depth > DEPTH_MOST)
        return dbw_portable_fail(p, "an expression nested too deeply");
    dbw_portable_node node = unary(p);
    p->depth--;
    if (!p->failed && !dbw_portable_numeric(node.class))
        return dbw_portable_fail(p, "a sign before something that is no number");
    if (!minus)
        return node;
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
        left = joined(p, DBW_PORTABLE_TEXT, &left, "||", &right);
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
            /* 7 / 2 is 3 in SQLite and PostgreSQL, 3.5 in MySQL. */
            bool division = operators[i][0] == '/' && (dbw_portable_is(p->portable->to, "mysql") ||
                                                       dbw_portable_is(p->portable->from, "mysql"));
            if (!p->failed && (!numbers || (whole_only && !whole) || division))
                return dbw_portable_fail(p, "'%s'", operators[i]);
            left = joined(p, left.class > right.class ? left.class : right.class, &left,
                          operators[i], &right);
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

/* Makes two sides comparable: 0 and 1 beside a boolean become truth values. */
static bool comparable(dbw_portable_parser *p, dbw_portable_node *a, dbw_portable_node *b)
{
    if (p->failed)
        return false;
    if (a->class == DBW_PORTABLE_BOOLEAN && b->zero_or_one)
        *b = truth(p, b->sql[0] == '1');
    else if (b->class == DBW_PORTABLE_BOOLEAN && a->zero_or_one)
        *a = truth(p, a->sql[0] == '1');
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
        if (!comparable(p, &left, &item))
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
    if (!comparable(p, &left, &low) || !comparable(p, &left, &high) ||
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
    if (left.class != DBW_PORTABLE_BOOLEAN || !comparable(p, &left, &right) || !right.literal ||
        !p->portable->to->dialect->boolean_type)
        return dbw_portable_fail(p, "IS with something else than NULL");
    return joined(p, DBW_PORTABLE_BOOLEAN, &left, negated ? "IS NOT" : "IS", &right);
}

static const char *comparison_operator(dbw_portable_parser *p)
{
    static const char *const operators[][2] = {
        {"=", "="},   {"==", "="}, {"<>", "<>"}, {"!=", "<>"},
        {"<=", "<="}, {"<", "<"},  {">=", ">="}, {">", ">"},
    };
    for (size_t i = 0; i < DBW_COUNT(operators); i++)
        if (dbw_portable_take(&p->tokens, operators[i][0]))
            return operators[i][1];
    return NULL;
}

static dbw_portable_node comparison(dbw_portable_parser *p)
{
    dbw_portable_node left = bits(p);
    while (!p->failed) {
        const char *operation = comparison_operator(p);
        if (operation) {
            dbw_portable_node right = bits(p);
            if (!comparable(p, &left, &right))
                return dbw_portable_fail(p, "'%s' between different types", operation);
            left = joined(p, DBW_PORTABLE_BOOLEAN, &left, operation, &right);
            continue;
        }
        if (dbw_portable_take(&p->tokens, "ISNULL")) {
            left = is_null(p, left, false);
        } else if (dbw_portable_take(&p->tokens, "NOTNULL")) {
            left = is_null(p, left, true);
        } else if (dbw_portable_take(&p->tokens, "IS")) {
            left = is(p, left);
        } else {
            bool negated = dbw_portable_take(&p->tokens, "NOT");
            if (negated && dbw_portable_take(&p->tokens, "NULL"))
                left = is_null(p, left, true);
            else if (dbw_portable_take(&p->tokens, "IN"))
                left = in_list(p, left, negated);
            else if (dbw_portable_take(&p->tokens, "BETWEEN"))
                left = between(p, left, negated);
            else if (dbw_portable_take(&p->tokens, "LIKE"))
                left = like(p, left, negated);
            else if (negated)
                return dbw_portable_fail(p, "NOT");
            else
                return left;
        }
    }
    return left;
}

/* A number used as a condition is compared with zero. */
static dbw_portable_node as_condition(dbw_portable_parser *p, dbw_portable_node node)
{
    if (p->failed || node.class == DBW_PORTABLE_BOOLEAN ||
        (node.class == DBW_PORTABLE_UNKNOWN && !node.literal))
        return node;
    if (node.zero_or_one)
        return truth(p, node.sql[0] == '1');
    if (!dbw_portable_numeric(node.class))
        return dbw_portable_fail(p, "a condition that is neither true nor false");
    return (dbw_portable_node){
        .sql = dbw_arena_printf(p->arena, "%s <> 0", dbw_portable_inside(p, &node)),
        .class = DBW_PORTABLE_BOOLEAN,
    };
}

static dbw_portable_node negation(dbw_portable_parser *p)
{
    if (!dbw_portable_take(&p->tokens, "NOT"))
        return comparison(p);
    if (++p->depth > DEPTH_MOST)
        return dbw_portable_fail(p, "an expression nested too deeply");
    dbw_portable_node node = as_condition(p, negation(p));
    p->depth--;
    return (dbw_portable_node){
        .sql = dbw_arena_printf(p->arena, "NOT %s", dbw_portable_inside(p, &node)),
        .class = DBW_PORTABLE_BOOLEAN,
    };
}

static dbw_portable_node connective(dbw_portable_parser *p, const char *operation,
                                    dbw_portable_node (*operand)(dbw_portable_parser *))
{
    dbw_portable_node left = operand(p);
    while (!p->failed && dbw_portable_take(&p->tokens, operation)) {
        left = as_condition(p, left);
        dbw_portable_node right = as_condition(p, operand(p));
        left = joined(p, DBW_PORTABLE_BOOLEAN, &left, operation, &right);
    }
    return left;
}

static dbw_portable_node conjunction(dbw_portable_parser *p)
{
    return connective(p, "AND", negation);
}

dbw_portable_node dbw_portable_parse(dbw_portable_parser *p)
{
    return connective(p, "OR", conjunction);
}

const char *dbw_portable_expression(dbw_arena *arena, const dbw_portable *portable,
                                    const char *expression, bool condition, const char **note)
{
    dbw_portable_parser parser = {.portable = portable, .arena = arena};
    *note = "it is too long";
    if (strlen(expression) > EXPRESSION_MOST)
        return NULL;
    dbw_portable_tokens_init(&parser.tokens, expression);
    dbw_portable_node node = dbw_portable_parse(&parser);
    if (!parser.failed && parser.tokens.now.kind != DBW_PORTABLE_END)
        dbw_portable_fail(&parser, "'%.*s'", (int)parser.tokens.now.text.length,
                          parser.tokens.now.text.data);
    if (condition)
        node = as_condition(&parser, node);
    *note = parser.failed ? parser.failed : parser.note;
    return parser.failed ? NULL : node.sql;
}

const char *dbw_portable_fold_case(dbw_arena *arena, const dbw_engine *to, const char *column)
{
    dbw_buffer out;
    dbw_buffer_init(&out, EXPRESSION_MOST);
    dbw_buffer_add_string(&out, "lower(");
    dbw_quote_name(to, &out, column);
    /* Under "C", lower() knows A to Z only (PostgreSQL manual, 24.2.2). */
    dbw_buffer_add_string(&out, dbw_portable_is(to, "postgresql") ? " COLLATE \"C\")" : ")");
    const char *text = dbw_arena_text_string(arena, dbw_buffer_text(&out));
    dbw_buffer_free(&out);
    return text;
}
