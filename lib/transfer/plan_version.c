/* SPDX-License-Identifier: Apache-2.0 */
/* The tables in which migration tools keep a schema's version: two databases whose versions differ
 * do not have the same tables, whatever their names say. */
#include "transfer/plan_priv.h"

#include <stdlib.h>

enum { VERSIONS_MOST = 20000, SHOWN_MOST = 3 };

static const struct version_table {
    const char *table;
    const char *columns; /* separated by blanks; all of them make one version */
} version_tables[] = {
    {"alembic_version", "version_num"},
    {"django_migrations", "app name"},
    {"schema_migrations", "version"},
    {"flyway_schema_history", "version"},
    {"__diesel_schema_migrations", "version"},
    {"goose_db_version", "version_id"},
    {"migrations", "migration"}, /* Laravel */
    {"knex_migrations", "name"},
    {"_sqlx_migrations", "version"},
    {"_prisma_migrations", "migration_name"},
    {"SequelizeMeta", "name"},
    {"doctrine_migration_versions", "version"},
};

static const struct version_table *find(const char *name)
{
    for (size_t i = 0; i < DBW_COUNT(version_tables); i++)
        if (dbw_text_equal_nocase(dbw_text_of(name), dbw_text_of(version_tables[i].table)))
            return &version_tables[i];
    return NULL;
}

bool dbw_is_version_table(const char *name)
{
    return find(name) != NULL;
}

/* SELECT of the version's columns; false when the table has not all of them. */
static bool version_query(const dbw_engine *engine, const dbw_table *table, const char *columns,
                          dbw_buffer *sql)
{
    dbw_buffer_add_string(sql, "SELECT ");
    for (const char *at = columns; *at;) {
        char name[64];
        size_t length = strcspn(at, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        int position = dbw_column_find(table, name);
        if (position < 0)
            return false;
        dbw_buffer_add_string(sql, at == columns ? "" : ", ");
        dbw_quote_name(engine, sql, table->columns[position].name);
        at += length + (at[length] == ' ');
    }
    dbw_buffer_add_string(sql, " FROM ");
    dbw_quote_qualified(engine, sql, table->schema, table->name);
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "app.0001_initial": a row of the version table as one word. */
static const char *one_version(dbw_arena *arena, const dbw_rows *rows, const dbw_value *row)
{
    const char *text = "";
    for (size_t i = 0; i < dbw_rows_width(rows); i++) {
        const char *part = row[i].kind == DBW_KIND_TEXT ? dbw_arena_text_string(arena, row[i].text)
                                                        : dbw_value_show(arena, &row[i], 80);
        text = dbw_arena_printf(arena, "%s%s%s", text, i ? "." : "", part);
    }
    return text;
}

static dbw_status read_versions(dbw_arena *arena, dbw_database *database, const dbw_table *table,
                                const struct version_table *known, dbw_names *out, dbw_error *error)
{
    dbw_buffer sql;
    dbw_rows *rows;
    const dbw_value *row;
    dbw_buffer_init(&sql, 16 * 1024);
    bool complete = version_query(dbw_database_engine(database), table, known->columns, &sql);
    dbw_status status = dbw_buffer_check(&sql, "query", error);
    if (status != DBW_OK || !complete) {
        dbw_buffer_free(&sql);
        return status;
    }
    status = dbw_fetch(database, sql.data, NULL, 0, &rows, error);
    dbw_buffer_free(&sql);
    if (status != DBW_OK)
        return status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row &&
           out->count < VERSIONS_MOST)
        *DBW_APPEND(arena, out->items, out->count) = one_version(arena, rows, row);
    dbw_rows_close(rows);
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_text);
    return status;
}

/* What `a` has and `b` has not, the first few by name. */
static const char *difference(dbw_arena *arena, const dbw_names *a, const dbw_names *b,
                              size_t *count)
{
    const char *list = "";
    *count = 0;
    for (size_t i = 0, k = 0; i < a->count; i++) {
        while (k < b->count && strcmp(b->items[k], a->items[i]) < 0)
            k++;
        if (k < b->count && strcmp(b->items[k], a->items[i]) == 0)
            continue;
        if (++*count <= SHOWN_MOST)
            list = dbw_arena_printf(arena, "%s%s'%s'", list, *list ? ", " : "", a->items[i]);
    }
    if (*count > SHOWN_MOST)
        list = dbw_arena_printf(arena, "%s and %zu more", list, *count - SHOWN_MOST);
    return *count ? list : "nothing";
}

dbw_status dbw_plan_compare_version(dbw_planner *planner, const dbw_work *work, dbw_error *error)
{
    const struct version_table *known = find(work->source->name);
    dbw_arena *arena = planner->arena;
    dbw_names source = {0}, target = {0};
    const dbw_table *there = NULL;
    for (size_t i = 0; i < planner->before->table_count; i++)
        if (dbw_text_equal_nocase(dbw_text_of(planner->before->tables[i].name),
                                  dbw_text_of(work->target_name)))
            there = &planner->before->tables[i];
    if (!there) {
        dbw_plan_find(planner, DBW_SEVERITY_WARNING, "version-missing", work->source->name, NULL, 0,
                      "the target has no table %s: its version cannot be compared",
                      work->target_name);
        return DBW_OK;
    }
    DBW_TRY(read_versions(arena, planner->reader, work->source, known, &source, error));
    DBW_TRY(read_versions(arena, planner->request->target, there, known, &target, error));
    size_t only_source, only_target;
    const char *left = difference(arena, &source, &target, &only_source);
    const char *right = difference(arena, &target, &source, &only_target);
    if (!only_source && !only_target)
        return DBW_OK;
    dbw_finding *finding =
        dbw_plan_find(planner, DBW_SEVERITY_ERROR, "version-differs", work->source->name, NULL,
                      (int64_t)(only_source + only_target),
                      "the schema versions differ: the source's %s has %s, the target's %s",
                      work->source->name, left, right);
    dbw_finding_fix(finding, "exclude", work->source->name, "Copy although the versions differ");
    return DBW_OK;
}
