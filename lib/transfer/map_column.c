/* SPDX-License-Identifier: Apache-2.0 */
/* create: a column of the target, made from what decide.c decided. */
#include "transfer/map_priv.h"
#include "transfer/transforms.h"

/* --- types ------------------------------------------------------------------------------------ */

static bool same_words(const char *a, const char *b)
{
    return dbw_text_equal_nocase(dbw_text_of(a), dbw_text_of(b));
}

/* The column's type in the target; `loss` and `note` say how good it is. */
dbw_type dbw_map_type(dbw_planner *planner, const dbw_column *source, const dbw_decision *d,
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

/* Whether the type is another one than its intent says: a domain, money, oid, citext, mediumtext …
 */
static bool is_special(const dbw_planner *planner, const dbw_type *type)
{
    dbw_type_mapping own;
    const char *spelling = type->spelling;
    if (planner->same_engine || planner->from->dialect->loose_types || !spelling)
        return false;
    planner->from->dialect->map_type(planner->arena, type, &own);
    /* Display widths mean nothing to the values. */
    bool integer = type->intent >= DBW_INTENT_INT16 && type->intent <= DBW_INTENT_UINT64;
    size_t length = integer ? strcspn(spelling, "(") : strlen(spelling);
    const char *rest = integer && spelling[length] ? strchr(spelling, ')') : NULL;
    const char *name =
        dbw_arena_printf(planner->arena, "%.*s%s", (int)length, spelling, rest ? rest + 1 : "");
    return own.type.intent == type->intent && !same_words(name, own.type.spelling);
}

static size_t column_of(const dbw_work *work, const dbw_column *source)
{
    int n = dbw_work_column(work, source->name);
    return n < 0 ? 0 : (size_t)n;
}

/* Whether the target's type has the source's name and is read as the same. */
static bool comes_back(const dbw_planner *planner, const dbw_type *source, const dbw_type *target)
{
    dbw_type read;
    dbw_error ignored;
    if (!same_words(source->spelling ? source->spelling : "", target->spelling))
        return false;
    return planner->to->dialect->parse_type(planner->arena, target->spelling, &read, &ignored) !=
               DBW_OK ||
           (read.intent == source->intent && read.precision == source->precision);
}

static void note_type(dbw_planner *planner, const dbw_work *work, const dbw_column *source,
                      const dbw_column *target, dbw_loss loss, const char *note)
{
    const char *before = source->type.spelling;
    bool special = is_special(planner, &source->type);
    /* What an untyped column held decides from now on what it holds. */
    special |= source->type.intent == DBW_INTENT_ANY && !planner->same_engine &&
               dbw_profile_values(&work->profile.profiles[column_of(work, source)]) > 0;
    bool decided = work->decisions[column_of(work, source)].note != NULL;
    if ((loss == DBW_LOSS_NONE && !special) ||
        (!special && !decided && comes_back(planner, &source->type, &target->type)))
        return;
    dbw_plan_changed(planner, "type", work->source->name, source->name,
                     before && *before ? before : "no type", target->type.spelling,
                     note ? note : "the nearest type there is", false);
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
    const char *told =
        dbw_transform_find(planner->options, work->source->name, source->name, "generated");
    const char *text = NULL;
    if (told && strcmp(told, "values") == 0) {
        note = "as asked";
        work->target->definition = NULL; /* it would bring the expression along */
    } else {
        text = dbw_plan_translate_value(planner, work, expression, &target->type, &note);
    }
    if (text) {
        target->generated = planner->same_engine ? source->generated : DBW_GENERATED_STORED;
        target->generation = text;
        return true;
    }
    dbw_lost lost = {
        .code = told ? NULL : "generated-lost",
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

/* Whether case counts is kept where the target's columns can tell. */
static const char *shared_collation(const dbw_planner *planner, const dbw_column *source)
{
    return planner->to->dialect->nocase_columns && dbw_ignores_case(source->collation)
               ? DBW_COLLATION_NOCASE
               : NULL;
}

/* Text that is compared without case (citext). */
static void fold_column(dbw_planner *planner, const dbw_work *work, const dbw_column *source,
                        dbw_column *target)
{
    if (planner->same_engine || source->type.intent != DBW_INTENT_TEXT || !source->type.fixed)
        return;
    target->collation = planner->to->dialect->folding;
    dbw_plan_changed(planner, "object", work->source->name, source->name, source->type.spelling,
                     target->collation ? target->collation : "the database's collation",
                     target->collation ? "letters beyond ASCII are told apart by their case"
                                       : "collations differ between engines",
                     false);
}

bool dbw_plan_knows_collation(const dbw_planner *planner, const char *collation)
{
    const dbw_dialect *dialect = planner->to->dialect;
    return !collation || !dialect->knows_collation || dialect->knows_collation(collation);
}

/* An order that only the application knows: an index made in another one would be damaged for it,
 * and the table cannot be made with it at all. */
static void lose_collation(dbw_planner *planner, const dbw_work *work, const dbw_column *source,
                           dbw_column *target)
{
    if (!planner->same_engine || dbw_plan_knows_collation(planner, source->collation))
        return;
    target->collation = NULL;
    work->target->definition = NULL; /* it would bring it along */
    dbw_lost lost = {
        .code = "collation-lost",
        .table = work->source->name,
        .name = source->name,
        .of_column = true,
        .what = dbw_arena_printf(planner->arena, "the collation of %s.%s", work->source->name,
                                 source->name),
        .text = dbw_arena_printf(planner->arena, "COLLATE %s", source->collation),
        .after = "the order of bytes",
        .reason = "only the application knows it",
    };
    dbw_plan_lose(planner, &lost);
}

static void note_collation(dbw_planner *planner, const dbw_work *work, const dbw_column *source)
{
    if (!source->collation || planner->same_engine || shared_collation(planner, source))
        return;
    dbw_plan_changed(planner, "object", work->source->name, source->name,
                     dbw_arena_printf(planner->arena, "COLLATE %s", source->collation),
                     "the database's collation", "collations differ between engines", false);
}

/* Dates that are in no calendar become NULL where that was asked for, and so must be allowed to. */
static void allow_null(dbw_planner *planner, const dbw_work *work, size_t n, dbw_column *target)
{
    const dbw_profile_column *p = &work->profile.profiles[n];
    const dbw_column *source = &work->source->columns[work->columns[n]];
    const char *told =
        dbw_transform_find(planner->options, work->source->name, source->name, "zero-date");
    if (target->nullable || !p->zero_dates || !told || strcmp(told, "null") != 0)
        return;
    target->nullable = true;
    dbw_plan_changed(planner, "object", work->source->name, source->name, "NOT NULL",
                     "NULL is allowed", "its zero dates become NULL", false);
}

/* Steps by which no other engine counts. */
static void note_step(dbw_planner *planner, const dbw_work *work, const dbw_column *source)
{
    static const char words[] = "INCREMENT BY ";
    const char *step =
        source->sequence_definition ? strstr(source->sequence_definition, words) : NULL;
    if (!step || source->identity == DBW_IDENTITY_NONE || atoi(step + sizeof words - 1) == 1)
        return;
    dbw_plan_changed(
        planner, "object", work->source->name, source->name,
        dbw_arena_printf(planner->arena, "INCREMENT BY %d", atoi(step + sizeof words - 1)),
        "INCREMENT BY 1", "numbers go on one by one behind the last", false);
}

/* Comments where nothing keeps them. */
void dbw_map_lose_comment(dbw_planner *planner, const dbw_table *table, const dbw_column *column,
                          const char *comment)
{
    if (planner->same_engine || !planner->to->dialect->no_comments || !comment || !*comment)
        return;
    dbw_plan_lose(planner,
                  &(dbw_lost){
                      .table = table->name,
                      .name = column ? column->name : NULL,
                      .of_column = column != NULL,
                      .what = dbw_arena_printf(planner->arena, "the comment on %s%s%s", table->name,
                                               column ? "." : "", column ? column->name : ""),
                      .text = dbw_arena_printf(planner->arena, "COMMENT %s", comment),
                      .reason = "there are no comments",
                  });
}

/* What MySQL's columns may say beyond a type. */
static void map_habits(dbw_planner *planner, const dbw_work *work, const dbw_column *source,
                       dbw_column *target)
{
    if (planner->same_engine) {
        target->on_update_now = source->on_update_now;
        target->invisible = source->invisible;
        return;
    }
    note_step(planner, work, source);
    if (source->type.zeros)
        dbw_plan_changed(planner, "object", work->source->name, source->name, "ZEROFILL",
                         "without zeros", "numbers are shown without zeros before them", false);
    if (source->invisible)
        dbw_plan_changed(planner, "object", work->source->name, source->name, "INVISIBLE",
                         "a column that SELECT * shows", "there are no invisible columns", false);
    if (!source->on_update_now)
        return;
    dbw_lost lost = {
        .code = "on-update-lost",
        .table = work->source->name,
        .name = source->name,
        .of_column = true,
        .what = dbw_arena_printf(planner->arena, "ON UPDATE CURRENT_TIMESTAMP of %s.%s",
                                 work->source->name, source->name),
        .text = "ON UPDATE CURRENT_TIMESTAMP",
        .reason = "there is no such clause: the application or a trigger must set it",
    };
    dbw_plan_lose(planner, &lost);
}

void dbw_map_column(dbw_planner *planner, dbw_work *work, size_t n, dbw_column *target)
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
        .collation = planner->same_engine ? source->collation : shared_collation(planner, source),
    };
    target->type = dbw_map_type(planner, source, decision, &loss, &note);
    decision->loss = loss;
    target->identity = map_identity(planner, source, target);
    if (planner->same_engine) {
        target->sequence = source->sequence;
        target->sequence_definition = source->sequence_definition;
        target->sequence_last = source->sequence_last;
        target->sequence_called = source->sequence_called;
    }
    work->generated[position] = map_generated(planner, work, source, target);
    note_type(planner, work, source, target, loss, note);
    note_collation(planner, work, source);
    dbw_map_lose_comment(planner, work->source, source, source->comment);
    lose_collation(planner, work, source, target);
    map_habits(planner, work, source, target);
    allow_null(planner, work, n, target);
    fold_column(planner, work, source, target);
    decision->note = note;
    bool shared = source->identity == DBW_IDENTITY_AUTO && !source->sequence_definition &&
                  source->default_value.text;
    if (target->identity != DBW_IDENTITY_NONE && !planner->same_engine && !shared)
        target->nullable = false;
    if (target->identity != DBW_IDENTITY_NONE && !planner->same_engine && shared)
        dbw_plan_changed(planner, "object", work->source->name, source->name,
                         dbw_arena_printf(planner->arena, "DEFAULT %s", source->default_value.text),
                         "numbers of its own", "columns of other engines share no sequence", false);
    /* The sequence that others draw from too is carried over by itself. */
    if (planner->same_engine && shared)
        target->identity = DBW_IDENTITY_NONE;
}
