/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_JOB_LEASE_H
#define DBW_JOB_LEASE_H
/*
 * What the process that runs a job does with its row. A claim is a lease: it must be renewed
 * before it expires, else the job is somebody else's. All writes check that the lease is still
 * held and answer DBW_E_INTERRUPTED when it is not; the work must then stop at once.
 *
 * The worker's row carries host, boot id, process id and the process's start time, so that on the
 * same machine a dead process is recognised at once rather than when its lease expires.
 */
#include "job/store.h"

enum { DBW_LEASE_SECONDS = 60 };

/** One process that runs jobs. */
typedef struct dbw_worker_id {
    char id[DBW_JOB_ID]; /* random */
} dbw_worker_id;

/** Registers this process as one that runs jobs. `command`: it serves itself only. */
dbw_status dbw_lease_register(dbw_store *store, bool command, dbw_worker_id *out,
                              dbw_error *error) DBW_MUST_CHECK;

/** Says that the process lives. */
dbw_status dbw_lease_heartbeat(dbw_store *store, const dbw_worker_id *worker,
                               dbw_error *error) DBW_MUST_CHECK;

/** Takes the registration back. */
dbw_status dbw_lease_unregister(dbw_store *store, const dbw_worker_id *worker,
                                dbw_error *error) DBW_MUST_CHECK;

typedef enum dbw_job_work { DBW_WORK_RUN, DBW_WORK_RESUME, DBW_WORK_DISCARD } dbw_job_work;

/** A job in hand. Strings live in the arena it was claimed with. */
typedef struct dbw_claim {
    char job[DBW_JOB_ID];
    char worker[DBW_JOB_ID];
    int attempt; /* counts claims; part of what identifies the lease */
    dbw_job_work work;
    const char *kind;
    const char *source_url; /* with its secret */
    const char *target_url; /* or NULL */
    struct json_object *options;
    const char *app; /* or NULL */
} dbw_claim;

/** Claims the oldest queued job; `*out` is NULL when there is none. Free with
 *  dbw_claim_free() before its arena. */
dbw_status dbw_lease_claim(dbw_store *store, const dbw_worker_id *worker, dbw_arena *arena,
                           dbw_claim **out, dbw_error *error) DBW_MUST_CHECK;

/** Makes a job and claims it in one transaction, so that no worker takes it. */
dbw_status dbw_lease_create(dbw_store *store, const dbw_worker_id *worker,
                            const dbw_job_request *request, dbw_arena *arena, dbw_claim **out,
                            dbw_error *error) DBW_MUST_CHECK;

/** Resumes or discards a job in this process. DBW_E_CONFLICT as dbw_job_ask(). */
dbw_status dbw_lease_take(dbw_store *store, const dbw_worker_id *worker, const char *id,
                          dbw_job_action action, dbw_arena *arena, dbw_claim **out,
                          dbw_error *error) DBW_MUST_CHECK;

void dbw_claim_free(dbw_claim *claim);

typedef enum dbw_request { DBW_REQUEST_NONE, DBW_REQUEST_PAUSE, DBW_REQUEST_CANCEL } dbw_request;

/** Renews the lease and reads what was asked for meanwhile. */
dbw_status dbw_lease_renew(dbw_store *store, const dbw_claim *claim, dbw_request *requested,
                           dbw_error *error) DBW_MUST_CHECK;

/** Progress of a job as its row keeps it. */
typedef struct dbw_job_progress {
    const char *phase;          /* or NULL */
    struct json_object *phases; /* borrowed; NULL: unchanged */
    struct json_object *tables; /* borrowed; NULL: unchanged */
    int64_t rows_done, rows_total;
    int64_t bytes_done, bytes_total;
    double rate;         /* rows per second of the present phase */
    int64_t eta_seconds; /* -1: unknown */
} dbw_job_progress;

/** Writes progress, renews the lease, reads what was asked for: one short transaction. */
dbw_status dbw_lease_progress(dbw_store *store, const dbw_claim *claim,
                              const dbw_job_progress *progress, dbw_request *requested,
                              dbw_error *error) DBW_MUST_CHECK;

/** Adds an event ("info", "warning", "error"); at most 1,000 per job are kept, the first ones. */
dbw_status dbw_lease_event(dbw_store *store, const dbw_claim *claim, const char *level,
                           const char *text, dbw_error *error) DBW_MUST_CHECK;

/** How a job ended. */
typedef struct dbw_job_end {
    dbw_job_status status;      /* DONE FAILED PAUSED CANCELLED INTERRUPTED, or QUEUED: again */
    struct json_object *result; /* borrowed, or NULL */
    struct json_object *report; /* borrowed, or NULL */
    const dbw_error *failure;   /* or NULL */
    const char *verdict;        /* or NULL */
    bool resumable;             /* can be resumed or discarded */
    bool discarded;
} dbw_job_end;

/** Ends the claim. A job ended as QUEUED is resumed by the next worker. */
dbw_status dbw_lease_end(dbw_store *store, const dbw_claim *claim, const dbw_job_end *end,
                         dbw_error *error) DBW_MUST_CHECK;

/**
 * Turns running jobs whose lease expired, or whose process on this machine is dead, into
 * interrupted ones, and forgets dead workers. Returns how many jobs. Workers call it at their
 * start and once in a while; nothing is resumed by itself after a crash.
 */
dbw_status dbw_lease_recover(dbw_store *store, int64_t *interrupted,
                             dbw_error *error) DBW_MUST_CHECK;

/** The same, where a look tells that there is something to do: for whoever shows jobs. */
dbw_status dbw_lease_notice(dbw_store *store, dbw_error *error) DBW_MUST_CHECK;

#endif
