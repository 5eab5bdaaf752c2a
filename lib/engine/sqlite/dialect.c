/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sqlite/bulk_priv.h"
#include "engine/sqlite/ddl.h"
#include "engine/sqlite/sqlite_priv.h"
#include "engine/sqlite/type.h"

void dbw_sqlite_quote_name(dbw_buffer *out, const char *name)
{
    dbw_buffer_add_char(out, '"');
    for (; *name; name++) {
        if (*name == '"')
            dbw_buffer_add_char(out, '"');
        dbw_buffer_add_char(out, *name);
    }
    dbw_buffer_add_char(out, '"');
}

void dbw_sqlite_quote_text(dbw_buffer *out, dbw_text text)
{
    bool nul = text.length && memchr(text.data, '\0', text.length);
    dbw_buffer_add_string(out, nul ? "('" : "'");
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '\0') {
            dbw_buffer_add_string(out, "' || char(0) || '");
            continue;
        }
        if (text.data[i] == '\'')
            dbw_buffer_add_char(out, '\'');
        dbw_buffer_add_char(out, text.data[i]);
    }
    dbw_buffer_add_string(out, nul ? "')" : "'");
}

static bool equates(const dbw_column *column)
{
    return column->collation && sqlite3_stricmp(column->collation, "BINARY") != 0;
}

const dbw_dialect dbw_sqlite_dialect = {
    .quote_name = dbw_sqlite_quote_name,
    .name_limit = 0,
    .schemas = false,
    .unchecked_keys = true,
    .loose_types = true,
    .transactional_ddl = true,
    .reserved = "sqlite_",
    .folding = "NOCASE",
    .no_minus_zero = true,
    .no_comments = true,
    .unchecked_views = true,
    .exact_behind = " COLLATE BINARY",
    .plain_indexes = true,
    .knows_collation = dbw_sqlite_scan_known_collation,
    .nan_note = "kept as text",
    .far_date_note = "kept as text that SQLite's date functions do not read",
    .boolean_type = false,
    .column_limit = 2000, /* SQLITE_MAX_COLUMN of every build that Debian ships */
    .map_type = dbw_sqlite_type_map,
    .parse_type = dbw_sqlite_type_parse,
    .type_at = dbw_sqlite_type_at,
    .numbered = dbw_sqlite_ddl_numbered,
    .render_default = dbw_sqlite_default_render,
    .equates = equates,
    .render_ddl = dbw_sqlite_ddl_render,
};
