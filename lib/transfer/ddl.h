/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_DDL_H
#define DBW_TRANSFER_DDL_H
/* Statements that the target's dialect renders, run and recorded. */
#include "transfer/transfer_priv.h"

/** Renders one part and runs it; `*done` false when there was nothing to do. `what` names it in
 *  errors: "unable to make WHAT". */
dbw_status dbw_ddl_run(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                       dbw_ddl_part part, size_t n, const char *what, bool *done,
                       dbw_error *error) DBW_MUST_CHECK;

/** CREATE TABLE and its record, in the caller's transaction. */
dbw_status dbw_ddl_create(dbw_run *run, dbw_database *database, dbw_arena *arena,
                          dbw_run_table *table, dbw_error *error) DBW_MUST_CHECK;

/** Records how the table stands: "created" or "found". */
dbw_status dbw_ddl_record_table(dbw_run *run, dbw_database *database, dbw_arena *arena,
                                const dbw_run_table *table, const char *state,
                                dbw_error *error) DBW_MUST_CHECK;

/** "FORMAT" with the quoted, qualified name of a table, in the arena. */
char *dbw_ddl_qualified(dbw_arena *arena, const dbw_engine *engine, const char *schema,
                        const char *name);
char *dbw_ddl_quoted(dbw_arena *arena, const dbw_engine *engine, const char *name);

/** The statement that takes a foreign key of the table away. */
char *dbw_ddl_drop_foreign_key(dbw_arena *arena, const dbw_engine *engine, const dbw_table *table,
                               const char *name);

/** One statement without parameters. */
dbw_status dbw_ddl_sql(dbw_database *database, const char *sql, dbw_error *error) DBW_MUST_CHECK;

#endif
