/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Long work: a job is made, and the call waits for its end, or answers 202 at once where the
 * client sent `Prefer: respond-async`. A client that goes away stops nothing.
 */
#include "auth.h"
#include "base/clock.h"
#include "body.h"
#include "handlers.h"
#include "job/lease.h"
#include "job/store.h"
#include "json.h"
#include "service.h"
#include "transfer/options.h"
#include "url/url.h"

#include <json-c/json.h>

enum { WAIT_SLICE_MS = 500, NO_WORKER_MS = 10000 };

struct work {
    const char *kind;
    const char *source;
    const char *target;
    struct json_object *options;
};

/* A place among those that wait; none free means no job is made at all. */
static bool take_place(dbw_service *service)
{
    if (atomic_fetch_add(&service->waiters, 1) < service->waiters_most)
        return true;
    atomic_fetch_sub(&service->waiters, 1);
    return false;
}

static dbw_status no_place(dbw_exchange *exchange, dbw_error *error)
{
    dbw_fail(error, DBW_E_LIMIT, "too many calls wait for their jobs");
    dbw_hint(error, "Try again later, or send Prefer: respond-async and ask for the job.");
    dbw_exchange_problem_status(exchange, 503, error);
    return error->code;
}

static dbw_status check_url(dbw_exchange *exchange, const char *field, const char *text,
                            dbw_error *error)
{
    dbw_url *url;
    dbw_error reason;
    dbw_status status = dbw_url_parse(exchange->arena, dbw_text_of(text), &url, &reason);
    if (status == DBW_OK)
        status = dbw_url_validate(url, &reason);
    if (status == DBW_OK)
        return DBW_OK;
    status = dbw_exchange_field(exchange, field, error, "%s", reason.message);
    if (reason.hint[0])
        dbw_hint(error, "%s", reason.hint);
    return status;
}

/* Which folder's files are run as SQL is a matter of the installation, not of a request. */
static dbw_status find_revisions(dbw_exchange *exchange, dbw_transfer_options *options,
                                 dbw_error *error)
{
    const char *configured = exchange->service->revisions ? exchange->service->revisions : "";
    if (options->revisions[0] && strcmp(options->revisions, configured) != 0)
        return dbw_exchange_field(
            exchange, "revisions", error,
            "'revisions' is not the folder that DBWIZARD_REVISIONS_DIR names");
    if (strcmp(options->schema_mode, "revisions") == 0)
        options->revisions = configured;
    return DBW_OK;
}

/* `url` or `source_url`, `target_url`, and the transfer's options; nothing else. */
static dbw_status read_work(dbw_exchange *exchange, bool target_needed, struct work *work,
                            dbw_error *error)
{
    static const char *const names[] = {"source_url", "target_url", "url", NULL};
    static const char *const names_without_url[] = {"source_url", "target_url", NULL};
    bool preview = strcmp(work->kind, "preview") == 0;
    const char *const *others = preview ? names : names_without_url, *url = NULL;
    dbw_transfer_options options;
    dbw_transfer_options_default(&options);
    DBW_TRY(dbw_body_string(exchange, "source_url", &work->source, error));
    if (preview)
        DBW_TRY(dbw_body_string(exchange, "url", &url, error));
    if (url && work->source)
        return dbw_exchange_field(exchange, "url", error, "'url' stands beside 'source_url'");
    if (url)
        work->source = url;
    if (!work->source || !*work->source)
        return dbw_exchange_field(exchange, "source_url", error, "'source_url' is missing");
    DBW_TRY(dbw_body_string(exchange, "target_url", &work->target, error));
    if (target_needed && (!work->target || !*work->target))
        return dbw_exchange_field(exchange, "target_url", error, "'target_url' is missing");
    DBW_TRY(check_url(exchange, "source_url", work->source, error));
    if (work->target)
        DBW_TRY(check_url(exchange, "target_url", work->target, error));
    DBW_TRY(
        dbw_transfer_options_from_json(exchange->arena, exchange->body, others, &options, error));
    DBW_TRY(find_revisions(exchange, &options, error));
    work->options = dbw_transfer_options_to_json(&options);
    return DBW_OK;
}

static dbw_status create(dbw_exchange *exchange, const struct work *work, char id[DBW_JOB_ID],
                         dbw_error *error)
{
    const char *key = dbw_exchange_parameter(exchange, "HTTP_IDEMPOTENCY_KEY");
    dbw_idempotency idempotency = {key, exchange->who.owner, {NULL, 0}};
    const char *request =
        dbw_arena_printf(exchange->arena, "%s %s\n%s", exchange->method, exchange->path,
                         json_object_to_json_string_ext(exchange->body, JSON_C_TO_STRING_PLAIN));
    idempotency.request = dbw_text_of(request);
    dbw_job_request job = {
        .kind = work->kind,
        .source_url = work->source,
        .target_url = work->target,
        .options = work->options,
        .actor = exchange->who.actor,
        .idempotency = key ? &idempotency : NULL,
    };
    bool existing = false;
    DBW_TRY(dbw_job_create(exchange->service->store, &job, id, &existing, error));
    return existing ? DBW_OK : dbw_auth_audit(exchange, "job.create", id, DBW_OK, error);
}

static dbw_status answer_later(dbw_exchange *exchange, const char *id, dbw_error *error)
{
    struct json_object *job;
    DBW_TRY(dbw_job_get(exchange->service->store, id, 0, &job, error));
    dbw_exchange_header(exchange, "Location",
                        dbw_arena_printf(exchange->arena, "/api/database/jobs/%s", id));
    dbw_exchange_header(exchange, "Preference-Applied", "respond-async");
    return dbw_exchange_json(exchange, 202, job, error);
}

/* A failed job answers with its own error, and with the result as far as it came. */
static dbw_status answer_failed(dbw_exchange *exchange, const char *id, const dbw_job_state *state,
                                dbw_error *error)
{
    dbw_error failure;
    dbw_error ignored;
    DBW_TRY(dbw_job_error(exchange->service->store, id, &failure, error));
    if (failure.code == DBW_OK)
        dbw_fail(&failure, DBW_E_CONFLICT, "the job was %s", dbw_job_status_slug(state->status));
    if (dbw_job_result(exchange->service->store, id, &exchange->extra, &ignored) != DBW_OK)
        exchange->extra = json_object_new_object();
    dbw_json_add_text(exchange->extra, "job", id);
    dbw_exchange_problem_of_job(exchange, &failure);
    json_object_put(exchange->extra);
    exchange->extra = NULL;
    *error = failure;
    return failure.code;
}

/* The answer cannot be waited for: the caller asks for it again, by the job's id. */
static dbw_status answer_meanwhile(dbw_exchange *exchange, const char *id, dbw_error *error)
{
    exchange->extra = json_object_new_object();
    dbw_json_add_text(exchange->extra, "job", id);
    dbw_exchange_problem_status(exchange, 503, error);
    json_object_put(exchange->extra);
    exchange->extra = NULL;
    return error->code;
}

static dbw_status answer_stopping(dbw_exchange *exchange, const char *id, dbw_error *error)
{
    dbw_fail(error, DBW_E_INTERRUPTED, "the service is being restarted");
    dbw_hint(error, "The job goes on: GET /api/database/jobs/%s.", id);
    return answer_meanwhile(exchange, id, error);
}

/* Whether nobody will take the job: it has waited for a while, and no worker lives. */
static bool deserted(const dbw_exchange *exchange, const dbw_job_state *state, int64_t since)
{
    int64_t workers;
    dbw_error ignored;
    return state->status == DBW_JOB_QUEUED &&
           dbw_clock_monotonic() - since > NO_WORKER_MS * INT64_C(1000) &&
           dbw_job_workers(exchange->service->store, &workers, &ignored) == DBW_OK && workers == 0;
}

static dbw_status answer_deserted(dbw_exchange *exchange, const char *id, dbw_error *error)
{
    dbw_fail(error, DBW_E_UNREACHABLE, "no worker is running: the job waits for one");
    dbw_hint(error,
             "Start one: systemctl start dbwizard-worker, or dbwizard worker. Then: "
             "GET /api/database/jobs/%s.",
             id);
    return answer_meanwhile(exchange, id, error);
}

/* In slices, so that a client that hung up gives its place back. */
static dbw_status wait_for_end(dbw_exchange *exchange, const char *id, dbw_error *error)
{
    dbw_job_state state;
    struct json_object *result;
    dbw_status status;
    int64_t since = dbw_clock_monotonic();
    do {
        if (atomic_load(&exchange->service->stopping))
            return answer_stopping(exchange, id, error);
        if (exchange->gone(exchange->source))
            return dbw_fail(error, DBW_E_CANCELLED, "the client hung up");
        status = dbw_job_wait(exchange->service->store, id, -1, dbw_deadline_in(WAIT_SLICE_MS),
                              &state, error);
        if (status == DBW_E_TIMEOUT && deserted(exchange, &state, since))
            return answer_deserted(exchange, id, error);
        /* With no worker left nobody else would notice that the job's process is gone. */
        if (status == DBW_E_TIMEOUT)
            DBW_TRY(dbw_lease_notice(exchange->service->store, error));
    } while (status == DBW_E_TIMEOUT);
    DBW_TRY(status);
    if (state.status != DBW_JOB_DONE)
        return answer_failed(exchange, id, &state, error);
    DBW_TRY(dbw_job_result(exchange->service->store, id, &result, error));
    return dbw_exchange_json(exchange, 200, result, error);
}

static dbw_status run(dbw_exchange *exchange, struct work *work, bool target_needed,
                      dbw_error *error)
{
    char id[DBW_JOB_ID];
    bool later = dbw_exchange_prefers_async(exchange);
    DBW_TRY(read_work(exchange, target_needed, work, error));
    if (!later && !take_place(exchange->service)) {
        json_object_put(work->options);
        return no_place(exchange, error);
    }
    dbw_status status = create(exchange, work, id, error);
    if (status == DBW_OK)
        status = later ? answer_later(exchange, id, error) : wait_for_end(exchange, id, error);
    if (!later)
        atomic_fetch_sub(&exchange->service->waiters, 1);
    json_object_put(work->options);
    return status;
}

dbw_status dbw_preview_post(dbw_exchange *exchange, dbw_error *error)
{
    return run(exchange, &(struct work){.kind = "preview"}, false, error);
}

dbw_status dbw_migrate_post(dbw_exchange *exchange, dbw_error *error)
{
    return run(exchange, &(struct work){.kind = "migrate"}, true, error);
}

dbw_status dbw_verify_post(dbw_exchange *exchange, dbw_error *error)
{
    return run(exchange, &(struct work){.kind = "verify"}, true, error);
}
