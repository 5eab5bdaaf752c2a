/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that the server refused, read again: to reject them, or to name one. */
#include "transfer/reader_priv.h"

typedef struct finding {
    dbw_wanted *wanted;
    size_t count, left;
} finding;

/* The hash is the first member of a dbw_wanted. */
static int by_hash(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(dbw_hash));
}

static size_t first_of(const finding *state, const dbw_hash *hash)
{
    size_t low = 0, high = state->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_hash(&state->wanted[middle], hash) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static dbw_status reject_wanted(dbw_reader *reader, const dbw_value *row, void *context,
                                bool *enough, dbw_error *error)
{
    finding *state = context;
    bool altered;
    int bad;
    const char *reason;
    if (dbw_reader_take(reader, row, &altered, &bad, &reason) == DBW_ROW_BAD)
        return DBW_OK;
    /* Rows that are alike stand side by side: the first that was not found yet is this one. */
    for (size_t i = first_of(state, &reader->hash);
         i < state->count && by_hash(&state->wanted[i], &reader->hash) == 0; i++) {
        dbw_wanted *wanted = &state->wanted[i];
        if (wanted->found)
            continue;
        wanted->found = true;
        *enough = --state->left == 0;
        return dbw_reader_refuse(reader, row, wanted->column[0] ? wanted->column : NULL,
                                 wanted->reason, error);
    }
    return DBW_OK;
}

dbw_status dbw_reader_reject(dbw_reader *reader, const dbw_chunk *chunk, dbw_wanted *wanted,
                             size_t count, dbw_error *error)
{
    finding state = {wanted, count, count};
    qsort(wanted, count, sizeof *wanted, by_hash);
    DBW_TRY(dbw_reader_each(reader, chunk, reject_wanted, &state, error));
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
    if (dbw_reader_take(reader, row, &altered, &bad, &reason) == DBW_ROW_BAD || state->left-- > 0)
        return DBW_OK;
    state->done = *enough = true;
    dbw_reader_stop(reader, row, position_of(reader, state->column), state->refusal->message,
                    state->refusal);
    return DBW_OK;
}

dbw_status dbw_reader_blame(dbw_reader *reader, const dbw_chunk *chunk, int64_t n,
                            const char *column, dbw_error *error)
{
    dbw_error ignored;
    blaming state = {.left = n, .column = column, .refusal = error};
    dbw_error_clear(&ignored);
    if (n < 0 || dbw_reader_each(reader, chunk, blame_row, &state, &ignored) != DBW_OK ||
        !state.done)
        return dbw_error_prefix(error, "unable to copy table '%s'",
                                chunk->table->plan->source->name);
    return error->code;
}
