/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include "base/buffer.h"
#include "base/utf8.h"

#include <json-c/json.h>

static struct json_object *mended(const char *text, size_t length)
{
    dbw_buffer clean;
    dbw_buffer_init(&clean, length * 3);
    while (length) {
        size_t good = dbw_utf8_invalid_at(text, length);
        dbw_buffer_add(&clean, text, good);
        if (good == length)
            break;
        dbw_buffer_add_string(&clean, "\xEF\xBF\xBD");
        text += good + 1;
        length -= good + 1;
    }
    struct json_object *value = json_object_new_string_len(clean.data, (int)clean.length);
    dbw_buffer_free(&clean);
    return value;
}

struct json_object *dbw_json_text(const char *text)
{
    if (!text)
        return NULL;
    size_t length = strlen(text);
    return dbw_utf8_valid(text, length) ? json_object_new_string_len(text, (int)length)
                                        : mended(text, length);
}

void dbw_json_add_text(struct json_object *object, const char *name, const char *text)
{
    json_object_object_add(object, name, dbw_json_text(text));
}

void dbw_json_add_flag(struct json_object *object, const char *name, bool value)
{
    json_object_object_add(object, name, json_object_new_boolean(value));
}
