/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/canonical_priv.h"

#include <inttypes.h>
#include <xxhash.h>

struct dbw_rowhash {
    const dbw_canonical *columns;
    size_t count;
    size_t *key;
    size_t key_count;
    size_t *starts; /* where each column's piece begins; count + 1 of them */
    dbw_sink sink;
    dbw_hash row;
};

static void *need(void *memory)
{
    if (!memory) {
        fprintf(stderr, "dbwizard: out of memory\n");
        abort();
    }
    return memory;
}

dbw_rowhash *dbw_rowhash_new(const dbw_canonical *columns, size_t count, const size_t *key,
                             size_t key_count)
{
    dbw_rowhash *rowhash = need(calloc(1, sizeof *rowhash));
    rowhash->columns = columns;
    rowhash->count = count;
    rowhash->key_count = key_count;
    rowhash->key = need(calloc(key_count + 1, sizeof *rowhash->key));
    if (key_count)
        memcpy(rowhash->key, key, key_count * sizeof *key);
    rowhash->starts = need(calloc(count + 1, sizeof *rowhash->starts));
    rowhash->sink.data = need(malloc((count + 1) * PIECE_MOST));
    dbw_buffer_init(&rowhash->sink.work, SIZE_MAX / 2);
    return rowhash;
}

void dbw_rowhash_free(dbw_rowhash *rowhash)
{
    if (!rowhash)
        return;
    dbw_buffer_free(&rowhash->sink.work);
    free(rowhash->sink.data);
    free(rowhash->starts);
    free(rowhash->key);
    free(rowhash);
}

dbw_hash dbw_rowhash_key(const dbw_rowhash *rowhash)
{
    if (rowhash->key_count == 0)
        return rowhash->row;
    dbw_hash key = {0, 0};
    for (size_t i = 0; i < rowhash->key_count; i++) {
        size_t from = rowhash->starts[rowhash->key[i]], to = rowhash->starts[rowhash->key[i] + 1];
        XXH128_hash_t piece =
            XXH3_128bits_withSeed(rowhash->sink.data + from, to - from, key.low + i);
        key = (dbw_hash){piece.low64, piece.high64 ^ key.high};
    }
    return key;
}

void dbw_rowhash_row(dbw_rowhash *rowhash, const dbw_value *values, dbw_hash *row, uint32_t *bucket,
                     int *odd)
{
    dbw_sink *sink = &rowhash->sink;
    sink->length = 0;
    *odd = -1;
    for (size_t i = 0; i < rowhash->count; i++) {
        rowhash->starts[i] = sink->length;
        if (!dbw_canonical_put_any(sink, &rowhash->columns[i], &values[i]) && *odd < 0)
            *odd = (int)i;
    }
    rowhash->starts[rowhash->count] = sink->length;
    XXH128_hash_t hash = XXH3_128bits(sink->data, sink->length);
    *row = rowhash->row = (dbw_hash){hash.low64, hash.high64};
    *bucket = (uint32_t)(dbw_rowhash_key(rowhash).low % DBW_SUM_BUCKETS);
}

static void add(dbw_hash *to, dbw_hash more)
{
    uint64_t low = to->low + more.low;
    to->high += more.high + (low < more.low);
    to->low = low;
}

void dbw_sum_add(dbw_sum *sum, dbw_hash row, uint32_t bucket)
{
    sum->rows++;
    add(&sum->total, row);
    add(&sum->buckets[bucket], row);
}

void dbw_sum_merge(dbw_sum *into, const dbw_sum *from)
{
    into->rows += from->rows;
    add(&into->total, from->total);
    for (size_t i = 0; i < DBW_SUM_BUCKETS; i++)
        add(&into->buckets[i], from->buckets[i]);
}

bool dbw_sum_equal(const dbw_sum *a, const dbw_sum *b)
{
    return a->rows == b->rows && memcmp(&a->total, &b->total, sizeof a->total) == 0 &&
           memcmp(a->buckets, b->buckets, sizeof a->buckets) == 0;
}

void dbw_sum_text(const dbw_sum *sum, char out[DBW_SUM_TEXT])
{
    snprintf(out, DBW_SUM_TEXT, "%016" PRIx64 "%016" PRIx64, sum->total.high, sum->total.low);
}
