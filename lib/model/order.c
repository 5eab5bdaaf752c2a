/* SPDX-License-Identifier: Apache-2.0 */
#include "model/schema.h"

/*
 * Tarjan's strongly connected components ("Depth-first search and linear graph algorithms", 1972):
 * a component is closed after all that it refers to, so components come out parents first.
 * Recursion is as deep as the longest chain of foreign keys.
 */
struct walk {
    const dbw_schema *schema;
    size_t *number; /* order of discovery, from 1; 0: not seen */
    size_t *low;
    bool *on_stack;
    size_t *stack;
    size_t depth;
    size_t next;
    size_t *order;
    size_t ordered;
    bool *in_cycle;
};

static void close_component(struct walk *walk, size_t root)
{
    size_t from = walk->ordered, table;
    do {
        table = walk->stack[--walk->depth];
        walk->on_stack[table] = false;
        walk->order[walk->ordered++] = table;
    } while (table != root);
    bool cycle = walk->ordered - from > 1;
    for (size_t i = from; cycle && i < walk->ordered; i++)
        walk->in_cycle[walk->order[i]] = true;
}

static void visit(struct walk *walk, size_t table)
{
    walk->number[table] = walk->low[table] = ++walk->next;
    walk->stack[walk->depth++] = table;
    walk->on_stack[table] = true;

    const dbw_table *t = &walk->schema->tables[table];
    for (size_t i = 0; i < t->foreign_key_count; i++) {
        const dbw_table *parent = dbw_schema_referenced(walk->schema, t, &t->foreign_keys[i]);
        if (!parent)
            continue;
        size_t p = (size_t)(parent - walk->schema->tables);
        if (p == table)
            walk->in_cycle[table] = true;
        else if (!walk->number[p])
            visit(walk, p);
        if (walk->on_stack[p] && walk->low[p] < walk->low[table])
            walk->low[table] = walk->low[p];
    }
    if (walk->low[table] == walk->number[table])
        close_component(walk, table);
}

void dbw_schema_order(dbw_arena *arena, const dbw_schema *schema, size_t **order, bool **in_cycle)
{
    size_t n = schema->table_count;
    struct walk walk = {
        .schema = schema,
        .number = DBW_NEW_ARRAY(arena, n, size_t),
        .low = DBW_NEW_ARRAY(arena, n, size_t),
        .on_stack = DBW_NEW_ARRAY(arena, n, bool),
        .stack = DBW_NEW_ARRAY(arena, n, size_t),
        .order = DBW_NEW_ARRAY(arena, n, size_t),
        .in_cycle = DBW_NEW_ARRAY(arena, n, bool),
    };
    for (size_t i = 0; i < n; i++)
        if (!walk.number[i])
            visit(&walk, i);
    *order = walk.order;
    *in_cycle = walk.in_cycle;
}
