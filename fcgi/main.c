/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The FastCGI process: some threads that accept on descriptor 0, which spawn-fcgi has opened, and
 * answer one request at a time each. It ends at once on SIGTERM: jobs do not live here.
 */
#include "router.h"
#include "service.h"
#include "settings.h"

#include <fcgiapp.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

enum { ANSWER_LIMIT = 64 * 1024 * 1024, THREADS_MOST = 64 };

static const char prefix[] = "/api/database";

static const char *parameter(void *source, const char *name)
{
    const FCGX_Request *request = source;
    return FCGX_GetParam(name, request->envp);
}

static int read_body(void *source, char *out, int size)
{
    const FCGX_Request *request = source;
    return FCGX_GetStr(out, size, request->in);
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

static void send_answer(FCGX_Request *request, const dbw_exchange *exchange, const char *status)
{
    put(request, status);
    if (exchange->content_type) {
        put(request, "Content-Type: ");
        put(request, exchange->content_type);
        put(request, "\r\n");
    }
    put(request, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                 "Referrer-Policy: no-referrer\r\nX-Frame-Options: DENY\r\n");
    bool policy = false;
    for (size_t i = 0; i < exchange->header_count; i++) {
        policy |= strcmp(exchange->headers[i].name, "Content-Security-Policy") == 0;
        put(request, exchange->headers[i].name);
        put(request, ": ");
        put(request, exchange->headers[i].value);
        put(request, "\r\n");
    }
    if (!policy)
        put(request, "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
    put(request, "\r\n");
    if (strcmp(exchange->method, "HEAD") != 0)
        FCGX_PutStr(exchange->answer.data, (int)exchange->answer.length, request->out);
}

static void serve(dbw_service *service, FCGX_Request *request)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_exchange exchange = {
        .service = service,
        .arena = arena,
        .source = request,
        .parameter = parameter,
        .read_body = read_body,
    };
    dbw_buffer_init(&exchange.answer, ANSWER_LIMIT);
    exchange.method = text_or(dbw_exchange_parameter(&exchange, "REQUEST_METHOD"), "");
    exchange.address = text_or(dbw_exchange_parameter(&exchange, "REMOTE_ADDR"), "");
    take_path(&exchange);
    dbw_router_answer(&exchange);
    send_answer(request, &exchange, dbw_arena_printf(arena, "Status: %d\r\n", exchange.status));
    dbw_exchange_finish(&exchange);
    dbw_arena_free(arena);
}

static void *accept_requests(void *context)
{
    dbw_service *service = context;
    FCGX_Request request;
    if (FCGX_InitRequest(&request, 0, 0) != 0)
        return NULL;
    while (FCGX_Accept_r(&request) == 0) {
        serve(service, &request);
        FCGX_Finish_r(&request);
    }
    return NULL;
}

static int run(dbw_service *service, int threads)
{
    pthread_t others[THREADS_MOST];
    int started = 0;
    while (started < threads - 1 &&
           pthread_create(&others[started], NULL, accept_requests, service) == 0)
        started++;
    accept_requests(service);
    for (int i = 0; i < started; i++)
        pthread_join(others[i], NULL);
    return 0;
}

int main(void)
{
    dbw_error error;
    dbw_settings_fcgi settings;
    dbw_service service;
    dbw_arena *arena = dbw_arena_new();
    signal(SIGPIPE, SIG_IGN);
    if (FCGX_IsCGI()) {
        fprintf(stderr, "dbwizard-fcgi: descriptor 0 is not a FastCGI socket\n"
                        "Start it with: spawn-fcgi -n -s SOCKET -- dbwizard-fcgi\n");
        return 2;
    }
    if (FCGX_Init() != 0 || dbw_settings_fcgi_load(arena, &settings, &error) != DBW_OK ||
        dbw_service_start(&settings, &service, &error) != DBW_OK) {
        fprintf(stderr, "dbwizard-fcgi: %s\n%s\n", error.message, error.hint);
        return 1;
    }
    int status = run(&service, settings.threads);
    dbw_service_stop(&service);
    dbw_arena_free(arena);
    return status;
}
