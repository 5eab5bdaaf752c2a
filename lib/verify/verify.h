/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_VERIFY_VERIFY_H
#define DBW_VERIFY_VERIFY_H
/* Comparing tables of two databases by their sums, down to the row and column that differ. */
#include "engine/engine.h"
#include "verify/canonical.h"

/** One side of a comparison. */
typedef struct dbw_verify_side {
    dbw_database *database;
    const dbw_table *table;
    const size_t *columns; /* positions in the table, pairwise with the other side's */
    const dbw_canonical *canonical;
    const dbw_key_range *ranges; /* only the rows in these ranges of range_key; NULL: all rows */
    size_t range_count;
    dbw_names range_key;
} dbw_verify_side;

typedef struct dbw_verify_pair {
    dbw_verify_side source, target;
    size_t column_count;
    const size_t *key; /* positions in `columns` of the key; count 0: the whole row */
    size_t key_count;
} dbw_verify_pair;

typedef enum dbw_difference_kind {
    DBW_DIFFERENCE_MISSING, /* in the source only */
    DBW_DIFFERENCE_EXTRA,   /* in the target only */
    DBW_DIFFERENCE_VALUE    /* the column differs */
} dbw_difference_kind;

/** Strings are for people (dbw_value_show) and live in the arena. */
typedef struct dbw_difference {
    dbw_difference_kind kind;
    const char *table;
    const char *key;
    const char *column;
    const char *source;
    const char *target;
} dbw_difference;

/** Called now and then while reading; a status other than DBW_OK stops the work. */
typedef dbw_status (*dbw_verify_progress)(void *context, int64_t rows, dbw_error *error);

/** Reads one side and sums it. */
dbw_status dbw_verify_sum(const dbw_verify_side *side, size_t column_count, const size_t *key,
                          size_t key_count, dbw_verify_progress progress, void *context,
                          dbw_sum *out, dbw_error *error) DBW_MUST_CHECK;

/**
 * Finds what differs where two sums do: reads both sides again, keeps the rows of the differing
 * buckets only, compares them column by column; at most `limit` differences, memory bounded
 * (bucket groups are read in turns).
 */
dbw_status dbw_verify_differences(dbw_arena *arena, const dbw_verify_pair *pair,
                                  const dbw_sum *source, const dbw_sum *target, size_t limit,
                                  dbw_difference **out, size_t *count,
                                  dbw_error *error) DBW_MUST_CHECK;

#endif
