/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unique keys over text whose collation in the target may take different texts for equal: case,
 * accents, spaces at the end. No client can compute a server's collation: the keys, as they will be
 * converted, go into a temporary table on the target, whose server tells which stand there more
 * than once. Only keys that this can concern are loaded, block by block, in a transaction that is
 * rolled back; where the target is a file, it is an empty database beside it.
 */
#include "transfer/convert.h"
#include "transfer/plan_priv.h"

#define STAGING "dbwizard_keys"

enum { BLOCK_BYTES = 1 << 20, BLOCK_MOST = 256 << 20, REPORT_EVERY = 16384 };

/* One key of one table on its way to be looked at. */
typedef struct equal {
    dbw_planner *planner;
    dbw_work *work;
    const char *name; /* of the key in the source, where it can be left out; or NULL */
    dbw_table staging;
    size_t *source; /* positions in the source table */
    size_t *target; /* positions in the staging table: 0, 1 … */
    dbw_plan_column *columns;
    size_t count;
} equal;

/* --- which keys --------------------------------------------------------------------------------
 */

static bool equates(const dbw_planner *planner, const dbw_column *column)
{
    return planner->to->dialect->equates && planner->to->dialect->equates(column);
}

static bool same_words(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* The source compares the column as the target will. */
static bool same_rules(const dbw_planner *planner, const dbw_column *source,
                       const dbw_column *target)
{
    return planner->same_engine && same_words(source->type.spelling, target->type.spelling) &&
           same_words(source->collation, target->collation);
}

static bool source_has(const dbw_planner *planner, const dbw_work *work, const equal *e)
{
    const dbw_table *table = work->source;
    dbw_names names = {.items = DBW_NEW_ARRAY(planner->arena, e->count + 1, const char *)};
    for (size_t i = 0; i < e->count; i++)
        names.items[names.count++] = table->columns[e->source[i]].name;
    bool found = table->primary_key && dbw_names_same_set(&table->primary_key->columns, &names);
    for (size_t i = 0; i < table->unique_count && !found; i++)
        found = dbw_names_same_set(&table->uniques[i].columns, &names);
    for (size_t i = 0; i < table->index_count && !found; i++) {
        const dbw_index *index = &table->indexes[i];
        found = index->unique && !index->where && index->item_count == names.count;
        for (size_t k = 0; found && k < index->item_count; k++)
            found = index->items[k].column && !index->items[k].collation &&
                    !index->items[k].prefix && strcmp(index->items[k].column, names.items[k]) == 0;
    }
    return found;
}

/* Adds a column of the key; false when the copy does not fill it. */
static bool add_column(equal *e, const char *name, const char *collation)
{
    const dbw_plan_table *planned = e->work->planned;
    int position = dbw_table_column_index(e->work->target, name);
    for (size_t i = 0; position >= 0 && i < planned->column_count; i++) {
        if (planned->columns[i].target != (size_t)position)
            continue;
        dbw_column *column = &e->staging.columns[e->count];
        *column = e->work->target->columns[position];
        column->nullable = true;
        column->identity = DBW_IDENTITY_NONE;
        column->default_value = (dbw_default){0};
        column->on_update_now = column->invisible = false;
        column->comment = column->sequence = NULL;
        if (collation)
            column->collation = collation;
        e->source[e->count] = planned->columns[i].source;
        e->target[e->count] = e->count;
        e->columns[e->count] = planned->columns[i];
        e->columns[e->count].target = e->count;
        e->staging.column_count = ++e->count;
        return true;
    }
    return false;
}

static equal begin(dbw_planner *planner, dbw_work *work, size_t count)
{
    dbw_arena *arena = planner->arena;
    return (equal){
        .planner = planner,
        .work = work,
        .staging = {.name = STAGING,
                    .temporary = true,
                    .columns = DBW_NEW_ARRAY(arena, count + 1, dbw_column)},
        .source = DBW_NEW_ARRAY(arena, count + 1, size_t),
        .target = DBW_NEW_ARRAY(arena, count + 1, size_t),
        .columns = DBW_NEW_ARRAY(arena, count + 1, dbw_plan_column),
    };
}

/* Whether different rows of the source may be equal in this key of the target. */
static bool concerns(const equal *e)
{
    bool may = false, same = true;
    for (size_t i = 0; i < e->count; i++) {
        const dbw_column *source = &e->work->source->columns[e->source[i]];
        may |= equates(e->planner, &e->staging.columns[i]);
        same &= same_rules(e->planner, source, &e->staging.columns[i]);
    }
    return may && e->work->profile.rows > 1 && !(same && source_has(e->planner, e->work, e));
}

/* --- loading -----------------------------------------------------------------------------------
 */

/* False for rows that stand in nobody's way here: with a NULL, or bad for another reason. */
static bool convert_row(const equal *e, dbw_converter *converter, const dbw_value *row,
                        dbw_value *out)
{
    const char *reason;
    dbw_converter_row(converter);
    for (size_t i = 0; i < e->count; i++)
        if (dbw_convert(converter, i, &row[i], &out[i], &reason) == DBW_CONVERTED_BAD ||
            dbw_value_is_null(&out[i]))
            return false;
    return true;
}

static dbw_status send(const equal *e, dbw_load *load, dbw_buffer *block, size_t *rows,
                       dbw_error *error)
{
    dbw_text bytes = dbw_buffer_text(block);
    size_t count = *rows;
    *rows = 0;
    DBW_TRY(dbw_buffer_check(block, "block of keys", error));
    if (!count)
        return DBW_OK;
    dbw_status status = e->planner->to->bulk->load_send(load, bytes, count, error);
    dbw_buffer_clear(block);
    return status;
}

static dbw_status told_how_far(const equal *e, int64_t rows, dbw_error *error)
{
    const dbw_plan_request *request = e->planner->request;
    if (rows % REPORT_EVERY || !request->progress)
        return DBW_OK;
    return request->progress(request->context, e->work->source->name, rows, e->work->profile.rows,
                             error);
}

/* Every key of the source into the staging table. */
static dbw_status pour(const equal *e, dbw_rows *rows, dbw_converter *converter,
                       dbw_encoder *encoder, dbw_load *load, dbw_buffer *block, dbw_error *error)
{
    dbw_value *values = DBW_NEW_ARRAY(e->planner->arena, e->count + 1, dbw_value);
    const dbw_value *row;
    size_t pending = 0, bad;
    dbw_error refused;
    for (int64_t n = 1;; n++) {
        DBW_TRY(dbw_rows_next(rows, &row, error));
        if (!row)
            return send(e, load, block, &pending, error);
        DBW_TRY(told_how_far(e, n, error));
        if (!convert_row(e, converter, row, values))
            continue;
        if (e->planner->to->bulk->encode_row(encoder, values, block, &bad, &refused) == DBW_OK)
            pending++;
        if (block->length >= BLOCK_BYTES)
            DBW_TRY(send(e, load, block, &pending, error));
    }
}

static dbw_status load_keys(const equal *e, dbw_error *error)
{
    const dbw_bulk *bulk = e->planner->to->bulk;
    dbw_load_spec spec = {.table = &e->staging, .columns = e->target, .column_count = e->count};
    dbw_scan scan = {
        .table = e->work->source, .columns = e->source, .column_count = e->count, .limit = -1};
    dbw_encoder *encoder = NULL;
    dbw_load *load = NULL;
    dbw_rows *rows = NULL;
    dbw_load_failure failure;
    dbw_buffer block;
    int64_t taken;
    dbw_converter *converter = dbw_converter_new(e->columns, e->count);
    if (!converter)
        return dbw_fail_memory(error);
    dbw_buffer_init(&block, BLOCK_MOST);
    dbw_status status = bulk->encoder_new(&spec, &encoder, error);
    if (status == DBW_OK)
        status = bulk->load_begin(e->planner->request->scratch, &spec, &load, error);
    if (status == DBW_OK)
        status = e->planner->request->source_bulk->scan(e->planner->reader, &scan, &rows, error);
    if (status == DBW_OK)
        status = pour(e, rows, converter, encoder, load, &block, error);
    dbw_rows_close(rows);
    if (status == DBW_OK)
        status = bulk->load_end(load, &taken, &failure, error);
    else if (load)
        bulk->load_abort(load);
    if (encoder)
        bulk->encoder_free(encoder);
    dbw_converter_free(converter);
    dbw_buffer_free(&block);
    return status;
}

/* --- asking ------------------------------------------------------------------------------------
 */

static void add_names(const equal *e, dbw_buffer *sql)
{
    for (size_t i = 0; i < e->count; i++) {
        dbw_buffer_add_string(sql, i ? ", " : "");
        dbw_quote_name(e->planner->to, sql, e->staging.columns[i].name);
    }
}

/* "SELECT what FROM (…) WHERE times > 1": each row with how often its key stands there. */
static const char *question(const equal *e, bool count)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, 1 << 20);
    dbw_buffer_add_string(&sql, "SELECT ");
    if (count)
        dbw_buffer_add_string(&sql, "count(*) FROM (SELECT 1 AS one FROM " STAGING " GROUP BY ");
    else
        add_names(e, &sql);
    if (!count) {
        dbw_buffer_add_string(&sql, " FROM (SELECT ");
        add_names(e, &sql);
        dbw_buffer_add_string(&sql, ", count(*) OVER (PARTITION BY ");
    }
    add_names(e, &sql);
    if (count) {
        dbw_buffer_add_string(&sql, " HAVING count(*) > 1) AS repeated");
    } else {
        dbw_buffer_printf(&sql, ") AS times FROM " STAGING ") AS keyed WHERE times > 1 ORDER BY ");
        add_names(e, &sql);
        dbw_buffer_printf(&sql, " LIMIT %d", DBW_FINDING_KEYS);
    }
    const char *text = sql.failed ? NULL : dbw_arena_string(e->planner->arena, sql.data);
    dbw_buffer_free(&sql);
    return text;
}

static dbw_status report(const equal *e, int64_t count, dbw_error *error)
{
    dbw_planner *planner = e->planner;
    const dbw_table *table = e->work->source;
    const dbw_value *row;
    dbw_rows *rows;
    dbw_names names = {.items = DBW_NEW_ARRAY(planner->arena, e->count, const char *)};
    const char *list = "";
    for (size_t i = 0; i < e->count; i++) {
        names.items[names.count++] = table->columns[e->source[i]].name;
        list = dbw_arena_printf(planner->arena, "%s%s%s", list, i ? ", " : "", names.items[i]);
    }
    dbw_finding *finding =
        dbw_plan_find(planner, DBW_SEVERITY_ERROR, "duplicates", table->name, names.items[0], count,
                      "%lld %s of %s (%s) %s in more than one row as the target compares text, and "
                      "it allows each only once",
                      (long long)count, count == 1 ? "key" : "keys", table->name, list,
                      count == 1 ? "stands" : "stand");
    if (e->name && !planner->existing)
        dbw_finding_fix(finding, "exclude",
                        dbw_arena_printf(planner->arena, "%s.%s", table->name, e->name),
                        "Make no unique key of them");
    DBW_TRY(dbw_fetch(planner->request->scratch, question(e, false), NULL, 0, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row &&
           finding->key_count < DBW_FINDING_KEYS)
        finding->keys[finding->key_count++] = dbw_plan_key_text(planner->arena, &names, row);
    dbw_rows_close(rows);
    return status;
}

/* --- one key -----------------------------------------------------------------------------------
 */

static dbw_status make_staging(const equal *e, dbw_error *error)
{
    char *sql = NULL;
    const dbw_dialect *dialect = e->planner->to->dialect;
    DBW_TRY(dialect->render_ddl(e->planner->arena, &e->staging, DBW_DDL_TABLE, 0, &sql, error));
    return dbw_execute_script(e->planner->request->scratch, sql, error);
}

static dbw_status drop_staging(const equal *e, dbw_error *error)
{
    const char *drop = e->planner->to->dialect->drop_staging;
    if (e->planner->to->dialect->transactional_ddl)
        return DBW_OK;
    return dbw_execute_script(
        e->planner->request->scratch,
        dbw_arena_printf(e->planner->arena, "%s " STAGING, drop ? drop : "DROP TABLE"), error);
}

static dbw_status compare(const equal *e, dbw_error *error)
{
    dbw_value count = DBW_NULL;
    DBW_TRY(load_keys(e, error));
    DBW_TRY(dbw_fetch_value(e->planner->request->scratch, e->planner->arena, question(e, true),
                            NULL, 0, &count, error));
    return count.kind == DBW_KIND_INT64 && count.int64 > 0 ? report(e, count.int64, error) : DBW_OK;
}

/* What the target would not do for a look is said, and stops nothing: the load finds the same. */
static dbw_status give_up(const equal *e, dbw_error *error)
{
    if (error->code == DBW_E_UNREACHABLE || error->code == DBW_E_TIMEOUT ||
        error->code == DBW_E_CANCELLED || error->code == DBW_E_PAUSED ||
        error->code == DBW_E_INTERNAL)
        return error->code;
    dbw_plan_find(e->planner, DBW_SEVERITY_INFO, "not-compared", e->work->source->name,
                  e->staging.columns[0].name, 0,
                  "it could not be looked at whether keys of %s are equal as the target compares "
                  "text: %s",
                  e->work->source->name, error->message);
    dbw_error_clear(error);
    return DBW_OK;
}

static dbw_status check(const equal *e, dbw_error *error)
{
    dbw_database *scratch = e->planner->request->scratch;
    bool together = e->planner->to->dialect->transactional_ddl;
    dbw_error ignored;
    if (!concerns(e))
        return DBW_OK;
    if (!scratch) {
        dbw_fail(error, DBW_E_UNSUPPORTED, "nothing can be made on it for a look");
        return give_up(e, error);
    }
    dbw_status status = together ? dbw_begin(scratch, error) : make_staging(e, error);
    if (status == DBW_OK)
        status = together ? make_staging(e, error) : dbw_begin(scratch, error);
    if (status == DBW_OK)
        status = compare(e, error);
    dbw_rollback(scratch);
    (void)!drop_staging(e, &ignored);
    return status == DBW_OK ? DBW_OK : give_up(e, error);
}

/* --- all ---------------------------------------------------------------------------------------
 */

static dbw_status check_key(dbw_planner *planner, dbw_work *work, const dbw_key *key,
                            dbw_error *error)
{
    equal e = begin(planner, work, key->columns.count);
    for (size_t i = 0; i < key->columns.count; i++)
        if (!add_column(&e, key->columns.items[i], NULL))
            return DBW_OK;
    for (size_t i = 0; i < work->source->unique_count; i++)
        if (key->name && work->source->uniques[i].name &&
            strcmp(work->source->uniques[i].name, key->name) == 0)
            e.name = key->name;
    return check(&e, error);
}

static dbw_status check_index(dbw_planner *planner, dbw_work *work, const dbw_index *index,
                              dbw_error *error)
{
    equal e = begin(planner, work, index->item_count);
    if (!index->unique || index->where)
        return DBW_OK;
    for (size_t i = 0; i < index->item_count; i++) {
        const dbw_index_item *item = &index->items[i];
        if (!item->column || item->prefix || !add_column(&e, item->column, item->collation))
            return DBW_OK;
    }
    for (size_t i = 0; i < work->source->index_count; i++)
        if (index->name && work->source->indexes[i].name &&
            strcmp(work->source->indexes[i].name, index->name) == 0)
            e.name = index->name;
    return check(&e, error);
}

dbw_status dbw_plan_check_equal(dbw_planner *planner, dbw_error *error)
{
    for (size_t i = 0; i < planner->work_count; i++) {
        dbw_work *work = &planner->works[i];
        const dbw_table *target = work->skip ? NULL : work->target;
        if (!target || !work->planned)
            continue;
        if (target->primary_key)
            DBW_TRY(check_key(planner, work, target->primary_key, error));
        for (size_t k = 0; k < target->unique_count; k++)
            DBW_TRY(check_key(planner, work, &target->uniques[k], error));
        for (size_t k = 0; k < target->index_count; k++)
            DBW_TRY(check_index(planner, work, &target->indexes[k], error));
    }
    return DBW_OK;
}
