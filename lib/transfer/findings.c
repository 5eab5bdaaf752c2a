/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/plan_priv.h"

#include <stdarg.h>

dbw_finding *dbw_plan_find(dbw_planner *planner, dbw_severity severity, const char *code,
                           const char *table, const char *column, int64_t count,
                           const char *message, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, message);
    vsnprintf(text, sizeof text, message, arguments);
    va_end(arguments);
    dbw_plan *plan = planner->plan;
    dbw_finding *finding = DBW_APPEND(planner->arena, plan->findings, plan->finding_count);
    *finding = (dbw_finding){
        .severity = severity,
        .code = code,
        .table = table,
        .column = column,
        .count = count,
        .message = dbw_arena_string(planner->arena, text),
    };
    return finding;
}

bool dbw_plan_has_code(const dbw_planner *planner, const char *code)
{
    for (size_t i = 0; i < planner->plan->finding_count; i++)
        if (strcmp(planner->plan->findings[i].code, code) == 0)
            return true;
    return false;
}

void dbw_finding_fix(dbw_finding *finding, const char *option, const char *value, const char *label)
{
    finding->fix_option = option;
    finding->fix_value = value;
    finding->fix_label = label;
}

void dbw_plan_changed(dbw_planner *planner, const char *kind, const char *table, const char *column,
                      const char *before, const char *after, const char *reason, bool loses)
{
    dbw_plan *plan = planner->plan;
    *DBW_APPEND(planner->arena, plan->changes, plan->change_count) = (dbw_plan_change){
        .kind = kind,
        .table = table,
        .column = column,
        .before = before,
        .after = after,
        .reason = dbw_arena_string(planner->arena, reason),
        .loses = loses,
    };
}

static void add_todo(dbw_planner *planner, const dbw_lost *lost)
{
    dbw_buffer_printf(&planner->todo, "%s-- %s: not translated: %s\n",
                      planner->todo.length ? "\n" : "", lost->what, lost->reason);
    /* Every line a comment: the script can be run as it is. */
    for (const char *line = lost->text; line && *line;) {
        size_t length = strcspn(line, "\n");
        dbw_buffer_printf(&planner->todo, "--   %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

void dbw_plan_lose(dbw_planner *planner, const dbw_lost *lost)
{
    const char *before = lost->before ? lost->before : lost->text ? lost->text : lost->what;
    dbw_plan_changed(planner, "object", lost->table, lost->name, before, lost->after, lost->reason,
                     true);
    add_todo(planner, lost);
    const char *column = lost->of_column ? lost->name : NULL;
    if (lost->code && lost->after)
        dbw_plan_find(planner, DBW_SEVERITY_WARNING, lost->code, lost->table, column, 0,
                      "%s becomes %s: %s", lost->what, lost->after, lost->reason);
    else if (lost->code)
        dbw_plan_find(planner, DBW_SEVERITY_WARNING, lost->code, lost->table, column, 0,
                      "%s is not made in the target: %s; the report keeps its text", lost->what,
                      lost->reason);
}

static const char *kind_of(const dbw_table *table)
{
    switch (table->kind) {
    case DBW_TABLE_VIRTUAL:
        return "virtual table";
    case DBW_TABLE_FOREIGN:
        return "foreign table";
    case DBW_TABLE_SHADOW:
    case DBW_TABLE_PARTITION:
        return NULL; /* their content is that of another table */
    case DBW_TABLE_ORDINARY:
    case DBW_TABLE_PARTITIONED:
        break;
    }
    return "table";
}

static void leave_out_table(dbw_planner *planner, const dbw_work *work)
{
    const dbw_table *source = work->source;
    const char *kind = kind_of(source);
    bool ordinary = kind && strcmp(kind, "table") == 0;
    if (!kind || (work->missing && work->profile.rows == 0) || dbw_is_version_table(source->name))
        return;
    if (ordinary) { /* as asked, or a finding of its own asks for it */
        dbw_plan_changed(planner, "object", source->name, NULL,
                         dbw_arena_printf(planner->arena, "table %s", source->name), NULL,
                         work->skip, true);
        return;
    }
    dbw_lost lost = {
        .code = "table-lost",
        .table = source->name,
        .what = dbw_arena_printf(planner->arena, "%s '%s'", kind, source->name),
        .text = source->definition,
        .before = dbw_arena_printf(planner->arena, "%s %s", kind, source->name),
        .reason = work->skip,
    };
    dbw_plan_lose(planner, &lost);
}

void dbw_plan_left_out(dbw_planner *planner)
{
    for (size_t i = 0; i < planner->work_count; i++) {
        const dbw_work *work = &planner->works[i];
        if (work->skip) {
            leave_out_table(planner, work);
            continue;
        }
        for (size_t c = 0; c < work->source->column_count; c++)
            if (work->excluded[c])
                dbw_plan_changed(planner, "object", work->source->name,
                                 work->source->columns[c].name, "a column", NULL, "excluded", true);
    }
}

dbw_status dbw_plan_check(const dbw_plan *plan, dbw_error *error)
{
    const dbw_finding *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < plan->finding_count; i++) {
        if (plan->findings[i].severity != DBW_SEVERITY_ERROR)
            continue;
        first = first ? first : &plan->findings[i];
        count++;
    }
    if (!first)
        return DBW_OK;
    dbw_fail(error, DBW_E_REFUSED, "unable to copy as things are: %s", first->message);
    if (first->fix_option)
        dbw_hint(error, "%s: %s=%s.%s", first->fix_label, first->fix_option, first->fix_value,
                 count > 1 ? " The preview lists every finding." : "");
    else
        dbw_hint(error, "The preview lists every finding.");
    if (count > 1) {
        size_t n = strlen(error->message);
        snprintf(error->message + n, sizeof error->message - n, " (and %zu more)", count - 1);
    }
    if (first->column)
        return dbw_error_object(error, "%s.%s", first->table, first->column);
    return dbw_error_object(error, "%s", first->table ? first->table : "");
}
