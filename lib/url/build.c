/* SPDX-License-Identifier: Apache-2.0 */
#include "url/build_priv.h"

#include <stdarg.h>

static bool given(const char *text)
{
    return text && *text;
}

static dbw_status field_error(dbw_error *error, const char *field, const char *message)
{
    (void)dbw_fail(error, DBW_E_INVALID, "%s", message);
    return dbw_error_object(error, "%s", field);
}

void dbw_url_draft_warn(dbw_url_draft *draft, const char *format, ...)
{
    dbw_buffer text;
    dbw_buffer_init(&text, 4096);
    char sentence[2048];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    dbw_buffer_add_string(&text, sentence);
    *DBW_APPEND(draft->arena, draft->warnings, draft->warning_count) =
        dbw_url_finish(draft->arena, &text);
}

void dbw_url_draft_add(dbw_url_draft *draft, const char *name, const char *value)
{
    dbw_url *url = draft->url;
    dbw_url_option *option = DBW_APPEND(draft->arena, url->options, url->option_count);
    option->name = dbw_arena_string(draft->arena, name);
    option->value = dbw_arena_string(draft->arena, value);
}

static dbw_status unknown_driver(const char *backend, dbw_error *error)
{
    (void)field_error(error, "driver", "unknown driver");
    char names[256] = "";
    size_t length = 0;
    const dbw_url_driver_info *info = NULL;
    for (size_t i = 0; (info = dbw_url_driver_at(i)) != NULL; i++)
        if (strcmp(info->backend, backend) == 0 && *info->name && length < sizeof names)
            length += (size_t)snprintf(names + length, sizeof names - length, "%s%s",
                                       length ? ", " : "", info->name);
    return dbw_hint(error, "Known drivers for %s: %s.", backend, names);
}

/** Names of the drafts' scheme; without a wish MySQL gets PyMySQL, SQLAlchemy's usual choice. */
static dbw_status choose_driver(dbw_url_draft *draft, const dbw_url_parts *parts, dbw_error *error)
{
    const char *scheme = parts->backend;
    if (!given(scheme))
        return field_error(error, "backend", "the backend is missing");
    const char *backend = dbw_url_backend_of(scheme);
    if (!backend)
        return dbw_url_unknown_backend(scheme, error);
    const char *wanted = parts->driver;
    if (!wanted && strcmp(backend, "mysql") == 0)
        wanted = "pymysql";
    draft->driver = dbw_url_driver_find(backend, wanted);
    if (!draft->driver)
        return unknown_driver(backend, error);
    dbw_url *url = draft->url;
    const char *name = draft->driver->name;
    url->backend = dbw_arena_string(draft->arena, backend);
    url->driver = *name ? dbw_arena_string(draft->arena, name) : NULL;
    url->drivername = dbw_arena_printf(draft->arena, "%s%s%s", scheme, *name ? "+" : "", name);
    return DBW_OK;
}

static void put_socket(dbw_url_draft *draft, const char *path, int port)
{
    switch (draft->driver->bit) {
    case DBW_URL_PG8000:
        dbw_url_draft_add(
            draft, "unix_sock",
            dbw_arena_printf(draft->arena, "%s/.s.PGSQL.%d", path, port ? port : 5432));
        break;
    default:
        dbw_url_draft_add(draft, strcmp(draft->url->backend, "mysql") == 0 ? "unix_socket" : "host",
                          path);
        break;
    }
}

static dbw_status put_server(dbw_url_draft *draft, const dbw_url_parts *parts, dbw_error *error)
{
    dbw_arena *arena = draft->arena;
    dbw_url *url = draft->url;
    if (parts->port < 0 || parts->port > 65535)
        return field_error(error, "port", "the port is not a number from 1 to 65535");
    if (given(parts->password) && !given(parts->username))
        return field_error(error, "username", "the user name is missing, but there is a password");
    if (given(parts->username))
        url->username = dbw_arena_string(arena, parts->username);
    if (given(parts->password))
        url->password = dbw_arena_string(arena, parts->password);
    if (given(parts->database))
        url->database = dbw_arena_string(arena, parts->database);
    url->port = parts->port;
    if (!given(parts->host))
        return DBW_OK;
    size_t length = strlen(parts->host);
    if (parts->host[0] == '/') {
        put_socket(draft, parts->host, parts->port);
        if (!url->database)
            url->database = dbw_arena_string(arena, "");
    } else if (parts->host[0] == '[' && parts->host[length - 1] == ']' && length > 2) {
        url->host = dbw_arena_text_string(arena, (dbw_text){parts->host + 1, length - 2});
    } else {
        url->host = dbw_arena_string(arena, parts->host);
    }
    return DBW_OK;
}

static dbw_status put_file(dbw_url_draft *draft, const dbw_url_parts *parts, dbw_error *error)
{
    const char *path = given(parts->sqlite_path) ? parts->sqlite_path : parts->database;
    if (!given(path))
        return field_error(error, "sqlite_path", "the path of the SQLite file is missing");
    draft->url->database = dbw_arena_string(draft->arena, path);
    if (given(parts->host) || given(parts->username) || given(parts->password))
        dbw_url_draft_warn(draft, "SQLite has neither host nor user: they are left out.");
    if (given(parts->ssl_mode) || given(parts->ssl_ca))
        dbw_url_draft_warn(draft,
                           "SQLite has no connection to encrypt: TLS settings are left out.");
    return DBW_OK;
}

static bool is_tls_role(dbw_url_role role)
{
    return role >= DBW_URL_ROLE_TLS_MODE && role <= DBW_URL_ROLE_TLS_CHECK;
}

/** What becomes of `prepared_statements` where the driver has no such option. */
static void put_prepared(dbw_url_draft *draft, const char *value)
{
    bool on = true;
    (void)!dbw_url_boolean(value, &on);
    const char *label = draft->driver->label;
    if (on) {
        dbw_url_draft_warn(draft, "%s does not take 'prepared_statements': left out.", label);
    } else if (draft->driver->bit == DBW_URL_ASYNCPG) {
        dbw_url_draft_add(draft, "prepared_statement_cache_size", "0");
        dbw_url_draft_warn(draft, "asyncpg: prepared_statements=false became "
                                  "prepared_statement_cache_size=0; behind PgBouncer also set "
                                  "connect_args={'statement_cache_size': 0}.");
    } else if (draft->driver->bit & (DBW_URL_PSYCOPG | DBW_URL_PSYCOPG_ASYNC)) {
        dbw_url_draft_warn(draft, "psycopg does not take 'prepared_statements': left out; behind "
                                  "PgBouncer set connect_args={'prepare_threshold': None}.");
    } else {
        dbw_url_draft_warn(draft,
                           "%s does not take 'prepared_statements': left out; it prepares nothing "
                           "on the server by itself.",
                           label);
    }
}

static const char *translated(const dbw_url_draft *draft, dbw_url_role role)
{
    const dbw_url_option_info *info = NULL;
    for (size_t i = 0; (info = dbw_url_option_at(i)) != NULL; i++)
        if (role != DBW_URL_ROLE_NONE && info->role == role &&
            strcmp(info->backend, draft->driver->backend) == 0 &&
            (info->drivers & draft->driver->bit))
            return info->name;
    return NULL;
}

static dbw_status put_option(dbw_url_draft *draft, const dbw_url_option *option, dbw_error *error)
{
    const char *backend = draft->url->backend;
    DBW_TRY(dbw_url_check_option(backend, option->name, option->value, error));
    const dbw_url_option_info *info = dbw_url_option_find(backend, option->name);
    if (is_tls_role(info->role))
        return DBW_OK;
    const char *name = translated(draft, info->role);
    if (info->drivers & draft->driver->bit) {
        dbw_url_draft_add(draft, option->name, option->value);
    } else if (info->role == DBW_URL_ROLE_PREPARED) {
        put_prepared(draft, option->value);
    } else if (name) {
        dbw_url_draft_add(draft, name, option->value);
        dbw_url_draft_warn(draft, "%s does not know '%s': it became '%s'.", draft->driver->label,
                           option->name, name);
    } else {
        dbw_url_draft_warn(draft, "%s does not take '%s' in a URL: left out.", draft->driver->label,
                           option->name);
    }
    return DBW_OK;
}

static dbw_status put_tls(dbw_url_draft *draft, const dbw_url_parts *parts, dbw_error *error)
{
    dbw_url written = {.backend = draft->url->backend,
                       .driver = draft->url->driver,
                       .options =
                           parts->option_count ? (dbw_url_option *)(uintptr_t)parts->options : NULL,
                       .option_count = parts->option_count};
    bool mode_given = given(parts->ssl_mode);
    bool any = mode_given || given(parts->ssl_ca);
    for (size_t i = 0; i < parts->option_count; i++) {
        const dbw_url_option_info *info =
            dbw_url_option_find(written.backend, parts->options[i].name);
        any = any || (info && is_tls_role(info->role));
        mode_given =
            mode_given ||
            (info && (info->role == DBW_URL_ROLE_TLS_MODE || info->role == DBW_URL_ROLE_TLS_CHECK));
    }
    if (!any)
        return DBW_OK;
    dbw_url_tls tls;
    DBW_TRY(dbw_url_tls_of(&written, &tls, error));
    if (given(parts->ssl_mode) && !dbw_tls_mode_from(parts->ssl_mode, &tls.mode)) {
        (void)field_error(error, "ssl_mode", "the TLS mode is not known");
        return dbw_hint(error, "Use disable, prefer, require, verify-ca or verify-full.");
    }
    if (given(parts->ssl_ca))
        tls.ca = parts->ssl_ca;
    dbw_url_draft_tls(draft, &tls, mode_given || tls.mode != DBW_TLS_PREFER);
    return DBW_OK;
}

/** SQLite takes these only from a "file:" URI. */
static void make_file_uri(dbw_url_draft *draft)
{
    static const char *const names[] = {"mode", "cache", "immutable", "nolock", "psow"};
    dbw_url *url = draft->url;
    bool wanted = false;
    for (size_t i = 0; i < DBW_COUNT(names); i++)
        wanted = wanted || dbw_url_option_value(url, names[i]);
    if (!wanted || dbw_url_option_value(url, "uri") || strncmp(url->database, "file:", 5) == 0)
        return;
    dbw_buffer path;
    dbw_buffer_init(&path, 4 * DBW_URL_LIMIT);
    dbw_buffer_add_string(&path, "file:");
    dbw_url_quote(&path, url->database, "/:@ ");
    url->database = dbw_url_finish(draft->arena, &path);
    dbw_url_draft_add(draft, "uri", "true");
    dbw_url_draft_warn(draft, "SQLite takes such options only from a file: URI: the path was "
                              "turned into one.");
}

dbw_status dbw_url_build(dbw_arena *arena, const dbw_url_parts *parts, dbw_url_built *out,
                         dbw_error *error)
{
    dbw_url_draft draft = {.arena = arena, .url = DBW_NEW(arena, dbw_url)};
    DBW_TRY(choose_driver(&draft, parts, error));
    bool file = strcmp(draft.url->backend, "sqlite") == 0;
    DBW_TRY(file ? put_file(&draft, parts, error) : put_server(&draft, parts, error));
    for (size_t i = 0; i < parts->option_count; i++)
        DBW_TRY(put_option(&draft, &parts->options[i], error));
    if (file)
        make_file_uri(&draft);
    else
        DBW_TRY(put_tls(&draft, parts, error));
    DBW_TRY(dbw_url_validate(draft.url, error));
    if (strlen(dbw_url_render(arena, draft.url)) > DBW_URL_LIMIT)
        return dbw_fail(error, DBW_E_INVALID, "the URL would be longer than %d bytes",
                        DBW_URL_LIMIT);
    *out = (dbw_url_built){draft.url, draft.warnings, draft.warning_count};
    return DBW_OK;
}
