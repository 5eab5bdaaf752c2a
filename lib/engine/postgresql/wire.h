/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_WIRE_H
#define DBW_ENGINE_POSTGRESQL_WIRE_H
/* Numbers in network byte order, and the epochs. */
#include "base/dbw.h"

/** 2000-01-01, PostgreSQL's epoch, in days and microseconds since 1970-01-01. */
#define DBW_PG_EPOCH_DAYS 10957
#define DBW_PG_EPOCH_US INT64_C(946684800000000)

/* src/include/datatype/timestamp.h: 4713-01-01 BC Julian to before 294277-01-01 and 5874898-01-01;
 * counted from 2000-01-01. */
#define DBW_PG_MIN_DAYS (-2451545)
#define DBW_PG_END_DAYS 2145031949
#define DBW_PG_MIN_TIMESTAMP INT64_C(-211813488000000000)
#define DBW_PG_END_TIMESTAMP INT64_C(9223371331200000000)

static inline char *dbw_pg_put16(char *at, uint16_t value)
{
    value = __builtin_bswap16(value);
    memcpy(at, &value, 2);
    return at + 2;
}

static inline char *dbw_pg_put32(char *at, uint32_t value)
{
    value = __builtin_bswap32(value);
    memcpy(at, &value, 4);
    return at + 4;
}

static inline char *dbw_pg_put64(char *at, uint64_t value)
{
    value = __builtin_bswap64(value);
    memcpy(at, &value, 8);
    return at + 8;
}

static inline uint16_t dbw_pg_get16(const char *at)
{
    uint16_t value;
    memcpy(&value, at, 2);
    return __builtin_bswap16(value);
}

static inline uint32_t dbw_pg_get32(const char *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return __builtin_bswap32(value);
}

static inline uint64_t dbw_pg_get64(const char *at)
{
    uint64_t value;
    memcpy(&value, at, 8);
    return __builtin_bswap64(value);
}

#endif
