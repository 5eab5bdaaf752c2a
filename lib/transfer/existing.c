/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables that are there already. What stands in them is saved in the target itself, what hinders
 * loading is taken away with its DDL kept in the checkpoint, and the tables are emptied: all in one
 * transaction. Where the role may not take constraints away, they stay and parents are loaded
 * before children. With on_conflict=skip nothing is taken away or emptied; the keys that were there
 * are saved, so that the rows that were added can be told from them.
 */
#include "transfer/ddl.h"
#include "transfer/folder.h"
#include "transfer/lane.h"
#include "transfer/valuejson.h"

#include <inttypes.h>
#include <json-c/json.h>

static bool fills(const dbw_run_table *table)
{
    return table->plan->action == DBW_PLAN_FILL;
}

/* --- lifting ---------------------------------------------------------------------------------- */

typedef struct lift_list {
    dbw_lift *items;
    size_t count;
} lift_list;

static bool listed(const lift_list *list, const dbw_lift *lift)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].kind, lift->kind) == 0 &&
            strcmp(list->items[i].table, lift->table) == 0 &&
            strcmp(list->items[i].name, lift->name) == 0)
            return true;
    return false;
}

static dbw_status gather(dbw_run *run, lift_list *list, bool *allowed, dbw_error *error)
{
    *allowed = true;
    for (size_t i = 0; i < run->table_count && *allowed; i++) {
        dbw_lift *lifts = NULL;
        size_t count = 0;
        if (!fills(&run->tables[i]))
            continue;
        DBW_TRY(run->target->landing->lifts(run->control, run->arena, run->tables[i].plan->target,
                                            &lifts, &count, allowed, error));
        for (size_t n = 0; n < count; n++)
            if (!listed(list, &lifts[n]))
                *DBW_APPEND(run->arena, list->items, list->count) = lifts[n];
    }
    return DBW_OK;
}

/* An attempt that was killed had begun with it: the record tells how it was. */
static bool recorded(const dbw_run *run, const dbw_lift *lift)
{
    for (size_t i = 0; i < run->record_count; i++) {
        const dbw_record *record = &run->records[i];
        if (record->kind == DBW_RECORD_LIFTED &&
            strcmp(dbw_record_text(record, "kind"), lift->kind) == 0 &&
            strcmp(dbw_record_text(record, "table"), lift->table) == 0 &&
            strcmp(dbw_record_text(record, "name"), lift->name) == 0)
            return true;
    }
    return false;
}

static int64_t next_lift(const dbw_run *run)
{
    int64_t last = 0;
    for (size_t i = 0; i < run->record_count; i++)
        if (run->records[i].kind == DBW_RECORD_LIFTED && run->records[i].seq > last)
            last = run->records[i].seq;
    return last + 1;
}

static dbw_status lift_kind(dbw_run *run, const lift_list *list, const char *kind, int64_t *seq,
                            dbw_error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        const dbw_lift *lift = &list->items[i];
        if (strcmp(lift->kind, kind) != 0)
            continue;
        if (recorded(run, lift)) {
            DBW_TRY(dbw_ddl_sql(run->control, lift->drop, error));
            continue;
        }
        struct json_object *detail = json_object_new_object();
        json_object_object_add(detail, "kind", json_object_new_string(lift->kind));
        json_object_object_add(detail, "table", json_object_new_string(lift->table));
        json_object_object_add(detail, "name", json_object_new_string(lift->name));
        json_object_object_add(detail, "drop", json_object_new_string(lift->drop));
        json_object_object_add(detail, "restore", json_object_new_string(lift->restore));
        dbw_record record = {
            .kind = DBW_RECORD_LIFTED, .seq = (*seq)++, .state = "lifted", .detail = detail};
        DBW_TRY(dbw_run_remember(run, &record, error));
        if (dbw_ddl_sql(run->control, lift->drop, error) != DBW_OK)
            return dbw_error_prefix(error, "unable to take away %s '%s' of table '%s' for loading",
                                    lift->kind, lift->name, lift->table);
    }
    return DBW_OK;
}

static dbw_status lift_all(dbw_run *run, dbw_error *error)
{
    lift_list list = {0};
    bool allowed;
    int64_t seq = next_lift(run);
    DBW_TRY(gather(run, &list, &allowed, error));
    if (!allowed) {
        run->in_order = true;
        dbw_run_event(run, "info",
                      "the role may not take constraints away: tables are filled one by one, "
                      "parents first");
        return DBW_OK;
    }
    DBW_TRY(lift_kind(run, &list, "trigger", &seq, error));
    DBW_TRY(lift_kind(run, &list, "foreign key", &seq, error));
    return lift_kind(run, &list, "index", &seq, error);
}

/* --- saving ----------------------------------------------------------------------------------- */

static const char *saved_name(dbw_arena *arena, const dbw_run_table *table)
{
    return dbw_arena_printf(arena, DBW_SAVED_PREFIX "%" PRId64, table->seq);
}

/* Columns that can be written: generated ones make themselves. */
static struct json_object *saved_columns(const dbw_run_table *table)
{
    const dbw_table *target = table->plan->target;
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < target->column_count; i++)
        if (!table->skip && target->columns[i].generated == DBW_GENERATED_NONE)
            json_object_array_add(array, json_object_new_string(target->columns[i].name));
    for (size_t i = 0; table->skip && i < table->plan->key_count; i++) {
        size_t n = table->plan->columns[table->plan->key[i]].target;
        json_object_array_add(array, json_object_new_string(target->columns[n].name));
    }
    return array;
}

static char *column_list(dbw_run *run, struct json_object *columns)
{
    const char *list = "";
    for (size_t i = 0; i < json_object_array_length(columns); i++)
        list = dbw_arena_printf(
            run->arena, "%s%s%s", list, i ? ", " : "",
            dbw_ddl_quoted(run->arena, run->target,
                           json_object_get_string(json_object_array_get_idx(columns, i))));
    return dbw_arena_string(run->arena, list);
}

/* The statement that puts the saved rows back. */
static dbw_status render_restore(dbw_run *run, const dbw_run_table *table, char **sql,
                                 dbw_error *error)
{
    const dbw_table *target = table->plan->target;
    size_t *columns = DBW_NEW_ARRAY(run->arena, target->column_count + 1, size_t);
    size_t count = 0;
    for (size_t i = 0; i < target->column_count; i++)
        if (target->columns[i].generated == DBW_GENERATED_NONE)
            columns[count++] = i;
    return run->target->landing->render_insert(run->arena, target, columns, count, run->schema,
                                               saved_name(run->arena, table), false, sql, error);
}

/* The statement that deletes what a skipping run added. */
static char *render_remove_added(dbw_run *run, const dbw_run_table *table)
{
    dbw_arena *arena = run->arena;
    const dbw_table *target = table->plan->target;
    const char *match = "";
    for (size_t i = 0; i < table->plan->key_count; i++) {
        size_t n = table->plan->columns[table->plan->key[i]].target;
        const char *name = dbw_ddl_quoted(arena, run->target, target->columns[n].name);
        match = dbw_arena_printf(arena, "%s%ss.%s = %s.%s", match, i ? " AND " : "", name,
                                 dbw_ddl_quoted(arena, run->target, target->name), name);
    }
    return dbw_arena_printf(
        arena, "DELETE FROM %s WHERE NOT EXISTS (SELECT 1 FROM %s s WHERE %s)",
        dbw_ddl_qualified(arena, run->target, target->schema, target->name),
        dbw_ddl_qualified(arena, run->target, run->schema, saved_name(arena, table)), match);
}

static dbw_status count_rows(dbw_run *run, const char *table, int64_t *rows, dbw_error *error)
{
    dbw_value count;
    DBW_TRY(dbw_fetch_value(run->control, run->arena,
                            dbw_arena_printf(run->arena, "SELECT count(*) FROM %s", table), NULL, 0,
                            &count, error));
    *rows = count.kind == DBW_KIND_INT64 ? count.int64 : 0;
    return DBW_OK;
}

static void tell(dbw_run *run, const dbw_run_table *table, int64_t rows)
{
    if (rows > 0 && table->skip)
        dbw_run_event(run, "info", "table %s holds %" PRId64 " rows, which stay", table->name,
                      rows);
    else if (rows > 0 && run->options->clear)
        dbw_run_event(run, "warning", "table %s is emptied of %" PRId64 " rows, as asked",
                      table->name, rows);
    else if (rows > 0)
        dbw_run_event(run, "warning",
                      "table %s holds %" PRId64 " rows, which are saved and replaced", table->name,
                      rows);
}

static dbw_status save_table(dbw_run *run, const dbw_run_table *table, dbw_error *error)
{
    const dbw_table *target = table->plan->target;
    char *name = dbw_ddl_qualified(run->arena, run->target, target->schema, target->name);
    char *empty = dbw_arena_printf(run->arena, "DELETE FROM %s", name), *restore = NULL;
    const char *saved = saved_name(run->arena, table);
    int64_t rows;
    DBW_TRY(count_rows(run, name, &rows, error));
    tell(run, table, rows);
    struct json_object *detail = json_object_new_object();
    struct json_object *columns = saved_columns(table);
    json_object_object_add(detail, "table", json_object_new_string(target->name));
    json_object_object_add(detail, "columns", columns);
    json_object_object_add(detail, "skip", json_object_new_boolean(table->skip));
    json_object_object_add(detail, "clear", json_object_new_boolean(run->options->clear));
    dbw_record record = {.kind = DBW_RECORD_SAVED,
                         .seq = table->seq,
                         .state = "saved",
                         .rows = rows,
                         .detail = detail};
    dbw_status status = DBW_OK;
    char *qualified = dbw_ddl_qualified(run->arena, run->target, run->schema, saved);
    char *select = column_list(run, columns);
    if (rows > 0) {
        json_object_object_add(detail, "saved", json_object_new_string(qualified));
        if (!table->skip)
            status = render_restore(run, table, &restore, error);
        else
            empty = render_remove_added(run, table);
    }
    json_object_object_add(detail, "empty", json_object_new_string(empty));
    if (restore)
        json_object_object_add(detail, "restore", json_object_new_string(restore));
    if (status != DBW_OK)
        json_object_put(detail);
    /* The record first: making the table may commit what went before. */
    if (status == DBW_OK)
        status = dbw_run_remember(run, &record, error);
    if (status == DBW_OK && rows > 0)
        status = dbw_ddl_sql(run->control,
                             dbw_arena_printf(run->arena, "CREATE TABLE %s AS SELECT %s FROM %s",
                                              qualified, select, name),
                             error);
    return status ? dbw_error_prefix(error, "unable to save the rows of table '%s'", target->name)
                  : DBW_OK;
}

static dbw_status empty_tables(dbw_run *run, dbw_error *error)
{
    for (size_t i = run->table_count; i > 0; i--) {
        const dbw_run_table *table = &run->tables[i - 1];
        const dbw_record *record = dbw_run_record(run, DBW_RECORD_SAVED, table->seq);
        if (!record || table->skip || record->rows == 0)
            continue;
        if (dbw_ddl_sql(run->control, dbw_record_text(record, "empty"), error) != DBW_OK)
            return dbw_error_prefix(error, "unable to empty table '%s'", table->name);
    }
    return DBW_OK;
}

/* What an attempt had saved that was killed before it emptied anything: the rows are where they
 * were. */
static dbw_status forget_saved(dbw_run *run, dbw_error *error)
{
    for (size_t i = 0; i < run->record_count; i++) {
        dbw_record *record = &run->records[i];
        const char *saved =
            record->kind == DBW_RECORD_SAVED ? dbw_record_text(record, "saved") : NULL;
        if (record->kind != DBW_RECORD_SAVED)
            continue;
        if (saved)
            DBW_TRY(dbw_ddl_sql(run->control,
                                dbw_arena_printf(run->arena, "DROP TABLE IF EXISTS %s", saved),
                                error));
        DBW_TRY(dbw_checkpoint_remove(run->checkpoint, run->control, DBW_RECORD_SAVED, record->seq,
                                      record->seq + 1, error));
        record->kind = DBW_RECORD_KINDS;
    }
    return DBW_OK;
}

static dbw_status empty_all(dbw_database *database, void *context, dbw_error *error)
{
    dbw_run *run = context;
    DBW_TRY(empty_tables(run, error));
    return dbw_checkpoint_state(run->checkpoint, database, DBW_RECORD_RUN, 0,
                                run->in_order ? "in-order" : "prepared", error);
}

static dbw_status save_all(dbw_run *run, dbw_error *error)
{
    bool skipping = strcmp(run->options->on_conflict, "skip") == 0;
    run->in_order = skipping;
    DBW_TRY(forget_saved(run, error));
    if (!skipping)
        DBW_TRY(lift_all(run, error));
    for (size_t i = 0; i < run->table_count; i++) {
        dbw_run_table *table = &run->tables[i];
        if (!fills(table))
            continue;
        DBW_TRY(dbw_ddl_record_table(run, run->control, run->arena, table, "found", error));
        DBW_TRY(save_table(run, table, error));
        /* Before the first row: where rows bring their numbers, each may move the mark. */
        DBW_TRY(dbw_run_sequence_before(run, table, error));
    }
    return DBW_OK;
}

static dbw_status prepare(dbw_database *database, void *context, dbw_error *error)
{
    DBW_TRY(save_all(context, error));
    return empty_all(database, context, error);
}

static bool any_to_fill(const dbw_run *run)
{
    for (size_t i = 0; i < run->table_count; i++)
        if (fills(&run->tables[i]))
            return true;
    return false;
}

/* What the attempt before had brought back would hinder ranges that are copied again, or act on
 * their rows: what is gone is recorded only then, so that it is done again rather than left out. */
static dbw_status lift_again(dbw_database *database, void *context, dbw_error *error)
{
    static const char *const turns[] = {"trigger", "foreign key"};
    dbw_run *run = context;
    for (size_t turn = 0; turn < DBW_COUNT(turns); turn++)
        for (size_t i = 0; i < run->record_count; i++) {
            dbw_record *record = &run->records[i];
            if (record->kind != DBW_RECORD_LIFTED || strcmp(record->state, "restored") != 0 ||
                strcmp(dbw_record_text(record, "kind"), turns[turn]) != 0)
                continue;
            DBW_TRY(dbw_ddl_take_away(run, dbw_record_text(record, "drop"), error));
            DBW_TRY(dbw_checkpoint_state(run->checkpoint, database, DBW_RECORD_LIFTED, record->seq,
                                         "lifted", error));
            record->state = "lifted";
        }
    return DBW_OK;
}

dbw_status dbw_existing_prepare(dbw_run *run, dbw_error *error)
{
    const dbw_record *record = dbw_run_record(run, DBW_RECORD_RUN, 0);
    const char *state = record ? record->state : "started";
    if (!any_to_fill(run))
        return DBW_OK;
    run->in_order = strcmp(state, "in-order") == 0;
    if (run->in_order)
        return DBW_OK;
    if (strcmp(state, "prepared") == 0)
        return run->target->dialect->transactional_ddl
                   ? dbw_transaction(run->control, lift_again, run, error)
                   : lift_again(run->control, run, error);
    if (run->target->dialect->transactional_ddl)
        return dbw_transaction(run->control, prepare, run, error);
    /* Triggers and saved rows are settled by their records; no row goes before all are saved. */
    DBW_TRY(save_all(run, error));
    return dbw_transaction(run->control, empty_all, run, error);
}

/* --- afterwards ------------------------------------------------------------------------------- */

typedef struct restoring {
    dbw_run *run;
    dbw_record *record;
} restoring;

static dbw_status restore_one(dbw_database *database, void *context, dbw_error *error)
{
    restoring *what = context;
    const dbw_record *record = what->record;
    if (dbw_ddl_sql(database, dbw_record_text(record, "restore"), error) != DBW_OK)
        return dbw_error_prefix(error, "unable to bring back %s '%s' of table '%s'",
                                dbw_record_text(record, "kind"), dbw_record_text(record, "name"),
                                dbw_record_text(record, "table"));
    return dbw_checkpoint_state(what->run->checkpoint, database, DBW_RECORD_LIFTED, record->seq,
                                "restored", error);
}

static bool filled(const dbw_run *run, const char *name)
{
    for (size_t i = 0; i < run->table_count; i++)
        if (strcmp(run->tables[i].plan->target->name, name) == 0)
            return fills(&run->tables[i]);
    return false;
}

/* Where foreign keys stay with the table and are not looked at while loading, those of the tables
 * that were filled, and those onto them, are proven now. */
static dbw_status prove_inline(dbw_run *run, dbw_error *error)
{
    const dbw_schema *before = run->plan->target_before;
    for (size_t i = 0; i < before->table_count; i++) {
        const dbw_table *table = &before->tables[i];
        for (size_t n = 0; n < table->foreign_key_count; n++) {
            const dbw_foreign_key *key = &table->foreign_keys[n];
            int64_t orphans;
            if (!filled(run, table->name) && !filled(run, key->referenced_table))
                continue;
            DBW_TRY(dbw_keys_orphans(run->control, run->arena, table, key, &orphans, error));
            if (orphans == 0)
                continue;
            dbw_fail(error, DBW_E_DATA,
                     "unable to keep a foreign key of table '%s': %" PRId64
                     " rows refer to rows of '%s' that are not there",
                     table->name, orphans, key->referenced_table);
            return dbw_error_object(error, "%s.%s", table->name, key->columns.items[0]);
        }
    }
    return DBW_OK;
}

dbw_status dbw_existing_restore(dbw_run *run, dbw_error *error)
{
    if (run->target->dialect->unchecked_keys)
        DBW_TRY(prove_inline(run, error));
    static const char *const turns[] = {"foreign key", "trigger"};
    for (size_t turn = 0; turn < DBW_COUNT(turns); turn++)
        for (size_t i = 0; i < run->record_count; i++) {
            dbw_record *record = &run->records[i];
            if (record->kind != DBW_RECORD_LIFTED || strcmp(record->state, "lifted") != 0 ||
                strcmp(dbw_record_text(record, "kind"), turns[turn]) != 0)
                continue;
            DBW_TRY(dbw_transaction(run->control, restore_one, &(restoring){run, record}, error));
            record->state = "restored";
            DBW_TRY(dbw_run_poll(run, false, error));
        }
    return DBW_OK;
}

static const char *export_name(dbw_arena *arena, const dbw_record *record)
{
    char *name = dbw_arena_printf(arena, "setup-rows-%" PRId64 "-%s.jsonl", record->seq,
                                  dbw_record_text(record, "table"));
    for (char *c = name; *c; c++)
        if (!dbw_is_digit(*c) && (dbw_lower(*c) < 'a' || dbw_lower(*c) > 'z') && *c != '-' &&
            *c != '_' && *c != '.')
            *c = '_';
    return strlen(name) < 200
               ? name
               : dbw_arena_printf(arena, "setup-rows-%" PRId64 ".jsonl", record->seq);
}

static dbw_status write_rows(dbw_rows *rows, FILE *file, dbw_error *error)
{
    const dbw_value *row;
    for (;;) {
        DBW_TRY(dbw_rows_next(rows, &row, error));
        if (!row)
            return DBW_OK;
        struct json_object *line = json_object_new_object();
        for (size_t i = 0; i < dbw_rows_width(rows); i++)
            json_object_object_add(line, dbw_rows_name(rows, i), dbw_value_plain_json(&row[i]));
        dbw_status status = dbw_folder_line(file, line, error);
        json_object_put(line);
        DBW_TRY(status);
    }
}

static dbw_status export_table(dbw_run *run, const dbw_record *record, dbw_error *error)
{
    const char *name = export_name(run->arena, record);
    dbw_rows *rows;
    FILE *file;
    DBW_TRY(dbw_folder_create(run->request->folder, name, &file, error));
    dbw_status status = dbw_fetch(
        run->control,
        dbw_arena_printf(run->arena, "SELECT * FROM %s", dbw_record_text(record, "saved")), NULL, 0,
        &rows, error);
    if (status == DBW_OK) {
        status = write_rows(rows, file, error);
        dbw_rows_close(rows);
    }
    if (status != DBW_OK) {
        fclose(file);
        return status;
    }
    DBW_TRY(dbw_folder_close(file, error));
    dbw_ledger_entry entry = {
        .kind = DBW_LEDGER_SETUP_ROWS,
        .table = dbw_record_text(record, "table"),
        .reason = dbw_arena_printf(run->arena, "stood in the table before; written to %s/%s",
                                   run->request->folder ? run->request->folder : ".", name),
        .count = record->rows};
    dbw_ledger_add(run->ledger, &entry);
    return DBW_OK;
}

/* Rows that were to go are counted, and that is all. */
static void enter_cleared(dbw_run *run, const dbw_record *record)
{
    dbw_ledger_entry entry = {.kind = DBW_LEDGER_SETUP_ROWS,
                              .table = dbw_record_text(record, "table"),
                              .reason = "stood in the table before; emptied, as asked",
                              .count = record->rows};
    dbw_ledger_add(run->ledger, &entry);
}

dbw_status dbw_existing_export(dbw_run *run, dbw_error *error)
{
    for (size_t i = 0; i < run->record_count; i++) {
        const dbw_record *record = &run->records[i];
        if (record->kind != DBW_RECORD_SAVED || dbw_record_flag(record, "skip") ||
            record->rows == 0)
            continue;
        if (dbw_record_flag(record, "clear"))
            enter_cleared(run, record);
        else
            DBW_TRY(export_table(run, record, error));
    }
    return DBW_OK;
}
