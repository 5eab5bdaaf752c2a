/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_MODEL_TYPE_H
#define DBW_MODEL_TYPE_H
/* The type of a column: its intent, its measures, and the engine's own spelling. */
#include "model/value.h"

typedef enum dbw_intent {
#define DBW_INTENT(name, slug, kind) DBW_INTENT_##name,
#include "model/intents.def"
#undef DBW_INTENT
    DBW_INTENT_COUNT
} dbw_intent;

typedef struct dbw_type {
    dbw_intent intent;
    int32_t length; /* characters (CHAR, VARCHAR), bytes (BYTES), bits (BIT); 0: no limit */
    int16_t
        precision; /* DECIMAL digits, 0: no limit; TIME/TIMESTAMP fraction digits, -1: default */
    int16_t scale; /* DECIMAL digits behind the point */
    bool is_unsigned;
    bool fixed; /* BIT(n) as opposed to BIT VARYING; PostgreSQL's citext, money and oid as opposed
                   to TEXT, DECIMAL and INT64 */
    bool zeros; /* numbers are shown with zeros before them (MySQL: ZEROFILL) */
    const char *spelling; /* the engine's own, as its catalog shows it: "character varying(40)" */
    const char *const *labels; /* ENUM, SET */
    size_t label_count;
    dbw_intent element; /* ARRAY: of its elements */
} dbw_type;

/**
 * How a source spells the values of one column, decided once per column at plan time and told to
 * the converter (lib/transfer) and the canonicaliser (lib/verify) alike, which share no code.
 */
typedef enum dbw_reading {
    DBW_READING_NATIVE,     /* the engine's own value of that intent */
    DBW_READING_ISO,        /* ISO 8601 and its usual variations, as text */
    DBW_READING_EPOCH_S,    /* Unix seconds, integer or real */
    DBW_READING_EPOCH_MS,   /* Unix milliseconds */
    DBW_READING_EPOCH_US,   /* Unix microseconds */
    DBW_READING_JULIAN,     /* Julian day number, real */
    DBW_READING_BOOL_WORDS, /* t/f, true/false, yes/no, on/off, 0/1, in any case, as text */
    DBW_READING_UUID_TEXT,  /* 32 hex digits with or without hyphens or braces */
    DBW_READING_UUID_BYTES, /* 16 bytes */
    DBW_READING_NUMBER_TEXT /* digits as text in a numeric column */
} dbw_reading;

/** "int64", "timestamptz" … */
const char *dbw_intent_name(dbw_intent intent);

/** The kind in which values of this intent travel. */
dbw_kind dbw_intent_kind(dbw_intent intent);

#endif
