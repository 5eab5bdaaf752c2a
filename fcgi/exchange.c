/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange.h"

#include "base/utf8.h"
#include "json.h"
#include "problem.h"

#include <json-c/json.h>

enum { RETRY_SECONDS = 5, FIELD_NAME_MOST = 64 };

const char *dbw_exchange_parameter(dbw_exchange *exchange, const char *name)
{
    return exchange->parameter(exchange->source, name);
}

static int hex(char c)
{
    char l = dbw_lower(c);
    return dbw_is_digit(c) ? c - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

static const char *decode(dbw_arena *arena, const char *text, size_t length)
{
    char *out = dbw_arena_take(arena, length + 1);
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '%' && i + 2 < length && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out[n++] = (char)(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else {
            out[n++] = text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

const char *dbw_exchange_query(dbw_exchange *exchange, const char *name)
{
    size_t wanted = strlen(name);
    const char *p = exchange->query;
    while (*p) {
        size_t length = strcspn(p, "&");
        if (length > wanted && memcmp(p, name, wanted) == 0 && p[wanted] == '=')
            return decode(exchange->arena, p + wanted + 1, length - wanted - 1);
        p += length + (p[length] == '&');
    }
    return NULL;
}

void dbw_exchange_header(dbw_exchange *exchange, const char *name, const char *value)
{
    char *clean = dbw_arena_string(exchange->arena, value);
    size_t n = 0;
    for (const char *p = value; *p; p++)
        if ((unsigned char)*p >= 0x20 && *p != 0x7f)
            clean[n++] = *p;
    clean[n] = '\0';
    dbw_header *header = DBW_APPEND(exchange->arena, exchange->headers, exchange->header_count);
    *header = (dbw_header){name, clean};
}

dbw_status dbw_exchange_json(dbw_exchange *exchange, int status, struct json_object *object,
                             dbw_error *error)
{
    size_t length = 0;
    const char *text = json_object_to_json_string_length(
        object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
    exchange->status = status;
    exchange->content_type = "application/json";
    dbw_buffer_clear(&exchange->answer);
    if (text)
        dbw_buffer_add(&exchange->answer, text, length);
    dbw_buffer_add_char(&exchange->answer, '\n');
    json_object_put(object);
    return text ? dbw_buffer_check(&exchange->answer, "answer", error) : dbw_fail_memory(error);
}

dbw_status dbw_exchange_empty(dbw_exchange *exchange, int status)
{
    exchange->status = status;
    exchange->content_type = NULL;
    dbw_buffer_clear(&exchange->answer);
    return DBW_OK;
}

dbw_status dbw_exchange_field(dbw_exchange *exchange, const char *field, dbw_error *error,
                              const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    dbw_status status = dbw_vfail(error, DBW_E_INVALID, format, arguments);
    va_end(arguments);
    dbw_error_object(error, "%s", field);
    dbw_text name = {field, dbw_utf8_cut(field, strlen(field), FIELD_NAME_MOST)};
    if (exchange->field_count < FIELD_ERRORS_MOST)
        exchange->fields[exchange->field_count++] =
            (dbw_field_error){dbw_arena_text_string(exchange->arena, name),
                              dbw_arena_string(exchange->arena, error->message)};
    return status;
}

static void add_field(struct json_object *fields, const char *name, const char *reason)
{
    if (dbw_utf8_valid(name, strlen(name)))
        dbw_json_add_text(fields, name, reason);
}

static struct json_object *fields_of(const dbw_exchange *exchange, const dbw_error *error)
{
    struct json_object *fields = json_object_new_object();
    for (size_t i = 0; i < exchange->field_count; i++)
        add_field(fields, exchange->fields[i].field, exchange->fields[i].reason);
    /* An error of the library that names a value it was given names the field too. */
    if (exchange->field_count == 0 && error->code == DBW_E_INVALID && error->object[0])
        add_field(fields, error->object, error->message);
    return fields;
}

void dbw_exchange_problem_status(dbw_exchange *exchange, int status, const dbw_error *error)
{
    struct json_object *problem = json_object_new_object();
    dbw_error ignored;
    dbw_json_add_text(problem, "type", "about:blank");
    dbw_json_add_text(problem, "title", dbw_problem_title(status));
    json_object_object_add(problem, "status", json_object_new_int(status));
    dbw_json_add_text(problem, "detail", error->message);
    dbw_json_add_text(problem, "hint", error->hint);
    dbw_json_add_text(problem, "code", dbw_status_slug(error->code));
    if (error->sqlstate[0])
        dbw_json_add_text(problem, "sqlstate", error->sqlstate);
    struct json_object *fields = fields_of(exchange, error);
    if (json_object_object_length(fields) > 0)
        json_object_object_add(problem, "fields", fields);
    else
        json_object_put(fields);
    if (exchange->extra) {
        json_object_object_foreach(exchange->extra, name,
                                   value) if (!json_object_object_get_ex(problem, name, NULL))
            json_object_object_add(problem, name, json_object_get(value));
    }
    if (status == 503 && exchange->retry_after == 0)
        exchange->retry_after = RETRY_SECONDS;
    if (exchange->retry_after > 0)
        dbw_exchange_header(exchange, "Retry-After",
                            dbw_arena_printf(exchange->arena, "%d", exchange->retry_after));
    if (dbw_exchange_json(exchange, status, problem, &ignored) != DBW_OK)
        dbw_buffer_clear(&exchange->answer); /* the status line still tells */
    exchange->content_type = "application/problem+json";
}

void dbw_exchange_problem(dbw_exchange *exchange, const dbw_error *error)
{
    int status = dbw_problem_status(error->code);
    if (status >= 500)
        exchange->failure = dbw_arena_string(exchange->arena, error->message);
    dbw_exchange_problem_status(exchange, status, error);
}

void dbw_exchange_problem_of_job(dbw_exchange *exchange, const dbw_error *error)
{
    dbw_exchange_problem_status(exchange, dbw_problem_status_of_job(error->code), error);
}

void dbw_exchange_finish(dbw_exchange *exchange)
{
    json_object_put(exchange->body);
    dbw_buffer_free(&exchange->answer);
}

/* "wait=10, respond-async;x=1": the names between commas, without case. */
bool dbw_exchange_prefers_async(dbw_exchange *exchange)
{
    const char *p = dbw_exchange_parameter(exchange, "HTTP_PREFER");
    while (p && *p) {
        p += strspn(p, ", \t");
        dbw_text name = {p, strcspn(p, ",;= \t")};
        if (dbw_text_equal_nocase(name, DBW_TEXT("respond-async")))
            return true;
        p += strcspn(p, ",");
    }
    return false;
}

bool dbw_exchange_is_https(dbw_exchange *exchange)
{
    const char *https = dbw_exchange_parameter(exchange, "HTTPS");
    return https && strcmp(https, "on") == 0;
}

/* "localhost", "127.0.0.1" or "[::1]", with or without a port. */
static bool names_loopback(const char *host)
{
    size_t length = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    dbw_text name = {host, length};
    size_t digits = strspn(host, "0123456789.");
    return dbw_text_equal_nocase(name, DBW_TEXT("localhost")) ||
           dbw_text_equal(name, DBW_TEXT("[::1]")) ||
           (strncmp(host, "127.", 4) == 0 && digits == length);
}

bool dbw_exchange_is_loopback(dbw_exchange *exchange)
{
    const char *host = dbw_exchange_parameter(exchange, "HTTP_HOST");
    bool near = strncmp(exchange->address, "127.", 4) == 0 || strcmp(exchange->address, "::1") == 0;
    return near && host && names_loopback(host);
}
