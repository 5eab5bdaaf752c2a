/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An array literal becomes JSON, and the verification, which puts that JSON together by itself,
 * finds both equal; what comes back from JSON is the same JSON again. The first byte is the type of
 * the elements.
 */
#include "transfer/arrayjson.h"
#include "transfer/json_check.h"
#include "transfer/jsonarray.h"
#include "verify/canonical.h"

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* By meaning: white space around the elements of json[] does not come back. */
static void check_way_back(dbw_text json, dbw_intent element)
{
    dbw_buffer literal, again;
    dbw_buffer_init(&literal, 1 << 24);
    dbw_buffer_init(&again, 1 << 24);
    if (!dbw_json_array(json, element, &literal)) {
        check(!dbw_array_json(dbw_buffer_text(&literal), element, &again));
        dbw_canonical meaning = {.intent = DBW_INTENT_JSON};
        dbw_value before = {.kind = DBW_KIND_JSON, .text = json};
        dbw_value after = {.kind = DBW_KIND_JSON, .text = dbw_buffer_text(&again)};
        check(dbw_canonical_equal(&meaning, &before, &meaning, &after));
    }
    dbw_buffer_free(&literal);
    dbw_buffer_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || memchr(data + 1, 0, size - 1))
        return 0;
    dbw_text literal = {(const char *)data + 1, size - 1};
    dbw_intent element = (dbw_intent)(data[0] % DBW_INTENT_COUNT);
    dbw_buffer json;
    dbw_buffer_init(&json, 1 << 24);
    if (!dbw_array_json(literal, element, &json) && dbw_utf8_valid(literal.data, literal.length)) {
        dbw_text text = dbw_buffer_text(&json);
        check(text.length >= 2 && text.data[0] == '[' && text.data[text.length - 1] == ']');
        if (dbw_json_check(text) == DBW_JSON_GOOD) {
            dbw_canonical from = {.intent = DBW_INTENT_JSON, .element = element};
            dbw_canonical to = {.intent = DBW_INTENT_JSON};
            dbw_value array = {.kind = DBW_KIND_ARRAY, .text = literal};
            dbw_value value = {.kind = DBW_KIND_JSON, .text = text};
            check(dbw_canonical_equal(&from, &array, &to, &value));
            check_way_back(text, element);
        }
    }
    dbw_buffer_free(&json);
    return 0;
}
