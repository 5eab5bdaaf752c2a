/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_PROFILE_H
#define DBW_TRANSFER_PROFILE_H
/*
 * What a source's columns really hold: one streaming pass over each table, in the run's own
 * snapshot, on all of its connections at once. Nothing is allocated per value; text that is not
 * plain ASCII, and text that may be a date or JSON, is looked at more closely.
 */
#include "engine/engine.h"
#include "transfer/json_check.h"
#include "transfer/refset.h"

/** What a column's text is tried as, beside what is always measured. */
enum {
    DBW_WANT_BOOLEAN = 1,
    DBW_WANT_NUMBER = 2, /* numbers written as text */
    DBW_WANT_TIME = 4,   /* dates and times; epochs of numbers */
    DBW_WANT_UUID = 8,
    DBW_WANT_JSON = 16,
    DBW_WANT_DIGITS = 32,   /* digits of reals: printing them takes its time */
    DBW_WANT_SHORTEST = 64, /* the shortest text, for CHAR(n) */
    DBW_WANT_DURATION = 128
};

typedef struct dbw_profile_column {
    unsigned wants;
    int64_t nulls, integers, reals, texts, blobs;
    int64_t others; /* typed values of other kinds, as they come from typed engines */
    int64_t integer_least, integer_most;
    int64_t reals_whole;   /* exactly an int64 */
    int64_t reals_endless; /* NaN and infinities */
    int64_t reals_negative_zero;
    int64_t nans;      /* NaN, and decimals that are infinite */
    int64_t far_dates; /* infinite, or outside of the years 1 to 9999 */
    double real_least, real_most;
    int64_t longest_bytes, longest_characters; /* of texts */
    int64_t shortest_characters;               /* DBW_WANT_SHORTEST */
    int64_t longest_blob;
    int64_t not_ascii; /* texts with a NUL or any byte above 127 */
    int64_t with_nul, invalid_utf8;
    int64_t mojibake; /* UTF-8 encoded twice */
    int64_t bytes;
    dbw_kind other_kind;  /* of the last of `others` */
    int64_t reals_single; /* exactly a float of 32 bits */
    int64_t times_beyond; /* times that no clock shows: negative, or beyond 24 hours */
    /* DBW_WANT_BOOLEAN */
    int64_t boolean_words;
    /* DBW_WANT_NUMBER */
    int64_t numbers; /* texts that are numbers */
    /* Of texts, with DBW_WANT_DIGITS of reals too */
    int32_t whole_digits, fraction_digits;
    /* DBW_WANT_TIME: texts by what they are */
    int64_t dates, times, timestamps, zoned, zero_dates, cut, midnights;
    int64_t endless;                                  /* "infinity" */
    int64_t durations;                                /* DBW_WANT_DURATION */
    int64_t epoch_small, epoch_s, epoch_ms, epoch_us; /* integers by magnitude */
    int64_t real_epochs, julians;                     /* reals by magnitude */
    int64_t whole_days_s, whole_days_ms, whole_days_us;
    /* The outermost dates and timestamps, as microseconds in UTC; least > most: none were seen. */
    int64_t moment_least, moment_most;
    int64_t moments_endless; /* infinities */
    /* DBW_WANT_UUID */
    int64_t uuids, blobs_of_16;
    /* DBW_WANT_JSON */
    int64_t json[DBW_JSON_BAD + 1];
    int json_depth;
} dbw_profile_column;

/** A foreign key's side whose values are collected for finding orphans. */
typedef struct dbw_profile_reference {
    size_t column; /* position in `columns` */
    dbw_refset set;
} dbw_profile_reference;

typedef struct dbw_profile_table {
    const dbw_table *table;
    const size_t *columns; /* positions in the table */
    size_t column_count;
    dbw_profile_column *profiles; /* one per column; `wants` is set by the caller */
    dbw_names split_key;          /* a key without NULLs by which it may be cut; count 0: none */
    dbw_profile_reference *references;
    size_t reference_count;
    int64_t rows;
    int64_t bytes;
} dbw_profile_table;

typedef struct dbw_profile_request {
    dbw_snapshot *snapshot;
    const dbw_bulk *bulk;
    size_t readers;
    dbw_profile_table *tables;
    size_t table_count;
    dbw_status (*progress)(void *context, const char *table, int64_t rows_done, int64_t rows_total,
                           dbw_error *error); /* or NULL */
    void *context;
} dbw_profile_request;

/** Fills in all the tables' profiles. The arena receives what cutting the tables needs. */
dbw_status dbw_profile_run(const dbw_profile_request *request, dbw_arena *arena,
                           dbw_error *error) DBW_MUST_CHECK;

/** An empty profile that `wants` that. */
dbw_profile_column dbw_profile_column_new(unsigned wants);

/** Counts one value in. */
void dbw_profile_value(dbw_profile_column *profile, const dbw_value *value);

/** Adds what another pass over other rows of the same column found. */
void dbw_profile_merge(dbw_profile_column *into, const dbw_profile_column *from);

/** Values that are not NULL. */
static inline int64_t dbw_profile_values(const dbw_profile_column *p)
{
    return p->integers + p->reals + p->texts + p->blobs + p->others;
}

#endif
