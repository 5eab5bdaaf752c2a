/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/mysql_priv.h"
#include "model/calendar.h"

#include <inttypes.h>

static void bind_text(MYSQL_BIND *bind, enum enum_field_types type, dbw_text text)
{
    union {
        const char *given;
        char *taken;
    } bytes = {text.length ? text.data : ""};
    bind->buffer_type = type;
    bind->buffer = bytes.taken; /* the library only reads parameters */
    bind->buffer_length = text.length;
}

static void bind_uuid(MYSQL_BIND *bind, const uint8_t uuid[16], char scratch[64])
{
    char *p = scratch;
    for (int i = 0; i < 16; i++)
        p += snprintf(p, 4, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", uuid[i]);
    bind_text(bind, MYSQL_TYPE_STRING, dbw_text_of(scratch));
}

static void bind_moment(MYSQL_BIND *bind, const dbw_value *value, char scratch[64])
{
    char text[DBW_CALENDAR_TEXT];
    if (value->kind == DBW_KIND_DATE)
        dbw_calendar_date(value->int64, text);
    else if (value->kind == DBW_KIND_TIME)
        dbw_calendar_time(value->int64, text);
    else
        dbw_calendar_timestamp(value->int64, false, text); /* sessions are at UTC */
    memcpy(scratch, text, sizeof text);
    bind_text(bind, MYSQL_TYPE_STRING, dbw_text_of(scratch));
}

static void bind_integer(MYSQL_BIND *bind, uint64_t bits, bool is_unsigned, char scratch[64])
{
    memcpy(scratch, &bits, sizeof bits);
    bind->buffer_type = MYSQL_TYPE_LONGLONG;
    bind->buffer = scratch;
    bind->is_unsigned = is_unsigned;
}

static void bind_one(MYSQL_BIND *bind, const dbw_value *value, char scratch[64])
{
    switch (value->kind) {
    case DBW_KIND_NULL:
        bind->buffer_type = MYSQL_TYPE_NULL;
        return;
    case DBW_KIND_BOOL:
        bind_integer(bind, value->boolean, false, scratch);
        return;
    case DBW_KIND_INT64:
        bind_integer(bind, (uint64_t)value->int64, false, scratch);
        return;
    case DBW_KIND_UINT64:
        bind_integer(bind, value->uint64, true, scratch);
        return;
    case DBW_KIND_DOUBLE:
        memcpy(scratch, &value->real, sizeof value->real);
        bind->buffer_type = MYSQL_TYPE_DOUBLE;
        bind->buffer = scratch;
        return;
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
        bind_moment(bind, value, scratch);
        return;
    case DBW_KIND_INTERVAL:
        bind_integer(bind, (uint64_t)value->interval.microseconds, false, scratch);
        return;
    case DBW_KIND_UUID:
        bind_uuid(bind, value->uuid, scratch);
        return;
    case DBW_KIND_BYTES:
        bind_text(bind, MYSQL_TYPE_BLOB, value->text);
        return;
    case DBW_KIND_DECIMAL: /* a string would be compared as a double */
        bind_text(bind, MYSQL_TYPE_NEWDECIMAL, value->text);
        return;
    case DBW_KIND_TEXT:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        bind_text(bind, MYSQL_TYPE_STRING, value->text);
        return;
    }
}

void dbw_mysql_bind(dbw_arena *arena, const dbw_value *parameters, size_t count,
                    dbw_mysql_bound *out)
{
    out->binds = DBW_NEW_ARRAY(arena, count + 1, MYSQL_BIND);
    out->scratch = dbw_arena_array(arena, count + 1, sizeof *out->scratch);
    for (size_t i = 0; i < count; i++)
        bind_one(&out->binds[i], &parameters[i], out->scratch[i]);
}

enum { BINARY_CHARSET = 63 };

/* How the binary protocol is asked to hand a value over. */
enum form { FORM_TEXT, FORM_INTEGER, FORM_REAL, FORM_MOMENT };

static enum form form_of(enum enum_field_types type)
{
    if (type == MYSQL_TYPE_TINY || type == MYSQL_TYPE_SHORT || type == MYSQL_TYPE_LONG ||
        type == MYSQL_TYPE_LONGLONG || type == MYSQL_TYPE_INT24 || type == MYSQL_TYPE_YEAR)
        return FORM_INTEGER;
    if (type == MYSQL_TYPE_FLOAT || type == MYSQL_TYPE_DOUBLE)
        return FORM_REAL;
    if (type == MYSQL_TYPE_DATE || type == MYSQL_TYPE_TIME || type == MYSQL_TYPE_DATETIME ||
        type == MYSQL_TYPE_TIMESTAMP)
        return FORM_MOMENT;
    return FORM_TEXT;
}

void dbw_mysql_column_bind(dbw_mysql_column *column, const MYSQL_FIELD *field, MYSQL_BIND *bind)
{
    column->type = field->type;
    column->is_unsigned = (field->flags & UNSIGNED_FLAG) != 0;
    column->binary = field->charsetnr == BINARY_CHARSET;
    bind->is_null = &column->is_null;
    bind->length = &column->length;
    bind->error = &column->too_long;
    bind->buffer = &column->fixed;
    bind->buffer_length = sizeof column->fixed;
    switch (form_of(field->type)) {
    case FORM_INTEGER:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->is_unsigned = column->is_unsigned;
        break;
    case FORM_REAL:
        bind->buffer_type = MYSQL_TYPE_DOUBLE;
        break;
    case FORM_MOMENT:
        bind->buffer_type = field->type;
        break;
    case FORM_TEXT:
    default:
        bind->buffer_type = column->binary ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
        bind->buffer = column->buffer;
        bind->buffer_length = column->room;
        break;
    }
}

static dbw_value moment_value(const dbw_mysql_column *column)
{
    const MYSQL_TIME *t = &column->fixed.time;
    int64_t clock =
        ((int64_t)t->hour * 3600 + t->minute * 60 + t->second) * 1000000 + (int64_t)t->second_part;
    if (column->type == MYSQL_TYPE_TIME) {
        int64_t whole = clock + (int64_t)t->day * 86400 * 1000000;
        return (dbw_value){.kind = DBW_KIND_TIME, .int64 = t->neg ? -whole : whole};
    }
    /* Zero dates have no place in the calendar: they are NULL to queries of ours. */
    if (!dbw_calendar_valid(t->year, (int)t->month, (int)t->day))
        return DBW_NULL;
    int64_t days = dbw_calendar_days(t->year, (int)t->month, (int)t->day);
    if (column->type == MYSQL_TYPE_DATE)
        return (dbw_value){.kind = DBW_KIND_DATE, .int64 = days};
    return (dbw_value){.kind = column->type == MYSQL_TYPE_TIMESTAMP ? DBW_KIND_TIMESTAMPTZ
                                                                    : DBW_KIND_TIMESTAMP,
                       .int64 = days * INT64_C(86400000000) + clock};
}

dbw_value dbw_mysql_column_value(const dbw_mysql_column *column)
{
    if (column->is_null)
        return DBW_NULL;
    switch (form_of(column->type)) {
    case FORM_INTEGER:
        if (column->is_unsigned && column->fixed.integer < 0)
            return (dbw_value){.kind = DBW_KIND_UINT64, .uint64 = (uint64_t)column->fixed.integer};
        return dbw_value_int(column->fixed.integer);
    case FORM_REAL:
        return (dbw_value){.kind = DBW_KIND_DOUBLE, .real = column->fixed.real};
    case FORM_MOMENT:
        return moment_value(column);
    case FORM_TEXT:
    default:
        break;
    }
    dbw_kind kind = column->type == MYSQL_TYPE_NEWDECIMAL ? DBW_KIND_DECIMAL
                    : column->binary                      ? DBW_KIND_BYTES
                                                          : DBW_KIND_TEXT;
    return (dbw_value){.kind = kind, .text = {column->buffer, column->length}};
}
