/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/parameter.h"
#include "engine/postgresql/text.h"
#include "engine/postgresql/wire.h"

enum { MAX_PARAMETERS = 65535 };

/** Integers take the narrowest of integer and bigint: both widen by themselves, none narrows. */
static Oid type_of(const dbw_value *value)
{
    switch (value->kind) {
    case DBW_KIND_BOOL:
        return 16;
    case DBW_KIND_INT64:
        return value->int64 >= INT32_MIN && value->int64 <= INT32_MAX ? 23 : 20;
    case DBW_KIND_UINT64:
    case DBW_KIND_DECIMAL:
        return 1700;
    case DBW_KIND_DOUBLE:
        return 701;
    case DBW_KIND_BYTES:
        return 17;
    case DBW_KIND_DATE:
        return 1082;
    case DBW_KIND_TIME:
        return 1083;
    case DBW_KIND_TIMESTAMP:
        return 1114;
    case DBW_KIND_TIMESTAMPTZ:
        return 1184;
    case DBW_KIND_INTERVAL:
        return 1186;
    case DBW_KIND_UUID:
        return 2950;
    case DBW_KIND_NULL:
    case DBW_KIND_TEXT:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
        break;
    }
    return 0;
}

static void set_binary(dbw_pg_parameters *self, size_t n, const char *bytes, size_t length)
{
    self->values[n] = bytes;
    self->lengths[n] = (int)length;
    self->formats[n] = 1;
}

static dbw_status encode_text(dbw_pg_parameters *self, size_t n, const dbw_value *value,
                              dbw_error *error)
{
    if (dbw_kind_has_text(value->kind)) {
        dbw_text text = value->text;
        if (text.length && memchr(text.data, '\0', text.length)) {
            dbw_fail(error, DBW_E_DATA,
                     "unable to bind value %zu: PostgreSQL takes no NUL byte in text", n + 1);
            return DBW_E_DATA;
        }
        self->values[n] = dbw_arena_text_string(self->arena, text);
        return DBW_OK;
    }
    dbw_buffer text;
    dbw_buffer_init(&text, 256);
    dbw_pg_text_put(&text, value);
    self->values[n] = dbw_arena_string(self->arena, text.data);
    dbw_buffer_free(&text);
    return DBW_OK;
}

static dbw_status encode(dbw_pg_parameters *self, size_t n, const dbw_value *value,
                         dbw_error *error)
{
    if (value->kind == DBW_KIND_NULL)
        return DBW_OK;
    if (value->kind == DBW_KIND_DOUBLE) {
        uint64_t bits;
        memcpy(&bits, &value->real, 8);
        char *bytes = dbw_arena_take(self->arena, 8);
        dbw_pg_put64(bytes, bits);
        set_binary(self, n, bytes, 8);
        return DBW_OK;
    }
    if (value->kind == DBW_KIND_BYTES) {
        /* A NULL pointer would mean NULL, so empty bytes need an address. */
        set_binary(self, n, value->text.length ? value->text.data : "", value->text.length);
        return DBW_OK;
    }
    return encode_text(self, n, value, error);
}

dbw_status dbw_pg_parameters_new(const dbw_value *values, size_t count, dbw_pg_parameters **out,
                                 dbw_error *error)
{
    *out = NULL;
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (dbw_kind_has_text(values[i].kind))
            bytes += values[i].text.length;
    }
    if (count > MAX_PARAMETERS || bytes > DBW_PG_VALUE_LIMIT)
        return dbw_fail(error, DBW_E_LIMIT,
                        "unable to bind %zu values of %zu bytes: a statement takes %d values and "
                        "1 GB",
                        count, bytes, MAX_PARAMETERS);
    dbw_arena *arena = dbw_arena_new();
    dbw_arena_set_limit(arena, bytes + count * 1024 + 65536);
    dbw_pg_parameters *self = DBW_NEW(arena, dbw_pg_parameters);
    self->arena = arena;
    self->types = DBW_NEW_ARRAY(arena, count, Oid);
    self->values = DBW_NEW_ARRAY(arena, count, const char *);
    self->lengths = DBW_NEW_ARRAY(arena, count, int);
    self->formats = DBW_NEW_ARRAY(arena, count, int);
    dbw_status status = DBW_OK;
    for (size_t i = 0; status == DBW_OK && i < count; i++) {
        self->types[i] = type_of(&values[i]);
        status = encode(self, i, &values[i], error);
    }
    if (status == DBW_OK)
        *out = self;
    else
        dbw_arena_free(arena);
    return status;
}

void dbw_pg_parameters_free(dbw_pg_parameters *self)
{
    if (self)
        dbw_arena_free(self->arena);
}
