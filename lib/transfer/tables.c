/* SPDX-License-Identifier: Apache-2.0 */
/* From the plan's tables to the run's: arrays that lanes want, chunks, what an earlier attempt
 * left. */
#include "transfer/ddl.h"
#include "transfer/orphans.h"
#include "transfer/valuejson.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <xxhash.h>

/* A digest of how the table is made and its values are read. */
static const char *mapping_of(dbw_arena *arena, const dbw_plan_table *plan)
{
    dbw_buffer text;
    char digest[DBW_SUM_TEXT];
    dbw_buffer_init(&text, 16 << 20);
    dbw_table target = *plan->target;
    dbw_schema alone = {.backend = "", .tables = &target, .table_count = 1};
    dbw_buffer_add_string(&text, dbw_schema_fingerprint(arena, &alone));
    for (size_t i = 0; i < plan->column_count; i++) {
        const dbw_plan_column *column = &plan->columns[i];
        dbw_buffer_printf(&text, "|%zu %zu %d %d %d %d %d %d %d %d", column->source, column->target,
                          (int)column->intent, (int)column->reading, (int)column->zone_minutes,
                          (int)column->on_nul, (int)column->on_invalid_utf8,
                          (int)column->on_bad_date, (int)column->on_mojibake,
                          (int)column->orphans_to_null + 2 * (int)column->orphans_reject);
    }
    XXH128_hash_t hash = XXH3_128bits(text.data, text.length);
    dbw_hash_text((dbw_hash){.low = hash.low64, .high = hash.high64}, digest);
    dbw_buffer_free(&text);
    return dbw_arena_string(arena, digest);
}

void dbw_run_table_arrays(dbw_arena *arena, dbw_run_table *table)
{
    const dbw_plan_table *plan = table->plan;
    size_t count = plan->column_count;
    table->source_columns = DBW_NEW_ARRAY(arena, count + 1, size_t);
    table->target_columns = DBW_NEW_ARRAY(arena, count + 1, size_t);
    table->source_canonical = DBW_NEW_ARRAY(arena, count + 1, dbw_canonical);
    table->target_canonical = DBW_NEW_ARRAY(arena, count + 1, dbw_canonical);
    for (size_t i = 0; i < count; i++) {
        table->source_columns[i] = plan->columns[i].source;
        table->target_columns[i] = plan->columns[i].target;
        table->source_canonical[i] = plan->columns[i].source_canonical;
        table->target_canonical[i] = plan->columns[i].target_canonical;
    }
}

/* The record of an earlier attempt that is about this table, or NULL. */
static const dbw_record *record_of(const dbw_run *run, const dbw_table *target)
{
    for (size_t i = 0; i < run->record_count; i++) {
        const dbw_record *record = &run->records[i];
        const char *name =
            record->kind == DBW_RECORD_TABLE ? dbw_record_text(record, "name") : NULL;
        const char *schema = name ? dbw_record_text(record, "schema") : NULL;
        if (name && strcmp(name, target->name) == 0 &&
            strcmp(schema ? schema : "", target->schema ? target->schema : "") == 0)
            return record;
    }
    return NULL;
}

static int64_t last_seq(const dbw_run *run)
{
    int64_t last = 0;
    for (size_t i = 0; i < run->record_count; i++)
        if (run->records[i].kind == DBW_RECORD_TABLE && run->records[i].seq > last)
            last = run->records[i].seq;
    return last;
}

static dbw_status make_tables(dbw_run *run, bool pairs_only, dbw_error *error)
{
    const dbw_plan *plan = run->plan;
    bool skipping = strcmp(run->options->on_conflict, "skip") == 0;
    int64_t seq = last_seq(run);
    run->tables = DBW_NEW_ARRAY(run->arena, plan->table_count + 1, dbw_run_table);
    for (size_t i = 0; i < plan->table_count; i++) {
        const dbw_plan_table *from = &plan->tables[i];
        if (from->action == DBW_PLAN_SKIP || (pairs_only && from->action != DBW_PLAN_FILL))
            continue;
        dbw_run_table *table = &run->tables[run->table_count++];
        const dbw_record *record = record_of(run, from->target);
        table->plan = from;
        table->name = from->target->name;
        table->mapping = mapping_of(run->arena, from);
        table->seq = record ? record->seq : ++seq;
        table->created = record != NULL && strcmp(record->state, "created") == 0;
        table->skip = skipping && from->action == DBW_PLAN_FILL;
        atomic_store(&table->status, "waiting");
        dbw_run_table_arrays(run->arena, table);
    }
    run->progress_tables = DBW_NEW_ARRAY(run->arena, run->table_count + 1, dbw_table_progress);
    if (run->table_count == 0)
        return dbw_fail(error, DBW_E_REFUSED, "unable to copy anything: no table is left to copy");
    return DBW_OK;
}

dbw_status dbw_run_tables(dbw_run *run, dbw_error *error)
{
    return make_tables(run, false, error);
}

dbw_status dbw_run_pairs(dbw_run *run, dbw_error *error)
{
    return make_tables(run, true, error);
}

/* --- tables of an earlier attempt that would be made otherwise now ---------------------------- */

static dbw_status forget_table(dbw_run *run, dbw_run_table *table, const dbw_record *record,
                               const char *reason, dbw_error *error)
{
    int64_t from = table->seq * DBW_CHECKPOINT_STRIDE, to = from + DBW_CHECKPOINT_STRIDE;
    const char *drop = dbw_record_text(record, "drop");
    bool half_made = strcmp(record->state, "creating") == 0;
    /* Where dropping cannot be undone, the table is as good as not made from here on; its own
     * record goes last. */
    if (!run->target->dialect->transactional_ddl && !half_made)
        DBW_TRY(dbw_checkpoint_state(run->checkpoint, run->control, DBW_RECORD_TABLE, table->seq,
                                     "creating", error));
    if (drop)
        DBW_TRY(dbw_ddl_take_away(run, drop, error));
    DBW_TRY(
        dbw_checkpoint_remove(run->checkpoint, run->control, DBW_RECORD_CHUNK, from, to, error));
    DBW_TRY(dbw_checkpoint_remove(run->checkpoint, run->control, DBW_RECORD_KEY, from, to, error));
    DBW_TRY(dbw_checkpoint_remove(run->checkpoint, run->control, DBW_RECORD_TABLE, table->seq,
                                  table->seq + 1, error));
    for (size_t i = 0; i < run->record_count; i++) {
        dbw_record *other = &run->records[i];
        bool mine = other->kind == DBW_RECORD_TABLE && other->seq == table->seq;
        bool below = (other->kind == DBW_RECORD_CHUNK || other->kind == DBW_RECORD_KEY) &&
                     other->seq >= from && other->seq < to;
        if (mine || below)
            other->kind = DBW_RECORD_KINDS; /* none any more */
    }
    table->created = false;
    if (half_made)
        return DBW_OK;
    dbw_run_event(run, "info", "table %s is made anew: %s", table->name, reason);
    return DBW_OK;
}

/* Foreign keys of an earlier attempt go first: rows may have to be deleted below them. */
static dbw_status drop_foreign_keys(dbw_run *run, dbw_error *error)
{
    for (size_t i = 0; i < run->record_count; i++) {
        dbw_record *record = &run->records[i];
        const char *drop = record->kind == DBW_RECORD_KEY ? dbw_record_text(record, "drop") : NULL;
        if (!drop)
            continue;
        DBW_TRY(dbw_ddl_take_away(run, drop, error));
        DBW_TRY(dbw_checkpoint_remove(run->checkpoint, run->control, DBW_RECORD_KEY, record->seq,
                                      record->seq + 1, error));
        record->kind = DBW_RECORD_KINDS;
    }
    return DBW_OK;
}

/* Whether the table stands in the target; the catalog `*found` of namespace `*of` is read once. */
static dbw_status look_for(dbw_run *run, dbw_database *database, const dbw_table *table,
                           dbw_schema **found, const char **of, bool *there, dbw_error *error)
{
    const char *wanted = table->schema ? table->schema : run->schema;
    bool same = *found && (wanted && *of ? strcmp(wanted, *of) == 0 : wanted == *of);
    if (!same)
        DBW_TRY(dbw_database_catalog(database, run->arena, wanted, found, error));
    *of = wanted;
    *there = dbw_schema_table(*found, table->name) != NULL;
    return DBW_OK;
}

static dbw_status settle_earlier(dbw_database *database, void *context, dbw_error *error)
{
    dbw_run *run = context;
    dbw_schema *found = NULL;
    const char *of = NULL;
    if (run->target->dialect->transactional_ddl)
        DBW_TRY(drop_foreign_keys(run, error));
    for (size_t i = 0; i < run->table_count; i++) {
        dbw_run_table *table = &run->tables[i];
        const dbw_record *record = dbw_run_record(run, DBW_RECORD_TABLE, table->seq);
        const char *mapping = record ? dbw_record_text(record, "mapping") : NULL;
        bool half_made = record && strcmp(record->state, "creating") == 0, there = true;
        if (table->created && !half_made)
            DBW_TRY(look_for(run, database, table->plan->target, &found, &of, &there, error));
        if (half_made || !there)
            DBW_TRY(forget_table(run, table, record, "somebody else has dropped it", error));
        else if (table->created && (!mapping || strcmp(mapping, table->mapping) != 0))
            DBW_TRY(forget_table(run, table, record, "the source's values ask for another type",
                                 error));
    }
    return DBW_OK;
}

/* --- chunks ----------------------------------------------------------------------------------- */

/* Integers sort alike everywhere. */
bool dbw_run_integer_key(const dbw_plan_table *plan)
{
    for (size_t i = 0; i < plan->key_count; i++) {
        const dbw_plan_column *column = &plan->columns[plan->key[i]];
        dbw_intent source = plan->source->columns[column->source].type.intent;
        bool from_integer =
            source == DBW_INTENT_INT16 || source == DBW_INTENT_INT32 || source == DBW_INTENT_INT64;
        bool to_integer =
            column->intent == DBW_INTENT_INT16 || column->intent == DBW_INTENT_INT32 ||
            column->intent == DBW_INTENT_INT64 || column->intent == DBW_INTENT_DECIMAL;
        /* Unsigned ones do where the target's are integers too, and not decimals or their text. */
        if (source == DBW_INTENT_UINT64)
            from_integer = to_integer =
                column->intent == DBW_INTENT_INT64 || column->intent == DBW_INTENT_UINT64;
        if (!from_integer || !to_integer || column->reading != DBW_READING_NATIVE)
            return false;
    }
    return plan->key_count > 0 && plan->key_count == plan->source_key.count;
}

static void add_chunk(dbw_run *run, dbw_run_table *table, const dbw_value *from,
                      const dbw_value *to)
{
    dbw_chunk *chunk = DBW_APPEND(run->arena, table->chunks, table->chunk_count);
    *chunk =
        (dbw_chunk){.table = table, .n = (int64_t)table->chunk_count - 1, .from = from, .to = to};
}

static dbw_status cut(dbw_run *run, dbw_run_table *table, dbw_error *error)
{
    const dbw_plan_table *plan = table->plan;
    dbw_value **bounds = NULL;
    size_t count = 0;
    if (plan->bytes > run->options->chunk_bytes && dbw_run_integer_key(plan) &&
        run->source->bulk->split)
        DBW_TRY(run->source->bulk->split(run->source->bulk->snapshot_reader(run->snapshot, 0),
                                         run->arena, plan->source, &plan->source_key,
                                         run->options->chunk_bytes, &bounds, &count, error));
    for (size_t i = 0; i <= count; i++)
        add_chunk(run, table, i > 0 ? bounds[i - 1] : NULL, i < count ? bounds[i] : NULL);
    return DBW_OK;
}

static dbw_status read_bound(dbw_arena *arena, const dbw_record *record, const char *name,
                             size_t keys, const dbw_value **out, dbw_error *error)
{
    struct json_object *array = NULL;
    *out = NULL;
    if (!json_object_object_get_ex(record->detail, name, &array))
        return DBW_OK;
    dbw_value *values = DBW_NEW_ARRAY(arena, keys + 1, dbw_value);
    bool good =
        json_object_is_type(array, json_type_array) && json_object_array_length(array) == keys;
    for (size_t i = 0; good && i < keys; i++)
        good = dbw_value_from_json(arena, json_object_array_get_idx(array, i), &values[i]);
    if (!good)
        return dbw_fail(error, DBW_E_CONFLICT,
                        "unable to resume: the progress kept in the target cannot be read");
    *out = values;
    return DBW_OK;
}

static dbw_status recall_chunk(dbw_run *run, dbw_run_table *table, const dbw_record *record,
                               dbw_error *error)
{
    size_t keys = table->plan->source_key.count;
    dbw_chunk *chunk = DBW_APPEND(run->arena, table->chunks, table->chunk_count);
    *chunk = (dbw_chunk){.table = table,
                         .n = record->seq - table->seq * DBW_CHECKPOINT_STRIDE,
                         .result = {.rows = record->rows,
                                    .rejected = dbw_record_number(record, "rejected"),
                                    .refused = dbw_record_number(record, "refused"),
                                    .kept = dbw_record_number(record, "kept"),
                                    .bytes = dbw_record_number(record, "bytes"),
                                    .microseconds = dbw_record_number(record, "microseconds")}};
    DBW_TRY(read_bound(run->arena, record, "from", keys, &chunk->from, error));
    DBW_TRY(read_bound(run->arena, record, "to", keys, &chunk->to, error));
    if (strcmp(record->state, "done") == 0 && dbw_hash_from_text(record->sum, &chunk->result.sum))
        chunk->state = DBW_CHUNK_RECHECK;
    return DBW_OK;
}

static dbw_status recall(dbw_run *run, dbw_run_table *table, dbw_error *error)
{
    int64_t from = table->seq * DBW_CHECKPOINT_STRIDE, to = from + DBW_CHECKPOINT_STRIDE;
    for (size_t i = 0; i < run->record_count; i++) {
        const dbw_record *record = &run->records[i];
        if (record->kind == DBW_RECORD_CHUNK && record->seq >= from && record->seq < to)
            DBW_TRY(recall_chunk(run, table, record, error));
    }
    return DBW_OK;
}

static struct json_object *values_json(const dbw_value *values, size_t count)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < count; i++)
        json_object_array_add(array, dbw_value_to_json(&values[i]));
    return array;
}

struct json_object *dbw_chunk_detail(const dbw_chunk *chunk)
{
    const dbw_chunk_result *result = &chunk->result;
    size_t keys = chunk->table->plan->source_key.count;
    struct json_object *detail = json_object_new_object();
    if (chunk->from)
        json_object_object_add(detail, "from", values_json(chunk->from, keys));
    if (chunk->to)
        json_object_object_add(detail, "to", values_json(chunk->to, keys));
    json_object_object_add(detail, "rejected", json_object_new_int64(result->rejected));
    json_object_object_add(detail, "refused", json_object_new_int64(result->refused));
    json_object_object_add(detail, "kept", json_object_new_int64(result->kept));
    json_object_object_add(detail, "bytes", json_object_new_int64(result->bytes));
    json_object_object_add(detail, "microseconds", json_object_new_int64(result->microseconds));
    return detail;
}

/* A table of several chunks is made beforehand, with the list of its chunks; where statements of
 * DDL commit by themselves every table is, and its chunks are listed before it. */
static dbw_status announce(dbw_run *run, dbw_run_table *table, dbw_error *error)
{
    for (size_t i = 0; i < table->chunk_count; i++) {
        dbw_record record = {.kind = DBW_RECORD_CHUNK,
                             .seq = table->seq * DBW_CHECKPOINT_STRIDE + table->chunks[i].n,
                             .state = "todo",
                             .detail = dbw_chunk_detail(&table->chunks[i])};
        dbw_status status = dbw_checkpoint_put(run->checkpoint, run->control, &record, error);
        json_object_put(record.detail);
        DBW_TRY(status);
    }
    if (table->plan->action == DBW_PLAN_CREATE && !table->created) {
        DBW_TRY(dbw_ddl_create(run, run->control, run->arena, table, error));
        table->created = true;
    }
    return DBW_OK;
}

typedef struct announcing {
    dbw_run *run;
    dbw_run_table *table;
} announcing;

static dbw_status announce_one(dbw_database *database, void *context, dbw_error *error)
{
    announcing *what = context;
    (void)database;
    return announce(what->run, what->table, error);
}

static dbw_status find_orphans(dbw_run *run, dbw_run_table *table, dbw_error *error)
{
    if (!dbw_orphans_wanted(table->plan))
        return DBW_OK;
    return dbw_orphans_find(run->source->bulk->snapshot_reader(run->snapshot, 0), run->plan,
                            table->plan, table->source_canonical, &table->orphans, error);
}

dbw_status dbw_run_chunks(dbw_run *run, dbw_error *error)
{
    if (run->resumed) {
        DBW_TRY(dbw_transaction(run->control, settle_earlier, run, error));
        DBW_TRY(dbw_settle_keys(run, error));
    }
    for (size_t i = 0; i < run->table_count; i++) {
        dbw_run_table *table = &run->tables[i];
        DBW_TRY(find_orphans(run, table, error));
        DBW_TRY(recall(run, table, error));
        if (table->chunk_count > 0)
            continue;
        DBW_TRY(cut(run, table, error));
        bool alone = table->plan->action == DBW_PLAN_CREATE && !table->created &&
                     !run->target->dialect->transactional_ddl;
        if (table->chunk_count > 1 || alone)
            DBW_TRY(dbw_transaction(run->control, announce_one, &(announcing){run, table}, error));
        DBW_TRY(dbw_run_poll(run, false, error));
    }
    return DBW_OK;
}
