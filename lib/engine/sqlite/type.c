/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sqlite/type.h"

#include "base/buffer.h"
#include "engine/sqlite/token.h"

typedef enum measure { MEASURE_NONE, MEASURE_LENGTH, MEASURE_DIGITS, MEASURE_FRACTION } measure;

static const struct {
    const char *name;
    dbw_intent intent;
    measure measure;
} names[] = {
#define DBW_SQLITE_NAME(name, intent, measure) {(name), DBW_INTENT_##intent, MEASURE_##measure},
#include "engine/sqlite/types.def"
};

static const struct {
    const char *spelling;
    measure measure;
    dbw_loss loss;
    const char *note;
} spellings[DBW_INTENT_COUNT] = {
#define DBW_SQLITE_SPELLING(intent, spelling, measure, loss, note)                                 \
    [DBW_INTENT_##intent] = {(spelling), MEASURE_##measure, DBW_LOSS_##loss, (note)},
#include "engine/sqlite/types.def"
};

static bool contains(const char *declared, const char *part)
{
    size_t length = strlen(part), room = strlen(declared);
    for (size_t i = 0; i + length <= room; i++)
        if (dbw_text_equal_nocase((dbw_text){declared + i, length}, (dbw_text){part, length}))
            return true;
    return false;
}

dbw_sqlite_affinity dbw_sqlite_type_affinity(const char *declared)
{
    if (contains(declared, "INT"))
        return DBW_SQLITE_AFFINITY_INTEGER;
    if (contains(declared, "CHAR") || contains(declared, "CLOB") || contains(declared, "TEXT"))
        return DBW_SQLITE_AFFINITY_TEXT;
    if (contains(declared, "BLOB") || !declared[0])
        return DBW_SQLITE_AFFINITY_BLOB;
    if (contains(declared, "REAL") || contains(declared, "FLOA") || contains(declared, "DOUB"))
        return DBW_SQLITE_AFFINITY_REAL;
    return DBW_SQLITE_AFFINITY_NUMERIC;
}

/* A declared type taken apart: its words with one blank between them, and up to two numbers. */
typedef struct parts {
    char name[64];
    bool is_unsigned;
    bool too_long;
    int number_count;
    int64_t numbers[2];
} parts;

static void add_word(parts *out, dbw_text word)
{
    size_t used = strlen(out->name);
    if (dbw_text_equal_nocase(word, DBW_TEXT("UNSIGNED")) && used) {
        out->is_unsigned = true;
        return;
    }
    if (dbw_text_equal_nocase(word, DBW_TEXT("SIGNED")) ||
        dbw_text_equal_nocase(word, DBW_TEXT("ZEROFILL")))
        return;
    if (used + word.length + 2 > sizeof out->name) {
        out->too_long = true;
        return;
    }
    if (used)
        out->name[used++] = ' ';
    memcpy(out->name + used, word.data, word.length);
    out->name[used + word.length] = '\0';
}

static parts take_apart(dbw_arena *arena, const char *declared)
{
    parts out = {0};
    dbw_sqlite_tokens tokens;
    bool negative = false;
    dbw_sqlite_tokens_init(&tokens, dbw_text_of(declared));
    for (; tokens.now.kind != DBW_SQLITE_END; dbw_sqlite_tokens_next(&tokens)) {
        dbw_sqlite_token token = tokens.now;
        if (token.kind == DBW_SQLITE_WORD || token.kind == DBW_SQLITE_QUOTED ||
            token.kind == DBW_SQLITE_STRING)
            add_word(&out, dbw_text_of(dbw_sqlite_token_name(arena, token)));
        else if (token.kind == DBW_SQLITE_NUMBER && out.number_count < 2 && !negative &&
                 dbw_text_to_int64(token.text, &out.numbers[out.number_count]))
            out.number_count++;
        negative = token.kind == DBW_SQLITE_OTHER && token.text.data[0] == '-';
    }
    return out;
}

static bool small(int64_t number, int64_t most)
{
    return number > 0 && number <= most;
}

static void measure_by(dbw_type *type, const parts *p, measure how)
{
    switch (how) {
    case MEASURE_NONE:
        break;
    case MEASURE_LENGTH:
        if (p->number_count == 1 && small(p->numbers[0], INT32_MAX))
            type->length = (int32_t)p->numbers[0];
        break;
    case MEASURE_DIGITS:
        if (p->number_count >= 1 && small(p->numbers[0], 1000))
            type->precision = (int16_t)p->numbers[0];
        if (type->precision && p->number_count == 2 && p->numbers[1] >= 0 &&
            p->numbers[1] <= p->numbers[0])
            type->scale = (int16_t)p->numbers[1];
        break;
    case MEASURE_FRACTION:
        type->precision = -1;
        if (p->number_count == 1 && p->numbers[0] >= 0 && p->numbers[0] <= 6)
            type->precision = (int16_t)p->numbers[0];
        break;
    }
}

/* The next width up holds what an unsigned name promises. */
static void widen_unsigned(dbw_type *type)
{
    if (type->intent == DBW_INTENT_INT16 || type->intent == DBW_INTENT_INT32)
        type->intent++;
    type->is_unsigned = true;
}

static dbw_intent intent_by_affinity(const char *declared)
{
    switch (dbw_sqlite_type_affinity(declared)) {
    case DBW_SQLITE_AFFINITY_INTEGER:
        return DBW_INTENT_INT64;
    case DBW_SQLITE_AFFINITY_TEXT:
        return DBW_INTENT_TEXT;
    case DBW_SQLITE_AFFINITY_BLOB:
        return declared[0] ? DBW_INTENT_BYTES : DBW_INTENT_ANY;
    case DBW_SQLITE_AFFINITY_REAL:
        return DBW_INTENT_FLOAT64;
    case DBW_SQLITE_AFFINITY_NUMERIC:
        return DBW_INTENT_DECIMAL;
    }
    return DBW_INTENT_ANY;
}

static bool read_named(const parts *p, dbw_type *type)
{
    dbw_text name = dbw_text_of(p->name);
    for (size_t i = 0; !p->too_long && i < DBW_COUNT(names); i++) {
        if (!dbw_text_equal_nocase(name, dbw_text_of(names[i].name)))
            continue;
        type->intent = names[i].intent;
        measure_by(type, p, names[i].measure);
        if (dbw_text_is(name, "TINYINT") || dbw_text_equal_nocase(name, DBW_TEXT("TINYINT"))) {
            if (p->number_count == 1 && p->numbers[0] == 1 && !p->is_unsigned)
                type->intent = DBW_INTENT_BOOLEAN;
            else if (p->is_unsigned)
                type->is_unsigned = true; /* 0 to 255 fits as it is */
        } else if (dbw_text_equal_nocase(name, DBW_TEXT("BIT"))) {
            if (p->number_count && p->numbers[0] != 1)
                type->intent = DBW_INTENT_INT64;
        } else if (p->is_unsigned) {
            widen_unsigned(type);
        }
        return true;
    }
    return false;
}

dbw_type dbw_sqlite_type_read(dbw_arena *arena, const char *declared, bool *known)
{
    dbw_type type = {.spelling = dbw_arena_string(arena, declared)};
    parts p = take_apart(arena, declared);
    bool found = read_named(&p, &type);
    if (!found)
        type.intent = intent_by_affinity(declared);
    if (known)
        *known = found || dbw_sqlite_type_affinity(declared) != DBW_SQLITE_AFFINITY_NUMERIC;
    return type;
}

void dbw_sqlite_type_map(dbw_arena *arena, const dbw_type *wanted, dbw_type_mapping *out)
{
    dbw_intent intent = wanted->intent < DBW_INTENT_COUNT ? wanted->intent : DBW_INTENT_OTHER;
    const char *spelling = spellings[intent].spelling;
    *out = (dbw_type_mapping){
        .type = *wanted, .loss = spellings[intent].loss, .note = spellings[intent].note};
    if (intent == DBW_INTENT_DECIMAL &&
        (wanted->precision == 0 || wanted->precision > DBW_SQLITE_DOUBLE_DIGITS)) {
        spelling = "DECIMAL_TEXT";
        out->note = "kept as text: a double would lose digits";
    }
    if (intent == DBW_INTENT_BYTES && wanted->length > 0) {
        out->loss = DBW_LOSS_TYPE;
        out->note = "no limit of length";
    }
    if (intent == DBW_INTENT_ENUM || intent == DBW_INTENT_SET || intent == DBW_INTENT_BIT ||
        intent == DBW_INTENT_OTHER)
        out->type = (dbw_type){.intent = DBW_INTENT_TEXT};
    if (intent == DBW_INTENT_ARRAY)
        out->type = (dbw_type){.intent = DBW_INTENT_JSON};
    if (spellings[intent].measure == MEASURE_LENGTH && wanted->length > 0)
        spelling = dbw_arena_printf(arena, "%s(%d)", spelling, wanted->length);
    else if (spellings[intent].measure == MEASURE_DIGITS && wanted->precision > 0)
        spelling =
            dbw_arena_printf(arena, "%s(%d, %d)", spelling, wanted->precision, wanted->scale);
    out->type.spelling = spelling;
}

dbw_status dbw_sqlite_type_parse(dbw_arena *arena, const char *spelling, dbw_type *out,
                                 dbw_error *error)
{
    bool known;
    dbw_sqlite_tokens tokens;
    dbw_sqlite_tokens_init(&tokens, dbw_text_of(spelling));
    for (; tokens.now.kind != DBW_SQLITE_END; dbw_sqlite_tokens_next(&tokens)) {
        bool punctuation = dbw_sqlite_tokens_at_char(&tokens, '(') ||
                           dbw_sqlite_tokens_at_char(&tokens, ')') ||
                           dbw_sqlite_tokens_at_char(&tokens, ',');
        if (tokens.now.kind != DBW_SQLITE_WORD && tokens.now.kind != DBW_SQLITE_NUMBER &&
            !punctuation)
            return dbw_fail(error, DBW_E_INVALID, "unable to read SQLite type '%.60s'", spelling);
    }
    *out = dbw_sqlite_type_read(arena, spelling, &known);
    if (known && spelling[0])
        return DBW_OK;
    dbw_fail(error, DBW_E_INVALID, "unknown SQLite type '%.60s'", spelling);
    return dbw_hint(error, "Use for example INTEGER, REAL, TEXT, BLOB, DECIMAL(12,4), DATETIME.");
}

const char *dbw_sqlite_type_at(dbw_arena *arena, size_t n)
{
    static const char *const measures[] = {[MEASURE_NONE] = "",
                                           [MEASURE_LENGTH] = "(80)",
                                           [MEASURE_DIGITS] = "(12,2)",
                                           [MEASURE_FRACTION] = ""};
    if (n >= DBW_COUNT(names))
        return NULL;
    return dbw_arena_printf(arena, "%s%s", names[n].name, measures[names[n].measure]);
}
