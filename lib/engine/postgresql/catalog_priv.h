/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_CATALOG_PRIV_H
#define DBW_ENGINE_POSTGRESQL_CATALOG_PRIV_H
/* Reading the catalog: rows of the queries in sql/ become parts of the schema. */
#include "engine/postgresql/catalog.h"

typedef struct dbw_pg_table_id {
    int64_t id; /* pg_class.oid */
    size_t table;
    int64_t parent;     /* of a partition: the table that it is a part of; 0: none */
    const char *bound;  /* of a partition */
    const char *suffix; /* of a partition */
} dbw_pg_table_id;

/** A sequence whose state is wanted: a column's, or one that stands for itself. */
typedef struct dbw_pg_sequence {
    int64_t id;
    const char *schema;
    const char *name;
    size_t table; /* SIZE_MAX: no column's */
    size_t column;
    size_t object;
} dbw_pg_sequence;

typedef struct dbw_pg_reading {
    dbw_database *database;
    dbw_arena *arena;
    dbw_schema *schema;
    dbw_pg_table_id *ids; /* sorted by id after dbw_pg_index_tables() */
    size_t id_count;
    dbw_pg_sequence *sequences;
    size_t sequence_count;
    dbw_index *index; /* the one whose columns are being read */
    dbw_rows *rows;
    const dbw_value *row;
} dbw_pg_reading;

/* Cells of the present row by name; strings live in the arena, NULL stays NULL (false, 0). */
const dbw_value *dbw_pg_cell(const dbw_pg_reading *reading, const char *name);
const char *dbw_pg_cell_string(const dbw_pg_reading *reading, const char *name);
int64_t dbw_pg_cell_number(const dbw_pg_reading *reading, const char *name);
bool dbw_pg_cell_truth(const dbw_pg_reading *reading, const char *name);
char dbw_pg_cell_char(const dbw_pg_reading *reading, const char *name);

/** A JSON array of strings. */
dbw_names dbw_pg_cell_names(const dbw_pg_reading *reading, const char *name);

/* catalog_parts.c: one row each. */
dbw_status dbw_pg_take_table(dbw_pg_reading *reading, dbw_error *error);
dbw_status dbw_pg_take_column(dbw_pg_reading *reading, dbw_error *error);
dbw_status dbw_pg_take_constraint(dbw_pg_reading *reading, dbw_error *error);
dbw_status dbw_pg_take_index(dbw_pg_reading *reading, dbw_error *error);
dbw_status dbw_pg_take_object(dbw_pg_reading *reading, dbw_error *error);
dbw_status dbw_pg_take_sequence(dbw_pg_reading *reading, dbw_error *error);

void dbw_pg_index_tables(dbw_pg_reading *reading);

/** Gives partitioned tables the list of their parts. */
void dbw_pg_gather_partitions(dbw_pg_reading *reading);

/** A default that draws from a sequence of others makes no second identity of a table. */
void dbw_pg_settle_identities(dbw_pg_reading *reading);

/** One query over all sequences that were met, NULL where there are none. */
char *dbw_pg_sequences_statement(dbw_pg_reading *reading);

#endif
