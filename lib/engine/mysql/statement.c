/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/mysql_priv.h"

#include <errmsg.h>

enum { STATEMENT_LIMIT = 64 * 1024 * 1024, FIRST_ROOM = 256 };

typedef struct dbw_mysql_rows {
    dbw_mysql_rows_head head;
    dbw_mysql *database;
    MYSQL_STMT *statement;
    MYSQL_RES *metadata;
    MYSQL_BIND *binds;
    dbw_mysql_column *columns;
    dbw_value *values;
    dbw_arena *arena;
} dbw_mysql_rows;

/* `?` stays as it is; `??` becomes one literal question mark, which the server would take for a
 * parameter: it can only stand inside a string or comment there, so the text is passed on. */
dbw_status dbw_mysql_prepare(dbw_mysql *database, const char *sql, size_t count, MYSQL_STMT **out,
                             dbw_error *error)
{
    dbw_buffer text;
    size_t wanted;
    dbw_buffer_init(&text, STATEMENT_LIMIT);
    dbw_status status =
        dbw_placeholders(&text, sql, DBW_PLACEHOLDER_QUESTION, true, &wanted, error);
    if (status == DBW_OK && wanted != count)
        status = dbw_fail(error, DBW_E_INTERNAL, "the statement takes %zu values, %zu were given",
                          wanted, count);
    MYSQL_STMT *statement = status == DBW_OK ? mysql_stmt_init(database->handle) : NULL;
    if (status == DBW_OK && !statement)
        status = dbw_fail_memory(error);
    if (status == DBW_OK && mysql_stmt_prepare(statement, text.data, text.length) != 0)
        status = dbw_mysql_statement_failed(database, statement, sql, error);
    dbw_buffer_free(&text);
    if (status != DBW_OK && statement)
        mysql_stmt_close(statement);
    *out = status == DBW_OK ? statement : NULL;
    return status;
}

dbw_status dbw_mysql_run(dbw_mysql *database, MYSQL_STMT *statement, const char *sql,
                         const dbw_value *parameters, size_t count, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_mysql_bound bound;
    dbw_status status = DBW_OK;
    dbw_mysql_bind(arena, parameters, count, &bound);
    if ((count && mysql_stmt_bind_param(statement, bound.binds)) || mysql_stmt_execute(statement))
        status = dbw_mysql_statement_failed(database, statement, sql, error);
    dbw_arena_free(arena);
    return status;
}

/* Statements without values go over the text protocol: not all of them can be prepared. */
static dbw_status execute_plain(dbw_mysql *database, const char *sql, int64_t *affected,
                                dbw_error *error)
{
    MYSQL *handle = database->handle;
    if (mysql_real_query(handle, sql, strlen(sql)) != 0)
        return dbw_mysql_failed(database, sql, error);
    MYSQL_RES *result = mysql_store_result(handle);
    *affected = result ? -1 : (int64_t)mysql_affected_rows(handle);
    mysql_free_result(result);
    return mysql_errno(handle) ? dbw_mysql_failed(database, sql, error) : DBW_OK;
}

dbw_status dbw_mysql_execute(dbw_database *base, const char *sql, const dbw_value *parameters,
                             size_t count, int64_t *affected, dbw_error *error)
{
    dbw_mysql *database = (dbw_mysql *)base;
    if (count == 0)
        return execute_plain(database, sql, affected, error);
    MYSQL_STMT *statement;
    DBW_TRY(dbw_mysql_prepare(database, sql, count, &statement, error));
    dbw_status status = dbw_mysql_run(database, statement, sql, parameters, count, error);
    if (status == DBW_OK)
        *affected = (int64_t)mysql_stmt_affected_rows(statement);
    mysql_stmt_close(statement);
    return status;
}

static dbw_status set_up_columns(dbw_mysql_rows *rows, dbw_error *error)
{
    unsigned width = mysql_num_fields(rows->metadata);
    const MYSQL_FIELD *fields = mysql_fetch_fields(rows->metadata);
    const char **names = DBW_NEW_ARRAY(rows->arena, width, const char *);
    rows->binds = DBW_NEW_ARRAY(rows->arena, width, MYSQL_BIND);
    rows->columns = DBW_NEW_ARRAY(rows->arena, width, dbw_mysql_column);
    rows->values = DBW_NEW_ARRAY(rows->arena, width, dbw_value);
    for (unsigned i = 0; i < width; i++) {
        dbw_mysql_column *column = &rows->columns[i];
        names[i] = dbw_arena_string(rows->arena, fields[i].name);
        column->room = FIRST_ROOM;
        column->buffer = malloc(column->room);
        if (!column->buffer)
            return dbw_fail_memory(error);
        dbw_mysql_column_bind(column, &fields[i], &rows->binds[i]);
    }
    rows->head.base.width = width;
    rows->head.base.names = names;
    return DBW_OK;
}

/* A value longer than its buffer: the buffer grows to fit, and stays so for the rows to come. */
static dbw_status fetch_long(dbw_mysql_rows *rows, unsigned i, dbw_error *error)
{
    dbw_mysql_column *column = &rows->columns[i];
    char *grown = realloc(column->buffer, column->length);
    if (!grown)
        return dbw_fail_memory(error);
    column->buffer = grown;
    column->room = column->length;
    rows->binds[i].buffer = grown;
    rows->binds[i].buffer_length = column->room;
    if (mysql_stmt_fetch_column(rows->statement, &rows->binds[i], i, 0))
        return dbw_mysql_statement_failed(rows->database, rows->statement, NULL, error);
    return DBW_OK;
}

static dbw_status next_row(dbw_rows *base, const dbw_value **row, dbw_error *error)
{
    dbw_mysql_rows *rows = (dbw_mysql_rows *)base;
    bool grown = false;
    *row = NULL;
    int got = mysql_stmt_fetch(rows->statement);
    if (got == MYSQL_NO_DATA)
        return DBW_OK;
    if (got != 0 && got != MYSQL_DATA_TRUNCATED)
        return dbw_mysql_statement_failed(rows->database, rows->statement, NULL, error);
    for (unsigned i = 0; i < rows->head.base.width; i++) {
        dbw_mysql_column *column = &rows->columns[i];
        bool is_string = rows->binds[i].buffer == column->buffer;
        if (is_string && !column->is_null && column->length > column->room) {
            DBW_TRY(fetch_long(rows, i, error));
            grown = true;
        }
        rows->values[i] = dbw_mysql_column_value(column);
    }
    if (grown && mysql_stmt_bind_result(rows->statement, rows->binds))
        return dbw_mysql_statement_failed(rows->database, rows->statement, NULL, error);
    *row = rows->values;
    return DBW_OK;
}

static void close_rows(dbw_rows *base)
{
    dbw_mysql_rows *rows = (dbw_mysql_rows *)base;
    for (size_t i = 0; rows->columns && i < rows->head.base.width; i++)
        free(rows->columns[i].buffer);
    if (rows->metadata)
        mysql_free_result(rows->metadata);
    mysql_stmt_free_result(rows->statement);
    mysql_stmt_close(rows->statement);
    dbw_arena_free(rows->arena);
}

dbw_status dbw_mysql_fetch(dbw_database *base, const char *sql, const dbw_value *parameters,
                           size_t count, dbw_rows **out, dbw_error *error)
{
    dbw_mysql *database = (dbw_mysql *)base;
    MYSQL_STMT *statement;
    DBW_TRY(dbw_mysql_prepare(database, sql, count, &statement, error));
    dbw_arena *arena = dbw_arena_new();
    dbw_mysql_rows *rows = DBW_NEW(arena, dbw_mysql_rows);
    *rows = (dbw_mysql_rows){.head = {.next = next_row, .close = close_rows},
                             .database = database,
                             .statement = statement,
                             .arena = arena};

    dbw_status status = dbw_mysql_run(database, statement, sql, parameters, count, error);
    if (status == DBW_OK)
        rows->metadata = mysql_stmt_result_metadata(statement);
    if (status == DBW_OK && !rows->metadata)
        status = dbw_fail(error, DBW_E_INTERNAL, "the statement gives no rows");
    if (status == DBW_OK)
        status = set_up_columns(rows, error);
    if (status == DBW_OK && mysql_stmt_bind_result(statement, rows->binds))
        status = dbw_mysql_statement_failed(database, statement, sql, error);
    if (status != DBW_OK) {
        close_rows(&rows->head.base);
        return status;
    }
    *out = &rows->head.base;
    return DBW_OK;
}

dbw_status dbw_mysql_next(dbw_rows *rows, const dbw_value **row, dbw_error *error)
{
    return ((dbw_mysql_rows_head *)rows)->next(rows, row, error);
}

void dbw_mysql_rows_close(dbw_rows *rows)
{
    ((dbw_mysql_rows_head *)rows)->close(rows);
}
