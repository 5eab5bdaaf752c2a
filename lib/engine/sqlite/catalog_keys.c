/* SPDX-License-Identifier: Apache-2.0 */
/* Unique constraints, indexes and foreign keys. */
#include "engine/sqlite/catalog_priv.h"

static dbw_column *find_column(const dbw_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (dbw_sqlite_same_name(table->columns[i].name, name))
            return &table->columns[i];
    return NULL;
}

static bool same_names(const dbw_names *a, const dbw_names *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!dbw_sqlite_same_name(a->items[i], b->items[i]))
            return false;
    return true;
}

/* The collation where it is not the column's own; BINARY is what SQLite takes by default. */
static const char *own_collation(const dbw_table *table, const dbw_index_item *item,
                                 const char *collation)
{
    const dbw_column *column = item->column ? find_column(table, item->column) : NULL;
    const char *usual = column && column->collation ? column->collation : "BINARY";
    return collation && !dbw_sqlite_same_name(collation, usual) ? collation : NULL;
}

static dbw_status read_items(const dbw_sqlite_reading *reading, const dbw_table *table,
                             dbw_index *index, const dbw_sqlite_created_index *created,
                             dbw_error *error)
{
    sqlite3_stmt *rows = reading->index_columns;
    bool more = true;
    dbw_sqlite_reading_start(rows, index->name);
    for (;;) {
        DBW_TRY(dbw_sqlite_reading_step(reading, rows, &more, error));
        if (!more)
            return DBW_OK;
        size_t n = index->item_count;
        dbw_index_item *item = DBW_APPEND(reading->arena, index->items, index->item_count);
        if (sqlite3_column_int(rows, 0) >= 0)
            item->column = dbw_sqlite_reading_text(reading, rows, 1);
        else
            item->expression = created && n < created->item_count ? created->items[n] : "rowid";
        item->descending = sqlite3_column_int(rows, 2) != 0;
        item->collation = own_collation(table, item, dbw_sqlite_reading_text(reading, rows, 3));
    }
}

/* A UNIQUE whose columns compare as the table's do is a constraint; another is an index. */
static bool is_plain(const dbw_index *index)
{
    for (size_t i = 0; i < index->item_count; i++)
        if (!index->items[i].column || index->items[i].collation)
            return false;
    return true;
}

static void add_unique(const dbw_sqlite_reading *reading, dbw_table *table, const dbw_index *index,
                       const dbw_sqlite_created_table *created)
{
    dbw_key *key = DBW_APPEND(reading->arena, table->uniques, table->unique_count);
    for (size_t i = 0; i < index->item_count; i++)
        *DBW_APPEND(reading->arena, key->columns.items, key->columns.count) =
            index->items[i].column;
    for (size_t i = 0; created && i < created->key_count; i++)
        if (!created->keys[i].primary && same_names(&created->keys[i].columns, &key->columns))
            key->name = created->keys[i].name;
}

static dbw_status read_index(const dbw_sqlite_reading *reading, dbw_table *table,
                             const dbw_sqlite_created_table *created, bool *has_key_index,
                             dbw_error *error)
{
    sqlite3_stmt *row = reading->indexes;
    dbw_sqlite_created_index *text = NULL;
    dbw_error unread;
    dbw_index index = {.name = dbw_sqlite_reading_text(reading, row, 0),
                       .unique = sqlite3_column_int(row, 1) != 0,
                       .definition = dbw_sqlite_reading_text(reading, row, 4)};
    const char *origin = (const char *)sqlite3_column_text(row, 2);
    if (strcmp(origin, "pk") == 0) {
        *has_key_index = true;
        return DBW_OK;
    }
    bool constraint = strcmp(origin, "u") == 0;
    if (index.definition &&
        dbw_sqlite_create_index_read(reading->arena, index.definition, &text, &unread) != DBW_OK)
        text = NULL;
    DBW_TRY(read_items(reading, table, &index, text, error));
    if (text)
        index.where = text->where;
    if (constraint && is_plain(&index)) {
        add_unique(reading, table, &index, created);
        return DBW_OK;
    }
    *DBW_APPEND(reading->arena, table->indexes, table->index_count) = index;
    return DBW_OK;
}

dbw_status dbw_sqlite_catalog_indexes(const dbw_sqlite_reading *reading, dbw_table *table,
                                      const dbw_sqlite_created_table *created, bool *has_key_index,
                                      dbw_error *error)
{
    bool more = true;
    dbw_sqlite_reading_start(reading->indexes, table->name);
    for (;;) {
        DBW_TRY(dbw_sqlite_reading_step(reading, reading->indexes, &more, error));
        if (!more)
            return DBW_OK;
        DBW_TRY(read_index(reading, table, created, has_key_index, error));
    }
}

static dbw_action action_of(const char *text)
{
    static const struct {
        const char *text;
        dbw_action action;
    } actions[] = {{"CASCADE", DBW_ACTION_CASCADE},
                   {"RESTRICT", DBW_ACTION_RESTRICT},
                   {"SET NULL", DBW_ACTION_SET_NULL},
                   {"SET DEFAULT", DBW_ACTION_SET_DEFAULT}};
    for (size_t i = 0; text && i < DBW_COUNT(actions); i++)
        if (dbw_sqlite_same_name(text, actions[i].text))
            return actions[i].action;
    return DBW_ACTION_NO_ACTION;
}

dbw_status dbw_sqlite_catalog_foreign_keys(const dbw_sqlite_reading *reading, dbw_table *table,
                                           const dbw_sqlite_created_table *created,
                                           dbw_error *error)
{
    sqlite3_stmt *row = reading->foreign_keys;
    dbw_foreign_key *key = NULL;
    bool more = true;
    dbw_sqlite_reading_start(row, table->name);
    for (;;) {
        DBW_TRY(dbw_sqlite_reading_step(reading, row, &more, error));
        if (!more)
            break;
        if (sqlite3_column_int(row, 1) == 0) {
            key = DBW_APPEND(reading->arena, table->foreign_keys, table->foreign_key_count);
            key->referenced_table = dbw_sqlite_reading_text(reading, row, 2);
            key->on_update = action_of((const char *)sqlite3_column_text(row, 5));
            key->on_delete = action_of((const char *)sqlite3_column_text(row, 6));
        }
        if (!key)
            continue;
        const char *from = dbw_sqlite_reading_text(reading, row, 3);
        const char *to = dbw_sqlite_reading_text(reading, row, 4);
        *DBW_APPEND(reading->arena, key->columns.items, key->columns.count) = from;
        if (to)
            *DBW_APPEND(reading->arena, key->referenced_columns.items,
                        key->referenced_columns.count) = to;
    }
    /* Both lists are in the order of the text. */
    for (size_t i = 0; created && i < table->foreign_key_count && i < created->foreign_key_count;
         i++) {
        const dbw_foreign_key *text = &created->foreign_keys[i];
        key = &table->foreign_keys[i];
        if (!same_names(&text->columns, &key->columns))
            continue;
        key->name = text->name;
        key->deferrable = text->deferrable;
        key->initially_deferred = text->initially_deferred;
    }
    return DBW_OK;
}

/* Where the parent or its key is not there, the child's own names stand in: the reference leads
 * nowhere either way, and whoever follows it finds that out by the table's name. */
static void settle_reference(dbw_arena *arena, const dbw_schema *schema, dbw_foreign_key *key)
{
    const dbw_table *parent = NULL;
    for (size_t i = 0; i < schema->table_count && !parent; i++)
        if (dbw_sqlite_same_name(schema->tables[i].name, key->referenced_table))
            parent = &schema->tables[i];
    if (parent)
        key->referenced_table = parent->name;
    dbw_names *to = &key->referenced_columns;
    if (to->count == key->columns.count) {
        for (size_t i = 0; parent && i < to->count; i++) {
            const dbw_column *column = find_column(parent, to->items[i]);
            if (column)
                to->items[i] = column->name;
        }
        return;
    }
    const dbw_names *from =
        parent && parent->primary_key && parent->primary_key->columns.count == key->columns.count
            ? &parent->primary_key->columns
            : &key->columns;
    *to = (dbw_names){0};
    for (size_t i = 0; i < from->count; i++)
        *DBW_APPEND(arena, to->items, to->count) = from->items[i];
}

void dbw_sqlite_catalog_references(dbw_arena *arena, dbw_schema *schema)
{
    for (size_t i = 0; i < schema->table_count; i++)
        for (size_t k = 0; k < schema->tables[i].foreign_key_count; k++)
            settle_reference(arena, schema, &schema->tables[i].foreign_keys[k]);
}
