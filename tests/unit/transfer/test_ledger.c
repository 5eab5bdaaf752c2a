/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "transfer/folder.h"
#include "transfer/ledger.h"
#include "transfer/reject.h"

#include <dirent.h>
#include <json-c/json.h>
#include <unistd.h>

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/dbwizard-ledger-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    DIR *directory = opendir(folder);
    struct dirent *entry;
    while (directory && (entry = readdir(directory)))
        if (entry->d_name[0] != '.')
            dbw_folder_remove(folder, entry->d_name);
    if (directory)
        closedir(directory);
    return rmdir(folder);
}

static dbw_ledger_entry value_entry(const char *column, int key, char text[32])
{
    snprintf(text, 32, "%d", key);
    return (dbw_ledger_entry){.kind = DBW_LEDGER_VALUE,
                              .table = "orders",
                              .column = column,
                              .key = text,
                              .before = "'a\\x00'",
                              .after = "'a'",
                              .reason = "changed, as decided",
                              .count = 1};
}

static const char *member(struct json_object *array, size_t n, const char *name)
{
    struct json_object *value = NULL;
    json_object_object_get_ex(json_object_array_get_idx(array, n), name, &value);
    return value ? json_object_get_string(value) : "null";
}

static size_t lines_of(const char *name)
{
    FILE *file;
    dbw_error error;
    size_t lines = 0;
    assert_ok(&error, dbw_folder_open(folder, name, &file, &error));
    if (!file)
        return 0;
    for (int c = getc(file); c != EOF; c = getc(file))
        lines += c == '\n';
    fclose(file);
    return lines;
}

static void few_alterations_are_listed_with_their_keys(void **state)
{
    (void)state;
    dbw_ledger *ledger = dbw_ledger_new(NULL);
    char text[32];
    dbw_ledger_entry entry = value_entry("note", 7, text);
    dbw_ledger_add(ledger, &entry);
    struct json_object *array = dbw_ledger_to_json(ledger);
    assert_int_equal(json_object_array_length(array), 1);
    assert_string_equal(member(array, 0, "kind"), "value");
    assert_string_equal(member(array, 0, "table"), "orders");
    assert_string_equal(member(array, 0, "column"), "note");
    assert_string_equal(member(array, 0, "key"), "7");
    assert_string_equal(member(array, 0, "before"), "'a\\x00'");
    assert_string_equal(member(array, 0, "after"), "'a'");
    assert_string_equal(member(array, 0, "count"), "1");
    json_object_put(array);
    assert_true(dbw_ledger_knows(ledger, "orders", "note", "7"));
    assert_false(dbw_ledger_knows(ledger, "orders", "note", "8"));
    assert_false(dbw_ledger_knows(ledger, "orders", "text", "7"));
    dbw_ledger_free(ledger);
}

static void many_alterations_are_counted_per_column_and_written_to_a_file(void **state)
{
    (void)state;
    dbw_error error;
    dbw_ledger *ledger = dbw_ledger_new(folder);
    dbw_ledger_batch *batch = dbw_ledger_batch_new(ledger, "ledger");
    dbw_ledger_batch_begin(batch, 3, 0);
    for (int i = 0; i < 1000; i++) {
        char text[32];
        dbw_ledger_entry a = value_entry("note", i, text);
        assert_ok(&error, dbw_ledger_batch_add(batch, &a, &error));
        dbw_ledger_entry b = value_entry("title", i, text);
        assert_ok(&error, dbw_ledger_batch_add(batch, &b, &error));
    }
    assert_ok(&error, dbw_ledger_batch_flush(batch, &error));
    assert_int_equal(dbw_ledger_count(ledger, DBW_LEDGER_VALUE), 0);
    dbw_ledger_batch_commit(batch);
    assert_int_equal(dbw_ledger_count(ledger, DBW_LEDGER_VALUE), 2000);
    struct json_object *array = dbw_ledger_to_json(ledger);
    size_t length = json_object_array_length(array);
    assert_int_equal(length, 2 * DBW_LEDGER_ROWS + 2);
    assert_string_equal(member(array, length - 1, "key"), "null");
    assert_string_equal(member(array, length - 1, "column"), "title");
    assert_string_equal(member(array, length - 1, "count"), "900");
    json_object_put(array);
    assert_int_equal(lines_of("ledger-3-0.jsonl"), 1800);
    dbw_ledger_batch_free(batch);
    dbw_ledger_free(ledger);
}

static void counts_of_several_chunks_become_one_entry(void **state)
{
    (void)state;
    dbw_error error;
    dbw_ledger *ledger = dbw_ledger_new(NULL);
    dbw_ledger_batch *batch = dbw_ledger_batch_new(ledger, "ledger");
    for (int chunk = 0; chunk < 3; chunk++) {
        dbw_ledger_batch_begin(batch, 1, chunk);
        for (int i = 0; i < 300; i++) {
            char text[32];
            dbw_ledger_entry entry = value_entry("note", chunk * 1000 + i, text);
            assert_ok(&error, dbw_ledger_batch_add(batch, &entry, &error));
        }
        dbw_ledger_batch_commit(batch);
    }
    struct json_object *array = dbw_ledger_to_json(ledger);
    assert_int_equal(json_object_array_length(array), DBW_LEDGER_ROWS + 1);
    assert_string_equal(member(array, DBW_LEDGER_ROWS, "count"), "800");
    json_object_put(array);
    dbw_ledger_batch_free(batch);
    dbw_ledger_free(ledger);
}

static void a_batch_that_is_begun_anew_forgets_what_was_gathered(void **state)
{
    (void)state;
    dbw_error error;
    char text[32];
    dbw_ledger *ledger = dbw_ledger_new(NULL);
    dbw_ledger_batch *batch = dbw_ledger_batch_new(ledger, "ledger");
    dbw_ledger_entry entry = value_entry("note", 1, text);
    dbw_ledger_batch_begin(batch, 1, 0);
    assert_ok(&error, dbw_ledger_batch_add(batch, &entry, &error));
    dbw_ledger_batch_begin(batch, 1, 0);
    dbw_ledger_batch_commit(batch);
    assert_int_equal(dbw_ledger_count(ledger, DBW_LEDGER_VALUE), 0);
    assert_false(dbw_ledger_knows(ledger, "orders", "note", "1"));
    dbw_ledger_batch_free(batch);
    dbw_ledger_free(ledger);
}

/* --- rejected rows ---------------------------------------------------------------------------- */

static dbw_status reject(dbw_reject_batch *batch, const char *key, dbw_error *error)
{
    struct json_object *row = json_object_new_object();
    json_object_object_add(row, "id", json_object_new_string(key));
    dbw_reject one = {
        .table = "orders", .column = "amount", .key = key, .row = row, .reason = "too large"};
    dbw_status status = dbw_reject_batch_add(batch, &one, error);
    json_object_put(row);
    return status;
}

static void rejected_rows_of_all_chunks_end_in_one_file(void **state)
{
    (void)state;
    dbw_error error;
    dbw_ledger *ledger = dbw_ledger_new(folder);
    dbw_rejects *rejects = dbw_rejects_new(folder, 10);
    dbw_ledger_batch *entries = dbw_ledger_batch_new(ledger, "ledger");
    dbw_reject_batch *batch = dbw_reject_batch_new(rejects, entries);
    static const int64_t chunks[][2] = {{1, 0}, {1, 1}, {2, 0}};
    for (size_t i = 0; i < 3; i += 2) {
        dbw_ledger_batch_begin(entries, chunks[i][0], chunks[i][1]);
        dbw_reject_batch_begin(batch, chunks[i][0], chunks[i][1]);
        assert_ok(&error, reject(batch, i ? "9" : "5", &error));
        assert_ok(&error, dbw_reject_batch_flush(batch, &error));
        dbw_ledger_batch_commit(entries);
        dbw_reject_batch_commit(batch);
    }
    assert_int_equal(lines_of("rejected-1-0.jsonl"), 1);
    assert_ok(&error, dbw_rejects_join(rejects, chunks, 3, &error));
    assert_int_equal(lines_of("rejected-1-0.jsonl"), 0);
    assert_int_equal(lines_of(DBW_REJECT_FILE), 2);
    FILE *file;
    char line[256];
    assert_ok(&error, dbw_folder_open(folder, DBW_REJECT_FILE, &file, &error));
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, "{\"table\":\"orders\",\"key\":\"5\",\"column\":\"amount\","
                              "\"reason\":\"too large\",\"row\":{\"id\":\"5\"}}\n");
    fclose(file);
    assert_int_equal(dbw_ledger_count(ledger, DBW_LEDGER_REJECTED), 2);
    dbw_reject_batch_free(batch);
    dbw_ledger_batch_free(entries);
    dbw_rejects_free(rejects);
    dbw_ledger_free(ledger);
}

static void more_rejected_rows_than_allowed_end_the_run(void **state)
{
    (void)state;
    dbw_error error;
    dbw_ledger *ledger = dbw_ledger_new(NULL);
    dbw_rejects *rejects = dbw_rejects_new(NULL, 2);
    dbw_ledger_batch *entries = dbw_ledger_batch_new(ledger, "ledger");
    dbw_reject_batch *batch = dbw_reject_batch_new(rejects, entries);
    dbw_reject_batch_begin(batch, 1, 0);
    assert_ok(&error, reject(batch, "1", &error));
    assert_ok(&error, reject(batch, "2", &error));
    /* Begun anew, they count no more. */
    dbw_reject_batch_begin(batch, 1, 0);
    assert_ok(&error, reject(batch, "1", &error));
    assert_ok(&error, reject(batch, "2", &error));
    assert_fails(&error, DBW_E_LIMIT,
                 "unable to go on: more than 2 rows were rejected, the last one 3 of table "
                 "'orders': too large",
                 reject(batch, "3", &error));
    dbw_reject_batch_free(batch);
    dbw_ledger_batch_free(entries);
    dbw_rejects_free(rejects);
    dbw_ledger_free(ledger);
}

static void a_file_is_there_entirely_or_not_at_all(void **state)
{
    (void)state;
    dbw_error error;
    char deep[128];
    snprintf(deep, sizeof deep, "%s/a", folder);
    assert_ok(&error, dbw_folder_write(deep, "x.json", "{\"a\":1}", &error));
    assert_ok(&error, dbw_folder_write(deep, "x.json", "{\"a\":2}", &error));
    struct json_object *object = dbw_folder_json(deep, "x.json");
    assert_string_equal(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
                        "{\"a\":2}");
    json_object_put(object);
    assert_null(dbw_folder_json(deep, ".x.json.new"));
    dbw_folder_remove(deep, "x.json");
    assert_int_equal(rmdir(deep), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_alterations_are_listed_with_their_keys),
        cmocka_unit_test_setup_teardown(
            many_alterations_are_counted_per_column_and_written_to_a_file, make_folder,
            remove_folder),
        cmocka_unit_test(counts_of_several_chunks_become_one_entry),
        cmocka_unit_test(a_batch_that_is_begun_anew_forgets_what_was_gathered),
        cmocka_unit_test_setup_teardown(rejected_rows_of_all_chunks_end_in_one_file, make_folder,
                                        remove_folder),
        cmocka_unit_test(more_rejected_rows_than_allowed_end_the_run),
        cmocka_unit_test_setup_teardown(a_file_is_there_entirely_or_not_at_all, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
