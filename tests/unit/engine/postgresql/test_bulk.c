/* SPDX-License-Identifier: Apache-2.0 */
#include "bulk_help.h"

static void the_server_names_row_and_column(void **state)
{
    (void)state;
    run(database, "CREATE TABLE \"bad, line 77: x\" (id int PRIMARY KEY, name varchar(5), "
                  "j jsonb, \"odd: name\" text CHECK (\"odd: name\" <> 'no'))");
    const dbw_table *table = table_named("bad, line 77: x");
    dbw_load_spec spec = whole(table);
    dbw_load_failure failure;
    int64_t count;
    dbw_value rows[4000];
    for (int form = 0; form < 2; form++) {
        if (form) {
            run(database, "ALTER TABLE \"bad, line 77: x\" ADD extra int[]");
            spec = whole(table_named("bad, line 77: x"));
        }
        size_t width = spec.column_count;
        for (size_t i = 0; i < 500; i++) {
            dbw_value *row = rows + i * width;
            row[0] = dbw_value_int((int64_t)i);
            row[1] = dbw_value_string("a");
            row[2] = text_as(DBW_KIND_JSON, "{}");
            row[3] = DBW_NULL;
            if (width > 4)
                row[4] = DBW_NULL;
        }
        rows[321 * width + 2] = text_as(DBW_KIND_JSON, "{\"broken");
        assert_ok(&error, dbw_begin(database, &error));
        assert_int_equal(load_rows(&spec, rows, 500, &count, &failure), DBW_E_DATA);
        assert_string_equal(error.sqlstate, "22P02");
        assert_int_equal(failure.row, 321);
        assert_string_equal(failure.column, "j");
        assert_string_equal(error.object, "bad, line 77: x.j");
        dbw_rollback(database);

        rows[321 * width + 2] = DBW_NULL;
        rows[400 * width + 0] = dbw_value_int(399);
        assert_ok(&error, dbw_begin(database, &error));
        assert_int_equal(load_rows(&spec, rows, 500, &count, &failure), DBW_E_DATABASE);
        assert_string_equal(error.sqlstate, "23505");
        assert_int_equal(failure.row, 400);
        assert_null(failure.column);
        dbw_rollback(database);

        rows[400 * width + 0] = dbw_value_int(400);
        rows[250 * width + 3] = dbw_value_string("no");
        assert_ok(&error, dbw_begin(database, &error));
        assert_int_equal(load_rows(&spec, rows, 500, &count, &failure), DBW_E_DATABASE);
        assert_string_equal(error.sqlstate, "23514");
        assert_int_equal(failure.row, 250);
        dbw_rollback(database);

        rows[250 * width + 3] = dbw_value_text(DBW_TEXT("\xff"));
        assert_ok(&error, dbw_begin(database, &error));
        assert_int_equal(load_rows(&spec, rows, 500, &count, &failure), DBW_E_DATA);
        assert_string_equal(error.sqlstate, "22021");
        assert_int_equal(failure.row, 250);
        dbw_rollback(database);
    }
    assert_string_equal(look(database, "SELECT count(*) FROM \"bad, line 77: x\""), "0");
}

static void a_load_can_be_given_up(void **state)
{
    (void)state;
    run(database, "CREATE TABLE given_up (id int)");
    dbw_load_spec spec = whole(table_named("given_up"));
    dbw_load *load_handle;
    assert_ok(&error, dbw_begin(database, &error));
    assert_ok(&error, bulk()->load_begin(database, &spec, &load_handle, &error));
    char *many = dbw_arena_take(arena, 1000000);
    for (size_t i = 0; i < 100000; i++)
        memcpy(many + i * 10, "\0\1\0\0\0\4\0\0\0\7", 10);
    assert_ok(&error, bulk()->load_send(load_handle, (dbw_text){many, 1000000}, 100000, &error));
    bulk()->load_abort(load_handle);
    dbw_rollback(database);
    assert_string_equal(look(database, "SELECT count(*) FROM given_up"), "0");
    /* The same, ended: all rows are there. */
    int64_t rows;
    assert_ok(&error, dbw_begin(database, &error));
    assert_ok(&error, bulk()->load_begin(database, &spec, &load_handle, &error));
    for (int i = 0; i < 20; i++)
        assert_ok(&error,
                  bulk()->load_send(load_handle, (dbw_text){many, 1000000}, 100000, &error));
    assert_ok(&error, bulk()->load_end(load_handle, &rows, NULL, &error));
    assert_int_equal(rows, 2000000);
    assert_ok(&error, dbw_commit(database, &error));
    assert_string_equal(look(database, "SELECT sum(id) FROM given_up"), "14000000");
}

static void a_table_that_is_not_there_is_reported(void **state)
{
    (void)state;
    dbw_column column = {.name = "id", .type = {.intent = DBW_INTENT_INT32}};
    dbw_table table = {.name = "absent", .columns = &column, .column_count = 1};
    dbw_load_spec spec = whole(&table);
    dbw_load *load_handle;
    assert_fails(&error, DBW_E_NOT_FOUND,
                 "unable to load table 'absent': unable to run the statement: relation \"absent\" "
                 "does not exist",
                 bulk()->load_begin(database, &spec, &load_handle, &error));
    assert_null(load_handle);
    assert_ok(&error, dbw_database_ping(database, &error));
}

static void fresh_tables_are_loaded_frozen(void **state)
{
    (void)state;
    dbw_value row = dbw_value_int(1);
    int64_t rows;
    assert_ok(&error, bulk()->load_session(database, &error));
    assert_ok(&error, dbw_begin(database, &error));
    run(database, "CREATE TABLE frozen (id int)");
    dbw_column column = {.name = "id", .type = {.intent = DBW_INTENT_INT32}};
    dbw_table table = {.name = "frozen", .columns = &column, .column_count = 1};
    dbw_load_spec spec = whole(&table);
    spec.fresh = true;
    assert_ok(&error, load_rows(&spec, &row, 1, &rows, NULL));
    assert_ok(&error, dbw_commit(database, &error));
    assert_string_equal(dbw_test_query(dbw_test_url("postgresql-admin"), "SELECT 1"), "1");
    /* In a later transaction the server refuses: the caller was wrong. */
    assert_ok(&error, dbw_begin(database, &error));
    assert_int_equal(load_rows(&spec, &row, 1, &rows, NULL), DBW_E_DATABASE);
    assert_non_null(strstr(error.message, "cannot perform COPY FREEZE"));
    dbw_rollback(database);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void ranges_limits_and_order(void **state)
{
    (void)state;
    run(database, "CREATE TABLE ordered (a int, b text, c int, PRIMARY KEY (a, b)); "
                  "INSERT INTO ordered SELECT n / 10, 'k' || n % 10, n FROM "
                  "generate_series(0, 99) n ORDER BY random()");
    const dbw_table *table = table_named("ordered");
    static const size_t columns[] = {2};
    static const char *key[] = {"a", "b"};
    dbw_value from[] = {dbw_value_int(3), dbw_value_string("k7")};
    dbw_value to[] = {dbw_value_int(4), dbw_value_string("k2")};
    dbw_scan scan = {.table = table,
                     .columns = columns,
                     .column_count = 1,
                     .key = {key, 2},
                     .range = {from, to},
                     .limit = -1};
    dbw_value expected[] = {dbw_value_int(37), dbw_value_int(38), dbw_value_int(39),
                            dbw_value_int(40), dbw_value_int(41)};
    expect_rows(&scan, expected, 5);
    scan.offset = 1;
    scan.limit = 2;
    expect_rows(&scan, expected + 1, 2);
    scan.offset = 0;
    scan.limit = 0;
    expect_rows(&scan, expected, 0);
    scan.limit = 1;
    scan.range = (dbw_key_range){NULL, from};
    dbw_value first = dbw_value_int(0);
    expect_rows(&scan, &first, 1);
}

static void keys_of_every_type_bound_a_range(void **state)
{
    (void)state;
    static const struct {
        const char *type, *low, *high;
    } cases[] = {
        {"uuid", "'00000000-0000-0000-0000-000000000001'",
         "'f0000000-0000-0000-0000-000000000000'"},
        {"timestamptz", "'2026-01-01 00:00:00.000001+02'", "'2026-01-01 12:00'"},
        {"timestamp", "'4000-01-01 BC'", "'infinity'"},
        {"date", "'0044-03-15 BC'", "'2026-01-01'"},
        {"numeric", "-12345678901234567890.5", "0.1"},
        {"bytea", "'\\x00'", "'\\xff'"},
        {"text", "'it''s \\ \"x\"'", "'zzz'"},
        {"varchar(30)", "'a'", "'b'"},
        {"float8", "0.1", "'Infinity'"},
        {"boolean", "false", "true"},
        {"interval", "'-1 year 3 days'", "'1 day 00:00:00.000001'"},
        {"time", "'00:00'", "'24:00'"},
        {"smallint", "-5", "7"},
        {"inet", "'10.0.0.1'", "'10.0.0.2'"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        run(database, dbw_arena_printf(arena,
                                       "DROP TABLE IF EXISTS keyed; CREATE TABLE keyed (k %s "
                                       "PRIMARY KEY); INSERT INTO keyed VALUES (%s), (%s)",
                                       cases[i].type, cases[i].low, cases[i].high));
        const dbw_table *table = table_named("keyed");
        dbw_scan scan = whole_scan(table);
        static const char *key[] = {"k"};
        scan.key = (dbw_names){key, 1};
        dbw_rows *rows;
        const dbw_value *row;
        assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
        dbw_value values[2];
        for (int n = 0; n < 2; n++) {
            assert_ok(&error, dbw_rows_next(rows, &row, &error));
            values[n] = dbw_value_copy(arena, &row[0]);
        }
        dbw_rows_close(rows);
        scan.range = (dbw_key_range){&values[0], &values[1]};
        expect_rows(&scan, &values[0], 1);
        scan.range = (dbw_key_range){&values[1], NULL};
        expect_rows(&scan, &values[1], 1);
    }
}

static void a_scan_can_be_left_half_way_in_a_transaction(void **state)
{
    (void)state;
    run(database, "CREATE TABLE big AS SELECT n AS id, repeat('x', 500) AS t FROM "
                  "generate_series(1, 60000) n");
    dbw_scan scan = whole_scan(table_named("big"));
    dbw_rows *rows;
    const dbw_value *row;
    assert_ok(&error, dbw_begin(database, &error));
    run(database, "INSERT INTO big VALUES (0, 'mine')");
    for (int i = 0; i < 5; i++) {
        assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        dbw_rows_close(rows);
    }
    assert_string_equal(look(database, "SELECT count(*) FROM big"), "60001");
    assert_ok(&error, dbw_commit(database, &error));
    assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
    assert_ok(&error, dbw_rows_next(rows, &row, &error));
    dbw_rows_close(rows);
    assert_string_equal(look(database, "SELECT count(*) FROM big"), "60001");
    /* A scan that fails at once leaves the transaction usable as well. */
    dbw_table absent = *scan.table;
    absent.name = "absent";
    scan.table = &absent;
    assert_ok(&error, dbw_begin(database, &error));
    assert_int_equal(bulk()->scan(database, &scan, &rows, &error), DBW_E_NOT_FOUND);
    assert_string_equal(look(database, "SELECT 1"), "1");
    dbw_rollback(database);
}

static void readers_share_one_instant(void **state)
{
    (void)state;
    const char *url = dbw_test_fresh_database("postgresql", __func__);
    dbw_database *writer = open_url(url, NULL);
    run(writer, "CREATE TABLE t (id int); INSERT INTO t VALUES (1)");
    for (size_t readers = 1; readers <= 3; readers += 2) {
        dbw_snapshot *snapshot;
        bool changed = true;
        assert_ok(&error, bulk()->snapshot_open(url_of(url), NULL, readers, &snapshot, &error));
        assert_ok(&error, bulk()->snapshot_changed(snapshot, &changed, &error));
        assert_false(changed);
        const char *before = look(writer, "SELECT count(*) FROM t");
        run(writer, "INSERT INTO t VALUES (2)");
        for (size_t i = 0; i < readers; i++) {
            dbw_database *reader = bulk()->snapshot_reader(snapshot, i);
            assert_string_equal(look(reader, "SELECT count(*) FROM t"), before);
            assert_int_equal(dbw_execute(reader, "DELETE FROM t", NULL, 0, NULL, &error),
                             DBW_E_READ_ONLY);
        }
        assert_null(bulk()->snapshot_reader(snapshot, readers));
        assert_string_equal(bulk()->snapshot_note(snapshot),
                            readers > 1 ? "one exported snapshot for all readers"
                                        : "one read transaction");
        /* The writer's statistics are there once its session is over. */
        dbw_database_close(writer);
        for (int i = 0; i < 100 && !changed; i++)
            assert_ok(&error, bulk()->snapshot_changed(snapshot, &changed, &error));
        assert_true(changed);
        bulk()->snapshot_close(snapshot);
        writer = open_url(url, NULL);
    }
    dbw_database_close(writer);
}

static void tables_are_split_into_ranges(void **state)
{
    (void)state;
    run(database,
        "CREATE TABLE numbered (id bigint PRIMARY KEY, t text); "
        "INSERT INTO numbered SELECT n * 10, repeat('x', 100) FROM generate_series(1, 20000) n; "
        "CREATE TABLE lettered (id uuid PRIMARY KEY, t text); "
        "INSERT INTO lettered SELECT md5(n::text)::uuid, repeat('x', 100) FROM "
        "generate_series(1, 20000) n; ANALYZE numbered; ANALYZE lettered");
    static const char *const names[] = {"numbered", "lettered"};
    for (size_t i = 0; i < DBW_COUNT(names); i++) {
        const dbw_table *table = table_named(names[i]);
        dbw_value **bounds;
        size_t count;
        assert_ok(&error, bulk()->split(database, arena, table, &table->primary_key->columns,
                                        250000, &bounds, &count, &error));
        assert_in_range(count, 5, 24);
        /* Every row stands in exactly one range. */
        int64_t total = 0;
        for (size_t n = 0; n <= count; n++) {
            dbw_scan scan = whole_scan(table);
            scan.key = table->primary_key->columns;
            scan.range = (dbw_key_range){n ? bounds[n - 1] : NULL, n < count ? bounds[n] : NULL};
            dbw_rows *rows;
            const dbw_value *row;
            int64_t here = 0;
            assert_ok(&error, bulk()->scan(database, &scan, &rows, &error));
            for (;;) {
                assert_ok(&error, dbw_rows_next(rows, &row, &error));
                if (!row)
                    break;
                here++;
            }
            dbw_rows_close(rows);
            assert_in_range(here, 1, 8000);
            total += here;
        }
        assert_int_equal(total, 20000);
        assert_ok(&error, bulk()->split(database, arena, table, &table->primary_key->columns,
                                        1 << 30, &bounds, &count, &error));
        assert_int_equal(count, 0);
    }
}

static void extreme_keys_are_split_without_overflow(void **state)
{
    (void)state;
    run(database, dbw_arena_printf(arena,
                                   "CREATE TABLE extreme (id bigint PRIMARY KEY, t text); "
                                   "INSERT INTO extreme SELECT n, repeat('x', 1000) FROM "
                                   "generate_series(1, 2000) n; "
                                   "INSERT INTO extreme VALUES (%lld, ''), (%lld, '')",
                                   (long long)INT64_MIN, (long long)INT64_MAX));
    const dbw_table *table = table_named("extreme");
    dbw_value **bounds;
    size_t count;
    assert_ok(&error, bulk()->split(database, arena, table, &table->primary_key->columns, 100000,
                                    &bounds, &count, &error));
    assert_in_range(count, 5, 40);
    for (size_t i = 1; i < count; i++)
        assert_true(bounds[i][0].int64 > bounds[i - 1][0].int64);
    run(database, "TRUNCATE extreme");
    assert_ok(&error, bulk()->split(database, arena, table, &table->primary_key->columns, 1,
                                    &bounds, &count, &error));
    assert_int_equal(count, 0);
}

static void the_server_dies_amid_a_load(void **state)
{
    (void)state;
    dbw_database *victim = open_url(dbw_test_url("postgresql"), NULL);
    dbw_database *kept = database;
    database = victim;
    run(database, "CREATE TEMPORARY TABLE dying (id int)");
    dbw_column column = {.name = "id", .type = {.intent = DBW_INTENT_INT32}};
    dbw_table table = {.name = "dying", .columns = &column, .column_count = 1};
    dbw_load_spec spec = whole(&table);
    const char *pid = look(database, "SELECT pg_backend_pid()");
    dbw_load *load_handle;
    assert_ok(&error, dbw_begin(database, &error));
    assert_ok(&error, bulk()->load_begin(database, &spec, &load_handle, &error));
    dbw_test_query(dbw_test_url("postgresql-admin"),
                   dbw_arena_printf(arena, "SELECT pg_terminate_backend(%s)", pid));
    char *many = dbw_arena_take(arena, 1000000);
    for (size_t i = 0; i < 100000; i++)
        memcpy(many + i * 10, "\0\1\0\0\0\4\0\0\0\7", 10);
    dbw_status status = DBW_OK;
    for (int i = 0; i < 50 && status == DBW_OK; i++)
        status = bulk()->load_send(load_handle, (dbw_text){many, 1000000}, 100000, &error);
    int64_t rows;
    dbw_load_failure failure;
    dbw_status ended = bulk()->load_end(load_handle, &rows, &failure, &error);
    assert_int_equal(status == DBW_OK ? ended : status, DBW_E_UNREACHABLE);
    assert_int_equal(ended, DBW_E_UNREACHABLE);
    dbw_rollback(database);
    dbw_database_close(victim);
    database = kept;
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_server_names_row_and_column),
        cmocka_unit_test(a_load_can_be_given_up),
        cmocka_unit_test(a_table_that_is_not_there_is_reported),
        cmocka_unit_test(fresh_tables_are_loaded_frozen),
        cmocka_unit_test(ranges_limits_and_order),
        cmocka_unit_test(keys_of_every_type_bound_a_range),
        cmocka_unit_test(a_scan_can_be_left_half_way_in_a_transaction),
        cmocka_unit_test(readers_share_one_instant),
        cmocka_unit_test(tables_are_split_into_ranges),
        cmocka_unit_test(extreme_keys_are_split_without_overflow),
        cmocka_unit_test(the_server_dies_amid_a_load),
    };
    return cmocka_run_group_tests(tests, open_fresh, close_all);
}
