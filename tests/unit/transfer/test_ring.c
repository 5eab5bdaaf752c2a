/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "transfer/ring.h"

#include <pthread.h>
#include <unistd.h>

enum { ROWS = 20000 };

typedef struct filler {
    dbw_ring *ring;
    size_t row_bytes;
    size_t rows_per_block;
    int rows;
    bool pushed_all;
} filler;

static void *fill(void *argument)
{
    filler *f = argument;
    dbw_block *block = dbw_ring_blank(f->ring);
    for (int i = 0; block && i < f->rows; i++) {
        block->offsets[block->count++] = block->rows.length;
        dbw_buffer_reserve(&block->rows, f->row_bytes);
        memset(block->rows.data + block->rows.length, 0, f->row_bytes);
        memcpy(block->rows.data + block->rows.length, &i, sizeof i);
        block->rows.length += f->row_bytes;
        if (block->count == f->rows_per_block) {
            block = dbw_ring_push(f->ring, block) ? dbw_ring_blank(f->ring) : NULL;
        }
    }
    f->pushed_all = block && dbw_ring_push(f->ring, block);
    dbw_ring_finish(f->ring);
    return NULL;
}

static int read_row(const dbw_block *block, size_t n)
{
    int value;
    dbw_text row = dbw_block_rows(block, n, n + 1);
    memcpy(&value, row.data, sizeof value);
    return value;
}

static void rows_come_out_in_their_order(void **state)
{
    (void)state;
    dbw_ring *ring = dbw_ring_new(4, 1 << 20);
    filler f = {.ring = ring, .row_bytes = 40, .rows_per_block = 7, .rows = ROWS};
    pthread_t thread;
    int expected = 0;
    dbw_block *block;
    assert_int_equal(pthread_create(&thread, NULL, fill, &f), 0);
    while ((block = dbw_ring_pop(ring))) {
        assert_int_equal(block->first, expected);
        for (size_t i = 0; i < block->count; i++)
            assert_int_equal(read_row(block, i), expected++);
        dbw_ring_return(ring, block);
    }
    pthread_join(thread, NULL);
    assert_int_equal(expected, ROWS);
    assert_true(f.pushed_all);
    dbw_ring_free(ring);
}

static void a_block_larger_than_the_budget_passes_alone(void **state)
{
    (void)state;
    dbw_ring *ring = dbw_ring_new(4, 1000);
    filler f = {.ring = ring, .row_bytes = 5000000, .rows_per_block = 1, .rows = 5};
    pthread_t thread;
    int blocks = 0;
    dbw_block *block;
    assert_int_equal(pthread_create(&thread, NULL, fill, &f), 0);
    while ((block = dbw_ring_pop(ring))) {
        blocks++;
        assert_true(block->rows.length <= 5000000);
        dbw_ring_return(ring, block);
    }
    pthread_join(thread, NULL);
    assert_int_equal(blocks, 6); /* the last one is empty */
    dbw_ring_free(ring);
}

static void closing_wakes_a_filler_that_waits_for_room(void **state)
{
    (void)state;
    dbw_ring *ring = dbw_ring_new(2, 1 << 20);
    filler f = {.ring = ring, .row_bytes = 8, .rows_per_block = 1, .rows = 100};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, fill, &f), 0);
    usleep(20000);
    dbw_ring_close(ring);
    pthread_join(thread, NULL);
    assert_false(f.pushed_all);
    assert_null(dbw_ring_pop(ring));
    dbw_ring_free(ring);
}

static void *empty_all(void *ring)
{
    dbw_block *block;
    while ((block = dbw_ring_pop(ring)))
        dbw_ring_return(ring, block);
    return NULL;
}

static void closing_wakes_an_emptier_that_waits_for_blocks(void **state)
{
    (void)state;
    dbw_ring *ring = dbw_ring_new(2, 1 << 20);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, empty_all, ring), 0);
    usleep(20000);
    dbw_ring_close(ring);
    pthread_join(thread, NULL);
    assert_null(dbw_ring_blank(ring));
    dbw_ring_free(ring);
}

static void a_ring_can_be_used_again_after_a_reset(void **state)
{
    (void)state;
    dbw_ring *ring = dbw_ring_new(3, 1 << 20);
    dbw_block *block = dbw_ring_blank(ring);
    dbw_buffer_add_string(&block->rows, "left behind");
    assert_true(dbw_ring_push(ring, block));
    dbw_ring_close(ring);
    dbw_ring_reset(ring);
    filler f = {.ring = ring, .row_bytes = 8, .rows_per_block = 2, .rows = 3};
    fill(&f);
    block = dbw_ring_pop(ring);
    assert_int_equal(block->first, 0);
    assert_int_equal(block->count, 2);
    assert_int_equal(read_row(block, 1), 1);
    dbw_ring_return(ring, block);
    block = dbw_ring_pop(ring);
    assert_int_equal(block->first, 2);
    assert_int_equal(block->count, 1);
    dbw_ring_return(ring, block);
    assert_null(dbw_ring_pop(ring));
    dbw_ring_free(ring);
}

static void rows_of_a_block_are_cut_at_their_offsets(void **state)
{
    (void)state;
    size_t offsets[] = {0, 3, 3, 7};
    dbw_block block = {.offsets = offsets, .count = 4};
    dbw_buffer_init(&block.rows, 100);
    dbw_buffer_add_string(&block.rows, "abcdefghi");
    assert_text_equal(dbw_block_rows(&block, 0, 1), "abc");
    assert_text_equal(dbw_block_rows(&block, 1, 2), "");
    assert_text_equal(dbw_block_rows(&block, 2, 4), "defghi");
    assert_text_equal(dbw_block_rows(&block, 0, 4), "abcdefghi");
    dbw_buffer_free(&block.rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_out_in_their_order),
        cmocka_unit_test(a_block_larger_than_the_budget_passes_alone),
        cmocka_unit_test(closing_wakes_a_filler_that_waits_for_room),
        cmocka_unit_test(closing_wakes_an_emptier_that_waits_for_blocks),
        cmocka_unit_test(a_ring_can_be_used_again_after_a_reset),
        cmocka_unit_test(rows_of_a_block_are_cut_at_their_offsets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
