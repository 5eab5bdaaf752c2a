/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sqlite/create_table.h"

#include "engine/sqlite/token.h"

#define AT dbw_sqlite_tokens_at
#define AT_CHAR dbw_sqlite_tokens_at_char
#define TAKE dbw_sqlite_tokens_take
#define TAKE_CHAR dbw_sqlite_tokens_take_char

typedef struct reader {
    dbw_sqlite_tokens tokens;
    dbw_arena *arena;
    dbw_sqlite_created_table *table;
    const char *sql;
    const char *constraint; /* the name given for what follows */
} reader;

static dbw_status fail_at(const reader *r, dbw_error *error)
{
    return dbw_fail(error, DBW_E_INVALID, "unable to read a table's definition at byte %zu",
                    (size_t)(r->tokens.now.text.data - r->sql));
}

static bool at_name(const reader *r)
{
    dbw_sqlite_token_kind kind = r->tokens.now.kind;
    return kind == DBW_SQLITE_WORD || kind == DBW_SQLITE_QUOTED || kind == DBW_SQLITE_STRING;
}

/* SQLite takes a string where a name belongs. */
static dbw_status read_name(reader *r, const char **out, dbw_error *error)
{
    if (!at_name(r))
        return fail_at(r, error);
    *out = dbw_sqlite_token_name(r->arena, r->tokens.now);
    dbw_sqlite_tokens_next(&r->tokens);
    return DBW_OK;
}

static dbw_status read_parentheses(reader *r, const char **out, dbw_error *error)
{
    dbw_text inside;
    if (!AT_CHAR(&r->tokens, '(') || !dbw_sqlite_tokens_parentheses(&r->tokens, &inside))
        return fail_at(r, error);
    *out = dbw_arena_text_string(r->arena, inside);
    return DBW_OK;
}

static void append_name(reader *r, dbw_names *names, const char *name)
{
    *DBW_APPEND(r->arena, names->items, names->count) = name;
}

/* ON CONFLICT word */
static void skip_conflict(reader *r)
{
    if (AT(&r->tokens, "ON") &&
        dbw_text_equal_nocase(dbw_sqlite_tokens_peek(&r->tokens).text, DBW_TEXT("CONFLICT"))) {
        dbw_sqlite_tokens_next(&r->tokens);
        dbw_sqlite_tokens_next(&r->tokens);
        dbw_sqlite_tokens_next(&r->tokens);
    }
}

static void skip_order(reader *r)
{
    if (!TAKE(&r->tokens, "ASC"))
        (void)TAKE(&r->tokens, "DESC");
}

/* One item of a key: a name, which SQLite takes in parentheses and behind its table's name too,
 * then perhaps COLLATE, ASC, DESC. */
static dbw_status read_key_item(reader *r, const char **out, bool *autoincrement, dbw_error *error)
{
    size_t depth = 0;
    while (TAKE_CHAR(&r->tokens, '('))
        depth++;
    DBW_TRY(read_name(r, out, error));
    while (TAKE_CHAR(&r->tokens, '.'))
        DBW_TRY(read_name(r, out, error));
    for (; depth || !(AT_CHAR(&r->tokens, ',') || AT_CHAR(&r->tokens, ')'));
         dbw_sqlite_tokens_next(&r->tokens)) {
        if (!at_name(r) && !AT_CHAR(&r->tokens, ')'))
            return fail_at(r, error);
        if (AT_CHAR(&r->tokens, ')'))
            depth--;
        else if (AT(&r->tokens, "AUTOINCREMENT") && autoincrement)
            *autoincrement = true;
    }
    return DBW_OK;
}

/* (name [COLLATE name] [ASC|DESC], …) */
static dbw_status read_columns(reader *r, dbw_names *out, bool *autoincrement, dbw_error *error)
{
    const char *name = NULL;
    if (!TAKE_CHAR(&r->tokens, '('))
        return fail_at(r, error);
    do {
        DBW_TRY(read_key_item(r, &name, autoincrement, error));
        append_name(r, out, name);
    } while (TAKE_CHAR(&r->tokens, ','));
    return TAKE_CHAR(&r->tokens, ')') ? DBW_OK : fail_at(r, error);
}

static dbw_sqlite_created_key *add_key(reader *r, bool primary)
{
    dbw_sqlite_created_table *table = r->table;
    dbw_sqlite_created_key *key = DBW_APPEND(r->arena, table->keys, table->key_count);
    *key = (dbw_sqlite_created_key){.name = r->constraint, .primary = primary};
    return key;
}

static dbw_status read_check(reader *r, dbw_error *error)
{
    dbw_sqlite_created_table *table = r->table;
    dbw_check check = {.name = r->constraint};
    DBW_TRY(read_parentheses(r, &check.expression, error));
    *DBW_APPEND(r->arena, table->checks, table->check_count) = check;
    skip_conflict(r);
    return DBW_OK;
}

static dbw_status read_action(reader *r, dbw_action *out, dbw_error *error)
{
    if (TAKE(&r->tokens, "CASCADE")) {
        *out = DBW_ACTION_CASCADE;
    } else if (TAKE(&r->tokens, "RESTRICT")) {
        *out = DBW_ACTION_RESTRICT;
    } else if (TAKE(&r->tokens, "NO")) {
        *out = DBW_ACTION_NO_ACTION;
        return TAKE(&r->tokens, "ACTION") ? DBW_OK : fail_at(r, error);
    } else if (TAKE(&r->tokens, "SET")) {
        bool null = TAKE(&r->tokens, "NULL");
        *out = null ? DBW_ACTION_SET_NULL : DBW_ACTION_SET_DEFAULT;
        return null || TAKE(&r->tokens, "DEFAULT") ? DBW_OK : fail_at(r, error);
    } else {
        return fail_at(r, error);
    }
    return DBW_OK;
}

/* [NOT] DEFERRABLE [INITIALLY DEFERRED|IMMEDIATE]; true when it was there. */
static bool read_deferral(reader *r, dbw_foreign_key *key)
{
    bool not =
        AT(&r->tokens, "NOT") &&
        dbw_text_equal_nocase(dbw_sqlite_tokens_peek(&r->tokens).text, DBW_TEXT("DEFERRABLE"));
    if (not )
        dbw_sqlite_tokens_next(&r->tokens);
    if (!TAKE(&r->tokens, "DEFERRABLE"))
        return false;
    bool deferred = false;
    if (TAKE(&r->tokens, "INITIALLY")) {
        deferred = TAKE(&r->tokens, "DEFERRED");
        if (!deferred)
            (void)TAKE(&r->tokens, "IMMEDIATE");
    }
    if (key) {
        key->deferrable = !not ;
        key->initially_deferred = !not &&deferred;
    }
    return true;
}

/* Behind REFERENCES. MATCH is read over: SQLite does nothing with it. */
static dbw_status read_references(reader *r, dbw_names columns, dbw_error *error)
{
    dbw_sqlite_created_table *table = r->table;
    dbw_foreign_key key = {.name = r->constraint, .columns = columns};
    const char *word;
    DBW_TRY(read_name(r, &key.referenced_table, error));
    if (AT_CHAR(&r->tokens, '('))
        DBW_TRY(read_columns(r, &key.referenced_columns, NULL, error));
    for (;;) {
        if (TAKE(&r->tokens, "MATCH")) {
            DBW_TRY(read_name(r, &word, error));
        } else if (TAKE(&r->tokens, "ON")) {
            dbw_action ignored = DBW_ACTION_NO_ACTION;
            dbw_action *action = TAKE(&r->tokens, "DELETE")   ? &key.on_delete
                                 : TAKE(&r->tokens, "UPDATE") ? &key.on_update
                                 : TAKE(&r->tokens, "INSERT") ? &ignored
                                                              : NULL;
            if (!action)
                return fail_at(r, error);
            DBW_TRY(read_action(r, action, error));
        } else {
            break;
        }
    }
    read_deferral(r, &key);
    *DBW_APPEND(r->arena, table->foreign_keys, table->foreign_key_count) = key;
    return DBW_OK;
}

/* A literal, a signed number, a name, or an expression in parentheses. */
static dbw_status skip_default(reader *r, dbw_error *error)
{
    dbw_text inside;
    while (TAKE_CHAR(&r->tokens, '+') || TAKE_CHAR(&r->tokens, '-'))
        continue;
    if (AT_CHAR(&r->tokens, '('))
        return dbw_sqlite_tokens_parentheses(&r->tokens, &inside) ? DBW_OK : fail_at(r, error);
    if (r->tokens.now.kind == DBW_SQLITE_END || r->tokens.now.kind == DBW_SQLITE_BAD ||
        r->tokens.now.kind == DBW_SQLITE_OTHER)
        return fail_at(r, error);
    dbw_sqlite_tokens_next(&r->tokens);
    return DBW_OK;
}

static dbw_status read_generation(reader *r, dbw_sqlite_created_column *column, dbw_error *error)
{
    DBW_TRY(read_parentheses(r, &column->generation, error));
    column->stored = TAKE(&r->tokens, "STORED");
    if (!column->stored)
        (void)TAKE(&r->tokens, "VIRTUAL");
    return DBW_OK;
}

static dbw_names just(reader *r, const char *name)
{
    dbw_names names = {0};
    append_name(r, &names, name);
    return names;
}

static dbw_status read_column_key(reader *r, dbw_sqlite_created_column *column, bool primary,
                                  dbw_error *error)
{
    if (primary && !TAKE(&r->tokens, "KEY"))
        return fail_at(r, error);
    add_key(r, primary)->columns = just(r, column->name);
    skip_order(r);
    skip_conflict(r);
    if (primary && TAKE(&r->tokens, "AUTOINCREMENT"))
        column->autoincrement = true;
    return DBW_OK;
}

/* One constraint of a column; `*more` is false when there is none here. */
static dbw_status read_column_constraint(reader *r, dbw_sqlite_created_column *column, bool *more,
                                         dbw_error *error)
{
    dbw_sqlite_tokens *t = &r->tokens;
    dbw_sqlite_created_table *table = r->table;
    *more = true;
    if (TAKE(t, "CONSTRAINT"))
        return read_name(r, &r->constraint, error);
    if (TAKE(t, "DEFAULT"))
        return skip_default(r, error);
    if (TAKE(t, "PRIMARY"))
        return read_column_key(r, column, true, error);
    if (TAKE(t, "UNIQUE"))
        return read_column_key(r, column, false, error);
    if (TAKE(t, "CHECK"))
        return read_check(r, error);
    if (TAKE(t, "REFERENCES"))
        return read_references(r, just(r, column->name), error);
    if (TAKE(t, "COLLATE"))
        return read_name(r, &column->collation, error);
    if (TAKE(t, "AS"))
        return read_generation(r, column, error);
    if (TAKE(t, "GENERATED"))
        return TAKE(t, "ALWAYS") && TAKE(t, "AS") ? read_generation(r, column, error)
                                                  : fail_at(r, error);
    /* Deferral may also stand on its own: it then belongs to the foreign key before it. */
    size_t count = table->foreign_key_count;
    if (read_deferral(r, count ? &table->foreign_keys[count - 1] : NULL))
        return DBW_OK;
    if (TAKE(t, "NULL") || (TAKE(t, "NOT") && TAKE(t, "NULL"))) {
        skip_conflict(r);
        return DBW_OK;
    }
    *more = false;
    return DBW_OK;
}

static bool starts_column_constraint(const reader *r)
{
    static const char *const words[] = {"CONSTRAINT", "DEFAULT", "NULL",       "NOT",
                                        "PRIMARY",    "UNIQUE",  "CHECK",      "REFERENCES",
                                        "COLLATE",    "AS",      "DEFERRABLE", NULL};
    for (size_t i = 0; words[i]; i++)
        if (AT(&r->tokens, words[i]))
            return true;
    return false;
}

/* GENERATED ALWAYS before AS is read as part of the type, as SQLite does. */
static dbw_status skip_type(reader *r, dbw_error *error)
{
    dbw_text inside;
    while (at_name(r) && !starts_column_constraint(r))
        dbw_sqlite_tokens_next(&r->tokens);
    if (AT_CHAR(&r->tokens, '(') && !dbw_sqlite_tokens_parentheses(&r->tokens, &inside))
        return fail_at(r, error);
    return DBW_OK;
}

static dbw_status read_column(reader *r, dbw_error *error)
{
    dbw_sqlite_created_table *table = r->table;
    dbw_sqlite_created_column column = {0};
    bool more = true;
    DBW_TRY(read_name(r, &column.name, error));
    DBW_TRY(skip_type(r, error));
    r->constraint = NULL;
    while (more) {
        const char *named = r->constraint;
        DBW_TRY(read_column_constraint(r, &column, &more, error));
        /* A name counts for the next constraint only. */
        if (r->constraint == named)
            r->constraint = NULL;
    }
    *DBW_APPEND(r->arena, table->columns, table->column_count) = column;
    return DBW_OK;
}

static dbw_status read_table_key(reader *r, bool primary, dbw_error *error)
{
    bool autoincrement = false;
    dbw_names columns = {0};
    dbw_sqlite_created_table *table = r->table;
    if (primary && !TAKE(&r->tokens, "KEY"))
        return fail_at(r, error);
    DBW_TRY(read_columns(r, &columns, primary ? &autoincrement : NULL, error));
    add_key(r, primary)->columns = columns;
    skip_conflict(r);
    for (size_t i = 0; autoincrement && i < table->column_count; i++)
        if (dbw_text_equal_nocase(dbw_text_of(table->columns[i].name),
                                  dbw_text_of(columns.items[0])))
            table->columns[i].autoincrement = true;
    return DBW_OK;
}

static dbw_status read_table_constraint(reader *r, dbw_error *error)
{
    dbw_sqlite_tokens *t = &r->tokens;
    dbw_names columns = {0};
    dbw_status status;
    if (TAKE(t, "CONSTRAINT"))
        return read_name(r, &r->constraint, error);
    if (TAKE(t, "PRIMARY"))
        status = read_table_key(r, true, error);
    else if (TAKE(t, "UNIQUE"))
        status = read_table_key(r, false, error);
    else if (TAKE(t, "CHECK"))
        status = read_check(r, error);
    else if (TAKE(t, "FOREIGN") && TAKE(t, "KEY")) {
        DBW_TRY(read_columns(r, &columns, NULL, error));
        status = TAKE(t, "REFERENCES") ? read_references(r, columns, error) : fail_at(r, error);
    } else {
        status = fail_at(r, error);
    }
    r->constraint = NULL;
    return status;
}

static bool starts_table_constraint(const reader *r)
{
    return AT(&r->tokens, "CONSTRAINT") || AT(&r->tokens, "PRIMARY") || AT(&r->tokens, "UNIQUE") ||
           AT(&r->tokens, "CHECK") || AT(&r->tokens, "FOREIGN");
}

/* Columns first, then constraints, between which the comma may be missing. */
static dbw_status read_body(reader *r, dbw_error *error)
{
    if (!TAKE_CHAR(&r->tokens, '('))
        return fail_at(r, error);
    do {
        if (r->table->column_count && starts_table_constraint(r))
            break;
        DBW_TRY(read_column(r, error));
    } while (TAKE_CHAR(&r->tokens, ','));
    r->constraint = NULL;
    while (!TAKE_CHAR(&r->tokens, ')')) {
        if (TAKE_CHAR(&r->tokens, ','))
            r->constraint = NULL;
        DBW_TRY(read_table_constraint(r, error));
    }
    return DBW_OK;
}

static dbw_status read_options(reader *r, dbw_error *error)
{
    do {
        if (TAKE(&r->tokens, "WITHOUT")) {
            const char *word;
            DBW_TRY(read_name(r, &word, error));
            r->table->without_rowid = true;
        } else if (TAKE(&r->tokens, "STRICT")) {
            r->table->strict = true;
        } else {
            break;
        }
    } while (TAKE_CHAR(&r->tokens, ','));
    (void)TAKE_CHAR(&r->tokens, ';');
    return r->tokens.now.kind == DBW_SQLITE_END ? DBW_OK : fail_at(r, error);
}

/* The name as in CREATE TABLE [IF NOT EXISTS] [schema.]name. */
static dbw_status read_object_name(reader *r, const char **out, dbw_error *error)
{
    if (AT(&r->tokens, "IF") &&
        dbw_text_equal_nocase(dbw_sqlite_tokens_peek(&r->tokens).text, DBW_TEXT("NOT"))) {
        dbw_sqlite_tokens_next(&r->tokens);
        if (!TAKE(&r->tokens, "NOT") || !TAKE(&r->tokens, "EXISTS"))
            return fail_at(r, error);
    }
    DBW_TRY(read_name(r, out, error));
    return TAKE_CHAR(&r->tokens, '.') ? read_name(r, out, error) : DBW_OK;
}

dbw_status dbw_sqlite_create_table_read(dbw_arena *arena, const char *sql,
                                        dbw_sqlite_created_table **out, dbw_error *error)
{
    reader r = {.arena = arena, .sql = sql, .table = DBW_NEW(arena, dbw_sqlite_created_table)};
    dbw_sqlite_tokens_init(&r.tokens, dbw_text_of(sql));
    if (!TAKE(&r.tokens, "CREATE"))
        return fail_at(&r, error);
    if (!TAKE(&r.tokens, "TEMP"))
        (void)TAKE(&r.tokens, "TEMPORARY");
    if (!TAKE(&r.tokens, "TABLE"))
        return fail_at(&r, error);
    DBW_TRY(read_object_name(&r, &r.table->name, error));
    DBW_TRY(read_body(&r, error));
    DBW_TRY(read_options(&r, error));
    *out = r.table;
    return DBW_OK;
}
