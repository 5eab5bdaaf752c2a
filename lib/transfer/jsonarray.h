/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_JSONARRAY_H
#define DBW_TRANSFER_JSONARRAY_H
/*
 * JSON arrays as PostgreSQL's array literals, the way back from arrayjson.h: null becomes NULL,
 * strings lose their escapes, arrays of arrays become dimensions and must be of one shape (manual,
 * 8.15). Elements of type json or jsonb are taken as they stand, and such an array has one
 * dimension.
 */
#include "base/buffer.h"
#include "model/type.h"

/** Appends the literal; NULL, or why it cannot be said: "not an array", "arrays of different
 *  lengths", "holds \\u0000" … What was appended is of no use then. */
const char *dbw_json_array(dbw_text json, dbw_intent element, dbw_buffer *out);

#endif
