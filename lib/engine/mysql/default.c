/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Defaults as MySQL and MariaDB write them. Expressions stand in parentheses (MariaDB 10.2.1,
 * MySQL 8.0.13), and so do literals of TEXT, BLOB and JSON, which MySQL takes in no other form.
 */
#include "base/buffer.h"
#include "engine/mysql/ddl.h"
#include "engine/mysql/map.h"
#include "engine/mysql/number.h"
#include "engine/mysql/type.h"
#include "model/calendar.h"

#include <inttypes.h>
#include <math.h>

enum { DEFAULT_MOST = 1 << 20 };

/** The present as text in the form that SQLite's CURRENT_TIMESTAMP and its kin have: UTC. */
static const char *now_as_text(dbw_default_kind kind)
{
    switch (kind) {
    case DBW_DEFAULT_NOW:
        return "(date_format(utc_timestamp(), '%Y-%m-%d %H:%i:%s'))";
    case DBW_DEFAULT_TODAY:
        return "(date_format(utc_timestamp(), '%Y-%m-%d'))";
    case DBW_DEFAULT_TIME:
        return "(date_format(utc_timestamp(), '%H:%i:%s'))";
    case DBW_DEFAULT_NONE:
    case DBW_DEFAULT_LITERAL:
    case DBW_DEFAULT_UUID:
    case DBW_DEFAULT_SEQUENCE:
    case DBW_DEFAULT_EXPRESSION:
        break;
    }
    return NULL;
}

static const char *present(dbw_arena *arena, dbw_default_kind kind, const dbw_type *type)
{
    bool stamp = type->intent == DBW_INTENT_TIMESTAMP || type->intent == DBW_INTENT_TIMESTAMPTZ;
    if (dbw_mysql_is_text(type) && type->intent != DBW_INTENT_ENUM)
        return now_as_text(kind);
    /* The digits behind the point must be those of the column. */
    if (kind == DBW_DEFAULT_NOW && stamp)
        return type->precision > 0
                   ? dbw_arena_printf(arena, "CURRENT_TIMESTAMP(%d)", type->precision)
                   : "CURRENT_TIMESTAMP";
    if (kind != DBW_DEFAULT_TIME && type->intent == DBW_INTENT_DATE)
        return "(curdate())";
    if (kind == DBW_DEFAULT_TODAY && stamp)
        return "(curdate())";
    if (kind != DBW_DEFAULT_TODAY && type->intent == DBW_INTENT_TIME)
        return type->precision > 0 ? dbw_arena_printf(arena, "(curtime(%d))", type->precision)
                                   : "(curtime())";
    return NULL;
}

static bool is_number(const dbw_type *type)
{
    dbw_kind kind = dbw_intent_kind(type->intent);
    return kind == DBW_KIND_INT64 || kind == DBW_KIND_DOUBLE || kind == DBW_KIND_DECIMAL ||
           kind == DBW_KIND_UINT64 || type->intent == DBW_INTENT_BOOLEAN;
}

static bool only_digits(dbw_text text)
{
    size_t sign = text.length && text.data[0] == '-' ? 1 : 0, points = 0;
    for (size_t i = sign; i < text.length; i++) {
        points += text.data[i] == '.';
        if (text.data[i] != '.' && !dbw_is_digit(text.data[i]))
            return false;
    }
    return points <= 1 && text.length > sign + points;
}

static void add_hex(dbw_buffer *out, dbw_text bytes)
{
    dbw_buffer_add_string(out, "x'");
    for (size_t i = 0; i < bytes.length; i++)
        dbw_buffer_printf(out, "%02x", (unsigned char)bytes.data[i]);
    dbw_buffer_add_char(out, '\'');
}

static void add_quoted(dbw_buffer *out, const char *text)
{
    dbw_mysql_quote_text(out, dbw_text_of(text));
}

/** The value as a literal; false when it has none. */
static bool add_value(dbw_buffer *out, const dbw_value *value, const dbw_type *type)
{
    char text[DBW_CALENDAR_TEXT], number[DBW_MYSQL_DOUBLE_TEXT];
    switch (value->kind) {
    case DBW_KIND_BOOL:
        dbw_buffer_add_char(out, value->boolean ? '1' : '0');
        return is_number(type);
    case DBW_KIND_INT64:
        dbw_buffer_printf(out, is_number(type) ? "%" PRId64 : "'%" PRId64 "'", value->int64);
        return true;
    case DBW_KIND_UINT64:
        dbw_buffer_printf(out, is_number(type) ? "%" PRIu64 : "'%" PRIu64 "'", value->uint64);
        return true;
    case DBW_KIND_DOUBLE:
        dbw_buffer_add(out, number, dbw_mysql_double_print(value->real, number));
        return is_number(type) && isfinite(value->real);
    case DBW_KIND_DECIMAL:
        if (is_number(type) && !only_digits(value->text))
            return false;
        if (is_number(type))
            dbw_buffer_add_text(out, value->text);
        else
            dbw_mysql_quote_text(out, value->text);
        return true;
    case DBW_KIND_BYTES:
        add_hex(out, value->text);
        return true;
    case DBW_KIND_BIT:
        dbw_buffer_printf(out, "b'%.*s'", (int)value->text.length, value->text.data);
        return true;
    case DBW_KIND_TEXT:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
        dbw_mysql_quote_text(out, value->text);
        return !is_number(type);
    case DBW_KIND_DATE:
        dbw_calendar_date(value->int64, text);
        add_quoted(out, text);
        return true;
    case DBW_KIND_TIME:
        dbw_calendar_time(value->int64, text);
        add_quoted(out, text);
        return true;
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
        dbw_calendar_timestamp(value->int64, false, text);
        add_quoted(out, text);
        return value->int64 != DBW_INFINITY && value->int64 != DBW_MINUS_INFINITY;
    case DBW_KIND_UUID:
        dbw_buffer_add_char(out, '\'');
        for (int i = 0; i < 16; i++)
            dbw_buffer_printf(out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
                              value->uuid[i]);
        dbw_buffer_add_char(out, '\'');
        return true;
    case DBW_KIND_NULL:
    case DBW_KIND_INTERVAL:
    default:
        return false;
    }
}

static const char *literal(dbw_arena *arena, const dbw_value *value, const dbw_type *type)
{
    dbw_buffer out;
    const char *text = NULL;
    dbw_buffer_init(&out, DEFAULT_MOST);
    if (add_value(&out, value, type) && !out.failed)
        text = dbw_mysql_is_blob(type) ? dbw_arena_printf(arena, "(%s)", out.data)
                                       : dbw_arena_text_string(arena, dbw_buffer_text(&out));
    dbw_buffer_free(&out);
    return text;
}

const char *dbw_mysql_render_default(dbw_arena *arena, const dbw_default *value,
                                     const dbw_type *type)
{
    switch (value->kind) {
    case DBW_DEFAULT_LITERAL:
        return literal(arena, &value->value, type);
    case DBW_DEFAULT_NOW:
    case DBW_DEFAULT_TODAY:
    case DBW_DEFAULT_TIME:
        return present(arena, value->kind, type);
    case DBW_DEFAULT_UUID:
        return type->intent == DBW_INTENT_UUID || dbw_mysql_is_text(type) ? "(uuid())" : NULL;
    case DBW_DEFAULT_NONE:
    case DBW_DEFAULT_SEQUENCE: /* AUTO_INCREMENT says it */
    case DBW_DEFAULT_EXPRESSION:
        break;
    }
    return NULL;
}
