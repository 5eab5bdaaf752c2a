/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite_test.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/statvfs.h>

/* --- snapshots -------------------------------------------------------------------------------- */

typedef struct writer {
    const char *path;
    atomic_bool stop;
    _Atomic int64_t commits;
    int failed;
} writer;

/* The application: moves amounts between two rows, so that their sum never changes. */
static void *keep_writing(void *context)
{
    writer *w = context;
    sqlite3 *handle;
    if (sqlite3_open(w->path, &handle) != SQLITE_OK)
        return NULL;
    sqlite3_busy_timeout(handle, 20000);
    while (!atomic_load(&w->stop)) {
        if (sqlite3_exec(
                handle,
                "BEGIN IMMEDIATE; UPDATE t SET n = n + 1 WHERE id = 1; UPDATE t SET n = n - "
                "1 WHERE id = 2; INSERT INTO log VALUES (NULL); COMMIT",
                NULL, NULL, NULL) != SQLITE_OK)
            w->failed++;
        else
            atomic_fetch_add(&w->commits, 1);
    }
    sqlite3_close(handle);
    return NULL;
}

static const char accounts[] = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT); CREATE TABLE log "
                               "(id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1, 0), (2, 0);";

static dbw_snapshot *snapshot_of(const char *path, size_t readers)
{
    dbw_url url = url_of(path);
    dbw_open_options options = {.busy_timeout_ms = 10000};
    dbw_snapshot *snapshot;
    assert_ok(&error, BULK->snapshot_open(&url, &options, readers, &snapshot, &error));
    return snapshot;
}

static int64_t read_integer(dbw_snapshot *snapshot, size_t reader, const char *sql)
{
    return integer_of(BULK->snapshot_reader(snapshot, reader), sql);
}

/* Waits for one more commit, which proves that the application is not held off. */
static void wait_for_commit(writer *w)
{
    int64_t before = atomic_load(&w->commits);
    for (int i = 0; i < 3000 && atomic_load(&w->commits) == before; i++)
        usleep(10000);
    assert_true(atomic_load(&w->commits) > before);
}

static void sees_one_instant(const char *mode)
{
    char *path = make_file(dbw_arena_printf(arena, "%s.db", mode),
                           dbw_arena_printf(arena, "PRAGMA journal_mode = %s; %s", mode, accounts));
    writer w = {.path = path};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, keep_writing, &w), 0);
    wait_for_commit(&w);
    for (int round = 0; round < 5; round++) {
        dbw_snapshot *snapshot = snapshot_of(path, 3);
        int64_t seen = read_integer(snapshot, 0, "SELECT max(id) FROM log");
        wait_for_commit(&w);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(read_integer(snapshot, i, "SELECT max(id) FROM log"), seen);
            assert_int_equal(read_integer(snapshot, i, "SELECT sum(n) FROM t"), 0);
        }
        bool changed = false;
        assert_ok(&error, BULK->snapshot_changed(snapshot, &changed, &error));
        assert_true(changed);
        assert_null(BULK->snapshot_reader(snapshot, 3));
        BULK->snapshot_close(snapshot);
    }
    atomic_store(&w.stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(w.failed, 0);
}

static void sees_one_instant_in_wal_mode(void **state DBW_UNUSED)
{
    sees_one_instant("wal");
}

static void sees_one_instant_in_rollback_mode(void **state DBW_UNUSED)
{
    sees_one_instant("delete");
}

static void lets_the_application_write(void **state DBW_UNUSED)
{
    static const char *const modes[] = {"wal", "truncate"};
    static const char *const notes[] = {
        "one instant, by read transactions in WAL mode; the application goes on writing",
        "one instant, by a private copy; the application goes on writing"};
    for (size_t m = 0; m < 2; m++) {
        char *path =
            make_file(dbw_arena_printf(arena, "lets-%s.db", modes[m]),
                      dbw_arena_printf(arena, "PRAGMA journal_mode = %s; %s", modes[m], accounts));
        dbw_snapshot *snapshot = snapshot_of(path, 2);
        bool changed = true;
        assert_string_equal(BULK->snapshot_note(snapshot), notes[m]);
        assert_ok(&error, BULK->snapshot_changed(snapshot, &changed, &error));
        assert_false(changed);
        dbw_database *db = open_file(path);
        run(db, "INSERT INTO log VALUES (NULL)");
        assert_int_equal(read_integer(snapshot, 1, "SELECT count(*) FROM log"), 0);
        assert_ok(&error, BULK->snapshot_changed(snapshot, &changed, &error));
        assert_true(changed);
        assert_int_equal(dbw_execute(BULK->snapshot_reader(snapshot, 0), "DELETE FROM log", NULL, 0,
                                     NULL, &error),
                         DBW_E_READ_ONLY);
        BULK->snapshot_close(snapshot);
        dbw_database_close(db);
    }
}

static void notices_a_replaced_file(void **state DBW_UNUSED)
{
    char *path = make_file("replaced.db", accounts);
    char *other = make_file("replacing.db", accounts);
    dbw_snapshot *snapshot = snapshot_of(path, 1);
    bool changed = false;
    assert_int_equal(rename(other, path), 0);
    assert_ok(&error, BULK->snapshot_changed(snapshot, &changed, &error));
    assert_true(changed);
    BULK->snapshot_close(snapshot);
}

static size_t entries_of(const char *path)
{
    DIR *listing = opendir(path);
    size_t count = 0;
    assert_non_null(listing);
    while (readdir(listing))
        count++;
    closedir(listing);
    return count - 2;
}

static void leaves_no_copy_behind(void **state DBW_UNUSED)
{
    char *path = make_file("copied.db", accounts), *temporary = path_of("tmp");
    assert_int_equal(mkdir(temporary, 0700), 0);
    assert_int_equal(setenv("TMPDIR", temporary, 1), 0);
    /* What a process that is gone left is cleared away; 2^22 is the most that Linux numbers. */
    assert_int_equal(mkdir(path_of("tmp/dbwizard-snapshot-4194305-abcdef"), 0700), 0);
    make_file("tmp/dbwizard-snapshot-4194305-abcdef/source.db", accounts);
    assert_int_equal(mkdir(path_of("tmp/dbwizard-snapshot-own"), 0700), 0);
    dbw_snapshot *snapshot = snapshot_of(path, 2);
    assert_string_equal(BULK->snapshot_note(snapshot),
                        "one instant, by a private copy; the application goes on writing");
    assert_int_equal(entries_of(temporary), 1);
    assert_int_equal(read_integer(snapshot, 1, "SELECT count(*) FROM t"), 2);
    BULK->snapshot_close(snapshot);
    unsetenv("TMPDIR");
}

/* As large as a file must be to be read in place; only its length grows. */
static void enlarge(const char *path, int64_t bytes)
{
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0 && ftruncate(fd, bytes) == 0);
    close(fd);
}

static void reads_a_large_file_in_place_when_nobody_writes(void **state DBW_UNUSED)
{
    char *path = make_file("large.db", accounts);
    enlarge(path, INT64_C(257) << 20);
    dbw_snapshot *snapshot = snapshot_of(path, 2);
    assert_string_equal(BULK->snapshot_note(snapshot),
                        "one instant, by read transactions, as nothing had the file open for "
                        "writing: an application that starts meanwhile cannot write");
    dbw_database *db = open_file(path);
    assert_int_equal(dbw_execute(db, "INSERT INTO log VALUES (NULL)", NULL, 0, NULL, &error),
                     DBW_E_LOCKED);
    assert_int_equal(read_integer(snapshot, 1, "SELECT count(*) FROM t"), 2);
    BULK->snapshot_close(snapshot);
    /* It stays open for writing: a copy this time. */
    snapshot = snapshot_of(path, 1);
    assert_string_equal(BULK->snapshot_note(snapshot),
                        "one instant, by a private copy; the application goes on writing");
    run(db, "INSERT INTO log VALUES (NULL)");
    BULK->snapshot_close(snapshot);
    dbw_database_close(db);
}

static void reads_in_place_where_no_copy_fits(void **state DBW_UNUSED)
{
    static const int64_t bytes = INT64_C(3) << 40;
    const char *folders[] = {"/tmp", "/var/tmp"};
    char *path = make_file("sparse.db", accounts);
    struct statvfs fs;
    for (size_t i = 0; i < DBW_COUNT(folders); i++)
        if (statvfs(folders[i], &fs) == 0 && (int64_t)(fs.f_bavail * fs.f_frsize) > bytes / 2)
            SKIP_BECAUSE("%s has room for 3 TiB", folders[i]);
    if (truncate(path, bytes) != 0)
        SKIP_BECAUSE("the file system has no files of 3 TiB");
    dbw_database *db = open_file(path);
    dbw_snapshot *snapshot = snapshot_of(path, 2);
    assert_string_equal(BULK->snapshot_note(snapshot),
                        "one instant, by read transactions, as no temporary folder has room for a "
                        "copy: the application cannot write until they end");
    assert_int_equal(read_integer(snapshot, 1, "SELECT count(*) FROM t"), 2);
    BULK->snapshot_close(snapshot);
    dbw_database_close(db);
    assert_int_equal(truncate(path, 4096), 0);
}

static void refuses_sources_that_cannot_be_frozen(void **state DBW_UNUSED)
{
    dbw_url url = url_of(":memory:");
    dbw_snapshot *snapshot;
    assert_fails(&error, DBW_E_UNSUPPORTED,
                 "unable to read a database in memory: it belongs to one connection",
                 BULK->snapshot_open(&url, NULL, 2, &snapshot, &error));
    char *path = path_of("none.db");
    url = url_of(path);
    assert_fails(
        &error, DBW_E_NO_DATABASE,
        dbw_arena_printf(arena, "unable to open database file '%s': there is no such file", path),
        BULK->snapshot_open(&url, NULL, 2, &snapshot, &error));
    assert_null(snapshot);
}

/* --- scans ------------------------------------------------------------------------------------ */

static size_t all_columns[64];

static dbw_scan scan_of(const dbw_table *table)
{
    for (size_t i = 0; i < DBW_COUNT(all_columns); i++)
        all_columns[i] = i;
    return (dbw_scan){.table = table,
                      .columns = all_columns,
                      .column_count = table->column_count,
                      .key = table->primary_key ? table->primary_key->columns : (dbw_names){0},
                      .limit = -1};
}

/* The first column of every row, joined. */
static const char *scanned(dbw_database *db, const dbw_scan *scan)
{
    dbw_rows *rows;
    const dbw_value *row;
    char *out = dbw_arena_string(arena, "");
    assert_ok(&error, BULK->scan(db, scan, &rows, &error));
    for (;;) {
        assert_ok(&error, dbw_rows_next(rows, &row, &error));
        if (!row)
            break;
        out = dbw_arena_printf(arena, "%s%s%s", out, *out ? "," : "",
                               dbw_value_show(arena, &row[0], 40));
    }
    dbw_rows_close(rows);
    return out;
}

static void scans_by_range_offset_and_limit(void **state DBW_UNUSED)
{
    dbw_database *db = open_reading(make_file(
        "scan.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, c); INSERT INTO t (id) VALUES "
                   "(5), (1), (9), (3), (-7)"));
    dbw_scan scan = scan_of(table_of(catalog_of(db), "t"));
    dbw_value from = dbw_value_int(1), to = dbw_value_int(9);
    assert_string_equal(scanned(db, &scan), "-7,1,3,5,9");
    scan.range.from = &from;
    assert_string_equal(scanned(db, &scan), "1,3,5,9");
    scan.range.to = &to;
    assert_string_equal(scanned(db, &scan), "1,3,5");
    scan.offset = 1;
    assert_string_equal(scanned(db, &scan), "3,5");
    scan.limit = 1;
    assert_string_equal(scanned(db, &scan), "3");
    scan.limit = 0;
    assert_string_equal(scanned(db, &scan), "");
    scan = scan_of(scan.table);
    scan.range.to = &from;
    assert_string_equal(scanned(db, &scan), "-7");
    dbw_database_close(db);
}

static void scans_by_composite_and_text_keys(void **state DBW_UNUSED)
{
    dbw_database *db = open_reading(
        make_file("scan2.db",
                  "CREATE TABLE t (a TEXT COLLATE NOCASE, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID;"
                  "INSERT INTO t VALUES ('B', 1), ('a', 2), ('a', 10), ('c', 0), ('A', 3)"));
    dbw_scan scan = scan_of(table_of(catalog_of(db), "t"));
    size_t columns[] = {1, 0};
    dbw_value from[] = {text_value("A"), dbw_value_int(3)};
    dbw_value to[] = {text_value("C"), dbw_value_int(0)};
    scan.columns = columns;
    assert_string_equal(scanned(db, &scan), "2,3,10,1,0");
    scan.range = (dbw_key_range){from, to};
    assert_string_equal(scanned(db, &scan), "3,10,1");
    dbw_database_close(db);
}

static void scans_hostile_names_and_no_key(void **state DBW_UNUSED)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, 1 << 20);
    for (size_t i = 0; i < DBW_COUNT(hostile_names); i++) {
        dbw_buffer_add_string(&sql, "CREATE TABLE ");
        DIALECT->quote_name(&sql, hostile_names[i]);
        dbw_buffer_add_string(&sql, " (");
        DIALECT->quote_name(&sql, hostile_names[i]);
        dbw_buffer_add_string(&sql, ", rowid TEXT); INSERT INTO ");
        DIALECT->quote_name(&sql, hostile_names[i]);
        dbw_buffer_add_string(&sql, " VALUES ('v2', 'b'), ('v1', 'a');");
    }
    dbw_database *db = open_reading(make_file("names.db", sql.data));
    dbw_buffer_free(&sql);
    dbw_schema *schema = catalog_of(db);
    for (size_t i = 0; i < DBW_COUNT(hostile_names); i++) {
        dbw_scan scan = scan_of(table_of(schema, hostile_names[i]));
        assert_string_equal(scanned(db, &scan), "'v2','v1'");
        static const char *names[1];
        names[0] = hostile_names[i];
        scan.key = (dbw_names){names, 1};
        assert_string_equal(scanned(db, &scan), "'v1','v2'");
    }
    dbw_database_close(db);
}

static int reverse(void *context DBW_UNUSED, int a, const void *x, int b, const void *y)
{
    int shared = a < b ? a : b, order = memcmp(x, y, (size_t)shared);
    return -(order ? order : a - b);
}

static void scans_by_keys_of_unknown_collation(void **state DBW_UNUSED)
{
    char *path = path_of("strange.db");
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    sqlite3_create_collation(handle, "strange", SQLITE_UTF8, NULL, reverse);
    assert_int_equal(sqlite3_exec(handle,
                                  "CREATE TABLE t (k TEXT COLLATE strange PRIMARY KEY NOT NULL);"
                                  "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM "
                                  "n WHERE i < 999) INSERT INTO t SELECT i FROM n",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(handle);
    dbw_database *db = open_reading(path);
    dbw_scan scan = scan_of(table_of(catalog_of(db), "t"));
    dbw_value from = text_value("502"), to = text_value("505"), **bounds;
    size_t count;
    scan.range = (dbw_key_range){&from, &to};
    assert_string_equal(scanned(db, &scan), "'502','503','504'");
    assert_ok(&error, BULK->split(db, arena, scan.table, &scan.key, 100, &bounds, &count, &error));
    assert_int_equal(count, 0);
    dbw_database_close(db);
}

/* --- splitting -------------------------------------------------------------------------------- */

/* Every row is in exactly one range, no range is much too large; the number of ranges. */
static size_t check_split(dbw_database *db, const dbw_table *table, const dbw_names *key,
                          int64_t bytes, int64_t most_rows)
{
    dbw_value **bounds;
    size_t count;
    int64_t total = 0;
    assert_ok(&error, BULK->split(db, arena, table, key, bytes, &bounds, &count, &error));
    dbw_scan scan = scan_of(table);
    scan.key = *key;
    for (size_t i = 0; i <= count; i++) {
        dbw_rows *rows;
        const dbw_value *row;
        int64_t n = 0;
        scan.range = (dbw_key_range){i ? bounds[i - 1] : NULL, i < count ? bounds[i] : NULL};
        assert_ok(&error, BULK->scan(db, &scan, &rows, &error));
        while (dbw_rows_next(rows, &row, &error) == DBW_OK && row)
            n++;
        dbw_rows_close(rows);
        if (n > most_rows)
            fail_msg("%s: %lld rows in range %zu of %zu", table->name, (long long)n, i, count);
        total += n;
    }
    assert_int_equal(
        total, integer_of(db, dbw_arena_printf(arena, "SELECT count(*) FROM \"%s\"", table->name)));
    return count + 1;
}

static void splits_by_rowid(void **state DBW_UNUSED)
{
    char *path = make_file(
        "split.db",
        "CREATE TABLE even (id INTEGER PRIMARY KEY, c TEXT); CREATE TABLE holes (id INTEGER "
        "PRIMARY "
        "KEY, c TEXT); CREATE TABLE wide (id INTEGER PRIMARY KEY, c TEXT); CREATE TABLE edges (id "
        "INTEGER PRIMARY KEY, c TEXT); CREATE TABLE none (id INTEGER PRIMARY KEY, c TEXT);"
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " INSERT INTO even SELECT i, hex(zeroblob(46)) FROM n;"
        "INSERT INTO holes SELECT CASE WHEN id <= 10000 THEN id ELSE id + 4000000000000000000 END, "
        "c"
        " FROM even; INSERT INTO wide SELECT id, CASE WHEN id > 19000 THEN hex(zeroblob(1000)) "
        "ELSE "
        "'' END FROM even;"
        "INSERT INTO edges VALUES (-9223372036854775808, 'a'), (9223372036854775807, 'b'), (0, "
        "'c')");
    dbw_database *db = open_reading(path);
    dbw_schema *schema = catalog_of(db);
    dbw_names key = table_of(schema, "even")->primary_key->columns;
    /* 100 bytes a row. */
    assert_in_range(check_split(db, table_of(schema, "even"), &key, 100000, 1300), 18, 22);
    assert_in_range(check_split(db, table_of(schema, "holes"), &key, 100000, 1500), 17, 25);
    assert_in_range(check_split(db, table_of(schema, "wide"), &key, 200000, 20000), 8, 16);
    assert_int_equal(check_split(db, table_of(schema, "even"), &key, 100 << 20, 20000), 1);
    check_split(db, table_of(schema, "edges"), &key, 1, 3);
    assert_int_equal(check_split(db, table_of(schema, "none"), &key, 1, 0), 1);
    dbw_database_close(db);
}

static void splits_by_other_keys(void **state DBW_UNUSED)
{
    char *path =
        make_file("split2.db",
                  "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, c TEXT);"
                  "CREATE TABLE p (a INT, b INT, c TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;"
                  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
                  " INSERT INTO t SELECT lower(hex(i * 7919 % 10007)), hex(zeroblob(40)) FROM n;"
                  "INSERT INTO p SELECT rowid / 100, rowid % 100, c FROM t");
    dbw_database *db = open_reading(path);
    dbw_schema *schema = catalog_of(db);
    const dbw_table *t = table_of(schema, "t"), *p = table_of(schema, "p");
    assert_in_range(check_split(db, t, &t->primary_key->columns, 100000, 1400), 8, 12);
    assert_in_range(check_split(db, p, &p->primary_key->columns, 100000, 2000), 5, 12);
    assert_int_equal(check_split(db, t, &(dbw_names){0}, 1000, 10000), 1);
    dbw_database_close(db);
}

/* --- loading ---------------------------------------------------------------------------------- */

static dbw_load_spec spec_of(const dbw_table *table)
{
    scan_of(table);
    return (dbw_load_spec){
        .table = table, .columns = all_columns, .column_count = table->column_count};
}

static void loads_what_was_encoded(void **state DBW_UNUSED)
{
    dbw_database *db = open_file(make_file(
        "load.db", "CREATE TABLE t (i BIGINT, r DOUBLE PRECISION, d DECIMAL_TEXT(30, 10), "
                   "n DECIMAL(10, 2), s TEXT, b BLOB, ts DATETIME, u UUID_TEXT, j "
                   "JSON_TEXT, z)"));
    dbw_load_spec spec = spec_of(table_of(catalog_of(db), "t"));
    dbw_value row[] = {dbw_value_int(INT64_MIN),
                       {.kind = DBW_KIND_DOUBLE, .real = -0.0},
                       {.kind = DBW_KIND_DECIMAL, .text = {"12345678901234567890.1234567890", 31}},
                       {.kind = DBW_KIND_DECIMAL, .text = {"1.10", 4}},
                       dbw_value_text((dbw_text){"nul\0in", 6}),
                       {.kind = DBW_KIND_BYTES, .text = {"", 0}},
                       {.kind = DBW_KIND_TIMESTAMP, .int64 = 1},
                       {.kind = DBW_KIND_UUID, .uuid = {255}},
                       {.kind = DBW_KIND_JSON, .text = {"1.0", 3}},
                       DBW_NULL};
    dbw_encoder *encoder;
    dbw_buffer block;
    dbw_load *load;
    dbw_load_failure failure;
    size_t bad;
    int64_t rows;
    dbw_buffer_init(&block, 1 << 20);
    assert_ok(&error, BULK->encoder_new(&spec, &encoder, &error));
    for (int i = 0; i < 3; i++)
        assert_ok(&error, BULK->encode_row(encoder, row, &block, &bad, &error));
    assert_ok(&error, BULK->load_session(db, &error));
    assert_ok(&error, dbw_begin(db, &error));
    assert_ok(&error, BULK->load_begin(db, &spec, &load, &error));
    assert_ok(&error, BULK->load_send(load, dbw_buffer_text(&block), 3, &error));
    assert_ok(&error, BULK->load_send(load, dbw_buffer_text(&block), 3, &error));
    assert_ok(&error, BULK->load_end(load, &rows, &failure, &error));
    assert_ok(&error, dbw_commit(db, &error));
    assert_int_equal(rows, 6);
    assert_int_equal(failure.row, -1);
    assert_string_equal(
        text_of(db,
                "SELECT group_concat(typeof(i)||typeof(r)||typeof(d)||typeof(n)||typeof(s)||"
                "typeof(b)||typeof(ts)||typeof(u)||typeof(j)||typeof(z)) FROM (SELECT DISTINCT *"
                " FROM t)"),
        "integerrealtextrealtextblobtexttexttextnull");
    assert_string_equal(text_of(db, "SELECT d FROM t"), "12345678901234567890.1234567890");
    assert_int_equal(integer_of(db,
                                "SELECT count(*) FROM t WHERE length(CAST(s AS BLOB)) = 6 AND j "
                                "= '1.0' AND b = x'' AND ts = '1970-01-01 00:00:00.000001'"),
                     6);
    BULK->encoder_free(encoder);
    dbw_buffer_free(&block);
    dbw_database_close(db);
}

static void refuses_values_that_would_change(void **state DBW_UNUSED)
{
    dbw_database *db = open_file(
        make_file("refuse.db", "CREATE TABLE t (a TEXT, r REAL, d DECIMAL(30, 10), u BIGINT)"));
    dbw_load_spec spec = spec_of(table_of(catalog_of(db), "t"));
    dbw_encoder *encoder;
    dbw_buffer block;
    size_t bad = 99;
    dbw_value row[] = {text_value("before"), DBW_NULL, DBW_NULL, DBW_NULL};
    dbw_buffer_init(&block, 1 << 20);
    assert_ok(&error, BULK->encoder_new(&spec, &encoder, &error));
    assert_int_equal(block.length, 0);
    row[1] = DBW_NULL;
    row[2] = (dbw_value){.kind = DBW_KIND_DECIMAL, .text = {"1234567890.1234567", 18}};
    assert_fails(&error, DBW_E_DATA,
                 "unable to write column 'd' of table 't': SQLite would round it to 15 digits",
                 BULK->encode_row(encoder, row, &block, &bad, &error));
    assert_int_equal(bad, 2);
    row[2] = (dbw_value){.kind = DBW_KIND_DECIMAL, .text = {"00123456789.1234500000", 22}};
    assert_ok(&error, BULK->encode_row(encoder, row, &block, &bad, &error));
    row[2] = (dbw_value){.kind = DBW_KIND_DECIMAL, .text = {"9223372036854775807", 19}};
    assert_ok(&error, BULK->encode_row(encoder, row, &block, &bad, &error));
    row[3] = (dbw_value){.kind = DBW_KIND_UINT64, .uint64 = UINT64_MAX};
    assert_fails(&error, DBW_E_DATA,
                 "unable to write column 'u' of table 't': SQLite's integers end at "
                 "9223372036854775807",
                 BULK->encode_row(encoder, row, &block, &bad, &error));
    assert_string_equal(error.object, "t.u");
    BULK->encoder_free(encoder);
    dbw_buffer_free(&block);
    dbw_database_close(db);
}

static void names_the_row_that_was_refused(void **state DBW_UNUSED)
{
    dbw_database *db = open_file(
        make_file("bad.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, \"n.n\" TEXT NOT NULL)"));
    dbw_load_spec spec = spec_of(table_of(catalog_of(db), "t"));
    dbw_encoder *encoder;
    dbw_buffer block;
    dbw_load *load;
    dbw_load_failure failure;
    size_t bad;
    int64_t rows;
    dbw_buffer_init(&block, 1 << 20);
    assert_ok(&error, BULK->encoder_new(&spec, &encoder, &error));
    for (int64_t i = 0; i < 5; i++) {
        dbw_value row[] = {dbw_value_int(i), i == 3 ? DBW_NULL : text_value("x")};
        assert_ok(&error, BULK->encode_row(encoder, row, &block, &bad, &error));
    }
    assert_ok(&error, dbw_begin(db, &error));
    assert_ok(&error, BULK->load_begin(db, &spec, &load, &error));
    assert_fails(&error, DBW_E_DATABASE,
                 "unable to write table 't': NOT NULL constraint failed: t.n.n",
                 BULK->load_send(load, dbw_buffer_text(&block), 5, &error));
    assert_int_equal(BULK->load_send(load, dbw_buffer_text(&block), 5, &error), DBW_E_DATABASE);
    assert_fails(&error, DBW_E_DATABASE,
                 "unable to write table 't': NOT NULL constraint failed: t.n.n",
                 BULK->load_end(load, &rows, &failure, &error));
    assert_int_equal(failure.row, 3);
    assert_string_equal(failure.column, "n.n");
    assert_string_equal(error.sqlstate, "23502");
    assert_string_equal(error.object, "t.n.n");
    dbw_rollback(db);
    assert_int_equal(integer_of(db, "SELECT count(*) FROM t"), 0);
    assert_ok(&error, dbw_begin(db, &error));
    assert_ok(&error, BULK->load_begin(db, &spec, &load, &error));
    BULK->load_abort(load);
    dbw_rollback(db);
    BULK->encoder_free(encoder);
    dbw_buffer_free(&block);
    dbw_database_close(db);
}

static void loads_without_triggers_and_foreign_keys(void **state DBW_UNUSED)
{
    dbw_database *db = open_file(
        make_file("quiet.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, p REFERENCES t);"
                              "CREATE TABLE seen (id); CREATE TRIGGER tr AFTER INSERT ON t BEGIN "
                              "INSERT INTO seen VALUES (new.id); END"));
    assert_ok(&error, BULK->load_session(db, &error));
    run(db, "INSERT INTO t VALUES (1, 77)");
    assert_int_equal(integer_of(db, "SELECT count(*) FROM seen"), 0);
    dbw_database_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_one_instant_in_wal_mode),
        cmocka_unit_test(sees_one_instant_in_rollback_mode),
        cmocka_unit_test(lets_the_application_write),
        cmocka_unit_test(notices_a_replaced_file),
        cmocka_unit_test(leaves_no_copy_behind),
        cmocka_unit_test(reads_a_large_file_in_place_when_nobody_writes),
        cmocka_unit_test(reads_in_place_where_no_copy_fits),
        cmocka_unit_test(refuses_sources_that_cannot_be_frozen),
        cmocka_unit_test(scans_by_range_offset_and_limit),
        cmocka_unit_test(scans_by_composite_and_text_keys),
        cmocka_unit_test(scans_hostile_names_and_no_key),
        cmocka_unit_test(scans_by_keys_of_unknown_collation),
        cmocka_unit_test(splits_by_rowid),
        cmocka_unit_test(splits_by_other_keys),
        cmocka_unit_test(loads_what_was_encoded),
        cmocka_unit_test(refuses_values_that_would_change),
        cmocka_unit_test(names_the_row_that_was_refused),
        cmocka_unit_test(loads_without_triggers_and_foreign_keys),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
