/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include "base/config.h"

enum { TEST_BURST = 30, TESTS_PER_MINUTE = 60 };

dbw_status dbw_settings_fcgi_load(dbw_arena *arena, dbw_settings_fcgi *out, dbw_error *error)
{
    dbw_config *config;
    DBW_TRY(dbw_config_load(arena, NULL, NULL, 0, &config, error));
    *out = (dbw_settings_fcgi){
        .log = dbw_log_to_stderr("dbwizard-fcgi", dbw_config_text(config, DBW_OPTION_LOG_LEVEL),
                                 dbw_redact_into),
        .threads = (int)dbw_config_integer(config, DBW_OPTION_THREADS),
        .waiters = (int)dbw_config_integer(config, DBW_OPTION_WAITERS),
        .body_limit = (size_t)dbw_config_integer(config, DBW_OPTION_MAX_BODY),
        .store = {.folder = dbw_config_state_folder(config),
                  .url = dbw_config_text(config, DBW_OPTION_STATE_URL),
                  .key_file = dbw_config_secret_key_file(config)},
        .open_options = {.base_directory = dbw_config_text(config, DBW_OPTION_APP_DIR),
                         .restrict_addresses = true,
                         .allow_hosts = dbw_config_text(config, DBW_OPTION_ALLOW_HOSTS),
                         .sqlite_dirs = dbw_config_text(config, DBW_OPTION_SQLITE_DIRS),
                         .private_folder = dbw_config_state_folder(config)},
        .revisions = dbw_config_text(config, DBW_OPTION_REVISIONS_DIR),
    };
    for (size_t n = 0; n < dbw_config_warning_count(config); n++)
        dbw_log_line(&out->log, DBW_LOG_WARNING, "%s", dbw_config_warning(config, n));
    /* One thread is always left for short requests. */
    if (out->waiters >= out->threads)
        out->waiters = out->threads - 1;
    return DBW_OK;
}

dbw_status dbw_service_start(const dbw_settings_fcgi *settings, dbw_service *out, dbw_error *error)
{
    memset(out, 0, sizeof *out);
    out->log = settings->log;
    out->open_options = settings->open_options;
    out->revisions = settings->revisions;
    out->body_limit = settings->body_limit;
    out->waiters_most = settings->waiters;
    dbw_rate_init(&out->test_rate, TEST_BURST, TESTS_PER_MINUTE);
    return dbw_store_open(&settings->store, &out->store, error);
}

void dbw_service_stop(dbw_service *service)
{
    dbw_store_close(service->store);
}
