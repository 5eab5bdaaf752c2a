/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_LIFELINE_H
#define DBW_ENGINE_LIFELINE_H
/*
 * All connections that one piece of work holds, so that another thread can end what they wait for:
 * a server that is frozen, or a network that swallows packets, answers nothing, and whoever waits
 * for it does not look at anything else. Put into dbw_open_options; connections enter and leave by
 * themselves. Must outlive them. All functions are safe from any thread.
 */
#include "engine/database.h"

typedef struct dbw_lifeline dbw_lifeline;

/** NULL when there is no memory. */
dbw_lifeline *dbw_lifeline_new(void);

/** NULL is allowed. */
void dbw_lifeline_free(dbw_lifeline *lifeline);

/** dbw_database_cancel() on each of them, for a second at the most: those that were left out have
 *  their turn at the next call. */
void dbw_lifeline_cancel(dbw_lifeline *lifeline);

/** Cuts each of them: whatever waits on one fails at once, and nothing more can be asked of it.
 *  SQLite has no line to cut; it heeds a cancel. */
void dbw_lifeline_cut(dbw_lifeline *lifeline);

/* For dbw_database_open() and dbw_database_close(). */
dbw_status dbw_lifeline_enter(dbw_lifeline *lifeline, dbw_database *database,
                              dbw_error *error) DBW_MUST_CHECK;
void dbw_lifeline_leave(dbw_lifeline *lifeline, const dbw_database *database);

#endif
