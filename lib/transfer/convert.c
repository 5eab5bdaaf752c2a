/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/convert.h"

#include "transfer/convert_priv.h"

#include <math.h>

enum { SCRATCH_BLOCK = 64 * 1024, SCRATCH_KEPT = 1024 * 1024 };

struct dbw_scratch_block {
    struct dbw_scratch_block *next;
    size_t size, used;
    char bytes[];
};

struct dbw_converter {
    size_t count;
    dbw_scratch scratch;
    dbw_codec codecs[];
};

char *dbw_scratch_take(dbw_scratch *scratch, size_t size)
{
    struct dbw_scratch_block *block = scratch->current;
    while (block && block->size - block->used < size)
        block = block->next;
    if (!block) {
        size_t room = size > SCRATCH_BLOCK ? size : SCRATCH_BLOCK;
        block = malloc(sizeof *block + room);
        if (!block) {
            fprintf(stderr, "dbwizard: out of memory (%zu bytes asked for)\n", room);
            abort();
        }
        *block = (struct dbw_scratch_block){.next = scratch->blocks, .size = room};
        scratch->blocks = block;
        scratch->current = block;
    }
    char *bytes = block->bytes + block->used;
    block->used += size;
    return bytes;
}

/* What one huge value needed is given back; the rest is used again. */
static void scratch_reset(dbw_scratch *scratch)
{
    for (struct dbw_scratch_block **at = &scratch->blocks; *at;) {
        struct dbw_scratch_block *block = *at;
        block->used = 0;
        if (block->size > SCRATCH_KEPT) {
            *at = block->next;
            free(block);
        } else {
            at = &block->next;
        }
    }
    scratch->current = scratch->blocks;
}

/* The source's values are taken over as they are. */
static dbw_converted codec_any(const dbw_codec *codec, const dbw_value *in, dbw_value *out,
                               const char **reason)
{
    (void)codec;
    (void)reason;
    *out = *in;
    return DBW_CONVERTED_AS_IS;
}

static dbw_codec_function *const codecs[DBW_INTENT_COUNT] = {
    [DBW_INTENT_ANY] = codec_any,
    [DBW_INTENT_BOOLEAN] = dbw_codec_boolean,
    [DBW_INTENT_INT16] = dbw_codec_integer,
    [DBW_INTENT_INT32] = dbw_codec_integer,
    [DBW_INTENT_INT64] = dbw_codec_integer,
    [DBW_INTENT_UINT64] = dbw_codec_unsigned,
    [DBW_INTENT_FLOAT32] = dbw_codec_double,
    [DBW_INTENT_FLOAT64] = dbw_codec_double,
    [DBW_INTENT_DECIMAL] = dbw_codec_decimal,
    [DBW_INTENT_CHAR] = dbw_codec_text,
    [DBW_INTENT_VARCHAR] = dbw_codec_text,
    [DBW_INTENT_TEXT] = dbw_codec_text,
    [DBW_INTENT_BYTES] = dbw_codec_bytes,
    [DBW_INTENT_DATE] = dbw_codec_date,
    [DBW_INTENT_TIME] = dbw_codec_time,
    [DBW_INTENT_TIMESTAMP] = dbw_codec_timestamp,
    [DBW_INTENT_TIMESTAMPTZ] = dbw_codec_timestamp,
    [DBW_INTENT_INTERVAL] = dbw_codec_interval,
    [DBW_INTENT_UUID] = dbw_codec_uuid,
    [DBW_INTENT_JSON] = dbw_codec_json,
    [DBW_INTENT_JSONB] = dbw_codec_json,
    [DBW_INTENT_ENUM] = dbw_codec_enum,
    [DBW_INTENT_SET] = dbw_codec_text,
    [DBW_INTENT_BIT] = dbw_codec_bit,
    [DBW_INTENT_ARRAY] = dbw_codec_array,
    [DBW_INTENT_OTHER] = dbw_codec_text,
};

dbw_converter *dbw_converter_new(const dbw_plan_column *columns, size_t count)
{
    dbw_converter *converter = calloc(1, sizeof *converter + count * sizeof(dbw_codec));
    if (!converter)
        return NULL;
    converter->count = count;
    for (size_t i = 0; i < count; i++)
        converter->codecs[i] = (dbw_codec){
            .column = &columns[i],
            .scratch = &converter->scratch,
            .convert = codecs[columns[i].intent],
            .limited = columns[i].limits.finite || columns[i].limits.ranged,
        };
    return converter;
}

void dbw_converter_free(dbw_converter *converter)
{
    if (!converter)
        return;
    for (struct dbw_scratch_block *block = converter->scratch.blocks; block;) {
        struct dbw_scratch_block *next = block->next;
        free(block);
        block = next;
    }
    free(converter);
}

void dbw_converter_row(dbw_converter *converter)
{
    /* Most rows take less than one block, many take nothing. */
    if (converter->scratch.blocks)
        scratch_reset(&converter->scratch);
}

/* NaN and the infinities of decimals, which travel as words. */
static bool is_word(dbw_text text)
{
    char last = text.length ? text.data[text.length - 1] : '0';
    return !dbw_is_digit(last) && last != '.';
}

/* What the target column cannot hold. */
static dbw_converted limit(const dbw_limits *limits, dbw_converted verdict, dbw_value *out,
                           const char **reason)
{
    static const char endless[] = "the target has neither NaN nor infinity";
    if (out->kind == DBW_KIND_DOUBLE) {
        if (limits->finite && !isfinite(out->real))
            return dbw_bad(reason, endless);
    } else if (out->kind == DBW_KIND_DECIMAL) {
        if (limits->finite && is_word(out->text))
            return dbw_bad(reason, endless);
    } else if (out->kind >= DBW_KIND_DATE && out->kind <= DBW_KIND_TIMESTAMPTZ) {
        bool infinite = out->kind != DBW_KIND_TIME &&
                        (out->int64 == DBW_INFINITY || out->int64 == DBW_MINUS_INFINITY);
        if (limits->finite && infinite)
            return dbw_bad(reason, "the target has no infinite date");
        if (limits->ranged && (out->int64 < limits->least || out->int64 > limits->most))
            return dbw_bad(reason, "out of the range of the target's type");
    }
    return verdict;
}

dbw_converted dbw_convert(dbw_converter *converter, size_t n, const dbw_value *in, dbw_value *out,
                          const char **reason)
{
    const dbw_codec *codec = &converter->codecs[n];
    if (in->kind == DBW_KIND_NULL) {
        *out = DBW_NULL;
        return DBW_CONVERTED_AS_IS;
    }
    dbw_converted verdict = codec->convert(codec, in, out, reason);
    if (codec->limited && verdict != DBW_CONVERTED_BAD)
        return limit(&codec->column->limits, verdict, out, reason);
    return verdict;
}
