/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a transfer needs of a SQLite target beyond loading. Triggers and foreign keys need not be
 * lifted: load_session() turns them off for the loading connection alone.
 */
#include "engine/sqlite/catalog_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SQL_LIMIT = 4 * 1024 * 1024, TRIES = 100 };

static char *lock_path(dbw_arena *arena, const char *path)
{
    return dbw_arena_printf(arena, "%s-dbwizard-lock", path);
}

/* Whether the file that is open still has its name: the holder before may have removed it. */
static bool still_there(int fd, const char *path)
{
    struct stat open_file, named;
    return fstat(fd, &open_file) == 0 && lstat(path, &named) == 0 &&
           open_file.st_ino == named.st_ino && open_file.st_dev == named.st_dev;
}

static dbw_status lock_file(dbw_sqlite *database, const char *path, bool *taken, dbw_error *error)
{
    for (int i = 0; i < TRIES; i++) {
        int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0) {
            dbw_fail(error, DBW_E_DENIED, "unable to make the lock '%s': %s", path,
                     strerrordesc_np(errno));
            return dbw_sqlite_hint_write(error, database->path);
        }
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            int number = errno;
            close(fd);
            if (number == EWOULDBLOCK)
                return DBW_OK;
            return dbw_fail(error, DBW_E_IO, "unable to take the lock '%s': %s", path,
                            strerrordesc_np(number));
        }
        if (still_there(fd, path)) {
            database->lock = fd;
            *taken = true;
            return DBW_OK;
        }
        close(fd);
    }
    return DBW_OK;
}

/*
 * A file beside the database, as SQLite's own locks last no longer than a transaction. Not the
 * database file itself: closing a second descriptor of it would drop the locks that SQLite holds
 * in this process.
 */
static dbw_status lock(dbw_database *base, const char *namespace_ DBW_UNUSED, bool *taken,
                       dbw_error *error)
{
    dbw_sqlite *database = dbw_sqlite_of(base);
    *taken = !database->path || database->lock >= 0;
    if (*taken)
        return DBW_OK;
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = lock_file(database, lock_path(arena, database->path), taken, error);
    dbw_arena_free(arena);
    return status;
}

void dbw_sqlite_unlock(dbw_sqlite *database)
{
    if (database->lock < 0)
        return;
    dbw_arena *arena = dbw_arena_new();
    /* Before the lock is given up: whoever opened the file meanwhile sees that it is gone. */
    unlink(lock_path(arena, database->path));
    close(database->lock);
    database->lock = -1;
    dbw_arena_free(arena);
}

static dbw_status lifts(dbw_database *base DBW_UNUSED, dbw_arena *arena, const dbw_table *table,
                        dbw_lift **out, size_t *count, bool *allowed, dbw_error *error)
{
    *out = NULL;
    *count = 0;
    *allowed = true;
    for (size_t i = 0; i < table->index_count; i++) {
        const dbw_index *index = &table->indexes[i];
        dbw_buffer sql;
        if (index->unique || !index->definition)
            continue;
        dbw_buffer_init(&sql, SQL_LIMIT);
        dbw_buffer_add_string(&sql, "DROP INDEX main.");
        dbw_sqlite_quote_name(&sql, index->name);
        dbw_status status = dbw_buffer_check(&sql, "statement", error);
        char *drop = dbw_arena_text_string(arena, dbw_buffer_text(&sql));
        dbw_buffer_free(&sql);
        DBW_TRY(status);
        *DBW_APPEND(arena, *out, *count) = (dbw_lift){.kind = "index",
                                                      .table = table->name,
                                                      .name = index->name,
                                                      .drop = drop,
                                                      .restore = index->definition};
    }
    return DBW_OK;
}

static void add_columns(dbw_buffer *sql, const dbw_table *table, const size_t *columns,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            dbw_buffer_add_string(sql, ", ");
        dbw_sqlite_quote_name(sql, table->columns[columns[i]].name);
    }
}

/* ON CONFLICT DO NOTHING passes over broken unique keys alone; OR IGNORE would pass over NOT NULL
 * and CHECK as well. The WHERE keeps ON from being read as part of a join. */
static dbw_status render_insert(dbw_arena *arena, const dbw_table *table, const size_t *columns,
                                size_t column_count, const char *from_schema, const char *from,
                                bool missing_only, char **sql, dbw_error *error)
{
    dbw_buffer out;
    *sql = NULL;
    dbw_buffer_init(&out, SQL_LIMIT);
    dbw_buffer_add_string(&out, "INSERT INTO ");
    dbw_sqlite_quote_name(&out, table->name);
    dbw_buffer_add_string(&out, " (");
    add_columns(&out, table, columns, column_count);
    dbw_buffer_add_string(&out, ") SELECT ");
    add_columns(&out, table, columns, column_count);
    dbw_buffer_add_string(&out, " FROM ");
    if (from_schema) {
        dbw_sqlite_quote_name(&out, from_schema);
        dbw_buffer_add_char(&out, '.');
    }
    dbw_sqlite_quote_name(&out, from);
    if (missing_only)
        dbw_buffer_add_string(&out, " WHERE true ON CONFLICT DO NOTHING");
    dbw_status status = dbw_buffer_check(&out, "statement", error);
    if (status == DBW_OK)
        *sql = dbw_arena_text_string(arena, dbw_buffer_text(&out));
    dbw_buffer_free(&out);
    return status;
}

const dbw_landing dbw_sqlite_landing = {
    .single_writer = true, .lock = lock, .lifts = lifts, .render_insert = render_insert};
