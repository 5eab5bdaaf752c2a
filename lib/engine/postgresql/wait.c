/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/postgresql_priv.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>

/** How long a server may take to confirm that it stopped, before we hang up on it. */
enum { GRACE_MS = 2000 };

dbw_deadline dbw_pg_deadline(const dbw_pg_database *database)
{
    return database->statement_timeout_ms > 0 ? dbw_deadline_in(database->statement_timeout_ms)
                                              : DBW_NEVER;
}

/** Waits for the socket; 1: ready, 0: the deadline came, -1: broken. */
static int wait_socket(dbw_pg_database *database, short events, dbw_deadline deadline)
{
    for (;;) {
        struct pollfd descriptor = {.fd = PQsocket(database->connection), .events = events};
        if (descriptor.fd < 0)
            return -1;
        int ready = poll(&descriptor, 1, dbw_deadline_left(deadline));
        if (ready > 0)
            return 1;
        if (ready == 0)
            return 0;
        if (errno != EINTR)
            return -1;
    }
}

/** Waits for input (and for room to write where something is held back) and reads it. */
static int wait_input(dbw_pg_database *database, dbw_deadline deadline)
{
    int unsent = PQflush(database->connection);
    if (unsent < 0)
        return -1;
    int ready = wait_socket(database, unsent ? POLLIN | POLLOUT : POLLIN, deadline);
    if (ready <= 0)
        return ready;
    return PQconsumeInput(database->connection) ? 1 : -1;
}

/* PQcancel() connects anew and blocks: against a dead server for minutes. So it has a thread. */
static void *send_cancel(void *handle)
{
    char ignored[256];
    PQcancel(handle, ignored, sizeof ignored);
    PQfreeCancel(handle);
    return NULL;
}

static bool start_cancel(PGconn *connection, pthread_t *thread)
{
    PGcancel *handle = PQgetCancel(connection);
    if (!handle)
        return false;
    if (pthread_create(thread, NULL, send_cancel, handle) == 0)
        return true;
    PQfreeCancel(handle);
    return false;
}

void dbw_pg_interrupt(PGconn *connection)
{
    pthread_t thread;
    if (start_cancel(connection, &thread))
        pthread_detach(thread);
}

/** Waits until the request was delivered: one that is late would hit the next statement. */
static bool end_cancel(pthread_t thread)
{
    /* In wall time, for that is what the function takes; a clock that is set meanwhile costs the
     * connection at worst. */
    int64_t end = dbw_clock_wall() + (int64_t)GRACE_MS * 1000;
    struct timespec until = {.tv_sec = (time_t)(end / 1000000),
                             .tv_nsec = (long)(end % 1000000) * 1000};
    if (pthread_timedjoin_np(thread, NULL, &until) == 0)
        return true;
    pthread_detach(thread);
    return false;
}

/** Takes results until the statement is over; false when the deadline came first. */
static bool drain_until(dbw_pg_database *database, dbw_deadline deadline)
{
    for (;;) {
        while (PQisBusy(database->connection)) {
            if (wait_input(database, deadline) <= 0)
                return false;
        }
        PGresult *result = PQgetResult(database->connection);
        if (!result)
            return true;
        ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        if (status == PGRES_COPY_IN) {
            if (PQputCopyEnd(database->connection, "given up") < 0)
                return false;
        } else if (status == PGRES_COPY_OUT) {
            char *bytes;
            int length;
            while ((length = PQgetCopyData(database->connection, &bytes, 1)) >= 0) {
                if (length > 0)
                    PQfreemem(bytes);
                else if (wait_input(database, deadline) <= 0)
                    return false;
            }
        }
        if (PQstatus(database->connection) == CONNECTION_BAD)
            return false;
    }
}

/** Asks the server to stop and reads to the end; a server that does neither is hung up on. */
static void stop(dbw_pg_database *database)
{
    dbw_deadline deadline = dbw_deadline_in(GRACE_MS);
    pthread_t thread;
    bool asked = start_cancel(database->connection, &thread);
    bool drained = drain_until(database, deadline);
    bool delivered = asked && end_cancel(thread);
    if (!drained || !delivered)
        database->lost = true;
}

void dbw_pg_drain(dbw_pg_database *database, bool interrupt)
{
    if (database->lost)
        return;
    if (interrupt)
        stop(database);
    else if (!drain_until(database, dbw_pg_deadline(database)))
        database->lost = true;
}

static dbw_status expire(dbw_pg_database *database, dbw_error *error)
{
    stop(database);
    dbw_fail(error, DBW_E_TIMEOUT, "unable to run the statement: no answer within %.3g s",
             (double)database->statement_timeout_ms / 1000.0);
    return dbw_hint(error, "The server is busy, waits for a lock, or cannot be reached any more. "
                           "Look at pg_stat_activity and pg_locks, or allow more time.");
}

dbw_status dbw_pg_flush(dbw_pg_database *database, dbw_deadline deadline, dbw_error *error)
{
    for (;;) {
        int unsent = PQflush(database->connection);
        if (unsent == 0)
            return DBW_OK;
        if (unsent < 0)
            return dbw_pg_fail_lost(database, NULL, error);
        int ready = wait_socket(database, POLLIN | POLLOUT, deadline);
        if (ready == 0)
            return expire(database, error);
        /* The server may have to say something before it reads on. */
        if (ready < 0 || !PQconsumeInput(database->connection))
            return dbw_pg_fail_lost(database, NULL, error);
    }
}

dbw_status dbw_pg_result(dbw_pg_database *database, dbw_deadline deadline, PGresult **out,
                         dbw_error *error)
{
    *out = NULL;
    while (PQisBusy(database->connection)) {
        int ready = wait_input(database, deadline);
        if (ready == 0)
            return expire(database, error);
        if (ready < 0 && PQisBusy(database->connection))
            return dbw_pg_fail_lost(database, NULL, error);
    }
    *out = PQgetResult(database->connection);
    return DBW_OK;
}

/* The server sends 8 KiB at a time, and who waits is woken for each of them. */
static const struct timespec gather = {.tv_nsec = 100000};

dbw_status dbw_pg_copy_row(dbw_pg_database *database, dbw_deadline deadline, char **bytes,
                           int *length, dbw_error *error)
{
    for (;;) {
        *bytes = NULL;
        *length = PQgetCopyData(database->connection, bytes, 1);
        if (*length > 0 || *length == -1)
            return DBW_OK;
        if (*length == -2)
            return dbw_pg_fail_lost(database, NULL, error);
        if (wait_socket(database, POLLIN, dbw_deadline_in(0)) == 0)
            nanosleep(&gather, NULL);
        int ready = wait_input(database, deadline);
        if (ready == 0)
            return expire(database, error);
        if (ready < 0)
            return dbw_pg_fail_lost(database, NULL, error);
    }
}

dbw_status dbw_pg_run(dbw_pg_database *database, const char *sql, dbw_error *error)
{
    DBW_TRY(dbw_pg_ready(database, error));
    if (!PQsendQuery(database->connection, sql))
        return dbw_pg_fail_lost(database, sql, error);
    dbw_deadline deadline = dbw_pg_deadline(database);
    dbw_status status = DBW_OK;
    for (;;) {
        PGresult *result;
        dbw_error ignored;
        dbw_status got = dbw_pg_result(database, deadline, &result, status ? &ignored : error);
        if (got != DBW_OK)
            return status ? status : got;
        if (!result)
            return status;
        ExecStatusType kind = PQresultStatus(result);
        if (status == DBW_OK && kind == PGRES_FATAL_ERROR) {
            status = dbw_pg_fail(result, sql, error);
        } else if (kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT || kind == PGRES_COPY_BOTH) {
            PQclear(result);
            dbw_pg_drain(database, true);
            return dbw_fail(error, DBW_E_UNSUPPORTED,
                            "unable to run the statement: COPY needs a stream of its own");
        }
        PQclear(result);
    }
}
