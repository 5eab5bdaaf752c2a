/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_DOCUFLOW_STORE_H
#define DBW_DOCUFLOW_STORE_H
/*
 * Writing rows into SQLite. The first failure sticks: later calls do nothing, and
 * docuflow_store_close() returns it.
 */
#include "base/buffer.h"

#include <sqlite3.h>

typedef struct docuflow_store {
    sqlite3 *db;
    sqlite3_stmt *insert; /* the table being filled */
    int column;           /* bound so far in the row */
    int columns;
    int64_t rows; /* written so far */
    dbw_status status;
    dbw_error *error;
} docuflow_store;

/** Makes the file, which may not exist, and begins one transaction for everything. Nothing is
 *  synchronised: what is interrupted is thrown away. */
void docuflow_store_open(docuflow_store *store, const char *path, dbw_error *error);

/** Commits unless something failed, closes, and returns the first failure. */
dbw_status docuflow_store_close(docuflow_store *store) DBW_MUST_CHECK;

/** Runs a script of statements. */
void docuflow_store_run(docuflow_store *store, const char *sql);

/** The rows that follow go into these columns: "users (id, email)". */
void docuflow_store_table(docuflow_store *store, const char *table_and_columns);

/* One value each, in the order of the columns. Text and bytes are not copied: they must last until
 * docuflow_put_row(). */
void docuflow_put_null(docuflow_store *store);
void docuflow_put_integer(docuflow_store *store, int64_t value);
void docuflow_put_double(docuflow_store *store, double value);
void docuflow_put_string(docuflow_store *store, const char *value);
void docuflow_put_text(docuflow_store *store, const char *value, size_t length);
void docuflow_put_bytes(docuflow_store *store, const void *value, size_t length);

/** Text from a buffer; a failed buffer fails the store. */
void docuflow_put_buffer(docuflow_store *store, const dbw_buffer *buffer);

/** Writes the row: all columns must have a value. */
void docuflow_put_row(docuflow_store *store);

#endif
