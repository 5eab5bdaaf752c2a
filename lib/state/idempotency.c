/* SPDX-License-Identifier: Apache-2.0 */
#include "state/idempotency.h"

#include "state/secret.h"

#define KEPT (DBW_IDEMPOTENCY_HOURS * INT64_C(3600000000))

static dbw_status wrong(dbw_error *error, const char *message)
{
    dbw_fail(error, DBW_E_INVALID, "%s", message);
    return dbw_error_object(error, "Idempotency-Key");
}

static dbw_status check(const dbw_idempotency *idempotency, dbw_error *error)
{
    size_t length = strlen(idempotency->key);
    bool good = length > 0 && length <= DBW_IDEMPOTENCY_KEY_LIMIT;
    for (size_t i = 0; good && i < length; i++)
        good = idempotency->key[i] >= ' ' && idempotency->key[i] <= '~';
    if (good)
        return DBW_OK;
    return wrong(error, "an idempotency key has 1 to 255 printable ASCII characters");
}

dbw_status dbw_idempotency_find(dbw_database *database, dbw_arena *arena,
                                const dbw_idempotency *idempotency, int64_t now, const char **job,
                                dbw_error *error)
{
    char hash[DBW_SECRET_HASH];
    dbw_value keys[] = {dbw_value_string(idempotency->actor), dbw_value_string(idempotency->key),
                        dbw_value_int(now - KEPT)};
    dbw_value *row;
    *job = NULL;
    DBW_TRY(check(idempotency, error));
    DBW_TRY(dbw_fetch_one(database, arena,
                          "SELECT request_hash, job FROM idempotency WHERE actor = ?"
                          " AND idempotency_key = ? AND created_at > ?",
                          keys, DBW_COUNT(keys), &row, error));
    if (!row)
        return DBW_OK;
    dbw_secret_hash(idempotency->request, hash);
    if (!dbw_text_is(row[0].text, hash)) {
        wrong(error, "this idempotency key was used for another request");
        return dbw_hint(error, "Use a new key for each request that is not a repetition.");
    }
    *job = dbw_arena_text_string(arena, row[1].text);
    return DBW_OK;
}

dbw_status dbw_idempotency_keep(dbw_database *database, const dbw_idempotency *idempotency,
                                int64_t now, const char *job, dbw_error *error)
{
    char hash[DBW_SECRET_HASH];
    dbw_secret_hash(idempotency->request, hash);
    dbw_value limit = dbw_value_int(now - KEPT);
    dbw_value values[] = {dbw_value_string(idempotency->actor), dbw_value_string(idempotency->key),
                          dbw_value_string(hash), dbw_value_string(job), dbw_value_int(now)};
    DBW_TRY(dbw_execute(database, "DELETE FROM idempotency WHERE created_at <= ?", &limit, 1, NULL,
                        error));
    return dbw_execute(database,
                       "INSERT INTO idempotency (actor, idempotency_key, request_hash, job,"
                       " created_at) VALUES (?, ?, ?, ?, ?)",
                       values, DBW_COUNT(values), NULL, error);
}
