/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "base/utf8.h"
#include "fake.h"
#include "problem.h"

static dbw_arena *arena;
static dbw_error error;
static fake request;

static void start(void)
{
    fake_start(&request, arena, "GET", "/x");
    dbw_error_clear(&error);
}

static void decodes_the_query(void **state DBW_UNUSED)
{
    start();
    request.exchange.query = "a=1&bb=%41%zz%4&c=x+y&a=2&d=&e&f=%C3%A4&=x&%61b=3";
    dbw_exchange *x = &request.exchange;
    assert_string_equal(dbw_exchange_query(x, "a"), "1");
    assert_string_equal(dbw_exchange_query(x, "bb"), "A%zz%4");
    assert_string_equal(dbw_exchange_query(x, "c"), "x y");
    assert_string_equal(dbw_exchange_query(x, "d"), "");
    assert_string_equal(dbw_exchange_query(x, "f"), "\xC3\xA4");
    assert_null(dbw_exchange_query(x, "e"));
    assert_null(dbw_exchange_query(x, "b"));
    assert_null(dbw_exchange_query(x, "absent"));
    fake_end(&request);
}

static void headers_hold_one_line(void **state DBW_UNUSED)
{
    start();
    dbw_exchange_header(&request.exchange, "Location", "/jobs/x\r\nSet-Cookie: a=b\x7f\x01");
    assert_string_equal(fake_header(&request, "Location"), "/jobs/xSet-Cookie: a=b");
    fake_end(&request);
}

static struct json_object *answered(void)
{
    struct json_object *parsed = json_tokener_parse(request.exchange.answer.data);
    assert_non_null(parsed);
    return parsed;
}

static const char *member(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;
    assert_true(json_object_object_get_ex(object, name, &value));
    return json_object_get_string(value);
}

static void a_problem_has_its_members(void **state DBW_UNUSED)
{
    start();
    dbw_fail(&error, DBW_E_CONFLICT, "unable to pause job 'x': it is done");
    dbw_hint(&error, "Look again.");
    dbw_exchange_problem(&request.exchange, &error);
    assert_int_equal(request.exchange.status, 409);
    assert_string_equal(request.exchange.content_type, "application/problem+json");
    assert_string_equal(request.exchange.answer.data,
                        "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409,"
                        "\"detail\":\"unable to pause job 'x': it is done\","
                        "\"hint\":\"Look again.\",\"code\":\"conflict\"}\n");
    assert_null(request.exchange.failure);
    fake_end(&request);
}

static void a_problem_names_fields_and_carries_more(void **state DBW_UNUSED)
{
    start();
    assert_int_equal(dbw_exchange_field(&request.exchange, "port", &error, "'port' is %d", 5),
                     DBW_E_INVALID);
    request.exchange.extra = json_tokener_parse("{\"job\":\"abc\",\"status\":1}");
    request.exchange.retry_after = 7;
    dbw_exchange_problem(&request.exchange, &error);
    json_object_put(request.exchange.extra);
    struct json_object *problem = answered(), *fields = NULL;
    assert_int_equal(request.exchange.status, 422);
    assert_true(json_object_object_get_ex(problem, "fields", &fields));
    assert_string_equal(member(fields, "port"), "'port' is 5");
    assert_string_equal(member(problem, "job"), "abc");
    assert_string_equal(member(problem, "status"), "422"); /* its own members stay */
    assert_string_equal(fake_header(&request, "Retry-After"), "7");
    json_object_put(problem);
    fake_end(&request);
}

static void a_field_of_the_library_is_named_too(void **state DBW_UNUSED)
{
    start();
    dbw_fail(&error, DBW_E_INVALID, "the password is short");
    dbw_error_object(&error, "password");
    dbw_exchange_problem(&request.exchange, &error);
    struct json_object *problem = answered(), *fields = NULL;
    assert_true(json_object_object_get_ex(problem, "fields", &fields));
    assert_string_equal(member(fields, "password"), "the password is short");
    json_object_put(problem);
    fake_end(&request);
}

static void an_answer_is_utf8_whatever_went_in(void **state DBW_UNUSED)
{
    start();
    char name[201] = "";
    for (size_t i = 0; i < 200; i += 2)
        memcpy(name + i, "\xC3\xA4", 2); /* cut somewhere inside of a character */
    assert_int_equal(
        dbw_exchange_field(&request.exchange, name + 1, &error, "bad \xFF\xC3 %.61s", name),
        DBW_E_INVALID);
    dbw_exchange_problem(&request.exchange, &error);
    const dbw_buffer *answer = &request.exchange.answer;
    assert_true(dbw_utf8_valid(answer->data, answer->length));
    json_object_put(answered());
    fake_end(&request);
}

static void many_wrong_fields_are_cut(void **state DBW_UNUSED)
{
    start();
    for (int i = 0; i < 50; i++)
        assert_int_equal(dbw_exchange_field(&request.exchange, "x", &error, "wrong"),
                         DBW_E_INVALID);
    assert_int_equal(request.exchange.field_count, FIELD_ERRORS_MOST);
    fake_end(&request);
}

static void every_code_has_a_status_with_a_title(void **state DBW_UNUSED)
{
    for (int code = DBW_OK; code < DBW_STATUS_COUNT; code++) {
        int own = dbw_problem_status((dbw_status)code);
        int of_job = dbw_problem_status_of_job((dbw_status)code);
        assert_string_not_equal(dbw_problem_title(own), "Error");
        assert_string_not_equal(dbw_problem_title(of_job), "Error");
        assert_true(own < 502 || own == 503); /* 502 and 504 are somebody else's fault */
    }
    assert_int_equal(dbw_problem_status(DBW_STATUS_COUNT), 500);
    assert_int_equal(dbw_problem_status_of_job(DBW_E_TIMEOUT), 504);
    assert_int_equal(dbw_problem_status(DBW_E_LOCKED), 503);
}

static void our_own_failures_are_for_the_log(void **state DBW_UNUSED)
{
    start();
    dbw_fail(&error, DBW_E_LOCKED, "unable to read: locked");
    dbw_exchange_problem(&request.exchange, &error);
    assert_int_equal(request.exchange.status, 503);
    assert_string_equal(request.exchange.failure, "unable to read: locked");
    assert_string_equal(fake_header(&request, "Retry-After"), "5");
    fake_end(&request);
    start();
    dbw_fail(&error, DBW_E_LOCKED, "unable to read: locked");
    dbw_exchange_problem_of_job(&request.exchange, &error);
    assert_int_equal(request.exchange.status, 502);
    assert_null(request.exchange.failure);
    fake_end(&request);
}

static void only_this_machine_is_loopback(void **state DBW_UNUSED)
{
    static const struct {
        const char *address;
        const char *host;
        bool loopback;
    } cases[] = {
        {"127.0.0.1", "localhost", true},
        {"127.0.0.1", "LocalHost:8787", true},
        {"127.9.9.9", "127.0.0.1:80", true},
        {"::1", "[::1]:8787", true},
        {"::1", "[::1]", true},
        {"127.0.0.1", "db.example.net", false},
        {"127.0.0.1", "localhost.x", false},
        {"127.0.0.1", "127.0.0.1.x:80", false},
        {"127.0.0.1", "", false},
        {"127.0.0.1", NULL, false},
        {"127.0.0.1", "[::1", false},
        {"127.0.0.1", "[::2]", false},
        {"192.0.2.7", "localhost", false},
        {"1270.0.1", "localhost", false},
        {"::ffff:127.0.0.1", "localhost", false},
        {"", "localhost", false},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        start();
        request.exchange.address = cases[i].address;
        if (cases[i].host)
            fake_set(&request, "HTTP_HOST", cases[i].host);
        assert_int_equal(dbw_exchange_is_loopback(&request.exchange), cases[i].loopback);
        fake_end(&request);
    }
}

static void reads_preferences(void **state DBW_UNUSED)
{
    static const struct {
        const char *prefer;
        bool later;
    } cases[] = {
        {NULL, false},
        {"", false},
        {"respond-async", true},
        {"Respond-Async", true},
        {"wait=10, respond-async", true},
        {"respond-async;x=1", true},
        {" respond-async ,return=minimal", true},
        {"respond-asynchronously", false},
        {"return=minimal", false},
        {"x=respond-async", false},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        start();
        if (cases[i].prefer)
            fake_set(&request, "HTTP_PREFER", cases[i].prefer);
        assert_int_equal(dbw_exchange_prefers_async(&request.exchange), cases[i].later);
        fake_end(&request);
    }
}

static int set_up(void **state DBW_UNUSED)
{
    arena = dbw_arena_new();
    return 0;
}

static int tear_down(void **state DBW_UNUSED)
{
    dbw_arena_free(arena);
    return 0;
}

#define exchange_test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        exchange_test(decodes_the_query),
        exchange_test(headers_hold_one_line),
        exchange_test(a_problem_has_its_members),
        exchange_test(a_problem_names_fields_and_carries_more),
        exchange_test(a_field_of_the_library_is_named_too),
        exchange_test(an_answer_is_utf8_whatever_went_in),
        exchange_test(many_wrong_fields_are_cut),
        exchange_test(every_code_has_a_status_with_a_title),
        exchange_test(our_own_failures_are_for_the_log),
        exchange_test(only_this_machine_is_loopback),
        exchange_test(reads_preferences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
