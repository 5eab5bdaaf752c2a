/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_TRANSFER_PRIV_H
#define DBW_TRANSFER_TRANSFER_PRIV_H
/*
 * A run and what its parts share. The thread that called dbw_transfer_run is the main thread: it
 * alone talks to the observer, uses `control` and takes from `arena`. Lanes have connections of
 * their own; what they share is atomic or guarded by `lock`.
 */
#include "transfer/checkpoint.h"
#include "transfer/ledger.h"
#include "transfer/plan.h"
#include "transfer/reject.h"
#include "transfer/transfer.h"
#include "verify/verify.h"

#include <pthread.h>
#include <stdatomic.h>

enum { DBW_RUN_STREAMS = 16, DBW_DIFFERENCES = 50 };

/** Why the lanes are to stop. */
typedef enum dbw_stop { DBW_STOP_NO, DBW_STOP_PAUSE, DBW_STOP_CANCEL, DBW_STOP_FAILED } dbw_stop;

typedef enum dbw_chunk_state {
    DBW_CHUNK_TODO,
    DBW_CHUNK_RECHECK, /* done by an earlier attempt: to be read again and compared */
    DBW_CHUNK_DONE
} dbw_chunk_state;

struct dbw_run_table;

/** A range of a table that is copied in one transaction; a table that is not cut has one. */
typedef struct dbw_chunk {
    struct dbw_run_table *table;
    int64_t n;
    const dbw_value *from; /* values of the source's key; NULL: open */
    const dbw_value *to;
    dbw_chunk_state state;
    dbw_chunk_result result; /* of what was copied, also by an earlier attempt */
} dbw_chunk;

/** The sum of a table, empty buckets left out. */
typedef struct dbw_packed_sum {
    int64_t rows;
    dbw_hash total;
    struct dbw_packed_bucket {
        uint32_t bucket;
        dbw_hash sum;
    } * buckets;
    size_t count;
} dbw_packed_sum;

typedef struct dbw_run_table {
    const dbw_plan_table *plan;
    int64_t seq;         /* its number in the checkpoint */
    const char *name;    /* for people: the target's */
    const char *mapping; /* digest of how it is copied; another one means copying anew */
    size_t *source_columns;
    size_t *target_columns;
    dbw_canonical *source_canonical;
    dbw_canonical *target_canonical;
    bool created; /* it stands in the target */
    bool skip;    /* rows whose key exists are kept */
    dbw_chunk *chunks;
    size_t chunk_count;
    struct dbw_orphans *orphans; /* or NULL */
    size_t key_jobs;     /* that still have to be done before its foreign keys may be made */
    bool in_foreign_key; /* one of its foreign keys is being made */
    bool in_constraints; /* its primary key and uniques are being made */
    size_t in_indexes;   /* so many of its indexes are being made */

    /* progress, read by the main thread at any time */
    _Atomic int64_t rows_done;
    _Atomic int64_t rows_open; /* of these, in transactions that are still open */
    _Atomic int64_t bytes_done;
    _Atomic(const char *) status;

    /* guarded by run->lock */
    size_t rechecks_left; /* chunks of an earlier attempt that were not looked at yet */
    size_t chunks_left;
    dbw_packed_sum copied; /* of what was copied: source values as read */
    int64_t rejected;
    int64_t kept;
    int64_t microseconds;

    /* of the verification */
    dbw_key_range *sample; /* the pieces that are compared; NULL: all of it */
    size_t sample_count;
    int64_t sampled_rows;
    bool compared;
    bool equal;
    int64_t target_rows;
    char target_sum[DBW_SUM_TEXT];
} dbw_run_table;

typedef struct dbw_sequence {
    const char *table;
    const char *column;
    int64_t next;
} dbw_sequence;

typedef struct dbw_run {
    const dbw_transfer_request *request;
    const dbw_transfer_observer *observer;
    const dbw_transfer_options *options;
    dbw_arena *arena;
    const dbw_engine *source;
    const dbw_engine *target;  /* a test may set another one beforehand */
    const char *schema;        /* of the target's tables and of our own; NULL: the default */
    dbw_database *source_lock; /* keeps writers out of the source while it is open; or NULL */
    dbw_snapshot *snapshot;
    dbw_database *control;
    dbw_database *targets[DBW_RUN_STREAMS]; /* the lanes' */
    size_t target_count;
    size_t streams;
    dbw_server source_server, target_server;
    dbw_plan *plan;
    struct dbw_revision_directory *revisions; /* of schema_mode=revisions, or NULL */
    dbw_checkpoint *checkpoint;
    dbw_record *records; /* of the checkpoint: as read, and what the main thread added since */
    size_t record_count;
    bool comparing; /* two databases as they are: what runs left in the target is not looked at */
    bool resumed;
    bool in_order; /* constraints stay in place: parents are loaded before children */
    bool written;  /* something of ours stands in the target */

    dbw_run_table *tables; /* without those that are skipped */
    size_t table_count;
    dbw_ledger *ledger;
    dbw_rejects *rejects;
    dbw_difference *differences;
    size_t difference_count;
    dbw_sequence *sequences;
    size_t sequence_count;
    const char **advice;
    size_t advice_count;
    const char *stamped; /* what the version tables say, or NULL */
    const char *snapshot_note;
    bool source_changed;
    struct json_object *earlier; /* the report of a run that had ended already */

    dbw_phase phase;
    bool phase_begun[DBW_PHASE_COUNT];
    int64_t phase_started;
    int64_t phase_micros[DBW_PHASE_COUNT];
    int64_t phase_cpu_started; /* processor time of the whole process, microseconds */
    int64_t phase_cpu[DBW_PHASE_COUNT];
    int64_t started_wall, started;
    int64_t told; /* when the observer last heard of the progress */
    dbw_table_progress *progress_tables;
    int64_t profiled_rows, profiled_total;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    _Atomic int stop;              /* dbw_stop */
    dbw_error failure;             /* the first one of a lane, guarded by lock */
    bool has_failed;               /* guarded by lock */
    size_t lanes_working;          /* guarded by lock */
    struct dbw_lifeline *lifeline; /* its connections */
    struct dbw_guard *guard;
    _Atomic int64_t polled; /* when the main thread last asked for the wish */
    _Atomic int64_t verified_rows;
} dbw_run;

/* --- run.c: the life of a run ----------------------------------------------------------------- */

dbw_status dbw_run_init(dbw_run *run, const dbw_transfer_request *request,
                        const dbw_transfer_observer *observer, dbw_error *error) DBW_MUST_CHECK;
void dbw_run_free(dbw_run *run);

/** The whole run; connections are closed by dbw_run_free(). */
dbw_status dbw_run_execute(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Tells the observer, at most ten times a second unless `now`, and asks for its wish: DBW_OK, or
 *  PAUSED or CANCELLED with the stop flag set. Main thread only. */
dbw_status dbw_run_poll(dbw_run *run, bool now, dbw_error *error) DBW_MUST_CHECK;

/** Tells a last time how a run that did not end well stands: what is copied and stays. */
void dbw_run_tell_end(dbw_run *run);

/* --- guard.c ---------------------------------------------------------------------------------- */

/**
 * Starts the thread that sees to it that a run ends when it is asked to, though the servers may not
 * answer: after some seconds it cancels what the connections do, after ten it cuts them. It asks
 * for the wish itself while the main thread does not come to it.
 */
dbw_status dbw_guard_start(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Ends it; before the connections are closed. */
void dbw_guard_end(dbw_run *run);

/** What a run that ended with `status` ended with: that it was stopped, where the guard did it. */
dbw_status dbw_guard_settle(dbw_run *run, dbw_status status, dbw_error *error);

/** Whether databases of that backend are on a server, and not a file. */
bool dbw_run_needs_host(const char *backend);

/* --- rehearse.c ------------------------------------------------------------------------------- */

/** The whole of dbw_transfer_run(), into a database of its own that is dropped again. */
dbw_status dbw_rehearse(const dbw_transfer_request *request, const dbw_transfer_observer *observer,
                        struct json_object **report, dbw_error *error) DBW_MUST_CHECK;

/** Drops that database. */
dbw_status dbw_rehearse_discard(const dbw_transfer_request *request,
                                dbw_error *error) DBW_MUST_CHECK;

void dbw_run_event(const dbw_run *run, const char *level, const char *format, ...) DBW_PRINTF(3, 4);

void dbw_run_phase(dbw_run *run, dbw_phase phase);

/** Keeps the first failure of a lane and stops the others. Any thread. */
void dbw_run_fail(dbw_run *run, const dbw_error *error);

static inline bool dbw_run_stopped(const dbw_run *run)
{
    return atomic_load_explicit(&run->stop, memory_order_relaxed) != DBW_STOP_NO;
}

/** The record of that kind and number, or NULL. Main thread, or before the lanes start. */
const dbw_record *dbw_run_record(const dbw_run *run, dbw_record_kind kind, int64_t seq);

/** Adds it to the checkpoint and to run->records; takes over its detail. Main thread only. */
dbw_status dbw_run_remember(dbw_run *run, const dbw_record *record,
                            dbw_error *error) DBW_MUST_CHECK;

/** The error that goes with the stop flag, when a lane gave up because of it. */
dbw_status dbw_run_stop_error(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/* --- prepare.c: from the URLs to a plan ------------------------------------------------------- */

/** Opens both sides, takes the lock (unless it is a dry run), settles earlier remains, makes the
 *  plan. */
dbw_status dbw_run_plan(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** All of that, checks that it can be done, makes the run's tables, opens the lanes' connections.
 */
dbw_status dbw_run_prepare(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Opens the target alone. */
dbw_status dbw_run_open_target(dbw_run *run, bool for_writing, dbw_error *error) DBW_MUST_CHECK;

/** Whether the namespace to write to is there; true where none was asked for. */
dbw_status dbw_run_schema_exists(dbw_run *run, bool *exists, dbw_error *error) DBW_MUST_CHECK;

/** Reads what a run left in the target into run->records; `*owner` is that run's id. */
dbw_status dbw_run_remains(dbw_run *run, const char **owner, bool *found,
                           dbw_error *error) DBW_MUST_CHECK;

/** Whether the run had come to its end before; run->earlier is its report then. */
bool dbw_run_ended_before(dbw_run *run);

/** The records say that all was done but for taking away what the run kept for itself. */
bool dbw_run_has_ended(const dbw_run *run);

/** Takes that away: saved rows, and the checkpoint last. */
dbw_status dbw_run_drop_own(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/* --- wishes.c --------------------------------------------------------------------------------- */

/** Options that contradict each other, and a target that would be gone with the run. */
dbw_status dbw_wishes_check(const dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Wishes that the plan cannot fulfil. */
dbw_status dbw_wishes_check_plan(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/* --- settle.c, prepare.c ---------------------------------------------------------------------- */

/** settle.c: what a killed attempt had begun to make on a target without transactional DDL. */
dbw_status dbw_settle_keys(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Opens a connection to the target for each stream. */
dbw_status dbw_run_open_lanes(dbw_run *run, bool for_writing, dbw_error *error) DBW_MUST_CHECK;

/* --- tables.c --------------------------------------------------------------------------------- */

/** Makes run->tables from the plan. */
dbw_status dbw_run_tables(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Which columns of the plan's table belong together, and how each side spells them. */
void dbw_run_table_arrays(dbw_arena *arena, dbw_run_table *table);

/** The same of those alone that stand on both sides. */
dbw_status dbw_run_pairs(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Whether the table has a key of integers on both sides, so that a range of it means the same rows
 *  there. */
bool dbw_run_integer_key(const dbw_plan_table *plan);

/** Cuts large tables into chunks, or takes the chunks of the checkpoint. */
dbw_status dbw_run_chunks(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** What the checkpoint keeps of a chunk; the caller owns it. */
struct json_object *dbw_chunk_detail(const dbw_chunk *chunk);

/* --- sums ------------------------------------------------------------------------------------- */

/** Adds `sum` to `packed`. */
dbw_status dbw_packed_add(dbw_packed_sum *packed, const dbw_sum *sum,
                          dbw_error *error) DBW_MUST_CHECK;
bool dbw_packed_equal(const dbw_packed_sum *a, const dbw_packed_sum *b);
void dbw_packed_unpack(const dbw_packed_sum *packed, dbw_sum *out);
void dbw_packed_free(dbw_packed_sum *packed);
void dbw_hash_text(dbw_hash hash, char out[DBW_SUM_TEXT]);
bool dbw_hash_from_text(const char *text, dbw_hash *out) DBW_MUST_CHECK;
dbw_hash dbw_hash_add(dbw_hash a, dbw_hash b);
dbw_hash dbw_hash_subtract(dbw_hash a, dbw_hash b);

/* --- lanes.c: copy and keys ------------------------------------------------------------------- */

/** Copies all chunks and makes all keys on run->streams lanes; returns when all is done, or
 *  everything has stopped. */
dbw_status dbw_run_copy(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/* --- objects.c: what has a definition of its own ---------------------------------------------- */

/** Makes those that the tables need (`before`), or the others and what was left of the first. What
 *  cannot be made is recorded as lost. */
dbw_status dbw_run_objects(dbw_run *run, bool before, dbw_error *error) DBW_MUST_CHECK;

/** Takes them away again, in the caller's transaction. */
dbw_status dbw_objects_drop(dbw_run *run, bool before, dbw_error *error) DBW_MUST_CHECK;

/* --- revisions.c: tables that the application's revisions make -------------------------------- */

bool dbw_revisions_wanted(const dbw_run *run);

/** Reads the folder into run->revisions, where they are wanted. */
dbw_status dbw_revisions_read(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Runs them in a transaction that stays open for a look; untry() rolls it back. */
dbw_status dbw_revisions_try(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;
void dbw_revisions_untry(dbw_run *run);

/** Runs them for good, unless an earlier attempt did. */
dbw_status dbw_revisions_run(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Whether all that stands in the target was made by them; drop() takes it away, in the caller's
 *  transaction. */
bool dbw_revisions_made_all(const dbw_run *run);
dbw_status dbw_revisions_drop(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Tells the observer that discarding leaves what they changed. */
void dbw_revisions_tell_kept(const dbw_run *run);

/* --- loose.c: what stands in no table ----------------------------------------------------------
 */

/** Copies it under its numbers; where an earlier attempt did, anew. */
dbw_status dbw_run_loose(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/* --- existing.c: tables that are there -------------------------------------------------------- */

/** Saves what stands in the tables, takes away what hinders, empties them. */
dbw_status dbw_existing_prepare(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Brings back what was taken away, foreign keys and triggers last. */
dbw_status dbw_existing_restore(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** Writes the saved rows to the folder and enters them into the ledger. */
dbw_status dbw_existing_export(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/* --- sequences.c, verify_phase.c, stamp.c, finish.c ------------------------------------------- */

/** Records, once, what a table that is filled would have given next, for whoever discards the run.
 */
dbw_status dbw_run_sequence_before(dbw_run *run, const dbw_run_table *table,
                                   dbw_error *error) DBW_MUST_CHECK;
dbw_status dbw_run_sequences(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;
dbw_status dbw_run_verify(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;
dbw_status dbw_run_stamp(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/* --- endings.c -------------------------------------------------------------------------------- */

/** Gives the target back as it was, from what the checkpoint tells. */
dbw_status dbw_endings_discard(dbw_run *run, dbw_error *error) DBW_MUST_CHECK;

/** After a failure: an empty database that the run made is taken away again, unless it wrote to it.
 */
void dbw_endings_untouched(dbw_run *run);

/** Puts first that the source is untouched, and says how the target stands. */
dbw_status dbw_endings_explain(const dbw_run *run, dbw_error *error);

/* --- report.c --------------------------------------------------------------------------------- */

/** The report as far as the run came; the caller owns it. */
struct json_object *dbw_report_make(const dbw_run *run, dbw_status status, const dbw_error *error);

/** The differences found, as an array; the caller owns it. */
struct json_object *dbw_report_differences(const dbw_run *run);

/** What the report's verdict is. */
const char *dbw_report_verdict(const dbw_run *run, dbw_status status);

#endif
