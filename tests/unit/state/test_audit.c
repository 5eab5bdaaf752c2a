/* SPDX-License-Identifier: Apache-2.0 */
#include "../store_fixture.h"

#include "state/audit.h"
#include "state/settings.h"

#include <json-c/json.h>

static void note(fixture *f, const char *action, const char *object)
{
    dbw_audit_entry entry = {
        .who = "admin", .address = "::1", .action = action, .object = object, .outcome = NULL};
    assert_ok(&f->error, dbw_audit_write(f->store, &entry, &f->error));
}

static void entries_are_listed_newest_first(void **state)
{
    fixture *f = *state;
    struct json_object *list;
    f->now = 1000000;
    note(f, "session.start", NULL);
    note(f, "job.create", "0011");
    assert_ok(&f->error, dbw_audit_list(f->store, 0, 10, &list, &f->error));
    assert_string_equal(json_object_to_json_string_ext(list, JSON_C_TO_STRING_PLAIN |
                                                                 JSON_C_TO_STRING_NOSLASHESCAPE),
                        "{\"entries\":[{\"id\":2,\"at\":\"1970-01-01T00:00:01.000000Z\","
                        "\"who\":\"admin\",\"address\":\"::1\",\"action\":\"job.create\","
                        "\"object\":\"0011\",\"outcome\":\"done\"},"
                        "{\"id\":1,\"at\":\"1970-01-01T00:00:01.000000Z\",\"who\":\"admin\","
                        "\"address\":\"::1\",\"action\":\"session.start\",\"object\":null,"
                        "\"outcome\":\"done\"}]}");
    json_object_put(list);
    assert_ok(&f->error, dbw_audit_list(f->store, 2, 1, &list, &f->error));
    assert_int_equal(json_object_array_length(json_object_object_get(list, "entries")), 1);
    json_object_put(list);
    assert_fails(&f->error, DBW_E_INVALID, "limit is 1 to 1000",
                 dbw_audit_list(f->store, 0, 0, &list, &f->error));
}

static void secrets_and_control_characters_stay_out(void **state)
{
    fixture *f = *state;
    struct json_object *list;
    note(f, "connect", "postgresql://u:canary-Zq83@h/d\nadmin forged");
    assert_false(fixture_holds(f, "canary-Zq83"));
    assert_ok(&f->error, dbw_audit_list(f->store, 0, 1, &list, &f->error));
    struct json_object *entry =
        json_object_array_get_idx(json_object_object_get(list, "entries"), 0);
    const char *object = json_object_get_string(json_object_object_get(entry, "object"));
    assert_null(strchr(object, '\n'));
    assert_non_null(strstr(object, "postgresql://u:***@h/d"));
    json_object_put(list);
}

static void the_database_refuses_changes(void **state)
{
    fixture *f = *state;
    dbw_database *database;
    note(f, "a", NULL);
    assert_ok(&f->error, dbw_store_borrow(f->store, &database, &f->error));
    assert_int_equal(
        dbw_execute(database, "UPDATE audit_log SET who = 'x'", NULL, 0, NULL, &f->error),
        DBW_E_DATABASE);
    assert_non_null(strstr(f->error.message, "the audit log is append-only"));
    assert_int_equal(dbw_execute(database, "DELETE FROM audit_log", NULL, 0, NULL, &f->error),
                     DBW_E_DATABASE);
    dbw_store_return(f->store, database);
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM audit_log WHERE who = 'admin'"), 1);
}

static void settings_are_kept(void **state)
{
    fixture *f = *state;
    const char *value;
    assert_ok(&f->error, dbw_settings_get(f->store, f->arena, "a", &value, &f->error));
    assert_null(value);
    assert_ok(&f->error, dbw_settings_set(f->store, "a", "1", &f->error));
    assert_ok(&f->error, dbw_settings_set(f->store, "a", "2", &f->error));
    assert_ok(&f->error, dbw_settings_get(f->store, f->arena, "a", &value, &f->error));
    assert_string_equal(value, "2");
    assert_ok(&f->error, dbw_settings_set(f->store, "a", NULL, &f->error));
    assert_ok(&f->error, dbw_settings_get(f->store, f->arena, "a", &value, &f->error));
    assert_null(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        store_test(entries_are_listed_newest_first),
        store_test(secrets_and_control_characters_stay_out),
        store_test(the_database_refuses_changes),
        store_test(settings_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
