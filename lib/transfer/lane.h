/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_LANE_H
#define DBW_TRANSFER_LANE_H
/*
 * A lane: a thread that reads from a connection of the snapshot and one that writes to a connection
 * of the target, with a ring of blocks between them. The writer asks the schedule for jobs; a load
 * it hands to the reader, keys it makes itself.
 */
#include "transfer/reader.h"
#include "transfer/schedule.h"

typedef enum dbw_errand_kind { DBW_ERRAND_COPY, DBW_ERRAND_SUM, DBW_ERRAND_REJECT } dbw_errand_kind;

/** What the writer asks of the reader. */
typedef struct dbw_errand {
    dbw_errand_kind kind;
    const dbw_chunk *chunk;
    dbw_wanted *wanted; /* REJECT */
    size_t wanted_count;
} dbw_errand;

typedef struct dbw_lane {
    dbw_run *run;
    dbw_schedule *schedule;
    dbw_database *target;
    dbw_ring *ring;
    dbw_ledger_batch *ledger; /* the reader's */
    dbw_ledger_batch *kept;   /* the writer's */
    dbw_reject_batch *rejects;
    dbw_reader *reader;
    dbw_arena *arena; /* reset after each job */

    pthread_t writer_thread, reader_thread;
    bool writer_started, reader_started;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    const dbw_errand *errand; /* under way */
    dbw_status status;        /* of the last errand */
    dbw_error error;
    bool quit;
} dbw_lane;

/** Sends the reader on an errand; returns at once. */
void dbw_lane_send(dbw_lane *lane, const dbw_errand *errand);

/** Waits until the reader is back, and gives its result. */
dbw_status dbw_lane_wait(dbw_lane *lane, dbw_error *error) DBW_MUST_CHECK;

/** Both; the ring is not used. */
dbw_status dbw_lane_run(dbw_lane *lane, const dbw_errand *errand, dbw_error *error) DBW_MUST_CHECK;

/** Loads one chunk, or reads what an earlier attempt loaded again; `*again` true when that differs:
 * it is deleted then, and still to be loaded (writer.c). */
dbw_status dbw_writer_load(dbw_lane *lane, dbw_job *job, bool *again,
                           dbw_error *error) DBW_MUST_CHECK;

/** Counts the rows of `table` whose foreign key has no parent (keys.c). */
dbw_status dbw_keys_orphans(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                            const dbw_foreign_key *key, int64_t *orphans,
                            dbw_error *error) DBW_MUST_CHECK;

/** Makes a key or whatever comes after loading (keys.c). */
dbw_status dbw_keys_make(dbw_lane *lane, dbw_job *job, dbw_error *error) DBW_MUST_CHECK;

/* --- how rows get into the table -------------------------------------------------------------- */

/** A load under way, in the writer's transaction. */
typedef struct dbw_pour {
    dbw_lane *lane;
    const dbw_chunk *chunk;
    dbw_load_spec spec; /* of the table, or of the staging table */
    dbw_table staging;  /* skip: a temporary table of the same columns */
    int64_t poured;     /* rows that are in */
    int64_t sent;       /* rows and bytes that were sent, for the progress */
    int64_t bytes;
    int64_t stopped_at; /* careful: ordinal of the row that ended it; -1: none */
    char stopped_column[256];
    int64_t kept;    /* skip: rows that were there and differ */
    dbw_sum *staged; /* skip: sum of what was staged; NULL when nothing is verified */
    dbw_wanted *refused;
    size_t refused_count, refused_room;
} dbw_pour;

/** All blocks in one load; `*failed_row` is the refused row's ordinal, -1 when it is unknown or
 *  the failure is not about a row (pour.c). */
dbw_status dbw_pour_fast(dbw_pour *pour, int64_t *failed_row, char *column, size_t column_room,
                         bool *about_row, dbw_error *error) DBW_MUST_CHECK;

/** Block by block under savepoints; refused rows are gathered, or the first one ends it and stands
 *  in pour->stopped_at (careful.c). */
dbw_status dbw_pour_careful(dbw_pour *pour, bool stop_at_first, dbw_error *error) DBW_MUST_CHECK;

/** Tells the progress that the block was sent. */
void dbw_pour_count(dbw_pour *pour, const dbw_block *block);

/** Sends some rows of a block and ends the load. */
dbw_status dbw_pour_rows(dbw_pour *pour, const dbw_block *block, size_t from, size_t to,
                         dbw_load_failure *failure, char *column, size_t column_room,
                         dbw_error *error) DBW_MUST_CHECK;

/** Whether the failure is about the data of a row, not about the server or the connection. */
bool dbw_pour_about_row(const dbw_error *error);

/* --- skip.c ----------------------------------------------------------------------------------- */

/** Makes the staging table on the lane's connection, empty. */
dbw_status dbw_skip_begin(dbw_pour *pour, dbw_error *error) DBW_MUST_CHECK;

/** Moves what was staged into the table as far as its keys are not there; counts and lists the
 *  rows that are there and differ; empties the staging table. */
dbw_status dbw_skip_settle(dbw_pour *pour, dbw_error *error) DBW_MUST_CHECK;

/** Drops the staging table. */
dbw_status dbw_skip_end(dbw_pour *pour, dbw_error *error) DBW_MUST_CHECK;

#endif
