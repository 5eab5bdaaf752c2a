/* SPDX-License-Identifier: Apache-2.0 */
#include "state/accounts.h"

#include "base/utf8.h"
#include "state/attempts_priv.h"
#include "state/secret.h"
#include "state/store_priv.h"

#include <sodium.h>

/* OWASP's second choice for argon2id (password storage cheat sheet): 19 MiB, 2 passes. */
enum { ARGON_OPS = 2, ARGON_BYTES = 19 * 1024 * 1024 };
enum { NAME_LIMIT = 64 };

/* --- passwords -------------------------------------------------------------------------------- */

static dbw_status check_rules(dbw_text password, dbw_error *error)
{
    if (!dbw_utf8_valid(password.data, password.length))
        dbw_fail(error, DBW_E_INVALID, "the password is not UTF-8");
    else if (dbw_utf8_characters(password.data, password.length) < DBW_PASSWORD_LEAST)
        dbw_fail(error, DBW_E_INVALID, "the password has fewer than %d characters",
                 DBW_PASSWORD_LEAST);
    else if (password.length > DBW_PASSWORD_MOST)
        dbw_fail(error, DBW_E_INVALID, "the password has more than %d bytes", DBW_PASSWORD_MOST);
    else
        return DBW_OK;
    return dbw_error_object(error, "password");
}

static dbw_status hash_password(dbw_store *store, dbw_text password,
                                char out[crypto_pwhash_STRBYTES], dbw_error *error)
{
    pthread_mutex_lock(&store->password_lock);
    int failed = crypto_pwhash_str(out, password.data, password.length, ARGON_OPS, ARGON_BYTES);
    pthread_mutex_unlock(&store->password_lock);
    return failed ? dbw_fail_memory(error) : DBW_OK;
}

/* `hash` NULL: takes as long as a real comparison and answers no. */
static bool password_matches(dbw_store *store, const char *hash, dbw_text password)
{
    char made_up[crypto_pwhash_STRBYTES];
    bool matches = false;
    if (password.length > DBW_PASSWORD_MOST)
        return false;
    pthread_mutex_lock(&store->password_lock);
    if (hash)
        matches = crypto_pwhash_str_verify(hash, password.data, password.length) == 0;
    else
        (void)!crypto_pwhash_str(made_up, password.data, password.length, ARGON_OPS, ARGON_BYTES);
    pthread_mutex_unlock(&store->password_lock);
    return matches;
}

/* --- rows ------------------------------------------------------------------------------------- */

struct change {
    dbw_arena *arena;
    int64_t now;
    const char *account;
    const char *token_hash;    /* of a set-up link, or NULL */
    const char *password_hash; /* or NULL */
    const char *keep_hash;     /* of the session to keep, or NULL */
    bool found;
};

static dbw_status add_account(dbw_database *database, const struct change *change, dbw_error *error)
{
    dbw_value values[] = {dbw_value_string(change->account), dbw_value_int(change->now)};
    return dbw_execute(database,
                       "INSERT INTO accounts (name, created_at) VALUES (?, ?)"
                       " ON CONFLICT (name) DO NOTHING",
                       values, DBW_COUNT(values), NULL, error);
}

static dbw_status check_name(const char *account, dbw_error *error)
{
    size_t length = strlen(account);
    if (length == 0 || length > NAME_LIMIT || !dbw_utf8_valid(account, length))
        return dbw_fail(error, DBW_E_INVALID, "an account's name has 1 to %d bytes", NAME_LIMIT);
    return DBW_OK;
}

static dbw_status fetch_password(dbw_store *store, dbw_arena *arena, const char *account,
                                 const char **hash, dbw_error *error)
{
    dbw_database *database;
    dbw_value value, name = dbw_value_string(account);
    *hash = NULL;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status = dbw_fetch_value(
        database, arena, "SELECT password FROM accounts WHERE name = ?", &name, 1, &value, error);
    dbw_store_return(store, database);
    if (status == DBW_OK && value.kind == DBW_KIND_TEXT)
        *hash = dbw_arena_text_string(arena, value.text);
    return status;
}

dbw_status dbw_accounts_setup_needed(dbw_store *store, bool *needed, dbw_error *error)
{
    dbw_database *database;
    dbw_value value;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_arena *arena = dbw_arena_new();
    dbw_status status =
        dbw_fetch_value(database, arena, "SELECT count(*) FROM accounts WHERE password IS NOT NULL",
                        NULL, 0, &value, error);
    dbw_arena_free(arena);
    dbw_store_return(store, database);
    *needed = status == DBW_OK && value.int64 == 0;
    return status;
}

/* --- set-up links ----------------------------------------------------------------------------- */

static dbw_status add_link(dbw_database *database, void *context, dbw_error *error)
{
    const struct change *change = context;
    dbw_value values[] = {dbw_value_string(change->token_hash), dbw_value_string(change->account),
                          dbw_value_int(change->now),
                          dbw_value_int(change->now + DBW_SETUP_LINK_SECONDS * INT64_C(1000000))};
    DBW_TRY(add_account(database, change, error));
    DBW_TRY(dbw_execute(database, "DELETE FROM setup_links WHERE account = ?", &values[1], 1, NULL,
                        error));
    return dbw_execute(database,
                       "INSERT INTO setup_links (token_hash, account, created_at, expires_at)"
                       " VALUES (?, ?, ?, ?)",
                       values, DBW_COUNT(values), NULL, error);
}

dbw_status dbw_accounts_setup_link(dbw_store *store, dbw_arena *arena, const char *account,
                                   const char **token, dbw_error *error)
{
    char *secret = dbw_arena_take(arena, DBW_SECRET_TOKEN), hash[DBW_SECRET_HASH];
    struct change change = {.now = dbw_store_now(store), .account = account, .token_hash = hash};
    DBW_TRY(check_name(account, error));
    dbw_secret_token(secret);
    dbw_secret_hash(dbw_text_of(secret), hash);
    DBW_TRY(dbw_store_transaction(store, add_link, &change, error));
    *token = secret;
    return DBW_OK;
}

/* --- changing a password ---------------------------------------------------------------------- */

static dbw_status set_password(dbw_database *database, const struct change *change,
                               dbw_error *error)
{
    dbw_value values[] = {dbw_value_string(change->password_hash), dbw_value_int(change->now),
                          dbw_value_string(change->account)};
    dbw_value kept[] = {values[2], dbw_value_string(change->keep_hash ? change->keep_hash : "")};
    DBW_TRY(add_account(database, change, error));
    DBW_TRY(dbw_execute(database, "UPDATE accounts SET password = ?, changed_at = ? WHERE name = ?",
                        values, DBW_COUNT(values), NULL, error));
    DBW_TRY(dbw_execute(database, "DELETE FROM setup_links WHERE account = ?", &values[2], 1, NULL,
                        error));
    return dbw_execute(database, "DELETE FROM sessions WHERE account = ? AND cookie_hash <> ?",
                       kept, DBW_COUNT(kept), NULL, error);
}

static dbw_status set_password_body(dbw_database *database, void *context, dbw_error *error)
{
    return set_password(database, context, error);
}

dbw_status dbw_accounts_set_password(dbw_store *store, const char *account, dbw_text password,
                                     const char *keep, dbw_error *error)
{
    char hash[crypto_pwhash_STRBYTES], keep_hash[DBW_SECRET_HASH];
    struct change change = {.now = dbw_store_now(store), .account = account, .password_hash = hash};
    DBW_TRY(check_name(account, error));
    DBW_TRY(check_rules(password, error));
    DBW_TRY(hash_password(store, password, hash, error));
    if (keep) {
        dbw_secret_hash(dbw_text_of(keep), keep_hash);
        change.keep_hash = keep_hash;
    }
    return dbw_store_transaction(store, set_password_body, &change, error);
}

static dbw_status find_link(dbw_database *database, struct change *change, dbw_error *error)
{
    dbw_value values[] = {dbw_value_string(change->token_hash), dbw_value_int(change->now)}, found;
    DBW_TRY(dbw_fetch_value(database, change->arena,
                            "SELECT account FROM setup_links WHERE token_hash = ?"
                            " AND expires_at > ?",
                            values, DBW_COUNT(values), &found, error));
    change->found = found.kind == DBW_KIND_TEXT;
    if (change->found)
        change->account = dbw_arena_text_string(change->arena, found.text);
    return DBW_OK;
}

static dbw_status look_for_link(dbw_database *database, void *context, dbw_error *error)
{
    return find_link(database, context, error);
}

/* The link goes with the password: set_password() removes all of the account's. */
static dbw_status use_link(dbw_database *database, void *context, dbw_error *error)
{
    struct change *change = context;
    DBW_TRY(find_link(database, change, error));
    return change->found ? set_password(database, change, error) : DBW_OK;
}

static dbw_status fail_link(dbw_error *error)
{
    dbw_fail(error, DBW_E_AUTH, "the set-up link is not valid: it was used, or is too old");
    return dbw_hint(error, "Make a new one: dbwizard admin setup-link");
}

dbw_status dbw_accounts_set_up(dbw_store *store, dbw_arena *arena, dbw_text token,
                               dbw_text password, const char *address, const char **account,
                               int *retry_after, dbw_error *error)
{
    char token_hash[DBW_SECRET_HASH], hash[crypto_pwhash_STRBYTES];
    struct change change = {.arena = arena,
                            .now = dbw_store_now(store),
                            .token_hash = token_hash,
                            .password_hash = hash};
    *retry_after = 0;
    dbw_secret_hash(token, token_hash);
    DBW_TRY(check_rules(password, error));
    /* Looked up before the password is hashed: guessing a token must not cost us 19 MiB. */
    DBW_TRY(dbw_attempts_enter(store, address, NULL, retry_after, error));
    DBW_TRY(dbw_store_transaction(store, look_for_link, &change, error));
    if (!change.found)
        return fail_link(error);
    DBW_TRY(hash_password(store, password, hash, error));
    DBW_TRY(dbw_store_transaction(store, use_link, &change, error));
    if (!change.found)
        return fail_link(error);
    *account = change.account;
    return dbw_attempts_forget(store, address, change.account, error);
}

/* --- logging in ------------------------------------------------------------------------------- */

dbw_status dbw_accounts_check(dbw_store *store, const char *account, dbw_text password,
                              const char *address, int *retry_after, dbw_error *error)
{
    const char *hash;
    bool needed;
    *retry_after = 0;
    DBW_TRY(dbw_accounts_setup_needed(store, &needed, error));
    if (needed) {
        dbw_fail(error, DBW_E_CONFLICT, "no password was set yet");
        return dbw_hint(error, "Run: dbwizard admin setup-link");
    }
    DBW_TRY(dbw_attempts_enter(store, address, account, retry_after, error));
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = fetch_password(store, arena, account, &hash, error);
    if (status == DBW_OK && !password_matches(store, hash, password))
        status = dbw_fail(error, DBW_E_AUTH, "the password is wrong");
    dbw_arena_free(arena);
    DBW_TRY(status);
    return dbw_attempts_forget(store, address, account, error);
}
