/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/convert_priv.h"
#include "transfer/number.h"

#include <math.h>

static const char out_of_bool[] = "not a boolean";
static const char fraction_lost[] = "has digits behind the point";

/* --- booleans --------------------------------------------------------------------------------- */

bool dbw_bool_word(dbw_text text, bool *out)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {
        {"1", true}, {"0", false}, {"true", true}, {"false", false},
        {"t", true}, {"f", false}, {"yes", true},  {"no", false},
        {"y", true}, {"n", false}, {"on", true},   {"off", false},
    };
    for (size_t i = 0; i < DBW_COUNT(words); i++) {
        if (dbw_text_equal_nocase(text, dbw_text_of(words[i].word))) {
            *out = words[i].value;
            return true;
        }
    }
    return false;
}

dbw_converted dbw_codec_boolean(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                                const char **reason)
{
    (void)codec;
    int64_t number = -1;
    bool value = false;
    switch (in->kind) {
    case DBW_KIND_BOOL:
        *out = *in;
        return DBW_CONVERTED_AS_IS;
    case DBW_KIND_INT64:
        number = in->int64;
        break;
    case DBW_KIND_DOUBLE:
        number = in->real == 0 ? 0 : in->real == 1 ? 1 : -1;
        break;
    case DBW_KIND_TEXT:
    case DBW_KIND_DECIMAL:
    case DBW_KIND_BIT:
        number = dbw_bool_word(in->text, &value) ? value : -1;
        break;
    case DBW_KIND_NULL:
    case DBW_KIND_UINT64:
    case DBW_KIND_BYTES:
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
    case DBW_KIND_INTERVAL:
    case DBW_KIND_UUID:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    default:
        break;
    }
    if (number != 0 && number != 1)
        return dbw_bad(reason, out_of_bool);
    *out = (dbw_value){.kind = DBW_KIND_BOOL, .boolean = number == 1};
    return DBW_CONVERTED_AS_IS;
}

/* --- whole numbers ---------------------------------------------------------------------------- */

/* NULL, or why the value is no exact int64. */
static const char *whole_number(const dbw_value *in, int64_t *out)
{
    switch (in->kind) {
    case DBW_KIND_INT64:
        *out = in->int64;
        return NULL;
    case DBW_KIND_BOOL:
        *out = in->boolean;
        return NULL;
    case DBW_KIND_DOUBLE:
        if (dbw_double_int64(in->real, out))
            return NULL;
        return isfinite(in->real) && in->real != floor(in->real) ? fraction_lost
                                                                 : "out of range for an integer";
    case DBW_KIND_TEXT:
    case DBW_KIND_DECIMAL: {
        dbw_number number;
        int32_t whole, fraction;
        const char *why = dbw_number_parse(in->text, &number);
        if (why)
            return why;
        if (dbw_number_int64(&number, out))
            return NULL;
        dbw_number_digits(&number, &whole, &fraction);
        return fraction ? fraction_lost : "out of range for an integer";
    }
    case DBW_KIND_UINT64:
        return "out of range for an integer";
    case DBW_KIND_NULL:
    case DBW_KIND_BYTES:
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
    case DBW_KIND_INTERVAL:
    case DBW_KIND_UUID:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        return "not a number";
    }
}

dbw_converted dbw_codec_integer(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                                const char **reason)
{
    int64_t value;
    if (in->kind == DBW_KIND_INT64) {
        value = in->int64;
    } else {
        const char *why = whole_number(in, &value);
        if (why)
            return dbw_bad(reason, why);
    }
    dbw_intent intent = codec->column->intent;
    if (intent == DBW_INTENT_INT32 && value != (int32_t)value)
        return dbw_bad(reason, "out of range for an integer of 32 bits");
    if (intent == DBW_INTENT_INT16 && value != (int16_t)value)
        return dbw_bad(reason, "out of range for an integer of 16 bits");
    *out = dbw_value_int(value);
    return DBW_CONVERTED_AS_IS;
}

dbw_converted dbw_codec_unsigned(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                                 const char **reason)
{
    (void)codec;
    dbw_number number;
    uint64_t large;
    if (in->kind == DBW_KIND_UINT64) {
        *out = *in;
        return DBW_CONVERTED_AS_IS;
    }
    if ((in->kind == DBW_KIND_TEXT || in->kind == DBW_KIND_DECIMAL) &&
        !dbw_number_parse(in->text, &number) && dbw_number_uint64(&number, &large) &&
        large > INT64_MAX) {
        *out = (dbw_value){.kind = DBW_KIND_UINT64, .uint64 = large};
        return DBW_CONVERTED_AS_IS;
    }
    int64_t value;
    const char *why = whole_number(in, &value);
    if (why)
        return dbw_bad(reason, why);
    if (value < 0)
        return dbw_bad(reason, "negative in an unsigned column");
    *out = dbw_value_int(value);
    return DBW_CONVERTED_AS_IS;
}

/* --- floating point --------------------------------------------------------------------------- */

static const char not_exact[] = "has more digits than double precision keeps";

/* NULL, or why the value is no double. */
static const char *real_number(const dbw_value *in, double *out)
{
    switch (in->kind) {
    case DBW_KIND_DOUBLE:
        *out = in->real;
        return NULL;
    case DBW_KIND_BOOL:
        *out = in->boolean;
        return NULL;
    case DBW_KIND_INT64: {
        int64_t back;
        *out = (double)in->int64;
        return dbw_double_int64(*out, &back) && back == in->int64 ? NULL : not_exact;
    }
    case DBW_KIND_UINT64:
        *out = (double)in->uint64;
        return *out < 18446744073709551616.0 && (uint64_t)*out == in->uint64 ? NULL : not_exact;
    case DBW_KIND_TEXT:
    case DBW_KIND_DECIMAL:
        if (dbw_number_special(in->text)) {
            bool negative = in->text.data[0] == '-';
            *out = dbw_text_is(in->text, "NaN") ? (double)NAN
                                                : (double)(negative ? -INFINITY : INFINITY);
            return NULL;
        }
        return dbw_number_double(in->text, out) ? NULL : "not a number";
    case DBW_KIND_NULL:
    case DBW_KIND_BYTES:
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
    case DBW_KIND_INTERVAL:
    case DBW_KIND_UUID:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        return "not a number";
    }
}

dbw_converted dbw_codec_double(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                               const char **reason)
{
    double value;
    const char *why = real_number(in, &value);
    if (why)
        return dbw_bad(reason, why);
    if (codec->column->intent == DBW_INTENT_FLOAT32 && isfinite(value) &&
        (double)(float)value != value)
        return dbw_bad(reason, "has more digits than real (32 bit) keeps");
    *out = (dbw_value){.kind = DBW_KIND_DOUBLE, .real = value};
    if (value != 0 || !signbit(value) || !codec->column->no_minus_zero)
        return DBW_CONVERTED_AS_IS;
    out->real = 0.0;
    *reason = "the target keeps no minus zero";
    return DBW_CONVERTED_ALTERED;
}

/* --- decimals --------------------------------------------------------------------------------- */

/* Whether the digits fit the target's precision and scale; NULL or the reason. */
static const char *misfit(const dbw_plan_column *column, const dbw_number *number)
{
    int32_t whole, fraction, scale = column->target_canonical.scale;
    dbw_number_digits(number, &whole, &fraction);
    if (scale >= 0 && fraction > scale)
        return "more digits behind the point than the column keeps";
    if (column->precision > 0 && whole > column->precision - (scale > 0 ? scale : 0))
        return "out of range for the decimal column";
    return NULL;
}

static dbw_converted decimal_text(const dbw_codec *codec, dbw_text text, dbw_value *out,
                                  const char **reason)
{
    dbw_number number;
    const char *why = dbw_number_parse(text, &number);
    if (!why)
        why = misfit(codec->column, &number);
    if (why)
        return dbw_bad(reason, why);
    char *room = dbw_scratch_take(codec->scratch, dbw_number_room(&number));
    size_t length = dbw_number_render(&number, codec->column->target_canonical.scale, room);
    dbw_set_text(out, DBW_KIND_DECIMAL, room, length);
    return DBW_CONVERTED_AS_IS;
}

dbw_converted dbw_codec_decimal(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                                const char **reason)
{
    char text[DBW_DOUBLE_DECIMAL];
    size_t length = 0;
    switch (in->kind) {
    case DBW_KIND_INT64:
        length = dbw_integer_text(in->int64, text);
        break;
    case DBW_KIND_UINT64:
        length = (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)in->uint64);
        break;
    case DBW_KIND_BOOL:
        text[0] = in->boolean ? '1' : '0';
        length = 1;
        break;
    case DBW_KIND_DOUBLE:
        if (!isfinite(in->real))
            return dbw_bad(reason, "not a finite number");
        length = dbw_double_decimal(in->real, text);
        break;
    case DBW_KIND_DECIMAL:
    case DBW_KIND_TEXT:
        if (dbw_number_special(in->text)) {
            dbw_set_text(out, DBW_KIND_DECIMAL, in->text.data, in->text.length);
            return DBW_CONVERTED_AS_IS;
        }
        return decimal_text(codec, in->text, out, reason);
    case DBW_KIND_NULL:
    case DBW_KIND_BYTES:
    case DBW_KIND_DATE:
    case DBW_KIND_TIME:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
    case DBW_KIND_INTERVAL:
    case DBW_KIND_UUID:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        break;
    }
    if (length == 0)
        return dbw_bad(reason, "not a number");
    return decimal_text(codec, (dbw_text){text, length}, out, reason);
}
