/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_KEY_H
#define DBW_ENGINE_MYSQL_KEY_H
/* Comparing keys so that an index is used. */
#include "engine/engine.h"

/** Values to be bound, in the order of their question marks. */
typedef struct dbw_mysql_values {
    dbw_arena *arena;
    dbw_value *items;
    size_t count;
} dbw_mysql_values;

/**
 * Appends `prefix` and key >= values (`below`: key < values). The optimizer makes no range of a
 * row comparison, so that a composite key is written out: a >= ? AND (a > ? OR (a = ? AND b >= ?)).
 * Comparisons are those of the columns' own collations, as in ORDER BY.
 */
void dbw_mysql_add_bound(dbw_buffer *sql, const dbw_table *table, const dbw_names *key, bool below,
                         const dbw_value *values, const char *prefix, dbw_mysql_values *bound);

#endif
