/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include "engine/mysql/mysql_priv.h"
/* clang-format on */
#include "engine/mysql/load.h"

#include "engine/mysql/ddl.h"
#include "engine/mysql/infile.h"
#include "engine/mysql/type.h"

#include <errmsg.h>
#include <mysqld_error.h>

/* A few rows come as one strict INSERT: they are those among which a bad one is looked for, and
 * its error says more than LOAD's warnings. */
enum { FEW_ROWS = 16, SQL_LIMIT = 1 << 20, INSERT_BYTES = 1 << 20, PACKET_MARGIN = 4096 };

/* MySQL's ER_CLIENT_LOCAL_FILES_DISABLED and MariaDB's ER_LOAD_INFILE_CAPABILITY_DISABLED, which
 * not every header knows. */
enum { MYSQL_INFILE_OFF = 3948, MARIADB_INFILE_OFF = 4166 };

struct dbw_load {
    dbw_mysql *database;
    dbw_arena *arena;
    const dbw_table *table; /* the caller's: it outlives the load, and so do its columns' names */
    const char *load_sql, *insert_sql;
    const char *const *before; /* per column: what stands before its quoted field */
    size_t width;
    dbw_buffer insert;
    int64_t rows;
    dbw_error failure; /* code DBW_OK while there is none */
    int64_t failed_row;
    const char *failed_column;
};

static const char geometry[] = "ST_GeomFromText('";

/* --- the beginning ---------------------------------------------------------------------------- */

static const dbw_column *column_at(const dbw_load_spec *spec, size_t i)
{
    return &spec->table->columns[spec->columns[i]];
}

/* Geometries come as well-known text, "SRID=4326;" in front of it unless that is 0: LOAD DATA has
 * to be told how to read it. */
static void add_columns(dbw_buffer *sql, const dbw_load_spec *spec, bool for_load)
{
    bool set = false;
    dbw_buffer_add_char(sql, '(');
    for (size_t i = 0; i < spec->column_count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : "");
        if (for_load && dbw_mysql_type_is_geometry(&column_at(spec, i)->type))
            dbw_buffer_printf(sql, "@g%zu", i);
        else
            dbw_mysql_dialect.quote_name(sql, column_at(spec, i)->name);
    }
    dbw_buffer_add_char(sql, ')');
    for (size_t i = 0; for_load && i < spec->column_count; i++) {
        if (!dbw_mysql_type_is_geometry(&column_at(spec, i)->type))
            continue;
        dbw_buffer_add_string(sql, set ? ", " : " SET ");
        dbw_mysql_dialect.quote_name(sql, column_at(spec, i)->name);
        dbw_buffer_printf(
            sql,
            " = ST_GeomFromText(SUBSTRING(@g%zu, IF(@g%zu LIKE 'SRID=%%', LOCATE(';', "
            "@g%zu) + 1, 1)), IF(@g%zu LIKE 'SRID=%%', CAST(SUBSTRING_INDEX("
            "SUBSTRING(@g%zu, 6), ';', 1) AS UNSIGNED), 0))",
            i, i, i, i, i);
        set = true;
    }
}

/* The text is converted into each column's character set; what is no character is taken byte by
 * byte, so that bytes arrive as they are. */
static dbw_status make_statements(dbw_load *load, const dbw_load_spec *spec, dbw_error *error)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, SQL_LIMIT);
    dbw_buffer_add_string(&sql, "LOAD DATA LOCAL INFILE 'dbwizard' INTO TABLE ");
    dbw_mysql_quote_qualified(&sql, spec->table->schema, spec->table->name);
    dbw_buffer_add_string(
        &sql, " CHARACTER SET utf8mb4 FIELDS TERMINATED BY '\\t' ENCLOSED BY '' ESCAPED "
              "BY '\\\\' LINES TERMINATED BY '\\n' STARTING BY '' ");
    add_columns(&sql, spec, true);
    load->load_sql = dbw_arena_text_string(load->arena, dbw_buffer_text(&sql));
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    dbw_buffer_clear(&sql);
    dbw_buffer_add_string(&sql, "INSERT INTO ");
    dbw_mysql_quote_qualified(&sql, spec->table->schema, spec->table->name);
    dbw_buffer_add_char(&sql, ' ');
    add_columns(&sql, spec, false);
    dbw_buffer_add_string(&sql, " VALUES ");
    load->insert_sql = dbw_arena_text_string(load->arena, dbw_buffer_text(&sql));
    dbw_buffer_free(&sql);
    return status;
}

/* What one statement and one row may have at the most. */
static dbw_status read_packet(dbw_mysql *database, dbw_arena *arena, dbw_error *error)
{
    dbw_value value;
    if (database->packet)
        return DBW_OK;
    DBW_TRY(dbw_fetch_value(&database->base, arena, "SELECT @@max_allowed_packet", NULL, 0, &value,
                            error));
    int64_t most = value.kind == DBW_KIND_INT64 ? value.int64 : INSERT_BYTES;
    database->packet = (size_t)(most > 2 * PACKET_MARGIN ? most - PACKET_MARGIN : most / 2);
    return DBW_OK;
}

dbw_status dbw_mysql_load_begin(dbw_database *base, const dbw_load_spec *spec, dbw_load **out,
                                dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_load *load = DBW_NEW(arena, dbw_load);
    const char **before = DBW_NEW_ARRAY(arena, spec->column_count + 1, const char *);
    *out = NULL;
    *load = (dbw_load){.database = (dbw_mysql *)base,
                       .arena = arena,
                       .table = spec->table,
                       .before = before,
                       .width = spec->column_count,
                       .failed_row = -1};
    for (size_t i = 0; i < spec->column_count; i++)
        before[i] = dbw_mysql_field_is_bytes(&column_at(spec, i)->type)     ? "_binary'"
                    : dbw_mysql_type_is_geometry(&column_at(spec, i)->type) ? geometry
                                                                            : "'";
    dbw_status status = read_packet(load->database, arena, error);
    if (status == DBW_OK)
        status = make_statements(load, spec, error);
    dbw_buffer_init(&load->insert, (size_t)5 << 30);
    if (status == DBW_OK)
        *out = load;
    else
        dbw_mysql_load_abort(load);
    return status;
}

/* --- what went wrong -------------------------------------------------------------------------- */

/* The number behind the last "row " of a server's message, from 0; -1: there is none. Messages come
 * in the server's language: without the word, the row stays unknown. */
static int64_t row_in(const char *message)
{
    const char *at = NULL;
    int64_t row;
    for (const char *p = strstr(message, "row "); p; p = strstr(p + 1, "row "))
        at = p + 4;
    if (!at || !dbw_text_to_int64((dbw_text){at, strspn(at, "0123456789")}, &row) || row < 1)
        return -1;
    return row - 1;
}

/* The column whose name the message has in quotes: 'a', or `app`.`t`.`a`. */
static const char *column_in(const dbw_table *table, const char *message)
{
    const char *found = NULL, *place = NULL;
    for (size_t i = 0; i < table->column_count; i++) {
        const char *name = table->columns[i].name;
        size_t length = strlen(name);
        for (const char *p = strstr(message, name); p && length; p = strstr(p + 1, name)) {
            bool quoted = p > message && (p[-1] == '\'' || p[-1] == '`') && p[length] == p[-1];
            bool after = strstr(message, "olumn ") && strstr(message, "olumn ") < p;
            if (quoted && after && (!place || p < place || p[-1] == '`')) {
                found = name;
                place = p;
            }
        }
    }
    return found;
}

static dbw_status refused(dbw_load *load, int64_t row, const char *message, dbw_error *error)
{
    load->failed_row = row < 0 ? -1 : load->rows + row;
    load->failed_column = column_in(load->table, message);
    if (load->failed_column)
        dbw_error_object(error, "%s.%s", load->table->name, load->failed_column);
    else
        dbw_error_object(error, "%s", load->table->name);
    load->failure = *error;
    return error->code;
}

/* Errors about a row, whatever SQLSTATE the servers give them. */
static bool about_row(unsigned number)
{
    static const unsigned numbers[] = {
        ER_DUP_ENTRY,
        ER_BAD_NULL_ERROR,
        ER_DATA_TOO_LONG,
        ER_WARN_DATA_OUT_OF_RANGE,
        WARN_DATA_TRUNCATED,
        ER_TRUNCATED_WRONG_VALUE,
        ER_TRUNCATED_WRONG_VALUE_FOR_FIELD,
        ER_NO_REFERENCED_ROW_2,
        ER_SIGNAL_EXCEPTION,
        ER_DUP_ENTRY_WITH_KEY_NAME,
        ER_NO_DEFAULT_FOR_FIELD,
        ER_CONSTRAINT_FAILED,
        ER_TOO_BIG_ROWSIZE,
        ER_INVALID_CHARACTER_STRING,
        3819, /* MySQL: ER_CHECK_CONSTRAINT_VIOLATED */
        3140, /* MySQL: ER_INVALID_JSON_TEXT */
    };
    for (size_t i = 0; i < DBW_COUNT(numbers); i++)
        if (numbers[i] == number)
            return true;
    return false;
}

static dbw_status failed(dbw_load *load, const char *sql, dbw_error *error)
{
    MYSQL *handle = load->database->handle;
    char message[MYSQL_ERRMSG_SIZE];
    bool row = about_row(mysql_errno(handle));
    snprintf(message, sizeof message, "%s", mysql_error(handle));
    dbw_mysql_failed(load->database, sql, error);
    if (row) {
        char sqlstate[sizeof error->sqlstate];
        memcpy(sqlstate, error->sqlstate, sizeof sqlstate);
        dbw_fail(error, DBW_E_DATA, "unable to write table '%s': %s", load->table->name, message);
        memcpy(error->sqlstate, sqlstate, sizeof sqlstate);
    }
    return refused(load, row ? row_in(message) : -1, message, error);
}

/* LOAD alters and leaves out with warnings alone; so do some INSERTs (digits behind the point). */
static dbw_status warned(dbw_load *load, size_t row_count, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    dbw_error ignored;
    char message[MYSQL_ERRMSG_SIZE] = "";
    if (dbw_mysql_fetch(&load->database->base, "SHOW WARNINGS", NULL, 0, &rows, &ignored) ==
        DBW_OK) {
        if (dbw_mysql_next(rows, &row, &ignored) == DBW_OK && row && dbw_kind_has_text(row[2].kind))
            snprintf(message, sizeof message, "%.*s", (int)row[2].text.length, row[2].text.data);
        dbw_mysql_rows_close(rows);
        load->database->base.open_rows = NULL;
    }
    dbw_fail(error, DBW_E_DATA, "unable to write table '%s': %s", load->table->name,
             message[0] ? message : "the server did not take every row");
    return refused(load, row_count == 1 ? 0 : row_in(message), message, error);
}

/* --- sending ---------------------------------------------------------------------------------- */

static dbw_status run(dbw_load *load, const char *sql, size_t length, size_t row_count,
                      const char *shown, dbw_error *error)
{
    MYSQL *handle = load->database->handle;
    if (mysql_real_query(handle, sql, length) != 0)
        return failed(load, shown, error);
    if ((size_t)mysql_affected_rows(handle) != row_count || mysql_warning_count(handle) != 0)
        return warned(load, row_count, error);
    load->rows += (int64_t)row_count;
    return DBW_OK;
}

static bool infile_refused(unsigned number)
{
    return number == ER_NOT_ALLOWED_COMMAND || number == MYSQL_INFILE_OFF ||
           number == MARIADB_INFILE_OFF || number == ER_OPTION_PREVENTS_STATEMENT ||
           number == CR_FILE_READ || number == ER_UNSUPPORTED_PS;
}

/* One block through LOAD DATA; `*off` when server or library do not let it. */
static dbw_status send_file(dbw_load *load, dbw_text rows, size_t row_count, bool *off,
                            dbw_error *error)
{
    dbw_mysql *database = load->database;
    database->infile.data = rows.data;
    database->infile.left = rows.length;
    dbw_status status =
        run(load, load->load_sql, strlen(load->load_sql), row_count, load->load_sql, error);
    database->infile.data = NULL;
    *off = status != DBW_OK && infile_refused(mysql_errno(database->handle)) &&
           database->infile.left == rows.length;
    if (!*off)
        return status;
    load->failure.code = DBW_OK;
    dbw_error_clear(error);
    return DBW_OK;
}

/* "SRID=4326;" at the beginning of a geometry: the digits; the position behind it, or `at`. */
static const char *take_srid(const char *at, const char *end, dbw_text *srid)
{
    static const char mark[] = "SRID=";
    size_t length = sizeof mark - 1;
    *srid = (dbw_text){0};
    if ((size_t)(end - at) <= length || memcmp(at, mark, length) != 0)
        return at;
    const char *from = at + length, *to = from;
    while (to < end && dbw_is_digit(*to))
        to++;
    if (to == from || to == end || *to != ';')
        return at;
    *srid = (dbw_text){from, (size_t)(to - from)};
    return to + 1;
}

static void end_value(dbw_buffer *sql, bool is_geometry, dbw_text srid)
{
    dbw_buffer_add_char(sql, '\'');
    if (srid.length) {
        dbw_buffer_add_char(sql, ',');
        dbw_buffer_add_text(sql, srid);
    }
    if (is_geometry)
        dbw_buffer_add_char(sql, ')');
}

/*
 * One encoded row as a parenthesis of VALUES; the position behind it. The escapes of LOAD DATA are
 * those of a string literal: quotes alone are to be added.
 */
static const char *add_row(dbw_load *load, const char *at, const char *end)
{
    dbw_buffer *sql = &load->insert;
    size_t column = 0;
    dbw_buffer_add_char(sql, '(');
    while (at < end) {
        bool null = end - at > 2 && at[0] == '\\' && at[1] == 'N';
        const char *before = load->before[column];
        dbw_buffer_add_string(sql, null ? "NULL" : before);
        dbw_text srid = {0};
        if (!null && before == geometry)
            at = take_srid(at, end, &srid);
        for (at += null ? 2 : 0; at < end && *at != '\t' && *at != '\n';) {
            size_t plain = 0;
            while (at + plain < end && at[plain] != '\t' && at[plain] != '\n' &&
                   at[plain] != '\'' && at[plain] != '\\')
                plain++;
            dbw_buffer_add(sql, at, plain);
            at += plain;
            if (at < end && *at == '\'') {
                dbw_buffer_add_string(sql, "''");
                at++;
            } else if (at + 1 < end && *at == '\\') {
                dbw_buffer_add(sql, at, 2);
                at += 2;
            }
        }
        if (!null)
            end_value(sql, before == geometry, srid);
        bool last = at >= end || *at == '\n';
        at++;
        if (last)
            break;
        dbw_buffer_add_char(sql, ',');
        column++;
    }
    dbw_buffer_add_char(sql, ')');
    return at;
}

static dbw_status flush_insert(dbw_load *load, size_t row_count, dbw_error *error)
{
    DBW_TRY(dbw_buffer_check(&load->insert, "statement", error));
    return run(load, load->insert.data, load->insert.length, row_count, load->insert_sql, error);
}

static dbw_status too_large(dbw_load *load, size_t row, dbw_error *error)
{
    dbw_fail(error, DBW_E_DATA,
             "unable to write table '%s': the row is larger than the server's max_allowed_packet",
             load->table->name);
    dbw_hint(error, "Raise max_allowed_packet on the server.");
    return refused(load, (int64_t)row, "", error);
}

static const char *row_end(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline + 1 : end;
}

static dbw_status send_inserts(dbw_load *load, dbw_text rows, size_t row_count, dbw_error *error)
{
    const char *at = rows.data, *end = rows.data + rows.length;
    size_t room = load->database->packet < INSERT_BYTES ? load->database->packet : INSERT_BYTES;
    size_t head = strlen(load->insert_sql), pending = 0;
    for (size_t n = 0; n < row_count; n++) {
        const char *next = row_end(at, end);
        size_t length = (size_t)(next - at);
        if (pending && load->insert.length + 2 * length + 64 > room) {
            DBW_TRY(flush_insert(load, pending, error));
            pending = 0;
        }
        if (!pending) {
            dbw_buffer_clear(&load->insert);
            dbw_buffer_add(&load->insert, load->insert_sql, head);
        } else {
            dbw_buffer_add_char(&load->insert, ',');
        }
        add_row(load, at, next);
        if (load->insert.length > load->database->packet)
            return too_large(load, pending, error);
        pending++;
        at = next;
    }
    return pending ? flush_insert(load, pending, error) : DBW_OK;
}

/* A row that no statement could carry could not be read back either. */
static bool find_large(const dbw_load *load, dbw_text rows, size_t row_count, size_t *row)
{
    const char *at = rows.data, *end = rows.data + rows.length;
    for (size_t n = 0; n < row_count && rows.length > load->database->packet; n++) {
        const char *next = row_end(at, end);
        size_t length = (size_t)(next - at), escapes = 0;
        *row = n;
        if (length > load->database->packet)
            for (const char *p = at; p < next; p++)
                if (*p == '\\') {
                    escapes++;
                    p++;
                }
        if (length - escapes > load->database->packet)
            return true;
        at = next;
    }
    return false;
}

dbw_status dbw_mysql_load_send(dbw_load *load, dbw_text rows, size_t row_count, dbw_error *error)
{
    dbw_mysql *database = load->database;
    bool off = false;
    size_t large;
    if (load->failure.code != DBW_OK) {
        *error = load->failure;
        return error->code;
    }
    if (find_large(load, rows, row_count, &large))
        return too_large(load, large, error);
    bool large_ones = rows.length > database->packet / 2;
    if (!database->infile.off && (row_count > FEW_ROWS || large_ones)) {
        DBW_TRY(send_file(load, rows, row_count, &off, error));
        if (!off)
            return DBW_OK;
        database->infile.off = true;
    }
    return send_inserts(load, rows, row_count, error);
}

/* --- the end ---------------------------------------------------------------------------------- */

dbw_status dbw_mysql_load_end(dbw_load *load, int64_t *rows, dbw_load_failure *failure,
                              dbw_error *error)
{
    dbw_status status = load->failure.code;
    if (rows)
        *rows = load->rows;
    if (failure)
        *failure = (dbw_load_failure){.row = load->failed_row, .column = load->failed_column};
    if (status != DBW_OK)
        *error = load->failure;
    dbw_mysql_load_abort(load);
    return status;
}

void dbw_mysql_load_abort(dbw_load *load)
{
    if (!load)
        return;
    dbw_buffer_free(&load->insert);
    dbw_arena_free(load->arena);
}

/* --- settings --------------------------------------------------------------------------------- */

/* A server that serves web pages gives up on locks sooner than suits a transfer. */
static const char settings[] =
    "SET SESSION foreign_key_checks = 0, sql_notes = 1, max_error_count = 64, "
    "innodb_lock_wait_timeout = 600, lock_wait_timeout = 600";

/* Lanes write beside each other: without the locks on gaps that REPEATABLE READ takes, they do not
 * stand in each other's way. A binary log of statements alone allows no other level
 * (manual, 5.4.4.2, error 1665). */
static dbw_status set_isolation(dbw_database *base, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_value statements;
    int64_t ignored;
    dbw_status status =
        dbw_fetch_value(base, arena, "SELECT @@log_bin AND @@binlog_format = 'STATEMENT'", NULL, 0,
                        &statements, error);
    if (status == DBW_OK && (statements.kind != DBW_KIND_INT64 || statements.int64 == 0))
        status = dbw_mysql_execute(base, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
                                   NULL, 0, &ignored, error);
    dbw_arena_free(arena);
    return status;
}

dbw_status dbw_mysql_load_session(dbw_database *base, dbw_error *error)
{
    int64_t ignored;
    dbw_error unknown;
    DBW_TRY(dbw_mysql_execute(base, settings, NULL, 0, &ignored, error));
    /* Older servers give the first TIMESTAMP of a table an ON UPDATE of their own; those that know
     * no other way do not know the setting. */
    dbw_status status = dbw_mysql_execute(base, "SET SESSION explicit_defaults_for_timestamp = 1",
                                          NULL, 0, &ignored, &unknown);
    (void)status;
    return set_isolation(base, error);
}
