/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include "base/utf8.h"

static const char *const slugs[DBW_STATUS_COUNT] = {
    [DBW_OK] = "ok",
#define DBW_ERRCODE(name, slug, meaning) [DBW_E_##name] = (slug),
#include "base/errors.def"
#undef DBW_ERRCODE
};

static const char *const meanings[DBW_STATUS_COUNT] = {
    [DBW_OK] = "done",
#define DBW_ERRCODE(name, slug, meaning) [DBW_E_##name] = (meaning),
#include "base/errors.def"
#undef DBW_ERRCODE
};

void dbw_error_clear(dbw_error *error)
{
    error->code = DBW_OK;
    error->sqlstate[0] = '\0';
    error->message[0] = '\0';
    error->hint[0] = '\0';
    error->statement[0] = '\0';
    error->object[0] = '\0';
}

DBW_PRINTF(3, 0)
static void print_cut(char *out, size_t size, const char *format, va_list arguments)
{
    if (vsnprintf(out, size, format, arguments) < 0)
        out[0] = '\0';
    size_t length = strlen(out);
    out[dbw_utf8_cut(out, length, length)] = '\0';
}

dbw_status dbw_vfail(dbw_error *error, dbw_status code, const char *format, va_list arguments)
{
    /* Callers may pass parts of the error itself, so the message is made beside it first. */
    char message[sizeof error->message];
    print_cut(message, sizeof message, format, arguments);
    dbw_error_clear(error);
    error->code = code;
    memcpy(error->message, message, sizeof message);
    return code;
}

dbw_status dbw_fail(dbw_error *error, dbw_status code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    dbw_vfail(error, code, format, arguments);
    va_end(arguments);
    return code;
}

dbw_status dbw_fail_memory(dbw_error *error)
{
    return dbw_fail(error, DBW_E_NO_MEMORY, "out of memory");
}

dbw_status dbw_hint(dbw_error *error, const char *format, ...)
{
    char hint[sizeof error->hint];
    va_list arguments;
    va_start(arguments, format);
    print_cut(hint, sizeof hint, format, arguments);
    va_end(arguments);
    memcpy(error->hint, hint, sizeof hint);
    return error->code;
}

dbw_status dbw_error_prefix(dbw_error *error, const char *format, ...)
{
    char prefix[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    print_cut(prefix, sizeof prefix, format, arguments);
    va_end(arguments);

    size_t used = strlen(prefix);
    size_t room = sizeof error->message - 1;
    size_t rest = strlen(error->message);
    if (used > room - 2)
        used = room - 2;
    if (rest > room - used - 2)
        rest = dbw_utf8_cut(error->message, rest, room - used - 2);
    memmove(error->message + used + 2, error->message, rest);
    memcpy(error->message, prefix, used);
    memcpy(error->message + used, ": ", 2);
    error->message[used + 2 + rest] = '\0';
    return error->code;
}

dbw_status dbw_error_object(dbw_error *error, const char *format, ...)
{
    char object[sizeof error->object];
    va_list arguments;
    va_start(arguments, format);
    print_cut(object, sizeof object, format, arguments);
    va_end(arguments);
    memcpy(error->object, object, sizeof object);
    return error->code;
}

const char *dbw_status_slug(dbw_status status)
{
    return (unsigned)status < DBW_STATUS_COUNT ? slugs[status] : "internal";
}

const char *dbw_status_meaning(dbw_status status)
{
    return (unsigned)status < DBW_STATUS_COUNT ? meanings[status] : meanings[DBW_E_INTERNAL];
}

dbw_status dbw_status_from_slug(const char *slug)
{
    for (int i = 0; i < DBW_STATUS_COUNT; i++)
        if (strcmp(slugs[i], slug) == 0)
            return (dbw_status)i;
    return DBW_E_INTERNAL;
}
