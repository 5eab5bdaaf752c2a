/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_CONFIG_PRIV_H
#define DBW_BASE_CONFIG_PRIV_H
/* Between config.c, which reads the sources, and config_values.c, which answers. */
#include "base/config.h"
#include "base/envfile.h"

#include <stdarg.h>

typedef enum dbw_source {
    DBW_SOURCE_COMMAND,
    DBW_SOURCE_ENV_FILE,
    DBW_SOURCE_ENVIRONMENT,
    DBW_SOURCE_APPLICATION,
    DBW_SOURCE_SYSTEM
} dbw_source;

struct dbw_config {
    dbw_arena *arena;
    char *const *environment;
    char *application; /* NULL for the default one */
    char *folder;
    char *state_folder;
    char *secret_key_file;
    char *values[DBW_OPTION_COUNT];
    char *origins[DBW_OPTION_COUNT];
    dbw_setting *databases;
    size_t database_count;
    char **warnings;
    size_t warning_count;
};

void dbw_config_warn(dbw_config *config, const char *format, ...) DBW_PRINTF(2, 3);

/** Works out the state folder and the key file, once everything is read. */
void dbw_config_resolve_folders(dbw_config *config);

#endif
