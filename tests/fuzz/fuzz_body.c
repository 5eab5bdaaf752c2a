/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Request bodies of any bytes, read in pieces of any size: either an error with one of four
 * statuses and no object, or an object whose text is read again as itself. The pieces change
 * nothing. The problem document about an error is JSON whatever the body held.
 */
#include "body.h"

#include <json-c/json.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct source {
    dbw_text body;
    size_t at;
    size_t piece;
    char length[24];
};

static void require(bool condition)
{
    if (!condition)
        abort();
}

static const char *parameter(void *source, const char *name)
{
    const struct source *s = source;
    if (strcmp(name, "CONTENT_TYPE") == 0)
        return "application/json";
    return strcmp(name, "CONTENT_LENGTH") == 0 ? s->length : NULL;
}

static int read_piece(void *source, char *out, int size)
{
    struct source *s = source;
    size_t n = s->body.length - s->at;
    if (n > s->piece)
        n = s->piece;
    if (n > (size_t)size)
        n = (size_t)size;
    if (n)
        memcpy(out, s->body.data + s->at, n);
    s->at += n;
    return (int)n;
}

static void check_problem(dbw_exchange *exchange, int status, const dbw_error *error)
{
    dbw_exchange_problem_status(exchange, status, error);
    struct json_object *problem = json_tokener_parse(exchange->answer.data), *detail = NULL;
    require(json_object_object_get_ex(problem, "detail", &detail));
    require(json_object_get_string_len(detail) > 0);
    json_object_put(problem);
}

/* The body's text as json-c writes it, to be freed; NULL when it is refused. */
static char *outcome(dbw_text body, size_t piece, int *status)
{
    struct source source = {.body = body, .piece = piece};
    dbw_error error;
    dbw_arena *arena = dbw_arena_new();
    dbw_exchange exchange = {
        .arena = arena, .source = &source, .parameter = parameter, .read_body = read_piece};
    char *text = NULL;
    snprintf(source.length, sizeof source.length, "%zu", body.length);
    dbw_buffer_init(&exchange.answer, 1 << 20);
    dbw_error_clear(&error);
    *status = 0;
    if (dbw_body_read(&exchange, 65536, status, &error) == DBW_OK) {
        const char *name = "url", *value;
        *status = 0;
        text = strdup(json_object_to_json_string_ext(exchange.body, JSON_C_TO_STRING_PLAIN));
        if (dbw_body_required(&exchange, name, &value, &error) == DBW_OK)
            require(*value != '\0');
        else
            check_problem(&exchange, 422, &error);
    } else {
        require(*status == 400 || *status == 413 || *status == 422);
        require(error.message[0] != '\0');
        require(*status == 422 || !exchange.body);
        check_problem(&exchange, *status, &error);
    }
    dbw_exchange_finish(&exchange);
    dbw_arena_free(arena);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dbw_text body = {(const char *)data, size};
    int whole_status, status;
    char *whole = outcome(body, 65536, &whole_status);
    char *pieces = outcome(body, 1 + size % 7, &status);
    require(status == whole_status);
    require(!whole == !pieces && (!whole || strcmp(whole, pieces) == 0));
    if (whole) {
        char *again = outcome(dbw_text_of(whole), 65536, &status);
        require(again && strcmp(whole, again) == 0);
        free(again);
    }
    free(whole);
    free(pieces);
    return 0;
}
