/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_CLI_ARGUMENTS_H
#define DBW_CLI_ARGUMENTS_H
/*
 * `--name value`, `--name=value`, `--flag`, `-v`, `-vv`, `--`; values may begin with '-' only in
 * the form with '='. A lone "-" is an argument.
 */
#include "base/arena.h"
#include "base/error.h"

typedef struct dbw_flag {
    const char *name;  /* without the dashes; NULL ends a table */
    const char *value; /* what the help calls the value; NULL: it takes none */
    const char *help;
    char letter; /* a short form, or 0 */
    bool repeats;
} dbw_flag;

typedef struct dbw_flag_given {
    const char *name;
    const char *value; /* "" for a flag without one */
} dbw_flag_given;

typedef struct dbw_arguments {
    dbw_flag_given *flags;
    size_t flag_count;
    const char **positional;
    size_t positional_count;
} dbw_arguments;

/**
 * Takes the flags of either table and the positional arguments out of `words`. With
 * `stop_at_word` it ends at the first positional one, whose index it returns in `*taken`.
 * USAGE: unknown flag (the hint names the nearest), missing or unexpected value, a flag given
 * twice that does not repeat.
 */
dbw_status dbw_arguments_parse(dbw_arena *arena, const dbw_flag *own, const dbw_flag *common,
                               char *const *words, size_t count, bool stop_at_word,
                               dbw_arguments *out, size_t *taken, dbw_error *error) DBW_MUST_CHECK;

/** The n-th value of a flag, or NULL behind the last. */
const char *dbw_arguments_value(const dbw_arguments *arguments, const char *name, size_t n);

#endif
