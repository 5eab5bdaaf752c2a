/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which values cannot be carried over. The profile tells cheaply which columns may hold some; those
 * are read again with their keys and put through the very converter that the copy will use, so
 * that what is found here is what would happen there.
 */
#include "transfer/convert.h"
#include "transfer/datetime.h"
#include "transfer/plan_priv.h"

/* --- who is suspected ------------------------------------------------------------------------- */

static bool integers_fit(const dbw_profile_column *p, dbw_intent intent)
{
    int64_t least = INT64_MIN, most = INT64_MAX;
    if (!p->integers)
        return true;
    if (intent == DBW_INTENT_INT16) {
        least = INT16_MIN;
        most = INT16_MAX;
    } else if (intent == DBW_INTENT_INT32) {
        least = INT32_MIN;
        most = INT32_MAX;
    } else if (intent == DBW_INTENT_UINT64) {
        least = 0;
    } else if (intent == DBW_INTENT_BOOLEAN) {
        least = 0;
        most = 1;
    } else if (intent == DBW_INTENT_FLOAT64) {
        least = -(INT64_C(1) << 53);
        most = INT64_C(1) << 53;
    } else if (intent == DBW_INTENT_FLOAT32) {
        least = -(INT64_C(1) << 24);
        most = INT64_C(1) << 24;
    }
    return p->integer_least >= least && p->integer_most <= most;
}

static bool decimals_fit(const dbw_profile_column *p, const dbw_plan_column *column)
{
    int64_t limit = 1;
    int scale = column->target_canonical.scale;
    if (p->texts != p->numbers || p->reals_endless)
        return false;
    if (column->precision <= 0)
        return true;
    int before = column->precision - scale;
    if (p->whole_digits > before || p->fraction_digits > scale)
        return false;
    for (int i = 0; i < before && i < 18; i++)
        limit *= 10;
    return !p->integers || before > 18 || (p->integer_most < limit && p->integer_least > -limit);
}

static bool text_fits(const dbw_profile_column *p, const dbw_plan_column *column)
{
    bool repaired = p->mojibake && column->on_mojibake == DBW_REMEDY_REPAIR;
    return !p->blobs && (!p->with_nul || column->limits.takes_nul) && !p->invalid_utf8 &&
           !repaired && (column->length <= 0 || p->longest_characters <= column->length);
}

static bool times_fit(const dbw_profile_column *p, const dbw_plan_column *column,
                      const dbw_decision *d)
{
    int64_t dated = p->dates + p->timestamps + p->zoned + p->endless;
    bool numeric = p->integers || p->reals;
    if (p->blobs || d->zone_missing || d->epochs_mixed || (numeric && p->texts))
        return false;
    if (p->others && p->other_kind == DBW_KIND_INTERVAL)
        return false;
    if (numeric && (column->intent == DBW_INTENT_TIME || d->reading == DBW_READING_NATIVE))
        return false;
    /* Epochs within the years 1 to 9999 whatever their unit; whole days are counted. */
    if (numeric)
        return column->intent != DBW_INTENT_DATE && !p->reals &&
               p->epoch_small + p->epoch_s + p->epoch_ms + p->epoch_us == p->integers;
    if (column->intent == DBW_INTENT_TIME)
        return p->times == p->texts;
    if (column->intent == DBW_INTENT_DATE)
        return p->dates + p->endless == p->texts || (p->midnights == p->texts && !p->zoned);
    return dated == p->texts && (column->intent == DBW_INTENT_TIMESTAMPTZ || !p->zoned);
}

bool dbw_limits_hold_json(const dbw_limits *limits, const dbw_profile_column *p)
{
    return (!limits->json_depth || p->json_depth <= limits->json_depth) &&
           (!limits->json_pairs || !p->json[DBW_JSON_SURROGATE]);
}

/* Nothing that the target column cannot hold was seen. Numbers that are read as times are left to
 * the converter where the type ends before our calendar does. */
static bool within_limits(const dbw_profile_column *p, const dbw_plan_column *column)
{
    const dbw_limits *limits = &column->limits;
    int64_t unit = column->intent == DBW_INTENT_DATE ? INT64_C(86400000000) : 1;
    if (limits->finite && (p->reals_endless || p->nans || p->moments_endless))
        return false;
    if (column->no_minus_zero && p->reals_negative_zero)
        return false;
    if (!dbw_limits_hold_json(limits, p))
        return false;
    if (!limits->ranged || column->intent == DBW_INTENT_TIME)
        return true;
    if (column->intent == DBW_INTENT_TIMESTAMPTZ && (p->integers || p->reals))
        return false;
    return p->moment_least > p->moment_most ||
           (p->moment_least >= limits->least * unit && p->moment_most / unit <= limits->most);
}

/* Whether the profile alone shows that every value converts. */
static bool certain(const dbw_profile_column *p, const dbw_plan_column *column,
                    const dbw_decision *d)
{
    if (!within_limits(p, column))
        return false;
    if (p->others && !p->integers && !p->reals && !p->texts && !p->blobs &&
        p->other_kind == dbw_intent_kind(column->intent))
        return column->intent != DBW_INTENT_DECIMAL || decimals_fit(p, column);
    switch (column->intent) {
    case DBW_INTENT_ANY:
        return true;
    case DBW_INTENT_BOOLEAN:
        return !p->blobs && !p->reals && p->texts == p->boolean_words &&
               integers_fit(p, column->intent);
    case DBW_INTENT_INT16:
    case DBW_INTENT_INT32:
    case DBW_INTENT_INT64:
    case DBW_INTENT_UINT64:
        return !p->blobs && !p->texts && !p->reals && integers_fit(p, column->intent) &&
               (!p->others || p->other_kind == dbw_intent_kind(column->intent));
    case DBW_INTENT_FLOAT32:
        return !p->blobs && !p->texts && p->reals == p->reals_single &&
               integers_fit(p, column->intent);
    case DBW_INTENT_FLOAT64:
        return !p->blobs && !p->texts && integers_fit(p, column->intent);
    case DBW_INTENT_DECIMAL:
        return !p->blobs && decimals_fit(p, column);
    case DBW_INTENT_CHAR:
    case DBW_INTENT_VARCHAR:
    case DBW_INTENT_TEXT:
    case DBW_INTENT_SET:
    case DBW_INTENT_OTHER:
        return text_fits(p, column);
    case DBW_INTENT_ENUM:
        return !column->labels && text_fits(p, column);
    case DBW_INTENT_BYTES:
        return !p->integers && !p->reals;
    case DBW_INTENT_DATE:
    case DBW_INTENT_TIME:
    case DBW_INTENT_TIMESTAMP:
    case DBW_INTENT_TIMESTAMPTZ:
        return times_fit(p, column, d);
    case DBW_INTENT_UUID:
        return p->texts == p->uuids && p->blobs == p->blobs_of_16 && !p->integers && !p->reals;
    case DBW_INTENT_JSON:
    case DBW_INTENT_JSONB:
        return !p->blobs && !p->with_nul && !p->invalid_utf8 && !p->others &&
               p->json[DBW_JSON_GOOD] == p->texts;
    case DBW_INTENT_INTERVAL:
        return p->durations == dbw_profile_values(p);
    case DBW_INTENT_BIT:
    case DBW_INTENT_ARRAY:
    case DBW_INTENT_COUNT:
    default:
        return dbw_profile_values(p) == 0;
    }
}

/* --- one table -------------------------------------------------------------------------------- */

enum { PROBLEMS_MOST = 6 };

/* One way in which values of a column fail. */
struct problem {
    const char *code;
    const char *reason;
    int64_t count;
    const char *keys[DBW_FINDING_KEYS];
    size_t key_count;
    const char *sample;
};

struct suspect {
    size_t n;      /* position in the work's columns */
    bool nullable; /* the target takes NULL */
    const dbw_decision *decision;
    dbw_plan_column *planned;
    struct problem problems[PROBLEMS_MOST];
    size_t problem_count;
    int64_t altered;
    const char *alteration;
};

struct probe {
    dbw_planner *planner;
    dbw_work *work;
    struct suspect *suspects;
    size_t suspect_count;
    dbw_plan_column *columns; /* the suspects' */
    dbw_names key;
    size_t *positions; /* in the source table: the suspects', then the key's */
};

static bool is_time(dbw_intent intent)
{
    return intent == DBW_INTENT_DATE || intent == DBW_INTENT_TIME ||
           intent == DBW_INTENT_TIMESTAMP || intent == DBW_INTENT_TIMESTAMPTZ;
}

/* The stable code of a reason. */
static const char *code_of(dbw_intent intent, const char *reason)
{
    if (strstr(reason, "NUL byte"))
        return "nul-in-text";
    if (strstr(reason, "UTF-8"))
        return "invalid-utf8";
    if (strstr(reason, "label"))
        return "not-a-label";
    if (strstr(reason, "longer than"))
        return "too-long";
    if (strstr(reason, "zero date"))
        return "zero-date";
    if (strstr(reason, "time zone"))
        return "mixed-zones";
    if (strstr(reason, "of several magnitudes"))
        return "mixed-epochs";
    if (strstr(reason, "NULL where"))
        return "null-in-not-null";
    if (strstr(reason, "the target's type") || strstr(reason, "the target has n"))
        return "out-of-range";
    if (is_time(intent))
        return strstr(reason, "number") ? "mixed-types" : "not-a-date";
    if (intent == DBW_INTENT_JSON || intent == DBW_INTENT_JSONB)
        return "invalid-json";
    if (intent == DBW_INTENT_UUID)
        return "not-a-uuid";
    if (intent == DBW_INTENT_BOOLEAN)
        return "not-a-boolean";
    if (strstr(reason, "range") || strstr(reason, "digits"))
        return "out-of-range";
    return "mixed-types";
}

static void note_problem(struct probe *probe, struct suspect *suspect, const char *reason,
                         const dbw_value *value, const dbw_value *key)
{
    dbw_arena *arena = probe->planner->arena;
    const char *code = code_of(suspect->planned->intent, reason);
    struct problem *problem = NULL;
    for (size_t i = 0; i < suspect->problem_count && !problem; i++)
        if (strcmp(suspect->problems[i].code, code) == 0)
            problem = &suspect->problems[i];
    if (!problem && suspect->problem_count == PROBLEMS_MOST)
        problem = &suspect->problems[PROBLEMS_MOST - 1];
    if (!problem) {
        problem = &suspect->problems[suspect->problem_count++];
        *problem = (struct problem){.code = code, .reason = dbw_arena_string(arena, reason)};
        problem->sample = dbw_value_show(arena, value, 40);
    }
    problem->count++;
    if (problem->key_count < DBW_FINDING_KEYS && probe->key.count)
        problem->keys[problem->key_count++] = dbw_plan_key_text(arena, &probe->key, key);
}

static bool lacks_zone(const dbw_value *value)
{
    dbw_datetime d;
    if (value->kind == DBW_KIND_TIMESTAMP || value->kind == DBW_KIND_DATE)
        return true;
    return value->kind == DBW_KIND_TEXT && !dbw_datetime_parse(value->text, &d) &&
           d.parts & DBW_DATETIME_DATE && !(d.parts & DBW_DATETIME_ZONE);
}

/* An integer that is too large or too small for the magnitude of the others. */
static bool of_other_magnitude(const dbw_value *value, dbw_reading reading)
{
    if (value->kind != DBW_KIND_INT64)
        return false;
    uint64_t size = value->int64 < 0 ? 0 - (uint64_t)value->int64 : (uint64_t)value->int64;
    if (size < UINT64_C(100000000))
        return false;
    dbw_reading own = size < UINT64_C(100000000000)      ? DBW_READING_EPOCH_S
                      : size < UINT64_C(100000000000000) ? DBW_READING_EPOCH_MS
                                                         : DBW_READING_EPOCH_US;
    return own != reading;
}

static void try_value(struct probe *probe, dbw_converter *converter, size_t i,
                      const dbw_value *value, const dbw_value *key)
{
    struct suspect *suspect = &probe->suspects[i];
    const char *reason = "";
    dbw_value out;
    dbw_converted verdict = dbw_convert(converter, i, value, &out, &reason);
    if (suspect->decision->epochs_mixed && of_other_magnitude(value, suspect->planned->reading))
        note_problem(probe, suspect, "numbers of several magnitudes", value, key);
    else if (verdict == DBW_CONVERTED_BAD)
        note_problem(probe, suspect, reason, value, key);
    else if (dbw_value_is_null(&out) && !suspect->nullable)
        note_problem(probe, suspect, "NULL where the target takes none", value, key);
    else if (suspect->decision->zone_missing && lacks_zone(value))
        note_problem(probe, suspect, "without a time zone", value, key);
    else if (verdict == DBW_CONVERTED_ALTERED) {
        suspect->altered++;
        suspect->alteration = reason;
    }
}

static dbw_status read_table(struct probe *probe, dbw_converter *converter, dbw_error *error)
{
    const dbw_planner *planner = probe->planner;
    dbw_scan scan = {
        .table = probe->work->source,
        .columns = probe->positions,
        .column_count = probe->suspect_count + probe->key.count,
        .limit = -1,
    };
    dbw_rows *rows;
    const dbw_value *row;
    DBW_TRY(planner->request->source_bulk->scan(planner->reader, &scan, &rows, error));
    dbw_status status = DBW_OK;
    for (int64_t n = 1; status == DBW_OK; n++) {
        status = dbw_rows_next(rows, &row, error);
        if (status != DBW_OK || !row)
            break;
        dbw_converter_row(converter);
        for (size_t i = 0; i < probe->suspect_count; i++)
            try_value(probe, converter, i, &row[i], &row[probe->suspect_count]);
        if (n % 16384 == 0 && planner->request->progress)
            status =
                planner->request->progress(planner->request->context, probe->work->source->name, n,
                                           probe->work->profile.rows, error);
    }
    dbw_rows_close(rows);
    return status;
}

/* --- what is said about it -------------------------------------------------------------------- */

static const char *scoped(dbw_planner *planner, const dbw_work *work, size_t n, const char *rest)
{
    return dbw_arena_printf(planner->arena, "%s.%s%s", work->source->name,
                            work->source->columns[work->columns[n]].name, rest);
}

/* The target's name of the type that holds everything that is in the column. */
static const char *catch_all(dbw_planner *planner, const dbw_profile_column *p)
{
    dbw_type wanted = {.intent = p->blobs ? DBW_INTENT_BYTES : DBW_INTENT_TEXT};
    dbw_type_mapping mapping;
    if (p->blobs && (p->integers || p->reals))
        return NULL;
    planner->to->dialect->map_type(planner->arena, &wanted, &mapping);
    return mapping.type.spelling;
}

static bool in_primary_key(const dbw_work *work, size_t n)
{
    const dbw_key *key = work->source->primary_key;
    for (size_t i = 0; key && i < key->columns.count; i++)
        if (dbw_work_column(work, key->columns.items[i]) == (int)n)
            return true;
    return false;
}

static void offer_fix(dbw_planner *planner, const dbw_work *work, const struct suspect *suspect,
                      const struct problem *problem, dbw_finding *finding)
{
    static const struct {
        const char *code, *transform, *label;
    } transforms[] = {
        {"nul-in-text", ":nul=strip", "Take the NUL bytes out"},
        {"invalid-utf8", ":invalid-utf8=replace", "Replace what is not UTF-8 by U+FFFD"},
        {"mixed-zones", ":source_time_zone=UTC", "Read them as UTC"},
        {"mixed-epochs", ":epoch=off", "Keep them as numbers"},
    };
    size_t n = suspect->n;
    bool unzoned = strcmp(problem->code, "mixed-zones") == 0 &&
                   suspect->planned->intent != DBW_INTENT_TIMESTAMPTZ;
    for (size_t i = 0; i < DBW_COUNT(transforms) && !unzoned; i++) {
        if (strcmp(problem->code, transforms[i].code) != 0)
            continue;
        dbw_finding_fix(finding, "transforms", scoped(planner, work, n, transforms[i].transform),
                        transforms[i].label);
        return;
    }
    if (strcmp(problem->code, "zero-date") == 0 ||
        (dbw_datetime_impossible(problem->reason) && planner->existing && suspect->nullable)) {
        if (suspect->nullable || (!planner->existing && !in_primary_key(work, n)))
            dbw_finding_fix(finding, "transforms", scoped(planner, work, n, ":zero-date=null"),
                            "Set them to NULL");
        return;
    }
    const char *type = catch_all(planner, &work->profile.profiles[n]);
    if (planner->existing || strcmp(problem->code, "null-in-not-null") == 0 || !type)
        dbw_finding_fix(finding, "on_bad_row", "reject", "Leave these rows out, and list them");
    else
        dbw_finding_fix(
            finding, "types",
            scoped(planner, work, n, dbw_arena_printf(planner->arena, "=%s", type)),
            dbw_arena_printf(planner->arena, "Make the column %s, which holds all of it", type));
}

static void report(struct probe *probe, const struct suspect *suspect)
{
    dbw_planner *planner = probe->planner;
    const dbw_work *work = probe->work;
    const dbw_column *column = &work->source->columns[work->columns[suspect->n]];
    const char *type = work->target->columns[work->targets[suspect->n]].type.spelling;
    bool reject = strcmp(planner->options->on_bad_row, "reject") == 0;
    for (size_t i = 0; i < suspect->problem_count; i++) {
        const struct problem *problem = &suspect->problems[i];
        /* A zone that nobody told is no bad row: it would be a guess. */
        bool guess = suspect->decision->zone_missing && strcmp(problem->code, "mixed-zones") == 0;
        dbw_finding *finding =
            dbw_plan_find(planner, reject && !guess ? DBW_SEVERITY_WARNING : DBW_SEVERITY_ERROR,
                          problem->code, work->source->name, column->name, problem->count,
                          "%lld %s of %s.%s cannot become %s: %s, such as %s",
                          (long long)problem->count, problem->count == 1 ? "value" : "values",
                          work->source->name, column->name, type, problem->reason, problem->sample);
        for (size_t k = 0; k < problem->key_count; k++)
            finding->keys[finding->key_count++] = problem->keys[k];
        offer_fix(planner, work, suspect, problem, finding);
    }
    if (suspect->altered)
        dbw_plan_find(planner, DBW_SEVERITY_WARNING, "altered", work->source->name, column->name,
                      suspect->altered, "%lld %s of %s.%s will be altered: %s",
                      (long long)suspect->altered, suspect->altered == 1 ? "value" : "values",
                      work->source->name, column->name, suspect->alteration);
}

static bool coarser(const dbw_plan_column *column)
{
    return is_time(column->intent) && column->target_canonical.fraction >= 0 &&
           column->target_canonical.fraction < 6;
}

/* Whether the source's column itself keeps its values to as many digits as the target's. */
static bool bound_by_source(const dbw_planner *planner, const dbw_plan_column *column,
                            const dbw_type *source, const dbw_profile_column *p)
{
    return !planner->from->dialect->loose_types && !p->texts && source->precision >= 0 &&
           source->precision <= column->target_canonical.fraction;
}

/* The columns of a table that have to be read again. */
static void choose(struct probe *probe)
{
    dbw_work *work = probe->work;
    const dbw_plan_table *planned = work->planned;
    for (size_t i = 0; i < planned->column_count; i++) {
        dbw_plan_column *column = &planned->columns[i];
        int n = dbw_work_column(work, work->source->columns[column->source].name);
        const dbw_profile_column *p = &work->profile.profiles[n];
        bool nullable = work->target->columns[column->target].nullable;
        bool nulls = p->nulls > 0 && !nullable;
        const dbw_type *source = &work->source->columns[column->source].type;
        bool cut = p->cut || (coarser(column) && dbw_profile_values(p) &&
                              !bound_by_source(probe->planner, column, source, p));
        if (!nulls && !cut && certain(p, column, &work->decisions[n]))
            continue;
        probe->positions[probe->suspect_count] = column->source;
        probe->columns[probe->suspect_count] = *column;
        probe->suspects[probe->suspect_count++] = (struct suspect){
            .n = (size_t)n,
            .nullable = nullable,
            .decision = &work->decisions[n],
            .planned = column,
        };
    }
}

static dbw_status probe_table(dbw_planner *planner, dbw_work *work, dbw_error *error)
{
    size_t room = work->column_count + 1;
    struct probe probe = {
        .planner = planner,
        .work = work,
        .suspects = DBW_NEW_ARRAY(planner->arena, room, struct suspect),
        .columns = DBW_NEW_ARRAY(planner->arena, room, dbw_plan_column),
        .key = work->key,
    };
    probe.positions = DBW_NEW_ARRAY(planner->arena, room + work->key.count, size_t);
    choose(&probe);
    if (!probe.suspect_count || !work->profile.rows)
        return DBW_OK;
    for (size_t i = 0; i < probe.key.count; i++)
        probe.positions[probe.suspect_count + i] =
            (size_t)dbw_column_find(work->source, probe.key.items[i]);
    dbw_converter *converter = dbw_converter_new(probe.columns, probe.suspect_count);
    if (!converter)
        return dbw_fail_memory(error);
    dbw_status status = read_table(&probe, converter, error);
    dbw_converter_free(converter);
    for (size_t i = 0; status == DBW_OK && i < probe.suspect_count; i++)
        report(&probe, &probe.suspects[i]);
    return status;
}

/* Values that no message to the target's server, or from it, has room for. */
static void check_sizes(dbw_planner *planner, const dbw_work *work)
{
    bool reject = strcmp(planner->options->on_bad_row, "reject") == 0;
    for (size_t n = 0; n < work->column_count && planner->server.largest_row > 0; n++) {
        const dbw_profile_column *p = &work->profile.profiles[n];
        const char *column = work->source->columns[work->columns[n]].name;
        int64_t longest = p->longest_bytes > p->longest_blob ? p->longest_bytes : p->longest_blob;
        if (longest <= planner->server.largest_row || work->targets[n] == SIZE_MAX)
            continue;
        dbw_finding *finding = dbw_plan_find(
            planner, reject ? DBW_SEVERITY_WARNING : DBW_SEVERITY_ERROR, "too-large",
            work->source->name, column, 1,
            "%s.%s holds a value of %lld bytes, and the target's server takes rows of %lld at most",
            work->source->name, column, (long long)longest, (long long)planner->server.largest_row);
        dbw_finding_fix(finding, "on_bad_row", "reject", "Leave such rows out, and list them");
    }
}

dbw_status dbw_plan_probe(dbw_planner *planner, dbw_error *error)
{
    for (size_t i = 0; i < planner->work_count; i++)
        if (!planner->works[i].skip && planner->works[i].planned) {
            check_sizes(planner, &planner->works[i]);
            DBW_TRY(probe_table(planner, &planner->works[i], error));
        }
    return DBW_OK;
}
