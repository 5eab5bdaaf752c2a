/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/mojibake.h"

/** What stands at 0x80 to 0x9F; 0: MySQL keeps the control character of that number. */
static const uint16_t upper[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

/** The next character; -1 for one of more than three bytes or a broken one. */
static int32_t next_character(dbw_text text, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    size_t left = text.length - *at;
    unsigned char first = bytes[*at];
    size_t more = first < 0x80                    ? 0
                  : first >= 0xc2 && first < 0xe0 ? 1
                  : (first & 0xf0) == 0xe0        ? 2
                                                  : 9;
    if (more >= left)
        return -1;
    int32_t character = more == 0 ? first : more == 1 ? first & 0x1f : first & 0x0f;
    for (size_t i = 1; i <= more; i++) {
        if ((bytes[*at + i] & 0xc0) != 0x80)
            return -1;
        character = character << 6 | (bytes[*at + i] & 0x3f);
    }
    *at += more + 1;
    return character;
}

/** The byte that it is in cp1252, or -1. */
static int byte_of(int32_t character)
{
    if (character < 0)
        return -1;
    if (character < 0x80 || (character >= 0xa0 && character <= 0xff))
        return character;
    for (int i = 0; i < (int)DBW_COUNT(upper); i++)
        if (upper[i] ? upper[i] == character : 0x80 + i == character)
            return 0x80 + i;
    return -1;
}

/** Where in a character of UTF-8 the bytes are: how many follow, and between what the next lies. */
typedef struct state {
    int follow, low, high;
} state;

/** Takes one byte; false where UTF-8 (RFC 3629) has none such. */
static bool take_byte(state *s, int byte)
{
    if (s->follow) {
        if (byte < s->low || byte > s->high)
            return false;
        *s = (state){s->follow - 1, 0x80, 0xbf};
        return true;
    }
    int follow = byte < 0x80                   ? 0
                 : byte >= 0xc2 && byte < 0xe0 ? 1
                 : byte >= 0xe0 && byte < 0xf0 ? 2
                 : byte >= 0xf0 && byte < 0xf5 ? 3
                                               : -1;
    *s = (state){follow,
                 byte == 0xe0   ? 0xa0
                 : byte == 0xf0 ? 0x90
                                : 0x80,
                 byte == 0xed   ? 0x9f
                 : byte == 0xf4 ? 0x8f
                                : 0xbf};
    return follow >= 0;
}

bool dbw_mojibake(dbw_text text)
{
    state s = {0, 0, 0};
    bool beyond = false;
    for (size_t at = 0; at < text.length;) {
        int byte = byte_of(next_character(text, &at));
        if (byte < 0 || !take_byte(&s, byte))
            return false;
        beyond |= byte >= 0x80;
    }
    return beyond && s.follow == 0;
}

size_t dbw_mojibake_repair(dbw_text text, char *room)
{
    size_t length = 0;
    for (size_t at = 0; at < text.length;)
        room[length++] = (char)byte_of(next_character(text, &at));
    return length;
}
