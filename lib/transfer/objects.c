/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between two databases of one engine: types, functions, views, triggers and all else that has a
 * definition of its own is made again by its own statements. The order is that in which the source
 * has them; what still fails because it needs another is tried again when that is there. What
 * cannot be made goes to the to-do script and the ledger.
 */
#include "transfer/ddl.h"

#include <json-c/json.h>

static const char savepoint[] = "dbwizard_object";

typedef struct making {
    dbw_run *run;
    bool before; /* those that tables need */
    const dbw_object **left;
    const char **reasons;
    size_t left_count;
    int64_t next; /* number of the next record */
} making;

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static dbw_record *record_of(const dbw_run *run, const dbw_object *object)
{
    for (size_t i = 0; i < run->record_count; i++) {
        dbw_record *record = &run->records[i];
        if (record->kind == DBW_RECORD_OBJECT &&
            same(dbw_record_text(record, "create"), object->create))
            return record;
    }
    return NULL;
}

static bool made_before(const dbw_run *run, const dbw_object *object)
{
    const dbw_record *record = record_of(run, object);
    return record && strcmp(record->state, "made") == 0;
}

/* Whether one that is as good stands there already. */
static dbw_status is_there(dbw_run *run, const dbw_object *object, bool *there, dbw_error *error)
{
    const dbw_schema *target = run->plan->target_before;
    dbw_value value = DBW_NULL;
    *there = false;
    for (size_t i = 0; i < target->object_count && !*there; i++) {
        const dbw_object *other = &target->objects[i];
        *there = same(other->kind, object->kind) && same(other->name, object->name) &&
                 same(other->create, object->create);
    }
    if (*there || !object->exists)
        return DBW_OK;
    DBW_TRY(dbw_fetch_value(run->control, run->arena, object->exists, NULL, 0, &value, error));
    *there = !dbw_value_is_null(&value);
    return DBW_OK;
}

static dbw_status record_object(making *m, const dbw_object *object, const char *state,
                                dbw_error *error)
{
    struct json_object *detail = json_object_new_object();
    json_object_object_add(detail, "create", json_object_new_string(object->create));
    json_object_object_add(detail, "before", json_object_new_boolean(object->before));
    if (object->drop)
        json_object_object_add(detail, "drop", json_object_new_string(object->drop));
    dbw_record record = {
        .kind = DBW_RECORD_OBJECT, .seq = m->next++, .state = state, .detail = detail};
    return dbw_run_remember(m->run, &record, error);
}

/* The error tells of the object, not of the connection or of the run. */
static bool about_object(dbw_status status)
{
    return status == DBW_E_DATABASE || status == DBW_E_DENIED || status == DBW_E_INVALID ||
           status == DBW_E_UNSUPPORTED || status == DBW_E_NOT_FOUND || status == DBW_E_CONFLICT ||
           status == DBW_E_DATA;
}

/*
 * Where a statement of DDL commits by itself, that it is being made is recorded first: what stands
 * there then of an attempt that was killed, or failed half-way, is taken away before the next.
 */
static dbw_status make_recorded(making *m, const dbw_object *object, bool *done,
                                const char **reason, dbw_error *error)
{
    dbw_run *run = m->run;
    dbw_record *record = record_of(run, object);
    if (!record)
        DBW_TRY(record_object(m, object, "making", error));
    else if (object->drop)
        DBW_TRY(dbw_ddl_sql(run->control, object->drop, error));
    dbw_status status = dbw_ddl_sql(run->control, object->create, error);
    if (status != DBW_OK && !about_object(status))
        return status;
    *done = status == DBW_OK;
    dbw_error after;
    if (object->after && (status = dbw_ddl_sql(run->control, object->after, &after)) != DBW_OK) {
        *error = after;
        return status;
    }
    if (!*done) {
        *reason = dbw_arena_string(run->arena, error->message);
        dbw_error_clear(error);
        return DBW_OK;
    }
    record = record_of(run, object);
    record->state = "made";
    return dbw_checkpoint_state(run->checkpoint, run->control, DBW_RECORD_OBJECT, record->seq,
                                "made", error);
}

/* A view that cannot be read is none, whether the server says so at once or not. */
static dbw_status create_object(dbw_run *run, const dbw_object *object, dbw_error *error)
{
    dbw_rows *rows;
    DBW_TRY(dbw_ddl_sql(run->control, object->create, error));
    if (!run->target->dialect->unchecked_views || strcmp(object->kind, "view") != 0)
        return DBW_OK;
    DBW_TRY(dbw_fetch(run->control,
                      dbw_arena_printf(run->arena, "SELECT * FROM %s LIMIT 0",
                                       dbw_ddl_quoted(run->arena, run->target, object->name)),
                      NULL, 0, &rows, error));
    dbw_rows_close(rows);
    return DBW_OK;
}

/* Makes one; `*done` false when the server would not have it: `*reason` says why. */
static dbw_status make_one(making *m, const dbw_object *object, bool *done, const char **reason,
                           dbw_error *error)
{
    dbw_run *run = m->run;
    DBW_TRY(is_there(run, object, done, error));
    if (*done)
        return DBW_OK;
    if (!run->target->dialect->transactional_ddl)
        return make_recorded(m, object, done, reason, error);
    DBW_TRY(
        dbw_ddl_sql(run->control, dbw_arena_printf(run->arena, "SAVEPOINT %s", savepoint), error));
    dbw_status status = create_object(run, object, error);
    if (status == DBW_OK) {
        *done = true;
        DBW_TRY(record_object(m, object, "made", error));
        return dbw_ddl_sql(run->control,
                           dbw_arena_printf(run->arena, "RELEASE SAVEPOINT %s", savepoint), error);
    }
    if (!about_object(status))
        return status;
    *reason = dbw_arena_string(run->arena, error->message);
    dbw_error_clear(error);
    return dbw_ddl_sql(run->control,
                       dbw_arena_printf(run->arena, "ROLLBACK TO SAVEPOINT %s", savepoint), error);
}

/* As long as a round makes one more. */
static dbw_status make_all(making *m, dbw_error *error)
{
    for (size_t before = SIZE_MAX; m->left_count && m->left_count < before;) {
        size_t kept = 0;
        before = m->left_count;
        for (size_t i = 0; i < before; i++) {
            bool done;
            DBW_TRY(make_one(m, m->left[i], &done, &m->reasons[i], error));
            if (done)
                continue;
            m->left[kept] = m->left[i];
            m->reasons[kept++] = m->reasons[i];
        }
        m->left_count = kept;
    }
    return DBW_OK;
}

/* --- what could not be made ------------------------------------------------------------------- */

static void add_todo(dbw_run *run, const dbw_object *object, const char *reason)
{
    dbw_buffer out;
    dbw_buffer_init(&out, SIZE_MAX / 2);
    dbw_buffer_printf(&out, "%s%s-- %s '%s': not made: %s\n",
                      run->plan->todo ? run->plan->todo : "", run->plan->todo ? "\n" : "",
                      object->kind, object->name, reason);
    for (const char *line = object->definition; line && *line;) {
        size_t length = strcspn(line, "\n");
        dbw_buffer_printf(&out, "--   %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
    run->plan->todo = dbw_arena_text_string(run->arena, dbw_buffer_text(&out));
    dbw_buffer_free(&out);
}

static void lose(dbw_run *run, const dbw_object *object, const char *message)
{
    dbw_plan *plan = run->plan;
    const char *colon = strstr(message, ": ");
    const char *reason = strncmp(message, "unable to ", 10) == 0 && colon ? colon + 2 : message;
    const char *table = object->table ? object->table : object->name;
    const char *shown = dbw_arena_printf(run->arena, "%s %s", object->kind, object->name);
    *DBW_APPEND(run->arena, plan->changes, plan->change_count) =
        (dbw_plan_change){.kind = "object",
                          .table = table,
                          .column = object->name,
                          .before = shown,
                          .reason = reason,
                          .loses = true};
    *DBW_APPEND(run->arena, plan->findings, plan->finding_count) =
        (dbw_finding){.severity = DBW_SEVERITY_WARNING,
                      .code = dbw_arena_printf(run->arena, "%s-lost", object->kind),
                      .table = table,
                      .message = dbw_arena_printf(
                          run->arena, "%s could not be made in the target: %s", shown, reason)};
    dbw_ledger_entry entry = {.kind = DBW_LEDGER_OBJECT,
                              .table = table,
                              .column = object->name,
                              .before = shown,
                              .reason = reason,
                              .count = 1};
    dbw_ledger_add(run->ledger, &entry);
    dbw_run_event(run, "warning", "%s could not be made: %s", shown, reason);
    add_todo(run, object, reason);
}

/* --- the whole -------------------------------------------------------------------------------- */

static dbw_status make_step(dbw_database *database, void *context, dbw_error *error)
{
    making *m = context;
    const dbw_run *run = m->run;
    (void)database;
    m->left_count = 0;
    m->next = 0;
    for (size_t i = 0; i < run->record_count; i++)
        if (run->records[i].kind == DBW_RECORD_OBJECT && run->records[i].seq >= m->next)
            m->next = run->records[i].seq + 1;
    /* What failed before the tables may only have wanted one of them. */
    for (size_t i = 0; i < run->plan->object_count; i++) {
        const dbw_object *object = run->plan->objects[i];
        if ((object->before || !m->before) && !made_before(run, object))
            m->left[m->left_count++] = object;
    }
    return make_all(m, error);
}

dbw_status dbw_run_objects(dbw_run *run, bool before, dbw_error *error)
{
    size_t count = run->plan->object_count;
    making m = {
        .run = run,
        .before = before,
        .left = DBW_NEW_ARRAY(run->arena, count + 1, const dbw_object *),
        .reasons = DBW_NEW_ARRAY(run->arena, count + 1, const char *),
    };
    if (!count)
        return DBW_OK;
    dbw_status status = run->target->dialect->transactional_ddl
                            ? dbw_transaction(run->control, make_step, &m, error)
                            : make_step(run->control, &m, error);
    if (status != DBW_OK)
        return dbw_error_prefix(error, "unable to make what the tables %s",
                                before ? "need" : "are used by");
    for (size_t i = 0; i < m.left_count && !before; i++)
        lose(run, m.left[i], m.reasons[i]);
    return dbw_run_poll(run, false, error);
}

dbw_status dbw_objects_drop(dbw_run *run, bool before, dbw_error *error)
{
    for (size_t i = run->record_count; i > 0; i--) {
        const dbw_record *record = &run->records[i - 1];
        const char *drop =
            record->kind == DBW_RECORD_OBJECT && dbw_record_flag(record, "before") == before
                ? dbw_record_text(record, "drop")
                : NULL;
        if (drop)
            DBW_TRY(dbw_ddl_sql(run->control, drop, error));
    }
    return DBW_OK;
}
