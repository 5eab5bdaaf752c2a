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
    const char *sql;
} reader;

static dbw_status fail_at(const reader *r, dbw_error *error)
{
    return dbw_fail(error, DBW_E_INVALID, "unable to read an index's definition at byte %zu",
                    (size_t)(r->tokens.now.text.data - r->sql));
}

static dbw_status read_name(reader *r, const char **out, dbw_error *error)
{
    dbw_sqlite_token_kind kind = r->tokens.now.kind;
    if (kind != DBW_SQLITE_WORD && kind != DBW_SQLITE_QUOTED && kind != DBW_SQLITE_STRING)
        return fail_at(r, error);
    *out = dbw_sqlite_token_name(r->arena, r->tokens.now);
    dbw_sqlite_tokens_next(&r->tokens);
    return DBW_OK;
}

/* Whether nothing but [COLLATE name] [ASC|DESC] [NULLS FIRST|LAST] stands from here on. */
static bool only_order_left(dbw_sqlite_tokens rest)
{
    if (TAKE(&rest, "COLLATE"))
        dbw_sqlite_tokens_next(&rest);
    if (!TAKE(&rest, "ASC"))
        (void)TAKE(&rest, "DESC");
    if (TAKE(&rest, "NULLS"))
        dbw_sqlite_tokens_next(&rest);
    return rest.now.kind == DBW_SQLITE_END;
}

static dbw_text cut_order(dbw_text item)
{
    dbw_sqlite_tokens tokens;
    const char *end = item.data;
    dbw_sqlite_tokens_init(&tokens, item);
    while (tokens.now.kind != DBW_SQLITE_END) {
        end = tokens.now.text.data + tokens.now.text.length;
        dbw_sqlite_tokens_next(&tokens);
        if (only_order_left(tokens))
            break;
    }
    return (dbw_text){item.data, (size_t)(end - item.data)};
}

static dbw_status read_items(reader *r, dbw_sqlite_created_index *index, dbw_error *error)
{
    size_t depth = 0;
    if (!TAKE_CHAR(&r->tokens, '('))
        return fail_at(r, error);
    const char *from = r->tokens.now.text.data;
    for (;; dbw_sqlite_tokens_next(&r->tokens)) {
        if (r->tokens.now.kind == DBW_SQLITE_END || r->tokens.now.kind == DBW_SQLITE_BAD)
            return fail_at(r, error);
        bool closing = AT_CHAR(&r->tokens, ')');
        if (depth == 0 && (closing || AT_CHAR(&r->tokens, ','))) {
            dbw_text item = {from, (size_t)(r->tokens.now.text.data - from)};
            *DBW_APPEND(r->arena, index->items, index->item_count) =
                dbw_arena_text_string(r->arena, cut_order(dbw_sqlite_trim(item)));
            from = r->tokens.at;
            if (closing)
                break;
        } else if (closing) {
            depth--;
        } else if (AT_CHAR(&r->tokens, '(')) {
            depth++;
        }
    }
    dbw_sqlite_tokens_next(&r->tokens);
    return DBW_OK;
}

static dbw_status read_where(reader *r, const char **out, dbw_error *error)
{
    const char *from = r->tokens.at;
    const char *end = from;
    while (r->tokens.now.kind != DBW_SQLITE_END && !AT_CHAR(&r->tokens, ';')) {
        if (r->tokens.now.kind == DBW_SQLITE_BAD)
            return fail_at(r, error);
        end = r->tokens.at;
        dbw_sqlite_tokens_next(&r->tokens);
    }
    *out = dbw_arena_text_string(r->arena, dbw_sqlite_trim((dbw_text){from, (size_t)(end - from)}));
    return DBW_OK;
}

dbw_status dbw_sqlite_create_index_read(dbw_arena *arena, const char *sql,
                                        dbw_sqlite_created_index **out, dbw_error *error)
{
    reader r = {.arena = arena, .sql = sql};
    dbw_sqlite_created_index *index = DBW_NEW(arena, dbw_sqlite_created_index);
    dbw_sqlite_tokens_init(&r.tokens, dbw_text_of(sql));
    if (!TAKE(&r.tokens, "CREATE"))
        return fail_at(&r, error);
    (void)TAKE(&r.tokens, "UNIQUE");
    if (!TAKE(&r.tokens, "INDEX"))
        return fail_at(&r, error);
    if (AT(&r.tokens, "IF") &&
        dbw_text_equal_nocase(dbw_sqlite_tokens_peek(&r.tokens).text, DBW_TEXT("NOT"))) {
        dbw_sqlite_tokens_next(&r.tokens);
        dbw_sqlite_tokens_next(&r.tokens);
        dbw_sqlite_tokens_next(&r.tokens);
    }
    DBW_TRY(read_name(&r, &index->name, error));
    if (TAKE_CHAR(&r.tokens, '.'))
        DBW_TRY(read_name(&r, &index->name, error));
    if (!TAKE(&r.tokens, "ON"))
        return fail_at(&r, error);
    DBW_TRY(read_name(&r, &index->table, error));
    DBW_TRY(read_items(&r, index, error));
    if (AT(&r.tokens, "WHERE"))
        DBW_TRY(read_where(&r, &index->where, error));
    (void)TAKE_CHAR(&r.tokens, ';');
    if (r.tokens.now.kind != DBW_SQLITE_END)
        return fail_at(&r, error);
    *out = index;
    return DBW_OK;
}
