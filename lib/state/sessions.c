/* SPDX-License-Identifier: Apache-2.0 */
#include "state/sessions.h"

#include "state/secret.h"

#define SECOND INT64_C(1000000)
#define IDLE (DBW_SESSION_IDLE_SECONDS * SECOND)
#define MOST (DBW_SESSION_MOST_SECONDS * SECOND)
#define WRITE_AFTER (60 * SECOND)

struct sessions {
    dbw_session *session;
    const char *address;
    char hash[DBW_SECRET_HASH];
    int64_t now;
    bool found;
};

static int64_t expiry(int64_t created_at, int64_t used_at)
{
    int64_t idle = used_at + IDLE, most = created_at + MOST;
    return idle < most ? idle : most;
}

static void fill(const dbw_store *store, dbw_session *session)
{
    dbw_store_digest(store, "csrf", dbw_text_of(session->cookie), session->csrf);
}

static dbw_status purge(dbw_database *database, int64_t now, dbw_error *error)
{
    dbw_value limits[] = {dbw_value_int(now - IDLE), dbw_value_int(now - MOST)};
    dbw_value at = dbw_value_int(now), quiet = dbw_value_int(now - 3600 * SECOND);
    DBW_TRY(dbw_execute(database, "DELETE FROM sessions WHERE used_at <= ? OR created_at <= ?",
                        limits, DBW_COUNT(limits), NULL, error));
    DBW_TRY(dbw_execute(database, "DELETE FROM setup_links WHERE expires_at <= ?", &at, 1, NULL,
                        error));
    return dbw_execute(database, "DELETE FROM attempts WHERE last_at <= ?", &quiet, 1, NULL, error);
}

static dbw_status start(dbw_database *database, void *context, dbw_error *error)
{
    const struct sessions *s = context;
    dbw_value values[] = {dbw_value_string(s->hash), dbw_value_string(s->session->account),
                          dbw_value_string(s->address), dbw_value_int(s->now),
                          dbw_value_int(s->now)};
    DBW_TRY(purge(database, s->now, error));
    return dbw_execute(database,
                       "INSERT INTO sessions (cookie_hash, account, address, created_at, used_at)"
                       " VALUES (?, ?, ?, ?, ?)",
                       values, DBW_COUNT(values), NULL, error);
}

dbw_status dbw_sessions_start(dbw_store *store, const char *account, const char *address,
                              dbw_session *out, dbw_error *error)
{
    struct sessions s = {.session = out, .address = address, .now = dbw_store_now(store)};
    *out = (dbw_session){.created_at = s.now, .expires_at = expiry(s.now, s.now)};
    snprintf(out->account, sizeof out->account, "%s", account);
    dbw_secret_token(out->cookie);
    dbw_secret_hash(dbw_text_of(out->cookie), s.hash);
    fill(store, out);
    return dbw_store_transaction(store, start, &s, error);
}

static dbw_status find(dbw_database *database, struct sessions *s, dbw_arena *arena,
                       dbw_error *error)
{
    dbw_value key = dbw_value_string(s->hash), *row;
    DBW_TRY(dbw_fetch_one(database, arena,
                          "SELECT account, created_at, used_at FROM sessions"
                          " WHERE cookie_hash = ?",
                          &key, 1, &row, error));
    if (!row || expiry(row[1].int64, row[2].int64) <= s->now)
        return DBW_OK;
    s->found = true;
    snprintf(s->session->account, sizeof s->session->account, "%.*s", (int)row[0].text.length,
             row[0].text.data);
    s->session->created_at = row[1].int64;
    s->session->expires_at = expiry(row[1].int64, s->now);
    if (s->now - row[2].int64 < WRITE_AFTER)
        return DBW_OK;
    dbw_value values[] = {dbw_value_int(s->now), key};
    return dbw_execute(database, "UPDATE sessions SET used_at = ? WHERE cookie_hash = ?", values,
                       DBW_COUNT(values), NULL, error);
}

dbw_status dbw_sessions_find(dbw_store *store, dbw_text cookie, dbw_session *out, dbw_error *error)
{
    struct sessions s = {.session = out, .now = dbw_store_now(store)};
    dbw_database *database;
    *out = (dbw_session){0};
    if (cookie.length != DBW_SESSION_COOKIE - 1)
        return dbw_fail(error, DBW_E_AUTH, "not logged in");
    memcpy(out->cookie, cookie.data, cookie.length);
    dbw_secret_hash(cookie, s.hash);
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = find(database, &s, arena, error);
    dbw_arena_free(arena);
    dbw_store_return(store, database);
    if (status == DBW_OK && !s.found)
        status = dbw_fail(error, DBW_E_AUTH, "not logged in");
    if (status == DBW_OK)
        fill(store, out);
    else
        *out = (dbw_session){0};
    return status;
}

bool dbw_sessions_csrf_matches(const dbw_session *session, dbw_text csrf)
{
    return dbw_secret_equal(dbw_text_of(session->csrf), csrf);
}

/* One statement with one or two parameters, on a connection of its own. */
static dbw_status run(dbw_store *store, const char *sql, const dbw_value *values, size_t count,
                      dbw_error *error)
{
    dbw_database *database;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status = dbw_execute(database, sql, values, count, NULL, error);
    dbw_store_return(store, database);
    return status;
}

dbw_status dbw_sessions_end(dbw_store *store, dbw_text cookie, dbw_error *error)
{
    char hash[DBW_SECRET_HASH];
    dbw_secret_hash(cookie, hash);
    dbw_value key = dbw_value_string(hash);
    return run(store, "DELETE FROM sessions WHERE cookie_hash = ?", &key, 1, error);
}

dbw_status dbw_sessions_end_others(dbw_store *store, const char *account, const char *keep,
                                   dbw_error *error)
{
    char hash[DBW_SECRET_HASH] = "";
    if (keep)
        dbw_secret_hash(dbw_text_of(keep), hash);
    dbw_value values[] = {dbw_value_string(account), dbw_value_string(hash)};
    return run(store, "DELETE FROM sessions WHERE account = ? AND cookie_hash <> ?", values,
               DBW_COUNT(values), error);
}

static dbw_status purge_body(dbw_database *database, void *context, dbw_error *error)
{
    return purge(database, *(const int64_t *)context, error);
}

dbw_status dbw_sessions_purge(dbw_store *store, dbw_error *error)
{
    int64_t now = dbw_store_now(store);
    return dbw_store_transaction(store, purge_body, &now, error);
}
