/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TEST_POSTGRESQL_H
#define DBW_TEST_POSTGRESQL_H
/* What the tests of the PostgreSQL engine share: one arena and error for each test program. */
#include "../../servers.h"
#include "../../test.h"

#include "engine/engine.h"

static dbw_arena *arena;
static dbw_error error;

DBW_UNUSED static int make_arena(void **state)
{
    (void)state;
    arena = dbw_arena_new();
    return 0;
}

DBW_UNUSED static int free_arena(void **state)
{
    (void)state;
    dbw_arena_free(arena);
    return 0;
}

DBW_UNUSED static dbw_url *url_of(const char *text)
{
    dbw_url *url;
    assert_ok(&error, dbw_url_parse(arena, dbw_text_of(text), &url, &error));
    return url;
}

DBW_UNUSED static dbw_database *open_url(const char *url, const dbw_open_options *options)
{
    dbw_database *database = NULL;
    assert_ok(&error, dbw_database_open(url_of(url), options, &database, &error));
    return database;
}

DBW_UNUSED static void run(dbw_database *database, const char *sql)
{
    assert_ok(&error, dbw_execute_script(database, sql, &error));
}

/** The first value of a query as people see it. */
DBW_UNUSED static const char *look(dbw_database *database, const char *sql)
{
    dbw_value value;
    assert_ok(&error, dbw_fetch_value(database, arena, sql, NULL, 0, &value, &error));
    return dbw_value_show(arena, &value, 1000);
}

DBW_UNUSED static const char *env(const char *name)
{
    const char *value = getenv(name);
    assert_non_null(value);
    return value;
}

DBW_UNUSED static const dbw_dialect *dialect(void)
{
    const dbw_engine *engine;
    dbw_error own; /* `error` may be about to be looked at */
    assert_ok(&own, dbw_engine_find("postgresql", &engine, &own));
    return engine->dialect;
}

DBW_UNUSED static const dbw_bulk *bulk(void)
{
    const dbw_engine *engine;
    dbw_error own; /* `error` may be about to be looked at */
    assert_ok(&own, dbw_engine_find("postgresql", &engine, &own));
    return engine->bulk;
}

#endif
