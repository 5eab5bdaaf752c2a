/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/parameter.h"
#include "engine/postgresql/postgresql_priv.h"
#include "engine/postgresql/text.h"

/** The most bytes of a statement. */
#define STATEMENT_LIMIT ((size_t)16 * 1024 * 1024)

/** Sends `sql` with its values; the answer is still to be read. */
static dbw_status send_query(dbw_pg_database *database, const char *sql,
                             const dbw_value *parameters, size_t count, dbw_error *error)
{
    DBW_TRY(dbw_pg_ready(database, error));
    dbw_buffer text;
    dbw_buffer_init(&text, STATEMENT_LIMIT);
    size_t wanted = 0;
    dbw_pg_parameters *encoded = NULL;
    dbw_status status = dbw_placeholders(&text, sql, DBW_PLACEHOLDER_DOLLAR, false, &wanted, error);
    if (status == DBW_OK)
        status = dbw_buffer_check(&text, "statement", error);
    if (status == DBW_OK && wanted != count)
        status = dbw_fail(error, DBW_E_INTERNAL,
                          "unable to run the statement: it has %zu placeholders and %zu values",
                          wanted, count);
    if (status == DBW_OK)
        status = dbw_pg_parameters_new(parameters, count, &encoded, error);
    if (status == DBW_OK &&
        !PQsendQueryParams(database->connection, text.data, (int)count, encoded->types,
                           encoded->values, encoded->lengths, encoded->formats, 0)) {
        status = dbw_pg_fail_lost(database, sql, error);
    }
    dbw_pg_parameters_free(encoded);
    dbw_buffer_free(&text);
    return status;
}

static bool is_copy(ExecStatusType kind)
{
    return kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT || kind == PGRES_COPY_BOTH;
}

static dbw_status fail_copy(dbw_error *error)
{
    return dbw_fail(error, DBW_E_UNSUPPORTED,
                    "unable to run the statement: COPY needs a stream of its own");
}

/** A read-only session behind a pooler has no setting of its own: each transaction says it. */
static dbw_status begin_implicit(dbw_pg_database *database, bool *begun, dbw_error *error)
{
    *begun = database->pooled && database->read_only && !dbw_pg_in_transaction(&database->base);
    return *begun ? dbw_pg_begin_with(database, "", error) : DBW_OK;
}

static dbw_status end_implicit(dbw_pg_database *database, dbw_status status, dbw_error *error)
{
    if (status == DBW_OK)
        return dbw_pg_run(database, "COMMIT", error);
    dbw_pg_rollback(&database->base);
    return status;
}

static dbw_status read_outcome(dbw_pg_database *database, const char *sql, int64_t *affected,
                               dbw_error *error)
{
    dbw_deadline deadline = dbw_pg_deadline(database);
    dbw_status status = DBW_OK;
    for (;;) {
        PGresult *result;
        DBW_TRY(dbw_pg_result(database, deadline, &result, error));
        if (!result)
            return status;
        ExecStatusType kind = PQresultStatus(result);
        if (kind == PGRES_FATAL_ERROR) {
            status = dbw_pg_fail(result, sql, error);
            if (PQstatus(database->connection) == CONNECTION_BAD)
                database->lost = true;
        } else if (is_copy(kind)) {
            PQclear(result);
            dbw_pg_drain(database, true);
            return fail_copy(error);
        } else {
            const char *rows = PQcmdTuples(result);
            if (!dbw_text_to_int64(dbw_text_of(rows), affected))
                *affected = -1;
        }
        PQclear(result);
        if (database->lost)
            return status;
    }
}

dbw_status dbw_pg_execute(dbw_database *base, const char *sql, const dbw_value *parameters,
                          size_t count, int64_t *affected, dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(base);
    int64_t ignored;
    bool implicit;
    if (!affected)
        affected = &ignored;
    *affected = -1;
    DBW_TRY(dbw_pg_ready(database, error));
    DBW_TRY(begin_implicit(database, &implicit, error));
    dbw_status status = send_query(database, sql, parameters, count, error);
    if (status == DBW_OK)
        status = read_outcome(database, sql, affected, error);
    return implicit ? end_implicit(database, status, error) : status;
}

dbw_status dbw_pg_execute_script(dbw_database *base, const char *sql, dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(base);
    bool implicit;
    DBW_TRY(dbw_pg_ready(database, error));
    DBW_TRY(begin_implicit(database, &implicit, error));
    dbw_status status = dbw_pg_run(database, sql, error);
    return implicit ? end_implicit(database, status, error) : status;
}

/* --- streaming -------------------------------------------------------------------------------- */

typedef struct query_rows {
    dbw_pg_rows rows;
    PGresult *result; /* the present row, or the first one that is still to be given */
    bool waiting;     /* `result` is still to be given */
} query_rows;

/** Bytes that the hex texts of a row come to. */
static size_t bytes_room(const PGresult *result, int width)
{
    size_t room = 0;
    for (int i = 0; i < width; i++)
        if (PQftype(result, i) == 17)
            room += (size_t)PQgetlength(result, 0, i) / 2;
    return room;
}

static dbw_status decode_row(query_rows *self, dbw_error *error)
{
    int width = (int)self->rows.base.width;
    const PGresult *result = self->result;
    dbw_buffer_clear(&self->rows.scratch);
    size_t room = bytes_room(result, width);
    if (room && !dbw_buffer_reserve(&self->rows.scratch, room))
        return dbw_buffer_check(&self->rows.scratch, "row", error);
    for (int i = 0; i < width; i++) {
        dbw_text text = {PQgetvalue(result, 0, i), (size_t)PQgetlength(result, 0, i)};
        self->rows.values[i] = PQgetisnull(result, 0, i)
                                   ? DBW_NULL
                                   : dbw_pg_text_get(PQftype(result, i), text, &self->rows.scratch);
    }
    return DBW_OK;
}

/** Takes the next result that matters; `self->result` = NULL at the end. */
static dbw_status take_result(query_rows *self, dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(self->rows.base.database);
    PQclear(self->result);
    self->result = NULL;
    if (self->rows.ended)
        return DBW_OK;
    PGresult *result;
    DBW_TRY(dbw_pg_result(database, dbw_pg_deadline(database), &result, error));
    if (!result) {
        self->rows.ended = true;
        return DBW_OK;
    }
    ExecStatusType kind = PQresultStatus(result);
    if (kind == PGRES_SINGLE_TUPLE || kind == PGRES_TUPLES_OK) {
        self->result = result;
        return DBW_OK;
    }
    dbw_status status = DBW_OK;
    if (kind == PGRES_FATAL_ERROR)
        status = dbw_pg_fail(result, self->rows.sql, error);
    else if (is_copy(kind))
        status = fail_copy(error);
    PQclear(result);
    if (status != DBW_OK) {
        if (PQstatus(database->connection) == CONNECTION_BAD)
            database->lost = true;
        dbw_pg_drain(database, is_copy(kind));
        self->rows.ended = true;
    }
    return status;
}

static dbw_status query_next(dbw_pg_rows *rows, const dbw_value **row, dbw_error *error)
{
    query_rows *self = (query_rows *)(void *)rows;
    *row = NULL;
    if (!self->waiting)
        DBW_TRY(take_result(self, error));
    self->waiting = false;
    /* A result without rows ends the list of single ones. */
    while (self->result && PQntuples(self->result) == 0)
        DBW_TRY(take_result(self, error));
    if (!self->result)
        return DBW_OK;
    DBW_TRY(decode_row(self, error));
    *row = rows->values;
    return DBW_OK;
}

static void query_close(dbw_pg_rows *rows)
{
    query_rows *self = (query_rows *)(void *)rows;
    dbw_pg_database *database = dbw_pg(rows->base.database);
    PQclear(self->result);
    self->result = NULL;
    /* Asking the server to stop would fail the caller's transaction: read to the end instead. */
    if (!rows->ended)
        dbw_pg_drain(database, !dbw_pg_in_transaction(&database->base));
}

static dbw_status describe_columns(query_rows *self)
{
    int width = self->result ? PQnfields(self->result) : 0;
    dbw_arena *arena = self->rows.arena;
    const char **names = DBW_NEW_ARRAY(arena, (size_t)width, const char *);
    for (int i = 0; i < width; i++)
        names[i] = dbw_arena_string(arena, PQfname(self->result, i));
    self->rows.base.width = (size_t)width;
    self->rows.base.names = names;
    self->rows.values = DBW_NEW_ARRAY(arena, (size_t)width, dbw_value);
    self->waiting = self->result != NULL;
    return DBW_OK;
}

static void rows_free(dbw_pg_rows *rows)
{
    dbw_buffer_free(&rows->scratch);
    dbw_arena_free(rows->arena);
}

dbw_status dbw_pg_fetch(dbw_database *base, const char *sql, const dbw_value *parameters,
                        size_t count, dbw_rows **out, dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(base);
    bool implicit;
    *out = NULL;
    DBW_TRY(dbw_pg_ready(database, error));
    DBW_TRY(begin_implicit(database, &implicit, error));
    dbw_arena *arena = dbw_arena_new();
    query_rows *self = DBW_NEW(arena, query_rows);
    self->rows = (dbw_pg_rows){.base = {.database = base},
                               .next = query_next,
                               .close = query_close,
                               .arena = arena,
                               .sql = dbw_arena_string(arena, sql),
                               .implicit = implicit};
    dbw_buffer_init(&self->rows.scratch, DBW_PG_VALUE_LIMIT);
    dbw_status status = send_query(database, sql, parameters, count, error);
    if (status == DBW_OK && !PQsetSingleRowMode(database->connection))
        status = dbw_fail(error, DBW_E_INTERNAL, "unable to stream the rows of a statement");
    if (status == DBW_OK)
        status = take_result(self, error);
    if (status == DBW_OK)
        status = describe_columns(self);
    if (status == DBW_OK) {
        *out = &self->rows.base;
        return DBW_OK;
    }
    rows_free(&self->rows);
    return implicit ? end_implicit(database, status, error) : status;
}

dbw_status dbw_pg_rows_next(dbw_rows *base, const dbw_value **row, dbw_error *error)
{
    dbw_pg_rows *rows = (dbw_pg_rows *)(void *)base;
    return rows->next(rows, row, error);
}

void dbw_pg_rows_close(dbw_rows *base)
{
    dbw_pg_rows *rows = (dbw_pg_rows *)(void *)base;
    dbw_pg_database *database = dbw_pg(base->database);
    rows->close(rows);
    if (rows->implicit)
        dbw_pg_rollback(&database->base);
    rows_free(rows);
}
