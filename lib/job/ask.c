/* SPDX-License-Identifier: Apache-2.0 */
/* What people ask of a job: pause, resume, cancel, discard. */
#include "job/job_priv.h"

/* How the job stands, as far as the answer depends on it. */
struct standing {
    const char *status;
    bool allowed;   /* by its status */
    bool started;   /* somebody worked on it once */
    bool remains;   /* what was done can be resumed or discarded */
    bool discarded; /* was given back already */
    bool discarding;
    const char *requested; /* or NULL */
    int64_t version;
};

static const char *const actions[] = {[DBW_JOB_PAUSE] = "pause",
                                      [DBW_JOB_RESUME] = "resume",
                                      [DBW_JOB_CANCEL] = "cancel",
                                      [DBW_JOB_DISCARD] = "discard"};

const char *dbw_job_action_slug(dbw_job_action action)
{
    return actions[action];
}

static bool allowed_from(const char *status, dbw_job_action action)
{
    static const struct {
        const char *slug;
        bool can[DBW_COUNT(actions)];
    } table[] = {
#define DBW_JOB_STATUS(name, slug, ended, pause, resume, cancel, discard)                          \
    {(slug),                                                                                       \
     {[DBW_JOB_PAUSE] = (pause),                                                                   \
      [DBW_JOB_RESUME] = (resume),                                                                 \
      [DBW_JOB_CANCEL] = (cancel),                                                                 \
      [DBW_JOB_DISCARD] = (discard)}},
#include "job/statuses.def"
#undef DBW_JOB_STATUS
    };
    for (size_t i = 0; i < DBW_COUNT(table); i++)
        if (strcmp(table[i].slug, status) == 0)
            return table[i].can[action];
    return false;
}

static dbw_status read_standing(dbw_database *database, dbw_arena *arena,
                                const dbw_job_asking *asking, struct standing *out,
                                dbw_error *error)
{
    dbw_value key = dbw_value_string(asking->id), *row;
    DBW_TRY(dbw_fetch_one(database, arena,
                          "SELECT status, attempt, resumable, discarded, work, requested,"
                          " version"
                          " FROM jobs WHERE id = ?",
                          &key, 1, &row, error));
    if (!row)
        return dbw_fail(error, DBW_E_NOT_FOUND, "job '%.40s' does not exist", asking->id);
    out->status = dbw_arena_text_string(arena, row[0].text);
    out->allowed = allowed_from(out->status, asking->action);
    out->started = row[1].int64 > 0;
    out->remains = row[2].int64 != 0;
    out->discarded = row[3].int64 != 0;
    out->discarding = dbw_text_is(row[4].text, "discard");
    out->requested =
        row[5].kind == DBW_KIND_TEXT ? dbw_arena_text_string(arena, row[5].text) : NULL;
    out->version = row[6].int64;
    return DBW_OK;
}

static dbw_status refuse(const dbw_job_asking *asking, const char *reason, dbw_error *error)
{
    return dbw_fail(error, DBW_E_CONFLICT, "unable to %s job '%s': %s", actions[asking->action],
                    asking->id, reason);
}

/* `assignments` is ours; a `?` in it is the present time. */
static dbw_status change(dbw_database *database, dbw_job_asking *asking, const struct standing *now,
                         const char *assignments, dbw_error *error)
{
    char sql[512];
    int64_t affected;
    size_t timed = strchr(assignments, '?') != NULL;
    dbw_value values[] = {dbw_value_int(dbw_store_now(asking->store)), dbw_value_string(asking->id),
                          dbw_value_int(now->version)};
    snprintf(sql, sizeof sql,
             "UPDATE jobs SET %s, version = version + 1 WHERE id = ? AND version = ?", assignments);
    asking->changed = true;
    DBW_TRY(dbw_execute(database, sql, values + !timed, 2 + timed, &affected, error));
    if (affected)
        return DBW_OK;
    /* Where reading does not lock, another may have been faster: the transaction is tried again. */
    dbw_fail(error, DBW_E_LOCKED, "job '%s' is being changed by somebody else", asking->id);
    return DBW_E_LOCKED;
}

static dbw_status pause_job(dbw_database *database, dbw_job_asking *asking,
                            const struct standing *now, dbw_error *error)
{
    if (strcmp(now->status, "queued") == 0)
        return change(database, asking, now,
                      now->started ? "status = 'paused', finished_at = ?"
                                   : "status = 'paused', resumable = 1, finished_at = ?",
                      error);
    if (now->requested)
        return DBW_OK;
    return change(database, asking, now, "requested = 'pause'", error);
}

static dbw_status cancel_job(dbw_database *database, dbw_job_asking *asking,
                             const struct standing *now, dbw_error *error)
{
    if (strcmp(now->status, "running") != 0)
        return change(database, asking, now,
                      now->started ? "status = 'cancelled', finished_at = ?"
                                   : "status = 'cancelled', resumable = 0, finished_at = ?",
                      error);
    if (now->requested && strcmp(now->requested, "cancel") == 0)
        return DBW_OK;
    return change(database, asking, now, "requested = 'cancel'", error);
}

static dbw_status resume_job(dbw_database *database, dbw_job_asking *asking,
                             const struct standing *now, dbw_error *error)
{
    if (now->discarding)
        return refuse(asking, "it was being discarded", error);
    if (!now->remains)
        return refuse(asking, "there is nothing to go on from", error);
    return change(database, asking, now,
                  now->started ? "status = 'queued', work = 'resume', requested = NULL,"
                                 " error = NULL, finished_at = NULL"
                               : "status = 'queued', work = 'run', requested = NULL,"
                                 " error = NULL, finished_at = NULL",
                  error);
}

static dbw_status discard_job(dbw_database *database, dbw_job_asking *asking,
                              const struct standing *now, dbw_error *error)
{
    if (now->discarded)
        return DBW_OK;
    if (!now->started || !now->remains)
        return change(database, asking, now,
                      "status = 'cancelled', discarded = 1, resumable = 0, finished_at = ?", error);
    return change(database, asking, now,
                  "status = 'queued', work = 'discard', requested = NULL, error = NULL,"
                  " finished_at = NULL",
                  error);
}

/* The same request again, while the first is under way. */
static bool stands_already(dbw_job_action action, const struct standing *now)
{
    if (strcmp(now->status, "queued") != 0 || !now->started)
        return false;
    return action == (now->discarding ? DBW_JOB_DISCARD : DBW_JOB_RESUME);
}

static dbw_status ask(dbw_database *database, dbw_arena *arena, dbw_job_asking *asking,
                      dbw_error *error)
{
    struct standing now = {0};
    bool stopping = asking->action == DBW_JOB_PAUSE || asking->action == DBW_JOB_CANCEL;
    asking->changed = false;
    DBW_TRY(read_standing(database, arena, asking, &now, error));
    if (stands_already(asking->action, &now))
        return DBW_OK;
    if (!now.allowed)
        return refuse(asking, dbw_arena_printf(arena, "it is %s", now.status), error);
    if (stopping && now.discarding && strcmp(now.status, "interrupted") != 0)
        return refuse(asking, "it is being discarded", error);
    switch (asking->action) {
    case DBW_JOB_PAUSE:
        return pause_job(database, asking, &now, error);
    case DBW_JOB_RESUME:
        return resume_job(database, asking, &now, error);
    case DBW_JOB_CANCEL:
        return cancel_job(database, asking, &now, error);
    case DBW_JOB_DISCARD:
        return discard_job(database, asking, &now, error);
    }
    return dbw_fail(error, DBW_E_INTERNAL, "unknown action");
}

dbw_status dbw_job_ask_body(dbw_database *database, void *asking, dbw_error *error)
{
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = ask(database, arena, asking, error);
    dbw_arena_free(arena);
    return status;
}

dbw_status dbw_job_ask(dbw_store *store, const char *id, dbw_job_action action, dbw_error *error)
{
    dbw_job_asking asking = {.store = store, .id = id, .action = action};
    DBW_TRY(dbw_store_transaction(store, dbw_job_ask_body, &asking, error));
    if (asking.changed) {
        dbw_wake_signal(store, DBW_WAKE_WORK);
        dbw_wake_signal(store, DBW_WAKE_CHANGE);
    }
    return DBW_OK;
}
