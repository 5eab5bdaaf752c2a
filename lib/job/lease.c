/* SPDX-License-Identifier: Apache-2.0 */
#include "job/lease.h"

#include "job/job_priv.h"
#include "state/secret.h"

#include <json-c/json.h>

#define SECOND INT64_C(1000000)
#define HELD " WHERE id = ? AND worker = ? AND attempt = ? AND status = 'running'"
enum { EVENT_LIMIT = 1000, EVENT_TEXT = 4096 };

/* --- workers ---------------------------------------------------------------------------------- */

static dbw_status run(dbw_store *store, const char *sql, const dbw_value *values, size_t count,
                      dbw_error *error)
{
    dbw_database *database;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status = dbw_execute(database, sql, values, count, NULL, error);
    dbw_store_return(store, database);
    return status;
}

dbw_status dbw_lease_register(dbw_store *store, bool command, dbw_worker_id *out, dbw_error *error)
{
    dbw_process self;
    int64_t now = dbw_store_now(store);
    dbw_process_self(&self);
    dbw_secret_id(out->id);
    dbw_value values[] = {dbw_value_string(out->id),   dbw_value_int(command),
                          dbw_value_string(self.host), dbw_value_string(self.boot),
                          dbw_value_int(self.pid),     dbw_value_int(self.start),
                          dbw_value_int(now),          dbw_value_int(now)};
    return run(store,
               "INSERT INTO workers (id, command, host, boot, pid, pid_start, registered_at,"
               " seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
               values, DBW_COUNT(values), error);
}

dbw_status dbw_lease_heartbeat(dbw_store *store, const dbw_worker_id *worker, dbw_error *error)
{
    dbw_value values[] = {dbw_value_int(dbw_store_now(store)), dbw_value_string(worker->id)};
    return run(store, "UPDATE workers SET seen_at = ? WHERE id = ?", values, DBW_COUNT(values),
               error);
}

dbw_status dbw_lease_unregister(dbw_store *store, const dbw_worker_id *worker, dbw_error *error)
{
    dbw_value key = dbw_value_string(worker->id);
    return run(store, "DELETE FROM workers WHERE id = ?", &key, 1, error);
}

/* --- while it runs ---------------------------------------------------------------------------- */

struct holding {
    dbw_store *store;
    const dbw_claim *claim;
    const dbw_job_progress *progress;
    const dbw_job_end *end;
    const char *level, *text; /* of an event */
    dbw_request *requested;
};

static dbw_status fail_lost(const dbw_claim *claim, dbw_error *error)
{
    dbw_fail(error, DBW_E_INTERRUPTED, "job '%s' was taken away: its lease expired", claim->job);
    return dbw_hint(error,
                    "Look at it with 'dbwizard jobs show %s', and resume it if it stands "
                    "still.",
                    claim->job);
}

/* Runs "UPDATE jobs SET … HELD": the values of `set`, then those of the lease. */
static dbw_status update(dbw_database *database, const struct holding *h, const char *sql,
                         const dbw_value *set, size_t count, dbw_error *error)
{
    dbw_value values[24];
    int64_t affected;
    if (count)
        memcpy(values, set, count * sizeof *set);
    values[count] = dbw_value_string(h->claim->job);
    values[count + 1] = dbw_value_string(h->claim->worker);
    values[count + 2] = dbw_value_int(h->claim->attempt);
    DBW_TRY(dbw_execute(database, sql, values, count + 3, &affected, error));
    return affected == 1 ? DBW_OK : fail_lost(h->claim, error);
}

static dbw_status look(dbw_database *database, const struct holding *h, dbw_error *error)
{
    dbw_value values[] = {dbw_value_string(h->claim->job), dbw_value_string(h->claim->worker),
                          dbw_value_int(h->claim->attempt)};
    dbw_value *row;
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = dbw_fetch_one(database, arena, "SELECT requested FROM jobs" HELD, values,
                                      DBW_COUNT(values), &row, error);
    if (status == DBW_OK && !row)
        status = fail_lost(h->claim, error);
    *h->requested = DBW_REQUEST_NONE;
    if (status == DBW_OK && row[0].kind == DBW_KIND_TEXT)
        *h->requested = dbw_text_is(row[0].text, "cancel") ? DBW_REQUEST_CANCEL : DBW_REQUEST_PAUSE;
    dbw_arena_free(arena);
    return status;
}

static dbw_value lease_end(const dbw_store *store)
{
    return dbw_value_int(dbw_store_now(store) + DBW_LEASE_SECONDS * SECOND);
}

static dbw_status renew_body(dbw_database *database, void *context, dbw_error *error)
{
    const struct holding *h = context;
    dbw_value until = lease_end(h->store);
    DBW_TRY(update(database, h, "UPDATE jobs SET lease_until = ?" HELD, &until, 1, error));
    return look(database, h, error);
}

dbw_status dbw_lease_renew(dbw_store *store, const dbw_claim *claim, dbw_request *requested,
                           dbw_error *error)
{
    struct holding h = {.store = store, .claim = claim, .requested = requested};
    return dbw_store_transaction(store, renew_body, &h, error);
}

dbw_status dbw_lease_look(dbw_store *store, const dbw_claim *claim, dbw_request *requested,
                          dbw_error *error)
{
    struct holding h = {.store = store, .claim = claim, .requested = requested};
    dbw_database *database;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status = look(database, &h, error);
    dbw_store_return(store, database);
    return status;
}

static dbw_value json_value(dbw_arena *arena, struct json_object *object)
{
    return object ? dbw_value_string(dbw_job_json_string(arena, object)) : DBW_NULL;
}

static dbw_status progress(dbw_database *database, const struct holding *h, dbw_arena *arena,
                           dbw_error *error)
{
    const dbw_job_progress *p = h->progress;
    dbw_value values[] = {lease_end(h->store),
                          dbw_value_string(p->phase),
                          json_value(arena, p->phases),
                          json_value(arena, p->tables),
                          dbw_value_int(p->rows_done),
                          dbw_value_int(p->rows_total),
                          dbw_value_int(p->bytes_done),
                          dbw_value_int(p->bytes_total),
                          {.kind = DBW_KIND_DOUBLE, .real = p->rate},
                          p->eta_seconds < 0 ? DBW_NULL : dbw_value_int(p->eta_seconds)};
    DBW_TRY(update(database, h,
                   "UPDATE jobs SET lease_until = ?, phase = COALESCE(?, phase),"
                   " phases = COALESCE(?, phases), tables = COALESCE(?, tables), rows_done = ?,"
                   " rows_total = ?, bytes_done = ?, bytes_total = ?, rate = ?, eta_seconds = ?,"
                   " version = version + 1" HELD,
                   values, DBW_COUNT(values), error));
    return look(database, h, error);
}

static dbw_status progress_body(dbw_database *database, void *context, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = progress(database, context, arena, error);
    dbw_arena_free(arena);
    return status;
}

dbw_status dbw_lease_progress(dbw_store *store, const dbw_claim *claim,
                              const dbw_job_progress *job_progress, dbw_request *requested,
                              dbw_error *error)
{
    struct holding h = {
        .store = store, .claim = claim, .progress = job_progress, .requested = requested};
    DBW_TRY(dbw_store_transaction(store, progress_body, &h, error));
    dbw_wake_signal(store, DBW_WAKE_CHANGE);
    return DBW_OK;
}

static dbw_status event(dbw_database *database, const struct holding *h, dbw_arena *arena,
                        dbw_error *error)
{
    dbw_value id = dbw_value_string(h->claim->job), seq;
    DBW_TRY(update(database, h,
                   "UPDATE jobs SET event_count = event_count + 1, version = version + 1" HELD,
                   NULL, 0, error));
    DBW_TRY(dbw_fetch_value(database, arena, "SELECT event_count FROM jobs WHERE id = ?", &id, 1,
                            &seq, error));
    if (seq.int64 > EVENT_LIMIT)
        return DBW_OK;
    char *text = dbw_redact(arena, dbw_text_of(h->text));
    if (strlen(text) > EVENT_TEXT)
        text[EVENT_TEXT] = '\0';
    dbw_value values[] = {id, seq, dbw_value_int(dbw_store_now(h->store)),
                          dbw_value_string(h->level), dbw_value_string(text)};
    return dbw_execute(database,
                       "INSERT INTO job_events (job, seq, at, level, message)"
                       " VALUES (?, ?, ?, ?, ?)",
                       values, DBW_COUNT(values), NULL, error);
}

static dbw_status event_body(dbw_database *database, void *context, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = event(database, context, arena, error);
    dbw_arena_free(arena);
    return status;
}

dbw_status dbw_lease_event(dbw_store *store, const dbw_claim *claim, const char *level,
                           const char *text, dbw_error *error)
{
    struct holding h = {.store = store, .claim = claim, .level = level, .text = text};
    DBW_TRY(dbw_store_transaction(store, event_body, &h, error));
    dbw_wake_signal(store, DBW_WAKE_CHANGE);
    return DBW_OK;
}

/* --- the end ---------------------------------------------------------------------------------- */

static dbw_status keep_document(dbw_database *database, dbw_arena *arena, const char *job,
                                const char *name, struct json_object *body, dbw_error *error)
{
    if (!body)
        return DBW_OK;
    dbw_value values[] = {dbw_value_string(job), dbw_value_string(name), json_value(arena, body)};
    return dbw_execute(database,
                       "INSERT INTO job_documents (job, name, body) VALUES (?, ?, ?)"
                       " ON CONFLICT (job, name) DO UPDATE SET body = excluded.body",
                       values, DBW_COUNT(values), NULL, error);
}

static dbw_status end_job(dbw_database *database, const struct holding *h, dbw_arena *arena,
                          dbw_error *error)
{
    const dbw_job_end *end = h->end;
    bool again = end->status == DBW_JOB_QUEUED;
    struct json_object *failure = end->failure ? dbw_job_json_error(arena, end->failure) : NULL;
    const char *work = h->claim->work == DBW_WORK_DISCARD ? "discard" : "resume";
    dbw_value values[] = {dbw_value_string(dbw_job_status_slug(end->status)),
                          again ? DBW_NULL : json_value(arena, failure),
                          dbw_value_string(end->verdict),
                          dbw_value_int(end->resumable),
                          dbw_value_int(end->discarded),
                          dbw_value_string(work),
                          again ? DBW_NULL : dbw_value_int(dbw_store_now(h->store))};
    json_object_put(failure);
    DBW_TRY(update(database, h,
                   "UPDATE jobs SET status = ?, error = ?, verdict = ?, resumable = ?,"
                   " discarded = ?, work = ?, finished_at = ?, requested = NULL, worker = NULL,"
                   " lease_until = NULL, eta_seconds = NULL, version = version + 1" HELD,
                   values, DBW_COUNT(values), error));
    DBW_TRY(keep_document(database, arena, h->claim->job, "result", end->result, error));
    return keep_document(database, arena, h->claim->job, "report", end->report, error);
}

static dbw_status end_body(dbw_database *database, void *context, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_arena_set_limit(arena, SIZE_MAX); /* a report is as long as its tables and ledger are */
    dbw_status status = end_job(database, context, arena, error);
    dbw_arena_free(arena);
    return status;
}

dbw_status dbw_lease_end(dbw_store *store, const dbw_claim *claim, const dbw_job_end *end,
                         dbw_error *error)
{
    struct holding h = {.store = store, .claim = claim, .end = end};
    DBW_TRY(dbw_store_transaction(store, end_body, &h, error));
    dbw_wake_signal(store, DBW_WAKE_CHANGE);
    if (end->status == DBW_JOB_QUEUED)
        dbw_wake_signal(store, DBW_WAKE_WORK);
    return DBW_OK;
}
