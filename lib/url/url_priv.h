/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_URL_URL_PRIV_H
#define DBW_URL_URL_PRIV_H
/* What the files of lib/url share. */
#include "base/buffer.h"
#include "url/url.h"

/** What a percent-decoder leaves alone or does besides `%XX`. */
typedef enum dbw_url_plus { DBW_URL_PLUS_KEEP, DBW_URL_PLUS_IS_SPACE } dbw_url_plus;

/**
 * Decodes `%XX` as Python's urllib.parse.unquote does: a '%' without two hexadecimal digits stays,
 * and what is not UTF-8 after decoding becomes U+FFFD, one per maximal subpart (Unicode 15, table
 * 3-8). Fails on NUL, which no part of a connection can hold.
 */
dbw_status dbw_url_unquote(dbw_arena *arena, dbw_text text, dbw_url_plus plus, char **out,
                           dbw_error *error) DBW_MUST_CHECK;

/** Appends `string` quoted as urllib.parse.quote(string, safe) does. */
void dbw_url_quote(dbw_buffer *out, const char *string, const char *safe);

/** The same as urllib.parse.quote_plus(string). */
void dbw_url_quote_plus(dbw_buffer *out, const char *string);

/** The content as an arena string; frees the buffer. Aborts when memory ran out, as arenas do. */
char *dbw_url_finish(dbw_arena *arena, dbw_buffer *buffer);

/** Option indexes sorted by name, equal names in the URL's order; owned by the arena. */
size_t *dbw_url_option_order(dbw_arena *arena, const dbw_url *url);

/** "postgresql", "mysql", "sqlite" or NULL: the backend a scheme means, aliases included. */
const char *dbw_url_backend_of(const char *scheme);

/** The error for a backend that is not known; names the three. */
dbw_status dbw_url_unknown_backend(const char *backend, dbw_error *error);

/** Is the option on the list, and its value of its kind? */
dbw_status dbw_url_check_option(const char *backend, const char *name, const char *value,
                                dbw_error *error) DBW_MUST_CHECK;

#endif
