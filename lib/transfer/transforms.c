/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/transforms.h"

struct transform {
    const char *name;
    const char *values; /* separated by '|'; NULL: a time zone */
};

static const struct transform transforms[] = {
    {"nul", "strip|reject"},
    {"invalid-utf8", "replace|reject"},
    {"zero-date", "null|reject"},
    {"epoch", "s|ms|us|off"},
    {"source_time_zone", NULL},
    {"orphans", "keep|null|reject"},
    {"generated", "expression|values"},
    {"default", "keep|drop"},
    {"mojibake", "repair|keep"},
};

static const char names[] = "nul, invalid-utf8, zero-date, epoch, source_time_zone, orphans, "
                            "generated, default, mojibake";

/* True when `value` is one of the words of `values`. */
static bool is_among(const char *value, const char *values)
{
    size_t length = strlen(value);
    for (const char *at = values; *at;) {
        size_t word = strcspn(at, "|");
        if (word == length && memcmp(at, value, length) == 0)
            return true;
        at += word + (at[word] == '|');
    }
    return false;
}

/* Two digits at most, as a number below `limit`; advances `*at`. */
static bool small_number(const char **at, int digits, int limit, int *out)
{
    int value = 0, n = 0;
    for (; n < digits && dbw_is_digit(**at); n++)
        value = value * 10 + (*(*at)++ - '0');
    *out = value;
    return n > 0 && value < limit;
}

bool dbw_transform_zone(const char *value, int32_t *minutes)
{
    dbw_text text = dbw_text_of(value);
    if (dbw_text_equal_nocase(text, DBW_TEXT("utc")) ||
        dbw_text_equal_nocase(text, DBW_TEXT("z"))) {
        *minutes = 0;
        return true;
    }
    if (*value != '+' && *value != '-')
        return false;
    const char *at = value + 1;
    int hours = 0, rest = 0;
    if (!small_number(&at, 2, 16, &hours))
        return false;
    if (*at == ':')
        at++;
    if (*at && (!small_number(&at, 2, 60, &rest) || at[-2] == ':' || *at))
        return false;
    *minutes = (*value == '-' ? -1 : 1) * (hours * 60 + rest);
    return at[-1] != ':';
}

const dbw_zone *dbw_transform_zone_named(dbw_arena *arena, const char *value)
{
    const dbw_zone *zone;
    dbw_error ignored;
    return dbw_zone_load(arena, value, &zone, &ignored) == DBW_OK ? zone : NULL;
}

static dbw_status check_zone(const char *name, const char *value, dbw_error *error)
{
    const dbw_zone *zone;
    int32_t minutes;
    if (dbw_transform_zone(value, &minutes))
        return DBW_OK;
    dbw_arena *arena = dbw_arena_new();
    dbw_status status = dbw_zone_load(arena, value, &zone, error);
    dbw_arena_free(arena);
    if (status == DBW_OK)
        return DBW_OK;
    error->code = DBW_E_INVALID;
    return dbw_error_prefix(error, "unable to use transform '%s'", name);
}

/* The part behind "TABLE.COLUMN:". */
static const char *bare_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

dbw_status dbw_transform_check(const char *name, const char *value, dbw_error *error)
{
    const char *bare = bare_name(name);
    if (bare != name && (bare == name + 1 || !memchr(name, '.', (size_t)(bare - name))))
        return dbw_fail(error, DBW_E_INVALID,
                        "unable to use transform '%s': a column is named as TABLE.COLUMN:%s", name,
                        bare);
    for (size_t i = 0; i < DBW_COUNT(transforms); i++) {
        const struct transform *t = &transforms[i];
        if (strcmp(t->name, bare) != 0)
            continue;
        if (!t->values)
            return check_zone(name, value, error);
        if (is_among(value, t->values))
            return DBW_OK;
        return dbw_fail(error, DBW_E_INVALID, "unable to use transform '%s': '%s' is not one of %s",
                        name, value, t->values);
    }
    dbw_fail(error, DBW_E_INVALID, "unable to use transform '%s': there is none of that name",
             name);
    return dbw_hint(error, "The transforms are %s.", names);
}

/* True when `scope` ("TABLE.COLUMN", `length` bytes) names this column. */
static bool scope_matches(const char *scope, size_t length, const char *table, const char *column)
{
    size_t a = strlen(table), b = strlen(column);
    return length == a + 1 + b && scope[a] == '.' &&
           dbw_text_equal_nocase((dbw_text){scope, a}, (dbw_text){table, a}) &&
           dbw_text_equal_nocase((dbw_text){scope + a + 1, b}, (dbw_text){column, b});
}

const char *dbw_transform_find(const dbw_transfer_options *options, const char *table,
                               const char *column, const char *what)
{
    const char *general = NULL;
    for (size_t i = 0; i < options->transforms.count; i++) {
        const dbw_option_pair *pair = &options->transforms.items[i];
        const char *bare = bare_name(pair->name);
        if (strcmp(bare, what) != 0)
            continue;
        if (bare == pair->name)
            general = pair->value;
        else if (scope_matches(pair->name, (size_t)(bare - pair->name) - 1, table, column))
            return pair->value;
    }
    return general;
}
