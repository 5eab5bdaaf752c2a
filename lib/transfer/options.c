/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/options.h"

#include "transfer/transforms.h"

#include <json-c/json.h>

enum kind { CHOICE, TEXT, FLAG, INTEGER, LIST, MAP };

struct option {
    dbw_transfer_option_info info;
    enum kind kind;
    size_t offset;
};

static const struct option options_table[] = {
#define DBW_TRANSFER_OPTION(field, flag, type, default_value, values, help)                        \
    {{#field, #type, default_value, values, help}, type, offsetof(dbw_transfer_options, field)},
#include "transfer/transfer_options.def"
#undef DBW_TRANSFER_OPTION
};

/* A list or map may not grow without end: one entry per table and column is plenty. */
enum { MOST_ENTRIES = 10000 };

const dbw_transfer_option_info *dbw_transfer_option_at(size_t n)
{
    return n < DBW_COUNT(options_table) ? &options_table[n].info : NULL;
}

static void *field_of(const struct option *option, dbw_transfer_options *options)
{
    return (char *)options + option->offset;
}

static const void *const_field_of(const struct option *option, const dbw_transfer_options *options)
{
    return (const char *)options + option->offset;
}

/* Decimal digits up to `stop`; the table of options is ours, so it cannot overflow. */
static int64_t number_at(const char *text, const char **stop)
{
    int64_t value = 0;
    for (; dbw_is_digit(*text); text++)
        value = value * 10 + (*text - '0');
    if (stop)
        *stop = text;
    return value;
}

void dbw_transfer_options_default(dbw_transfer_options *options)
{
    memset(options, 0, sizeof *options);
    for (size_t i = 0; i < DBW_COUNT(options_table); i++) {
        const struct option *option = &options_table[i];
        void *field = field_of(option, options);
        const char *value = option->info.default_value;
        if (option->kind == CHOICE || option->kind == TEXT)
            *(const char **)field = value;
        else if (option->kind == FLAG)
            *(bool *)field = strcmp(value, "true") == 0;
        else if (option->kind == INTEGER)
            *(int64_t *)field = number_at(value, NULL);
    }
}

/* --- finding ---------------------------------------------------------------------------------- */

/* "schema-mode" names schema_mode. */
static bool names_option(const char *name, const char *field)
{
    for (; *name && *field; name++, field++)
        if (*name != *field && !(*name == '-' && *field == '_'))
            return false;
    return *name == *field;
}

static const struct option *find(const char *name)
{
    for (size_t i = 0; i < DBW_COUNT(options_table); i++)
        if (names_option(name, options_table[i].info.name))
            return &options_table[i];
    return NULL;
}

/* Levenshtein's distance, at most about 32 characters each; longer names are far apart anyway. */
static size_t distance(const char *a, const char *b)
{
    enum { MOST = 32 };
    size_t rows[MOST + 1], n = strlen(a), m = strlen(b);
    if (n > MOST || m > MOST)
        return SIZE_MAX;
    for (size_t j = 0; j <= m; j++)
        rows[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = rows[0];
        rows[0] = i;
        for (size_t j = 1; j <= m; j++) {
            bool same = a[i - 1] == b[j - 1] || (a[i - 1] == '-' && b[j - 1] == '_');
            size_t change = diagonal + !same;
            diagonal = rows[j];
            size_t shorter = rows[j - 1] < rows[j] ? rows[j - 1] : rows[j];
            rows[j] = shorter + 1 < change ? shorter + 1 : change;
        }
    }
    return rows[m];
}

static dbw_status fail_unknown(const char *name, dbw_status code, dbw_error *error)
{
    const char *nearest = NULL;
    size_t least = strlen(name) / 3 + 1;
    for (size_t i = 0; i < DBW_COUNT(options_table); i++) {
        size_t d = distance(name, options_table[i].info.name);
        if (d < least) {
            least = d;
            nearest = options_table[i].info.name;
        }
    }
    dbw_fail(error, code, "unable to use option '%s': there is none of that name", name);
    if (nearest)
        dbw_hint(error, "Did you mean '%s'?", nearest);
    return dbw_error_object(error, "%s", name);
}

/* --- setting ---------------------------------------------------------------------------------- */

static dbw_status fail_value(const struct option *option, const char *value, const char *expected,
                             dbw_error *error)
{
    dbw_fail(error, DBW_E_INVALID, "unable to use option '%s': '%.100s' is not %s",
             option->info.name, value, expected);
    return dbw_error_object(error, "%s", option->info.name);
}

static dbw_status set_choice(const struct option *option, const char **field, const char *value,
                             dbw_error *error)
{
    const char *values = option->info.values;
    size_t length = strlen(value);
    for (const char *at = values; *at;) {
        size_t word = strcspn(at, "|");
        if (word == length && memcmp(at, value, word) == 0) {
            *field = value;
            return DBW_OK;
        }
        at += word + (at[word] == '|');
    }
    char expected[128] = "one of ";
    size_t used = strlen(expected);
    for (const char *at = values; *at && used + 3 < sizeof expected; at++) {
        expected[used++] = *at == '|' ? ',' : *at;
        if (*at == '|')
            expected[used++] = ' ';
    }
    return fail_value(option, value, expected, error);
}

static dbw_status set_integer(const struct option *option, int64_t *field, bool is_number,
                              int64_t value, const char *shown, dbw_error *error)
{
    const char *dots = NULL;
    int64_t least = number_at(option->info.values, &dots);
    int64_t most = number_at(dots + 2, NULL);
    if (!is_number || value < least || value > most) {
        char expected[96];
        snprintf(expected, sizeof expected, "a whole number from %lld to %lld", (long long)least,
                 (long long)most);
        return fail_value(option, shown, expected, error);
    }
    *field = value;
    return DBW_OK;
}

static dbw_status fail_many(const struct option *option, dbw_error *error)
{
    dbw_fail(error, DBW_E_LIMIT, "unable to use option '%s': more than %d entries",
             option->info.name, MOST_ENTRIES);
    return dbw_error_object(error, "%s", option->info.name);
}

static dbw_status add_item(dbw_arena *arena, const struct option *option, dbw_option_list *list,
                           const char *value, dbw_error *error)
{
    if (!*value)
        return fail_value(option, value, "a name or pattern", error);
    if (list->count == MOST_ENTRIES)
        return fail_many(option, error);
    *DBW_APPEND(arena, list->items, list->count) = dbw_arena_string(arena, value);
    return DBW_OK;
}

/* A name given twice takes the later value. */
static dbw_status add_pair(dbw_arena *arena, const struct option *option, dbw_option_map *map,
                           const char *name, const char *value, dbw_error *error)
{
    if (!*name || !*value)
        return fail_value(option, *name ? name : value, "a name and a value", error);
    if (option->offset == offsetof(dbw_transfer_options, transforms)) {
        if (dbw_transform_check(name, value, error) != DBW_OK)
            return dbw_error_object(error, "%s", option->info.name);
    }
    dbw_option_pair *pair = NULL;
    for (size_t i = 0; i < map->count && !pair; i++)
        if (strcmp(map->items[i].name, name) == 0)
            pair = &map->items[i];
    if (!pair && map->count == MOST_ENTRIES)
        return fail_many(option, error);
    if (!pair)
        pair = DBW_APPEND(arena, map->items, map->count);
    pair->name = dbw_arena_string(arena, name);
    pair->value = dbw_arena_string(arena, value);
    return DBW_OK;
}

static dbw_status set_flag(const struct option *option, bool *field, const char *value,
                           dbw_error *error)
{
    if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
        return fail_value(option, value, "true or false", error);
    *field = *value == 't';
    return DBW_OK;
}

dbw_status dbw_transfer_options_set(dbw_arena *arena, dbw_transfer_options *options,
                                    const char *name, const char *value, dbw_error *error)
{
    const struct option *option = find(name);
    if (!option)
        return fail_unknown(name, DBW_E_NOT_FOUND, error);
    void *field = field_of(option, options);
    switch (option->kind) {
    case CHOICE:
        return set_choice(option, field, dbw_arena_string(arena, value), error);
    case TEXT:
        *(const char **)field = dbw_arena_string(arena, value);
        return DBW_OK;
    case FLAG:
        return set_flag(option, field, value, error);
    case INTEGER: {
        int64_t number = 0;
        bool is_number = dbw_text_to_int64(dbw_text_of(value), &number);
        return set_integer(option, field, is_number, number, value, error);
    }
    case LIST:
        return add_item(arena, option, field, value, error);
    case MAP: {
        const char *equals = strchr(value, '=');
        if (!equals)
            return fail_value(option, value, "of the form name=value", error);
        dbw_text left = {value, (size_t)(equals - value)};
        return add_pair(arena, option, field, dbw_arena_text_string(arena, left), equals + 1,
                        error);
    }
    }
    return DBW_OK;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static const char *const json_types[] = {
    [CHOICE] = "a string",          [TEXT] = "a string",
    [FLAG] = "true or false",       [INTEGER] = "a whole number",
    [LIST] = "an array of strings", [MAP] = "an object of strings",
};

static dbw_status fail_type(const struct option *option, dbw_error *error)
{
    dbw_fail(error, DBW_E_INVALID, "unable to use option '%s': it takes %s", option->info.name,
             json_types[option->kind]);
    return dbw_error_object(error, "%s", option->info.name);
}

/* The string of a JSON value; NULL when it is none or holds a NUL character. */
static const char *json_text(struct json_object *value)
{
    if (!json_object_is_type(value, json_type_string))
        return NULL;
    const char *text = json_object_get_string(value);
    return strlen(text) == (size_t)json_object_get_string_len(value) ? text : NULL;
}

static dbw_status read_list(dbw_arena *arena, const struct option *option, dbw_option_list *list,
                            struct json_object *value, dbw_error *error)
{
    if (!json_object_is_type(value, json_type_array))
        return fail_type(option, error);
    size_t count = json_object_array_length(value);
    for (size_t i = 0; i < count; i++) {
        const char *text = json_text(json_object_array_get_idx(value, i));
        if (!text)
            return fail_type(option, error);
        DBW_TRY(add_item(arena, option, list, text, error));
    }
    return DBW_OK;
}

static dbw_status read_map(dbw_arena *arena, const struct option *option, dbw_option_map *map,
                           struct json_object *value, dbw_error *error)
{
    if (!json_object_is_type(value, json_type_object))
        return fail_type(option, error);
    json_object_object_foreach(value, name, item)
    {
        const char *text = json_text(item);
        if (!text)
            return fail_type(option, error);
        DBW_TRY(add_pair(arena, option, map, name, text, error));
    }
    return DBW_OK;
}

static dbw_status read_member(dbw_arena *arena, const struct option *option,
                              dbw_transfer_options *out, struct json_object *value,
                              dbw_error *error)
{
    void *field = field_of(option, out);
    const char *text = json_text(value);
    switch (option->kind) {
    case CHOICE:
    case TEXT:
        return text ? dbw_transfer_options_set(arena, out, option->info.name, text, error)
                    : fail_type(option, error);
    case FLAG:
        if (!json_object_is_type(value, json_type_boolean))
            return fail_type(option, error);
        *(bool *)field = json_object_get_boolean(value);
        return DBW_OK;
    case INTEGER:
        if (!json_object_is_type(value, json_type_int))
            return fail_type(option, error);
        return set_integer(option, field, true, json_object_get_int64(value),
                           json_object_get_string(value), error);
    case LIST:
        return read_list(arena, option, field, value, error);
    case MAP:
        return read_map(arena, option, field, value, error);
    }
    return DBW_OK;
}

dbw_status dbw_transfer_options_from_json(dbw_arena *arena, struct json_object *object,
                                          const char *const *others, dbw_transfer_options *out,
                                          dbw_error *error)
{
    dbw_transfer_options_default(out);
    if (!json_object_is_type(object, json_type_object))
        return dbw_fail(error, DBW_E_INVALID, "unable to read options: not a JSON object");
    json_object_object_foreach(object, name, value)
    {
        /* Only the API's own spelling: one word for one thing. */
        const struct option *option = strchr(name, '-') ? NULL : find(name);
        bool known = false;
        for (size_t i = 0; !option && others && others[i] && !known; i++)
            known = strcmp(others[i], name) == 0;
        if (known)
            continue;
        if (!option)
            return fail_unknown(name, DBW_E_INVALID, error);
        DBW_TRY(read_member(arena, option, out, value, error));
    }
    return DBW_OK;
}

static struct json_object *list_json(const dbw_option_list *list)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < list->count; i++)
        json_object_array_add(array, json_object_new_string(list->items[i]));
    return array;
}

static struct json_object *map_json(const dbw_option_map *map)
{
    struct json_object *object = json_object_new_object();
    for (size_t i = 0; i < map->count; i++)
        json_object_object_add(object, map->items[i].name,
                               json_object_new_string(map->items[i].value));
    return object;
}

struct json_object *dbw_transfer_options_to_json(const dbw_transfer_options *options)
{
    struct json_object *object = json_object_new_object();
    for (size_t i = 0; i < DBW_COUNT(options_table); i++) {
        const struct option *option = &options_table[i];
        const void *field = const_field_of(option, options);
        struct json_object *value = NULL;
        if (option->kind == CHOICE || option->kind == TEXT)
            value = json_object_new_string(*(const char *const *)field);
        else if (option->kind == FLAG)
            value = json_object_new_boolean(*(const bool *)field);
        else if (option->kind == INTEGER)
            value = json_object_new_int64(*(const int64_t *)field);
        else
            value = option->kind == LIST ? list_json(field) : map_json(field);
        json_object_object_add(object, option->info.name, value);
    }
    return object;
}
