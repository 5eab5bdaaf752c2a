/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_MAP_H
#define DBW_ENGINE_MYSQL_MAP_H
/* From intents to MySQL's and MariaDB's types; the dialect's contracts stand in engine.h. */
#include "engine/engine.h"

enum {
    DBW_MYSQL_KEY_BYTES = 3072,  /* of one index, InnoDB with 16 KiB pages */
    DBW_MYSQL_ROW_BYTES = 65535, /* of all columns but TEXT and BLOB */
    DBW_MYSQL_CHAR_BYTES = 4,    /* the most that a character takes in utf8mb4 */
    DBW_MYSQL_VARCHAR_MOST = 16383
};

void dbw_mysql_map_type(dbw_arena *arena, const dbw_type *wanted, dbw_type_mapping *out);

/** What a user writes in `types`: "varchar(40)", "bigint unsigned", "enum('a','b')" … */
dbw_status dbw_mysql_parse_type(dbw_arena *arena, const char *spelling, dbw_type *out,
                                dbw_error *error);

/** TEXT and BLOB in all their sizes: no part of the row, and in no key without a length. */
bool dbw_mysql_is_blob(const dbw_type *type);

/** The type has a character set. */
bool dbw_mysql_is_text(const dbw_type *type);

/** Appends 'text', its quotes, backslashes and control characters escaped. */
void dbw_mysql_quote_text(dbw_buffer *out, dbw_text text);

void dbw_mysql_limits(const dbw_type *type, dbw_limits *out);

void dbw_mysql_fit(dbw_arena *arena, const dbw_server *server, dbw_fit *tables, size_t count,
                   dbw_fit_tell *tell, void *context);

/** All collations but those that compare bytes and do not pad. */
bool dbw_mysql_equates(const dbw_column *column);

/** InnoDB's limit on what a row keeps within its page. */
const char *dbw_mysql_table_complaint(dbw_arena *arena, const dbw_table *table);

#endif
