/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_PARAMETER_H
#define DBW_ENGINE_POSTGRESQL_PARAMETER_H
/* Values bound to a statement, as PQsendQueryParams() takes them. */
#include "engine/postgresql/postgresql_priv.h"

typedef struct dbw_pg_parameters {
    dbw_arena *arena;
    Oid *types;
    const char **values;
    int *lengths;
    int *formats;
} dbw_pg_parameters;

/**
 * Encodes values. Numbers and times carry their type; text, JSON, arrays and bits do not, so that
 * the server takes the type that their place wants. DBW_E_DATA for a NUL byte in text.
 */
dbw_status dbw_pg_parameters_new(const dbw_value *values, size_t count, dbw_pg_parameters **out,
                                 dbw_error *error) DBW_MUST_CHECK;

/** NULL is allowed. */
void dbw_pg_parameters_free(dbw_pg_parameters *parameters);

#endif
