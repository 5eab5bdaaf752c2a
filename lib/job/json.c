/* SPDX-License-Identifier: Apache-2.0 */
#include "job/job_priv.h"

#include <json-c/json.h>

struct json_object *dbw_job_json_number(double number)
{
    char text[64];
    snprintf(text, sizeof text, "%.3f", number);
    return json_object_new_double_s(number, text);
}

struct json_object *dbw_job_json_value(const dbw_value *value)
{
    if (value->kind == DBW_KIND_INT64)
        return json_object_new_int64(value->int64);
    if (value->kind == DBW_KIND_DOUBLE)
        return dbw_job_json_number(value->real);
    if (value->kind == DBW_KIND_TEXT)
        return json_object_new_string_len(value->text.data, (int)value->text.length);
    return NULL;
}

struct json_object *dbw_job_json_time(const dbw_value *value)
{
    char text[DBW_CLOCK_TEXT];
    if (value->kind != DBW_KIND_INT64)
        return NULL;
    dbw_clock_format(value->int64, text);
    return json_object_new_string(text);
}

struct json_object *dbw_job_json_parse(const dbw_value *value, struct json_object *otherwise)
{
    struct json_object *parsed = NULL;
    if (value->kind == DBW_KIND_TEXT) {
        struct json_tokener *tokener = json_tokener_new_ex(64);
        parsed = json_tokener_parse_ex(tokener, value->text.data, (int)value->text.length);
        /* A number at the very end of the text is only taken when told that nothing follows. */
        if (!parsed && json_tokener_get_error(tokener) == json_tokener_continue)
            parsed = json_tokener_parse_ex(tokener, "", 1);
        json_tokener_free(tokener);
    }
    if (!parsed)
        return otherwise;
    json_object_put(otherwise);
    return parsed;
}

static void add_redacted(dbw_arena *arena, struct json_object *object, const char *name,
                         const char *text)
{
    json_object_object_add(object, name,
                           text[0] ? json_object_new_string(dbw_redact(arena, dbw_text_of(text)))
                                   : NULL);
}

struct json_object *dbw_job_json_error(dbw_arena *arena, const dbw_error *error)
{
    struct json_object *object = json_object_new_object();
    json_object_object_add(object, "code", json_object_new_string(dbw_status_slug(error->code)));
    add_redacted(arena, object, "message", error->message);
    add_redacted(arena, object, "hint", error->hint);
    add_redacted(arena, object, "object", error->object);
    add_redacted(arena, object, "sqlstate", error->sqlstate);
    add_redacted(arena, object, "statement", error->statement);
    return object;
}

const char *dbw_job_json_text(struct json_object *object, const char *name)
{
    struct json_object *member;
    if (!json_object_object_get_ex(object, name, &member) ||
        !json_object_is_type(member, json_type_string))
        return NULL;
    return json_object_get_string(member);
}

static void copy(char *out, size_t size, struct json_object *object, const char *name)
{
    const char *text = dbw_job_json_text(object, name);
    snprintf(out, size, "%s", text ? text : "");
}

void dbw_job_error_read(struct json_object *object, dbw_error *out)
{
    const char *code = dbw_job_json_text(object, "code");
    dbw_error_clear(out);
    if (!code)
        return;
    out->code = dbw_status_from_slug(code);
    copy(out->message, sizeof out->message, object, "message");
    copy(out->hint, sizeof out->hint, object, "hint");
    copy(out->object, sizeof out->object, object, "object");
    copy(out->sqlstate, sizeof out->sqlstate, object, "sqlstate");
    copy(out->statement, sizeof out->statement, object, "statement");
}

const char *dbw_job_json_string(dbw_arena *arena, struct json_object *object)
{
    size_t length;
    const char *text =
        json_object_to_json_string_length(object, JSON_C_TO_STRING_NOSLASHESCAPE, &length);
    return dbw_arena_text_string(arena, (dbw_text){text, length});
}
