/* SPDX-License-Identifier: Apache-2.0 */
#include "arguments.h"
#include "base/options.h"

static size_t table_length(const dbw_flag *table)
{
    size_t n = 0;
    while (table && table[n].name)
        n++;
    return n;
}

static const dbw_flag *find_name(const dbw_flag *table, dbw_text name)
{
    for (; table && table->name; table++)
        if (dbw_text_is(name, table->name))
            return table;
    return NULL;
}

static const dbw_flag *find_letter(const dbw_flag *table, char letter)
{
    for (; table && table->name; table++)
        if (table->letter && table->letter == letter)
            return table;
    return NULL;
}

static dbw_status unknown(const dbw_flag *own, const dbw_flag *common, dbw_text name,
                          dbw_error *error)
{
    enum { NEAR = 3 };
    const dbw_flag *tables[] = {own, common};
    const char *best = NULL;
    char word[65] = "";
    (void)snprintf(word, sizeof word, "%.*s", (int)(name.length < 64 ? name.length : 64),
                   name.data);
    /* Half of a word's letters may be wrong, and no more than three. */
    int distance = (name.length / 2 < NEAR ? (int)name.length / 2 : NEAR) + 1;
    for (size_t t = 0; t < DBW_COUNT(tables); t++) {
        for (size_t i = 0; i < table_length(tables[t]); i++) {
            int d = dbw_edit_distance(word, tables[t][i].name, NEAR);
            bool prefix = strlen(word) >= 2 && strncmp(word, tables[t][i].name, strlen(word)) == 0;
            if (prefix || d < distance) {
                distance = prefix ? 0 : d;
                best = tables[t][i].name;
            }
        }
    }
    (void)dbw_fail(error, DBW_E_USAGE, "unknown option --%s", word);
    return best ? dbw_hint(error, "Did you mean --%s?", best)
                : dbw_hint(error, "See --help for the options.");
}

static dbw_status add(dbw_arena *arena, dbw_arguments *out, const dbw_flag *flag, const char *value,
                      dbw_error *error)
{
    if (flag->value && !flag->repeats && dbw_arguments_value(out, flag->name, 0))
        return dbw_fail(error, DBW_E_USAGE, "option --%s is given twice", flag->name);
    *DBW_APPEND(arena, out->flags, out->flag_count) =
        (dbw_flag_given){flag->name, value ? value : ""};
    return DBW_OK;
}

static dbw_status take_long(dbw_arena *arena, const dbw_flag *own, const dbw_flag *common,
                            char *const *words, size_t count, size_t *at, dbw_arguments *out,
                            dbw_error *error)
{
    const char *word = words[*at] + 2;
    const char *equals = strchr(word, '=');
    dbw_text name = {word, equals ? (size_t)(equals - word) : strlen(word)};
    const dbw_flag *flag = find_name(own, name);
    if (!flag)
        flag = find_name(common, name);
    if (!flag)
        return unknown(own, common, name, error);
    if (!flag->value && equals)
        return dbw_fail(error, DBW_E_USAGE, "option --%s takes no value", flag->name);
    if (!flag->value || equals)
        return add(arena, out, flag, equals ? equals + 1 : NULL, error);
    if (*at + 1 >= count || (words[*at + 1][0] == '-' && words[*at + 1][1] != '\0'))
        return dbw_fail(error, DBW_E_USAGE, "option --%s needs a value (%s)", flag->name,
                        flag->value);
    return add(arena, out, flag, words[++*at], error);
}

static dbw_status take_letters(dbw_arena *arena, const dbw_flag *own, const dbw_flag *common,
                               char *const *words, size_t count, size_t *at, dbw_arguments *out,
                               dbw_error *error)
{
    for (const char *letter = words[*at] + 1; *letter; letter++) {
        const dbw_flag *flag = find_letter(own, *letter);
        if (!flag)
            flag = find_letter(common, *letter);
        if (!flag) {
            (void)dbw_fail(error, DBW_E_USAGE, "unknown option -%c",
                           *letter > ' ' && *letter < 127 ? *letter : '?');
            return dbw_hint(error, "See --help for the options.");
        }
        if (!flag->value) {
            DBW_TRY(add(arena, out, flag, NULL, error));
            continue;
        }
        if (letter[1])
            return add(arena, out, flag, letter + 1, error);
        if (*at + 1 >= count)
            return dbw_fail(error, DBW_E_USAGE, "option -%c needs a value (%s)", *letter,
                            flag->value);
        return add(arena, out, flag, words[++*at], error);
    }
    return DBW_OK;
}

dbw_status dbw_arguments_parse(dbw_arena *arena, const dbw_flag *own, const dbw_flag *common,
                               char *const *words, size_t count, bool stop_at_word,
                               dbw_arguments *out, size_t *taken, dbw_error *error)
{
    bool flags_end = false;
    size_t at = 0;
    for (; at < count; at++) {
        const char *word = words[at];
        if (!flags_end && strcmp(word, "--") == 0) {
            flags_end = true;
        } else if (!flags_end && strncmp(word, "--", 2) == 0) {
            DBW_TRY(take_long(arena, own, common, words, count, &at, out, error));
        } else if (!flags_end && word[0] == '-' && word[1] != '\0') {
            DBW_TRY(take_letters(arena, own, common, words, count, &at, out, error));
        } else if (stop_at_word) {
            break;
        } else {
            *DBW_APPEND(arena, out->positional, out->positional_count) = word;
        }
    }
    if (taken)
        *taken = at;
    return DBW_OK;
}

const char *dbw_arguments_value(const dbw_arguments *arguments, const char *name, size_t n)
{
    for (size_t i = 0; i < arguments->flag_count; i++)
        if (strcmp(arguments->flags[i].name, name) == 0 && n-- == 0)
            return arguments->flags[i].value;
    return NULL;
}
