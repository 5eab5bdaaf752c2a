/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked for: wishes that contradict each other, or that this plan cannot fulfil. */
#include "transfer/transfer_priv.h"

/* Rows can be told to be there only by a key that the target knows as well. */
static bool unique_in_target(const dbw_plan_table *plan)
{
    const dbw_table *target = plan->target;
    dbw_names key = {.items = calloc(plan->key_count + 1, sizeof(const char *)),
                     .count = plan->key_count};
    bool found = false;
    for (size_t i = 0; key.items && i < key.count; i++)
        key.items[i] = target->columns[plan->columns[plan->key[i]].target].name;
    if (key.items && key.count > 0) {
        found = target->primary_key && dbw_names_same_set(&target->primary_key->columns, &key);
        for (size_t i = 0; !found && i < target->unique_count; i++)
            found = dbw_names_same_set(&target->uniques[i].columns, &key);
        for (size_t i = 0; !found && i < target->index_count; i++) {
            const dbw_index *index = &target->indexes[i];
            bool alike = index->unique && !index->where && index->item_count == key.count;
            for (size_t n = 0; alike && n < index->item_count; n++)
                alike = index->items[n].column && strcmp(index->items[n].column, key.items[n]) == 0;
            found = alike;
        }
    }
    free(key.items);
    return found;
}

dbw_status dbw_wishes_check_plan(dbw_run *run, dbw_error *error)
{
    bool skipping = strcmp(run->options->on_conflict, "skip") == 0;
    bool rejecting = strcmp(run->options->on_bad_row, "reject") == 0;
    for (size_t i = 0; skipping && i < run->plan->table_count; i++) {
        const dbw_plan_table *plan = &run->plan->tables[i];
        if (plan->action != DBW_PLAN_FILL || unique_in_target(plan))
            continue;
        dbw_fail(error, DBW_E_REFUSED,
                 "unable to skip rows of table '%s' that are there: no unique key of the target "
                 "tells which they are",
                 plan->target->name);
        dbw_hint(error, "Leave the table out (exclude), or give it a primary key.");
        return dbw_error_object(error, "%s", plan->target->name);
    }
    if (rejecting && !run->request->folder)
        return dbw_fail(error, DBW_E_REFUSED,
                        "unable to reject rows: there is no folder to write them to");
    for (size_t i = 0; !skipping && !run->options->clear && i < run->plan->table_count; i++) {
        const dbw_plan_table *plan = &run->plan->tables[i];
        if (plan->action == DBW_PLAN_FILL && plan->target_rows > 0 && !run->request->folder)
            return dbw_fail(error, DBW_E_REFUSED,
                            "unable to replace the rows of table '%s': there is no folder to save "
                            "them to",
                            plan->target->name);
    }
    return DBW_OK;
}

static dbw_status contradict(dbw_error *error, const char *one, const char *other, const char *hint)
{
    dbw_fail(error, DBW_E_INVALID, "unable to do both: %s and %s", one, other);
    dbw_hint(error, "%s", hint);
    return dbw_error_object(error, "%s", one);
}

/* Options that contradict each other, and a target that would be gone with the run. */
dbw_status dbw_wishes_check(const dbw_run *run, dbw_error *error)
{
    const dbw_transfer_options *options = run->options;
    const char *name = run->request->target->database;
    if (options->schema_only && options->data_only)
        return contradict(error, "schema_only", "data_only", "Leave both out to copy everything.");
    if (options->schema_only && strcmp(options->schema_mode, "existing") == 0)
        return contradict(error, "schema_only", "schema_mode=existing",
                          "The tables are there already: leave schema_only out to fill them.");
    if (options->schema_only && dbw_revisions_wanted(run))
        return contradict(error, "schema_only", "schema_mode=revisions",
                          "Run the revisions alone, or leave schema_only out.");
    if (options->schema_only && options->clear)
        return contradict(error, "schema_only", "clear", "Nothing would be put in their place.");
    if (options->dry_run || dbw_run_needs_host(run->target->backend) ||
        (name && name[0] && strcmp(name, ":memory:") != 0))
        return DBW_OK;
    dbw_fail(error, DBW_E_REFUSED,
             "unable to write to a database in memory: it would be gone at the end");
    return dbw_hint(error, "Name a file: sqlite:////srv/app.db (four slashes) is absolute.");
}
