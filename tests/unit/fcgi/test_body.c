/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "body.h"
#include "fake.h"

static dbw_arena *arena;
static dbw_error error;
static fake request;

/* Reads a body that comes in pieces; the status that it would be answered with, 0 when it is good.
 */
static int read_piecewise(dbw_text body, size_t piece)
{
    int status = 0;
    fake_start(&request, arena, "POST", "/parse-url");
    fake_body(&request, body);
    request.piece = piece;
    dbw_error_clear(&error);
    return dbw_body_read(&request.exchange, 1 << 20, &status, &error) == DBW_OK ? 0 : status;
}

static int read_text(const char *body)
{
    int whole = read_piecewise(dbw_text_of(body), 0);
    fake_end(&request);
    assert_int_equal(read_piecewise(dbw_text_of(body), 1), whole);
    return whole;
}

static void takes_an_object(void **state DBW_UNUSED)
{
    static const char *const good[] = {
        "{}",
        " \t\r\n{ \"a\" : 1 } \n",
        "{\"a\":{\"b\":[1,2,{\"c\":null}]}}",
        "{\"a\":\"\\u00e4\\ud83d\\ude00\\n\"}",
        "{\"a\":-0.5e+10,\"b\":true,\"c\":false}",
        "{\"a\":\"x:y\",\"b\":\"\\\":\\\\\",\"c\":\"{}\"}",
    };
    for (size_t i = 0; i < DBW_COUNT(good); i++) {
        assert_int_equal(read_text(good[i]), 0);
        assert_non_null(request.exchange.body);
        fake_end(&request);
    }
}

static void refuses_what_is_not_json(void **state DBW_UNUSED)
{
    static const char *const bad[] = {
        "",
        "{",
        "{\"a\":1",
        "{\"a\":1}}",
        "[]",
        "1",
        "\"x\"",
        "null",
        "{'a':1}",
        "{a:1}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{\"a\":\"\n\"}",
        "{\"a\"}",
        "{\"a\":TRUE}",
        "{\"a\":.5}",
        "{\"a\":+1}",
        "{\"a\":1}x",
        "{\"a\":\"\\q\"}",
        "\xEF\xBB\xBF{}",
        "{\"a\":\"\\ud800\"}",
    };
    for (size_t i = 0; i < DBW_COUNT(bad); i++) {
        assert_int_equal(read_text(bad[i]), 400);
        assert_int_equal(error.code, DBW_E_USAGE);
        assert_null(request.exchange.body);
        fake_end(&request);
    }
}

static void refuses_invalid_utf8_at_its_place(void **state DBW_UNUSED)
{
    assert_int_equal(read_text("{\"a\":\"\xC3\x28\"}"), 400);
    assert_string_equal(error.message, "the request body is not JSON: invalid UTF-8 at byte 6");
    fake_end(&request);
}

static void refuses_a_member_that_stands_twice(void **state DBW_UNUSED)
{
    static const char *const bad[] = {
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"x\":[{\"a\":1,\"a\":1}]}",
        "{\"a\":\"\\\\\",\"a\":\"b\"}",
    };
    for (size_t i = 0; i < DBW_COUNT(bad); i++) {
        assert_int_equal(read_text(bad[i]), 400);
        assert_string_equal(error.message, "the request body is not JSON: a member stands twice");
        fake_end(&request);
    }
}

static void refuses_nul_characters(void **state DBW_UNUSED)
{
    assert_int_equal(read_text("{\"url\\u0000\":\"x\"}"), 400);
    assert_string_equal(error.message,
                        "the request body is not JSON: a member's name holds a NUL character");
    fake_end(&request);
    assert_int_equal(read_text("{\"url\":[{\"x\":\"a\\u0000\"}]}"), 422);
    assert_string_equal(error.message, "'url' holds a NUL character");
    assert_string_equal(request.exchange.fields[0].field, "url");
    fake_end(&request);
    assert_int_equal(read_text("{\"url\":\"\\\\u0000\"}"), 0);
    fake_end(&request);
    assert_int_equal(read_piecewise((dbw_text){"{\"a\":1}\0", 8}, 0), 400);
    fake_end(&request);
}

static void refuses_what_is_too_deep(void **state DBW_UNUSED)
{
    for (int depth = 28; depth < 40; depth++) {
        dbw_buffer text;
        dbw_buffer_init(&text, 1000);
        dbw_buffer_add_string(&text, "{\"a\":");
        for (int i = 0; i < depth; i++)
            dbw_buffer_add_char(&text, '[');
        for (int i = 0; i < depth; i++)
            dbw_buffer_add_char(&text, ']');
        dbw_buffer_add_char(&text, '}');
        assert_int_equal(read_text(text.data), depth < 32 ? 0 : 400);
        fake_end(&request);
        dbw_buffer_free(&text);
    }
}

static void refuses_what_is_too_long(void **state DBW_UNUSED)
{
    int status = 0;
    fake_start(&request, arena, "POST", "/parse-url");
    fake_body(&request, DBW_TEXT("{\"a\":1}"));
    fake_set(&request, "CONTENT_LENGTH", "101");
    assert_fails(&error, DBW_E_LIMIT, "the request body exceeds 100 bytes",
                 dbw_body_read(&request.exchange, 100, &status, &error));
    assert_int_equal(status, 413);
    assert_int_equal(request.at, 0); /* nothing was read */
    /* The same for one that is longer than it says, or does not say. */
    fake_set(&request, "CONTENT_LENGTH", "");
    assert_int_equal(dbw_body_read(&request.exchange, 5, &status, &error), DBW_E_LIMIT);
    assert_int_equal(status, 413);
    fake_end(&request);
}

static void refuses_what_breaks_off(void **state DBW_UNUSED)
{
    int status = 0;
    fake_start(&request, arena, "POST", "/parse-url");
    fake_body(&request, DBW_TEXT("{\"a\":1}"));
    request.piece = 2;
    request.break_at = 4;
    assert_fails(&error, DBW_E_USAGE, "the request body broke off",
                 dbw_body_read(&request.exchange, 100, &status, &error));
    assert_int_equal(status, 400);
    fake_start(&request, arena, "POST", "/parse-url");
    fake_body(&request, DBW_TEXT("{\"a\":1}"));
    fake_set(&request, "CONTENT_LENGTH", "50");
    assert_fails(&error, DBW_E_USAGE, "the request body broke off after 7 of 50 bytes",
                 dbw_body_read(&request.exchange, 100, &status, &error));
    assert_int_equal(status, 400);
}

static void refuses_a_strange_length(void **state DBW_UNUSED)
{
    static const char *const strange[] = {"x", "7x", "99999999999999999999"};
    for (size_t i = 0; i < DBW_COUNT(strange); i++) {
        int status = 0;
        fake_start(&request, arena, "POST", "/parse-url");
        fake_body(&request, DBW_TEXT("{\"a\":1}"));
        fake_set(&request, "CONTENT_LENGTH", strange[i]);
        assert_fails(&error, DBW_E_USAGE, "the Content-Length header is not a number",
                     dbw_body_read(&request.exchange, 100, &status, &error));
        assert_int_equal(status, 400);
    }
}

static void asks_for_json(void **state DBW_UNUSED)
{
    static const struct {
        const char *type;
        int status;
    } cases[] = {
        {"application/json", 0},
        {"APPLICATION/JSON", 0},
        {"application/json; charset=utf-8", 0},
        {"application/json ", 0},
        {"application/jsonp", 415},
        {"text/json", 415},
        {"", 415},
        {"application/json,x", 415},
        {"application", 415},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        int status = 0;
        fake_start(&request, arena, "POST", "/parse-url");
        fake_body(&request, DBW_TEXT("{}"));
        fake_set(&request, "CONTENT_TYPE", cases[i].type);
        dbw_status result = dbw_body_read(&request.exchange, 100, &status, &error);
        assert_int_equal(result == DBW_OK ? 0 : status, cases[i].status);
        fake_end(&request);
    }
}

static void reads_members_by_type(void **state DBW_UNUSED)
{
    static const char *const known[] = {"s", "n", "i", "t", "e", "o", "big", NULL};
    const char *text;
    int64_t number;
    dbw_exchange *x = &request.exchange;
    assert_int_equal(read_piecewise(DBW_TEXT("{\"s\":\"text\",\"n\":null,\"i\":42,\"t\":\"5432\","
                                             "\"e\":\"\",\"o\":{},\"big\":1.5}"),
                                    0),
                     0);
    assert_ok(&error, dbw_body_only(x, known, &error));
    assert_ok(&error, dbw_body_string(x, "s", &text, &error));
    assert_string_equal(text, "text");
    assert_ok(&error, dbw_body_string(x, "n", &text, &error));
    assert_null(text);
    assert_ok(&error, dbw_body_string(x, "absent", &text, &error));
    assert_null(text);
    assert_fails(&error, DBW_E_INVALID, "'i' must be a string",
                 dbw_body_string(x, "i", &text, &error));
    assert_fails(&error, DBW_E_INVALID, "'e' is missing", dbw_body_required(x, "e", &text, &error));
    assert_fails(&error, DBW_E_INVALID, "'n' is missing", dbw_body_required(x, "n", &text, &error));
    assert_ok(&error, dbw_body_integer(x, "i", 7, &number, &error));
    assert_int_equal(number, 42);
    assert_ok(&error, dbw_body_integer(x, "t", 7, &number, &error));
    assert_int_equal(number, 5432);
    assert_ok(&error, dbw_body_integer(x, "e", 7, &number, &error));
    assert_int_equal(number, 7);
    assert_ok(&error, dbw_body_integer(x, "absent", 7, &number, &error));
    assert_int_equal(number, 7);
    assert_fails(&error, DBW_E_INVALID, "'s' must be a whole number",
                 dbw_body_integer(x, "s", 7, &number, &error));
    assert_fails(&error, DBW_E_INVALID, "'big' must be a whole number",
                 dbw_body_integer(x, "big", 7, &number, &error));
    fake_end(&request);
}

static void names_an_unknown_member(void **state DBW_UNUSED)
{
    static const char *const known[] = {"url", NULL};
    assert_int_equal(read_piecewise(DBW_TEXT("{\"url\":1,\"urll\":2}"), 0), 0);
    assert_fails(&error, DBW_E_INVALID, "'urll' is not a field of this call",
                 dbw_body_only(&request.exchange, known, &error));
    assert_int_equal(request.exchange.field_count, 1);
    assert_string_equal(request.exchange.fields[0].field, "urll");
    fake_end(&request);
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

#define body_test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        body_test(takes_an_object),
        body_test(refuses_what_is_not_json),
        body_test(refuses_invalid_utf8_at_its_place),
        body_test(refuses_a_member_that_stands_twice),
        body_test(refuses_nul_characters),
        body_test(refuses_what_is_too_deep),
        body_test(refuses_what_is_too_long),
        body_test(refuses_what_breaks_off),
        body_test(refuses_a_strange_length),
        body_test(asks_for_json),
        body_test(reads_members_by_type),
        body_test(names_an_unknown_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
