/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_URL_URL_H
#define DBW_URL_URL_H
/*
 * Database URLs in SQLAlchemy's grammar (sqlalchemy.engine.url): parsed once, the secret split
 * out, and only the redacted form ever printed.
 *
 *   drivername://[username[:password]@][host[:port]][/database][?name=value&…]
 *
 * Decoding is SQLAlchemy's, rendering SQLAlchemy 2.1's. Deliberately stricter: ports outside
 * 1–65535 or not of ASCII digits alone, rubbish behind "[::1]", control characters and NULs are
 * errors; an error never echoes the URL. URLs are limited to 64 KiB.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum { DBW_URL_LIMIT = 64 * 1024 };

typedef struct dbw_url_option {
    char *name;
    char *value;
} dbw_url_option;

/** All strings are decoded, NUL-terminated, owned by the arena; NULL where the URL has no such
 * part. */
typedef struct dbw_url {
    char *drivername; /* as written: "postgresql+psycopg2" */
    char *backend;    /* canonical where known: "postgresql", "mysql" (mariadb too), "sqlite";
                         else what stands before '+' */
    char *driver;     /* what stands behind '+', or NULL */
    char *username;
    char *password;          /* the secret */
    char *host;              /* without brackets */
    int port;                /* 0 when absent */
    char *database;          /* for SQLite the path; NULL or "" or ":memory:" is in memory */
    dbw_url_option *options; /* in the order of the URL; a repeated name stands repeatedly */
    size_t option_count;
    char *doubtful; /* the text itself, where an '@' or '=' behind the user info makes it uncertain
                       which parts belong to a password; only redaction looks at it */
} dbw_url;

/** Parses `text`. Errors: DBW_E_INVALID with the reason, never with the text. */
dbw_status dbw_url_parse(dbw_arena *arena, dbw_text text, dbw_url **out,
                         dbw_error *error) DBW_MUST_CHECK;

/** The whole URL with its secret: for storing encrypted and for answers that asked for it. */
char *dbw_url_render(dbw_arena *arena, const dbw_url *url);

/** The URL for people: password and every secret option shown as `***`. */
char *dbw_url_redacted(dbw_arena *arena, const dbw_url *url);

/** What may be shown of a text that was given as a URL: the redacted URL, or `***` when it cannot
 *  be parsed. */
char *dbw_url_shown(dbw_arena *arena, dbw_text text);

/**
 * Hides whatever could be a secret in any text that may hold URLs, malformed ones included
 * (error texts of servers, log lines): user info passwords, `password=`, `sslpassword=`,
 * `passfile=` and their like, in query strings and in conninfo form.
 */
char *dbw_redact(dbw_arena *arena, dbw_text text);

/** The same, appended to a buffer: what a log hides with. */
void dbw_redact_into(dbw_buffer *out, dbw_text text);

/** The last value of an option, or NULL. */
const char *dbw_url_option_value(const dbw_url *url, const char *name);

/** Parses what a parse-and-connect needs beyond the grammar: known backend, host where required,
 *  allow-listed options with valid values. DBW_E_INVALID / DBW_E_UNSUPPORTED with hint. */
dbw_status dbw_url_validate(const dbw_url *url, dbw_error *error) DBW_MUST_CHECK;

/** The parts that a form has. Strings may be NULL or empty. */
typedef struct dbw_url_parts {
    const char *backend; /* postgresql, mysql, mariadb, sqlite */
    const char *driver;  /* the application's driver, or NULL: "psycopg2", "pymysql" … */
    const char *host;
    int port; /* 0: the default, left out */
    const char *database;
    const char *username;
    const char *password;
    const char *ssl_mode; /* disable prefer require verify-ca verify-full */
    const char *ssl_ca;   /* path of the CA bundle */
    const dbw_url_option *options;
    size_t option_count;
    const char *sqlite_path;
} dbw_url_parts;

typedef struct dbw_url_built {
    dbw_url *url;
    char **warnings; /* what was translated or left out for the driver, in sentences */
    size_t warning_count;
} dbw_url_built;

/** Builds a URL for the application's driver; the failing field is the error's `object`. */
dbw_status dbw_url_build(dbw_arena *arena, const dbw_url_parts *parts, dbw_url_built *out,
                         dbw_error *error) DBW_MUST_CHECK;

/** TLS as both servers know it. */
typedef enum dbw_tls_mode {
    DBW_TLS_PREFER, /* the default */
    DBW_TLS_DISABLE,
    DBW_TLS_REQUIRE,
    DBW_TLS_VERIFY_CA,
    DBW_TLS_VERIFY_FULL
} dbw_tls_mode;

/** What a connection needs, read out of the options of whichever driver the URL was written for. */
typedef struct dbw_url_tls {
    dbw_tls_mode mode;
    const char *ca;   /* path; NULL means the system's bundle for the verifying modes */
    const char *cert; /* client certificate and key, or NULL */
    const char *key;
} dbw_url_tls;

dbw_status dbw_url_tls_of(const dbw_url *url, dbw_url_tls *out, dbw_error *error) DBW_MUST_CHECK;

#endif
