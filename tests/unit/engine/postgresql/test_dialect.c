/* SPDX-License-Identifier: Apache-2.0 */
#include "postgresql.h"

static dbw_database *database;

static int open_fresh(void **state)
{
    make_arena(state);
    database = open_url(dbw_test_fresh_database("postgresql", "dialect"), NULL);
    return 0;
}

static int close_all(void **state)
{
    dbw_database_close(database);
    return free_arena(state);
}

static const char *render(const dbw_table *table, dbw_ddl_part part, size_t n)
{
    char *sql = NULL;
    assert_ok(&error, dialect()->render_ddl(arena, table, part, n, &sql, &error));
    return sql;
}

static const char *const hostile[] = {
    "plain",         "UPPER",
    "select",        "with space",
    "quote\"inside", "\"",
    "semi;colon",    "'; DROP TABLE x; --",
    "back\\slash",   "new\nline",
    "tab\tand\x01",  "\xf0\x9f\x98\x80 \xc3\xa4",
    "dot.dot",       "$$",
    "%s?",           "-- comment",
    "/* comment */", "123456789012345678901234567890123456789012345678901234567890123",
};

static void hostile_names_are_only_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < DBW_COUNT(hostile); i++) {
        const char *name = hostile[i];
        run(database, "DROP SCHEMA IF EXISTS s CASCADE; CREATE SCHEMA s");
        dbw_column columns[] = {
            {.name = name,
             .type = {.intent = DBW_INTENT_INT64, .spelling = "bigint"},
             .identity = DBW_IDENTITY_AUTO,
             .comment = name},
            {.name = "other",
             .type = {.intent = DBW_INTENT_TEXT, .spelling = "text"},
             .nullable = true,
             .default_value = {.kind = DBW_DEFAULT_LITERAL, .value = dbw_value_string(name)}},
        };
        static const char *key[1], *other[] = {"other"};
        key[0] = name;
        dbw_key primary = {.columns = {key, 1}};
        dbw_key unique = {.columns = {other, 1}};
        dbw_foreign_key foreign = {
            .columns = {key, 1}, .referenced_table = name, .referenced_columns = {key, 1}};
        dbw_index_item item = {.column = name, .descending = true};
        dbw_index index = {
            .name = dbw_arena_printf(arena, "i%.60s", name), .items = &item, .item_count = 1};
        if (strlen(name) > 60)
            index.name = "i";
        dbw_table table = {.schema = "s",
                           .name = name,
                           .columns = columns,
                           .column_count = 2,
                           .primary_key = &primary,
                           .uniques = &unique,
                           .unique_count = 1,
                           .foreign_keys = &foreign,
                           .foreign_key_count = 1,
                           .indexes = &index,
                           .index_count = 1,
                           .next_identity = 7,
                           .comment = name};
        for (int part = DBW_DDL_TABLE; part <= DBW_DDL_ANALYZE; part++)
            run(database, render(&table, (dbw_ddl_part)part, 0));
        dbw_schema *schema;
        assert_ok(&error, dbw_database_catalog(database, arena, "s", &schema, &error));
        assert_int_equal(schema->table_count, 1);
        const dbw_table *found = &schema->tables[0];
        assert_string_equal(found->name, name);
        assert_string_equal(found->comment, name);
        assert_string_equal(found->columns[0].name, name);
        assert_string_equal(found->columns[0].comment, name);
        assert_int_equal(found->columns[0].identity, DBW_IDENTITY_BY_DEFAULT);
        assert_text_equal(found->columns[1].default_value.value.text, name);
        assert_non_null(found->primary_key);
        assert_int_equal(found->unique_count, 1);
        assert_int_equal(found->foreign_key_count, 1);
        assert_string_equal(found->foreign_keys[0].referenced_table, name);
        assert_string_equal(found->foreign_keys[0].referenced_columns.items[0], name);
        assert_int_equal(found->index_count, 1);
        assert_int_equal(found->next_identity, 7);
        run(database, render(&table, DBW_DDL_DROP_TABLE, 0));
    }
}

static void names_that_are_too_long_are_refused(void **state)
{
    (void)state;
    char name[65];
    memset(name, 'x', 64);
    name[64] = '\0';
    dbw_column column = {.name = "id", .type = {.intent = DBW_INTENT_INT64, .spelling = "bigint"}};
    dbw_table table = {.name = name, .columns = &column, .column_count = 1};
    char *sql, expected[200];
    snprintf(expected, sizeof expected, "unable to use name '%s': it is longer than 63 bytes",
             name);
    assert_fails(&error, DBW_E_INVALID, expected,
                 dialect()->render_ddl(arena, &table, DBW_DDL_TABLE, 0, &sql, &error));
    assert_null(sql);
    table.name = "t";
    column.name = name;
    assert_fails(&error, DBW_E_INVALID, expected,
                 dialect()->render_ddl(arena, &table, DBW_DDL_TABLE, 0, &sql, &error));
    assert_int_equal(dialect()->name_limit, 63);
    assert_true(dialect()->name_limit_in_bytes);
}

static void statements_are_as_documented(void **state)
{
    (void)state;
    static const char *ids[] = {"id"}, *parents[] = {"parent"};
    dbw_column columns[] = {
        {.name = "id",
         .type = {.intent = DBW_INTENT_INT32, .spelling = "integer"},
         .identity = DBW_IDENTITY_ROWID},
        {.name = "parent",
         .type = {.intent = DBW_INTENT_INT32, .spelling = "integer"},
         .nullable = true},
        {.name = "at",
         .type = {.intent = DBW_INTENT_TIMESTAMPTZ, .spelling = "timestamp with time zone"},
         .default_value = {.kind = DBW_DEFAULT_NOW}},
    };
    dbw_key primary = {.columns = {ids, 1}};
    dbw_key unique = {.name = "one", .columns = {parents, 1}, .deferrable = true};
    dbw_foreign_key foreign = {.columns = {parents, 1},
                               .referenced_table = "t",
                               .referenced_columns = {ids, 1},
                               .on_delete = DBW_ACTION_SET_NULL,
                               .initially_deferred = true};
    dbw_check check = {.name = "c", .expression = "id > 0"};
    dbw_table table = {.schema = "public",
                       .name = "t",
                       .columns = columns,
                       .column_count = 3,
                       .primary_key = &primary,
                       .uniques = &unique,
                       .unique_count = 1,
                       .foreign_keys = &foreign,
                       .foreign_key_count = 1,
                       .checks = &check,
                       .check_count = 1};
    assert_string_equal(render(&table, DBW_DDL_TABLE, 0),
                        "CREATE TABLE \"public\".\"t\" (\n"
                        "    \"id\" integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,\n"
                        "    \"parent\" integer,\n"
                        "    \"at\" timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,\n"
                        "    CONSTRAINT \"c\" CHECK (id > 0)\n"
                        ")");
    assert_string_equal(render(&table, DBW_DDL_PRIMARY_KEY, 0),
                        "CREATE UNIQUE INDEX \"t_pkey\" ON \"public\".\"t\" (\"id\");\n"
                        "ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"t_pkey\" PRIMARY KEY "
                        "USING INDEX \"t_pkey\"");
    assert_string_equal(render(&table, DBW_DDL_UNIQUE, 0),
                        "CREATE UNIQUE INDEX \"one\" ON \"public\".\"t\" (\"parent\");\n"
                        "ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"one\" UNIQUE USING INDEX "
                        "\"one\" DEFERRABLE INITIALLY IMMEDIATE");
    assert_string_equal(render(&table, DBW_DDL_FOREIGN_KEY, 0),
                        "ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"t_fkey1\" FOREIGN KEY "
                        "(\"parent\") REFERENCES \"public\".\"t\" (\"id\") ON DELETE SET NULL "
                        "DEFERRABLE INITIALLY DEFERRED");
    assert_null(render(&table, DBW_DDL_SEQUENCE, 0));
    table.next_identity = 42;
    assert_string_equal(render(&table, DBW_DDL_SEQUENCE, 0),
                        "SELECT setval(coalesce(pg_get_serial_sequence('\"public\".\"t\"', 'id')"
                        "::regclass), 42, false)");
    table.next_identity = (int64_t)INT32_MAX + 1;
    assert_string_equal(render(&table, DBW_DDL_SEQUENCE, 0),
                        "SELECT setval(coalesce(pg_get_serial_sequence('\"public\".\"t\"', 'id')"
                        "::regclass), 2147483647, true)");
    assert_null(render(&table, DBW_DDL_COMMENT, 0));
    assert_null(render(&table, DBW_DDL_INDEX, 0));
    assert_null(render(&table, DBW_DDL_UNIQUE, 1));
    assert_null(render(&table, DBW_DDL_FOREIGN_KEY, 1));
    table.primary_key = NULL;
    assert_null(render(&table, DBW_DDL_PRIMARY_KEY, 0));
    assert_string_equal(render(&table, DBW_DDL_ANALYZE, 0), "ANALYZE \"public\".\"t\"");
    table.schema = NULL;
    assert_string_equal(render(&table, DBW_DDL_DROP_TABLE, 0), "DROP TABLE \"t\"");
}

static void an_identity_that_is_no_integer_has_a_sequence(void **state)
{
    (void)state;
    dbw_column column = {.name = "id",
                         .type = {.intent = DBW_INTENT_DECIMAL, .spelling = "numeric(20,0)"},
                         .identity = DBW_IDENTITY_AUTO};
    dbw_table table = {.schema = "public",
                       .name = "wide",
                       .columns = &column,
                       .column_count = 1,
                       .next_identity = 100};
    run(database, render(&table, DBW_DDL_TABLE, 0));
    run(database, render(&table, DBW_DDL_SEQUENCE, 0));
    run(database, "INSERT INTO wide DEFAULT VALUES; INSERT INTO wide DEFAULT VALUES");
    assert_string_equal(look(database, "SELECT string_agg(id::text, ',') FROM wide"), "'100,101'");
    run(database, render(&table, DBW_DDL_DROP_TABLE, 0));
    assert_string_equal(look(database, "SELECT to_regclass('wide_id_seq')::text"), "NULL");
}

static void sequences_go_on_after_the_last_number(void **state)
{
    (void)state;
    run(database, "CREATE TABLE going (id serial, n int)");
    dbw_schema *schema;
    assert_ok(&error, dbw_database_catalog(database, arena, NULL, &schema, &error));
    dbw_table *table = dbw_schema_table(schema, "going");
    table->next_identity = 1;
    run(database, render(table, DBW_DDL_SEQUENCE, 0));
    assert_string_equal(look(database, "INSERT INTO going (n) VALUES (1) RETURNING id"), "1");
    table->next_identity = 500;
    run(database, render(table, DBW_DDL_SEQUENCE, 0));
    assert_string_equal(look(database, "INSERT INTO going (n) VALUES (1) RETURNING id"), "500");
    run(database, "CREATE SEQUENCE loose; CREATE TABLE loosely (id bigint DEFAULT "
                  "nextval('loose'), n int)");
    assert_ok(&error, dbw_database_catalog(database, arena, NULL, &schema, &error));
    table = dbw_schema_table(schema, "loosely");
    table->next_identity = 9;
    run(database, render(table, DBW_DDL_SEQUENCE, 0));
    assert_string_equal(look(database, "INSERT INTO loosely (n) VALUES (1) RETURNING id"), "9");
}

/* --- types ------------------------------------------------------------------------------------ */

static const struct {
    dbw_type wanted;
    const char *spelling;
    dbw_intent intent;
    dbw_loss loss;
} mapped[] = {
    {{.intent = DBW_INTENT_ANY}, "text", DBW_INTENT_TEXT, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_BOOLEAN}, "boolean", DBW_INTENT_BOOLEAN, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_INT16}, "smallint", DBW_INTENT_INT16, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_INT32}, "integer", DBW_INTENT_INT32, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_INT64}, "bigint", DBW_INTENT_INT64, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_UINT64}, "numeric(20,0)", DBW_INTENT_DECIMAL, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_FLOAT32}, "real", DBW_INTENT_FLOAT32, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_FLOAT64}, "double precision", DBW_INTENT_FLOAT64, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_DECIMAL}, "numeric", DBW_INTENT_DECIMAL, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_DECIMAL, .precision = 12, .scale = 4},
     "numeric(12,4)",
     DBW_INTENT_DECIMAL,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_DECIMAL, .precision = 2, .scale = 4},
     "numeric(4,4)",
     DBW_INTENT_DECIMAL,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_DECIMAL, .precision = 2000},
     "numeric",
     DBW_INTENT_DECIMAL,
     DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_CHAR, .length = 3}, "character(3)", DBW_INTENT_CHAR, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_CHAR}, "text", DBW_INTENT_TEXT, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_VARCHAR, .length = 40},
     "character varying(40)",
     DBW_INTENT_VARCHAR,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_VARCHAR}, "text", DBW_INTENT_TEXT, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_VARCHAR, .length = 99999999},
     "character varying",
     DBW_INTENT_VARCHAR,
     DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_TEXT}, "text", DBW_INTENT_TEXT, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_BYTES, .length = 16}, "bytea", DBW_INTENT_BYTES, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_DATE}, "date", DBW_INTENT_DATE, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_TIME, .precision = -1},
     "time without time zone",
     DBW_INTENT_TIME,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_TIMESTAMP, .precision = 3},
     "timestamp(3) without time zone",
     DBW_INTENT_TIMESTAMP,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_TIMESTAMPTZ, .precision = 9},
     "timestamp with time zone",
     DBW_INTENT_TIMESTAMPTZ,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_INTERVAL}, "interval", DBW_INTENT_INTERVAL, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_UUID}, "uuid", DBW_INTENT_UUID, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_JSON}, "json", DBW_INTENT_JSON, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_JSONB}, "jsonb", DBW_INTENT_JSONB, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_ENUM}, "text", DBW_INTENT_TEXT, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_SET}, "text", DBW_INTENT_TEXT, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_BIT, .length = 8, .fixed = true},
     "bit(8)",
     DBW_INTENT_BIT,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_BIT, .length = 8}, "bit varying(8)", DBW_INTENT_BIT, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_ARRAY}, "text", DBW_INTENT_TEXT, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_OTHER}, "text", DBW_INTENT_TEXT, DBW_LOSS_TYPE},
};

static void every_intent_has_a_type(void **state)
{
    (void)state;
    bool seen[DBW_INTENT_COUNT] = {false};
    for (size_t i = 0; i < DBW_COUNT(mapped); i++) {
        dbw_type_mapping mapping;
        dialect()->map_type(arena, &mapped[i].wanted, &mapping);
        assert_string_equal(mapping.type.spelling, mapped[i].spelling);
        assert_int_equal(mapping.type.intent, mapped[i].intent);
        assert_int_equal(mapping.loss, mapped[i].loss);
        assert_true((mapping.note != NULL) == (mapping.loss != DBW_LOSS_NONE));
        seen[mapped[i].wanted.intent] = true;
        /* What is said is what the server then has. */
        run(database, dbw_arena_printf(arena,
                                       "DROP TABLE IF EXISTS mapped; CREATE TABLE mapped "
                                       "(v %s)",
                                       mapping.type.spelling));
        dbw_schema *schema;
        assert_ok(&error, dbw_database_catalog(database, arena, NULL, &schema, &error));
        const dbw_type *type = &dbw_schema_table(schema, "mapped")->columns[0].type;
        assert_string_equal(type->spelling, mapping.type.spelling);
        assert_int_equal(type->intent, mapping.type.intent);
        assert_int_equal(type->length, mapping.type.length);
        assert_int_equal(type->scale, mapping.type.scale);
        assert_int_equal(type->fixed, mapping.type.fixed);
    }
    for (size_t i = 0; i < DBW_INTENT_COUNT; i++)
        if (!seen[i])
            fail_msg("intent %s was not tried", dbw_intent_name((dbw_intent)i));
}

static void spellings_of_users_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *given, *spelling;
        dbw_intent intent;
    } cases[] = {
        {"numeric(12,4)", "numeric(12,4)", DBW_INTENT_DECIMAL},
        {" Decimal ( 12 , 4 ) ", "numeric(12,4)", DBW_INTENT_DECIMAL},
        {"numeric(5)", "numeric(5,0)", DBW_INTENT_DECIMAL},
        {"numeric", "numeric", DBW_INTENT_DECIMAL},
        {"INT", "integer", DBW_INTENT_INT32},
        {"int8", "bigint", DBW_INTENT_INT64},
        {"Double   Precision", "double precision", DBW_INTENT_FLOAT64},
        {"varchar(40)", "character varying(40)", DBW_INTENT_VARCHAR},
        {"character varying(40)", "character varying(40)", DBW_INTENT_VARCHAR},
        {"varchar", "character varying", DBW_INTENT_VARCHAR},
        {"char", "character(1)", DBW_INTENT_CHAR},
        {"timestamptz", "timestamp with time zone", DBW_INTENT_TIMESTAMPTZ},
        {"timestamp(3) with time zone", "timestamp(3) with time zone", DBW_INTENT_TIMESTAMPTZ},
        {"timestamp without time zone", "timestamp without time zone", DBW_INTENT_TIMESTAMP},
        {"timestamp(6)", "timestamp without time zone", DBW_INTENT_TIMESTAMP},
        {"time", "time without time zone", DBW_INTENT_TIME},
        {"bit varying(3)", "bit varying(3)", DBW_INTENT_BIT},
        {"bit", "bit(1)", DBW_INTENT_BIT},
        {"uuid", "uuid", DBW_INTENT_UUID},
        {"jsonb", "jsonb", DBW_INTENT_JSONB},
        {"text[]", "text[]", DBW_INTENT_ARRAY},
        {"numeric(5,2)[3][]", "numeric(5,2)[]", DBW_INTENT_ARRAY},
        {"inet", "inet", DBW_INTENT_OTHER},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_type type;
        assert_ok(&error, dialect()->parse_type(arena, cases[i].given, &type, &error));
        assert_string_equal(type.spelling, cases[i].spelling);
        assert_int_equal(type.intent, cases[i].intent);
        run(database, dbw_arena_printf(arena, "SELECT NULL::%s", type.spelling));
    }
    static const char *const wrong[] = {
        "",
        "nonsense",
        "int; DROP TABLE x",
        "numeric(12,4",
        "varchar(-1)",
        "varchar(0)",
        "int(5)",
        "numeric(1,2,3)",
        "numeric(2,5)",
        "timestamp(7)",
        "text[",
        "text]",
        "text x",
        "varchar(10) y",
        "numeric(99999999999999999999)",
        "varchar(a)",
        "text()",
    };
    for (size_t i = 0; i < DBW_COUNT(wrong); i++) {
        dbw_type type;
        dbw_error_clear(&error);
        if (dialect()->parse_type(arena, wrong[i], &type, &error) != DBW_E_INVALID)
            fail_msg("'%s' was taken", wrong[i]);
    }
}

static void defaults_are_written(void **state)
{
    (void)state;
    static const struct {
        dbw_default value;
        dbw_intent intent;
        const char *expected;
    } cases[] = {
        {{.kind = DBW_DEFAULT_NONE}, DBW_INTENT_TEXT, NULL},
        {{.kind = DBW_DEFAULT_NOW}, DBW_INTENT_TIMESTAMPTZ, "CURRENT_TIMESTAMP"},
        {{.kind = DBW_DEFAULT_NOW}, DBW_INTENT_DATE, "CURRENT_TIMESTAMP"},
        {{.kind = DBW_DEFAULT_NOW},
         DBW_INTENT_TEXT,
         "to_char(CURRENT_TIMESTAMP AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"},
        {{.kind = DBW_DEFAULT_NOW}, DBW_INTENT_INT64, NULL},
        {{.kind = DBW_DEFAULT_TODAY}, DBW_INTENT_DATE, "CURRENT_DATE"},
        {{.kind = DBW_DEFAULT_TODAY}, DBW_INTENT_TIME, NULL},
        {{.kind = DBW_DEFAULT_TIME}, DBW_INTENT_TIME, "CURRENT_TIME"},
        {{.kind = DBW_DEFAULT_UUID}, DBW_INTENT_UUID, "gen_random_uuid()"},
        {{.kind = DBW_DEFAULT_UUID}, DBW_INTENT_VARCHAR, "gen_random_uuid()::text"},
        {{.kind = DBW_DEFAULT_UUID}, DBW_INTENT_BYTES, NULL},
        {{.kind = DBW_DEFAULT_SEQUENCE}, DBW_INTENT_INT64, NULL},
        {{.kind = DBW_DEFAULT_EXPRESSION, .text = "1+1"}, DBW_INTENT_INT64, NULL},
        {{.kind = DBW_DEFAULT_LITERAL, .value = {.kind = DBW_KIND_INT64, .int64 = 1}},
         DBW_INTENT_BOOLEAN,
         "true"},
        {{.kind = DBW_DEFAULT_LITERAL, .value = {.kind = DBW_KIND_INT64, .int64 = 2}},
         DBW_INTENT_BOOLEAN,
         NULL}, /* neither true nor false */
        {{.kind = DBW_DEFAULT_LITERAL, .value = {.kind = DBW_KIND_INT64, .int64 = -5}},
         DBW_INTENT_INT32,
         "-5"},
        {{.kind = DBW_DEFAULT_LITERAL, .value = {.kind = DBW_KIND_INT64, .int64 = 5}},
         DBW_INTENT_TEXT,
         "'5'"},
        {{.kind = DBW_DEFAULT_LITERAL, .value = {.kind = DBW_KIND_BOOL, .boolean = true}},
         DBW_INTENT_INT16,
         "1"},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        dbw_type type = {.intent = cases[i].intent};
        const char *text = dialect()->render_default(arena, &cases[i].value, &type);
        if (cases[i].expected)
            assert_string_equal(text, cases[i].expected);
        else
            assert_null(text);
    }
}

static void literals_cannot_break_out(void **state)
{
    (void)state;
    dbw_type type = {.intent = DBW_INTENT_TEXT};
    for (size_t i = 0; i < DBW_COUNT(hostile); i++) {
        dbw_default value = {.kind = DBW_DEFAULT_LITERAL, .value = dbw_value_string(hostile[i])};
        const char *text = dialect()->render_default(arena, &value, &type);
        for (int strings = 0; strings < 2; strings++) {
            dbw_value back;
            run(database, strings ? "SET standard_conforming_strings = off"
                                  : "SET standard_conforming_strings = on");
            char *sql =
                dbw_arena_printf(arena, "CREATE OR REPLACE VIEW literal AS SELECT %s::text", text);
            assert_ok(&error, dbw_execute_script(database, sql, &error));
            assert_ok(&error, dbw_fetch_value(database, arena, "SELECT * FROM literal", NULL, 0,
                                              &back, &error));
            assert_text_equal(back.text, hostile[i]);
        }
    }
    dbw_default nul = {.kind = DBW_DEFAULT_LITERAL, .value = dbw_value_text(DBW_TEXT("a\0b"))};
    assert_null(dialect()->render_default(arena, &nul, &type));
    run(database, "RESET standard_conforming_strings");
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "postgresql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_names_are_only_names),
        cmocka_unit_test(names_that_are_too_long_are_refused),
        cmocka_unit_test(statements_are_as_documented),
        cmocka_unit_test(an_identity_that_is_no_integer_has_a_sequence),
        cmocka_unit_test(sequences_go_on_after_the_last_number),
        cmocka_unit_test(every_intent_has_a_type),
        cmocka_unit_test(spellings_of_users_are_read),
        cmocka_unit_test(defaults_are_written),
        cmocka_unit_test(literals_cannot_break_out),
    };
    return cmocka_run_group_tests(tests, open_fresh, close_all);
}
