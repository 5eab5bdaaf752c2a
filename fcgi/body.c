/* SPDX-License-Identifier: Apache-2.0 */
#include "body.h"

#include "base/utf8.h"
#include "transfer/json_check.h"

#include <json-c/json.h>

enum { DEPTH_MOST = 32, PIECE = 16384 };

static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t n = sizeof json - 1;
    if (!type || strlen(type) < n)
        return false;
    dbw_text start = {type, n};
    return dbw_text_equal_nocase(start, DBW_TEXT("application/json")) &&
           (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

static dbw_status read_all(dbw_exchange *exchange, size_t limit, dbw_buffer *out, dbw_error *error)
{
    char piece[PIECE];
    int64_t announced = 0;
    const char *length = dbw_exchange_parameter(exchange, "CONTENT_LENGTH");
    if (length && *length && !dbw_text_to_int64(dbw_text_of(length), &announced))
        return dbw_fail(error, DBW_E_USAGE, "the Content-Length header is not a number");
    if (announced < 0 || (uint64_t)announced > limit) {
        dbw_fail(error, DBW_E_LIMIT, "the request body exceeds %zu bytes", limit);
        return error->code;
    }
    for (;;) {
        int n = exchange->read_body(exchange->source, piece, sizeof piece);
        if (n < 0)
            return dbw_fail(error, DBW_E_USAGE, "the request body broke off");
        if (n == 0)
            break;
        dbw_buffer_add(out, piece, (size_t)n);
        DBW_TRY(dbw_buffer_check(out, "the request body", error));
    }
    if (out->length < (size_t)announced)
        return dbw_fail(error, DBW_E_USAGE, "the request body broke off after %zu of %lld bytes",
                        out->length, (long long)announced);
    return DBW_OK;
}

/* json-c keeps the last of two members with one name; a request that says two things is refused.
 * Found by counting: every member's colon outside of strings against the members that are left.
 * A name with a NUL in it would be taken for another one. */
static size_t members_of(struct json_object *value)
{
    size_t count = 0;
    if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, name, member)
        {
            (void)name;
            count += 1 + members_of(member);
        }
    } else if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            count += members_of(json_object_array_get_idx(value, i));
    }
    return count;
}

struct names {
    size_t count;
    bool with_nul;
};

static struct names names_in(dbw_text text)
{
    static const char nul[] = "\\u0000";
    struct names names = {0};
    bool inside = false, holds_nul = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (inside && c == '\\') {
            if (text.length - i >= sizeof nul - 1)
                holds_nul |= memcmp(text.data + i, nul, sizeof nul - 1) == 0;
            i++;
        } else if (c == '"') {
            inside = !inside;
            holds_nul = holds_nul && !inside;
        } else if (!inside && c == ':') {
            names.count++;
            names.with_nul |= holds_nul;
        }
    }
    return names;
}

static bool holds_nul(struct json_object *value)
{
    if (json_object_is_type(value, json_type_string))
        return strlen(json_object_get_string(value)) != (size_t)json_object_get_string_len(value);
    if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            if (holds_nul(json_object_array_get_idx(value, i)))
                return true;
    } else if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, name, member)
        {
            (void)name;
            if (holds_nul(member))
                return true;
        }
    }
    return false;
}

/* No name, host or password has a NUL; behind one, C text would end. */
static dbw_status refuse_nul(dbw_exchange *exchange, dbw_error *error)
{
    json_object_object_foreach(exchange->body, name, value)
    {
        if (holds_nul(value))
            return dbw_exchange_field(exchange, name, error, "'%.60s' holds a NUL character", name);
    }
    return DBW_OK;
}

static dbw_status bad_json(dbw_error *error, const char *reason, size_t at)
{
    if (at)
        dbw_fail(error, DBW_E_USAGE, "the request body is not JSON: %s at byte %zu", reason, at);
    else
        dbw_fail(error, DBW_E_USAGE, "the request body is not JSON: %s", reason);
    return dbw_hint(error, "Send one JSON object, in UTF-8.");
}

static dbw_status parse(dbw_exchange *exchange, dbw_text text, dbw_error *error)
{
    size_t bad = dbw_utf8_invalid_at(text.data, text.length);
    if (bad < text.length)
        return bad_json(error, "invalid UTF-8", bad);
    struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MOST);
    if (!tokener)
        return dbw_fail_memory(error);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    struct json_object *object = json_tokener_parse_ex(tokener, text.data, (int)text.length);
    enum json_tokener_error code = json_tokener_get_error(tokener);
    size_t end = json_tokener_get_parse_end(tokener);
    json_tokener_free(tokener);
    while (end < text.length && dbw_is_space(text.data[end]))
        end++;
    dbw_status status = DBW_OK;
    /* json-c, even when strict, lets much pass: NaN, 01, raw line breaks in strings. */
    dbw_json strict = code == json_tokener_success ? dbw_json_check(text) : DBW_JSON_GOOD;
    if (code == json_tokener_continue)
        status = bad_json(error, "it ends early", text.length);
    else if (code != json_tokener_success)
        status = bad_json(error, json_tokener_error_desc(code), end);
    else if (end < text.length)
        status = bad_json(error, "something follows the value", end);
    else if (!json_object_is_type(object, json_type_object))
        status = bad_json(error, "an object is wanted", 0);
    else if (strict == DBW_JSON_BAD)
        status = bad_json(error, "it is not what RFC 8259 allows", 0);
    else if (strict == DBW_JSON_SURROGATE)
        status = bad_json(error, "half of a surrogate pair", 0);
    else if (names_in(text).with_nul)
        status = bad_json(error, "a member's name holds a NUL character", 0);
    else if (names_in(text).count != members_of(object))
        status = bad_json(error, "a member stands twice", 0);
    if (status != DBW_OK)
        json_object_put(object);
    else
        exchange->body = object;
    return status;
}

dbw_status dbw_body_read(dbw_exchange *exchange, size_t limit, int *status, dbw_error *error)
{
    *status = 400;
    if (!is_json(dbw_exchange_parameter(exchange, "CONTENT_TYPE"))) {
        *status = 415;
        dbw_fail(error, DBW_E_USAGE, "the request body must be application/json");
        return dbw_hint(error, "Send the header Content-Type: application/json.");
    }
    dbw_buffer text;
    dbw_buffer_init(&text, limit);
    dbw_status result = read_all(exchange, limit, &text, error);
    if (result == DBW_OK)
        result = parse(exchange, dbw_buffer_text(&text), error);
    if (result == DBW_OK)
        result = refuse_nul(exchange, error);
    if (result == DBW_E_INVALID)
        *status = 422;
    if (result == DBW_E_LIMIT)
        *status = 413;
    dbw_buffer_free(&text);
    return result;
}

dbw_status dbw_body_string(dbw_exchange *exchange, const char *name, const char **out,
                           dbw_error *error)
{
    struct json_object *value = NULL;
    *out = NULL;
    if (!exchange->body || !json_object_object_get_ex(exchange->body, name, &value) || !value)
        return DBW_OK;
    if (!json_object_is_type(value, json_type_string))
        return dbw_exchange_field(exchange, name, error, "'%s' must be a string", name);
    *out = json_object_get_string(value);
    return DBW_OK;
}

dbw_status dbw_body_required(dbw_exchange *exchange, const char *name, const char **out,
                             dbw_error *error)
{
    DBW_TRY(dbw_body_string(exchange, name, out, error));
    if (!*out || !**out)
        return dbw_exchange_field(exchange, name, error, "'%s' is missing", name);
    return DBW_OK;
}

dbw_status dbw_body_integer(dbw_exchange *exchange, const char *name, int64_t absent, int64_t *out,
                            dbw_error *error)
{
    struct json_object *value = NULL;
    *out = absent;
    if (!exchange->body || !json_object_object_get_ex(exchange->body, name, &value) || !value)
        return DBW_OK;
    if (json_object_is_type(value, json_type_int)) {
        *out = json_object_get_int64(value);
        return DBW_OK;
    }
    if (json_object_is_type(value, json_type_string)) {
        const char *text = json_object_get_string(value);
        if (!*text || dbw_text_to_int64(dbw_text_of(text), out))
            return DBW_OK;
    }
    return dbw_exchange_field(exchange, name, error, "'%s' must be a whole number", name);
}

dbw_status dbw_body_only(dbw_exchange *exchange, const char *const *known, dbw_error *error)
{
    json_object_object_foreach(exchange->body, name, value)
    {
        (void)value;
        bool found = false;
        for (const char *const *k = known; *k && !found; k++)
            found = strcmp(*k, name) == 0;
        if (!found)
            return dbw_exchange_field(exchange, name, error, "'%.60s' is not a field of this call",
                                      name);
    }
    return DBW_OK;
}
