/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>

enum { BLOCK_BYTES = 16 * 1024, DEFAULT_LIMIT = 64 * 1024 * 1024 };

struct block {
    struct block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct dbw_arena {
    struct block *blocks; /* the newest first */
    size_t total;
    size_t limit;
};

DBW_NORETURN static void give_up(const char *reason, size_t bytes)
{
    fprintf(stderr, "dbwizard: %s (%zu bytes asked for)\n", reason, bytes);
    abort();
}

dbw_arena *dbw_arena_new(void)
{
    dbw_arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        give_up("out of memory", sizeof *arena);
    arena->limit = DEFAULT_LIMIT;
    return arena;
}

void dbw_arena_reset(dbw_arena *arena)
{
    while (arena->blocks) {
        struct block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    arena->total = 0;
}

void dbw_arena_free(dbw_arena *arena)
{
    if (!arena)
        return;
    dbw_arena_reset(arena);
    free(arena);
}

void dbw_arena_set_limit(dbw_arena *arena, size_t bytes)
{
    arena->limit = bytes;
}

static struct block *block_new(size_t least)
{
    size_t size = least > BLOCK_BYTES ? least : BLOCK_BYTES;
    struct block *block = malloc(sizeof *block + size);
    if (!block)
        give_up("out of memory", size);
    block->size = size;
    block->used = 0;
    return block;
}

void *dbw_arena_take(dbw_arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - 2 * align)
        give_up("arena limit reached", size);
    size = (size + align - 1) / align * align;
    if (size > arena->limit - arena->total)
        give_up("arena limit reached", size);

    struct block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        block = block_new(size);
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *result = block->bytes + block->used;
    block->used += size;
    arena->total += size;
    memset(result, 0, size);
    return result;
}

void *dbw_arena_array(dbw_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        give_up("arena limit reached", SIZE_MAX);
    return dbw_arena_take(arena, bytes);
}

char *dbw_arena_text_string(dbw_arena *arena, dbw_text text)
{
    char *copy = dbw_arena_take(arena, text.length + 1);
    if (text.length)
        memcpy(copy, text.data, text.length);
    return copy;
}

char *dbw_arena_string(dbw_arena *arena, const char *string)
{
    return string ? dbw_arena_text_string(arena, dbw_text_of(string)) : NULL;
}

dbw_text dbw_arena_text(dbw_arena *arena, dbw_text text)
{
    return (dbw_text){dbw_arena_text_string(arena, text), text.length};
}

char *dbw_arena_printf(dbw_arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        give_up("unable to format", 0);
    char *out = dbw_arena_take(arena, (size_t)length + 1);
    vsnprintf(out, (size_t)length + 1, format, again);
    va_end(again);
    return out;
}

void *dbw_arena_grow(dbw_arena *arena, void *items, size_t count, size_t size)
{
    if (items && (count & (count - 1)) != 0)
        return items;
    if (items && count == 0)
        return items;
    size_t room = count ? 2 * count : 1;
    void *grown = dbw_arena_array(arena, room, size);
    if (count)
        memcpy(grown, items, count * size);
    return grown;
}

size_t dbw_arena_used(const dbw_arena *arena)
{
    return arena->total;
}
