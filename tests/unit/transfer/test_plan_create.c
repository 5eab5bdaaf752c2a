/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_test.h"

#include <json-c/json.h>

struct type_case {
    const char *column, *expected;
    bool changed; /* recorded as another type than the declared one */
};

static void check_types(plan_test *t, const char *table, const struct type_case *cases,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *type = plan_test_type(t, table, cases[i].column);
        if (strcmp(type, cases[i].expected) != 0)
            fail_msg("%s.%s became %s, not %s%s", table, cases[i].column, type, cases[i].expected,
                     plan_test_findings(t));
        if ((plan_test_change(t, table, cases[i].column) != NULL) != cases[i].changed)
            fail_msg("%s.%s: recorded as changed: %d", table, cases[i].column, !cases[i].changed);
    }
}

static void declared_types_are_kept_where_the_values_keep_them(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "kept",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, s SMALLINT, b BOOLEAN, r REAL,"
        " d DECIMAL(10,2), n NUMERIC, v VARCHAR(10), c CHAR(2), x TEXT, y BLOB, da DATE,"
        " ti TIME, ts DATETIME, tz TIMESTAMP WITH TIME ZONE, u UUID, j JSON, e VARCHAR(5));"
        "INSERT INTO t VALUES (1, 5, 6, 1, 1.5, 9.99, 3, 'abc', 'ab', 'x', x'00', '2026-01-02',"
        " '03:04', '2026-01-02T03:04:05', '2026-01-02 03:04:05+02:00',"
        " '00112233445566778899aabbccddeeff', '{\"a\":1}', NULL),"
        " (2, NULL, NULL, 0, NULL, 10, 2.5, 'äöüäöüäöüä', 'cd', NULL, NULL, '2026-01-03', NULL,"
        " '2026-01-02', '2026-01-02 03:04:05Z', '{00112233-4455-6677-8899-aabbccddeeff}', '[]',"
        " NULL)");
    static const struct type_case cases[] = {
        {"id", "bigint", false},
        {"i", "bigint", false},
        {"s", "smallint", false},
        {"b", "boolean", false},
        {"r", "double precision", false},
        {"d", "numeric(10,2)", false},
        {"n", "numeric", false},
        {"v", "character varying(10)", false},
        {"c", "character(2)", false},
        {"x", "text", false},
        {"y", "bytea", false},
        {"da", "date", false},
        {"ti", "time without time zone", false},
        {"ts", "timestamp without time zone", false},
        {"tz", "timestamp with time zone", false},
        {"u", "uuid", false},
        {"j", "json", false},
        {"e", "character varying(5)", false},
    };
    assert_ok(&t->error, plan_test_make(t));
    check_types(t, "t", cases, DBW_COUNT(cases));
    assert_int_equal(t->plan->finding_count, 0);
    assert_string_equal(t->plan->schema_mode, "create");
    assert_int_equal(t->plan->total_rows, 2);
    assert_ok(&t->error, dbw_plan_check(t->plan, &t->error));
    plan_test_apply(t);
    plan_test_free(t);
}

static void broken_promises_are_widened(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "widened",
        "CREATE TABLE t (s SMALLINT, b BOOLEAN, bw BOOLEAN, i INTEGER, r REAL, d DECIMAL(4,2),"
        " v VARCHAR(3), c CHAR(3), a, an, ab, am, blobs TEXT, texts BLOB, da DATE, ti TIME,"
        " tz TIMESTAMP WITH TIME ZONE, ep DATETIME, ms TIMESTAMP, ju DATETIME, dn DATE,"
        " u UUID, j JSON, odd STRANGE, nums DATETIME);"
        "INSERT INTO t VALUES (70000, 2, 'yes', 1.5, 9007199254740993, 123.456, 'abcde', 'ab', 1,"
        " 1.5, x'01', 'x', x'02', 'text', '2026-01-02 03:04', '2026-01-02 03:04', '2026-01-02',"
        " 1700000000, 1700000000123, 2460310.75, 20240102, 'no uuid', 'no json', 'words', 17),"
        " (1, 0, 'n', 1, 1, 1, 'a', 'abc', 2, 2, x'02', 5, NULL, NULL, '2026-01-02', NULL, NULL,"
        " 1600000000, 1600000000000, 2460310.5, 20240103, 'neither', 'nor this', 'more', 18)");
    static const struct type_case cases[] = {
        {"s", "integer", true},
        {"b", "smallint", true},
        {"bw", "boolean", true}, /* the words are not kept */
        {"i", "double precision", true},
        {"r", "double precision", false},
        {"d", "numeric(6,3)", true},
        {"v", "character varying(5)", true},
        {"c", "character varying(3)", true},
        {"a", "bigint", true},
        {"an", "double precision", true},
        {"ab", "bytea", true},
        {"am", "text", true},
        {"blobs", "bytea", true},
        {"texts", "text", true},
        {"da", "timestamp without time zone", true},
        {"ti", "timestamp without time zone", true},
        {"tz", "timestamp without time zone", true},
        {"ep", "timestamp without time zone", true},
        {"ms", "timestamp without time zone", true},
        {"ju", "timestamp without time zone", true},
        {"dn", "bigint", true},
        {"u", "text", true},
        {"j", "text", true},
        {"odd", "text", true},
        {"nums", "bigint", true},
    };
    assert_ok(&t->error, plan_test_make(t));
    check_types(t, "t", cases, DBW_COUNT(cases));
    assert_int_equal(plan_test_column(t, "t", "ep")->reading, DBW_READING_EPOCH_S);
    assert_int_equal(plan_test_column(t, "t", "ms")->reading, DBW_READING_EPOCH_MS);
    assert_int_equal(plan_test_column(t, "t", "ju")->reading, DBW_READING_JULIAN);
    assert_int_equal(plan_test_column(t, "t", "bw")->reading, DBW_READING_BOOL_WORDS);
    assert_string_equal(plan_test_finding(t, "dates-as-numbers", "t.ep")->message,
                        "t.ep is read as Unix seconds: 1600000000 is 2020-09-13 12:26:40, "
                        "1700000000 is 2023-11-14 22:13:20");
    assert_string_equal(plan_test_finding(t, "dates-as-numbers", "t.ju")->message,
                        "t.ju is read as Julian days: 2460310.5 is 2024-01-01 00:00:00, "
                        "2460310.75 is 2024-01-01 06:00:00");
    assert_string_equal(plan_test_change(t, "t", "v")->reason, "holds text longer than declared");
    assert_false(plan_test_change(t, "t", "v")->loses);
    assert_null(t->plan->todo);
    plan_test_apply(t);
    plan_test_free(t);
}

struct finding_case {
    const char *code, *where, *fix_option, *fix_value;
    int64_t count;
    const char *key;
    const char *message;
};

static void what_nothing_holds_becomes_a_finding(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "findings",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, b BOOLEAN, x TEXT, n TEXT, u8 TEXT,"
        " d DATETIME, z DATETIME, mz DATETIME, me DATETIME, mi DATETIME, j JSON, u UUID, bl BLOB);"
        "INSERT INTO t VALUES (1, 5, 1, 'a', 'a', 'a', '2026-01-02', '2026-01-02', '2026-01-02',"
        " 1700000000, '2026-01-02', '{}', '00112233445566778899aabbccddeeff', x'01');"
        "INSERT INTO t VALUES (7, 'n/a', 'maybe', x'00ff', 'a' || char(0) || 'b',"
        " CAST(x'61ff' AS TEXT), 'soon', '0000-00-00', '2026-01-02 03:00+02:00', 1700000000000,"
        " 1700000000, '{', 'zz', 5);");
    static const struct finding_case cases[] = {
        {"mixed-types", "t.i", "types", "t.i=text", 1, "id=7",
         "1 value of t.i cannot become bigint: not a number, such as 'n/a'"},
        {"not-a-boolean", "t.b", "types", "t.b=text", 1, "id=7",
         "1 value of t.b cannot become boolean: not a boolean, such as 'maybe'"},
        {"mixed-types", "t.x", "types", "t.x=bytea", 1, "id=7",
         "1 value of t.x cannot become text: bytes in a text column, such as x'00ff'"},
        {"nul-in-text", "t.n", "transforms", "t.n:nul=strip", 1, "id=7",
         "1 value of t.n cannot become text: holds a NUL byte, such as 'a\\x00b'"},
        {"invalid-utf8", "t.u8", "transforms", "t.u8:invalid-utf8=replace", 1, "id=7",
         "1 value of t.u8 cannot become text: not valid UTF-8, such as 'a\\xff'"},
        {"not-a-date", "t.d", "types", "t.d=text", 1, "id=7",
         "1 value of t.d cannot become timestamp without time zone: not a date or time, such as "
         "'soon'"},
        {"zero-date", "t.z", "transforms", "t.z:zero-date=null", 1, "id=7",
         "1 value of t.z cannot become timestamp without time zone: a zero date, such as "
         "'0000-00-00'"},
        {"mixed-zones", "t.mz", "transforms", "t.mz:source_time_zone=UTC", 1, "id=1",
         "1 value of t.mz cannot become timestamp with time zone: without a time zone, such as "
         "'2026-01-02'"},
        {"mixed-epochs", "t.me", "transforms", "t.me:epoch=off", 1, "id=7", NULL},
        {"mixed-types", "t.mi", "types", "t.mi=text", 1, "id=7", NULL},
        {"invalid-json", "t.j", "types", "t.j=text", 1, "id=7",
         "1 value of t.j cannot become json: not JSON, such as '{'"},
        {"not-a-uuid", "t.u", "types", "t.u=text", 1, "id=7", NULL},
        {"mixed-types", "t.bl", "on_bad_row", "reject", 1, "id=7", NULL},
    };
    assert_ok(&t->error, plan_test_make(t));
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        const dbw_finding *f = plan_test_finding(t, cases[i].code, cases[i].where);
        if (!f)
            fail_msg("no %s for %s among:%s", cases[i].code, cases[i].where, plan_test_findings(t));
        assert_int_equal(f->severity, DBW_SEVERITY_ERROR);
        assert_int_equal(f->count, cases[i].count);
        assert_string_equal(f->fix_option, cases[i].fix_option);
        assert_string_equal(f->fix_value, cases[i].fix_value);
        assert_int_equal(f->key_count, 1);
        assert_string_equal(f->keys[0], cases[i].key);
        if (cases[i].message)
            assert_string_equal(f->message, cases[i].message);
    }
    if (t->plan->finding_count != DBW_COUNT(cases))
        fail_msg("there are other findings:%s", plan_test_findings(t));
    assert_fails(&t->error, DBW_E_REFUSED,
                 "unable to copy as things are: 1 value of t.i cannot become bigint: not a number, "
                 "such as 'n/a' (and 12 more)",
                 dbw_plan_check(t->plan, &t->error));
    assert_string_equal(t->error.object, "t.i");

    /* The fixes settle all of them. */
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        if (strcmp(cases[i].fix_option, "on_bad_row") == 0)
            plan_test_set(t, "exclude", cases[i].where);
        else
            plan_test_set(t, cases[i].fix_option, cases[i].fix_value);
    }
    assert_ok(&t->error, plan_test_make(t));
    if (dbw_plan_check(t->plan, &t->error) != DBW_OK)
        fail_msg("the fixes do not settle it:%s", plan_test_findings(t));
    plan_test_apply(t);
    plan_test_free(t);
}

static void rejecting_rows_makes_warnings_of_findings(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("rejecting", "CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER);"
                                              "INSERT INTO t VALUES (1, 'x')"
                                              ", (2, 3)");
    plan_test_set(t, "on_bad_row", "reject");
    assert_ok(&t->error, plan_test_make(t));
    assert_int_equal(plan_test_finding(t, "mixed-types", "t.i")->severity, DBW_SEVERITY_WARNING);
    assert_ok(&t->error, dbw_plan_check(t->plan, &t->error));
    plan_test_free(t);
}

static void keys_identities_and_defaults(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "keys",
        "CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, code VARCHAR(8) UNIQUE,"
        " at DATETIME DEFAULT CURRENT_TIMESTAMP, on_ BOOLEAN NOT NULL DEFAULT 1,"
        " n DECIMAL(5,2) DEFAULT '1.50', s TEXT DEFAULT 'it''s', d DATE DEFAULT '2026-01-02',"
        " weird TEXT DEFAULT (strftime('%J','now') || 'x'), CHECK (length(code) > 1));"
        "INSERT INTO parent(id, code) VALUES (41, 'ab');"
        "DELETE FROM parent;"
        "INSERT INTO parent(id, code) VALUES (7, 'cd');"
        "CREATE TABLE child (a INT, b INT, parent_id INT REFERENCES parent ON DELETE CASCADE,"
        " PRIMARY KEY (a, b)) WITHOUT ROWID;"
        "CREATE INDEX child_parent ON child (parent_id DESC) WHERE b > 0;"
        "CREATE UNIQUE INDEX strange ON child (hex(a));"
        "INSERT INTO child VALUES (1, 2, 7);"
        "CREATE VIEW v AS SELECT 1;"
        "CREATE TRIGGER tr AFTER INSERT ON child BEGIN SELECT 1; END;");
    assert_ok(&t->error, plan_test_make(t));
    const dbw_table *parent = plan_test_table(t, "parent")->target;
    const dbw_table *child = plan_test_table(t, "child")->target;
    assert_int_equal(dbw_table_column(parent, "id")->identity, DBW_IDENTITY_BY_DEFAULT);
    assert_int_equal(parent->next_identity, 42);
    assert_string_equal(parent->primary_key->name, "parent_pkey");
    assert_string_equal(parent->uniques[0].name, "parent_code_key");
    assert_int_equal(parent->check_count, 1);
    assert_string_equal(parent->checks[0].expression, "length(\"code\") > 1");
    assert_int_equal(dbw_table_column(parent, "at")->default_value.kind, DBW_DEFAULT_NOW);
    assert_true(dbw_table_column(parent, "on_")->default_value.value.boolean);
    assert_int_equal(dbw_table_column(parent, "d")->default_value.value.kind, DBW_KIND_DATE);
    assert_int_equal(dbw_table_column(parent, "weird")->default_value.kind, DBW_DEFAULT_NONE);
    assert_int_equal(child->foreign_key_count, 1);
    assert_string_equal(child->foreign_keys[0].name, "child_parent_id_fkey");
    assert_int_equal(child->foreign_keys[0].on_delete, DBW_ACTION_CASCADE);
    assert_int_equal(child->index_count, 1);
    assert_string_equal(child->indexes[0].where, "\"b\" > 0");
    assert_true(child->indexes[0].items[0].descending);
    assert_false(dbw_table_column(child, "a")->nullable);
    /* parents come first */
    assert_string_equal(t->plan->tables[0].source->name, "parent");
    /* what could not be said is recorded, and a unique key never silently */
    assert_non_null(plan_test_finding(t, "unique-lost", "child"));
    assert_string_equal(plan_test_finding(t, "view-lost", "v")->message,
                        "view 'v' is not made in the target: its statement is in the source's own "
                        "dialect; the report keeps its text");
    assert_non_null(plan_test_finding(t, "trigger-lost", "child"));
    assert_non_null(plan_test_finding(t, "default-lost", "parent.weird"));
    assert_true(plan_test_change(t, "child", "strange")->loses);
    assert_true(plan_test_change(t, "parent", "weird")->loses);
    assert_non_null(strstr(t->plan->todo, "-- unique index 'strange' of child: not translated: "
                                          "function 'hex'"));
    assert_non_null(strstr(t->plan->todo, "--   CREATE VIEW v AS SELECT 1"));
    assert_non_null(strstr(t->plan->todo, "CREATE TRIGGER tr"));
    plan_test_apply(t);
    assert_string_equal(
        dbw_test_query(t->target_url,
                       "INSERT INTO parent DEFAULT VALUES RETURNING id, on_, n, s, d"),
        "42|t|1.50|it's|2026-01-02");
    plan_test_free(t);
}

static void joined_columns_get_one_type(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "groups",
        "CREATE TABLE a (id SMALLINT PRIMARY KEY, code VARCHAR(4) UNIQUE);"
        "CREATE TABLE b (a_id INTEGER REFERENCES a(id), code VARCHAR(9) REFERENCES a(code));"
        "CREATE TABLE c (b_id MEDIUMINT REFERENCES a(id));");
    assert_ok(&t->error, plan_test_make(t));
    assert_string_equal(plan_test_type(t, "a", "id"), "bigint");
    assert_string_equal(plan_test_type(t, "b", "a_id"), "bigint");
    assert_string_equal(plan_test_type(t, "c", "b_id"), "bigint");
    assert_string_equal(plan_test_type(t, "a", "code"), "character varying(9)");
    plan_test_apply(t);
    plan_test_free(t);
}

static void orphans_are_listed_before_the_load(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "orphans", "PRAGMA foreign_keys=OFF; CREATE TABLE p (id INTEGER PRIMARY KEY);"
                   "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p, q INT NOT NULL"
                   " REFERENCES p);"
                   "INSERT INTO p VALUES (1), (100000);"
                   "INSERT INTO c VALUES (1, 1, 1), (2, NULL, 100000), (3, 2, 1), (4, -5, 9);");
    assert_ok(&t->error, plan_test_make(t));
    const dbw_finding *f = plan_test_finding(t, "orphans", "c.p");
    assert_int_equal(f->severity, DBW_SEVERITY_ERROR);
    assert_int_equal(f->count, 2);
    assert_string_equal(f->keys[0], "id=3");
    assert_string_equal(f->fix_value, "c.p:orphans=null");
    f = plan_test_finding(t, "orphans", "c.q");
    assert_int_equal(f->count, 1);
    assert_string_equal(f->message, "1 row of c refers to rows of p that do not exist");
    assert_string_equal(f->fix_value, "c.q:orphans=keep");
    plan_test_set(t, "transforms", "c.p:orphans=null");
    plan_test_set(t, "transforms", "c.q:orphans=keep");
    assert_ok(&t->error, plan_test_make(t));
    assert_ok(&t->error, dbw_plan_check(t->plan, &t->error));
    assert_true(plan_test_column(t, "c", "p")->orphans_to_null);
    assert_int_equal(plan_test_table(t, "c")->target->foreign_key_count, 1);
    plan_test_free(t);
}

static void case_insensitive_columns_are_reported(void **state)
{
    (void)state;
    plan_test *t =
        plan_test_new("nocase", "CREATE TABLE u (id INTEGER PRIMARY KEY, mail TEXT COLLATE NOCASE"
                                " UNIQUE, name TEXT COLLATE NOCASE);"
                                "CREATE UNIQUE INDEX un ON u (name);"
                                "CREATE UNIQUE INDEX ul ON u (lower(name));"
                                "INSERT INTO u VALUES (1, 'A', 'Ä'), (2, 'b', 'ä');");
    assert_ok(&t->error, plan_test_make(t));
    assert_non_null(plan_test_finding(t, "case-insensitive", "u.mail"));
    plan_test_apply(t);
    dbw_test_query(t->target_url, "INSERT INTO u(mail, name) VALUES ('c', 'Ö'), ('d', 'ö')");
    const char *count =
        dbw_test_query(t->target_url, "INSERT INTO u(mail) VALUES ('C') ON CONFLICT DO NOTHING;"
                                      "SELECT count(*) FROM u");
    assert_non_null(strstr(count, "2"));
    plan_test_free(t);
}

static void long_names_are_cut_and_told_apart(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "names",
        "CREATE TABLE \"a_very_long_table_name_that_is_longer_than_postgresql_takes_one\" (x INT,"
        " \"a_very_long_column_name_that_is_longer_than_postgresql_takes_one\" INT UNIQUE,"
        " \"a_very_long_column_name_that_is_longer_than_postgresql_takes_two\" INT);"
        "CREATE TABLE \"a_very_long_table_name_that_is_longer_than_postgresql_takes_two\" (x INT);"
        "CREATE TABLE other (\"quote\"\"d\" INT UNIQUE, \"with space\" INT, \"select\" INT);"
        "CREATE INDEX other_pkey ON other (\"select\");"
        "CREATE INDEX \"an index name that is just as long as all of these others, if not longer\""
        " ON other (\"with space\")");
    assert_ok(&t->error, plan_test_make(t));
    const dbw_table *one =
        plan_test_table(t, "a_very_long_table_name_that_is_longer_than_postgresql_takes_one")
            ->target;
    const dbw_table *two =
        plan_test_table(t, "a_very_long_table_name_that_is_longer_than_postgresql_takes_two")
            ->target;
    assert_int_equal(strlen(one->name), 63);
    assert_int_equal(strlen(two->name), 63);
    assert_string_not_equal(one->name, two->name);
    assert_string_not_equal(one->columns[1].name, one->columns[2].name);
    plan_test_apply(t);
    plan_test_free(t);
}

static void generated_columns_are_made_again_or_kept(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "generated", "CREATE TABLE t (a INT, b INT AS (a + 1) STORED, c TEXT AS (hex(a)) VIRTUAL);"
                     "INSERT INTO t(a) VALUES (10)");
    assert_ok(&t->error, plan_test_make(t));
    const dbw_plan_table *table = plan_test_table(t, "t");
    assert_int_equal(table->column_count, 2); /* a and c are filled, b makes itself */
    assert_int_equal(dbw_table_column(table->target, "b")->generated, DBW_GENERATED_STORED);
    assert_int_equal(dbw_table_column(table->target, "c")->generated, DBW_GENERATED_NONE);
    assert_true(plan_test_change(t, "t", "c")->loses);
    plan_test_apply(t);
    plan_test_free(t);
}

static void options_choose_tables_columns_and_types(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "choosing", "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, secret TEXT);"
                    "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INT REFERENCES users,"
                    " price DECIMAL(8,2));"
                    "CREATE TABLE logs (id INT);");
    plan_test_set(t, "exclude", "LOG*");
    plan_test_set(t, "exclude", "users.sec*");
    plan_test_set(t, "rename", "users=people");
    plan_test_set(t, "rename", "posts.user_id=author");
    plan_test_set(t, "types", "posts.price=numeric(12,4)");
    plan_test_set(t, "target_schema", "public");
    assert_ok(&t->error, plan_test_make(t));
    assert_int_equal(plan_test_table(t, "logs")->action, DBW_PLAN_SKIP);
    assert_string_equal(plan_test_table(t, "logs")->reason, "excluded");
    const dbw_table *posts = plan_test_table(t, "posts")->target;
    assert_string_equal(plan_test_table(t, "users")->target->name, "people");
    assert_int_equal(plan_test_table(t, "users")->target->column_count, 2);
    assert_string_equal(posts->columns[1].name, "author");
    assert_string_equal(posts->foreign_keys[0].referenced_table, "people");
    assert_string_equal(plan_test_type(t, "posts", "price"), "numeric(12,4)");
    assert_string_equal(posts->schema, "public");
    plan_test_apply(t);
    plan_test_free(t);
}

static void what_no_table_of_the_target_can_have_is_found(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("reserved", "CREATE TABLE t (id INTEGER PRIMARY KEY, Xmin INT)");
    assert_ok(&t->error, plan_test_make(t));
    assert_fails(&t->error, DBW_E_REFUSED,
                 "unable to copy as things are: t.Xmin has a name that PostgreSQL keeps for itself",
                 dbw_plan_check(t->plan, &t->error));
    assert_string_equal(t->error.hint, "Call it otherwise: rename=t.Xmin=Xmin_.");
    plan_test_set(t, "rename", "t.Xmin=Xmin_");
    assert_ok(&t->error, plan_test_make(t));
    assert_ok(&t->error, dbw_plan_check(t->plan, &t->error));
    plan_test_apply(t);
    plan_test_free(t);

    dbw_buffer sql;
    dbw_buffer_init(&sql, 1 << 20);
    dbw_buffer_add_string(&sql, "CREATE TABLE wide (c0 INT");
    for (int i = 1; i <= 1600; i++)
        dbw_buffer_printf(&sql, ", c%d INT", i);
    dbw_buffer_add_string(&sql, ")");
    t = plan_test_new("wide", sql.data);
    assert_ok(&t->error, plan_test_make(t));
    assert_fails(&t->error, DBW_E_REFUSED,
                 "unable to copy as things are: wide has 1601 columns, a table of PostgreSQL at "
                 "most 1600",
                 dbw_plan_check(t->plan, &t->error));
    plan_test_free(t);
    dbw_buffer_free(&sql);
}

static void unknown_names_in_options_are_errors(void **state)
{
    (void)state;
    static const struct {
        const char *option, *value, *message;
    } cases[] = {
        {"include", "nosuch", "unable to use option 'include': the source has no table 'nosuch'"},
        {"exclude", "t.nosuch",
         "unable to use option 'exclude': the source has no table or column 't.nosuch'"},
        {"rename", "nosuch=x",
         "unable to use option 'rename': the source has no table or column 'nosuch'"},
        {"transforms", "t.x:nul=strip",
         "unable to use option 'transforms': the source has no column 't.x'"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        plan_test *t = plan_test_new("unknown", "CREATE TABLE t (a INT)");
        plan_test_set(t, cases[i].option, cases[i].value);
        assert_fails(&t->error, DBW_E_INVALID, cases[i].message, plan_test_make(t));
        assert_string_equal(t->error.object, cases[i].option);
        plan_test_free(t);
    }
}

static void a_filled_target_is_refused(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("filled", "CREATE TABLE t (a INT)");
    dbw_test_query(t->target_url, "CREATE TABLE other (a int)");
    assert_fails(&t->error, DBW_E_REFUSED, "unable to copy into 'public': it already holds 1 table",
                 plan_test_make(t));
    plan_test_set(t, "schema_mode", "create");
    assert_ok(&t->error, plan_test_make(t));
    dbw_test_query(t->target_url, "CREATE TABLE \"T\" (a int)");
    assert_fails(&t->error, DBW_E_REFUSED,
                 "unable to copy into 'public': it already holds 2 tables", plan_test_make(t));
    assert_non_null(strstr(t->error.hint, "schema_mode=existing"));
    plan_test_free(t);
}

static void tables_of_our_own_do_not_count(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("ours", "CREATE TABLE t (a INT)");
    dbw_test_query(t->target_url, "CREATE TABLE dbwizard_progress (a int)");
    assert_ok(&t->error, plan_test_make(t));
    assert_true(t->plan->target_empty);
    plan_test_free(t);
}

static void an_empty_source_is_refused(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("nothing", "PRAGMA user_version = 1");
    assert_fails(&t->error, DBW_E_REFUSED, "unable to copy anything: the source has no tables",
                 plan_test_make(t));
    plan_test_free(t);
}

static void the_id_follows_options_and_structure(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("identity", "CREATE TABLE t (a INT)");
    assert_ok(&t->error, plan_test_make(t));
    const char *first = t->plan->id;
    assert_int_equal(strlen(first), 32);
    assert_ok(&t->error, plan_test_make(t));
    assert_string_equal(t->plan->id, first);
    plan_test_set(t, "streams", "3"); /* how it is done is no part of what is done */
    assert_ok(&t->error, plan_test_make(t));
    assert_string_equal(t->plan->id, first);
    plan_test_set(t, "types", "t.a=text");
    assert_ok(&t->error, plan_test_make(t));
    assert_string_not_equal(t->plan->id, first);
    plan_test_free(t);
}

static void json_has_the_apis_shape(void **state)
{
    (void)state;
    plan_test *t =
        plan_test_new("shape", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b SMALLINT);"
                               "INSERT INTO t VALUES (1, 'x', 70000)");
    assert_ok(&t->error, plan_test_make(t));
    struct json_object *plan = dbw_plan_to_json(t->plan), *table, *column, *value;
    json_object_object_get_ex(plan, "tables", &value);
    table = json_object_array_get_idx(value, 0);
    json_object_object_get_ex(table, "columns", &value);
    column = json_object_array_get_idx(value, 2);
    assert_string_equal(
        json_object_to_json_string_ext(column, JSON_C_TO_STRING_PLAIN),
        "{\"source\":\"b\",\"target\":\"b\",\"source_type\":\"SMALLINT\",\"target_type\":"
        "\"integer\","
        "\"conversion\":null,\"note\":\"holds numbers beyond the declared range\"}");
    json_object_object_get_ex(table, "action", &value);
    assert_string_equal(json_object_get_string(value), "create");
    struct json_object *mappings = dbw_plan_mappings_json(t->plan);
    struct json_object *findings = dbw_plan_findings_json(t->plan);
    assert_string_equal(json_object_to_json_string_ext(mappings, JSON_C_TO_STRING_PLAIN),
                        "[{\"table\":\"t\",\"column\":\"a\",\"source_type\":\"INT\","
                        "\"target_type\":\"text\",\"loss\":\"type\"},"
                        "{\"table\":\"t\",\"column\":\"b\",\"source_type\":\"SMALLINT\","
                        "\"target_type\":\"integer\",\"loss\":\"type\"}]");
    assert_int_equal(json_object_array_length(findings), 0);
    json_object_put(plan);
    json_object_put(mappings);
    json_object_put(findings);
    plan_test_free(t);
}

static dbw_status stop(void *context, const char *table, int64_t done, int64_t total,
                       dbw_error *error)
{
    (void)context;
    (void)table;
    (void)done;
    (void)total;
    return dbw_fail(error, DBW_E_CANCELLED, "cancelled");
}

static void the_profile_can_be_stopped(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "stopped", "CREATE TABLE t (a INT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
                   " SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO t SELECT i FROM n");
    t->progress = stop;
    assert_fails(&t->error, DBW_E_CANCELLED, "cancelled", plan_test_make(t));
    plan_test_free(t);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declared_types_are_kept_where_the_values_keep_them),
        cmocka_unit_test(broken_promises_are_widened),
        cmocka_unit_test(what_nothing_holds_becomes_a_finding),
        cmocka_unit_test(rejecting_rows_makes_warnings_of_findings),
        cmocka_unit_test(keys_identities_and_defaults),
        cmocka_unit_test(joined_columns_get_one_type),
        cmocka_unit_test(orphans_are_listed_before_the_load),
        cmocka_unit_test(case_insensitive_columns_are_reported),
        cmocka_unit_test(long_names_are_cut_and_told_apart),
        cmocka_unit_test(generated_columns_are_made_again_or_kept),
        cmocka_unit_test(options_choose_tables_columns_and_types),
        cmocka_unit_test(what_no_table_of_the_target_can_have_is_found),
        cmocka_unit_test(unknown_names_in_options_are_errors),
        cmocka_unit_test(a_filled_target_is_refused),
        cmocka_unit_test(tables_of_our_own_do_not_count),
        cmocka_unit_test(an_empty_source_is_refused),
        cmocka_unit_test(the_id_follows_options_and_structure),
        cmocka_unit_test(json_has_the_apis_shape),
        cmocka_unit_test(the_profile_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
