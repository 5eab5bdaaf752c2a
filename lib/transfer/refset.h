/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_REFSET_H
#define DBW_TRANSFER_REFSET_H
/*
 * A set of 64-bit integers as pages of bits, for the two sides of a foreign key: adding one costs
 * a few nanoseconds, and a million ids in a row take 128 KiB. It gives up (overflowed) at a fixed
 * size instead of growing with scattered values; its owner then asks the database.
 */
#include "base/dbw.h"

enum { DBW_REFSET_PAGE_BITS = 65536, DBW_REFSET_PAGES = 512 };

typedef struct dbw_refset_page {
    int64_t number; /* value / PAGE_BITS, rounded down */
    uint64_t *bits;
} dbw_refset_page;

typedef struct dbw_refset {
    dbw_refset_page *pages; /* an open hash table of 2 × DBW_REFSET_PAGES places, or NULL */
    size_t page_count;
    dbw_refset_page last; /* the page used last */
    bool overflowed;      /* scattered too widely, or a value that is no integer */
} dbw_refset;

void dbw_refset_free(dbw_refset *set);

void dbw_refset_add_slow(dbw_refset *set, int64_t value);

static inline void dbw_refset_add(dbw_refset *set, int64_t value)
{
    int64_t page = value >> 16;
    if (set->last.bits && set->last.number == page)
        set->last.bits[(value & 0xFFFF) >> 6] |= UINT64_C(1) << (value & 63);
    else if (!set->overflowed)
        dbw_refset_add_slow(set, value);
}

/** Adds all of `from`, which is emptied. */
void dbw_refset_merge(dbw_refset *into, dbw_refset *from);

/** How many values of `child` are not in `parent`. */
int64_t dbw_refset_missing(const dbw_refset *child, const dbw_refset *parent);

#endif
