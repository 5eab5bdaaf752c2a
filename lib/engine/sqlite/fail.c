/* SPDX-License-Identifier: Apache-2.0 */
/* From SQLite's result codes (https://www.sqlite.org/rescode.html) to our errors. */
#include "base/utf8.h"
#include "engine/sqlite/sqlite_priv.h"

#include <errno.h>
#include <sys/resource.h>

static dbw_status fail_locked(const dbw_sqlite *database, int code, const char *what,
                              dbw_error *error)
{
    if (code == SQLITE_BUSY_SNAPSHOT) {
        dbw_fail(error, DBW_E_LOCKED,
                 "unable to %s: another connection wrote to '%s' since this transaction began",
                 what, dbw_sqlite_name(database));
        return dbw_hint(error, "Try again.");
    }
    dbw_fail(error, DBW_E_LOCKED,
             "unable to %s: database file '%s' is locked by another connection", what,
             dbw_sqlite_name(database));
    return dbw_hint(error,
                    "It stayed locked for %.1f s. Stop what writes to it, or end its open "
                    "transaction, and try again.",
                    (double)database->busy_timeout_ms / 1000);
}

/* The folder takes SQLite's journal; a missing right there shows as "unable to open". */
static dbw_status fail_cannot_open(const dbw_sqlite *database, const char *what, dbw_error *error)
{
    const char *path = dbw_sqlite_name(database);
    dbw_fail(error, DBW_E_READ_ONLY,
             "unable to %s: no file can be made beside '%s', where SQLite keeps its journal", what,
             path);
    return dbw_sqlite_hint_write(error, path);
}

static dbw_status fail_read_only(const dbw_sqlite *database, int code, const char *what,
                                 dbw_error *error)
{
    const char *path = dbw_sqlite_name(database);
    if (code == SQLITE_READONLY_DIRECTORY)
        return fail_cannot_open(database, what, error);
    if (code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_RECOVERY) {
        dbw_fail(error, DBW_E_READ_ONLY,
                 "unable to %s: database file '%s' has an unfinished write that must be undone "
                 "first, and it is opened read-only",
                 what, path);
        return dbw_hint(error, "Open it once with its application, or with: sqlite3 FILE .tables");
    }
    if (code == SQLITE_READONLY_DBMOVED) {
        dbw_fail(error, DBW_E_READ_ONLY,
                 "unable to %s: database file '%s' was moved or deleted while it was open", what,
                 path);
        return dbw_hint(error, "Connect again.");
    }
    dbw_fail(error, DBW_E_READ_ONLY, "unable to %s: database file '%s' is read-only", what, path);
    return dbw_sqlite_hint_write(error, path);
}

static dbw_status fail_interrupted(const dbw_sqlite *database, const char *what, dbw_error *error)
{
    if (database->statement_timeout_ms && dbw_deadline_left(database->statement_deadline) == 0)
        return dbw_fail(error, DBW_E_TIMEOUT, "unable to %s: not done within %lld ms", what,
                        (long long)database->statement_timeout_ms);
    return dbw_fail(error, DBW_E_CANCELLED, "unable to %s: cancelled", what);
}

/* SQLite does not tell that of every write. */
static bool is_too_large(int code, int number)
{
    struct rlimit limit;
    if (number)
        return number == EFBIG;
    return code == SQLITE_IOERR_WRITE && getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
           limit.rlim_cur != RLIM_INFINITY;
}

static dbw_status fail_io(const dbw_sqlite *database, int code, const char *what, dbw_error *error)
{
    int number = database->handle ? sqlite3_system_errno(database->handle) : 0;
    const char *path = dbw_sqlite_name(database);
    char reason[128];
    if (code == SQLITE_IOERR_NOMEM)
        return dbw_fail_memory(error);
    if (number)
        snprintf(reason, sizeof reason, "%s", strerrordesc_np(number));
    else
        snprintf(reason, sizeof reason, "%s", sqlite3_errstr(code));
    if (is_too_large(code, number)) {
        dbw_fail(error, DBW_E_DISK_FULL,
                 "unable to %s: database file '%s' is as large as files may get", what, path);
        return dbw_hint(error,
                        "Raise the limit (ulimit -f, LimitFSIZE of the service), and try again.");
    }
    if (number == ENOSPC || number == EDQUOT) {
        dbw_fail(error, DBW_E_DISK_FULL, "unable to %s: no room left for database file '%s'", what,
                 path);
        return dbw_hint(error, "Make room on its file system, and try again.");
    }
    return dbw_fail(error, DBW_E_IO, "unable to %s: database file '%s': %s", what, path, reason);
}

static const char *constraint_sqlstate(int code)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return "23505";
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return "23503";
    case SQLITE_CONSTRAINT_NOTNULL:
        return "23502";
    case SQLITE_CONSTRAINT_CHECK:
        return "23514";
    default:
        return "23000";
    }
}

static bool says_gone(const char *reason)
{
    static const char *const what[] = {"no such table", "no such index", "no such trigger"};
    for (size_t i = 0; i < DBW_COUNT(what); i++)
        if (strncmp(reason, what[i], strlen(what[i])) == 0)
            return true;
    return false;
}

static dbw_status fail_by_code(dbw_sqlite *database, int code, const char *what, dbw_error *error)
{
    const char *path = dbw_sqlite_name(database);
    const char *reason = database->handle ? sqlite3_errmsg(database->handle) : sqlite3_errstr(code);
    /* A refused function is told as an ordinary error. */
    if (database->refused[0] && (code & 0xff) == SQLITE_ERROR &&
        strncmp(reason, "not authorized", 14) == 0)
        code = SQLITE_AUTH;
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return atomic_load(&database->cancelled) ? fail_interrupted(database, what, error)
                                                 : fail_locked(database, code, what, error);
    case SQLITE_READONLY:
        return fail_read_only(database, code, what, error);
    case SQLITE_INTERRUPT:
        return fail_interrupted(database, what, error);
    case SQLITE_IOERR:
        return fail_io(database, code, what, error);
    case SQLITE_FULL:
        dbw_fail(error, DBW_E_DISK_FULL, "unable to %s: no room left for database file '%s'", what,
                 path);
        return dbw_hint(error, "Make room on its file system, and try again.");
    case SQLITE_CANTOPEN:
        return fail_cannot_open(database, what, error);
    case SQLITE_NOTADB:
        dbw_fail(error, DBW_E_NOT_DATABASE, "unable to %s: '%s' is not a SQLite database", what,
                 path);
        return dbw_hint(error, "Check the path. An encrypted database must be decrypted first.");
    case SQLITE_CORRUPT:
        dbw_fail(error, DBW_E_NOT_DATABASE, "unable to %s: database file '%s' is damaged (%s)",
                 what, path, reason);
        return dbw_hint(error, "Run: sqlite3 FILE 'PRAGMA integrity_check'. Restore a backup.");
    case SQLITE_NOMEM:
        return dbw_fail_memory(error);
    case SQLITE_TOOBIG:
        return dbw_fail(error, DBW_E_LIMIT, "unable to %s: a value or statement exceeds %d bytes",
                        what, sqlite3_limit(database->handle, SQLITE_LIMIT_LENGTH, -1));
    case SQLITE_AUTH:
        dbw_fail(error, DBW_E_DENIED, "unable to %s: %s is not allowed here", what,
                 database->refused[0] ? database->refused : "the statement");
        return dbw_hint(error, "Statements that reach beyond the one database file are refused.");
    case SQLITE_CONSTRAINT:
        dbw_fail(error, DBW_E_DATABASE, "unable to %s: %s", what, reason);
        memcpy(error->sqlstate, constraint_sqlstate(code), 6);
        return error->code;
    case SQLITE_MISMATCH:
        return dbw_fail(error, DBW_E_DATA, "unable to %s: %s", what, reason);
    default:
        /* The one result code stands for all that a statement may get wrong. */
        return dbw_fail(error, says_gone(reason) ? DBW_E_NOT_FOUND : DBW_E_DATABASE,
                        "unable to %s: %s", what, reason);
    }
}

dbw_status dbw_sqlite_fail(dbw_sqlite *database, int code, const char *sql, dbw_error *error,
                           const char *what, ...)
{
    char verb[512];
    va_list arguments;
    va_start(arguments, what);
    int length = vsnprintf(verb, sizeof verb, what, arguments);
    va_end(arguments);
    if (length < 0)
        verb[0] = '\0';
    verb[dbw_utf8_cut(verb, strlen(verb), strlen(verb))] = '\0';
    if (database->handle && (code & 0xff) == (sqlite3_errcode(database->handle) & 0xff))
        code = sqlite3_extended_errcode(database->handle);
    fail_by_code(database, code, verb, error);
    if (sql) {
        size_t cut = dbw_utf8_cut(sql, strlen(sql), sizeof error->statement - 1);
        memcpy(error->statement, sql, cut);
        error->statement[cut] = '\0';
    }
    if (database->path)
        dbw_error_object(error, "%s", dbw_sqlite_name(database));
    return error->code;
}
