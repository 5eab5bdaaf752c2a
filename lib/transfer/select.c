/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/plan_priv.h"

/* --- patterns --------------------------------------------------------------------------------- */

bool dbw_pattern_matches(const char *pattern, const char *name)
{
    const char *star = NULL, *resume = NULL;
    while (*name) {
        if (*pattern == '*') {
            star = pattern++;
            resume = name;
        } else if (*pattern == '?') {
            /* One character, of however many bytes. */
            pattern++;
            name++;
            while (((unsigned char)*name & 0xC0) == 0x80)
                name++;
        } else if (*pattern && dbw_lower(*pattern) == dbw_lower(*name)) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star + 1;
            name = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

/* A name may hold dots itself, so every dot of the pattern is tried as the one that divides. */
bool dbw_pattern_is_column(const char *pattern, const char *table, const char *column)
{
    char left[512];
    for (const char *dot = strchr(pattern, '.'); dot; dot = strchr(dot + 1, '.')) {
        size_t length = (size_t)(dot - pattern);
        if (length >= sizeof left)
            return false;
        memcpy(left, pattern, length);
        left[length] = 0;
        if (dbw_pattern_matches(left, table) && dbw_pattern_matches(dot + 1, column))
            return true;
    }
    return false;
}

static bool same(const char *a, const char *b)
{
    return dbw_text_equal_nocase(dbw_text_of(a), dbw_text_of(b));
}

int dbw_column_find(const dbw_table *table, const char *name)
{
    int exact = dbw_table_column_index(table, name);
    for (size_t i = 0; exact < 0 && i < table->column_count; i++)
        if (same(table->columns[i].name, name))
            return (int)i;
    return exact;
}

dbw_work *dbw_plan_work(const dbw_planner *planner, const char *source_name)
{
    dbw_work *near = NULL;
    for (size_t i = 0; i < planner->work_count; i++) {
        dbw_work *work = &planner->works[i];
        if (strcmp(work->source->name, source_name) == 0)
            return work;
        if (same(work->source->name, source_name))
            near = work;
    }
    return near;
}

dbw_work *dbw_plan_parent(const dbw_planner *planner, const dbw_table *child,
                          const dbw_foreign_key *key)
{
    const dbw_table *parent = dbw_schema_referenced(planner->source, child, key);
    for (size_t i = 0; parent && i < planner->work_count; i++)
        if (planner->works[i].source == parent)
            return &planner->works[i];
    return dbw_plan_work(planner, key->referenced_table);
}

int dbw_work_column(const dbw_work *work, const char *source_name)
{
    int column = dbw_column_find(work->source, source_name);
    for (size_t i = 0; column >= 0 && i < work->column_count; i++)
        if (work->columns[i] == (size_t)column)
            return (int)i;
    return -1;
}

/* --- what the options name -------------------------------------------------------------------- */

/* A table is called by its name, or by that of its schema too. */
static bool names_table(const char *pattern, const dbw_table *table)
{
    return dbw_pattern_matches(pattern, table->name) ||
           (table->schema && dbw_pattern_is_column(pattern, table->schema, table->name));
}

static bool list_has(const dbw_option_list *list, const dbw_table *table)
{
    for (size_t i = 0; i < list->count; i++)
        if (names_table(list->items[i], table))
            return true;
    return false;
}

/* Whether the pattern means any table, or any column. */
static bool names_something(const dbw_schema *schema, const char *pattern, bool columns)
{
    for (size_t t = 0; t < schema->table_count; t++) {
        const dbw_table *table = &schema->tables[t];
        if (names_table(pattern, table))
            return true;
        for (size_t c = 0; columns && c < table->column_count; c++)
            if (dbw_pattern_is_column(pattern, table->name, table->columns[c].name))
                return true;
        for (size_t i = 0; columns && i < table->index_count; i++)
            if (table->indexes[i].name &&
                dbw_pattern_is_column(pattern, table->name, table->indexes[i].name))
                return true;
        for (size_t i = 0; columns && i < table->check_count; i++)
            if (dbw_pattern_is_column(pattern, table->name,
                                      table->checks[i].name ? table->checks[i].name : "check"))
                return true;
    }
    return false;
}

static dbw_status fail_unknown(const char *option, const char *name, const char *what,
                               dbw_error *error)
{
    dbw_fail(error, DBW_E_INVALID, "unable to use option '%s': the source has no %s '%.200s'",
             option, what, name);
    dbw_hint(error, "Names are compared without case; * and ? stand for any characters.");
    return dbw_error_object(error, "%s", option);
}

static dbw_status check_list(const dbw_schema *schema, const char *option,
                             const dbw_option_list *list, bool columns, dbw_error *error)
{
    for (size_t i = 0; i < list->count; i++)
        if (!names_something(schema, list->items[i], columns))
            return fail_unknown(option, list->items[i], columns ? "table or column" : "table",
                                error);
    return DBW_OK;
}

/* Whether a column is called so, or declared with such a type. */
static bool names_column_or_type(const dbw_schema *schema, const char *name)
{
    for (size_t t = 0; t < schema->table_count; t++) {
        const dbw_table *table = &schema->tables[t];
        for (size_t c = 0; c < table->column_count; c++) {
            const char *spelling = table->columns[c].type.spelling;
            if (dbw_pattern_is_column(name, table->name, table->columns[c].name) ||
                (spelling && same(spelling, name)))
                return true;
        }
    }
    return false;
}

/* Column names stand before the ':' of a transform and as keys of `types` and `rename`; a type's
 * name may stand in `types` too. */
static dbw_status check_maps(const dbw_planner *planner, dbw_error *error)
{
    const dbw_transfer_options *options = planner->options;
    for (size_t i = 0; i < options->rename.count; i++)
        if (!names_something(planner->source, options->rename.items[i].name, true))
            return fail_unknown("rename", options->rename.items[i].name, "table or column", error);
    for (size_t i = 0; i < options->types.count; i++)
        if (!names_column_or_type(planner->source, options->types.items[i].name))
            return fail_unknown("types", options->types.items[i].name, "column or type", error);
    for (size_t i = 0; i < options->transforms.count; i++) {
        const char *name = options->transforms.items[i].name, *colon = strrchr(name, ':');
        char left[512];
        if (!colon || (size_t)(colon - name) >= sizeof left)
            continue;
        snprintf(left, sizeof left, "%.*s", (int)(colon - name), name);
        if (!names_something(planner->source, left, true))
            return fail_unknown("transforms", left, "column", error);
    }
    return DBW_OK;
}

/* --- tables and columns ----------------------------------------------------------------------- */

static const char *why_skipped(const dbw_planner *planner, const dbw_table *table)
{
    switch (table->kind) {
    case DBW_TABLE_VIRTUAL:
        return "a virtual table: its content belongs to its module";
    case DBW_TABLE_SHADOW:
        return "storage of a virtual table";
    case DBW_TABLE_PARTITION:
        return "a partition: copied with its parent";
    case DBW_TABLE_FOREIGN:
        return "a foreign table: its rows are elsewhere";
    case DBW_TABLE_ORDINARY:
    case DBW_TABLE_PARTITIONED:
        break;
    }
    const dbw_transfer_options *options = planner->options;
    if (options->include.count && !list_has(&options->include, table))
        return "not included";
    return list_has(&options->exclude, table) ? "excluded" : table->unreadable;
}

static const char *renamed(const dbw_planner *planner, const char *table, const char *column)
{
    const dbw_option_map *map = &planner->options->rename;
    for (size_t i = 0; i < map->count; i++) {
        const char *name = map->items[i].name;
        /* Without regard to case only where that means no other table. */
        const dbw_table *exact = column ? NULL : dbw_schema_table(planner->source, name);
        bool own = same(name, table) && (!exact || strcmp(name, table) == 0);
        if (column ? dbw_pattern_is_column(name, table, column) : own)
            return map->items[i].value;
    }
    return column ? column : table;
}

/* Tables of several schemas become those of one: the schema's name goes in front. */
static const char *table_name(const dbw_planner *planner, const dbw_table *table)
{
    const char *name = renamed(planner, table->name, NULL);
    if (name != table->name || !table->outside || planner->to->dialect->schemas)
        return name;
    return dbw_arena_printf(planner->arena, "%s_%s", table->schema, name);
}

bool dbw_plan_excluded(const dbw_planner *planner, const dbw_table *table, const char *name)
{
    const dbw_option_list *list = &planner->options->exclude;
    for (size_t i = 0; name && i < list->count; i++)
        if (dbw_pattern_is_column(list->items[i], table->name, name))
            return true;
    return false;
}

static dbw_status select_columns(dbw_planner *planner, dbw_work *work, dbw_error *error)
{
    const dbw_table *table = work->source;
    dbw_arena *arena = planner->arena;
    dbw_name_set taken = {.fold = !planner->same_engine};
    work->columns = DBW_NEW_ARRAY(arena, table->column_count, size_t);
    work->names = DBW_NEW_ARRAY(arena, table->column_count, const char *);
    work->targets = DBW_NEW_ARRAY(arena, table->column_count, size_t);
    work->excluded = DBW_NEW_ARRAY(arena, table->column_count, bool);
    work->generated = DBW_NEW_ARRAY(arena, table->column_count, bool);
    work->decisions = DBW_NEW_ARRAY(arena, table->column_count, dbw_decision);
    for (size_t i = 0; i < table->column_count; i++) {
        const char *name = renamed(planner, table->name, table->columns[i].name);
        work->excluded[i] = dbw_plan_excluded(planner, table, table->columns[i].name);
        if (work->excluded[i])
            continue;
        if (dbw_name_taken(&taken, name)) {
            dbw_fail(error, DBW_E_INVALID,
                     "unable to name column '%.100s' of table '%.100s' '%.100s': there is another",
                     table->columns[i].name, table->name, name);
            return dbw_error_object(error, "rename");
        }
        work->names[work->column_count] =
            dbw_name_claim(arena, planner->to->dialect, &taken, name, name);
        work->targets[work->column_count] = SIZE_MAX;
        work->columns[work->column_count++] = i;
    }
    if (!work->column_count)
        work->skip = "all of its columns are excluded";
    return DBW_OK;
}

dbw_status dbw_plan_select(dbw_planner *planner, dbw_error *error)
{
    const dbw_schema *source = planner->source;
    const dbw_transfer_options *options = planner->options;
    DBW_TRY(check_list(source, "include", &options->include, false, error));
    DBW_TRY(check_list(source, "exclude", &options->exclude, true, error));
    DBW_TRY(check_maps(planner, error));
    planner->works = DBW_NEW_ARRAY(planner->arena, source->table_count, dbw_work);
    planner->work_count = source->table_count;
    size_t selected = 0;
    for (size_t i = 0; i < source->table_count; i++) {
        dbw_work *work = &planner->works[i];
        work->source = &source->tables[i];
        work->skip = why_skipped(planner, work->source);
        work->target_name = table_name(planner, work->source);
        if (work->skip && work->skip == work->source->unreadable) {
            dbw_plan_changed(planner, "object", work->source->name, NULL,
                             dbw_arena_printf(planner->arena, "table %s", work->source->name), NULL,
                             work->skip, true);
            dbw_plan_find(planner, DBW_SEVERITY_WARNING, "unreadable", work->source->name, NULL, 0,
                          "%s is left out: %s", work->source->name, work->skip);
        }
        DBW_TRY(select_columns(planner, work, error));
        selected += !work->skip;
    }
    if (selected)
        return DBW_OK;
    dbw_fail(error, DBW_E_REFUSED, "unable to copy anything: the source has no tables%s",
             source->table_count ? " that are to be copied" : "");
    return dbw_hint(error, source->table_count ? "Look at the options include and exclude."
                                               : "Is this the right database?");
}
