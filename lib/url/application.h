/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_URL_APPLICATION_H
#define DBW_URL_APPLICATION_H
/*
 * Which database an application has, and what a command line takes for a URL.
 *
 * Nothing here connects or checks options: dbw_url_validate() does.
 */
#include "base/config.h"
#include "url/url.h"

/**
 * The URL of the configured application: of its further database `database`, or of the main one
 * (NULL): DATABASE_URL; else DATABASE__URL, unless it holds an unexpanded `${…}`; else the
 * DATABASE__ parts; else the variable DBWIZARD_APP_URL_KEY of DBWIZARD_APP_ENV_FILE; else, for the
 * default application, the SQLite file app.sqlite3 in the state folder. An error names the
 * variable, never its value.
 */
dbw_status dbw_application_url(dbw_arena *arena, const dbw_config *config, const char *database,
                               dbw_url **out, dbw_error *error) DBW_MUST_CHECK;

/** The folder against which relative SQLite paths resolve: DBWIZARD_APP_DIR, or NULL when it is
 *  unset. A command may take its working directory then, a service has none to offer. */
const char *dbw_application_directory(const dbw_config *config);

/** Where a URL argument came from, and what the caller should tell. */
typedef struct dbw_url_source {
    char *name;    /* "argument", "variable X", "file /x", "standard input", "database x" … */
    char *warning; /* a sentence, or NULL: a password in argv, a file that everybody can read */
} dbw_url_source;

/**
 * Reads a URL argument: a URL; `env:NAME`, an environment variable; `file:PATH`, a file's first
 * line; `-`, the first line of standard input, where `allow_stdin`; the name of a further database
 * or of an application (`default` for the default one); or the path of an existing SQLite file.
 * `source` may be NULL. A text that is none of these is NOT_FOUND, and is not repeated.
 */
dbw_status dbw_url_argument_from(dbw_arena *arena, const dbw_config *config, const char *text,
                                 bool allow_stdin, dbw_url **out, dbw_url_source *source,
                                 dbw_error *error) DBW_MUST_CHECK;

/** The same for callers that do not tell. */
dbw_status dbw_url_argument(dbw_arena *arena, const dbw_config *config, const char *text,
                            bool allow_stdin, dbw_url **out, dbw_error *error) DBW_MUST_CHECK;

#endif
