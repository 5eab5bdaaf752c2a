/* SPDX-License-Identifier: Apache-2.0 */
#include "model/schema.h"

dbw_table *dbw_schema_table(const dbw_schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->table_count; i++)
        if (strcmp(schema->tables[i].name, name) == 0)
            return &schema->tables[i];
    return NULL;
}

int dbw_table_column_index(const dbw_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

dbw_table *dbw_schema_referenced(const dbw_schema *schema, const dbw_table *from,
                                 const dbw_foreign_key *key)
{
    const char *wanted = key->referenced_schema ? key->referenced_schema : from->schema;
    for (size_t i = 0; wanted && i < schema->table_count; i++) {
        const dbw_table *table = &schema->tables[i];
        if (table->schema && strcmp(table->schema, wanted) == 0 &&
            strcmp(table->name, key->referenced_table) == 0)
            return &schema->tables[i];
    }
    return dbw_schema_table(schema, key->referenced_table);
}

dbw_column *dbw_table_column(const dbw_table *table, const char *name)
{
    int i = dbw_table_column_index(table, name);
    return i < 0 ? NULL : &table->columns[i];
}

static bool names_hold(const dbw_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return false;
}

bool dbw_names_same_set(const dbw_names *a, const dbw_names *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!names_hold(b, a->items[i]))
            return false;
    return true;
}
