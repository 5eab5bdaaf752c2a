/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_STATE_AUDIT_H
#define DBW_STATE_AUDIT_H
/* Who did what: append-only (the database itself refuses changes). Never holds a secret: URLs are
 * given redacted, and every text but `who` (a name) is passed through dbw_redact() once more. */
#include "state/store.h"

#include <json-c/json_types.h>

typedef struct dbw_audit_entry {
    const char *who;     /* "admin", "token:NAME", "command:USER", "worker" */
    const char *address; /* of the client, or NULL */
    const char *action;  /* "session.start", "token.create", "job.create" … */
    const char *object;  /* id or name, or NULL */
    const char *outcome; /* "done", "failed", "refused" … a slug of errors.def, or NULL: "done" */
} dbw_audit_entry;

dbw_status dbw_audit_write(dbw_store *store, const dbw_audit_entry *entry,
                           dbw_error *error) DBW_MUST_CHECK;

/** {entries: [{id, at, who, address, action, object, outcome}]}, the newest first, ids below
 *  `before` (0: all), at most `limit` (1..1000). The caller owns it. */
dbw_status dbw_audit_list(dbw_store *store, int64_t before, int limit, struct json_object **out,
                          dbw_error *error) DBW_MUST_CHECK;

#endif
