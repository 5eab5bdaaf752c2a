/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/profile.h"

#include "base/utf8.h"
#include "transfer/convert_priv.h"
#include "transfer/datetime.h"
#include "transfer/duration.h"
#include "transfer/mojibake.h"
#include "transfer/number.h"
#include "transfer/plain.h"

#include <math.h>

dbw_profile_column dbw_profile_column_new(unsigned wants)
{
    return (dbw_profile_column){
        .wants = wants,
        .moment_least = INT64_MAX,
        .moment_most = INT64_MIN,
        .integer_least = INT64_MAX,
        .integer_most = INT64_MIN,
        .real_least = (double)INFINITY,
        .real_most = -(double)INFINITY,
        .shortest_characters = INT64_MAX,
    };
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* Unix seconds reach the year 5138 below 10^11, milliseconds likewise below 10^14. Before 1973 a
 * number of seconds cannot be told from any other small number. */
static void count_epoch(dbw_profile_column *p, int64_t value)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (size < UINT64_C(100000000))
        p->epoch_small++;
    else if (size < UINT64_C(100000000000))
        p->epoch_s++;
    else if (size < UINT64_C(100000000000000))
        p->epoch_ms++;
    else if (size < UINT64_C(100000000000000000))
        p->epoch_us++;
    p->whole_days_s += value % 86400 == 0;
    p->whole_days_ms += value % 86400000 == 0;
    p->whole_days_us += value % INT64_C(86400000000) == 0;
}

static void count_integer(dbw_profile_column *p, int64_t value)
{
    p->integers++;
    if (value < p->integer_least)
        p->integer_least = value;
    if (value > p->integer_most)
        p->integer_most = value;
    if (p->wants & DBW_WANT_TIME)
        count_epoch(p, value);
}

static void count_digits(dbw_profile_column *p, dbw_text text)
{
    dbw_number number;
    int32_t whole, fraction;
    if (dbw_number_parse(text, &number))
        return;
    dbw_number_digits(&number, &whole, &fraction);
    if (whole > p->whole_digits)
        p->whole_digits = whole;
    if (fraction > p->fraction_digits)
        p->fraction_digits = fraction;
}

static void count_real(dbw_profile_column *p, double value)
{
    int64_t whole;
    p->reals++;
    if (!isfinite(value)) {
        p->reals_endless++;
        p->nans += isnan(value) != 0;
        return;
    }
    p->reals_negative_zero += value == 0 && signbit(value);
    if (value < p->real_least)
        p->real_least = value;
    if (value > p->real_most)
        p->real_most = value;
    p->reals_whole += dbw_double_int64(value, &whole);
    p->reals_single += (double)(float)value == value;
    if (p->wants & DBW_WANT_TIME) {
        p->julians += value >= 1721425.5 && value < 5373484.5;
        p->real_epochs += fabs(value) >= 1e8 && fabs(value) < 1e11;
    }
    if (p->wants & DBW_WANT_DIGITS) {
        char text[DBW_DOUBLE_DECIMAL];
        count_digits(p, (dbw_text){text, dbw_double_decimal(value, text)});
    }
}

/* --- text ------------------------------------------------------------------------------------- */

static void count_moment(dbw_profile_column *p, int64_t micros)
{
    if (micros < p->moment_least)
        p->moment_least = micros;
    if (micros > p->moment_most)
        p->moment_most = micros;
}

/* Typed dates and timestamps; a date too far away for microseconds counts as the outermost. */
static void count_typed_moment(dbw_profile_column *p, const dbw_value *value)
{
    int64_t micros = value->int64;
    if (micros == DBW_INFINITY || micros == DBW_MINUS_INFINITY) {
        p->moments_endless++;
        return;
    }
    if (value->kind == DBW_KIND_DATE &&
        __builtin_mul_overflow(micros, INT64_C(86400000000), &micros))
        micros = value->int64 < 0 ? INT64_MIN : INT64_MAX;
    count_moment(p, micros);
}

static void count_time(dbw_profile_column *p, dbw_text text)
{
    dbw_datetime d;
    const char *reason = dbw_datetime_parse(text, &d);
    if (reason) {
        p->zero_dates += dbw_datetime_is_zero(text);
        return;
    }
    if (d.parts & DBW_DATETIME_ENDLESS) {
        p->endless++;
        p->midnights++;
        return;
    }
    p->cut += (d.parts & DBW_DATETIME_CUT) != 0;
    if (!(d.parts & DBW_DATETIME_DATE)) {
        p->times += !(d.parts & DBW_DATETIME_ZONE);
        return;
    }
    count_moment(p, dbw_datetime_utc(&d, 0));
    if (d.parts & DBW_DATETIME_ZONE)
        p->zoned++;
    else if (d.parts & DBW_DATETIME_TIME)
        p->timestamps++;
    else
        p->dates++;
    p->midnights += d.microseconds == 0 && !(d.parts & (DBW_DATETIME_ZONE | DBW_DATETIME_CUT));
}

static void count_number(dbw_profile_column *p, dbw_text text)
{
    dbw_number number;
    if (dbw_number_special(text)) {
        p->numbers++;
        p->nans++;
        return;
    }
    if (dbw_number_parse(text, &number))
        return;
    p->numbers++;
    count_digits(p, text);
}

static void count_json(dbw_profile_column *p, dbw_text text)
{
    int depth;
    p->json[dbw_json_measure(text, &depth)]++;
    if (depth > p->json_depth)
        p->json_depth = depth;
}

static void try_text(dbw_profile_column *p, dbw_text text)
{
    bool truth;
    uint8_t uuid[16];
    if (p->wants & DBW_WANT_TIME)
        count_time(p, text);
    if (p->wants & DBW_WANT_JSON)
        count_json(p, text);
    if (p->wants & DBW_WANT_UUID)
        p->uuids += dbw_uuid_text(text, uuid);
    if (p->wants & DBW_WANT_NUMBER)
        count_number(p, text);
    if (p->wants & DBW_WANT_DURATION) {
        dbw_interval interval;
        p->durations += dbw_duration_parse(text, &interval) == NULL;
    }
    if (p->wants & DBW_WANT_BOOLEAN)
        p->boolean_words += dbw_bool_word(text, &truth);
}

static void count_text(dbw_profile_column *p, dbw_text text)
{
    int64_t length = (int64_t)text.length, characters = length;
    p->texts++;
    p->bytes += length;
    if (length > p->longest_bytes)
        p->longest_bytes = length;
    bool shortest = p->wants & DBW_WANT_SHORTEST;
    if (!dbw_plain_ascii(text.data, text.length)) {
        p->not_ascii++;
        p->with_nul += memchr(text.data, 0, text.length) != NULL;
        p->invalid_utf8 += !dbw_utf8_valid(text.data, text.length);
        p->mojibake += dbw_mojibake(text);
        /* There are never more characters than bytes: most texts need no counting. */
        if (length > p->longest_characters || shortest)
            characters = (int64_t)dbw_utf8_characters(text.data, text.length);
    }
    if (characters > p->longest_characters)
        p->longest_characters = characters;
    if (shortest && characters < p->shortest_characters)
        p->shortest_characters = characters;
    if (p->wants)
        try_text(p, text);
}

/* --- all -------------------------------------------------------------------------------------- */

static void count_blob(dbw_profile_column *p, size_t length)
{
    p->blobs++;
    p->bytes += (int64_t)length;
    p->blobs_of_16 += length == 16;
    if ((int64_t)length > p->longest_blob)
        p->longest_blob = (int64_t)length;
}

/* 0001-01-01 and 9999-12-31. */
static const int64_t FIRST_DAY = -719162, LAST_DAY = 2932896;

static void count_other(dbw_profile_column *p, const dbw_value *value)
{
    p->others++;
    p->other_kind = value->kind;
    p->bytes += dbw_kind_has_text(value->kind) ? (int64_t)value->text.length : 8;
    if (value->kind == DBW_KIND_JSON && p->wants & DBW_WANT_JSON)
        count_json(p, value->text);
    if (value->kind == DBW_KIND_DECIMAL && dbw_number_special(value->text))
        p->nans++;
    else if (value->kind == DBW_KIND_DECIMAL && p->wants & DBW_WANT_NUMBER)
        count_digits(p, value->text);
    else if (value->kind == DBW_KIND_DATE)
        p->far_dates += value->int64 < FIRST_DAY || value->int64 > LAST_DAY;
    else if (value->kind == DBW_KIND_TIMESTAMP || value->kind == DBW_KIND_TIMESTAMPTZ)
        p->far_dates += !dbw_datetime_in_range(value->int64);
    if (value->kind == DBW_KIND_DATE || value->kind == DBW_KIND_TIMESTAMP ||
        value->kind == DBW_KIND_TIMESTAMPTZ)
        count_typed_moment(p, value);
}

void dbw_profile_value(dbw_profile_column *p, const dbw_value *value)
{
    switch (value->kind) {
    case DBW_KIND_NULL:
        p->nulls++;
        return;
    case DBW_KIND_INT64:
        p->bytes += 8;
        count_integer(p, value->int64);
        return;
    case DBW_KIND_DOUBLE:
        p->bytes += 8;
        count_real(p, value->real);
        return;
    case DBW_KIND_TEXT:
        count_text(p, value->text);
        return;
    case DBW_KIND_BYTES:
        count_blob(p, value->text.length);
        return;
    case DBW_KIND_TIME:
        p->times_beyond += !dbw_time_of_day(value->int64);
        count_other(p, value);
        return;
    case DBW_KIND_BOOL:
    case DBW_KIND_UINT64:
    case DBW_KIND_DECIMAL:
    case DBW_KIND_DATE:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
    case DBW_KIND_INTERVAL:
    case DBW_KIND_UUID:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        count_other(p, value);
        return;
    }
}

#define LEAST(field) into->field = from->field < into->field ? from->field : into->field
#define MOST(field) into->field = from->field > into->field ? from->field : into->field
#define ADD(field) into->field += from->field

void dbw_profile_merge(dbw_profile_column *into, const dbw_profile_column *from)
{
    ADD(nulls), ADD(integers), ADD(reals), ADD(texts), ADD(blobs), ADD(others);
    LEAST(integer_least), MOST(integer_most), LEAST(real_least), MOST(real_most);
    LEAST(moment_least), MOST(moment_most), ADD(moments_endless), ADD(reals_negative_zero);
    ADD(reals_whole), ADD(reals_endless), ADD(nans), ADD(far_dates), ADD(endless), ADD(durations);
    MOST(longest_bytes), MOST(longest_characters), LEAST(shortest_characters), MOST(longest_blob);
    ADD(not_ascii), ADD(with_nul), ADD(invalid_utf8), ADD(bytes), ADD(boolean_words), ADD(numbers);
    MOST(whole_digits), MOST(fraction_digits);
    ADD(dates), ADD(times), ADD(timestamps), ADD(zoned), ADD(zero_dates), ADD(cut), ADD(midnights);
    ADD(epoch_small), ADD(epoch_s), ADD(epoch_ms), ADD(epoch_us), ADD(real_epochs), ADD(julians);
    ADD(whole_days_s), ADD(whole_days_ms), ADD(whole_days_us), ADD(uuids), ADD(blobs_of_16);
    ADD(reals_single), ADD(times_beyond), ADD(mojibake), MOST(json_depth);
    for (size_t i = 0; i < DBW_COUNT(into->json); i++)
        ADD(json[i]);
    if (from->others)
        into->other_kind = from->other_kind;
}
