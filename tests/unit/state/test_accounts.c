/* SPDX-License-Identifier: Apache-2.0 */
#include "../store_fixture.h"

#include "state/accounts.h"
#include "state/sessions.h"

#define PASSWORD "correct horse"
#define CANARY "canary-Zq83-password"

static dbw_status check(fixture *f, const char *password, const char *address, int *wait)
{
    return dbw_accounts_check(f->store, DBW_ACCOUNT_ADMIN, dbw_text_of(password), address, wait,
                              &f->error);
}

static void set(fixture *f, const char *password)
{
    assert_ok(&f->error, dbw_accounts_set_password(f->store, DBW_ACCOUNT_ADMIN,
                                                   dbw_text_of(password), NULL, &f->error));
}

static void a_setup_link_sets_the_password_once(void **state)
{
    fixture *f = *state;
    const char *token, *account;
    bool needed;
    int wait;
    assert_ok(&f->error, dbw_accounts_setup_needed(f->store, &needed, &f->error));
    assert_true(needed);
    assert_fails(&f->error, DBW_E_CONFLICT, "no password was set yet",
                 check(f, PASSWORD, "1.1.1.1", &wait));
    assert_string_equal(f->error.hint, "Run: dbwizard admin setup-link");

    assert_ok(&f->error,
              dbw_accounts_setup_link(f->store, f->arena, DBW_ACCOUNT_ADMIN, &token, &f->error));
    assert_int_equal(strlen(token), 43);
    assert_ok(&f->error,
              dbw_accounts_set_up(f->store, f->arena, dbw_text_of(token), DBW_TEXT(CANARY),
                                  "1.1.1.1", &account, &wait, &f->error));
    assert_string_equal(account, "admin");
    assert_ok(&f->error, dbw_accounts_setup_needed(f->store, &needed, &f->error));
    assert_false(needed);
    assert_ok(&f->error, check(f, CANARY, "1.1.1.1", &wait));

    assert_fails(&f->error, DBW_E_AUTH, "the set-up link is not valid: it was used, or is too old",
                 dbw_accounts_set_up(f->store, f->arena, dbw_text_of(token), DBW_TEXT(PASSWORD),
                                     "1.1.1.1", &account, &wait, &f->error));
    assert_ok(&f->error, check(f, CANARY, "1.1.1.1", &wait));
    assert_false(fixture_holds(f, CANARY));
    assert_false(fixture_holds(f, token));
}

static void a_setup_link_lasts_thirty_minutes(void **state)
{
    fixture *f = *state;
    const char *first, *second, *account;
    int wait;
    assert_ok(&f->error,
              dbw_accounts_setup_link(f->store, f->arena, DBW_ACCOUNT_ADMIN, &first, &f->error));
    fixture_seconds(f, 30 * 60);
    assert_int_equal(dbw_accounts_set_up(f->store, f->arena, dbw_text_of(first), DBW_TEXT(PASSWORD),
                                         "a", &account, &wait, &f->error),
                     DBW_E_AUTH);
    assert_ok(&f->error,
              dbw_accounts_setup_link(f->store, f->arena, DBW_ACCOUNT_ADMIN, &first, &f->error));
    assert_ok(&f->error,
              dbw_accounts_setup_link(f->store, f->arena, DBW_ACCOUNT_ADMIN, &second, &f->error));
    assert_int_equal(dbw_accounts_set_up(f->store, f->arena, dbw_text_of(first), DBW_TEXT(PASSWORD),
                                         "a", &account, &wait, &f->error),
                     DBW_E_AUTH);
    fixture_seconds(f, 30 * 60 - 1);
    assert_ok(&f->error, dbw_accounts_set_up(f->store, f->arena, dbw_text_of(second),
                                             DBW_TEXT(PASSWORD), "a", &account, &wait, &f->error));
}

static void passwords_have_a_length(void **state)
{
    fixture *f = *state;
    char *longest = dbw_arena_take(f->arena, 1026);
    memset(longest, 'x', 1025);
    assert_fails(
        &f->error, DBW_E_INVALID, "the password has fewer than 10 characters",
        dbw_accounts_set_password(f->store, "admin", DBW_TEXT("äöüäöüäöü"), NULL, &f->error));
    assert_string_equal(f->error.object, "password");
    assert_fails(
        &f->error, DBW_E_INVALID, "the password has more than 1024 bytes",
        dbw_accounts_set_password(f->store, "admin", dbw_text_of(longest), NULL, &f->error));
    assert_fails(&f->error, DBW_E_INVALID, "the password is not UTF-8",
                 dbw_accounts_set_password(f->store, "admin", DBW_TEXT("xxxxxxxxxxxx\xff"), NULL,
                                           &f->error));
    assert_ok(&f->error, dbw_accounts_set_password(f->store, "admin", (dbw_text){longest, 1024},
                                                   NULL, &f->error));
}

static void addresses_wait_longer_with_each_failure(void **state)
{
    fixture *f = *state;
    int wait;
    set(f, PASSWORD);
    for (int i = 0; i < 5; i++)
        assert_fails(&f->error, DBW_E_AUTH, "the password is wrong", check(f, "wrong", "a", &wait));
    assert_fails(&f->error, DBW_E_LIMIT, "too many failed tries", check(f, PASSWORD, "a", &wait));
    assert_int_equal(wait, 1);
    assert_string_equal(f->error.hint, "Wait 1 seconds.");
    assert_ok(&f->error, check(f, PASSWORD, "b", &wait));

    fixture_seconds(f, 1);
    assert_int_equal(check(f, "wrong", "a", &wait), DBW_E_AUTH);
    assert_int_equal(check(f, PASSWORD, "a", &wait), DBW_E_LIMIT);
    assert_int_equal(wait, 2);
    fixture_seconds(f, 2);
    assert_ok(&f->error, check(f, PASSWORD, "a", &wait));
    for (int i = 0; i < 4; i++)
        assert_int_equal(check(f, "wrong", "a", &wait), DBW_E_AUTH);
    assert_ok(&f->error, check(f, PASSWORD, "a", &wait));
}

static void accounts_wait_a_minute_at_most(void **state)
{
    fixture *f = *state;
    int wait = 0;
    set(f, PASSWORD);
    for (int i = 0; i < 30; i++) {
        const char *address = dbw_arena_printf(f->arena, "10.0.0.%d", i);
        dbw_status status = check(f, "wrong", address, &wait);
        assert_true(status == DBW_E_AUTH || i > 19);
        fixture_seconds(f, wait);
    }
    assert_int_equal(check(f, PASSWORD, "10.0.1.1", &wait), DBW_E_LIMIT);
    assert_in_range(wait, 1, 60);
    fixture_seconds(f, 60);
    assert_ok(&f->error, check(f, PASSWORD, "10.0.1.1", &wait));
}

static void quiet_minutes_forget_failures(void **state)
{
    fixture *f = *state;
    int wait;
    set(f, PASSWORD);
    for (int i = 0; i < 5; i++)
        assert_int_equal(check(f, "wrong", "a", &wait), DBW_E_AUTH);
    fixture_seconds(f, 15 * 60);
    for (int i = 0; i < 5; i++)
        assert_int_equal(check(f, "wrong", "a", &wait), DBW_E_AUTH);
    assert_int_equal(check(f, "wrong", "a", &wait), DBW_E_LIMIT);
}

static void an_unknown_account_is_like_a_wrong_password(void **state)
{
    fixture *f = *state;
    int wait;
    set(f, PASSWORD);
    assert_fails(&f->error, DBW_E_AUTH, "the password is wrong",
                 dbw_accounts_check(f->store, "nobody", DBW_TEXT(PASSWORD), "a", &wait, &f->error));
}

static void a_new_password_ends_other_sessions(void **state)
{
    fixture *f = *state;
    dbw_session mine, other, found;
    int wait;
    set(f, PASSWORD);
    assert_ok(&f->error, dbw_sessions_start(f->store, "admin", "a", &mine, &f->error));
    assert_ok(&f->error, dbw_sessions_start(f->store, "admin", "b", &other, &f->error));
    assert_ok(&f->error, dbw_accounts_set_password(f->store, "admin", DBW_TEXT("another one"),
                                                   mine.cookie, &f->error));
    assert_ok(&f->error, dbw_sessions_find(f->store, dbw_text_of(mine.cookie), &found, &f->error));
    assert_fails(&f->error, DBW_E_AUTH, "not logged in",
                 dbw_sessions_find(f->store, dbw_text_of(other.cookie), &found, &f->error));
    assert_int_equal(check(f, PASSWORD, "a", &wait), DBW_E_AUTH);
    assert_ok(&f->error, check(f, "another one", "a", &wait));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        store_test(a_setup_link_sets_the_password_once),
        store_test(a_setup_link_lasts_thirty_minutes),
        store_test(passwords_have_a_length),
        store_test(addresses_wait_longer_with_each_failure),
        store_test(accounts_wait_a_minute_at_most),
        store_test(quiet_minutes_forget_failures),
        store_test(an_unknown_account_is_like_a_wrong_password),
        store_test(a_new_password_ends_other_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
