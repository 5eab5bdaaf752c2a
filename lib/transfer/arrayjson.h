/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_ARRAYJSON_H
#define DBW_TRANSFER_ARRAYJSON_H
/*
 * PostgreSQL's array literals as JSON: numbers, booleans and JSON as they are, everything else as
 * strings, NULL as null, arrays of several dimensions as arrays of arrays. NaN and infinities are
 * strings. Bounds other than 1 have no place in JSON: such literals are refused.
 */
#include "base/buffer.h"
#include "model/type.h"

/** Appends the array; NULL, or why it cannot be said: "not an array", "an array whose bounds do
 *  not begin at 1". */
const char *dbw_array_json(dbw_text literal, dbw_intent element, dbw_buffer *out);

#endif
