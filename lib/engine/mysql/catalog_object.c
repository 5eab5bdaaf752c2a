/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/catalog_priv.h"

#include "engine/mysql/map.h"

#include <inttypes.h>

static const char sequence_kind[] = "sequence";

/* In this order, as far as kinds can tell: views may call functions, triggers may use all. */
static const char *const kinds[] = {sequence_kind, "function", "procedure",
                                    "view",        "trigger",  "event"};

/* "DROP VIEW IF EXISTS `name`": whoever made it may have been killed before it was there. */
static const char *drop_statement(const dbw_mysql_reading *reading, const dbw_object *object)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, 4096);
    dbw_buffer_add_string(&sql, "DROP ");
    for (const char *c = object->kind; *c; c++)
        dbw_buffer_add_char(&sql, (char)(*c - ('a' - 'A')));
    dbw_buffer_add_string(&sql, " IF EXISTS ");
    dbw_quote_name(&dbw_engine_mysql, &sql, object->name);
    const char *text = sql.failed ? NULL : dbw_arena_string(reading->arena, sql.data);
    dbw_buffer_free(&sql);
    return text;
}

/* Its text means what it means under the sql_mode of whoever made it, which it keeps. */
static const char *under_mode(const dbw_mysql_reading *reading, const char *mode,
                              const char *definition)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, SIZE_MAX / 4);
    dbw_buffer_add_string(&sql, "SET @dbwizard_mode = @@SESSION.sql_mode; SET SESSION sql_mode = ");
    dbw_mysql_quote_text(&sql, dbw_text_of(mode));
    dbw_buffer_printf(&sql, "; %s", definition);
    const char *text =
        sql.failed ? NULL : dbw_arena_text_string(reading->arena, dbw_buffer_text(&sql));
    dbw_buffer_free(&sql);
    return text;
}

dbw_status dbw_mysql_take_object(dbw_mysql_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_schema *schema = reading->schema;
    dbw_object *object = DBW_APPEND(reading->arena, schema->objects, schema->object_count);
    *object = (dbw_object){
        .kind = dbw_mysql_cell_string(reading, "kind"),
        .name = dbw_mysql_cell_string(reading, "object_name"),
        .table = dbw_mysql_cell_string(reading, "table_name"),
        .definition =
            dbw_mysql_without_database(reading, dbw_mysql_cell_string(reading, "definition")),
    };
    for (size_t i = 0; i < DBW_COUNT(kinds); i++)
        if (strcmp(object->kind, kinds[i]) == 0)
            object->rank = (int64_t)i;
    /* What the role may not look into has no body. */
    const char *mode = dbw_mysql_cell_string(reading, "mode");
    if (dbw_mysql_cell_number(reading, "whole"))
        object->create = mode ? under_mode(reading, mode, object->definition) : object->definition;
    if (object->create && mode)
        object->after = "SET SESSION sql_mode = @dbwizard_mode";
    object->drop = drop_statement(reading, object);
    return DBW_OK;
}

/* --- sequences: each is read like a table, under its own name --------------------------------- */

static bool is_sequence(const dbw_object *object)
{
    return strcmp(object->kind, sequence_kind) == 0;
}

char *dbw_mysql_sequences_statement(const dbw_mysql_reading *reading)
{
    const dbw_schema *schema = reading->schema;
    size_t count = 0;
    dbw_buffer sql;
    dbw_buffer_init(&sql, (size_t)16 * 1024 * 1024);
    for (size_t i = 0; i < schema->object_count; i++) {
        if (!is_sequence(&schema->objects[i]))
            continue;
        dbw_buffer_printf(&sql,
                          "%sSELECT %zu AS number, next_not_cached_value, minimum_value, "
                          "maximum_value, start_value, increment, cache_size, cycle_option FROM ",
                          count++ ? " UNION ALL " : "", i);
        dbw_quote_name(&dbw_engine_mysql, &sql, schema->objects[i].name);
    }
    char *text = count && !sql.failed ? dbw_arena_string(reading->arena, sql.data) : NULL;
    dbw_buffer_free(&sql);
    return text;
}

/** What the sequence gives next is what the columns that draw from it give next. */
static void pass_on(const dbw_schema *schema, const char *sequence, int64_t next)
{
    for (size_t i = 0; i < schema->table_count; i++) {
        dbw_table *table = &schema->tables[i];
        for (size_t n = 0; n < table->column_count; n++) {
            const dbw_column *column = &table->columns[n];
            if (column->sequence && strcmp(column->sequence, sequence) == 0 && next > 0)
                table->next_identity = next;
        }
    }
}

dbw_status dbw_mysql_take_sequence(dbw_mysql_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_schema *schema = reading->schema;
    size_t number = (size_t)dbw_mysql_cell_number(reading, "number");
    if (number >= schema->object_count)
        return DBW_OK;
    dbw_object *object = &schema->objects[number];
    int64_t next = dbw_mysql_cell_number(reading, "next_not_cached_value");
    dbw_buffer sql;
    dbw_buffer_init(&sql, 4096);
    dbw_buffer_add_string(&sql, "CREATE SEQUENCE ");
    dbw_quote_name(&dbw_engine_mysql, &sql, object->name);
    dbw_buffer_printf(&sql,
                      " START WITH %" PRId64 " MINVALUE %" PRId64 " MAXVALUE %" PRId64
                      " INCREMENT BY %" PRId64 "%s",
                      dbw_mysql_cell_number(reading, "start_value"),
                      dbw_mysql_cell_number(reading, "minimum_value"),
                      dbw_mysql_cell_number(reading, "maximum_value"),
                      dbw_mysql_cell_number(reading, "increment"),
                      dbw_mysql_cell_number(reading, "cycle_option") ? " CYCLE" : "");
    dbw_buffer_add_string(&sql, "; ALTER SEQUENCE ");
    dbw_quote_name(&dbw_engine_mysql, &sql, object->name);
    dbw_buffer_printf(&sql, " RESTART %" PRId64, next);
    if (!sql.failed)
        object->create = object->definition = dbw_arena_string(reading->arena, sql.data);
    object->before = true; /* columns draw from it */
    dbw_buffer_free(&sql);
    pass_on(schema, object->name, next);
    return DBW_OK;
}
