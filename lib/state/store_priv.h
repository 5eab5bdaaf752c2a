/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_STATE_STORE_PRIV_H
#define DBW_STATE_STORE_PRIV_H
/* The inside of the state store, for lib/state. */
#include "state/store.h"

#include <pthread.h>

enum { DBW_STORE_KEY = 32, DBW_STORE_IDLE = 8 };

struct dbw_store {
    dbw_arena *arena; /* folder, URL: not touched after opening */
    char *folder;
    dbw_url *url;
    bool own_file; /* the SQLite file in the state folder */
    unsigned char key[DBW_STORE_KEY];
    int64_t (*clock)(void *context);
    void *clock_context;
    pthread_mutex_t lock; /* of what follows */
    dbw_database *idle[DBW_STORE_IDLE];
    int64_t idle_since[DBW_STORE_IDLE];
    size_t idle_count;
    pthread_mutex_t password_lock; /* argon2id takes 19 MiB: one at a time */
};

/** Makes the folder, and those above it, with mode 0700 when it is missing, and sees that it can be
 *  used. */
dbw_status dbw_store_folder_make(const char *folder, dbw_error *error) DBW_MUST_CHECK;

/** Makes an empty file with mode 0600 when it is missing. */
dbw_status dbw_store_file_make(const char *path, dbw_error *error) DBW_MUST_CHECK;

/** Reads the key file; makes it with mode 0640 and a random key when it is missing. */
dbw_status dbw_store_key_load(dbw_arena *arena, const char *path, unsigned char key[DBW_STORE_KEY],
                              dbw_error *error) DBW_MUST_CHECK;

#endif
