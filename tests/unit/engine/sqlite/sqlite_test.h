/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TEST_SQLITE_TEST_H
#define DBW_TEST_SQLITE_TEST_H
/* A folder per program, files made in it with plain SQLite, and connections of ours to them. */
#include "../../test.h"
#include "engine/engine.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static dbw_error error;
static dbw_arena *arena;

#define DRIVER (dbw_engine_sqlite.driver)
#define BULK (dbw_engine_sqlite.bulk)
#define DIALECT (dbw_engine_sqlite.dialect)

static int remove_entry(const char *path, const struct stat *st DBW_UNUSED, int type DBW_UNUSED,
                        struct FTW *at DBW_UNUSED)
{
    return remove(path);
}

static int make_folder(void **state DBW_UNUSED)
{
    snprintf(folder, sizeof folder, "/tmp/dbwizard-test-XXXXXX");
    if (!mkdtemp(folder) || chmod(folder, 0755) != 0)
        return -1;
    arena = dbw_arena_new();
    dbw_error_clear(&error);
    return 0;
}

static int remove_folder(void **state DBW_UNUSED)
{
    dbw_arena_free(arena);
    return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static inline char *path_of(const char *name)
{
    return dbw_arena_printf(arena, "%s/%s", folder, name);
}

/** Runs SQL on a file with plain SQLite, as the application would. */
static inline char *make_file(const char *name, const char *sql)
{
    char *path = path_of(name), *message = NULL;
    sqlite3 *handle;
    assert_int_equal(
        sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL),
        SQLITE_OK);
    sqlite3_busy_timeout(handle, 5000);
    if (sqlite3_exec(handle, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
    return path;
}

static inline dbw_url url_of(const char *path)
{
    static char backend[] = "sqlite";
    return (dbw_url){
        .backend = backend, .drivername = backend, .database = dbw_arena_string(arena, path)};
}

static inline dbw_database *open_with(const char *path, const dbw_open_options *options)
{
    dbw_url url = url_of(path);
    dbw_database *database;
    assert_ok(&error, DRIVER->open(&url, options, &database, &error));
    return database;
}

static inline dbw_database *open_file(const char *path)
{
    return open_with(path, &(dbw_open_options){.busy_timeout_ms = 200});
}

static inline dbw_database *open_reading(const char *path)
{
    return open_with(path, &(dbw_open_options){.busy_timeout_ms = 200, .read_only = true});
}

static inline dbw_value text_value(const char *text)
{
    return dbw_value_string(text);
}

static inline void run(dbw_database *database, const char *sql)
{
    assert_ok(&error, dbw_execute(database, sql, NULL, 0, NULL, &error));
}

static inline int64_t integer_of(dbw_database *database, const char *sql)
{
    dbw_value value;
    assert_ok(&error, dbw_fetch_value(database, arena, sql, NULL, 0, &value, &error));
    assert_string_equal(dbw_kind_name(value.kind), "int64");
    return value.int64;
}

static inline const char *text_of(dbw_database *database, const char *sql)
{
    dbw_value value;
    assert_ok(&error, dbw_fetch_value(database, arena, sql, NULL, 0, &value, &error));
    assert_string_equal(dbw_kind_name(value.kind), "text");
    return dbw_arena_text_string(arena, value.text);
}

static inline dbw_schema *catalog_of(dbw_database *database)
{
    dbw_schema *schema;
    assert_ok(&error, dbw_database_catalog(database, arena, NULL, &schema, &error));
    return schema;
}

static inline dbw_table *table_of(const dbw_schema *schema, const char *name)
{
    dbw_table *table = dbw_schema_table(schema, name);
    if (!table)
        fail_msg("no table %s", name);
    return table;
}

static inline dbw_column *column_of(const dbw_table *table, const char *name)
{
    dbw_column *column = dbw_table_column(table, name);
    if (!column)
        fail_msg("no column %s", name);
    return column;
}

static inline const char *joined(const dbw_names *names)
{
    char *out = dbw_arena_string(arena, "");
    for (size_t i = 0; i < names->count; i++)
        out = dbw_arena_printf(arena, "%s%s%s", out, i ? "," : "", names->items[i]);
    return out;
}

/* cmocka's own skip() is printed as "not ok # SKIP", which Automake's driver counts as a failure.
 */
#define SKIP_BECAUSE(...)                                                                          \
    do {                                                                                           \
        print_message("# skipped: " __VA_ARGS__);                                                  \
        print_message("\n");                                                                       \
        return;                                                                                    \
    } while (0)

/** Names with everything that needs quoting. */
static const char *const hostile_names[] = {
    "select",    "with space", "dot.ted",      "quo\"te",     "apos'trophe",
    "back`tick", "brack]et",   "semi;colon--", "new\nline",   "\xc3\xbcml\xc3\xa4ut \xe2\x82\xac",
    "%s%n",      "a/*b*/",     "1digit",       "back\\slash", "(paren)",
    "?",
};

#endif
