/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_OPTIONS_H
#define DBW_ENGINE_POSTGRESQL_OPTIONS_H
/* What a URL and the caller's options come to, checked, before libpq hears of it. */
#include "engine/postgresql/postgresql_priv.h"

/** Debian's and most others' bundle of trusted authorities. */
#define DBW_PG_SYSTEM_CA "/etc/ssl/certs/ca-certificates.crt"

/** Strings point into the URL or the arena; NULL where there is none. */
typedef struct dbw_pg_options {
    char *host;          /* name, address, or the folder of a socket (begins with '/') */
    const char *address; /* where `host` is to be found, as the URL says; NULL: look it up */
    int port;
    const char *user;
    const char *password;
    const char *database;
    const char *application_name;
    const char *session_attributes;
    const char *channel_binding;
    const char *search_path;
    dbw_url_tls tls;
    const char *key_password; /* of the client key */
    const char *revoked;      /* path of a revocation list */
    const char *revoked_folder;
    const char *least_protocol;
    bool pooled;
    bool read_only;
} dbw_pg_options;

/** INVALID for unknown options or values, UNSUPPORTED for several hosts. */
dbw_status dbw_pg_options_read(dbw_arena *arena, const dbw_url *url,
                               const dbw_open_options *options, dbw_pg_options *out,
                               dbw_error *error) DBW_MUST_CHECK;

#endif
