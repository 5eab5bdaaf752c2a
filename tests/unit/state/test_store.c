/* SPDX-License-Identifier: Apache-2.0 */
#include "../store_fixture.h"

#include <sys/wait.h>

static unsigned mode_of(const fixture *f, const char *name)
{
    char path[256];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", f->state, name);
    assert_int_equal(stat(path, &about), 0);
    return about.st_mode & 07777;
}

static void makes_folder_key_and_database(void **state)
{
    fixture *f = *state;
    umask(0);
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    assert_int_equal(mode_of(f, "."), 0700);
    assert_int_equal(mode_of(f, "state.sqlite3"), 0600);
    assert_int_equal(mode_of(f, "secret.key"), 0640);
    assert_string_equal(dbw_store_folder(f->store), f->state);
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM jobs"), 0);
    assert_int_equal(mode_of(f, "state.sqlite3-wal"), 0600);
}

static void opens_again_with_the_same_key(void **state)
{
    fixture *f = *state;
    dbw_text sealed, clear;
    assert_ok(&f->error,
              dbw_store_seal(f->store, f->arena, "job", DBW_TEXT("secret\0x"), &sealed, &f->error));
    dbw_store_close(f->store);
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    assert_ok(&f->error, dbw_store_unseal(f->store, f->arena, "job", sealed, &clear, &f->error));
    assert_true(dbw_text_equal(clear, DBW_TEXT("secret\0x")));
}

static void sealed_text_opens_for_its_purpose_only(void **state)
{
    fixture *f = *state;
    dbw_text sealed, again, clear;
    assert_ok(&f->error,
              dbw_store_seal(f->store, f->arena, "job", DBW_TEXT("secret"), &sealed, &f->error));
    assert_ok(&f->error,
              dbw_store_seal(f->store, f->arena, "job", DBW_TEXT("secret"), &again, &f->error));
    assert_false(dbw_text_equal(sealed, again));
    assert_fails(&f->error, DBW_E_DATA,
                 "unable to open a sealed other: it was sealed with another key",
                 dbw_store_unseal(f->store, f->arena, "other", sealed, &clear, &f->error));
    for (size_t i = 0; i < sealed.length; i++) {
        char *altered = dbw_arena_text_string(f->arena, sealed);
        altered[i] = altered[i] == 'A' ? 'Q' : 'A';
        assert_int_equal(dbw_store_unseal(f->store, f->arena, "job",
                                          (dbw_text){altered, sealed.length}, &clear, &f->error),
                         DBW_E_DATA);
    }
    assert_int_equal(dbw_store_unseal(f->store, f->arena, "job", DBW_TEXT("1."), &clear, &f->error),
                     DBW_E_DATA);
}

static void digests_depend_on_purpose_and_text(void **state)
{
    fixture *f = *state;
    char a[DBW_STORE_DIGEST], b[DBW_STORE_DIGEST];
    dbw_store_digest(f->store, "csrf", DBW_TEXT("x"), a);
    dbw_store_digest(f->store, "csrf", DBW_TEXT("x"), b);
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), 64);
    dbw_store_digest(f->store, "csr", DBW_TEXT("fx"), b);
    assert_string_not_equal(a, b);
}

static void write_key(const fixture *f, const char *text, mode_t mode)
{
    char path[256];
    mkdir(f->state, 0700);
    snprintf(path, sizeof path, "%s/secret.key", f->state);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static void refuses_keys_that_are_damaged_or_open(void **state)
{
    fixture *f = *state;
    const char *message;
    write_key(f, "0123\n", 0640);
    message = dbw_arena_printf(
        f->arena, "unable to use secret key '%s/secret.key': it is not 64 hex digits", f->state);
    assert_fails(&f->error, DBW_E_INVALID, message,
                 dbw_store_open(&f->options, &f->store, &f->error));
    assert_null(f->store);
    write_key(f, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n", 0644);
    message = dbw_arena_printf(
        f->arena, "unable to use secret key '%s/secret.key': it is open to everybody", f->state);
    assert_fails(&f->error, DBW_E_DENIED, message,
                 dbw_store_open(&f->options, &f->store, &f->error));
    write_key(f, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 0600);
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
}

static void refuses_folders_it_cannot_use(void **state)
{
    fixture *f = *state;
    const char *message;
    assert_int_equal(mkdir(f->state, 0700), 0);
    assert_int_equal(chmod(f->state, 0777), 0);
    message = dbw_arena_printf(
        f->arena, "unable to use state folder '%s': everybody may write to it", f->state);
    assert_fails(&f->error, DBW_E_DENIED, message,
                 dbw_store_open(&f->options, &f->store, &f->error));
    f->options.folder = "/proc/x";
    assert_fails(&f->error, DBW_E_NOT_FOUND,
                 "unable to make folder '/proc/x': No such file or directory",
                 dbw_store_open(&f->options, &f->store, &f->error));
    f->options.folder = "/dev/null";
    assert_fails(&f->error, DBW_E_EXISTS,
                 "unable to make folder '/dev/null': a file is in its place",
                 dbw_store_open(&f->options, &f->store, &f->error));
}

static void refuses_a_database_that_is_not_ours(void **state)
{
    fixture *f = *state;
    dbw_database *database;
    dbw_url url = {.drivername = dbw_arena_string(f->arena, "sqlite"),
                   .backend = dbw_arena_string(f->arena, "sqlite"),
                   .database = dbw_arena_printf(f->arena, "%s/theirs", f->folder)};
    dbw_open_options options = {.create = true};
    assert_ok(&f->error, dbw_database_open(&url, &options, &database, &f->error));
    assert_ok(&f->error, dbw_execute(database, "CREATE TABLE theirs(x)", NULL, 0, NULL, &f->error));
    dbw_database_close(database);
    f->options.url = dbw_arena_printf(f->arena, "sqlite:///%s/theirs", f->folder);
    assert_int_equal(dbw_store_open(&f->options, &f->store, &f->error), DBW_E_REFUSED);
    assert_non_null(strstr(f->error.message, "they are for dbwizard-state databases only"));
}

static void says_where_migrations_are_missing(void **state)
{
    fixture *f = *state;
    f->options.migrations = "/nonexistent";
    assert_fails(&f->error, DBW_E_NOT_FOUND,
                 "unable to prepare the state store: unable to read the revisions in "
                 "'/nonexistent': No such file or directory",
                 dbw_store_open(&f->options, &f->store, &f->error));
}

static dbw_status add_setting(dbw_database *database, void *context, dbw_error *error)
{
    dbw_status *then = context;
    DBW_TRY(dbw_execute(database, "INSERT INTO settings (name, value) VALUES ('a', 'b')", NULL, 0,
                        NULL, error));
    return *then == DBW_OK ? DBW_OK : dbw_fail(error, *then, "as told");
}

static void transactions_end_whole_or_not_at_all(void **state)
{
    fixture *f = *state;
    dbw_status then = DBW_E_CONFLICT;
    assert_fails(&f->error, DBW_E_CONFLICT, "as told",
                 dbw_store_transaction(f->store, add_setting, &then, &f->error));
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM settings"), 0);
    then = DBW_OK;
    assert_ok(&f->error, dbw_store_transaction(f->store, add_setting, &then, &f->error));
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM settings"), 1);
}

static void a_connection_given_back_in_a_transaction_is_rolled_back(void **state)
{
    fixture *f = *state;
    dbw_database *database;
    dbw_status then = DBW_OK;
    assert_ok(&f->error, dbw_store_borrow(f->store, &database, &f->error));
    assert_ok(&f->error, dbw_begin(database, &f->error));
    assert_ok(&f->error, add_setting(database, &then, &f->error));
    dbw_store_return(f->store, database);
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM settings"), 0);
}

/* Folder, key, database and schema are all made by whoever comes first. */
static void processes_open_at_the_same_time(void **state)
{
    fixture *f = *state;
    enum { PROCESSES = 6 };
    pid_t children[PROCESSES];
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            dbw_status status = dbw_store_open(&f->options, &f->store, &f->error);
            if (status != DBW_OK)
                fprintf(stderr, "%s\n", f->error.message);
            dbw_store_close(f->store);
            _exit(status == DBW_OK ? 0 : 1);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM dbwizard_revision"), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(makes_folder_key_and_database),
        store_test(opens_again_with_the_same_key),
        store_test(sealed_text_opens_for_its_purpose_only),
        store_test(digests_depend_on_purpose_and_text),
        folder_test(refuses_keys_that_are_damaged_or_open),
        folder_test(refuses_folders_it_cannot_use),
        folder_test(refuses_a_database_that_is_not_ours),
        folder_test(says_where_migrations_are_missing),
        store_test(transactions_end_whole_or_not_at_all),
        store_test(a_connection_given_back_in_a_transaction_is_rolled_back),
        folder_test(processes_open_at_the_same_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
