/* SPDX-License-Identifier: Apache-2.0 */
/* existing: the application's own tables are filled. Which table and column is which, and how each
 * value is read so that the target's type takes it. */
#include "transfer/plan_priv.h"

/* --- names ------------------------------------------------------------------------------------ */

/* In the same schema, where the source's is one that has to be named. */
static bool same_place(const dbw_table *source, const dbw_table *target)
{
    bool named = source->outside && target->schema;
    return named ? strcmp(source->schema, target->schema) == 0 : !target->outside;
}

static dbw_table *find_table(const dbw_schema *schema, const dbw_work *work)
{
    dbw_table *near = NULL;
    for (size_t i = 0; i < schema->table_count; i++) {
        dbw_table *table = &schema->tables[i];
        if (!same_place(work->source, table))
            continue;
        if (strcmp(table->name, work->target_name) == 0)
            return table;
        if (!near &&
            dbw_text_equal_nocase(dbw_text_of(table->name), dbw_text_of(work->target_name)))
            near = table;
    }
    return near;
}

static bool is_claimed(const dbw_work *work, size_t target)
{
    for (size_t n = 0; n < work->column_count; n++)
        if (work->targets[n] == target)
            return true;
    return false;
}

static bool fills_itself(const dbw_column *column)
{
    return column->nullable || column->default_value.kind != DBW_DEFAULT_NONE ||
           column->identity != DBW_IDENTITY_NONE || column->generated != DBW_GENERATED_NONE;
}

static void find_missing_columns(dbw_planner *planner, const dbw_work *work)
{
    for (size_t i = 0; i < work->target->column_count; i++) {
        const dbw_column *column = &work->target->columns[i];
        if (is_claimed(work, i) || fills_itself(column))
            continue;
        dbw_finding *finding = dbw_plan_find(
            planner, DBW_SEVERITY_ERROR, "missing-column", work->source->name, column->name,
            work->source->estimated_rows > 0 ? work->source->estimated_rows : 0,
            "the target's column %s.%s needs a value, and the source has no such "
            "column: rename one, or give it a default",
            work->target->name, column->name);
        dbw_finding_fix(finding, "exclude", work->source->name, "Leave the table out");
    }
}

static void match_columns(dbw_planner *planner, dbw_work *work)
{
    for (size_t n = 0; n < work->column_count; n++) {
        int position = dbw_column_find(work->target, work->names[n]);
        if (position < 0)
            continue;
        const dbw_column *column = &work->target->columns[position];
        work->names[n] = column->name;
        work->generated[work->columns[n]] = column->generated != DBW_GENERATED_NONE;
        work->targets[n] = (size_t)position;
    }
    find_missing_columns(planner, work);
}

static dbw_status count_source(dbw_planner *planner, const dbw_work *work, int64_t *count,
                               dbw_error *error)
{
    dbw_buffer sql;
    dbw_value value;
    dbw_buffer_init(&sql, 16 * 1024);
    dbw_buffer_add_string(&sql, "SELECT count(*) FROM ");
    dbw_quote_qualified(planner->from, &sql, work->source->schema, work->source->name);
    dbw_status status = dbw_buffer_check(&sql, "query", error);
    if (status == DBW_OK)
        status = dbw_fetch_value(planner->reader, planner->arena, sql.data, NULL, 0, &value, error);
    dbw_buffer_free(&sql);
    if (status == DBW_OK)
        *count = value.kind == DBW_KIND_INT64 ? value.int64 : 0;
    return status;
}

/* A table that the target does not have is left out where it is empty, and asked about else. */
static dbw_status match_table(dbw_planner *planner, dbw_work *work, dbw_error *error)
{
    int64_t rows = 0;
    work->target = find_table(planner->before, work);
    if (work->target) {
        work->target_name = work->target->name;
        match_columns(planner, work);
        return DBW_OK;
    }
    work->skip = "the target has no such table";
    work->missing = true;
    DBW_TRY(count_source(planner, work, &rows, error));
    work->profile.rows = rows;
    if (rows == 0)
        return DBW_OK;
    dbw_finding *finding =
        dbw_plan_find(planner, DBW_SEVERITY_ERROR, "missing-table", work->source->name, NULL, rows,
                      "the target has no table %s", work->target_name);
    dbw_finding_fix(finding, "exclude", work->source->name, "Leave it out");
    return DBW_OK;
}

/* --- what is decided about the columns -------------------------------------------------------- */

static void find_extra_column(dbw_planner *planner, const dbw_work *work, size_t n)
{
    const dbw_column *column = &work->source->columns[work->columns[n]];
    int64_t values = dbw_profile_values(&work->profile.profiles[n]);
    dbw_finding *finding =
        dbw_plan_find(planner, values ? DBW_SEVERITY_ERROR : DBW_SEVERITY_INFO, "extra-column",
                      work->source->name, column->name, values,
                      values ? "the target's table has no column %s.%s: its values have no place"
                             : "the target's table has no column %s.%s, which is empty",
                      work->target->name, column->name);
    dbw_finding_fix(finding, "exclude",
                    dbw_arena_printf(planner->arena, "%s.%s", work->source->name, column->name),
                    "Leave the column out");
}

static void decide_column(dbw_planner *planner, const dbw_work *work, size_t n)
{
    const dbw_profile_column *p = &work->profile.profiles[n];
    const dbw_column *source = &work->source->columns[work->columns[n]];
    const dbw_column *target = &work->target->columns[work->targets[n]];
    dbw_decision *out = &work->decisions[n];
    *out = (dbw_decision){.wanted = target->type, .fixed = true};
    dbw_decide_reading(planner, work, n, target->type.intent, out);
    out->zone_missing =
        target->type.intent == DBW_INTENT_TIMESTAMPTZ && !out->zone_given && dbw_decide_unzoned(p);
    if (source->type.intent == target->type.intent)
        return;
    out->loss = DBW_LOSS_TYPE;
    out->note = "the target's own type";
    dbw_plan_changed(planner, "type", work->source->name, source->name, source->type.spelling,
                     target->type.spelling, out->note, false);
}

static dbw_status count_target(dbw_planner *planner, dbw_work *work, int64_t *count,
                               dbw_error *error)
{
    dbw_buffer sql;
    dbw_value value;
    dbw_buffer_init(&sql, 16 * 1024);
    dbw_buffer_add_string(&sql, "SELECT count(*) FROM ");
    dbw_quote_qualified(planner->to, &sql, work->target->schema, work->target->name);
    dbw_status status = dbw_buffer_check(&sql, "query", error);
    if (status == DBW_OK)
        status = dbw_fetch_value(planner->request->target, planner->arena, sql.data, NULL, 0,
                                 &value, error);
    dbw_buffer_free(&sql);
    if (status == DBW_OK)
        *count = value.kind == DBW_KIND_INT64 ? value.int64 : 0;
    return status;
}

/* A freshly made application holds a few rows of its own; more than this are somebody's data. */
enum { SETUP_ROWS_MOST = 10000 };

static void find_rows(dbw_planner *planner, const dbw_work *work, int64_t rows)
{
    bool skip = strcmp(planner->options->on_conflict, "skip") == 0;
    bool told = planner->options->clear || skip;
    if (!rows || !work->profile.rows)
        return;
    bool many = rows > SETUP_ROWS_MOST && !told;
    dbw_finding *finding = dbw_plan_find(
        planner, many ? DBW_SEVERITY_ERROR : DBW_SEVERITY_WARNING,
        many ? "target-filled" : "setup-rows", work->source->name, NULL, rows,
        skip   ? "the target's table %s holds %lld %s: rows with the same key stay as they are"
        : many ? "the target's table %s holds %lld %s, which are more than an application sets up"
               : "the target's table %s holds %lld %s: saved to a file, then replaced",
        work->target->name, (long long)rows, rows == 1 ? "row" : "rows");
    if (many)
        dbw_finding_fix(finding, "clear", "true", "Empty the tables first");
}

dbw_status dbw_plan_match_decide(dbw_planner *planner, dbw_error *error)
{
    for (size_t i = 0; i < planner->work_count; i++) {
        dbw_work *work = &planner->works[i];
        if (work->skip)
            continue;
        for (size_t n = 0; n < work->column_count; n++) {
            if (work->targets[n] == SIZE_MAX)
                find_extra_column(planner, work, n);
            else
                decide_column(planner, work, n);
            if (work->targets[n] != SIZE_MAX)
                dbw_decide_show(planner, work, n);
        }
        DBW_TRY(count_target(planner, work, &work->target_rows, error));
        find_rows(planner, work, work->target_rows);
    }
    return DBW_OK;
}

dbw_status dbw_plan_match(dbw_planner *planner, dbw_error *error)
{
    size_t matched = 0;
    for (size_t i = 0; i < planner->work_count; i++) {
        dbw_work *work = &planner->works[i];
        if (work->skip)
            continue;
        if (dbw_is_version_table(work->source->name)) {
            DBW_TRY(dbw_plan_compare_version(planner, work, error));
            work->skip = "a version table: compared, never copied";
            continue;
        }
        DBW_TRY(match_table(planner, work, error));
        matched += !work->skip;
    }
    if (matched)
        return DBW_OK;
    dbw_fail(error, DBW_E_REFUSED,
             "unable to fill existing tables: none of the source's tables is in the target");
    return dbw_hint(error, "With schema_mode=create the tables are made like the source's.");
}
