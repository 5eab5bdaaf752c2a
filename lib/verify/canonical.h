/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_VERIFY_CANONICAL_H
#define DBW_VERIFY_CANONICAL_H
/*
 * The canonical bytes of a value: equal meaning gives equal bytes, whatever engine it was read
 * from; the rules per type stand in docs/canonical.md. Written for verification alone and shares
 * no code with the converter of lib/transfer, so that a wrong conversion cannot confirm itself.
 *
 * A row's hash is XXH3-128 over the canonical bytes of its columns; a table's sum is the sum of
 * its row hashes modulo 2^128, kept in 4,096 buckets by the hash of the canonical key, so that the
 * order of rows does not matter and a difference is found by reading one bucket again.
 */
#include "base/error.h"
#include "model/type.h"

/** One column as both sides agreed on it: what it means, how this side spells it. */
typedef struct dbw_canonical {
    dbw_intent intent;    /* the meaning, that of the target column */
    dbw_reading reading;  /* this side's spelling */
    int16_t scale;        /* DECIMAL: digits behind the point both sides keep, -1: as they come */
    int8_t fraction;      /* TIME/TIMESTAMP*: fraction digits both sides keep, 6 at most */
    bool pad_space;       /* CHAR: trailing spaces mean nothing */
    bool bare_uuid;       /* text of 32 characters: a UUID stands there without hyphens */
    int32_t zone_minutes; /* TIMESTAMPTZ read from text without a zone: minutes east of UTC */
    const struct dbw_zone *zone; /* instead of that: a zone by name; or NULL */
    dbw_intent element;          /* JSON: of the elements of an array that this side has instead */
    bool array; /* JSON: the target's column is an array, and so may this side's text be */
} dbw_canonical;

typedef struct dbw_hash {
    uint64_t low, high;
} dbw_hash;

/** Working space of one thread. */
typedef struct dbw_rowhash dbw_rowhash;

/** `columns` is kept by reference; `key` lists positions of the key columns (count 0: the row
 *  itself is its key). Freed with dbw_rowhash_free(). */
dbw_rowhash *dbw_rowhash_new(const dbw_canonical *columns, size_t count, const size_t *key,
                             size_t key_count);
void dbw_rowhash_free(dbw_rowhash *rowhash);

/**
 * Hashes one row. A value that has no meaning for its column (text "abc" in an integer column) is
 * hashed as it is, tagged by its kind, so that it equals nothing else; `*odd` receives the position
 * of the first such column, or -1.
 */
void dbw_rowhash_row(dbw_rowhash *rowhash, const dbw_value *values, dbw_hash *row, uint32_t *bucket,
                     int *odd);

/** Whether two values mean the same, each read by its own side's rules. */
bool dbw_canonical_equal(const dbw_canonical *a, const dbw_value *value_a, const dbw_canonical *b,
                         const dbw_value *value_b);

enum { DBW_SUM_BUCKETS = 4096 };

/** The sum of a table or chunk: 64 KiB. Plain data; zeroed memory is the empty sum. */
typedef struct dbw_sum {
    int64_t rows;
    dbw_hash total;
    dbw_hash buckets[DBW_SUM_BUCKETS];
} dbw_sum;

void dbw_sum_add(dbw_sum *sum, dbw_hash row, uint32_t bucket);
void dbw_sum_merge(dbw_sum *into, const dbw_sum *from);
bool dbw_sum_equal(const dbw_sum *a, const dbw_sum *b);

/** 32 hex digits of the total. */
enum { DBW_SUM_TEXT = 33 };
void dbw_sum_text(const dbw_sum *sum, char out[DBW_SUM_TEXT]);

#endif
