/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Down to the row and column. First both sides are read for the hashes of the rows in differing
 * buckets alone (at most HASHES_MOST rows: as many buckets as that takes), which are sorted and
 * compared; then, for the few keys that differ, both sides are read once more for their values.
 */
#include "verify/verify_priv.h"

enum { HASHES_MOST = 500000, SHOWN_CHARACTERS = 80, VALUES_MOST = 256 * 1024 * 1024 };

struct entry {
    dbw_hash key;
    dbw_hash row;
};

struct entries {
    const bool *wanted; /* per bucket */
    struct entry *items;
    size_t count, room;
};

static int by_key(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(struct entry));
}

static dbw_status collect_hash(void *context, const dbw_value *values, const dbw_rowhash *rowhash,
                               dbw_hash row, uint32_t bucket, dbw_error *error)
{
    struct entries *entries = context;
    (void)values;
    if (!entries->wanted[bucket])
        return DBW_OK;
    if (entries->count == entries->room) {
        size_t room = entries->room ? entries->room * 2 : 1024;
        struct entry *grown = realloc(entries->items, room * sizeof *grown);
        if (!grown)
            return dbw_fail_memory(error);
        entries->items = grown;
        entries->room = room;
    }
    entries->items[entries->count++] = (struct entry){dbw_rowhash_key(rowhash), row};
    return DBW_OK;
}

/* Which buckets to look into: the differing ones, as far as their rows fit into memory. */
static void choose_buckets(const dbw_sum *source, const dbw_sum *target, bool *wanted)
{
    int64_t rows = source->rows > target->rows ? source->rows : target->rows;
    int64_t most = HASHES_MOST / (rows / DBW_SUM_BUCKETS + 1) + 1;
    for (size_t i = 0; i < DBW_SUM_BUCKETS && most > 0; i++) {
        wanted[i] = memcmp(&source->buckets[i], &target->buckets[i], sizeof(dbw_hash)) != 0;
        most -= wanted[i];
    }
}

/* A row that must be shown: which side has it, and its values once they are read. */
struct suspect {
    dbw_hash key;
    dbw_hash source_row, target_row;
    bool in_source, in_target;
    dbw_value *source, *target;
};

struct suspects {
    struct suspect *items;
    size_t count;
    bool reading_source;
    size_t columns;
    dbw_arena *arena;
};

static void add_suspect(struct suspects *suspects, const struct entry *source,
                        const struct entry *target)
{
    struct suspect *s = DBW_APPEND(suspects->arena, suspects->items, suspects->count);
    s->key = source ? source->key : target->key;
    if (source) {
        s->in_source = true;
        s->source_row = source->row;
    }
    if (target) {
        s->in_target = true;
        s->target_row = target->row;
    }
}

/* Equal entries cancel each other out, also where rows stand several times. */
static void find_suspects(struct suspects *suspects, const struct entries *a,
                          const struct entries *b, size_t limit)
{
    size_t i = 0, j = 0;
    while ((i < a->count || j < b->count) && suspects->count < limit) {
        const struct entry *source = i < a->count ? &a->items[i] : NULL;
        const struct entry *target = j < b->count ? &b->items[j] : NULL;
        int order = !source ? 1 : !target ? -1 : memcmp(source, target, sizeof source->key);
        if (order == 0 && memcmp(&source->row, &target->row, sizeof source->row) != 0)
            add_suspect(suspects, source, target);
        else if (order < 0)
            add_suspect(suspects, source, NULL);
        else if (order > 0)
            add_suspect(suspects, NULL, target);
        i += order <= 0;
        j += order >= 0;
    }
}

static dbw_status collect_values(void *context, const dbw_value *values, const dbw_rowhash *rowhash,
                                 dbw_hash row, uint32_t bucket, dbw_error *error)
{
    struct suspects *suspects = context;
    dbw_hash key = dbw_rowhash_key(rowhash);
    (void)bucket;
    (void)error;
    for (size_t i = 0; i < suspects->count; i++) {
        struct suspect *s = &suspects->items[i];
        const dbw_hash *wanted = suspects->reading_source ? &s->source_row : &s->target_row;
        if (memcmp(&s->key, &key, sizeof key) != 0 || memcmp(wanted, &row, sizeof row) != 0)
            continue;
        /* Rows of huge values: the first ones are shown, the others counted by their sums alone. */
        if (dbw_arena_used(suspects->arena) > VALUES_MOST)
            continue;
        dbw_value *copy = DBW_NEW_ARRAY(suspects->arena, suspects->columns, dbw_value);
        for (size_t c = 0; c < suspects->columns; c++)
            copy[c] = dbw_value_copy(suspects->arena, &values[c]);
        *(suspects->reading_source ? &s->source : &s->target) = copy;
    }
    return DBW_OK;
}

static const char *show_key(dbw_arena *arena, const dbw_verify_pair *pair, const dbw_value *row)
{
    const char *text = "";
    for (size_t i = 0; i < pair->key_count; i++) {
        const char *one = dbw_value_show(arena, &row[pair->key[i]], SHOWN_CHARACTERS);
        text = i ? dbw_arena_printf(arena, "%s, %s", text, one) : one;
    }
    return pair->key_count ? text : dbw_value_show(arena, &row[0], SHOWN_CHARACTERS);
}

struct found {
    dbw_difference *items;
    size_t count;
};

static void report_suspect(dbw_arena *arena, const dbw_verify_pair *pair,
                           const struct suspect *suspect, struct found *found)
{
    const dbw_value *source = suspect->source, *target = suspect->target;
    const dbw_value *row = source ? source : target;
    if (!row || suspect->in_source != (source != NULL) || suspect->in_target != (target != NULL))
        return;
    const char *key = show_key(arena, pair, row);
    const char *table = pair->source.table->name;
    if (!source || !target) {
        *DBW_APPEND(arena, found->items, found->count) =
            (dbw_difference){.kind = source ? DBW_DIFFERENCE_MISSING : DBW_DIFFERENCE_EXTRA,
                             .table = table,
                             .key = key};
        return;
    }
    for (size_t c = 0; c < pair->column_count; c++) {
        if (dbw_canonical_equal(&pair->source.canonical[c], &source[c], &pair->target.canonical[c],
                                &target[c]))
            continue;
        *DBW_APPEND(arena, found->items, found->count) =
            (dbw_difference){.kind = DBW_DIFFERENCE_VALUE,
                             .table = table,
                             .key = key,
                             .column = pair->source.table->columns[pair->source.columns[c]].name,
                             .source = dbw_value_show(arena, &source[c], SHOWN_CHARACTERS),
                             .target = dbw_value_show(arena, &target[c], SHOWN_CHARACTERS)};
    }
}

static dbw_status read_both(const dbw_verify_pair *pair, dbw_verify_row fn, void *source,
                            void *target, struct suspects *suspects, dbw_error *error)
{
    suspects->reading_source = true;
    DBW_TRY(dbw_verify_each(&pair->source, pair->column_count, pair->key, pair->key_count, fn,
                            source, error));
    suspects->reading_source = false;
    return dbw_verify_each(&pair->target, pair->column_count, pair->key, pair->key_count, fn,
                           target, error);
}

dbw_status dbw_verify_differences(dbw_arena *arena, const dbw_verify_pair *pair,
                                  const dbw_sum *source, const dbw_sum *target, size_t limit,
                                  dbw_difference **out, size_t *count, dbw_error *error)
{
    bool wanted[DBW_SUM_BUCKETS] = {false};
    struct entries a = {.wanted = wanted}, b = {.wanted = wanted};
    struct suspects suspects = {.columns = pair->column_count, .arena = arena};
    struct found found = {0};
    choose_buckets(source, target, wanted);

    dbw_status status = read_both(pair, collect_hash, &a, &b, &suspects, error);
    if (status == DBW_OK) {
        if (a.count)
            qsort(a.items, a.count, sizeof *a.items, by_key);
        if (b.count)
            qsort(b.items, b.count, sizeof *b.items, by_key);
        find_suspects(&suspects, &a, &b, limit);
        status = read_both(pair, collect_values, &suspects, &suspects, &suspects, error);
    }
    free(a.items);
    free(b.items);
    if (status != DBW_OK)
        return status;
    for (size_t i = 0; i < suspects.count && found.count < limit; i++)
        report_suspect(arena, pair, &suspects.items[i], &found);
    *out = found.items;
    *count = found.count;
    return DBW_OK;
}
