/* SPDX-License-Identifier: Apache-2.0 */
/*
 * create: what only the target's server can tell of the schema, before a row is copied. Where DDL
 * is transactional all of it is made in one transaction and rolled back: tables, keys, indexes,
 * checks, foreign keys. Elsewhere (MySQL, MariaDB) each table is made as a temporary one, without
 * its foreign keys, parts, history and full-text indexes, which temporary tables do not have: these
 * are left to the run. From another engine, tables and indexes of plain columns are not tried, and
 * so no foreign keys: the dialect has put them together of what the server has. Nothing is left
 * behind, however the connection ends. One round trip for a table that is taken as it is; the parts
 * of another one are tried each by itself. How wide a row may be is not looked at for temporary
 * tables: the dialect's table_complaint reckons it.
 */
#include "transfer/plan_priv.h"

/* Relations that one transaction holds locks on; PostgreSQL has room for some 6,000 by default. */
enum { RELATIONS_MOST = 3000, SCRIPT_MOST = 32 * 1024 * 1024 };

#define SAVEPOINT "dbwizard_trial"

typedef struct trial {
    dbw_planner *planner;
    dbw_database *database;
    bool together; /* in one transaction, the tables stay until its end */
    bool all;      /* tables that nothing speaks against too: foreign keys need them */
    bool over;     /* the server has no room for more, or the role may make nothing */
    bool denied;   /* the last refusal was for want of a privilege */
    const char *why;
} trial;

/* What is tried of a table, in the order in which it is made. */
typedef struct piece {
    dbw_ddl_part part;
    size_t n;
} piece;

/* --- one attempt ------------------------------------------------------------------------------ */

/* That a role may make nothing at all is told apart by a table of columns alone (take_apart). */
static bool about_statement(dbw_status status)
{
    return status == DBW_E_DATABASE || status == DBW_E_DENIED || status == DBW_E_INVALID ||
           status == DBW_E_UNSUPPORTED || status == DBW_E_NOT_FOUND || status == DBW_E_CONFLICT ||
           status == DBW_E_EXISTS || status == DBW_E_DATA;
}

static bool no_room(dbw_status status)
{
    return status == DBW_E_NO_MEMORY || status == DBW_E_DISK_FULL || status == DBW_E_LIMIT ||
           status == DBW_E_READ_ONLY;
}

/* The server's words alone. */
static const char *reason_of(dbw_arena *arena, const char *message)
{
    while (strncmp(message, "unable to ", 10) == 0 && strstr(message, ": "))
        message = strstr(message, ": ") + 2;
    return dbw_arena_string(arena, message);
}

/* Runs it; `*reason` NULL when the server has taken it. */
static dbw_status run_script(trial *t, const char *script, const char **reason, dbw_error *error)
{
    dbw_arena *arena = t->planner->arena;
    *reason = NULL;
    if (t->together)
        script =
            dbw_arena_printf(arena, "SAVEPOINT " SAVEPOINT ";\n%s;\nRELEASE " SAVEPOINT, script);
    dbw_status status = dbw_execute_script(t->database, script, error);
    if (status == DBW_OK)
        return DBW_OK;
    if (!about_statement(status) && !no_room(status))
        return status;
    *reason = reason_of(arena, error->message);
    t->denied = status == DBW_E_DENIED;
    t->over |= no_room(status);
    dbw_error_clear(error);
    return t->together ? dbw_execute_script(t->database, "ROLLBACK TO " SAVEPOINT, error) : DBW_OK;
}

static const char *drop_of(const trial *t, const dbw_table *table)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, 4096);
    const char *drop = t->planner->to->dialect->drop_staging;
    dbw_buffer_printf(&sql, "%s IF EXISTS ", drop ? drop : "DROP TABLE");
    dbw_quote_qualified(t->planner->to, &sql, table->schema, table->name);
    const char *text = dbw_arena_text_string(t->planner->arena, dbw_buffer_text(&sql));
    dbw_buffer_free(&sql);
    return text;
}

/* The statements of those pieces of the table; `*sql` = NULL when there is nothing to do. */
static dbw_status script_of(const trial *t, const dbw_table *table, const piece *pieces,
                            size_t count, char **sql, const char **reason, dbw_error *error)
{
    dbw_buffer out;
    dbw_buffer_init(&out, SCRIPT_MOST);
    dbw_status status = DBW_OK;
    *sql = NULL;
    *reason = NULL;
    for (size_t i = 0; i < count && status == DBW_OK; i++) {
        char *one = NULL;
        status = t->planner->to->dialect->render_ddl(t->planner->arena, table, pieces[i].part,
                                                     pieces[i].n, &one, error);
        if (status == DBW_OK && one)
            dbw_buffer_printf(&out, "%s%s", out.length ? ";\n" : "", one);
    }
    if (status == DBW_OK)
        status = dbw_buffer_check(&out, "script", error);
    if (status == DBW_OK && out.length)
        *sql = dbw_arena_text_string(t->planner->arena, dbw_buffer_text(&out));
    dbw_buffer_free(&out);
    if (status != DBW_E_INVALID)
        return status;
    *reason = reason_of(t->planner->arena, error->message);
    dbw_error_clear(error);
    return DBW_OK;
}

static dbw_status attempt(trial *t, const dbw_table *table, const piece *pieces, size_t count,
                          const char **reason, dbw_error *error)
{
    char *sql;
    DBW_TRY(script_of(t, table, pieces, count, &sql, reason, error));
    if (!sql || *reason)
        return DBW_OK;
    return run_script(t, sql, reason, error);
}

/* Takes a table of an attempt away. */
static dbw_status forget(trial *t, const dbw_table *table, dbw_error *error)
{
    return dbw_execute_script(t->database, drop_of(t, table), error);
}

/* --- what is said about it -------------------------------------------------------------------- */

/* The source's name of what the target calls so. */
static const char *name_in_source(const trial *t, const dbw_work *work, const char *name)
{
    const dbw_plan *plan = t->planner->plan;
    for (size_t i = 0; name && i < plan->change_count; i++) {
        const dbw_plan_change *change = &plan->changes[i];
        if (change->after && change->before && change->column &&
            strcmp(change->table, work->source->name) == 0 && strcmp(change->after, name) == 0 &&
            strcmp(change->column, change->before) == 0)
            return change->column;
    }
    return name;
}

static void report(trial *t, const dbw_work *work, const char *column, const char *what,
                   const char *reason, const char *option, const char *value, const char *label)
{
    if (t->over)
        return;
    dbw_finding *finding =
        dbw_plan_find(t->planner, DBW_SEVERITY_ERROR, "not-made", work->source->name, column, 0,
                      "%s cannot be made in the target: %s", what, reason);
    if (option)
        dbw_finding_fix(finding, option, value, label);
}

static void report_named(trial *t, const dbw_work *work, const char *kind, const char *name,
                         const char *reason)
{
    dbw_arena *arena = t->planner->arena;
    const char *table = work->source->name;
    name = name_in_source(t, work, name);
    report(t, work, NULL,
           dbw_arena_printf(arena, "%s%s%s%s of %s", kind, name ? " '" : "", name ? name : "",
                            name ? "'" : "", table),
           reason, name ? "exclude" : NULL,
           name ? dbw_arena_printf(arena, "%s.%s", table, name) : NULL, "Leave it out");
}

static void report_table(trial *t, const dbw_work *work, const char *reason)
{
    const char *table = work->source->name;
    report(t, work, NULL, dbw_arena_printf(t->planner->arena, "table '%s'", table), reason,
           "exclude", table, "Leave the table out");
}

static void report_column(trial *t, const dbw_work *work, size_t n, const char *kind,
                          const char *transform, const char *label, const char *reason)
{
    dbw_arena *arena = t->planner->arena;
    const char *table = work->source->name;
    const char *name =
        n < work->column_count ? work->source->columns[work->columns[n]].name : "a hidden column";
    report(t, work, n < work->column_count ? name : NULL,
           dbw_arena_printf(arena, "%s %s.%s", kind, table, name), reason,
           n < work->column_count ? "transforms" : NULL,
           dbw_arena_printf(arena, "%s.%s:%s", table, name, transform), label);
}

/* --- a table that was not taken: which of its pieces? ----------------------------------------- */

/* The columns and nothing else. */
static dbw_table *bare(const trial *t, const dbw_table *table)
{
    dbw_arena *arena = t->planner->arena;
    dbw_table *copy = DBW_NEW(arena, dbw_table);
    *copy = *table;
    copy->definition = NULL;
    copy->columns = DBW_NEW_ARRAY(arena, table->column_count + 1, dbw_column);
    copy->checks = DBW_NEW_ARRAY(arena, table->check_count + 1, dbw_check);
    copy->check_count = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        copy->columns[i] = table->columns[i];
        if (copy->columns[i].identity == DBW_IDENTITY_NONE)
            copy->columns[i].default_value = (dbw_default){0};
        copy->columns[i].generated = DBW_GENERATED_NONE;
        copy->columns[i].generation = NULL;
        copy->columns[i].on_update_now = false;
    }
    return copy;
}

static dbw_status try_table(trial *t, const dbw_table *table, const char **reason, dbw_error *error)
{
    const piece whole = {.part = DBW_DDL_TABLE};
    DBW_TRY(attempt(t, table, &whole, 1, reason, error));
    return *reason ? DBW_OK : forget(t, table, error);
}

static dbw_status try_checks(trial *t, const dbw_work *work, const dbw_table *table,
                             dbw_table *good, size_t *found, dbw_error *error)
{
    for (size_t i = 0; i < table->check_count && !t->over; i++) {
        const char *reason;
        good->checks[good->check_count++] = table->checks[i];
        DBW_TRY(try_table(t, good, &reason, error));
        if (!reason)
            continue;
        good->check_count--;
        (*found)++;
        report_named(t, work, "check", table->checks[i].name, reason);
    }
    return DBW_OK;
}

static dbw_status try_columns(trial *t, const dbw_work *work, const dbw_table *table,
                              dbw_table *good, size_t *found, dbw_error *error)
{
    for (size_t i = 0; i < table->column_count && !t->over; i++) {
        const dbw_column *column = &table->columns[i];
        const dbw_column before = good->columns[i];
        bool generated = column->generated != DBW_GENERATED_NONE;
        const char *reason;
        if (!generated && (column->default_value.kind == DBW_DEFAULT_NONE ||
                           column->identity != DBW_IDENTITY_NONE))
            continue;
        good->columns[i] = *column;
        DBW_TRY(try_table(t, good, &reason, error));
        if (!reason)
            continue;
        good->columns[i] = before;
        (*found)++;
        if (generated)
            report_column(t, work, i, "the generated column", "generated=values",
                          "Keep its values in an ordinary column", reason);
        else
            report_column(t, work, i, "the default of", "default=drop", "Make no default", reason);
    }
    return DBW_OK;
}

static void report_piece(trial *t, const dbw_work *work, const dbw_table *table, const piece *p,
                         const char *reason)
{
    if (p->part == DBW_DDL_PRIMARY_KEY)
        report_named(t, work, "the primary key", NULL, reason);
    else if (p->part == DBW_DDL_UNIQUE)
        report_named(t, work, "the unique key", table->uniques[p->n].name, reason);
    else if (p->part == DBW_DDL_INDEX)
        report_named(t, work, "index", table->indexes[p->n].name, reason);
    else if (p->part == DBW_DDL_FOREIGN_KEY)
        report_named(t, work, "foreign key", table->foreign_keys[p->n].name, reason);
    else
        report_named(t, work, "the comments", NULL, reason);
}

static dbw_status take_apart(trial *t, const dbw_work *work, const dbw_table *table,
                             const piece *pieces, size_t count, const char *whole, dbw_error *error)
{
    dbw_table *good = bare(t, table);
    const piece create = {.part = DBW_DDL_TABLE};
    const char *reason;
    size_t found = 0;
    DBW_TRY(try_table(t, good, &reason, error));
    if (reason && t->denied) {
        t->over = true; /* no table at all: the run says so at its first step */
        return DBW_OK;
    }
    if (reason) {
        report_table(t, work, reason);
        return DBW_OK;
    }
    DBW_TRY(try_checks(t, work, table, good, &found, error));
    DBW_TRY(try_columns(t, work, table, good, &found, error));
    DBW_TRY(attempt(t, good, &create, 1, &reason, error));
    for (size_t i = 1; i < count && !t->over && !reason; i++) {
        const char *why;
        DBW_TRY(attempt(t, good, &pieces[i], 1, &why, error));
        if (!why)
            continue;
        found++;
        report_piece(t, work, table, &pieces[i], why);
    }
    if (!found)
        report_table(t, work, whole);
    return reason || t->together ? DBW_OK : forget(t, good, error);
}

/* --- a table ---------------------------------------------------------------------------------- */

/* What is put together of types, keys and names alone is taken: the dialect saw to that. */
static bool is_plain_index(const dbw_index *index)
{
    bool plain = !index->where && !index->method;
    for (size_t i = 0; plain && i < index->item_count; i++)
        plain =
            index->items[i].column && !index->items[i].operator_class && !index->items[i].collation;
    return plain;
}

/* Temporary tables of MySQL have none of these. */
static bool left_to_the_run(const trial *t, const dbw_index *index)
{
    return !t->together && index->method;
}

static size_t pieces_of(const trial *t, const dbw_table *table, piece *out)
{
    size_t count = 0;
    out[count++] = (piece){.part = DBW_DDL_TABLE};
    if (t->all)
        out[count++] = (piece){.part = DBW_DDL_PRIMARY_KEY};
    for (size_t i = 0; i < table->unique_count; i++)
        if (t->all || table->uniques[i].definition)
            out[count++] = (piece){.part = DBW_DDL_UNIQUE, .n = i};
    for (size_t i = 0; i < table->index_count; i++)
        if (!left_to_the_run(t, &table->indexes[i]) &&
            (t->all || !is_plain_index(&table->indexes[i])))
            out[count++] = (piece){.part = DBW_DDL_INDEX, .n = i};
    return count;
}

/* As it is made for the trial. */
static const dbw_table *tried(const trial *t, const dbw_table *table)
{
    if (t->together)
        return table;
    dbw_table *copy = DBW_NEW(t->planner->arena, dbw_table);
    *copy = *table;
    copy->temporary = true;
    copy->system_versioned = false;
    copy->suffix = NULL;
    copy->columns = DBW_NEW_ARRAY(t->planner->arena, table->column_count + 1, dbw_column);
    memcpy(copy->columns, table->columns, table->column_count * sizeof *copy->columns);
    for (size_t i = 0; i < copy->column_count; i++)
        if (copy->columns[i].sequence) /* it is not there yet */
            copy->columns[i].default_value = (dbw_default){0};
    return copy;
}

static bool is_plain_column(const dbw_column *column)
{
    bool made = column->generated != DBW_GENERATED_NONE || column->sequence ||
                column->default_value.kind == DBW_DEFAULT_EXPRESSION;
    return !made && !column->collation && column->type.intent != DBW_INTENT_OTHER &&
           column->type.intent != DBW_INTENT_ENUM && column->type.intent != DBW_INTENT_ANY;
}

static bool is_plain(const trial *t, const dbw_work *work)
{
    const dbw_table *table = work->target;
    if (table->check_count || table->suffix || table->definition || t->planner->schema_missing)
        return false;
    for (size_t i = 0; i < table->column_count; i++)
        if (!is_plain_column(&table->columns[i]))
            return false;
    for (size_t i = 0; i < work->column_count; i++)
        if (work->decisions[i].fixed)
            return false;
    for (size_t i = 0; i < table->index_count; i++)
        if (!is_plain_index(&table->indexes[i]))
            return false;
    for (size_t i = 0; i < table->unique_count; i++)
        if (table->uniques[i].definition)
            return false;
    return true;
}

/* Another finding says already that it cannot be made. */
static bool is_refused(const dbw_plan *plan, const dbw_work *work)
{
    for (size_t i = 0; i < plan->finding_count; i++)
        if (plan->findings[i].severity == DBW_SEVERITY_ERROR && plan->findings[i].table &&
            strcmp(plan->findings[i].table, work->source->name) == 0 &&
            (strcmp(plan->findings[i].code, "too-many-columns") == 0 ||
             strcmp(plan->findings[i].code, "reserved-name") == 0))
            return true;
    return false;
}

static dbw_status try_work(trial *t, const dbw_work *work, dbw_error *error)
{
    const dbw_table *table = tried(t, work->target);
    const char *reason;
    piece *pieces =
        DBW_NEW_ARRAY(t->planner->arena, table->unique_count + table->index_count + 3, piece);
    size_t count = pieces_of(t, table, pieces);
    if (is_refused(t->planner->plan, work) || (!t->all && is_plain(t, work)))
        return DBW_OK;
    DBW_TRY(attempt(t, table, pieces, count, &reason, error));
    if (!reason)
        return t->together ? DBW_OK : forget(t, table, error);
    if (t->over)
        return DBW_OK;
    if (!t->together)
        DBW_TRY(forget(t, table, error));
    return take_apart(t, work, table, pieces, count, reason, error);
}

static dbw_status try_foreign_keys(trial *t, const dbw_work *work, dbw_error *error)
{
    const dbw_table *table = work->target;
    piece *pieces = DBW_NEW_ARRAY(t->planner->arena, table->foreign_key_count + 1, piece);
    const char *reason;
    for (size_t i = 0; i < table->foreign_key_count; i++)
        pieces[i] = (piece){.part = DBW_DDL_FOREIGN_KEY, .n = i};
    DBW_TRY(attempt(t, table, pieces, table->foreign_key_count, &reason, error));
    for (size_t i = 0; reason && i < table->foreign_key_count && !t->over; i++) {
        const char *why;
        DBW_TRY(attempt(t, table, &pieces[i], 1, &why, error));
        if (why)
            report_piece(t, work, table, &pieces[i], why);
    }
    return DBW_OK;
}

/* --- all -------------------------------------------------------------------------------------- */

/* The namespace that the run makes, and what tables need: types, functions, other namespaces. */
static dbw_status make_before(trial *t, dbw_error *error)
{
    const dbw_plan *plan = t->planner->plan;
    const char *reason = NULL;
    size_t left = plan->object_count, before = SIZE_MAX;
    bool *made = DBW_NEW_ARRAY(t->planner->arena, left + 1, bool);
    if (t->planner->schema_missing) {
        dbw_buffer sql;
        dbw_buffer_init(&sql, 4096);
        dbw_buffer_add_string(&sql, "CREATE SCHEMA ");
        dbw_quote_name(t->planner->to, &sql, plan->target_schema);
        dbw_status status = run_script(t, sql.data, &reason, error);
        dbw_buffer_free(&sql);
        DBW_TRY(status);
    }
    /* One may need another that comes later: as long as a round makes one more. */
    while (left < before) {
        before = left;
        for (size_t i = 0; i < plan->object_count; i++) {
            if (made[i] || !plan->objects[i]->before)
                continue;
            DBW_TRY(run_script(t, plan->objects[i]->create, &reason, error));
            made[i] = reason == NULL;
            left -= made[i];
        }
    }
    return DBW_OK;
}

static size_t relations(const dbw_planner *planner)
{
    size_t count = 0;
    for (size_t i = 0; i < planner->work_count; i++) {
        const dbw_table *table = planner->works[i].skip ? NULL : planner->works[i].target;
        if (table)
            count += 2 + table->unique_count + table->index_count + table->partition_count;
    }
    return count;
}

static dbw_status make_all(trial *t, dbw_error *error)
{
    dbw_planner *planner = t->planner;
    if (t->together)
        DBW_TRY(make_before(t, error));
    for (size_t i = 0; i < planner->work_count && !t->over; i++)
        if (!planner->works[i].skip)
            DBW_TRY(try_work(t, &planner->works[i], error));
    bool whole = t->all && !dbw_plan_has_code(planner, "not-made");
    for (size_t i = 0; i < planner->work_count && whole && !t->over; i++)
        if (!planner->works[i].skip && planner->works[i].target->foreign_key_count)
            DBW_TRY(try_foreign_keys(t, &planner->works[i], error));
    return DBW_OK;
}

dbw_status dbw_plan_trial(dbw_planner *planner, dbw_error *error)
{
    trial t = {.planner = planner,
               .database = planner->request->scratch,
               .together = planner->to->dialect->transactional_ddl,
               .all = planner->same_engine && planner->to->dialect->transactional_ddl};
    if (planner->existing || !t.database || planner->options->data_only)
        return DBW_OK;
    if (t.together && relations(planner) > RELATIONS_MOST) {
        dbw_plan_find(planner, DBW_SEVERITY_INFO, "not-tried", NULL, NULL, 0,
                      "the schema is too large to be tried in one transaction of the target: what "
                      "its server refuses of it is found by the run");
        return DBW_OK;
    }
    if (t.together)
        DBW_TRY(dbw_begin(t.database, error));
    dbw_status status = make_all(&t, error);
    if (t.together)
        dbw_rollback(t.database);
    if (status == DBW_OK && t.over && !t.denied)
        dbw_plan_find(planner, DBW_SEVERITY_INFO, "not-tried", NULL, NULL, 0,
                      "the target's server has no room to try the whole schema: what it refuses "
                      "is found by the run");
    return status;
}
