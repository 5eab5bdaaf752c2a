/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_UTF8_PRIV_H
#define DBW_BASE_UTF8_PRIV_H
#include "base/dbw.h"

/** Whether all of it is valid, sixteen bytes at a time; false also where the processor cannot, so
 *  that the caller looks byte by byte. */
bool dbw_utf8_vector_valid(const unsigned char *text, size_t length);

#endif
