/* SPDX-License-Identifier: Apache-2.0 */
#include "serve.h"

#include "router.h"

#include <poll.h>

enum { ANSWER_LIMIT = 64 * 1024 * 1024, ARENA_LIMIT = 64 * 1024 * 1024, ARENA_PER_BODY_BYTE = 16 };

static const char prefix[] = "/api/database";

static const char *parameter(void *source, const char *name)
{
    const FCGX_Request *request = source;
    return FCGX_GetParam(name, request->envp);
}

static int read_body(void *source, char *out, int size)
{
    const FCGX_Request *request = source;
    int got = FCGX_GetStr(out, size, request->in);
    return got == 0 && FCGX_GetError(request->in) != 0 ? -1 : got;
}

/* nginx hangs up when its own client has. */
static bool is_gone(void *source)
{
    const FCGX_Request *request = source;
    struct pollfd line = {.fd = request->ipcFd, .events = POLLRDHUP};
    return poll(&line, 1, 0) == 1 && (line.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

static const char *text_or(const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

static void take_path(dbw_exchange *exchange)
{
    const char *uri = text_or(dbw_exchange_parameter(exchange, "REQUEST_URI"), "");
    size_t length = strcspn(uri, "?");
    exchange->query = uri[length] == '?' ? uri + length + 1 : "";
    exchange->path = "";
    size_t skip = sizeof prefix - 1;
    if (length >= skip && memcmp(uri, prefix, skip) == 0)
        exchange->path =
            dbw_arena_text_string(exchange->arena, (dbw_text){uri + skip, length - skip});
}

static void put(FCGX_Request *request, const char *text)
{
    FCGX_PutStr(text, (int)strlen(text), request->out);
}

static void put_header(FCGX_Request *request, const char *name, const char *value)
{
    put(request, name);
    put(request, ": ");
    put(request, value);
    put(request, "\r\n");
}

static void send_answer(FCGX_Request *request, const dbw_exchange *exchange, const char *status)
{
    put_header(request, "Status", status);
    if (exchange->content_type)
        put_header(request, "Content-Type", exchange->content_type);
    put(request, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                 "Referrer-Policy: no-referrer\r\nX-Frame-Options: DENY\r\n");
    bool policy = false;
    for (size_t i = 0; i < exchange->header_count; i++) {
        policy |= strcmp(exchange->headers[i].name, "Content-Security-Policy") == 0;
        put_header(request, exchange->headers[i].name, exchange->headers[i].value);
    }
    if (!policy)
        put_header(request, "Content-Security-Policy",
                   "default-src 'none'; frame-ancestors 'none'");
    put(request, "\r\n");
    if (strcmp(exchange->method, "HEAD") != 0)
        FCGX_PutStr(exchange->answer.data, (int)exchange->answer.length, request->out);
}

void dbw_serve(dbw_service *service, FCGX_Request *request)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_exchange exchange = {
        .service = service,
        .arena = arena,
        .source = request,
        .parameter = parameter,
        .read_body = read_body,
        .gone = is_gone,
    };
    dbw_arena_set_limit(arena, ARENA_LIMIT + ARENA_PER_BODY_BYTE * service->body_limit);
    dbw_buffer_init(&exchange.answer, ANSWER_LIMIT);
    exchange.method = text_or(dbw_exchange_parameter(&exchange, "REQUEST_METHOD"), "");
    exchange.address = text_or(dbw_exchange_parameter(&exchange, "REMOTE_ADDR"), "");
    take_path(&exchange);
    dbw_router_answer(&exchange);
    if (exchange.failure)
        dbw_log_line(&service->log, DBW_LOG_ERROR, "%d: %s", exchange.status, exchange.failure);
    send_answer(request, &exchange, dbw_arena_printf(arena, "%d", exchange.status));
    dbw_exchange_finish(&exchange);
    dbw_arena_free(arena);
}
