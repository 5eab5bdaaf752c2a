/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/profile.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum {
    PIECE_BYTES = 64 * 1024 * 1024, /* a table is cut into pieces of about this size */
    ROWS_BETWEEN_LOOKS = 512,
    MILLISECONDS_BETWEEN_REPORTS = 100,
    READERS_MOST = 64
};

/* One piece of one table. */
struct piece {
    size_t table;
    dbw_key_range range;
    int64_t weight; /* bytes of its whole table, as far as known */
    size_t order;
};

struct run {
    const dbw_profile_request *request;
    struct piece *pieces;
    size_t piece_count;
    pthread_mutex_t lock; /* guards what follows, and the tables' results */
    pthread_cond_t changed;
    size_t next;
    size_t working;    /* threads that have not ended */
    const char *table; /* begun last */
    dbw_status status;
    dbw_error error;
    atomic_bool stop;
    _Atomic int64_t rows;
};

struct worker {
    struct run *run;
    size_t reader;
    pthread_t thread;
};

/* --- one piece -------------------------------------------------------------------------------- */

/* What a piece counts for itself, added to the table's results at its end. */
struct partial {
    dbw_profile_column *profiles;
    dbw_refset *sets;
    int64_t rows;
};

static void partial_free(struct partial *partial, const dbw_profile_table *table)
{
    for (size_t i = 0; partial->sets && i < table->reference_count; i++)
        dbw_refset_free(&partial->sets[i]);
    free(partial->sets);
    free(partial->profiles);
}

static dbw_status partial_new(struct partial *partial, const dbw_profile_table *table,
                              dbw_error *error)
{
    partial->rows = 0;
    partial->profiles = calloc(table->column_count + 1, sizeof *partial->profiles);
    partial->sets = calloc(table->reference_count + 1, sizeof *partial->sets);
    if (!partial->profiles || !partial->sets) {
        partial_free(partial, table);
        return dbw_fail_memory(error);
    }
    for (size_t i = 0; i < table->column_count; i++)
        partial->profiles[i] = dbw_profile_column_new(table->profiles[i].wants);
    return DBW_OK;
}

static void add_reference(dbw_refset *set, const dbw_value *value)
{
    if (value->kind == DBW_KIND_INT64)
        dbw_refset_add(set, value->int64);
    else if (value->kind != DBW_KIND_NULL && !set->overflowed) {
        dbw_refset_free(set);
        set->overflowed = true;
    }
}

static void count_row(const dbw_profile_table *table, struct partial *partial, const dbw_value *row)
{
    for (size_t i = 0; i < table->column_count; i++)
        dbw_profile_value(&partial->profiles[i], &row[i]);
    for (size_t i = 0; i < table->reference_count; i++)
        add_reference(&partial->sets[i], &row[table->references[i].column]);
    partial->rows++;
}

static dbw_status read_rows(struct run *run, const dbw_profile_table *table, dbw_rows *rows,
                            struct partial *partial, dbw_error *error)
{
    const dbw_value *row;
    for (int64_t n = 1;; n++) {
        DBW_TRY(dbw_rows_next(rows, &row, error));
        if (!row) {
            atomic_fetch_add_explicit(&run->rows, (n - 1) % ROWS_BETWEEN_LOOKS,
                                      memory_order_relaxed);
            return DBW_OK;
        }
        count_row(table, partial, row);
        if (n % ROWS_BETWEEN_LOOKS != 0)
            continue;
        atomic_fetch_add_explicit(&run->rows, ROWS_BETWEEN_LOOKS, memory_order_relaxed);
        if (atomic_load_explicit(&run->stop, memory_order_relaxed))
            return dbw_fail(error, DBW_E_CANCELLED, "the profile was stopped");
    }
}

static void merge(struct run *run, dbw_profile_table *table, struct partial *partial)
{
    pthread_mutex_lock(&run->lock);
    for (size_t i = 0; i < table->column_count; i++) {
        dbw_profile_merge(&table->profiles[i], &partial->profiles[i]);
        table->bytes += partial->profiles[i].bytes;
    }
    for (size_t i = 0; i < table->reference_count; i++)
        dbw_refset_merge(&table->references[i].set, &partial->sets[i]);
    table->rows += partial->rows;
    pthread_mutex_unlock(&run->lock);
}

static dbw_status profile_piece(struct run *run, dbw_database *database, const struct piece *piece,
                                dbw_error *error)
{
    dbw_profile_table *table = &run->request->tables[piece->table];
    struct partial partial;
    dbw_rows *rows = NULL;
    dbw_scan scan = {
        .table = table->table,
        .columns = table->columns,
        .column_count = table->column_count,
        .range = piece->range,
        .limit = -1,
    };
    if (piece->range.from || piece->range.to)
        scan.key = table->split_key;
    DBW_TRY(partial_new(&partial, table, error));
    dbw_status status = run->request->bulk->scan(database, &scan, &rows, error);
    if (status == DBW_OK) {
        status = read_rows(run, table, rows, &partial, error);
        dbw_rows_close(rows);
    }
    if (status == DBW_OK)
        merge(run, table, &partial);
    partial_free(&partial, table);
    return status;
}

/* --- the threads ------------------------------------------------------------------------------ */

/* The next piece, or NULL. */
static const struct piece *take_piece(struct run *run)
{
    const struct piece *piece = NULL;
    pthread_mutex_lock(&run->lock);
    if (run->next < run->piece_count && run->status == DBW_OK) {
        piece = &run->pieces[run->next++];
        run->table = run->request->tables[piece->table].table->name;
    }
    pthread_mutex_unlock(&run->lock);
    return piece;
}

static void note_failure(struct run *run, dbw_status status, const dbw_error *error)
{
    pthread_mutex_lock(&run->lock);
    if (run->status == DBW_OK) {
        run->status = status;
        run->error = *error;
    }
    pthread_mutex_unlock(&run->lock);
    atomic_store_explicit(&run->stop, true, memory_order_relaxed);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct run *run = worker->run;
    const dbw_profile_request *request = run->request;
    dbw_database *database = request->bulk->snapshot_reader(request->snapshot, worker->reader);
    const struct piece *piece;
    dbw_error error;
    while ((piece = take_piece(run)) != NULL) {
        dbw_error_clear(&error);
        dbw_status status = profile_piece(run, database, piece, &error);
        if (status != DBW_OK)
            note_failure(run, status, &error);
    }
    pthread_mutex_lock(&run->lock);
    run->working--;
    pthread_cond_signal(&run->changed);
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static int64_t rows_expected(const dbw_profile_request *request)
{
    int64_t total = 0;
    for (size_t i = 0; i < request->table_count; i++)
        if (request->tables[i].table->estimated_rows > 0)
            total += request->tables[i].table->estimated_rows;
    return total;
}

static void report(struct run *run, const char *table)
{
    const dbw_profile_request *request = run->request;
    dbw_error error;
    if (!request->progress)
        return;
    int64_t done = atomic_load_explicit(&run->rows, memory_order_relaxed);
    int64_t total = rows_expected(request);
    dbw_error_clear(&error);
    dbw_status status =
        request->progress(request->context, table, done, done > total ? done : total, &error);
    if (status != DBW_OK)
        note_failure(run, status, &error);
}

/* Waits for the threads, and says now and then how far they are. */
static void watch(struct run *run)
{
    pthread_mutex_lock(&run->lock);
    while (run->working) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += MILLISECONDS_BETWEEN_REPORTS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&run->changed, &run->lock, &until);
        const char *table = run->table;
        pthread_mutex_unlock(&run->lock);
        report(run, table);
        pthread_mutex_lock(&run->lock);
    }
    pthread_mutex_unlock(&run->lock);
}

static dbw_status run_threads(struct run *run, dbw_error *error)
{
    struct worker workers[READERS_MOST];
    size_t wanted = run->request->readers, started = 0;
    if (wanted > run->piece_count)
        wanted = run->piece_count;
    if (wanted > READERS_MOST)
        wanted = READERS_MOST;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&run->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&run->lock, NULL);
    for (size_t i = 0; i < wanted; i++) {
        pthread_mutex_lock(&run->lock);
        run->working++;
        pthread_mutex_unlock(&run->lock);
        workers[started] = (struct worker){.run = run, .reader = i};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0) {
            started++;
            continue;
        }
        pthread_mutex_lock(&run->lock);
        run->working--;
        pthread_mutex_unlock(&run->lock);
    }
    watch(run);
    for (size_t i = 0; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_cond_destroy(&run->changed);
    pthread_mutex_destroy(&run->lock);
    if (wanted && !started)
        return dbw_fail(error, DBW_E_INTERNAL, "unable to start a thread for reading");
    if (run->status != DBW_OK)
        *error = run->error;
    return run->status;
}

/* --- cutting ---------------------------------------------------------------------------------- */

static int by_weight(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

/* The table as one piece, or as several by ranges of its key. */
static dbw_status add_pieces(struct run *run, dbw_arena *arena, size_t n, dbw_error *error)
{
    const dbw_profile_request *request = run->request;
    const dbw_profile_table *table = &request->tables[n];
    const dbw_table *t = table->table;
    dbw_value **bounds = NULL;
    size_t count = 0;
    int64_t weight = t->estimated_bytes > 0 ? t->estimated_bytes : t->estimated_rows * 100;
    if (request->readers > 1 && request->bulk->split && table->split_key.count > 0)
        DBW_TRY(request->bulk->split(request->bulk->snapshot_reader(request->snapshot, 0), arena, t,
                                     &table->split_key, PIECE_BYTES, &bounds, &count, error));
    for (size_t i = 0; i <= count; i++) {
        struct piece piece = {
            .table = n,
            .range = {.from = i > 0 ? bounds[i - 1] : NULL, .to = i < count ? bounds[i] : NULL},
            .weight = weight,
            .order = run->piece_count,
        };
        *DBW_APPEND(arena, run->pieces, run->piece_count) = piece;
    }
    return DBW_OK;
}

dbw_status dbw_profile_run(const dbw_profile_request *request, dbw_arena *arena, dbw_error *error)
{
    struct run run = {.request = request};
    for (size_t i = 0; i < request->table_count; i++)
        DBW_TRY(add_pieces(&run, arena, i, error));
    if (!run.piece_count)
        return DBW_OK;
    qsort(run.pieces, run.piece_count, sizeof *run.pieces, by_weight);
    run.table = request->tables[run.pieces[0].table].table->name;
    return run_threads(&run, error);
}
