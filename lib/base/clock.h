/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_CLOCK_H
#define DBW_BASE_CLOCK_H
/* Time in microseconds. Monotonic time measures and limits; wall time is shown and stored. */
#include "base/dbw.h"

/** Monotonic microseconds since some fixed instant. */
int64_t dbw_clock_monotonic(void);

/** Microseconds since 1970-01-01 UTC. */
int64_t dbw_clock_wall(void);

/** Processor time of all threads of this process, in microseconds. */
int64_t dbw_clock_cpu(void);

/** A monotonic instant by which something must have ended; DBW_NEVER means no limit. */
typedef int64_t dbw_deadline;
#define DBW_NEVER INT64_MAX

/** `milliseconds` from now; a negative number means never. */
dbw_deadline dbw_deadline_in(int64_t milliseconds);

/** Milliseconds left, rounded up, at least 0; -1 for never: the form that poll() takes. */
int dbw_deadline_left(dbw_deadline deadline);

/** "2026-01-02T03:04:05.678901Z", 27 characters and a NUL. */
enum { DBW_CLOCK_TEXT = 28 };
void dbw_clock_format(int64_t wall, char out[DBW_CLOCK_TEXT]);

#endif
