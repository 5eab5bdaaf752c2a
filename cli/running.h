/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_CLI_RUNNING_H
#define DBW_CLI_RUNNING_H
/* What commands share that run a job in this process: the state store, progress, interruption. */
#include "command.h"
#include "job/run.h"

/** Opens the state store that the configuration names. */
dbw_status dbw_cli_store(dbw_cli *cli, dbw_store **out, dbw_error *error) DBW_MUST_CHECK;

/** How databases are opened: relative SQLite paths resolve against DBWIZARD_APP_DIR, else the
 *  working folder. */
dbw_status dbw_cli_open_options(dbw_cli *cli, dbw_open_options *out,
                                dbw_error *error) DBW_MUST_CHECK;

/** "command:USER", for job rows and the audit log. */
const char *dbw_cli_actor(dbw_cli *cli);

/**
 * Shows progress: a bar on a terminal, a line per phase otherwise, nothing with --json. The first
 * SIGINT or SIGTERM asks the job to pause, which leaves it resumable. Until dbw_cli_watch_end().
 */
const dbw_transfer_observer *dbw_cli_watch(dbw_cli *cli);
void dbw_cli_watch_end(dbw_cli *cli);

/** Prints how the job ended, and returns the exit status. Frees `ran`. */
int dbw_cli_ended(dbw_cli *cli, dbw_status status, dbw_job_ran *ran, const dbw_error *error);

#endif
