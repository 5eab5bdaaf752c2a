/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_JOB_RUN_H
#define DBW_JOB_RUN_H
/*
 * Runs a job in this process, for the command: the same row, progress, result and report as in a
 * worker, so that `jobs list` and the page show it, and so that it can be resumed by either.
 */
#include "job/kind.h"

typedef struct dbw_job_run_options {
    dbw_store *store;
    const dbw_open_options *open_options;
    const dbw_transfer_observer *watch; /* the caller's own: progress bar, ^C; or NULL */
    const dbw_job_kind *const *kinds;   /* NULL: dbw_job_kinds */
} dbw_job_run_options;

/** How it ended. JSON is owned by the caller: dbw_job_ran_free(). */
typedef struct dbw_job_ran {
    char id[DBW_JOB_ID];
    dbw_job_state state;
    struct json_object *result; /* or NULL */
    struct json_object *report; /* or NULL */
} dbw_job_ran;

/**
 * Makes a job and runs it to its end. The status is the job's own: DBW_E_PAUSED, DBW_E_CANCELLED,
 * DBW_E_REFUSED, …; `out` is filled whenever the job was made (`out->id` is not "").
 */
dbw_status dbw_job_run(const dbw_job_run_options *options, const dbw_job_request *request,
                       dbw_job_ran *out, dbw_error *error) DBW_MUST_CHECK;

/** Resumes or discards a job that ended, in this process. DBW_E_CONFLICT as dbw_job_ask(). */
dbw_status dbw_job_run_again(const dbw_job_run_options *options, const char *id,
                             dbw_job_action action, dbw_job_ran *out,
                             dbw_error *error) DBW_MUST_CHECK;

void dbw_job_ran_free(dbw_job_ran *ran);

#endif
