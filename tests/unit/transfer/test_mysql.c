/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite into MariaDB: types, values that are hard to carry, keys, what is refused before the first
 * write. Values are compared by queries of the server's own client. */
#include "transfer_test.h"

/* Whether the report has such an entry. */
static bool listed(bench *b, const char *list, const char *member, const char *value)
{
    for (int i = 0; i < 40; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s.%d.%s", list, i, member);
        if (strcmp(bench_report(b, path), value) == 0)
            return true;
    }
    return false;
}

/* --- every type ------------------------------------------------------------------------------- */

static const char kinds[] =
    "CREATE TABLE kinds (id INTEGER PRIMARY KEY AUTOINCREMENT, b BOOLEAN NOT NULL DEFAULT 1, "
    "s SMALLINT, i INTEGER DEFAULT -5, l BIGINT, r REAL DEFAULT 1.5, d DECIMAL(20,6) DEFAULT 1.25, "
    "n NUMERIC, v VARCHAR(40) DEFAULT 'it''s \\ \"x\"', t TEXT DEFAULT 'long', c CHAR(3), "
    "x BLOB DEFAULT x'00ff', dt DATE DEFAULT CURRENT_DATE, ti TIME, "
    "ts TIMESTAMP DEFAULT CURRENT_TIMESTAMP, tz DATETIME, "
    "u UUID DEFAULT (lower(hex(randomblob(16)))), j JSON DEFAULT '{\"a\": 1}', whatever, "
    "g INTEGER GENERATED ALWAYS AS (s * 2) STORED, CHECK (s < 100 OR l IS NOT NULL));"
    "INSERT INTO kinds (id,b,s,i,l,r,d,n,v,t,c,x,dt,ti,ts,tz,u,j,whatever) VALUES "
    "(1,1,-32768,-2147483648,-9223372036854775808,-1.7976931348623157e308,'-12345.123456',"
    "'1234567890.5','😀 emoji','a'||char(0)||'b','abc',x'00FF5C0A09275C30','0001-01-01',"
    "'00:00:00','0001-01-01 00:00:00Z','2024-02-29 12:34:56.123456',"
    "'12345678-1234-1234-1234-123456789abc','{\"a\": [1, null, \"x\\n\"]}','text'),"
    "(2,0,32767,99,9223372036854775807,5e-324,'-0.000001','-1','\\N','\\N','xyz',x'',"
    "'9999-12-31','23:59:59.999999','9999-12-31 23:59:59.999999Z','1969-12-31 23:59:59',"
    "'{AABBCCDD-1234-1234-1234-123456789abc}','\"\\\\\"',NULL),"
    "(3,1,0,0,0,0.1,'0','0','','','a b',x'5C4E','1999-12-31','12:00','2000-01-01T00:00:00Z',"
    "'2000-01-01','00000000-0000-0000-0000-000000000000','null',''),"
    "(4,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),"
    "(5,0,1,1,1,-0.5,1,1,'tab\tnl\ncr'||char(13)||'quote''\"`\\','\\\\n\\t''','x y',x'0d1a00',"
    "NULL,NULL,NULL,NULL,NULL,NULL,'NULL');";

static const char shown[] =
    "SELECT b, s, i, l, r, d, n, HEX(v), HEX(t), c, HEX(x), dt, ti, ts, tz, u, HEX(j), "
    "HEX(whatever), g FROM kinds WHERE id IN (1, 2, 3, 4, 5) ORDER BY id";

static const char expected[] =
    "1\t-32768\t-2147483648\t-9223372036854775808\t-1.7976931348623157e308\t-12345.123456\t"
    "1234567890.500000\tF09F988020656D6F6A69\t610062\tabc\t00FF5C0A09275C30\t0001-01-01\t"
    "00:00:00.000000\t0001-01-01 00:00:00.000000\t2024-02-29 12:34:56.123456\t"
    "12345678-1234-1234-1234-123456789abc\t7B2261223A205B312C206E756C6C2C2022785C6E225D7D\t"
    "74657874\t-65536\n"
    "0\t32767\t99\t9223372036854775807\t5e-324\t-0.000001\t-1.000000\t5C4E\t5C4E\txyz\t\t"
    "9999-12-31\t23:59:59.999999\t9999-12-31 23:59:59.999999\t1969-12-31 23:59:59.000000\t"
    "aabbccdd-1234-1234-1234-123456789abc\t225C5C22\tNULL\t65534\n"
    "1\t0\t0\t0\t0.1\t0.000000\t0.000000\t\t\ta b\t5C4E\t1999-12-31\t12:00:00.000000\t"
    "2000-01-01 00:00:00.000000\t2000-01-01 00:00:00.000000\t00000000-0000-0000-0000-000000000000"
    "\t6E756C6C\t\t0\n"
    "0\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\t"
    "NULL\tNULL\tNULL\n"
    "0\t1\t1\t1\t-0.5\t1.000000\t1.000000\t746162096E6C0A63720D71756F74652722605C\t5C5C6E5C7427\t"
    "x y\t0D1A00\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL\t4E554C4C\t2";

/* Many rows go by LOAD DATA, few by INSERT. */
static void multiply_rows(bench *b)
{
    bench_source(b, "INSERT INTO kinds (b,s,i,l,r,d,n,v,t,c,x,dt,ti,ts,tz,u,j,whatever) SELECT "
                    "b,s,i,l,r,d,n,v,t,c,x,dt,ti,ts,tz,u,j,whatever FROM kinds, (WITH RECURSIVE "
                    "s(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < 500) SELECT k FROM "
                    "s)");
}

static void every_type_by_insert(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, kinds);
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_report(b, "verdict"), "converted");
    assert_string_equal(bench_query(b, shown), expected);
    bench_free(b);
}

static void every_type_by_load_data(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, kinds);
    multiply_rows(b);
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_report(b, "verdict"), "converted");
    assert_string_equal(bench_query(b, shown), expected);
    assert_string_equal(bench_query(b, "SELECT COUNT(*), COUNT(DISTINCT HEX(v)), COUNT(DISTINCT "
                                       "HEX(x)), COUNT(DISTINCT u), COUNT(DISTINCT r) FROM kinds"),
                        "2505\t4\t4\t3\t4");
    bench_free(b);
}

static void every_type_where_load_data_is_off(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, kinds);
    multiply_rows(b);
    dbw_test_query(dbw_test_url("mysql-admin"), "SET GLOBAL local_infile = 0");
    dbw_status status = bench_run(b, "job1", "{}");
    dbw_test_query(dbw_test_url("mysql-admin"), "SET GLOBAL local_infile = 1");
    assert_run(b, status);
    assert_string_equal(bench_query(b, shown), expected);
    assert_string_equal(bench_query(b, "SELECT COUNT(*), COUNT(DISTINCT HEX(v)), COUNT(DISTINCT "
                                       "HEX(x)), COUNT(DISTINCT u), COUNT(DISTINCT r) FROM kinds"),
                        "2505\t4\t4\t3\t4");
    bench_free(b);
}

static void the_table_is_made_like_the_source(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, kinds);
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(
        bench_query(b, "SHOW CREATE TABLE kinds"),
        "kinds\tCREATE TABLE `kinds` (\n  `id` bigint(20) NOT NULL AUTO_INCREMENT,\n"
        "  `b` tinyint(1) NOT NULL DEFAULT 1,\n  `s` smallint(6) DEFAULT NULL,\n"
        "  `i` bigint(20) DEFAULT -5,\n  `l` bigint(20) DEFAULT NULL,\n"
        "  `r` double DEFAULT 1.5,\n  `d` decimal(20,6) DEFAULT 1.250000,\n"
        "  `n` decimal(65,6) DEFAULT NULL,\n"
        "  `v` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin DEFAULT 'it''s \\\\ "
        "\"x\"',\n"
        "  `t` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin DEFAULT 'long',\n"
        "  `c` char(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin DEFAULT NULL,\n"
        "  `x` longblob DEFAULT X'00ff',\n  `dt` date DEFAULT curdate(),\n"
        "  `ti` time(6) DEFAULT NULL,\n  `ts` datetime(6) DEFAULT current_timestamp(6),\n"
        "  `tz` datetime(6) DEFAULT NULL,\n  `u` uuid DEFAULT uuid(),\n"
        "  `j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT '{\"a\": 1}' CHECK "
        "(json_valid(`j`)),\n"
        "  `whatever` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin DEFAULT NULL,\n"
        "  `g` bigint(20) GENERATED ALWAYS AS (`s` * 2) STORED,\n  PRIMARY KEY (`id`),\n"
        "  CONSTRAINT `kinds_check` CHECK (`s` < 100 or `l` is not null)\n"
        ") ENGINE=InnoDB AUTO_INCREMENT=6 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci");
    bench_free(b);
}

/* --- keys ------------------------------------------------------------------------------------- */

static void text_keys_stay_exact(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, "CREATE TABLE exact (k TEXT PRIMARY KEY, n INTEGER);"
                    "INSERT INTO exact VALUES ('a',1),('A',2),('a ',3),('ä',4),('',5),"
                    "('a'||char(0),6),('😀',7),('😁',8),('a'||char(9),9);"
                    "CREATE TABLE child (id INTEGER PRIMARY KEY, k TEXT NOT NULL REFERENCES "
                    "exact(k) ON DELETE CASCADE, p INTEGER REFERENCES child(id));"
                    "CREATE INDEX child_p ON child(p DESC);"
                    "INSERT INTO child VALUES (1,'a ',2),(2,'A',1);");
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_query(b, "SELECT COUNT(*), COUNT(DISTINCT HEX(k)) FROM exact"),
                        "9\t9");
    bench_query(b, "UPDATE child SET p = NULL; DELETE FROM exact WHERE n = 3");
    assert_string_equal(bench_query(b, "SELECT COUNT(*) FROM child WHERE k = 'a '"), "0");
    assert_true(listed(b, "ledger", "reason", "a key takes text of limited length only"));
    bench_free(b);
}

static void case_is_ignored_where_the_source_does(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(80) COLLATE NOCASE "
                    "UNIQUE, nick TEXT);"
                    "CREATE UNIQUE INDEX nicks ON people (nick COLLATE NOCASE);"
                    "INSERT INTO people VALUES (1, 'Ann@x', 'Ann'), (2, 'Änn@x', 'ann ');");
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(
        bench_query(b, "SELECT COUNT(*) FROM people WHERE mail = 'aNN@X' OR nick = 'aNN'"), "1");
    bench_query(b, "INSERT IGNORE INTO people VALUES (3, 'ANN@X', 'z'), (4, 'y', 'ANN')");
    assert_string_equal(bench_query(b, "SELECT COUNT(*) FROM people"), "2");
    bench_free(b);
}

static void long_text_is_unique_by_a_hash_and_indexed_by_its_beginning(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, "CREATE TABLE pages (url TEXT PRIMARY KEY, body TEXT, kind VARCHAR(20));"
                    "CREATE INDEX bodies ON pages (body, kind);"
                    "INSERT INTO pages VALUES (hex(zeroblob(1000)), hex(zeroblob(100000)), 'x'), "
                    "('short', '', NULL);");
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_query(b, "SELECT COUNT(*), SUM(LENGTH(url)), SUM(LENGTH(body)) FROM "
                                       "pages"),
                        "2\t2005\t200000");
    assert_string_equal(bench_query(b, "SELECT GROUP_CONCAT(INDEX_NAME, NON_UNIQUE, "
                                       "IFNULL(SUB_PART, '-') ORDER BY INDEX_NAME, SEQ_IN_INDEX) "
                                       "FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = "
                                       "DATABASE()"),
                        "bodies1255,bodies1-,pages_pkey0-");
    assert_true(listed(b, "ledger", "reason",
                       "its values are longer than the 3072 bytes that a key may have"));
    bench_free(b);
}

static void a_wide_row_moves_its_longest_texts_out(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, "CREATE TABLE wide (id INTEGER PRIMARY KEY, a VARCHAR(9000), b VARCHAR(8000), "
                    "c VARCHAR(200));"
                    "INSERT INTO wide VALUES (1, 'a', 'b', 'c');");
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_query(b, "SELECT GROUP_CONCAT(DATA_TYPE ORDER BY ORDINAL_POSITION) "
                                       "FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                                       "DATABASE()"),
                        "bigint,mediumtext,varchar,varchar");
    bench_free(b);
}

static void hostile_names_arrive(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, "CREATE TABLE \"strange `name`; -- x\" (\"a\"\"b\" INTEGER PRIMARY KEY, "
                    "\"sel ect\" TEXT, \"`\" TEXT UNIQUE, \"order\" TEXT, \"end \" TEXT);"
                    "INSERT INTO \"strange `name`; -- x\" VALUES (1, 'x', 'y', 'z', 'e');"
                    "CREATE TABLE \"smile 😀\" (\"😀\" INTEGER PRIMARY KEY);"
                    "INSERT INTO \"smile 😀\" VALUES (7);");
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(
        bench_query(b, "SELECT `a\"b`, `sel ect`, ```` FROM `strange ``name``; -- x`"), "1\tx\ty");
    assert_true(listed(b, "ledger", "reason", "it has a character beyond U+FFFF"));
    assert_true(listed(b, "ledger", "reason", "it ends with a space"));
    bench_free(b);
}

static void zero_and_negative_numbers_are_kept_in_an_automatic_column(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);"
                    "INSERT INTO t VALUES (0, 'zero'), (-1, 'minus'), (40, 'forty');"
                    "INSERT INTO t VALUES (90, 'gone'); DELETE FROM t WHERE id = 90;");
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_query(b, "SELECT GROUP_CONCAT(id ORDER BY id) FROM t"), "-1,0,40");
    assert_string_equal(bench_query(b, "INSERT INTO t (v) VALUES ('new'); SELECT LAST_INSERT_ID()"),
                        "91");
    bench_free(b);
}

static void unique_indexes_over_expressions_and_parts_are_kept(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, "CREATE TABLE t (id INTEGER PRIMARY KEY, mail TEXT, team INTEGER, gone TEXT);"
                    "CREATE UNIQUE INDEX mails ON t (lower(mail));"
                    "CREATE UNIQUE INDEX teams ON t (team, mail) WHERE gone IS NULL;"
                    "CREATE INDEX plain ON t (team) WHERE gone IS NULL;"
                    "INSERT INTO t VALUES (1, 'Ann', 7, NULL), (2, 'bob', 7, 'x'), "
                    "(3, NULL, 7, 'x'), (4, NULL, NULL, NULL);");
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_query(b, "SELECT * FROM t WHERE id = 1"), "1\tAnn\t7\tNULL");
    bench_query(b, "INSERT IGNORE INTO t VALUES (5, 'aNN', 8, NULL), (6, 'cid', 7, NULL), "
                   "(7, 'BOB', 9, 'x')");
    assert_string_equal(bench_query(b, "SELECT GROUP_CONCAT(id ORDER BY id) FROM t"), "1,2,3,4,6");
    bench_query(b, "DELETE FROM t WHERE id = 6; UPDATE t SET mail = NULL WHERE id = 2; "
                   "INSERT IGNORE INTO t VALUES (8, 'cid', 7, 'x'); "
                   "UPDATE t SET gone = NULL WHERE id = 8");
    assert_string_equal(bench_query(b, "SELECT COUNT(*), COUNT(gone) FROM t"), "5\t2");
    assert_true(listed(b, "ledger", "reason", "no partial indexes: it covers all rows"));
    bench_free(b);
}

static void what_speaks_of_the_automatic_column_is_told(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v INTEGER, "
                    "twice INTEGER GENERATED ALWAYS AS (id * 2) STORED, CHECK (id > 0), "
                    "CHECK (v > 0));"
                    "INSERT INTO t (id, v) VALUES (4, 1);");
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_query(b, "SELECT * FROM t"), "4\t1\t8");
    assert_string_equal(bench_report(b, "verdict"), "altered");
    assert_true(listed(b, "ledger", "reason", "it speaks of the AUTO_INCREMENT column"));
    bench_free(b);
}

/* --- what the check finds --------------------------------------------------------------------- */

static void endless_numbers_are_found_before_the_first_write(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, "CREATE TABLE t (id INTEGER PRIMARY KEY, r REAL);"
                    "INSERT INTO t VALUES (1, 9e999), (2, -9e999), (3, 1);");
    assert_run_fails(b, DBW_E_REFUSED,
                     "unable to copy as things are: 2 values of t.r cannot become double: the "
                     "target has neither NaN nor infinity, such as Infinity",
                     bench_run(b, "job1", "{}"));
    assert_string_equal(bench_report(b, "findings.0.code"), "out-of-range");
    assert_run(b, bench_run(b, "job2", "{\"on_bad_row\":\"reject\"}"));
    assert_string_equal(bench_query(b, "SELECT GROUP_CONCAT(id) FROM t"), "3");
    bench_free(b);
}

static void values_larger_than_the_servers_packet_are_found(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, "CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB);"
                    "INSERT INTO t VALUES (1, zeroblob(17000000)), (2, zeroblob(9000000));");
    assert_run_fails(b, DBW_E_REFUSED,
                     "unable to copy as things are: t.x holds a value of 17000000 bytes, and the "
                     "target's server takes rows of 16777216 at most",
                     bench_run(b, "job1", "{}"));
    assert_run(b, bench_run(b, "job2", "{\"on_bad_row\":\"reject\"}"));
    assert_string_equal(bench_query(b, "SELECT GROUP_CONCAT(id, ' ', LENGTH(x)) FROM t"),
                        "2 9000000");
    bench_free(b);
}

/* Escaped, the value is twice as long as a statement may be: LOAD DATA takes it all the same. */
static void a_large_value_full_of_backslashes_is_carried(void **state)
{
    (void)state;
    bench *b = bench_new_on("mysql", __func__);
    bench_source(b, "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);"
                    "INSERT INTO t VALUES (1, replace(hex(zeroblob(5000000)), '0', '\\'));");
    assert_run(b, bench_run(b, "job1", "{}"));
    assert_string_equal(bench_query(b, "SELECT LENGTH(x), x = REPEAT(CHAR(92), 10000000) FROM t"),
                        "10000000\t1");
    bench_free(b);
}

/* --- rows that the server refuses ------------------------------------------------------------- */

static bench *goods(const char *name)
{
    bench *b = bench_new_on("mysql", name);
    bench_source(b, "CREATE TABLE goods (id INTEGER PRIMARY KEY, price INTEGER, name TEXT);"
                    "INSERT INTO goods SELECT value, value % 100, 'thing ' || value FROM (WITH "
                    "RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE "
                    "value < 30000) SELECT value FROM s);");
    bench_query(b, "CREATE TABLE goods (id int PRIMARY KEY, price int, name varchar(60))");
    return b;
}

#define EXISTING "\"schema_mode\":\"existing\""

static void a_row_that_the_server_refuses_is_named(void **state)
{
    (void)state;
    bench *b = goods(__func__);
    bench_query(b, "ALTER TABLE goods ADD CONSTRAINT sane CHECK (name <> 'thing 17777')");
    assert_run_fails(b, DBW_E_DATA,
                     "the source is untouched: unable to copy row id = 17777 of table 'goods': "
                     "CONSTRAINT `sane` failed for `app_a_row_that_the_server_refuses_is_named`."
                     "`goods`",
                     bench_run(b, "job1", "{" EXISTING "}"));
    assert_string_equal(bench_query(b, "SELECT COUNT(*) FROM goods"), "0");
    bench_free(b);
}

static void refused_rows_are_rejected_and_the_rest_is_copied(void **state)
{
    (void)state;
    bench *b = goods(__func__);
    bench_query(b, "ALTER TABLE goods ADD CONSTRAINT sane CHECK (id NOT IN (1, 500, 501, 8192, "
                   "8193, 30000))");
    assert_run(b, bench_run(b, "job1", "{" EXISTING ",\"on_bad_row\":\"reject\"}"));
    assert_string_equal(bench_query(b, "SELECT COUNT(*) FROM goods"), "29994");
    assert_string_equal(bench_report(b, "tables.0.rejected"), "6");
    assert_string_equal(bench_report(b, "verdict"), "altered");
    bench_free(b);
}

/* LOAD DATA LOCAL would cut them with a warning. */
static void text_that_is_too_long_is_never_cut(void **state)
{
    (void)state;
    bench *b = goods(__func__);
    bench_query(b, "CREATE TRIGGER longer BEFORE INSERT ON goods FOR EACH ROW SET NEW.price = 1");
    bench_query(b, "DROP TRIGGER longer; ALTER TABLE goods MODIFY name varchar(10)");
    assert_run_fails(b, DBW_E_REFUSED,
                     "unable to copy as things are: 20001 values of goods.name cannot become "
                     "varchar(10): longer than the column, such as 'thing 10000'",
                     bench_run(b, "job1", "{" EXISTING "}"));
    bench_free(b);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "mysql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_by_insert),
        cmocka_unit_test(every_type_by_load_data),
        cmocka_unit_test(every_type_where_load_data_is_off),
        cmocka_unit_test(the_table_is_made_like_the_source),
        cmocka_unit_test(text_keys_stay_exact),
        cmocka_unit_test(case_is_ignored_where_the_source_does),
        cmocka_unit_test(long_text_is_unique_by_a_hash_and_indexed_by_its_beginning),
        cmocka_unit_test(a_wide_row_moves_its_longest_texts_out),
        cmocka_unit_test(hostile_names_arrive),
        cmocka_unit_test(zero_and_negative_numbers_are_kept_in_an_automatic_column),
        cmocka_unit_test(unique_indexes_over_expressions_and_parts_are_kept),
        cmocka_unit_test(what_speaks_of_the_automatic_column_is_told),
        cmocka_unit_test(endless_numbers_are_found_before_the_first_write),
        cmocka_unit_test(values_larger_than_the_servers_packet_are_found),
        cmocka_unit_test(a_large_value_full_of_backslashes_is_carried),
        cmocka_unit_test(a_row_that_the_server_refuses_is_named),
        cmocka_unit_test(refused_rows_are_rejected_and_the_rest_is_copied),
        cmocka_unit_test(text_that_is_too_long_is_never_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
