/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_PROCESS_H
#define DBW_BASE_PROCESS_H
/*
 * Running another program: an argv list, never a shell; an environment of its own; every other
 * descriptor closed; a deadline. Standard input is given as bytes, standard output is kept up to a
 * cap or handed to a descriptor, of standard error the tail is kept for the error's message.
 *
 * A program that cannot be started is told from one that fails: NOT_FOUND, DENIED or IO of the
 * start; TIMEOUT after the deadline (SIGTERM, and SIGKILL two seconds later, to its whole process
 * group); LIMIT when it says more than the cap; else the exit status is in the result.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"

typedef struct dbw_process {
    const char *const *argv; /* argv[0] is the path, or a name looked up in PATH; NULL ends */
    const char *const *environment; /* NULL: PATH, LANG=C.UTF-8 and HOME=/nonexistent alone */
    const char *directory;          /* NULL: the caller's */
    dbw_text input;                 /* written to its standard input, which is then closed */
    size_t output_limit;            /* 0: 1 MiB */
    int output;                     /* above 2: a descriptor that becomes its standard output */
    dbw_deadline deadline;          /* 0: never */
} dbw_process;

typedef struct dbw_process_result {
    int status; /* exit status, or -1 when a signal ended it */
    int signal; /* that signal, or 0 */
    dbw_text output;
    char *message; /* the last 2 KiB of standard error, never NULL */
} dbw_process_result;

/** Runs the program to its end. DBW_OK says that it ran, not that it succeeded. */
dbw_status dbw_process_run(dbw_arena *arena, const dbw_process *process, dbw_process_result *out,
                           dbw_error *error) DBW_MUST_CHECK;

/** The same; an exit status other than 0 is an error as well (IO), with the tail of standard error
 *  in the message. */
dbw_status dbw_process_succeed(dbw_arena *arena, const dbw_process *process,
                               dbw_process_result *out, dbw_error *error) DBW_MUST_CHECK;

#endif
