/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_MODEL_ZONE_H
#define DBW_MODEL_ZONE_H
/*
 * Time zones by name, from the system's database: which instant a clock on the wall shows.
 *
 * Files are TZif, version 2 or later (RFC 8536); the rule at their end (POSIX TZ, with RFC 8536's
 * extensions) holds for the years behind the last entry. Leap seconds are not counted, as POSIX's
 * clock does not.
 */
#include "base/arena.h"
#include "base/error.h"

typedef struct dbw_zone dbw_zone;

/**
 * The zone of that name ("Europe/Berlin"). DBW_E_NOT_FOUND when there is none, DBW_E_INVALID when
 * its file cannot be understood. Lives in the arena; any number of threads may use it.
 */
dbw_status dbw_zone_load(dbw_arena *arena, const char *name, const dbw_zone **out,
                         dbw_error *error) DBW_MUST_CHECK;

/** The same of a file's bytes. NULL when they are no zone. */
const dbw_zone *dbw_zone_parse(dbw_arena *arena, dbw_text file);

/** Microseconds in UTC of what a clock shows, both since 1970-01-01 00:00. A time that it shows
 *  twice is the first of the two; one that it passes over counts on from before. */
int64_t dbw_zone_to_utc(const dbw_zone *zone, int64_t local);

/** Seconds east of UTC at an instant, given in seconds since 1970-01-01 00:00 UTC. */
int32_t dbw_zone_offset(const dbw_zone *zone, int64_t instant);

#endif
