/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/dialect.h"

void dbw_pg_quote_name(dbw_buffer *out, const char *name)
{
    dbw_buffer_add_char(out, '"');
    for (; *name; name++) {
        if (*name == '"')
            dbw_buffer_add_char(out, '"');
        dbw_buffer_add_char(out, *name);
    }
    dbw_buffer_add_char(out, '"');
}

void dbw_pg_quote_qualified(dbw_buffer *out, const char *schema, const char *name)
{
    if (schema) {
        dbw_pg_quote_name(out, schema);
        dbw_buffer_add_char(out, '.');
    }
    dbw_pg_quote_name(out, name);
}

void dbw_pg_quote_list(dbw_buffer *out, const dbw_names *names)
{
    dbw_buffer_add_char(out, '(');
    for (size_t i = 0; i < names->count; i++) {
        if (i)
            dbw_buffer_add_string(out, ", ");
        dbw_pg_quote_name(out, names->items[i]);
    }
    dbw_buffer_add_char(out, ')');
}
