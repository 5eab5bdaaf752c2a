/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite_test.h"

#include <math.h>

static const char *ddl(const dbw_table *table, dbw_ddl_part part, size_t n)
{
    char *sql;
    assert_ok(&error, DIALECT->render_ddl(arena, table, part, n, &sql, &error));
    return sql;
}

/* Makes in `db` what `schema` describes. */
static void make_all(dbw_database *db, const dbw_schema *schema)
{
    run(db, "PRAGMA foreign_keys = OFF");
    for (size_t i = 0; i < schema->table_count; i++) {
        const dbw_table *table = &schema->tables[i];
        run(db, ddl(table, DBW_DDL_TABLE, 0));
        for (size_t n = 0; n < table->index_count; n++)
            run(db, ddl(table, DBW_DDL_INDEX, n));
        if (ddl(table, DBW_DDL_SEQUENCE, 0))
            run(db, ddl(table, DBW_DDL_SEQUENCE, 0));
    }
}

/* The structure but for how its defaults are spelled. */
static const char *structure_of(dbw_schema *schema)
{
    for (size_t i = 0; i < schema->table_count; i++)
        for (size_t n = 0; n < schema->tables[i].column_count; n++)
            if (schema->tables[i].columns[n].default_value.kind != DBW_DEFAULT_EXPRESSION)
                schema->tables[i].columns[n].default_value.text = NULL;
    return dbw_schema_fingerprint(arena, schema);
}

static void renders_what_the_catalog_reads_back(void **state DBW_UNUSED)
{
    static const char sql[] =
        "CREATE TABLE p (id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT, code TEXT COLLATE "
        "NOCASE NOT NULL CONSTRAINT uc UNIQUE, amount DECIMAL(12,2) DEFAULT 0.00, flag BOOLEAN NOT "
        "NULL DEFAULT FALSE, made DATETIME DEFAULT CURRENT_TIMESTAMP, day DATE DEFAULT "
        "(date('now')),"
        " key UUID_TEXT, note TEXT DEFAULT 'it''s; \"x\"', raw BLOB DEFAULT x'00ff', n INT DEFAULT "
        "-7, e INT DEFAULT (strftime('%s', 'now')), r REAL DEFAULT 1e300,"
        " CONSTRAINT ck CHECK (amount >= 0), CHECK (code <> 'x' -- remark\n));"
        "CREATE TABLE \"child \"\"q\"\" 1\" (a INT, b TEXT, p INTEGER REFERENCES p ON DELETE "
        "CASCADE"
        " ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED, g TEXT AS (b || 'x'), s INT GENERATED "
        "ALWAYS AS (a + 1) STORED, PRIMARY KEY (b, a), CONSTRAINT u2 UNIQUE (a, p), CONSTRAINT fk2 "
        "FOREIGN KEY (a) REFERENCES p (id) ON DELETE RESTRICT);"
        "CREATE TABLE w (k TEXT PRIMARY KEY, v) WITHOUT ROWID;"
        "CREATE TABLE s (i INTEGER PRIMARY KEY, t TEXT, a ANY) STRICT;"
        "CREATE TABLE plain (a, b);"
        "CREATE UNIQUE INDEX \"i 1\" ON p (amount DESC, lower(code)) WHERE amount > 0;"
        "CREATE INDEX i2 ON p (note COLLATE NOCASE);"
        "INSERT INTO p (id, code) VALUES (99, 'a'); DELETE FROM p";
    dbw_database *from = open_reading(make_file("rich.db", sql));
    dbw_database *to = open_file(make_file("made.db", ""));
    dbw_schema *wanted = catalog_of(from);
    make_all(to, wanted);
    dbw_schema *made = catalog_of(to);
    assert_string_equal(structure_of(made), structure_of(wanted));
    assert_int_equal(table_of(made, "p")->next_identity, 100);
    run(to, "INSERT INTO p (code) VALUES ('new')");
    assert_int_equal(integer_of(to, "SELECT id FROM p"), 100);
    assert_int_equal(integer_of(to, "SELECT length(made) = 19 AND amount = 0 AND n = -7 AND r = "
                                    "1e300 AND note = 'it''s; \"x\"' FROM p"),
                     1);
    dbw_database_close(from);
    dbw_database_close(to);
}

static void sets_the_high_water_mark_once(void **state DBW_UNUSED)
{
    dbw_database *db =
        open_file(make_file("sequence.db", "CREATE TABLE \"t't\" (id INTEGER PRIMARY KEY "
                                           "AUTOINCREMENT); INSERT INTO \"t't\" VALUES (3)"));
    dbw_table *table = table_of(catalog_of(db), "t't");
    table->next_identity = 1000;
    run(db, ddl(table, DBW_DDL_SEQUENCE, 0));
    run(db, ddl(table, DBW_DDL_SEQUENCE, 0));
    assert_int_equal(integer_of(db, "SELECT count(*) FROM sqlite_sequence"), 1);
    run(db, "INSERT INTO \"t't\" DEFAULT VALUES");
    assert_int_equal(integer_of(db, "SELECT max(id) FROM \"t't\""), 1000);
    table->next_identity = 1; /* as of a table that gave out none */
    run(db, ddl(table, DBW_DDL_SEQUENCE, 0));
    assert_int_equal(integer_of(db, "SELECT count(*) FROM sqlite_sequence"), 0);
    dbw_database_close(db);
}

/* Intents of other engines and what becomes of them. */
static const struct {
    dbw_type wanted;
    const char *spelling;
    dbw_loss loss;
    dbw_intent read_back;
} mapped[] = {
    {{.intent = DBW_INTENT_BOOLEAN}, "BOOLEAN", DBW_LOSS_TYPE, DBW_INTENT_BOOLEAN},
    {{.intent = DBW_INTENT_INT16}, "SMALLINT", DBW_LOSS_NONE, DBW_INTENT_INT16},
    {{.intent = DBW_INTENT_INT32}, "INTEGER", DBW_LOSS_TYPE, DBW_INTENT_INT64},
    {{.intent = DBW_INTENT_INT64}, "BIGINT", DBW_LOSS_NONE, DBW_INTENT_INT64},
    {{.intent = DBW_INTENT_UINT64}, "BIGINT UNSIGNED", DBW_LOSS_VALUES, DBW_INTENT_INT64},
    {{.intent = DBW_INTENT_FLOAT64}, "DOUBLE PRECISION", DBW_LOSS_NONE, DBW_INTENT_FLOAT64},
    {{.intent = DBW_INTENT_DECIMAL, .precision = 15, .scale = 2},
     "DECIMAL(15, 2)",
     DBW_LOSS_TYPE,
     DBW_INTENT_DECIMAL},
    {{.intent = DBW_INTENT_DECIMAL, .precision = 16, .scale = 2},
     "DECIMAL_TEXT(16, 2)",
     DBW_LOSS_TYPE,
     DBW_INTENT_DECIMAL},
    {{.intent = DBW_INTENT_DECIMAL}, "DECIMAL_TEXT", DBW_LOSS_TYPE, DBW_INTENT_DECIMAL},
    {{.intent = DBW_INTENT_VARCHAR, .length = 40},
     "VARCHAR(40)",
     DBW_LOSS_NONE,
     DBW_INTENT_VARCHAR},
    {{.intent = DBW_INTENT_TEXT}, "TEXT", DBW_LOSS_NONE, DBW_INTENT_TEXT},
    {{.intent = DBW_INTENT_BYTES, .length = 16}, "BLOB", DBW_LOSS_TYPE, DBW_INTENT_BYTES},
    {{.intent = DBW_INTENT_TIMESTAMP}, "DATETIME", DBW_LOSS_TYPE, DBW_INTENT_TIMESTAMP},
    {{.intent = DBW_INTENT_TIMESTAMPTZ},
     "TIMESTAMP WITH TIME ZONE",
     DBW_LOSS_TYPE,
     DBW_INTENT_TIMESTAMPTZ},
    {{.intent = DBW_INTENT_UUID}, "UUID_TEXT", DBW_LOSS_TYPE, DBW_INTENT_UUID},
    {{.intent = DBW_INTENT_JSONB}, "JSONB_TEXT", DBW_LOSS_TYPE, DBW_INTENT_JSONB},
    {{.intent = DBW_INTENT_ARRAY}, "JSON_TEXT", DBW_LOSS_TYPE, DBW_INTENT_JSON},
    {{.intent = DBW_INTENT_ANY}, "", DBW_LOSS_NONE, DBW_INTENT_ANY},
};

static void maps_every_intent(void **state DBW_UNUSED)
{
    for (size_t i = 0; i < DBW_COUNT(mapped); i++) {
        dbw_type_mapping mapping;
        dbw_type back;
        DIALECT->map_type(arena, &mapped[i].wanted, &mapping);
        assert_string_equal(mapping.type.spelling, mapped[i].spelling);
        assert_int_equal(mapping.loss, mapped[i].loss);
        if (!*mapping.type.spelling)
            continue;
        assert_ok(&error, DIALECT->parse_type(arena, mapping.type.spelling, &back, &error));
        assert_int_equal(back.intent, mapped[i].read_back);
    }
    for (int i = 0; i < DBW_INTENT_COUNT; i++) {
        dbw_type_mapping mapping;
        DIALECT->map_type(arena, &(dbw_type){.intent = (dbw_intent)i}, &mapping);
        assert_non_null(mapping.type.spelling);
        assert_true(mapping.loss == DBW_LOSS_NONE || mapping.note);
    }
}

static void refuses_unknown_types(void **state DBW_UNUSED)
{
    static const char *const bad[] = {"", "FOO", "frobnicate(3)"};
    dbw_type type;
    for (size_t i = 0; i < DBW_COUNT(bad); i++)
        assert_fails(&error, DBW_E_INVALID,
                     dbw_arena_printf(arena, "unknown SQLite type '%s'", bad[i]),
                     DIALECT->parse_type(arena, bad[i], &type, &error));
    assert_fails(&error, DBW_E_INVALID, "unable to read SQLite type 'TEXT); DROP TABLE t; --'",
                 DIALECT->parse_type(arena, "TEXT); DROP TABLE t; --", &type, &error));
    assert_fails(&error, DBW_E_INVALID, "unable to read SQLite type 'TEXT DEFAULT 'x''",
                 DIALECT->parse_type(arena, "TEXT DEFAULT 'x'", &type, &error));
}

static void renders_defaults_that_sqlite_reads(void **state DBW_UNUSED)
{
    static const struct {
        dbw_value value;
        dbw_type type;
        const char *text;
    } literals[] = {
        {{.kind = DBW_KIND_INT64, .int64 = -5}, {.spelling = "INT"}, "-5"},
        {{.kind = DBW_KIND_BOOL, .boolean = true}, {.spelling = "BOOLEAN"}, "1"},
        {{.kind = DBW_KIND_DOUBLE, .real = 0.1}, {.spelling = "REAL"}, "0.10000000000000001"},
        {{.kind = DBW_KIND_DOUBLE, .real = (double)-INFINITY}, {.spelling = "REAL"}, "-9e999"},
        {{.kind = DBW_KIND_DECIMAL, .text = {"1.50", 4}}, {.spelling = "DECIMAL(5,2)"}, "1.50"},
        {{.kind = DBW_KIND_DECIMAL, .text = {"1.50", 4}}, {.spelling = "DECIMAL_TEXT"}, "'1.50'"},
        {{.kind = DBW_KIND_TEXT, .text = {"a'b\0c", 5}},
         {.spelling = "TEXT"},
         "('a''b' || char(0) || 'c')"},
        {{.kind = DBW_KIND_BYTES, .text = {"\x00\xff", 2}}, {.spelling = "BLOB"}, "x'00ff'"},
        {{.kind = DBW_KIND_DATE, .int64 = 1}, {.spelling = "DATE"}, "'1970-01-02'"},
        {{.kind = DBW_KIND_NULL}, {.spelling = "INT"}, "NULL"},
    };
    for (size_t i = 0; i < DBW_COUNT(literals); i++) {
        dbw_default value = {.kind = DBW_DEFAULT_LITERAL, .value = literals[i].value};
        assert_string_equal(DIALECT->render_default(arena, &value, &literals[i].type),
                            literals[i].text);
    }
    dbw_type text = {.intent = DBW_INTENT_TEXT, .spelling = "TEXT"};
    assert_string_equal(
        DIALECT->render_default(arena, &(dbw_default){.kind = DBW_DEFAULT_NOW}, &text),
        "CURRENT_TIMESTAMP");
    assert_null(DIALECT->render_default(
        arena, &(dbw_default){.kind = DBW_DEFAULT_EXPRESSION, .text = "now()"}, &text));
    const char *uuid =
        DIALECT->render_default(arena, &(dbw_default){.kind = DBW_DEFAULT_UUID}, &text);
    dbw_database *db = open_file(":memory:");
    run(db, dbw_arena_printf(arena, "CREATE TABLE t (a INT, u TEXT DEFAULT %s)", uuid));
    run(db, "INSERT INTO t (a) VALUES (1)");
    assert_int_equal(integer_of(db, "SELECT length(u) = 36 AND substr(u, 15, 1) = '4' AND "
                                    "substr(u, 20, 1) GLOB '[89ab]' AND length(replace(u, '-', "
                                    "'')) = 32 AND u NOT GLOB '*[^-0-9a-f]*' FROM t"),
                     1);
    assert_int_equal(column_of(table_of(catalog_of(db), "t"), "u")->default_value.kind,
                     DBW_DEFAULT_UUID);
    dbw_database_close(db);
}

static void quotes_names_and_text(void **state DBW_UNUSED)
{
    dbw_database *db = open_file(":memory:");
    for (size_t i = 0; i < DBW_COUNT(hostile_names); i++) {
        dbw_buffer sql;
        dbw_buffer_init(&sql, 4096);
        dbw_buffer_add_string(&sql, "SELECT 'x' AS ");
        dbw_quote_name(&dbw_engine_sqlite, &sql, hostile_names[i]);
        dbw_rows *rows;
        assert_ok(&error, dbw_fetch(db, sql.data, NULL, 0, &rows, &error));
        assert_string_equal(dbw_rows_name(rows, 0), hostile_names[i]);
        dbw_rows_close(rows);
        dbw_buffer_free(&sql);
    }
    dbw_database_close(db);
}

static void renders_parts_only_where_there_is_something(void **state DBW_UNUSED)
{
    dbw_database *db = open_file(make_file("parts.db", "CREATE TABLE t (a INTEGER PRIMARY KEY, b "
                                                       "UNIQUE REFERENCES t)"));
    const dbw_table *table = table_of(catalog_of(db), "t");
    static const dbw_ddl_part empty[] = {DBW_DDL_PRIMARY_KEY, DBW_DDL_UNIQUE,  DBW_DDL_INDEX,
                                         DBW_DDL_FOREIGN_KEY, DBW_DDL_COMMENT, DBW_DDL_SEQUENCE};
    for (size_t i = 0; i < DBW_COUNT(empty); i++)
        assert_null(ddl(table, empty[i], 0));
    assert_string_equal(ddl(table, DBW_DDL_DROP_TABLE, 0), "DROP TABLE \"t\"");
    run(db, ddl(table, DBW_DDL_ANALYZE, 0));
    dbw_database_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renders_what_the_catalog_reads_back),
        cmocka_unit_test(sets_the_high_water_mark_once),
        cmocka_unit_test(maps_every_intent),
        cmocka_unit_test(refuses_unknown_types),
        cmocka_unit_test(renders_defaults_that_sqlite_reads),
        cmocka_unit_test(quotes_names_and_text),
        cmocka_unit_test(renders_parts_only_where_there_is_something),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
