/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include "engine/mysql/mysql_priv.h"
/* clang-format on */
#include "engine/mysql/landing.h"

#include "engine/mysql/ddl.h"
#include "engine/mysql/map.h"

#include <time.h>

enum { SQL_LIMIT = 4 * 1024 * 1024, WRITERS = 32, WAIT_MS = 30000, PAUSE_MS = 50 };

/* --- the lock --------------------------------------------------------------------------------- */

/* Locks of the session (manual, GET_LOCK): they end with the connection, also when the client is
 * killed. One stands for the run; each writing connection holds another, as there are no shared
 * ones. 64 characters are the most. */
#define LOCK_NAME "CONCAT('dbwizard:', SHA1(DATABASE())"

static dbw_status ask(dbw_database *database, const char *sql, const dbw_value *parameter,
                      bool *yes, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_value got = DBW_NULL;
    dbw_status status =
        dbw_fetch_value(database, arena, sql, parameter, parameter ? 1 : 0, &got, error);
    *yes = got.kind == DBW_KIND_INT64 && got.int64 == 1;
    dbw_arena_free(arena);
    return status;
}

static dbw_status writers_gone(dbw_database *database, bool *gone, dbw_error *error)
{
    *gone = true;
    for (int i = 0; i < WRITERS && *gone; i++) {
        dbw_value slot = dbw_value_int(i);
        DBW_TRY(ask(database, "SELECT IS_FREE_LOCK(" LOCK_NAME ", ':', ?))", &slot, gone, error));
    }
    return DBW_OK;
}

static dbw_status lock(dbw_database *database, const char *namespace_ DBW_UNUSED, bool *taken,
                       dbw_error *error)
{
    dbw_deadline deadline = dbw_deadline_in(WAIT_MS);
    bool gone, ignored;
    /* A second for the server to notice that a killed client is gone. */
    DBW_TRY(ask(database, "SELECT GET_LOCK(" LOCK_NAME "), 1)", NULL, taken, error));
    if (!*taken)
        return DBW_OK;
    for (;;) {
        DBW_TRY(writers_gone(database, &gone, error));
        if (gone || dbw_deadline_left(deadline) == 0)
            break;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
    }
    *taken = gone;
    return gone ? DBW_OK
                : ask(database, "SELECT RELEASE_LOCK(" LOCK_NAME "))", NULL, &ignored, error);
}

static dbw_status join(dbw_database *database, const char *namespace_ DBW_UNUSED, dbw_error *error)
{
    bool taken = false;
    for (int i = 0; i < WRITERS && !taken; i++) {
        dbw_value slot = dbw_value_int(i);
        DBW_TRY(ask(database, "SELECT GET_LOCK(" LOCK_NAME ", ':', ?), 0)", &slot, &taken, error));
    }
    return DBW_OK;
}

/* --- triggers --------------------------------------------------------------------------------- */

/* Whether this account can bring a trigger back: another's needs a right of its own, and where the
 * server writes a binary log any of them may. */
static dbw_status may_create(dbw_database *database, bool *any, bool *others, dbw_error *error)
{
    DBW_TRY(ask(database,
                "SELECT COUNT(*) > 0 FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = "
                "CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''') AND PRIVILEGE_TYPE IN "
                "('SUPER', 'SET USER', 'SET_USER_ID', 'SET_ANY_DEFINER')",
                NULL, others, error));
    return ask(database,
               "SELECT @@log_bin = 0 OR @@log_bin_trust_function_creators = 1 OR (SELECT COUNT(*) "
               "FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = CONCAT('''', "
               "REPLACE(CURRENT_USER(), '@', '''@'''), '''') AND PRIVILEGE_TYPE = 'SUPER') > 0",
               NULL, any, error);
}

static void add_mode(dbw_buffer *sql, dbw_text mode)
{
    dbw_buffer_add_string(sql, "SET SESSION sql_mode = ");
    dbw_mysql_quote_text(sql, mode);
    dbw_buffer_add_string(sql, ";\n");
}

/* The trigger keeps the mode that it was made in. */
static dbw_status trigger_lift(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                               const char *name, dbw_lift *out, dbw_error *error)
{
    dbw_buffer sql;
    dbw_value *row, mode;
    dbw_buffer_init(&sql, SQL_LIMIT);
    dbw_buffer_add_string(&sql, "SHOW CREATE TRIGGER ");
    dbw_mysql_dialect.quote_name(&sql, name);
    dbw_status status = dbw_fetch_one(database, arena, sql.data, NULL, 0, &row, error);
    if (status == DBW_OK)
        status =
            dbw_fetch_value(database, arena, "SELECT @@SESSION.sql_mode", NULL, 0, &mode, error);
    dbw_buffer_clear(&sql);
    if (status == DBW_OK && (!row || !dbw_kind_has_text(row[2].kind) || !row[2].text.length)) {
        dbw_fail(error, DBW_E_DENIED, "unable to read trigger '%s' of table '%s'", name,
                 table->name);
        status = dbw_hint(error, "The account needs the TRIGGER privilege.");
    }
    if (status == DBW_OK) {
        dbw_buffer_add_string(&sql, "DROP TRIGGER IF EXISTS ");
        dbw_mysql_dialect.quote_name(&sql, name);
        const char *drop = dbw_arena_text_string(arena, dbw_buffer_text(&sql));
        dbw_buffer_add_string(&sql, ";\n");
        add_mode(&sql, row[1].text);
        dbw_buffer_add_text(&sql, row[2].text);
        dbw_buffer_add_string(&sql, ";\n");
        add_mode(&sql, mode.text);
        *out = (dbw_lift){.kind = "trigger",
                          .table = table->name,
                          .name = name,
                          .drop = drop,
                          .restore = dbw_arena_text_string(arena, dbw_buffer_text(&sql))};
        status = dbw_buffer_check(&sql, "trigger", error);
    }
    dbw_buffer_free(&sql);
    return status;
}

static dbw_status refuse(const dbw_table *table, const char *name, bool others, dbw_error *error)
{
    dbw_fail(error, DBW_E_DENIED,
             "unable to take trigger '%s' of table '%s' away for loading: the account could not "
             "bring it back",
             name, table->name);
    dbw_error_object(error, "%s", table->name);
    return dbw_hint(error, others ? "The server writes a binary log: set "
                                    "log_bin_trust_function_creators=1, or use an account with "
                                    "SUPER."
                                  : "It belongs to another account: use that account, or one with "
                                    "the right to set definers.");
}

typedef struct trigger {
    const char *name;
    bool own;
} trigger;

static dbw_status list_triggers(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                                trigger **out, size_t *count, dbw_error *error)
{
    dbw_value parameter = dbw_value_string(table->name);
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_fetch(database,
                      "SELECT TRIGGER_NAME, DEFINER = CURRENT_USER() FROM "
                      "information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND "
                      "EVENT_OBJECT_TABLE = ? ORDER BY ACTION_TIMING, EVENT_MANIPULATION, "
                      "ACTION_ORDER",
                      &parameter, 1, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row)
        *DBW_APPEND(arena, *out, *count) = (trigger){
            .name = dbw_arena_text_string(arena, row[0].text),
            .own = row[1].kind == DBW_KIND_INT64 && row[1].int64 == 1,
        };
    dbw_rows_close(rows);
    return status;
}

/* Without transactions nothing of what was loaded could be taken back or told from what was not. */
static dbw_status check_engine(dbw_database *database, const dbw_table *table, dbw_error *error)
{
    dbw_value engine = dbw_value_string(table->engine);
    bool able;
    if (!table->engine)
        return DBW_OK;
    DBW_TRY(ask(database,
                "SELECT COUNT(*) FROM information_schema.ENGINES WHERE ENGINE = ? AND TRANSACTIONS "
                "= 'YES'",
                &engine, &able, error));
    if (able)
        return DBW_OK;
    dbw_fail(error, DBW_E_REFUSED,
             "unable to fill table '%s': its storage engine %s knows no transactions", table->name,
             table->engine);
    dbw_error_object(error, "%s", table->name);
    return dbw_hint(error, "ALTER TABLE %s ENGINE=InnoDB;", table->name);
}

static dbw_status lifts(dbw_database *database, dbw_arena *arena, const dbw_table *table,
                        dbw_lift **out, size_t *count, bool *allowed, dbw_error *error)
{
    trigger *triggers = NULL;
    size_t trigger_count = 0;
    bool any, others;
    *out = NULL;
    *count = 0;
    *allowed = true;
    DBW_TRY(check_engine(database, table, error));
    DBW_TRY(list_triggers(database, arena, table, &triggers, &trigger_count, error));
    if (!trigger_count)
        return DBW_OK;
    DBW_TRY(may_create(database, &any, &others, error));
    for (size_t i = 0; i < trigger_count; i++) {
        if (!any || (!triggers[i].own && !others))
            return refuse(table, triggers[i].name, !any, error);
        DBW_TRY(trigger_lift(database, arena, table, triggers[i].name,
                             DBW_APPEND(arena, *out, *count), error));
    }
    return DBW_OK;
}

/* --- inserting what is missing ---------------------------------------------------------------- */

static void add_columns(dbw_buffer *sql, const dbw_table *table, const size_t *columns,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : "");
        dbw_mysql_dialect.quote_name(sql, table->columns[columns[i]].name);
    }
}

/* IGNORE would pass over more than broken keys, and alter values besides: a row that is there is
 * updated to what it is. */
static dbw_status render_insert(dbw_arena *arena, const dbw_table *table, const size_t *columns,
                                size_t column_count, const char *from_schema, const char *from,
                                bool missing_only, char **sql, dbw_error *error)
{
    dbw_buffer out;
    *sql = NULL;
    dbw_buffer_init(&out, SQL_LIMIT);
    dbw_buffer_add_string(&out, "INSERT INTO ");
    dbw_mysql_quote_qualified(&out, table->schema, table->name);
    dbw_buffer_add_string(&out, " (");
    add_columns(&out, table, columns, column_count);
    dbw_buffer_add_string(&out, ") SELECT ");
    add_columns(&out, table, columns, column_count);
    dbw_buffer_add_string(&out, " FROM ");
    dbw_mysql_quote_qualified(&out, from_schema, from);
    if (missing_only) {
        const char *name = table->columns[columns[0]].name;
        dbw_buffer_add_string(&out, " ON DUPLICATE KEY UPDATE ");
        dbw_mysql_quote_qualified(&out, table->name, name);
        dbw_buffer_add_string(&out, " = ");
        dbw_mysql_quote_qualified(&out, table->name, name);
    }
    dbw_status status = dbw_buffer_check(&out, "statement", error);
    if (status == DBW_OK)
        *sql = dbw_arena_text_string(arena, dbw_buffer_text(&out));
    dbw_buffer_free(&out);
    return status;
}

const dbw_landing dbw_mysql_landing = {
    .lock = lock, .join = join, .lifts = lifts, .render_insert = render_insert};
