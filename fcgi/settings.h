/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_SETTINGS_H
#define DBW_FCGI_SETTINGS_H
/* From the configuration to a running service. */
#include "base/arena.h"
#include "exchange.h"
#include "service.h"

typedef struct dbw_settings_fcgi {
    dbw_log log;
    int threads;
    int waiters;
    size_t body_limit;
    dbw_store_options store;
    dbw_open_options open_options;
    const char *revisions;
} dbw_settings_fcgi;

/** Reads the configuration and logs what it warns about; strings live in the arena. */
dbw_status dbw_settings_fcgi_load(dbw_arena *arena, dbw_settings_fcgi *out,
                                  dbw_error *error) DBW_MUST_CHECK;

/** Opens the state store. */
dbw_status dbw_service_start(const dbw_settings_fcgi *settings, dbw_service *out,
                             dbw_error *error) DBW_MUST_CHECK;

void dbw_service_stop(dbw_service *service);

#endif
