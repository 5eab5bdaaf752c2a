/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_test.h"

#include <unistd.h>

static dbw_url *plan_test_url(plan_test *t, const char *text)
{
    dbw_url *url;
    assert_ok(&t->error, dbw_url_parse(t->arena, dbw_text_of(text), &url, &t->error));
    return url;
}

static dbw_database *plan_test_open(plan_test *t, const char *text, bool create)
{
    dbw_open_options options = {.create = create};
    dbw_database *database;
    assert_ok(&t->error, dbw_database_open(plan_test_url(t, text), &options, &database, &t->error));
    return database;
}

static const char *plan_test_source_url(plan_test *t)
{
    return dbw_arena_printf(t->arena, "sqlite:///%s", t->path);
}

static void plan_test_run(plan_test *t, const char *url, bool create, const char *sql)
{
    dbw_database *database = plan_test_open(t, url, create);
    assert_ok(&t->error, dbw_execute_script(database, sql, &t->error));
    dbw_database_close(database);
}

plan_test *plan_test_new(const char *name, const char *source_sql)
{
    dbw_arena *arena = dbw_arena_new();
    plan_test *t = DBW_NEW(arena, plan_test);
    t->arena = arena;
    t->readers = 2;
    const char *folder = getenv("TMPDIR");
    snprintf(t->path, sizeof t->path, "%s/dbw-plan-%ld-%s.db", folder ? folder : "/tmp",
             (long)getpid(), name);
    unlink(t->path);
    plan_test_run(t, plan_test_source_url(t), true, source_sql);
    t->target_url = dbw_test_fresh_database("postgresql", name);
    dbw_transfer_options_default(&t->options);
    return t;
}

void plan_test_set(plan_test *t, const char *option, const char *value)
{
    assert_ok(&t->error, dbw_transfer_options_set(t->arena, &t->options, option, value, &t->error));
}

dbw_status plan_test_make(plan_test *t)
{
    const dbw_url *source = plan_test_url(t, plan_test_source_url(t));
    const dbw_engine *sqlite;
    static const dbw_open_options none;
    assert_ok(&t->error, dbw_engine_find("sqlite", &sqlite, &t->error));
    if (!t->target)
        t->target = plan_test_open(t, t->target_url, false);
    if (!t->snapshot)
        assert_ok(&t->error,
                  sqlite->bulk->snapshot_open(source, &none, t->readers, &t->snapshot, &t->error));
    dbw_plan_request request = {
        .snapshot = t->snapshot,
        .source_bulk = sqlite->bulk,
        .readers = t->readers,
        .target = t->target,
        .options = &t->options,
        .progress = t->progress,
        .context = t,
    };
    dbw_error_clear(&t->error);
    return dbw_plan_make(&request, t->arena, &t->plan, &t->error);
}

void plan_test_free(plan_test *t)
{
    const dbw_engine *sqlite;
    dbw_error error;
    if (t->snapshot && dbw_engine_find("sqlite", &sqlite, &error) == DBW_OK)
        sqlite->bulk->snapshot_close(t->snapshot);
    dbw_database_close(t->target);
    unlink(t->path);
    dbw_arena_free(t->arena);
}

const dbw_plan_table *plan_test_table(const plan_test *t, const char *name)
{
    for (size_t i = 0; i < t->plan->table_count; i++)
        if (strcmp(t->plan->tables[i].source->name, name) == 0)
            return &t->plan->tables[i];
    fail_msg("no table %s in the plan", name);
    abort();
}

const dbw_plan_column *plan_test_column(const plan_test *t, const char *table, const char *column)
{
    const dbw_plan_table *planned = plan_test_table(t, table);
    for (size_t i = 0; i < planned->column_count; i++)
        if (strcmp(planned->source->columns[planned->columns[i].source].name, column) == 0)
            return &planned->columns[i];
    fail_msg("no column %s.%s in the plan", table, column);
    abort();
}

const char *plan_test_type(const plan_test *t, const char *table, const char *column)
{
    return plan_test_table(t, table)
        ->target->columns[plan_test_column(t, table, column)->target]
        .type.spelling;
}

const dbw_finding *plan_test_finding(const plan_test *t, const char *code, const char *where)
{
    for (size_t i = 0; i < t->plan->finding_count; i++) {
        const dbw_finding *f = &t->plan->findings[i];
        char place[256];
        snprintf(place, sizeof place, "%s%s%s", f->table, f->column ? "." : "",
                 f->column ? f->column : "");
        if (strcmp(f->code, code) == 0 && strcmp(place, where) == 0)
            return f;
    }
    return NULL;
}

const dbw_plan_change *plan_test_change(const plan_test *t, const char *table, const char *column)
{
    for (size_t i = 0; i < t->plan->change_count; i++) {
        const dbw_plan_change *c = &t->plan->changes[i];
        if (strcmp(c->table, table) == 0 &&
            (c->column ? column && strcmp(c->column, column) == 0 : !column))
            return c;
    }
    return NULL;
}

const char *plan_test_findings(const plan_test *t)
{
    const char *all = "";
    for (size_t i = 0; i < t->plan->finding_count; i++)
        all = dbw_arena_printf(t->arena, "%s\n%s %s", all, t->plan->findings[i].code,
                               t->plan->findings[i].message);
    return all;
}

void plan_test_apply(plan_test *t)
{
    static const dbw_ddl_part parts[] = {DBW_DDL_TABLE,  DBW_DDL_PRIMARY_KEY, DBW_DDL_UNIQUE,
                                         DBW_DDL_INDEX,  DBW_DDL_FOREIGN_KEY, DBW_DDL_SEQUENCE,
                                         DBW_DDL_COMMENT};
    const dbw_dialect *dialect = dbw_database_engine(t->target)->dialect;
    for (size_t p = 0; p < DBW_COUNT(parts); p++) {
        for (size_t i = 0; i < t->plan->table_count; i++) {
            const dbw_table *table = t->plan->tables[i].target;
            char *sql = NULL;
            for (size_t n = 0; table && n < 100; n++) {
                assert_ok(&t->error,
                          dialect->render_ddl(t->arena, table, parts[p], n, &sql, &t->error));
                bool once = parts[p] != DBW_DDL_UNIQUE && parts[p] != DBW_DDL_INDEX &&
                            parts[p] != DBW_DDL_FOREIGN_KEY;
                if (!sql && n < table->index_count)
                    continue; /* another statement makes it */
                if (!sql)
                    break;
                assert_ok(&t->error, dbw_execute_script(t->target, sql, &t->error));
                if (once)
                    break;
            }
        }
    }
}
