/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_SERVE_H
#define DBW_FCGI_SERVE_H
/* From a FastCGI request to an exchange, and its answer back. */
#include "service.h"

#include <fcgiapp.h>

/** Answers one accepted request. */
void dbw_serve(dbw_service *service, FCGX_Request *request);

#endif
