/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions over an engine's tables: argument checks and what all engines share. */
#include "engine/database.h"

#include "engine/engine.h"
#include "engine/lifeline.h"

dbw_status dbw_database_open(const dbw_url *url, const dbw_open_options *options,
                             dbw_database **out, dbw_error *error)
{
    static const dbw_open_options defaults;
    const dbw_engine *engine;
    *out = NULL;
    DBW_TRY(dbw_engine_find(url->backend, &engine, error));
    DBW_TRY(engine->driver->open(url, options ? options : &defaults, out, error));
    (*out)->engine = engine;
    if (!options || !options->lifeline)
        return DBW_OK;
    dbw_status status = dbw_lifeline_enter(options->lifeline, *out, error);
    if (status == DBW_OK) {
        (*out)->lifeline = options->lifeline;
        return DBW_OK;
    }
    dbw_database_close(*out);
    *out = NULL;
    return status;
}

void dbw_database_close(dbw_database *database)
{
    if (!database)
        return;
    dbw_rows_close(database->open_rows);
    if (database->lifeline)
        dbw_lifeline_leave(database->lifeline, database);
    database->engine->driver->close(database);
}

const dbw_engine *dbw_database_engine(const dbw_database *database)
{
    return database->engine;
}

dbw_status dbw_database_ping(dbw_database *database, dbw_error *error)
{
    return database->engine->driver->ping(database, error);
}

void dbw_database_cancel(dbw_database *database)
{
    database->engine->driver->cancel(database);
}

dbw_status dbw_database_describe(dbw_database *database, dbw_arena *arena, dbw_server *out,
                                 dbw_error *error)
{
    *out = (dbw_server){0};
    return database->engine->driver->describe(database, arena, out, error);
}

/* A second query on a connection that still streams one would be a fault of the caller. */
static dbw_status refuse_while_streaming(const dbw_database *database, dbw_error *error)
{
    if (!database->open_rows)
        return DBW_OK;
    return dbw_fail(error, DBW_E_INTERNAL, "unable to run a statement: a query is still open");
}

dbw_status dbw_execute(dbw_database *database, const char *sql, const dbw_value *parameters,
                       size_t count, int64_t *affected, dbw_error *error)
{
    int64_t ignored;
    DBW_TRY(refuse_while_streaming(database, error));
    return database->engine->driver->execute(database, sql, parameters, count,
                                             affected ? affected : &ignored, error);
}

dbw_status dbw_execute_script(dbw_database *database, const char *sql, dbw_error *error)
{
    DBW_TRY(refuse_while_streaming(database, error));
    return database->engine->driver->execute_script(database, sql, error);
}

dbw_status dbw_fetch(dbw_database *database, const char *sql, const dbw_value *parameters,
                     size_t count, dbw_rows **out, dbw_error *error)
{
    *out = NULL;
    DBW_TRY(refuse_while_streaming(database, error));
    DBW_TRY(database->engine->driver->fetch(database, sql, parameters, count, out, error));
    (*out)->database = database;
    database->open_rows = *out;
    return DBW_OK;
}

dbw_status dbw_rows_next(dbw_rows *rows, const dbw_value **row, dbw_error *error)
{
    return rows->database->engine->driver->rows_next(rows, row, error);
}

size_t dbw_rows_width(const dbw_rows *rows)
{
    return rows->width;
}

const char *dbw_rows_name(const dbw_rows *rows, size_t column)
{
    return column < rows->width ? rows->names[column] : NULL;
}

void dbw_rows_close(dbw_rows *rows)
{
    if (!rows)
        return;
    dbw_database *database = rows->database;
    database->open_rows = NULL;
    database->engine->driver->rows_close(rows);
}

dbw_status dbw_fetch_one(dbw_database *database, dbw_arena *arena, const char *sql,
                         const dbw_value *parameters, size_t count, dbw_value **row,
                         dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *first;
    *row = NULL;
    DBW_TRY(dbw_fetch(database, sql, parameters, count, &rows, error));
    dbw_status status = dbw_rows_next(rows, &first, error);
    if (status == DBW_OK && first) {
        *row = DBW_NEW_ARRAY(arena, rows->width, dbw_value);
        for (size_t i = 0; i < rows->width; i++)
            (*row)[i] = dbw_value_copy(arena, &first[i]);
    }
    dbw_rows_close(rows);
    return status;
}

dbw_status dbw_fetch_value(dbw_database *database, dbw_arena *arena, const char *sql,
                           const dbw_value *parameters, size_t count, dbw_value *value,
                           dbw_error *error)
{
    dbw_value *row;
    *value = DBW_NULL;
    DBW_TRY(dbw_fetch_one(database, arena, sql, parameters, count, &row, error));
    if (row)
        *value = row[0];
    return DBW_OK;
}

dbw_status dbw_begin(dbw_database *database, dbw_error *error)
{
    DBW_TRY(refuse_while_streaming(database, error));
    return database->engine->driver->begin(database, error);
}

dbw_status dbw_commit(dbw_database *database, dbw_error *error)
{
    DBW_TRY(refuse_while_streaming(database, error));
    return database->engine->driver->commit(database, error);
}

void dbw_rollback(dbw_database *database)
{
    dbw_rows_close(database->open_rows);
    database->engine->driver->rollback(database);
}

dbw_status dbw_transaction(dbw_database *database,
                           dbw_status (*body)(dbw_database *, void *context, dbw_error *),
                           void *context, dbw_error *error)
{
    DBW_TRY(dbw_begin(database, error));
    dbw_status status = body(database, context, error);
    if (status == DBW_OK)
        status = dbw_commit(database, error);
    if (status != DBW_OK)
        dbw_rollback(database);
    return status;
}

void dbw_quote_name(const dbw_engine *engine, dbw_buffer *out, const char *name)
{
    engine->dialect->quote_name(out, name);
}

void dbw_quote_qualified(const dbw_engine *engine, dbw_buffer *out, const char *schema,
                         const char *name)
{
    if (schema) {
        dbw_quote_name(engine, out, schema);
        dbw_buffer_add_char(out, '.');
    }
    dbw_quote_name(engine, out, name);
}

dbw_status dbw_database_catalog(dbw_database *database, dbw_arena *arena, const char *namespace_,
                                dbw_schema **out, dbw_error *error)
{
    if (!database->engine->catalog)
        return dbw_fail_engine(error, database->engine, "tell its structure");
    DBW_TRY(refuse_while_streaming(database, error));
    return database->engine->catalog->read(database, arena, namespace_, out, error);
}

dbw_status dbw_database_create(const dbw_url *url, const dbw_open_options *options,
                               dbw_error *error)
{
    static const dbw_open_options defaults;
    const dbw_engine *engine;
    DBW_TRY(dbw_engine_find(url->backend, &engine, error));
    return engine->driver->create(url, options ? options : &defaults, error);
}

dbw_status dbw_database_drop(const dbw_url *url, const dbw_open_options *options, dbw_error *error)
{
    static const dbw_open_options defaults;
    const dbw_engine *engine;
    DBW_TRY(dbw_engine_find(url->backend, &engine, error));
    return engine->driver->drop(url, options ? options : &defaults, error);
}

dbw_status dbw_fail_engine(dbw_error *error, const dbw_engine *engine, const char *what)
{
    return dbw_fail(error, DBW_E_UNSUPPORTED, "%s cannot %s", engine->label, what);
}
