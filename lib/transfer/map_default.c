/* SPDX-License-Identifier: Apache-2.0 */
/* create: defaults, by the conversion that the values take too. */
#include "transfer/convert.h"
#include "transfer/map_priv.h"
#include "transfer/transforms.h"

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

void dbw_map_defaults(dbw_planner *planner, dbw_work *work)
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
