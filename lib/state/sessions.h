/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_STATE_SESSIONS_H
#define DBW_STATE_SESSIONS_H
/*
 * Log-ins of the page. The cookie is 256 random bits (43 characters of base64url) of which only the
 * BLAKE2b hash is stored. A session ends 8 hours after its last use, 7 days after its start at the
 * latest, and with a change of password. The CSRF token is a keyed hash of the cookie.
 */
#include "state/store.h"

enum { DBW_SESSION_COOKIE = 44, DBW_SESSION_CSRF = 65 };
#define DBW_SESSION_IDLE_SECONDS (8 * 3600)
#define DBW_SESSION_MOST_SECONDS (7 * 24 * 3600)

typedef struct dbw_session {
    char account[65];
    char cookie[DBW_SESSION_COOKIE];
    char csrf[DBW_SESSION_CSRF];
    int64_t created_at;
    int64_t expires_at; /* as of now; moves on with use */
} dbw_session;

/** Starts a session after a log-in: always with a new cookie. Purges expired ones. */
dbw_status dbw_sessions_start(dbw_store *store, const char *account, const char *address,
                              dbw_session *out, dbw_error *error) DBW_MUST_CHECK;

/** The session of a cookie, its expiry moved on (written at most once a minute).
 *  DBW_E_AUTH: unknown or expired. */
dbw_status dbw_sessions_find(dbw_store *store, dbw_text cookie, dbw_session *out,
                             dbw_error *error) DBW_MUST_CHECK;

/** Whether `csrf` is the session's, in constant time. */
bool dbw_sessions_csrf_matches(const dbw_session *session, dbw_text csrf);

/** Ends the session of a cookie; an unknown one is no error. */
dbw_status dbw_sessions_end(dbw_store *store, dbw_text cookie, dbw_error *error) DBW_MUST_CHECK;

/** Ends the account's sessions but the one with the cookie `keep` (NULL: all). */
dbw_status dbw_sessions_end_others(dbw_store *store, const char *account, const char *keep,
                                   dbw_error *error) DBW_MUST_CHECK;

/** Removes expired sessions and set-up links. */
dbw_status dbw_sessions_purge(dbw_store *store, dbw_error *error) DBW_MUST_CHECK;

#endif
