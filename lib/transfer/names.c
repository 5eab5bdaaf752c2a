/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "transfer/plan_priv.h"

#include <inttypes.h>
#include <xxhash.h>

/* "_" and eight hex digits. */
enum { SUFFIX = 9 };

static uint32_t short_hash(const char *text)
{
    return (uint32_t)XXH3_64bits(text, strlen(text));
}

static bool fits(const dbw_dialect *dialect, const char *name)
{
    size_t length = strlen(name);
    if (dialect->name_limit == 0 || length <= dialect->name_limit)
        return true;
    return !dialect->name_limit_in_bytes &&
           dbw_utf8_characters(name, length) <= dialect->name_limit;
}

/* The start of the name that leaves room for the suffix. */
static size_t cut(const dbw_dialect *dialect, const char *name)
{
    size_t length = strlen(name), room = dialect->name_limit - SUFFIX;
    if (dialect->name_limit == 0)
        return length;
    if (dialect->name_limit_in_bytes)
        return length <= room ? length : dbw_utf8_cut(name, length, room);
    size_t at = 0;
    for (size_t characters = 0; at < length && characters < room; characters++) {
        at++;
        while (at < length && ((unsigned char)name[at] & 0xC0) == 0x80)
            at++;
    }
    return at;
}

static const char *with_hash(dbw_arena *arena, const dbw_dialect *dialect, const char *name,
                             const char *hashed)
{
    char *made = dbw_arena_printf(arena, "%.*s_%08" PRIx32, (int)cut(dialect, name), name,
                                  short_hash(hashed));
    if (!dialect->name_complaint || !dialect->name_complaint(made))
        return made;
    /* What the target's names cannot have is one of the letters that ASCII has not. */
    size_t n = 0;
    for (const char *c = made; *c; c++)
        if (((unsigned char)*c & 0xC0) != 0x80)
            made[n++] = (unsigned char)*c < 0x80 ? *c : '_';
    made[n] = '\0';
    return made;
}

const char *dbw_name_reason(const dbw_dialect *dialect, const char *name)
{
    if (!fits(dialect, name))
        return "the name is too long";
    return dialect->name_complaint ? dialect->name_complaint(name) : NULL;
}

static bool is_reserved(const dbw_dialect *dialect, const char *name)
{
    size_t length = dialect->reserved ? strlen(dialect->reserved) : 0;
    return length && strlen(name) >= length &&
           dbw_text_equal_nocase((dbw_text){name, length}, dbw_text_of(dialect->reserved));
}

const char *dbw_name_fit(dbw_arena *arena, const dbw_dialect *dialect, const char *name)
{
    return dbw_name_reason(dialect, name) ? with_hash(arena, dialect, name, name) : name;
}

bool dbw_name_taken(const dbw_name_set *set, const char *name)
{
    for (size_t i = 0; i < set->names.count; i++) {
        const char *other = set->names.items[i];
        if (set->fold ? dbw_text_equal_nocase(dbw_text_of(other), dbw_text_of(name))
                      : strcmp(other, name) == 0)
            return true;
    }
    return false;
}

const char *dbw_name_claim(dbw_arena *arena, const dbw_dialect *dialect, dbw_name_set *set,
                           const char *name, const char *salt)
{
    if (set->relations && is_reserved(dialect, name))
        name = dbw_arena_printf(arena, "_%s", name);
    const char *fitting = dbw_name_fit(arena, dialect, name);
    const char *hashed = salt;
    while (dbw_name_taken(set, fitting)) {
        fitting = with_hash(arena, dialect, name, hashed);
        hashed = dbw_arena_printf(arena, "%s.", hashed);
    }
    *DBW_APPEND(arena, set->names.items, set->names.count) = fitting;
    return fitting;
}
