/* SPDX-License-Identifier: Apache-2.0 */
#include "kind_steps.h"

#include <signal.h>
#include <sys/wait.h>

static dbw_claim *claim(fixture *f, dbw_worker_id *worker)
{
    dbw_claim *claimed;
    assert_ok(&f->error, dbw_lease_register(f->store, false, worker, &f->error));
    assert_ok(&f->error, dbw_lease_claim(f->store, worker, f->arena, &claimed, &f->error));
    return claimed;
}

static void end_as(fixture *f, const dbw_claim *claimed, dbw_job_status status, bool resumable)
{
    dbw_job_end end = {.status = status, .resumable = resumable};
    assert_ok(&f->error, dbw_lease_end(f->store, claimed, &end, &f->error));
}

static void the_oldest_job_is_claimed_with_its_secrets(void **state)
{
    fixture *f = *state;
    char first[DBW_JOB_ID], second[DBW_JOB_ID];
    dbw_worker_id worker;
    steps_create(f, 7, 0, first);
    fixture_seconds(f, 1);
    steps_create(f, 8, 0, second);
    dbw_claim *claimed = claim(f, &worker), *other;
    assert_string_equal(claimed->job, first);
    assert_string_equal(claimed->kind, "steps");
    assert_string_equal(claimed->source_url, SOURCE);
    assert_string_equal(claimed->target_url, TARGET);
    assert_int_equal(json_object_get_int64(json_object_object_get(claimed->options, "steps")), 7);
    assert_int_equal(claimed->work, DBW_WORK_RUN);
    assert_job(f, first, "running");
    assert_ok(&f->error, dbw_lease_claim(f->store, &worker, f->arena, &other, &f->error));
    assert_string_equal(other->job, second);
    dbw_claim_free(other);
    assert_ok(&f->error, dbw_lease_claim(f->store, &worker, f->arena, &other, &f->error));
    assert_null(other);
    dbw_claim_free(claimed);
}

/* Many processes, few jobs: each is claimed exactly once. */
static void processes_race_for_jobs(void **state)
{
    fixture *f = *state;
    enum { PROCESSES = 6, JOBS = 12 };
    pid_t children[PROCESSES];
    char id[DBW_JOB_ID];
    for (int i = 0; i < JOBS; i++)
        steps_create(f, 1, 0, id);
    dbw_store_close(f->store);
    f->store = NULL;
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i])
            continue;
        dbw_worker_id worker;
        dbw_claim *claimed;
        int count = 0;
        dbw_status status = dbw_store_open(&f->options, &f->store, &f->error);
        if (status == DBW_OK)
            status = dbw_lease_register(f->store, false, &worker, &f->error);
        while (status == DBW_OK) {
            status = dbw_lease_claim(f->store, &worker, f->arena, &claimed, &f->error);
            if (status != DBW_OK || !claimed)
                break;
            dbw_job_end end = {.status = DBW_JOB_DONE};
            status = dbw_lease_end(f->store, claimed, &end, &f->error);
            dbw_claim_free(claimed);
            count++;
        }
        if (status != DBW_OK)
            fprintf(stderr, "%s\n", f->error.message);
        dbw_store_close(f->store);
        _exit(status == DBW_OK ? count : 100);
    }
    int total = 0;
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 100);
        total += WEXITSTATUS(status);
    }
    assert_int_equal(total, JOBS);
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    assert_int_equal(
        fixture_integer(f, "SELECT count(*) FROM jobs WHERE status = 'done' AND attempt = 1"),
        JOBS);
}

static void an_interrupted_job_counts_only_what_is_committed(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    dbw_worker_id worker;
    dbw_request requested;
    int64_t interrupted;
    steps_create(f, 1, 0, id);
    dbw_claim *claimed = claim(f, &worker);
    struct json_object *tables =
        json_tokener_parse("[{\"name\":\"a\",\"rows_done\":90,\"rows_safe\":40},"
                           "{\"name\":\"b\",\"rows_done\":7,\"rows_safe\":7}]");
    dbw_job_progress progress = {.rows_done = 97, .tables = tables, .eta_seconds = -1};
    assert_ok(&f->error, dbw_lease_progress(f->store, claimed, &progress, &requested, &f->error));
    json_object_put(tables);
    fixture_seconds(f, DBW_LEASE_SECONDS + 1);
    assert_ok(&f->error, dbw_lease_recover(f->store, &interrupted, &f->error));
    assert_int_equal(interrupted, 1);
    assert_int_equal(fixture_integer(f, "SELECT rows_done FROM jobs"), 47);
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM jobs, json_each(jobs.tables) AS t"
                                        " WHERE t.value ->> 'rows_done' = 40"),
                     1);
    dbw_claim_free(claimed);
}

static void an_expired_lease_is_lost(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    dbw_worker_id worker;
    dbw_request requested;
    int64_t interrupted;
    steps_create(f, 1, 0, id);
    dbw_claim *claimed = claim(f, &worker);
    fixture_seconds(f, DBW_LEASE_SECONDS - 1);
    assert_ok(&f->error, dbw_lease_recover(f->store, &interrupted, &f->error));
    assert_int_equal(interrupted, 0);
    assert_ok(&f->error, dbw_lease_renew(f->store, claimed, &requested, &f->error));
    fixture_seconds(f, DBW_LEASE_SECONDS - 1);
    assert_ok(&f->error, dbw_lease_recover(f->store, &interrupted, &f->error));
    assert_int_equal(interrupted, 0);
    fixture_seconds(f, 2);
    assert_ok(&f->error, dbw_lease_recover(f->store, &interrupted, &f->error));
    assert_int_equal(interrupted, 1);
    assert_job(f, id, "interrupted");
    assert_int_equal(steps_state(f, id).error, DBW_E_INTERRUPTED);

    const char *message =
        dbw_arena_printf(f->arena, "job '%s' was taken away: its lease expired", id);
    dbw_job_progress progress = {.eta_seconds = -1};
    dbw_job_end end = {.status = DBW_JOB_DONE};
    assert_fails(&f->error, DBW_E_INTERRUPTED, message,
                 dbw_lease_renew(f->store, claimed, &requested, &f->error));
    assert_fails(&f->error, DBW_E_INTERRUPTED, message,
                 dbw_lease_progress(f->store, claimed, &progress, &requested, &f->error));
    assert_fails(&f->error, DBW_E_INTERRUPTED, message,
                 dbw_lease_event(f->store, claimed, "info", "x", &f->error));
    assert_fails(&f->error, DBW_E_INTERRUPTED, message,
                 dbw_lease_end(f->store, claimed, &end, &f->error));
    assert_job(f, id, "interrupted");

    /* The next claim has another attempt: the old one stays lost. */
    assert_ok(&f->error, dbw_job_ask(f->store, id, DBW_JOB_RESUME, &f->error));
    dbw_claim *again = claim(f, &worker);
    assert_int_equal(again->work, DBW_WORK_RESUME);
    assert_int_equal(again->attempt, 2);
    assert_fails(&f->error, DBW_E_INTERRUPTED, message,
                 dbw_lease_end(f->store, claimed, &end, &f->error));
    end_as(f, again, DBW_JOB_DONE, false);
    assert_job(f, id, "done");
    dbw_claim_free(claimed);
    dbw_claim_free(again);
}

static void a_dead_process_is_recognised_at_once(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    int64_t interrupted;
    int ready[2], status;
    steps_create(f, 1, 0, id);
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        dbw_worker_id worker;
        dbw_claim *claimed = NULL;
        dbw_store *store;
        if (dbw_store_open(&f->options, &store, &f->error) != DBW_OK ||
            dbw_lease_register(store, false, &worker, &f->error) != DBW_OK ||
            dbw_lease_claim(store, &worker, f->arena, &claimed, &f->error) != DBW_OK || !claimed)
            _exit(1);
        if (write(ready[1], "x", 1) != 1)
            _exit(1);
        pause();
    }
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_ok(&f->error, dbw_lease_recover(f->store, &interrupted, &f->error));
    assert_int_equal(interrupted, 0);
    assert_job(f, id, "running");
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_ok(&f->error, dbw_lease_recover(f->store, &interrupted, &f->error));
    assert_int_equal(interrupted, 1);
    assert_job(f, id, "interrupted");
    close(ready[0]);
    close(ready[1]);
}

/* Nobody but the one who waits is left to notice. */
static void waiting_notices_that_the_process_is_gone(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    dbw_job_state now;
    int status;
    steps_create(f, 1, 0, id);
    pid_t child = fork();
    if (child == 0) {
        dbw_worker_id worker;
        dbw_claim *claimed = NULL;
        dbw_store *store;
        bool good = dbw_store_open(&f->options, &store, &f->error) == DBW_OK &&
                    dbw_lease_register(store, false, &worker, &f->error) == DBW_OK &&
                    dbw_lease_claim(store, &worker, f->arena, &claimed, &f->error) == DBW_OK;
        _exit(good && claimed ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_job(f, id, "running");
    assert_ok(&f->error, dbw_job_wait(f->store, id, -1, dbw_deadline_in(60000), &now, &f->error));
    assert_int_equal(now.status, DBW_JOB_INTERRUPTED);
    assert_true(now.resumable);
}

static void requests_reach_whoever_holds_the_job(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    dbw_worker_id worker;
    dbw_request requested;
    struct json_object *job;
    steps_create(f, 1, 0, id);
    dbw_claim *claimed = claim(f, &worker);
    assert_ok(&f->error, dbw_lease_renew(f->store, claimed, &requested, &f->error));
    assert_int_equal(requested, DBW_REQUEST_NONE);
    assert_ok(&f->error, dbw_job_ask(f->store, id, DBW_JOB_PAUSE, &f->error));
    assert_ok(&f->error, dbw_job_ask(f->store, id, DBW_JOB_PAUSE, &f->error));
    assert_ok(&f->error, dbw_lease_renew(f->store, claimed, &requested, &f->error));
    assert_int_equal(requested, DBW_REQUEST_PAUSE);
    assert_ok(&f->error, dbw_job_ask(f->store, id, DBW_JOB_CANCEL, &f->error));
    assert_ok(&f->error, dbw_job_ask(f->store, id, DBW_JOB_PAUSE, &f->error));
    assert_ok(&f->error, dbw_lease_renew(f->store, claimed, &requested, &f->error));
    assert_int_equal(requested, DBW_REQUEST_CANCEL);
    assert_ok(&f->error, dbw_job_get(f->store, id, -1, &job, &f->error));
    assert_string_equal(json_object_get_string(json_object_object_get(job, "requested")), "cancel");
    json_object_put(job);
    end_as(f, claimed, DBW_JOB_CANCELLED, true);
    assert_int_equal(steps_state(f, id).error, DBW_E_CANCELLED);
    dbw_claim_free(claimed);
}

static void progress_and_events_are_shown_redacted(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    dbw_worker_id worker;
    dbw_request requested;
    struct json_object *job, *events;
    steps_create(f, 1, 0, id);
    dbw_claim *claimed = claim(f, &worker);
    struct json_object *phases = json_tokener_parse("[{\"name\":\"copy\"}]");
    dbw_job_progress progress = {.phase = "copy",
                                 .phases = phases,
                                 .rows_done = 5,
                                 .rows_total = 10,
                                 .rate = 2.5,
                                 .eta_seconds = 2};
    assert_ok(&f->error, dbw_lease_progress(f->store, claimed, &progress, &requested, &f->error));
    progress.phases = NULL;
    assert_ok(&f->error, dbw_lease_progress(f->store, claimed, &progress, &requested, &f->error));
    json_object_put(phases);
    assert_ok(&f->error,
              dbw_lease_event(f->store, claimed, "info", "reading from " SOURCE, &f->error));
    assert_ok(&f->error, dbw_lease_event(f->store, claimed, "warning", "second", &f->error));
    assert_ok(&f->error, dbw_job_get(f->store, id, 1, &job, &f->error));
    assert_string_equal(json_object_get_string(json_object_object_get(job, "phase")), "copy");
    assert_int_equal(json_object_array_length(json_object_object_get(job, "phases")), 1);
    assert_int_equal(json_object_get_int64(json_object_object_get(job, "eta_seconds")), 2);
    assert_int_equal(json_object_get_int64(json_object_object_get(job, "version")), 6);
    events = json_object_object_get(job, "events");
    assert_int_equal(json_object_array_length(events), 1);
    assert_string_equal(json_object_get_string(
                            json_object_object_get(json_object_array_get_idx(events, 0), "text")),
                        "second");
    json_object_put(job);

    dbw_error failure;
    dbw_fail(&failure, DBW_E_UNREACHABLE, "unable to connect to %s", SOURCE);
    dbw_job_end end = {.status = DBW_JOB_FAILED, .failure = &failure, .resumable = true};
    assert_ok(&f->error, dbw_lease_end(f->store, claimed, &end, &f->error));
    dbw_error shown;
    assert_ok(&f->error, dbw_job_error(f->store, id, &shown, &f->error));
    assert_int_equal(shown.code, DBW_E_UNREACHABLE);
    assert_string_equal(shown.message, "unable to connect to postgresql://u:***@source.example/a");
    assert_false(fixture_holds(f, CANARY));
    dbw_claim_free(claimed);
}

static void a_thousand_events_are_kept(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    dbw_worker_id worker;
    steps_create(f, 1, 0, id);
    dbw_claim *claimed = claim(f, &worker);
    dbw_database *database;
    assert_ok(&f->error, dbw_store_borrow(f->store, &database, &f->error));
    assert_ok(&f->error,
              dbw_execute(database, "UPDATE jobs SET event_count = 999", NULL, 0, NULL, &f->error));
    dbw_store_return(f->store, database);
    for (int i = 0; i < 3; i++)
        assert_ok(&f->error, dbw_lease_event(f->store, claimed, "info", "x", &f->error));
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM job_events"), 1);
    assert_int_equal(fixture_integer(f, "SELECT max(seq) FROM job_events"), 1000);
    dbw_claim_free(claimed);
}

static void another_key_fails_the_job_with_the_reason(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID], path[256];
    dbw_worker_id worker;
    dbw_claim *claimed;
    dbw_error failure;
    steps_create(f, 1, 0, id);
    dbw_store_close(f->store);
    snprintf(path, sizeof path, "%s/secret.key", f->state);
    unlink(path);
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    assert_ok(&f->error, dbw_lease_register(f->store, false, &worker, &f->error));
    assert_int_equal(dbw_lease_claim(f->store, &worker, f->arena, &claimed, &f->error), DBW_E_DATA);
    assert_null(claimed);
    assert_job(f, id, "failed");
    assert_ok(&f->error, dbw_job_error(f->store, id, &failure, &f->error));
    assert_string_equal(failure.message,
                        "unable to open a sealed job: it was sealed with another key");
}

static void workers_are_counted_while_they_live(void **state)
{
    fixture *f = *state;
    dbw_worker_id worker, command;
    int64_t count, interrupted;
    assert_ok(&f->error, dbw_lease_register(f->store, false, &worker, &f->error));
    assert_ok(&f->error, dbw_lease_register(f->store, true, &command, &f->error));
    assert_ok(&f->error, dbw_job_workers(f->store, &count, &f->error));
    assert_int_equal(count, 1);
    fixture_seconds(f, DBW_LEASE_SECONDS);
    assert_ok(&f->error, dbw_job_workers(f->store, &count, &f->error));
    assert_int_equal(count, 0);
    assert_ok(&f->error, dbw_lease_heartbeat(f->store, &worker, &f->error));
    assert_ok(&f->error, dbw_job_workers(f->store, &count, &f->error));
    assert_int_equal(count, 1);
    assert_ok(&f->error, dbw_lease_unregister(f->store, &worker, &f->error));
    assert_ok(&f->error, dbw_job_workers(f->store, &count, &f->error));
    assert_int_equal(count, 0);
    fixture_seconds(f, 3600);
    assert_ok(&f->error, dbw_lease_recover(f->store, &interrupted, &f->error));
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM workers"), 0);
}

static void old_jobs_are_purged_save_those_that_can_go_on(void **state)
{
    fixture *f = *state;
    static const struct {
        dbw_job_status status;
        bool resumable, kept;
    } cases[] = {{DBW_JOB_DONE, false, false},     {DBW_JOB_FAILED, false, false},
                 {DBW_JOB_FAILED, true, true},     {DBW_JOB_PAUSED, true, true},
                 {DBW_JOB_CANCELLED, true, true},  {DBW_JOB_CANCELLED, false, false},
                 {DBW_JOB_INTERRUPTED, true, true}};
    char ids[DBW_COUNT(cases)][DBW_JOB_ID];
    dbw_worker_id worker;
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        steps_create(f, 1, 0, ids[i]);
        dbw_claim *claimed = claim(f, &worker);
        assert_ok(&f->error, dbw_lease_event(f->store, claimed, "info", "x", &f->error));
        end_as(f, claimed, cases[i].status, cases[i].resumable);
        dbw_claim_free(claimed);
    }
    fixture_seconds(f, 30 * 86400);
    assert_ok(&f->error, dbw_job_purge(f->store, 30, &f->error));
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM jobs"), DBW_COUNT(cases));
    fixture_seconds(f, 1);
    assert_ok(&f->error, dbw_job_purge(f->store, 30, &f->error));
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_job_state now;
        assert_int_equal(dbw_job_state_get(f->store, ids[i], &now, &f->error),
                         cases[i].kept ? DBW_OK : DBW_E_NOT_FOUND);
    }
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM job_events"), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        store_test(the_oldest_job_is_claimed_with_its_secrets),
        store_test(processes_race_for_jobs),
        store_test(an_interrupted_job_counts_only_what_is_committed),
        store_test(an_expired_lease_is_lost),
        store_test(a_dead_process_is_recognised_at_once),
        store_test(waiting_notices_that_the_process_is_gone),
        store_test(requests_reach_whoever_holds_the_job),
        store_test(progress_and_events_are_shown_redacted),
        store_test(a_thousand_events_are_kept),
        store_test(another_key_fails_the_job_with_the_reason),
        store_test(workers_are_counted_while_they_live),
        store_test(old_jobs_are_purged_save_those_that_can_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
