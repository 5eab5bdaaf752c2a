/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_SQLITE_CREATE_TABLE_H
#define DBW_ENGINE_SQLITE_CREATE_TABLE_H
/*
 * Reads CREATE TABLE and CREATE INDEX as sqlite_schema keeps them, for what no pragma tells: names
 * of constraints, checks, deferral, collations, expressions of generated columns and indexes.
 * The grammar is https://www.sqlite.org/lang_createtable.html. What SQLite itself accepted is read;
 * other text gives an error or a harmless result, never a crash (tests/fuzz).
 */
#include "base/error.h"
#include "model/schema.h"

typedef struct dbw_sqlite_created_column {
    const char *name;
    const char *collation;  /* NULL: none given */
    const char *generation; /* the expression of a generated column */
    bool stored;
    bool autoincrement;
} dbw_sqlite_created_column;

/** A PRIMARY KEY or UNIQUE, of a column or of the table. */
typedef struct dbw_sqlite_created_key {
    const char *name; /* NULL: none given */
    bool primary;
    dbw_names columns;
} dbw_sqlite_created_key;

typedef struct dbw_sqlite_created_table {
    const char *name;
    dbw_sqlite_created_column *columns;
    size_t column_count;
    dbw_sqlite_created_key *keys;
    size_t key_count;
    dbw_foreign_key *foreign_keys; /* in the order of the text; referenced_columns may be empty */
    size_t foreign_key_count;
    dbw_check *checks;
    size_t check_count;
    bool without_rowid;
    bool strict;
} dbw_sqlite_created_table;

/** DBW_E_INVALID, with the place, when the text is no CREATE TABLE. */
dbw_status dbw_sqlite_create_table_read(dbw_arena *arena, const char *sql,
                                        dbw_sqlite_created_table **out,
                                        dbw_error *error) DBW_MUST_CHECK;

typedef struct dbw_sqlite_created_index {
    const char *name;
    const char *table;
    const char **items; /* each item's expression, without COLLATE, ASC and DESC at its end */
    size_t item_count;
    const char *where; /* the predicate, or NULL */
} dbw_sqlite_created_index;

dbw_status dbw_sqlite_create_index_read(dbw_arena *arena, const char *sql,
                                        dbw_sqlite_created_index **out,
                                        dbw_error *error) DBW_MUST_CHECK;

#endif
