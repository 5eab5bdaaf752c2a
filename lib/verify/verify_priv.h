/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_VERIFY_VERIFY_PRIV_H
#define DBW_VERIFY_VERIFY_PRIV_H
#include "verify/canonical_priv.h"
#include "verify/verify.h"

/** Called for each row of one side, hashed; a status other than DBW_OK ends the reading. */
typedef dbw_status (*dbw_verify_row)(void *context, const dbw_value *values,
                                     const dbw_rowhash *rowhash, dbw_hash row, uint32_t bucket,
                                     dbw_error *error);

/** Streams one side. */
dbw_status dbw_verify_each(const dbw_verify_side *side, size_t count, const size_t *key,
                           size_t key_count, dbw_verify_row fn, void *context,
                           dbw_error *error) DBW_MUST_CHECK;

#endif
