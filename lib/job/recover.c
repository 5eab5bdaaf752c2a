/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs whose process is gone, and jobs that nobody needs any more. */
#include "job/job_priv.h"

#include <dirent.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <unistd.h>

#define SECOND INT64_C(1000000)
#define FORGET_WORKER (600 * SECOND)
enum { BATCH = 64 };

struct orphan {
    char job[DBW_JOB_ID];
    int64_t attempt;
    int64_t lease_until;
};

struct recovering {
    dbw_store *store;
    dbw_process self;
    struct orphan orphans[BATCH];
    size_t count;
    int64_t interrupted;
};

static void copy_text(char *out, size_t size, const dbw_value *value)
{
    snprintf(out, size, "%.*s", value->kind == DBW_KIND_TEXT ? (int)value->text.length : 0,
             value->kind == DBW_KIND_TEXT ? value->text.data : "");
}

static void process_of(const dbw_value *row, dbw_process *out)
{
    *out = (dbw_process){.pid = row[2].int64, .start = row[3].int64};
    copy_text(out->host, sizeof out->host, &row[0]);
    copy_text(out->boot, sizeof out->boot, &row[1]);
}

/* Expired, or held by a process that is certainly dead, or by one that has signed off. */
static bool is_orphan(const struct recovering *r, const dbw_value *row)
{
    dbw_process holder;
    if (row[2].kind != DBW_KIND_INT64 || row[2].int64 < dbw_store_now(r->store))
        return true;
    if (row[3].kind != DBW_KIND_TEXT)
        return true;
    process_of(row + 3, &holder);
    return dbw_process_dead(&holder, &r->self);
}

static dbw_status find_orphans(dbw_database *database, struct recovering *r, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    r->count = 0;
    DBW_TRY(dbw_fetch(database,
                      "SELECT jobs.id, jobs.attempt, jobs.lease_until, workers.host, workers.boot,"
                      " workers.pid, workers.pid_start FROM jobs"
                      " LEFT JOIN workers ON workers.id = jobs.worker"
                      " WHERE jobs.status = 'running'",
                      NULL, 0, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row && r->count < BATCH) {
        if (!is_orphan(r, row))
            continue;
        struct orphan *orphan = &r->orphans[r->count++];
        copy_text(orphan->job, sizeof orphan->job, &row[0]);
        orphan->attempt = row[1].int64;
        orphan->lease_until = row[2].kind == DBW_KIND_INT64 ? row[2].int64 : 0;
    }
    dbw_rows_close(rows);
    return status;
}

/* What was in open transactions is not there any more: the tables with the rows that are safe. */
static dbw_status safe_tables(dbw_database *database, dbw_arena *arena, const struct orphan *orphan,
                              const char **tables, int64_t *rows, dbw_error *error)
{
    dbw_value key = dbw_value_string(orphan->job), text;
    *tables = NULL;
    *rows = 0;
    DBW_TRY(dbw_fetch_value(database, arena, "SELECT tables FROM jobs WHERE id = ?", &key, 1, &text,
                            error));
    struct json_object *list = text.kind == DBW_KIND_TEXT
                                   ? json_tokener_parse(dbw_arena_text_string(arena, text.text))
                                   : NULL;
    size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    for (size_t i = 0; i < count; i++) {
        struct json_object *table = json_object_array_get_idx(list, i), *safe;
        if (!json_object_object_get_ex(table, "rows_safe", &safe))
            continue;
        *rows += json_object_get_int64(safe);
        json_object_object_add(table, "rows_done", json_object_get(safe));
    }
    if (count)
        *tables = dbw_job_json_string(arena, list);
    json_object_put(list);
    return DBW_OK;
}

/* Only while the lease is still the one that was seen: its holder may have renewed it since. */
static dbw_status interrupt(dbw_database *database, dbw_arena *arena, struct recovering *r,
                            const struct orphan *orphan, const char *failure, dbw_error *error)
{
    int64_t affected, rows;
    const char *tables;
    DBW_TRY(safe_tables(database, arena, orphan, &tables, &rows, error));
    dbw_value values[] = {dbw_value_string(failure),
                          dbw_value_int(dbw_store_now(r->store)),
                          tables ? dbw_value_string(tables) : (dbw_value){.kind = DBW_KIND_NULL},
                          dbw_value_int(rows),
                          dbw_value_string(orphan->job),
                          dbw_value_int(orphan->attempt),
                          dbw_value_int(orphan->lease_until)};
    DBW_TRY(dbw_execute(database,
                        "UPDATE jobs SET status = 'interrupted', error = ?, resumable = 1,"
                        " finished_at = ?, tables = ?, rows_done = ?, requested = NULL, worker = "
                        "NULL, lease_until = NULL,"
                        " eta_seconds = NULL, version = version + 1 WHERE id = ? AND attempt = ?"
                        " AND status = 'running' AND COALESCE(lease_until, 0) = ?",
                        values, DBW_COUNT(values), &affected, error));
    r->interrupted += affected == 1;
    return DBW_OK;
}

static dbw_status forget_workers(dbw_database *database, const struct recovering *r,
                                 dbw_error *error)
{
    dbw_value limit = dbw_value_int(dbw_store_now(r->store) - FORGET_WORKER);
    return dbw_execute(database,
                       "DELETE FROM workers WHERE seen_at < ? AND id NOT IN"
                       " (SELECT worker FROM jobs WHERE worker IS NOT NULL)",
                       &limit, 1, NULL, error);
}

static dbw_status recover_body(dbw_database *database, void *context, dbw_error *error)
{
    struct recovering *r = context;
    dbw_error failure;
    dbw_fail(&failure, DBW_E_INTERRUPTED, "the process that worked on it ended");
    dbw_hint(&failure, "Resume it: what was copied stays. Or discard it.");
    dbw_arena *arena = dbw_arena_new();
    struct json_object *object = dbw_job_json_error(arena, &failure);
    const char *text = dbw_job_json_string(arena, object);
    json_object_put(object);
    r->interrupted = 0;
    dbw_status status = find_orphans(database, r, error);
    for (size_t i = 0; status == DBW_OK && i < r->count; i++)
        status = interrupt(database, arena, r, &r->orphans[i], text, error);
    if (status == DBW_OK)
        status = forget_workers(database, r, error);
    dbw_arena_free(arena);
    return status;
}

dbw_status dbw_lease_recover(dbw_store *store, int64_t *interrupted, dbw_error *error)
{
    struct recovering *r = calloc(1, sizeof *r);
    *interrupted = 0;
    if (!r)
        return dbw_fail_memory(error);
    r->store = store;
    dbw_process_self(&r->self);
    dbw_status status = dbw_store_transaction(store, recover_body, r, error);
    if (status == DBW_OK)
        *interrupted = r->interrupted;
    free(r);
    if (status == DBW_OK && *interrupted)
        dbw_wake_signal(store, DBW_WAKE_CHANGE);
    return status;
}

dbw_status dbw_lease_notice(dbw_store *store, dbw_error *error)
{
    dbw_database *database;
    int64_t interrupted;
    struct recovering *r = calloc(1, sizeof *r);
    if (!r)
        return dbw_fail_memory(error);
    r->store = store;
    dbw_process_self(&r->self);
    dbw_status status = dbw_store_borrow(store, &database, error);
    if (status == DBW_OK) {
        status = find_orphans(database, r, error);
        dbw_store_return(store, database);
    }
    if (status == DBW_OK && r->count)
        status = dbw_lease_recover(store, &interrupted, error);
    free(r);
    return status;
}

static dbw_status count_workers(dbw_database *database, const struct recovering *r, int64_t *count,
                                dbw_error *error)
{
    dbw_value since = dbw_value_int(dbw_store_now(r->store) - DBW_LEASE_SECONDS * INT64_C(1000000));
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_fetch(database,
                      "SELECT host, boot, pid, pid_start FROM workers"
                      " WHERE command = 0 AND seen_at > ?",
                      &since, 1, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row) {
        dbw_process worker;
        process_of(row, &worker);
        *count += !dbw_process_dead(&worker, &r->self);
    }
    dbw_rows_close(rows);
    return status;
}

dbw_status dbw_job_workers(dbw_store *store, int64_t *count, dbw_error *error)
{
    dbw_database *database;
    struct recovering r = {.store = store};
    *count = 0;
    dbw_process_self(&r.self);
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status = count_workers(database, &r, count, error);
    dbw_store_return(store, database);
    return status;
}

/* --- retention -------------------------------------------------------------------------------- */

struct purging {
    int64_t before;
    char jobs[BATCH][DBW_JOB_ID];
    size_t count;
};

static dbw_status find_old(dbw_database *database, struct purging *p, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    dbw_value values[] = {dbw_value_int(p->before), dbw_value_int(BATCH)};
    p->count = 0;
    DBW_TRY(dbw_fetch(database,
                      "SELECT id FROM jobs WHERE finished_at < ? AND (status = 'done' OR"
                      " (status IN ('failed', 'cancelled') AND (resumable = 0 OR discarded = 1)))"
                      " ORDER BY finished_at LIMIT ?",
                      values, DBW_COUNT(values), &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row && p->count < BATCH)
        copy_text(p->jobs[p->count++], DBW_JOB_ID, &row[0]);
    dbw_rows_close(rows);
    return status;
}

static dbw_status purge_body(dbw_database *database, void *context, dbw_error *error)
{
    static const char *const statements[] = {"DELETE FROM job_events WHERE job = ?",
                                             "DELETE FROM job_documents WHERE job = ?",
                                             "DELETE FROM jobs WHERE id = ?"};
    struct purging *p = context;
    DBW_TRY(find_old(database, p, error));
    for (size_t i = 0; i < p->count; i++)
        for (size_t s = 0; s < DBW_COUNT(statements); s++) {
            dbw_value key = dbw_value_string(p->jobs[i]);
            DBW_TRY(dbw_execute(database, statements[s], &key, 1, NULL, error));
        }
    return DBW_OK;
}

/* A job's folder holds plain files only. */
static void remove_folder(const dbw_store *store, const char *job)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/jobs/%s", dbw_store_folder(store), job);
    if (length < 0 || (size_t)length >= sizeof path)
        return;
    DIR *folder = opendir(path);
    if (!folder)
        return;
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
    rmdir(path);
}

dbw_status dbw_job_purge(dbw_store *store, int days, dbw_error *error)
{
    struct purging p = {.before = dbw_store_now(store) - days * 86400 * SECOND};
    do {
        DBW_TRY(dbw_store_transaction(store, purge_body, &p, error));
        for (size_t i = 0; i < p.count; i++)
            remove_folder(store, p.jobs[i]);
    } while (p.count == BATCH);
    return DBW_OK;
}
