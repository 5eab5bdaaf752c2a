/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_BODY_H
#define DBW_FCGI_BODY_H
/*
 * Request bodies: strict JSON (RFC 8259), one object, valid UTF-8, at most 32 levels deep and the
 * configured size, no member twice, no NUL characters. Members are read by type; a wrong type names
 * the field.
 */
#include "exchange.h"

/** Reads and parses the body into exchange->body. On failure the answer's status is in `*status`
 *  (400, 413, 415, 422). */
dbw_status dbw_body_read(dbw_exchange *exchange, size_t limit, int *status,
                         dbw_error *error) DBW_MUST_CHECK;

/** A string member; absent or null gives NULL. */
dbw_status dbw_body_string(dbw_exchange *exchange, const char *name, const char **out,
                           dbw_error *error) DBW_MUST_CHECK;

/** The same, required and not empty. */
dbw_status dbw_body_required(dbw_exchange *exchange, const char *name, const char **out,
                             dbw_error *error) DBW_MUST_CHECK;

/** An integer member, also one written as text ("5432", as forms send it); absent, null and ""
 *  give `absent`. */
dbw_status dbw_body_integer(dbw_exchange *exchange, const char *name, int64_t absent, int64_t *out,
                            dbw_error *error) DBW_MUST_CHECK;

/** Fails for the first member that is not in `known` (NULL-terminated). */
dbw_status dbw_body_only(dbw_exchange *exchange, const char *const *known,
                         dbw_error *error) DBW_MUST_CHECK;

#endif
