/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "engine/portable.h"

static void quote(dbw_buffer *out, const char *name)
{
    dbw_buffer_printf(out, "\"%s\"", name);
}

static const dbw_dialect with_booleans = {.quote_name = quote, .boolean_type = true};
static const dbw_dialect without_booleans = {.quote_name = quote};
static const dbw_engine sqlite = {.backend = "sqlite", .dialect = &without_booleans};
static const dbw_engine postgresql = {.backend = "postgresql", .dialect = &with_booleans};
static const dbw_engine mysql = {.backend = "mysql", .dialect = &without_booleans};

/* The columns of the test's table; "old" is called "new" in the target. */
static bool column(void *context, const char *name, const char **target, dbw_intent *intent)
{
    static const struct {
        const char *source, *target;
        dbw_intent intent;
    } columns[] = {
        {"a", "a", DBW_INTENT_INT64},
        {"b", "b", DBW_INTENT_BOOLEAN},
        {"t", "t", DBW_INTENT_TEXT},
        {"d", "d", DBW_INTENT_TIMESTAMP},
        {"r", "r", DBW_INTENT_FLOAT64},
        {"n", "n", DBW_INTENT_DECIMAL},
        {"j", "j", DBW_INTENT_JSONB},
        {"old", "new", DBW_INTENT_INT32},
        {"the name", "the name", DBW_INTENT_TEXT},
    };
    (void)context;
    for (size_t i = 0; i < DBW_COUNT(columns); i++) {
        if (dbw_text_equal_nocase(dbw_text_of(name), dbw_text_of(columns[i].source))) {
            *target = columns[i].target;
            *intent = columns[i].intent;
            return true;
        }
    }
    return false;
}

static dbw_arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = dbw_arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    dbw_arena_free(arena);
    return 0;
}

struct case_of {
    const char *expression, *expected; /* NULL: refused */
    const char *note;
};

static void check(const dbw_engine *from, const dbw_engine *to, bool condition,
                  const struct case_of *cases, size_t count)
{
    dbw_portable portable = {.from = from, .to = to, .column = column};
    for (size_t i = 0; i < count; i++) {
        const char *note;
        const char *sql =
            dbw_portable_expression(arena, &portable, cases[i].expression, condition, &note);
        if (!sql != !cases[i].expected || (sql && strcmp(sql, cases[i].expected) != 0))
            fail_msg("%s gave %s (%s)", cases[i].expression, sql, note);
        if (cases[i].note)
            assert_string_equal(note, cases[i].note);
        else
            assert_null(note);
    }
}

static void conditions_for_postgresql(void **state)
{
    (void)state;
    static const struct case_of cases[] = {
        {"a > 0", "\"a\" > 0", NULL},
        {"A>=1 AND a<>3", "(\"a\" >= 1) AND (\"a\" <> 3)", NULL},
        {"a == 1 OR NOT a != 2", "(\"a\" = 1) OR (NOT (\"a\" <> 2))", NULL},
        {"old BETWEEN 1 AND 5", "\"new\" BETWEEN 1 AND 5", NULL},
        {"a NOT IN (1, 2,3)", "\"a\" NOT IN (1, 2, 3)", NULL},
        {"t IN ('x', 'it''s')", "\"t\" IN ('x', 'it''s')", NULL},
        {"\"t\" IN (\"x\", 'y')", "\"t\" IN ('x', 'y')", NULL},
        {"[the name] IS NOT NULL", "\"the name\" IS NOT NULL", NULL},
        {"`t` ISNULL", "\"t\" IS NULL", NULL},
        {"t NOTNULL", "\"t\" IS NOT NULL", NULL},
        {"t NOT NULL", "\"t\" IS NOT NULL", NULL},
        {"b = 1", "\"b\" = true", NULL},
        {"b IN (0, 1)", "\"b\" IN (false, true)", NULL},
        {"0 = b", "false = \"b\"", NULL},
        {"b IS 1", "\"b\" IS true", NULL},
        {"b", "\"b\"", NULL},
        {"a", "\"a\" <> 0", NULL},
        {"1", "true", NULL},
        {"NOT b", "NOT \"b\"", NULL},
        {"(a + 1) * 2 > n / 3", "((\"a\" + 1) * 2) > (\"n\" / 3)", NULL},
        {"-a < -1.5e3", "(-\"a\") < -1.5e3", NULL},
        {"b = a < 5", "\"b\" = (\"a\" < 5)", NULL},
        {"- - -1 < a", "-(-(-1)) < \"a\"", NULL},
        {"a % 2 = 0", "(\"a\" % 2) = 0", NULL},
        {"length(t) <= 40", "length(\"t\") <= 40", NULL},
        {"lower(t) = t", "lower(\"t\") = \"t\"", NULL},
        {"ifnull(a, 0) > 1", "coalesce(\"a\", 0) > 1", NULL},
        {"abs(r) < 10", "abs(\"r\") < 10", NULL},
        {"round(r, 2) = r", "round(CAST(\"r\" AS numeric), 2) = \"r\"", NULL},
        {"substr(t, 1, 2) = 'ab'", "substr(\"t\", 1, 2) = 'ab'", NULL},
        {"instr(t, '@') > 1", "strpos(\"t\", '@') > 1", NULL},
        {"d > '2020-01-01'", "\"d\" > '2020-01-01'", NULL},
        {"d <= CURRENT_TIMESTAMP", "\"d\" <= CURRENT_TIMESTAMP", NULL},
        {"CASE WHEN a > 0 THEN b = 1 ELSE 1 = 1 END",
         "CASE WHEN \"a\" > 0 THEN \"b\" = true ELSE 1 = 1 END", NULL},
        {"CAST(a AS TEXT) = t", "CAST(\"a\" AS text) = \"t\"", NULL},
        {"t || '-' || a = t", "((\"t\" || '-') || \"a\") = \"t\"", NULL},
        {"t LIKE '%@%'", "lower(\"t\") LIKE lower('%@%')",
         "LIKE ignores case in the source: both sides are lowered"},
        {"a > 0 -- positive\n and /* also */ a < 9", "(\"a\" > 0) AND (\"a\" < 9)", NULL},
        {"a & 1 = 1", "(\"a\" & 1) = 1", NULL},
        {"a = NULL", "\"a\" = NULL", NULL},
    };
    check(&sqlite, &postgresql, true, cases, DBW_COUNT(cases));
}

static void what_differs_is_refused(void **state)
{
    (void)state;
    static const struct case_of cases[] = {
        {"json_valid(j)", NULL, "function 'json_valid'"},
        {"t GLOB 'a*'", NULL, "'GLOB'"},
        {"t REGEXP 'a'", NULL, "'REGEXP'"},
        {"typeof(a) = 'integer'", NULL, "function 'typeof'"},
        {"a IN (SELECT 1)", NULL, "IN without a list of values"},
        {"a IN ()", NULL, "IN without a list of values"},
        {"t = 5", NULL, "'=' between different types"},
        {"a = 'x'", NULL, "'=' between different types"},
        {"b = 2", NULL, "'=' between different types"},
        {"b BETWEEN 0 AND 1", NULL, "BETWEEN with values of several types"},
        {"t", NULL, "a condition that is neither true nor false"},
        {"nosuch > 1", NULL, "the name 'nosuch'"},
        {"t COLLATE NOCASE = 'a'", NULL, "'COLLATE'"},
        {"x'00' = t", NULL, "'x'"},
        {"0x10 = a", NULL, "'0'"},
        {"t LIKE 'a' ESCAPE '!'", NULL, "LIKE"},
        {"t LIKE 'a\\b'", NULL, "a string with a backslash"},
        {"a IS 5", NULL, "IS with something else than NULL"},
        {"a -> '$.x' = 1", NULL, "'>'"},
        {"a >", NULL, "an unfinished expression"},
        {"(a > 1", NULL, "parentheses"},
        {"a > 1)", NULL, "')'"},
        {"'abc", NULL, "''abc'"},
        {"", NULL, "an unfinished expression"},
        {"max(a, 2) > 1", NULL, "function 'max'"},
        {"substr(t, -2) = 'ab'", NULL, "substr() from a place that may be zero or negative"},
        {"a || a = 'x'", NULL, "'||'"},
        {"CAST(t AS INTEGER) > 1", NULL, "a cast whose result differs between engines"},
        {"CASE a WHEN 1 THEN 1 ELSE 0 END", NULL, "CASE with an operand"},
        {"a; DROP TABLE x", NULL, "';'"},
    };
    check(&sqlite, &postgresql, true, cases, DBW_COUNT(cases));
}

static void values_are_no_conditions(void **state)
{
    (void)state;
    static const struct case_of cases[] = {
        {"lower(t)", "lower(\"t\")", NULL},
        {"a + 1", "\"a\" + 1", NULL},
        {"1", "1", NULL},
        {"'x' || t", "'x' || \"t\"", NULL},
    };
    check(&sqlite, &postgresql, false, cases, DBW_COUNT(cases));
}

static void case_can_be_folded_as_the_source_does(void **state)
{
    (void)state;
    dbw_portable portable = {
        .from = &sqlite, .to = &postgresql, .column = column, .exact_case = true};
    const char *note;
    assert_string_equal(dbw_portable_expression(arena, &portable, "lower(t)", false, &note),
                        "lower(\"t\" COLLATE \"C\")");
    assert_string_equal(dbw_portable_fold_case(arena, &postgresql, "t"),
                        "lower(\"t\" COLLATE \"C\")");
    assert_string_equal(dbw_portable_fold_case(arena, &sqlite, "t"), "lower(\"t\")");
}

static void other_targets_have_their_own_words(void **state)
{
    (void)state;
    static const struct case_of mysql_cases[] = {
        {"length(t) < 4 AND b = 1", "(char_length(\"t\") < 4) AND (\"b\" = 1)", NULL},
        {"t || 'x' = t", NULL, "'||'"},
        {"a / 2 = 1", NULL, "'/'"},
        {"t LIKE 'a%'", "\"t\" LIKE 'a%'", "the engines' LIKE differs in the case of letters"},
    };
    static const struct case_of sqlite_cases[] = {
        {"t LIKE 'a%'", "\"t\" LIKE 'a%'", NULL},
        {"b = true", "\"b\" = 1", NULL},
    };
    check(&sqlite, &mysql, true, mysql_cases, DBW_COUNT(mysql_cases));
    check(&sqlite, &sqlite, true, sqlite_cases, DBW_COUNT(sqlite_cases));
}

static void postgresql_catalogs_expressions_are_read(void **state)
{
    (void)state;
    static const struct case_of cases[] = {
        {"((a > 0) AND (t <> ''::text))", "(\"a\" > 0) AND (\"t\" <> '')", NULL},
        {"((t)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
         "\"t\" IN ('x', 'y')", NULL},
        {"(a = ANY (ARRAY[1, 2, '-3'::integer]))", "\"a\" IN (1, 2, -3)", NULL},
        {"(t <> ALL (ARRAY['x'::text]))", "\"t\" NOT IN ('x')", NULL},
        {"(n > (0)::numeric)", "\"n\" > 0.0", NULL},
        {"(r >= ('-1.5'::numeric)::double precision)", "\"r\" >= -1.5", NULL},
        {"((length((t)::text) < 9) OR (t IS NULL))", "(length(\"t\") < 9) OR (\"t\" IS NULL)",
         NULL},
        {"(t ~~ 'a%'::text)", "\"t\" LIKE 'a%'",
         "the engines' LIKE differs in the case of letters"},
        {"((t || '-'::text) = 'a-'::text)", "(\"t\" || '-') = 'a-'", NULL},
        {"(NOT b)", "NOT \"b\"", NULL},
        {"(b = true)", "\"b\" = 1", NULL},
        {"(d >= '2020-01-01 00:00:00'::timestamp without time zone)", NULL,
         "a timestamp compared with text"},
        {"(t ~ '^a'::text)", NULL, "'~'"},
        {"(a = ANY (other(1)))", NULL, "ANY with something else than a list of values"},
        {"((a)::numeric / n) > 1.0", NULL, "a cast whose result differs between engines"},
        {"(j @> '{}'::jsonb)", NULL, "'@'"},
        {"(a)::text[] = t", NULL, "a cast"},
    };
    check(&postgresql, &sqlite, true, cases, DBW_COUNT(cases));
}

static void letters_beyond_ascii_are_folded_by_some_only(void **state)
{
    (void)state;
    const char *note;
    dbw_portable portable = {
        .from = &postgresql, .to = &sqlite, .column = column, .other_letters = true};
    assert_null(dbw_portable_expression(arena, &portable, "upper(t)", false, &note));
    assert_string_equal(note, "SQLite folds the case of ASCII letters only");
    portable.other_letters = false;
    assert_string_equal(dbw_portable_expression(arena, &portable, "upper(t)", false, &note),
                        "upper(\"t\")");
}

static void depth_and_length_are_bounded(void **state)
{
    (void)state;
    dbw_portable portable = {.from = &sqlite, .to = &postgresql, .column = column};
    static char deep[3000], signs[3000], nots[3 * 1300];
    const char *note;
    memset(deep, '(', sizeof deep - 1);
    memset(signs, '+', sizeof signs - 1);
    for (size_t i = 0; i + 4 < sizeof nots; i += 4)
        memcpy(nots + i, "NOT ", 4);
    assert_null(dbw_portable_expression(arena, &portable, deep, true, &note));
    assert_string_equal(note, "an expression nested too deeply");
    assert_null(dbw_portable_expression(arena, &portable, signs, true, &note));
    assert_string_equal(note, "an expression nested too deeply");
    assert_null(dbw_portable_expression(arena, &portable, nots, true, &note));
    assert_string_equal(note, "an expression nested too deeply");
    char *wide = dbw_arena_take(arena, 5000);
    memset(wide, ' ', 4999);
    assert_null(dbw_portable_expression(arena, &portable, wide, true, &note));
    assert_string_equal(note, "it is too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_for_postgresql),
        cmocka_unit_test(what_differs_is_refused),
        cmocka_unit_test(values_are_no_conditions),
        cmocka_unit_test(case_can_be_folded_as_the_source_does),
        cmocka_unit_test(other_targets_have_their_own_words),
        cmocka_unit_test(postgresql_catalogs_expressions_are_read),
        cmocka_unit_test(letters_beyond_ascii_are_folded_by_some_only),
        cmocka_unit_test(depth_and_length_are_bounded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
