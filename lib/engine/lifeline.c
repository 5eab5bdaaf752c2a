/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifeline.h"

#include "base/clock.h"
#include "engine/engine.h"

#include <pthread.h>

struct dbw_lifeline {
    pthread_mutex_t lock; /* held while they are cancelled or cut: none is closed meanwhile */
    dbw_database **held;
    size_t count, room;
    size_t turn; /* whose turn it is to be cancelled */
};

/* A server that does not answer takes the time of each connection; the others have theirs next. */
enum { CANCEL_MS = 1000 };

dbw_lifeline *dbw_lifeline_new(void)
{
    dbw_lifeline *lifeline = calloc(1, sizeof *lifeline);
    if (lifeline)
        pthread_mutex_init(&lifeline->lock, NULL);
    return lifeline;
}

void dbw_lifeline_free(dbw_lifeline *lifeline)
{
    if (!lifeline)
        return;
    pthread_mutex_destroy(&lifeline->lock);
    free(lifeline->held);
    free(lifeline);
}

dbw_status dbw_lifeline_enter(dbw_lifeline *lifeline, dbw_database *database, dbw_error *error)
{
    dbw_status status = DBW_OK;
    pthread_mutex_lock(&lifeline->lock);
    if (lifeline->count == lifeline->room) {
        size_t room = lifeline->room ? 2 * lifeline->room : 16;
        dbw_database **held = realloc(lifeline->held, room * sizeof(dbw_database *));
        if (held) {
            lifeline->held = held;
            lifeline->room = room;
        } else {
            status = dbw_fail_memory(error);
        }
    }
    if (status == DBW_OK)
        lifeline->held[lifeline->count++] = database;
    pthread_mutex_unlock(&lifeline->lock);
    return status;
}

void dbw_lifeline_leave(dbw_lifeline *lifeline, const dbw_database *database)
{
    pthread_mutex_lock(&lifeline->lock);
    for (size_t i = 0; i < lifeline->count; i++)
        if (lifeline->held[i] == database) {
            lifeline->held[i] = lifeline->held[--lifeline->count];
            break;
        }
    pthread_mutex_unlock(&lifeline->lock);
}

void dbw_lifeline_cancel(dbw_lifeline *lifeline)
{
    pthread_mutex_lock(&lifeline->lock);
    dbw_deadline deadline = dbw_deadline_in(CANCEL_MS);
    size_t count = lifeline->count;
    for (size_t i = 0; i < count && dbw_deadline_left(deadline) != 0; i++)
        dbw_database_cancel(lifeline->held[lifeline->turn++ % count]);
    pthread_mutex_unlock(&lifeline->lock);
}

void dbw_lifeline_cut(dbw_lifeline *lifeline)
{
    pthread_mutex_lock(&lifeline->lock);
    for (size_t i = 0; i < lifeline->count; i++) {
        const dbw_driver *driver = lifeline->held[i]->engine->driver;
        if (driver->cut)
            driver->cut(lifeline->held[i]);
        else
            driver->cancel(lifeline->held[i]);
    }
    pthread_mutex_unlock(&lifeline->lock);
}
