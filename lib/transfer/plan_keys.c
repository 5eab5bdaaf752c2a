/* SPDX-License-Identifier: Apache-2.0 */
/* The key by which a table is read, and foreign keys that the source never enforced. */
#include "transfer/orphans.h"
#include "transfer/plan_priv.h"
#include "transfer/transforms.h"

/* --- the usable key --------------------------------------------------------------------------- */

static bool carried(const dbw_work *work, int n)
{
    return n >= 0 && !work->generated[work->columns[n]];
}

/* Every column is copied and has no NULL: by the catalog's word, or because none was seen. */
static bool usable(const dbw_work *work, const dbw_names *columns, bool profiled)
{
    for (size_t i = 0; i < columns->count; i++) {
        int n = dbw_work_column(work, columns->items[i]);
        if (!carried(work, n) || (profiled && work->targets[n] == SIZE_MAX))
            return false;
        const dbw_column *column = &work->source->columns[work->columns[n]];
        bool promised = !column->nullable || column->identity != DBW_IDENTITY_NONE;
        if (!promised && (!profiled || work->profile.profiles[n].nulls > 0))
            return false;
    }
    return columns->count > 0;
}

/* A unique index over plain columns is as good as a constraint. */
static bool index_columns(dbw_arena *arena, const dbw_index *index, dbw_names *out)
{
    if (!index->unique || index->where)
        return false;
    out->items = DBW_NEW_ARRAY(arena, index->item_count + 1, const char *);
    out->count = 0;
    for (size_t i = 0; i < index->item_count; i++) {
        if (!index->items[i].column)
            return false;
        out->items[out->count++] = index->items[i].column;
    }
    return true;
}

dbw_names dbw_plan_usable_key(const dbw_planner *planner, const dbw_work *work, bool profiled)
{
    const dbw_table *table = work->source;
    dbw_names names = {0};
    if (table->primary_key && usable(work, &table->primary_key->columns, profiled))
        return table->primary_key->columns;
    for (size_t i = 0; i < table->unique_count; i++)
        if (usable(work, &table->uniques[i].columns, profiled))
            return table->uniques[i].columns;
    for (size_t i = 0; i < table->index_count; i++)
        if (index_columns(planner->arena, &table->indexes[i], &names) &&
            usable(work, &names, profiled))
            return names;
    return (dbw_names){0};
}

/* --- what foreign keys join ------------------------------------------------------------------- */

/* The source column behind a column of the target. */
static int source_behind(const dbw_work *work, const char *name)
{
    int position = dbw_column_find(work->target, name);
    for (size_t n = 0; position >= 0 && n < work->column_count; n++)
        if (work->targets[n] == (size_t)position)
            return (int)n;
    return -1;
}

/* The source column of a foreign key's name: the source's own in create, the target's in existing.
 */
static int source_of(const dbw_planner *planner, const dbw_work *work, const char *name)
{
    return planner->existing ? source_behind(work, name) : dbw_work_column(work, name);
}

static dbw_work *parent_of(dbw_planner *planner, const dbw_work *child, const dbw_foreign_key *key)
{
    if (!planner->existing)
        return dbw_plan_parent(planner, child->source, key);
    const dbw_table *parent = dbw_schema_referenced(planner->before, child->target, key);
    for (size_t i = 0; parent && i < planner->work_count; i++)
        if (planner->works[i].target == parent)
            return &planner->works[i];
    return NULL;
}

static void add_reference(dbw_planner *planner, dbw_work *work, const dbw_foreign_key *key)
{
    dbw_work *parent = parent_of(planner, work, key);
    dbw_reference reference = {
        .child = work,
        .parent = parent,
        .child_columns = DBW_NEW_ARRAY(planner->arena, key->columns.count + 1, size_t),
        .parent_columns = DBW_NEW_ARRAY(planner->arena, key->columns.count + 1, size_t),
        .name = key->name,
        .child_set = -1,
        .parent_set = -1,
    };
    /* What the source does not ask of its rows, a copy of it does not either. */
    if (key->not_valid && planner->same_engine && !planner->existing)
        return;
    if (!parent || parent->skip || key->columns.count != key->referenced_columns.count)
        return;
    for (size_t i = 0; i < key->columns.count; i++) {
        int a = source_of(planner, work, key->columns.items[i]);
        int b = source_of(planner, parent, key->referenced_columns.items[i]);
        if (a < 0 || b < 0)
            return;
        reference.child_columns[i] = (size_t)a;
        reference.parent_columns[i] = (size_t)b;
    }
    reference.column_count = key->columns.count;
    *DBW_APPEND(planner->arena, planner->references, planner->reference_count) = reference;
}

/* The set of one column, begun when it is not there yet. */
static int collect(dbw_planner *planner, dbw_work *work, size_t column)
{
    dbw_profile_table *profile = &work->profile;
    for (size_t i = 0; i < profile->reference_count; i++)
        if (profile->references[i].column == column)
            return (int)i;
    *DBW_APPEND(planner->arena, profile->references, profile->reference_count) =
        (dbw_profile_reference){.column = column};
    return (int)profile->reference_count - 1;
}

static bool holds_integers(const dbw_work *work, size_t column)
{
    dbw_intent intent = work->source->columns[work->columns[column]].type.intent;
    return dbw_intent_kind(intent) == DBW_KIND_INT64;
}

void dbw_plan_collect_references(dbw_planner *planner)
{
    for (size_t i = 0; i < planner->work_count; i++) {
        dbw_work *work = &planner->works[i];
        const dbw_table *table = planner->existing ? work->target : work->source;
        for (size_t k = 0; !work->skip && table && k < table->foreign_key_count; k++)
            add_reference(planner, work, &table->foreign_keys[k]);
    }
    for (size_t i = 0; i < planner->reference_count; i++) {
        dbw_reference *r = &planner->references[i];
        if (r->column_count != 1 || !holds_integers(r->child, r->child_columns[0]) ||
            !holds_integers(r->parent, r->parent_columns[0]))
            continue;
        r->child_set = collect(planner, r->child, r->child_columns[0]);
        r->parent_set = collect(planner, r->parent, r->parent_columns[0]);
    }
}

/* --- orphans ---------------------------------------------------------------------------------- */

static const char *column_name(const dbw_work *work, size_t n)
{
    return work->source->columns[work->columns[n]].name;
}

static void add_column(const dbw_planner *planner, dbw_buffer *sql, const char *alias,
                       const dbw_work *work, size_t n)
{
    dbw_buffer_printf(sql, "%s.", alias);
    dbw_quote_name(planner->from, sql, column_name(work, n));
}

static bool is_exact(const dbw_work *work, size_t n)
{
    for (size_t i = 0; work->planned && i < work->planned->column_count; i++)
        if (work->planned->columns[i].source == work->columns[n])
            return work->planned->columns[i].exact;
    return false;
}

/* The orphans' keys and values; NULL in any column means: refers to nothing. */
static void orphan_query(const dbw_planner *planner, const dbw_reference *r, const dbw_names *shown,
                         dbw_buffer *sql)
{
    dbw_buffer_add_string(sql, "SELECT ");
    for (size_t i = 0; i < shown->count; i++) {
        dbw_buffer_add_string(sql, i ? ", c." : "c.");
        dbw_quote_name(planner->from, sql, shown->items[i]);
    }
    dbw_buffer_add_string(sql, " FROM ");
    dbw_quote_qualified(planner->from, sql, r->child->source->schema, r->child->source->name);
    dbw_buffer_add_string(sql, " AS c LEFT JOIN ");
    dbw_quote_qualified(planner->from, sql, r->parent->source->schema, r->parent->source->name);
    dbw_buffer_add_string(sql, " AS p ON ");
    for (size_t i = 0; i < r->column_count; i++) {
        dbw_buffer_add_string(sql, i ? " AND " : "");
        dbw_orphans_join(sql, planner->from, column_name(r->parent, r->parent_columns[i]),
                         column_name(r->child, r->child_columns[i]),
                         is_exact(r->child, r->child_columns[i]));
    }
    dbw_buffer_add_string(sql, " WHERE ");
    for (size_t i = 0; i < r->column_count; i++) {
        add_column(planner, sql, "c", r->child, r->child_columns[i]);
        dbw_buffer_add_string(sql, " IS NOT NULL AND ");
    }
    add_column(planner, sql, "p", r->parent, r->parent_columns[0]);
    dbw_buffer_add_string(sql, " IS NULL");
}

/* Streams the query's rows: how many, and the first of them. */
static dbw_status count_rows(dbw_planner *planner, const char *sql, const dbw_names *shown,
                             int64_t *count, const char **keys, size_t *key_count, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    *count = 0;
    *key_count = 0;
    DBW_TRY(dbw_fetch(planner->reader, sql, NULL, 0, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row) {
        (*count)++;
        if (*key_count < DBW_FINDING_KEYS)
            keys[(*key_count)++] = dbw_plan_key_text(planner->arena, shown, row);
    }
    dbw_rows_close(rows);
    return status;
}

const char *dbw_plan_key_text(dbw_arena *arena, const dbw_names *key, const dbw_value *values)
{
    const char *text = "";
    for (size_t i = 0; i < key->count; i++)
        text = dbw_arena_printf(arena, "%s%s%s=%s", text, i ? ", " : "", key->items[i],
                                dbw_value_show(arena, &values[i], 60));
    return text;
}

/* What is shown of an orphan: its own key, or the values that lead nowhere. */
static dbw_names shown_key(dbw_planner *planner, const dbw_reference *r)
{
    dbw_names key = dbw_plan_usable_key(planner, r->child, true);
    if (key.count)
        return key;
    key.items = DBW_NEW_ARRAY(planner->arena, r->column_count, const char *);
    for (size_t i = 0; i < r->column_count; i++)
        key.items[key.count++] = column_name(r->child, r->child_columns[i]);
    return key;
}

static bool nullable_in_target(const dbw_reference *r)
{
    for (size_t i = 0; i < r->column_count; i++) {
        size_t target = r->child->targets[r->child_columns[i]];
        if (target == SIZE_MAX || !r->child->target->columns[target].nullable)
            return false;
    }
    return true;
}

/* The foreign key cannot be made over rows that are kept as they are. */
static void drop_foreign_key(dbw_planner *planner, const dbw_reference *r)
{
    dbw_table *target = r->child->target;
    for (size_t i = 0; i < target->foreign_key_count; i++) {
        const dbw_foreign_key *key = &target->foreign_keys[i];
        bool same = strcmp(key->referenced_table, r->parent->target_name) == 0 &&
                    key->columns.count == r->column_count;
        for (size_t c = 0; same && c < r->column_count; c++)
            same = strcmp(key->columns.items[c], r->child->names[r->child_columns[c]]) == 0;
        if (!same)
            continue;
        dbw_plan_changed(planner, "object", r->child->source->name, key->name, "FOREIGN KEY", NULL,
                         "orphans are kept", true);
        memmove(&target->foreign_keys[i], &target->foreign_keys[i + 1],
                (target->foreign_key_count - i - 1) * sizeof *key);
        target->foreign_key_count--;
        return;
    }
}

static void report_orphans(dbw_planner *planner, const dbw_reference *r, int64_t count,
                           const char *const *keys, size_t key_count)
{
    const char *table = r->child->source->name;
    const char *column = column_name(r->child, r->child_columns[0]);
    const char *told = dbw_transform_find(planner->options, table, column, "orphans");
    bool to_null = told && strcmp(told, "null") == 0 && nullable_in_target(r);
    bool keep = told && strcmp(told, "keep") == 0 && !planner->existing;
    bool asked = told && strcmp(told, "reject") == 0;
    bool reject = asked && strcmp(planner->options->on_bad_row, "reject") == 0;
    dbw_finding *finding = dbw_plan_find(
        planner, to_null || keep || reject ? DBW_SEVERITY_WARNING : DBW_SEVERITY_ERROR, "orphans",
        table, column, count, "%lld %s of %s %s to rows of %s that do not exist%s",
        (long long)count, count == 1 ? "row" : "rows", table, count == 1 ? "refers" : "refer",
        r->parent->source->name,
        to_null  ? ": the reference becomes NULL"
        : keep   ? ": the foreign key is not made"
        : reject ? ": these rows are rejected"
        : asked  ? ": to reject them needs on_bad_row=reject"
                 : "");
    for (size_t i = 0; i < key_count; i++)
        finding->keys[finding->key_count++] = keys[i];
    if (keep)
        drop_foreign_key(planner, r);
    for (size_t i = 0; (to_null || reject) && i < r->column_count; i++)
        for (size_t n = 0; n < r->child->planned->column_count; n++)
            if (r->child->planned->columns[n].source == r->child->columns[r->child_columns[i]]) {
                r->child->planned->columns[n].orphans_to_null = to_null;
                r->child->planned->columns[n].orphans_reject = reject;
            }
    if (to_null || keep || reject)
        return;
    if (asked) {
        dbw_finding_fix(finding, "on_bad_row", "reject", "Reject these rows");
        return;
    }
    const char *scope = dbw_arena_printf(planner->arena, "%s.%s:orphans=", table, column);
    if (nullable_in_target(r))
        dbw_finding_fix(finding, "transforms", dbw_arena_printf(planner->arena, "%snull", scope),
                        "Set these references to NULL");
    else if (!planner->existing)
        dbw_finding_fix(finding, "transforms", dbw_arena_printf(planner->arena, "%skeep", scope),
                        "Keep the rows, and make no foreign key");
}

static dbw_status check_reference(dbw_planner *planner, const dbw_reference *r, dbw_error *error)
{
    if (r->child_set >= 0 && r->parent_set >= 0) {
        const dbw_refset *child = &r->child->profile.references[r->child_set].set;
        const dbw_refset *parent = &r->parent->profile.references[r->parent_set].set;
        if (!child->overflowed && !parent->overflowed && dbw_refset_missing(child, parent) == 0)
            return DBW_OK;
    }
    int64_t values = 0;
    for (size_t i = 0; i < r->column_count; i++)
        values += dbw_profile_values(&r->child->profile.profiles[r->child_columns[i]]);
    if (!values)
        return DBW_OK;
    dbw_names shown = shown_key(planner, r);
    const char *keys[DBW_FINDING_KEYS];
    int64_t count;
    size_t key_count;
    dbw_buffer sql;
    dbw_buffer_init(&sql, 64 * 1024);
    orphan_query(planner, r, &shown, &sql);
    dbw_status status = dbw_buffer_check(&sql, "query for orphans", error);
    if (status == DBW_OK)
        status = count_rows(planner, sql.data, &shown, &count, keys, &key_count, error);
    dbw_buffer_free(&sql);
    if (status == DBW_OK && count > 0)
        report_orphans(planner, r, count, keys, key_count);
    return status;
}

/* --- duplicates ------------------------------------------------------------------------------- */

static bool source_promises(const dbw_planner *planner, const dbw_work *work,
                            const dbw_names *columns)
{
    const dbw_table *table = work->source;
    dbw_names names;
    if (table->primary_key && dbw_names_same_set(&table->primary_key->columns, columns))
        return true;
    for (size_t i = 0; i < table->unique_count; i++)
        if (dbw_names_same_set(&table->uniques[i].columns, columns))
            return true;
    for (size_t i = 0; i < table->index_count; i++)
        if (index_columns(planner->arena, &table->indexes[i], &names) &&
            dbw_names_same_set(&names, columns))
            return true;
    return false;
}

static void duplicate_query(const dbw_planner *planner, const dbw_work *work,
                            const dbw_names *columns, dbw_buffer *sql)
{
    for (int part = 0; part < 3; part++) {
        dbw_buffer_add_string(sql, part == 0 ? "SELECT " : part == 1 ? " WHERE " : " GROUP BY ");
        for (size_t i = 0; i < columns->count; i++) {
            dbw_buffer_add_string(sql, !i ? "" : part == 1 ? " AND " : ", ");
            dbw_quote_name(planner->from, sql, columns->items[i]);
            dbw_buffer_add_string(sql, part == 1 ? " IS NOT NULL" : "");
        }
        if (part == 0) {
            dbw_buffer_add_string(sql, " FROM ");
            dbw_quote_qualified(planner->from, sql, work->source->schema, work->source->name);
        }
    }
    dbw_buffer_add_string(sql, " HAVING count(*) > 1");
}

/* A unique key of the target that the source does not have, or not in the target's spelling. */
static dbw_status check_unique(dbw_planner *planner, dbw_work *work, const dbw_names *target,
                               dbw_error *error)
{
    dbw_names columns = {.items = DBW_NEW_ARRAY(planner->arena, target->count + 1, const char *)};
    for (size_t i = 0; i < target->count; i++) {
        int n = source_behind(work, target->items[i]);
        if (n < 0)
            return DBW_OK;
        columns.items[columns.count++] = column_name(work, (size_t)n);
    }
    if (!columns.count)
        return DBW_OK;
    if (source_promises(planner, work, &columns))
        return dbw_plan_check_unique(planner, work, target, error);
    const char *keys[DBW_FINDING_KEYS];
    int64_t count;
    size_t key_count;
    dbw_buffer sql;
    dbw_buffer_init(&sql, 64 * 1024);
    duplicate_query(planner, work, &columns, &sql);
    dbw_status status = dbw_buffer_check(&sql, "query for duplicates", error);
    if (status == DBW_OK)
        status = count_rows(planner, sql.data, &columns, &count, keys, &key_count, error);
    dbw_buffer_free(&sql);
    if (status != DBW_OK || count == 0)
        return status;
    dbw_finding *finding = dbw_plan_find(
        planner, DBW_SEVERITY_ERROR, "duplicates", work->source->name, columns.items[0], count,
        "%lld %s of %s more than once, and the target allows each only once", (long long)count,
        count == 1 ? "value stands in a key" : "values stand in a key", work->source->name);
    for (size_t i = 0; i < key_count; i++)
        finding->keys[finding->key_count++] = keys[i];
    return DBW_OK;
}

static dbw_status check_uniques(dbw_planner *planner, dbw_work *work, dbw_error *error)
{
    const dbw_table *target = work->target;
    dbw_names names;
    if (target->primary_key)
        DBW_TRY(check_unique(planner, work, &target->primary_key->columns, error));
    for (size_t i = 0; i < target->unique_count; i++)
        DBW_TRY(check_unique(planner, work, &target->uniques[i].columns, error));
    for (size_t i = 0; i < target->index_count; i++)
        if (index_columns(planner->arena, &target->indexes[i], &names))
            DBW_TRY(check_unique(planner, work, &names, error));
    return DBW_OK;
}

dbw_status dbw_plan_check_keys(dbw_planner *planner, dbw_error *error)
{
    for (size_t i = 0; i < planner->reference_count; i++)
        DBW_TRY(check_reference(planner, &planner->references[i], error));
    for (size_t i = 0; i < planner->work_count; i++) {
        dbw_work *work = &planner->works[i];
        if (!work->skip && work->target)
            DBW_TRY(check_uniques(planner, work, error));
    }
    return DBW_OK;
}
