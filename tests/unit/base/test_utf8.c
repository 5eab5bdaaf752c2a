/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "base/utf8.h"

static void finds_the_first_bad_byte(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length, bad;
    } cases[] = {
        {"", 0, 0},
        {"plain ascii that is long enough for the fast path", 49, 49},
        {"0123456789abcdef\xc3\xa4", 18, 18},
        {"0123456789abcdef\xc3", 17, 16},
        {"\xc0\x80", 2, 0},     /* overlong */
        {"\xe0\x9f\xbf", 3, 0}, /* overlong */
        {"\xed\xa0\x80", 3, 0}, /* surrogate */
        {"\xed\x9f\xbf", 3, 3},
        {"\xf4\x8f\xbf\xbf", 4, 4},
        {"\xf4\x90\x80\x80", 4, 0}, /* above U+10FFFF */
        {"\xf0\x8f\xbf\xbf", 4, 0}, /* overlong */
        {"a\xf0\x9f\x98\x80z\xff", 7, 6},
        {"\xe2\x82", 2, 0},
        {"a\0b", 3, 3},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++)
        assert_int_equal(dbw_utf8_invalid_at(cases[i].bytes, cases[i].length), cases[i].bad);
}

static void counts_and_cuts_characters(void **state)
{
    (void)state;
    const char *text = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"; /* 1 + 2 + 3 + 4 bytes */
    assert_int_equal(dbw_utf8_characters(text, 10), 4);
    static const size_t cuts[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (size_t limit = 0; limit < DBW_COUNT(cuts); limit++)
        assert_int_equal(dbw_utf8_cut(text, 10, limit), cuts[limit]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_first_bad_byte),
        cmocka_unit_test(counts_and_cuts_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
