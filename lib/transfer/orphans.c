/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/orphans.h"

/* One foreign key: its columns among those that are copied, and the hashes of its orphans. */
typedef struct orphan_key {
    const dbw_foreign_key *foreign_key; /* in the source's names; only while it is looked up */
    size_t *columns;
    bool *to_null;
    bool reject;
    size_t column_count;
    dbw_hash *hashes; /* sorted */
    size_t count, room;
} orphan_key;

struct dbw_orphans {
    size_t width; /* of a row */
    orphan_key *keys;
    size_t count;
};

struct dbw_orphan_check {
    const dbw_orphans *orphans;
    dbw_rowhash **rowhashes;    /* one per foreign key */
    dbw_canonical **canonicals; /* theirs */
    dbw_value *values;
    bool *to_null; /* per column, of the present row */
    int rejects;   /* a column of it, or -1 */
};

bool dbw_orphans_wanted(const dbw_plan_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].orphans_to_null || table->columns[i].orphans_reject)
            return true;
    return false;
}

static int position_of(const dbw_plan_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->source->columns[table->columns[i].source].name, name) == 0)
            return (int)i;
    return -1;
}

/* Fills in the columns of a foreign key; false when it is not concerned. */
static bool describe(const dbw_plan_table *table, const dbw_foreign_key *foreign_key,
                     orphan_key *out)
{
    size_t count = foreign_key->columns.count;
    bool concerned = false;
    *out = (orphan_key){.foreign_key = foreign_key, .column_count = count};
    out->columns = calloc(count + 1, sizeof *out->columns);
    out->to_null = calloc(count + 1, sizeof *out->to_null);
    for (size_t i = 0; out->columns && out->to_null && i < count; i++) {
        int position = position_of(table, foreign_key->columns.items[i]);
        if (position < 0)
            return false;
        out->columns[i] = (size_t)position;
        out->to_null[i] = table->columns[position].orphans_to_null;
        out->reject = out->reject || table->columns[position].orphans_reject;
        concerned = concerned || out->to_null[i];
    }
    return concerned || out->reject;
}

static void key_free(orphan_key *key)
{
    free(key->columns);
    free(key->to_null);
    free(key->hashes);
}

static void add_exact(dbw_buffer *sql, const dbw_engine *engine, const char *alias,
                      const char *name, bool exact)
{
    const dbw_dialect *dialect = engine->dialect;
    dbw_buffer_printf(sql, "%s%s.", exact && dialect->exact_before ? dialect->exact_before : "",
                      alias);
    dbw_quote_name(engine, sql, name);
    dbw_buffer_add_string(sql, exact && dialect->exact_behind ? dialect->exact_behind : "");
}

static void add_equal(dbw_buffer *sql, const dbw_engine *engine, const char *parent,
                      const char *child, bool exact)
{
    add_exact(sql, engine, "p", parent, exact);
    dbw_buffer_add_string(sql, " = ");
    add_exact(sql, engine, "c", child, exact);
}

void dbw_orphans_join(dbw_buffer *sql, const dbw_engine *engine, const char *parent,
                      const char *child, bool exact)
{
    const dbw_dialect *dialect = engine->dialect;
    add_equal(sql, engine, parent, child, false);
    if (!exact || (!dialect->exact_before && !dialect->exact_behind))
        return;
    dbw_buffer_add_string(sql, " AND ");
    add_equal(sql, engine, parent, child, true);
}

/* SELECT DISTINCT of the foreign keys that no parent has. */
static void render(const dbw_engine *engine, const dbw_plan_table *table, const orphan_key *key,
                   dbw_buffer *sql)
{
    const dbw_foreign_key *fk = key->foreign_key;
    const char *schema = fk->referenced_schema ? fk->referenced_schema : table->source->schema;
    bool exact = false;
    for (size_t i = 0; i < key->column_count; i++)
        exact |= table->columns[key->columns[i]].exact;
    /* What the source takes for equal would be one of them alone. */
    dbw_buffer_add_string(sql, exact ? "SELECT " : "SELECT DISTINCT ");
    for (size_t i = 0; i < key->column_count; i++) {
        dbw_buffer_add_string(sql, i ? ", c." : "c.");
        dbw_quote_name(engine, sql, fk->columns.items[i]);
    }
    dbw_buffer_add_string(sql, " FROM ");
    dbw_quote_qualified(engine, sql, table->source->schema, table->source->name);
    dbw_buffer_add_string(sql, " c LEFT JOIN ");
    dbw_quote_qualified(engine, sql, schema, fk->referenced_table);
    dbw_buffer_add_string(sql, " p ON ");
    for (size_t i = 0; i < key->column_count; i++) {
        dbw_buffer_add_string(sql, i ? " AND " : "");
        dbw_orphans_join(sql, engine, fk->referenced_columns.items[i], fk->columns.items[i],
                         table->columns[key->columns[i]].exact);
    }
    /* No subquery: MariaDB remembers its answers by values that its collation takes for equal. */
    dbw_buffer_add_string(sql, " WHERE p.");
    dbw_quote_name(engine, sql, fk->referenced_columns.items[0]);
    dbw_buffer_add_string(sql, " IS NULL");
    for (size_t i = 0; i < key->column_count; i++) {
        dbw_buffer_add_string(sql, " AND c.");
        dbw_quote_name(engine, sql, fk->columns.items[i]);
        dbw_buffer_add_string(sql, " IS NOT NULL");
    }
}

static dbw_status add_hash(orphan_key *key, dbw_hash hash, dbw_error *error)
{
    if (key->count == DBW_ORPHANS_MOST)
        return dbw_fail(error, DBW_E_LIMIT, "unable to set orphans to NULL: there are more than %d",
                        DBW_ORPHANS_MOST);
    if (key->count == key->room) {
        size_t room = key->room ? key->room * 2 : 64;
        dbw_hash *grown = realloc(key->hashes, room * sizeof *grown);
        if (!grown)
            return dbw_fail_memory(error);
        key->hashes = grown;
        key->room = room;
    }
    key->hashes[key->count++] = hash;
    return DBW_OK;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(dbw_hash));
}

static dbw_canonical *canonical_of(const orphan_key *key, const dbw_canonical *all)
{
    dbw_canonical *own = calloc(key->column_count + 1, sizeof *own);
    for (size_t i = 0; own && i < key->column_count; i++)
        own[i] = all[key->columns[i]];
    return own;
}

static dbw_status read_key(dbw_database *source, const char *sql, orphan_key *key,
                           dbw_rowhash *rowhash, dbw_error *error)
{
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_fetch(source, sql, NULL, 0, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row) {
        dbw_hash hash;
        uint32_t bucket;
        int odd;
        dbw_rowhash_row(rowhash, row, &hash, &bucket, &odd);
        status = add_hash(key, hash, error);
        if (status != DBW_OK)
            break;
    }
    dbw_rows_close(rows);
    if (status == DBW_OK && key->count)
        qsort(key->hashes, key->count, sizeof *key->hashes, by_bytes);
    return status;
}

static dbw_status find_key(dbw_database *source, const dbw_plan_table *table,
                           const dbw_canonical *canonical, orphan_key *key, dbw_error *error)
{
    dbw_buffer sql;
    dbw_canonical *own = canonical_of(key, canonical);
    if (!own)
        return dbw_fail_memory(error);
    dbw_rowhash *rowhash = dbw_rowhash_new(own, key->column_count, NULL, 0);
    dbw_buffer_init(&sql, 1 << 20);
    render(dbw_database_engine(source), table, key, &sql);
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = read_key(source, sql.data, key, rowhash, error);
    dbw_buffer_free(&sql);
    dbw_rowhash_free(rowhash);
    free(own);
    return status;
}

static const char *source_name(const dbw_plan_table *table, const char *target_name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->target->columns[table->columns[i].target].name, target_name) == 0)
            return table->source->columns[table->columns[i].source].name;
    return NULL;
}

static bool translate(dbw_arena *arena, const dbw_plan_table *table, const dbw_names *from,
                      dbw_names *to)
{
    to->count = 0;
    to->items = DBW_NEW_ARRAY(arena, from->count + 1, const char *);
    for (size_t i = 0; i < from->count; i++) {
        const char *name = source_name(table, from->items[i]);
        if (!name)
            return false;
        to->items[to->count++] = name;
    }
    return true;
}

/* A foreign key of the target in the source's names; false when the source has no such thing. */
static bool as_in_source(dbw_arena *arena, const dbw_plan *plan, const dbw_plan_table *table,
                         const dbw_foreign_key *key, dbw_foreign_key *out)
{
    for (size_t i = 0; i < plan->table_count; i++) {
        const dbw_plan_table *parent = &plan->tables[i];
        if (!parent->target || strcmp(parent->target->name, key->referenced_table) != 0)
            continue;
        *out = (dbw_foreign_key){.name = key->name,
                                 .referenced_schema = parent->source->schema,
                                 .referenced_table = parent->source->name};
        return translate(arena, table, &key->columns, &out->columns) &&
               translate(arena, parent, &key->referenced_columns, &out->referenced_columns);
    }
    return false;
}

static dbw_status add_key(dbw_orphans *orphans, dbw_database *source, const dbw_plan_table *table,
                          const dbw_canonical *canonical, const dbw_foreign_key *foreign_key,
                          dbw_error *error)
{
    orphan_key *key = &orphans->keys[orphans->count];
    if (!describe(table, foreign_key, key)) {
        key_free(key);
        return DBW_OK;
    }
    orphans->count++;
    return find_key(source, table, canonical, key, error);
}

static dbw_status add_keys(dbw_orphans *orphans, dbw_arena *arena, dbw_database *source,
                           const dbw_plan *plan, const dbw_plan_table *table,
                           const dbw_canonical *canonical, dbw_error *error)
{
    for (size_t i = 0; i < table->source->foreign_key_count; i++)
        DBW_TRY(add_key(orphans, source, table, canonical, &table->source->foreign_keys[i], error));
    for (size_t i = 0; table->action == DBW_PLAN_FILL && i < table->target->foreign_key_count;
         i++) {
        dbw_foreign_key key;
        if (as_in_source(arena, plan, table, &table->target->foreign_keys[i], &key))
            DBW_TRY(add_key(orphans, source, table, canonical, &key, error));
    }
    return DBW_OK;
}

dbw_status dbw_orphans_find(dbw_database *source, const dbw_plan *plan, const dbw_plan_table *table,
                            const dbw_canonical *canonical, dbw_orphans **out, dbw_error *error)
{
    size_t most = table->source->foreign_key_count + table->target->foreign_key_count;
    dbw_orphans *orphans = calloc(1, sizeof *orphans);
    *out = NULL;
    if (orphans)
        orphans->keys = calloc(most + 1, sizeof *orphans->keys);
    if (!orphans || !orphans->keys) {
        free(orphans);
        return dbw_fail_memory(error);
    }
    orphans->width = table->column_count;
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = add_keys(orphans, arena, source, plan, table, canonical, error);
    dbw_arena_free(arena);
    if (status == DBW_OK && orphans->count)
        *out = orphans;
    else
        dbw_orphans_free(orphans);
    return status;
}

void dbw_orphans_free(dbw_orphans *orphans)
{
    if (!orphans)
        return;
    for (size_t i = 0; i < orphans->count; i++)
        key_free(&orphans->keys[i]);
    free(orphans->keys);
    free(orphans);
}

/* --- holding rows against them ---------------------------------------------------------------- */

dbw_orphan_check *dbw_orphan_check_new(const dbw_orphans *orphans, const dbw_canonical *canonical)
{
    if (!orphans)
        return NULL;
    dbw_orphan_check *check = calloc(1, sizeof *check);
    if (!check)
        return NULL;
    check->orphans = orphans;
    check->rowhashes = calloc(orphans->count, sizeof(dbw_rowhash *));
    check->canonicals = calloc(orphans->count, sizeof(dbw_canonical *));
    check->values = calloc(orphans->width + 1, sizeof *check->values);
    check->to_null = calloc(orphans->width + 1, sizeof *check->to_null);
    bool good = check->rowhashes && check->canonicals && check->values && check->to_null;
    for (size_t i = 0; good && i < orphans->count; i++) {
        const orphan_key *key = &orphans->keys[i];
        check->canonicals[i] = canonical_of(key, canonical);
        good = check->canonicals[i] != NULL;
        if (good)
            check->rowhashes[i] = dbw_rowhash_new(check->canonicals[i], key->column_count, NULL, 0);
    }
    if (!good) {
        dbw_orphan_check_free(check);
        return NULL;
    }
    return check;
}

void dbw_orphan_check_free(dbw_orphan_check *check)
{
    if (!check)
        return;
    for (size_t i = 0; i < check->orphans->count; i++) {
        if (check->rowhashes)
            dbw_rowhash_free(check->rowhashes[i]);
        if (check->canonicals)
            free(check->canonicals[i]);
    }
    free(check->rowhashes);
    free(check->canonicals);
    free(check->values);
    free(check->to_null);
    free(check);
}

static bool is_orphan(dbw_orphan_check *check, size_t n, const dbw_value *row)
{
    const orphan_key *key = &check->orphans->keys[n];
    dbw_hash hash;
    uint32_t bucket;
    int odd;
    if (key->count == 0)
        return false;
    for (size_t i = 0; i < key->column_count; i++) {
        check->values[i] = row[key->columns[i]];
        if (dbw_value_is_null(&check->values[i]))
            return false;
    }
    dbw_rowhash_row(check->rowhashes[n], check->values, &hash, &bucket, &odd);
    return bsearch(&hash, key->hashes, key->count, sizeof hash, by_bytes) != NULL;
}

bool dbw_orphan_check_row(dbw_orphan_check *check, const dbw_value *row)
{
    bool any = false;
    if (!check)
        return false;
    for (size_t i = 0; i < check->orphans->count; i++) {
        if (!is_orphan(check, i, row))
            continue;
        const orphan_key *key = &check->orphans->keys[i];
        if (!any) {
            memset(check->to_null, 0, check->orphans->width * sizeof *check->to_null);
            check->rejects = -1;
        }
        any = true;
        if (key->reject)
            check->rejects = (int)key->columns[0];
        for (size_t c = 0; c < key->column_count; c++)
            if (key->to_null[c])
                check->to_null[key->columns[c]] = true;
    }
    return any;
}

int dbw_orphan_check_rejects(const dbw_orphan_check *check)
{
    return check->rejects;
}

bool dbw_orphan_check_column(const dbw_orphan_check *check, size_t n)
{
    return check->to_null[n];
}
