/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "revision/file.h"

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

static void reads_headers_and_sections(void **state)
{
    dbw_error error;
    dbw_revision_file *file;
    static const char text[] = "-- SPDX-License-Identifier: none\r\n"
                               "-- revision: 3ad1f2\r\n"
                               "-- down_revision: a1, b2\n"
                               "-- branch_labels: billing\n"
                               "-- depends_on: 77aa01\n"
                               "-- message: add: billing table\n"
                               "-- create_date: 2026-01-02 03:04:05\n"
                               "-- transaction: off\n"
                               "\n"
                               "-- upgrade\n"
                               "CREATE TABLE a(x);\n"
                               "-- revision: not a header here\n"
                               "-- upgrade the table, a comment\n"
                               "\n"
                               "--upgrade   mariadb  \n"
                               "CREATE TABLE b(x);\n"
                               "-- downgrade\n"
                               "DROP TABLE a;";
    assert_ok(&error, dbw_revision_file_parse(*state, "x.sql", dbw_text_of(text), &file, &error));
    assert_string_equal(file->id, "3ad1f2");
    assert_int_equal(file->down.count, 2);
    assert_string_equal(file->down.items[1], "b2");
    assert_string_equal(file->labels.items[0], "billing");
    assert_string_equal(file->depends_on.items[0], "77aa01");
    assert_string_equal(file->message, "add: billing table");
    assert_string_equal(file->create_date, "2026-01-02 03:04:05");
    assert_false(file->transaction);
    assert_int_equal(strlen(file->checksum), 64);

    const dbw_revision_section *section = dbw_revision_section_for(&file->upgrade, "sqlite");
    assert_text_equal(section->sql, "CREATE TABLE a(x);\n-- revision: not a header here\n"
                                    "-- upgrade the table, a comment\n\n");
    assert_int_equal(section->line, 11);
    section = dbw_revision_section_for(&file->upgrade, "mysql");
    assert_text_equal(section->sql, "CREATE TABLE b(x);\n");
    assert_int_equal(section->line, 16);
    section = dbw_revision_section_for(&file->downgrade, "mysql");
    assert_text_equal(section->sql, "DROP TABLE a;");
}

static void a_base_has_no_down_revision(void **state)
{
    dbw_error error;
    dbw_revision_file *file;
    assert_ok(&error, dbw_revision_file_parse(*state, "x.sql",
                                              DBW_TEXT("-- revision: a\n-- down_revision:\n"),
                                              &file, &error));
    assert_int_equal(file->down.count, 0);
    assert_true(file->transaction);
    assert_string_equal(file->message, "");
    assert_null(dbw_revision_section_for(&file->upgrade, "sqlite"));
}

static void the_checksum_tells_edits(void **state)
{
    dbw_error error;
    dbw_revision_file *a, *b;
    assert_ok(&error,
              dbw_revision_file_parse(*state, "x", DBW_TEXT("-- revision: a\n"), &a, &error));
    assert_ok(&error,
              dbw_revision_file_parse(*state, "x", DBW_TEXT("-- revision: a\n "), &b, &error));
    assert_string_not_equal(a->checksum, b->checksum);
}

static void names_file_and_line_of_what_is_wrong(void **state)
{
    static const struct {
        dbw_text text;
        const char *message;
    } cases[] = {
        {DBW_TEXT(""), "x.sql: the line '-- revision: ID' is missing"},
        {DBW_TEXT("-- revision: a\n-- revision: b\n"), "x.sql:2: 'revision' stands there twice"},
        {DBW_TEXT("-- revision:\n"), "x.sql:1: the revision has no identifier"},
        {DBW_TEXT("-- revision: a@b\n"),
         "x.sql:1: character '@' is not allowed in revision identifier 'a@b'"},
        {DBW_TEXT("-- revision: a\n-- down_revision: b,,c\n"),
         "x.sql:2: the revision has no identifier"},
        {DBW_TEXT("-- revision: a\n-- down_revision: b,\n"), "x.sql:2: the list ends with a comma"},
        {DBW_TEXT("-- revision: a\n-- transaction: maybe\n"),
         "x.sql:2: 'transaction' is 'on' or 'off', not 'maybe'"},
        {DBW_TEXT("-- revision: a\nSELECT 1;\n"), "x.sql:2: SQL before the first section"},
        {DBW_TEXT("-- revision: a\n-- upgrade\n-- upgrade\n"),
         "x.sql:3: the upgrade section stands there twice"},
        {DBW_TEXT("-- revision: a\n-- upgrade mysql\n-- upgrade mariadb\n"),
         "x.sql:3: the upgrade section for mysql stands there twice"},
        {DBW_TEXT("-- revision: a\n-- downgrade oracle\n"),
         "x.sql:2: unknown backend 'oracle' of the downgrade section"},
        {DBW_TEXT("-- revision: a\0b\n"), "x.sql: holds a NUL byte"},
        {DBW_TEXT("-- revision: a\n-- \xff\n"), "x.sql: is not UTF-8"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_error error;
        dbw_revision_file *file;
        assert_fails(&error, DBW_E_INVALID, cases[i].message,
                     dbw_revision_file_parse(*state, "x.sql", cases[i].text, &file, &error));
    }
}

static void says_that_a_file_is_not_there(void **state)
{
    dbw_error error;
    dbw_revision_file *file;
    assert_fails(&error, DBW_E_NOT_FOUND,
                 "unable to read '/nonexistent/x.sql': No such file or directory",
                 dbw_revision_file_read(*state, "/nonexistent/x.sql", &file, &error));
    assert_fails(&error, DBW_E_INVALID, "unable to read '/': it is not a file",
                 dbw_revision_file_read(*state, "/", &file, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_headers_and_sections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_base_has_no_down_revision, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_checksum_tells_edits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_file_and_line_of_what_is_wrong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(says_that_a_file_is_not_there, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
