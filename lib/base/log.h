/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_LOG_H
#define DBW_BASE_LOG_H
/*
 * Log lines of a long-running process, on standard error, where systemd or the terminal takes them.
 * One message is one line and one write(), so that lines of threads do not mix: control characters
 * are escaped, and what is longer than 8 KiB is cut. Only the outermost layer logs.
 *
 * Secrets are hidden by the caller's `hide` (dbw_redact_into() of lib/url, which this room does not
 * know).
 */
#include "base/buffer.h"

typedef enum dbw_log_level {
    DBW_LOG_ERROR,
    DBW_LOG_WARNING,
    DBW_LOG_INFO,
    DBW_LOG_DEBUG
} dbw_log_level;

/** Appends `text` without its secrets. */
typedef void (*dbw_log_hide)(dbw_buffer *out, dbw_text text);

typedef struct dbw_log {
    const char *program; /* "dbwizard-fcgi": stands before each line */
    dbw_log_level level; /* the least important that is written */
    dbw_log_hide hide;   /* NULL: nothing is hidden */
    int descriptor;      /* 2 */
    bool journal;        /* lines carry the priority as systemd reads it: "<4>…" */
} dbw_log;

/** A log on standard error; `level` is a value of DBWIZARD_LOG_LEVEL, NULL for "info". */
dbw_log dbw_log_to_stderr(const char *program, const char *level, dbw_log_hide hide);

/** Writes a line: "PROGRAM: warning: TEXT"; "info" is not spelt out. Safe from any thread. */
void dbw_log_line(const dbw_log *log, dbw_log_level level, const char *format, ...)
    DBW_PRINTF(3, 4);

/** An error and its hint, each a line. */
void dbw_log_error(const dbw_log *log, const dbw_error *error);

/** "error" … "debug"; false for another word. */
bool dbw_log_level_from(const char *name, dbw_log_level *out) DBW_MUST_CHECK;

const char *dbw_log_level_name(dbw_log_level level);

/** Appends `text` with control characters (C0, C1, DEL) as \n, \t or \xNN. */
void dbw_log_escape(dbw_buffer *out, dbw_text text);

#endif
