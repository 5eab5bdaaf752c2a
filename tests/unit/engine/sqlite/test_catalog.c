/* SPDX-License-Identifier: Apache-2.0 */
#include "sqlite_test.h"

static dbw_schema *schema_of(const char *name, const char *sql)
{
    dbw_database *db = open_reading(make_file(name, sql));
    dbw_schema *schema = catalog_of(db);
    dbw_database_close(db);
    return schema;
}

static void lists_tables_by_kind(void **state DBW_UNUSED)
{
    dbw_schema *schema = schema_of(
        "kinds.db",
        "CREATE TABLE b (x); CREATE TABLE \"a\" (id INTEGER PRIMARY KEY AUTOINCREMENT);"
        "CREATE VIRTUAL TABLE f USING fts5 (body); CREATE TABLE c (k TEXT PRIMARY KEY) "
        "WITHOUT ROWID; CREATE TABLE s (i INT, t TEXT) STRICT; ANALYZE;"
        "CREATE VIEW v AS SELECT 1; CREATE TRIGGER tr AFTER INSERT ON b BEGIN SELECT 1; END");
    static const char *const ordinary[] = {"a", "b", "c", "s"};
    size_t n = 0, shadows = 0;
    for (size_t i = 0; i < schema->table_count; i++) {
        const dbw_table *table = &schema->tables[i];
        if (i)
            assert_true(strcmp(schema->tables[i - 1].name, table->name) < 0);
        if (table->kind == DBW_TABLE_ORDINARY)
            assert_string_equal(table->name, ordinary[n++]);
        shadows += table->kind == DBW_TABLE_SHADOW;
    }
    assert_int_equal(n, DBW_COUNT(ordinary));
    assert_int_equal(shadows, 5);
    assert_int_equal(table_of(schema, "f")->kind, DBW_TABLE_VIRTUAL);
    assert_string_equal(table_of(schema, "f")->columns[0].name, "body");
    assert_true(table_of(schema, "c")->without_rowid);
    assert_true(table_of(schema, "s")->strict);
    assert_string_equal(schema->backend, "sqlite");
    assert_int_equal(schema->object_count, 2);
    assert_string_equal(schema->objects[0].kind, "view");
    assert_string_equal(schema->objects[1].kind, "trigger");
    assert_string_equal(schema->objects[1].table, "b");
    assert_string_equal(schema->objects[1].definition,
                        "CREATE TRIGGER tr AFTER INSERT ON b BEGIN SELECT 1; END");
}

static const struct {
    const char *declared;
    dbw_intent intent;
    int length, precision, scale;
} types[] = {
    {"BOOLEAN", DBW_INTENT_BOOLEAN, 0, 0, 0},
    {"tinyint(1)", DBW_INTENT_BOOLEAN, 0, 0, 0},
    {"TINYINT", DBW_INTENT_INT16, 0, 0, 0},
    {"smallint", DBW_INTENT_INT16, 0, 0, 0},
    {"SMALLINT UNSIGNED", DBW_INTENT_INT32, 0, 0, 0},
    {"MEDIUMINT", DBW_INTENT_INT32, 0, 0, 0},
    {"INTEGER", DBW_INTENT_INT64, 0, 0, 0},
    {"int(11)", DBW_INTENT_INT64, 0, 0, 0},
    {"BIGINT", DBW_INTENT_INT64, 0, 0, 0},
    {"UNSIGNED BIG INT", DBW_INTENT_INT64, 0, 0, 0},
    {"MYINTTYPE", DBW_INTENT_INT64, 0, 0, 0},
    {"DECIMAL(12, 4)", DBW_INTENT_DECIMAL, 0, 12, 4},
    {"numeric", DBW_INTENT_DECIMAL, 0, 0, 0},
    {"DECIMAL_TEXT(38,10)", DBW_INTENT_DECIMAL, 0, 38, 10},
    {"REAL", DBW_INTENT_FLOAT64, 0, 0, 0},
    {"FLOAT", DBW_INTENT_FLOAT64, 0, 0, 0},
    {"DOUBLE  PRECISION", DBW_INTENT_FLOAT64, 0, 0, 0},
    {"VARCHAR(255)", DBW_INTENT_VARCHAR, 255, 0, 0},
    {"NVARCHAR(160)", DBW_INTENT_VARCHAR, 160, 0, 0},
    {"character varying (7)", DBW_INTENT_VARCHAR, 7, 0, 0},
    {"CHAR(36)", DBW_INTENT_CHAR, 36, 0, 0},
    {"TEXT", DBW_INTENT_TEXT, 0, 0, 0},
    {"CLOB", DBW_INTENT_TEXT, 0, 0, 0},
    {"mychartype", DBW_INTENT_TEXT, 0, 0, 0},
    {"BLOB", DBW_INTENT_BYTES, 0, 0, 0},
    {"VARBINARY(16)", DBW_INTENT_BYTES, 16, 0, 0},
    {"DATE", DBW_INTENT_DATE, 0, 0, 0},
    {"TIME", DBW_INTENT_TIME, 0, -1, 0},
    {"DATETIME", DBW_INTENT_TIMESTAMP, 0, -1, 0},
    {"TIMESTAMP(3)", DBW_INTENT_TIMESTAMP, 0, 3, 0},
    {"timestamp with time zone", DBW_INTENT_TIMESTAMPTZ, 0, -1, 0},
    {"JSON", DBW_INTENT_JSON, 0, 0, 0},
    {"JSONB", DBW_INTENT_JSONB, 0, 0, 0},
    {"UUID", DBW_INTENT_UUID, 0, 0, 0},
    {"\"odd\"\"type\"", DBW_INTENT_DECIMAL, 0, 0, 0},
    {"FOO", DBW_INTENT_DECIMAL, 0, 0, 0},
    {"", DBW_INTENT_ANY, 0, 0, 0},
};

static void reads_declared_types(void **state DBW_UNUSED)
{
    char *sql = dbw_arena_string(arena, "CREATE TABLE t (");
    for (size_t i = 0; i < DBW_COUNT(types); i++)
        sql = dbw_arena_printf(arena, "%s%sc%zu %s", sql, i ? ", " : "", i, types[i].declared);
    dbw_schema *schema = schema_of("types.db", dbw_arena_printf(arena, "%s)", sql));
    const dbw_table *table = table_of(schema, "t");
    assert_int_equal(table->column_count, DBW_COUNT(types));
    for (size_t i = 0; i < DBW_COUNT(types); i++) {
        const dbw_type *type = &table->columns[i].type;
        if (type->intent != types[i].intent)
            fail_msg("%s: %s", types[i].declared, dbw_intent_name(type->intent));
        assert_int_equal(type->length, types[i].length);
        assert_int_equal(type->precision, types[i].precision);
        assert_int_equal(type->scale, types[i].scale);
    }
    assert_string_equal(table->columns[11].type.spelling, "DECIMAL(12, 4)");
}

static const struct {
    const char *type, *text;
    dbw_default_kind kind;
    const char *shown; /* of a literal */
} defaults[] = {
    {"INT", "0", DBW_DEFAULT_LITERAL, "0"},
    {"INT", "-1", DBW_DEFAULT_LITERAL, "-1"},
    {"INT", "(- 1)", DBW_DEFAULT_LITERAL, "-1"},
    {"INT", "+5", DBW_DEFAULT_LITERAL, "5"},
    {"INT", "0x1F", DBW_DEFAULT_LITERAL, "31"},
    {"INT", "'42'", DBW_DEFAULT_LITERAL, "42"},
    {"INT", "\"7\"", DBW_DEFAULT_LITERAL, "7"},
    {"INT", "TRUE", DBW_DEFAULT_LITERAL, "1"},
    {"TEXT", "'42'", DBW_DEFAULT_LITERAL, "'42'"},
    {"TEXT", "'it''s'", DBW_DEFAULT_LITERAL, "'it's'"},
    {"TEXT", "(('x'))", DBW_DEFAULT_LITERAL, "'x'"},
    {"TEXT", "active", DBW_DEFAULT_LITERAL, "'active'"},
    {"TEXT", "\"quoted\"", DBW_DEFAULT_LITERAL, "'quoted'"},
    {"DECIMAL(10,2)", "0.00", DBW_DEFAULT_LITERAL, "0.00"},
    {"DECIMAL(10,2)", "'1.50'", DBW_DEFAULT_LITERAL, "1.50"},
    {"REAL", "1.5e3", DBW_DEFAULT_LITERAL, "1500"},
    {"REAL", ".5", DBW_DEFAULT_LITERAL, "0.5"},
    {"BOOLEAN", "0", DBW_DEFAULT_LITERAL, "false"},
    {"BOOLEAN", "'t'", DBW_DEFAULT_LITERAL, "true"},
    {"BOOLEAN", "FALSE", DBW_DEFAULT_LITERAL, "false"},
    {"BLOB", "x'00fF'", DBW_DEFAULT_LITERAL, "x'00ff'"},
    {"TEXT", "NULL", DBW_DEFAULT_LITERAL, "NULL"},
    {"DATETIME", "CURRENT_TIMESTAMP", DBW_DEFAULT_NOW, NULL},
    {"DATETIME", "current_timestamp", DBW_DEFAULT_NOW, NULL},
    {"DATETIME", "(datetime('now'))", DBW_DEFAULT_NOW, NULL},
    {"DATETIME", "(DateTime( 'now' , 'localtime' ))", DBW_DEFAULT_NOW, NULL},
    {"DATETIME", "(strftime('%Y-%m-%d %H:%M:%f', 'now'))", DBW_DEFAULT_NOW, NULL},
    {"DATE", "CURRENT_DATE", DBW_DEFAULT_TODAY, NULL},
    {"DATE", "(date('now'))", DBW_DEFAULT_TODAY, NULL},
    {"TIME", "(time('now'))", DBW_DEFAULT_TIME, NULL},
    {"TEXT", "(lower(hex(randomblob(16))))", DBW_DEFAULT_UUID, NULL},
    {"TEXT",
     "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || "
     "substr(hex(randomblob(2)),2)"
     " || '-' || substr('89ab',abs(random()) % 4 + 1, 1) || substr(hex(randomblob(2)),2) || '-' ||"
     " hex(randomblob(6))))",
     DBW_DEFAULT_UUID, NULL},
    {"INT", "(strftime('%s','now'))", DBW_DEFAULT_EXPRESSION, NULL},
    {"INT", "(unixepoch())", DBW_DEFAULT_EXPRESSION, NULL},
    {"TEXT", "('a' || 'b')", DBW_DEFAULT_EXPRESSION, NULL},
    {"TEXT", "(hex(randomblob(8)))", DBW_DEFAULT_EXPRESSION, NULL},
    {"INT", "(1 + 1)", DBW_DEFAULT_EXPRESSION, NULL},
};

static void decodes_defaults(void **state DBW_UNUSED)
{
    char *sql = dbw_arena_string(arena, "CREATE TABLE t (");
    for (size_t i = 0; i < DBW_COUNT(defaults); i++)
        sql = dbw_arena_printf(arena, "%sc%zu %s DEFAULT %s, ", sql, i, defaults[i].type,
                               defaults[i].text);
    dbw_schema *schema = schema_of("defaults.db", dbw_arena_printf(arena, "%slast)", sql));
    const dbw_table *table = table_of(schema, "t");
    for (size_t i = 0; i < DBW_COUNT(defaults); i++) {
        const dbw_default *value = &table->columns[i].default_value;
        if (value->kind != defaults[i].kind)
            fail_msg("%s: kind %d", defaults[i].text, value->kind);
        if (defaults[i].shown)
            assert_string_equal(dbw_value_show(arena, &value->value, 100), defaults[i].shown);
    }
    assert_int_equal(table->columns[DBW_COUNT(defaults)].default_value.kind, DBW_DEFAULT_NONE);
}

static void tells_identities_and_nulls(void **state DBW_UNUSED)
{
    dbw_schema *schema = schema_of(
        "keys.db",
        "CREATE TABLE alias (id INTEGER, x TEXT NOT NULL, y, CONSTRAINT pk PRIMARY KEY (id));"
        "CREATE TABLE auto (id INTEGER PRIMARY KEY AUTOINCREMENT);"
        "CREATE TABLE text_key (k TEXT PRIMARY KEY); CREATE TABLE int_key (k INT PRIMARY KEY);"
        "CREATE TABLE descending (k INTEGER PRIMARY KEY DESC);"
        "CREATE TABLE pair (a INT, b TEXT, PRIMARY KEY (b, a));"
        "CREATE TABLE no_rowid (a INTEGER PRIMARY KEY) WITHOUT ROWID;"
        "CREATE TABLE strict_key (k TEXT PRIMARY KEY) STRICT; CREATE TABLE none (a);"
        "INSERT INTO auto VALUES (41), (7); DELETE FROM auto WHERE id = 41;"
        "INSERT INTO alias VALUES (10, '', 1)");
    const dbw_table *alias = table_of(schema, "alias"), *automatic = table_of(schema, "auto");
    assert_string_equal(alias->primary_key->name, "pk");
    assert_int_equal(alias->columns[0].identity, DBW_IDENTITY_ROWID);
    assert_int_equal(alias->next_identity, 11);
    assert_false(alias->columns[0].nullable);
    assert_false(alias->columns[1].nullable);
    assert_true(alias->columns[2].nullable);
    assert_int_equal(automatic->columns[0].identity, DBW_IDENTITY_AUTO);
    assert_int_equal(automatic->next_identity, 42);
    static const char *const plain[] = {"text_key", "int_key", "descending"};
    for (size_t i = 0; i < DBW_COUNT(plain); i++) {
        const dbw_table *table = table_of(schema, plain[i]);
        assert_int_equal(table->columns[0].identity, DBW_IDENTITY_NONE);
        assert_int_equal(table->next_identity, 0);
        assert_true(table->columns[0].nullable);
        assert_int_equal(table->primary_key->columns.count, 1);
        assert_int_equal(table->index_count + table->unique_count, 0);
    }
    assert_string_equal(joined(&table_of(schema, "pair")->primary_key->columns), "b,a");
    assert_int_equal(table_of(schema, "no_rowid")->columns[0].identity, DBW_IDENTITY_NONE);
    assert_false(table_of(schema, "no_rowid")->columns[0].nullable);
    assert_null(table_of(schema, "none")->primary_key);
}

static void tells_constraints_from_indexes(void **state DBW_UNUSED)
{
    dbw_schema *schema = schema_of(
        "indexes.db",
        "CREATE TABLE t (a TEXT COLLATE NOCASE CONSTRAINT ua UNIQUE, b TEXT, c, \"d d\","
        " CONSTRAINT ubc UNIQUE (b, c), UNIQUE (b COLLATE NOCASE), CHECK (c > 0),"
        " CONSTRAINT ck CHECK (b <> ''));"
        "CREATE UNIQUE INDEX i1 ON t (c DESC) WHERE c > 1; CREATE INDEX i2 ON t (lower(b) COLLATE "
        "RTRIM, \"d d\"); CREATE INDEX i3 ON t (a COLLATE BINARY, b)");
    const dbw_table *table = table_of(schema, "t");
    assert_int_equal(table->unique_count, 2);
    assert_string_equal(table->uniques[0].name, "ua");
    assert_string_equal(table->uniques[1].name, "ubc");
    assert_string_equal(joined(&table->uniques[1].columns), "b,c");
    assert_string_equal(table->columns[0].collation, "NOCASE");
    assert_int_equal(table->index_count, 4);
    const dbw_index *index = &table->indexes[0];
    assert_string_equal(index->name, "i1");
    assert_true(index->unique && index->items[0].descending);
    assert_string_equal(index->where, "c > 1");
    index = &table->indexes[1];
    assert_null(index->items[0].column);
    assert_string_equal(index->items[0].expression, "lower(b)");
    assert_string_equal(index->items[0].collation, "RTRIM");
    assert_string_equal(index->items[1].column, "d d");
    assert_null(index->items[1].collation);
    index = &table->indexes[2];
    assert_string_equal(index->items[0].collation, "BINARY");
    assert_null(index->items[1].collation);
    /* A UNIQUE under another collation than its column's says more than a list of names. */
    index = &table->indexes[3];
    assert_true(index->unique && !index->definition);
    assert_string_equal(index->items[0].collation, "NOCASE");
    assert_int_equal(table->check_count, 2);
    assert_null(table->checks[0].name);
    assert_string_equal(table->checks[1].name, "ck");
    assert_string_equal(table->checks[1].expression, "b <> ''");
}

static void fills_in_what_foreign_keys_leave_out(void **state DBW_UNUSED)
{
    dbw_schema *schema = schema_of(
        "fks.db",
        "CREATE TABLE Parent (Id INTEGER PRIMARY KEY, code TEXT UNIQUE);"
        "CREATE TABLE pair (a, b, PRIMARY KEY (b, a));"
        "CREATE TABLE child (x REFERENCES parent, y CONSTRAINT fy REFERENCES PARENT (CODE) ON "
        "DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, z REFERENCES missing, w REFERENCES missing "
        "(q), p, FOREIGN KEY (p, x) REFERENCES pair ON UPDATE SET NULL)");
    const dbw_table *child = table_of(schema, "child");
    const dbw_foreign_key *keys = child->foreign_keys;
    assert_int_equal(child->foreign_key_count, 5);
    assert_string_equal(keys[0].referenced_table, "Parent");
    assert_string_equal(joined(&keys[0].referenced_columns), "Id");
    assert_string_equal(keys[1].name, "fy");
    assert_string_equal(joined(&keys[1].referenced_columns), "code");
    assert_int_equal(keys[1].on_delete, DBW_ACTION_CASCADE);
    assert_true(keys[1].deferrable && keys[1].initially_deferred);
    assert_string_equal(keys[2].referenced_table, "missing");
    assert_string_equal(joined(&keys[2].referenced_columns), "z");
    assert_string_equal(joined(&keys[3].referenced_columns), "q");
    assert_string_equal(joined(&keys[4].columns), "p,x");
    assert_string_equal(joined(&keys[4].referenced_columns), "b,a");
    assert_int_equal(keys[4].on_update, DBW_ACTION_SET_NULL);
}

static void reads_generated_columns(void **state DBW_UNUSED)
{
    dbw_schema *schema = schema_of("generated.db", "CREATE TABLE t (a INT, v TEXT AS (a || 'x'), s "
                                                   "INT GENERATED ALWAYS AS (a + 1) STORED)");
    const dbw_table *table = table_of(schema, "t");
    assert_int_equal(table->column_count, 3);
    assert_int_equal(table->columns[0].generated, DBW_GENERATED_NONE);
    assert_int_equal(table->columns[1].generated, DBW_GENERATED_VIRTUAL);
    assert_string_equal(table->columns[1].generation, "a || 'x'");
    assert_int_equal(table->columns[2].generated, DBW_GENERATED_STORED);
    assert_string_equal(table->columns[2].type.spelling, "INT");
}

static void survives_hostile_names(void **state DBW_UNUSED)
{
    dbw_buffer sql;
    dbw_buffer_init(&sql, 1 << 20);
    for (size_t i = 0; i < DBW_COUNT(hostile_names); i++) {
        dbw_buffer_add_string(&sql, "CREATE TABLE ");
        DIALECT->quote_name(&sql, hostile_names[i]);
        dbw_buffer_add_string(&sql, " (id INTEGER PRIMARY KEY AUTOINCREMENT, ");
        DIALECT->quote_name(&sql, hostile_names[i]);
        dbw_buffer_add_string(&sql, " TEXT CONSTRAINT ");
        DIALECT->quote_name(&sql, hostile_names[i]);
        dbw_buffer_add_string(&sql, " UNIQUE, parent REFERENCES ");
        DIALECT->quote_name(&sql, hostile_names[i]);
        dbw_buffer_add_string(&sql, "); CREATE INDEX ");
        DIALECT->quote_name(&sql, dbw_arena_printf(arena, "i%s", hostile_names[i]));
        dbw_buffer_add_string(&sql, " ON ");
        DIALECT->quote_name(&sql, hostile_names[i]);
        dbw_buffer_add_string(&sql, " (parent); INSERT INTO ");
        DIALECT->quote_name(&sql, hostile_names[i]);
        dbw_buffer_add_string(&sql, " VALUES (5, 'x', NULL);\n");
    }
    dbw_schema *schema = schema_of("hostile.db", sql.data);
    dbw_buffer_free(&sql);
    assert_int_equal(schema->table_count, DBW_COUNT(hostile_names));
    for (size_t i = 0; i < DBW_COUNT(hostile_names); i++) {
        const dbw_table *table = table_of(schema, hostile_names[i]);
        assert_string_equal(table->columns[1].name, hostile_names[i]);
        assert_string_equal(table->uniques[0].name, hostile_names[i]);
        assert_string_equal(table->foreign_keys[0].referenced_table, hostile_names[i]);
        assert_string_equal(joined(&table->foreign_keys[0].referenced_columns), "id");
        assert_int_equal(table->columns[0].identity, DBW_IDENTITY_AUTO);
        assert_int_equal(table->next_identity, 6);
        assert_int_equal(table->index_count, 1);
        assert_int_equal(table->estimated_rows, 1);
    }
}

static void names_virtual_tables_of_unknown_modules(void **state DBW_UNUSED)
{
    char *path = make_file("virtual.db", "CREATE TABLE t (a)");
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(handle,
                     "PRAGMA writable_schema = 1; INSERT INTO sqlite_schema VALUES ('table', 'v', "
                     "'v', 0, 'CREATE VIRTUAL TABLE v USING spellfix_unknown (x)')",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(handle);
    dbw_database *db = open_reading(path);
    dbw_schema *schema = catalog_of(db);
    assert_int_equal(table_of(schema, "v")->kind, DBW_TABLE_VIRTUAL);
    assert_int_equal(table_of(schema, "v")->column_count, 0);
    assert_int_equal(table_of(schema, "t")->column_count, 1);
    dbw_database_close(db);
}

static void estimates_without_a_scan(void **state DBW_UNUSED)
{
    dbw_schema *schema = schema_of(
        "sizes.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT); CREATE TABLE sparse (id INTEGER PRIMARY "
        "KEY, c TEXT); CREATE TABLE w (k TEXT PRIMARY KEY, c) WITHOUT ROWID; CREATE TABLE few (a);"
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
        " INSERT INTO t SELECT i, hex(zeroblob(50)) FROM n;"
        "INSERT INTO sparse SELECT id * 1000000000, c FROM t; INSERT INTO w SELECT id, c FROM t;"
        "INSERT INTO few VALUES (1), (2)");
    const dbw_table *t = table_of(schema, "t"), *sparse = table_of(schema, "sparse");
    assert_int_equal(t->estimated_rows, 5000);
    assert_in_range(t->estimated_bytes, 5000 * 100, 5000 * 120);
    assert_in_range(sparse->estimated_rows, 5000, 50000);
    assert_int_equal(table_of(schema, "w")->estimated_rows, -1);
    assert_int_equal(table_of(schema, "few")->estimated_rows, 2);
}

static void refuses_a_schema_of_any_size(void **state DBW_UNUSED)
{
    char *big = dbw_arena_take(arena, 7 << 20);
    memset(big, 'x', (7 << 20) - 1);
    make_file("huge.db", dbw_arena_printf(arena, "CREATE TABLE t (a DEFAULT '%s')", big));
    dbw_database *db = open_reading(path_of("huge.db"));
    dbw_schema *schema;
    assert_int_equal(dbw_database_catalog(db, arena, NULL, &schema, &error), DBW_E_LIMIT);
    dbw_database_close(db);
}

static char *shared_file(const char *name)
{
    const char *shared = getenv("DBW_SHARED_DATA"), *source = getenv("DBW_TOP_SRCDIR");
    char *path = shared ? dbw_arena_printf(arena, "%s/%s", shared, name) : NULL;
    if (!path || access(path, R_OK) != 0)
        path = dbw_arena_printf(arena, "%s/../shared/data/%s", source ? source : ".", name);
    if (access(path, R_OK) == 0)
        return path;
    return NULL;
}

static void reads_chinook(void **state DBW_UNUSED)
{
    char *path = shared_file("chinook.sqlite");
    if (!path)
        SKIP_BECAUSE("chinook.sqlite is neither in DBW_SHARED_DATA nor beside the source");
    dbw_database *db = open_reading(path);
    dbw_schema *schema = catalog_of(db);
    size_t foreign_keys = 0, indexes = 0;
    for (size_t i = 0; i < schema->table_count; i++) {
        foreign_keys += schema->tables[i].foreign_key_count;
        indexes += schema->tables[i].index_count;
        assert_non_null(schema->tables[i].primary_key);
    }
    assert_int_equal(schema->table_count, 11);
    assert_int_equal(foreign_keys, 11);
    assert_int_equal(indexes, 11);
    const dbw_table *track = table_of(schema, "Track");
    assert_int_equal(column_of(track, "UnitPrice")->type.intent, DBW_INTENT_DECIMAL);
    assert_int_equal(column_of(track, "Name")->type.length, 200);
    assert_int_equal(track->next_identity, 3504);
    assert_string_equal(joined(&table_of(schema, "PlaylistTrack")->primary_key->columns),
                        "PlaylistId,TrackId");
    dbw_database_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_tables_by_kind),
        cmocka_unit_test(reads_declared_types),
        cmocka_unit_test(decodes_defaults),
        cmocka_unit_test(tells_identities_and_nulls),
        cmocka_unit_test(tells_constraints_from_indexes),
        cmocka_unit_test(fills_in_what_foreign_keys_leave_out),
        cmocka_unit_test(reads_generated_columns),
        cmocka_unit_test(survives_hostile_names),
        cmocka_unit_test(names_virtual_tables_of_unknown_modules),
        cmocka_unit_test(estimates_without_a_scan),
        cmocka_unit_test(refuses_a_schema_of_any_size),
        cmocka_unit_test(reads_chinook),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
