/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that the server or a user gives: values, defaults, spellings of types. Nothing is read
 * beyond its end; a value written again and read again is the same value; a spelling that was made
 * of a user's is read as itself.
 */
#include "engine/postgresql/default.h"
#include "engine/postgresql/text.h"
#include "engine/postgresql/type.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static bool same(const dbw_value *a, const dbw_value *b)
{
    if (a->kind != b->kind)
        return false;
    if (dbw_kind_has_text(a->kind))
        return dbw_text_equal(a->text, b->text);
    if (a->kind == DBW_KIND_DOUBLE && isnan(a->real))
        return isnan(b->real);
    if (a->kind == DBW_KIND_INTERVAL)
        return memcmp(&a->interval, &b->interval, sizeof a->interval) == 0;
    if (a->kind == DBW_KIND_UUID)
        return memcmp(a->uuid, b->uuid, 16) == 0;
    return a->kind == DBW_KIND_BOOL ? a->boolean == b->boolean : a->int64 == b->int64;
}

static void check_value(uint32_t oid, dbw_text text)
{
    dbw_buffer scratch, written, again;
    dbw_buffer_init(&scratch, text.length + 16);
    dbw_buffer_init(&again, 4 * text.length + 256);
    dbw_buffer_init(&written, 4 * text.length + 256);
    dbw_value value = dbw_pg_text_get(oid, text, &scratch);
    dbw_pg_text_put(&written, &value);
    check(!written.failed);
    dbw_value second = dbw_pg_text_get(oid, dbw_buffer_text(&written), &again);
    check(same(&value, &second));
    dbw_buffer_free(&scratch);
    dbw_buffer_free(&written);
    dbw_buffer_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t oids[] = {16,   17,   20,   23,   25,   701,  1082,
                                    1083, 1114, 1184, 1186, 1700, 2950, 3802};
    if (size < 1)
        return 0;
    uint32_t oid = oids[data[0] % DBW_COUNT(oids)];
    char *text = malloc(size);
    check(text != NULL);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    check_value(oid, (dbw_text){text, size - 1});

    dbw_arena *arena = dbw_arena_new();
    dbw_default value = dbw_pg_default_read(arena, oid, text);
    check(value.kind != DBW_DEFAULT_LITERAL || value.value.kind != DBW_KIND_NULL);
    const char *sequence = dbw_pg_default_sequence(arena, text);
    check(!sequence || value.kind == DBW_DEFAULT_SEQUENCE);

    dbw_error error;
    dbw_type type, same_type;
    if (dbw_pg_parse_type(arena, text, &type, &error) == DBW_OK && type.spelling[0] != '"') {
        check(dbw_pg_parse_type(arena, type.spelling, &same_type, &error) == DBW_OK);
        check(strcmp(type.spelling, same_type.spelling) == 0 && type.intent == same_type.intent);
    }
    dbw_arena_free(arena);
    free(text);
    return 0;
}
