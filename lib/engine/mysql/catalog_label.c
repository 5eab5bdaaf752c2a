/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labels of enumerations and sets. The server tells them in its utf8mb3, with '?' for every
 * character beyond it, in SHOW CREATE TABLE too (MariaDB 10.11); the values themselves come in
 * utf8mb4. Labels with a '?' are therefore read from the values that have them. One that no row
 * has stays as it was told.
 */
#include "engine/mysql/catalog_priv.h"
#include "engine/mysql/map.h"
#include "engine/mysql/type.h"

enum { VALUES_MOST = 100000 };

static bool in_doubt(const dbw_type *type)
{
    for (size_t i = 0; i < type->label_count; i++)
        if (strchr(type->labels[i], '?'))
            return true;
    return false;
}

/* One value of a set: its members in the order of their bits, with commas between. */
static void take_members(dbw_arena *arena, const char **labels, size_t count, uint64_t bits,
                         dbw_text text)
{
    for (size_t i = 0; i < count && bits >> i; i++) {
        if (!(bits >> i & 1))
            continue;
        const char *comma = text.length ? memchr(text.data, ',', text.length) : NULL;
        size_t length = comma ? (size_t)(comma - text.data) : text.length;
        labels[i] = dbw_arena_text_string(arena, (dbw_text){text.data, length});
        length += comma != NULL;
        text.data += length;
        text.length -= length;
    }
}

static uint64_t number_of(const dbw_value *value)
{
    return value->kind == DBW_KIND_INT64    ? (uint64_t)value->int64
           : value->kind == DBW_KIND_UINT64 ? value->uint64
                                            : 0;
}

static const char *spell(dbw_arena *arena, const dbw_type *type)
{
    dbw_buffer spelling;
    dbw_buffer_init(&spelling, SIZE_MAX / 4);
    dbw_buffer_add_string(&spelling, type->intent == DBW_INTENT_SET ? "set(" : "enum(");
    for (size_t i = 0; i < type->label_count; i++) {
        dbw_buffer_add_string(&spelling, i ? "," : "");
        dbw_mysql_quote_text(&spelling, dbw_text_of(type->labels[i]));
    }
    dbw_buffer_add_char(&spelling, ')');
    const char *text = dbw_arena_text_string(arena, dbw_buffer_text(&spelling));
    dbw_buffer_free(&spelling);
    return text;
}

static dbw_status read_values(dbw_mysql_reading *reading, const char *sql, const dbw_type *type,
                              const char **labels, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_fetch(reading->database, sql, NULL, 0, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row) {
        uint64_t number = number_of(&row[0]);
        if (!dbw_kind_has_text(row[1].kind))
            continue;
        if (type->intent == DBW_INTENT_SET)
            take_members(reading->arena, labels, type->label_count, number, row[1].text);
        else if (number >= 1 && number <= type->label_count)
            labels[number - 1] = dbw_arena_text_string(reading->arena, row[1].text);
    }
    dbw_rows_close(rows);
    return status;
}

static dbw_status read_labels(dbw_mysql_reading *reading, const dbw_table *table,
                              dbw_column *column, dbw_error *error)
{
    dbw_type *type = &column->type;
    const char **labels = DBW_NEW_ARRAY(reading->arena, type->label_count, const char *);
    dbw_buffer name, sql;
    dbw_buffer_init(&name, 4096);
    dbw_buffer_init(&sql, 16384);
    dbw_quote_name(&dbw_engine_mysql, &name, column->name);
    dbw_buffer_printf(&sql, "SELECT DISTINCT CAST(%s AS UNSIGNED), %s FROM ", name.data, name.data);
    dbw_quote_name(&dbw_engine_mysql, &sql, table->name);
    dbw_buffer_printf(&sql, " WHERE %s IS NOT NULL LIMIT %d", name.data, VALUES_MOST);
    memcpy(labels, type->labels, type->label_count * sizeof *labels);
    dbw_status status = read_values(reading, sql.data, type, labels, error);
    if (status == DBW_OK) {
        type->labels = labels;
        type->spelling = spell(reading->arena, type);
    }
    dbw_buffer_free(&name);
    dbw_buffer_free(&sql);
    return status;
}

dbw_status dbw_mysql_read_labels(dbw_mysql_reading *reading, dbw_error *error)
{
    for (size_t t = 0; t < reading->schema->table_count; t++) {
        const dbw_table *table = &reading->schema->tables[t];
        for (size_t c = 0; c < table->column_count; c++)
            if (in_doubt(&table->columns[c].type))
                DBW_TRY(read_labels(reading, table, &table->columns[c], error));
    }
    return DBW_OK;
}
