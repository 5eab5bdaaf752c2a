/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on_conflict=skip: rows go into a temporary table first and from there into the table as far as
 * their keys are not there. Then every key must be there; rows that were there already and differ
 * are kept and listed. What was staged is summed as the server gives it back, to be compared with
 * what was read from the source.
 */
#include "transfer/ddl.h"
#include "transfer/lane.h"

#define STAGING "dbwizard_staging"

enum { SHOWN = 80 };

static const char *target_name(const dbw_pour *pour, size_t n)
{
    const dbw_plan_table *plan = pour->chunk->table->plan;
    return plan->target->columns[plan->columns[n].target].name;
}

static void add_columns(const dbw_pour *pour, const char *prefix, dbw_buffer *sql)
{
    const dbw_engine *engine = pour->lane->run->target;
    for (size_t i = 0; i < pour->chunk->table->plan->column_count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : "");
        dbw_buffer_add_string(sql, prefix);
        dbw_quote_name(engine, sql, target_name(pour, i));
    }
}

static void add_table(const dbw_pour *pour, dbw_buffer *sql)
{
    const dbw_table *target = pour->chunk->table->plan->target;
    dbw_quote_qualified(pour->lane->run->target, sql, target->schema, target->name);
}

/* t.k = s.k AND … */
static void add_join(const dbw_pour *pour, dbw_buffer *sql)
{
    const dbw_engine *engine = pour->lane->run->target;
    const dbw_plan_table *plan = pour->chunk->table->plan;
    for (size_t i = 0; i < plan->key_count; i++) {
        dbw_buffer_add_string(sql, i ? " AND t." : "t.");
        dbw_quote_name(engine, sql, target_name(pour, plan->key[i]));
        dbw_buffer_add_string(sql, " = s.");
        dbw_quote_name(engine, sql, target_name(pour, plan->key[i]));
    }
}

static dbw_status run_buffer(dbw_pour *pour, dbw_buffer *sql, dbw_error *error)
{
    dbw_status status = dbw_buffer_check(sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_execute(pour->lane->target, sql->data, NULL, 0, NULL, error);
    dbw_buffer_free(sql);
    return status;
}

static dbw_status drop_staging(dbw_pour *pour, const char *condition, dbw_error *error)
{
    const char *drop = pour->lane->run->target->dialect->drop_staging;
    char sql[96];
    snprintf(sql, sizeof sql, "%s %s" STAGING, drop ? drop : "DROP TABLE", condition);
    return dbw_execute(pour->lane->target, sql, NULL, 0, NULL, error);
}

dbw_status dbw_skip_begin(dbw_pour *pour, dbw_error *error)
{
    dbw_buffer sql;
    pour->staging = *pour->chunk->table->plan->target;
    pour->staging.schema = NULL;
    pour->staging.name = STAGING;
    pour->spec.table = &pour->staging;
    pour->spec.fresh = false;
    pour->staged = calloc(1, sizeof *pour->staged);
    if (!pour->staged)
        return dbw_fail_memory(error);
    /* A rollback may have left it behind. */
    if (!pour->lane->run->target->dialect->transactional_ddl)
        DBW_TRY(drop_staging(pour, "IF EXISTS ", error));
    dbw_buffer_init(&sql, 1 << 20);
    dbw_buffer_add_string(&sql, "CREATE TEMPORARY TABLE " STAGING " AS SELECT ");
    add_columns(pour, "", &sql);
    dbw_buffer_add_string(&sql, " FROM ");
    add_table(pour, &sql);
    dbw_buffer_add_string(&sql, " WHERE 1 = 0");
    dbw_status status = run_buffer(pour, &sql, error);
    return status ? dbw_error_prefix(error, "unable to make a temporary table on the target")
                  : DBW_OK;
}

dbw_status dbw_skip_end(dbw_pour *pour, dbw_error *error)
{
    return drop_staging(pour, "", error);
}

static dbw_status insert_missing(dbw_pour *pour, dbw_error *error)
{
    const dbw_run_table *table = pour->chunk->table;
    char *sql;
    DBW_TRY(pour->lane->run->target->landing->render_insert(
        pour->lane->arena, table->plan->target, table->target_columns, table->plan->column_count,
        NULL, STAGING, true, &sql, error));
    return dbw_execute(pour->lane->target, sql, NULL, 0, NULL, error);
}

static const char *key_text(const dbw_pour *pour, dbw_arena *arena, const dbw_value *row)
{
    const dbw_plan_table *plan = pour->chunk->table->plan;
    const char *text = "";
    for (size_t i = 0; i < plan->key_count; i++) {
        const char *one = dbw_value_show(arena, &row[plan->key[i]], SHOWN);
        text = i ? dbw_arena_printf(arena, "%s, %s", text, one) : one;
    }
    return text;
}

/* A row whose key is still not there stood in the way of another unique key. */
static dbw_status refuse_missing(dbw_pour *pour, dbw_error *error)
{
    dbw_buffer sql;
    dbw_value *row = NULL;
    dbw_buffer_init(&sql, 1 << 20);
    dbw_buffer_add_string(&sql, "SELECT ");
    add_columns(pour, "s.", &sql);
    dbw_buffer_add_string(&sql, " FROM " STAGING " s WHERE NOT EXISTS (SELECT 1 FROM ");
    add_table(pour, &sql);
    dbw_buffer_add_string(&sql, " t WHERE ");
    add_join(pour, &sql);
    dbw_buffer_add_char(&sql, ')');
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status =
            dbw_fetch_one(pour->lane->target, pour->lane->arena, sql.data, NULL, 0, &row, error);
    dbw_buffer_free(&sql);
    if (status != DBW_OK || !row)
        return status;
    dbw_fail(error, DBW_E_DATA,
             "unable to copy row %s of table '%s': another row of the target has one of its unique "
             "values",
             key_text(pour, pour->lane->arena, row), pour->chunk->table->name);
    return dbw_error_object(error, "%s", pour->chunk->table->name);
}

static dbw_status keep(dbw_pour *pour, dbw_arena *arena, const dbw_value *staged,
                       const dbw_value *there, size_t n, dbw_error *error)
{
    dbw_ledger_entry entry = {.kind = DBW_LEDGER_KEPT,
                              .table = pour->chunk->table->name,
                              .column = target_name(pour, n),
                              .key = key_text(pour, arena, staged),
                              .before = dbw_value_show(arena, &staged[n], SHOWN),
                              .after = dbw_value_show(arena, &there[n], SHOWN),
                              .reason = "the row was there already and differs",
                              .count = 1};
    pour->kept++;
    dbw_status status = dbw_ledger_batch_add(pour->lane->kept, &entry, error);
    dbw_arena_reset(arena);
    return status;
}

static dbw_status compare_rows(dbw_pour *pour, dbw_arena *scratch, dbw_rows *rows,
                               dbw_rowhash *rowhash, dbw_sum *sum, dbw_error *error)
{
    const dbw_run_table *table = pour->chunk->table;
    size_t count = table->plan->column_count;
    const dbw_value *row;
    for (;;) {
        dbw_hash hash;
        uint32_t bucket;
        int odd;
        DBW_TRY(dbw_rows_next(rows, &row, error));
        if (!row)
            return DBW_OK;
        dbw_rowhash_row(rowhash, row, &hash, &bucket, &odd);
        dbw_sum_add(sum, hash, bucket);
        for (size_t i = 0; i < count; i++) {
            const dbw_canonical *canonical = &table->target_canonical[i];
            if (dbw_canonical_equal(canonical, &row[i], canonical, &row[count + i]))
                continue;
            DBW_TRY(keep(pour, scratch, row, row + count, i, error));
            break;
        }
    }
}

/* Every staged row beside the row that stands in the table. */
static dbw_status compare(dbw_pour *pour, dbw_error *error)
{
    const dbw_run_table *table = pour->chunk->table;
    dbw_buffer sql;
    dbw_rows *rows = NULL;
    dbw_buffer_init(&sql, 1 << 20);
    dbw_buffer_add_string(&sql, "SELECT ");
    add_columns(pour, "s.", &sql);
    dbw_buffer_add_string(&sql, ", ");
    add_columns(pour, "t.", &sql);
    dbw_buffer_add_string(&sql, " FROM " STAGING " s JOIN ");
    add_table(pour, &sql);
    dbw_buffer_add_string(&sql, " t ON ");
    add_join(pour, &sql);
    dbw_status status = dbw_buffer_check(&sql, "statement", error);
    if (status == DBW_OK)
        status = dbw_fetch(pour->lane->target, sql.data, NULL, 0, &rows, error);
    dbw_buffer_free(&sql);
    if (status != DBW_OK)
        return status;
    dbw_rowhash *rowhash = dbw_rowhash_new(table->target_canonical, table->plan->column_count,
                                           table->plan->key, table->plan->key_count);
    dbw_sum *sum = calloc(1, sizeof *sum);
    dbw_arena *scratch = dbw_arena_new();
    status = sum ? compare_rows(pour, scratch, rows, rowhash, sum, error) : dbw_fail_memory(error);
    dbw_arena_free(scratch);
    dbw_rows_close(rows);
    dbw_rowhash_free(rowhash);
    if (status == DBW_OK)
        dbw_sum_merge(pour->staged, sum);
    free(sum);
    return status;
}

dbw_status dbw_skip_settle(dbw_pour *pour, dbw_error *error)
{
    DBW_TRY(insert_missing(pour, error));
    DBW_TRY(refuse_missing(pour, error));
    if (strcmp(pour->lane->run->options->verify, "checksum") == 0)
        DBW_TRY(compare(pour, error));
    return dbw_execute(pour->lane->target, "DELETE FROM " STAGING, NULL, 0, NULL, error);
}
