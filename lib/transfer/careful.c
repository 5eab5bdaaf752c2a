/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading where a row is known to be refused: each block under a savepoint; a block that fails is
 * cut at the row that the server names, or in halves where it names none, until the row stands
 * alone.
 */
#include "base/utf8.h"
#include "transfer/lane.h"

#define SAVEPOINT_NAME "dbwizard_block"

static dbw_status run_sql(dbw_pour *pour, const char *sql, dbw_error *error)
{
    return dbw_execute(pour->lane->target, sql, NULL, 0, NULL, error);
}

static void cut_into(char *out, size_t room, const char *text)
{
    size_t length = dbw_utf8_cut(text, strlen(text), room - 1);
    memcpy(out, text, length);
    out[length] = '\0';
}

static dbw_status refuse(dbw_pour *pour, const dbw_block *block, size_t n, const char *column,
                         dbw_error *error)
{
    if (pour->refused_count == pour->refused_room) {
        size_t room = pour->refused_room ? pour->refused_room * 2 : 16;
        dbw_wanted *grown = realloc(pour->refused, room * sizeof *grown);
        if (!grown)
            return dbw_fail_memory(error);
        pour->refused = grown;
        pour->refused_room = room;
    }
    if ((int64_t)pour->refused_count >= pour->lane->run->options->max_rejects) {
        char reason[sizeof error->message];
        memcpy(reason, error->message, sizeof reason);
        dbw_fail(error, DBW_E_LIMIT,
                 "unable to copy table '%s': more than %lld rows were rejected, the last one: %s",
                 pour->chunk->table->name, (long long)pour->lane->run->options->max_rejects,
                 reason);
        return dbw_hint(error, "Look at the rejected rows; a higher max_rejects lets more pass.");
    }
    dbw_wanted *wanted = &pour->refused[pour->refused_count++];
    *wanted = (dbw_wanted){.hash = block->hashes[n], .bucket = block->buckets[n]};
    cut_into(wanted->column, sizeof wanted->column, column);
    cut_into(wanted->reason, sizeof wanted->reason, dbw_reader_reason(error->message));
    return DBW_OK;
}

/* Rows [from, to) under a savepoint; DBW_OK also when they were refused, `*good` false then. */
static dbw_status try_rows(dbw_pour *pour, const dbw_block *block, size_t from, size_t to,
                           bool *good, int64_t *row, char *column, size_t column_room,
                           dbw_error *error)
{
    dbw_load_failure failure = {.row = -1};
    DBW_TRY(run_sql(pour, "SAVEPOINT " SAVEPOINT_NAME, error));
    dbw_status status = dbw_pour_rows(pour, block, from, to, &failure, column, column_room, error);
    if (status == DBW_OK && pour->chunk->table->skip)
        status = dbw_skip_settle(pour, error);
    *good = status == DBW_OK;
    *row = failure.row;
    if (status == DBW_OK) {
        pour->poured += (int64_t)(to - from);
        return run_sql(pour, "RELEASE SAVEPOINT " SAVEPOINT_NAME, error);
    }
    if (!dbw_pour_about_row(error))
        return status;
    dbw_error ignored;
    dbw_error_clear(&ignored);
    status = run_sql(pour, "ROLLBACK TO SAVEPOINT " SAVEPOINT_NAME, &ignored);
    if (status == DBW_OK)
        status = run_sql(pour, "RELEASE SAVEPOINT " SAVEPOINT_NAME, &ignored);
    if (status != DBW_OK)
        *error = ignored;
    return status;
}

typedef struct span {
    size_t from, to;
} span;

/* A stack of spans; halving alone needs as many as the logarithm of a block's rows. */
enum { SPANS = 64, SPANS_NAMED = 40 };

/* The row is looked up when the reader is back. */
static dbw_status stop_here(dbw_pour *pour, const dbw_block *block, size_t n, const char *column,
                            const dbw_error *error)
{
    pour->stopped_at = block->first + (int64_t)n;
    snprintf(pour->stopped_column, sizeof pour->stopped_column, "%s", column);
    return error->code;
}

static dbw_status pour_block(dbw_pour *pour, const dbw_block *block, bool stop_at_first,
                             dbw_error *error)
{
    span spans[SPANS] = {{0, block->count}};
    size_t depth = 1;
    while (depth > 0) {
        span one = spans[--depth];
        char column[256] = "";
        int64_t row;
        bool good;
        if (one.from >= one.to)
            continue;
        DBW_TRY(try_rows(pour, block, one.from, one.to, &good, &row, column, sizeof column, error));
        if (good)
            continue;
        size_t count = one.to - one.from;
        if (count == 1 && stop_at_first)
            return stop_here(pour, block, one.from, column, error);
        if (count == 1) {
            DBW_TRY(refuse(pour, block, one.from, column, error));
            continue;
        }
        size_t cut = one.from + count / 2;
        if (row >= 0 && row < (int64_t)count && depth < SPANS_NAMED) {
            /* The server names the row: it alone, and what stands on either side. */
            size_t at = one.from + (size_t)row;
            spans[depth++] = (span){at + 1, one.to};
            spans[depth++] = (span){at, at + 1};
            spans[depth++] = (span){one.from, at};
            continue;
        }
        spans[depth++] = (span){cut, one.to};
        spans[depth++] = (span){one.from, cut};
    }
    return DBW_OK;
}

dbw_status dbw_pour_careful(dbw_pour *pour, bool stop_at_first, dbw_error *error)
{
    dbw_lane *lane = pour->lane;
    dbw_block *block;
    dbw_status status = DBW_OK;
    while (status == DBW_OK && !dbw_run_stopped(lane->run) && (block = dbw_ring_pop(lane->ring))) {
        status = pour_block(pour, block, stop_at_first, error);
        if (status == DBW_OK)
            dbw_pour_count(pour, block);
        dbw_ring_return(lane->ring, block);
    }
    if (status == DBW_OK && dbw_run_stopped(lane->run))
        return dbw_run_stop_error(lane->run, error);
    return status;
}
