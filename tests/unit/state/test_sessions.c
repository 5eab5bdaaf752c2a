/* SPDX-License-Identifier: Apache-2.0 */
#include "../store_fixture.h"

#include "state/accounts.h"
#include "state/sessions.h"

static int set_up(void **state)
{
    fixture_store(state);
    fixture *f = *state;
    assert_ok(&f->error, dbw_accounts_set_password(f->store, "admin", DBW_TEXT("correct horse"),
                                                   NULL, &f->error));
    return 0;
}

static dbw_status find(fixture *f, const char *cookie)
{
    dbw_session found;
    return dbw_sessions_find(f->store, dbw_text_of(cookie), &found, &f->error);
}

static void a_cookie_finds_its_session(void **state)
{
    fixture *f = *state;
    dbw_session mine, other, found;
    assert_ok(&f->error, dbw_sessions_start(f->store, "admin", "a", &mine, &f->error));
    assert_ok(&f->error, dbw_sessions_start(f->store, "admin", "a", &other, &f->error));
    assert_string_not_equal(mine.cookie, other.cookie);
    assert_string_not_equal(mine.csrf, other.csrf);
    assert_ok(&f->error, dbw_sessions_find(f->store, dbw_text_of(mine.cookie), &found, &f->error));
    assert_string_equal(found.account, "admin");
    assert_string_equal(found.csrf, mine.csrf);
    assert_int_equal(found.expires_at, f->now + INT64_C(8) * 3600 * 1000000);
    assert_true(dbw_sessions_csrf_matches(&found, dbw_text_of(mine.csrf)));
    assert_false(dbw_sessions_csrf_matches(&found, dbw_text_of(other.csrf)));
    assert_false(dbw_sessions_csrf_matches(&found, DBW_TEXT("")));
    assert_false(fixture_holds(f, mine.cookie));
    assert_false(fixture_holds(f, mine.csrf));
}

static void what_is_no_cookie_finds_nothing(void **state)
{
    fixture *f = *state;
    assert_fails(&f->error, DBW_E_AUTH, "not logged in", find(f, ""));
    assert_fails(&f->error, DBW_E_AUTH, "not logged in", find(f, "' OR 1=1 --"));
    assert_fails(&f->error, DBW_E_AUTH, "not logged in",
                 find(f, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

static void use_moves_the_end_on(void **state)
{
    fixture *f = *state;
    dbw_session mine;
    assert_ok(&f->error, dbw_sessions_start(f->store, "admin", "a", &mine, &f->error));
    for (int i = 0; i < 4; i++) {
        fixture_seconds(f, 8 * 3600 - 1);
        assert_ok(&f->error, find(f, mine.cookie));
    }
    fixture_seconds(f, 8 * 3600);
    assert_int_equal(find(f, mine.cookie), DBW_E_AUTH);
}

static void seven_days_are_the_most(void **state)
{
    fixture *f = *state;
    dbw_session mine, found;
    assert_ok(&f->error, dbw_sessions_start(f->store, "admin", "a", &mine, &f->error));
    for (int hours = 0; hours < 7 * 24 - 4; hours += 4) {
        fixture_seconds(f, 4 * 3600);
        assert_ok(&f->error,
                  dbw_sessions_find(f->store, dbw_text_of(mine.cookie), &found, &f->error));
        assert_true(found.expires_at <= mine.created_at + INT64_C(7) * 86400 * 1000000);
    }
    fixture_seconds(f, 4 * 3600);
    assert_int_equal(find(f, mine.cookie), DBW_E_AUTH);
}

static void sessions_end_when_told(void **state)
{
    fixture *f = *state;
    dbw_session a, b, c;
    assert_ok(&f->error, dbw_sessions_start(f->store, "admin", "a", &a, &f->error));
    assert_ok(&f->error, dbw_sessions_start(f->store, "admin", "b", &b, &f->error));
    assert_ok(&f->error, dbw_sessions_start(f->store, "admin", "c", &c, &f->error));
    assert_ok(&f->error, dbw_sessions_end(f->store, dbw_text_of(a.cookie), &f->error));
    assert_ok(&f->error, dbw_sessions_end(f->store, dbw_text_of(a.cookie), &f->error));
    assert_int_equal(find(f, a.cookie), DBW_E_AUTH);
    assert_ok(&f->error, find(f, b.cookie));
    assert_ok(&f->error, dbw_sessions_end_others(f->store, "admin", c.cookie, &f->error));
    assert_int_equal(find(f, b.cookie), DBW_E_AUTH);
    assert_ok(&f->error, find(f, c.cookie));
    assert_ok(&f->error, dbw_sessions_end_others(f->store, "admin", NULL, &f->error));
    assert_int_equal(find(f, c.cookie), DBW_E_AUTH);
}

static void expired_ones_are_purged(void **state)
{
    fixture *f = *state;
    dbw_session mine;
    const char *token;
    assert_ok(&f->error, dbw_sessions_start(f->store, "admin", "a", &mine, &f->error));
    assert_ok(&f->error, dbw_accounts_setup_link(f->store, f->arena, "admin", &token, &f->error));
    assert_ok(&f->error, dbw_sessions_purge(f->store, &f->error));
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM sessions"), 1);
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM setup_links"), 1);
    fixture_seconds(f, 8 * 3600);
    assert_ok(&f->error, dbw_sessions_purge(f->store, &f->error));
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM sessions"), 0);
    assert_int_equal(fixture_integer(f, "SELECT count(*) FROM setup_links"), 0);
}

#define session_test(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        session_test(a_cookie_finds_its_session), session_test(what_is_no_cookie_finds_nothing),
        session_test(use_moves_the_end_on),       session_test(seven_days_are_the_most),
        session_test(sessions_end_when_told),     session_test(expired_ones_are_purged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
