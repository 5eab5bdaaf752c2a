/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing two databases as they are: the plan of filling the one from the other says which
 * columns belong together and how each side spells its values; both are summed. */
#include "base/clock.h"
#include "transfer/sample.h"
#include "transfer/summing.h"
#include "transfer/valuejson.h"

#include <inttypes.h>
#include <json-c/json.h>

static void put_sum(struct json_object *object, const char *name, dbw_hash total)
{
    char text[DBW_SUM_TEXT];
    dbw_hash_text(total, text);
    json_object_object_add(object, name, json_object_new_string(text));
}

static struct json_object *pair_json(const dbw_run_table *table, const dbw_sum_task *pair,
                                     bool equal)
{
    struct json_object *object = json_object_new_object();
    json_object_object_add(object, "source", json_object_new_string(table->plan->source->name));
    json_object_object_add(object, "target", json_object_new_string(table->plan->target->name));
    json_object_object_add(object, "source_rows", json_object_new_int64(pair[0].rows));
    json_object_object_add(object, "target_rows", json_object_new_int64(pair[1].rows));
    if (table->sample_count)
        json_object_object_add(object, "sampled_rows", json_object_new_int64(pair[0].sum.rows));
    put_sum(object, "source_sum", pair[0].sum.total);
    put_sum(object, "target_sum", pair[1].sum.total);
    json_object_object_add(object, "equal", json_object_new_boolean(equal));
    return object;
}

static dbw_status report_pairs(dbw_run *run, dbw_sum_task *tasks, struct json_object *tables,
                               bool *all_equal, dbw_error *error)
{
    dbw_status status = DBW_OK;
    for (size_t i = 0; i < run->table_count; i++) {
        dbw_sum_task *pair = &tasks[2 * i];
        bool equal = dbw_packed_equal(&pair[0].sum, &pair[1].sum) && pair[0].rows == pair[1].rows;
        if (!equal && status == DBW_OK && run->difference_count < DBW_DIFFERENCES)
            status = dbw_summing_differences(run, &run->tables[i], &pair[0].sum, &pair[1].sum,
                                             DBW_DIFFERENCES - run->difference_count, error);
        json_object_array_add(tables, pair_json(&run->tables[i], pair, equal));
        *all_equal = *all_equal && equal;
        dbw_packed_free(&pair[0].sum);
        dbw_packed_free(&pair[1].sum);
    }
    return status;
}

/* A table of the source that has no partner is a difference where it has rows; one that was left
 * out as asked, or by its kind, is not compared. */
static bool list_unpaired(const dbw_run *run, struct json_object *tables)
{
    bool all = true;
    for (size_t i = 0; i < run->plan->table_count; i++) {
        const dbw_plan_table *plan = &run->plan->tables[i];
        if (plan->action == DBW_PLAN_FILL)
            continue;
        struct json_object *object = json_object_new_object();
        json_object_object_add(object, "source", json_object_new_string(plan->source->name));
        json_object_object_add(object, "target", NULL);
        json_object_object_add(object, "source_rows", json_object_new_int64(plan->rows));
        json_object_object_add(object, "reason",
                               plan->reason ? json_object_new_string(plan->reason) : NULL);
        json_object_object_add(object, "equal",
                               plan->missing ? json_object_new_boolean(false) : NULL);
        json_object_array_add(tables, object);
        all = all && !plan->missing;
    }
    return all;
}

/* A column with values that the target's table does not have. */
static bool note_missing_columns(dbw_run *run)
{
    bool none = true;
    for (size_t i = 0; i < run->plan->finding_count; i++) {
        const dbw_finding *finding = &run->plan->findings[i];
        if (strcmp(finding->code, "extra-column") != 0 || finding->severity != DBW_SEVERITY_ERROR)
            continue;
        none = false;
        *DBW_APPEND(run->arena, run->differences, run->difference_count) = (dbw_difference){
            .kind = DBW_DIFFERENCE_MISSING,
            .table = finding->table,
            .column = finding->column,
            .source = dbw_arena_printf(run->arena, "%" PRId64 " values", finding->count),
        };
    }
    return none;
}

static bool is_paired(const dbw_plan *plan, const dbw_table *target, const dbw_plan_table **pair)
{
    for (size_t i = 0; i < plan->table_count; i++) {
        *pair = &plan->tables[i];
        if ((*pair)->action == DBW_PLAN_FILL && (*pair)->target == target)
            return true;
    }
    return false;
}

static bool is_compared(const dbw_plan_table *pair, size_t column)
{
    for (size_t i = 0; i < pair->column_count; i++)
        if (pair->columns[i].target == column)
            return true;
    for (size_t i = 0; i < pair->computed_count; i++)
        if (pair->computed[i].target == column)
            return true;
    return false;
}

/* What the target has beyond the source is no difference, and is said. */
static void list_beyond(const dbw_run *run, struct json_object *report)
{
    const dbw_schema *target = run->plan->target_before;
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; i < target->table_count; i++) {
        const dbw_table *table = &target->tables[i];
        const dbw_plan_table *pair;
        if (!is_paired(run->plan, table, &pair)) {
            json_object_array_add(list, json_object_new_string(table->name));
            continue;
        }
        for (size_t c = 0; c < table->column_count; c++)
            if (!is_compared(pair, c))
                json_object_array_add(
                    list, json_object_new_string(dbw_arena_printf(run->arena, "%s.%s", table->name,
                                                                  table->columns[c].name)));
    }
    json_object_object_add(report, "only_in_target", list);
}

/* Columns that the target does not have and that are empty: no value is missing, and it is said. */
static void list_empty(const dbw_run *run, struct json_object *report)
{
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; i < run->plan->finding_count; i++) {
        const dbw_finding *finding = &run->plan->findings[i];
        if (strcmp(finding->code, "extra-column") == 0 && finding->severity == DBW_SEVERITY_INFO)
            json_object_array_add(list, json_object_new_string(dbw_arena_printf(
                                            run->arena, "%s.%s", finding->table, finding->column)));
    }
    json_object_object_add(report, "only_in_source", list);
}

static dbw_status compare(dbw_run *run, struct json_object *report, dbw_error *error)
{
    struct json_object *tables = json_object_new_array();
    bool equal = true;
    const char *first;
    size_t unequal;
    json_object_object_add(report, "tables", tables);
    DBW_TRY(dbw_run_plan(run, error));
    DBW_TRY(dbw_run_pairs(run, error));
    DBW_TRY(dbw_run_open_lanes(run, false, error));
    dbw_run_phase(run, DBW_PHASE_VERIFY);
    dbw_sum_task *tasks = DBW_NEW_ARRAY(run->arena, 2 * run->table_count + 1, dbw_sum_task);
    for (size_t i = 0; i < run->table_count; i++) {
        DBW_TRY(dbw_sample_choose(run, &run->tables[i], error));
        tasks[2 * i] = (dbw_sum_task){.table = &run->tables[i], .of_source = true};
        tasks[2 * i + 1] = (dbw_sum_task){.table = &run->tables[i]};
    }
    DBW_TRY(dbw_summing_run(run, tasks, 2 * run->table_count, error));
    DBW_TRY(report_pairs(run, tasks, tables, &equal, error));
    DBW_TRY(dbw_computed_compare(run, &unequal, &first, error));
    equal = list_unpaired(run, tables) && note_missing_columns(run) && equal && unequal == 0;
    list_beyond(run, report);
    list_empty(run, report);
    json_object_object_add(report, "compared", json_object_new_string(run->options->verify));
    json_object_object_add(report, "equal", json_object_new_boolean(equal));
    json_object_object_add(report, "verdict", json_object_new_string(equal ? "equal" : "differs"));
    json_object_object_add(report, "differences", dbw_report_differences(run));
    json_object_object_add(report, "seconds",
                           dbw_json_seconds((double)(dbw_clock_monotonic() - run->started) / 1e6));
    return DBW_OK;
}

dbw_status dbw_transfer_verify(const dbw_transfer_request *request,
                               const dbw_transfer_observer *observer, struct json_object **report,
                               dbw_error *error)
{
    dbw_run run;
    dbw_transfer_options options = *request->options;
    dbw_transfer_request own = *request;
    *report = NULL;
    options.dry_run = true;
    options.schema_mode = "existing";
    options.on_conflict = "skip";
    own.options = &options;
    own.resume = false;
    struct json_object *object = json_object_new_object();
    json_object_object_add(object, "format", json_object_new_int(1));
    json_object_object_add(object, "job", request->id ? json_object_new_string(request->id) : NULL);
    dbw_status status = dbw_run_init(&run, &own, observer, error);
    run.comparing = true;
    if (status == DBW_OK)
        status = compare(&run, object, error);
    dbw_run_free(&run);
    if (status == DBW_OK)
        *report = object;
    else
        json_object_put(object);
    return status;
}
