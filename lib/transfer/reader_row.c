/* SPDX-License-Identifier: Apache-2.0 */
/* Rows named for people, and rows written down. */
#include "transfer/reader_priv.h"
#include "transfer/valuejson.h"

#include <json-c/json.h>

enum { SHOWN = 80, ROW_JSON_MOST = 1 << 20 };

const char *dbw_reader_column(const dbw_reader *reader, size_t n)
{
    const dbw_plan_table *plan = reader->table->plan;
    return plan->source->columns[plan->columns[n].source].name;
}

const char *dbw_reader_key(dbw_reader *reader, const dbw_value *row)
{
    const dbw_plan_table *plan = reader->table->plan;
    const char *text = "";
    for (size_t i = 0; i < plan->key_count; i++) {
        const char *one = dbw_value_show(reader->scratch, &row[plan->key[i]], SHOWN);
        text = i ? dbw_arena_printf(reader->scratch, "%s, %s", text, one) : one;
    }
    return plan->key_count ? text : dbw_value_show(reader->scratch, &row[0], SHOWN);
}

/* "id = 5"; a table without a key is known by its first column. */
static const char *row_name(dbw_reader *reader, const dbw_value *row)
{
    const dbw_plan_table *plan = reader->table->plan;
    const char *text = NULL;
    for (size_t i = 0; i < (plan->key_count ? plan->key_count : 1); i++) {
        size_t n = plan->key_count ? plan->key[i] : 0;
        const char *one = dbw_arena_printf(reader->scratch, "%s = %s", dbw_reader_column(reader, n),
                                           dbw_value_show(reader->scratch, &row[n], SHOWN));
        text = text ? dbw_arena_printf(reader->scratch, "%s, %s", text, one) : one;
    }
    return text;
}

static struct json_object *row_json(const dbw_reader *reader, const dbw_value *row)
{
    struct json_object *object = json_object_new_object();
    for (size_t i = 0; i < reader->table->plan->column_count; i++) {
        const dbw_value *value = &row[i];
        bool huge = dbw_kind_has_text(value->kind) && value->text.length > ROW_JSON_MOST;
        struct json_object *json;
        if (huge) {
            json = json_object_new_object();
            json_object_object_add(json, "bytes",
                                   json_object_new_int64((int64_t)value->text.length));
        } else {
            json = dbw_value_plain_json(value);
        }
        json_object_object_add(object, dbw_reader_column(reader, i), json);
    }
    return object;
}

const char *dbw_reader_reason(const char *message)
{
    const char *colon = strncmp(message, "unable to ", 10) == 0 ? strstr(message, ": ") : NULL;
    return colon ? colon + 2 : message;
}

dbw_status dbw_reader_stop(dbw_reader *reader, const dbw_value *row, int column, const char *reason,
                           dbw_error *error)
{
    const char *table = reader->table->plan->source->name;
    const char *name = row_name(reader, row);
    char sqlstate[sizeof error->sqlstate], why[512];
    snprintf(sqlstate, sizeof sqlstate, "%s", error->sqlstate);
    snprintf(why, sizeof why, "%s", dbw_reader_reason(reason));
    if (column >= 0)
        dbw_fail(error, DBW_E_DATA,
                 "unable to copy row %s of table '%s': column '%s', value %s: %s", name, table,
                 dbw_reader_column(reader, (size_t)column),
                 dbw_value_show(reader->scratch, &row[column], SHOWN), why);
    else
        dbw_fail(error, DBW_E_DATA, "unable to copy row %s of table '%s': %s", name, table, why);
    memcpy(error->sqlstate, sqlstate, sizeof sqlstate);
    dbw_hint(error, "Correct the row, choose how such values are treated (transforms), or let bad "
                    "rows be rejected (on_bad_row=reject).");
    if (column >= 0)
        dbw_error_object(error, "%s.%s", table, dbw_reader_column(reader, (size_t)column));
    else
        dbw_error_object(error, "%s", table);
    dbw_arena_reset(reader->scratch);
    return DBW_E_DATA;
}

dbw_status dbw_reader_refuse(dbw_reader *reader, const dbw_value *row, const char *column,
                             const char *reason, dbw_error *error)
{
    struct json_object *json = row_json(reader, row);
    dbw_reject one = {.table = reader->table->plan->source->name,
                      .column = column,
                      .key = dbw_reader_key(reader, row),
                      .row = json,
                      .reason = dbw_reader_reason(reason)};
    dbw_status status = dbw_reject_batch_add(reader->rejects, &one, error);
    json_object_put(json);
    dbw_arena_reset(reader->scratch);
    return status;
}
