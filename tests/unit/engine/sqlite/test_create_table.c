/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sqlite/create_table.h"
#include "sqlite_test.h"

static dbw_sqlite_created_table *read_table(const char *sql)
{
    dbw_sqlite_created_table *table;
    assert_ok(&error, dbw_sqlite_create_table_read(arena, sql, &table, &error));
    return table;
}

static dbw_sqlite_created_index *read_index(const char *sql)
{
    dbw_sqlite_created_index *index;
    assert_ok(&error, dbw_sqlite_create_index_read(arena, sql, &index, &error));
    return index;
}

static void reads_columns_in_every_quoting(void **state DBW_UNUSED)
{
    dbw_sqlite_created_table *table =
        read_table("CREATE TABLE IF NOT EXISTS main.\"my \"\"table\" (a, [b b] INT, `c``c` \"odd "
                   "type\" (10, -2), 'd''d' TEXT -- a comment, with, commas)\n, \"e\" /* ( */ , "
                   "\xc3\xa4 VARCHAR(10) DEFAULT 'x),y' NOT NULL)");
    static const char *const names[] = {"a", "b b", "c`c", "d'd", "e", "\xc3\xa4"};
    assert_string_equal(table->name, "my \"table");
    assert_int_equal(table->column_count, DBW_COUNT(names));
    for (size_t i = 0; i < DBW_COUNT(names); i++)
        assert_string_equal(table->columns[i].name, names[i]);
}

static void reads_column_constraints(void **state DBW_UNUSED)
{
    dbw_sqlite_created_table *table = read_table(
        "CREATE TABLE t (id INTEGER CONSTRAINT pk PRIMARY KEY DESC ON CONFLICT REPLACE "
        "AUTOINCREMENT,\n"
        " name TEXT COLLATE nocase CONSTRAINT u UNIQUE ON CONFLICT IGNORE CONSTRAINT nn NOT NULL,\n"
        " n INT DEFAULT -1 CHECK (n > (0)) CONSTRAINT \"c 2\" CHECK ( n <> ')' ),\n"
        " d DEFAULT (strftime('%s', 'now')), e DEFAULT CURRENT_DATE NULL, f DEFAULT x'00' ,\n"
        " g INT GENERATED ALWAYS AS (n * 2) STORED, h AS (n || ')') VIRTUAL NOT NULL, i AS (1))");
    assert_int_equal(table->column_count, 9);
    assert_true(table->columns[0].autoincrement);
    assert_false(table->columns[1].autoincrement);
    assert_string_equal(table->columns[1].collation, "nocase");
    assert_null(table->columns[0].collation);
    assert_int_equal(table->key_count, 2);
    assert_true(table->keys[0].primary);
    assert_string_equal(table->keys[0].name, "pk");
    assert_string_equal(table->keys[1].name, "u");
    assert_string_equal(joined(&table->keys[1].columns), "name");
    assert_int_equal(table->check_count, 2);
    assert_null(table->checks[0].name);
    assert_string_equal(table->checks[0].expression, "n > (0)");
    assert_string_equal(table->checks[1].name, "c 2");
    assert_string_equal(table->checks[1].expression, "n <> ')'");
    assert_string_equal(table->columns[6].generation, "n * 2");
    assert_true(table->columns[6].stored);
    assert_string_equal(table->columns[7].generation, "n || ')'");
    assert_false(table->columns[7].stored);
    assert_string_equal(table->columns[8].generation, "1");
}

static void reads_foreign_keys_in_order(void **state DBW_UNUSED)
{
    dbw_sqlite_created_table *table = read_table(
        "CREATE TABLE t (a REFERENCES p, b INT CONSTRAINT fb REFERENCES \"p q\" (x) ON DELETE SET "
        "NULL ON UPDATE CASCADE MATCH FULL DEFERRABLE INITIALLY DEFERRED NOT NULL,\n"
        " c REFERENCES p NOT DEFERRABLE, d REFERENCES p NULL DEFERRABLE,\n"
        " CONSTRAINT two FOREIGN KEY (a, b) REFERENCES r (c, d) ON DELETE NO ACTION ON UPDATE "
        "RESTRICT\n"
        " FOREIGN KEY (d) REFERENCES r ON DELETE SET DEFAULT DEFERRABLE INITIALLY IMMEDIATE)");
    assert_int_equal(table->foreign_key_count, 6);
    const dbw_foreign_key *keys = table->foreign_keys;
    assert_string_equal(keys[0].referenced_table, "p");
    assert_int_equal(keys[0].referenced_columns.count, 0);
    assert_string_equal(keys[1].name, "fb");
    assert_string_equal(keys[1].referenced_table, "p q");
    assert_string_equal(joined(&keys[1].referenced_columns), "x");
    assert_int_equal(keys[1].on_delete, DBW_ACTION_SET_NULL);
    assert_int_equal(keys[1].on_update, DBW_ACTION_CASCADE);
    assert_true(keys[1].deferrable && keys[1].initially_deferred);
    assert_false(keys[2].deferrable);
    assert_true(keys[3].deferrable && !keys[3].initially_deferred);
    assert_string_equal(keys[4].name, "two");
    assert_string_equal(joined(&keys[4].columns), "a,b");
    assert_string_equal(joined(&keys[4].referenced_columns), "c,d");
    assert_int_equal(keys[4].on_update, DBW_ACTION_RESTRICT);
    assert_null(keys[5].name);
    assert_int_equal(keys[5].on_delete, DBW_ACTION_SET_DEFAULT);
    assert_true(keys[5].deferrable && !keys[5].initially_deferred);
}

static void reads_table_keys_and_options(void **state DBW_UNUSED)
{
    dbw_sqlite_created_table *table =
        read_table("create table t (id integer, a, b, constraint \"p k\" primary key (id "
                   "autoincrement) on conflict fail unique (a collate nocase desc, \"b\"), "
                   "constraint empty, check (a)) STRICT, without rowid;");
    assert_true(table->columns[0].autoincrement);
    assert_int_equal(table->key_count, 2);
    assert_string_equal(table->keys[0].name, "p k");
    assert_string_equal(joined(&table->keys[1].columns), "a,b");
    assert_int_equal(table->check_count, 1);
    assert_null(table->checks[0].name);
    assert_true(table->strict && table->without_rowid);
}

static void reads_keywords_as_names(void **state DBW_UNUSED)
{
    dbw_sqlite_created_table *table =
        read_table("CREATE TABLE key (action TEXT, desc INT, generated TEXT, rowid, no, temp, "
                   "strict, always text)");
    assert_int_equal(table->column_count, 8);
    assert_string_equal(table->columns[2].name, "generated");
    assert_false(table->strict);
}

static void refuses_other_text(void **state DBW_UNUSED)
{
    static const char *const texts[] = {"",
                                        "CREATE",
                                        "CREATE VIEW v AS SELECT 1",
                                        "CREATE TABLE t",
                                        "CREATE TABLE t (",
                                        "CREATE TABLE t (a",
                                        "CREATE TABLE t (a CHECK (1)",
                                        "CREATE TABLE t ()",
                                        "CREATE TABLE t (a) garbage",
                                        "CREATE TABLE t (a 'b)",
                                        "CREATE TABLE t (a DEFAULT)",
                                        "CREATE TABLE t (a REFERENCES p ON DELETE)",
                                        "CREATE TABLE t (a, PRIMARY (a))",
                                        "CREATE TABLE t (a, UNIQUE (a)) WITHOUT",
                                        "CREATE TABLE t (a, FOREIGN KEY (a))"};
    dbw_sqlite_created_table *table;
    for (size_t i = 0; i < DBW_COUNT(texts); i++)
        assert_int_equal(dbw_sqlite_create_table_read(arena, texts[i], &table, &error),
                         DBW_E_INVALID);
    assert_fails(&error, DBW_E_INVALID, "unable to read a table's definition at byte 17",
                 dbw_sqlite_create_table_read(arena, "CREATE TABLE t (a", &table, &error));
}

static void reads_indexes(void **state DBW_UNUSED)
{
    dbw_sqlite_created_index *index = read_index(
        "CREATE UNIQUE INDEX IF NOT EXISTS main.\"i x\" ON [t t] (a COLLATE nocase DESC, lower(b, "
        "',') , c || ' desc' COLLATE rtrim, (d) ASC NULLS LAST, \"e\") WHERE a > 0 AND b <> ';' -- "
        "x");
    static const char *const items[] = {"a", "lower(b, ',')", "c || ' desc'", "(d)", "\"e\""};
    assert_string_equal(index->name, "i x");
    assert_string_equal(index->table, "t t");
    assert_int_equal(index->item_count, DBW_COUNT(items));
    for (size_t i = 0; i < DBW_COUNT(items); i++)
        assert_string_equal(index->items[i], items[i]);
    assert_string_equal(index->where, "a > 0 AND b <> ';'");
    index = read_index("create index i on t(a COLLATE x || b)");
    assert_string_equal(index->items[0], "a COLLATE x || b");
    assert_null(index->where);
}

static void refuses_what_is_no_index(void **state DBW_UNUSED)
{
    static const char *const texts[] = {"",
                                        "CREATE INDEX",
                                        "CREATE INDEX i ON t",
                                        "CREATE INDEX i ON t (a",
                                        "CREATE INDEX i ON t (a) b",
                                        "CREATE INDEX i ON t ('a)",
                                        "CREATE INDEX i ON t (a) WHERE 'x"};
    dbw_sqlite_created_index *index;
    for (size_t i = 0; i < DBW_COUNT(texts); i++)
        assert_int_equal(dbw_sqlite_create_index_read(arena, texts[i], &index, &error),
                         DBW_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_columns_in_every_quoting),
        cmocka_unit_test(reads_column_constraints),
        cmocka_unit_test(reads_foreign_keys_in_order),
        cmocka_unit_test(reads_table_keys_and_options),
        cmocka_unit_test(reads_keywords_as_names),
        cmocka_unit_test(refuses_other_text),
        cmocka_unit_test(reads_indexes),
        cmocka_unit_test(refuses_what_is_no_index),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
