/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/catalog_priv.h"
#include "engine/mysql/type.h"

/* --- tables ----------------------------------------------------------------------------------- */

static const char *not_empty(const char *text)
{
    return text && *text ? text : NULL;
}

dbw_status dbw_mysql_take_table(dbw_mysql_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_schema *schema = reading->schema;
    dbw_table *table = DBW_APPEND(reading->arena, schema->tables, schema->table_count);
    table->name = dbw_mysql_cell_string(reading, "table_name");
    table->engine = dbw_mysql_cell_string(reading, "engine");
    table->collation = dbw_mysql_cell_string(reading, "collation_name");
    table->comment = not_empty(dbw_mysql_cell_string(reading, "comment_text"));
    table->next_identity = dbw_mysql_cell_number(reading, "next_identity");
    table->estimated_rows = dbw_mysql_cell_number(reading, "estimated_rows");
    table->estimated_bytes = dbw_mysql_cell_number(reading, "estimated_bytes");
    table->system_versioned = dbw_mysql_cell_is(reading, "kind", "SYSTEM VERSIONED");
    if (dbw_mysql_cell_number(reading, "partitioned"))
        table->suffix = DBW_MYSQL_PARTITIONED;
    return DBW_OK;
}

/* --- columns ---------------------------------------------------------------------------------- */

/** Whether EXTRA, words in any case and order, holds that. */
static bool has(const char *extra, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = extra; at && *at; at++) {
        size_t left = strlen(at);
        if (left >= length &&
            dbw_text_equal_nocase((dbw_text){at, length}, (dbw_text){word, length}))
            return true;
    }
    return false;
}

/** nextval(`app`.`seq`) or nextval(`seq`): the sequence's name. */
static const char *sequence_of(dbw_arena *arena, const char *text)
{
    static const char start[] = "nextval(";
    if (!text || strncmp(text, start, sizeof start - 1) != 0)
        return NULL;
    const char *end = strrchr(text, '`');
    if (!end || end == text)
        return NULL;
    char *name = dbw_arena_take(arena, strlen(text) + 1);
    size_t length = 0;
    bool quoted = false;
    for (const char *at = text + sizeof start - 1; at <= end; at++) {
        if (*at == '`' && quoted && at[1] == '`')
            name[length++] = *at++;
        else if (*at == '`')
            quoted = !quoted;
        else if (*at == '.' && !quoted)
            length = 0;
        else
            name[length++] = *at;
    }
    name[length] = '\0';
    return name;
}

static void read_value(const dbw_mysql_reading *reading, dbw_column *column, const char *extra)
{
    const char *text = dbw_mysql_cell_string(reading, "default_text");
    if (has(extra, "auto_increment")) {
        column->identity = DBW_IDENTITY_AUTO;
        column->default_value = (dbw_default){.kind = DBW_DEFAULT_SEQUENCE};
        return;
    }
    column->sequence = sequence_of(reading->arena, text);
    if (column->sequence) {
        bool integer = dbw_intent_kind(column->type.intent) == DBW_KIND_INT64;
        column->identity = integer ? DBW_IDENTITY_AUTO : DBW_IDENTITY_NONE;
        column->default_value =
            (dbw_default){.kind = integer ? DBW_DEFAULT_SEQUENCE : DBW_DEFAULT_EXPRESSION,
                          .text = dbw_mysql_without_database(reading, text)};
        return;
    }
    column->default_value = dbw_mysql_default_read(
        reading->arena, text, &column->type, reading->mariadb, has(extra, "DEFAULT_GENERATED"));
}

dbw_status dbw_mysql_take_column(dbw_mysql_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_table *table = dbw_mysql_cell_table(reading);
    if (!table)
        return DBW_OK;
    dbw_column *column = DBW_APPEND(reading->arena, table->columns, table->column_count);
    const char *extra = dbw_mysql_cell_string(reading, "extra");
    const char *spelling = dbw_mysql_cell_string(reading, "column_type");
    column->name = dbw_mysql_cell_string(reading, "column_name");
    if (!dbw_mysql_type_read(reading->arena, spelling ? spelling : "", &column->type))
        column->type = (dbw_type){.intent = DBW_INTENT_OTHER, .spelling = spelling};
    column->nullable = dbw_mysql_cell_is(reading, "is_nullable", "YES");
    column->collation = dbw_mysql_cell_string(reading, "collation_name");
    column->comment = not_empty(dbw_mysql_cell_string(reading, "comment_text"));
    column->invisible = has(extra, "INVISIBLE");
    column->on_update_now = has(extra, "on update");
    if (has(extra, "STORED GENERATED") || has(extra, "PERSISTENT"))
        column->generated = DBW_GENERATED_STORED;
    else if (has(extra, "VIRTUAL"))
        column->generated = DBW_GENERATED_VIRTUAL;
    if (column->generated != DBW_GENERATED_NONE)
        column->generation = dbw_mysql_expression_read(
            reading->arena, dbw_mysql_cell_string(reading, "generation"), reading->mariadb);
    else
        read_value(reading, column, extra);
    return DBW_OK;
}

/* --- foreign keys ----------------------------------------------------------------------------- */

static dbw_action action_of(const dbw_mysql_reading *reading, const char *cell)
{
    return dbw_mysql_cell_is(reading, cell, "RESTRICT")      ? DBW_ACTION_RESTRICT
           : dbw_mysql_cell_is(reading, cell, "CASCADE")     ? DBW_ACTION_CASCADE
           : dbw_mysql_cell_is(reading, cell, "SET NULL")    ? DBW_ACTION_SET_NULL
           : dbw_mysql_cell_is(reading, cell, "SET DEFAULT") ? DBW_ACTION_SET_DEFAULT
                                                             : DBW_ACTION_NO_ACTION;
}

dbw_status dbw_mysql_take_foreign_key(dbw_mysql_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_arena *arena = reading->arena;
    dbw_table *table = dbw_mysql_cell_table(reading);
    if (!table)
        return DBW_OK;
    const char *name = dbw_mysql_cell_string(reading, "constraint_name");
    dbw_foreign_key *key =
        table->foreign_key_count ? &table->foreign_keys[table->foreign_key_count - 1] : NULL;
    if (!key || strcmp(key->name, name) != 0) {
        key = DBW_APPEND(arena, table->foreign_keys, table->foreign_key_count);
        *key = (dbw_foreign_key){
            .name = name,
            .referenced_schema = dbw_mysql_cell_number(reading, "is_own")
                                     ? NULL
                                     : dbw_mysql_cell_string(reading, "referenced_schema"),
            .referenced_table = dbw_mysql_cell_string(reading, "referenced_table"),
            .on_update = action_of(reading, "on_update"),
            .on_delete = action_of(reading, "on_delete"),
        };
    }
    *DBW_APPEND(arena, key->columns.items, key->columns.count) =
        dbw_mysql_cell_string(reading, "column_name");
    *DBW_APPEND(arena, key->referenced_columns.items, key->referenced_columns.count) =
        dbw_mysql_cell_string(reading, "referenced_column");
    return DBW_OK;
}

/* --- checks ----------------------------------------------------------------------------------- */

/** json_valid(`column`): how MariaDB says that a text is JSON. */
static dbw_column *json_column(const dbw_table *table, const char *expression)
{
    for (size_t i = 0; i < table->column_count; i++) {
        dbw_column *column = &table->columns[i];
        dbw_buffer check;
        dbw_buffer_init(&check, 1024);
        dbw_buffer_add_string(&check, "json_valid(");
        dbw_quote_name(&dbw_engine_mysql, &check, column->name);
        dbw_buffer_add_char(&check, ')');
        bool same = column->type.intent == DBW_INTENT_TEXT &&
                    dbw_text_equal_nocase(dbw_buffer_text(&check), dbw_text_of(expression));
        dbw_buffer_free(&check);
        if (same && dbw_mysql_type_is(&column->type, "longtext"))
            return column;
    }
    return NULL;
}

/** Without parentheses around all of it. */
static const char *without_parentheses(dbw_arena *arena, const char *text)
{
    size_t length = strlen(text), depth = 0;
    char quote = 0;
    if (length < 2 || text[0] != '(' || text[length - 1] != ')')
        return text;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '`' || c == '"')
            quote = c;
        else if (c == '(')
            depth++;
        else if (c == ')' && --depth == 0 && i + 1 < length)
            return text;
    }
    return dbw_arena_text_string(arena, (dbw_text){text + 1, length - 2});
}

dbw_status dbw_mysql_take_check(dbw_mysql_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_table *table = dbw_mysql_cell_table(reading);
    const char *expression = dbw_mysql_cell_string(reading, "expression");
    if (!table || !expression)
        return DBW_OK;
    dbw_column *json = json_column(table, expression);
    if (json) {
        json->type = (dbw_type){.intent = DBW_INTENT_JSON, .spelling = "json"};
        return DBW_OK;
    }
    expression = dbw_mysql_expression_read(reading->arena, expression, reading->mariadb);
    *DBW_APPEND(reading->arena, table->checks, table->check_count) =
        (dbw_check){.name = dbw_mysql_cell_string(reading, "constraint_name"),
                    .expression = without_parentheses(reading->arena, expression)};
    return DBW_OK;
}
