/* SPDX-License-Identifier: Apache-2.0 */
#include "job/run.h"

#include "job/runner_priv.h"

#include <json-c/json.h>

struct running {
    const dbw_job_run_options *options;
    dbw_worker_id worker;
    dbw_arena *arena;
    dbw_claim *claim;
    dbw_job_ran *out;
};

static dbw_status execute(struct running *running, dbw_error *error)
{
    const dbw_job_run_options *options = running->options;
    dbw_runner runner = {.store = options->store,
                         .open_options = options->open_options,
                         .kinds = options->kinds,
                         .watch = options->watch};
    dbw_job_outcome outcome;
    dbw_error state_error;
    memcpy(running->out->id, running->claim->job, DBW_JOB_ID);
    dbw_status status = dbw_runner_execute(&runner, running->claim, &outcome, error);
    running->out->result = outcome.result;
    running->out->report = outcome.report;
    dbw_status known =
        dbw_job_state_get(options->store, running->claim->job, &running->out->state, &state_error);
    if (status == DBW_OK && known != DBW_OK) {
        *error = state_error;
        return known;
    }
    /* An end that could not be written down is found by whoever looks next; the run goes on then.
     */
    if (known != DBW_OK || !dbw_job_status_ended(running->out->state.status))
        running->out->state.resumable |= status != DBW_OK && outcome.keep;
    return status;
}

/* Registers, claims by one of the two ways, runs, signs off. */
static dbw_status run(const dbw_job_run_options *options, const dbw_job_request *request,
                      const char *id, dbw_job_action action, dbw_job_ran *out, dbw_error *error)
{
    struct running running = {.options = options, .out = out};
    char wanted[64] = "";
    dbw_error ignored;
    /* Copied: it may be the id in `*out`, of the run before. */
    if (id) {
        snprintf(wanted, sizeof wanted, "%s", id);
        id = wanted;
    }
    *out = (dbw_job_ran){0};
    DBW_TRY(dbw_lease_register(options->store, true, &running.worker, error));
    running.arena = dbw_arena_new();
    dbw_status status = request ? dbw_lease_create(options->store, &running.worker, request,
                                                   running.arena, &running.claim, error)
                                : dbw_lease_take(options->store, &running.worker, id, action,
                                                 running.arena, &running.claim, error);
    if (status == DBW_OK && running.claim)
        status = execute(&running, error);
    else if (status == DBW_OK && id)
        status = dbw_job_state_get(options->store, id, &out->state, error);
    if (status == DBW_OK && id && !running.claim)
        snprintf(out->id, sizeof out->id, "%.*s", DBW_JOB_ID - 1, id);
    dbw_claim_free(running.claim);
    dbw_arena_free(running.arena);
    if (dbw_lease_unregister(options->store, &running.worker, &ignored) != DBW_OK)
        return status; /* its row is forgotten when nobody has seen it for a while */
    return status;
}

dbw_status dbw_job_run(const dbw_job_run_options *options, const dbw_job_request *request,
                       dbw_job_ran *out, dbw_error *error)
{
    return run(options, request, NULL, DBW_JOB_RESUME, out, error);
}

dbw_status dbw_job_run_again(const dbw_job_run_options *options, const char *id,
                             dbw_job_action action, dbw_job_ran *out, dbw_error *error)
{
    return run(options, NULL, id, action, out, error);
}

void dbw_job_ran_free(dbw_job_ran *ran)
{
    json_object_put(ran->result);
    json_object_put(ran->report);
    ran->result = ran->report = NULL;
}
