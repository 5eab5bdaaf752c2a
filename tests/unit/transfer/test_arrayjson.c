/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "transfer/arrayjson.h"
#include "transfer/jsonarray.h"
#include "verify/canonical.h"

static void literals_become_json(void **state)
{
    (void)state;
    static const struct {
        dbw_intent element;
        const char *literal, *json;
    } cases[] = {
        {DBW_INTENT_INT32, "{}", "[]"},
        {DBW_INTENT_INT32, "{1,NULL,-3}", "[1,null,-3]"},
        {DBW_INTENT_INT32, "{{1,2},{3,4}}", "[[1,2],[3,4]]"},
        {DBW_INTENT_DECIMAL, "{1.50,NaN,-Infinity}", "[1.50,\"NaN\",\"-Infinity\"]"},
        {DBW_INTENT_FLOAT64, "{1e+20,-0}", "[1e+20,-0]"},
        {DBW_INTENT_BOOLEAN, "{t,f,NULL}", "[true,false,null]"},
        {DBW_INTENT_TEXT, "{a,NULL,\"NULL\",null,\"\"}", "[\"a\",null,\"NULL\",null,\"\"]"},
        {DBW_INTENT_TEXT, "{\"a,b\",\"{c}\",\"q\\\"q\",\"b\\\\s\",\"x\ty\"}",
         "[\"a,b\",\"{c}\",\"q\\\"q\",\"b\\\\s\",\"x\\u0009y\"]"},
        {DBW_INTENT_JSONB, "{\"{\\\"a\\\": [1, null]}\",\"1\"}", "[{\"a\": [1, null]},1]"},
        {DBW_INTENT_OTHER, "{10.0.0.1,::1}", "[\"10.0.0.1\",\"::1\"]"},
        {DBW_INTENT_TIMESTAMPTZ, "{\"2024-01-01 00:00:00+00\",infinity}",
         "[\"2024-01-01 00:00:00+00\",\"infinity\"]"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_buffer out;
        dbw_buffer_init(&out, 4096);
        dbw_text literal = dbw_text_of(cases[i].literal);
        assert_null(dbw_array_json(literal, cases[i].element, &out));
        assert_string_equal(out.data, cases[i].json);
        /* And the verification finds them equal, but not to something else. */
        dbw_canonical from = {.intent = DBW_INTENT_JSON, .element = cases[i].element};
        dbw_canonical to = {.intent = DBW_INTENT_JSON};
        dbw_value array = {.kind = DBW_KIND_ARRAY, .text = literal};
        dbw_value json = dbw_value_text(dbw_buffer_text(&out)), other = dbw_value_string("[0]");
        if (!dbw_canonical_equal(&from, &array, &to, &json) ||
            dbw_canonical_equal(&from, &array, &to, &other))
            fail_msg("%s is not %s", cases[i].literal, cases[i].json);
        dbw_buffer_free(&out);
    }
}

static void what_json_cannot_say_is_refused(void **state)
{
    (void)state;
    static const struct {
        dbw_intent element;
        const char *literal, *reason;
    } cases[] = {
        {DBW_INTENT_INT32, "[0:1]={1,2}", "an array whose bounds do not begin at 1"},
        {DBW_INTENT_INT32, "", "not an array"},
        {DBW_INTENT_INT32, "{1", "not an array"},
        {DBW_INTENT_INT32, "{1,}", "not an array"},
        {DBW_INTENT_INT32, "{x}", "not an array"},
        {DBW_INTENT_TEXT, "{a}b", "not an array"},
        {DBW_INTENT_TEXT, "{\"a}", "not an array"},
        {DBW_INTENT_JSON, "{\"{\"}", "not an array"},
        {DBW_INTENT_TEXT, "{{{{{{{a}}}}}}}", "not an array"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_buffer out;
        dbw_buffer_init(&out, 4096);
        const char *reason = dbw_array_json(dbw_text_of(cases[i].literal), cases[i].element, &out);
        if (!reason || strcmp(reason, cases[i].reason) != 0)
            fail_msg("'%s': %s", cases[i].literal, reason ? reason : "was read");
        dbw_buffer_free(&out);
    }
}

static void json_becomes_literals(void **state)
{
    (void)state;
    static const struct {
        dbw_intent element;
        const char *json, *literal, *reason;
    } cases[] = {
        {DBW_INTENT_INT32, "[]", "{}", NULL},
        {DBW_INTENT_INT32, " [ 1 , null, -3 ] ", "{1,NULL,-3}", NULL},
        {DBW_INTENT_INT32, "[[1,2],[3,4]]", "{{1,2},{3,4}}", NULL},
        {DBW_INTENT_DECIMAL, "[1.50,\"NaN\"]", "{1.50,\"NaN\"}", NULL},
        {DBW_INTENT_BOOLEAN, "[true,false,null]", "{t,f,NULL}", NULL},
        {DBW_INTENT_TEXT,
         "[\"a,b\",\"NULL\",null,\"\",\"q\\\"\\\\\\n\\u00e9\\ud83d\\ude00\\u0022\"]",
         "{\"a,b\",\"NULL\",NULL,\"\",\"q\\\"\\\\\n\xc3\xa9\xf0\x9f\x98\x80\\\"\"}", NULL},
        {DBW_INTENT_JSONB, "[{\"a\": [1, \"]\"]}, [2], \"x\"]",
         "{\"{\\\"a\\\": [1, \\\"]\\\"]}\",\"[2]\",\"\\\"x\\\"\"}", NULL},
        {DBW_INTENT_INT32, "[[1],[2,3]]", NULL, "arrays of different lengths"},
        {DBW_INTENT_INT32, "[1,[2]]", NULL, "arrays of different lengths"},
        {DBW_INTENT_INT32, "[[1],2]", NULL, "arrays of different lengths"},
        {DBW_INTENT_INT32, "[[],[]]", NULL, "arrays of different lengths"},
        {DBW_INTENT_INT32, "[[[[[[[1]]]]]]]", NULL, "not an array"},
        {DBW_INTENT_INT32, "{\"a\":1}", NULL, "not an array"},
        {DBW_INTENT_TEXT, "[{\"a\":1}]", NULL, "not an array"},
        {DBW_INTENT_INT32, "5", NULL, "not an array"},
        {DBW_INTENT_INT32, "[1", NULL, "not JSON"},
        {DBW_INTENT_TEXT, "[\"\\u0000\"]", NULL, "holds \\u0000"},
        {DBW_INTENT_TEXT, "[\"\\ud800\"]", NULL, "holds half of a surrogate pair"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_buffer out;
        dbw_buffer_init(&out, 4096);
        const char *reason = dbw_json_array(dbw_text_of(cases[i].json), cases[i].element, &out);
        if (cases[i].reason) {
            assert_non_null(reason);
            assert_string_equal(reason, cases[i].reason);
        } else {
            assert_null(reason);
            assert_string_equal(out.data, cases[i].literal);
        }
        dbw_buffer_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_becomes_literals),
        cmocka_unit_test(literals_become_json),
        cmocka_unit_test(what_json_cannot_say_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
