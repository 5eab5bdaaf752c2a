/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What no single type can tell: which server it is, what stands in keys, how long the row gets.
 * Sources: MariaDB, "InnoDB Limitations" (3072 bytes of key), "VARCHAR" (65,535 bytes of row),
 * "Supported Character Sets and Collations"; MySQL 8.0 Reference Manual, 8.4.7 and 15.22.
 */
#include "base/utf8.h"
#include "engine/mysql/map.h"
#include "engine/mysql/type.h"

enum { KEY_LENGTH_WISHED = 255, TEXT_POINTER = 12, UUID_SINCE = 100700 };

typedef struct fitting {
    dbw_arena *arena;
    bool maria;
    int version;
    dbw_fit *tables;
    size_t count;
    dbw_fit_tell *tell;
    void *context;
} fitting;

/* --- collations ------------------------------------------------------------------------------- */

/* Exact: every difference of bytes counts, spaces at the end included (NO PAD). */
static const char *exact_collation(const fitting *f)
{
    if (f->maria)
        return f->version >= 100202 ? "utf8mb4_nopad_bin" : "utf8mb4_bin";
    return f->version >= 80017 ? "utf8mb4_0900_bin" : "utf8mb4_bin";
}

/* Case does not count, accents and spaces at the end do, where the server has such a one. */
static const char *nocase_collation(const fitting *f)
{
    if (f->maria)
        return f->version >= 101001   ? "utf8mb4_uca1400_nopad_as_ci"
               : f->version >= 100202 ? "utf8mb4_general_nopad_ci"
                                      : "utf8mb4_general_ci";
    return f->version >= 80000 ? "utf8mb4_0900_as_ci" : "utf8mb4_general_ci";
}

/* The other server's Unicode collations go by other names. */
static const char *known_collation(const fitting *f, const char *collation)
{
    bool sensitive = strstr(collation, "_bin") || strstr(collation, "_as_cs");
    if (f->maria && strstr(collation, "utf8mb4_0900"))
        return sensitive ? exact_collation(f)
               : strstr(collation, "_as_ci") || f->version < 100202
                   ? nocase_collation(f)
                   : "utf8mb4_unicode_520_nopad_ci";
    if (!f->maria && (strstr(collation, "nopad") || strstr(collation, "uca1400")))
        return sensitive                                                 ? exact_collation(f)
               : f->version < 80000                                      ? "utf8mb4_unicode_520_ci"
               : strstr(collation, "_ai_ci") || strstr(collation, "520") ? "utf8mb4_0900_ai_ci"
                                                                         : nocase_collation(f);
    return collation;
}

static void fit_collation(const fitting *f, dbw_column *column)
{
    if (!dbw_mysql_is_text(&column->type)) {
        column->collation = NULL;
        return;
    }
    column->collation = !column->collation ? exact_collation(f)
                        : strcmp(column->collation, DBW_COLLATION_NOCASE) == 0
                            ? nocase_collation(f)
                            : known_collation(f, column->collation);
}

/* --- single columns --------------------------------------------------------------------------- */

static void retype(const fitting *f, const dbw_fit *fit, dbw_column *column, dbw_type type,
                   const char *reason)
{
    const char *before = column->type.spelling;
    column->type = type;
    if (strcmp(before, type.spelling) != 0)
        f->tell(f->context, fit->table, column->name, before, type.spelling, reason, false);
}

static dbw_type varchar_of(const fitting *f, int64_t length)
{
    return (dbw_type){.intent = DBW_INTENT_VARCHAR,
                      .length = (int32_t)length,
                      .spelling = dbw_arena_printf(f->arena, "varchar(%d)", (int)length)};
}

static dbw_type varbinary_of(const fitting *f, int64_t length)
{
    return (dbw_type){.intent = DBW_INTENT_BYTES,
                      .length = (int32_t)length,
                      .spelling = dbw_arena_printf(f->arena, "varbinary(%d)", (int)length)};
}

/* TIMESTAMP ends in 2038 and knows no time before 1970: DATETIME holds the others, in UTC. */
static void fit_moments(const fitting *f, const dbw_fit *fit, size_t n)
{
    dbw_column *column = &fit->table->columns[n];
    const dbw_measure *measure = &fit->measures[n];
    dbw_limits limits;
    if (column->type.intent != DBW_INTENT_TIMESTAMPTZ ||
        !dbw_mysql_type_is(&column->type, "timestamp") || !measure->moments)
        return;
    dbw_mysql_limits(&column->type, &limits);
    if (measure->moment_least >= limits.least && measure->moment_most <= limits.most)
        return;
    dbw_type type = column->type;
    type.spelling =
        dbw_arena_printf(f->arena, type.precision ? "datetime(%d)" : "datetime", type.precision);
    retype(f, fit, column, type, "a timestamp holds 1970 to 2038 only: datetime in UTC");
}

/* A decimal without declared digits gets those that were seen, and some more. */
static void fit_digits(const fitting *f, const dbw_fit *fit, size_t n)
{
    dbw_column *column = &fit->table->columns[n];
    const dbw_measure *measure = &fit->measures[n];
    dbw_type type = column->type;
    if (type.intent != DBW_INTENT_DECIMAL || type.precision != 65 || type.scale != 30)
        return;
    int scale = measure->fraction_digits <= 6 ? 6 : measure->fraction_digits <= 12 ? 12 : 30;
    if (measure->fraction_digits > 30 || measure->whole_digits > 65 - scale) {
        retype(f, fit, column, (dbw_type){.intent = DBW_INTENT_TEXT, .spelling = "longtext"},
               "more digits than decimal(65,30) has");
        return;
    }
    type.scale = (int16_t)scale;
    type.spelling = dbw_arena_printf(f->arena, "decimal(65,%d)", scale);
    retype(f, fit, column, type, "no decimal without a limit");
}

static void fit_column(const fitting *f, const dbw_fit *fit, size_t n)
{
    dbw_column *column = &fit->table->columns[n];
    bool has_uuid = f->maria && f->version >= UUID_SINCE;
    if (column->type.intent == DBW_INTENT_UUID && !has_uuid &&
        dbw_mysql_type_is(&column->type, "uuid")) {
        dbw_type type = column->type;
        type.spelling = "char(36)";
        retype(f, fit, column, type, "this server has no type for UUIDs");
    }
    if (fit->native)
        return;
    fit_moments(f, fit, n);
    fit_digits(f, fit, n);
}

/* --- keys ------------------------------------------------------------------------------------- */

/* The most bytes that a column takes in a key; LONG for those without a length. */
enum { LONG = 1 << 20 };

static int64_t key_bytes(const dbw_type *type)
{
    if (dbw_mysql_is_blob(type))
        return LONG;
    if (dbw_mysql_type_is(type, "varchar") || dbw_mysql_type_is(type, "char"))
        return (int64_t)(type->length > 0 ? type->length : 36) * DBW_MYSQL_CHAR_BYTES;
    if (dbw_mysql_type_is(type, "varbinary") || dbw_mysql_type_is(type, "binary"))
        return type->length;
    if (type->intent == DBW_INTENT_DECIMAL)
        return 30;
    return type->intent == DBW_INTENT_UUID ? 16 : 8;
}

/* Its length can be chosen. */
static bool elastic(const dbw_type *type)
{
    return dbw_mysql_is_blob(type)
               ? type->intent == DBW_INTENT_TEXT || type->intent == DBW_INTENT_BYTES ||
                     type->intent == DBW_INTENT_VARCHAR
               : dbw_mysql_type_is(type, "varchar") || dbw_mysql_type_is(type, "varbinary");
}

static int64_t unit(const dbw_type *type)
{
    return type->intent == DBW_INTENT_BYTES ? 1 : DBW_MYSQL_CHAR_BYTES;
}

static int64_t longest(const dbw_fit *fit, int n)
{
    const dbw_measure *measure = &fit->measures[n];
    return fit->table->columns[n].type.intent == DBW_INTENT_BYTES ? measure->longest_bytes
                                                                  : measure->longest_characters;
}

/* Makes the key's columns short enough for one index; false when their values are too long. */
static bool shorten(const fitting *f, dbw_fit *fit, const dbw_names *columns)
{
    int64_t fixed = 0, needed = 0, flexible = 0;
    bool too_long = false;
    for (size_t i = 0; i < columns->count; i++) {
        int n = dbw_table_column_index(fit->table, columns->items[i]);
        const dbw_type *type = n < 0 ? NULL : &fit->table->columns[n].type;
        if (!type)
            continue;
        too_long |= key_bytes(type) >= LONG;
        fixed += elastic(type) ? 0 : key_bytes(type);
        flexible += elastic(type);
        needed += elastic(type) ? key_bytes(type) : 0;
    }
    if (fixed + needed <= DBW_MYSQL_KEY_BYTES && !too_long)
        return true;
    int64_t left = DBW_MYSQL_KEY_BYTES - fixed, wish = 0;
    for (size_t i = 0; i < columns->count; i++) {
        int n = dbw_table_column_index(fit->table, columns->items[i]);
        if (n >= 0 && elastic(&fit->table->columns[n].type))
            wish +=
                (longest(fit, n) > 0 ? longest(fit, n) : 1) * unit(&fit->table->columns[n].type);
    }
    if (flexible == 0 || wish > left)
        return false;
    int64_t spare = (left - wish) / flexible;
    for (size_t i = 0; i < columns->count; i++) {
        int n = dbw_table_column_index(fit->table, columns->items[i]);
        dbw_column *column = n < 0 ? NULL : &fit->table->columns[n];
        if (!column || !elastic(&column->type))
            continue;
        int64_t seen = longest(fit, n) > 0 ? longest(fit, n) : 1;
        int64_t length = seen + spare / unit(&column->type);
        int64_t declared = dbw_mysql_is_blob(&column->type) ? 0 : column->type.length;
        if (length > KEY_LENGTH_WISHED && seen <= KEY_LENGTH_WISHED)
            length = KEY_LENGTH_WISHED;
        if (declared && declared < length)
            continue;
        retype(f, fit, column,
               column->type.intent == DBW_INTENT_BYTES ? varbinary_of(f, length)
                                                       : varchar_of(f, length),
               "a key takes text of limited length only");
    }
    return true;
}

static const char *list_of(const fitting *f, const dbw_names *names)
{
    const char *list = "";
    for (size_t i = 0; i < names->count; i++)
        list = dbw_arena_printf(f->arena, "%s%s%s", list, i ? ", " : "", names->items[i]);
    return list;
}

static const char too_long[] = "its values are longer than the 3072 bytes that a key may have";

/* MariaDB 10.4 keeps unique keys of any length by a hash; MySQL has nothing of the kind. */
static bool hashes(const fitting *f)
{
    return f->maria && f->version >= 100400;
}

static void fit_primary(const fitting *f, dbw_fit *fit)
{
    dbw_table *table = fit->table;
    dbw_key *key = table->primary_key;
    if (!key || shorten(f, fit, &key->columns))
        return;
    const char *before = dbw_arena_printf(f->arena, "PRIMARY KEY (%s)", list_of(f, &key->columns));
    if (hashes(f)) {
        *DBW_APPEND(f->arena, table->uniques, table->unique_count) = *key;
        f->tell(f->context, table, key->name, before,
                dbw_arena_printf(f->arena, "UNIQUE (%s)", list_of(f, &key->columns)), too_long,
                false);
    } else {
        f->tell(f->context, table, key->name, before, NULL, too_long, true);
    }
    table->primary_key = NULL;
}

static void fit_uniques(const fitting *f, dbw_fit *fit)
{
    dbw_table *table = fit->table;
    size_t kept = 0;
    for (size_t i = 0; i < table->unique_count; i++) {
        dbw_key key = table->uniques[i];
        if (shorten(f, fit, &key.columns) || hashes(f))
            table->uniques[kept++] = key;
        else
            f->tell(f->context, table, key.name,
                    dbw_arena_printf(f->arena, "UNIQUE (%s)", list_of(f, &key.columns)), NULL,
                    too_long, true);
    }
    table->unique_count = kept;
}

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
        int64_t bytes = key_bytes(&column->type);
        if (bytes > 4 * KEY_LENGTH_WISHED)
            flexible++;
        else
            fixed += bytes;
        needed |= bytes >= LONG;
    }
    int64_t each = flexible ? (DBW_MYSQL_KEY_BYTES - fixed) / flexible : 0;
    for (size_t i = 0; i < index->item_count && flexible; i++) {
        dbw_index_item *item = &index->items[i];
        const dbw_column *column = item->column ? dbw_table_column(fit->table, item->column) : NULL;
        if (!column || key_bytes(&column->type) <= 4 * KEY_LENGTH_WISHED)
            continue;
        int64_t most = each / unit(&column->type);
        if (key_bytes(&column->type) > each)
            item->prefix = (int32_t)(most < KEY_LENGTH_WISHED ? most : KEY_LENGTH_WISHED);
    }
    (void)needed;
}

static bool index_names(const fitting *f, const dbw_index *index, dbw_names *out)
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

/* What the servers have not: predicates, expressions (MariaDB), columns that are only included. */
static const char *refusal(const fitting *f, const dbw_index *index)
{
    if (index->where && index->unique)
        return "no partial indexes";
    for (size_t i = 0; i < index->item_count; i++)
        if (index->items[i].expression && (f->maria || f->version < 80013))
            return "no indexes over expressions";
    return NULL;
}

static void fit_indexes(const fitting *f, dbw_fit *fit)
{
    dbw_table *table = fit->table;
    size_t kept = 0;
    dbw_names names;
    for (size_t i = 0; i < table->index_count; i++) {
        dbw_index index = table->indexes[i];
        const char *reason = refusal(f, &index);
        if (!reason && index.unique && index_names(f, &index, &names) && !shorten(f, fit, &names) &&
            !hashes(f))
            reason = too_long;
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
        if (index.include.count) {
            f->tell(f->context, table, index.name,
                    dbw_arena_printf(f->arena, "INCLUDE (%s)", list_of(f, &index.include)), NULL,
                    "no included columns", false);
            index.include.count = 0;
        }
        table->indexes[kept++] = index;
    }
    table->index_count = kept;
    for (size_t i = 0; i < table->index_count; i++)
        if (!table->indexes[i].unique && !table->indexes[i].method)
            cut_items(fit, &table->indexes[i]);
}

/* --- foreign keys ----------------------------------------------------------------------------- */

static dbw_fit *table_named(const fitting *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->tables[i].table->name, name) == 0)
            return &f->tables[i];
    return NULL;
}

/* InnoDB compares both sides by the parent's collation, and wants them to have the same. */
static bool join_collations(dbw_table *child, const dbw_table *parent, const dbw_foreign_key *key)
{
    for (size_t i = 0; i < key->columns.count; i++) {
        dbw_column *mine = dbw_table_column(child, key->columns.items[i]);
        const dbw_column *theirs = dbw_table_column(parent, key->referenced_columns.items[i]);
        if (!mine || !theirs || dbw_mysql_is_blob(&mine->type) || dbw_mysql_is_blob(&theirs->type))
            return false;
        if (dbw_mysql_is_text(&mine->type))
            mine->collation = theirs->collation;
    }
    return true;
}

static bool begins_with(const dbw_names *key, const dbw_names *wanted)
{
    bool same = key->count >= wanted->count;
    for (size_t i = 0; same && i < wanted->count; i++)
        same = strcmp(key->items[i], wanted->items[i]) == 0;
    return same;
}

/* The parent needs an index whose first columns they are; every key of the source is one. */
static bool indexed(const fitting *f, const dbw_table *table, const dbw_names *columns)
{
    dbw_names names;
    if (table->primary_key && begins_with(&table->primary_key->columns, columns))
        return true;
    for (size_t i = 0; i < table->unique_count; i++)
        if (begins_with(&table->uniques[i].columns, columns))
            return true;
    for (size_t i = 0; i < table->index_count; i++)
        if (index_names(f, &table->indexes[i], &names) && begins_with(&names, columns))
            return true;
    return false;
}

static void fit_foreign_keys(const fitting *f, dbw_fit *fit)
{
    dbw_table *table = fit->table;
    size_t kept = 0;
    for (size_t i = 0; i < table->foreign_key_count; i++) {
        dbw_foreign_key key = table->foreign_keys[i];
        dbw_fit *parent = table_named(f, key.referenced_table);
        const char *reason = NULL;
        if (!shorten(f, fit, &key.columns))
            reason = too_long;
        else if (!parent || !indexed(f, parent->table, &key.referenced_columns))
            reason = "what it refers to has no key";
        else if (!join_collations(table, parent->table, &key))
            reason = "long text cannot refer to other tables";
        if (reason) {
            f->tell(f->context, table, key.name,
                    dbw_arena_printf(f->arena, "FOREIGN KEY (%s) REFERENCES %s",
                                     list_of(f, &key.columns), key.referenced_table),
                    NULL, reason, true);
            continue;
        }
        if (key.deferrable)
            f->tell(f->context, table, key.name, "DEFERRABLE", NULL,
                    "InnoDB checks foreign keys at once", true);
        if (key.on_delete == DBW_ACTION_SET_DEFAULT || key.on_update == DBW_ACTION_SET_DEFAULT)
            f->tell(f->context, table, key.name, "SET DEFAULT", "NO ACTION",
                    "InnoDB has no SET DEFAULT", true);
        key.deferrable = key.initially_deferred = key.match_full = false;
        table->foreign_keys[kept++] = key;
    }
    table->foreign_key_count = kept;
}

/* --- the row ---------------------------------------------------------------------------------- */

static int64_t row_bytes(const dbw_type *type)
{
    return dbw_mysql_is_blob(type) ? TEXT_POINTER : key_bytes(type) + 2;
}

static bool in_key(const dbw_table *table, const char *column)
{
    const dbw_key *keys[2] = {table->primary_key, NULL};
    for (size_t k = 0; k < table->unique_count + table->foreign_key_count + 1; k++) {
        const dbw_names *names = k < table->unique_count ? &table->uniques[k].columns
                                 : k < table->unique_count + table->foreign_key_count
                                     ? &table->foreign_keys[k - table->unique_count].columns
                                 : keys[0] ? &keys[0]->columns
                                           : NULL;
        for (size_t i = 0; names && i < names->count; i++)
            if (strcmp(names->items[i], column) == 0)
                return true;
    }
    for (size_t k = 0; k < table->index_count; k++)
        for (size_t i = 0; i < table->indexes[k].item_count; i++)
            if (table->indexes[k].items[i].column &&
                strcmp(table->indexes[k].items[i].column, column) == 0)
                return true;
    return false;
}

/* The longest of the declared texts move out of the row until it is short enough. */
static void fit_row(const fitting *f, dbw_fit *fit)
{
    dbw_table *table = fit->table;
    for (;;) {
        int64_t all = (int64_t)table->column_count / 8 + 1, most = 0;
        dbw_column *widest = NULL;
        for (size_t i = 0; i < table->column_count; i++) {
            dbw_column *column = &table->columns[i];
            int64_t bytes = row_bytes(&column->type);
            all += bytes;
            if (elastic(&column->type) && bytes > most && bytes > 256 &&
                !in_key(table, column->name)) {
                widest = column;
                most = bytes;
            }
        }
        if (all <= DBW_MYSQL_ROW_BYTES || !widest)
            return;
        dbw_type type = widest->type;
        type.spelling = type.intent == DBW_INTENT_BYTES ? "mediumblob" : "mediumtext";
        retype(f, fit, widest, type, "the row has no room for it");
    }
}

/* --- all -------------------------------------------------------------------------------------- */

static const dbw_column *automatic(const dbw_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].identity != DBW_IDENTITY_NONE &&
            table->columns[i].generated == DBW_GENERATED_NONE)
            return &table->columns[i];
    return NULL;
}

/* Whether the expression speaks of the column; names stand in backticks. */
static bool mentions(const fitting *f, const char *expression, const dbw_column *column)
{
    dbw_buffer quoted;
    if (!column)
        return false;
    dbw_buffer_init(&quoted, 4096);
    dbw_quote_name(&dbw_engine_mysql, &quoted, column->name);
    bool found = strstr(expression, dbw_arena_text_string(f->arena, dbw_buffer_text(&quoted)));
    dbw_buffer_free(&quoted);
    return found;
}

/* Neither server lets checks and generated columns speak of the column that numbers itself. */
static const char numbered[] = "it speaks of the AUTO_INCREMENT column";

static void fit_generated(const fitting *f, dbw_table *table)
{
    const dbw_column *number = automatic(table);
    for (size_t i = 0; i < table->column_count; i++) {
        dbw_column *column = &table->columns[i];
        if (column->generated == DBW_GENERATED_NONE || !mentions(f, column->generation, number))
            continue;
        column->generated = DBW_GENERATED_NONE;
        f->tell(f->context, table, column->name,
                dbw_arena_printf(f->arena, "GENERATED ALWAYS AS (%s)", column->generation),
                "an ordinary column with the same values", numbered, true);
    }
}

static void fit_numbered_checks(const fitting *f, dbw_table *table)
{
    const dbw_column *number = automatic(table);
    size_t kept = 0;
    for (size_t i = 0; i < table->check_count; i++) {
        dbw_check check = table->checks[i];
        if (mentions(f, check.expression, number))
            f->tell(f->context, table, check.name,
                    dbw_arena_printf(f->arena, "CHECK (%s)", check.expression), NULL, numbered,
                    true);
        else
            table->checks[kept++] = check;
    }
    table->check_count = kept;
}

/* Manual: comments of columns have 1024 characters, those of tables 2048. */
enum { COLUMN_COMMENT = 1024, TABLE_COMMENT = 2048 };

static void fit_comment(const fitting *f, const dbw_table *table, const char *name,
                        const char **comment, size_t most)
{
    size_t length = *comment ? strlen(*comment) : 0, at = 0;
    if (!length || dbw_utf8_characters(*comment, length) <= most)
        return;
    for (size_t characters = 0; at < length; at++)
        if (((unsigned char)(*comment)[at] & 0xC0) != 0x80 && ++characters > most)
            break;
    const char *before = *comment;
    *comment = dbw_arena_text_string(f->arena, (dbw_text){before, at});
    f->tell(f->context, table, name, "its comment", "the beginning of it",
            "the comment is too long", true);
}

/* What is loaded in transactions can be resumed and taken back. */
static void fit_engine(const fitting *f, dbw_table *table)
{
    const char *engine = table->engine;
    table->engine = NULL;
    if (engine && !dbw_text_equal_nocase(dbw_text_of(engine), DBW_TEXT("InnoDB")))
        f->tell(f->context, table, NULL, dbw_arena_printf(f->arena, "ENGINE=%s", engine),
                "ENGINE=InnoDB", "tables are made with transactions", false);
    if (table->collation)
        table->collation = known_collation(f, table->collation);
}

static void fit_comments(const fitting *f, dbw_table *table)
{
    fit_comment(f, table, NULL, &table->comment, TABLE_COMMENT);
    for (size_t i = 0; i < table->column_count; i++)
        fit_comment(f, table, table->columns[i].name, &table->columns[i].comment, COLUMN_COMMENT);
}

static void fit_checks(const fitting *f, dbw_table *table)
{
    fit_numbered_checks(f, table);
    if (f->maria || f->version >= 80016 || !table->check_count)
        return;
    for (size_t i = 0; i < table->check_count; i++)
        f->tell(f->context, table, table->checks[i].name,
                dbw_arena_printf(f->arena, "CHECK (%s)", table->checks[i].expression), NULL,
                "this server does not look at checks", true);
    table->check_count = 0;
}

void dbw_mysql_fit(dbw_arena *arena, const dbw_server *server, dbw_fit *tables, size_t count,
                   dbw_fit_tell *tell, void *context)
{
    fitting f = {.arena = arena,
                 .maria = strcmp(server->product, "MariaDB") == 0,
                 .version = server->version_number,
                 .tables = tables,
                 .count = count,
                 .tell = tell,
                 .context = context};
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < tables[i].table->column_count; n++)
            fit_column(&f, &tables[i], n);
    for (size_t i = 0; i < count; i++) {
        fit_primary(&f, &tables[i]);
        fit_uniques(&f, &tables[i]);
        fit_indexes(&f, &tables[i]);
        fit_generated(&f, tables[i].table);
        fit_checks(&f, tables[i].table);
        fit_comments(&f, tables[i].table);
        fit_engine(&f, tables[i].table);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < tables[i].table->column_count; n++)
            fit_collation(&f, &tables[i].table->columns[n]);
    for (size_t i = 0; i < count; i++)
        fit_foreign_keys(&f, &tables[i]);
    for (size_t i = 0; i < count; i++)
        fit_row(&f, &tables[i]);
}
