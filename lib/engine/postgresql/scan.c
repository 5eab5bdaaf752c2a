/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/scan.h"
#include "engine/postgresql/bulk.h"
#include "engine/postgresql/dialect.h"
#include "engine/postgresql/postgresql_priv.h"
#include "engine/postgresql/text.h"
#include "engine/postgresql/type.h"

#include <inttypes.h>

/* --- the statement ---------------------------------------------------------------------------- */

static void add_key(dbw_buffer *sql, const dbw_names *key)
{
    if (key->count == 1)
        dbw_pg_quote_name(sql, key->items[0]);
    else
        dbw_pg_quote_list(sql, key);
}

dbw_status dbw_pg_add_bound(dbw_buffer *sql, const dbw_names *key, const char *operator,
                            const dbw_value * values, dbw_error *error)
{
    add_key(sql, key);
    dbw_buffer_printf(sql, " %s ", operator);
    if (key->count > 1)
        dbw_buffer_add_char(sql, '(');
    for (size_t i = 0; i < key->count; i++) {
        if (i)
            dbw_buffer_add_string(sql, ", ");
        DBW_TRY(dbw_pg_literal(sql, &values[i], error));
    }
    if (key->count > 1)
        dbw_buffer_add_char(sql, ')');
    return DBW_OK;
}

static dbw_status add_range(dbw_buffer *sql, const dbw_scan *scan, dbw_error *error)
{
    const dbw_key_range *range = &scan->range;
    if (!scan->key.count || (!range->from && !range->to))
        return DBW_OK;
    dbw_buffer_add_string(sql, " WHERE ");
    if (range->from)
        DBW_TRY(dbw_pg_add_bound(sql, &scan->key, ">=", range->from, error));
    if (range->from && range->to)
        dbw_buffer_add_string(sql, " AND ");
    if (range->to)
        DBW_TRY(dbw_pg_add_bound(sql, &scan->key, "<", range->to, error));
    return DBW_OK;
}

static void add_columns(dbw_buffer *sql, const dbw_scan *scan)
{
    for (size_t i = 0; i < scan->column_count; i++) {
        const dbw_column *column = &scan->table->columns[scan->columns[i]];
        if (i)
            dbw_buffer_add_string(sql, ", ");
        dbw_pg_quote_name(sql, column->name);
        if (dbw_pg_wire_of(&column->type) == DBW_PG_WIRE_NONE)
            dbw_buffer_add_string(sql, "::text");
    }
}

/** COPY takes no parameters, so the bounds stand in it as literals. */
static dbw_status build(dbw_buffer *sql, const dbw_scan *scan, dbw_error *error)
{
    dbw_buffer_add_string(sql, "COPY (SELECT ");
    add_columns(sql, scan);
    /* Tables that inherit are tables of their own. */
    dbw_buffer_add_string(sql, scan->table->kind == DBW_TABLE_ORDINARY ? " FROM ONLY " : " FROM ");
    dbw_pg_quote_qualified(sql, scan->table->schema, scan->table->name);
    DBW_TRY(add_range(sql, scan, error));
    for (size_t i = 0; i < scan->key.count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : " ORDER BY ");
        dbw_pg_quote_name(sql, scan->key.items[i]);
    }
    if (scan->limit >= 0)
        dbw_buffer_printf(sql, " LIMIT %" PRId64, scan->limit);
    if (scan->offset > 0)
        dbw_buffer_printf(sql, " OFFSET %" PRId64, scan->offset);
    dbw_buffer_add_string(sql, ") TO STDOUT (FORMAT binary)");
    return dbw_buffer_check(sql, "statement", error);
}

/* --- the rows --------------------------------------------------------------------------------- */

typedef struct scan_rows {
    dbw_pg_rows rows;
    const dbw_pg_decoder *decoder;
    char *message; /* the present row, libpq's */
    bool started;  /* the header was read */
    bool savepoint;
} scan_rows;

/** Behind the last row: the outcome of the statement. */
static dbw_status finish(scan_rows *self, dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(self->rows.base.database);
    dbw_status status = DBW_OK;
    self->rows.ended = true;
    for (;;) {
        PGresult *result;
        DBW_TRY(dbw_pg_result(database, dbw_pg_deadline(database), &result, error));
        if (!result)
            return status;
        if (status == DBW_OK && PQresultStatus(result) == PGRES_FATAL_ERROR)
            status = dbw_pg_fail(result, self->rows.sql, error);
        PQclear(result);
        if (PQstatus(database->connection) == CONNECTION_BAD) {
            database->lost = true;
            return status;
        }
    }
}

/** Cuts the header off the first message, which may hold the first row behind it. */
static bool cut_header(const char **bytes, size_t *length)
{
    static const char signature[11] = "PGCOPY\n\377\r\n";
    if (*length < 19 || memcmp(*bytes, signature, sizeof signature) != 0)
        return false;
    const unsigned char *size = (const unsigned char *)*bytes + 15;
    size_t extension =
        (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
    if (extension > *length - 19)
        return false;
    *bytes += 19 + extension;
    *length -= 19 + extension;
    return true;
}

/** The next message that holds a row; `*length` = 0 behind the last. */
static dbw_status next_message(scan_rows *self, const char **bytes, size_t *length,
                               dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(self->rows.base.database);
    dbw_deadline deadline = dbw_pg_deadline(database);
    for (;;) {
        int size;
        PQfreemem(self->message);
        self->message = NULL;
        dbw_status status = dbw_pg_copy_row(database, deadline, &self->message, &size, error);
        if (status != DBW_OK) {
            self->rows.ended = true;
            return status;
        }
        *bytes = self->message;
        *length = size > 0 ? (size_t)size : 0;
        if (size < 0)
            return finish(self, error);
        if (!self->started) {
            if (!cut_header(bytes, length))
                return dbw_fail(error, DBW_E_DATABASE,
                                "unable to read table rows: the server's COPY has no header");
            self->started = true;
        }
        if (*length == 2 && memcmp(*bytes, "\377\377", 2) == 0)
            continue;
        if (*length)
            return DBW_OK;
    }
}

static dbw_status scan_next(dbw_pg_rows *rows, const dbw_value **row, dbw_error *error)
{
    scan_rows *self = (scan_rows *)(void *)rows;
    const char *bytes;
    size_t length;
    *row = NULL;
    if (rows->ended)
        return DBW_OK;
    DBW_TRY(next_message(self, &bytes, &length, error));
    if (!length)
        return DBW_OK;
    DBW_TRY(dbw_pg_decode_row(self->decoder, bytes, length, rows->values, &rows->scratch, error));
    *row = rows->values;
    return DBW_OK;
}

static void scan_close(dbw_pg_rows *rows)
{
    scan_rows *self = (scan_rows *)(void *)rows;
    dbw_pg_database *database = dbw_pg(rows->base.database);
    dbw_error ignored;
    PQfreemem(self->message);
    self->message = NULL;
    if (database->lost)
        return;
    if (!rows->ended)
        dbw_pg_drain(database, true);
    if (!self->savepoint || database->lost)
        return;
    /* Half-way or failed, the transaction and its snapshot go on where they were. */
    bool failed = PQtransactionStatus(database->connection) == PQTRANS_INERROR;
    database->base.open_rows = NULL;
    if (dbw_pg_run(database, failed ? "ROLLBACK TO dbwizard_scan" : "RELEASE dbwizard_scan",
                   &ignored) != DBW_OK)
        database->lost = true;
}

/** Sends the COPY and waits for its beginning. */
static dbw_status start(dbw_pg_database *database, const char *sql, dbw_error *error)
{
    PGresult *result;
    if (!PQsendQuery(database->connection, sql))
        return dbw_pg_fail_lost(database, sql, error);
    DBW_TRY(dbw_pg_result(database, dbw_pg_deadline(database), &result, error));
    dbw_status status = DBW_OK;
    if (PQresultStatus(result) != PGRES_COPY_OUT) {
        status = dbw_pg_fail(result, sql, error);
        dbw_pg_drain(database, false);
    }
    PQclear(result);
    return status;
}

static scan_rows *scan_rows_new(dbw_database *base, const dbw_scan *scan)
{
    dbw_arena *arena = dbw_arena_new();
    scan_rows *self = DBW_NEW(arena, scan_rows);
    const char **names = DBW_NEW_ARRAY(arena, scan->column_count, const char *);
    const dbw_type **types = DBW_NEW_ARRAY(arena, scan->column_count, const dbw_type *);
    for (size_t i = 0; i < scan->column_count; i++) {
        const dbw_column *column = &scan->table->columns[scan->columns[i]];
        names[i] = dbw_arena_string(arena, column->name);
        types[i] = &column->type;
    }
    self->rows = (dbw_pg_rows){
        .base = {.database = base, .width = scan->column_count, .names = names},
        .next = scan_next,
        .close = scan_close,
        .arena = arena,
        .values = DBW_NEW_ARRAY(arena, scan->column_count, dbw_value),
    };
    dbw_buffer_init(&self->rows.scratch, DBW_PG_VALUE_LIMIT);
    self->decoder = dbw_pg_decoder_new(arena, types, scan->column_count);
    return self;
}

dbw_status dbw_pg_scan(dbw_database *base, const dbw_scan *scan, dbw_rows **out, dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(base);
    *out = NULL;
    DBW_TRY(dbw_pg_ready(database, error));
    scan_rows *self = scan_rows_new(base, scan);
    dbw_buffer sql;
    dbw_buffer_init(&sql, DBW_PG_VALUE_LIMIT);
    dbw_status status = build(&sql, scan, error);
    if (status == DBW_OK && database->in_transaction) {
        self->savepoint = true;
        status = dbw_pg_run(database, "SAVEPOINT dbwizard_scan", error);
    }
    if (status == DBW_OK) {
        self->rows.sql = dbw_arena_printf(self->rows.arena, "%.1000s", sql.data);
        status = start(database, sql.data, error);
        if (status != DBW_OK) {
            self->rows.ended = true;
            scan_close(&self->rows);
        }
    }
    dbw_buffer_free(&sql);
    if (status == DBW_OK) {
        *out = &self->rows.base;
        base->open_rows = *out;
        return DBW_OK;
    }
    dbw_buffer_free(&self->rows.scratch);
    dbw_arena_free(self->rows.arena);
    return status;
}
