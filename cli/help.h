/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_CLI_HELP_H
#define DBW_CLI_HELP_H
/* The help, all of it from commands.def and the tables of flags. */
#include "command.h"

/** The flags that every command takes. */
extern const dbw_flag dbw_common_flags[];

/** Prints the help of the command or group with these words (NULL: the list of all), on standard
 *  error and with the status of a usage error unless it was `wanted`. Returns the exit status. */
int dbw_help_show(const char *first, const char *second, bool wanted);

/** Prints the help of one command. */
int dbw_help_command(const dbw_command *command);

/** Do commands of two words begin with this one? */
bool dbw_help_is_group(const char *word);

/** The name of the command nearest to what was written, or NULL. */
const char *dbw_help_nearest(const char *first, const char *second);

#endif
