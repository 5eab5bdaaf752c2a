/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_SCHEDULE_H
#define DBW_TRANSFER_SCHEDULE_H
/*
 * Which lane does what, when: loads first, the largest first (of a table that an earlier attempt
 * began, none before all that was there is read again: what differs is deleted, and what it held
 * may be found in another range now); then keys of tables that are loaded, while others still load;
 * foreign keys once both their tables have their keys, never two at a time on one table (they lock
 * it against each other); statistics last.
 */
#include "transfer/transfer_priv.h"

typedef enum dbw_job_kind {
    DBW_JOB_LOAD,        /* one chunk */
    DBW_JOB_CONSTRAINTS, /* primary key and uniques, which lock the table for themselves */
    DBW_JOB_INDEX,       /* the n-th */
    DBW_JOB_RESTORE,     /* an index that was taken away: the n-th lifted record */
    DBW_JOB_FOREIGN_KEY, /* the n-th */
    DBW_JOB_ANALYZE
} dbw_job_kind;

typedef struct dbw_job {
    dbw_job_kind kind;
    dbw_run_table *table;
    dbw_run_table *parent; /* of a foreign key, when it is one of ours and not the table itself */
    dbw_chunk *chunk;
    size_t n;
    int64_t weight;
    size_t waiting; /* foreign key: tables that are not ready */
    bool recheck;   /* load: of an earlier attempt, not looked at yet */
    bool ready, taken;
} dbw_job;

typedef struct dbw_schedule dbw_schedule;

/** All that is still to do. In the run's arena. */
dbw_schedule *dbw_schedule_new(dbw_run *run);

/** The next job, waiting for one; NULL when everything is done, or stopped. */
dbw_job *dbw_schedule_take(dbw_schedule *schedule);

/** The load was looked at again, and what differed deleted: it is to be done once all others of its
 *  table were looked at. */
void dbw_schedule_again(dbw_schedule *schedule, dbw_job *job);

/** The job was done well. */
void dbw_schedule_done(dbw_schedule *schedule, dbw_job *job);

/** True once no load is left. */
bool dbw_schedule_loaded(dbw_schedule *schedule);

/** True once nothing is left. */
bool dbw_schedule_finished(dbw_schedule *schedule);

/** The number of a key's record in the checkpoint. */
int64_t dbw_job_record(const dbw_job *job);

#endif
