/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_URL_OPTIONS_H
#define DBW_URL_OPTIONS_H
/*
 * Which options a URL may carry, for which driver of an application, and what they mean: the
 * tables of url_options.def. Nothing here depends on a connection.
 */
#include "url/url.h"

/** One bit per driver. */
enum {
#define DBW_URL_DRIVER(id, backend, name, alias, label) DBW_URL_NUMBER_##id,
#include "url/url_options.def"
#undef DBW_URL_DRIVER
    DBW_URL_DRIVER_COUNT
};
enum {
#define DBW_URL_DRIVER(id, backend, name, alias, label) DBW_URL_##id = 1 << DBW_URL_NUMBER_##id,
#include "url/url_options.def"
#undef DBW_URL_DRIVER
};

typedef enum dbw_url_kind {
    DBW_URL_KIND_TEXT,
    DBW_URL_KIND_PATH,
    DBW_URL_KIND_BOOLEAN, /* true false yes no on off 1 0, in any case */
    DBW_URL_KIND_INTEGER, /* 0 to 2^31-1 */
    DBW_URL_KIND_NUMBER,  /* decimal digits with at most one point */
    DBW_URL_KIND_TLS      /* any spelling of a TLS mode */
} dbw_url_kind;

/** What an option is for; options of one backend and one role translate into each other. */
typedef enum dbw_url_role {
    DBW_URL_ROLE_NONE,
    DBW_URL_ROLE_TLS_MODE,
    DBW_URL_ROLE_TLS_CA,
    DBW_URL_ROLE_TLS_CERT,
    DBW_URL_ROLE_TLS_KEY,
    DBW_URL_ROLE_TLS_CHECK, /* part of the mode, in drivers without one */
    DBW_URL_ROLE_APPLICATION,
    DBW_URL_ROLE_CONNECT_TIMEOUT,
    DBW_URL_ROLE_SOCKET,
    DBW_URL_ROLE_PREPARED
} dbw_url_role;

typedef struct dbw_url_option_info {
    const char *backend;
    const char *name;
    dbw_url_kind kind;
    dbw_url_role role;
    unsigned drivers; /* DBW_URL_LIBPQ | … */
} dbw_url_option_info;

typedef struct dbw_url_driver_info {
    unsigned bit;
    const char *backend;
    const char *name; /* "" for a URL without a driver */
    const char *alias;
    const char *label;
} dbw_url_driver_info;

/** The option of that name, or NULL. Names are case-sensitive, as drivers have them. */
const dbw_url_option_info *dbw_url_option_find(const char *backend, const char *name);

/** The n-th option of the table, or NULL behind the last. */
const dbw_url_option_info *dbw_url_option_at(size_t n);

/** The driver of that name or alias (NULL or "": none), or NULL for one that is not known. */
const dbw_url_driver_info *dbw_url_driver_find(const char *backend, const char *name);

/** The n-th driver of the table, or NULL behind the last. */
const dbw_url_driver_info *dbw_url_driver_at(size_t n);

/** True when an option, variable or field of that name may hold a secret; percent-escapes in the
 *  name are seen through, case does not matter. */
bool dbw_url_is_secret(dbw_text name);

/** Reads a boolean of an option; false when it is none. */
bool dbw_url_boolean(const char *value, bool *out) DBW_MUST_CHECK;

/** Reads any spelling of a TLS mode ("VERIFY_IDENTITY", "verify-full", "true"); false when it is
 *  none. */
bool dbw_tls_mode_from(const char *text, dbw_tls_mode *out) DBW_MUST_CHECK;

/** "disable", "prefer", "require", "verify-ca", "verify-full". */
const char *dbw_tls_mode_name(dbw_tls_mode mode);

/** False when the URL forbids named prepared statements, as for PgBouncer in transaction mode:
 *  prepared_statements=false, or asyncpg's prepared_statement_cache_size=0. */
bool dbw_url_prepared_statements(const dbw_url *url);

/** Is it SQLite in memory: no path, "", or ":memory:" in any of its forms? */
bool dbw_url_in_memory(const dbw_url *url);

#endif
