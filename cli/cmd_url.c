/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "output.h"
#include "url/application.h"
#include "url/options.h"

int dbw_cmd_url_build(dbw_cli *cli);
int dbw_cmd_url_parse(dbw_cli *cli);
int dbw_cmd_url_validate(dbw_cli *cli);

const dbw_flag dbw_cmd_url_build_flags[] = {
    {.name = "backend", .value = "BACKEND", .help = "sqlite, postgresql, mysql or mariadb"},
    {.name = "driver", .value = "DRIVER", .help = "of the application: psycopg2, pymysql, …"},
    {.name = "host", .value = "HOST", .help = "name, address, or folder of a socket"},
    {.name = "port", .value = "PORT", .help = "when it is not the usual one"},
    {.name = "database", .value = "NAME", .help = "name of the database"},
    {.name = "username", .value = "NAME", .help = "user to log in as"},
    {.name = "password", .value = "SOURCE", .help = "env:NAME, file:PATH or - (standard input)"},
    {.name = "ssl-mode",
     .value = "MODE",
     .help = "disable, prefer, require, verify-ca or verify-full"},
    {.name = "ssl-ca", .value = "FILE", .help = "certificates to trust"},
    {.name = "sqlite-path", .value = "FILE", .help = "the SQLite file"},
    {.name = "option",
     .value = "NAME=VALUE",
     .help = "a further option of the URL",
     .repeats = true},
    {.name = "show-password", .help = "print secrets as they are"},
    {0}};

const dbw_flag dbw_cmd_url_parse_flags[] = {
    {.name = "show-password", .help = "print secrets as they are"}, {0}};

const dbw_flag dbw_cmd_url_validate_flags[] = {{0}};

static dbw_status read_options(dbw_cli *cli, dbw_url_parts *parts, dbw_error *error)
{
    dbw_url_option *options = NULL;
    size_t count = 0;
    const char *text = NULL;
    for (size_t n = 0; (text = dbw_cli_value_at(cli, "option", n)) != NULL; n++) {
        const char *equals = strchr(text, '=');
        if (!equals || equals == text)
            return dbw_fail(error, DBW_E_USAGE, "option --option is not NAME=VALUE");
        char *name = dbw_arena_text_string(cli->arena, (dbw_text){text, (size_t)(equals - text)});
        char *value = dbw_arena_string(cli->arena, equals + 1);
        if (dbw_url_is_secret(dbw_text_of(name)))
            DBW_TRY(dbw_cli_secret(cli, value, "secret", &value, error));
        *DBW_APPEND(cli->arena, options, count) = (dbw_url_option){name, value};
    }
    parts->options = options;
    parts->option_count = count;
    return DBW_OK;
}

static dbw_status read_parts(dbw_cli *cli, dbw_url_parts *parts, dbw_error *error)
{
    int64_t port = 0;
    char *password = NULL;
    const char *given = dbw_cli_value(cli, "password");
    if (!dbw_cli_given(cli, "backend"))
        return dbw_fail(error, DBW_E_USAGE, "option --backend is missing");
    DBW_TRY(dbw_cli_integer(cli, "port", 0, 1, 65535, &port, error));
    if (given)
        DBW_TRY(dbw_cli_secret(cli, given, "password", &password, error));
    *parts = (dbw_url_parts){
        .backend = dbw_cli_value(cli, "backend"),
        .driver = dbw_cli_value(cli, "driver"),
        .host = dbw_cli_value(cli, "host"),
        .port = (int)port,
        .database = dbw_cli_value(cli, "database"),
        .username = dbw_cli_value(cli, "username"),
        .password = password,
        .ssl_mode = dbw_cli_value(cli, "ssl-mode"),
        .ssl_ca = dbw_cli_value(cli, "ssl-ca"),
        .sqlite_path = dbw_cli_value(cli, "sqlite-path"),
    };
    return read_options(cli, parts, error);
}

static char *shown_url(const dbw_cli *cli, const dbw_url *url)
{
    return dbw_cli_given(cli, "show-password") ? dbw_url_render(cli->arena, url)
                                               : dbw_url_redacted(cli->arena, url);
}

int dbw_cmd_url_build(dbw_cli *cli)
{
    dbw_error error;
    dbw_url_parts parts;
    dbw_url_built built;
    dbw_error_clear(&error);
    if (read_parts(cli, &parts, &error) != DBW_OK ||
        dbw_url_build(cli->arena, &parts, &built, &error) != DBW_OK)
        return dbw_cli_fail(cli, &error);
    if (!cli->json) {
        for (size_t i = 0; i < built.warning_count; i++)
            dbw_cli_warn(cli, "%s", built.warnings[i]);
        dbw_output_line(stdout, "%s", shown_url(cli, built.url));
        return DBW_EXIT_DONE;
    }
    json_object *answer = json_object_new_object();
    json_object *warnings = json_object_new_array();
    for (size_t i = 0; i < built.warning_count; i++)
        json_object_array_add(warnings, dbw_json_string(built.warnings[i]));
    json_object_object_add(answer, "url", dbw_json_string(shown_url(cli, built.url)));
    json_object_object_add(answer, "warnings", warnings);
    dbw_output_json(answer);
    return DBW_EXIT_DONE;
}

static const char *shown_value(const dbw_cli *cli, const dbw_url_option *option)
{
    bool hidden = !dbw_cli_given(cli, "show-password");
    if (hidden && dbw_url_is_secret(dbw_text_of(option->name)))
        return "***";
    return hidden ? dbw_redact(cli->arena, dbw_text_of(option->value)) : option->value;
}

static const char *shown_password(const dbw_cli *cli, const dbw_url *url)
{
    return url->password && !dbw_cli_given(cli, "show-password") ? "***" : url->password;
}

/** Options by name; several values of one name as a list. */
static json_object *options_object(const dbw_cli *cli, const dbw_url *url)
{
    json_object *options = json_object_new_object();
    for (size_t i = 0; i < url->option_count; i++) {
        json_object *value = dbw_json_string(shown_value(cli, &url->options[i]));
        json_object *before = NULL;
        if (!json_object_object_get_ex(options, url->options[i].name, &before)) {
            json_object_object_add(options, url->options[i].name, value);
            continue;
        }
        if (!json_object_is_type(before, json_type_array)) {
            json_object *list = json_object_new_array();
            json_object_array_add(list, json_object_get(before));
            json_object_object_add(options, url->options[i].name, list);
            before = list;
        }
        json_object_array_add(before, value);
    }
    return options;
}

static void print_json(const dbw_cli *cli, const dbw_url *url, const char *mode)
{
    json_object *answer = json_object_new_object();
    json_object_object_add(answer, "valid", json_object_new_boolean(true));
    json_object_object_add(answer, "backend", dbw_json_string(url->backend));
    json_object_object_add(answer, "driver", dbw_json_string(url->driver));
    json_object_object_add(answer, "host", dbw_json_string(url->host));
    json_object_object_add(answer, "port", url->port ? json_object_new_int(url->port) : NULL);
    json_object_object_add(answer, "database", dbw_json_string(url->database));
    json_object_object_add(answer, "username", dbw_json_string(url->username));
    json_object_object_add(answer, "password", dbw_json_string(shown_password(cli, url)));
    json_object_object_add(answer, "ssl_mode", dbw_json_string(mode));
    json_object_object_add(answer, "is_sqlite",
                           json_object_new_boolean(strcmp(url->backend, "sqlite") == 0));
    json_object_object_add(answer, "options", options_object(cli, url));
    dbw_output_json(answer);
}

static void print_fields(const dbw_cli *cli, const dbw_url *url, const char *mode)
{
    enum { WIDTH = 8 };
    char port[16];
    (void)snprintf(port, sizeof port, "%d", url->port);
    dbw_output_field(WIDTH, "backend", url->backend);
    dbw_output_field(WIDTH, "driver", url->driver);
    dbw_output_field(WIDTH, "host", url->host);
    dbw_output_field(WIDTH, "port", url->port ? port : NULL);
    dbw_output_field(WIDTH, "database", url->database);
    dbw_output_field(WIDTH, "username", url->username);
    dbw_output_field(WIDTH, "password", shown_password(cli, url));
    dbw_output_field(WIDTH, "TLS", mode);
    for (size_t i = 0; i < url->option_count; i++)
        dbw_output_field(WIDTH, "option",
                         dbw_arena_printf(cli->arena, "%s=%s", url->options[i].name,
                                          shown_value(cli, &url->options[i])));
}

/** Parses without asking whether one could connect: any backend may be looked at. */
static dbw_status read_url(dbw_cli *cli, dbw_url **out, dbw_error *error)
{
    dbw_url_source source = {0};
    DBW_TRY(dbw_cli_config(cli, error));
    dbw_status status = dbw_url_argument_from(cli->arena, cli->config, dbw_cli_argument(cli, 0),
                                              true, out, &source, error);
    if (source.warning)
        dbw_cli_warn(cli, "%s", source.warning);
    return status;
}

static int fail_invalid(const dbw_cli *cli, const dbw_error *error)
{
    if (!cli->json)
        return dbw_cli_fail(cli, error);
    json_object *answer = json_object_new_object();
    json_object_object_add(answer, "valid", json_object_new_boolean(false));
    json_object_object_add(answer, "error",
                           dbw_json_string(dbw_redact(cli->arena, dbw_text_of(error->message))));
    if (*error->hint)
        json_object_object_add(answer, "hint", dbw_json_string(error->hint));
    dbw_output_json(answer);
    return dbw_cli_exit_status(error->code);
}

int dbw_cmd_url_parse(dbw_cli *cli)
{
    dbw_error error;
    dbw_url *url = NULL;
    dbw_url_tls tls;
    dbw_error_clear(&error);
    if (read_url(cli, &url, &error) != DBW_OK)
        return fail_invalid(cli, &error);
    const char *mode = NULL;
    bool known = dbw_url_driver_find(url->backend, NULL) != NULL;
    if (known && strcmp(url->backend, "sqlite") != 0 && dbw_url_tls_of(url, &tls, &error) == DBW_OK)
        mode = dbw_tls_mode_name(tls.mode);
    if (cli->json)
        print_json(cli, url, mode);
    else
        print_fields(cli, url, mode);
    return DBW_EXIT_DONE;
}

int dbw_cmd_url_validate(dbw_cli *cli)
{
    dbw_error error;
    dbw_url *url = NULL;
    dbw_error_clear(&error);
    if (read_url(cli, &url, &error) != DBW_OK || dbw_url_validate(url, &error) != DBW_OK)
        return fail_invalid(cli, &error);
    if (!cli->json) {
        (void)printf("valid %s URL\n", url->backend);
        return DBW_EXIT_DONE;
    }
    json_object *answer = json_object_new_object();
    json_object_object_add(answer, "valid", json_object_new_boolean(true));
    json_object_object_add(answer, "backend", dbw_json_string(url->backend));
    dbw_output_json(answer);
    return DBW_EXIT_DONE;
}
