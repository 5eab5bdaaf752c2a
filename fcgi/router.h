/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_ROUTER_H
#define DBW_FCGI_ROUTER_H
/*
 * From a request to its handler. Denies by default: who may call, and with what body, is settled
 * here from the route table before a handler runs.
 */
#include "handlers.h"

typedef enum dbw_access { DBW_ACCESS_PUBLIC, DBW_ACCESS_SESSION, DBW_ACCESS_SCOPE } dbw_access;
typedef enum dbw_body_rule { DBW_BODY_NONE, DBW_BODY_OPTIONAL, DBW_BODY_BODY } dbw_body_rule;

typedef struct dbw_route {
    const char *method;
    const char *path;
    dbw_access access;
    dbw_scopes scope; /* DBW_ACCESS_SCOPE */
    dbw_body_rule body;
    dbw_handler handler;
} dbw_route;

/** The n-th route, or NULL: for tests and listings. */
const dbw_route *dbw_route_at(size_t n);

/** Answers the request: exchange->answer and its headers are filled in every case. */
void dbw_router_answer(dbw_exchange *exchange);

#endif
