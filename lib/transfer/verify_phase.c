/* SPDX-License-Identifier: Apache-2.0 */
/* The target is read back and compared with what was read from the source while copying. */
#include "transfer/sample.h"
#include "transfer/summing.h"

#include <inttypes.h>

static void settle(dbw_run_table *table, const dbw_sum_task *task)
{
    table->compared = true;
    table->target_rows = task->rows;
    if (task->count_only) {
        table->equal =
            table->skip ? task->rows >= table->copied.rows : task->rows == table->copied.rows;
        return;
    }
    table->equal = dbw_packed_equal(&table->copied, &task->sum);
    dbw_hash_text(task->sum.total, table->target_sum);
}

/* Pieces of both sides against each other, and the count of the rest. */
static void settle_sampled(dbw_run_table *table, const dbw_sum_task *source,
                           const dbw_sum_task *target)
{
    table->compared = true;
    table->sampled_rows = target->sum.rows;
    table->target_rows = target->rows;
    table->equal =
        dbw_packed_equal(&source->sum, &target->sum) && target->rows == table->copied.rows;
}

/* The error says how many tables differ, and the first difference that was found. */
static dbw_status differs(dbw_run *run, size_t tables, const char *first, dbw_error *error)
{
    dbw_fail(error, DBW_E_DIFFERS,
             "the target differs from the source in %zu table%s, the first is '%s'", tables,
             tables == 1 ? "" : "s", first);
    if (run->difference_count > 0) {
        const dbw_difference *d = &run->differences[0];
        if (d->kind == DBW_DIFFERENCE_VALUE)
            dbw_hint(error, "Row %s, column %s: %s in the source, %s in the target.", d->key,
                     d->column, d->source, d->target);
        else
            dbw_hint(error, "Row %s is in the %s only.", d->key,
                     d->kind == DBW_DIFFERENCE_MISSING ? "source" : "target");
    }
    return dbw_error_object(error, "%s", first);
}

static dbw_status compare(dbw_run *run, dbw_sum_task *tasks, size_t count, dbw_error *error)
{
    const char *first = NULL;
    size_t unequal = 0;
    dbw_status status = DBW_OK;
    for (size_t i = 0; i < count; i++) {
        dbw_run_table *table = tasks[i].table;
        const dbw_packed_sum *copied = &table->copied;
        if (tasks[i].of_source) /* the target's stands before it */
            continue;
        if (table->sample_count) {
            settle_sampled(table, &tasks[i + 1], &tasks[i]);
            copied = &tasks[i + 1].sum;
        } else {
            settle(table, &tasks[i]);
        }
        if (table->equal)
            continue;
        unequal++;
        first = first ? first : table->name;
        if (!tasks[i].count_only && status == DBW_OK && run->difference_count < DBW_DIFFERENCES)
            status = dbw_summing_differences(run, table, copied, &tasks[i].sum,
                                             DBW_DIFFERENCES - run->difference_count, error);
    }
    for (size_t i = 0; i < count; i++)
        dbw_packed_free(&tasks[i].sum);
    DBW_TRY(status);
    return unequal ? differs(run, unequal, first, error) : DBW_OK;
}

static dbw_status compare_computed(dbw_run *run, dbw_error *error)
{
    const char *first = NULL;
    size_t unequal;
    DBW_TRY(dbw_computed_compare(run, &unequal, &first, error));
    if (unequal == 0)
        return DBW_OK;
    for (size_t i = 0; i < run->table_count; i++)
        if (strcmp(run->tables[i].name, first) == 0)
            run->tables[i].equal = false;
    (void)!differs(run, unequal, first, error);
    char found[sizeof error->hint];
    snprintf(found, sizeof found, "%s", error->hint);
    dbw_hint(error,
             "%s A generated column comes to another value in the target: discard the run and keep "
             "the source's values with transforms TABLE.COLUMN:generated=values.",
             found);
    return error->code;
}

dbw_status dbw_run_verify(dbw_run *run, dbw_error *error)
{
    bool counting = strcmp(run->options->verify, "counts") == 0;
    size_t count = 0;
    if (strcmp(run->options->verify, "none") == 0 || run->options->schema_only)
        return DBW_OK;
    dbw_run_phase(run, DBW_PHASE_VERIFY);
    dbw_sum_task *tasks = DBW_NEW_ARRAY(run->arena, 2 * run->table_count + 1, dbw_sum_task);
    for (size_t i = 0; i < run->table_count; i++) {
        dbw_run_table *table = &run->tables[i];
        /* Rows that were kept back were compared as they went in. */
        tasks[count++] = (dbw_sum_task){.table = table, .count_only = counting || table->skip};
        if (!counting && !dbw_ledger_count(run->ledger, DBW_LEDGER_VALUE))
            DBW_TRY(dbw_sample_choose(run, table, error));
        if (table->sample_count)
            tasks[count++] = (dbw_sum_task){.table = table, .of_source = true};
    }
    DBW_TRY(dbw_summing_run(run, tasks, count, error));
    DBW_TRY(compare(run, tasks, count, error));
    return counting ? DBW_OK : compare_computed(run, error);
}
