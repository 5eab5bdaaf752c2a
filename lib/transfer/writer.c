/* SPDX-License-Identifier: Apache-2.0 */
/* The writing half of a lane: one chunk, its checkpoint record, one transaction. */
#include "base/clock.h"
#include "transfer/ddl.h"
#include "transfer/lane.h"

#include <inttypes.h>
#include <json-c/json.h>

enum { BEATEN_MOST = 10 };

typedef struct attempt {
    dbw_lane *lane;
    dbw_chunk *chunk;
    dbw_pour pour;
    bool careful;
    bool stop_at_first; /* careful: only to learn which row it is */
    bool made;          /* the table was made in this transaction */
    int64_t started;
    int64_t failed_row; /* fast: the row that the server refused, or -1 */
    char column[256];
    bool about_row;
} attempt;

static dbw_status record_chunk(dbw_lane *lane, const dbw_chunk *chunk, dbw_error *error)
{
    char sum[DBW_SUM_TEXT];
    dbw_hash_text(chunk->result.sum, sum);
    dbw_record record = {.kind = DBW_RECORD_CHUNK,
                         .seq = chunk->table->seq * DBW_CHECKPOINT_STRIDE + chunk->n,
                         .state = "done",
                         .rows = chunk->result.rows,
                         .sum = sum,
                         .detail = dbw_chunk_detail(chunk)};
    dbw_status status = dbw_checkpoint_put(lane->run->checkpoint, lane->target, &record, error);
    json_object_put(record.detail);
    return status;
}

/* Makes the table when that is still to do; single chunks alone come here without one. */
static dbw_status make_table(attempt *a, dbw_error *error)
{
    dbw_run_table *table = a->chunk->table;
    if (table->created || table->plan->action != DBW_PLAN_CREATE)
        return DBW_OK;
    DBW_TRY(dbw_ddl_create(a->lane->run, a->lane->target, a->lane->arena, table, error));
    a->made = true;
    return DBW_OK;
}

static dbw_status pour(attempt *a, dbw_error *error)
{
    dbw_pour *into = &a->pour;
    const dbw_run_table *table = a->chunk->table;
    *into = (dbw_pour){.lane = a->lane,
                       .chunk = a->chunk,
                       .spec = {.table = table->plan->target,
                                .columns = table->target_columns,
                                .column_count = table->plan->column_count,
                                .fresh = a->made && !a->careful},
                       .stopped_at = -1};
    if (table->skip)
        DBW_TRY(dbw_skip_begin(into, error));
    if (a->careful)
        DBW_TRY(dbw_pour_careful(into, a->stop_at_first, error));
    else
        DBW_TRY(
            dbw_pour_fast(into, &a->failed_row, a->column, sizeof a->column, &a->about_row, error));
    if (!table->skip)
        return DBW_OK;
    if (!a->careful && dbw_skip_settle(into, error) != DBW_OK) {
        a->about_row = dbw_pour_about_row(error);
        return error->code;
    }
    return dbw_skip_end(into, error);
}

/* What was copied must be what was read, less what was refused. */
static dbw_status check_counts(attempt *a, const dbw_sum *sum, dbw_error *error)
{
    int64_t read = sum->rows;
    if (a->pour.poured + (int64_t)a->pour.refused_count == read)
        return DBW_OK;
    return dbw_fail(error, DBW_E_INTERNAL,
                    "unable to copy table '%s': %" PRId64 " rows were read, the server counted "
                    "%" PRId64,
                    a->chunk->table->name, read, a->pour.poured);
}

/* Rows that the server refused are read again, written down, and taken out of the sum. */
static dbw_status settle_refused(attempt *a, dbw_sum *sum, dbw_error *error)
{
    dbw_pour *into = &a->pour;
    for (size_t i = 0; i < into->refused_count; i++) {
        const dbw_wanted *row = &into->refused[i];
        dbw_hash *bucket = &sum->buckets[row->bucket];
        sum->rows--;
        sum->total = dbw_hash_subtract(sum->total, row->hash);
        *bucket = dbw_hash_subtract(*bucket, row->hash);
    }
    if (into->refused_count == 0)
        return DBW_OK;
    dbw_errand errand = {.kind = DBW_ERRAND_REJECT,
                         .chunk = a->chunk,
                         .wanted = into->refused,
                         .wanted_count = into->refused_count};
    return dbw_lane_run(a->lane, &errand, error);
}

/* The chunk's totals become the table's. */
static dbw_status enter(dbw_lane *lane, dbw_chunk *chunk, const dbw_sum *sum, dbw_error *error)
{
    dbw_run *run = lane->run;
    dbw_run_table *table = chunk->table;
    pthread_mutex_lock(&run->lock);
    dbw_status status = dbw_packed_add(&table->copied, sum, error);
    table->rejected += chunk->result.rejected;
    table->kept += chunk->result.kept;
    table->microseconds += chunk->result.microseconds;
    pthread_mutex_unlock(&run->lock);
    dbw_ledger_batch_commit(lane->ledger);
    dbw_ledger_batch_commit(lane->kept);
    dbw_reject_batch_commit(lane->rejects);
    chunk->state = DBW_CHUNK_DONE;
    return status;
}

static dbw_status stopped(dbw_lane *lane, dbw_error *error)
{
    return dbw_run_stopped(lane->run) ? dbw_run_stop_error(lane->run, error) : DBW_OK;
}

/* Rows that were kept back are proven at once: what the server gave back is what was read. */
static dbw_status check_staged(const attempt *a, const dbw_sum *sum, dbw_error *error)
{
    const char *verify = a->lane->run->options->verify;
    if (!a->chunk->table->skip || strcmp(verify, "checksum") != 0 ||
        dbw_sum_equal(a->pour.staged, sum))
        return DBW_OK;
    return dbw_fail(error, DBW_E_DIFFERS,
                    "unable to copy table '%s': what the target gives back differs from the source",
                    a->chunk->table->name);
}

static dbw_status finish(attempt *a, dbw_error *error)
{
    dbw_lane *lane = a->lane;
    int64_t rejected;
    dbw_sum *sum = malloc(sizeof *sum);
    if (!sum)
        return dbw_fail_memory(error);
    *sum = *dbw_reader_result(lane->reader, &rejected);
    dbw_status status = check_counts(a, sum, error);
    if (status == DBW_OK)
        status = settle_refused(a, sum, error);
    if (status == DBW_OK)
        status = check_staged(a, sum, error);
    if (status == DBW_OK)
        status = stopped(lane, error);
    a->chunk->result = (dbw_chunk_result){.rows = sum->rows,
                                          .sum = sum->total,
                                          .rejected = rejected + (int64_t)a->pour.refused_count,
                                          .refused = (int64_t)a->pour.refused_count,
                                          .kept = a->pour.kept,
                                          .bytes = a->pour.bytes,
                                          .microseconds = dbw_clock_monotonic() - a->started};
    if (status == DBW_OK)
        status = dbw_ledger_batch_flush(lane->ledger, error);
    if (status == DBW_OK)
        status = dbw_ledger_batch_flush(lane->kept, error);
    if (status == DBW_OK)
        status = dbw_reject_batch_flush(lane->rejects, error);
    if (status == DBW_OK)
        status = record_chunk(lane, a->chunk, error);
    if (status == DBW_OK)
        status = dbw_commit(lane->target, error);
    if (status == DBW_OK && a->made)
        a->chunk->table->created = true;
    if (status == DBW_OK)
        status = enter(lane, a->chunk, sum, error);
    free(sum);
    return status;
}

static void start(attempt *a)
{
    dbw_lane *lane = a->lane;
    int64_t seq = a->chunk->table->seq;
    a->made = a->about_row = false;
    a->failed_row = -1;
    a->column[0] = '\0';
    a->started = dbw_clock_monotonic();
    dbw_ring_reset(lane->ring);
    dbw_ledger_batch_begin(lane->ledger, seq, a->chunk->n);
    dbw_ledger_batch_begin(lane->kept, seq, a->chunk->n);
    dbw_reject_batch_begin(lane->rejects, seq, a->chunk->n);
}

/* One transaction from its begin to its commit; rolled back when it fails. */
static dbw_status run_attempt(attempt *a, dbw_error *error)
{
    dbw_lane *lane = a->lane;
    dbw_error reading;
    dbw_errand errand = {.kind = DBW_ERRAND_COPY, .chunk = a->chunk};
    start(a);
    dbw_error_clear(&reading);
    DBW_TRY(dbw_begin(lane->target, error));
    dbw_status status = make_table(a, error);
    if (status == DBW_OK) {
        dbw_lane_send(lane, &errand);
        status = pour(a, error);
        if (status != DBW_OK)
            dbw_ring_close(lane->ring);
        /* The reader's own failure is the reason, the writer's then only what followed. */
        if (dbw_lane_wait(lane, &reading) != DBW_OK) {
            *error = reading;
            status = reading.code;
            a->about_row = false;
        }
    }
    if (status == DBW_OK)
        status = stopped(lane, error);
    if (status == DBW_OK)
        status = finish(a, error);
    if (status != DBW_OK) {
        dbw_rollback(lane->target);
        atomic_fetch_sub(&a->chunk->table->rows_done, a->pour.sent);
        atomic_fetch_sub(&a->chunk->table->bytes_done, a->pour.bytes);
    }
    atomic_fetch_sub(&a->chunk->table->rows_open, a->pour.sent);
    if (a->careful && a->pour.stopped_at >= 0) {
        a->failed_row = a->pour.stopped_at;
        snprintf(a->column, sizeof a->column, "%s", a->pour.stopped_column);
    }
    free(a->pour.refused);
    free(a->pour.staged);
    a->pour = (dbw_pour){.stopped_at = -1};
    return status;
}

/* schema_only: the table and nothing in it. */
static dbw_status make_empty(dbw_lane *lane, dbw_chunk *chunk, dbw_error *error)
{
    attempt a = {.lane = lane, .chunk = chunk};
    DBW_TRY(dbw_begin(lane->target, error));
    dbw_status status = make_table(&a, error);
    if (status == DBW_OK)
        status = record_chunk(lane, chunk, error);
    if (status == DBW_OK)
        status = dbw_commit(lane->target, error);
    if (status != DBW_OK)
        dbw_rollback(lane->target);
    else if (a.made)
        chunk->table->created = true;
    return status;
}

static dbw_status copy_chunk(dbw_lane *lane, dbw_chunk *chunk, dbw_error *error)
{
    attempt a = {.lane = lane, .chunk = chunk, .pour = {.stopped_at = -1}};
    dbw_status status = run_attempt(&a, error);
    if (status == DBW_OK || !a.about_row || dbw_run_stopped(lane->run))
        return status;
    bool rejecting = strcmp(lane->run->options->on_bad_row, "reject") == 0;
    if (!rejecting && a.failed_row >= 0)
        return dbw_reader_blame(lane->reader, chunk, a.failed_row, a.column, error);
    a.careful = true;
    a.stop_at_first = !rejecting;
    status = run_attempt(&a, error);
    if (status != DBW_OK && a.failed_row >= 0)
        return dbw_reader_blame(lane->reader, chunk, a.failed_row, a.column, error);
    return status;
}

/* --- chunks of an earlier attempt ------------------------------------------------------------- */

static void compare_key(const dbw_run_table *table, const dbw_engine *engine, const char *operator_,
                        dbw_buffer *sql)
{
    const dbw_plan_table *plan = table->plan;
    for (size_t i = 0; i < plan->key_count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : "(");
        dbw_quote_name(engine, sql, plan->target->columns[plan->columns[plan->key[i]].target].name);
    }
    dbw_buffer_printf(sql, ") %s ", operator_);
    for (size_t i = 0; i < plan->key_count; i++)
        dbw_buffer_add_string(sql, i ? ", ?" : "(?");
    dbw_buffer_add_char(sql, ')');
}

/* Deletes what the chunk put into the target. Its keys are integers where it is one of several. */
static dbw_status delete_rows(dbw_lane *lane, const dbw_chunk *chunk, dbw_error *error)
{
    const dbw_run_table *table = chunk->table;
    const dbw_engine *engine = lane->run->target;
    size_t keys = table->plan->key_count, count = 0;
    dbw_value *values = DBW_NEW_ARRAY(lane->arena, 2 * keys + 1, dbw_value);
    dbw_buffer sql;
    dbw_buffer_init(&sql, 1 << 20);
    dbw_buffer_add_string(&sql, "DELETE FROM ");
    dbw_quote_qualified(engine, &sql, table->plan->target->schema, table->plan->target->name);
    if (chunk->from) {
        dbw_buffer_add_string(&sql, " WHERE ");
        compare_key(table, engine, ">=", &sql);
        for (size_t i = 0; i < keys; i++)
            values[count++] = chunk->from[i];
    }
    if (chunk->to) {
        dbw_buffer_add_string(&sql, chunk->from ? " AND " : " WHERE ");
        compare_key(table, engine, "<", &sql);
        for (size_t i = 0; i < keys; i++)
            values[count++] = chunk->to[i];
    }
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_execute(lane->target, sql.data, values, count, NULL, error);
    dbw_buffer_free(&sql);
    return status;
}

static dbw_status forget_chunk(dbw_lane *lane, dbw_chunk *chunk, dbw_error *error)
{
    dbw_run *run = lane->run;
    int64_t seq = chunk->table->seq * DBW_CHECKPOINT_STRIDE + chunk->n;
    if (chunk->table->skip)
        return DBW_OK;
    if (run->in_order) {
        dbw_fail(error, DBW_E_CONFLICT,
                 "unable to resume: rows of table '%s' changed in the source, and the target's "
                 "constraints stand in the way of copying them again",
                 chunk->table->plan->source->name);
        return dbw_hint(error, "Discard the run and start it anew.");
    }
    DBW_TRY(dbw_begin(lane->target, error));
    dbw_status status = delete_rows(lane, chunk, error);
    if (status == DBW_OK)
        status = dbw_checkpoint_state(run->checkpoint, lane->target, DBW_RECORD_CHUNK, seq, "todo",
                                      error);
    if (status == DBW_OK)
        status = dbw_commit(lane->target, error);
    if (status != DBW_OK)
        dbw_rollback(lane->target);
    return status;
}

static bool same_result(const dbw_chunk *chunk, const dbw_sum *sum, int64_t rejected)
{
    const dbw_chunk_result *result = &chunk->result;
    return result->refused == 0 && result->rejected == rejected && result->rows == sum->rows &&
           memcmp(&result->sum, &sum->total, sizeof sum->total) == 0;
}

/* Reads the chunk again; `*same` when it is what was copied. */
static dbw_status recheck(dbw_lane *lane, dbw_chunk *chunk, bool *same, dbw_error *error)
{
    int64_t rejected;
    dbw_errand errand = {.kind = DBW_ERRAND_SUM, .chunk = chunk};
    *same = false;
    dbw_ledger_batch_begin(lane->ledger, chunk->table->seq, chunk->n);
    dbw_ledger_batch_begin(lane->kept, chunk->table->seq, chunk->n);
    dbw_reject_batch_begin(lane->rejects, chunk->table->seq, chunk->n);
    DBW_TRY(dbw_lane_run(lane, &errand, error));
    DBW_TRY(stopped(lane, error));
    const dbw_sum *sum = dbw_reader_result(lane->reader, &rejected);
    *same = same_result(chunk, sum, rejected);
    if (!*same)
        return DBW_OK;
    DBW_TRY(dbw_ledger_batch_flush(lane->ledger, error));
    DBW_TRY(dbw_reject_batch_flush(lane->rejects, error));
    atomic_fetch_add(&chunk->table->rows_done, sum->rows);
    atomic_fetch_add(&chunk->table->bytes_done, chunk->result.bytes);
    return enter(lane, chunk, sum, error);
}

/* Lanes may stand in each other's way at a unique index: the server then ends the transaction of
 * one of them (SQLSTATE class 40), which is begun again. */
static dbw_status again_when_beaten(dbw_status (*act)(dbw_lane *, dbw_chunk *, dbw_error *),
                                    dbw_lane *lane, dbw_chunk *chunk, dbw_error *error)
{
    for (int turn = 1;; turn++) {
        dbw_status status = act(lane, chunk, error);
        bool beaten = status != DBW_OK && strncmp(error->sqlstate, "40", 2) == 0;
        if (!beaten || turn == BEATEN_MOST || dbw_run_stopped(lane->run))
            return status;
        dbw_error_clear(error);
    }
}

dbw_status dbw_writer_load(dbw_lane *lane, dbw_job *job, bool *again, dbw_error *error)
{
    dbw_chunk *chunk = job->chunk;
    bool same;
    atomic_store(&chunk->table->status, "copying");
    if (lane->run->options->schema_only)
        return make_empty(lane, chunk, error);
    if (chunk->state != DBW_CHUNK_RECHECK)
        return again_when_beaten(copy_chunk, lane, chunk, error);
    DBW_TRY(recheck(lane, chunk, &same, error));
    if (same)
        return DBW_OK;
    *again = true;
    return again_when_beaten(forget_chunk, lane, chunk, error);
}
