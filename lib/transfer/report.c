/* SPDX-License-Identifier: Apache-2.0 */
/* The report as JSON: what was done, what was altered, how it was proven. */
#include "base/clock.h"
#include "transfer/transfer_priv.h"

#include <inttypes.h>
#include <json-c/json.h>

static void put(struct json_object *object, const char *name, const char *value)
{
    json_object_object_add(object, name, value ? json_object_new_string(value) : NULL);
}

static void put_number(struct json_object *object, const char *name, int64_t value)
{
    json_object_object_add(object, name, json_object_new_int64(value));
}

static void put_flag(struct json_object *object, const char *name, bool value)
{
    json_object_object_add(object, name, json_object_new_boolean(value));
}

/* Seconds to the millisecond, printed the same in every locale. */
static void put_seconds(struct json_object *object, const char *name, int64_t microseconds)
{
    char text[32];
    int64_t milliseconds = microseconds / 1000;
    snprintf(text, sizeof text, "%" PRId64 ".%03" PRId64, milliseconds / 1000, milliseconds % 1000);
    json_object_object_add(object, name,
                           json_object_new_double_s((double)milliseconds / 1000.0, text));
}

static void put_time(struct json_object *object, const char *name, int64_t wall)
{
    char text[DBW_CLOCK_TEXT];
    dbw_clock_format(wall, text);
    put(object, name, text);
}

/* --- the verdict ------------------------------------------------------------------------------ */

static bool plan_loses(const dbw_plan *plan)
{
    for (size_t i = 0; i < plan->change_count; i++)
        if (plan->changes[i].loses)
            return true;
    return false;
}

static bool converts(const dbw_plan *plan)
{
    for (size_t i = 0; i < plan->table_count; i++)
        for (size_t n = 0; n < plan->tables[i].column_count; n++)
            if (plan->tables[i].columns[n].loss != DBW_LOSS_NONE)
                return true;
    return plan->change_count > 0;
}

/* Whether every value was read back. */
static bool compared_all(const dbw_run *run)
{
    for (size_t i = 0; i < run->table_count; i++)
        if (run->tables[i].sample_count)
            return false;
    return strcmp(run->options->verify, "checksum") == 0 ||
           strcmp(run->options->verify, "sample") == 0;
}

const char *dbw_report_verdict(const dbw_run *run, dbw_status status)
{
    bool compared = compared_all(run);
    if (!run->plan || (run->options->dry_run && status == DBW_OK))
        return NULL;
    if (status != DBW_OK)
        return "incomplete";
    if (dbw_ledger_count(run->ledger, DBW_LEDGER_VALUE) > 0 ||
        dbw_ledger_count(run->ledger, DBW_LEDGER_REJECTED) > 0 ||
        dbw_ledger_count(run->ledger, DBW_LEDGER_KEPT) > 0 || plan_loses(run->plan) ||
        run->options->schema_only)
        return "altered";
    /* What was not read back cannot be called lossless. */
    return converts(run->plan) || !compared ? "converted" : "lossless";
}

/* --- its parts -------------------------------------------------------------------------------- */

static struct json_object *side_json(const dbw_run *run, const dbw_url *url,
                                     const dbw_server *server)
{
    struct json_object *object = json_object_new_object();
    put(object, "backend", url->backend);
    put(object, "url", dbw_url_redacted(run->arena, url));
    put(object, "product", server->product);
    put(object, "server_version", server->version);
    return object;
}

static struct json_object *phases_json(const dbw_run *run)
{
    struct json_object *array = json_object_new_array();
    for (int i = 0; i < DBW_PHASE_COUNT; i++) {
        if (!run->phase_begun[i])
            continue;
        struct json_object *object = json_object_new_object();
        put(object, "name", dbw_phase_name((dbw_phase)i));
        int64_t micros = run->phase_micros[i];
        int64_t cpu = run->phase_cpu[i];
        if ((dbw_phase)i == run->phase) {
            micros += dbw_clock_monotonic() - run->phase_started;
            cpu += dbw_clock_cpu() - run->phase_cpu_started;
        }
        put_seconds(object, "seconds", micros);
        put_seconds(object, "cpu_seconds", cpu);
        json_object_array_add(array, object);
    }
    return array;
}

static struct json_object *table_json(const dbw_run_table *table)
{
    struct json_object *object = json_object_new_object();
    char sum[DBW_SUM_TEXT];
    put(object, "source", table->plan->source->name);
    put(object, "target", table->plan->target->name);
    put_number(object, "rows", table->copied.rows);
    put_number(object, "bytes", atomic_load(&table->bytes_done));
    put_seconds(object, "seconds", table->microseconds);
    put_number(object, "source_rows", table->plan->rows);
    dbw_hash_text(table->copied.total, sum);
    put(object, "source_sum", sum);
    if (table->compared) {
        put_number(object, "target_rows", table->target_rows);
        if (table->sample_count)
            put_number(object, "sampled_rows", table->sampled_rows);
        put(object, "target_sum", table->target_sum[0] ? table->target_sum : NULL);
        put_flag(object, "equal", table->equal);
    } else {
        put(object, "target_rows", NULL);
        put(object, "target_sum", NULL);
        put(object, "equal", NULL);
    }
    put_number(object, "rejected", table->rejected);
    put_number(object, "kept", table->kept);
    return object;
}

static struct json_object *tables_json(const dbw_run *run)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < run->table_count; i++)
        json_object_array_add(array, table_json(&run->tables[i]));
    return array;
}

static struct json_object *skipped_json(const dbw_run *run)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; run->plan && i < run->plan->table_count; i++) {
        const dbw_plan_table *table = &run->plan->tables[i];
        if (table->action != DBW_PLAN_SKIP)
            continue;
        struct json_object *object = json_object_new_object();
        put(object, "source", table->source->name);
        put(object, "reason", table->reason);
        json_object_array_add(array, object);
    }
    return array;
}

struct json_object *dbw_report_differences(const dbw_run *run)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < run->difference_count; i++) {
        const dbw_difference *d = &run->differences[i];
        struct json_object *object = json_object_new_object();
        put(object, "kind",
            d->kind == DBW_DIFFERENCE_MISSING ? "missing"
            : d->kind == DBW_DIFFERENCE_EXTRA ? "extra"
                                              : "value");
        put(object, "table", d->table);
        put(object, "key", d->key);
        put(object, "column", d->column);
        put(object, "source", d->source);
        put(object, "target", d->target);
        json_object_array_add(array, object);
    }
    return array;
}

static struct json_object *sequences_json(const dbw_run *run)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < run->sequence_count; i++) {
        struct json_object *object = json_object_new_object();
        put(object, "table", run->sequences[i].table);
        put(object, "column", run->sequences[i].column);
        put_number(object, "next", run->sequences[i].next);
        json_object_array_add(array, object);
    }
    return array;
}

/* --- advice ----------------------------------------------------------------------------------- */

static bool leads(const dbw_names *columns, const dbw_names *wanted)
{
    if (columns->count < wanted->count)
        return false;
    dbw_names head = {.items = columns->items, .count = wanted->count};
    return dbw_names_same_set(&head, wanted);
}

static bool index_leads(const dbw_index *index, const dbw_names *wanted)
{
    for (size_t i = 0; i < wanted->count; i++) {
        bool found = false;
        for (size_t n = 0; n < wanted->count && n < index->item_count; n++)
            found = found || (index->items[n].column &&
                              strcmp(index->items[n].column, wanted->items[i]) == 0);
        if (!found)
            return false;
    }
    return !index->where;
}

static bool has_index(const dbw_table *table, const dbw_names *columns)
{
    if (table->primary_key && leads(&table->primary_key->columns, columns))
        return true;
    for (size_t i = 0; i < table->unique_count; i++)
        if (leads(&table->uniques[i].columns, columns))
            return true;
    for (size_t i = 0; i < table->index_count; i++)
        if (index_leads(&table->indexes[i], columns))
            return true;
    return false;
}

static void advise(const dbw_run *run, const dbw_table *table, struct json_object *array)
{
    dbw_buffer text;
    dbw_buffer_init(&text, 4096);
    for (size_t i = 0; i < table->foreign_key_count; i++) {
        const dbw_foreign_key *key = &table->foreign_keys[i];
        if (has_index(table, &key->columns))
            continue;
        dbw_buffer_clear(&text);
        dbw_buffer_printf(&text, "Table '%s' has no index for its foreign key (", table->name);
        for (size_t n = 0; n < key->columns.count; n++)
            dbw_buffer_printf(&text, "%s%s", n ? ", " : "", key->columns.items[n]);
        dbw_buffer_printf(&text, "): deleting from '%s' reads the whole table.",
                          key->referenced_table);
        json_object_array_add(array, json_object_new_string(text.data));
    }
    if (!table->primary_key && run->target->dialect->schemas) {
        dbw_buffer_clear(&text);
        dbw_buffer_printf(&text, "Table '%s' has no primary key.", table->name);
        json_object_array_add(array, json_object_new_string(text.data));
    }
    dbw_buffer_free(&text);
}

static struct json_object *advice_json(const dbw_run *run)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < run->table_count; i++)
        advise(run, run->tables[i].plan->target, array);
    if (run->plan && !run->options->dry_run && !compared_all(run))
        json_object_array_add(
            array, json_object_new_string(
                       strcmp(run->options->verify, "sample") == 0
                           ? "Of large tables only some pieces were read back: verify=checksum "
                             "reads all of them."
                           : "Values were not read back: verify=checksum does that."));
    if (run->source_changed)
        json_object_array_add(array,
                              json_object_new_string("The source was written to during the run; "
                                                     "what came later is not in the target."));
    return array;
}

static struct json_object *error_json(const dbw_error *error)
{
    struct json_object *object = json_object_new_object();
    put(object, "code", dbw_status_slug(error->code));
    put(object, "message", error->message);
    put(object, "hint", error->hint);
    put(object, "object", error->object);
    put(object, "sqlstate", error->sqlstate);
    put(object, "statement", error->statement);
    return object;
}

static void put_totals(const dbw_run *run, struct json_object *report)
{
    int64_t rows = 0, bytes = 0;
    for (size_t i = 0; i < run->table_count; i++) {
        rows += run->tables[i].copied.rows;
        bytes += atomic_load(&run->tables[i].bytes_done);
    }
    put_number(report, "rows", rows);
    put_number(report, "bytes", bytes);
}

static void put_plan(const dbw_run *run, struct json_object *report)
{
    json_object_object_add(report, "findings",
                           run->plan ? dbw_plan_findings_json(run->plan) : json_object_new_array());
    put(report, "todo", run->plan ? run->plan->todo : NULL);
    if (run->plan && run->options->dry_run)
        json_object_object_add(report, "plan", dbw_plan_to_json(run->plan));
}

struct json_object *dbw_report_make(const dbw_run *run, dbw_status status, const dbw_error *error)
{
    const dbw_transfer_request *request = run->request;
    struct json_object *report = json_object_new_object();
    put_number(report, "format", 1);
    put(report, "job", request->id);
    put(report, "verdict", dbw_report_verdict(run, status));
    json_object_object_add(report, "source", side_json(run, request->source, &run->source_server));
    json_object_object_add(report, "target", side_json(run, request->target, &run->target_server));
    put(report, "schema_mode", run->plan ? run->plan->schema_mode : NULL);
    put_flag(report, "dry_run", run->options->dry_run);
    put_flag(report, "resumed", run->resumed);
    put_flag(report, "resumable", status != DBW_OK && run->written);
    put_time(report, "started_at", run->started_wall);
    put_time(report, "finished_at", dbw_clock_wall());
    put_seconds(report, "seconds", dbw_clock_monotonic() - run->started);
    put(report, "snapshot", run->snapshot_note);
    put_flag(report, "source_changed", run->source_changed);
    put_flag(report, "changed", run->written || (status == DBW_OK && !run->options->dry_run));
    put_totals(run, report);
    json_object_object_add(report, "phases", phases_json(run));
    json_object_object_add(report, "tables", tables_json(run));
    json_object_object_add(report, "skipped", skipped_json(run));
    json_object_object_add(report, "ledger", dbw_ledger_to_json(run->ledger));
    json_object_object_add(report, "differences", dbw_report_differences(run));
    json_object_object_add(report, "sequences", sequences_json(run));
    put(report, "stamped", run->stamped);
    json_object_object_add(report, "advice", advice_json(run));
    put_plan(run, report);
    json_object_object_add(report, "options", dbw_transfer_options_to_json(run->options));
    json_object_object_add(report, "error", status == DBW_OK ? NULL : error_json(error));
    return report;
}
