/* SPDX-License-Identifier: Apache-2.0 */
#include "servers.h"

#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdnoreturn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define MOST_ARGUMENTS 32

/* Everything handed out lives to the end; the list keeps it reachable. */
static struct kept {
    struct kept *next;
    char text[];
} * kept_texts;

static char *keep(const char *text, size_t length)
{
    struct kept *kept = malloc(sizeof *kept + length + 1);
    if (!kept)
        abort();
    memcpy(kept->text, text, length);
    kept->text[length] = '\0';
    kept->next = kept_texts;
    kept_texts = kept;
    return kept->text;
}

/* A test that cannot be prepared must not go on, wherever in cmocka's course we are. */
static noreturn void give_up(const char *what, const char *why)
{
    printf("Bail out! unable to %s: %s\n", what, why);
    fflush(stdout);
    _exit(99);
}

static const char *url_variable(const char *server)
{
    static const struct {
        const char *server, *variable;
    } urls[] = {
        {"postgresql", "DBW_TEST_POSTGRESQL_URL"},
        {"postgresql-admin", "DBW_TEST_POSTGRESQL_ADMIN_URL"},
        {"mysql", "DBW_TEST_MYSQL_URL"},
        {"mysql-admin", "DBW_TEST_MYSQL_ADMIN_URL"},
    };
    for (size_t i = 0; i < DBW_COUNT(urls); i++)
        if (strcmp(urls[i].server, server) == 0)
            return urls[i].variable;
    give_up("find a server", server);
}

static const char *variable_or(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

/* argv[0] where it is a path: under valgrind /proc/self/exe is not the program. */
static const char *own_path(const char *argv0)
{
    static char path[PATH_MAX];
    if (strchr(argv0, '/') && access(argv0, X_OK) == 0)
        return argv0;
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length < 0)
        give_up("find the test program", strerror(errno));
    path[length] = '\0';
    return path;
}

void dbw_test_need_servers(int argc, char **argv, const char *servers)
{
    char *names = keep(servers, strlen(servers));
    const char *arguments[MOST_ARGUMENTS] = {"/bin/sh", NULL};
    size_t count = 2;
    bool missing = false;
    char *rest = NULL;
    for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
        arguments[count++] = name;
        missing = missing || !*variable_or(url_variable(name), "");
    }
    if (!missing)
        return;
    if (getenv("DBW_TEST_STARTED"))
        give_up("start the servers", "with.sh did not name them");
    setenv("DBW_TEST_STARTED", "1", 1);
    setenv("DBW_TOP_BUILDDIR", DBW_TOP_BUILDDIR, 0);
    static char with[PATH_MAX];
    snprintf(with, sizeof with, "%s/tests/servers/with.sh",
             variable_or("DBW_TOP_SRCDIR", DBW_TOP_SRCDIR));
    arguments[1] = with;
    arguments[count++] = "--tap";
    arguments[count++] = "--";
    arguments[count++] = own_path(argv[0]);
    for (int i = 1; i < argc && count < MOST_ARGUMENTS - 1; i++)
        arguments[count++] = argv[i];
    arguments[count] = NULL;
    fflush(NULL);
    execv("/bin/sh", (char *const *)(uintptr_t)arguments);
    give_up("run /bin/sh", strerror(errno));
}

const char *dbw_test_url(const char *server)
{
    const char *url = variable_or(url_variable(server), NULL);
    if (!url)
        give_up("find a server (dbw_test_need_servers() comes first)", server);
    return url;
}

/* All that `descriptor` gives, without the newlines at its end. */
static const char *read_all(int descriptor)
{
    dbw_buffer output;
    char chunk[4096];
    dbw_buffer_init(&output, 64u << 20);
    for (;;) {
        ssize_t length = read(descriptor, chunk, sizeof chunk);
        if (length < 0 && errno == EINTR)
            continue;
        if (length <= 0)
            break;
        dbw_buffer_add(&output, chunk, (size_t)length);
    }
    if (output.failed)
        give_up("keep a client's output", dbw_status_slug(output.failed));
    size_t length = output.length;
    while (length > 0 && output.data[length - 1] == '\n')
        length--;
    const char *text = keep(output.data, length);
    dbw_buffer_free(&output);
    return text;
}

/* Runs a client program; its errors are ours. */
static const char *client(const char *const *argv, const char *sql)
{
    int out[2];
    pid_t pid;
    posix_spawn_file_actions_t actions;
    if (pipe2(out, O_CLOEXEC) != 0)
        give_up("make a pipe", strerror(errno));
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    int failed =
        posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    if (failed)
        give_up(argv[0], strerror(failed));
    const char *text = read_all(out[0]);
    close(out[0]);
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            give_up("wait for a client", strerror(errno));
    if (status != 0)
        give_up("run SQL", sql);
    return text;
}

static const char *psql(const char *url, const char *sql, const char *more)
{
    const char *const argv[] = {"psql",
                                "-X",
                                "-q",
                                "-A",
                                "-t",
                                "-w",
                                "-v",
                                "ON_ERROR_STOP=1",
                                "-d",
                                url,
                                "-c",
                                sql,
                                more ? "-c" : NULL,
                                more,
                                NULL};
    return client(argv, sql);
}

static const char *mariadb(const char *url, const char *sql)
{
    const char *database = strrchr(url, '/') + 1;
    char host[300], port[32], user[32], password[128];
    bool admin = strncmp(url, "mysql://admin:", strlen("mysql://admin:")) == 0;
    snprintf(host, sizeof host, "--host=%s", variable_or("DBW_TEST_MYSQL_HOST", "127.0.0.1"));
    snprintf(port, sizeof port, "--port=%s", variable_or("DBW_TEST_MYSQL_PORT", "3306"));
    snprintf(user, sizeof user, "--user=%s",
             admin ? "admin" : variable_or("DBW_TEST_MYSQL_USER", "app"));
    snprintf(password, sizeof password, "--password=%s",
             variable_or("DBW_TEST_MYSQL_PASSWORD", ""));
    const char *const argv[] = {"mariadb",
                                "--no-defaults",
                                "--batch",
                                "--skip-column-names",
                                "--raw",
                                "--protocol=tcp",
                                "--default-character-set=utf8mb4",
                                host,
                                port,
                                user,
                                password,
                                "--execute",
                                sql,
                                database,
                                NULL};
    return client(argv, sql);
}

static bool is_postgresql(const char *url)
{
    return strncmp(url, "postgresql:", strlen("postgresql:")) == 0;
}

const char *dbw_test_query(const char *url, const char *sql)
{
    return is_postgresql(url) ? psql(url, sql, NULL) : mariadb(url, sql);
}

const char *dbw_test_fresh_database(const char *server, const char *name)
{
    const char *url = dbw_test_url(server);
    char database[64] = "app_", drop[256], create[256], fresh[PATH_MAX];
    size_t length = strlen(database);
    for (const char *c = name; *c && length < 52; c++) {
        char lower = dbw_lower(*c);
        database[length++] = (lower >= 'a' && lower <= 'z') || dbw_is_digit(lower) ? lower : '_';
    }
    database[length] = '\0';
    if (is_postgresql(url)) {
        snprintf(drop, sizeof drop, "DROP DATABASE IF EXISTS %s WITH (FORCE)", database);
        snprintf(create, sizeof create, "CREATE DATABASE %s OWNER %s", database,
                 variable_or("DBW_TEST_POSTGRESQL_USER", "app"));
        /* As admin: nobody else may end a vacuum that is under way in it. */
        psql(variable_or("DBW_TEST_POSTGRESQL_ADMIN_URL", url), drop, create);
    } else {
        /* A killed client's connection may hold a table for a moment; it is waited for. */
        snprintf(create, sizeof create,
                 "SET foreign_key_checks = 0; "
                 "CREATE OR REPLACE DATABASE %s CHARACTER SET utf8mb4",
                 database);
        mariadb(url, create);
    }
    size_t base = (size_t)(strrchr(url, '/') + 1 - url);
    int total = snprintf(fresh, sizeof fresh, "%.*s%s", (int)base, url, database);
    return keep(fresh, (size_t)total);
}
