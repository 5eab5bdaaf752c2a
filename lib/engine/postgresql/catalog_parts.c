/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/catalog_priv.h"
#include "engine/postgresql/default.h"
#include "engine/postgresql/dialect.h"
#include "engine/postgresql/text.h"
#include "engine/postgresql/type.h"

#include <inttypes.h>

/* --- tables ----------------------------------------------------------------------------------- */

static dbw_table_kind kind_of(char relkind, bool partition)
{
    if (partition)
        return DBW_TABLE_PARTITION;
    return relkind == 'p'   ? DBW_TABLE_PARTITIONED
           : relkind == 'f' ? DBW_TABLE_FOREIGN
                            : DBW_TABLE_ORDINARY;
}

dbw_status dbw_pg_take_table(dbw_pg_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_schema *schema = reading->schema;
    dbw_table *table = DBW_APPEND(reading->arena, schema->tables, schema->table_count);
    table->schema = dbw_pg_cell_string(reading, "schema_name");
    table->name = dbw_pg_cell_string(reading, "table_name");
    table->kind =
        kind_of(dbw_pg_cell_char(reading, "kind"), dbw_pg_cell_truth(reading, "is_partition"));
    table->estimated_rows = dbw_pg_cell_number(reading, "estimated_rows");
    table->estimated_bytes = dbw_pg_cell_number(reading, "estimated_bytes");
    table->outside = dbw_pg_cell_truth(reading, "is_outside");
    table->unlogged = dbw_pg_cell_truth(reading, "is_unlogged");
    table->inherited = dbw_pg_cell_truth(reading, "is_inherited");
    if (dbw_pg_cell_truth(reading, "is_unreadable"))
        table->unreadable = "an unlogged table: a standby does not have its rows";
    table->suffix = dbw_pg_cell_string(reading, "suffix");
    table->comment = dbw_pg_cell_string(reading, "comment_text");
    dbw_pg_table_id *id = DBW_APPEND(reading->arena, reading->ids, reading->id_count);
    *id = (dbw_pg_table_id){.id = dbw_pg_cell_number(reading, "id"),
                            .table = schema->table_count - 1,
                            .parent = dbw_pg_cell_number(reading, "parent_id"),
                            .bound = dbw_pg_cell_string(reading, "bound"),
                            .suffix = table->suffix};
    return DBW_OK;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t left = ((const dbw_pg_table_id *)a)->id, right = ((const dbw_pg_table_id *)b)->id;
    return (left > right) - (left < right);
}

void dbw_pg_index_tables(dbw_pg_reading *reading)
{
    if (reading->id_count)
        qsort(reading->ids, reading->id_count, sizeof *reading->ids, compare_ids);
}

static const dbw_pg_table_id *find_id(const dbw_pg_reading *reading, int64_t id)
{
    dbw_pg_table_id wanted = {.id = id};
    return reading->id_count
               ? bsearch(&wanted, reading->ids, reading->id_count, sizeof wanted, compare_ids)
               : NULL;
}

/** The table of the present row, NULL where it is not one of ours. */
static dbw_table *table_of(const dbw_pg_reading *reading)
{
    const dbw_pg_table_id *found = find_id(reading, dbw_pg_cell_number(reading, "table_id"));
    return found ? &reading->schema->tables[found->table] : NULL;
}

/** Parts of `parent`, and theirs, are added to `root`'s list: parents first. */
static void gather(dbw_pg_reading *reading, dbw_table *root, const dbw_pg_table_id *parent)
{
    dbw_table *tables = reading->schema->tables;
    for (size_t i = 0; i < reading->id_count; i++) {
        const dbw_pg_table_id *part = &reading->ids[i];
        if (part->parent != parent->id || !part->bound)
            continue;
        const char *name = tables[parent->table].name;
        *DBW_APPEND(reading->arena, root->partitions, root->partition_count) =
            (dbw_partition){.name = tables[part->table].name,
                            .parent = &tables[parent->table] == root ? NULL : name,
                            .bound = part->bound,
                            .suffix = part->suffix};
        gather(reading, root, part);
    }
}

void dbw_pg_gather_partitions(dbw_pg_reading *reading)
{
    for (size_t i = 0; i < reading->id_count; i++) {
        dbw_table *table = &reading->schema->tables[reading->ids[i].table];
        if (table->kind == DBW_TABLE_PARTITIONED)
            gather(reading, table, &reading->ids[i]);
    }
}

/* --- columns ---------------------------------------------------------------------------------- */

static dbw_type type_of(dbw_pg_reading *reading)
{
    dbw_pg_catalog_type from = {
        .oid = dbw_pg_cell_number(reading, "type_id"),
        .name = dbw_pg_cell_string(reading, "type_name"),
        .kind = dbw_pg_cell_char(reading, "type_kind"),
        .array = dbw_pg_cell_truth(reading, "is_array"),
        .money_scale = (int16_t)dbw_pg_cell_number(reading, "money_scale"),
        .element = dbw_pg_cell_number(reading, "element_id"),
        .modifier = (int32_t)dbw_pg_cell_number(reading, "modifier"),
        .spelling = dbw_pg_cell_string(reading, "spelling"),
    };
    dbw_type type = dbw_pg_type_of_catalog(&from);
    dbw_names labels = dbw_pg_cell_names(reading, "labels");
    type.labels = labels.items;
    type.label_count = labels.count;
    return type;
}

/** Identity, or serial: a default that draws from a sequence. */
static void read_identity(dbw_pg_reading *reading, const dbw_table *table, dbw_column *column)
{
    char identity = dbw_pg_cell_char(reading, "identity_kind");
    column->sequence = dbw_pg_cell_string(reading, "sequence_name");
    if (identity == 'a')
        column->identity = DBW_IDENTITY_ALWAYS;
    else if (identity == 'd')
        column->identity = DBW_IDENTITY_BY_DEFAULT;
    else if (column->default_value.kind == DBW_DEFAULT_SEQUENCE)
        column->identity = DBW_IDENTITY_AUTO;
    else
        return;
    if (identity)
        column->default_value = (dbw_default){.kind = DBW_DEFAULT_SEQUENCE};
    if (!column->sequence)
        column->sequence =
            dbw_pg_default_sequence(reading->arena, dbw_pg_cell_string(reading, "default_text"));
    column->sequence_definition = dbw_pg_cell_string(reading, "sequence_definition");
    int64_t id = dbw_pg_cell_number(reading, "sequence_id");
    if (!id)
        return;
    dbw_pg_sequence *sequence =
        DBW_APPEND(reading->arena, reading->sequences, reading->sequence_count);
    *sequence = (dbw_pg_sequence){.id = id,
                                  .schema = dbw_pg_cell_string(reading, "sequence_schema"),
                                  .name = column->sequence,
                                  .table = (size_t)(table - reading->schema->tables),
                                  .column = (size_t)(column - table->columns)};
}

dbw_status dbw_pg_take_column(dbw_pg_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_table *table = table_of(reading);
    if (!table)
        return DBW_OK;
    dbw_column *column = DBW_APPEND(reading->arena, table->columns, table->column_count);
    column->name = dbw_pg_cell_string(reading, "column_name");
    column->type = type_of(reading);
    column->nullable = !dbw_pg_cell_truth(reading, "not_null");
    column->default_value =
        dbw_pg_default_read(reading->arena, (uint32_t)dbw_pg_cell_number(reading, "type_id"),
                            dbw_pg_cell_string(reading, "default_text"));
    column->generation = dbw_pg_cell_string(reading, "generation");
    column->generated = column->generation ? DBW_GENERATED_STORED : DBW_GENERATED_NONE;
    column->collation = dbw_pg_cell_string(reading, "collation_name");
    column->comment = dbw_pg_cell_string(reading, "comment_text");
    read_identity(reading, table, column);
    return DBW_OK;
}

/* --- constraints ------------------------------------------------------------------------------ */

static dbw_key key_of(const dbw_pg_reading *reading)
{
    return (dbw_key){
        .name = dbw_pg_cell_string(reading, "constraint_name"),
        .columns = dbw_pg_cell_names(reading, "column_names"),
        .deferrable = dbw_pg_cell_truth(reading, "is_deferrable"),
        .initially_deferred = dbw_pg_cell_truth(reading, "is_deferred"),
        .nulls_not_distinct = dbw_pg_cell_truth(reading, "is_nulls_not_distinct"),
        .definition = dbw_pg_cell_string(reading, "definition"),
    };
}

static dbw_action action_of(char code)
{
    return code == 'r'   ? DBW_ACTION_RESTRICT
           : code == 'c' ? DBW_ACTION_CASCADE
           : code == 'n' ? DBW_ACTION_SET_NULL
           : code == 'd' ? DBW_ACTION_SET_DEFAULT
                         : DBW_ACTION_NO_ACTION;
}

static void take_foreign_key(dbw_pg_reading *reading, dbw_table *table)
{
    dbw_foreign_key *key =
        DBW_APPEND(reading->arena, table->foreign_keys, table->foreign_key_count);
    dbw_key common = key_of(reading);
    const char *schema = dbw_pg_cell_string(reading, "referenced_schema");
    *key = (dbw_foreign_key){
        .name = common.name,
        .columns = common.columns,
        .referenced_schema = schema && strcmp(schema, table->schema) != 0 ? schema : NULL,
        .referenced_table = dbw_pg_cell_string(reading, "referenced_table"),
        .referenced_columns = dbw_pg_cell_names(reading, "referenced_names"),
        .on_update = action_of(dbw_pg_cell_char(reading, "on_update")),
        .on_delete = action_of(dbw_pg_cell_char(reading, "on_delete")),
        .on_delete_columns = dbw_pg_cell_names(reading, "delete_names"),
        .not_valid = dbw_pg_cell_truth(reading, "is_not_valid"),
        .match_full = dbw_pg_cell_char(reading, "match_kind") == 'f',
        .deferrable = common.deferrable,
        .initially_deferred = common.initially_deferred,
    };
}

dbw_status dbw_pg_take_constraint(dbw_pg_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_table *table = table_of(reading);
    if (!table)
        return DBW_OK;
    switch (dbw_pg_cell_char(reading, "kind")) {
    case 'p':
        table->primary_key = DBW_NEW(reading->arena, dbw_key);
        *table->primary_key = key_of(reading);
        break;
    case 'u':
        *DBW_APPEND(reading->arena, table->uniques, table->unique_count) = key_of(reading);
        break;
    case 'f':
        take_foreign_key(reading, table);
        break;
    case 'c':
        *DBW_APPEND(reading->arena, table->checks, table->check_count) =
            (dbw_check){.name = dbw_pg_cell_string(reading, "constraint_name"),
                        .expression = dbw_pg_cell_string(reading, "expression")};
        break;
    default:
        break;
    }
    return DBW_OK;
}

/* --- indexes ---------------------------------------------------------------------------------- */

static dbw_index *index_of(dbw_pg_reading *reading, dbw_table *table)
{
    const char *name = dbw_pg_cell_string(reading, "index_name");
    if (table->index_count && strcmp(table->indexes[table->index_count - 1].name, name) == 0)
        return &table->indexes[table->index_count - 1];
    const char *method = dbw_pg_cell_string(reading, "method");
    dbw_index *index = DBW_APPEND(reading->arena, table->indexes, table->index_count);
    index->name = name;
    index->unique = dbw_pg_cell_truth(reading, "is_unique");
    index->nulls_not_distinct = dbw_pg_cell_truth(reading, "is_nulls_not_distinct");
    index->method = method && strcmp(method, "btree") != 0 ? method : NULL;
    index->where = dbw_pg_cell_string(reading, "predicate");
    index->definition = dbw_pg_cell_string(reading, "definition");
    index->tail = dbw_pg_cell_string(reading, "tail");
    return index;
}

dbw_status dbw_pg_take_index(dbw_pg_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_table *table = table_of(reading);
    if (!table)
        return DBW_OK;
    dbw_index *index = index_of(reading, table);
    if (!dbw_pg_cell_truth(reading, "is_key")) {
        const char **name = DBW_APPEND(reading->arena, index->include.items, index->include.count);
        *name = dbw_pg_cell_string(reading, "column_name");
        return DBW_OK;
    }
    bool descending = dbw_pg_cell_truth(reading, "is_descending");
    bool nulls_first = dbw_pg_cell_truth(reading, "is_nulls_first");
    dbw_index_item *item = DBW_APPEND(reading->arena, index->items, index->item_count);
    *item = (dbw_index_item){
        .column = dbw_pg_cell_string(reading, "column_name"),
        .expression = dbw_pg_cell_string(reading, "expression"),
        .collation = dbw_pg_cell_string(reading, "collation_name"),
        .operator_class = dbw_pg_cell_string(reading, "operator_class"),
        .descending = descending,
        /* Descending order begins with NULL unless told otherwise. */
        .nulls_first = nulls_first && !descending,
        .nulls_last = !nulls_first && descending,
    };
    return DBW_OK;
}

/* --- the rest --------------------------------------------------------------------------------- */

/* The rank of an object is that of its step, and its id. */
static const int64_t OID_MASK = (INT64_C(1) << 40) - 1;

dbw_status dbw_pg_take_object(dbw_pg_reading *reading, dbw_error *error)
{
    (void)error;
    dbw_schema *schema = reading->schema;
    *DBW_APPEND(reading->arena, schema->objects, schema->object_count) = (dbw_object){
        .kind = dbw_pg_cell_string(reading, "kind"),
        .schema = dbw_pg_cell_string(reading, "schema_name"),
        .name = dbw_pg_cell_string(reading, "object_name"),
        .table = dbw_pg_cell_string(reading, "table_name"),
        .definition = dbw_pg_cell_string(reading, "definition"),
        .create = dbw_pg_cell_string(reading, "create_text"),
        .drop = dbw_pg_cell_string(reading, "drop_text"),
        .exists = dbw_pg_cell_string(reading, "exists_text"),
        .before = dbw_pg_cell_truth(reading, "is_before"),
        .rank = dbw_pg_cell_number(reading, "rank"),
    };
    const dbw_object *object = &schema->objects[schema->object_count - 1];
    if (strcmp(object->kind, "sequence") == 0 && object->create)
        *DBW_APPEND(reading->arena, reading->sequences, reading->sequence_count) =
            (dbw_pg_sequence){.id = object->rank & OID_MASK,
                              .schema = object->schema,
                              .name = object->name,
                              .table = SIZE_MAX,
                              .object = schema->object_count - 1};
    return DBW_OK;
}

static bool is_only_key(const dbw_table *table, const dbw_column *column)
{
    return table->primary_key && table->primary_key->columns.count == 1 &&
           strcmp(table->primary_key->columns.items[0], column->name) == 0;
}

void dbw_pg_settle_identities(dbw_pg_reading *reading)
{
    for (size_t t = 0; t < reading->schema->table_count; t++) {
        dbw_table *table = &reading->schema->tables[t];
        size_t identities = 0;
        for (size_t i = 0; i < table->column_count; i++)
            identities += table->columns[i].identity != DBW_IDENTITY_NONE;
        for (size_t i = 0; i < table->column_count; i++) {
            dbw_column *column = &table->columns[i];
            if (identities < 2 || column->identity != DBW_IDENTITY_AUTO ||
                column->sequence_definition || is_only_key(table, column))
                continue;
            column->identity = DBW_IDENTITY_NONE;
            column->default_value.kind = DBW_DEFAULT_EXPRESSION;
            column->sequence = NULL;
        }
    }
}

/*
 * A sequence is read like a table, under its own name: pg_sequence_last_value() does not tell what
 * setval(…, false) left behind.
 */
char *dbw_pg_sequences_statement(dbw_pg_reading *reading)
{
    if (!reading->sequence_count)
        return NULL;
    dbw_buffer sql;
    dbw_buffer_init(&sql, (size_t)16 * 1024 * 1024);
    for (size_t i = 0; i < reading->sequence_count; i++) {
        const dbw_pg_sequence *sequence = &reading->sequences[i];
        dbw_buffer_printf(&sql,
                          "%sSELECT %zu::bigint AS number, last_value, is_called, "
                          "(SELECT seqincrement FROM pg_catalog.pg_sequence "
                          "WHERE seqrelid = %" PRId64 ") AS increment FROM ",
                          i ? " UNION ALL " : "", i, sequence->id);
        dbw_pg_quote_qualified(&sql, sequence->schema, sequence->name);
    }
    char *text = sql.failed ? NULL : dbw_arena_string(reading->arena, sql.data);
    dbw_buffer_free(&sql);
    return text;
}

/** A sequence that stands for itself goes on where it stood. */
static void take_free_sequence(dbw_pg_reading *reading, dbw_object *object)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, 65536);
    dbw_buffer_printf(&sql, "%s; SELECT pg_catalog.setval(", object->create);
    dbw_pg_quote_string(&sql, dbw_text_of(object->drop + strlen("DROP SEQUENCE ")));
    dbw_buffer_printf(&sql, ", %" PRId64 ", %s)", dbw_pg_cell_number(reading, "last_value"),
                      dbw_pg_cell_truth(reading, "is_called") ? "true" : "false");
    if (!sql.failed)
        object->create = dbw_arena_string(reading->arena, sql.data);
    dbw_buffer_free(&sql);
}

dbw_status dbw_pg_take_sequence(dbw_pg_reading *reading, dbw_error *error)
{
    (void)error;
    size_t number = (size_t)dbw_pg_cell_number(reading, "number");
    if (number >= reading->sequence_count)
        return DBW_OK;
    const dbw_pg_sequence *sequence = &reading->sequences[number];
    if (sequence->table == SIZE_MAX) {
        take_free_sequence(reading, &reading->schema->objects[sequence->object]);
        return DBW_OK;
    }
    dbw_table *table = &reading->schema->tables[sequence->table];
    dbw_column *column = &table->columns[sequence->column];
    int64_t next = dbw_pg_cell_number(reading, "last_value");
    column->sequence_last = next;
    column->sequence_called = dbw_pg_cell_truth(reading, "is_called");
    if (dbw_pg_cell_truth(reading, "is_called") &&
        __builtin_add_overflow(next, dbw_pg_cell_number(reading, "increment"), &next))
        next = INT64_MAX;
    /* The primary key's column counts, or the first one. */
    bool first = table->next_identity == 0;
    if (first || is_only_key(table, column))
        table->next_identity = next > 0 ? next : 0;
    return DBW_OK;
}
