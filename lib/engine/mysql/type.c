/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/type.h"

typedef enum measure {
    MEASURE_NONE,
    MEASURE_WIDTH,    /* display widths, which mean nothing to the values */
    MEASURE_LENGTH,   /* (n) characters or bytes */
    MEASURE_BITS,     /* (n), 1 without */
    MEASURE_DIGITS,   /* (precision, scale) */
    MEASURE_FRACTION, /* (digits of the second's fraction), 0 without */
    MEASURE_LABELS,   /* ('a','b') */
    MEASURE_GEOMETRY
} measure;

static const struct type_row {
    const char *name;
    dbw_intent intent, when_unsigned;
    measure measure;
} types[] = {
#define DBW_MYSQL_TYPE(name, intent, when_unsigned, measure)                                       \
    {name, DBW_INTENT_##intent, DBW_INTENT_##when_unsigned, MEASURE_##measure},
#include "engine/mysql/types.def"
#undef DBW_MYSQL_TYPE
};

static const struct {
    const char *spelling, *name;
} aliases[] = {
#define DBW_MYSQL_ALIAS(spelling, name) {spelling, name},
#include "engine/mysql/types.def"
#undef DBW_MYSQL_ALIAS
};

/* --- words ------------------------------------------------------------------------------------ */

static dbw_text behind(dbw_text text, size_t length)
{
    return (dbw_text){text.data + length, text.length - length};
}

static dbw_text skip_blanks(dbw_text text)
{
    while (text.length && (*text.data == ' ' || *text.data == '\t'))
        text = behind(text, 1);
    return text;
}

static bool is_word(char c)
{
    char lower = dbw_lower(c);
    return (lower >= 'a' && lower <= 'z') || dbw_is_digit(c) || c == '_';
}

/* Takes `word` (in any case, blanks in it being single) off the beginning. */
static bool take_word(dbw_text *text, const char *word)
{
    dbw_text at = skip_blanks(*text);
    size_t length = strlen(word);
    if (at.length < length || (at.length > length && is_word(at.data[length])) ||
        !dbw_text_equal_nocase((dbw_text){at.data, length}, dbw_text_of(word)))
        return false;
    *text = behind(at, length);
    return true;
}

static const struct type_row *row_named(const char *name)
{
    for (size_t i = 0; i < DBW_COUNT(types); i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    return NULL;
}

static const struct type_row *take_type(dbw_text *text)
{
    for (size_t i = 0; i < DBW_COUNT(aliases); i++)
        if (take_word(text, aliases[i].spelling))
            return row_named(aliases[i].name);
    for (size_t i = 0; i < DBW_COUNT(types); i++)
        if (take_word(text, types[i].name))
            return &types[i];
    return NULL;
}

/* --- what stands in parentheses --------------------------------------------------------------- */

static bool take_char(dbw_text *text, char c)
{
    dbw_text at = skip_blanks(*text);
    if (!at.length || *at.data != c)
        return false;
    *text = behind(at, 1);
    return true;
}

static bool take_number(dbw_text *text, int64_t most, int32_t *out)
{
    dbw_text at = skip_blanks(*text);
    int64_t value = 0;
    size_t digits = 0;
    for (; digits < at.length && dbw_is_digit(at.data[digits]); digits++) {
        value = value * 10 + (at.data[digits] - '0');
        if (value > most)
            return false;
    }
    *out = (int32_t)value;
    *text = behind(at, digits);
    return digits > 0;
}

/* Manual, "String Literals"; the server shows labels with these escapes. */
static char unescape(char c)
{
    return c == '0'   ? '\0'
           : c == 'n' ? '\n'
           : c == 'r' ? '\r'
           : c == 't' ? '\t'
           : c == 'b' ? '\b'
           : c == 'Z' ? '\032'
                      : c;
}

bool dbw_mysql_string_read(dbw_arena *arena, dbw_text text, dbw_text *out, dbw_text *rest)
{
    if (!text.length || *text.data != '\'')
        return false;
    char *copy = dbw_arena_take(arena, text.length);
    size_t length = 0;
    for (size_t i = 1; i < text.length; i++) {
        char c = text.data[i];
        bool more = i + 1 < text.length;
        if (c == '\'' && !(more && text.data[i + 1] == '\'')) {
            *out = (dbw_text){copy, length};
            *rest = behind(text, i + 1);
            return true;
        }
        if (c == '\\' && more)
            copy[length++] = unescape(text.data[++i]);
        else if (c == '\'')
            copy[length++] = text.data[++i];
        else
            copy[length++] = c;
    }
    return false;
}

static bool take_labels(dbw_arena *arena, dbw_text *text, dbw_type *type)
{
    const char **labels = NULL;
    size_t count = 0;
    do {
        dbw_text label;
        if (!dbw_mysql_string_read(arena, skip_blanks(*text), &label, text))
            return false;
        *DBW_APPEND(arena, labels, count) = dbw_arena_text_string(arena, label);
    } while (take_char(text, ','));
    type->labels = labels;
    type->label_count = count;
    return true;
}

/* Manual, 11.1.3 and 11.2: the most digits, characters and bits that can be declared. */
enum { MAX_DIGITS = 65, MAX_SCALE = 38, MAX_LENGTH = INT32_MAX, MAX_BITS = 64, MAX_FRACTION = 6 };

static bool take_measure(dbw_arena *arena, dbw_text *text, measure kind, dbw_type *type)
{
    int32_t first = 0, second = 0;
    if (kind == MEASURE_LABELS)
        return take_labels(arena, text, type) && take_char(text, ')');
    int64_t most = kind == MEASURE_DIGITS     ? MAX_DIGITS
                   : kind == MEASURE_BITS     ? MAX_BITS
                   : kind == MEASURE_FRACTION ? MAX_FRACTION
                                              : MAX_LENGTH;
    if (!take_number(text, most, &first))
        return false;
    if ((kind == MEASURE_DIGITS || kind == MEASURE_WIDTH) && take_char(text, ',') &&
        !take_number(text, MAX_SCALE, &second))
        return false;
    if (kind == MEASURE_DIGITS) {
        type->precision = (int16_t)(first ? first : 10);
        type->scale = (int16_t)second;
    } else if (kind == MEASURE_FRACTION) {
        type->precision = (int16_t)first;
    } else if (kind == MEASURE_LENGTH || kind == MEASURE_BITS) {
        type->length = first;
    } else if (kind == MEASURE_NONE) {
        return type->intent == DBW_INTENT_TEXT || type->intent == DBW_INTENT_BYTES
                   ? take_char(text, ')')
                   : false;
    }
    if (type->intent == DBW_INTENT_INT16 && first == 1)
        type->length = 1; /* tinyint(1): settled by the caller */
    return take_char(text, ')');
}

static void set_defaults(dbw_type *type, measure kind)
{
    if (kind == MEASURE_DIGITS)
        type->precision = 10;
    else if (kind == MEASURE_LENGTH || kind == MEASURE_BITS)
        type->length = 1;
    type->fixed = kind == MEASURE_BITS;
}

bool dbw_mysql_type_read(dbw_arena *arena, const char *spelling, dbw_type *out)
{
    dbw_text text = dbw_text_of(spelling);
    *out = (dbw_type){.intent = DBW_INTENT_OTHER, .spelling = spelling};
    /* "boolean" is an alias of the server for tinyint(1). */
    if (take_word(&text, "boolean") || take_word(&text, "bool")) {
        out->intent = DBW_INTENT_BOOLEAN;
        out->spelling = "tinyint(1)";
        return skip_blanks(text).length == 0;
    }
    const struct type_row *row = take_type(&text);
    if (!row)
        return false;
    dbw_type type = {.intent = row->intent, .spelling = spelling};
    set_defaults(&type, row->measure);
    if (take_char(&text, '(') && !take_measure(arena, &text, row->measure, &type))
        return false;
    if (row->measure == MEASURE_LABELS && !type.label_count)
        return false;
    bool zerofill = false;
    for (bool more = true; more;) {
        bool is_unsigned = take_word(&text, "unsigned"), zeros = take_word(&text, "zerofill");
        more = is_unsigned || zeros || take_word(&text, "signed");
        zerofill |= zeros;
        type.is_unsigned |= is_unsigned || zeros;
    }
    if (skip_blanks(text).length)
        return false;
    bool boolean = type.length == 1 && !zerofill && strcmp(row->name, "tinyint") == 0;
    if (row->measure == MEASURE_WIDTH)
        type.length = 0;
    type.zeros = zerofill;
    type.intent = boolean            ? DBW_INTENT_BOOLEAN
                  : type.is_unsigned ? row->when_unsigned
                                     : row->intent;
    *out = type;
    return true;
}

bool dbw_mysql_type_is(const dbw_type *type, const char *word)
{
    dbw_text text = dbw_text_of(type->spelling ? type->spelling : "");
    return take_word(&text, word);
}

bool dbw_mysql_type_is_geometry(const dbw_type *type)
{
    dbw_text text = dbw_text_of(type->spelling ? type->spelling : "");
    const struct type_row *row = type->intent == DBW_INTENT_OTHER ? take_type(&text) : NULL;
    return row && row->measure == MEASURE_GEOMETRY;
}

const char *dbw_mysql_type_at(dbw_arena *arena, size_t n)
{
    static const char *const measures[] = {[MEASURE_NONE] = "",
                                           [MEASURE_WIDTH] = "",
                                           [MEASURE_LENGTH] = "(80)",
                                           [MEASURE_BITS] = "(8)",
                                           [MEASURE_DIGITS] = "(12,2)",
                                           [MEASURE_FRACTION] = "(6)",
                                           [MEASURE_LABELS] = "('a','b')",
                                           [MEASURE_GEOMETRY] = ""};
    for (size_t i = 0; i < DBW_COUNT(types); i++) {
        bool twice = types[i].when_unsigned != types[i].intent;
        if (n < (twice ? 2U : 1U))
            return dbw_arena_printf(arena, "%s%s%s", types[i].name, measures[types[i].measure],
                                    n ? " unsigned" : "");
        n -= twice ? 2 : 1;
    }
    return NULL;
}
