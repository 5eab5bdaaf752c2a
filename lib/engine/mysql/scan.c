/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table's rows over the binary protocol, unbuffered: the server sends, and each value is decoded
 * where the client library received it.
 */
#include "engine/mysql/mysql_priv.h"

#include "engine/mysql/bulk.h"
#include "engine/mysql/decode.h"
#include "engine/mysql/key.h"
#include "engine/mysql/type.h"

#include <inttypes.h>

enum { STATEMENT_LIMIT = 16 * 1024 * 1024, BINARY_CHARSET = 63 };

/* --- the statement ---------------------------------------------------------------------------- */

/*
 * Geometries travel as extended well-known text, as PostGIS reads it. Everything else is selected
 * as it is: the binary protocol keeps floats exact.
 */
static void add_column(dbw_buffer *sql, const dbw_column *column)
{
    dbw_buffer name;
    if (!dbw_mysql_type_is_geometry(&column->type)) {
        dbw_mysql_dialect.quote_name(sql, column->name);
        return;
    }
    dbw_buffer_init(&name, 1024);
    dbw_mysql_dialect.quote_name(&name, column->name);
    dbw_buffer_printf(sql,
                      "CONCAT(IF(ST_SRID(%s) = 0, '', CONCAT('SRID=', ST_SRID(%s), ';')), "
                      "ST_AsText(%s))",
                      name.data, name.data, name.data);
    dbw_buffer_free(&name);
}

static dbw_status build(dbw_buffer *sql, const dbw_scan *scan, dbw_mysql_values *values,
                        dbw_error *error)
{
    const dbw_key_range *range = &scan->range;
    dbw_buffer_add_string(sql, "SELECT ");
    for (size_t i = 0; i < scan->column_count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : "");
        add_column(sql, &scan->table->columns[scan->columns[i]]);
    }
    dbw_buffer_add_string(sql, scan->column_count ? " FROM " : "1 FROM ");
    dbw_quote_qualified(&dbw_engine_mysql, sql, scan->table->schema, scan->table->name);
    if (scan->key.count && range->from)
        dbw_mysql_add_bound(sql, scan->table, &scan->key, false, range->from, " WHERE ", values);
    if (scan->key.count && range->to)
        dbw_mysql_add_bound(sql, scan->table, &scan->key, true, range->to,
                            range->from ? " AND " : " WHERE ", values);
    for (size_t i = 0; i < scan->key.count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : " ORDER BY ");
        dbw_mysql_dialect.quote_name(sql, scan->key.items[i]);
    }
    if (scan->limit >= 0 || scan->offset > 0)
        dbw_buffer_printf(sql, " LIMIT %" PRIu64,
                          scan->limit >= 0 ? (uint64_t)scan->limit : UINT64_MAX);
    if (scan->offset > 0)
        dbw_buffer_printf(sql, " OFFSET %" PRId64, scan->offset);
    return dbw_buffer_check(sql, "statement", error);
}

/* --- the rows --------------------------------------------------------------------------------- */

typedef struct scan_rows {
    dbw_mysql_rows_head head;
    dbw_mysql *database;
    MYSQL_STMT *statement;
    const char *sql;
    dbw_mysql_field *fields;
    dbw_value *values;
    dbw_arena *arena;
    size_t broken; /* 1 + the column whose value could not be read */
    bool ended;
} scan_rows;

/** Called by the client library for each value of a row; moves `*bytes` behind it. */
static void take_value(void *data, unsigned column, unsigned char **bytes)
{
    scan_rows *self = data;
    self->values[column] = DBW_NULL;
    if (!bytes || self->broken)
        return;
    /* The library has the whole row in its buffer, and says where that one ends. */
    size_t left = (size_t)(self->database->handle->net.buff_end - *bytes);
    size_t size = dbw_mysql_decode(&self->fields[column], *bytes, left, &self->values[column]);
    if (!size)
        self->broken = column + 1;
    *bytes += size;
}

static dbw_status next_row(dbw_rows *rows, const dbw_value **row, dbw_error *error)
{
    scan_rows *self = (scan_rows *)rows;
    *row = NULL;
    if (self->ended)
        return DBW_OK;
    int got = mysql_stmt_fetch(self->statement);
    if (got == MYSQL_NO_DATA) {
        self->ended = true;
        return DBW_OK;
    }
    if (got != 0 && got != MYSQL_DATA_TRUNCATED) {
        self->ended = true;
        return dbw_mysql_statement_failed(self->database, self->statement, self->sql, error);
    }
    if (self->broken)
        return dbw_fail(error, DBW_E_DATABASE,
                        "unable to read column '%.200s': the server sent what is no value of its "
                        "type",
                        rows->names[self->broken - 1]);
    *row = self->values;
    return DBW_OK;
}

/* What is left of a scan that ends half-way: a little is passed over, more is stopped. */
enum { ROWS_PASSED_OVER = 10000 };

static void close_rows(dbw_rows *rows)
{
    scan_rows *self = (scan_rows *)rows;
    for (int i = 0; !self->ended && i < ROWS_PASSED_OVER; i++)
        self->ended = mysql_stmt_fetch(self->statement) != 0;
    if (!self->ended)
        dbw_mysql_cancel(&self->database->base);
    mysql_stmt_free_result(self->statement);
    mysql_stmt_close(self->statement);
    if (!self->ended) {
        /* Where the statement ended before it was stopped, this one is stopped in its place. */
        mysql_real_query(self->database->handle, "DO 0", 4);
    }
    dbw_arena_free(self->arena);
}

static dbw_mysql_wire wire_of(const MYSQL_FIELD *field)
{
    switch ((int)field->type) {
    case MYSQL_TYPE_TINY:
        return DBW_MYSQL_WIRE_INT1;
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR:
        return DBW_MYSQL_WIRE_INT2;
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_INT24:
        return DBW_MYSQL_WIRE_INT4;
    case MYSQL_TYPE_LONGLONG:
        return DBW_MYSQL_WIRE_INT8;
    case MYSQL_TYPE_FLOAT:
        return DBW_MYSQL_WIRE_FLOAT;
    case MYSQL_TYPE_DOUBLE:
        return DBW_MYSQL_WIRE_DOUBLE;
    case MYSQL_TYPE_DATE:
        return DBW_MYSQL_WIRE_DATE;
    case MYSQL_TYPE_DATETIME:
        return DBW_MYSQL_WIRE_DATETIME;
    case MYSQL_TYPE_TIMESTAMP:
        return DBW_MYSQL_WIRE_TIMESTAMP;
    case MYSQL_TYPE_TIME:
        return DBW_MYSQL_WIRE_TIME;
    case MYSQL_TYPE_BIT:
        return DBW_MYSQL_WIRE_BIT;
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
        return DBW_MYSQL_WIRE_DECIMAL;
    case MYSQL_TYPE_JSON:
        return DBW_MYSQL_WIRE_TEXT;
    default:
        return field->charsetnr == BINARY_CHARSET ? DBW_MYSQL_WIRE_BYTES : DBW_MYSQL_WIRE_TEXT;
    }
}

static dbw_status set_up_fields(scan_rows *self, const dbw_scan *scan, dbw_error *error)
{
    MYSQL_RES *metadata = mysql_stmt_result_metadata(self->statement);
    if (!metadata)
        return dbw_mysql_statement_failed(self->database, self->statement, self->sql, error);
    const MYSQL_FIELD *fields = mysql_fetch_fields(metadata);
    for (size_t i = 0; i < scan->column_count; i++) {
        const dbw_type *type = &scan->table->columns[scan->columns[i]].type;
        dbw_mysql_field *field = &self->fields[i];
        field->wire = wire_of(&fields[i]);
        field->is_unsigned = (fields[i].flags & UNSIGNED_FLAG) != 0;
        field->bits = (int32_t)fields[i].length;
        field->intent = type->intent;
    }
    mysql_free_result(metadata);
    return DBW_OK;
}

static scan_rows *scan_rows_new(dbw_mysql *database, const dbw_scan *scan)
{
    dbw_arena *arena = dbw_arena_new();
    scan_rows *self = DBW_NEW(arena, scan_rows);
    const char **names = DBW_NEW_ARRAY(arena, scan->column_count + 1, const char *);
    for (size_t i = 0; i < scan->column_count; i++)
        names[i] = dbw_arena_string(arena, scan->table->columns[scan->columns[i]].name);
    *self = (scan_rows){
        .head = {.base = {.database = &database->base, .width = scan->column_count, .names = names},
                 .next = next_row,
                 .close = close_rows},
        .database = database,
        .fields = DBW_NEW_ARRAY(arena, scan->column_count + 1, dbw_mysql_field),
        .values = DBW_NEW_ARRAY(arena, scan->column_count + 1, dbw_value),
        .arena = arena,
    };
    return self;
}

static dbw_status start(scan_rows *self, const dbw_scan *scan, dbw_error *error)
{
    dbw_mysql_values values = {.arena = self->arena};
    dbw_buffer sql;
    dbw_buffer_init(&sql, STATEMENT_LIMIT);
    dbw_status status = build(&sql, scan, &values, error);
    if (status == DBW_OK) {
        self->sql = dbw_arena_printf(self->arena, "%.1000s", sql.data);
        status = dbw_mysql_prepare(self->database, sql.data, values.count, &self->statement, error);
    }
    dbw_buffer_free(&sql);
    DBW_TRY(status);
    mysql_stmt_attr_set(self->statement, STMT_ATTR_CB_USER_DATA, self);
    mysql_stmt_attr_set(self->statement, STMT_ATTR_CB_RESULT, (const void *)take_value);
    DBW_TRY(set_up_fields(self, scan, error));
    return dbw_mysql_run(self->database, self->statement, self->sql, values.items, values.count,
                         error);
}

dbw_status dbw_mysql_scan(dbw_database *base, const dbw_scan *scan, dbw_rows **out,
                          dbw_error *error)
{
    scan_rows *self = scan_rows_new((dbw_mysql *)base, scan);
    dbw_status status = start(self, scan, error);
    if (status == DBW_OK) {
        *out = &self->head.base;
        base->open_rows = *out;
        return DBW_OK;
    }
    *out = NULL;
    if (self->statement)
        mysql_stmt_close(self->statement);
    dbw_arena_free(self->arena);
    return status;
}
