/* SPDX-License-Identifier: Apache-2.0 */
/* Indexes of new tables: beginnings of long texts, predicates, expressions. */
#include "base/utf8.h"
#include "engine/mysql/fit_priv.h"
#include "engine/mysql/type.h"

/* A plain index needs no more than the beginning of a long text. */
static void cut_items(dbw_fit *fit, dbw_index *index)
{
    int64_t fixed = 0, flexible = 0;
    bool needed = false;
    for (size_t i = 0; i < index->item_count; i++) {
        const dbw_column *column =
            index->items[i].column ? dbw_table_column(fit->table, index->items[i].column) : NULL;
        if (!column)
            continue;
        int64_t bytes = dbw_mysql_key_bytes(&column->type);
        if (bytes > 4 * DBW_MYSQL_LENGTH_WISHED)
            flexible++;
        else
            fixed += bytes;
        needed |= bytes >= DBW_MYSQL_LONG;
    }
    int64_t each = flexible ? (DBW_MYSQL_KEY_BYTES - fixed) / flexible : 0;
    for (size_t i = 0; i < index->item_count && flexible; i++) {
        dbw_index_item *item = &index->items[i];
        const dbw_column *column = item->column ? dbw_table_column(fit->table, item->column) : NULL;
        if (!column || dbw_mysql_key_bytes(&column->type) <= 4 * DBW_MYSQL_LENGTH_WISHED)
            continue;
        int64_t most = each / dbw_mysql_unit(&column->type);
        if (dbw_mysql_key_bytes(&column->type) > each)
            item->prefix =
                (int32_t)(most < DBW_MYSQL_LENGTH_WISHED ? most : DBW_MYSQL_LENGTH_WISHED);
    }
    (void)needed;
}

bool dbw_mysql_index_names(const dbw_mysql_fitting *f, const dbw_index *index, dbw_names *out)
{
    out->items = DBW_NEW_ARRAY(f->arena, index->item_count + 1, const char *);
    out->count = 0;
    for (size_t i = 0; i < index->item_count; i++) {
        if (!index->items[i].column || index->items[i].prefix)
            return false;
        out->items[out->count++] = index->items[i].column;
    }
    return true;
}

/* --- unique over expressions and parts of the rows -------------------------------------------- */

enum { NAME_BYTES = 40 };

/* A name that no column of the table has. */
static const char *hidden_name(const dbw_mysql_fitting *f, const dbw_table *table,
                               const char *index)
{
    const char *base = index ? index : table->name;
    int length = (int)dbw_utf8_cut(base, strlen(base), NAME_BYTES);
    char *name = dbw_arena_printf(f->arena, "%.*s_value", length, base);
    for (int i = 2; dbw_table_column(table, name); i++)
        name = dbw_arena_printf(f->arena, "%.*s_value%d", length, base, i);
    return name;
}

static const char *quoted(const dbw_mysql_fitting *f, const char *name)
{
    dbw_buffer out;
    dbw_buffer_init(&out, 4096);
    dbw_quote_name(&dbw_engine_mysql, &out, name);
    const char *text = dbw_arena_text_string(f->arena, dbw_buffer_text(&out));
    dbw_buffer_free(&out);
    return text;
}

/* The column of "lower(`x`)" and "upper(`x`)": the value has its type. */
static const dbw_column *folded_column(const dbw_mysql_fitting *f, const dbw_table *table,
                                       const char *expression)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const char *name = quoted(f, table->columns[i].name);
        if (strcmp(expression, dbw_arena_printf(f->arena, "lower(%s)", name)) == 0 ||
            strcmp(expression, dbw_arena_printf(f->arena, "upper(%s)", name)) == 0)
            return &table->columns[i];
    }
    return NULL;
}

/* The type of a value of the column in a key; false when its values are too long for one. */
static bool value_type(const dbw_mysql_fitting *f, const dbw_fit *fit, const dbw_column *column,
                       dbw_type *out)
{
    size_t n = (size_t)(column - fit->table->columns);
    int64_t longest = n < fit->measured ? fit->measures[n].longest_characters : 0;
    *out = column->type;
    if (dbw_mysql_key_bytes(out) <= DBW_MYSQL_KEY_BYTES)
        return true;
    if (out->intent == DBW_INTENT_BYTES || longest > DBW_MYSQL_KEY_BYTES / DBW_MYSQL_CHAR_BYTES)
        return false;
    *out = dbw_mysql_varchar(f, longest > 255 ? DBW_MYSQL_KEY_BYTES / DBW_MYSQL_CHAR_BYTES : 255);
    return true;
}

/* A column that SELECT * does not show. */
static const char *add_hidden(const dbw_mysql_fitting *f, dbw_fit *fit, const char *index,
                              const char *expression, const dbw_column *like, dbw_type type)
{
    dbw_table *table = fit->table;
    dbw_column *columns = DBW_NEW_ARRAY(f->arena, table->column_count + 1, dbw_column);
    const char *name = hidden_name(f, table, index);
    dbw_column hidden = {.name = name,
                         .type = type,
                         .nullable = true,
                         .collation = like->collation,
                         .generated = DBW_GENERATED_STORED,
                         .generation = expression,
                         .invisible = true};
    memcpy(columns, table->columns, table->column_count * sizeof *columns);
    columns[table->column_count] = hidden;
    table->columns = columns;
    table->column_count++;
    return name;
}

/*
 * MariaDB has unique indexes over columns alone: the value goes into a hidden generated column. Of
 * a partial index the first column does, which is NULL where the predicate does not hold: rows with
 * a NULL in a unique key do not stand in each other's way.
 */
static const char *hide_value(const dbw_mysql_fitting *f, dbw_fit *fit, dbw_index *index, size_t n)
{
    dbw_index_item *item = &index->items[n];
    const char *where = n == 0 ? index->where : NULL;
    const dbw_column *column = item->column ? dbw_table_column(fit->table, item->column)
                                            : folded_column(f, fit->table, item->expression);
    const dbw_column *number = dbw_mysql_automatic(fit->table);
    dbw_type type;
    if (!column)
        return "no indexes over expressions";
    if (!value_type(f, fit, column, &type))
        return DBW_MYSQL_TOO_LONG;
    const char *value = item->column ? quoted(f, item->column) : item->expression;
    if (where)
        value = dbw_arena_printf(f->arena, "CASE WHEN %s THEN %s END", where, value);
    if (dbw_mysql_mentions(f, value, number))
        return "it speaks of the AUTO_INCREMENT column";
    if (!f->maria && f->version >= 80013) {
        *item = (dbw_index_item){.expression = value};
        return NULL;
    }
    if (!f->maria || f->version < 100300)
        return where ? "no partial indexes" : "no indexes over expressions";
    const char *name = add_hidden(f, fit, index->name, value, column, type);
    *item = (dbw_index_item){.column = name};
    f->tell(f->context, fit->table, index->name, value,
            dbw_arena_printf(f->arena, "the hidden column %s", name),
            "the value of a unique index that is over no plain column", false);
    return NULL;
}

/* Whether the index can be made, and how; the reason why not. */
static const char *settle(const dbw_mysql_fitting *f, dbw_fit *fit, dbw_index *index)
{
    const char *reason = NULL;
    for (size_t i = 0; i < index->item_count && !reason; i++) {
        bool expression = index->items[i].expression && (f->maria || f->version < 80013);
        if (index->unique && (expression || (index->where && i == 0)))
            reason = hide_value(f, fit, index, i);
        else if (expression)
            reason = "no indexes over expressions";
    }
    if (index->unique && !reason)
        index->where = NULL;
    return reason;
}

void dbw_mysql_fit_indexes(const dbw_mysql_fitting *f, dbw_fit *fit)
{
    dbw_table *table = fit->table;
    size_t kept = 0;
    dbw_names names;
    for (size_t i = 0; i < table->index_count; i++) {
        dbw_index index = table->indexes[i];
        const char *reason = fit->native ? NULL : settle(f, fit, &index);
        bool hashed = fit->native && dbw_mysql_hashes(f);
        if (!reason && !hashed && index.unique && dbw_mysql_index_names(f, &index, &names) &&
            !dbw_mysql_shorten(f, fit, &names) && !dbw_mysql_hashes(f))
            reason = DBW_MYSQL_TOO_LONG;
        if (reason) {
            f->tell(f->context, table, index.name,
                    dbw_arena_printf(f->arena, "%sINDEX %s", index.unique ? "UNIQUE " : "",
                                     index.name ? index.name : ""),
                    NULL, reason, true);
            continue;
        }
        if (index.where) {
            f->tell(f->context, table, index.name,
                    dbw_arena_printf(f->arena, "WHERE %s", index.where), NULL,
                    "no partial indexes: it covers all rows", false);
            index.where = NULL;
        }
        index.include.count = 0;
        table->indexes[kept++] = index;
    }
    table->index_count = kept;
    for (size_t i = 0; i < table->index_count; i++)
        if (!table->indexes[i].unique && !table->indexes[i].method && !fit->native)
            cut_items(fit, &table->indexes[i]);
}
