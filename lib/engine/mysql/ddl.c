/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements that make and finish a table. The primary key, which is the table's own order, stands
 * in CREATE TABLE; what else there is follows the load: 1 M rows with an index over random numbers
 * take 20.6 s, and 7.6 s when it is made afterwards. Foreign keys are added unchecked, as
 * load_session() says (0.4 s; checked, the table is copied: 16.5 s), and proven by the transfer.
 */
/* clang-format off */
#include "engine/mysql/mysql_priv.h"
/* clang-format on */
#include "engine/mysql/ddl.h"

#include "base/utf8.h"
#include "engine/mysql/map.h"
#include "engine/mysql/type.h"

#include <inttypes.h>

enum { DDL_LIMIT = 4 * 1024 * 1024, NAME_MOST = 64 };

static void quote(dbw_buffer *sql, const char *name)
{
    dbw_mysql_dialect.quote_name(sql, name);
}

void dbw_mysql_quote_qualified(dbw_buffer *sql, const char *schema, const char *name)
{
    if (schema) {
        quote(sql, schema);
        dbw_buffer_add_char(sql, '.');
    }
    quote(sql, name);
}

static void add_table(dbw_buffer *sql, const dbw_table *table)
{
    dbw_mysql_quote_qualified(sql, table->schema, table->name);
}

/* Manual, "Identifier Names": 64 characters of the Basic Multilingual Plane, no space at the end.
 */
const char *dbw_mysql_name_complaint(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] >= 0xf0)
            return "it has a character beyond U+FFFF";
    return !length ? "it is empty" : name[length - 1] == ' ' ? "it ends with a space" : NULL;
}

static dbw_status check_name(const char *name, dbw_error *error)
{
    if (!name)
        return DBW_OK;
    const char *reason = dbw_utf8_characters(name, strlen(name)) > NAME_MOST
                             ? "it is longer than 64 characters"
                             : dbw_mysql_name_complaint(name);
    if (!reason)
        return DBW_OK;
    dbw_fail(error, DBW_E_INVALID, "unable to use the name '%.200s' in MySQL: %s", name, reason);
    dbw_error_object(error, "%.200s", name);
    return dbw_hint(error, "Rename it (rename).");
}

static void add_names(dbw_buffer *sql, const dbw_names *names)
{
    dbw_buffer_add_char(sql, '(');
    for (size_t i = 0; i < names->count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : "");
        quote(sql, names->items[i]);
    }
    dbw_buffer_add_char(sql, ')');
}

static void add_comment(dbw_buffer *sql, const char *before, const char *comment)
{
    if (!comment || !*comment)
        return;
    dbw_buffer_add_string(sql, before);
    dbw_mysql_quote_text(sql, dbw_text_of(comment));
}

/* --- columns ---------------------------------------------------------------------------------- */

/* The character set is the part of a collation's name before the first '_'. */
static void add_collation(dbw_buffer *sql, const char *collation)
{
    if (!collation)
        return;
    /* MariaDB's uca1400 collations may go without the name of their character set. */
    bool bare = strncmp(collation, "uca1400", 7) == 0;
    dbw_buffer_printf(sql, " CHARACTER SET %.*s COLLATE %s%s",
                      bare ? 7 : (int)strcspn(collation, "_"), bare ? "utf8mb4" : collation,
                      bare ? "utf8mb4_" : "", collation);
}

const dbw_column *dbw_mysql_numbered(const dbw_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].identity != DBW_IDENTITY_NONE &&
            table->columns[i].generated == DBW_GENERATED_NONE)
            return &table->columns[i];
    return NULL;
}

static void add_value(dbw_arena *arena, dbw_buffer *sql, const dbw_column *column)
{
    const dbw_default *value = &column->default_value;
    if (value->kind == DBW_DEFAULT_EXPRESSION) {
        bool bare = value->text[0] == '(' ||
                    dbw_text_equal_nocase((dbw_text){value->text, 4}, DBW_TEXT("NULL"));
        dbw_buffer_printf(sql, bare ? " DEFAULT %s" : " DEFAULT (%s)", value->text);
        return;
    }
    const char *text = dbw_mysql_render_default(arena, value, &column->type);
    if (text)
        dbw_buffer_printf(sql, " DEFAULT %s", text);
}

static dbw_status add_column(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table,
                             const dbw_column *column, dbw_error *error)
{
    DBW_TRY(check_name(column->name, error));
    if (!column->type.spelling)
        return dbw_fail(error, DBW_E_INTERNAL, "unable to make column '%s': it has no type",
                        column->name);
    dbw_buffer_add_string(sql, "\n    ");
    quote(sql, column->name);
    dbw_buffer_printf(sql, " %s", column->type.spelling);
    add_collation(sql, column->collation);
    if (column->generated != DBW_GENERATED_NONE && column->generation) {
        /* On a line of its own: the expression may end with a comment. */
        dbw_buffer_printf(sql, " GENERATED ALWAYS AS (%s\n) %s", column->generation,
                          column->generated == DBW_GENERATED_STORED ? "STORED" : "VIRTUAL");
    } else {
        /* TIMESTAMP without NULL has a default of its own on older servers. */
        dbw_buffer_add_string(sql, column->nullable ? " NULL" : " NOT NULL");
        if (column == dbw_mysql_numbered(table))
            dbw_buffer_add_string(sql, " AUTO_INCREMENT");
        else
            add_value(arena, sql, column);
        if (column->on_update_now && column->type.precision > 0)
            dbw_buffer_printf(sql, " ON UPDATE CURRENT_TIMESTAMP(%d)", column->type.precision);
        else if (column->on_update_now)
            dbw_buffer_add_string(sql, " ON UPDATE CURRENT_TIMESTAMP");
    }
    if (column->invisible)
        dbw_buffer_add_string(sql, " INVISIBLE");
    add_comment(sql, " COMMENT ", column->comment);
    return DBW_OK;
}

/* --- keys ------------------------------------------------------------------------------------- */

static void add_item(dbw_buffer *sql, const dbw_index_item *item)
{
    if (item->column)
        quote(sql, item->column);
    else
        dbw_buffer_printf(sql, "(%s\n)", item->expression);
    if (item->prefix > 0)
        dbw_buffer_printf(sql, "(%d)", item->prefix);
    if (item->descending)
        dbw_buffer_add_string(sql, " DESC");
}

/* "UNIQUE INDEX `name` USING BTREE (…)" */
static dbw_status add_index(dbw_buffer *sql, const dbw_index *index, dbw_error *error)
{
    static const char *const kinds[] = {"FULLTEXT", "SPATIAL"};
    const char *method = index->method;
    const char *kind = index->unique ? "UNIQUE " : "";
    DBW_TRY(check_name(index->name, error));
    for (size_t i = 0; method && i < DBW_COUNT(kinds); i++) {
        if (!dbw_text_equal_nocase(dbw_text_of(method), dbw_text_of(kinds[i])))
            continue;
        kind = i ? "SPATIAL " : "FULLTEXT ";
        method = NULL;
    }
    dbw_buffer_printf(sql, "%sINDEX ", kind);
    if (index->name)
        quote(sql, index->name);
    if (method)
        dbw_buffer_printf(sql, " USING %s", method);
    dbw_buffer_add_string(sql, " (");
    for (size_t i = 0; i < index->item_count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : "");
        add_item(sql, &index->items[i]);
    }
    dbw_buffer_add_char(sql, ')');
    return DBW_OK;
}

/* AUTO_INCREMENT needs a key whose first column it is. Where that is not the primary key, the first
 * unique key or index that will do is made with the table. */
static bool leads(const dbw_table *table, const char *first)
{
    const dbw_column *column = dbw_mysql_numbered(table);
    bool primary = column && table->primary_key &&
                   strcmp(table->primary_key->columns.items[0], column->name) == 0;
    return column && !primary && first && strcmp(first, column->name) == 0;
}

static size_t leading_unique(const dbw_table *table)
{
    size_t i = 0;
    while (i < table->unique_count && !leads(table, table->uniques[i].columns.items[0]))
        i++;
    return i;
}

static size_t leading_index(const dbw_table *table)
{
    size_t i = 0;
    if (leading_unique(table) < table->unique_count)
        return table->index_count;
    while (i < table->index_count &&
           (!leads(table, table->indexes[i].items[0].column) || table->indexes[i].method))
        i++;
    return i;
}

static const char *action_name(dbw_action action)
{
    switch (action) {
    case DBW_ACTION_RESTRICT:
        return "RESTRICT";
    case DBW_ACTION_CASCADE:
        return "CASCADE";
    case DBW_ACTION_SET_NULL:
        return "SET NULL";
    case DBW_ACTION_NO_ACTION: /* said: where nothing is, the catalog answers RESTRICT */
        return "NO ACTION";
    case DBW_ACTION_SET_DEFAULT: /* parsed and refused by InnoDB */
        break;
    }
    return NULL;
}

/* "CONSTRAINT `name` " */
static dbw_status add_constraint_name(dbw_buffer *sql, const char *name, dbw_error *error)
{
    DBW_TRY(check_name(name, error));
    if (!name)
        return DBW_OK;
    dbw_buffer_add_string(sql, "CONSTRAINT ");
    quote(sql, name);
    dbw_buffer_add_char(sql, ' ');
    return DBW_OK;
}

static dbw_status add_unique(dbw_buffer *sql, const dbw_key *key, dbw_error *error)
{
    DBW_TRY(add_constraint_name(sql, key->name, error));
    dbw_buffer_add_string(sql, "UNIQUE ");
    add_names(sql, &key->columns);
    return DBW_OK;
}

static dbw_status add_keys(dbw_buffer *sql, const dbw_table *table, dbw_error *error)
{
    const dbw_column *column = dbw_mysql_numbered(table);
    size_t unique = leading_unique(table), index = leading_index(table);
    if (table->primary_key) {
        dbw_buffer_add_string(sql, ",\n    PRIMARY KEY ");
        add_names(sql, &table->primary_key->columns);
    }
    if (unique < table->unique_count) {
        dbw_buffer_add_string(sql, ",\n    ");
        return add_unique(sql, &table->uniques[unique], error);
    }
    if (index < table->index_count) {
        dbw_buffer_add_string(sql, ",\n    ");
        return add_index(sql, &table->indexes[index], error);
    }
    if (column && leads(table, column->name)) {
        dbw_buffer_add_string(sql, ",\n    INDEX (");
        quote(sql, column->name);
        dbw_buffer_add_char(sql, ')');
    }
    return DBW_OK;
}

static dbw_status create_table(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table,
                               dbw_error *error)
{
    DBW_TRY(check_name(table->name, error));
    dbw_buffer_printf(sql, "CREATE %sTABLE ", table->temporary ? "TEMPORARY " : "");
    add_table(sql, table);
    dbw_buffer_add_string(sql, " (");
    for (size_t i = 0; i < table->column_count; i++) {
        if (i)
            dbw_buffer_add_char(sql, ',');
        DBW_TRY(add_column(arena, sql, table, &table->columns[i], error));
    }
    DBW_TRY(add_keys(sql, table, error));
    for (size_t i = 0; i < table->check_count; i++) {
        dbw_buffer_add_string(sql, ",\n    ");
        DBW_TRY(add_constraint_name(sql, table->checks[i].name, error));
        dbw_buffer_printf(sql, "CHECK (%s\n)", table->checks[i].expression);
    }
    dbw_buffer_add_string(sql, "\n) ENGINE=InnoDB DEFAULT");
    add_collation(sql, table->collation);
    if (!table->collation)
        dbw_buffer_add_string(sql, " CHARACTER SET=utf8mb4");
    add_comment(sql, " COMMENT=", table->comment);
    if (table->system_versioned)
        dbw_buffer_add_string(sql, " WITH SYSTEM VERSIONING");
    if (table->suffix)
        dbw_buffer_printf(sql, " %s", table->suffix);
    return DBW_OK;
}

/* --- the rest --------------------------------------------------------------------------------- */

static void alter(dbw_buffer *sql, const dbw_table *table)
{
    dbw_buffer_add_string(sql, "ALTER TABLE ");
    add_table(sql, table);
}

/* All unique keys in one statement: the table is read once, and they are all there or none is. */
static dbw_status unique_statement(dbw_buffer *sql, const dbw_table *table, size_t n,
                                   dbw_error *error)
{
    size_t made = leading_unique(table);
    for (size_t i = 0; i < table->unique_count && n == 0; i++) {
        if (i == made)
            continue;
        if (!sql->length)
            alter(sql, table);
        else
            dbw_buffer_add_char(sql, ',');
        dbw_buffer_add_string(sql, " ADD ");
        DBW_TRY(add_unique(sql, &table->uniques[i], error));
    }
    return DBW_OK;
}

/* An index that the server makes by a scan and a sort of its own, in company with others. */
static bool is_plain(const dbw_table *table, size_t n)
{
    const char *method = table->indexes[n].method;
    return n != leading_index(table) &&
           (!method || !(dbw_text_equal_nocase(dbw_text_of(method), DBW_TEXT("FULLTEXT")) ||
                         dbw_text_equal_nocase(dbw_text_of(method), DBW_TEXT("SPATIAL"))));
}

/* The first plain index brings all others along: the table is read once for all of them, and they
 * are all there or none is. Two of them on 0.4 M rows: 0.50 s of the server, 0.59 s one by one. */
static dbw_status index_statement(dbw_buffer *sql, const dbw_table *table, size_t n,
                                  dbw_error *error)
{
    if (n >= table->index_count || n == leading_index(table))
        return DBW_OK;
    for (size_t i = 0; i < n && is_plain(table, n); i++)
        if (is_plain(table, i))
            return DBW_OK;
    alter(sql, table);
    dbw_buffer_add_string(sql, " ADD ");
    DBW_TRY(add_index(sql, &table->indexes[n], error));
    for (size_t i = n + 1; i < table->index_count && is_plain(table, n); i++) {
        if (!is_plain(table, i))
            continue;
        dbw_buffer_add_string(sql, ", ADD ");
        DBW_TRY(add_index(sql, &table->indexes[i], error));
    }
    return DBW_OK;
}

static dbw_status foreign_key_statement(dbw_buffer *sql, const dbw_table *table, size_t n,
                                        dbw_error *error)
{
    if (n >= table->foreign_key_count)
        return DBW_OK;
    const dbw_foreign_key *key = &table->foreign_keys[n];
    const char *on_update = action_name(key->on_update), *on_delete = action_name(key->on_delete);
    alter(sql, table);
    dbw_buffer_add_string(sql, " ADD ");
    DBW_TRY(add_constraint_name(sql, key->name, error));
    dbw_buffer_add_string(sql, "FOREIGN KEY ");
    add_names(sql, &key->columns);
    dbw_buffer_add_string(sql, " REFERENCES ");
    dbw_mysql_quote_qualified(sql, key->referenced_schema ? key->referenced_schema : table->schema,
                              key->referenced_table);
    dbw_buffer_add_char(sql, ' ');
    add_names(sql, &key->referenced_columns);
    if (on_update)
        dbw_buffer_printf(sql, " ON UPDATE %s", on_update);
    if (on_delete)
        dbw_buffer_printf(sql, " ON DELETE %s", on_delete);
    return DBW_OK;
}

static void next_number(dbw_buffer *sql, const dbw_table *table)
{
    if (!dbw_mysql_numbered(table) || table->next_identity <= 0)
        return;
    alter(sql, table);
    dbw_buffer_printf(sql, " AUTO_INCREMENT = %" PRId64, table->next_identity);
}

static dbw_status render(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table,
                         dbw_ddl_part part, size_t n, dbw_error *error)
{
    switch (part) {
    case DBW_DDL_TABLE:
        return create_table(arena, sql, table, error);
    case DBW_DDL_UNIQUE:
        return unique_statement(sql, table, n, error);
    case DBW_DDL_INDEX:
        return index_statement(sql, table, n, error);
    case DBW_DDL_FOREIGN_KEY:
        return foreign_key_statement(sql, table, n, error);
    case DBW_DDL_SEQUENCE:
        next_number(sql, table);
        return DBW_OK;
    case DBW_DDL_ANALYZE:
        dbw_buffer_add_string(sql, "ANALYZE TABLE ");
        add_table(sql, table);
        return DBW_OK;
    case DBW_DDL_DROP_TABLE:
        /* Nothing is undone after a statement of DDL: it may have been dropped before a kill. */
        dbw_buffer_add_string(sql, "DROP TABLE IF EXISTS ");
        add_table(sql, table);
        return DBW_OK;
    case DBW_DDL_PRIMARY_KEY:
    case DBW_DDL_COMMENT:
        break;
    }
    return DBW_OK;
}

dbw_status dbw_mysql_render_ddl(dbw_arena *arena, const dbw_table *table, dbw_ddl_part part,
                                size_t n, char **out, dbw_error *error)
{
    dbw_buffer sql;
    *out = NULL;
    dbw_buffer_init(&sql, DDL_LIMIT);
    dbw_status status = render(arena, &sql, table, part, n, error);
    if (status == DBW_OK)
        status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK && sql.length)
        *out = dbw_arena_text_string(arena, dbw_buffer_text(&sql));
    dbw_buffer_free(&sql);
    return status;
}
