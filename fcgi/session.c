/* SPDX-License-Identifier: Apache-2.0 */
/* Logging in and out, and the password. */
#include "auth.h"
#include "body.h"
#include "handlers.h"
#include "service.h"
#include "state/accounts.h"

#include <json-c/json.h>

static const char account_name[] = "admin";

static dbw_status answer_session(dbw_exchange *exchange, const dbw_session *session,
                                 dbw_error *error)
{
    char expires[DBW_CLOCK_TEXT];
    struct json_object *answer = json_object_new_object();
    dbw_clock_format(session->expires_at, expires);
    json_object_object_add(answer, "authenticated", json_object_new_boolean(1));
    json_object_object_add(answer, "account", json_object_new_string(session->account));
    json_object_object_add(answer, "csrf", json_object_new_string(session->csrf));
    json_object_object_add(answer, "expires_at", json_object_new_string(expires));
    return dbw_exchange_json(exchange, 200, answer, error);
}

/* Always with a new cookie; the one that the request came with is worth nothing from now on. */
static dbw_status start(dbw_exchange *exchange, const char *account, const char *action,
                        dbw_error *error)
{
    dbw_session session;
    dbw_text earlier = dbw_auth_cookie(exchange);
    if (earlier.length)
        DBW_TRY(dbw_sessions_end(exchange->service->store, earlier, error));
    DBW_TRY(
        dbw_sessions_start(exchange->service->store, account, exchange->address, &session, error));
    exchange->who.actor = dbw_arena_string(exchange->arena, account);
    DBW_TRY(dbw_auth_audit(exchange, action, NULL, DBW_OK, error));
    dbw_auth_set_cookie(exchange, session.cookie);
    return answer_session(exchange, &session, error);
}

/* Our own log-in failing is a 401 (or 429), whatever the error's code means elsewhere. */
static dbw_status refused(dbw_exchange *exchange, const char *action, dbw_error *error)
{
    dbw_error ignored;
    dbw_status code = error->code;
    if (dbw_auth_audit(exchange, action, NULL, code, &ignored) != DBW_OK)
        *error = ignored;
    if (code == DBW_E_AUTH)
        dbw_exchange_problem_status(exchange, 401, error);
    if (code == DBW_E_LIMIT)
        dbw_exchange_problem_status(exchange, 429, error);
    return code;
}

static dbw_status confidential(dbw_exchange *exchange, dbw_error *error)
{
    int status = 0;
    dbw_status result = dbw_auth_confidential(exchange, &status, error);
    if (result != DBW_OK)
        dbw_exchange_problem_status(exchange, status, error);
    return result;
}

dbw_status dbw_session_post(dbw_exchange *exchange, dbw_error *error)
{
    static const char *const known[] = {"password", NULL};
    const char *password;
    DBW_TRY(confidential(exchange, error));
    DBW_TRY(dbw_body_only(exchange, known, error));
    DBW_TRY(dbw_body_required(exchange, "password", &password, error));
    if (dbw_accounts_check(exchange->service->store, account_name, dbw_text_of(password),
                           exchange->address, &exchange->retry_after, error) != DBW_OK)
        return refused(exchange, "session.start", error);
    return start(exchange, account_name, "session.start", error);
}

dbw_status dbw_session_get(dbw_exchange *exchange, dbw_error *error)
{
    return answer_session(exchange, &exchange->who.session, error);
}

dbw_status dbw_session_delete(dbw_exchange *exchange, dbw_error *error)
{
    DBW_TRY(dbw_sessions_end(exchange->service->store, dbw_auth_cookie(exchange), error));
    DBW_TRY(dbw_auth_audit(exchange, "session.end", NULL, DBW_OK, error));
    dbw_auth_set_cookie(exchange, "");
    return dbw_exchange_empty(exchange, 204);
}

static dbw_status set_up(dbw_exchange *exchange, const char *token, const char *password,
                         dbw_error *error)
{
    const char *account;
    if (dbw_accounts_set_up(exchange->service->store, exchange->arena, dbw_text_of(token),
                            dbw_text_of(password), exchange->address, &account,
                            &exchange->retry_after, error) != DBW_OK)
        return refused(exchange, "password.set-up", error);
    return start(exchange, account, "password.set-up", error);
}

static dbw_status change(dbw_exchange *exchange, const char *current, const char *password,
                         dbw_error *error)
{
    dbw_store *store = exchange->service->store;
    const char *account = exchange->who.session.account;
    if (dbw_accounts_check(store, account, dbw_text_of(current), exchange->address,
                           &exchange->retry_after, error) != DBW_OK)
        return refused(exchange, "password.change", error);
    const char *keep = dbw_arena_text_string(exchange->arena, dbw_auth_cookie(exchange));
    DBW_TRY(dbw_accounts_set_password(store, account, dbw_text_of(password), keep, error));
    DBW_TRY(dbw_auth_audit(exchange, "password.change", NULL, DBW_OK, error));
    return answer_session(exchange, &exchange->who.session, error);
}

/* Public in the route table for the sake of the set-up link; a change asks for the session here. */
dbw_status dbw_password_put(dbw_exchange *exchange, dbw_error *error)
{
    static const char *const known[] = {"setup_token", "current", "password", NULL};
    static const dbw_route logged_in = {.method = "PUT", .access = DBW_ACCESS_SESSION};
    const char *token, *current, *password;
    int status = 0;
    DBW_TRY(confidential(exchange, error));
    DBW_TRY(dbw_body_only(exchange, known, error));
    DBW_TRY(dbw_body_string(exchange, "setup_token", &token, error));
    DBW_TRY(dbw_body_required(exchange, "password", &password, error));
    if (token)
        return set_up(exchange, token, password, error);
    if (dbw_auth_identify(exchange, &status, error) != DBW_OK ||
        dbw_auth_allow(exchange, &logged_in, &status, error) != DBW_OK) {
        dbw_exchange_problem_status(exchange, status, error);
        return error->code;
    }
    DBW_TRY(dbw_body_required(exchange, "current", &current, error));
    return change(exchange, current, password, error);
}
