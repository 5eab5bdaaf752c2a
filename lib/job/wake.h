/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_JOB_WAKE_H
#define DBW_JOB_WAKE_H
/*
 * Waiting for jobs on a descriptor. A signal touches a file in the state folder, which waiters
 * watch by inotify. Where a signal cannot arrive (a store shared by several hosts, no inotify) the
 * wait ends after a second at the latest, so a waiter must look again after every return.
 */
#include "state/store.h"

typedef enum dbw_wake_channel {
    DBW_WAKE_WORK,  /* the queue has something, or a running job was asked for something */
    DBW_WAKE_CHANGE /* some job's row has changed */
} dbw_wake_channel;

enum { DBW_WAKE_FALLBACK_MS = 1000 };

typedef struct dbw_wake dbw_wake;

/** Starts to listen: signals from now on are not missed. */
dbw_status dbw_wake_open(dbw_store *store, dbw_wake_channel channel, dbw_wake **out,
                         dbw_error *error) DBW_MUST_CHECK;
void dbw_wake_close(dbw_wake *wake);

/** Readable after a signal; -1 where there is no inotify. For callers with a poll() of their own.
 */
int dbw_wake_descriptor(const dbw_wake *wake);

/** Waits for a signal, the fallback time, the deadline, or `stop` (a descriptor, or -1) to become
 *  readable, and takes the signals that came. */
void dbw_wake_wait(dbw_wake *wake, dbw_deadline deadline, int stop);

/** Wakes all listeners, in every process. Best effort: failures are made good by the fallback. */
void dbw_wake_signal(dbw_store *store, dbw_wake_channel channel);

#endif
