/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_REJECT_H
#define DBW_TRANSFER_REJECT_H
/*
 * Rows that the target does not take. Each chunk writes a file of its own, emptied when the chunk
 * is begun anew and on disk before its transaction is committed, so that what the files of finished
 * chunks tell is what happened; at the end they become one, rejected.jsonl: one JSON object per row
 * with table, key, row, column and reason.
 */
#include "transfer/ledger.h"

#define DBW_REJECT_FILE "rejected.jsonl"

typedef struct dbw_rejects dbw_rejects;
typedef struct dbw_reject_batch dbw_reject_batch;

typedef struct dbw_reject {
    const char *table;
    const char *column;      /* or NULL */
    const char *key;         /* for people */
    struct json_object *row; /* by column name; stays the caller's */
    const char *reason;
} dbw_reject;

/** `most`: how many rows may be rejected in all. NULL when memory runs out. */
dbw_rejects *dbw_rejects_new(const char *folder, int64_t most);
void dbw_rejects_free(dbw_rejects *rejects);

/** NULL when memory runs out. */
dbw_reject_batch *dbw_reject_batch_new(dbw_rejects *rejects, dbw_ledger_batch *ledger);
void dbw_reject_batch_free(dbw_reject_batch *batch);

/** What follows belongs to that chunk; its file is emptied with the first row. */
void dbw_reject_batch_begin(dbw_reject_batch *batch, int64_t seq, int64_t n);

/** Writes the row down and enters it into the ledger; DBW_E_LIMIT when they are too many. */
dbw_status dbw_reject_batch_add(dbw_reject_batch *batch, const dbw_reject *reject,
                                dbw_error *error) DBW_MUST_CHECK;

/** The file is on disk after this: before the transaction is committed. */
dbw_status dbw_reject_batch_flush(dbw_reject_batch *batch, dbw_error *error) DBW_MUST_CHECK;

/** The rows were rejected for good; without it the next begin forgets them. */
void dbw_reject_batch_commit(dbw_reject_batch *batch);

/** Makes the chunks' files one: tells it of each, then closes it. */
dbw_status dbw_rejects_join(dbw_rejects *rejects, const int64_t (*chunks)[2], size_t count,
                            dbw_error *error) DBW_MUST_CHECK;

#endif
