/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/map.h"

#include "engine/mysql/type.h"
#include "model/calendar.h"

typedef enum measure {
    MEASURE_NONE,
    MEASURE_LENGTH,
    MEASURE_BYTES,
    MEASURE_BITS,
    MEASURE_DIGITS,
    MEASURE_FRACTION,
    MEASURE_LABELS
} measure;

static const struct {
    const char *spelling;
    measure measure;
    dbw_loss loss;
    const char *note;
} maps[DBW_INTENT_COUNT] = {
#define DBW_MYSQL_MAP(intent, spelling, measure, loss, note)                                       \
    [DBW_INTENT_##intent] = {(spelling), MEASURE_##measure, DBW_LOSS_##loss, (note)},
#include "engine/mysql/maps.def"
};

/* Manual: DECIMAL has 65 digits, 30 of them behind the point; CHAR 255 characters; BIT 64; SET 64
 * members; ENUM 65,535. */
/* MariaDB's JSON_VALID takes 31 levels (JSON_DEPTH_LIMIT in include/json_lib.h), MySQL's 100. */
enum { JSON_DEPTH = 31 };
enum { DIGITS_MOST = 65, SCALE_MOST = 30, CHAR_MOST = 255, BITS_MOST = 64, SET_MOST = 64 };
enum { ENUM_MOST = 65535, LABEL_MOST = 255, SPELLING_MOST = 1 << 20, VARBINARY_MOST = 16383 };

static bool spelled_any(const dbw_type *type, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (dbw_mysql_type_is(type, words[i]))
            return true;
    return false;
}

bool dbw_mysql_is_blob(const dbw_type *type)
{
    static const char *const words[] = {"tinytext", "text", "mediumtext", "longtext", "tinyblob",
                                        "blob",     "json", "mediumblob", "longblob"};
    return spelled_any(type, words, DBW_COUNT(words));
}

bool dbw_mysql_is_text(const dbw_type *type)
{
    static const char *const words[] = {"char",       "varchar",  "tinytext", "text",
                                        "mediumtext", "longtext", "enum",     "set"};
    return spelled_any(type, words, DBW_COUNT(words));
}

void dbw_mysql_quote_text(dbw_buffer *out, dbw_text text)
{
    dbw_buffer_add_char(out, '\'');
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        const char *escaped = c == '\'' ? "''" : c == '\\' ? "\\\\" : c == '\0' ? "\\0" : NULL;
        if (c == '\n' || c == '\r' || c == '\032')
            escaped = c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\Z";
        if (escaped)
            dbw_buffer_add_string(out, escaped);
        else
            dbw_buffer_add_char(out, c);
    }
    dbw_buffer_add_char(out, '\'');
}

/* --- measures --------------------------------------------------------------------------------- */

static void become(dbw_type_mapping *out, dbw_intent intent, const char *spelling, const char *note)
{
    out->type = (dbw_type){.intent = intent, .spelling = spelling};
    out->loss = DBW_LOSS_TYPE;
    out->note = note;
}

static void map_length(dbw_arena *arena, const dbw_type *wanted, dbw_type_mapping *out)
{
    bool fixed = wanted->intent == DBW_INTENT_CHAR;
    if (wanted->length <= 0) {
        out->type = (dbw_type){.intent = DBW_INTENT_TEXT, .spelling = "longtext"};
        return;
    }
    out->type.length = wanted->length;
    if (fixed && wanted->length <= CHAR_MOST)
        out->type.spelling = dbw_arena_printf(arena, "char(%d)", wanted->length);
    else if (wanted->length <= DBW_MYSQL_VARCHAR_MOST)
        out->type.spelling = dbw_arena_printf(arena, "varchar(%d)", wanted->length);
    else
        become(out, DBW_INTENT_TEXT, "longtext", "longer than a varchar can be");
    if (fixed && wanted->length > CHAR_MOST && wanted->length <= DBW_MYSQL_VARCHAR_MOST) {
        out->type.intent = DBW_INTENT_VARCHAR;
        out->loss = DBW_LOSS_TYPE;
        out->note = "longer than a char can be";
    }
}

static void map_digits(dbw_arena *arena, const dbw_type *wanted, dbw_type_mapping *out)
{
    int precision = wanted->precision, scale = wanted->scale;
    if (precision <= 0) {
        out->loss = DBW_LOSS_TYPE;
        out->note = "no decimal without a limit";
        precision = DIGITS_MOST;
        scale = SCALE_MOST;
    }
    if (scale < 0) { /* PostgreSQL: zeros before the point */
        precision -= scale;
        scale = 0;
    }
    if (scale > precision)
        precision = scale;
    if (precision > DIGITS_MOST || scale > SCALE_MOST) {
        become(out, DBW_INTENT_TEXT, "longtext", "more digits than decimal(65,30) has");
        return;
    }
    out->type.precision = (int16_t)precision;
    out->type.scale = (int16_t)scale;
    out->type.spelling = dbw_arena_printf(arena, "decimal(%d,%d)", precision, scale);
}

/* MySQL keeps a label without the spaces at its end, and a set is divided by commas. */
static bool labels_fit(const dbw_type *type)
{
    bool set = type->intent == DBW_INTENT_SET;
    if (!type->label_count || type->label_count > (set ? (size_t)SET_MOST : (size_t)ENUM_MOST))
        return false;
    for (size_t i = 0; i < type->label_count; i++) {
        const char *label = type->labels[i];
        size_t length = strlen(label);
        if (length > LABEL_MOST || (length && label[length - 1] == ' ') ||
            (set && (!length || strchr(label, ','))))
            return false;
    }
    return true;
}

static void map_labels(dbw_arena *arena, const dbw_type *wanted, dbw_type_mapping *out)
{
    dbw_buffer spelling;
    if (!labels_fit(wanted)) {
        become(out, DBW_INTENT_TEXT, "longtext",
               wanted->intent == DBW_INTENT_ENUM ? "kept as text, its labels by a check"
                                                 : "a set becomes its comma-separated text");
        return;
    }
    dbw_buffer_init(&spelling, SPELLING_MOST);
    dbw_buffer_add_string(&spelling, wanted->intent == DBW_INTENT_SET ? "set(" : "enum(");
    for (size_t i = 0; i < wanted->label_count; i++) {
        if (i)
            dbw_buffer_add_char(&spelling, ',');
        dbw_mysql_quote_text(&spelling, dbw_text_of(wanted->labels[i]));
    }
    dbw_buffer_add_char(&spelling, ')');
    out->type.labels = wanted->labels;
    out->type.label_count = wanted->label_count;
    out->type.spelling = dbw_arena_text_string(arena, dbw_buffer_text(&spelling));
    if (spelling.failed)
        become(out, DBW_INTENT_TEXT, "longtext",
               wanted->intent == DBW_INTENT_ENUM ? "kept as text, its labels by a check"
                                                 : "a set becomes its comma-separated text");
    dbw_buffer_free(&spelling);
}

static void map_bits(dbw_arena *arena, const dbw_type *wanted, dbw_type_mapping *out)
{
    int32_t length = wanted->length > 0 ? wanted->length : wanted->fixed ? 1 : 0;
    if (wanted->fixed && length <= BITS_MOST) {
        out->type.length = length;
        out->type.fixed = true;
        out->type.spelling = dbw_arena_printf(arena, "bit(%d)", length);
        return;
    }
    bool fits = length > 0 && length <= DBW_MYSQL_VARCHAR_MOST;
    become(out, fits ? DBW_INTENT_VARCHAR : DBW_INTENT_TEXT,
           fits ? dbw_arena_printf(arena, "varchar(%d)", length) : "longtext",
           "bits become text of 0 and 1");
    out->type.length = fits ? length : 0;
}

void dbw_mysql_map_type(dbw_arena *arena, const dbw_type *wanted, dbw_type_mapping *out)
{
    dbw_intent intent = wanted->intent < DBW_INTENT_COUNT ? wanted->intent : DBW_INTENT_OTHER;
    *out = (dbw_type_mapping){.loss = maps[intent].loss, .note = maps[intent].note};
    out->type = (dbw_type){.intent = intent, .spelling = maps[intent].spelling};
    switch (maps[intent].measure) {
    case MEASURE_LENGTH:
        map_length(arena, wanted, out);
        break;
    case MEASURE_BYTES:
        out->type.length = wanted->length <= VARBINARY_MOST ? wanted->length : 0;
        if (out->type.length > 0)
            out->type.spelling = dbw_arena_printf(arena, "varbinary(%d)", wanted->length);
        break;
    case MEASURE_BITS:
        map_bits(arena, wanted, out);
        break;
    case MEASURE_DIGITS:
        map_digits(arena, wanted, out);
        break;
    case MEASURE_FRACTION:
        out->type.precision =
            wanted->precision >= 0 && wanted->precision <= 6 ? wanted->precision : (int16_t)6;
        if (out->type.precision)
            out->type.spelling =
                dbw_arena_printf(arena, "%s(%d)", maps[intent].spelling, out->type.precision);
        break;
    case MEASURE_LABELS:
        map_labels(arena, wanted, out);
        break;
    case MEASURE_NONE:
        if (intent == DBW_INTENT_ANY || intent == DBW_INTENT_OTHER)
            out->type.intent = DBW_INTENT_TEXT;
        if (intent == DBW_INTENT_ARRAY)
            out->type.intent = DBW_INTENT_JSON;
        if (intent == DBW_INTENT_INTERVAL)
            out->type.length = 64;
        if (intent == DBW_INTENT_FLOAT32)
            out->type.intent = DBW_INTENT_FLOAT64;
        out->type.is_unsigned = intent == DBW_INTENT_UINT64;
        break;
    }
}

/* --- limits ----------------------------------------------------------------------------------- */

/* Manual, "Date and Time Types": years up to 9999, and what is earlier than 1000 "might work"; it
 * does since the packed storage of 5.6. TIME reaches to 838:59:59.999999 on both
 * sides (to 838:59:59 on MySQL, whose server refuses the fraction). TIMESTAMP ends in
 * 2038 on every version before MariaDB 11.5, and second 0 stands for the zero date. */
static const int64_t second = 1000000;

void dbw_mysql_limits(const dbw_type *type, dbw_limits *out)
{
    int64_t first = dbw_calendar_days(1, 1, 1), last = dbw_calendar_days(9999, 12, 31);
    *out = (dbw_limits){0};
    switch (type->intent) {
    case DBW_INTENT_FLOAT32:
    case DBW_INTENT_FLOAT64:
        out->finite = true;
        return;
    case DBW_INTENT_DECIMAL:
        out->finite = true;
        return;
    case DBW_INTENT_DATE:
        *out = (dbw_limits){.finite = true, .ranged = true, .least = first, .most = last};
        return;
    case DBW_INTENT_TIME:
        *out = (dbw_limits){
            .ranged = true, .least = -(839 * 3600 * second - 1), .most = 839 * 3600 * second - 1};
        return;
    case DBW_INTENT_TIMESTAMP:
    case DBW_INTENT_TIMESTAMPTZ:
        *out = (dbw_limits){.finite = true,
                            .ranged = true,
                            .least = first * 86400 * second,
                            .most = (last + 1) * 86400 * second - 1};
        if (dbw_mysql_type_is(type, "timestamp")) {
            out->least = second;
            out->most = (INT64_C(1) << 31) * second - 1;
        }
        return;
    case DBW_INTENT_CHAR:
    case DBW_INTENT_VARCHAR:
    case DBW_INTENT_TEXT:
        out->takes_nul = true;
        return;
    case DBW_INTENT_JSON:
    case DBW_INTENT_JSONB:
        *out = (dbw_limits){.json_pairs = true, .json_depth = JSON_DEPTH};
        return;
    case DBW_INTENT_ANY:
    case DBW_INTENT_BOOLEAN:
    case DBW_INTENT_INT16:
    case DBW_INTENT_INT32:
    case DBW_INTENT_INT64:
    case DBW_INTENT_UINT64:
    case DBW_INTENT_BYTES:
    case DBW_INTENT_INTERVAL:
    case DBW_INTENT_UUID:
    case DBW_INTENT_ENUM:
    case DBW_INTENT_SET:
    case DBW_INTENT_BIT:
    case DBW_INTENT_ARRAY:
    case DBW_INTENT_OTHER:
    case DBW_INTENT_COUNT:
    default:
        return;
    }
}

/* --- a user's spelling ------------------------------------------------------------------------ */

dbw_status dbw_mysql_parse_type(dbw_arena *arena, const char *spelling, dbw_type *out,
                                dbw_error *error)
{
    dbw_text trimmed = dbw_text_of(spelling);
    while (trimmed.length && dbw_is_space(trimmed.data[trimmed.length - 1]))
        trimmed.length--;
    while (trimmed.length && dbw_is_space(trimmed.data[0])) {
        trimmed.data++;
        trimmed.length--;
    }
    if (dbw_mysql_type_read(arena, dbw_arena_text_string(arena, trimmed), out))
        return DBW_OK;
    dbw_fail(error, DBW_E_INVALID, "unable to read type '%.80s': MySQL has no such type", spelling);
    dbw_error_object(error, "%.80s", spelling);
    return dbw_hint(error, "Types are written as in MySQL: bigint unsigned, decimal(12,4), "
                           "varchar(40), datetime(6), longtext, json …");
}
