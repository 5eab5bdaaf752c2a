/* SPDX-License-Identifier: Apache-2.0 */
#include "auth.h"
#include "handlers.h"
#include "job/store.h"
#include "service.h"
#include "transfer/transfer.h"

#include <json-c/json.h>

enum { REPORT_PAGE_LIMIT = 64 * 1024 * 1024 };

dbw_status dbw_jobs_get(dbw_exchange *exchange, dbw_error *error)
{
    int64_t limit = 50;
    struct json_object *answer;
    const char *given = dbw_exchange_query(exchange, "limit");
    if (given && (!dbw_text_to_int64(dbw_text_of(given), &limit) || limit < 1 || limit > 1000))
        return dbw_exchange_field(exchange, "limit", error, "'limit' must be between 1 and 1000");
    const char *status = dbw_exchange_query(exchange, "status");
    if (status && dbw_job_status_find(status) == DBW_JOB_STATUS_COUNT)
        return dbw_exchange_field(exchange, "status", error, "'%.40s' is not a status", status);
    DBW_TRY(dbw_job_list(exchange->service->store, status, (int)limit, &answer, error));
    return dbw_exchange_json(exchange, 200, answer, error);
}

dbw_status dbw_job_get_one(dbw_exchange *exchange, dbw_error *error)
{
    int64_t since = 0;
    struct json_object *job, *version = NULL;
    const char *given = dbw_exchange_query(exchange, "since");
    if (given && (!dbw_text_to_int64(dbw_text_of(given), &since) || since < 0))
        return dbw_exchange_field(exchange, "since", error, "'since' must be an event's number");
    DBW_TRY(dbw_job_get(exchange->service->store, exchange->id, since, &job, error));
    json_object_object_get_ex(job, "version", &version);
    const char *etag = dbw_arena_printf(exchange->arena, "\"%s\"", json_object_get_string(version));
    dbw_exchange_header(exchange, "ETag", etag);
    const char *known = dbw_exchange_parameter(exchange, "HTTP_IF_NONE_MATCH");
    if (!known || !strstr(known, etag))
        return dbw_exchange_json(exchange, 200, job, error);
    json_object_put(job);
    return dbw_exchange_empty(exchange, 304);
}

dbw_status dbw_job_result_get(dbw_exchange *exchange, dbw_error *error)
{
    struct json_object *result;
    DBW_TRY(dbw_job_result(exchange->service->store, exchange->id, &result, error));
    return dbw_exchange_json(exchange, 200, result, error);
}

dbw_status dbw_job_report_get(dbw_exchange *exchange, dbw_error *error)
{
    struct json_object *report;
    DBW_TRY(dbw_job_report(exchange->service->store, exchange->id, &report, error));
    return dbw_exchange_json(exchange, 200, report, error);
}

/* The page brings its own style and nothing else; it can be opened, printed and kept. */
dbw_status dbw_job_report_html_get(dbw_exchange *exchange, dbw_error *error)
{
    struct json_object *report;
    DBW_TRY(dbw_job_report(exchange->service->store, exchange->id, &report, error));
    dbw_buffer page;
    dbw_buffer_init(&page, REPORT_PAGE_LIMIT);
    dbw_status status = dbw_report_html(report, &page, error);
    json_object_put(report);
    if (status == DBW_OK) {
        exchange->status = 200;
        exchange->content_type = "text/html; charset=utf-8";
        dbw_exchange_header(exchange, "Content-Security-Policy",
                            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors "
                            "'none'; sandbox allow-modals");
        dbw_buffer_free(&exchange->answer);
        exchange->answer = page;
    } else {
        dbw_buffer_free(&page);
    }
    return status;
}

static dbw_status ask(dbw_exchange *exchange, dbw_job_action action, dbw_error *error)
{
    dbw_store *store = exchange->service->store;
    struct json_object *job;
    const char *name = dbw_arena_printf(exchange->arena, "job.%s", dbw_job_action_slug(action));
    DBW_TRY(dbw_job_ask(store, exchange->id, action, error));
    DBW_TRY(dbw_auth_audit(exchange, name, exchange->id, DBW_OK, error));
    DBW_TRY(dbw_job_get(store, exchange->id, -1, &job, error));
    return dbw_exchange_json(exchange, 202, job, error);
}

dbw_status dbw_job_pause_post(dbw_exchange *exchange, dbw_error *error)
{
    return ask(exchange, DBW_JOB_PAUSE, error);
}

dbw_status dbw_job_resume_post(dbw_exchange *exchange, dbw_error *error)
{
    return ask(exchange, DBW_JOB_RESUME, error);
}

dbw_status dbw_job_cancel_post(dbw_exchange *exchange, dbw_error *error)
{
    return ask(exchange, DBW_JOB_CANCEL, error);
}

dbw_status dbw_job_discard_post(dbw_exchange *exchange, dbw_error *error)
{
    return ask(exchange, DBW_JOB_DISCARD, error);
}
