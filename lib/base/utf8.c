/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include "base/utf8_priv.h"

/* Bytes of the sequence that starts with `lead`; 0 when no sequence starts so. */
static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 4;
    return 0;
}

static bool continues(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The second byte decides about overlong forms, surrogates and the upper end (RFC 3629, 4). */
static bool second_fits(unsigned char lead, unsigned char second)
{
    switch (lead) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return continues(second);
    }
}

static size_t valid_sequence(const unsigned char *p, size_t room)
{
    size_t n = sequence_length(p[0]);
    if (n <= 1)
        return n;
    if (n > room || !second_fits(p[0], p[1]))
        return 0;
    for (size_t i = 2; i < n; i++)
        if (!continues(p[i]))
            return 0;
    return n;
}

static size_t invalid_at(const unsigned char *p, size_t length)
{
    size_t i = 0;
    while (i < length) {
        /* Most text is ASCII: sixteen bytes at a time. */
        while (length - i >= 16) {
            uint64_t a, b;
            memcpy(&a, p + i, 8);
            memcpy(&b, p + i + 8, 8);
            if ((a | b) & UINT64_C(0x8080808080808080))
                break;
            i += 16;
        }
        if (i == length)
            break;
        size_t n = valid_sequence(p + i, length - i);
        if (n == 0)
            return i;
        i += n;
    }
    return length;
}

enum { VECTOR_LEAST = 32 };

size_t dbw_utf8_invalid_at(const char *text, size_t length)
{
    const unsigned char *p = (const unsigned char *)text;
    if (length >= VECTOR_LEAST && dbw_utf8_vector_valid(p, length))
        return length;
    return invalid_at(p, length);
}

size_t dbw_utf8_characters(const char *text, size_t length)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t count = length, i = 0;
    for (; i + 8 <= length; i += 8) {
        uint64_t word;
        memcpy(&word, text + i, 8);
        /* Bit 7 set and bit 6 clear: a byte that continues a character. */
        count -= (size_t)(((word >> 7 & ~(word >> 6)) & ones) * ones >> 56);
    }
    for (; i < length; i++)
        count -= continues((unsigned char)text[i]);
    return count;
}

size_t dbw_utf8_cut(const char *text, size_t length, size_t limit)
{
    size_t cut = length < limit ? length : limit;
    /* Step back to the start of the last character, and keep it only when it is whole. */
    size_t start = cut;
    while (start > 0 && cut - start < 3 && continues((unsigned char)text[start - 1]))
        start--;
    if (start == 0)
        return cut;
    size_t n = sequence_length((unsigned char)text[start - 1]);
    if (n > 1 && start - 1 + n > cut)
        return start - 1;
    return cut;
}
