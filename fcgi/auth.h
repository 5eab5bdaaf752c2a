/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_AUTH_H
#define DBW_FCGI_AUTH_H
/* Who asks, and whether they may: the session cookie with its CSRF token, or a bearer token. */
#include "router.h"

#define DBW_COOKIE_NAME "dbwizard_session"

/** Finds out who asks into exchange->who. AUTH with `*status` 401 when nobody is known. */
dbw_status dbw_auth_identify(dbw_exchange *exchange, int *status, dbw_error *error) DBW_MUST_CHECK;

/** Whether the identity may call the route; DENIED with `*status` 403 when not. */
dbw_status dbw_auth_allow(dbw_exchange *exchange, const dbw_route *route, int *status,
                          dbw_error *error) DBW_MUST_CHECK;

/** The cookie of the request, or empty text. */
dbw_text dbw_auth_cookie(dbw_exchange *exchange);

/** Refuses to take a password over plain HTTP from another machine. */
dbw_status dbw_auth_confidential(dbw_exchange *exchange, int *status,
                                 dbw_error *error) DBW_MUST_CHECK;

/** Sets the session cookie; an empty value ends it. */
void dbw_auth_set_cookie(dbw_exchange *exchange, const char *cookie);

/** Writes the audit log for the identity of the exchange. A log that cannot be written fails the
 *  call: nothing administrative happens unseen. */
dbw_status dbw_auth_audit(dbw_exchange *exchange, const char *action, const char *object,
                          dbw_status outcome, dbw_error *error) DBW_MUST_CHECK;

#endif
