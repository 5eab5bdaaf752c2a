/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "help.h"
#include "output.h"

#include <signal.h>

#define DBW_COMMAND(id, name, synopsis, least, most, summary, help)                                \
    int dbw_cmd_##id(dbw_cli *cli);                                                                \
    extern const dbw_flag dbw_cmd_##id##_flags[];
#include "commands.def"
#undef DBW_COMMAND

static const dbw_command commands[] = {
#define DBW_COMMAND(id, name, synopsis, least, most, summary, help)                                \
    {name, synopsis, summary, help, least, most, dbw_cmd_##id, dbw_cmd_##id##_flags},
#include "commands.def"
#undef DBW_COMMAND
};

const dbw_flag dbw_common_flags[] = {
    {.name = "app", .value = "NAME", .help = "the application, from apps.d/NAME.env"},
    {.name = "env-file", .value = "FILE", .help = "settings that count before the environment's"},
    {.name = "set",
     .value = "NAME=VALUE",
     .help = "an option of the configuration",
     .repeats = true},
    {.name = "json", .help = "print what the HTTP API would answer"},
    {.name = "verbose", .help = "tell more", .letter = 'v', .repeats = true},
    {.name = "help", .help = "show this help", .letter = 'h'},
    {.name = "version", .help = "show the version", .letter = 'V'},
    {0}};

const dbw_command *dbw_command_at(size_t n)
{
    return n < DBW_COUNT(commands) ? &commands[n] : NULL;
}

/** The command whose words stand at `words`; `*used` is their number. */
static const dbw_command *find_command(char *const *words, size_t count, size_t *used)
{
    for (size_t i = 0; i < DBW_COUNT(commands); i++) {
        const char *name = commands[i].name;
        const char *space = strchr(name, ' ');
        size_t first = space ? (size_t)(space - name) : strlen(name);
        if (count == 0 || strlen(words[0]) != first || strncmp(words[0], name, first) != 0)
            continue;
        if (space && (count < 2 || strcmp(words[1], space + 1) != 0))
            continue;
        *used = space ? 2 : 1;
        return &commands[i];
    }
    return NULL;
}

static int usage(const dbw_cli *cli, dbw_error *error)
{
    return dbw_cli_fail(cli, error);
}

static int unknown_command(const dbw_cli *cli, char *const *words, size_t count)
{
    dbw_error error;
    const char *near = dbw_help_nearest(words[0], count > 1 ? words[1] : NULL);
    if (dbw_help_is_group(words[0]))
        (void)dbw_fail(&error, DBW_E_USAGE,
                       count > 1 ? "unknown command '%.40s %.40s'" : "'%.40s' needs a further word",
                       words[0], count > 1 ? words[1] : "");
    else
        (void)dbw_fail(&error, DBW_E_USAGE, "unknown command '%.40s'", words[0]);
    if (near)
        (void)dbw_hint(&error, "Did you mean '%s'?", near);
    else
        (void)dbw_hint(&error, "'dbwizard --help' lists the commands.");
    return usage(cli, &error);
}

static int check_count(const dbw_cli *cli, dbw_error *error)
{
    size_t count = cli->arguments.positional_count;
    const dbw_command *command = cli->command;
    if (count < (size_t)command->least)
        (void)dbw_fail(error, DBW_E_USAGE, "'%s' needs %s", command->name, command->synopsis);
    else if (command->most >= 0 && count > (size_t)command->most)
        (void)dbw_fail(error, DBW_E_USAGE, "'%s' takes fewer arguments", command->name);
    else
        return DBW_EXIT_DONE;
    (void)dbw_hint(error, "dbwizard %s %s", command->name, command->synopsis);
    return usage(cli, error);
}

static void read_common(dbw_cli *cli)
{
    cli->json = dbw_cli_given(cli, "json");
    cli->verbose = 0;
    while (dbw_cli_value_at(cli, "verbose", (size_t)cli->verbose))
        cli->verbose++;
}

/** --json decides how even a usage error is told, wherever it stands. */
static bool wants_json(char *const *words, size_t count)
{
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++)
        if (strcmp(words[i], "--json") == 0)
            return true;
    return false;
}

static int run(dbw_cli *cli, char *const *words, size_t count)
{
    dbw_error error;
    dbw_error_clear(&error);
    size_t at = 0;
    size_t used = 0;
    cli->json = wants_json(words, count);
    if (dbw_arguments_parse(cli->arena, NULL, dbw_common_flags, words, count, true, &cli->arguments,
                            &at, &error) != DBW_OK)
        return usage(cli, &error);
    if (dbw_cli_given(cli, "version"))
        return dbw_cmd_version(cli);
    if (at == count || strcmp(words[at], "help") == 0)
        return dbw_help_show(at + 1 < count ? words[at + 1] : NULL,
                             at + 2 < count ? words[at + 2] : NULL,
                             at < count || dbw_cli_given(cli, "help"));
    cli->command = find_command(words + at, count - at, &used);
    if (!cli->command) {
        bool help = at + 1 < count &&
                    (strcmp(words[at + 1], "--help") == 0 || strcmp(words[at + 1], "-h") == 0);
        if (help && dbw_help_is_group(words[at]))
            return dbw_help_show(words[at], NULL, true);
        return unknown_command(cli, words + at, count - at);
    }
    at += used;
    if (dbw_arguments_parse(cli->arena, cli->command->flags, dbw_common_flags, words + at,
                            count - at, false, &cli->arguments, NULL, &error) != DBW_OK)
        return usage(cli, &error);
    read_common(cli);
    if (dbw_cli_given(cli, "help"))
        return dbw_help_command(cli->command);
    if (check_count(cli, &error) != DBW_EXIT_DONE)
        return DBW_EXIT_USAGE;
    return cli->command->run(cli);
}

int main(int argc, char **argv)
{
    /* A reader that went away is an error of the write, not the end of a transfer. */
    (void)signal(SIGPIPE, SIG_IGN);
    /* A limit on the size of files is told as a full disk is. */
    (void)signal(SIGXFSZ, SIG_IGN);
    dbw_cli cli = {.arena = dbw_arena_new()};
    int status = run(&cli, argv + 1, argc > 0 ? (size_t)argc - 1 : 0);
    if (!dbw_output_close() && status == DBW_EXIT_DONE) {
        (void)fprintf(stderr, "dbwizard: unable to write to standard output\n");
        status = DBW_EXIT_FAILED;
    }
    dbw_arena_free(cli.arena);
    return status;
}
