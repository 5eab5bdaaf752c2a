/* SPDX-License-Identifier: Apache-2.0 */
/* What a transfer would do; nothing is written. */
#include "transfer/ddl.h"
#include "transfer/valuejson.h"

#include <json-c/json.h>

static dbw_status count_rows(dbw_database *source, dbw_arena *arena, const dbw_table *table,
                             int64_t *rows, dbw_error *error)
{
    dbw_value value;
    char *name = dbw_ddl_qualified(arena, dbw_database_engine(source), table->schema, table->name);
    DBW_TRY(dbw_fetch_value(source, arena, dbw_arena_printf(arena, "SELECT count(*) FROM %s", name),
                            NULL, 0, &value, error));
    *rows = value.kind == DBW_KIND_INT64 ? value.int64 : 0;
    return DBW_OK;
}

static void add_table(struct json_object *tables, const char *name, int64_t rows)
{
    struct json_object *one = json_object_new_object();
    json_object_object_add(one, "name", json_object_new_string(name));
    json_object_object_add(one, "row_count", json_object_new_int64(rows));
    json_object_array_add(tables, one);
}

static bool holds_rows(const dbw_table *table)
{
    return table->kind == DBW_TABLE_ORDINARY || table->kind == DBW_TABLE_PARTITIONED;
}

/* Without a target: tables and their rows. */
static dbw_status list_source(dbw_run *run, struct json_object *tables, int64_t *total,
                              dbw_error *error)
{
    dbw_open_options options = {0};
    dbw_schema *schema;
    if (run->request->open_options)
        options = *run->request->open_options;
    options.read_only = true;
    options.create = false;
    dbw_database *source;
    dbw_status opened = dbw_database_open(run->request->source, &options, &source, error);
    if (opened == DBW_E_NO_DATABASE)
        dbw_hint(error, "Check the name: a source has to be there.");
    if (opened != DBW_OK)
        return dbw_error_prefix(error, "unable to open the source");
    dbw_status status = dbw_database_catalog(source, run->arena, NULL, &schema, error);
    for (size_t i = 0; status == DBW_OK && i < schema->table_count; i++) {
        int64_t rows;
        if (!holds_rows(&schema->tables[i]))
            continue;
        status = count_rows(source, run->arena, &schema->tables[i], &rows, error);
        if (status != DBW_OK)
            break;
        add_table(tables, schema->tables[i].name, rows);
        *total += rows;
        status = dbw_run_poll(run, false, error);
    }
    dbw_database_close(source);
    return status;
}

static dbw_status list_plan(dbw_run *run, struct json_object *answer, struct json_object *tables,
                            int64_t *total, dbw_error *error)
{
    DBW_TRY(dbw_run_plan(run, error));
    for (size_t i = 0; i < run->plan->table_count; i++) {
        const dbw_plan_table *table = &run->plan->tables[i];
        if (table->action == DBW_PLAN_SKIP || !holds_rows(table->source))
            continue;
        add_table(tables, table->source->name, table->rows);
        *total += table->rows;
    }
    struct json_object *estimate = json_object_new_object();
    json_object_object_add(estimate, "rows", json_object_new_int64(run->plan->total_rows));
    json_object_object_add(estimate, "bytes", json_object_new_int64(run->plan->total_bytes));
    json_object_object_add(estimate, "seconds", dbw_json_seconds(run->plan->estimate_seconds));
    json_object_object_add(answer, "plan", dbw_plan_to_json(run->plan));
    json_object_object_add(answer, "mappings", dbw_plan_mappings_json(run->plan));
    json_object_object_add(answer, "findings", dbw_plan_findings_json(run->plan));
    json_object_object_add(answer, "estimate", estimate);
    return DBW_OK;
}

dbw_status dbw_transfer_preview(const dbw_transfer_request *request,
                                const dbw_transfer_observer *observer, struct json_object **answer,
                                dbw_error *error)
{
    dbw_run run;
    dbw_transfer_options options = *request->options;
    dbw_transfer_request own = *request;
    int64_t total = 0;
    *answer = NULL;
    options.dry_run = true;
    own.options = &options;
    own.resume = false;
    struct json_object *object = json_object_new_object();
    struct json_object *tables = json_object_new_array();
    json_object_object_add(object, "success", json_object_new_boolean(true));
    json_object_object_add(object, "tables", tables);
    dbw_status status = dbw_run_init(&run, &own, observer, error);
    if (status == DBW_OK)
        status = request->target ? list_plan(&run, object, tables, &total, error)
                                 : list_source(&run, tables, &total, error);
    json_object_object_add(object, "total_rows", json_object_new_int64(total));
    dbw_run_free(&run);
    if (status == DBW_OK)
        *answer = object;
    else
        json_object_put(object);
    return status;
}
