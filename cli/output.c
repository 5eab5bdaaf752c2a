/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"
#include "base/log.h"
#include "url/url.h"

#include <stdarg.h>

enum { LINE_LIMIT = 1024 * 1024 };

char *dbw_output_safe(dbw_arena *arena, const char *text)
{
    dbw_buffer safe;
    dbw_buffer_init(&safe, LINE_LIMIT);
    dbw_log_escape(&safe, dbw_text_of(text));
    char *string = dbw_arena_text_string(arena, dbw_buffer_text(&safe));
    dbw_buffer_free(&safe);
    return string;
}

void dbw_output_line(FILE *stream, const char *format, ...)
{
    dbw_buffer safe;
    dbw_buffer_init(&safe, 4 * LINE_LIMIT);
    char text[8192];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    dbw_log_escape(&safe, dbw_text_of(text));
    (void)fprintf(stream, "%s\n", safe.data);
    dbw_buffer_free(&safe);
}

void dbw_output_field(int width, const char *name, const char *value)
{
    if (!value)
        return;
    dbw_buffer safe;
    dbw_buffer_init(&safe, 4 * LINE_LIMIT);
    dbw_log_escape(&safe, dbw_text_of(value));
    (void)printf("%-*s  %s\n", width, name, safe.data);
    dbw_buffer_free(&safe);
}

void dbw_output_json(json_object *object)
{
    (void)printf("%s\n", json_object_to_json_string_ext(
                             object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
                                         JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(object);
}

json_object *dbw_json_string(const char *text)
{
    return text ? json_object_new_string(text) : NULL;
}

static void add_shown(dbw_arena *arena, json_object *object, const char *name, const char *text)
{
    if (*text)
        json_object_object_add(object, name, dbw_json_string(dbw_redact(arena, dbw_text_of(text))));
}

json_object *dbw_json_problem(dbw_arena *arena, const dbw_error *error)
{
    json_object *problem = json_object_new_object();
    json_object_object_add(problem, "type", dbw_json_string("about:blank"));
    json_object_object_add(problem, "title", dbw_json_string(dbw_status_meaning(error->code)));
    json_object_object_add(problem, "code", dbw_json_string(dbw_status_slug(error->code)));
    add_shown(arena, problem, "detail", error->message);
    add_shown(arena, problem, "hint", error->hint);
    add_shown(arena, problem, "object", error->object);
    add_shown(arena, problem, "sqlstate", error->sqlstate);
    add_shown(arena, problem, "statement", error->statement);
    return problem;
}

bool dbw_output_close(void)
{
    bool bad = ferror(stdout) != 0;
    return fclose(stdout) == 0 && !bad;
}
