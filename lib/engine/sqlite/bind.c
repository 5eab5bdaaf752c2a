/* SPDX-License-Identifier: Apache-2.0 */
/* From values to SQLite's storage classes (https://www.sqlite.org/datatype3.html). */
#include "engine/sqlite/sqlite_priv.h"

#include "model/calendar.h"

#include <inttypes.h>
#include <math.h>

static const int64_t day_micros = INT64_C(86400000000);

static size_t put_digits(char *out, uint64_t number, size_t width)
{
    for (size_t i = width; i-- > 0; number /= 10)
        out[i] = (char)('0' + number % 10);
    return width;
}

/* Written by hand: snprintf would take most of a load's time. */
static size_t put_date(char *out, int64_t days)
{
    dbw_civil civil;
    if (days == DBW_INFINITY || days == DBW_MINUS_INFINITY ||
        (civil = dbw_calendar_civil(days), civil.year < 1 || civil.year > 9999)) {
        dbw_calendar_date(days, out);
        return strlen(out);
    }
    size_t at = put_digits(out, (uint64_t)civil.year, 4);
    out[at++] = '-';
    at += put_digits(out + at, (uint64_t)civil.month, 2);
    out[at++] = '-';
    return at + put_digits(out + at, (uint64_t)civil.day, 2);
}

static size_t put_time(char *out, int64_t microseconds)
{
    uint64_t t = microseconds < 0 ? -(uint64_t)microseconds : (uint64_t)microseconds;
    uint64_t hours = t / UINT64_C(3600000000);
    size_t at = 0;
    if (microseconds < 0)
        out[at++] = '-';
    if (hours > 99)
        at += (size_t)snprintf(out + at, 24, "%" PRIu64, hours);
    else
        at += put_digits(out + at, hours, 2);
    out[at++] = ':';
    at += put_digits(out + at, t / 60000000 % 60, 2);
    out[at++] = ':';
    at += put_digits(out + at, t / 1000000 % 60, 2);
    out[at++] = '.';
    return at + put_digits(out + at, t % 1000000, 6);
}

static size_t put_timestamp(char *out, int64_t microseconds, bool utc)
{
    if (microseconds == DBW_INFINITY || microseconds == DBW_MINUS_INFINITY)
        return put_date(out, microseconds);
    int64_t days = microseconds / day_micros, rest = microseconds % day_micros;
    if (rest < 0) {
        rest += day_micros;
        days--;
    }
    size_t at = put_date(out, days);
    out[at++] = ' ';
    at += put_time(out + at, rest);
    if (utc) {
        memcpy(out + at, "+00:00", 6);
        at += 6;
    }
    return at;
}

/* ISO 8601 duration; every part keeps its own sign, as PostgreSQL writes it. */
static size_t put_interval(char *out, size_t room, dbw_interval interval)
{
    char seconds[32];
    int64_t rest = interval.microseconds;
    int64_t hours = rest / INT64_C(3600000000), minutes = rest / 60000000 % 60;
    int64_t micros = rest % 60000000;
    uint64_t t = micros < 0 ? -(uint64_t)micros : (uint64_t)micros;
    snprintf(seconds, sizeof seconds, "%s%" PRIu64 "%s%06" PRIu64, micros < 0 ? "-" : "",
             t / 1000000, t % 1000000 ? "." : "", t % 1000000);
    if (t % 1000000 == 0)
        seconds[strlen(seconds) - 6] = '\0';
    int length = snprintf(out, room, "P%dY%dM%dDT%" PRId64 "H%" PRId64 "M%sS", interval.months / 12,
                          interval.months % 12, interval.days, hours, minutes, seconds);
    return length > 0 ? (size_t)length : 0;
}

static size_t put_uuid(char *out, const uint8_t uuid[16])
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[at++] = '-';
        out[at++] = digits[uuid[i] >> 4];
        out[at++] = digits[uuid[i] & 15];
    }
    return at;
}

static const char *scratch_text(dbw_sqlite_cell *cell, size_t length)
{
    cell->type = SQLITE_TEXT;
    cell->text = (dbw_text){cell->scratch, length};
    return NULL;
}

static const char *integer(dbw_sqlite_cell *cell, int64_t value)
{
    cell->type = SQLITE_INTEGER;
    cell->integer = value;
    return NULL;
}

const char *dbw_sqlite_cell_of(const dbw_value *value, dbw_sqlite_cell *cell)
{
    char *out = cell->scratch;
    switch (value->kind) {
    case DBW_KIND_NULL:
        cell->type = SQLITE_NULL;
        return NULL;
    case DBW_KIND_BOOL:
        return integer(cell, value->boolean);
    case DBW_KIND_INT64:
        return integer(cell, value->int64);
    case DBW_KIND_UINT64:
        if (value->uint64 > INT64_MAX)
            return "SQLite's integers end at 9223372036854775807";
        return integer(cell, (int64_t)value->uint64);
    case DBW_KIND_DOUBLE:
        /* SQLite would store NULL. */
        if (isnan(value->real)) {
            memcpy(out, "NaN", 3);
            return scratch_text(cell, 3);
        }
        cell->type = SQLITE_FLOAT;
        cell->real = value->real;
        return NULL;
    case DBW_KIND_BYTES:
        cell->type = SQLITE_BLOB;
        cell->text = value->text;
        return NULL;
    case DBW_KIND_DECIMAL:
    case DBW_KIND_TEXT:
    case DBW_KIND_JSON:
    case DBW_KIND_ARRAY:
    case DBW_KIND_BIT:
        cell->type = SQLITE_TEXT;
        cell->text = value->text;
        return NULL;
    case DBW_KIND_DATE:
        return scratch_text(cell, put_date(out, value->int64));
    case DBW_KIND_TIME:
        return scratch_text(cell, put_time(out, value->int64));
    case DBW_KIND_TIMESTAMP:
        return scratch_text(cell, put_timestamp(out, value->int64, false));
    case DBW_KIND_TIMESTAMPTZ:
        return scratch_text(cell, put_timestamp(out, value->int64, true));
    case DBW_KIND_INTERVAL:
        return scratch_text(cell, put_interval(out, sizeof cell->scratch, value->interval));
    case DBW_KIND_UUID:
        return scratch_text(cell, put_uuid(out, value->uuid));
    }
    return "unknown kind of value";
}

int dbw_sqlite_bind_cell(sqlite3_stmt *statement, int at, const dbw_sqlite_cell *cell,
                         sqlite3_destructor_type keep)
{
    /* A NULL pointer would bind NULL where empty text is meant. */
    const char *data = cell->type == SQLITE_TEXT || cell->type == SQLITE_BLOB
                           ? (cell->text.data ? cell->text.data : "")
                           : NULL;
    switch (cell->type) {
    case SQLITE_INTEGER:
        return sqlite3_bind_int64(statement, at, cell->integer);
    case SQLITE_FLOAT:
        return sqlite3_bind_double(statement, at, cell->real);
    case SQLITE_TEXT:
        return sqlite3_bind_text64(statement, at, data, cell->text.length, keep, SQLITE_UTF8);
    case SQLITE_BLOB:
        return sqlite3_bind_blob64(statement, at, data, cell->text.length, keep);
    default:
        return sqlite3_bind_null(statement, at);
    }
}

dbw_status dbw_sqlite_bind(dbw_sqlite *database, sqlite3_stmt *statement,
                           const dbw_value *parameters, size_t count, dbw_error *error)
{
    const char *sql = sqlite3_sql(statement);
    int wanted = sqlite3_bind_parameter_count(statement);
    if ((size_t)wanted != count)
        return dbw_fail(error, DBW_E_INTERNAL,
                        "unable to run a statement: it has %d placeholders, %zu values were given",
                        wanted, count);
    for (int i = 0; i < wanted; i++) {
        dbw_sqlite_cell cell;
        const char *reason = dbw_sqlite_cell_of(&parameters[i], &cell);
        if (reason)
            return dbw_fail(error, DBW_E_DATA, "unable to bind value %d of a statement: %s", i + 1,
                            reason);
        int code = dbw_sqlite_bind_cell(statement, i + 1, &cell, SQLITE_TRANSIENT);
        if (code != SQLITE_OK)
            return dbw_sqlite_fail(database, code, sql, error, "bind value %d of a statement",
                                   i + 1);
    }
    return DBW_OK;
}
