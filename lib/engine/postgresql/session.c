/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/dialect.h"
#include "engine/postgresql/postgresql_priv.h"

#include <sys/socket.h>
#include <time.h>

enum { DROP_TRIES = 100 };

dbw_status dbw_pg_open(const dbw_url *url, const dbw_open_options *options, dbw_database **out,
                       dbw_error *error)
{
    dbw_pg_database *database;
    *out = NULL;
    DBW_TRY(dbw_pg_connect(url, options, NULL, &database, error));
    *out = &database->base;
    return DBW_OK;
}

void dbw_pg_close(dbw_database *base)
{
    /* The server rolls an open transaction back when the connection ends. */
    dbw_pg_disconnect(dbw_pg(base));
}

dbw_status dbw_pg_ready(dbw_pg_database *database, dbw_error *error)
{
    if (database->lost || PQstatus(database->connection) != CONNECTION_OK)
        return dbw_pg_fail_lost(database, NULL, error);
    PGTransactionStatusType status = PQtransactionStatus(database->connection);
    if (database->base.open_rows || status == PQTRANS_ACTIVE)
        return dbw_fail(error, DBW_E_INTERNAL,
                        "unable to run a statement: another one is still running");
    database->in_transaction = status != PQTRANS_IDLE;
    return DBW_OK;
}

dbw_status dbw_pg_ping(dbw_database *base, dbw_error *error)
{
    return dbw_pg_run(dbw_pg(base), "SELECT 1", error);
}

void dbw_pg_cancel(dbw_database *base)
{
    dbw_pg_interrupt(dbw_pg(base)->connection);
}

/* By a descriptor of our own: libpq may close its one at any moment, and its number may mean
 * another connection then. */
void dbw_pg_cut(dbw_database *base)
{
    if (dbw_pg(base)->line >= 0)
        shutdown(dbw_pg(base)->line, SHUT_RDWR);
}

/* --- transactions ----------------------------------------------------------------------------- */

dbw_status dbw_pg_begin_with(dbw_pg_database *database, const char *mode, dbw_error *error)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, 65536);
    dbw_buffer_printf(
        &sql, "BEGIN%s%s", mode,
        database->pooled && database->read_only && !strstr(mode, "READ ONLY") ? " READ ONLY" : "");
    if (database->transaction_settings)
        dbw_buffer_printf(&sql, "; %s", database->transaction_settings);
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_pg_run(database, sql.data, error);
    dbw_buffer_free(&sql);
    return status;
}

dbw_status dbw_pg_begin(dbw_database *base, dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(base);
    DBW_TRY(dbw_pg_ready(database, error));
    if (database->in_transaction)
        return dbw_fail(error, DBW_E_INTERNAL, "unable to begin: a transaction is open already");
    return dbw_pg_begin_with(database, "", error);
}

dbw_status dbw_pg_commit(dbw_database *base, dbw_error *error)
{
    dbw_pg_database *database = dbw_pg(base);
    DBW_TRY(dbw_pg_ready(database, error));
    /* The server answers COMMIT of a failed transaction with a roll-back and no error. */
    bool failed = PQtransactionStatus(database->connection) == PQTRANS_INERROR;
    DBW_TRY(dbw_pg_run(database, "COMMIT", error));
    if (!failed)
        return DBW_OK;
    dbw_fail(error, DBW_E_CONFLICT, "unable to commit: a statement of the transaction had failed");
    return dbw_hint(error, "Everything since it began was rolled back.");
}

void dbw_pg_rollback(dbw_database *base)
{
    dbw_pg_database *database = dbw_pg(base);
    dbw_error ignored;
    if (database->lost)
        return;
    if (PQtransactionStatus(database->connection) == PQTRANS_ACTIVE)
        dbw_pg_drain(database, true);
    if (!dbw_pg_in_transaction(base))
        return;
    if (dbw_pg_run(database, "ROLLBACK", &ignored) != DBW_OK)
        database->lost = true;
}

bool dbw_pg_in_transaction(const dbw_database *base)
{
    const dbw_pg_database *database = (const dbw_pg_database *)(const void *)base;
    switch (PQtransactionStatus(database->connection)) {
    case PQTRANS_INTRANS:
    case PQTRANS_INERROR:
        return true;
    case PQTRANS_ACTIVE:
        return database->in_transaction;
    case PQTRANS_IDLE:
    case PQTRANS_UNKNOWN:
        break;
    }
    return false;
}

/* --- making a database ------------------------------------------------------------------------ */

/** Connects to a database that every server has. */
static dbw_status connect_anywhere(const dbw_url *url, const dbw_open_options *options,
                                   dbw_pg_database **out, dbw_error *error)
{
    dbw_status status = dbw_pg_connect(url, options, "postgres", out, error);
    if (status == DBW_E_NO_DATABASE)
        status = dbw_pg_connect(url, options, "template1", out, error);
    return status;
}

static dbw_status run_on_name(dbw_pg_database *server, const char *before, const char *name,
                              const char *after, dbw_error *error)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, 4096);
    dbw_buffer_add_string(&sql, before);
    dbw_pg_quote_name(&sql, name);
    dbw_buffer_add_string(&sql, after);
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_pg_run(server, sql.data, error);
    dbw_buffer_free(&sql);
    return status;
}

dbw_status dbw_pg_create(const dbw_url *url, const dbw_open_options *options, dbw_error *error)
{
    const char *name = url->database;
    if (!name || !*name) {
        dbw_fail(error, DBW_E_INVALID, "unable to create a database: the URL names none");
        return dbw_error_object(error, "database");
    }
    if (strlen(name) > DBW_PG_NAME_LIMIT) {
        dbw_fail(error, DBW_E_INVALID,
                 "unable to create database '%s': the name is longer than %d bytes", name,
                 DBW_PG_NAME_LIMIT);
        return dbw_error_object(error, "database");
    }
    dbw_pg_database *server;
    DBW_TRY(connect_anywhere(url, options, &server, error));
    /* A pooler in transaction mode passes statements outside of transactions on as well. */
    dbw_status status =
        run_on_name(server, "CREATE DATABASE ", name, " ENCODING 'UTF8' TEMPLATE template0", error);
    /* Of two that make it at the same time the second fails on the catalog's own key. */
    if (strcmp(error->sqlstate, "23505") == 0 && status != DBW_OK)
        status = error->code = DBW_E_EXISTS;
    if (status == DBW_E_DENIED)
        dbw_hint(error,
                 "An administrator has to do it: CREATE DATABASE \"%s\" OWNER \"%s\" "
                 "ENCODING 'UTF8' TEMPLATE template0; or give the right to: ALTER ROLE "
                 "\"%s\" CREATEDB;",
                 name, server->user, server->user);
    if (status != DBW_OK) {
        dbw_error_prefix(error, "unable to create database '%s'", name);
        dbw_error_object(error, "%s", name);
    }
    dbw_pg_disconnect(server);
    return status;
}

/* A client that was killed may have left its CREATE DATABASE to a server that is still busy with
 * it: whoever looks only then finds none, and later there is one. */
static bool is_being_made(dbw_pg_database *server, const char *name)
{
    static const char sql[] = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND"
                              " pid <> pg_backend_pid() AND starts_with(query, ?) LIMIT 1";
    dbw_error ignored;
    dbw_value begins, found = {.kind = DBW_KIND_NULL};
    dbw_buffer statement;
    dbw_arena *arena = dbw_arena_new();
    dbw_buffer_init(&statement, 1024);
    dbw_buffer_add_string(&statement, "CREATE DATABASE ");
    dbw_pg_quote_name(&statement, name);
    begins = dbw_value_text(dbw_buffer_text(&statement));
    bool made =
        dbw_fetch_value(&server->base, arena, sql, &begins, 1, &found, &ignored) == DBW_OK &&
        !dbw_value_is_null(&found);
    dbw_buffer_free(&statement);
    dbw_arena_free(arena);
    return made;
}

/* One that somebody is connected to stays: the server refuses. */
dbw_status dbw_pg_drop(const dbw_url *url, const dbw_open_options *options, dbw_error *error)
{
    dbw_pg_database *server;
    DBW_TRY(connect_anywhere(url, options, &server, error));
    dbw_status status;
    for (int tries = 0; tries < DROP_TRIES; tries++) {
        bool made = is_being_made(server, url->database);
        status = run_on_name(server, "DROP DATABASE ", url->database, "", error);
        if (status != DBW_E_NO_DATABASE || !made)
            break;
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    if (status != DBW_OK)
        dbw_error_prefix(error, "unable to drop database '%s'", url->database);
    dbw_pg_disconnect(server);
    return status;
}
