/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in no table and is referred to by its number: PostgreSQL's large objects. */
#include "transfer/plan_priv.h"

#include <inttypes.h>

static const dbw_object *loose_object(const dbw_planner *planner)
{
    const dbw_loose *loose = planner->from->loose;
    for (size_t i = 0; loose && i < planner->source->object_count; i++)
        if (strcmp(planner->source->objects[i].kind, loose->kind) == 0)
            return &planner->source->objects[i];
    return NULL;
}

bool dbw_plan_carries_loose(const dbw_planner *planner, const dbw_object *object)
{
    return planner->same_engine && planner->to->loose && !planner->options->schema_only &&
           strcmp(object->kind, planner->to->loose->kind) == 0;
}

/* A number that the target has given to something else. */
static void find_taken(dbw_planner *planner, int64_t number, dbw_finding **finding)
{
    if (!*finding)
        *finding = dbw_plan_find(planner, DBW_SEVERITY_ERROR, "number-taken",
                                 planner->to->loose->kind, NULL, 0,
                                 "%s of the target have numbers of the source's, and rows refer to "
                                 "them by number",
                                 planner->to->loose->kind);
    (*finding)->count++;
    if ((*finding)->key_count < DBW_FINDING_KEYS)
        (*finding)->keys[(*finding)->key_count++] =
            dbw_arena_printf(planner->arena, "%" PRId64, number);
}

static dbw_status next_number(dbw_rows *rows, bool *more, int64_t *number, dbw_error *error)
{
    const dbw_value *row;
    DBW_TRY(dbw_rows_next(rows, &row, error));
    *more = row != NULL;
    *number = row && row[0].kind == DBW_KIND_INT64 ? row[0].int64 : 0;
    return DBW_OK;
}

/* Both lists are ascending: they are read side by side. */
static dbw_status compare(dbw_planner *planner, dbw_rows *source, dbw_rows *target,
                          dbw_error *error)
{
    dbw_finding *finding = NULL;
    bool left, right;
    int64_t a, b;
    DBW_TRY(next_number(source, &left, &a, error));
    DBW_TRY(next_number(target, &right, &b, error));
    while (left && right) {
        int64_t before = a;
        if (a == b)
            find_taken(planner, a, &finding);
        if (a <= b)
            DBW_TRY(next_number(source, &left, &a, error));
        if (b <= before)
            DBW_TRY(next_number(target, &right, &b, error));
    }
    return DBW_OK;
}

static dbw_status check_numbers(dbw_planner *planner, dbw_error *error)
{
    const char *list = planner->to->loose->list;
    dbw_rows *source, *target;
    DBW_TRY(dbw_fetch(planner->reader, list, NULL, 0, &source, error));
    dbw_status status = dbw_fetch(planner->request->target, list, NULL, 0, &target, error);
    if (status == DBW_OK) {
        status = compare(planner, source, target, error);
        dbw_rows_close(target);
    }
    dbw_rows_close(source);
    return status;
}

dbw_status dbw_plan_loose(dbw_planner *planner, dbw_error *error)
{
    const dbw_object *object = loose_object(planner);
    if (!object)
        return DBW_OK;
    if (dbw_plan_carries_loose(planner, object)) {
        planner->plan->loose = object;
        /* What a run being resumed has made itself is taken away before it is made again. */
        return planner->request->own_tables.count ? DBW_OK : check_numbers(planner, error);
    }
    dbw_plan_lose(planner, &(dbw_lost){
                               .code = "large-objects-lost",
                               .table = object->name,
                               .what = object->name,
                               .text = "lo_export() writes one to a file; columns of type oid "
                                       "refer to them",
                               .before = object->name,
                               .reason = planner->options->schema_only && planner->same_engine
                                             ? "the structure alone is copied"
                                             : "the target has nothing of the kind",
                           });
    return DBW_OK;
}
