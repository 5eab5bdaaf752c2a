/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_DOCUFLOW_MOMENTS_H
#define DBW_DOCUFLOW_MOMENTS_H
/*
 * Points in time in the spellings that applications leave in SQLite over the years. No fraction
 * has digits below the microsecond other than zeros, so that none is lost on the way.
 */
#include "random.h"

enum { DOCUFLOW_MOMENT_TEXT = 48 };

/** Seconds since 1970, from 2019 to the middle of 2026. */
int64_t docuflow_moment(docuflow_random *random);

/** "2024-05-06 07:08:09", as CURRENT_TIMESTAMP writes it. */
void docuflow_moment_plain(int64_t seconds, char out[DOCUFLOW_MOMENT_TEXT]);

/** Without a zone: blank or T, 0 to 9 digits of a fraction, seldom the date alone. */
void docuflow_moment_mixed(docuflow_random *random, int64_t seconds,
                           char out[DOCUFLOW_MOMENT_TEXT]);

/** With a zone: Z, +00:00 or another offset, the same moment. */
void docuflow_moment_zoned(docuflow_random *random, int64_t seconds,
                           char out[DOCUFLOW_MOMENT_TEXT]);

/** "2024-05-06". */
void docuflow_moment_date(int64_t seconds, char out[DOCUFLOW_MOMENT_TEXT]);

#endif
