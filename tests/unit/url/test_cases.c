/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every case recorded from SQLAlchemy: parsed, rendered, masked. The cases lie outside of the
 * repository (DBW_SHARED_DATA, or ../shared/data beside it): without them the test is skipped, and
 * test_parse.c stands alone.
 */
#include "../test.h"
#include "url/options.h"
#include "url/url.h"

#include <json-c/json.h>

/* The deliberate differences: what is refused although SQLAlchemy takes it. */
static const struct {
    int id;
    const char *message;
} refused[] = {
    {144, "unable to parse database URL: it holds a NUL"},
    {148, "unable to parse database URL: it holds a NUL"},
    {188, "unable to parse database URL: only a port may follow the brackets around an IPv6 "
          "address"},
    {268, "unable to parse database URL: the port is not a number from 1 to 65535"},
    {272, "unable to parse database URL: the port is not a number from 1 to 65535"},
};

/* … and where more is hidden: the rest of a password in the host, a secret option. */
static const int hides_more[] = {120, 308, 364};

static json_object *data;
static dbw_arena *arena;

static int load(void **state)
{
    (void)state;
    char path[4096];
    const char *folder = getenv("DBW_SHARED_DATA");
    const char *top = getenv("DBW_TOP_SRCDIR");
    if (folder)
        snprintf(path, sizeof path, "%s/url_cases.json", folder);
    else
        snprintf(path, sizeof path, "%s/../shared/data/url_cases.json", top ? top : ".");
    data = json_object_from_file(path);
    if (!data)
        print_message("# no url_cases.json in DBW_SHARED_DATA or beside the repository\n");
    arena = dbw_arena_new();
    return 0;
}

static int unload(void **state)
{
    (void)state;
    json_object_put(data);
    dbw_arena_free(arena);
    return 0;
}

static json_object *member(json_object *object, const char *name)
{
    json_object *value = NULL;
    return json_object_object_get_ex(object, name, &value) ? value : NULL;
}

/** The value that SQLAlchemy 2.1 gives where it differs from 1.4. */
static json_object *expected(json_object *test, const char *name)
{
    json_object *newer = member(test, "v2_1");
    json_object *value = newer ? member(newer, name) : NULL;
    return value ? value : member(test, name);
}

static dbw_text text_of(json_object *value)
{
    return (dbw_text){json_object_get_string(value), (size_t)json_object_get_string_len(value)};
}

static void check_string(int id, const char *field, const char *ours, json_object *theirs)
{
    const char *want = theirs ? json_object_get_string(theirs) : NULL;
    if ((ours == NULL) != (want == NULL) || (ours && strcmp(ours, want) != 0))
        fail_msg("case %d: %s is %s, expected %s", id, field, ours ? ours : "absent",
                 want ? want : "absent");
}

/** The query is recorded as names in order of first appearance, each with its list of values. */
static void check_query(int id, const dbw_url *url, json_object *query)
{
    size_t total = 0;
    for (size_t i = 0; i < json_object_array_length(query); i++) {
        json_object *pair = json_object_array_get_idx(query, i);
        const char *name = json_object_get_string(json_object_array_get_idx(pair, 0));
        json_object *values = json_object_array_get_idx(pair, 1);
        size_t at = 0;
        for (size_t o = 0; o < url->option_count; o++) {
            if (strcmp(url->options[o].name, name) != 0)
                continue;
            assert_true(at < json_object_array_length(values));
            check_string(id, name, url->options[o].value, json_object_array_get_idx(values, at));
            at++;
        }
        assert_int_equal(at, json_object_array_length(values));
        total += at;
    }
    assert_int_equal(total, url->option_count);
}

static void check_equal(int id, const dbw_url *a, const dbw_url *b)
{
    const char *const fields[][2] = {{a->drivername, b->drivername},
                                     {a->username, b->username},
                                     {a->password, b->password},
                                     {a->host, b->host},
                                     {a->database, b->database}};
    for (size_t i = 0; i < DBW_COUNT(fields); i++)
        if ((fields[i][0] == NULL) != (fields[i][1] == NULL) ||
            (fields[i][0] && strcmp(fields[i][0], fields[i][1]) != 0))
            fail_msg("case %d: component %zu changes on the way", id, i);
    assert_int_equal(a->port, b->port);
    assert_int_equal(a->option_count, b->option_count);
}

static void check_components(int id, const dbw_url *url, json_object *want)
{
    check_string(id, "drivername", url->drivername, member(want, "drivername"));
    const char *backend = json_object_get_string(member(want, "backend"));
    assert_string_equal(url->backend, strcmp(backend, "mariadb") == 0 ? "mysql" : backend);
    check_string(id, "username", url->username, expected(want, "username"));
    check_string(id, "password", url->password, expected(want, "password"));
    check_string(id, "host", url->host, expected(want, "host"));
    check_string(id, "database", url->database, expected(want, "database"));
    assert_int_equal(url->port, json_object_get_int(member(want, "port")));
    check_query(id, url, member(want, "query"));
}

static void check_masked(int id, const dbw_url *url, json_object *want)
{
    char *shown = dbw_url_redacted(arena, url);
    bool more = false;
    for (size_t i = 0; i < DBW_COUNT(hides_more); i++)
        more = more || hides_more[i] == id;
    if (!more)
        check_string(id, "masked", shown, expected(want, "masked"));
    else
        assert_true(strlen(shown) < strlen(json_object_get_string(expected(want, "masked"))));
    /* Free text hides it too, in the rendered and in the shown form. */
    const char *const forms[] = {dbw_url_render(arena, url), shown};
    for (size_t i = 0; i < DBW_COUNT(forms); i++) {
        char *line = dbw_arena_printf(arena, "unable to open '%s': refused", forms[i]);
        char *hidden = dbw_redact(arena, dbw_text_of(line));
        if (url->password && strlen(url->password) >= 3 && strcmp(url->password, "***") != 0 &&
            !(url->username && strstr(url->username, url->password)) &&
            !(url->host && strstr(url->host, url->password)) && strstr(hidden, url->password))
            fail_msg("case %d: the password survives in %s", id, hidden);
    }
}

static bool check_refused(int id, dbw_text text)
{
    for (size_t i = 0; i < DBW_COUNT(refused); i++) {
        if (refused[i].id == id) {
            dbw_error error;
            dbw_url *url = NULL;
            assert_fails(&error, DBW_E_INVALID, refused[i].message,
                         dbw_url_parse(arena, text, &url, &error));
            return true;
        }
    }
    return false;
}

/** An error tells nothing of the text, and what may be shown is nothing. */
static void check_error(dbw_text text)
{
    dbw_error error;
    dbw_url *url = NULL;
    dbw_error_clear(&error);
    assert_int_equal(dbw_url_parse(arena, text, &url, &error), DBW_E_INVALID);
    if (text.length > 12) {
        const char *copy = dbw_arena_text_string(arena, text);
        assert_null(strstr(error.message, copy));
        assert_null(strstr(error.hint, copy));
    }
    assert_string_equal(dbw_url_shown(arena, text), "***");
}

static void urls_are_parsed_rendered_and_masked_as_recorded(void **state)
{
    (void)state;
    if (!data)
        skip();
    json_object *cases = member(data, "cases");
    size_t count = json_object_array_length(cases);
    assert_true(count > 100);
    for (size_t i = 0; i < count; i++) {
        json_object *test = json_object_array_get_idx(cases, i);
        int id = json_object_get_int(member(test, "id"));
        dbw_text text = text_of(member(test, "url"));
        if (check_refused(id, text))
            continue;
        if (!json_object_get_boolean(member(test, "ok"))) {
            check_error(text);
            continue;
        }
        dbw_error error;
        dbw_url *url = NULL;
        dbw_url *again = NULL;
        assert_ok(&error, dbw_url_parse(arena, text, &url, &error));
        check_components(id, url, test);
        char *rendered = dbw_url_render(arena, url);
        check_string(id, "render", rendered, expected(test, "render"));
        check_masked(id, url, test);
        assert_ok(&error, dbw_url_parse(arena, dbw_text_of(rendered), &again, &error));
        if (json_object_get_boolean(expected(test, "reparse_equal")))
            check_equal(id, url, again);
    }
}

static void add_values(dbw_url *url, const char *name, json_object *value)
{
    bool list = json_object_is_type(value, json_type_array);
    size_t count = list ? json_object_array_length(value) : 1;
    for (size_t i = 0; i < count; i++) {
        dbw_url_option *option = DBW_APPEND(arena, url->options, url->option_count);
        option->name = dbw_arena_string(arena, name);
        option->value = dbw_arena_string(
            arena, json_object_get_string(list ? json_object_array_get_idx(value, i) : value));
    }
}

static void components_are_rendered_as_recorded(void **state)
{
    (void)state;
    if (!data)
        skip();
    json_object *cases = member(data, "create_cases");
    for (size_t i = 0; i < json_object_array_length(cases); i++) {
        json_object *test = json_object_array_get_idx(cases, i);
        int id = json_object_get_int(member(test, "id"));
        if (id == 11 || id == 22) /* a NUL; port 0: neither can be held */
            continue;
        json_object *parts = member(test, "components");
        json_object *want = member(test, "expect");
        dbw_url url = {0};
        url.drivername =
            dbw_arena_string(arena, json_object_get_string(member(parts, "drivername")));
        const struct {
            const char *name;
            char **field;
        } strings[] = {{"username", &url.username},
                       {"password", &url.password},
                       {"host", &url.host},
                       {"database", &url.database}};
        for (size_t s = 0; s < DBW_COUNT(strings); s++)
            if (member(parts, strings[s].name))
                *strings[s].field =
                    dbw_arena_string(arena, json_object_get_string(member(parts, strings[s].name)));
        url.port = json_object_get_int(member(parts, "port"));
        json_object *query = member(parts, "query");
        if (query) {
            json_object_object_foreach(query, name, value)
            {
                add_values(&url, name, value);
            }
        }
        check_string(id, "render", dbw_url_render(arena, &url), expected(want, "render"));
        check_string(id, "masked", dbw_url_redacted(arena, &url), expected(want, "masked"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_parsed_rendered_and_masked_as_recorded),
        cmocka_unit_test(components_are_rendered_as_recorded),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
