/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_STATE_TOKENS_H
#define DBW_STATE_TOKENS_H
/* Bearer tokens: "dbw_" and base64url of 32 random bytes, shown once, stored as BLAKE2b. */
#include "state/store.h"

#include <json-c/json_types.h>

typedef enum dbw_scope_bit {
#define DBW_SCOPE(name, slug, help) DBW_SCOPE_BIT_##name,
#include "state/scopes.def"
#undef DBW_SCOPE
    DBW_SCOPE_COUNT
} dbw_scope_bit;

/** A set of scopes. */
typedef enum dbw_scope {
    DBW_SCOPE_NONE = 0,
#define DBW_SCOPE(name, slug, help) DBW_SCOPE_##name = 1 << DBW_SCOPE_BIT_##name,
#include "state/scopes.def"
#undef DBW_SCOPE
} dbw_scope;
typedef unsigned dbw_scopes;

/** The scope with that slug, or DBW_SCOPE_NONE. */
dbw_scopes dbw_scope_find(dbw_text slug);

/** The slug of the n-th scope, or NULL behind the last. */
const char *dbw_scope_at(size_t n);

/** Whether a holder of `have` may do what asks for all of `need` (nothing asked for: no). */
bool dbw_scopes_allow(dbw_scopes have, dbw_scopes need);

/** Reads "connect,jobs" (spaces allowed). DBW_E_INVALID names the unknown one, object "scopes". */
dbw_status dbw_scopes_parse(dbw_text list, dbw_scopes *out, dbw_error *error) DBW_MUST_CHECK;

typedef struct dbw_token {
    const char *id; /* 16 hex digits; not the secret */
    const char *name;
    dbw_scopes scopes;
    const char *apps;   /* comma-separated names, NULL: every application */
    int64_t created_at; /* microseconds since 1970-01-01 UTC */
    int64_t expires_at; /* 0: never */
    int64_t last_used_at;
} dbw_token;

typedef struct dbw_token_request {
    const char *name; /* 1..64 characters */
    dbw_scopes scopes;
    const char *apps;   /* comma-separated, or NULL */
    int64_t expires_at; /* 0: never */
} dbw_token_request;

/** Makes a token; `*secret` is the only copy of it. DBW_E_INVALID (object: the field). */
dbw_status dbw_tokens_create(dbw_store *store, dbw_arena *arena, const dbw_token_request *request,
                             dbw_token *out, const char **secret, dbw_error *error) DBW_MUST_CHECK;

/** The token that `secret` is; notes the use (at most once a minute). DBW_E_AUTH: unknown, expired
 *  or revoked. */
dbw_status dbw_tokens_find(dbw_store *store, dbw_arena *arena, dbw_text secret, dbw_token *out,
                           dbw_error *error) DBW_MUST_CHECK;

/** All tokens, the newest first, expired ones too. */
dbw_status dbw_tokens_list(dbw_store *store, dbw_arena *arena, dbw_token **out, size_t *count,
                           dbw_error *error) DBW_MUST_CHECK;

/** Revokes. DBW_E_NOT_FOUND. */
dbw_status dbw_tokens_revoke(dbw_store *store, const char *id, dbw_error *error) DBW_MUST_CHECK;

/** {id, name, scopes, apps, created_at, expires_at, last_used_at}; the caller owns it. */
struct json_object *dbw_token_to_json(const dbw_token *token);

#endif
