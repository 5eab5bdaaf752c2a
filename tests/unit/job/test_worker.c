/* SPDX-License-Identifier: Apache-2.0 */
#include "kind_steps.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

enum { PATIENCE_MS = 30000 };

/* A worker on a thread of this process, stopped by its pipe. */
struct helper {
    fixture *f;
    pthread_t thread;
    int stop[2];
    dbw_worker_options options;
    dbw_status status;
    dbw_error error;
};

static void *serve(void *context)
{
    struct helper *helper = context;
    helper->status = dbw_worker_run(&helper->options, &helper->error);
    return NULL;
}

static void start(fixture *f, struct helper *helper)
{
    *helper = (struct helper){.f = f};
    assert_int_equal(pipe(helper->stop), 0);
    helper->options =
        (dbw_worker_options){.store = f->store, .stop = helper->stop[0], .kinds = test_kinds};
    assert_int_equal(pthread_create(&helper->thread, NULL, serve, helper), 0);
}

static void stop(struct helper *helper)
{
    assert_int_equal(write(helper->stop[1], "x", 1), 1);
    pthread_join(helper->thread, NULL);
    close(helper->stop[0]);
    close(helper->stop[1]);
    assert_int_equal(helper->status, DBW_OK);
}

static dbw_job_state wait_for_end(fixture *f, const char *id)
{
    dbw_job_state now;
    assert_ok(&f->error,
              dbw_job_wait(f->store, id, -1, dbw_deadline_in(PATIENCE_MS), &now, &f->error));
    return now;
}

/* Until the job has done some steps. */
static void wait_for_progress(fixture *f, const char *id)
{
    dbw_deadline deadline = dbw_deadline_in(PATIENCE_MS);
    for (;;) {
        struct json_object *job;
        assert_ok(&f->error, dbw_job_get(f->store, id, -1, &job, &f->error));
        int64_t done = json_object_get_int64(json_object_object_get(job, "rows_done"));
        int64_t version = json_object_get_int64(json_object_object_get(job, "version"));
        json_object_put(job);
        if (done > 0)
            return;
        dbw_job_state now;
        assert_ok(&f->error, dbw_job_wait(f->store, id, version, deadline, &now, &f->error));
        assert_false(dbw_job_status_ended(now.status));
    }
}

static int64_t steps_of(fixture *f, const char *id)
{
    struct json_object *result;
    assert_ok(&f->error, dbw_job_result(f->store, id, &result, &f->error));
    int64_t steps = json_object_get_int64(json_object_object_get(result, "steps"));
    json_object_put(result);
    return steps;
}

static void ask(fixture *f, const char *id, dbw_job_action action)
{
    assert_ok(&f->error, dbw_job_ask(f->store, id, action, &f->error));
}

static void jobs_run_to_their_end(void **state)
{
    fixture *f = *state;
    struct helper helper;
    char ids[3][DBW_JOB_ID];
    struct json_object *job, *report;
    start(f, &helper);
    for (size_t i = 0; i < DBW_COUNT(ids); i++)
        steps_create(f, 4, 0, ids[i]);
    for (size_t i = 0; i < DBW_COUNT(ids); i++) {
        dbw_job_state now = wait_for_end(f, ids[i]);
        assert_string_equal(dbw_job_status_slug(now.status), "done");
        assert_string_equal(now.verdict, "lossless");
        assert_int_equal(steps_of(f, ids[i]), 4);
    }
    assert_ok(&f->error, dbw_job_report(f->store, ids[0], &report, &f->error));
    json_object_put(report);
    assert_ok(&f->error, dbw_job_get(f->store, ids[0], 0, &job, &f->error));
    struct json_object *phases = json_object_object_get(job, "phases");
    static const char *const expected[] = {"done", "skipped", "done", "skipped"};
    for (size_t i = 0; i < DBW_COUNT(expected); i++)
        assert_string_equal(json_object_get_string(json_object_object_get(
                                json_object_array_get_idx(phases, i), "status")),
                            expected[i]);
    assert_int_equal(json_object_array_length(json_object_object_get(job, "events")), 1);
    assert_non_null(json_object_object_get(job, "finished_at"));
    json_object_put(job);
    stop(&helper);
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM workers"), 0);
    assert_false(fixture_holds(f, CANARY));
}

static void a_running_job_is_paused_resumed_and_cancelled(void **state)
{
    fixture *f = *state;
    struct helper helper;
    char id[DBW_JOB_ID], other[DBW_JOB_ID];
    struct json_object *job;
    start(f, &helper);
    steps_create(f, 60, 0, id);
    wait_for_progress(f, id);
    ask(f, id, DBW_JOB_PAUSE);
    assert_string_equal(dbw_job_status_slug(wait_for_end(f, id).status), "paused");
    assert_ok(&f->error, dbw_job_get(f->store, id, -1, &job, &f->error));
    assert_true(json_object_get_boolean(json_object_object_get(job, "resumable")));
    json_object_put(job);
    ask(f, id, DBW_JOB_RESUME);
    assert_string_equal(dbw_job_status_slug(wait_for_end(f, id).status), "done");
    assert_int_equal(steps_of(f, id), 60);

    steps_create(f, 1000, 0, other);
    wait_for_progress(f, other);
    ask(f, other, DBW_JOB_CANCEL);
    assert_string_equal(dbw_job_status_slug(wait_for_end(f, other).status), "cancelled");
    ask(f, other, DBW_JOB_DISCARD);
    dbw_job_state now = wait_for_end(f, other);
    assert_string_equal(dbw_job_status_slug(now.status), "cancelled");
    assert_true(now.discarded);
    stop(&helper);
}

static void a_failed_job_says_why_and_can_go_on(void **state)
{
    fixture *f = *state;
    struct helper helper;
    char id[DBW_JOB_ID];
    dbw_error failure;
    start(f, &helper);
    steps_create(f, 6, 3, id);
    dbw_job_state now = wait_for_end(f, id);
    assert_string_equal(dbw_job_status_slug(now.status), "failed");
    assert_int_equal(now.error, DBW_E_DATA);
    assert_ok(&f->error, dbw_job_error(f->store, id, &failure, &f->error));
    assert_string_equal(failure.message,
                        "unable to take step 3 with postgresql://u:***@source.example/a");
    ask(f, id, DBW_JOB_RESUME);
    assert_string_equal(dbw_job_status_slug(wait_for_end(f, id).status), "done");
    assert_int_equal(steps_of(f, id), 6);
    stop(&helper);
    assert_false(fixture_holds(f, CANARY));
}

static void a_discard_that_fails_can_only_be_repeated(void **state)
{
    fixture *f = *state;
    struct helper helper;
    char id[DBW_JOB_ID], path[256];
    start(f, &helper);
    steps_create(f, 6, 3, id);
    wait_for_end(f, id);
    snprintf(path, sizeof path, "%s/jobs/%s/count", f->state, id);
    assert_int_equal(unlink(path), 0);
    ask(f, id, DBW_JOB_DISCARD);
    assert_string_equal(dbw_job_status_slug(wait_for_end(f, id).status), "failed");
    const char *message =
        dbw_arena_printf(f->arena, "unable to resume job '%s': it was being discarded", id);
    assert_fails(&f->error, DBW_E_CONFLICT, message,
                 dbw_job_ask(f->store, id, DBW_JOB_RESUME, &f->error));
    steps_write(path, 1);
    ask(f, id, DBW_JOB_DISCARD);
    assert_true(wait_for_end(f, id).discarded);
    stop(&helper);
}

static void a_stopped_worker_hands_its_job_on(void **state)
{
    fixture *f = *state;
    struct helper helper;
    char id[DBW_JOB_ID];
    start(f, &helper);
    steps_create(f, 60, 0, id);
    wait_for_progress(f, id);
    stop(&helper);
    assert_job(f, id, "queued");
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM jobs WHERE work = 'resume'"), 1);
    start(f, &helper);
    assert_string_equal(dbw_job_status_slug(wait_for_end(f, id).status), "done");
    assert_int_equal(steps_of(f, id), 60);
    stop(&helper);
}

static void unknown_kinds_fail(void **state)
{
    fixture *f = *state;
    struct helper helper;
    char id[DBW_JOB_ID];
    dbw_error failure;
    dbw_job_request request = steps_request(NULL);
    request.kind = "dance";
    assert_ok(&f->error, dbw_job_create(f->store, &request, id, NULL, &f->error));
    start(f, &helper);
    assert_string_equal(dbw_job_status_slug(wait_for_end(f, id).status), "failed");
    assert_ok(&f->error, dbw_job_error(f->store, id, &failure, &f->error));
    assert_string_equal(failure.message, "jobs of kind 'dance' are not known here");
    stop(&helper);
}

/* The worker of another process is killed in the middle; the next one finds and resumes the job. */
static void a_killed_worker_leaves_an_interrupted_job(void **state)
{
    fixture *f = *state;
    struct helper helper;
    char id[DBW_JOB_ID];
    int status;
    steps_create(f, 100, 0, id);
    dbw_store_close(f->store);
    f->store = NULL;
    pid_t child = fork();
    if (child == 0) {
        dbw_worker_options options = {.stop = -1, .kinds = test_kinds};
        if (dbw_store_open(&f->options, &f->store, &f->error) != DBW_OK)
            _exit(1);
        options.store = f->store;
        _exit(dbw_worker_run(&options, &f->error) == DBW_OK ? 0 : 1);
    }
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    wait_for_progress(f, id);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_job(f, id, "running");
    start(f, &helper);
    assert_string_equal(dbw_job_status_slug(wait_for_end(f, id).status), "interrupted");
    ask(f, id, DBW_JOB_RESUME);
    assert_string_equal(dbw_job_status_slug(wait_for_end(f, id).status), "done");
    assert_int_equal(steps_of(f, id), 100);
    assert_int_equal(fixture_integer(f, "SELECT attempt FROM jobs"), 2);
    stop(&helper);
}

/* --- in the command's own process ------------------------------------------------------------- */

struct watching {
    int calls;
    int pause_at; /* 0: never */
};

static void watch_progress(void *context, const dbw_progress *progress)
{
    struct watching *watching = context;
    (void)progress;
    watching->calls++;
}

static dbw_wish watch_wish(void *context)
{
    const struct watching *watching = context;
    return watching->pause_at && watching->calls >= watching->pause_at ? DBW_WISH_PAUSE
                                                                       : DBW_WISH_GO_ON;
}

static void the_command_runs_its_job_itself(void **state)
{
    fixture *f = *state;
    struct watching watching = {.pause_at = 3};
    dbw_transfer_observer watch = {
        .context = &watching, .progress = watch_progress, .wish = watch_wish};
    dbw_job_run_options options = {.store = f->store, .kinds = test_kinds, .watch = &watch};
    struct json_object *steps = steps_options(8, 0);
    dbw_job_request request = steps_request(steps);
    dbw_job_ran ran;
    assert_fails(&f->error, DBW_E_PAUSED, "paused",
                 dbw_job_run(&options, &request, &ran, &f->error));
    assert_int_equal(ran.state.status, DBW_JOB_PAUSED);
    assert_null(ran.result);
    dbw_job_ran_free(&ran);
    watching.pause_at = 0;
    assert_ok(&f->error, dbw_job_run_again(&options, ran.id, DBW_JOB_RESUME, &ran, &f->error));
    assert_int_equal(ran.state.status, DBW_JOB_DONE);
    assert_string_equal(ran.state.verdict, "lossless");
    assert_int_equal(json_object_get_int64(json_object_object_get(ran.result, "steps")), 8);
    dbw_job_ran_free(&ran);
    const char *message =
        dbw_arena_printf(f->arena, "unable to resume job '%s': it is done", ran.id);
    char id[DBW_JOB_ID];
    memcpy(id, ran.id, sizeof id);
    assert_fails(&f->error, DBW_E_CONFLICT, message,
                 dbw_job_run_again(&options, id, DBW_JOB_RESUME, &ran, &f->error));
    dbw_job_ran_free(&ran);
    json_object_put(steps);
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM workers"), 0);
}

static void the_command_discards_itself(void **state)
{
    fixture *f = *state;
    dbw_job_run_options options = {.store = f->store, .kinds = test_kinds};
    struct json_object *steps = steps_options(8, 2);
    dbw_job_request request = steps_request(steps);
    dbw_job_ran ran, again;
    assert_int_equal(dbw_job_run(&options, &request, &ran, &f->error), DBW_E_DATA);
    assert_int_equal(ran.state.status, DBW_JOB_FAILED);
    assert_ok(&f->error, dbw_job_run_again(&options, ran.id, DBW_JOB_DISCARD, &again, &f->error));
    assert_int_equal(again.state.status, DBW_JOB_CANCELLED);
    assert_true(again.state.discarded);
    assert_ok(&f->error, dbw_job_run_again(&options, ran.id, DBW_JOB_DISCARD, &again, &f->error));
    assert_string_equal(again.id, ran.id);
    dbw_job_ran_free(&ran);
    dbw_job_ran_free(&again);
    json_object_put(steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        store_test(jobs_run_to_their_end),
        store_test(a_running_job_is_paused_resumed_and_cancelled),
        store_test(a_failed_job_says_why_and_can_go_on),
        store_test(a_discard_that_fails_can_only_be_repeated),
        store_test(a_stopped_worker_hands_its_job_on),
        store_test(unknown_kinds_fail),
        store_test(a_killed_worker_leaves_an_interrupted_job),
        store_test(the_command_runs_its_job_itself),
        store_test(the_command_discards_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
