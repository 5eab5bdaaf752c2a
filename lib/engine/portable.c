/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/portable.h"

#include "base/buffer.h"
#include "engine/portable_priv.h"

#include <stdarg.h>

enum { EXPRESSION_MOST = 4096 };

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

dbw_portable_node dbw_portable_truth(dbw_portable_parser *p, bool value)
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
        return dbw_portable_truth(p, is_true);
    return column(p, name, false);
}

dbw_portable_node dbw_portable_atom(dbw_portable_parser *p)
{
    if (++p->depth > DBW_PORTABLE_DEPTH)
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
        if (dbw_portable_take(&p->tokens, ")"))
            break;
        token = p->tokens.now;
        node = token.kind == DBW_PORTABLE_PUNCTUATION
                   ? dbw_portable_fail(p, "'%.*s'", (int)token.text.length, token.text.data)
                   : dbw_portable_fail(p, "parentheses");
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
    return dbw_portable_colon_casts(p, node);
}

/* --- conditions ----------------------------------------------------------------------------------
 */

/* A number used as a condition is compared with zero. */
static dbw_portable_node as_condition(dbw_portable_parser *p, dbw_portable_node node)
{
    if (p->failed || node.class == DBW_PORTABLE_BOOLEAN ||
        (node.class == DBW_PORTABLE_UNKNOWN && !node.literal))
        return node;
    if (node.zero_or_one)
        return dbw_portable_truth(p, node.sql[0] == '1');
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
        return dbw_portable_comparison(p);
    if (++p->depth > DBW_PORTABLE_DEPTH)
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
        left = dbw_portable_joined(p, DBW_PORTABLE_BOOLEAN, &left, operation, &right);
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

static dbw_portable_node parse_all(dbw_portable_parser *parser, const char *expression)
{
    dbw_portable_tokens_init(&parser->tokens, expression,
                             dbw_portable_is(parser->portable->from, "postgresql"));
    dbw_portable_node node = dbw_portable_parse(parser);
    if (!parser->failed && parser->tokens.now.kind != DBW_PORTABLE_END)
        dbw_portable_fail(parser, "'%.*s'", (int)parser->tokens.now.text.length,
                          parser->tokens.now.text.data);
    return node;
}

const char *dbw_portable_expression(dbw_arena *arena, const dbw_portable *portable,
                                    const char *expression, bool condition, const char **note)
{
    dbw_portable_parser parser = {.portable = portable, .arena = arena};
    *note = "it is too long";
    if (strlen(expression) > EXPRESSION_MOST)
        return NULL;
    dbw_portable_node node = parse_all(&parser, expression);
    if (condition)
        node = as_condition(&parser, node);
    *note = parser.failed ? parser.failed : parser.note;
    return parser.failed ? NULL : node.sql;
}

const char *dbw_portable_value(dbw_arena *arena, const dbw_portable *portable,
                               const char *expression, dbw_intent intent, const char **note)
{
    dbw_portable_parser parser = {.portable = portable, .arena = arena};
    dbw_portable_class wanted = class_of(intent);
    *note = "it is too long";
    if (strlen(expression) > EXPRESSION_MOST)
        return NULL;
    dbw_portable_node node = parse_all(&parser, expression);
    bool truth = node.class == DBW_PORTABLE_BOOLEAN;
    if (wanted == DBW_PORTABLE_BOOLEAN && !parser.failed)
        node = as_condition(&parser, node);
    else if (truth && dbw_portable_numeric(wanted))
        node.sql = dbw_arena_printf(arena, "CASE WHEN %s THEN 1 WHEN NOT (%s) THEN 0 END", node.sql,
                                    node.sql);
    else if (node.class != wanted && node.class != DBW_PORTABLE_UNKNOWN &&
             !(dbw_portable_numeric(node.class) && dbw_portable_numeric(wanted)))
        dbw_portable_fail(&parser, "its value is of another kind than its column");
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
