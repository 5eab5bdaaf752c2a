/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_MAP_PRIV_H
#define DBW_TRANSFER_MAP_PRIV_H
/* create: what the parts of a table are made of in the target; shared by plan_map.c and map_*.c. */
#include "transfer/plan_priv.h"

/** The expression for the target, or NULL. `exact`: for a unique key, which must not find more
 *  values equal than the source does. */
const char *dbw_map_translate(dbw_planner *planner, const dbw_work *work, const char *expression,
                              bool condition, bool exact, const char **note);

/** "TABLE_a_b_SUFFIX", as PostgreSQL names what has no name. */
const char *dbw_map_made_name(dbw_planner *planner, const dbw_work *work, const dbw_names *columns,
                              const char *suffix);

/** The name that the object gets; a change of name is recorded when it had one. */
const char *dbw_map_claim(dbw_planner *planner, const dbw_work *work, dbw_name_set *set,
                          const char *given, const char *made);

/** "a, b". */
const char *dbw_map_list(dbw_planner *planner, const dbw_names *names);

/** Whether the source's column compares without case. */
bool dbw_map_ignores_case(const dbw_work *work, const char *name);

/** Warns of it. */
void dbw_map_find_case(dbw_planner *planner, const dbw_work *work, const char *column, bool unique);

/** Records what a key or index asks for beyond what other engines know. */
void dbw_map_weaken(dbw_planner *planner, const dbw_work *work, const char *name,
                    const char *before, const char *after);

/** Loses an index, a key, a check of the table. */
void dbw_map_lose(dbw_planner *planner, const dbw_work *work, const char *code, const char *what,
                  const char *name, const char *reason, const char *text);

/** A unique index over the columns with the case of letters taken out. */
void dbw_map_folded_index(dbw_planner *planner, dbw_work *work, const dbw_names *source,
                          const dbw_names *target, dbw_name_set *relations);

/** The target's type of a column. `*note` says in a few words why it is another one, or is NULL. */
dbw_type dbw_map_type(dbw_planner *planner, const dbw_column *source, const dbw_decision *d,
                      dbw_loss *loss, const char **note);

/** Makes the n-th column, whose name and type are there already, but for its default. */
void dbw_map_column(dbw_planner *planner, dbw_work *work, size_t n, dbw_column *target);

/** Where the target has no comments: says that the table's or the column's is lost. */
void dbw_map_lose_comment(dbw_planner *planner, const dbw_table *table, const dbw_column *column,
                          const char *comment);

/** The defaults of all columns. */
void dbw_map_defaults(dbw_planner *planner, dbw_work *work);

void dbw_map_indexes(dbw_planner *planner, dbw_work *work, dbw_name_set *relations);

#endif
