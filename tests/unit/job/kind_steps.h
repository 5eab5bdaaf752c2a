/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TEST_KIND_STEPS_H
#define DBW_TEST_KIND_STEPS_H
/*
 * A kind of job for tests: counts to `steps` in a file of its own folder, 10 ms each, so that it
 * can be paused, killed and resumed. `fail_at` fails at that step (once: a resume passes it).
 */
#include "../store_fixture.h"

#include "job/run.h"
#include "job/worker.h"

#include <json-c/json.h>
#include <sys/stat.h>
#include <time.h>

#define CANARY "canary-Xk71-secret"
#define SOURCE "postgresql://u:" CANARY "@source.example/a"
#define TARGET "postgresql://u:" CANARY "@target.example/b?sslpassword=" CANARY

static int64_t steps_option(const dbw_job_context *context, const char *name)
{
    struct json_object *value;
    return json_object_object_get_ex(context->claim->options, name, &value)
               ? json_object_get_int64(value)
               : 0;
}

static const char *steps_path(const dbw_job_context *context)
{
    mkdir(context->folder, 0700);
    return dbw_arena_printf(context->arena, "%s/count", context->folder);
}

static int64_t steps_read(const char *path)
{
    FILE *file = fopen(path, "r");
    long long count = 0;
    if (file && fscanf(file, "%lld", &count) != 1)
        count = 0;
    if (file)
        fclose(file);
    return count;
}

static void steps_write(const char *path, int64_t count)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return;
    fprintf(file, "%lld\n", (long long)count);
    fclose(file);
}

static dbw_status steps_wish(const dbw_job_context *context, dbw_error *error)
{
    switch (context->observer->wish(context->observer->context)) {
    case DBW_WISH_PAUSE:
        return dbw_fail(error, DBW_E_PAUSED, "paused");
    case DBW_WISH_CANCEL:
        return dbw_fail(error, DBW_E_CANCELLED, "cancelled");
    case DBW_WISH_GO_ON:
        break;
    }
    return DBW_OK;
}

static dbw_status steps_run(const dbw_job_context *context, dbw_job_outcome *outcome,
                            dbw_error *error)
{
    const char *path = steps_path(context);
    int64_t steps = steps_option(context, "steps"), fail_at = steps_option(context, "fail_at");
    bool resumed = context->claim->work == DBW_WORK_RESUME;
    dbw_table_progress table = {.name = "t", .rows_total = steps, .status = "copying"};
    context->observer->event(context->observer->context, "info", resumed ? "resumed" : "started");
    for (int64_t i = resumed ? steps_read(path) : 0; i < steps; i++) {
        outcome->keep = true;
        table.rows_done = i;
        dbw_progress progress = {.phase = i < steps / 2 ? DBW_PHASE_PLAN : DBW_PHASE_COPY,
                                 .rows_done = i,
                                 .rows_total = steps,
                                 .tables = &table,
                                 .table_count = 1};
        context->observer->progress(context->observer->context, &progress);
        DBW_TRY(steps_wish(context, error));
        if (fail_at && i == fail_at && !resumed)
            return dbw_fail(error, DBW_E_DATA, "unable to take step %lld with %s", (long long)i,
                            context->claim->source_url);
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000000}, NULL);
        steps_write(path, i + 1);
    }
    outcome->keep = false;
    outcome->result = json_object_new_object();
    outcome->report = json_object_new_object();
    json_object_object_add(outcome->result, "steps", json_object_new_int64(steps_read(path)));
    json_object_object_add(outcome->report, "verdict", json_object_new_string("lossless"));
    return DBW_OK;
}

static dbw_status steps_discard(const dbw_job_context *context, dbw_job_outcome *outcome,
                                dbw_error *error)
{
    (void)outcome;
    const char *path = steps_path(context);
    if (unlink(path) != 0)
        return dbw_fail(error, DBW_E_IO, "unable to remove '%s'", path);
    return DBW_OK;
}

static const char *const steps_phases[] = {"plan", "schema", "copy", "report", NULL};
static const dbw_job_kind kind_steps = {.name = "steps",
                                        .resumable = true,
                                        .phases = steps_phases,
                                        .run = steps_run,
                                        .discard = steps_discard};
DBW_UNUSED static const dbw_job_kind *const test_kinds[] = {&kind_steps, NULL};

/* Options are owned by the caller. */
DBW_UNUSED static dbw_job_request steps_request(struct json_object *options)
{
    return (dbw_job_request){.kind = "steps",
                             .source_url = SOURCE,
                             .target_url = TARGET,
                             .options = options,
                             .actor = "admin"};
}

DBW_UNUSED static struct json_object *steps_options(int64_t steps, int64_t fail_at)
{
    struct json_object *options = json_object_new_object();
    json_object_object_add(options, "steps", json_object_new_int64(steps));
    json_object_object_add(options, "fail_at", json_object_new_int64(fail_at));
    json_object_object_add(options, "note", json_object_new_string(CANARY));
    return options;
}

/* Enqueues a job of that many steps. */
DBW_UNUSED static void steps_create(fixture *f, int64_t steps, int64_t fail_at, char id[DBW_JOB_ID])
{
    struct json_object *options = steps_options(steps, fail_at);
    dbw_job_request request = steps_request(options);
    assert_ok(&f->error, dbw_job_create(f->store, &request, id, NULL, &f->error));
    json_object_put(options);
}

DBW_UNUSED static dbw_job_state steps_state(fixture *f, const char *id)
{
    dbw_job_state state;
    assert_ok(&f->error, dbw_job_state_get(f->store, id, &state, &f->error));
    return state;
}

#define assert_job(f, id, expected)                                                                \
    assert_string_equal(dbw_job_status_slug(steps_state(f, id).status), expected)

#endif
