/* SPDX-License-Identifier: Apache-2.0 */
/* Views, triggers, functions and the like: made again by their own text, or lost and said so. */
#include "transfer/plan_priv.h"

/* Whether the object is made again as it is, or why not. */
static const char *why_not_made(const dbw_planner *planner, const dbw_object *object,
                                const dbw_work *owner)
{
    if (strcmp(object->kind, "privileges") == 0)
        return "roles belong to a server: run it there once they are there too";
    if (!planner->same_engine)
        return "its statement is in the source's own dialect";
    if (!object->create)
        return "there is no statement for it";
    if (owner &&
        (!dbw_work_unchanged(owner) || strcmp(owner->target_name, owner->source->name) != 0))
        return "its table was changed";
    return NULL;
}

static int by_rank(const void *left, const void *right)
{
    const dbw_object *a = *(const dbw_object *const *)left;
    const dbw_object *b = *(const dbw_object *const *)right;
    if (a->before != b->before)
        return a->before ? -1 : 1;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

void dbw_plan_objects(dbw_planner *planner)
{
    const dbw_schema *source = planner->source;
    dbw_plan *plan = planner->plan;
    for (size_t i = 0; i < source->object_count; i++) {
        const dbw_object *object = &source->objects[i];
        const dbw_work *owner = object->table ? dbw_plan_work(planner, object->table) : NULL;
        const char *reason = why_not_made(planner, object, owner);
        bool schema = strcmp(object->kind, "schema") == 0;
        /* The labels are kept with the columns; settings of a file mean nothing elsewhere. */
        bool labels = (strcmp(object->kind, "enum") == 0 || strcmp(object->kind, "setting") == 0) &&
                      !planner->same_engine;
        /* It is spoken of by itself. */
        if (planner->from->loose && strcmp(object->kind, planner->from->loose->kind) == 0)
            continue;
        bool left_out = owner && owner->skip && owner->source->kind != DBW_TABLE_PARTITION;
        if (left_out || (schema && (reason || plan->target_schema)) || labels)
            continue;
        if (!reason) {
            *DBW_APPEND(planner->arena, plan->objects, plan->object_count) = object;
            continue;
        }
        const char *shown = dbw_arena_printf(planner->arena, "%s %s", object->kind, object->name);
        /* Without them nothing that is stored is less. */
        if (strcmp(object->kind, "extension") == 0 || strcmp(object->kind, "statistics") == 0) {
            dbw_plan_changed(planner, "object", object->table ? object->table : object->name,
                             object->name, shown, NULL, reason, false);
            continue;
        }
        dbw_lost lost = {
            .code = dbw_arena_printf(planner->arena, "%s-lost", object->kind),
            .table = object->table ? object->table : object->name,
            .name = object->name,
            .what = dbw_arena_printf(planner->arena, "%s '%s'", object->kind, object->name),
            .text = object->definition,
            .before = shown,
            .reason = reason,
        };
        dbw_plan_lose(planner, &lost);
    }
    if (plan->object_count)
        qsort(plan->objects, plan->object_count, sizeof *plan->objects, by_rank);
}
