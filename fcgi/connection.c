/* SPDX-License-Identifier: Apache-2.0 */
/* Testing a connection: the one thing that is done at once, within a few seconds. */
#include "auth.h"
#include "body.h"
#include "handlers.h"
#include "job/store.h"
#include "json.h"
#include "service.h"
#include "state/accounts.h"

#include <json-c/json.h>

enum { CONNECT_MS = 10000, STATEMENT_MS = 10000 };

static struct json_object *answer_failed(const dbw_url *url, const dbw_error *reason)
{
    struct json_object *answer = json_object_new_object();
    dbw_json_add_flag(answer, "success", false);
    dbw_json_add_text(answer, "message", reason->message);
    dbw_json_add_text(answer, "backend", url ? url->backend : NULL);
    dbw_json_add_text(answer, "server_version", NULL);
    dbw_json_add_text(answer, "code", dbw_status_slug(reason->code));
    dbw_json_add_text(answer, "hint", reason->hint);
    return answer;
}

static struct json_object *answer_connected(dbw_arena *arena, const dbw_url *url,
                                            const dbw_server *server, double latency_ms)
{
    struct json_object *answer = json_object_new_object(), *may = json_object_new_object();
    dbw_json_add_flag(answer, "success", true);
    dbw_json_add_text(
        answer, "message",
        dbw_arena_printf(arena, "Connected to %s %s.", server->product, server->version));
    dbw_json_add_text(answer, "backend", url->backend);
    dbw_json_add_text(answer, "server_version", server->version);
    dbw_json_add_text(answer, "code", "ok");
    dbw_json_add_text(answer, "hint", "");
    json_object_object_add(
        answer, "latency_ms",
        json_object_new_double_s(latency_ms, dbw_arena_printf(arena, "%.1f", latency_ms)));
    dbw_json_add_text(answer, "tls", server->tls);
    dbw_json_add_text(may, "user", server->user);
    dbw_json_add_flag(may, "superuser", server->superuser);
    dbw_json_add_flag(may, "create_tables", server->can_create_tables);
    dbw_json_add_flag(may, "create_database", server->can_create_database);
    dbw_json_add_flag(may, "read_only", server->read_only);
    json_object_object_add(answer, "privileges", may);
    dbw_json_add_flag(answer, "is_empty", server->empty);
    json_object_object_add(answer, "tables", json_object_new_int64(server->table_count));
    return answer;
}

static struct json_object *try_url(dbw_exchange *exchange, const char *text, dbw_status *outcome)
{
    dbw_open_options options = exchange->service->open_options;
    dbw_url *url = NULL;
    dbw_database *database = NULL;
    dbw_server server;
    dbw_error reason;
    options.connect_timeout_ms = CONNECT_MS;
    options.statement_timeout_ms = STATEMENT_MS;
    options.read_only = true;
    int64_t start = dbw_clock_monotonic();
    *outcome = dbw_url_parse(exchange->arena, dbw_text_of(text), &url, &reason);
    if (*outcome == DBW_OK)
        *outcome = dbw_url_validate(url, &reason);
    if (*outcome == DBW_OK)
        *outcome = dbw_database_open(url, &options, &database, &reason);
    double latency_ms = (double)(dbw_clock_monotonic() - start) / 1000;
    if (*outcome == DBW_OK)
        *outcome = dbw_database_describe(database, exchange->arena, &server, &reason);
    dbw_database_close(database);
    return *outcome == DBW_OK ? answer_connected(exchange->arena, url, &server, latency_ms)
                              : answer_failed(url, &reason);
}

dbw_status dbw_test_connection_post(dbw_exchange *exchange, dbw_error *error)
{
    static const char *const known[] = {"url", NULL};
    const char *text;
    dbw_status outcome;
    DBW_TRY(dbw_body_only(exchange, known, error));
    DBW_TRY(dbw_body_required(exchange, "url", &text, error));
    exchange->retry_after = dbw_rate_take(&exchange->service->test_rate);
    if (exchange->retry_after > 0) {
        dbw_fail(error, DBW_E_LIMIT, "too many connection tests");
        dbw_exchange_problem_status(exchange, 429, error);
        return error->code;
    }
    struct json_object *answer = try_url(exchange, text, &outcome);
    dbw_url *url = NULL;
    dbw_error ignored;
    const char *shown = dbw_url_parse(exchange->arena, dbw_text_of(text), &url, &ignored) == DBW_OK
                            ? dbw_url_redacted(exchange->arena, url)
                            : "not a URL";
    dbw_status audited = dbw_auth_audit(exchange, "connection.test", shown, outcome, error);
    if (audited != DBW_OK) {
        json_object_put(answer);
        return audited;
    }
    return dbw_exchange_json(exchange, 200, answer, error);
}

dbw_status dbw_health_get(dbw_exchange *exchange, dbw_error *error)
{
    dbw_store *store = exchange->service->store;
    bool setup_needed;
    int64_t workers;
    DBW_TRY(dbw_accounts_setup_needed(store, &setup_needed, error));
    DBW_TRY(dbw_job_workers(store, &workers, error));
    struct json_object *answer = json_object_new_object();
    dbw_json_add_text(answer, "status", "ok");
    dbw_json_add_text(answer, "version", PACKAGE_VERSION);
    dbw_json_add_flag(answer, "setup_needed", setup_needed);
    json_object_object_add(answer, "workers", json_object_new_int64(workers));
    return dbw_exchange_json(exchange, 200, answer, error);
}
