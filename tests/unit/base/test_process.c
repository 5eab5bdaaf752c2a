/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/file.h"
#include "base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static dbw_arena *arena;

static int setup(void **state)
{
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    arena = dbw_arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    dbw_arena_free(arena);
    return 0;
}

#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})
#define SCRIPT(text) ARGV("sh", "-c", text)

static void output_and_status_come_back(void **state)
{
    (void)state;
    dbw_error error;
    dbw_process_result result;
    dbw_process process = {.argv = SCRIPT("echo out; echo why >&2; exit 3")};
    assert_ok(&error, dbw_process_run(arena, &process, &result, &error));
    assert_int_equal(result.status, 3);
    assert_int_equal(result.signal, 0);
    assert_text_equal(result.output, "out\n");
    assert_string_equal(result.message, "why");
    assert_fails(&error, DBW_E_IO, "'sh' failed with status 3: why",
                 dbw_process_succeed(arena, &process, &result, &error));
    process.argv = SCRIPT("kill -9 $$");
    assert_fails(&error, DBW_E_IO, "'sh' was ended by signal 9",
                 dbw_process_succeed(arena, &process, &result, &error));
}

static void arguments_are_passed_as_they_are(void **state)
{
    (void)state;
    dbw_error error;
    dbw_process_result result;
    dbw_process process = {.argv = ARGV("printf", "%s|", "a b", "$(id)", "", "'")};
    assert_ok(&error, dbw_process_succeed(arena, &process, &result, &error));
    assert_text_equal(result.output, "a b|$(id)||'|");
}

static void input_of_any_size_is_written(void **state)
{
    (void)state;
    dbw_error error;
    dbw_process_result result;
    size_t size = 700000;
    char *bytes = dbw_arena_take(arena, size);
    memset(bytes, 'x', size);
    dbw_process process = {.argv = ARGV("cat"), .input = {bytes, size}};
    assert_ok(&error, dbw_process_succeed(arena, &process, &result, &error));
    assert_int_equal(result.output.length, size);
    /* A program that does not read is no failure. */
    process.argv = ARGV("true");
    assert_ok(&error, dbw_process_succeed(arena, &process, &result, &error));
}

static void the_environment_is_private(void **state)
{
    (void)state;
    dbw_error error;
    dbw_process_result result;
    setenv("PGPASSWORD", "cAnArY", 1);
    dbw_process process = {.argv = ARGV("env")};
    assert_ok(&error, dbw_process_succeed(arena, &process, &result, &error));
    assert_null(strstr(result.output.data, "cAnArY"));
    assert_non_null(strstr(result.output.data, "LANG=C.UTF-8"));
    process.argv = ARGV("/usr/bin/env");
    process.environment = ARGV("ONLY=this");
    assert_ok(&error, dbw_process_succeed(arena, &process, &result, &error));
    assert_text_equal(result.output, "ONLY=this\n");
    unsetenv("PGPASSWORD");
}

static void other_descriptors_are_closed(void **state)
{
    (void)state;
    dbw_error error;
    dbw_process_result result;
    int open_here = open("/dev/null", O_RDONLY);
    int high = fcntl(open_here, F_DUPFD, 50);
    dbw_process process = {.argv = SCRIPT("ls /proc/self/fd | tr '\\n' ' '")};
    assert_ok(&error, dbw_process_succeed(arena, &process, &result, &error));
    assert_text_equal(result.output, "0 1 2 3 ");
    close(open_here);
    close(high);
}

static void what_cannot_be_started_is_told(void **state)
{
    (void)state;
    dbw_error error;
    dbw_process_result result;
    dbw_process process = {.argv = ARGV("/nonexistent/program")};
    assert_fails(&error, DBW_E_NOT_FOUND,
                 "unable to start '/nonexistent/program': No such file or directory",
                 dbw_process_run(arena, &process, &result, &error));
    process.argv = ARGV("/etc/passwd");
    assert_fails(&error, DBW_E_DENIED, "unable to start '/etc/passwd': Permission denied",
                 dbw_process_run(arena, &process, &result, &error));
    process.argv = ARGV("true");
    process.directory = "/nonexistent";
    assert_fails(&error, DBW_E_NOT_FOUND, "unable to start 'true': No such file or directory",
                 dbw_process_run(arena, &process, &result, &error));
}

static void the_deadline_ends_it_and_its_children(void **state)
{
    (void)state;
    dbw_error error;
    dbw_process_result result;
    int64_t before = dbw_clock_monotonic();
    dbw_process process = {.argv = SCRIPT("echo early; sleep 60 & sleep 60"),
                           .deadline = dbw_deadline_in(200)};
    assert_fails(&error, DBW_E_TIMEOUT, "'sh' was ended: it took too long",
                 dbw_process_run(arena, &process, &result, &error));
    assert_text_equal(result.output, "early\n");
    assert_true(dbw_clock_monotonic() - before < 2000000);
    /* One that does not listen to SIGTERM is killed. */
    process.argv = SCRIPT("trap '' TERM; while :; do sleep 0.1; done");
    process.deadline = dbw_deadline_in(200);
    assert_fails(&error, DBW_E_TIMEOUT, "'sh' was ended: it took too long",
                 dbw_process_run(arena, &process, &result, &error));
    assert_int_equal(result.signal, SIGKILL);
    /* One that closes its output and goes on. */
    process.argv = SCRIPT("exec >&- 2>&-; sleep 60");
    process.deadline = dbw_deadline_in(200);
    assert_fails(&error, DBW_E_TIMEOUT, "'sh' was ended: it took too long",
                 dbw_process_run(arena, &process, &result, &error));
}

static void output_has_a_limit_and_messages_a_tail(void **state)
{
    (void)state;
    dbw_error error;
    dbw_process_result result;
    dbw_process process = {.argv = SCRIPT("yes"), .output_limit = 1000};
    assert_fails(&error, DBW_E_LIMIT, "'sh' was ended: it printed more than 1000 bytes",
                 dbw_process_run(arena, &process, &result, &error));
    process.argv = SCRIPT("i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done");
    assert_ok(&error, dbw_process_run(arena, &process, &result, &error));
    assert_in_range(strlen(result.message), 2000, 2048);
    assert_string_equal(result.message + strlen(result.message) - 9, "line 1999");
    process.argv = SCRIPT("printf '\\377\\000x' >&2");
    assert_ok(&error, dbw_process_run(arena, &process, &result, &error));
    assert_string_equal(result.message, "? x");
}

static void output_can_go_to_a_descriptor(void **state)
{
    (void)state;
    dbw_error error;
    dbw_process_result result;
    dbw_text text;
    char path[] = "/tmp/dbwizard-process-XXXXXX";
    int file = mkstemp(path);
    assert_true(file > 2);
    dbw_process process = {.argv = ARGV("echo", "there"), .output = file};
    assert_ok(&error, dbw_process_succeed(arena, &process, &result, &error));
    assert_int_equal(result.output.length, 0);
    close(file);
    assert_ok(&error, dbw_file_read(arena, path, 100, 0, &text, &error));
    assert_text_equal(text, "there\n");
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_and_status_come_back),
        cmocka_unit_test(arguments_are_passed_as_they_are),
        cmocka_unit_test(input_of_any_size_is_written),
        cmocka_unit_test(the_environment_is_private),
        cmocka_unit_test(other_descriptors_are_closed),
        cmocka_unit_test(what_cannot_be_started_is_told),
        cmocka_unit_test(the_deadline_ends_it_and_its_children),
        cmocka_unit_test(output_has_a_limit_and_messages_a_tail),
        cmocka_unit_test(output_can_go_to_a_descriptor),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
