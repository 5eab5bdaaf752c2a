/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_SUMMING_H
#define DBW_TRANSFER_SUMMING_H
/* Summing many tables on the run's connections at the same time, the largest first. */
#include "transfer/transfer_priv.h"

typedef struct dbw_sum_task {
    dbw_run_table *table;
    bool of_source;
    bool count_only;
    int64_t rows;       /* all of them, also where pieces were summed */
    dbw_packed_sum sum; /* empty when only counted; freed by the caller */
} dbw_sum_task;

/** Does all tasks; the observer hears of it. Sums are freed on failure. */
dbw_status dbw_summing_run(dbw_run *run, dbw_sum_task *tasks, size_t count,
                           dbw_error *error) DBW_MUST_CHECK;

/** What differs in one table, at most `limit`; alterations that are in the ledger and rows that
 *  were rejected are left out. */
dbw_status dbw_summing_differences(dbw_run *run, const dbw_run_table *table,
                                   const dbw_packed_sum *source, const dbw_packed_sum *target,
                                   size_t limit, dbw_error *error) DBW_MUST_CHECK;

/**
 * computed.c: reads and compares the columns that the target makes itself, on both sides; what
 * differs is added to the run's differences. `*unequal` counts the tables, `*first` names one.
 */
dbw_status dbw_computed_compare(dbw_run *run, size_t *unequal, const char **first,
                                dbw_error *error) DBW_MUST_CHECK;

#endif
