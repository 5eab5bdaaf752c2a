/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/default.h"
#include "engine/postgresql/dialect.h"
#include "engine/postgresql/postgresql_priv.h"
#include "engine/postgresql/text.h"
#include "engine/postgresql/type.h"

#include <inttypes.h>

#define DDL_LIMIT ((size_t)8 * 1024 * 1024)

/* --- names ------------------------------------------------------------------------------------ */

static dbw_status check_name(const char *name, dbw_error *error)
{
    if (!name || strlen(name) <= DBW_PG_NAME_LIMIT)
        return DBW_OK;
    dbw_fail(error, DBW_E_INVALID, "unable to use name '%.80s': it is longer than %d bytes", name,
             DBW_PG_NAME_LIMIT);
    return dbw_error_object(error, "%.80s", name);
}

/** "table_suffix", the table cut so that it fits: for keys that have no name of their own. */
static const char *made_name(dbw_arena *arena, const dbw_table *table, const char *suffix)
{
    size_t room = DBW_PG_NAME_LIMIT - strlen(suffix) - 1, length = strlen(table->name);
    if (length > room) {
        length = room;
        while (length && ((unsigned char)table->name[length] & 0xC0) == 0x80)
            length--;
    }
    return dbw_arena_printf(arena, "%.*s_%s", (int)length, table->name, suffix);
}

static void add_table(dbw_buffer *sql, const dbw_table *table)
{
    dbw_pg_quote_qualified(sql, table->schema, table->name);
}

static void add_string(dbw_buffer *sql, const char *text)
{
    dbw_pg_quote_string(sql, dbw_text_of(text));
}

/* --- CREATE TABLE ----------------------------------------------------------------------------- */

static bool is_identity(const dbw_column *column)
{
    return column->identity != DBW_IDENTITY_NONE && column->generated == DBW_GENERATED_NONE;
}

/** PostgreSQL makes identities of its three integers only; others get a sequence of their own. */
static bool takes_identity(const dbw_column *column)
{
    dbw_pg_wire wire = dbw_pg_wire_of(&column->type);
    return wire == DBW_PG_WIRE_INT2 || wire == DBW_PG_WIRE_INT4 || wire == DBW_PG_WIRE_INT8;
}

static const char *sequence_name(dbw_arena *arena, const dbw_table *table)
{
    return made_name(arena, table, "id_seq");
}

/** A sequence that the column owns and counts as another one did (serial). */
static bool owns_sequence(const dbw_column *column)
{
    return column->identity == DBW_IDENTITY_AUTO && column->sequence_definition && column->sequence;
}

/** The default draws from a sequence that belongs to nobody, or to another column. */
static bool shares_sequence(const dbw_column *column)
{
    return column->identity == DBW_IDENTITY_AUTO && !column->sequence_definition &&
           column->default_value.kind == DBW_DEFAULT_SEQUENCE && column->default_value.text;
}

/** The sequence that is made for the column beside its table, or NULL. */
static const char *made_sequence(dbw_arena *arena, const dbw_table *table, const dbw_column *column)
{
    if (owns_sequence(column))
        return column->sequence;
    return is_identity(column) && !shares_sequence(column) && !takes_identity(column)
               ? sequence_name(arena, table)
               : NULL;
}

/** "(SEQUENCE NAME s START WITH …)": an identity knows no type, its column has one. */
static void add_identity_options(dbw_buffer *sql, const dbw_table *table, const dbw_column *column)
{
    const char *options =
        column->sequence_definition ? strstr(column->sequence_definition, "START WITH") : NULL;
    if (!options || !column->sequence)
        return;
    dbw_buffer_add_string(sql, " (SEQUENCE NAME ");
    dbw_pg_quote_qualified(sql, table->schema, column->sequence);
    dbw_buffer_printf(sql, " %s)", options);
}

static void add_column_default(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table,
                               const dbw_column *column)
{
    const char *sequence = made_sequence(arena, table, column);
    if (shares_sequence(column)) {
        dbw_buffer_printf(sql, " DEFAULT %s", column->default_value.text);
        return;
    }
    if (is_identity(column) && !sequence) {
        dbw_buffer_printf(sql, " GENERATED %s AS IDENTITY",
                          column->identity == DBW_IDENTITY_ALWAYS ? "ALWAYS" : "BY DEFAULT");
        add_identity_options(sql, table, column);
        return;
    }
    if (is_identity(column)) {
        dbw_buffer name;
        dbw_buffer_init(&name, 1024);
        dbw_pg_quote_qualified(&name, table->schema, sequence);
        dbw_buffer_add_string(sql, " DEFAULT nextval(");
        add_string(sql, name.data);
        dbw_buffer_add_char(sql, ')');
        dbw_buffer_free(&name);
        return;
    }
    if (column->generated != DBW_GENERATED_NONE) {
        dbw_buffer_printf(sql, " GENERATED ALWAYS AS (%s) STORED", column->generation);
        return;
    }
    const char *text = column->default_value.kind == DBW_DEFAULT_EXPRESSION
                           ? column->default_value.text
                           : dbw_pg_render_default(arena, &column->default_value, &column->type);
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
    dbw_pg_quote_name(sql, column->name);
    dbw_buffer_printf(sql, " %s", column->type.spelling);
    if (column->collation) {
        dbw_buffer_add_string(sql, " COLLATE ");
        dbw_pg_quote_name(sql, column->collation);
    }
    add_column_default(arena, sql, table, column);
    if (!column->nullable)
        dbw_buffer_add_string(sql, " NOT NULL");
    return DBW_OK;
}

static dbw_status add_check(dbw_buffer *sql, const dbw_check *check, dbw_error *error)
{
    DBW_TRY(check_name(check->name, error));
    dbw_buffer_add_string(sql, ",\n    ");
    if (check->name) {
        dbw_buffer_add_string(sql, "CONSTRAINT ");
        dbw_pg_quote_name(sql, check->name);
        dbw_buffer_add_char(sql, ' ');
    }
    dbw_buffer_printf(sql, "CHECK (%s)", check->expression);
    return DBW_OK;
}

static void make_sequences(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const dbw_column *column = &table->columns[i];
        const char *name = made_sequence(arena, table, column);
        if (!name)
            continue;
        dbw_buffer_add_string(sql, "CREATE SEQUENCE ");
        dbw_pg_quote_qualified(sql, table->schema, name);
        if (owns_sequence(column))
            dbw_buffer_printf(sql, " %s", column->sequence_definition);
        dbw_buffer_add_string(sql, ";\n");
    }
}

static void own_sequences(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const char *name = made_sequence(arena, table, &table->columns[i]);
        if (!name)
            continue;
        dbw_buffer_add_string(sql, ";\nALTER SEQUENCE ");
        dbw_pg_quote_qualified(sql, table->schema, name);
        dbw_buffer_add_string(sql, " OWNED BY ");
        add_table(sql, table);
        dbw_buffer_add_char(sql, '.');
        dbw_pg_quote_name(sql, table->columns[i].name);
    }
}

static void add_partitions(dbw_buffer *sql, const dbw_table *table)
{
    for (size_t i = 0; i < table->partition_count; i++) {
        const dbw_partition *part = &table->partitions[i];
        dbw_buffer_add_string(sql, ";\nCREATE TABLE ");
        dbw_pg_quote_qualified(sql, table->schema, part->name);
        dbw_buffer_add_string(sql, " PARTITION OF ");
        dbw_pg_quote_qualified(sql, table->schema, part->parent ? part->parent : table->name);
        dbw_buffer_printf(sql, " %s", part->bound);
        if (part->suffix)
            dbw_buffer_printf(sql, " %s", part->suffix);
    }
}

static dbw_status create_table(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table,
                               dbw_error *error)
{
    DBW_TRY(check_name(table->name, error));
    DBW_TRY(check_name(table->schema, error));
    make_sequences(arena, sql, table);
    dbw_buffer_printf(sql, "CREATE %sTABLE ",
                      table->temporary  ? "TEMPORARY "
                      : table->unlogged ? "UNLOGGED "
                                        : "");
    add_table(sql, table);
    dbw_buffer_add_string(sql, " (");
    for (size_t i = 0; i < table->column_count; i++) {
        if (i)
            dbw_buffer_add_char(sql, ',');
        DBW_TRY(add_column(arena, sql, table, &table->columns[i], error));
    }
    for (size_t i = 0; i < table->check_count; i++)
        DBW_TRY(add_check(sql, &table->checks[i], error));
    dbw_buffer_add_string(sql, "\n)");
    if (table->suffix)
        dbw_buffer_printf(sql, " %s", table->suffix);
    add_partitions(sql, table);
    own_sequences(arena, sql, table);
    return DBW_OK;
}

/* --- keys ------------------------------------------------------------------------------------- */

static void add_deferral(dbw_buffer *sql, bool deferrable, bool initially_deferred)
{
    if (deferrable || initially_deferred)
        dbw_buffer_printf(sql, " DEFERRABLE INITIALLY %s",
                          initially_deferred ? "DEFERRED" : "IMMEDIATE");
}

/*
 * A unique index first, then the constraint over it: both take as long as ADD PRIMARY KEY alone
 * (1.5 million rows: 1.42 s and 1.40 s), but the exclusive lock is held for a millisecond only.
 */
static dbw_status add_key(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table,
                          const dbw_key *key, const char *kind, const char *suffix,
                          dbw_error *error)
{
    const char *name = key->name ? key->name : made_name(arena, table, suffix);
    DBW_TRY(check_name(name, error));
    /* Partitioned tables take no index for a constraint. */
    if (key->definition || table->kind == DBW_TABLE_PARTITIONED) {
        dbw_buffer_add_string(sql, "ALTER TABLE ");
        add_table(sql, table);
        dbw_buffer_add_string(sql, " ADD CONSTRAINT ");
        dbw_pg_quote_name(sql, name);
        dbw_buffer_printf(sql, " %s", key->definition ? key->definition : kind);
        if (key->definition)
            return DBW_OK;
        dbw_buffer_add_char(sql, ' ');
        dbw_pg_quote_list(sql, &key->columns);
        add_deferral(sql, key->deferrable, key->initially_deferred);
        return DBW_OK;
    }
    dbw_buffer_add_string(sql, "CREATE UNIQUE INDEX ");
    dbw_pg_quote_name(sql, name);
    dbw_buffer_add_string(sql, " ON ");
    add_table(sql, table);
    dbw_buffer_add_char(sql, ' ');
    dbw_pg_quote_list(sql, &key->columns);
    dbw_buffer_add_string(sql, ";\nALTER TABLE ");
    add_table(sql, table);
    dbw_buffer_add_string(sql, " ADD CONSTRAINT ");
    dbw_pg_quote_name(sql, name);
    dbw_buffer_printf(sql, " %s USING INDEX ", kind);
    dbw_pg_quote_name(sql, name);
    add_deferral(sql, key->deferrable, key->initially_deferred);
    return DBW_OK;
}

static dbw_status primary_key(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table,
                              dbw_error *error)
{
    if (!table->primary_key)
        return DBW_OK;
    return add_key(arena, sql, table, table->primary_key, "PRIMARY KEY", "pkey", error);
}

static dbw_status unique(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table, size_t n,
                         dbw_error *error)
{
    if (n >= table->unique_count)
        return DBW_OK;
    const dbw_key *key = &table->uniques[n];
    return add_key(arena, sql, table, key, "UNIQUE", dbw_arena_printf(arena, "key%zu", n + 1),
                   error);
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
    case DBW_ACTION_SET_DEFAULT:
        return "SET DEFAULT";
    case DBW_ACTION_NO_ACTION:
        break;
    }
    return "NO ACTION";
}

/* NOT VALID and VALIDATE afterwards run the same query and gain nothing (1.8 s against 1.0 s). */
static dbw_status foreign_key(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table, size_t n,
                              dbw_error *error)
{
    if (n >= table->foreign_key_count)
        return DBW_OK;
    const dbw_foreign_key *key = &table->foreign_keys[n];
    const char *name =
        key->name ? key->name : made_name(arena, table, dbw_arena_printf(arena, "fkey%zu", n + 1));
    DBW_TRY(check_name(name, error));
    dbw_buffer_add_string(sql, "ALTER TABLE ");
    add_table(sql, table);
    dbw_buffer_add_string(sql, " ADD CONSTRAINT ");
    dbw_pg_quote_name(sql, name);
    dbw_buffer_add_string(sql, " FOREIGN KEY ");
    dbw_pg_quote_list(sql, &key->columns);
    dbw_buffer_add_string(sql, " REFERENCES ");
    const char *schema = key->referenced_schema ? key->referenced_schema : table->schema;
    dbw_pg_quote_qualified(sql, schema && *schema ? schema : NULL, key->referenced_table);
    dbw_buffer_add_char(sql, ' ');
    dbw_pg_quote_list(sql, &key->referenced_columns);
    if (key->match_full)
        dbw_buffer_add_string(sql, " MATCH FULL");
    if (key->on_update != DBW_ACTION_NO_ACTION)
        dbw_buffer_printf(sql, " ON UPDATE %s", action_name(key->on_update));
    if (key->on_delete != DBW_ACTION_NO_ACTION)
        dbw_buffer_printf(sql, " ON DELETE %s", action_name(key->on_delete));
    if (key->on_delete_columns.count) {
        dbw_buffer_add_char(sql, ' ');
        dbw_pg_quote_list(sql, &key->on_delete_columns);
    }
    add_deferral(sql, key->deferrable, key->initially_deferred);
    if (key->not_valid)
        dbw_buffer_add_string(sql, " NOT VALID");
    return DBW_OK;
}

/* --- indexes ---------------------------------------------------------------------------------- */

static void add_index_item(dbw_buffer *sql, const dbw_index_item *item)
{
    if (item->column)
        dbw_pg_quote_name(sql, item->column);
    else
        dbw_buffer_printf(sql, "(%s)", item->expression);
    if (item->collation) {
        dbw_buffer_add_string(sql, " COLLATE ");
        dbw_pg_quote_name(sql, item->collation);
    }
    if (item->operator_class) {
        dbw_buffer_add_char(sql, ' ');
        dbw_pg_quote_name(sql, item->operator_class);
    }
    if (item->descending)
        dbw_buffer_add_string(sql, " DESC");
    if (item->nulls_first)
        dbw_buffer_add_string(sql, " NULLS FIRST");
    else if (item->nulls_last)
        dbw_buffer_add_string(sql, " NULLS LAST");
}

static dbw_status index_statement(dbw_buffer *sql, const dbw_table *table, size_t n,
                                  dbw_error *error)
{
    if (n >= table->index_count)
        return DBW_OK;
    const dbw_index *index = &table->indexes[n];
    DBW_TRY(check_name(index->name, error));
    dbw_buffer_printf(sql, "CREATE %sINDEX ", index->unique ? "UNIQUE " : "");
    if (index->name) {
        dbw_pg_quote_name(sql, index->name);
        dbw_buffer_add_char(sql, ' ');
    }
    dbw_buffer_add_string(sql, "ON ");
    add_table(sql, table);
    if (index->tail) {
        dbw_buffer_printf(sql, " USING %s", index->tail);
        return DBW_OK;
    }
    if (index->method) {
        dbw_buffer_add_string(sql, " USING ");
        dbw_pg_quote_name(sql, index->method);
    }
    dbw_buffer_add_string(sql, " (");
    for (size_t i = 0; i < index->item_count; i++) {
        if (i)
            dbw_buffer_add_string(sql, ", ");
        add_index_item(sql, &index->items[i]);
    }
    dbw_buffer_add_char(sql, ')');
    if (index->include.count) {
        dbw_buffer_add_string(sql, " INCLUDE ");
        dbw_pg_quote_list(sql, &index->include);
    }
    if (index->where)
        dbw_buffer_printf(sql, " WHERE %s", index->where);
    return DBW_OK;
}

/* --- the rest --------------------------------------------------------------------------------- */

/** The last number that the column's type has room for. */
static int64_t type_maximum(const dbw_type *type)
{
    dbw_pg_wire wire = dbw_pg_wire_of(type);
    return wire == DBW_PG_WIRE_INT2 ? INT16_MAX : wire == DBW_PG_WIRE_INT4 ? INT32_MAX : INT64_MAX;
}

/*
 * setval(…, next, false) makes `next` the next value; where that lies behind the type's last
 * number, setval(…, last, true) makes the sequence report that it is used up, as the source would.
 */
static void set_sequence(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table,
                         const dbw_column *column, int64_t value, bool called)
{
    const char *sequence = column->sequence;
    if (!sequence && !takes_identity(column))
        sequence = sequence_name(arena, table);
    dbw_buffer name;
    dbw_buffer_init(&name, 4096);
    dbw_pg_quote_qualified(&name, table->schema, table->name);
    dbw_buffer_add_string(sql, sql->length ? ";\n" : "");
    dbw_buffer_add_string(sql, "SELECT setval(coalesce(pg_get_serial_sequence(");
    add_string(sql, name.data);
    dbw_buffer_add_string(sql, ", ");
    add_string(sql, column->name);
    dbw_buffer_add_string(sql, ")::regclass");
    if (sequence) {
        dbw_buffer_clear(&name);
        dbw_pg_quote_qualified(&name, table->schema, sequence);
        dbw_buffer_add_string(sql, ", to_regclass(");
        add_string(sql, name.data);
        dbw_buffer_add_char(sql, ')');
    }
    dbw_buffer_printf(sql, "), %" PRId64 ", %s)", value, called ? "true" : "false");
    dbw_buffer_free(&name);
}

/** What the next value of the column's sequence is, as far as its state tells. */
static int64_t next_of(const dbw_column *column)
{
    const char *step = strstr(column->sequence_definition, "INCREMENT BY ");
    int64_t by = step ? strtoll(step + strlen("INCREMENT BY "), NULL, 10) : 1, next;
    if (!column->sequence_called)
        return column->sequence_last;
    return __builtin_add_overflow(column->sequence_last, by, &next) ? INT64_MAX : next;
}

/* The column that the table's next_identity speaks of: the primary key's, or the first. */
static const dbw_column *counted_column(const dbw_table *table)
{
    const dbw_column *column = NULL;
    for (size_t i = 0; i < table->column_count; i++) {
        const dbw_column *here = &table->columns[i];
        if (!is_identity(here))
            continue;
        bool key = table->primary_key && table->primary_key->columns.count == 1 &&
                   strcmp(table->primary_key->columns.items[0], here->name) == 0;
        if (!column || key)
            column = here;
    }
    return column;
}

static void sequence_value(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table)
{
    const dbw_column *counted = counted_column(table);
    for (size_t i = 0; i < table->column_count; i++) {
        const dbw_column *column = &table->columns[i];
        bool known = column->sequence_definition && column->sequence;
        int64_t next = table->next_identity, last = type_maximum(&column->type);
        if (!is_identity(column))
            continue;
        if (known && (column != counted || next <= 0 || next == next_of(column)))
            set_sequence(arena, sql, table, column, column->sequence_last, column->sequence_called);
        else if (column == counted && next > 0)
            set_sequence(arena, sql, table, column, next > last ? last : next, next > last);
    }
}

static void comments(dbw_buffer *sql, const dbw_table *table)
{
    if (table->comment) {
        dbw_buffer_add_string(sql, "COMMENT ON TABLE ");
        add_table(sql, table);
        dbw_buffer_add_string(sql, " IS ");
        add_string(sql, table->comment);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (!table->columns[i].comment)
            continue;
        dbw_buffer_add_string(sql, sql->length ? ";\nCOMMENT ON COLUMN " : "COMMENT ON COLUMN ");
        add_table(sql, table);
        dbw_buffer_add_char(sql, '.');
        dbw_pg_quote_name(sql, table->columns[i].name);
        dbw_buffer_add_string(sql, " IS ");
        add_string(sql, table->columns[i].comment);
    }
}

static dbw_status render(dbw_arena *arena, dbw_buffer *sql, const dbw_table *table,
                         dbw_ddl_part part, size_t n, dbw_error *error)
{
    switch (part) {
    case DBW_DDL_TABLE:
        return create_table(arena, sql, table, error);
    case DBW_DDL_PRIMARY_KEY:
        return primary_key(arena, sql, table, error);
    case DBW_DDL_UNIQUE:
        return unique(arena, sql, table, n, error);
    case DBW_DDL_INDEX:
        return index_statement(sql, table, n, error);
    case DBW_DDL_FOREIGN_KEY:
        return foreign_key(arena, sql, table, n, error);
    case DBW_DDL_SEQUENCE:
        sequence_value(arena, sql, table);
        return DBW_OK;
    case DBW_DDL_COMMENT:
        comments(sql, table);
        return DBW_OK;
    case DBW_DDL_ANALYZE:
        dbw_buffer_add_string(sql, "ANALYZE ");
        add_table(sql, table);
        return DBW_OK;
    case DBW_DDL_DROP_TABLE:
        dbw_buffer_add_string(sql, "DROP TABLE ");
        add_table(sql, table);
        return DBW_OK;
    }
    return DBW_OK;
}

dbw_status dbw_pg_render_ddl(dbw_arena *arena, const dbw_table *table, dbw_ddl_part part, size_t n,
                             char **out, dbw_error *error)
{
    dbw_buffer sql;
    *out = NULL;
    dbw_buffer_init(&sql, DDL_LIMIT);
    dbw_status status = render(arena, &sql, table, part, n, error);
    if (status == DBW_OK)
        status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK && sql.length)
        *out = dbw_arena_string(arena, sql.data);
    dbw_buffer_free(&sql);
    return status;
}
