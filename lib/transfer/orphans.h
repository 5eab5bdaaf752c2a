/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_ORPHANS_H
#define DBW_TRANSFER_ORPHANS_H
/*
 * Foreign keys without their parent, where it was decided that they become NULL: which values those
 * are is asked of the source once, before the table is copied, and each row is held against them.
 */
#include "transfer/plan.h"

enum { DBW_ORPHANS_MOST = 1000000 };

typedef struct dbw_orphans dbw_orphans;           /* of one table; read by all lanes */
typedef struct dbw_orphan_check dbw_orphan_check; /* of one thread */

/** "p.PARENT = c.CHILD". `exact`: where the engine takes texts for equal that are not the same,
 * they have to be the same too; the first comparison is for the index. */
void dbw_orphans_join(dbw_buffer *sql, const dbw_engine *engine, const char *parent,
                      const char *child, bool exact);

/** Whether any column of the table asks for it. */
bool dbw_orphans_wanted(const dbw_plan_table *table);

/** Asks the source, by its own foreign keys and by those of a target that is filled; `*out` NULL
 *  when there are none. DBW_E_LIMIT when there are more than DBW_ORPHANS_MOST distinct ones. */
dbw_status dbw_orphans_find(dbw_database *source, const dbw_plan *plan, const dbw_plan_table *table,
                            const dbw_canonical *canonical, dbw_orphans **out,
                            dbw_error *error) DBW_MUST_CHECK;
void dbw_orphans_free(dbw_orphans *orphans);

/** `orphans` may be NULL: the result is NULL then, as it is when memory runs out. */
dbw_orphan_check *dbw_orphan_check_new(const dbw_orphans *orphans, const dbw_canonical *canonical);
void dbw_orphan_check_free(dbw_orphan_check *check);

/** Looks at a row; true when one of its foreign keys is to become NULL, or the row rejected. */
bool dbw_orphan_check_row(dbw_orphan_check *check, const dbw_value *row);

/** The column for which the row that was looked at is to be rejected; -1: it is not. */
int dbw_orphan_check_rejects(const dbw_orphan_check *check);

/** Whether column `n` of the row that was looked at becomes NULL. */
bool dbw_orphan_check_column(const dbw_orphan_check *check, size_t n);

#endif
