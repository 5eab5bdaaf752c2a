/* SPDX-License-Identifier: Apache-2.0 */
/* create: the target's tables and columns, made from what decide.c decided. */
#include "transfer/convert.h"
#include "transfer/plan_priv.h"
#include "transfer/transforms.h"

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

/* Whether the type is another one than its intent says: a domain, money, oid, citext, mediumtext …
 */
static bool is_special(const dbw_planner *planner, const dbw_type *type)
{
    dbw_type_mapping own;
    const char *spelling = type->spelling;
    if (type->intent == DBW_INTENT_ANY && !planner->same_engine)
        return true; /* what it held decides from now on what it holds */
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
    bool decided = work->decisions[column_of(work, source)].note != NULL;
    if ((loss == DBW_LOSS_NONE && !special) ||
        (!special && !decided && comes_back(planner, &source->type, &target->type)))
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
static bool map_literal(dbw_planner *planner, const dbw_plan_column *column, bool array,
                        const dbw_value *in, dbw_value *out)
{
    const char *reason;
    dbw_value value;
    dbw_converter *converter = dbw_converter_new(column, 1);
    if (!converter)
        return false;
    dbw_value literal = *in;
    if (array && literal.kind == DBW_KIND_TEXT)
        literal.kind = DBW_KIND_ARRAY;
    bool good = dbw_convert(converter, 0, &literal, &value, &reason) == DBW_CONVERTED_AS_IS;
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
    const char *told =
        dbw_transform_find(planner->options, work->source->name, source->name, "default");
    target->default_value = (dbw_default){0};
    if (told && strcmp(told, "drop") == 0 && value.kind != DBW_DEFAULT_NONE &&
        target->identity == DBW_IDENTITY_NONE) {
        work->target->definition = NULL; /* it would bring it along */
        lose_default(planner, work, source, "left out as asked");
        return;
    }
    if (planner->same_engine && value.kind == DBW_DEFAULT_SEQUENCE) {
        if (target->identity == DBW_IDENTITY_NONE)
            value.kind = DBW_DEFAULT_EXPRESSION;
        target->default_value = value;
        return;
    }
    if (value.kind == DBW_DEFAULT_NONE || value.kind == DBW_DEFAULT_SEQUENCE ||
        target->identity != DBW_IDENTITY_NONE ||
        (value.kind == DBW_DEFAULT_LITERAL && dbw_value_is_null(&value.value)))
        return;
    if (planner->same_engine) {
        bool said = value.kind >= DBW_DEFAULT_NOW && value.kind <= DBW_DEFAULT_UUID && value.text;
        if (said)
            value.kind = DBW_DEFAULT_EXPRESSION;
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
        if (value.formatted && dbw_intent_kind(target->type.intent) == DBW_KIND_TEXT) {
            lose_default(planner, work, source, "its text has a format or time zone of its own");
            return;
        }
        if (value.kind == DBW_DEFAULT_LITERAL &&
            !map_literal(planner, how, source->type.intent == DBW_INTENT_ARRAY,
                         &source->default_value.value, &value.value)) {
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
static void lose_comment(dbw_planner *planner, const dbw_table *table, const dbw_column *column,
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
        .collation = planner->same_engine ? source->collation : shared_collation(planner, source),
    };
    target->type = map_type(planner, source, decision, &loss, &note);
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
    lose_comment(planner, work->source, source, source->comment);
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

/* The high-water mark, never below the largest value that is there. */
static int64_t next_identity(const dbw_work *work)
{
    int64_t next = work->source->next_identity;
    size_t identities = 0;
    for (size_t i = 0; i < work->column_count; i++)
        identities += work->source->columns[work->columns[i]].identity != DBW_IDENTITY_NONE;
    for (size_t i = 0; i < work->column_count; i++) {
        const dbw_profile_column *p = &work->profile.profiles[i];
        const dbw_column *column = &work->source->columns[work->columns[i]];
        const dbw_key *key = work->source->primary_key;
        bool counted = identities == 1 || (key && key->columns.count == 1 &&
                                           strcmp(key->columns.items[0], column->name) == 0);
        if (column->identity == DBW_IDENTITY_NONE || !counted || !p->integers ||
            p->integer_most == INT64_MAX)
            continue;
        if (p->integer_most + 1 > next)
            next = p->integer_most + 1;
    }
    return next;
}

static void map_table_habits(dbw_planner *planner, const dbw_work *work)
{
    const dbw_table *source = work->source;
    if (planner->same_engine) {
        work->target->engine = source->engine;
        work->target->collation = source->collation;
        work->target->system_versioned = source->system_versioned;
    }
    lose_comment(planner, source, NULL, source->comment);
    if (source->suffix && !work->target->suffix && strncmp(source->suffix, "PARTITION ", 10) == 0)
        dbw_plan_changed(planner, "object", source->name, NULL, source->suffix, "one table",
                         "its rows are copied once, from all of its parts", false);
    if (!source->system_versioned)
        return;
    dbw_lost lost = {
        .code = "history-lost",
        .table = source->name,
        .what = dbw_arena_printf(planner->arena, "the history of table '%s'", source->name),
        .text = "WITH SYSTEM VERSIONING",
        .after = planner->same_engine ? "its rows of now" : NULL,
        .reason = "the rows of now are copied, and not what they were before",
    };
    dbw_plan_lose(planner, &lost);
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
    map_table_habits(planner, work);
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
            .zone = work->decisions[n].zone,
            .target_canonical = {.scale = -1, .fraction = 6},
            .element = source->type.element,
        };
        if (target->generated == DBW_GENERATED_NONE)
            map_default(planner, work, source, &how, target);
    }
}

/* --- tables ----------------------------------------------------------------------------------- */

/* The namespace of the table: the one that was asked for, or the source's own where it is not the
 * one that is meant without saying. */
static const char *target_schema(const dbw_planner *planner, const dbw_work *work)
{
    bool own = planner->to->dialect->schemas && work->source->outside;
    return planner->plan->target_schema ? planner->plan->target_schema
           : own                        ? work->source->schema
                                        : NULL;
}

static dbw_name_set *relations_of(dbw_planner *planner, const char *schema)
{
    for (size_t i = 0; i < planner->space_count; i++)
        if (strcmp(planner->spaces[i].schema ? planner->spaces[i].schema : "",
                   schema ? schema : "") == 0)
            return &planner->spaces[i].relations;
    dbw_name_space *space = DBW_APPEND(planner->arena, planner->spaces, planner->space_count);
    *space = (dbw_name_space){.schema = schema,
                              .relations = {.fold = !planner->same_engine, .relations = true}};
    return &space->relations;
}

static dbw_status name_table(dbw_planner *planner, dbw_work *work, dbw_error *error)
{
    dbw_name_set *relations = relations_of(planner, target_schema(planner, work));
    const char *wanted = work->target_name;
    if (dbw_name_taken(relations, wanted)) {
        dbw_fail(error, DBW_E_INVALID, "unable to name table '%.100s' '%.100s': there is another",
                 work->source->name, wanted);
        dbw_hint(error, "Give one of them another name: rename=%.60s=%.60s_2 (--rename).",
                 work->source->name, work->source->name);
        return dbw_error_object(error, "rename");
    }
    work->target_name =
        dbw_name_claim(planner->arena, planner->to->dialect, relations, wanted, wanted);
    const char *reason = dbw_name_reason(planner->to->dialect, wanted);
    if (strcmp(work->target_name, wanted) != 0)
        dbw_plan_changed(planner, "object", work->source->name, NULL, wanted, work->target_name,
                         reason                                            ? reason
                         : work->target_name[0] == '_' && wanted[0] != '_' ? "the name is reserved"
                                                                           : "the name is taken",
                         false);
    work->target = DBW_NEW(planner->arena, dbw_table);
    *work->target = (dbw_table){
        .schema = target_schema(planner, work),
        .name = work->target_name,
        .kind = DBW_TABLE_ORDINARY,
        .unlogged = planner->same_engine && work->source->unlogged,
        .inherited = planner->same_engine && work->source->inherited,
        .without_rowid = planner->same_engine && work->source->without_rowid,
        .strict = planner->same_engine && work->source->strict,
        .estimated_rows = work->profile.rows,
        .estimated_bytes = work->profile.bytes,
        .comment = work->source->comment,
    };
    if (planner->same_engine && dbw_work_unchanged(work)) {
        work->target->kind = work->source->kind;
        work->target->suffix = work->source->suffix;
        work->target->partitions = work->source->partitions;
        work->target->partition_count = work->source->partition_count;
        if (strcmp(work->target_name, work->source->name) == 0)
            work->target->definition = work->source->definition;
    }
    for (size_t n = 0; n < work->column_count; n++) {
        const dbw_column *column = &work->source->columns[work->columns[n]];
        reason = dbw_name_reason(planner->to->dialect, column->name);
        if (reason && strcmp(work->names[n], column->name) != 0)
            dbw_plan_changed(planner, "object", work->source->name, column->name, column->name,
                             work->names[n], reason, false);
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
    dbw_name_set constraints = {.fold = true};
    for (size_t i = 0; i < planner->work_count; i++)
        if (!planner->works[i].skip)
            DBW_TRY(name_table(planner, &planner->works[i], error));
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
            dbw_plan_map_constraints(planner, &planner->works[i],
                                     relations_of(planner, planner->works[i].target->schema),
                                     &constraints);
    dbw_plan_objects(planner);
    dbw_plan_fit(planner);
    return DBW_OK;
}
