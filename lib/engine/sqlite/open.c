/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a file that may be hostile: the path is settled first (path.c), then the handle is
 * hardened as https://www.sqlite.org/security.html advises, before the first byte of the schema is
 * parsed.
 */
#include "base/file.h"
#include "engine/sqlite/sqlite_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

enum { DEFAULT_BUSY_MS = 5000, HEADER_BYTES = 100, PROGRESS_STEPS = 10000 };

static int refuse(dbw_sqlite *database, const char *what, const char *name)
{
    snprintf(database->refused, sizeof database->refused, "%s%s%s", what, name ? " " : "",
             name ? name : "");
    return SQLITE_DENY;
}

/* Reaching other files, native code, and the schema's own table. */
static int authorize(void *context, int action, const char *first, const char *second,
                     const char *schema DBW_UNUSED, const char *inside DBW_UNUSED)
{
    static const char *const pragmas[] = {"writable_schema", "temp_store_directory",
                                          "data_store_directory", "trusted_schema"};
    dbw_sqlite *database = context;
    if (database->own)
        return SQLITE_OK;
    switch (action) {
    case SQLITE_ATTACH:
        return refuse(database, "ATTACH", NULL);
    case SQLITE_DETACH:
        return refuse(database, "DETACH", NULL);
    case SQLITE_FUNCTION:
        if (second && (sqlite3_stricmp(second, "load_extension") == 0 ||
                       sqlite3_stricmp(second, "fts3_tokenizer") == 0))
            return refuse(database, "the function", second);
        return SQLITE_OK;
    case SQLITE_PRAGMA:
        for (size_t i = 0; first && i < DBW_COUNT(pragmas); i++)
            if (sqlite3_stricmp(first, pragmas[i]) == 0)
                return refuse(database, "PRAGMA", pragmas[i]);
        return SQLITE_OK;
    default:
        return SQLITE_OK;
    }
}

static int wait_for_lock(void *context, int tries)
{
    dbw_sqlite *database = context;
    if (tries == 0)
        database->busy_deadline = dbw_deadline_in(database->busy_timeout_ms);
    if (atomic_load(&database->cancelled) || dbw_deadline_left(database->busy_deadline) == 0)
        return 0;
    long milliseconds = tries < 20 ? tries + 1 : 20;
    nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000}, NULL);
    return 1;
}

static int watch_clock(void *context)
{
    dbw_sqlite *database = context;
    return dbw_deadline_left(database->statement_deadline) == 0;
}

static int compare_bytes(void *context DBW_UNUSED, int length_a, const void *a, int length_b,
                         const void *b)
{
    int shared = length_a < length_b ? length_a : length_b;
    int order = shared ? memcmp(a, b, (size_t)shared) : 0;
    return order ? order : length_a - length_b;
}

/* Lets a table be read whose collation only its application knows. Read-only connections alone:
 * writing an index in another order would damage it. */
static void replace_collation(void *context, sqlite3 *handle, int encoding, const char *name)
{
    dbw_sqlite *database = context;
    database->stub_used = true;
    sqlite3_create_collation(handle, name, encoding, NULL, compare_bytes);
}

/* Foreign keys are enforced, unlike SQLite's default, until somebody says PRAGMA foreign_keys =
 * OFF. */
static void harden(dbw_sqlite *database)
{
    sqlite3 *handle = database->handle;
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    sqlite3_set_authorizer(handle, authorize, database);
    sqlite3_busy_handler(handle, wait_for_lock, database);
    if (database->statement_timeout_ms)
        sqlite3_progress_handler(handle, PROGRESS_STEPS, watch_clock, database);
    if (database->read_only)
        sqlite3_collation_needed(handle, database, replace_collation);
}

/*
 * The flags of SQLite's own JSON functions were wrong up to 3.40: it takes them for unsafe, and a
 * schema that uses them in an index, a generated column or a check does not load at all. Only such
 * a schema is trusted. What that lets through is little: we register no function, and those that
 * reach beyond the file (load_extension, fts3_tokenizer) stay turned off.
 */
bool dbw_sqlite_trusts(dbw_sqlite *database)
{
    static const char words[] = "unsafe use of ";
    const char *found = strstr(sqlite3_errmsg(database->handle), words);
    if (!found || database->trusted)
        return false;
    found += sizeof words - 1;
    if (sqlite3_strnicmp(found, "json", 4) != 0 && strncmp(found, "->", 2) != 0)
        return false;
    database->trusted = true;
    return sqlite3_db_config(database->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, NULL) ==
           SQLITE_OK;
}

sqlite3_file *dbw_sqlite_file(const dbw_sqlite *database)
{
    sqlite3_file *file = NULL;
    if (!database->path || sqlite3_file_control(database->handle, "main", SQLITE_FCNTL_FILE_POINTER,
                                                &file) != SQLITE_OK)
        return NULL;
    return file && file->pMethods ? file : NULL;
}

/* https://www.sqlite.org/fileformat2.html#the_database_header: 16 bytes that never change, and the
 * write and read versions, which are 2 in WAL mode. */
static dbw_status check_header(dbw_sqlite *database, dbw_error *error)
{
    unsigned char header[HEADER_BYTES] = {0};
    sqlite3_int64 size = 0;
    sqlite3_file *file = dbw_sqlite_file(database);
    if (!file)
        return DBW_OK;
    if (file->pMethods->xFileSize(file, &size) != SQLITE_OK || size == 0)
        return DBW_OK;
    int code = file->pMethods->xRead(file, header, sizeof header, 0);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
        return dbw_sqlite_fail(database, code, NULL, error, "read the header");
    if (size < 512 || memcmp(header, "SQLite format 3", 16) != 0)
        return dbw_sqlite_fail(database, SQLITE_NOTADB, NULL, error, "open database file");
    database->wal = header[18] == 2 && header[19] == 2;
    return DBW_OK;
}

static bool has_wal_file(const char *path)
{
    char name[4096 + 8];
    int length = snprintf(name, sizeof name, "%s-wal", path);
    return length > 0 && (size_t)length < sizeof name && access(name, F_OK) == 0;
}

/* The first real read: takes a shared lock, loads the schema. */
static dbw_status first_read(dbw_sqlite *database, dbw_error *error)
{
    int64_t count;
    dbw_status status =
        dbw_sqlite_integer(database, "SELECT count(*) FROM main.sqlite_schema", 0, &count, error);
    if (status != DBW_OK && database->wal && error->code == DBW_E_READ_ONLY) {
        dbw_fail(error, DBW_E_DENIED,
                 "unable to read database file '%s': it is in WAL mode, and its files '-wal' and "
                 "'-shm' cannot be made or written",
                 database->path);
        dbw_sqlite_hint_write(error, database->path);
        return dbw_error_object(error, "%s", database->path);
    }
    return status;
}

const char *dbw_sqlite_name(const dbw_sqlite *database)
{
    return database->shown ? database->shown : database->path ? database->path : ":memory:";
}

static dbw_sqlite *allocate(const char *path, const char *shown, int flags,
                            const dbw_open_options *options)
{
    dbw_sqlite *database = calloc(1, sizeof *database);
    if (!database)
        return NULL;
    database->base.engine = &dbw_engine_sqlite;
    database->path = path ? strdup(path) : NULL;
    database->shown = shown ? strdup(shown) : NULL;
    if ((path && !database->path) || (shown && !database->shown)) {
        free(database->path);
        free(database->shown);
        free(database);
        return NULL;
    }
    database->lock = -1;
    database->read_only = (flags & SQLITE_OPEN_READONLY) != 0;
    database->busy_timeout_ms =
        options->busy_timeout_ms > 0 ? options->busy_timeout_ms : DEFAULT_BUSY_MS;
    database->statement_timeout_ms =
        options->statement_timeout_ms > 0 ? options->statement_timeout_ms : 0;
    database->statement_deadline = DBW_NEVER;
    database->left_no_wal = path && !has_wal_file(path);
    return database;
}

dbw_status dbw_sqlite_open_path(const char *path, int flags, const dbw_open_options *options,
                                dbw_sqlite **out, dbw_error *error)
{
    return dbw_sqlite_open_copy(path, NULL, flags, options, out, error);
}

dbw_status dbw_sqlite_open_copy(const char *path, const char *shown, int flags,
                                const dbw_open_options *options, dbw_sqlite **out, dbw_error *error)
{
    dbw_sqlite *database = allocate(path, shown, flags, options);
    dbw_status status = DBW_OK;
    if (!database)
        return dbw_fail_memory(error);
    flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | (path ? SQLITE_OPEN_NOFOLLOW : 0);
    int code = sqlite3_open_v2(path ? path : ":memory:", &database->handle, flags, NULL);
    if (code != SQLITE_OK) {
        int number = database->handle ? sqlite3_system_errno(database->handle) : 0;
        status = code == SQLITE_CANTOPEN && number
                     ? dbw_fail(error, DBW_E_UNREACHABLE, "unable to open database file '%s': %s",
                                dbw_sqlite_name(database), strerrordesc_np(number))
                     : dbw_sqlite_fail(database, code, NULL, error, "open database file");
        goto out;
    }
    database->read_only |= sqlite3_db_readonly(database->handle, "main") == 1;
    harden(database);
    DBW_TRY_GOTO(status, out, check_header(database, error));
    DBW_TRY_GOTO(status, out, first_read(database, error));
    *out = database;
    return DBW_OK;
out:
    dbw_sqlite_close(&database->base);
    return status;
}

/* Made by ourselves, so that its rights are ours to choose: SQLite would take 0644. */
static dbw_status make_file(const char *path, dbw_error *error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (fd >= 0) {
        close(fd);
        return DBW_OK;
    }
    int number = errno;
    if (number == EEXIST) {
        dbw_fail(error, DBW_E_EXISTS, "unable to make database file '%s': it exists already", path);
        return dbw_error_object(error, "%s", path);
    }
    dbw_fail(error,
             number == ENOSPC   ? DBW_E_DISK_FULL
             : number == EROFS  ? DBW_E_READ_ONLY
             : number == EACCES ? DBW_E_DENIED
                                : DBW_E_IO,
             "unable to make database file '%s': %s", path, strerrordesc_np(number));
    if (number == EACCES)
        dbw_sqlite_hint_write(error, path);
    if (number == ENOSPC)
        dbw_hint(error, "Make room on its file system, and try again.");
    return dbw_error_object(error, "%s", path);
}

static dbw_status open_file(dbw_arena *arena, const dbw_url *url, const dbw_open_options *options,
                            dbw_sqlite **out, dbw_error *error)
{
    char *path;
    bool exists;
    bool create = options->create && !options->read_only;
    DBW_TRY(dbw_sqlite_path_resolve(arena, url, options, create, &path, &exists, error));
    if (!exists)
        DBW_TRY(make_file(path, error));
    int flags = options->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    return dbw_sqlite_open_path(path, flags, options, out, error);
}

dbw_status dbw_sqlite_open(const dbw_url *url, const dbw_open_options *options, dbw_database **out,
                           dbw_error *error)
{
    dbw_sqlite *database = NULL;
    dbw_status status;
    if (dbw_sqlite_path_in_memory(url)) {
        status = dbw_sqlite_open_path(NULL, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, options,
                                      &database, error);
    } else {
        dbw_arena *arena = dbw_arena_new();
        status = open_file(arena, url, options, &database, error);
        dbw_arena_free(arena);
    }
    *out = database ? &database->base : NULL;
    return status;
}

/*
 * The last connection to a WAL database removes -wal and -shm when it closes, but not when it is
 * read-only: then files of ours would stay beside somebody else's database, and its owner might
 * not be able to open them. Where we came to a database without them, we leave it without them.
 */
static void tidy(const dbw_sqlite *database)
{
    sqlite3 *handle = NULL;
    if (!database->read_only || !database->wal || !database->left_no_wal)
        return;
    if (sqlite3_open_v2(database->path, &handle,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
                        NULL) == SQLITE_OK)
        sqlite3_exec(handle, "PRAGMA schema_version", NULL, NULL, NULL);
    sqlite3_close(handle);
}

void dbw_sqlite_close(dbw_database *base)
{
    dbw_sqlite *database = dbw_sqlite_of(base);
    if (!database)
        return;
    dbw_sqlite_driver.rows_close(database->base.open_rows);
    sqlite3_close_v2(database->handle);
    tidy(database);
    dbw_sqlite_unlock(database);
    free(database->path);
    free(database->shown);
    free(database);
}

dbw_status dbw_sqlite_create(const dbw_url *url, const dbw_open_options *options, dbw_error *error)
{
    dbw_sqlite *database = NULL;
    char *path;
    bool exists;
    if (dbw_sqlite_path_in_memory(url))
        return DBW_OK;
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = dbw_sqlite_path_resolve(arena, url, options, true, &path, &exists, error);
    if (status == DBW_OK)
        status = make_file(path, error);
    if (status == DBW_OK)
        status = dbw_sqlite_open_path(path, SQLITE_OPEN_READWRITE, options, &database, error);
    /* Writes the header, so that the file is known for what it is from the start. */
    if (status == DBW_OK)
        status = dbw_sqlite_run(database, "PRAGMA user_version = 0", error);
    if (database)
        dbw_sqlite_close(&database->base);
    dbw_arena_free(arena);
    return status;
}

/* The file, and what SQLite keeps beside it. */
dbw_status dbw_sqlite_drop(const dbw_url *url, const dbw_open_options *options, dbw_error *error)
{
    static const char *const beside[] = {"", "-journal", "-wal", "-shm"};
    char *path;
    bool exists;
    if (dbw_sqlite_path_in_memory(url))
        return DBW_OK;
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = dbw_sqlite_path_resolve(arena, url, options, true, &path, &exists, error);
    for (size_t i = 0; status == DBW_OK && exists && i < DBW_COUNT(beside); i++)
        if (unlink(dbw_arena_printf(arena, "%s%s", path, beside[i])) != 0 && errno != ENOENT)
            status = dbw_fail_errno(error, errno, "unable to remove '%s'", path);
    dbw_arena_free(arena);
    return status;
}
