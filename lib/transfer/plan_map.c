/* SPDX-License-Identifier: Apache-2.0 */
/* create: the target's tables, made from what decide.c decided. */
#include "transfer/map_priv.h"

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
    dbw_map_lose_comment(planner, source, NULL, source->comment);
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
        target->columns[n].type = dbw_map_type(planner, source, &work->decisions[n], &loss, &note);
        work->targets[n] = n;
    }
    target->column_count = work->column_count;
    map_table_habits(planner, work);
    for (size_t n = 0; n < work->column_count; n++)
        dbw_map_column(planner, work, n, &target->columns[n]);
    target->next_identity = next_identity(work);
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

/* A column that numbered its rows and will not: whoever leaves it out is refused from now on. */
static void check_numbering(dbw_planner *planner, const dbw_work *work)
{
    const dbw_dialect *dialect = planner->to->dialect;
    const dbw_table *table = work->target;
    for (size_t n = 0; !planner->same_engine && dialect->numbered && n < work->column_count; n++) {
        const dbw_column *source = &work->source->columns[work->columns[n]];
        const dbw_column *target =
            work->targets[n] == SIZE_MAX ? NULL : &table->columns[work->targets[n]];
        if (!target || source->identity == DBW_IDENTITY_NONE ||
            source->identity == DBW_IDENTITY_ROWID || dialect->numbered(table) == target)
            continue;
        dbw_plan_lose(
            planner, &(dbw_lost){
                         .code = "numbering-lost",
                         .table = work->source->name,
                         .name = source->name,
                         .of_column = true,
                         .what = dbw_arena_printf(planner->arena, "the numbering of %s.%s",
                                                  work->source->name, source->name),
                         .text = "numbers itself",
                         .reason = "a table of the target numbers one column, that of its key: the "
                                   "application has to give the value",
                     });
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
        dbw_map_defaults(planner, work);
        check_columns(planner, work);
    }
    for (size_t i = 0; i < planner->work_count; i++)
        if (!planner->works[i].skip)
            dbw_plan_map_constraints(planner, &planner->works[i],
                                     relations_of(planner, planner->works[i].target->schema),
                                     &constraints);
    dbw_plan_objects(planner);
    for (size_t i = 0; i < planner->work_count; i++)
        if (!planner->works[i].skip)
            check_numbering(planner, &planner->works[i]);
    dbw_plan_fit(planner);
    return DBW_OK;
}
