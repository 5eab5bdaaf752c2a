/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_CHECKPOINT_H
#define DBW_TRANSFER_CHECKPOINT_H
/*
 * dbwizard_progress, the table in the target that tells how far a run came. Each record is written
 * in the transaction whose work it tells of, so that both are there or neither is. `detail` is a
 * JSON object. Numbers (`seq`) are unique per kind.
 *
 *   run     0            started, prepared        source_fingerprint, plan, schema_mode …
 *   table   seq          created, found           name, mapping, drop
 *   chunk   seq, n       todo, done               from, to, rows, sum, rejected …
 *   key     seq, n       done                     drop
 *   saved   seq          saved                    the copy of what stood in the table
 *   lifted  n            lifted, restored         drop, restore
 *   sequence seq         set                      restore
 *   object  n            made                     create, drop, before
 *   revisions 0          run                      applied, was_empty, drops
 */
#include "engine/engine.h"
#include "verify/canonical.h"

#include <json-c/json_types.h>

#define DBW_PROGRESS_TABLE "dbwizard_progress"
#define DBW_SAVED_PREFIX "dbwizard_saved_"

enum { DBW_CHECKPOINT_FORMAT = 1, DBW_CHECKPOINT_STRIDE = 1000000 };

typedef enum dbw_record_kind {
    DBW_RECORD_RUN,
    DBW_RECORD_TABLE,
    DBW_RECORD_CHUNK,
    DBW_RECORD_KEY,
    DBW_RECORD_SAVED,
    DBW_RECORD_LIFTED,
    DBW_RECORD_SEQUENCE,
    DBW_RECORD_OBJECT,
    DBW_RECORD_REVISIONS,
    DBW_RECORD_KINDS
} dbw_record_kind;

typedef struct dbw_record {
    dbw_record_kind kind;
    int64_t seq; /* chunk and key: table's seq * DBW_CHECKPOINT_STRIDE + n */
    const char *state;
    int64_t rows;
    const char *sum;            /* 32 hex digits, or "" */
    struct json_object *detail; /* never NULL in what was read */
} dbw_record;

/** What one chunk came to. */
typedef struct dbw_chunk_result {
    int64_t rows;     /* that stand in the target because of it (skip: source rows) */
    dbw_hash sum;     /* of the source's rows as read, rejected ones left out */
    int64_t rejected; /* all of them */
    int64_t refused;  /* of these: by the server */
    int64_t kept;     /* skip: rows that were there and differ */
    int64_t microseconds;
    int64_t bytes;
} dbw_chunk_result;

typedef struct dbw_checkpoint {
    const dbw_engine *engine;
    const char *schema;
    const char *run;   /* the run's id */
    const char *table; /* quoted and qualified */
} dbw_checkpoint;

/** For the namespace; touches nothing. */
dbw_checkpoint *dbw_checkpoint_new(dbw_arena *arena, const dbw_engine *engine, const char *schema,
                                   const char *run);

/**
 * Reads all records when the table is in `catalog`, ordered by kind and number; `*found` false
 * when there is none. `*owner` is the id of the run that wrote them. A table of that name which is
 * not ours: DBW_E_CONFLICT. Details are freed with dbw_records_free().
 */
dbw_status dbw_checkpoint_read(dbw_checkpoint *checkpoint, dbw_database *database,
                               const dbw_schema *catalog, dbw_arena *arena, dbw_record **records,
                               size_t *count, bool *found, const char **owner,
                               dbw_error *error) DBW_MUST_CHECK;
void dbw_records_free(dbw_record *records, size_t count);

/** Makes the table, in the caller's transaction. */
dbw_status dbw_checkpoint_create(dbw_checkpoint *checkpoint, dbw_database *database,
                                 dbw_error *error) DBW_MUST_CHECK;

/** Adds a record; its detail may be NULL and stays the caller's. */
dbw_status dbw_checkpoint_add(const dbw_checkpoint *checkpoint, dbw_database *database,
                              const dbw_record *record, dbw_error *error) DBW_MUST_CHECK;

/** Removes the record and adds it as it is now. */
dbw_status dbw_checkpoint_put(const dbw_checkpoint *checkpoint, dbw_database *database,
                              const dbw_record *record, dbw_error *error) DBW_MUST_CHECK;

/** Sets the state alone. */
dbw_status dbw_checkpoint_state(const dbw_checkpoint *checkpoint, dbw_database *database,
                                dbw_record_kind kind, int64_t seq, const char *state,
                                dbw_error *error) DBW_MUST_CHECK;

/** Removes the records of that kind with from <= seq < to. */
dbw_status dbw_checkpoint_remove(const dbw_checkpoint *checkpoint, dbw_database *database,
                                 dbw_record_kind kind, int64_t from, int64_t to,
                                 dbw_error *error) DBW_MUST_CHECK;

/** Where a statement of DDL commits by itself, drops the table that was found without a record, if
 *  it is there: a run that was killed before it had begun has left it. */
dbw_status dbw_checkpoint_drop_empty(const dbw_checkpoint *checkpoint, dbw_database *database,
                                     dbw_error *error) DBW_MUST_CHECK;

/** Drops the table, in the caller's transaction. */
dbw_status dbw_checkpoint_drop(const dbw_checkpoint *checkpoint, dbw_database *database,
                               dbw_error *error) DBW_MUST_CHECK;

/** A member of a record's detail as text, NULL when absent. Lives as long as the record. */
const char *dbw_record_text(const dbw_record *record, const char *name);
int64_t dbw_record_number(const dbw_record *record, const char *name);
bool dbw_record_flag(const dbw_record *record, const char *name);

/** A list of names in a record's detail. */
dbw_names dbw_record_names(dbw_arena *arena, const dbw_record *record, const char *name);

/** Whether `table` is one that we make for ourselves. */
bool dbw_checkpoint_own(const char *table);

#endif
