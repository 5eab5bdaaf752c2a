/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/ring.h"

#include <pthread.h>

enum { KEEP_CAPACITY = 2 << 20 };

struct dbw_ring {
    pthread_mutex_t lock;
    pthread_cond_t filler;
    pthread_cond_t emptier;
    dbw_block *blocks;
    size_t size;
    dbw_block **blanks; /* a stack */
    size_t blank_count;
    dbw_block **queue; /* circular */
    size_t head, queued;
    size_t budget, under_way; /* bytes queued or being written */
    int64_t rows;
    bool finished, closed;
};

static bool block_init(dbw_block *block)
{
    dbw_buffer_init(&block->rows, SIZE_MAX / 4);
    block->offsets = malloc(DBW_BLOCK_ROWS * sizeof *block->offsets);
    block->hashes = malloc(DBW_BLOCK_ROWS * sizeof *block->hashes);
    block->buckets = malloc(DBW_BLOCK_ROWS * sizeof *block->buckets);
    return block->offsets && block->hashes && block->buckets;
}

static void block_free(dbw_block *block)
{
    dbw_buffer_free(&block->rows);
    free(block->offsets);
    free(block->hashes);
    free(block->buckets);
}

dbw_ring *dbw_ring_new(size_t blocks, size_t budget)
{
    dbw_ring *ring = calloc(1, sizeof *ring);
    if (!ring)
        return NULL;
    pthread_mutex_init(&ring->lock, NULL);
    pthread_cond_init(&ring->filler, NULL);
    pthread_cond_init(&ring->emptier, NULL);
    ring->size = blocks;
    ring->budget = budget;
    ring->blocks = calloc(blocks, sizeof *ring->blocks);
    ring->blanks = calloc(blocks, sizeof(dbw_block *));
    ring->queue = calloc(blocks, sizeof(dbw_block *));
    bool good = ring->blocks && ring->blanks && ring->queue;
    for (size_t i = 0; good && i < blocks; i++)
        good = block_init(&ring->blocks[i]);
    if (!good) {
        dbw_ring_free(ring);
        return NULL;
    }
    dbw_ring_reset(ring);
    return ring;
}

void dbw_ring_free(dbw_ring *ring)
{
    if (!ring)
        return;
    for (size_t i = 0; ring->blocks && i < ring->size; i++)
        block_free(&ring->blocks[i]);
    free(ring->blocks);
    free(ring->blanks);
    free(ring->queue);
    pthread_cond_destroy(&ring->filler);
    pthread_cond_destroy(&ring->emptier);
    pthread_mutex_destroy(&ring->lock);
    free(ring);
}

dbw_block *dbw_ring_blank(dbw_ring *ring)
{
    dbw_block *block = NULL;
    pthread_mutex_lock(&ring->lock);
    while (ring->blank_count == 0 && !ring->closed)
        pthread_cond_wait(&ring->filler, &ring->lock);
    if (!ring->closed)
        block = ring->blanks[--ring->blank_count];
    pthread_mutex_unlock(&ring->lock);
    if (block) {
        dbw_buffer_clear(&block->rows);
        block->count = 0;
    }
    return block;
}

bool dbw_ring_push(dbw_ring *ring, dbw_block *block)
{
    pthread_mutex_lock(&ring->lock);
    while (ring->under_way > 0 && ring->under_way + block->rows.length > ring->budget &&
           !ring->closed)
        pthread_cond_wait(&ring->filler, &ring->lock);
    bool open = !ring->closed;
    if (open) {
        block->first = ring->rows;
        ring->rows += (int64_t)block->count;
        ring->queue[(ring->head + ring->queued++) % ring->size] = block;
        ring->under_way += block->rows.length;
        pthread_cond_signal(&ring->emptier);
    }
    pthread_mutex_unlock(&ring->lock);
    return open;
}

void dbw_ring_finish(dbw_ring *ring)
{
    pthread_mutex_lock(&ring->lock);
    ring->finished = true;
    pthread_cond_broadcast(&ring->emptier);
    pthread_mutex_unlock(&ring->lock);
}

dbw_block *dbw_ring_pop(dbw_ring *ring)
{
    dbw_block *block = NULL;
    pthread_mutex_lock(&ring->lock);
    while (ring->queued == 0 && !ring->finished && !ring->closed)
        pthread_cond_wait(&ring->emptier, &ring->lock);
    if (ring->queued > 0 && !ring->closed) {
        block = ring->queue[ring->head];
        ring->head = (ring->head + 1) % ring->size;
        ring->queued--;
    }
    pthread_mutex_unlock(&ring->lock);
    return block;
}

void dbw_ring_return(dbw_ring *ring, dbw_block *block)
{
    size_t length = block->rows.length;
    if (block->rows.capacity > KEEP_CAPACITY)
        dbw_buffer_free(&block->rows);
    pthread_mutex_lock(&ring->lock);
    ring->under_way -= length;
    ring->blanks[ring->blank_count++] = block;
    pthread_cond_signal(&ring->filler);
    pthread_mutex_unlock(&ring->lock);
}

void dbw_ring_close(dbw_ring *ring)
{
    pthread_mutex_lock(&ring->lock);
    ring->closed = true;
    pthread_cond_broadcast(&ring->filler);
    pthread_cond_broadcast(&ring->emptier);
    pthread_mutex_unlock(&ring->lock);
}

void dbw_ring_reset(dbw_ring *ring)
{
    pthread_mutex_lock(&ring->lock);
    ring->blank_count = 0;
    for (size_t i = 0; i < ring->size; i++) {
        if (ring->blocks[i].rows.capacity > KEEP_CAPACITY)
            dbw_buffer_free(&ring->blocks[i].rows);
        ring->blanks[ring->blank_count++] = &ring->blocks[i];
    }
    ring->head = ring->queued = ring->under_way = 0;
    ring->rows = 0;
    ring->finished = ring->closed = false;
    pthread_mutex_unlock(&ring->lock);
}

dbw_text dbw_block_rows(const dbw_block *block, size_t from, size_t to)
{
    size_t start = from < block->count ? block->offsets[from] : block->rows.length;
    size_t end = to < block->count ? block->offsets[to] : block->rows.length;
    return (dbw_text){block->rows.data + start, end - start};
}
