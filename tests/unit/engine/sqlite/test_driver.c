/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite_test.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

static dbw_database *in_memory(void)
{
    return open_file(":memory:");
}

static void returns_every_storage_class(void **state DBW_UNUSED)
{
    dbw_database *db = in_memory();
    dbw_rows *rows;
    const dbw_value *row;
    assert_ok(&error,
              dbw_fetch(db, "SELECT 1, -9223372036854775808, 1.5, 'text', x'00ff', NULL, ''", NULL,
                        0, &rows, &error));
    assert_int_equal(dbw_rows_width(rows), 7);
    assert_string_equal(dbw_rows_name(rows, 3), "'text'");
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    assert_int_equal(row[0].int64, 1);
    assert_true(row[1].int64 == INT64_MIN);
    assert_true(row[2].kind == DBW_KIND_DOUBLE && row[2].real == 1.5);
    assert_text_equal(row[3].text, "text");
    assert_true(row[4].kind == DBW_KIND_BYTES && row[4].text.length == 2);
    assert_true(dbw_value_is_null(&row[5]));
    assert_true(row[6].kind == DBW_KIND_TEXT && row[6].text.length == 0 && row[6].text.data);
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    assert_null(row);
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    assert_null(row);
    dbw_rows_close(rows);
    dbw_database_close(db);
}

static void keeps_nul_bytes_in_text(void **state DBW_UNUSED)
{
    dbw_database *db = in_memory();
    dbw_value in = dbw_value_text((dbw_text){"a\0b", 3}), out;
    run(db, "CREATE TABLE t (c TEXT)");
    assert_ok(&error, dbw_execute(db, "INSERT INTO t VALUES (?)", &in, 1, NULL, &error));
    assert_ok(&error, dbw_fetch_value(db, arena, "SELECT c FROM t", NULL, 0, &out, &error));
    assert_int_equal(out.text.length, 3);
    assert_memory_equal(out.text.data, "a\0b", 3);
    dbw_database_close(db);
}

static void converts_utf16_databases(void **state DBW_UNUSED)
{
    char *path =
        make_file("utf16.db", "PRAGMA encoding = 'UTF-16be'; CREATE TABLE t (c TEXT);"
                              "INSERT INTO t VALUES ('\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80')");
    dbw_database *db = open_reading(path);
    assert_string_equal(text_of(db, "SELECT c FROM t"), "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
    dbw_database_close(db);
}

/* What a value of each kind is stored as. */
static const struct {
    dbw_value value;
    const char *type, *shown;
} stored[] = {
    {{.kind = DBW_KIND_BOOL, .boolean = true}, "integer", "1"},
    {{.kind = DBW_KIND_UINT64, .uint64 = 42}, "integer", "42"},
    {{.kind = DBW_KIND_DOUBLE, .real = 0.1}, "real", "0.1"},
    {{.kind = DBW_KIND_DECIMAL, .text = {"12345678901234567890.10", 23}},
     "text",
     "12345678901234567890.10"},
    {{.kind = DBW_KIND_DATE, .int64 = 0}, "text", "1970-01-01"},
    {{.kind = DBW_KIND_DATE, .int64 = -719529}, "text", "-0001-12-31"},
    {{.kind = DBW_KIND_DATE, .int64 = DBW_INFINITY}, "text", "infinity"},
    {{.kind = DBW_KIND_TIME, .int64 = 3723000004}, "text", "01:02:03.000004"},
    {{.kind = DBW_KIND_TIME, .int64 = -INT64_C(3020399000000)}, "text", "-838:59:59.000000"},
    {{.kind = DBW_KIND_TIMESTAMP, .int64 = -1}, "text", "1969-12-31 23:59:59.999999"},
    {{.kind = DBW_KIND_TIMESTAMP, .int64 = 1700000000000000}, "text", "2023-11-14 22:13:20.000000"},
    {{.kind = DBW_KIND_TIMESTAMPTZ, .int64 = 1}, "text", "1970-01-01 00:00:00.000001+00:00"},
    {{.kind = DBW_KIND_TIMESTAMPTZ, .int64 = DBW_MINUS_INFINITY}, "text", "-infinity"},
    {{.kind = DBW_KIND_INTERVAL, .interval = {.microseconds = -1500000, .days = 3, .months = 14}},
     "text",
     "P1Y2M3DT0H0M-1.500000S"},
    {{.kind = DBW_KIND_INTERVAL, .interval = {.microseconds = 3661000000}},
     "text",
     "P0Y0M0DT1H1M1S"},
    {{.kind = DBW_KIND_UUID,
      .uuid = {0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 1, 2, 3, 4, 5, 6, 7, 8}},
     "text",
     "12345678-9abc-def0-0102-030405060708"},
    {{.kind = DBW_KIND_JSON, .text = {"{\"a\":1}", 7}}, "text", "{\"a\":1}"},
    {{.kind = DBW_KIND_BIT, .text = {"0101", 4}}, "text", "0101"},
};

static void stores_every_kind(void **state DBW_UNUSED)
{
    dbw_database *db = in_memory();
    for (size_t i = 0; i < DBW_COUNT(stored); i++) {
        dbw_value *row;
        assert_ok(&error,
                  dbw_fetch_one(db, arena, "SELECT typeof(x), CAST(x AS TEXT) FROM (SELECT ? AS x)",
                                &stored[i].value, 1, &row, &error));
        assert_text_equal(row[0].text, stored[i].type);
        assert_text_equal(row[1].text, stored[i].shown);
    }
    dbw_database_close(db);
}

static void refuses_what_sqlite_cannot_store(void **state DBW_UNUSED)
{
    dbw_database *db = in_memory();
    dbw_value large = {.kind = DBW_KIND_UINT64, .uint64 = UINT64_MAX};
    assert_fails(&error, DBW_E_DATA,
                 "unable to bind value 1 of a statement: SQLite's integers end at "
                 "9223372036854775807",
                 dbw_execute(db, "SELECT ?", &large, 1, NULL, &error));
    dbw_database_close(db);
}

static void counts_placeholders_and_statements(void **state DBW_UNUSED)
{
    dbw_database *db = in_memory();
    dbw_value one = dbw_value_int(1);
    assert_fails(&error, DBW_E_INTERNAL,
                 "unable to run a statement: it has 2 placeholders, 1 values were given",
                 dbw_execute(db, "SELECT ?, '?', ?", &one, 1, NULL, &error));
    assert_fails(&error, DBW_E_INVALID,
                 "unable to run a statement: there is a second one behind it",
                 dbw_execute(db, "SELECT 1; SELECT 2", NULL, 0, NULL, &error));
    assert_fails(&error, DBW_E_INVALID,
                 "unable to run a statement: there is a second one behind it",
                 dbw_execute(db, "SELECT 1; nonsense", NULL, 0, NULL, &error));
    assert_fails(&error, DBW_E_INVALID, "unable to run a statement: it is empty",
                 dbw_execute(db, " -- nothing", NULL, 0, NULL, &error));
    assert_ok(&error, dbw_execute(db, "SELECT 1; -- the end", NULL, 0, NULL, &error));
    assert_fails(&error, DBW_E_DATABASE, "unable to run a statement: near \"SELEC\": syntax error",
                 dbw_execute(db, "SELEC 1", NULL, 0, NULL, &error));
    assert_string_equal(error.statement, "SELEC 1");
    dbw_database_close(db);
}

static void counts_affected_rows(void **state DBW_UNUSED)
{
    dbw_database *db = in_memory();
    int64_t affected = -1;
    assert_ok(&error, dbw_execute_script(db,
                                         "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3);"
                                         "/* no more */ ;",
                                         &error));
    assert_ok(&error,
              dbw_execute(db, "UPDATE t SET a = a + 1 WHERE a > 1", NULL, 0, &affected, &error));
    assert_int_equal(affected, 2);
    assert_ok(&error,
              dbw_execute(db, "UPDATE t SET a = 0 WHERE a > 100", NULL, 0, &affected, &error));
    assert_int_equal(affected, 0);
    assert_ok(&error, dbw_execute(db, "CREATE TABLE u (a)", NULL, 0, &affected, &error));
    assert_int_equal(affected, 0);
    dbw_database_close(db);
}

static void names_broken_constraints(void **state DBW_UNUSED)
{
    dbw_database *db = in_memory();
    assert_ok(&error,
              dbw_execute_script(db,
                                 "CREATE TABLE p (id INTEGER PRIMARY KEY, u UNIQUE);"
                                 "CREATE TABLE c (p REFERENCES p, n NOT NULL, k CHECK (k > 0));"
                                 "INSERT INTO p VALUES (1, 1)",
                                 &error));
    assert_fails(&error, DBW_E_DATABASE, "unable to run a statement: UNIQUE constraint failed: p.u",
                 dbw_execute(db, "INSERT INTO p VALUES (2, 1)", NULL, 0, NULL, &error));
    assert_string_equal(error.sqlstate, "23505");
    assert_fails(&error, DBW_E_DATABASE, "unable to run a statement: FOREIGN KEY constraint failed",
                 dbw_execute(db, "INSERT INTO c VALUES (7, 1, 1)", NULL, 0, NULL, &error));
    assert_string_equal(error.sqlstate, "23503");
    assert_fails(&error, DBW_E_DATABASE,
                 "unable to run a statement: NOT NULL constraint failed: c.n",
                 dbw_execute(db, "INSERT INTO c VALUES (1, NULL, 1)", NULL, 0, NULL, &error));
    assert_string_equal(error.sqlstate, "23502");
    assert_fails(&error, DBW_E_DATABASE,
                 "unable to run a statement: CHECK constraint failed: k > 0",
                 dbw_execute(db, "INSERT INTO c VALUES (1, 1, 0)", NULL, 0, NULL, &error));
    assert_string_equal(error.sqlstate, "23514");
    dbw_database_close(db);
}

static void refuses_to_reach_beyond_the_file(void **state DBW_UNUSED)
{
    static const struct {
        const char *sql, *what;
    } cases[] = {
        {"ATTACH '/etc/passwd' AS x", "ATTACH"},
        {"DETACH main", "DETACH"},
        {"SELECT load_extension('x')", "the function load_extension"},
        {"PRAGMA writable_schema = 1", "PRAGMA writable_schema"},
        {"PRAGMA Temp_Store_Directory = '/etc'", "PRAGMA temp_store_directory"},
        {"PRAGMA trusted_schema = 1", "PRAGMA trusted_schema"},
        {"SELECT fts3_tokenizer('x', x'00')", "the function fts3_tokenizer"},
    };
    dbw_database *db = open_file(make_file("limits.db", "CREATE TABLE t (a)"));
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        char *message = dbw_arena_printf(arena, "unable to run a statement: %s is not allowed here",
                                         cases[i].what);
        assert_fails(&error, DBW_E_DENIED, message,
                     dbw_execute(db, cases[i].sql, NULL, 0, NULL, &error));
    }
    char *into = dbw_arena_printf(arena, "VACUUM INTO '%s'", path_of("stolen.db"));
    assert_int_not_equal(dbw_execute(db, into, NULL, 0, NULL, &error), DBW_OK);
    assert_int_not_equal(access(path_of("stolen.db"), F_OK), 0);
    assert_int_not_equal(
        dbw_execute(db, "UPDATE sqlite_schema SET sql = 'x'", NULL, 0, NULL, &error), DBW_OK);
    dbw_database_close(db);
}

static void begins_for_writing_at_once(void **state DBW_UNUSED)
{
    char *path = make_file("begin.db", "CREATE TABLE t (a)");
    dbw_database *one = open_file(path), *two = open_file(path), *reader = open_reading(path);
    assert_ok(&error, dbw_begin(one, &error));
    assert_true(DRIVER->in_transaction(one));
    char *message = dbw_arena_printf(arena,
                                     "unable to begin a transaction: database file '%s' is "
                                     "locked by another connection",
                                     path);
    assert_fails(&error, DBW_E_LOCKED, message, dbw_begin(two, &error));
    assert_string_equal(error.hint,
                        "It stayed locked for 0.2 s. Stop what writes to it, or end its "
                        "open transaction, and try again.");
    assert_string_equal(error.object, path);
    assert_ok(&error, dbw_begin(reader, &error));
    dbw_rollback(reader);
    run(one, "INSERT INTO t VALUES (1)");
    dbw_rollback(one);
    assert_false(DRIVER->in_transaction(one));
    assert_int_equal(integer_of(one, "SELECT count(*) FROM t"), 0);
    assert_ok(&error, dbw_begin(two, &error));
    run(two, "INSERT INTO t VALUES (2)");
    assert_ok(&error, dbw_commit(two, &error));
    assert_int_equal(integer_of(reader, "SELECT count(*) FROM t"), 1);
    dbw_rollback(two);
    dbw_database_close(one);
    dbw_database_close(two);
    dbw_database_close(reader);
}

static void rolls_back_when_closed(void **state DBW_UNUSED)
{
    char *path = make_file("close.db", "CREATE TABLE t (a)");
    dbw_database *db = open_file(path);
    dbw_rows *rows;
    assert_ok(&error, dbw_begin(db, &error));
    run(db, "INSERT INTO t VALUES (1)");
    assert_ok(&error, dbw_fetch(db, "SELECT * FROM t", NULL, 0, &rows, &error));
    dbw_database_close(db);
    db = open_file(path);
    assert_int_equal(integer_of(db, "SELECT count(*) FROM t"), 0);
    dbw_database_close(db);
}

static const char endless[] =
    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c";

typedef struct canceller {
    dbw_database *database;
    atomic_bool stop;
} canceller;

/* Again and again: a cancel that comes before the statement has no effect. */
static void *keep_cancelling(void *context)
{
    canceller *c = context;
    while (!atomic_load(&c->stop)) {
        usleep(20000);
        dbw_database_cancel(c->database);
    }
    return NULL;
}

static void can_be_cancelled_from_another_thread(void **state DBW_UNUSED)
{
    dbw_database *db = in_memory();
    pthread_t thread;
    canceller c = {.database = db};
    assert_int_equal(pthread_create(&thread, NULL, keep_cancelling, &c), 0);
    assert_fails(&error, DBW_E_CANCELLED, "unable to run a statement: cancelled",
                 dbw_execute(db, endless, NULL, 0, NULL, &error));
    atomic_store(&c.stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(integer_of(db, "SELECT 1"), 1);
    dbw_database_close(db);
}

static void stops_waiting_for_a_lock_when_cancelled(void **state DBW_UNUSED)
{
    char *path = make_file("wait.db", "CREATE TABLE t (a)");
    dbw_database *one = open_file(path);
    dbw_database *two = open_with(path, &(dbw_open_options){.busy_timeout_ms = 60000});
    pthread_t thread;
    canceller c = {.database = two};
    int64_t start = dbw_clock_monotonic();
    assert_ok(&error, dbw_begin(one, &error));
    assert_int_equal(pthread_create(&thread, NULL, keep_cancelling, &c), 0);
    assert_int_equal(dbw_begin(two, &error), DBW_E_CANCELLED);
    assert_true(dbw_clock_monotonic() - start < 10000000);
    atomic_store(&c.stop, true);
    pthread_join(thread, NULL);
    dbw_database_close(one);
    dbw_database_close(two);
}

static void ends_statements_after_their_time(void **state DBW_UNUSED)
{
    dbw_database *db = open_with(":memory:", &(dbw_open_options){.statement_timeout_ms = 50});
    assert_fails(&error, DBW_E_TIMEOUT, "unable to run a statement: not done within 50 ms",
                 dbw_execute(db, endless, NULL, 0, NULL, &error));
    assert_int_equal(integer_of(db, "SELECT 1"), 1);
    dbw_database_close(db);
}

static void describes_a_file(void **state DBW_UNUSED)
{
    char *path = make_file("describe.db", "CREATE TABLE t (a); CREATE VIEW v AS SELECT 1;"
                                          "CREATE VIRTUAL TABLE f USING fts5 (x);"
                                          "CREATE TABLE s (a INTEGER PRIMARY KEY AUTOINCREMENT)");
    dbw_server server;
    dbw_database *db = open_reading(path);
    assert_ok(&error, dbw_database_describe(db, arena, &server, &error));
    assert_string_equal(server.product, "SQLite");
    assert_string_equal(server.version, sqlite3_libversion());
    assert_int_equal(server.version_number, sqlite3_libversion_number());
    assert_int_equal(server.table_count, 3);
    assert_false(server.empty);
    assert_false(server.read_only); /* the session is; the file is not */
    assert_true(server.can_create_tables);
    assert_null(server.user);
    assert_null(server.tls);
    dbw_database_close(db);
    db = open_file(make_file("empty.db", ""));
    assert_ok(&error, dbw_database_describe(db, arena, &server, &error));
    assert_true(server.empty && server.can_create_tables && !server.read_only);
    assert_int_equal(server.table_count, 0);
    assert_ok(&error, dbw_database_ping(db, &error));
    dbw_database_close(db);
}

static int reverse(void *context DBW_UNUSED, int a, const void *x, int b, const void *y)
{
    int shared = a < b ? a : b, order = memcmp(x, y, (size_t)shared);
    return -(order ? order : a - b);
}

static char *make_strange_collation(void)
{
    char *path = path_of("collation.db");
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    sqlite3_create_collation(handle, "strange", SQLITE_UTF8, NULL, reverse);
    assert_int_equal(sqlite3_exec(handle,
                                  "CREATE TABLE t (k TEXT COLLATE strange PRIMARY KEY NOT NULL);"
                                  "INSERT INTO t VALUES ('a'), ('c'), ('b')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(handle);
    return path;
}

static void reads_tables_with_unknown_collations(void **state DBW_UNUSED)
{
    char *path = make_strange_collation();
    dbw_database *db = open_reading(path);
    assert_int_equal(integer_of(db, "SELECT count(DISTINCT k) FROM t"), 3);
    dbw_database_close(db);
    /* Writing would put the index out of order. */
    db = open_file(path);
    assert_fails(&error, DBW_E_DATABASE,
                 "unable to run a statement: no such collation sequence: strange",
                 dbw_execute(db, "INSERT INTO t VALUES ('d')", NULL, 0, NULL, &error));
    dbw_database_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(returns_every_storage_class),
        cmocka_unit_test(keeps_nul_bytes_in_text),
        cmocka_unit_test(converts_utf16_databases),
        cmocka_unit_test(stores_every_kind),
        cmocka_unit_test(refuses_what_sqlite_cannot_store),
        cmocka_unit_test(counts_placeholders_and_statements),
        cmocka_unit_test(counts_affected_rows),
        cmocka_unit_test(names_broken_constraints),
        cmocka_unit_test(refuses_to_reach_beyond_the_file),
        cmocka_unit_test(begins_for_writing_at_once),
        cmocka_unit_test(rolls_back_when_closed),
        cmocka_unit_test(can_be_cancelled_from_another_thread),
        cmocka_unit_test(stops_waiting_for_a_lock_when_cancelled),
        cmocka_unit_test(ends_statements_after_their_time),
        cmocka_unit_test(describes_a_file),
        cmocka_unit_test(reads_tables_with_unknown_collations),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
