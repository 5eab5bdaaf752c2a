/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"
#include "base/options.h"

enum { NAME_WIDTH = 18, FLAG_WIDTH = 26 };

static void print_flags(FILE *stream, const char *title, const dbw_flag *flags)
{
    if (!flags || !flags->name)
        return;
    (void)fprintf(stream, "\n%s\n", title);
    for (; flags->name; flags++) {
        char left[80];
        (void)snprintf(left, sizeof left, "%s--%s%s%s", flags->letter ? "-x, " : "    ",
                       flags->name, flags->value ? " " : "", flags->value ? flags->value : "");
        if (flags->letter)
            left[1] = flags->letter;
        (void)fprintf(stream, "  %-*s  %s\n", FLAG_WIDTH, left, flags->help);
    }
}

static bool in_group(const dbw_command *command, const char *word)
{
    size_t length = strlen(word);
    return strncmp(command->name, word, length) == 0 && command->name[length] == ' ';
}

bool dbw_help_is_group(const char *word)
{
    const dbw_command *command = NULL;
    for (size_t i = 0; (command = dbw_command_at(i)) != NULL; i++)
        if (in_group(command, word))
            return true;
    return false;
}

static void print_commands(FILE *stream, const char *group)
{
    const dbw_command *command = NULL;
    for (size_t i = 0; (command = dbw_command_at(i)) != NULL; i++)
        if (!group || in_group(command, group))
            (void)fprintf(stream, "  %-*s  %s\n", NAME_WIDTH, command->name, command->summary);
}

int dbw_help_command(const dbw_command *command)
{
    (void)printf("Usage: dbwizard %s%s%s\n\n%s.\n", command->name, *command->synopsis ? " " : "",
                 command->synopsis, command->summary);
    if (*command->help)
        (void)printf("\n%s\n", command->help);
    print_flags(stdout, "Options:", command->flags);
    print_flags(stdout, "Common options:", dbw_common_flags);
    return DBW_EXIT_DONE;
}

static void print_statuses(FILE *stream)
{
    (void)fprintf(stream,
                  "\nExit status: 0 done, 1 failed, 2 usage, 3 done but differs or altered,\n"
                  "4 interrupted and resumable, 5 refused before anything was written.\n");
}

int dbw_help_show(const char *first, const char *second, bool wanted)
{
    FILE *stream = wanted ? stdout : stderr;
    const dbw_command *command = NULL;
    char name[128];
    (void)snprintf(name, sizeof name, "%s%s%s", first ? first : "", second ? " " : "",
                   second ? second : "");
    for (size_t i = 0; first && (command = dbw_command_at(i)) != NULL; i++)
        if (strcmp(command->name, name) == 0 || strcmp(command->name, first) == 0)
            return dbw_help_command(command);
    const char *group = first && dbw_help_is_group(first) ? first : NULL;
    if (group)
        (void)fprintf(stream, "Usage: dbwizard %s COMMAND\n\nCommands:\n", group);
    else
        (void)fprintf(stream, "Usage: dbwizard [options] COMMAND\n\nConnects, moves, versions and "
                              "keeps databases.\n\nCommands:\n");
    print_commands(stream, group);
    print_flags(stream, "Common options:", dbw_common_flags);
    print_statuses(stream);
    return wanted ? DBW_EXIT_DONE : DBW_EXIT_USAGE;
}

const char *dbw_help_nearest(const char *first, const char *second)
{
    enum { NEAR = 3 };
    const char *best = NULL;
    int distance = NEAR + 1;
    char written[128];
    (void)snprintf(written, sizeof written, "%s%s%s", first, second ? " " : "",
                   second ? second : "");
    const dbw_command *command = NULL;
    for (size_t i = 0; (command = dbw_command_at(i)) != NULL; i++) {
        bool pair = strchr(command->name, ' ') != NULL;
        int d = dbw_edit_distance(pair ? written : first, command->name, NEAR);
        if (d < distance) {
            distance = d;
            best = command->name;
        }
    }
    return best;
}
