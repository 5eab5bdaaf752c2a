/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/bulk.h"
#include "engine/postgresql/numeric.h"
#include "engine/postgresql/type.h"
#include "engine/postgresql/wire.h"

struct field {
    dbw_pg_wire wire;
    dbw_kind kind; /* of what travels as text */
    int16_t scale; /* of money */
};

struct dbw_pg_decoder {
    size_t count;
    struct field fields[];
};

dbw_pg_decoder *dbw_pg_decoder_new(dbw_arena *arena, const dbw_type *const *types, size_t count)
{
    dbw_pg_decoder *self = dbw_arena_take(arena, sizeof *self + count * sizeof(struct field));
    self->count = count;
    for (size_t i = 0; i < count; i++) {
        self->fields[i].wire = dbw_pg_wire_of(types[i]);
        self->fields[i].scale = types[i]->scale;
        self->fields[i].kind = types[i]->intent == DBW_INTENT_ARRAY  ? DBW_KIND_ARRAY
                               : types[i]->intent == DBW_INTENT_JSON ? DBW_KIND_JSON
                                                                     : DBW_KIND_TEXT;
    }
    return self;
}

/*
 * What a number or a bit string becomes is written behind the other texts of the row in `scratch`,
 * which may move while it grows: until the row is complete such a text holds an offset, marked by
 * this impossible length being added to its own.
 */
#define IN_SCRATCH ((size_t)1 << 62)

static bool reserve(dbw_buffer *scratch, size_t room, dbw_value *out, dbw_kind kind, char **at)
{
    if (!dbw_buffer_reserve(scratch, room))
        return false;
    *at = scratch->data + scratch->length;
    *out = (dbw_value){.kind = kind, .text = {(const char *)scratch->length, IN_SCRATCH}};
    return true;
}

static bool decode_numeric(const char *bytes, size_t length, dbw_value *out, dbw_buffer *scratch)
{
    char *at;
    int64_t room = dbw_pg_numeric_text_room(bytes, length);
    if (room < 0 || !reserve(scratch, (size_t)room, out, DBW_KIND_DECIMAL, &at))
        return false;
    int64_t written = dbw_pg_numeric_decode(bytes, at);
    if (written < 0)
        return false;
    out->text.length += (size_t)written;
    scratch->length += (size_t)written;
    return true;
}

/** The number of smallest units with its point: 12345 is 123.45. */
static bool decode_money(const struct field *field, const char *bytes, size_t length,
                         dbw_value *out, dbw_buffer *scratch)
{
    char *at, digits[24];
    size_t count = 0, scale = field->scale > 0 && field->scale < 18 ? (size_t)field->scale : 0;
    if (length != 8 || !reserve(scratch, 32, out, DBW_KIND_DECIMAL, &at))
        return false;
    int64_t value = (int64_t)dbw_pg_get64(bytes);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (; rest || count <= scale; rest /= 10)
        digits[count++] = (char)('0' + rest % 10);
    char *start = at;
    if (value < 0)
        *at++ = '-';
    while (count) {
        if (count-- == scale)
            *at++ = '.';
        *at++ = digits[count];
    }
    out->text.length += (size_t)(at - start);
    scratch->length += (size_t)(at - start);
    return true;
}

static bool decode_bits(const char *bytes, size_t length, dbw_value *out, dbw_buffer *scratch)
{
    char *at;
    if (length < 4)
        return false;
    size_t bits = dbw_pg_get32(bytes);
    if (bits > INT32_MAX || length != 4 + (bits + 7) / 8 ||
        !reserve(scratch, bits, out, DBW_KIND_BIT, &at))
        return false;
    for (size_t i = 0; i < bits; i++)
        at[i] = (bytes[4 + i / 8] >> (7 - i % 8)) & 1 ? '1' : '0';
    out->text.length += bits;
    scratch->length += bits;
    return true;
}

/** The last 29 of PostgreSQL's 294276 years lie beyond 64 bits of microseconds since 1970. */
static bool decode_timestamp(const char *bytes, size_t length, dbw_kind kind, dbw_value *out)
{
    if (length != 8)
        return false;
    int64_t value = (int64_t)dbw_pg_get64(bytes);
    out->kind = kind;
    if (value == INT64_MAX || value == INT64_MIN)
        out->int64 = value == INT64_MAX ? DBW_INFINITY : DBW_MINUS_INFINITY;
    else if (__builtin_add_overflow(value, DBW_PG_EPOCH_US, &out->int64))
        return false;
    return true;
}

static bool decode_date(const char *bytes, size_t length, dbw_value *out)
{
    if (length != 4)
        return false;
    int32_t value = (int32_t)dbw_pg_get32(bytes);
    *out = (dbw_value){.kind = DBW_KIND_DATE, .int64 = (int64_t)value + DBW_PG_EPOCH_DAYS};
    if (value == INT32_MAX)
        out->int64 = DBW_INFINITY;
    else if (value == INT32_MIN)
        out->int64 = DBW_MINUS_INFINITY;
    return true;
}

static bool decode_integer(const char *bytes, size_t length, size_t wanted, dbw_value *out)
{
    if (length != wanted)
        return false;
    int64_t value = wanted == 2   ? (int16_t)dbw_pg_get16(bytes)
                    : wanted == 4 ? (int32_t)dbw_pg_get32(bytes)
                                  : (int64_t)dbw_pg_get64(bytes);
    *out = dbw_value_int(value);
    return true;
}

static bool decode_float(const char *bytes, size_t length, size_t wanted, dbw_value *out)
{
    if (length != wanted)
        return false;
    out->kind = DBW_KIND_DOUBLE;
    if (wanted == 4) {
        uint32_t bits = dbw_pg_get32(bytes);
        float value;
        memcpy(&value, &bits, 4);
        out->real = (double)value;
    } else {
        uint64_t bits = dbw_pg_get64(bytes);
        memcpy(&out->real, &bits, 8);
    }
    return true;
}

static bool decode_field(const struct field *field, const char *bytes, size_t length,
                         dbw_value *out, dbw_buffer *scratch)
{
    switch (field->wire) {
    case DBW_PG_WIRE_TEXT:
    case DBW_PG_WIRE_NONE:
        *out = (dbw_value){.kind = field->kind, .text = {bytes, length}};
        return true;
    case DBW_PG_WIRE_INT2:
        return decode_integer(bytes, length, 2, out);
    case DBW_PG_WIRE_INT4:
        return decode_integer(bytes, length, 4, out);
    case DBW_PG_WIRE_INT8:
        return decode_integer(bytes, length, 8, out);
    case DBW_PG_WIRE_BOOL:
        *out = (dbw_value){.kind = DBW_KIND_BOOL, .boolean = length == 1 && *bytes != 0};
        return length == 1;
    case DBW_PG_WIRE_FLOAT4:
        return decode_float(bytes, length, 4, out);
    case DBW_PG_WIRE_FLOAT8:
        return decode_float(bytes, length, 8, out);
    case DBW_PG_WIRE_MONEY:
        return decode_money(field, bytes, length, out, scratch);
    case DBW_PG_WIRE_OID:
        *out = dbw_value_int(length == 4 ? (int64_t)dbw_pg_get32(bytes) : 0);
        return length == 4;
    case DBW_PG_WIRE_NUMERIC:
        return decode_numeric(bytes, length, out, scratch);
    case DBW_PG_WIRE_BYTES:
        *out = (dbw_value){.kind = DBW_KIND_BYTES, .text = {bytes, length}};
        return true;
    case DBW_PG_WIRE_DATE:
        return decode_date(bytes, length, out);
    case DBW_PG_WIRE_TIME:
        *out = (dbw_value){.kind = DBW_KIND_TIME};
        if (length == 8)
            out->int64 = (int64_t)dbw_pg_get64(bytes);
        return length == 8;
    case DBW_PG_WIRE_TIMESTAMP:
        return decode_timestamp(bytes, length, DBW_KIND_TIMESTAMP, out);
    case DBW_PG_WIRE_TIMESTAMPTZ:
        return decode_timestamp(bytes, length, DBW_KIND_TIMESTAMPTZ, out);
    case DBW_PG_WIRE_INTERVAL:
        if (length != 16)
            return false;
        *out = (dbw_value){.kind = DBW_KIND_INTERVAL,
                           .interval = {.microseconds = (int64_t)dbw_pg_get64(bytes),
                                        .days = (int32_t)dbw_pg_get32(bytes + 8),
                                        .months = (int32_t)dbw_pg_get32(bytes + 12)}};
        return true;
    case DBW_PG_WIRE_UUID:
        out->kind = DBW_KIND_UUID;
        if (length == 16)
            memcpy(out->uuid, bytes, 16);
        return length == 16;
    case DBW_PG_WIRE_JSONB:
        if (length < 1 || bytes[0] != 1)
            return false;
        *out = (dbw_value){.kind = DBW_KIND_JSON, .text = {bytes + 1, length - 1}};
        return true;
    case DBW_PG_WIRE_BIT:
        return decode_bits(bytes, length, out, scratch);
    }
    return false;
}

static void settle(dbw_value *values, size_t count, const dbw_buffer *scratch)
{
    for (size_t i = 0; i < count; i++) {
        if (values[i].kind != DBW_KIND_DECIMAL && values[i].kind != DBW_KIND_BIT)
            continue;
        values[i].text.data = scratch->data + (size_t)values[i].text.data;
        values[i].text.length -= IN_SCRATCH;
    }
}

static dbw_status fail_field(const struct field *field, size_t size, const dbw_buffer *scratch,
                             dbw_error *error)
{
    if (scratch->failed)
        return dbw_buffer_check(scratch, "row", error);
    if (size == 8 &&
        (field->wire == DBW_PG_WIRE_TIMESTAMP || field->wire == DBW_PG_WIRE_TIMESTAMPTZ))
        return dbw_fail(error, DBW_E_DATA,
                        "unable to read a row: a time after the year 294246 cannot be carried");
    return dbw_fail(error, DBW_E_DATABASE,
                    "unable to read a row: a field is not of its column's type");
}

static dbw_status fail_row(dbw_error *error)
{
    return dbw_fail(error, DBW_E_DATABASE,
                    "unable to read a row: the server's data are not those of its columns");
}

dbw_status dbw_pg_decode_row(const dbw_pg_decoder *decoder, const char *bytes, size_t length,
                             dbw_value *values, dbw_buffer *scratch, dbw_error *error)
{
    const char *end = bytes + length;
    dbw_buffer_clear(scratch);
    if (length < 2 || dbw_pg_get16(bytes) != decoder->count)
        return fail_row(error);
    bytes += 2;
    for (size_t i = 0; i < decoder->count; i++) {
        if (end - bytes < 4)
            return fail_row(error);
        int32_t size = (int32_t)dbw_pg_get32(bytes);
        bytes += 4;
        if (size == -1) {
            values[i].kind = DBW_KIND_NULL;
            continue;
        }
        if (size < 0 || size > end - bytes)
            return fail_row(error);
        if (!decode_field(&decoder->fields[i], bytes, (size_t)size, &values[i], scratch))
            return fail_field(&decoder->fields[i], (size_t)size, scratch, error);
        bytes += size;
    }
    if (bytes != end)
        return fail_row(error);
    settle(values, decoder->count, scratch);
    return DBW_OK;
}
