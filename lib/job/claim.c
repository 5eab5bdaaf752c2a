/* SPDX-License-Identifier: Apache-2.0 */
/* How a queued job becomes the work of one process. */
#include "job/job_priv.h"

#include <json-c/json.h>

#define SECOND INT64_C(1000000)
enum { CANDIDATES = 8 };

struct claiming {
    dbw_store *store;
    const dbw_worker_id *worker;
    dbw_arena *arena;
    dbw_job_new *new_job;     /* to be made first, or NULL */
    dbw_job_asking *asking;   /* to be asked first, or NULL */
    char id[DBW_JOB_ID];      /* "": whichever is next */
    char claimed[DBW_JOB_ID]; /* "": none */
};

static dbw_status take(dbw_database *database, struct claiming *c, const char *id, bool *taken,
                       dbw_error *error)
{
    int64_t now = dbw_store_now(c->store), affected;
    dbw_value values[] = {dbw_value_string(c->worker->id),
                          dbw_value_int(now + DBW_LEASE_SECONDS * SECOND), dbw_value_int(now),
                          dbw_value_string(id)};
    DBW_TRY(dbw_execute(database,
                        "UPDATE jobs SET status = 'running', worker = ?, attempt = attempt + 1,"
                        " lease_until = ?, started_at = COALESCE(started_at, ?),"
                        " finished_at = NULL, requested = NULL, error = NULL,"
                        " version = version + 1 WHERE id = ? AND status = 'queued'",
                        values, DBW_COUNT(values), &affected, error));
    *taken = affected == 1;
    return DBW_OK;
}

static dbw_status candidates(dbw_database *database, char ids[CANDIDATES][DBW_JOB_ID],
                             size_t *count, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    dbw_value limit = dbw_value_int(CANDIDATES);
    *count = 0;
    DBW_TRY(dbw_fetch(database,
                      "SELECT id FROM jobs WHERE status = 'queued' ORDER BY created_at, id"
                      " LIMIT ?",
                      &limit, 1, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row && *count < CANDIDATES)
        snprintf(ids[(*count)++], DBW_JOB_ID, "%.*s", (int)row[0].text.length, row[0].text.data);
    dbw_rows_close(rows);
    return status;
}

/* The claim itself is one UPDATE on the status: whichever process comes second changes no row. */
static dbw_status claim_body(dbw_database *database, void *context, dbw_error *error)
{
    struct claiming *c = context;
    char ids[CANDIDATES][DBW_JOB_ID];
    size_t count = 1;
    bool taken = false;
    c->claimed[0] = '\0';
    if (c->new_job) {
        DBW_TRY(dbw_job_insert(database, c->new_job, error));
        memcpy(c->id, c->new_job->id, sizeof c->id);
    }
    if (c->asking)
        DBW_TRY(dbw_job_ask_body(database, c->asking, error));
    if (c->id[0])
        memcpy(ids[0], c->id, sizeof ids[0]);
    else
        DBW_TRY(candidates(database, ids, &count, error));
    for (size_t i = 0; !taken && i < count; i++) {
        DBW_TRY(take(database, c, ids[i], &taken, error));
        if (taken)
            memcpy(c->claimed, ids[i], sizeof c->claimed);
    }
    return DBW_OK;
}

static dbw_job_work work_of(dbw_text slug)
{
    return dbw_text_is(slug, "resume")    ? DBW_WORK_RESUME
           : dbw_text_is(slug, "discard") ? DBW_WORK_DISCARD
                                          : DBW_WORK_RUN;
}

static dbw_status unseal(dbw_store *store, dbw_arena *arena, dbw_text sealed, dbw_claim *claim,
                         dbw_error *error)
{
    dbw_text clear;
    DBW_TRY(dbw_store_unseal(store, arena, "job", sealed, &clear, error));
    dbw_value text = dbw_value_text(clear);
    struct json_object *object = dbw_job_json_parse(&text, NULL), *options = NULL;
    claim->source_url = dbw_arena_string(arena, dbw_job_json_text(object, "source_url"));
    claim->target_url = dbw_arena_string(arena, dbw_job_json_text(object, "target_url"));
    if (json_object_object_get_ex(object, "options", &options))
        claim->options = json_object_get(options);
    json_object_put(object);
    if (claim->source_url)
        return DBW_OK;
    return dbw_fail(error, DBW_E_DATA, "job '%s' is damaged in the state store", claim->job);
}

static dbw_status read_claim(dbw_database *database, const struct claiming *c, dbw_claim *claim,
                             dbw_text *sealed, dbw_error *error)
{
    dbw_value key = dbw_value_string(c->claimed), *row;
    DBW_TRY(dbw_fetch_one(database, c->arena,
                          "SELECT attempt, work, kind, app, sealed FROM jobs WHERE id = ?", &key, 1,
                          &row, error));
    if (!row)
        return dbw_fail(error, DBW_E_NOT_FOUND, "job '%s' does not exist", c->claimed);
    memcpy(claim->job, c->claimed, sizeof claim->job);
    memcpy(claim->worker, c->worker->id, sizeof claim->worker);
    claim->attempt = (int)row[0].int64;
    claim->work = work_of(row[1].text);
    claim->kind = dbw_arena_text_string(c->arena, row[2].text);
    claim->app = row[3].kind == DBW_KIND_TEXT ? dbw_arena_text_string(c->arena, row[3].text) : NULL;
    *sealed = row[4].text;
    return DBW_OK;
}

/* Runs the claiming transaction and opens what was claimed. A job whose secrets cannot be opened
 * (another key) is failed on the spot, with the reason for everybody to see. */
static dbw_status claim(struct claiming *c, dbw_claim **out, dbw_error *error)
{
    dbw_database *database;
    dbw_text sealed = {0};
    *out = NULL;
    DBW_TRY(dbw_store_transaction(c->store, claim_body, c, error));
    if (!c->claimed[0])
        return DBW_OK;
    dbw_claim *claimed = DBW_NEW(c->arena, dbw_claim);
    DBW_TRY(dbw_store_borrow(c->store, &database, error));
    dbw_status status = read_claim(database, c, claimed, &sealed, error);
    dbw_store_return(c->store, database);
    DBW_TRY(status);
    dbw_wake_signal(c->store, DBW_WAKE_CHANGE);
    status = unseal(c->store, c->arena, sealed, claimed, error);
    if (status == DBW_OK) {
        *out = claimed;
        return DBW_OK;
    }
    dbw_error ignored;
    dbw_job_end end = {
        .status = DBW_JOB_FAILED, .failure = error, .resumable = claimed->work != DBW_WORK_RUN};
    if (dbw_lease_end(c->store, claimed, &end, &ignored) != DBW_OK)
        *error = ignored;
    return status;
}

dbw_status dbw_lease_claim(dbw_store *store, const dbw_worker_id *worker, dbw_arena *arena,
                           dbw_claim **out, dbw_error *error)
{
    struct claiming c = {.store = store, .worker = worker, .arena = arena};
    char ids[CANDIDATES][DBW_JOB_ID];
    dbw_database *database;
    size_t count;
    *out = NULL;
    /* Looking takes no write lock: the usual case is an empty queue. */
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status = candidates(database, ids, &count, error);
    dbw_store_return(store, database);
    if (status != DBW_OK || count == 0)
        return status;
    return claim(&c, out, error);
}

dbw_status dbw_lease_create(dbw_store *store, const dbw_worker_id *worker,
                            const dbw_job_request *request, dbw_arena *arena, dbw_claim **out,
                            dbw_error *error)
{
    dbw_job_new job;
    struct claiming c = {.store = store, .worker = worker, .arena = arena, .new_job = &job};
    *out = NULL;
    DBW_TRY(dbw_job_prepare(store, arena, request, &job, error));
    return claim(&c, out, error);
}

dbw_status dbw_lease_take(dbw_store *store, const dbw_worker_id *worker, const char *id,
                          dbw_job_action action, dbw_arena *arena, dbw_claim **out,
                          dbw_error *error)
{
    dbw_job_asking asking = {.store = store, .id = id, .action = action};
    struct claiming c = {.store = store, .worker = worker, .arena = arena, .asking = &asking};
    snprintf(c.id, sizeof c.id, "%s", id);
    return claim(&c, out, error);
}

void dbw_claim_free(dbw_claim *claim)
{
    if (claim)
        json_object_put(claim->options);
}
