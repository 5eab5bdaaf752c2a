/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_DECIDE_PRIV_H
#define DBW_TRANSFER_DECIDE_PRIV_H
/* Between the parts that decide the types of columns. */
#include "transfer/plan_priv.h"

/** The column becomes that, without measures, because of `note`. */
void dbw_decide_become(dbw_decision *out, dbw_intent intent, const char *note);

/** Numbers of any kind, none of them promised: the type that holds them exactly. */
void dbw_decide_by_numbers(const dbw_profile_column *p, dbw_decision *out, const char *note);

/** A column that is declared to hold dates or times. */
void dbw_decide_time(dbw_planner *planner, const dbw_work *work, size_t n, dbw_decision *out);

/** Columns that foreign keys join get one type. */
void dbw_decide_groups(dbw_planner *planner);

#endif
