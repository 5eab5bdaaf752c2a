/* SPDX-License-Identifier: Apache-2.0 */
/* What a connection needs beyond the grammar. No message holds a part of the URL but names of
 * options and the backend. */
#include "url/options.h"
#include "url/url_priv.h"

enum { SHOWN_NAME = 64 };

static bool has_control(const char *text)
{
    for (; text && *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

static dbw_status field_error(dbw_error *error, const char *field, const char *message)
{
    (void)dbw_fail(error, DBW_E_INVALID, "%s", message);
    return dbw_error_object(error, "%s", field);
}

static dbw_status check_controls(const dbw_url *url, dbw_error *error)
{
    if (has_control(url->username))
        return field_error(error, "username", "the user name holds a control character");
    if (has_control(url->password))
        return field_error(error, "password", "the password holds a control character");
    if (has_control(url->host))
        return field_error(error, "host", "the host holds a control character");
    if (has_control(url->database))
        return field_error(error, "database", "the database name holds a control character");
    for (size_t i = 0; i < url->option_count; i++)
        if (has_control(url->options[i].name) || has_control(url->options[i].value))
            return field_error(error, "options", "an option holds a control character");
    return DBW_OK;
}

dbw_status dbw_url_unknown_backend(const char *backend, dbw_error *error)
{
    if (strcmp(backend, "postgres") == 0) {
        (void)field_error(error, "backend", "unknown backend 'postgres'");
        return dbw_hint(error, "Write postgresql:// instead: SQLAlchemy refuses postgres:// "
                               "since version 1.4.");
    }
    char name[SHOWN_NAME];
    (void)snprintf(name, sizeof name, "%s", backend);
    (void)dbw_fail(error, DBW_E_INVALID, "unknown backend '%s'", name);
    (void)dbw_error_object(error, "backend");
    return dbw_hint(error, "Known backends: sqlite, postgresql, mysql (or mariadb).");
}

static dbw_status check_sqlite(const dbw_url *url, dbw_error *error)
{
    if (!url->host && !url->username && !url->password && url->port == 0)
        return DBW_OK;
    (void)field_error(error, "host", "a SQLite URL has neither host nor user");
    return dbw_hint(error, "Write sqlite:///PATH with three slashes for a relative path, "
                           "sqlite:////PATH with four for an absolute one.");
}

static dbw_status check_host(const dbw_url *url, dbw_error *error)
{
    bool instead = dbw_url_option_value(url, "host") || dbw_url_option_value(url, "hostaddr") ||
                   dbw_url_option_value(url, "unix_socket") ||
                   dbw_url_option_value(url, "unix_sock");
    if (!url->host || *url->host == '\0') {
        if (instead)
            return DBW_OK;
        (void)field_error(error, "host", "the host is missing");
        return dbw_hint(error,
                        "Write %s://USER:PASSWORD@HOST/DATABASE; a socket's folder or file "
                        "goes into ?host= (PostgreSQL) or ?unix_socket= (MySQL).",
                        url->backend);
    }
    if (strncmp(url->host, "%2F", 3) == 0 || strncmp(url->host, "%2f", 3) == 0) {
        (void)field_error(error, "host", "the host is a percent-encoded path");
        return dbw_hint(error, "Put the socket's folder into ?host=, with an empty host.");
    }
    if (strpbrk(url->host, strchr(url->host, ':') ? " @/[]\\\"'<>" : " @/%[]\\\"'<>")) {
        (void)field_error(error, "host", "the host holds a character that no host name has");
        return dbw_hint(error, "Write '@', ':', '/' and '%%' in a user name or password "
                               "as %%40, %%3A, %%2F and %%25.");
    }
    const char *colon = url->database ? strchr(url->database, ':') : NULL;
    if (colon && strchr(colon, '@')) {
        (void)field_error(error, "database",
                          "the database name looks like the rest of a user name and password");
        return dbw_hint(error, "Write '@', ':', '/' and '%%' in a user name or password "
                               "as %%40, %%3A, %%2F and %%25.");
    }
    return DBW_OK;
}

static bool is_number(const char *value, bool point)
{
    size_t digits = strspn(value, "0123456789");
    const char *rest = value + digits;
    if (point && *rest == '.' && digits > 0)
        rest += 1 + strspn(rest + 1, "0123456789");
    return digits > 0 && digits < 10 && *rest == '\0';
}

static dbw_status check_value(const dbw_url_option_info *info, const char *value, dbw_error *error)
{
    bool truth = false;
    dbw_tls_mode mode;
    const char *wanted = NULL;
    switch (info->kind) {
    case DBW_URL_KIND_BOOLEAN:
        wanted = dbw_url_boolean(value, &truth) ? NULL : "neither true nor false";
        break;
    case DBW_URL_KIND_INTEGER:
        wanted = is_number(value, false) ? NULL : "not a whole number";
        break;
    case DBW_URL_KIND_NUMBER:
        wanted = is_number(value, true) ? NULL : "not a number";
        break;
    case DBW_URL_KIND_TLS:
        wanted = dbw_tls_mode_from(value, &mode) ? NULL : "not a TLS mode";
        break;
    case DBW_URL_KIND_TEXT:
    case DBW_URL_KIND_PATH:
        break;
    }
    if (!wanted)
        return DBW_OK;
    (void)dbw_fail(error, DBW_E_INVALID, "option '%s' is %s", info->name, wanted);
    (void)dbw_error_object(error, "%s", info->name);
    if (info->kind == DBW_URL_KIND_TLS)
        return dbw_hint(error, "Use disable, prefer, require, verify-ca or verify-full.");
    return error->code;
}

dbw_status dbw_url_check_option(const char *backend, const char *name, const char *value,
                                dbw_error *error)
{
    const dbw_url_option_info *info = dbw_url_option_find(backend, name);
    if (info)
        return check_value(info, value, error);
    /* The name itself may be the mangled rest of a password. */
    bool plain =
        strlen(name) < SHOWN_NAME &&
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-") == strlen(name);
    if (plain)
        (void)dbw_fail(error, DBW_E_INVALID, "unknown option '%s' for %s", name, backend);
    else
        (void)dbw_fail(error, DBW_E_INVALID, "unknown option for %s", backend);
    (void)dbw_error_object(error, "options");
    if (strcmp(name, "user") == 0 || strcmp(name, "password") == 0 || strcmp(name, "dbname") == 0)
        return dbw_hint(error, "User, password and database belong in front of the '?'.");
    return dbw_hint(error, "Options that dbwizard does not know are refused; leave it out.");
}

dbw_status dbw_url_validate(const dbw_url *url, dbw_error *error)
{
    if (!dbw_url_backend_of(url->backend))
        return dbw_url_unknown_backend(url->backend, error);
    if (url->driver && *url->driver == '\0')
        return field_error(error, "driver", "the driver's name behind '+' is missing");
    DBW_TRY(check_controls(url, error));
    if (strcmp(url->backend, "sqlite") == 0)
        DBW_TRY(check_sqlite(url, error));
    else
        DBW_TRY(check_host(url, error));
    for (size_t i = 0; i < url->option_count; i++)
        DBW_TRY(
            dbw_url_check_option(url->backend, url->options[i].name, url->options[i].value, error));
    dbw_url_tls tls;
    return dbw_url_tls_of(url, &tls, error);
}
