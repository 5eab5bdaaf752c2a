/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_VERIFY_CANONICAL_PRIV_H
#define DBW_VERIFY_CANONICAL_PRIV_H
/* How the files of this room hand canonical bytes to each other. */
#include "base/buffer.h"
#include "verify/canonical.h"

enum {
    PIECE_INLINE = 64, /* longer content is replaced by its length and its XXH3-128 */
    PIECE_MOST = 96    /* no value puts more bytes than this into a row */
};

/** The canonical bytes of one row; room for PIECE_MOST per column is reserved beforehand. */
typedef struct dbw_sink {
    unsigned char *data;
    size_t length;
    dbw_buffer work; /* for what has to be put together first */
} dbw_sink;

/** Appends tag, length and content (or its hash). */
void dbw_sink_put(dbw_sink *sink, char tag, const void *bytes, size_t length);

/** Appends tag and a number. */
void dbw_sink_number(dbw_sink *sink, char tag, int64_t number);

/** Canonical bytes of one value; false when it has no meaning for its column (nothing appended). */
bool dbw_canonical_put(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value);

/** The same, a value without meaning being put as it is, tagged by its kind. */
bool dbw_canonical_put_any(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value);

bool dbw_canonical_integer(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value);
bool dbw_canonical_float(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value);
bool dbw_canonical_decimal(dbw_sink *sink, const dbw_value *value);
bool dbw_canonical_number_text(dbw_sink *sink, dbw_text text);
bool dbw_canonical_boolean(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value);
enum { CANONICAL_SPELLING = 128 };

/** What stands in a column of text for a value that is no text and no number; false where nothing
 *  does. */
bool dbw_canonical_spelling(const dbw_canonical *column, const dbw_value *value,
                            char out[CANONICAL_SPELLING]);

/** A date or timestamp as microseconds since 1970 in UTC, where it has no finer part. */
bool dbw_canonical_moment(dbw_text text, int64_t *us);
bool dbw_canonical_time(dbw_sink *sink, const dbw_canonical *column, const dbw_value *value);
bool dbw_canonical_json(dbw_sink *sink, dbw_text text);
bool dbw_canonical_array(dbw_sink *sink, const dbw_canonical *column, dbw_text text);
bool dbw_canonical_duration(dbw_text text, dbw_interval *out);

/** The shortest of 15, 16 or 17 digits that reads back as the same double; at least ".0". */
enum { DOUBLE_TEXT = 40 };
void dbw_canonical_double_text(double real, char out[DOUBLE_TEXT]);

/** The 128-bit hash of the key columns of the row that was hashed last. */
dbw_hash dbw_rowhash_key(const dbw_rowhash *rowhash);

#endif
