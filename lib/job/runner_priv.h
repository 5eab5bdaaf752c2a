/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_JOB_RUNNER_PRIV_H
#define DBW_JOB_RUNNER_PRIV_H
/* From a claim to its end: what the worker and the command do alike. */
#include "job/kind.h"

#include <stdatomic.h>

typedef struct dbw_runner {
    dbw_store *store;
    const dbw_open_options *open_options;
    const dbw_job_kind *const *kinds;   /* NULL: dbw_job_kinds */
    const dbw_transfer_observer *watch; /* or NULL */
    const atomic_bool *stop; /* set: pause, and put the job back into the queue; or NULL */
} dbw_runner;

/**
 * Runs the claimed job and ends the claim. Returns the job's own status, with `error` filled when
 * it is not DBW_OK; `outcome` (owned by the caller, never NULL) is what the kind made.
 */
dbw_status dbw_runner_execute(const dbw_runner *runner, const dbw_claim *claim,
                              dbw_job_outcome *outcome, dbw_error *error) DBW_MUST_CHECK;

/* --- tracker.c: progress as the job's row keeps it -------------------------------------------- */

enum { DBW_TRACKER_PHASES = 16 };

typedef struct dbw_tracker_phase {
    const char *name;
    const char *status; /* waiting running done failed skipped */
    int64_t started;    /* monotonic */
    double seconds;
} dbw_tracker_phase;

typedef struct dbw_tracker {
    dbw_tracker_phase phases[DBW_TRACKER_PHASES];
    size_t count;
    size_t present; /* count: none yet */
    int64_t rows_at_start;
    bool measured; /* rows_at_start is known */
    dbw_progress last;
} dbw_tracker;

void dbw_tracker_start(dbw_tracker *tracker, const char *const *phases);

/** Takes what the observer was told; true when the phase has changed. */
bool dbw_tracker_take(dbw_tracker *tracker, const dbw_progress *progress);

/** Ends the present phase; after a success the waiting ones are skipped. */
void dbw_tracker_end(dbw_tracker *tracker, bool success);

/** Fills phase, phases, numbers, rate, ETA; `phases` and `tables` are owned by the caller. */
void dbw_tracker_fill(const dbw_tracker *tracker, dbw_job_progress *out);

#endif
