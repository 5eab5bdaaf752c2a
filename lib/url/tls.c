/* SPDX-License-Identifier: Apache-2.0 */
/* TLS settings, whichever driver a URL was written for. */
#include "url/options.h"
#include "url/url_priv.h"

static const struct {
    const char *text;
    dbw_tls_mode mode;
} spellings[] = {
    /* the canonical names first */
    {"disable", DBW_TLS_DISABLE},
    {"prefer", DBW_TLS_PREFER},
    {"require", DBW_TLS_REQUIRE},
    {"verify-ca", DBW_TLS_VERIFY_CA},
    {"verify-full", DBW_TLS_VERIFY_FULL},
    {"allow", DBW_TLS_PREFER},
    {"disabled", DBW_TLS_DISABLE},
    {"preferred", DBW_TLS_PREFER},
    {"required", DBW_TLS_REQUIRE},
    {"verify_ca", DBW_TLS_VERIFY_CA},
    {"verify_full", DBW_TLS_VERIFY_FULL},
    {"verify_identity", DBW_TLS_VERIFY_FULL},
    {"verify-identity", DBW_TLS_VERIFY_FULL},
};

const char *dbw_tls_mode_name(dbw_tls_mode mode)
{
    for (size_t i = 0; i < DBW_COUNT(spellings); i++)
        if (spellings[i].mode == mode)
            return spellings[i].text;
    return "prefer";
}

bool dbw_tls_mode_from(const char *text, dbw_tls_mode *out)
{
    for (size_t i = 0; i < DBW_COUNT(spellings); i++) {
        if (dbw_text_equal_nocase(dbw_text_of(text), dbw_text_of(spellings[i].text))) {
            *out = spellings[i].mode;
            return true;
        }
    }
    bool on = false;
    if (!dbw_url_boolean(text, &on))
        return false;
    *out = on ? DBW_TLS_REQUIRE : DBW_TLS_DISABLE;
    return true;
}

/** The value of the first option of that role that the URL has, or NULL. */
static const char *by_role(const dbw_url *url, dbw_url_role role, const char **name)
{
    for (size_t i = 0; i < url->option_count; i++) {
        const dbw_url_option_info *info = dbw_url_option_find(url->backend, url->options[i].name);
        if (info && info->role == role) {
            if (name)
                *name = info->name;
            return dbw_url_option_value(url, info->name);
        }
    }
    return NULL;
}

static dbw_status read_check(const dbw_url *url, const char *name, bool *present, bool *on,
                             dbw_error *error)
{
    const char *value = dbw_url_option_value(url, name);
    *present = value != NULL;
    if (!value || dbw_url_boolean(value, on))
        return DBW_OK;
    (void)dbw_fail(error, DBW_E_INVALID, "option '%s' is neither true nor false", name);
    return dbw_error_object(error, "%s", name);
}

/**
 * The mode of MySQL's drivers that have none, as PyMySQL and Connector/Python take their options:
 * a CA alone makes PyMySQL check the name too, Connector/Python the chain.
 */
static dbw_status mode_from_checks(const dbw_url *url, dbw_url_tls *out, dbw_error *error)
{
    bool given = false;
    bool on = false;
    const dbw_url_driver_info *driver = dbw_url_driver_find(url->backend, url->driver);
    bool like_pymysql = driver && (driver->bit & (DBW_URL_PYMYSQL | DBW_URL_ASYNCMY)) != 0;
    if (out->ca)
        out->mode = like_pymysql ? DBW_TLS_VERIFY_FULL : DBW_TLS_VERIFY_CA;
    else if (out->cert || out->key)
        out->mode = DBW_TLS_REQUIRE;
    DBW_TRY(read_check(url, "ssl_verify_cert", &given, &on, error));
    if (given && on)
        out->mode = DBW_TLS_VERIFY_CA;
    else if (given && like_pymysql)
        out->mode = DBW_TLS_REQUIRE;
    DBW_TRY(read_check(url, "ssl_check_hostname", &given, &on, error));
    if (given && out->mode >= DBW_TLS_VERIFY_CA)
        out->mode = on ? DBW_TLS_VERIFY_FULL : DBW_TLS_VERIFY_CA;
    DBW_TRY(read_check(url, "ssl_verify_identity", &given, &on, error));
    if (given && on)
        out->mode = DBW_TLS_VERIFY_FULL;
    DBW_TRY(read_check(url, "ssl_disabled", &given, &on, error));
    if (given && on)
        out->mode = DBW_TLS_DISABLE;
    return DBW_OK;
}

dbw_status dbw_url_tls_of(const dbw_url *url, dbw_url_tls *out, dbw_error *error)
{
    *out = (dbw_url_tls){.mode = DBW_TLS_PREFER};
    out->ca = by_role(url, DBW_URL_ROLE_TLS_CA, NULL);
    out->cert = by_role(url, DBW_URL_ROLE_TLS_CERT, NULL);
    out->key = by_role(url, DBW_URL_ROLE_TLS_KEY, NULL);
    const char *name = NULL;
    const char *mode = by_role(url, DBW_URL_ROLE_TLS_MODE, &name);
    if (!mode)
        return mode_from_checks(url, out, error);
    if (dbw_tls_mode_from(mode, &out->mode))
        return DBW_OK;
    (void)dbw_fail(error, DBW_E_INVALID, "option '%s' is not a TLS mode", name);
    (void)dbw_error_object(error, "%s", name);
    return dbw_hint(error, "Use disable, prefer, require, verify-ca or verify-full.");
}
