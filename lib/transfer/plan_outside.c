/* SPDX-License-Identifier: Apache-2.0 */
/*
 * existing: tables of the target that are not part of the move may refer to one that is filled. Its
 * old rows go; where a row outside has no parent among those that come, its foreign key could not
 * be brought back at the end.
 */
#include "transfer/plan_priv.h"

/* More different keys than these are not looked up; what they hide is still found at the end. */
enum { LOOK_UP = 2000 };

struct outside {
    const dbw_table *child;
    const dbw_foreign_key *key;
    const dbw_work *parent;
    dbw_value **rows; /* different values of the key */
    size_t row_count;
};

static bool is_filled(const dbw_planner *planner, const dbw_table *table)
{
    for (size_t i = 0; i < planner->work_count; i++)
        if (!planner->works[i].skip && planner->works[i].target == table)
            return true;
    return false;
}

static bool same_schema(const char *a, const char *b)
{
    return !a || !b || strcmp(a, b) == 0;
}

static const dbw_work *parent_of(const dbw_planner *planner, const dbw_table *child,
                                 const dbw_foreign_key *key)
{
    const char *schema = key->referenced_schema ? key->referenced_schema : child->schema;
    for (size_t i = 0; i < planner->work_count; i++) {
        const dbw_work *work = &planner->works[i];
        if (!work->skip && work->target && same_schema(schema, work->target->schema) &&
            strcmp(work->target->name, key->referenced_table) == 0)
            return work;
    }
    return NULL;
}

/* The source's column that fills the n-th column of the key, where its values come as they are. */
static const char *source_column(const struct outside *o, size_t n)
{
    const dbw_work *work = o->parent;
    for (size_t i = 0; i < work->column_count; i++)
        if (work->targets[i] != SIZE_MAX && work->decisions[i].reading == DBW_READING_NATIVE &&
            strcmp(work->target->columns[work->targets[i]].name,
                   o->key->referenced_columns.items[n]) == 0)
            return work->source->columns[work->columns[i]].name;
    return NULL;
}

/* Kinds that mean the same on every engine. */
static bool is_plain(const dbw_value *row, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (row[i].kind != DBW_KIND_INT64 && row[i].kind != DBW_KIND_TEXT)
            return false;
    return true;
}

static void write_keys(const dbw_planner *planner, const struct outside *o, dbw_buffer *sql)
{
    const dbw_names *columns = &o->key->columns;
    dbw_buffer_add_string(sql, "SELECT DISTINCT ");
    for (size_t i = 0; i < columns->count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : "");
        dbw_quote_name(planner->to, sql, columns->items[i]);
    }
    dbw_buffer_add_string(sql, " FROM ");
    dbw_quote_qualified(planner->to, sql, o->child->schema, o->child->name);
    for (size_t i = 0; i < columns->count; i++) {
        dbw_buffer_add_string(sql, i ? " AND " : " WHERE ");
        dbw_quote_name(planner->to, sql, columns->items[i]);
        dbw_buffer_add_string(sql, " IS NOT NULL");
    }
    dbw_buffer_printf(sql, " LIMIT %d", LOOK_UP);
}

static dbw_status read_keys(dbw_planner *planner, struct outside *o, dbw_error *error)
{
    dbw_buffer sql;
    dbw_rows *rows;
    const dbw_value *row;
    size_t width = o->key->columns.count;
    dbw_buffer_init(&sql, 64 * 1024);
    write_keys(planner, o, &sql);
    dbw_status status = dbw_buffer_check(&sql, "query", error);
    if (status == DBW_OK)
        status = dbw_fetch(planner->request->target, sql.data, NULL, 0, &rows, error);
    dbw_buffer_free(&sql);
    DBW_TRY(status);
    o->rows = DBW_NEW_ARRAY(planner->arena, LOOK_UP, dbw_value *);
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row && o->row_count < LOOK_UP) {
        if (!is_plain(row, width))
            continue;
        dbw_value *copy = DBW_NEW_ARRAY(planner->arena, width, dbw_value);
        for (size_t i = 0; i < width; i++)
            copy[i] = dbw_value_copy(planner->arena, &row[i]);
        o->rows[o->row_count++] = copy;
    }
    dbw_rows_close(rows);
    return status;
}

/* NULL where a column of the key does not come as it is. */
static char *lookup(const dbw_planner *planner, const struct outside *o)
{
    dbw_buffer sql;
    char *text = NULL;
    bool known = true;
    dbw_buffer_init(&sql, 64 * 1024);
    dbw_buffer_add_string(&sql, "SELECT 1 FROM ");
    dbw_quote_qualified(planner->from, &sql, o->parent->source->schema, o->parent->source->name);
    for (size_t i = 0; i < o->key->columns.count && known; i++) {
        const char *name = source_column(o, i);
        known = name != NULL;
        dbw_buffer_add_string(&sql, i ? " AND " : " WHERE ");
        if (known)
            dbw_quote_name(planner->from, &sql, name);
        dbw_buffer_add_string(&sql, " = ?");
    }
    if (known && sql.data && !sql.failed)
        text = dbw_arena_text_string(planner->arena, dbw_buffer_text(&sql));
    dbw_buffer_free(&sql);
    return text;
}

static void find(dbw_planner *planner, const struct outside *o, int64_t missing, const char **keys,
                 size_t key_count)
{
    dbw_finding *finding = dbw_plan_find(
        planner, DBW_SEVERITY_ERROR, "outside-orphans", o->parent->source->name, NULL, missing,
        "the target's table %s stays as it is, and its foreign key %s leads to rows of %s that do "
        "not come: %lld %s no parent then",
        o->child->name, o->key->name ? o->key->name : o->key->columns.items[0],
        o->parent->target->name, (long long)missing, missing == 1 ? "key has" : "keys have");
    for (size_t i = 0; i < key_count; i++)
        finding->keys[finding->key_count++] = keys[i];
    dbw_finding_fix(finding, "on_conflict", "skip", "Keep the target's rows, add what is missing");
}

static dbw_status check_key(dbw_planner *planner, struct outside *o, dbw_error *error)
{
    const char *keys[DBW_FINDING_KEYS];
    size_t key_count = 0;
    int64_t missing = 0;
    const char *sql = lookup(planner, o);
    if (!sql)
        return DBW_OK;
    DBW_TRY(read_keys(planner, o, error));
    for (size_t i = 0; i < o->row_count; i++) {
        dbw_value found;
        dbw_arena *arena = dbw_arena_new();
        dbw_status status = dbw_fetch_value(planner->reader, arena, sql, o->rows[i],
                                            o->key->columns.count, &found, error);
        bool there = status == DBW_OK && !dbw_value_is_null(&found);
        dbw_arena_free(arena);
        DBW_TRY(status);
        if (there)
            continue;
        missing++;
        if (key_count < DBW_FINDING_KEYS)
            keys[key_count++] = dbw_plan_key_text(planner->arena, &o->key->columns, o->rows[i]);
    }
    if (missing)
        find(planner, o, missing, keys, key_count);
    return DBW_OK;
}

dbw_status dbw_plan_check_outside(dbw_planner *planner, dbw_error *error)
{
    if (!planner->existing || strcmp(planner->options->on_conflict, "skip") == 0)
        return DBW_OK;
    for (size_t i = 0; i < planner->before->table_count; i++) {
        const dbw_table *child = &planner->before->tables[i];
        if (is_filled(planner, child))
            continue;
        for (size_t k = 0; k < child->foreign_key_count; k++) {
            struct outside o = {.child = child, .key = &child->foreign_keys[k]};
            o.parent = parent_of(planner, child, o.key);
            if (o.parent)
                DBW_TRY(check_key(planner, &o, error));
        }
    }
    return DBW_OK;
}
