/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_LEDGER_H
#define DBW_TRANSFER_LEDGER_H
/*
 * Every value altered and every object dropped or changed on the way. Memory is bounded: of what
 * happens to rows the first DBW_LEDGER_ROWS per column are listed, the rest is counted, and written
 * to a file in the run's folder when there is one. What happens to rows is first gathered in a
 * batch, which is entered when its transaction was committed and forgotten when it was not.
 */
#include "base/arena.h"
#include "base/error.h"

#include <json-c/json_types.h>

enum { DBW_LEDGER_ROWS = 100, DBW_LEDGER_ENTRIES = 5000 };

typedef enum dbw_ledger_kind {
    DBW_LEDGER_TYPE,
    DBW_LEDGER_VALUE,
    DBW_LEDGER_OBJECT,
    DBW_LEDGER_REJECTED,
    DBW_LEDGER_KEPT,
    DBW_LEDGER_SETUP_ROWS,
    DBW_LEDGER_KINDS
} dbw_ledger_kind;

typedef struct dbw_ledger_entry {
    dbw_ledger_kind kind;
    const char *table;
    const char *column; /* or the object's name; may be NULL */
    const char *key;    /* of the row; NULL where it is not about one row */
    const char *before;
    const char *after;
    const char *reason;
    int64_t count;
} dbw_ledger_entry;

typedef struct dbw_ledger dbw_ledger;
typedef struct dbw_ledger_batch dbw_ledger_batch;

/** `folder` may be NULL; it is made when it is needed. NULL when memory runs out. */
dbw_ledger *dbw_ledger_new(const char *folder);
void dbw_ledger_free(dbw_ledger *ledger);

/** Enters one; texts are copied. Any thread. */
void dbw_ledger_add(dbw_ledger *ledger, const dbw_ledger_entry *entry);

/** How many things of that kind happened. Any thread. */
int64_t dbw_ledger_count(dbw_ledger *ledger, dbw_ledger_kind kind);

/** Whether that value of that row is known to have been altered. */
bool dbw_ledger_knows(dbw_ledger *ledger, const char *table, const char *column, const char *key);

/** The entries as the report shows them; the caller owns the array. */
struct json_object *dbw_ledger_to_json(dbw_ledger *ledger);

/** One per thread; its files are called PREFIX-SEQ-N.jsonl. NULL when memory runs out. */
dbw_ledger_batch *dbw_ledger_batch_new(dbw_ledger *ledger, const char *prefix);
void dbw_ledger_batch_free(dbw_ledger_batch *batch);

/** Forgets what was gathered; what follows belongs to that chunk of that table. */
void dbw_ledger_batch_begin(dbw_ledger_batch *batch, int64_t seq, int64_t n);

/** Gathers one. Fails when the file cannot be written. */
dbw_status dbw_ledger_batch_add(dbw_ledger_batch *batch, const dbw_ledger_entry *entry,
                                dbw_error *error) DBW_MUST_CHECK;

/** The file is on disk after this: call it before the transaction is committed. */
dbw_status dbw_ledger_batch_flush(dbw_ledger_batch *batch, dbw_error *error) DBW_MUST_CHECK;

/** Enters what was gathered. */
void dbw_ledger_batch_commit(dbw_ledger_batch *batch);

const char *dbw_ledger_kind_name(dbw_ledger_kind kind);

#endif
