/* SPDX-License-Identifier: Apache-2.0 */
#include "model/schema.h"

#include <inttypes.h>
#include <xxhash.h>

/* Every field goes in with its length, so that no two structures can give the same bytes. */
static void add(XXH3_state_t *state, const char *text)
{
    uint64_t length = text ? strlen(text) : UINT64_MAX;
    XXH3_128bits_update(state, &length, sizeof length);
    if (text && length)
        XXH3_128bits_update(state, text, length);
}

static void add_number(XXH3_state_t *state, int64_t number)
{
    XXH3_128bits_update(state, &number, sizeof number);
}

static void add_names(XXH3_state_t *state, const dbw_names *names)
{
    add_number(state, (int64_t)names->count);
    for (size_t i = 0; i < names->count; i++)
        add(state, names->items[i]);
}

static void add_column(XXH3_state_t *state, const dbw_column *column)
{
    add(state, column->name);
    add(state, column->type.spelling);
    add_number(state, column->type.intent);
    add_number(state, column->type.length);
    add_number(state, column->type.precision);
    add_number(state, column->type.scale);
    add_number(state, column->nullable);
    add_number(state, column->default_value.kind);
    add(state, column->default_value.text);
    add_number(state, column->identity);
    add_number(state, column->generated);
    add(state, column->generation);
    add(state, column->collation);
}

static void add_key(XXH3_state_t *state, const dbw_key *key)
{
    add(state, key->name);
    add_names(state, &key->columns);
    add_number(state, key->deferrable * 2 + key->initially_deferred);
}

static void add_foreign_key(XXH3_state_t *state, const dbw_foreign_key *key)
{
    add(state, key->name);
    add_names(state, &key->columns);
    add(state, key->referenced_schema);
    add(state, key->referenced_table);
    add_names(state, &key->referenced_columns);
    add_number(state, key->on_update);
    add_number(state, key->on_delete);
    add_number(state, key->match_full * 4 + key->deferrable * 2 + key->initially_deferred);
}

static void add_index(XXH3_state_t *state, const dbw_index *index)
{
    add(state, index->name);
    add_number(state, index->unique);
    add(state, index->method);
    add(state, index->where);
    add_names(state, &index->include);
    add_number(state, (int64_t)index->item_count);
    for (size_t i = 0; i < index->item_count; i++) {
        const dbw_index_item *item = &index->items[i];
        add(state, item->column);
        add(state, item->expression);
        add(state, item->collation);
        add(state, item->operator_class);
        add_number(state, item->prefix);
        add_number(state, item->descending * 4 + item->nulls_first * 2 + item->nulls_last);
    }
}

static void add_table(XXH3_state_t *state, const dbw_table *table)
{
    add(state, table->schema);
    add(state, table->name);
    add_number(state, table->kind);
    add_number(state, (int64_t)table->column_count);
    for (size_t i = 0; i < table->column_count; i++)
        add_column(state, &table->columns[i]);
    add_number(state, table->primary_key != NULL);
    if (table->primary_key)
        add_key(state, table->primary_key);
    add_number(state, (int64_t)table->unique_count);
    for (size_t i = 0; i < table->unique_count; i++)
        add_key(state, &table->uniques[i]);
    add_number(state, (int64_t)table->foreign_key_count);
    for (size_t i = 0; i < table->foreign_key_count; i++)
        add_foreign_key(state, &table->foreign_keys[i]);
    add_number(state, (int64_t)table->index_count);
    for (size_t i = 0; i < table->index_count; i++)
        add_index(state, &table->indexes[i]);
    add_number(state, (int64_t)table->check_count);
    for (size_t i = 0; i < table->check_count; i++) {
        add(state, table->checks[i].name);
        add(state, table->checks[i].expression);
    }
}

char *dbw_schema_fingerprint(dbw_arena *arena, const dbw_schema *schema)
{
    XXH3_state_t *state = XXH3_createState();
    if (!state)
        abort();
    XXH3_128bits_reset(state);
    add(state, schema->backend);
    for (size_t i = 0; i < schema->table_count; i++)
        add_table(state, &schema->tables[i]);
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    return dbw_arena_printf(arena, "%016" PRIx64 "%016" PRIx64, hash.high64, hash.low64);
}
