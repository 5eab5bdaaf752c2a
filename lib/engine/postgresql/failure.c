/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/postgresql_priv.h"

/* Error codes: PostgreSQL manual, appendix A. The class (two characters) is the fall-back. */
static const struct {
    const char *sqlstate;
    dbw_status code;
    const char *hint;
} statement_codes[] = {
    {"08", DBW_E_UNREACHABLE, ""},
    {"0A", DBW_E_UNSUPPORTED, ""},
    {"22", DBW_E_DATA, ""},
    {"23", DBW_E_DATABASE, ""},
    {"25006", DBW_E_READ_ONLY,
     "The session, or the whole server (a replica), is read-only. Connect to the primary."},
    {"25P02", DBW_E_CONFLICT, "An earlier statement failed: roll the transaction back first."},
    {"28", DBW_E_AUTH, ""},
    {"3D000", DBW_E_NO_DATABASE, ""},
    {"3F000", DBW_E_DENIED,
     "The schema does not exist, or the role may not use it: GRANT USAGE, CREATE ON SCHEMA public "
     "TO the role, or name another one (target_schema)."},
    {"40", DBW_E_LOCKED, "Another transaction was in the way. Try again."},
    {"42501", DBW_E_DENIED,
     "Connect as the owner, or have the owner GRANT what is missing. Since PostgreSQL 15 only the "
     "database's owner may create tables in the schema public: "
     "GRANT CREATE ON SCHEMA public TO the role, or make the role the database's owner."},
    {"42P04", DBW_E_EXISTS, ""},
    {"42P06", DBW_E_EXISTS, ""},
    {"42P07", DBW_E_EXISTS, ""},
    {"42710", DBW_E_EXISTS, ""},
    {"42P01", DBW_E_NOT_FOUND, ""},
    {"42703", DBW_E_NOT_FOUND, ""},
    {"42704", DBW_E_NOT_FOUND, ""},
    {"53100", DBW_E_DISK_FULL, "Make room on the server's disk, then try again."},
    {"53200", DBW_E_NO_MEMORY,
     "The server ran out of memory: give it more, or lower maintenance_work_mem, work_mem and "
     "max_connections there, then try again."},
    {"53400", DBW_E_LIMIT,
     "A limit of the server was reached. Raise it (temp_file_limit, for one) for the role or the "
     "database: ALTER ROLE … SET …, then try again."},
    {"53300", DBW_E_LIMIT, "Close other connections, or raise max_connections."},
    {"54", DBW_E_LIMIT, ""},
    {"55006", DBW_E_LOCKED, "Others are connected to it. Close their connections first."},
    {"55P03", DBW_E_LOCKED, "Another session holds a lock: see pg_locks and pg_stat_activity."},
    {"57014", DBW_E_CANCELLED, ""},
    {"57P", DBW_E_UNREACHABLE, "The server ended the connection. Connect again."},
    {"58030", DBW_E_IO, ""},
};

static const char lost_hint[] =
    "The server was stopped or restarted, ended the session, or the network failed. An open "
    "transaction was rolled back. Connect again.";

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static dbw_status code_of(const char *sqlstate, const char **hint)
{
    dbw_status code = DBW_E_DATABASE;
    size_t best = 0;
    *hint = "";
    for (size_t i = 0; i < DBW_COUNT(statement_codes); i++) {
        size_t length = strlen(statement_codes[i].sqlstate);
        if (length > best && starts_with(sqlstate, statement_codes[i].sqlstate)) {
            best = length;
            code = statement_codes[i].code;
            *hint = statement_codes[i].hint;
        }
    }
    return code;
}

static void set_sqlstate(dbw_error *error, const char *sqlstate)
{
    snprintf(error->sqlstate, sizeof error->sqlstate, "%.5s", sqlstate);
}

static void set_statement(dbw_error *error, const char *sql)
{
    snprintf(error->statement, sizeof error->statement, "%s", sql ? sql : "");
}

static const char *field(const PGresult *result, int code)
{
    const char *text = PQresultErrorField(result, code);
    return text ? text : "";
}

/** Names what the server names: the table with its column, else the constraint. */
static void set_object(dbw_error *error, const PGresult *result)
{
    const char *table = field(result, PG_DIAG_TABLE_NAME);
    const char *column = field(result, PG_DIAG_COLUMN_NAME);
    if (*table && *column)
        dbw_error_object(error, "%s.%s", table, column);
    else if (*table)
        dbw_error_object(error, "%s", table);
    else
        dbw_error_object(error, "%s", field(result, PG_DIAG_CONSTRAINT_NAME));
}

dbw_status dbw_pg_fail(const PGresult *result, const char *sql, dbw_error *error)
{
    const char *sqlstate = field(result, PG_DIAG_SQLSTATE);
    const char *message = field(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = field(result, PG_DIAG_MESSAGE_DETAIL);
    const char *hint = field(result, PG_DIAG_MESSAGE_HINT);
    const char *own_hint;
    dbw_status code = code_of(sqlstate, &own_hint);
    if (!*message)
        message = "the server closed the connection";
    if (!*sqlstate) {
        code = DBW_E_UNREACHABLE;
        own_hint = lost_hint;
    }
    /* Which key collides or is missing stands in the detail alone. */
    if (*detail && (starts_with(sqlstate, "23") || starts_with(sqlstate, "22")))
        dbw_fail(error, code, "unable to run the statement: %s: %s", message, detail);
    else
        dbw_fail(error, code, "unable to run the statement: %s", message);
    dbw_hint(error, "%s", *own_hint ? own_hint : hint);
    set_sqlstate(error, sqlstate);
    set_statement(error, sql);
    set_object(error, result);
    return code;
}

dbw_status dbw_pg_fail_lost(dbw_pg_database *database, const char *sql, dbw_error *error)
{
    database->lost = true;
    dbw_fail(error, DBW_E_UNREACHABLE,
             "unable to run the statement: the connection to the server was lost");
    dbw_hint(error, "%s", lost_hint);
    set_statement(error, sql);
    return DBW_E_UNREACHABLE;
}

/* --- connecting ------------------------------------------------------------------------------- */

/** Finds "SEVERITY:  SQLSTATE: message" in a verbose message, in whatever language. */
static bool split_verbose(const char *text, char sqlstate[6], char *message, size_t size)
{
    for (const char *at = strstr(text, ":  "); at; at = strstr(at + 1, ":  ")) {
        const char *code = at + 3;
        size_t length = strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (length != 5 || code[5] != ':' || code[6] != ' ')
            continue;
        memcpy(sqlstate, code, 5);
        sqlstate[5] = '\0';
        size_t end = strcspn(code + 7, "\n");
        snprintf(message, size, "%.*s", (int)(end < size ? end : size - 1), code + 7);
        return true;
    }
    return false;
}

static bool is_socket(const dbw_pg_target *target)
{
    return target->host[0] == '/';
}

static void describe(const dbw_pg_target *target, char *out, size_t size)
{
    if (is_socket(target))
        snprintf(out, size, "%s/.s.PGSQL.%d", target->host, target->port);
    else if (strchr(target->host, ':'))
        snprintf(out, size, "[%s]:%d", target->host, target->port);
    else
        snprintf(out, size, "%s:%d", target->host, target->port);
}

static dbw_status fail(const dbw_pg_target *target, dbw_error *error, dbw_status code,
                       const char *reason)
{
    char where[300];
    describe(target, where, sizeof where);
    dbw_fail(error, code, "unable to connect to '%s': %s", where, reason);
    dbw_error_object(error, "%s", where);
    return code;
}

static bool mentions_no_tls(const char *message)
{
    return strstr(message, "no encryption") || strstr(message, "SSL off");
}

static dbw_status fail_login(const dbw_pg_target *target, const char *sqlstate, const char *message,
                             dbw_error *error)
{
    if (starts_with(sqlstate, "28000") && mentions_no_tls(message)) {
        fail(target, error, DBW_E_TLS, "the server wants encryption for this log-in");
        return dbw_hint(error, "The server's pg_hba.conf has no entry for this user and database "
                               "without TLS. Use sslmode=require or verify-full.");
    }
    fail(target, error, DBW_E_AUTH, message);
    if (starts_with(sqlstate, "28P01"))
        return dbw_hint(
            error,
            "Check user and password; characters such as @ : / have to be "
            "percent-encoded in a URL. ALTER ROLE \"%s\" PASSWORD '…' sets another one.",
            target->user);
    return dbw_hint(error,
                    "The role '%s' does not exist, may not log in, or pg_hba.conf does not let it "
                    "in from here. See pg_hba.conf and pg_roles on the server.",
                    target->user);
}

/** The server itself refused: decided by SQLSTATE. */
static dbw_status fail_by_sqlstate(const dbw_pg_target *target, const char *sqlstate,
                                   const char *message, dbw_error *error)
{
    if (starts_with(sqlstate, "28")) {
        fail_login(target, sqlstate, message, error);
    } else if (starts_with(sqlstate, "3D000")) {
        fail(target, error, DBW_E_NO_DATABASE, message);
        dbw_hint(error,
                 "Make it with --create-database, or on the server as an administrator: "
                 "CREATE DATABASE \"%s\" OWNER \"%s\" ENCODING 'UTF8' TEMPLATE template0;",
                 target->database, target->user);
    } else if (starts_with(sqlstate, "53300")) {
        fail(target, error, DBW_E_LIMIT, message);
        dbw_hint(error, "All connections of the server (or of this role or database) are taken. "
                        "Close some, raise max_connections, or put PgBouncer in front.");
    } else if (starts_with(sqlstate, "57P03")) {
        fail(target, error, DBW_E_UNREACHABLE, message);
        dbw_hint(error, "The server is starting, stopping or recovering. Try again in a moment.");
    } else if (starts_with(sqlstate, "42501")) {
        fail(target, error, DBW_E_DENIED, message);
        dbw_hint(error,
                 "An administrator has to allow it: GRANT CONNECT ON DATABASE \"%s\" TO "
                 "\"%s\";",
                 target->database, target->user);
    } else {
        const char *hint;
        dbw_status code = code_of(sqlstate, &hint);
        fail(target, error, code, message);
        dbw_hint(error, "%s", hint);
    }
    set_sqlstate(error, sqlstate);
    return error->code;
}

static const char *default_ca_hint(const dbw_pg_target *target)
{
    return target->ca ? target->ca : "the system's bundle";
}

/** TLS went wrong before the log-in: decided by libpq's words, which no locale translates here. */
static bool fail_by_tls(const dbw_pg_target *target, const char *text, dbw_error *error)
{
    if (strstr(text, "server does not support SSL")) {
        fail(target, error, DBW_E_TLS, "the server does not offer encryption");
        dbw_hint(error, "Set ssl = on at the server, or use sslmode=prefer or disable where the "
                        "way to it is safe.");
    } else if (strstr(text, "does not match host name") ||
               strstr(text, "could not get server's host name")) {
        fail(target, error, DBW_E_TLS, "the server's certificate is for another name");
        dbw_hint(error,
                 "Connect by the name that stands in the certificate instead of '%s', have a "
                 "certificate made for it, or use sslmode=verify-ca.",
                 target->host);
    } else if (strstr(text, "root certificate file")) {
        fail(target, error, DBW_E_TLS, "the file of trusted certificates cannot be read");
        dbw_hint(error, "Give a readable PEM file as sslrootcert; it was %s.",
                 default_ca_hint(target));
    } else if (strstr(text, "certificate verify failed")) {
        fail(target, error, DBW_E_TLS, "the server's certificate is not trusted");
        dbw_hint(error,
                 "Give the certificate of the authority that signed it as sslrootcert; it was %s. "
                 "An expired certificate is refused as well.",
                 default_ca_hint(target));
    } else if (strstr(text, "could not read certificate file") ||
               strstr(text, "private key file")) {
        fail(target, error, DBW_E_TLS, "the client certificate or its key cannot be used");
        dbw_hint(error, "Check sslcert and sslkey: both readable PEM files, the key for its owner "
                        "alone (mode 0600).");
    } else if (strstr(text, "channel binding")) {
        fail(target, error, DBW_E_TLS, "the log-in could not be bound to the encryption");
        dbw_hint(error, "channel_binding=require needs TLS and scram-sha-256 at the server.");
    } else if (strstr(text, "SSL SYSCALL error: EOF") ||
               strstr(text, "SSL SYSCALL error: Connection reset") ||
               strstr(text, "SSL SYSCALL error: Broken pipe")) {
        fail(target, error, DBW_E_UNREACHABLE,
             "the server closed the connection while encryption was agreed on");
        dbw_hint(error, "The server may be stopping or starting: try again. If it stays so, see "
                        "its log, and whether what listens there is PostgreSQL.");
    } else if (strstr(text, "SSL error") || strstr(text, "SSL SYSCALL error") ||
               strstr(text, "could not establish SSL connection") ||
               strstr(text, "could not initiate SSL connection")) {
        fail(target, error, DBW_E_TLS, "no agreement on encryption was reached");
        dbw_hint(error, "The server may speak only TLS 1.0 or 1.1, or may not be PostgreSQL.");
    } else {
        return false;
    }
    return true;
}

static dbw_status fail_refused(const dbw_pg_target *target, dbw_error *error)
{
    if (is_socket(target)) {
        fail(target, error, DBW_E_UNREACHABLE, "no server listens on this socket");
        return dbw_hint(error,
                        "Is the server running? See `pg_isready -h %s -p %d` and `pg_lsclusters`; "
                        "unix_socket_directories names the folder.",
                        target->host, target->port);
    }
    fail(target, error, DBW_E_UNREACHABLE, "connection refused");
    return dbw_hint(error,
                    "Nothing listens there. Is the server running (`pg_isready -h %s -p %d`), on "
                    "this port, and on this address (listen_addresses)? Inside a container, "
                    "'localhost' is the container itself: use the name of the database's service.",
                    target->host, target->port);
}

/** The network said no, or somebody else answered. */
static dbw_status fail_by_network(const dbw_pg_target *target, const char *text, dbw_error *error)
{
    if (strstr(text, "Connection refused") || strstr(text, "No such file or directory"))
        return fail_refused(target, error);
    if (strstr(text, "Permission denied")) {
        fail(target, error, DBW_E_UNREACHABLE, "permission denied");
        return dbw_hint(error, "This user may not open the socket, or a firewall forbids it.");
    }
    if (strstr(text, "unreachable") || strstr(text, "No route to host")) {
        fail(target, error, DBW_E_UNREACHABLE, "the network does not reach this address");
        return dbw_hint(error, "Check the address, the routes and the firewall.");
    }
    if (strstr(text, "timed out") || strstr(text, "timeout expired")) {
        fail(target, error, DBW_E_TIMEOUT, "no answer");
        return dbw_hint(error, "A firewall may drop the packets, or the address is wrong.");
    }
    if (strstr(text, "session is read-only") || strstr(text, "session is not read-only") ||
        strstr(text, "in hot standby mode") || strstr(text, "is not in hot standby")) {
        fail(target, error, DBW_E_READ_ONLY,
             "the server is not of the kind that target_session_attrs asks for");
        return dbw_hint(error, "Connect to the primary, or change target_session_attrs.");
    }
    if (strstr(text, "no password supplied")) {
        fail(target, error, DBW_E_AUTH, "the server asks for a password and none was given");
        return dbw_hint(error, "Give the password of '%s' in the URL.", target->user);
    }
    if (strstr(text, "closed the connection") || strstr(text, "Connection reset") ||
        strstr(text, "Broken pipe")) {
        fail(target, error, DBW_E_UNREACHABLE, "the server closed the connection at once");
        return dbw_hint(error, "The server may be starting or out of connections, or what listens "
                               "there is not PostgreSQL.");
    }
    if (!target->terse && strstr(text, "authentication method")) {
        fail(target, error, DBW_E_UNSUPPORTED,
             "the server asks for an authentication that is not "
             "supported");
        return dbw_hint(error, "Use scram-sha-256, md5 or a certificate in pg_hba.conf.");
    }
    fail(target, error, DBW_E_UNREACHABLE, "what answers there is not a PostgreSQL server");
    return dbw_hint(error, "Check host and port: PostgreSQL's is 5432 unless changed.");
}

dbw_status dbw_pg_fail_connect(const dbw_pg_target *target, const char *text, dbw_error *error)
{
    char sqlstate[6], message[512];
    if (split_verbose(text, sqlstate, message, sizeof message))
        return fail_by_sqlstate(target, sqlstate, message, error);
    if (fail_by_tls(target, text, error))
        return error->code;
    return fail_by_network(target, text, error);
}

dbw_status dbw_pg_fail_connect_timeout(const dbw_pg_target *target, dbw_error *error)
{
    char reason[80];
    snprintf(reason, sizeof reason, "no answer within %.3g s",
             (double)target->milliseconds / 1000.0);
    fail(target, error, DBW_E_TIMEOUT, reason);
    return dbw_hint(error, "A firewall may drop the packets, the address may be wrong, or what "
                           "listens there is busy or not PostgreSQL.");
}
