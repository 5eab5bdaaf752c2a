/* SPDX-License-Identifier: Apache-2.0 */
#include "kind_steps.h"

#include "job/wake.h"

#include <pthread.h>

static void ask_ok(fixture *f, const char *id, dbw_job_action action)
{
    assert_ok(&f->error, dbw_job_ask(f->store, id, action, &f->error));
}

#define assert_refused(f, id, action, reason)                                                      \
    do {                                                                                           \
        const char *message_ = dbw_arena_printf((f)->arena, "unable to %s job '%s': %s",           \
                                                dbw_job_action_slug(action), (id), (reason));      \
        assert_fails(&(f)->error, DBW_E_CONFLICT, message_,                                        \
                     dbw_job_ask((f)->store, (id), (action), &(f)->error));                        \
    } while (0)

static void a_job_is_shown_as_documented(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    struct json_object *job;
    f->now = 1000000;
    steps_create(f, 3, 0, id);
    assert_int_equal(strlen(id), 16);
    assert_ok(&f->error, dbw_job_get(f->store, id, 0, &job, &f->error));
    const char *expected = dbw_arena_printf(
        f->arena,
        "{\"id\":\"%s\",\"kind\":\"steps\",\"status\":\"queued\","
        "\"source\":\"postgresql://u:***@source.example/a\","
        "\"target\":\"postgresql://u:***@target.example/b?sslpassword=***\","
        "\"phase\":null,\"phases\":[],\"rows_done\":0,\"rows_total\":0,\"bytes_done\":0,"
        "\"bytes_total\":0,\"rate\":0.000,\"eta_seconds\":null,\"tables\":[],\"requested\":null,"
        "\"resumable\":false,\"discarded\":false,\"verdict\":null,\"error\":null,\"version\":1,"
        "\"created_at\":\"1970-01-01T00:00:01.000000Z\",\"started_at\":null,\"finished_at\":null,"
        "\"events\":[]}",
        id);
    assert_string_equal(json_object_to_json_string_ext(job, JSON_C_TO_STRING_PLAIN |
                                                                JSON_C_TO_STRING_NOSLASHESCAPE),
                        expected);
    json_object_put(job);
    assert_false(fixture_holds(f, CANARY));
}

static void unknown_jobs_are_not_found(void **state)
{
    fixture *f = *state;
    struct json_object *job;
    dbw_job_state found;
    assert_fails(&f->error, DBW_E_NOT_FOUND, "job '0000' does not exist",
                 dbw_job_get(f->store, "0000", 0, &job, &f->error));
    assert_null(job);
    assert_fails(&f->error, DBW_E_NOT_FOUND, "job '0000' does not exist",
                 dbw_job_ask(f->store, "0000", DBW_JOB_PAUSE, &f->error));
    assert_fails(&f->error, DBW_E_NOT_FOUND, "job '0000' does not exist",
                 dbw_job_wait(f->store, "0000", -1, DBW_NEVER, &found, &f->error));
    assert_fails(&f->error, DBW_E_NOT_FOUND, "job '0000' does not exist",
                 dbw_job_report(f->store, "0000", &job, &f->error));
}

static void a_url_that_does_not_parse_names_its_field(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    dbw_job_request request = steps_request(NULL);
    request.target_url = "nonsense " CANARY;
    assert_int_equal(dbw_job_create(f->store, &request, id, NULL, &f->error), DBW_E_INVALID);
    assert_string_equal(f->error.object, "target_url");
    assert_null(strstr(f->error.message, CANARY));
}

static void lists_are_newest_first_and_filtered(void **state)
{
    fixture *f = *state;
    char a[DBW_JOB_ID], b[DBW_JOB_ID], found[DBW_JOB_ID];
    struct json_object *list, *jobs;
    steps_create(f, 1, 0, a);
    fixture_seconds(f, 1);
    steps_create(f, 1, 0, b);
    ask_ok(f, a, DBW_JOB_CANCEL);
    assert_ok(&f->error, dbw_job_list(f->store, NULL, 10, &list, &f->error));
    jobs = json_object_object_get(list, "jobs");
    assert_int_equal(json_object_array_length(jobs), 2);
    assert_string_equal(
        json_object_get_string(json_object_object_get(json_object_array_get_idx(jobs, 0), "id")),
        b);
    json_object_put(list);
    assert_ok(&f->error, dbw_job_list(f->store, "cancelled", 10, &list, &f->error));
    jobs = json_object_object_get(list, "jobs");
    assert_int_equal(json_object_array_length(jobs), 1);
    assert_string_equal(
        json_object_get_string(json_object_object_get(json_object_array_get_idx(jobs, 0), "id")),
        a);
    json_object_put(list);
    assert_fails(&f->error, DBW_E_INVALID, "unknown status 'asleep'",
                 dbw_job_list(f->store, "asleep", 10, &list, &f->error));
    assert_fails(&f->error, DBW_E_INVALID, "limit is 1 to 1000",
                 dbw_job_list(f->store, NULL, 1001, &list, &f->error));

    assert_ok(&f->error, dbw_job_find(f->store, a, found, &f->error));
    assert_string_equal(found, a);
    a[8] = '\0';
    assert_ok(&f->error, dbw_job_find(f->store, a, found, &f->error));
    assert_memory_equal(found, a, 8);
    assert_fails(&f->error, DBW_E_NOT_FOUND, "job '%' does not exist",
                 dbw_job_find(f->store, "%", found, &f->error));
}

static void queued_jobs_obey_at_once(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    steps_create(f, 1, 0, id);
    assert_refused(f, id, DBW_JOB_RESUME, "it is queued");
    assert_refused(f, id, DBW_JOB_DISCARD, "it is queued");
    ask_ok(f, id, DBW_JOB_PAUSE);
    assert_job(f, id, "paused");
    assert_int_equal(steps_state(f, id).error, DBW_E_PAUSED);
    assert_refused(f, id, DBW_JOB_PAUSE, "it is paused");
    ask_ok(f, id, DBW_JOB_RESUME);
    assert_job(f, id, "queued");
    ask_ok(f, id, DBW_JOB_CANCEL);
    assert_job(f, id, "cancelled");
    assert_refused(f, id, DBW_JOB_RESUME, "it is cancelled");
    ask_ok(f, id, DBW_JOB_DISCARD);
    assert_job(f, id, "cancelled");
    assert_true(steps_state(f, id).discarded);
    assert_int_equal(steps_state(f, id).version, 5);
}

static void an_idempotency_key_makes_one_job(void **state)
{
    fixture *f = *state;
    char a[DBW_JOB_ID], b[DBW_JOB_ID];
    bool existing;
    dbw_idempotency key = {.key = "k-1", .actor = "token:1", .request = DBW_TEXT("POST {}")};
    dbw_job_request request = steps_request(NULL);
    request.idempotency = &key;
    assert_ok(&f->error, dbw_job_create(f->store, &request, a, &existing, &f->error));
    assert_false(existing);
    assert_ok(&f->error, dbw_job_create(f->store, &request, b, &existing, &f->error));
    assert_true(existing);
    assert_string_equal(a, b);

    key.request = DBW_TEXT("POST {\"other\":1}");
    assert_fails(&f->error, DBW_E_INVALID, "this idempotency key was used for another request",
                 dbw_job_create(f->store, &request, b, &existing, &f->error));
    assert_string_equal(f->error.object, "Idempotency-Key");
    key.actor = "token:2";
    assert_ok(&f->error, dbw_job_create(f->store, &request, b, &existing, &f->error));
    assert_false(existing);
    key.actor = "token:1";
    fixture_seconds(f, 24 * 3600);
    assert_ok(&f->error, dbw_job_create(f->store, &request, b, &existing, &f->error));
    assert_false(existing);
    key.key = "a\nb";
    assert_fails(&f->error, DBW_E_INVALID,
                 "an idempotency key has 1 to 255 printable ASCII characters",
                 dbw_job_create(f->store, &request, b, &existing, &f->error));
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM jobs"), 3);
}

static void waiting_ends_at_the_deadline(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    dbw_job_state now;
    steps_create(f, 1, 0, id);
    assert_int_equal(dbw_job_wait(f->store, id, -1, dbw_deadline_in(30), &now, &f->error),
                     DBW_E_TIMEOUT);
    assert_int_equal(now.status, DBW_JOB_QUEUED);
    assert_ok(&f->error, dbw_job_wait(f->store, id, 0, DBW_NEVER, &now, &f->error));
    assert_int_equal(now.version, 1);
}

struct delayed {
    fixture *f;
    const char *id;
};

static void *cancel_later(void *context)
{
    const struct delayed *delayed = context;
    dbw_error error;
    nanosleep(&(struct timespec){.tv_nsec = 50 * 1000000}, NULL);
    return dbw_job_ask(delayed->f->store, delayed->id, DBW_JOB_CANCEL, &error) == DBW_OK ? NULL
                                                                                         : context;
}

/* Below the fallback's second: so it was the signal that woke. */
static void waiting_is_woken_by_a_change(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    dbw_job_state now;
    pthread_t thread;
    void *failed;
    steps_create(f, 1, 0, id);
    struct delayed delayed = {f, id};
    int64_t started = dbw_clock_monotonic();
    assert_int_equal(pthread_create(&thread, NULL, cancel_later, &delayed), 0);
    assert_ok(&f->error, dbw_job_wait(f->store, id, -1, dbw_deadline_in(20000), &now, &f->error));
    assert_in_range(dbw_clock_monotonic() - started, 40000, 900000);
    pthread_join(thread, &failed);
    assert_null(failed);
    assert_int_equal(now.status, DBW_JOB_CANCELLED);
}

static void documents_come_when_the_job_has_ended(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    struct json_object *document;
    steps_create(f, 1, 0, id);
    const char *message =
        dbw_arena_printf(f->arena, "job '%s' has no result yet: it is queued", id);
    assert_fails(&f->error, DBW_E_CONFLICT, message,
                 dbw_job_result(f->store, id, &document, &f->error));
    ask_ok(f, id, DBW_JOB_CANCEL);
    message = dbw_arena_printf(f->arena, "job '%s' has no report: it is cancelled", id);
    assert_fails(&f->error, DBW_E_CONFLICT, message,
                 dbw_job_report(f->store, id, &document, &f->error));
}

static void statuses_have_slugs(void **state)
{
    (void)state;
    for (int i = 0; i < DBW_JOB_STATUS_COUNT; i++)
        assert_int_equal(dbw_job_status_find(dbw_job_status_slug((dbw_job_status)i)), i);
    assert_int_equal(dbw_job_status_find("x"), DBW_JOB_STATUS_COUNT);
    assert_false(dbw_job_status_ended(DBW_JOB_RUNNING));
    assert_true(dbw_job_status_ended(DBW_JOB_INTERRUPTED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        store_test(a_job_is_shown_as_documented),
        store_test(unknown_jobs_are_not_found),
        store_test(a_url_that_does_not_parse_names_its_field),
        store_test(lists_are_newest_first_and_filtered),
        store_test(queued_jobs_obey_at_once),
        store_test(an_idempotency_key_makes_one_job),
        store_test(waiting_ends_at_the_deadline),
        store_test(waiting_is_woken_by_a_change),
        store_test(documents_come_when_the_job_has_ended),
        cmocka_unit_test(statuses_have_slugs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
