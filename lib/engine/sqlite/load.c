/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading: rows are encoded into a form of our own (per value one byte of type, then 8 bytes, or a
 * 4-byte length and the bytes) and bound from there to one prepared INSERT, without copying.
 */
#include "engine/sqlite/bulk_priv.h"
#include "engine/sqlite/type.h"

#include <inttypes.h>

enum { SQL_LIMIT = 4 * 1024 * 1024 };

/* --- encoding --------------------------------------------------------------------------------- */

struct dbw_encoder {
    size_t width;
    const dbw_table *table;
    const size_t *columns;
    dbw_sqlite_affinity *affinities;
};

dbw_status dbw_sqlite_encoder_new(const dbw_load_spec *spec, dbw_encoder **out, dbw_error *error)
{
    dbw_encoder *encoder = calloc(1, sizeof *encoder);
    *out = NULL;
    if (encoder)
        encoder->affinities = calloc(spec->column_count + 1, sizeof(dbw_sqlite_affinity));
    if (!encoder || !encoder->affinities) {
        dbw_sqlite_encoder_free(encoder);
        return dbw_fail_memory(error);
    }
    encoder->width = spec->column_count;
    encoder->table = spec->table;
    encoder->columns = spec->columns;
    for (size_t i = 0; i < encoder->width; i++) {
        const char *spelling = spec->table->columns[spec->columns[i]].type.spelling;
        encoder->affinities[i] = dbw_sqlite_type_affinity(spelling ? spelling : "");
    }
    *out = encoder;
    return DBW_OK;
}

void dbw_sqlite_encoder_free(dbw_encoder *encoder)
{
    if (!encoder)
        return;
    free(encoder->affinities);
    free(encoder);
}

/* Whether a number of NUMERIC affinity would come back with all of its digits. */
static bool survives_as_number(dbw_text decimal)
{
    int64_t integer;
    int digits = 0, zeros = 0;
    if (dbw_text_to_int64(decimal, &integer))
        return true;
    for (size_t i = 0; i < decimal.length; i++) {
        char c = decimal.data[i];
        if (c == '0')
            zeros += digits > 0;
        else if (dbw_is_digit(c)) {
            digits += zeros + 1;
            zeros = 0;
        }
    }
    return digits <= DBW_SQLITE_DOUBLE_DIGITS;
}

static const char *cell_for(const dbw_value *value, dbw_sqlite_affinity affinity,
                            dbw_sqlite_cell *cell)
{
    if (value->kind == DBW_KIND_UINT64 && value->uint64 > INT64_MAX &&
        affinity == DBW_SQLITE_AFFINITY_TEXT) {
        int length = snprintf(cell->scratch, sizeof cell->scratch, "%" PRIu64, value->uint64);
        cell->type = SQLITE_TEXT;
        cell->text = (dbw_text){cell->scratch, (size_t)length};
        return NULL;
    }
    if (value->kind == DBW_KIND_DECIMAL && affinity != DBW_SQLITE_AFFINITY_TEXT &&
        affinity != DBW_SQLITE_AFFINITY_BLOB && !survives_as_number(value->text))
        return "SQLite would round it to 15 digits";
    return dbw_sqlite_cell_of(value, cell);
}

static void put_cell(dbw_buffer *out, const dbw_sqlite_cell *cell)
{
    dbw_buffer_add_char(out, (char)cell->type);
    if (cell->type == SQLITE_INTEGER) {
        dbw_buffer_add(out, &cell->integer, sizeof cell->integer);
    } else if (cell->type == SQLITE_FLOAT) {
        dbw_buffer_add(out, &cell->real, sizeof cell->real);
    } else if (cell->type != SQLITE_NULL) {
        uint32_t length = (uint32_t)cell->text.length;
        dbw_buffer_add(out, &length, sizeof length);
        dbw_buffer_add_text(out, cell->text);
    }
}

static dbw_status bad_value(dbw_encoder *encoder, size_t i, const dbw_buffer *out,
                            const char *reason, dbw_error *error)
{
    const char *name = encoder->table->columns[encoder->columns[i]].name;
    if (!reason)
        return dbw_buffer_check(out, "block of rows", error);
    dbw_fail(error, DBW_E_DATA, "unable to write column '%s' of table '%s': %s", name,
             encoder->table->name, reason);
    return dbw_error_object(error, "%s.%s", encoder->table->name, name);
}

dbw_status dbw_sqlite_encode_row(dbw_encoder *encoder, const dbw_value *values, dbw_buffer *out,
                                 size_t *bad_column, dbw_error *error)
{
    size_t start = out->length;
    for (size_t i = 0; i < encoder->width; i++) {
        dbw_sqlite_cell cell;
        const char *reason = cell_for(&values[i], encoder->affinities[i], &cell);
        if (!reason && (cell.type == SQLITE_TEXT || cell.type == SQLITE_BLOB) &&
            cell.text.length > INT32_MAX)
            reason = "it is longer than SQLite's 2147483647 bytes";
        if (!reason)
            put_cell(out, &cell);
        if (reason || out->failed) {
            *bad_column = i;
            dbw_status status = bad_value(encoder, i, out, reason, error);
            out->length = start;
            if (out->capacity)
                out->data[start] = '\0';
            return status;
        }
    }
    return DBW_OK;
}

/* --- loading ---------------------------------------------------------------------------------- */

struct dbw_load {
    dbw_sqlite *database;
    sqlite3_stmt *insert;
    const dbw_table *table;
    const size_t *columns;
    size_t width;
    int64_t rows;
    dbw_error failure; /* of the row that was refused; code DBW_OK while there is none */
    const char *failed_column;
};

static void build_insert(dbw_buffer *sql, const dbw_load_spec *spec)
{
    dbw_buffer_add_string(sql, "INSERT INTO ");
    dbw_sqlite_quote_name(sql, spec->table->name);
    dbw_buffer_add_string(sql, " (");
    for (size_t i = 0; i < spec->column_count; i++) {
        if (i)
            dbw_buffer_add_string(sql, ", ");
        dbw_sqlite_quote_name(sql, spec->table->columns[spec->columns[i]].name);
    }
    dbw_buffer_add_string(sql, ") VALUES (");
    for (size_t i = 0; i < spec->column_count; i++)
        dbw_buffer_add_string(sql, i ? ", ?" : "?");
    dbw_buffer_add_char(sql, ')');
}

dbw_status dbw_sqlite_load_begin(dbw_database *base, const dbw_load_spec *spec, dbw_load **out,
                                 dbw_error *error)
{
    dbw_buffer sql;
    *out = NULL;
    dbw_load *load = calloc(1, sizeof *load);
    if (!load)
        return dbw_fail_memory(error);
    load->database = dbw_sqlite_of(base);
    load->table = spec->table;
    load->columns = spec->columns;
    load->width = spec->column_count;
    dbw_sqlite_start(load->database);
    dbw_buffer_init(&sql, SQL_LIMIT);
    build_insert(&sql, spec);
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_sqlite_prepare(load->database, sql.data, &load->insert, error);
    dbw_buffer_free(&sql);
    if (status == DBW_OK)
        *out = load;
    else
        dbw_sqlite_load_abort(load);
    return status;
}

/* Binds one value; the position behind it, or NULL when the bytes end within it. */
static const char *bind_next(const dbw_load *load, int at, const char *from, const char *end,
                             int *code)
{
    dbw_sqlite_cell cell;
    uint32_t length;
    if (from == end)
        return NULL;
    cell.type = *from++;
    if (cell.type == SQLITE_INTEGER || cell.type == SQLITE_FLOAT) {
        if (end - from < 8)
            return NULL;
        memcpy(&cell.integer, from, 8);
        from += 8;
    } else if (cell.type != SQLITE_NULL) {
        if (end - from < 4)
            return NULL;
        memcpy(&length, from, 4);
        from += 4;
        if ((size_t)(end - from) < length)
            return NULL;
        cell.text = (dbw_text){from, length};
        from += length;
    }
    *code = dbw_sqlite_bind_cell(load->insert, at, &cell, SQLITE_STATIC);
    return from;
}

/* The column that a message like "NOT NULL constraint failed: t.c" names. */
static const char *column_in(const dbw_load *load, const char *message)
{
    const char *best = NULL;
    size_t length = strlen(message);
    for (size_t i = 0; i < load->width; i++) {
        const char *name = load->table->columns[load->columns[i]].name;
        size_t n = strlen(name);
        if (n < length && message[length - n - 1] == '.' &&
            strcmp(message + length - n, name) == 0 && (!best || n > strlen(best)))
            best = name;
    }
    return best;
}

static dbw_status refuse_row(dbw_load *load, int code, dbw_error *error)
{
    load->failed_column = column_in(load, sqlite3_errmsg(load->database->handle));
    dbw_sqlite_fail(load->database, code, NULL, error, "write table '%s'", load->table->name);
    if (load->failed_column)
        dbw_error_object(error, "%s.%s", load->table->name, load->failed_column);
    else
        dbw_error_object(error, "%s", load->table->name);
    load->failure = *error;
    return error->code;
}

dbw_status dbw_sqlite_load_send(dbw_load *load, dbw_text rows, size_t row_count, dbw_error *error)
{
    const char *at = rows.data, *end = rows.data + rows.length;
    if (load->failure.code != DBW_OK) {
        *error = load->failure;
        return error->code;
    }
    for (size_t n = 0; n < row_count; n++) {
        /* Between two statements an interrupt has no effect. */
        int code = atomic_load(&load->database->cancelled) ? SQLITE_INTERRUPT : SQLITE_OK;
        for (size_t i = 0; i < load->width && at && code == SQLITE_OK; i++)
            at = bind_next(load, (int)i + 1, at, end, &code);
        if (!at)
            return dbw_fail(error, DBW_E_INTERNAL, "unable to write table '%s': a row is cut off",
                            load->table->name);
        if (code == SQLITE_OK)
            code = sqlite3_step(load->insert);
        if (code != SQLITE_DONE)
            refuse_row(load, code, error);
        /* Returns the same code once more, which was told already. */
        (void)sqlite3_reset(load->insert);
        if (load->failure.code != DBW_OK)
            return load->failure.code;
        load->rows++;
    }
    return DBW_OK;
}

dbw_status dbw_sqlite_load_end(dbw_load *load, int64_t *rows, dbw_load_failure *failure,
                               dbw_error *error)
{
    dbw_status status = load->failure.code;
    *rows = load->rows;
    *failure = (dbw_load_failure){.row = -1};
    if (status != DBW_OK) {
        *error = load->failure;
        *failure = (dbw_load_failure){.row = load->rows, .column = load->failed_column};
    }
    dbw_sqlite_load_abort(load);
    return status;
}

void dbw_sqlite_load_abort(dbw_load *load)
{
    if (!load)
        return;
    sqlite3_finalize(load->insert);
    free(load);
}

dbw_status dbw_sqlite_load_session(dbw_database *base, dbw_error *error)
{
    dbw_sqlite *database = dbw_sqlite_of(base);
    /* The rows are copied as they are: what a trigger would do to them was done at the source. */
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    return dbw_sqlite_run(database, "PRAGMA foreign_keys = OFF; PRAGMA main.cache_size = -16384",
                          error);
}
