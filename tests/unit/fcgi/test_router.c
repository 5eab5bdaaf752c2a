/* SPDX-License-Identifier: Apache-2.0 */
#include "../store_fixture.h"

#include "auth.h"
#include "fake.h"
#include "router.h"
#include "state/tokens.h"

static void answer(fake *request, fixture *f, const char *method, const char *path)
{
    fake_start(request, f->arena, method, path);
    request->service.store = f->store;
}

static const char *token_with(fixture *f, dbw_scopes scopes)
{
    dbw_token_request wanted = {.name = "test", .scopes = scopes};
    dbw_token token;
    const char *secret;
    assert_ok(&f->error,
              dbw_tokens_create(f->store, f->arena, &wanted, &token, &secret, &f->error));
    return dbw_arena_printf(f->arena, "Bearer %s", secret);
}

static void no_route_stands_twice(void **state DBW_UNUSED)
{
    const dbw_route *a, *b;
    size_t count = 0;
    for (size_t i = 0; (a = dbw_route_at(i)); i++, count++)
        for (size_t j = i + 1; (b = dbw_route_at(j)); j++)
            assert_false(strcmp(a->method, b->method) == 0 && strcmp(a->path, b->path) == 0);
    assert_true(count > 20);
    assert_null(dbw_route_at(count));
}

static void a_scope_is_asked_for_where_it_says_so(void **state DBW_UNUSED)
{
    const dbw_route *route;
    for (size_t i = 0; (route = dbw_route_at(i)); i++) {
        assert_true(route->path[0] == '/');
        assert_non_null(route->handler);
        assert_int_equal(route->access == DBW_ACCESS_SCOPE, route->scope != DBW_SCOPE_NONE);
        if (strcmp(route->method, "GET") == 0)
            assert_int_equal(route->body, DBW_BODY_NONE);
    }
}

static void strangers_learn_nothing(void **state)
{
    fixture *f = *state;
    static const char *const paths[] = {"/jobs", "/nothing", "/", "", "/jobs/x/../y", "/tokens"};
    for (size_t i = 0; i < DBW_COUNT(paths); i++) {
        fake request;
        answer(&request, f, "GET", paths[i]);
        dbw_router_answer(&request.exchange);
        assert_int_equal(request.exchange.status, 401);
        assert_string_equal(fake_header(&request, "WWW-Authenticate"), "Bearer realm=\"dbwizard\"");
        fake_end(&request);
    }
}

static void known_callers_are_told(void **state)
{
    fixture *f = *state;
    const char *bearer = token_with(f, DBW_SCOPE_JOBS);
    static const struct {
        const char *method;
        const char *path;
        int status;
        const char *allow;
    } cases[] = {
        {"GET", "/jobs", 200, NULL},
        {"HEAD", "/jobs", 200, NULL},
        {"POST", "/jobs", 405, "GET, HEAD"},
        {"PUT", "/session", 405, "POST, GET, HEAD, DELETE"},
        {"", "/jobs", 405, "GET, HEAD"},
        {"get", "/jobs", 405, "GET, HEAD"},
        {"GET", "/jobs/", 404, NULL},
        {"GET", "/jobs/no.such", 404, NULL},
        {"GET", "/jobs/0123456789abcdef", 404, NULL},
        {"GET", "/jobs/a/report.html/", 404, NULL},
        {"GET", "/tokens", 403, NULL},
        {"POST", "/jobs/x/pause", 403, NULL},
        {"GET", "/session", 403, NULL},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        fake request;
        answer(&request, f, cases[i].method, cases[i].path);
        fake_set(&request, "HTTP_AUTHORIZATION", bearer);
        dbw_router_answer(&request.exchange);
        assert_int_equal(request.exchange.status, cases[i].status);
        if (cases[i].allow)
            assert_string_equal(fake_header(&request, "Allow"), cases[i].allow);
        fake_end(&request);
    }
}

static void a_body_is_asked_for_before_the_handler_runs(void **state)
{
    fixture *f = *state;
    const char *bearer = token_with(f, DBW_SCOPE_CONNECT);
    fake request;
    answer(&request, f, "POST", "/parse-url");
    fake_set(&request, "HTTP_AUTHORIZATION", bearer);
    dbw_router_answer(&request.exchange);
    assert_int_equal(request.exchange.status, 415);
    fake_end(&request);
    answer(&request, f, "POST", "/parse-url");
    fake_set(&request, "HTTP_AUTHORIZATION", bearer);
    fake_body(&request, DBW_TEXT("{\"url\":\"sqlite:////x\"}"));
    dbw_router_answer(&request.exchange);
    assert_int_equal(request.exchange.status, 200);
    fake_end(&request);
}

static void cookies_are_found_among_others(void **state DBW_UNUSED)
{
    static const struct {
        const char *header;
        const char *cookie;
    } cases[] = {
        {"dbwizard_session=abc", "abc"},
        {"a=b; dbwizard_session=abc; c=d", "abc"},
        {"dbwizard_session=abc;dbwizard_session=def", "abc"},
        {"xdbwizard_session=abc", ""},
        {"dbwizard_session=", ""},
        {"dbwizard_session", ""},
        {"; ;; dbwizard_session=abc", "abc"},
        {"", ""},
    };
    dbw_arena *arena = dbw_arena_new();
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        fake request;
        fake_start(&request, arena, "GET", "/jobs");
        fake_set(&request, "HTTP_COOKIE", cases[i].header);
        assert_text_equal(dbw_auth_cookie(&request.exchange), cases[i].cookie);
        fake_end(&request);
    }
    dbw_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_route_stands_twice),
        cmocka_unit_test(a_scope_is_asked_for_where_it_says_so),
        store_test(strangers_learn_nothing),
        store_test(known_callers_are_told),
        store_test(a_body_is_asked_for_before_the_handler_runs),
        cmocka_unit_test(cookies_are_found_among_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
