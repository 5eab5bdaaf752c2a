/* SPDX-License-Identifier: Apache-2.0 */
/* Values of other kinds in columns of text: how they are to be spelled there. Moments and intervals
 * are read back by this room's own readers, so that a wrong spelling is equal to nothing. */
#include "model/calendar.h"
#include "verify/canonical_priv.h"

static bool spell_moment(const dbw_value *value, char out[CANONICAL_SPELLING])
{
    bool endless = value->int64 == DBW_INFINITY || value->int64 == DBW_MINUS_INFINITY;
    int64_t micros = value->int64, back;
    if (value->kind == DBW_KIND_DATE)
        dbw_calendar_date(value->int64, out);
    else
        dbw_calendar_timestamp(value->int64, value->kind == DBW_KIND_TIMESTAMPTZ, out);
    if (endless)
        return true;
    if (value->kind == DBW_KIND_DATE &&
        __builtin_mul_overflow(value->int64, INT64_C(86400000000), &micros))
        return false;
    return dbw_canonical_moment(dbw_text_of(out), &back) && back == micros;
}

static bool spell_interval(const dbw_interval *interval, char out[CANONICAL_SPELLING])
{
    dbw_interval back;
    int64_t micros = interval->microseconds;
    uint64_t rest = micros < 0 ? 0 - (uint64_t)micros : (uint64_t)micros;
    snprintf(out, CANONICAL_SPELLING, "P%dM%dDT%s%llu.%06uS", (int)interval->months,
             (int)interval->days, micros < 0 ? "-" : "", (unsigned long long)(rest / 1000000),
             (unsigned)(rest % 1000000));
    return dbw_canonical_duration(dbw_text_of(out), &back) && back.microseconds == micros &&
           back.days == interval->days && back.months == interval->months;
}

static bool spell_uuid(const uint8_t uuid[16], bool bare, char out[CANONICAL_SPELLING])
{
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        if (!bare && (i == 4 || i == 6 || i == 8 || i == 10))
            out[at++] = '-';
        out[at++] = "0123456789abcdef"[uuid[i] >> 4];
        out[at++] = "0123456789abcdef"[uuid[i] & 15];
    }
    out[at] = '\0';
    return true;
}

bool dbw_canonical_spelling(const dbw_canonical *column, const dbw_value *value,
                            char out[CANONICAL_SPELLING])
{
    switch (value->kind) {
    case DBW_KIND_BOOL:
        snprintf(out, CANONICAL_SPELLING, "%s", value->boolean ? "true" : "false");
        return true;
    case DBW_KIND_TIME:
        dbw_calendar_time(value->int64, out);
        return true;
    case DBW_KIND_DATE:
    case DBW_KIND_TIMESTAMP:
    case DBW_KIND_TIMESTAMPTZ:
        return spell_moment(value, out);
    case DBW_KIND_INTERVAL:
        return spell_interval(&value->interval, out);
    case DBW_KIND_UUID:
        return spell_uuid(value->uuid, column->bare_uuid, out);
    case DBW_KIND_NULL:
    case DBW_KIND_INT64:
    case DBW_KIND_UINT64:
    case DBW_KIND_DOUBLE:
    case DBW_KIND_DECIMAL:
    case DBW_KIND_TEXT:
    case DBW_KIND_BYTES:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
    default:
        return false;
    }
}
