/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unique keys whose values the conversion may make equal: a UUID in two spellings, a date with and
 * without its midnight, 1 and 1.0. Their values are converted as the copy will convert them and
 * hashed; equal hashes (64 bits) are taken for equal keys.
 */
#include "transfer/convert.h"
#include "transfer/plan_priv.h"

#include <xxhash.h>

/* Hashes of more rows than this would take too much memory (64 MiB); such a key is left to the
 * load, which finds the same duplicates later. */
enum { ROWS_MOST = 8 * 1024 * 1024 };

struct unique {
    dbw_planner *planner;
    dbw_work *work;
    size_t *source; /* positions in the source table */
    dbw_plan_column *columns;
    size_t count;
    uint64_t *hashes;
    size_t hash_count, room;
};

/* Different values may become equal. */
static bool merges(const dbw_work *work, const dbw_plan_column *column)
{
    const dbw_profile_column *p =
        &work->profile.profiles[dbw_work_column(work, work->source->columns[column->source].name)];
    bool altered = column->on_nul != DBW_REMEDY_NONE ||
                   column->on_invalid_utf8 != DBW_REMEDY_NONE ||
                   column->on_mojibake != DBW_REMEDY_NONE;
    return (p->texts && dbw_intent_kind(column->intent) != DBW_KIND_TEXT &&
            column->intent != DBW_INTENT_BYTES && column->intent != DBW_INTENT_ANY) ||
           (altered && (p->with_nul || p->invalid_utf8)) || column->target_canonical.pad_space ||
           ((p->texts > 0) + (p->integers > 0) + (p->reals > 0) + (p->blobs > 0) > 1 &&
            column->intent != DBW_INTENT_ANY);
}

static uint64_t hash_value(uint64_t seed, const dbw_value *value)
{
    if (dbw_kind_has_text(value->kind))
        return XXH3_64bits_withSeed(value->text.data, value->text.length, seed);
    if (value->kind == DBW_KIND_UUID)
        return XXH3_64bits_withSeed(value->uuid, sizeof value->uuid, seed);
    if (value->kind == DBW_KIND_BOOL)
        return XXH3_64bits_withSeed(&value->boolean, sizeof value->boolean, seed);
    if (value->kind == DBW_KIND_INTERVAL)
        return XXH3_64bits_withSeed(&value->interval, sizeof value->interval, seed);
    return XXH3_64bits_withSeed(&value->int64, sizeof value->int64, seed);
}

/* The digits of a decimal without the zeros that mean nothing; the padding of a CHAR. */
static void trim(const dbw_plan_column *column, dbw_value *value)
{
    dbw_text *text = &value->text;
    if (value->kind == DBW_KIND_DECIMAL && memchr(text->data, '.', text->length)) {
        while (text->data[text->length - 1] == '0')
            text->length--;
        if (text->data[text->length - 1] == '.')
            text->length--;
    }
    if (value->kind == DBW_KIND_TEXT && column->target_canonical.pad_space)
        while (text->length && text->data[text->length - 1] == ' ')
            text->length--;
}

/* False for rows that are no duplicates of anything: with a NULL, or bad for another reason. */
static bool hash_row(const struct unique *u, dbw_converter *converter, const dbw_value *row,
                     uint64_t *hash)
{
    *hash = 0;
    dbw_converter_row(converter);
    for (size_t i = 0; i < u->count; i++) {
        dbw_value out;
        const char *reason;
        if (dbw_convert(converter, i, &row[i], &out, &reason) == DBW_CONVERTED_BAD ||
            dbw_value_is_null(&out))
            return false;
        trim(&u->columns[i], &out);
        *hash = hash_value(*hash + i, &out);
    }
    return true;
}

static dbw_status add_hash(struct unique *u, uint64_t hash, dbw_error *error)
{
    if (u->hash_count == u->room) {
        size_t room = u->room ? 2 * u->room : 4096;
        uint64_t *more = realloc(u->hashes, room * sizeof *more);
        if (!more)
            return dbw_fail_memory(error);
        u->hashes = more;
        u->room = room;
    }
    u->hashes[u->hash_count++] = hash;
    return DBW_OK;
}

static int by_hash(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Keeps the hashes that stand there more than once, each once. */
static void keep_repeated(struct unique *u)
{
    size_t kept = 0;
    if (u->hash_count)
        qsort(u->hashes, u->hash_count, sizeof *u->hashes, by_hash);
    for (size_t i = 1; i < u->hash_count; i++) {
        bool repeated = u->hashes[i] == u->hashes[i - 1];
        if (repeated && (!kept || u->hashes[kept - 1] != u->hashes[i]))
            u->hashes[kept++] = u->hashes[i];
    }
    u->hash_count = kept;
}

/* One pass over the key's columns: the first collects hashes, the second shows the repeated. */
static dbw_status pass(struct unique *u, dbw_finding *show, dbw_error *error)
{
    dbw_planner *planner = u->planner;
    dbw_scan scan = {
        .table = u->work->source, .columns = u->source, .column_count = u->count, .limit = -1};
    dbw_converter *converter = dbw_converter_new(u->columns, u->count);
    dbw_names names = {.items = DBW_NEW_ARRAY(planner->arena, u->count, const char *),
                       .count = u->count};
    dbw_rows *rows = NULL;
    const dbw_value *row;
    uint64_t hash;
    if (!converter)
        return dbw_fail_memory(error);
    for (size_t i = 0; i < u->count; i++)
        names.items[i] = u->work->source->columns[u->source[i]].name;
    dbw_status status = planner->request->source_bulk->scan(planner->reader, &scan, &rows, error);
    while (status == DBW_OK && !(show && show->key_count == DBW_FINDING_KEYS)) {
        status = dbw_rows_next(rows, &row, error);
        if (status != DBW_OK || !row)
            break;
        if (!hash_row(u, converter, row, &hash))
            continue;
        if (!show)
            status = add_hash(u, hash, error);
        else if (bsearch(&hash, u->hashes, u->hash_count, sizeof hash, by_hash))
            show->keys[show->key_count++] = dbw_plan_key_text(planner->arena, &names, row);
    }
    dbw_rows_close(rows);
    dbw_converter_free(converter);
    return status;
}

static dbw_status check(struct unique *u, dbw_error *error)
{
    const dbw_table *table = u->work->source;
    DBW_TRY(pass(u, NULL, error));
    keep_repeated(u);
    if (!u->hash_count)
        return DBW_OK;
    dbw_finding *finding = dbw_plan_find(
        u->planner, DBW_SEVERITY_ERROR, "duplicates", table->name,
        table->columns[u->source[0]].name, (int64_t)u->hash_count,
        "%zu %s of %s more than once as the target reads them, and it allows each only once",
        u->hash_count, u->hash_count == 1 ? "key stands in a row" : "keys stand in rows",
        table->name);
    return pass(u, finding, error);
}

dbw_status dbw_plan_check_unique(dbw_planner *planner, dbw_work *work, const dbw_names *target,
                                 dbw_error *error)
{
    const dbw_plan_table *planned = work->planned;
    struct unique u = {
        .planner = planner,
        .work = work,
        .source = DBW_NEW_ARRAY(planner->arena, target->count + 1, size_t),
        .columns = DBW_NEW_ARRAY(planner->arena, target->count + 1, dbw_plan_column),
    };
    bool may_merge = false;
    for (size_t i = 0; i < target->count; i++) {
        int position = dbw_table_column_index(work->target, target->items[i]);
        for (size_t c = 0; c < planned->column_count; c++) {
            if ((int)planned->columns[c].target != position)
                continue;
            u.source[u.count] = planned->columns[c].source;
            u.columns[u.count++] = planned->columns[c];
            may_merge |= merges(work, &planned->columns[c]);
        }
    }
    if (!may_merge || u.count != target->count || planned->rows > ROWS_MOST)
        return DBW_OK;
    dbw_status status = check(&u, error);
    free(u.hashes);
    return status;
}
