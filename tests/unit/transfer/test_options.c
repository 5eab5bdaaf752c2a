/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "transfer/options.h"
#include "transfer/transforms.h"

#include <json-c/json.h>

static dbw_arena *arena;
static dbw_error error;

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

static void defaults_are_those_of_the_table(void **state)
{
    (void)state;
    dbw_transfer_options options;
    dbw_transfer_options_default(&options);
    assert_string_equal(options.schema_mode, "auto");
    assert_string_equal(options.target_schema, "");
    assert_int_equal(options.max_rejects, 1000);
    assert_int_equal(options.streams, 2);
    assert_int_equal(options.chunk_bytes, 1073741824);
    assert_false(options.clear);
    assert_int_equal(options.include.count, 0);
}

static const char *const every_field[] = {
#define DBW_TRANSFER_OPTION(field, flag, type, default_value, values, help) #field,
#include "transfer/transfer_options.def"
#undef DBW_TRANSFER_OPTION
};

static void the_table_names_every_option(void **state)
{
    (void)state;
    size_t n = 0;
    for (; dbw_transfer_option_at(n); n++) {
        assert_non_null(dbw_transfer_option_at(n)->help);
        assert_true(strlen(dbw_transfer_option_at(n)->help) > 10);
    }
    assert_string_equal(dbw_transfer_option_at(0)->name, "schema_mode");
    assert_string_equal(dbw_transfer_option_at(0)->type, "CHOICE");
    assert_int_equal(n, DBW_COUNT(every_field));
    for (n = 0; n < DBW_COUNT(every_field); n++)
        assert_string_equal(dbw_transfer_option_at(n)->name, every_field[n]);
}

static void the_command_sets_each_type(void **state)
{
    (void)state;
    dbw_transfer_options o;
    dbw_transfer_options_default(&o);
    assert_ok(&error, dbw_transfer_options_set(arena, &o, "schema-mode", "existing", &error));
    assert_ok(&error, dbw_transfer_options_set(arena, &o, "on_conflict", "skip", &error));
    assert_ok(&error, dbw_transfer_options_set(arena, &o, "clear", "true", &error));
    assert_ok(&error, dbw_transfer_options_set(arena, &o, "streams", "16", &error));
    assert_ok(&error, dbw_transfer_options_set(arena, &o, "include", "user*", &error));
    assert_ok(&error, dbw_transfer_options_set(arena, &o, "include", "orders", &error));
    assert_ok(&error, dbw_transfer_options_set(arena, &o, "types", "tinyint(1)=smallint", &error));
    assert_ok(&error, dbw_transfer_options_set(arena, &o, "types", "tinyint(1)=integer", &error));
    assert_ok(&error, dbw_transfer_options_set(arena, &o, "transforms", "t.c:nul=strip", &error));
    assert_string_equal(o.schema_mode, "existing");
    assert_string_equal(o.on_conflict, "skip");
    assert_true(o.clear);
    assert_int_equal(o.streams, 16);
    assert_int_equal(o.include.count, 2);
    assert_string_equal(o.include.items[1], "orders");
    assert_int_equal(o.types.count, 1);
    assert_string_equal(o.types.items[0].value, "integer");
    assert_string_equal(o.transforms.items[0].name, "t.c:nul");
}

static void bad_values_name_what_is_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value, *object, *message;
    } cases[] = {
        {"schema_mode", "foo", "schema_mode",
         "unable to use option 'schema_mode': 'foo' is not one of auto, create, existing, revisions"},
        {"verify", "", "verify",
         "unable to use option 'verify': '' is not one of checksum, sample, counts, none"},
        {"clear", "yes", "clear", "unable to use option 'clear': 'yes' is not true or false"},
        {"streams", "0", "streams",
         "unable to use option 'streams': '0' is not a whole number from 1 to 16"},
        {"streams", "2x", "streams",
         "unable to use option 'streams': '2x' is not a whole number from 1 to 16"},
        {"max-rejects", "-1", "max_rejects",
         "unable to use option 'max_rejects': '-1' is not a whole number from 0 to 1000000000"},
        {"include", "", "include", "unable to use option 'include': '' is not a name or pattern"},
        {"rename", "a", "rename",
         "unable to use option 'rename': 'a' is not of the form name=value"},
        {"rename", "=a", "rename", "unable to use option 'rename': 'a' is not a name and a value"},
        {"transforms", "nul=drop", "transforms",
         "unable to use transform 'nul': 'drop' is not one of strip|reject"},
        {"transforms", "source_time_zone=Europe/Nowhere", "transforms",
         "unable to use transform 'source_time_zone': unable to find the time zone "
         "'Europe/Nowhere'"},
        {"transforms", "nil=strip", "transforms",
         "unable to use transform 'nil': there is none of that name"},
        {"transforms", "users:nul=strip", "transforms",
         "unable to use transform 'users:nul': a column is named as TABLE.COLUMN:nul"},
    };
    dbw_transfer_options o;
    dbw_transfer_options_default(&o);
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        assert_fails(&error, DBW_E_INVALID, cases[i].message,
                     dbw_transfer_options_set(arena, &o, cases[i].name, cases[i].value, &error));
        assert_string_equal(error.object, cases[i].object);
    }
}

static void an_unknown_option_suggests_the_nearest(void **state)
{
    (void)state;
    dbw_transfer_options o;
    dbw_transfer_options_default(&o);
    assert_fails(&error, DBW_E_NOT_FOUND,
                 "unable to use option 'schema-mod': there is none of that name",
                 dbw_transfer_options_set(arena, &o, "schema-mod", "x", &error));
    assert_string_equal(error.hint, "Did you mean 'schema_mode'?");
    assert_fails(&error, DBW_E_NOT_FOUND,
                 "unable to use option 'colour': there is none of that name",
                 dbw_transfer_options_set(arena, &o, "colour", "x", &error));
    assert_string_equal(error.hint, "");
}

static dbw_status read_json(const char *text, dbw_transfer_options *out)
{
    static const char *const others[] = {"source_url", "target_url", NULL};
    struct json_object *object = json_tokener_parse(text);
    dbw_status status = dbw_transfer_options_from_json(arena, object, others, out, &error);
    json_object_put(object);
    return status;
}

static void json_types_are_strict(void **state)
{
    (void)state;
    static const struct {
        const char *json, *object, *message;
    } cases[] = {
        {"{\"clear\":\"true\"}", "clear", "unable to use option 'clear': it takes true or false"},
        {"{\"clear\":null}", "clear", "unable to use option 'clear': it takes true or false"},
        {"{\"streams\":2.0}", "streams", "unable to use option 'streams': it takes a whole number"},
        {"{\"streams\":\"2\"}", "streams",
         "unable to use option 'streams': it takes a whole number"},
        {"{\"streams\":17}", "streams",
         "unable to use option 'streams': '17' is not a whole number from 1 to "
         "16"},
        {"{\"include\":\"a\"}", "include",
         "unable to use option 'include': it takes an array of strings"},
        {"{\"include\":[\"a\",1]}", "include",
         "unable to use option 'include': it takes an array of strings"},
        {"{\"include\":[\"a\\u0000b\"]}", "include",
         "unable to use option 'include': it takes an array of strings"},
        {"{\"types\":[]}", "types", "unable to use option 'types': it takes an object of strings"},
        {"{\"types\":{\"a\":1}}", "types",
         "unable to use option 'types': it takes an object of strings"},
        {"{\"verify\":7}", "verify", "unable to use option 'verify': it takes a string"},
        {"{\"verify\":\"md5\"}", "verify",
         "unable to use option 'verify': 'md5' is not one of checksum, sample, counts, none"},
        {"{\"dry-run\":true}", "dry-run",
         "unable to use option 'dry-run': there is none of that name"},
        {"{\"onconflict\":\"skip\"}", "onconflict",
         "unable to use option 'onconflict': there is none of that name"},
    };
    dbw_transfer_options o;
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        assert_fails(&error, DBW_E_INVALID, cases[i].message, read_json(cases[i].json, &o));
        assert_string_equal(error.object, cases[i].object);
    }
    assert_fails(&error, DBW_E_INVALID, "unable to read options: not a JSON object",
                 read_json("[]", &o));
}

static void json_round_trips(void **state)
{
    (void)state;
    dbw_transfer_options a, b;
    assert_ok(
        &error,
        read_json("{\"source_url\":\"x\",\"schema_mode\":\"create\",\"include\":[\"a\",\"b*\"],"
                  "\"rename\":{\"a\":\"b\"},\"transforms\":{\"nul\":\"strip\"},\"clear\":true,"
                  "\"chunk_bytes\":1048576}",
                  &a));
    struct json_object *first = dbw_transfer_options_to_json(&a);
    assert_ok(&error, dbw_transfer_options_from_json(arena, first, NULL, &b, &error));
    struct json_object *second = dbw_transfer_options_to_json(&b);
    assert_string_equal(json_object_to_json_string(first), json_object_to_json_string(second));
    assert_int_equal(b.chunk_bytes, 1048576);
    assert_string_equal(b.rename.items[0].value, "b");
    json_object_put(first);
    json_object_put(second);
}

static void a_columns_transform_is_stronger(void **state)
{
    (void)state;
    dbw_transfer_options o;
    dbw_transfer_options_default(&o);
    assert_ok(&error, dbw_transfer_options_set(arena, &o, "transforms", "T.c:nul=reject", &error));
    assert_ok(&error, dbw_transfer_options_set(arena, &o, "transforms", "nul=strip", &error));
    assert_string_equal(dbw_transform_find(&o, "t", "C", "nul"), "reject");
    assert_string_equal(dbw_transform_find(&o, "t", "d", "nul"), "strip");
    assert_null(dbw_transform_find(&o, "t", "c", "epoch"));
}

static void zones_are_offsets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int32_t minutes;
    } cases[] = {
        {"UTC", true, 0},        {"z", true, 0},       {"+02:00", true, 120},
        {"+0530", true, 330},    {"-8", true, -480},   {"-03:30", true, -210},
        {"+15:59", true, 959},   {"+16:00", false, 0}, {"+02:60", false, 0},
        {"+2:", false, 0},       {"+02:0", false, 0},  {"02:00", false, 0},
        {"+02:00:00", false, 0}, {"", false, 0},       {"+", false, 0},
        {"CET", false, 0},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        int32_t minutes = 0;
        assert_int_equal(dbw_transform_zone(cases[i].text, &minutes), cases[i].good);
        if (cases[i].good)
            assert_int_equal(minutes, cases[i].minutes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_table),
        cmocka_unit_test(the_table_names_every_option),
        cmocka_unit_test(the_command_sets_each_type),
        cmocka_unit_test(bad_values_name_what_is_allowed),
        cmocka_unit_test(an_unknown_option_suggests_the_nearest),
        cmocka_unit_test(json_types_are_strict),
        cmocka_unit_test(json_round_trips),
        cmocka_unit_test(a_columns_transform_is_stronger),
        cmocka_unit_test(zones_are_offsets),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
