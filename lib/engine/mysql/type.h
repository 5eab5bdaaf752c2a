/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_TYPE_H
#define DBW_ENGINE_MYSQL_TYPE_H
/* MySQL's types as the catalog and users spell them: "decimal(12,4) unsigned", "enum('a','b')". */
#include "base/arena.h"
#include "model/type.h"

/**
 * Reads a spelling, in any case: the word, what stands in parentheses, unsigned and zerofill. What
 * may follow in a column definition (character set, collation) is no part of it. False for a word
 * that is no type, for measures out of range, and for text behind it; `*out` is then an OTHER of
 * that spelling. `spelling` is kept by reference; labels live in the arena.
 *
 * tinyint(1) is a BOOLEAN by intent, as ORMs use it: whether its values are only 0 and 1 is for the
 * plan to find out.
 */
bool dbw_mysql_type_read(dbw_arena *arena, const char *spelling, dbw_type *out);

/** Whether the type is a geometry, read and written as well-known text. */
bool dbw_mysql_type_is_geometry(const dbw_type *type);

/** Whether the spelling begins with that word: "float" of "float(7,3) unsigned". */
bool dbw_mysql_type_is(const dbw_type *type, const char *word);

/**
 * Reads a string in single quotes at the beginning of the text: doubled quotes and
 * backslash escapes. `*rest` is what follows it. False when there is none.
 */
bool dbw_mysql_string_read(dbw_arena *arena, dbw_text text, dbw_text *out, dbw_text *rest);

/** As dbw_dialect's type_at. */
const char *dbw_mysql_type_at(dbw_arena *arena, size_t n);

#endif
