/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_RING_H
#define DBW_TRANSFER_RING_H
/*
 * The bounded ring of blocks between the reader and the writer of a lane. A block is bytes in the
 * target's wire format with the offsets and hashes of its rows; blocks are reused, so that memory
 * does not depend on the table. One thread fills, one empties; the lock is taken once per block.
 *
 * Bytes under way are bounded by `budget`; one block alone may be larger (a row is never split),
 * and its memory is given back after use.
 */
#include "base/buffer.h"
#include "verify/canonical.h"

enum {
    DBW_BLOCK_BYTES = (1 << 20) - (1 << 16), /* a block is passed on when it has so much */
    DBW_BLOCK_ROWS = 8192,                   /* or so many rows */
    DBW_RING_BLOCKS = 4
};

typedef struct dbw_block {
    dbw_buffer rows;
    size_t *offsets;   /* where each row starts */
    dbw_hash *hashes;  /* of each row */
    uint32_t *buckets; /* of each row */
    size_t count;
    int64_t first; /* ordinal of its first row since the ring was reset */
} dbw_block;

typedef struct dbw_ring dbw_ring;

/** NULL when memory runs out. */
dbw_ring *dbw_ring_new(size_t blocks, size_t budget);
void dbw_ring_free(dbw_ring *ring);

/** Filler: an empty block to fill, waiting for one; NULL when the ring was closed. */
dbw_block *dbw_ring_blank(dbw_ring *ring);

/** Filler: passes the block on; false when the ring was closed. */
bool dbw_ring_push(dbw_ring *ring, dbw_block *block);

/** Filler: nothing more will come. */
void dbw_ring_finish(dbw_ring *ring);

/** Emptier: the next block, waiting for one; NULL at the end and when the ring was closed. */
dbw_block *dbw_ring_pop(dbw_ring *ring);

/** Emptier: the block may be filled anew. */
void dbw_ring_return(dbw_ring *ring, dbw_block *block);

/** Either side, or anyone: both sides wake up and are told that it is over. */
void dbw_ring_close(dbw_ring *ring);

/** For the next stream of blocks, while neither side is at work. */
void dbw_ring_reset(dbw_ring *ring);

/** The bytes of rows [from, to) of a block. */
dbw_text dbw_block_rows(const dbw_block *block, size_t from, size_t to);

#endif
