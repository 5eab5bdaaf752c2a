/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is translated from SQLite to SQLite gives the same values as the original, row by row, so
 * that nothing is bound differently; translating it again changes nothing; and for PostgreSQL
 * nothing comes out that could end the statement or begin a comment. What is translated from
 * PostgreSQL's words is an expression of SQLite's.
 */
#include "engine/engine.h"
#include "engine/portable.h"

#include <sqlite3.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static bool column(void *context, const char *name, const char **target, dbw_intent *intent)
{
    static const struct {
        const char *name;
        dbw_intent intent;
    } columns[] = {{"a", DBW_INTENT_INT64},
                   {"b", DBW_INTENT_BOOLEAN},
                   {"t", DBW_INTENT_TEXT},
                   {"r", DBW_INTENT_FLOAT64}};
    (void)context;
    for (size_t i = 0; i < DBW_COUNT(columns); i++) {
        if (dbw_text_equal_nocase(dbw_text_of(name), dbw_text_of(columns[i].name))) {
            *target = columns[i].name;
            *intent = columns[i].intent;
            return true;
        }
    }
    return false;
}

static sqlite3 *database(void)
{
    static sqlite3 *handle;
    if (handle)
        return handle;
    check(sqlite3_open(":memory:", &handle) == SQLITE_OK);
    check(sqlite3_exec(handle,
                       "CREATE TABLE x (a INTEGER, b BOOLEAN, t TEXT, r REAL);"
                       "INSERT INTO x VALUES (1, 1, 'abc', 1.5), (0, 0, '', -2.0),"
                       " (NULL, NULL, NULL, NULL), (7, 1, 'A_c', 7.0), (-3, 0, 'it''s', 0.1)",
                       NULL, NULL, NULL) == SQLITE_OK);
    return handle;
}

static sqlite3_stmt *prepare(dbw_arena *arena, const char *expression)
{
    sqlite3_stmt *statement = NULL;
    const char *tail = "";
    const char *sql = dbw_arena_printf(arena, "SELECT (%s\n) FROM x ORDER BY rowid", expression);
    if (sqlite3_prepare_v2(database(), sql, -1, &statement, &tail) != SQLITE_OK || *tail) {
        sqlite3_finalize(statement);
        return NULL;
    }
    return statement;
}

static bool same_value(sqlite3_stmt *a, sqlite3_stmt *b)
{
    int type = sqlite3_column_type(a, 0);
    if (type != sqlite3_column_type(b, 0))
        return false;
    if (type == SQLITE_NULL)
        return true;
    return strcmp((const char *)sqlite3_column_text(a, 0),
                  (const char *)sqlite3_column_text(b, 0)) == 0;
}

static void same_rows(dbw_arena *arena, const char *original, const char *translated)
{
    sqlite3_stmt *a = prepare(arena, original);
    if (!a)
        return;
    sqlite3_stmt *b = prepare(arena, translated);
    check(b != NULL);
    for (;;) {
        int step = sqlite3_step(a);
        check(step == sqlite3_step(b));
        if (step != SQLITE_ROW)
            break;
        check(same_value(a, b));
    }
    sqlite3_finalize(a);
    sqlite3_finalize(b);
}

/* Outside of quotes there are no semicolons and comments, and the brackets balance. */
static void is_one_expression(const char *sql)
{
    int depth = 0;
    char quote = 0;
    for (; *sql; sql++) {
        if (quote) {
            quote = *sql == quote ? 0 : quote;
            continue;
        }
        if (*sql == '\'' || *sql == '"')
            quote = *sql;
        depth += (*sql == '(') - (*sql == ')');
        check(depth >= 0 && *sql != ';' && *sql != '\\');
        check(strncmp(sql, "--", 2) != 0 && strncmp(sql, "/*", 2) != 0);
    }
    check(depth == 0 && !quote);
}

static void quote_name(dbw_buffer *out, const char *name)
{
    dbw_buffer_printf(out, "\"%s\"", name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const dbw_dialect dialect = {.quote_name = quote_name, .boolean_type = true};
    static const dbw_engine postgresql = {.backend = "postgresql", .dialect = &dialect};
    if (size > 300 || memchr(data, 0, size))
        return 0;
    dbw_arena *arena = dbw_arena_new();
    const char *text = dbw_arena_text_string(arena, (dbw_text){(const char *)data, size}), *note;
    dbw_portable same = {.from = &dbw_engine_sqlite, .to = &dbw_engine_sqlite, .column = column};
    dbw_portable other = {.from = &dbw_engine_sqlite, .to = &postgresql, .column = column};
    const char *once = dbw_portable_expression(arena, &same, text, false, &note);
    if (once) {
        same_rows(arena, text, once);
        const char *twice = dbw_portable_expression(arena, &same, once, false, &note);
        check(twice && strcmp(once, twice) == 0);
    }
    const char *there = dbw_portable_expression(arena, &other, text, true, &note);
    if (there)
        is_one_expression(there);
    dbw_portable home = {.from = &postgresql, .to = &dbw_engine_sqlite, .column = column};
    const char *back = dbw_portable_expression(arena, &home, text, true, &note);
    if (back) {
        sqlite3_stmt *statement = prepare(arena, back);
        check(statement != NULL);
        sqlite3_finalize(statement);
    }
    dbw_arena_free(arena);
    return 0;
}
