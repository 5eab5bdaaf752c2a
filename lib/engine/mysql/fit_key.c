/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of new tables: text in them gets a length, and what is too long for any goes. */
#include "engine/mysql/fit_priv.h"
#include "engine/mysql/type.h"

/* --- keys ------------------------------------------------------------------------------------- */

static dbw_type varbinary_of(const dbw_mysql_fitting *f, int64_t length)
{
    return (dbw_type){.intent = DBW_INTENT_BYTES,
                      .length = (int32_t)length,
                      .spelling = dbw_arena_printf(f->arena, "varbinary(%d)", (int)length)};
}

int64_t dbw_mysql_key_bytes(const dbw_type *type)
{
    if (dbw_mysql_is_blob(type))
        return DBW_MYSQL_LONG;
    if (dbw_mysql_type_is(type, "varchar") || dbw_mysql_type_is(type, "char"))
        return (int64_t)(type->length > 0 ? type->length : 36) * DBW_MYSQL_CHAR_BYTES;
    if (dbw_mysql_type_is(type, "varbinary") || dbw_mysql_type_is(type, "binary"))
        return type->length;
    if (type->intent == DBW_INTENT_DECIMAL)
        return 30;
    return type->intent == DBW_INTENT_UUID ? 16 : 8;
}

/* Its length can be chosen. */
bool dbw_mysql_elastic(const dbw_type *type)
{
    return dbw_mysql_is_blob(type)
               ? type->intent == DBW_INTENT_TEXT || type->intent == DBW_INTENT_BYTES ||
                     type->intent == DBW_INTENT_VARCHAR
               : dbw_mysql_type_is(type, "varchar") || dbw_mysql_type_is(type, "varbinary");
}

int64_t dbw_mysql_unit(const dbw_type *type)
{
    return type->intent == DBW_INTENT_BYTES ? 1 : DBW_MYSQL_CHAR_BYTES;
}

static int64_t longest(const dbw_fit *fit, int n)
{
    if ((size_t)n >= fit->measured)
        return 0;
    const dbw_measure *measure = &fit->measures[n];
    return fit->table->columns[n].type.intent == DBW_INTENT_BYTES ? measure->longest_bytes
                                                                  : measure->longest_characters;
}

/* Makes the key's columns short enough for one index; false when their values are too long. */
bool dbw_mysql_shorten(const dbw_mysql_fitting *f, dbw_fit *fit, const dbw_names *columns)
{
    int64_t fixed = 0, needed = 0, flexible = 0;
    bool too_long = false;
    for (size_t i = 0; i < columns->count; i++) {
        int n = dbw_table_column_index(fit->table, columns->items[i]);
        const dbw_type *type = n < 0 ? NULL : &fit->table->columns[n].type;
        if (!type)
            continue;
        too_long |= dbw_mysql_key_bytes(type) >= DBW_MYSQL_LONG;
        fixed += dbw_mysql_elastic(type) ? 0 : dbw_mysql_key_bytes(type);
        flexible += dbw_mysql_elastic(type);
        needed += dbw_mysql_elastic(type) ? dbw_mysql_key_bytes(type) : 0;
    }
    if (fixed + needed <= DBW_MYSQL_KEY_BYTES && !too_long)
        return true;
    int64_t left = DBW_MYSQL_KEY_BYTES - fixed, wish = 0;
    for (size_t i = 0; i < columns->count; i++) {
        int n = dbw_table_column_index(fit->table, columns->items[i]);
        if (n >= 0 && dbw_mysql_elastic(&fit->table->columns[n].type))
            wish += (longest(fit, n) > 0 ? longest(fit, n) : 1) *
                    dbw_mysql_unit(&fit->table->columns[n].type);
    }
    if (flexible == 0 || wish > left)
        return false;
    int64_t spare = (left - wish) / flexible;
    for (size_t i = 0; i < columns->count; i++) {
        int n = dbw_table_column_index(fit->table, columns->items[i]);
        dbw_column *column = n < 0 ? NULL : &fit->table->columns[n];
        if (!column || !dbw_mysql_elastic(&column->type))
            continue;
        int64_t seen = longest(fit, n) > 0 ? longest(fit, n) : 1;
        int64_t length = seen + spare / dbw_mysql_unit(&column->type);
        int64_t declared = dbw_mysql_is_blob(&column->type) ? 0 : column->type.length;
        if (length > DBW_MYSQL_LENGTH_WISHED && seen <= DBW_MYSQL_LENGTH_WISHED)
            length = DBW_MYSQL_LENGTH_WISHED;
        if (declared && declared < length)
            continue;
        dbw_mysql_retype(f, fit, column,
                         column->type.intent == DBW_INTENT_BYTES ? varbinary_of(f, length)
                                                                 : dbw_mysql_varchar(f, length),
                         "a key takes text of limited length only");
    }
    return true;
}

const char *dbw_mysql_list(const dbw_mysql_fitting *f, const dbw_names *names)
{
    const char *list = "";
    for (size_t i = 0; i < names->count; i++)
        list = dbw_arena_printf(f->arena, "%s%s%s", list, i ? ", " : "", names->items[i]);
    return list;
}

/* MariaDB 10.4 keeps unique keys of any length by a hash; MySQL has nothing of the kind. */
bool dbw_mysql_hashes(const dbw_mysql_fitting *f)
{
    return f->maria && f->version >= 100400;
}

void dbw_mysql_fit_primary(const dbw_mysql_fitting *f, dbw_fit *fit)
{
    dbw_table *table = fit->table;
    dbw_key *key = table->primary_key;
    if (!key || dbw_mysql_shorten(f, fit, &key->columns))
        return;
    const char *before =
        dbw_arena_printf(f->arena, "PRIMARY KEY (%s)", dbw_mysql_list(f, &key->columns));
    if (dbw_mysql_hashes(f)) {
        *DBW_APPEND(f->arena, table->uniques, table->unique_count) = *key;
        f->tell(f->context, table, key->name, before,
                dbw_arena_printf(f->arena, "UNIQUE (%s)", dbw_mysql_list(f, &key->columns)),
                DBW_MYSQL_TOO_LONG, false);
    } else {
        f->tell(f->context, table, key->name, before, NULL, DBW_MYSQL_TOO_LONG, true);
    }
    table->primary_key = NULL;
}

void dbw_mysql_fit_uniques(const dbw_mysql_fitting *f, dbw_fit *fit)
{
    dbw_table *table = fit->table;
    size_t kept = 0;
    for (size_t i = 0; i < table->unique_count; i++) {
        dbw_key key = table->uniques[i];
        /* What a server of its kind took as it is, this one takes too. */
        bool hashed = fit->native && dbw_mysql_hashes(f);
        if (hashed || dbw_mysql_shorten(f, fit, &key.columns) || dbw_mysql_hashes(f))
            table->uniques[kept++] = key;
        else
            f->tell(f->context, table, key.name,
                    dbw_arena_printf(f->arena, "UNIQUE (%s)", dbw_mysql_list(f, &key.columns)),
                    NULL, DBW_MYSQL_TOO_LONG, true);
    }
    table->unique_count = kept;
}

/* --- foreign keys ----------------------------------------------------------------------------- */

static dbw_fit *table_named(const dbw_mysql_fitting *f, const char *name)
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
static bool indexed(const dbw_mysql_fitting *f, const dbw_table *table, const dbw_names *columns)
{
    dbw_names names;
    if (table->primary_key && begins_with(&table->primary_key->columns, columns))
        return true;
    for (size_t i = 0; i < table->unique_count; i++)
        if (begins_with(&table->uniques[i].columns, columns))
            return true;
    for (size_t i = 0; i < table->index_count; i++)
        if (dbw_mysql_index_names(f, &table->indexes[i], &names) && begins_with(&names, columns))
            return true;
    return false;
}

void dbw_mysql_fit_foreign_keys(const dbw_mysql_fitting *f, dbw_fit *fit)
{
    dbw_table *table = fit->table;
    size_t kept = 0;
    for (size_t i = 0; i < table->foreign_key_count; i++) {
        dbw_foreign_key key = table->foreign_keys[i];
        dbw_fit *parent = table_named(f, key.referenced_table);
        const char *reason = NULL;
        if (!dbw_mysql_shorten(f, fit, &key.columns))
            reason = DBW_MYSQL_TOO_LONG;
        else if (!parent || !indexed(f, parent->table, &key.referenced_columns))
            reason = "what it refers to has no key";
        else if (!join_collations(table, parent->table, &key))
            reason = "long text cannot refer to other tables";
        if (reason) {
            f->tell(f->context, table, key.name,
                    dbw_arena_printf(f->arena, "FOREIGN KEY (%s) REFERENCES %s",
                                     dbw_mysql_list(f, &key.columns), key.referenced_table),
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
