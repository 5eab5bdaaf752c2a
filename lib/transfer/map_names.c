/* SPDX-License-Identifier: Apache-2.0 */
/* create: the names and words that the parts of a table get in the target. */
#include "engine/portable.h"
#include "transfer/map_priv.h"

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
const char *dbw_map_translate(dbw_planner *planner, const dbw_work *work, const char *expression,
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
    return dbw_map_translate(planner, work, expression, condition, false, note);
}

/* "TABLE_a_b_SUFFIX", as PostgreSQL names what has no name. */
const char *dbw_map_made_name(dbw_planner *planner, const dbw_work *work, const dbw_names *columns,
                              const char *suffix)
{
    const char *name = work->target_name;
    for (size_t i = 0; columns && i < columns->count; i++)
        name = dbw_arena_printf(planner->arena, "%s_%s", name, columns->items[i]);
    return dbw_arena_printf(planner->arena, "%s_%s", name, suffix);
}

/* The name that the object gets; a change of name is recorded when it had one. */
const char *dbw_map_claim(dbw_planner *planner, const dbw_work *work, dbw_name_set *set,
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

const char *dbw_map_list(dbw_planner *planner, const dbw_names *names)
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

bool dbw_map_ignores_case(const dbw_work *work, const char *name)
{
    int position = dbw_column_find(work->source, name);
    return position >= 0 && dbw_ignores_case(work->source->columns[position].collation);
}

void dbw_map_find_case(dbw_planner *planner, const dbw_work *work, const char *column, bool unique)
{
    dbw_plan_find(planner, DBW_SEVERITY_WARNING, "case-insensitive", work->source->name, column, 0,
                  unique ? "%s.%s is unique whatever the case of its letters: a unique index over "
                           "lower() keeps that, look-ups must say lower() too"
                         : "%s.%s is compared without case in the source, and with case in the "
                           "target: look-ups need lower()",
                  work->source->name, column);
}

/* What a key or foreign key asks for beyond what other engines know. */
void dbw_map_weaken(dbw_planner *planner, const dbw_work *work, const char *name,
                    const char *before, const char *after)
{
    dbw_plan_changed(planner, "object", work->source->name, name, before, after,
                     "the target does not know it", true);
}

/* Of a table: an index, a key, a check. */
void dbw_map_lose(dbw_planner *planner, const dbw_work *work, const char *code, const char *what,
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
