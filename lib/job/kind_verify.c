/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing two databases as a job. The report is the answer, with the job's id in it. */
#include "job/kind_priv.h"

#include <json-c/json.h>

static const char *const phases[] = {"plan", "preflight", "verify", "report", NULL};

static dbw_status run(const dbw_job_context *context, dbw_job_outcome *outcome, dbw_error *error)
{
    dbw_transfer_options options;
    dbw_transfer_request request;
    DBW_TRY(dbw_kind_request(context, &options, &request, error));
    dbw_status status = dbw_transfer_verify(&request, context->observer, &outcome->report, error);
    if (outcome->report) {
        json_object_object_add(outcome->report, "job", json_object_new_string(context->claim->job));
        outcome->result = json_object_get(outcome->report);
    }
    outcome->keep = status == DBW_E_PAUSED;
    return status;
}

const dbw_job_kind dbw_kind_verify = {
    .name = "verify", .resumable = false, .phases = phases, .run = run};
