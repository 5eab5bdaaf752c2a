/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as LOAD DATA takes them: manual, "LOAD DATA", FIELDS ESCAPED BY. */
#include "engine/mysql/load.h"
#include "engine/mysql/map.h"
#include "engine/mysql/number.h"
#include "engine/mysql/type.h"
#include "model/calendar.h"

#include <math.h>

enum { COLUMNS_MOST = 4096, FIXED_ROOM = 96, VALUE_MOST = 1 << 30 };

typedef struct field {
    const char *name;
    const char *spelling;
    dbw_kind kind; /* of the values that the column takes */
    dbw_limits limits;
    int32_t bits;
    int64_t fraction; /* microseconds that its times are multiples of */
    bool year;
} field;

struct dbw_encoder {
    dbw_arena *arena;
    size_t count;
    field fields[];
};

bool dbw_mysql_field_is_bytes(const dbw_type *type)
{
    return type->intent == DBW_INTENT_BYTES || dbw_mysql_type_is(type, "bit");
}

static void describe(dbw_arena *arena, const dbw_column *from, field *to)
{
    static const int64_t units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    const dbw_type *type = &from->type;
    *to = (field){
        .name = dbw_arena_string(arena, from->name),
        .spelling = dbw_arena_string(arena, type->spelling ? type->spelling
                                                           : dbw_intent_name(type->intent)),
        .kind = dbw_intent_kind(type->intent),
        .fraction = 1,
    };
    to->year = dbw_mysql_type_is(type, "year");
    if (dbw_mysql_type_is(type, "bit"))
        to->bits = type->length > 0 ? type->length : 1;
    if (to->kind >= DBW_KIND_TIME && to->kind <= DBW_KIND_TIMESTAMPTZ && type->precision >= 0 &&
        type->precision < 6)
        to->fraction = units[type->precision];
    dbw_mysql_limits(type, &to->limits);
}

dbw_status dbw_mysql_encoder_new(const dbw_load_spec *spec, dbw_encoder **out, dbw_error *error)
{
    *out = NULL;
    if (spec->column_count > COLUMNS_MOST)
        return dbw_fail(error, DBW_E_LIMIT, "unable to load table '%s': more than 4096 columns",
                        spec->table->name);
    dbw_arena *arena = dbw_arena_new();
    dbw_encoder *self =
        dbw_arena_take(arena, sizeof *self + spec->column_count * sizeof self->fields[0]);
    self->arena = arena;
    self->count = spec->column_count;
    for (size_t i = 0; i < spec->column_count; i++)
        describe(arena, &spec->table->columns[spec->columns[i]], &self->fields[i]);
    *out = self;
    return DBW_OK;
}

void dbw_mysql_encoder_free(dbw_encoder *self)
{
    if (self)
        dbw_arena_free(self->arena);
}

/* --- fields ----------------------------------------------------------------------------------- */

static const char wrong_kind[] = "the value is of another kind than the column";
static const char out_of_range[] = "the value is out of the type's range";
static const char too_fine[] = "the column keeps fewer digits behind the second";

/* Room for twice the length is there. */
static char *put_escaped(char *at, dbw_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '\\' || c == '\t' || c == '\n') {
            *at++ = '\\';
            c = c == '\t' ? 't' : c == '\n' ? 'n' : c;
        }
        *at++ = c;
    }
    return at;
}

static char *put_two(char *at, int value)
{
    *at++ = (char)('0' + value / 10);
    *at++ = (char)('0' + value % 10);
    return at;
}

static char *put_fraction(char *at, int micros)
{
    if (!micros)
        return at;
    *at++ = '.';
    for (int unit = 100000; unit; unit /= 10)
        *at++ = (char)('0' + micros / unit % 10);
    return at;
}

static char *put_date(char *at, int64_t days)
{
    dbw_civil c = dbw_calendar_civil(days);
    at = put_two(put_two(at, (int)c.year / 100), (int)c.year % 100);
    *at++ = '-';
    at = put_two(at, c.month);
    *at++ = '-';
    return put_two(at, c.day);
}

static char *put_time(char *at, int64_t micros)
{
    if (micros < 0)
        *at++ = '-';
    uint64_t t = micros < 0 ? 0 - (uint64_t)micros : (uint64_t)micros;
    int seconds = (int)(t / 1000000), hours = seconds / 3600;
    if (hours >= 100)
        *at++ = (char)('0' + hours / 100);
    at = put_two(at, hours % 100);
    *at++ = ':';
    at = put_two(at, seconds / 60 % 60);
    *at++ = ':';
    return put_fraction(put_two(at, seconds % 60), (int)(t % 1000000));
}

static char *put_moment(char *at, int64_t micros)
{
    static const int64_t day = INT64_C(86400000000);
    int64_t days = micros / day - (micros % day < 0);
    at = put_date(at, days);
    *at++ = ' ';
    return put_time(at, micros - days * day);
}

static const char *check_moment(const field *f, int64_t value)
{
    if (f->limits.ranged && (value < f->limits.least || value > f->limits.most))
        return out_of_range;
    return value % f->fraction ? too_fine : NULL;
}

static const char *put_real(double value, char **at)
{
    char text[DBW_MYSQL_DOUBLE_TEXT];
    if (!isfinite(value))
        return "MySQL has neither NaN nor infinity";
    size_t length = dbw_mysql_double_print(value, text);
    memcpy(*at, text, length);
    *at += length;
    return NULL;
}

/* Most significant byte first, as BIT columns take a string of bytes. */
static const char *put_bits(const field *f, dbw_text bits, char **at)
{
    char bytes[8] = {0};
    if (bits.length > (size_t)f->bits || f->bits > 64)
        return "it has more bits than the column";
    for (size_t i = 0; i < bits.length; i++)
        if (bits.data[i] == '1') {
            size_t place = bits.length - 1 - i;
            bytes[7 - place / 8] = (char)(bytes[7 - place / 8] | 1 << place % 8);
        } else if (bits.data[i] != '0') {
            return wrong_kind;
        }
    size_t length = ((size_t)f->bits + 7) / 8;
    *at = put_escaped(*at, (dbw_text){bytes + 8 - length, length});
    return NULL;
}

/* ISO 8601; hours are of the time of day, which may be beyond 24. */
static char *put_interval(char *at, const dbw_interval *interval)
{
    static const int64_t hour = INT64_C(3600000000);
    int64_t rest = interval->microseconds % hour;
    *at++ = 'P';
    at = dbw_mysql_integer_print(interval->months / 12, at);
    *at++ = 'Y';
    at = dbw_mysql_integer_print(interval->months % 12, at);
    *at++ = 'M';
    at = dbw_mysql_integer_print(interval->days, at);
    *at++ = 'D';
    *at++ = 'T';
    at = dbw_mysql_integer_print(interval->microseconds / hour, at);
    *at++ = 'H';
    at = dbw_mysql_integer_print(rest / 60000000, at);
    *at++ = 'M';
    rest %= 60000000;
    if (rest < 0)
        *at++ = '-';
    rest = rest < 0 ? -rest : rest;
    at = put_fraction(dbw_mysql_integer_print(rest / 1000000, at), (int)(rest % 1000000));
    *at++ = 'S';
    return at;
}

static void put_uuid(const uint8_t uuid[16], char **at)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *(*at)++ = '-';
        *(*at)++ = digits[uuid[i] >> 4];
        *(*at)++ = digits[uuid[i] & 15];
    }
}

static const char *put_decimal(dbw_text text, char **at)
{
    for (size_t i = 0; i < text.length; i++)
        if (!dbw_is_digit(text.data[i]) && text.data[i] != '.' && text.data[i] != '-' &&
            text.data[i] != '+' && text.data[i] != 'e' && text.data[i] != 'E')
            return "MySQL has neither NaN nor infinity";
    memcpy(*at, text.data, text.length);
    *at += text.length;
    return NULL;
}

/** Writes the field; room for it is there. NULL, or why it cannot be. */
static const char *put_field(const field *f, const dbw_value *value, char **at)
{
    const char *reason = NULL;
    if (value->kind == DBW_KIND_NULL) {
        *(*at)++ = '\\';
        *(*at)++ = 'N';
        return NULL;
    }
    bool integers = f->kind == DBW_KIND_UINT64 || f->kind == DBW_KIND_DECIMAL ||
                    f->kind == DBW_KIND_INT64 || f->kind == DBW_KIND_DOUBLE;
    bool text = f->kind == DBW_KIND_TEXT || f->kind == DBW_KIND_JSON;
    /* tinyint(1) may hold more than 0 and 1, and between two databases of this engine it does. */
    integers = integers || f->kind == DBW_KIND_BOOL;
    /* A zero date, and what else is in no calendar, comes as it was read. */
    text = text || f->kind == DBW_KIND_DATE || f->kind == DBW_KIND_TIMESTAMP ||
           f->kind == DBW_KIND_TIMESTAMPTZ;
    bool same = value->kind == f->kind ||
                (integers && (value->kind == DBW_KIND_INT64 || value->kind == DBW_KIND_UINT64)) ||
                (text && dbw_kind_has_text(value->kind) && value->kind != DBW_KIND_BYTES);
    if (!same)
        return wrong_kind;
    switch (value->kind) {
    case DBW_KIND_BOOL:
        *(*at)++ = value->boolean ? '1' : '0';
        return NULL;
    case DBW_KIND_INT64:
        if (f->kind == DBW_KIND_UINT64 && value->int64 < 0)
            return out_of_range;
        if (f->year && value->int64 == 0) { /* '0' would be the year 2000 */
            memset(*at, '0', 4);
            *at += 4;
            return NULL;
        }
        *at = dbw_mysql_integer_print(value->int64, *at);
        return NULL;
    case DBW_KIND_UINT64:
        if (value->uint64 > 9)
            *at = dbw_mysql_integer_print((int64_t)(value->uint64 / 10), *at);
        *(*at)++ = (char)('0' + value->uint64 % 10);
        return NULL;
    case DBW_KIND_DOUBLE:
        return put_real(value->real, at);
    case DBW_KIND_DECIMAL:
        return put_decimal(value->text, at);
    case DBW_KIND_DATE:
        reason = check_moment(f, value->int64);
        if (!reason)
            *at = put_date(*at, value->int64);
        return reason;
    case DBW_KIND_TIME:
        reason = check_moment(f, value->int64);
        if (!reason)
            *at = put_time(*at, value->int64);
        return reason;
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
        reason = check_moment(f, value->int64);
        if (!reason)
            *at = put_moment(*at, value->int64);
        return reason;
    case DBW_KIND_UUID:
        put_uuid(value->uuid, at);
        return NULL;
    case DBW_KIND_BIT:
        return put_bits(f, value->text, at);
    case DBW_KIND_TEXT:
    case DBW_KIND_BYTES:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
        *at = put_escaped(*at, value->text);
        return NULL;
    case DBW_KIND_INTERVAL:
        *at = put_interval(*at, &value->interval);
        return NULL;
    case DBW_KIND_NULL:
    default:
        return wrong_kind;
    }
}

/* --- rows ------------------------------------------------------------------------------------- */

static dbw_status fail_field(const field *f, const char *reason, dbw_error *error)
{
    dbw_fail(error, DBW_E_DATA, "unable to store a value in column '%s' (%s): %s", f->name,
             f->spelling, reason);
    return dbw_error_object(error, "%s", f->name);
}

dbw_status dbw_mysql_encode_row(dbw_encoder *self, const dbw_value *values, dbw_buffer *out,
                                size_t *bad_column, dbw_error *error)
{
    size_t room = 1;
    for (size_t i = 0; i < self->count; i++) {
        bool text = dbw_kind_has_text(values[i].kind);
        room += FIXED_ROOM + (text ? 2 * values[i].text.length : 0);
        if (text && values[i].text.length > VALUE_MOST) {
            *bad_column = i;
            return fail_field(&self->fields[i], "it is longer than 1 GiB", error);
        }
    }
    if (!dbw_buffer_reserve(out, room)) {
        *bad_column = 0;
        return dbw_buffer_check(out, "encoded rows", error);
    }
    char *at = out->data + out->length;
    for (size_t i = 0; i < self->count; i++) {
        if (i)
            *at++ = '\t';
        const char *reason = put_field(&self->fields[i], &values[i], &at);
        if (reason) {
            out->data[out->length] = '\0';
            *bad_column = i;
            return fail_field(&self->fields[i], reason, error);
        }
    }
    *at++ = '\n';
    out->length = (size_t)(at - out->data);
    *at = '\0';
    return DBW_OK;
}
