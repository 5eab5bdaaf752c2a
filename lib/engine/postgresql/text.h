/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_POSTGRESQL_TEXT_H
#define DBW_ENGINE_POSTGRESQL_TEXT_H
/* Values in PostgreSQL's text form, both ways, exactly; independent of the locale. */
#include "base/buffer.h"
#include "model/value.h"

/** Appends the text form of a value that is not NULL. */
void dbw_pg_text_put(dbw_buffer *out, const dbw_value *value);

/** Appends a value as an SQL literal, NULL included; DBW_E_DATA for a NUL byte in text. */
dbw_status dbw_pg_literal(dbw_buffer *out, const dbw_value *value, dbw_error *error) DBW_MUST_CHECK;

/** Appends text as an SQL string, whatever standard_conforming_strings is; it holds no NUL. */
void dbw_pg_quote_string(dbw_buffer *out, dbw_text text);

/**
 * Reads the server's text for a column of the type with this object id: DateStyle ISO and
 * bytea_output hex. What cannot be read as its type comes as text. Bytes are decoded to the end of
 * `scratch`, in which there must be room for half the text's length; `text` must be followed by a
 * NUL.
 */
dbw_value dbw_pg_text_get(uint32_t oid, dbw_text text, dbw_buffer *scratch);

#endif
