/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_MODEL_ZONE_PRIV_H
#define DBW_MODEL_ZONE_PRIV_H
#include "model/calendar.h"
#include "model/zone.h"

/** From that instant on clocks are so many seconds east of UTC. */
typedef struct dbw_zone_change {
    int64_t at;
    int32_t offset;
} dbw_zone_change;

struct dbw_zone {
    int32_t before; /* the offset before the first change */
    dbw_zone_change *changes;
    size_t count, room;
};

/** A day of the year and the time of it at which a change happens, seconds on the clock before. */
typedef struct dbw_zone_day {
    char kind; /* 'M' month, week, weekday; 'J' 1–365 without 29 February; '0' 0–365 */
    int month, week, day;
    int32_t time;
} dbw_zone_day;

typedef struct dbw_zone_rule {
    int32_t offset; /* seconds east of UTC */
    bool summer;    /* else nothing below counts */
    int32_t summer_offset;
    dbw_zone_day start, end; /* of summer */
} dbw_zone_rule;

/** Reads "CET-1CEST,M3.5.0,M10.5.0/3". */
bool dbw_zone_rule_parse(dbw_text text, dbw_zone_rule *out);

/** The two changes of a year, in their order. */
void dbw_zone_rule_year(const dbw_zone_rule *rule, int64_t year, dbw_zone_change out[2]);

#endif
