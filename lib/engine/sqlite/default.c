/* SPDX-License-Identifier: Apache-2.0 */
/* Defaults: the expressions that stand in real schemas, decoded; and written again. */
#include "base/buffer.h"
#include "engine/sqlite/sqlite_priv.h"
#include "engine/sqlite/token.h"
#include "engine/sqlite/type.h"

#include "model/calendar.h"

#include <math.h>

enum { DEFAULT_LIMIT = 1 << 20 };

/* Takes off whole pairs of parentheses around the expression. */
static dbw_text without_parentheses(dbw_text text)
{
    for (;;) {
        dbw_sqlite_tokens tokens;
        dbw_text inside;
        text = dbw_sqlite_trim(text);
        dbw_sqlite_tokens_init(&tokens, text);
        if (!dbw_sqlite_tokens_at_char(&tokens, '(') ||
            !dbw_sqlite_tokens_parentheses(&tokens, &inside) || tokens.now.kind != DBW_SQLITE_END)
            return text;
        text = inside;
    }
}

/* The expression without blanks and comments, in lower case outside of quotes: for comparing. */
static char *normal_form(dbw_arena *arena, dbw_text text)
{
    dbw_buffer out;
    dbw_sqlite_tokens tokens;
    dbw_buffer_init(&out, DEFAULT_LIMIT);
    dbw_sqlite_tokens_init(&tokens, text);
    for (; tokens.now.kind != DBW_SQLITE_END; dbw_sqlite_tokens_next(&tokens))
        for (size_t i = 0; i < tokens.now.text.length; i++) {
            char c = tokens.now.text.data[i];
            dbw_buffer_add_char(&out, tokens.now.kind == DBW_SQLITE_STRING ? c : dbw_lower(c));
        }
    char *copy = dbw_arena_text_string(arena, dbw_buffer_text(&out));
    dbw_buffer_free(&out);
    return copy;
}

static const struct {
    const char *form;
    dbw_default_kind kind;
} functions[] = {
    {"current_timestamp", DBW_DEFAULT_NOW},
    {"datetime('now')", DBW_DEFAULT_NOW},
    {"datetime()", DBW_DEFAULT_NOW},
    {"datetime('now','localtime')", DBW_DEFAULT_NOW},
    {"datetime(current_timestamp)", DBW_DEFAULT_NOW},
    {"datetime(current_timestamp,'localtime')", DBW_DEFAULT_NOW},
    {"strftime('%Y-%m-%d %H:%M:%S','now')", DBW_DEFAULT_NOW},
    {"strftime('%Y-%m-%d %H:%M:%S','now','localtime')", DBW_DEFAULT_NOW},
    {"strftime('%Y-%m-%d %H:%M:%f','now')", DBW_DEFAULT_NOW},
    {"strftime('%Y-%m-%d %H:%M:%f','now','localtime')", DBW_DEFAULT_NOW},
    {"strftime('%Y-%m-%dT%H:%M:%S','now')", DBW_DEFAULT_NOW},
    {"strftime('%Y-%m-%dT%H:%M:%f','now')", DBW_DEFAULT_NOW},
    {"strftime('%Y-%m-%dT%H:%M:%SZ','now')", DBW_DEFAULT_NOW},
    {"strftime('%Y-%m-%dT%H:%M:%fZ','now')", DBW_DEFAULT_NOW},
    {"strftime('%Y-%m-%d %H:%M:%f+00:00','now')", DBW_DEFAULT_NOW},
    {"strftime('%Y-%m-%d %H:%M:%S+00:00','now')", DBW_DEFAULT_NOW},
    {"strftime('%Y-%m-%d %H:%M:%f000+00:00','now')", DBW_DEFAULT_NOW},
    {"current_date", DBW_DEFAULT_TODAY},
    {"date('now')", DBW_DEFAULT_TODAY},
    {"date()", DBW_DEFAULT_TODAY},
    {"date('now','localtime')", DBW_DEFAULT_TODAY},
    {"strftime('%Y-%m-%d','now')", DBW_DEFAULT_TODAY},
    {"current_time", DBW_DEFAULT_TIME},
    {"time('now')", DBW_DEFAULT_TIME},
    {"time()", DBW_DEFAULT_TIME},
    {"time('now','localtime')", DBW_DEFAULT_TIME},
    {"strftime('%H:%M:%S','now')", DBW_DEFAULT_TIME},
    {"hex(randomblob(16))", DBW_DEFAULT_UUID},
    {"lower(hex(randomblob(16)))", DBW_DEFAULT_UUID},
    {"uuid()", DBW_DEFAULT_UUID},
    {"gen_random_uuid()", DBW_DEFAULT_UUID},
};

static bool says_more(const char *form)
{
    return strchr(form, 'T') || strchr(form, 'Z') || strstr(form, "%f") || strstr(form, "+00:00") ||
           strstr(form, "localtime");
}

/*
 * The many ways to put a UUID together out of hex(randomblob(…)) differ in detail; an expression
 * made of nothing but these functions, hyphens and digits is one of them when the column is to
 * hold UUIDs, or when it has their four hyphens.
 */
static bool puts_uuid_together(dbw_text text, const dbw_type *type)
{
    static const char *const allowed[] = {"lower",  "upper", "hex",    "randomblob",
                                          "substr", "abs",   "random", NULL};
    dbw_sqlite_tokens tokens;
    bool random = false;
    int hyphens = 0;
    dbw_sqlite_tokens_init(&tokens, text);
    for (; tokens.now.kind != DBW_SQLITE_END; dbw_sqlite_tokens_next(&tokens)) {
        if (tokens.now.kind == DBW_SQLITE_BAD || tokens.now.kind == DBW_SQLITE_BLOB ||
            tokens.now.kind == DBW_SQLITE_QUOTED)
            return false;
        if (tokens.now.kind == DBW_SQLITE_STRING)
            for (size_t i = 0; i < tokens.now.text.length; i++)
                hyphens += tokens.now.text.data[i] == '-';
        bool known = tokens.now.kind != DBW_SQLITE_WORD;
        for (size_t i = 0; allowed[i] && !known; i++)
            known = dbw_sqlite_tokens_at(&tokens, allowed[i]);
        if (!known)
            return false;
        random |= dbw_sqlite_tokens_at(&tokens, "randomblob");
    }
    return random && (hyphens == 4 || type->intent == DBW_INTENT_UUID);
}

static bool is_number(dbw_text text)
{
    dbw_sqlite_tokens tokens;
    dbw_sqlite_tokens_init(&tokens, text);
    while (dbw_sqlite_tokens_take_char(&tokens, '-') || dbw_sqlite_tokens_take_char(&tokens, '+'))
        continue;
    if (tokens.now.kind != DBW_SQLITE_NUMBER)
        return false;
    dbw_sqlite_tokens_next(&tokens);
    return tokens.now.kind == DBW_SQLITE_END;
}

/* [sign…]number: an integer where it fits, a decimal where it is written as one, else a double. */
static dbw_value number_value(dbw_arena *arena, dbw_text text)
{
    bool negative = false, plain = true;
    size_t at = 0;
    int64_t integer;
    for (; at < text.length && !dbw_is_digit(text.data[at]) && text.data[at] != '.'; at++)
        negative ^= text.data[at] == '-';
    dbw_text digits = {text.data + at, text.length - at};
    if (digits.length > 2 && dbw_lower(digits.data[1]) == 'x') {
        uint64_t hex = strtoull(dbw_arena_text_string(arena, digits), NULL, 16);
        return dbw_value_int((int64_t)(negative ? -hex : hex));
    }
    for (size_t i = 0; i < digits.length; i++)
        plain &= dbw_is_digit(digits.data[i]) || digits.data[i] == '.';
    char *sure =
        dbw_arena_printf(arena, "%s%s%.*s", negative ? "-" : "", digits.data[0] == '.' ? "0" : "",
                         (int)digits.length, digits.data);
    dbw_text written = dbw_text_of(sure);
    if (dbw_text_to_int64(written, &integer))
        return dbw_value_int(integer);
    if (plain && written.data[written.length - 1] == '.')
        written.length--;
    if (plain)
        return (dbw_value){.kind = DBW_KIND_DECIMAL, .text = written};
    /* strtod would ask the locale; SQLite's own reader does not. */
    double real = 0;
    sqlite3_stmt *statement = NULL;
    sqlite3 *handle = NULL;
    if (sqlite3_open(":memory:", &handle) == SQLITE_OK &&
        sqlite3_prepare_v2(handle, dbw_arena_printf(arena, "SELECT %s", sure), -1, &statement,
                           NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        real = sqlite3_column_double(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return (dbw_value){.kind = DBW_KIND_DOUBLE, .real = real};
}

static bool is_numeric_intent(dbw_intent intent)
{
    return intent == DBW_INTENT_INT16 || intent == DBW_INTENT_INT32 || intent == DBW_INTENT_INT64 ||
           intent == DBW_INTENT_UINT64 || intent == DBW_INTENT_FLOAT32 ||
           intent == DBW_INTENT_FLOAT64 || intent == DBW_INTENT_DECIMAL;
}

static bool boolean_word(const char *word, bool *out)
{
    static const char *const yes[] = {"1", "true", "t", "yes", "y", "on"};
    static const char *const no[] = {"0", "false", "f", "no", "n", "off"};
    for (size_t i = 0; i < DBW_COUNT(yes); i++) {
        if (dbw_text_equal_nocase(dbw_text_of(word), dbw_text_of(yes[i])))
            return *out = true;
        if (dbw_text_equal_nocase(dbw_text_of(word), dbw_text_of(no[i]))) {
            *out = false;
            return true;
        }
    }
    return false;
}

static dbw_value boolean_value(bool value)
{
    return (dbw_value){.kind = DBW_KIND_BOOL, .boolean = value};
}

/* A string, or a name that SQLite takes for one: a number or boolean where the column is. */
static dbw_value string_value(dbw_arena *arena, const char *string, const dbw_type *type)
{
    bool truth;
    dbw_text text = dbw_text_of(string);
    if (type->intent == DBW_INTENT_BOOLEAN && boolean_word(string, &truth))
        return boolean_value(truth);
    if (is_numeric_intent(type->intent) && is_number(dbw_sqlite_trim(text)))
        return number_value(arena, dbw_sqlite_trim(text));
    return dbw_value_text(text);
}

static dbw_value blob_value(dbw_arena *arena, dbw_text literal)
{
    size_t count = (literal.length - 3) / 2;
    char *bytes = dbw_arena_take(arena, count + 1);
    for (size_t i = 0; i < 2 * count; i++) {
        char c = dbw_lower(literal.data[2 + i]);
        int digit = dbw_is_digit(c) ? c - '0' : c - 'a' + 10;
        bytes[i / 2] = (char)((unsigned char)bytes[i / 2] << 4 | (digit & 15));
    }
    return (dbw_value){.kind = DBW_KIND_BYTES, .text = {bytes, count}};
}

static bool read_literal(dbw_arena *arena, dbw_text text, const dbw_type *type, dbw_value *out)
{
    bool truth;
    dbw_sqlite_tokens tokens;
    if (is_number(text)) {
        *out = number_value(arena, text);
        if (type->intent == DBW_INTENT_BOOLEAN && out->kind == DBW_KIND_INT64 &&
            (out->int64 == 0 || out->int64 == 1))
            *out = boolean_value(out->int64 == 1);
        return true;
    }
    dbw_sqlite_tokens_init(&tokens, text);
    dbw_sqlite_token token = tokens.now;
    dbw_sqlite_tokens_next(&tokens);
    if (tokens.now.kind != DBW_SQLITE_END)
        return false;
    if (token.kind == DBW_SQLITE_STRING || token.kind == DBW_SQLITE_QUOTED) {
        *out = string_value(arena, dbw_sqlite_token_name(arena, token), type);
        return true;
    }
    if (token.kind == DBW_SQLITE_BLOB && token.text.length % 2 == 1) {
        *out = blob_value(arena, token.text);
        return true;
    }
    if (token.kind != DBW_SQLITE_WORD)
        return false;
    if (dbw_text_equal_nocase(token.text, DBW_TEXT("NULL"))) {
        *out = DBW_NULL;
        return true;
    }
    char *word = dbw_sqlite_token_name(arena, token);
    if ((dbw_text_equal_nocase(token.text, DBW_TEXT("TRUE")) ||
         dbw_text_equal_nocase(token.text, DBW_TEXT("FALSE"))) &&
        boolean_word(word, &truth)) {
        *out = is_numeric_intent(type->intent) ? dbw_value_int(truth) : boolean_value(truth);
        return true;
    }
    /* DEFAULT active: SQLite reads a bare name as a string. */
    *out = string_value(arena, word, type);
    return true;
}

dbw_default dbw_sqlite_default_read(dbw_arena *arena, const char *text, const dbw_type *type)
{
    dbw_default out = {.kind = DBW_DEFAULT_NONE};
    if (!text)
        return out;
    out.text = dbw_arena_string(arena, text);
    dbw_text core = without_parentheses(dbw_text_of(out.text));
    char *form = normal_form(arena, core);
    for (size_t i = 0; i < DBW_COUNT(functions); i++)
        if (strcmp(form, functions[i].form) == 0) {
            out.kind = functions[i].kind;
            out.formatted = says_more(form);
            return out;
        }
    if (read_literal(arena, core, type, &out.value))
        out.kind = DBW_DEFAULT_LITERAL;
    else if (puts_uuid_together(core, type))
        out.kind = DBW_DEFAULT_UUID;
    else
        out.kind = DBW_DEFAULT_EXPRESSION;
    return out;
}

static void render_bytes(dbw_buffer *out, dbw_text bytes)
{
    dbw_buffer_add_string(out, "x'");
    for (size_t i = 0; i < bytes.length; i++)
        dbw_buffer_printf(out, "%02x", (unsigned)(unsigned char)bytes.data[i]);
    dbw_buffer_add_char(out, '\'');
}

static bool render_literal(dbw_buffer *out, const dbw_value *value, const dbw_type *type)
{
    dbw_sqlite_cell cell;
    if (dbw_sqlite_cell_of(value, &cell))
        return false;
    switch (cell.type) {
    case SQLITE_NULL:
        dbw_buffer_add_string(out, "NULL");
        return true;
    case SQLITE_INTEGER:
        dbw_buffer_printf(out, "%lld", (long long)cell.integer);
        return true;
    case SQLITE_FLOAT: {
        char number[64];
        if (isinf(cell.real)) {
            dbw_buffer_add_string(out, cell.real > 0 ? "9e999" : "-9e999");
            return true;
        }
        /* Not printf, whose decimal point is the locale's. */
        sqlite3_snprintf(sizeof number, number, "%!.17g", cell.real);
        dbw_buffer_add_string(out, number);
        return true;
    }
    case SQLITE_BLOB:
        render_bytes(out, cell.text);
        return true;
    default:
        if (value->kind == DBW_KIND_DECIMAL &&
            dbw_sqlite_type_affinity(type->spelling ? type->spelling : "") !=
                DBW_SQLITE_AFFINITY_TEXT &&
            is_number(cell.text))
            dbw_buffer_add_text(out, cell.text);
        else
            dbw_sqlite_quote_text(out, cell.text);
        return true;
    }
}

static const char uuid_expression[] =
    "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || "
    "substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || "
    "substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))";

const char *dbw_sqlite_default_render(dbw_arena *arena, const dbw_default *value,
                                      const dbw_type *type)
{
    dbw_buffer out;
    const char *text = NULL;
    switch (value->kind) {
    case DBW_DEFAULT_NOW:
        /* As values with a zone are kept; CURRENT_TIMESTAMP has none, and sorts among them wrongly.
         */
        return type->intent == DBW_INTENT_TIMESTAMPTZ
                   ? "(strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))"
                   : "CURRENT_TIMESTAMP";
    case DBW_DEFAULT_TODAY:
        return "CURRENT_DATE";
    case DBW_DEFAULT_TIME:
        return "CURRENT_TIME";
    case DBW_DEFAULT_UUID:
        return uuid_expression;
    case DBW_DEFAULT_LITERAL:
        dbw_buffer_init(&out, DEFAULT_LIMIT);
        if (render_literal(&out, &value->value, type) && !out.failed)
            text = dbw_arena_text_string(arena, dbw_buffer_text(&out));
        dbw_buffer_free(&out);
        return text;
    case DBW_DEFAULT_NONE:
    case DBW_DEFAULT_SEQUENCE:
    case DBW_DEFAULT_EXPRESSION:
        return NULL;
    }
    return NULL;
}
