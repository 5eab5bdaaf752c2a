/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What no single type can tell: which server it is, what stands in keys, how long the row gets.
 * Sources: MariaDB, "InnoDB Limitations" (3072 bytes of key), "VARCHAR" (65,535 bytes of row),
 * "Supported Character Sets and Collations"; MySQL 8.0 Reference Manual, 8.4.7 and 15.22.
 */
#include "base/utf8.h"
#include "engine/mysql/fit_priv.h"
#include "engine/mysql/type.h"

enum { TEXT_POINTER = 12, UUID_SINCE = 100700 };

/* --- collations ------------------------------------------------------------------------------- */

/* Exact: every difference of bytes counts, spaces at the end included (NO PAD). */
static const char *exact_collation(const dbw_mysql_fitting *f)
{
    if (f->maria)
        return f->version >= 100202 ? "utf8mb4_nopad_bin" : "utf8mb4_bin";
    return f->version >= 80017 ? "utf8mb4_0900_bin" : "utf8mb4_bin";
}

/* Case does not count, accents and spaces at the end do, where the server has such a one. */
static const char *nocase_collation(const dbw_mysql_fitting *f)
{
    if (f->maria)
        return f->version >= 101001   ? "utf8mb4_uca1400_nopad_as_ci"
               : f->version >= 100202 ? "utf8mb4_general_nopad_ci"
                                      : "utf8mb4_general_ci";
    return f->version >= 80000 ? "utf8mb4_0900_as_ci" : "utf8mb4_general_ci";
}

bool dbw_mysql_equates(const dbw_column *column)
{
    const char *collation = column->collation;
    return dbw_mysql_is_text(&column->type) &&
           !(collation && (strstr(collation, "nopad_bin") || strstr(collation, "0900_bin")));
}

/* The other server's Unicode collations go by other names. */
static const char *known_collation(const dbw_mysql_fitting *f, const char *collation)
{
    bool sensitive = strstr(collation, "_bin") || strstr(collation, "_as_cs");
    if (f->maria && strstr(collation, "utf8mb4_0900"))
        return sensitive ? exact_collation(f)
               : strstr(collation, "_as_ci") || f->version < 100202
                   ? nocase_collation(f)
                   : "utf8mb4_unicode_520_nopad_ci";
    if (!f->maria && (strstr(collation, "nopad") || strstr(collation, "uca1400")))
        return sensitive                                                 ? exact_collation(f)
               : f->version < 80000                                      ? "utf8mb4_unicode_520_ci"
               : strstr(collation, "_ai_ci") || strstr(collation, "520") ? "utf8mb4_0900_ai_ci"
                                                                         : nocase_collation(f);
    return collation;
}

static void fit_collation(const dbw_mysql_fitting *f, dbw_column *column)
{
    if (!dbw_mysql_is_text(&column->type)) {
        column->collation = NULL;
        return;
    }
    column->collation = !column->collation ? exact_collation(f)
                        : strcmp(column->collation, DBW_COLLATION_NOCASE) == 0
                            ? nocase_collation(f)
                            : known_collation(f, column->collation);
}

/* --- single columns --------------------------------------------------------------------------- */

void dbw_mysql_retype(const dbw_mysql_fitting *f, const dbw_fit *fit, dbw_column *column,
                      dbw_type type, const char *reason)
{
    const char *before = column->type.spelling;
    column->type = type;
    if (strcmp(before, type.spelling) != 0)
        f->tell(f->context, fit->table, column->name, before, type.spelling, reason, false);
}

dbw_type dbw_mysql_varchar(const dbw_mysql_fitting *f, int64_t length)
{
    return (dbw_type){.intent = DBW_INTENT_VARCHAR,
                      .length = (int32_t)length,
                      .spelling = dbw_arena_printf(f->arena, "varchar(%d)", (int)length)};
}

/* TIMESTAMP ends in 2038 and knows no time before 1970: DATETIME holds the others, in UTC. */
static void fit_moments(const dbw_mysql_fitting *f, const dbw_fit *fit, size_t n)
{
    dbw_column *column = &fit->table->columns[n];
    const dbw_measure *measure = &fit->measures[n];
    dbw_limits limits;
    if (column->type.intent != DBW_INTENT_TIMESTAMPTZ ||
        !dbw_mysql_type_is(&column->type, "timestamp") || !measure->moments)
        return;
    dbw_mysql_limits(&column->type, &limits);
    if (measure->moment_least >= limits.least && measure->moment_most <= limits.most)
        return;
    dbw_type type = column->type;
    type.spelling =
        dbw_arena_printf(f->arena, type.precision ? "datetime(%d)" : "datetime", type.precision);
    dbw_mysql_retype(f, fit, column, type, "a timestamp holds 1970 to 2038 only: datetime in UTC");
}

/* A decimal without declared digits gets those that were seen, and some more. */
static void fit_digits(const dbw_mysql_fitting *f, const dbw_fit *fit, size_t n)
{
    dbw_column *column = &fit->table->columns[n];
    const dbw_measure *measure = &fit->measures[n];
    dbw_type type = column->type;
    if (type.intent != DBW_INTENT_DECIMAL || type.precision != 65 || type.scale != 30)
        return;
    int scale = measure->fraction_digits <= 6 ? 6 : measure->fraction_digits <= 12 ? 12 : 30;
    if (measure->fraction_digits > 30 || measure->whole_digits > 65 - scale) {
        dbw_mysql_retype(f, fit, column,
                         (dbw_type){.intent = DBW_INTENT_TEXT, .spelling = "longtext"},
                         "more digits than decimal(65,30) has");
        return;
    }
    type.scale = (int16_t)scale;
    type.spelling = dbw_arena_printf(f->arena, "decimal(65,%d)", scale);
    dbw_mysql_retype(f, fit, column, type, "no decimal without a limit");
}

static void fit_column(const dbw_mysql_fitting *f, const dbw_fit *fit, size_t n)
{
    dbw_column *column = &fit->table->columns[n];
    bool has_uuid = f->maria && f->version >= UUID_SINCE;
    if (column->type.intent == DBW_INTENT_UUID && !has_uuid &&
        dbw_mysql_type_is(&column->type, "uuid")) {
        dbw_type type = column->type;
        type.spelling = "char(36)";
        dbw_mysql_retype(f, fit, column, type, "this server has no type for UUIDs");
    }
    if (fit->native)
        return;
    fit_moments(f, fit, n);
    fit_digits(f, fit, n);
}

/* --- the row ---------------------------------------------------------------------------------- */

static int64_t row_bytes(const dbw_type *type)
{
    return dbw_mysql_is_blob(type) ? TEXT_POINTER : dbw_mysql_key_bytes(type) + 2;
}

static bool in_key(const dbw_table *table, const char *column)
{
    const dbw_key *keys[2] = {table->primary_key, NULL};
    for (size_t k = 0; k < table->unique_count + table->foreign_key_count + 1; k++) {
        const dbw_names *names = k < table->unique_count ? &table->uniques[k].columns
                                 : k < table->unique_count + table->foreign_key_count
                                     ? &table->foreign_keys[k - table->unique_count].columns
                                 : keys[0] ? &keys[0]->columns
                                           : NULL;
        for (size_t i = 0; names && i < names->count; i++)
            if (strcmp(names->items[i], column) == 0)
                return true;
    }
    for (size_t k = 0; k < table->index_count; k++)
        for (size_t i = 0; i < table->indexes[k].item_count; i++)
            if (table->indexes[k].items[i].column &&
                strcmp(table->indexes[k].items[i].column, column) == 0)
                return true;
    return false;
}

/* The longest of the declared texts move out of the row until it is short enough. */
static void fit_row(const dbw_mysql_fitting *f, dbw_fit *fit)
{
    dbw_table *table = fit->table;
    for (;;) {
        int64_t all = (int64_t)table->column_count / 8 + 1, most = 0;
        dbw_column *widest = NULL;
        for (size_t i = 0; i < table->column_count; i++) {
            dbw_column *column = &table->columns[i];
            int64_t bytes = row_bytes(&column->type);
            all += bytes;
            if (dbw_mysql_elastic(&column->type) && bytes > most && bytes > 256 &&
                !in_key(table, column->name)) {
                widest = column;
                most = bytes;
            }
        }
        if (all <= DBW_MYSQL_ROW_BYTES || !widest)
            return;
        dbw_type type = widest->type;
        type.spelling = type.intent == DBW_INTENT_BYTES ? "mediumblob" : "mediumtext";
        dbw_mysql_retype(f, fit, widest, type, "the row has no room for it");
    }
}

/*
 * Half a page of 16 KB less its own, of which a record's head takes 5 bytes, what InnoDB keeps of
 * transactions 13, a bit each that may be NULL. Longer values than 40 bytes go elsewhere, TEXT and
 * BLOB leave 20 behind (ROW_FORMAT=DYNAMIC). Manual, "InnoDB Row Formats"; seen with MariaDB 10.11:
 * 997 columns of BIGINT are the most, 198 of VARCHAR(10), 385 of LONGTEXT.
 */
enum {
    PAGE_BYTES = 8126,
    RECORD_BYTES = 18,
    KEPT_BYTES = 40,
    POINTER_BYTES = 20,
    ROW_NUMBER_BYTES = 6
};

/* Manual, "Data Type Storage Requirements": four bytes for nine digits. */
static int64_t digits_bytes(int digits)
{
    static const int rest[] = {0, 1, 1, 2, 2, 3, 3, 4, 4};
    return digits < 0 ? 0 : digits / 9 * 4 + rest[digits % 9];
}

/* Of a type without a length of its own; never too much. */
static int64_t fixed_bytes(const dbw_type *type)
{
    static const struct {
        const char *name;
        int bytes;
    } sizes[] = {
        {"tinyint", 1}, {"smallint", 2},  {"mediumint", 3}, {"int", 4},  {"bigint", 8},
        {"float", 4},   {"double", 8},    {"date", 3},      {"time", 3}, {"datetime", 5},
        {"year", 1},    {"timestamp", 4}, {"uuid", 16},     {"enum", 1}, {"set", 1},
    };
    if (type->intent == DBW_INTENT_DECIMAL)
        return digits_bytes(type->precision - type->scale) + digits_bytes(type->scale);
    for (size_t i = 0; i < DBW_COUNT(sizes); i++)
        if (dbw_mysql_type_is(type, sizes[i].name))
            return sizes[i].bytes + (strstr(sizes[i].name, "time") && type->precision > 0
                                         ? (type->precision + 1) / 2
                                         : 0);
    return 1;
}

static int64_t kept_bytes(const dbw_column *column)
{
    const dbw_type *type = &column->type;
    bool wide = !column->collation || strncmp(column->collation, "utf8mb4", 7) == 0;
    bool words = dbw_mysql_type_is(type, "varchar") || dbw_mysql_type_is(type, "char");
    if (column->generated == DBW_GENERATED_VIRTUAL)
        return 0;
    if (dbw_mysql_is_blob(type))
        return POINTER_BYTES + 1;
    int64_t bytes = words ? type->length * (wide ? DBW_MYSQL_CHAR_BYTES : 1)
                    : type->intent == DBW_INTENT_BYTES ? type->length
                                                       : fixed_bytes(type);
    return (bytes > KEPT_BYTES ? KEPT_BYTES : bytes) + words;
}

const char *dbw_mysql_table_complaint(dbw_arena *arena, const dbw_table *table)
{
    int64_t bytes = RECORD_BYTES, optional = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        bytes += kept_bytes(&table->columns[i]);
        optional += table->columns[i].nullable;
    }
    bytes += (optional + 7) / 8 + (table->primary_key ? 0 : ROW_NUMBER_BYTES);
    if (bytes < PAGE_BYTES)
        return NULL;
    return dbw_arena_printf(arena,
                            "its row takes %lld bytes of a page, and InnoDB gives it less than %d",
                            (long long)bytes, PAGE_BYTES);
}

/* --- all -------------------------------------------------------------------------------------- */

const dbw_column *dbw_mysql_automatic(const dbw_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].identity != DBW_IDENTITY_NONE &&
            table->columns[i].generated == DBW_GENERATED_NONE)
            return &table->columns[i];
    return NULL;
}

/* Whether the expression speaks of the column; names stand in backticks. */
bool dbw_mysql_mentions(const dbw_mysql_fitting *f, const char *expression,
                        const dbw_column *column)
{
    dbw_buffer quoted;
    if (!column)
        return false;
    dbw_buffer_init(&quoted, 4096);
    dbw_quote_name(&dbw_engine_mysql, &quoted, column->name);
    bool found = strstr(expression, dbw_arena_text_string(f->arena, dbw_buffer_text(&quoted)));
    dbw_buffer_free(&quoted);
    return found;
}

/* Neither server lets checks and generated columns speak of the column that numbers itself. */
static const char numbered[] = "it speaks of the AUTO_INCREMENT column";

static void fit_generated(const dbw_mysql_fitting *f, dbw_table *table)
{
    const dbw_column *number = dbw_mysql_automatic(table);
    for (size_t i = 0; i < table->column_count; i++) {
        dbw_column *column = &table->columns[i];
        if (column->generated == DBW_GENERATED_NONE ||
            !dbw_mysql_mentions(f, column->generation, number))
            continue;
        column->generated = DBW_GENERATED_NONE;
        f->tell(f->context, table, column->name,
                dbw_arena_printf(f->arena, "GENERATED ALWAYS AS (%s)", column->generation),
                "an ordinary column with the same values", numbered, true);
    }
}

static void fit_numbered_checks(const dbw_mysql_fitting *f, dbw_table *table)
{
    const dbw_column *number = dbw_mysql_automatic(table);
    size_t kept = 0;
    for (size_t i = 0; i < table->check_count; i++) {
        dbw_check check = table->checks[i];
        if (dbw_mysql_mentions(f, check.expression, number))
            f->tell(f->context, table, check.name,
                    dbw_arena_printf(f->arena, "CHECK (%s)", check.expression), NULL, numbered,
                    true);
        else
            table->checks[kept++] = check;
    }
    table->check_count = kept;
}

/* Manual: comments of columns have 1024 characters, those of tables 2048. */
enum { COLUMN_COMMENT = 1024, TABLE_COMMENT = 2048 };

static void fit_comment(const dbw_mysql_fitting *f, const dbw_table *table, const char *name,
                        const char **comment, size_t most)
{
    size_t length = *comment ? strlen(*comment) : 0, at = 0;
    if (!length || dbw_utf8_characters(*comment, length) <= most)
        return;
    for (size_t characters = 0; at < length; at++)
        if (((unsigned char)(*comment)[at] & 0xC0) != 0x80 && ++characters > most)
            break;
    const char *before = *comment;
    *comment = dbw_arena_text_string(f->arena, (dbw_text){before, at});
    f->tell(f->context, table, name, "its comment", "the beginning of it",
            "the comment is too long", true);
}

/* What is loaded in transactions can be resumed and taken back. */
static void fit_engine(const dbw_mysql_fitting *f, dbw_table *table)
{
    const char *engine = table->engine;
    table->engine = NULL;
    if (engine && !dbw_text_equal_nocase(dbw_text_of(engine), DBW_TEXT("InnoDB")))
        f->tell(f->context, table, NULL, dbw_arena_printf(f->arena, "ENGINE=%s", engine),
                "ENGINE=InnoDB", "tables are made with transactions", false);
    if (table->collation)
        table->collation = known_collation(f, table->collation);
}

static void fit_comments(const dbw_mysql_fitting *f, dbw_table *table)
{
    fit_comment(f, table, NULL, &table->comment, TABLE_COMMENT);
    for (size_t i = 0; i < table->column_count; i++)
        fit_comment(f, table, table->columns[i].name, &table->columns[i].comment, COLUMN_COMMENT);
}

static void fit_checks(const dbw_mysql_fitting *f, dbw_table *table)
{
    fit_numbered_checks(f, table);
    if (f->maria || f->version >= 80016 || !table->check_count)
        return;
    for (size_t i = 0; i < table->check_count; i++)
        f->tell(f->context, table, table->checks[i].name,
                dbw_arena_printf(f->arena, "CHECK (%s)", table->checks[i].expression), NULL,
                "this server does not look at checks", true);
    table->check_count = 0;
}

void dbw_mysql_fit(dbw_arena *arena, const dbw_server *server, dbw_fit *tables, size_t count,
                   dbw_fit_tell *tell, void *context)
{
    dbw_mysql_fitting f = {.arena = arena,
                           .maria = strcmp(server->product, "MariaDB") == 0,
                           .version = server->version_number,
                           .tables = tables,
                           .count = count,
                           .tell = tell,
                           .context = context};
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < tables[i].table->column_count; n++)
            fit_column(&f, &tables[i], n);
    for (size_t i = 0; i < count; i++) {
        dbw_mysql_fit_primary(&f, &tables[i]);
        dbw_mysql_fit_uniques(&f, &tables[i]);
        dbw_mysql_fit_indexes(&f, &tables[i]);
        fit_generated(&f, tables[i].table);
        fit_checks(&f, tables[i].table);
        fit_comments(&f, tables[i].table);
        fit_engine(&f, tables[i].table);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < tables[i].table->column_count; n++)
            fit_collation(&f, &tables[i].table->columns[n]);
    for (size_t i = 0; i < count; i++)
        dbw_mysql_fit_foreign_keys(&f, &tables[i]);
    for (size_t i = 0; i < count; i++)
        fit_row(&f, &tables[i]);
}
