/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_SCAN_H
#define DBW_ENGINE_POSTGRESQL_SCAN_H
/* Comparing keys in statements that take no parameters. */
#include "engine/engine.h"

/** Appends "key" >= '5', or ("a", "b") >= ('1', 'x'): literals that take the columns' types. */
dbw_status dbw_pg_add_bound(dbw_buffer *sql, const dbw_names *key, const char *operator,
                            const dbw_value * values, dbw_error *error) DBW_MUST_CHECK;

#endif
