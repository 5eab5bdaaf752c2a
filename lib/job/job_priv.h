/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_JOB_JOB_PRIV_H
#define DBW_JOB_JOB_PRIV_H
/* Shared within lib/job. */
#include "job/lease.h"
#include "job/wake.h"

/* --- json.c: rows and errors as JSON ---------------------------------------------------------- */

/** A number with three decimals: seconds, rates. */
struct json_object *dbw_job_json_number(double number);

/** Text, integer, double, or null. */
struct json_object *dbw_job_json_value(const dbw_value *value);

/** ISO 8601 of a time, or null. */
struct json_object *dbw_job_json_time(const dbw_value *value);

/** Parses text that we stored as JSON; `otherwise` (owned) when it is null or damaged. */
struct json_object *dbw_job_json_parse(const dbw_value *value, struct json_object *otherwise);

/** {code, message, hint, object, sqlstate, statement}, redacted. */
struct json_object *dbw_job_json_error(dbw_arena *arena, const dbw_error *error);

/** The error of such an object; cleared for null. */
void dbw_job_error_read(struct json_object *object, dbw_error *out);

/** A member's text, or NULL. */
const char *dbw_job_json_text(struct json_object *object, const char *name);

/** The object as text in the arena. */
const char *dbw_job_json_string(dbw_arena *arena, struct json_object *object);

/* --- store.c ---------------------------------------------------------------------------------- */

/** A new job: what is told of it in clear, and what is sealed. */
typedef struct dbw_job_new {
    dbw_store *store;
    dbw_arena *arena;
    const dbw_job_request *request;
    const char *source; /* redacted */
    const char *target; /* redacted, or NULL */
    const char *sealed;
    char id[DBW_JOB_ID];
    bool existing;
} dbw_job_new;

/** Checks the request and seals its secrets. */
dbw_status dbw_job_prepare(dbw_store *store, dbw_arena *arena, const dbw_job_request *request,
                           dbw_job_new *out, dbw_error *error) DBW_MUST_CHECK;

/** Inserts it, inside a transaction. */
dbw_status dbw_job_insert(dbw_database *database, dbw_job_new *job,
                          dbw_error *error) DBW_MUST_CHECK;

/** Whether a job with that status, remains and next work can be resumed. */
bool dbw_job_can_resume(dbw_text status, bool remains, dbw_text work);

/* --- ask.c ------------------------------------------------------------------------------------ */

/** One request on one job, as the body of a transaction; `changed` tells whether anything was. */
typedef struct dbw_job_asking {
    dbw_store *store;
    const char *id;
    dbw_job_action action;
    bool changed;
} dbw_job_asking;

dbw_status dbw_job_ask_body(dbw_database *database, void *asking, dbw_error *error) DBW_MUST_CHECK;

/* --- lease.c ---------------------------------------------------------------------------------- */

/** Reads what was asked for, without renewing; DBW_E_INTERRUPTED when the lease is lost. */
dbw_status dbw_lease_look(dbw_store *store, const dbw_claim *claim, dbw_request *requested,
                          dbw_error *error) DBW_MUST_CHECK;

/* --- process.c -------------------------------------------------------------------------------- */

/** What identifies a process across machines and reboots. */
typedef struct dbw_process {
    char host[256]; /* machine id and host name */
    char boot[64];  /* boot id and process namespace */
    int64_t pid;
    int64_t start; /* in clock ticks since boot */
} dbw_process;

/** This process. */
void dbw_process_self(dbw_process *out);

/** True when `other` ran on this machine and is certainly not alive any more. */
bool dbw_process_dead(const dbw_process *other, const dbw_process *self);

#endif
