/* SPDX-License-Identifier: Apache-2.0 */
/*
 * create: keys, foreign keys, indexes and checks in the target's words. What cannot be said there
 * goes to the to-do script with its original text, and a unique key is never lost without a
 * finding.
 */
#include "engine/portable.h"
#include "transfer/plan_priv.h"

/* --- names and expressions -------------------------------------------------------------------- */

bool dbw_plan_target_names(dbw_planner *planner, const dbw_work *work, const dbw_names *source,
                           dbw_names *out)
{
    out->items = DBW_NEW_ARRAY(planner->arena, source->count + 1, const char *);
    out->count = 0;
    for (size_t i = 0; i < source->count; i++) {
        int n = dbw_work_column(work, source->items[i]);
        if (n < 0 || work->targets[n] == SIZE_MAX)
            return false;
        out->items[out->count++] = work->target->columns[work->targets[n]].name;
    }
    return true;
}

static bool find_column(void *context, const char *name, const char **target, dbw_intent *intent)
{
    const dbw_work *work = context;
    int n = dbw_work_column(work, name);
    if (n < 0 || work->targets[n] == SIZE_MAX)
        return false;
    *target = work->target->columns[work->targets[n]].name;
    *intent = work->target->columns[work->targets[n]].type.intent;
    return true;
}

bool dbw_work_unchanged(const dbw_work *work)
{
    for (size_t i = 0; i < work->column_count; i++)
        if (strcmp(work->names[i], work->source->columns[work->columns[i]].name) != 0)
            return false;
    return work->column_count == work->source->column_count;
}

/* Some text of the table has letters that the engines' lower() treats differently. */
static bool has_other_letters(const dbw_work *work)
{
    for (size_t n = 0; n < work->column_count; n++)
        if (work->profile.profiles[n].not_ascii > 0)
            return true;
    return false;
}

/* `exact`: for a unique key, which must not find more values equal than the source does. */
static const char *translate(dbw_planner *planner, const dbw_work *work, const char *expression,
                             bool condition, bool exact, const char **note)
{
    dbw_portable portable = {
        .from = planner->from,
        .to = planner->to,
        .exact_case = exact && has_other_letters(work),
        .other_letters = has_other_letters(work),
        .context = (void *)(uintptr_t)work,
        .column = find_column,
    };
    *note = NULL;
    if (planner->same_engine && dbw_work_unchanged(work))
        return expression;
    return dbw_portable_expression(planner->arena, &portable, expression, condition, note);
}

const char *dbw_plan_translate_value(dbw_planner *planner, const dbw_work *work,
                                     const char *expression, const dbw_type *type,
                                     const char **note)
{
    dbw_portable portable = {
        .from = planner->from,
        .to = planner->to,
        .exact_value = true,
        .exact_case = has_other_letters(work),
        .other_letters = has_other_letters(work),
        .context = (void *)(uintptr_t)work,
        .column = find_column,
    };
    *note = NULL;
    if (planner->same_engine && dbw_work_unchanged(work))
        return expression;
    return dbw_portable_value(planner->arena, &portable, expression, type->intent, note);
}

const char *dbw_plan_translate(dbw_planner *planner, const dbw_work *work, const char *expression,
                               bool condition, const char **note)
{
    return translate(planner, work, expression, condition, false, note);
}

/* "TABLE_a_b_SUFFIX", as PostgreSQL names what has no name. */
static const char *made_name(dbw_planner *planner, const dbw_work *work, const dbw_names *columns,
                             const char *suffix)
{
    const char *name = work->target_name;
    for (size_t i = 0; columns && i < columns->count; i++)
        name = dbw_arena_printf(planner->arena, "%s_%s", name, columns->items[i]);
    return dbw_arena_printf(planner->arena, "%s_%s", name, suffix);
}

/* The name that the object gets; a change of name is recorded when it had one. */
static const char *claim(dbw_planner *planner, const dbw_work *work, dbw_name_set *set,
                         const char *given, const char *made)
{
    const char *salt =
        dbw_arena_printf(planner->arena, "%s.%s", work->target_name, given ? given : made);
    const char *name =
        dbw_name_claim(planner->arena, planner->to->dialect, set, given ? given : made, salt);
    if (given && strcmp(name, given) != 0)
        dbw_plan_changed(planner, "object", work->source->name, given, given, name,
                         "the name is too long, or taken", false);
    return name;
}

static const char *list_of(dbw_planner *planner, const dbw_names *names)
{
    const char *list = "";
    for (size_t i = 0; i < names->count; i++)
        list = dbw_arena_printf(planner->arena, "%s%s%s", list, i ? ", " : "", names->items[i]);
    return list;
}

/* --- case ------------------------------------------------------------------------------------- */

bool dbw_ignores_case(const char *collation)
{
    size_t length = collation ? strlen(collation) : 0;
    if (!length)
        return false;
    return dbw_text_equal_nocase(dbw_text_of(collation), DBW_TEXT("nocase")) ||
           (length > 3 && strcmp(collation + length - 3, "_ci") == 0);
}

static bool column_ignores_case(const dbw_work *work, const char *name)
{
    int position = dbw_column_find(work->source, name);
    return position >= 0 && dbw_ignores_case(work->source->columns[position].collation);
}

static void find_case(dbw_planner *planner, const dbw_work *work, const char *column, bool unique)
{
    dbw_plan_find(planner, DBW_SEVERITY_WARNING, "case-insensitive", work->source->name, column, 0,
                  unique ? "%s.%s is unique whatever the case of its letters: a unique index over "
                           "lower() keeps that, look-ups must say lower() too"
                         : "%s.%s is compared without case in the source, and with case in the "
                           "target: look-ups need lower()",
                  work->source->name, column);
}

/* What a key or foreign key asks for beyond what other engines know. */
static void weaken(dbw_planner *planner, const dbw_work *work, const char *name, const char *before,
                   const char *after)
{
    dbw_plan_changed(planner, "object", work->source->name, name, before, after,
                     "the target does not know it", true);
}

/* --- indexes ---------------------------------------------------------------------------------- */

static dbw_index *add_index(dbw_planner *planner, dbw_work *work)
{
    return DBW_APPEND(planner->arena, work->target->indexes, work->target->index_count);
}

/* A unique index over the columns with the case of letters taken out. */
static void add_folded_index(dbw_planner *planner, dbw_work *work, const dbw_names *source,
                             const dbw_names *target, dbw_name_set *relations)
{
    dbw_index *index = add_index(planner, work);
    *index = (dbw_index){.unique = true, .item_count = target->count};
    index->name =
        claim(planner, work, relations, NULL, made_name(planner, work, target, "lower_key"));
    index->items = DBW_NEW_ARRAY(planner->arena, target->count, dbw_index_item);
    for (size_t i = 0; i < target->count; i++) {
        if (column_ignores_case(work, source->items[i]))
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
        to->expression = translate(planner, work, from->expression, false, unique, &note);
        return to->expression ? NULL : note;
    }
    int n = dbw_work_column(work, from->column);
    if (n < 0 || work->targets[n] == SIZE_MAX)
        return "a column of it is left out";
    const char *name = work->target->columns[work->targets[n]].name;
    int32_t cut = planner->same_engine ? 0 : prefix_kept(work, (size_t)n, from, unique);
    bool folds = from->collation ? dbw_ignores_case(from->collation)
                                 : column_ignores_case(work, from->column);
    if (unique && folds && planner->to->dialect->nocase_columns && !planner->same_engine) {
        /* No index over an expression: the column itself compares without case. */
        to->column = name;
        if (!column_ignores_case(work, from->column)) {
            work->target->columns[work->targets[n]].collation = DBW_COLLATION_NOCASE;
            dbw_plan_find(planner, DBW_SEVERITY_WARNING, "case-insensitive", work->source->name,
                          from->column, 0,
                          "%s.%s is unique whatever the case of its letters: in the target it is "
                          "compared without case everywhere",
                          work->source->name, from->column);
        }
    } else if (unique && folds && !planner->same_engine) {
        to->expression = dbw_portable_fold_case(planner->arena, planner->to, name);
        if (!column_ignores_case(work, from->column))
            find_case(planner, work, from->column, true);
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
            dbw_arena_printf(planner->arena, "INCLUDE (%s)", list_of(planner, &from->include)),
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

/* Of a table: an index, a key, a check. */
static void lose(dbw_planner *planner, const dbw_work *work, const char *code, const char *what,
                 const char *name, const char *reason, const char *text)
{
    const char *table = work->source->name;
    dbw_plan_lose(planner, &(dbw_lost){
                               .code = code,
                               .table = table,
                               .name = name,
                               .what = dbw_arena_printf(planner->arena, "%s of %s", what, table),
                               .text = text,
                               .reason = reason,
                           });
}

static void map_indexes(dbw_planner *planner, dbw_work *work, dbw_name_set *relations)
{
    const dbw_table *source = work->source;
    for (size_t i = 0; i < source->index_count; i++) {
        const dbw_index *from = &source->indexes[i];
        const char *shown = from->name ? from->name : "without a name";
        dbw_index to;
        bool excluded = dbw_plan_excluded(planner, source, from->name);
        const char *reason = excluded ? "left out as asked" : map_index(planner, work, from, &to);
        if (reason) {
            lose(planner, work,
                 excluded       ? NULL
                 : from->unique ? "unique-lost"
                                : "index-lost",
                 dbw_arena_printf(planner->arena, "%s '%s'",
                                  from->unique ? "unique index" : "index", shown),
                 from->name, reason, from->definition);
            continue;
        }
        to.name = claim(planner, work, relations, from->name,
                        made_name(planner, work, NULL, from->unique ? "key" : "idx"));
        if (from->nulls_not_distinct && !planner->same_engine)
            weaken(planner, work, shown, "NULLS NOT DISTINCT", "any number of rows may be NULL");
        if (from->method && !to.method)
            dbw_plan_changed(planner, "object", source->name, shown,
                             dbw_arena_printf(planner->arena, "USING %s", from->method),
                             "an ordinary index", "its method is not known here", false);
        *add_index(planner, work) = to;
    }
}

/* --- keys ------------------------------------------------------------------------------------- */

static void map_key(dbw_planner *planner, dbw_work *work, const dbw_key *from, bool primary,
                    dbw_name_set *relations)
{
    dbw_names columns;
    const char *what = primary ? "the primary key" : "a unique key";
    if (!primary && dbw_plan_excluded(planner, work->source, from->name)) {
        work->target->definition = NULL;
        lose(planner, work, NULL, what, from->name, "left out as asked",
             list_of(planner, &from->columns));
        return;
    }
    if (!dbw_plan_target_names(planner, work, &from->columns, &columns)) {
        lose(planner, work, "unique-lost", what, from->name, "a column of it is left out",
             list_of(planner, &from->columns));
        return;
    }
    dbw_table *target = work->target;
    dbw_key *to = primary ? DBW_NEW(planner->arena, dbw_key)
                          : DBW_APPEND(planner->arena, target->uniques, target->unique_count);
    *to = (dbw_key){
        .columns = columns,
        .deferrable = from->deferrable,
        .initially_deferred = from->initially_deferred,
        .name =
            claim(planner, work, relations, from->name,
                  made_name(planner, work, primary ? NULL : &columns, primary ? "pkey" : "key")),
    };
    if (planner->same_engine && dbw_work_unchanged(work))
        to->definition = from->definition;
    if (from->nulls_not_distinct && !planner->same_engine)
        weaken(planner, work, from->name, "NULLS NOT DISTINCT", "any number of rows may be NULL");
    if (from->deferrable && planner->to->dialect->unchecked_keys)
        weaken(planner, work, from->name, "a key that is DEFERRABLE", "checked row by row");
    if (primary) {
        target->primary_key = to;
        for (size_t i = 0; i < columns.count && !planner->same_engine; i++)
            dbw_table_column(target, columns.items[i])->nullable = false;
    }
    bool folds = false;
    for (size_t i = 0; i < from->columns.count; i++)
        folds |= column_ignores_case(work, from->columns.items[i]);
    if (folds && !planner->same_engine && !planner->to->dialect->nocase_columns)
        add_folded_index(planner, work, &from->columns, &columns, relations);
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
            to.name = claim(planner, work, constraints, from->name,
                            made_name(planner, work, &to.columns, "fkey"));
            if (from->match_full && from->columns.count > 1 && !planner->same_engine)
                weaken(planner, work, to.name, "MATCH FULL", "MATCH SIMPLE");
            *DBW_APPEND(planner->arena, work->target->foreign_keys,
                        work->target->foreign_key_count) = to;
            continue;
        }
        const char *text = dbw_arena_printf(
            planner->arena, "FOREIGN KEY (%s) REFERENCES %s (%s)", list_of(planner, &from->columns),
            from->referenced_table, list_of(planner, &from->referenced_columns));
        lose(planner, work, excluded ? NULL : "foreign-key-lost",
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
            lose(planner, work, NULL, "a check", from->name, "left out as asked", original);
            work->target->definition = NULL; /* it would bring it along */
            continue;
        }
        if (text && !can_be_said(planner, source, from->expression)) {
            lose(planner, work, "check-lost", "a check", from->name,
                 "it needs something that only the application knows", original);
            work->target->definition = NULL; /* it would bring it along */
            continue;
        }
        if (!text) {
            lose(planner, work, "check-lost", "a check", from->name, note, original);
            continue;
        }
        if (note)
            dbw_plan_changed(planner, "object", source->name, from->name, original,
                             dbw_arena_printf(planner->arena, "CHECK (%s)", text), note, false);
        *DBW_APPEND(planner->arena, work->target->checks, work->target->check_count) = (dbw_check){
            .name = claim(planner, work, constraints, from->name,
                          made_name(planner, work, NULL, "check")),
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
        .name =
            claim(planner, work, constraints, NULL, made_name(planner, work, &columns, "check")),
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
    map_indexes(planner, work, relations);
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
            find_case(planner, work, column->name, unique);
    }
}

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
