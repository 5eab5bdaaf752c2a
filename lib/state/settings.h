/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_STATE_SETTINGS_H
#define DBW_STATE_SETTINGS_H
/* Settings that are changed while running, by name. Values are text; no secrets. */
#include "state/store.h"

/** The value, NULL when it is not set. */
dbw_status dbw_settings_get(dbw_store *store, dbw_arena *arena, const char *name,
                            const char **value, dbw_error *error) DBW_MUST_CHECK;

/** Sets it; NULL removes it. */
dbw_status dbw_settings_set(dbw_store *store, const char *name, const char *value,
                            dbw_error *error) DBW_MUST_CHECK;

#endif
