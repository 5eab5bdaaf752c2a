/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labels of enumerations and sets as MySQL's catalog spells them: what is spelled is read as the
 * same labels, and any spelling that can be read says the same when it is spelled again. The first
 * byte chooses: labels with NUL bytes between them, for an enumeration or a set, or a spelling.
 */
#include "engine/mysql/map.h"
#include "engine/mysql/type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_same(const dbw_type *a, const dbw_type *b)
{
    check(a->intent == b->intent && a->label_count == b->label_count);
    for (size_t i = 0; i < a->label_count; i++)
        check(strcmp(a->labels[i], b->labels[i]) == 0);
}

/* Labels that MySQL has no room for become text; all others come back. */
static void check_labels(dbw_arena *arena, const dbw_type *wanted)
{
    dbw_type_mapping mapping;
    dbw_type read;
    dbw_mysql_map_type(arena, wanted, &mapping);
    if (mapping.type.intent != wanted->intent)
        return;
    check(dbw_mysql_type_read(arena, mapping.type.spelling, &read));
    check_same(wanted, &read);
}

static void check_spelling(dbw_arena *arena, const char *spelling)
{
    dbw_type read;
    if (!dbw_mysql_type_read(arena, spelling, &read))
        return;
    check((read.label_count > 0) ==
          (read.intent == DBW_INTENT_ENUM || read.intent == DBW_INTENT_SET));
    if (read.label_count)
        check_labels(arena, &read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    dbw_arena *arena = dbw_arena_new();
    const char *text = dbw_arena_text_string(arena, (dbw_text){(const char *)data + 1, size - 1});
    if (data[0] % 3 == 2) {
        check_spelling(arena, text);
    } else {
        const char **labels = NULL;
        dbw_type wanted = {.intent = data[0] % 3 ? DBW_INTENT_SET : DBW_INTENT_ENUM};
        for (const char *at = text, *end = text + size - 1; at < end; at += strlen(at) + 1)
            *DBW_APPEND(arena, labels, wanted.label_count) = at;
        wanted.labels = labels;
        check_labels(arena, &wanted);
    }
    dbw_arena_free(arena);
    return 0;
}
