/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at what a transfer would do, as a job: reading a large source takes its time. */
#include "job/kind_priv.h"

static const char *const phases[] = {"plan", "preflight", NULL};

static dbw_status run(const dbw_job_context *context, dbw_job_outcome *outcome, dbw_error *error)
{
    dbw_transfer_options options;
    dbw_transfer_request request;
    DBW_TRY(dbw_kind_request(context, &options, &request, error));
    return dbw_transfer_preview(&request, context->observer, &outcome->result, error);
}

const dbw_job_kind dbw_kind_preview = {
    .name = "preview", .resumable = false, .phases = phases, .run = run};
