/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "revision/directory.h"

/* "id<down id<down …" in file order, made into files and sorted; the ids joined, or the message. */
static const char *order(dbw_arena *arena, const char *const *specs)
{
    dbw_revision_file *files[8];
    size_t count = 0;
    dbw_error error;
    for (; specs[count]; count++) {
        const char *mark = strchr(specs[count], '<');
        size_t length = mark ? (size_t)(mark - specs[count]) : strlen(specs[count]);
        const char *text = dbw_arena_printf(arena, "-- revision: %.*s\n-- down_revision: %s\n",
                                            (int)length, specs[count], mark ? mark + 1 : "");
        const char *path = dbw_arena_printf(arena, "%zu.sql", count);
        assert_ok(&error,
                  dbw_revision_file_parse(arena, path, dbw_text_of(text), &files[count], &error));
    }
    if (dbw_revision_order_linear(arena, files, count, &error) != DBW_OK)
        return dbw_arena_printf(arena, "%s [%s]", error.message, error.object);
    const char *all = "";
    for (size_t i = 0; i < count; i++)
        all = dbw_arena_printf(arena, "%s%s ", all, files[i]->id);
    return all;
}

#define ORDER(...) order(*state, (const char *const[]){__VA_ARGS__, NULL})

static void sorts_from_base_to_head(void **state)
{
    assert_string_equal(ORDER("c<b", "a", "d<c", "b<a"), "a b c d ");
    assert_string_equal(ORDER("a"), "a ");
    assert_string_equal(order(*state, (const char *const[]){NULL}), "");
}

static void refuses_what_is_not_linear(void **state)
{
    assert_string_equal(ORDER("a", "b<a", "a"),
                        "revision a is present more than once: 0.sql and 2.sql [a]");
    assert_string_equal(ORDER("a", "b<x"), "revision x referenced from 1.sql is not present [b]");
    assert_string_equal(ORDER("a", "b"), "there are two base revisions: a and b [b]");
    assert_string_equal(ORDER("a", "b<a", "c<a"), "revision a has two successors: b and c [c]");
    assert_string_equal(ORDER("a", "b<a", "c<a,b"), "revision c is a merge or has dependencies: "
                                                    "this history must be linear [c]");
    assert_string_equal(ORDER("a", "b<c", "c<b"), "cycle is detected in revisions (b) [b]");
    assert_string_equal(ORDER("a<a"), "cycle is detected in revisions (a) [a]");
}

static int set_up(void **state)
{
    *state = dbw_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    dbw_arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sorts_from_base_to_head, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_is_not_linear, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
