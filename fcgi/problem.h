/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_PROBLEM_H
#define DBW_FCGI_PROBLEM_H
/* From our errors to HTTP: the one table. */
#include "base/error.h"

/** The HTTP status that an error code answers with. */
int dbw_problem_status(dbw_status code);

/** "Not Found" … (RFC 9110). */
const char *dbw_problem_title(int status);

#endif
