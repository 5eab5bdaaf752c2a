/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/options.h"
#include "url/options.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

/** The table of lib/url says what a URL may carry; libpq would take the rest as its own. */
static dbw_status check_known(const dbw_url *url, dbw_error *error)
{
    for (size_t i = 0; i < url->option_count; i++) {
        if (dbw_url_option_find("postgresql", url->options[i].name))
            continue;
        dbw_fail(error, DBW_E_INVALID, "unable to connect: the URL has an unknown option");
        dbw_error_object(error, "options");
        return dbw_hint(error, "Remove it, or correct its spelling.");
    }
    return DBW_OK;
}

static dbw_status fail_hosts(dbw_error *error)
{
    dbw_fail(error, DBW_E_UNSUPPORTED, "unable to connect: the URL names several hosts");
    dbw_error_object(error, "host");
    return dbw_hint(error, "Give one host: the primary, or the address of the pooler in front.");
}

/** "name:port" of the query's host=, as SQLAlchemy has it. */
static dbw_status split_host_port(dbw_pg_options *out, dbw_error *error)
{
    char *colon = strchr(out->host, ':');
    if (out->host[0] == '/' || !colon || strchr(colon + 1, ':'))
        return DBW_OK;
    int64_t port;
    if (!dbw_text_to_int64(dbw_text_of(colon + 1), &port) || port < 1 || port > 65535) {
        dbw_fail(error, DBW_E_INVALID,
                 "unable to connect: the port of option 'host' is not a "
                 "number from 1 to 65535");
        return dbw_error_object(error, "host");
    }
    *colon = '\0';
    out->port = (int)port;
    return DBW_OK;
}

/** "/run/postgresql/.s.PGSQL.5432": pg8000 names the socket itself, libpq its folder and port. */
static dbw_status split_socket(dbw_pg_options *out, dbw_error *error)
{
    static const char name[] = "/.s.PGSQL.";
    char *tail = strrchr(out->host, '/');
    int64_t port;
    if (out->host[0] == '/' && tail && strncmp(tail, name, sizeof name - 1) == 0 &&
        dbw_text_to_int64(dbw_text_of(tail + sizeof name - 1), &port) && port > 0 &&
        port <= 65535) {
        *tail = '\0';
        out->port = (int)port;
        return DBW_OK;
    }
    dbw_fail(error, DBW_E_INVALID,
             "unable to connect: option 'unix_sock' is not the path of a PostgreSQL socket");
    return dbw_error_object(error, "unix_sock");
}

/** Debian's folder, which only the server's user may write to; elsewhere libpq's own default. */
static const char *default_socket_folder(void)
{
    struct stat found;
    return stat("/var/run/postgresql", &found) == 0 ? "/var/run/postgresql" : "/tmp";
}

static dbw_status read_host(dbw_arena *arena, const dbw_url *url, dbw_pg_options *out,
                            dbw_error *error)
{
    const char *host = NULL;
    for (size_t i = 0; i < url->option_count; i++) {
        if (strcmp(url->options[i].name, "host") != 0 || !url->options[i].value[0])
            continue;
        if (host)
            return fail_hosts(error);
        host = url->options[i].value;
    }
    const char *port = dbw_url_option_value(url, "port");
    int64_t number = url->port ? url->port : 5432;
    if (port && (!dbw_text_to_int64(dbw_text_of(port), &number) || number < 1 || number > 65535)) {
        dbw_fail(error, DBW_E_INVALID,
                 "unable to connect: option 'port' is not a number from 1 to 65535");
        return dbw_error_object(error, "port");
    }
    out->port = (int)number;
    bool from_query = host != NULL;
    const char *socket = dbw_url_option_value(url, "unix_sock");
    if (!host && socket && *socket) {
        out->host = dbw_arena_string(arena, socket);
        return split_socket(out, error);
    }
    if (!host && url->host && url->host[0])
        host = url->host;
    if (!host)
        host = default_socket_folder();
    out->host = dbw_arena_string(arena, host);
    if (strchr(out->host, ','))
        return fail_hosts(error);
    /* A name in the abstract socket namespace has no folder that could be checked. */
    if (out->host[0] == '@') {
        dbw_fail(error, DBW_E_INVALID, "unable to connect: host begins with '@'");
        return dbw_error_object(error, "host");
    }
    return from_query ? split_host_port(out, error) : DBW_OK;
}

static bool one_of(const char *value, const char *const *allowed)
{
    for (; *allowed; allowed++)
        if (strcmp(value, *allowed) == 0)
            return true;
    return false;
}

/** An option whose value libpq gets as it is, but only one of the listed values. */
static dbw_status read_word(const dbw_url *url, const char *name, const char *const *allowed,
                            const char *fallback, const char **out, dbw_error *error)
{
    const char *value = dbw_url_option_value(url, name);
    *out = value && *value ? value : fallback;
    if (one_of(*out, allowed))
        return DBW_OK;
    dbw_fail(error, DBW_E_INVALID, "unable to connect: option '%s' has an unknown value", name);
    return dbw_error_object(error, "%s", name);
}

/**
 * Of `options=` only the search path is taken: "-csearch_path=a,b", "-c search_path=a" or
 * "--search_path=a". Names are those of the URL's owner, but quoted all the same.
 */
static dbw_status read_search_path(dbw_arena *arena, const dbw_url *url, dbw_pg_options *out,
                                   dbw_error *error)
{
    const char *text = dbw_url_option_value(url, "options");
    if (!text || !*text)
        return DBW_OK;
    const char *at = text;
    while (*at == ' ')
        at++;
    if (strncmp(at, "--", 2) == 0) {
        at += 2;
    } else if (strncmp(at, "-c", 2) == 0) {
        at += 2;
        while (*at == ' ')
            at++;
    }
    static const char name[] = "search_path=";
    const char *value = at + sizeof name - 1;
    if (at == text || strncmp(at, name, sizeof name - 1) != 0 || strpbrk(value, " \\") || !*value) {
        dbw_fail(error, DBW_E_INVALID,
                 "unable to connect: option 'options' may only set search_path");
        dbw_error_object(error, "options");
        return dbw_hint(error, "Write it as options=-csearch_path%%3Dmyschema.");
    }
    out->search_path = dbw_arena_string(arena, value);
    return DBW_OK;
}

/** The name of the user that this process runs as: libpq's own default. */
static const char *system_user(dbw_arena *arena)
{
    char buffer[4096];
    struct passwd entry, *found = NULL;
    if (getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found) != 0 || !found)
        return "postgres";
    return dbw_arena_string(arena, found->pw_name);
}

static dbw_status read_tls(const dbw_url *url, dbw_pg_options *out, dbw_error *error)
{
    DBW_TRY(dbw_url_tls_of(url, &out->tls, error));
    bool verifies = out->tls.mode == DBW_TLS_VERIFY_CA || out->tls.mode == DBW_TLS_VERIFY_FULL;
    if (!out->tls.ca && verifies)
        out->tls.ca = DBW_PG_SYSTEM_CA;
    const char *password = dbw_url_option_value(url, "sslpassword");
    out->key_password = password && *password ? password : NULL;
    const char *revoked = dbw_url_option_value(url, "sslcrl");
    out->revoked = revoked && *revoked ? revoked : NULL;
    const char *folder = dbw_url_option_value(url, "sslcrldir");
    out->revoked_folder = folder && *folder ? folder : NULL;
    const char *least = dbw_url_option_value(url, "ssl_min_protocol_version");
    out->least_protocol = least && strcmp(least, "TLSv1.3") == 0 ? "TLSv1.3" : "TLSv1.2";
    return DBW_OK;
}

dbw_status dbw_pg_options_read(dbw_arena *arena, const dbw_url *url,
                               const dbw_open_options *options, dbw_pg_options *out,
                               dbw_error *error)
{
    static const char *const session_words[] = {"any",     "read-write",     "read-only", "primary",
                                                "standby", "prefer-standby", NULL};
    static const char *const binding_words[] = {"disable", "prefer", "require", NULL};
    *out = (dbw_pg_options){0};
    DBW_TRY(check_known(url, error));
    DBW_TRY(read_host(arena, url, out, error));
    DBW_TRY(read_tls(url, out, error));
    DBW_TRY(read_search_path(arena, url, out, error));
    DBW_TRY(read_word(url, "target_session_attrs", session_words, "any", &out->session_attributes,
                      error));
    DBW_TRY(
        read_word(url, "channel_binding", binding_words, "prefer", &out->channel_binding, error));
    out->user = url->username && url->username[0] ? url->username : system_user(arena);
    out->password = url->password && url->password[0] ? url->password : NULL;
    out->database = url->database && url->database[0] ? url->database : out->user;
    const char *address = dbw_url_option_value(url, "hostaddr");
    out->address = address && *address && out->host[0] != '/' ? address : NULL;
    if (out->address && strchr(out->address, ','))
        return fail_hosts(error);
    const char *name = dbw_url_option_value(url, "application_name");
    out->application_name = options->application_name ? options->application_name
                            : name && *name           ? name
                                                      : "dbwizard";
    out->pooled = !dbw_url_prepared_statements(url);
    out->read_only = options->read_only;
    return DBW_OK;
}
