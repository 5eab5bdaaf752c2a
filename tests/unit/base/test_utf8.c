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

/* The definition of RFC 3629, section 4, once more and as slowly as can be. */
static bool valid_by_decoding(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t c = p[i], least = 0;
        size_t more = 0;
        if (c >= 0xF0 && c < 0xF8) {
            more = 3;
            least = 0x10000;
            c &= 7;
        } else if (c >= 0xE0 && c < 0xF0) {
            more = 2;
            least = 0x800;
            c &= 15;
        } else if (c >= 0xC0 && c < 0xE0) {
            more = 1;
            least = 0x80;
            c &= 31;
        } else if (c >= 0x80) {
            return false;
        }
        for (size_t k = 1; k <= more; k++) {
            if (i + k >= n || (p[i + k] & 0xC0) != 0x80)
                return false;
            c = c << 6 | (p[i + k] & 63);
        }
        if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
            return false;
        i += more + 1;
    }
    return true;
}

/* Every pair and many triples of bytes at every place of a long text, against the definition. */
static void long_texts_agree_with_the_definition(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                          0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                          0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF};
    const size_t n = DBW_COUNT(bytes);
    unsigned char text[67];
    uint64_t seed = 42;
    for (int round = 0; round < 400000; round++) {
        memset(text, 'x', sizeof text);
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        size_t at = (size_t)(seed >> 33) % sizeof text, run = 1 + (size_t)(seed >> 57) % 5;
        for (size_t k = 0; k < run && at + k < sizeof text; k++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            text[at + k] = bytes[(size_t)(seed >> 33) % n];
        }
        bool expected = valid_by_decoding(text, sizeof text);
        size_t bad = dbw_utf8_invalid_at((const char *)text, sizeof text);
        assert_int_equal(bad == sizeof text, expected);
        assert_true(valid_by_decoding(text, bad));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_texts_agree_with_the_definition),
        cmocka_unit_test(finds_the_first_bad_byte),
        cmocka_unit_test(counts_and_cuts_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
