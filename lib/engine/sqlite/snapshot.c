/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One instant of a file for several readers.
 *
 * WAL mode: a read transaction never hinders the writer, so every reader holds one. They see the
 * same instant when nothing was committed between the first and the last BEGIN, which a further
 * connection tells by PRAGMA data_version; else they begin again. Only where the application
 * commits without a pause is its write lock taken for the moment of beginning. (No snapshot API:
 * Debian's build lacks it.)
 *
 * Rollback-journal mode: a read transaction keeps every writer from committing for as long as it
 * lasts, and an application gives up after some seconds ("database is locked"). So the readers
 * work on a private copy; writers wait while it is made. Measured with 730 MB on 2 cores: 0.25 s by
 * raw blocks from and to the page cache, up to 2.5 s while the disk is busy; 1.3 to 4.5 s by the
 * backup API. That is a quarter of a fast transfer, so a large file is read in place where the
 * kernel confirms that no process has it open for writing: an application that starts meanwhile
 * waits, and what it would write would be missing from the target anyway. In place as well where no
 * copy can be made, or none is needed (read-only file system). The note says which.
 */
#include "engine/sqlite/bulk_priv.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

enum { TRIES = 25 };
static const int64_t always_copied = INT64_C(256) << 20; /* copying costs 0.1 s */

struct dbw_snapshot {
    dbw_sqlite *watch; /* sees the file itself, outside of any transaction */
    int64_t data_version;
    dev_t device;
    ino_t inode;
    size_t count;
    dbw_sqlite **readers;
    char note[256];
};

static dbw_status data_version(dbw_sqlite *database, int64_t *out, dbw_error *error)
{
    return dbw_sqlite_integer(database, "PRAGMA main.data_version", 0, out, error);
}

static dbw_status begin_and_read(dbw_sqlite *database, dbw_error *error)
{
    int64_t ignored;
    DBW_TRY(dbw_sqlite_run(database, "BEGIN", error));
    return dbw_sqlite_integer(database, "SELECT count(*) FROM main.sqlite_schema", 0, &ignored,
                              error);
}

static void end_all(dbw_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->count; i++)
        dbw_sqlite_driver.rollback(&snapshot->readers[i]->base);
}

static dbw_status begin_all(dbw_snapshot *snapshot, dbw_error *error)
{
    for (size_t i = 0; i < snapshot->count; i++)
        DBW_TRY(begin_and_read(snapshot->readers[i], error));
    return DBW_OK;
}

/* A scan passes each page once: a larger cache would hold what nobody asks for again. */
static const char reader_settings[] = "PRAGMA main.cache_size = -512";

static dbw_status open_readers(dbw_snapshot *snapshot, const char *path,
                               const dbw_open_options *options, dbw_error *error)
{
    for (size_t i = 0; i < snapshot->count; i++) {
        DBW_TRY(dbw_sqlite_open_copy(path, snapshot->watch->path, SQLITE_OPEN_READONLY, options,
                                     &snapshot->readers[i], error));
        DBW_TRY(dbw_sqlite_run(snapshot->readers[i], reader_settings, error));
    }
    return DBW_OK;
}

/* All readers between two looks at the version; `*same` tells whether it stood still. */
static dbw_status begin_between(dbw_snapshot *snapshot, bool *same, dbw_error *error)
{
    int64_t after;
    DBW_TRY(data_version(snapshot->watch, &snapshot->data_version, error));
    DBW_TRY(begin_all(snapshot, error));
    DBW_TRY(data_version(snapshot->watch, &after, error));
    *same = after == snapshot->data_version;
    return DBW_OK;
}

/* With the write lock held nothing can be committed. */
static dbw_status begin_locked(dbw_snapshot *snapshot, const dbw_open_options *options, bool *same,
                               dbw_error *error)
{
    dbw_sqlite *lock;
    dbw_error reason;
    *same = false;
    if (dbw_sqlite_open_path(snapshot->watch->path, SQLITE_OPEN_READWRITE, options, &lock,
                             &reason) != DBW_OK)
        return DBW_OK;
    bool held = !lock->read_only && dbw_sqlite_run(lock, "BEGIN IMMEDIATE", &reason) == DBW_OK;
    dbw_status status = held ? begin_between(snapshot, same, error) : DBW_OK;
    dbw_sqlite_close(&lock->base);
    return status;
}

static dbw_status begin_wal(dbw_snapshot *snapshot, const dbw_open_options *options,
                            dbw_error *error)
{
    bool same = false;
    DBW_TRY(open_readers(snapshot, snapshot->watch->path, options, error));
    for (int i = 0; i < TRIES && !same; i++) {
        if (i) {
            end_all(snapshot);
            nanosleep(&(struct timespec){.tv_nsec = i * 1000000L}, NULL);
        }
        DBW_TRY(begin_between(snapshot, &same, error));
    }
    if (!same) {
        end_all(snapshot);
        DBW_TRY(begin_locked(snapshot, options, &same, error));
    }
    if (!same) {
        end_all(snapshot);
        DBW_TRY(begin_all(snapshot, error));
        snprintf(snapshot->note, sizeof snapshot->note,
                 "the source was written without a pause: its readers began at slightly different "
                 "instants");
        return DBW_OK;
    }
    snprintf(snapshot->note, sizeof snapshot->note,
             "one instant, by read transactions in WAL mode; the application goes on writing");
    return DBW_OK;
}

static bool is_large(const dbw_sqlite *database)
{
    sqlite3_int64 size = 0;
    sqlite3_file *file = dbw_sqlite_file(database);
    return file && file->pMethods->xFileSize(file, &size) == SQLITE_OK && size > always_copied;
}

static bool on_read_only_media(const char *path)
{
    struct statvfs fs;
    return statvfs(path, &fs) == 0 && (fs.f_flag & ST_RDONLY) != 0;
}

static dbw_status begin_in_place(dbw_snapshot *snapshot, const dbw_open_options *options,
                                 const char *note, dbw_error *error)
{
    bool same;
    DBW_TRY(open_readers(snapshot, snapshot->watch->path, options, error));
    /* The first reader's lock keeps commits away from the others. */
    DBW_TRY(begin_between(snapshot, &same, error));
    if (!same) {
        end_all(snapshot);
        DBW_TRY(begin_between(snapshot, &same, error));
    }
    snprintf(snapshot->note, sizeof snapshot->note, "%s", note);
    return DBW_OK;
}

static dbw_status copy_watched(dbw_snapshot *snapshot, dbw_arena *arena, char **path,
                               dbw_error *error)
{
    DBW_TRY(begin_and_read(snapshot->watch, error));
    dbw_status status = data_version(snapshot->watch, &snapshot->data_version, error);
    if (status == DBW_OK)
        status = dbw_sqlite_copy(snapshot->watch, arena, path, error);
    dbw_sqlite_driver.rollback(&snapshot->watch->base);
    return status;
}

static dbw_status begin_rollback_mode(dbw_snapshot *snapshot, const dbw_open_options *options,
                                      dbw_error *error)
{
    char *path = NULL;
    dbw_status status;
    if (on_read_only_media(snapshot->watch->path))
        return begin_in_place(snapshot, options, "one instant: the file system is read-only",
                              error);
    if (is_large(snapshot->watch) && dbw_sqlite_nobody_writes(snapshot->watch->path))
        return begin_in_place(snapshot, options,
                              "one instant, by read transactions, as nothing had the file open for "
                              "writing: an application that starts meanwhile cannot write",
                              error);
    dbw_arena *arena = dbw_arena_new();
    status = copy_watched(snapshot, arena, &path, error);
    if (status == DBW_OK && path) {
        status = open_readers(snapshot, path, options, error);
        if (status == DBW_OK)
            status = begin_all(snapshot, error);
        dbw_sqlite_copy_remove(path);
        snprintf(snapshot->note, sizeof snapshot->note,
                 "one instant, by a private copy; the application goes on writing");
    } else if (status == DBW_OK) {
        status = begin_in_place(
            snapshot, options,
            "one instant, by read transactions, as no temporary folder has room for a copy: the "
            "application cannot write until they end",
            error);
    }
    dbw_arena_free(arena);
    return status;
}

static dbw_status open_watch(const dbw_url *url, const dbw_open_options *options,
                             dbw_snapshot *snapshot, dbw_error *error)
{
    struct stat st;
    dbw_database *watch;
    dbw_open_options reading = *options;
    reading.read_only = true;
    reading.create = false;
    DBW_TRY(dbw_sqlite_open(url, &reading, &watch, error));
    snapshot->watch = dbw_sqlite_of(watch);
    if (stat(snapshot->watch->path, &st) == 0) {
        snapshot->device = st.st_dev;
        snapshot->inode = st.st_ino;
    }
    return DBW_OK;
}

dbw_status dbw_sqlite_snapshot_open(const dbw_url *url, const dbw_open_options *options,
                                    size_t readers, dbw_snapshot **out, dbw_error *error)
{
    static const dbw_open_options defaults;
    dbw_status status = DBW_OK;
    *out = NULL;
    if (!options)
        options = &defaults;
    if (dbw_sqlite_path_in_memory(url))
        return dbw_fail(error, DBW_E_UNSUPPORTED,
                        "unable to read a database in memory: it belongs to one connection");
    dbw_snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot)
        return dbw_fail_memory(error);
    snapshot->count = readers ? readers : 1;
    snapshot->readers = calloc(snapshot->count, sizeof(dbw_sqlite *));
    if (!snapshot->readers) {
        snapshot->count = 0;
        status = dbw_fail_memory(error);
    }
    if (status == DBW_OK)
        status = open_watch(url, options, snapshot, error);
    if (status == DBW_OK)
        status = snapshot->watch->wal ? begin_wal(snapshot, options, error)
                                      : begin_rollback_mode(snapshot, options, error);
    if (status == DBW_OK)
        *out = snapshot;
    else
        dbw_sqlite_snapshot_close(snapshot);
    return status;
}

dbw_database *dbw_sqlite_snapshot_reader(dbw_snapshot *snapshot, size_t n)
{
    return n < snapshot->count ? &snapshot->readers[n]->base : NULL;
}

const char *dbw_sqlite_snapshot_note(const dbw_snapshot *snapshot)
{
    return snapshot->note;
}

dbw_status dbw_sqlite_snapshot_changed(dbw_snapshot *snapshot, bool *changed, dbw_error *error)
{
    struct stat st;
    int64_t version;
    *changed = true;
    /* Replaced or deleted: what is open is not the application's database any more. */
    if (stat(snapshot->watch->path, &st) != 0 || st.st_ino != snapshot->inode ||
        st.st_dev != snapshot->device)
        return DBW_OK;
    dbw_status status = data_version(snapshot->watch, &version, error);
    if (status == DBW_E_LOCKED)
        return DBW_OK; /* somebody writes this very moment */
    if (status == DBW_OK)
        *changed = version != snapshot->data_version;
    return status;
}

void dbw_sqlite_snapshot_close(dbw_snapshot *snapshot)
{
    if (!snapshot)
        return;
    for (size_t i = 0; i < snapshot->count; i++)
        if (snapshot->readers[i])
            dbw_database_close(&snapshot->readers[i]->base);
    if (snapshot->watch)
        dbw_sqlite_close(&snapshot->watch->base);
    free(snapshot->readers);
    free(snapshot);
}
