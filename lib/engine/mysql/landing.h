/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_LANDING_H
#define DBW_ENGINE_MYSQL_LANDING_H
/*
 * What a transfer needs of a MySQL target beyond loading. Foreign keys need not be lifted:
 * load_session() turns their checks off for the loading connection. Indexes stay: to add them after
 * the load gains nothing.
 */
#include "engine/engine.h"

extern const dbw_landing dbw_mysql_landing;

#endif
