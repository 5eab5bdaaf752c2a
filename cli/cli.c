/* SPDX-License-Identifier: Apache-2.0 */
/* What commands call: their arguments, the configuration, URLs, errors. */
#include "base/file.h"
#include "command.h"
#include "output.h"
#include "url/application.h"

#include <stdarg.h>
#include <unistd.h>

const char *dbw_cli_value_at(const dbw_cli *cli, const char *name, size_t n)
{
    return dbw_arguments_value(&cli->arguments, name, n);
}

const char *dbw_cli_value(const dbw_cli *cli, const char *name)
{
    const char *last = NULL;
    const char *value = NULL;
    for (size_t n = 0; (value = dbw_cli_value_at(cli, name, n)) != NULL; n++)
        last = value;
    return last;
}

bool dbw_cli_given(const dbw_cli *cli, const char *name)
{
    return dbw_cli_value_at(cli, name, 0) != NULL;
}

const char *dbw_cli_argument(const dbw_cli *cli, size_t n)
{
    return n < cli->arguments.positional_count ? cli->arguments.positional[n] : NULL;
}

dbw_status dbw_cli_integer(const dbw_cli *cli, const char *name, int64_t preset, int64_t least,
                           int64_t most, int64_t *out, dbw_error *error)
{
    const char *text = dbw_cli_value(cli, name);
    *out = preset;
    if (!text)
        return DBW_OK;
    if (dbw_text_to_int64(dbw_text_of(text), out) && *out >= least && *out <= most)
        return DBW_OK;
    return dbw_fail(error, DBW_E_USAGE, "option --%s is not a whole number from %lld to %lld", name,
                    (long long)least, (long long)most);
}

void dbw_cli_warn(const dbw_cli *cli, const char *format, ...)
{
    char text[4096];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    dbw_output_line(stderr, "dbwizard: warning: %s", dbw_redact(cli->arena, dbw_text_of(text)));
}

/** --set NAME=VALUE, each checked when the configuration is loaded. */
static dbw_status read_overrides(dbw_cli *cli, dbw_setting **out, size_t *count, dbw_error *error)
{
    const char *text = NULL;
    for (size_t n = 0; (text = dbw_cli_value_at(cli, "set", n)) != NULL; n++) {
        const char *equals = strchr(text, '=');
        if (!equals)
            return dbw_fail(error, DBW_E_USAGE, "option --set is not NAME=VALUE");
        dbw_text name = {text, (size_t)(equals - text)};
        dbw_option option;
        const char *key = dbw_arena_text_string(cli->arena, name);
        if (dbw_option_find(key, &option) && dbw_option_about(option)->secret)
            dbw_cli_warn(cli,
                         "%s on the command line can be seen by everybody on this machine: "
                         "set it in the environment.",
                         key);
        *DBW_APPEND(cli->arena, *out, *count) = (dbw_setting){key, equals + 1};
    }
    return DBW_OK;
}

dbw_status dbw_cli_config(dbw_cli *cli, dbw_error *error)
{
    if (cli->config)
        return DBW_OK;
    dbw_setting *overrides = NULL;
    size_t count = 0;
    DBW_TRY(read_overrides(cli, &overrides, &count, error));
    dbw_config_request request = {.application = dbw_cli_value(cli, "app"),
                                  .env_file = dbw_cli_value(cli, "env-file"),
                                  .overrides = overrides,
                                  .override_count = count};
    DBW_TRY(dbw_config_load_request(cli->arena, &request, &cli->config, error));
    for (size_t n = 0; n < dbw_config_warning_count(cli->config); n++)
        dbw_cli_warn(cli, "%s", dbw_config_warning(cli->config, n));
    return DBW_OK;
}

dbw_status dbw_cli_url(dbw_cli *cli, const char *text, dbw_url **out, dbw_error *error)
{
    DBW_TRY(dbw_cli_config(cli, error));
    dbw_url_source source = {0};
    if (strcmp(text, "-") == 0 && cli->stdin_taken)
        return dbw_fail(error, DBW_E_USAGE, "standard input can be read once only");
    cli->stdin_taken = cli->stdin_taken || strcmp(text, "-") == 0;
    dbw_status status =
        dbw_url_argument_from(cli->arena, cli->config, text, true, out, &source, error);
    if (source.warning)
        dbw_cli_warn(cli, "%s", source.warning);
    return status == DBW_OK ? dbw_url_validate(*out, error) : status;
}

static dbw_status first_line(dbw_cli *cli, dbw_text text, char **out)
{
    const char *end = text.length ? memchr(text.data, '\n', text.length) : NULL;
    if (end)
        text.length = (size_t)(end - text.data);
    if (text.length > 0 && text.data[text.length - 1] == '\r')
        text.length--;
    *out = dbw_arena_text_string(cli->arena, text);
    return DBW_OK;
}

dbw_status dbw_cli_secret(dbw_cli *cli, const char *text, const char *what, char **out,
                          dbw_error *error)
{
    enum { LONGEST = 64 * 1024 };
    dbw_text content;
    if (strcmp(text, "-") == 0) {
        if (cli->stdin_taken)
            return dbw_fail(error, DBW_E_USAGE, "standard input can be read once only");
        cli->stdin_taken = true;
        DBW_TRY(dbw_file_read_descriptor(cli->arena, STDIN_FILENO, "standard input", LONGEST,
                                         &content, error));
        return first_line(cli, content, out);
    }
    if (strncmp(text, "file:", 5) == 0) {
        DBW_TRY(dbw_file_read(cli->arena, text + 5, LONGEST, 0, &content, error));
        return first_line(cli, content, out);
    }
    if (strncmp(text, "env:", 4) == 0) {
        const char *value = getenv(text + 4);
        if (!value)
            return dbw_fail(error, DBW_E_NOT_FOUND, "environment variable %.100s is not set",
                            text + 4);
        *out = dbw_arena_string(cli->arena, value);
        return DBW_OK;
    }
    dbw_cli_warn(cli,
                 "A %s on the command line can be seen by everybody on this machine: give "
                 "env:NAME, file:PATH or - instead.",
                 what);
    *out = dbw_arena_string(cli->arena, text);
    return DBW_OK;
}

int dbw_cli_exit_status(dbw_status status)
{
    switch ((int)status) {
    case DBW_OK:
        return DBW_EXIT_DONE;
    case DBW_E_USAGE:
        return DBW_EXIT_USAGE;
    case DBW_E_DIFFERS:
        return DBW_EXIT_DIFFERS;
    case DBW_E_PAUSED:
    case DBW_E_INTERRUPTED:
        return DBW_EXIT_INTERRUPTED;
    case DBW_E_REFUSED:
        return DBW_EXIT_REFUSED;
    default:
        return DBW_EXIT_FAILED;
    }
}

int dbw_cli_fail(const dbw_cli *cli, const dbw_error *error)
{
    if (cli->json) {
        dbw_output_json(dbw_json_problem(cli->arena, error));
        return dbw_cli_exit_status(error->code);
    }
    dbw_output_line(stderr, "dbwizard: %s", dbw_redact(cli->arena, dbw_text_of(error->message)));
    if (cli->verbose && *error->statement)
        dbw_output_line(stderr, "  statement: %s",
                        dbw_redact(cli->arena, dbw_text_of(error->statement)));
    if (cli->verbose && *error->sqlstate)
        dbw_output_line(stderr, "  sqlstate: %s", error->sqlstate);
    if (*error->hint)
        dbw_output_line(stderr, "  hint: %s", dbw_redact(cli->arena, dbw_text_of(error->hint)));
    return dbw_cli_exit_status(error->code);
}
