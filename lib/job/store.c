/* SPDX-License-Identifier: Apache-2.0 */
#include "job/store.h"

#include "job/job_priv.h"
#include "state/secret.h"

#include <json-c/json.h>

enum { RECOVER_MS = 5000 };

/* --- statuses --------------------------------------------------------------------------------- */

static const struct {
    const char *slug;
    bool ended, resume;
} statuses[] = {
#define DBW_JOB_STATUS(name, slug, ended, pause, resume, cancel, discard)                          \
    [DBW_JOB_##name] = {(slug), (ended), (resume)},
#include "job/statuses.def"
#undef DBW_JOB_STATUS
};

const char *dbw_job_status_slug(dbw_job_status status)
{
    return (unsigned)status < DBW_COUNT(statuses) ? statuses[status].slug : "unknown";
}

dbw_job_status dbw_job_status_find(const char *slug)
{
    for (size_t i = 0; i < DBW_COUNT(statuses); i++)
        if (strcmp(statuses[i].slug, slug) == 0)
            return (dbw_job_status)i;
    return DBW_JOB_STATUS_COUNT;
}

bool dbw_job_status_ended(dbw_job_status status)
{
    return (unsigned)status < DBW_COUNT(statuses) && statuses[status].ended;
}

bool dbw_job_can_resume(dbw_text status, bool remains, dbw_text work)
{
    for (size_t i = 0; i < DBW_COUNT(statuses); i++)
        if (dbw_text_is(status, statuses[i].slug))
            return statuses[i].resume && remains && !dbw_text_is(work, "discard");
    return false;
}

/* --- making ----------------------------------------------------------------------------------- */

static dbw_status redact_url(dbw_arena *arena, const char *url, const char *field, const char **out,
                             dbw_error *error)
{
    dbw_url *parsed;
    if (dbw_url_parse(arena, dbw_text_of(url), &parsed, error) != DBW_OK)
        return dbw_error_object(error, "%s", field);
    *out = dbw_url_redacted(arena, parsed);
    return DBW_OK;
}

static dbw_status seal(dbw_job_new *job, dbw_error *error)
{
    const dbw_job_request *request = job->request;
    struct json_object *object = json_object_new_object();
    json_object_object_add(object, "source_url", json_object_new_string(request->source_url));
    if (request->target_url)
        json_object_object_add(object, "target_url", json_object_new_string(request->target_url));
    json_object_object_add(object, "options", json_object_get(request->options));
    dbw_text sealed;
    dbw_status status =
        dbw_store_seal(job->store, job->arena, "job",
                       dbw_text_of(dbw_job_json_string(job->arena, object)), &sealed, error);
    json_object_put(object);
    if (status == DBW_OK)
        job->sealed = dbw_arena_text_string(job->arena, sealed);
    return status;
}

dbw_status dbw_job_prepare(dbw_store *store, dbw_arena *arena, const dbw_job_request *request,
                           dbw_job_new *out, dbw_error *error)
{
    *out = (dbw_job_new){.store = store, .arena = arena, .request = request};
    DBW_TRY(redact_url(arena, request->source_url, "source_url", &out->source, error));
    if (request->target_url)
        DBW_TRY(redact_url(arena, request->target_url, "target_url", &out->target, error));
    dbw_secret_id(out->id);
    return seal(out, error);
}

dbw_status dbw_job_insert(dbw_database *database, dbw_job_new *job, dbw_error *error)
{
    const dbw_job_request *request = job->request;
    int64_t now = dbw_store_now(job->store);
    const char *earlier = NULL;
    if (request->idempotency)
        DBW_TRY(
            dbw_idempotency_find(database, job->arena, request->idempotency, now, &earlier, error));
    job->existing = earlier != NULL;
    if (earlier) {
        snprintf(job->id, sizeof job->id, "%s", earlier);
        return DBW_OK;
    }
    dbw_value values[] = {dbw_value_string(job->id),        dbw_value_string(request->kind),
                          dbw_value_string(request->actor), dbw_value_string(request->app),
                          dbw_value_string(job->source),    dbw_value_string(job->target),
                          dbw_value_string(job->sealed),    dbw_value_int(now)};
    DBW_TRY(dbw_execute(database,
                        "INSERT INTO jobs (id, kind, status, work, actor, app, source, target,"
                        " sealed, version, created_at)"
                        " VALUES (?, ?, 'queued', 'run', ?, ?, ?, ?, ?, 1, ?)",
                        values, DBW_COUNT(values), NULL, error));
    if (!request->idempotency)
        return DBW_OK;
    return dbw_idempotency_keep(database, request->idempotency, now, job->id, error);
}

static dbw_status insert_body(dbw_database *database, void *job, dbw_error *error)
{
    return dbw_job_insert(database, job, error);
}

dbw_status dbw_job_create(dbw_store *store, const dbw_job_request *request, char id[DBW_JOB_ID],
                          bool *existing, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_job_new job;
    dbw_status status = dbw_job_prepare(store, arena, request, &job, error);
    if (status == DBW_OK)
        status = dbw_store_transaction(store, insert_body, &job, error);
    dbw_arena_free(arena);
    DBW_TRY(status);
    memcpy(id, job.id, DBW_JOB_ID);
    if (existing)
        *existing = job.existing;
    dbw_wake_signal(store, DBW_WAKE_WORK);
    dbw_wake_signal(store, DBW_WAKE_CHANGE);
    return DBW_OK;
}

/* --- looking and waiting ---------------------------------------------------------------------- */

static dbw_status read_state(dbw_database *database, dbw_arena *arena, const char *id,
                             dbw_job_state *out, dbw_error *error)
{
    dbw_value key = dbw_value_string(id), *row;
    DBW_TRY(dbw_fetch_one(database, arena,
                          "SELECT status, version, error, verdict, discarded, resumable, work"
                          " FROM jobs WHERE id = ?",
                          &key, 1, &row, error));
    if (!row)
        return dbw_fail(error, DBW_E_NOT_FOUND, "job '%.40s' does not exist", id);
    struct json_object *failure = dbw_job_json_parse(&row[2], NULL);
    const char *code = dbw_job_json_text(failure, "code");
    *out = (dbw_job_state){.status = dbw_job_status_find(dbw_arena_text_string(arena, row[0].text)),
                           .version = row[1].int64,
                           .error = code ? dbw_status_from_slug(code) : DBW_OK,
                           .resumable =
                               dbw_job_can_resume(row[0].text, row[5].int64 != 0, row[6].text),
                           .discarded = row[4].int64 != 0};
    if (row[3].kind == DBW_KIND_TEXT)
        snprintf(out->verdict, sizeof out->verdict, "%.*s", (int)row[3].text.length,
                 row[3].text.data);
    if (!code && out->status == DBW_JOB_PAUSED)
        out->error = DBW_E_PAUSED;
    if (!code && out->status == DBW_JOB_CANCELLED && !out->discarded)
        out->error = DBW_E_CANCELLED;
    json_object_put(failure);
    return DBW_OK;
}

dbw_status dbw_job_state_get(dbw_store *store, const char *id, dbw_job_state *out, dbw_error *error)
{
    dbw_database *database;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = read_state(database, arena, id, out, error);
    dbw_arena_free(arena);
    dbw_store_return(store, database);
    return status;
}

dbw_status dbw_job_wait(dbw_store *store, const char *id, int64_t version, dbw_deadline deadline,
                        dbw_job_state *out, dbw_error *error)
{
    dbw_wake *wake;
    dbw_status status;
    dbw_deadline recovery = dbw_deadline_in(RECOVER_MS);
    DBW_TRY(dbw_wake_open(store, DBW_WAKE_CHANGE, &wake, error));
    for (;;) {
        status = dbw_job_state_get(store, id, out, error);
        if (status != DBW_OK || dbw_job_status_ended(out->status) ||
            (version >= 0 && out->version > version))
            break;
        if (dbw_deadline_left(deadline) == 0) {
            status =
                dbw_fail(error, DBW_E_TIMEOUT, "job '%s' has not ended in the time allowed", id);
            break;
        }
        dbw_wake_wait(wake, deadline, -1);
        /* With no worker left nobody else would notice that the job's process is gone. */
        if (dbw_deadline_left(recovery) == 0) {
            int64_t interrupted;
            DBW_TRY_GOTO(status, out, dbw_lease_recover(store, &interrupted, error));
            recovery = dbw_deadline_in(RECOVER_MS);
        }
    }
out:
    dbw_wake_close(wake);
    return status;
}

/* `prefix` is matched by a range, so that an index serves and nothing is a pattern. */
static dbw_status find(dbw_database *database, dbw_arena *arena, const char *prefix,
                       char id[DBW_JOB_ID], dbw_error *error)
{
    dbw_value range[] = {dbw_value_string(prefix),
                         dbw_value_string(dbw_arena_printf(arena, "%s~", prefix))};
    dbw_rows *rows;
    const dbw_value *row;
    size_t count = 0;
    DBW_TRY(dbw_fetch(database, "SELECT id FROM jobs WHERE id >= ? AND id < ?", range,
                      DBW_COUNT(range), &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row && count < 2) {
        snprintf(id, DBW_JOB_ID, "%.*s", (int)row[0].text.length, row[0].text.data);
        count++;
    }
    dbw_rows_close(rows);
    DBW_TRY(status);
    if (count == 0)
        return dbw_fail(error, DBW_E_NOT_FOUND, "job '%.40s' does not exist", prefix);
    if (count > 1)
        return dbw_fail(error, DBW_E_INVALID, "several jobs start with '%.40s'", prefix);
    return DBW_OK;
}

dbw_status dbw_job_find(dbw_store *store, const char *prefix, char id[DBW_JOB_ID], dbw_error *error)
{
    dbw_database *database;
    size_t length = strlen(prefix);
    if (length == 0 || length >= DBW_JOB_ID || strspn(prefix, "0123456789abcdef") != length)
        return dbw_fail(error, DBW_E_NOT_FOUND, "job '%.40s' does not exist", prefix);
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = find(database, arena, prefix, id, error);
    dbw_arena_free(arena);
    dbw_store_return(store, database);
    return status;
}
