/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/refset.h"

enum { PLACES = 2 * DBW_REFSET_PAGES, WORDS = DBW_REFSET_PAGE_BITS / 64 };

/* The place of the page, or the free one where it belongs. */
static dbw_refset_page *place(const dbw_refset *set, int64_t number)
{
    size_t at = (size_t)((uint64_t)number * UINT64_C(0x9E3779B97F4A7C15) >> 32) % PLACES;
    while (set->pages[at].bits && set->pages[at].number != number)
        at = (at + 1) % PLACES;
    return &set->pages[at];
}

static void drop(dbw_refset *set)
{
    for (size_t i = 0; set->pages && i < PLACES; i++)
        free(set->pages[i].bits);
    free(set->pages);
    *set = (dbw_refset){0};
}

void dbw_refset_free(dbw_refset *set)
{
    drop(set);
}

static void overflow(dbw_refset *set)
{
    drop(set);
    set->overflowed = true;
}

/* The page's bits, made when missing; NULL when the set has overflowed. */
static uint64_t *page_bits(dbw_refset *set, int64_t number)
{
    if (!set->pages)
        set->pages = calloc(PLACES, sizeof *set->pages);
    if (!set->pages) {
        overflow(set);
        return NULL;
    }
    dbw_refset_page *page = place(set, number);
    if (!page->bits) {
        if (set->page_count < DBW_REFSET_PAGES)
            page->bits = calloc(WORDS, sizeof *page->bits);
        if (!page->bits) {
            overflow(set);
            return NULL;
        }
        page->number = number;
        set->page_count++;
    }
    return page->bits;
}

void dbw_refset_add_slow(dbw_refset *set, int64_t value)
{
    uint64_t *bits = page_bits(set, value >> 16);
    if (!bits)
        return;
    set->last = (dbw_refset_page){value >> 16, bits};
    bits[(value & 0xFFFF) >> 6] |= UINT64_C(1) << (value & 63);
}

void dbw_refset_merge(dbw_refset *into, dbw_refset *from)
{
    if (from->overflowed && !into->overflowed)
        overflow(into);
    for (size_t i = 0; from->pages && i < PLACES && !into->overflowed; i++) {
        const dbw_refset_page *page = &from->pages[i];
        if (!page->bits)
            continue;
        uint64_t *bits = page_bits(into, page->number);
        for (size_t w = 0; bits && w < WORDS; w++)
            bits[w] |= page->bits[w];
    }
    into->last = (dbw_refset_page){0};
    drop(from);
}

int64_t dbw_refset_missing(const dbw_refset *child, const dbw_refset *parent)
{
    int64_t missing = 0;
    for (size_t i = 0; child->pages && i < PLACES; i++) {
        const dbw_refset_page *page = &child->pages[i];
        if (!page->bits)
            continue;
        const uint64_t *there = parent->pages ? place(parent, page->number)->bits : NULL;
        for (size_t w = 0; w < WORDS; w++)
            missing += __builtin_popcountll(page->bits[w] & ~(there ? there[w] : 0));
    }
    return missing;
}
