/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_ERROR_H
#define DBW_BASE_ERROR_H
/*
 * Errors are values. A function that can fail returns dbw_status and fills the caller's dbw_error;
 * on DBW_OK the error is left as it was. All text lies in fixed inline buffers, so that running
 * out of memory can be reported; what is too long is cut at a UTF-8 boundary.
 *
 * Message: lower case, no full stop, "unable to VERB THING 'x': reason". Hint: one or more
 * sentences that say what to do. Neither ever holds a secret: print URLs with dbw_url_redacted().
 * Nothing below the outermost layer logs an error: it returns it.
 */
#include "base/dbw.h"

#include <stdarg.h>

typedef enum dbw_status {
    DBW_OK = 0,
#define DBW_ERRCODE(name, slug, meaning) DBW_E_##name,
#include "base/errors.def"
#undef DBW_ERRCODE
    DBW_STATUS_COUNT
} dbw_status;

typedef struct dbw_error {
    dbw_status code;
    char sqlstate[6];     /* the server's, or "" */
    char message[1024];   /* what failed and why */
    char hint[768];       /* what to do, or "" */
    char statement[1024]; /* the SQL that failed (values never), or "" */
    char object[256];     /* the table, column, field or file concerned, or "" */
} dbw_error;

/** Empties `error`, so that its strings can be read. */
void dbw_error_clear(dbw_error *error);

/** Sets code and message, empties the rest; returns `code` so that it can be returned at once. */
dbw_status dbw_fail(dbw_error *error, dbw_status code, const char *format, ...) DBW_PRINTF(3, 4);

/** The same with a va_list. */
dbw_status dbw_vfail(dbw_error *error, dbw_status code, const char *format, va_list arguments)
    DBW_PRINTF(3, 0);

/** Out of memory, as an error. */
dbw_status dbw_fail_memory(dbw_error *error);

/** Sets the hint of an error that was set before; returns its code. */
dbw_status dbw_hint(dbw_error *error, const char *format, ...) DBW_PRINTF(2, 3);

/** Puts "PREFIX: " before the message of an error that was set before; returns its code. */
dbw_status dbw_error_prefix(dbw_error *error, const char *format, ...) DBW_PRINTF(2, 3);

/** Names the object concerned; returns the error's code. */
dbw_status dbw_error_object(dbw_error *error, const char *format, ...) DBW_PRINTF(2, 3);

/** "unreachable", "timeout" … as in errors.def; "ok" for DBW_OK. */
const char *dbw_status_slug(dbw_status status);

/** The meaning given in errors.def. */
const char *dbw_status_meaning(dbw_status status);

/** The status with that slug; DBW_E_INTERNAL for an unknown one. */
dbw_status dbw_status_from_slug(const char *slug);

/** Returns the status of `expression` to the caller when it is not DBW_OK. */
#define DBW_TRY(expression)                                                                        \
    do {                                                                                           \
        dbw_status dbw_try_status_ = (expression);                                                 \
        if (dbw_try_status_ != DBW_OK)                                                             \
            return dbw_try_status_;                                                                \
    } while (0)

/** Stores the status of `expression` in `status` and jumps to `label` when it is not DBW_OK. */
#define DBW_TRY_GOTO(status, label, expression)                                                    \
    do {                                                                                           \
        (status) = (expression);                                                                   \
        if ((status) != DBW_OK)                                                                    \
            goto label;                                                                            \
    } while (0)

#endif
