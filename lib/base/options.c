/* SPDX-License-Identifier: Apache-2.0 */
#include "base/options.h"

static const dbw_option_info options[] = {
#define DBW_OPTION(id, name, type, scope, preset, least, most, secret, help)                       \
    {name, preset, help, DBW_OPTION_TYPE_##type, DBW_OPTION_SCOPE_##scope, least, most, secret},
#include "base/options.def"
#undef DBW_OPTION
};

static const struct {
    const char *name;
    dbw_option option;
} aliases[] = {
    {"DATABASE__POOL_SIZE", DBW_OPTION_POOL_SIZE},
    {"DATABASE__MAX_OVERFLOW", DBW_OPTION_MAX_OVERFLOW},
};

const dbw_option_info *dbw_option_about(dbw_option option)
{
    return &options[option];
}

const char *dbw_option_alias(dbw_option option)
{
    for (size_t i = 0; i < DBW_COUNT(aliases); i++)
        if (aliases[i].option == option)
            return aliases[i].name;
    return NULL;
}

bool dbw_option_find(const char *name, dbw_option *out)
{
    for (size_t i = 0; i < DBW_COUNT(options); i++) {
        const char *alias = dbw_option_alias((dbw_option)i);
        if (strcmp(options[i].name, name) == 0 || (alias && strcmp(alias, name) == 0)) {
            *out = (dbw_option)i;
            return true;
        }
    }
    return false;
}

bool dbw_option_is_variable(const char *name)
{
    static const char *const names[] = {
#define DBW_VARIABLE(variable, preset, help) variable,
#include "base/options.def"
#undef DBW_VARIABLE
    };
    for (size_t i = 0; i < DBW_COUNT(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_level(const char *value)
{
    static const char *const levels[] = {"error", "warning", "info", "debug"};
    for (size_t i = 0; i < DBW_COUNT(levels); i++)
        if (strcmp(levels[i], value) == 0)
            return true;
    return false;
}

dbw_status dbw_option_check(dbw_option option, const char *value, const char *source,
                            dbw_error *error)
{
    const dbw_option_info *info = &options[option];
    int64_t number = 0;
    switch (info->type) {
    case DBW_OPTION_TYPE_INTEGER:
        if (dbw_text_to_int64(dbw_text_of(value), &number) && number >= info->least &&
            number <= info->most)
            return DBW_OK;
        (void)dbw_fail(error, DBW_E_INVALID, "%s (%s) is not a whole number from %lld to %lld",
                       info->name, source, (long long)info->least, (long long)info->most);
        return dbw_error_object(error, "%s", info->name);
    case DBW_OPTION_TYPE_LEVEL:
        if (is_level(value))
            return DBW_OK;
        (void)dbw_fail(error, DBW_E_INVALID, "%s (%s) is not error, warning, info or debug",
                       info->name, source);
        return dbw_error_object(error, "%s", info->name);
    case DBW_OPTION_TYPE_TEXT:
    case DBW_OPTION_TYPE_PATH:
    case DBW_OPTION_TYPE_URL:
        return DBW_OK;
    }
    return DBW_OK;
}

static int least_of(int a, int b)
{
    return a < b ? a : b;
}

int dbw_edit_distance(const char *a, const char *b, int limit)
{
    enum { LONGEST = 64 };
    size_t length_a = strlen(a);
    size_t length_b = strlen(b);
    if (length_a > LONGEST || length_b > LONGEST)
        return limit + 1;
    int rows[3][LONGEST + 1];
    for (size_t j = 0; j <= length_b; j++)
        rows[0][j] = (int)j;
    for (size_t i = 1; i <= length_a; i++) {
        int *now = rows[i % 3];
        const int *before = rows[(i - 1) % 3];
        now[0] = (int)i;
        for (size_t j = 1; j <= length_b; j++) {
            int replaced = before[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = least_of(replaced, least_of(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least_of(now[j], rows[(i - 2) % 3][j - 2] + 1);
        }
    }
    return least_of(rows[length_a % 3][length_b], limit + 1);
}

const char *dbw_option_nearest(const char *name)
{
    enum { NEAR = 3 };
    const char *best = NULL;
    int distance = NEAR + 1;
    for (size_t i = 0; i < DBW_COUNT(options); i++) {
        int d = dbw_edit_distance(name, options[i].name, NEAR);
        if (d < distance) {
            distance = d;
            best = options[i].name;
        }
    }
    return best;
}
