/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/address.h"
#include "engine/postgresql/options.h"
#include "engine/postgresql/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

enum { DEFAULT_CONNECT_MS = 10000 };

/* A path at which no file can be: libpq looks in the home folder only where a path is missing. */
#define NO_FILE "/dev/null/none"

/*
 * libpq takes whatever no keyword says from the environment of the process: a service's own PG*
 * variables would change where its users' URLs lead. Most are answered by a keyword below; these
 * have none that could say "nothing". Runs before main(), while there is one thread.
 */
__attribute__((constructor)) static void forget_environment(void)
{
    static const char *const names[] = {
        "PGHOST",
        "PGHOSTADDR",
        "PGPORT",
        "PGDATABASE",
        "PGUSER",
        "PGPASSWORD",
        "PGPASSFILE",
        "PGSERVICE",
        "PGSERVICEFILE",
        "PGSYSCONFDIR",
        "PGOPTIONS",
        "PGAPPNAME",
        "PGSSLMODE",
        "PGREQUIRESSL",
        "PGSSLCERT",
        "PGSSLKEY",
        "PGSSLCRL",
        "PGSSLCRLDIR",
        "PGSSLROOTCERT",
        "PGSSLSNI",
        "PGREQUIREPEER",
        "PGREQUIREAUTH",
        "PGGSSENCMODE",
        "PGKRBSRVNAME",
        "PGGSSLIB",
        "PGSSLMINPROTOCOLVERSION",
        "PGSSLMAXPROTOCOLVERSION",
        "PGSSLCOMPRESSION",
        "PGSSLCERTMODE",
        "PGSSLNEGOTIATION",
        "PGCHANNELBINDING",
        "PGCONNECT_TIMEOUT",
        "PGTARGETSESSIONATTRS",
        "PGLOADBALANCEHOSTS",
        "PGCLIENTENCODING",
        "PGDATESTYLE",
        "PGTZ",
        "PGGEQO",
        "PGGSSDELEGATION",
    };
    for (size_t i = 0; i < DBW_COUNT(names); i++)
        unsetenv(names[i]);
}

typedef struct conninfo {
    const char *names[40];
    const char *values[40];
    size_t count;
} conninfo;

static void set(conninfo *info, const char *name, const char *value)
{
    if (!value)
        return;
    info->names[info->count] = name;
    info->values[info->count++] = value;
}

static const char *mode_name(dbw_tls_mode mode)
{
    switch (mode) {
    case DBW_TLS_DISABLE:
        return "disable";
    case DBW_TLS_REQUIRE:
        return "require";
    case DBW_TLS_VERIFY_CA:
        return "verify-ca";
    case DBW_TLS_VERIFY_FULL:
        return "verify-full";
    case DBW_TLS_PREFER:
        break;
    }
    return "prefer";
}

/** Appends a value as the server's option parser wants it: blanks and backslashes escaped. */
static void add_setting(dbw_buffer *out, const char *name, const char *value)
{
    dbw_buffer_printf(out, "-c %s=", name);
    for (; *value; value++) {
        if (*value == ' ' || *value == '\\')
            dbw_buffer_add_char(out, '\\');
        dbw_buffer_add_char(out, *value);
    }
    dbw_buffer_add_char(out, ' ');
}

/**
 * Settings for the whole session. The time-outs that an administrator may have given to the role
 * are lifted, for they would end long loads; waiting for a lock is bounded instead.
 */
static void session_settings(dbw_buffer *out, const dbw_pg_options *options)
{
    add_setting(out, "TimeZone", "UTC");
    add_setting(out, "DateStyle", "ISO,MDY");
    add_setting(out, "IntervalStyle", "postgres");
    add_setting(out, "bytea_output", "hex");
    add_setting(out, "extra_float_digits", "3");
    add_setting(out, "standard_conforming_strings", "on");
    add_setting(out, "lock_timeout", "30000");
    add_setting(out, "statement_timeout", "0");
    /* Rows that a policy hides would be missing without a word: an error instead. */
    add_setting(out, "row_security", "off");
    add_setting(out, "idle_in_transaction_session_timeout", "0");
    if (options->read_only)
        add_setting(out, "default_transaction_read_only", "on");
    if (options->search_path)
        add_setting(out, "search_path", options->search_path);
}

/** Behind a pooler a setting may not outlive its transaction: what each BEGIN is followed by. */
static dbw_status transaction_settings(dbw_pg_database *database, const dbw_pg_options *options,
                                       dbw_error *error)
{
    if (!options->pooled)
        return DBW_OK;
    dbw_buffer sql;
    dbw_buffer_init(&sql, 8192);
    dbw_buffer_add_string(&sql, "SET LOCAL IntervalStyle = postgres; SET LOCAL bytea_output = hex; "
                                "SET LOCAL extra_float_digits = 3; SET LOCAL lock_timeout = 30000; "
                                "SET LOCAL statement_timeout = 0; SET LOCAL row_security = off; "
                                "SET LOCAL idle_in_transaction_session_timeout = 0");
    if (options->search_path) {
        dbw_buffer_add_string(&sql, "; SELECT pg_catalog.set_config('search_path', ");
        dbw_pg_quote_string(&sql, dbw_text_of(options->search_path));
        dbw_buffer_add_string(&sql, ", true)");
    }
    dbw_status status = dbw_buffer_check(&sql, "option 'options'", error);
    if (status == DBW_OK && !(database->transaction_settings = strdup(sql.data)))
        status = dbw_fail_memory(error);
    dbw_buffer_free(&sql);
    return status;
}

static void fill(conninfo *info, const dbw_pg_options *options, const char *address,
                 const char *port, const char *settings)
{
    set(info, "host", options->host);
    set(info, "hostaddr", address);
    set(info, "port", port);
    set(info, "user", options->user);
    set(info, "password", options->password);
    set(info, "dbname", options->database);
    set(info, "application_name", options->application_name);
    set(info, "client_encoding", "UTF8");
    set(info, "options", settings && *settings ? settings : NULL);
    set(info, "passfile", NO_FILE);
    set(info, "sslmode", mode_name(options->tls.mode));
    set(info, "sslrootcert", options->tls.ca ? options->tls.ca : NO_FILE);
    set(info, "sslcert", options->tls.cert ? options->tls.cert : NO_FILE);
    set(info, "sslkey", options->tls.key ? options->tls.key : NO_FILE);
    set(info, "sslpassword", options->key_password);
    set(info, "sslcrl", options->revoked ? options->revoked : NO_FILE);
    set(info, "sslcrldir", options->revoked_folder ? options->revoked_folder : NO_FILE);
    set(info, "sslcompression", "0");
    set(info, "ssl_min_protocol_version", options->least_protocol);
    set(info, "gssencmode", "disable");
    set(info, "channel_binding", options->channel_binding);
    set(info, "target_session_attrs", options->session_attributes);
    set(info, "keepalives", "1");
    set(info, "keepalives_idle", "30");
    set(info, "keepalives_interval", "10");
    set(info, "keepalives_count", "3");
}

static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

/** Waits for what PQconnectPoll() asks for; 1: ready, 0: the deadline came, -1: broken. */
static int wait_for(PGconn *connection, PostgresPollingStatusType what, dbw_deadline deadline)
{
    short events = what == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    for (;;) {
        struct pollfd descriptor = {.fd = PQsocket(connection), .events = events};
        if (descriptor.fd < 0)
            return -1;
        int ready = poll(&descriptor, 1, dbw_deadline_left(deadline));
        if (ready > 0)
            return 1;
        if (ready == 0)
            return 0;
        if (errno != EINTR)
            return -1;
    }
}

/** One attempt at one address. The caller owns `*out` also on failure. */
static dbw_status attempt(const conninfo *info, const dbw_pg_target *target, int64_t milliseconds,
                          PGconn **out, dbw_error *error)
{
    dbw_deadline deadline = dbw_deadline_in(milliseconds);
    PGconn *connection = *out = PQconnectStartParams(info->names, info->values, 0);
    if (!connection)
        return dbw_fail_memory(error);
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    PQsetNoticeReceiver(connection, ignore_notice, NULL);
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    while (PQstatus(connection) != CONNECTION_BAD && next != PGRES_POLLING_OK &&
           next != PGRES_POLLING_FAILED) {
        int ready = wait_for(connection, next, deadline);
        if (ready == 0)
            return dbw_pg_fail_connect_timeout(target, error);
        next = ready < 0 ? PGRES_POLLING_FAILED : PQconnectPoll(connection);
    }
    if (next != PGRES_POLLING_OK)
        return dbw_pg_fail_connect(target, PQerrorMessage(connection), error);
    PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
    if (PQsetnonblocking(connection, 1) != 0)
        return dbw_fail_memory(error);
    return DBW_OK;
}

/** Tries the addresses in turn, each with its share of the time that is left. */
static dbw_status attempt_all(const dbw_pg_options *options, const dbw_addresses *addresses,
                              dbw_pg_target *target, dbw_deadline deadline, PGconn **out,
                              dbw_error *error)
{
    char port[8];
    snprintf(port, sizeof port, "%d", options->port);
    dbw_buffer settings;
    dbw_buffer_init(&settings, 8192);
    if (!options->pooled)
        session_settings(&settings, options);
    size_t count = addresses->count ? addresses->count : 1;
    dbw_status status = dbw_buffer_check(&settings, "option 'options'", error);
    for (size_t i = 0; status == DBW_OK && i < count; i++) {
        conninfo info = {.count = 0};
        fill(&info, options, addresses->count ? addresses->text[i] : NULL, port, settings.data);
        int left = dbw_deadline_left(deadline);
        int64_t share = left < 0 ? DEFAULT_CONNECT_MS : left / (int64_t)(count - i);
        status = attempt(&info, target, share > 0 ? share : 1, out, error);
        if (status == DBW_OK)
            break;
        PQfinish(*out);
        *out = NULL;
        bool elsewhere = status == DBW_E_UNREACHABLE || status == DBW_E_TIMEOUT;
        if (elsewhere && i + 1 < count)
            status = DBW_OK;
    }
    dbw_buffer_free(&settings);
    return status;
}

/**
 * What the server says of itself has to be so, whatever stands between (a pooler drops `options`).
 * PgBouncer keeps these settings apart for each of its clients, so a SET is safe there as well.
 */
static dbw_status settle_session(dbw_pg_database *database, dbw_error *error)
{
    static const struct {
        const char *name, *wanted, *sql;
    } settings[] = {
        {"client_encoding", "UTF8", "SET client_encoding = 'UTF8'"},
        {"TimeZone", "UTC", "SET TimeZone = 'UTC'"},
        {"DateStyle", "ISO, MDY", "SET DateStyle = 'ISO, MDY'"},
        {"standard_conforming_strings", "on", "SET standard_conforming_strings = on"},
    };
    for (size_t i = 0; i < DBW_COUNT(settings); i++) {
        const char *now = PQparameterStatus(database->connection, settings[i].name);
        if (now && strcmp(now, settings[i].wanted) != 0)
            DBW_TRY(dbw_pg_run(database, settings[i].sql, error));
    }
    return DBW_OK;
}

/** A run's connections wait for each other. These came with versions 14 and 17: to name one that
 * the server does not know at the connect would be refused. */
static dbw_status be_patient(dbw_pg_database *database, dbw_error *error)
{
    int version = PQserverVersion(database->connection);
    if (version >= 140000)
        DBW_TRY(dbw_pg_run(database, "SET idle_session_timeout = 0", error));
    return version >= 170000 ? dbw_pg_run(database, "SET transaction_timeout = 0", error) : DBW_OK;
}

static dbw_status resolve(const dbw_pg_options *options, const dbw_open_options *open_options,
                          dbw_deadline deadline, dbw_addresses *out, dbw_error *error)
{
    out->count = 0;
    if (options->host[0] == '/')
        return dbw_address_socket_allowed(options->host, open_options->allow_hosts, error);
    return dbw_address_resolve(options->address ? options->address : options->host,
                               open_options->restrict_addresses, open_options->allow_hosts,
                               deadline, out, error);
}

static dbw_status connect_with(dbw_pg_options *options, const dbw_open_options *open_options,
                               dbw_pg_database *database, dbw_error *error)
{
    int64_t milliseconds = open_options->connect_timeout_ms > 0 ? open_options->connect_timeout_ms
                                                                : DEFAULT_CONNECT_MS;
    dbw_deadline deadline = dbw_deadline_in(milliseconds);
    dbw_addresses addresses;
    DBW_TRY(resolve(options, open_options, deadline, &addresses, error));
    dbw_pg_target target = {
        .host = options->host,
        .port = options->port,
        .user = options->user,
        .database = options->database,
        .ca = options->tls.ca,
        .terse = open_options->restrict_addresses,
        .milliseconds = milliseconds,
    };
    DBW_TRY(attempt_all(options, &addresses, &target, deadline, &database->connection, error));
    /* The session's settings belong to the connect: a server silent here must not hang us. */
    database->statement_timeout_ms = milliseconds;
    dbw_status status = settle_session(database, error);
    if (status == DBW_OK && open_options->lifeline && !options->pooled)
        status = be_patient(database, error);
    database->statement_timeout_ms = open_options->statement_timeout_ms;
    return status;
}

dbw_status dbw_pg_connect(const dbw_url *url, const dbw_open_options *open_options,
                          const char *database_name, dbw_pg_database **out, dbw_error *error)
{
    dbw_open_options defaults = {0};
    if (!open_options)
        open_options = &defaults;
    *out = NULL;
    dbw_arena *arena = dbw_arena_new();
    dbw_pg_options options;
    dbw_status status = dbw_pg_options_read(arena, url, open_options, &options, error);
    dbw_pg_database *database = NULL;
    if (status != DBW_OK)
        goto out;
    if (database_name)
        options.database = database_name;
    database = calloc(1, sizeof *database);
    if (!database) {
        status = dbw_fail_memory(error);
        goto out;
    }
    database->base.engine = &dbw_engine_postgresql;
    database->line = -1;
    database->tls_mode = options.tls.mode;
    database->pooled = options.pooled;
    database->search_path_given = options.search_path != NULL;
    database->read_only = options.read_only;
    database->user = strdup(options.user);
    database->database = strdup(options.database);
    if (!database->user || !database->database)
        status = dbw_fail_memory(error);
    else
        status = transaction_settings(database, &options, error);
    if (status == DBW_OK)
        status = connect_with(&options, open_options, database, error);
    if (status == DBW_OK) {
        *out = database;
        if (open_options->lifeline)
            database->line = fcntl(PQsocket(database->connection), F_DUPFD_CLOEXEC, 0);
    } else {
        dbw_pg_disconnect(database);
    }
out:
    dbw_arena_free(arena);
    return status;
}

void dbw_pg_disconnect(dbw_pg_database *database)
{
    if (!database)
        return;
    PQfinish(database->connection);
    if (database->line >= 0)
        close(database->line);
    free(database->transaction_settings);
    free(database->user);
    free(database->database);
    free(database);
}
