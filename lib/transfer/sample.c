/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify=sample: of a large table some pieces are compared instead of all of it, and all its rows
 * are counted. Pieces are ranges of an integer key, the one order that all engines share; a table
 * that has none, is small, or had values altered on the way is compared whole.
 */
#include "transfer/sample.h"

#include <xxhash.h>

/* Pieces of about a megabyte by the source's own measure, spread over the whole table. */
enum { PIECE_BYTES = 1 << 20, PIECES = 32 };

bool dbw_sample_wanted(const dbw_run *run)
{
    return strcmp(run->options->verify, "sample") == 0;
}

/* One piece out of each of PIECES equal parts, which one is different in every run. */
static size_t pick(const dbw_run *run, const dbw_run_table *table, size_t part, size_t pieces)
{
    size_t from = part * pieces / PIECES, to = (part + 1) * pieces / PIECES;
    const char *id = run->request->id ? run->request->id : "";
    uint64_t random = XXH3_64bits_withSeed(id, strlen(id), (uint64_t)table->seq * PIECES + part);
    return from + (size_t)(random % (to - from));
}

dbw_status dbw_sample_choose(dbw_run *run, dbw_run_table *table, dbw_error *error)
{
    const dbw_plan_table *plan = table->plan;
    dbw_value **bounds = NULL;
    size_t count = 0;
    if (!dbw_sample_wanted(run) || table->rejected || (table->skip && !run->comparing) ||
        plan->bytes < (int64_t)PIECES * 2 * PIECE_BYTES || !run->source->bulk->split ||
        !dbw_run_integer_key(plan))
        return DBW_OK;
    DBW_TRY(run->source->bulk->split(run->source->bulk->snapshot_reader(run->snapshot, 0),
                                     run->arena, plan->source, &plan->source_key, PIECE_BYTES,
                                     &bounds, &count, error));
    if (count + 1 < 2 * (size_t)PIECES)
        return DBW_OK;
    table->sample = DBW_NEW_ARRAY(run->arena, PIECES, dbw_key_range);
    for (size_t part = 0; part < PIECES; part++) {
        size_t n = pick(run, table, part, count + 1);
        table->sample[table->sample_count++] =
            (dbw_key_range){n > 0 ? bounds[n - 1] : NULL, n < count ? bounds[n] : NULL};
    }
    return DBW_OK;
}

/* The key's columns as that side calls them, in the order of the source's key. */
static dbw_names key_of(dbw_arena *arena, const dbw_run_table *table, bool of_source)
{
    const dbw_plan_table *plan = table->plan;
    dbw_names names = {.items = DBW_NEW_ARRAY(arena, plan->key_count + 1, const char *)};
    for (size_t i = 0; i < plan->key_count; i++) {
        const dbw_plan_column *column = &plan->columns[plan->key[i]];
        names.items[names.count++] = of_source ? plan->source->columns[column->source].name
                                               : plan->target->columns[column->target].name;
    }
    return names;
}

void dbw_sample_sides(dbw_arena *arena, const dbw_run_table *table, dbw_verify_side *side,
                      bool of_source)
{
    if (!table->sample_count)
        return;
    side->ranges = table->sample;
    side->range_count = table->sample_count;
    side->range_key = key_of(arena, table, of_source);
}
