/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_TRANSFORMS_H
#define DBW_TRANSFER_TRANSFORMS_H
/*
 * The option `transforms`: how values are read, for all columns ("nul") or for one
 * ("TABLE.COLUMN:nul"). What is said of a column is stronger than what is said of all.
 */
#include "model/zone.h"
#include "transfer/options.h"

/** Checks one name and value; DBW_E_INVALID says which names and values there are. */
dbw_status dbw_transform_check(const char *name, const char *value,
                               dbw_error *error) DBW_MUST_CHECK;

/** The value of transform `what` for a column (source names, compared exactly and then without
 *  case), or NULL. */
const char *dbw_transform_find(const dbw_transfer_options *options, const char *table,
                               const char *column, const char *what);

/** Minutes east of UTC of "UTC", "Z", "+02:00", "+0530", "-8"; false for anything else, names of
 *  zones included: their offset changes over the year. */
bool dbw_transform_zone(const char *value, int32_t *minutes) DBW_MUST_CHECK;

/** The zone of that name, which dbw_transform_check() let pass; NULL when there is none. */
const dbw_zone *dbw_transform_zone_named(dbw_arena *arena, const char *value);

#endif
