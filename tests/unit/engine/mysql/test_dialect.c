/* SPDX-License-Identifier: Apache-2.0 */
/* Types, defaults and statements as MySQL and MariaDB want them; the statements are run too. */
#include "../../servers.h"
#include "../../test.h"

#include "engine/engine.h"
#include "engine/mysql/map.h"

static dbw_arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = dbw_arena_new();
    return 0;
}

static int free_arena(void **state)
{
    (void)state;
    dbw_arena_free(arena);
    return 0;
}

static const dbw_dialect *dialect(void)
{
    return dbw_engine_mysql.dialect;
}

/* --- types ------------------------------------------------------------------------------------ */

static const char *const labels[] = {"a", "it's", "b,c"};

static const struct {
    dbw_type wanted;
    const char *spelling;
    dbw_intent intent;
    dbw_loss loss;
} mapped[] = {
    {{.intent = DBW_INTENT_ANY}, "longtext", DBW_INTENT_TEXT, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_BOOLEAN}, "tinyint(1)", DBW_INTENT_BOOLEAN, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_INT16}, "smallint", DBW_INTENT_INT16, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_INT64}, "bigint", DBW_INTENT_INT64, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_UINT64}, "bigint unsigned", DBW_INTENT_UINT64, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_FLOAT32}, "double", DBW_INTENT_FLOAT64, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_DECIMAL, .precision = 12, .scale = 4},
     "decimal(12,4)",
     DBW_INTENT_DECIMAL,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_DECIMAL}, "decimal(65,30)", DBW_INTENT_DECIMAL, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_DECIMAL, .precision = 5, .scale = -2},
     "decimal(7,0)",
     DBW_INTENT_DECIMAL,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_DECIMAL, .precision = 80, .scale = 2},
     "longtext",
     DBW_INTENT_TEXT,
     DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_CHAR, .length = 3}, "char(3)", DBW_INTENT_CHAR, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_CHAR, .length = 300}, "varchar(300)", DBW_INTENT_VARCHAR, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_VARCHAR, .length = 40},
     "varchar(40)",
     DBW_INTENT_VARCHAR,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_VARCHAR, .length = 70000}, "longtext", DBW_INTENT_TEXT, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_VARCHAR}, "longtext", DBW_INTENT_TEXT, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_BYTES}, "longblob", DBW_INTENT_BYTES, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_BYTES, .length = 16}, "varbinary(16)", DBW_INTENT_BYTES, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_TIME, .precision = -1}, "time(6)", DBW_INTENT_TIME, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_TIMESTAMP, .precision = 3},
     "datetime(3)",
     DBW_INTENT_TIMESTAMP,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_TIMESTAMP, .precision = 0},
     "datetime",
     DBW_INTENT_TIMESTAMP,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_TIMESTAMPTZ, .precision = -1},
     "timestamp(6)",
     DBW_INTENT_TIMESTAMPTZ,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_INTERVAL}, "varchar(64)", DBW_INTENT_INTERVAL, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_UUID}, "uuid", DBW_INTENT_UUID, DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_JSONB}, "json", DBW_INTENT_JSONB, DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_ENUM, .labels = labels, .label_count = 3},
     "enum('a','it''s','b,c')",
     DBW_INTENT_ENUM,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_SET, .labels = labels, .label_count = 3},
     "longtext",
     DBW_INTENT_TEXT,
     DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_SET, .labels = labels, .label_count = 2},
     "set('a','it''s')",
     DBW_INTENT_SET,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_BIT, .length = 20, .fixed = true},
     "bit(20)",
     DBW_INTENT_BIT,
     DBW_LOSS_NONE},
    {{.intent = DBW_INTENT_BIT, .length = 100, .fixed = true},
     "varchar(100)",
     DBW_INTENT_VARCHAR,
     DBW_LOSS_TYPE},
    {{.intent = DBW_INTENT_ARRAY}, "json", DBW_INTENT_JSON, DBW_LOSS_TYPE},
};

static void every_intent_has_a_type(void **state)
{
    (void)state;
    dbw_type_mapping mapping;
    for (size_t i = 0; i < DBW_COUNT(mapped); i++) {
        dialect()->map_type(arena, &mapped[i].wanted, &mapping);
        assert_string_equal(mapping.type.spelling, mapped[i].spelling);
        assert_int_equal(mapping.type.intent, mapped[i].intent);
        assert_int_equal(mapping.loss, mapped[i].loss);
        assert_true(mapping.loss == DBW_LOSS_NONE || mapping.note);
    }
    for (int i = 0; i < DBW_INTENT_COUNT; i++) {
        dialect()->map_type(arena, &(dbw_type){.intent = (dbw_intent)i}, &mapping);
        assert_non_null(mapping.type.spelling);
    }
}

static void a_users_spelling_is_read(void **state)
{
    (void)state;
    dbw_error error;
    dbw_type type;
    assert_ok(&error, dialect()->parse_type(arena, " DECIMAL(12, 4) ", &type, &error));
    assert_int_equal(type.intent, DBW_INTENT_DECIMAL);
    assert_int_equal(type.precision, 12);
    assert_ok(&error, dialect()->parse_type(arena, "bigint unsigned", &type, &error));
    assert_int_equal(type.intent, DBW_INTENT_UINT64);
    dbw_error_clear(&error);
    assert_int_equal(dialect()->parse_type(arena, "jsonb", &type, &error), DBW_E_INVALID);
    assert_string_equal(error.message, "unable to read type 'jsonb': MySQL has no such type");
}

/* --- defaults --------------------------------------------------------------------------------- */

static const char *rendered(dbw_default_kind kind, dbw_value value, const char *spelling)
{
    dbw_error error;
    dbw_type type;
    dbw_default given = {.kind = kind, .value = value};
    assert_ok(&error, dialect()->parse_type(arena, spelling, &type, &error));
    const char *text = dialect()->render_default(arena, &given, &type);
    return text ? text : "none";
}

static void defaults_are_written(void **state)
{
    (void)state;
    dbw_value bytes = {.kind = DBW_KIND_BYTES, .text = {"\0\xff", 2}};
    dbw_value yes = {.kind = DBW_KIND_BOOL, .boolean = true};
    dbw_value half = {.kind = DBW_KIND_DOUBLE, .real = -0.005};
    dbw_value text = dbw_value_string("it's \\ \n");
    assert_string_equal(rendered(DBW_DEFAULT_LITERAL, dbw_value_int(5), "int"), "5");
    assert_string_equal(rendered(DBW_DEFAULT_LITERAL, yes, "tinyint(1)"), "1");
    assert_string_equal(rendered(DBW_DEFAULT_LITERAL, half, "double"), "-0.005");
    assert_string_equal(rendered(DBW_DEFAULT_LITERAL, text, "varchar(9)"), "'it''s \\\\ \\n'");
    assert_string_equal(rendered(DBW_DEFAULT_LITERAL, text, "longtext"), "('it''s \\\\ \\n')");
    assert_string_equal(rendered(DBW_DEFAULT_LITERAL, bytes, "varbinary(4)"), "x'00ff'");
    assert_string_equal(rendered(DBW_DEFAULT_NOW, DBW_NULL, "datetime(3)"), "CURRENT_TIMESTAMP(3)");
    assert_string_equal(rendered(DBW_DEFAULT_NOW, DBW_NULL, "timestamp"), "CURRENT_TIMESTAMP");
    assert_string_equal(rendered(DBW_DEFAULT_NOW, DBW_NULL, "date"), "(curdate())");
    assert_string_equal(rendered(DBW_DEFAULT_NOW, DBW_NULL, "varchar(30)"),
                        "(date_format(utc_timestamp(), '%Y-%m-%d %H:%i:%s'))");
    assert_string_equal(rendered(DBW_DEFAULT_UUID, DBW_NULL, "char(36)"), "(uuid())");
    assert_string_equal(rendered(DBW_DEFAULT_UUID, DBW_NULL, "int"), "none");
}

/* --- fitting ---------------------------------------------------------------------------------- */

static const char *told;

static void tell(void *context, const dbw_table *table, const char *name, const char *before,
                 const char *after, const char *reason, bool loses)
{
    (void)context;
    (void)reason;
    told = dbw_arena_printf(arena, "%s%s.%s: %s -> %s%s;", told, table->name, name ? name : "",
                            before, after ? after : "nothing", loses ? " (lost)" : "");
}

static dbw_column column_of(const char *name, dbw_type wanted)
{
    dbw_type_mapping mapping;
    dialect()->map_type(arena, &wanted, &mapping);
    return (dbw_column){.name = name, .type = mapping.type, .nullable = true};
}

static dbw_names names_of(const char *a, const char *b)
{
    const char **items = DBW_NEW_ARRAY(arena, 2, const char *);
    items[0] = a;
    items[1] = b;
    return (dbw_names){.items = items, .count = b ? 2 : 1};
}

static const dbw_server maria = {.product = "MariaDB", .version_number = 101119};
static const dbw_server mysql8 = {.product = "MySQL", .version_number = 80036};
static const dbw_server mysql57 = {.product = "MySQL", .version_number = 50744};

static void what_the_server_has_not_is_told_apart(void **state)
{
    (void)state;
    static const struct {
        const dbw_server *server;
        const char *uuid, *exact, *nocase;
    } servers[] = {
        {&maria, "uuid", "utf8mb4_nopad_bin", "utf8mb4_uca1400_nopad_as_ci"},
        {&mysql8, "char(36)", "utf8mb4_0900_bin", "utf8mb4_0900_as_ci"},
        {&mysql57, "char(36)", "utf8mb4_bin", "utf8mb4_general_ci"},
    };
    for (size_t i = 0; i < DBW_COUNT(servers); i++) {
        dbw_column columns[] = {
            column_of("u", (dbw_type){.intent = DBW_INTENT_UUID}),
            column_of("t", (dbw_type){.intent = DBW_INTENT_TEXT}),
            column_of("n", (dbw_type){.intent = DBW_INTENT_VARCHAR, .length = 9}),
            column_of("b", (dbw_type){.intent = DBW_INTENT_BYTES}),
        };
        columns[2].collation = DBW_COLLATION_NOCASE;
        dbw_table table = {.name = "t", .columns = columns, .column_count = DBW_COUNT(columns)};
        dbw_measure measures[DBW_COUNT(columns)] = {{0}};
        dbw_fit fit = {.table = &table, .measures = measures, .measured = DBW_COUNT(measures)};
        told = "";
        dialect()->fit(arena, servers[i].server, &fit, 1, tell, NULL);
        assert_string_equal(columns[0].type.spelling, servers[i].uuid);
        assert_string_equal(columns[1].collation, servers[i].exact);
        assert_string_equal(columns[2].collation, servers[i].nocase);
        assert_null(columns[3].collation);
    }
}

static void times_beyond_2038_become_datetime(void **state)
{
    (void)state;
    dbw_column columns[] = {
        column_of("a", (dbw_type){.intent = DBW_INTENT_TIMESTAMPTZ, .precision = -1}),
        column_of("b", (dbw_type){.intent = DBW_INTENT_TIMESTAMPTZ, .precision = -1}),
        column_of("c", (dbw_type){.intent = DBW_INTENT_TIMESTAMPTZ, .precision = 0}),
    };
    dbw_table table = {.name = "t", .columns = columns, .column_count = 3};
    dbw_measure measures[] = {
        {.moments = true, .moment_least = 1000000, .moment_most = INT64_C(2147483647999999)},
        {.moments = true, .moment_least = 1000000, .moment_most = INT64_C(2147483648000000)},
        {.moments = true, .moment_least = 0, .moment_most = 0},
    };
    dbw_fit fit = {.table = &table, .measures = measures, .measured = DBW_COUNT(measures)};
    told = "";
    dialect()->fit(arena, &maria, &fit, 1, tell, NULL);
    assert_string_equal(told, "t.b: timestamp(6) -> datetime(6);t.c: timestamp -> datetime;");
}

static void keys_get_lengths_as_their_values_want(void **state)
{
    (void)state;
    dbw_column columns[] = {
        column_of("a", (dbw_type){.intent = DBW_INTENT_TEXT}),
        column_of("b", (dbw_type){.intent = DBW_INTENT_TEXT}),
        column_of("c", (dbw_type){.intent = DBW_INTENT_TEXT}),
        column_of("d", (dbw_type){.intent = DBW_INTENT_BYTES}),
    };
    dbw_key primary = {.columns = names_of("a", NULL)};
    dbw_key unique[] = {{.name = "bc", .columns = names_of("b", "c")},
                        {.name = "d", .columns = names_of("d", NULL)}};
    dbw_table table = {.name = "t",
                       .columns = columns,
                       .column_count = 4,
                       .primary_key = &primary,
                       .uniques = unique,
                       .unique_count = 2};
    dbw_measure measures[] = {{.longest_characters = 300},
                              {.longest_characters = 10},
                              {.longest_characters = 500},
                              {.longest_bytes = 4000}};
    dbw_fit fit = {.table = &table, .measures = measures, .measured = DBW_COUNT(measures)};
    told = "";
    dialect()->fit(arena, &mysql8, &fit, 1, tell, NULL);
    assert_string_equal(told, "t.a: longtext -> varchar(768);t.b: longtext -> varchar(139);"
                              "t.c: longtext -> varchar(629);t.d: UNIQUE (d) -> nothing (lost);");
    assert_int_equal(table.unique_count, 1);
}

/* --- statements ------------------------------------------------------------------------------- */

static dbw_database *open_fresh(const char *name)
{
    dbw_error error;
    dbw_url *url;
    dbw_database *database;
    dbw_open_options options = {0};
    assert_ok(&error, dbw_url_parse(arena, dbw_text_of(dbw_test_fresh_database("mysql", name)),
                                    &url, &error));
    assert_ok(&error, dbw_database_open(url, &options, &database, &error));
    return database;
}

static void run_part(dbw_database *database, const dbw_table *table, dbw_ddl_part part, size_t n,
                     const char *expected)
{
    dbw_error error;
    char *sql;
    assert_ok(&error, dialect()->render_ddl(arena, table, part, n, &sql, &error));
    if (!expected) {
        assert_null(sql);
        return;
    }
    assert_string_equal(sql, expected);
    assert_ok(&error, dbw_execute_script(database, sql, &error));
}

static bool table_is_taken(dbw_database *database, const dbw_table *table)
{
    dbw_error error;
    char *sql;
    assert_ok(&error, dialect()->render_ddl(arena, table, DBW_DDL_TABLE, 0, &sql, &error));
    dbw_status status = dbw_execute_script(database, sql, &error);
    if (status == DBW_OK)
        assert_ok(&error, dbw_execute_script(database, "DROP TABLE w", &error));
    return status == DBW_OK;
}

/* As many columns as InnoDB takes, and one more: the reckoning and the server agree. */
static void how_wide_a_row_may_be_is_known(void **state)
{
    (void)state;
    static const char *const spellings[] = {"bigint",        "varchar(10)", "longtext",
                                            "decimal(20,6)", "datetime(6)", "char(5)"};
    dbw_database *database = open_fresh(__func__);
    for (size_t i = 0; i < DBW_COUNT(spellings); i++) {
        dbw_error error;
        dbw_key key = {.columns = names_of("c0", NULL)};
        dbw_table table = {
            .name = "w", .columns = DBW_NEW_ARRAY(arena, 1017, dbw_column), .primary_key = &key};
        for (size_t n = 0; n < 1017; n++) {
            table.columns[n] = column_of(dbw_arena_printf(arena, "c%zu", n), (dbw_type){0});
            assert_ok(&error,
                      dialect()->parse_type(arena, spellings[i], &table.columns[n].type, &error));
        }
        table.columns[0].type = (dbw_type){.intent = DBW_INTENT_INT64, .spelling = "bigint"};
        table.columns[0].nullable = false;
        size_t most = 0;
        for (table.column_count = 1; table.column_count <= 1017; table.column_count++)
            if (!dialect()->table_complaint(arena, &table))
                most = table.column_count;
        table.column_count = most;
        assert_true(table_is_taken(database, &table));
        table.column_count = most + 1;
        assert_true(table.column_count <= 1017);
        assert_false(table_is_taken(database, &table));
    }
    dbw_database_close(database);
}

static void a_table_is_made_in_its_parts(void **state)
{
    (void)state;
    dbw_error error;
    dbw_database *database = open_fresh(__func__);
    dbw_column columns[] = {
        column_of("id", (dbw_type){.intent = DBW_INTENT_INT64}),
        column_of("a`b", (dbw_type){.intent = DBW_INTENT_VARCHAR, .length = 20}),
        column_of("twice", (dbw_type){.intent = DBW_INTENT_INT64}),
    };
    columns[0].nullable = false;
    columns[0].identity = DBW_IDENTITY_AUTO;
    columns[1].collation = "utf8mb4_nopad_bin";
    columns[1].comment = "it's";
    columns[2].generated = DBW_GENERATED_STORED;
    columns[2].generation = "`id` * 2";
    dbw_key primary = {.columns = names_of("a`b", NULL)};
    dbw_key unique = {.name = "one", .columns = names_of("id", "a`b")};
    dbw_index_item items[] = {{.column = "a`b", .prefix = 5}, {.column = "id", .descending = true}};
    dbw_index index = {.name = "i", .items = items, .item_count = 2};
    dbw_foreign_key key = {.name = "f",
                           .columns = names_of("twice", NULL),
                           .referenced_table = "t",
                           .referenced_columns = names_of("id", NULL),
                           .on_delete = DBW_ACTION_CASCADE};
    dbw_check check = {.name = "c", .expression = "`a``b` > '0'"};
    dbw_table table = {.name = "t",
                       .columns = columns,
                       .column_count = 2,
                       .primary_key = &primary,
                       .uniques = &unique,
                       .unique_count = 1,
                       .indexes = &index,
                       .index_count = 1,
                       .checks = &check,
                       .check_count = 1,
                       .next_identity = 9,
                       .comment = "a table"};
    run_part(database, &table, DBW_DDL_TABLE, 0,
             "CREATE TABLE `t` (\n    `id` bigint NOT NULL AUTO_INCREMENT,\n"
             "    `a``b` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NULL COMMENT "
             "'it''s',\n"
             "    PRIMARY KEY (`a``b`),\n    CONSTRAINT `one` UNIQUE (`id`, `a``b`),\n"
             "    CONSTRAINT `c` CHECK (`a``b` > '0'\n)\n"
             ") ENGINE=InnoDB DEFAULT CHARACTER SET=utf8mb4 COMMENT='a table'");
    run_part(database, &table, DBW_DDL_PRIMARY_KEY, 0, NULL);
    run_part(database, &table, DBW_DDL_UNIQUE, 0, NULL);
    run_part(database, &table, DBW_DDL_INDEX, 0,
             "ALTER TABLE `t` ADD INDEX `i` (`a``b`(5), `id` DESC)");
    run_part(database, &table, DBW_DDL_SEQUENCE, 0, "ALTER TABLE `t` AUTO_INCREMENT = 9");
    dbw_table child = {
        .name = "child",
        .columns =
            (dbw_column[]){column_of("twice", (dbw_type){.intent = DBW_INTENT_INT64}), columns[2]},
        .column_count = 1,
        .foreign_keys = &key,
        .foreign_key_count = 1};
    run_part(database, &child, DBW_DDL_TABLE, 0,
             "CREATE TABLE `child` (\n    `twice` bigint NULL\n"
             ") ENGINE=InnoDB DEFAULT CHARACTER SET=utf8mb4");
    run_part(database, &child, DBW_DDL_FOREIGN_KEY, 0,
             "ALTER TABLE `child` ADD CONSTRAINT `f` FOREIGN KEY (`twice`) REFERENCES `t` (`id`) "
             "ON UPDATE NO ACTION ON DELETE CASCADE");
    run_part(database, &child, DBW_DDL_ANALYZE, 0, "ANALYZE TABLE `child`");
    run_part(database, &child, DBW_DDL_DROP_TABLE, 0, "DROP TABLE IF EXISTS `child`");
    run_part(database, &child, DBW_DDL_DROP_TABLE, 0, "DROP TABLE IF EXISTS `child`");

    table.name = "ends ";
    char *sql;
    dbw_error_clear(&error);
    assert_int_equal(dialect()->render_ddl(arena, &table, DBW_DDL_TABLE, 0, &sql, &error),
                     DBW_E_INVALID);
    assert_string_equal(error.message,
                        "unable to use the name 'ends ' in MySQL: it ends with a space");
    dbw_database_close(database);
}

static void plain_indexes_are_made_together(void **state)
{
    (void)state;
    dbw_error error;
    dbw_database *database = open_fresh(__func__);
    dbw_column columns[] = {
        column_of("id", (dbw_type){.intent = DBW_INTENT_INT64}),
        column_of("a`b", (dbw_type){.intent = DBW_INTENT_VARCHAR, .length = 20}),
    };
    columns[0].nullable = false;
    dbw_index_item down = {.column = "id", .descending = true};
    dbw_key id = {.columns = names_of("id", NULL)};
    dbw_table several = {
        .name = "t",
        .columns = columns,
        .column_count = 2,
        .primary_key = &id,
        .indexes =
            (dbw_index[]){
                {.name = "first", .items = &(dbw_index_item){.column = "id"}, .item_count = 1},
                {.name = "words",
                 .method = "FULLTEXT",
                 .items = &(dbw_index_item){.column = "a`b"},
                 .item_count = 1},
                {.name = "second", .items = &down, .item_count = 1}},
        .index_count = 3};
    assert_ok(&error, dbw_execute_script(
                          database, "CREATE TABLE t (id bigint PRIMARY KEY, `a``b` text)", &error));
    run_part(database, &several, DBW_DDL_INDEX, 0,
             "ALTER TABLE `t` ADD INDEX `first` (`id`), ADD INDEX `second` (`id` DESC)");
    run_part(database, &several, DBW_DDL_INDEX, 1,
             "ALTER TABLE `t` ADD FULLTEXT INDEX `words` (`a``b`)");
    run_part(database, &several, DBW_DDL_INDEX, 2, NULL);
    dbw_database_close(database);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void a_server_gets_no_file_but_the_loads_memory(void **state)
{
    (void)state;
    dbw_error error;
    dbw_url *url;
    dbw_database *database;
    dbw_open_options options = {.loads = true};
    const char *target = dbw_test_fresh_database("mysql", __func__);
    assert_ok(&error, dbw_url_parse(arena, dbw_text_of(target), &url, &error));
    assert_ok(&error, dbw_database_open(url, &options, &database, &error));
    assert_ok(&error, dbw_execute_script(database, "CREATE TABLE t (a longtext)", &error));
    dbw_error_clear(&error);
    assert_int_not_equal(dbw_execute(database, "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t",
                                     NULL, 0, NULL, &error),
                         DBW_OK);
    assert_non_null(strstr(error.message, "no file is given to servers"));
    assert_string_equal(dbw_test_query(target, "SELECT COUNT(*) FROM t"), "0");
    dbw_database_close(database);
    options.loads = false;
    assert_ok(&error, dbw_database_open(url, &options, &database, &error));
    dbw_error_clear(&error);
    assert_int_not_equal(dbw_execute(database, "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t",
                                     NULL, 0, NULL, &error),
                         DBW_OK);
    dbw_database_close(database);
}

static void one_run_at_a_time_holds_the_lock(void **state)
{
    (void)state;
    dbw_error error;
    bool taken;
    const dbw_landing *landing = dbw_engine_mysql.landing;
    dbw_database *first = open_fresh(__func__), *second;
    dbw_url *url;
    dbw_open_options options = {0};
    char *target = dbw_arena_string(arena, dbw_test_url("mysql"));
    *(strrchr(target, '/') + 1) = '\0';
    target = dbw_arena_printf(arena, "%sapp_%s", target, __func__);
    assert_ok(&error, dbw_url_parse(arena, dbw_text_of(target), &url, &error));
    assert_ok(&error, dbw_database_open(url, &options, &second, &error));
    assert_ok(&error, landing->lock(first, NULL, &taken, &error));
    assert_true(taken);
    assert_ok(&error, landing->lock(second, NULL, &taken, &error));
    assert_false(taken);
    dbw_database_close(first);
    assert_ok(&error, landing->lock(second, NULL, &taken, &error));
    assert_true(taken);
    dbw_database_close(second);
}

int main(int argc, char **argv)
{
    dbw_test_need_servers(argc, argv, "mysql");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_intent_has_a_type),
        cmocka_unit_test(a_users_spelling_is_read),
        cmocka_unit_test(defaults_are_written),
        cmocka_unit_test(what_the_server_has_not_is_told_apart),
        cmocka_unit_test(times_beyond_2038_become_datetime),
        cmocka_unit_test(keys_get_lengths_as_their_values_want),
        cmocka_unit_test(how_wide_a_row_may_be_is_known),
        cmocka_unit_test(a_table_is_made_in_its_parts),
        cmocka_unit_test(plain_indexes_are_made_together),
        cmocka_unit_test(a_server_gets_no_file_but_the_loads_memory),
        cmocka_unit_test(one_run_at_a_time_holds_the_lock),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
