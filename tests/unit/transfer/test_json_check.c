/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "transfer/json_check.h"

static void follows_rfc_8259(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dbw_json verdict;
    } cases[] = {
        {"{}", DBW_JSON_GOOD},
        {"[]", DBW_JSON_GOOD},
        {" [ 1 , 2 , {\"a\" : null } ] \n", DBW_JSON_GOOD},
        {"{\"a\":{\"b\":[]},\"c\":[{}]}", DBW_JSON_GOOD},
        {"true", DBW_JSON_GOOD},
        {"\"x\"", DBW_JSON_GOOD},
        {"-0.5e+10", DBW_JSON_GOOD},
        {"0", DBW_JSON_GOOD},
        {"\"\\ud83d\\ude00\"", DBW_JSON_GOOD},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", DBW_JSON_GOOD},
        {"", DBW_JSON_BAD},
        {"  ", DBW_JSON_BAD},
        {"{", DBW_JSON_BAD},
        {"[1,]", DBW_JSON_BAD},
        {"[,1]", DBW_JSON_BAD},
        {"{\"a\":1,}", DBW_JSON_BAD},
        {"{\"a\"}", DBW_JSON_BAD},
        {"{'a':1}", DBW_JSON_BAD},
        {"{1:1}", DBW_JSON_BAD},
        {"[1}", DBW_JSON_BAD},
        {"{\"a\":1]", DBW_JSON_BAD},
        {"[] []", DBW_JSON_BAD},
        {"01", DBW_JSON_BAD},
        {"+1", DBW_JSON_BAD},
        {"1.", DBW_JSON_BAD},
        {".5", DBW_JSON_BAD},
        {"1e", DBW_JSON_BAD},
        {"NaN", DBW_JSON_BAD},
        {"tru", DBW_JSON_BAD},
        {"True", DBW_JSON_BAD},
        {"nullx", DBW_JSON_BAD},
        {"\"a", DBW_JSON_BAD},
        {"\"a\nb\"", DBW_JSON_BAD},
        {"\"\\x\"", DBW_JSON_BAD},
        {"\"\\u12g4\"", DBW_JSON_BAD},
        {"\"\\u12\"", DBW_JSON_BAD},
        {"\"\\u0000\"", DBW_JSON_NUL},
        {"{\"\\u0000\":1}", DBW_JSON_NUL},
        {"\"\\ud800\"", DBW_JSON_SURROGATE},
        {"\"\\ud800\\u0041\"", DBW_JSON_SURROGATE},
        {"\"\\udc00\\ud800\"", DBW_JSON_SURROGATE},
        {"[1e999999]", DBW_JSON_NUMBER},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++)
        if (dbw_json_check(dbw_text_of(cases[i].text)) != cases[i].verdict)
            fail_msg("%s: %s", cases[i].text,
                     dbw_json_reason(dbw_json_check(dbw_text_of(cases[i].text))));
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    static char text[2 * (DBW_JSON_DEPTH + 1)];
    memset(text, '[', DBW_JSON_DEPTH);
    memset(text + DBW_JSON_DEPTH, ']', DBW_JSON_DEPTH);
    assert_int_equal(dbw_json_check((dbw_text){text, 2 * DBW_JSON_DEPTH}), DBW_JSON_GOOD);
    memset(text, '[', DBW_JSON_DEPTH + 1);
    memset(text + DBW_JSON_DEPTH + 1, ']', DBW_JSON_DEPTH + 1);
    assert_int_equal(dbw_json_check((dbw_text){text, sizeof text}), DBW_JSON_DEEP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_rfc_8259),
        cmocka_unit_test(nesting_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
