/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/mysql_priv.h"

static dbw_status run(dbw_database *base, const char *sql, dbw_error *error)
{
    int64_t ignored;
    return dbw_mysql_execute(base, sql, NULL, 0, &ignored, error);
}

static dbw_status ping(dbw_database *base, dbw_error *error)
{
    dbw_mysql *database = (dbw_mysql *)base;
    return mysql_ping(database->handle) == 0 ? DBW_OK : dbw_mysql_failed(database, NULL, error);
}

/* Statements one after the other, as the server splits them. */
static dbw_status execute_script(dbw_database *base, const char *sql, dbw_error *error)
{
    dbw_mysql *database = (dbw_mysql *)base;
    MYSQL *handle = database->handle;
    mysql_set_server_option(handle, MYSQL_OPTION_MULTI_STATEMENTS_ON);
    int more = mysql_real_query(handle, sql, strlen(sql));
    while (more == 0) {
        mysql_free_result(mysql_store_result(handle));
        more = mysql_next_result(handle); /* -1: no more, above 0: an error */
    }
    dbw_status status = more > 0 ? dbw_mysql_failed(database, sql, error) : DBW_OK;
    mysql_set_server_option(handle, MYSQL_OPTION_MULTI_STATEMENTS_OFF);
    return status;
}

static dbw_status begin(dbw_database *base, dbw_error *error)
{
    DBW_TRY(run(base, "START TRANSACTION", error));
    ((dbw_mysql *)base)->in_transaction = true;
    return DBW_OK;
}

static dbw_status commit(dbw_database *base, dbw_error *error)
{
    DBW_TRY(run(base, "COMMIT", error));
    ((dbw_mysql *)base)->in_transaction = false;
    return DBW_OK;
}

static void rollback(dbw_database *base)
{
    dbw_error ignored;
    ((dbw_mysql *)base)->in_transaction = false;
    if (run(base, "ROLLBACK", &ignored) != DBW_OK)
        return; /* the connection is gone, and the server rolls back what it held */
}

static bool in_transaction(const dbw_database *base)
{
    return ((const dbw_mysql *)base)->in_transaction;
}

const dbw_driver dbw_mysql_driver = {
    .pooled = true,
    .open = dbw_mysql_open,
    .close = dbw_mysql_close,
    .ping = ping,
    .cancel = dbw_mysql_cancel,
    .describe = dbw_mysql_describe,
    .execute = dbw_mysql_execute,
    .execute_script = execute_script,
    .fetch = dbw_mysql_fetch,
    .rows_next = dbw_mysql_next,
    .rows_close = dbw_mysql_rows_close,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .create = dbw_mysql_create,
    .drop = dbw_mysql_drop,
};
