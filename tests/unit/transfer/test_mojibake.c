/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "base/utf8.h"
#include "transfer/mojibake.h"

static void encoded_twice_is_seen_and_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *twice, *meant;
    } cases[] = {
        {"CafÃ©", "Café"},
        {"â‚¬ 5", "€ 5"},
        {"naÃ¯ve â€œxâ€\xc2\x9d", "naïve “x”"},
        {"ðŸ˜€", "😀"},
        {"Å\xc2\xa0koda", "Škoda"},
        {"ÐŸÑ€Ð¸", "При"},
        {"Ã\xc2\xa0 la carte", "à la carte"},
    };
    char room[200];
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_text text = dbw_text_of(cases[i].twice);
        if (!dbw_mojibake(text))
            fail_msg("not seen: %s", cases[i].twice);
        dbw_text found = {room, dbw_mojibake_repair(text, room)};
        assert_true(dbw_utf8_valid(found.data, found.length));
        assert_text_equal(found, cases[i].meant);
        assert_false(dbw_mojibake(found));
    }
}

static void what_is_right_stays(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",    "plain ASCII", "Café",  "Ã",    "Ã© é", "漢字 Ã©",  "€",        "“quoted”",
        "Ã©é", "Ã©Ã",         "À la",  "ÿþ",   "😀",    "Ñandú",    "â‚",       "Ö",
        "À ",  "é",           "Ãàé\t", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f", "À\xc2\x80",
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++)
        if (dbw_mojibake(dbw_text_of(cases[i])))
            fail_msg("taken for encoded twice: %s", cases[i]);
    /* Overlong forms, surrogates and what is beyond Unicode are not UTF-8 either way. */
    assert_false(dbw_mojibake(dbw_text_of("À€")));
    assert_false(dbw_mojibake(dbw_text_of("í\xc2\xa0€")));
    assert_false(dbw_mojibake(dbw_text_of("ô\xc2\x90€€")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoded_twice_is_seen_and_decoded),
        cmocka_unit_test(what_is_right_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
