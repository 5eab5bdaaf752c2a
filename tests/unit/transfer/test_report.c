/* SPDX-License-Identifier: Apache-2.0 */
/* What the report says, and the page that is made of it. */
#include "transfer_test.h"

static const char *page_of(bench *b, struct json_object *report)
{
    dbw_buffer page;
    assert_ok(&b->error, dbw_report_html(report, &page, &b->error));
    const char *text = dbw_arena_string(b->arena, page.data);
    dbw_buffer_free(&page);
    return text;
}

static void hostile_names_and_values_stay_text(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE \"<script>alert(1)</script>\" (id INTEGER PRIMARY KEY, "
                    "\"a'b\"\"c & d\" TEXT);"
                    "INSERT INTO \"<script>alert(1)</script>\" VALUES (1, 'x<b>');"
                    "CREATE VIEW \"<img src=x onerror=y>\" AS SELECT 1 WHERE 'a' GLOB 'b';");
    assert_run(b, bench_run(b, "<i>job</i>", "{}"));
    const char *page = page_of(b, b->report);
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "<img"));
    assert_null(strstr(page, "<i>"));
    assert_non_null(strstr(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_non_null(strstr(page, "&lt;i&gt;job&lt;/i&gt;"));
    bench_free(b);
}

static void the_page_needs_nothing_else(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (1)");
    assert_run(b, bench_run(b, "job1", "{}"));
    const char *page = page_of(b, b->report);
    static const char *const never[] = {"http://", "https://", "src=", "href=", "@import", "url("};
    for (size_t i = 0; i < DBW_COUNT(never); i++)
        assert_null(strstr(page, never[i]));
    assert_int_equal(strncmp(page, "<!DOCTYPE html>", 15), 0);
    assert_non_null(strstr(page, "<span class=\"verdict lossless\">lossless</span>"));
    bench_free(b);
}

static void a_report_of_a_failure_makes_a_page_as_well(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    b->target = "postgresql://nobody:s3cret@127.0.0.1:1/nothing";
    bench_source(b, "CREATE TABLE a (id INTEGER PRIMARY KEY)");
    assert_int_equal(bench_run(b, "job1", "{}"), DBW_E_UNREACHABLE);
    assert_string_equal(bench_report(b, "error.code"), "unreachable");
    assert_string_equal(bench_report(b, "verdict"), "null");
    assert_string_equal(bench_report(b, "resumable"), "false");
    assert_null(strstr(json_object_to_json_string(b->report), "s3cret"));
    assert_null(strstr(page_of(b, b->report), "s3cret"));
    struct json_object *empty = json_object_new_object();
    assert_non_null(strstr(page_of(b, empty), "Nothing was copied."));
    json_object_put(empty);
    bench_free(b);
}

static void nothing_lost_is_lossless(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT); "
                    "INSERT INTO a VALUES (1, 'x'), (2, NULL)");
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_report(b, "verdict"), "lossless");
    bench_free(b);
}

static void what_was_not_read_back_is_not_called_lossless(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT); "
                    "INSERT INTO a VALUES (1, 'x')");
    assert_run(b, bench_run(b, "job1", "{\"verify\":\"counts\"}"));
    assert_string_equal(bench_report(b, "verdict"), "converted");
    assert_string_equal(bench_report(b, "tables.0.equal"), "true");
    assert_string_equal(bench_report(b, "advice.0"),
                        "Values were not read back: verify=checksum does that.");
    bench_free(b);
}

static void values_that_were_altered_are_listed_with_their_keys(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT); "
                    "INSERT INTO a VALUES (1, 'x'), (22, CAST(x'610062' AS TEXT))");
    assert_run(b, bench_run(b, "job1", "{\"transforms\":{\"nul\":\"strip\"}}"));
    assert_string_equal(bench_query(b, "SELECT t FROM a WHERE id = 22"), "ab");
    assert_string_equal(bench_report(b, "verdict"), "altered");
    assert_string_equal(bench_report(b, "tables.0.equal"), "true");
    assert_string_equal(bench_report(b, "ledger.0.kind"), "value");
    assert_string_equal(bench_report(b, "ledger.0.table"), "a");
    assert_string_equal(bench_report(b, "ledger.0.column"), "t");
    assert_string_equal(bench_report(b, "ledger.0.key"), "22");
    assert_string_equal(bench_report(b, "ledger.0.after"), "'ab'");
    bench_free(b);
}

static void a_foreign_key_without_an_index_is_advised_about(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE a (id INTEGER PRIMARY KEY); "
                    "CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a(id)); "
                    "CREATE TABLE c (a INTEGER REFERENCES a(id)); CREATE INDEX ca ON c(a);");
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_report(b, "advice.0"),
                        "Table 'b' has no index for its foreign key (a): deleting from 'a' reads "
                        "the whole table.");
    assert_string_equal(bench_report(b, "advice.1"), "Table 'c' has no primary key.");
    bench_free(b);
}

/* --- differences ------------------------------------------------------------------------------ */

static bench *meddling;

/* Changes the target between the copy and its verification. */
static void meddle(void *context, const dbw_progress *progress)
{
    (void)context;
    if (progress->phase != DBW_PHASE_SEQUENCES || !meddling)
        return;
    bench_query(meddling, "UPDATE a SET t = 'other' WHERE id = 2; DELETE FROM a WHERE id = 3; "
                          "INSERT INTO a VALUES (9, 'extra')");
    meddling = NULL;
}

static void a_target_that_differs_is_told_down_to_row_and_column(void **state)
{
    (void)state;
    bench *b = bench_new(__func__);
    bench_source(b, "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT); "
                    "INSERT INTO a VALUES (1, 'x'), (2, 'y'), (3, 'z')");
    meddling = b;
    b->observer.progress = meddle;
    assert_run_fails(b, DBW_E_DIFFERS,
                     "the source is untouched: the target differs from the source in 1 table, the "
                     "first is 'a'",
                     bench_run(b, "job1", "{}"));
    assert_string_equal(bench_report(b, "verdict"), "incomplete");
    assert_string_equal(bench_report(b, "tables.0.equal"), "false");
    bool value = false, missing = false, extra = false;
    for (int i = 0; i < 3; i++) {
        char path[64];
        snprintf(path, sizeof path, "differences.%d.kind", i);
        const char *kind = bench_report(b, path);
        missing = missing || strcmp(kind, "missing") == 0;
        extra = extra || strcmp(kind, "extra") == 0;
        if (strcmp(kind, "value") != 0)
            continue;
        value = true;
        snprintf(path, sizeof path, "differences.%d.key", i);
        assert_string_equal(bench_report(b, path), "2");
        snprintf(path, sizeof path, "differences.%d.target", i);
        assert_string_equal(bench_report(b, path), "'other'");
    }
    assert_true(value && missing && extra);
    bench_free(b);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_names_and_values_stay_text),
        cmocka_unit_test(the_page_needs_nothing_else),
        cmocka_unit_test(a_report_of_a_failure_makes_a_page_as_well),
        cmocka_unit_test(nothing_lost_is_lossless),
        cmocka_unit_test(what_was_not_read_back_is_not_called_lossless),
        cmocka_unit_test(values_that_were_altered_are_listed_with_their_keys),
        cmocka_unit_test(a_foreign_key_without_an_index_is_advised_about),
        cmocka_unit_test(a_target_that_differs_is_told_down_to_row_and_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
