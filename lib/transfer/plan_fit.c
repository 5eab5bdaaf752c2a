/* SPDX-License-Identifier: Apache-2.0 */
/* create: the tables as a whole, made to fit the target's server (dialect's fit). */
#include "transfer/plan_priv.h"

typedef struct fitting {
    dbw_planner *planner;
    dbw_work **works; /* of the tables, in the same order */
    size_t count;
} fitting;

static const dbw_work *work_of(const fitting *f, const dbw_table *table)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->works[i]->target == table)
            return f->works[i];
    return NULL;
}

/* The source's name of a column of the target, or NULL. */
static const char *source_name(const dbw_work *work, const char *name)
{
    for (size_t n = 0; name && n < work->column_count; n++)
        if (strcmp(work->names[n], name) == 0)
            return work->source->columns[work->columns[n]].name;
    return NULL;
}

/* The source's own statement of an index of that name, or NULL. */
static const char *index_text(const dbw_work *work, const char *name)
{
    for (size_t i = 0; name && i < work->source->index_count; i++) {
        const dbw_index *index = &work->source->indexes[i];
        if (index->name && strcmp(index->name, name) == 0)
            return index->definition;
    }
    return NULL;
}

/* What mapping said about the column's type. */
static dbw_plan_change *type_change(dbw_plan *plan, const dbw_work *work, const char *column)
{
    for (size_t i = 0; i < plan->change_count; i++) {
        dbw_plan_change *change = &plan->changes[i];
        if (strcmp(change->kind, "type") == 0 && change->column &&
            strcmp(change->table, work->source->name) == 0 && strcmp(change->column, column) == 0)
            return change;
    }
    return NULL;
}

static void tell(void *context, const dbw_table *table, const char *name, const char *before,
                 const char *after, const char *reason, bool loses)
{
    const fitting *f = context;
    const dbw_work *work = work_of(f, table);
    const char *column = work ? source_name(work, name) : NULL;
    if (!work)
        return;
    dbw_plan_change *earlier =
        column && !loses ? type_change(f->planner->plan, work, column) : NULL;
    if (earlier) {
        earlier->after = after;
        earlier->reason = reason;
        return;
    }
    if (column && !loses) {
        dbw_plan_changed(f->planner, "type", work->source->name, column, before, after, reason,
                         false);
        return;
    }
    if (!loses) {
        dbw_plan_changed(f->planner, "object", work->source->name, name, before, after, reason,
                         false);
        return;
    }
    const char *text = after ? NULL : index_text(work, name);
    dbw_plan_lose(f->planner, &(dbw_lost){.code = "key-lost",
                                          .table = work->source->name,
                                          .name = column ? column : name,
                                          .of_column = column != NULL,
                                          .what = dbw_arena_printf(f->planner->arena, "%s of %s",
                                                                   before, work->source->name),
                                          .text = text ? text : before,
                                          .before = before,
                                          .after = after,
                                          .reason = reason});
}

/* The outermost moments of numbers that are read as such. */
static void measure_epochs(const dbw_profile_column *p, dbw_reading reading, dbw_measure *out)
{
    int64_t unit = reading == DBW_READING_EPOCH_S    ? 1000000
                   : reading == DBW_READING_EPOCH_MS ? 1000
                   : reading == DBW_READING_EPOCH_US ? 1
                                                     : 0;
    int64_t least, most;
    if (!unit || !p->integers || __builtin_mul_overflow(p->integer_least, unit, &least) ||
        __builtin_mul_overflow(p->integer_most, unit, &most))
        return;
    out->moment_least = out->moments && out->moment_least < least ? out->moment_least : least;
    out->moment_most = out->moments && out->moment_most > most ? out->moment_most : most;
    out->moments = true;
}

static void measure(const dbw_profile_column *p, dbw_reading reading, dbw_measure *out)
{
    int32_t whole = p->whole_digits;
    int64_t sides[] = {p->integers ? p->integer_least : 0, p->integers ? p->integer_most : 0};
    for (size_t i = 0; i < DBW_COUNT(sides); i++)
        for (int32_t digits = 1; sides[i]; sides[i] /= 10, digits++)
            whole = digits > whole ? digits : whole;
    *out = (dbw_measure){
        .longest_characters = p->longest_characters,
        .longest_bytes = p->longest_blob > p->longest_bytes ? p->longest_blob : p->longest_bytes,
        .whole_digits = whole,
        .fraction_digits = p->fraction_digits,
        .moments = p->moment_least <= p->moment_most,
        .moment_least = p->moment_least,
        .moment_most = p->moment_most,
    };
    measure_epochs(p, reading, out);
}

static void complain(dbw_planner *planner)
{
    for (size_t i = 0; i < planner->work_count; i++) {
        const dbw_work *work = &planner->works[i];
        size_t most = planner->to->dialect->column_limit;
        if (work->skip || !planner->to->dialect->table_complaint ||
            (most && work->column_count > most))
            continue;
        const char *reason = planner->to->dialect->table_complaint(planner->arena, work->target);
        if (!reason)
            continue;
        dbw_finding *finding = dbw_plan_find(
            planner, DBW_SEVERITY_ERROR, "too-wide", work->source->name, NULL, 0,
            "table '%s' cannot be made in the target: %s", work->source->name, reason);
        dbw_finding_fix(finding, "exclude", work->source->name, "Leave the table out");
    }
}

void dbw_plan_fit(dbw_planner *planner)
{
    size_t count = 0;
    fitting f = {.planner = planner,
                 .works = DBW_NEW_ARRAY(planner->arena, planner->work_count + 1, dbw_work *)};
    dbw_fit *tables = DBW_NEW_ARRAY(planner->arena, planner->work_count + 1, dbw_fit);
    if (!planner->to->dialect->fit)
        return;
    for (size_t i = 0; i < planner->work_count; i++) {
        dbw_work *work = &planner->works[i];
        if (work->skip)
            continue;
        dbw_measure *measures = DBW_NEW_ARRAY(planner->arena, work->column_count + 1, dbw_measure);
        for (size_t n = 0; n < work->column_count; n++)
            measure(&work->profile.profiles[n], work->decisions[n].reading, &measures[n]);
        f.works[count] = work;
        tables[count++] = (dbw_fit){.table = work->target,
                                    .measures = measures,
                                    .measured = work->column_count,
                                    .native = planner->same_engine};
    }
    f.count = count;
    planner->to->dialect->fit(planner->arena, &planner->server, tables, count, tell, &f);
    complain(planner);
    /* What is not generated any more is copied. */
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < f.works[i]->column_count; n++)
            f.works[i]->generated[f.works[i]->columns[n]] =
                f.works[i]->target->columns[n].generated != DBW_GENERATED_NONE;
}
