/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TEST_STORE_FIXTURE_H
#define DBW_TEST_STORE_FIXTURE_H
/* A state store in a folder of its own, with a clock that the test moves. */
#include "test.h"

#include "base/clock.h"
#include "state/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct fixture {
    dbw_arena *arena;
    dbw_store *store;
    dbw_error error;
    char folder[64];
    char state[80]; /* the state folder, in `folder` */
    char migrations[1024];
    int64_t now;
    dbw_store_options options;
} fixture;

static int64_t fixture_clock(void *context)
{
    return ((const fixture *)context)->now;
}

DBW_UNUSED static void fixture_seconds(fixture *f, int64_t seconds)
{
    f->now += seconds * 1000000;
}

static void fixture_remove(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    while (folder && (entry = readdir(folder)) != NULL) {
        char child[1024];
        struct stat about;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        if (lstat(child, &about) == 0 && S_ISDIR(about.st_mode))
            fixture_remove(child);
        else
            unlink(child);
    }
    if (folder)
        closedir(folder);
    rmdir(path);
}

/* The folder alone: for tests that open the store themselves. */
DBW_UNUSED static int fixture_folder(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    const char *top = getenv("DBW_TOP_SRCDIR");
    f->arena = dbw_arena_new();
    snprintf(f->folder, sizeof f->folder, "/tmp/dbwizard-test-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->state, sizeof f->state, "%s/state", f->folder);
    snprintf(f->migrations, sizeof f->migrations, "%s/migrations", top ? top : "..");
    f->now = dbw_clock_wall();
    f->options = (dbw_store_options){.folder = f->state,
                                     .migrations = f->migrations,
                                     .clock = fixture_clock,
                                     .clock_context = f};
    *state = f;
    return 0;
}

DBW_UNUSED static int fixture_store(void **state)
{
    fixture_folder(state);
    fixture *f = *state;
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    return 0;
}

DBW_UNUSED static int fixture_end(void **state)
{
    fixture *f = *state;
    dbw_store_close(f->store);
    dbw_arena_free(f->arena);
    fixture_remove(f->folder);
    free(f);
    return 0;
}

/* The first value of a query on the store, as an integer. */
DBW_UNUSED static int64_t fixture_integer(fixture *f, const char *sql)
{
    dbw_database *database;
    dbw_value value;
    assert_ok(&f->error, dbw_store_borrow(f->store, &database, &f->error));
    assert_ok(&f->error, dbw_fetch_value(database, f->arena, sql, NULL, 0, &value, &f->error));
    dbw_store_return(f->store, database);
    assert_int_equal(value.kind, DBW_KIND_INT64);
    return value.int64;
}

/* Whether any file of the state folder holds these bytes. */
DBW_UNUSED static bool fixture_holds(const fixture *f, const char *needle)
{
    DIR *folder = opendir(f->state);
    const struct dirent *entry;
    bool found = false;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        static char bytes[8 * 1024 * 1024];
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", f->state, entry->d_name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t length = fd >= 0 ? read(fd, bytes, sizeof bytes) : -1;
        if (fd >= 0)
            close(fd);
        if (length > 0 && memmem(bytes, (size_t)length, needle, strlen(needle)))
            found = true;
    }
    closedir(folder);
    return found;
}

#define store_test(name) cmocka_unit_test_setup_teardown(name, fixture_store, fixture_end)
#define folder_test(name) cmocka_unit_test_setup_teardown(name, fixture_folder, fixture_end)

#endif
