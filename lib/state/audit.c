/* SPDX-License-Identifier: Apache-2.0 */
#include "state/audit.h"

#include "base/utf8.h"

#include <json-c/json.h>

enum { TEXT_LIMIT = 1024, LIST_LIMIT = 1000 };

/* Cut, and without control characters, which could forge lines where it is printed. */
static dbw_value cut(char *copy)
{
    size_t length = dbw_utf8_cut(copy, strlen(copy), TEXT_LIMIT);
    if (!dbw_utf8_valid(copy, length))
        length = dbw_utf8_invalid_at(copy, length);
    copy[length] = '\0';
    for (char *p = copy; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            *p = ' ';
    return dbw_value_string(copy);
}

static dbw_value clean(dbw_arena *arena, const char *text)
{
    return text ? cut(dbw_redact(arena, dbw_text_of(text))) : DBW_NULL;
}

dbw_status dbw_audit_write(dbw_store *store, const dbw_audit_entry *entry, dbw_error *error)
{
    dbw_database *database;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_arena *arena = dbw_arena_new();
    dbw_value values[] = {dbw_value_int(dbw_store_now(store)),
                          cut(dbw_arena_string(arena, entry->who ? entry->who : "unknown")),
                          clean(arena, entry->address),
                          clean(arena, entry->action),
                          clean(arena, entry->object),
                          clean(arena, entry->outcome ? entry->outcome : "done")};
    dbw_status status = dbw_execute(database,
                                    "INSERT INTO audit_log (at, who, address, action, object,"
                                    " outcome) VALUES (?, ?, ?, ?, ?, ?)",
                                    values, DBW_COUNT(values), NULL, error);
    dbw_arena_free(arena);
    dbw_store_return(store, database);
    return status;
}

static struct json_object *text_json(const dbw_value *value)
{
    if (value->kind != DBW_KIND_TEXT)
        return NULL;
    return json_object_new_string_len(value->text.data, (int)value->text.length);
}

static struct json_object *entry_json(const dbw_value *row)
{
    static const char *const names[] = {"who", "address", "action", "object", "outcome"};
    struct json_object *entry = json_object_new_object();
    char at[DBW_CLOCK_TEXT];
    dbw_clock_format(row[1].int64, at);
    json_object_object_add(entry, "id", json_object_new_int64(row[0].int64));
    json_object_object_add(entry, "at", json_object_new_string(at));
    for (size_t i = 0; i < DBW_COUNT(names); i++)
        json_object_object_add(entry, names[i], text_json(&row[2 + i]));
    return entry;
}

static dbw_status list(dbw_database *database, const dbw_value *limits, struct json_object *entries,
                       dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_fetch(database,
                      "SELECT id, at, who, address, action, object, outcome FROM audit_log"
                      " WHERE id < ? ORDER BY id DESC LIMIT ?",
                      limits, 2, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row)
        json_object_array_add(entries, entry_json(row));
    dbw_rows_close(rows);
    return status;
}

dbw_status dbw_audit_list(dbw_store *store, int64_t before, int limit, struct json_object **out,
                          dbw_error *error)
{
    dbw_database *database;
    *out = NULL;
    if (limit < 1 || limit > LIST_LIMIT) {
        dbw_fail(error, DBW_E_INVALID, "limit is 1 to %d", LIST_LIMIT);
        return dbw_error_object(error, "limit");
    }
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_value limits[] = {dbw_value_int(before > 0 ? before : INT64_MAX), dbw_value_int(limit)};
    struct json_object *entries = json_object_new_array();
    dbw_status status = list(database, limits, entries, error);
    dbw_store_return(store, database);
    if (status != DBW_OK) {
        json_object_put(entries);
        return status;
    }
    *out = json_object_new_object();
    json_object_object_add(*out, "entries", entries);
    return DBW_OK;
}
