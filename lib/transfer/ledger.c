/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/ledger.h"

#include "transfer/folder.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <pthread.h>

static const char *const kind_names[DBW_LEDGER_KINDS] = {
    [DBW_LEDGER_TYPE] = "type",     [DBW_LEDGER_VALUE] = "value",
    [DBW_LEDGER_OBJECT] = "object", [DBW_LEDGER_REJECTED] = "rejected",
    [DBW_LEDGER_KEPT] = "kept",     [DBW_LEDGER_SETUP_ROWS] = "setup-rows",
};

/* Entries in the order in which they came, and beside each column how many were listed. */
typedef struct dbw_ledger_list {
    dbw_arena *arena;
    dbw_ledger_entry *entries;
    size_t count;
} dbw_ledger_list;

struct dbw_ledger {
    pthread_mutex_t lock;
    char *folder;
    dbw_ledger_list list;
    int64_t counts[DBW_LEDGER_KINDS];
};

struct dbw_ledger_batch {
    dbw_ledger *ledger;
    dbw_ledger_list list;
    int64_t counts[DBW_LEDGER_KINDS];
    const char *prefix;
    FILE *file;
    char file_name[64];
};

const char *dbw_ledger_kind_name(dbw_ledger_kind kind)
{
    return kind_names[kind];
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void copy_entry(dbw_arena *arena, const dbw_ledger_entry *from, dbw_ledger_entry *to)
{
    *to = (dbw_ledger_entry){
        .kind = from->kind,
        .table = dbw_arena_string(arena, from->table),
        .column = dbw_arena_string(arena, from->column),
        .key = dbw_arena_string(arena, from->key),
        .before = dbw_arena_string(arena, from->before),
        .after = dbw_arena_string(arena, from->after),
        .reason = dbw_arena_string(arena, from->reason),
        .count = from->count,
    };
}

static bool about_rows(dbw_ledger_kind kind)
{
    return kind == DBW_LEDGER_VALUE || kind == DBW_LEDGER_REJECTED || kind == DBW_LEDGER_KEPT;
}

/* Lists the entry, or counts it where enough of its kind are listed for its column; false then. */
static bool list_add(dbw_ledger_list *list, const dbw_ledger_entry *entry)
{
    size_t alike = 0;
    dbw_ledger_entry *rest = NULL;
    for (size_t i = list->count; about_rows(entry->kind) && !rest && i > 0; i--) {
        dbw_ledger_entry *other = &list->entries[i - 1];
        if (other->kind != entry->kind || !same(other->table, entry->table) ||
            !same(other->column, entry->column))
            continue;
        alike++;
        if (!other->key)
            rest = other;
    }
    bool listed = !about_rows(entry->kind) || (entry->key && !rest && alike < DBW_LEDGER_ROWS &&
                                               list->count < DBW_LEDGER_ENTRIES);
    if (!rest) {
        rest = DBW_APPEND(list->arena, list->entries, list->count);
        copy_entry(list->arena, entry, rest);
        if (listed)
            return true;
        rest->key = rest->before = rest->after = NULL;
        rest->reason = entry->key ? "further ones, not listed" : rest->reason;
        rest->count = 0;
    }
    rest->count += entry->count;
    return false;
}

dbw_ledger *dbw_ledger_new(const char *folder)
{
    dbw_ledger *ledger = calloc(1, sizeof *ledger);
    if (!ledger)
        return NULL;
    pthread_mutex_init(&ledger->lock, NULL);
    ledger->list.arena = dbw_arena_new();
    ledger->folder = folder ? dbw_arena_string(ledger->list.arena, folder) : NULL;
    return ledger;
}

void dbw_ledger_free(dbw_ledger *ledger)
{
    if (!ledger)
        return;
    dbw_arena_free(ledger->list.arena);
    pthread_mutex_destroy(&ledger->lock);
    free(ledger);
}

void dbw_ledger_add(dbw_ledger *ledger, const dbw_ledger_entry *entry)
{
    pthread_mutex_lock(&ledger->lock);
    ledger->counts[entry->kind] += entry->count;
    list_add(&ledger->list, entry);
    pthread_mutex_unlock(&ledger->lock);
}

int64_t dbw_ledger_count(dbw_ledger *ledger, dbw_ledger_kind kind)
{
    pthread_mutex_lock(&ledger->lock);
    int64_t count = ledger->counts[kind];
    pthread_mutex_unlock(&ledger->lock);
    return count;
}

bool dbw_ledger_knows(dbw_ledger *ledger, const char *table, const char *column, const char *key)
{
    bool known = false;
    pthread_mutex_lock(&ledger->lock);
    for (size_t i = 0; i < ledger->list.count && !known; i++) {
        const dbw_ledger_entry *entry = &ledger->list.entries[i];
        known = entry->kind == DBW_LEDGER_VALUE && same(entry->table, table) &&
                same(entry->column, column) && entry->key && same(entry->key, key);
    }
    pthread_mutex_unlock(&ledger->lock);
    return known;
}

static struct json_object *text_or_null(const char *text)
{
    return text ? json_object_new_string(text) : NULL;
}

static struct json_object *entry_json(const dbw_ledger_entry *entry)
{
    struct json_object *object = json_object_new_object();
    json_object_object_add(object, "kind", json_object_new_string(kind_names[entry->kind]));
    json_object_object_add(object, "table", text_or_null(entry->table));
    json_object_object_add(object, "column", text_or_null(entry->column));
    json_object_object_add(object, "key", text_or_null(entry->key));
    json_object_object_add(object, "before", text_or_null(entry->before));
    json_object_object_add(object, "after", text_or_null(entry->after));
    json_object_object_add(object, "reason", text_or_null(entry->reason));
    json_object_object_add(object, "count", json_object_new_int64(entry->count));
    return object;
}

struct json_object *dbw_ledger_to_json(dbw_ledger *ledger)
{
    struct json_object *array = json_object_new_array();
    pthread_mutex_lock(&ledger->lock);
    for (size_t i = 0; i < ledger->list.count; i++)
        json_object_array_add(array, entry_json(&ledger->list.entries[i]));
    pthread_mutex_unlock(&ledger->lock);
    return array;
}

/* --- batches ---------------------------------------------------------------------------------- */

dbw_ledger_batch *dbw_ledger_batch_new(dbw_ledger *ledger, const char *prefix)
{
    dbw_ledger_batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return NULL;
    batch->ledger = ledger;
    batch->prefix = prefix;
    batch->list.arena = dbw_arena_new();
    return batch;
}

void dbw_ledger_batch_free(dbw_ledger_batch *batch)
{
    if (!batch)
        return;
    if (batch->file)
        fclose(batch->file);
    dbw_arena_free(batch->list.arena);
    free(batch);
}

void dbw_ledger_batch_begin(dbw_ledger_batch *batch, int64_t seq, int64_t n)
{
    if (batch->file)
        fclose(batch->file);
    batch->file = NULL;
    snprintf(batch->file_name, sizeof batch->file_name, "%s-%" PRId64 "-%" PRId64 ".jsonl",
             batch->prefix, seq, n);
    dbw_arena_reset(batch->list.arena);
    batch->list.entries = NULL;
    batch->list.count = 0;
    memset(batch->counts, 0, sizeof batch->counts);
}

dbw_status dbw_ledger_batch_add(dbw_ledger_batch *batch, const dbw_ledger_entry *entry,
                                dbw_error *error)
{
    batch->counts[entry->kind] += entry->count;
    if (list_add(&batch->list, entry) || !batch->ledger->folder)
        return DBW_OK;
    if (!batch->file)
        DBW_TRY(dbw_folder_create(batch->ledger->folder, batch->file_name, &batch->file, error));
    struct json_object *line = entry_json(entry);
    dbw_status status = dbw_folder_line(batch->file, line, error);
    json_object_put(line);
    return status;
}

dbw_status dbw_ledger_batch_flush(dbw_ledger_batch *batch, dbw_error *error)
{
    FILE *file = batch->file;
    batch->file = NULL;
    return dbw_folder_close(file, error);
}

void dbw_ledger_batch_commit(dbw_ledger_batch *batch)
{
    dbw_ledger *ledger = batch->ledger;
    pthread_mutex_lock(&ledger->lock);
    for (int i = 0; i < DBW_LEDGER_KINDS; i++)
        ledger->counts[i] += batch->counts[i];
    for (size_t i = 0; i < batch->list.count; i++)
        list_add(&ledger->list, &batch->list.entries[i]);
    pthread_mutex_unlock(&ledger->lock);
    dbw_ledger_batch_begin(batch, 0, 0);
}
