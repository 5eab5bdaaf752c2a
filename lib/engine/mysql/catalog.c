/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/mysql_priv.h"

#include "engine/mysql/catalog_priv.h"
#include "engine/mysql/queries.h"

/* --- rows by name ----------------------------------------------------------------------------- */

static const dbw_value *cell(const dbw_mysql_reading *reading, const char *name)
{
    static const dbw_value none = {.kind = DBW_KIND_NULL};
    for (size_t i = 0; i < reading->rows->width; i++)
        if (strcmp(reading->rows->names[i], name) == 0)
            return &reading->row[i];
    return &none;
}

const char *dbw_mysql_cell_string(const dbw_mysql_reading *reading, const char *name)
{
    const dbw_value *value = cell(reading, name);
    return dbw_kind_has_text(value->kind) ? dbw_arena_text_string(reading->arena, value->text)
                                          : NULL;
}

int64_t dbw_mysql_cell_number(const dbw_mysql_reading *reading, const char *name)
{
    const dbw_value *value = cell(reading, name);
    return value->kind == DBW_KIND_INT64    ? value->int64
           : value->kind == DBW_KIND_UINT64 ? INT64_MAX
                                            : 0;
}

bool dbw_mysql_cell_is(const dbw_mysql_reading *reading, const char *name, const char *value)
{
    const dbw_value *found = cell(reading, name);
    return dbw_kind_has_text(found->kind) && dbw_text_equal_nocase(found->text, dbw_text_of(value));
}

static int compare_name(const void *name, const void *table)
{
    return strcmp(name, ((const dbw_table *)table)->name);
}

dbw_table *dbw_mysql_cell_table(const dbw_mysql_reading *reading)
{
    const char *name = dbw_mysql_cell_string(reading, "table_name");
    const dbw_schema *schema = reading->schema;
    return name && schema->table_count ? bsearch(name, schema->tables, schema->table_count,
                                                 sizeof *schema->tables, compare_name)
                                       : NULL;
}

static dbw_status each(dbw_mysql_reading *reading, const char *sql,
                       dbw_status (*take)(dbw_mysql_reading *, dbw_error *), dbw_error *error)
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

/* --- bytes as defaults ------------------------------------------------------------------------ */

/* Whether the column has bytes for a default that information_schema shows as another text: those
 * above 127 as question marks. */
static bool default_in_doubt(const dbw_column *column)
{
    const dbw_default *value = &column->default_value;
    return value->kind == DBW_DEFAULT_EXPRESSION && value->text &&
           dbw_intent_kind(column->type.intent) == DBW_KIND_BYTES &&
           (strncmp(value->text, DBW_MYSQL_BYTES_SHOWN "'", sizeof DBW_MYSQL_BYTES_SHOWN) == 0 ||
            strncmp(value->text, DBW_MYSQL_BYTES_SHOWN "X'", sizeof DBW_MYSQL_BYTES_SHOWN + 1) ==
                0);
}

static dbw_status ask_default(const dbw_mysql_reading *reading, const dbw_table *table,
                              dbw_column *column, dbw_error *error)
{
    dbw_buffer sql;
    dbw_value value = DBW_NULL;
    dbw_buffer_init(&sql, 4096);
    dbw_buffer_add_string(&sql, "SELECT DEFAULT(t.");
    dbw_quote_name(&dbw_engine_mysql, &sql, column->name);
    dbw_buffer_add_string(&sql, ") FROM (SELECT 1) AS one LEFT JOIN ");
    dbw_quote_name(&dbw_engine_mysql, &sql, table->name);
    dbw_buffer_add_string(&sql, " AS t ON FALSE");
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status =
            dbw_fetch_value(reading->database, reading->arena, sql.data, NULL, 0, &value, error);
    dbw_buffer_free(&sql);
    if (status == DBW_OK && value.kind == DBW_KIND_BYTES)
        column->default_value = (dbw_default){
            .kind = DBW_DEFAULT_LITERAL, .value = value, .text = column->default_value.text};
    return status;
}

static dbw_status ask_defaults(const dbw_mysql_reading *reading, dbw_error *error)
{
    for (size_t i = 0; i < reading->schema->table_count; i++) {
        dbw_table *table = &reading->schema->tables[i];
        for (size_t n = 0; n < table->column_count; n++)
            if (default_in_doubt(&table->columns[n]))
                DBW_TRY(ask_default(reading, table, &table->columns[n], error));
    }
    return DBW_OK;
}

/* --- parts ------------------------------------------------------------------------------------ */

/* One line of words, which SHOW CREATE TABLE breaks and MySQL hides from older servers. */
static char *one_line(dbw_arena *arena, const char *text)
{
    char *out = dbw_arena_string(arena, text);
    size_t length = strlen(out);
    for (char *c = out; *c; c++)
        if (*c == '\n')
            *c = ' ';
    while (length && (out[length - 1] == ' ' || out[length - 1] == '/' || out[length - 1] == '*'))
        out[--length] = '\0';
    return out;
}

static dbw_status ask_parts(const dbw_mysql_reading *reading, dbw_table *table, dbw_error *error)
{
    dbw_buffer sql;
    dbw_value *row = NULL;
    dbw_buffer_init(&sql, 4096);
    dbw_buffer_add_string(&sql, "SHOW CREATE TABLE ");
    dbw_quote_name(&dbw_engine_mysql, &sql, table->name);
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_fetch_one(reading->database, reading->arena, sql.data, NULL, 0, &row, error);
    dbw_buffer_free(&sql);
    DBW_TRY(status);
    const char *text = row && dbw_kind_has_text(row[1].kind)
                           ? dbw_arena_text_string(reading->arena, row[1].text)
                           : "";
    /* The last of them: a comment or a default may hold such words too. */
    table->suffix = NULL;
    for (const char *at = text; (at = strstr(at, DBW_MYSQL_PARTITIONED)); at++)
        table->suffix = at;
    if (table->suffix)
        table->suffix = one_line(reading->arena, table->suffix);
    return DBW_OK;
}

static dbw_status ask_all_parts(const dbw_mysql_reading *reading, dbw_error *error)
{
    for (size_t i = 0; i < reading->schema->table_count; i++)
        if (reading->schema->tables[i].suffix)
            DBW_TRY(ask_parts(reading, &reading->schema->tables[i], error));
    return DBW_OK;
}

const char *dbw_mysql_without_database(const dbw_mysql_reading *reading, const char *text)
{
    dbw_buffer prefix;
    if (!text)
        return NULL;
    dbw_buffer_init(&prefix, 4096);
    dbw_quote_name(&dbw_engine_mysql, &prefix, reading->name);
    dbw_buffer_add_char(&prefix, '.');
    char *out = dbw_arena_take(reading->arena, strlen(text) + 1);
    size_t length = 0;
    char quote = 0;
    for (const char *at = text; *at; at++) {
        if (!quote && strncmp(at, prefix.data, prefix.length) == 0) {
            at += prefix.length - 1;
            continue;
        }
        if (quote && *at == '\\' && quote != '`' && at[1])
            out[length++] = *at++;
        else if (quote)
            quote = *at == quote ? 0 : quote;
        else if (*at == '\'' || *at == '"' || *at == '`')
            quote = *at;
        out[length++] = *at;
    }
    out[length] = '\0';
    dbw_buffer_free(&prefix);
    return out;
}

/* --- the whole -------------------------------------------------------------------------------- */

/** Check constraints came with MariaDB 10.2 and MySQL 8.0.16, expressions in indexes with 8.0.13.
 */
enum { MYSQL_WITH_CHECKS = 80016, MYSQL_WITH_EXPRESSIONS = 80013, MARIADB_WITH_CHECKS = 100222 };

static dbw_status read_all(dbw_mysql_reading *reading, dbw_error *error)
{
    unsigned long version = mysql_get_server_version(((dbw_mysql *)reading->database)->handle);
    bool mariadb = reading->mariadb;
    /* MySQL cuts what GROUP_CONCAT puts together at 1024 bytes. */
    DBW_TRY(dbw_execute(reading->database, "SET SESSION group_concat_max_len = 1048576", NULL, 0,
                        NULL, error));
    DBW_TRY(each(reading, dbw_mysql_sql_tables, dbw_mysql_take_table, error));
    DBW_TRY(ask_all_parts(reading, error));
    DBW_TRY(each(reading, dbw_mysql_sql_columns, dbw_mysql_take_column, error));
    if (mariadb)
        DBW_TRY(ask_defaults(reading, error));
    DBW_TRY(dbw_mysql_read_labels(reading, error));
    DBW_TRY(each(reading,
                 !mariadb && version >= MYSQL_WITH_EXPRESSIONS ? dbw_mysql_sql_indexes_mysql
                                                               : dbw_mysql_sql_indexes,
                 dbw_mysql_take_index, error));
    dbw_mysql_sort_indexes(reading);
    DBW_TRY(each(reading, dbw_mysql_sql_foreign_keys, dbw_mysql_take_foreign_key, error));
    if (mariadb && version >= MARIADB_WITH_CHECKS)
        DBW_TRY(each(reading, dbw_mysql_sql_checks, dbw_mysql_take_check, error));
    else if (!mariadb && version >= MYSQL_WITH_CHECKS)
        DBW_TRY(each(reading, dbw_mysql_sql_checks_mysql, dbw_mysql_take_check, error));
    DBW_TRY(each(reading, dbw_mysql_sql_objects, dbw_mysql_take_object, error));
    char *sequences = dbw_mysql_sequences_statement(reading);
    return sequences ? each(reading, sequences, dbw_mysql_take_sequence, error) : DBW_OK;
}

dbw_status dbw_mysql_catalog_read(dbw_database *base, dbw_arena *arena,
                                  const char *namespace_ DBW_UNUSED, dbw_schema **out,
                                  dbw_error *error)
{
    dbw_mysql *database = (dbw_mysql *)base;
    dbw_mysql_reading reading = {.database = base, .arena = arena};
    dbw_value name;
    *out = NULL;
    DBW_TRY(dbw_fetch_value(base, arena, "SELECT DATABASE()", NULL, 0, &name, error));
    if (dbw_value_is_null(&name)) {
        dbw_fail(error, DBW_E_INVALID, "unable to read the structure: the URL names no database");
        return dbw_hint(error, "Write mysql://user:password@host:3306/database.");
    }
    reading.name = dbw_arena_text_string(arena, name.text);
    reading.mariadb = mariadb_connection(database->handle);
    reading.schema = DBW_NEW(arena, dbw_schema);
    reading.schema->backend = "mysql";
    DBW_TRY(read_all(&reading, error));
    *out = reading.schema;
    return DBW_OK;
}
