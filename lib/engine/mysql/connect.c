/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include "engine/mysql/mysql_priv.h"
#include "engine/address.h"
#include "engine/mysql/infile.h"
/* clang-format on */

#include <errmsg.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DEFAULT_CONNECT_MS = 10000, CANCEL_CONNECT_MS = 3000, DEFAULT_PORT = 3306 };

static const char system_ca[] = "/etc/ssl/certs/ca-certificates.crt";

static int64_t connect_ms(const dbw_open_options *options)
{
    return options->connect_timeout_ms > 0 ? options->connect_timeout_ms : DEFAULT_CONNECT_MS;
}

static unsigned seconds_up(int64_t milliseconds)
{
    return (unsigned)((milliseconds + 999) / 1000);
}

static void set_tls(MYSQL *handle, const dbw_url_tls *tls, bool use)
{
    my_bool yes = 1, no = 0;
    bool verify = tls->mode == DBW_TLS_VERIFY_CA || tls->mode == DBW_TLS_VERIFY_FULL;
    if (!use)
        return;
    const char *ca = tls->ca ? tls->ca : verify ? system_ca : NULL;
    mysql_ssl_set(handle, tls->key, tls->cert, ca, NULL, NULL);
    mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &yes);
    mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, verify ? &yes : &no);
}

/* Nothing of option files, and no file of ours for a server that asks for one: LOCAL INFILE is off,
 * or gives what a load holds in memory. */
static MYSQL *new_handle(dbw_mysql *database, const dbw_url_tls *tls, bool use_tls)
{
    const dbw_open_options *options = &database->options;
    MYSQL *handle = mysql_init(NULL);
    if (!handle)
        return NULL;
    unsigned off = 0, connect = seconds_up(connect_ms(options));
    unsigned answer = seconds_up(options->statement_timeout_ms);
    mysql_options(handle, MYSQL_OPT_NONBLOCK, 0);
    mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &off);
    if (options->loads)
        dbw_mysql_infile_allow(database, handle);
    else
        database->infile.off = true;
    mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &connect);
    if (answer) {
        mysql_options(handle, MYSQL_OPT_READ_TIMEOUT, &answer);
        mysql_options(handle, MYSQL_OPT_WRITE_TIMEOUT, &answer);
    }
    mysql_options(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options4(handle, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name",
                   options->application_name ? options->application_name : "dbwizard");
    set_tls(handle, tls, use_tls);
    return handle;
}

/* Waits for what the library waits for, but never past the deadline. */
static int wait_for(MYSQL *handle, int wanted, dbw_deadline deadline)
{
    struct pollfd fd = {.fd = mysql_get_socket(handle)};
    fd.events = (short)((wanted & MYSQL_WAIT_READ ? POLLIN : 0) |
                        (wanted & MYSQL_WAIT_WRITE ? POLLOUT : 0) |
                        (wanted & MYSQL_WAIT_EXCEPT ? POLLPRI : 0));
    int ready;
    do
        ready = poll(&fd, 1, dbw_deadline_left(deadline));
    while (ready < 0 && errno == EINTR);
    if (ready == 0)
        return MYSQL_WAIT_TIMEOUT;
    return (fd.revents & (POLLIN | POLLERR | POLLHUP) ? MYSQL_WAIT_READ : 0) |
           (fd.revents & (POLLOUT | POLLERR) ? MYSQL_WAIT_WRITE : 0) |
           (fd.revents & POLLPRI ? MYSQL_WAIT_EXCEPT : 0);
}

struct place {
    const char *host;
    const char *socket;
    int port;
};

static bool connect_until(MYSQL *handle, const dbw_url *url, const struct place *place,
                          const char *database, dbw_deadline deadline)
{
    MYSQL *connected = NULL;
    int wanted = mysql_real_connect_start(
        &connected, handle, place->host, url->username ? url->username : "",
        url->password ? url->password : "", database, (unsigned)place->port, place->socket, 0);
    while (wanted)
        wanted = mysql_real_connect_cont(&connected, handle, wait_for(handle, wanted, deadline));
    return connected != NULL;
}

static dbw_status connect_failed(MYSQL *handle, const char *target, int64_t limit_ms,
                                 dbw_deadline deadline, dbw_error *error)
{
    if (dbw_deadline_left(deadline) == 0) {
        dbw_fail(error, DBW_E_TIMEOUT, "unable to connect to %s: no answer within %.1f s", target,
                 (double)limit_ms / 1000);
        return dbw_hint(error, "Something listens there but does not answer as a MySQL server, or "
                               "a firewall swallows the packets.");
    }
    return dbw_mysql_fail(error, mysql_errno(handle), mysql_sqlstate(handle), mysql_error(handle),
                          "connect to", target);
}

/*
 * `prefer` tries with TLS first and, only where the server offers none, again without. A wrong
 * password is no reason to send it once more in the clear.
 */
static dbw_status connect_place(dbw_mysql *database, const dbw_url_tls *tls,
                                const struct place *place, const char *name, dbw_error *error)
{
    int64_t limit = connect_ms(&database->options);
    dbw_deadline deadline = dbw_deadline_in(limit);
    bool use_tls = tls->mode != DBW_TLS_DISABLE && !(tls->mode == DBW_TLS_PREFER && place->socket);
    for (;;) {
        database->handle = new_handle(database, tls, use_tls);
        if (!database->handle)
            return dbw_fail_memory(error);
        if (connect_until(database->handle, database->url, place, name, deadline))
            return DBW_OK;
        bool again = use_tls && tls->mode == DBW_TLS_PREFER &&
                     mysql_errno(database->handle) == CR_SSL_CONNECTION_ERROR;
        if (!again)
            return connect_failed(database->handle, database->target, limit, deadline, error);
        mysql_close(database->handle);
        database->handle = NULL;
        use_tls = false;
    }
}

/* Where the identity is checked the library needs the name; otherwise it gets what was resolved
 * and allowed, so that a name cannot point elsewhere a moment later. */
static dbw_status connect_host(dbw_mysql *database, const dbw_url_tls *tls, const char *name,
                               dbw_error *error)
{
    const dbw_url *url = database->url;
    const dbw_open_options *options = &database->options;
    int port = url->port ? url->port : DEFAULT_PORT;
    dbw_addresses addresses;
    DBW_TRY(dbw_address_resolve(url->host, options->restrict_addresses, options->allow_hosts,
                                dbw_deadline_in(connect_ms(options)), &addresses, error));
    bool verify = tls->mode == DBW_TLS_VERIFY_CA || tls->mode == DBW_TLS_VERIFY_FULL;
    if (verify)
        return connect_place(database, tls, &(struct place){url->host, NULL, port}, name, error);
    dbw_status status = DBW_E_UNREACHABLE;
    for (size_t i = 0; i < addresses.count; i++) {
        mysql_close(database->handle);
        database->handle = NULL;
        struct place place = {addresses.text[i], NULL, port};
        status = connect_place(database, tls, &place, name, error);
        if (status != DBW_E_UNREACHABLE)
            return status;
    }
    return status;
}

static const char *socket_of(const dbw_url *url)
{
    const char *socket = dbw_url_option_value(url, "unix_socket");
    return socket ? socket : url->host && url->host[0] == '/' ? url->host : NULL;
}

static dbw_status connect_any(dbw_mysql *database, const char *name, dbw_error *error)
{
    const dbw_url *url = database->url;
    const char *socket = socket_of(url);
    dbw_url_tls tls;
    DBW_TRY(dbw_url_tls_of(url, &tls, error));
    if (socket) {
        DBW_TRY(dbw_address_socket_allowed(socket, database->options.allow_hosts, error));
        return connect_place(database, &tls, &(struct place){NULL, socket, 0}, name, error);
    }
    if (!url->host || !*url->host) {
        dbw_fail(error, DBW_E_INVALID, "unable to connect: the URL names no host");
        dbw_error_object(error, "host");
        return dbw_hint(error, "Write mysql://user:password@host:3306/database.");
    }
    return connect_host(database, &tls, name, error);
}

/* Exact and predictable: UTC, strict values, no quoting surprises. Zero dates and the like come
 * from another database of this kind alone, and are kept. */
static dbw_status set_up_session(dbw_mysql *database, dbw_error *error)
{
    int64_t ignored;
    DBW_TRY(dbw_mysql_execute(&database->base,
                              "SET SESSION time_zone = '+00:00', sql_mode = "
                              "'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION,"
                              "ERROR_FOR_DIVISION_BY_ZERO,ALLOW_INVALID_DATES'",
                              NULL, 0, &ignored, error));
    if (!database->options.read_only)
        return DBW_OK;
    return dbw_mysql_execute(&database->base, "SET SESSION TRANSACTION READ ONLY", NULL, 0,
                             &ignored, error);
}

void dbw_mysql_be_patient(dbw_mysql *database)
{
    static const char *const settings[] = {
        "SET SESSION net_write_timeout = 86400",
        "SET SESSION net_read_timeout = 86400",
        "SET SESSION wait_timeout = 604800",
        "SET SESSION idle_transaction_timeout = 0",
        "SET SESSION idle_readonly_transaction_timeout = 0",
        "SET SESSION idle_write_transaction_timeout = 0",
        "SET SESSION max_statement_time = 0",
        "SET SESSION max_execution_time = 0",
        "SET SESSION lock_wait_timeout = 30",
        "SET SESSION innodb_lock_wait_timeout = 30",
    };
    dbw_error unknown;
    int64_t ignored;
    for (size_t i = 0; i < DBW_COUNT(settings); i++)
        if (dbw_mysql_execute(&database->base, settings[i], NULL, 0, &ignored, &unknown) != DBW_OK)
            continue;
}

static dbw_mysql *database_new(const dbw_url *url, const dbw_open_options *options)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_mysql *database = DBW_NEW(arena, dbw_mysql);
    database->arena = arena;
    database->base.engine = &dbw_engine_mysql;
    database->line = -1;
    database->url = DBW_NEW(arena, dbw_url);
    *database->url = *url;
    database->options = *options;
    database->statement_timeout_ms = options->statement_timeout_ms;
    const char *socket = socket_of(url);
    database->target = socket
                           ? dbw_arena_printf(arena, "'%.200s'", socket)
                           : dbw_arena_printf(arena, "'%.200s' port %d", url->host ? url->host : "",
                                              url->port ? url->port : DEFAULT_PORT);
    return database;
}

static void fill_cancel_copy(dbw_mysql *database)
{
    dbw_arena *arena = database->arena;
    dbw_url *url = database->url;
    url->host = dbw_arena_string(arena, url->host);
    url->username = dbw_arena_string(arena, url->username);
    url->password = dbw_arena_string(arena, url->password);
    dbw_url_option *options = DBW_NEW_ARRAY(arena, url->option_count + 1, dbw_url_option);
    for (size_t i = 0; i < url->option_count; i++) {
        options[i].name = dbw_arena_string(arena, url->options[i].name);
        options[i].value = dbw_arena_string(arena, url->options[i].value);
    }
    url->options = options;
    database->options.application_name = NULL;
    database->options.allow_hosts = dbw_arena_string(arena, database->options.allow_hosts);
}

static dbw_status open_named(const dbw_url *url, const dbw_open_options *options, const char *name,
                             dbw_mysql **out, dbw_error *error)
{
    dbw_mysql *database = database_new(url, options);
    dbw_status status = connect_any(database, name, error);
    if (status == DBW_OK)
        status = set_up_session(database, error);
    if (status == DBW_OK && options->lifeline)
        dbw_mysql_be_patient(database);
    if (status != DBW_OK) {
        dbw_mysql_close(&database->base);
        return status;
    }
    fill_cancel_copy(database);
    if (options->lifeline)
        database->line = fcntl(mysql_get_socket(database->handle), F_DUPFD_CLOEXEC, 0);
    database->options.lifeline = NULL; /* the second connection of a cancel is not of it */
    *out = database;
    return DBW_OK;
}

dbw_status dbw_mysql_open(const dbw_url *url, const dbw_open_options *options, dbw_database **out,
                          dbw_error *error)
{
    dbw_mysql *database;
    DBW_TRY(open_named(url, options, url->database && *url->database ? url->database : NULL,
                       &database, error));
    *out = &database->base;
    return DBW_OK;
}

void dbw_mysql_close(dbw_database *base)
{
    dbw_mysql *database = (dbw_mysql *)base;
    if (database->handle)
        mysql_close(database->handle);
    if (database->line >= 0)
        close(database->line);
    dbw_arena_free(database->arena);
}

void dbw_mysql_cut(dbw_database *base)
{
    dbw_mysql *database = (dbw_mysql *)base;
    atomic_store(&database->cut, true);
    if (database->line >= 0)
        shutdown(database->line, SHUT_RDWR);
}

/* The protocol has no out-of-band message: a second connection kills the first one's statement. */
void dbw_mysql_cancel(dbw_database *base)
{
    dbw_mysql *database = (dbw_mysql *)base;
    dbw_open_options options = database->options;
    dbw_error ignored;
    dbw_mysql *second;
    int64_t affected;
    char sql[48];
    if (atomic_load(&database->cut))
        return;
    options.connect_timeout_ms = options.statement_timeout_ms = CANCEL_CONNECT_MS;
    if (open_named(database->url, &options, NULL, &second, &ignored) != DBW_OK)
        return;
    snprintf(sql, sizeof sql, "KILL QUERY %lu", mysql_thread_id(database->handle));
    /* It may have ended by itself meanwhile; either way it is over. */
    dbw_status status = dbw_mysql_execute(&second->base, sql, NULL, 0, &affected, &ignored);
    (void)status;
    dbw_mysql_close(&second->base);
}

static dbw_status run_on_name(const dbw_url *url, const dbw_open_options *options,
                              const char *before, const char *after, dbw_error *error)
{
    dbw_mysql *server;
    DBW_TRY(open_named(url, options, NULL, &server, error));
    dbw_buffer sql;
    int64_t affected;
    dbw_buffer_init(&sql, 1024);
    dbw_buffer_add_string(&sql, before);
    dbw_mysql_dialect.quote_name(&sql, url->database);
    dbw_buffer_add_string(&sql, after);
    dbw_status status = dbw_buffer_check(&sql, "database name", error);
    if (status == DBW_OK)
        status = dbw_mysql_execute(&server->base, sql.data, NULL, 0, &affected, error);
    dbw_buffer_free(&sql);
    dbw_mysql_close(&server->base);
    return status;
}

dbw_status dbw_mysql_create(const dbw_url *url, const dbw_open_options *options, dbw_error *error)
{
    if (!url->database || !*url->database)
        return dbw_fail(error, DBW_E_INVALID, "unable to create a database: the URL names none");
    return run_on_name(url, options, "CREATE DATABASE ", " CHARACTER SET utf8mb4", error);
}

dbw_status dbw_mysql_drop(const dbw_url *url, const dbw_open_options *options, dbw_error *error)
{
    return run_on_name(url, options, "DROP DATABASE ", "", error);
}
