/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_TYPE_H
#define DBW_ENGINE_POSTGRESQL_TYPE_H
/* PostgreSQL's types: from the catalog, from a user's spelling, from another engine's intent. */
#include "engine/engine.h"

/** How values of a column look on the wire in binary form. */
typedef enum dbw_pg_wire {
    DBW_PG_WIRE_BOOL,
    DBW_PG_WIRE_INT2,
    DBW_PG_WIRE_INT4,
    DBW_PG_WIRE_INT8,
    DBW_PG_WIRE_FLOAT4,
    DBW_PG_WIRE_FLOAT8,
    DBW_PG_WIRE_NUMERIC,
    DBW_PG_WIRE_MONEY, /* the number of the smallest units, in 64 bits */
    DBW_PG_WIRE_OID,   /* 32 bits without a sign */
    DBW_PG_WIRE_TEXT,  /* every character type, json, enum labels */
    DBW_PG_WIRE_BYTES,
    DBW_PG_WIRE_DATE,
    DBW_PG_WIRE_TIME,
    DBW_PG_WIRE_TIMESTAMP,
    DBW_PG_WIRE_TIMESTAMPTZ,
    DBW_PG_WIRE_INTERVAL,
    DBW_PG_WIRE_UUID,
    DBW_PG_WIRE_JSONB,
    DBW_PG_WIRE_BIT,
    DBW_PG_WIRE_NONE /* only as text: arrays, ranges, inet and whatever extensions bring */
} dbw_pg_wire;

dbw_pg_wire dbw_pg_wire_of(const dbw_type *type);

/** The type of a column as the catalog has it; `spelling` is format_type()'s. */
typedef struct dbw_pg_catalog_type {
    int64_t oid;      /* the base type, domains resolved */
    const char *name; /* its internal name */
    char kind;        /* pg_type.typtype of the base type */
    bool array;
    int64_t element;     /* of an array: the id of its elements' type */
    int32_t modifier;    /* atttypmod, -1: none */
    int16_t money_scale; /* digits behind the point of money in this database */
    const char *spelling;
} dbw_pg_catalog_type;

dbw_type dbw_pg_type_of_catalog(const dbw_pg_catalog_type *from);

/** As dbw_dialect's type_at. */
const char *dbw_pg_type_at(dbw_arena *arena, size_t n);

/** The dialect's map_type and parse_type: contracts in engine.h. */
void dbw_pg_map_type(dbw_arena *arena, const dbw_type *wanted, dbw_type_mapping *out);
dbw_status dbw_pg_parse_type(dbw_arena *arena, const char *spelling, dbw_type *out,
                             dbw_error *error);

#endif
