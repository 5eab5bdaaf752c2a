/* SPDX-License-Identifier: Apache-2.0 */
/* The structure of a MariaDB database as the catalog reads it. */
#include "source_help.h"

static void types_have_intents_and_measures(void **state)
{
    (void)state;
    static const struct {
        const char *type, *spelling;
        dbw_intent intent;
        int length, precision, scale;
        bool is_unsigned;
    } cases[] = {
        {"TINYINT", "tinyint(4)", DBW_INTENT_INT16, 0, 0, 0, false},
        {"TINYINT(1)", "tinyint(1)", DBW_INTENT_BOOLEAN, 0, 0, 0, false},
        {"BOOL", "tinyint(1)", DBW_INTENT_BOOLEAN, 0, 0, 0, false},
        {"TINYINT UNSIGNED", "tinyint(3) unsigned", DBW_INTENT_INT16, 0, 0, 0, true},
        {"TINYINT(1) ZEROFILL", "tinyint(1) unsigned zerofill", DBW_INTENT_INT16, 0, 0, 0, true},
        {"SMALLINT", "smallint(6)", DBW_INTENT_INT16, 0, 0, 0, false},
        {"SMALLINT UNSIGNED", "smallint(5) unsigned", DBW_INTENT_INT32, 0, 0, 0, true},
        {"MEDIUMINT UNSIGNED", "mediumint(8) unsigned", DBW_INTENT_INT32, 0, 0, 0, true},
        {"INT", "int(11)", DBW_INTENT_INT32, 0, 0, 0, false},
        {"INT(6) UNSIGNED ZEROFILL", "int(6) unsigned zerofill", DBW_INTENT_INT64, 0, 0, 0, true},
        {"BIGINT", "bigint(20)", DBW_INTENT_INT64, 0, 0, 0, false},
        {"BIGINT UNSIGNED", "bigint(20) unsigned", DBW_INTENT_UINT64, 0, 0, 0, true},
        {"DECIMAL", "decimal(10,0)", DBW_INTENT_DECIMAL, 0, 10, 0, false},
        {"DECIMAL(65,30)", "decimal(65,30)", DBW_INTENT_DECIMAL, 0, 65, 30, false},
        {"FLOAT", "float", DBW_INTENT_FLOAT32, 0, 0, 0, false},
        {"FLOAT(7,3)", "float(7,3)", DBW_INTENT_FLOAT32, 0, 0, 0, false},
        {"DOUBLE", "double", DBW_INTENT_FLOAT64, 0, 0, 0, false},
        {"BIT", "bit(1)", DBW_INTENT_BIT, 1, 0, 0, false},
        {"BIT(64)", "bit(64)", DBW_INTENT_BIT, 64, 0, 0, false},
        {"CHAR", "char(1)", DBW_INTENT_CHAR, 1, 0, 0, false},
        {"VARCHAR(300)", "varchar(300)", DBW_INTENT_VARCHAR, 300, 0, 0, false},
        {"TINYTEXT", "tinytext", DBW_INTENT_TEXT, 0, 0, 0, false},
        {"LONGTEXT", "longtext", DBW_INTENT_TEXT, 0, 0, 0, false},
        {"JSON", "json", DBW_INTENT_JSON, 0, 0, 0, false},
        {"BINARY(3)", "binary(3)", DBW_INTENT_BYTES, 3, 0, 0, false},
        {"VARBINARY(9)", "varbinary(9)", DBW_INTENT_BYTES, 9, 0, 0, false},
        {"MEDIUMBLOB", "mediumblob", DBW_INTENT_BYTES, 0, 0, 0, false},
        {"DATE", "date", DBW_INTENT_DATE, 0, 0, 0, false},
        {"TIME(2)", "time(2)", DBW_INTENT_TIME, 0, 2, 0, false},
        {"DATETIME", "datetime", DBW_INTENT_TIMESTAMP, 0, 0, 0, false},
        {"DATETIME(6)", "datetime(6)", DBW_INTENT_TIMESTAMP, 0, 6, 0, false},
        {"TIMESTAMP(3) NULL", "timestamp(3)", DBW_INTENT_TIMESTAMPTZ, 0, 3, 0, false},
        {"YEAR", "year(4)", DBW_INTENT_INT16, 0, 0, 0, false},
        {"UUID", "uuid", DBW_INTENT_UUID, 0, 0, 0, false},
        {"INET4", "inet4", DBW_INTENT_OTHER, 0, 0, 0, false},
        {"INET6", "inet6", DBW_INTENT_OTHER, 0, 0, 0, false},
        {"POINT", "point", DBW_INTENT_OTHER, 0, 0, 0, false},
    };
    dbw_buffer sql;
    dbw_buffer_init(&sql, 65536);
    dbw_buffer_add_string(&sql, "CREATE OR REPLACE TABLE kinds (");
    for (size_t i = 0; i < DBW_COUNT(cases); i++)
        dbw_buffer_printf(&sql, "%sc%zu %s", i ? ", " : "", i, cases[i].type);
    dbw_buffer_add_char(&sql, ')');
    run(sql.data);
    dbw_buffer_free(&sql);
    const dbw_table *table = table_named("kinds");
    assert_int_equal(table->column_count, DBW_COUNT(cases));
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        const dbw_type *type = &table->columns[i].type;
        if (strcmp(type->spelling, cases[i].spelling) != 0 || type->intent != cases[i].intent ||
            type->length != cases[i].length || type->precision != cases[i].precision ||
            type->scale != cases[i].scale || type->is_unsigned != cases[i].is_unsigned)
            fail_msg("%s: %s, %s, length %d, precision %d, scale %d, unsigned %d", cases[i].type,
                     type->spelling, dbw_intent_name(type->intent), type->length, type->precision,
                     type->scale, type->is_unsigned);
    }
    assert_int_equal(table->check_count, 0); /* json_valid is what makes the JSON */
}

static void labels_are_read_with_their_quotes_and_commas(void **state)
{
    (void)state;
    run("CREATE OR REPLACE TABLE labels (e ENUM('', 'a,b', 'it''s', 'back\\\\slash', 'new\\nline', "
        "''')'), s SET('x', 'y z'))");
    const dbw_table *table = table_named("labels");
    static const char *const wanted[] = {"", "a,b", "it's", "back\\slash", "new\nline", "')"};
    assert_int_equal(table->columns[0].type.label_count, DBW_COUNT(wanted));
    for (size_t i = 0; i < DBW_COUNT(wanted); i++)
        assert_string_equal(table->columns[0].type.labels[i], wanted[i]);
    assert_int_equal(table->columns[0].type.intent, DBW_INTENT_ENUM);
    assert_int_equal(table->columns[1].type.intent, DBW_INTENT_SET);
    assert_string_equal(table->columns[1].type.labels[1], "y z");
}

static void defaults_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *definition;
        dbw_default_kind kind;
        dbw_kind value;
        const char *shown;
    } cases[] = {
        {"INT", DBW_DEFAULT_NONE, 0, NULL},
        {"INT DEFAULT NULL", DBW_DEFAULT_NONE, 0, NULL},
        {"INT DEFAULT -5", DBW_DEFAULT_LITERAL, DBW_KIND_INT64, "-5"},
        {"BIGINT UNSIGNED DEFAULT 18446744073709551615", DBW_DEFAULT_LITERAL, DBW_KIND_UINT64,
         "18446744073709551615"},
        {"TINYINT(1) DEFAULT TRUE", DBW_DEFAULT_LITERAL, DBW_KIND_INT64, "1"},
        {"DECIMAL(12,4) DEFAULT -1.5", DBW_DEFAULT_LITERAL, DBW_KIND_DECIMAL, "-1.5000"},
        {"BIT(8) DEFAULT b'101'", DBW_DEFAULT_LITERAL, DBW_KIND_BIT, "'00000101'"},
        {"VARCHAR(9) DEFAULT 'i''\\\\x'", DBW_DEFAULT_LITERAL, DBW_KIND_TEXT, "'i'\\x'"},
        {"VARCHAR(9) DEFAULT 'NULL'", DBW_DEFAULT_LITERAL, DBW_KIND_TEXT, "'NULL'"},
        {"VARCHAR(9) DEFAULT ''", DBW_DEFAULT_LITERAL, DBW_KIND_TEXT, "''"},
        {"VARBINARY(4) DEFAULT 'ab'", DBW_DEFAULT_LITERAL, DBW_KIND_BYTES, "x'6162'"},
        {"VARBINARY(4) DEFAULT x'ff00'", DBW_DEFAULT_LITERAL, DBW_KIND_BYTES, "x'ff00'"},
        {"BINARY(2) DEFAULT x'80'", DBW_DEFAULT_LITERAL, DBW_KIND_BYTES, "x'8000'"},
        {"BLOB DEFAULT x'81'", DBW_DEFAULT_LITERAL, DBW_KIND_BYTES, "x'81'"},
        {"VARBINARY(4) DEFAULT (unhex('81'))", DBW_DEFAULT_EXPRESSION, 0, NULL},
        {"DATE DEFAULT '2020-02-03'", DBW_DEFAULT_LITERAL, DBW_KIND_DATE, "2020-02-03"},
        {"DATETIME(3) DEFAULT '2020-02-03 04:05:06.789'", DBW_DEFAULT_LITERAL, DBW_KIND_TIMESTAMP,
         "2020-02-03 04:05:06.789000"},
        {"TIMESTAMP DEFAULT '2020-02-03 04:05:06'", DBW_DEFAULT_LITERAL, DBW_KIND_TIMESTAMPTZ,
         "2020-02-03 04:05:06Z"},
        {"DATETIME DEFAULT '0000-00-00'", DBW_DEFAULT_LITERAL, DBW_KIND_TEXT,
         "'0000-00-00 00:00:00'"},
        {"TIME DEFAULT '-838:59:59'", DBW_DEFAULT_LITERAL, DBW_KIND_TIME, "-838:59:59"},
        {"DATETIME DEFAULT CURRENT_TIMESTAMP", DBW_DEFAULT_NOW, 0, NULL},
        {"TIMESTAMP(6) DEFAULT NOW(6)", DBW_DEFAULT_NOW, 0, NULL},
        {"DATE DEFAULT CURDATE()", DBW_DEFAULT_TODAY, 0, NULL},
        {"TIME DEFAULT CURTIME()", DBW_DEFAULT_TIME, 0, NULL},
        {"VARCHAR(40) DEFAULT UUID()", DBW_DEFAULT_UUID, 0, NULL},
        {"INT DEFAULT (1 + 2)", DBW_DEFAULT_EXPRESSION, 0, NULL},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++) {
        run(dbw_arena_printf(arena, "CREATE OR REPLACE TABLE one (c %s)", cases[i].definition));
        const dbw_default *found = &table_named("one")->columns[0].default_value;
        const char *shown =
            found->kind == DBW_DEFAULT_LITERAL ? dbw_value_show(arena, &found->value, 99) : NULL;
        if (found->kind != cases[i].kind ||
            (shown && (found->value.kind != cases[i].value || strcmp(shown, cases[i].shown) != 0)))
            fail_msg("%s: kind %d, %s %s", cases[i].definition, found->kind,
                     shown ? dbw_kind_name(found->value.kind) : "", shown ? shown : "");
    }
}

static void columns_have_all_their_properties(void **state)
{
    (void)state;
    run("CREATE OR REPLACE TABLE props (id INT AUTO_INCREMENT PRIMARY KEY, n INT NOT NULL COMMENT "
        "'how many', g INT AS (n * 2) STORED, v INT AS (n + 1) VIRTUAL, h INT INVISIBLE, "
        "t TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, "
        "s VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin) COMMENT 'it''s ours' "
        "COLLATE utf8mb4_unicode_ci ENGINE=InnoDB AUTO_INCREMENT=77");
    const dbw_table *table = table_named("props");
    assert_string_equal(table->comment, "it's ours");
    assert_string_equal(table->engine, "InnoDB");
    assert_string_equal(table->collation, "utf8mb4_unicode_ci");
    assert_int_equal(table->next_identity, 77);
    assert_int_equal(column_named(table, "id")->identity, DBW_IDENTITY_AUTO);
    assert_false(column_named(table, "n")->nullable);
    assert_true(column_named(table, "g")->nullable);
    assert_string_equal(column_named(table, "n")->comment, "how many");
    assert_int_equal(column_named(table, "g")->generated, DBW_GENERATED_STORED);
    assert_string_equal(column_named(table, "g")->generation, "`n` * 2");
    assert_int_equal(column_named(table, "v")->generated, DBW_GENERATED_VIRTUAL);
    assert_true(column_named(table, "h")->invisible);
    assert_true(column_named(table, "t")->on_update_now);
    assert_false(column_named(table, "h")->on_update_now);
    assert_string_equal(column_named(table, "s")->collation, "latin1_bin");
}

static void keys_and_indexes_are_told_apart(void **state)
{
    (void)state;
    run("CREATE OR REPLACE TABLE keyed (a INT, b VARCHAR(50), c TEXT, p POINT NOT NULL, "
        "PRIMARY KEY (b, a), UNIQUE whole (a), UNIQUE part (c(7)), KEY low (b DESC, a), "
        "KEY some (c(20)), FULLTEXT words (c), SPATIAL places (p))");
    const dbw_table *table = table_named("keyed");
    assert_null(table->primary_key->name);
    assert_int_equal(table->primary_key->columns.count, 2);
    assert_string_equal(table->primary_key->columns.items[0], "b");
    assert_int_equal(table->unique_count, 1);
    assert_string_equal(table->uniques[0].name, "whole");
    static const struct {
        const char *name, *method, *definition;
        bool unique;
        int prefix;
    } wanted[] = {
        {"low", NULL, "CREATE INDEX `low` ON `keyed` (`b` DESC, `a`)", false, 0},
        {"part", NULL, "CREATE UNIQUE INDEX `part` ON `keyed` (`c`(7))", true, 7},
        {"places", "SPATIAL", "CREATE SPATIAL INDEX `places` ON `keyed` (`p`)", false, 0},
        {"some", NULL, "CREATE INDEX `some` ON `keyed` (`c`(20))", false, 20},
        {"words", "FULLTEXT", "CREATE FULLTEXT INDEX `words` ON `keyed` (`c`)", false, 0},
    };
    assert_int_equal(table->index_count, DBW_COUNT(wanted));
    for (size_t i = 0; i < DBW_COUNT(wanted); i++) {
        const dbw_index *index = &table->indexes[i];
        assert_string_equal(index->name, wanted[i].name);
        assert_string_equal(index->definition, wanted[i].definition);
        assert_int_equal(index->unique, wanted[i].unique);
        assert_int_equal(index->items[0].prefix, wanted[i].prefix);
        if (wanted[i].method)
            assert_string_equal(index->method, wanted[i].method);
        else
            assert_null(index->method);
    }
    assert_true(table->indexes[0].items[0].descending);
    assert_false(table->indexes[0].items[1].descending);
}

static void foreign_keys_and_checks(void **state)
{
    (void)state;
    run("DROP TABLE IF EXISTS child, parent; "
        "CREATE TABLE parent (x INT, y INT, PRIMARY KEY (x, y)); "
        "CREATE TABLE child (id INT PRIMARY KEY, x INT, y INT, up INT, "
        "CONSTRAINT `to``parent` FOREIGN KEY (y, x) REFERENCES parent (x, y) ON DELETE CASCADE ON "
        "UPDATE SET NULL, CONSTRAINT self FOREIGN KEY (up) REFERENCES child (id), "
        "CONSTRAINT positive CHECK (id > 0 OR id < -5), CHECK (up <> id))");
    const dbw_table *table = table_named("child");
    assert_int_equal(table->foreign_key_count, 2);
    const dbw_foreign_key *self = &table->foreign_keys[0], *key = &table->foreign_keys[1];
    assert_string_equal(self->name, "self");
    assert_string_equal(self->referenced_table, "child");
    assert_string_equal(key->name, "to`parent");
    assert_null(key->referenced_schema);
    assert_string_equal(key->columns.items[0], "y");
    assert_string_equal(key->columns.items[1], "x");
    assert_string_equal(key->referenced_columns.items[0], "x");
    assert_int_equal(key->on_delete, DBW_ACTION_CASCADE);
    assert_int_equal(key->on_update, DBW_ACTION_SET_NULL);
    assert_int_equal(table->check_count, 2);
    assert_string_equal(table->checks[0].expression, "`up` <> `id`");
    assert_string_equal(table->checks[1].name, "positive");
    assert_string_equal(table->checks[1].expression, "`id` > 0 or `id` < -5");
    run("DROP TABLE child, parent");
}

static const dbw_object *object_named(const dbw_schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->object_count; i++)
        if (strcmp(schema->objects[i].name, name) == 0)
            return &schema->objects[i];
    fail_msg("no object '%s'", name);
    return NULL;
}

static void objects_are_named_with_their_text(void **state)
{
    (void)state;
    run("CREATE OR REPLACE TABLE base (a INT)");
    run("CREATE OR REPLACE VIEW seen AS SELECT a FROM base WHERE a > 1");
    run("CREATE OR REPLACE TRIGGER before_base BEFORE INSERT ON base FOR EACH ROW SET NEW.a = 1");
    run("CREATE OR REPLACE FUNCTION plus(n INT, t VARCHAR(9)) RETURNS INT DETERMINISTIC NO SQL "
        "RETURN n + 1");
    run("CREATE OR REPLACE PROCEDURE nothing(IN n INT, OUT m INT) SET m = n");
    run("CREATE OR REPLACE EVENT nightly ON SCHEDULE EVERY 1 DAY "
        "STARTS '2030-01-01' DISABLE DO DELETE FROM base");
    run("CREATE OR REPLACE SEQUENCE numbers START WITH 5 INCREMENT BY 3");
    run("CREATE OR REPLACE TABLE drawn (id BIGINT NOT NULL DEFAULT NEXTVAL(numbers) PRIMARY KEY)");
    run("INSERT INTO drawn VALUES (), ()");
    const dbw_schema *schema = read_schema();
    const dbw_object *trigger = object_named(schema, "before_base");
    assert_string_equal(trigger->kind, "trigger");
    assert_string_equal(trigger->table, "base");
    assert_string_equal(trigger->definition, "CREATE TRIGGER `before_base` BEFORE INSERT ON `base` "
                                             "FOR EACH ROW SET NEW.a = 1");
    assert_string_equal(object_named(schema, "seen")->kind, "view");
    assert_non_null(strstr(object_named(schema, "seen")->definition, "CREATE VIEW `seen` AS "));
    assert_string_equal(object_named(schema, "plus")->definition,
                        "CREATE FUNCTION `plus`(`n` int(11), `t` varchar(9)) RETURNS int(11) "
                        "DETERMINISTIC NO SQL RETURN n + 1");
    assert_string_equal(object_named(schema, "nothing")->definition,
                        "CREATE PROCEDURE `nothing`(IN `n` int(11), OUT `m` int(11)) CONTAINS SQL "
                        "SET m = n");
    assert_string_equal(object_named(schema, "nightly")->definition,
                        "CREATE EVENT `nightly` ON SCHEDULE EVERY '1' DAY STARTS "
                        "'2030-01-01 00:00:00' DISABLE DO DELETE FROM base");
    assert_string_equal(object_named(schema, "nightly")->drop, "DROP EVENT IF EXISTS `nightly`");
    const dbw_object *numbers = object_named(schema, "numbers");
    assert_string_equal(numbers->kind, "sequence");
    assert_non_null(strstr(numbers->definition, "CREATE SEQUENCE `numbers` START WITH 5 "));
    assert_string_equal(numbers->create, numbers->definition);
    assert_true(numbers->before && numbers->rank < trigger->rank);
    assert_non_null(strstr(numbers->create, "; ALTER SEQUENCE `numbers` RESTART "));
    assert_null(strstr(object_named(schema, "seen")->create, "`.`base`"));
    /* Its values are cached in bunches: what comes next is beyond what was drawn. */
    const dbw_table *drawn = dbw_schema_table(schema, "drawn");
    assert_string_equal(drawn->columns[0].sequence, "numbers");
    assert_int_equal(drawn->columns[0].identity, DBW_IDENTITY_AUTO);
    assert_true(drawn->next_identity > 8);
    assert_null(dbw_schema_table(schema, "seen"));
    assert_null(dbw_schema_table(schema, "numbers"));
    run("DROP TABLE drawn, base; DROP SEQUENCE numbers; DROP VIEW seen; DROP FUNCTION plus; "
        "DROP PROCEDURE nothing; DROP EVENT nightly");
}

static void kinds_of_tables(void **state)
{
    (void)state;
    run("CREATE OR REPLACE TABLE `odd ``name; --` (a INT) ENGINE=MyISAM");
    run("CREATE OR REPLACE TABLE versioned (a INT) WITH SYSTEM VERSIONING");
    run("CREATE OR REPLACE TABLE parts (a INT) PARTITION BY HASH (a) PARTITIONS 3");
    const dbw_schema *schema = read_schema();
    assert_string_equal(dbw_schema_table(schema, "odd `name; --")->engine, "MyISAM");
    assert_true(dbw_schema_table(schema, "versioned")->system_versioned);
    assert_int_equal(dbw_schema_table(schema, "versioned")->column_count, 1);
    assert_false(dbw_schema_table(schema, "parts")->system_versioned);
    assert_int_equal(dbw_schema_table(schema, "parts")->kind, DBW_TABLE_ORDINARY);
    /* By name, byte for byte, whatever the collation. */
    for (size_t i = 1; i < schema->table_count; i++)
        assert_true(strcmp(schema->tables[i - 1].name, schema->tables[i].name) < 0);
    run("DROP TABLE `odd ``name; --`, versioned, parts");
}

static void without_a_database_there_is_nothing_to_read(void **state)
{
    (void)state;
    dbw_url *server = url_of(url);
    dbw_database *nowhere;
    dbw_schema *schema;
    server->database = NULL;
    assert_ok(&error, dbw_database_open(server, NULL, &nowhere, &error));
    assert_fails(&error, DBW_E_INVALID, "unable to read the structure: the URL names no database",
                 dbw_database_catalog(nowhere, arena, NULL, &schema, &error));
    dbw_database_close(nowhere);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "mysql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_have_intents_and_measures),
        cmocka_unit_test(labels_are_read_with_their_quotes_and_commas),
        cmocka_unit_test(defaults_are_told_apart),
        cmocka_unit_test(columns_have_all_their_properties),
        cmocka_unit_test(keys_and_indexes_are_told_apart),
        cmocka_unit_test(foreign_keys_and_checks),
        cmocka_unit_test(objects_are_named_with_their_text),
        cmocka_unit_test(kinds_of_tables),
        cmocka_unit_test(without_a_database_there_is_nothing_to_read),
    };
    return cmocka_run_group_tests(tests, open_fresh, close_all);
}
