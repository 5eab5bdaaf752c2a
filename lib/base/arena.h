/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_ARENA_H
#define DBW_BASE_ARENA_H
/*
 * Memory that is freed all at once. One arena per request or job phase; the caller passes the
 * arena that receives the result. No arena per row. Not shared between threads.
 *
 * Allocation aborts the process when memory runs out: every arena carries a hard cap instead
 * (64 MiB unless set), and what grows with input lives in a dbw_buffer, which reports it.
 */
#include "base/text.h"

typedef struct dbw_arena dbw_arena;

/** A new arena, to be freed with dbw_arena_free(). */
dbw_arena *dbw_arena_new(void);

/** Frees the arena and all that was taken from it. NULL is allowed. */
void dbw_arena_free(dbw_arena *arena);

/** Sets the cap in bytes over all allocations; reaching it aborts. */
void dbw_arena_set_limit(dbw_arena *arena, size_t bytes);

/** Gives back everything taken so far; the arena can be used again. */
void dbw_arena_reset(dbw_arena *arena);

/** `size` zeroed bytes, aligned for any type; never NULL. */
void *dbw_arena_take(dbw_arena *arena, size_t size) __attribute__((returns_nonnull, malloc));

/** `count` zeroed elements of `size` bytes; the product may not overflow. */
void *dbw_arena_array(dbw_arena *arena, size_t count, size_t size)
    __attribute__((returns_nonnull, malloc));

/** A copy of the C string; NULL stays NULL. */
char *dbw_arena_string(dbw_arena *arena, const char *string);

/** A NUL-terminated copy of the text (its own NULs stay inside). */
char *dbw_arena_text_string(dbw_arena *arena, dbw_text text) __attribute__((returns_nonnull));

/** A copy of the text. */
dbw_text dbw_arena_text(dbw_arena *arena, dbw_text text);

/** A formatted string. */
char *dbw_arena_printf(dbw_arena *arena, const char *format, ...) DBW_PRINTF(2, 3)
    __attribute__((returns_nonnull));

/** Bytes taken so far. */
size_t dbw_arena_used(const dbw_arena *arena);

#define DBW_NEW(arena, type) ((type *)dbw_arena_take((arena), sizeof(type)))
#define DBW_NEW_ARRAY(arena, count, type) ((type *)dbw_arena_array((arena), (count), sizeof(type)))

/**
 * Appends one element to an arena array, doubling it where its count is zero or a power of two:
 * `items` and `count` are lvalues, the result points at the new zeroed element.
 */
#define DBW_APPEND(arena, items, count)                                                            \
    ((items) = dbw_arena_grow((arena), (items), (count), sizeof *(items)), &(items)[(count)++])

/** The growth step behind DBW_APPEND. */
void *dbw_arena_grow(dbw_arena *arena, void *items, size_t count, size_t size)
    __attribute__((returns_nonnull));

#endif
