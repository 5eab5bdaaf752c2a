/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The structure of a file: pragmas are the authority, the text of CREATE TABLE tells the rest. A
 * text that cannot be read costs names of constraints and checks, never the table.
 */
#include "engine/sqlite/catalog_priv.h"

#include "engine/sqlite/queries.h"
#include "engine/sqlite/type.h"

/* A crafted file may carry a schema of any size; the arena would end the process. */
enum { SCHEMA_LIMIT = 6 * 1024 * 1024 };

void dbw_sqlite_reading_start(sqlite3_stmt *statement, const char *name)
{
    sqlite3_reset(statement);
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
}

dbw_status dbw_sqlite_reading_step(const dbw_sqlite_reading *reading, sqlite3_stmt *statement,
                                   bool *more, dbw_error *error)
{
    int code = sqlite3_step(statement);
    *more = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return DBW_OK;
    return dbw_sqlite_fail(reading->database, code, sqlite3_sql(statement), error,
                           "read the structure");
}

const char *dbw_sqlite_reading_text(const dbw_sqlite_reading *reading, sqlite3_stmt *statement,
                                    int column)
{
    return dbw_arena_string(reading->arena, (const char *)sqlite3_column_text(statement, column));
}

static const dbw_sqlite_created_column *created_column(const dbw_sqlite_created_table *created,
                                                       const char *name)
{
    for (size_t i = 0; created && i < created->column_count; i++)
        if (dbw_sqlite_same_name(created->columns[i].name, name))
            return &created->columns[i];
    return NULL;
}

/* Position in the primary key, from 1; 0 for the others. */
static void note_key(const dbw_sqlite_reading *reading, dbw_table *table, const char *name,
                     int position)
{
    if (position <= 0 || position > 2000)
        return;
    if (!table->primary_key) {
        table->primary_key = DBW_NEW(reading->arena, dbw_key);
        table->primary_key->columns.items = DBW_NEW_ARRAY(reading->arena, 2000, const char *);
    }
    dbw_names *names = &table->primary_key->columns;
    names->items[position - 1] = name;
    if ((size_t)position > names->count)
        names->count = (size_t)position;
}

static void read_column(const dbw_sqlite_reading *reading, dbw_table *table,
                        const dbw_sqlite_created_table *created)
{
    sqlite3_stmt *row = reading->columns;
    const char *declared = dbw_sqlite_reading_text(reading, row, 1);
    int key = sqlite3_column_int(row, 4), hidden = sqlite3_column_int(row, 5);
    if (hidden == 1)
        return;
    dbw_column *column = DBW_APPEND(reading->arena, table->columns, table->column_count);
    column->name = dbw_sqlite_reading_text(reading, row, 0);
    column->type = dbw_sqlite_type_read(reading->arena, declared ? declared : "", NULL);
    column->nullable =
        !sqlite3_column_int(row, 2) && !(key && (table->without_rowid || table->strict));
    column->default_value = dbw_sqlite_default_read(
        reading->arena, (const char *)sqlite3_column_text(row, 3), &column->type);
    column->generated = hidden == 2   ? DBW_GENERATED_VIRTUAL
                        : hidden == 3 ? DBW_GENERATED_STORED
                                      : DBW_GENERATED_NONE;
    const dbw_sqlite_created_column *more = created_column(created, column->name);
    if (more) {
        column->collation = more->collation;
        column->generation = more->generation;
        column->identity = more->autoincrement ? DBW_IDENTITY_AUTO : DBW_IDENTITY_NONE;
    }
    note_key(reading, table, column->name, key);
}

static dbw_status read_columns(const dbw_sqlite_reading *reading, dbw_table *table,
                               const dbw_sqlite_created_table *created, dbw_error *error)
{
    bool more = true;
    dbw_sqlite_reading_start(reading->columns, table->name);
    for (;;) {
        dbw_status status = dbw_sqlite_reading_step(reading, reading->columns, &more, error);
        /* The module of a virtual table may be unknown here: the table is named, no more. */
        if (status != DBW_OK && table->kind == DBW_TABLE_VIRTUAL)
            return DBW_OK;
        DBW_TRY(status);
        if (!more)
            return DBW_OK;
        read_column(reading, table, created);
    }
}

/* An INTEGER PRIMARY KEY is the rowid itself: 64 bits, never NULL, given out by SQLite. */
static void settle_key(dbw_table *table, const dbw_sqlite_created_table *created,
                       bool has_key_index)
{
    dbw_key *key = table->primary_key;
    for (size_t i = 0; created && key && i < created->key_count; i++)
        if (created->keys[i].primary)
            key->name = created->keys[i].name;
    bool alias = key && key->columns.count == 1 && !has_key_index && !table->without_rowid &&
                 table->kind == DBW_TABLE_ORDINARY;
    for (size_t i = 0; i < table->column_count; i++) {
        dbw_column *column = &table->columns[i];
        if (alias && strcmp(column->name, key->columns.items[0]) == 0) {
            column->type.intent = DBW_INTENT_INT64;
            column->nullable = false;
            if (column->identity == DBW_IDENTITY_NONE)
                column->identity = DBW_IDENTITY_ROWID;
        } else {
            column->identity = DBW_IDENTITY_NONE;
        }
    }
}

static dbw_status read_table(const dbw_sqlite_reading *reading, dbw_table *table, dbw_error *error)
{
    dbw_sqlite_created_table *created = NULL;
    bool has_key_index = false;
    dbw_error unread;
    if (table->kind != DBW_TABLE_VIRTUAL && table->definition &&
        dbw_sqlite_create_table_read(reading->arena, table->definition, &created, &unread) !=
            DBW_OK)
        created = NULL;
    DBW_TRY(read_columns(reading, table, created, error));
    if (table->kind == DBW_TABLE_VIRTUAL)
        return DBW_OK;
    if (created) {
        table->checks = created->checks;
        table->check_count = created->check_count;
    }
    DBW_TRY(dbw_sqlite_catalog_indexes(reading, table, created, &has_key_index, error));
    settle_key(table, created, has_key_index);
    DBW_TRY(dbw_sqlite_catalog_foreign_keys(reading, table, created, error));
    return dbw_sqlite_catalog_size(reading, table, error);
}

static dbw_status list_tables(const dbw_sqlite_reading *reading, dbw_schema *schema,
                              dbw_error *error)
{
    sqlite3_stmt *rows;
    bool more = true;
    DBW_TRY(dbw_sqlite_prepare(reading->database, dbw_sqlite_sql_tables, &rows, error));
    dbw_status status;
    while ((status = dbw_sqlite_reading_step(reading, rows, &more, error)) == DBW_OK && more) {
        dbw_table *table = DBW_APPEND(reading->arena, schema->tables, schema->table_count);
        const char *kind = (const char *)sqlite3_column_text(rows, 1);
        table->name = dbw_sqlite_reading_text(reading, rows, 0);
        table->kind = strcmp(kind, "virtual") == 0  ? DBW_TABLE_VIRTUAL
                      : strcmp(kind, "shadow") == 0 ? DBW_TABLE_SHADOW
                                                    : DBW_TABLE_ORDINARY;
        table->without_rowid = sqlite3_column_int(rows, 2) != 0;
        table->strict = sqlite3_column_int(rows, 3) != 0;
        table->definition = dbw_sqlite_reading_text(reading, rows, 4);
        table->estimated_rows = table->estimated_bytes = -1;
    }
    sqlite3_finalize(rows);
    return status;
}

static const char *drop_statement(dbw_arena *arena, const dbw_object *object)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, SCHEMA_LIMIT);
    dbw_buffer_add_string(&sql, strcmp(object->kind, "view") == 0 ? "DROP VIEW " : "DROP TRIGGER ");
    dbw_sqlite_quote_name(&sql, object->name);
    const char *text = sql.failed ? NULL : dbw_arena_text_string(arena, dbw_buffer_text(&sql));
    dbw_buffer_free(&sql);
    return text;
}

static dbw_status list_objects(const dbw_sqlite_reading *reading, dbw_schema *schema,
                               dbw_error *error)
{
    sqlite3_stmt *rows;
    bool more = true;
    DBW_TRY(dbw_sqlite_prepare(reading->database, dbw_sqlite_sql_objects, &rows, error));
    dbw_status status;
    while ((status = dbw_sqlite_reading_step(reading, rows, &more, error)) == DBW_OK && more) {
        dbw_object *object = DBW_APPEND(reading->arena, schema->objects, schema->object_count);
        object->kind = dbw_sqlite_reading_text(reading, rows, 0);
        object->name = dbw_sqlite_reading_text(reading, rows, 1);
        if (strcmp(object->kind, "trigger") == 0)
            object->table = dbw_sqlite_reading_text(reading, rows, 2);
        object->definition = dbw_sqlite_reading_text(reading, rows, 3);
        object->create = object->definition;
        object->drop = drop_statement(reading->arena, object);
        object->rank = (int64_t)schema->object_count;
    }
    sqlite3_finalize(rows);
    return status;
}

/* What programs keep in the file's header. */
static dbw_status list_settings(dbw_sqlite_reading *reading, dbw_schema *schema, dbw_error *error)
{
    static const char *const names[] = {"application_id", "user_version"};
    for (size_t i = 0; i < DBW_COUNT(names); i++) {
        int64_t value;
        DBW_TRY(dbw_sqlite_integer(reading->database,
                                   dbw_arena_printf(reading->arena, "PRAGMA main.%s", names[i]), 0,
                                   &value, error));
        if (!value)
            continue;
        const char *text =
            dbw_arena_printf(reading->arena, "PRAGMA main.%s = %lld", names[i], (long long)value);
        *DBW_APPEND(reading->arena, schema->objects, schema->object_count) = (dbw_object){
            .kind = "setting",
            .name = names[i],
            .definition = text,
            .create = text,
            .drop = dbw_arena_printf(reading->arena, "PRAGMA main.%s = 0", names[i]),
        };
    }
    return DBW_OK;
}

static dbw_status check_size(dbw_sqlite_reading *reading, dbw_error *error)
{
    dbw_sqlite *database = reading->database;
    int64_t bytes, pages, page_size;
    DBW_TRY(dbw_sqlite_integer(database,
                               "SELECT sum(length(CAST(sql AS BLOB)) + length(name)) FROM "
                               "main.sqlite_schema",
                               0, &bytes, error));
    if (bytes > SCHEMA_LIMIT)
        return dbw_fail(error, DBW_E_LIMIT,
                        "unable to read the structure: its text has %lld bytes, %d are the most",
                        (long long)bytes, SCHEMA_LIMIT);
    DBW_TRY(dbw_sqlite_integer(database, "PRAGMA main.page_count", 0, &pages, error));
    DBW_TRY(dbw_sqlite_integer(database, "PRAGMA main.page_size", 4096, &page_size, error));
    reading->file_bytes = pages * page_size;
    return DBW_OK;
}

static dbw_status prepare_all(dbw_sqlite_reading *reading, dbw_error *error)
{
    dbw_sqlite *database = reading->database;
    int64_t statistics;
    DBW_TRY(dbw_sqlite_prepare(database, dbw_sqlite_sql_columns, &reading->columns, error));
    DBW_TRY(dbw_sqlite_prepare(database, dbw_sqlite_sql_indexes, &reading->indexes, error));
    DBW_TRY(
        dbw_sqlite_prepare(database, dbw_sqlite_sql_index_columns, &reading->index_columns, error));
    DBW_TRY(
        dbw_sqlite_prepare(database, dbw_sqlite_sql_foreign_keys, &reading->foreign_keys, error));
    DBW_TRY(dbw_sqlite_integer(database,
                               "SELECT count(*) FROM main.sqlite_schema WHERE name = "
                               "'sqlite_stat1' AND type = 'table'",
                               0, &statistics, error));
    if (statistics)
        DBW_TRY(dbw_sqlite_prepare(
            database, "SELECT max(CAST(stat AS INTEGER)) FROM main.sqlite_stat1 WHERE tbl = ?",
            &reading->statistics, error));
    return DBW_OK;
}

static dbw_status read_all(dbw_sqlite_reading *reading, dbw_schema *schema, dbw_error *error)
{
    DBW_TRY(check_size(reading, error));
    DBW_TRY(prepare_all(reading, error));
    DBW_TRY(list_tables(reading, schema, error));
    for (size_t i = 0; i < schema->table_count; i++)
        DBW_TRY(read_table(reading, &schema->tables[i], error));
    dbw_sqlite_catalog_references(reading->arena, schema);
    DBW_TRY(list_objects(reading, schema, error));
    return list_settings(reading, schema, error);
}

static dbw_status catalog_read(dbw_database *base, dbw_arena *arena,
                               const char *namespace_ DBW_UNUSED, dbw_schema **out,
                               dbw_error *error)
{
    dbw_sqlite *database = dbw_sqlite_of(base);
    dbw_sqlite_reading reading = {.database = database, .arena = arena};
    dbw_schema *schema = DBW_NEW(arena, dbw_schema);
    schema->backend = "sqlite";
    dbw_sqlite_start(database);
    /* One view over all queries; inside the caller's transaction it is his. */
    bool alone = sqlite3_get_autocommit(database->handle) != 0;
    if (alone)
        DBW_TRY(dbw_sqlite_run(database, "BEGIN", error));
    dbw_status status = read_all(&reading, schema, error);
    sqlite3_finalize(reading.columns);
    sqlite3_finalize(reading.indexes);
    sqlite3_finalize(reading.index_columns);
    sqlite3_finalize(reading.foreign_keys);
    sqlite3_finalize(reading.statistics);
    if (alone)
        dbw_sqlite_driver.rollback(base);
    if (status == DBW_OK)
        *out = schema;
    return status;
}

const dbw_catalog dbw_sqlite_catalog = {.read = catalog_read};
