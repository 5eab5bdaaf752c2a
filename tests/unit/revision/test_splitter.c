/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "revision/splitter.h"

/* Splits `script` and joins the statements, each as "LINE:TEXT|"; an error as its message. */
static const char *split(dbw_arena *arena, const char *backend, const char *script)
{
    dbw_splitter splitter;
    dbw_statement statement;
    dbw_error error;
    const char *all = "";
    bool found;
    dbw_splitter_start(&splitter, dbw_splitter_rules_for(backend), dbw_text_of(script), 1);
    for (;;) {
        if (dbw_splitter_next(&splitter, &statement, &found, &error) != DBW_OK)
            return dbw_arena_printf(arena, "%s!%s", all, error.message);
        if (!found)
            return all;
        all = dbw_arena_printf(arena, "%s%d:%.*s|", all, statement.line, (int)statement.text.length,
                               statement.text.data);
    }
}

struct expected {
    const char *backend; /* NULL: all three */
    const char *script;
    const char *statements;
};

static void check(const struct expected *cases, size_t count)
{
    static const char *const all[] = {"sqlite", "postgresql", "mysql"};
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < DBW_COUNT(all); b++) {
            if (cases[i].backend && strcmp(cases[i].backend, all[b]) != 0)
                continue;
            dbw_arena *arena = dbw_arena_new();
            assert_string_equal(split(arena, all[b], cases[i].script), cases[i].statements);
            dbw_arena_free(arena);
        }
}

static void splits_at_semicolons_and_keeps_lines(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {NULL, "", ""},
        {NULL, " ;; \n ; ", ""},
        {NULL, "SELECT 1", "1:SELECT 1|"},
        {NULL, "\n\nSELECT 1 ;\nSELECT\n2;\n", "3:SELECT 1|4:SELECT\n2|"},
        {NULL, "-- only\n/* comments */ ;", ""},
        {NULL, "-- first\n\nSELECT 1; -- last", "3:SELECT 1|"},
        {NULL, "SELECT /* ; */ 1 -- ;\n+ 1;", "1:SELECT /* ; */ 1 -- ;\n+ 1|"},
        {NULL, "SELECT 4-- 1;\n;", "1:SELECT 4-- 1;|"},
    };
    check(cases, DBW_COUNT(cases));
}

static void leaves_strings_and_names_alone(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {NULL, "SELECT ';', 'it''s;', \"a;\"\"b\";", "1:SELECT ';', 'it''s;', \"a;\"\"b\"|"},
        {"mysql", "SELECT 'a\\';', \"b\\\";\";", "1:SELECT 'a\\';', \"b\\\";\"|"},
        {"sqlite", "SELECT 'a\\'; SELECT 2;", "1:SELECT 'a\\'|1:SELECT 2|"},
        {"postgresql", "SELECT 'a\\'; SELECT 2;", "1:SELECT 'a\\'|1:SELECT 2|"},
        {"postgresql", "SELECT E'a\\';', e'\\\\'; SELECT 2",
         "1:SELECT E'a\\';', e'\\\\'|1:SELECT 2|"},
        {"postgresql", "SELECT nice'\\'; SELECT 2", "1:SELECT nice'\\'|1:SELECT 2|"},
        {"sqlite", "SELECT [a;b], `c;``d`;", "1:SELECT [a;b], `c;``d`|"},
        {"mysql", "SELECT `c;``d`;", "1:SELECT `c;``d`|"},
        {"postgresql", "SELECT a[1]; SELECT 2", "1:SELECT a[1]|1:SELECT 2|"},
    };
    check(cases, DBW_COUNT(cases));
}

static void knows_each_engines_comments(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"postgresql", "/* a /* b; */ c; */ SELECT 1;", "1:SELECT 1|"},
        {"sqlite", "/* a /* b; */ SELECT 1;", "1:SELECT 1|"},
        {"mysql", "# note;\nSELECT 1; # end;", "2:SELECT 1|"},
        {"postgresql", "SELECT 1 # 2; SELECT 3;", "1:SELECT 1 # 2|1:SELECT 3|"},
        {"mysql", "SELECT 4--1; SELECT 2", "1:SELECT 4--1|1:SELECT 2|"},
        {"sqlite", "SELECT 4--1; SELECT 2", "1:SELECT 4--1; SELECT 2|"},
        {"mysql", "/*!40101 SET NAMES utf8 */;\n/*!50003 SELECT ';' */;",
         "1:/*!40101 SET NAMES utf8 */|2:/*!50003 SELECT ';' */|"},
        {"mysql", "/*M!100000 SELECT 1 */; SELECT 2", "1:/*M!100000 SELECT 1 */|1:SELECT 2|"},
    };
    check(cases, DBW_COUNT(cases));
}

static void leaves_dollar_quotes_alone(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"postgresql", "DO $$ BEGIN; END $$; SELECT 1", "1:DO $$ BEGIN; END $$|1:SELECT 1|"},
        {"postgresql", "DO $a$ $$;$$ $b$;$b$ $a$; SELECT 1",
         "1:DO $a$ $$;$$ $b$;$b$ $a$|1:SELECT 1|"},
        {"postgresql", "SELECT $1; SELECT a$b$ ; SELECT $b$;",
         "1:SELECT $1|1:SELECT a$b$|!line 1: "
         "unterminated dollar quote"},
        {"sqlite", "SELECT $$; SELECT 2", "1:SELECT $$|1:SELECT 2|"},
    };
    check(cases, DBW_COUNT(cases));
}

#define SQLITE_TRIGGER                                                                             \
    "CREATE TEMP TRIGGER t AFTER UPDATE ON a WHEN NEW.end > 1 BEGIN\n"                             \
    "  UPDATE a SET x = CASE WHEN 1 THEN 2 ELSE 3 END; SELECT NEW.end, OLD.\"begin\";\n"           \
    "END"
#define MYSQL_PROCEDURE                                                                            \
    "CREATE DEFINER=`root`@`localhost` PROCEDURE p() lbl: BEGIN\n"                                 \
    "  DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END;\n"                                     \
    "  IF x THEN SELECT 1; END IF; WHILE y DO SELECT 2; END WHILE;\n"                              \
    "  CASE z WHEN 1 THEN SELECT CASE 1 WHEN 1 THEN 2 END FOR UPDATE; ELSE BEGIN END; END CASE;\n" \
    "  REPEAT SELECT 3; UNTIL 1 END REPEAT; l: LOOP LEAVE l; END LOOP l;\n"                        \
    "END lbl"

static void keeps_bodies_together(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"sqlite", SQLITE_TRIGGER ";SELECT 1;", "1:" SQLITE_TRIGGER "|3:SELECT 1|"},
        {"mysql", MYSQL_PROCEDURE ";SELECT 1;", "1:" MYSQL_PROCEDURE "|6:SELECT 1|"},
        {"sqlite", "BEGIN; CREATE TABLE trigger(a); END; SELECT 1",
         "1:BEGIN|1:CREATE TABLE trigger(a)|1:END|1:SELECT 1|"},
        {"sqlite", "CREATE VIEW v AS SELECT begin FROM event; SELECT 1",
         "1:CREATE VIEW v AS SELECT begin FROM event|1:SELECT 1|"},
        {"postgresql",
         "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; "
         "END; SELECT 1",
         "1:CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; "
         "END|1:SELECT 1|"},
        {"postgresql", "CREATE TRIGGER begin AFTER INSERT ON a EXECUTE FUNCTION f(); SELECT 1",
         "1:CREATE TRIGGER begin AFTER INSERT ON a EXECUTE FUNCTION f()|1:SELECT 1|"},
        {"sqlite", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;",
         "!line 1: unterminated BEGIN … END body"},
    };
    check(cases, DBW_COUNT(cases));
}

static void follows_delimiter_commands(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"mysql", "DELIMITER //\nCREATE TRIGGER t BEGIN; x; END//\ndelimiter ;\nSELECT 1;",
         "2:CREATE TRIGGER t BEGIN; x; END|4:SELECT 1|"},
        {"mysql", "DELIMITER ;;\n/*!50003 CREATE TRIGGER t BEGIN SELECT 1; END */;;\nDELIMITER ;",
         "2:/*!50003 CREATE TRIGGER t BEGIN SELECT 1; END */|"},
        {"mysql", "DELIMITER\n", "!line 1: DELIMITER without a delimiter"},
        {"mysql", "DELIMITER \\\n", "!line 1: unusable delimiter"},
        {"sqlite", "DELIMITER //\nSELECT 1;", "1:DELIMITER //\nSELECT 1|"},
    };
    check(cases, DBW_COUNT(cases));
}

static void names_the_line_of_what_is_left_open(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {NULL, "SELECT 1;\nSELECT 'a;", "1:SELECT 1|!line 2: unterminated string"},
        {NULL, "\n\n/* a", "!line 3: unterminated comment"},
        {"sqlite", "SELECT \"a;", "!line 1: unterminated quoted name"},
        {"mysql", "SELECT \"a;", "!line 1: unterminated string"},
        {"sqlite", "SELECT [a;", "!line 1: unterminated quoted name"},
    };
    check(cases, DBW_COUNT(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_at_semicolons_and_keeps_lines),
        cmocka_unit_test(leaves_strings_and_names_alone),
        cmocka_unit_test(knows_each_engines_comments),
        cmocka_unit_test(leaves_dollar_quotes_alone),
        cmocka_unit_test(keeps_bodies_together),
        cmocka_unit_test(follows_delimiter_commands),
        cmocka_unit_test(names_the_line_of_what_is_left_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
