/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/mysql_priv.h"

#include <errmsg.h>
#include <mysqld_error.h>

#define MEMORY_HINT                                                                                \
    "The server ran out of memory: give it more, or lower innodb_buffer_pool_size and "            \
    "max_connections there, then try again."

/* Client and server error numbers (errmsg.h, mysqld_error.h) and what a person can do. */
static const struct {
    unsigned number;
    dbw_status code;
    const char *hint;
} known[] = {
    {CR_CONNECTION_ERROR, DBW_E_UNREACHABLE,
     "No server listens on that socket. Look whether it runs: systemctl status mariadb."},
    {CR_CONN_HOST_ERROR, DBW_E_UNREACHABLE,
     "Look whether the server runs and listens on that address and port (bind-address), and "
     "whether a firewall is between. From inside a container, localhost is the container itself: "
     "use the service's name."},
    {CR_UNKNOWN_HOST, DBW_E_UNREACHABLE,
     "The name is not known here. Look for a typing error; in Docker use the service's name."},
    {CR_SERVER_GONE_ERROR, DBW_E_UNREACHABLE, "The server closed the connection."},
    {CR_SERVER_LOST, DBW_E_UNREACHABLE,
     "The connection broke. Look into the server's log; a value may exceed max_allowed_packet."},
    {CR_SSL_CONNECTION_ERROR, DBW_E_TLS,
     "Look at the TLS mode (sslmode) and, for the verifying modes, at the CA file (sslrootcert) "
     "and the host name in the server's certificate."},
    {CR_AUTH_PLUGIN_CANNOT_LOAD, DBW_E_UNSUPPORTED,
     "The account uses an authentication plugin that the client library lacks."},
    {ER_ACCESS_DENIED_ERROR, DBW_E_AUTH,
     "Check user and password, and that the account may log in from this host "
     "('user'@'host')."},
    {ER_DBACCESS_DENIED_ERROR, DBW_E_DENIED, "GRANT ALL ON `database`.* TO 'user'@'host';"},
    {ER_BAD_DB_ERROR, DBW_E_NO_DATABASE,
     "Make it: CREATE DATABASE `name` CHARACTER SET utf8mb4; or use --create-database."},
    {ER_CON_COUNT_ERROR, DBW_E_LIMIT,
     "The server has too many connections: raise max_connections or lower DB_POOL_SIZE."},
    {ER_TOO_MANY_USER_CONNECTIONS, DBW_E_LIMIT,
     "The account has too many connections: lower DB_POOL_SIZE."},
    {ER_HOST_NOT_PRIVILEGED, DBW_E_AUTH, "The server takes no connections from this host."},
    {ER_HOST_IS_BLOCKED, DBW_E_AUTH, "Unblock this host: mariadb-admin flush-hosts."},
    {ER_TABLEACCESS_DENIED_ERROR, DBW_E_DENIED, NULL},
    {ER_COLUMNACCESS_DENIED_ERROR, DBW_E_DENIED, NULL},
    {ER_SPECIFIC_ACCESS_DENIED_ERROR, DBW_E_DENIED, NULL},
    {ER_OPTION_PREVENTS_STATEMENT, DBW_E_READ_ONLY, "The server is read-only (a replica?)."},
    {ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, DBW_E_READ_ONLY, NULL},
    {ER_LOCK_WAIT_TIMEOUT, DBW_E_LOCKED, "Somebody else holds the lock: SHOW PROCESSLIST."},
    {ER_LOCK_DEADLOCK, DBW_E_LOCKED, NULL},
    {ER_DISK_FULL, DBW_E_DISK_FULL, "Free room on the server's disk."},
    {ER_RECORD_FILE_FULL, DBW_E_DISK_FULL, "Free room on the server's disk."},
    {ER_OUTOFMEMORY, DBW_E_NO_MEMORY, MEMORY_HINT},
    {ER_OUT_OF_SORTMEMORY, DBW_E_NO_MEMORY,
     "Raise sort_buffer_size on the server, then try again."},
    {ER_OUT_OF_RESOURCES, DBW_E_NO_MEMORY, MEMORY_HINT},
    {ER_QUERY_INTERRUPTED, DBW_E_CANCELLED, NULL},
    {ER_DB_CREATE_EXISTS, DBW_E_EXISTS, NULL},
    {ER_NO_SUCH_TABLE, DBW_E_NOT_FOUND, NULL},
    {ER_BAD_TABLE_ERROR, DBW_E_NOT_FOUND, NULL},
    {ER_CANT_DROP_FIELD_OR_KEY, DBW_E_NOT_FOUND, NULL},
};

/* The server's words, made printable: they may hold what a client sent. */
static void printable(char *out, size_t size, const char *message)
{
    size_t n = 0;
    for (; *message && n + 1 < size; message++)
        out[n++] = (unsigned char)*message < 0x20 || *message == 0x7f ? ' ' : *message;
    out[n] = '\0';
}

/* 110 is ETIMEDOUT, which the client library only tells in its text. */
static bool is_late(const char *reason)
{
    return strstr(reason, "system error: 110") || strstr(reason, "(110)");
}

dbw_status dbw_mysql_fail(dbw_error *error, unsigned number, const char *sqlstate,
                          const char *message, const char *doing, const char *target)
{
    char reason[512];
    dbw_status code = DBW_E_DATABASE;
    const char *hint = NULL;
    printable(reason, sizeof reason, message);
    for (size_t i = 0; i < DBW_COUNT(known); i++) {
        if (known[i].number != number)
            continue;
        code = known[i].code;
        hint = known[i].hint;
    }
    if (number == ER_OPTION_PREVENTS_STATEMENT && !strstr(reason, "read-only")) {
        bool memory = strstr(reason, "mem-used") != NULL;
        code = memory ? DBW_E_NO_MEMORY : DBW_E_DATABASE;
        hint = memory ? "Raise max_session_mem_used on the server, then try again." : NULL;
    }
    if (is_late(reason) && (code == DBW_E_UNREACHABLE || code == DBW_E_TLS)) {
        code = DBW_E_TIMEOUT;
        hint = "Something listens there but does not answer as a MySQL server, or a firewall "
               "swallows the packets.";
    }
    dbw_fail(error, code, "unable to %s %s: %s", doing, target, reason);
    if (hint)
        dbw_hint(error, "%s", hint);
    snprintf(error->sqlstate, sizeof error->sqlstate, "%s", sqlstate ? sqlstate : "");
    return code;
}

/* Encryption stood when the connection was made: it was not that which failed, but the connection.
 */
static unsigned number_of(unsigned number)
{
    return number == CR_SSL_CONNECTION_ERROR ? CR_SERVER_LOST : number;
}

static void keep_statement(dbw_error *error, const char *sql)
{
    if (sql)
        snprintf(error->statement, sizeof error->statement, "%s", sql);
}

static dbw_status silent_server(const dbw_mysql *database, dbw_error *error)
{
    dbw_fail(error, DBW_E_TIMEOUT, "unable to run a statement on %s: no answer within %.1f s",
             database->target, (double)database->statement_timeout_ms / 1000);
    return error->code;
}

dbw_status dbw_mysql_failed(dbw_mysql *database, const char *sql, dbw_error *error)
{
    unsigned number = number_of(mysql_errno(database->handle));
    dbw_status status;
    if (database->statement_timeout_ms > 0 && is_late(mysql_error(database->handle)))
        status = silent_server(database, error);
    else
        status =
            dbw_mysql_fail(error, number, mysql_sqlstate(database->handle),
                           mysql_error(database->handle), "run a statement on", database->target);
    keep_statement(error, sql);
    return status;
}

dbw_status dbw_mysql_statement_failed(dbw_mysql *database, MYSQL_STMT *statement, const char *sql,
                                      dbw_error *error)
{
    /* What ends a result in its midst stands at the connection alone. */
    if (mysql_stmt_errno(statement) == 0)
        return dbw_mysql_failed(database, sql, error);
    unsigned number = number_of(mysql_stmt_errno(statement));
    dbw_status status;
    if (database->statement_timeout_ms > 0 && is_late(mysql_stmt_error(statement)))
        status = silent_server(database, error);
    else
        status =
            dbw_mysql_fail(error, number, mysql_stmt_sqlstate(statement),
                           mysql_stmt_error(statement), "run a statement on", database->target);
    keep_statement(error, sql);
    return status;
}
