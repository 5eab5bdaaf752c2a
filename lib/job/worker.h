/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_JOB_WORKER_H
#define DBW_JOB_WORKER_H
/*
 * Claims jobs and runs them, some at a time, each on a thread of its own. When told to stop it
 * asks running jobs to pause; those that do go back into the queue to be resumed by the next
 * worker, so that a restart of the service loses nothing.
 */
#include "job/kind.h"

typedef struct dbw_worker_options {
    dbw_store *store;
    int slots;                            /* jobs at the same time; 0: 2 */
    int stop;                             /* a descriptor that becomes readable: stop */
    bool once;                            /* end as soon as there is nothing to do */
    const dbw_open_options *open_options; /* NULL: defaults */
    const dbw_job_kind *const *kinds;     /* NULL: dbw_job_kinds */
    int retention_days;                   /* of finished jobs; 0: 30 */
    /** Told what is worth a log line; may be NULL. Called from any of the worker's threads. */
    void (*log)(void *context, const char *level, const char *text);
    void *context;
} dbw_worker_options;

/** Works until told to stop. Errors of single jobs are theirs; only an unusable store ends it. */
dbw_status dbw_worker_run(const dbw_worker_options *options, dbw_error *error) DBW_MUST_CHECK;

#endif
