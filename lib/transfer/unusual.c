/* SPDX-License-Identifier: Apache-2.0 */
/* Values that the target keeps, but not as what they are: told beforehand. */
#include "transfer/plan_priv.h"

static bool is_number(dbw_intent intent)
{
    return intent == DBW_INTENT_FLOAT32 || intent == DBW_INTENT_FLOAT64 ||
           intent == DBW_INTENT_DECIMAL;
}

static bool is_dated(dbw_intent intent)
{
    return intent == DBW_INTENT_DATE || intent == DBW_INTENT_TIMESTAMP ||
           intent == DBW_INTENT_TIMESTAMPTZ;
}

static void find(dbw_planner *planner, const dbw_work *work, const char *column, const char *code,
                 int64_t count, const char *what, const char *note)
{
    dbw_plan_find(planner, DBW_SEVERITY_WARNING, code, work->source->name, column, count,
                  "%lld %s of %s.%s %s %s: %s", (long long)count, count == 1 ? "value" : "values",
                  work->source->name, column, count == 1 ? "is" : "are", what, note);
}

void dbw_plan_unusual(dbw_planner *planner)
{
    const dbw_dialect *dialect = planner->to->dialect;
    for (size_t i = 0; i < planner->work_count; i++) {
        const dbw_work *work = &planner->works[i];
        for (size_t k = 0; !work->skip && work->planned && k < work->planned->column_count; k++) {
            const dbw_plan_column *column = &work->planned->columns[k];
            const char *name = work->source->columns[column->source].name;
            const dbw_profile_column *p = &work->profile.profiles[dbw_work_column(work, name)];
            if (dialect->nan_note && is_number(column->intent) && p->nans)
                find(planner, work, name, "nan", p->nans, "no number", dialect->nan_note);
            if (dialect->far_date_note && is_dated(column->intent) && p->far_dates)
                find(planner, work, name, "far-date", p->far_dates,
                     "infinity or outside of the years 1 to 9999", dialect->far_date_note);
        }
    }
}
