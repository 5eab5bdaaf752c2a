/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TEST_PLAN_H
#define DBW_TEST_PLAN_H
/*
 * Plans between a real SQLite file, made from SQL, and a real PostgreSQL database. A test's main
 * begins with dbw_test_need_servers(argc, argv, "postgresql").
 */
#include "../test.h"

#include "../servers.h"

#include "engine/engine.h"
#include "transfer/plan.h"

/** One source, one target, and the plan between them. */
typedef struct plan_test {
    dbw_arena *arena;
    dbw_error error;
    char path[256];
    dbw_snapshot *snapshot;
    dbw_database *target;
    const char *target_url;
    dbw_transfer_options options;
    dbw_plan *plan;
    size_t readers;
    dbw_plan_progress progress;
} plan_test;

/** A source made of that SQL, and an empty target of the test's name. */
plan_test *plan_test_new(const char *name, const char *source_sql);

void plan_test_set(plan_test *t, const char *option, const char *value);

/** Makes the plan; its status is returned, the error is in t->error. */
dbw_status plan_test_make(plan_test *t);

void plan_test_free(plan_test *t);

const dbw_plan_table *plan_test_table(const plan_test *t, const char *name);

const dbw_plan_column *plan_test_column(const plan_test *t, const char *table, const char *column);

/** The type that a column gets. */
const char *plan_test_type(const plan_test *t, const char *table, const char *column);

/** The finding with that code for that table and column ("T.C", "T"), or NULL. */
const dbw_finding *plan_test_finding(const plan_test *t, const char *code, const char *where);

const dbw_plan_change *plan_test_change(const plan_test *t, const char *table, const char *column);

/** Everything that was found, for a failing test's message. */
const char *plan_test_findings(const plan_test *t);

/** Runs the statements that make the plan's tables on the target: they must all be good SQL. */
void plan_test_apply(plan_test *t);

#endif
