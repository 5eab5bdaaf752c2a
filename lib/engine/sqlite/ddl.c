/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sqlite/ddl.h"

#include "engine/sqlite/sqlite_priv.h"
#include "engine/sqlite/type.h"

enum { DDL_LIMIT = 4 * 1024 * 1024 };

static bool is_integer(dbw_intent intent)
{
    return intent == DBW_INTENT_INT16 || intent == DBW_INTENT_INT32 || intent == DBW_INTENT_INT64;
}

/* The column that becomes INTEGER PRIMARY KEY, the rowid's alias: a key of one integer column.
 * SQLite gives numbers out for such a column alone. */
const dbw_column *dbw_sqlite_ddl_numbered(const dbw_table *table)
{
    if (table->without_rowid || !table->primary_key || table->primary_key->columns.count != 1)
        return NULL;
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, table->primary_key->columns.items[0]) == 0)
            return is_integer(table->columns[i].type.intent) ? &table->columns[i] : NULL;
    return NULL;
}

static bool autoincrement(const dbw_column *alias)
{
    return alias && alias->identity != DBW_IDENTITY_NONE && alias->identity != DBW_IDENTITY_ROWID;
}

static void add_names(dbw_buffer *out, const dbw_names *names)
{
    dbw_buffer_add_char(out, '(');
    for (size_t i = 0; i < names->count; i++) {
        if (i)
            dbw_buffer_add_string(out, ", ");
        dbw_sqlite_quote_name(out, names->items[i]);
    }
    dbw_buffer_add_char(out, ')');
}

static void add_constraint_name(dbw_buffer *out, const char *name)
{
    if (!name)
        return;
    dbw_buffer_add_string(out, "CONSTRAINT ");
    dbw_sqlite_quote_name(out, name);
    dbw_buffer_add_char(out, ' ');
}

static void add_default(dbw_arena *arena, dbw_buffer *out, const dbw_column *column)
{
    const dbw_default *value = &column->default_value;
    const char *text = value->kind == DBW_DEFAULT_EXPRESSION
                           ? value->text
                           : dbw_sqlite_default_render(arena, value, &column->type);
    if (!text)
        return;
    /* Signs, names and calls need the parentheses; words like CURRENT_DATE must not have them in
     * older files only, and literals read better without. */
    bool bare = value->kind != DBW_DEFAULT_EXPRESSION || text[0] == '(';
    dbw_buffer_add_string(out, bare ? " DEFAULT " : " DEFAULT (");
    dbw_buffer_add_string(out, text);
    if (!bare)
        dbw_buffer_add_char(out, ')');
}

static void add_column(dbw_arena *arena, dbw_buffer *out, const dbw_column *column,
                       const dbw_column *alias, const char *key_name)
{
    const char *spelling = column == alias ? "INTEGER" : column->type.spelling;
    dbw_buffer_add_string(out, "\n    ");
    dbw_sqlite_quote_name(out, column->name);
    if (spelling && *spelling)
        dbw_buffer_printf(out, " %s", spelling);
    if (column == alias) {
        dbw_buffer_add_char(out, ' ');
        add_constraint_name(out, key_name);
        dbw_buffer_add_string(out,
                              autoincrement(alias) ? "PRIMARY KEY AUTOINCREMENT" : "PRIMARY KEY");
        return;
    }
    if (column->generated != DBW_GENERATED_NONE && column->generation) {
        dbw_buffer_printf(out, " GENERATED ALWAYS AS (%s) %s", column->generation,
                          column->generated == DBW_GENERATED_STORED ? "STORED" : "VIRTUAL");
    } else {
        add_default(arena, out, column);
    }
    if (!column->nullable)
        dbw_buffer_add_string(out, " NOT NULL");
    if (column->collation) {
        dbw_buffer_add_string(out, " COLLATE ");
        dbw_sqlite_quote_name(out, column->collation);
    }
}

static void add_action(dbw_buffer *out, const char *event, dbw_action action)
{
    static const char *const words[] = {[DBW_ACTION_NO_ACTION] = NULL,
                                        [DBW_ACTION_RESTRICT] = "RESTRICT",
                                        [DBW_ACTION_CASCADE] = "CASCADE",
                                        [DBW_ACTION_SET_NULL] = "SET NULL",
                                        [DBW_ACTION_SET_DEFAULT] = "SET DEFAULT"};
    if (words[action])
        dbw_buffer_printf(out, " ON %s %s", event, words[action]);
}

static void add_foreign_key(dbw_buffer *out, const dbw_foreign_key *key)
{
    dbw_buffer_add_string(out, ",\n    ");
    add_constraint_name(out, key->name);
    dbw_buffer_add_string(out, "FOREIGN KEY ");
    add_names(out, &key->columns);
    dbw_buffer_add_string(out, " REFERENCES ");
    dbw_sqlite_quote_name(out, key->referenced_table);
    dbw_buffer_add_char(out, ' ');
    add_names(out, &key->referenced_columns);
    add_action(out, "UPDATE", key->on_update);
    add_action(out, "DELETE", key->on_delete);
    if (key->deferrable)
        dbw_buffer_add_string(out, key->initially_deferred ? " DEFERRABLE INITIALLY DEFERRED"
                                                           : " DEFERRABLE");
}

static bool may_be_strict(const dbw_table *table)
{
    static const char *const allowed[] = {"INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"};
    for (size_t i = 0; i < table->column_count; i++) {
        bool found = false;
        for (size_t k = 0; k < DBW_COUNT(allowed); k++)
            found |= table->columns[i].type.spelling &&
                     sqlite3_stricmp(table->columns[i].type.spelling, allowed[k]) == 0;
        if (!found)
            return false;
    }
    return true;
}

static void render_table(dbw_arena *arena, dbw_buffer *out, const dbw_table *table)
{
    const dbw_column *alias = dbw_sqlite_ddl_numbered(table);
    const dbw_key *primary = table->primary_key;
    if (table->definition) {
        dbw_buffer_add_string(out, table->definition);
        return;
    }
    dbw_buffer_printf(out, "CREATE %sTABLE ", table->temporary ? "TEMPORARY " : "");
    dbw_sqlite_quote_name(out, table->name);
    dbw_buffer_add_string(out, " (");
    for (size_t i = 0; i < table->column_count; i++) {
        if (i)
            dbw_buffer_add_char(out, ',');
        add_column(arena, out, &table->columns[i], alias, primary ? primary->name : NULL);
    }
    if (primary && !alias) {
        dbw_buffer_add_string(out, ",\n    ");
        add_constraint_name(out, primary->name);
        dbw_buffer_add_string(out, "PRIMARY KEY ");
        add_names(out, &primary->columns);
    }
    for (size_t i = 0; i < table->unique_count; i++) {
        dbw_buffer_add_string(out, ",\n    ");
        add_constraint_name(out, table->uniques[i].name);
        dbw_buffer_add_string(out, "UNIQUE ");
        add_names(out, &table->uniques[i].columns);
    }
    for (size_t i = 0; i < table->check_count; i++) {
        dbw_buffer_add_string(out, ",\n    ");
        add_constraint_name(out, table->checks[i].name);
        /* On lines of its own: the expression may end with a comment. */
        dbw_buffer_printf(out, "CHECK (%s\n)", table->checks[i].expression);
    }
    for (size_t i = 0; i < table->foreign_key_count; i++)
        add_foreign_key(out, &table->foreign_keys[i]);
    dbw_buffer_add_string(out, "\n)");
    if (table->without_rowid && primary)
        dbw_buffer_add_string(out, " WITHOUT ROWID");
    if (table->strict && may_be_strict(table))
        dbw_buffer_add_string(out, table->without_rowid && primary ? ", STRICT" : " STRICT");
}

static void render_index(dbw_buffer *out, const dbw_table *table, const dbw_index *index)
{
    if (index->definition) {
        dbw_buffer_add_string(out, index->definition);
        return;
    }
    dbw_buffer_add_string(out, index->unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
    dbw_sqlite_quote_name(out, index->name);
    dbw_buffer_add_string(out, " ON ");
    dbw_sqlite_quote_name(out, table->name);
    dbw_buffer_add_string(out, " (");
    for (size_t i = 0; i < index->item_count; i++) {
        const dbw_index_item *item = &index->items[i];
        if (i)
            dbw_buffer_add_string(out, ", ");
        if (item->column)
            dbw_sqlite_quote_name(out, item->column);
        else
            dbw_buffer_add_string(out, item->expression);
        if (item->collation) {
            dbw_buffer_add_string(out, " COLLATE ");
            dbw_sqlite_quote_name(out, item->collation);
        }
        if (item->descending)
            dbw_buffer_add_string(out, " DESC");
    }
    dbw_buffer_add_char(out, ')');
    if (index->where)
        dbw_buffer_printf(out, " WHERE %s", index->where);
}

/* sqlite_sequence has no key of its own: its row is found by rowid and replaced, or made. A table
 * that gave out no number has none (https://www.sqlite.org/autoinc.html). */
static void render_sequence(dbw_buffer *out, const dbw_table *table)
{
    if (!autoincrement(dbw_sqlite_ddl_numbered(table)) || table->next_identity < 1)
        return;
    if (table->next_identity == 1) {
        dbw_buffer_add_string(out, "DELETE FROM main.sqlite_sequence WHERE name = ");
        dbw_sqlite_quote_text(out, dbw_text_of(table->name));
        return;
    }
    dbw_buffer_add_string(out, "INSERT OR REPLACE INTO main.sqlite_sequence (rowid, name, seq) "
                               "VALUES ((SELECT rowid FROM main.sqlite_sequence WHERE name = ");
    dbw_sqlite_quote_text(out, dbw_text_of(table->name));
    dbw_buffer_add_string(out, "), ");
    dbw_sqlite_quote_text(out, dbw_text_of(table->name));
    dbw_buffer_printf(out, ", %lld)", (long long)(table->next_identity - 1));
}

dbw_status dbw_sqlite_ddl_render(dbw_arena *arena, const dbw_table *table, dbw_ddl_part part,
                                 size_t n, char **sql, dbw_error *error)
{
    dbw_buffer out;
    *sql = NULL;
    dbw_buffer_init(&out, DDL_LIMIT);
    switch (part) {
    case DBW_DDL_TABLE:
        render_table(arena, &out, table);
        break;
    case DBW_DDL_INDEX:
        if (n < table->index_count)
            render_index(&out, table, &table->indexes[n]);
        break;
    case DBW_DDL_SEQUENCE:
        render_sequence(&out, table);
        break;
    case DBW_DDL_ANALYZE:
        dbw_buffer_add_string(&out, "ANALYZE main.");
        dbw_sqlite_quote_name(&out, table->name);
        break;
    case DBW_DDL_DROP_TABLE:
        dbw_buffer_add_string(&out, "DROP TABLE ");
        dbw_sqlite_quote_name(&out, table->name);
        break;
    case DBW_DDL_PRIMARY_KEY:
    case DBW_DDL_UNIQUE:
    case DBW_DDL_FOREIGN_KEY:
    case DBW_DDL_COMMENT:
        break;
    }
    dbw_status status = dbw_buffer_check(&out, "statement", error);
    if (status == DBW_OK && out.length)
        *sql = dbw_arena_text_string(arena, dbw_buffer_text(&out));
    dbw_buffer_free(&out);
    return status;
}
