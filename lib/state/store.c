/* SPDX-License-Identifier: Apache-2.0 */
#include "state/store.h"

#include "revision/upgrade.h"
#include "state/store_priv.h"

#include <sodium.h>
#include <time.h>

enum { BUSY_MS = 10000, MIGRATE_BUSY_MS = 60000, TRIES = 4, STALE_US = 30 * 1000000 };

static int64_t wall_clock(void *context DBW_UNUSED)
{
    return dbw_clock_wall();
}

/* --- opening ---------------------------------------------------------------------------------- */

static dbw_status settle_url(dbw_store *store, const dbw_store_options *options, dbw_error *error)
{
    if (options->url && options->url[0]) {
        DBW_TRY(dbw_url_parse(store->arena, dbw_text_of(options->url), &store->url, error));
        return dbw_url_validate(store->url, error);
    }
    store->own_file = true;
    store->url = DBW_NEW(store->arena, dbw_url);
    store->url->drivername = dbw_arena_string(store->arena, "sqlite");
    store->url->backend = store->url->drivername;
    store->url->database = dbw_arena_printf(store->arena, "%s/state.sqlite3", store->folder);
    return dbw_store_file_make(store->url->database, error);
}

static dbw_status connect(const dbw_store *store, int64_t busy_ms, dbw_database **out,
                          dbw_error *error)
{
    dbw_open_options options = {.busy_timeout_ms = busy_ms,
                                .application_name = "dbwizard state",
                                .base_directory = store->folder};
    dbw_status status = dbw_database_open(store->url, &options, out, error);
    if (status != DBW_OK)
        dbw_error_prefix(error, "unable to open the state store");
    return status;
}

/* Readers then never wait for the writer. Lasts in the file; switching needs it for itself, which
 * SQLite does not wait for. */
static dbw_status switch_to_wal(dbw_database *database, dbw_error *error)
{
    dbw_status status = DBW_OK;
    for (int attempt = 0; attempt < 100; attempt++) {
        status = dbw_execute(database, "PRAGMA journal_mode = WAL", NULL, 0, NULL, error);
        if (status != DBW_E_LOCKED)
            break;
        nanosleep(&(struct timespec){.tv_nsec = 20 * 1000000}, NULL);
    }
    return status;
}

static const char *migrations_folder(dbw_arena *arena, const char *wanted)
{
    const char *data = getenv("DBWIZARD_DATA_DIR");
    if (wanted)
        return wanted;
    return dbw_arena_printf(arena, "%s/migrations", data && data[0] ? data : DBW_DATA_DIR);
}

static dbw_status upgrade(dbw_database *database, dbw_arena *arena, const char *migrations,
                          dbw_error *error)
{
    dbw_revision_directory *directory;
    DBW_TRY(dbw_revision_directory_read(arena, migrations_folder(arena, migrations), &directory,
                                        error));
    return dbw_revision_upgrade(database, directory, NULL, NULL, error);
}

static dbw_status migrate(dbw_store *store, const char *migrations, dbw_error *error)
{
    dbw_database *database = NULL;
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = connect(store, MIGRATE_BUSY_MS, &database, error);
    if (status == DBW_OK && store->own_file)
        status = switch_to_wal(database, error);
    if (status == DBW_OK) {
        status = upgrade(database, arena, migrations, error);
        if (status != DBW_OK)
            dbw_error_prefix(error, "unable to prepare the state store");
    }
    dbw_database_close(database);
    dbw_arena_free(arena);
    return status;
}

dbw_status dbw_store_open(const dbw_store_options *options, dbw_store **out, dbw_error *error)
{
    *out = NULL;
    if (sodium_init() < 0)
        return dbw_fail(error, DBW_E_INTERNAL, "unable to start libsodium");
    dbw_store *store = calloc(1, sizeof *store);
    if (!store)
        return dbw_fail_memory(error);
    store->arena = dbw_arena_new();
    store->folder = dbw_arena_string(store->arena, options->folder);
    store->clock = options->clock ? options->clock : wall_clock;
    store->clock_context = options->clock_context;
    pthread_mutex_init(&store->lock, NULL);
    pthread_mutex_init(&store->password_lock, NULL);
    const char *key = options->key_file && options->key_file[0]
                          ? options->key_file
                          : dbw_arena_printf(store->arena, "%s/secret.key", store->folder);
    dbw_status status;
    DBW_TRY_GOTO(status, fail, dbw_store_folder_make(store->folder, error));
    DBW_TRY_GOTO(status, fail, dbw_store_key_load(store->arena, key, store->key, error));
    DBW_TRY_GOTO(status, fail, settle_url(store, options, error));
    DBW_TRY_GOTO(status, fail, migrate(store, options->migrations, error));
    *out = store;
    return DBW_OK;
fail:
    dbw_store_close(store);
    return status;
}

void dbw_store_close(dbw_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < store->idle_count; i++)
        dbw_database_close(store->idle[i]);
    pthread_mutex_destroy(&store->lock);
    pthread_mutex_destroy(&store->password_lock);
    sodium_memzero(store->key, sizeof store->key);
    dbw_arena_free(store->arena);
    free(store);
}

const char *dbw_store_folder(const dbw_store *store)
{
    return store->folder;
}

int64_t dbw_store_now(const dbw_store *store)
{
    return store->clock(store->clock_context);
}

/* --- connections ------------------------------------------------------------------------------ */

dbw_status dbw_store_borrow(dbw_store *store, dbw_database **out, dbw_error *error)
{
    int64_t since = 0;
    *out = NULL;
    pthread_mutex_lock(&store->lock);
    if (store->idle_count) {
        *out = store->idle[--store->idle_count];
        since = store->idle_since[store->idle_count];
    }
    pthread_mutex_unlock(&store->lock);
    if (*out && dbw_clock_monotonic() - since > STALE_US) {
        dbw_error gone;
        if (dbw_database_ping(*out, &gone) != DBW_OK) {
            dbw_database_close(*out);
            *out = NULL;
        }
    }
    return *out ? DBW_OK : connect(store, BUSY_MS, out, error);
}

void dbw_store_return(dbw_store *store, dbw_database *database)
{
    if (!database)
        return;
    dbw_rollback(database);
    pthread_mutex_lock(&store->lock);
    if (store->idle_count < DBW_STORE_IDLE) {
        store->idle_since[store->idle_count] = dbw_clock_monotonic();
        store->idle[store->idle_count++] = database;
        database = NULL;
    }
    pthread_mutex_unlock(&store->lock);
    dbw_database_close(database);
}

/* Locked (SQLite), or lost against another transaction: serialization failure, deadlock, a row that
 * was not there when it was looked for. The next try sees what the other one wrote. */
static bool worth_another_try(dbw_status status, const dbw_error *error)
{
    static const char *const states[] = {"40001", "40P01", "23505"};
    for (size_t i = 0; i < DBW_COUNT(states); i++)
        if (strcmp(error->sqlstate, states[i]) == 0)
            return true;
    return status == DBW_E_LOCKED;
}

/* Nothing that a statement or its data did: the connection itself may be at fault. */
static bool is_broken(dbw_status status)
{
    return status == DBW_E_UNREACHABLE || status == DBW_E_TIMEOUT || status == DBW_E_IO ||
           status == DBW_E_INTERNAL;
}

dbw_status dbw_store_transaction(dbw_store *store,
                                 dbw_status (*body)(dbw_database *, void *context, dbw_error *),
                                 void *context, dbw_error *error)
{
    dbw_database *database;
    dbw_status status = DBW_OK;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_deadline enough = dbw_deadline_in(BUSY_MS); /* a try that waited so long was the last one */
    for (int attempt = 0; attempt < TRIES; attempt++) {
        status = dbw_transaction(database, body, context, error);
        if (status == DBW_OK || !worth_another_try(status, error) || dbw_deadline_left(enough) == 0)
            break;
    }
    if (is_broken(status))
        dbw_database_close(database);
    else
        dbw_store_return(store, database);
    return status;
}

/* --- secrets ---------------------------------------------------------------------------------- */

/* XChaCha20-Poly1305 with a random nonce, the purpose authenticated beside it; "1." names the
 * form. Base64, so that the store needs no type for bytes. */
dbw_status dbw_store_seal(const dbw_store *store, dbw_arena *arena, const char *purpose,
                          dbw_text clear, dbw_text *sealed, dbw_error *error)
{
    enum {
        NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
        MAC = crypto_aead_xchacha20poly1305_ietf_ABYTES
    };
    if (clear.length > DBW_URL_LIMIT * 64)
        return dbw_fail(error, DBW_E_LIMIT, "unable to seal %zu bytes: too many", clear.length);
    size_t length = NONCE + clear.length + MAC;
    unsigned char *bytes = dbw_arena_take(arena, length);
    randombytes_buf(bytes, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes + NONCE, NULL, (const unsigned char *)clear.data, clear.length,
        (const unsigned char *)purpose, strlen(purpose), NULL, bytes, store->key);
    size_t room = 2 + sodium_base64_ENCODED_LEN(length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = dbw_arena_take(arena, room);
    memcpy(text, "1.", 2);
    sodium_bin2base64(text + 2, room - 2, bytes, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    *sealed = dbw_text_of(text);
    return DBW_OK;
}

dbw_status dbw_store_unseal(const dbw_store *store, dbw_arena *arena, const char *purpose,
                            dbw_text sealed, dbw_text *clear, dbw_error *error)
{
    enum {
        NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
        MAC = crypto_aead_xchacha20poly1305_ietf_ABYTES
    };
    unsigned char *bytes = dbw_arena_take(arena, sealed.length + 1);
    unsigned char *out = dbw_arena_take(arena, sealed.length + 1);
    size_t length = 0;
    unsigned long long got = 0;
    bool good = sealed.length > 2 && memcmp(sealed.data, "1.", 2) == 0 &&
                sodium_base642bin(bytes, sealed.length, sealed.data + 2, sealed.length - 2, NULL,
                                  &length, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
                length >= NONCE + MAC &&
                crypto_aead_xchacha20poly1305_ietf_decrypt(
                    out, &got, NULL, bytes + NONCE, length - NONCE, (const unsigned char *)purpose,
                    strlen(purpose), bytes, store->key) == 0;
    if (!good) {
        dbw_fail(error, DBW_E_DATA, "unable to open a sealed %s: it was sealed with another key",
                 purpose);
        return dbw_hint(error, "Put back the secret key file with which the state was written.");
    }
    *clear = (dbw_text){(const char *)out, (size_t)got};
    return DBW_OK;
}

void dbw_store_digest(const dbw_store *store, const char *purpose, dbw_text text,
                      char out[DBW_STORE_DIGEST])
{
    unsigned char hash[32], zero = 0;
    crypto_generichash_state state;
    crypto_generichash_init(&state, store->key, sizeof store->key, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose));
    crypto_generichash_update(&state, &zero, 1);
    crypto_generichash_update(&state, (const unsigned char *)text.data, text.length);
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, DBW_STORE_DIGEST, hash, sizeof hash);
}
