/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/json_check.h"

#include "transfer/number.h"

/* The longest string of jsonb: 28 bits of length (manual, 8.14; src/include/utils/jsonb.h). */
enum { LONGEST_STRING = 0x0FFFFFFF };

struct json {
    const char *at, *end;
    dbw_json verdict; /* what json takes and jsonb does not, as far as seen */
    size_t depth, deepest;
    uint8_t in_object[DBW_JSON_DEPTH / 8 + 1]; /* one bit per level */
};

static void skip_space(struct json *j)
{
    while (j->at < j->end && (*j->at == ' ' || *j->at == '\t' || *j->at == '\n' || *j->at == '\r'))
        j->at++;
}

static void note(struct json *j, dbw_json verdict)
{
    if (j->verdict == DBW_JSON_GOOD)
        j->verdict = verdict;
}

static int hex(char c)
{
    if (dbw_is_digit(c))
        return c - '0';
    c = dbw_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits; -1 when they are not there. */
static int code_unit(struct json *j)
{
    if (j->end - j->at < 4)
        return -1;
    int value = 0;
    for (int i = 0; i < 4; i++) {
        int h = hex(j->at[i]);
        if (h < 0)
            return -1;
        value = value * 16 + h;
    }
    j->at += 4;
    return value;
}

static bool unicode_escape(struct json *j)
{
    int unit = code_unit(j);
    if (unit < 0)
        return false;
    if (unit == 0)
        note(j, DBW_JSON_NUL);
    if (unit >= 0xDC00 && unit <= 0xDFFF)
        note(j, DBW_JSON_SURROGATE);
    if (unit < 0xD800 || unit > 0xDBFF)
        return true;
    const char *before = j->at;
    if (j->end - j->at >= 6 && j->at[0] == '\\' && j->at[1] == 'u') {
        j->at += 2;
        int low = code_unit(j);
        if (low >= 0xDC00 && low <= 0xDFFF)
            return true;
        j->at = before;
    }
    note(j, DBW_JSON_SURROGATE);
    return true;
}

/* Behind the opening quote. */
static bool string(struct json *j)
{
    const char *start = j->at;
    while (j->at < j->end) {
        unsigned char c = (unsigned char)*j->at++;
        if (c == '"') {
            if (j->at - start > LONGEST_STRING)
                note(j, DBW_JSON_NUMBER);
            return true;
        }
        if (c < 0x20)
            return false;
        if (c != '\\')
            continue;
        if (j->at == j->end)
            return false;
        c = (unsigned char)*j->at++;
        if (c == 'u' ? !unicode_escape(j) : !strchr("\"\\/bfnrt", c) || !c)
            return false;
    }
    return false;
}

static size_t digits(struct json *j)
{
    const char *start = j->at;
    while (j->at < j->end && dbw_is_digit(*j->at))
        j->at++;
    return (size_t)(j->at - start);
}

/* RFC 8259, 6: no leading zeros, digits on both sides of the point. */
static bool number(struct json *j)
{
    const char *start = j->at;
    if (*j->at == '-')
        j->at++;
    bool zero = j->at < j->end && *j->at == '0';
    size_t whole = digits(j);
    if (whole == 0 || (zero && whole > 1))
        return false;
    if (j->at < j->end && *j->at == '.') {
        j->at++;
        if (digits(j) == 0)
            return false;
    }
    if (j->at < j->end && (*j->at == 'e' || *j->at == 'E')) {
        j->at++;
        if (j->at < j->end && (*j->at == '+' || *j->at == '-'))
            j->at++;
        if (digits(j) == 0)
            return false;
    }
    dbw_number parsed;
    if (dbw_number_parse((dbw_text){start, (size_t)(j->at - start)}, &parsed))
        note(j, DBW_JSON_NUMBER);
    return true;
}

static bool word(struct json *j, const char *expected)
{
    size_t n = strlen(expected);
    if ((size_t)(j->end - j->at) < n || memcmp(j->at, expected, n) != 0)
        return false;
    j->at += n;
    return true;
}

static bool scalar(struct json *j)
{
    switch (*j->at) {
    case '"':
        j->at++;
        return string(j);
    case 't':
        return word(j, "true");
    case 'f':
        return word(j, "false");
    case 'n':
        return word(j, "null");
    default:
        return number(j);
    }
}

/* The key and the colon of an object's member. */
static bool key(struct json *j)
{
    skip_space(j);
    if (j->at == j->end || *j->at++ != '"' || !string(j))
        return false;
    skip_space(j);
    return j->at < j->end && *j->at++ == ':';
}

static bool inside_object(const struct json *j)
{
    size_t level = j->depth - 1;
    return j->in_object[level / 8] >> (level % 8) & 1;
}

/* Opens a container; `*empty` when it closes at once. */
static bool open_container(struct json *j, bool object, bool *empty)
{
    j->at++;
    size_t level = j->depth++;
    if (j->depth > j->deepest)
        j->deepest = j->depth;
    uint8_t bit = (uint8_t)(1u << (level % 8));
    if (object)
        j->in_object[level / 8] |= bit;
    else
        j->in_object[level / 8] &= (uint8_t)~bit;
    skip_space(j);
    *empty = j->at < j->end && *j->at == (object ? '}' : ']');
    return *empty || !object || key(j);
}

/* Behind a value: closing brackets, or a comma and what leads to the next value. `*more` tells
 * which. */
static bool after_value(struct json *j, bool *more)
{
    *more = false;
    while (j->depth) {
        skip_space(j);
        if (j->at == j->end)
            return false;
        bool object = inside_object(j);
        char c = *j->at++;
        if (c == ',') {
            *more = true;
            return !object || key(j);
        }
        if (c != (object ? '}' : ']'))
            return false;
        j->depth--;
    }
    return true;
}

static dbw_json check(struct json *j)
{
    for (bool more = true; more;) {
        skip_space(j);
        if (j->at == j->end)
            return DBW_JSON_BAD;
        if (*j->at == '{' || *j->at == '[') {
            bool empty;
            if (j->depth == DBW_JSON_DEPTH)
                return DBW_JSON_DEEP;
            if (!open_container(j, *j->at == '{', &empty))
                return DBW_JSON_BAD;
            if (!empty)
                continue;
        } else if (!scalar(j)) {
            return DBW_JSON_BAD;
        }
        if (!after_value(j, &more))
            return DBW_JSON_BAD;
    }
    skip_space(j);
    return j->at == j->end ? j->verdict : DBW_JSON_BAD;
}

dbw_json dbw_json_measure(dbw_text text, int *depth)
{
    struct json j;
    j.at = text.data;
    j.end = text.data + text.length;
    j.verdict = DBW_JSON_GOOD;
    j.depth = j.deepest = 0;
    dbw_json verdict = check(&j);
    *depth = (int)j.deepest;
    return verdict;
}

dbw_json dbw_json_check(dbw_text text)
{
    int depth;
    return dbw_json_measure(text, &depth);
}

const char *dbw_json_reason(dbw_json verdict)
{
    switch (verdict) {
    case DBW_JSON_GOOD:
        return NULL;
    case DBW_JSON_NUL:
        return "holds \\u0000";
    case DBW_JSON_SURROGATE:
        return "holds half of a surrogate pair";
    case DBW_JSON_NUMBER:
        return "holds a number or string beyond what jsonb keeps";
    case DBW_JSON_DEEP:
        return "nested too deeply";
    case DBW_JSON_BAD:
        break;
    }
    return "not JSON";
}
