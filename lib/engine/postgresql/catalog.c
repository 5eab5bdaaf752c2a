/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/catalog_priv.h"
#include "engine/postgresql/dialect.h"
#include "engine/postgresql/postgresql_priv.h"
#include "engine/postgresql/queries.h"

#include <json-c/json.h>

/* --- rows by name ----------------------------------------------------------------------------- */

const dbw_value *dbw_pg_cell(const dbw_pg_reading *reading, const char *name)
{
    static const dbw_value none = {.kind = DBW_KIND_NULL};
    for (size_t i = 0; i < reading->rows->width; i++)
        if (strcmp(reading->rows->names[i], name) == 0)
            return &reading->row[i];
    return &none;
}

const char *dbw_pg_cell_string(const dbw_pg_reading *reading, const char *name)
{
    const dbw_value *value = dbw_pg_cell(reading, name);
    return dbw_kind_has_text(value->kind) ? dbw_arena_text_string(reading->arena, value->text)
                                          : NULL;
}

int64_t dbw_pg_cell_number(const dbw_pg_reading *reading, const char *name)
{
    const dbw_value *value = dbw_pg_cell(reading, name);
    return value->kind == DBW_KIND_INT64 ? value->int64 : 0;
}

bool dbw_pg_cell_truth(const dbw_pg_reading *reading, const char *name)
{
    const dbw_value *value = dbw_pg_cell(reading, name);
    return value->kind == DBW_KIND_BOOL && value->boolean;
}

char dbw_pg_cell_char(const dbw_pg_reading *reading, const char *name)
{
    const dbw_value *value = dbw_pg_cell(reading, name);
    return dbw_kind_has_text(value->kind) && value->text.length ? value->text.data[0] : '\0';
}

dbw_names dbw_pg_cell_names(const dbw_pg_reading *reading, const char *name)
{
    dbw_names names = {0};
    const char *text = dbw_pg_cell_string(reading, name);
    struct json_object *list = text ? json_tokener_parse(text) : NULL;
    if (json_object_is_type(list, json_type_array)) {
        names.count = json_object_array_length(list);
        names.items = DBW_NEW_ARRAY(reading->arena, names.count, const char *);
        for (size_t i = 0; i < names.count; i++)
            names.items[i] = dbw_arena_string(
                reading->arena, json_object_get_string(json_object_array_get_idx(list, i)));
    }
    json_object_put(list);
    return names;
}

static dbw_status each(dbw_pg_reading *reading, const char *sql,
                       dbw_status (*take)(dbw_pg_reading *, dbw_error *), dbw_error *error)
{
    DBW_TRY(dbw_fetch(reading->database, sql, NULL, 0, &reading->rows, error));
    dbw_status status;
    do {
        status = dbw_rows_next(reading->rows, &reading->row, error);
        if (status == DBW_OK && reading->row)
            status = take(reading, error);
    } while (status == DBW_OK && reading->row);
    dbw_rows_close(reading->rows);
    reading->rows = NULL;
    return status;
}

/* --- the whole -------------------------------------------------------------------------------- */

/** All that are not the server's own, unless the URL says which. */
static const char every_schema[] =
    "SELECT pg_catalog.set_config('dbwizard.schemas', coalesce((SELECT pg_catalog.array_agg("
    "n.nspname)::text FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' "
    "AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d "
    "WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objid = n.oid "
    "AND d.deptype = 'e') AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')), ''), true)";

/** The search path for the time of reading: names in it are shown without their schema. */
static dbw_status enter_schema(dbw_pg_reading *reading, const char *name, char **before,
                               dbw_error *error)
{
    dbw_value value, parameter = dbw_value_string(name);
    DBW_TRY(dbw_fetch_value(reading->database, reading->arena,
                            "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = ?",
                            &parameter, 1, &value, error));
    if (value.kind == DBW_KIND_INT64 && value.int64 == 0) {
        dbw_fail(error, DBW_E_NOT_FOUND, "unable to read schema '%s': it does not exist", name);
        dbw_error_object(error, "%s", name);
        return dbw_hint(error, "Make it with CREATE SCHEMA, or correct the name.");
    }
    DBW_TRY(dbw_fetch_value(reading->database, reading->arena,
                            "SELECT pg_catalog.current_setting('search_path')", NULL, 0, &value,
                            error));
    *before = dbw_arena_text_string(reading->arena, value.text);
    dbw_buffer quoted;
    dbw_buffer_init(&quoted, 1024);
    dbw_pg_quote_name(&quoted, name);
    parameter = dbw_value_text(dbw_buffer_text(&quoted));
    dbw_status status = dbw_fetch_value(reading->database, reading->arena,
                                        "SELECT pg_catalog.set_config('search_path', ?, true)",
                                        &parameter, 1, &value, error);
    dbw_buffer_free(&quoted);
    return status;
}

static dbw_status read_all(dbw_pg_reading *reading, dbw_error *error)
{
    DBW_TRY(each(reading, dbw_pg_sql_tables, dbw_pg_take_table, error));
    dbw_pg_index_tables(reading);
    dbw_pg_gather_partitions(reading);
    DBW_TRY(each(reading, dbw_pg_sql_columns, dbw_pg_take_column, error));
    DBW_TRY(each(reading, dbw_pg_sql_constraints, dbw_pg_take_constraint, error));
    DBW_TRY(each(reading, dbw_pg_sql_indexes, dbw_pg_take_index, error));
    DBW_TRY(each(reading, dbw_pg_sql_objects, dbw_pg_take_object, error));
    dbw_pg_settle_identities(reading);
    char *sequences = dbw_pg_sequences_statement(reading);
    return sequences ? each(reading, sequences, dbw_pg_take_sequence, error) : DBW_OK;
}

static dbw_status read_every_schema(dbw_pg_reading *reading, dbw_error *error)
{
    dbw_value value;
    DBW_TRY(
        dbw_fetch_value(reading->database, reading->arena, every_schema, NULL, 0, &value, error));
    DBW_TRY(read_all(reading, error));
    return dbw_fetch_value(reading->database, reading->arena,
                           "SELECT pg_catalog.set_config('dbwizard.schemas', '', true)", NULL, 0,
                           &value, error);
}

static dbw_status read_in_transaction(dbw_pg_reading *reading, const char *name, dbw_error *error)
{
    char *before = NULL;
    dbw_value value, parameter;
    bool every = name && strcmp(name, DBW_EVERY_SCHEMA) == 0;
    if (every && !dbw_pg(reading->database)->search_path_given)
        return read_every_schema(reading, error);
    if (every)
        name = NULL;
    if (name)
        DBW_TRY(enter_schema(reading, name, &before, error));
    DBW_TRY(read_all(reading, error));
    if (!name)
        return DBW_OK;
    parameter = dbw_value_string(before);
    return dbw_fetch_value(reading->database, reading->arena,
                           "SELECT pg_catalog.set_config('search_path', ?, true)", &parameter, 1,
                           &value, error);
}

dbw_status dbw_pg_catalog_read(dbw_database *database, dbw_arena *arena, const char *namespace_,
                               dbw_schema **out, dbw_error *error)
{
    dbw_pg_reading reading = {.database = database, .arena = arena};
    bool own = !dbw_pg_in_transaction(database);
    reading.schema = DBW_NEW(arena, dbw_schema);
    reading.schema->backend = "postgresql";
    *out = NULL;
    if (own)
        DBW_TRY(dbw_pg_begin_with(dbw_pg(database), " ISOLATION LEVEL REPEATABLE READ READ ONLY",
                                  error));
    dbw_status status = read_in_transaction(&reading, namespace_, error);
    if (status == DBW_OK)
        *out = reading.schema;
    if (own)
        dbw_pg_rollback(database);
    return status;
}
