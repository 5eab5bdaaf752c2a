/* SPDX-License-Identifier: Apache-2.0 */
/* The process that works on what the page and the API have enqueued. */
#include "base/log.h"
#include "job/worker.h"
#include "output.h"
#include "running.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

int dbw_cmd_worker(dbw_cli *cli);

enum { SLOTS_PRESET = 2, SLOTS_MOST = 64, DAYS_PRESET = 30, DAYS_MOST = 3650 };

const dbw_flag dbw_cmd_worker_flags[] = {
    {.name = "jobs", .value = "NUMBER", .help = "jobs at the same time, 2 unless told"},
    {.name = "keep-days",
     .value = "DAYS",
     .help = "how long finished jobs are kept, 30 unless told"},
    {.name = "once", .help = "end as soon as there is nothing to do"},
    {0}};

static void say(void *context, const char *level, const char *text)
{
    dbw_log_level known = DBW_LOG_INFO;
    if (!dbw_log_level_from(level, &known))
        known = DBW_LOG_INFO;
    dbw_log_line(context, known, "%s", text);
}

/* SIGTERM and SIGINT become readable on a descriptor; threads inherit that they are blocked. */
static int stop_descriptor(dbw_error *error)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    int descriptor = -1;
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) == 0)
        descriptor = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor < 0)
        dbw_fail(error, DBW_E_IO, "unable to watch for signals: %s", strerror(errno));
    return descriptor;
}

static dbw_status read_options(dbw_cli *cli, dbw_worker_options *out,
                               dbw_open_options *open_options, dbw_error *error)
{
    int64_t slots, days;
    DBW_TRY(dbw_cli_integer(cli, "jobs", SLOTS_PRESET, 1, SLOTS_MOST, &slots, error));
    DBW_TRY(dbw_cli_integer(cli, "keep-days", DAYS_PRESET, 1, DAYS_MOST, &days, error));
    DBW_TRY(dbw_cli_config(cli, error));
    /* What it connects to was named over the network: the same limits as for the service. */
    *open_options =
        (dbw_open_options){.base_directory = dbw_config_text(cli->config, DBW_OPTION_APP_DIR),
                           .restrict_addresses = true,
                           .allow_hosts = dbw_config_text(cli->config, DBW_OPTION_ALLOW_HOSTS),
                           .sqlite_dirs = dbw_config_text(cli->config, DBW_OPTION_SQLITE_DIRS),
                           .private_folder = dbw_config_state_folder(cli->config)};
    out->slots = (int)slots;
    out->retention_days = (int)days;
    out->once = dbw_cli_given(cli, "once");
    out->open_options = open_options;
    return DBW_OK;
}

static dbw_status serve(dbw_cli *cli, dbw_worker_options *options, dbw_error *error)
{
    dbw_log log = dbw_log_to_stderr(
        "dbwizard worker", dbw_config_text(cli->config, DBW_OPTION_LOG_LEVEL), dbw_redact_into);
    DBW_TRY(dbw_cli_store(cli, &options->store, error));
    options->log = say;
    options->context = &log;
    options->stop = stop_descriptor(error);
    dbw_status status = options->stop < 0 ? error->code : DBW_OK;
    if (status == DBW_OK) {
        say(&log, "info", "ready");
        status = dbw_worker_run(options, error);
        say(&log, "info", "ended");
        close(options->stop);
    }
    dbw_store_close(options->store);
    return status;
}

int dbw_cmd_worker(dbw_cli *cli)
{
    dbw_error error;
    dbw_worker_options options = {0};
    dbw_open_options open_options;
    dbw_error_clear(&error);
    if (read_options(cli, &options, &open_options, &error) != DBW_OK ||
        serve(cli, &options, &error) != DBW_OK)
        return dbw_cli_fail(cli, &error);
    return DBW_EXIT_DONE;
}
