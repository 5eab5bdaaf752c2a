/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_DECODE_H
#define DBW_ENGINE_MYSQL_DECODE_H
/*
 * Values of the binary protocol (MySQL, "Binary Protocol Resultset Row"): integers and floats come
 * as they are kept, so that nothing is lost in text, and dates in their parts.
 */
#include "model/type.h"

/** How a value looks on the wire. */
typedef enum dbw_mysql_wire {
    DBW_MYSQL_WIRE_INT1,
    DBW_MYSQL_WIRE_INT2,
    DBW_MYSQL_WIRE_INT4,
    DBW_MYSQL_WIRE_INT8,
    DBW_MYSQL_WIRE_FLOAT,
    DBW_MYSQL_WIRE_DOUBLE,
    DBW_MYSQL_WIRE_DATE,
    DBW_MYSQL_WIRE_DATETIME,
    DBW_MYSQL_WIRE_TIMESTAMP,
    DBW_MYSQL_WIRE_TIME,
    DBW_MYSQL_WIRE_BIT,
    DBW_MYSQL_WIRE_DECIMAL,
    DBW_MYSQL_WIRE_TEXT,
    DBW_MYSQL_WIRE_BYTES
} dbw_mysql_wire;

enum { DBW_MYSQL_SCRATCH = 72 };

typedef struct dbw_mysql_field {
    dbw_mysql_wire wire;
    bool is_unsigned;
    dbw_intent intent; /* what the column is meant to hold */
    int32_t bits;      /* WIRE_BIT: digits to show, at most 64 */
    char scratch[DBW_MYSQL_SCRATCH];
} dbw_mysql_field;

/**
 * Decodes the value that is not NULL at `bytes`; returns how many bytes it takes, 0 when it does
 * not fit into `available` or has a length that no server sends. Text points into the bytes or
 * into the field's scratch and lives until the field's next value.
 *
 * A date that is in no calendar (0000-00-00, 2024-02-00) and one of the year 0 comes as its text.
 */
size_t dbw_mysql_decode(dbw_mysql_field *field, const unsigned char *bytes, size_t available,
                        dbw_value *out);

#endif
