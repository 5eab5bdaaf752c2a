/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_READER_PRIV_H
#define DBW_TRANSFER_READER_PRIV_H
/* The reader's own parts: reader.c reads, reader_row.c names rows, reader_find.c finds them again.
 */
#include "transfer/convert.h"
#include "transfer/orphans.h"
#include "transfer/reader.h"

struct dbw_reader {
    dbw_run *run;
    dbw_database *source;
    dbw_ring *ring;
    dbw_ledger_batch *ledger;
    dbw_reject_batch *rejects;
    dbw_arena *scratch; /* for texts of the ledger and of errors; reset after use */
    dbw_sum *sum;
    int64_t rejected;

    const dbw_run_table *table; /* that the rest is made for */
    dbw_converter *converter;
    dbw_encoder *encoder;
    dbw_rowhash *rowhash;
    dbw_orphan_check *orphans;
    dbw_value *converted;
    dbw_value *seen;      /* as read, altered values in their places */
    const char **altered; /* why, or NULL */

    dbw_hash hash; /* of the present row */
    uint32_t bucket;
};

/* How a row fared. */
typedef enum dbw_row_fate { DBW_ROW_GOOD, DBW_ROW_BAD } dbw_row_fate;

typedef dbw_status (*dbw_row_function)(dbw_reader *reader, const dbw_value *row, void *context,
                                       bool *enough, dbw_error *error);

/** Reads the chunk row by row until `fn` has enough, fails, or the run is stopped. */
dbw_status dbw_reader_each(dbw_reader *reader, const dbw_chunk *chunk, dbw_row_function fn,
                           void *context, dbw_error *error) DBW_MUST_CHECK;

/** Converts the row and hashes it as it was read; altered values count as altered. */
dbw_row_fate dbw_reader_take(dbw_reader *reader, const dbw_value *row, bool *any_altered, int *bad,
                             const char **reason);

/** The source's name of the n-th copied column. */
const char *dbw_reader_column(const dbw_reader *reader, size_t n);

/** The values of the key, as the verification shows them; in the scratch arena. */
const char *dbw_reader_key(dbw_reader *reader, const dbw_value *row);

/** The error that names the row, and the column unless it is -1; empties the scratch arena. */
dbw_status dbw_reader_stop(dbw_reader *reader, const dbw_value *row, int column, const char *reason,
                           dbw_error *error);

/** Rejects the row; empties the scratch arena. */
dbw_status dbw_reader_refuse(dbw_reader *reader, const dbw_value *row, const char *column,
                             const char *reason, dbw_error *error) DBW_MUST_CHECK;

#endif
