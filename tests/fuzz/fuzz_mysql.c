/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a MySQL server sends: values of the binary protocol, spellings of types, defaults. Nothing
 * is read beyond its end; what takes n bytes does so too when no more are there; a date is in the
 * calendar or a text; labels and defaults that are written down again are read as themselves.
 */
#include "engine/mysql/catalog_priv.h"
#include "engine/mysql/decode.h"
#include "engine/mysql/type.h"
#include "model/calendar.h"

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
    if (a->kind == DBW_KIND_UUID)
        return memcmp(a->uuid, b->uuid, 16) == 0;
    return memcmp(&a->int64, &b->int64, 8) == 0;
}

static void check_value(const uint8_t *data, size_t size, dbw_mysql_wire wire, dbw_intent intent)
{
    dbw_mysql_field field = {.wire = wire, .intent = intent, .is_unsigned = size & 1, .bits = 64};
    dbw_mysql_field exact = field;
    dbw_value value = DBW_NULL, again = DBW_NULL;
    uint8_t *copy = malloc(size ? size : 1);
    check(copy != NULL);
    memcpy(copy, data, size);
    size_t used = dbw_mysql_decode(&field, copy, size, &value);
    check(used <= size);
    if (used) {
        check(dbw_mysql_decode(&exact, data, used, &again) == used && same(&value, &again));
        check(dbw_mysql_decode(&exact, data, used - 1, &again) != used);
    }
    bool day = value.kind == DBW_KIND_DATE;
    if (used && (day || value.kind == DBW_KIND_TIMESTAMP || value.kind == DBW_KIND_TIMESTAMPTZ)) {
        char text[DBW_CALENDAR_TEXT];
        if (day)
            dbw_calendar_date(value.int64, text);
        else
            dbw_calendar_timestamp(value.int64, false, text);
        check(dbw_mysql_moment_read(dbw_text_of(text), intent, &again));
        check(same(&value, &again));
    }
    free(copy);
}

/* The labels as the server would show them. */
static void check_labels(dbw_arena *arena, const dbw_type *type)
{
    dbw_buffer out;
    dbw_type again;
    dbw_buffer_init(&out, 1 << 20);
    for (size_t i = 0; i < type->label_count; i++) {
        dbw_buffer_add_string(&out, i ? ",'" : "enum('");
        for (const char *p = type->labels[i]; *p; p++) {
            if (*p == '\'' || *p == '\\')
                dbw_buffer_add_char(&out, *p);
            dbw_buffer_add_char(&out, *p);
        }
        dbw_buffer_add_char(&out, '\'');
    }
    dbw_buffer_add_char(&out, ')');
    check(!out.failed && dbw_mysql_type_read(arena, out.data, &again));
    check(again.label_count == type->label_count);
    for (size_t i = 0; i < type->label_count; i++)
        check(strcmp(again.labels[i], type->labels[i]) == 0);
    dbw_buffer_free(&out);
}

static void check_text(dbw_arena *arena, const char *text)
{
    static const dbw_intent intents[] = {
        DBW_INTENT_INT64,     DBW_INTENT_DECIMAL, DBW_INTENT_VARCHAR,
        DBW_INTENT_BYTES,     DBW_INTENT_DATE,    DBW_INTENT_TIME,
        DBW_INTENT_TIMESTAMP, DBW_INTENT_BIT,     DBW_INTENT_ENUM};
    dbw_type type, again;
    if (dbw_mysql_type_read(arena, text, &type)) {
        check(dbw_mysql_type_read(arena, type.spelling, &again) && again.intent == type.intent);
        check(type.precision <= 65 && type.scale <= 38 && type.length >= 0);
        if (type.label_count)
            check_labels(arena, &type);
    } else {
        check(type.intent == DBW_INTENT_OTHER);
    }
    for (size_t i = 0; i < DBW_COUNT(intents); i++) {
        type = (dbw_type){.intent = intents[i], .length = 8, .spelling = ""};
        for (int form = 0; form < 4; form++) {
            dbw_default value = dbw_mysql_default_read(arena, text, &type, form & 1, form & 2);
            check(value.kind != DBW_DEFAULT_LITERAL || value.value.kind != DBW_KIND_NULL);
        }
    }
    const char *plain = dbw_mysql_expression_read(arena, text, false);
    check(strlen(plain) <= strlen(text));
    check(dbw_mysql_expression_read(arena, text, true) == text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const dbw_intent intents[] = {
        DBW_INTENT_INT64,    DBW_INTENT_TIMESTAMP,   DBW_INTENT_DATE,   DBW_INTENT_UUID,
        DBW_INTENT_INTERVAL, DBW_INTENT_TIMESTAMPTZ, DBW_INTENT_VARCHAR};
    if (size < 2)
        return 0;
    dbw_mysql_wire wire = data[0] % (DBW_MYSQL_WIRE_BYTES + 1);
    dbw_intent intent = intents[data[1] % DBW_COUNT(intents)];
    bool day = intent == DBW_INTENT_DATE, dated = wire == DBW_MYSQL_WIRE_DATE;
    if (wire >= DBW_MYSQL_WIRE_DATE && wire <= DBW_MYSQL_WIRE_TIMESTAMP && day != dated)
        intent = dated ? DBW_INTENT_DATE : DBW_INTENT_TIMESTAMP;
    if (wire == DBW_MYSQL_WIRE_TIMESTAMP && intent != DBW_INTENT_TIMESTAMP)
        intent = DBW_INTENT_TIMESTAMPTZ;
    if (wire == DBW_MYSQL_WIRE_DATETIME && intent != DBW_INTENT_TIMESTAMPTZ)
        intent = DBW_INTENT_TIMESTAMP;
    check_value(data + 2, size - 2, wire, intent);

    dbw_arena *arena = dbw_arena_new();
    char *text = dbw_arena_text_string(arena, (dbw_text){(const char *)data + 2, size - 2});
    if (strlen(text) < 4096)
        check_text(arena, text);
    dbw_arena_free(arena);
    return 0;
}
