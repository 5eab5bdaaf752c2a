/* SPDX-License-Identifier: Apache-2.0 */
#include "auth.h"

#include "problem.h"
#include "service.h"
#include "state/audit.h"

dbw_text dbw_auth_cookie(dbw_exchange *exchange)
{
    static const char name[] = DBW_COOKIE_NAME "=";
    const char *p = dbw_exchange_parameter(exchange, "HTTP_COOKIE");
    while (p && *p) {
        p += strspn(p, "; ");
        size_t length = strcspn(p, ";");
        if (length > sizeof name - 1 && memcmp(p, name, sizeof name - 1) == 0)
            return (dbw_text){p + sizeof name - 1, length - (sizeof name - 1)};
        p += length;
    }
    return DBW_TEXT("");
}

static dbw_status no_credentials(int *status, dbw_error *error)
{
    *status = 401;
    dbw_fail(error, DBW_E_AUTH, "no valid credentials were given");
    return dbw_hint(error, "Log in, or send Authorization: Bearer TOKEN.");
}

static dbw_status identify_token(dbw_exchange *exchange, const char *header, int *status,
                                 dbw_error *error)
{
    dbw_token token;
    const char *secret = header + strlen("Bearer ");
    while (*secret == ' ')
        secret++;
    dbw_status found = dbw_tokens_find(exchange->service->store, exchange->arena,
                                       dbw_text_of(secret), &token, error);
    if (found != DBW_OK) {
        *status = found == DBW_E_AUTH ? 401 : dbw_problem_status(found);
        return found;
    }
    exchange->who = (dbw_caller){
        .kind = DBW_BY_TOKEN,
        .actor = dbw_arena_printf(exchange->arena, "token:%s", token.name),
        .owner = dbw_arena_printf(exchange->arena, "token:%s", token.id),
        .scopes = token.scopes,
    };
    return DBW_OK;
}

static dbw_status identify_session(dbw_exchange *exchange, dbw_text cookie, int *status,
                                   dbw_error *error)
{
    dbw_caller *who = &exchange->who;
    dbw_status found = dbw_sessions_find(exchange->service->store, cookie, &who->session, error);
    if (found != DBW_OK) {
        *status = found == DBW_E_AUTH ? 401 : dbw_problem_status(found);
        if (found == DBW_E_AUTH)
            dbw_hint(error, "Log in again.");
        return found;
    }
    who->kind = DBW_BY_SESSION;
    who->actor = who->session.account;
    who->owner = dbw_arena_printf(exchange->arena, "session:%s", who->session.account);
    who->scopes = DBW_SCOPE_CONNECT | DBW_SCOPE_MIGRATE | DBW_SCOPE_JOBS | DBW_SCOPE_ADMIN;
    return DBW_OK;
}

dbw_status dbw_auth_identify(dbw_exchange *exchange, int *status, dbw_error *error)
{
    const char *header = dbw_exchange_parameter(exchange, "HTTP_AUTHORIZATION");
    dbw_text cookie = dbw_auth_cookie(exchange);
    dbw_status result;
    /* RFC 9110, 11.1: the name of the scheme has no case. */
    if (header && strlen(header) > 7 &&
        dbw_text_equal_nocase((dbw_text){header, 7}, DBW_TEXT("bearer ")))
        result = identify_token(exchange, header, status, error);
    else if (cookie.length)
        result = identify_session(exchange, cookie, status, error);
    else
        result = no_credentials(status, error);
    if (result != DBW_OK && *status == 401)
        dbw_exchange_header(exchange, "WWW-Authenticate", "Bearer realm=\"dbwizard\"");
    return result;
}

static bool is_safe(const dbw_exchange *exchange)
{
    return strcmp(exchange->method, "GET") == 0 || strcmp(exchange->method, "HEAD") == 0;
}

static dbw_status check_csrf(dbw_exchange *exchange, dbw_error *error)
{
    const char *csrf = dbw_exchange_parameter(exchange, "HTTP_X_CSRF_TOKEN");
    if (csrf && dbw_sessions_csrf_matches(&exchange->who.session, dbw_text_of(csrf)))
        return DBW_OK;
    dbw_fail(error, DBW_E_DENIED, "the X-CSRF-Token header is missing or wrong");
    return dbw_hint(error, "Send the csrf value of GET /api/database/session.");
}

/* A browser says where a request comes from; a foreign page has no business with a log-in. */
static dbw_status check_site(dbw_exchange *exchange, dbw_error *error)
{
    const char *site = dbw_exchange_parameter(exchange, "HTTP_SEC_FETCH_SITE");
    if (!site || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0)
        return DBW_OK;
    return dbw_fail(error, DBW_E_DENIED, "the request comes from another site");
}

dbw_status dbw_auth_allow(dbw_exchange *exchange, const dbw_route *route, int *status,
                          dbw_error *error)
{
    const dbw_caller *who = &exchange->who;
    *status = 403;
    if (!is_safe(exchange))
        DBW_TRY(check_site(exchange, error));
    if (route->access == DBW_ACCESS_PUBLIC)
        return DBW_OK;
    if (who->kind == DBW_BY_SESSION)
        return is_safe(exchange) ? DBW_OK : check_csrf(exchange, error);
    if (route->access == DBW_ACCESS_SESSION)
        return dbw_fail(error, DBW_E_DENIED, "only a log-in may call this, not a token");
    if (who->kind == DBW_BY_TOKEN && dbw_scopes_allow(who->scopes, route->scope))
        return DBW_OK;
    dbw_fail(error, DBW_E_DENIED, "the token lacks the scope that this call needs");
    for (size_t i = 0; dbw_scope_at(i); i++)
        if (dbw_scope_find(dbw_text_of(dbw_scope_at(i))) == route->scope)
            dbw_hint(error, "Make a token with the scope %s.", dbw_scope_at(i));
    return error->code;
}

dbw_status dbw_auth_confidential(dbw_exchange *exchange, int *status, dbw_error *error)
{
    if (dbw_exchange_is_https(exchange) || dbw_exchange_is_loopback(exchange))
        return DBW_OK;
    *status = 403;
    dbw_fail(error, DBW_E_DENIED, "logging in over plain HTTP is refused");
    return dbw_hint(error, "Use https://, or tell nginx that TLS ends in front of it "
                           "(fastcgi_param HTTPS on).");
}

void dbw_auth_set_cookie(dbw_exchange *exchange, const char *cookie)
{
    const char *secure = dbw_exchange_is_https(exchange) ? "; Secure" : "";
    const char *gone = *cookie ? "" : "; Max-Age=0";
    dbw_exchange_header(exchange, "Set-Cookie",
                        dbw_arena_printf(exchange->arena,
                                         DBW_COOKIE_NAME
                                         "=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
                                         cookie, secure, gone));
}

dbw_status dbw_auth_audit(dbw_exchange *exchange, const char *action, const char *object,
                          dbw_status outcome, dbw_error *error)
{
    dbw_audit_entry entry = {
        .who = exchange->who.actor ? exchange->who.actor : "nobody",
        .address = exchange->address,
        .action = action,
        .object = object,
        .outcome = outcome == DBW_OK ? NULL : dbw_status_slug(outcome),
    };
    return dbw_audit_write(exchange->service->store, &entry, error);
}
