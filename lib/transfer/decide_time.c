/* SPDX-License-Identifier: Apache-2.0 */
#include "model/calendar.h"
#include "transfer/convert_priv.h"
#include "transfer/datetime.h"
#include "transfer/decide_priv.h"
#include "transfer/transforms.h"

static dbw_reading epoch_reading(const dbw_profile_column *p, dbw_decision *out)
{
    int64_t most = p->epoch_s;
    dbw_reading reading = DBW_READING_EPOCH_S;
    if (p->epoch_ms > most) {
        most = p->epoch_ms;
        reading = DBW_READING_EPOCH_MS;
    }
    if (p->epoch_us > most) {
        most = p->epoch_us;
        reading = DBW_READING_EPOCH_US;
    }
    out->epochs_mixed = p->epoch_s + p->epoch_ms + p->epoch_us > most;
    return most ? reading : DBW_READING_NATIVE;
}

static dbw_reading told_epoch(const char *told)
{
    if (strcmp(told, "s") == 0)
        return DBW_READING_EPOCH_S;
    if (strcmp(told, "ms") == 0)
        return DBW_READING_EPOCH_MS;
    return strcmp(told, "us") == 0 ? DBW_READING_EPOCH_US : DBW_READING_NATIVE;
}

static const char *transform(const dbw_planner *planner, const dbw_work *work, size_t n,
                             const char *what)
{
    return dbw_transform_find(planner->options, work->source->name,
                              work->source->columns[work->columns[n]].name, what);
}

/* How dates are spelled: text is text; numbers by magnitude, or as told. */
static void read_time(dbw_planner *planner, const dbw_work *work, size_t n, dbw_decision *out)
{
    const dbw_profile_column *p = &work->profile.profiles[n];
    const char *epoch = transform(planner, work, n, "epoch");
    const char *zone = transform(planner, work, n, "source_time_zone");
    out->zone_given = zone != NULL;
    if (zone && !dbw_transform_zone(zone, &out->zone_minutes))
        out->zone = dbw_transform_zone_named(planner->arena, zone);
    out->reading = p->others && !p->texts ? DBW_READING_NATIVE : DBW_READING_ISO;
    if (!p->integers && !p->reals)
        return;
    if (epoch)
        out->reading = told_epoch(epoch);
    else if (p->integers)
        out->reading = epoch_reading(p, out);
    else
        out->reading = p->julians >= p->real_epochs && p->julians ? DBW_READING_JULIAN
                       : p->real_epochs                           ? DBW_READING_EPOCH_S
                                                                  : DBW_READING_NATIVE;
}

/* Numbers are microseconds; programs that have a type for moments and none for intervals keep the
 * moment so long after the beginning of 1970 (SQLAlchemy). */
static dbw_reading interval_reading(const dbw_profile_column *p)
{
    bool moments = p->texts ? !p->durations && p->timestamps + p->dates == p->texts
                            : p->others && p->other_kind == DBW_KIND_TIMESTAMP;
    if (p->integers)
        return DBW_READING_EPOCH_US;
    return moments ? DBW_READING_ISO : DBW_READING_NATIVE;
}

void dbw_decide_reading(dbw_planner *planner, const dbw_work *work, size_t n, dbw_intent intent,
                        dbw_decision *out)
{
    const dbw_profile_column *p = &work->profile.profiles[n];
    dbw_kind kind = dbw_intent_kind(intent);
    out->reading = DBW_READING_NATIVE;
    if (intent == DBW_INTENT_INTERVAL)
        out->reading = interval_reading(p);
    else if (intent == DBW_INTENT_UUID)
        out->reading = p->texts   ? DBW_READING_UUID_TEXT
                       : p->blobs ? DBW_READING_UUID_BYTES
                                  : DBW_READING_NATIVE;
    else if (intent == DBW_INTENT_BOOLEAN)
        out->reading = p->texts ? DBW_READING_BOOL_WORDS : DBW_READING_NATIVE;
    else if (dbw_decide_wants(intent) & DBW_WANT_NUMBER)
        out->reading = p->texts ? DBW_READING_NUMBER_TEXT : DBW_READING_NATIVE;
    else if (kind == DBW_KIND_DATE || kind == DBW_KIND_TIME || kind == DBW_KIND_TIMESTAMP ||
             kind == DBW_KIND_TIMESTAMPTZ)
        read_time(planner, work, n, out);
}

static bool whole_days(const dbw_profile_column *p, const dbw_decision *d)
{
    if (d->reading == DBW_READING_EPOCH_S)
        return p->whole_days_s == p->integers && !p->reals;
    if (d->reading == DBW_READING_EPOCH_MS)
        return p->whole_days_ms == p->integers && !p->reals;
    return d->reading == DBW_READING_EPOCH_US && p->whole_days_us == p->integers && !p->reals;
}

/* Numbers in a column of dates: epochs, Julian days, or just numbers. */
static void decide_numeric_time(const dbw_profile_column *p, dbw_decision *out)
{
    dbw_intent declared = out->wanted.intent;
    if (out->reading == DBW_READING_NATIVE || declared == DBW_INTENT_TIME) {
        out->reading = DBW_READING_NATIVE;
        out->epochs_mixed = false;
        dbw_decide_by_numbers(p, out, "holds numbers that are no dates");
        return;
    }
    if (declared == DBW_INTENT_DATE && !whole_days(p, out))
        dbw_decide_become(out, DBW_INTENT_TIMESTAMP, "holds times of day too");
    else
        out->note =
            out->reading == DBW_READING_JULIAN ? "holds Julian days" : "holds numbers of Unix time";
}

static void decide_text_time(const dbw_profile_column *p, dbw_decision *out)
{
    dbw_intent declared = out->wanted.intent;
    int64_t unzoned = p->dates + p->timestamps;
    if (declared == DBW_INTENT_TIME) {
        if (!p->times && p->dates + p->timestamps + p->zoned > 0)
            dbw_decide_become(out, p->zoned ? DBW_INTENT_TIMESTAMPTZ : DBW_INTENT_TIMESTAMP,
                              "holds dates with times");
        return;
    }
    if (declared == DBW_INTENT_DATE && !p->dates && !p->timestamps && !p->zoned && p->times) {
        dbw_decide_become(out, DBW_INTENT_TIME, "holds times only");
        return;
    }
    if (p->zoned || out->wanted.intent == DBW_INTENT_TIMESTAMPTZ) {
        if (unzoned && !out->zone_given && p->zoned) {
            out->zone_missing = true;
            dbw_decide_become(out, DBW_INTENT_TIMESTAMPTZ, NULL);
        } else if (unzoned && !out->zone_given) {
            dbw_decide_become(out, DBW_INTENT_TIMESTAMP, "holds no time zones");
        } else if (out->wanted.intent != DBW_INTENT_TIMESTAMPTZ) {
            dbw_decide_become(out, DBW_INTENT_TIMESTAMPTZ, "holds time zones");
        }
        return;
    }
    if (declared == DBW_INTENT_DATE && p->timestamps && p->midnights < unzoned)
        dbw_decide_become(out, DBW_INTENT_TIMESTAMP, "holds times of day too");
}

bool dbw_decide_unzoned(const dbw_profile_column *p)
{
    bool native = p->other_kind == DBW_KIND_TIMESTAMP || p->other_kind == DBW_KIND_DATE;
    return p->dates + p->timestamps > 0 || (p->others && native);
}

static bool default_beyond(const dbw_work *work, size_t n)
{
    const dbw_default *value = &work->source->columns[work->columns[n]].default_value;
    return value->kind == DBW_DEFAULT_LITERAL && value->value.kind == DBW_KIND_TIME &&
           !dbw_time_of_day(value->value.int64);
}

void dbw_decide_time(dbw_planner *planner, const dbw_work *work, size_t n, dbw_decision *out)
{
    const dbw_profile_column *p = &work->profile.profiles[n];
    read_time(planner, work, n, out);
    if (out->wanted.intent == DBW_INTENT_TIME && (p->times_beyond || default_beyond(work, n))) {
        dbw_decide_become(out, DBW_INTENT_INTERVAL, "holds times beyond those of a day");
        out->reading = DBW_READING_NATIVE;
        return;
    }
    if (p->others)
        return;
    /* What a loose column declares about its digits binds nobody. */
    if (out->wanted.intent != DBW_INTENT_DATE && planner->from->dialect->loose_types) {
        out->wanted.precision = -1;
        out->wanted.spelling = NULL;
    }
    if ((p->integers || p->reals) && !p->texts)
        decide_numeric_time(p, out);
    else if (p->texts && !p->integers && !p->reals)
        decide_text_time(p, out);
    else if (p->texts)
        out->reading = DBW_READING_ISO; /* the numbers among them become findings */
}

/* "1700000000 is 2023-11-14 22:13:20" */
static const char *decoded(dbw_planner *planner, const dbw_value *value, dbw_reading reading)
{
    int64_t micros;
    char text[DBW_CALENDAR_TEXT];
    const char *shown = dbw_value_show(planner->arena, value, 40);
    const char *reason = dbw_epoch_micros(value, reading, &micros);
    if (reason)
        return dbw_arena_printf(planner->arena, "%s is none: %s", shown, reason);
    dbw_calendar_timestamp(micros, false, text);
    return dbw_arena_printf(planner->arena, "%s is %s", shown, text);
}

/* Text that was encoded twice is moved as it is unless told otherwise, and pointed out. */
static void show_mojibake(dbw_planner *planner, const dbw_work *work, size_t n)
{
    const char *table = work->source->name;
    const char *column = work->source->columns[work->columns[n]].name;
    int64_t count = work->profile.profiles[n].mojibake;
    if (!count || transform(planner, work, n, "mojibake"))
        return;
    dbw_finding *finding = dbw_plan_find(
        planner, DBW_SEVERITY_WARNING, "mojibake", table, column, count,
        "%lld %s of %s.%s seem to be UTF-8 that was taken for latin1 and encoded twice, as "
        "CafÃ© for Café",
        (long long)count, count == 1 ? "text" : "texts", table, column);
    dbw_finding_fix(finding, "transforms",
                    dbw_arena_printf(planner->arena, "%s.%s:mojibake=repair", table, column),
                    "Decode them");
}

void dbw_decide_show(dbw_planner *planner, const dbw_work *work, size_t n)
{
    show_mojibake(planner, work, n);
    static const char *const names[] = {
        [DBW_READING_EPOCH_S] = "Unix seconds",
        [DBW_READING_EPOCH_MS] = "Unix milliseconds",
        [DBW_READING_EPOCH_US] = "Unix microseconds",
        [DBW_READING_JULIAN] = "Julian days",
    };
    const dbw_decision *d = &work->decisions[n];
    const dbw_profile_column *p = &work->profile.profiles[n];
    const dbw_column *column = &work->source->columns[work->columns[n]];
    bool epoch = d->reading >= DBW_READING_EPOCH_S && d->reading <= DBW_READING_JULIAN;
    bool numbers = p->integers || p->reals > p->reals_endless;
    if (!epoch || !numbers || d->epochs_mixed || d->wanted.intent == DBW_INTENT_INTERVAL ||
        planner->same_engine)
        return;
    dbw_value least = p->integers ? dbw_value_int(p->integer_least)
                                  : (dbw_value){.kind = DBW_KIND_DOUBLE, .real = p->real_least};
    dbw_value most = p->integers ? dbw_value_int(p->integer_most)
                                 : (dbw_value){.kind = DBW_KIND_DOUBLE, .real = p->real_most};
    dbw_plan_find(planner, DBW_SEVERITY_INFO, "dates-as-numbers", work->source->name, column->name,
                  p->integers + p->reals, "%s.%s is read as %s: %s, %s", work->source->name,
                  column->name, names[d->reading], decoded(planner, &least, d->reading),
                  decoded(planner, &most, d->reading));
}
