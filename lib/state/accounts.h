/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_STATE_ACCOUNTS_H
#define DBW_STATE_ACCOUNTS_H
/*
 * Administrators: set-up links, passwords (argon2id, one computed at a time per process), and the
 * limit on tries, which lies in the store so that all processes share it.
 *
 * A try is counted before it is judged, so that parallel tries gain nothing. After 5 failures an
 * address, after 20 an account, waits: 1 s, doubled with each further failure, at most 15 minutes
 * for an address and 1 minute for an account. A success, or 15 quiet minutes, forgets them.
 */
#include "state/store.h"

#define DBW_ACCOUNT_ADMIN "admin"

enum {
    DBW_PASSWORD_LEAST = 10,  /* characters */
    DBW_PASSWORD_MOST = 1024, /* bytes */
    DBW_SETUP_LINK_SECONDS = 30 * 60
};

/** True while no account has a password. */
dbw_status dbw_accounts_setup_needed(dbw_store *store, bool *needed,
                                     dbw_error *error) DBW_MUST_CHECK;

/** A token for a set-up link (43 characters of base64url): good for 30 minutes and one use; makes
 *  earlier ones of the account useless. Makes the account when it does not exist. */
dbw_status dbw_accounts_setup_link(dbw_store *store, dbw_arena *arena, const char *account,
                                   const char **token, dbw_error *error) DBW_MUST_CHECK;

/**
 * Uses a set-up token: sets the password, ends all sessions of the account, whose name is returned.
 * DBW_E_AUTH: unknown, used or expired. DBW_E_INVALID (object "password"): too short or too long.
 * DBW_E_LIMIT: too many tries from `address`; `*retry_after` (seconds) is then above 0.
 */
dbw_status dbw_accounts_set_up(dbw_store *store, dbw_arena *arena, dbw_text token,
                               dbw_text password, const char *address, const char **account,
                               int *retry_after, dbw_error *error) DBW_MUST_CHECK;

/**
 * Checks a password. DBW_E_AUTH: wrong (or no such account, in the same time).
 * DBW_E_CONFLICT: no password was set yet. DBW_E_LIMIT: too many tries, as above.
 */
dbw_status dbw_accounts_check(dbw_store *store, const char *account, dbw_text password,
                              const char *address, int *retry_after,
                              dbw_error *error) DBW_MUST_CHECK;

/** Sets a password without asking for the old one; makes the account when it does not exist; ends
 *  its sessions but the one with the cookie `keep` (NULL: all). DBW_E_INVALID as above. */
dbw_status dbw_accounts_set_password(dbw_store *store, const char *account, dbw_text password,
                                     const char *keep, dbw_error *error) DBW_MUST_CHECK;

#endif
