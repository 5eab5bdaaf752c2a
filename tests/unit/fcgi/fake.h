/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TEST_FAKE_H
#define DBW_TEST_FAKE_H
/* A request that nobody sent: headers and body come from the test, the answer stays here. */
#include "exchange.h"

#include <json-c/json.h>

enum { FAKE_PARAMETERS = 16 };

typedef struct fake {
    const char *names[FAKE_PARAMETERS];
    const char *values[FAKE_PARAMETERS];
    size_t count;
    dbw_text body;
    size_t piece;    /* bytes given at once; 0: as many as asked for */
    size_t break_at; /* reading fails there; 0: never */
    size_t at;
    char length[24];
    dbw_service service;
    dbw_exchange exchange;
} fake;

static const char *fake_parameter(void *source, const char *name)
{
    const fake *f = source;
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->names[i], name) == 0)
            return f->values[i];
    return NULL;
}

static int fake_read(void *source, char *out, int size)
{
    fake *f = source;
    size_t n = f->body.length - f->at;
    if (f->break_at && f->at >= f->break_at)
        return -1;
    if (n > (size_t)size)
        n = (size_t)size;
    if (f->piece && n > f->piece)
        n = f->piece;
    if (n)
        memcpy(out, f->body.data + f->at, n);
    f->at += n;
    return (int)n;
}

static bool fake_gone(void *source)
{
    (void)source;
    return false;
}

static void fake_start(fake *f, dbw_arena *arena, const char *method, const char *path)
{
    memset(f, 0, sizeof *f);
    f->service.body_limit = 1 << 20;
    f->exchange = (dbw_exchange){.service = &f->service,
                                 .arena = arena,
                                 .source = f,
                                 .parameter = fake_parameter,
                                 .read_body = fake_read,
                                 .gone = fake_gone,
                                 .method = method,
                                 .path = path,
                                 .query = "",
                                 .address = "127.0.0.1"};
    dbw_buffer_init(&f->exchange.answer, 1 << 24);
}

/* Sets a header; the last one of a name counts. */
DBW_UNUSED static void fake_set(fake *f, const char *name, const char *value)
{
    size_t i = 0;
    while (i < f->count && strcmp(f->names[i], name) != 0)
        i++;
    f->count += i == f->count;
    f->names[i] = name;
    f->values[i] = value;
}

/* A JSON body with the headers that belong to it. */
DBW_UNUSED static void fake_body(fake *f, dbw_text body)
{
    f->body = body;
    snprintf(f->length, sizeof f->length, "%zu", body.length);
    fake_set(f, "CONTENT_TYPE", "application/json");
    fake_set(f, "CONTENT_LENGTH", f->length);
}

/* The value of an answer's header, or NULL. */
DBW_UNUSED static const char *fake_header(const fake *f, const char *name)
{
    for (size_t i = 0; i < f->exchange.header_count; i++)
        if (strcmp(f->exchange.headers[i].name, name) == 0)
            return f->exchange.headers[i].value;
    return NULL;
}

static void fake_end(fake *f)
{
    dbw_exchange_finish(&f->exchange);
}

#endif
