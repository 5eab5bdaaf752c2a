/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_MODEL_VALUE_H
#define DBW_MODEL_VALUE_H
/*
 * One database value: a tagged scalar. Text and bytes point into memory of whoever produced the
 * value and are valid until its next row; dbw_value_copy() keeps one.
 */
#include "base/arena.h"
#include "base/text.h"

typedef enum dbw_kind {
    DBW_KIND_NULL,
    DBW_KIND_BOOL,      /* .boolean */
    DBW_KIND_INT64,     /* .int64 */
    DBW_KIND_UINT64,    /* .uint64: only above INT64_MAX, else INT64 */
    DBW_KIND_DOUBLE,    /* .real */
    DBW_KIND_DECIMAL,   /* .text: [-]digits[.digits], or NaN, Infinity, -Infinity */
    DBW_KIND_TEXT,      /* .text: UTF-8 when the producer validated it */
    DBW_KIND_BYTES,     /* .text */
    DBW_KIND_DATE,      /* .int64: days since 1970-01-01, proleptic Gregorian */
    DBW_KIND_TIME,      /* .int64: microseconds since midnight; MySQL's may be negative or > 24 h */
    DBW_KIND_TIMESTAMP, /* .int64: microseconds since 1970-01-01 00:00, no zone */
    DBW_KIND_TIMESTAMPTZ, /* .int64: microseconds since 1970-01-01 00:00 UTC */
    DBW_KIND_INTERVAL,    /* .interval */
    DBW_KIND_UUID,        /* .uuid */
    DBW_KIND_JSON,        /* .text */
    DBW_KIND_ARRAY,       /* .text: PostgreSQL's array literal */
    DBW_KIND_BIT          /* .text: '0' and '1' */
} dbw_kind;

/** DATE, TIMESTAMP and TIMESTAMPTZ: infinity and -infinity. */
#define DBW_INFINITY INT64_MAX
#define DBW_MINUS_INFINITY INT64_MIN

typedef struct dbw_interval {
    int64_t microseconds;
    int32_t days;
    int32_t months;
} dbw_interval;

typedef struct dbw_value {
    dbw_kind kind;
    union {
        bool boolean;
        int64_t int64;
        uint64_t uint64;
        double real;
        dbw_text text;
        dbw_interval interval;
        uint8_t uuid[16];
    };
} dbw_value;

#define DBW_NULL ((dbw_value){.kind = DBW_KIND_NULL})

static inline dbw_value dbw_value_int(int64_t value)
{
    return (dbw_value){.kind = DBW_KIND_INT64, .int64 = value};
}

static inline dbw_value dbw_value_text(dbw_text text)
{
    return (dbw_value){.kind = DBW_KIND_TEXT, .text = text};
}

/** A C string as text; NULL gives the null value. */
static inline dbw_value dbw_value_string(const char *string)
{
    return string ? dbw_value_text(dbw_text_of(string)) : DBW_NULL;
}

static inline bool dbw_value_is_null(const dbw_value *value)
{
    return value->kind == DBW_KIND_NULL;
}

/** True for the kinds that keep .text. */
bool dbw_kind_has_text(dbw_kind kind);

/** "null", "int64", "timestamptz" … */
const char *dbw_kind_name(dbw_kind kind);

/** A copy whose text lives in the arena. */
dbw_value dbw_value_copy(dbw_arena *arena, const dbw_value *value);

/** For people (findings, ledger, error text): NULL, 42, 'text…' cut at `limit` characters,
 *  x'00ff…', ISO 8601 for times. Control characters are shown escaped. */
char *dbw_value_show(dbw_arena *arena, const dbw_value *value, size_t limit);

#endif
