/* SPDX-License-Identifier: Apache-2.0 */
#include "auth.h"
#include "body.h"
#include "handlers.h"
#include "model/calendar.h"
#include "service.h"
#include "state/accounts.h"
#include "state/audit.h"

#include <json-c/json.h>

dbw_status dbw_tokens_get(dbw_exchange *exchange, dbw_error *error)
{
    dbw_token *tokens;
    size_t count;
    DBW_TRY(dbw_tokens_list(exchange->service->store, exchange->arena, &tokens, &count, error));
    struct json_object *answer = json_object_new_object(), *list = json_object_new_array();
    for (size_t i = 0; i < count; i++)
        json_object_array_add(list, dbw_token_to_json(&tokens[i]));
    json_object_object_add(answer, "tokens", list);
    return dbw_exchange_json(exchange, 200, answer, error);
}

/* ["connect","jobs"] or "connect,jobs". */
static dbw_status read_scopes(dbw_exchange *exchange, dbw_scopes *out, dbw_error *error)
{
    struct json_object *value = NULL;
    *out = DBW_SCOPE_NONE;
    json_object_object_get_ex(exchange->body, "scopes", &value);
    if (json_object_is_type(value, json_type_string))
        return dbw_scopes_parse(dbw_text_of(json_object_get_string(value)), out, error);
    if (!json_object_is_type(value, json_type_array))
        return dbw_exchange_field(exchange, "scopes", error, "'scopes' must be a list of scopes");
    for (size_t i = 0; i < json_object_array_length(value); i++) {
        struct json_object *item = json_object_array_get_idx(value, i);
        dbw_scopes one;
        if (!json_object_is_type(item, json_type_string))
            return dbw_exchange_field(exchange, "scopes", error, "a scope must be a string");
        DBW_TRY(dbw_scopes_parse(dbw_text_of(json_object_get_string(item)), &one, error));
        *out |= one;
    }
    return DBW_OK;
}

/* RFC 3339 in UTC: "2027-01-31T00:00:00Z", with or without decimals of a second. */
static bool read_time(const char *text, int64_t *out)
{
    static const char pattern[] = "0000-00-00T00:00:00";
    int y, mo, d, h, mi, s;
    for (size_t i = 0; pattern[i]; i++)
        if (pattern[i] == '0' ? !dbw_is_digit(text[i]) : text[i] != pattern[i])
            return false;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) != 6)
        return false;
    text += sizeof pattern - 1;
    if (*text == '.')
        text += 1 + strspn(text + 1, "0123456789");
    if (strcmp(text, "Z") != 0 || !dbw_calendar_valid(y, mo, d) || h > 23 || mi > 59 || s > 59)
        return false;
    *out = (dbw_calendar_days(y, mo, d) * 86400 + h * 3600 + mi * 60 + s) * 1000000;
    return true;
}

static dbw_status read_expiry(dbw_exchange *exchange, int64_t *out, dbw_error *error)
{
    const char *text;
    *out = 0;
    DBW_TRY(dbw_body_string(exchange, "expires_at", &text, error));
    if (!text || !*text)
        return DBW_OK;
    if (!read_time(text, out))
        return dbw_exchange_field(exchange, "expires_at", error,
                                  "'expires_at' must be a UTC time like 2027-01-31T00:00:00Z");
    if (*out <= dbw_store_now(exchange->service->store))
        return dbw_exchange_field(exchange, "expires_at", error, "'expires_at' lies in the past");
    return DBW_OK;
}

/* A page left open must not be enough to make a lasting key. */
static dbw_status ask_password(dbw_exchange *exchange, dbw_error *error)
{
    const char *password;
    if (exchange->who.kind != DBW_BY_SESSION)
        return DBW_OK;
    DBW_TRY(dbw_body_required(exchange, "password", &password, error));
    dbw_status status =
        dbw_accounts_check(exchange->service->store, exchange->who.session.account,
                           dbw_text_of(password), exchange->address, &exchange->retry_after, error);
    if (status == DBW_E_AUTH)
        dbw_exchange_problem_status(exchange, 403, error);
    if (status == DBW_E_LIMIT)
        dbw_exchange_problem_status(exchange, 429, error);
    return status;
}

dbw_status dbw_tokens_post(dbw_exchange *exchange, dbw_error *error)
{
    static const char *const known[] = {"name", "scopes", "apps", "expires_at", "password", NULL};
    dbw_token_request request = {0};
    dbw_token token;
    const char *secret;
    DBW_TRY(dbw_body_only(exchange, known, error));
    DBW_TRY(dbw_body_required(exchange, "name", &request.name, error));
    DBW_TRY(read_scopes(exchange, &request.scopes, error));
    DBW_TRY(read_expiry(exchange, &request.expires_at, error));
    DBW_TRY(dbw_body_string(exchange, "apps", &request.apps, error));
    /* A token cannot make a stronger one. */
    if (exchange->who.kind == DBW_BY_TOKEN &&
        !dbw_scopes_allow(exchange->who.scopes, request.scopes))
        return dbw_fail(error, DBW_E_CONFLICT, "a token cannot give scopes that it lacks");
    DBW_TRY(ask_password(exchange, error));
    DBW_TRY(dbw_tokens_create(exchange->service->store, exchange->arena, &request, &token, &secret,
                              error));
    DBW_TRY(dbw_auth_audit(exchange, "token.create", token.name, DBW_OK, error));
    struct json_object *answer = dbw_token_to_json(&token);
    json_object_object_add(answer, "token", json_object_new_string(secret));
    return dbw_exchange_json(exchange, 201, answer, error);
}

dbw_status dbw_tokens_delete(dbw_exchange *exchange, dbw_error *error)
{
    DBW_TRY(dbw_tokens_revoke(exchange->service->store, exchange->id, error));
    DBW_TRY(dbw_auth_audit(exchange, "token.revoke", exchange->id, DBW_OK, error));
    return dbw_exchange_empty(exchange, 204);
}

dbw_status dbw_audit_get(dbw_exchange *exchange, dbw_error *error)
{
    int64_t before = 0, limit = 100;
    const char *given = dbw_exchange_query(exchange, "before");
    struct json_object *answer;
    if (given && (!dbw_text_to_int64(dbw_text_of(given), &before) || before < 0))
        return dbw_exchange_field(exchange, "before", error, "'before' must be an id");
    given = dbw_exchange_query(exchange, "limit");
    if (given && (!dbw_text_to_int64(dbw_text_of(given), &limit) || limit < 1 || limit > 1000))
        return dbw_exchange_field(exchange, "limit", error, "'limit' must be between 1 and 1000");
    DBW_TRY(dbw_audit_list(exchange->service->store, before, (int)limit, &answer, error));
    return dbw_exchange_json(exchange, 200, answer, error);
}
