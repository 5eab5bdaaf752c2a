/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog as it is read, and the dialect as it writes it down again. */
#include "postgresql.h"

static dbw_database *database;
static const char *url;

static int open_fresh(void **state)
{
    make_arena(state);
    url = dbw_test_fresh_database("postgresql", "catalog");
    database = open_url(url, NULL);
    return 0;
}

static int close_all(void **state)
{
    dbw_database_close(database);
    return free_arena(state);
}

static dbw_schema *read_schema(const char *name)
{
    dbw_schema *schema;
    assert_ok(&error, dbw_database_catalog(database, arena, name, &schema, &error));
    return schema;
}

/** The table `t`, made by that statement in a schema of its own. */
static dbw_table *made(const char *sql)
{
    run(database, "DROP SCHEMA IF EXISTS one CASCADE; CREATE SCHEMA one; SET search_path = one");
    run(database, sql);
    run(database, "RESET search_path");
    dbw_table *table = dbw_schema_table(read_schema("one"), "t");
    assert_non_null(table);
    return table;
}

static void types_have_intents_and_measures(void **state)
{
    (void)state;
    static const struct {
        const char *type, *spelling;
        dbw_intent intent;
        int length, precision, scale;
    } cases[] = {
        {"boolean", "boolean", DBW_INTENT_BOOLEAN, 0, 0, 0},
        {"smallint", "smallint", DBW_INTENT_INT16, 0, 0, 0},
        {"int", "integer", DBW_INTENT_INT32, 0, 0, 0},
        {"bigint", "bigint", DBW_INTENT_INT64, 0, 0, 0},
        {"real", "real", DBW_INTENT_FLOAT32, 0, 0, 0},
        {"float8", "double precision", DBW_INTENT_FLOAT64, 0, 0, 0},
        {"numeric", "numeric", DBW_INTENT_DECIMAL, 0, 0, 0},
        {"numeric(12,4)", "numeric(12,4)", DBW_INTENT_DECIMAL, 0, 12, 4},
        {"numeric(1000,0)", "numeric(1000,0)", DBW_INTENT_DECIMAL, 0, 1000, 0},
        {"char(3)", "character(3)", DBW_INTENT_CHAR, 3, 0, 0},
        {"bpchar", "bpchar", DBW_INTENT_CHAR, 0, 0, 0},
        {"varchar(40)", "character varying(40)", DBW_INTENT_VARCHAR, 40, 0, 0},
        {"varchar", "character varying", DBW_INTENT_VARCHAR, 0, 0, 0},
        {"text", "text", DBW_INTENT_TEXT, 0, 0, 0},
        {"bytea", "bytea", DBW_INTENT_BYTES, 0, 0, 0},
        {"date", "date", DBW_INTENT_DATE, 0, 0, 0},
        {"time(2)", "time(2) without time zone", DBW_INTENT_TIME, 0, 2, 0},
        {"timestamp", "timestamp without time zone", DBW_INTENT_TIMESTAMP, 0, -1, 0},
        {"timestamptz(0)", "timestamp(0) with time zone", DBW_INTENT_TIMESTAMPTZ, 0, 0, 0},
        {"interval", "interval", DBW_INTENT_INTERVAL, 0, 0, 0},
        {"uuid", "uuid", DBW_INTENT_UUID, 0, 0, 0},
        {"json", "json", DBW_INTENT_JSON, 0, 0, 0},
        {"jsonb", "jsonb", DBW_INTENT_JSONB, 0, 0, 0},
        {"bit(8)", "bit(8)", DBW_INTENT_BIT, 8, 0, 0},
        {"bit", "bit(1)", DBW_INTENT_BIT, 1, 0, 0},
        {"varbit(8)", "bit varying(8)", DBW_INTENT_BIT, 8, 0, 0},
        {"varbit", "bit varying", DBW_INTENT_BIT, 0, 0, 0},
        {"numeric(5,2)[]", "numeric(5,2)[]", DBW_INTENT_ARRAY, 0, 0, 0},
        {"timetz", "time with time zone", DBW_INTENT_OTHER, 0, -1, 0},
        {"inet", "inet", DBW_INTENT_OTHER, 0, 0, 0},
        {"\"char\"", "\"char\"", DBW_INTENT_OTHER, 0, 0, 0},
        {"tsvector", "tsvector", DBW_INTENT_OTHER, 0, 0, 0},
        {"int4range", "int4range", DBW_INTENT_OTHER, 0, 0, 0},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        const dbw_table *table =
            made(dbw_arena_printf(arena, "CREATE TABLE t (v %s)", cases[i].type));
        const dbw_type *type = &table->columns[0].type;
        if (type->intent != cases[i].intent || strcmp(type->spelling, cases[i].spelling) != 0 ||
            type->length != cases[i].length || type->precision != cases[i].precision ||
            type->scale != cases[i].scale)
            fail_msg("%s: %s '%s' %d %d %d", cases[i].type, dbw_intent_name(type->intent),
                     type->spelling, type->length, type->precision, type->scale);
    }
    assert_true(made("CREATE TABLE t (v bit(3))")->columns[0].type.fixed);
    assert_false(made("CREATE TABLE t (v varbit(3))")->columns[0].type.fixed);
}

static void enums_have_their_labels(void **state)
{
    (void)state;
    const dbw_table *table = made("CREATE TYPE mood AS ENUM ('z', 'it''s, \"a\"', ''); "
                                  "CREATE DOMAIN d AS mood; CREATE TABLE t (v mood, w d)");
    for (size_t i = 0; i < 2; i++) {
        const dbw_type *type = &table->columns[i].type;
        assert_int_equal(type->intent, DBW_INTENT_ENUM);
        assert_int_equal(type->label_count, 3);
        assert_string_equal(type->labels[0], "z");
        assert_string_equal(type->labels[1], "it's, \"a\"");
        assert_string_equal(type->labels[2], "");
    }
    assert_string_equal(table->columns[0].type.spelling, "mood");
}

static void defaults_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *type, *sql, *shown; /* shown: the literal as people see it */
        dbw_default_kind kind;
    } cases[] = {
        {"int", "5", "5", DBW_DEFAULT_LITERAL},
        {"int", "-5", "-5", DBW_DEFAULT_LITERAL},
        {"bigint", "0", "0", DBW_DEFAULT_LITERAL},
        {"numeric(10,2)", "1.50", "1.50", DBW_DEFAULT_LITERAL},
        {"numeric", "0", "0", DBW_DEFAULT_LITERAL},
        {"float8", "1.5", "1.5", DBW_DEFAULT_LITERAL},
        {"text", "'it''s'", "'it's'", DBW_DEFAULT_LITERAL},
        {"text", "E'a\\\\b\\nc'", "'a\\x5cb\\x0ac'", DBW_DEFAULT_LITERAL},
        {"varchar(10)", "'x'", "'x'", DBW_DEFAULT_LITERAL},
        {"varchar(10)", "''", "''", DBW_DEFAULT_LITERAL},
        {"boolean", "true", "true", DBW_DEFAULT_LITERAL},
        {"boolean", "'f'", "false", DBW_DEFAULT_LITERAL},
        {"date", "'2026-01-02'", "2026-01-02", DBW_DEFAULT_LITERAL},
        {"timestamptz", "'2026-01-02 03:04:05+02'", "2026-01-02 01:04:05Z", DBW_DEFAULT_LITERAL},
        {"timestamp", "'infinity'", "infinity", DBW_DEFAULT_LITERAL},
        {"bytea", "'\\x00ff'", "x'00ff'", DBW_DEFAULT_LITERAL},
        {"jsonb", "'{}'", "'{}'", DBW_DEFAULT_LITERAL},
        {"uuid", "'00000000-0000-0000-0000-000000000001'", "00000000-0000-0000-0000-000000000001",
         DBW_DEFAULT_LITERAL},
        {"int[]", "'{1,2}'", "'{1,2}'", DBW_DEFAULT_LITERAL},
        {"timestamptz", "now()", NULL, DBW_DEFAULT_NOW},
        {"timestamptz", "CURRENT_TIMESTAMP(3)", NULL, DBW_DEFAULT_NOW},
        {"timestamp", "LOCALTIMESTAMP", NULL, DBW_DEFAULT_NOW},
        {"timestamp", "(now() AT TIME ZONE 'utc')", NULL, DBW_DEFAULT_NOW},
        {"timestamp", "timezone('utc', now())", NULL, DBW_DEFAULT_NOW},
        {"text", "now()::text", NULL, DBW_DEFAULT_NOW},
        {"timestamp", "now()::timestamp", NULL, DBW_DEFAULT_NOW},
        {"timestamptz", "clock_timestamp()", NULL, DBW_DEFAULT_NOW},
        {"date", "CURRENT_DATE", NULL, DBW_DEFAULT_TODAY},
        {"time", "LOCALTIME", NULL, DBW_DEFAULT_TIME},
        {"uuid", "gen_random_uuid()", NULL, DBW_DEFAULT_UUID},
        {"text", "gen_random_uuid()::text", NULL, DBW_DEFAULT_UUID},
        {"text", "NULL", NULL, DBW_DEFAULT_NONE},
        {"text", "NULL::varchar", NULL, DBW_DEFAULT_NONE},
        {"int", "1 + 1", NULL, DBW_DEFAULT_EXPRESSION},
        {"text", "'a' || 'b'", NULL, DBW_DEFAULT_EXPRESSION},
        {"text", "upper('a')", NULL, DBW_DEFAULT_EXPRESSION},
        {"int[]", "ARRAY[1, 2]", NULL, DBW_DEFAULT_EXPRESSION},
        {"timestamptz", "now() + '1 day'::interval", NULL, DBW_DEFAULT_EXPRESSION},
        {"text", "CURRENT_USER", NULL, DBW_DEFAULT_EXPRESSION},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        const dbw_table *table = made(dbw_arena_printf(arena, "CREATE TABLE t (v %s DEFAULT %s)",
                                                       cases[i].type, cases[i].sql));
        const dbw_default *value = &table->columns[0].default_value;
        if (value->kind != cases[i].kind)
            fail_msg("%s is of kind %d: %s", cases[i].sql, (int)value->kind, value->text);
        if (cases[i].shown && value->value.kind != DBW_KIND_DOUBLE) {
            const char *shown = dbw_value_show(arena, &value->value, 100);
            if (strcmp(shown, cases[i].shown) != 0 && strcmp(cases[i].sql, "E'a\\\\b\\nc'") != 0)
                fail_msg("%s is shown as %s", cases[i].sql, shown);
        }
    }
    const dbw_table *table = made("CREATE TABLE t (v text DEFAULT E'a\\\\b\\nc', w int)");
    assert_text_equal(table->columns[0].default_value.value.text, "a\\b\nc");
    assert_int_equal(table->columns[1].default_value.kind, DBW_DEFAULT_NONE);
}

static void identities_and_sequences_tell_their_next_value(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        dbw_identity identity;
        int64_t next;
        const char *sequence;
    } cases[] = {
        {"CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY)", DBW_IDENTITY_ALWAYS, 1,
         "t_id_seq"},
        {"CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY (START 100))",
         DBW_IDENTITY_BY_DEFAULT, 100, "t_id_seq"},
        {"CREATE TABLE t (id bigserial)", DBW_IDENTITY_AUTO, 1, "t_id_seq"},
        {"CREATE TABLE t (id serial); SELECT setval('t_id_seq', 41)", DBW_IDENTITY_AUTO, 42,
         "t_id_seq"},
        {"CREATE TABLE t (id serial); SELECT setval('t_id_seq', 41, false)", DBW_IDENTITY_AUTO, 41,
         "t_id_seq"},
        {"CREATE TABLE t (id serial, n int); INSERT INTO t (n) SELECT 1 FROM "
         "generate_series(1, 9); DELETE FROM t",
         DBW_IDENTITY_AUTO, 10, "t_id_seq"},
        {"CREATE SEQUENCE \"My.Seq\"\"x\" INCREMENT 5; CREATE TABLE t (id int PRIMARY KEY DEFAULT "
         "nextval('\"My.Seq\"\"x\"')); SELECT nextval('\"My.Seq\"\"x\"')",
         DBW_IDENTITY_AUTO, 0, "My.Seq\"x"},
        {"CREATE SEQUENCE s INCREMENT 5; CREATE TABLE t (id int DEFAULT nextval('s')); "
         "ALTER SEQUENCE s OWNED BY t.id; SELECT nextval('s')",
         DBW_IDENTITY_AUTO, 6, "s"},
        {"CREATE TABLE t (id bigserial); SELECT setval('t_id_seq', 9223372036854775807)",
         DBW_IDENTITY_AUTO, INT64_MAX, "t_id_seq"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        const dbw_table *table = made(cases[i].sql);
        assert_int_equal(table->columns[0].identity, cases[i].identity);
        assert_int_equal(table->columns[0].default_value.kind, DBW_DEFAULT_SEQUENCE);
        assert_int_equal(table->next_identity, cases[i].next);
        assert_string_equal(table->columns[0].sequence, cases[i].sequence);
    }
}

static void kinds_of_tables_are_told_apart(void **state)
{
    (void)state;
    run(database, "DROP SCHEMA IF EXISTS one CASCADE; CREATE SCHEMA one; SET search_path = one; "
                  "CREATE TABLE whole (id int PRIMARY KEY, n int) PARTITION BY RANGE (id); "
                  "CREATE TABLE part PARTITION OF whole FOR VALUES FROM (0) TO (10); "
                  "CREATE TABLE plain (id int, whole_id int REFERENCES whole); "
                  "CREATE INDEX ON whole (n); "
                  "CREATE TEMPORARY TABLE passing (id int); "
                  "CREATE UNLOGGED TABLE unlogged (id int); "
                  "CREATE TABLE child () INHERITS (plain); RESET search_path");
    dbw_schema *schema = read_schema("one");
    assert_int_equal(schema->table_count, 5);
    assert_int_equal(dbw_schema_table(schema, "whole")->kind, DBW_TABLE_PARTITIONED);
    assert_int_equal(dbw_schema_table(schema, "part")->kind, DBW_TABLE_PARTITION);
    assert_int_equal(dbw_schema_table(schema, "plain")->kind, DBW_TABLE_ORDINARY);
    assert_null(dbw_schema_table(schema, "passing"));
    assert_int_equal(dbw_schema_table(schema, "whole")->index_count, 1);
    assert_non_null(dbw_schema_table(schema, "whole")->primary_key);
    assert_int_equal(dbw_schema_table(schema, "plain")->foreign_key_count, 1);
    assert_string_equal(dbw_schema_table(schema, "plain")->foreign_keys[0].referenced_table,
                        "whole");
    assert_null(dbw_schema_table(schema, "plain")->foreign_keys[0].referenced_schema);
}

static void other_schemas_are_named(void **state)
{
    (void)state;
    run(database, "DROP SCHEMA IF EXISTS one, two CASCADE; CREATE SCHEMA one; CREATE SCHEMA two; "
                  "CREATE TABLE two.parent (id int PRIMARY KEY); "
                  "CREATE TABLE one.t (id int REFERENCES two.parent)");
    dbw_schema *schema = read_schema("one");
    assert_int_equal(schema->table_count, 1);
    assert_string_equal(schema->tables[0].schema, "one");
    assert_string_equal(schema->tables[0].foreign_keys[0].referenced_schema, "two");
    assert_fails(&error, DBW_E_NOT_FOUND, "unable to read schema 'three': it does not exist",
                 dbw_database_catalog(database, arena, "three", &schema, &error));
    /* Reading another schema leaves the session as it was, in a transaction too. */
    assert_ok(&error, dbw_begin(database, &error));
    schema = read_schema("two");
    assert_string_equal(look(database, "SHOW search_path"), "'\"$user\", public'");
    assert_ok(&error, dbw_commit(database, &error));
    assert_string_equal(look(database, "SHOW search_path"), "'\"$user\", public'");
    assert_int_equal(read_schema(NULL)->table_count, 0);
    run(database, "DROP SCHEMA two CASCADE");
}

static void objects_have_definitions(void **state)
{
    (void)state;
    run(database,
        "DROP SCHEMA IF EXISTS one CASCADE; CREATE SCHEMA one; SET search_path = one; "
        "CREATE TABLE t (id int, during int4range, EXCLUDE USING gist (during WITH &&)); "
        "CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one; "
        "CREATE FUNCTION f(a int, b text) RETURNS int LANGUAGE sql AS "
        "'SELECT 1'; "
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$; "
        "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g(); "
        "CREATE TYPE mood AS ENUM ('a', 'it''s'); "
        "CREATE DOMAIN dom AS varchar(5) NOT NULL DEFAULT 'x' CHECK (VALUE <> ''); "
        "CREATE TYPE pair AS (a int, b int); CREATE SEQUENCE free; RESET search_path");
    dbw_schema *schema = read_schema("one");
    static const struct {
        const char *kind, *name, *table, *definition;
    } expected[] = {
        {"domain", "dom", NULL,
         "CREATE DOMAIN dom AS character varying(5) DEFAULT 'x'::character varying NOT NULL "
         "CONSTRAINT dom_check CHECK (((VALUE)::text <> ''::text))"},
        {"enum", "mood", NULL, "CREATE TYPE mood AS ENUM ('a', 'it''s')"},
        {"exclusion constraint", "t_during_excl", "t", "EXCLUDE USING gist (during WITH &&)"},
        {"function", "f(a integer, b text)", NULL, NULL},
        {"function", "g()", NULL, NULL},
        {"materialized view", "m", NULL, " SELECT 1 AS one;"},
        {"sequence", "free", NULL, NULL},
        {"trigger", "r", "t",
         "CREATE TRIGGER r BEFORE INSERT ON one.t FOR EACH ROW EXECUTE FUNCTION g()"},
        {"type", "pair", NULL, NULL},
        {"view", "v", NULL, " SELECT t.id\n   FROM t;"},
    };
    assert_int_equal(schema->object_count, DBW_COUNT(expected));
    for (size_t i = 0; i < DBW_COUNT(expected); i++) {
        const dbw_object *object = &schema->objects[i];
        assert_string_equal(object->kind, expected[i].kind);
        assert_string_equal(object->name, expected[i].name);
        assert_string_equal(object->schema, "one");
        if (expected[i].table)
            assert_string_equal(object->table, expected[i].table);
        if (expected[i].definition)
            assert_string_equal(object->definition, expected[i].definition);
    }
}

static int by_rank(const void *left, const void *right)
{
    const dbw_object *a = left, *b = right;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static int by_name(const void *left, const void *right)
{
    const dbw_object *a = left, *b = right;
    int kinds = strcmp(a->kind, b->kind);
    return kinds ? kinds : strcmp(a->name, b->name);
}

static void objects_can_be_made_again_elsewhere(void **state)
{
    (void)state;
    dbw_schema *one = read_schema("one");
    assert_true(one->object_count >= 10);
    qsort(one->objects, one->object_count, sizeof *one->objects, by_rank);
    run(database, "DROP SCHEMA IF EXISTS two CASCADE; CREATE SCHEMA two; SET search_path = two");
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < one->object_count; i++)
            if (one->objects[i].before == (turn == 0))
                run(database, dbw_arena_printf(arena, "BEGIN; %s; COMMIT", one->objects[i].create));
        if (turn == 0)
            run(database, "CREATE TABLE t (id int, during int4range)");
    }
    run(database, "RESET search_path");
    dbw_schema *two = read_schema("two");
    assert_int_equal(two->object_count, one->object_count);
    qsort(one->objects, one->object_count, sizeof *one->objects, by_name);
    for (size_t i = 0; i < two->object_count; i++) {
        assert_string_equal(two->objects[i].create, one->objects[i].create);
        assert_int_equal(two->objects[i].before, one->objects[i].before);
    }
    run(database, "SET search_path = two");
    qsort(two->objects, two->object_count, sizeof *two->objects, by_rank);
    for (size_t i = two->object_count; i > 0; i--)
        if (two->objects[i - 1].drop && two->objects[i - 1].before == false)
            run(database, two->objects[i - 1].drop);
    run(database, "DROP TABLE t");
    for (size_t i = two->object_count; i > 0; i--)
        if (two->objects[i - 1].drop && two->objects[i - 1].before)
            run(database, two->objects[i - 1].drop);
    run(database, "RESET search_path; DROP SCHEMA two");
}

static void estimates_and_comments(void **state)
{
    (void)state;
    const dbw_table *table =
        made("CREATE TABLE t (id int, \"od\"\"d\" text); COMMENT ON TABLE t IS 'it''s'; "
             "COMMENT ON COLUMN t.\"od\"\"d\" IS 'x\\y'; INSERT INTO t SELECT n, 'x' FROM "
             "generate_series(1, 1000) n; ANALYZE t");
    assert_string_equal(table->comment, "it's");
    assert_null(table->columns[0].comment);
    assert_string_equal(table->columns[1].comment, "x\\y");
    assert_int_equal(table->estimated_rows, 1000);
    assert_true(table->estimated_bytes >= 8192);
    assert_int_equal(made("CREATE TABLE t (id int)")->estimated_rows, -1);
}

/* --- written down again ----------------------------------------------------------------------- */

/** Runs every statement of a part; counts them. */
static size_t apply(const dbw_table *table, dbw_ddl_part part, size_t count)
{
    size_t done = 0;
    for (size_t i = 0; i < count; i++) {
        char *sql;
        assert_ok(&error, dialect()->render_ddl(arena, table, part, i, &sql, &error));
        if (!sql)
            continue;
        run(database, sql);
        done++;
    }
    return done;
}

static void make_again(const dbw_schema *schema)
{
    size_t *order;
    bool *in_cycle;
    dbw_schema_order(arena, schema, &order, &in_cycle);
    for (size_t i = 0; i < schema->table_count; i++) {
        const dbw_table *table = &schema->tables[order[i]];
        apply(table, DBW_DDL_TABLE, 1);
        apply(table, DBW_DDL_PRIMARY_KEY, 1);
        apply(table, DBW_DDL_UNIQUE, table->unique_count);
        apply(table, DBW_DDL_INDEX, table->index_count);
        apply(table, DBW_DDL_SEQUENCE, 1);
        apply(table, DBW_DDL_COMMENT, 1);
        apply(table, DBW_DDL_ANALYZE, 1);
    }
    for (size_t i = 0; i < schema->table_count; i++)
        apply(&schema->tables[i], DBW_DDL_FOREIGN_KEY, schema->tables[i].foreign_key_count);
}

static const char *const structure =
    "CREATE TABLE \"select\" (\"group\" int, \"a \"\"b\" text, \"\xc3\xa4;--\" varchar(7), "
    "CONSTRAINT \"key \"\"1\" PRIMARY KEY (\"group\", \"a \"\"b\"), CONSTRAINT u3 UNIQUE "
    "(\"group\") DEFERRABLE INITIALLY DEFERRED, "
    "UNIQUE (\"\xc3\xa4;--\") DEFERRABLE, CONSTRAINT u2 UNIQUE (\"a \"\"b\", \"group\"));"
    "CREATE TABLE types (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "
    "s smallint NOT NULL DEFAULT 7, n numeric(12,4) DEFAULT -1.50, f float8 DEFAULT '0.1', "
    "c char(3) DEFAULT 'ab', v varchar(40) DEFAULT 'it''s', t text DEFAULT E'back\\\\slash', "
    "y boolean NOT NULL DEFAULT true, b bytea DEFAULT '\\x00', d date DEFAULT CURRENT_DATE, "
    "ts timestamp(3) DEFAULT CURRENT_TIMESTAMP, tz timestamptz DEFAULT CURRENT_TIMESTAMP, i "
    "interval, "
    "u uuid DEFAULT gen_random_uuid(), j json, jb jsonb DEFAULT '{}', a int[] DEFAULT '{}', "
    "x inet, bt bit(4), vb varbit(9), k text COLLATE \"C\", "
    "g numeric GENERATED ALWAYS AS (n * 2) STORED, e int DEFAULT (1 + 2), "
    "CONSTRAINT positive CHECK (s > 0), CHECK (v <> '' AND t IS NOT NULL));"
    "CREATE TABLE child (id int GENERATED ALWAYS AS IDENTITY, types_id bigint NOT NULL "
    "REFERENCES types ON DELETE CASCADE ON UPDATE SET NULL, g int, h text, self int, "
    "CONSTRAINT two FOREIGN KEY (g, h) REFERENCES \"select\" MATCH FULL ON DELETE RESTRICT "
    "DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY (id), "
    "CONSTRAINT own FOREIGN KEY (self) REFERENCES child ON DELETE SET DEFAULT DEFERRABLE);"
    "CREATE INDEX plain ON types (s);"
    "CREATE UNIQUE INDEX expression ON types (lower(t), (s + 1) DESC) WHERE s > 3 AND v = 'x';"
    "CREATE INDEX ordered ON types (s DESC, n ASC NULLS FIRST, v DESC NULLS LAST);"
    "CREATE INDEX covering ON types (s) INCLUDE (n, t);"
    "CREATE INDEX pattern ON types (t text_pattern_ops, v COLLATE \"C\");"
    "CREATE INDEX gin ON types USING gin (jb jsonb_path_ops);"
    "CREATE INDEX hash ON types USING hash (t);"
    "CREATE INDEX brin ON types USING brin (tz);"
    "COMMENT ON TABLE types IS 'all; of ''them'''; COMMENT ON COLUMN types.\"s\" IS E'a\\\\b';"
    "INSERT INTO types (s, v, t) VALUES (1, 'x', 'y'), (2, 'x', 'y');";

static void structure_is_the_same_when_made_again(void **state)
{
    (void)state;
    run(database, "DROP SCHEMA IF EXISTS one, two CASCADE; CREATE SCHEMA one; CREATE SCHEMA two; "
                  "SET search_path = one");
    run(database, structure);
    run(database, "RESET search_path");
    dbw_schema *first = read_schema("one");
    dbw_schema *copy = read_schema("one");
    for (size_t i = 0; i < copy->table_count; i++)
        copy->tables[i].schema = "two";
    make_again(copy);
    dbw_schema *second = read_schema("two");
    assert_int_equal(second->table_count, 3);
    for (size_t i = 0; i < 3; i++)
        first->tables[i].schema = second->tables[i].schema = NULL;
    const dbw_table *types = dbw_schema_table(second, "types");
    assert_int_equal(types->index_count, 8);
    assert_int_equal(types->check_count, 2);
    assert_int_equal(types->next_identity, 3);
    assert_string_equal(types->comment, "all; of 'them'");
    assert_string_equal(dbw_table_column(types, "s")->comment, "a\\b");
    assert_string_equal(dbw_schema_fingerprint(arena, first),
                        dbw_schema_fingerprint(arena, second));
    for (size_t i = 0; i < copy->table_count; i++) {
        copy->tables[i].schema = "two";
        if (strcmp(copy->tables[i].name, "child") == 0)
            assert_int_equal(apply(&copy->tables[i], DBW_DDL_DROP_TABLE, 1), 1);
    }
    assert_int_equal(read_schema("two")->table_count, 2);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_have_intents_and_measures),
        cmocka_unit_test(enums_have_their_labels),
        cmocka_unit_test(defaults_are_understood),
        cmocka_unit_test(identities_and_sequences_tell_their_next_value),
        cmocka_unit_test(kinds_of_tables_are_told_apart),
        cmocka_unit_test(other_schemas_are_named),
        cmocka_unit_test(objects_have_definitions),
        cmocka_unit_test(objects_can_be_made_again_elsewhere),
        cmocka_unit_test(estimates_and_comments),
        cmocka_unit_test(structure_is_the_same_when_made_again),
    };
    return cmocka_run_group_tests(tests, open_fresh, close_all);
}
