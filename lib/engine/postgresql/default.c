/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/default.h"
#include "engine/postgresql/text.h"

#include <inttypes.h>

/* --- as the catalog shows them ---------------------------------------------------------------- */

/* Expressions as pg_get_expr() writes them (ruleutils.c), parentheses and casts taken off. */
static const struct {
    const char *text;
    dbw_default_kind kind;
} known[] = {
    {"now()", DBW_DEFAULT_NOW},
    {"CURRENT_TIMESTAMP", DBW_DEFAULT_NOW},
    {"LOCALTIMESTAMP", DBW_DEFAULT_NOW},
    {"transaction_timestamp()", DBW_DEFAULT_NOW},
    {"statement_timestamp()", DBW_DEFAULT_NOW},
    {"clock_timestamp()", DBW_DEFAULT_NOW},
    {"now() AT TIME ZONE 'utc'::text", DBW_DEFAULT_NOW},
    {"now() AT TIME ZONE 'UTC'::text", DBW_DEFAULT_NOW},
    {"CURRENT_TIMESTAMP AT TIME ZONE 'utc'::text", DBW_DEFAULT_NOW},
    {"CURRENT_TIMESTAMP AT TIME ZONE 'UTC'::text", DBW_DEFAULT_NOW},
    {"timezone('utc'::text, now())", DBW_DEFAULT_NOW},
    {"timezone('UTC'::text, now())", DBW_DEFAULT_NOW},
    {"timezone('utc'::text, CURRENT_TIMESTAMP)", DBW_DEFAULT_NOW},
    {"timezone('UTC'::text, CURRENT_TIMESTAMP)", DBW_DEFAULT_NOW},
    {"CURRENT_DATE", DBW_DEFAULT_TODAY},
    {"CURRENT_TIME", DBW_DEFAULT_TIME},
    {"LOCALTIME", DBW_DEFAULT_TIME},
    {"gen_random_uuid()", DBW_DEFAULT_UUID},
    {"uuid_generate_v4()", DBW_DEFAULT_UUID},
    {"public.uuid_generate_v4()", DBW_DEFAULT_UUID},
};

/** Behind the string literal at `at` (which has a quote), or NULL where it does not end. */
static const char *skip_string(const char *at, const char *end, bool escapes)
{
    for (at++; at < end; at++) {
        if (escapes && *at == '\\')
            at++;
        else if (*at == '\'' && at + 1 < end && at[1] == '\'')
            at++;
        else if (*at == '\'')
            return at + 1;
    }
    return NULL;
}

static bool is_type_char(char c)
{
    return (dbw_lower(c) >= 'a' && dbw_lower(c) <= 'z') || dbw_is_digit(c) ||
           strchr(" _\".[](),", c) != NULL;
}

/** Whether `text` is "::type" all over, once or several times, or empty. */
static bool only_casts(dbw_text text)
{
    size_t at = 0;
    while (at < text.length) {
        if (text.length - at < 3 || text.data[at] != ':' || text.data[at + 1] != ':')
            return false;
        for (at += 2; at < text.length && text.data[at] != ':'; at++)
            if (!text.data[at] || !is_type_char(text.data[at]))
                return false;
    }
    return true;
}

/** Where the parenthesis at the beginning of `text` is closed, or its length. */
static size_t closing(dbw_text text)
{
    int depth = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '\'' || c == '"') {
            const char *quote = memchr(text.data + i + 1, c, text.length - i - 1);
            if (!quote)
                return text.length;
            i = (size_t)(quote - text.data);
        } else if (c == '(') {
            depth++;
        } else if (c == ')' && --depth == 0) {
            return i;
        }
    }
    return text.length;
}

/** Takes parentheses around the whole, and casts behind such, off. */
static dbw_text strip(dbw_text text)
{
    while (text.length && text.data[0] == '(') {
        size_t close = closing(text);
        if (close == text.length ||
            !only_casts((dbw_text){text.data + close + 1, text.length - close - 1}))
            break;
        text = (dbw_text){text.data + 1, close - 1};
    }
    return text;
}

/** The content of the literal at the beginning of `text`, without quotes; the rest into `rest`. */
static bool read_string(dbw_arena *arena, dbw_text text, dbw_text *out, dbw_text *rest)
{
    bool escapes = text.length > 1 && text.data[0] == 'E' && text.data[1] == '\'';
    const char *start = text.data + escapes, *end = text.data + text.length;
    if (text.length == 0 || *start != '\'')
        return false;
    const char *behind = skip_string(start, end, escapes);
    if (!behind)
        return false;
    char *copy = dbw_arena_take(arena, (size_t)(behind - start));
    size_t length = 0;
    for (const char *at = start + 1; at < behind - 1; at++) {
        if (*at == '\'' || (escapes && *at == '\\'))
            at++;
        copy[length++] = *at;
    }
    *out = (dbw_text){copy, length};
    *rest = (dbw_text){behind, (size_t)(end - behind)};
    return true;
}

/** -12, 3.5, 1e10 at the beginning. */
static bool read_number(dbw_text text, dbw_text *out, dbw_text *rest)
{
    size_t at = text.length && text.data[0] == '-' ? 1 : 0, digits = at;
    while (at < text.length && (dbw_is_digit(text.data[at]) || text.data[at] == '.'))
        at++;
    if (at == digits)
        return false;
    *out = (dbw_text){text.data, at};
    *rest = (dbw_text){text.data + at, text.length - at};
    return true;
}

/** The literal as a value of the column's type. */
static dbw_value typed(dbw_arena *arena, uint32_t oid, dbw_text text, bool number)
{
    dbw_buffer scratch;
    dbw_buffer_init(&scratch, text.length + 16);
    dbw_text copy = dbw_arena_text(arena, text);
    dbw_value value = dbw_pg_text_get(oid, copy, &scratch);
    if (oid == 16 && (dbw_text_is(text, "true") || dbw_text_is(text, "false")))
        value = (dbw_value){.kind = DBW_KIND_BOOL, .boolean = text.data[0] == 't'};
    else if (number && value.kind == DBW_KIND_TEXT)
        value.kind = DBW_KIND_DECIMAL;
    value = dbw_value_copy(arena, &value);
    dbw_buffer_free(&scratch);
    return value;
}

static bool read_literal(dbw_arena *arena, uint32_t oid, dbw_text text, dbw_default *out)
{
    dbw_text literal, rest;
    bool number = false;
    if (dbw_text_is(text, "true") || dbw_text_is(text, "false")) {
        literal = text;
        rest = (dbw_text){"", 0};
    } else if (!read_string(arena, text, &literal, &rest)) {
        number = read_number(text, &literal, &rest);
        if (!number)
            return false;
    }
    if (!only_casts(rest))
        return false;
    out->kind = DBW_DEFAULT_LITERAL;
    out->value = typed(arena, oid, literal, number);
    return true;
}

static bool starts_with(dbw_text text, const char *start)
{
    size_t length = strlen(start);
    return text.length >= length && memcmp(text.data, start, length) == 0;
}

/** CURRENT_TIMESTAMP(3) and the like are their plain forms. */
static bool same(dbw_text text, const char *name)
{
    size_t length = strlen(name);
    if (dbw_text_is(text, name))
        return true;
    return starts_with(text, name) && text.length == length + 3 && text.data[length] == '(' &&
           dbw_is_digit(text.data[length + 1]) && text.data[length + 2] == ')';
}

dbw_default dbw_pg_default_read(dbw_arena *arena, uint32_t oid, const char *string)
{
    dbw_default out = {.kind = DBW_DEFAULT_NONE};
    if (!string)
        return out;
    out.text = dbw_arena_string(arena, string);
    dbw_text text = strip(dbw_text_of(out.text));
    if (starts_with(text, "NULL") && only_casts((dbw_text){text.data + 4, text.length - 4}))
        return out;
    if (starts_with(text, "nextval(")) {
        out.kind = DBW_DEFAULT_SEQUENCE;
        return out;
    }
    dbw_text bare = text;
    const char *cast = strstr(text.data, "::");
    if (cast && cast < text.data + text.length &&
        only_casts((dbw_text){cast, text.length - (size_t)(cast - text.data)}))
        bare.length = (size_t)(cast - text.data);
    for (size_t i = 0; i < DBW_COUNT(known); i++) {
        if (same(text, known[i].text) || same(bare, known[i].text)) {
            out.kind = known[i].kind;
            return out;
        }
    }
    if (!read_literal(arena, oid, text, &out))
        out.kind = DBW_DEFAULT_EXPRESSION;
    return out;
}

const char *dbw_pg_default_sequence(dbw_arena *arena, const char *text)
{
    dbw_text name, rest;
    static const char start[] = "nextval(";
    if (!text || strncmp(text, start, sizeof start - 1) != 0 ||
        !read_string(arena, dbw_text_of(text + sizeof start - 1), &name, &rest))
        return NULL;
    /* The last part of a dotted name, its quotes taken off. */
    char *last = dbw_arena_take(arena, name.length + 1);
    size_t length = 0;
    bool quoted = false;
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        if (c == '"' && quoted && i + 1 < name.length && name.data[i + 1] == '"')
            last[length++] = name.data[i++];
        else if (c == '"')
            quoted = !quoted;
        else if (c == '.' && !quoted)
            length = 0;
        else
            last[length++] = c;
    }
    last[length] = '\0';
    return last;
}

/* --- as PostgreSQL writes them -----------------------------------------------------------------
 */

static bool is_text(const dbw_type *type)
{
    return type->intent == DBW_INTENT_TEXT || type->intent == DBW_INTENT_VARCHAR ||
           type->intent == DBW_INTENT_CHAR;
}

/** The present as text in the form that SQLite's CURRENT_TIMESTAMP and its kin have: UTC. */
static const char *now_as_text(dbw_default_kind kind)
{
    switch (kind) {
    case DBW_DEFAULT_NOW:
        return "to_char(CURRENT_TIMESTAMP AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')";
    case DBW_DEFAULT_TODAY:
        return "to_char(CURRENT_TIMESTAMP AT TIME ZONE 'UTC', 'YYYY-MM-DD')";
    case DBW_DEFAULT_TIME:
        return "to_char(CURRENT_TIMESTAMP AT TIME ZONE 'UTC', 'HH24:MI:SS')";
    case DBW_DEFAULT_NONE:
    case DBW_DEFAULT_LITERAL:
    case DBW_DEFAULT_UUID:
    case DBW_DEFAULT_SEQUENCE:
    case DBW_DEFAULT_EXPRESSION:
        break;
    }
    return NULL;
}

static const char *present(dbw_default_kind kind, const dbw_type *type)
{
    bool date = type->intent == DBW_INTENT_DATE, time = type->intent == DBW_INTENT_TIME;
    bool stamp = type->intent == DBW_INTENT_TIMESTAMP || type->intent == DBW_INTENT_TIMESTAMPTZ;
    if (is_text(type))
        return now_as_text(kind);
    if (kind == DBW_DEFAULT_NOW && (date || time || stamp))
        return "CURRENT_TIMESTAMP";
    if (kind == DBW_DEFAULT_TODAY && (date || stamp))
        return "CURRENT_DATE";
    if (kind == DBW_DEFAULT_TIME && time)
        return "CURRENT_TIME";
    return NULL;
}

static bool is_number(const dbw_type *type)
{
    dbw_kind kind = dbw_intent_kind(type->intent);
    return kind == DBW_KIND_INT64 || kind == DBW_KIND_DOUBLE || kind == DBW_KIND_DECIMAL ||
           kind == DBW_KIND_UINT64;
}

static bool only_digits(dbw_text text)
{
    size_t sign = text.length && text.data[0] == '-' ? 1 : 0, points = 0;
    for (size_t i = sign; i < text.length; i++) {
        points += text.data[i] == '.';
        if (text.data[i] != '.' && !dbw_is_digit(text.data[i]))
            return false;
    }
    return points <= 1 && text.length > sign + points;
}

/** A boolean column takes 0 and 1, a numeric one no quotes where the value is a number. */
static const char *render_literal(dbw_arena *arena, const dbw_value *value, const dbw_type *type)
{
    dbw_error ignored;
    dbw_buffer out;
    if (type->intent == DBW_INTENT_BOOLEAN) {
        if (value->kind == DBW_KIND_BOOL)
            return value->boolean ? "true" : "false";
        if (value->kind == DBW_KIND_INT64)
            return value->int64 == 0 ? "false" : value->int64 == 1 ? "true" : NULL;
    }
    if (is_number(type) && value->kind == DBW_KIND_BOOL)
        return value->boolean ? "1" : "0";
    dbw_buffer_init(&out, 1024 * 1024);
    const char *text = NULL;
    if (is_number(type) && value->kind == DBW_KIND_INT64)
        dbw_buffer_printf(&out, "%" PRId64, value->int64);
    else if (is_number(type) && value->kind == DBW_KIND_DECIMAL && only_digits(value->text))
        dbw_buffer_add_text(&out, value->text);
    else if (dbw_pg_literal(&out, value, &ignored) != DBW_OK)
        goto out;
    if (!out.failed)
        text = dbw_arena_string(arena, out.data);
out:
    dbw_buffer_free(&out);
    return text;
}

const char *dbw_pg_render_default(dbw_arena *arena, const dbw_default *value, const dbw_type *type)
{
    switch (value->kind) {
    case DBW_DEFAULT_LITERAL:
        return render_literal(arena, &value->value, type);
    case DBW_DEFAULT_NOW:
    case DBW_DEFAULT_TODAY:
    case DBW_DEFAULT_TIME:
        return present(value->kind, type);
    case DBW_DEFAULT_UUID:
        return type->intent == DBW_INTENT_UUID ? "gen_random_uuid()"
               : is_text(type)                 ? "gen_random_uuid()::text"
                                               : NULL;
    case DBW_DEFAULT_NONE:
    case DBW_DEFAULT_SEQUENCE: /* the identity says it */
    case DBW_DEFAULT_EXPRESSION:
        break;
    }
    return NULL;
}
