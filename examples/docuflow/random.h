/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_DOCUFLOW_RANDOM_H
#define DBW_DOCUFLOW_RANDOM_H
/*
 * Random numbers that are the same everywhere: xoshiro256** (Blackman and Vigna, 2018), seeded by
 * splitmix64. Each row of each table has a generator of its own, so that a row depends on nothing
 * but the seed, the table and its number.
 */
#include "base/dbw.h"

typedef struct docuflow_random {
    uint64_t state[4];
} docuflow_random;

/** The generator of row `row` of the table with that number. */
docuflow_random docuflow_random_at(uint64_t seed, uint64_t table, uint64_t row);

uint64_t docuflow_random_next(docuflow_random *random);

/** Evenly in 0 … count - 1; `count` is not 0. */
uint64_t docuflow_random_below(docuflow_random *random, uint64_t count);

/** Evenly in least … most. */
int64_t docuflow_random_between(docuflow_random *random, int64_t least, int64_t most);

/** True `percent` times out of a hundred. */
bool docuflow_random_chance(docuflow_random *random, unsigned percent);

/** In [0, 1), with 53 random bits. */
double docuflow_random_fraction(docuflow_random *random);

void docuflow_random_bytes(docuflow_random *random, void *out, size_t length);

/** One element of an array. */
#define docuflow_random_pick(random, array)                                                        \
    ((array)[docuflow_random_below((random), DBW_COUNT(array))])

enum { DOCUFLOW_UUID_TEXT = 37 };

/** A version 4 UUID, in lower case. */
void docuflow_random_uuid(docuflow_random *random, char out[DOCUFLOW_UUID_TEXT]);

#endif
