/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "revision/upgrade.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct fixture {
    dbw_arena *arena;
    dbw_error error;
    char folder[64];
    const char *revisions;
    dbw_url url;
    dbw_database *database;
} fixture;

static void write_file(const fixture *f, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static dbw_database *connect(fixture *f)
{
    dbw_database *database;
    dbw_open_options options = {.create = true, .busy_timeout_ms = 20000};
    assert_ok(&f->error, dbw_database_open(&f->url, &options, &database, &f->error));
    return database;
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->arena = dbw_arena_new();
    snprintf(f->folder, sizeof f->folder, "/tmp/dbwizard-test-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    f->revisions = f->folder;
    f->url = (dbw_url){.drivername = dbw_arena_string(f->arena, "sqlite"),
                       .backend = dbw_arena_string(f->arena, "sqlite"),
                       .database = dbw_arena_printf(f->arena, "%s/db", f->folder)};
    write_file(f, "1.sql",
               "-- revision: one\n-- upgrade\nCREATE TABLE a(x);\n"
               "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;\n"
               "INSERT INTO a VALUES ('what?');\n");
    write_file(f, "2.sql",
               "-- revision: two\n-- down_revision: one\n-- upgrade postgresql\n"
               "nonsense;\n-- upgrade\nINSERT INTO a VALUES (2);\n");
    f->database = connect(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"1.sql", "2.sql", "3.sql", "marker", "db"};
    fixture *f = *state;
    dbw_database_close(f->database);
    for (size_t i = 0; i < DBW_COUNT(names); i++)
        unlink(dbw_arena_printf(f->arena, "%s/%s", f->folder, names[i]));
    rmdir(f->folder);
    dbw_arena_free(f->arena);
    free(f);
    return 0;
}

static dbw_status upgrade(fixture *f, size_t *applied)
{
    dbw_revision_directory *directory;
    dbw_status status = dbw_revision_directory_read(f->arena, f->revisions, &directory, &f->error);
    if (status != DBW_OK)
        return status;
    return dbw_revision_upgrade(f->database, directory, NULL, applied, &f->error);
}

static int64_t integer(fixture *f, const char *sql)
{
    dbw_value value;
    assert_ok(&f->error, dbw_fetch_value(f->database, f->arena, sql, NULL, 0, &value, &f->error));
    return value.int64;
}

static void goes_to_the_head_once(void **state)
{
    fixture *f = *state;
    size_t applied;
    const char *current;
    assert_ok(&f->error, upgrade(f, &applied));
    assert_int_equal(applied, 2);
    assert_ok(&f->error, upgrade(f, &applied));
    assert_int_equal(applied, 0);
    assert_ok(&f->error, dbw_revision_current(f->database, f->arena, &current, &f->error));
    assert_string_equal(current, "two");
    assert_int_equal(integer(f, "SELECT count(*) FROM a"), 2);
    assert_int_equal(integer(f, "SELECT count(*) FROM dbwizard_revision WHERE revision = 'one'"
                                " AND statement_started = 3 AND statement_done = 3"
                                " AND length(checksum) = 64"),
                     1);

    write_file(f, "3.sql",
               "-- revision: three\n-- down_revision: two\n-- upgrade\n"
               "INSERT INTO a VALUES (3);");
    assert_ok(&f->error, upgrade(f, &applied));
    assert_int_equal(applied, 1);
    assert_int_equal(integer(f, "SELECT count(*) FROM alembic_version"), 1);
}

static void a_failing_revision_leaves_nothing(void **state)
{
    fixture *f = *state;
    size_t applied;
    const char *current;
    write_file(f, "2.sql",
               "-- revision: two\n-- down_revision: one\n-- upgrade\n"
               "CREATE TABLE b(x);\n\nINSERT INTO missing VALUES (1);");
    assert_int_equal(upgrade(f, &applied), DBW_E_NOT_FOUND);
    assert_int_equal(applied, 1);
    assert_string_equal(f->error.object, "two");
    const char *message =
        dbw_arena_printf(f->arena, "unable to apply revision two (%s/2.sql:6): ", f->folder);
    assert_memory_equal(f->error.message, message, strlen(message));
    assert_int_equal(integer(f, "SELECT count(*) FROM sqlite_master WHERE name = 'b'"), 0);
    assert_ok(&f->error, dbw_revision_current(f->database, f->arena, &current, &f->error));
    assert_string_equal(current, "one");
}

static void an_edited_file_is_seen(void **state)
{
    fixture *f = *state;
    assert_ok(&f->error, upgrade(f, NULL));
    write_file(f, "1.sql", "-- revision: one\n-- upgrade\nCREATE TABLE a(y);\n");
    const char *message =
        dbw_arena_printf(f->arena, "'%s/1.sql' was edited after it was applied", f->folder);
    assert_fails(&f->error, DBW_E_CONFLICT, message, upgrade(f, NULL));
    assert_string_equal(f->error.object, "one");
}

static void a_half_applied_revision_is_seen(void **state)
{
    fixture *f = *state;
    assert_ok(&f->error, upgrade(f, NULL));
    assert_ok(&f->error, dbw_execute(f->database,
                                     "UPDATE dbwizard_revision SET statement_done = 0"
                                     " WHERE revision = 'two'",
                                     NULL, 0, NULL, &f->error));
    assert_fails(&f->error, DBW_E_CONFLICT,
                 "revision two is half-applied: 1 of its statements were started, 0 are known to "
                 "be done",
                 upgrade(f, NULL));
}

static void a_database_of_a_newer_version_is_left_alone(void **state)
{
    fixture *f = *state;
    assert_ok(&f->error, upgrade(f, NULL));
    assert_ok(&f->error, dbw_execute(f->database, "UPDATE alembic_version SET version_num = 'nine'",
                                     NULL, 0, NULL, &f->error));
    assert_fails(&f->error, DBW_E_CONFLICT, "can't locate revision identified by 'nine'",
                 upgrade(f, NULL));
}

static void a_marked_directory_is_refused_elsewhere(void **state)
{
    fixture *f = *state;
    write_file(f, "marker", "our-state\n");
    assert_ok(&f->error,
              dbw_execute(f->database, "CREATE TABLE theirs(x)", NULL, 0, NULL, &f->error));
    const char *message = dbw_arena_printf(
        f->arena,
        "unable to upgrade with the revisions in '%s': they are for our-state databases "
        "only",
        f->folder);
    assert_fails(&f->error, DBW_E_REFUSED, message, upgrade(f, NULL));
    assert_int_equal(integer(f, "SELECT count(*) FROM sqlite_master"), 1);
}

static void a_marked_database_is_refused_to_other_revisions(void **state)
{
    fixture *f = *state;
    write_file(f, "marker", "our-state");
    assert_ok(&f->error, upgrade(f, NULL));
    unlink(dbw_arena_printf(f->arena, "%s/marker", f->folder));
    const char *message = dbw_arena_printf(
        f->arena, "unable to upgrade with the revisions in '%s': the database belongs to our-state",
        f->folder);
    assert_fails(&f->error, DBW_E_REFUSED, message, upgrade(f, NULL));
}

static void a_missing_section_and_no_transaction_are_refused(void **state)
{
    fixture *f = *state;
    write_file(f, "1.sql", "-- revision: one\n-- upgrade postgresql\nSELECT 1;\n");
    const char *message =
        dbw_arena_printf(f->arena, "%s/1.sql: there is no upgrade section for SQLite", f->folder);
    assert_fails(&f->error, DBW_E_UNSUPPORTED, message, upgrade(f, NULL));
    write_file(f, "1.sql", "-- revision: one\n-- transaction: off\n-- upgrade\nSELECT 1;\n");
    message = dbw_arena_printf(f->arena, "%s/1.sql: this upgrade cannot run outside a transaction",
                               f->folder);
    assert_fails(&f->error, DBW_E_UNSUPPORTED, message, upgrade(f, NULL));
}

/* Each process opens the database for itself and upgrades; every revision must run once. */
static void processes_upgrade_at_the_same_time(void **state)
{
    fixture *f = *state;
    enum { PROCESSES = 6 };
    pid_t children[PROCESSES];
    dbw_database_close(f->database);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            dbw_open_options options = {.busy_timeout_ms = 20000};
            bool good = dbw_database_open(&f->url, &options, &f->database, &f->error) == DBW_OK &&
                        upgrade(f, NULL) == DBW_OK;
            if (!good)
                fprintf(stderr, "%s\n", f->error.message);
            _exit(good ? 0 : 1);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    f->database = connect(f);
    assert_int_equal(integer(f, "SELECT count(*) FROM a"), 2);
    assert_int_equal(integer(f, "SELECT count(*) FROM dbwizard_revision"), 3);
}

#define with_database(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_database(goes_to_the_head_once),
        with_database(a_failing_revision_leaves_nothing),
        with_database(an_edited_file_is_seen),
        with_database(a_half_applied_revision_is_seen),
        with_database(a_database_of_a_newer_version_is_left_alone),
        with_database(a_marked_directory_is_refused_elsewhere),
        with_database(a_marked_database_is_refused_to_other_revisions),
        with_database(a_missing_section_and_no_transaction_are_refused),
        with_database(processes_upgrade_at_the_same_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
