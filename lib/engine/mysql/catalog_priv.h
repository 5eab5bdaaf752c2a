/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_CATALOG_PRIV_H
#define DBW_ENGINE_MYSQL_CATALOG_PRIV_H
/* Reading the catalog: rows of the queries in sql/ become parts of the schema. */
#include "engine/mysql/catalog.h"

typedef struct dbw_mysql_reading {
    dbw_database *database;
    dbw_arena *arena;
    dbw_schema *schema;
    const char *name; /* of the database */
    bool mariadb;     /* defaults are shown as SQL; MySQL 8 shows literals bare */
    dbw_rows *rows;
    const dbw_value *row;
} dbw_mysql_reading;

/* Cells of the present row by name; strings live in the arena, NULL stays NULL (false, 0). */
const char *dbw_mysql_cell_string(const dbw_mysql_reading *reading, const char *name);
int64_t dbw_mysql_cell_number(const dbw_mysql_reading *reading, const char *name);
bool dbw_mysql_cell_is(const dbw_mysql_reading *reading, const char *name, const char *value);

/** Of a table whose parts are not read yet. */
#define DBW_MYSQL_PARTITIONED "PARTITION BY"

/** The text without this database's name before others: it is to hold in another one too. */
const char *dbw_mysql_without_database(const dbw_mysql_reading *reading, const char *text);

/** The table of the present row, NULL where it is not one of ours (views, sequences). */
dbw_table *dbw_mysql_cell_table(const dbw_mysql_reading *reading);

/* catalog_parts.c: one row each. */
dbw_status dbw_mysql_take_table(dbw_mysql_reading *reading, dbw_error *error);
dbw_status dbw_mysql_take_column(dbw_mysql_reading *reading, dbw_error *error);
dbw_status dbw_mysql_take_foreign_key(dbw_mysql_reading *reading, dbw_error *error);
dbw_status dbw_mysql_take_check(dbw_mysql_reading *reading, dbw_error *error);

/* catalog_index.c: one row each; unique indexes over plain columns become keys at the end. */
dbw_status dbw_mysql_take_index(dbw_mysql_reading *reading, dbw_error *error);
void dbw_mysql_sort_indexes(dbw_mysql_reading *reading);

/* catalog_object.c */
dbw_status dbw_mysql_take_object(dbw_mysql_reading *reading, dbw_error *error);
dbw_status dbw_mysql_take_sequence(dbw_mysql_reading *reading, dbw_error *error);

/** One query over all sequences, NULL where there are none. */
char *dbw_mysql_sequences_statement(const dbw_mysql_reading *reading);

/* catalog_label.c */

/** Reads labels that the server could not tell in full from the values that have them. */
dbw_status dbw_mysql_read_labels(dbw_mysql_reading *reading, dbw_error *error);

/* catalog_default.c */

/** Begins the text of a default of bytes of which information_schema does not tell the value. */
#define DBW_MYSQL_BYTES_SHOWN "the bytes shown as "

/**
 * A column's default as information_schema has it: MariaDB shows SQL ('it''s', current_timestamp(),
 * NULL), MySQL 8 the bare value, with `expression` where it is one.
 */
dbw_default dbw_mysql_default_read(dbw_arena *arena, const char *text, const dbw_type *type,
                                   bool mariadb, bool expression);

/**
 * An expression as MySQL 8 shows it, without what it adds: character set introducers and
 * backslashes before quotes. MariaDB's is as it should be.
 */
const char *dbw_mysql_expression_read(dbw_arena *arena, const char *text, bool mariadb);

/**
 * '2024-05-06', '2024-05-06 07:08:09.123456', '-838:59:59' as a value of that intent; false for
 * anything else, dates that do not exist included.
 */
bool dbw_mysql_moment_read(dbw_text text, dbw_intent intent, dbw_value *out);

#endif
