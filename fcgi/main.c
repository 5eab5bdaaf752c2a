/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The FastCGI process: some threads that accept on descriptor 0, which spawn-fcgi has opened, and
 * answer one request at a time each. Jobs do not live here.
 */
#include "accept.h"
#include "settings.h"

#include <fcgiapp.h>
#include <signal.h>

static int fail(const dbw_error *error)
{
    dbw_log log = dbw_log_to_stderr("dbwizard-fcgi", NULL, dbw_redact_into);
    dbw_log_error(&log, error);
    return 1;
}

int main(void)
{
    dbw_error error;
    dbw_settings_fcgi settings;
    dbw_service service;
    dbw_error_clear(&error);
    signal(SIGPIPE, SIG_IGN);
    if (FCGX_IsCGI()) {
        fprintf(stderr, "dbwizard-fcgi: descriptor 0 is not a FastCGI socket\n"
                        "Start it with: spawn-fcgi -n -s SOCKET -- dbwizard-fcgi\n");
        return 2;
    }
    if (FCGX_Init() != 0) {
        dbw_fail(&error, DBW_E_INTERNAL, "unable to start libfcgi");
        return fail(&error);
    }
    dbw_arena *arena = dbw_arena_new();
    int status = 0;
    if (dbw_settings_fcgi_load(arena, &settings, &error) != DBW_OK ||
        dbw_service_start(&settings, &service, &error) != DBW_OK) {
        status = fail(&error);
    } else {
        status = dbw_accept_run(&service, settings.threads);
        dbw_service_stop(&service);
    }
    dbw_arena_free(arena);
    return status;
}
