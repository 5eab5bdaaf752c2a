/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/catalog_priv.h"
#include "engine/mysql/type.h"
#include "model/calendar.h"

/* --- dates and times -------------------------------------------------------------------------- */

/** At least one and at most `most` digits. */
static bool take_digits(dbw_text *text, size_t least, size_t most, int64_t *out)
{
    size_t n = 0;
    *out = 0;
    for (; n < text->length && n < most && dbw_is_digit(text->data[n]); n++)
        *out = *out * 10 + (text->data[n] - '0');
    text->data += n;
    text->length -= n;
    return n >= least;
}

static bool take(dbw_text *text, char c)
{
    if (!text->length || *text->data != c)
        return false;
    text->data++;
    text->length--;
    return true;
}

/** "07:08:09.123456", the hours with as many digits as allowed. */
static bool take_clock(dbw_text *text, size_t hour_digits, int64_t *micros)
{
    int64_t hour, minute, second, fraction = 0;
    if (!take_digits(text, 2, hour_digits, &hour) || !take(text, ':') ||
        !take_digits(text, 2, 2, &minute) || !take(text, ':') ||
        !take_digits(text, 2, 2, &second) || minute > 59 || second > 59)
        return false;
    if (take(text, '.')) {
        size_t before = text->length;
        if (!take_digits(text, 1, 6, &fraction))
            return false;
        for (size_t digits = before - text->length; digits < 6; digits++)
            fraction *= 10;
    }
    *micros = ((hour * 60 + minute) * 60 + second) * 1000000 + fraction;
    return true;
}

static bool read_time(dbw_text text, dbw_value *out)
{
    int64_t micros;
    bool negative = take(&text, '-');
    if (!take_clock(&text, 3, &micros) || text.length)
        return false;
    *out = (dbw_value){.kind = DBW_KIND_TIME, .int64 = negative ? -micros : micros};
    return true;
}

bool dbw_mysql_moment_read(dbw_text text, dbw_intent intent, dbw_value *out)
{
    const int64_t day_micros = INT64_C(86400000000);
    int64_t year, month, day, micros = 0;
    if (intent == DBW_INTENT_TIME)
        return read_time(text, out);
    if (!take_digits(&text, 4, 4, &year) || !take(&text, '-') ||
        !take_digits(&text, 2, 2, &month) || !take(&text, '-') || !take_digits(&text, 2, 2, &day) ||
        year < 1 || !dbw_calendar_valid(year, (int)month, (int)day))
        return false;
    int64_t days = dbw_calendar_days(year, (int)month, (int)day);
    if (intent == DBW_INTENT_DATE) {
        *out = (dbw_value){.kind = DBW_KIND_DATE, .int64 = days};
        return text.length == 0;
    }
    if (text.length && (!take(&text, ' ') || !take_clock(&text, 2, &micros) || text.length ||
                        micros >= day_micros))
        return false;
    *out = (dbw_value){.kind = intent == DBW_INTENT_TIMESTAMPTZ ? DBW_KIND_TIMESTAMPTZ
                                                                : DBW_KIND_TIMESTAMP,
                       .int64 = days * day_micros + micros};
    return true;
}

/* --- numbers, bits, text ---------------------------------------------------------------------- */

static bool is_number(dbw_text text)
{
    size_t digits = 0;
    bool point = false;
    take(&text, '-');
    for (size_t i = 0; i < text.length; i++) {
        if (dbw_is_digit(text.data[i]))
            digits++;
        else if (text.data[i] != '.' || point)
            return false;
        point |= text.data[i] == '.';
    }
    return digits > 0;
}

/** Digits as a number of 64 bits; what is larger or has a fraction stays a decimal. */
static dbw_value number_value(dbw_text text)
{
    bool negative = text.length && text.data[0] == '-';
    uint64_t value = 0;
    for (size_t i = negative; i < text.length; i++) {
        uint64_t digit = (uint64_t)(text.data[i] - '0');
        if (digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return (dbw_value){.kind = DBW_KIND_DECIMAL, .text = text};
    }
    if (value > INT64_MAX)
        return negative ? (dbw_value){.kind = DBW_KIND_DECIMAL, .text = text}
                        : (dbw_value){.kind = DBW_KIND_UINT64, .uint64 = value};
    return dbw_value_int(negative ? -(int64_t)value : (int64_t)value);
}

/** b'101' as so many digits as the column has. */
static bool read_bits(dbw_arena *arena, dbw_text text, const dbw_type *type, dbw_value *out)
{
    size_t width = type->length > 0 ? (size_t)type->length : 1;
    if (text.length < 3 || text.data[0] != 'b' || text.data[1] != '\'' ||
        text.data[text.length - 1] != '\'' || text.length - 3 > width)
        return false;
    char *bits = dbw_arena_take(arena, width + 1);
    size_t given = text.length - 3;
    memset(bits, '0', width);
    memcpy(bits + (width - given), text.data + 2, given);
    for (size_t i = 0; i < width; i++)
        if (bits[i] != '0' && bits[i] != '1')
            return false;
    *out = (dbw_value){.kind = DBW_KIND_BIT, .text = {bits, width}};
    return true;
}

static bool is_ascii(dbw_text text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] >= 128 || text.data[i] == '?')
            return false;
    return true;
}

/** The value of the column's type that a string stands for. */
static bool typed(dbw_text text, const dbw_type *type, dbw_value *out)
{
    switch (dbw_intent_kind(type->intent)) {
    case DBW_KIND_BOOL:
    case DBW_KIND_INT64:
    case DBW_KIND_UINT64:
    case DBW_KIND_DOUBLE:
    case DBW_KIND_DECIMAL:
        if (!is_number(text))
            return false;
        *out = number_value(text);
        return true;
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
        return dbw_mysql_moment_read(text, type->intent, out);
    case DBW_KIND_BYTES:
        /* The server shows bytes above 127 as question marks. */
        *out = (dbw_value){.kind = DBW_KIND_BYTES, .text = text};
        return is_ascii(text);
    case DBW_KIND_BIT:
        return false;
    case DBW_KIND_NULL:
    case DBW_KIND_TEXT:
    case DBW_KIND_INTERVAL:
    case DBW_KIND_UUID:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    default:
        *out = dbw_value_text(text);
        return true;
    }
}

/* --- functions -------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    dbw_default_kind kind;
} functions[] = {
    {"current_timestamp", DBW_DEFAULT_NOW},
    {"now", DBW_DEFAULT_NOW},
    {"localtime", DBW_DEFAULT_NOW},
    {"localtimestamp", DBW_DEFAULT_NOW},
    {"curdate", DBW_DEFAULT_TODAY},
    {"current_date", DBW_DEFAULT_TODAY},
    {"curtime", DBW_DEFAULT_TIME},
    {"current_time", DBW_DEFAULT_TIME},
    {"uuid", DBW_DEFAULT_UUID},
};

static dbw_text without_parentheses(dbw_text text)
{
    while (text.length >= 2 && text.data[0] == '(' && text.data[text.length - 1] == ')') {
        text.data++;
        text.length -= 2;
    }
    return text;
}

/** name, name() or name(6) */
static dbw_default_kind function_of(dbw_text text)
{
    text = without_parentheses(text);
    for (size_t i = 0; i < DBW_COUNT(functions); i++) {
        size_t length = strlen(functions[i].name);
        if (text.length < length ||
            !dbw_text_equal_nocase((dbw_text){text.data, length}, dbw_text_of(functions[i].name)))
            continue;
        dbw_text rest = {text.data + length, text.length - length};
        bool call = rest.length >= 2 && rest.data[0] == '(' && rest.data[rest.length - 1] == ')' &&
                    (rest.length == 2 || (rest.length == 3 && dbw_is_digit(rest.data[1])));
        if (call || (rest.length == 0 && functions[i].kind != DBW_DEFAULT_UUID))
            return functions[i].kind;
    }
    return DBW_DEFAULT_EXPRESSION;
}

/** _utf8mb4'x': the name of a character set before a string says nothing that we need. */
static dbw_text without_introducer(dbw_text text)
{
    size_t i = 0;
    if (!text.length || text.data[0] != '_')
        return text;
    while (i < text.length && text.data[i] != '\'')
        i++;
    return i < text.length ? (dbw_text){text.data + i, text.length - i} : text;
}

/** What is no value of the type, such as a zero date, is told as it is. */
static bool as_text(dbw_text text, const dbw_type *type, dbw_value *out)
{
    *out = dbw_value_text(text);
    return dbw_intent_kind(type->intent) != DBW_KIND_BYTES;
}

static bool read_sql(dbw_arena *arena, dbw_text text, const dbw_type *type, dbw_value *out)
{
    dbw_text string, rest;
    if (type->intent == DBW_INTENT_BIT)
        return read_bits(arena, text, type, out);
    if (dbw_mysql_string_read(arena, without_introducer(text), &string, &rest) && !rest.length)
        return typed(string, type, out) || as_text(string, type, out);
    if (!is_number(text))
        return false;
    dbw_kind kind = dbw_intent_kind(type->intent);
    if (kind == DBW_KIND_TEXT || kind == DBW_KIND_BYTES) {
        *out = dbw_value_text(text);
        return true;
    }
    return typed(text, type, out);
}

dbw_default dbw_mysql_default_read(dbw_arena *arena, const char *string, const dbw_type *type,
                                   bool mariadb, bool expression)
{
    dbw_default out = {.kind = DBW_DEFAULT_NONE};
    if (!string || (mariadb && strcmp(string, "NULL") == 0))
        return out;
    out.text = dbw_arena_string(arena, string);
    dbw_text text = dbw_text_of(out.text);
    bool bare = !mariadb && !expression;
    bool moment = type->intent == DBW_INTENT_TIMESTAMP || type->intent == DBW_INTENT_TIMESTAMPTZ;
    /* Before 8.0 MySQL shows CURRENT_TIMESTAMP without saying that it is an expression. */
    bool function = !bare || moment;
    out.kind = function ? function_of(text) : DBW_DEFAULT_EXPRESSION;
    if (out.kind != DBW_DEFAULT_EXPRESSION)
        return out;
    bool binary = dbw_intent_kind(type->intent) == DBW_KIND_BYTES;
    bool read = bare && type->intent != DBW_INTENT_BIT
                    ? typed(text, type, &out.value) || as_text(text, type, &out.value)
                    : read_sql(arena, text, type, &out.value);
    if (read)
        out.kind = DBW_DEFAULT_LITERAL;
    else if (binary) /* no expression of it is what it was */
        out.text = dbw_arena_printf(arena, DBW_MYSQL_BYTES_SHOWN "%s", string);
    return out;
}

const char *dbw_mysql_expression_read(dbw_arena *arena, const char *text, bool mariadb)
{
    if (!text || mariadb)
        return text;
    char *out = dbw_arena_take(arena, strlen(text) + 1);
    size_t length = 0;
    for (const char *at = text; *at; at++) {
        size_t word = 0;
        if (*at == '\\' && (at[1] == '\'' || at[1] == '\\')) {
            out[length++] = *++at;
            continue;
        }
        bool starts = *at == '_' &&
                      (at == text ||
                       !(dbw_is_digit(at[-1]) || at[-1] == '_' ||
                         (dbw_lower(at[-1]) >= 'a' && dbw_lower(at[-1]) <= 'z') || at[-1] == '`'));
        while (starts &&
               (dbw_is_digit(at[1 + word]) || (at[1 + word] >= 'a' && at[1 + word] <= 'z')))
            word++;
        bool introducer =
            word && (at[1 + word] == '\'' || (at[1 + word] == '\\' && at[2 + word] == '\''));
        if (introducer)
            at += word;
        else
            out[length++] = *at;
    }
    return out;
}
