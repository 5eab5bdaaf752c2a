/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_CONVERT_H
#define DBW_TRANSFER_CONVERT_H
/* From the value as the source gave it to the value that the target's encoder takes. No
 * connection, no allocation per value beyond a reused buffer; shares no code with lib/verify. */
#include "transfer/plan.h"

typedef enum dbw_converted {
    DBW_CONVERTED_AS_IS,   /* nothing lost, nothing changed in meaning */
    DBW_CONVERTED_ALTERED, /* a remedy was applied: belongs in the ledger */
    DBW_CONVERTED_BAD      /* cannot be carried over; `reason` says why */
} dbw_converted;

typedef struct dbw_converter dbw_converter;

/** One per thread; `scratch` of remedies is kept inside. */
dbw_converter *dbw_converter_new(const dbw_plan_column *columns, size_t count);
void dbw_converter_free(dbw_converter *converter);

/** Converts one value of column `n`. The result may point into `in` or into the converter's
 *  scratch, which lasts until dbw_converter_row() is called for the next row. */
dbw_converted dbw_convert(dbw_converter *converter, size_t n, const dbw_value *in, dbw_value *out,
                          const char **reason);

/** Starts a new row. */
void dbw_converter_row(dbw_converter *converter);

#endif
