/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/bulk.h"
#include "engine/postgresql/postgresql_priv.h"
#include "engine/postgresql/queries.h"
#include "engine/postgresql/text.h"

/** What tells whether somebody wrote: transaction ids given out, and rows counted as written. */
typedef struct marks {
    int64_t transactions;
    int64_t rows;
    bool running; /* writers had begun and not ended */
} marks;

struct dbw_snapshot {
    dbw_arena *arena;
    dbw_database **readers;
    size_t count;
    dbw_database *watch; /* outside of the snapshot: sees the present */
    marks at_start;
};

static dbw_status read_marks(dbw_database *watch, dbw_arena *arena, marks *out, dbw_error *error)
{
    dbw_value *row;
    DBW_TRY(dbw_fetch_one(watch, arena, dbw_pg_sql_marks, NULL, 0, &row, error));
    if (!row || row[0].kind != DBW_KIND_INT64 || row[1].kind != DBW_KIND_INT64)
        return dbw_fail(error, DBW_E_DATABASE, "unable to watch the source for changes");
    *out = (marks){.transactions = row[0].int64,
                   .rows = row[1].int64,
                   .running = row[2].kind == DBW_KIND_BOOL && row[2].boolean};
    return DBW_OK;
}

/** The first reader begins and tells its snapshot; the others take it over. */
static dbw_status begin_reader(dbw_snapshot *self, size_t n, char **id, dbw_error *error)
{
    static const char mode[] = " ISOLATION LEVEL REPEATABLE READ READ ONLY";
    dbw_pg_database *reader = dbw_pg(self->readers[n]);
    if (n == 0) {
        dbw_value value;
        DBW_TRY(dbw_pg_begin_with(reader, mode, error));
        if (self->count == 1) /* the first statement takes the snapshot */
            return dbw_fetch_value(self->readers[0], self->arena, "SELECT 1", NULL, 0, &value,
                                   error);
        DBW_TRY(dbw_fetch_value(self->readers[0], self->arena, "SELECT pg_export_snapshot()", NULL,
                                0, &value, error));
        *id = dbw_arena_text_string(self->arena, value.text);
        return DBW_OK;
    }
    dbw_buffer sql;
    dbw_buffer_init(&sql, 1024);
    dbw_buffer_printf(&sql, "%s; SET TRANSACTION SNAPSHOT ", mode);
    dbw_pg_quote_string(&sql, dbw_text_of(*id));
    dbw_status status = dbw_pg_begin_with(reader, sql.data, error);
    dbw_buffer_free(&sql);
    return status;
}

dbw_status dbw_pg_snapshot_open(const dbw_url *url, const dbw_open_options *options, size_t readers,
                                dbw_snapshot **out, dbw_error *error)
{
    *out = NULL;
    if (readers == 0)
        readers = 1;
    dbw_arena *arena = dbw_arena_new();
    dbw_snapshot *self = DBW_NEW(arena, dbw_snapshot);
    self->arena = arena;
    self->readers = DBW_NEW_ARRAY(arena, readers, dbw_database *);
    char *id = NULL;
    dbw_status status = dbw_database_open(url, options, &self->watch, error);
    /* Before the snapshot: what is written in between counts as a change, not the other way. */
    if (status == DBW_OK)
        status = read_marks(self->watch, arena, &self->at_start, error);
    for (size_t i = 0; status == DBW_OK && i < readers; i++) {
        status = dbw_database_open(url, options, &self->readers[i], error);
        self->count += status == DBW_OK;
    }
    for (size_t i = 0; status == DBW_OK && i < readers; i++)
        status = begin_reader(self, i, &id, error);
    if (status == DBW_OK)
        *out = self;
    else
        dbw_pg_snapshot_close(self);
    return status;
}

dbw_database *dbw_pg_snapshot_reader(dbw_snapshot *self, size_t n)
{
    return n < self->count ? self->readers[n] : NULL;
}

const char *dbw_pg_snapshot_note(const dbw_snapshot *self)
{
    return self->count > 1 ? "one exported snapshot for all readers" : "one read transaction";
}

dbw_status dbw_pg_snapshot_changed(dbw_snapshot *self, bool *changed, dbw_error *error)
{
    marks now;
    DBW_TRY(read_marks(self->watch, self->arena, &now, error));
    /* Transactions are numbered for the whole server; rows are counted for this database. */
    *changed = (now.transactions != self->at_start.transactions || self->at_start.running) &&
               now.rows != self->at_start.rows;
    return DBW_OK;
}

void dbw_pg_snapshot_close(dbw_snapshot *self)
{
    if (!self)
        return;
    for (size_t i = 0; i < self->count; i++)
        dbw_database_close(self->readers[i]);
    dbw_database_close(self->watch);
    dbw_arena_free(self->arena);
}
