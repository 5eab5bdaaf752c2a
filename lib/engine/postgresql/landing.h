/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_LANDING_H
#define DBW_ENGINE_POSTGRESQL_LANDING_H
/* What a transfer needs of a PostgreSQL target beyond loading. */
#include "engine/engine.h"

extern const dbw_landing dbw_pg_landing;

#endif
