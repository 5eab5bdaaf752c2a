/* SPDX-License-Identifier: Apache-2.0 */
#include "state/tokens.h"

#include "base/utf8.h"
#include "state/secret.h"

#include <json-c/json.h>

#define PREFIX "dbw_"
#define COLUMNS "id, name, scopes, apps, created_at, expires_at, last_used_at"
#define WRITE_AFTER INT64_C(60000000)
enum {
    NAME_LIMIT = 64,
    APPS_LIMIT = 1024,
    SECRET_LENGTH = sizeof PREFIX - 1 + DBW_SECRET_TOKEN - 1
};

/* --- scopes ----------------------------------------------------------------------------------- */

static const char *const slugs[] = {
#define DBW_SCOPE(name, slug, help) [DBW_SCOPE_BIT_##name] = (slug),
#include "state/scopes.def"
#undef DBW_SCOPE
};

const char *dbw_scope_at(size_t n)
{
    return n < DBW_COUNT(slugs) ? slugs[n] : NULL;
}

dbw_scopes dbw_scope_find(dbw_text slug)
{
    for (size_t i = 0; i < DBW_COUNT(slugs); i++)
        if (dbw_text_is(slug, slugs[i]))
            return 1u << i;
    return DBW_SCOPE_NONE;
}

bool dbw_scopes_allow(dbw_scopes have, dbw_scopes need)
{
    if (need == DBW_SCOPE_NONE)
        return false;
    return (have & DBW_SCOPE_ADMIN) != 0 || (have & need) == need;
}

dbw_status dbw_scopes_parse(dbw_text list, dbw_scopes *out, dbw_error *error)
{
    *out = DBW_SCOPE_NONE;
    while (list.length) {
        size_t length = 0, from = 0;
        while (length < list.length && list.data[length] != ',')
            length++;
        size_t end = length;
        while (from < end && list.data[from] == ' ')
            from++;
        while (end > from && list.data[end - 1] == ' ')
            end--;
        dbw_text slug = {list.data + from, end - from};
        dbw_scopes scope = dbw_scope_find(slug);
        if (scope == DBW_SCOPE_NONE) {
            dbw_fail(error, DBW_E_INVALID, "unknown scope '%.*s'",
                     (int)(slug.length < 40 ? slug.length : 40), slug.data);
            dbw_hint(error, "Scopes are connect, migrate, jobs, admin.");
            return dbw_error_object(error, "scopes");
        }
        *out |= scope;
        length += length < list.length;
        list.data += length;
        list.length -= length;
    }
    return DBW_OK;
}

static char *scopes_text(dbw_arena *arena, dbw_scopes scopes)
{
    char *text = dbw_arena_string(arena, "");
    for (size_t i = 0; i < DBW_COUNT(slugs); i++)
        if (scopes & 1u << i)
            text = dbw_arena_printf(arena, "%s%s%s", text, text[0] ? "," : "", slugs[i]);
    return text;
}

/* --- rows ------------------------------------------------------------------------------------- */

static int64_t time_or_zero(const dbw_value *value)
{
    return value->kind == DBW_KIND_INT64 ? value->int64 : 0;
}

static dbw_status read_row(dbw_arena *arena, const dbw_value *row, dbw_token *out, dbw_error *error)
{
    out->id = dbw_arena_text_string(arena, row[0].text);
    out->name = dbw_arena_text_string(arena, row[1].text);
    out->apps = row[3].kind == DBW_KIND_TEXT ? dbw_arena_text_string(arena, row[3].text) : NULL;
    out->created_at = row[4].int64;
    out->expires_at = time_or_zero(&row[5]);
    out->last_used_at = time_or_zero(&row[6]);
    return dbw_scopes_parse(row[2].text, &out->scopes, error);
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            return true;
    return false;
}

static dbw_status check_request(const dbw_token_request *request, int64_t now, dbw_error *error)
{
    const char *name = request->name ? request->name : "", *apps = request->apps;
    size_t length = strlen(name);
    if (length == 0 || has_control(name) || !dbw_utf8_valid(name, length) ||
        dbw_utf8_characters(name, length) > NAME_LIMIT) {
        dbw_fail(error, DBW_E_INVALID, "a token's name has 1 to %d characters", NAME_LIMIT);
        return dbw_error_object(error, "name");
    }
    if (request->scopes == DBW_SCOPE_NONE) {
        dbw_fail(error, DBW_E_INVALID, "a token needs at least one scope");
        return dbw_error_object(error, "scopes");
    }
    if (apps && (apps[0] == '\0' || has_control(apps) || strlen(apps) > APPS_LIMIT ||
                 !dbw_utf8_valid(apps, strlen(apps)))) {
        dbw_fail(error, DBW_E_INVALID, "the applications of a token are a list of names");
        return dbw_error_object(error, "apps");
    }
    if (request->expires_at && request->expires_at <= now) {
        dbw_fail(error, DBW_E_INVALID, "a token cannot expire in the past");
        return dbw_error_object(error, "expires_at");
    }
    return DBW_OK;
}

dbw_status dbw_tokens_create(dbw_store *store, dbw_arena *arena, const dbw_token_request *request,
                             dbw_token *out, const char **secret, dbw_error *error)
{
    char random[DBW_SECRET_TOKEN], hash[DBW_SECRET_HASH], id[DBW_SECRET_ID];
    int64_t now = dbw_store_now(store);
    dbw_database *database;
    DBW_TRY(check_request(request, now, error));
    dbw_secret_token(random);
    dbw_secret_id(id);
    char *clear = dbw_arena_printf(arena, PREFIX "%s", random);
    dbw_secret_hash(dbw_text_of(clear), hash);
    dbw_value values[] = {dbw_value_string(id),
                          dbw_value_string(hash),
                          dbw_value_string(request->name),
                          dbw_value_string(scopes_text(arena, request->scopes)),
                          dbw_value_string(request->apps),
                          dbw_value_int(now),
                          request->expires_at ? dbw_value_int(request->expires_at) : DBW_NULL};
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status = dbw_execute(database,
                                    "INSERT INTO tokens (id, secret_hash, name, scopes, apps,"
                                    " created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                                    values, DBW_COUNT(values), NULL, error);
    dbw_store_return(store, database);
    DBW_TRY(status);
    *out = (dbw_token){.id = dbw_arena_string(arena, id),
                       .name = dbw_arena_string(arena, request->name),
                       .scopes = request->scopes,
                       .apps = dbw_arena_string(arena, request->apps),
                       .created_at = now,
                       .expires_at = request->expires_at};
    *secret = clear;
    return DBW_OK;
}

static dbw_status find(dbw_database *database, dbw_arena *arena, const char *hash, int64_t now,
                       dbw_token *out, dbw_error *error)
{
    dbw_value key = dbw_value_string(hash), *row;
    DBW_TRY(dbw_fetch_one(database, arena, "SELECT " COLUMNS " FROM tokens WHERE secret_hash = ?",
                          &key, 1, &row, error));
    if (!row)
        return dbw_fail(error, DBW_E_AUTH, "the token is unknown or was revoked");
    DBW_TRY(read_row(arena, row, out, error));
    if (out->expires_at && out->expires_at <= now)
        return dbw_fail(error, DBW_E_AUTH, "the token has expired");
    if (now - out->last_used_at < WRITE_AFTER)
        return DBW_OK;
    dbw_value values[] = {dbw_value_int(now), key};
    return dbw_execute(database, "UPDATE tokens SET last_used_at = ? WHERE secret_hash = ?", values,
                       DBW_COUNT(values), NULL, error);
}

dbw_status dbw_tokens_find(dbw_store *store, dbw_arena *arena, dbw_text secret, dbw_token *out,
                           dbw_error *error)
{
    char hash[DBW_SECRET_HASH];
    dbw_database *database;
    *out = (dbw_token){0};
    if (secret.length != SECRET_LENGTH || memcmp(secret.data, PREFIX, sizeof PREFIX - 1) != 0)
        return dbw_fail(error, DBW_E_AUTH, "the token is unknown or was revoked");
    dbw_secret_hash(secret, hash);
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status = find(database, arena, hash, dbw_store_now(store), out, error);
    dbw_store_return(store, database);
    if (status != DBW_OK)
        *out = (dbw_token){0};
    return status;
}

static dbw_status list(dbw_database *database, dbw_arena *arena, dbw_token **out, size_t *count,
                       dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_fetch(database, "SELECT " COLUMNS " FROM tokens ORDER BY created_at DESC, id DESC",
                      NULL, 0, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row) {
        status = read_row(arena, row, DBW_APPEND(arena, *out, *count), error);
        if (status != DBW_OK)
            break;
    }
    dbw_rows_close(rows);
    return status;
}

dbw_status dbw_tokens_list(dbw_store *store, dbw_arena *arena, dbw_token **out, size_t *count,
                           dbw_error *error)
{
    dbw_database *database;
    *out = NULL;
    *count = 0;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status = list(database, arena, out, count, error);
    dbw_store_return(store, database);
    return status;
}

dbw_status dbw_tokens_revoke(dbw_store *store, const char *id, dbw_error *error)
{
    dbw_database *database;
    dbw_value key = dbw_value_string(id);
    int64_t affected;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status =
        dbw_execute(database, "DELETE FROM tokens WHERE id = ?", &key, 1, &affected, error);
    dbw_store_return(store, database);
    DBW_TRY(status);
    if (affected)
        return DBW_OK;
    return dbw_fail(error, DBW_E_NOT_FOUND, "token '%.40s' does not exist", id);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static struct json_object *time_json(int64_t at)
{
    char text[DBW_CLOCK_TEXT];
    if (!at)
        return NULL;
    dbw_clock_format(at, text);
    return json_object_new_string(text);
}

static struct json_object *apps_json(const char *apps)
{
    if (!apps)
        return NULL;
    struct json_object *array = json_object_new_array();
    while (*apps) {
        size_t length = strcspn(apps, ",");
        if (length)
            json_object_array_add(array, json_object_new_string_len(apps, (int)length));
        apps += length + (apps[length] == ',');
    }
    return array;
}

struct json_object *dbw_token_to_json(const dbw_token *token)
{
    struct json_object *object = json_object_new_object(), *scopes = json_object_new_array();
    for (size_t i = 0; i < DBW_COUNT(slugs); i++)
        if (token->scopes & 1u << i)
            json_object_array_add(scopes, json_object_new_string(slugs[i]));
    json_object_object_add(object, "id", json_object_new_string(token->id));
    json_object_object_add(object, "name", json_object_new_string(token->name));
    json_object_object_add(object, "scopes", scopes);
    json_object_object_add(object, "apps", apps_json(token->apps));
    json_object_object_add(object, "created_at", time_json(token->created_at));
    json_object_object_add(object, "expires_at", time_json(token->expires_at));
    json_object_object_add(object, "last_used_at", time_json(token->last_used_at));
    return object;
}
