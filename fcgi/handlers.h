/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_HANDLERS_H
#define DBW_FCGI_HANDLERS_H
/* One function per route; each noun has a file of its own. */
#include "exchange.h"

typedef dbw_status (*dbw_handler)(dbw_exchange *exchange, dbw_error *error);

#define DBW_ROUTE(method, path, access, body, handler)                                             \
    dbw_status handler(dbw_exchange *exchange, dbw_error *error) DBW_MUST_CHECK;
#include "routes.def"
#undef DBW_ROUTE

#endif
