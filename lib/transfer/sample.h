/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_SAMPLE_H
#define DBW_TRANSFER_SAMPLE_H
/* Comparing some pieces of large tables (verify=sample). */
#include "transfer/transfer_priv.h"

bool dbw_sample_wanted(const dbw_run *run);

/** Chooses the pieces of the table, where it is to be sampled: table->sample. */
dbw_status dbw_sample_choose(dbw_run *run, dbw_run_table *table, dbw_error *error) DBW_MUST_CHECK;

/** Tells the side of a comparison which pieces are read; all of it where there are none. */
void dbw_sample_sides(dbw_arena *arena, const dbw_run_table *table, dbw_verify_side *side,
                      bool of_source);

#endif
