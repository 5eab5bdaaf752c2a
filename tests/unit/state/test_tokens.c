/* SPDX-License-Identifier: Apache-2.0 */
#include "../store_fixture.h"

#include "state/tokens.h"

#include <json-c/json.h>

static const char *create(fixture *f, const dbw_token_request *request, dbw_token *token)
{
    const char *secret;
    assert_ok(&f->error, dbw_tokens_create(f->store, f->arena, request, token, &secret, &f->error));
    return secret;
}

static dbw_status find(fixture *f, const char *secret, dbw_token *out)
{
    return dbw_tokens_find(f->store, f->arena, dbw_text_of(secret), out, &f->error);
}

static void a_secret_finds_its_token(void **state)
{
    fixture *f = *state;
    dbw_token token, found;
    const char *secret =
        create(f,
               &(dbw_token_request){
                   .name = "ci", .scopes = DBW_SCOPE_CONNECT | DBW_SCOPE_JOBS, .apps = "a,b"},
               &token);
    assert_int_equal(strlen(secret), 47);
    assert_memory_equal(secret, "dbw_", 4);
    assert_ok(&f->error, find(f, secret, &found));
    assert_string_equal(found.id, token.id);
    assert_string_equal(found.name, "ci");
    assert_string_equal(found.apps, "a,b");
    assert_int_equal(found.scopes, DBW_SCOPE_CONNECT | DBW_SCOPE_JOBS);
    assert_int_equal(found.expires_at, 0);
    assert_false(fixture_holds(f, secret + 4));
    assert_fails(&f->error, DBW_E_AUTH, "the token is unknown or was revoked",
                 find(f, secret + 1, &found));
    char *other = dbw_arena_string(f->arena, secret);
    other[10] = other[10] == 'a' ? 'b' : 'a';
    assert_fails(&f->error, DBW_E_AUTH, "the token is unknown or was revoked",
                 find(f, other, &found));
    assert_int_equal(found.scopes, DBW_SCOPE_NONE);
}

static void the_last_use_is_noted(void **state)
{
    fixture *f = *state;
    dbw_token token, *all;
    size_t count;
    const char *secret =
        create(f, &(dbw_token_request){.name = "ci", .scopes = DBW_SCOPE_JOBS}, &token);
    assert_int_equal(token.last_used_at, 0);
    fixture_seconds(f, 100);
    assert_ok(&f->error, find(f, secret, &token));
    assert_ok(&f->error, dbw_tokens_list(f->store, f->arena, &all, &count, &f->error));
    assert_int_equal(count, 1);
    assert_int_equal(all[0].last_used_at, f->now);
    assert_null(all[0].apps);
}

static void tokens_expire_and_are_revoked(void **state)
{
    fixture *f = *state;
    dbw_token token;
    const char *secret =
        create(f,
               &(dbw_token_request){
                   .name = "ci", .scopes = DBW_SCOPE_JOBS, .expires_at = f->now + 5000000},
               &token);
    const char *other =
        create(f, &(dbw_token_request){.name = "x", .scopes = DBW_SCOPE_ADMIN}, &token);
    assert_ok(&f->error, find(f, secret, &token));
    fixture_seconds(f, 5);
    assert_fails(&f->error, DBW_E_AUTH, "the token has expired", find(f, secret, &token));
    assert_ok(&f->error, find(f, other, &token));
    assert_ok(&f->error, dbw_tokens_revoke(f->store, token.id, &f->error));
    assert_int_equal(find(f, other, &token), DBW_E_AUTH);
    assert_fails(&f->error, DBW_E_NOT_FOUND, "token 'nothing' does not exist",
                 dbw_tokens_revoke(f->store, "nothing", &f->error));
}

static void requests_are_checked(void **state)
{
    fixture *f = *state;
    static const struct {
        dbw_token_request request;
        const char *field, *message;
    } cases[] = {
        {{.name = "", .scopes = DBW_SCOPE_JOBS}, "name", "a token's name has 1 to 64 characters"},
        {{.name = "a\nb", .scopes = DBW_SCOPE_JOBS},
         "name",
         "a token's name has 1 to 64 characters"},
        {{.name = "a"}, "scopes", "a token needs at least one scope"},
        {{.name = "a", .scopes = DBW_SCOPE_JOBS, .apps = ""},
         "apps",
         "the applications of a token are a list of names"},
        {{.name = "a", .scopes = DBW_SCOPE_JOBS, .expires_at = 1},
         "expires_at",
         "a token cannot expire in the past"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_token token;
        const char *secret;
        assert_fails(
            &f->error, DBW_E_INVALID, cases[i].message,
            dbw_tokens_create(f->store, f->arena, &cases[i].request, &token, &secret, &f->error));
        assert_string_equal(f->error.object, cases[i].field);
    }
}

static void scopes_are_parsed_and_compared(void **state)
{
    (void)state;
    dbw_error error;
    dbw_scopes scopes;
    assert_ok(&error, dbw_scopes_parse(DBW_TEXT("connect, jobs"), &scopes, &error));
    assert_int_equal(scopes, DBW_SCOPE_CONNECT | DBW_SCOPE_JOBS);
    assert_fails(&error, DBW_E_INVALID, "unknown scope 'root'",
                 dbw_scopes_parse(DBW_TEXT("jobs,root"), &scopes, &error));
    assert_string_equal(error.object, "scopes");
    assert_true(dbw_scopes_allow(DBW_SCOPE_JOBS, DBW_SCOPE_JOBS));
    assert_false(dbw_scopes_allow(DBW_SCOPE_JOBS, DBW_SCOPE_JOBS | DBW_SCOPE_MIGRATE));
    assert_true(dbw_scopes_allow(DBW_SCOPE_ADMIN, DBW_SCOPE_MIGRATE));
    assert_false(dbw_scopes_allow(DBW_SCOPE_MIGRATE, DBW_SCOPE_ADMIN));
    assert_false(dbw_scopes_allow(DBW_SCOPE_ADMIN, DBW_SCOPE_NONE));
    assert_string_equal(dbw_scope_at(0), "connect");
    assert_null(dbw_scope_at(DBW_SCOPE_COUNT));
}

static void json_shows_everything_but_the_secret(void **state)
{
    fixture *f = *state;
    dbw_token token = {.id = "0011223344556677",
                       .name = "ci",
                       .scopes = DBW_SCOPE_CONNECT | DBW_SCOPE_ADMIN,
                       .apps = "a,b",
                       .created_at = 1000000};
    struct json_object *object = dbw_token_to_json(&token);
    assert_string_equal(
        json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
        "{\"id\":\"0011223344556677\",\"name\":\"ci\",\"scopes\":[\"connect\",\"admin\"],"
        "\"apps\":[\"a\",\"b\"],\"created_at\":\"1970-01-01T00:00:01.000000Z\","
        "\"expires_at\":null,\"last_used_at\":null}");
    json_object_put(object);
    (void)f;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        store_test(a_secret_finds_its_token),
        store_test(the_last_use_is_noted),
        store_test(tokens_expire_and_are_revoked),
        store_test(requests_are_checked),
        store_test(scopes_are_parsed_and_compared),
        store_test(json_shows_everything_but_the_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
