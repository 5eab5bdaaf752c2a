/* SPDX-License-Identifier: Apache-2.0 */
/* The state store in PostgreSQL, which several hosts may share. */
#include "../servers.h"
#include "kind_steps.h"

#include "state/accounts.h"
#include "state/audit.h"
#include "state/sessions.h"
#include "state/tokens.h"

#include <sys/wait.h>

enum { PROCESSES = 6 };

static void use_database(fixture *f, const char *name)
{
    f->options.url = dbw_test_fresh_database("postgresql", name);
}

/* Runs `body` in several processes, each with the store opened for itself; the sum of what they
 * return, which is below 100 each. */
static int in_processes(fixture *f, int (*body)(fixture *f))
{
    pid_t children[PROCESSES];
    int total = 0;
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i])
            continue;
        f->store = NULL;
        int result = dbw_store_open(&f->options, &f->store, &f->error) == DBW_OK ? body(f) : 100;
        if (result == 100)
            fprintf(stderr, "%s %s\n", f->error.message, f->error.hint);
        dbw_store_close(f->store);
        _exit(result);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 100);
        total += WEXITSTATUS(status);
    }
    return total;
}

static int nothing(fixture *f DBW_UNUSED)
{
    return 1;
}

static int claim_all(fixture *f)
{
    dbw_worker_id worker;
    dbw_claim *claimed;
    int count = 0;
    if (dbw_lease_register(f->store, false, &worker, &f->error) != DBW_OK)
        return 100;
    for (;;) {
        if (dbw_lease_claim(f->store, &worker, f->arena, &claimed, &f->error) != DBW_OK)
            return 100;
        if (!claimed)
            return count;
        dbw_job_end end = {.status = DBW_JOB_DONE};
        if (strcmp(claimed->source_url, SOURCE) != 0 ||
            dbw_lease_end(f->store, claimed, &end, &f->error) != DBW_OK)
            return 100;
        dbw_claim_free(claimed);
        count++;
    }
}

static int create_with_key(fixture *f)
{
    char id[DBW_JOB_ID];
    bool existing;
    dbw_idempotency key = {.key = "k", .actor = "admin", .request = DBW_TEXT("POST")};
    dbw_job_request request = steps_request(NULL);
    request.idempotency = &key;
    if (dbw_job_create(f->store, &request, id, &existing, &f->error) != DBW_OK)
        return 100;
    return existing ? 0 : 1;
}

static int fail_to_log_in(fixture *f)
{
    int wait, judged = 0;
    for (int i = 0; i < 5; i++) {
        dbw_status status =
            dbw_accounts_check(f->store, "admin", DBW_TEXT("wrong"), "a", &wait, &f->error);
        if (status != DBW_E_AUTH && status != DBW_E_LIMIT)
            return 100;
        judged += status == DBW_E_AUTH;
    }
    return judged;
}

static void processes_share_one_database(void **state)
{
    fixture *f = *state;
    char id[DBW_JOB_ID];
    use_database(f, __func__);
    assert_int_equal(in_processes(f, nothing), PROCESSES);
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM dbwizard_revision"), 4);
    for (int i = 0; i < 12; i++)
        steps_create(f, 1, 0, id);
    assert_int_equal(in_processes(f, claim_all), 12);
    assert_int_equal(
        fixture_integer(f, "SELECT count(*) FROM jobs WHERE status = 'done' AND attempt = 1"), 12);
    assert_int_equal(in_processes(f, create_with_key), 1);
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM jobs"), 13);
    assert_int_equal(
        fixture_integer(f,
                        "SELECT count(*) FROM jobs WHERE CAST(jobs AS TEXT) LIKE '%" CANARY "%'"),
        0);
}

/* However many processes try at once: five tries are judged, the rest must wait. */
static void tries_are_counted_over_all_processes(void **state)
{
    fixture *f = *state;
    use_database(f, __func__);
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    assert_ok(&f->error, dbw_accounts_set_password(f->store, "admin", DBW_TEXT("correct horse"),
                                                   NULL, &f->error));
    assert_int_equal(in_processes(f, fail_to_log_in), 5);
}

static void accounts_sessions_and_tokens_work(void **state)
{
    fixture *f = *state;
    dbw_session session, found;
    dbw_token token, *all;
    dbw_token_request request = {.name = "ci", .scopes = DBW_SCOPE_JOBS};
    const char *link, *account, *secret;
    size_t count;
    int wait;
    use_database(f, __func__);
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    assert_ok(&f->error, dbw_accounts_setup_link(f->store, f->arena, "admin", &link, &f->error));
    assert_ok(&f->error,
              dbw_accounts_set_up(f->store, f->arena, dbw_text_of(link), DBW_TEXT("correct horse"),
                                  "a", &account, &wait, &f->error));
    assert_ok(&f->error, dbw_accounts_check(f->store, "admin", DBW_TEXT("correct horse"), "a",
                                            &wait, &f->error));
    assert_ok(&f->error, dbw_sessions_start(f->store, "admin", "a", &session, &f->error));
    fixture_seconds(f, 120);
    assert_ok(&f->error,
              dbw_sessions_find(f->store, dbw_text_of(session.cookie), &found, &f->error));
    assert_ok(&f->error, dbw_sessions_purge(f->store, &f->error));
    assert_ok(&f->error,
              dbw_tokens_create(f->store, f->arena, &request, &token, &secret, &f->error));
    assert_ok(&f->error,
              dbw_tokens_find(f->store, f->arena, dbw_text_of(secret), &token, &f->error));
    assert_ok(&f->error, dbw_tokens_list(f->store, f->arena, &all, &count, &f->error));
    assert_int_equal(count, 1);
    assert_int_equal(all[0].last_used_at, f->now);
}

static void the_audit_log_is_append_only(void **state)
{
    fixture *f = *state;
    dbw_database *database;
    struct json_object *list;
    dbw_audit_entry entry = {.who = "admin", .action = "test"};
    use_database(f, __func__);
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    assert_ok(&f->error, dbw_audit_write(f->store, &entry, &f->error));
    assert_ok(&f->error, dbw_store_borrow(f->store, &database, &f->error));
    assert_int_equal(dbw_execute(database, "DELETE FROM audit_log", NULL, 0, NULL, &f->error),
                     DBW_E_DATABASE);
    assert_non_null(strstr(f->error.message, "the audit log is append-only"));
    dbw_store_return(f->store, database);
    assert_ok(&f->error, dbw_audit_list(f->store, 0, 10, &list, &f->error));
    assert_int_equal(json_object_array_length(json_object_object_get(list, "entries")), 1);
    json_object_put(list);
}

static void the_command_runs_its_job(void **state)
{
    fixture *f = *state;
    struct json_object *job, *steps = steps_options(4, 2);
    dbw_job_request request = steps_request(steps);
    dbw_job_ran ran;
    use_database(f, __func__);
    assert_ok(&f->error, dbw_store_open(&f->options, &f->store, &f->error));
    dbw_job_run_options options = {.store = f->store, .kinds = test_kinds};
    assert_int_equal(dbw_job_run(&options, &request, &ran, &f->error), DBW_E_DATA);
    assert_true(ran.state.resumable);
    dbw_job_ran_free(&ran);
    assert_ok(&f->error, dbw_job_run_again(&options, ran.id, DBW_JOB_RESUME, &ran, &f->error));
    assert_int_equal(ran.state.status, DBW_JOB_DONE);
    assert_ok(&f->error, dbw_job_get(f->store, ran.id, 0, &job, &f->error));
    assert_int_equal(json_object_array_length(json_object_object_get(job, "events")), 2);
    assert_int_equal(json_object_get_int64(json_object_object_get(job, "rows_total")), 4);
    json_object_put(job);
    dbw_job_ran_free(&ran);
    json_object_put(steps);
    assert_ok(&f->error, dbw_job_purge(f->store, 1, &f->error));
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        folder_test(processes_share_one_database),
        folder_test(tries_are_counted_over_all_processes),
        folder_test(accounts_sessions_and_tokens_work),
        folder_test(the_audit_log_is_append_only),
        folder_test(the_command_runs_its_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
