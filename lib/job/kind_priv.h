/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_JOB_KIND_PRIV_H
#define DBW_JOB_KIND_PRIV_H
/* Shared by the kinds that are transfers. */
#include "job/kind.h"

/** The transfer's request of a job; options are read from the claim. */
dbw_status dbw_kind_request(const dbw_job_context *context, dbw_transfer_options *options,
                            dbw_transfer_request *out, dbw_error *error) DBW_MUST_CHECK;

#endif
