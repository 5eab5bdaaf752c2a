/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_BUFFER_H
#define DBW_BASE_BUFFER_H
/*
 * Bytes that grow up to a declared maximum. Failures are sticky: after the first one (memory, cap)
 * further appends do nothing, and dbw_buffer_check() reports it, so that a run of appends needs
 * one check at its end. `data` is always NUL-terminated behind `length`.
 */
#include "base/error.h"
#include "base/text.h"

typedef struct dbw_buffer {
    char *data; /* never NULL: a static "" while empty */
    size_t length;
    size_t capacity;   /* bytes allocated, the NUL included; 0 while nothing is */
    size_t limit;      /* the most bytes of content */
    dbw_status failed; /* DBW_OK, DBW_E_LIMIT or DBW_E_NO_MEMORY */
} dbw_buffer;

/** An empty buffer that may grow to `limit` bytes. Nothing is allocated yet. */
void dbw_buffer_init(dbw_buffer *buffer, size_t limit);

/** Frees the memory; the buffer is empty and can be used again. */
void dbw_buffer_free(dbw_buffer *buffer);

/** Empties the buffer and keeps the memory; forgets a failure. */
void dbw_buffer_clear(dbw_buffer *buffer);

/** Makes room for `more` bytes behind the content; false on failure. */
bool dbw_buffer_reserve(dbw_buffer *buffer, size_t more);

void dbw_buffer_add(dbw_buffer *buffer, const void *bytes, size_t length);
void dbw_buffer_add_text(dbw_buffer *buffer, dbw_text text);
void dbw_buffer_add_string(dbw_buffer *buffer, const char *string);
void dbw_buffer_add_char(dbw_buffer *buffer, char c);
void dbw_buffer_printf(dbw_buffer *buffer, const char *format, ...) DBW_PRINTF(2, 3);

/** DBW_OK, or the failure with what the buffer was for ("request body", "statement"). */
dbw_status dbw_buffer_check(const dbw_buffer *buffer, const char *what,
                            dbw_error *error) DBW_MUST_CHECK;

static inline dbw_text dbw_buffer_text(const dbw_buffer *buffer)
{
    return (dbw_text){buffer->data, buffer->length};
}

#endif
