/* SPDX-License-Identifier: Apache-2.0 */
/*
 * create: keys, foreign keys and checks in the target's words. What cannot be said there goes to
 * the to-do script with its original text, and a unique key is never lost without a finding.
 */
#include "transfer/map_priv.h"

/* --- keys ------------------------------------------------------------------------------------- */

static void map_key(dbw_planner *planner, dbw_work *work, const dbw_key *from, bool primary,
                    dbw_name_set *relations)
{
    dbw_names columns;
    const char *what = primary ? "the primary key" : "a unique key";
    if (!primary && dbw_plan_excluded(planner, work->source, from->name)) {
        work->target->definition = NULL;
        dbw_map_lose(planner, work, NULL, what, from->name, "left out as asked",
                     dbw_map_list(planner, &from->columns));
        return;
    }
    if (!dbw_plan_target_names(planner, work, &from->columns, &columns)) {
        dbw_map_lose(planner, work, "unique-lost", what, from->name, "a column of it is left out",
                     dbw_map_list(planner, &from->columns));
        return;
    }
    dbw_table *target = work->target;
    dbw_key *to = primary ? DBW_NEW(planner->arena, dbw_key)
                          : DBW_APPEND(planner->arena, target->uniques, target->unique_count);
    *to = (dbw_key){
        .columns = columns,
        .deferrable = from->deferrable,
        .initially_deferred = from->initially_deferred,
        .name = dbw_map_claim(
            planner, work, relations, from->name,
            dbw_map_made_name(planner, work, primary ? NULL : &columns, primary ? "pkey" : "key")),
    };
    if (planner->same_engine && dbw_work_unchanged(work))
        to->definition = from->definition;
    if (from->nulls_not_distinct && !planner->same_engine)
        dbw_map_weaken(planner, work, from->name, "NULLS NOT DISTINCT",
                       "any number of rows may be NULL");
    if (from->deferrable && planner->to->dialect->unchecked_keys)
        dbw_map_weaken(planner, work, from->name, "a key that is DEFERRABLE", "checked row by row");
    if (primary) {
        target->primary_key = to;
        for (size_t i = 0; i < columns.count && !planner->same_engine; i++)
            dbw_table_column(target, columns.items[i])->nullable = false;
    }
    bool folds = false;
    for (size_t i = 0; i < from->columns.count; i++)
        folds |= dbw_map_ignores_case(work, from->columns.items[i]);
    if (folds && !planner->same_engine && !planner->to->dialect->nocase_columns)
        dbw_map_folded_index(planner, work, &from->columns, &columns, relations);
}

static bool unique_columns(const dbw_table *table, const dbw_names *columns)
{
    if (table->primary_key && dbw_names_same_set(&table->primary_key->columns, columns))
        return true;
    for (size_t i = 0; i < table->unique_count; i++)
        if (dbw_names_same_set(&table->uniques[i].columns, columns))
            return true;
    for (size_t i = 0; i < table->index_count; i++) {
        const dbw_index *index = &table->indexes[i];
        bool same = index->unique && !index->where && index->item_count == columns->count;
        for (size_t k = 0; same && k < index->item_count; k++) {
            bool found = false;
            for (size_t n = 0; index->items[k].column && n < columns->count && !found; n++)
                found = strcmp(index->items[k].column, columns->items[n]) == 0;
            same = found;
        }
        if (same)
            return true;
    }
    return false;
}

/* Whether the engine can compare the two columns of a foreign key. */
static bool joinable(const dbw_type *a, const dbw_type *b)
{
    dbw_kind left = dbw_intent_kind(a->intent), right = dbw_intent_kind(b->intent);
    bool numbers =
        (left == DBW_KIND_INT64 || left == DBW_KIND_DECIMAL || left == DBW_KIND_DOUBLE) &&
        (right == DBW_KIND_INT64 || right == DBW_KIND_DECIMAL || right == DBW_KIND_DOUBLE);
    return left == right || numbers;
}

static const char *map_foreign_key(dbw_planner *planner, dbw_work *work,
                                   const dbw_foreign_key *from, dbw_foreign_key *to)
{
    dbw_work *parent = dbw_plan_parent(planner, work->source, from);
    *to = *from;
    to->name = NULL;
    to->not_valid = from->not_valid && planner->same_engine;
    if (!parent || !parent->source)
        return "the table that it refers to does not exist";
    if (parent->skip)
        return "the table that it refers to is left out";
    to->referenced_table = parent->target_name;
    /* From another namespace into the one that is meant without saying. */
    to->referenced_schema = parent->target->schema ? parent->target->schema
                            : work->target->schema ? ""
                                                   : NULL;
    if (from->on_delete_columns.count &&
        (!planner->same_engine ||
         !dbw_plan_target_names(planner, work, &from->on_delete_columns, &to->on_delete_columns))) {
        to->on_delete_columns = (dbw_names){0};
        to->on_delete = DBW_ACTION_NO_ACTION;
        dbw_plan_changed(planner, "object", work->source->name, from->name,
                         "ON DELETE SET for some of its columns", "ON DELETE NO ACTION",
                         "the target sets all columns of a key or none", true);
    }
    if (!dbw_plan_target_names(planner, work, &from->columns, &to->columns) ||
        !dbw_plan_target_names(planner, parent, &from->referenced_columns, &to->referenced_columns))
        return "a column of it is left out";
    if (!to->columns.count || to->columns.count != to->referenced_columns.count)
        return "its columns do not match those that it refers to";
    for (size_t i = 0; i < to->columns.count; i++) {
        const dbw_column *a = dbw_table_column(work->target, to->columns.items[i]);
        const dbw_column *b = dbw_table_column(parent->target, to->referenced_columns.items[i]);
        if (!joinable(&a->type, &b->type))
            return "its columns and those that it refers to have different types";
    }
    return NULL;
}

/* The parent's keys must be there already, which they are for parents mapped before; for the rest
 * the source tells: a key of the source is one of the target. */
static bool parent_is_unique(dbw_planner *planner, const dbw_table *child,
                             const dbw_foreign_key *from)
{
    const dbw_work *parent = dbw_plan_parent(planner, child, from);
    dbw_names exact = {
        .items = DBW_NEW_ARRAY(planner->arena, from->referenced_columns.count + 1, const char *)};
    for (size_t i = 0; i < from->referenced_columns.count; i++) {
        int position = dbw_column_find(parent->source, from->referenced_columns.items[i]);
        if (position >= 0)
            exact.items[exact.count++] = parent->source->columns[position].name;
    }
    return unique_columns(parent->source, &exact);
}

static void map_foreign_keys(dbw_planner *planner, dbw_work *work, dbw_name_set *constraints)
{
    const dbw_table *source = work->source;
    for (size_t i = 0; i < source->foreign_key_count; i++) {
        const dbw_foreign_key *from = &source->foreign_keys[i];
        dbw_foreign_key to;
        bool excluded = dbw_plan_excluded(planner, source, from->name);
        const char *reason =
            excluded ? "left out as asked" : map_foreign_key(planner, work, from, &to);
        if (excluded)
            work->target->definition = NULL;
        if (!reason && !planner->same_engine && !parent_is_unique(planner, source, from))
            reason = "what it refers to is not unique";
        if (!reason) {
            to.name = dbw_map_claim(planner, work, constraints, from->name,
                                    dbw_map_made_name(planner, work, &to.columns, "fkey"));
            if (from->match_full && from->columns.count > 1 && !planner->same_engine)
                dbw_map_weaken(planner, work, to.name, "MATCH FULL", "MATCH SIMPLE");
            *DBW_APPEND(planner->arena, work->target->foreign_keys,
                        work->target->foreign_key_count) = to;
            continue;
        }
        const char *text =
            dbw_arena_printf(planner->arena, "FOREIGN KEY (%s) REFERENCES %s (%s)",
                             dbw_map_list(planner, &from->columns), from->referenced_table,
                             dbw_map_list(planner, &from->referenced_columns));
        dbw_map_lose(
            planner, work, excluded ? NULL : "foreign-key-lost",
            dbw_arena_printf(planner->arena, "the foreign key to %s", from->referenced_table),
            from->name, reason, text);
    }
}

/* --- checks ----------------------------------------------------------------------------------- */

/* Whether the check says nothing that only the application knows. */
static bool can_be_said(const dbw_planner *planner, const dbw_table *table, const char *expression)
{
    dbw_buffer sql;
    dbw_error ignored;
    dbw_value value;
    if (!planner->same_engine || !planner->to->dialect->knows_collation)
        return true;
    dbw_buffer_init(&sql, SIZE_MAX / 4);
    dbw_buffer_printf(&sql, "SELECT count(*) FROM (SELECT (%s) FROM ", expression);
    dbw_quote_name(planner->from, &sql, table->name);
    dbw_buffer_add_string(&sql, " WHERE 0)");
    dbw_status status =
        dbw_fetch_value(planner->reader, planner->arena, sql.data, NULL, 0, &value, &ignored);
    dbw_buffer_free(&sql);
    return status == DBW_OK;
}

static void map_checks(dbw_planner *planner, dbw_work *work, dbw_name_set *constraints)
{
    const dbw_table *source = work->source;
    for (size_t i = 0; i < source->check_count; i++) {
        const dbw_check *from = &source->checks[i];
        const char *note;
        const char *text = dbw_plan_translate(planner, work, from->expression, true, &note);
        const char *original = dbw_arena_printf(planner->arena, "CHECK (%s)", from->expression);
        if (dbw_plan_excluded(planner, source, from->name ? from->name : "check")) {
            dbw_map_lose(planner, work, NULL, "a check", from->name, "left out as asked", original);
            work->target->definition = NULL; /* it would bring it along */
            continue;
        }
        if (text && !can_be_said(planner, source, from->expression)) {
            dbw_map_lose(planner, work, "check-lost", "a check", from->name,
                         "it needs something that only the application knows", original);
            work->target->definition = NULL; /* it would bring it along */
            continue;
        }
        if (!text) {
            dbw_map_lose(planner, work, "check-lost", "a check", from->name, note, original);
            continue;
        }
        if (note)
            dbw_plan_changed(planner, "object", source->name, from->name, original,
                             dbw_arena_printf(planner->arena, "CHECK (%s)", text), note, false);
        *DBW_APPEND(planner->arena, work->target->checks, work->target->check_count) = (dbw_check){
            .name = dbw_map_claim(planner, work, constraints, from->name,
                                  dbw_map_made_name(planner, work, NULL, "check")),
            .expression = text,
        };
    }
}

/* The labels of an enumeration, where the target has none: they go on being enforced. */
static void map_labels(dbw_planner *planner, dbw_work *work, size_t n, dbw_name_set *constraints)
{
    const dbw_type *type = &work->source->columns[work->columns[n]].type;
    const dbw_column *target = &work->target->columns[work->targets[n]];
    dbw_intent intent = target->type.intent;
    const char *list = NULL;
    if (type->intent != DBW_INTENT_ENUM || !type->label_count ||
        (intent != DBW_INTENT_TEXT && intent != DBW_INTENT_VARCHAR))
        return;
    /* MySQL keeps '' where a value was none of them. */
    const dbw_profile_column *p = &work->profile.profiles[n];
    size_t empty = p->texts && p->shortest_characters == 0;
    for (size_t i = 0; i < type->label_count + empty; i++) {
        dbw_default label = {.kind = DBW_DEFAULT_LITERAL,
                             .value =
                                 dbw_value_string(i < type->label_count ? type->labels[i] : "")};
        const char *text =
            planner->to->dialect->render_default(planner->arena, &label, &target->type);
        if (!text)
            return;
        list = list ? dbw_arena_printf(planner->arena, "%s, %s", list, text) : text;
    }
    dbw_buffer name;
    dbw_buffer_init(&name, 4096);
    dbw_quote_name(planner->to, &name, target->name);
    const dbw_names columns = {.items = (const char *[]){target->name}, .count = 1};
    *DBW_APPEND(planner->arena, work->target->checks, work->target->check_count) = (dbw_check){
        .name = dbw_map_claim(planner, work, constraints, NULL,
                              dbw_map_made_name(planner, work, &columns, "check")),
        .expression = dbw_arena_printf(planner->arena, "%s IN (%s)", name.data, list),
    };
    dbw_buffer_free(&name);
}

/* --- all of a table --------------------------------------------------------------------------- */

void dbw_plan_map_constraints(dbw_planner *planner, dbw_work *work, dbw_name_set *relations,
                              dbw_name_set *shared)
{
    const dbw_table *source = work->source;
    dbw_name_set own = {.fold = relations->fold};
    dbw_name_set indexes = {.fold = true};
    dbw_name_set *constraints = planner->to->dialect->constraints_share_names ? shared : &own;
    if (planner->to->dialect->indexes_by_table)
        relations = &indexes;
    if (source->primary_key)
        map_key(planner, work, source->primary_key, true, relations);
    for (size_t i = 0; i < source->unique_count; i++)
        map_key(planner, work, &source->uniques[i], false, relations);
    dbw_map_indexes(planner, work, relations);
    map_checks(planner, work, constraints);
    for (size_t n = 0; n < work->column_count && !planner->same_engine; n++)
        if (work->targets[n] != SIZE_MAX)
            map_labels(planner, work, n, constraints);
    map_foreign_keys(planner, work, constraints);
    bool told = !planner->same_engine && !planner->to->dialect->nocase_columns;
    for (size_t n = 0; n < work->column_count && told; n++) {
        const dbw_column *column = &source->columns[work->columns[n]];
        bool unique = false;
        for (size_t i = 0; i < source->unique_count; i++)
            for (size_t k = 0; k < source->uniques[i].columns.count; k++)
                unique |= dbw_column_find(source, source->uniques[i].columns.items[k]) ==
                          (int)work->columns[n];
        bool words =
            column->type.intent != DBW_INTENT_ENUM && column->type.intent != DBW_INTENT_SET;
        if (words && dbw_ignores_case(column->collation))
            dbw_map_find_case(planner, work, column->name, unique);
    }
}
