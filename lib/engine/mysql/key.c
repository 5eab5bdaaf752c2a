/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/mysql_priv.h"

#include "engine/mysql/key.h"

/** ENUM, SET and BIT are ordered by their number and not by what they show. */
static bool by_number(const dbw_column *column)
{
    return column &&
           (column->type.intent == DBW_INTENT_ENUM || column->type.intent == DBW_INTENT_SET ||
            column->type.intent == DBW_INTENT_BIT);
}

static const char *label_end(const char *at, const char *end)
{
    const char *comma = memchr(at, ',', (size_t)(end - at));
    return comma ? comma : end;
}

static uint64_t label_number(const dbw_type *type, dbw_text label)
{
    for (size_t i = 0; i < type->label_count; i++)
        if (dbw_text_is(label, type->labels[i]))
            return i + 1;
    return 0;
}

static uint64_t number_of(const dbw_type *type, dbw_text text)
{
    uint64_t number = 0;
    if (type->intent == DBW_INTENT_ENUM)
        return label_number(type, text);
    if (type->intent == DBW_INTENT_BIT) {
        for (size_t i = 0; i < text.length; i++)
            number = number << 1 | (text.data[i] == '1');
        return number;
    }
    const char *end = text.data + text.length;
    for (const char *at = text.data; at < end;) {
        const char *stop = label_end(at, end);
        uint64_t n = label_number(type, (dbw_text){at, (size_t)(stop - at)});
        number |= n ? UINT64_C(1) << (n - 1) : 0;
        at = stop < end ? stop + 1 : end;
    }
    return number;
}

static dbw_value bound_value(const dbw_column *column, const dbw_value *value)
{
    if (!by_number(column) || !dbw_kind_has_text(value->kind))
        return *value;
    uint64_t number = number_of(&column->type, value->text);
    if (number > INT64_MAX)
        return (dbw_value){.kind = DBW_KIND_UINT64, .uint64 = number};
    return dbw_value_int((int64_t)number);
}

typedef struct writer {
    dbw_buffer *sql;
    const dbw_table *table;
    const dbw_names *key;
    const dbw_value *values;
    dbw_mysql_values *bound;
} writer;

static void compare(const writer *w, size_t n, const char *operator)
{
    const dbw_column *column = dbw_table_column(w->table, w->key->items[n]);
    dbw_mysql_dialect.quote_name(w->sql, w->key->items[n]);
    dbw_buffer_printf(w->sql, "%s %s ?", by_number(column) ? " + 0" : "", operator);
    *DBW_APPEND(w->bound->arena, w->bound->items, w->bound->count) =
        bound_value(column, &w->values[n]);
}

void dbw_mysql_add_bound(dbw_buffer *sql, const dbw_table *table, const dbw_names *key, bool below,
                         const dbw_value *values, const char *prefix, dbw_mysql_values *bound)
{
    const writer w = {sql, table, key, values, bound};
    size_t last = key->count - 1;
    dbw_buffer_add_string(sql, prefix);
    if (last == 0) {
        compare(&w, 0, below ? "<" : ">=");
        return;
    }
    compare(&w, 0, below ? "<=" : ">=");
    dbw_buffer_add_string(sql, " AND (");
    for (size_t n = 0; n < last; n++) {
        compare(&w, n, below ? "<" : ">");
        dbw_buffer_add_string(sql, " OR (");
        compare(&w, n, "=");
        dbw_buffer_add_string(sql, " AND ");
    }
    compare(&w, last, below ? "<" : ">=");
    for (size_t n = 0; n <= last; n++)
        dbw_buffer_add_char(sql, ')');
}
