/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_READER_H
#define DBW_TRANSFER_READER_H
/*
 * The reading half of a lane: scans a chunk on its connection of the snapshot, hashes each row as
 * it was read, converts it and encodes it into blocks of the ring. Belongs to one thread at a time.
 */
#include "transfer/ring.h"
#include "transfer/transfer_priv.h"

typedef struct dbw_reader dbw_reader;

/** A row that the server refused: known by its hash. */
typedef struct dbw_wanted {
    dbw_hash hash;
    uint32_t bucket;
    char column[64]; /* or "" */
    char reason[256];
    bool found;
} dbw_wanted;

/** NULL when memory runs out. Everything is kept by reference. */
dbw_reader *dbw_reader_new(dbw_run *run, dbw_database *source, dbw_ring *ring,
                           dbw_ledger_batch *ledger, dbw_reject_batch *rejects);
void dbw_reader_free(dbw_reader *reader);

/** Copies the chunk into the ring and finishes it. Bad rows are rejected or end it, as the options
 *  say. A closed ring ends it without an error of its own. */
dbw_status dbw_reader_copy(dbw_reader *reader, const dbw_chunk *chunk,
                           dbw_error *error) DBW_MUST_CHECK;

/** Only sums the chunk: alterations and rejects are gathered as when it was copied. */
dbw_status dbw_reader_sum(dbw_reader *reader, const dbw_chunk *chunk,
                          dbw_error *error) DBW_MUST_CHECK;

/** Of the last copy or sum: the sum of its rows, and how many were rejected. */
const dbw_sum *dbw_reader_result(const dbw_reader *reader, int64_t *rejected);

/** Reads the chunk again and rejects the rows that are wanted, which it sorts. */
dbw_status dbw_reader_reject(dbw_reader *reader, const dbw_chunk *chunk, dbw_wanted *wanted,
                             size_t count, dbw_error *error) DBW_MUST_CHECK;

/** Reads the chunk again up to the n-th copied row and makes `error`, which tells why the server
 *  refused it, name the row; `column` may be NULL. */
dbw_status dbw_reader_blame(dbw_reader *reader, const dbw_chunk *chunk, int64_t n,
                            const char *column, dbw_error *error);

/** The reason alone of "unable to VERB THING: reason". */
const char *dbw_reader_reason(const char *message);

#endif
