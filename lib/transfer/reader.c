/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/reader_priv.h"

enum { SHOWN = 80, ROWS_PER_LOOK = 1024 };

dbw_reader *dbw_reader_new(dbw_run *run, dbw_database *source, dbw_ring *ring,
                           dbw_ledger_batch *ledger, dbw_reject_batch *rejects)
{
    dbw_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return NULL;
    *reader = (dbw_reader){
        .run = run, .source = source, .ring = ring, .ledger = ledger, .rejects = rejects};
    reader->scratch = dbw_arena_new();
    reader->sum = calloc(1, sizeof *reader->sum);
    if (!reader->sum) {
        dbw_reader_free(reader);
        return NULL;
    }
    return reader;
}

static void leave_table(dbw_reader *reader)
{
    if (reader->encoder)
        reader->run->target->bulk->encoder_free(reader->encoder);
    dbw_converter_free(reader->converter);
    dbw_rowhash_free(reader->rowhash);
    dbw_orphan_check_free(reader->orphans);
    free(reader->converted);
    free(reader->seen);
    free(reader->altered);
    reader->encoder = NULL;
    reader->converter = NULL;
    reader->rowhash = NULL;
    reader->orphans = NULL;
    reader->converted = reader->seen = NULL;
    reader->altered = NULL;
    reader->table = NULL;
}

void dbw_reader_free(dbw_reader *reader)
{
    if (!reader)
        return;
    leave_table(reader);
    dbw_arena_free(reader->scratch);
    free(reader->sum);
    free(reader);
}

static dbw_status enter_table(dbw_reader *reader, const dbw_run_table *table, dbw_error *error)
{
    const dbw_plan_table *plan = table->plan;
    if (reader->table == table)
        return DBW_OK;
    leave_table(reader);
    dbw_load_spec spec = {.table = plan->target,
                          .columns = table->target_columns,
                          .column_count = plan->column_count};
    DBW_TRY(reader->run->target->bulk->encoder_new(&spec, &reader->encoder, error));
    reader->converter = dbw_converter_new(plan->columns, plan->column_count);
    reader->rowhash =
        dbw_rowhash_new(table->source_canonical, plan->column_count, plan->key, plan->key_count);
    reader->orphans = dbw_orphan_check_new(table->orphans, table->source_canonical);
    reader->converted = calloc(plan->column_count, sizeof *reader->converted);
    reader->seen = calloc(plan->column_count, sizeof *reader->seen);
    reader->altered = calloc(plan->column_count, sizeof *reader->altered);
    if (!reader->converter || !reader->converted || !reader->seen || !reader->altered ||
        (table->orphans && !reader->orphans))
        return dbw_fail_memory(error);
    reader->table = table;
    return DBW_OK;
}

const dbw_sum *dbw_reader_result(const dbw_reader *reader, int64_t *rejected)
{
    *rejected = reader->rejected;
    return reader->sum;
}

/* --- one row ---------------------------------------------------------------------------------- */

static dbw_status note_alterations(dbw_reader *reader, const dbw_value *row, dbw_error *error)
{
    const dbw_plan_table *plan = reader->table->plan;
    dbw_status status = DBW_OK;
    for (size_t i = 0; i < plan->column_count && status == DBW_OK; i++) {
        if (!reader->altered[i])
            continue;
        dbw_ledger_entry entry = {.kind = DBW_LEDGER_VALUE,
                                  .table = plan->source->name,
                                  .column = dbw_reader_column(reader, i),
                                  .key = dbw_reader_key(reader, row),
                                  .before = dbw_value_show(reader->scratch, &row[i], SHOWN),
                                  .after = dbw_value_show(reader->scratch, &reader->seen[i], SHOWN),
                                  .reason = reader->altered[i],
                                  .count = 1};
        status = dbw_ledger_batch_add(reader->ledger, &entry, error);
    }
    dbw_arena_reset(reader->scratch);
    return status;
}

dbw_row_fate dbw_reader_take(dbw_reader *reader, const dbw_value *row, bool *any_altered, int *bad,
                             const char **reason)
{
    size_t count = reader->table->plan->column_count;
    const dbw_value *hashed = row;
    int odd;
    *any_altered = false;
    dbw_converter_row(reader->converter);
    bool orphan = dbw_orphan_check_row(reader->orphans, row);
    if (orphan && dbw_orphan_check_rejects(reader->orphans) >= 0) {
        *bad = dbw_orphan_check_rejects(reader->orphans);
        *reason = "it refers to a row that does not exist";
        return DBW_ROW_BAD;
    }
    for (size_t i = 0; i < count; i++) {
        dbw_converted how = DBW_CONVERTED_ALTERED;
        if (orphan && dbw_orphan_check_column(reader->orphans, i))
            reader->converted[i] = DBW_NULL;
        else
            how = dbw_convert(reader->converter, i, &row[i], &reader->converted[i], reason);
        if (how == DBW_CONVERTED_BAD) {
            *bad = (int)i;
            return DBW_ROW_BAD;
        }
        if (how != DBW_CONVERTED_ALTERED)
            continue;
        if (!*any_altered) {
            memcpy(reader->seen, row, count * sizeof *row);
            for (size_t k = 0; k < count; k++)
                reader->altered[k] = NULL;
            hashed = reader->seen;
            *any_altered = true;
        }
        reader->seen[i] = reader->converted[i];
        reader->altered[i] = dbw_value_is_null(&reader->seen[i]) ? "set to NULL, as decided"
                             : strstr(*reason, "minus zero")     ? *reason
                                                                 : "changed, as decided";
    }
    dbw_rowhash_row(reader->rowhash, hashed, &reader->hash, &reader->bucket, &odd);
    return DBW_ROW_GOOD;
}

static dbw_status bad_row(dbw_reader *reader, const dbw_value *row, int column, const char *reason,
                          dbw_error *error)
{
    if (strcmp(reader->run->options->on_bad_row, "reject") != 0)
        return dbw_reader_stop(reader, row, column, reason, error);
    reader->rejected++;
    return dbw_reader_refuse(
        reader, row, column >= 0 ? dbw_reader_column(reader, (size_t)column) : NULL, reason, error);
}

/* --- streams of rows -------------------------------------------------------------------------- */

static dbw_status scan(dbw_reader *reader, const dbw_chunk *chunk, dbw_rows **rows,
                       dbw_error *error)
{
    const dbw_run_table *table = chunk->table;
    dbw_scan wanted = {.table = table->plan->source,
                       .columns = table->source_columns,
                       .column_count = table->plan->column_count,
                       .range = {chunk->from, chunk->to},
                       .limit = -1};
    if (chunk->from || chunk->to)
        wanted.key = table->plan->source_key;
    return reader->run->source->bulk->scan(reader->source, &wanted, rows, error);
}

dbw_status dbw_reader_each(dbw_reader *reader, const dbw_chunk *chunk, dbw_row_function fn,
                           void *context, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    bool enough = false;
    unsigned until_look = ROWS_PER_LOOK;
    DBW_TRY(enter_table(reader, chunk->table, error));
    dbw_status status = scan(reader, chunk, &rows, error);
    if (status != DBW_OK)
        return dbw_error_prefix(error, "unable to read table '%s' of the source",
                                chunk->table->plan->source->name);
    while (!enough && (status = dbw_rows_next(rows, &row, error)) == DBW_OK && row) {
        status = fn(reader, row, context, &enough, error);
        if (status != DBW_OK)
            break;
        if (--until_look == 0) {
            until_look = ROWS_PER_LOOK;
            enough = enough || dbw_run_stopped(reader->run);
        }
    }
    dbw_rows_close(rows);
    return status;
}

/* --- copying ---------------------------------------------------------------------------------- */

typedef struct copying {
    dbw_block *block;
} copying;

static dbw_status pass_on(dbw_reader *reader, copying *state, bool *enough)
{
    bool open = dbw_ring_push(reader->ring, state->block);
    state->block = open ? dbw_ring_blank(reader->ring) : NULL;
    if (!state->block) {
        *enough = true;
        return DBW_OK;
    }
    dbw_buffer_reserve(&state->block->rows, (1 << 20) - 1);
    return DBW_OK;
}

static dbw_status copy_row(dbw_reader *reader, const dbw_value *row, void *context, bool *enough,
                           dbw_error *error)
{
    copying *state = context;
    dbw_block *block = state->block;
    bool altered;
    int bad = -1;
    size_t bad_column = SIZE_MAX;
    const char *reason = NULL;
    if (dbw_reader_take(reader, row, &altered, &bad, &reason) == DBW_ROW_BAD)
        return bad_row(reader, row, bad, reason, error);
    size_t start = block->rows.length;
    dbw_status status = reader->run->target->bulk->encode_row(reader->encoder, reader->converted,
                                                              &block->rows, &bad_column, error);
    if (status == DBW_E_DATA && bad_column < reader->table->plan->column_count)
        return bad_row(reader, row, (int)bad_column, error->message, error);
    DBW_TRY(status);
    if (altered)
        DBW_TRY(note_alterations(reader, row, error));
    block->offsets[block->count] = start;
    block->hashes[block->count] = reader->hash;
    block->buckets[block->count] = reader->bucket;
    block->count++;
    dbw_sum_add(reader->sum, reader->hash, reader->bucket);
    if (block->rows.length >= DBW_BLOCK_BYTES || block->count == DBW_BLOCK_ROWS)
        return pass_on(reader, state, enough);
    return DBW_OK;
}

dbw_status dbw_reader_copy(dbw_reader *reader, const dbw_chunk *chunk, dbw_error *error)
{
    copying state = {.block = dbw_ring_blank(reader->ring)};
    memset(reader->sum, 0, sizeof *reader->sum);
    reader->rejected = 0;
    if (!state.block)
        return DBW_OK;
    dbw_buffer_reserve(&state.block->rows, (1 << 20) - 1);
    dbw_status status = dbw_reader_each(reader, chunk, copy_row, &state, error);
    if (status == DBW_OK && state.block && state.block->count > 0 &&
        !dbw_ring_push(reader->ring, state.block))
        state.block = NULL;
    if (status != DBW_OK)
        dbw_ring_close(reader->ring);
    dbw_ring_finish(reader->ring);
    return status;
}

/* --- summing ---------------------------------------------------------------------------------- */

static dbw_status sum_row(dbw_reader *reader, const dbw_value *row, void *context, bool *enough,
                          dbw_error *error)
{
    dbw_buffer *encoded = context;
    bool altered;
    int bad = -1;
    size_t bad_column = SIZE_MAX;
    const char *reason = NULL;
    (void)enough;
    if (dbw_reader_take(reader, row, &altered, &bad, &reason) == DBW_ROW_BAD)
        return bad_row(reader, row, bad, reason, error);
    /* The encoder too refuses values, and those rows were not copied. */
    dbw_buffer_clear(encoded);
    dbw_status status = reader->run->target->bulk->encode_row(reader->encoder, reader->converted,
                                                              encoded, &bad_column, error);
    if (status == DBW_E_DATA && bad_column < reader->table->plan->column_count)
        return bad_row(reader, row, (int)bad_column, error->message, error);
    DBW_TRY(status);
    if (altered)
        DBW_TRY(note_alterations(reader, row, error));
    dbw_sum_add(reader->sum, reader->hash, reader->bucket);
    return DBW_OK;
}

dbw_status dbw_reader_sum(dbw_reader *reader, const dbw_chunk *chunk, dbw_error *error)
{
    dbw_buffer encoded;
    memset(reader->sum, 0, sizeof *reader->sum);
    reader->rejected = 0;
    dbw_buffer_init(&encoded, SIZE_MAX / 4);
    dbw_status status = dbw_reader_each(reader, chunk, sum_row, &encoded, error);
    dbw_buffer_free(&encoded);
    return status;
}
