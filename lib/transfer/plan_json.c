/* SPDX-License-Identifier: Apache-2.0 */
/* The plan as the API tells it. */
#include "transfer/plan_priv.h"

#include <json-c/json.h>

static void add_text(struct json_object *object, const char *name, const char *text)
{
    json_object_object_add(object, name, text ? json_object_new_string(text) : NULL);
}

static void add_number(struct json_object *object, const char *name, int64_t number)
{
    json_object_object_add(object, name, json_object_new_int64(number));
}

/* In a few words how a value gets from here to there; NULL: as it is. */
static const char *conversion(const dbw_plan_column *column)
{
    switch (column->reading) {
    case DBW_READING_ISO:
        return column->intent == DBW_INTENT_INTERVAL ? "moments since 1970" : "dates as text";
    case DBW_READING_EPOCH_S:
        return "Unix seconds";
    case DBW_READING_EPOCH_MS:
        return "Unix milliseconds";
    case DBW_READING_EPOCH_US:
        return column->intent == DBW_INTENT_INTERVAL ? "microseconds" : "Unix microseconds";
    case DBW_READING_JULIAN:
        return "Julian days";
    case DBW_READING_BOOL_WORDS:
        return "true and false as words";
    case DBW_READING_UUID_TEXT:
        return "UUID as text";
    case DBW_READING_UUID_BYTES:
        return "UUID as bytes";
    case DBW_READING_NUMBER_TEXT:
        return "numbers as text";
    case DBW_READING_NATIVE:
        break;
    }
    return NULL;
}

static struct json_object *column_json(const dbw_plan_table *table, const dbw_plan_column *column)
{
    const dbw_column *source = &table->source->columns[column->source];
    const dbw_column *target = &table->target->columns[column->target];
    struct json_object *object = json_object_new_object();
    add_text(object, "source", source->name);
    add_text(object, "target", target->name);
    add_text(object, "source_type", source->type.spelling ? source->type.spelling : "");
    add_text(object, "target_type", target->type.spelling);
    add_text(object, "conversion", conversion(column));
    add_text(object, "note", column->note);
    return object;
}

static struct json_object *table_json(const dbw_plan_table *table)
{
    static const char *const actions[] = {"create", "fill", "skip"};
    struct json_object *object = json_object_new_object(), *columns = json_object_new_array();
    add_text(object, "source", table->source->name);
    add_text(object, "target", table->target ? table->target->name : NULL);
    add_text(object, "action", actions[table->action]);
    add_text(object, "reason", table->reason);
    add_number(object, "rows", table->rows);
    add_number(object, "bytes", table->bytes);
    if (table->action == DBW_PLAN_FILL)
        add_number(object, "target_rows", table->target_rows);
    for (size_t i = 0; i < table->column_count; i++)
        json_object_array_add(columns, column_json(table, &table->columns[i]));
    json_object_object_add(object, "columns", columns);
    return object;
}

static struct json_object *change_json(const dbw_plan_change *change)
{
    struct json_object *object = json_object_new_object();
    add_text(object, "kind", change->kind);
    add_text(object, "table", change->table);
    add_text(object, "column", change->column);
    add_text(object, "before", change->before);
    add_text(object, "after", change->after);
    add_text(object, "reason", change->reason);
    json_object_object_add(object, "loses", json_object_new_boolean(change->loses));
    return object;
}

struct json_object *dbw_plan_to_json(const dbw_plan *plan)
{
    struct json_object *object = json_object_new_object();
    struct json_object *tables = json_object_new_array(), *changes = json_object_new_array();
    add_text(object, "id", plan->id);
    add_text(object, "schema_mode", plan->schema_mode);
    add_text(object, "source_fingerprint", plan->source_fingerprint);
    json_object_object_add(object, "target_empty", json_object_new_boolean(plan->target_empty));
    for (size_t i = 0; i < plan->table_count; i++)
        json_object_array_add(tables, table_json(&plan->tables[i]));
    json_object_object_add(object, "tables", tables);
    for (size_t i = 0; i < plan->change_count; i++)
        json_object_array_add(changes, change_json(&plan->changes[i]));
    json_object_object_add(object, "changes", changes);
    add_text(object, "todo", plan->todo);
    return object;
}

static void add_mappings(struct json_object *array, const dbw_plan_table *table)
{
    static const char *const losses[] = {"none", "type", "values"};
    for (size_t i = 0; i < table->column_count; i++) {
        const dbw_plan_column *column = &table->columns[i];
        if (column->loss == DBW_LOSS_NONE)
            continue;
        const dbw_column *source = &table->source->columns[column->source];
        struct json_object *object = json_object_new_object();
        add_text(object, "table", table->source->name);
        add_text(object, "column", source->name);
        add_text(object, "source_type", source->type.spelling ? source->type.spelling : "");
        add_text(object, "target_type", table->target->columns[column->target].type.spelling);
        add_text(object, "loss", losses[column->loss]);
        json_object_array_add(array, object);
    }
}

struct json_object *dbw_plan_mappings_json(const dbw_plan *plan)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < plan->table_count; i++)
        add_mappings(array, &plan->tables[i]);
    return array;
}

static struct json_object *finding_json(const dbw_finding *finding)
{
    static const char *const severities[] = {"info", "warning", "error"};
    struct json_object *object = json_object_new_object(), *keys = json_object_new_array();
    struct json_object *fix = NULL;
    add_text(object, "severity", severities[finding->severity]);
    add_text(object, "code", finding->code);
    add_text(object, "table", finding->table);
    add_text(object, "column", finding->column);
    add_number(object, "count", finding->count);
    for (size_t i = 0; i < finding->key_count; i++)
        json_object_array_add(keys, json_object_new_string(finding->keys[i]));
    json_object_object_add(object, "keys", keys);
    add_text(object, "message", finding->message);
    if (finding->fix_option) {
        fix = json_object_new_object();
        add_text(fix, "option", finding->fix_option);
        add_text(fix, "value", finding->fix_value);
        add_text(fix, "label", finding->fix_label);
    }
    json_object_object_add(object, "fix", fix);
    return object;
}

struct json_object *dbw_plan_findings_json(const dbw_plan *plan)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < plan->finding_count; i++)
        json_object_array_add(array, finding_json(&plan->findings[i]));
    return array;
}
