/* SPDX-License-Identifier: Apache-2.0 */
#include "state/settings.h"

dbw_status dbw_settings_get(dbw_store *store, dbw_arena *arena, const char *name,
                            const char **value, dbw_error *error)
{
    dbw_database *database;
    dbw_value key = dbw_value_string(name), found;
    *value = NULL;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status = dbw_fetch_value(
        database, arena, "SELECT value FROM settings WHERE name = ?", &key, 1, &found, error);
    dbw_store_return(store, database);
    if (status == DBW_OK && found.kind == DBW_KIND_TEXT)
        *value = dbw_arena_text_string(arena, found.text);
    return status;
}

dbw_status dbw_settings_set(dbw_store *store, const char *name, const char *value, dbw_error *error)
{
    dbw_database *database;
    dbw_value values[] = {dbw_value_string(name), dbw_value_string(value)};
    const char *sql = value ? "INSERT INTO settings (name, value) VALUES (?, ?)"
                              " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
                            : "DELETE FROM settings WHERE name = ?";
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_status status = dbw_execute(database, sql, values, value ? 2 : 1, NULL, error);
    dbw_store_return(store, database);
    return status;
}
