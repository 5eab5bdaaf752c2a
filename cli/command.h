/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_CLI_COMMAND_H
#define DBW_CLI_COMMAND_H
/*
 * A command is one line in commands.def and, in a cmd_*.c of the same noun, two symbols:
 *
 *     const dbw_flag dbw_cmd_NAME_flags[];     what it takes, ended by {0}
 *     int dbw_cmd_NAME(dbw_cli *cli);          does it, returns the exit status
 *
 * Exit statuses: 0 done · 1 failed · 2 usage · 3 done, but differs or something was altered ·
 * 4 interrupted, can be resumed · 5 refused before anything was written.
 */
#include "arguments.h"
#include "base/config.h"
#include "url/url.h"

enum {
    DBW_EXIT_DONE = 0,
    DBW_EXIT_FAILED = 1,
    DBW_EXIT_USAGE = 2,
    DBW_EXIT_DIFFERS = 3,
    DBW_EXIT_INTERRUPTED = 4,
    DBW_EXIT_REFUSED = 5
};

typedef struct dbw_cli dbw_cli;

typedef struct dbw_command {
    const char *name;     /* "url build": one or two words */
    const char *synopsis; /* what follows the name: "SOURCE TARGET" */
    const char *summary;  /* one line of the list */
    const char *help;     /* paragraphs; lines at most 80 wide */
    int least;            /* positional arguments */
    int most;
    int (*run)(dbw_cli *cli);
    const dbw_flag *flags;
} dbw_command;

/** One call of the command. */
struct dbw_cli {
    dbw_arena *arena; /* lives as long as the process */
    const dbw_command *command;
    dbw_arguments arguments;
    bool json;
    int verbose;
    dbw_config *config; /* NULL until dbw_cli_config() */
    bool stdin_taken;   /* a URL or password was read from it */
};

/** The n-th command, or NULL behind the last. */
const dbw_command *dbw_command_at(size_t n);

/** The configuration by --app, --env-file and --set, loaded once; its warnings are printed. */
dbw_status dbw_cli_config(dbw_cli *cli, dbw_error *error) DBW_MUST_CHECK;

/** A URL argument in any of its forms (url/application.h), validated; prints the warning that its
 *  source deserves. */
dbw_status dbw_cli_url(dbw_cli *cli, const char *text, dbw_url **out,
                       dbw_error *error) DBW_MUST_CHECK;

/** A secret given as env:NAME, file:PATH, - or, with a warning, as it is. */
dbw_status dbw_cli_secret(dbw_cli *cli, const char *text, const char *what, char **out,
                          dbw_error *error) DBW_MUST_CHECK;

/** The value of a flag, the last one where it is repeated, or NULL. */
const char *dbw_cli_value(const dbw_cli *cli, const char *name);

/** Was the flag given? */
bool dbw_cli_given(const dbw_cli *cli, const char *name);

/** The n-th value of a repeated flag, or NULL behind the last. */
const char *dbw_cli_value_at(const dbw_cli *cli, const char *name, size_t n);

/** A whole number in range; `preset` when the flag was not given. USAGE otherwise. */
dbw_status dbw_cli_integer(const dbw_cli *cli, const char *name, int64_t preset, int64_t least,
                           int64_t most, int64_t *out, dbw_error *error) DBW_MUST_CHECK;

/** The n-th positional argument, or NULL behind the last. */
const char *dbw_cli_argument(const dbw_cli *cli, size_t n);

/** Prints the error (a problem document with --json) and returns its exit status. */
int dbw_cli_fail(const dbw_cli *cli, const dbw_error *error);

/** The exit status that a status means. */
int dbw_cli_exit_status(dbw_status status);

/** Prints a warning on standard error, secrets hidden. */
void dbw_cli_warn(const dbw_cli *cli, const char *format, ...) DBW_PRINTF(2, 3);

#endif
