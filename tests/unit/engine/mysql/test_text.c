/* SPDX-License-Identifier: Apache-2.0 */
/* What the catalog says in words, also in those of MySQL 8, without a server. */
#include "../../test.h"

#include "engine/mysql/catalog_priv.h"
#include "engine/mysql/type.h"

static dbw_arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = dbw_arena_new();
    return 0;
}

static int free_arena(void **state)
{
    (void)state;
    dbw_arena_free(arena);
    return 0;
}

static void spellings_of_users_and_of_mysql_8(void **state)
{
    (void)state;
    static const struct {
        const char *spelling;
        dbw_intent intent;
        int length, precision, scale;
    } cases[] = {
        {"bigint unsigned", DBW_INTENT_UINT64, 0, 0, 0},
        {"BIGINT  UNSIGNED", DBW_INTENT_UINT64, 0, 0, 0},
        {"int", DBW_INTENT_INT32, 0, 0, 0},
        {"INTEGER", DBW_INTENT_INT32, 0, 0, 0},
        {"tinyint(1)", DBW_INTENT_BOOLEAN, 0, 0, 0},
        {"boolean", DBW_INTENT_BOOLEAN, 0, 0, 0},
        {"numeric( 12 , 4 )", DBW_INTENT_DECIMAL, 0, 12, 4},
        {"decimal", DBW_INTENT_DECIMAL, 0, 10, 0},
        {"double precision", DBW_INTENT_FLOAT64, 0, 0, 0},
        {"character varying(20)", DBW_INTENT_VARCHAR, 20, 0, 0},
        {"year", DBW_INTENT_INT16, 0, 0, 0},
        {"geomcollection", DBW_INTENT_OTHER, 0, 0, 0},
        {"datetime(6)", DBW_INTENT_TIMESTAMP, 0, 6, 0},
    };
    static const char *const none[] = {"",        "nonsense",      "int(",         "datetime(7)",
                                       "bit(65)", "decimal(66,1)", "varchar(x)",   "enum()",
                                       "enum('a", "int signed x",  "varchar(9) x", "intx",
                                       "date(3)", "set",           "decimal(5,39)"};
    dbw_type type;
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        bool read = dbw_mysql_type_read(arena, cases[i].spelling, &type);
        if (!read || type.intent != cases[i].intent || type.length != cases[i].length ||
            type.precision != cases[i].precision || type.scale != cases[i].scale)
            fail_msg("%s: %s %d %d %d", cases[i].spelling, dbw_intent_name(type.intent),
                     type.length, type.precision, type.scale);
    }
    for (size_t i = 0; i < DBW_COUNT(none); i++) {
        if (dbw_mysql_type_read(arena, none[i], &type))
            fail_msg("taken for a type: %s", none[i]);
        assert_int_equal(type.intent, DBW_INTENT_OTHER);
    }
}

static void mysql_8_shows_defaults_bare(void **state)
{
    (void)state;
    static const struct {
        const char *type, *text;
        bool expression;
        dbw_default_kind kind;
        dbw_kind value;
        const char *shown;
    } cases[] = {
        {"varchar(9)", "NULL", false, DBW_DEFAULT_LITERAL, DBW_KIND_TEXT, "'NULL'"},
        {"varchar(9)", "it's", false, DBW_DEFAULT_LITERAL, DBW_KIND_TEXT, "'it's'"},
        {"varchar(9)", "uuid()", false, DBW_DEFAULT_LITERAL, DBW_KIND_TEXT, "'uuid()'"},
        {"varchar(36)", "uuid()", true, DBW_DEFAULT_UUID, 0, NULL},
        {"int", "-5", false, DBW_DEFAULT_LITERAL, DBW_KIND_INT64, "-5"},
        {"int", "(1 + 2)", true, DBW_DEFAULT_EXPRESSION, 0, NULL},
        {"decimal(9,2)", "1.50", false, DBW_DEFAULT_LITERAL, DBW_KIND_DECIMAL, "1.50"},
        {"bit(4)", "b'101'", false, DBW_DEFAULT_LITERAL, DBW_KIND_BIT, "'0101'"},
        {"datetime", "CURRENT_TIMESTAMP", true, DBW_DEFAULT_NOW, 0, NULL},
        {"timestamp(3)", "CURRENT_TIMESTAMP(3)", false, DBW_DEFAULT_NOW, 0, NULL},
        {"date", "curdate()", true, DBW_DEFAULT_TODAY, 0, NULL},
        {"datetime", "2020-02-03 04:05:06", false, DBW_DEFAULT_LITERAL, DBW_KIND_TIMESTAMP,
         "2020-02-03 04:05:06"},
        {"date", "0000-00-00", false, DBW_DEFAULT_LITERAL, DBW_KIND_TEXT, "'0000-00-00'"},
        {"varchar(9)", "_utf8mb4'x'", true, DBW_DEFAULT_LITERAL, DBW_KIND_TEXT, "'x'"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_type type;
        assert_true(dbw_mysql_type_read(arena, cases[i].type, &type));
        dbw_default found =
            dbw_mysql_default_read(arena, cases[i].text, &type, false, cases[i].expression);
        const char *shown =
            found.kind == DBW_DEFAULT_LITERAL ? dbw_value_show(arena, &found.value, 99) : NULL;
        if (found.kind != cases[i].kind ||
            (shown && (found.value.kind != cases[i].value || strcmp(shown, cases[i].shown) != 0)))
            fail_msg("%s %s: kind %d, %s", cases[i].type, cases[i].text, found.kind,
                     shown ? shown : "");
    }
}

static void mysql_8_adds_to_expressions(void **state)
{
    (void)state;
    assert_string_equal(
        dbw_mysql_expression_read(arena, "(`a` <> _utf8mb4\\'x\\') and (`b_utf8` = 1)", false),
        "(`a` <> 'x') and (`b_utf8` = 1)");
    assert_string_equal(dbw_mysql_expression_read(arena, "`_utf8`= _latin1'y'", false),
                        "`_utf8`= 'y'");
    assert_string_equal(dbw_mysql_expression_read(arena, "`a` = '\\\\'", true), "`a` = '\\\\'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_of_users_and_of_mysql_8),
        cmocka_unit_test(mysql_8_shows_defaults_bare),
        cmocka_unit_test(mysql_8_adds_to_expressions),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
