/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_SERVICE_H
#define DBW_FCGI_SERVICE_H
/* What all threads of one process share. */
#include "base/log.h"
#include "engine/database.h"
#include "rate.h"
#include "state/store.h"

#include <stdatomic.h>

typedef struct dbw_service {
    dbw_log log;
    dbw_store *store;
    dbw_open_options open_options; /* for every database that a request names */
    const char *revisions;         /* the folder of SQL revisions, or NULL */
    size_t body_limit;             /* bytes */
    int waiters_most;              /* requests that may wait for a job at the same time */
    atomic_int waiters;
    dbw_rate test_rate;   /* connection tests */
    atomic_bool stopping; /* the process is to end: nobody waits any more */
} dbw_service;

#endif
