/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_STATE_IDEMPOTENCY_H
#define DBW_STATE_IDEMPOTENCY_H
/*
 * Idempotency keys: the same key from the same actor with the same request gives the same job.
 * Kept for 24 hours. Used inside the transaction that makes the job (job/store.h).
 */
#include "state/store.h"

enum { DBW_IDEMPOTENCY_KEY_LIMIT = 255, DBW_IDEMPOTENCY_HOURS = 24 };

typedef struct dbw_idempotency {
    const char *key;   /* 1..255 printable ASCII characters */
    const char *actor; /* "session:admin", "token:ID" */
    dbw_text request;  /* what must be the same: method, path, body; only its hash is stored */
} dbw_idempotency;

/**
 * The job that this key made, NULL when it is new. DBW_E_INVALID (object "Idempotency-Key"): the
 * key itself is bad, or was used for another request.
 */
dbw_status dbw_idempotency_find(dbw_database *database, dbw_arena *arena,
                                const dbw_idempotency *idempotency, int64_t now, const char **job,
                                dbw_error *error) DBW_MUST_CHECK;

/** Remembers the job of a key that was new; forgets expired ones. */
dbw_status dbw_idempotency_keep(dbw_database *database, const dbw_idempotency *idempotency,
                                int64_t now, const char *job, dbw_error *error) DBW_MUST_CHECK;

#endif
