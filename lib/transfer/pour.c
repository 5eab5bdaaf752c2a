/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of the ring into the target. */
#include "transfer/lane.h"

bool dbw_pour_about_row(const dbw_error *error)
{
    const char *state = error->sqlstate;
    if (error->code == DBW_E_DATA)
        return true;
    /* 22 data exceptions, 23 integrity constraints, 44 check options, P0 raised by triggers. */
    return error->code == DBW_E_DATABASE &&
           (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0 ||
            strncmp(state, "44", 2) == 0 || strncmp(state, "P0", 2) == 0);
}

void dbw_pour_count(dbw_pour *pour, const dbw_block *block)
{
    dbw_run_table *table = pour->chunk->table;
    pour->sent += (int64_t)block->count;
    pour->bytes += (int64_t)block->rows.length;
    atomic_fetch_add(&table->rows_open, (int64_t)block->count);
    atomic_fetch_add(&table->rows_done, (int64_t)block->count);
    atomic_fetch_add(&table->bytes_done, (int64_t)block->rows.length);
}

/* Ends a load whose sending failed: its own failure says which row it was. */
static dbw_status end_load(dbw_load *load, dbw_status sent, const dbw_bulk *bulk, int64_t *rows,
                           dbw_load_failure *failure, dbw_error *error)
{
    dbw_error later;
    *rows = 0;
    *failure = (dbw_load_failure){.row = -1};
    if (sent == DBW_OK)
        return bulk->load_end(load, rows, failure, error);
    dbw_error_clear(&later);
    if (bulk->load_end(load, rows, failure, &later) != DBW_OK && dbw_pour_about_row(&later))
        *error = later;
    return error->code;
}

static void keep_column(const dbw_load_failure *failure, char *column, size_t room)
{
    snprintf(column, room, "%s", failure->column ? failure->column : "");
}

dbw_status dbw_pour_fast(dbw_pour *pour, int64_t *failed_row, char *column, size_t column_room,
                         bool *about_row, dbw_error *error)
{
    dbw_lane *lane = pour->lane;
    const dbw_bulk *bulk = lane->run->target->bulk;
    dbw_load_failure failure;
    dbw_load *load;
    dbw_block *block;
    int64_t rows;
    DBW_TRY(bulk->load_begin(lane->target, &pour->spec, &load, error));
    dbw_status status = DBW_OK;
    while (status == DBW_OK && !dbw_run_stopped(lane->run) && (block = dbw_ring_pop(lane->ring))) {
        status = bulk->load_send(load, dbw_block_rows(block, 0, block->count), block->count, error);
        if (status == DBW_OK)
            dbw_pour_count(pour, block);
        dbw_ring_return(lane->ring, block);
    }
    if (status == DBW_OK && dbw_run_stopped(lane->run)) {
        bulk->load_abort(load);
        return dbw_run_stop_error(lane->run, error);
    }
    status = end_load(load, status, bulk, &rows, &failure, error);
    if (status != DBW_OK) {
        *failed_row = failure.row;
        *about_row = dbw_pour_about_row(error);
        keep_column(&failure, column, column_room);
        return status;
    }
    pour->poured = rows;
    return DBW_OK;
}

dbw_status dbw_pour_rows(dbw_pour *pour, const dbw_block *block, size_t from, size_t to,
                         dbw_load_failure *failure, char *column, size_t column_room,
                         dbw_error *error)
{
    dbw_lane *lane = pour->lane;
    const dbw_bulk *bulk = lane->run->target->bulk;
    dbw_load *load;
    int64_t rows;
    DBW_TRY(bulk->load_begin(lane->target, &pour->spec, &load, error));
    dbw_status status = bulk->load_send(load, dbw_block_rows(block, from, to), to - from, error);
    status = end_load(load, status, bulk, &rows, failure, error);
    keep_column(failure, column, column_room);
    if (status != DBW_OK)
        return status;
    if (rows != (int64_t)(to - from))
        return dbw_fail(error, DBW_E_INTERNAL,
                        "unable to copy table '%s': the server did not take every row",
                        pour->chunk->table->name);
    return DBW_OK;
}
