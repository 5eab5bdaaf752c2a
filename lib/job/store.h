/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_JOB_STORE_H
#define DBW_JOB_STORE_H
/*
 * Jobs in the state store, for those who ask: make, look, wait, control. What a worker does with
 * them is in lease.h.
 *
 * Every change raises the job's version, which is its ETag. Source and target URLs stand redacted
 * in columns of their own; the URLs themselves and the options are sealed with the store's key.
 */
#include "state/idempotency.h"
#include "state/store.h"

#include <json-c/json_types.h>

enum { DBW_JOB_ID = 17 }; /* 16 hex digits and a NUL */

typedef enum dbw_job_status {
#define DBW_JOB_STATUS(name, slug, ended, pause, resume, cancel, discard) DBW_JOB_##name,
#include "job/statuses.def"
#undef DBW_JOB_STATUS
    DBW_JOB_STATUS_COUNT
} dbw_job_status;

/** "queued", "running" … */
const char *dbw_job_status_slug(dbw_job_status status);

/** The status with that slug; DBW_JOB_STATUS_COUNT for an unknown one. */
dbw_job_status dbw_job_status_find(const char *slug);

/** True when nobody works on the job and nobody will unless asked to. */
bool dbw_job_status_ended(dbw_job_status status);

typedef struct dbw_job_request {
    const char *kind;                   /* "migrate", "verify": kinds.def */
    const char *source_url;             /* with its secret */
    const char *target_url;             /* with its secret, or NULL */
    struct json_object *options;        /* borrowed; NULL: none */
    const char *actor;                  /* "admin", "token:NAME", "command:USER" */
    const char *app;                    /* application, or NULL: the default one */
    const dbw_idempotency *idempotency; /* or NULL */
} dbw_job_request;

/**
 * Enqueues a job and wakes a worker. With an idempotency key that was used before nothing is made:
 * `id` is the earlier job's and `*existing` (may be NULL) is true. DBW_E_INVALID: a URL that
 * does not parse (object "source_url" or "target_url"), a bad or re-used key.
 */
dbw_status dbw_job_create(dbw_store *store, const dbw_job_request *request, char id[DBW_JOB_ID],
                          bool *existing, dbw_error *error) DBW_MUST_CHECK;

/** The little that waiting needs. */
typedef struct dbw_job_state {
    dbw_job_status status;
    int64_t version;
    dbw_status error; /* of a failed, paused, cancelled or interrupted job; else DBW_OK */
    char verdict[16]; /* or "" */
    bool resumable;   /* can be resumed, by its status and by what is left of it */
    bool discarded;
} dbw_job_state;

/** DBW_E_NOT_FOUND "job 'x' does not exist". */
dbw_status dbw_job_state_get(dbw_store *store, const char *id, dbw_job_state *out,
                             dbw_error *error) DBW_MUST_CHECK;

/** The job as the API answers it, with the events whose seq is above `since` (negative: none); its
 *  `version` is the ETag. The caller owns it. DBW_E_NOT_FOUND. */
dbw_status dbw_job_get(dbw_store *store, const char *id, int64_t since, struct json_object **out,
                       dbw_error *error) DBW_MUST_CHECK;

/** {jobs: […]} without events, the newest first; `status` NULL: all; `limit` 1..1000. */
dbw_status dbw_job_list(dbw_store *store, const char *status, int limit, struct json_object **out,
                        dbw_error *error) DBW_MUST_CHECK;

/** The id of the only job whose id starts with `prefix`. DBW_E_NOT_FOUND; DBW_E_INVALID when there
 *  are several. */
dbw_status dbw_job_find(dbw_store *store, const char *prefix, char id[DBW_JOB_ID],
                        dbw_error *error) DBW_MUST_CHECK;

/** What the call that made the job answers with. DBW_E_CONFLICT while it runs or when it ended
 *  without one; DBW_E_NOT_FOUND. */
dbw_status dbw_job_result(dbw_store *store, const char *id, struct json_object **out,
                          dbw_error *error) DBW_MUST_CHECK;

/** The report, as far as the job came. The same errors. */
dbw_status dbw_job_report(dbw_store *store, const char *id, struct json_object **out,
                          dbw_error *error) DBW_MUST_CHECK;

/** The error with which a job ended, as it was; clears `out` when there was none. */
dbw_status dbw_job_error(dbw_store *store, const char *id, dbw_error *out,
                         dbw_error *error) DBW_MUST_CHECK;

typedef enum dbw_job_action {
    DBW_JOB_PAUSE,
    DBW_JOB_RESUME,
    DBW_JOB_CANCEL,
    DBW_JOB_DISCARD
} dbw_job_action;

/** "pause" … */
const char *dbw_job_action_slug(dbw_job_action action);

/**
 * Asks for something. A queued job is paused or cancelled at once, a running one as soon as its
 * worker sees it; resume and discard put it into the queue. DBW_E_CONFLICT "unable to pause job
 * 'x': it is done" where the status forbids it; DBW_E_NOT_FOUND. Asking twice is no error while
 * the first request stands.
 */
dbw_status dbw_job_ask(dbw_store *store, const char *id, dbw_job_action action,
                       dbw_error *error) DBW_MUST_CHECK;

/** Waits until the job has ended (`*out`) or, with `version` >= 0, has a version above it.
 *  DBW_E_TIMEOUT at the deadline, with `*out` filled; DBW_E_NOT_FOUND. */
dbw_status dbw_job_wait(dbw_store *store, const char *id, int64_t version, dbw_deadline deadline,
                        dbw_job_state *out, dbw_error *error) DBW_MUST_CHECK;

/** Workers with a live heartbeat whose process, where that can be seen, is alive. */
dbw_status dbw_job_workers(dbw_store *store, int64_t *count, dbw_error *error) DBW_MUST_CHECK;

/** Removes ended jobs that finished more than `days` ago, save those that can still be resumed or
 *  discarded, which stay. */
dbw_status dbw_job_purge(dbw_store *store, int days, dbw_error *error) DBW_MUST_CHECK;

#endif
