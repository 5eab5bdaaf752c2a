/* SPDX-License-Identifier: Apache-2.0 */
#include "model/zone.h"
#include "transfer/convert_priv.h"
#include "transfer/datetime.h"
#include "transfer/duration.h"

#include <math.h>

static const int64_t day_micros = INT64_C(86400000000);

static const char not_a_date[] = "not a date or time";
static const char out_of_range[] = "a year outside 1 to 9999";
static const char cut[] = "digits below the column's precision were cut";

/* --- numbers ---------------------------------------------------------------------------------- */

/* SQLite keeps Julian days to the millisecond (its manual, "Date And Time Functions"). */
static const char *julian_micros(double day, int64_t *out)
{
    if (!(day >= 0 && day < 5373485))
        return out_of_range;
    *out = ((int64_t)(day * 86400000.0 + 0.5) - INT64_C(210866760000000)) * 1000;
    return dbw_datetime_in_range(*out) ? NULL : out_of_range;
}

static const char *real_micros(double value, double unit, int64_t *out)
{
    double micros = value * unit;
    if (!(fabs(micros) < 9e18))
        return out_of_range;
    *out = llrint(micros);
    return dbw_datetime_in_range(*out) ? NULL : out_of_range;
}

const char *dbw_epoch_micros(const dbw_value *in, dbw_reading reading, int64_t *out)
{
    int64_t unit;
    switch (reading) {
    case DBW_READING_EPOCH_S:
        unit = 1000000;
        break;
    case DBW_READING_EPOCH_MS:
        unit = 1000;
        break;
    case DBW_READING_EPOCH_US:
        unit = 1;
        break;
    case DBW_READING_JULIAN:
        if (in->kind == DBW_KIND_DOUBLE)
            return julian_micros(in->real, out);
        if (in->kind == DBW_KIND_INT64)
            return julian_micros((double)in->int64, out);
        return not_a_date;
    case DBW_READING_NATIVE:
    case DBW_READING_ISO:
    case DBW_READING_BOOL_WORDS:
    case DBW_READING_UUID_TEXT:
    case DBW_READING_UUID_BYTES:
    case DBW_READING_NUMBER_TEXT:
    default:
        return "a number in a column of dates";
    }
    if (in->kind == DBW_KIND_DOUBLE)
        return real_micros(in->real, (double)unit, out);
    if (in->kind != DBW_KIND_INT64)
        return not_a_date;
    if (__builtin_mul_overflow(in->int64, unit, out) || !dbw_datetime_in_range(*out))
        return out_of_range;
    return NULL;
}

/* --- what all of them share ------------------------------------------------------------------- */

/* Dates that are in no calendar become NULL where that was asked for. All else (words, numbers, a
 * time of day too many) says something, which is not dropped for that. */
static dbw_converted bad_date(const dbw_codec *codec, dbw_value *out, const char **reason,
                              const char *why)
{
    *reason = why;
    if (codec->column->on_bad_date != DBW_REMEDY_NULL || !dbw_datetime_impossible(why))
        return DBW_CONVERTED_BAD;
    *out = DBW_NULL;
    return DBW_CONVERTED_ALTERED;
}

/* Cuts to the fraction digits that the target keeps; whether that lost something. */
static bool cut_fraction(int64_t *micros, int fraction)
{
    static const int64_t units[] = {1000000, 100000, 10000, 1000, 100, 10};
    if (fraction >= 6 || fraction < 0)
        return false;
    int64_t rest = *micros % units[fraction];
    if (rest < 0)
        rest += units[fraction];
    *micros -= rest;
    return rest != 0;
}

/* Ends a conversion: `lost` tells that digits were cut while reading. */
static dbw_converted finish(const dbw_codec *codec, dbw_kind kind, int64_t micros, bool lost,
                            dbw_value *out, const char **reason)
{
    if (cut_fraction(&micros, codec->column->target_canonical.fraction))
        lost = true;
    *out = (dbw_value){.kind = kind, .int64 = micros};
    if (!lost)
        return DBW_CONVERTED_AS_IS;
    *reason = cut;
    return DBW_CONVERTED_ALTERED;
}

/* --- dates ------------------------------------------------------------------------------------ */

static dbw_converted set_endless(dbw_kind kind, const dbw_datetime *datetime, dbw_value *out)
{
    *out = (dbw_value){.kind = kind, .int64 = datetime->days};
    return DBW_CONVERTED_AS_IS;
}

static dbw_converted set_date(const dbw_codec *codec, int64_t micros, dbw_value *out,
                              const char **reason)
{
    if (micros % day_micros != 0)
        return bad_date(codec, out, reason, "has a time of day");
    *out = (dbw_value){.kind = DBW_KIND_DATE, .int64 = micros / day_micros};
    return DBW_CONVERTED_AS_IS;
}

dbw_converted dbw_codec_date(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                             const char **reason)
{
    if (in->kind == DBW_KIND_DATE) {
        *out = *in;
        return DBW_CONVERTED_AS_IS;
    }
    bool endless = in->int64 == DBW_INFINITY || in->int64 == DBW_MINUS_INFINITY;
    if (in->kind == DBW_KIND_TIMESTAMP && endless) {
        *out = (dbw_value){.kind = DBW_KIND_DATE, .int64 = in->int64};
        return DBW_CONVERTED_AS_IS;
    }
    if (in->kind == DBW_KIND_TIMESTAMP)
        return set_date(codec, in->int64, out, reason);
    if (in->kind == DBW_KIND_TEXT) {
        dbw_datetime datetime;
        const char *why = dbw_datetime_parse(in->text, &datetime);
        if (!why && !(datetime.parts & DBW_DATETIME_DATE))
            why = "a time without a date";
        if (!why && datetime.parts & (DBW_DATETIME_ZONE | DBW_DATETIME_CUT))
            why = "has a time of day";
        if (!why && datetime.parts & DBW_DATETIME_ENDLESS)
            return set_endless(DBW_KIND_DATE, &datetime, out);
        return why ? bad_date(codec, out, reason, why)
                   : set_date(codec, dbw_datetime_local(&datetime), out, reason);
    }
    int64_t micros;
    const char *why = dbw_epoch_micros(in, codec->column->reading, &micros);
    return why ? bad_date(codec, out, reason, why) : set_date(codec, micros, out, reason);
}

/* --- times ------------------------------------------------------------------------------------ */

/* MySQL's times go beyond a day, on both sides; others know intervals for that. */
static dbw_converted interval_time(const dbw_codec *codec, const dbw_interval *interval,
                                   dbw_value *out, const char **reason)
{
    if (interval->months || interval->days)
        return dbw_bad(reason, "an interval of days or months in a column of times");
    if (!codec->column->limits.ranged && !dbw_time_of_day(interval->microseconds))
        return dbw_bad(reason, "a time beyond a day");
    return finish(codec, DBW_KIND_TIME, interval->microseconds, false, out, reason);
}

dbw_converted dbw_codec_time(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                             const char **reason)
{
    if (in->kind == DBW_KIND_TIME)
        return finish(codec, DBW_KIND_TIME, in->int64, false, out, reason);
    if (in->kind == DBW_KIND_INTERVAL)
        return interval_time(codec, &in->interval, out, reason);
    dbw_interval interval;
    if (in->kind == DBW_KIND_TEXT && in->text.length && *in->text.data == 'P' &&
        !dbw_duration_parse(in->text, &interval))
        return interval_time(codec, &interval, out, reason);
    if (in->kind == DBW_KIND_TEXT) {
        dbw_datetime datetime;
        const char *why = dbw_datetime_parse(in->text, &datetime);
        if (!why && datetime.parts & DBW_DATETIME_DATE)
            why = "a date in a column of times";
        if (!why && datetime.parts & DBW_DATETIME_ZONE)
            why = "has a time zone";
        if (why)
            return bad_date(codec, out, reason, why);
        return finish(codec, DBW_KIND_TIME, datetime.microseconds,
                      datetime.parts & DBW_DATETIME_CUT, out, reason);
    }
    return bad_date(codec, out, reason, "a number in a column of times");
}

/* --- timestamps ------------------------------------------------------------------------------- */

/* What a clock without a zone shows, in the zone that was told. */
static int64_t utc_of(const dbw_plan_column *column, int64_t local)
{
    if (column->zone)
        return dbw_zone_to_utc(column->zone, local);
    return local - column->zone_minutes * INT64_C(60000000);
}

static dbw_converted timestamp_text(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                                    const char **reason)
{
    const dbw_plan_column *column = codec->column;
    dbw_datetime datetime;
    const char *why = dbw_datetime_parse(in->text, &datetime);
    if (!why && !(datetime.parts & DBW_DATETIME_DATE))
        why = "a time without a date";
    bool zoned = column->intent == DBW_INTENT_TIMESTAMPTZ;
    /* Without a zone in the column, one in the value could only be dropped: UTC alone is not lost
     * when all of it is. */
    if (!why && !zoned && datetime.zone_minutes != 0)
        why = "has a time zone";
    if (why)
        return bad_date(codec, out, reason, why);
    if (datetime.parts & DBW_DATETIME_ENDLESS)
        return set_endless(zoned ? DBW_KIND_TIMESTAMPTZ : DBW_KIND_TIMESTAMP, &datetime, out);
    int64_t micros = dbw_datetime_local(&datetime);
    if (zoned)
        micros = datetime.parts & DBW_DATETIME_ZONE ? dbw_datetime_utc(&datetime, 0)
                                                    : utc_of(column, micros);
    return finish(codec, zoned ? DBW_KIND_TIMESTAMPTZ : DBW_KIND_TIMESTAMP, micros,
                  datetime.parts & DBW_DATETIME_CUT, out, reason);
}

dbw_converted dbw_codec_timestamp(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                                  const char **reason)
{
    const dbw_plan_column *column = codec->column;
    bool zoned = column->intent == DBW_INTENT_TIMESTAMPTZ;
    dbw_kind kind = zoned ? DBW_KIND_TIMESTAMPTZ : DBW_KIND_TIMESTAMP;
    int64_t micros = in->int64;
    if (in->kind == DBW_KIND_TEXT)
        return timestamp_text(codec, in, out, reason);
    if (in->kind >= DBW_KIND_DATE && in->kind <= DBW_KIND_TIMESTAMPTZ &&
        in->kind != DBW_KIND_TIME && (micros == DBW_INFINITY || micros == DBW_MINUS_INFINITY)) {
        *out = (dbw_value){.kind = kind, .int64 = micros};
        return DBW_CONVERTED_AS_IS;
    }
    if (in->kind == DBW_KIND_TIMESTAMP || in->kind == DBW_KIND_TIMESTAMPTZ) {
        if (zoned && in->kind == DBW_KIND_TIMESTAMP)
            micros = utc_of(column, micros);
        return finish(codec, kind, micros, false, out, reason);
    }
    if (in->kind == DBW_KIND_DATE) {
        if (__builtin_mul_overflow(in->int64, day_micros, &micros))
            return bad_date(codec, out, reason, out_of_range);
        if (zoned)
            micros = utc_of(column, micros);
        return finish(codec, kind, micros, false, out, reason);
    }
    const char *why = dbw_epoch_micros(in, column->reading, &micros);
    if (why)
        return bad_date(codec, out, reason, why);
    return finish(codec, kind, micros, false, out, reason);
}

/* --- intervals -------------------------------------------------------------------------------- */

/* A moment that stands for the time since the beginning of 1970. */
static dbw_converted since_1970(const dbw_value *in, dbw_value *out, const char **reason)
{
    dbw_datetime moment = {0};
    *out = (dbw_value){.kind = DBW_KIND_INTERVAL, .interval = {.microseconds = in->int64}};
    if (in->kind == DBW_KIND_TIMESTAMP)
        return DBW_CONVERTED_AS_IS;
    const char *why = dbw_datetime_parse(in->text, &moment);
    unsigned odd = moment.parts & (DBW_DATETIME_ENDLESS | DBW_DATETIME_CUT);
    if (why || !(moment.parts & DBW_DATETIME_DATE) || odd)
        return dbw_bad(reason, why ? why : "not an interval");
    out->interval.microseconds = dbw_datetime_utc(&moment, 0);
    return DBW_CONVERTED_AS_IS;
}

/* Programs without an interval type keep microseconds (Django). */
dbw_converted dbw_codec_interval(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                                 const char **reason)
{
    if (in->kind == DBW_KIND_TIME) { /* one beyond a day */
        *out = (dbw_value){.kind = DBW_KIND_INTERVAL, .interval = {.microseconds = in->int64}};
        return DBW_CONVERTED_AS_IS;
    }
    if (in->kind == DBW_KIND_INTERVAL) {
        *out = *in;
        return DBW_CONVERTED_AS_IS;
    }
    if (codec->column->reading == DBW_READING_ISO &&
        (in->kind == DBW_KIND_TEXT || in->kind == DBW_KIND_TIMESTAMP))
        return since_1970(in, out, reason);
    if (in->kind == DBW_KIND_TEXT) {
        const char *why = dbw_duration_parse(in->text, &out->interval);
        out->kind = DBW_KIND_INTERVAL;
        return why ? dbw_bad(reason, why) : DBW_CONVERTED_AS_IS;
    }
    if (in->kind != DBW_KIND_INT64 || codec->column->reading != DBW_READING_EPOCH_US)
        return dbw_bad(reason, "not an interval");
    *out = (dbw_value){.kind = DBW_KIND_INTERVAL, .interval = {.microseconds = in->int64}};
    return DBW_CONVERTED_AS_IS;
}
