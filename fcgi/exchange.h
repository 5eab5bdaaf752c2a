/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_EXCHANGE_H
#define DBW_FCGI_EXCHANGE_H
/*
 * One request and its answer. Handlers read the request, fill the answer, and return a status: an
 * error becomes a problem document (RFC 9457) with the HTTP status of its code.
 */
#include "base/buffer.h"
#include "service.h"
#include "state/sessions.h"
#include "state/tokens.h"

#include <json-c/json_types.h>

enum { FIELD_ERRORS_MOST = 8 };

/** A header of the request by its CGI name ("HTTP_COOKIE", "CONTENT_TYPE"), or NULL. */
typedef const char *(*dbw_parameter)(void *source, const char *name);

/** Reads up to `size` bytes of the body; 0 at its end, negative on failure. */
typedef int (*dbw_body_reader)(void *source, char *out, int size);

/** Whether the client has hung up. */
typedef bool (*dbw_client_gone)(void *source);

typedef enum dbw_caller_kind { DBW_NOBODY, DBW_BY_SESSION, DBW_BY_TOKEN } dbw_caller_kind;

typedef struct dbw_caller {
    dbw_caller_kind kind;
    const char *actor; /* "admin", "token:NAME": audit log, job rows */
    const char *owner; /* "session:admin", "token:ID": idempotency keys */
    dbw_scopes scopes;
    dbw_session session; /* DBW_BY_SESSION */
} dbw_caller;

typedef struct dbw_header {
    const char *name;
    const char *value;
} dbw_header;

typedef struct dbw_field_error {
    const char *field;
    const char *reason;
} dbw_field_error;

typedef struct dbw_exchange {
    dbw_service *service;
    dbw_arena *arena;
    void *source;
    dbw_parameter parameter;
    dbw_body_reader read_body;
    dbw_client_gone gone;

    const char *method;
    const char *path;  /* behind /api/database, without the query */
    const char *query; /* undecoded, "" when there is none */
    const char *id;    /* what `{id}` of the route stood for, or NULL */
    const char *address;
    dbw_caller who;
    struct json_object *body; /* the parsed request body, or NULL */

    int status;
    const char *content_type;
    dbw_header *headers;
    size_t header_count;
    dbw_buffer answer;
    int retry_after; /* seconds; 0: none */
    dbw_field_error fields[FIELD_ERRORS_MOST];
    size_t field_count;
    struct json_object *extra; /* members that a problem document carries besides its own */
    const char *failure;       /* of dbwizard itself: for the log; or NULL */
} dbw_exchange;

/** A header of the request ("HTTP_IF_NONE_MATCH"), or NULL. */
const char *dbw_exchange_parameter(dbw_exchange *exchange, const char *name);

/** A parameter of the query, decoded into the arena, or NULL. */
const char *dbw_exchange_query(dbw_exchange *exchange, const char *name);

/** Adds a header to the answer; control characters in the value are left out. */
void dbw_exchange_header(dbw_exchange *exchange, const char *name, const char *value);

/** Answers with JSON; takes the object over. */
dbw_status dbw_exchange_json(dbw_exchange *exchange, int status, struct json_object *object,
                             dbw_error *error) DBW_MUST_CHECK;

/** Answers without a body. */
dbw_status dbw_exchange_empty(dbw_exchange *exchange, int status) DBW_MUST_CHECK;

/** Notes that a field is wrong; returns INVALID with that reason as the message. */
dbw_status dbw_exchange_field(dbw_exchange *exchange, const char *field, dbw_error *error,
                              const char *format, ...) DBW_PRINTF(4, 5) DBW_MUST_CHECK;

/** Turns an error into the answer: a problem document. The error is dbwizard's own, or the
 *  request's: a database that fails here is the state store. */
void dbw_exchange_problem(dbw_exchange *exchange, const dbw_error *error);

/** The same for the error with which a job ended: a database that failed is one of the client's. */
void dbw_exchange_problem_of_job(dbw_exchange *exchange, const dbw_error *error);

/** The same with a status of one's own (405, 415 …). */
void dbw_exchange_problem_status(dbw_exchange *exchange, int status, const dbw_error *error);

/** Frees what does not lie in the arena. */
void dbw_exchange_finish(dbw_exchange *exchange);

/** Whether the client asked for `Prefer: respond-async` (RFC 7240). */
bool dbw_exchange_prefers_async(dbw_exchange *exchange);

/** Whether the connection to nginx was made over TLS. */
bool dbw_exchange_is_https(dbw_exchange *exchange);

/** Whether the client is on this machine and asked for it by such a name: with another name in Host
 *  a proxy stands between, or a foreign page has pointed its own name at 127.0.0.1. */
bool dbw_exchange_is_loopback(dbw_exchange *exchange);

#endif
