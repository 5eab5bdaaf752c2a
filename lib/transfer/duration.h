/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_TRANSFER_DURATION_H
#define DBW_TRANSFER_DURATION_H
/*
 * Durations written as text: ISO 8601's "P1Y2M3W4DT5H6M7.8S", every part with a sign of its own, as
 * engines without a type for intervals keep them. Years are twelve months, weeks seven days; days
 * and months are never turned into hours.
 */
#include "model/value.h"

/** NULL, or why the text is none: "not an interval", "an interval out of range". */
const char *dbw_duration_parse(dbw_text text, dbw_interval *out);

#endif
