/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_REVISION_REVISION_PRIV_H
#define DBW_REVISION_REVISION_PRIV_H
/* Shared within lib/revision. */
#include "revision/file.h"

/** The whole of a file of at most DBW_REVISION_FILE_LIMIT bytes. NOT_FOUND, IO, LIMIT. */
dbw_status dbw_revision_text_read(dbw_arena *arena, const char *path, dbw_text *out,
                                  dbw_error *error) DBW_MUST_CHECK;

#endif
