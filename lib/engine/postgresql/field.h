/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_FIELD_H
#define DBW_ENGINE_POSTGRESQL_FIELD_H
/* One value in COPY's binary form, checked: nothing that the server would change silently gets by.
 */
#include "engine/postgresql/type.h"

/** What a column takes. */
typedef struct dbw_pg_field {
    dbw_pg_wire wire;
    int16_t scale;   /* digits behind the point that are kept; -1: any */
    int8_t fraction; /* of the second; 6: all */
    int32_t length;  /* characters; 0: any */
    bool fixed;      /* character(n): trailing spaces mean nothing */
    const char *name;
    const char *spelling;
} dbw_pg_field;

/** The reason where a value is of another kind than its column's. */
extern const char dbw_pg_wrong_kind[];

/** NULL, or why the server would refuse or cut the text. */
const char *dbw_pg_check_text(const dbw_pg_field *column, dbw_text text);

/** Room for one field with its length. */
size_t dbw_pg_field_room(const dbw_value *value);

/** Writes the field with its length and moves `*at`; the reason where it cannot be stored. */
const char *dbw_pg_put_field(const dbw_pg_field *column, const dbw_value *value, char **at);

#endif
