/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One TLS wish in the words of each driver. Sources: libpq 15, 34.19 "SSL Support"; asyncpg,
 * connect(ssl=); PyMySQL 1.1, Connection.__init__ and _create_ssl_ctx; SQLAlchemy 2,
 * dialects/mysql/mysqldb.py (ssl_* are packed into one dictionary); MySQL 8, --ssl-mode;
 * Connector/Python 8, "Connection Arguments".
 */
#include "url/build_priv.h"

static bool verifies(const dbw_url_tls *tls)
{
    return tls->mode == DBW_TLS_VERIFY_CA || tls->mode == DBW_TLS_VERIFY_FULL;
}

static void add_path(dbw_url_draft *draft, const char *name, const char *path)
{
    if (path && *path)
        dbw_url_draft_add(draft, name, path);
}

static const char *authority(dbw_url_draft *draft, const dbw_url_tls *tls)
{
    if (tls->ca && *tls->ca)
        return tls->ca;
    if (!verifies(tls))
        return NULL;
    dbw_url_draft_warn(draft,
                       "No CA file was given, and %s does not look into the system's "
                       "bundle by itself: " DBW_URL_SYSTEM_CA " is named.",
                       draft->driver->label);
    return DBW_URL_SYSTEM_CA;
}

static void add_libpq(dbw_url_draft *draft, const dbw_url_tls *tls, bool mode_given)
{
    if (mode_given)
        dbw_url_draft_add(draft, "sslmode", dbw_tls_mode_name(tls->mode));
    add_path(draft, "sslrootcert", authority(draft, tls));
    add_path(draft, "sslcert", tls->cert);
    add_path(draft, "sslkey", tls->key);
    if (tls->ca && !verifies(tls))
        dbw_url_draft_warn(draft, "The CA file alone does not make the server prove its name: ask "
                                  "for verify-full.");
}

static void add_asyncpg(dbw_url_draft *draft, const dbw_url_tls *tls, bool mode_given)
{
    if (mode_given)
        dbw_url_draft_add(draft, "ssl", dbw_tls_mode_name(tls->mode));
    if (tls->ca || verifies(tls))
        dbw_url_draft_warn(draft,
                           "asyncpg takes no CA file in a URL: set PGSSLROOTCERT=%s in the "
                           "application's environment.",
                           tls->ca ? tls->ca : DBW_URL_SYSTEM_CA);
    if (tls->cert || tls->key)
        dbw_url_draft_warn(draft, "asyncpg takes no client certificate in a URL: set PGSSLCERT and "
                                  "PGSSLKEY in the application's environment.");
}

static void add_context_only(dbw_url_draft *draft, const dbw_url_tls *tls, const char *argument)
{
    if (tls->mode == DBW_TLS_PREFER || tls->mode == DBW_TLS_DISABLE) {
        if (!tls->ca && !tls->cert && !tls->key)
            return;
    }
    dbw_url_draft_warn(draft,
                       "%s takes TLS settings only from code (connect_args={'%s': …}): they are "
                       "left out, and the connection would not be encrypted.",
                       draft->driver->label, argument);
}

static void add_mysql_client(dbw_url_draft *draft, const dbw_url_tls *tls, bool mode_given)
{
    static const char *const names[] = {
        [DBW_TLS_DISABLE] = "DISABLED",
        [DBW_TLS_PREFER] = "PREFERRED",
        [DBW_TLS_REQUIRE] = "REQUIRED",
        [DBW_TLS_VERIFY_CA] = "VERIFY_CA",
        [DBW_TLS_VERIFY_FULL] = "VERIFY_IDENTITY",
    };
    if (mode_given)
        dbw_url_draft_add(draft, "ssl_mode", names[tls->mode]);
    add_path(draft, "ssl_ca", authority(draft, tls));
    add_path(draft, "ssl_cert", tls->cert);
    add_path(draft, "ssl_key", tls->key);
}

/**
 * SQLAlchemy packs ssl_ca, ssl_cert, ssl_key and ssl_check_hostname into one dictionary, and
 * PyMySQL forgets that dictionary once ssl_verify_cert stands beside it: never both.
 */
static void add_pymysql(dbw_url_draft *draft, const dbw_url_tls *tls, bool mode_given)
{
    bool asyncmy = draft->driver->bit == DBW_URL_ASYNCMY;
    if (mode_given && tls->mode == DBW_TLS_DISABLE) {
        if (!asyncmy)
            dbw_url_draft_add(draft, "ssl_disabled", "true");
        return;
    }
    if (verifies(tls)) {
        add_path(draft, "ssl_ca", authority(draft, tls));
        dbw_url_draft_add(draft, "ssl_check_hostname",
                          tls->mode == DBW_TLS_VERIFY_FULL ? "true" : "false");
        add_path(draft, "ssl_cert", tls->cert);
        add_path(draft, "ssl_key", tls->key);
        dbw_url_draft_warn(draft, "%s has no 'ssl_mode': %s became ssl_ca and ssl_check_hostname.",
                           draft->driver->label, dbw_tls_mode_name(tls->mode));
        return;
    }
    if (tls->mode == DBW_TLS_REQUIRE && !asyncmy && !tls->cert && !tls->key) {
        dbw_url_draft_add(draft, "ssl_verify_cert", "false");
        dbw_url_draft_warn(draft, "PyMySQL has no 'ssl_mode': require became ssl_verify_cert=false "
                                  "(encrypted, the server's identity unchecked).");
    } else if (tls->mode == DBW_TLS_REQUIRE) {
        dbw_url_draft_add(draft, "ssl_check_hostname", "false");
        add_path(draft, "ssl_cert", tls->cert);
        add_path(draft, "ssl_key", tls->key);
        dbw_url_draft_warn(draft,
                           "%s has no 'ssl_mode': require became ssl_check_hostname=false "
                           "(encrypted, the server's identity unchecked).",
                           draft->driver->label);
    } else if (mode_given) {
        dbw_url_draft_warn(draft,
                           "%s cannot prefer TLS: without further options the connection is not "
                           "encrypted.",
                           draft->driver->label);
    }
}

static void add_connector(dbw_url_draft *draft, const dbw_url_tls *tls, bool mode_given)
{
    if (mode_given && tls->mode == DBW_TLS_DISABLE) {
        dbw_url_draft_add(draft, "ssl_disabled", "true");
        return;
    }
    add_path(draft, "ssl_ca", authority(draft, tls));
    add_path(draft, "ssl_cert", tls->cert);
    add_path(draft, "ssl_key", tls->key);
    if (verifies(tls))
        dbw_url_draft_add(draft, "ssl_verify_cert", "true");
    if (tls->mode == DBW_TLS_VERIFY_FULL)
        dbw_url_draft_add(draft, "ssl_verify_identity", "true");
    if (verifies(tls))
        dbw_url_draft_warn(draft,
                           "MySQL Connector/Python has no 'ssl_mode': %s became ssl_ca and "
                           "ssl_verify_….",
                           dbw_tls_mode_name(tls->mode));
    if (tls->mode == DBW_TLS_REQUIRE)
        dbw_url_draft_warn(draft, "MySQL Connector/Python encrypts when the server can, but cannot "
                                  "insist: ask for verify-full, or require TLS on the server.");
}

void dbw_url_draft_tls(dbw_url_draft *draft, const dbw_url_tls *tls, bool mode_given)
{
    switch (draft->driver->bit) {
    case DBW_URL_ASYNCPG:
        add_asyncpg(draft, tls, mode_given);
        break;
    case DBW_URL_PG8000:
        add_context_only(draft, tls, "ssl_context");
        break;
    case DBW_URL_LIBMYSQL:
    case DBW_URL_MYSQLDB:
        add_mysql_client(draft, tls, mode_given);
        break;
    case DBW_URL_PYMYSQL:
    case DBW_URL_ASYNCMY:
        add_pymysql(draft, tls, mode_given);
        break;
    case DBW_URL_AIOMYSQL:
        add_context_only(draft, tls, "ssl");
        break;
    case DBW_URL_MYSQLCONNECTOR:
        add_connector(draft, tls, mode_given);
        break;
    default:
        add_libpq(draft, tls, mode_given);
        break;
    }
}
