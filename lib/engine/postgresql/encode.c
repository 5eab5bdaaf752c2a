/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as COPY takes them: src/backend/commands/copyfromparse.c and each type's recv function. */
#include "engine/postgresql/bulk.h"
#include "engine/postgresql/field.h"
#include "engine/postgresql/postgresql_priv.h"
#include "engine/postgresql/text.h"
#include "engine/postgresql/type.h"
#include "engine/postgresql/wire.h"

struct dbw_encoder {
    dbw_arena *arena;
    bool text;
    size_t count;
    dbw_buffer scratch; /* text form: the value before it is escaped */
    dbw_pg_field columns[];
};

bool dbw_pg_spec_in_text(const dbw_load_spec *spec)
{
    for (size_t i = 0; i < spec->column_count; i++)
        if (dbw_pg_wire_of(&spec->table->columns[spec->columns[i]].type) == DBW_PG_WIRE_NONE)
            return true;
    return false;
}

static void describe(dbw_arena *arena, const dbw_column *from, dbw_pg_field *to)
{
    const dbw_type *type = &from->type;
    to->wire = dbw_pg_wire_of(type);
    to->name = dbw_arena_string(arena, from->name);
    to->spelling =
        dbw_arena_string(arena, type->spelling ? type->spelling : dbw_intent_name(type->intent));
    to->scale = -1;
    to->fraction = 6;
    if (type->intent == DBW_INTENT_UINT64)
        to->scale = 0;
    else if (type->intent == DBW_INTENT_DECIMAL && type->precision > 0 && type->scale >= 0)
        to->scale = type->scale;
    if ((to->wire == DBW_PG_WIRE_TIME || to->wire == DBW_PG_WIRE_TIMESTAMP ||
         to->wire == DBW_PG_WIRE_TIMESTAMPTZ) &&
        type->precision >= 0 && type->precision < 6)
        to->fraction = (int8_t)type->precision;
    if (type->intent == DBW_INTENT_VARCHAR || type->intent == DBW_INTENT_CHAR)
        to->length = type->length;
    to->fixed = type->intent == DBW_INTENT_CHAR;
}

dbw_status dbw_pg_encoder_new(const dbw_load_spec *spec, dbw_encoder **out, dbw_error *error)
{
    *out = NULL;
    if (spec->column_count > 1600)
        return dbw_fail(error, DBW_E_LIMIT, "unable to load table '%s': more than 1600 columns",
                        spec->table->name);
    dbw_arena *arena = dbw_arena_new();
    dbw_encoder *self =
        dbw_arena_take(arena, sizeof *self + spec->column_count * sizeof self->columns[0]);
    self->arena = arena;
    self->text = dbw_pg_spec_in_text(spec);
    self->count = spec->column_count;
    dbw_buffer_init(&self->scratch, 2 * DBW_PG_VALUE_LIMIT);
    for (size_t i = 0; i < spec->column_count; i++)
        describe(arena, &spec->table->columns[spec->columns[i]], &self->columns[i]);
    *out = self;
    return DBW_OK;
}

void dbw_pg_encoder_free(dbw_encoder *self)
{
    if (!self)
        return;
    dbw_buffer_free(&self->scratch);
    dbw_arena_free(self->arena);
}

/* --- text form -------------------------------------------------------------------------------- */

/** COPY's text form: backslash before itself and before what would end a field or row. */
static void put_escaped(dbw_buffer *out, dbw_text text)
{
    if (!dbw_buffer_reserve(out, 2 * text.length))
        return;
    char *at = out->data + out->length;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        const char *escape = c == '\t' ? "\\t" : c == '\n' ? "\\n" : c == '\r' ? "\\r" : NULL;
        if (c == '\\')
            escape = "\\\\";
        if (escape) {
            memcpy(at, escape, 2);
            at += 2;
        } else {
            *at++ = c;
        }
    }
    out->length = (size_t)(at - out->data);
    *at = '\0';
}

/** The checks of the binary form, by writing it and throwing it away. */
static const char *check_field(dbw_encoder *self, const dbw_pg_field *column,
                               const dbw_value *value)
{
    if (column->wire == DBW_PG_WIRE_NONE) {
        if (value->kind == DBW_KIND_BYTES || value->kind == DBW_KIND_NULL)
            return value->kind == DBW_KIND_NULL ? NULL : dbw_pg_wrong_kind;
        return dbw_kind_has_text(value->kind) ? dbw_pg_check_text(column, value->text) : NULL;
    }
    dbw_buffer_clear(&self->scratch);
    if (!dbw_buffer_reserve(&self->scratch, dbw_pg_field_room(value)))
        return "the value is too large";
    char *at = self->scratch.data;
    return dbw_pg_put_field(column, value, &at);
}

static const char *put_text_field(dbw_encoder *self, const dbw_pg_field *column,
                                  const dbw_value *value, dbw_buffer *out)
{
    const char *reason = check_field(self, column, value);
    if (reason)
        return reason;
    if (value->kind == DBW_KIND_NULL) {
        dbw_buffer_add_string(out, "\\N");
        return NULL;
    }
    dbw_buffer_clear(&self->scratch);
    dbw_pg_text_put(&self->scratch, value);
    if (self->scratch.failed)
        return "the value is too large";
    put_escaped(out, dbw_buffer_text(&self->scratch));
    return NULL;
}

/* --- rows ------------------------------------------------------------------------------------- */

static dbw_status fail_column(const dbw_pg_field *column, const char *reason, dbw_error *error)
{
    dbw_fail(error, DBW_E_DATA, "unable to store a value in column '%s' (%s): %s", column->name,
             column->spelling, reason);
    return dbw_error_object(error, "%s", column->name);
}

static dbw_status encode_text_row(dbw_encoder *self, const dbw_value *values, dbw_buffer *out,
                                  size_t *bad_column, dbw_error *error)
{
    size_t start = out->length;
    for (size_t i = 0; i < self->count; i++) {
        if (i)
            dbw_buffer_add_char(out, '\t');
        const char *reason = put_text_field(self, &self->columns[i], &values[i], out);
        if (!reason)
            continue;
        *bad_column = i;
        out->length = start;
        return fail_column(&self->columns[i], reason, error);
    }
    dbw_buffer_add_char(out, '\n');
    if (out->failed)
        out->length = start;
    return dbw_buffer_check(out, "encoded rows", error);
}

dbw_status dbw_pg_encode_row(dbw_encoder *self, const dbw_value *values, dbw_buffer *out,
                             size_t *bad_column, dbw_error *error)
{
    if (self->text)
        return encode_text_row(self, values, out, bad_column, error);
    size_t room = 2;
    for (size_t i = 0; i < self->count; i++)
        room += dbw_pg_field_room(&values[i]);
    if (!dbw_buffer_reserve(out, room))
        return dbw_buffer_check(out, "encoded rows", error);
    char *at = dbw_pg_put16(out->data + out->length, (uint16_t)self->count);
    for (size_t i = 0; i < self->count; i++) {
        const char *reason = dbw_pg_put_field(&self->columns[i], &values[i], &at);
        if (reason) {
            *bad_column = i;
            return fail_column(&self->columns[i], reason, error);
        }
    }
    out->length = (size_t)(at - out->data);
    *at = '\0';
    return DBW_OK;
}
