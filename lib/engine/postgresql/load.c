/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/bulk.h"
#include "engine/postgresql/dialect.h"
#include "engine/postgresql/postgresql_priv.h"

struct dbw_load {
    dbw_pg_database *database;
    dbw_arena *arena;
    const char *sql;
    const dbw_table *table; /* the caller's: it outlives the load, and so do its columns' names */
    bool text;
};

/* Signature, flags, length of the extension: manual, COPY, "Binary Format". */
static const char header[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
static const char trailer[2] = "\377\377";

/** Bytes handed to libpq at a time: more only makes its buffer larger. */
enum { PIECE_BYTES = 128 * 1024 };

static dbw_status put_data(dbw_load *load, const char *bytes, size_t length, dbw_error *error)
{
    PGconn *connection = load->database->connection;
    dbw_deadline deadline = dbw_pg_deadline(load->database);
    while (length) {
        size_t piece = length < PIECE_BYTES ? length : PIECE_BYTES;
        /* What is still unsent goes first: libpq would grow its buffer instead of waiting. */
        DBW_TRY(dbw_pg_flush(load->database, deadline, error));
        int sent = PQputCopyData(connection, bytes, (int)piece);
        if (sent < 0)
            return dbw_pg_fail_lost(load->database, load->sql, error);
        if (sent == 0)
            return dbw_fail_memory(error);
        bytes += piece;
        length -= piece;
    }
    return DBW_OK;
}

static char *copy_statement(dbw_arena *arena, const dbw_load_spec *spec, bool text,
                            dbw_error *error)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, 1024 * 1024);
    dbw_buffer_add_string(&sql, "COPY ");
    dbw_pg_quote_qualified(&sql, spec->table->schema, spec->table->name);
    dbw_buffer_add_string(&sql, " (");
    for (size_t i = 0; i < spec->column_count; i++) {
        if (i)
            dbw_buffer_add_string(&sql, ", ");
        dbw_pg_quote_name(&sql, spec->table->columns[spec->columns[i]].name);
    }
    dbw_buffer_printf(&sql, ") FROM STDIN (FORMAT %s%s)", text ? "text" : "binary",
                      spec->fresh && spec->table->kind == DBW_TABLE_ORDINARY ? ", FREEZE true"
                                                                             : "");
    char *copy = dbw_buffer_check(&sql, "statement", error) == DBW_OK
                     ? dbw_arena_string(arena, sql.data)
                     : NULL;
    dbw_buffer_free(&sql);
    return copy;
}

/** Sends the statement and waits until the server is ready for data. */
static dbw_status start(dbw_load *load, dbw_error *error)
{
    dbw_pg_database *database = load->database;
    PGresult *result;
    if (!PQsendQuery(database->connection, load->sql))
        return dbw_pg_fail_lost(database, load->sql, error);
    DBW_TRY(dbw_pg_result(database, dbw_pg_deadline(database), &result, error));
    dbw_status status = DBW_OK;
    if (PQresultStatus(result) != PGRES_COPY_IN) {
        status = dbw_pg_fail(result, load->sql, error);
        dbw_error_prefix(error, "unable to load table '%s'", load->table->name);
        dbw_pg_drain(database, false);
    }
    PQclear(result);
    if (status == DBW_OK && !load->text)
        status = put_data(load, header, sizeof header, error);
    return status;
}

dbw_status dbw_pg_load_begin(dbw_database *base, const dbw_load_spec *spec, dbw_load **out,
                             dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(base);
    *out = NULL;
    DBW_TRY(dbw_pg_ready(database, error));
    dbw_arena *arena = dbw_arena_new();
    dbw_load *load = DBW_NEW(arena, dbw_load);
    load->arena = arena;
    load->database = database;
    load->text = dbw_pg_spec_in_text(spec);
    load->table = spec->table;
    load->sql = copy_statement(arena, spec, load->text, error);
    dbw_status status = load->sql ? start(load, error) : error->code;
    if (status == DBW_OK)
        *out = load;
    else
        dbw_arena_free(arena);
    return status;
}

dbw_status dbw_pg_load_send(dbw_load *load, dbw_text rows, size_t row_count, dbw_error *error)
{
    (void)row_count;
    return put_data(load, rows.data, rows.length, error);
}

/* --- the end ---------------------------------------------------------------------------------- */

/** The column whose name the text begins with, behind it a colon or the end of the line. */
static const char *find_column(const dbw_table *table, const char *text)
{
    for (size_t i = 0; i < table->column_count; i++) {
        size_t length = strlen(table->columns[i].name);
        if (strncmp(text, table->columns[i].name, length) == 0 &&
            (text[length] == ':' || text[length] == '\n' || text[length] == '\0'))
            return table->columns[i].name;
    }
    return NULL;
}

/**
 * Reads "COPY table, line 5, column a: …" in the server's language: after the name of the table
 * the first number is the row, and what follows the next blank behind a comma is the column.
 */
static void locate(const dbw_load *load, const char *context, dbw_load_failure *failure)
{
    const char *at = context ? strstr(context, "COPY ") : NULL;
    size_t table = strlen(load->table->name);
    if (!at)
        return;
    at += 5;
    if (strncmp(at, load->table->name, table) != 0)
        return;
    at += table;
    at += strcspn(at, "0123456789\n");
    size_t digits = strspn(at, "0123456789");
    int64_t line;
    if (!dbw_text_to_int64((dbw_text){at, digits}, &line) || line < 1)
        return;
    failure->row = line - 1;
    at += digits;
    if (*at != ',')
        return;
    at += strspn(at, ", ");
    at += strcspn(at, " \n");
    if (*at == ' ')
        failure->column = find_column(load->table, at + 1);
}

static dbw_status read_end(dbw_load *load, int64_t *rows, dbw_load_failure *failure,
                           dbw_error *error)
{
    dbw_pg_database *database = load->database;
    dbw_deadline deadline = dbw_pg_deadline(database);
    dbw_status status = DBW_OK;
    for (;;) {
        PGresult *result;
        DBW_TRY(dbw_pg_result(database, deadline, &result, error));
        if (!result)
            return status;
        if (PQresultStatus(result) == PGRES_COMMAND_OK) {
            if (!dbw_text_to_int64(dbw_text_of(PQcmdTuples(result)), rows))
                *rows = -1;
        } else if (status == DBW_OK) {
            status = dbw_pg_fail(result, load->sql, error);
            if (failure)
                locate(load, PQresultErrorField(result, PG_DIAG_CONTEXT), failure);
            if (PQstatus(database->connection) == CONNECTION_BAD)
                database->lost = true;
        }
        PQclear(result);
        if (database->lost)
            return status;
    }
}

dbw_status dbw_pg_load_end(dbw_load *load, int64_t *rows, dbw_load_failure *failure,
                           dbw_error *error)
{
    int64_t ignored;
    if (!rows)
        rows = &ignored;
    *rows = 0;
    if (failure)
        *failure = (dbw_load_failure){.row = -1};
    dbw_status status = DBW_OK;
    if (!load->text)
        status = put_data(load, trailer, sizeof trailer, error);
    if (status == DBW_OK && PQputCopyEnd(load->database->connection, NULL) < 0)
        status = dbw_pg_fail_lost(load->database, load->sql, error);
    if (status == DBW_OK)
        status = dbw_pg_flush(load->database, dbw_pg_deadline(load->database), error);
    if (status == DBW_OK)
        status = read_end(load, rows, failure, error);
    if (status != DBW_OK && failure && failure->column)
        dbw_error_object(error, "%s.%s", load->table->name, failure->column);
    dbw_arena_free(load->arena);
    return status;
}

void dbw_pg_load_abort(dbw_load *load)
{
    if (!load)
        return;
    if (!load->database->lost)
        dbw_pg_drain(load->database, false);
    dbw_arena_free(load->arena);
}

/* --- settings --------------------------------------------------------------------------------- */

/** lz4 halves the time that long values take (TOAST), where the server was built with it. */
static const char load_settings[] =
    "SELECT pg_catalog.set_config('default_toast_compression', 'lz4', %s) "
    "FROM pg_catalog.pg_settings "
    "WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)";

dbw_status dbw_pg_load_session(dbw_database *base, dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(base);
    char sql[512];
    if (!database->pooled) {
        snprintf(sql, sizeof sql, load_settings, "false");
        return dbw_pg_run(database, sql, error);
    }
    if (database->loading)
        return DBW_OK;
    snprintf(sql, sizeof sql, load_settings, "true");
    size_t length = strlen(database->transaction_settings) + strlen(sql) + 3;
    char *both = malloc(length);
    if (!both)
        return dbw_fail_memory(error);
    snprintf(both, length, "%s; %s", database->transaction_settings, sql);
    free(database->transaction_settings);
    database->transaction_settings = both;
    database->loading = true;
    return DBW_OK;
}
