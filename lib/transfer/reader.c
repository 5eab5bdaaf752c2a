/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/reader.h"

#include "transfer/convert.h"
#include "transfer/orphans.h"
#include "transfer/valuejson.h"

#include <json-c/json.h>

enum { SHOWN = 80, ROWS_PER_LOOK = 1024, ROW_JSON_MOST = 1 << 20 };

struct dbw_reader {
    dbw_run *run;
    dbw_database *source;
    dbw_ring *ring;
    dbw_ledger_batch *ledger;
    dbw_reject_batch *rejects;
    dbw_arena *scratch; /* for texts of the ledger and of errors; reset after use */
    dbw_sum *sum;
    int64_t rejected;

    const dbw_run_table *table; /* that the rest is made for */
    dbw_converter *converter;
    dbw_encoder *encoder;
    dbw_rowhash *rowhash;
    dbw_orphan_check *orphans;
    dbw_value *converted;
    dbw_value *seen; /* as read, altered values in their places */
    bool *altered;

    dbw_hash hash; /* of the present row */
    uint32_t bucket;
};

/* How a row fared. */
typedef enum row_fate { ROW_GOOD, ROW_BAD } row_fate;

typedef dbw_status (*row_function)(dbw_reader *reader, const dbw_value *row, void *context,
                                   bool *enough, dbw_error *error);

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

/* --- naming rows ------------------------------------------------------------------------------ */

static const char *source_name(const dbw_reader *reader, size_t n)
{
    const dbw_plan_table *plan = reader->table->plan;
    return plan->source->columns[plan->columns[n].source].name;
}

/* The values of the key, as the verification shows them. */
static const char *key_text(dbw_reader *reader, const dbw_value *row)
{
    const dbw_plan_table *plan = reader->table->plan;
    const char *text = "";
    for (size_t i = 0; i < plan->key_count; i++) {
        const char *one = dbw_value_show(reader->scratch, &row[plan->key[i]], SHOWN);
        text = i ? dbw_arena_printf(reader->scratch, "%s, %s", text, one) : one;
    }
    return plan->key_count ? text : dbw_value_show(reader->scratch, &row[0], SHOWN);
}

/* "id = 5"; a table without a key is known by its first column. */
static const char *row_name(dbw_reader *reader, const dbw_value *row)
{
    const dbw_plan_table *plan = reader->table->plan;
    const char *text = NULL;
    for (size_t i = 0; i < (plan->key_count ? plan->key_count : 1); i++) {
        size_t n = plan->key_count ? plan->key[i] : 0;
        const char *one = dbw_arena_printf(reader->scratch, "%s = %s", source_name(reader, n),
                                           dbw_value_show(reader->scratch, &row[n], SHOWN));
        text = text ? dbw_arena_printf(reader->scratch, "%s, %s", text, one) : one;
    }
    return text;
}

static struct json_object *row_json(const dbw_reader *reader, const dbw_value *row)
{
    struct json_object *object = json_object_new_object();
    for (size_t i = 0; i < reader->table->plan->column_count; i++) {
        const dbw_value *value = &row[i];
        bool huge = dbw_kind_has_text(value->kind) && value->text.length > ROW_JSON_MOST;
        struct json_object *json;
        if (huge) {
            json = json_object_new_object();
            json_object_object_add(json, "bytes",
                                   json_object_new_int64((int64_t)value->text.length));
        } else {
            json = dbw_value_plain_json(value);
        }
        json_object_object_add(object, source_name(reader, i), json);
    }
    return object;
}

const char *dbw_reader_reason(const char *message)
{
    const char *colon = strncmp(message, "unable to ", 10) == 0 ? strstr(message, ": ") : NULL;
    return colon ? colon + 2 : message;
}

static dbw_status stop_at(dbw_reader *reader, const dbw_value *row, int column, const char *reason,
                          dbw_error *error)
{
    const char *table = reader->table->plan->source->name;
    const char *name = row_name(reader, row);
    char sqlstate[sizeof error->sqlstate], why[512];
    snprintf(sqlstate, sizeof sqlstate, "%s", error->sqlstate);
    snprintf(why, sizeof why, "%s", dbw_reader_reason(reason));
    if (column >= 0)
        dbw_fail(error, DBW_E_DATA,
                 "unable to copy row %s of table '%s': column '%s', value %s: %s", name, table,
                 source_name(reader, (size_t)column),
                 dbw_value_show(reader->scratch, &row[column], SHOWN), why);
    else
        dbw_fail(error, DBW_E_DATA, "unable to copy row %s of table '%s': %s", name, table, why);
    memcpy(error->sqlstate, sqlstate, sizeof sqlstate);
    dbw_hint(error, "Correct the row, choose how such values are treated (transforms), or let bad "
                    "rows be rejected (on_bad_row=reject).");
    if (column >= 0)
        dbw_error_object(error, "%s.%s", table, source_name(reader, (size_t)column));
    else
        dbw_error_object(error, "%s", table);
    dbw_arena_reset(reader->scratch);
    return DBW_E_DATA;
}

static dbw_status reject(dbw_reader *reader, const dbw_value *row, const char *column,
                         const char *reason, dbw_error *error)
{
    struct json_object *json = row_json(reader, row);
    dbw_reject one = {.table = reader->table->plan->source->name,
                      .column = column,
                      .key = key_text(reader, row),
                      .row = json,
                      .reason = dbw_reader_reason(reason)};
    dbw_status status = dbw_reject_batch_add(reader->rejects, &one, error);
    json_object_put(json);
    dbw_arena_reset(reader->scratch);
    return status;
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
                                  .column = source_name(reader, i),
                                  .key = key_text(reader, row),
                                  .before = dbw_value_show(reader->scratch, &row[i], SHOWN),
                                  .after = dbw_value_show(reader->scratch, &reader->seen[i], SHOWN),
                                  .reason = dbw_value_is_null(&reader->seen[i])
                                                ? "set to NULL, as decided"
                                                : "changed, as decided",
                                  .count = 1};
        status = dbw_ledger_batch_add(reader->ledger, &entry, error);
    }
    dbw_arena_reset(reader->scratch);
    return status;
}

/* Converts the row and hashes it as it was read; altered values count as altered. */
static row_fate take_row(dbw_reader *reader, const dbw_value *row, bool *any_altered, int *bad,
                         const char **reason)
{
    size_t count = reader->table->plan->column_count;
    const dbw_value *hashed = row;
    int odd;
    *any_altered = false;
    dbw_converter_row(reader->converter);
    bool orphan = dbw_orphan_check_row(reader->orphans, row);
    for (size_t i = 0; i < count; i++) {
        dbw_converted how = DBW_CONVERTED_ALTERED;
        if (orphan && dbw_orphan_check_column(reader->orphans, i))
            reader->converted[i] = DBW_NULL;
        else
            how = dbw_convert(reader->converter, i, &row[i], &reader->converted[i], reason);
        if (how == DBW_CONVERTED_BAD) {
            *bad = (int)i;
            return ROW_BAD;
        }
        if (how != DBW_CONVERTED_ALTERED)
            continue;
        if (!*any_altered) {
            memcpy(reader->seen, row, count * sizeof *row);
            memset(reader->altered, 0, count * sizeof *reader->altered);
            hashed = reader->seen;
            *any_altered = true;
        }
        reader->seen[i] = reader->converted[i];
        reader->altered[i] = true;
    }
    dbw_rowhash_row(reader->rowhash, hashed, &reader->hash, &reader->bucket, &odd);
    return ROW_GOOD;
}

static dbw_status bad_row(dbw_reader *reader, const dbw_value *row, int column, const char *reason,
                          dbw_error *error)
{
    if (strcmp(reader->run->options->on_bad_row, "reject") != 0)
        return stop_at(reader, row, column, reason, error);
    reader->rejected++;
    return reject(reader, row, column >= 0 ? source_name(reader, (size_t)column) : NULL, reason,
                  error);
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

static dbw_status each_row(dbw_reader *reader, const dbw_chunk *chunk, row_function fn,
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
    if (take_row(reader, row, &altered, &bad, &reason) == ROW_BAD)
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
    dbw_status status = each_row(reader, chunk, copy_row, &state, error);
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
    if (take_row(reader, row, &altered, &bad, &reason) == ROW_BAD)
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
    dbw_status status = each_row(reader, chunk, sum_row, &encoded, error);
    dbw_buffer_free(&encoded);
    return status;
}

/* --- finding rows that the server refused ----------------------------------------------------- */

typedef struct finding {
    dbw_wanted *wanted;
    size_t count, left;
} finding;

static dbw_status reject_wanted(dbw_reader *reader, const dbw_value *row, void *context,
                                bool *enough, dbw_error *error)
{
    finding *state = context;
    bool altered;
    int bad;
    const char *reason;
    if (take_row(reader, row, &altered, &bad, &reason) == ROW_BAD)
        return DBW_OK;
    for (size_t i = 0; i < state->count; i++) {
        dbw_wanted *wanted = &state->wanted[i];
        if (wanted->found || memcmp(&wanted->hash, &reader->hash, sizeof wanted->hash) != 0)
            continue;
        wanted->found = true;
        *enough = --state->left == 0;
        return reject(reader, row, wanted->column[0] ? wanted->column : NULL, wanted->reason,
                      error);
    }
    return DBW_OK;
}

dbw_status dbw_reader_reject(dbw_reader *reader, const dbw_chunk *chunk, dbw_wanted *wanted,
                             size_t count, dbw_error *error)
{
    finding state = {wanted, count, count};
    DBW_TRY(each_row(reader, chunk, reject_wanted, &state, error));
    if (state.left == 0 || dbw_run_stopped(reader->run))
        return DBW_OK;
    return dbw_fail(error, DBW_E_INTERNAL,
                    "unable to find %zu refused rows of table '%s' in the source again", state.left,
                    chunk->table->plan->source->name);
}

typedef struct blaming {
    int64_t left;
    const char *column;
    dbw_error *refusal;
    bool done;
} blaming;

/* The position among the copied columns of the target's column of that name, or -1. */
static int position_of(const dbw_reader *reader, const char *column)
{
    const dbw_plan_table *plan = reader->table->plan;
    for (size_t i = 0; column && i < plan->column_count; i++)
        if (strcmp(plan->target->columns[plan->columns[i].target].name, column) == 0)
            return (int)i;
    return -1;
}

static dbw_status blame_row(dbw_reader *reader, const dbw_value *row, void *context, bool *enough,
                            dbw_error *error)
{
    blaming *state = context;
    bool altered;
    int bad;
    const char *reason;
    (void)error;
    if (take_row(reader, row, &altered, &bad, &reason) == ROW_BAD || state->left-- > 0)
        return DBW_OK;
    state->done = *enough = true;
    stop_at(reader, row, position_of(reader, state->column), state->refusal->message,
            state->refusal);
    return DBW_OK;
}

dbw_status dbw_reader_blame(dbw_reader *reader, const dbw_chunk *chunk, int64_t n,
                            const char *column, dbw_error *error)
{
    dbw_error ignored;
    blaming state = {.left = n, .column = column, .refusal = error};
    dbw_error_clear(&ignored);
    if (n < 0 || each_row(reader, chunk, blame_row, &state, &ignored) != DBW_OK || !state.done)
        return dbw_error_prefix(error, "unable to copy table '%s'",
                                chunk->table->plan->source->name);
    return error->code;
}
