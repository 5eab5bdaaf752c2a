/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/checkpoint.h"

#include <inttypes.h>
#include <json-c/json.h>

static const char *const kinds[DBW_RECORD_KINDS] = {
    [DBW_RECORD_RUN] = "run",
    [DBW_RECORD_TABLE] = "table",
    [DBW_RECORD_CHUNK] = "chunk",
    [DBW_RECORD_KEY] = "key",
    [DBW_RECORD_SAVED] = "saved",
    [DBW_RECORD_LIFTED] = "lifted",
    [DBW_RECORD_SEQUENCE] = "sequence",
    [DBW_RECORD_OBJECT] = "object",
    [DBW_RECORD_REVISIONS] = "revisions",
};

static const char *const columns[] = {"run",       "kind",    "seq",   "state",
                                      "row_count", "row_sum", "detail"};

dbw_checkpoint *dbw_checkpoint_new(dbw_arena *arena, const dbw_engine *engine, const char *schema,
                                   const char *run)
{
    dbw_checkpoint *checkpoint = DBW_NEW(arena, dbw_checkpoint);
    dbw_buffer name;
    dbw_buffer_init(&name, 4096);
    dbw_quote_qualified(engine, &name, schema, DBW_PROGRESS_TABLE);
    *checkpoint = (dbw_checkpoint){.engine = engine,
                                   .schema = schema,
                                   .run = run,
                                   .table = dbw_arena_text_string(arena, dbw_buffer_text(&name))};
    dbw_buffer_free(&name);
    return checkpoint;
}

bool dbw_checkpoint_own(const char *table)
{
    return strcmp(table, DBW_PROGRESS_TABLE) == 0 ||
           strncmp(table, DBW_SAVED_PREFIX, sizeof DBW_SAVED_PREFIX - 1) == 0;
}

/* One statement about the table: `format` has one %s, the table's name. */
DBW_PRINTF(3, 0)
static dbw_status run_sql(const dbw_checkpoint *checkpoint, dbw_database *database,
                          const char *format, const dbw_value *values, size_t count,
                          dbw_error *error)
{
    char sql[1024];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(sql, sizeof sql, format, checkpoint->table);
#pragma GCC diagnostic pop
    dbw_status status = dbw_execute(database, sql, values, count, NULL, error);
    return status ? dbw_error_prefix(error, "unable to keep the progress in the target") : DBW_OK;
}

/* The table in the words of the target's dialect: its default engine, character set and text types
 * may be others than those that are needed. */
static dbw_table *own_table(const dbw_checkpoint *checkpoint, dbw_arena *arena)
{
    static const dbw_type types[] = {
        {.intent = DBW_INTENT_VARCHAR, .length = 64},
        {.intent = DBW_INTENT_VARCHAR, .length = 16},
        {.intent = DBW_INTENT_INT64},
        {.intent = DBW_INTENT_VARCHAR, .length = 16},
        {.intent = DBW_INTENT_INT64},
        {.intent = DBW_INTENT_VARCHAR, .length = 32},
        {.intent = DBW_INTENT_TEXT},
    };
    dbw_table *table = DBW_NEW(arena, dbw_table);
    *table = (dbw_table){.schema = checkpoint->schema,
                         .name = DBW_PROGRESS_TABLE,
                         .columns = DBW_NEW_ARRAY(arena, DBW_COUNT(columns), dbw_column),
                         .column_count = DBW_COUNT(columns),
                         .primary_key = DBW_NEW(arena, dbw_key)};
    for (size_t i = 0; i < DBW_COUNT(columns); i++) {
        dbw_type_mapping mapping;
        checkpoint->engine->dialect->map_type(arena, &types[i], &mapping);
        table->columns[i] = (dbw_column){.name = columns[i], .type = mapping.type};
    }
    table->primary_key->columns =
        (dbw_names){.items = DBW_NEW_ARRAY(arena, 2, const char *), .count = 2};
    table->primary_key->columns.items[0] = "kind";
    table->primary_key->columns.items[1] = "seq";
    return table;
}

dbw_status dbw_checkpoint_create(dbw_checkpoint *checkpoint, dbw_database *database,
                                 dbw_error *error)
{
    static const dbw_ddl_part parts[] = {DBW_DDL_TABLE, DBW_DDL_PRIMARY_KEY};
    const dbw_dialect *dialect = checkpoint->engine->dialect;
    dbw_arena *arena = dbw_arena_new();
    const dbw_table *table = own_table(checkpoint, arena);
    dbw_status status = dbw_checkpoint_drop_empty(checkpoint, database, error);
    for (size_t i = 0; i < DBW_COUNT(parts) && status == DBW_OK; i++) {
        char *sql = NULL;
        status = dialect->render_ddl(arena, table, parts[i], 0, &sql, error);
        if (status == DBW_OK && sql)
            status = dbw_execute_script(database, sql, error);
        if (status != DBW_OK)
            dbw_error_prefix(error, "unable to keep the progress in the target");
    }
    dbw_arena_free(arena);
    return status;
}

dbw_status dbw_checkpoint_drop_empty(const dbw_checkpoint *checkpoint, dbw_database *database,
                                     dbw_error *error)
{
    if (checkpoint->engine->dialect->transactional_ddl)
        return DBW_OK;
    return run_sql(checkpoint, database, "DROP TABLE IF EXISTS %s", NULL, 0, error);
}

dbw_status dbw_checkpoint_drop(const dbw_checkpoint *checkpoint, dbw_database *database,
                               dbw_error *error)
{
    return run_sql(checkpoint, database, "DROP TABLE %s", NULL, 0, error);
}

dbw_status dbw_checkpoint_add(const dbw_checkpoint *checkpoint, dbw_database *database,
                              const dbw_record *record, dbw_error *error)
{
    const char *detail =
        record->detail ? json_object_to_json_string_ext(record->detail, JSON_C_TO_STRING_PLAIN)
                       : "{}";
    dbw_value values[] = {
        dbw_value_string(checkpoint->run), dbw_value_string(kinds[record->kind]),
        dbw_value_int(record->seq),        dbw_value_string(record->state),
        dbw_value_int(record->rows),       dbw_value_string(record->sum ? record->sum : ""),
        dbw_value_string(detail),
    };
    return run_sql(checkpoint, database,
                   "INSERT INTO %s (run, kind, seq, state, row_count, row_sum, detail) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?)",
                   values, DBW_COUNT(values), error);
}

dbw_status dbw_checkpoint_remove(const dbw_checkpoint *checkpoint, dbw_database *database,
                                 dbw_record_kind kind, int64_t from, int64_t to, dbw_error *error)
{
    dbw_value values[] = {dbw_value_string(kinds[kind]), dbw_value_int(from), dbw_value_int(to)};
    return run_sql(checkpoint, database, "DELETE FROM %s WHERE kind = ? AND seq >= ? AND seq < ?",
                   values, DBW_COUNT(values), error);
}

dbw_status dbw_checkpoint_put(const dbw_checkpoint *checkpoint, dbw_database *database,
                              const dbw_record *record, dbw_error *error)
{
    DBW_TRY(dbw_checkpoint_remove(checkpoint, database, record->kind, record->seq, record->seq + 1,
                                  error));
    return dbw_checkpoint_add(checkpoint, database, record, error);
}

dbw_status dbw_checkpoint_state(const dbw_checkpoint *checkpoint, dbw_database *database,
                                dbw_record_kind kind, int64_t seq, const char *state,
                                dbw_error *error)
{
    dbw_value values[] = {dbw_value_string(state), dbw_value_string(kinds[kind]),
                          dbw_value_int(seq)};
    return run_sql(checkpoint, database, "UPDATE %s SET state = ? WHERE kind = ? AND seq = ?",
                   values, DBW_COUNT(values), error);
}

/* --- reading ---------------------------------------------------------------------------------- */

static dbw_status not_ours(dbw_error *error)
{
    dbw_fail(error, DBW_E_CONFLICT,
             "unable to use table '" DBW_PROGRESS_TABLE "' of the target: it is not dbwizard's");
    return dbw_hint(error, "Rename or drop it, or choose another target.");
}

static bool has_our_columns(const dbw_table *table)
{
    for (size_t i = 0; i < DBW_COUNT(columns); i++)
        if (dbw_table_column_index(table, columns[i]) < 0)
            return false;
    return table->column_count == DBW_COUNT(columns);
}

static bool text_of(dbw_arena *arena, const dbw_value *value, const char **out)
{
    if (!dbw_kind_has_text(value->kind))
        return false;
    *out = dbw_arena_text_string(arena, value->text);
    return true;
}

static bool read_record(dbw_arena *arena, const dbw_value *row, const char **run, dbw_record *out)
{
    const char *kind, *detail;
    if (!text_of(arena, &row[0], run) || !text_of(arena, &row[1], &kind) ||
        row[2].kind != DBW_KIND_INT64 || !text_of(arena, &row[3], &out->state) ||
        row[4].kind != DBW_KIND_INT64 || !text_of(arena, &row[5], &out->sum) ||
        !text_of(arena, &row[6], &detail))
        return false;
    out->seq = row[2].int64;
    out->rows = row[4].int64;
    out->kind = DBW_RECORD_KINDS;
    for (int i = 0; i < DBW_RECORD_KINDS; i++)
        if (strcmp(kinds[i], kind) == 0)
            out->kind = (dbw_record_kind)i;
    if (out->kind == DBW_RECORD_KINDS)
        return false;
    out->detail = json_tokener_parse(detail);
    return json_object_is_type(out->detail, json_type_object);
}

static dbw_status read_rows(dbw_rows *rows, dbw_arena *arena, dbw_record **records, size_t *count,
                            const char **owner, dbw_error *error)
{
    const dbw_value *row;
    for (;;) {
        DBW_TRY(dbw_rows_next(rows, &row, error));
        if (!row)
            return DBW_OK;
        dbw_record *record = DBW_APPEND(arena, *records, *count);
        const char *run;
        if (!read_record(arena, row, &run, record))
            return not_ours(error);
        *owner = run;
    }
}

dbw_status dbw_checkpoint_read(dbw_checkpoint *checkpoint, dbw_database *database,
                               const dbw_schema *catalog, dbw_arena *arena, dbw_record **records,
                               size_t *count, bool *found, const char **owner, dbw_error *error)
{
    const dbw_table *table = dbw_schema_table(catalog, DBW_PROGRESS_TABLE);
    dbw_rows *rows;
    char sql[1024];
    *records = NULL;
    *count = 0;
    *owner = NULL;
    *found = table != NULL;
    if (!table)
        return DBW_OK;
    if (!has_our_columns(table))
        return not_ours(error);
    snprintf(sql, sizeof sql,
             "SELECT run, kind, seq, state, row_count, row_sum, detail FROM %s ORDER BY kind, seq",
             checkpoint->table);
    DBW_TRY(dbw_fetch(database, sql, NULL, 0, &rows, error));
    dbw_status status = read_rows(rows, arena, records, count, owner, error);
    dbw_rows_close(rows);
    if (status == DBW_OK && *count == 0 && !checkpoint->engine->dialect->transactional_ddl)
        *found = false;
    else if (status == DBW_OK && *count == 0)
        status = not_ours(error);
    if (status != DBW_OK) {
        dbw_records_free(*records, *count);
        *count = 0;
    }
    return status;
}

void dbw_records_free(dbw_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++)
        json_object_put(records[i].detail);
}

/* --- details ---------------------------------------------------------------------------------- */

static struct json_object *member(const dbw_record *record, const char *name)
{
    struct json_object *value = NULL;
    json_object_object_get_ex(record->detail, name, &value);
    return value;
}

const char *dbw_record_text(const dbw_record *record, const char *name)
{
    struct json_object *value = member(record, name);
    return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

int64_t dbw_record_number(const dbw_record *record, const char *name)
{
    return json_object_get_int64(member(record, name));
}

bool dbw_record_flag(const dbw_record *record, const char *name)
{
    return json_object_get_boolean(member(record, name));
}

dbw_names dbw_record_names(dbw_arena *arena, const dbw_record *record, const char *name)
{
    struct json_object *list = member(record, name);
    dbw_names names = {0};
    if (!json_object_is_type(list, json_type_array))
        return names;
    size_t count = json_object_array_length(list);
    names.items = DBW_NEW_ARRAY(arena, count, const char *);
    for (size_t i = 0; i < count; i++)
        names.items[names.count++] = json_object_get_string(json_object_array_get_idx(list, i));
    return names;
}
