/* SPDX-License-Identifier: Apache-2.0 */
/* What needs no connection: backends, and URLs built, taken apart and checked. */
#include "body.h"
#include "handlers.h"
#include "json.h"
#include "service.h"
#include "url/url.h"

#include <json-c/json.h>

dbw_status dbw_backends_get(dbw_exchange *exchange, dbw_error *error)
{
    struct json_object *list = json_object_new_array();
    const dbw_backend_info *info;
    for (size_t i = 0; (info = dbw_backend_at(i)); i++) {
        struct json_object *backend = json_object_new_object();
        dbw_json_add_text(backend, "id", info->id);
        dbw_json_add_text(backend, "label", info->label);
        dbw_json_add_text(backend, "driver", info->driver);
        json_object_object_add(backend, "default_port",
                               info->default_port ? json_object_new_int(info->default_port) : NULL);
        dbw_json_add_text(backend, "description", info->description);
        json_object_object_add(backend, "requires_host",
                               json_object_new_boolean(info->requires_host));
        json_object_object_add(backend, "available", json_object_new_boolean(info->available));
        json_object_array_add(list, backend);
    }
    return dbw_exchange_json(exchange, 200, list, error);
}

/* {"application_name": "x"}, or "application_name=x&connect_timeout=5" as a form would send it. */
static dbw_status read_options(dbw_exchange *exchange, dbw_url_parts *parts, dbw_error *error)
{
    struct json_object *value = NULL;
    dbw_url_option *options = NULL;
    size_t count = 0;
    json_object_object_get_ex(exchange->body, "extra_options", &value);
    if (json_object_is_type(value, json_type_string)) {
        char *p = dbw_arena_string(exchange->arena, json_object_get_string(value));
        while (*p) {
            char *end = p + strcspn(p, "&\n"), *equals = strchr(p, '=');
            char *next = *end ? end + 1 : end;
            *end = '\0';
            if (equals && equals < end) {
                *equals = '\0';
                *DBW_APPEND(exchange->arena, options, count) = (dbw_url_option){p, equals + 1};
            } else if (*p) {
                return dbw_exchange_field(exchange, "extra_options", error,
                                          "an extra option must be written name=value");
            }
            p = next;
        }
    } else if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, name, member) *
            DBW_APPEND(exchange->arena, options, count) =
            (dbw_url_option){dbw_arena_string(exchange->arena, name),
                             dbw_arena_string(exchange->arena, json_object_get_string(member))};
    } else if (value) {
        return dbw_exchange_field(exchange, "extra_options", error,
                                  "'extra_options' must be an object or name=value text");
    }
    parts->options = options;
    parts->option_count = count;
    return DBW_OK;
}

static dbw_status read_parts(dbw_exchange *exchange, dbw_url_parts *parts, dbw_error *error)
{
    static const char *const known[] = {"backend",     "host",     "port",     "database",
                                        "username",    "password", "ssl_mode", "extra_options",
                                        "sqlite_path", "driver",   "ssl_ca",   NULL};
    int64_t port;
    DBW_TRY(dbw_body_only(exchange, known, error));
    DBW_TRY(dbw_body_required(exchange, "backend", &parts->backend, error));
    DBW_TRY(dbw_body_string(exchange, "host", &parts->host, error));
    DBW_TRY(dbw_body_integer(exchange, "port", 0, &port, error));
    if (port < 0 || port > 65535)
        return dbw_exchange_field(exchange, "port", error, "'port' must be between 1 and 65535");
    parts->port = (int)port;
    DBW_TRY(dbw_body_string(exchange, "database", &parts->database, error));
    DBW_TRY(dbw_body_string(exchange, "username", &parts->username, error));
    DBW_TRY(dbw_body_string(exchange, "password", &parts->password, error));
    DBW_TRY(dbw_body_string(exchange, "ssl_mode", &parts->ssl_mode, error));
    DBW_TRY(dbw_body_string(exchange, "sqlite_path", &parts->sqlite_path, error));
    DBW_TRY(dbw_body_string(exchange, "driver", &parts->driver, error));
    DBW_TRY(dbw_body_string(exchange, "ssl_ca", &parts->ssl_ca, error));
    return read_options(exchange, parts, error);
}

dbw_status dbw_build_url_post(dbw_exchange *exchange, dbw_error *error)
{
    dbw_url_parts parts = {0};
    dbw_url_built built;
    DBW_TRY(read_parts(exchange, &parts, error));
    DBW_TRY(dbw_url_build(exchange->arena, &parts, &built, error));
    struct json_object *answer = json_object_new_object(), *warnings = json_object_new_array();
    dbw_json_add_text(answer, "url", dbw_url_render(exchange->arena, built.url));
    for (size_t i = 0; i < built.warning_count; i++)
        json_object_array_add(warnings, json_object_new_string(built.warnings[i]));
    json_object_object_add(answer, "warnings", warnings);
    return dbw_exchange_json(exchange, 200, answer, error);
}

static dbw_status answer_invalid(dbw_exchange *exchange, const dbw_error *reason, dbw_error *error)
{
    struct json_object *answer = json_object_new_object();
    json_object_object_add(answer, "valid", json_object_new_boolean(0));
    dbw_json_add_text(answer, "error", reason->message);
    dbw_json_add_text(answer, "hint", reason->hint);
    return dbw_exchange_json(exchange, 200, answer, error);
}

static dbw_status read_url(dbw_exchange *exchange, const char **text, dbw_error *error)
{
    static const char *const known[] = {"url", NULL};
    DBW_TRY(dbw_body_only(exchange, known, error));
    return dbw_body_required(exchange, "url", text, error);
}

static const char *tls_mode_of(const dbw_url *url)
{
    static const char *const names[] = {
        [DBW_TLS_PREFER] = "prefer",           [DBW_TLS_DISABLE] = "disable",
        [DBW_TLS_REQUIRE] = "require",         [DBW_TLS_VERIFY_CA] = "verify-ca",
        [DBW_TLS_VERIFY_FULL] = "verify-full",
    };
    dbw_url_tls tls;
    dbw_error ignored;
    return dbw_url_tls_of(url, &tls, &ignored) == DBW_OK ? names[tls.mode] : NULL;
}

static bool is_known(const char *backend)
{
    const dbw_backend_info *info;
    for (size_t i = 0; (info = dbw_backend_at(i)); i++)
        if (strcmp(info->id, backend) == 0)
            return true;
    return false;
}

dbw_status dbw_parse_url_post(dbw_exchange *exchange, dbw_error *error)
{
    const char *text;
    dbw_url *url;
    dbw_error reason;
    DBW_TRY(read_url(exchange, &text, error));
    if (dbw_url_parse(exchange->arena, dbw_text_of(text), &url, &reason) != DBW_OK)
        return answer_invalid(exchange, &reason, error);
    /* An '@' too many: what would be shown as the host may be the end of the password. */
    if (url->doubtful && dbw_url_validate(url, &reason) != DBW_OK)
        return answer_invalid(exchange, &reason, error);
    /* A URL that lacks something can still be taken apart; one of an unknown kind is of no use. */
    if (!is_known(url->backend) && dbw_url_validate(url, &reason) != DBW_OK)
        return answer_invalid(exchange, &reason, error);
    bool is_sqlite = strcmp(url->backend, "sqlite") == 0;
    struct json_object *answer = json_object_new_object(), *options = json_object_new_object();
    dbw_json_add_text(answer, "backend", url->backend);
    dbw_json_add_text(answer, "host", url->host);
    json_object_object_add(answer, "port", url->port ? json_object_new_int(url->port) : NULL);
    dbw_json_add_text(answer, "database", url->database);
    dbw_json_add_text(answer, "username", url->username);
    dbw_json_add_text(answer, "password", url->password);
    dbw_json_add_text(answer, "ssl_mode", tls_mode_of(url));
    json_object_object_add(answer, "is_sqlite", json_object_new_boolean(is_sqlite));
    json_object_object_add(answer, "valid", json_object_new_boolean(1));
    dbw_json_add_text(answer, "driver", url->driver);
    for (size_t i = 0; i < url->option_count; i++)
        dbw_json_add_text(options, url->options[i].name, url->options[i].value);
    json_object_object_add(answer, "options", options);
    return dbw_exchange_json(exchange, 200, answer, error);
}

dbw_status dbw_validate_url_post(dbw_exchange *exchange, dbw_error *error)
{
    const char *text;
    dbw_url *url;
    dbw_error reason;
    DBW_TRY(read_url(exchange, &text, error));
    if (dbw_url_parse(exchange->arena, dbw_text_of(text), &url, &reason) != DBW_OK ||
        dbw_url_validate(url, &reason) != DBW_OK)
        return answer_invalid(exchange, &reason, error);
    struct json_object *answer = json_object_new_object();
    json_object_object_add(answer, "valid", json_object_new_boolean(1));
    dbw_json_add_text(answer, "backend", url->backend);
    return dbw_exchange_json(exchange, 200, answer, error);
}
