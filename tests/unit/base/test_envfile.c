/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "base/envfile.h"

static dbw_arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = dbw_arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    dbw_arena_free(arena);
    return 0;
}

static const char *lookup(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "OUTSIDE") == 0 ? "out" : strcmp(name, "EMPTY") == 0 ? "" : NULL;
}

/** The value of A after reading the text. */
static const char *value(const char *text)
{
    dbw_error error;
    dbw_envfile file;
    assert_ok(&error,
              dbw_envfile_parse(arena, dbw_text_of(text), "f", lookup, NULL, &file, &error));
    const dbw_envfile_entry *entry = dbw_envfile_find(&file, "A");
    return entry ? entry->value : NULL;
}

static void values_are_read_as_dotenv_does(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value;
    } rows[] = {
        {"A=b", "b"},
        {"A=", ""},
        {"  export A = b  \n", "b"},
        {"export=1\nA=2", "2"},
        {"\xEF\xBB\xBF"
         "A=b\r\n",
         "b"},
        {"A=b # comment", "b"},
        {"A=b#c", "b#c"},
        {"A=# c", "# c"},
        {"A= # c", ""},
        {"A=p@$$w0rd$x", "p@$$w0rd$x"},
        {"A=a b\tc ", "a b\tc"},
        {"A='x # ${B} \\n'", "x # ${B} \\n"},
        {"A=\"x # \\n\\t\\\"\\\\\\$\\z\"", "x # \n\t\"\\$\\z"},
        {"A='two\nlines' # c\nB=1", "two\nlines"},
        {"A=\"two\nlines\"", "two\nlines"},
        {"A=1\nA=2", "2"},
        {"B=x\nA=<${B}>", "<x>"},
        {"B=x\nA=\"<${B}>\"", "<x>"},
        {"A=${OUTSIDE}", "out"},
        {"A=${NOWHERE}", "${NOWHERE}"},
        {"A=${NOWHERE:-d e}", "d e"},
        {"A=${NOWHERE-d}", "d"},
        {"A=${EMPTY:-d}", "d"},
        {"A=${EMPTY-d}x", "x"},
        {"A=${OUTSIDE:-d}", "out"},
        {"A=${OUTSIDE", "${OUTSIDE"},
        {"A=${1}${}$", "${1}${}$"},
        {"A=${OUTSIDE:?x}", "${OUTSIDE:?x}"},
        {"A=\"\\${OUTSIDE}\"", "${OUTSIDE}"},
        {"# only\n\n   \nA\nB=1", NULL},
        {"A=1\nA\n", "1"},
        {"A=x\\n", "x\\n"},
        {"my.name-1=2\nA=${my.name}", "${my.name}"},
    };
    for (size_t i = 0; i < DBW_COUNT(rows); i++) {
        const char *got = value(rows[i].text);
        if (rows[i].value)
            assert_string_equal(got, rows[i].value);
        else
            assert_null(got);
    }
}

static void errors_name_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"A=1\n=secret", "unable to read 'f': line 2: it is not NAME=value"},
        {"A B=secret", "unable to read 'f': line 1: it is not NAME=value"},
        {"1A=secret", "unable to read 'f': line 1: it is not NAME=value"},
        {"A=1\n\nB='secret", "unable to read 'f': line 3: the single quote is not closed"},
        {"A=\"secret\n\n", "unable to read 'f': line 1: the double quote is not closed"},
        {"A='x'secret", "unable to read 'f': line 1: something follows the closing quote"},
        {"A='x\n\n' secret", "unable to read 'f': line 3: something follows the closing quote"},
        {"A=1\nB=\xFFsecret", "unable to read 'f': line 2: it is not UTF-8 text"},
    };
    for (size_t i = 0; i < DBW_COUNT(rows); i++) {
        dbw_error error;
        dbw_envfile file;
        assert_fails(
            &error, DBW_E_INVALID, rows[i].message,
            dbw_envfile_parse(arena, dbw_text_of(rows[i].text), "f", NULL, NULL, &file, &error));
    }
    dbw_error error;
    dbw_envfile file;
    assert_fails(&error, DBW_E_INVALID, "unable to read 'f': line 1: it is not UTF-8 text",
                 dbw_envfile_parse(arena, (dbw_text){"A=\0", 3}, "f", NULL, NULL, &file, &error));
}

static void expansions_cannot_grow_without_end(void **state)
{
    (void)state;
    char text[1024] = "A=0123456789abcdef\n";
    for (size_t length = strlen(text); length + 16 < sizeof text; length += 11)
        memcpy(text + length, "A=${A}${A}\n", 11);
    dbw_error error;
    dbw_envfile file;
    assert_fails(&error, DBW_E_INVALID, "unable to read 'f': line 15: the value is too long",
                 dbw_envfile_parse(arena, dbw_text_of(text), "f", NULL, NULL, &file, &error));
}

static void entries_know_their_lines(void **state)
{
    (void)state;
    dbw_error error;
    dbw_envfile file;
    assert_ok(&error, dbw_envfile_parse(arena, DBW_TEXT("#\nA='1\n2'\r\nB=3"), "f", NULL, NULL,
                                        &file, &error));
    assert_int_equal(file.count, 2);
    assert_int_equal(file.entries[0].line, 2);
    assert_int_equal(file.entries[1].line, 4);
    assert_string_equal(file.entries[1].value, "3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_as_dotenv_does),
        cmocka_unit_test(errors_name_file_and_line),
        cmocka_unit_test(expansions_cannot_grow_without_end),
        cmocka_unit_test(entries_know_their_lines),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
