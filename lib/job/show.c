/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs as the API answers them. */
#include "job/job_priv.h"
#include "job/lease.h"

#include <json-c/json.h>

enum { LIST_LIMIT = 1000 };

/* Every column that is shown, once: the query and the positions come from it. */
#define COLUMNS(X)                                                                                 \
    X(id)                                                                                          \
    X(kind)                                                                                        \
    X(status)                                                                                      \
    X(source)                                                                                      \
    X(target)                                                                                      \
    X(phase)                                                                                       \
    X(phases)                                                                                      \
    X(rows_done)                                                                                   \
    X(rows_total)                                                                                  \
    X(bytes_done)                                                                                  \
    X(bytes_total) X(rate) X(eta_seconds) X(tables) X(requested) X(resumable) X(discarded)         \
        X(verdict) X(error) X(version) X(created_at) X(started_at) X(finished_at) X(work)

enum column {
#define COLUMN(name) AT_##name,
    COLUMNS(COLUMN)
#undef COLUMN
        COLUMN_COUNT
};

static const char *const names[] = {
#define COLUMN(name) [AT_##name] = #name,
    COLUMNS(COLUMN)
#undef COLUMN
};

static const char *select_list(dbw_arena *arena)
{
    const char *list = names[0];
    for (size_t i = 1; i < COLUMN_COUNT; i++)
        list = dbw_arena_printf(arena, "%s, %s", list, names[i]);
    return list;
}

static struct json_object *member(enum column column, const dbw_value *row)
{
    switch (column) {
    case AT_phases:
    case AT_tables:
        return dbw_job_json_parse(&row[column], json_object_new_array());
    case AT_error:
        return dbw_job_json_parse(&row[column], NULL);
    case AT_resumable:
        return json_object_new_boolean(dbw_job_can_resume(
            row[AT_status].text, row[AT_resumable].int64 != 0, row[AT_work].text));
    case AT_discarded:
        return json_object_new_boolean(row[column].int64 != 0);
    case AT_created_at:
    case AT_started_at:
    case AT_finished_at:
        return dbw_job_json_time(&row[column]);
    case AT_id:
    case AT_kind:
    case AT_status:
    case AT_source:
    case AT_target:
    case AT_phase:
    case AT_rows_done:
    case AT_rows_total:
    case AT_bytes_done:
    case AT_bytes_total:
    case AT_rate:
    case AT_eta_seconds:
    case AT_requested:
    case AT_verdict:
    case AT_version:
    case AT_work:
    case COLUMN_COUNT:
        break;
    }
    return dbw_job_json_value(&row[column]);
}

static struct json_object *job_json(const dbw_value *row)
{
    struct json_object *job = json_object_new_object();
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (i != AT_work)
            json_object_object_add(job, names[i], member((enum column)i, row));
    return job;
}

static dbw_status add_events(dbw_database *database, const char *id, int64_t since,
                             struct json_object *events, dbw_error *error)
{
    dbw_value values[] = {dbw_value_string(id), dbw_value_int(since)};
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_fetch(database,
                      "SELECT seq, at, level, message FROM job_events WHERE job = ? AND seq > ?"
                      " ORDER BY seq",
                      values, DBW_COUNT(values), &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row) {
        struct json_object *event = json_object_new_object();
        json_object_object_add(event, "seq", dbw_job_json_value(&row[0]));
        json_object_object_add(event, "at", dbw_job_json_time(&row[1]));
        json_object_object_add(event, "level", dbw_job_json_value(&row[2]));
        json_object_object_add(event, "text", dbw_job_json_value(&row[3]));
        json_object_array_add(events, event);
    }
    dbw_rows_close(rows);
    return status;
}

static dbw_status get(dbw_database *database, dbw_arena *arena, const char *id, int64_t since,
                      struct json_object **out, dbw_error *error)
{
    dbw_value key = dbw_value_string(id), *row;
    const char *sql =
        dbw_arena_printf(arena, "SELECT %s FROM jobs WHERE id = ?", select_list(arena));
    DBW_TRY(dbw_fetch_one(database, arena, sql, &key, 1, &row, error));
    if (!row)
        return dbw_fail(error, DBW_E_NOT_FOUND, "job '%.40s' does not exist", id);
    *out = job_json(row);
    struct json_object *events = json_object_new_array();
    json_object_object_add(*out, "events", events);
    return since < 0 ? DBW_OK : add_events(database, id, since, events, error);
}

dbw_status dbw_job_get(dbw_store *store, const char *id, int64_t since, struct json_object **out,
                       dbw_error *error)
{
    dbw_database *database;
    *out = NULL;
    DBW_TRY(dbw_lease_notice(store, error));
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = get(database, arena, id, since, out, error);
    if (status != DBW_OK) {
        json_object_put(*out);
        *out = NULL;
    }
    dbw_arena_free(arena);
    dbw_store_return(store, database);
    return status;
}

static dbw_status list(dbw_database *database, dbw_arena *arena, const char *wanted, int limit,
                       struct json_object *jobs, dbw_error *error)
{
    dbw_value values[] = {dbw_value_string(wanted), dbw_value_int(limit)};
    const char *sql =
        dbw_arena_printf(arena, "SELECT %s FROM jobs%s ORDER BY created_at DESC, id DESC LIMIT ?",
                         select_list(arena), wanted ? " WHERE status = ?" : "");
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(dbw_fetch(database, sql, wanted ? values : values + 1, wanted ? 2 : 1, &rows, error));
    dbw_status status;
    while ((status = dbw_rows_next(rows, &row, error)) == DBW_OK && row) {
        struct json_object *job = job_json(row);
        json_object_object_add(job, "events", json_object_new_array());
        json_object_array_add(jobs, job);
    }
    dbw_rows_close(rows);
    return status;
}

dbw_status dbw_job_list(dbw_store *store, const char *status, int limit, struct json_object **out,
                        dbw_error *error)
{
    dbw_database *database;
    *out = NULL;
    if (status && dbw_job_status_find(status) == DBW_JOB_STATUS_COUNT) {
        dbw_fail(error, DBW_E_INVALID, "unknown status '%.40s'", status);
        return dbw_error_object(error, "status");
    }
    if (limit < 1 || limit > LIST_LIMIT) {
        dbw_fail(error, DBW_E_INVALID, "limit is 1 to %d", LIST_LIMIT);
        return dbw_error_object(error, "limit");
    }
    DBW_TRY(dbw_lease_notice(store, error));
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_arena *arena = dbw_arena_new();
    struct json_object *jobs = json_object_new_array();
    dbw_status result = list(database, arena, status, limit, jobs, error);
    dbw_arena_free(arena);
    dbw_store_return(store, database);
    if (result != DBW_OK) {
        json_object_put(jobs);
        return result;
    }
    *out = json_object_new_object();
    json_object_object_add(*out, "jobs", jobs);
    return DBW_OK;
}

/* --- documents -------------------------------------------------------------------------------- */

static dbw_status document(dbw_database *database, dbw_arena *arena, const char *id,
                           const char *name, struct json_object **out, dbw_error *error)
{
    dbw_value keys[] = {dbw_value_string(id), dbw_value_string(name)}, status, body, discarded;
    DBW_TRY(dbw_fetch_value(database, arena, "SELECT status FROM jobs WHERE id = ?", keys, 1,
                            &status, error));
    if (status.kind != DBW_KIND_TEXT)
        return dbw_fail(error, DBW_E_NOT_FOUND, "job '%.40s' does not exist", id);
    const char *slug = dbw_arena_text_string(arena, status.text);
    if (!dbw_job_status_ended(dbw_job_status_find(slug)))
        return dbw_fail(error, DBW_E_CONFLICT, "job '%s' has no %s yet: it is %s", id, name, slug);
    DBW_TRY(dbw_fetch_value(database, arena,
                            "SELECT body FROM job_documents WHERE job = ? AND name = ?", keys,
                            DBW_COUNT(keys), &body, error));
    DBW_TRY(dbw_fetch_value(database, arena, "SELECT discarded FROM jobs WHERE id = ?", keys, 1,
                            &discarded, error));
    *out = dbw_job_json_parse(&body, NULL);
    /* What it tells of was true once: the target has been given back since. */
    if (*out && discarded.kind == DBW_KIND_INT64 && discarded.int64)
        json_object_object_add(*out, "discarded", json_object_new_boolean(true));
    if (*out)
        return DBW_OK;
    return dbw_fail(error, DBW_E_CONFLICT, "job '%s' has no %s: it is %s", id, name, slug);
}

static dbw_status document_of(dbw_store *store, const char *id, const char *name,
                              struct json_object **out, dbw_error *error)
{
    dbw_database *database;
    *out = NULL;
    DBW_TRY(dbw_store_borrow(store, &database, error));
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = document(database, arena, id, name, out, error);
    dbw_arena_free(arena);
    dbw_store_return(store, database);
    return status;
}

dbw_status dbw_job_result(dbw_store *store, const char *id, struct json_object **out,
                          dbw_error *error)
{
    return document_of(store, id, "result", out, error);
}

dbw_status dbw_job_report(dbw_store *store, const char *id, struct json_object **out,
                          dbw_error *error)
{
    return document_of(store, id, "report", out, error);
}

dbw_status dbw_job_error(dbw_store *store, const char *id, dbw_error *out, dbw_error *error)
{
    struct json_object *job, *failure = NULL;
    dbw_error_clear(out);
    DBW_TRY(dbw_job_get(store, id, -1, &job, error));
    if (json_object_object_get_ex(job, "error", &failure) && failure)
        dbw_job_error_read(failure, out);
    json_object_put(job);
    return DBW_OK;
}
