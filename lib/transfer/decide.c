/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The type of each column in a target that is made anew: what the declared name promises, held
 * against what the column really has. A promise that the values break is widened where another
 * type holds all of them; where none does, it is kept, and the values that break it become findings
 * (probe.c).
 */
#include "transfer/decide_priv.h"
#include "transfer/transforms.h"

unsigned dbw_decide_wants(dbw_intent intent)
{
    switch (intent) {
    case DBW_INTENT_BOOLEAN:
        return DBW_WANT_BOOLEAN | DBW_WANT_NUMBER | DBW_WANT_DIGITS;
    case DBW_INTENT_INT16:
    case DBW_INTENT_INT32:
    case DBW_INTENT_INT64:
    case DBW_INTENT_UINT64:
    case DBW_INTENT_DECIMAL:
        return DBW_WANT_NUMBER | DBW_WANT_DIGITS;
    case DBW_INTENT_FLOAT32:
    case DBW_INTENT_FLOAT64:
        return DBW_WANT_NUMBER;
    case DBW_INTENT_CHAR:
    case DBW_INTENT_ENUM:
        return DBW_WANT_SHORTEST;
    case DBW_INTENT_DATE:
    case DBW_INTENT_TIME:
    case DBW_INTENT_TIMESTAMP:
    case DBW_INTENT_TIMESTAMPTZ:
        return DBW_WANT_TIME;
    case DBW_INTENT_UUID:
        return DBW_WANT_UUID;
    case DBW_INTENT_JSON:
    case DBW_INTENT_JSONB:
        return DBW_WANT_JSON;
    case DBW_INTENT_INTERVAL:
        return DBW_WANT_DURATION | DBW_WANT_TIME;
    case DBW_INTENT_ANY:
    case DBW_INTENT_VARCHAR:
    case DBW_INTENT_TEXT:
    case DBW_INTENT_BYTES:
    case DBW_INTENT_SET:
    case DBW_INTENT_BIT:
    case DBW_INTENT_ARRAY:
    case DBW_INTENT_OTHER:
    case DBW_INTENT_COUNT:
        break;
    }
    return 0;
}

void dbw_decide_become(dbw_decision *out, dbw_intent intent, const char *note)
{
    out->wanted = (dbw_type){.intent = intent, .precision = 0};
    if (intent == DBW_INTENT_TIME || intent == DBW_INTENT_TIMESTAMP ||
        intent == DBW_INTENT_TIMESTAMPTZ)
        out->wanted.precision = -1;
    out->note = note;
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* The narrowest of our three that holds the values. */
static dbw_intent narrowest(const dbw_profile_column *p)
{
    if (p->reals || !p->integers)
        return DBW_INTENT_INT64;
    if (p->integer_least >= INT16_MIN && p->integer_most <= INT16_MAX)
        return DBW_INTENT_INT16;
    if (p->integer_least >= INT32_MIN && p->integer_most <= INT32_MAX)
        return DBW_INTENT_INT32;
    return DBW_INTENT_INT64;
}

/* Every integer is exactly a double. */
static bool doubles_hold(const dbw_profile_column *p)
{
    const int64_t exact = INT64_C(1) << 53;
    return !p->integers || (p->integer_least >= -exact && p->integer_most <= exact);
}

static void become_decimal(const dbw_profile_column *p, dbw_decision *out, const char *note)
{
    (void)p;
    dbw_decide_become(out, DBW_INTENT_DECIMAL, note);
}

/* Numbers of any kind, none of them promised: the type that holds them exactly. */
void dbw_decide_by_numbers(const dbw_profile_column *p, dbw_decision *out, const char *note)
{
    if (p->texts || !doubles_hold(p))
        become_decimal(p, out, note);
    else if (p->reals > p->reals_whole)
        dbw_decide_become(out, DBW_INTENT_FLOAT64, note);
    else
        dbw_decide_become(out, DBW_INTENT_INT64, note);
}

static bool all_texts_are_numbers(const dbw_profile_column *p)
{
    return p->numbers == p->texts;
}

static void decide_boolean(const dbw_profile_column *p, dbw_decision *out)
{
    bool words = p->texts == p->boolean_words && !p->blobs;
    bool truth =
        (!p->integers || (p->integer_least >= 0 && p->integer_most <= 1)) &&
        (!p->reals || (p->reals == p->reals_whole && p->real_least >= 0 && p->real_most <= 1));
    if (p->texts)
        out->reading = DBW_READING_BOOL_WORDS;
    if (words && truth && p->texts)
        out->note = "words become true and false";
    if ((words && truth) || p->others)
        return;
    if (!truth && !p->texts && !p->blobs) {
        dbw_decide_by_numbers(p, out, "holds numbers other than 0 and 1");
        if (out->wanted.intent == DBW_INTENT_INT64)
            out->wanted.intent = narrowest(p);
    }
}

static void decide_integer(const dbw_profile_column *p, dbw_decision *out)
{
    bool numbers = all_texts_are_numbers(p) && !p->blobs && !p->others;
    if (p->texts)
        out->reading = DBW_READING_NUMBER_TEXT;
    /* They come as what they are only where 63 bits do not hold them. */
    if (out->wanted.intent == DBW_INTENT_UINT64 && p->others && p->other_kind == DBW_KIND_UINT64) {
        dbw_decide_become(out, DBW_INTENT_DECIMAL, "holds numbers beyond 63 bits");
        out->wanted.precision = 20;
        return;
    }
    if (numbers && (p->reals > p->reals_whole || p->fraction_digits > 0)) {
        dbw_decide_by_numbers(p, out, "holds numbers with digits behind the point");
        return;
    }
    if (numbers && p->whole_digits > 18 && p->texts) {
        become_decimal(p, out, "holds numbers beyond 64 bits");
        return;
    }
    dbw_intent holds = narrowest(p);
    if (p->integers && out->wanted.intent <= DBW_INTENT_INT64 && holds > out->wanted.intent)
        dbw_decide_become(out, holds, "holds numbers beyond the declared range");
}

/* Where the target's unsigned integers end at 63 bits, decimals go on. */
static void decide_unsigned(dbw_planner *planner, const dbw_profile_column *p, dbw_decision *out)
{
    dbw_type_mapping mapping;
    decide_integer(p, out);
    if (out->wanted.intent != DBW_INTENT_UINT64 || !p->others)
        return;
    planner->to->dialect->map_type(planner->arena, &out->wanted, &mapping);
    if (mapping.loss != DBW_LOSS_VALUES)
        return;
    dbw_decide_become(out, DBW_INTENT_DECIMAL, "holds numbers beyond 63 bits");
    out->wanted.precision = 20;
}

static void decide_real(const dbw_planner *planner, const dbw_profile_column *p, dbw_decision *out)
{
    /* SQLite's REAL has 8 bytes, and whoever declared FLOAT got them. */
    bool single =
        !planner->from->dialect->loose_types && p->reals_single == p->reals - p->reals_endless;
    if (out->wanted.intent == DBW_INTENT_FLOAT32 && !p->others && !single)
        dbw_decide_become(out, DBW_INTENT_FLOAT64, NULL);
    if (p->texts)
        out->reading = DBW_READING_NUMBER_TEXT;
    if (!doubles_hold(p) && all_texts_are_numbers(p) && !p->blobs && !p->reals_endless)
        become_decimal(p, out, "holds integers that no double keeps");
}

/* PostgreSQL's scales below zero and beyond the precision, said as others say them. */
static void plain_scale(dbw_decision *out)
{
    dbw_type *wanted = &out->wanted;
    if (wanted->precision <= 0 || (wanted->scale >= 0 && wanted->scale <= wanted->precision))
        return;
    if (wanted->scale < 0) {
        wanted->precision = (int16_t)(wanted->precision - wanted->scale);
        wanted->scale = 0;
    } else {
        wanted->precision = wanted->scale;
    }
    wanted->spelling = NULL;
    out->note = "no scale below zero or beyond the precision";
}

static void decide_decimal(const dbw_profile_column *p, dbw_decision *out)
{
    if (p->texts)
        out->reading = DBW_READING_NUMBER_TEXT;
    if (out->wanted.precision == 0)
        return;
    plain_scale(out);
    /* The declared digits, widened by what was measured; integers have their own measure. */
    int32_t whole = p->whole_digits, fraction = p->fraction_digits;
    for (int64_t n = p->integers ? p->integer_most : 0, digits = 0; n; n /= 10)
        whole = ++digits > whole ? (int32_t)digits : whole;
    for (int64_t n = p->integers ? p->integer_least : 0, digits = 0; n; n /= 10)
        whole = ++digits > whole ? (int32_t)digits : whole;
    int32_t scale = out->wanted.scale, before = out->wanted.precision - scale;
    if (whole <= before && fraction <= scale)
        return;
    before = whole > before ? whole : before;
    scale = fraction > scale ? fraction : scale;
    out->note = "holds more digits than declared";
    out->wanted.spelling = NULL;
    out->wanted.precision = before + scale <= 1000 ? (int16_t)(before + scale) : 0;
    out->wanted.scale = out->wanted.precision ? (int16_t)scale : 0;
}

/* --- text and bytes --------------------------------------------------------------------------- */

static void decide_text(const dbw_profile_column *p, dbw_decision *out)
{
    if (p->blobs && !p->texts && !p->integers && !p->reals) {
        dbw_decide_become(out, DBW_INTENT_BYTES, "holds bytes only");
        return;
    }
    bool padded = out->wanted.intent == DBW_INTENT_CHAR;
    int32_t length = out->wanted.length;
    if (padded && p->texts &&
        (p->longest_characters != length || p->shortest_characters != length)) {
        out->wanted.intent = DBW_INTENT_VARCHAR;
        out->wanted.spelling = NULL;
        out->note = "not padded to the declared length";
    }
    if (length > 0 && p->longest_characters > length) {
        out->wanted.length = p->longest_characters <= 10000000 ? (int32_t)p->longest_characters : 0;
        out->wanted.spelling = NULL;
        if (!out->wanted.length)
            out->wanted.intent = DBW_INTENT_TEXT;
        out->note = "holds text longer than declared";
    }
}

static void decide_bytes(const dbw_profile_column *p, dbw_decision *out)
{
    if (p->blobs || p->others || dbw_profile_values(p) == 0)
        return;
    if (p->texts && !p->integers && !p->reals)
        dbw_decide_become(out, DBW_INTENT_TEXT, "holds text only");
    else if (!p->texts)
        dbw_decide_by_numbers(p, out, "holds numbers only");
}

/* A column without a declared type says by its values what it is. */
static void decide_any(const dbw_profile_column *p, dbw_decision *out)
{
    if (p->blobs && !p->integers && !p->reals)
        dbw_decide_become(out, DBW_INTENT_BYTES, p->texts ? "holds bytes and text" : "holds bytes");
    else if (p->texts || p->blobs || dbw_profile_values(p) == 0)
        dbw_decide_become(out, DBW_INTENT_TEXT,
                          p->integers || p->reals ? "holds text and numbers: kept as text" : NULL);
    else
        dbw_decide_by_numbers(p, out, "holds numbers");
}

/* --- the rest --------------------------------------------------------------------------------- */

static void decide_uuid(const dbw_profile_column *p, dbw_decision *out)
{
    out->reading = p->texts ? DBW_READING_UUID_TEXT : DBW_READING_UUID_BYTES;
    if (p->others || dbw_profile_values(p) == 0)
        out->reading = DBW_READING_NATIVE;
    else if (p->texts && !p->blobs && !p->uuids)
        dbw_decide_become(out, DBW_INTENT_TEXT, "holds text that is no UUID");
    else if (p->blobs && !p->texts && !p->blobs_of_16)
        dbw_decide_become(out, DBW_INTENT_BYTES, "holds bytes that are no UUID");
    else if (p->blobs)
        out->note = "holds bytes of UUIDs";
}

/* What the target's type of JSON does not take is text there. */
static bool json_holds(dbw_planner *planner, const dbw_profile_column *p, const dbw_type *wanted)
{
    const dbw_dialect *dialect = planner->to->dialect;
    dbw_type_mapping mapping;
    dbw_limits limits = {0};
    if (!dialect->limits)
        return true;
    dialect->map_type(planner->arena, wanted, &mapping);
    dialect->limits(&mapping.type, &limits);
    return dbw_limits_hold_json(&limits, p);
}

static void decide_json(dbw_planner *planner, const dbw_profile_column *p, dbw_decision *out)
{
    int64_t beyond = p->json[DBW_JSON_NUL] + p->json[DBW_JSON_SURROGATE] + p->json[DBW_JSON_NUMBER];
    if (out->wanted.intent == DBW_INTENT_JSONB && beyond)
        dbw_decide_become(out, DBW_INTENT_JSON, "holds what jsonb does not keep");
    if (p->texts && p->json[DBW_JSON_BAD] == p->texts)
        dbw_decide_become(out, DBW_INTENT_TEXT, "holds text that is no JSON");
    else if (!p->json[DBW_JSON_BAD] && !p->json[DBW_JSON_DEEP] &&
             !json_holds(planner, p, &out->wanted))
        dbw_decide_become(out, DBW_INTENT_TEXT, "holds what the target's JSON does not take");
}

static void decide_interval(const dbw_profile_column *p, dbw_decision *out)
{
    if (p->others || dbw_profile_values(p) == 0 ||
        (p->durations == p->texts && p->durations == dbw_profile_values(p)))
        return;
    decide_any(p, out);
    out->note = "no interval type in the source";
}

/* Numbers were promised, and not one is there. */
static bool no_numbers_at_all(const dbw_profile_column *p, dbw_intent intent)
{
    return (dbw_decide_wants(intent) & DBW_WANT_NUMBER) && p->texts && !p->numbers &&
           !p->integers && !p->reals && !p->others && !p->boolean_words;
}

static void decide_by_profile(dbw_planner *planner, const dbw_work *work, size_t n,
                              dbw_decision *out)
{
    const dbw_profile_column *p = &work->profile.profiles[n];
    if (no_numbers_at_all(p, out->wanted.intent) && !p->blobs) {
        dbw_decide_become(out, DBW_INTENT_TEXT, "holds text only");
        return;
    }
    switch (out->wanted.intent) {
    case DBW_INTENT_ANY:
        decide_any(p, out);
        break;
    case DBW_INTENT_BOOLEAN:
        decide_boolean(p, out);
        break;
    case DBW_INTENT_INT16:
    case DBW_INTENT_INT32:
    case DBW_INTENT_INT64:
        decide_integer(p, out);
        break;
    case DBW_INTENT_UINT64:
        decide_unsigned(planner, p, out);
        break;
    case DBW_INTENT_FLOAT32:
    case DBW_INTENT_FLOAT64:
        decide_real(planner, p, out);
        break;
    case DBW_INTENT_DECIMAL:
        decide_decimal(p, out);
        break;
    case DBW_INTENT_CHAR:
    case DBW_INTENT_VARCHAR:
    case DBW_INTENT_TEXT:
        decide_text(p, out);
        break;
    case DBW_INTENT_BYTES:
        decide_bytes(p, out);
        break;
    case DBW_INTENT_DATE:
    case DBW_INTENT_TIME:
    case DBW_INTENT_TIMESTAMP:
    case DBW_INTENT_TIMESTAMPTZ:
        dbw_decide_time(planner, work, n, out);
        break;
    case DBW_INTENT_UUID:
        decide_uuid(p, out);
        break;
    case DBW_INTENT_JSON:
    case DBW_INTENT_JSONB:
        decide_json(planner, p, out);
        break;
    case DBW_INTENT_INTERVAL:
        decide_interval(p, out);
        break;
    case DBW_INTENT_ENUM:
    case DBW_INTENT_SET:
    case DBW_INTENT_BIT:
    case DBW_INTENT_ARRAY:
    case DBW_INTENT_OTHER:
    case DBW_INTENT_COUNT:
    default:
        break;
    }
}

/* --- what the user said ----------------------------------------------------------------------- */

/* The type given for the column, or for its declared type; the column's own is stronger. */
static const char *given_type(const dbw_planner *planner, const dbw_work *work,
                              const dbw_column *column)
{
    const dbw_option_map *map = &planner->options->types;
    const char *by_type = NULL;
    for (size_t i = 0; i < map->count; i++) {
        if (dbw_pattern_is_column(map->items[i].name, work->source->name, column->name))
            return map->items[i].value;
        if (column->type.spelling && *column->type.spelling &&
            dbw_text_equal_nocase(dbw_text_of(map->items[i].name),
                                  dbw_text_of(column->type.spelling)))
            by_type = map->items[i].value;
    }
    return by_type;
}

static dbw_status decide_as_told(dbw_planner *planner, const dbw_work *work, size_t n,
                                 const char *type, dbw_decision *out, dbw_error *error)
{
    const dbw_column *column = &work->source->columns[work->columns[n]];
    if (planner->to->dialect->parse_type(planner->arena, type, &out->wanted, error) != DBW_OK) {
        dbw_error_prefix(error, "unable to use option 'types' for %.100s.%.100s",
                         work->source->name, column->name);
        return dbw_error_object(error, "types");
    }
    out->fixed = true;
    out->note = "as told";
    dbw_decide_reading(planner, work, n, out->wanted.intent, out);
    bool zoned = out->wanted.intent == DBW_INTENT_TIMESTAMPTZ;
    const dbw_profile_column *p = &work->profile.profiles[n];
    out->zone_missing = zoned && !out->zone_given && dbw_decide_unzoned(p);
    return DBW_OK;
}

static bool told(const dbw_planner *planner, const dbw_work *work, size_t n, const char *what)
{
    return dbw_transform_find(planner->options, work->source->name,
                              work->source->columns[work->columns[n]].name, what) != NULL;
}

/* Whether the user asked for something to be done to what the column holds. */
static bool is_treated(const dbw_planner *planner, const dbw_work *work, size_t n)
{
    const dbw_profile_column *p = &work->profile.profiles[n];
    bool dated = dbw_decide_wants(work->decisions[n].wanted.intent) & DBW_WANT_TIME;
    return (p->with_nul && told(planner, work, n, "nul")) ||
           (p->invalid_utf8 && told(planner, work, n, "invalid-utf8")) ||
           (p->mojibake && told(planner, work, n, "mojibake")) ||
           (dated && p->texts && told(planner, work, n, "zero-date"));
}

/* Between two databases of one engine nothing is interpreted: values of another kind than the
 * type's own are carried over as they are, and in columns that take any value all are. */
static void decide_verbatim(const dbw_planner *planner, const dbw_work *work, size_t n,
                            dbw_decision *out)
{
    const dbw_profile_column *p = &work->profile.profiles[n];
    dbw_kind kind = dbw_intent_kind(out->wanted.intent);
    bool own = (!p->integers || kind == DBW_KIND_INT64) && (!p->reals || kind == DBW_KIND_DOUBLE) &&
               (!p->texts || kind == DBW_KIND_TEXT) && (!p->blobs || kind == DBW_KIND_BYTES) &&
               (!p->others || p->other_kind == kind);
    out->fixed = true;
    /* Unsigned values come signed where they fit. */
    if (kind == DBW_KIND_UINT64 && !p->reals && !p->texts && !p->blobs)
        return;
    bool foreign = planner->from->dialect->loose_types || (!own && dbw_profile_values(p));
    if (foreign && !is_treated(planner, work, n))
        out->wanted.intent = DBW_INTENT_ANY;
}

static dbw_status decide_column(dbw_planner *planner, const dbw_work *work, size_t n,
                                dbw_error *error)
{
    const dbw_column *column = &work->source->columns[work->columns[n]];
    dbw_decision *out = &work->decisions[n];
    const char *told = given_type(planner, work, column);
    *out = (dbw_decision){.wanted = column->type};
    if (told)
        return decide_as_told(planner, work, n, told, out, error);
    if (planner->same_engine)
        decide_verbatim(planner, work, n, out);
    else
        decide_by_profile(planner, work, n, out);
    return DBW_OK;
}

dbw_status dbw_plan_decide(dbw_planner *planner, dbw_error *error)
{
    for (size_t i = 0; i < planner->work_count; i++) {
        const dbw_work *work = &planner->works[i];
        for (size_t n = 0; !work->skip && n < work->column_count; n++)
            DBW_TRY(decide_column(planner, work, n, error));
    }
    dbw_decide_groups(planner);
    for (size_t i = 0; i < planner->work_count; i++)
        for (size_t n = 0; !planner->works[i].skip && n < planner->works[i].column_count; n++)
            dbw_decide_show(planner, &planner->works[i], n);
    return DBW_OK;
}
