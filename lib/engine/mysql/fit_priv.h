/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_FIT_PRIV_H
#define DBW_ENGINE_MYSQL_FIT_PRIV_H
/* The parts of fitting new tables to a server: fit.c, fit_key.c, fit_index.c. */
#include "engine/mysql/map.h"

typedef struct dbw_mysql_fitting {
    dbw_arena *arena;
    bool maria;
    int version;
    dbw_fit *tables;
    size_t count;
    dbw_fit_tell *tell;
    void *context;
} dbw_mysql_fitting;

#define DBW_MYSQL_TOO_LONG "its values are longer than the 3072 bytes that a key may have"

/** Gives the column another type and tells it. */
void dbw_mysql_retype(const dbw_mysql_fitting *f, const dbw_fit *fit, dbw_column *column,
                      dbw_type type, const char *reason);

/** The column that numbers itself, or NULL. */
const dbw_column *dbw_mysql_automatic(const dbw_table *table);

/** Whether the expression speaks of the column; names stand in backticks. */
bool dbw_mysql_mentions(const dbw_mysql_fitting *f, const char *expression,
                        const dbw_column *column);

/** "varchar(LENGTH)" */
dbw_type dbw_mysql_varchar(const dbw_mysql_fitting *f, int64_t length);

/* fit_key.c */

/** The most bytes that a column takes in a key; DBW_MYSQL_LONG for those without a length. */
enum { DBW_MYSQL_LONG = 1 << 20, DBW_MYSQL_LENGTH_WISHED = 255 };
int64_t dbw_mysql_key_bytes(const dbw_type *type);

/** Its length can be chosen. */
bool dbw_mysql_elastic(const dbw_type *type);

/** Bytes of its unit of length. */
int64_t dbw_mysql_unit(const dbw_type *type);

/** Makes the key's columns short enough for one index; false when their values are too long. */
bool dbw_mysql_shorten(const dbw_mysql_fitting *f, dbw_fit *fit, const dbw_names *columns);

/** Unique keys of any length are possible (MariaDB 10.4 keeps a hash). */
bool dbw_mysql_hashes(const dbw_mysql_fitting *f);

/** "a, b" */
const char *dbw_mysql_list(const dbw_mysql_fitting *f, const dbw_names *names);

void dbw_mysql_fit_primary(const dbw_mysql_fitting *f, dbw_fit *fit);
void dbw_mysql_fit_uniques(const dbw_mysql_fitting *f, dbw_fit *fit);
void dbw_mysql_fit_foreign_keys(const dbw_mysql_fitting *f, dbw_fit *fit);

/* fit_index.c */

void dbw_mysql_fit_indexes(const dbw_mysql_fitting *f, dbw_fit *fit);

/** The index's columns; false for expressions and beginnings of columns. */
bool dbw_mysql_index_names(const dbw_mysql_fitting *f, const dbw_index *index, dbw_names *out);

#endif
