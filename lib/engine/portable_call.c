/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that mean the same in the engines, and casts between types that all of them have. */
#include "engine/portable_priv.h"

enum { ARGUMENTS_MOST = 16 };

typedef enum result { RESULT_SAME, RESULT_TEXT, RESULT_INTEGER, RESULT_DECIMAL } result;

static const struct function {
    const char *name;
    int least, most;
    dbw_portable_class first; /* what the first argument must be; UNKNOWN: anything */
    result result;
    const char *postgresql, *mysql, *sqlite; /* its name there */
} functions[] = {
    {"length", 1, 1, DBW_PORTABLE_TEXT, RESULT_INTEGER, "length", "char_length", "length"},
    {"char_length", 1, 1, DBW_PORTABLE_TEXT, RESULT_INTEGER, "length", "char_length", "length"},
    {"lower", 1, 1, DBW_PORTABLE_TEXT, RESULT_TEXT, "lower", "lower", "lower"},
    {"upper", 1, 1, DBW_PORTABLE_TEXT, RESULT_TEXT, "upper", "upper", "upper"},
    {"trim", 1, 1, DBW_PORTABLE_TEXT, RESULT_TEXT, "trim", "trim", "trim"},
    {"ltrim", 1, 1, DBW_PORTABLE_TEXT, RESULT_TEXT, "ltrim", "ltrim", "ltrim"},
    {"rtrim", 1, 1, DBW_PORTABLE_TEXT, RESULT_TEXT, "rtrim", "rtrim", "rtrim"},
    {"replace", 3, 3, DBW_PORTABLE_TEXT, RESULT_TEXT, "replace", "replace", "replace"},
    {"substr", 2, 3, DBW_PORTABLE_TEXT, RESULT_TEXT, "substr", "substr", "substr"},
    {"substring", 2, 3, DBW_PORTABLE_TEXT, RESULT_TEXT, "substr", "substr", "substr"},
    {"instr", 2, 2, DBW_PORTABLE_TEXT, RESULT_INTEGER, "strpos", "instr", "instr"},
    {"strpos", 2, 2, DBW_PORTABLE_TEXT, RESULT_INTEGER, "strpos", "instr", "instr"},
    {"abs", 1, 1, DBW_PORTABLE_INTEGER, RESULT_SAME, "abs", "abs", "abs"},
    {"round", 1, 2, DBW_PORTABLE_INTEGER, RESULT_DECIMAL, "round", "round", "round"},
    {"coalesce", 2, ARGUMENTS_MOST, DBW_PORTABLE_UNKNOWN, RESULT_SAME, "coalesce", "coalesce",
     "coalesce"},
    {"ifnull", 2, 2, DBW_PORTABLE_UNKNOWN, RESULT_SAME, "coalesce", "coalesce", "coalesce"},
    {"nullif", 2, 2, DBW_PORTABLE_UNKNOWN, RESULT_SAME, "nullif", "nullif", "nullif"},
};

static const struct function *find(const char *name)
{
    for (size_t i = 0; i < DBW_COUNT(functions); i++)
        if (dbw_text_equal_nocase(dbw_text_of(name), dbw_text_of(functions[i].name)))
            return &functions[i];
    return NULL;
}

static const char *name_there(const dbw_engine *to, const struct function *f)
{
    if (dbw_portable_is(to, "postgresql"))
        return f->postgresql;
    return dbw_portable_is(to, "mysql") ? f->mysql : f->sqlite;
}

/* The class that all arguments share; OTHER when they differ. */
static dbw_portable_class common(const dbw_portable_node *arguments, size_t count)
{
    dbw_portable_class class = DBW_PORTABLE_UNKNOWN;
    for (size_t i = 0; i < count; i++) {
        dbw_portable_class one = arguments[i].class;
        if (one == DBW_PORTABLE_UNKNOWN || one == class)
            continue;
        if (class == DBW_PORTABLE_UNKNOWN)
            class = one;
        else if (dbw_portable_numeric(one) && dbw_portable_numeric(class))
            class = one > class ? one : class;
        else
            return DBW_PORTABLE_OTHER;
    }
    return class;
}

static bool fits(dbw_portable_class class, dbw_portable_class wanted)
{
    if (wanted == DBW_PORTABLE_UNKNOWN || class == DBW_PORTABLE_UNKNOWN)
        return true;
    if (wanted == DBW_PORTABLE_INTEGER)
        return dbw_portable_numeric(class);
    return class == wanted;
}

static bool read_arguments(dbw_portable_parser *p, dbw_portable_node *arguments, size_t *count)
{
    *count = 0;
    dbw_portable_tokens_next(&p->tokens);
    while (!dbw_portable_at(&p->tokens, ")")) {
        if (*count == ARGUMENTS_MOST || (*count && !dbw_portable_take(&p->tokens, ",")))
            return false;
        arguments[(*count)++] = dbw_portable_parse(p);
        if (p->failed)
            return false;
    }
    dbw_portable_tokens_next(&p->tokens);
    return true;
}

/* What is special about some functions; NULL or why the call is refused. */
static const char *special(dbw_portable_parser *p, const struct function *f,
                           dbw_portable_node *arguments, size_t count)
{
    bool substr = strncmp(f->name, "substr", 6) == 0;
    if (substr &&
        (!arguments[1].literal || arguments[1].sql[0] == '-' || arguments[1].sql[0] == '0'))
        return "substr() from a place that may be zero or negative";
    if (substr && count > 2 && (!arguments[2].literal || arguments[2].sql[0] == '-'))
        return "substr() of a length that may be negative";
    /* Halves go away from zero, or to the even neighbour. */
    if (p->portable->exact_value && strcmp(f->name, "round") == 0 &&
        arguments[0].class != DBW_PORTABLE_INTEGER)
        return "round(), which treats halves otherwise";
    bool folds = strcmp(f->name, "lower") == 0 || strcmp(f->name, "upper") == 0;
    if (folds && p->portable->exact_case && dbw_portable_is(p->portable->to, "postgresql"))
        arguments[0].sql =
            dbw_arena_printf(p->arena, "%s COLLATE \"C\"", dbw_portable_inside(p, &arguments[0]));
    if (folds && p->portable->other_letters && dbw_portable_is(p->portable->to, "sqlite") &&
        !dbw_portable_is(p->portable->from, "sqlite"))
        return "SQLite folds the case of ASCII letters only";
    /* PostgreSQL has no round(double precision, integer). */
    if (strcmp(f->name, "round") == 0 && count == 2 && arguments[0].class == DBW_PORTABLE_REAL &&
        dbw_portable_is(p->portable->to, "postgresql"))
        arguments[0].sql = dbw_arena_printf(p->arena, "CAST(%s AS numeric)", arguments[0].sql);
    return NULL;
}

dbw_portable_node dbw_portable_call(dbw_portable_parser *p, const char *name)
{
    dbw_portable_node arguments[ARGUMENTS_MOST];
    size_t count;
    const struct function *f = find(name);
    if (!f)
        return dbw_portable_fail(p, "function '%s'", name);
    if (!read_arguments(p, arguments, &count))
        return dbw_portable_fail(p, "the arguments of '%s'", name);
    dbw_portable_class class = common(arguments, count);
    if ((int)count < f->least || (int)count > f->most || !fits(arguments[0].class, f->first) ||
        (f->result == RESULT_SAME && class == DBW_PORTABLE_OTHER))
        return dbw_portable_fail(p, "the arguments of '%s'", name);
    const char *why = special(p, f, arguments, count);
    if (why)
        return dbw_portable_fail(p, "%s", why);
    const char *list = arguments[0].sql;
    for (size_t i = 1; i < count; i++)
        list = dbw_arena_printf(p->arena, "%s, %s", list, arguments[i].sql);
    dbw_portable_node node = {.atom = true};
    node.sql = dbw_arena_printf(p->arena, "%s(%s)", name_there(p->portable->to, f), list);
    if (f->result == RESULT_SAME)
        node.class = class;
    else
        node.class = f->result == RESULT_TEXT      ? DBW_PORTABLE_TEXT
                     : f->result == RESULT_INTEGER ? DBW_PORTABLE_INTEGER
                                                   : DBW_PORTABLE_DECIMAL;
    return node;
}

/* --- casts ------------------------------------------------------------------------------------ */

static const struct {
    const char *names; /* words between bars */
    dbw_portable_class class;
    const char *postgresql, *mysql, *sqlite;
} casts[] = {
    {"|integer|int|bigint|signed|", DBW_PORTABLE_INTEGER, "bigint", "signed", "INTEGER"},
    {"|real|double|float|", DBW_PORTABLE_REAL, "double precision", "double", "REAL"},
    {"|numeric|decimal|", DBW_PORTABLE_DECIMAL, "numeric", "decimal(65,30)", "NUMERIC"},
    {"|text|char|varchar|", DBW_PORTABLE_TEXT, "text", "char", "TEXT"},
};

/* Numbers to numbers that hold them, anything simple to text: there the engines agree. */
static bool agreed(dbw_portable_class from, dbw_portable_class to)
{
    if (to == DBW_PORTABLE_TEXT)
        return from == DBW_PORTABLE_INTEGER || from == DBW_PORTABLE_TEXT;
    if (to == DBW_PORTABLE_INTEGER)
        return from == DBW_PORTABLE_INTEGER;
    return dbw_portable_numeric(from);
}

dbw_portable_node dbw_portable_cast(dbw_portable_parser *p)
{
    if (!dbw_portable_take(&p->tokens, "("))
        return dbw_portable_fail(p, "a cast");
    dbw_portable_node inner = dbw_portable_parse(p);
    if (p->failed || !dbw_portable_take(&p->tokens, "AS") ||
        p->tokens.now.kind != DBW_PORTABLE_WORD)
        return dbw_portable_fail(p, "a cast");
    char *type = dbw_arena_printf(p->arena, "|%.*s|", (int)p->tokens.now.text.length,
                                  p->tokens.now.text.data);
    for (char *c = type; *c; c++)
        *c = dbw_lower(*c);
    dbw_portable_tokens_next(&p->tokens);
    if (!dbw_portable_take(&p->tokens, ")"))
        return dbw_portable_fail(p, "a cast");
    for (size_t i = 0; i < DBW_COUNT(casts); i++) {
        if (!strstr(casts[i].names, type) || !agreed(inner.class, casts[i].class))
            continue;
        const dbw_engine *to = p->portable->to;
        const char *there = dbw_portable_is(to, "postgresql") ? casts[i].postgresql
                            : dbw_portable_is(to, "mysql")    ? casts[i].mysql
                                                              : casts[i].sqlite;
        return (dbw_portable_node){
            .sql = dbw_arena_printf(p->arena, "CAST(%s AS %s)", inner.sql, there),
            .class = casts[i].class,
            .atom = true,
        };
    }
    return dbw_portable_fail(p, "a cast whose result differs between engines");
}
