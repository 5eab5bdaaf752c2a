/* SPDX-License-Identifier: Apache-2.0 */
/* create: indexes in the target's words; a unique one is never lost without a finding. */
#include "engine/portable.h"
#include "transfer/map_priv.h"

static dbw_index *add_index(dbw_planner *planner, dbw_work *work)
{
    return DBW_APPEND(planner->arena, work->target->indexes, work->target->index_count);
}

/* A unique index over the columns with the case of letters taken out. */
void dbw_map_folded_index(dbw_planner *planner, dbw_work *work, const dbw_names *source,
                          const dbw_names *target, dbw_name_set *relations)
{
    dbw_index *index = add_index(planner, work);
    *index = (dbw_index){.unique = true, .item_count = target->count};
    index->name = dbw_map_claim(planner, work, relations, NULL,
                                dbw_map_made_name(planner, work, target, "lower_key"));
    index->items = DBW_NEW_ARRAY(planner->arena, target->count, dbw_index_item);
    for (size_t i = 0; i < target->count; i++) {
        if (dbw_map_ignores_case(work, source->items[i]))
            index->items[i].expression =
                dbw_portable_fold_case(planner->arena, planner->to, target->items[i]);
        else
            index->items[i].column = target->items[i];
    }
    dbw_plan_changed(planner, "object", work->source->name, index->name, NULL, "a unique index",
                     "the source's key ignores case", false);
}

/*
 * Of an index of the first characters: how many of them the target's has to have too. Where they
 * are unique that says something, and whole texts that are long are more than an index takes
 * (PostgreSQL: 2704 bytes). Elsewhere all of the column serves as well, and look-ups use it.
 */
enum { LONG_TEXT = 2000 };

static int32_t prefix_kept(const dbw_work *work, size_t n, const dbw_index_item *from, bool unique)
{
    const dbw_profile_column *p = &work->profile.profiles[n];
    bool is_long = p->longest_bytes > LONG_TEXT || p->longest_blob > LONG_TEXT;
    return from->prefix > 0 && (unique || is_long) ? from->prefix : 0;
}

static const char *map_index_item(dbw_planner *planner, const dbw_work *work, bool unique,
                                  const dbw_index_item *from, dbw_index_item *to)
{
    const char *note = NULL;
    *to = (dbw_index_item){
        .descending = from->descending,
        .nulls_first = from->nulls_first,
        .nulls_last = from->nulls_last,
        .prefix = planner->same_engine ? from->prefix : 0,
        .collation = planner->same_engine && dbw_plan_knows_collation(planner, from->collation)
                         ? from->collation
                         : NULL,
        .operator_class = planner->same_engine ? from->operator_class : NULL,
    };
    if (!from->column) {
        to->expression = dbw_map_translate(planner, work, from->expression, false, unique, &note);
        return to->expression ? NULL : note;
    }
    int n = dbw_work_column(work, from->column);
    if (n < 0 || work->targets[n] == SIZE_MAX)
        return "a column of it is left out";
    const char *name = work->target->columns[work->targets[n]].name;
    int32_t cut = planner->same_engine ? 0 : prefix_kept(work, (size_t)n, from, unique);
    bool folds = from->collation ? dbw_ignores_case(from->collation)
                                 : dbw_map_ignores_case(work, from->column);
    if (unique && folds && planner->to->dialect->nocase_columns && !planner->same_engine) {
        /* No index over an expression: the column itself compares without case. */
        to->column = name;
        if (!dbw_map_ignores_case(work, from->column)) {
            work->target->columns[work->targets[n]].collation = DBW_COLLATION_NOCASE;
            dbw_plan_find(planner, DBW_SEVERITY_WARNING, "case-insensitive", work->source->name,
                          from->column, 0,
                          "%s.%s is unique whatever the case of its letters: in the target it is "
                          "compared without case everywhere",
                          work->source->name, from->column);
        }
    } else if (unique && folds && !planner->same_engine) {
        to->expression = dbw_portable_fold_case(planner->arena, planner->to, name);
        if (!dbw_map_ignores_case(work, from->column))
            dbw_map_find_case(planner, work, from->column, true);
    } else if (cut) {
        dbw_buffer quoted;
        dbw_buffer_init(&quoted, 1024);
        dbw_quote_name(planner->to, &quoted, name);
        to->expression = dbw_arena_string(planner->arena, quoted.data);
        dbw_buffer_free(&quoted);
    } else {
        to->column = name;
    }
    if (cut)
        to->expression =
            dbw_arena_printf(planner->arena, "substr(%s, 1, %d)", to->expression, (int)cut);
    return NULL;
}

/* What says how an index is kept, and not what it finds. */
static void note_plain(dbw_planner *planner, const dbw_work *work, const dbw_index *from)
{
    if (planner->same_engine)
        return;
    for (size_t i = 0; i < from->item_count; i++) {
        const dbw_index_item *item = &from->items[i];
        const char *order = item->nulls_first  ? "NULLS FIRST"
                            : item->nulls_last ? "NULLS LAST"
                                               : NULL;
        if (item->operator_class)
            dbw_plan_changed(planner, "object", work->source->name, from->name,
                             item->operator_class, "the usual comparison",
                             "there are no operator classes", false);
        if (order && planner->to->dialect->plain_indexes)
            dbw_plan_changed(planner, "object", work->source->name, from->name, order,
                             "where the engine sorts it",
                             "an index puts NULL where the engine sorts it", false);
    }
    if (from->include.count && planner->to->dialect->plain_indexes)
        dbw_plan_changed(
            planner, "object", work->source->name, from->name,
            dbw_arena_printf(planner->arena, "INCLUDE (%s)", dbw_map_list(planner, &from->include)),
            "its own columns", "no included columns", false);
}

static const char *map_index(dbw_planner *planner, dbw_work *work, const dbw_index *from,
                             dbw_index *to)
{
    const char *note = NULL;
    *to = (dbw_index){
        .unique = from->unique,
        .method = planner->same_engine ? from->method : NULL,
        .items = DBW_NEW_ARRAY(planner->arena, from->item_count + 1, dbw_index_item),
        .item_count = from->item_count,
    };
    bool plain =
        from->method && (strcmp(from->method, "hash") == 0 || strcmp(from->method, "brin") == 0);
    if (from->method && !planner->same_engine && !plain)
        return "its method is not known here";
    for (size_t i = 0; i < from->item_count; i++) {
        const char *reason =
            map_index_item(planner, work, from->unique, &from->items[i], &to->items[i]);
        if (reason)
            return reason;
    }
    bool known = true;
    for (size_t i = 0; i < from->item_count; i++)
        known = known && dbw_plan_knows_collation(planner, from->items[i].collation);
    if (planner->same_engine && dbw_work_unchanged(work)) {
        to->tail = from->tail;
        if (known && strcmp(work->target_name, work->source->name) == 0)
            to->definition = from->definition;
    }
    if (from->include.count && !dbw_plan_target_names(planner, work, &from->include, &to->include))
        return "a column of it is left out";
    note_plain(planner, work, from);
    if (from->where) {
        to->where = dbw_plan_translate(planner, work, from->where, true, &note);
        if (!to->where)
            return note;
    }
    return NULL;
}

void dbw_map_indexes(dbw_planner *planner, dbw_work *work, dbw_name_set *relations)
{
    const dbw_table *source = work->source;
    for (size_t i = 0; i < source->index_count; i++) {
        const dbw_index *from = &source->indexes[i];
        const char *shown = from->name ? from->name : "without a name";
        dbw_index to;
        bool excluded = dbw_plan_excluded(planner, source, from->name);
        const char *reason = excluded ? "left out as asked" : map_index(planner, work, from, &to);
        if (reason) {
            dbw_map_lose(planner, work,
                         excluded       ? NULL
                         : from->unique ? "unique-lost"
                                        : "index-lost",
                         dbw_arena_printf(planner->arena, "%s '%s'",
                                          from->unique ? "unique index" : "index", shown),
                         from->name, reason, from->definition);
            continue;
        }
        to.name =
            dbw_map_claim(planner, work, relations, from->name,
                          dbw_map_made_name(planner, work, NULL, from->unique ? "key" : "idx"));
        if (from->nulls_not_distinct && !planner->same_engine)
            dbw_map_weaken(planner, work, shown, "NULLS NOT DISTINCT",
                           "any number of rows may be NULL");
        if (from->method && !to.method)
            dbw_plan_changed(planner, "object", source->name, shown,
                             dbw_arena_printf(planner->arena, "USING %s", from->method),
                             "an ordinary index", "its method is not known here", false);
        *add_index(planner, work) = to;
    }
}
