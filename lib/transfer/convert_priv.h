/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_CONVERT_PRIV_H
#define DBW_TRANSFER_CONVERT_PRIV_H
/* The parts of the converter: one codec per intent of the target column. */
#include "transfer/convert.h"

/** Memory of the values of one row: blocks that are used again for the next. */
typedef struct dbw_scratch {
    struct dbw_scratch_block *blocks;  /* all of them */
    struct dbw_scratch_block *current; /* the one in use */
} dbw_scratch;

/** `size` bytes until the next row; never NULL: running out of memory ends the process, as an
 *  arena does. */
char *dbw_scratch_take(dbw_scratch *scratch, size_t size) __attribute__((returns_nonnull));

/** Everything that a codec may look at. */
typedef struct dbw_codec {
    const dbw_plan_column *column;
    dbw_scratch *scratch;
    bool limited; /* the target column holds less than its intent */
    dbw_converted (*convert)(const struct dbw_codec *codec, const dbw_value *in, dbw_value *out,
                             const char **reason);
} dbw_codec;

typedef dbw_converted dbw_codec_function(const dbw_codec *codec, const dbw_value *in,
                                         dbw_value *out, const char **reason);

/* convert_text.c */
dbw_codec_function dbw_codec_text, dbw_codec_enum, dbw_codec_bytes, dbw_codec_uuid, dbw_codec_json,
    dbw_codec_bit, dbw_codec_array;

/* convert_number.c */
dbw_codec_function dbw_codec_boolean, dbw_codec_integer, dbw_codec_unsigned, dbw_codec_double,
    dbw_codec_decimal;

/* convert_time.c */
dbw_codec_function dbw_codec_date, dbw_codec_time, dbw_codec_timestamp, dbw_codec_interval;

static inline dbw_converted dbw_bad(const char **reason, const char *why)
{
    *reason = why;
    return DBW_CONVERTED_BAD;
}

/** A text of the scratch as the value. */
static inline void dbw_set_text(dbw_value *out, dbw_kind kind, const char *data, size_t length)
{
    out->kind = kind;
    out->text = (dbw_text){data, length};
}

/** Reads a boolean word: t/f, true/false, yes/no, y/n, on/off, 1/0, in any case. */
bool dbw_bool_word(dbw_text text, bool *out) DBW_MUST_CHECK;

/** Reads a UUID: 32 hex digits, hyphens between bytes, braces around. */
bool dbw_uuid_text(dbw_text text, uint8_t out[16]) DBW_MUST_CHECK;

/** Writes "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx". */
enum { DBW_UUID_TEXT = 36 };
void dbw_uuid_format(const uint8_t uuid[16], char out[DBW_UUID_TEXT]);

/** Microseconds since 1970 of a number in the given reading; NULL or the reason. */
const char *dbw_epoch_micros(const dbw_value *in, dbw_reading reading, int64_t *out);

#endif
