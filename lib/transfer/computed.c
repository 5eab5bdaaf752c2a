/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Generated columns are not copied, the target computes them by an expression in its own words:
 * whether it comes to the same values is only known by reading both. Each table that has some is
 * compared once more, as one of its key and these columns.
 */
#include "transfer/summing.h"

static const dbw_plan_table *computed_plan(dbw_arena *arena, const dbw_plan_table *from)
{
    dbw_plan_table *plan = DBW_NEW(arena, dbw_plan_table);
    *plan = *from;
    plan->columns = DBW_NEW_ARRAY(arena, from->key_count + from->computed_count, dbw_plan_column);
    plan->key = DBW_NEW_ARRAY(arena, from->key_count + 1, size_t);
    plan->column_count = 0;
    for (size_t i = 0; i < from->key_count; i++) {
        plan->key[i] = plan->column_count;
        plan->columns[plan->column_count++] = from->columns[from->key[i]];
    }
    for (size_t i = 0; i < from->computed_count; i++)
        plan->columns[plan->column_count++] = from->computed[i];
    return plan;
}

static size_t make_tasks(dbw_run *run, dbw_run_table *tables, dbw_sum_task *tasks)
{
    size_t count = 0;
    for (size_t i = 0; i < run->table_count; i++) {
        const dbw_run_table *from = &run->tables[i];
        if (from->plan->computed_count == 0)
            continue;
        dbw_run_table *table = &tables[count];
        table->plan = computed_plan(run->arena, from->plan);
        table->name = from->name;
        table->skip = from->skip;
        table->rejected = from->rejected;
        dbw_run_table_arrays(run->arena, table);
        tasks[2 * count] = (dbw_sum_task){.table = table, .of_source = true};
        tasks[2 * count + 1] = (dbw_sum_task){.table = table};
        count++;
    }
    return count;
}

/* Rows that were left out or kept back make the sums differ, and are no difference here: what
 * remains of the differences is. */
static dbw_status settle(dbw_run *run, dbw_sum_task *pair, bool *equal, dbw_error *error)
{
    const dbw_run_table *table = pair[0].table;
    size_t before = run->difference_count;
    *equal = dbw_packed_equal(&pair[0].sum, &pair[1].sum);
    if (*equal || run->difference_count >= DBW_DIFFERENCES)
        return DBW_OK;
    DBW_TRY(dbw_summing_differences(run, table, &pair[0].sum, &pair[1].sum,
                                    DBW_DIFFERENCES - run->difference_count, error));
    *equal = (table->rejected > 0 || table->skip) && run->difference_count == before;
    return DBW_OK;
}

dbw_status dbw_computed_compare(dbw_run *run, size_t *unequal, const char **first, dbw_error *error)
{
    dbw_run_table *tables = DBW_NEW_ARRAY(run->arena, run->table_count + 1, dbw_run_table);
    dbw_sum_task *tasks = DBW_NEW_ARRAY(run->arena, 2 * run->table_count + 1, dbw_sum_task);
    size_t count = make_tasks(run, tables, tasks);
    *unequal = 0;
    if (count == 0)
        return DBW_OK;
    DBW_TRY(dbw_summing_run(run, tasks, 2 * count, error));
    dbw_status status = DBW_OK;
    for (size_t i = 0; i < count; i++) {
        bool equal = true;
        if (status == DBW_OK)
            status = settle(run, &tasks[2 * i], &equal, error);
        if (!equal && (*unequal)++ == 0)
            *first = tables[i].name;
        dbw_packed_free(&tasks[2 * i].sum);
        dbw_packed_free(&tasks[2 * i + 1].sum);
    }
    return status;
}
