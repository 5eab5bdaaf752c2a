/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_STATE_SECRET_PRIV_H
#define DBW_STATE_SECRET_PRIV_H
/* Random identifiers and hashes of secrets, shared by lib/state and lib/job. */
#include "base/text.h"

enum {
    DBW_SECRET_TOKEN = 44, /* 43 characters of base64url (32 bytes), NUL */
    DBW_SECRET_ID = 17,    /* 16 hex digits (8 bytes), NUL */
    DBW_SECRET_HASH = 65   /* 64 hex digits (BLAKE2b-256), NUL */
};

/** 256 random bits. */
void dbw_secret_token(char out[DBW_SECRET_TOKEN]);

/** 64 random bits: a name, not a secret. */
void dbw_secret_id(char out[DBW_SECRET_ID]);

/** The form in which a random secret is stored. */
void dbw_secret_hash(dbw_text secret, char out[DBW_SECRET_HASH]);

/** Compares in a time that depends on the lengths alone. */
bool dbw_secret_equal(dbw_text a, dbw_text b);

#endif
