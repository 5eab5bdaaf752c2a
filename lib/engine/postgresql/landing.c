/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/postgresql/landing.h"

#include "engine/postgresql/dialect.h"
#include "engine/postgresql/postgresql_priv.h"
#include "engine/postgresql/queries.h"

#include <time.h>

enum { SQL_LIMIT = 4 * 1024 * 1024 };

/* Advisory locks of the session (manual, 9.27.10): they end with the connection, also when the
 * client is killed. The first number is "dbwi" in ASCII, or one more for the lock that writing
 * connections share; the second stands for the namespace. */
#define LOCK_KEYS(first)                                                                           \
    "(" first ", hashtext(coalesce(CAST(? AS text), CAST(current_schema() AS text), '')))"
#define HOLDER LOCK_KEYS("1684174697")
#define WRITERS LOCK_KEYS("1684174698")

enum { WAIT_MS = 30000, HOLDER_MS = 2000, PAUSE_MS = 50 };

static dbw_status try_lock(dbw_database *database, const char *sql, const char *namespace_,
                           bool *taken, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_value parameter = dbw_value_string(namespace_);
    dbw_value got = DBW_NULL;
    dbw_status status = dbw_fetch_value(database, arena, sql, &parameter, 1, &got, error);
    *taken = got.kind == DBW_KIND_BOOL && got.boolean;
    dbw_arena_free(arena);
    return status;
}

/* Names that the source's definitions leave unqualified mean the namespace that is written to. */
static dbw_status enter(dbw_database *database, const char *namespace_, dbw_error *error)
{
    dbw_buffer sql;
    if (!namespace_ || dbw_pg(database)->pooled)
        return DBW_OK;
    dbw_buffer_init(&sql, 4096);
    dbw_buffer_add_string(&sql, "SET search_path = ");
    dbw_pg_quote_name(&sql, namespace_);
    dbw_buffer_add_string(&sql, ", public");
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_pg_run(dbw_pg(database), sql.data, error);
    dbw_buffer_free(&sql);
    return status;
}

static dbw_status lock(dbw_database *database, const char *namespace_, bool *taken,
                       dbw_error *error)
{
    dbw_deadline deadline = dbw_deadline_in(WAIT_MS);
    bool ignored;
    DBW_TRY(enter(database, namespace_, error));
    /* Of a holder who was killed just now the server may not know yet. */
    for (dbw_deadline soon = dbw_deadline_in(HOLDER_MS);;) {
        DBW_TRY(try_lock(database, "SELECT pg_try_advisory_lock" HOLDER, namespace_, taken, error));
        if (*taken || dbw_deadline_left(soon) == 0)
            break;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
    }
    if (!*taken)
        return DBW_OK;
    for (;;) {
        DBW_TRY(
            try_lock(database, "SELECT pg_try_advisory_lock" WRITERS, namespace_, taken, error));
        if (*taken || dbw_deadline_left(deadline) == 0)
            break;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
    }
    if (!*taken)
        return try_lock(database, "SELECT pg_advisory_unlock" HOLDER, namespace_, &ignored, error);
    return try_lock(database, "SELECT pg_advisory_unlock" WRITERS, namespace_, &ignored, error);
}

static dbw_status join(dbw_database *database, const char *namespace_, dbw_error *error)
{
    bool taken;
    DBW_TRY(enter(database, namespace_, error));
    return try_lock(database, "SELECT pg_try_advisory_lock_shared" WRITERS, namespace_, &taken,
                    error);
}

static const char *text_of(dbw_arena *arena, const dbw_value *value)
{
    return dbw_kind_has_text(value->kind) ? dbw_arena_text_string(arena, value->text) : "";
}

static dbw_status read_lifts(dbw_rows *rows, dbw_arena *arena, dbw_lift **out, size_t *count,
                             bool *allowed, dbw_error *error)
{
    const dbw_value *row;
    for (;;) {
        DBW_TRY(dbw_rows_next(rows, &row, error));
        if (!row)
            return DBW_OK;
        *DBW_APPEND(arena, *out, *count) = (dbw_lift){.kind = text_of(arena, &row[0]),
                                                      .table = text_of(arena, &row[1]),
                                                      .name = text_of(arena, &row[2]),
                                                      .drop = text_of(arena, &row[3]),
                                                      .restore = text_of(arena, &row[4])};
        *allowed = *allowed && row[5].kind == DBW_KIND_BOOL && row[5].boolean;
    }
}

static dbw_status lifts(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                        dbw_lift **out, size_t *count, bool *allowed, dbw_error *error)
{
    dbw_buffer name;
    dbw_rows *rows;
    *out = NULL;
    *count = 0;
    *allowed = true;
    dbw_buffer_init(&name, 4096);
    dbw_pg_quote_qualified(&name, table->schema, table->name);
    dbw_value parameter = dbw_value_text(dbw_buffer_text(&name));
    dbw_value parameters[] = {parameter, parameter, parameter};
    dbw_status status = dbw_buffer_check(&name, "name", error);
    if (status == DBW_OK)
        status =
            dbw_fetch(database, dbw_pg_sql_lifts, parameters, DBW_COUNT(parameters), &rows, error);
    dbw_buffer_free(&name);
    if (status != DBW_OK)
        return status;
    status = read_lifts(rows, arena, out, count, allowed, error);
    dbw_rows_close(rows);
    return status;
}

static void add_columns(dbw_buffer *sql, const dbw_table *table, const size_t *columns,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : "");
        dbw_pg_quote_name(sql, table->columns[columns[i]].name);
    }
}

static dbw_status render_insert(dbw_arena *arena, const dbw_table *table, const size_t *columns,
                                size_t column_count, const char *from_schema, const char *from,
                                bool missing_only, char **sql, dbw_error *error)
{
    dbw_buffer out;
    *sql = NULL;
    dbw_buffer_init(&out, SQL_LIMIT);
    dbw_buffer_add_string(&out, "INSERT INTO ");
    dbw_pg_quote_qualified(&out, table->schema, table->name);
    dbw_buffer_add_string(&out, " (");
    add_columns(&out, table, columns, column_count);
    dbw_buffer_add_string(&out, ") OVERRIDING SYSTEM VALUE SELECT ");
    add_columns(&out, table, columns, column_count);
    dbw_buffer_add_string(&out, " FROM ");
    dbw_pg_quote_qualified(&out, from_schema, from);
    if (missing_only)
        dbw_buffer_add_string(&out, " ON CONFLICT DO NOTHING");
    dbw_status status = dbw_buffer_check(&out, "statement", error);
    if (status == DBW_OK)
        *sql = dbw_arena_text_string(arena, dbw_buffer_text(&out));
    dbw_buffer_free(&out);
    return status;
}

const dbw_landing dbw_pg_landing = {
    .lock = lock, .join = join, .lifts = lifts, .render_insert = render_insert};
