/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/mysql_priv.h"

/* Manual, "Identifier Names": a backtick is doubled; U+0000 cannot stand in a name. */
static void quote_name(dbw_buffer *out, const char *name)
{
    dbw_buffer_add_char(out, '`');
    for (const char *p = name; *p; p++) {
        if (*p == '`')
            dbw_buffer_add_char(out, '`');
        dbw_buffer_add_char(out, *p);
    }
    dbw_buffer_add_char(out, '`');
}

const dbw_dialect dbw_mysql_dialect = {
    .quote_name = quote_name,
    .name_limit = 64,
    .keys_inline = true,
};
