/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/mysql_priv.h"

#include "engine/mysql/ddl.h"
#include "engine/mysql/map.h"
#include "engine/mysql/type.h"

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
    .name_complaint = dbw_mysql_name_complaint,
    .constraints_share_names = true,
    .indexes_by_table = true,
    .unchecked_keys = true,
    .nocase_columns = true,
    .exact_before = "BINARY ",
    .folding = DBW_COLLATION_NOCASE,
    .no_minus_zero = true,
    .plain_indexes = true,
    .drop_foreign_key = "DROP FOREIGN KEY",
    .drop_staging = "DROP TEMPORARY TABLE",
    .column_limit = 1017, /* InnoDB */
    .map_type = dbw_mysql_map_type,
    .parse_type = dbw_mysql_parse_type,
    .type_at = dbw_mysql_type_at,
    .numbered = dbw_mysql_numbered,
    .limits = dbw_mysql_limits,
    .fit = dbw_mysql_fit,
    .equates = dbw_mysql_equates,
    .table_complaint = dbw_mysql_table_complaint,
    .render_default = dbw_mysql_render_default,
    .render_ddl = dbw_mysql_render_ddl,
};
