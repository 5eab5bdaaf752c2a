/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FCGI_ACCEPT_H
#define DBW_FCGI_ACCEPT_H
/*
 * The threads that accept on descriptor 0, and their end. SIGTERM, SIGINT, SIGHUP and SIGUSR1
 * (what multiwatch sends) stop the accepting; requests under way have DBW_ACCEPT_STOP_SECONDS to
 * end. Calls that wait for a job are told to give up at once: the job goes on without them.
 */
#include "service.h"

enum { DBW_ACCEPT_STOP_SECONDS = 10, DBW_ACCEPT_THREADS_MOST = 64 };

/** Serves until a signal, with `threads` threads besides the caller. Returns the exit status. To be
 *  called before any other thread is started, behind FCGX_Init(). */
int dbw_accept_run(dbw_service *service, int threads);

#endif
