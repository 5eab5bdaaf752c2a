/* SPDX-License-Identifier: Apache-2.0 */
#include "job/kind.h"

const dbw_job_kind *const dbw_job_kinds[] = {
#define DBW_JOB_KIND(symbol) &dbw_kind_##symbol,
#include "job/kinds.def"
#undef DBW_JOB_KIND
    NULL};

const dbw_job_kind *dbw_job_kind_find(const dbw_job_kind *const *kinds, const char *name)
{
    for (; *kinds; kinds++)
        if (strcmp((*kinds)->name, name) == 0)
            return *kinds;
    return NULL;
}
