/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_JOB_KIND_H
#define DBW_JOB_KIND_H
/* What a kind of job does. A new kind is one object and one line in kinds.def. */
#include "job/lease.h"
#include "transfer/transfer.h"

/** What a kind's functions get. */
typedef struct dbw_job_context {
    const dbw_claim *claim;
    const dbw_url *source;
    const dbw_url *target; /* or NULL */
    const dbw_open_options *open_options;
    const char *folder; /* the job's own, under the state folder; made when needed */
    dbw_arena *arena;
    const dbw_transfer_observer *observer;
} dbw_job_context;

typedef struct dbw_job_outcome {
    struct json_object *result; /* owned by the caller; NULL: none */
    struct json_object *report; /* owned by the caller; NULL: none */
    bool keep;                  /* what was done can be resumed or discarded */
} dbw_job_outcome;

typedef struct dbw_job_kind {
    const char *name;
    bool resumable;            /* may be run again with claim->work == DBW_WORK_RESUME */
    const char *const *phases; /* slugs in order, NULL-terminated; NULL: none */
    /** Required. PAUSED, CANCELLED, INTERRUPTED as wished; the outcome is read on failure too. */
    dbw_status (*run)(const dbw_job_context *context, dbw_job_outcome *outcome, dbw_error *error);
    /** Undoes; NULL where there is nothing to undo. DBW_E_CONFLICT with a report in the outcome:
     *  the work had been done to its end, and stays done. */
    dbw_status (*discard)(const dbw_job_context *context, dbw_job_outcome *outcome,
                          dbw_error *error);
} dbw_job_kind;

#define DBW_JOB_KIND(symbol) extern const dbw_job_kind dbw_kind_##symbol;
#include "job/kinds.def"
#undef DBW_JOB_KIND

/** All kinds, NULL-terminated. */
extern const dbw_job_kind *const dbw_job_kinds[];

/** The kind of that name in `kinds`, or NULL. */
const dbw_job_kind *dbw_job_kind_find(const dbw_job_kind *const *kinds, const char *name);

#endif
