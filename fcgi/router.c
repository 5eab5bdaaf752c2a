/* SPDX-License-Identifier: Apache-2.0 */
#include "router.h"

#include "auth.h"
#include "body.h"
#include "service.h"

#include <json-c/json.h>

enum { ID_MOST = 64 };

#define ACCESS_PUBLIC DBW_ACCESS_PUBLIC, DBW_SCOPE_NONE
#define ACCESS_SESSION DBW_ACCESS_SESSION, DBW_SCOPE_NONE
#define ACCESS_CONNECT DBW_ACCESS_SCOPE, DBW_SCOPE_CONNECT
#define ACCESS_MIGRATE DBW_ACCESS_SCOPE, DBW_SCOPE_MIGRATE
#define ACCESS_JOBS DBW_ACCESS_SCOPE, DBW_SCOPE_JOBS
#define ACCESS_ADMIN DBW_ACCESS_SCOPE, DBW_SCOPE_ADMIN

static const dbw_route routes[] = {
#define DBW_ROUTE(method, path, access, body, handler)                                             \
    {(method), (path), ACCESS_##access, DBW_BODY_##body, (handler)},
#include "routes.def"
#undef DBW_ROUTE
};

const dbw_route *dbw_route_at(size_t n)
{
    return n < DBW_COUNT(routes) ? &routes[n] : NULL;
}

static bool is_id(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = dbw_lower(text[i]);
        if (!dbw_is_digit(c) && (c < 'a' || c > 'z') && c != '-' && c != '_')
            return false;
    }
    return length > 0 && length <= ID_MOST;
}

/* `{id}` takes one segment of letters, digits, '-' and '_'. */
static bool matches(const char *pattern, const char *path, const char **id, size_t *id_length)
{
    while (*pattern) {
        if (strncmp(pattern, "{id}", 4) == 0) {
            size_t n = strcspn(path, "/");
            if (!is_id(path, n))
                return false;
            *id = path;
            *id_length = n;
            path += n;
            pattern += 4;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

static const dbw_route *find(dbw_exchange *exchange, char *allow, size_t size)
{
    const dbw_route *found = NULL;
    allow[0] = '\0';
    for (size_t i = 0; i < DBW_COUNT(routes); i++) {
        const char *id = NULL;
        size_t n = 0, used = strlen(allow);
        if (!matches(routes[i].path, exchange->path, &id, &n))
            continue;
        bool get = strcmp(routes[i].method, "GET") == 0;
        snprintf(allow + used, size - used, "%s%s%s", used ? ", " : "", routes[i].method,
                 get ? ", HEAD" : "");
        bool head = get && strcmp(exchange->method, "HEAD") == 0;
        if (strcmp(routes[i].method, exchange->method) != 0 && !head)
            continue;
        found = &routes[i];
        if (id)
            exchange->id = dbw_arena_text_string(exchange->arena, (dbw_text){id, n});
    }
    return found;
}

static void refuse(dbw_exchange *exchange, int status, dbw_status code, const char *message)
{
    dbw_error error;
    dbw_fail(&error, code, "%s", message);
    dbw_exchange_problem_status(exchange, status, &error);
}

static void refuse_unknown(dbw_exchange *exchange, const char *allow)
{
    if (!*allow) {
        refuse(exchange, 404, DBW_E_NOT_FOUND, "there is nothing at this path");
        return;
    }
    dbw_exchange_header(exchange, "Allow", allow);
    refuse(exchange, 405, DBW_E_USAGE, "this path does not take that method");
}

static bool has_body(dbw_exchange *exchange)
{
    const char *length = dbw_exchange_parameter(exchange, "CONTENT_LENGTH");
    return length && *length && strcmp(length, "0") != 0;
}

static bool take_body(dbw_exchange *exchange, const dbw_route *route)
{
    dbw_error error;
    int status;
    if (route->body == DBW_BODY_NONE || (route->body == DBW_BODY_OPTIONAL && !has_body(exchange)))
        return true;
    if (dbw_body_read(exchange, exchange->service->body_limit, &status, &error) == DBW_OK)
        return true;
    dbw_exchange_problem_status(exchange, status, &error);
    return false;
}

void dbw_router_answer(dbw_exchange *exchange)
{
    char allow[64];
    dbw_error error;
    dbw_error_clear(&error);
    const dbw_route *route = find(exchange, allow, sizeof allow);
    /* Who asks without credentials learns nothing of what there is. */
    if (!route || route->access != DBW_ACCESS_PUBLIC) {
        int status = 0;
        if (dbw_auth_identify(exchange, &status, &error) != DBW_OK) {
            if (status == 401)
                dbw_exchange_problem_status(exchange, status, &error);
            else
                dbw_exchange_problem(exchange, &error);
            return;
        }
    }
    if (!route) {
        refuse_unknown(exchange, allow);
        return;
    }
    int status = 0;
    if (dbw_auth_allow(exchange, route, &status, &error) != DBW_OK) {
        dbw_exchange_problem_status(exchange, status, &error);
        return;
    }
    if (!take_body(exchange, route))
        return;
    if (route->handler(exchange, &error) != DBW_OK && exchange->status == 0)
        dbw_exchange_problem(exchange, &error);
}
