/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/type.h"

typedef enum measure {
    MEASURE_NONE,
    MEASURE_LENGTH,   /* (n), any length without */
    MEASURE_BITS,     /* (n), 1 without */
    MEASURE_DIGITS,   /* (precision, scale) */
    MEASURE_FRACTION, /* (digits of the second's fraction) */
} measure;

typedef struct type_row {
    int64_t oid;
    const char *name;
    const char *spelling;
    dbw_intent intent;
    measure measure;
} type_row;

static const type_row types[] = {
#define DBW_PG_TYPE(oid, name, spelling, intent, measure)                                          \
    {oid, name, spelling, DBW_INTENT_##intent, MEASURE_##measure},
#include "engine/postgresql/types.def"
#undef DBW_PG_TYPE
};

static const struct {
    const char *spelling, *name;
} aliases[] = {
#define DBW_PG_ALIAS(spelling, name) {spelling, name},
#include "engine/postgresql/types.def"
#undef DBW_PG_ALIAS
};

static const struct {
    const char *name;
    dbw_loss loss;
    const char *note;
} mappings[DBW_INTENT_COUNT] = {
#define DBW_PG_MAP(intent, name, loss, note) [DBW_INTENT_##intent] = {name, DBW_LOSS_##loss, note},
#include "engine/postgresql/types.def"
#undef DBW_PG_MAP
};

dbw_pg_wire dbw_pg_wire_of(const dbw_type *type)
{
    static const dbw_pg_wire wires[DBW_INTENT_COUNT] = {
        [DBW_INTENT_ANY] = DBW_PG_WIRE_TEXT,
        [DBW_INTENT_BOOLEAN] = DBW_PG_WIRE_BOOL,
        [DBW_INTENT_INT16] = DBW_PG_WIRE_INT2,
        [DBW_INTENT_INT32] = DBW_PG_WIRE_INT4,
        [DBW_INTENT_INT64] = DBW_PG_WIRE_INT8,
        [DBW_INTENT_UINT64] = DBW_PG_WIRE_NUMERIC,
        [DBW_INTENT_FLOAT32] = DBW_PG_WIRE_FLOAT4,
        [DBW_INTENT_FLOAT64] = DBW_PG_WIRE_FLOAT8,
        [DBW_INTENT_DECIMAL] = DBW_PG_WIRE_NUMERIC,
        [DBW_INTENT_CHAR] = DBW_PG_WIRE_TEXT,
        [DBW_INTENT_VARCHAR] = DBW_PG_WIRE_TEXT,
        [DBW_INTENT_TEXT] = DBW_PG_WIRE_TEXT,
        [DBW_INTENT_BYTES] = DBW_PG_WIRE_BYTES,
        [DBW_INTENT_DATE] = DBW_PG_WIRE_DATE,
        [DBW_INTENT_TIME] = DBW_PG_WIRE_TIME,
        [DBW_INTENT_TIMESTAMP] = DBW_PG_WIRE_TIMESTAMP,
        [DBW_INTENT_TIMESTAMPTZ] = DBW_PG_WIRE_TIMESTAMPTZ,
        [DBW_INTENT_INTERVAL] = DBW_PG_WIRE_INTERVAL,
        [DBW_INTENT_UUID] = DBW_PG_WIRE_UUID,
        [DBW_INTENT_JSON] = DBW_PG_WIRE_TEXT,
        [DBW_INTENT_JSONB] = DBW_PG_WIRE_JSONB,
        [DBW_INTENT_ENUM] = DBW_PG_WIRE_TEXT,
        [DBW_INTENT_SET] = DBW_PG_WIRE_TEXT,
        [DBW_INTENT_BIT] = DBW_PG_WIRE_BIT,
        [DBW_INTENT_ARRAY] = DBW_PG_WIRE_NONE,
        [DBW_INTENT_OTHER] = DBW_PG_WIRE_NONE,
    };
    if (type->fixed && type->intent == DBW_INTENT_DECIMAL)
        return DBW_PG_WIRE_MONEY;
    if (type->fixed && type->intent == DBW_INTENT_INT64)
        return DBW_PG_WIRE_OID;
    return type->intent < DBW_INTENT_COUNT ? wires[type->intent] : DBW_PG_WIRE_NONE;
}

static const type_row *find_name(dbw_text name)
{
    for (size_t i = 0; i < DBW_COUNT(types); i++)
        if (dbw_text_is(name, types[i].name))
            return &types[i];
    return NULL;
}

/* --- from the catalog ------------------------------------------------------------------------- */

enum { OID_OID = 26, MONEY_OID = 790, MONEY_DIGITS = 19 };

static bool is_fixed(const type_row *row)
{
    return row->measure == MEASURE_BITS || row->oid == OID_OID || row->oid == MONEY_OID;
}

/** Type modifiers: numeric.c, varchar.c, timestamp.c of PostgreSQL. */
static void apply_modifier(dbw_type *type, const type_row *row, int32_t modifier)
{
    type->precision = row->measure == MEASURE_FRACTION ? -1 : 0;
    switch (row->measure) {
    case MEASURE_LENGTH:
    case MEASURE_BITS:
        type->length = modifier < 0 ? 0 : row->intent == DBW_INTENT_BIT ? modifier : modifier - 4;
        break;
    case MEASURE_DIGITS:
        if (modifier >= 4) {
            type->precision = (int16_t)((modifier - 4) >> 16);
            type->scale = (int16_t)((((modifier - 4) & 0x7ff) ^ 1024) - 1024);
        }
        break;
    case MEASURE_FRACTION:
        if (modifier >= 0)
            type->precision = (int16_t)modifier;
        break;
    case MEASURE_NONE:
        break;
    }
    type->fixed = is_fixed(row);
}

dbw_type dbw_pg_type_of_catalog(const dbw_pg_catalog_type *from)
{
    dbw_type type = {.intent = DBW_INTENT_OTHER, .spelling = from->spelling};
    if (from->array) {
        type.intent = DBW_INTENT_ARRAY;
        type.element = DBW_INTENT_OTHER;
        for (size_t i = 0; i < DBW_COUNT(types); i++)
            if (types[i].oid == from->element)
                type.element = types[i].intent;
        return type;
    }
    if (from->kind == 'e') {
        type.intent = DBW_INTENT_ENUM;
        return type;
    }
    if (strcmp(from->name, "citext") == 0) {
        type.intent = DBW_INTENT_TEXT;
        type.fixed = true;
        return type;
    }
    for (size_t i = 0; i < DBW_COUNT(types); i++) {
        if (types[i].oid != from->oid)
            continue;
        type.intent = types[i].intent;
        apply_modifier(&type, &types[i], from->modifier);
        if (from->oid == MONEY_OID) {
            type.precision = MONEY_DIGITS;
            type.scale = from->money_scale;
        }
        break;
    }
    return type;
}

/* --- spellings -------------------------------------------------------------------------------- */

/** The full spelling of a row with its measures. */
static const char *spell(dbw_arena *arena, const type_row *row, const dbw_type *type)
{
    switch (row->measure) {
    case MEASURE_LENGTH:
        if (type->length > 0)
            return dbw_arena_printf(arena, "%s(%d)", row->spelling, type->length);
        return row->intent == DBW_INTENT_CHAR ? "bpchar" : row->spelling;
    case MEASURE_BITS:
        return dbw_arena_printf(arena, "bit(%d)", type->length > 0 ? type->length : 1);
    case MEASURE_DIGITS:
        if (type->precision > 0)
            return dbw_arena_printf(arena, "numeric(%d,%d)", type->precision, type->scale);
        return row->spelling;
    case MEASURE_FRACTION:
        if (type->precision >= 0 && type->precision < 6) {
            /* "timestamp without time zone" becomes "timestamp(3) without time zone". */
            size_t word = strcspn(row->spelling, " ");
            return dbw_arena_printf(arena, "%.*s(%d)%s", (int)word, row->spelling, type->precision,
                                    row->spelling + word);
        }
        return row->spelling;
    case MEASURE_NONE:
        break;
    }
    return row->spelling;
}

/* Manual, 8.1.2: at most 1000 digits may be declared; 8.3: characters up to 10485760. */
enum { MAX_DIGITS = 1000, MAX_LENGTH = 10485760, MAX_BITS = 83886080 };

/** Measures that PostgreSQL has no room for are left off: the type then takes any value. */
static const char *fit(dbw_type *type, const dbw_type *wanted, const type_row *row)
{
    switch (row->measure) {
    case MEASURE_LENGTH:
    case MEASURE_BITS:
        type->length = wanted->length;
        if (type->length > (row->intent == DBW_INTENT_BIT ? MAX_BITS : MAX_LENGTH)) {
            type->length = 0;
            return "the length is more than PostgreSQL lets declare: no limit";
        }
        break;
    case MEASURE_DIGITS:
        type->precision = wanted->precision;
        type->scale = wanted->scale;
        /* Before PostgreSQL 15 a scale must lie between 0 and the precision. */
        if (type->precision > 0 && type->scale > type->precision)
            type->precision = type->scale;
        if (type->precision > MAX_DIGITS || type->precision <= 0 || type->scale < 0) {
            type->precision = type->scale = 0;
            if (wanted->precision > MAX_DIGITS || wanted->scale < 0)
                return "the digits are more than PostgreSQL lets declare: no limit";
        }
        break;
    case MEASURE_FRACTION:
        type->precision = wanted->precision;
        if (type->precision > 6)
            type->precision = 6;
        break;
    case MEASURE_NONE:
        break;
    }
    return NULL;
}

void dbw_pg_map_type(dbw_arena *arena, const dbw_type *wanted, dbw_type_mapping *out)
{
    dbw_intent intent = wanted->intent < DBW_INTENT_COUNT ? wanted->intent : DBW_INTENT_OTHER;
    const char *name = mappings[intent].name;
    dbw_type measures = *wanted;
    *out = (dbw_type_mapping){.loss = mappings[intent].loss, .note = mappings[intent].note};
    if (intent == DBW_INTENT_UINT64) {
        measures.precision = 20;
        measures.scale = 0;
    } else if (intent == DBW_INTENT_BIT && wanted->fixed) {
        name = "bit";
    } else if ((intent == DBW_INTENT_CHAR || intent == DBW_INTENT_VARCHAR) && wanted->length <= 0) {
        name = "text"; /* no limit was declared, and text has the better name for that */
    }
    const type_row *row = find_name(dbw_text_of(name));
    out->type.intent = row->intent;
    const char *note = fit(&out->type, &measures, row);
    if (note) {
        out->loss = DBW_LOSS_TYPE;
        out->note = note;
    }
    if (intent == DBW_INTENT_BYTES && wanted->length > 0) {
        out->loss = DBW_LOSS_TYPE;
        out->note = "no limit of length";
    }
    out->type.fixed = row->measure == MEASURE_BITS;
    out->type.spelling = spell(arena, row, &out->type);
}

/* --- a user's spelling ------------------------------------------------------------------------ */

/** A spelling taken apart: words in lower case with single blanks, numbers in parentheses. */
typedef struct spelled {
    char words[64];
    int64_t numbers[2];
    int number_count;
    int dimensions;
} spelled;

static const char *skip_blanks(const char *at)
{
    while (dbw_is_space(*at))
        at++;
    return at;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_' || dbw_is_digit(c);
}

static bool read_words(const char **at, spelled *out)
{
    for (;;) {
        const char *start = *at = skip_blanks(*at);
        while (is_letter(dbw_lower(**at)))
            (*at)++;
        size_t word = (size_t)(*at - start), length = strlen(out->words);
        if (word == 0)
            return true;
        if (length + word + 2 > sizeof out->words)
            return false;
        if (length)
            out->words[length++] = ' ';
        for (size_t i = 0; i < word; i++)
            out->words[length + i] = dbw_lower(start[i]);
        out->words[length + word] = '\0';
    }
}

static bool read_numbers(const char **at, spelled *out)
{
    if (**at != '(')
        return true;
    do {
        const char *start = *at = skip_blanks(*at + 1);
        while (dbw_is_digit(**at) || **at == '-')
            (*at)++;
        dbw_text digits = {start, (size_t)(*at - start)};
        if (out->number_count == 2 ||
            !dbw_text_to_int64(digits, &out->numbers[out->number_count++]))
            return false;
        *at = skip_blanks(*at);
    } while (**at == ',');
    return *(*at)++ == ')';
}

static bool read_dimensions(const char **at, spelled *out)
{
    for (*at = skip_blanks(*at); **at == '['; *at = skip_blanks(*at), out->dimensions++) {
        (*at)++;
        while (dbw_is_digit(**at))
            (*at)++;
        if (*(*at)++ != ']')
            return false;
    }
    return **at == '\0';
}

static bool take_apart(const char *text, spelled *out)
{
    *out = (spelled){0};
    return read_words(&text, out) && read_numbers(&text, out) && read_words(&text, out) &&
           read_dimensions(&text, out);
}

static const type_row *find_spelled(const spelled *from)
{
    dbw_text words = dbw_text_of(from->words);
    for (size_t i = 0; i < DBW_COUNT(aliases); i++)
        if (dbw_text_is(words, aliases[i].spelling))
            return find_name(dbw_text_of(aliases[i].name));
    return find_name(words);
}

/** The measures of the spelling; a message when they do not suit the type. */
static const char *read_measures(const spelled *from, const type_row *row, dbw_type *out)
{
    int64_t first = from->number_count > 0 ? from->numbers[0] : 0;
    int64_t second = from->number_count > 1 ? from->numbers[1] : 0;
    int most = row->measure == MEASURE_DIGITS ? 2 : row->measure == MEASURE_NONE ? 0 : 1;
    if (from->number_count > most)
        return "too many numbers in parentheses";
    out->precision = row->measure == MEASURE_FRACTION ? -1 : 0;
    if (row->measure == MEASURE_BITS || row->intent == DBW_INTENT_CHAR)
        out->length = 1; /* char and bit without a number mean one */
    if (from->number_count == 0)
        return NULL;
    switch (row->measure) {
    case MEASURE_LENGTH:
    case MEASURE_BITS:
        if (first < 1 || first > (row->intent == DBW_INTENT_BIT ? MAX_BITS : MAX_LENGTH))
            return "the length is out of range";
        out->length = (int32_t)first;
        break;
    case MEASURE_DIGITS:
        if (first < 1 || first > MAX_DIGITS || second < 0 || second > first)
            return "precision is 1 to 1000, scale 0 to the precision";
        out->precision = (int16_t)first;
        out->scale = (int16_t)second;
        break;
    case MEASURE_FRACTION:
        if (first < 0 || first > 6)
            return "the fraction has 0 to 6 digits";
        out->precision = (int16_t)first;
        break;
    case MEASURE_NONE:
        break;
    }
    return NULL;
}

dbw_status dbw_pg_parse_type(dbw_arena *arena, const char *spelling, dbw_type *out,
                             dbw_error *error)
{
    spelled from;
    *out = (dbw_type){0};
    bool quoted = strcmp(spelling, "\"char\"") == 0; /* the one whose name is no word */
    bool readable = take_apart(quoted ? "name" : spelling, &from);
    const type_row *row = quoted     ? find_name(DBW_TEXT("char"))
                          : readable ? find_spelled(&from)
                                     : NULL;
    if (!row) {
        dbw_fail(error, DBW_E_INVALID, "unable to read type '%.80s': PostgreSQL has no such type",
                 spelling);
        dbw_error_object(error, "%.80s", spelling);
        return dbw_hint(error, "Types are written as in PostgreSQL: bigint, numeric(12,4), "
                               "varchar(40), timestamptz, jsonb, uuid, text[] …");
    }
    const char *complaint = read_measures(&from, row, out);
    if (complaint) {
        dbw_fail(error, DBW_E_INVALID, "unable to read type '%.80s': %s", spelling, complaint);
        return dbw_error_object(error, "%.80s", spelling);
    }
    out->intent = row->intent;
    out->fixed = is_fixed(row);
    if (row->oid == MONEY_OID) {
        out->precision = MONEY_DIGITS;
        out->scale = 2;
    }
    out->spelling = spell(arena, row, out);
    if (from.dimensions > 0) {
        *out = (dbw_type){.intent = DBW_INTENT_ARRAY,
                          .element = row->intent,
                          .spelling = dbw_arena_printf(arena, "%s[]", out->spelling)};
    }
    return DBW_OK;
}

const char *dbw_pg_type_at(dbw_arena *arena, size_t n)
{
    static const char *const measures[] = {[MEASURE_NONE] = "",
                                           [MEASURE_LENGTH] = "(80)",
                                           [MEASURE_BITS] = "(8)",
                                           [MEASURE_DIGITS] = "(12,2)",
                                           [MEASURE_FRACTION] = ""};
    if (n == DBW_COUNT(types))
        return "text[]";
    if (n > DBW_COUNT(types))
        return NULL;
    return dbw_arena_printf(arena, "%s%s", types[n].spelling, measures[types[n].measure]);
}
