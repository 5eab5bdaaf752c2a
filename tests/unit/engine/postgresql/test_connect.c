/* SPDX-License-Identifier: Apache-2.0 */
/* Every way in which a connection can fail, and what is said then. */
#include "postgresql.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define CANARY "s3cr3t-canary"

/* --- help ------------------------------------------------------------------------------------- */

static dbw_url *app_url(void)
{
    return url_of(dbw_test_url("postgresql"));
}

static void add_option(dbw_url *url, const char *name, const char *value)
{
    *DBW_APPEND(arena, url->options, url->option_count) =
        (dbw_url_option){dbw_arena_string(arena, name), dbw_arena_string(arena, value)};
}

static dbw_status try_open(const dbw_url *url, const dbw_open_options *options)
{
    dbw_database *database = NULL;
    dbw_error_clear(&error);
    dbw_status status = dbw_database_open(url, options, &database, &error);
    if (status == DBW_OK)
        dbw_database_close(database);
    else
        assert_null(database);
    assert_null(strstr(error.message, CANARY));
    assert_null(strstr(error.hint, CANARY));
    return status;
}

/** Fails with that code; message: "unable to connect to 'HOST:PORT': REASON". */
static void expect(const dbw_url *url, const dbw_open_options *options, dbw_status code,
                   const char *reason, const char *hint)
{
    char expected[600];
    int port = url->port ? url->port : 5432;
    snprintf(expected, sizeof expected, "unable to connect to '%s:%d': %s", url->host, port,
             reason);
    assert_fails(&error, code, expected, try_open(url, options));
    if (!strstr(error.hint, hint))
        fail_msg("the hint is: %s", error.hint);
}

/* --- a server of our own that misbehaves ------------------------------------------------------ */

typedef struct fake {
    int listener;
    int port;
    const char *says; /* NULL: nothing */
    bool closes;
    pthread_t thread;
} fake;

static void *serve(void *argument)
{
    fake *self = argument;
    for (;;) {
        int client = accept(self->listener, NULL, NULL);
        if (client < 0)
            return NULL;
        char buffer[1000];
        ssize_t got = recv(client, buffer, sizeof buffer, 0);
        if (got > 0 && self->says)
            got = send(client, self->says, strlen(self->says), MSG_NOSIGNAL);
        if (!self->closes && got > 0)
            usleep(1000);
        close(client);
    }
}

static dbw_url *fake_start(fake *self)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    self->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(self->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(self->listener, 8), 0);
    assert_int_equal(getsockname(self->listener, (struct sockaddr *)&address, &length), 0);
    self->port = ntohs(address.sin_port);
    dbw_url *url = app_url();
    url->port = self->port;
    url->password = dbw_arena_string(arena, CANARY);
    return url;
}

static void fake_stop(fake *self)
{
    shutdown(self->listener, SHUT_RDWR);
    close(self->listener);
}

/* --- the network ------------------------------------------------------------------------------ */

static void nothing_listens(void **state)
{
    (void)state;
    fake closed = {0};
    dbw_url *url = fake_start(&closed);
    fake_stop(&closed);
    expect(url, NULL, DBW_E_UNREACHABLE, "connection refused", "pg_isready -h 127.0.0.1");
    assert_non_null(strstr(error.hint, "name of the database's service"));
    char where[64];
    snprintf(where, sizeof where, "127.0.0.1:%d", url->port);
    assert_string_equal(error.object, where);
}

static void a_silent_server_costs_the_deadline_and_no_more(void **state)
{
    (void)state;
    fake silent = {0};
    dbw_url *url = fake_start(&silent); /* nobody accepts, the kernel does */
    dbw_open_options options = {.connect_timeout_ms = 400};
    int64_t start = dbw_clock_monotonic();
    expect(url, &options, DBW_E_TIMEOUT, "no answer within 0.4 s", "firewall");
    assert_in_range(dbw_clock_monotonic() - start, 390000, 2000000);
    fake_stop(&silent);
}

static void a_server_that_is_not_postgresql(void **state)
{
    (void)state;
    static const struct {
        const char *says, *reason;
        dbw_status code;
    } cases[] = {
        {"HTTP/1.0 400 Bad Request\r\n\r\n", "what answers there is not a PostgreSQL server",
         DBW_E_UNREACHABLE},
        {"SSH-2.0-OpenSSH_9.2\r\n",
         "the server closed the connection while encryption was agreed on", DBW_E_UNREACHABLE},
        {"N-what-then", NULL, DBW_E_UNREACHABLE},
        {"E" CANARY "\0", NULL, DBW_E_UNREACHABLE},
        {"", "the server closed the connection at once", DBW_E_UNREACHABLE},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        fake server = {.says = cases[i].says};
        dbw_url *url = fake_start(&server);
        assert_int_equal(pthread_create(&server.thread, NULL, serve, &server), 0);
        dbw_open_options options = {.connect_timeout_ms = 3000, .restrict_addresses = true};
        if (cases[i].reason)
            expect(url, &options, cases[i].code, cases[i].reason, "");
        else
            assert_int_equal(try_open(url, &options), cases[i].code);
        fake_stop(&server);
        pthread_join(server.thread, NULL);
    }
}

static void an_unknown_host(void **state)
{
    (void)state;
    dbw_url *url = app_url();
    url->host = dbw_arena_string(arena, "no-such-host.invalid");
    assert_int_equal(try_open(url, NULL), DBW_E_UNREACHABLE);
    assert_non_null(strstr(error.message, "unable to find host 'no-such-host.invalid': "));
    assert_non_null(strstr(error.hint, "container"));
}

static void addresses_and_hosts_can_be_restricted(void **state)
{
    (void)state;
    dbw_url *url = app_url();
    dbw_open_options restricted = {.restrict_addresses = true, .allow_hosts = "10.0.0.0/8"};
    assert_fails(&error, DBW_E_DENIED,
                 "unable to connect to '127.0.0.1': the host is not on the allow-list",
                 try_open(url, &restricted));
    restricted.allow_hosts = "127.0.0.0/8";
    assert_int_equal(try_open(url, &restricted), DBW_OK);
    restricted.allow_hosts = NULL;
    add_option(url, "hostaddr", "169.254.169.254");
    assert_int_equal(try_open(url, &restricted), DBW_E_DENIED);
    url = app_url();
    add_option(url, "host", "0.0.0.0");
    assert_int_equal(try_open(url, &restricted), DBW_E_DENIED);
    url = url_of(dbw_arena_printf(arena, "postgresql://app@/app?host=%s",
                                  env("DBW_TEST_POSTGRESQL_SOCKET_DIR")));
    restricted.allow_hosts = "localhost";
    assert_int_equal(try_open(url, &restricted), DBW_E_DENIED);
}

static void a_host_may_have_several_addresses(void **state)
{
    (void)state;
    dbw_url *url = app_url();
    url->host = dbw_arena_string(arena, "localhost"); /* often ::1 first, where nothing listens */
    assert_int_equal(try_open(url, NULL), DBW_OK);
    add_option(url, "hostaddr", "127.0.0.1");
    assert_int_equal(try_open(url, NULL), DBW_OK);
}

/* --- sockets ---------------------------------------------------------------------------------- */

static void unix_sockets_work(void **state)
{
    (void)state;
    const char *folder = env("DBW_TEST_POSTGRESQL_SOCKET_DIR");
    const char *port = env("DBW_TEST_POSTGRESQL_PORT");
    dbw_url *base = app_url();
    dbw_url *url = app_url();
    url->host = NULL;
    add_option(url, "host", folder);
    assert_int_equal(try_open(url, NULL), DBW_OK);
    url = app_url();
    url->host = NULL;
    url->port = 0;
    add_option(url, "host", folder);
    add_option(url, "port", port);
    assert_int_equal(try_open(url, NULL), DBW_OK);
    url = app_url();
    url->host = dbw_arena_string(arena, folder);
    assert_int_equal(try_open(url, NULL), DBW_OK);
    url = app_url();
    url->host = NULL;
    add_option(url, "unix_sock", dbw_arena_printf(arena, "%s/.s.PGSQL.%d", folder, base->port));
    assert_int_equal(try_open(url, NULL), DBW_OK);
    url = app_url();
    url->host = NULL;
    url->port = 1;
    add_option(url, "host", folder);
    char expected[300];
    snprintf(expected, sizeof expected,
             "unable to connect to '%s/.s.PGSQL.1': no server listens on this socket", folder);
    assert_fails(&error, DBW_E_UNREACHABLE, expected, try_open(url, NULL));
    assert_non_null(strstr(error.hint, "pg_lsclusters"));
}

/* --- options ---------------------------------------------------------------------------------- */

static void options_are_allow_listed(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value, *message;
        dbw_status code;
    } cases[] = {
        {"passfile", "/tmp/x", "unable to connect: the URL has an unknown option", DBW_E_INVALID},
        {"service", "x", "unable to connect: the URL has an unknown option", DBW_E_INVALID},
        {"dbname", "host=evil", "unable to connect: the URL has an unknown option", DBW_E_INVALID},
        {"options", "-c log_statement=all",
         "unable to connect: option 'options' may only set search_path", DBW_E_INVALID},
        {"options", "-csearch_path=a -c role=admin",
         "unable to connect: option 'options' may only set search_path", DBW_E_INVALID},
        {"host", "a,b", "unable to connect: the URL names several hosts", DBW_E_UNSUPPORTED},
        {"hostaddr", "1.2.3.4,5.6.7.8", "unable to connect: the URL names several hosts",
         DBW_E_UNSUPPORTED},
        {"host", "localhost:99999",
         "unable to connect: the port of option 'host' is not a number from 1 to 65535",
         DBW_E_INVALID},
        {"port", "5432,5433", "unable to connect: option 'port' is not a number from 1 to 65535",
         DBW_E_INVALID},
        {"host", "@abstract", "unable to connect: host begins with '@'", DBW_E_INVALID},
        {"target_session_attrs", "whatever",
         "unable to connect: option 'target_session_attrs' has an unknown value", DBW_E_INVALID},
        {"unix_sock", "/tmp/other",
         "unable to connect: option 'unix_sock' is not the path of a PostgreSQL socket",
         DBW_E_INVALID},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_url *url = app_url();
        if (strcmp(cases[i].name, "unix_sock") == 0)
            url->host = NULL;
        add_option(url, cases[i].name, cases[i].value);
        assert_fails(&error, cases[i].code, cases[i].message, try_open(url, NULL));
    }
    dbw_url *url = app_url();
    add_option(url, "host", "localhost");
    add_option(url, "host", "127.0.0.1");
    assert_int_equal(try_open(url, NULL), DBW_E_UNSUPPORTED);
}

static void a_database_name_is_only_a_name(void **state)
{
    (void)state;
    static const char *const names[] = {"host=127.0.0.1 dbname=app", "postgresql://127.0.0.1/app",
                                        "-d", "app host=/tmp", "service=x"};
    for (size_t i = 0; i < DBW_COUNT(names); i++) {
        dbw_url *url = app_url();
        url->database = dbw_arena_string(arena, names[i]);
        expect(url, NULL, DBW_E_NO_DATABASE,
               dbw_arena_printf(arena, "database \"%s\" does not exist", names[i]),
               "--create-database");
    }
}

static void the_kind_of_server_can_be_asked_for(void **state)
{
    (void)state;
    dbw_url *url = app_url();
    add_option(url, "target_session_attrs", "standby");
    expect(url, NULL, DBW_E_READ_ONLY,
           "the server is not of the kind that target_session_attrs asks for", "primary");
    url = app_url();
    add_option(url, "target_session_attrs", "read-write");
    assert_int_equal(try_open(url, NULL), DBW_OK);
}

/* --- the log-in ------------------------------------------------------------------------------- */

static void a_wrong_password(void **state)
{
    (void)state;
    dbw_url *url = app_url();
    url->password = dbw_arena_string(arena, CANARY);
    expect(url, NULL, DBW_E_AUTH, "password authentication failed for user \"app\"",
           "percent-encoded");
    assert_string_equal(error.sqlstate, "28P01");
    url->username = dbw_arena_string(arena, "nobody-of-that-name");
    expect(url, NULL, DBW_E_AUTH, "password authentication failed for user \"nobody-of-that-name\"",
           "nobody-of-that-name");
    url = app_url();
    url->password = NULL;
    expect(url, NULL, DBW_E_AUTH, "the server asks for a password and none was given", "'app'");
}

static void a_missing_database(void **state)
{
    (void)state;
    dbw_url *url = app_url();
    url->database = dbw_arena_string(arena, "not_made_yet");
    expect(url, NULL, DBW_E_NO_DATABASE, "database \"not_made_yet\" does not exist",
           "CREATE DATABASE \"not_made_yet\" OWNER \"app\" ENCODING 'UTF8' TEMPLATE template0;");
    assert_string_equal(error.sqlstate, "3D000");
    assert_non_null(strstr(error.hint, "--create-database"));
}

static void too_many_connections(void **state)
{
    (void)state;
    dbw_test_query(dbw_test_url("postgresql-admin"),
                   "DROP ROLE IF EXISTS lonely; CREATE ROLE lonely LOGIN PASSWORD 'lonely' "
                   "CONNECTION LIMIT 1");
    dbw_url *url = app_url();
    url->username = url->password = dbw_arena_string(arena, "lonely");
    dbw_database *first;
    assert_ok(&error, dbw_database_open(url, NULL, &first, &error));
    expect(url, NULL, DBW_E_LIMIT, "too many connections for role \"lonely\"", "max_connections");
    dbw_database_close(first);
    dbw_test_query(dbw_test_url("postgresql-admin"), "DROP ROLE lonely");
}

static void no_right_to_connect(void **state)
{
    (void)state;
    const char *admin = dbw_test_url("postgresql-admin");
    const char *fresh = dbw_test_fresh_database("postgresql", __func__);
    dbw_test_query(admin, dbw_arena_printf(arena,
                                           "REVOKE CONNECT ON DATABASE %s FROM public; "
                                           "DROP ROLE IF EXISTS stranger; "
                                           "CREATE ROLE stranger LOGIN PASSWORD 'stranger'",
                                           strrchr(fresh, '/') + 1));
    dbw_url *url = url_of(fresh);
    url->username = url->password = dbw_arena_string(arena, "stranger");
    expect(url, NULL, DBW_E_DENIED,
           dbw_arena_printf(arena, "permission denied for database \"%s\"", url->database),
           "GRANT CONNECT ON DATABASE");
    dbw_test_query(admin, "DROP ROLE stranger");
}

/* --- TLS -------------------------------------------------------------------------------------- */

static void tls_modes_do_what_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *mode, *proof;
        bool ca;
    } cases[] = {
        {"disable", NULL, false},
        {"prefer", "identity not checked", false},
        {"require", "identity not checked", false},
        {"verify-ca", "authority confirmed, name not checked", true},
        {"verify-full", "identity confirmed", true},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_url *url = app_url();
        dbw_database *database;
        dbw_server server;
        add_option(url, "sslmode", cases[i].mode);
        if (cases[i].ca)
            add_option(url, "sslrootcert", env("DBW_TEST_TLS_CA"));
        assert_ok(&error, dbw_database_open(url, NULL, &database, &error));
        assert_ok(&error, dbw_database_describe(database, arena, &server, &error));
        if (cases[i].proof)
            assert_non_null(strstr(server.tls, cases[i].proof));
        else
            assert_null(server.tls);
        dbw_database_close(database);
    }
}

static void an_untrusted_authority(void **state)
{
    (void)state;
    static const char *const modes[] = {"verify-ca", "verify-full"};
    for (size_t i = 0; i < DBW_COUNT(modes); i++) {
        dbw_url *url = app_url();
        add_option(url, "sslmode", modes[i]);
        if (access("/etc/ssl/certs/ca-certificates.crt", R_OK) == 0)
            expect(url, NULL, DBW_E_TLS, "the server's certificate is not trusted",
                   "/etc/ssl/certs/ca-certificates.crt");
        add_option(url, "sslrootcert", "/nowhere/ca.crt");
        expect(url, NULL, DBW_E_TLS, "the file of trusted certificates cannot be read",
               "/nowhere/ca.crt");
    }
}

static void a_certificate_for_another_name(void **state)
{
    (void)state;
    dbw_url *url = app_url();
    url->host = dbw_arena_string(arena, "127.0.0.2");
    add_option(url, "hostaddr", "127.0.0.1");
    add_option(url, "sslrootcert", env("DBW_TEST_TLS_CA"));
    add_option(url, "sslmode", "verify-full");
    expect(url, NULL, DBW_E_TLS, "the server's certificate is for another name", "'127.0.0.2'");
    url->options[url->option_count - 1].value = dbw_arena_string(arena, "verify-ca");
    assert_int_equal(try_open(url, NULL), DBW_OK);
}

/** Puts lines before those of pg_hba.conf (NULL: as it was) and has the server read it. */
static void set_hba(const char *lines)
{
    static char before[20000];
    const char *path =
        dbw_arena_printf(arena, "%s/data/pg_hba.conf", env("DBW_TEST_POSTGRESQL_DIR"));
    if (lines) {
        FILE *in = fopen(path, "r");
        assert_non_null(in);
        before[fread(before, 1, sizeof before - 1, in)] = '\0';
        fclose(in);
    }
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fprintf(out, "%s%s", lines ? lines : "", before);
    fclose(out);
    dbw_test_query(dbw_test_url("postgresql-admin"), "SELECT pg_reload_conf()");
    usleep(300000);
}

static void a_server_that_wants_encryption(void **state)
{
    (void)state;
    set_hba("hostssl app app 127.0.0.1/32 scram-sha-256\nhostnossl app app 127.0.0.1/32 reject\n");
    dbw_url *url = app_url();
    add_option(url, "sslmode", "disable");
    dbw_error_clear(&error);
    dbw_status status = try_open(url, NULL);
    dbw_error kept = error;
    dbw_status preferred = try_open(app_url(), NULL);
    set_hba(NULL);
    assert_int_equal(status, DBW_E_TLS);
    assert_non_null(strstr(kept.message, "the server wants encryption for this log-in"));
    assert_non_null(strstr(kept.hint, "sslmode=require"));
    assert_int_equal(preferred, DBW_OK);
}

static void a_server_that_offers_no_encryption(void **state)
{
    (void)state;
    const char *admin = dbw_test_url("postgresql-admin");
    dbw_test_query(admin, "ALTER SYSTEM SET ssl = off");
    dbw_test_query(admin, "SELECT pg_reload_conf()");
    usleep(300000);
    dbw_url *url = app_url();
    add_option(url, "sslmode", "require");
    dbw_status status = try_open(url, NULL);
    dbw_error kept = error;
    dbw_status preferred = try_open(app_url(), NULL);
    dbw_test_query(admin, "ALTER SYSTEM RESET ssl");
    dbw_test_query(admin, "SELECT pg_reload_conf()");
    usleep(300000);
    assert_int_equal(status, DBW_E_TLS);
    assert_non_null(strstr(kept.message, "the server does not offer encryption"));
    assert_int_equal(preferred, DBW_OK);
}

/* --- the environment -------------------------------------------------------------------------- */

/* Run anew with a hostile environment, the program looks whether any of it is listened to. */
static void the_environment_is_not_listened_to(void **state)
{
    (void)state;
    dbw_url *url = app_url();
    dbw_database *database;
    dbw_server server;
    assert_ok(&error, dbw_database_open(url, NULL, &database, &error));
    assert_ok(&error, dbw_database_describe(database, arena, &server, &error));
    assert_non_null(server.tls);
    assert_string_equal(look(database, "SHOW TimeZone"), "'UTC'");
    assert_string_equal(look(database, "SHOW application_name"), "'dbwizard'");
    assert_string_equal(look(database, "SHOW geqo"), "'on'");
    dbw_database_close(database);
    url->password = NULL;
    assert_int_equal(try_open(url, NULL), DBW_E_AUTH);
}

static void restart_with_hostile_environment(char **argv)
{
    static const struct {
        const char *name, *value;
    } hostile[] = {
        {"PGHOST", "192.0.2.1"},
        {"PGHOSTADDR", "192.0.2.1"},
        {"PGPORT", "1"},
        {"PGSERVICE", "no-such-service"},
        {"PGSERVICEFILE", "/dev/null"},
        {"PGSSLMODE", "disable"},
        {"PGOPTIONS", "-c geqo=off"},
        {"PGTZ", "Europe/Berlin"},
        {"PGDATESTYLE", "German"},
        {"PGGEQO", "off"},
        {"PGAPPNAME", "other"},
        {"PGSSLROOTCERT", "/nowhere"},
        {"PGREQUIREPEER", "nobody"},
        {"PGTARGETSESSIONATTRS", "standby"},
        {"PGCHANNELBINDING", "require"},
        {"PGSSLCERT", "/etc/hostname"},
    };
    if (getenv("DBW_TEST_HOSTILE"))
        return;
    for (size_t i = 0; i < DBW_COUNT(hostile); i++)
        setenv(hostile[i].name, hostile[i].value, 1);
    setenv("PGPASSWORD", env("DBW_TEST_POSTGRESQL_PASSWORD"), 1);
    setenv("DBW_TEST_HOSTILE", "1", 1);
    execv(argv[0], argv);
    exit(1);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    restart_with_hostile_environment(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_is_not_listened_to),
        cmocka_unit_test(nothing_listens),
        cmocka_unit_test(a_silent_server_costs_the_deadline_and_no_more),
        cmocka_unit_test(a_server_that_is_not_postgresql),
        cmocka_unit_test(an_unknown_host),
        cmocka_unit_test(addresses_and_hosts_can_be_restricted),
        cmocka_unit_test(a_host_may_have_several_addresses),
        cmocka_unit_test(unix_sockets_work),
        cmocka_unit_test(options_are_allow_listed),
        cmocka_unit_test(a_database_name_is_only_a_name),
        cmocka_unit_test(the_kind_of_server_can_be_asked_for),
        cmocka_unit_test(a_wrong_password),
        cmocka_unit_test(a_missing_database),
        cmocka_unit_test(too_many_connections),
        cmocka_unit_test(no_right_to_connect),
        cmocka_unit_test(tls_modes_do_what_they_say),
        cmocka_unit_test(an_untrusted_authority),
        cmocka_unit_test(a_certificate_for_another_name),
        cmocka_unit_test(a_server_that_wants_encryption),
        cmocka_unit_test(a_server_that_offers_no_encryption),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
