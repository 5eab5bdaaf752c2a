/* SPDX-License-Identifier: Apache-2.0 */
/* create: the target's tables and columns, made from what decide.c decided. */
#include "transfer/convert.h"
#include "transfer/plan_priv.h"

/* --- types ------------------------------------------------------------------------------------ */

static bool same_words(const char *a, const char *b)
{
    return dbw_text_equal_nocase(dbw_text_of(a), dbw_text_of(b));
}

/* The column's type in the target; `loss` and `note` say how good it is. */
static dbw_type map_type(dbw_planner *planner, const dbw_column *source, const dbw_decision *d,
                         dbw_loss *loss, const char **note)
{
    *loss = d->note ? DBW_LOSS_TYPE : DBW_LOSS_NONE;
    *note = d->note;
    if (planner->same_engine && !d->note)
        return source->type;
    if (d->fixed && d->wanted.spelling)
        return d->wanted;
    dbw_type_mapping mapping;
    planner->to->dialect->map_type(planner->arena, &d->wanted, &mapping);
    if (mapping.loss > *loss)
        *loss = mapping.loss;
    if (!*note)
        *note = mapping.note;
    return mapping.type;
}

static void note_type(dbw_planner *planner, const dbw_work *work, const dbw_column *source,
                      const dbw_column *target, dbw_loss loss, const char *note)
{
    const char *before = source->type.spelling;
    if (loss == DBW_LOSS_NONE || same_words(before ? before : "", target->type.spelling))
        return;
    dbw_plan_changed(planner, "type", work->source->name, source->name,
                     before && *before ? before : "no type", target->type.spelling,
                     note ? note : "the nearest type there is", false);
}

/* --- defaults --------------------------------------------------------------------------------- */

static void lose_default(dbw_planner *planner, const dbw_work *work, const dbw_column *source,
                         const char *reason)
{
    const char *text = source->default_value.text ? source->default_value.text : "its default";
    dbw_lost lost = {
        .code = "default-lost",
        .table = work->source->name,
        .name = source->name,
        .of_column = true,
        .what = dbw_arena_printf(planner->arena, "the default of %s.%s", work->source->name,
                                 source->name),
        .text = dbw_arena_printf(planner->arena, "DEFAULT %s", text),
        .reason = reason,
    };
    dbw_plan_lose(planner, &lost);
}

/* A literal takes the way that the column's values take. */
static bool map_literal(dbw_planner *planner, const dbw_plan_column *column, const dbw_value *in,
                        dbw_value *out)
{
    const char *reason;
    dbw_value value;
    dbw_converter *converter = dbw_converter_new(column, 1);
    if (!converter)
        return false;
    bool good = dbw_convert(converter, 0, in, &value, &reason) == DBW_CONVERTED_AS_IS;
    if (good)
        *out = dbw_value_copy(planner->arena, &value);
    dbw_converter_free(converter);
    return good;
}

static void map_default(dbw_planner *planner, const dbw_work *work, const dbw_column *source,
                        const dbw_plan_column *how, dbw_column *target)
{
    dbw_default value = source->default_value;
    const char *note = NULL;
    target->default_value = (dbw_default){0};
    if (value.kind == DBW_DEFAULT_NONE || value.kind == DBW_DEFAULT_SEQUENCE ||
        target->identity != DBW_IDENTITY_NONE ||
        (value.kind == DBW_DEFAULT_LITERAL && dbw_value_is_null(&value.value)))
        return;
    if (planner->same_engine) {
        target->default_value = value;
        return;
    }
    if (value.kind == DBW_DEFAULT_EXPRESSION) {
        bool truth = target->type.intent == DBW_INTENT_BOOLEAN;
        value.text = dbw_plan_translate(planner, work, value.text, truth, &note);
        if (!value.text) {
            lose_default(planner, work, source, note);
            return;
        }
    } else {
        if (value.kind == DBW_DEFAULT_LITERAL &&
            !map_literal(planner, how, &source->default_value.value, &value.value)) {
            lose_default(planner, work, source, "it is no value of the column's type");
            return;
        }
        if (!planner->to->dialect->render_default(planner->arena, &value, &target->type)) {
            lose_default(planner, work, source, "there is no equivalent");
            return;
        }
    }
    target->default_value = value;
}

/* --- columns ---------------------------------------------------------------------------------- */

static bool is_integer(dbw_intent intent)
{
    return intent >= DBW_INTENT_INT16 && intent <= DBW_INTENT_INT64;
}

static dbw_identity map_identity(const dbw_planner *planner, const dbw_column *source,
                                 const dbw_column *target)
{
    if (planner->same_engine || source->identity == DBW_IDENTITY_NONE)
        return source->identity;
    if (!is_integer(target->type.intent))
        return DBW_IDENTITY_NONE;
    return source->identity == DBW_IDENTITY_ALWAYS ? DBW_IDENTITY_ALWAYS : DBW_IDENTITY_BY_DEFAULT;
}

/* A generated column is made again where its expression can be said; else its values are kept. */
static bool map_generated(dbw_planner *planner, const dbw_work *work, const dbw_column *source,
                          dbw_column *target)
{
    const char *note = NULL;
    if (source->generated == DBW_GENERATED_NONE)
        return false;
    const char *expression = source->generation ? source->generation : "";
    const char *text = dbw_plan_translate(planner, work, expression,
                                          target->type.intent == DBW_INTENT_BOOLEAN, &note);
    if (text) {
        target->generated = planner->same_engine ? source->generated : DBW_GENERATED_STORED;
        target->generation = text;
        return true;
    }
    dbw_lost lost = {
        .code = "generated-lost",
        .table = work->source->name,
        .name = source->name,
        .of_column = true,
        .what = dbw_arena_printf(planner->arena, "the generated column %s.%s", work->source->name,
                                 source->name),
        .text = dbw_arena_printf(planner->arena, "GENERATED ALWAYS AS (%s)", expression),
        .after = "an ordinary column with the same values",
        .reason = note,
    };
    dbw_plan_lose(planner, &lost);
    return false;
}

static void note_collation(dbw_planner *planner, const dbw_work *work, const dbw_column *source)
{
    if (!source->collation || planner->same_engine)
        return;
    dbw_plan_changed(planner, "object", work->source->name, source->name,
                     dbw_arena_printf(planner->arena, "COLLATE %s", source->collation),
                     "the database's collation", "collations differ between engines", false);
}

static void map_column(dbw_planner *planner, dbw_work *work, size_t n, dbw_column *target)
{
    size_t position = work->columns[n];
    const dbw_column *source = &work->source->columns[position];
    dbw_decision *decision = &work->decisions[n];
    dbw_loss loss;
    const char *note;
    *target = (dbw_column){
        .name = work->names[n],
        .nullable = source->nullable,
        .comment = source->comment,
        .collation = planner->same_engine ? source->collation : NULL,
    };
    target->type = map_type(planner, source, decision, &loss, &note);
    decision->loss = loss;
    target->identity = map_identity(planner, source, target);
    work->generated[position] = map_generated(planner, work, source, target);
    note_type(planner, work, source, target, loss, note);
    note_collation(planner, work, source);
    decision->note = note;
    if (target->identity != DBW_IDENTITY_NONE)
        target->nullable = false;
}

/* The high-water mark, never below the largest value that is there. */
static int64_t next_identity(const dbw_work *work)
{
    int64_t next = work->source->next_identity;
    for (size_t i = 0; i < work->column_count; i++) {
        const dbw_profile_column *p = &work->profile.profiles[i];
        if (work->source->columns[work->columns[i]].identity == DBW_IDENTITY_NONE || !p->integers ||
            p->integer_most == INT64_MAX)
            continue;
        if (p->integer_most + 1 > next)
            next = p->integer_most + 1;
    }
    return next;
}

static void map_table(dbw_planner *planner, dbw_work *work)
{
    dbw_table *target = work->target;
    target->columns = DBW_NEW_ARRAY(planner->arena, work->column_count, dbw_column);
    /* The names and intents first: expressions may speak of columns that come later. */
    for (size_t n = 0; n < work->column_count; n++) {
        dbw_loss loss;
        const char *note;
        const dbw_column *source = &work->source->columns[work->columns[n]];
        target->columns[n].name = work->names[n];
        target->columns[n].type = map_type(planner, source, &work->decisions[n], &loss, &note);
        work->targets[n] = n;
    }
    target->column_count = work->column_count;
    for (size_t n = 0; n < work->column_count; n++)
        map_column(planner, work, n, &target->columns[n]);
    target->next_identity = next_identity(work);
}

static void map_defaults(dbw_planner *planner, dbw_work *work)
{
    for (size_t n = 0; n < work->column_count; n++) {
        const dbw_column *source = &work->source->columns[work->columns[n]];
        dbw_column *target = &work->target->columns[n];
        dbw_plan_column how = {
            .intent = target->type.intent,
            .reading = work->decisions[n].reading,
            .zone_minutes = work->decisions[n].zone_minutes,
            .target_canonical = {.scale = -1, .fraction = 6},
        };
        if (target->generated == DBW_GENERATED_NONE)
            map_default(planner, work, source, &how, target);
    }
}

/* --- tables ----------------------------------------------------------------------------------- */

static dbw_status name_table(dbw_planner *planner, dbw_work *work, dbw_name_set *relations,
                             dbw_error *error)
{
    const char *wanted = work->target_name;
    if (dbw_name_taken(relations, wanted)) {
        dbw_fail(error, DBW_E_INVALID, "unable to name table '%.100s' '%.100s': there is another",
                 work->source->name, wanted);
        return dbw_error_object(error, "rename");
    }
    work->target_name =
        dbw_name_claim(planner->arena, planner->to->dialect, relations, wanted, wanted);
    if (strcmp(work->target_name, wanted) != 0)
        dbw_plan_changed(planner, "object", work->source->name, NULL, wanted, work->target_name,
                         "the name is too long", false);
    work->target = DBW_NEW(planner->arena, dbw_table);
    *work->target = (dbw_table){
        .schema = planner->plan->target_schema,
        .name = work->target_name,
        .kind = DBW_TABLE_ORDINARY,
        .without_rowid = planner->same_engine && work->source->without_rowid,
        .strict = planner->same_engine && work->source->strict,
        .estimated_rows = work->profile.rows,
        .estimated_bytes = work->profile.bytes,
        .comment = work->source->comment,
    };
    for (size_t n = 0; n < work->column_count; n++) {
        const dbw_column *column = &work->source->columns[work->columns[n]];
        if (strlen(work->names[n]) != strlen(column->name) && planner->to->dialect->name_limit &&
            strlen(column->name) > planner->to->dialect->name_limit)
            dbw_plan_changed(planner, "object", work->source->name, column->name, column->name,
                             work->names[n], "the name is too long", false);
    }
    return DBW_OK;
}

static bool is_reserved(const dbw_dialect *dialect, const char *name)
{
    for (const char *const *one = dialect->reserved_columns; one && *one; one++)
        if (dbw_text_equal_nocase(dbw_text_of(name), dbw_text_of(*one)))
            return true;
    return false;
}

/* What no table of the target can have is said here, not by the server half-way. */
static void check_columns(dbw_planner *planner, const dbw_work *work)
{
    const dbw_dialect *dialect = planner->to->dialect;
    const char *table = work->source->name;
    if (dialect->column_limit && work->column_count > dialect->column_limit)
        dbw_plan_find(planner, DBW_SEVERITY_ERROR, "too-many-columns", table, NULL, 0,
                      "%s has %zu columns, a table of %s at most %zu", table, work->column_count,
                      planner->to->label, dialect->column_limit);
    for (size_t n = 0; n < work->column_count; n++) {
        const char *column = work->source->columns[work->columns[n]].name;
        if (!is_reserved(dialect, work->names[n]))
            continue;
        dbw_finding *finding = dbw_plan_find(planner, DBW_SEVERITY_ERROR, "reserved-name", table,
                                             column, 0, "%s.%s has a name that %s keeps for itself",
                                             table, column, planner->to->label);
        dbw_finding_fix(finding, "rename",
                        dbw_arena_printf(planner->arena, "%s.%s=%s_", table, column, column),
                        "Call it otherwise");
    }
}

dbw_status dbw_plan_map(dbw_planner *planner, dbw_error *error)
{
    dbw_name_set relations = {.fold = !planner->same_engine};
    for (size_t i = 0; i < planner->work_count; i++)
        if (!planner->works[i].skip)
            DBW_TRY(name_table(planner, &planner->works[i], &relations, error));
    for (size_t i = 0; i < planner->work_count; i++) {
        dbw_work *work = &planner->works[i];
        if (work->skip)
            continue;
        map_table(planner, work);
        map_defaults(planner, work);
        check_columns(planner, work);
    }
    for (size_t i = 0; i < planner->work_count; i++)
        if (!planner->works[i].skip)
            dbw_plan_map_constraints(planner, &planner->works[i], &relations);
    dbw_plan_objects(planner);
    return DBW_OK;
}
