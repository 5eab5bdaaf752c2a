/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <stdarg.h>

static char empty[1];

void dbw_buffer_init(dbw_buffer *buffer, size_t limit)
{
    *buffer = (dbw_buffer){.data = empty, .limit = limit};
}

void dbw_buffer_free(dbw_buffer *buffer)
{
    if (buffer->capacity)
        free(buffer->data);
    dbw_buffer_init(buffer, buffer->limit);
}

void dbw_buffer_clear(dbw_buffer *buffer)
{
    buffer->length = 0;
    buffer->failed = DBW_OK;
    if (buffer->capacity)
        buffer->data[0] = '\0';
}

bool dbw_buffer_reserve(dbw_buffer *buffer, size_t more)
{
    if (buffer->failed)
        return false;
    if (more > buffer->limit - buffer->length) {
        buffer->failed = DBW_E_LIMIT;
        return false;
    }
    size_t needed = buffer->length + more + 1;
    if (needed <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity ? buffer->capacity : 64;
    while (capacity < needed)
        capacity *= 2;
    if (capacity > buffer->limit + 1)
        capacity = buffer->limit + 1;
    char *grown = realloc(buffer->capacity ? buffer->data : NULL, capacity);
    if (!grown) {
        buffer->failed = DBW_E_NO_MEMORY;
        return false;
    }
    buffer->data = grown;
    buffer->capacity = capacity;
    buffer->data[buffer->length] = '\0';
    return true;
}

void dbw_buffer_add(dbw_buffer *buffer, const void *bytes, size_t length)
{
    if (length == 0 || !dbw_buffer_reserve(buffer, length))
        return;
    memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void dbw_buffer_add_text(dbw_buffer *buffer, dbw_text text)
{
    dbw_buffer_add(buffer, text.data, text.length);
}

void dbw_buffer_add_string(dbw_buffer *buffer, const char *string)
{
    dbw_buffer_add(buffer, string, strlen(string));
}

void dbw_buffer_add_char(dbw_buffer *buffer, char c)
{
    dbw_buffer_add(buffer, &c, 1);
}

void dbw_buffer_printf(dbw_buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0 && dbw_buffer_reserve(buffer, (size_t)length)) {
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
}

dbw_status dbw_buffer_check(const dbw_buffer *buffer, const char *what, dbw_error *error)
{
    if (buffer->failed == DBW_OK)
        return DBW_OK;
    if (buffer->failed == DBW_E_NO_MEMORY)
        return dbw_fail_memory(error);
    return dbw_fail(error, DBW_E_LIMIT, "%s exceeds %zu bytes", what, buffer->limit);
}
