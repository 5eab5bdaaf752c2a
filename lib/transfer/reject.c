/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/reject.h"

#include "base/utf8.h"
#include "transfer/folder.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <pthread.h>

enum { NAME_ROOM = 64, ROW_ROOM = 501 };

struct dbw_rejects {
    pthread_mutex_t lock;
    const char *folder;
    int64_t most;
    int64_t count;
};

struct dbw_reject_batch {
    dbw_rejects *rejects;
    dbw_ledger_batch *ledger;
    FILE *file;
    char name[NAME_ROOM];
    int64_t pending;
};

static void name_of(char out[NAME_ROOM], int64_t seq, int64_t n)
{
    snprintf(out, NAME_ROOM, "rejected-%" PRId64 "-%" PRId64 ".jsonl", seq, n);
}

dbw_rejects *dbw_rejects_new(const char *folder, int64_t most)
{
    dbw_rejects *rejects = calloc(1, sizeof *rejects);
    if (!rejects)
        return NULL;
    pthread_mutex_init(&rejects->lock, NULL);
    rejects->folder = folder;
    rejects->most = most;
    return rejects;
}

void dbw_rejects_free(dbw_rejects *rejects)
{
    if (!rejects)
        return;
    pthread_mutex_destroy(&rejects->lock);
    free(rejects);
}

static void take_back(dbw_rejects *rejects, int64_t count)
{
    pthread_mutex_lock(&rejects->lock);
    rejects->count -= count;
    pthread_mutex_unlock(&rejects->lock);
}

dbw_reject_batch *dbw_reject_batch_new(dbw_rejects *rejects, dbw_ledger_batch *ledger)
{
    dbw_reject_batch *batch = calloc(1, sizeof *batch);
    if (batch)
        *batch = (dbw_reject_batch){.rejects = rejects, .ledger = ledger};
    return batch;
}

void dbw_reject_batch_free(dbw_reject_batch *batch)
{
    if (!batch)
        return;
    if (batch->file)
        fclose(batch->file);
    free(batch);
}

void dbw_reject_batch_begin(dbw_reject_batch *batch, int64_t seq, int64_t n)
{
    take_back(batch->rejects, batch->pending);
    batch->pending = 0;
    if (batch->file)
        fclose(batch->file);
    batch->file = NULL;
    name_of(batch->name, seq, n);
}

/* Takes one of the rows that may be rejected. */
static dbw_status take_one(dbw_rejects *rejects, const dbw_reject *reject, dbw_error *error)
{
    pthread_mutex_lock(&rejects->lock);
    bool room = rejects->count < rejects->most;
    if (room)
        rejects->count++;
    pthread_mutex_unlock(&rejects->lock);
    if (room)
        return DBW_OK;
    dbw_fail(error, DBW_E_LIMIT,
             "unable to go on: more than %" PRId64 " rows were rejected, the last one %s of table "
             "'%s': %s",
             rejects->most, reject->key, reject->table, reject->reason);
    dbw_hint(error, "Look at the rejected rows; a higher max_rejects lets more of them pass.");
    return dbw_error_object(error, "%s", reject->table);
}

/* The row itself: a table without a key has nothing else by which its rows can be told apart. */
static void shorten(struct json_object *row, char out[ROW_ROOM])
{
    const char *text = json_object_to_json_string_ext(row, JSON_C_TO_STRING_PLAIN |
                                                               JSON_C_TO_STRING_NOSLASHESCAPE);
    size_t cut = dbw_utf8_cut(text, strlen(text), ROW_ROOM - 1);
    memcpy(out, text, cut);
    out[cut] = '\0';
}

dbw_status dbw_reject_batch_add(dbw_reject_batch *batch, const dbw_reject *reject, dbw_error *error)
{
    DBW_TRY(take_one(batch->rejects, reject, error));
    batch->pending++;
    if (!batch->file && batch->rejects->folder)
        DBW_TRY(dbw_folder_create(batch->rejects->folder, batch->name, &batch->file, error));
    if (batch->file) {
        struct json_object *line = json_object_new_object();
        json_object_object_add(line, "table", json_object_new_string(reject->table));
        json_object_object_add(line, "key", json_object_new_string(reject->key));
        json_object_object_add(line, "column",
                               reject->column ? json_object_new_string(reject->column) : NULL);
        json_object_object_add(line, "reason", json_object_new_string(reject->reason));
        json_object_object_add(line, "row", json_object_get(reject->row));
        dbw_status status = dbw_folder_line(batch->file, line, error);
        json_object_put(line);
        DBW_TRY(status);
    }
    char before[ROW_ROOM];
    shorten(reject->row, before);
    dbw_ledger_entry entry = {.kind = DBW_LEDGER_REJECTED,
                              .table = reject->table,
                              .column = reject->column,
                              .key = reject->key,
                              .before = before,
                              .reason = reject->reason,
                              .count = 1};
    return dbw_ledger_batch_add(batch->ledger, &entry, error);
}

dbw_status dbw_reject_batch_flush(dbw_reject_batch *batch, dbw_error *error)
{
    FILE *file = batch->file;
    batch->file = NULL;
    if (!file && batch->rejects->folder)
        dbw_folder_remove(batch->rejects->folder, batch->name);
    return dbw_folder_close(file, error);
}

void dbw_reject_batch_commit(dbw_reject_batch *batch)
{
    batch->pending = 0;
}

static dbw_status append(FILE *to, const char *folder, const char *name, dbw_error *error)
{
    char buffer[8192];
    FILE *from;
    DBW_TRY(dbw_folder_open(folder, name, &from, error));
    if (!from)
        return DBW_OK;
    size_t length;
    bool good = true;
    while (good && (length = fread(buffer, 1, sizeof buffer, from)) > 0)
        good = fwrite(buffer, 1, length, to) == length;
    good = good && !ferror(from);
    fclose(from);
    return good ? DBW_OK
                : dbw_fail(error, DBW_E_IO, "unable to write the rejected rows to folder '%s'",
                           folder);
}

dbw_status dbw_rejects_join(dbw_rejects *rejects, const int64_t (*chunks)[2], size_t count,
                            dbw_error *error)
{
    char name[NAME_ROOM];
    FILE *all;
    if (!rejects->folder || rejects->count == 0)
        return DBW_OK;
    DBW_TRY(dbw_folder_create(rejects->folder, DBW_REJECT_FILE, &all, error));
    dbw_status status = DBW_OK;
    for (size_t i = 0; i < count && status == DBW_OK; i++) {
        name_of(name, chunks[i][0], chunks[i][1]);
        status = append(all, rejects->folder, name, error);
    }
    if (status != DBW_OK) {
        fclose(all);
        return status;
    }
    DBW_TRY(dbw_folder_close(all, error));
    for (size_t i = 0; i < count; i++) {
        name_of(name, chunks[i][0], chunks[i][1]);
        dbw_folder_remove(rejects->folder, name);
    }
    return DBW_OK;
}
