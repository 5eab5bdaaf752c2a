/* SPDX-License-Identifier: Apache-2.0 */
#include "random.h"

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t rotate(uint64_t value, int bits)
{
    return (value << bits) | (value >> (64 - bits));
}

docuflow_random docuflow_random_at(uint64_t seed, uint64_t table, uint64_t row)
{
    docuflow_random random;
    uint64_t state = seed;
    state = splitmix(&state) ^ table;
    state = splitmix(&state) ^ row;
    for (size_t i = 0; i < DBW_COUNT(random.state); i++)
        random.state[i] = splitmix(&state);
    return random;
}

uint64_t docuflow_random_next(docuflow_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t docuflow_random_below(docuflow_random *random, uint64_t count)
{
    /* Rejecting the incomplete last round keeps it even. */
    uint64_t most = UINT64_MAX - UINT64_MAX % count;
    uint64_t value;
    do
        value = docuflow_random_next(random);
    while (value >= most);
    return value % count;
}

int64_t docuflow_random_between(docuflow_random *random, int64_t least, int64_t most)
{
    uint64_t span = (uint64_t)most - (uint64_t)least + 1;
    uint64_t offset =
        span == 0 ? docuflow_random_next(random) : docuflow_random_below(random, span);
    return (int64_t)((uint64_t)least + offset);
}

bool docuflow_random_chance(docuflow_random *random, unsigned percent)
{
    return docuflow_random_below(random, 100) < percent;
}

double docuflow_random_fraction(docuflow_random *random)
{
    return (double)(docuflow_random_next(random) >> 11) * 0x1.0p-53;
}

void docuflow_random_bytes(docuflow_random *random, void *out, size_t length)
{
    unsigned char *bytes = out;
    for (size_t done = 0; done < length; done += 8) {
        uint64_t value = docuflow_random_next(random);
        for (size_t i = done; i < length && i < done + 8; i++, value >>= 8)
            bytes[i] = (unsigned char)value;
    }
}

void docuflow_random_uuid(docuflow_random *random, char out[DOCUFLOW_UUID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[16];
    docuflow_random_bytes(random, bytes, sizeof bytes);
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    char *at = out;
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[bytes[i] >> 4];
        *at++ = digits[bytes[i] & 15];
    }
    *at = '\0';
}
