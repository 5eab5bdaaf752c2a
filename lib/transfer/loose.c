/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies what stands in no table (PostgreSQL: large objects) under the same numbers, before the
 * tables: read in the run's snapshot and written piece by piece, some hundred in one transaction
 * with the record of how to take them away again. Each is read back and compared. A run that is
 * resumed makes them anew: its snapshot is another one.
 */
#include "transfer/ddl.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <xxhash.h>

enum { PIECE_BYTES = 1 << 20, BATCH_MOST = 500, BATCH_BYTES = 64 << 20 };

typedef struct copying {
    dbw_run *run;
    const dbw_loose *loose;
    dbw_database *source;
    dbw_arena *scratch;  /* of one piece */
    XXH3_state_t *state; /* of one object */
    int64_t *numbers;
    size_t count, next;
    int64_t copied_bytes;
} copying;

/* A piece of one; it lives until the next. */
static dbw_status read_piece(copying *c, dbw_database *database, int64_t number, int64_t offset,
                             dbw_text *piece, dbw_error *error)
{
    const dbw_value parameters[] = {dbw_value_int(number), dbw_value_int(offset),
                                    dbw_value_int(PIECE_BYTES)};
    dbw_value value = DBW_NULL;
    dbw_arena_reset(c->scratch);
    DBW_TRY(dbw_fetch_value(database, c->scratch, c->loose->read, parameters, DBW_COUNT(parameters),
                            &value, error));
    *piece = value.kind == DBW_KIND_BYTES ? value.text : (dbw_text){0};
    return DBW_OK;
}

static dbw_status write_pieces(copying *c, int64_t number, int64_t *bytes, dbw_error *error)
{
    dbw_value made, parameters[3] = {dbw_value_int(number)};
    dbw_text piece;
    DBW_TRY(
        dbw_fetch_value(c->run->control, c->scratch, c->loose->make, parameters, 1, &made, error));
    for (*bytes = 0;; *bytes += (int64_t)piece.length) {
        DBW_TRY(read_piece(c, c->source, number, *bytes, &piece, error));
        if (!piece.length)
            return DBW_OK;
        XXH3_128bits_update(c->state, piece.data, piece.length);
        parameters[1] = dbw_value_int(*bytes);
        parameters[2] = (dbw_value){.kind = DBW_KIND_BYTES, .text = piece};
        DBW_TRY(dbw_fetch_value(c->run->control, c->scratch, c->loose->write, parameters, 3, &made,
                                error));
        DBW_TRY(dbw_run_poll(c->run, false, error));
    }
}

static dbw_status read_back(copying *c, int64_t number, XXH128_hash_t wanted, dbw_error *error)
{
    dbw_text piece;
    XXH3_128bits_reset(c->state);
    for (int64_t offset = 0;; offset += (int64_t)piece.length) {
        DBW_TRY(read_piece(c, c->run->control, number, offset, &piece, error));
        if (!piece.length)
            break;
        XXH3_128bits_update(c->state, piece.data, piece.length);
        DBW_TRY(dbw_run_poll(c->run, false, error));
    }
    if (XXH128_isEqual(XXH3_128bits_digest(c->state), wanted))
        return DBW_OK;
    return dbw_fail(error, DBW_E_DATA, "it reads back differently from the target");
}

static dbw_status copy_one(copying *c, int64_t number, dbw_error *error)
{
    int64_t bytes = 0;
    XXH3_128bits_reset(c->state);
    dbw_status status = write_pieces(c, number, &bytes, error);
    if (status == DBW_OK && strcmp(c->run->options->verify, "checksum") == 0)
        status = read_back(c, number, XXH3_128bits_digest(c->state), error);
    if (status != DBW_OK)
        return dbw_error_prefix(error, "unable to copy number %" PRId64 " of the %s", number,
                                c->loose->kind);
    c->copied_bytes += bytes;
    return DBW_OK;
}

static int64_t next_record(const dbw_run *run)
{
    int64_t next = 0;
    for (size_t i = 0; i < run->record_count; i++)
        if (run->records[i].kind == DBW_RECORD_OBJECT && run->records[i].seq >= next)
            next = run->records[i].seq + 1;
    return next;
}

static dbw_status record_batch(copying *c, size_t from, dbw_error *error)
{
    dbw_buffer drop;
    dbw_buffer_init(&drop, 1 << 20);
    dbw_buffer_printf(&drop, "%s (", c->loose->drop);
    for (size_t i = from; i < c->next; i++)
        dbw_buffer_printf(&drop, "%s%" PRId64, i > from ? ", " : "", c->numbers[i]);
    dbw_buffer_add_char(&drop, ')');
    struct json_object *detail = json_object_new_object();
    json_object_object_add(detail, "before", json_object_new_boolean(false));
    json_object_object_add(detail, "loose", json_object_new_boolean(true));
    json_object_object_add(detail, "drop", json_object_new_string(drop.failed ? "" : drop.data));
    dbw_record record = {
        .kind = DBW_RECORD_OBJECT, .seq = next_record(c->run), .state = "made", .detail = detail};
    dbw_status status = dbw_buffer_check(&drop, "statement", error);
    dbw_buffer_free(&drop);
    if (status == DBW_OK)
        return dbw_run_remember(c->run, &record, error);
    json_object_put(detail);
    return status;
}

static dbw_status copy_batch(dbw_database *database, void *context, dbw_error *error)
{
    copying *c = context;
    size_t from = c->next;
    int64_t before = c->copied_bytes;
    (void)database;
    while (c->next < c->count && c->next - from < BATCH_MOST &&
           c->copied_bytes - before < BATCH_BYTES)
        DBW_TRY(copy_one(c, c->numbers[c->next++], error));
    return record_batch(c, from, error);
}

static dbw_status list_numbers(copying *c, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_fetch(c->source, c->loose->list, NULL, 0, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row)
        *DBW_APPEND(c->run->arena, c->numbers, c->count) = row[0].int64;
    dbw_rows_close(rows);
    return status;
}

/* Those of an earlier attempt. */
static dbw_status take_away(dbw_database *database, void *context, dbw_error *error)
{
    dbw_run *run = context;
    for (size_t i = 0; i < run->record_count; i++) {
        dbw_record *record = &run->records[i];
        if (record->kind != DBW_RECORD_OBJECT || !dbw_record_flag(record, "loose"))
            continue;
        DBW_TRY(dbw_ddl_sql(database, dbw_record_text(record, "drop"), error));
        DBW_TRY(dbw_checkpoint_remove(run->checkpoint, database, DBW_RECORD_OBJECT, record->seq,
                                      record->seq + 1, error));
        record->kind = DBW_RECORD_KINDS; /* none any more */
    }
    return DBW_OK;
}

static dbw_status copy_all(copying *c, dbw_error *error)
{
    DBW_TRY(dbw_transaction(c->run->control, take_away, c->run, error));
    DBW_TRY(list_numbers(c, error));
    while (c->next < c->count) {
        DBW_TRY(dbw_transaction(c->run->control, copy_batch, c, error));
        DBW_TRY(dbw_run_poll(c->run, false, error));
    }
    dbw_run_event(c->run, "info", "%zu %s were copied with their numbers: %" PRId64 " bytes",
                  c->count, c->loose->kind, c->copied_bytes);
    return DBW_OK;
}

dbw_status dbw_run_loose(dbw_run *run, dbw_error *error)
{
    copying c = {.run = run, .loose = run->target->loose};
    if (!run->plan->loose)
        return DBW_OK;
    c.source = run->source->bulk->snapshot_reader(run->snapshot, 0);
    c.scratch = dbw_arena_new();
    c.state = XXH3_createState();
    dbw_status status = c.state ? copy_all(&c, error) : dbw_fail_memory(error);
    XXH3_freeState(c.state);
    dbw_arena_free(c.scratch);
    return status;
}
