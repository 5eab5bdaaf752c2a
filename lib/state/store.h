/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_STATE_STORE_H
#define DBW_STATE_STORE_H
/*
 * The state store: one small database with accounts, sessions, tokens, audit log, settings, jobs.
 * SQLite (`state.sqlite3` in the state folder, WAL) unless DBWIZARD_STATE_URL names another, which
 * any number of hosts may share. Times in it are microseconds since 1970-01-01 UTC.
 *
 * One dbw_store per process, shared by its threads; not to be used across fork(). Secrets are
 * sealed with the key of `secret.key` (the same file on every host that shares a store).
 */
#include "engine/database.h"

typedef struct dbw_store dbw_store;

typedef struct dbw_store_options {
    const char *folder;   /* state folder; made with mode 0700 when it does not exist */
    const char *url;      /* NULL: sqlite:///FOLDER/state.sqlite3 */
    const char *key_file; /* NULL: FOLDER/secret.key; made with mode 0640 when it does not exist */
    const char *migrations; /* NULL: $DBWIZARD_DATA_DIR/migrations, else the installed one */
    /** The present time, for tests; NULL: dbw_clock_wall(). Called with `clock_context`. */
    int64_t (*clock)(void *context);
    void *clock_context;
} dbw_store_options;

/**
 * Opens the store: makes folder, key and database where they are missing and applies our
 * migrations under a lock. DBW_E_DENIED / DBW_E_IO with a hint for a folder that cannot be used;
 * DBW_E_REFUSED for a database that is not ours.
 */
dbw_status dbw_store_open(const dbw_store_options *options, dbw_store **out,
                          dbw_error *error) DBW_MUST_CHECK;

/** Closes; every connection must have been given back. NULL is allowed. */
void dbw_store_close(dbw_store *store);

/** The state folder. */
const char *dbw_store_folder(const dbw_store *store);

/** Now, in microseconds since 1970-01-01 UTC, by the store's clock. */
int64_t dbw_store_now(const dbw_store *store);

/** Lends a connection to the calling thread, until dbw_store_return(). */
dbw_status dbw_store_borrow(dbw_store *store, dbw_database **out, dbw_error *error) DBW_MUST_CHECK;

/** Takes a connection back; what was left open on it is rolled back. NULL is allowed. */
void dbw_store_return(dbw_store *store, dbw_database *database);

/** One transaction on a connection of its own, tried again when the database was locked. */
dbw_status dbw_store_transaction(dbw_store *store,
                                 dbw_status (*body)(dbw_database *, void *context, dbw_error *),
                                 void *context, dbw_error *error) DBW_MUST_CHECK;

/** Seals `clear` with the store's key, bound to `purpose` ("job"): only dbw_store_unseal() with the
 *  same purpose opens it. The result lies in the arena. */
dbw_status dbw_store_seal(const dbw_store *store, dbw_arena *arena, const char *purpose,
                          dbw_text clear, dbw_text *sealed, dbw_error *error) DBW_MUST_CHECK;

/** DBW_E_DATA when it was sealed with another key or for another purpose, or was altered. */
dbw_status dbw_store_unseal(const dbw_store *store, dbw_arena *arena, const char *purpose,
                            dbw_text sealed, dbw_text *clear, dbw_error *error) DBW_MUST_CHECK;

/** A keyed hash of `text` for `purpose`, as 64 hex digits: derived secrets (CSRF tokens). */
enum { DBW_STORE_DIGEST = 65 };
void dbw_store_digest(const dbw_store *store, const char *purpose, dbw_text text,
                      char out[DBW_STORE_DIGEST]);

#endif
