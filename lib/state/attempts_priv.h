/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_STATE_ATTEMPTS_PRIV_H
#define DBW_STATE_ATTEMPTS_PRIV_H
/* The limit on tries to log in; its rules stand in accounts.h. */
#include "state/store.h"

/** Counts a try before it is judged. `account` may be NULL. DBW_E_LIMIT with `*retry_after` in
 *  seconds, at least 1, when it must not be judged. */
dbw_status dbw_attempts_enter(dbw_store *store, const char *address, const char *account,
                              int *retry_after, dbw_error *error) DBW_MUST_CHECK;

/** Forgets the failures after a success. */
dbw_status dbw_attempts_forget(dbw_store *store, const char *address, const char *account,
                               dbw_error *error) DBW_MUST_CHECK;

#endif
