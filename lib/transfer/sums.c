/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of tables kept small: most tables fill few of the 4,096 buckets. */
#include "transfer/transfer_priv.h"

#include <inttypes.h>

dbw_hash dbw_hash_add(dbw_hash a, dbw_hash b)
{
    dbw_hash sum = {.low = a.low + b.low, .high = a.high + b.high};
    sum.high += sum.low < a.low;
    return sum;
}

dbw_hash dbw_hash_subtract(dbw_hash a, dbw_hash b)
{
    dbw_hash difference = {.low = a.low - b.low, .high = a.high - b.high};
    difference.high -= a.low < b.low;
    return difference;
}

void dbw_hash_text(dbw_hash hash, char out[DBW_SUM_TEXT])
{
    snprintf(out, DBW_SUM_TEXT, "%016" PRIx64 "%016" PRIx64, hash.high, hash.low);
}

static bool read_half(const char *text, uint64_t *out)
{
    *out = 0;
    for (int i = 0; i < 16; i++) {
        char c = text[i];
        if (!dbw_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
        *out = *out * 16 + (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return true;
}

bool dbw_hash_from_text(const char *text, dbw_hash *out)
{
    return strlen(text) == 32 && read_half(text, &out->high) && read_half(text + 16, &out->low);
}

void dbw_packed_unpack(const dbw_packed_sum *packed, dbw_sum *out)
{
    memset(out, 0, sizeof *out);
    out->rows = packed->rows;
    out->total = packed->total;
    for (size_t i = 0; i < packed->count; i++)
        out->buckets[packed->buckets[i].bucket] = packed->buckets[i].sum;
}

static bool is_zero(const dbw_hash *hash)
{
    return hash->low == 0 && hash->high == 0;
}

static dbw_status pack(dbw_packed_sum *packed, const dbw_sum *sum, dbw_error *error)
{
    size_t count = 0;
    for (uint32_t i = 0; i < DBW_SUM_BUCKETS; i++)
        count += !is_zero(&sum->buckets[i]);
    struct dbw_packed_bucket *buckets = malloc((count + 1) * sizeof *buckets);
    if (!buckets)
        return dbw_fail_memory(error);
    free(packed->buckets);
    *packed = (dbw_packed_sum){.rows = sum->rows, .total = sum->total, .buckets = buckets};
    for (uint32_t i = 0; i < DBW_SUM_BUCKETS; i++)
        if (!is_zero(&sum->buckets[i]))
            buckets[packed->count++] = (struct dbw_packed_bucket){i, sum->buckets[i]};
    return DBW_OK;
}

dbw_status dbw_packed_add(dbw_packed_sum *packed, const dbw_sum *sum, dbw_error *error)
{
    if (packed->count == 0)
        return pack(packed, sum, error);
    dbw_sum *all = malloc(sizeof *all);
    if (!all)
        return dbw_fail_memory(error);
    dbw_packed_unpack(packed, all);
    dbw_sum_merge(all, sum);
    dbw_status status = pack(packed, all, error);
    free(all);
    return status;
}

void dbw_packed_free(dbw_packed_sum *packed)
{
    free(packed->buckets);
    *packed = (dbw_packed_sum){0};
}

bool dbw_packed_equal(const dbw_packed_sum *a, const dbw_packed_sum *b)
{
    if (a->rows != b->rows || a->count != b->count ||
        memcmp(&a->total, &b->total, sizeof a->total) != 0)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->buckets[i].bucket != b->buckets[i].bucket ||
            memcmp(&a->buckets[i].sum, &b->buckets[i].sum, sizeof(dbw_hash)) != 0)
            return false;
    return true;
}
