/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A private copy of a database file. Raw blocks, read through SQLite's own handle: the read
 * transaction keeps writers from changing the file, and in rollback-journal mode the file alone is
 * the database. The backup API would do the same page by page.
 */
#include "engine/sqlite/bulk_priv.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCK = 1 << 20 };
static const char prefix[] = "dbwizard-snapshot-";
static const char file_name[] = "source.db";
static const int64_t spare = INT64_C(64) << 20; /* room that is left to others */

static bool has_room(const char *folder, int64_t bytes)
{
    struct statvfs fs;
    if (statvfs(folder, &fs) != 0 || access(folder, W_OK | X_OK) != 0)
        return false;
    return (int64_t)(fs.f_bavail * fs.f_frsize) > bytes + spare;
}

/* What a killed process left: folders are named after the process that made them. */
static void sweep(const char *folder)
{
    DIR *listing = opendir(folder);
    struct dirent *entry;
    if (!listing)
        return;
    while ((entry = readdir(listing)) != NULL) {
        struct stat st;
        int64_t process;
        const char *number = entry->d_name + sizeof prefix - 1;
        if (strncmp(entry->d_name, prefix, sizeof prefix - 1) != 0 ||
            !dbw_text_to_int64((dbw_text){number, strcspn(number, "-")}, &process) ||
            process <= 0 || process > INT32_MAX || process == getpid() ||
            kill((pid_t)process, 0) == 0 || errno != ESRCH)
            continue;
        if (fstatat(dirfd(listing), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
            continue;
        int fd = openat(dirfd(listing), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        if (fd < 0)
            continue;
        unlinkat(fd, file_name, 0);
        close(fd);
        unlinkat(dirfd(listing), entry->d_name, AT_REMOVEDIR);
    }
    closedir(listing);
}

/* TMPDIR first, as everywhere; /tmp last, as it is often made of memory. */
static const char *choose_folder(int64_t bytes)
{
    const char *folders[] = {getenv("TMPDIR"), DBW_STATE_DIR, "/var/tmp", "/tmp"};
    for (size_t i = 0; i < DBW_COUNT(folders); i++) {
        if (!folders[i] || folders[i][0] != '/')
            continue;
        sweep(folders[i]);
        if (has_room(folders[i], bytes))
            return folders[i];
    }
    return NULL;
}

static dbw_status write_all(int fd, const char *data, size_t length, const char *path,
                            dbw_error *error)
{
    while (length) {
        ssize_t written = write(fd, data, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
            dbw_fail(error, full ? DBW_E_DISK_FULL : DBW_E_IO, "unable to write snapshot '%s': %s",
                     path, strerrordesc_np(errno));
            return full ? dbw_hint(error,
                                   "Make room for a copy of the source in that folder, or give "
                                   "the source journal_mode=WAL, which needs none.")
                        : error->code;
        }
        data += written;
        length -= (size_t)written;
    }
    return DBW_OK;
}

static dbw_status copy_blocks(dbw_sqlite *database, sqlite3_file *file, int64_t size, int fd,
                              const char *path, dbw_error *error)
{
    char *block = malloc(BLOCK);
    dbw_status status = block ? DBW_OK : dbw_fail_memory(error);
    for (int64_t at = 0; status == DBW_OK && at < size; at += BLOCK) {
        int wanted = size - at < BLOCK ? (int)(size - at) : BLOCK;
        int code = file->pMethods->xRead(file, block, wanted, at);
        if (code != SQLITE_OK)
            status = dbw_sqlite_fail(database, code, NULL, error, "copy database file");
        else if (atomic_load(&database->cancelled))
            status = dbw_fail(error, DBW_E_CANCELLED, "unable to copy database file: cancelled");
        else
            status = write_all(fd, block, (size_t)wanted, path, error);
    }
    free(block);
    return status;
}

void dbw_sqlite_copy_remove(const char *path)
{
    dbw_arena *arena = dbw_arena_new();
    if (unlink(path) == 0 || errno == ENOENT)
        (void)rmdir(dbw_sqlite_path_folder(arena, path));
    dbw_arena_free(arena);
}

/*
 * The kernel grants a read lease (fcntl(2), F_SETLEASE) only while nobody has the file open for
 * writing; to its owner and to root, on file systems that have leases. Asked for in a child:
 * closing a descriptor of the file here would drop the locks that SQLite holds on it in this
 * process.
 */
bool dbw_sqlite_nobody_writes(const char *path)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        int result = fd < 0 ? -1 : fcntl(fd, F_SETLEASE, F_RDLCK);
        if (result == 0)
            (void)fcntl(fd, F_SETLEASE, F_UNLCK);
        _exit(result == 0 ? 0 : 1);
    }
    if (child < 0)
        return false;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

dbw_status dbw_sqlite_copy(dbw_sqlite *database, dbw_arena *arena, char **path, dbw_error *error)
{
    sqlite3_int64 size = 0;
    sqlite3_file *file = dbw_sqlite_file(database);
    *path = NULL;
    if (!file || file->pMethods->xFileSize(file, &size) != SQLITE_OK)
        return DBW_OK;
    const char *folder = choose_folder(size);
    if (!folder)
        return DBW_OK;
    char *own = dbw_arena_printf(arena, "%s/%s%ld-XXXXXX", folder, prefix, (long)getpid());
    if (!mkdtemp(own))
        return dbw_fail(error, DBW_E_IO, "unable to make a snapshot's folder in '%s': %s", folder,
                        strerrordesc_np(errno));
    *path = dbw_arena_printf(arena, "%s/%s", own, file_name);
    int fd = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    dbw_status status = DBW_OK;
    if (fd < 0) {
        status = dbw_fail(error, DBW_E_IO, "unable to make snapshot '%s': %s", *path,
                          strerrordesc_np(errno));
    } else {
        status = copy_blocks(database, file, size, fd, *path, error);
        close(fd);
    }
    if (status != DBW_OK) {
        dbw_sqlite_copy_remove(*path);
        *path = NULL;
    }
    return status;
}
