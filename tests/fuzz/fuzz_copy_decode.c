/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row of a binary COPY from a server that says anything: the decoder stays within the bytes,
 * every value that it gives is of its column's kind, and rows that our own encoder takes again come
 * back as they were.
 */
#include "engine/postgresql/bulk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

enum { COLUMNS = 8 };

static bool same(const dbw_value *a, const dbw_value *b)
{
    if (a->kind != b->kind)
        return false;
    if (dbw_kind_has_text(a->kind))
        return dbw_text_equal(a->text, b->text);
    if (a->kind == DBW_KIND_BOOL)
        return a->boolean == b->boolean;
    if (a->kind == DBW_KIND_UUID)
        return memcmp(a->uuid, b->uuid, 16) == 0;
    if (a->kind == DBW_KIND_INTERVAL)
        return memcmp(&a->interval, &b->interval, sizeof a->interval) == 0;
    return a->kind == DBW_KIND_NULL || memcmp(&a->int64, &b->int64, 8) == 0;
}

/** Encodes what was decoded, and decodes that: nothing may have changed. */
static void check_again(const dbw_table *table, const size_t *columns,
                        const dbw_pg_decoder *decoder, const dbw_value *values)
{
    dbw_error error;
    dbw_encoder *encoder;
    dbw_buffer wire, scratch;
    dbw_load_spec spec = {.table = table, .columns = columns, .column_count = COLUMNS};
    dbw_value again[COLUMNS];
    size_t bad;
    dbw_buffer_init(&wire, 1 << 24);
    dbw_buffer_init(&scratch, 1 << 24);
    check(dbw_pg_encoder_new(&spec, &encoder, &error) == DBW_OK);
    if (!dbw_pg_spec_in_text(&spec) &&
        dbw_pg_encode_row(encoder, values, &wire, &bad, &error) == DBW_OK) {
        check(dbw_pg_decode_row(decoder, wire.data, wire.length, again, &scratch, &error) ==
              DBW_OK);
        for (size_t i = 0; i < COLUMNS; i++)
            check(same(&values[i], &again[i]));
    }
    dbw_pg_encoder_free(encoder);
    dbw_buffer_free(&wire);
    dbw_buffer_free(&scratch);
}

/** The first bytes choose the columns' types, the rest is the row. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < COLUMNS)
        return 0;
    dbw_column columns[COLUMNS] = {0};
    dbw_table table = {.name = "t", .columns = columns, .column_count = COLUMNS};
    const dbw_type *types[COLUMNS];
    size_t positions[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) {
        columns[i].name = "c";
        columns[i].type.intent = (dbw_intent)(data[i] % DBW_INTENT_COUNT);
        columns[i].type.precision = -1;
        types[i] = &columns[i].type;
        positions[i] = i;
    }
    size -= COLUMNS;
    char *row = malloc(size ? size : 1);
    check(row != NULL);
    if (size)
        memcpy(row, data + COLUMNS, size);
    dbw_arena *arena = dbw_arena_new();
    dbw_pg_decoder *decoder = dbw_pg_decoder_new(arena, types, COLUMNS);
    dbw_value values[COLUMNS];
    dbw_buffer scratch;
    dbw_error error;
    dbw_buffer_init(&scratch, 1 << 24);
    if (dbw_pg_decode_row(decoder, row, size, values, &scratch, &error) == DBW_OK) {
        uint64_t sum = 0;
        for (size_t i = 0; i < COLUMNS; i++)
            for (size_t n = 0; dbw_kind_has_text(values[i].kind) && n < values[i].text.length; n++)
                sum += (unsigned char)values[i].text.data[n];
        check(sum < UINT64_MAX);
        check_again(&table, positions, decoder, values);
    }
    dbw_buffer_free(&scratch);
    dbw_arena_free(arena);
    free(row);
    return 0;
}
