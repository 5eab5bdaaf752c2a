/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_test.h"

static void types_are_read_as_the_target_needs_them(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "reads",
        "CREATE TABLE app_item (id CHAR(32) PRIMARY KEY, duration BIGINT, at DATETIME, zoned TEXT,"
        " done BOOL, data TEXT, price DECIMAL(8,2), n INTEGER, \"UPPER\" TEXT, ms BIGINT,"
        " flag TEXT);"
        "INSERT INTO app_item VALUES ('00112233445566778899aabbccddeeff', 90000000,"
        " '2026-01-02 03:04:05.123456789', '2026-01-02 03:04:05+01:00', 1, '{\"a\":1}', 9.5, 7,"
        " 'x', 1700000000123, 'true')");
    dbw_test_query(t->target_url,
                   "CREATE TABLE app_item (id uuid PRIMARY KEY, duration interval, at timestamptz,"
                   " zoned timestamptz, done boolean NOT NULL, data jsonb, price numeric(8,2),"
                   " n integer, upper varchar(5), ms timestamptz, flag boolean,"
                   " extra text DEFAULT 'x', made timestamptz DEFAULT now())");
    plan_test_set(t, "schema_mode", "existing");
    plan_test_set(t, "transforms", "app_item.at:source_time_zone=+01:00");
    assert_ok(&t->error, plan_test_make(t));
    if (dbw_plan_check(t->plan, &t->error) != DBW_OK)
        fail_msg("%s", plan_test_findings(t));
    static const struct {
        const char *column;
        dbw_intent intent;
        dbw_reading reading;
    } cases[] = {
        {"id", DBW_INTENT_UUID, DBW_READING_UUID_TEXT},
        {"duration", DBW_INTENT_INTERVAL, DBW_READING_EPOCH_US},
        {"at", DBW_INTENT_TIMESTAMPTZ, DBW_READING_ISO},
        {"zoned", DBW_INTENT_TIMESTAMPTZ, DBW_READING_ISO},
        {"done", DBW_INTENT_BOOLEAN, DBW_READING_NATIVE},
        {"data", DBW_INTENT_JSONB, DBW_READING_NATIVE},
        {"price", DBW_INTENT_DECIMAL, DBW_READING_NATIVE},
        {"n", DBW_INTENT_INT32, DBW_READING_NATIVE},
        {"UPPER", DBW_INTENT_VARCHAR, DBW_READING_NATIVE},
        {"ms", DBW_INTENT_TIMESTAMPTZ, DBW_READING_EPOCH_MS},
        {"flag", DBW_INTENT_BOOLEAN, DBW_READING_BOOL_WORDS},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        const dbw_plan_column *column = plan_test_column(t, "app_item", cases[i].column);
        assert_int_equal(column->intent, cases[i].intent);
        assert_int_equal(column->reading, cases[i].reading);
    }
    const dbw_plan_table *table = plan_test_table(t, "app_item");
    assert_int_equal(table->action, DBW_PLAN_FILL);
    assert_int_equal(plan_test_column(t, "app_item", "at")->zone_minutes, 60);
    assert_int_equal(plan_test_column(t, "app_item", "UPPER")->length, 5);
    assert_int_equal(plan_test_column(t, "app_item", "price")->target_canonical.scale, 2);
    assert_int_equal(table->key_count, 1);
    assert_int_equal(plan_test_finding(t, "altered", "app_item.at")->severity,
                     DBW_SEVERITY_WARNING);
    plan_test_free(t);
}

static void what_does_not_fit_is_found(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "misfits",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, v TEXT, d DECIMAL, at DATETIME, b INT,"
        " u TEXT, nn TEXT, more TEXT, \"nothing\" TEXT);"
        "INSERT INTO t VALUES (1, 1, 'a', 1.5, '2026-01-02', 1,"
        " '00112233445566778899aabbccddeeff', 'x', 'kept', NULL),"
        " (2, 40000, 'abcd', 1.234, '2026-01-02 03:00', 2, 'nope', NULL, 'too', NULL);"
        "CREATE TABLE gone (a INT); INSERT INTO gone VALUES (1);");
    dbw_test_query(t->target_url,
                   "CREATE TABLE t (id bigint PRIMARY KEY, n smallint, v varchar(3),"
                   " d numeric(6,2), at timestamptz, b boolean, u uuid, nn text NOT NULL,"
                   " needed text NOT NULL)");
    plan_test_set(t, "schema_mode", "existing");
    assert_ok(&t->error, plan_test_make(t));
    static const struct {
        const char *code, *where, *option, *value;
        int64_t count;
    } cases[] = {
        {"out-of-range", "t.n", "on_bad_row", "reject", 1},
        {"too-long", "t.v", "on_bad_row", "reject", 1},
        {"out-of-range", "t.d", "on_bad_row", "reject", 1},
        {"mixed-zones", "t.at", "transforms", "t.at:source_time_zone=UTC", 2},
        {"not-a-boolean", "t.b", "on_bad_row", "reject", 1},
        {"not-a-uuid", "t.u", "on_bad_row", "reject", 1},
        {"null-in-not-null", "t.nn", "on_bad_row", "reject", 1},
        {"extra-column", "t.more", "exclude", "t.more", 2},
        {"missing-column", "t.needed", "exclude", "t", 2},
        {"missing-table", "gone", "exclude", "gone", 1},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        const dbw_finding *f = plan_test_finding(t, cases[i].code, cases[i].where);
        if (!f)
            fail_msg("no %s for %s among:%s", cases[i].code, cases[i].where, plan_test_findings(t));
        assert_int_equal(f->severity, DBW_SEVERITY_ERROR);
        assert_string_equal(f->fix_option, cases[i].option);
        assert_string_equal(f->fix_value, cases[i].value);
        assert_int_equal(f->count, cases[i].count);
    }
    assert_int_equal(plan_test_finding(t, "extra-column", "t.nothing")->severity,
                     DBW_SEVERITY_INFO);
    plan_test_free(t);
}

static void versions_are_compared_never_copied(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "versions",
        "CREATE TABLE alembic_version (version_num VARCHAR(32)); INSERT INTO alembic_version"
        " VALUES ('abc123');"
        "CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT);"
        "INSERT INTO django_migrations VALUES (1, 'app', '0001_initial'), (2, 'app', '0002_more');"
        "CREATE TABLE t (a INT);");
    dbw_test_query(t->target_url, "CREATE TABLE alembic_version (version_num varchar(32));"
                                  "INSERT INTO alembic_version VALUES ('def456');"
                                  "CREATE TABLE django_migrations (id int, app text, name text);"
                                  "INSERT INTO django_migrations VALUES (5, 'app', '0002_more'),"
                                  " (9, 'app', '0001_initial');"
                                  "CREATE TABLE t (a int)");
    plan_test_set(t, "schema_mode", "existing");
    assert_ok(&t->error, plan_test_make(t));
    const dbw_finding *f = plan_test_finding(t, "version-differs", "alembic_version");
    assert_string_equal(f->message, "the schema versions differ: the source's alembic_version has "
                                    "'abc123', the target's 'def456'");
    assert_null(plan_test_finding(t, "version-differs", "django_migrations"));
    assert_int_equal(plan_test_table(t, "django_migrations")->action, DBW_PLAN_SKIP);
    assert_string_equal(plan_test_table(t, "alembic_version")->reason,
                        "a version table: compared, never copied");
    plan_test_set(t, "exclude", "alembic_version");
    assert_ok(&t->error, plan_test_make(t));
    assert_ok(&t->error, dbw_plan_check(t->plan, &t->error));
    plan_test_free(t);
}

static void setup_rows_are_counted(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("setup", "CREATE TABLE t (id INTEGER PRIMARY KEY);"
                                          "INSERT INTO t VALUES (1), (2);"
                                          "CREATE TABLE big (id INTEGER PRIMARY KEY);"
                                          "INSERT INTO big VALUES (1);");
    dbw_test_query(t->target_url, "CREATE TABLE t (id bigint PRIMARY KEY);"
                                  "INSERT INTO t VALUES (1), (7), (8);"
                                  "CREATE TABLE big (id bigint PRIMARY KEY);"
                                  "INSERT INTO big SELECT generate_series(1, 20000)");
    plan_test_set(t, "schema_mode", "existing");
    assert_ok(&t->error, plan_test_make(t));
    assert_int_equal(plan_test_table(t, "t")->target_rows, 3);
    const dbw_finding *f = plan_test_finding(t, "setup-rows", "t");
    assert_int_equal(f->severity, DBW_SEVERITY_WARNING);
    assert_string_equal(f->message,
                        "the target's table t holds 3 rows: saved to a file, then replaced");
    f = plan_test_finding(t, "target-filled", "big");
    assert_int_equal(f->severity, DBW_SEVERITY_ERROR);
    assert_string_equal(f->fix_option, "clear");
    plan_test_set(t, "clear", "true");
    assert_ok(&t->error, plan_test_make(t));
    assert_ok(&t->error, dbw_plan_check(t->plan, &t->error));
    plan_test_free(t);
}

static void auto_means_existing_where_one_asks_for_its_rows(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("auto", "CREATE TABLE t (id INTEGER PRIMARY KEY)");
    dbw_test_query(t->target_url, "CREATE TABLE t (id bigint PRIMARY KEY)");
    assert_fails(&t->error, DBW_E_REFUSED, "unable to copy into 'public': it already holds 1 table",
                 plan_test_make(t));
    plan_test_set(t, "on_conflict", "skip");
    assert_ok(&t->error, plan_test_make(t));
    assert_string_equal(t->plan->schema_mode, "existing");
    plan_test_free(t);
}

static void an_empty_target_cannot_be_filled(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("none", "CREATE TABLE t (id INTEGER PRIMARY KEY)");
    plan_test_set(t, "schema_mode", "existing");
    assert_fails(&t->error, DBW_E_REFUSED, "unable to fill existing tables: the target has none",
                 plan_test_make(t));
    dbw_test_query(t->target_url, "CREATE TABLE other (id bigint PRIMARY KEY)");
    assert_fails(&t->error, DBW_E_REFUSED,
                 "unable to fill existing tables: none of the source's tables is in the target",
                 plan_test_make(t));
    plan_test_free(t);
}

static void unique_keys_of_the_target_are_tried_on_the_source(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("dupes", "CREATE TABLE t (id INTEGER PRIMARY KEY, mail TEXT,"
                                          " code TEXT UNIQUE);"
                                          "INSERT INTO t VALUES (1, 'a', 'x'), (2, 'a', 'y'),"
                                          " (3, 'b', 'z'), (4, NULL, 'q'), (5, NULL, 'r');");
    dbw_test_query(t->target_url, "CREATE TABLE t (id bigint PRIMARY KEY, mail text UNIQUE,"
                                  " code text UNIQUE)");
    plan_test_set(t, "schema_mode", "existing");
    assert_ok(&t->error, plan_test_make(t));
    assert_int_equal(t->plan->finding_count, 1);
    const dbw_finding *f = plan_test_finding(t, "duplicates", "t.mail");
    assert_int_equal(f->count, 1);
    assert_string_equal(f->keys[0], "mail='a'");
    plan_test_free(t);
}

static void keys_that_conversion_makes_equal_are_found(void **state)
{
    (void)state;
    plan_test *t = plan_test_new(
        "merged", "CREATE TABLE t (id TEXT PRIMARY KEY, at TEXT UNIQUE);"
                  "INSERT INTO t VALUES ('00112233445566778899AABBCCDDEEFF', '2026-01-02'),"
                  " ('00112233-4455-6677-8899-aabbccddeeff', '2026-01-02 00:00:00'),"
                  " ('11112233-4455-6677-8899-aabbccddeeff', NULL),"
                  " ('21112233-4455-6677-8899-aabbccddeeff', NULL)");
    dbw_test_query(t->target_url, "CREATE TABLE t (id uuid PRIMARY KEY, at timestamp UNIQUE)");
    plan_test_set(t, "schema_mode", "existing");
    assert_ok(&t->error, plan_test_make(t));
    const dbw_finding *f = plan_test_finding(t, "duplicates", "t.id");
    assert_non_null(f);
    assert_int_equal(f->severity, DBW_SEVERITY_ERROR);
    assert_int_equal(f->count, 1);
    assert_non_null(plan_test_finding(t, "duplicates", "t.at"));
    plan_test_free(t);
}

static void the_targets_foreign_keys_are_tried_too(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("fks", "CREATE TABLE p (id INTEGER PRIMARY KEY);"
                                        "CREATE TABLE c (p_id INT NOT NULL);"
                                        "INSERT INTO c VALUES (5)");
    dbw_test_query(t->target_url, "CREATE TABLE p (id bigint PRIMARY KEY);"
                                  "CREATE TABLE c (p_id bigint NOT NULL REFERENCES p)");
    plan_test_set(t, "schema_mode", "existing");
    assert_ok(&t->error, plan_test_make(t));
    const dbw_finding *f = plan_test_finding(t, "orphans", "c.p_id");
    assert_int_equal(f->severity, DBW_SEVERITY_ERROR);
    assert_null(f->fix_option);
    plan_test_free(t);
}

static void rows_outside_that_lose_their_parents_are_found(void **state)
{
    (void)state;
    plan_test *t = plan_test_new("outside", "CREATE TABLE users (id INTEGER PRIMARY KEY, n TEXT);"
                                            "INSERT INTO users VALUES (1, 'a'), (2, 'b')");
    dbw_test_query(t->target_url,
                   "CREATE TABLE users (id bigint PRIMARY KEY, n text);"
                   "CREATE TABLE logs (id bigint, user_id bigint CONSTRAINT logs_of_users"
                   " REFERENCES users (id));"
                   "INSERT INTO users VALUES (1, 'x'), (7, 'y'), (8, 'z');"
                   "INSERT INTO logs VALUES (1, 1), (2, 7), (3, 7), (4, 8), (5, NULL)");
    plan_test_set(t, "schema_mode", "existing");
    plan_test_set(t, "clear", "true");
    assert_ok(&t->error, plan_test_make(t));
    const dbw_finding *finding = plan_test_finding(t, "outside-orphans", "users");
    assert_non_null(finding);
    assert_int_equal(finding->severity, DBW_SEVERITY_ERROR);
    assert_string_equal(finding->message,
                        "the target's table logs stays as it is, and its foreign key logs_of_users "
                        "leads to rows of users that do not come: 2 keys have no parent then");
    assert_int_equal(finding->key_count, 2);
    assert_string_equal(finding->fix_option, "on_conflict");
    assert_int_not_equal(dbw_plan_check(t->plan, &t->error), DBW_OK);
    plan_test_set(t, "on_conflict", "skip");
    plan_test_set(t, "clear", "false");
    assert_ok(&t->error, plan_test_make(t));
    assert_null(plan_test_finding(t, "outside-orphans", "users"));
    dbw_test_query(t->target_url, "DELETE FROM logs WHERE user_id > 2");
    plan_test_set(t, "on_conflict", "error");
    assert_ok(&t->error, plan_test_make(t));
    assert_null(plan_test_finding(t, "outside-orphans", "users"));
    plan_test_free(t);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_read_as_the_target_needs_them),
        cmocka_unit_test(what_does_not_fit_is_found),
        cmocka_unit_test(versions_are_compared_never_copied),
        cmocka_unit_test(setup_rows_are_counted),
        cmocka_unit_test(auto_means_existing_where_one_asks_for_its_rows),
        cmocka_unit_test(an_empty_target_cannot_be_filled),
        cmocka_unit_test(unique_keys_of_the_target_are_tried_on_the_source),
        cmocka_unit_test(keys_that_conversion_makes_equal_are_found),
        cmocka_unit_test(the_targets_foreign_keys_are_tried_too),
        cmocka_unit_test(rows_outside_that_lose_their_parents_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
