/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/file.h"

#include <sys/stat.h>
#include <unistd.h>

static dbw_arena *arena;
static char folder[64];

static int setup(void **state)
{
    (void)state;
    arena = dbw_arena_new();
    snprintf(folder, sizeof folder, "/tmp/dbwizard-file-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    char **names = NULL;
    size_t count = 0;
    dbw_error error;
    if (dbw_directory_list(arena, folder, "", &names, &count, &error) == DBW_OK)
        for (size_t i = 0; i < count; i++)
            unlink(dbw_path_join(arena, folder, names[i]));
    int left = rmdir(folder);
    dbw_arena_free(arena);
    return left;
}

static char *in_folder(const char *name)
{
    return dbw_path_join(arena, folder, name);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    dbw_error error;
    dbw_text text;
    char *path = in_folder("a");
    mode_t before = umask(077);
    assert_ok(&error, dbw_file_write(path, DBW_TEXT("one"), 0644, &error));
    assert_ok(&error, dbw_file_write(path, DBW_TEXT("two\0x"), 0640, &error));
    umask(before);
    assert_ok(&error, dbw_file_read(arena, path, 5, 0, &text, &error));
    assert_int_equal(text.length, 5);
    assert_memory_equal(text.data, "two\0x", 6);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0640);
    char **names = NULL;
    size_t count = 0;
    assert_ok(&error, dbw_directory_list(arena, folder, "", &names, &count, &error));
    assert_int_equal(count, 1);
}

static void an_existing_file_is_not_created_again(void **state)
{
    (void)state;
    dbw_error error;
    dbw_text text;
    char *path = in_folder("new");
    assert_ok(&error, dbw_file_create(path, DBW_TEXT("first"), 0600, &error));
    char *message = dbw_arena_printf(arena, "unable to create '%s': File exists", path);
    assert_fails(&error, DBW_E_EXISTS, message,
                 dbw_file_create(path, DBW_TEXT("second"), 0600, &error));
    assert_ok(&error, dbw_file_read(arena, path, 100, 0, &text, &error));
    assert_text_equal(text, "first");
}

static void reading_has_limits(void **state)
{
    (void)state;
    dbw_error error;
    dbw_text text;
    char *path = in_folder("big");
    char *link = in_folder("link");
    char *fifo = in_folder("fifo");
    assert_ok(&error, dbw_file_write(path, DBW_TEXT("12345"), 0600, &error));
    assert_fails(&error, DBW_E_LIMIT,
                 dbw_arena_printf(arena, "unable to read '%s': it is larger than 4 bytes", path),
                 dbw_file_read(arena, path, 4, 0, &text, &error));
    assert_int_equal(symlink(path, link), 0);
    assert_ok(&error, dbw_file_read(arena, link, 5, 0, &text, &error));
    assert_fails(
        &error, DBW_E_IO,
        dbw_arena_printf(arena, "unable to read '%s': Too many levels of symbolic links", link),
        dbw_file_read(arena, link, 5, DBW_FILE_NOFOLLOW, &text, &error));
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_fails(&error, DBW_E_INVALID,
                 dbw_arena_printf(arena, "unable to read '%s': it is not a file", fifo),
                 dbw_file_read(arena, fifo, 5, 0, &text, &error));
    assert_fails(&error, DBW_E_INVALID,
                 dbw_arena_printf(arena, "unable to read '%s': it is not a file", folder),
                 dbw_file_read(arena, folder, 5, 0, &text, &error));
    assert_fails(&error, DBW_E_NOT_FOUND,
                 "unable to read '/nonexistent': No such file or directory",
                 dbw_file_read(arena, "/nonexistent", 5, 0, &text, &error));
    assert_fails(&error, DBW_E_NOT_FOUND,
                 "unable to write '/nonexistent/x': No such file or directory",
                 dbw_file_write("/nonexistent/x", DBW_TEXT(""), 0600, &error));
}

static void folders_are_made_with_those_above(void **state)
{
    (void)state;
    dbw_error error;
    char *deep = in_folder("p/q/r");
    mode_t before = umask(077);
    assert_ok(&error, dbw_directory_make(deep, 0750, &error));
    assert_ok(&error, dbw_directory_make(deep, 0700, &error));
    umask(before);
    struct stat about;
    assert_int_equal(stat(in_folder("p/q"), &about), 0);
    assert_int_equal(about.st_mode & 07777, 0750);
    assert_int_equal(stat(deep, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0750);
    char *file = in_folder("plain");
    assert_ok(&error, dbw_file_write(file, DBW_TEXT(""), 0600, &error));
    assert_fails(
        &error, DBW_E_EXISTS,
        dbw_arena_printf(arena, "unable to make folder '%s': a file is in its place", file),
        dbw_directory_make(file, 0700, &error));
    assert_fails(&error, DBW_E_INVALID, "unable to make folder '': the path is empty",
                 dbw_directory_make("", 0700, &error));
    rmdir(deep);
    rmdir(in_folder("p/q"));
    rmdir(in_folder("p"));
}

static void folders_are_listed_in_order(void **state)
{
    (void)state;
    dbw_error error;
    char **names = NULL;
    size_t count = 0;
    static const char *const made[] = {"b.env", "a.env", ".hidden.env", "c.txt", ".env"};
    for (size_t i = 0; i < DBW_COUNT(made); i++)
        assert_ok(&error, dbw_file_write(in_folder(made[i]), DBW_TEXT(""), 0600, &error));
    assert_ok(&error, dbw_directory_list(arena, folder, ".env", &names, &count, &error));
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "a");
    assert_string_equal(names[1], "b");
    assert_ok(&error, dbw_directory_list(arena, "/nonexistent", "", &names, &count, &error));
    assert_int_equal(count, 0);
    unlink(in_folder(".hidden.env"));
    unlink(in_folder(".env"));
}

static void paths_are_joined(void **state)
{
    (void)state;
    assert_string_equal(dbw_path_join(arena, "/a", "b"), "/a/b");
    assert_string_equal(dbw_path_join(arena, "/a/", "b"), "/a/b");
    assert_string_equal(dbw_path_join(arena, "/a", "/b"), "/b");
    assert_string_equal(dbw_path_join(arena, NULL, "b"), "b");
    assert_string_equal(dbw_path_join(arena, "", "b"), "b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(an_existing_file_is_not_created_again, setup, teardown),
        cmocka_unit_test_setup_teardown(reading_has_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(folders_are_made_with_those_above, setup, teardown),
        cmocka_unit_test_setup_teardown(folders_are_listed_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(paths_are_joined, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
