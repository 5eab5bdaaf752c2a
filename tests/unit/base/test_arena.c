/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "base/buffer.h"
#include "base/clock.h"

static void arena_gives_zeroed_aligned_memory(void **state)
{
    (void)state;
    dbw_arena *arena = dbw_arena_new();
    for (size_t size = 1; size < 40000; size = size * 3 + 1) {
        unsigned char *p = dbw_arena_take(arena, size);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, size);
    }
    assert_string_equal(dbw_arena_printf(arena, "%s-%d", "a", 5), "a-5");
    dbw_arena_reset(arena);
    assert_int_equal(dbw_arena_used(arena), 0);
    dbw_arena_free(arena);
}

static void append_keeps_what_is_there(void **state)
{
    (void)state;
    dbw_arena *arena = dbw_arena_new();
    int *items = NULL;
    size_t count = 0;
    for (int i = 0; i < 1000; i++)
        *DBW_APPEND(arena, items, count) = i;
    assert_int_equal(count, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    dbw_arena_free(arena);
}

static void buffer_stops_at_its_limit(void **state)
{
    (void)state;
    dbw_error error;
    dbw_buffer buffer;
    dbw_buffer_init(&buffer, 10);
    dbw_buffer_add_string(&buffer, "12345");
    dbw_buffer_printf(&buffer, "%05d", 42);
    assert_ok(&error, dbw_buffer_check(&buffer, "body", &error));
    assert_string_equal(buffer.data, "1234500042");
    dbw_buffer_add_char(&buffer, 'x');
    dbw_buffer_add_string(&buffer, "");
    assert_fails(&error, DBW_E_LIMIT, "body exceeds 10 bytes",
                 dbw_buffer_check(&buffer, "body", &error));
    assert_string_equal(buffer.data, "1234500042");
    dbw_buffer_free(&buffer);
    assert_string_equal(buffer.data, "");
}

static void clock_formats_utc(void **state)
{
    (void)state;
    char out[DBW_CLOCK_TEXT];
    dbw_clock_format(-1, out);
    assert_string_equal(out, "1969-12-31T23:59:59.999999Z");
    dbw_clock_format(INT64_C(1700000000123456), out);
    assert_string_equal(out, "2023-11-14T22:13:20.123456Z");
    assert_int_equal(dbw_deadline_left(dbw_deadline_in(-1)), -1);
    assert_int_equal(dbw_deadline_left(dbw_clock_monotonic() - 1), 0);
}

static void integers_are_read_strictly(void **state)
{
    (void)state;
    int64_t n = 0;
    assert_true(dbw_text_to_int64(DBW_TEXT("-9223372036854775808"), &n) && n == INT64_MIN);
    assert_true(dbw_text_to_int64(DBW_TEXT("9223372036854775807"), &n) && n == INT64_MAX);
    const char *wrong[] = {
        "", "-", "+1", " 1", "1 ", "9223372036854775808", "1x", "-9223372036854775809", "0x1"};
    for (size_t i = 0; i < DBW_COUNT(wrong); i++)
        assert_false(dbw_text_to_int64(dbw_text_of(wrong[i]), &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(append_keeps_what_is_there),
        cmocka_unit_test(buffer_stops_at_its_limit),
        cmocka_unit_test(clock_formats_utc),
        cmocka_unit_test(integers_are_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
