/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_REVISION_SPLITTER_H
#define DBW_REVISION_SPLITTER_H
/*
 * Cuts a script into statements at the `;` that end them. Knows what may hide one: strings (with
 * '' and, per engine, backslashes and E''), quoted names, comments (nested in PostgreSQL), dollar
 * quotes, BEGIN … END bodies of SQLite and MySQL triggers and routines and of PostgreSQL's
 * BEGIN ATOMIC, and MySQL's DELIMITER command. Works in place: no allocation, one pass.
 */
#include "base/error.h"
#include "base/text.h"

/** How an engine's scripts are read. */
typedef struct dbw_splitter_rules {
    bool backslashes;      /* \' inside every string (MySQL) */
    bool escape_strings;   /* E'…\'…' (PostgreSQL) */
    bool dollar_quotes;    /* $tag$…$tag$ */
    bool nested_comments;  /* comments in comments */
    bool hash_comments;    /* # to the end of the line */
    bool strict_dashes;    /* "--" starts a comment only before a space or control character */
    bool version_comments; /* code in comments that start with an exclamation mark */
    bool backticks;        /* `name` */
    bool brackets;         /* [name] */
    bool bodies;           /* CREATE TRIGGER, PROCEDURE … BEGIN … END */
    bool atomic_bodies;    /* BEGIN ATOMIC … END only */
    bool delimiter;        /* the DELIMITER command */
} dbw_splitter_rules;

/** The rules of a backend ("sqlite", "postgresql", "mysql"); those of standard SQL for others. */
const dbw_splitter_rules *dbw_splitter_rules_for(const char *backend);

enum { DBW_SPLITTER_DELIMITER_LIMIT = 16 };

typedef struct dbw_splitter {
    const dbw_splitter_rules *rules;
    dbw_text script;
    size_t at;
    int line;
    char delimiter[DBW_SPLITTER_DELIMITER_LIMIT]; /* ";" unless DELIMITER changed it */
} dbw_splitter;

/** One statement: without its delimiter, surrounding space and leading comments. */
typedef struct dbw_statement {
    dbw_text text; /* points into the script */
    int line;      /* of its first character */
} dbw_statement;

/** Starts at the beginning of `script`, whose first line has the number `line`. */
void dbw_splitter_start(dbw_splitter *splitter, const dbw_splitter_rules *rules, dbw_text script,
                        int line);

/**
 * The next statement; `*found` is false at the end. Empty statements and those of comments alone
 * are passed over. DBW_E_INVALID "line N: unterminated …" where something is left open.
 */
dbw_status dbw_splitter_next(dbw_splitter *splitter, dbw_statement *out, bool *found,
                             dbw_error *error) DBW_MUST_CHECK;

#endif
