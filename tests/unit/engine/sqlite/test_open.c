/* SPDX-License-Identifier: Apache-2.0 */
/* Every file that cannot be opened, and what is said about it. */
#include "sqlite_test.h"

#include <pwd.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { NOBODY = 65534 };

static void refuses(const char *path, const dbw_open_options *options, dbw_status code,
                    const char *message, const char *hint)
{
    dbw_url url = url_of(path);
    dbw_database *database = NULL;
    assert_fails(&error, code, message, DRIVER->open(&url, options, &database, &error));
    assert_null(database);
    if (hint)
        assert_string_equal(error.hint, hint);
}

static const char json_schema[] =
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT CHECK (json_valid(body)),"
    " kind TEXT AS (body ->> '$.kind'));"
    "CREATE INDEX by_title ON notes (json_extract(body, '$.title'));"
    "CREATE VIEW titles AS SELECT json_extract(body, '$.title') AS title FROM notes;"
    "INSERT INTO notes (body) VALUES ('{\"title\": \"a\", \"kind\": \"b\"}');";

static const dbw_open_options plain = {.busy_timeout_ms = 100};
static const dbw_open_options reading = {.busy_timeout_ms = 100, .read_only = true};

/* As an ordinary user: root passes every check of rights. */
static bool become_nobody(void)
{
    return geteuid() != 0 || seteuid(NOBODY) == 0;
}

static void become_root_again(void)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
}

static const char *nobody_name(void)
{
    struct passwd *entry = getpwuid(geteuid() == 0 ? NOBODY : geteuid());
    return entry ? entry->pw_name : "65534";
}

static char *write_hint(const char *path)
{
    return dbw_arena_printf(
        arena, "Give write access to the file and its folder: sudo setfacl -m u:%s:rwX %s %.*s",
        nobody_name(), path, (int)(strrchr(path, '/') - path), path);
}

static char *message_of(const char *format, const char *path)
{
    char *out = dbw_arena_string(arena, "");
    for (; *format; format++)
        out = *format == '@' ? dbw_arena_printf(arena, "%s%s", out, path)
                             : dbw_arena_printf(arena, "%s%c", out, *format);
    return out;
}

static void reads_and_writes_a_schema_with_json_functions(void **state DBW_UNUSED)
{
    char *path = make_file("json.db", json_schema);
    dbw_database *db = open_reading(path);
    assert_string_equal(text_of(db, "SELECT kind FROM notes"), "b");
    assert_string_equal(text_of(db, "SELECT title FROM titles"), "a");
    assert_int_equal(table_of(catalog_of(db), "notes")->index_count, 1);
    dbw_database_close(db);
    db = open_file(path);
    run(db, "INSERT INTO notes (body) VALUES ('{\"title\": \"c\"}')");
    assert_int_equal(integer_of(db, "SELECT count(*) FROM notes WHERE "
                                    "json_extract(body, '$.title') = 'c'"),
                     1);
    dbw_database_close(db);
}

static void makes_a_schema_with_json_functions(void **state DBW_UNUSED)
{
    dbw_database *db = open_file(make_file("made-json.db", "CREATE TABLE other (a)"));
    assert_ok(&error, dbw_execute_script(db, json_schema, &error));
    assert_string_equal(text_of(db, "SELECT kind FROM notes"), "b");
    dbw_database_close(db);
}

/* A JSON index opens no door for what stands beside it. */
static void trusts_no_other_function_of_a_schema(void **state DBW_UNUSED)
{
    char *path = make_file(
        "sly.db",
        "CREATE TABLE t (a); CREATE INDEX i ON t (json_extract(a, '$'));"
        "INSERT INTO t VALUES ('{}');"
        "CREATE VIEW v AS SELECT load_extension('/tmp/x.so') FROM t;"
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT fts3_tokenizer('x', x'00'); END");
    dbw_database *db = open_file(path);
    assert_int_equal(integer_of(db, "SELECT count(*) FROM t"), 1);
    assert_int_not_equal(dbw_execute(db, "SELECT * FROM v", NULL, 0, NULL, &error), DBW_OK);
    assert_non_null(strstr(error.message, "unsafe use of load_extension()"));
    const char *insert = "INSERT INTO t VALUES ('{}')";
    assert_int_not_equal(dbw_execute(db, insert, NULL, 0, NULL, &error), DBW_OK);
    assert_string_equal(
        error.message,
        "unable to run a statement: the function fts3_tokenizer is not allowed here");
    dbw_database_close(db);
    /* A check is compiled while the authorizer is not asked. */
    path = make_file("check.db", "PRAGMA writable_schema = 1;"
                                 "CREATE TABLE t (a); CREATE INDEX i ON t (json_extract(a, '$'));"
                                 "UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a CHECK "
                                 "(load_extension(a)))' WHERE name = 't'");
    dbw_url url = url_of(path);
    assert_ok(&error, DRIVER->open(&url, &plain, &db, &error));
    assert_int_not_equal(dbw_execute(db, insert, NULL, 0, NULL, &error), DBW_OK);
    assert_string_equal(error.message, "unable to run a statement: not authorized");
    dbw_database_close(db);
}

static void names_missing_files_and_folders(void **state DBW_UNUSED)
{
    char *path = path_of("missing.db");
    refuses(path, &plain, DBW_E_NO_DATABASE,
            message_of("unable to open database file '@': there is no such file", path),
            "Check the path, or have the file made: --create-database");
    path = path_of("no/such/folder.db");
    refuses(path, &plain, DBW_E_NOT_FOUND,
            dbw_arena_printf(arena,
                             "unable to open database file '%s': the folder '%s/no/such' does not "
                             "exist",
                             path, folder),
            "Check the path; sqlite:////srv/app.db (four slashes) is absolute.");
    refuses(path, &(dbw_open_options){.create = true}, DBW_E_NOT_FOUND,
            dbw_arena_printf(arena,
                             "unable to open database file '%s': the folder '%s/no/such' does not "
                             "exist",
                             path, folder),
            NULL);
    assert_int_not_equal(access(path_of("missing.db"), F_OK), 0);
}

static void refuses_what_is_no_file(void **state DBW_UNUSED)
{
    char *path = path_of("fifo");
    assert_int_equal(mkfifo(path, 0600), 0);
    refuses(path, &reading, DBW_E_NOT_DATABASE,
            message_of("unable to open database file '@': it is a named pipe", path),
            "Name the database file itself.");
    refuses(folder, &plain, DBW_E_NOT_DATABASE,
            message_of("unable to open database file '@': it is a folder", folder), NULL);
    refuses("/dev/null", &plain, DBW_E_NOT_DATABASE,
            "unable to open database file '/dev/null': it is a device", NULL);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", folder);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    path = path_of("socket");
    refuses(path, &plain, DBW_E_NOT_DATABASE,
            message_of("unable to open database file '@': it is a socket", path), NULL);
    close(fd);
    refuses("/etc/passwd/x.db", &plain, DBW_E_UNREACHABLE,
            "unable to reach database file '/etc/passwd/x.db': Not a directory", NULL);
}

static char *write_file(const char *name, const void *data, size_t length)
{
    char *path = path_of(name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0 && write(fd, data, length) == (ssize_t)length);
    close(fd);
    return path;
}

static void refuses_other_files(void **state DBW_UNUSED)
{
    static const char text[] = "just some text";
    static char long_text[4096] = "<?xml version='1.0'?>";
    static char short_database[100] = "SQLite format 3";
    char *paths[] = {write_file("short.txt", text, sizeof text),
                     write_file("long.xml", long_text, sizeof long_text),
                     write_file("cut.db", short_database, sizeof short_database)};
    for (size_t i = 0; i < DBW_COUNT(paths); i++)
        for (int k = 0; k < 2; k++)
            refuses(
                paths[i], k ? &plain : &reading, DBW_E_NOT_DATABASE,
                message_of("unable to open database file: '@' is not a SQLite database", paths[i]),
                "Check the path. An encrypted database must be decrypted first.");
}

static void refuses_damaged_files(void **state DBW_UNUSED)
{
    char *path = make_file("damaged.db", "CREATE TABLE t (a); CREATE TABLE u (b)");
    int fd = open(path, O_WRONLY);
    char rubbish[300];
    memset(rubbish, 0x5a, sizeof rubbish);
    assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, 100), sizeof rubbish);
    close(fd);
    refuses(path, &reading, DBW_E_NOT_DATABASE,
            message_of("unable to read the database: database file '@' is damaged (database disk "
                       "image is malformed)",
                       path),
            "Run: sqlite3 FILE 'PRAGMA integrity_check'. Restore a backup.");
}

static void says_who_waits_for_a_lock(void **state DBW_UNUSED)
{
    char *path = make_file("locked.db", "CREATE TABLE t (a)");
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    int64_t start = dbw_clock_monotonic();
    refuses(path, &reading, DBW_E_LOCKED,
            message_of("unable to read the database: database file '@' is locked by another "
                       "connection",
                       path),
            "It stayed locked for 0.1 s. Stop what writes to it, or end its open transaction, and "
            "try again.");
    assert_true(dbw_clock_monotonic() - start >= 90000);
    sqlite3_close(handle);
}

static void names_the_folder_out_of_reach(void **state DBW_UNUSED)
{
    char *closed = path_of("closed");
    assert_int_equal(mkdir(closed, 0755), 0);
    assert_int_equal(mkdir(path_of("closed/inner"), 0755), 0);
    char *path = make_file("closed/inner/app.db", "CREATE TABLE t (a)");
    assert_int_equal(chmod(closed, 0600), 0);
    if (!become_nobody())
        SKIP_BECAUSE("this user cannot become another");
    refuses(path, &plain, DBW_E_UNREACHABLE,
            dbw_arena_printf(arena,
                             "unable to reach database file '%s': the folder '%s' may not be "
                             "searched by user '%s'",
                             path, closed, nobody_name()),
            dbw_arena_printf(arena, "Let this user through, for example: sudo setfacl -m u:%s:x %s",
                             nobody_name(), closed));
    become_root_again();
    assert_int_equal(chmod(closed, 0755), 0);
}

static void names_the_user_who_may_not_read(void **state DBW_UNUSED)
{
    char *path = make_file("secret.db", "CREATE TABLE t (a)");
    assert_int_equal(chmod(path, getuid() == 0 ? 0600 : 0), 0);
    if (!become_nobody())
        SKIP_BECAUSE("this user cannot become another");
    refuses(path, &plain, DBW_E_DENIED,
            dbw_arena_printf(arena,
                             "unable to open database file '%s': it may not be read by user '%s'",
                             path, nobody_name()),
            dbw_arena_printf(arena,
                             "Let this user reach it, for example: sudo setfacl -m u:%s:rw %s",
                             nobody_name(), path));
    become_root_again();
}

/* A file that is no database by its place or name is not to be opened up. */
static void offers_no_command_for_other_files(void **state DBW_UNUSED)
{
    char *path = make_file("secrets.txt", "CREATE TABLE t (a)");
    assert_int_equal(chmod(path, getuid() == 0 ? 0600 : 0), 0);
    if (!become_nobody())
        SKIP_BECAUSE("this user cannot become another");
    const char *const paths[] = {"/etc/shadow", path};
    for (size_t i = 0; i < DBW_COUNT(paths); i++)
        refuses(paths[i], &plain, DBW_E_DENIED,
                dbw_arena_printf(
                    arena, "unable to open database file '%s': it may not be read by user '%s'",
                    paths[i], nobody_name()),
                dbw_arena_printf(
                    arena, "If it is a database, let user '%s' read it; its name does not say so.",
                    nobody_name()));
    become_root_again();
    path = make_file("it's here.db", "CREATE TABLE t (a)");
    assert_int_equal(chmod(path, getuid() == 0 ? 0600 : 0), 0);
    if (!become_nobody())
        SKIP_BECAUSE("this user cannot become another");
    refuses(path, &plain, DBW_E_DENIED,
            dbw_arena_printf(arena,
                             "unable to open database file '%s': it may not be read by user '%s'",
                             path, nobody_name()),
            dbw_arena_printf(arena,
                             "Let this user reach it, for example: sudo setfacl -m u:%s:rw "
                             "'%s/it'\\''s here.db'",
                             nobody_name(), folder));
    become_root_again();
}

static void says_that_a_file_is_read_only(void **state DBW_UNUSED)
{
    char *path = make_file("readonly.db", "CREATE TABLE t (a)");
    dbw_server server;
    assert_int_equal(chmod(path, 0444), 0);
    if (!become_nobody())
        SKIP_BECAUSE("this user cannot become another");
    dbw_database *db = open_with(path, &plain);
    assert_ok(&error, dbw_database_describe(db, arena, &server, &error));
    bool told = server.read_only;
    dbw_status status = dbw_execute(db, "INSERT INTO t VALUES (1)", NULL, 0, NULL, &error);
    dbw_database_close(db);
    become_root_again();
    assert_true(told);
    assert_int_equal(status, DBW_E_READ_ONLY);
    assert_string_equal(
        error.message,
        message_of("unable to run a statement: database file '@' is read-only", path));
    assert_string_equal(error.hint, write_hint(path));
}

static void says_that_a_folder_takes_no_journal(void **state DBW_UNUSED)
{
    char *inner = path_of("nojournal");
    assert_int_equal(mkdir(inner, 0755), 0);
    char *path = make_file("nojournal/app.db", "CREATE TABLE t (a)");
    assert_int_equal(chmod(path, 0666), 0);
    if (getuid() != 0)
        assert_int_equal(chmod(inner, 0555), 0);
    if (!become_nobody())
        SKIP_BECAUSE("this user cannot become another");
    dbw_server server;
    dbw_database *db = open_with(path, &plain);
    assert_ok(&error, dbw_database_describe(db, arena, &server, &error));
    dbw_status status = dbw_execute(db, "INSERT INTO t VALUES (1)", NULL, 0, NULL, &error);
    dbw_database_close(db);
    become_root_again();
    assert_true(server.read_only);
    assert_int_equal(status, DBW_E_READ_ONLY);
    assert_string_equal(error.message,
                        message_of("unable to run a statement: no file can be made beside '@', "
                                   "where SQLite keeps its journal",
                                   path));
}

static void says_that_wal_files_cannot_be_made(void **state DBW_UNUSED)
{
    char *inner = path_of("nowal");
    assert_int_equal(mkdir(inner, 0755), 0);
    char *path = make_file("nowal/app.db", "PRAGMA journal_mode = WAL; CREATE TABLE t (a)");
    assert_int_equal(chmod(path, 0644), 0);
    if (getuid() != 0)
        assert_int_equal(chmod(inner, 0555), 0);
    if (!become_nobody())
        SKIP_BECAUSE("this user cannot become another");
    refuses(path, &reading, DBW_E_DENIED,
            message_of("unable to read database file '@': it is in WAL mode, and its files '-wal' "
                       "and '-shm' cannot be made or written",
                       path),
            write_hint(path));
    become_root_again();
}

static void writes_nothing_when_read_only(void **state DBW_UNUSED)
{
    char *path = make_file("asked.db", "CREATE TABLE t (a)");
    dbw_database *db = open_reading(path);
    assert_fails(&error, DBW_E_READ_ONLY,
                 message_of("unable to run a statement: database file '@' is read-only", path),
                 dbw_execute(db, "INSERT INTO t VALUES (1)", NULL, 0, NULL, &error));
    dbw_database_close(db);
    refuses(path_of("asked-new.db"), &(dbw_open_options){.read_only = true, .create = true},
            DBW_E_NO_DATABASE,
            message_of("unable to open database file '@': there is no such file",
                       path_of("asked-new.db")),
            NULL);
}

static void leaves_no_files_beside_a_wal_database(void **state DBW_UNUSED)
{
    char *path = make_file("tidy.db", "PRAGMA journal_mode = WAL; CREATE TABLE t (a)");
    dbw_database *db = open_reading(path);
    assert_int_equal(integer_of(db, "SELECT count(*) FROM t"), 0);
    assert_int_equal(access(path_of("tidy.db-shm"), F_OK), 0);
    dbw_database_close(db);
    assert_int_not_equal(access(path_of("tidy.db-wal"), F_OK), 0);
    assert_int_not_equal(access(path_of("tidy.db-shm"), F_OK), 0);
}

static void keeps_to_the_allowed_folders(void **state DBW_UNUSED)
{
    static const char sub[] = "allowed";
    assert_int_equal(mkdir(path_of(sub), 0755), 0);
    assert_int_equal(mkdir(path_of("allowed-not"), 0755), 0);
    char *inside = make_file("allowed/in.db", "CREATE TABLE t (a)");
    char *outside = make_file("allowed-not/out.db", "CREATE TABLE t (a)");
    char *link_out = path_of("allowed/link.db"), *dots = path_of("allowed/../allowed-not/out.db");
    char *link_new = path_of("allowed/new-link.db");
    char *dirs = dbw_arena_printf(arena, "/nonexistent:%s", path_of(sub));
    assert_int_equal(symlink(outside, link_out), 0);
    assert_int_equal(symlink(path_of("allowed-not/made.db"), link_new), 0);
    dbw_open_options options = {.sqlite_dirs = dirs, .create = true};
    dbw_database_close(open_with(inside, &options));
    char *refused[] = {outside,     link_out, dots, link_new, path_of("allowed-not/none.db"),
                       path_of(sub)};
    for (size_t i = 0; i < DBW_COUNT(refused); i++)
        refuses(refused[i], &options, DBW_E_DENIED,
                message_of("unable to open database file '@': it is outside of the folders that "
                           "are allowed",
                           refused[i]),
                dbw_arena_printf(arena, "Allowed are: %s (DBWIZARD_SQLITE_DIRS).", dirs));
    assert_int_not_equal(access(path_of("allowed-not/made.db"), F_OK), 0);
    dbw_database_close(open_with(path_of("allowed/fresh.db"), &options));
}

static void resolves_relative_paths(void **state DBW_UNUSED)
{
    make_file("relative.db", "CREATE TABLE t (a)");
    dbw_database_close(open_with("relative.db", &(dbw_open_options){.base_directory = folder}));
    dbw_database_close(
        open_with("../relative.db", &(dbw_open_options){.base_directory = path_of("allowed")}));
    refuses("relative.db", &plain, DBW_E_INVALID,
            "unable to open database file 'relative.db': the path is relative, and the "
            "application's folder is not known",
            "Set DBWIZARD_APP_DIR, or write the whole path with four slashes: "
            "sqlite:////srv/app/app.db");
}

static void takes_names_literally(void **state DBW_UNUSED)
{
    static const char *const names[] = {
        "file:x.db?mode=memory",   "a b%20?#&=.db", "-dash.db", "new\nline.db",
        "\xc3\xa4\xe2\x82\xac.db", "quo'te\".db",   ":memory:x"};
    for (size_t i = 0; i < DBW_COUNT(names); i++) {
        dbw_open_options options = {.base_directory = folder, .create = true};
        dbw_database *db = open_with(names[i], &options);
        run(db, "CREATE TABLE t (a)");
        dbw_database_close(db);
        assert_int_equal(access(path_of(names[i]), F_OK), 0);
    }
}

static void makes_new_files(void **state DBW_UNUSED)
{
    char *path = path_of("made.db");
    dbw_url url = url_of(path);
    struct stat st;
    dbw_server server;
    mode_t before = umask(022);
    assert_ok(&error, DRIVER->create(&url, &plain, &error));
    umask(before);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_true(st.st_size >= 512);
    assert_fails(&error, DBW_E_EXISTS,
                 message_of("unable to make database file '@': it exists already", path),
                 DRIVER->create(&url, &plain, &error));
    dbw_database *db = open_file(path);
    assert_ok(&error, dbw_database_describe(db, arena, &server, &error));
    assert_true(server.empty);
    dbw_database_close(db);
    assert_int_equal(mkdir(path_of("unwritable"), 0555), 0);
    url = url_of(path_of("unwritable/denied.db"));
    if (!become_nobody())
        SKIP_BECAUSE("this user cannot become another");
    dbw_status status = DRIVER->create(&url, &plain, &error);
    become_root_again();
    assert_int_equal(status, DBW_E_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_a_schema_with_json_functions),
        cmocka_unit_test(makes_a_schema_with_json_functions),
        cmocka_unit_test(trusts_no_other_function_of_a_schema),
        cmocka_unit_test(names_missing_files_and_folders),
        cmocka_unit_test(refuses_what_is_no_file),
        cmocka_unit_test(refuses_other_files),
        cmocka_unit_test(refuses_damaged_files),
        cmocka_unit_test(says_who_waits_for_a_lock),
        cmocka_unit_test(names_the_folder_out_of_reach),
        cmocka_unit_test(names_the_user_who_may_not_read),
        cmocka_unit_test(offers_no_command_for_other_files),
        cmocka_unit_test(says_that_a_file_is_read_only),
        cmocka_unit_test(says_that_a_folder_takes_no_journal),
        cmocka_unit_test(says_that_wal_files_cannot_be_made),
        cmocka_unit_test(writes_nothing_when_read_only),
        cmocka_unit_test(leaves_no_files_beside_a_wal_database),
        cmocka_unit_test(keeps_to_the_allowed_folders),
        cmocka_unit_test(resolves_relative_paths),
        cmocka_unit_test(takes_names_literally),
        cmocka_unit_test(makes_new_files),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
