/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mapping.h"

#include "engine/engine.h"

static const char *const losses[] = {
    [DBW_LOSS_NONE] = "none", [DBW_LOSS_TYPE] = "type", [DBW_LOSS_VALUES] = "values"};

dbw_status dbw_mapped_type_at(dbw_arena *arena, const dbw_engine *from, const dbw_engine *to,
                              size_t n, dbw_mapped_type *out, bool *found, dbw_error *error)
{
    dbw_type type;
    dbw_type_mapping mapping;
    const char *spelling = from->dialect->type_at(arena, n);
    *found = spelling != NULL;
    if (!spelling)
        return DBW_OK;
    DBW_TRY(from->dialect->parse_type(arena, spelling, &type, error));
    to->dialect->map_type(arena, &type, &mapping);
    *out = (dbw_mapped_type){.from = spelling,
                             .intent = dbw_intent_name(type.intent),
                             .to = mapping.type.spelling,
                             .loss = losses[mapping.loss],
                             .note = mapping.note};
    return DBW_OK;
}

const char *dbw_engine_label(const dbw_engine *engine)
{
    return engine->label;
}
