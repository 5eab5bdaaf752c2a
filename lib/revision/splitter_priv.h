/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_REVISION_SPLITTER_PRIV_H
#define DBW_REVISION_SPLITTER_PRIV_H
/* The splitter's scanner: one lexical element at a time. */
#include "revision/splitter.h"

typedef enum dbw_scan_kind {
    DBW_SCAN_END,
    DBW_SCAN_SPACE, /* white space and comments */
    DBW_SCAN_MARK,  /* the start or end of a version comment: part of the statement, no meaning */
    DBW_SCAN_WORD,  /* an unquoted name, keyword or number */
    DBW_SCAN_QUOTED,
    DBW_SCAN_DELIMITER,
    DBW_SCAN_OTHER /* any other single character */
} dbw_scan_kind;

/** Scans the element at the splitter's place and moves behind it; `text` receives it. */
dbw_status dbw_splitter_scan(dbw_splitter *splitter, dbw_scan_kind *kind, dbw_text *text,
                             dbw_error *error) DBW_MUST_CHECK;

/** Moves on by `count` bytes and counts lines. */
void dbw_splitter_advance(dbw_splitter *splitter, size_t count);

#endif
