/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_PROBLEM_H
#define DBW_FCGI_PROBLEM_H
/* From our errors to HTTP: the one table. The same code means something else where it is the end of
 * a job that worked on the client's databases. */
#include "base/error.h"

/** The HTTP status for an error of the request, or of dbwizard itself (its state store …). */
int dbw_problem_status(dbw_status code);

/** The HTTP status for the error with which a job ended. */
int dbw_problem_status_of_job(dbw_status code);

/** "Not Found" … (RFC 9110). */
const char *dbw_problem_title(int status);

#endif
